"""What would change it: the smallest realistic changes of a person that lift one vacancy, each verified by scoring again.

Only what a person can change in weeks or months is tried: a level of a language, a competence, a licence or certificate, minutes
of travel, months of experience, a limit that may be solved. Never a group, a benefit, a diploma, or anything of who somebody is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import combinations
from typing import Final

import numpy as np

from matching.codes import LANGUAGE_WORDS, Certificate, DrivingLicence, Level, Limit
from matching.guidance import usable
from matching.matcher import Matcher
from matching.pathways.rescoring import BANDS, Variants, bands, names, row_of
from matching.records import Constraint, DoneProfession, HeldCompetence, KnownLanguage, Offer, Profile
from matching.vectors import LEVELS, held_licences, known_level

MORE_MINUTES: Final = (10, 20)
MOST_MINUTES: Final = 240
MORE_MONTHS: Final = (6, 12)
MOST_LIFTS: Final = 3
MOST_PAIRED: Final = 8
"""Single changes of one vacancy that are tried two by two, those that add most."""
OUT_OF_REACH: Final = frozenset(
    {Certificate.GOOD_CONDUCT, Certificate.TEACHING_DIPLOMA, Certificate.HEALTH_VISA, Certificate.CARE_REGISTRATION}
)
"""Certificates that take years of school, or that rest on who somebody is: never proposed."""

_NAMES_OF_LANGUAGES: Final = frozenset(english.casefold() for _, _, english in LANGUAGE_WORDS.values())


class What(StrEnum):
    """What a change is about; from the smallest effort to the largest (assumption)."""

    MINUTES = "minutes"
    LIMIT = "limit"
    COMPETENCE = "competence"
    CERTIFICATE = "certificate"
    LICENCE = "licence"
    EXPERIENCE = "experience"
    LANGUAGE = "language"


EFFORT: Final = {what: at for at, what in enumerate(What)}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a profile.

    ``code``: the competence, licence, certificate, limit, language or occupation; empty for minutes. ``before`` and ``after``:
    minutes, months, or a CEFR level; ``None`` where there is none.
    """

    what: What
    code: str = ""
    before: int | str | None = None
    after: int | str | None = None


@dataclass(frozen=True, slots=True)
class Lift:
    """Changes that lift one vacancy: its score (log-odds), band and place in the list before and after.

    ``rank``: place in the list, ``None`` when it is not in it. A band is ``none`` while a rule removes the vacancy;
    ``opened`` names the rules that no longer do.
    """

    offer_id: str
    changes: tuple[Change, ...]
    score_before: float
    score: float
    band_before: str
    band: str
    rank_before: int | None
    rank: int | None
    opened: tuple[str, ...]


def what_would_change(
    matcher: Matcher, profile: Profile, offers: Sequence[Offer], today: date, top: int = 10
) -> dict[str, tuple[Lift, ...]]:
    """Find, for each vacancy of the stock, what lifts it into the ``top`` best or past a band.

    Returns
    -------
    Offer id -> at most three lifts, the smallest effort first; none when no change of one or two things does it. Two changes
    are tried only where no single one is enough; of one thing the smallest change that is enough is given. Of a person who
    holds too little data for a list nothing is proposed.
    """
    base, _ = usable(profile, today)
    if not Variants.search(matcher, [base], today, 1).scored(0):
        return {offer.id: () for offer in offers}
    singles = [[(change,) for change in changes_for(matcher, base, offer)] for offer in offers]
    found = dict[str, tuple[Lift, ...]]()
    lifted = lifts(matcher, base, offers, singles, today, top)
    pairs = [[] if any(map(is_lift, some)) else _two_by_two(some) for some in lifted]
    doubled = lifts(matcher, base, offers, pairs, today, top)
    for offer, one, two in zip(offers, lifted, doubled, strict=True):
        useful = [lift for lift in [*one, *two] if is_lift(lift)]
        first = {tuple((c.what, c.code) for c in lift.changes): lift for lift in sorted(useful, key=_effort, reverse=True)}
        found[offer.id] = tuple(sorted(first.values(), key=_effort)[:MOST_LIFTS])
    return found


