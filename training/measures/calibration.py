"""Do the stated chances come true: observed against expected, intercept and slope, scores, bins.

Whether they may be shown is for `training.learning.release` to say.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from training.history import Flags, Floats, Rows
from training.measures.intervals import NAN, Estimate, quantile, ratio_of_sums, wilson

BINS: Final = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Matches with similar stated chances: how many, the mean chance stated, and the share that was hired."""

    n: int
    expected: float
    observed: Estimate


@dataclass(frozen=True, slots=True)
class Calibration:
    """How well stated chances come true.

    ``ratio`` is hires observed over expected; ``intercept`` and ``slope`` are of a logistic regression of the hire on the logit
    of the chance (0 and 1 are perfect; the intercept with slope fixed at 1); ``brier`` is the mean squared error, ``skill``
    1 less it over that of the average, ``log_loss`` in nats.
    """

    n: int
    events: int
    ratio: Estimate
    intercept: Estimate
    slope: Estimate
    brier: float
    skill: float
    log_loss: float
    bins: tuple[Bin, ...]


def calibration(
    chance: npt.ArrayLike, hired: npt.ArrayLike, person: Rows, rng: np.random.Generator, confidence: float = 0.95
) -> Calibration:
    """Hold stated chances against what happened.

    Parameters
    ----------
    chance, hired
        (n,) stated chance, within 0 and 1 and neither of them, and 1 or 0 for what happened.
    person
        (n,) the cluster: several matches of one person depend on each other.

    Raises
    ------
    ValueError
        A chance that is unknown or not within 0 and 1, or an outcome that is neither 0 nor 1.
    """
    p, y = np.asarray(chance, dtype=np.float64), np.asarray(hired, dtype=np.float64)
    if not ((p > 0) & (p < 1)).all() or not np.isin(y, (0, 1)).all():
        raise ValueError("chances lie between 0 and 1, outcomes are 0 or 1")
    logit = np.log(p / (1 - p))
    one = np.ones((len(p), 1))
    (ratio,) = ratio_of_sums(y, p, person, rng, confidence) if len(p) else (Estimate(NAN, NAN, NAN),)
    intercept = _logistic(one, y, logit, person, confidence)[0]
    slope = _logistic(np.column_stack([one, logit]), y, np.zeros(len(p)), person, confidence)[1]
    error, base = float(np.mean((p - y) ** 2)) if len(p) else NAN, float(y.var()) if len(p) else NAN
    loss = float(-np.mean(np.where(y == 1, np.log(p), np.log1p(-p)))) if len(p) else NAN
    skill = 1 - error / base if base > 0 else NAN
    return Calibration(len(p), int(y.sum()), ratio, intercept, slope, error, skill, loss, bins(p, y, confidence))


def bins(chance: Floats, hired: Floats, confidence: float = 0.95, n_bins: int = BINS) -> tuple[Bin, ...]:
    """Cut matches into bins of equal size by stated chance; equal chances stay together, so a bin may be missing."""
    order = np.argsort(chance, kind="stable")
    p, y = chance[order], hired[order]
    place = np.searchsorted(p, p, side="left") * n_bins // max(len(p), 1)
    parts = [place == number for number in np.unique(place)]
    return tuple(
        Bin(int(part.sum()), float(p[part].mean()), wilson(float(y[part].sum()), int(part.sum()), confidence)) for part in parts
    )


def logistic(x: Floats, y: Floats | Flags, offset: Floats) -> Floats:
    """Fit a logistic regression by Newton's method.

    Parameters
    ----------
    x, y, offset
        (n, k) with a column of ones where there is to be an intercept, (n,) 1 or 0, (n,) log-odds that are given.

    Returns
    -------
    (k,) weights; unknown where there are no two kinds of outcome, where all rows are alike, or where the fit does not settle.
    """
    unknown, beta = np.full(x.shape[1], NAN), np.zeros(x.shape[1])
    if not 0 < y.sum() < len(y) or np.linalg.matrix_rank(x) < x.shape[1]:
        return unknown
    for _ in range(50):
        fitted = expit(x @ beta + offset)
        information = _information(x, fitted)
        if np.linalg.cond(information) > 1e12:
            return unknown
        step = np.linalg.solve(information, x.T @ (y - fitted))
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            return np.asarray(beta)
    return unknown


def _information(x: Floats, fitted: Floats) -> Floats:
    return np.asarray((x * (fitted * (1 - fitted))[:, None]).T @ x)


def _logistic(x: Floats, y: Floats, offset: Floats, clusters: Rows, confidence: float) -> list[Estimate]:
    """Fit a logistic regression with standard errors that are robust to clusters (Liang and Zeger 1986)."""
    beta = logistic(x, y, offset)
    if not np.isfinite(beta).all():
        return [Estimate(NAN, NAN, NAN)] * x.shape[1]
    fitted = expit(x @ beta + offset)
    information = _information(x, fitted)
    _, cluster = np.unique(clusters, return_inverse=True)
    scores = np.zeros((cluster.max() + 1, x.shape[1]))
    np.add.at(scores, cluster, x * (y - fitted)[:, None])
    inverse = np.linalg.inv(information)
    n = len(scores)
    errors = np.sqrt(np.diag(inverse @ (scores.T @ scores) @ inverse) * n / max(n - 1, 1))
    wide = quantile(confidence) * errors if n >= 5 else np.full(len(errors), NAN)
    return [Estimate(float(b), float(b - w), float(b + w)) for b, w in zip(beta, wide, strict=True)]
