"""Slow-but-obvious twins of the score and of the two searches: every pair looked at, sorted, counted.

The pairs come from `naive`. Lists hold (id, score), so that they are compared to the last bit.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from matching.codes import Kind, Level, Limit
from matching.guidance import BLOCKED, may_match, usable
from matching.records import Offer, Override, Profile
from models.match_model import MatchModel
from naive import (
    COMPARISONS,
    FAILS,
    FULL,
    LEVELS,
    NEGOTIABLE,
    NOT_ASKED,
    READS,
    World,
    level_of,
    linked_competences,
    linked_occupations,
    rule_results,
    values,
)


@dataclass
class Suggested:
    """What the twin finds for one profile; lists hold (offer id, score)."""

    status: str
    lists: dict[Kind, list[tuple[str, float]]] = field(default_factory=dict)
    near_misses: list[tuple[str, float]] = field(default_factory=list)
    dutch_courses: list[tuple[str, float]] = field(default_factory=list)
    considered: int = 0
    allowed: int = 0
    suitable: int = 0
    good: int = 0
    removed: dict[str, int] = field(default_factory=dict)
    prices: dict[Limit, tuple[int, int, int, int]] = field(default_factory=dict)
    jointly: int = 0
    relaxation: Limit | None = None
    profile_coverage: float = 0.0
    missing: tuple[str, ...] = ()


def contributions(model: MatchModel, steps: Mapping[str, int], weights: Mapping[str, float]) -> list[float]:
    """What each comparison adds, in order, a multiple of 2^-20; weights are held to 0-3."""
    rows = zip(COMPARISONS, model.tables, strict=True)
    return [in_millionths(float(row[steps[name]]) * min(max(weights.get(name, 1.0), 0.0), 3.0)) for name, row in rows]


def in_millionths(number: float) -> float:
    """The multiple of 2^-20 next to a number; sums of these are exact."""
    return round(number * 2**20) / 2**20


def score(model: MatchModel, added: Sequence[float]) -> float:
    total = model.intercept
    for one in added:
        total += one
    return total


def suitable(model: MatchModel, kind: Kind, steps: Mapping[str, int], added: Sequence[float]) -> bool:
    """Enough in favour among the known facts; a partner offer of a profession that was stated must resemble one sought."""
    evidence = score(model, [one for one, step in zip(added, (steps[n] for n in COMPARISONS), strict=True) if step <= NOT_ASKED])
    if kind == Kind.VACANCY:
        work = [steps[n] for n in ("profession_sought", "profession_done", "competences_mandatory", "competences_used")]
        return evidence >= model.floor and any(88 <= step <= FULL for step in work)
    return evidence >= model.partner_floor and steps["profession_sought"] >= 88  # 35 % of 252 steps


def ranges(model: MatchModel) -> dict[str, float]:
    """How far each comparison can move the score."""
    rows = zip(COMPARISONS, model.tables, strict=True)
    return {name: float(max(row[: NOT_ASKED + 1]) - min(row[: NOT_ASKED + 1])) for name, row in rows}


def known_fields(world: World, profile: Profile) -> set[str]:
    """Comparisons for which the profile holds something."""
    past = profile.professions_done
    linked_past = linked_occupations(world, past)
    said = {
        "profession_sought": bool(linked_occupations(world, profile.professions_sought)),
        "profession_done": bool(linked_past) or (past is not None and not past),
        "languages": any(k.level is not None for k in profile.languages or ()),
        "education": profile.education is not None,
        "licences": any(said is not None for said in (profile.driving_licences, profile.certificates, profile.own_car)),
        "travel": profile.postcode in world.geography.index,
        "hours": profile.hours_min is not None or profile.hours_max is not None,
        "shifts": profile.impossible_shifts is not None or profile.impossible_days is not None,
        "contract": bool(profile.contracts),
        "start": profile.start_from is not None,
    }
    can = bool(linked_competences(world, profile.competences))
    said |= dict.fromkeys(("competences_mandatory", "competences_desired", "competences_used"), can)
    return {name for name, known in said.items() if known}


def profile_data(world: World, profile: Profile) -> tuple[float, tuple[str, ...], bool]:
    """Share of the weight for which the profile holds data, what is missing, and whether that is enough."""
    known, weight = known_fields(world, profile), ranges(world.model)
    share = sum(weight[n] for n in READS if n in known) / sum(weight[n] for n in READS if READS[n])
    missing: dict[str, float] = {}
    for name, reads in READS.items():
        for one in reads if name not in known else ():
            missing[one] = missing.get(one, 0.0) + weight[name]
    core = known & {"profession_sought", "profession_done", "competences_used"}
    return share, tuple(sorted(missing, key=lambda n: (-missing[n], n))), bool(core) and share >= world.model.profile_floor


def suggest(
    world: World, record: Profile, offers: Sequence[Offer], top: int = 10, kinds: Collection[Kind] = frozenset(Kind),
    weights: Mapping[str, float] | None = None, relax: Collection[Limit] = (), override: Override | None = None,
) -> Suggested:  # fmt: skip
    """Everything that `Matcher.suggest` answers, found by looking at every offer."""
    profile, dropped = usable(record, world.today)
    gate, _ = may_match(record, world.groups, world.today, override)
    share, missing, enough = profile_data(world, profile)
    n_vacancies = sum(offer.kind == Kind.VACANCY for offer in offers)
    if BLOCKED in dropped or gate is False:
        return Suggested("closed", considered=n_vacancies, profile_coverage=share, missing=missing)
    if not enough:
        return Suggested("too_little_known", considered=n_vacancies, profile_coverage=share, missing=missing)
    aside = {name for name, limit in NEGOTIABLE.items() if limit in relax}
    scored: dict[str, float] = {}
    fit: set[str] = set()
    fails: dict[str, set[str]] = {}
    for offer in offers:
        steps = values(world, profile, offer)
        added = contributions(world.model, steps, weights or {})
        scored[offer.id] = score(world.model, added)
        if suitable(world.model, offer.kind, steps, added):
            fit.add(offer.id)
        results = rule_results(world, profile, offer, True, gate)
        fails[offer.id] = {name for name, result in results.items() if result == FAILS} - aside

    def best(ids: Collection[str], most: int) -> list[tuple[str, float]]:
        return [(one, scored[one]) for one in sorted(ids, key=lambda one: (-scored[one], one))][:most]

    _, fair = world.model.bands
    answer = Suggested("ok", profile_coverage=share, missing=missing)
    for kind in Kind:
        if kind in kinds:
            listed = [o.id for o in offers if o.kind == kind and not fails[o.id] and o.id in fit]
            answer.lists[kind] = best(listed, top if kind == Kind.VACANCY else min(top, 3))
    vacancies = [o.id for o in offers if o.kind == Kind.VACANCY] if Kind.VACANCY in kinds else []
    answer.considered = len(vacancies)
    answer.allowed = sum(not fails[v] for v in vacancies)
    answer.suitable = sum(not fails[v] and v in fit for v in vacancies)
    answer.good = sum(not fails[v] and v in fit and scored[v] >= fair for v in vacancies)
    answer.removed = {n: c for n in rule_names() if (c := sum(n in fails[v] for v in vacancies))}
    one_limit = [v for v in vacancies if len(fails[v]) == 1 and fails[v] <= NEGOTIABLE.keys()]
    answer.near_misses = best([v for v in one_limit if v in fit], 5)
    answer.jointly = sum(bool(fails[v]) and fails[v] <= NEGOTIABLE.keys() for v in vacancies)
    for name, limit in NEGOTIABLE.items():
        if name in answer.removed:
            alone = [v for v in one_limit if name in fails[v]]
            fitting = [v for v in alone if v in fit]
            good = sum(scored[v] >= fair for v in fitting)
            answer.prices[limit] = (answer.removed[name], len(alone), len(fitting), good)
    if answer.suitable < top and any(price[2] for price in answer.prices.values()):
        answer.relaxation = max(answer.prices, key=lambda limit: answer.prices[limit][2:])
    answer.dutch_courses = best(_dutch(profile, offers, fails), 3)
    if Kind.VACANCY in kinds and not answer.lists[Kind.VACANCY]:
        answer.status = "nothing_suitable"
    return answer


def rule_names() -> list[str]:
    return [*"closed full basis guidance employer profession sector licence audience".split(), *NEGOTIABLE]


def _dutch(profile: Profile, offers: Sequence[Offer], fails: Mapping[str, set[str]]) -> list[str]:
    """Courses that lead one or two levels further, for who knows less Dutch than B1 or an unknown amount.

    A course that names Dutch more than once leads to the highest level.
    """
    now = level_of(profile, "nl")
    if now is not None and now >= LEVELS.index(Level.B1):
        return []
    wanted = (Level.A1, Level.A2, Level.B1) if now is None else tuple(LEVELS[now + 1 : now + 3])
    return [
        offer.id
        for offer in offers
        if offer.kind == Kind.TRAINING
        and offer.grants is not None
        and max((g.level for g in offer.grants.languages if g.code == "nl" and g.level), key=LEVELS.index, default=None) in wanted
        and not fails[offer.id]
    ]


def candidates(
    world: World, offer: Offer, records: Sequence[Profile], top: int = 20, weights: Mapping[str, float] | None = None
) -> tuple[list[tuple[str, float]], int, int, dict[str, int]]:
    """Best people for one offer (id, score), how many are allowed, how many unscored, and how many each rule removes."""
    found: dict[str, float] = {}
    allowed, unscored = 0, 0
    removed = dict.fromkeys(rule_names(), 0)
    for record in records:
        profile, dropped = usable(record, world.today)
        gate, _ = may_match(record, world.groups, world.today)
        results = rule_results(world, profile, offer, BLOCKED not in dropped, gate)
        for name, result in results.items():
            removed[name] += result == FAILS
        enough = profile_data(world, profile)[2]
        unscored += not enough
        if not enough or FAILS in results.values():
            continue
        allowed += 1
        steps = values(world, profile, offer)
        added = contributions(world.model, steps, weights or {})
        if suitable(world.model, offer.kind, steps, added):
            found[record.id] = score(world.model, added)
    ranked = sorted(found.items(), key=lambda one: (-one[1], one[0]))[:top]
    return ranked, allowed, unscored, {name: n for name, n in removed.items() if n}
