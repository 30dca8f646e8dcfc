"""The words of every problem: one sentence in French, Dutch or English for each code.

A sentence names the record, the field, what was found and what is accepted, and says what to do. A `Problem` itself
holds no language: its ``accepted`` is a list of codes, a bound, a form, or one of the words in `ACCEPTED_WORDS`.
"""

import re
from collections.abc import Iterable
from typing import Final

from matching.codes import LANGUAGES_OF_SERVICE, Words
from matching.records import Problem

SENTENCES: Final[Words] = {
    "missing": (
        "{record}, {field} : c'est obligatoire et absent ; ajoutez {accepted}.",
        "{record}, {field}: dit is verplicht en ontbreekt; vul {accepted} in.",
        "{record}, {field}: this is required and absent; add {accepted}.",
    ),
    "missing_source": (
        (
            "{record}, {field} : il manque l'organisme de première ligne ; LINK travaille en deuxième ligne et "
            "une personne n'y "
            "entre que par un CPAS, Bruxelles Formation ou une antenne Actiris ; ajoutez l'organisme ({accepted})."
        ),
        (
            "{record}, {field}: de eerstelijnsorganisatie ontbreekt; LINK werkt in de tweede lijn en een persoon "
            "komt er alleen "
            "via een OCMW, Bruxelles Formation of een Actiris-antenne; voeg de organisatie toe ({accepted})."
        ),
        (
            "{record}, {field}: the first-line organisation is absent; LINK is second line and a person enters "
            "only through an "
            "OCMW/CPAS, Bruxelles Formation or an Actiris agency; add the organisation ({accepted})."
        ),
    ),
    "unknown_field": (
        "{record}, {field} : ce champ n'existe pas ; corrigez son nom ou retirez-le (champs admis : {accepted}).",
        "{record}, {field}: dit veld bestaat niet; verbeter de naam of verwijder het (toegelaten velden: {accepted}).",
        "{record}, {field}: there is no such field; correct its name or remove it (accepted fields: {accepted}).",
    ),
    "forbidden_field": (
        ("{record}, {field} : cette donnée personnelle n'est pas admise ici ; retirez le champ (champs admis : {accepted})."),
        ("{record}, {field}: dit persoonsgegeven is hier niet toegelaten; verwijder het veld (toegelaten velden: {accepted})."),
        "{record}, {field}: this personal detail is not accepted here; remove the field (accepted fields: {accepted}).",
    ),
    "wrong_type": (
        "{record}, {field} : {value} n'est pas du bon type ; donnez {accepted}.",
        "{record}, {field}: {value} is niet van het juiste type; geef {accepted}.",
        "{record}, {field}: {value} is of the wrong type; give {accepted}.",
    ),
    "not_in_list": (
        "{record}, {field} : {value} n'est pas dans la liste ; choisissez parmi : {accepted}.",
        "{record}, {field}: {value} staat niet in de lijst; kies uit: {accepted}.",
        "{record}, {field}: {value} is not in the list; choose from: {accepted}.",
    ),
    "out_of_range": (
        "{record}, {field} : {value} est hors limites ; donnez un nombre ou une date {accepted}.",
        "{record}, {field}: {value} ligt buiten de grenzen; geef een getal of datum {accepted}.",
        "{record}, {field}: {value} is out of range; give a number or date {accepted}.",
    ),
    "too_long": (
        "{record}, {field} : {value} est trop long ; raccourcissez à {accepted} caractères ou éléments au plus.",
        "{record}, {field}: {value} is te lang; kort in tot hoogstens {accepted} tekens of elementen.",
        "{record}, {field}: {value} is too long; shorten it to at most {accepted} characters or entries.",
    ),
    "too_short": (
        "{record}, {field} : {value} est trop court ; donnez au moins {accepted} caractères ou éléments.",
        "{record}, {field}: {value} is te kort; geef minstens {accepted} tekens of elementen.",
        "{record}, {field}: {value} is too short; give at least {accepted} characters or entries.",
    ),
    "bad_date": (
        "{record}, {field} : {value} n'est pas une date qui existe ; écrivez {accepted}.",
        "{record}, {field}: {value} is geen bestaande datum; schrijf {accepted}.",
        "{record}, {field}: {value} is not a date that exists; write {accepted}.",
    ),
    "bad_format": (
        "{record}, {field} : {value} n'a pas la bonne forme ; écrivez {accepted}.",
        "{record}, {field}: {value} heeft niet de juiste vorm; schrijf {accepted}.",
        "{record}, {field}: {value} does not have the right form; write {accepted}.",
    ),
    "bad_json": (
        "{record}, {field} : à cet endroit ce n'est pas du JSON valable ; corrigez pour obtenir {accepted}.",
        "{record}, {field}: op deze plaats staat geen geldige JSON; verbeter tot {accepted}.",
        "{record}, {field}: at this place it is not valid JSON; correct it to be {accepted}.",
    ),
    "too_deep": (
        "{record}, {field} : les objets et listes sont trop imbriqués ; gardez au plus {accepted} niveaux.",
        "{record}, {field}: objecten en lijsten zijn te diep genest; houd hoogstens {accepted} niveaus.",
        "{record}, {field}: objects and lists are nested too deeply; keep at most {accepted} levels.",
    ),
    "duplicate_key": (
        "{record}, {field} : ce nom apparaît plus d'une fois ; gardez-le {accepted}.",
        "{record}, {field}: deze naam komt meer dan eens voor; behoud hem {accepted}.",
        "{record}, {field}: this name appears more than once; keep it {accepted}.",
    ),
    "duplicate": (
        "{record}, {field} : {value} apparaît plus d'une fois ; gardez {accepted}.",
        "{record}, {field}: {value} komt meer dan eens voor; behoud {accepted}.",
        "{record}, {field}: {value} appears more than once; keep {accepted}.",
    ),
    "duplicate_id": (
        "{record}, {field} : {value} est déjà l'identifiant d'une ligne du même fichier ; gardez {accepted}.",
        "{record}, {field}: {value} is al de id van een rij in hetzelfde bestand; behoud {accepted}.",
        "{record}, {field}: {value} is already the id of a row in the same file; keep {accepted}.",
    ),
    "not_finite": (
        "{record}, {field} : {value} n'est pas un nombre fini ; donnez {accepted} ou laissez le champ absent.",
        "{record}, {field}: {value} is geen eindig getal; geef {accepted} of laat het veld weg.",
        "{record}, {field}: {value} is not a finite number; give {accepted} or leave the field out.",
    ),
    "not_utf8": (
        "{record}, {field} : le texte contient des caractères illisibles ; enregistrez-le en {accepted}.",
        "{record}, {field}: de tekst bevat onleesbare tekens; bewaar hem als {accepted}.",
        "{record}, {field}: the text holds characters that cannot be read; save it as {accepted}.",
    ),
    "control_character": (
        "{record}, {field} : le texte contient un caractère de commande invisible ; retirez-le et gardez {accepted}.",
        "{record}, {field}: de tekst bevat een onzichtbaar stuurteken; verwijder het en behoud {accepted}.",
        "{record}, {field}: the text holds an invisible control character; remove it and keep {accepted}.",
    ),
    "national_number": (
        "{record}, {field} : c'est un numéro de registre national, qui n'est pas admis ; donnez {accepted}.",
        "{record}, {field}: dit is een rijksregisternummer en dat is niet toegelaten; geef {accepted}.",
        "{record}, {field}: this is a national register number, which is not accepted; give {accepted}.",
    ),
    "inconsistent": (
        "{record}, {field} : {value} contredit un autre champ ; corrigez pour que {accepted}.",
        "{record}, {field}: {value} is in tegenspraak met een ander veld; verbeter zodat {accepted}.",
        "{record}, {field}: {value} contradicts another field; correct it so that {accepted}.",
    ),
    "unknown_code": (
        "{record}, {field} : {value} n'est pas un code connu ; donnez {accepted}.",
        "{record}, {field}: {value} is geen gekende code; geef {accepted}.",
        "{record}, {field}: {value} is not a known code; give {accepted}.",
    ),
    "unknown_group": (
        "{record}, {field} : {value} n'est pas un groupe cible connu ; choisissez parmi : {accepted}.",
        "{record}, {field}: {value} is geen gekende doelgroep; kies uit: {accepted}.",
        "{record}, {field}: {value} is not a known target group; choose from: {accepted}.",
    ),
    "unknown_postcode": (
        "{record}, {field} : {value} n'est pas un code postal connu ; donnez {accepted}.",
        "{record}, {field}: {value} is geen gekende postcode; geef {accepted}.",
        "{record}, {field}: {value} is not a known postcode; give {accepted}.",
    ),
    "bad_file": (
        "{record}, {field} : le fichier ne peut pas être lu ; enregistrez-le à nouveau en {accepted}.",
        "{record}, {field}: het bestand kan niet gelezen worden; bewaar het opnieuw als {accepted}.",
        "{record}, {field}: the file cannot be read; save it again as {accepted}.",
    ),
    "ragged_row": (
        "{record}, {field} : la ligne a {value} pour nombre de cellules ; donnez-en {accepted}, comme l'en-tête.",
        "{record}, {field}: de rij heeft {value} als aantal cellen; geef er {accepted}, zoals de kop.",
        "{record}, {field}: the row has {value} as its number of cells; give {accepted}, as in the header.",
    ),
    "too_large": (
        ("{record}, {field} : {value} dépasse la taille admise ; envoyez au plus {accepted}, en plusieurs fois s'il le faut."),
        "{record}, {field}: {value} overschrijdt de toegelaten grootte; stuur hoogstens {accepted}, zo nodig in delen.",
        "{record}, {field}: {value} exceeds the size accepted; send at most {accepted}, in parts if need be.",
    ),
    "not_an_object": (
        "{record}, {field} : {value} n'est pas un enregistrement ; donnez {accepted}.",
        "{record}, {field}: {value} is geen record; geef {accepted}.",
        "{record}, {field}: {value} is not a record; give {accepted}.",
    ),
    "required": (
        "{record}, {field} : c'est obligatoire et absent ; ajoutez {accepted}.",
        "{record}, {field}: dit is verplicht en ontbreekt; vul {accepted} in.",
        "{record}, {field}: this is required and absent; add {accepted}.",
    ),
    "invalid": (
        "{record}, {field} : {value} n'est pas valable ; donnez {accepted}.",
        "{record}, {field}: {value} is niet geldig; geef {accepted}.",
        "{record}, {field}: {value} is not valid; give {accepted}.",
    ),
    "not_a_number": (
        "{record}, {field} : {value} n'est pas un nombre ; donnez un nombre {accepted}.",
        "{record}, {field}: {value} is geen getal; geef een getal {accepted}.",
        "{record}, {field}: {value} is not a number; give a number {accepted}.",
    ),
    "invalid_postcode": (
        "{record}, {field} : {value} n'est pas un code postal belge ; donnez {accepted}.",
        "{record}, {field}: {value} is geen Belgische postcode; geef {accepted}.",
        "{record}, {field}: {value} is not a Belgian postcode; give {accepted}.",
    ),
    "unreadable_file": (
        "{record}, {field} : le fichier ne peut pas être lu ; enregistrez-le à nouveau en {accepted}.",
        "{record}, {field}: het bestand kan niet gelezen worden; bewaar het opnieuw als {accepted}.",
        "{record}, {field}: the file cannot be read; save it again as {accepted}.",
    ),
    "empty_file": (
        "{record}, {field} : il n'y a rien à lire dans le fichier ; donnez {accepted}.",
        "{record}, {field}: het bestand bevat niets om te lezen; geef {accepted}.",
        "{record}, {field}: the file holds nothing to read; give {accepted}.",
    ),
    "missing_file": (
        "{record}, {field} : le fichier nécessaire manque ; ajoutez {accepted}.",
        "{record}, {field}: het nodige bestand ontbreekt; voeg {accepted} toe.",
        "{record}, {field}: the file needed is absent; add {accepted}.",
    ),
    "missing_column": (
        "{record}, {field} : cette colonne manque ; ajoutez {accepted}.",
        "{record}, {field}: deze kolom ontbreekt; voeg {accepted} toe.",
        "{record}, {field}: this column is absent; add {accepted}.",
    ),
    "missing_columns": (
        "{record}, {field} : ces colonnes manquent ; le fichier doit avoir {accepted}.",
        "{record}, {field}: deze kolommen ontbreken; het bestand moet {accepted} hebben.",
        "{record}, {field}: these columns are absent; the file must have {accepted}.",
    ),
    "ambiguous_column": (
        "{record}, {field} : plusieurs colonnes conviennent ; gardez {accepted}.",
        "{record}, {field}: meerdere kolommen passen; behoud {accepted}.",
        "{record}, {field}: several columns fit; keep {accepted}.",
    ),
    "unknown_format": (
        "{record}, {field} : le contenu n'est pas reconnu ; donnez {accepted}.",
        "{record}, {field}: de inhoud wordt niet herkend; geef {accepted}.",
        "{record}, {field}: the content is not recognised; give {accepted}.",
    ),
    "missing_classification": (
        "{record}, {field} : la classification n'est pas encore importée ; importez d'abord {accepted}.",
        "{record}, {field}: de classificatie is nog niet ingevoerd; importeer eerst {accepted}.",
        "{record}, {field}: the classification has not been imported yet; import {accepted} first.",
    ),
    "not_found": (
        "{record}, {field} : {value} n'existe pas ici ; donnez {accepted}.",
        "{record}, {field}: {value} bestaat hier niet; geef {accepted}.",
        "{record}, {field}: {value} does not exist here; give {accepted}.",
    ),
    "no_candidates": (
        ("{record}, {field} : cette offre est réservée à un public et n'a pas de liste de candidats ; choisissez {accepted}."),
        ("{record}, {field}: dit aanbod is voorbehouden aan een doelgroep en heeft geen kandidatenlijst; kies {accepted}."),
        "{record}, {field}: this offer is kept for certain groups and has no list of candidates; choose {accepted}.",
    ),
    "conflict": (
        (
            "{record}, {field} : {value} ne correspond plus à ce qui est enregistré ; relisez l'enregistrement "
            "({accepted}) et "
            "recommencez."
        ),
        (
            "{record}, {field}: {value} komt niet meer overeen met wat bewaard is; lees het record opnieuw "
            "({accepted}) en "
            "probeer nog eens."
        ),
        ("{record}, {field}: {value} no longer agrees with what is stored; read the record again ({accepted}) and retry."),
    ),
    "unmatured": (
        "{record}, {field} : qui s'est inscrit le {value} n'a pas été suivi assez longtemps ; prenez une date {accepted}.",
        "{record}, {field}: wie op {value} is ingeschreven, is nog niet lang genoeg gevolgd; neem een datum {accepted}.",
        "{record}, {field}: people registered on {value} have not been followed long enough yet; take a date {accepted}.",
    ),
    "no_support": (
        "{record}, {field} : {value} ne suffit pas ; cette estimation demande {accepted}.",
        "{record}, {field}: {value} volstaat niet; deze schatting vereist {accepted}.",
        "{record}, {field}: {value} is not enough; this estimate needs {accepted}.",
    ),
    "unexplained": (
        "{record}, {field} : {value} en trop ou en moins face à ce qui fut enregistré ; cherchez la cause, il faut {accepted}.",
        "{record}, {field}: {value} te veel of te weinig tegenover wat geregistreerd werd; zoek de oorzaak, nodig is {accepted}.",
        "{record}, {field}: {value} too many or too few against what was recorded; find the cause, there must be {accepted}.",
    ),
    "more_problems": (
        ("{record}, {field} : {value} de plus n'est pas montré ; corrigez d'abord les problèmes cités (au plus {accepted})."),
        ("{record}, {field}: {value} meer wordt niet getoond; verbeter eerst de genoemde problemen (hoogstens {accepted})."),
        "{record}, {field}: {value} more is not shown; correct the problems named first (at most {accepted}).",
    ),
}
"""Code -> (French, Dutch, English), with the same placeholders in the three."""

