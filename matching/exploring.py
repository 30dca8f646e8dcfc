"""Exploring: by a known chance, a place of a list shows another vacancy that scores nearly the same."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from matching.pairs import Match

MOST: Final = 0.2
"""Largest share of the places that may be left to chance."""
NEAR: Final = 0.5
"""Log-odds by which another vacancy may score less than the one whose place it takes; a third of a band (assumption)."""
POLICY: Final = "exploring-{:g}"
"""Name in the log; the share belongs to it, because another share is another policy."""
EXPLORED: Final = (
    "Exploration : tirée au sort à la place d'une offre d'emploi au score presque égal, pour apprendre de ce qu'il en advient.",
    "Verkenning: door het lot getoond in plaats van een vacature met bijna dezelfde score, om te leren van wat ervan komt.",
    "Exploration: drawn by lot in place of a vacancy with nearly the same score, to learn from what becomes of it.",
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of a list: the match in it, the chance, 0-1, that the list shows it here, and whether it was explored."""

    match: Match
    propensity: float = 1.0
    exploration: bool = False


def explore(listed: Sequence[Match], reserve: Sequence[Match], share: float, rng: np.random.Generator) -> tuple[Slot, ...]:
    """Leave some places of a list to chance.

    Each place has at most one other vacancy: the last place the next best one, the place above it the one after that, and so on,
    as long as it scores at most `NEAR` less. So what is explored is as near a tie as can be, the head of a list is left alone
    unless all of it is tied, no vacancy comes twice, and none stands above one that scores more than `NEAR` better.

    Parameters
    ----------
    listed, reserve
        The engine's list, and the suitable vacancies that rank next; both best first.
    share
        Chance, 0 to `MOST`, that a place with another vacancy shows it.

    Returns
    -------
    As many places as ``listed`` has. The propensity is ``share`` or its complement where there is another vacancy, else 1. Of m
    such places, share x m are explored, rounded down or up by chance: equal steps from one random number (systematic sampling,
    Madow and Madow 1944, Annals of Mathematical Statistics 15) keep the chance of each place and bound how many are drawn.
    """
    others = dict(zip(reversed(range(len(listed))), reserve, strict=False))
    tied = [at for at, other in others.items() if listed[at].score - other.score <= NEAR]
    explored = np.diff(np.floor(rng.random() + share * np.arange(len(tied) + 1))) > 0
    slots = [Slot(match) for match in listed]
    for at, drawn in zip(tied, explored.tolist(), strict=True):
        shown = replace(others[at], rank=listed[at].rank) if drawn else listed[at]
        slots[at] = Slot(shown, share if drawn else 1 - share, drawn)
    return tuple(slots)
