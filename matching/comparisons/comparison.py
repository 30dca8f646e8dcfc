"""What a comparison is: one compiled function and the words for the two facts it compares."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
from numba import njit

from matching.codes import LANGUAGES_OF_SERVICE
from matching.geography import Geography
from matching.records import Offer, Profile
from matching.taxonomy import Taxonomy
from matching.vectors import Profiles

FULL: Final = 252
"""Number of steps of a comparison: its value is ``step / FULL``, between 0 and 1."""
NOT_ASKED: Final = 253
"""The offer says that it asks nothing here."""
UNSTATED: Final = 254
"""The offer does not say (or what it says could not be linked): unknown."""
UNKNOWN: Final = 255
"""The person's fact is not known."""


F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile what runs once per pair: inlined, and without reference counts (nothing is allocated there).

    Counting references to the arrays of `World` and of the records took ten times as long as the comparisons themselves.
    """
    options: dict[str, Any] = {"cache": True, "nogil": True, "forceinline": True, "_nrt": False}
    made: F = njit(**options)(function)
    return made


class Side(StrEnum):
    """Whose interest a comparison speaks for."""

    PERSON = "person"
    EMPLOYER = "employer"
    BOTH = "both"


class World(NamedTuple):
    """What comparisons and the search read besides the two records.

    ``akin_*``: per occupation those that are near it (`Taxonomy.akin`).
    ``related_*``: credit a held competence gives for asked ones (`Taxonomy`); ``similarity`` between occupations and
    credits are in steps of ``FULL``; ``minutes`` (modes, places, places), 255 unknown; ``imported`` (places, places): known
    and neither modelled nor an upper bound;
    ``freshness`` maps days since the last check to a step; ``today`` is a day number.
    """

    akin_start: npt.NDArray[np.int64]
    akin: npt.NDArray[np.int32]
    related_start: npt.NDArray[np.int64]
    related: npt.NDArray[np.int32]
    related_credit: npt.NDArray[np.uint8]
    similarity: npt.NDArray[np.uint8]
    minutes: npt.NDArray[np.uint8]
    imported: npt.NDArray[np.bool_]
    freshness: npt.NDArray[np.uint8]
    today: int


@dataclass(frozen=True, slots=True)
class Facts:
    """The two records and what is needed to speak about them in one language."""

    profile: Profile
    offer: Offer
    taxonomy: Taxonomy
    geography: Geography
    lang: str
    today: date
    credit: Mapping[str, int]
    """Step of credit of each asked competence, by URI."""
    journey: tuple[int, int, bool]
    """Minutes, position of the mode, and whether they are imported; (-1, -1, False) when unknown."""
    proposed: int = 0
    """People to whom the offer was proposed already."""

    def pick(self, fr: str, nl: str, en: str) -> str:
        """Choose the wording of this language."""
        return (fr, nl, en)[LANGUAGES_OF_SERVICE.index(self.lang)]

    def name(self, concept: str | None, text: str | None) -> str:
        """Name a concept in this language, or repeat the text that could not be linked."""
        known = concept in self.taxonomy.occupation_index or concept in self.taxonomy.competence_index
        return self.taxonomy.label(concept, self.lang) if concept and known else f"« {text or concept} »"

    def names(self, mentions: Sequence[Any], most: int = 6) -> str:
        """Name mentions, at most ``most`` of them, then how many more."""
        said = [self.name(m.concept, m.text) for m in mentions[:most]]
        rest = len(mentions) - most
        return ", ".join([*said, *([self.more(rest)] if rest > 0 else [])])

    def more(self, n: int) -> str:
        """Say how many more there are than were named."""
        return self.pick(f"{n} de plus", f"nog {n}", f"{n} more")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One way to compare a profile with an offer.

    ``compiled(profiles, i, offers, j, world, credit)`` gives a step 0-``FULL``, ``NOT_ASKED``, ``UNSTATED`` or ``UNKNOWN``.
    ``offer_fact`` and ``person_fact`` say the two facts compared; ``None`` when not known, ``""`` when said to be none.
    ``offer_varies``: the first depends on more than the offer and the language; ``person_varies``: the second on more than the
    person and the language. The others are said once and kept.
    ``asks`` and ``tells`` are the fields of `Offers` and of `Profiles` that it reads, and no others: where these are the
    same, it is not computed again. ``reads`` are the fields of `Profile` without which it is unknown; ``known`` tells for
    which rows of `Profiles` something is known (``None``: it reads nothing of the profile).
    """

    name: str
    side: Side
    asks: tuple[str, ...]
    tells: tuple[str, ...]
    reads: tuple[str, ...]
    known: Callable[[Profiles], npt.NDArray[np.bool_]] | None
    compiled: Callable[..., Any]
    title: tuple[str, str, str]
    offer_fact: Callable[[Facts], str | None]
    person_fact: Callable[[Facts], str | None]
    offer_varies: bool = False
    person_varies: bool = False
    open_list: bool = False
    """The person's fact is a list that never says what is absent: unknown may not contribute more than a value of 0."""
    from_log: bool = False
    """It rests on what was proposed, not on what the offer says."""
