"""Two models or policies compared, when chance decided who got which: interviews first, hires second, with the power there is."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

from matching.codes import Event
from matching.records import DataError, Problem
from training.history import Days, Flags, History, Rows, Texts
from training.measures.definitions import Settings
from training.measures.intervals import NAN, Estimate, difference, newcombe, quantile, ratio_of_sums
from training.measures.off_policy import rewards

POWER: Final = 0.8
MONDAY: Final = np.datetime64("0001-01-01", "D")
"""A Monday, from which weeks are counted."""


By = Literal["policy", "model"]
"""What the arms of a comparison differ in."""


@dataclass(frozen=True, slots=True)
class Arms:
    """People by the arm that chance gave them.

    ``arm`` is 0 or 1 (of ``names``); ``interviewed`` and ``hired`` say whether each was in time.
    """

    names: tuple[str, str]
    person: Rows
    arm: Rows
    interviewed: Flags
    hired: Flags


@dataclass(frozen=True, slots=True)
class Contrast:
    """The second arm less the first.

    ``n`` people and ``successes`` by arm; ``detectable`` is the smallest gain that would be found in 80 of 100 cases.
    """

    n: tuple[int, int]
    successes: tuple[int, int]
    difference: Estimate
    detectable: float

    @property
    def differs(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.difference.excludes(0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Interviews decide; hires are tested only when interviews differ (a fixed sequence, so 5 false alarms in 100 in all)."""

    names: tuple[str, str]
    interviews: Contrast
    hires: Contrast
    hires_tested: bool


def arms(
    history: History, by: By, names: tuple[str, str], settings: Settings, since: date | None = None
) -> Arms:
    """Put people in the arm of the lists shown to them, and see what became of them in the days after the first one.

    Only people followed for the whole window count: those whose first list of these arms is older than the window and the
    reporting lag.

    Raises
    ------
    DataError
        ``inconsistent``: somebody was shown lists of both arms, so chance did not decide by person.
    """
    shown = history.suggestions
    label: Texts = getattr(shown, by)
    day = shown.shown.astype("datetime64[D]")
    rows = np.flatnonzero(shown.of("suggest") & np.isin(label, names) & (day >= np.datetime64(since or date.min, "D")))
    of = (label[rows] == names[1]).astype(np.int64)
    person, place = np.unique(shown.person[rows], return_inverse=True)
    lowest, highest = np.ones(len(person), dtype=np.int64), np.zeros(len(person), dtype=np.int64)
    np.minimum.at(lowest, place, of)
    np.maximum.at(highest, place, of)
    if (mixed := int(np.count_nonzero(lowest != highest))) > 0:
        raise DataError([Problem("inconsistent", "comparison", by, str(mixed), "one arm for each person")])
    first = np.full(len(person), np.datetime64("9999-12-31", "D"))
    np.minimum.at(first, place, day[rows])
    window = np.timedelta64(settings.interview_days, "D")
    last = np.datetime64(history.as_of - timedelta(days=settings.reporting_lag_days), "D")
    ripe = first + window <= last
    reached = [_within(history, event, person, first, first + window) for event in (Event.INTERVIEWED, Event.HIRED)]
    return Arms(names, person[ripe], lowest[ripe], reached[0][ripe], reached[1][ripe])


@dataclass(frozen=True, slots=True)
class Weeks:
    """Lists by the arm that chance gave to the week in which they were shown; ``week`` is the cluster."""

    names: tuple[str, str]
    week: Rows
    arm: Rows
    interviewed: Flags
    hired: Flags


def arms_by_week(
    history: History, by: By, names: tuple[str, str], settings: Settings, since: date | None = None
) -> Weeks:
    """Put lists in the arm of their week (from Monday), and see what became of what they showed in the days after.

    An event belongs to the first list that showed its offer to the person (`off_policy.rewards`). Only lists older than the
    window and the reporting lag count.

    Raises
    ------
    DataError
        ``inconsistent``: lists of both arms were shown in one week, so chance did not decide by week.
    """
    shown = history.suggestions
    label: Texts = getattr(shown, by)
    day = shown.shown.astype("datetime64[D]")
    window, lag = settings.interview_days, settings.reporting_lag_days
    found = [rewards(history, event, window, lag) for event in (Event.INTERVIEWED, Event.HIRED)]
    chosen = shown.of("suggest") & np.isin(label, names) & (day >= np.datetime64(since or date.min, "D")) & found[0][1]
    rows = np.flatnonzero(chosen)
    _, first, place = np.unique(shown.list_id[rows], return_index=True, return_inverse=True)
    reached = [np.bincount(place, reward[rows], minlength=len(first)) > 0 for reward, _ in found]
    arm = (label[rows[first]] == names[1]).astype(np.int64)
    week = (day[rows[first]] - MONDAY).astype(np.int64) // 7
    both = np.intersect1d(week[arm == 0], week[arm == 1])
    if len(both):
        raise DataError([Problem("inconsistent", "comparison", by, str(len(both)), "one arm for each week")])
    return Weeks(names, week, arm, reached[0], reached[1])


