"""Whether a person may enter an offer of a partner: the rules, and what the offer asks of who begins.

What an offer asks is graded elsewhere, because a vacancy may be worth a try. A course is not: who lacks the level that it asks
cannot follow it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from matching import rules
from matching.bounds import SOUGHT
from matching.codes import Level
from matching.comparisons import FULL, NAMES, UNKNOWN, UNSTATED
from matching.comparisons.professions import RELATED
from matching.matcher import Matcher, People
from matching.pathways.rescoring import Rows, compare, names
from matching.vectors import LEVELS

NEEDS: Final = ("languages", "profession_done", "education")
"""What an offer may ask of who begins, by the comparison that grades it; the position is the bit."""
_LANGUAGES, _DONE, _EDUCATION = (1 << bit for bit in range(len(NEEDS)))
SIMILAR: Final = FULL * 6 // 10
"""Least `profession_done` that counts as the experience asked."""
_B2: Final = LEVELS.index(Level.B2)


@dataclass(frozen=True, eq=False, slots=True)
class Entries:
    """What stands between people and offers, one row for each pair.

    ``failed``, ``unchecked`` (pairs,): bits of rules. ``lacks``, ``unsure`` (pairs,): bits of `NEEDS` that the person is known
    not to have, and of those about which not enough is known. ``minutes`` (pairs,): door to door, -1 when unknown.
    """

    failed: Rows
    unchecked: Rows
    lacks: Rows
    unsure: Rows
    minutes: Rows
    unlike: npt.NDArray[np.bool_]

    @property
    def barred(self) -> npt.NDArray[np.bool_]:
        """Pairs in which the offer is not for this person: a rule that nobody can move, or another profession."""
        return np.asarray(((self.failed & ~rules.NEGOTIABLE) != 0) | self.unlike)

    @property
    def open(self) -> npt.NDArray[np.bool_]:
        """Pairs in which nothing fails; something may be to check."""
        return np.asarray(((self.failed | self.lacks) == 0) & ~self.unlike)

    @property
    def sure(self) -> npt.NDArray[np.bool_]:
        """Pairs in which nothing fails and nothing is to check."""
        return np.asarray((self.failed | self.lacks | self.unchecked | self.unsure) == 0)

    def at(self, k: int) -> "Entry":
        """Give one pair in names."""
        minutes = int(self.minutes[k])
        return Entry(
            names(int(self.failed[k])), names(int(self.unchecked[k])), _needs(int(self.lacks[k])), _needs(int(self.unsure[k])),
            None if minutes < 0 else minutes,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands between one person and one offer.

    ``failed``, ``to_check``: rules. ``lacks``, ``unsure``: `NEEDS` that the person has not, or of which it is not known.
    ``minutes``: door to door, ``None`` when unknown.
    """

    failed: tuple[str, ...] = ()
    to_check: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    minutes: int | None = None

    @property
    def may_enter(self) -> bool | None:
        """Whether the person may enter now; ``None`` when something is to check first."""
        if self.failed or self.lacks:
            return False
        return None if self.to_check or self.unsure else True


def entries(matcher: Matcher, people: People, first: Rows, second: Rows) -> Entries:
    """Say what stands between row ``first[k]`` of the people and row ``second[k]`` of the stock, for each k.

    A language that the offer requires (one only desired is no condition), the level of education, and months in its profession:
    `profession_done` must be known to be at least 0.6.
    """
    offers, rows = matcher.stock.offers, matcher.stock.offers.rows[second]
    pairs = compare(matcher, people, first, second)
    lacks, unsure = np.zeros(len(first), dtype=np.int64), np.zeros(len(first), dtype=np.int64)

    def mark(bit: int, short: npt.NDArray[np.bool_], unknown: npt.NDArray[np.bool_]) -> None:
        lacks[short] |= bit
        unsure[unknown] |= bit

    for k in range(int((rows["language_end"] - rows["language_start"]).max(initial=0))):
        at = rows["language_start"] + k
        there = at < rows["language_end"]
        code, asked, required = offers.language[np.where(there, at, 0)].T
        has, wanted = people.arrays.level[first, code], there & (required == 1)
        unknown = (has < 0) | ((asked < 0) & (has > 0) & (has < _B2))
        mark(_LANGUAGES, wanted & ~unknown & np.where(asked < 0, has == 0, has < asked), wanted & unknown)
    asked, has = rows["education"], people.arrays.rows["education"][first]
    mark(_EDUCATION, (asked > 0) & (has >= 0) & (has < asked), (asked > 0) & (has < 0))
    done, wanted = pairs.values[:, NAMES.index(NEEDS[1])], rows["experience"] > 0
    mark(_DONE, wanted & (done < SIMILAR), wanted & ((done == UNKNOWN) | (done == UNSTATED)))
    unlike = pairs.values[:, SOUGHT] < RELATED
    return Entries(pairs.rules[:, 0], pairs.rules[:, 1], lacks, unsure, pairs.journey[:, 0], unlike)


def _needs(bits: int) -> tuple[str, ...]:
    return tuple(name for bit, name in enumerate(NEEDS) if bits >> bit & 1)
