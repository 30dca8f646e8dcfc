"""The yearly counts for the European Social Fund: by hand, against a twin, and nothing small is shown."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from histories import Row, drawn, history
from matching.codes import Event
from training.history import History
from training.measures.definitions import read_definitions
from training.measures.esf import ANSWERS, ANY_JOB, STATUSES, Year, entries, exits
from training.measures.groups import cells_shown
from training.measures.hires import State, cohort
from training.measures.jobs import jobs_of

SETTINGS = read_definitions().settings
OPEN = replace(SETTINGS, minimum_cell=0)
"""Hides nothing but rows in which everybody answers alike."""


def cells(years: tuple[Year, ...]) -> dict[str, dict[str, int | None]]:
    return {year.year: dict(year.cells) for year in years}


def shown(found: History) -> tuple[dict[str, dict[str, int | None]], ...]:
    on_leaving, later = exits(found, OPEN, jobs_of(found))
    return cells(entries(found, OPEN)), cells(on_leaving), cells(later)


def test_counts_by_hand() -> None:
    # Day 0 is 1 January 2024, so day 366 is 1 January 2025; the data are of day 1000.
    people: list[Row] = [
        {"contract_end": 40},  # still under contract; hired on day 100, confirmed
        {"contract_end": 0},  # contract over on that day; hired on day 100, left on day 120
        {},  # hired on day 100, nothing reported since
        {"guidance_end": 200},  # the planned end passed, nobody said anything
        {},  # handed over on day 50
        {"registered": 366, "contract_end": 300},  # withdrew on day 400, and hired on day 420
        {"registered": 900},  # hired on day 960: four weeks and the lag are not over
        {"registered": None, "contract_end": 5},
    ]
    events: list[Row] = [
        *({"person": person, "on": 100} for person in range(3)),
        {"person": 0, "on": 290, "event": "in_work_6m"},
        {"person": 1, "on": 120, "event": "left"},
        {"person": 4, "on": 50, "event": "handed_over"},
        {"person": 5, "on": 400, "event": "guidance_ended", "reason": "withdrew"},
        {"person": 5, "on": 420},
        {"person": 6, "on": 960},
    ]
    came, on_leaving, later = shown(history(people, events))
    assert came == {
        "2024": {"in_work": 1, "without_work": 1, "unknown": 3},
        "2025": {"in_work": None, "without_work": None, "unknown": None},  # everybody without work: tells of each
        "2026": {"in_work": 0, "without_work": 0, "unknown": 1},
    }
    assert on_leaving["2024"] == {"yes": 3, "no": 1, "unknown": 1, "too_recent": 0}
    assert later["2024"] == {"yes": 1, "no": 1, "unknown": 3, "too_recent": 0}
    assert on_leaving["2026"] == {"yes": 0, "no": 0, "unknown": 0, "too_recent": 1}
    # Day 420 is within four weeks of day 400: in work. Six months later nobody has said that it goes on.
    assert on_leaving["2025"] == dict.fromkeys(ANSWERS)
    assert later["2025"] == {"yes": 0, "no": 0, "unknown": 1, "too_recent": 0}


def test_a_short_job_and_a_student_job_count_for_the_fund() -> None:
    events: list[Row] = [
        {"on": 100, "contract": "student"},
        {"on": 105, "event": "left"},
        {"person": 1, "on": 9, "event": "handed_over"},
    ]
    _, on_leaving, _ = shown(history([{}, {}], events))
    assert on_leaving["2024"] == {"yes": 1, "no": 1, "unknown": 0, "too_recent": 0}


def twin(found: History) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """Go through the people one after the other, with the days of leaving of the cohort, which has a twin of its own."""
    jobs, people, events = jobs_of(found), found.people, found.events
    who = cohort(found, ANY_JOB, OPEN, jobs=jobs)
    on_leaving: Counter[tuple[str, str]] = Counter()
    later: Counter[tuple[str, str]] = Counter()
    known_until = found.as_of - timedelta(days=OPEN.reporting_lag_days)
    for person, left, state in zip(who.person.tolist(), who.exited.tolist(), who.state.tolist(), strict=True):
        if state == State.OPEN:
            continue
        registered = people.registered[person].item()
        own = [
            (jobs.started[row].item(), jobs.ended[row].item(), bool(jobs.confirmed[row]))
            for row in np.flatnonzero(jobs.person == person)
            if jobs.started[row].item() >= registered
        ]
        told = [
            events.on[row].item()
            for row in np.flatnonzero(events.stands & (events.person == person))
            if events.event[row] == Event.GUIDANCE_ENDED.value and events.on[row].item() >= registered
        ]
        soon, then = left + timedelta(days=28), left + timedelta(days=183)
        if soon > known_until:
            answer = "too_recent"
        elif any(start <= soon and (end is None or end >= left) for start, end, _ in own):
            answer = "yes"
        else:
            answer = "no" if state != State.GUIDANCE_END or (told and min(told) == left) else "unknown"
        on_leaving[str(left.year), answer] += 1
        begun = [job for job in own if job[0] <= then]
        if then > known_until:
            answer = "too_recent"
        elif any((start >= left and sure) if end is None else end > then for start, end, sure in begun):
            answer = "yes"
        else:
            answer = "no" if begun and all(end is not None for _, end, _ in begun) else "unknown"
        later[str(left.year), answer] += 1
    return on_leaving, later


@pytest.mark.parametrize("seed", range(30))
def test_counts_equal_those_of_a_twin(seed: int) -> None:
    found = drawn(np.random.default_rng(seed), 60, 200)
    for counted, wanted in zip(exits(found, OPEN, jobs_of(found)), twin(found), strict=True):
        assert sum(year.people or 0 for year in counted) == wanted.total()
        for year in counted:
            for name, n in year.cells.items():
                assert n in (None, wanted[year.year, name])
            if None in year.cells.values():  # everybody answers alike
                assert sum(bool(wanted[year.year, name]) for name in ANSWERS) == 1


@given(st.lists(st.integers(0, 60), min_size=3, max_size=6), st.integers(1, 3))
def test_what_is_hidden_cannot_be_worked_out(counts: list[int], telling: int) -> None:
    n = np.array(counts)
    seen = cells_shown(n, SETTINGS, telling)
    hidden = n[~seen]
    assert not ((n > 0) & (n < SETTINGS.minimum_cell) & seen).any()
    if len(hidden):
        assert np.count_nonzero(hidden) != 1 or len(hidden) == len(n)
        assert hidden.sum() >= SETTINGS.minimum_cell or len(hidden) == len(n)
    if np.count_nonzero(n) == 1 and n[:telling].any():
        assert not seen.any()
    if (n >= SETTINGS.minimum_cell).all():
        assert seen.all()


def test_years_hide_small_numbers() -> None:
    ends = [-5] * 30 + [5] * 12 + [None] * 3
    people: list[Row] = [{"contract_end": end} for end in ends]
    (year,) = entries(history(people), SETTINGS)
    assert (year.people, year.cells) == (45, {"in_work": None, "without_work": 30, "unknown": None})
    (year,) = entries(history(people[-8:]), SETTINGS)
    assert (year.people, year.cells) == (None, dict.fromkeys(STATUSES))
