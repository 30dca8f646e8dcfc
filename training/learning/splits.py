"""Splits by time: fit, then calibrate, then evaluate, with a gap of the label window and nobody in two of them."""

from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

import numpy as np

from models.refusal import Refused
from training.history import Flags, Rows
from training.learning.dataset import LEAST_HIRES, Dataset

SHARES: Final = (0.5, 0.25, 0.25)
"""Shares of the rows outside the gaps of fit, calibrate and evaluate, as nearly as whole days allow."""
HIRES_BY_EMPLOYER: Final = 500
"""Hires that each split must keep before employers are kept apart as well: with fewer, the slope of a calibration is not known
to a fifth, which is what its release asks."""
N_SPLITS: Final = 3
NAMES_OF_SPLITS: Final = ("fit", "calibrate", "evaluate")


@dataclass(frozen=True, slots=True)
class Splits:
    """Rows of a data set in each split; ``by_employer``: no employer is in two of them, else only no person is."""

    fit: Rows
    calibrate: Rows
    evaluate: Rows
    by_employer: bool

    @property
    def parts(self) -> tuple[Rows, Rows, Rows]:
        """Give them in the order of time."""
        return self.fit, self.calibrate, self.evaluate


def split(data: Dataset, rng: np.random.Generator) -> Splits:
    """Split a data set by the day of showing.

    Days are shared out so that rows are by `SHARES`; the last ``window`` days before each later split are left out, because
    what happened in them reaches into it. A person belongs to the split in which, or in the gap before which, something was
    first shown to them: that is known before any outcome, while who has most rows in a split is who did not find work. An
    employer with rows in several is dealt to one by `SHARES`; where that would leave too few hires, employers are not
    kept apart, and `Splits`
    says so.

    Raises
    ------
    Refused
        ``too_few``: a split holds fewer than `LEAST_HIRES` hires; ``all_hired``: it holds nothing else.
    """
    if not len(data):
        raise Refused("too_few", NAMES_OF_SPLITS[0], 0, LEAST_HIRES)
    day = (data.shown - data.shown.min()).astype(np.int64)
    starts = _starts(np.bincount(day), data.window)
    of_row = np.searchsorted(starts, day, side="right")
    last = np.append(starts - data.window, np.inf)
    inside = day < last[of_row]
    first = np.full(int(data.person.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, data.person, day)
    inside &= np.searchsorted(starts - data.window, first[data.person], side="right") == of_row
    dealt = rng.choice(N_SPLITS, size=int(data.employer.max(initial=0)) + 1, p=SHARES)
    apart = inside & _alone_or_dealt(data.employer, of_row, inside, dealt)
    by_employer = all(data.hired[apart & (of_row == at)].sum() >= HIRES_BY_EMPLOYER for at in range(N_SPLITS))
    kept = apart if by_employer else inside
    fit, calibrate, evaluate = (np.flatnonzero(kept & (of_row == at)) for at in range(N_SPLITS))
    found = Splits(fit, calibrate, evaluate, by_employer)
    check(data, found)
    return found


def _starts(rows: Rows, window: int) -> Rows:
    """Choose the first days of calibrate and evaluate, from the number of rows of each day.

    The split that is shortest of its share is as long as it can be.
    """
    before = np.append(0, np.cumsum(rows))  # rows before a day
    first, second = (at.ravel() for at in np.meshgrid(np.arange(len(rows)), np.arange(len(rows)), indexing="ij"))
    ends = np.maximum([first - window, second - window], 0)
    kept = np.stack([before[ends[0]], before[np.maximum(ends[1], first)] - before[first], before[-1] - before[second]])
    best = int(np.argmin(-(kept / np.array(SHARES)[:, None]).min(axis=0)))
    return np.array([first[best], second[best]])


def _alone_or_dealt(employer: Rows, of_row: Rows, inside: Flags, dealt: Rows) -> Flags:
    """Say which rows stay when each employer stays in one split; unknown employers are no group."""
    known = inside & (employer >= 0)
    there = np.zeros((len(dealt), N_SPLITS), dtype=np.bool_)
    there[employer[known], of_row[known]] = True
    home = np.where(there.sum(axis=1) == 1, np.argmax(there, axis=1), dealt)
    return np.asarray((employer < 0) | (home[np.maximum(employer, 0)] == of_row))


def check(data: Dataset, splits: Splits) -> None:
    """Refuse splits that would flatter a model.

    Raises
    ------
    Refused
        ``person_in_two_splits``, ``employer_in_two_splits``, ``splits_too_close``, ``unmatured``, ``too_few`` or
        ``all_hired``.
    """
    for one, other in combinations(splits.parts, 2):
        people = np.intersect1d(data.person[one], data.person[other])
        if len(people):
            raise Refused("person_in_two_splits", len(people))
        employers = np.intersect1d(data.employer[one], data.employer[other])
        if splits.by_employer and (employers >= 0).any():
            raise Refused("employer_in_two_splits", int((employers >= 0).sum()))
    for name, rows in zip(NAMES_OF_SPLITS, splits.parts, strict=True):
        if (hires := int(data.hired[rows].sum())) < LEAST_HIRES:
            raise Refused("too_few", name, hires, LEAST_HIRES)
        if hires == len(rows):
            raise Refused("all_hired", name, hires)
    for one, other in pairwise(splits.parts):
        if (data.shown[other].min() - data.shown[one].max()).astype(np.int64) <= data.window:
            raise Refused("splits_too_close", data.window)
    matures = data.shown.max() + np.timedelta64(data.window + data.lag, "D")
    if matures > np.datetime64(data.as_of, "D"):
        raise Refused("unmatured", matures, data.as_of)