ACCEPTED_WORDS: Final[Words] = {
    "": ("une valeur admise", "een toegelaten waarde", "an accepted value"),
    "string": ("un texte", "een tekst", "a text"),
    "integer": ("un nombre entier", "een geheel getal", "a whole number"),
    "number": ("un nombre", "een getal", "a number"),
    "boolean": ("oui ou non (true, false)", "ja of nee (true, false)", "yes or no (true, false)"),
    "array": ("une liste", "een lijst", "a list"),
    "object": ("un objet { }", "een object { }", "an object { }"),
    "text": ("du texte visible", "zichtbare tekst", "visible text"),
    "once": ("une seule fois", "één keer", "once"),
    "pseudonym": (
        "un identifiant propre à votre organisme",
        "een eigen id van uw organisatie",
        "an id of your own organisation",
    ),
    "postcode": ("un code postal belge", "een Belgische postcode", "a Belgian postcode"),
    "concept or text": ("un code ou un texte", "een code of een tekst", "a code or a text"),
    "known code": (
        "une URI ESCO ou schéma:code (rome:K1306)",
        "een ESCO-URI of schema:code (rome:K1306)",
        "an ESCO URI or scheme:code (rome:K1306)",
    ),
    "four digits, 1000-9999": ("quatre chiffres, 1000-9999", "vier cijfers, 1000-9999", "four digits, 1000-9999"),
    "at least one row": ("au moins une ligne", "minstens één rij", "at least one row"),
    "at least one target group": ("au moins un groupe cible", "minstens één doelgroep", "at least one target group"),
    "each postcode once": ("chaque code postal une seule fois", "elke postcode één keer", "each postcode once"),
    "one value for each pair": ("une seule valeur par paire", "één waarde per paar", "one value for each pair"),
    "one column with minutes in its header": (
        "une seule colonne dont le titre parle de minutes",
        "één kolom met minuten in de titel",
        "one column with minutes in its header",
    ),
    "a readable file": ("fichier lisible", "leesbaar bestand", "a readable file"),
    "a file of definitions": ("un fichier de définitions", "een bestand met definities", "a file of definitions"),
    "a whole linker file": ("un fichier de liens entier", "een volledig koppelbestand", "a whole linker file"),
    "another id": ("sous un autre identifiant", "onder een andere id", "under another id"),
    "an offer without audience": (
        "une offre ouverte à tous",
        "een aanbod dat voor iedereen open is",
        "an offer open to all",
    ),
    "a suggestion shown for this profile and offer": (
        "une suggestion montrée pour ce profil et cette offre",
        "een suggestie die voor dit profiel en dit aanbod getoond werd",
        "a suggestion shown for this profile and offer",
    ),
    "an earlier outcome of this profile": (
        "un résultat antérieur de ce profil",
        "een eerder resultaat van dit profiel",
        "an earlier outcome of this profile",
    ),
    "one arm for each person": (
        "chaque personne n'ait vu qu'une façon de proposer",
        "elke persoon maar één manier van voorstellen zag",
        "each person saw one way of suggesting only",
    ),
    "one arm for each week": (
        "chaque semaine n'ait eu qu'une façon de proposer",
        "elke week maar één manier van voorstellen had",
        "each week had one way of suggesting only",
    ),
}
"""What may stand in ``accepted`` as a word instead of codes, bounds or forms."""

