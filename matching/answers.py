"""The answers of the service, in the shape in which programs read them (lowerCamelCase JSON) and people are shown them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from pydantic import TypeAdapter

from matching.codes import Kind, Limit
from matching.explanation import Reason
from matching.records import RECORD_CONFIG


@dataclass(frozen=True, slots=True)
class Versions:
    """What an answer rests on."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    model: str
    taxonomy: str
    data: str


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """A rule and what it says."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    rule: str
    sentence: str


@dataclass(frozen=True, slots=True)
class MatchAnswer:
    """A scored (profile, offer) with its reasons: ``start`` plus every contribution is ``score``.

    ``coverage`` is the share of the weight that rested on known data. ``suggestionId`` is null for a match that was not
    suggested.
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    suggestion_id: str | None
    profile_id: str
    offer_id: str
    kind: Kind
    title: str
    employer: str | None
    postcodes: tuple[str, ...] | None
    rank: int
    score: float
    band: str
    band_text: str
    start: float
    person_score: float
    employer_score: float
    both_score: float
    coverage: float
    reasons: tuple[Reason, ...]
    to_check: tuple[RuleAnswer, ...]
    failed: tuple[RuleAnswer, ...]
    note: str


@dataclass(frozen=True, slots=True)
class PriceAnswer:
    """What one limit costs, in vacancies; for the consultant and the person, never logged."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    limit: Limit
    removes: int
    alone: int
    suitable: int
    good: int
    sentence: str


@dataclass(frozen=True, slots=True)
class RemovedAnswer:
    """How many vacancies or profiles a rule removes."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    rule: str
    count: int
    sentence: str


@dataclass(frozen=True, slots=True)
class FieldAnswer:
    """A field of the profile, in its outside name and in words."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class GuidanceAnswer:
    """Where the person stands in LINK's guidance."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    state: str
    sentence: str
    ends: date | None
    intake_due: date | None
    intake_overdue: bool | None
    intake_sentence: str
    contact_id: str | None
    contact_role: str


@dataclass(frozen=True, slots=True)
class PartnerList:
    """The partner offers of one kind, ranked apart."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    kind: Kind
    text: str
    matches: tuple[MatchAnswer, ...]


@dataclass(frozen=True, slots=True)
class SuggestionsAnswer:
    """The list for one profile.

    ``status``: ``ok``, ``nothing_suitable``, ``too_little_known`` or ``closed``; ``message`` says it. ``jointly`` counts the
    vacancies that negotiable limits remove together. ``weights`` are as asked, ``appliedWeights`` as used. ``degraded``
    tells that something was missing while answering.
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    id: str
    profile_id: str
    as_of: date
    language: str
    status: str
    message: str
    guidance: GuidanceAnswer
    suggestions: tuple[MatchAnswer, ...]
    near_misses: tuple[MatchAnswer, ...]
    partner_offers: tuple[PartnerList, ...]
    dutch_courses: tuple[MatchAnswer, ...]
    considered: int
    allowed: int
    suitable: int
    good: int
    removed: tuple[RemovedAnswer, ...]
    prices: tuple[PriceAnswer, ...]
    jointly: int
    relaxation: Limit | None
    relaxation_text: str
    profile_coverage: float
    missing_fields: tuple[FieldAnswer, ...]
    withheld_fields: tuple[str, ...]
    weights: Mapping[str, float]
    applied_weights: Mapping[str, float]
    versions: Versions
    degraded: bool


@dataclass(frozen=True, slots=True)
class CandidatesAnswer:
    """The people for one offer; without target group, source or contacts."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    id: str
    offer_id: str
    title: str
    as_of: date
    language: str
    message: str
    candidates: tuple[MatchAnswer, ...]
    considered: int
    allowed: int
    unscored: int
    weights: Mapping[str, float]
    applied_weights: Mapping[str, float]
    versions: Versions
    degraded: bool


@dataclass(frozen=True, slots=True)
class ExplanationAnswer:
    """One pair explained, suggested or not; ``match`` is null when the profile holds too little data."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    as_of: date
    language: str
    message: str
    match: MatchAnswer | None
    missing_fields: tuple[FieldAnswer, ...]
    versions: Versions


_ADAPTERS: Final = {kind: TypeAdapter(kind) for kind in (SuggestionsAnswer, CandidatesAnswer, ExplanationAnswer)}


def as_json(answer: SuggestionsAnswer | CandidatesAnswer | ExplanationAnswer) -> dict[str, Any]:
    """Give an answer as JSON-able values under its outside names."""
    found: dict[str, Any] = _ADAPTERS[type(answer)].dump_python(answer, mode="json", by_alias=True)
    return found
