"""What the search is made of: what a profile can do, what facets add for it, and how much anything can add at most."""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from matching.comparisons import FULL, N_COMPARISONS, NAMES, NOT_ASKED, competences, value
from matching.comparisons.comparison import compiled
from matching.comparisons.professions import RELATED
from matching.rules import N_RULES, result
from matching.stock import FACET_OF_COMPARISON, FACET_OF_RULE, N_FACETS, N_GRADED, Groups
from matching.vectors import Ints
from models.match_model import EXACT

SOUGHT: Final = NAMES.index("profession_sought")
DONE: Final = NAMES.index("profession_done")
MANDATORY: Final = NAMES.index("competences_mandatory")
DESIRED: Final = NAMES.index("competences_desired")
USED: Final = NAMES.index("competences_used")
COVERED: Final = (MANDATORY, DESIRED, USED)
RULE_FACETS: Final = tuple(f for f in range(N_FACETS) if f in FACET_OF_RULE)
"""Facets that rules read."""
MOST_KEPT: Final = 8_000_000
"""Facet values at most whose contributions are kept, per facet."""


class Scale(NamedTuple):
    """A model with the weights of one request, as the search reads it.

    ``tables`` (comparisons, 256); ``floors`` (kinds,): least evidence of a suggestion; ``good``: lowest score of a good match.
    """

    tables: npt.NDArray[np.float64]
    intercept: float
    floors: npt.NDArray[np.float64]
    good: float


class Scratch(NamedTuple):
    """Arrays to work in, one set for each thread.

    ``credit`` (competences,) zeros between calls; ``values`` (comparisons,); ``fails`` (facet values,): bits of rules;
    ``reached`` (units,): highest credit for a competence that it asks, from ``RELATED`` on, zeros between calls; ``units``
    (units,): those reached; ``akin`` (units,): those of near professions, marked in ``seen`` (units,).

    What the values of a facet add is kept in slots, each for the profiles of one key (`Profiles`): slots ``slot[f]`` to
    ``slot[f + 1]`` are those of facet ``f``, their keys in ``key`` (slots,), -1 while empty, and the most that a value adds to
    score and evidence in ``best`` (slots, 2). ``adds`` holds the values of all slots, score and evidence `packed` in one
    number, those of facet ``f`` from ``start[f]`` on; those of the profile in hand from ``at[f] + facet[f]``.
    """

    credit: npt.NDArray[np.uint8]
    values: npt.NDArray[np.int64]
    adds: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    at: npt.NDArray[np.uint64]
    slot: npt.NDArray[np.int64]
    key: npt.NDArray[np.int64]
    best: npt.NDArray[np.float64]
    fails: npt.NDArray[np.int64]
    reached: npt.NDArray[np.uint8]
    units: npt.NDArray[np.int64]
    akin: npt.NDArray[np.int64]
    seen: npt.NDArray[np.bool_]


class Lists(NamedTuple):
    """Lists to be filled, best first: score, rank and row of each place; -inf, the largest number and -1 when empty."""

    scores: npt.NDArray[np.float64]
    ranks: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]


def lists(shape: tuple[int, ...]) -> Lists:
    """Make empty lists; the last axis holds the places."""
    return Lists(np.full(shape, -np.inf), np.full(shape, np.iinfo(np.int64).max), np.full(shape, -1, dtype=np.int64))


