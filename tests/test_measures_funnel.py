"""Funnel, groups, reconciliation: worked tables, random histories, rows that vanish, what must not be shown."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as within
from hypothesis import strategies as st

from histories import Row, drawn, history
from matching.codes import LANGUAGES_OF_SERVICE
from matching.problems import say
from matching.records import DataError
from training.measures.definitions import read_definitions
from training.measures.funnel import FUNNEL_WORDS, FunnelMonth, accounts, funnel
from training.measures.groups import mean_by_group, rate_by_group
from training.measures.reconcile import COLUMNS, reconcile

SETTINGS = read_definitions().settings


def test_a_worked_funnel() -> None:
    shown: list[Row] = [
        {"on": 5, "offer": 1}, {"on": 8, "offer": 1},  # again
        {"on": 40, "offer": 2}, {"on": 6, "offer": 3, "direction": "explain"},
    ]  # fmt: skip
    events: list[Row] = [
        {"event": "proposed", "on": 10, "offer": 1}, {"event": "proposed", "on": 35, "offer": 1},
        {"event": "proposed", "on": 20, "offer": 3}, {"event": "declined", "on": 21, "offer": 3},
        {"event": "proposed", "on": 45, "offer": 2},
        {"event": "proposed", "on": 46, "offer": 4, "stands": False},
        {"event": "applied", "on": 14, "offer": 1}, {"event": "interviewed", "on": 20, "offer": 1},
        {"event": "hired", "on": 30, "offer": 1}, {"event": "hired", "on": 33, "offer": 7}, {"event": "hired", "on": 34},
        {"event": "in_work_6m", "on": 220, "offer": 1},
    ]  # fmt: skip
    january, february = funnel(history([{}], events, shown)).months
    assert january == FunnelMonth(
        month="2024-01", shown=1, proposed=2, suggested=1, applied=1, interviewed=1, hired=1, kept=1, still_open=0,
        days_to_application=4, days_to_interview=10, days_to_hire=20, hires=1, hires_unsuggested=0,
    )  # fmt: skip
    assert february.month == "2024-02"  # day 31 and later
    assert (february.shown, february.proposed, february.suggested, february.still_open) == (1, 1, 1, 1)
    assert (february.hired, february.hires, february.hires_unsuggested) == (0, 2, 2)
    assert np.isnan(february.days_to_hire)
    assert list(FUNNEL_WORDS) == list(FunnelMonth.__slots__)


def test_a_proposal_is_no_longer_open_when_the_search_is_over() -> None:
    proposed: list[Row] = [{"event": "proposed", "on": 10, "offer": 1}]
    assert funnel(history([{}], proposed)).total("still_open") == 1
    assert funnel(history([{"guidance_end": 999}], proposed)).total("still_open") == 0
    assert funnel(history([{"guidance_end": 1000}], proposed)).total("still_open") == 1  # today is its last day
    assert funnel(history([{}], [*proposed, {"event": "handed_over", "on": 50}])).total("still_open") == 0


def test_every_row_of_the_log_goes_to_one_place() -> None:
    events: list[Row] = [
        {"event": "proposed", "on": 10, "offer": 1}, {"event": "proposed", "on": 11, "offer": 1},
        {"event": "proposed", "on": 11, "offer": 1, "stands": False}, {"event": "proposed", "on": 12},
        {"event": "hired", "on": 20, "offer": 2}, {"event": "hired", "on": 21, "offer": 2},
        {"event": "hired", "on": 22, "offer": 1},
    ]  # fmt: skip
    found = accounts(history([{}], events, [{"on": 1}, {"on": 2}, {"on": 3, "direction": "explain"}]))
    proposed, hired, shown = found["proposed"], found["hired"], found["shown"]
    assert (proposed.logged, proposed.corrected, proposed.without_offer, proposed.repeated, proposed.counted) == (4, 1, 1, 1, 1)
    assert (hired.logged, hired.unproposed, hired.repeated, hired.counted) == (3, 1, 1, 1)
    assert (shown.logged, shown.repeated, shown.explained, shown.counted) == (3, 1, 1, 1)


@given(st.integers(0, 10_000))
def test_random_histories_reconcile(seed: int) -> None:
    told = drawn(np.random.default_rng(seed))
    found = reconcile(told, funnel(told))
    assert set(found) == set(COLUMNS)
    assert found["hired"].logged == np.count_nonzero(told.events.event == "hired")
    assert found["shown"].logged == len(told.suggestions.id)


@given(st.integers(0, 2000), st.sampled_from(list(COLUMNS)))
@within(max_examples=30)
def test_a_count_that_is_not_that_of_the_log_makes_the_report_fail(seed: int, kind: str) -> None:
    told = drawn(np.random.default_rng(seed))
    counted = funnel(told)
    first, *rest = counted.months
    wrong = replace(counted, months=(replace(first, **{COLUMNS[kind]: getattr(first, COLUMNS[kind]) + 1}), *rest))
    with pytest.raises(DataError) as refused:
        reconcile(told, wrong)
    assert [(problem.code, problem.field, problem.value) for problem in refused.value.problems] == [("unexplained", kind, "-1")]


def test_a_row_that_vanished_from_the_log_makes_the_report_fail() -> None:
    told = history([{}], [{"event": "hired", "on": 3}], unexplained={("hired", "2024-01"): 1})
    with pytest.raises(DataError) as refused:
        reconcile(told, funnel(told))
    (problem,) = refused.value.problems
    assert (problem.record, problem.field, problem.value) == ("log 2024-01", "hired", "+1")
    assert len({say(problem, lang) for lang in LANGUAGES_OF_SERVICE}) == 3
    assert reconcile(replace(told, unexplained={}), funnel(told))


def groups_of(**sizes: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Write groups as (people, those who fulfil it)."""
    names = np.repeat(list(sizes), [n for n, _ in sizes.values()])
    return np.concatenate([np.arange(n) < yes for n, yes in sizes.values()]), names


