"""How well rankings do on later data, with their uncertainty: the model, the one in use, every baseline, and a yardstick."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier

from training.history import Flags, Floats, Rows, Texts
from training.learning.dataset import Dataset
from training.learning.fitting import taken_by
from training.measures import ranking
from training.measures.intervals import Estimate

MEASURES: Final = ("ndcg_10", "mrr", "hit_1", "hit_5", "hit_10")
DRAWS: Final = 1000
"""Draws of the bootstrap."""
INTERVAL: Final = (2.5, 97.5)
LEAST: Final = 30
"""People without whom nothing is said of a group."""
MOST_WEIGHT: Final = 10.0
"""Largest weight by which a low rank is made up for."""
BOOSTED: Final = {"max_iter": 200, "learning_rate": 0.05, "max_leaf_nodes": 15, "l2_regularization": 5.0, "early_stopping": False}
BOOSTED_ROWS: Final = 300_000


def measures(data: Dataset, scores: Floats, weight: Floats) -> dict[str, tuple[Rows, Floats, Floats]]:
    """Rank each person's suggestions by a score, and measure: for each measure, people, sums and weights.

    A person's list is all that was suggested to them in these rows; ties by offer. Hit@k is whether a hire is among the first k,
    MRR one over the rank of the first hire (people with a hire); nDCG@10 takes the gains of `ranking.GAINS` (Järvelin and
    Kekäläinen 2002) (people with any outcome). A person's figure counts by the ``weight`` of their best outcome.

    Parameters
    ----------
    scores
        (n,), higher is better; NaN comes last.
    weight
        (n,), by how much a row's outcome counts.
    """
    people, place = np.unique(data.person, return_inverse=True)
    rank = ranking.ranks_of(place, np.nan_to_num(scores, nan=-np.inf), data.offer)
    lists = ranking.Judged(place, rank, data.gain, people, np.zeros(len(people), dtype=np.int64))
    per_person = ranking.measures(lists)
    best, counts = np.zeros(len(people), dtype=np.int64), np.zeros(len(people))
    np.maximum.at(best, place, data.gain)
    np.maximum.at(counts, place, np.where(data.gain == best[place], weight, 0.0))
    found = {}
    for name in MEASURES:
        figure = per_person[name if name == "mrr" else name.replace("_", "@")]
        there = np.isfinite(figure)
        found[name] = (people[there], (figure * counts)[there], counts[there])
    return found


def examination_weights(rank: Rows, examination: Floats, edges: tuple[int, ...]) -> Floats:
    """Give how much an outcome counts so that low ranks, looked at less, do not count less (Joachims and others 2017).

    One over the fitted odds of being looked at, against the first rank; at most `MOST_WEIGHT`.
    """
    return np.asarray(np.minimum(np.exp(-taken_by(rank, examination, edges)), MOST_WEIGHT))


def _draws(n: int, rng: np.random.Generator) -> npt.NDArray[np.int32]:
    """Draw people with replacement: how often each comes in each draw, (draws, n)."""
    return np.stack([np.bincount(rng.integers(n, size=n), minlength=n) for _ in range(DRAWS)]).astype(np.int32)


def _interval(value: float, drawn: Floats) -> Estimate:
    low, high = np.nanpercentile(drawn, INTERVAL) if np.isfinite(drawn).any() else (np.nan, np.nan)
    return Estimate(value, float(low), float(high))


def compare(
    data: Dataset, policies: Mapping[str, Floats], main: str, weight: Floats, rng: np.random.Generator
) -> tuple[dict[str, dict[str, Estimate]], dict[str, dict[str, Estimate]]]:
    """Measure rankings on the same people, with bootstrap intervals clustered by person (Efron 1979).

    Returns
    -------
    For each policy its measures, and for each other policy the difference of ``main`` to it. NaN where nobody had an outcome.
    """
    figures: dict[str, dict[str, Estimate]] = {name: {} for name in policies}
    differences: dict[str, dict[str, Estimate]] = {name: {} for name in policies if name != main}
    per_policy = {name: measures(data, scores, weight) for name, scores in policies.items()}
    drawn: dict[int, npt.NDArray[np.int32]] = {}
    for measure in MEASURES:
        n = len(per_policy[main][measure][0])
        if n not in drawn:
            drawn = {n: _draws(n, rng) if n else np.zeros((DRAWS, 0), dtype=np.int32)}
        values, draws = {}, {}
        for name in policies:
            _, sums, counts = per_policy[name][measure]
            total = drawn[n] @ counts
            draws[name] = np.divide(drawn[n] @ sums, total, out=np.full(DRAWS, np.nan), where=total > 0)
            values[name] = float(sums.sum() / counts.sum()) if n else float("nan")
            figures[name][measure] = _interval(values[name], draws[name])
        for name in differences:
            differences[name][measure] = _interval(values[main] - values[name], draws[main] - draws[name])
    return figures, differences


def by_group(
    data: Dataset, scores: Floats, weight: Floats, groups: Texts, rng: np.random.Generator
) -> dict[str, dict[str, Estimate] | None]:
    """Measure one ranking for each group of people; ``None`` for a group with fewer than `LEAST` people with an outcome."""
    found: dict[str, dict[str, Estimate] | None] = {}
    for name in np.unique(groups[groups != ""]).tolist():
        here = np.flatnonzero(groups == name)
        enough = len(np.unique(data.person[here][data.gain[here] > 0])) >= LEAST
        found[name] = compare(data.take(here), {"one": scores[here]}, "one", weight[here], rng)[0]["one"] if enough else None
    return found


def mean_by_person(figure: Floats, person: Rows, rng: np.random.Generator) -> Estimate:
    """Mean of a figure of rows, with its bootstrap interval by person."""
    _, of_row = np.unique(person, return_inverse=True)
    sums, counts = np.bincount(of_row, weights=figure), np.bincount(of_row)
    drawn = [float(sums[at].sum() / counts[at].sum()) for at in (rng.integers(len(sums), size=len(sums)) for _ in range(DRAWS))]
    return _interval(float(figure.mean()), np.array(drawn))


def brier_skill(hired: Flags, predicted: Floats, person: Rows, rng: np.random.Generator) -> Estimate:
    """Share of the squared error of the average rate that a prediction saves, with its bootstrap interval by person."""
    base = (hired.mean() - hired) ** 2
    found = mean_by_person(base - (predicted - hired) ** 2, person, rng)
    scale = max(float(base.mean()), 1e-12)
    return Estimate(found.value / scale, found.low / scale, found.high / scale)


def challenger(data: Dataset, fit: Rows, rng: np.random.Generator) -> Callable[[npt.NDArray[np.uint8]], Floats]:
    """Learn boosted trees with interactions from the same rows: what the additive tables give up. Gives what scores values.

    The rank is a feature where it learns, and the first one where it scores.
    """
    some = fit if len(fit) <= BOOSTED_ROWS else rng.choice(fit, BOOSTED_ROWS, replace=False)

    def features(values: npt.NDArray[np.uint8], rank: Rows) -> Floats:
        return np.column_stack([values.astype(np.float64), np.minimum(rank, 50)])

    trees = HistGradientBoostingClassifier(**BOOSTED, random_state=int(rng.integers(2**31)))
    trees.fit(features(data.values[some], data.rank[some]), data.hired[some])
    return lambda values: np.asarray(trees.decision_function(features(values, np.ones(len(values), dtype=np.int64))))
