"""The whole path from a history to a model file and its card: data set, splits, fit, calibration, evaluation."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from matching.codes import LANGUAGES_OF_SERVICE
from matching.comparisons import FULL, NAMES, NOT_ASKED, UNKNOWN, UNSTATED
from models.artifact import assemble, load
from models.match_model import Calibration, MatchModel
from training.history import Floats, History
from training.learning import evaluation
from training.learning.calibration import calibrate, judge, reliability
from training.learning.cards import render
from training.learning.dataset import LAG, WINDOW, Dataset, build_dataset
from training.learning.fitting import EDGES, Fit, fit, out_of_fold
from training.learning.release import Release
from training.learning.splits import NAMES_OF_SPLITS, Splits, check, split

NAME: Final = "learned"
MODEL: Final = "learned"
"""What the new tables are called among the rankings."""
YARDSTICK: Final = "boosted_trees"
N_SELF_TEST: Final = 32
STATES: Final = {"not_asked": NOT_ASKED, "unstated": UNSTATED, "unknown": UNKNOWN}


@dataclass(frozen=True, slots=True)
class Trained:
    """A new model: its file's content, its card, the card as pages by language, and the model itself."""

    content: dict[str, Any]
    card: dict[str, Any]
    pages: dict[str, str]
    model: MatchModel


def train(
    history: History,
    models: Mapping[str, MatchModel],
    current: MatchModel,
    rng: np.random.Generator,
    window: int = WINDOW,
    lag: int = LAG,
    until: date | None = None,
    others: Mapping[str, Floats] | None = None,
) -> Trained:
    """Learn a model from a history.

    Parameters
    ----------
    models
        Every model that the log names, by version.
    current
        The model in use, with which the new one is compared.
    window, lag, until, others
        As in `dataset.build_dataset`.

    Raises
    ------
    Refused
        Whatever `dataset.build_dataset` and `splits.check` refuse. A model without skill is made, and refused at promotion.
    """
    hand_set = load()
    data = build_dataset(history, models, window, lag, until, others)
    splits = split(data, rng)
    check(data, splits)
    found, content, calibration, verdict = with_chance(data, splits, hand_set, rng)
    tables = assemble(content)
    values = rng.integers(256, size=(N_SELF_TEST, len(NAMES))).astype(np.uint8)
    content |= {
        "calibration": asdict(calibration),
        "self_test": {"values": values.tolist(), "scores": tables.scores(values).tolist()},
    }
    model = assemble(content)
    card: dict[str, Any] = {
        "data": _window(data),
        "splits": _splits(data, splits),
        "missing": _missing(data, splits),
        "fit": {"people": found.people, "edges": EDGES, "examination": found.examination},
        "signal": evaluation.mean_by_person(found.signal, np.arange(len(found.signal)), rng),
        **_evaluate(data, splits, found, (model, current, hand_set), calibration, rng),
        "calibration": {
            "score_slope": calibration.slope,
            "score_intercept": calibration.intercept,
            **asdict(verdict),
            "reliability": reliability(data, splits.evaluate, model, calibration),
        },
        "compared_with": current.version,
        "tables": _tables(content, hand_set),
    }
    plain: dict[str, Any] = _plain(card)
    return Trained(content, plain, {lang: render(plain, lang) for lang in LANGUAGES_OF_SERVICE}, model)


def with_chance(
    data: Dataset, splits: Splits, hand_set: MatchModel, rng: np.random.Generator
) -> tuple[Fit, dict[str, Any], Calibration, Release]:
    """Fit, calibrate and judge, each on its own split; give the fit, the content of its model file, its chance, the verdict."""
    found = fit(data, splits.fit, hand_set, rng)
    content = _content(found, hand_set, data)
    tables = assemble(content)
    earlier = out_of_fold(data, splits.fit, hand_set, rng)
    chance = calibrate(data, splits.fit, earlier, splits.calibrate, tables, found.examination)
    return found, content, *judge(data, splits.evaluate, tables, chance)


