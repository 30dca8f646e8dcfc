"""The bodies that HTTP requests carry, and the pages that answers come in beside `matching.answers`.

Shapes only, each in outside names: the OpenAPI document is written from them, and `read_body` holds requests to them.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, ClassVar, Final, TypeVar, cast

import annotated_types as at
from pydantic import TypeAdapter

from matching.codes import Event, Kind, Limit, Role
from matching.confirmed import MOST_CONFIRMED, ConfirmedFinding
from matching.files import shown
from matching.log import Direction
from matching.records import (
    RECORD_CONFIG,
    DataError,
    Id,
    LanguageCode,
    LongText,
    Offer,
    Outcome,
    Override,
    Problem,
    Profile,
    Text,
)
from matching.validation import check_values, read_record, tidy

B = TypeVar("B")

MOST_SHOWN: Final = 100
MOST_OPENED: Final = 20
"""Vacancies of a list of which is told what would open more."""
BODY: Final = "body"

Top = Annotated[int, at.Ge(1), at.Le(MOST_SHOWN)]
Weights = Annotated[Mapping[str, float], at.MaxLen(40)]


class Vocabulary(StrEnum):
    """Which part of the classification a text is linked to."""

    OCCUPATION = "occupation"
    COMPETENCE = "competence"


class Subject(StrEnum):
    """What running text is about."""

    OFFER = "offer"
    PROFILE = "profile"


class Status(StrEnum):
    """How the service is."""

    UP = "UP"
    DEGRADED = "DEGRADED"
    DOWN = "DOWN"


@dataclass(frozen=True, slots=True)
class SuggestionsBody:
    """A question for the offers of one profile: give ``profileId`` or ``profile``, one of them.

    ``kinds``: the kinds of offers wanted (default: all). ``weights``: 0-3 per comparison. ``relax``: limits to set aside.
    ``asOf``: the day to answer for (default: today in Brussels). ``override``: go beyond LINK's dates, with a reason.
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    profile_id: Id | None = None
    profile: Profile | None = None
    top: Top = 10
    kinds: Annotated[tuple[Kind, ...], at.MinLen(1), at.MaxLen(7)] | None = None
    weights: Weights | None = None
    relax: Annotated[tuple[Limit, ...], at.MaxLen(12)] = ()
    as_of: date | None = None
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class CandidatesBody:
    """A question for the people for one offer: give ``offerId`` or ``offer``, one of them."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    offer_id: Id | None = None
    offer: Offer | None = None
    top: Top = 20
    weights: Weights | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class ExplanationBody:
    """A question about one pair: a profile (``profileId`` or ``profile``) and an offer (``offerId`` or ``offer``)."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    profile_id: Id | None = None
    profile: Profile | None = None
    offer_id: Id | None = None
    offer: Offer | None = None
    weights: Weights | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class PathwaysBody:
    """A question for what would open more for one profile: give ``profileId`` or ``profile``, one of them.

    ``offerId``: the one vacancy for which changes are sought (default: near misses and what ranks next). ``top``: how many
    vacancies a list holds. ``asOf``: the day to answer for (default: today in Brussels).
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    profile_id: Id | None = None
    profile: Profile | None = None
    offer_id: Id | None = None
    top: Annotated[int, at.Ge(1), at.Le(MOST_OPENED)] = 10
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class LinksBody:
    """Texts to link to concepts; ``language`` is that of the texts (ISO 639-1), when known."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    texts: Annotated[tuple[Text, ...], at.MinLen(1), at.MaxLen(100)]
    kind: Vocabulary
    language: LanguageCode | None = None
    top: Annotated[int, at.Ge(1), at.Le(50)] = 10


@dataclass(frozen=True, slots=True)
class ExtractionsBody:
    """A running text: a vacancy, or a note on a person; ``language`` is its language, detected when it is not given."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    text: LongText
    subject: Subject
    language: LanguageCode | None = None


@dataclass(frozen=True, slots=True)
class FindingsBody:
    """Findings that a consultant confirmed, without their words."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    findings: Annotated[tuple[ConfirmedFinding, ...], at.MinLen(1), at.MaxLen(MOST_CONFIRMED)]


OutcomesBody = Outcome | Annotated[tuple[Outcome, ...], at.MinLen(1), at.MaxLen(1_000)]
"""One outcome, or a list of them, written all or none."""


@dataclass(frozen=True, slots=True)
class ProfilesPage:
    """Some profiles by id; ``next`` is the address of the page that follows."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    items: tuple[Profile, ...]
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class OffersPage:
    """Some offers by id; ``next`` is the address of the page that follows."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    items: tuple[Offer, ...]
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class ProposalAnswer:
    """A pair that was proposed; ``reportedBy``, ``happenedOn`` and ``latest`` are null for a recruiter."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    profile_id: str
    offer_id: str
    reported_by: str | None
    happened_on: date | None
    latest: Event | None


@dataclass(frozen=True, slots=True)
class ProposalsPage:
    """Who was proposed where, the last recorded first; ``people``: to how many the offer asked for was proposed."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    items: tuple[ProposalAnswer, ...]
    people: int | None
    next: str | None


