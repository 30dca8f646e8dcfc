"""What the text of a vacancy says where its fields do not: fields filled from findings, each marked with its words.

A field that the source gave is never touched, an empty list and 0 included. What is filled is marked (`Offer.extracted`):
the marks point at the words in the text. A mark holds as long as the text says exactly that value; the same record read
again, with its marks, therefore stays the same, and a value given beside a mark that the text does not say is the source's own.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from matching.codes import Certificate, Contract, Day, DrivingLicence, Kind, Level, Requirement, Shift, Topic
from matching.extraction import Finding
from matching.records import (
    AskedCertificate,
    AskedCompetence,
    AskedLanguage,
    AskedLicence,
    Extracted,
    LanguageCode,
    Offer,
)

Reader = Callable[[str, str | None, bool], Sequence[Finding]]
"""Text, its language when known, and whether competences are wanted (they take the longest) -> what it says."""

FIELDS: Final[Mapping[Topic, tuple[str, ...]]] = {
    Topic.COMPETENCES: ("competences",),
    Topic.LANGUAGES: ("languages",),
    Topic.DRIVING_LICENCES: ("driving_licences",),
    Topic.CERTIFICATES: ("certificates",),
    Topic.HOURS: ("hours_min", "hours_max"),
    Topic.SHIFTS: ("shifts",),
    Topic.DAYS: ("days",),
    Topic.CONTRACT: ("contract",),
    Topic.EXPERIENCE: ("experience_months",),
    Topic.EDUCATION: ("education",),
}
"""Fields of an offer that each topic fills."""

MOST_COMPETENCES: Final = 30
MOST_LANGUAGES: Final = 20
MOST_MARKS: Final = 15
"""Marks of one topic; competences have one each."""
MOST_HOURS: Final = 60
MOST_MONTHS: Final = 720
LONGEST_NAME: Final = 500

_STRENGTH: Final = (Requirement.MANDATORY, Requirement.STRONG, Requirement.DESIRED)
_LEVELS: Final = tuple(Level)

Filled = tuple[dict[str, Any], list[Finding]]
"""Fields with their values, and the findings that these rest on; no field: the text does not say."""


def fill_unsaid(offer: Offer, read: Reader) -> Offer:
    """Fill the fields that a vacancy leaves unsaid with what its text says, and mark them.

    Other kinds of offers stay as they are: their texts say what is learnt there as often as what is asked.
    """
    given = without_marks(offer)
    if offer.kind != Kind.VACANCY or not offer.text:
        return offer if offer.extracted == () else replace(offer, extracted=())
    findings = read(offer.text, offer.text_language, given.competences is None)
    made = _filled(given, offer.text, findings)
    own = [
        topic for topic in _marked(offer)
        if any(getattr(offer, name) is not None and getattr(offer, name) != getattr(made, name) for name in FIELDS[topic])
    ]  # fmt: skip
    if not own:
        return made
    kept: dict[str, Any] = {name: getattr(offer, name) for topic in own for name in FIELDS[topic]}
    return _filled(replace(given, **kept), offer.text, findings)


def read_topics(offer: Offer) -> tuple[Topic, ...]:
    """Topics of an offer that were read from its text."""
    return tuple(topic for topic in Topic if topic in _marked(offer))


def _marked(offer: Offer) -> set[Topic]:
    return {mark.field for mark in offer.extracted}


def without_marks(offer: Offer) -> Offer:
    """Make what was read from the text unknown again."""
    unknown: dict[str, Any] = {name: None for topic in _marked(offer) for name in FIELDS[topic]}
    return replace(offer, **unknown, extracted=())


def _filled(offer: Offer, text: str, findings: Sequence[Finding]) -> Offer:
    fields: dict[str, Any] = {}
    marks: dict[Extracted, None] = {}
    for topic, names in FIELDS.items():
        about = [finding for finding in findings if finding.field == topic]
        if about and all(getattr(offer, name) is None for name in names):
            values, used = _READERS[topic](text, about)
            fields |= values
            most = MOST_COMPETENCES if topic == Topic.COMPETENCES else MOST_MARKS
            places = dict.fromkeys(Extracted(topic, finding.start, finding.end) for finding in used)
            marks |= dict.fromkeys(list(places)[:most])
    return replace(offer, **fields, extracted=tuple(marks))


def _competences(text: str, about: Sequence[Finding]) -> Filled:
    """Competences that are surely meant and asked; what is said not to be asked says nothing of the others."""
    found: dict[str, Finding] = {}
    for finding in about:
        if finding.asked and finding.sure and finding.code:
            found.setdefault(finding.code, finding)
    used = list(found.values())[:MOST_COMPETENCES]
    asked = tuple(
        AskedCompetence(f.code, text[f.start : f.end].strip()[:LONGEST_NAME], True, f.requirement or Requirement.STRONG)
        for f in used
    )
    return ({"competences": asked}, used) if asked else ({}, [])


def _languages(text: str, about: Sequence[Finding]) -> Filled:
    """Languages asked, each once: as strongly as the text says anywhere, at the lowest level that it names."""
    asked = [finding for finding in about if finding.asked and finding.code]
    codes: list[LanguageCode] = list(dict.fromkeys(finding.code or "" for finding in asked))[:MOST_LANGUAGES]
    languages = []
    for code in codes:
        own = [finding for finding in asked if finding.code == code]
        levels = [finding.level for finding in own if finding.level is not None]
        how = [finding.requirement for finding in own if finding.requirement is not None]
        languages.append(
            AskedLanguage(
                code,
                min(levels, key=_LEVELS.index, default=None),
                min(how, key=_STRENGTH.index, default=Requirement.MANDATORY),
            )
        )
    return {"languages": tuple(languages)}, asked or list(about)


def _licences(text: str, about: Sequence[Finding]) -> Filled:
    codes, used = _codes(about)
    return {"driving_licences": tuple(AskedLicence(code) for code in DrivingLicence if code in codes)}, used or list(about)


def _certificates(text: str, about: Sequence[Finding]) -> Filled:
    codes, used = _codes(about)
    return {"certificates": tuple(AskedCertificate(code) for code in Certificate if code in codes)}, used or list(about)


def _shifts(text: str, about: Sequence[Finding]) -> Filled:
    codes, used = _codes(about)
    return ({"shifts": tuple(code for code in Shift if code in codes)}, used) if codes else ({}, [])


def _days(text: str, about: Sequence[Finding]) -> Filled:
    codes, used = _codes(about)
    return ({"days": tuple(code for code in Day if code in codes)}, used) if codes else ({}, [])


def _contract(text: str, about: Sequence[Finding]) -> Filled:
    """Read the contract; a text that names several names none."""
    codes, used = _codes(about)
    return ({"contract": Contract(min(codes))}, used) if len(codes) == 1 else ({}, [])


def _hours(text: str, about: Sequence[Finding]) -> Filled:
    """Hours per week, from the least to the most that the text names."""
    used = [finding for finding in about if finding.asked]
    hours = [float(value) for f in used for value in (f.least, f.most) if value is not None and 0 < value <= MOST_HOURS]
    return ({"hours_min": min(hours), "hours_max": max(hours)}, used) if hours else ({}, [])


def _experience(text: str, about: Sequence[Finding]) -> Filled:
    return _lowest("experience_months", about, MOST_MONTHS)


def _education(text: str, about: Sequence[Finding]) -> Filled:
    return _lowest("education", about, 8)


def _lowest(name: str, about: Iterable[Finding], most: int) -> Filled:
    """Lowest that is asked; what is only wished for asks nothing."""
    used = [
        finding for finding in about
        if finding.asked and finding.requirement != Requirement.DESIRED and finding.least is not None
        and 0 <= finding.least <= most
    ]  # fmt: skip
    return ({name: min(round(finding.least or 0) for finding in used)}, used) if used else ({}, [])


def _codes(about: Iterable[Finding]) -> tuple[set[str], list[Finding]]:
    """Codes of what is asked, and the findings that name them."""
    used = [finding for finding in about if finding.asked and finding.code]
    return {finding.code or "" for finding in used}, used


_READERS: Final[Mapping[Topic, Callable[[str, Sequence[Finding]], Filled]]] = {
    Topic.COMPETENCES: _competences,
    Topic.LANGUAGES: _languages,
    Topic.DRIVING_LICENCES: _licences,
    Topic.CERTIFICATES: _certificates,
    Topic.HOURS: _hours,
    Topic.SHIFTS: _shifts,
    Topic.DAYS: _days,
    Topic.CONTRACT: _contract,
    Topic.EXPERIENCE: _experience,
    Topic.EDUCATION: _education,
}
