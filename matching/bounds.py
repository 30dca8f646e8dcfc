"""What the search is made of: what a profile can do, what facets add for it, and how much anything can add at most."""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from matching.comparisons import FULL, N_COMPARISONS, NAMES, NOT_ASKED, competences, value
from matching.comparisons.comparison import compiled
from matching.comparisons.professions import RELATED
from matching.rules import N_RULES, result
from matching.stock import FACET_OF_COMPARISON, FACET_OF_RULE, N_FACETS, N_GRADED

SOUGHT: Final = NAMES.index("profession_sought")
DONE: Final = NAMES.index("profession_done")
MANDATORY: Final = NAMES.index("competences_mandatory")
DESIRED: Final = NAMES.index("competences_desired")
USED: Final = NAMES.index("competences_used")
COVERED: Final = (MANDATORY, DESIRED, USED)
RULE_FACETS: Final = tuple(f for f in range(N_FACETS) if f in FACET_OF_RULE)
"""Facets that rules read."""


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

    ``credit`` (competences,) zeros between calls; ``values`` (comparisons,); ``adds`` (facet values, 2): what each adds to
    score and evidence, side by side, with the most of each facet in ``best`` (facets, 2), for the profile keys ``key``
    (facets,); ``fails`` (facet values,): bits of rules; ``reached`` (units,): highest credit for a competence that it asks,
    from ``RELATED`` on, zeros between calls; ``units`` (units,): those reached; ``akin`` (units,): those of near professions,
    marked in ``seen`` (units,).
    """

    credit: npt.NDArray[np.uint8]
    values: npt.NDArray[np.int64]
    adds: npt.NDArray[np.float64]
    best: npt.NDArray[np.float64]
    key: npt.NDArray[np.int64]
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


def scratch(n_competences: int, n_values: int = 0, n_units: int = 0) -> Scratch:
    """Make arrays to work in."""
    return Scratch(
        credit=np.zeros(n_competences, dtype=np.uint8),
        values=np.empty(N_COMPARISONS, dtype=np.int64),
        adds=np.zeros((n_values, 2)),
        best=np.zeros((N_GRADED, 2)),
        key=np.full(N_GRADED, -1, dtype=np.int64),
        fails=np.zeros(n_values, dtype=np.int64),
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

    A facet for which the profile tells the same as the last one is left as it stands.
    """
    for f in range(N_GRADED):
        if s.key[f] != p.key[i, f]:
            for v in range(g.facet[f], g.facet[f + 1]):
                s.adds[v, 0] = 0.0
                s.adds[v, 1] = 0.0
    for c in range(N_COMPARISONS):
        f = FACET_OF_COMPARISON[c]
        if f < 0 or s.key[f] == p.key[i, f]:
            continue
        for v in range(g.facet[f], g.facet[f + 1]):
            step = value(c, p, i, g.samples, v, w, s.credit)
            added = t.tables[c, step]
            s.adds[v, 0] += added
            if step <= NOT_ASKED:
                s.adds[v, 1] += added
    most = 0.0
    most_sure = 0.0
    for f in range(N_GRADED):
        if s.key[f] != p.key[i, f]:
            s.key[f] = p.key[i, f]
            s.best[f, 0] = -np.inf
            s.best[f, 1] = -np.inf
            for v in range(g.facet[f], g.facet[f + 1]):
                s.best[f, 0] = max(s.best[f, 0], s.adds[v, 0])
                s.best[f, 1] = max(s.best[f, 1], s.adds[v, 1])
        most += s.best[f, 0]
        most_sure += s.best[f, 1]
    return most, most_sure


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
def facets_sum(adds: Any, code: Any, j: int) -> tuple[float, float]:
    """Sum what the facets of offer ``j`` add and prove."""
    score = 0.0
    sure = 0.0
    for f in range(N_GRADED):
        v = code[j, f]
        score += adds[v, 0]
        sure += adds[v, 1]
    return score, sure


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
