"""From a score to a chance: learned on a later slice that the tables never saw, judged on one later still."""

from dataclasses import replace
from typing import Final

import numpy as np
from scipy.special import expit

from models.match_model import Calibration, MatchModel
from models.refusal import Refused
from training.history import Floats, Rows
from training.learning.dataset import LEAST_HIRES, Dataset
from training.learning.fitting import EDGES, taken_by
from training.learning.release import Release, release
from training.measures.calibration import logistic

GROUP_PRIOR: Final = 100.0
"""Hires that a group's own ratio is outweighed by: groups differ by some tenth (assumption), and few hires tell little."""


def calibrate(
    data: Dataset, earlier: Rows, earlier_scores: Floats, rows: Rows, model: MatchModel, examination: Floats
) -> Calibration:
    """Fit chance on score (Platt 1999), not to be shown before `judge` says so.

    The level is that of ``rows``, the later ones. How steeply the chance rises with the score, and how groups differ, is learned
    from the earlier ones too: that changes less with time, and needs more hires than a level.

    A suggestion further down is looked at less. Without this, a low score, which stands low, would look worse than it is. The
    shape of what ranks take away is that of the fit (`fitting.Fit.examination`), its size is learned here: the fit draws it
    towards nothing, and sees it only among people with an outcome. The chance that remains is that at the first rank.

    People of one target group may find work more or less easily than their scores tell, because the tables compare within a
    person. Hires observed over expected of each group, drawn towards 1 (Clayton and Kaldor 1987), are a factor of its odds.

    Parameters
    ----------
    earlier, earlier_scores
        Rows of the fit, and their scores by tables that were fitted without their people (`fitting.out_of_fold`).
    rows
        Rows that the tables never saw.

    Raises
    ------
    Refused
        ``too_few``: all scores are alike, or hardly anybody was hired, so nothing can be fitted.
    """
    both, later = np.concatenate([earlier, rows]), np.arange(len(earlier) + len(rows)) >= len(earlier)
    score, hired = np.append(earlier_scores, model.scores(data.values[rows])), data.hired[both]
    centre, width = score.mean(), max(float(score.std()), 1e-9)
    taken = taken_by(data.rank[both], examination)
    columns = [~later, later, (score - centre) / width, *([taken] if taken.any() else [])]
    x = np.column_stack(columns).astype(np.float64)
    weights = logistic(x, hired, np.zeros(len(hired)))
    if not np.isfinite(weights).all():
        raise Refused("too_few", "calibrate", int(data.hired[rows].sum()), LEAST_HIRES)
    names, group = np.unique(data.group[both], return_inverse=True)
    expected = np.bincount(group, expit(x @ weights))
    added = np.log((np.bincount(group, hired) + GROUP_PRIOR) / (expected + GROUP_PRIOR))
    slope, size = float(weights[2]) / width, max(float(weights[3:].sum()), 0.0)
    return Calibration(
        slope=slope,
        intercept=float(weights[1]) - slope * float(centre),
        examination=tuple(zip(EDGES, (size * examination).tolist(), strict=True)),
        groups={name: value for name, value in zip(names.tolist(), added.tolist(), strict=True) if name},
        shown=False,
        why_not=("too_few",),
    )


def judge(data: Dataset, rows: Rows, model: MatchModel, found: Calibration) -> tuple[Calibration, Release]:
    """Apply the release rule on later rows, each at the rank at which it was shown; give the calibration with its verdict."""
    verdict = release(data.hired[rows], chances(data, rows, model, found), data.group[rows])
    return replace(found, shown=verdict.shown, why_not=verdict.why_not), verdict


def chances(data: Dataset, rows: Rows, model: MatchModel, found: Calibration) -> Floats:
    """Give the chance of a hire of each row, at the rank at which it was shown."""
    return found.probability(model.scores(data.values[rows]), data.group[rows], data.rank[rows])


def reliability(data: Dataset, rows: Rows, model: MatchModel, found: Calibration, n: int = 10) -> list[dict[str, float]]:
    """Cut rows into ``n`` parts of equal size by chance; give the size, mean chance and observed share of each."""
    chance, hired = chances(data, rows, model, found), data.hired[rows]
    parts = [part for part in np.array_split(np.argsort(chance, kind="stable"), n) if len(part)]
    return [{"n": len(part), "expected": float(chance[part].mean()), "observed": float(hired[part].mean())} for part in parts]
