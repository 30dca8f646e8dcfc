"""Fields of job postings said in plain phrases -> numbers and codes: hours, shifts, days, months, diplomas, languages.

The words are those of running text (`matching.schedule`, `matching.background`, `matching.language_words`). A field says one
thing in a few words: each function reads only what is said plainly, and gives nothing where it is not.
"""

import re
from collections.abc import Iterable
from typing import Final

from matching.background import experience, level_of_label
from matching.codes import ISO_639_1
from matching.cues import plain
from matching.language_words import NAMES
from matching.said import Finding
from matching.schedule import days as days_in
from matching.schedule import hours as hours_in
from matching.schedule import shifts as shifts_in

_LANGUAGE_TAG: Final = re.compile(r"([a-z]{2})(?:[-_][a-z]{2,4})?(?:[\s:(-]*[abc][12]\)?)?")
_FIRST_HOURS: Final = re.compile(r"^(?:temps (?:partiel|plein)\s*-\s*)?(\d{1,2})\s?h(\d{2})?(?=\s|$)")
_OTHER_TIMES: Final = re.compile(r"\d\s?[h:]")
_NEGATED: Final = re.compile(r"\b(pas|sans|jamais|aucun\w*|hors|geen|nooit|zonder|no|not|never|without|ou|of|or)\b")
_FIRST_MONTHS: Final = re.compile(r"(\d{1,3})\s*(mois|maand|month|an\b|ans\b|annee|jaar|year)")
_NO_MONTHS: Final = re.compile(r"debutant|no requirements|geen ervaring|no experience")


def weekly_hours(text: str) -> tuple[float, float] | None:
    """Least and most hours per week; ``None`` where the text may mean times of the day, or says only one of the two.

    >>> weekly_hours("temps partiel - 7H30 Autre"), weekly_hours("tussen 20 en 25 uur per week"), weekly_hours("8h-17h")
    ((7.5, 7.5), (20.0, 25.0), None)
    """
    said = plain(text).strip()
    first = _FIRST_HOURS.match(said)
    if first and not _OTHER_TIMES.search(said[first.end() :]):
        weekly = round(int(first[1]) + int(first[2] or 0) / 60, 2)
        return weekly, weekly
    return next(((f.least, f.most) for f in hours_in(said) if f.least is not None and f.most is not None), None)


def shifts(text: str) -> list[str]:
    """Shifts that are named; none where something is negated or offered as a choice.

    >>> shifts("35H Travail de nuit"), shifts("Pas de travail de nuit")
    (['night'], [])
    """
    said = plain(text)
    return [] if _NEGATED.search(said) else _codes(shifts_in(said))


def days(text: str) -> list[str]:
    """Days that are named, in the order of the week; as in `shifts`, none where something is negated.

    >>> days("42H Travail les week-ends et jours fériés")
    ['sat', 'sun']
    """
    said = plain(text)
    return [] if _NEGATED.search(said) else _codes(days_in(said))


def _codes(found: Iterable[Finding]) -> list[str]:
    return list(dict.fromkeys(str(finding.code) for finding in found))


def months(text: str) -> int | None:
    """Months of experience asked; 0 where beginners are welcome, ``None`` where it is not plain.

    >>> months("2 An(s) - sur poste similaire"), months("Débutant accepté"), months("une première expérience")
    (24, 0, None)
    """
    said = plain(text).strip()
    if _NO_MONTHS.match(said):
        return 0
    if found := _FIRST_MONTHS.match(said):
        return int(found[1]) * (1 if found[2] in {"mois", "maand", "month"} else 12)
    return next((int(finding.least) for finding in experience(said) if finding.least is not None), None)


def education_level(text: str) -> int | None:
    """EQF level of a diploma as French vacancies name it (national levels 3-8 are EQF levels), 0 for none asked.

    >>> education_level("CAP, BEP et équivalents"), education_level("Bac+3, Bac+4 ou équivalents")
    (3, 6)
    """
    return level_of_label(plain(text).strip())


def language_code(text: str) -> str | None:
    """ISO 639-1 code of a language said by code (``fr-BE``) or by name, with or without level; ``None`` if unclear.

    >>> language_code("Néerlandais (B1)"), language_code("nl-BE"), language_code("Klingon")
    ('nl', 'nl', None)
    """
    said = plain(text).strip()
    tag = _LANGUAGE_TAG.fullmatch(said)
    if tag:
        return tag[1] if tag[1] in ISO_639_1 else None
    name = re.sub(r"\b[abc][12]\b|[():,-]", " ", said).strip()
    return NAMES.get(name) or NAMES.get(name.split(" ")[0])
