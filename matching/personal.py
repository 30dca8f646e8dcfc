"""What must not enter by any door: personal details by the name of their field, and national register numbers."""

import itertools
import re
import unicodedata
from typing import Final


def _words(text: str) -> frozenset[str]:
    """Give the words of a text."""
    return frozenset(text.split())


_ANYWHERE: Final = _words(
    """
    firstname lastname surname forename fullname maidenname givenname familyname prenom voornaam achternaam
    familienaam nomdefamille address adresse adres street straat rue housenumber huisnummer email mail courriel phone
    telephone telefoon tel gsm mobile mobiel birth birthdate birthday birthplace dateofbirth dob geboorte
    geboortedatum geboorteplaats geboortejaar naissance datenaissance datedenaissance lieudenaissance sex sexe
    geslacht gender genre pronoun nationality nationalite nationaliteit citizenship burgerschap citoyennete ethnicity
    ethnicite etniciteit race ras religion religie godsdienst geloof health sante gezondheid gezondheidstoestand
    disability disabilities handicap handicape beperking invalidity invalidite invaliditeit illness ziekte maladie
    medical medisch debt debts dette dettes schuld schulden nrn niss insz inss ssn bis rijksregister
    rijksregisternummer registrenational numeroregistrenational nationalnumber nationalregisternumber numeronational
    numnational socialsecuritynumber photo foto photograph picture iban bankaccount rekeningnummer comptebancaire
    maritalstatus etatcivil burgerlijkestaat pregnant enceinte zwanger children enfants kinderen residencepermit
    titredesejour verblijfsvergunning politicalopinion unionmembership sexualorientation skincolor huidskleur
    criminalrecord strafblad passport passeport paspoort idcard cartedidentite identiteitskaart
    """
)
"""Names that are personal as a whole name or as a word of one (``clientEmail``)."""

_WHOLE: Final = _words(
    """
    name nom naam names noms origin origine herkomst afkomst age leeftijd agerange weight poids length taille colour
    civilite title titre aanspreking salutation mr mrs contact married marie gehuwd placeofbirth countryofbirth
    paysdenaissance geboorteland motherlanguage income inkomen revenu benefit uitkering allocation leefloon
    revenudintegration
    """
)
"""Names that are personal only as the whole name: ``age``, not ``ageOfOffer``."""

_SEPARATOR: Final = r"[\W_]{0,2}"
_ELEVEN = re.compile(r"(?<!\d)" + _SEPARATOR.join([r"(\d\d)"] * 3) + _SEPARATOR + r"(\d{3})" + _SEPARATOR + r"(\d\d)(?!\d)")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def is_personal_field(name: str) -> bool:
    """Whether a field's name announces a personal detail, in French, Dutch or English and any casing.

    >>> [is_personal_field(name) for name in ("First_Name", "SANTÉ", "clientEmail", "postcode")]
    [True, True, True, False]
    """
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name[:120]) if not unicodedata.combining(letter))
    whole = re.sub(r"[^a-z0-9]", "", plain.lower())
    words = [word.lower() for word in _WORD.findall(plain)]
    pairs = {first + second for first, second in itertools.pairwise(words)}
    return whole in _WHOLE | _ANYWHERE or not _ANYWHERE.isdisjoint(pairs | set(words))


def holds_national_number(text: str) -> bool:
    """Whether a text is, or contains, a valid Belgian national register or BIS number, with or without separators.

    Eleven digits YYMMDD SSS CC, where CC = 97 - (the first nine digits mod 97), with a 2 before them for people born
    from 2000 on; a BIS number adds 20 or 40 to the month (Royal Decree of 3 April 1984; Royal Decree of 8 February
    1991).

    >>> holds_national_number("85.07.30-033.28"), holds_national_number("85.07.30-033.29")
    (True, False)
    """
    text = unicodedata.normalize("NFKC", text)
    digits = "".join(letter for letter in text if letter.isdecimal())
    if len(digits) == 11 and not any(letter.isalpha() for letter in text) and _is_valid(digits):
        return True
    return any(_is_valid("".join(found.groups())) for found in _ELEVEN.finditer(text))


def _is_valid(digits: str) -> bool:
    """Whether eleven digits have a possible date and a right check number."""
    month, day = int(digits[2:4]), int(digits[4:6])
    if month > 52 or month % 20 > 12 or day > 31:
        return False
    first, check = int(digits[:9]), int(digits[9:])
    return check in {97 - first % 97, 97 - (2_000_000_000 + first) % 97}
