"""What would open more, proved by brute force: every figure told equals scoring all vacancies again with the changed profile.

The twin is `naive_pathways`: it changes the profile by itself and scores every vacancy by `naive`, nothing sampled. The demo
world is taken with 500 of its 2,000 vacancies and 60 of its 150 offers of partners, because the twin takes a third of a second
for one changed profile over all of them; `bench/pathways.py` verifies the whole of it by the matcher. The values that are tried
for a question come from the service (docs/matching.md lists them); what they do is worked out here.

With ``-m slow``: 200 people of the demo world, and 50 over ESCO with the 71 real vacancies, which skips without
``../shared/data``. In the normal run: four and none.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import naive
from matching.classifications import build_taxonomy, read_esco, read_starter
from matching.codes import Certificate, DrivingLicence, Kind, Level, Limit, Mode, Shift, SourceKind
from matching.crosswalks import read_crosswalk
from matching.files import read_rows
from matching.guidance import usable
from matching.ingest import import_offers
from matching.linking import Codes
from matching.matcher import Matcher, Wish
from matching.pathways.asking import ask_next, plausible
from matching.pathways.changing import OUT_OF_REACH, Change, Lift, What, changes_for, what_would_change
from matching.pathways.pricing import Pricing, Relaxation, price
from matching.pathways.unlocking import NAMED, SMALLEST_GAIN, Unlock, unlock
from matching.pathways.whole import candidates_for_change
from matching.records import Constraint, DataBasis, DoneProfession, HeldCompetence, KnownLanguage, Mention, Offer, Profile, Source
from matching.reference import build_geography, read_guidance
from matching.tables import Counts
from matching.taxonomy import Taxonomy
from models.artifact import load
from models.linker_file import load as load_linker
from naive_pathways import READ, RULES_READ, TOP, Looked, Twin, again, answered, had, lifted
from training.synthetic import demo_world

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
DAY = date(2025, 4, 1)
ALMOST = 1e-9
CHANGEABLE = {"max_minutes", "constraints", "competences", "certificates", "driving_licences", "professions_done", "languages"}


@dataclass(frozen=True)
class Place:
    """A world, its matcher, its people."""

    world: naive.World
    matcher: Matcher
    profiles: Sequence[Profile]
    offers: dict[str, Offer]


def place(taxonomy: Taxonomy, profiles: Sequence[Profile], offers: Sequence[Offer]) -> Place:
    geography, groups, model = build_geography({}), dict(read_guidance()), load()
    matcher = Matcher.build(taxonomy, geography, groups, model, offers)
    return Place(naive.World(taxonomy, geography, groups, model, DAY), matcher, profiles, {offer.id: offer for offer in offers})


@cache
def demo() -> Place:
    taxonomy = build_taxonomy({"starter": read_starter()[0]})
    made = demo_world(np.random.default_rng(20250401), taxonomy, build_geography({}).places, DAY, 200, 500, 60)
    return place(taxonomy, made.profiles, made.offers)


# Real vacancies, invented people


@cache
def real() -> Place:
    """The 71 vacancies over ESCO, offers of partners of the demo world over ESCO, and fifty people made from the vacancies."""
    document, _ = read_esco(DATA / "esco")
    crosswalks, _ = read_crosswalk([*sorted((DATA / "rome").iterdir()), *sorted((DATA / "competent").iterdir())])
    taxonomy, read = build_taxonomy({"esco": document, **crosswalks}), list[Offer]()

    def put(records: list[Offer]) -> Counts:
        read.extend(records)
        return Counts(len(records), 0, 0)

    vacancies = read_rows(DATA / "vacancies" / "jobpostings_fr.jsonl")
    import_offers(vacancies, put, groups=dict(read_guidance()), linking=Codes(taxonomy, load_linker()))
    places = build_geography({}).places
    partners = [o for o in demo_world(np.random.default_rng(9), taxonomy, places, DAY, 0, 0, 40).offers if o.kind != Kind.VACANCY]
    # They have run out by the day of the test, and name no place in Belgium: they are proved as if still open.
    still = [replace(o, valid_through=None, closed_on=None) for o in read]
    rng = np.random.default_rng(71)
    return place(taxonomy, [invented(rng, n, still, taxonomy) for n in range(50)], [*still, *partners])


def invented(rng: np.random.Generator, n: int, vacancies: Sequence[Offer], taxonomy: Taxonomy) -> Profile:
    """Invent somebody near two of some vacancies: half of what these and the first occupation ask, much of the rest unknown."""

    def some(values: Sequence[Any]) -> Any:
        return values[int(rng.integers(len(values)))]

    def perhaps(values: Sequence[Any], known: float = 0.6) -> Any:
        return some(values) if rng.random() < known else None

    linked = [o for o in vacancies if o.occupation and o.occupation.concept in taxonomy.occupation_index]
    one, other = some(linked), some(linked)
    uris = [str(o.occupation.concept) for o in (one, other)]
    row = taxonomy.occupation_index[uris[0]]
    essential = taxonomy.essential_competence[taxonomy.essential_start[row] : taxonomy.essential_start[row + 1]].tolist()
    near = [taxonomy.competences[c] for c in essential]
    near += [a.concept for o in (one, other) for a in o.competences or () if a.concept in taxonomy.competence_index]
    able = [uri for uri in dict.fromkeys(near) if rng.random() < 0.5]
    levels = [None, *Level]
    spoken = [KnownLanguage("fr", some(list(Level)[2:]))]
    spoken += [KnownLanguage(code, some(levels)) for code in ("nl", "en") if rng.random() < 0.5]
    shifts = perhaps([(), (Shift.EARLY,), (Shift.NIGHT,), (Shift.EARLY, Shift.LATE, Shift.NIGHT)])
    return Profile(
        id=f"real-{n:02}",
        source=Source(SourceKind.OCMW, "CPAS"),
        basis=(DataBasis("all", "guidance", "ordinance", date(2025, 1, 1)),),
        target_group="art60",
        registered_on=date(2025, 2, 1),
        contract_end=date(2025, 1, 31),
        competences=tuple(HeldCompetence(uri) for uri in able) if rng.random() < 0.8 else None,
        professions_sought=(Mention(uris[0]),) if rng.random() < 0.9 else None,
        professions_done=tuple(DoneProfession(uri, months=perhaps([3, 9, 24])) for uri in uris) if rng.random() < 0.7 else None,
        languages=tuple(spoken),
        postcode=perhaps(["1000", "1070", "1140"]),
        max_minutes=perhaps([20, 45, 60]),
        modes=perhaps([(Mode.PUBLIC_TRANSPORT, Mode.FOOT), (Mode.CAR,)]),
        hours_min=perhaps([15.0, 20.0]),
        hours_max=perhaps([25.0, 38.0]),
        impossible_shifts=shifts,
        education=perhaps([0, 2, 4, 6]),
        driving_licences=perhaps([(), (DrivingLicence.B,)]),
        certificates=perhaps([(), (Certificate.VCA,)]),
        constraints=tuple(Constraint(limit, solvable=False) for limit in (Limit.HOURS, Limit.MINUTES) if rng.random() < 0.5),
    )


# What is told of one person, and the same by brute force


def prove(place: Place, profile: Profile) -> Counter[str]:
    """Compare all that is told of one person with the twin; give how many figures were compared."""
    twin, matcher = Twin(place.world, list(place.offers.values())), place.matcher
    base, told = usable(profile, DAY)[0], Counter[str]()
    now = twin.look(base)
    answer, names = candidates_for_change(matcher, profile, DAY, TOP)
    if answer.status == "closed":
        return told
    prove_asks(twin, place, profile, now, told)
    prove_prices(twin, place, profile, now, told)
    lifts = what_would_change(matcher, profile, [place.offers[name] for name in names], DAY, TOP)
    partners = [offer for offer in place.offers.values() if offer.kind != Kind.VACANCY]
    unlocks = unlock(matcher, profile, partners, DAY, TOP)
    if answer.status == "too_little_known":
        assert not any(lifts.values())
        assert not unlocks.by_kind
        return told
    for name, some in lifts.items():
        for lift in some:
            prove_lift(twin, base, now, lift)
        told["lifts"] += len(some)
        if not any(len(lift.changes) == 1 for lift in some):
            told["no single change"] += prove_no_single_change(twin, place, base, now, name)
    # Those that grant the same are told by the one that stands for them.
    valued = {name: one for some in unlocks.by_kind.values() for one in some for name in (one.offer_id, *one.others)}
    without = sum(prove_unlock(twin, place, base, offer, valued.pop(offer.id, None), told) for offer in partners)
    assert not valued
    assert without == unlocks.without_effect
    return told


def prove_asks(twin: Twin, place: Place, profile: Profile, now: Looked, told: Counter[str]) -> None:
    base, expected = usable(profile, DAY)[0], dict[tuple[str, str], tuple[int, ...]]()
    for name, code, values in plausible(place.matcher, base, DAY):
        then = [set(twin.look(answered(base, name, code, value)).listed) for value, _ in values]
        changes = tuple(max(len(one - set(now.listed)), len(set(now.listed) - one)) for one in then)
        told["answers"] += len(changes)
        if any(changes):
            expected[name, code] = changes
    asks = ask_next(place.matcher, profile, DAY, TOP)
    assert {(ask.field, ask.code): ask.changes for ask in asks} == expected
    keys = [(sum(ask.changes) / len(ask.changes), max(ask.changes)) for ask in asks]
    assert keys == sorted(keys, reverse=True)
    told["asks"] += len(asks)


def prove_prices(twin: Twin, place: Place, profile: Profile, now: Looked, told: Counter[str]) -> None:
    answer = place.matcher.suggest(profile, DAY, Wish(TOP, frozenset({Kind.VACANCY})))
    partners = [offer for offer in place.offers.values() if offer.kind != Kind.VACANCY]
    made, base = price(place.matcher, profile, answer, partners, DAY, TOP), usable(profile, DAY)[0]
    if answer.status == "too_little_known":
        assert made == Pricing()
        return
    solved = {limit: twin.look(again(base, [Change(What.LIMIT, limit)])) for limit in Limit}
    removes = {limit: {name for name in then.fails if now.fails[name] - then.fails[name]} for limit, then in solved.items()}
    assert {one.limits for one in made.single} == {(limit,) for limit, some in removes.items() if some}
    assert {one.limit: (one.removes, one.alone) for one in answer.prices} == {
        limit: (len(some), len(solved[limit].allowed - now.allowed)) for limit, some in removes.items() if some
    }
    every = twin.look(again(base, [Change(What.LIMIT, limit) for limit in Limit]))
    assert answer.jointly == len(every.allowed - now.allowed)
    for one in (*made.single, *made.pairs):
        then = twin.look(again(base, [Change(What.LIMIT, limit) for limit in one.limits]))
        prove_relaxation(twin, now, then, one)
    told_pairs = {frozenset(one.limits) for one in made.pairs}
    for both in combinations([limit for limit, some in removes.items() if some], 2):
        opens = twin.look(again(base, [Change(What.LIMIT, limit) for limit in both])).allowed - now.allowed
        assert (frozenset(both) in told_pairs) == bool(opens)
    gains = [one.gain for one in made.single if one.gain >= SMALLEST_GAIN]
    assert (made.best.gain if made.best else None) == max(gains, default=None)
    told["prices"] += len(made.single) + len(made.pairs)
    for gap in made.gaps:
        before = base if not gap.assumed else again(base, [Change(What.LANGUAGE, gap.language, None, Level.NONE)])
        was = twin.look(before)
        then = twin.look(again(base, [Change(What.LANGUAGE, gap.language, gap.before, gap.after)]))
        assert gap.gain == pytest.approx(then.worth - was.worth, abs=ALMOST)
        assert gap.entering == len(set(then.listed) - set(was.listed))
        assert not any(twin.barred(base, place.offers[name]) for name in gap.courses)
    told["languages"] += len(made.gaps)


def prove_relaxation(twin: Twin, now: Looked, then: Looked, one: Relaxation) -> None:
    back = then.allowed - now.allowed
    assert not now.allowed - then.allowed
    good = [name for name in back & then.fits if twin.band(then, name) in ("fair", "strong")]
    assert (one.opens, one.suitable, one.good) == (len(back), len(back & then.fits), len(good))
    assert one.entering == len(set(then.listed) - set(now.listed))
    assert one.gain == pytest.approx(then.worth - now.worth, abs=ALMOST)


def prove_lift(twin: Twin, base: Profile, now: Looked, lift: Lift) -> None:
    changed, name = again(base, lift.changes), lift.offer_id
    assert {f.name for f in fields(Profile) if getattr(changed, f.name) != getattr(base, f.name)} <= CHANGEABLE
    assert not {change.code for change in lift.changes} & OUT_OF_REACH
    then = twin.look(changed)
    assert lift.score_before == pytest.approx(now.scores[name], abs=ALMOST)
    assert lift.score == pytest.approx(then.scores[name], abs=ALMOST)
    assert (lift.band_before, lift.band) == (twin.band(now, name), twin.band(then, name))
    assert (lift.rank_before, lift.rank) == (now.place(name), then.place(name))
    assert set(lift.opened) == now.fails[name] - then.fails[name]
    assert lifted(lift.band_before, lift.band, lift.rank_before, lift.rank)


def prove_no_single_change(twin: Twin, place: Place, base: Profile, now: Looked, name: str) -> int:
    tried = list(changes_for(place.matcher, base, place.offers[name]))
    for change in tried:
        then = twin.look(again(base, [change]))
        assert not lifted(twin.band(now, name), twin.band(then, name), now.place(name), then.place(name))
    return len(tried)


def prove_unlock(twin: Twin, place: Place, base: Profile, offer: Offer, one: Unlock | None, told: Counter[str]) -> bool:
    """Compare one offer of a partner, told or not; say whether it was tried and has no effect."""
    before, after, assumed = had(base, offer, place.world.taxonomy)
    if twin.barred(base, offer) or offer.grants is None:
        assert one is None
        return False
    was, then = twin.look(before), twin.look(after)
    gain, opens = then.worth - was.worth, len((then.allowed & then.fits) - was.allowed)
    if one is None:
        assert gain < SMALLEST_GAIN + ALMOST
        assert opens == 0
        return grants_something(before, offer, place.world.taxonomy)
    assert one.gain == pytest.approx(gain, abs=ALMOST)
    assert (one.opens, one.entering) == (opens, len(set(then.listed) - set(was.listed)))
    assert set(one.assumed) == assumed
    better = [name for name in then.listed if then.scores[name] > was.scores[name] or was.fails[name]]
    assert list(one.best) == better[:NAMED]
    told["unlocks"] += 1
    return False


def grants_something(profile: Profile, offer: Offer, taxonomy: Taxonomy) -> bool:
    """Whether an offer would give a person anything that they do not have."""
    if offer.grants is None:
        return False
    able = naive.linked_competences(naive.World(taxonomy, *[None] * 4), profile.competences)  # type: ignore[arg-type]
    uri = offer.occupation.concept if offer.occupation else None
    levels = {code: naive.level_of(profile, code) or 0 for code in ("fr", "nl", "en")}
    return bool(
        {m.concept for m in offer.grants.competences if m.concept in taxonomy.competence_index} - able
        or any(one.level and list(Level).index(one.level) > levels[one.code] for one in offer.grants.languages)
        or {*offer.grants.driving_licences, *offer.grants.certificates} - naive.have_licences(profile)
        or (offer.grants.experience_months and uri in taxonomy.occupation_index)
    )


# The proofs


def proved(place: Place, profiles: Sequence[Profile]) -> Counter[str]:
    told = Counter[str]()
    for profile in profiles:
        found = prove(place, profile)
        told += found
        told["people"] += bool(found)
    print(dict(told))
    return told


def test_a_sample_is_true() -> None:
    told = proved(demo(), demo().profiles[:4])
    assert all(told[part] for part in ("asks", "lifts", "unlocks"))


@pytest.mark.slow
@pytest.mark.parametrize("tenth", range(10))
def test_every_figure_is_true_in_the_demo_world(tenth: int) -> None:
    told = proved(demo(), demo().profiles[tenth::10])
    assert all(told[part] for part in ("asks", "answers", "prices", "lifts", "no single change", "unlocks"))


@pytest.mark.slow
def test_every_figure_is_true_on_real_vacancies() -> None:
    if not DATA.is_dir():
        pytest.skip("needs ../shared/data")
    told = proved(real(), real().profiles)
    assert told["people"] == 50
    assert all(told[part] for part in ("asks", "answers", "prices", "lifts", "unlocks"))


class Reader:
    """A profile that remembers which of its fields were read."""

    def __init__(self, profile: Profile) -> None:
        self._profile, self._read = profile, set[str]()

    def __getattr__(self, name: str) -> Any:
        self._read.add(name)
        return getattr(self._profile, name)


def test_the_twin_knows_which_fields_are_read() -> None:
    place = demo()
    for profile in place.profiles[:40]:
        for offer in list(place.offers.values())[::25]:
            for name, compare in naive.COMPARISONS.items():
                reader: Any = Reader(profile)
                compare(place.world, reader, offer)
                assert reader._read <= set(READ[name])
            reader = Reader(profile)
            naive.rule_results(place.world, reader, offer, True, True)
            assert reader._read <= set(RULES_READ)
