"""Ranking, calibration and spread: worked tables, second implementations, properties."""

import math

import ir_measures
import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import settings as within
from hypothesis import strategies as st
from ir_measures import RR, R, Success, nDCG
from sklearn.metrics import brier_score_loss, log_loss

from histories import Row, drawn, history
from training.measures.calibration import (
    bins,
    calibration,
)
from training.measures.ranking import (
    GAINS,
    RANKING_WORDS,
    Judged,
    by_person,
    gained,
    judged_as_logged,
    mean_measures,
    measures,
    ranks_of,
)
from training.measures.spread import spread


def judged(rows: list[tuple[int, int, int]], person: list[int], stock: int = 0) -> Judged:
    """Write lists as (list, rank, gain)."""
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Judged(columns[0], columns[1], columns[2], np.array(person), np.full(len(person), stock))


def test_measures_of_a_worked_table() -> None:
    # List 0: hire at rank 2, interview at 1, application at 4. List 1: hire at rank 12 and one not in the list. List 2: an
    # application only. List 3: nothing. 100 offers in stock: the first 1 and 5.
    rows = [(0, 2, 3), (0, 1, 2), (0, 4, 1), (1, 12, 3), (1, 0, 3), (2, 3, 1)]
    found = measures(judged(rows, [0, 1, 2, 3], stock=100))
    nan = np.nan
    np.testing.assert_array_equal(found["hit@1"], [0, 0, nan, nan])
    np.testing.assert_array_equal(found["hit@5"], [1, 0, nan, nan])
    np.testing.assert_array_equal(found["hit@20"], [1, 1, nan, nan])
    np.testing.assert_allclose(found["mrr"], [1 / 2, 1 / 12, nan, nan])
    np.testing.assert_array_equal(found["recall@1%"], [0, 0, nan, nan])
    np.testing.assert_array_equal(found["recall@5%"], [1, 0, nan, nan])
    # DCG 2 / log2 2 + 3 / log2 3 + 1 / log2 5, ideal 3 / log2 2 + 2 / log2 3 + 1 / log2 4
    ideal = 3 + 2 / math.log2(3) + 1 / 2
    np.testing.assert_allclose(found["ndcg@10"], [(2 + 3 / math.log2(3) + 1 / math.log2(5)) / ideal, 0, 1 / 2, nan])


@given(st.integers(0, 10_000))
@within(max_examples=30)
def test_measures_equal_ir_measures(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, qrels, run = [], {}, {}
    for number in range(4):
        size = int(rng.integers(3, 40))
        gains = rng.choice([0, 0, 0, 1, 2, 3], size)
        gains[0] = 3  # ir-measures gives 0, not unknown, to a list without a hire
        listed = rng.permutation(size)[: int(rng.integers(1, size + 1))]
        ranks = np.zeros(size, dtype=np.int64)
        ranks[listed] = np.arange(len(listed)) + 1
        rows += [(number, int(rank), int(gain)) for rank, gain in zip(ranks, gains, strict=True)]
        qrels[str(number)] = {f"d{doc}": int(gain) for doc, gain in enumerate(gains)}
        run[str(number)] = {f"d{doc}": float(100 - ranks[doc]) for doc in listed}
    found = measures(judged(rows, [0, 1, 2, 3], stock=100))
    same = {
        "hit@1": Success(rel=3) @ 1, "hit@10": Success(rel=3) @ 10, "mrr": RR(rel=3), "ndcg@10": nDCG @ 10,
        "recall@5%": R(rel=3) @ 5,
    }  # fmt: skip
    for metric in ir_measures.iter_calc(list(same.values()), qrels, run):
        name = next(name for name, measure in same.items() if measure == metric.measure)
        assert found[name][int(metric.query_id)] == pytest.approx(metric.value, abs=1e-9), name


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-3, 3)), max_size=30))
def test_ranks_are_those_of_sorting_each_list(rows: list[tuple[int, int]]) -> None:
    lists, score = np.array([a for a, _ in rows], dtype=np.int64), np.array([b for _, b in rows], dtype=np.float64)
    ids = np.array([f"o{number * 7 % 31:02d}" for number in range(len(rows))], dtype=np.str_)
    found = ranks_of(lists, score, ids).tolist()
    for one in set(lists.tolist()):
        own = sorted((row for row in range(len(rows)) if lists[row] == one), key=lambda row: (-score[row], ids[row]))
        assert [found[row] for row in own] == list(range(1, len(own) + 1))


