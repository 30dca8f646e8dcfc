"""The simulated market: published margins, causes before effects, places never filled twice, and a log that adds up."""

from collections import Counter, defaultdict
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.classifications import build_taxonomy, read_starter
from matching.codes import Event, Kind
from matching.comparisons import N_COMPARISONS
from matching.geography import BRUSSELS
from matching.matcher import Matcher
from matching.records import BRUSSELS_TIME
from matching.reference import build_geography
from matching.store import Store
from models.artifact import load
from simulated import MINI, SHAKY, SMALL, START, market
from training.demo import DEMO_DAY, DEMO_SEED, as_lived, demo_market, on_demo_day
from training.history import History
from training.market.assumptions import read_figures
from training.market.careers import FAR
from training.market.events import EVENTS
from training.market.lists import ENGINE, EXPLORING, HALF, SHUFFLED, Policy, arrange, best, open_counter
from training.market.market import simulate
from training.market.reality import EPOCH, imagine, read_records
from training.market.scene import Size, invent_scene
from training.market.stored import write_log
from training.market.truths import TRUTHS
from training.synthetic import SHOWCASE, demo_world
from training.trades import read_trades

TINY = Size(people=120, vacancies=2_000, days=110)
STEPS = ("proposed", "applied", "interviewed", "hired")


def log() -> History:
    return market().history


def same(one: History, other: History) -> bool:
    tables = zip(*((h.people, h.offers, h.suggestions, h.events) for h in (one, other)), strict=True)
    pairs = [(getattr(a, f.name), getattr(b, f.name)) for a, b in tables for f in fields(a)]
    return one.tombstones == other.tombstones and all(
        b is None if a is None else np.array_equal(a, b, equal_nan=a.dtype.kind in "fM") for a, b in pairs
    )


def test_the_same_seed_gives_the_same_world_and_another_seed_another() -> None:
    one, two = (simulate(np.random.default_rng(3), TRUTHS["hazards"], TINY).history for _ in range(2))
    assert same(one, two)
    assert not same(one, market("hazards", 6, "engine", TINY).history)


def test_margins_follow_the_published_figures() -> None:
    figures = read_figures()
    assert all(figure.source.startswith("https://") and figure.says and figure.period for figure in figures.values())
    scene = invent_scene(np.random.default_rng(1), Size(people=3000, vacancies=6000, days=365), START)
    said = read_records(scene.profiles, scene.offers, scene.taxonomy, scene.geography)
    person = imagine(said, np.random.default_rng(2)).person
    asked = said.vacancy["dutch"] > 0
    in_brussels = np.array([scene.geography.places[at].region == BRUSSELS for at in said.place.tolist()])
    trades = read_trades(scene.taxonomy, scene.geography.places)
    domain = {t.uri: name for name, own in trades.by_domain.items() for t in own}
    of = np.array([domain.get((o.occupation.concept or "") if o.occupation else "", "") for o in scene.offers])
    found = {
        "dutch good": (person["dutch"] >= 4).mean(),
        "dutch at least medium": (person["dutch"] >= 3).mean(),
        "english good": (person["english"] >= 4).mean(),
        "vacancies that ask French and Dutch": (asked & (said.vacancy["french"] > 0))[in_brussels].mean(),
        "dutch asked: cleaning": asked[in_brussels & (of == "cleaning")].mean(),
        "dutch asked: engineering": asked[in_brussels & (of == "technical")].mean(),
    }
    within = {"vacancies that ask French and Dutch": 0.1, "dutch at least medium": 0.05, "english good": 0.05}
    for name, share in found.items():
        assert share == pytest.approx(figures[name].value, abs=within.get(name, 0.035)), name


def test_sizes_are_those_asked_for() -> None:
    scene = market().scene
    assert len(scene.profiles) == round(450 * 400 / 365)
    assert len(scene.offers) == round(5000 * 460 / 365)  # 60 days before the first list as well
    assert (np.diff(scene.registered) >= 0).all()
    assert scene.end - scene.start == SMALL.days


@pytest.mark.parametrize("truth", sorted(TRUTHS))
def test_events_follow_the_known_truth(truth: str) -> None:
    made = market(truth, size=MINI).careers.proposed
    order = np.argsort(made.chance)
    for rows in [np.arange(len(order)), *np.array_split(order, 8)]:
        p, hired = made.chance[rows], made.hired[rows]
        # observed - expected, in standard deviations of a sum of independent events
        assert abs(hired.sum() - p.sum()) < 4 * np.sqrt((p * (1 - p)).sum()) + 1e-9
        applied = made.applied[rows] < FAR
        a = p ** SHAKY.stages[0]
        assert abs(applied.sum() - a.sum()) < 4 * np.sqrt((a * (1 - a)).sum())
    assert sum(SHAKY.stages) == pytest.approx(1)


