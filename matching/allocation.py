"""Spread a batch of suggestions over open positions: which pairs of a profile and an offer are kept.

Each profile keeps at most ``most`` suggestions, each offer is suggested at most ``places`` times. Scores are log-odds and mostly
negative, so the aim has an order: fill as many places as the caps allow, leave as few lists empty as possible, and only
then the largest sum of scores.

The first two can always be had together. Start from an allocation with the fewest empty lists and add suggestions along
augmenting paths until no more fit: such a path begins at a profile that gains a suggestion and exchanges those of the others
one for one, so no list on its way becomes shorter, and what was not empty stays so.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from matching.flow import NotOptimalError, Whole, cheapest

STEPS: Final = 1 << 20
"""Scores are whole multiples of 1 / STEPS, so sums of them are exact."""


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """What may be suggested to whom: ``profile`` and ``offer`` (n_pairs,) positions, ``score`` (n_pairs,) log-odds.

    No pair stands twice. The order of the pairs means nothing.

    Raises
    ------
    ValueError
        Lengths differ, a position lies outside, a score is unknown or no multiple of ``1 / STEPS``, a pair stands twice.
    """

    profile: Whole
    offer: Whole
    score: NDArray[np.float64]
    n_profiles: int
    n_offers: int

    def __post_init__(self) -> None:
        """Refuse what cannot be spread exactly."""
        if not self.profile.shape == self.offer.shape == self.score.shape or self.score.ndim != 1:
            raise ValueError("profile, offer and score must have one length")
        for name, positions, n in (("profile", self.profile, self.n_profiles), ("offer", self.offer, self.n_offers)):
            if positions.size and not 0 <= positions.min() <= positions.max() < n:
                raise ValueError(f"{name}: positions must lie between 0 and {n - 1}")
        if not (np.isfinite(self.score) & (np.rint(self.score * STEPS) == self.score * STEPS)).all():
            raise ValueError(f"score: must be known and a multiple of 1/{STEPS}")
        at = np.sort(self.profile.astype(np.int64) * self.n_offers + self.offer)
        if (at[1:] == at[:-1]).any():
            raise ValueError("a pair of a profile and an offer stands twice")

    def order(self) -> Whole:
        """Give the order by profile, then from the best score, then by offer: (n_pairs,) positions of pairs."""
        return np.lexsort((self.offer, -self.score, self.profile))


@dataclass(frozen=True, slots=True, eq=False)
class Allocation:
    """What is kept, and the prices that prove that nothing better exists (see `bound`).

    ``kept`` (n_pairs,) in the order of the pairs given; ``filled`` places; ``empty`` lists of profiles that have a pair and keep
    none. Prices are in steps of ``1 / STEPS``: ``profile_price`` (n_profiles,), ``offer_price`` (n_offers,), at least 0, and
    ``unit_prices`` of a first and of a further suggestion of a profile.
    """

    kept: NDArray[np.bool_]
    filled: int
    empty: int
    profile_price: Whole
    offer_price: Whole
    unit_prices: tuple[int, int]


def places_left(open_positions: ArrayLike, proposed: ArrayLike, per_position: float) -> Whole:
    """Count for how many people each offer may still be suggested: floor(per position x open positions) - proposals made.

    Open positions that are unknown (NaN) count as one: whoever advertises has at least one. Never below 0. The product is
    exact for ``per_position`` as it is written: 0.29 x 100 is 29.

    >>> places_left([3, float("nan"), 0, 1], [2, 0, 0, 9], 2.5)
    array([5, 2, 0, 0])

    Raises
    ------
    ValueError
        ``per_position`` is not a positive number; open positions or proposals are negative or not whole.
    """
    if not (per_position > 0 and np.isfinite(per_position)):
        raise ValueError(f"per_position: {per_position} is not a positive number")
    positions, made = np.asarray(open_positions, np.float64), np.asarray(proposed, np.float64)
    positions = np.where(np.isnan(positions), 1, positions)
    for name, counts in (("open_positions", positions), ("proposed", made)):
        if not (np.isfinite(counts) & (counts >= 0) & (counts == np.floor(counts))).all():
            raise ValueError(f"{name}: must be whole numbers, at least 0")
    above, below = Fraction(repr(float(per_position))).as_integer_ratio()
    left = [max(int(n) * above // below - int(m), 0) for n, m in zip(positions, made, strict=True)]
    return np.array(left, np.int64)


def allocate(pairs: Pairs, places: Whole, most: int) -> Allocation:
    """Choose which pairs are kept: most filled places, with the fewest empty lists, then the largest sum of scores.

    Exact and proved: the first two totals by `proved_full`, the sum by `bound`. The order of the pairs changes nothing; of
    several allocations that are equally good the same one is always chosen.

    Parameters
    ----------
    pairs
        What may be suggested to whom.
    places
        (n_offers,) how many people may still be suggested for each offer, at least 0.
    most
        Suggestions per profile at most, at least 1.

    Raises
    ------
    ValueError
        ``places`` is not one count per offer, at least 0, or ``most`` is below 1.
    OverflowError
        Scores lie too far apart for so many profiles and offers (tens of log-odds for 120,000 of them).
    NotOptimalError
        The proof failed.
    """
    places = np.asarray(places)
    if places.shape != (pairs.n_offers,) or places.min(initial=0) < 0 or places.dtype.kind not in "iu":
        raise ValueError("places: must be one whole number per offer, at least 0")
    if most < 1:
        raise ValueError("most: must be at least 1")
    order = pairs.order()
    ordered = Pairs(pairs.profile[order], pairs.offer[order], pairs.score[order], pairs.n_profiles, pairs.n_offers)
    listed = np.minimum(np.bincount(pairs.profile, minlength=pairs.n_profiles), most)
    places = np.minimum(places.astype(np.int64), np.bincount(pairs.offer, minlength=pairs.n_offers))
    covered = most_filled(ordered, np.minimum(listed, 1), places)
    filled = most_filled(ordered, listed, places)
    kept, prices = _best(ordered, listed, places, covered, filled)
    _check(ordered, listed, places, kept, covered, filled)
    given = np.empty_like(kept)
    given[order] = kept
    found = Allocation(given, filled, int(np.count_nonzero(listed)) - covered, *prices)
    reached = int(steps(ordered.score)[kept].sum())
    if bound(pairs, places, most, found) != reached:
        raise NotOptimalError("the prices do not prove the sum of scores")
    return found


def steps(score: NDArray[np.float64]) -> Whole:
    """Scores in whole steps of ``1 / STEPS``."""
    return np.rint(score * STEPS).astype(np.int64)


def most_filled(pairs: Pairs, listed: Whole, places: Whole) -> int:
    """Count the most suggestions that fit when profiles take ``listed`` (n_profiles,) and offers ``places`` (n_offers,) at most.

    A maximal flow (`scipy.sparse.csgraph.maximum_flow`) from a source through profiles and offers to a sink.
    """
    n, m = pairs.n_profiles, pairs.n_offers
    # No more fits through a profile or an offer than it has pairs; that also keeps every capacity within 32 bits.
    listed = np.minimum(listed, np.bincount(pairs.profile, minlength=n))
    places = np.minimum(places, np.bincount(pairs.offer, minlength=m))
    tail = np.concatenate([np.full(n, n + m), pairs.profile, n + np.arange(m)])
    head = np.concatenate([np.arange(n), n + pairs.offer, np.full(m, n + m + 1)])
    capacity = np.concatenate([listed, np.ones(len(pairs.score), np.int64), places]).astype(np.int32)
    used = capacity > 0
    network = csr_array((capacity[used], (tail[used], head[used])), shape=(n + m + 2, n + m + 2))
    return int(maximum_flow(network, n + m, n + m + 1).flow_value)


def _best(
    pairs: Pairs, listed: Whole, places: Whole, covered: int, filled: int
) -> tuple[NDArray[np.bool_], tuple[Whole, Whole, tuple[int, int]]]:
    """Find the largest sum of scores among the allocations with ``covered`` lists that are not empty and ``filled`` places.

    Both totals are fixed without leaving the form of a network: one node hands out ``covered`` first suggestions, at most one
    to a profile, another the further ones. A profile with a first suggestion has a list; no more than ``covered`` can
    have one; so every flow has exactly these totals, and every allocation that has them is a flow.
    """
    n, m = pairs.n_profiles, pairs.n_offers
    first, further, sink = n + m, n + m + 1, n + m + 2
    profiles = np.arange(n)
    tail = np.concatenate([pairs.profile, np.full(n, first), np.full(n, further), n + np.arange(m)])
    head = np.concatenate([n + pairs.offer, profiles, profiles, np.full(m, sink)])
    one = np.minimum(listed, 1)
    capacity = np.concatenate([np.ones(len(pairs.score), np.int64), one, listed - one, places])
    whole = steps(pairs.score)
    # The number of kept pairs is fixed, so a constant taken from every score changes no choice; it keeps costs small.
    middle = (int(whole.max()) + int(whole.min())) // 2 if len(whole) else 0
    cost = np.concatenate([middle - whole, np.zeros(2 * n + m, np.int64)])
    supply = np.zeros(n + m + 3, np.int64)
    supply[[first, further, sink]] = covered, filled - covered, -filled
    flow, price = cheapest(tail, head, capacity, cost, supply)
    price -= price[sink]
    # The constant returns in the prices on the side of the profiles.
    prices = price[:n] + middle, np.maximum(-price[n : n + m], 0), (int(price[first]) + middle, int(price[further]) + middle)
    return flow[: len(whole)] > 0, prices


def bound(pairs: Pairs, places: Whole, most: int, found: Allocation) -> int:
    """Give what no allocation with the same two totals can exceed: an upper bound on the sum of scores, in steps.

    With prices u of profiles, v >= 0 of offers, and a, b of first and further suggestions, the sum of scores of any such
    allocation is at most

        sum over pairs of max(score - u - v, 0) + sum over offers of places x v
        + first x a + further x b + sum over profiles of max(u - a, 0) + (listed - 1) x max(u - b, 0)

    (weak duality of linear programming), whatever the prices are. Where the bound equals the sum reached, nothing better exists.
    """
    listed = np.minimum(np.bincount(pairs.profile, minlength=pairs.n_profiles), most)
    one = np.minimum(listed, 1)
    places = np.minimum(places, np.bincount(pairs.offer, minlength=pairs.n_offers))
    u, v, (a, b) = found.profile_price, found.offer_price, found.unit_prices
    covered = int(np.count_nonzero(listed)) - found.empty
    parts = (
        np.maximum(steps(pairs.score) - u[pairs.profile] - v[pairs.offer], 0),
        places * v,
        one * np.maximum(u - a, 0),
        (listed - one) * np.maximum(u - b, 0),
    )
    return sum(int(part.sum()) for part in parts) + covered * a + (found.filled - covered) * b


def _check(pairs: Pairs, listed: Whole, places: Whole, kept: NDArray[np.bool_], covered: int, filled: int) -> None:
    """Raise unless the kept pairs respect the caps, reach both totals, and no allocation reaches higher ones."""
    shown = np.bincount(pairs.profile[kept], minlength=pairs.n_profiles)
    exposure = np.bincount(pairs.offer[kept], minlength=pairs.n_offers)
    if (shown > listed).any() or (exposure > places).any():
        raise NotOptimalError("a cap was exceeded")
    if (int(np.count_nonzero(shown)), int(shown.sum())) != (covered, filled) or not proved_full(pairs, listed, places, kept):
        raise NotOptimalError("more places could be filled, or fewer lists be empty")


def proved_full(pairs: Pairs, listed: Whole, places: Whole, kept: NDArray[np.bool_]) -> bool:
    """Say whether no more places can be filled and no fewer lists be empty, by looking for a way to do so.

    Walk from profile to offer over a pair that is not kept, and from offer to profile over one that is: each two steps pass a
    suggestion on. If no profile with room in its list (fewer than ``listed``) reaches an offer with room, the filled places
    are the most (Ford and Fulkerson 1956, "Maximal flow through a network"). If no profile with an empty list reaches such an
    offer, or a profile with two suggestions that could give one away, the empty lists are the fewest.
    """
    n, m = pairs.n_profiles, pairs.n_offers
    shown = np.bincount(pairs.profile[kept], minlength=n)
    free = np.bincount(pairs.offer[kept], minlength=m) < places
    offers = n + pairs.offer
    for begin, gives in ((shown < listed, np.zeros(n, np.bool_)), ((shown == 0) & (listed > 0), shown > 1)):
        at = np.flatnonzero(begin)
        tail = np.concatenate([np.where(kept, offers, pairs.profile), np.full(len(at), n + m)])
        head = np.concatenate([np.where(kept, pairs.profile, offers), at])
        ways = csr_array((np.ones(len(tail), np.int8), (tail, head)), shape=(n + m + 1, n + m + 1))
        reached = breadth_first_order(ways, n + m, return_predecessors=False)
        if np.concatenate([gives, free, [False]])[reached].any():
            return False
    return True