def scratch(n_competences: int, groups: Groups | None = None, n_keys: Ints | int = 1) -> Scratch:
    """Make arrays to work in.

    Parameters
    ----------
    groups
        Of the offers that are searched; ``None`` when profiles are.
    n_keys
        (facets,) or for all: how many slots the keys of the profiles can fill.
    """
    facet = np.zeros(N_FACETS + 1, dtype=np.int64) if groups is None else groups.facet
    n_units, size = 0 if groups is None else len(groups.kind), np.diff(facet[: N_GRADED + 1])
    slots = np.clip(np.minimum(n_keys, MOST_KEPT // np.maximum(size, 1)), 1, None)
    return Scratch(
        credit=np.zeros(n_competences, dtype=np.uint8),
        values=np.empty(N_COMPARISONS, dtype=np.int64),
        adds=np.empty(slots @ size, dtype=np.int64),
        start=np.cumsum([0, *(slots * size)[:-1]]),
        at=np.zeros(N_GRADED, dtype=np.uint64),
        slot=np.cumsum([0, *slots]),
        key=np.full(slots.sum(), -1, dtype=np.int64),
        best=np.empty((slots.sum(), 2)),
        fails=np.zeros(facet[-1], dtype=np.int64),
        reached=np.zeros(n_units, dtype=np.uint8),
        units=np.empty(n_units, dtype=np.int64),
        akin=np.empty(n_units, dtype=np.int64),
        seen=np.zeros(n_units, dtype=np.bool_),
    )


@compiled
def spread_credit(p: Any, i: int, w: Any, credit: Any) -> None:
    """Write what profile ``i`` can do into ``credit`` (competences,): full credit for held ones, part for related."""
    for k in range(p.rows[i].held_start, p.rows[i].held_end):
        held = p.held[k]
        for r in range(w.related_start[held], w.related_start[held + 1]):
            credit[w.related[r]] = max(credit[w.related[r]], w.related_credit[r])
    for k in range(p.rows[i].held_start, p.rows[i].held_end):
        credit[p.held[k]] = FULL


@compiled
def clear_credit(p: Any, i: int, w: Any, credit: Any) -> None:
    """Take back what ``spread_credit`` wrote."""
    for k in range(p.rows[i].held_start, p.rows[i].held_end):
        held = p.held[k]
        credit[held] = 0
        for r in range(w.related_start[held], w.related_start[held + 1]):
            credit[w.related[r]] = 0


@compiled
def near(step: int) -> bool:
    """Say whether a comparison of the work finds a resemblance."""
    return RELATED <= step <= FULL


@compiled
def grade(p: Any, i: int, g: Any, w: Any, t: Any, s: Any) -> tuple[float, float]:
    """Compute what each facet value adds for profile ``i``; give the most that all facets together can add and prove.

    A facet for which the profile tells the same as an earlier one is taken from its slot, where it stands.
    """
    fresh = 0
    for f in range(N_GRADED):
        slot = p.key[i, f] % (s.slot[f + 1] - s.slot[f])
        at = s.start[f] + slot * (g.facet[f + 1] - g.facet[f]) - g.facet[f]
        s.at[f] = at
        if s.key[s.slot[f] + slot] != p.key[i, f]:
            fresh |= 1 << f
            for v in range(g.facet[f], g.facet[f + 1]):
                s.adds[at + v] = 0
    for c in range(N_COMPARISONS):
        f = FACET_OF_COMPARISON[c]
        if f < 0 or not fresh >> f & 1:
            continue
        at = np.int64(s.at[f])
        for v in range(g.facet[f], g.facet[f + 1]):
            step = value(c, p, i, g.samples, v, w, s.credit)
            added = t.tables[c, step]
            s.adds[at + v] += packed(added, added if step <= NOT_ASKED else 0.0)
    most = 0.0
    most_sure = 0.0
    for f in range(N_GRADED):
        slot = s.slot[f] + p.key[i, f] % (s.slot[f + 1] - s.slot[f])
        if fresh >> f & 1:
            s.key[slot] = p.key[i, f]
            s.best[slot, 0] = -np.inf
            s.best[slot, 1] = -np.inf
            for v in range(g.facet[f], g.facet[f + 1]):
                added, proved = unpacked(s.adds[np.int64(s.at[f]) + v])
                s.best[slot, 0] = max(s.best[slot, 0], added)
                s.best[slot, 1] = max(s.best[slot, 1], proved)
        most += s.best[slot, 0]
        most_sure += s.best[slot, 1]
    return most, most_sure


@compiled
def packed(score: float, evidence: float) -> int:
    """Put two sums of contributions, which are multiples of 1 / `EXACT`, into one whole number; these add up as both do."""
    return (int(score * EXACT) << 32) + int(evidence * EXACT)


@compiled
def unpacked(sums: int) -> tuple[float, float]:
    """Give the two sums of contributions that `packed` put together."""
    evidence = ((sums & 0xFFFFFFFF) ^ 0x80000000) - 0x80000000
    return ((sums - evidence) >> 32) / EXACT, evidence / EXACT


@compiled
def judge(p: Any, i: int, g: Any, w: Any, s: Any) -> int:
    """Compute which rules each facet value breaks for profile ``i``; give the facets with any, as bits."""
    active = 0
    for f in RULE_FACETS:
        for v in range(g.facet[f], g.facet[f + 1]):
            s.fails[v] = 0
    for r in range(N_RULES):
        f = FACET_OF_RULE[r]
        for v in range(g.facet[f], g.facet[f + 1]):
            if result(r, p, i, g.samples, v, w) == 1:
                s.fails[v] |= 1 << r
                active |= 1 << f
    return active


@compiled
def facets_sum(s: Any, code: Any, j: int) -> tuple[float, float]:
    """Sum what the facets of offer ``j`` add and prove."""
    sums = 0
    for f in range(N_GRADED):
        sums += s.adds[s.at[f] + code[j, f]]
    return unpacked(sums)


@compiled
def most_of(t: Any, c: int, step: int) -> tuple[float, float]:
    """Bound what a comparison adds and proves while its known value is at most ``step``."""
    proved = max(t.tables[c, step], t.tables[c, NOT_ASKED])
    return max(proved, t.tables[c, NOT_ASKED + 1], t.tables[c, NOT_ASKED + 2]), max(proved, 0.0)


@compiled
def most_covered(t: Any, credit: int) -> tuple[float, float]:
    """Bound the three comparisons of competences while no asked competence has more than this credit."""
    mandatory, mandatory_sure = most_of(t, MANDATORY, credit)
    desired, desired_sure = most_of(t, DESIRED, credit)
    used, used_sure = most_of(t, USED, FULL if credit == FULL else 0)
    return mandatory + desired + used, mandatory_sure + desired_sure + used_sure


@compiled
def covered_by(p: Any, i: int, o: Any, j: int, w: Any, t: Any, credit: Any) -> tuple[float, float, bool]:
    """Give what the comparisons of competences add and prove, and whether they find a resemblance."""
    mandatory, desired, used = competences.covered(p, i, o, j, w, credit)
    proved = 0.0
    if mandatory <= NOT_ASKED:
        proved += t.tables[MANDATORY, mandatory]
    if desired <= NOT_ASKED:
        proved += t.tables[DESIRED, desired]
    if used <= NOT_ASKED:
        proved += t.tables[USED, used]
    added = t.tables[MANDATORY, mandatory] + t.tables[DESIRED, desired] + t.tables[USED, used]
    return added, proved, near(mandatory) or near(used)


@compiled
def reach_units(p: Any, i: int, g: Any, w: Any, s: Any) -> int:
    """Write into ``s.reached`` what profile ``i`` can do for each unit; give how many units ``s.units`` then names."""
    n = 0
    for k in range(p.rows[i].held_start, p.rows[i].held_end):
        held = p.held[k]
        for r in range(w.related_start[held] - 1, w.related_start[held + 1]):
            own = r < w.related_start[held]
            competence = held if own else w.related[r]
            credit = FULL if own else w.related_credit[r]
            if credit < RELATED:
                break  # the highest come first
            for a in range(g.asking_start[competence], g.asking_start[competence + 1]):
                u = g.asking[a]
                if s.reached[u] == 0:
                    s.units[n] = u
                    n += 1
                s.reached[u] = max(s.reached[u], credit)
    return n


@compiled
def akin_units(p: Any, i: int, g: Any, w: Any, s: Any) -> int:
    """Write into ``s.akin`` the units of vacancies near the professions sought and done, the sought ones themselves first.

    Gives how many there are.
    """
    n = 0
    for turn in range(3):
        first = p.rows[i].done_start if turn == 2 else p.rows[i].sought_start
        end = p.rows[i].done_end if turn == 2 else p.rows[i].sought_end
        for k in range(first, end):
            own = p.done[k, 0] if turn == 2 else p.sought[k]
            a_first = w.akin_start[own]
            for a in range(a_first, a_first + 1 if turn == 0 else w.akin_start[own + 1]):
                u = g.vacancies[w.akin[a]]
                if u >= 0 and not s.seen[u]:
                    s.seen[u] = True
                    s.akin[n] = u
                    n += 1
    return n


@compiled
def most_done(p: Any, i: int, w: Any, occupation: int) -> int:
    """Give the highest similarity of an occupation with those done, whatever the months."""
    most = 0
    if occupation >= 0:
        for k in range(p.rows[i].done_start, p.rows[i].done_end):
            most = max(most, w.similarity[p.done[k, 0], occupation])
    return most


@compiled
def leave(p: Any, i: int, w: Any, s: Any, n_reached: int) -> None:
    """Take back what was written for profile ``i``."""
    for at in range(n_reached):
        s.reached[s.units[at]] = 0
    clear_credit(p, i, w, s.credit)
