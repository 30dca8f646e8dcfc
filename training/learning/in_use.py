"""Do the chances that the model in use has stated come true: its own suggestions, held against what became of them."""

from collections.abc import Mapping

import numpy as np

from models.match_model import MatchModel
from models.refusal import Refused
from training.history import History
from training.learning.dataset import LAG, WINDOW, build_dataset
from training.learning.release import Release, release
from training.measures.calibration import Calibration, calibration


def chances_of(
    history: History,
    models: Mapping[str, MatchModel],
    current: MatchModel,
    rng: np.random.Generator,
    window: int = WINDOW,
    lag: int = LAG,
    confidence: float = 0.95,
) -> tuple[Calibration, Release] | str:
    """Hold the chances of the model in use against the hires that followed within a window.

    Only what was suggested with this model counts, so nothing that it was learned from.

    Parameters
    ----------
    models
        Every model that the log names, by version.

    Returns
    -------
    The calibration with its verdict, or why there is none: ``no_chances`` (the model states none) or ``too_early`` (nothing that
    was suggested with it is old enough).

    Raises
    ------
    Refused
        As `build_dataset`, but for ``too_few``.
    """
    if current.calibration is None or not current.calibration.shown:
        return "no_chances"
    try:
        data = build_dataset(history, models, window, lag)
    except Refused as refused:
        if refused.name != "too_few":
            raise
        return "too_early"
    data = data.take(history.suggestions.model[data.suggestion] == current.version)
    if not len(data):
        return "too_early"
    chance = current.calibration.probability(current.scores(data.values), data.group, data.rank)
    return calibration(chance, data.hired, data.person, rng, confidence), release(data.hired, chance, data.group)
