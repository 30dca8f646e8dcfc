"""Whether a probability may be shown: the release rule, on data later than all that was learned from."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import logit
from scipy.stats import chi2

from training.history import Flags, Floats, Texts
from training.measures.calibration import logistic

RATIO: Final = (0.8, 1.25)
"""Bounds of observed over expected hires."""
SLOPE: Final = (0.8, 1.2)
"""Bounds of the slope of the log-odds (Cox 1958)."""
LEAST_HIRES: Final = 20
"""Hires observed or expected without which nothing is judged."""
LEAST_IN_GROUP: Final = 30
"""Matches without which a group has no figures."""
LEAST_EXPECTED: Final = 5
"""Hires expected in a group without which it has too little data to be judged."""
ALPHA: Final = 0.05


@dataclass(frozen=True, slots=True)
class Release:
    """The verdict, what it rests on, and the names of what failed (`models.refusal.REASONS`).

    ``ratio`` is observed over expected hires; ``intercept`` and ``slope`` are those of a logistic regression on the predicted
    log-odds; ``brier`` the mean squared error and ``skill`` the share of it saved against the average rate.
    ``by_group`` holds observed over expected with its exact interval, for each group that has enough data.
    """

    shown: bool
    why_not: tuple[str, ...]
    n: int
    hires: int
    expected: float
    ratio: float
    intercept: float
    slope: float
    brier: float
    skill: float
    by_group: dict[str, tuple[float, float, float]]


def release(observed: Flags, predicted: Floats, groups: Texts) -> Release:
    """Judge predicted chances by what happened.

    Rule: observed/expected in `RATIO`, slope in `SLOPE`, skill above 0, and the interval of observed/expected of each group with
    enough data holds 1. With fewer than `LEAST_HIRES` hires there is no verdict, so nothing is shown.

    Parameters
    ----------
    observed, predicted
        (n,): hired or not, and the chance stated, 0-1.
    groups
        (n,): a name for each row, empty when unknown.
    """
    hires, expected = int(observed.sum()), float(predicted.sum())
    rate = observed.mean() if len(observed) else np.nan
    brier = float(np.mean((predicted - observed) ** 2)) if len(observed) else np.nan
    enough = min(hires, expected) >= LEAST_HIRES
    skill = 1 - brier / (rate * (1 - rate)) if enough else np.nan
    intercept, slope = _recalibration(observed, predicted) if enough else (np.nan, np.nan)
    ratio = hires / expected if enough else np.nan
    by_group = {} if not enough else _groups(observed, predicted, groups)
    why_not = ["too_few"] if not enough else []
    if enough:
        why_not += ["observed_expected"] * (not RATIO[0] <= ratio <= RATIO[1])
        why_not += ["slope"] * (not SLOPE[0] <= slope <= SLOPE[1])
        why_not += ["skill"] * (not skill > 0)
        why_not += ["group"] * any(not low <= 1 <= high for _, low, high in by_group.values())
    numbers = (ratio, intercept, slope, brier, float(skill))
    return Release(not why_not, tuple(why_not), len(observed), hires, expected, *numbers, by_group)


def _recalibration(observed: Flags, predicted: Floats) -> tuple[float, float]:
    logits = logit(np.clip(predicted, 1e-12, 1 - 1e-12))
    intercept, slope = logistic(np.column_stack([np.ones(len(logits)), logits]), observed, np.zeros(len(logits)))
    return float(intercept), float(slope)


def _groups(observed: Flags, predicted: Floats, groups: Texts) -> dict[str, tuple[float, float, float]]:
    """Observed over expected hires with the exact Poisson interval (Garwood 1936)."""
    found = {}
    for name in np.unique(groups[groups != ""]).tolist():
        here = groups == name
        hires, expected = int(observed[here].sum()), float(predicted[here].sum())
        if here.sum() >= LEAST_IN_GROUP and expected >= LEAST_EXPECTED:
            low = chi2.ppf(ALPHA / 2, 2 * hires) / 2 if hires else 0.0
            high = chi2.ppf(1 - ALPHA / 2, 2 * hires + 2) / 2
            found[name] = (hires / expected, float(low / expected), float(high / expected))
    return found
