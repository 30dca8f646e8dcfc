"""Competing risks: how many people have reached each end by a day, when some are still under way.

People are followed from day 0 until the first of several ends, their *cause* (1, 2, ...), or until the data end (cause 0:
censored). Who is censored on a day was still there on that day, so an end on the same day counts them among those at risk.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from training.history import Floats, Rows
from training.measures.intervals import NAN, Estimate, difference, quantile

Transform = Callable[[Floats, Floats, float], tuple[Floats, Floats]]
UNKNOWN: Final = Estimate(NAN, NAN, NAN)


@dataclass(frozen=True, slots=True)
class Curve:
    """Cumulative incidence.

    Attributes
    ----------
    days
        (n_days,) the distinct days on which anybody's time ended, ascending.
    at_risk
        (n_days,) people still under way just before each.
    events
        (n_causes, n_days) ends of each cause on each day.
    incidence, variance
        (n_causes, n_days) share that has ended by that day for that cause, and the variance of the share.
    n
        People.
    """

    days: Rows
    at_risk: Rows
    events: Rows
    incidence: Floats
    variance: Floats
    n: int

    def risk_set(self, at: npt.ArrayLike) -> Rows:
        """Give the people still under way at the beginning of some days."""
        place = np.searchsorted(self.days, np.asarray(at, dtype=np.int64), side="left")
        return np.append(self.at_risk, 0)[place]

    def at(self, day: int, cause: int, confidence: float = 0.95) -> Estimate:
        """Give the share that has ended for a cause by the end of a day.

        Returns
        -------
        The share, with an interval on the log(-log) scale, which stays within 0 and 1 (Kalbfleisch and Prentice 2002, *The
        Statistical Analysis of Failure Time Data*, 8.2.1). The share is unknown (NaN) beyond the last day on which anybody was
        under way, unless everybody has reached an end; the interval is unknown where nobody or everybody has ended for the cause.
        """
        place = int(np.searchsorted(self.days, day, side="right")) - 1
        open_ended = self.n == 0 or (day > self.days[-1] and 1 - self.incidence[:, -1].sum() > 1e-12)
        if open_ended:
            return UNKNOWN
        if place < 0:
            return Estimate(0.0, NAN, NAN)
        share, variance = float(self.incidence[cause - 1, place]), float(self.variance[cause - 1, place])
        if not 0 < share < 1 or variance <= 0:
            return Estimate(share, NAN, NAN)
        wide = quantile(confidence) * np.sqrt(variance) / abs(share * np.log(share))
        return Estimate(share, float(share ** np.exp(wide)), float(share ** np.exp(-wide)))


def cumulative_incidence(days: npt.ArrayLike, cause: npt.ArrayLike, n_causes: int) -> Curve:
    """Estimate the cumulative incidence of each cause (Aalen and Johansen 1978, Scandinavian Journal of Statistics 5).

    The incidence of a cause rises on a day by S d / n: S the share still under way before it, d the ends of that cause, n the
    people at risk; ties are no special case. Its variance is the delta-method one (Gaynor et al. 1993, JASA 88, "On the use of
    cause-specific failure and conditional failure probabilities"), which without censoring is that of a share.

    Parameters
    ----------
    days, cause
        (n,) whole days from the start until the end, and which end: 1 to ``n_causes``, or 0 for censored.
    n_causes
        Number of causes.

    Raises
    ------
    ValueError
        A time below 0 or unknown, or a cause outside 0 to ``n_causes``.
    """
    time, ends = np.asarray(days), np.asarray(cause, dtype=np.int64)
    if time.dtype.kind not in "iu":
        raise ValueError("times are whole days, none of them unknown")
    if len(time) and (time.min() < 0 or ends.min() < 0 or ends.max() > n_causes):
        raise ValueError("a time is before the start, or a cause is not one of those")
    distinct, place = np.unique(time.astype(np.int64), return_inverse=True)
    every = np.zeros((n_causes + 1, len(distinct)), dtype=np.int64)
    np.add.at(every, (ends, place), 1)
    gone, events = every.sum(axis=0), every[1:]
    at_risk = len(time) - np.cumsum(gone) + gone
    ended = events.sum(axis=0)
    staying = np.cumprod(1 - ended / at_risk)
    before = np.concatenate([np.ones(min(len(distinct), 1)), staying[:-1]])
    incidence = np.cumsum(before * events / at_risk, axis=1)
    return Curve(distinct, at_risk, events, incidence, _variance(incidence, events, at_risk, before), len(time))


def _variance(incidence: Floats, events: Rows, at_risk: Rows, before: Floats) -> Floats:
    """Delta-method variance: sums over the days i so far, of F(t) - F(i) and of what each day adds, multiplied out."""
    ended, f = events.sum(axis=0), incidence
    left = at_risk - ended
    # When nobody is left, F(t) - F(i) is 0 from then on, so the term counts for nothing.
    leaving = np.divide(ended, at_risk * left, out=np.zeros(len(left)), where=left > 0)
    added = before * events / at_risk**2
    own = (before / at_risk) ** 2 * events * (at_risk - events) / at_risk
    sums = [np.cumsum(part, axis=1) for part in (f * leaving, f**2 * leaving, own, added, f * added)]
    variance = f**2 * np.cumsum(leaving) - 2 * f * sums[0] + sums[1] + sums[2] - 2 * (f * sums[3] - sums[4])
    return np.asarray(np.maximum(variance, 0))  # what is 0 may come out a hair below


def one_minus_kaplan_meier(days: npt.ArrayLike, cause: npt.ArrayLike, which: int) -> Curve:
    """Estimate 1 - Kaplan-Meier of one cause: what its share would be if no other end existed.

    Every other end counts as censored. It is above the share of people who really reach this end, and is shown only beside it
    and under this name.
    """
    ends = np.asarray(cause, dtype=np.int64)
    return cumulative_incidence(days, np.where(ends == which, 1, 0), 1)


def naive_share(days: npt.ArrayLike, cause: npt.ArrayLike, day: int, which: int) -> float:
    """Give the share of everybody who has reached an end by a day, however short they have been followed: too low.

    Shown only to say by how much it is wrong. NaN without people.
    """
    time, ends = np.asarray(days), np.asarray(cause)
    return float(np.mean((ends == which) & (time <= day))) if len(time) else NAN


def incidence_difference(one: Curve, other: Curve, day: int, cause: int, confidence: float = 0.95) -> Estimate:
    """Give the incidence of one group less that of another, with an interval made of theirs (`intervals.difference`)."""
    return difference(one.at(day, cause, confidence), other.at(day, cause, confidence))
