"""What offers of partners would open for many people together, and who would best get which place: counts and sums only.

Each person is valued as for `matching.pathways.unlocking.unlock`; blocks of people go through joblib, in processes of their own
or in whatever backend `joblib.parallel_config` names.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import joblib
import numpy as np
import numpy.typing as npt

from matching.allocation import steps
from matching.batches import scored
from matching.codes import Kind
from matching.flow import NotOptimalError, cheapest
from matching.guidance import usable
from matching.matcher import Matcher
from matching.pathways.entering import entries
from matching.pathways.rescoring import Rows, Variants, worths
from matching.pathways.unlocking import SMALLEST_GAIN, alike, can_follow, granted, lacking, opened_by, rows_of
from matching.records import Offer, Profile

BLOCK: Final = 25
"""People valued in one piece of work."""
UNKNOWN_PLACES: Final = 1
"""Places counted for an offer whose places are not known: who advertises has at least one."""


@dataclass(frozen=True, eq=False, slots=True)
class Benefits:
    """What each offer would open for each person; a row for each person who may have a list, a column for each offer.

    ``gain``: how much more the list is worth; 0 where ``helps`` is false. ``helps``: the person may enter, and it gains at
    least `SMALLEST_GAIN` or opens something. ``sure``: nothing is to check first. ``opens``: vacancies that no rule removes any
    longer. ``closed``, ``unscored``: people left out, outside LINK's dates or without a basis, and of whom too little is known.
    """

    gain: npt.NDArray[np.float64]
    helps: npt.NDArray[np.bool_]
    sure: npt.NDArray[np.bool_]
    opens: Rows
    closed: int
    unscored: int


@dataclass(frozen=True, slots=True)
class Help:
    """What one offer would open for a caseload.

    ``helped``: people; ``to_check``: those of them of whom something is to check before they enter; ``opens_for``: those for
    whom a rule no longer removes some vacancy. ``gain``: summed over those helped. ``places``: left, ``None`` when not known.
    ``placed``, ``placed_gain``: those who get a place in the best assignment, and their gain.
    """

    offer_id: str
    kind: Kind
    helped: int
    to_check: int
    opens_for: int
    gain: float
    places: int | None
    placed: int
    placed_gain: float


@dataclass(frozen=True, slots=True)
class Caseload:
    """What offers of partners would open for a caseload: those that help anybody, by kind, the largest gain placed first.

    ``scored``: people who may have a list; ``placed``: those who get a place, ``gain`` their total. ``places_unknown``: offers
    that help and whose places are not known, counted as one. ``without_effect``: offers that help nobody.
    """

    scored: int
    closed: int
    unscored: int
    offers: tuple[Help, ...]
    placed: int
    gain: float
    places_unknown: int
    without_effect: int


def caseload(
    matcher: Matcher, profiles: Sequence[Profile], offers: Sequence[Offer], today: date, top: int = 10,
    progress: Callable[[int], None] = lambda _: None,
) -> Caseload:  # fmt: skip
    """Say what each offer of a partner would open for many people, and share out the places.

    The places go to those who together gain most, each person in one offer at most (of any kind). Of several assignments that
    are equally good one is told.

    Parameters
    ----------
    offers
        Offers of partners, all of them in the stock.
    progress
        Told how many people are done.
    """
    found = benefits(matcher, profiles, offers, today, top, progress)
    left = [places(offer) for offer in offers]
    chosen = assign(found.gain, np.array([UNKNOWN_PLACES if n is None else n for n in left], dtype=np.int64))
    taken = np.bincount(chosen[chosen >= 0], minlength=len(offers))
    won = np.zeros(len(offers))
    np.add.at(won, chosen[chosen >= 0], found.gain[chosen >= 0, chosen[chosen >= 0]])
    helped, sums = found.helps.sum(axis=0), found.gain.sum(axis=0)
    unsure, opening = (found.helps & ~found.sure).sum(axis=0), (found.helps & (found.opens > 0)).sum(axis=0)
    told = [
        Help(
            offer.id, offer.kind, int(helped[k]), int(unsure[k]), int(opening[k]), float(sums[k]), left[k], int(taken[k]),
            float(won[k]),
        )
        for k, offer in enumerate(offers)
        if helped[k]
    ]  # fmt: skip
    kinds = list(Kind)
    told.sort(key=lambda one: (kinds.index(one.kind), -one.placed_gain, -one.gain, one.offer_id))
    return Caseload(
        scored=len(found.gain),
        closed=found.closed,
        unscored=found.unscored,
        offers=tuple(told),
        placed=int(taken.sum()),
        gain=float(won.sum()),
        places_unknown=sum(one.places is None for one in told),
        without_effect=len(offers) - len(told),
    )


def places(offer: Offer) -> int | None:
    """Count the places left in an offer; ``None`` when its places are not known."""
    return None if offer.positions is None else max(0, offer.positions - offer.filled)


def benefits(
    matcher: Matcher, profiles: Sequence[Profile], offers: Sequence[Offer], today: date, top: int = 10,
    progress: Callable[[int], None] = lambda _: None,
) -> Benefits:  # fmt: skip
    """Value each offer for each person who may have a list."""
    blocks = [profiles[first : first + BLOCK] for first in range(0, len(profiles), BLOCK)]
    work = (joblib.delayed(_block)(matcher, block, offers, today, top) for block in blocks)
    parts, done = list[Benefits](), 0
    # Arrays go as copies: those mapped read-only are another type, for which everything would be compiled anew.
    parallel: Any = joblib.Parallel(n_jobs=-1 if len(blocks) > 1 else 1, return_as="generator", max_nbytes=None)
    for part in parallel(work):
        parts.append(part)
        done += len(part.gain) + part.closed + part.unscored
        progress(done)
    return _joined(parts, len(offers))


def _joined(parts: Sequence[Benefits], n_offers: int) -> Benefits:
    empty = np.zeros((0, n_offers))
    return Benefits(
        gain=np.concatenate([empty, *(part.gain for part in parts)]),
        helps=np.concatenate([empty.astype(np.bool_), *(part.helps for part in parts)]),
        sure=np.concatenate([empty.astype(np.bool_), *(part.sure for part in parts)]),
        opens=np.concatenate([empty.astype(np.int64), *(part.opens for part in parts)]),
        closed=sum(part.closed for part in parts),
        unscored=sum(part.unscored for part in parts),
    )


def _block(matcher: Matcher, profiles: Sequence[Profile], offers: Sequence[Offer], today: date, top: int) -> Benefits:
    """Value each offer for some people: all their variants are searched at once."""
    people = Variants.people_of(matcher, profiles, today)
    may, gates = scored(matcher, people), people.arrays.rows
    closed = int(((gates["basis"] == 0) | (gates["gate"] == 0)).sum())
    bases = [usable(profile, today)[0] for profile, has in zip(profiles, may.tolist(), strict=True) if has]
    shape = (len(bases), len(offers))
    gain, opens = np.zeros(shape), np.zeros(shape, dtype=np.int64)
    rows = rows_of(matcher, offers)
    entry = entries(matcher, people, np.repeat(np.flatnonzero(may), len(rows)), np.tile(rows, len(bases)))
    follow = np.array([[can_follow(base, offer) for offer in offers] for base in bases], dtype=np.bool_).reshape(shape)
    enter, sure = entry.open.reshape(shape) & follow, entry.sure.reshape(shape)
    variants = list[Profile]()
    changes = list[list[tuple[list[int], tuple[int, int]]]]()
    groups = alike(offers)
    for base, open_to in zip(bases, enter.tolist(), strict=True):
        variants.append(base)
        changes.append(list(_changes(matcher, base, offers, groups, open_to, variants)))
    if not variants:
        return Benefits(gain, gain > 0, sure, opens, closed, len(profiles) - closed)
    found = Variants.search(matcher, variants, today, top)
    held = worths(found.lists)
    for k, some in enumerate(changes):
        opened = opened_by(matcher, found.people, [pair for _, pair in some])
        for members, (before, after) in some:
            gain[k, members], opens[k, members] = held[after] - held[before], opened[before, after]
    helps = enter & ((gain >= SMALLEST_GAIN) | (opens > 0))
    return Benefits(np.where(helps, gain, 0.0), helps, sure, opens, closed, len(profiles) - closed - len(bases))


def _changes(
    matcher: Matcher, base: Profile, offers: Sequence[Offer], groups: Sequence[list[int]], open_to: Sequence[bool],
    variants: list[Profile],
) -> Iterable[tuple[list[int], tuple[int, int]]]:  # fmt: skip
    """Yield the offers that change something and may be entered, with the variants before and after, added to the list."""
    at, without = len(variants) - 1, dict[Profile, int]()
    for group in groups:
        members = [k for k in group if open_to[k]]
        if not members:
            continue
        before, assumed = lacking(base, offers[members[0]], matcher)
        after = granted(before, offers[members[0]], matcher)
        if after == before:
            continue
        if assumed and before not in without:
            without[before] = len(variants)
            variants.append(before)
        variants.append(after)
        yield members, (without[before] if assumed else at, len(variants) - 1)


def assign(gain: npt.NDArray[np.float64], left: Rows) -> Rows:
    """Give each person at most one offer, so that the total gain is the largest that the places allow.

    Exact, for gains in steps of 2^-20 (`matching.allocation.STEPS`): the cheapest flow from people through offers, or past them,
    proved by its prices.

    Parameters
    ----------
    gain
        (people, offers); what is not above 0 is never assigned.
    left
        (offers,): places.

    Returns
    -------
    (people,): the position of the offer, -1 for none.

    Raises
    ------
    NotOptimalError
        The proof failed.
    """
    n, m = gain.shape
    worth = steps(gain)
    person, offer = np.nonzero((worth > 0) & (left > 0))
    chosen = np.full(n, -1, dtype=np.int64)
    if not len(person):
        return chosen
    sink = n + m
    tail = np.concatenate([person, np.arange(n), n + np.arange(m)])
    head = np.concatenate([n + offer, np.full(n + m, sink)])
    capacity = np.concatenate([np.ones(len(person) + n, np.int64), np.minimum(left, n)])
    cost = np.concatenate([-worth[person, offer], np.zeros(n + m, np.int64)])
    supply = np.concatenate([np.ones(n, np.int64), np.zeros(m, np.int64), [-n]])
    flow, price = cheapest(tail, head, capacity, cost, supply)
    over = cost + price[tail] - price[head]
    if (over[flow < capacity] < 0).any() or (over[flow > 0] > 0).any():
        raise NotOptimalError("the prices do not prove the total gain")
    used = flow[: len(person)] > 0
    chosen[person[used]] = offer[used]
    return chosen
