"""Shares, differences and means with intervals: what is not known well enough has a wide interval, or none (NaN)."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

from training.history import Floats, Rows

NAN: Final = float("nan")
DRAWS: Final = 1000
"""Draws of a bootstrap."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval; NaN is unknown."""

    value: float
    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether there is an interval."""
        return bool(np.isfinite(self.low) and np.isfinite(self.high))

    def excludes(self, number: float) -> bool:
        """Whether the interval lies wholly on one side of a number; an unknown one does not."""
        return self.known and not self.low <= number <= self.high


def quantile(confidence: float) -> float:
    """Give the normal quantile of a two-sided interval.

    >>> round(quantile(0.95), 4)
    1.96
    """
    return NormalDist().inv_cdf((1 + confidence) / 2)


def wilson(successes: float, n: float, confidence: float = 0.95) -> Estimate:
    """Give a share with Wilson's score interval (Wilson 1927, JASA 22); unknown without anybody.

    >>> wilson(0, 10).low
    0.0
    """
    if n <= 0:
        return Estimate(NAN, NAN, NAN)
    z, share = quantile(confidence), successes / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    low, high = max(middle - half, 0.0), min(middle + half, 1.0)
    return Estimate(share, 0.0 if successes == 0 else float(low), 1.0 if successes == n else float(high))


def difference(one: Estimate, other: Estimate) -> Estimate:
    """Give one number less another, independent one, with an interval made of their intervals.

    Distances to the limits are added as squares: with Wilson's intervals this is Newcombe's method 10 (Newcombe 1998,
    Statistics in Medicine 17, 873-890), with others that of Zou and Donner (2008, Statistics in Medicine 27, 1693-1702).
    """
    value = one.value - other.value
    below = np.hypot(one.value - one.low, other.high - other.value)
    above = np.hypot(one.high - one.value, other.value - other.low)
    return Estimate(value, float(value - below), float(value + above))


def newcombe(successes: tuple[float, float], n: tuple[float, float], confidence: float = 0.95) -> Estimate:
    """Give the difference of two shares, first less second, with Newcombe's interval."""
    first, second = (wilson(s, of, confidence) for s, of in zip(successes, n, strict=True))
    return difference(first, second)


def ratio_of_sums(
    above: npt.ArrayLike,
    below: npt.ArrayLike,
    clusters: Rows,
    rng: np.random.Generator,
    confidence: float = 0.95,
    draws: int = DRAWS,
) -> list[Estimate]:
    """Give ratios of sums with intervals, by drawing whole clusters (people, consultants, employers) with replacement.

    Each draw is measured in its own standard errors (the bootstrap-t of Efron and Tibshirani 1993, *An Introduction to the
    Bootstrap*, 12.5), so that few or very unequal clusters widen the interval as they should. The standard error is the
    linearised one of a ratio over clusters.

    Parameters
    ----------
    above, below
        (n,) or (n, n_measures): what is summed above and below the line. A mean has 1 below.
    clusters
        (n,) number of the cluster of each row; rows of one cluster may depend on each other.

    Returns
    -------
    One estimate per measure. The interval is unknown with fewer than 5 clusters, or when all of them agree.
    """
    _, cluster = np.unique(clusters, return_inverse=True)
    n_clusters = int(cluster.max(initial=-1)) + 1
    x, y = (_by_cluster(part, cluster, n_clusters) for part in np.broadcast_arrays(_columns(above), _columns(below)))
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio, error = _ratio(np.ones((1, n_clusters)), x, y)
        if n_clusters < 5:
            return [Estimate(float(value), NAN, NAN) for value in ratio[0]]
        drawn = np.empty((draws, x.shape[1]))
        for some in np.array_split(np.arange(draws), max(draws * n_clusters // 2_000_000, 1)):
            weights = np.stack([np.bincount(rng.integers(0, n_clusters, n_clusters), minlength=n_clusters) for _ in some])
            ratios, errors = _ratio(weights.astype(np.float64), x, y)
            drawn[some] = (ratios - ratio) / errors
    return [_studentised(float(r), float(e), t, confidence) for r, e, t in zip(ratio[0], error[0], drawn.T, strict=True)]


def _columns(part: npt.ArrayLike) -> Floats:
    whole = np.asarray(part, dtype=np.float64)
    return whole[:, None] if whole.ndim == 1 else whole


def _by_cluster(part: Floats, cluster: Rows, n_clusters: int) -> Floats:
    summed = np.zeros((n_clusters, part.shape[1]))
    np.add.at(summed, cluster, part)
    return summed


def _ratio(weights: Floats, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Ratios and their standard errors, (n_draws, n_measures), of weighted clusters."""
    down = weights @ y
    ratio = (weights @ x) / down
    # sum of w (x - r y)^2, multiplied out so that no array of draws by clusters by measures is needed
    squares = weights @ x**2 - 2 * ratio * (weights @ (x * y)) + ratio**2 * (weights @ y**2)
    n = weights.sum(axis=1, keepdims=True)
    return ratio, np.sqrt(np.maximum(squares, 0) * n / (n - 1)) / np.abs(down)


def _studentised(value: float, error: float, drawn: Floats, confidence: float) -> Estimate:
    usable = drawn[np.isfinite(drawn)]
    if not error > 1e-12 * max(abs(value), 1e-300) or len(usable) < len(drawn) / 2:
        return Estimate(value, NAN, NAN)
    low, high = np.quantile(usable, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Estimate(value, float(value - high * error), float(value - low * error))


def clustered_mean(
    values: npt.ArrayLike, clusters: Rows, rng: np.random.Generator, confidence: float = 0.95, draws: int = DRAWS
) -> list[Estimate]:
    """Give means over rows with intervals, by drawing whole clusters; values that are NaN are left out.

    ``values`` is (n,) or (n, n_measures); see `ratio_of_sums`.
    """
    whole = _columns(values)
    there = np.isfinite(whole)
    return ratio_of_sums(np.where(there, whole, 0.0), there.astype(np.float64), clusters, rng, confidence, draws)
