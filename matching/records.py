"""Values of the service: profiles, offers, outcomes, and the problems found while reading them.

Every record is a frozen dataclass. ``None`` means *unknown* (nobody said); an empty tuple means *said to be none*.
Constraints stand in the types (``Annotated``), so that the doors validate and document from this one place.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Final
from zoneinfo import ZoneInfo

import annotated_types as at

from matching.codes import (
    Acquired,
    Certificate,
    Contract,
    Day,
    DrivingLicence,
    Event,
    Kind,
    Level,
    Limit,
    Mode,
    Requirement,
    Shift,
    SkillLevel,
    SourceKind,
    Topic,
)

BRUSSELS_TIME: Final = ZoneInfo("Europe/Brussels")
"""Every date is a day in Brussels."""


def camel(name: str) -> str:
    """Name of a field outside Python.

    >>> camel("registered_on")
    'registeredOn'
    """
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)


RECORD_CONFIG: Final[dict[str, Any]] = {
    "extra": "forbid",
    "alias_generator": camel,
    "validate_by_name": False,
    "validate_by_alias": True,
    "allow_inf_nan": False,
}
"""How the doors read and write records (read by pydantic, which this room does not import)."""

Id = Annotated[str, at.MinLen(1), at.MaxLen(64)]
Text = Annotated[str, at.MaxLen(500)]
LongText = Annotated[str, at.MaxLen(20_000)]
Postcode = Annotated[str, at.MinLen(4), at.MaxLen(10)]
Months = Annotated[int, at.Ge(0), at.Le(720)]
Hours = Annotated[float, at.Ge(0), at.Le(60)]
LanguageCode = Annotated[str, at.MinLen(2), at.MaxLen(2)]
Nace = Annotated[str, at.MinLen(1), at.MaxLen(8)]
Eqf = Annotated[int, at.Ge(0), at.Le(8)]
"""European Qualifications Framework level, 1-8; 0 on an offer: no diploma asked; on a profile: no diploma."""


@dataclass(frozen=True, slots=True)
class Source:
    """First-line organisation that handed the person to LINK."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    kind: SourceKind
    name: Annotated[str, at.MinLen(1), at.MaxLen(120)]


@dataclass(frozen=True, slots=True)
class DataBasis:
    """Why a field of a profile may be used: purpose, legal basis, and when the person was told.

    ``field`` is a field of `Profile` in its outside name, or ``all``.
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    field: Annotated[str, at.MaxLen(40)]
    purpose: Text
    legal_basis: Text
    notified_on: date
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A profession or competence as somebody named it: a concept, or the text that could not be linked.

    ``concept`` is the URI or code; ``text`` what was written; ``sure`` whether a link made from text is sure
    (``None`` for a code).
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    concept: Annotated[str, at.MaxLen(300)] | None = None
    text: Text | None = None
    sure: bool | None = None


@dataclass(frozen=True, slots=True)
class HeldCompetence(Mention):
    """A competence the person has."""

    level: SkillLevel | None = None
    acquired: Acquired | None = None


@dataclass(frozen=True, slots=True)
class DoneProfession(Mention):
    """A profession the person has practised; ``months`` of experience, ``None`` when unknown."""

    months: Months | None = None


@dataclass(frozen=True, slots=True)
class KnownLanguage:
    """A language of the person; ``level`` ``None`` when it is unknown how well."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    code: LanguageCode
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What the person never wants to see: their own decision, without a price."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    employers: tuple[Text, ...] = ()
    professions: tuple[Mention, ...] = ()
    sectors: tuple[Nace, ...] = ()


@dataclass(frozen=True, slots=True)
class Constraint:
    """How hard a limit is: hard (``solvable`` false: it removes offers, at a price) or solvable (it costs)."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    limit: Limit
    solvable: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """A person's skills and wishes, under a pseudonymous id.

    Dates are calendar days in Brussels. ``max_minutes`` is door to door, one way. Impossible shifts and days remove
    offers unless they are marked solvable; every other limit grades, and removes only when `constraints` says so.
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    id: Id
    source: Source
    basis: Annotated[tuple[DataBasis, ...], at.MaxLen(60)] = ()
    target_group: Annotated[str, at.MaxLen(40)] | None = None
    registered_on: date | None = None
    contract_end: date | None = None
    intake_on: date | None = None
    guidance_end: date | None = None
    found_work_on: date | None = None
    handed_over_on: date | None = None
    competences: Annotated[tuple[HeldCompetence, ...], at.MaxLen(200)] | None = None
    professions_sought: Annotated[tuple[Mention, ...], at.MaxLen(20)] | None = None
    professions_done: Annotated[tuple[DoneProfession, ...], at.MaxLen(40)] | None = None
    languages: Annotated[tuple[KnownLanguage, ...], at.MaxLen(40)] | None = None
    postcode: Postcode | None = None
    max_minutes: Annotated[int, at.Ge(0), at.Le(240)] | None = None
    modes: tuple[Mode, ...] | None = None
    driving_licences: tuple[DrivingLicence, ...] | None = None
    certificates: tuple[Certificate, ...] | None = None
    own_car: bool | None = None
    hours_min: Hours | None = None
    hours_max: Hours | None = None
    impossible_shifts: tuple[Shift, ...] | None = None
    impossible_days: tuple[Day, ...] | None = None
    contracts: tuple[Contract, ...] | None = None
    start_from: date | None = None
    education: Eqf | None = None
    education_field: Annotated[str, at.MaxLen(8)] | None = None
    exclusions: Exclusions = field(default_factory=Exclusions)
    constraints: Annotated[tuple[Constraint, ...], at.MaxLen(12)] = ()
    referent_id: Id | None = None
    contact_id: Id | None = None
    backup_id: Id | None = None
    preferred_agency: Text | None = None


