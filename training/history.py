"""What the log knows, as columns: the one form in which simulated markets, training and measuring exchange histories.

Days are ``datetime64[D]``, moments ``datetime64[s]`` in UTC; unknown is ``NaT``, NaN, an empty text or -1 where a row is named.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

Days = npt.NDArray[np.datetime64]
Moments = npt.NDArray[np.datetime64]
Rows = npt.NDArray[np.int64]
Texts = npt.NDArray[np.str_]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class People:
    """One row per profile; ``guidance_end`` is the planned last day."""

    id: Texts
    registered: Days
    guidance_end: Days
    target_group: Texts


@dataclass(frozen=True, slots=True)
class Offers:
    """One row per offer; ``employer`` numbers employers (-1 unknown), ``kind`` is of `matching.codes.Kind`."""

    id: Texts
    kind: Texts
    employer: Rows
    published: Days
    open_positions: Rows


@dataclass(frozen=True, slots=True)
class Suggestions:
    """One row per match that was shown.

    ``person`` and ``offer`` are rows of `People` and `Offers`; ``values`` uint8[n_suggestions, n_comparisons] are the quantised
    comparison values as logged; ``propensity`` is the chance that the policy showed it at this rank. ``direction`` is that of
    the list: ``suggest`` (offers for a person), ``candidates`` (people for an offer), ``explain`` (one pair, suggested or not);
    ``None``: all are ``suggest``.
    """

    id: Texts
    list_id: Texts
    person: Rows
    offer: Rows
    kind: Texts
    rank: Rows
    score: Floats
    values: npt.NDArray[np.uint8]
    propensity: Floats
    exploration: Flags
    shown: Moments
    model: Texts
    policy: Texts
    asked_by: Texts
    direction: Texts | None = None

    def of(self, *directions: str) -> Flags:
        """Say which rows stand in a list of one of these directions."""
        if self.direction is None:
            return np.full(len(self.id), "suggest" in directions)
        return np.isin(self.direction, directions)


@dataclass(frozen=True, slots=True)
class Events:
    """One row per outcome, in the order recorded.

    ``event`` is of `matching.codes.Event`; ``offer`` and ``suggestion`` are rows, -1 where the event names none; ``on`` is the day
    it happened, ``recorded`` when the service was told; ``started`` is the first day of a job; ``stands`` is false where a later
    event corrects this one.
    """

    id: Texts
    event: Texts
    person: Rows
    offer: Rows
    suggestion: Rows
    on: Days
    recorded: Moments
    reported_by: Texts
    reason: Texts
    contract: Texts
    hours: Floats
    started: Days
    stands: Flags


@dataclass(frozen=True, slots=True)
class History:
    """All of it as known on ``as_of``; ``tombstones`` counts what erasing removed, by kind (``shown`` or event) and month."""

    as_of: date
    people: People
    offers: Offers
    suggestions: Suggestions
    events: Events
    tombstones: Mapping[tuple[str, str], int]
