"""Credits and similarities, with their arithmetic; steps of 1/252."""

import numpy as np
import pytest
from scipy import sparse

from matching.taxonomy import (
    MOST_RELATED,
    STEPS,
    code_key,
    incidence,
    isco_digits,
    related_competences,
    similar_occupations,
    smallest_groups,
)


def steps(value: float) -> int:
    """Value in steps, rounded by hand."""
    return round(value * STEPS)


def credits(
    broader: list[list[int]],
    group: list[int] | None = None,
    essential: sparse.csr_array | None = None,
    parts: list[list[int]] | None = None,
) -> dict[tuple[int, int], int]:
    """Credit per (held, asked)."""
    n = len(broader)
    start, competence, credit = related_competences(
        broader,
        np.array(group if group is not None else [-1] * n, dtype=np.int32),
        incidence([[]], n) if essential is None else essential,
        parts or [[] for _ in range(n)],
    )
    assert start.dtype == np.int64
    assert competence.dtype == np.int32
    assert credit.dtype == np.uint8
    return {(held, int(competence[at])): int(credit[at]) for held in range(n) for at in range(start[held], start[held + 1])}


def test_narrower_covers_broader_at_any_distance_and_less_the_other_way() -> None:
    # 2 is a kind of 1, which is a kind of 0.
    assert credits([[], [0], [1]]) == {
        (1, 0): steps(0.8),
        (2, 1): steps(0.8),
        (2, 0): steps(0.8),
        (0, 1): steps(0.5),
        (1, 2): steps(0.5),
        (0, 2): steps(0.5),
    }


def test_a_circle_in_the_data_ends() -> None:
    assert set(credits([[1], [0]])) == {(0, 1), (1, 0)}


def test_same_small_group_gives_a_quarter_and_a_large_group_nothing() -> None:
    assert credits([[], [], []], group=[0, 0, 1]) == {(0, 1): steps(0.25), (1, 0): steps(0.25)}
    assert len(credits([[] for _ in range(40)], group=[0] * 40)) == 40 * 39
    assert credits([[] for _ in range(41)], group=[0] * 41) == {}


def test_essential_for_the_same_occupations() -> None:
    # 0 and 1 share three of four occupations: 3 / (4 + 3 - 3) = 0.75; 2 shares only two with each.
    essential = incidence([[0, 1], [0, 1, 2], [0, 1, 2], [0]], 3)
    assert credits([[], [], []], essential=essential) == {(0, 1): steps(0.6 * 0.75), (1, 0): steps(0.6 * 0.75)}


def test_part_of_a_competence_and_the_highest_reason_wins() -> None:
    # 1 is essential for 0 (0.4), and both are in one group (0.25).
    assert credits([[], []], group=[0, 0], parts=[[1], []]) == {(1, 0): steps(0.4), (0, 1): steps(0.25)}


def test_each_competence_keeps_its_best_sixty_ties_by_row() -> None:
    narrow: list[list[int]] = [[]] + [[0] for _ in range(100)]
    start, competence, credit = related_competences(
        narrow, np.full(101, -1, dtype=np.int32), incidence([[]], 101), [[] for _ in narrow]
    )
    assert start[1] - start[0] == MOST_RELATED
    assert competence[:MOST_RELATED].tolist() == list(range(1, 61))
    assert set(credit[:MOST_RELATED].tolist()) == {steps(0.5)}


def test_smallest_group_is_inherited_from_broader_competences() -> None:
    # Group 0 has three members, group 1 one; competence 3 stands under competence 1 only.
    groups = smallest_groups([[0], [0, 1], [0], [], []], [[], [], [], [1], []], 2)
    assert groups.tolist() == [0, 1, 0, 1, -1]


def test_occupations_by_tree_alone() -> None:
    nothing = incidence([[], [], [], [], []], 1)
    table = similar_occupations(["5131", "5131", "5132", "5120", ""], [[], [], [], [], [3]], nothing)
    assert table[0].tolist() == [STEPS, steps(0.6), steps(0.35), steps(0.12), 0]
    assert table[4].tolist() == [0, 0, 0, steps(0.8), STEPS]
    assert np.array_equal(table, table.T)


def test_occupations_without_isco_are_not_alike_for_that() -> None:
    assert similar_occupations(["", ""], [[], []], incidence([[], []], 1))[0, 1] == 0


def test_occupations_by_shared_work_and_both() -> None:
    # Competence 0 in all three (weight log(4/3)), 1 in two (log(4/2)), 2 in one (log(4/1)).
    essential = incidence([[0, 1], [0, 1], [0, 2]], 3)
    apart = similar_occupations(["1111", "2222", "3333"], [[], [], []], essential)
    w0, w1, w2 = np.log(4 / 3) ** 2, np.log(2) ** 2, np.log(4) ** 2
    assert apart[0, 1] == steps(0.9)
    assert apart[0, 2] == steps(0.9 * w0 / np.sqrt((w0 + w1) * (w0 + w2)))
    together = similar_occupations(["1111", "1111", "3333"], [[], [], []], essential)
    assert together[0, 1] == steps(0.9 + 0.1 * 0.6)
    assert together.diagonal().tolist() == [STEPS] * 3


def test_different_occupations_never_reach_the_top() -> None:
    essential = incidence([[0], [0]], 1)
    assert similar_occupations(["1111", "1111"], [[1], []], essential)[0, 1] <= STEPS - 1


@pytest.mark.parametrize(
    ("value", "digits"),
    [
        ("isco:5153", "5153"),
        ("ISCO:C515", "515"),
        ("urn:isco:08:5153", "5153"),
        ("http://data.europa.eu/esco/isco/C5153", "5153"),
        ("http://data.europa.eu/esco/occupation/5153", None),
        ("rome:K1302", None),
        ("isco:51534", None),
        ("isco:", None),
        ("5153", None),
    ],
)
def test_isco_digits(value: str, digits: str | None) -> None:
    assert isco_digits(value) == digits


def test_code_key_ignores_case_and_spaces() -> None:
    assert code_key(" Rome", "k1302 ") == "rome:K1302"
