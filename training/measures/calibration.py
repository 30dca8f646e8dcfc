"""Do the stated chances come true: observed against expected, intercept and slope, scores, bins, and the release rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from matching.codes import Words
from training.history import Floats, Rows, Texts
from training.measures.intervals import NAN, Estimate, quantile, ratio_of_sums, wilson

OBSERVED_OVER_EXPECTED: Final = (0.8, 1.25)
SLOPE: Final = (0.8, 1.2)
"""Ranges of the release rule."""
BINS: Final = 10

REASON_WORDS: Final[Words] = {
    "not_enough": (
        "il y a trop peu d'engagements pour en juger",
        "er zijn te weinig aanwervingen om te oordelen",
        "there are too few hires to judge",
    ),
    "observed_over_expected": (
        "il y a trop ou trop peu d'engagements au regard des chances annoncées",
        "er zijn te veel of te weinig aanwervingen tegenover de vermelde kansen",
        "there are too many or too few hires for the chances stated",
    ),
    "slope": (
        "les chances annoncées sont trop tranchées ou pas assez",
        "de vermelde kansen liggen te ver uiteen of te dicht bijeen",
        "the chances stated are too far apart or too close together",
    ),
    "skill": (
        "les chances annoncées n'apprennent rien de plus que la moyenne",
        "de vermelde kansen leren niet meer dan het gemiddelde",
        "the chances stated tell no more than the average does",
    ),
    "group": (
        "pour un groupe, les chances annoncées sont fausses",
        "voor een groep kloppen de vermelde kansen niet",
        "for one group the chances stated are wrong",
    ),
}
"""Why chances are not shown, and bands are."""


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


@dataclass(frozen=True, slots=True)
class Release:
    """Whether chances may be shown; ``reasons`` are codes of `REASON_WORDS`, with the group behind ``group:``."""

    passed: bool
    reasons: tuple[str, ...]


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


def _logistic(x: Floats, y: Floats, offset: Floats, clusters: Rows, confidence: float) -> list[Estimate]:
    """Fit a logistic regression by Newton's method, with standard errors that are robust to clusters (Liang and Zeger 1986).

    Unknown where there are no two kinds of outcome, where all rows are alike, or where the fit does not settle.
    """
    unknown = [Estimate(NAN, NAN, NAN)] * x.shape[1]
    if not 0 < y.sum() < len(y) or np.linalg.matrix_rank(x) < x.shape[1]:
        return unknown
    beta = np.zeros(x.shape[1])
    for _ in range(50):
        fitted = 1 / (1 + np.exp(-np.clip(x @ beta + offset, -500, 500)))
        information = (x * (fitted * (1 - fitted))[:, None]).T @ x
        if np.linalg.cond(information) > 1e12:
            return unknown
        step = np.linalg.solve(information, x.T @ (y - fitted))
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            break
    else:
        return unknown
    _, cluster = np.unique(clusters, return_inverse=True)
    scores = np.zeros((cluster.max() + 1, x.shape[1]))
    np.add.at(scores, cluster, x * (y - fitted)[:, None])
    inverse = np.linalg.inv(information)
    n = len(scores)
    errors = np.sqrt(np.diag(inverse @ (scores.T @ scores) @ inverse) * n / max(n - 1, 1))
    wide = quantile(confidence) * errors if n >= 5 else np.full(len(errors), NAN)
    return [Estimate(float(b), float(b - w), float(b + w)) for b, w in zip(beta, wide, strict=True)]


def ratios_by_group(
    chance: npt.ArrayLike, hired: npt.ArrayLike, person: Rows, group: Texts, rng: np.random.Generator, least: int = 10
) -> dict[str, Estimate]:
    """Give hires observed over expected for each group with enough data: at least ``least`` hires expected, and others not."""
    p, y = np.asarray(chance, dtype=np.float64), np.asarray(hired, dtype=np.float64)
    found = {}
    for name in np.unique(group[group != ""]).tolist():
        rows = group == name
        if min(p[rows].sum(), (1 - p[rows]).sum()) >= least:
            (found[name],) = ratio_of_sums(y[rows], p[rows], person[rows], rng)
    return found


def release(found: Calibration, groups: Mapping[str, Estimate], least: int = 10) -> Release:
    """Say whether chances may be shown.

    Hires observed over expected within 0.8 to 1.25, slope within 0.8 to 1.2, skill above 0, and an interval of every group with
    enough data that holds 1. What is unknown does not pass.
    """
    reasons = []
    if found.events < least:
        reasons.append("not_enough")
    if not OBSERVED_OVER_EXPECTED[0] <= found.ratio.value <= OBSERVED_OVER_EXPECTED[1]:
        reasons.append("observed_over_expected")
    if not SLOPE[0] <= found.slope.value <= SLOPE[1]:
        reasons.append("slope")
    if not found.skill > 0:
        reasons.append("skill")
    reasons += [f"group:{name}" for name, ratio in groups.items() if not ratio.known or ratio.excludes(1)]
    return Release(not reasons, tuple(reasons))
