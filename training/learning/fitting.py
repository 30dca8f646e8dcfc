"""Fit tables: a monotone additive logistic model, drawn towards the hand-set tables as far as hires do not speak.

Each table is piecewise linear. It is described from its top, the value that is shown most: the contribution of a full match,
what each stretch below it takes away (never negative, so tables rise with their value), and how far unstated and unknown stay
below what `models.match_model.faults` allows (never negative either). All of it is linear, so the posterior mode under a normal
prior around the stretches and levels of the hand-set tables is a convex problem with bounds (L-BFGS-B; Byrd, Lu, Nocedal and
Zhu 1995). What the log never showed keeps the shape of the hand-set tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.linalg import block_diag
from scipy.optimize import Bounds, minimize

from matching.comparisons import COMPARISONS, FULL, NOT_ASKED, UNKNOWN, UNSTATED
from models.match_model import MatchModel, exact
from training.history import Flags, Floats, Rows
from training.learning.dataset import Dataset

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
PRIORS: Final = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Standard deviations, in log-odds, by which parts of a table may leave the hand-set ones; folds choose."""
FOLDS: Final = 5
ROWS_FOR_CHOICE: Final = 150_000
"""Rows on which the prior is chosen at most; the fit takes all."""
SLOPES: Final = (0.05, 3.0)
"""Bounds of the slope of the hand-set score; where it tells nothing its order is still kept as the prior."""
LARGEST_SCALE: Final = 20.0

Matrix = npt.NDArray[np.float64]


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
    prior
        Standard deviation chosen from `PRIORS`; 0 when the hand-set tables themselves did as well as any.
    losses
        Mean log loss on people left out, by prior; of the rank alone under -1.
    signal
        For each row used for the choice: log loss of the rank alone less that of the fit, when the person was left out.
    signal_person
        The person of each of them.
    """

    intercept: float
    points: tuple[tuple[tuple[float, float], ...], ...]
    states: Matrix
    examination: Floats
    prior: float
    losses: dict[float, float]
    signal: Floats
    signal_person: Rows


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


class _Problem:
    """Log loss with its prior, over rows kept as positions in tables."""

    def __init__(self, shapes: Sequence[_Shape], data: Dataset, rows: Rows, slope: float) -> None:
        columns = [*data.values[rows].T, _ranks(data.rank[rows])]
        self.columns = [np.ascontiguousarray(column, dtype=np.intp) for column in columns]
        ladder = -np.tril(np.ones((len(EDGES) + 1, len(EDGES))), -1)  # each rank loses what its edges take away
        self.maps = [*(shape.map for shape in shapes), ladder]
        self.centre = np.concatenate([*(slope * shape.prior for shape in shapes), np.zeros(len(EDGES))])
        self.least = np.concatenate([*(shape.least for shape in shapes), np.zeros(len(EDGES))])
        self.free = block_diag(*(shape.free for shape in shapes), np.eye(len(EDGES)), 0.0)
        self.ends = np.cumsum([m.shape[1] for m in self.maps])
        self.hired = data.hired[rows].astype(np.float64)

    def logits(self, parameters: Floats) -> Floats:
        """Log-odds of each row; the last parameter is the intercept."""
        found = np.full(len(self.hired), parameters[-1])
        for column, matrix, part in zip(self.columns, self.maps, np.split(parameters[:-1], self.ends[:-1]), strict=True):
            found += (matrix @ part)[column]
        return found

    def sums(self, weights: Floats, square: bool = False) -> Floats:
        """Sum weights times each parameter's part in a row (or its square)."""
        parts = [
            np.bincount(column, weights, len(matrix)) @ (matrix**2 if square else matrix)
            for column, matrix in zip(self.columns, self.maps, strict=True)
        ]
        return np.append(np.concatenate(parts), weights.sum())

    def solve(self, prior: float, start: Floats | None = None) -> Floats:
        """Give the posterior mode under a prior of one standard deviation for all tables."""
        deviation = np.append(np.full(self.ends[-2], prior), np.full(len(EDGES), PRIOR_RANK))
        prior_map = self.free / np.append(deviation, np.inf)[:, None]  # the intercept is free
        rate = np.clip(self.hired.mean(), 1e-9, 1 - 1e-9)
        centre = np.append(self.centre, 0.0)
        first = np.append(self.centre, np.log(rate / (1 - rate)))
        first[-1] -= (self.logits(first) - first[-1]).mean()
        curvature = rate * (1 - rate) * self.sums(np.ones(len(self.hired)), square=True)
        unit = 1 / np.sqrt((prior_map**2).sum(axis=0) + curvature + 1e-12)

        def loss(scaled: Floats) -> tuple[float, Floats]:
            parameters = scaled * unit
            logits = self.logits(parameters)
            away = prior_map @ (parameters - centre)
            value = _losses(logits, self.hired).sum() + 0.5 * (away**2).sum()
            gradient = self.sums(1 / (1 + np.exp(-logits)) - self.hired) + away @ prior_map
            return float(value), gradient * unit

        bounds = Bounds(np.append(self.least, -np.inf) / unit, np.inf)
        begin = (first if start is None else start) / unit
        options: dict[str, Any] = {"maxiter": 300, "maxcor": 20, "ftol": 1e-10, "gtol": 1e-3}
        return np.asarray(minimize(loss, begin, jac=True, method="L-BFGS-B", bounds=bounds, options=options).x * unit)


