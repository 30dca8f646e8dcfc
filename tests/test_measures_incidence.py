"""Intervals and competing risks: worked tables, second implementations, properties."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import CumIncidenceRight
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from training.measures.incidence import (
    cumulative_incidence,
    incidence_difference,
    naive_share,
    one_minus_kaplan_meier,
)
from training.measures.intervals import Estimate, clustered_mean, difference, newcombe, ratio_of_sums, wilson

PAIRS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 3)), min_size=1, max_size=60)


def test_a_worked_table_with_ties() -> None:
    # Ten people. Day 2: two jobs (1). Day 3: a job, a hand-over (2), one censored. Day 5: one censored. Day 6: two hand-overs.
    # Day 7: a job. The last one is censored on day 9.
    days = [2, 2, 3, 3, 3, 5, 6, 6, 7, 9]
    ends = [1, 1, 1, 2, 0, 0, 2, 2, 1, 0]
    curve = cumulative_incidence(days, ends, 2)
    assert curve.days.tolist() == [2, 3, 5, 6, 7, 9]
    assert curve.at_risk.tolist() == [10, 8, 5, 4, 2, 1]
    # S before:      1    8/10   6/10  6/10  3/10  15/100
    # job:        2/10  +1/10     .     .   +3/10/2
    assert curve.incidence[0] == pytest.approx([0.2, 0.3, 0.3, 0.3, 0.45, 0.45])
    # handed over:  .   +1/10     .   +6/10*2/4
    assert curve.incidence[1] == pytest.approx([0, 0.1, 0.1, 0.4, 0.4, 0.4])
    # After day 3 nobody censored before: shares of ten, so p (1 - p) / 10.
    assert curve.variance[0][:2] == pytest.approx([0.2 * 0.8 / 10, 0.3 * 0.7 / 10])
    assert curve.risk_set([0, 3, 4, 9, 10]).tolist() == [10, 8, 5, 1, 0]
    assert curve.at(6, 2).value == pytest.approx(0.4)
    assert curve.at(8, 1).value == pytest.approx(0.45)
    # Alone, as if there were no hand-over: 1 - (8/10)(7/8)(1/2) = 0.65
    assert one_minus_kaplan_meier(days, ends, 1).at(7, 1).value == pytest.approx(0.65)
    assert naive_share(days, ends, 7, 1) == pytest.approx(4 / 10)


def twin(days: list[int], ends: list[int], n_causes: int) -> list[list[Fraction]]:
    """Aalen-Johansen in fractions, one day after the other."""
    staying, found = Fraction(1), [Fraction(0)] * n_causes
    curves: list[list[Fraction]] = [[] for _ in range(n_causes)]
    for day in sorted(set(days)):
        at_risk = sum(d >= day for d in days)
        gone = [sum(d == day and e == cause for d, e in zip(days, ends, strict=True)) for cause in range(1, n_causes + 1)]
        for cause in range(n_causes):
            found[cause] += staying * Fraction(gone[cause], at_risk)
            curves[cause].append(found[cause])
        staying *= 1 - Fraction(sum(gone), at_risk)
    return curves


@given(PAIRS)
def test_incidence_equals_its_twin_in_fractions(pairs: list[tuple[int, int]]) -> None:
    days, ends = [d for d, _ in pairs], [e for _, e in pairs]
    curve = cumulative_incidence(days, ends, 3)
    for cause, worth in enumerate(twin(days, ends, 3)):
        assert curve.incidence[cause] == pytest.approx([float(w) for w in worth], abs=1e-12)
    assert curve.incidence.sum(axis=0).max() <= 1 + 1e-12


@given(PAIRS.filter(lambda pairs: len({e for _, e in pairs} - {0}) > 0))
@settings(max_examples=60)
def test_incidence_and_standard_errors_equal_statsmodels(pairs: list[tuple[int, int]]) -> None:
    days, ends = np.array([d for d, _ in pairs]), np.array([e for _, e in pairs])
    curve = cumulative_incidence(days, ends, 3)
    with np.errstate(divide="ignore", invalid="ignore"):
        second = CumIncidenceRight(days, ends)
    for cause, (share, error) in enumerate(zip(second.cinc, second.cinc_se, strict=True)):
        assert np.abs(curve.incidence[cause] - share).max() < 1e-9
        usable = np.isfinite(error)  # not where nobody is left, which it divides by
        usable &= curve.variance[cause] > 1e-12  # the root of a difference that should be 0 is noise
        assert np.abs(np.sqrt(curve.variance[cause]) - error)[usable].max(initial=0) < 1e-9


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 3)), min_size=1, max_size=60))
def test_without_censoring_it_is_a_share_with_the_variance_of_one(pairs: list[tuple[int, int]]) -> None:
    days, ends = [d for d, _ in pairs], [e for _, e in pairs]
    curve, n = cumulative_incidence(days, ends, 3), len(pairs)
    assert curve.incidence[0, -1] == pytest.approx(ends.count(1) / n)
    assert curve.variance == pytest.approx(curve.incidence * (1 - curve.incidence) / n, abs=1e-12)
    assert curve.at(99, 1).value == pytest.approx(ends.count(1) / n)  # all have ended: nothing more can happen


def test_what_was_not_followed_is_unknown() -> None:
    curve = cumulative_incidence([5, 6, 9], [1, 0, 0], 2)
    assert curve.at(9, 1).value == pytest.approx(1 / 3)
    assert np.isnan(curve.at(10, 1).value)  # nobody is under way any more, and two had not ended
    assert np.isnan(cumulative_incidence(np.zeros(0, np.int64), [], 2).at(3, 1).value)  # nobody at all
    before, none = curve.at(4, 1), curve.at(9, 2)
    assert (before.value, none.value) == (0, 0)
    assert not before.known
    assert not none.known


@pytest.mark.parametrize(("days", "ends"), [([1.5], [1]), ([-1], [1]), ([3], [4]), ([3], [-1]), ([np.nan], [0])])
def test_what_is_no_time_or_no_cause_is_refused(days: list[float], ends: list[int]) -> None:
    with pytest.raises(ValueError, match=r"time|cause"):
        cumulative_incidence(days, ends, 3)


@given(st.integers(0, 40), st.integers(1, 60))
def test_wilson_equals_statsmodels(successes: int, more: int) -> None:
    found = wilson(successes, successes + more)
    assert (found.low, found.high) == pytest.approx(proportion_confint(successes, successes + more, method="wilson"), abs=1e-9)


def test_wilson_at_the_size_of_link() -> None:
    found = wilson(420, 1050)
    assert (round(found.low, 3), round(found.high, 3)) == (0.371, 0.430)
    assert np.isnan(wilson(0, 0).value)


def test_newcombe_equals_a_published_table_and_statsmodels() -> None:
    # Newcombe 1998, table II, method 10: 56/70 against 48/80 gives 0.2 (0.0524, 0.3339); 9/10 against 3/10: 0.6 (0.1705, 0.8090)
    for (a, n, b, m), low, high in (((56, 70, 48, 80), 0.0524, 0.3339), ((9, 10, 3, 10), 0.1705, 0.8090)):
        found = newcombe((a, b), (n, m))
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)
        assert (found.low, found.high) == pytest.approx(confint_proportions_2indep(a, n, b, m, method="newcomb"), abs=1e-9)


def test_a_difference_adds_distances_as_squares() -> None:
    # 0.5 (0.4-0.6) less 0.3 (0.26-0.33): 0.2 - hypot(0.1, 0.03) to 0.2 + hypot(0.1, 0.04)
    found = difference(Estimate(0.5, 0.4, 0.6), Estimate(0.3, 0.26, 0.33))
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.2 - np.hypot(0.1, 0.03), 0.2 + np.hypot(0.1, 0.04)))
    assert found.excludes(0)
    assert not difference(Estimate(0.5, np.nan, np.nan), Estimate(0.3, 0.2, 0.4)).excludes(0)
    curve = cumulative_incidence([1, 2, 3, 4], [1, 1, 0, 0], 1)
    assert incidence_difference(curve, curve, 3, 1).value == 0


def test_clusters_widen_an_interval() -> None:
    rng = np.random.default_rng(1)
    level = np.repeat(rng.normal(0, 1, 40), 25)
    values = level + rng.normal(0, 1, 1000)
    (alone,) = clustered_mean(values, np.arange(1000), np.random.default_rng(2))
    (together,) = clustered_mean(values, np.repeat(np.arange(40), 25), np.random.default_rng(2))
    assert (alone.value, together.value) == pytest.approx((values.mean(), values.mean()))
    # sd of a mean: sqrt(2 / 1000) against sqrt(1 / 40 + 1 / 1000)
    assert (together.high - together.low) / (alone.high - alone.low) == pytest.approx(np.sqrt(0.026 / 0.002), rel=0.2)


def test_a_mean_leaves_the_unknown_out_and_is_drawn_from_the_generator() -> None:
    values = np.array([[1.0, np.nan], [3.0, 5.0], [np.nan, 7.0], [2.0, np.nan], [2.0, 9.0], [4.0, 1.0]])
    first = clustered_mean(values, np.arange(6), np.random.default_rng(3))
    assert [one.value for one in first] == [12 / 5, 22 / 4]
    assert first == clustered_mean(values, np.arange(6), np.random.default_rng(3))


def test_a_ratio_of_sums_is_not_a_mean_of_ratios() -> None:
    (found,) = ratio_of_sums([1, 1, 8, 2, 0], [2, 4, 8, 2, 4], np.arange(5), np.random.default_rng(4))
    assert found.value == 12 / 20
    assert found.known


def test_few_clusters_or_no_variation_give_no_interval() -> None:
    (few,) = clustered_mean([1.0, 2, 3, 4, 5], np.array([0, 0, 1, 2, 3]), np.random.default_rng(5))
    (same,) = clustered_mean(np.zeros(50), np.arange(50), np.random.default_rng(5))
    assert (few.value, same.value) == (3, 0)
    assert not few.known
    assert not same.known
    (nothing,) = clustered_mean(np.full(6, np.nan), np.arange(6), np.random.default_rng(5))
    assert np.isnan(nothing.value)
