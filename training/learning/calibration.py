"""From a score to a chance: learned on a later slice that the tables never saw, judged on one later still."""

from typing import Final

import numpy as np
from sklearn.linear_model import LogisticRegression

from models.match_model import Calibration, MatchModel
from training.history import Rows
from training.learning.dataset import Dataset
from training.learning.release import Release, release

UNPENALISED: Final = 1e10


def calibrate(data: Dataset, rows: Rows, model: MatchModel) -> Calibration:
    """Fit chance on score (Platt 1999), not to be shown before `judge` says so.

    The chance is that of a suggestion as suggestions are shown: at the rank that its score earns.
    """
    score = model.scores(data.values[rows])
    centre, width = score.mean(), max(float(score.std()), 1e-9)
    found = LogisticRegression(C=UNPENALISED, max_iter=1000).fit((score[:, None] - centre) / width, data.hired[rows])
    slope = float(found.coef_[0, 0]) / width
    return Calibration(slope, float(found.intercept_[0]) - slope * float(centre), False, ("too_few",))


def judge(data: Dataset, rows: Rows, model: MatchModel, found: Calibration) -> tuple[Calibration, Release]:
    """Apply the release rule on later rows, and give the calibration with its verdict."""
    verdict = release(data.hired[rows], found.probability(model.scores(data.values[rows])), data.group[rows])
    return Calibration(found.slope, found.intercept, verdict.shown, verdict.why_not), verdict


def reliability(data: Dataset, rows: Rows, model: MatchModel, found: Calibration, n: int = 10) -> list[dict[str, float]]:
    """Cut rows into ``n`` parts of equal size by chance; give the size, mean chance and observed share of each."""
    chance, hired = found.probability(model.scores(data.values[rows])), data.hired[rows]
    parts = [part for part in np.array_split(np.argsort(chance, kind="stable"), n) if len(part)]
    return [{"n": len(part), "expected": float(chance[part].mean()), "observed": float(hired[part].mean())} for part in parts]
