"""Findings that a consultant confirmed -> the profile: what a note said of a person, kept without its words.

A finding adds to a list or replaces a single value; nothing else of the profile changes. Shifts and days that are said not
to be possible become impossible ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar, Final, NewType, TypeVar

import annotated_types as at

from matching.codes import (
    ISO_639_1,
    Certificate,
    Contract,
    Day,
    DrivingLicence,
    Level,
    Shift,
    Topic,
)
from matching.extraction import Finding
from matching.files import shown
from matching.mentions import COMPETENCE, Linking
from matching.records import RECORD_CONFIG, DataError, HeldCompetence, KnownLanguage, Problem, Profile

C = TypeVar("C", DrivingLicence, Certificate, Contract, Shift, Day)

Code = NewType("Code", str)
"""A code of the topic that stands beside it; not only that of a language."""

MOST_CONFIRMED: Final = 200
NO_PLACE: Final = frozenset({Topic.EXPERIENCE})
"""Topics of which a profile keeps nothing: experience belongs to a profession that was done."""
NUMBERS: Final = frozenset({Topic.HOURS, Topic.EDUCATION})
MOST: Final[Mapping[Topic, int]] = {Topic.HOURS: 60, Topic.EDUCATION: 8}

_LISTS: Final[Mapping[Topic, frozenset[str]]] = {
    Topic.LANGUAGES: ISO_639_1,
    Topic.DRIVING_LICENCES: frozenset(DrivingLicence),
    Topic.CERTIFICATES: frozenset(Certificate),
    Topic.SHIFTS: frozenset(Shift),
    Topic.DAYS: frozenset(Day),
    Topic.CONTRACT: frozenset(Contract),
}


@dataclass(frozen=True, slots=True)
class ConfirmedFinding:
    """What a consultant confirmed, without its words.

    ``field``: what it is about, ``experienceMonths`` excepted. ``code``: of a competence (URI), language, licence,
    certificate, shift, day or contract. ``level``: of a language. ``least``, ``most``: hours per week; ``least`` alone: the
    level of education (EQF, 0: no diploma). ``asked`` false: the person does not have it, or it is impossible.
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    field: Topic
    code: Annotated[Code, at.MaxLen(300)] | None = None
    level: Level | None = None
    least: float | None = None
    most: float | None = None
    asked: bool = True


