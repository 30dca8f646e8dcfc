"""The answers of the service, in the shape in which programs read them (lowerCamelCase JSON) and people are shown them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final, get_args

from pydantic import TypeAdapter

from matching.codes import Kind, Level, Limit, Requirement, Topic
from matching.completion import ConceptKind
from matching.explanation import Reason
from matching.pathways.changing import What
from matching.pathways.shapes import NamedOffer, PricesAnswer, RouteAnswer
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

    ``coverage`` is the share of the weight that rested on known data. ``probability``, of a suitable vacancy, is the chance of
    a hire, 0-1, were it the first of a list: null unless the model in use was found right about it. ``suggestionId`` is null for
    a match that was not suggested. ``exploration``: chance put it in this place of the list, which ``explorationText`` says.
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
    probability: float | None = None
    exploration: bool = False
    exploration_text: str = ""


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
    tells that something was missing while answering. ``pathways``: what would open more, null unless it was asked for.
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
    pathways: "PathwaysAnswer | None" = None


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


@dataclass(frozen=True, slots=True)
class ConceptAnswer:
    """A concept that a beginning may mean: its preferred label in the language asked, and the label that matched."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    uri: str
    kind: ConceptKind
    label: str
    matched: str
    matched_language: str
    score: float


@dataclass(frozen=True, slots=True)
class ConceptsAnswer:
    """The concepts that a beginning may mean, best first."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    items: tuple[ConceptAnswer, ...]


@dataclass(frozen=True, slots=True)
class FindingAnswer:
    """What a text says, and where: ``words`` are its characters ``start`` to ``end`` (not included), in Unicode characters.

    ``value`` says it in words. ``asked`` false: the text says that it is not asked, not so, or impossible. ``least``, ``most``:
    hours per week, months, or a level of education. ``sure`` and ``score`` are those of the link of a competence.
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    words: str
    start: int
    end: int
    field: Topic
    code: str | None
    label: str | None
    value: str
    level: Level | None
    requirement: Requirement | None
    asked: bool
    least: float | None
    most: float | None
    sure: bool
    score: float | None
    sentence: str


@dataclass(frozen=True, slots=True)
class FindingsAnswer:
    """What a text says, in the order in which it says it."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    items: tuple[FindingAnswer, ...]


@dataclass(frozen=True, slots=True)
class ChangeAnswer:
    """A field of a profile that changed; null: not known."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class ChangesAnswer:
    """What confirmed findings changed in a profile; nothing when all of it was known."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    profile_id: str
    changes: tuple[ChangeAnswer, ...]


@dataclass(frozen=True, slots=True)
class AskAnswer:
    """A question to ask next: ``mean`` and ``largest`` of how many of the best vacancies an answer would exchange.

    ``field`` in its outside name, ``hours`` for both bounds; ``code``: the language asked about, else null.
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    field: str
    code: str | None
    question: str
    mean: float
    largest: int
    sentence: str


@dataclass(frozen=True, slots=True)
class StepAnswer:
    """One change of a person; ``before`` and ``after``: minutes, months or a CEFR level, null where there is none."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    what: What
    code: str
    before: int | str | None
    after: int | str | None
    text: str


@dataclass(frozen=True, slots=True)
class LiftAnswer:
    """What lifts one vacancy; ``rank`` is null outside the list; ``opened``: rules that no longer remove it."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    offer_id: str
    title: str
    changes: tuple[StepAnswer, ...]
    score_before: float
    score: float
    band_before: str
    band: str
    rank_before: int | None
    rank: int | None
    opened: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class UnlockAnswer:
    """What an offer of a partner opens; ``failed`` and ``toCheck``: what stands between the person and this offer.

    ``minutes``: door to door, null when unknown. ``mayEnter``: null when something is to check first. ``others``: ids of the
    offers of this kind that grant the same.
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    offer_id: str
    title: str
    kind: Kind
    employer: str | None
    start: date | None
    duration_months: float | None
    gain: float
    opens: int
    entering: int
    best: tuple[NamedOffer, ...]
    assumed: tuple[str, ...]
    minutes: int | None
    may_enter: bool | None
    failed: tuple[RuleAnswer, ...]
    to_check: tuple[RuleAnswer, ...]
    others: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class UnlockList:
    """The offers of partners of one kind, ranked apart."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    kind: Kind
    text: str
    offers: tuple[UnlockAnswer, ...]


@dataclass(frozen=True, slots=True)
class PathwaysAnswer:
    """What would open more for one profile; not logged.

    ``status`` and ``message`` as in the list of suggestions. ``asksText``, ``liftsText``, ``pricesText``, ``unlocksText`` and
    ``routesText`` say that there is nothing of a part, and are empty otherwise. ``withoutEffect``: offers of partners that would
    change nothing.
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    profile_id: str
    as_of: date
    language: str
    top: int
    status: str
    message: str
    asks: tuple[AskAnswer, ...]
    asks_text: str
    lifts: tuple[LiftAnswer, ...]
    lifts_text: str
    prices: PricesAnswer
    prices_text: str
    unlocks: tuple[UnlockList, ...]
    unlocks_text: str
    without_effect: int
    routes: tuple[RouteAnswer, ...]
    routes_text: str
    versions: Versions
    degraded: bool


Whole = (
    SuggestionsAnswer
    | CandidatesAnswer
    | ExplanationAnswer
    | MatchAnswer
    | ConceptsAnswer
    | FindingsAnswer
    | ChangesAnswer
    | PathwaysAnswer
)

_ADAPTERS: Final[dict[Any, TypeAdapter[Any]]] = {kind: TypeAdapter(kind) for kind in get_args(Whole)}


def as_json(answer: Whole) -> dict[str, Any]:
    """Give an answer as JSON-able values under its outside names."""
    found: dict[str, Any] = _ADAPTERS[type(answer)].dump_python(answer, mode="json", by_alias=True)
    return found