def _losses(logits: Floats, hired: Floats) -> Floats:
    return np.asarray(np.logaddexp(0, logits) - hired * logits)


def _one_score(score: Floats, rank: Rows, hired: Flags) -> Floats:
    """Fit slope of a score, what each edge of rank takes away, intercept."""
    steps = (rank[:, None] >= np.array(EDGES)).astype(np.float64)
    matrix = np.column_stack([score, -steps, np.ones(len(score))])
    rate = hired.mean()
    first = np.append(np.zeros(len(EDGES) + 1), np.log(rate / (1 - rate)))

    def loss(found: Floats) -> tuple[float, Floats]:
        logits = matrix @ found
        away = found[1:-1] / PRIOR_RANK**2
        gradient = matrix.T @ (1 / (1 + np.exp(-logits)) - hired)
        gradient[1:-1] += away
        return float(_losses(logits, hired.astype(np.float64)).sum() + 0.5 * (away * found[1:-1]).sum()), gradient

    slopes = (0.0, 0.0) if not score.any() else SLOPES
    bounds = [slopes, *[(0.0, None)] * len(EDGES), (None, None)]
    return np.asarray(minimize(loss, first, jac=True, method="L-BFGS-B", bounds=bounds).x)


def _apply_one(found: Floats, score: Floats, rank: Rows) -> Floats:
    taken = np.append(0.0, np.cumsum(found[1:-1]))[_ranks(rank)]
    return np.asarray(found[0] * score - taken + found[-1])


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
    chosen = _some_people(data, rows, rng)
    fold = rng.integers(FOLDS, size=int(data.person.max()) + 1)[data.person[chosen]]
    scores, ranks, hired = hand_set.scores(data.values), data.rank, data.hired
    left_out = {prior: np.empty(len(chosen)) for prior in (-1.0, 0.0, *PRIORS)}
    for at in range(FOLDS):
        seen, unseen = chosen[fold != at], chosen[fold == at]
        for key, score in ((-1.0, np.zeros(len(hired))), (0.0, scores)):
            one = _one_score(score[seen], ranks[seen], hired[seen])
            left_out[key][fold == at] = _losses(_apply_one(one, score[unseen], ranks[unseen]), hired[unseen].astype(np.float64))
        problem, test = _Problem(shapes, data, seen, float(one[0])), _Problem(shapes, data, unseen, float(one[0]))
        start: Floats | None = None
        for prior in PRIORS:
            start = problem.solve(prior, start)
            left_out[prior][fold == at] = _losses(test.logits(start), test.hired)
    losses = {prior: float(loss.mean()) for prior, loss in left_out.items()}
    best = _choose({prior: left_out[prior] for prior in (0.0, *PRIORS)}, data.person[chosen])
    one = _one_score(scores[rows], ranks[rows], hired[rows])
    problem = _Problem(shapes, data, rows, float(one[0]))
    parameters = problem.solve(best) if best else np.concatenate([problem.centre[: problem.ends[-2]], one[1:]])
    return _export(shapes, parameters, problem, scores[rows], (best, losses, left_out, data.person[chosen]))


def _choose(losses: Mapping[float, Floats], person: Rows) -> float:
    """Choose the smallest prior that is within one standard error of the best (Breiman and others 1984), by person.

    Where tables differ little among what was shown, those nearer to the hand-set ones do better on what was not.
    """
    best = min(losses, key=lambda prior: float(losses[prior].mean()))
    _, cluster = np.unique(person, return_inverse=True)

    def close(prior: float) -> bool:
        more = losses[prior] - losses[best]
        sums = np.bincount(cluster, weights=more - more.mean())
        return float(more.sum()) <= float(np.sqrt((sums**2).sum()))

    return min(prior for prior in losses if close(prior))


def _some_people(data: Dataset, rows: Rows, rng: np.random.Generator) -> Rows:
    """Choose people at random until their rows are enough to choose a prior on."""
    share = ROWS_FOR_CHOICE / max(len(rows), 1)
    return rows if share >= 1 else rows[(rng.random(int(data.person.max()) + 1) < share)[data.person[rows]]]


def _export(
    shapes: Sequence[_Shape], parameters: Floats, problem: _Problem, hand_set: Floats,
    choice: tuple[float, dict[float, float], dict[float, Floats], Rows],
) -> Fit:  # fmt: skip
    """Bring tables to the mean and spread of the hand-set scores: bands, floors and weights keep their meaning."""
    *parts, edges = np.split(parameters[:-1], problem.ends[:-1])
    logits = problem.logits(np.concatenate([*parts, np.zeros(len(edges)), [0.0]]))
    scale = min(float(hand_set.std() / max(logits.std(), 1e-9)), LARGEST_SCALE)
    tables = [exact(scale * (shape.map @ part)) for shape, part in zip(shapes, parts, strict=True)]
    best, losses, left_out, person = choice
    return Fit(
        intercept=float(exact(np.array([hand_set.mean() - scale * logits.mean()]))[0]),
        points=tuple(
            tuple((knot / FULL, float(table[knot])) for knot in shape.knots.tolist())
            for shape, table in zip(shapes, tables, strict=True)
        ),
        states=np.stack([table[NOT_ASKED:] for table in tables]),
        examination=-np.cumsum(edges),
        prior=best,
        losses=losses,
        signal=left_out[-1.0] - left_out[best],
        signal_person=person,
    )
