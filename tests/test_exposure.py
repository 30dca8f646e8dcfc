"""Figures of exposure against worked tables and slow twins; who lost what; the words."""

from dataclasses import asdict, fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import naive_allocation as naive
from matching.allocation import STEPS, allocate
from matching.codes import LANGUAGES_OF_SERVICE
from matching.exposure import (
    WORDS,
    Figures,
    Loss,
    coverage,
    coverage_ceiling,
    entropy,
    gini,
    ranks,
    rows,
    spread_report,
)
from test_allocation import pairs_of


@pytest.mark.parametrize(
    ("exposure", "worth"),
    [
        ([5, 5, 5], 0),
        ([0, 0, 9], 2 / 3),  # (-2 x 0 + 0 x 0 + 2 x 9) / (3 x 9) = 18 / 27
        ([1, 3, 4], 1 / 4),  # (-2 x 1 + 0 x 3 + 2 x 4) / (3 x 8) = 6 / 24
        ([4, 1, 3], 1 / 4),  # order means nothing
        ([7], 0),
    ],
)
def test_gini_of_worked_tables(exposure: list[int], worth: float) -> None:
    assert gini(np.array(exposure)) == pytest.approx(worth)


@pytest.mark.parametrize(
    ("exposure", "worth"),
    [
        ([2, 2, 2, 2], 1),
        ([8, 0, 0, 0], 0),
        ([4, 2, 2, 0], 0.75),  # in bits: 1/2 x 1 + 1/4 x 2 + 1/4 x 2 = 1.5, of log2 4 = 2
    ],
)
def test_entropy_of_worked_tables(exposure: list[int], worth: float) -> None:
    assert entropy(np.array(exposure)) == pytest.approx(worth)


def test_what_cannot_be_computed_is_unknown() -> None:
    nothing = np.zeros(3, np.int64)
    assert np.isnan([gini(nothing), entropy(nothing), entropy(np.array([3])), coverage(nothing[:0]), gini(nothing[:0])]).all()
    report = spread_report(pairs_of([], 2, 0), np.zeros(0, np.int64), 3, np.zeros(0, np.bool_))
    assert np.isnan([report.after.mean_score, report.after.mean_rank, report.after.coverage_ceiling]).all()
    assert (report.after.suggestions, report.losses) == (0, ())


@given(st.lists(st.integers(0, 50), min_size=2, max_size=12).filter(any))
def test_gini_and_entropy_equal_their_twins(exposure: list[int]) -> None:
    assert gini(np.array(exposure)) == pytest.approx(naive.gini(exposure))
    assert entropy(np.array(exposure)) == pytest.approx(naive.entropy(exposure))


def test_the_ceiling_of_coverage() -> None:
    # One profile, lists of two, four offers that suit: two can be shown. Only two of the four have a place left, one suits.
    pairs = pairs_of([(0, 0, 0), (0, 1, 0), (0, 2, 0)], 1, 4)
    assert coverage_ceiling(pairs, np.array([2]), np.array([9, 9, 9, 9])) == 2 / 4
    assert coverage_ceiling(pairs, np.array([2]), np.array([0, 0, 3, 3])) == 1 / 4


def test_ranks_count_within_each_profile() -> None:
    # Profile 1: offers 2 and 0 tie at -1, the lower position first; offer 1 at -5 is third.
    pairs = pairs_of([(1, 2, -1), (0, 2, -9), (1, 1, -5), (1, 0, -1)], 2, 3)
    assert ranks(pairs).tolist() == [2, 1, 3, 1]


TABLE = [
    # profile, offer, score in steps
    *((0, 0, -10), (0, 1, -20), (0, 2, -30)),
    *((1, 0, -11), (1, 1, -40)),
    *((2, 0, -12),),
]
"""Three profiles, four offers, of which offer 0 is everybody's best and offer 3 suits nobody."""


