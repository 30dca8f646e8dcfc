"""Additive model: score = intercept + sum of contributions (log-odds), one table per comparison."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from matching.comparisons import COMPARISONS, FULL, NAMES, NOT_ASKED, UNKNOWN, UNSTATED
from matching.records import DataError, Problem

WEIGHT_RANGE: Final = (0.0, 3.0)
"""Range to which the weights of a request are held."""
EXACT: Final = 2.0**20
"""Contributions are multiples of 1 / EXACT, so that their sums are exact in float64, whatever the order."""
LARGEST: Final = 40.0
"""Largest contribution (log-odds) of a table: far beyond anything sensible."""
CORE: Final = frozenset({"professions_sought", "professions_done", "competences"})
"""Profile fields of which at least one must be known before anything is scored."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Chance of a hire from a score: ``1 / (1 + exp(-(intercept + slope * score)))`` at the first rank (Platt 1999).

    ``examination`` holds ranks from which on a suggestion is looked at less, in rising order, and the log-odds, at most 0, that
    are taken away from there on. ``groups`` holds log-odds to add for people of a target group: the same for all that is
    suggested to somebody, so no order depends on it. ``shown`` says whether it passed its release rule; ``why_not`` names what
    it failed (`models.refusal.REASONS`).
    """

    slope: float
    intercept: float
    examination: tuple[tuple[int, float], ...]
    groups: Mapping[str, float]
    shown: bool
    why_not: tuple[str, ...]

    def probability(
        self, scores: npt.NDArray[np.float64], group: npt.NDArray[np.str_], rank: npt.NDArray[np.int64] | None = None
    ) -> npt.NDArray[np.float64]:
        """Give the chance, 0-1, of each score, whether it may be shown or not.

        ``group`` (n,) is the target group, empty when unknown; without ranks, each is the first of a list.
        """
        names, of_row = np.unique(group, return_inverse=True)
        added = np.array([self.groups.get(name, 0.0) for name in names.tolist()])[of_row]
        taken = 0.0 if rank is None else self.looked_at(rank)
        return np.asarray(1 / (1 + np.exp(-np.clip(self.intercept + self.slope * scores + added + taken, -500, 500))))

    def looked_at(self, rank: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Give the log-odds, at most 0, that each rank takes away from the chance at the first."""
        edges, taken = zip(*self.examination, strict=True) if self.examination else ((), ())
        return np.append(0.0, taken)[np.searchsorted(edges, rank, side="right")]