def test_one_number_for_each_person_then_a_mean() -> None:
    # Person 7 has three lists, hit in one of them; person 8 one list, hit; person 9 has no hire.
    found = judged([(0, 1, 3), (1, 30, 3), (2, 40, 3), (3, 1, 3), (4, 1, 1)], [7, 7, 7, 8, 9])
    people, means = by_person(found, measures(found))
    assert people.tolist() == [7, 8, 9]
    np.testing.assert_allclose(means["hit@1"], [1 / 3, 1, np.nan])
    mean = mean_measures(found, np.random.default_rng(1))["hit@1"]
    assert mean.value == pytest.approx(2 / 3)
    assert not mean.known  # three people
    assert set(mean_measures(found, np.random.default_rng(1))) == set(RANKING_WORDS)
    nobody = judged([], [])
    assert np.isnan(mean_measures(nobody, np.random.default_rng(1))["mrr"].value)


def test_lists_as_logged_are_judged_at_the_first_proposal() -> None:
    shown: list[Row] = [
        {"list": "a", "on": 10, "offer": 1, "rank": 2}, {"list": "a", "on": 10, "offer": 2, "rank": 1},
        {"list": "b", "on": 20, "offer": 1, "rank": 1},  # after the proposal
        {"list": "c", "on": 15, "offer": 1, "rank": 9, "direction": "explain"},
        {"list": "d", "on": 10, "offer": 1, "rank": 5, "person": 1},
    ]  # fmt: skip
    events: list[Row] = [
        {"event": "proposed", "on": 15, "offer": 1}, {"event": "proposed", "on": 18, "offer": 1},
        {"event": "hired", "on": 40, "offer": 1}, {"event": "interviewed", "on": 30, "offer": 2},
        {"event": "hired", "on": 45, "offer": 3},  # never proposed: judged on the list before the hire
        {"event": "hired", "on": 5, "offer": 1, "person": 1},  # before any list
    ]  # fmt: skip
    told = history([{}, {}], events, shown)
    pairs = sorted(zip(*(part.tolist() for part in gained(told)), strict=True))
    assert pairs == [(0, 1, 3), (0, 2, 2), (0, 3, 3), (1, 1, 3)]
    found = judged_as_logged(told)
    assert found.person.tolist() == [0, 0]
    # Two judged lists, each with all that became of anything: hires at offers 1 and 3, an interview at 2.
    assert sorted(zip(found.lists.tolist(), found.rank.tolist(), found.gain.tolist(), strict=True)) == [
        (0, 0, 3), (0, 1, 2), (0, 2, 3), (1, 0, 2), (1, 0, 3), (1, 1, 3),
    ]  # fmt: skip


@given(st.integers(0, 2000))
@within(max_examples=30)
def test_lists_as_logged_equal_their_twin(seed: int) -> None:
    told = drawn(np.random.default_rng(seed), n_people=6, n_events=50, n_shown=80)
    shown, events = told.suggestions, told.events
    gain: dict[tuple[int, int], int] = {}
    for row in range(len(events.id)):
        pair = (int(events.person[row]), int(events.offer[row]))
        if events.stands[row] and pair[1] >= 0 and events.event[row] in GAINS:
            gain[pair] = max(gain.get(pair, 0), GAINS[events.event[row]])
    expected = []
    for (person, offer), worth in sorted(gain.items()):
        if worth < 3 or told.offers.kind[offer] != "vacancy":
            continue
        days = [
            events.on[row] for row in range(len(events.id))
            if events.stands[row] and events.person[row] == person and events.offer[row] == offer
            and events.event[row] in ("proposed", "hired")
        ]  # fmt: skip
        before = [
            (shown.shown[row], row) for row in range(len(shown.id))
            if shown.person[row] == person and shown.of("suggest")[row] and shown.shown[row].astype("datetime64[D]") <= min(days)
        ]  # fmt: skip
        if before:
            row = max(before)[1]
            listed = {
                int(shown.offer[other]): int(shown.rank[other]) for other in reversed(range(len(shown.id)))
                if shown.list_id[other] == shown.list_id[row] and shown.of("suggest")[other]
            }  # fmt: skip
            expected += [(person, listed.get(o, 0), g) for (p, o), g in sorted(gain.items()) if p == person]
    found = judged_as_logged(told)
    fast = list(zip(found.person[found.lists].tolist(), found.rank.tolist(), found.gain.tolist(), strict=True))
    assert fast == expected