def test_a_report_of_a_worked_table() -> None:
    # Lists of two. Plain: 0 -> offers 0, 1; 1 -> 0, 1; 2 -> 0. Exposure 3 2 0 0, five suggestions.
    # One place each: offer 0 must go to profile 2, offer 1 to profile 1, offer 2 to profile 0. Exposure 1 1 1 0, three.
    pairs, places = pairs_of(TABLE, 3, 4), np.ones(4, np.int64)
    report = spread_report(pairs, places, 2, allocate(pairs, places, 2).kept)
    assert asdict(report.before) == pytest.approx(
        {
            "suggestions": 5,
            "empty_lists": 0,
            "gini": 11 / 20,  # -3 x 0 - 1 x 0 + 1 x 2 + 3 x 3 = 11, over 4 x 5
            "entropy": -(0.6 * np.log(0.6) + 0.4 * np.log(0.4)) / np.log(4),
            "coverage": 2 / 4,
            "coverage_ceiling": 3 / 4,
            "overload": 2 + 1,
            "overfull": 2,
            "overfull_share": 2 / 4,
            "mean_score": (-10 - 20 - 11 - 40 - 12) / 5 / STEPS,
            "mean_rank": (1 + 2 + 1 + 2 + 1) / 5,
        }
    )
    assert asdict(report.after) == pytest.approx(
        {
            "suggestions": 3,
            "empty_lists": 0,
            "gini": 1 / 4,  # -3 x 0 - 1 x 1 + 1 x 1 + 3 x 1 = 3, over 4 x 3
            "entropy": np.log(3) / np.log(4),
            "coverage": 3 / 4,
            "coverage_ceiling": 3 / 4,
            "overload": 0,
            "overfull": 0,
            "overfull_share": 0,
            "mean_score": (-30 - 40 - 12) / 3 / STEPS,
            "mean_rank": (3 + 2 + 1) / 3,
        }
    )
    # Profile 0 gets offer 2 (-30) for offer 0 (-10), and nothing for offer 1; profile 1 nothing for offer 0.
    assert report.losses == (Loss(0, (0, 1), (2,), 20 / STEPS), Loss(1, (0,), (), 0.0))
    assert (report.suggestions_lost, report.unreplaced, report.score_lost) == (3, 2, 20 / STEPS)


def test_lists_that_became_empty_are_counted() -> None:
    pairs = pairs_of(TABLE, 5, 4)  # profiles 3 and 4 suit nothing: not emptied by spreading
    report = spread_report(pairs, np.array([1, 0, 0, 0]), 2, allocate(pairs, np.array([1, 0, 0, 0]), 2).kept)
    assert (report.before.empty_lists, report.after.empty_lists) == (0, 2)


@given(st.integers(0, 10_000))
def test_losses_add_up(seed: int) -> None:
    rng = np.random.default_rng(seed)
    chosen = [(p, o, int(rng.integers(-30, 5))) for p in range(6) for o in range(5) if rng.random() < 0.6]
    pairs, places = pairs_of(chosen, 6, 5), rng.integers(0, 4, 5)
    kept = allocate(pairs, places, 2).kept
    report = spread_report(pairs, places, 2, kept)
    plain = np.array(naive.plain(chosen, 2), bool)
    assert report.suggestions_lost == int((plain & ~kept).sum())
    assert report.unreplaced == report.before.suggestions - report.after.suggestions
    assert all(loss.score_lost >= 0 and not set(loss.lost) & set(loss.instead) for loss in report.losses)


def test_every_figure_has_its_name_in_every_language() -> None:
    pairs, places = pairs_of(TABLE, 3, 4), np.ones(4, np.int64)
    report = spread_report(pairs, places, 2, allocate(pairs, places, 2).kept)
    assert list(WORDS) == [field.name for field in fields(Figures)]
    for lang in LANGUAGES_OF_SERVICE:
        said = rows(report, lang)
        assert len({name for name, _, _ in said}) == len(WORDS)
        assert said[0][1:] == (5, 3)
    assert rows(report, "en")[4] == ("Share of the offers suggested at least once", 0.5, 0.75)
    assert rows(report, "nl")[9][0] == "Gemiddelde score van de suggesties"
    assert rows(report, "fr")[2][0] == "Inégalité entre les offres (Gini ; 0 : toutes proposées autant)"