def lifts(
    matcher: Matcher, base: Profile, offers: Sequence[Offer], tried: Sequence[Sequence[tuple[Change, ...]]], today: date, top: int
) -> list[list[Lift]]:
    """Score each vacancy again after each of its changes, whether these help or not; in the order given.

    Raises
    ------
    KeyError
        For an offer that is not in the stock.
    """
    rows = [row_of(matcher, offer.id) for offer in offers]
    flat = [changes for some in tried for changes in some]
    found = Variants.search(matcher, [base, *(with_changes(base, changes) for changes in flat)], today, top)
    second = np.repeat(np.asarray(rows, dtype=np.int64), [len(some) for some in tried])
    first = [*[0] * len(rows), *range(1, len(flat) + 1)]
    scored = found.pairs(first, [*rows, *second.tolist()])
    band, score, failed = bands(matcher, scored), scored.score.tolist(), scored.rules[:, 0].tolist()
    now, at, made = found.rows(0), len(rows), list[list[Lift]]()
    for k, (offer, row, some) in enumerate(zip(offers, rows, tried, strict=True)):
        made.append([])
        for changes in some:
            after = found.rows(first[at])
            made[-1].append(
                Lift(
                    offer.id, changes, score[k], score[at], band[k], band[at], _place(now, row), _place(after, row),
                    names(failed[k] & ~failed[at]),
                )
            )  # fmt: skip
            at += 1
    return made


def is_lift(lift: Lift) -> bool:
    """Whether changes make a fair match at least of a vacancy, and bring it into the list or past a band.

    What is a weak match still is no reason to learn something or to travel further, and a strong one needs no change: it is
    in the list already, or stands a little below better ones.
    """
    entered = lift.rank is not None and lift.rank_before is None
    higher = BANDS.index(lift.band) > BANDS.index(lift.band_before)
    return (entered or higher) and lift.band in {"fair", "strong"} and lift.band_before != "strong"


def changes_for(matcher: Matcher, profile: Profile, offer: Offer) -> Iterator[Change]:
    """Yield the single changes that a vacancy gives reason for, the smallest effort first.

    Nothing is proposed about what is not known of the person: that is asked first (`matching.pathways.asking`).
    """
    if profile.max_minutes is not None:
        for more in MORE_MINUTES:
            if profile.max_minutes + more <= MOST_MINUTES:
                yield Change(What.MINUTES, "", profile.max_minutes, profile.max_minutes + more)
    solvable = {limit.limit for limit in profile.constraints if limit.solvable}
    hard = {limit.limit for limit in profile.constraints if not limit.solvable}
    hard |= {Limit.SHIFTS} if profile.impossible_shifts else set()
    hard |= {Limit.DAYS} if profile.impossible_days else set()
    yield from (Change(What.LIMIT, limit) for limit in Limit if limit in hard - solvable)
    if profile.competences is not None:
        held = {competence.concept for competence in profile.competences}
        asked = dict.fromkeys(a.concept for a in offer.competences or () if a.concept in matcher.taxonomy.competence_index)
        new = (uri for uri in asked if uri is not None and uri not in held and not names_language(matcher, uri))
        yield from (Change(What.COMPETENCE, uri) for uri in new)
    have = held_licences(profile)
    if profile.certificates is not None:
        wanted = dict.fromkeys(a.code for a in offer.certificates or ())
        yield from (Change(What.CERTIFICATE, code) for code in wanted if code not in have | OUT_OF_REACH)
    if profile.driving_licences is not None:
        wanted_licences = dict.fromkeys(a.code for a in offer.driving_licences or ())
        yield from (Change(What.LICENCE, code) for code in wanted_licences if code not in have)
    yield from _experience(matcher, profile, offer)
    for language in dict.fromkeys(a.code for a in offer.languages or ()):
        now = known_level(profile, language)
        wanted_level = max((LEVELS.index(a.level or Level.B2) for a in offer.languages or () if a.code == language), default=0)
        if now is not None and now < wanted_level:
            yield Change(What.LANGUAGE, language, LEVELS[now].value, LEVELS[now + 1].value)