def compare_weeks(found: Weeks, rng: np.random.Generator, confidence: float = 0.95) -> Comparison:
    """Compare two arms that chance gave to weeks: lists with an interview first, with a hire second."""
    interviews, hires = (
        contrast_by_cluster(success, found.arm, found.week, rng, confidence) for success in (found.interviewed, found.hired)
    )
    return Comparison(found.names, interviews, hires, interviews.differs)


def _within(history: History, event: Event, person: Rows, first: Days, last: Days) -> Flags:
    """Say who had an event that stands from one day to another, both included."""
    events = history.events
    rows = np.flatnonzero(events.stands & (events.event == event.value) & np.isin(events.person, person))
    at = np.searchsorted(person, events.person[rows])
    found = np.zeros(len(person), dtype=np.bool_)
    found[at[(events.on[rows] >= first[at]) & (events.on[rows] <= last[at])]] = True
    return found


def contrast(success: Flags, arm: Rows, confidence: float = 0.95) -> Contrast:
    """Compare a share between two arms that chance gave to each person (Newcombe's interval)."""
    n = (int(np.count_nonzero(arm == 0)), int(np.count_nonzero(arm == 1)))
    successes = (int(np.count_nonzero(success & (arm == 0))), int(np.count_nonzero(success & (arm == 1))))
    found = newcombe((successes[1], successes[0]), (n[1], n[0]), confidence)
    return Contrast(n, successes, found, detectable(successes[0] / n[0] if n[0] else NAN, n, confidence))


def contrast_by_cluster(success: Flags, arm: Rows, cluster: Rows, rng: np.random.Generator, confidence: float = 0.95) -> Contrast:
    """Compare a share between two arms that chance gave to whole weeks, consultants or agencies.

    Each arm has an interval by drawing its clusters, and the difference is made of these. Below 5 clusters an arm has none.
    The detectable difference counts people as if they were as many as the intervals say they are worth.
    """
    shares, worth = [], []
    for which in (0, 1):
        rows = arm == which
        if not rows.any():
            shares.append(Estimate(NAN, NAN, NAN))
            worth.append(0.0)
            continue
        (share,) = ratio_of_sums(success[rows].astype(np.float64), np.ones(int(rows.sum())), cluster[rows], rng, confidence)
        shares.append(share)
        error = (share.high - share.low) / (2 * quantile(confidence))
        worth.append(share.value * (1 - share.value) / error**2 if error > 0 else NAN)
    n = (int(np.count_nonzero(arm == 0)), int(np.count_nonzero(arm == 1)))
    successes = (int(np.count_nonzero(success & (arm == 0))), int(np.count_nonzero(success & (arm == 1))))
    return Contrast(n, successes, difference(shares[1], shares[0]), detectable(shares[0].value, (worth[0], worth[1]), confidence))


def power(share: float, gain: float, n: tuple[float, float], confidence: float = 0.95) -> float:
    """Give the chance to find a gain, when the first arm has a share (normal approximation of two shares, unpooled)."""
    error = np.sqrt(share * (1 - share) / n[0] + (share + gain) * (1 - share - gain) / n[1])
    return float(norm.cdf(abs(gain) / error - quantile(confidence)))


def detectable(share: float, n: tuple[float, float], confidence: float = 0.95, wanted: float = POWER) -> float:
    """Give the smallest gain that would be found with a chance of ``wanted``; NaN where none would.

    >>> round(detectable(0.4, (525, 525)), 3)
    0.086
    """
    most = 1 - share - 1e-9
    if not (0 < share < 1 and min(n) > 0) or power(share, most, n, confidence) < wanted:
        return NAN
    return float(brentq(lambda gain: power(share, gain, n, confidence) - wanted, 1e-9, most))


def compare(found: Arms, confidence: float = 0.95) -> Comparison:
    """Compare two arms: interviews first, hires second."""
    interviews, hires = (contrast(success, found.arm, confidence) for success in (found.interviewed, found.hired))
    return Comparison(found.names, interviews, hires, interviews.differs)