def test_calibration_of_a_worked_table() -> None:
    # Ten matches at 0.2 of which four were hired, ten at 0.5 of which five: nine against seven expected.
    chance, hired = np.repeat([0.2, 0.5], 10), np.repeat([1, 0, 1, 0], [4, 6, 5, 5])
    found = calibration(chance, hired, np.arange(20), np.random.default_rng(1))
    assert (found.n, found.events) == (20, 9)
    assert found.ratio.value == pytest.approx(9 / 7)
    assert found.brier == pytest.approx((4 * 0.64 + 6 * 0.04 + 10 * 0.25) / 20)
    assert found.skill == pytest.approx(1 - found.brier / (0.45 * 0.55))
    # The line through logit 0.4 at logit 0.2 and logit 0.5 at logit 0.5.
    assert found.slope.value == pytest.approx(math.log(0.4 / 0.6) / math.log(0.2 / 0.8))
    assert [part.n for part in found.bins] == [10, 10]
    assert [(part.expected, part.observed.value) for part in found.bins] == [pytest.approx((0.2, 0.4)), pytest.approx((0.5, 0.5))]


def drawn_chances(seed: int, n: int = 400) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    chance = 1 / (1 + np.exp(-rng.normal(-1, 1, n)))
    return chance, (rng.random(n) < chance).astype(int), rng.integers(0, 90, n)


@given(st.integers(0, 500))
@within(max_examples=30)
def test_calibration_equals_statsmodels_and_scikit_learn(seed: int) -> None:
    chance, hired, person = drawn_chances(seed)
    found = calibration(chance, hired, person, np.random.default_rng(seed))
    logit = np.log(chance / (1 - chance))
    robust = {"cov_type": "cluster", "cov_kwds": {"groups": person, "use_correction": False}}
    slope = sm.GLM(hired, sm.add_constant(logit), family=sm.families.Binomial()).fit(**robust)
    level = sm.GLM(hired, np.ones(len(hired)), family=sm.families.Binomial(), offset=logit).fit(**robust)
    n = len(np.unique(person))
    widen = 1.959963984540054 * math.sqrt(n / (n - 1))
    for own, other, at in ((found.slope, slope, 1), (found.intercept, level, 0)):
        assert own.value == pytest.approx(other.params[at], abs=1e-6)
        assert (own.high - own.low) / 2 == pytest.approx(widen * other.bse[at], rel=1e-5)
    assert found.brier == pytest.approx(brier_score_loss(hired, chance), abs=1e-12)
    assert found.log_loss == pytest.approx(log_loss(hired, chance), abs=1e-12)


@given(st.lists(st.sampled_from([0.1, 0.2, 0.3, 0.4, 0.5]), min_size=1, max_size=80))
def test_bins_hold_everything_once_and_keep_equal_chances_together(chances: list[float]) -> None:
    chance = np.array(chances)
    found = bins(chance, (chance > 0.25).astype(float))
    assert sum(part.n for part in found) == len(chances)
    assert len(found) <= len(set(chances))
    assert sum(part.n * part.expected for part in found) == pytest.approx(chance.sum())


def test_what_cannot_be_told_is_unknown() -> None:
    nobody = calibration([], [], np.zeros(0, np.int64), np.random.default_rng(1))
    assert np.isnan([nobody.ratio.value, nobody.slope.value, nobody.brier, nobody.skill, nobody.log_loss]).all()
    never = calibration([0.2] * 30, [0] * 30, np.arange(30), np.random.default_rng(1))
    assert np.isnan([never.slope.value, never.intercept.value]).all()
    for chance, hired in (([0.0], [0]), ([1.0], [1]), ([np.nan], [0]), ([0.5], [2])):
        with pytest.raises(ValueError, match="chances"):
            calibration(chance, hired, np.arange(1), np.random.default_rng(1))


def test_spread_counts_pairs_once_against_the_offers_there_were() -> None:
    # Offer 0 shown to three people (to one of them twice), offer 1 to one, offer 2 to none; offer 3 was not there.
    shown: list[Row] = [{"person": p, "offer": o} for p, o in ((0, 0), (0, 0), (1, 0), (2, 0), (0, 1), (1, 3))]
    told = history([{}] * 3, (), shown, kinds=("vacancy",) * 4)
    found = spread(told, np.array([True, True, True, False]), np.ones(6, np.bool_), per_position=2)
    assert (found.offers, found.suggestions, found.overload, found.overfull) == (3, 4, 1, 1)
    assert found.gini == pytest.approx((-2 * 0 + 0 * 1 + 2 * 3) / (3 * 4))
    assert found.coverage == pytest.approx(2 / 3)
    assert found.coverage_ceiling == 1
    nothing = spread(told, np.zeros(4, np.bool_), np.ones(6, np.bool_))
    assert np.isnan([nothing.gini, nothing.coverage, nothing.coverage_ceiling]).all()