def proposals(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Choose the findings that a profile has a place for."""
    return tuple(f for f in findings if f.field not in NO_PLACE and (f.asked or f.field not in NUMBERS))


def confirmed(finding: Finding) -> ConfirmedFinding:
    """Take what a profile keeps of a finding: nothing of its words."""
    topic = Topic(finding.field)
    return ConfirmedFinding(
        field=topic,
        code=None if finding.code is None else Code(finding.code),
        level=finding.level if finding.asked else None,
        least=finding.least if topic in NUMBERS else None,
        most=finding.most if topic == Topic.HOURS else None,
        asked=finding.asked,
    )


def confirm(profile: Profile, findings: Sequence[ConfirmedFinding], linking: Linking) -> Profile:
    """Add what was confirmed to a profile.

    Raises
    ------
    DataError
        Every finding that is not whole: a code that is not in its list, a number out of its range, a part that its topic
        does not have.
    """
    problems = [problem for at_, one in enumerate(findings) for problem in _problems(one, f"findings[{at_}]", linking)]
    if problems:
        raise DataError(problems)
    for one in findings:
        if one.field == Topic.COMPETENCES:
            one = replace(one, code=Code(linking.code(COMPETENCE, one.code or "") or ""))
        profile = _added(profile, one)
    return profile


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """List what differs between two documents of a profile: field, before, after; ``None``: not known."""
    names = (*after, *(name for name in before if name not in after))
    return [(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)]


def _problems(one: ConfirmedFinding, path: str, linking: Linking) -> Iterable[Problem]:
    """Yield what is wrong with one finding."""
    topic = one.field
    if topic in NO_PLACE:
        yield Problem("not_in_list", "body", f"{path}.field", topic, ", ".join(t for t in Topic if t not in NO_PLACE))
        return
    numbered = topic in NUMBERS
    wanted = {"code": not numbered, "least": numbered and (topic == Topic.EDUCATION or one.most is None)}
    refused = {
        "code": numbered,
        "level": topic != Topic.LANGUAGES or not one.asked,
        "least": not numbered,
        "most": topic != Topic.HOURS,
        "asked": numbered and not one.asked,
    }
    for name, needed in wanted.items():
        if needed and getattr(one, name) is None:
            yield Problem("missing", "body", f"{path}.{name}", None, name)
    for name, odd in refused.items():
        if odd and (name == "asked" or getattr(one, name) is not None):
            yield Problem("inconsistent", "body", f"{path}.{name}", None, f"field = {topic}")
    if one.code is not None and not numbered:
        yield from _code_problems(one, path, linking)
    for name in ("least", "most") if numbered else ():
        value, most = getattr(one, name), MOST[topic]
        if value is not None and not 0 <= value <= most:
            yield Problem("out_of_range", "body", f"{path}.{name}", shown(value), f"0 - {most}")
        elif value is not None and topic == Topic.EDUCATION and value != round(value):
            yield Problem("wrong_type", "body", f"{path}.{name}", shown(value), "integer")
    if one.least is not None and one.most is not None and one.least > one.most:
        yield Problem("inconsistent", "body", f"{path}.least", shown(one.least), "least <= most")


def _code_problems(one: ConfirmedFinding, path: str, linking: Linking) -> Iterable[Problem]:
    known = _LISTS.get(one.field)
    if known is None:
        if linking.code(COMPETENCE, one.code or "") is None:
            yield Problem("unknown_code", "body", f"{path}.code", shown(one.code), "known code")
    elif one.code not in known:
        accepted = "ISO 639-1 (fr, nl, en, ar, ...)" if one.field == Topic.LANGUAGES else ", ".join(sorted(known))
        yield Problem("not_in_list", "body", f"{path}.code", shown(one.code), accepted)


def _added(profile: Profile, one: ConfirmedFinding) -> Profile:
    """Add one finding to a profile."""
    code = one.code or ""
    if one.field == Topic.COMPETENCES:
        return _competence(profile, code, one.asked)
    if one.field == Topic.LANGUAGES:
        return _language(profile, code, one.level if one.asked else Level.NONE)
    if one.field == Topic.DRIVING_LICENCES:
        return _licence(profile, DrivingLicence(code), one.asked)
    if one.field == Topic.CERTIFICATES:
        return replace(profile, certificates=_held(profile.certificates, Certificate(code), one.asked))
    if one.field == Topic.CONTRACT:
        return replace(profile, contracts=_held(profile.contracts, Contract(code), one.asked))
    # What a person can do is not listed; what is impossible is.
    if one.field == Topic.SHIFTS:
        return replace(profile, impossible_shifts=_held(profile.impossible_shifts, Shift(code), not one.asked))
    if one.field == Topic.DAYS:
        return replace(profile, impossible_days=_held(profile.impossible_days, Day(code), not one.asked))
    if one.field == Topic.HOURS:
        least, most = (profile.hours_min if one.least is None else one.least), one.most
        return replace(profile, hours_min=least, hours_max=profile.hours_max if most is None else most)
    return replace(profile, education=round(one.least or 0))


def _held(listed: tuple[C, ...] | None, code: C, has: bool) -> tuple[C, ...] | None:
    """Put a code into a list or take it out; a list that is unknown is not made known by what is not in it."""
    if has:
        return (*(listed or ()), *(() if listed and code in listed else (code,)))
    return None if listed is None else tuple(one for one in listed if one != code)


def _competence(profile: Profile, code: str, has: bool) -> Profile:
    held = profile.competences
    if any(one.concept == code for one in held or ()) == has:
        return profile
    if has:
        return replace(profile, competences=(*(held or ()), HeldCompetence(code)))
    return replace(profile, competences=tuple(one for one in held or () if one.concept != code))


def _language(profile: Profile, code: str, level: Level | None) -> Profile:
    """Set the level of a language; one that is known is not made unknown again."""
    known = {one.code: one.level for one in profile.languages or ()}
    known[code] = level if level is not None else known.get(code)
    return replace(profile, languages=tuple(KnownLanguage(one, of) for one, of in known.items()))


def _licence(profile: Profile, code: DrivingLicence, has: bool) -> Profile:
    """Add or remove a driving licence; who has no B is taken to have none, when nothing else is known."""
    if not has and code == DrivingLicence.B and profile.driving_licences is None:
        return replace(profile, driving_licences=())
    return replace(profile, driving_licences=_held(profile.driving_licences, code, has))