@pytest.mark.parametrize("truth", sorted(TRUTHS))
def test_a_proposal_that_may_become_a_job_does_so_unless_person_or_position_is_gone(truth: str) -> None:
    careers = market(truth, size=MINI).careers
    made, hired = careers.proposed, careers.hired
    by_service = hired.proposal[hired.proposal >= 0]
    assert made.hired[by_service].all()
    assert (made.decided[by_service] == hired.decided[hired.proposal >= 0]).all()
    jobs: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for person, day, left in zip(hired.person.tolist(), hired.decided.tolist(), hired.left.tolist(), strict=True):
        jobs[person].append((day, left + SHAKY.pause))
    end = market(truth, size=MINI).scene.end
    for row in np.setdiff1d(np.flatnonzero(made.hired & (made.decided <= end)), by_service).tolist():
        person, offer, day = int(made.person[row]), int(made.offer[row]), int(made.decided[row])
        in_work = any(start <= day < back for start, back in jobs[person])
        inside = ((hired.offer == offer) & (hired.decided <= day)).sum()
        positions = (careers.outside[offer] < FAR).sum()
        gone = inside + (careers.outside[offer] <= day).sum() >= positions
        assert in_work or gone or day >= careers.exit_day[person]


def test_no_position_is_filled_twice() -> None:
    careers = market().careers
    taken: Counter[int] = Counter()
    for offer, day in zip(careers.hired.offer.tolist(), careers.hired.decided.tolist(), strict=True):
        if offer >= 0:
            free = (careers.outside[offer] < FAR).sum() - (careers.outside[offer] <= day).sum() - taken[offer]
            assert free > 0
            taken[offer] += 1
    assert len(taken) > 50


def test_there_is_congestion() -> None:
    made = market().careers.proposed
    assert np.bincount(made.offer).max() >= 5
    told = market().record.told
    assert (told.reason[told.event == EVENTS.index(Event.REFUSED)] == 10).sum() > 3  # position_filled


def test_lists_are_for_people_in_guidance_and_for_vacancies_that_are_open() -> None:
    h, scene = log(), market().scene
    day = h.suggestions.shown.astype("datetime64[D]")
    assert (day >= h.people.registered[h.suggestions.person]).all()
    assert (day <= h.people.guidance_end[h.suggestions.person]).all()
    assert (day >= h.offers.published[h.suggestions.offer]).all()
    listed = market().careers.listed
    assert (listed.day <= scene.last_day[listed.offer]).all()
    assert (listed.day < market().careers.exit_day[listed.person]).all()
    hired = market().careers.hired
    for person, decided, left in zip(hired.person.tolist(), hired.decided.tolist(), hired.left.tolist(), strict=True):
        days = listed.day[listed.person == person]
        assert not ((days > decided) & (days < left)).any()


def test_a_list_ranks_from_one_without_gap_and_names_no_vacancy_twice() -> None:
    s = log().suggestions
    for block in np.split(np.arange(len(s.id)), np.flatnonzero(s.list_id[1:] != s.list_id[:-1]) + 1):
        assert s.rank[block].tolist() == list(range(1, len(block) + 1))
        assert len(set(s.offer[block].tolist())) == len(block)
        assert len(set(s.person[block].tolist())) == 1


def test_no_event_before_its_cause() -> None:
    e, s = log().events, log().suggestions
    named = e.suggestion >= 0
    assert (s.person[e.suggestion[named]] == e.person[named]).all()
    assert (s.offer[e.suggestion[named]] == e.offer[named]).all()
    assert (s.shown[e.suggestion[named]].astype("datetime64[D]") <= e.on[named]).all()
    assert (s.shown[e.suggestion[named]] < e.recorded[named]).all()
    assert (e.on <= e.recorded.astype("datetime64[D]")).all()
    assert (np.diff(e.recorded.astype(np.int64)) >= 0).all()
    careers: dict[tuple[int, int], dict[str, Any]] = defaultdict(dict)
    for row in np.flatnonzero(e.stands & (e.offer >= 0)).tolist():
        careers[int(e.person[row]), int(e.offer[row])].setdefault(str(e.event[row]), (e.on[row], e.started[row]))
    for steps in careers.values():
        days = [steps[name][0] for name in STEPS if name in steps]
        assert all(a <= b for a, b in pairwise(days))
        if "hired" in steps:
            on, started = steps["hired"]
            assert on < started
            assert all(started < steps[name][0] for name in ("in_work_1m", "in_work_3m", "in_work_6m", "left") if name in steps)