RECORD_WORDS: Final[Words] = {
    "row": ("ligne", "rij", "row"),
    "file": ("fichier", "bestand", "file"),
    "body": ("corps de la demande", "inhoud van de aanvraag", "body"),
    "profile": ("profil", "profiel", "profile"),
    "offer": ("offre", "aanbod", "offer"),
    "outcome": ("résultat", "resultaat", "outcome"),
    "place": ("lieu", "plaats", "place"),
}
WHOLE_RECORD: Final = ("l'ensemble", "het geheel", "the whole")
UNSHOWN_VALUE: Final = ("la valeur donnée", "de opgegeven waarde", "the value given")
SHOWN_VALUE: Final = ("« {} »", '"{}"', '"{}"')

_RECORD_WORD = re.compile(r"(?:(?<=^)|(?<=, ))([a-z]+)(?= |$|,)")


def say(problem: Problem, lang: str) -> str:
    """Say one problem as one sentence in ``fr``, ``nl`` or ``en``; a code without words is said as a wrong form.

    >>> say(Problem("not_in_list", "profile P1", "languages[0].level", "Z9", "A1, A2"), "en")
    'Profile P1, languages[0].level: "Z9" is not in the list; choose from: A1, A2.'
    """
    at = LANGUAGES_OF_SERVICE.index(lang)
    template = SENTENCES.get(problem.code, SENTENCES["bad_format"])[at]
    accepted = problem.accepted or ""
    sentence = template.format(
        record=_RECORD_WORD.sub(lambda found: _translated(found[1], at), problem.record),
        field=problem.field or WHOLE_RECORD[at],
        value=UNSHOWN_VALUE[at] if problem.value is None else SHOWN_VALUE[at].format(problem.value),
        accepted=ACCEPTED_WORDS[accepted][at] if accepted in ACCEPTED_WORDS else accepted,
    )
    return sentence[:1].upper() + sentence[1:]


def _translated(name: str, at: int) -> str:
    """Word of a kind of record in language number ``at``; another word is left as it is."""
    return RECORD_WORDS[name][at] if name in RECORD_WORDS else name


def as_documents(problems: Iterable[Problem], lang: str) -> list[dict[str, str | None]]:
    """Give problems as programs read them, each with its sentence."""
    return [
        {**{name: getattr(problem, name) for name in problem.__slots__}, "sentence": say(problem, lang)} for problem in problems
    ]
