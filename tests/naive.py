"""Slow-but-obvious twins of the engine, in plain Python, from the records alone.

Written from `docs/matching.md`, not from the arrays: no bit masks, no ragged rows, no compiled code. Values are exact steps of
1/252, or one of the three states. What both sides read as given: the taxonomy's credits and similarities, the geography's
minutes, the model's tables, and LINK's dates (`matching.guidance`), each tested in its own file.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from math import floor
from typing import Any

from matching.codes import DrivingLicence, Kind, Level, Limit, Mode, Requirement, Shift
from matching.geography import Geography
from matching.guidance import GroupRules
from matching.records import Mention, Offer, Profile
from matching.taxonomy import Taxonomy
from models.match_model import MatchModel

FULL, NOT_ASKED, UNSTATED, UNKNOWN = 252, 253, 254, 255
PASSES, FAILS, UNCHECKED = "passes", "fails", "unchecked"
WEIGHTS = {Requirement.MANDATORY: 3, Requirement.STRONG: 2, Requirement.DESIRED: 1}
SHORTFALL = [252, 252 * 65 // 100, 252 * 35 // 100, 252 * 15 // 100]
LEVELS = list(Level)
SECTIONS = {"F": range(41, 44), "I": range(55, 57), "N": range(77, 83)}
"""NACE divisions of the sections that the tests use."""
COVERED_LICENCES = {"BE": "B", "C1": "B", "C": "B C1", "CE": "B BE C1 C", "D1": "B", "D": "B D1", "A": "AM", "B": "AM"}
READS = {
    "profession_sought": ["professionsSought"],
    "profession_done": ["professionsDone"],
    "competences_mandatory": ["competences"],
    "competences_desired": ["competences"],
    "competences_used": ["competences"],
    "languages": ["languages"],
    "education": ["education"],
    "licences": ["drivingLicences", "certificates", "ownCar"],
    "travel": ["postcode"],
    "hours": ["hoursMin", "hoursMax"],
    "shifts": ["impossibleShifts", "impossibleDays"],
    "contract": ["contracts"],
    "start": ["startFrom"],
    "freshness": [],
    "exposure": [],
}
NEGOTIABLE = {
    "minutes": Limit.MINUTES,
    "hours": Limit.HOURS,
    "shifts": Limit.SHIFTS,
    "days": Limit.DAYS,
    "contract": Limit.CONTRACT,
    "start": Limit.START,
}


@dataclass(frozen=True)
class World:
    """What a pair is compared in."""

    taxonomy: Taxonomy
    geography: Geography
    groups: Mapping[str, GroupRules]
    model: MatchModel
    today: date
    proposed: Mapping[str, int] = field(default_factory=dict)
    """People proposed already, by offer."""


def linked_competences(world: World, mentions: Collection[Mention] | None) -> set[str]:
    return {m.concept or "" for m in mentions or () if m.concept in world.taxonomy.competence_index}


def linked_occupations(world: World, mentions: Collection[Mention] | None) -> set[str]:
    return {m.concept or "" for m in mentions or () if m.concept in world.taxonomy.occupation_index}


def linked_occupation(world: World, offer: Offer) -> str | None:
    concept = offer.occupation.concept if offer.occupation else None
    return concept if concept in world.taxonomy.occupation_index else None


def credits(world: World, profile: Profile) -> dict[str, int]:
    """Best credit that what the person can do gives towards each competence."""
    return _credits(world.taxonomy, frozenset(linked_competences(world, profile.competences)))


@lru_cache(maxsize=8)
def _credits(taxonomy: Taxonomy, able: frozenset[str]) -> dict[str, int]:
    best = dict.fromkeys(taxonomy.competences, 0)
    for held in able:
        row = taxonomy.competence_index[held]
        for at in range(taxonomy.related_start[row], taxonomy.related_start[row + 1]):
            other = taxonomy.competences[taxonomy.related_competence[at]]
            best[other] = max(best[other], int(taxonomy.related_credit[at]))
        best[held] = FULL
    return best


def similarity(world: World, one: str, other: str) -> int:
    index = world.taxonomy.occupation_index
    return int(world.taxonomy.occupation_similarity[index[one], index[other]])


def profession_sought(world: World, profile: Profile, offer: Offer) -> int:
    asked, sought = linked_occupation(world, offer), linked_occupations(world, profile.professions_sought)
    if asked is None:
        return UNSTATED
    best = max((similarity(world, one, asked) for one in sought), default=UNKNOWN)
    text_only = any(m.concept not in world.taxonomy.occupation_index for m in profile.professions_sought or ())
    return UNKNOWN if text_only and best < 88 else best  # 35 % of 252 steps


def profession_done(world: World, profile: Profile, offer: Offer) -> int:
    asked, months_asked = linked_occupation(world, offer), offer.experience_months
    past = profile.professions_done
    nothing_else = past is not None and all(d.concept in world.taxonomy.occupation_index for d in past)
    linked = [d for d in past or () if d.concept in world.taxonomy.occupation_index]
    if asked is None:
        return NOT_ASKED if months_asked == 0 else UNSTATED
    surely, perhaps = 0, 0
    for d in linked:
        similar = similarity(world, d.concept or "", asked)
        if not months_asked:
            surely = max(surely, similar)
        elif d.months is None:
            perhaps = max(perhaps, similar)
        else:
            surely = max(surely, floor(similar * min(Fraction(1), Fraction(d.months, months_asked))))
    if months_asked == 0 and surely < FULL * 6 // 10:
        return NOT_ASKED
    if surely < FULL * 35 // 100 and (perhaps > surely or not nothing_else):
        return UNKNOWN
    return surely


def asked_competences(world: World, offer: Offer) -> dict[str, Requirement]:
    """Each linked competence asked, with its strongest requirement."""
    asked: dict[str, Requirement] = {}
    for one in offer.competences or ():
        if one.concept is not None and one.concept in world.taxonomy.competence_index:
            asked[one.concept] = max(asked.get(one.concept, one.requirement), one.requirement, key=lambda r: WEIGHTS[r])
    return asked


def unlinked(world: World, offer: Offer) -> list[Requirement]:
    return [a.requirement for a in offer.competences or () if a.concept not in world.taxonomy.competence_index]


def _coverage(world: World, profile: Profile, offer: Offer, counted: Collection[Requirement]) -> int:
    asked = {c: r for c, r in asked_competences(world, offer).items() if r in counted}
    if not asked:
        unread = [r for r in unlinked(world, offer) if r in counted]
        return NOT_ASKED if offer.competences is not None and not unread else UNSTATED
    if not linked_competences(world, profile.competences):
        return UNKNOWN
    credit = credits(world, profile)
    got = sum(WEIGHTS[r] * credit[c] for c, r in asked.items())
    return -(-got // sum(WEIGHTS[r] for r in asked.values()))


def competences_mandatory(world: World, profile: Profile, offer: Offer) -> int:
    return _coverage(world, profile, offer, {Requirement.MANDATORY, Requirement.STRONG})


def competences_desired(world: World, profile: Profile, offer: Offer) -> int:
    return _coverage(world, profile, offer, {Requirement.DESIRED})


def competences_used(world: World, profile: Profile, offer: Offer) -> int:
    asked, held = set(asked_competences(world, offer)), linked_competences(world, profile.competences)
    if not asked:
        return NOT_ASKED if offer.competences is not None and not unlinked(world, offer) else UNSTATED
    return FULL * len(asked & held) // min(len(asked), len(held)) if held else UNKNOWN


def level_of(profile: Profile, code: str) -> int | None:
    return max((LEVELS.index(k.level) for k in profile.languages or () if k.code == code and k.level), default=None)


def languages(world: World, profile: Profile, offer: Offer) -> int:
    if not offer.languages:
        return UNSTATED if offer.languages is None else NOT_ASKED
    whole, n_known, unknown_required = FULL, 0, False
    for asked in sorted(offer.languages, key=lambda a: (a.code, LEVELS.index(a.level) if a.level else -1)):
        has, value = level_of(profile, asked.code), None
        if has is not None and asked.level is not None:
            short = max(0, LEVELS.index(asked.level) - has)
            value = SHORTFALL[short] if short < len(SHORTFALL) else 0
        elif has is not None and (has == 0 or has >= LEVELS.index(Level.B2)):
            value = FULL if has else 0
        n_known += value is not None or (has is not None and asked.requirement == Requirement.DESIRED)
        if asked.requirement == Requirement.DESIRED:
            value = FULL - (FULL - (FULL // 2 if value is None else value)) // 3
        if value is None:
            unknown_required = True
        else:
            whole = whole * value // FULL
    return UNKNOWN if n_known == 0 or (unknown_required and whole > SHORTFALL[2]) else whole


def education(world: World, profile: Profile, offer: Offer) -> int:
    if not offer.education:
        return UNSTATED if offer.education is None else NOT_ASKED
    if profile.education is None:
        return UNKNOWN
    return max(0, FULL - 84 * max(0, offer.education - profile.education))


def have_licences(profile: Profile) -> set[str]:
    own = {str(code) for code in [*(profile.driving_licences or ()), *(profile.certificates or ())]}
    return own | {covered for code in own for covered in COVERED_LICENCES.get(code, "").split()}


def has_licence(profile: Profile, code: str) -> bool | None:
    if code in have_licences(profile):
        return True
    said = profile.driving_licences if code in set(DrivingLicence) else profile.certificates
    return None if said is None else False


def licences(world: World, profile: Profile, offer: Offer) -> int:
    stated = offer.driving_licences is not None or offer.certificates is not None
    asked: Sequence[Any] = [*(offer.driving_licences or ()), *(offer.certificates or ())]
    answers = [has_licence(profile, code) for code in sorted({str(a.code) for a in asked if not a.legal})]
    if offer.own_car:
        answers.append(profile.own_car)
    if not answers:
        return NOT_ASKED if stated and offer.own_car is False else UNSTATED
    return UNKNOWN if None in answers else FULL * answers.count(True) // len(answers)


def journey(world: World, profile: Profile, offer: Offer) -> tuple[int, bool] | None:
    """Fewest minutes, and whether they are an imported time and no upper bound."""
    remote = round(100 * (offer.remote_share or 0))
    if remote == 100:
        return 0, False
    geography, shifts = world.geography, set(offer.shifts or ())
    home = geography.index.get(profile.postcode or "")
    found: list[tuple[int, bool]] = []
    for place in sorted({p for p in offer.postcodes or () if p in geography.index}):
        for row, mode in enumerate(Mode):
            if home is None or mode not in (profile.modes or (Mode.PUBLIC_TRANSPORT, Mode.FOOT)):
                continue
            minutes = int(geography.minutes[row, home, geography.index[place]])
            public = mode == Mode.PUBLIC_TRANSPORT
            if minutes == 255 or (public and Shift.NIGHT in shifts):
                continue
            if public and Shift.EARLY in shifts:
                minutes = floor(minutes * Fraction(3, 2))
            elif public and Shift.LATE in shifts:
                minutes = floor(minutes * Fraction(5, 4))
            known = public and not geography.at_most and bool(geography.imported[home, geography.index[place]])
            found.append((minutes, known))
    if not found:
        return None
    minutes, known = min(found, key=lambda one: one[0])
    return minutes * (100 - remote) // 100, known


def travel(world: World, profile: Profile, offer: Offer) -> int:
    found = journey(world, profile, offer)
    if found is None:
        placed = any(p in world.geography.index for p in offer.postcodes or ())
        return UNKNOWN if placed else UNSTATED
    most = 60 if profile.max_minutes is None else profile.max_minutes
    if most == 0:
        return 0 if found[0] else FULL
    return max(0, FULL - floor(Fraction(FULL * found[0], 2 * most)))


def week(offer: Offer) -> tuple[float, float] | None:
    said = [h for h in (offer.hours_min, offer.hours_max) if h is not None]
    return (said[0], said[-1]) if said else None


def hours(world: World, profile: Profile, offer: Offer) -> int:
    of_offer = week(offer)
    if of_offer is None:
        return UNSTATED
    if profile.hours_min is None and profile.hours_max is None:
        return UNKNOWN
    apart = hours_gap(profile, offer, of_offer)
    return max(0, FULL - floor(Fraction(apart) * 21))


def shifts(world: World, profile: Profile, offer: Offer) -> int:
    asked = {*(offer.shifts or ()), *(offer.days or ())}
    if not asked:
        return UNSTATED
    if (offer.shifts and profile.impossible_shifts is None) or (offer.days and profile.impossible_days is None):
        return UNKNOWN
    return FULL * len(asked - {*(profile.impossible_shifts or ()), *(profile.impossible_days or ())}) // len(asked)


def contract(world: World, profile: Profile, offer: Offer) -> int:
    if offer.contract is None:
        return UNSTATED
    if not profile.contracts:
        return UNKNOWN
    return FULL if offer.contract in profile.contracts else 0


def start(world: World, profile: Profile, offer: Offer) -> int:
    if offer.start is None:
        return UNSTATED
    if profile.start_from is None:
        return UNKNOWN
    early = max(0, (max(profile.start_from, world.today) - max(offer.start, world.today)).days)
    return max(0, FULL - floor(Fraction(FULL * early, 60)))


def freshness(world: World, profile: Profile, offer: Offer) -> int:
    dates = [day for day in (offer.published, offer.verified) if day is not None]
    if not dates:
        return UNSTATED
    days = min(365, max(0, (world.today - max(dates)).days))
    return round(FULL * float(0.5 ** (days / 30)))


def exposure(world: World, profile: Profile, offer: Offer) -> int:
    """Open positions, out of these and the people proposed."""
    proposed = world.proposed.get(offer.id, 0)
    if proposed == 0:
        return FULL
    if offer.positions is None:
        return UNSTATED
    left = max(0, offer.positions - offer.filled)
    return floor(FULL * Fraction(left, left + proposed))


Compare = Callable[[World, Profile, Offer], int]
COMPARISONS: dict[str, Compare] = {name: globals()[name] for name in READS}


def values(world: World, profile: Profile, offer: Offer) -> dict[str, int]:
    """Every comparison of a pair, by name."""
    return {name: compare(world, profile, offer) for name, compare in COMPARISONS.items()}


def nace(code: str | None) -> tuple[int, int] | None:
    """First and last five-digit number of a sector."""
    if code in SECTIONS:
        return SECTIONS[code][0] * 1000, SECTIONS[code][-1] * 1000 + 999
    digits = "".join(c for c in code or "" if c.isdigit())
    return (int(digits.ljust(5, "0")), int(digits.ljust(5, "9"))) if len(digits) > 1 else None


def marks(profile: Profile, limit: Limit, solvable: bool) -> bool:
    return any(c.limit == limit and c.solvable == solvable for c in profile.constraints)


def _excludes(excluded: Collection[Any], found: Any) -> str:
    """A wish never to see something: unchecked when the offer does not say."""
    if not excluded:
        return PASSES
    return UNCHECKED if found is None else FAILS if found in excluded else PASSES


def _named(name: str | None) -> str | None:
    folded = "".join(c for c in (name or "").casefold() if c.isalnum())
    return folded or None


def rule_results(world: World, profile: Profile, offer: Offer, basis: bool, gate: bool | None) -> dict[str, str]:
    """Every rule of a pair, by name, in order: passes, fails or unchecked."""
    today, excluded = world.today, profile.exclusions
    found = journey(world, profile, offer)
    of_offer = week(offer)
    sector = nace(offer.sector)
    spans = [span for span in map(nace, excluded.sectors) if span]
    legal: Sequence[Any] = [*(offer.driving_licences or ()), *(offer.certificates or ())]
    lawful = [has_licence(profile, str(a.code)) for a in legal if a.legal]
    group = profile.target_group if profile.target_group in world.groups else None

    def audience() -> str:
        if not offer.audience or offer.kind == Kind.VACANCY:
            return PASSES
        return UNCHECKED if group is None else PASSES if group in offer.audience else FAILS

    def excluded_profession() -> str:
        excludes = linked_occupations(world, excluded.professions)
        result = _excludes(excludes, linked_occupation(world, offer))
        return UNCHECKED if result == PASSES and len(excludes) < len(excluded.professions) else result

    def in_sectors() -> str:
        if not spans or sector is None:
            return UNCHECKED if spans else PASSES
        if any(first <= sector[0] and sector[1] <= last for first, last in spans):
            return FAILS
        return UNCHECKED if any(sector[0] <= last and first <= sector[1] for first, last in spans) else PASSES

    def minutes() -> str:
        if not marks(profile, Limit.MINUTES, False) or profile.max_minutes is None:
            return PASSES
        if found is None:
            return UNCHECKED
        return PASSES if found[0] <= profile.max_minutes else FAILS if found[1] else UNCHECKED

    def hours_apart() -> str:
        if not marks(profile, Limit.HOURS, False) or (profile.hours_min is None and profile.hours_max is None):
            return PASSES
        if of_offer is None:
            return UNCHECKED
        return FAILS if hours_gap(profile, offer, of_offer) > 0 else PASSES

    def impossible(limit: Limit, mine: Collection[Any] | None, theirs: Collection[Any] | None) -> str:
        if not mine or marks(profile, limit, True):
            return PASSES
        return UNCHECKED if not theirs else FAILS if set(mine) & set(theirs) else PASSES

    def contract_wanted() -> str:
        if not marks(profile, Limit.CONTRACT, False) or not profile.contracts or offer.kind not in PAID:
            return PASSES
        return UNCHECKED if offer.contract is None else PASSES if offer.contract in profile.contracts else FAILS

    def starts() -> str:
        if not marks(profile, Limit.START, False) or profile.start_from is None:
            return PASSES
        return UNCHECKED if offer.start is None else FAILS if max(offer.start, today) < profile.start_from else PASSES

    over = (offer.closed_on is not None and offer.closed_on <= today) or (
        offer.valid_through is not None and offer.valid_through < today
    )
    return {
        "closed": FAILS if over else PASSES,
        "full": FAILS if offer.positions is not None and offer.positions <= offer.filled else PASSES,
        "basis": PASSES if basis else FAILS,
        "guidance": UNCHECKED if gate is None else PASSES if gate else FAILS,
        "employer": _excludes({_named(n) for n in excluded.employers} - {None}, _named(offer.employer)),
        "profession": excluded_profession(),
        "sector": in_sectors(),
        "licence": FAILS if False in lawful else UNCHECKED if None in lawful else PASSES,
        "audience": audience(),
        "minutes": minutes(),
        "hours": hours_apart(),
        "shifts": impossible(Limit.SHIFTS, profile.impossible_shifts, offer.shifts),
        "days": impossible(Limit.DAYS, profile.impossible_days, offer.days),
        "contract": contract_wanted(),
        "start": starts(),
    }


PAID = {Kind.VACANCY, Kind.WORK_EXPERIENCE, Kind.SOCIAL_EMPLOYMENT}


def hours_gap(profile: Profile, offer: Offer, of_offer: tuple[float, float]) -> float:
    """Hours between the two ranges; too few hours count for paid work only."""
    low = 0.0 if profile.hours_min is None or offer.kind not in PAID else profile.hours_min
    high = 60.0 if profile.hours_max is None else profile.hours_max
    return max(of_offer[0] - high, low - of_offer[1], 0.0)