@dataclass(frozen=True, slots=True)
class OutcomesAnswer:
    """How many outcomes were new, and how many were known already."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    new: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class LoggedMatch:
    """One match of a logged list; ``contributions`` (log-odds) in the order of the comparisons of the model.

    ``propensity``: the chance, 0-1, with which it was shown at this rank; ``exploration``: it was drawn by lot.
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    suggestion_id: str
    profile_id: str
    offer_id: str
    kind: Kind
    rank: int
    score: float
    contributions: tuple[float, ...]
    propensity: float
    exploration: bool


@dataclass(frozen=True, slots=True)
class LoggedList:
    """A list as it was shown: who asked what and when, with which versions.

    ``cause``: why a person was shown no vacancy, as `matching.log.ShownList` says.
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    id: str
    direction: Direction
    subject: str
    asked_by: str
    asked_role: Role
    asked_at: datetime | None
    model_version: str
    taxonomy_version: str
    data_version: str
    policy: str
    question: Mapping[str, Any]
    cause: str | None
    override: Override | None
    matches: tuple[LoggedMatch, ...]


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """A concept that a text may mean; ``score`` 0-1; ``sure`` on the first only, when no person need look."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    concept: str
    label: str
    score: float
    sure: bool


@dataclass(frozen=True, slots=True)
class TextLinks:
    """The concepts of one text, best first; none when nothing resembles it."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    text: str
    links: tuple[LinkAnswer, ...]


@dataclass(frozen=True, slots=True)
class LinksAnswer:
    """The concepts of every text asked, in the order asked."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    items: tuple[TextLinks, ...]


@dataclass(frozen=True, slots=True)
class CodeListName:
    """A code list and its address."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class CodeListNames:
    """Every code list."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    items: tuple[CodeListName, ...]
    total: int


@dataclass(frozen=True, slots=True)
class CodeWord:
    """A code and its word in the language asked."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class CodeList:
    """One code list with its words."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    name: str
    language: str
    items: tuple[CodeWord, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Health:
    """How the service is: ``UP``; ``DEGRADED``, not the newest state is matched, or none; ``DOWN``, no database."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    status: Status


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(Any, kind))


def as_page(page: Any) -> dict[str, Any]:
    """Give a page as JSON-able values; what is unknown in its records is left out, as in the records themselves."""
    shape: Any = type(page)
    found: dict[str, Any] = _adapter(shape).dump_python(page, mode="json", by_alias=True)
    if isinstance(page, ProfilesPage | OffersPage):
        found["items"] = [document(record) for record in page.items]
    return found


def document(record: Profile | Offer) -> dict[str, Any]:
    """Give a record as JSON-able values; what is unknown is left out."""
    shape: Any = type(record)
    found: dict[str, Any] = _adapter(shape).dump_python(record, mode="json", by_alias=True, exclude_none=True)
    return found


def read_body(kind: type[B], value: Any, records: Mapping[str, Callable[[Any], Any]] | None = None) -> B:
    """Read the body of a question.

    Parameters
    ----------
    kind
        One of the bodies above.
    value
        What the JSON held.
    records
        Field -> reader, for records that stand in the body (``profile``, ``offer``); of each such record exactly one of the
        record itself and its id (``profileId``) is to be given.

    Raises
    ------
    DataError
        Every problem of the body and of the records in it, with paths from the body (``profile.languages[0].code``).
    """
    if not isinstance(value, Mapping):
        raise DataError([Problem("not_an_object", BODY, "", shown(value), "object")])
    records = records or {}
    row = tidy({name: inner for name, inner in value.items() if name not in records})
    problems = list(check_values(kind, row, BODY))
    told = {problem.field for problem in problems}
    made, objections = read_record(kind, row, BODY)
    problems += [problem for problem in objections if problem.field not in told]
    found: dict[str, Any] = {}
    for name, read in records.items():
        given = [one for one in (name, f"{name}Id") if value.get(one) is not None]
        if len(given) != 1:
            code = "inconsistent" if given else "missing"
            problems.append(Problem(code, BODY, f"{name}Id", None, f"{name}Id | {name}"))
        elif given == [name]:
            found[name] = _read_inside(name, read, value[name], problems)
    if problems or made is None:
        raise DataError(problems)
    return replace(made, **found)  # type: ignore[type-var]


def _read_inside(name: str, read: Callable[[Any], Any], value: Any, problems: list[Problem]) -> Any:
    """Read a record that stands in a body; adds its problems, with paths from the body."""
    try:
        return read(value)
    except DataError as error:
        problems += [replace(one, field=f"{name}.{one.field}" if one.field else name) for one in error.problems]
        return None