def test_standing_jobs_of_a_person_do_not_overlap_and_nothing_follows_the_end_of_guidance() -> None:
    told, careers = market().record.told, market().careers
    ends = np.isin(told.event, [EVENTS.index(Event.HANDED_OVER), EVENTS.index(Event.GUIDANCE_ENDED)])
    last = dict(zip(told.person[ends].tolist(), told.on[ends].tolist(), strict=True))
    assert len(last) == ends.sum()  # once each
    assert len(last) > 20
    sought = ~np.isin(told.event, [EVENTS.index(Event(name)) for name in ("in_work_1m", "in_work_3m", "in_work_6m", "left")])
    for person, on in zip(told.person[sought & ~ends].tolist(), told.on[sought & ~ends].tolist(), strict=True):
        assert on <= last.get(person, FAR)
    hired = careers.hired
    order = np.lexsort((hired.decided, hired.person))
    for a, b in pairwise(order.tolist()):
        assert hired.person[a] != hired.person[b] or hired.left[a] < hired.decided[b]


def test_reports_are_late_by_what_is_assumed() -> None:
    told = market().record.told
    plain = told.corrects < 0
    for event, mean in ((Event.APPLIED, SHAKY.told[0]), (Event.HIRED, SHAKY.told[1])):
        rows = plain & (told.event == EVENTS.index(event))
        late = told.recorded[rows] // 86400 - told.on[rows]
        # whole days of an exponential delay: the mean is 1 / (exp(1 / mean) - 1)
        expected = 1 / (np.exp(1 / mean) - 1)
        assert abs(late.mean() - expected) < 5 * mean / np.sqrt(rows.sum())
        assert late.min() == 0


def test_corrections_replace_an_earlier_event_of_the_same_person() -> None:
    told = market().record.told
    fixes = np.flatnonzero(told.corrects >= 0)
    assert (told.corrects[fixes] < fixes).all()
    assert (told.person[told.corrects[fixes]] == told.person[fixes]).all()
    kinds = Counter((EVENTS[told.event[told.corrects[f]]].value, EVENTS[told.event[f]].value) for f in fixes.tolist())
    assert kinds["hired", "hired"] > 3
    assert kinds["hired", "refused"] > 3
    assert len(set(told.corrects[fixes].tolist())) == len(fixes)


@pytest.mark.parametrize("days", [0, 60, 200, 400])
def test_what_is_known_on_a_day_is_what_was_told_by_then(days: int) -> None:
    day = START + timedelta(days=days)
    h, record = market().known_on(day), market().record
    told, at = record.told, day.toordinal() - EPOCH
    gone = {row for row, erased in enumerate(record.erased.tolist()) if erased <= at}
    known = [
        row for row, (moment, person) in enumerate(zip(told.recorded.tolist(), told.person.tolist(), strict=True))
        if moment // 86400 <= at and person not in gone
    ]  # fmt: skip
    assert h.events.id.tolist() == [f"e-{row:09d}" for row in known]
    corrected = {int(told.corrects[row]) for row in known}
    assert h.events.stands.tolist() == [row not in corrected for row in known]
    scene = market().scene
    assert h.people.id.tolist() == [
        p.id for row, p in enumerate(scene.profiles) if scene.registered[row] <= at and row not in gone
    ]
    assert [h.people.id[row] for row in h.events.person.tolist()] == [scene.profiles[told.person[row]].id for row in known]
    assert [h.offers.id[row] if row >= 0 else "" for row in h.events.offer.tolist()] == [
        scene.offers[told.offer[row]].id if told.offer[row] >= 0 else "" for row in known
    ]
    assert h.suggestions.shown.size == 0 or h.suggestions.shown.max().astype("datetime64[D]") <= np.datetime64(day)


