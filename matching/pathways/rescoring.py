"""Changed copies of one profile, searched and scored again: what every question of `matching.pathways` rests on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from matching import rules, vectors
from matching.batches import best_vacancies, scored
from matching.bounds import Lists
from matching.codes import Kind
from matching.matcher import Matcher, People
from matching.pairs import Pairs, compare_pairs
from matching.records import Profile
from matching.vectors import Longs

Rows = npt.NDArray[np.int64]

BANDS: Final = ("none", "weak", "fair", "strong")
"""From the lowest; ``none`` also for what a rule removes."""


@dataclass(frozen=True, eq=False)
class Variants:
    """Variants of one profile on one day, and the ``top`` best vacancies of each: row k is variant k."""

    matcher: Matcher
    people: People
    lists: Lists

    @classmethod
    def search(cls, matcher: Matcher, profiles: Sequence[Profile], today: date, top: int) -> "Variants":
        """Search the vacancies of variants, at least one of them."""
        people = cls.people_of(matcher, profiles, today)
        return cls(matcher, people, best_vacancies(matcher, people, np.arange(len(profiles)), top))

    @staticmethod
    def people_of(matcher: Matcher, profiles: Sequence[Profile], today: date) -> People:
        """Turn variants into arrays, in the order given."""
        return matcher.people([replace(profile, id=f"{at:09}") for at, profile in enumerate(profiles)], today)

    def rows(self, at: int) -> list[int]:
        """Give the rows of the stock in the list of a variant, best first."""
        found: list[int] = self.lists.rows[at][self.lists.rows[at] >= 0].tolist()
        return found

    def pairs(self, first: Sequence[int] | Rows, second: Sequence[int] | Rows) -> Pairs:
        """Compare variant ``first[k]`` with row ``second[k]`` of the stock, for each k."""
        return compare(self.matcher, self.people, first, second)

    def scored(self, at: int) -> bool:
        """Whether a variant may have a list: enough data, a basis for using it, LINK's dates not closed."""
        return bool(scored(self.matcher, self.people)[at])

    def worth(self, at: int) -> float:
        """Say how much the list of a variant holds (`worth`)."""
        return worth(self.lists.scores[at][self.lists.rows[at] >= 0])


def worth(scores: Sequence[float] | npt.NDArray[np.float64]) -> float:
    """Say how much a list holds: the sum of ``1 / (1 + exp(-score))`` over its vacancies.

    An empty place counts 0, so a list that gets longer or better is worth more; at most its length. It compares lists of one
    person. It is no chance of anything: scores need not be calibrated.

    >>> worth([0.0, 0.0]), worth([])
    (1.0, 0.0)
    """
    return float((1 / (1 + np.exp(-np.asarray(scores, dtype=np.float64)))).sum())


def worths(lists: Lists) -> npt.NDArray[np.float64]:
    """Say how much each list holds, as `worth`; (lists,)."""
    there = lists.rows >= 0
    held: npt.NDArray[np.float64] = np.where(there, 1 / (1 + np.exp(-np.where(there, lists.scores, 0.0))), 0.0).sum(axis=1)
    return held


def compare(matcher: Matcher, people: People, first: Sequence[int] | Rows, second: Sequence[int] | Rows) -> Pairs:
    """Compare row ``first[k]`` of some people with row ``second[k]`` of the stock, for each k."""
    one, other = (np.asarray(rows, dtype=np.int64) for rows in (first, second))
    return compare_pairs(
        people.arrays, one, matcher.stock.offers, other, matcher.world(people.today),
        matcher.scale(matcher.model.weighted({})[0]), len(matcher.taxonomy.competences),
    )  # fmt: skip


def changed_places(before: Sequence[int], after: Sequence[int]) -> int:
    """Count the places of two lists of one length at most that hold another vacancy, whatever the order.

    >>> changed_places([1, 2, 3], [3, 2, 4]), changed_places([], [1, 2]), changed_places([1], [1])
    (1, 2, 0)
    """
    one, other = set(before), set(after)
    return max(len(one - other), len(other - one))


def bands(matcher: Matcher, pairs: Pairs) -> list[str]:
    """Name the band of each pair; ``none`` when it is not suitable or a rule removes it."""
    shown = pairs.fits & (pairs.rules[:, 0] == 0)
    return [matcher.model.band(score) if ok else "none" for score, ok in zip(pairs.score.tolist(), shown.tolist(), strict=True)]


def names(bits: int) -> tuple[str, ...]:
    """Name the rules of a bit mask."""
    return tuple(rule.name for rule in rules.named(bits))


def rows_of_kind(matcher: Matcher, *, vacancies: bool) -> Longs:
    """Give the rows of the vacancies, or of the offers of partners."""
    is_vacancy: Any = matcher.stock.offers.rows["kind"] == vectors.KINDS.index(Kind.VACANCY)
    return np.flatnonzero(is_vacancy == vacancies)


def row_of(matcher: Matcher, offer_id: str) -> int:
    """Give the row of an offer of the stock.

    Raises
    ------
    KeyError
        For an offer that is not in it.
    """
    found = np.flatnonzero(matcher.stock.ids == offer_id.encode())
    if not len(found):
        raise KeyError(offer_id)
    return int(found[0])
