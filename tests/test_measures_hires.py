"""From the log to people followed until a job or another end: worked cases, a twin that goes one by one, refusals."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from histories import START, Row, days, drawn, history
from matching.codes import LANGUAGES_OF_SERVICE
from matching.problems import say
from matching.records import DataError
from training.history import History
from training.measures.definitions import Definition, read_definitions
from training.measures.hires import (
    STATE_WORDS,
    VERDICT_WORDS,
    Cohort,
    State,
    Verdict,
    cohort,
    match_to_hire,
    matured,
    matured_share,
    verdict,
)
from training.measures.jobs import jobs_of

REGISTERED = read_definitions()
SETTINGS = REGISTERED.settings
FIRST, IN_WORK, KEPT, ATTRIBUTED = (REGISTERED.named(name) for name in ("first_job", "in_work", "kept_job", "attributed"))


def one(events: Sequence[Row], definition: Definition = FIRST, **more: Any) -> tuple[int, str, int]:
    """Follow one person registered on day 0: days followed, state, success."""
    person = {"registered": 0} | more.pop("person", {})
    found = cohort(history([person], events, **more), definition, SETTINGS)
    return int(found.followed[0]), State(found.state[0]).name, int(found.success[0])


def test_a_job_counts_from_its_first_day() -> None:
    assert one([{"on": 80, "started": 100}]) == (100, "JOB", 1)
    assert one([{"on": 80}]) == (80, "JOB", 1)  # nobody stated the first day
    assert one([{"on": 170, "started": 184}]) == (184, "JOB", 0)  # a day late
    assert one([{"on": 80, "stands": False}]) == (1000 - 30 - 28, "OPEN", 0)  # corrected by a later event
    assert one([{"on": -20, "started": -5}, {"on": 50}]) == (50, "JOB", 1)  # the first was before registration


def test_a_short_job_changes_nothing() -> None:
    hired, left = {"on": 50, "offer": 1}, dict[str, Any]({"on": 77, "event": "left", "offer": 1})
    assert one([hired, left, {"on": 120}]) == (120, "JOB", 1)  # 27 days
    assert one([hired, left | {"on": 78}, {"on": 120}]) == (50, "JOB", 1)  # 28 days


def test_which_jobs_count_is_as_the_definition_says() -> None:
    assert one([{"on": 50, "contract": "student"}])[1] == "OPEN"
    assert one([{"on": 50, "contract": "interim"}])[1] == "JOB"
    assert one([{"on": 50, "offer": 0}], kinds=("social_employment",))[1] == "OPEN"
    assert one([{"on": 50, "offer": 0}], replace(FIRST, subsidised=True), kinds=("social_employment",))[1] == "JOB"
    half = replace(FIRST, minimum_hours=19)
    assert [one([{"on": 50, "hours": hours}], half)[1] for hours in (18, 19, np.nan)] == ["OPEN", "JOB", "JOB"]


def test_another_end_competes_with_a_job() -> None:
    assert one([{"on": 60, "event": "handed_over"}, {"on": 90}]) == (60, "HANDED_OVER", 0)
    assert one([{"on": 60, "event": "guidance_ended", "reason": "withdrawn"}]) == (60, "WITHDRAWN", 0)
    assert one([{"on": 60, "event": "guidance_ended"}]) == (60, "GUIDANCE_END", 0)
    assert one([], person={"guidance_end": 365}) == (366, "GUIDANCE_END", 0)  # the last day still belongs to it
    assert one([{"on": 365}], person={"guidance_end": 365})[1] == "JOB"
    assert one([{"on": 100}], person={"handed_over": 70}) == (70, "HANDED_OVER", 0)  # the file alone says so
    assert one([], person={"found_work": 70}) == (70, "JOB", 1)
    assert one([{"on": 40}], person={"found_work": 70}) == (40, "JOB", 1)  # an event says more than the file
    earlier = [{"on": -9, "event": "handed_over"}, {"on": -3, "event": "guidance_ended"}]  # of an earlier registration
    assert one([*earlier, {"on": 100}], person={"handed_over": -9, "guidance_end": -2}) == (100, "JOB", 1)


def test_guidance_that_ends_because_of_a_hire_does_not_hide_it() -> None:
    # Hired on day 100, guidance closed on day 101, first day of work on day 110.
    events: list[Row] = [{"on": 100, "started": 110}, {"on": 101, "event": "guidance_ended"}]
    assert one(events) == (110, "JOB", 1)
    assert one([{"on": 102, "started": 110}, events[1]]) == (101, "GUIDANCE_END", 0)


def test_the_data_end_before_the_date_of_the_report() -> None:
    # As of day 200: 30 days of lag and 28 for the job to last leave 142.
    assert one([], as_of=200) == (142, "OPEN", 0)
    assert one([{"on": 142}], as_of=200) == (142, "JOB", 1)
    assert one([{"on": 143}], as_of=200) == (142, "OPEN", 0)
    late = cohort(history([{"registered": 143}, {"registered": 142}, {"registered": None}], as_of=200), FIRST, SETTINGS)
    assert (late.person.tolist(), late.followed.tolist()) == ([1], [0])
    some = history([{"registered": day} for day in (10, 11, 12, 13)])
    period = (START + timedelta(11), START + timedelta(12))
    assert cohort(some, FIRST, SETTINGS, *period).person.tolist() == [1, 2]


def test_in_work_on_the_day_itself() -> None:
    hired, left = {"on": 50, "offer": 1}, {"event": "left", "offer": 1}
    assert one([hired], IN_WORK)[2] == 1
    assert one([hired, left | {"on": 183}], IN_WORK)[2] == 0  # gone on the day
    assert one([hired, left | {"on": 184}], IN_WORK)[2] == 1
    assert one([hired, left | {"on": 90}, {"on": 183}], IN_WORK)[2] == 1  # the second one
    assert one([{"on": 184}], IN_WORK)[2] == 0
    assert one([{"on": 60, "event": "handed_over"}, {"on": 90}], IN_WORK)[2] == 0


def test_kept_is_unknown_until_somebody_says_so() -> None:
    hired = {"on": 50, "offer": 1}
    assert one([hired], KEPT)[2] == -1
    assert one([hired, {"on": 240, "event": "in_work_6m", "offer": 1}], KEPT)[2] == 1
    assert one([hired, {"on": 232, "event": "left"}], KEPT)[2] == 0  # 182 days
    assert one([hired, {"on": 233, "event": "left"}], KEPT)[2] == 1
    assert one([hired, {"on": 90, "event": "left"}, {"on": 95}], KEPT)[2] == -1  # the second one may be kept
    assert one([{"on": 184}], KEPT)[2] == 0  # too late to count


def test_attributed_needs_a_suggestion_before_the_hire() -> None:
    hired = {"on": 100, "started": 120, "offer": 1}

    def after(**shown: Any) -> str:
        return one([hired], ATTRIBUTED, shown=[{"offer": 1} | shown])[1]

    assert [after(on=on) for on in (9, 10, 100, 101)] == ["OTHER_JOB", "JOB", "JOB", "OTHER_JOB"]
    assert after(on=50, offer=2) == "OTHER_JOB"
    assert after(on=50, direction="explain") == "OTHER_JOB"  # looked at, not suggested
    assert after(on=50, direction="candidates") == "JOB"
    assert one([{"on": 100}], ATTRIBUTED, shown=[{"offer": 0}])[1] == "OTHER_JOB"  # the hire names no offer


def test_ends_belong_to_the_last_job_that_had_started() -> None:
    events: list[Row] = [
        {"on": 10, "offer": 1}, {"on": 50, "offer": 2}, {"on": 90, "offer": 1},
        {"on": 60, "event": "left", "offer": 1},  # the first job
        {"on": 95, "event": "left"},  # no offer named: the third job
        {"on": 70, "event": "left", "offer": 7},  # never hired there: the second job
        {"on": 99, "event": "left", "offer": 1},  # the third again; the first end reported stays
        {"on": 5, "event": "left"},  # before any job
    ]  # fmt: skip
    assert jobs_of(history([{}], events)).ended.tolist() == days([60, 70, 95]).tolist()


def slow(told: History, definition: Definition) -> list[tuple[int, int, str, int]]:
    """Person, days followed, state and success, one person after the other."""
    events, rows, found = told.events, range(len(told.events.id)), []
    last = told.as_of - timedelta(SETTINGS.reporting_lag_days + max(definition.minimum_days, definition.kept_days or 0))
    for person in range(len(told.people.id)):
        own = [row for row in rows if events.person[row] == person and events.stands[row]]
        registered = told.people.registered[person].item()
        if registered is None or registered > last:
            continue
        jobs = []
        for row in own:
            if events.event[row] == "hired":
                start = events.started[row].item() or events.on[row].item()
                jobs.append({"start": start, "hired": min(start, events.on[row].item()), "row": row, "end": None, "six": False})
        assert told.people.found_work is not None
        assert told.people.handed_over is not None
        if not jobs and (day := told.people.found_work[person].item()):
            jobs.append({"start": day, "hired": day, "row": None, "end": None, "six": False})
        for row in own:
            if events.event[row] in ("left", "in_work_6m"):
                on, offer = events.on[row].item(), events.offer[row]
                begun = [job for job in jobs if job["start"] <= on]
                there = [job for job in begun if job["row"] is not None and offer >= 0 and events.offer[job["row"]] == offer]
                if there or begun:
                    job = max(enumerate(there or begun), key=lambda pair: (pair[1]["start"], pair[0]))[1]
                    if events.event[row] == "left":
                        job["end"] = min(job["end"] or on, on)
                    else:
                        job["six"] = True
        ends = [(events.on[row].item(), "HANDED_OVER") for row in own if events.event[row] == "handed_over"]
        if day := told.people.handed_over[person].item():
            ends.append((day, "HANDED_OVER"))
        for row in own:
            if events.event[row] == "guidance_ended":
                withdrew = events.reason[row] in SETTINGS.withdrawn_reasons
                ends.append((events.on[row].item(), "WITHDRAWN" if withdrew else "GUIDANCE_END"))
        ends = [end for end in ends if end[0] >= registered]
        if (day := told.people.guidance_end[person].item()) and day >= registered:
            ends.append((day + timedelta(1), "GUIDANCE_END"))
        order = ["HANDED_OVER", "WITHDRAWN", "GUIDANCE_END"]
        other = min(ends, key=lambda end: (end[0], order.index(end[1])), default=None)
        usable = []
        for job in jobs:
            row = job["row"]
            kind = "" if row is None or events.offer[row] < 0 else told.offers.kind[events.offer[row]]
            short = job["end"] is not None and (job["end"] - job["start"]).days < definition.minimum_days
            student = row is not None and events.contract[row] == "student"
            counts = not short and not student and kind in ("", "vacancy") and job["start"] >= registered
            if counts and (other is None or job["hired"] <= other[0]):
                usable.append(job)
        first = min(usable, key=lambda job: job["start"], default=None)
        day, state = (first["start"], "JOB") if first else other or (last + timedelta(1), "OPEN")
        if first and definition.suggested_days is not None:
            offer = -1 if first["row"] is None else events.offer[first["row"]]
            shown = told.suggestions
            gaps = [
                (first["hired"] - shown.shown[s].astype("datetime64[D]").item()).days
                for s in range(len(shown.id))
                if shown.person[s] == person and shown.offer[s] == offer >= 0 and not shown.of("explain")[s]
            ]
            state = "JOB" if any(0 <= gap <= definition.suggested_days for gap in gaps) else "OTHER_JOB"
        if day > last:
            day, state = last, "OPEN"
        asked = registered + timedelta(definition.days)
        if definition.measured == "at":
            success = int(any(job["start"] <= asked and not (job["end"] and job["end"] <= asked) for job in usable))
        elif definition.kept_days is not None:
            kept = [
                (1 if job["six"] else -1) if job["end"] is None else int((job["end"] - job["start"]).days >= 183)
                for job in usable
                if job["start"] <= asked
            ]
            success = 1 if 1 in kept else -1 if -1 in kept else 0
        else:
            success = int(state == "JOB" and day <= asked)
        found.append((person, (day - registered).days, state, success))
    return found


@given(st.integers(0, 10_000), st.sampled_from([FIRST, IN_WORK, KEPT, ATTRIBUTED]))
def test_a_cohort_equals_its_twin(seed: int, definition: Definition) -> None:
    told = drawn(np.random.default_rng(seed), n_people=12, n_events=60)
    found = cohort(told, definition, SETTINGS)
    states = [State(state).name for state in found.state]
    fast = list(zip(found.person.tolist(), found.followed.tolist(), states, found.success.tolist(), strict=True))
    assert fast == slow(told, definition)


@given(st.integers(0, 10_000))
def test_the_order_of_people_and_the_order_of_events_mean_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    people = [{"registered": int(rng.integers(0, 200)), "guidance_end": int(rng.integers(200, 700))} for _ in range(8)]
    moments = rng.permutation(600)[:20].tolist()  # no two on a day: else the one recorded last is the later one
    events = [
        {"event": str(rng.choice(["hired", "left", "handed_over"])), "person": int(rng.integers(0, 8)), "on": on}
        for on in moments
    ]
    turned = [events[row] for row in rng.permutation(len(events))]
    for definition in (FIRST, KEPT):
        one_way, other_way = (cohort(history(people, told), definition, SETTINGS) for told in (events, turned))
        assert one_way.followed.tolist() == other_way.followed.tolist()
        assert one_way.state.tolist() == other_way.state.tolist()
        assert one_way.success.tolist() == other_way.success.tolist()


def test_a_matured_share_counts_the_unknown_both_ways() -> None:
    people = [{"registered": 0}] * 100
    hires = [{"person": row, "on": 50} for row in range(40)]
    kept = [{"person": row, "on": 240, "event": "in_work_6m"} for row in range(30)]
    share = matured_share(cohort(history(people, [*hires, *kept]), KEPT, SETTINGS))
    assert (share.n, share.successes, share.unknown) == (100, 30, 10)
    assert (share.low.value, share.high.value) == (0.3, 0.4)


def test_an_unmatured_cohort_is_refused_by_name() -> None:
    people = [{"registered": 0}, {"registered": 10}]
    young = cohort(history(people, as_of=200 + 58), FIRST, SETTINGS)  # last day 200: who registered by day 17 is ripe
    assert matured_share(young).n == 2
    young = cohort(history(people, as_of=190 + 58), FIRST, SETTINGS)  # last day 190: by day 7
    with pytest.raises(DataError) as refused:
        matured_share(young)
    (problem,) = refused.value.problems
    assert (problem.code, problem.record, problem.value) == ("unmatured", "definition first_job", "2024-01-11")
    assert problem.accepted == "<= 2024-01-08"
    assert len({say(problem, lang) for lang in LANGUAGES_OF_SERVICE}) == 3
    assert matured_share(matured(young)).n == 1


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.40, 0.5, "met"),
        (0.3, 0.399, "not_met"),
        (0.39, 0.41, "undetermined"),
        (0.3, 0.4, "undetermined"),
        (np.nan, 1, "undetermined"),
    ],
)
def test_a_verdict_holds_the_whole_interval_against_the_target(low: float, high: float, said: str) -> None:
    assert verdict(low, high, 0.4) == said
    assert verdict(low, high, 0.4, enough=False) == Verdict.UNDETERMINED


def test_match_to_hire_of_a_worked_cohort() -> None:
    # A hundred people, all followed long enough: 50 hired on day 100, 10 handed over on day 50, 20 hired on day 200.
    people = [{"registered": 0}] * 100
    hires = [{"person": row, "on": 100 if row < 50 else 200} for row in range(70)]
    told = history(people, [*hires, *({"person": row, "on": 50, "event": "handed_over"} for row in range(70, 80))])
    answer = match_to_hire(cohort(told, FIRST, SETTINGS), FIRST, SETTINGS)
    assert answer.by[183]["job"].value == pytest.approx(0.5)
    assert answer.by[365]["job"].value == pytest.approx(0.7)
    assert answer.by[183]["handed_over"].value == pytest.approx(0.1)
    assert answer.share is not None
    assert (answer.share.n, answer.share.successes, answer.share.low.value) == (100, 50, 0.5)
    assert answer.by[183]["job"].low == pytest.approx(0.5 ** np.exp(1.96 * 0.05 / (0.5 * np.log(2))), abs=1e-3)
    assert answer.verdict is Verdict.UNDETERMINED  # from 0.398 up
    at_day = match_to_hire(cohort(told, IN_WORK, SETTINGS), IN_WORK, SETTINGS)
    assert (at_day.curve, at_day.by, at_day.verdict) == (None, {}, Verdict.MET)
    few = match_to_hire(cohort(history(people[:29], hires[:29]), IN_WORK, SETTINGS), IN_WORK, SETTINGS)
    assert few.verdict is Verdict.UNDETERMINED  # fewer than thirty people
    nobody: Cohort = cohort(history(people, as_of=60), KEPT, SETTINGS)
    assert match_to_hire(nobody, KEPT, SETTINGS).share is None


def test_states_and_verdicts_have_words() -> None:
    assert set(STATE_WORDS) == {state.name.lower() for state in State}
    assert set(VERDICT_WORDS) == set(Verdict)
