"""Other policies and comparisons: exact expectations, refusals, arms out of the log, power."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.power import NormalIndPower

from histories import START, Row, drawn, history
from matching.codes import LANGUAGES_OF_SERVICE, Event
from matching.problems import say
from matching.records import DataError
from training.measures.comparison import (
    arms,
    arms_by_week,
    compare,
    compare_weeks,
    contrast,
    contrast_by_cluster,
    detectable,
    power,
)
from training.measures.definitions import read_definitions
from training.measures.off_policy import policy_value, rewards, without_exploring

SETTINGS = read_definitions().settings
LOGGING, TARGET = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.3, 0.5])
CHANCES = np.array([0.6, 0.3, 0.1])


def everything(times: int = 20) -> tuple[Any, Any, Any]:
    """Write a log that holds each offer and result exactly as often as it is expected."""
    rows = [
        (offer, reward)
        for offer, reward in itertools.product(range(3), (1, 0))
        for _ in range(round(100 * times * LOGGING[offer] * (CHANCES[offer] if reward else 1 - CHANCES[offer])))
    ]
    shown, reward = np.array(rows).T
    return shown, reward, np.arange(len(rows))


def test_estimates_are_exact_on_a_log_as_expected() -> None:
    shown, reward, person = everything()
    model = np.array([0.5, 0.5, 0.5])
    predicted = (model[shown], np.full(len(shown), TARGET @ model))
    found = policy_value(reward, LOGGING[shown], TARGET[shown], person, np.random.default_rng(1), model=predicted)
    worth = TARGET @ CHANCES  # 0.26
    assert found.doubly_robust is not None
    assert (found.ips.value, found.snips.value, found.doubly_robust.value) == pytest.approx((worth,) * 3)
    assert found.mean_weight.value == pytest.approx(1)
    # n / E w^2 = 2000 / (0.04/0.5 + 0.09/0.3 + 0.25/0.2)
    assert found.effective == pytest.approx(2000 / (0.08 + 0.3 + 1.25))
    assert found.ips.low < worth < found.ips.high


def test_a_log_under_its_own_policy_is_its_mean() -> None:
    shown, reward, person = everything()
    found = policy_value(reward, LOGGING[shown], LOGGING[shown], person, np.random.default_rng(1))
    assert found.ips.value == pytest.approx(reward.mean())
    assert (found.effective, found.doubly_robust) == (2000, None)
    sure = policy_value(reward, np.ones(2000), np.ones(2000), person, np.random.default_rng(1))
    assert sure.ips.value == pytest.approx(reward.mean())  # the same policy needs no chance


def refused(**changed: Any) -> tuple[str, str | None]:
    shown, reward, person = everything()
    asked = {"reward": reward, "logged": LOGGING[shown], "target": TARGET[shown], "person": person} | changed
    with pytest.raises(DataError) as error:
        policy_value(rng=np.random.default_rng(1), **asked)
    (problem,) = error.value.problems
    assert problem.code == "no_support"
    assert len({say(problem, lang) for lang in LANGUAGES_OF_SERVICE}) == 3
    return problem.field, problem.value


def test_what_the_log_cannot_tell_is_refused_by_name() -> None:
    shown, reward, person = everything()
    assert refused(logged=np.ones(2000)) == ("propensity", "1")  # nothing was left to chance
    assert refused(logged=np.where(person == 3, np.nan, 0.5)) == ("propensity", "1")  # one of them unknown
    assert refused(logged=np.where(person < 5, 0.0, 0.5)) == ("propensity", "5")
    assert refused(target=TARGET[shown] + 0.6)[0] == "propensity"
    assert refused(outside=np.where(person == 0, 0.5, 0.0))[0] == "outside"
    some = shown < 2  # the third offer never turns up, though it should
    only = {"reward": reward[some], "logged": LOGGING[shown][some], "target": TARGET[shown][some], "person": person[some]}
    assert refused(**only)[0] == "weights"
    rare = np.array([0.0, 0.0, 1.0])[shown]
    few = slice(0, 2000, 10)
    assert refused(reward=reward[few], logged=LOGGING[shown][few], target=rare[few], person=person[few]) == ("effective", "40")
    nothing = np.zeros(0)
    assert refused(reward=nothing, logged=nothing, target=nothing, person=nothing.astype(int))[0] == "propensity"


def test_arms_come_out_of_the_log() -> None:
    shown: list[Row] = [
        {"person": 0, "on": 10, "policy": "a"}, {"person": 0, "on": 50, "policy": "a"},
        {"person": 1, "on": 10, "policy": "b"}, {"person": 2, "on": 10, "policy": "b"},
        {"person": 3, "on": 910, "policy": "a"},  # 60 days and the lag of 30 end on day 1000
        {"person": 4, "on": 911, "policy": "a"},  # too young
        {"person": 5, "on": 10, "policy": "other"}, {"person": 6, "on": 10, "policy": "b", "direction": "explain"},
    ]  # fmt: skip
    events: list[Row] = [
        {"person": 0, "event": "interviewed", "on": 70}, {"person": 1, "event": "interviewed", "on": 71},
        {"person": 2, "event": "interviewed", "on": 9}, {"person": 2, "event": "hired", "on": 10},
        {"person": 3, "event": "interviewed", "on": 960, "stands": False},
    ]  # fmt: skip
    found = arms(history([{}] * 7, events, shown), "policy", ("a", "b"), SETTINGS)
    assert (found.person.tolist(), found.arm.tolist()) == ([0, 1, 2, 3], [0, 1, 1, 0])
    assert found.interviewed.tolist() == [True, False, False, False]  # day 70 is the last of 60
    assert found.hired.tolist() == [False, False, True, False]
    answer = compare(found)
    assert (answer.interviews.n, answer.interviews.successes, answer.hires.successes) == ((2, 2), (1, 0), (0, 1))
    assert not answer.hires_tested
    later = arms(history([{}] * 7, events, shown), "policy", ("a", "b"), SETTINGS, since=START.replace(month=2))
    assert later.person.tolist() == [0, 3]


def test_somebody_in_both_arms_is_refused() -> None:
    shown: list[Row] = [{"person": 0, "on": 10, "policy": "a"}, {"person": 0, "on": 11, "policy": "b"}]
    with pytest.raises(DataError) as refused:
        arms(history([{}], (), shown), "policy", ("a", "b"), SETTINGS)
    (problem,) = refused.value.problems
    assert (problem.code, problem.value) == ("inconsistent", "1")


def test_a_difference_of_arms_is_newcombe_and_states_what_it_could_find() -> None:
    success, arm = np.repeat([True, False, True, False], [48, 32, 56, 14]), np.repeat([0, 0, 1, 1], [48, 32, 56, 14])
    found = contrast(success, arm)
    assert (found.n, found.successes) == ((80, 70), (48, 56))
    assert (round(found.difference.low, 4), round(found.difference.high, 4)) == (0.0524, 0.3339)  # as published
    assert found.differs
    assert found.detectable == pytest.approx(detectable(0.6, (80, 70)))
    empty = contrast(success[:0], arm[:0])
    assert np.isnan([empty.difference.value, empty.detectable]).all()


@given(st.floats(0.05, 0.6), st.integers(100, 5000), st.integers(100, 5000))
def test_what_is_detectable_has_the_power_stated(share: float, n: int, m: int) -> None:
    gain = detectable(share, (n, m))
    assert power(share, gain, (n, m)) == pytest.approx(0.8)
    # A second implementation, told the standardised effect and the smaller tail that ours leaves out.
    error = np.sqrt((share * (1 - share) / n + (share + gain) * (1 - share - gain) / m) / (1 / n + 1 / m))
    assert NormalIndPower().power(gain / error, n, 0.05, m / n) == pytest.approx(0.8, abs=1e-4)


def test_two_halves_of_link_find_what_they_can() -> None:
    assert detectable(0.4, (525, 525)) == pytest.approx(0.086, abs=5e-4)
    assert np.isnan(detectable(0.4, (3, 3)))
    assert np.isnan(detectable(0.0, (525, 525)))


def test_weeks_that_differ_widen_the_interval() -> None:
    rng = np.random.default_rng(1)
    week = rng.integers(0, 40, 2000)
    arm, success = week % 2, rng.random(2000) < rng.beta(3, 7, 40)[week]
    by_person, by_week = contrast(success, arm), contrast_by_cluster(success, arm, week, rng)
    assert by_week.difference.value == pytest.approx(by_person.difference.value)
    assert by_week.difference.high - by_week.difference.low > 2 * (by_person.difference.high - by_person.difference.low)
    assert by_week.detectable > by_person.detectable
    few = contrast_by_cluster(success, arm, week % 8, rng)  # four weeks in each arm
    assert not few.difference.known
    one_sided = contrast_by_cluster(success[arm == 0], arm[arm == 0], week[arm == 0], rng)
    assert np.isnan(one_sided.difference.value)


@given(st.integers(0, 2000))
def test_rewards_equal_their_twin(seed: int) -> None:
    told = drawn(np.random.default_rng(seed), n_people=5, n_events=60, n_shown=60)
    shown, events = told.suggestions, told.events
    worth = [0.0] * len(shown.id)
    suggested = [row for row in range(len(shown.id)) if not shown.of("explain")[row]]
    for row in range(len(events.id)):
        if events.event[row] == "applied" and events.stands[row] and events.offer[row] >= 0:
            gaps = {
                s: int((events.on[row] - shown.shown[s].astype("datetime64[D]")).astype(int))
                for s in suggested
                if (shown.person[s], shown.offer[s]) == (events.person[row], events.offer[row])
            }
            within = [s for s, gap in gaps.items() if 0 <= gap <= 60]
            if within:
                worth[max(within, key=lambda s: (gaps[s], -s))] = 1.0
    reward, ripe = rewards(told, Event.APPLIED, 60, 30)
    assert reward.tolist() == worth
    last = np.datetime64(told.as_of, "D") - np.timedelta64(90, "D")
    assert ripe.tolist() == [bool(row in suggested and shown.shown[row] <= last) for row in range(len(shown.id))]


def test_lists_are_compared_by_week() -> None:
    # Day 0 is a Monday. Weeks 0 and 2 show policy a, weeks 1 and 3 policy b; offer 1 is shown twice to person 0.
    shown: list[Row] = [
        {"list": "w0", "on": 0, "policy": "a", "offer": 1}, {"list": "w0", "on": 0, "policy": "a", "offer": 2, "rank": 2},
        {"list": "w1", "on": 13, "policy": "b", "offer": 1}, {"list": "w2", "on": 14, "policy": "a", "offer": 3},
        {"list": "w3", "on": 21, "policy": "b", "offer": 4, "person": 1},
        {"list": "late", "on": 911, "policy": "b", "offer": 5},
    ]  # fmt: skip
    events: list[Row] = [
        {"event": "interviewed", "on": 20, "offer": 1},
        {"event": "hired", "on": 81, "offer": 4, "person": 1},
    ]
    found = arms_by_week(history([{}, {}], events, shown), "policy", ("a", "b"), SETTINGS)
    assert (found.week - found.week[0]).tolist() == [0, 1, 2, 3]
    assert found.arm.tolist() == [0, 1, 0, 1]
    assert found.interviewed.tolist() == [True, False, False, False]  # the first list that showed it
    assert found.hired.tolist() == [False, False, False, True]
    answer = compare_weeks(found, np.random.default_rng(1))
    assert (answer.interviews.n, answer.interviews.successes) == ((2, 2), (1, 0))
    assert not answer.interviews.differs  # two weeks in each arm are no basis
    mixed: list[Row] = [*shown, {"list": "x", "on": 6, "policy": "b", "offer": 1, "person": 1}]
    with pytest.raises(DataError, match="comparison: policy: inconsistent"):
        arms_by_week(history([{}, {}], events, mixed), "policy", ("a", "b"), SETTINGS)


def test_what_exploring_costs_is_told_or_refused() -> None:
    # Every tenth suggestion was left to chance and led nowhere; of the others two of nine led to an interview.
    shown: list[Row] = [
        {"person": p, "offer": 1, "on": 5, "exploration": p % 10 == 0, "propensity": 0.1 if p % 10 == 0 else 0.9}
        for p in range(2000)
    ]
    events: list[Row] = [
        {"person": p, "offer": 1, "event": "interviewed", "on": 20} for p in range(2000) if p % 10 in (1, 2)
    ]
    found = without_exploring(history([{}] * 2000, events, shown), Event.INTERVIEWED, 60, 30, np.random.default_rng(1))
    assert (found.ips.value, found.snips.value) == pytest.approx((2 / 9, 2 / 9))  # 400 of 1,800
    assert found.effective == pytest.approx(1800)
    plain = [{**row, "exploration": False, "propensity": 1.0} for row in shown]
    with pytest.raises(DataError, match="exploration: no_support"):
        without_exploring(history([{}] * 2000, events, plain), Event.INTERVIEWED, 60, 30, np.random.default_rng(1))
