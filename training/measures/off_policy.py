"""What another policy would have brought, worked out from a log in which chance decided what was shown."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from matching.codes import Event
from matching.records import DataError, Problem
from training.history import Flags, Floats, History, Rows
from training.measures.intervals import Estimate, clustered_mean, ratio_of_sums
from training.measures.jobs import key

LEAST_EFFECTIVE: Final = 100
"""Suggestions that a weighted log must be worth at least."""
SURE: Final = 0.999
"""Confidence with which weights must not average 1 before support is held to be missing."""


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """Mean reward of a suggestion under another policy, estimated in three ways.

    ``ips`` weighs by inverse propensity (Horvitz and Thompson 1952, JASA 47); ``snips`` divides by the sum of the weights
    (Swaminathan and Joachims 2015, NeurIPS); ``doubly_robust`` corrects a model of the reward (Dudík, Langford and Li 2011,
    ICML), ``None`` without model. ``effective`` is the effective sample size, (sum w)^2 / sum w^2.
    """

    n: int
    effective: float
    mean_weight: Estimate
    ips: Estimate
    snips: Estimate
    doubly_robust: Estimate | None


def policy_value(
    reward: npt.ArrayLike,
    logged: npt.ArrayLike,
    target: npt.ArrayLike,
    person: Rows,
    rng: np.random.Generator,
    outside: npt.ArrayLike = 0.0,
    model: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
    confidence: float = 0.95,
) -> PolicyValue:
    """Estimate the mean reward of a suggestion under a target policy from what another one logged.

    Parameters
    ----------
    reward
        (n,) what became of each suggestion, such as 1 for an interview.
    logged, target
        (n,) chance that the logging and the target policy show this offer in this place.
    person
        (n,) the cluster of the intervals.
    outside
        (n,) or one number: the part of the target policy's chance in this place that goes to offers which the logging policy
        never shows there.
    model
        Expected rewards by a model fitted on other data: (n,) of the offer shown, and (n,) averaged over what the target policy
        would show in this place.

    Raises
    ------
    DataError
        ``no_support``: the log cannot tell. A propensity is unknown or not within 0 and 1, nothing was left to chance, the
        target policy shows what was never shown, weights do not average 1, or the log is worth too few suggestions.
    """
    y, p, q = (np.asarray(part, dtype=np.float64) for part in (reward, logged, target))
    _refuse_without_support(p, q, np.broadcast_to(np.asarray(outside, dtype=np.float64), p.shape))
    weight = q / p
    (mean_weight,) = clustered_mean(weight, person, rng, SURE)
    if mean_weight.excludes(1):
        raise _no_support("weights", f"{mean_weight.value:.3f} ({mean_weight.low:.3f} - {mean_weight.high:.3f})", "1")
    effective = float(weight.sum() ** 2 / (weight**2).sum())
    if effective < LEAST_EFFECTIVE:
        raise _no_support("effective", f"{effective:.0f}", f">= {LEAST_EFFECTIVE}")
    (ips,) = clustered_mean(weight * y, person, rng, confidence)
    (snips,) = ratio_of_sums(weight * y, weight, person, rng, confidence)
    robust = None
    if model is not None:
        of_shown, of_target = (np.asarray(part, dtype=np.float64) for part in model)
        (robust,) = clustered_mean(of_target + weight * (y - of_shown), person, rng, confidence)
    return PolicyValue(len(y), effective, mean_weight, ips, snips, robust)


def rewards(history: History, event: Event, days: int, lag_days: int) -> tuple[Floats, Flags]:
    """Say which suggestions were followed by an event in the days after they were shown, and which are old enough to tell.

    An event belongs to the first suggestion of its pair of person and offer in whose days it falls; what was only explained was
    not suggested. Both are (n_suggestions,); a suggestion is old enough when its days and the reporting lag are over.
    """
    shown, events = history.suggestions, history.events
    day = shown.shown.astype("datetime64[D]")
    ripe = shown.of("suggest", "candidates") & (day + np.timedelta64(days + lag_days, "D") <= np.datetime64(history.as_of, "D"))
    rows = np.flatnonzero(shown.of("suggest", "candidates"))
    rows = rows[np.argsort(day[rows], kind="stable")]
    happened = np.flatnonzero(events.stands & (events.event == event.value) & (events.offer >= 0))
    # The first suggestion of the pair that is not older than the window; it must not be younger than the event.
    keys = key(shown.person[rows], shown.offer[rows], day[rows])
    order = np.argsort(keys, kind="stable")
    person, offer, on = events.person[happened], events.offer[happened], events.on[happened]
    place = np.searchsorted(keys[order], key(person, offer, on - np.timedelta64(days, "D")))
    there = np.append(keys[order], -1)[place]
    within = (there >= 0) & (there <= key(person, offer, on))
    reward = np.zeros(len(shown.id))
    reward[rows[order][place[within]]] = 1.0
    return reward, ripe


def without_exploring(history: History, event: Event, days: int, lag_days: int, rng: np.random.Generator) -> PolicyValue:
    """Estimate how often a suggestion would have led to an event, had nothing been left to chance.

    Raises
    ------
    DataError
        ``no_support``, as `policy_value` says; also when nothing was explored, as there is then nothing to compare.
    """
    shown = history.suggestions
    reward, ripe = rewards(history, event, days, lag_days)
    if not shown.exploration[ripe].any():
        raise _no_support("exploration", "0", "> 0")
    target = np.where(shown.exploration, 0.0, 1.0)
    return policy_value(reward[ripe], shown.propensity[ripe], target[ripe], shown.person[ripe], rng)


def _refuse_without_support(logged: Floats, target: Floats, outside: Floats) -> None:
    if not len(logged) or not ((logged > 0) & (logged <= 1)).all() or not ((target >= 0) & (target <= 1)).all():
        wrong = int(np.count_nonzero(~((logged > 0) & (logged <= 1) & (target >= 0) & (target <= 1))))
        raise _no_support("propensity", str(wrong), "0 < propensity <= 1")
    if (logged == 1).all() and (target != 1).any():
        raise _no_support("propensity", "1", "propensity < 1")
    if not np.isfinite(outside).all() or (outside > 0).any():
        raise _no_support("outside", f"{float(np.mean(outside)):.3f}", "0")


def _no_support(field: str, value: str, accepted: str) -> DataError:
    return DataError([Problem("no_support", "log", field, value, accepted)])
