"""Fit tables: monotone and additive, drawn towards the hand-set ones as far as outcomes do not speak.

Outcomes are compared within a person: of all that was suggested to somebody, which led to an interview, which to a hire? This is
the conditional logit (McFadden 1974). Whatever is of the person alone, how hard they try, how much their consultant proposes,
how easily they find work, drops out; it would be mistaken for the worth of values that differ between people.

Each table is piecewise linear. It is described from its top, the value that is shown most: the contribution of a full match,
what each stretch below it takes away (never negative, so tables rise with their value), and how far unstated and unknown stay
below what `models.match_model.faults` allows (never negative either). All of it is linear, so the posterior mode under a normal
prior around the stretches and levels of the hand-set tables is a convex problem with bounds (L-BFGS-B; Byrd, Lu, Nocedal and
Zhu 1995). What the log never showed keeps the shape of the hand-set tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.linalg import block_diag
from scipy.optimize import Bounds, minimize

from matching.codes import Event
from matching.comparisons import COMPARISONS, FULL, NOT_ASKED, UNKNOWN, UNSTATED
from models.match_model import MatchModel, exact
from models.refusal import Refused
from training.history import Flags, Floats, Rows
from training.learning.dataset import LEAST_HIRES, Dataset
from training.measures.ranking import GAINS

STRETCH: Final = 42
"""Steps between the knots of a table; the knots of the hand-set table come in besides."""
BEND: Final = 1e-4
"""Least change of slope, in log-odds per step, that is a knot."""
MARGIN: Final = 1e-4
"""Log-odds by which bounds are kept, so that rounding never crosses them."""
WEIGHT: Final = 1.0
"""How much more easily a table grows or shrinks as a whole than it changes its shape."""
EDGES: Final = (2, 3, 4, 6, 8, 11, 16, 21)
"""Ranks from which on a suggestion is looked at less."""
PRIOR_RANK: Final = 0.5
"""Standard deviation, in log-odds, of what each edge takes away."""
PRIOR: Final = 0.2
"""Standard deviation, in log-odds, by which parts of a table may leave the hand-set ones (chosen on simulated markets)."""
WORTH: Final = {Event.INTERVIEWED: 1.0, Event.HIRED: 2.0}
"""How often the best outcome of a suggestion counts: hires are few, and who is hired was interviewed."""
FOLDS: Final = 5
PEOPLE_FOR_SIGNAL: Final = 2_000
"""People with an outcome at most, on whom it is tried whether anything was learned; the fit takes all."""
LARGEST_SCALE: Final = 20.0

Matrix = npt.NDArray[np.float64]
Values = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Fit:
    """Tables on the scale of the hand-set scores, and how they came about.

    Attributes
    ----------
    points
        For each comparison the knots (value 0-1, contribution) between which its table is linear.
    states
        (comparisons, 3): contributions of not asked, unstated, unknown.
    examination
        Log-odds, at most 0, that each of `EDGES` takes away from the chance at the first rank, all before it included.
    people
        People with an outcome, from whom it was learned.
    signal
        For each person of some of them, per outcome: log loss of the rank alone less that of the fit, the person left out.
    """

    intercept: float
    points: tuple[tuple[tuple[float, float], ...], ...]
    states: Matrix
    examination: Floats
    people: int
    signal: Floats


@dataclass(frozen=True, slots=True)
class _Shape:
    """The linear map from parameters to one table: ``table = map @ parameters``, (256, n_parameters).

    ``free`` maps them to what the prior is about: the top, what each stretch adds, the levels of the three states.
    """

    map: Matrix
    free: Matrix
    knots: Rows
    prior: Floats
    least: Floats


def _shape(at: int, table: Floats) -> _Shape:
    bends = np.flatnonzero(np.abs(np.diff(table[: FULL + 1], n=2)) > BEND) + 1
    knots = np.unique(np.concatenate([np.arange(0, FULL + 1, STRETCH), [FULL], bends]))
    below = np.diff(table[knots])  # what each stretch adds, from the lowest up
    n = len(below)
    found = np.zeros((256, n + 4))
    steps = np.arange(FULL + 1)[:, None]
    missing = np.clip((knots[1:] - steps) / np.diff(knots), 0, 1)  # share of each stretch above a value
    found[: FULL + 1, 0], found[: FULL + 1, 1 : n + 1] = 1, -missing
    found[NOT_ASKED, n + 1] = 1
    for state, column in ((UNSTATED, n + 2), (UNKNOWN, n + 3)):
        found[state, 0], found[state, column] = 1, -1
        found[state, 1 : n + 1] = -1.0 if COMPARISONS[at].open_list and state == UNKNOWN else -0.25
    most = found @ np.concatenate([[table[FULL]], below, [0, 0, 0]])
    rest = [table[NOT_ASKED], most[UNSTATED] - table[UNSTATED], most[UNKNOWN] - table[UNKNOWN]]
    least = np.concatenate([[-np.inf], np.zeros(n), [-np.inf, MARGIN, MARGIN]])
    free = np.eye(n + 4)
    free[n + 2], free[n + 3] = found[UNSTATED], found[UNKNOWN]
    prior = np.concatenate([[table[FULL]], below, rest])
    whole = free @ prior
    size = float(whole @ whole)
    # The square root of the inverse of 1 + WEIGHT * whole whole', so that a table may grow or shrink as a whole more easily.
    shrink = (1 - 1 / np.sqrt(1 + WEIGHT * size)) / max(size, 1e-12)
    return _Shape(found, free - shrink * np.outer(whole, whole @ free), knots, prior, least)


def _ranks(rank: Rows) -> Rows:
    return np.searchsorted(EDGES, rank, side="right")


def taken_by(rank: Rows, examination: Floats, edges: Sequence[int] = EDGES) -> Floats:
    """Give the log-odds, at most 0, that each rank takes away from the chance at the first; (n,)."""
    return np.append(0.0, examination)[np.searchsorted(edges, rank, side="right")]


@dataclass(frozen=True, slots=True)
class _Cases:
    """Rows of people with an outcome, one person after the other: ``start`` is the first row of each, ``worth`` of each row."""

    rows: Rows
    start: Rows
    worth: Floats

    def __len__(self) -> int:
        return len(self.start)

    @property
    def length(self) -> Rows:
        """Rows of each person."""
        return np.diff(np.append(self.start, len(self.rows)))

    def of(self, people: Rows | Flags) -> "_Cases":
        """Give some of the people."""
        chosen = np.zeros(len(self), dtype=np.bool_)
        chosen[people] = True
        kept, length = np.repeat(chosen, self.length), self.length[chosen]
        return _Cases(self.rows[kept], np.cumsum(length) - length, self.worth[kept])


def _cases(data: Dataset, rows: Rows) -> _Cases:
    worth = np.zeros(len(rows))
    for event, counts in WORTH.items():
        worth[data.gain[rows] == GAINS[event]] = counts
    return _by_person(rows, data.person[rows], worth)


def _by_person(rows: Rows, person: Rows, worth: Floats) -> _Cases:
    """Bring rows, each with its person and worth, into the order of persons; who has no outcome is left out."""
    if not len(rows):
        return _Cases(rows, np.zeros(0, dtype=np.int64), worth)
    order = np.argsort(person, kind="stable")
    start = np.flatnonzero(np.append(True, np.diff(person[order]) != 0))
    every = _Cases(rows[order], start, worth[order])
    return every.of(np.add.reduceat(every.worth, start) > 0)


def tables_of_chances(values: Values, person: Rows, chance: Floats, hand_set: MatchModel, prior: float) -> Matrix:
    """Fit tables to known chances in place of outcomes: the ceiling of this form where the truth is known; (comparisons, 256).

    Parameters
    ----------
    values, person, chance
        (n_pairs, comparisons), (n_pairs,), (n_pairs,): what each person could be shown, and how likely it leads to a hire.
    prior
        Standard deviation by which parts of a table may leave the hand-set ones.
    """
    shapes = [_shape(at, table) for at, table in enumerate(hand_set.tables)]
    cases = _by_person(np.arange(len(person)), person, chance)
    problem = _Problem(shapes, values, np.ones(len(person), dtype=np.int64), cases, prior)
    return _solved(shapes, problem)[0]


class _Problem:
    """Conditional log loss with its prior; values are kept as positions in tables. Without shapes it is about the rank alone."""

    def __init__(self, shapes: Sequence[_Shape], values: Values, rank: Rows, cases: _Cases, prior: float) -> None:
        columns = [*values[cases.rows].T[: len(shapes)], _ranks(rank[cases.rows])]
        self.columns = [np.ascontiguousarray(column, dtype=np.intp) for column in columns]
        self.cases, self.length = cases, cases.length
        self.total = np.add.reduceat(cases.worth, cases.start)
        ladder = -np.tril(np.ones((len(EDGES) + 1, len(EDGES))), -1)  # each rank loses what its edges take away
        self.maps = [*(shape.map for shape in shapes), ladder]
        self.ends = np.cumsum([m.shape[1] for m in self.maps])
        self.centre = np.concatenate([*(shape.prior for shape in shapes), np.zeros(len(EDGES))])
        self.least = np.concatenate([*(shape.least for shape in shapes), np.zeros(len(EDGES))])
        deviation = np.append(np.full(self.ends[-1] - len(EDGES), prior), np.full(len(EDGES), PRIOR_RANK))
        self.prior = block_diag(*(shape.free for shape in shapes), np.eye(len(EDGES))) / deviation[:, None]

    def scores(self, parameters: Floats) -> Floats:
        """Add up the tables of each row."""
        found = np.zeros(len(self.cases.rows))
        for column, matrix, part in zip(self.columns, self.maps, np.split(parameters, self.ends[:-1]), strict=True):
            found += (matrix @ part)[column]
        return found

    def losses(self, parameters: Floats) -> tuple[Floats, Floats]:
        """Give the log loss of each person, and the chance of each row to be the one, given that one of the person's is."""
        scores = self.scores(parameters)
        most = np.maximum.reduceat(scores, self.cases.start)
        weights = np.exp(scores - np.repeat(most, self.length))
        sums = np.add.reduceat(weights, self.cases.start)
        chosen = np.add.reduceat(self.cases.worth * scores, self.cases.start)
        return self.total * (np.log(sums) + most) - chosen, weights / np.repeat(sums, self.length)

    def sums(self, weights: Floats, square: bool = False) -> Floats:
        """Sum weights times each parameter's part in a row (or its square)."""
        parts = [
            np.bincount(column, weights, len(matrix)) @ (matrix**2 if square else matrix)
            for column, matrix in zip(self.columns, self.maps, strict=True)
        ]
        return np.concatenate(parts)

    def solve(self) -> Floats:
        """Give the posterior mode."""
        total = np.repeat(self.total, self.length)
        curvature = self.sums(total / np.repeat(self.length, self.length), square=True)
        unit = 1 / np.sqrt((self.prior**2).sum(axis=0) + curvature)

        def loss(scaled: Floats) -> tuple[float, Floats]:
            parameters = scaled * unit
            losses, chance = self.losses(parameters)
            away = self.prior @ (parameters - self.centre)
            gradient = self.sums(total * chance - self.cases.worth) + away @ self.prior
            return float(losses.sum() + 0.5 * (away**2).sum()), gradient * unit

        options: dict[str, Any] = {"maxiter": 500, "maxcor": 20, "ftol": 1e-10, "gtol": 1e-4}
        bounds = Bounds(self.least / unit, np.inf)
        found = minimize(loss, self.centre / unit, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
        return np.asarray(found.x * unit)


def _solved(shapes: Sequence[_Shape], problem: _Problem) -> tuple[Matrix, Floats]:
    """Give the tables, (comparisons, 256), and what each edge takes away."""
    *parts, edges = np.split(problem.solve(), problem.ends[:-1])
    return np.stack([shape.map @ part for shape, part in zip(shapes, parts, strict=True)]), edges


def fit(data: Dataset, rows: Rows, hand_set: MatchModel, rng: np.random.Generator) -> Fit:
    """Fit tables to some rows of a data set.

    Exposure: a suggestion further down is looked at less, so what the rank takes away is fitted beside the tables (never
    negative; a lower place is not seen more) and left out of the score. Which rows are in the log depends on their values
    alone, which the model holds fixed; so no weights are needed, and what was shown by exploration tells ranks from values.

    Parameters
    ----------
    hand_set
        The tables towards which the fit is drawn.
    """
    shapes = [_shape(at, table) for at, table in enumerate(hand_set.tables)]
    cases = _cases(data, rows)
    if not len(cases):
        raise Refused("too_few", "fit", 0, LEAST_HIRES)
    solved = _solved(shapes, _Problem(shapes, data.values, data.rank, cases, PRIOR))
    return _export(shapes, *solved, (data.values[rows], hand_set), (len(cases), _signal(shapes, data, cases, rng)))


def out_of_fold(data: Dataset, rows: Rows, hand_set: MatchModel, rng: np.random.Generator) -> Floats:
    """Score rows by tables that were fitted without their people, fold by fold, on the scale of `fit`; (len(rows),)."""
    shapes = [_shape(at, table) for at, table in enumerate(hand_set.tables)]
    fold, before = rng.integers(FOLDS, size=int(data.person.max()) + 1)[data.person[rows]], hand_set.scores(data.values[rows])
    scores = before.copy()  # of a fold for which nobody else had an outcome
    for at in range(FOLDS):
        cases, here = _cases(data, rows[fold != at]), fold == at
        if not len(cases):
            continue
        tables, _ = _solved(shapes, _Problem(shapes, data.values, data.rank, cases, PRIOR))
        found = tables[np.arange(len(tables)), data.values[rows]].sum(axis=1)
        scores[here] = before.mean() + _scale(before, found) * (found[here] - found.mean())
    return scores


def _scale(before: Floats, now: Floats) -> float:
    return min(float(before.std() / max(now.std(), 1e-9)), LARGEST_SCALE)


def _signal(shapes: Sequence[_Shape], data: Dataset, cases: _Cases, rng: np.random.Generator) -> Floats:
    """Try on people left out, fold by fold, by how much the fit tells outcomes better than the rank alone."""
    some = cases.of(rng.permutation(len(cases))[:PEOPLE_FOR_SIGNAL])
    fold, gained = rng.permutation(np.arange(len(some)) % FOLDS), np.zeros(len(some))
    for at in range(min(FOLDS, len(some))):
        seen, unseen = some.of(fold != at), some.of(fold == at)
        if not len(seen):
            continue
        for sign, tables in ((1.0, ()), (-1.0, shapes)):
            learned = _Problem(tables, data.values, data.rank, seen, PRIOR).solve()
            problem = _Problem(tables, data.values, data.rank, unseen, PRIOR)
            gained[fold == at] += sign * problem.losses(learned)[0] / problem.total
    return gained


def _export(
    shapes: Sequence[_Shape], found: Matrix, edges: Floats, scale_of: tuple[Values, MatchModel],
    learned: tuple[int, Floats],
) -> Fit:  # fmt: skip
    """Bring tables to the mean and spread of the hand-set scores: bands, floors and weights keep their meaning."""
    values, hand_set = scale_of
    before, now = hand_set.scores(values), found[np.arange(len(found)), values].sum(axis=1)
    scale = _scale(before, now)
    tables = [exact(scale * table) for table in found]
    return Fit(
        intercept=float(exact(np.array([before.mean() - scale * now.mean()]))[0]),
        points=tuple(
            tuple((knot / FULL, float(table[knot])) for knot in shape.knots.tolist())
            for shape, table in zip(shapes, tables, strict=True)
        ),
        states=np.stack([table[NOT_ASKED:] for table in tables]),
        examination=-np.cumsum(edges),
        people=learned[0],
        signal=learned[1],
    )