def names_language(matcher: Matcher, uri: str) -> bool:
    """Whether a competence is a language ("speak Dutch at work"): what the person speaks is told by levels, not by this."""
    taxonomy = matcher.taxonomy
    said = taxonomy.label(uri, "en").casefold().split()
    return taxonomy.competence_type[taxonomy.competence_index[uri]] == "language" or not _NAMES_OF_LANGUAGES.isdisjoint(said)


def _experience(matcher: Matcher, profile: Profile, offer: Offer) -> Iterator[Change]:
    """Yield months in the offer's own profession, when it asks more than the person is known to have."""
    uri = offer.occupation.concept if offer.occupation else None
    if uri is None or uri not in matcher.taxonomy.occupation_index or profile.professions_done is None:
        return
    months = [done.months for done in profile.professions_done if done.concept == uri]
    known = [n for n in months if n is not None]
    if len(known) == len(months) and max(known, default=0) < (offer.experience_months or 0):
        before = max(known, default=0)
        yield from (Change(What.EXPERIENCE, uri, before, before + more) for more in MORE_MONTHS)


def with_changes(profile: Profile, changes: Sequence[Change]) -> Profile:
    """Give the profile as it would be after some changes."""
    for change in changes:
        profile = _with(profile, change)
    return profile


def _with(profile: Profile, change: Change) -> Profile:
    match change.what:
        case What.MINUTES:
            return replace(profile, max_minutes=int(change.after or 0))
        case What.LIMIT:
            others = tuple(one for one in profile.constraints if one.limit != change.code)
            return replace(profile, constraints=(*others, Constraint(Limit(change.code), solvable=True)))
        case What.COMPETENCE:
            return replace(profile, competences=(*(profile.competences or ()), HeldCompetence(change.code)))
        case What.CERTIFICATE:
            return replace(profile, certificates=(*(profile.certificates or ()), Certificate(change.code)))
        case What.LICENCE:
            return replace(profile, driving_licences=(*(profile.driving_licences or ()), DrivingLicence(change.code)))
        case What.EXPERIENCE:
            rest = tuple(done for done in profile.professions_done or () if done.concept != change.code)
            return replace(profile, professions_done=(*rest, DoneProfession(change.code, months=int(change.after or 0))))
        case What.LANGUAGE:
            spoken = tuple(one for one in profile.languages or () if one.code != change.code)
            return replace(profile, languages=(*spoken, KnownLanguage(change.code, Level(str(change.after)))))


def _two_by_two(singles: Sequence[Lift]) -> list[tuple[Change, ...]]:
    """Give pairs of changes of different things, of the single ones that open a rule or add most."""
    best = sorted(singles, key=lambda lift: (not lift.opened, lift.score_before - lift.score, _effort(lift)))[:MOST_PAIRED]
    helping = [lift.changes[0] for lift in best if lift.opened or lift.score > lift.score_before]
    return [(one, two) for one, two in combinations(helping, 2) if (one.what, one.code) != (two.what, two.code)]


def _effort(lift: Lift) -> tuple[int, int, int, int]:
    """Order lifts: fewer changes, then the smaller effort, then the smaller step, then the better place."""
    steps = sum(c.after for c in lift.changes if isinstance(c.after, int))
    return len(lift.changes), sum(EFFORT[c.what] for c in lift.changes), steps, lift.rank or 1_000


def _place(rows: Sequence[int], row: int) -> int | None:
    return rows.index(row) + 1 if row in rows else None


