"""Release rule, rankings with their intervals, calibration, resemblance of texts: arithmetic, twins, and chance."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import world
from known_truths import AS_OF, make_history, truth
from matching.comparisons import N_COMPARISONS
from models.artifact import load
from training.learning import evaluation
from training.learning.calibration import calibrate, judge, reliability
from training.learning.dataset import Dataset, build_dataset
from training.learning.fitting import EDGES
from training.learning.release import release
from training.learning.resemblance import resemblance, words_of

MODEL = load()


def rows(person: list[int], gain: list[int], rank: list[int] | None = None) -> Dataset:
    """A data set of which only people and outcomes matter."""
    n = len(person)
    gains, nobody, day = np.array(gain), np.zeros(n, dtype=np.int64), np.full(n, np.datetime64("2024-01-01"))
    values = np.zeros((n, N_COMPARISONS), dtype=np.uint8)
    ranks = np.array(rank or [1] * n)
    at, people, group = np.arange(n), np.array(person), np.full(n, "")
    return Dataset(values, gains == 3, gains, at, people, at, nobody, group, ranks, day, {}, {}, 90, 30, AS_OF)


# Ranking


def test_measures_by_hand() -> None:
    """Person 0: scores put the rows in the order interview, hire, nothing. Person 1: nothing, application. Person 2: nothing.

    nDCG of person 0: (2/1 + 3/log2(3)) / (3/1 + 2/log2(3)) = 3.893 / 4.262 = 0.913; of person 1: (1/log2(3)) / 1 = 0.631.
    """
    data = rows([0, 0, 0, 1, 1, 2], [3, 0, 2, 0, 1, 0])
    found = evaluation.measures(data, np.array([0.5, 0.1, 0.9, 0.8, 0.2, 0.3]), np.ones(6))
    people, sums, _ = found["ndcg_10"]
    assert people.tolist() == [0, 1]
    assert sums.tolist() == pytest.approx([0.9134, 0.6309], abs=1e-4)
    assert [found[name][1].tolist() for name in ("mrr", "hit_1", "hit_5")] == [[0.5], [0.0], [1.0]]


def test_what_is_not_known_comes_last() -> None:
    found = evaluation.measures(rows([0, 0], [3, 0]), np.array([np.nan, -9.0]), np.ones(2))
    assert found["mrr"][1].tolist() == [0.5]


def slow_ndcg(data: Dataset, scores: Any) -> dict[int, float]:
    found = {}
    for person in sorted(set(data.person.tolist())):
        here = [at for at in range(len(data)) if data.person[at] == person]
        order = sorted(here, key=lambda at: (-scores[at], data.offer[at]))
        gains = [int(data.gain[at]) for at in order]
        best = sorted(gains, reverse=True)
        if best[0]:
            total = [sum(g / np.log2(place + 1) for place, g in enumerate(one[:10], 1)) for one in (gains, best)]
            found[person] = total[0] / total[1]
    return found


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(-3, 3)), min_size=1, max_size=40))
def test_ndcg_is_that_of_a_slow_reading(drawn: list[tuple[int, int, int]]) -> None:
    data = rows([p for p, _, _ in drawn], [g for _, g, _ in drawn])
    scores = np.array([float(s) for _, _, s in drawn])
    people, sums, counts = evaluation.measures(data, scores, np.ones(len(drawn)))["ndcg_10"]
    assert dict(zip(people.tolist(), (sums / counts).tolist(), strict=True)) == pytest.approx(slow_ndcg(data, scores))


def test_outcomes_count_by_how_little_their_rank_is_looked_at() -> None:
    """Rank 1 counts 1; rank 2, looked at exp(-0.7) = half as often, counts 2; nothing counts more than 10."""
    found = evaluation.examination_weights(np.array([1, 2, 3, 30]), np.array([-0.7, -5.0]), (2, 4))
    assert found.tolist() == pytest.approx([1.0, 2.014, 2.014, 10.0], abs=1e-3)


def test_a_perfect_order_beats_chance_and_a_policy_does_not_beat_itself() -> None:
    rng = np.random.default_rng(0)
    person = np.repeat(np.arange(200), 8)
    data = rows(person.tolist(), (3 * (rng.random(1600) < 0.1)).tolist())
    truth_itself = data.gain.astype(np.float64)
    policies = {"oracle": truth_itself, "same": truth_itself, "chance": rng.random(1600)}
    figures, differences = evaluation.compare(data, policies, "oracle", np.ones(1600), rng)
    assert figures["oracle"]["ndcg_10"].value == 1.0
    assert figures["chance"]["mrr"].low < figures["chance"]["mrr"].value < figures["chance"]["mrr"].high < 0.8
    assert (differences["same"]["mrr"].low, differences["same"]["mrr"].high) == (0.0, 0.0)
    assert differences["chance"]["ndcg_10"].low > 0


def test_the_interval_is_that_of_people() -> None:
    """200 people with 8 equal rows each: the interval is that of 200, 1.96 * 0.5 / sqrt(200) = 0.069 each way."""
    rng = np.random.default_rng(1)
    figure = np.repeat(np.arange(200) % 2, 8).astype(np.float64)
    found = evaluation.mean_by_person(figure, np.repeat(np.arange(200), 8), rng)
    assert (found.value - found.low, found.high - found.value) == pytest.approx((0.069, 0.069), abs=0.012)


def test_a_small_group_has_no_figures() -> None:
    rng = np.random.default_rng(2)
    data = rows(list(range(100)), [3] * 100)
    groups = np.array(["large"] * 80 + ["small"] * 10 + [""] * 10)
    found = evaluation.by_group(data, np.zeros(100), np.ones(100), groups, rng)
    assert found.keys() == {"large", "small"}
    assert found["small"] is None
    assert found["large"] is not None


# Release


def outcomes(rng: np.random.Generator, n: int = 20_000) -> tuple[Any, Any, Any]:
    chance = 1 / (1 + np.exp(-rng.normal(-3, 1, n)))
    return rng.random(n) < chance, chance, rng.choice(["a", "b", ""], n)


def test_true_chances_are_released() -> None:
    observed, chance, groups = outcomes(np.random.default_rng(0))
    found = release(observed, chance, groups)
    assert (found.shown, found.why_not) == (True, ())
    assert found.ratio == pytest.approx(observed.sum() / chance.sum())
    assert found.slope == pytest.approx(1, abs=0.1)
    assert set(found.by_group) == {"a", "b"}
    rate = observed.mean()
    assert found.skill == pytest.approx(1 - np.mean((chance - observed) ** 2) / (rate * (1 - rate)))


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (lambda p: np.minimum(1.4 * p, 1), "observed_expected"),  # a third too much is promised: 1 / 1.4 = 0.71
        (lambda p: 0.7 * p, "observed_expected"),
        (lambda p: p**1.5 * p.sum() / (p**1.5).sum(), "slope"),  # too sure: log-odds 1.5 times as wide, slope 0.67
        (lambda p: p**0.6 * p.sum() / (p**0.6).sum(), "slope"),
        (lambda p: np.full(len(p), p.mean()) * np.where(np.arange(len(p)) % 2, 1.2, 0.8), "skill"),
    ],
)
def test_wrong_chances_are_not(wrong: Any, why: str) -> None:
    observed, chance, groups = outcomes(np.random.default_rng(1))
    found = release(observed, wrong(chance), groups)
    assert not found.shown
    assert why in found.why_not


def test_chances_wrong_for_one_group_are_not() -> None:
    observed, chance, groups = outcomes(np.random.default_rng(2))
    chance = np.where(groups == "a", 0.8 * chance, np.where(groups == "b", 1.2 * chance, chance))
    found = release(observed, np.minimum(chance, 1), groups)
    assert found.why_not == ("group",)
    assert found.by_group["a"][1] > 1 > found.by_group["b"][2]


def test_too_few_hires_give_no_verdict() -> None:
    observed = np.arange(100) < 19
    found = release(observed, np.full(100, 0.5), np.full(100, ""))
    assert (found.shown, found.why_not) == (False, ("too_few",))
    assert np.isnan(found.ratio)
    assert not release(observed[:0], np.zeros(0), np.full(0, "")).shown


def test_calibration_finds_the_chance_of_a_score_and_is_judged_later() -> None:
    rng = np.random.default_rng(3)
    data = build_dataset(make_history(rng, truth(rng), 4000), {MODEL.version: MODEL})
    examination = np.array([-0.5, -0.5, -1.0, -1.0, -1.5, -1.5, -2.0, -2.0])  # from rank 2, 3, 4, 6, 8, 11, 16, 21 on
    taken = np.append(0.0, examination)[np.searchsorted(EDGES, data.rank, side="right")]
    group = np.where(data.person % 3 == 0, "a", "")  # who comes with group a has a little more of the odds
    odds = np.exp(0.5 * MODEL.scores(data.values) + 1.5 + taken) * np.where(group == "a", 1.05, 1)
    hired = rng.random(len(data)) < odds / (1 + odds)
    data, half = replace(data, hired=hired, group=group), np.arange(len(data)) % 2 == 0
    early, late = np.flatnonzero(half & (data.person % 2 == 0)), np.flatnonzero(half & (data.person % 2 == 1))
    scores = MODEL.scores(data.values)
    found = calibrate(data, early, scores[early], late, MODEL, examination)
    assert (found.slope, found.intercept) == pytest.approx((0.5, 1.5), abs=0.15)
    again = calibrate(data, late, scores[late], late, MODEL, examination)
    here = late[group[late] == "a"]
    expected = replace(again, groups={}).probability(MODEL.scores(data.values[here]), group[here], data.rank[here]).sum()
    assert again.groups == {"a": pytest.approx(np.log((2 * hired[here].sum() + 100) / (2 * expected + 100)))}
    assert set(found.groups) == {"a"}
    assert not found.shown
    first, tenth = found.probability(np.zeros(2), np.array(["", "other"]), np.array([1, 10])).tolist()
    assert np.log(tenth / (1 - tenth)) - np.log(first / (1 - first)) == pytest.approx(-1.5, abs=0.25)  # from rank 8 on
    halved = calibrate(data, early, scores[early], late, MODEL, examination / 2)  # its size is learned here
    assert dict(halved.examination) == pytest.approx(dict(found.examination))
    assert found.probability(np.zeros(1), np.array([""]))[0] == first
    judged, verdict = judge(data, np.flatnonzero(~half), MODEL, found)
    assert judged == replace(found, shown=True, why_not=())
    assert verdict.shown
    parts = reliability(data, np.flatnonzero(~half), MODEL, judged)
    assert sum(part["n"] for part in parts) == (~half).sum()
    assert [part["expected"] for part in parts] == sorted(part["expected"] for part in parts)
    wrong = replace(data, hired=rng.permutation(hired) & (rng.random(len(data)) < 0.5))
    assert "observed_expected" in judge(wrong, np.flatnonzero(~half), MODEL, found)[0].why_not


# Texts


def test_texts_that_share_words_are_alike_and_silence_is_unknown() -> None:
    people, offers = ["nettoyer les bureaux", "cuire du pain", " "], ["nettoyeur de bureaux", "boulanger: le pain"]
    person, offer = np.array([0, 0, 1, 1, 2]), np.array([0, 1, 0, 1, 0])
    found = resemblance(people, offers, person, offer)
    assert found[0] > found[1]
    assert found[3] > found[2]
    assert np.isnan(found[4])
    assert np.isnan(resemblance([""], [""], np.array([0]), np.array([0]))).all()


def test_a_file_is_read_in_every_language_and_an_offer_as_it_is_written() -> None:
    taxonomy = world.matcher([]).taxonomy
    said = words_of(world.profile(), taxonomy)
    assert len(said.split()) > 3
    offer = world.vacancy("cleaner", title="Poetshulp", text="Ramen wassen")
    assert words_of(offer, taxonomy) == "Poetshulp Ramen wassen"