@dataclass(frozen=True, slots=True)
class AskedCompetence(Mention):
    """A competence the offer asks for."""

    requirement: Requirement = Requirement.STRONG


@dataclass(frozen=True, slots=True)
class AskedLanguage:
    """A language the offer asks for; ``level`` ``None`` when it names none."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    code: LanguageCode
    level: Level | None = None
    requirement: Requirement = Requirement.MANDATORY


@dataclass(frozen=True, slots=True)
class AskedLicence:
    """A driving licence the offer asks for; ``legal``: the work may not be done without it."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    code: DrivingLicence
    legal: bool = False


@dataclass(frozen=True, slots=True)
class AskedCertificate:
    """A certificate the offer asks for; ``legal``: the work may not be done without it."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    code: Certificate
    legal: bool = False


@dataclass(frozen=True, slots=True)
class Grants:
    """What a partner offer gives to who completes it; ``experience_months`` in the offer's own profession."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    competences: Annotated[tuple[Mention, ...], at.MaxLen(60)] = ()
    languages: Annotated[tuple[KnownLanguage, ...], at.MaxLen(10)] = ()
    driving_licences: tuple[DrivingLicence, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    experience_months: Months = 0


@dataclass(frozen=True, slots=True)
class Extracted:
    """Where the text of an offer says what a field holds: characters ``start`` to ``end`` (not included) of ``text``."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    field: Topic
    start: Annotated[int, at.Ge(0), at.Le(20_000)]
    end: Annotated[int, at.Ge(0), at.Le(20_000)]


@dataclass(frozen=True, slots=True)
class Offer:
    """Anything proposed to a person: a vacancy, or what a partner offers.

    Three states for each thing an offer may ask: a value (asked), an empty tuple or 0 (said not to be asked),
    ``None`` (unstated: unknown). ``remote_share`` is the share of the work done at home, 0-1. ``extracted`` marks what was
    read from the text, not given by the source (see `matching.unsaid`).
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    id: Id
    source: Text
    kind: Kind
    title: Annotated[str, at.MinLen(1), at.MaxLen(500)]
    text: LongText | None = None
    text_language: LanguageCode | None = None
    occupation: Mention | None = None
    competences: Annotated[tuple[AskedCompetence, ...], at.MaxLen(200)] | None = None
    languages: Annotated[tuple[AskedLanguage, ...], at.MaxLen(20)] | None = None
    driving_licences: tuple[AskedLicence, ...] | None = None
    certificates: tuple[AskedCertificate, ...] | None = None
    own_car: bool | None = None
    experience_months: Months | None = None
    education: Eqf | None = None
    postcodes: Annotated[tuple[Postcode, ...], at.MaxLen(40)] | None = None
    remote_share: Annotated[float, at.Ge(0), at.Le(1)] | None = None
    hours_min: Hours | None = None
    hours_max: Hours | None = None
    shifts: tuple[Shift, ...] | None = None
    days: tuple[Day, ...] | None = None
    contract: Contract | None = None
    start: date | None = None
    positions: Annotated[int, at.Ge(0), at.Le(10_000)] | None = None
    filled: Annotated[int, at.Ge(0), at.Le(10_000)] = 0
    closed_on: date | None = None
    employer: Text | None = None
    sector: Nace | None = None
    published: date | None = None
    valid_through: date | None = None
    verified: date | None = None
    audience: Annotated[tuple[Annotated[str, at.MaxLen(40)], ...], at.MaxLen(20)] | None = None
    duration_months: Annotated[float, at.Ge(0), at.Le(120)] | None = None
    grants: Grants | None = None
    measures: Text | None = None
    after_care_on: date | None = None
    extracted: Annotated[tuple[Extracted, ...], at.MaxLen(200)] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a suggestion, or of a pair never suggested, or of a person's guidance.

    ``id`` makes the event idempotent; ``corrects`` names an earlier event that this one replaces.
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    id: Id
    event: Event
    profile_id: Id
    happened_on: date
    reported_by: Id
    offer_id: Id | None = None
    suggestion_id: Id | None = None
    reason: Annotated[str, at.MaxLen(60)] | None = None
    contract: Contract | None = None
    hours: Hours | None = None
    started_on: date | None = None
    corrects: Id | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field of one record.

    ``code`` is a stable name (see `matching.problems`); ``field`` a path in outside names (``languages[2].level``);
    ``value`` what was found, shortened, or ``None`` where showing it would show personal data; ``accepted`` what would
    have been right.
    """

    code: str
    record: str
    field: str
    value: str | None = None
    accepted: str | None = None


class DataError(Exception):
    """Input that cannot be used; carries every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("; ".join(f"{p.record}: {p.field}: {p.code}" for p in self.problems))


@dataclass(frozen=True, slots=True)
class Override:
    """A person's decision to go beyond LINK's dates, with the reason; logged with the list."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    reason: Annotated[str, at.MinLen(3), at.MaxLen(500)]
    by: Id


@dataclass(frozen=True, slots=True)
class ProposalNote:
    """One proposal of an offer to a person, as another consultant may see it."""

    profile_id: str
    offer_id: str
    at: datetime
    by: str