def told(**sizes: tuple[int, int]) -> dict[str, tuple[int | None, int | None]]:
    return {row.group: (row.n, row.count) for row in rate_by_group(*groups_of(**sizes), SETTINGS)}


def test_no_rate_for_few_people_and_no_small_cell() -> None:
    assert told(a=(100, 40), b=(50, 20)) == {"a": (100, 40), "b": (50, 20)}
    # b: 29 people, so no rate and no count; then c's count too, or that of b would follow from the total.
    assert told(a=(100, 40), b=(29, 12), c=(60, 20)) == {"a": (100, 40), "b": (29, None), "c": (60, None)}
    # b: 9 who do not.
    assert told(a=(100, 40), b=(40, 31), c=(60, 20)) == {"a": (100, 40), "b": (40, None), "c": (60, None)}
    assert told(a=(100, 40), b=(40, 0), c=(60, 20))["b"] == (40, None)
    # b: fewer than ten people: not even how many, nor of the next smallest.
    assert told(a=(100, 40), b=(9, 4), c=(60, 20)) == {"a": (100, 40), "b": (None, None), "c": (None, None)}
    # Two hidden groups of three people each are still fewer than ten.
    small = told(a=(100, 40), b=(3, 1), c=(3, 2), d=(50, 20))
    assert small == {"a": (100, 40), "b": (None, None), "c": (None, None), "d": (None, None)}
    assert told(a=(20, 10)) == {"a": (20, None)}
    # Nobody in b and c: the total less the count of a and d would tell it of each.
    nobody = told(a=(100, 40), b=(15, 0), c=(15, 0), d=(50, 20))
    assert nobody == {"a": (100, 40), "b": (15, None), "c": (15, None), "d": (50, None)}


@given(st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.integers(1, 60), st.integers(0, 60)), min_size=1))
def test_what_is_hidden_cannot_be_worked_out(sizes: dict[str, tuple[int, int]]) -> None:
    whole = {name: (n, min(n, yes)) for name, (n, yes) in sizes.items()}
    shown = told(**whole)
    for at in (0, 1):
        hidden = [name for name in whole if shown[name][at] is None]
        assert len(hidden) != 1 or len(whole) == 1
        assert not hidden or len(hidden) == len(whole) or sum(whole[name][0] for name in hidden) >= SETTINGS.minimum_cell
    silent = [whole[name] for name in whole if shown[name][1] is None]
    if 0 < len(silent) < len(whole):  # the total less what is shown tells of all of these together
        assert min(sum(yes for _, yes in silent), sum(n - yes for n, yes in silent)) >= SETTINGS.minimum_cell
    for name, (n, yes) in whole.items():
        if shown[name][1] is not None:
            assert n >= 30
            assert min(yes, n - yes) >= 10
        assert shown[name][0] in (None, n)
        assert shown[name][0] is None or n >= 10


def test_means_by_group_hide_small_groups() -> None:
    person = np.arange(130) // 2  # two rows each: 65 people
    group = np.where(person < 35, "a", "b")
    values = np.where(group == "a", 0.5, 1.0) + np.random.default_rng(1).normal(0, 0.1, 130)
    values[:4] = np.nan  # two people of whom nothing is known
    a, b = mean_by_group(values, person, group, SETTINGS, np.random.default_rng(2))
    assert (a.n, b.n) == (33, 30)
    assert (a.rate.value, b.rate.value) == pytest.approx((0.5, 1), abs=0.05)
    assert a.rate.known
    few = mean_by_group(values, person, np.where(person < 40, "a", "b"), SETTINGS, np.random.default_rng(2))
    assert [row.n for row in few] == [38, 25]
    assert np.isnan([row.rate.value for row in few]).all()  # b is small, so a follows from the mean of all
