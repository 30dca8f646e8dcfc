"""Slow-but-obvious twins of `matching.allocation` and `matching.exposure`: every allocation tried, every pair compared."""

from collections.abc import Sequence
from itertools import product
from math import log

Pair = tuple[int, int, int]
"""Profile, offer, score in whole steps."""


def worth(pairs: Sequence[Pair], kept: Sequence[bool]) -> tuple[int, int, int]:
    """What an allocation is judged by, the greater the better: filled places, lists that are not empty, sum of scores."""
    chosen = [pair for pair, keep in zip(pairs, kept, strict=True) if keep]
    return len(chosen), len({profile for profile, _, _ in chosen}), sum(score for _, _, score in chosen)


def allowed(pairs: Sequence[Pair], kept: Sequence[bool], places: Sequence[int], most: int) -> bool:
    chosen = [pair for pair, keep in zip(pairs, kept, strict=True) if keep]
    profiles, offers = [p for p, _, _ in chosen], [o for _, o, _ in chosen]
    return all(profiles.count(p) <= most for p in profiles) and all(offers.count(o) <= places[o] for o in offers)


def every_allocation(pairs: Sequence[Pair], places: Sequence[int], most: int) -> list[tuple[int, int, int]]:
    every = product([False, True], repeat=len(pairs))
    return [worth(pairs, kept) for kept in every if allowed(pairs, kept, places, most)]


def bound(
    pairs: Sequence[Pair], places: Sequence[int], most: int, covered: int, filled: int,
    u: Sequence[int], v: Sequence[int], a: int, b: int,
) -> int:  # fmt: skip
    """Add up the bound of `matching.allocation.bound` term by term, in Python's own whole numbers."""
    total = covered * a + (filled - covered) * b
    total += sum(max(score - u[p] - v[o], 0) for p, o, score in pairs)
    for offer in range(len(v)):
        total += min(places[offer], sum(o == offer for _, o, _ in pairs)) * v[offer]
    for profile in range(len(u)):
        listed = min(most, sum(p == profile for p, _, _ in pairs))
        if listed:
            total += max(u[profile] - a, 0) + (listed - 1) * max(u[profile] - b, 0)
    return total


def plain(pairs: Sequence[Pair], most: int) -> list[bool]:
    """Each profile's best by (-score, offer)."""
    kept = []
    for p, o, score in pairs:
        better = [1 for q, other, s in pairs if q == p and (-s, other) < (-score, o)]
        kept.append(len(better) < most)
    return kept


def gini(exposure: Sequence[int]) -> float:
    """Half the mean difference of all pairs of offers, over the mean."""
    n = len(exposure)
    return sum(abs(x - y) for x in exposure for y in exposure) / (2 * n * sum(exposure))


def entropy(exposure: Sequence[int]) -> float:
    shares = [x / sum(exposure) for x in exposure if x]
    return -sum(p * log(p) for p in shares) / log(len(exposure))