def test_tombstones_account_for_everybody_erased() -> None:
    h, record = log(), market().record
    gone = record.erased <= market().scene.end
    assert 5 < gone.sum() < 60
    listed, told = market().careers.listed, record.told
    shown = gone[listed.person] & (listed.day < record.erased[listed.person])
    reported = gone[told.person] & (told.recorded // 86400 < record.erased[told.person])
    assert sum(n for (kind, _), n in h.tombstones.items() if kind == "shown") == shown.sum() > 100
    assert sum(n for (kind, _), n in h.tombstones.items() if kind != "shown") == reported.sum() > 100
    assert not set(h.people.id.tolist()) & {market().scene.profiles[row].id for row in np.flatnonzero(gone).tolist()}


def test_columns_fit_the_contract() -> None:
    h = log()
    n = len(h.suggestions.id)
    assert h.suggestions.values.shape == (n, N_COMPARISONS)
    assert h.suggestions.values.dtype == np.uint8
    for block in (h.people, h.offers, h.suggestions, h.events):
        lengths = {len(column) for f in fields(block) if (column := getattr(block, f.name)) is not None}
        assert len(lengths) == 1
        assert len(set(block.id.tolist())) == len(block.id)
    assert (h.people.registered.dtype, h.suggestions.shown.dtype) == (np.dtype("datetime64[D]"), np.dtype("datetime64[s]"))
    assert set(h.events.event.tolist()) == {event.value for event in Event}
    assert set(h.offers.kind.tolist()) == {Kind.VACANCY.value}
    assert ((h.suggestions.propensity > 0) & (h.suggestions.propensity <= 1)).all()
    assert set(h.suggestions.policy.tolist()) == {"exploring"}
    assert set(h.suggestions.model.tolist()) == {load().version}
    jobs = h.events.event == "hired"
    assert not np.isnat(h.events.started[jobs]).any()
    assert np.isnat(h.events.started[h.events.event == "applied"]).all()
    assert (h.events.suggestion[jobs] >= 0).any()
    assert (h.events.offer[jobs] < 0).any()  # found without the service


def test_logged_values_and_scores_are_those_of_the_engine() -> None:
    """An engine built anew from the records of one day gives the same score for the same pair."""
    m = market()
    listed, scene = m.careers.listed, m.scene
    rows = np.flatnonzero(listed.day == listed.day[len(listed.day) // 2])[:40]
    day = int(listed.day[rows[0]])
    rivals, _ = m.standing(day)
    people = m.service.bare.people(scene.profiles, date.fromordinal(day + EPOCH))
    model = load()
    for row in rows.tolist():
        offer = scene.offers[listed.offer[row]]
        proposed = {offer.id: int(rivals[listed.offer[row]])}
        alone = Matcher.build(scene.taxonomy, scene.geography, m.service.bare.groups, model, []).over([offer], proposed)
        match = alone.match(people, int(listed.person[row]), 0, alone.world(date.fromordinal(day + EPOCH)), model.tables, 1)
        if offer.positions in (None, 1):  # else some may have been filled meanwhile
            assert match.values == listed.values[row].tobytes()
            assert match.score == listed.score[row]


def test_the_plain_policy_shows_the_best_of_the_engine() -> None:
    m = market("hazards", 6, "engine", TINY)
    s = m.history.suggestions
    assert (s.propensity == 1).all()
    assert not s.exploration.any()
    inside = s.list_id[1:] == s.list_id[:-1]
    assert (np.diff(s.score)[inside] <= 0).all()
    free = m.standing(m.scene.start)[1]
    rows = np.flatnonzero((m.scene.published <= m.scene.start + 70) & (m.scene.last_day >= m.scene.start + 70))
    nothing = np.zeros_like(free)
    counter = open_counter(m.service, rows, m.scene.start + 70, nothing, nothing)
    pool, scores = best(counter, np.arange(20))
    assert (scores[:, 1:] <= scores[:, :-1]).all()
    assert ((pool >= 0) == np.isfinite(scores)).all()
    assert np.isin(pool[pool >= 0], rows).all()


scores_of = st.integers(0, 20).flatmap(lambda n: st.lists(st.floats(-8, 3), min_size=n, max_size=n))
policies = st.sampled_from([ENGINE, EXPLORING, HALF, SHUFFLED])


@given(scores_of, policies, st.integers(0, 2**32))
@settings(max_examples=60, deadline=None, database=None)
def test_propensities_are_the_chances_with_which_vacancies_are_shown(drawn: list[float], policy: Policy, seed: int) -> None:
    n = len(drawn)
    pool = np.full((2000, 20), -1)
    pool[:, :n] = np.arange(n)
    scores = np.full((2000, 20), -np.inf)
    scores[:, :n] = sorted(drawn, reverse=True)
    shown = arrange(np.random.default_rng(seed), policy, pool, scores)
    there = shown.offer >= 0
    assert (there.sum(axis=1) == min(n, 10)).all()
    for row in shown.offer[:50]:
        assert len(set(row[row >= 0].tolist())) == min(n, 10)
    for rank in range(min(n, 10)):
        for offer in set(shown.offer[:, rank].tolist()):
            at = shown.offer[:, rank] == offer
            (chance,) = set(shown.propensity[at, rank].tolist())
            assert abs(at.mean() - chance) < 6 * np.sqrt(chance * (1 - chance) / 2000) + 1e-12
    if not policy.shuffled:
        assert (shown.exploration == (there & (shown.offer != np.arange(10)))).all()


def test_the_store_holds_the_same_as_the_columns() -> None:
    m = market("bottleneck", 9, "half", TINY)
    store = Store.open("sqlite://")
    as_of = date.fromordinal(m.scene.end + EPOCH)
    moment = datetime.combine(START, time(), UTC)
    store.create(moment)
    store.put_profiles(m.scene.profiles, moment)
    store.put_offers(m.scene.offers, moment)
    write_log(m, store, as_of)
    h, outcomes = m.known_on(as_of), store.outcomes()
    e, s = h.events, h.suggestions
    assert [o.id for o in outcomes] == e.id.tolist()
    assert [o.event.value for o in outcomes] == e.event.tolist()
    assert [o.profile_id for o in outcomes] == h.people.id[e.person].tolist()
    assert [o.happened_on for o in outcomes] == e.on.astype(object).tolist()
    assert [o.started_on for o in outcomes] == e.started.astype(object).tolist()
    assert [o.offer_id or "" for o in outcomes] == [h.offers.id[row] if row >= 0 else "" for row in e.offer.tolist()]
    assert [o.contract.value if o.contract else "" for o in outcomes] == e.contract.tolist()
    assert {o.corrects for o in outcomes if o.corrects} & set(e.id.tolist()) == set(e.id[~e.stands].tolist())
    assert store.tombstones() == h.tombstones
    shown = {match.id: match for person in h.people.id.tolist() for match in store.shown_matches(person)}
    assert set(shown) == set(s.id.tolist())
    for row in range(0, len(s.id), 29):
        match = shown[s.id[row]]
        assert (match.rank, match.score, match.propensity) == (s.rank[row], s.score[row], s.propensity[row])
        assert match.feature_values == s.values[row].tobytes()
        assert match.score == load().intercept + sum(match.contributions)
        listed = store.shown(str(s.list_id[row]))
        assert listed is not None
        assert listed.asked_at is not None
        assert listed.asked_at.replace(tzinfo=None) == s.shown[row].item()
        assert listed.asked_by == s.asked_by[row]
    store.close()


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("month", [1, 7])
def test_the_demo_stands_on_its_day_at_every_hour(month: int, hour: int) -> None:
    now = datetime(2026, month, 15, hour, 30, tzinfo=UTC)
    assert on_demo_day(now).astimezone(BRUSSELS_TIME).date() == DEMO_DAY


def test_the_records_of_the_demo_say_what_its_log_says() -> None:
    taxonomy, geography = build_taxonomy({"starter": read_starter()[0]}), build_geography({})
    lived = demo_market(taxonomy, geography)
    bare = demo_world(np.random.default_rng(DEMO_SEED), taxonomy, geography.places, DEMO_DAY)
    world = as_lived(bare, lived)
    h = lived.known_on(DEMO_DAY - timedelta(days=1))
    people, offers = {p.id: p for p in world.profiles}, {o.id: o for o in world.offers}
    assert [p.id for p in world.profiles] == [p.id for p in bare.profiles]
    assert [o.id for o in world.offers] == [o.id for o in bare.offers]
    mine = people[SHOWCASE]
    assert (mine.found_work_on, mine.handed_over_on, mine.guidance_end) == (None, None, None)
    assert mine == next(p for p in bare.profiles if p.id == SHOWCASE)
    kinds = Counter(h.events.event.tolist())
    assert all(kinds[name] >= 5 for name in ("seen", "proposed", "declined", "applied", "interviewed", "refused", "hired"))
    closed = {name for name, p in people.items() if p.found_work_on or p.handed_over_on}
    assert 5 < len(closed) < 60
    at_work = lived.careers.hired.person[lived.careers.hired.left >= DEMO_DAY.toordinal() - EPOCH]
    assert {lived.scene.profiles[row].id for row in at_work.tolist()} <= closed
    jobs = Counter(h.offers.id[h.events.offer[(h.events.event == "hired") & h.events.stands & (h.events.offer >= 0)]].tolist())
    assert jobs
    for name, n in jobs.items():
        assert n <= offers[name].filled <= (offers[name].positions or 0)