@dataclass(frozen=True, slots=True)
class MatchModel:
    """Tables of contributions.

    Attributes
    ----------
    tables
        (comparisons, 256) float64: contribution in log-odds of each step, then of not asked, unstated and unknown.
    bands
        Lowest score of a strong and of a fair match; other suitable matches are weak.
    floor
        Least evidence (intercept and the contributions of known facts) of a vacancy that is suggested.
    partner_floor
        The same for partner offers: these state less than vacancies do, and stand beside them.
    profile_floor
        Lowest share of the weight for which the profile must hold data.
    calibration
        How a score becomes a chance; ``None`` for tables that never saw an outcome.
    weight
        (comparisons,): how much each comparison can move the score (`spread`).
    """

    version: str
    intercept: float
    tables: npt.NDArray[np.float64]
    bands: tuple[float, float]
    floor: float
    partner_floor: float
    profile_floor: float
    calibration: Calibration | None = None
    weight: npt.NDArray[np.float64] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out what depends on the tables alone, once."""
        object.__setattr__(self, "weight", spread(self.tables))

    def weighted(self, weights: Mapping[str, float]) -> tuple[npt.NDArray[np.float64], dict[str, float]]:
        """Apply the weights of a request.

        Returns
        -------
        The tables multiplied per comparison, and the weights as applied (held to ``WEIGHT_RANGE``).

        Raises
        ------
        DataError
            For a weight of an unknown comparison, or one that is not a finite number.
        """
        low, high = WEIGHT_RANGE
        problems = [
            Problem("not_in_list", "request", f"weights.{name}", name[:60], ", ".join(NAMES))
            for name in weights
            if name not in NAMES
        ]
        problems += [
            Problem("out_of_range", "request", f"weights.{name}", str(value), f"{low:g} - {high:g}")
            for name, value in weights.items()
            if not np.isfinite(value)
        ]
        if problems:
            raise DataError(problems)
        applied = {name: float(min(max(weights.get(name, 1.0), low), high)) for name in NAMES}
        return exact(self.tables * np.asarray([applied[name] for name in NAMES])[:, None]), applied

    def scores(self, values: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
        """Score matches from their comparison values, uint8[n, n_comparisons]: what the search gives, to the last bit."""
        found = np.full(len(values), self.intercept)
        for row, column in zip(self.tables, values.T, strict=True):
            found += row[column]
        return found

    def probability(self, score: float, values: bytes, group: str | None) -> float | None:
        """Give the chance of a hire, 0-1, of a match of somebody of a target group, were it the first of a list.

        ``None`` unless the calibration passed its release rule, and where the score is not that of the values: a request with
        weights of its own asks for another order, not for another chance.
        """
        if self.calibration is None or not self.calibration.shown:
            return None
        if self.scores(np.frombuffer(values, dtype=np.uint8)[None, :])[0] != score:
            return None
        return float(self.calibration.probability(np.array([score]), np.array([group or ""]))[0])

    def band(self, score: float) -> str:
        """Name the band of a suitable match: strong, fair or weak."""
        strong, fair = self.bands
        return "strong" if score >= strong else "fair" if score >= fair else "weak"


def exact(numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Round log-odds to multiples of 2^-20 (a millionth): sums of some dozens of them are then exact in any order.

    >>> float(exact(np.array([0.1]))[0] * 2**20)
    104858.0
    """
    return np.asarray(np.rint(numbers * EXACT) / EXACT)


def spread(tables: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give how much each comparison can move the score: the range of its table over the known values; (comparisons,)."""
    known = tables[:, : NOT_ASKED + 1]
    return np.asarray(known.max(axis=1) - known.min(axis=1))


def table(points: list[list[float]], not_asked: float, unstated: float, unknown: float) -> npt.NDArray[np.float64]:
    """Draw one table, (256,), through points (value 0-1, contribution), linear between them."""
    steps = np.arange(FULL + 1) / FULL
    xs, ys = np.asarray(points, dtype=np.float64).T
    drawn = np.empty(256)
    drawn[: FULL + 1] = np.interp(steps, xs, ys)
    drawn[NOT_ASKED], drawn[UNSTATED], drawn[UNKNOWN] = not_asked, unstated, unknown
    return exact(drawn)


def faults(tables: npt.NDArray[np.float64]) -> list[str]:
    """Find what a model may not do: fall where more is better, or reward saying less.

    Every table rises with its value. Unstated and unknown stay a quarter of the range below a full match; for an open list
    unknown never contributes more than a value of 0 (else naming a competence could lower a score).
    """
    found = []
    for comparison, row in zip(COMPARISONS, tables, strict=True):
        if not np.isfinite(row).all():
            found.append(f"{comparison.name}: not finite")
        elif np.abs(row).max() > LARGEST:
            found.append(f"{comparison.name}: a contribution beyond {LARGEST:g}")
        if (np.diff(row[: FULL + 1]) < 0).any():
            found.append(f"{comparison.name}: falls where more is better")
        most = row[FULL] - (row[FULL] - row[0]) / 4
        if row[UNSTATED] > most or row[UNKNOWN] > most:
            found.append(f"{comparison.name}: unknown contributes as much as a good match")
        if comparison.open_list and row[UNKNOWN] > row[0]:
            found.append(f"{comparison.name}: an empty list contributes more than one without a match")
    return found
