"""Cheapest flow through a network, exact: whole numbers in, whole numbers out, with the prices that prove it.

Cost scaling by push and relabel (Goldberg and Tarjan 1990, "Finding minimum-cost circulations by successive approximation",
Mathematics of Operations Research 15). All arithmetic is in int64, so nothing is rounded and nothing depends on a tolerance.
"""

from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

Whole = NDArray[np.int64]

LIMIT: Final = 1 << 62
"""Prices stay below this; with a network and costs for which that is not certain, `cheapest` refuses."""
SHRINK: Final = 8
"""How much finer each round is than the one before. Between 5 and 10 the time hardly changes."""


class NotOptimalError(RuntimeError):
    """No optimal answer was reached, or an answer failed its proof. Nothing is returned then."""


def cheapest(tail: Whole, head: Whole, capacity: Whole, cost: Whole, supply: Whole) -> tuple[Whole, Whole]:
    """Send all supply to where it is wanted at the least total cost.

    Parameters
    ----------
    tail, head
        (n_arcs,) nodes from which and to which each arc leads, never the same; parallel arcs are allowed.
    capacity, cost
        (n_arcs,) the most that fits through each arc, at least 0; the cost per unit, of any sign.
    supply
        (n_nodes,) units that enter at each node, negative where they leave. They sum to 0.

    Returns
    -------
    flow, price
        (n_arcs,) units through each arc, and (n_nodes,) prices that prove it: ``cost + price[tail] - price[head]`` is at
        least 0 on every arc with room and at most 0 on every arc in use.

    Raises
    ------
    OverflowError
        The costs are too large for a network of this size.
    NotOptimalError
        There is no way to send the supply.
    """
    n_arcs, n_nodes = len(tail), len(supply)
    scale = n_nodes + 1
    largest = scale * int(np.abs(cost).max(initial=0))
    # In one round a price moves by less than nodes x (this step + the last); over all rounds by less than twice nodes x costs.
    if 8 * scale * (largest + 1) > LIMIT:
        raise OverflowError(f"costs up to {largest // scale} are too large for {n_nodes} nodes")
    # Each arc stands twice, there and back, sorted by the node it leaves: what one node reads lies together.
    leaves = _both(tail, head, np.int32)
    order = np.argsort(leaves, kind="stable")
    place = np.empty(2 * n_arcs, np.int32)
    place[order] = np.arange(2 * n_arcs, dtype=np.int32)
    mate = place[order ^ 1]
    start = np.zeros(n_nodes + 1, np.int64)
    np.cumsum(np.bincount(leaves, minlength=n_nodes), out=start[1:])
    to, costs = _both(head, tail, np.int32)[order], _both(cost, -cost, np.int64)[order] * scale
    room = _both(capacity, np.zeros_like(capacity), np.int64)[order]
    price, excess, step = np.zeros(n_nodes, np.int64), supply.astype(np.int64), max(largest, 1)
    work = (np.empty(n_nodes, np.int64), np.empty(n_nodes, np.int32), np.empty(n_nodes, np.bool_))
    while True:
        step = max(step // SHRINK, 1)
        if not _refine(start, to, mate, costs, room, price, excess, *work, step, LIMIT):
            raise NotOptimalError("no way through the network for all of the supply")
        if step == 1:
            return room[place[1::2]], _whole_prices(price, scale)


def _both(there: Whole, back: Whole, kind: Any) -> NDArray[Any]:
    both = np.empty(2 * len(there), kind)
    both[0::2], both[1::2] = there, back
    return both


def _whole_prices(price: Whole, scale: int) -> Whole:
    """Bring the prices back from scaled to given costs.

    Scaled prices are wrong by less than 1 on each arc, and rounding down could turn that into a whole unit only where one
    node's remainder is ``scale - 1`` and another's is 0. There are fewer nodes than remainders, so one remainder occurs
    nowhere; shifting all prices until it is the last makes every rounded price exact.
    """
    taken = np.zeros(scale, np.bool_)
    taken[price % scale] = True
    return np.asarray((price - int(np.argmin(taken)) - 1) // scale)


@njit(cache=True, nogil=True)
def _refine(
    start: Any, head: Any, mate: Any, cost: Any, room: Any, price: Any, excess: Any, current: Any, queue: Any, queued: Any,
    step: int, limit: int,
) -> bool:  # fmt: skip
    """Turn flow and prices that are right within a coarser step into ones right within ``step``; False when there is no way."""
    n_nodes = len(price)
    for v in range(n_nodes):
        current[v] = start[v]
        for a in range(start[v], start[v + 1]):
            if room[a] > 0 and cost[a] + price[v] - price[head[a]] < 0:
                excess[v] -= room[a]
                excess[head[a]] += room[a]
                room[mate[a]] += room[a]
                room[a] = 0
    first = waiting = 0
    for v in range(n_nodes):
        queued[v] = excess[v] > 0
        if queued[v]:
            queue[waiting] = v
            waiting += 1
    while waiting > 0:
        v = queue[first]
        first, waiting, queued[v] = (first + 1) % n_nodes, waiting - 1, False
        left, mine, stop = excess[v], price[v], start[v + 1]
        while left > 0:
            a = current[v]
            while a < stop:
                if room[a] > 0 and cost[a] + mine - price[head[a]] < 0:
                    w, units = head[a], min(left, room[a])
                    room[a] -= units
                    room[mate[a]] += units
                    left -= units
                    excess[w] += units
                    if excess[w] > 0 and not queued[w]:
                        queue[(first + waiting) % n_nodes] = w
                        waiting, queued[w] = waiting + 1, True
                    if left == 0:
                        break
                a += 1
            current[v] = a
            if left > 0:  # no cheaper way out is left: lower the price until there is one
                best = -limit
                for b in range(start[v], stop):
                    if room[b] > 0:
                        best = max(best, price[head[b]] - cost[b])
                mine = best - step
                if mine < -limit // 2:
                    return False
                current[v] = start[v]
        price[v], excess[v] = mine, 0
    return True
