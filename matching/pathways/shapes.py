"""The shapes of prices and of routes, as programs read them; `matching.answers` holds the whole answer."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from matching.codes import Kind, Level, Limit
from matching.records import RECORD_CONFIG


@dataclass(frozen=True, slots=True)
class LimitPrice:
    """What one limit costs, in vacancies: all it removes, those it alone removes, the suitable and good ones among the latter.

    ``entering``: vacancies new in the list without it; ``gain``: how much more the list would be worth.
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    limit: Limit
    removes: int
    alone: int
    suitable: int
    good: int
    entering: int
    gain: float
    sentence: str


@dataclass(frozen=True, slots=True)
class PairPrice:
    """What two limits cost together: ``opens`` counts the vacancies that come back when both are set aside."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    limits: tuple[Limit, ...]
    opens: int
    suitable: int
    good: int
    entering: int
    gain: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Course:
    """A course that the person may enter; ``start`` is null when it is not known."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    offer_id: str
    title: str
    start: date | None


@dataclass(frozen=True, slots=True)
class LanguagePrice:
    """A language of which one or two levels more are among the main prices; ``assumed``: its level is not known."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    language: str
    text: str
    before: Level
    after: Level
    assumed: bool
    entering: int
    gain: float
    courses: tuple[Course, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class PricesAnswer:
    """What the person's limits cost; for the consultant and the person, never logged.

    ``worth`` of the list as it is, null when there is none. ``jointly`` counts the vacancies that limits alone remove, in any
    combination. ``best`` is the one limit whose relaxation improves the list most, ``bestPair`` two that do clearly more;
    empty when there is none. ``bestText`` and ``bestPairText`` say it.
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    worth: float | None
    jointly: int
    limits: tuple[LimitPrice, ...]
    pairs: tuple[PairPrice, ...]
    best: tuple[Limit, ...]
    best_text: str
    best_pair: tuple[Limit, ...]
    best_pair_text: str
    languages: tuple[LanguagePrice, ...]


@dataclass(frozen=True, slots=True)
class NamedOffer:
    """An offer by id and title."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    offer_id: str
    title: str


@dataclass(frozen=True, slots=True)
class RouteStep:
    """One step of a route; ``toCheck``: sentences, of the second step once the first is completed."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    offer_id: str
    title: str
    kind: Kind
    employer: str | None
    start: date | None
    duration_months: float | None
    minutes: int | None
    to_check: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RouteAnswer:
    """Two offers of partners, one after the other; ``alone``: the gain of the better step that may be entered now.

    ``inOrder``: whether the second is known to start once the first has ended, null when dates are missing. ``opensEntry``: the
    second may be entered only after the first. ``durationMonths``: both together, null when one is not known.
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    steps: tuple[RouteStep, ...]
    duration_months: float | None
    opens_entry: bool
    in_order: bool | None
    gain: float
    alone: float
    opens: int
    entering: int
    best: tuple[NamedOffer, ...]
    assumed: tuple[str, ...]
    sentence: str
