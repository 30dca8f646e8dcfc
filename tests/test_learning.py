"""Learning: what may be learned from, what is refused, and that tables find a truth that is known."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from known_truths import AS_OF, Truth, draw_values, examined, make_history, truth
from matching.codes import Event
from matching.comparisons import FULL, N_COMPARISONS, NAMES, NOT_ASKED, UNKNOWN, UNSTATED
from models.artifact import load
from models.match_model import MatchModel, faults, table
from models.refusal import REFUSALS, Refused
from training.history import History
from training.learning.dataset import LAG, WINDOW, Dataset, build_dataset
from training.learning.fitting import EDGES, Fit, _cases, _Problem, _shape, fit
from training.learning.splits import Splits, check, split

MODEL = load()
MODELS = {MODEL.version: MODEL}


@pytest.fixture(scope="module")
def known() -> Truth:
    return truth(np.random.default_rng(7))


@pytest.fixture(scope="module")
def history(known: Truth) -> History:
    return make_history(np.random.default_rng(8), known, 3000, pool=40, top=12)


@pytest.fixture(scope="module")
def data(history: History) -> Dataset:
    return build_dataset(history, MODELS)


def refused(name: str, function: Any, *given: Any, **named: Any) -> tuple[Any, ...]:
    with pytest.raises(Refused) as error:
        function(*given, **named)
    assert error.value.name == name
    return error.value.details


def changed(history: History, **columns: Any) -> History:
    return replace(history, suggestions=replace(history.suggestions, **columns))


# The data set


def test_labels_are_those_of_a_slow_reading(history: History) -> None:
    """Twin: look at every row and every event. One hire is made late, one is told late, one is corrected."""
    events = history.events
    on, recorded, stands = events.on.copy(), events.recorded.copy(), events.stands.copy()
    hires = np.flatnonzero(events.event == Event.HIRED.value)[:30]
    on[hires[0:30:3]] += 91
    recorded[hires[1:30:3]] += np.timedelta64(200, "D")
    stands[hires[2:30:3]] = False
    history = replace(history, events=replace(events, on=on, recorded=recorded, stands=stands))
    found = build_dataset(history, MODELS)
    shown = history.suggestions
    gains: dict[tuple[int, int], int] = {}
    worth = {"applied": 1, "interviewed": 2, "hired": 3}
    first = {
        (int(p), int(o)): day for p, o, day in zip(shown.person, shown.offer, shown.shown.astype("datetime64[D]"), strict=True)
    }
    for at in range(len(events.id)):
        pair = int(events.person[at]), int(events.offer[at])
        days = (on[at] - first[pair]).astype(int)
        told = (recorded[at].astype("datetime64[D]") - first[pair]).astype(int)
        if stands[at] and 0 <= days <= WINDOW and told <= WINDOW + LAG:
            gains[pair] = max(gains.get(pair, 0), worth.get(str(events.event[at]), 0))
    expected = [gains.get((int(p), int(o)), 0) for p, o in zip(found.person, found.offer, strict=True)]
    assert found.gain.tolist() == expected
    assert found.hired.tolist() == [gain == 3 for gain in expected]
    last = np.datetime64(AS_OF - timedelta(days=WINDOW + LAG), "D")
    assert found.shown.max() <= last
    assert found.counts["unmatured"] == sum(day > last for day in first.values())


def test_an_event_that_names_only_its_suggestion_counts(history: History, data: Dataset) -> None:
    events = replace(history.events, offer=np.full(len(history.events.id), -1))
    assert (build_dataset(replace(history, events=events), MODELS).gain == data.gain).all()
    neither = replace(events, suggestion=np.full(len(events.id), -1))
    assert build_dataset(replace(history, events=neither), MODELS).counts["hires"] == 0


def test_a_pair_counts_once(known: Truth) -> None:
    once = make_history(np.random.default_rng(1), known, 200)
    twice = make_history(np.random.default_rng(1), known, 200, again=True)
    one, two = build_dataset(once, MODELS), build_dataset(twice, MODELS)
    assert two.counts["shown_again"] == 2000
    assert (one.suggestion == two.suggestion).all()
    assert (one.gain == two.gain).all()


def test_what_is_no_suggested_vacancy_is_left_out(history: History) -> None:
    n = len(history.suggestions.id)
    kind, policy, direction = (np.array([word] * n, dtype="U12") for word in ("vacancy", "exact-top-k", "suggest"))
    kind[::4], policy[1::4], direction[2::4] = "training", "near-misses", "explain"
    found = build_dataset(changed(history, kind=kind, policy=policy, direction=direction), MODELS)
    assert found.counts["not_vacancies"] == n * 3 // 4
    assert (found.suggestion % 4 == 3).all()


def test_baselines_are_as_of_the_showing(history: History, data: Dataset) -> None:
    shown = history.suggestions
    for row in range(0, len(data), 977):
        at = data.suggestion[row]
        before = (shown.offer == shown.offer[at]) & (shown.shown < shown.shown[at])
        assert data.baselines["most_suggested"][row] == before.sum()
        profession, travel = (int(data.values[row, NAMES.index(name)]) for name in ("profession_sought", "travel"))
        assert data.baselines["profession_and_distance"][row] == 1000 * (profession == FULL) + (travel if travel <= FULL else -1)


# Refusals


def test_a_cohort_that_has_not_matured_is_refused(history: History) -> None:
    last = AS_OF - timedelta(days=WINDOW + LAG)
    assert build_dataset(history, MODELS, until=last).shown.max() <= np.datetime64(last, "D")
    assert refused("unmatured", build_dataset, history, MODELS, until=last + timedelta(days=1))[0] == AS_OF + timedelta(days=1)


def test_a_column_that_is_no_comparison_is_refused(history: History) -> None:
    values = history.suggestions.values
    later = np.zeros((len(values), 1), dtype=np.uint8)
    refused("future_field", build_dataset, changed(history, values=np.hstack([values, later])), MODELS)
    refused("future_field", build_dataset, changed(history, values=values.astype(np.float64)), MODELS)


def hired_rows(history: History) -> Any:
    return history.events.suggestion[history.events.event == Event.HIRED.value]


def test_values_changed_where_somebody_was_hired_are_refused(history: History) -> None:
    values = history.suggestions.values.copy()
    values[hired_rows(history)[::4], NAMES.index("freshness")] = 17  # a value that is hardly ever drawn
    refused("future_field", build_dataset, changed(history, values=values), MODELS)


def test_a_column_written_from_the_outcome_is_refused_by_name_even_with_its_score(history: History) -> None:
    values = history.suggestions.values.copy()
    column = np.random.default_rng(0).integers(0, 200, len(values))
    column[hired_rows(history)] = np.random.default_rng(1).integers(190, FULL + 1, len(hired_rows(history)))
    values[:, NAMES.index("start")] = column
    planted = changed(history, values=values, score=MODEL.scores(values))
    assert refused("future_field", build_dataset, planted, MODELS) == ("start",)


def test_lists_asked_with_weights_are_left_out_and_not_taken_for_a_plant(history: History, data: Dataset) -> None:
    weighted = history.suggestions.person % 5 == 0
    score = np.where(weighted, history.suggestions.score + 0.5, history.suggestions.score)
    found = build_dataset(changed(history, score=score), MODELS)
    assert found.counts["unreplayable"] == weighted[data.suggestion].sum()
    assert not (found.person % 5 == 0).any()


def test_a_log_that_does_not_replay_is_refused(history: History) -> None:
    refused("unreplayable", build_dataset, changed(history, score=history.suggestions.score + 1), MODELS)
    refused("unreplayable", build_dataset, history, {})


def test_an_empty_log_and_one_without_hires_are_refused(history: History) -> None:
    nothing = replace(history.events, stands=np.zeros(len(history.events.id), dtype=np.bool_))
    rng = np.random.default_rng(0)
    assert refused("too_few", split, build_dataset(replace(history, events=nothing), MODELS), rng) == ("fit", 0, 20)
    arrays = {name: getattr(history.suggestions, name) for name in type(history.suggestions).__dataclass_fields__}
    empty = {name: column[:0] for name, column in arrays.items() if column is not None}
    refused("too_few", build_dataset, changed(history, **empty), MODELS)


def test_a_log_of_nothing_but_hires_is_refused(history: History) -> None:
    shown, events = history.suggestions, history.events
    n = len(shown.id)
    every: dict[str, Any] = {name: np.repeat(getattr(events, name)[:1], n) for name in events.__slots__}
    every |= {"id": shown.id, "event": np.full(n, "hired"), "person": shown.person, "offer": shown.offer}
    every |= {"suggestion": np.arange(n), "on": shown.shown.astype("datetime64[D]"), "recorded": shown.shown}
    every |= {"stands": np.ones(n, dtype=np.bool_)}
    found = build_dataset(replace(history, events=replace(events, **every)), MODELS)
    assert found.hired.all()
    assert refused("all_hired", split, found, np.random.default_rng(1))[0] == "fit"


def test_every_refusal_has_three_sentences_with_the_same_places() -> None:
    for name, sentences in REFUSALS.items():
        assert len(set(sentences)) == 3, name
        assert len({text.count("{}") for text in sentences}) == 1, name


# Splits


def test_splits_follow_each_other_with_a_gap_and_share_nobody(data: Dataset) -> None:
    found = split(data, np.random.default_rng(0))
    people = [set(data.person[rows].tolist()) for rows in found.parts]
    assert not (people[0] & people[1] | people[0] & people[2] | people[1] & people[2])
    for one, other in ((found.fit, found.calibrate), (found.calibrate, found.evaluate)):
        assert (data.shown[other].min() - data.shown[one].max()).astype(int) > WINDOW
    assert not found.by_employer  # fewer than a hundred hires would be left to calibrate with


def test_employers_are_kept_apart_where_there_are_enough_hires(known: Truth) -> None:
    large = build_dataset(make_history(np.random.default_rng(2), truth(np.random.default_rng(2), 0.3), 6000), MODELS)
    found = split(large, np.random.default_rng(0))
    assert found.by_employer
    employers = [set(large.employer[rows].tolist()) - {-1} for rows in found.parts]
    assert not (employers[0] & employers[1] | employers[0] & employers[2] | employers[1] & employers[2])


def test_splits_that_flatter_are_refused(data: Dataset) -> None:
    good = split(data, np.random.default_rng(0))
    check(data, good)
    moved = replace(good, evaluate=np.append(good.evaluate, good.fit[:1]))
    assert refused("person_in_two_splits", check, data, moved) == (1,)
    assert refused("employer_in_two_splits", check, data, replace(good, by_employer=True))[0] > 0
    day = np.argsort(data.shown, kind="stable")
    edge = int(np.flatnonzero(np.diff(data.person[day]) != 0)[len(day) // 300])
    close = Splits(day[:edge], day[edge:20000], day[20000:], False)
    names = {"person_in_two_splits", "splits_too_close", "too_few"}
    with pytest.raises(Refused) as error:
        check(data, close)
    assert error.value.name in names
    middle = data.shown[good.fit].max() + 30
    near = np.flatnonzero((data.shown >= middle) & (data.shown < middle + 60))
    assert refused("splits_too_close", check, data, replace(good, calibrate=near)) == (WINDOW,)
    refused("unmatured", check, replace(data, as_of=date(2025, 1, 1)), good)
    assert refused("too_few", check, data, replace(good, calibrate=good.calibrate[:5]))[0] == "calibrate"


# Tables


def drawn(found: Fit) -> np.ndarray[Any, np.dtype[np.float64]]:
    points = [[list(point) for point in one] for one in found.points]
    return np.stack([table(p, *states) for p, states in zip(points, found.states.tolist(), strict=True)])


@pytest.fixture(scope="module")
def fitted(data: Dataset) -> Fit:
    return fit(data, split(data, np.random.default_rng(0)).fit, MODEL, np.random.default_rng(1))


def scored(tables: Any, values: Any) -> Any:
    return sum(row[values[..., c]] for c, row in enumerate(tables))


def true_hires(chance: Any, scores: Any) -> float:
    """Expected hires among the ten best of each pool, when all ten are looked at."""
    return float(np.take_along_axis(chance, np.argsort(-scores, axis=1)[:, :10], axis=1).sum(axis=1).mean())


def test_training_closes_most_of_the_distance_to_the_truth(known: Truth, fitted: Fit) -> None:
    values = draw_values(np.random.default_rng(3), 1000, 100)
    chance = known.chance(values)
    before, after = (true_hires(chance, scored(tables, values)) for tables in (MODEL.tables, drawn(fitted)))
    ceiling = true_hires(chance, chance)
    assert (after - before) / (ceiling - before) > 0.6


def test_tables_are_servable_and_on_the_scale_of_the_hand_set_ones(data: Dataset, fitted: Fit) -> None:
    tables = drawn(fitted)
    assert faults(tables) == []
    assert (tables * 2**20 % 1 == 0).all()
    rows = split(data, np.random.default_rng(0)).fit
    before = MODEL.scores(data.values[rows])
    after = scored(tables, data.values[rows]) + fitted.intercept
    assert after.mean() == pytest.approx(before.mean(), abs=1e-3)
    assert after.std() == pytest.approx(before.std(), rel=1e-3)


def test_a_lower_rank_takes_away(fitted: Fit) -> None:
    """The truth looks at rank r with chance r**-0.7: log(2**-0.7) = -0.49 at the second, log(8**-0.7) = -1.46 at the eighth."""
    assert (np.diff(fitted.examination) <= 0).all()
    assert fitted.examination[0] == pytest.approx(np.log(examined(np.array([2]))[0]), abs=0.6)
    assert fitted.examination[4] == pytest.approx(np.log(examined(np.array([8]))[0]), abs=0.9)


def test_labels_without_signal_leave_the_hand_set_order(data: Dataset) -> None:
    rng = np.random.default_rng(5)
    order = rng.permutation(len(data))
    shuffled = replace(data, hired=data.hired[order], gain=data.gain[order])
    found = fit(shuffled, split(shuffled, rng).fit, MODEL, rng)
    assert found.signal.mean() < 0
    values = draw_values(rng, 2000)
    assert np.corrcoef(scored(drawn(found), values), scored(MODEL.tables, values))[0, 1] > 0.5


def test_what_is_learned_shows_on_people_left_out(fitted: Fit) -> None:
    assert fitted.signal.mean() > 2 * fitted.signal.std() / np.sqrt(len(fitted.signal))


def test_a_loss_is_that_of_choosing_among_what_a_person_was_shown(data: Dataset) -> None:
    """Twin: person by person, an interview counts once and a hire twice; and the gradient is that of small steps."""
    rows, rng = np.arange(600), np.random.default_rng(2)
    shapes = [_shape(at, table) for at, table in enumerate(MODEL.tables)]
    problem = _Problem(shapes, data.values, data.rank, _cases(data, rows), 1.0)
    parameters = problem.centre + rng.uniform(0, 0.1, len(problem.centre))
    *parts, edges = np.split(parameters, problem.ends[:-1])
    tables, taken = [s.map @ part for s, part in zip(shapes, parts, strict=True)], np.append(0, np.cumsum(edges))
    expected = []
    for person in np.unique(data.person[rows]):
        own = rows[data.person[rows] == person]
        score = np.array([sum(t[v] for t, v in zip(tables, data.values[r], strict=True)) for r in own])
        score -= taken[[sum(rank >= edge for edge in EDGES) for rank in data.rank[own]]]
        worth = [{2: 1, 3: 2}.get(int(gain), 0) for gain in data.gain[own]]
        if sum(worth):
            expected.append(sum(-w * (s - np.log(np.exp(score).sum())) for w, s in zip(worth, score, strict=True)))
    assert problem.losses(parameters)[0] == pytest.approx(np.array(expected))


def test_who_one_person_is_does_not_count(data: Dataset) -> None:
    """A comparison that only differs between people is learned nothing about: its table keeps the shape of the hand-set one."""
    column, values = NAMES.index("education"), data.values.copy()
    lucky = np.isin(data.person, np.unique(data.person[data.hired]))
    values[:, column] = np.where(lucky, FULL, 0)
    found = fit(replace(data, values=values), np.arange(len(data)), MODEL, np.random.default_rng(0))
    others = [c for c in range(N_COMPARISONS) if c != column]
    same = fit(replace(data, values=np.where(np.arange(N_COMPARISONS) == column, FULL, values)), np.arange(len(data)), MODEL,
               np.random.default_rng(0))  # fmt: skip
    ratio = drawn(found)[others] / np.where(drawn(same)[others] == 0, 1, drawn(same)[others])
    kept = ratio[np.abs(drawn(same)[others]) > 0.05]
    assert kept == pytest.approx(np.full(len(kept), kept.mean()), rel=0.02)  # the scale alone differs


def test_what_was_never_shown_keeps_the_hand_set_shape(data: Dataset) -> None:
    """Only values from 200 up are in the log: up to 168, the last knot below, tables rise as the hand-set ones do."""
    column = NAMES.index("travel")
    values = data.values.copy()
    known = values[:, column] <= FULL
    values[known, column] = 200 + values[known, column] // 5
    rows = np.flatnonzero(data.shown < np.datetime64("2024-01-01"))
    found = fit(replace(data, values=values), rows, MODEL, np.random.default_rng(0))
    before = np.diff([MODEL.tables[column, round(x * FULL)] for x, _ in found.points[column]])
    after = np.diff([y for _, y in found.points[column]])
    low = np.array([x * FULL for x, _ in found.points[column]])[1:] <= 168
    assert low.sum() >= 5
    share = after[low & (before > 0)] / before[low & (before > 0)]
    assert share == pytest.approx(np.full(len(share), share.mean()), rel=0.02)  # one scale for all of them


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_any_labels_give_tables_without_fault(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 300
    values = rng.integers(0, 256, (n, N_COMPARISONS)).astype(np.uint8)
    values[:, rng.integers(N_COMPARISONS)] = rng.choice([0, FULL, NOT_ASKED, UNSTATED, UNKNOWN])
    person, none = np.arange(n) // 3, np.zeros(n, dtype=np.int64)
    day = np.full(n, np.datetime64("2024-01-01"))
    hired = rng.random(n) < rng.uniform(0.05, 0.95)
    rank, rows, group = rng.integers(1, 30, n), np.arange(n), np.full(n, "")
    made = Dataset(values, hired, 3 * hired, rows, person, none, none, group, rank, day, {}, {}, WINDOW, LAG, AS_OF)
    found = fit(made, np.arange(n), MODEL, rng)
    assert faults(drawn(found)) == []
    assert isinstance(found.intercept, float)
    assert np.isfinite(found.intercept)


def test_hand_set_tables_come_through_where_nothing_may_change(data: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.learning.fitting.PRIOR", 1e-6)
    found = fit(data, np.arange(3000), MODEL, np.random.default_rng(0))
    assert np.abs(drawn(found) - MODEL.tables).max() < 1e-4 * 40 / 3
    values = draw_values(np.random.default_rng(0), 500)
    rebuilt = scored(drawn(found), values) + found.intercept
    assert np.abs(rebuilt - MODEL.scores(values)).max() < 1e-2


def test_scores_are_the_sum_of_the_tables(data: Dataset) -> None:
    """Twin: one match at a time."""
    model: MatchModel = MODEL
    slow = [model.intercept + sum(float(model.tables[c, v]) for c, v in enumerate(row)) for row in data.values[:50].tolist()]
    assert model.scores(data.values[:50]).tolist() == slow