def _content(found: Fit, hand_set: MatchModel, data: Dataset) -> dict[str, Any]:
    """Give the content of a model file; bands and floors are those of the hand-set tables, whose scale the scores keep."""
    return {
        "name": NAME,
        "format": 2,
        "description": f"Learned from outcomes known on {data.as_of}. On the scale of the hand-set tables; value 0-1.",
        "intercept": found.intercept,
        "bands": dict(zip(("strong", "fair"), hand_set.bands, strict=True)),
        "floor": hand_set.floor,
        "partner_floor": hand_set.partner_floor,
        "profile_floor": hand_set.profile_floor,
        "tables": {
            name: {"points": [list(point) for point in points], **dict(zip(STATES, states, strict=True))}
            for name, points, states in zip(NAMES, found.points, found.states.tolist(), strict=True)
        },
    }


def _evaluate(
    data: Dataset, splits: Splits, found: Fit, models: tuple[MatchModel, MatchModel, MatchModel], calibration: Calibration,
    rng: np.random.Generator,
) -> dict[str, Any]:  # fmt: skip
    """Compare rankings on the latest rows: outcomes weighted for their rank, and as logged."""
    later = data.take(splits.evaluate)
    model, current, hand_set = models
    policies: dict[str, Floats] = {
        MODEL: model.scores(later.values),
        "current": current.scores(later.values),
        "hand_set": hand_set.scores(later.values),
        "random": rng.random(len(later)),
        **later.baselines,
        YARDSTICK: evaluation.challenger(data, splits.fit, rng)(later.values),
    }
    weight = evaluation.examination_weights(later.rank, found.examination, EDGES)
    metrics, differences = evaluation.compare(later, policies, MODEL, weight, rng)
    logged, _ = evaluation.compare(later, policies, MODEL, np.ones(len(later)), rng)
    chance = calibration.probability(policies[MODEL], later.group, later.rank)
    return {
        "metrics": metrics,
        "differences": differences,
        "metrics_as_logged": logged,
        "groups": evaluation.by_group(later, policies[MODEL], weight, later.group, rng),
        "skill": evaluation.brier_skill(later.hired, chance, later.person, rng),
    }


def _window(data: Dataset) -> dict[str, Any]:
    return {
        "as_of": data.as_of,
        "first_shown": data.shown.min(),
        "last_shown": data.shown.max(),
        "window_days": data.window,
        "lag_days": data.lag,
        "counts": data.counts,
    }


def _splits(data: Dataset, splits: Splits) -> dict[str, Any]:
    parts = {
        name: {
            "first_shown": data.shown[rows].min(),
            "last_shown": data.shown[rows].max(),
            "people": len(np.unique(data.person[rows])),
            "employers": len(np.unique(data.employer[rows][data.employer[rows] >= 0])),
            "rows": len(rows),
            "hires": int(data.hired[rows].sum()),
        }
        for name, rows in zip(NAMES_OF_SPLITS, splits.parts, strict=True)
    }
    return {**parts, "by_employer": splits.by_employer}


def _missing(data: Dataset, splits: Splits) -> dict[str, dict[str, float]]:
    """Give the share of each state of each comparison where it was learned from."""
    values = data.values[splits.fit]
    return {name: {word: float((values[:, c] == code).mean()) for word, code in STATES.items()} for c, name in enumerate(NAMES)}


def _tables(content: dict[str, Any], hand_set: MatchModel) -> dict[str, Any]:
    """Give each table beside the hand-set one, at the same knots."""
    found = {}
    for name, row in zip(NAMES, hand_set.tables, strict=True):
        points = content["tables"][name]["points"]
        before = [[x, float(row[round(x * FULL)])] for x, _ in points]
        states = {word: float(row[code]) for word, code in STATES.items()}
        found[name] = {**content["tables"][name], "hand_set": {"points": before, **states}}
    return found


def _plain(value: Any) -> Any:
    """Turn what was found into what JSON holds; what is not a number is null."""
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | np.ndarray) and not (isinstance(value, np.ndarray) and value.ndim == 0):
        return [_plain(inner) for inner in value]
    if isinstance(value, date | np.datetime64):
        return str(value)
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    return int(value) if isinstance(value, np.integer) else value
