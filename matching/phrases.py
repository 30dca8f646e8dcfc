"""Plain phrases of vacancies in French, Dutch and English: hours, shifts, days, months, diplomas, languages.

Each function reads only what is said plainly, and gives nothing where it is not.
"""

import re
import unicodedata
from typing import Final

from matching.codes import ISO_639_1, LANGUAGE_WORDS

_LANGUAGE_TAG: Final = re.compile(r"([a-z]{2})(?:[-_][a-z]{2,4})?(?:[\s:(-]*[abc][12]\)?)?")
_FIRST_HOURS: Final = re.compile(r"^(?:temps (?:partiel|plein)\s*-\s*)?(\d{1,2})\s?[hH](\d{2})?(?=\s|$)")
_OTHER_TIMES: Final = re.compile(r"\d\s?[hH:]")
_NUMBER: Final = r"(\d{1,2}(?:[.,]\d{1,2})?)"
_WEEKLY: Final = re.compile(
    rf"{_NUMBER}(?:\s*(?:h|heures|uren|uur|hours)?\s*(?:-|à|tot|to|et|en)\s*{_NUMBER})?"
    r"\s*(?:h|heures?|uren|uur|hours?)\s*(?:/|par|per|a|each|sur la)?\s*(?:semaine|sem\b|week)",
    re.IGNORECASE,
)
_NEGATED: Final = re.compile(
    r"\b(pas|sans|jamais|aucun\w*|hors|geen|nooit|zonder|no|not|never|without|ou|of|or)\b", re.IGNORECASE
)
_SHIFTS: Final = (
    ("day", r"travail en journée|travail de jour|\bdagwerk|\bdaytime work"),
    ("early", r"travail (?:du|le) matin|\bvroege ploeg|\bearly shift|\b[23]\s?x\s?8\b"),
    ("late", r"travail (?:du|en|le) soir(?:ée)?|\blate ploeg|\blate shift|\b[23]\s?x\s?8\b"),
    ("night", r"travail de nuit|travail la nuit|\bnachtwerk|\bnachtploeg|\bnight (?:shift|work)|\b3\s?x\s?8\b"),
    ("split", r"travail en horaires? (?:coupés?|fractionnés?)|\bonderbroken dienst|\bsplit shift"),
)
_DAYS: Final = (
    ("sat", r"travail le samedi|travail les week-?ends?|\bzaterdagwerk|\bweekendwerk|\b(?:saturday|weekend) work"),
    ("sun", r"travail le dimanche|travail les week-?ends?|\bzondagwerk|\bweekendwerk|\b(?:sunday|weekend) work"),
)
_EDUCATION: Final = (
    (r"aucune formation|no requirements|geen diploma", 0),
    (r"bac ?\+ ?8|doctora", 8),
    (r"bac ?\+ ?5|master|postgraduate", 7),
    (r"bac ?\+ ?[34]|licence|bachelor", 6),
    (r"bac ?\+ ?2|associate degree", 5),
    (r"\bbac\b|high school", 4),
    (r"\bcap\b|\bbep\b", 3),
    (r"brevet|collège|3ème|4ème|2nd ou 1ère", 2),
)


def weekly_hours(text: str) -> tuple[float, float] | None:
    """Least and most hours per week; ``None`` where the text may mean times of the day.

    >>> weekly_hours("temps partiel - 7H30 Autre"), weekly_hours("tussen 20 en 25 uur per week"), weekly_hours("8h-17h")
    ((7.5, 7.5), (20.0, 25.0), None)
    """
    text = text.strip()
    first = _FIRST_HOURS.match(text)
    if first and not _OTHER_TIMES.search(text[first.end() :]):
        weekly = round(int(first[1]) + int(first[2] or 0) / 60, 2)
        return weekly, weekly
    if found := _WEEKLY.search(text):
        return float(found[1].replace(",", ".")), float((found[2] or found[1]).replace(",", "."))
    return None


def shifts(text: str) -> list[str]:
    """Shifts that are named; none where something is negated or offered as a choice.

    >>> shifts("35H Travail de nuit"), shifts("Pas de travail de nuit")
    (['night'], [])
    """
    return _named(_SHIFTS, text)


def days(text: str) -> list[str]:
    """Days of the weekend that are named; other days are not said in such texts.

    >>> days("42H Travail les week-ends et jours fériés")
    ['sat', 'sun']
    """
    return _named(_DAYS, text)


def _named(words: tuple[tuple[str, str], ...], text: str) -> list[str]:
    """Codes whose words stand in a text without negation."""
    if _NEGATED.search(text):
        return []
    return [code for code, pattern in words if re.search(pattern, text, re.IGNORECASE)]


def months(text: str) -> int | None:
    """Months of experience asked; 0 where beginners are welcome, ``None`` where it is not plain.

    >>> months("2 An(s) - sur poste similaire"), months("Débutant accepté"), months("une première expérience")
    (24, 0, None)
    """
    said = _folded(text)
    if re.match(r"debutant|no requirements|geen ervaring|no experience", said):
        return 0
    found = re.match(r"(\d{1,3})\s*(mois|maand|month|an\b|ans\b|annee|jaar|year)", said)
    return int(found[1]) * (1 if found[2] in {"mois", "maand", "month"} else 12) if found else None


def education_level(text: str) -> int | None:
    """EQF level of a diploma as French vacancies name it (national levels 3-8 are EQF levels), 0 for none asked.

    >>> education_level("CAP, BEP et équivalents"), education_level("Bac+3, Bac+4 ou équivalents")
    (3, 6)
    """
    return next((level for pattern, level in _EDUCATION if re.search(pattern, text.lower())), None)


def _folded(text: str) -> str:
    """Text in lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).strip()


_LANGUAGES: Final = {_folded(word): code for code, words in LANGUAGE_WORDS.items() for word in words}


def language_code(text: str) -> str | None:
    """ISO 639-1 code of a language said by code (``fr-BE``) or by name, with or without level; ``None`` if unclear.

    >>> language_code("Néerlandais (B1)"), language_code("nl-BE"), language_code("Klingon")
    ('nl', 'nl', None)
    """
    tag = _LANGUAGE_TAG.fullmatch(_folded(text))
    if tag:
        return tag[1] if tag[1] in ISO_639_1 else None
    said = _folded(re.sub(r"\b[ABC][12]\b|[():,-]", " ", text))
    return _LANGUAGES.get(said) or _LANGUAGES.get(said.split(" ")[0])
