"""LINK's dates, groups, contacts and basis for using data: what may be done for whom, on a given day.

Pure: no clock, no files. Days are calendar days in Brussels and are passed in. What differs between target groups is
configuration (`GroupRules`), never a constant here. "Until" a day includes that day.
"""

import calendar
from collections.abc import Collection, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final

import annotated_types as at

from matching.codes import LANGUAGES_OF_SERVICE, Words, join
from matching.records import RECORD_CONFIG, DataBasis, Override, Profile, camel

BLOCKED: Final = "all"
"""Stands in the set given by `usable` when nothing of the profile may be used."""

OWN_FILE: Final = frozenset(
    {
        *("id", "source", "basis", "referent_id", "contact_id", "backup_id"),
        *("intake_on", "guidance_end", "found_work_on", "handed_over_on"),
    }
)
"""Fields of LINK's own file-keeping: not shared by another service, and able only to bound guidance."""

MIN_REASON: Final = 3
"""Shortest reason, in characters, that makes an override count."""


Label = Annotated[str, at.MinLen(1), at.MaxLen(120)]
RuleMonths = Annotated[int, at.Ge(0), at.Le(120)]


class State(StrEnum):
    """Where a person stands in LINK's guidance on a day."""

    NOT_YET = "not_yet"
    PREPARATION = "preparation"
    GUIDANCE = "guidance"
    ENDED = "ended"
    HANDED_OVER = "handed_over"
    FOUND_WORK = "found_work"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class GroupRules:
    """Rules of one target group.

    ``preparation_months`` before the contract's end guidance is prepared (``None``: no preparation). The first
    interview is due ``intake_due_months`` after registration; guidance lasts ``guidance_months`` from it. Where
    registration is not required, the day after the contract's end stands in for it. ``provisional``: still being
    decided.
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    label_fr: Label
    label_nl: Label
    label_en: Label
    preparation_months: RuleMonths | None
    match_in_preparation: bool
    intake_due_months: RuleMonths
    guidance_months: RuleMonths
    registration_required: bool
    provisional: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """Dates of one person's guidance as seen on a day; ``None`` is unknown or does not apply.

    ``intake_overdue`` is ``None`` when it cannot be said. ``ends`` is the last day of guidance. ``missing`` names, from
    outside, the fields that would settle what is unknown.
    """

    preparation_opens: date | None
    intake_due: date | None
    intake_overdue: bool | None
    opens: date | None
    ends: date | None
    state: State
    missing: tuple[str, ...] = ()
    provisional: bool = False


def add_months(day: date, months: int) -> date:
    """Add calendar months, before or after; a day that the month lacks becomes its last day.

    Beyond the calendar of Python the first or last day there is stands in.

    >>> add_months(date(2025, 1, 31), 1)
    datetime.date(2025, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return date.min if months < 0 else date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def timeline(profile: Profile, rules: Mapping[str, GroupRules], as_of: date) -> Timeline:
    """Work out the dates of a person's guidance and where they stand on ``as_of``.

    A group that is unknown or not configured leaves every computed date unknown. Of two closing events the hand-over
    decides the state and the earlier one the end.
    """
    group = rules.get(profile.target_group) if profile.target_group is not None else None
    preparation = opens = due = None
    planned_end = profile.guidance_end
    if group is not None:
        preparation = _preparation_opens(profile, group)
        opens = _opens(profile, group)
        if opens is not None:
            due = add_months(opens, group.intake_due_months)
            planned_end = planned_end or add_months(opens, group.guidance_months)
    closing = [day for day in (profile.found_work_on, profile.handed_over_on) if day is not None and day <= as_of]
    ends = min([*closing, *([planned_end] if planned_end else [])], default=None)
    state = _closed(profile, planned_end, as_of) or _open(profile, group, preparation, opens, as_of)
    return Timeline(
        preparation_opens=preparation,
        intake_due=due,
        intake_overdue=_intake_overdue(profile, due, state, as_of),
        opens=opens,
        ends=ends,
        state=state,
        missing=_missing(profile, group) if state is State.UNKNOWN else (),
        provisional=group is not None and group.provisional,
    )


def may_match(
    profile: Profile, rules: Mapping[str, GroupRules], as_of: date, override: Override | None = None
) -> tuple[bool | None, str]:
    """Say whether suggestions may be made for a person on ``as_of``, and the code of the reason (see `WORDS`).

    ``None``: it cannot be checked; the rule does not fire. An override with a reason opens what the dates or found work
    close; never a missing source or basis, nor a hand-over.
    """
    if not (profile.source and profile.source.name.strip()):
        return False, "no_source"
    known, dropped = usable(profile, as_of)
    if BLOCKED in dropped:
        withdrawn = any(_withdrawn(basis, as_of) for basis in profile.basis)
        return False, "basis_withdrawn" if withdrawn else "basis_unrecorded"
    found = timeline(known, rules, as_of)
    if found.state is State.UNKNOWN:
        return None, "group_unknown" if "targetGroup" in found.missing else "dates_unknown"
    if found.state is State.GUIDANCE:
        return True, found.state.value
    if found.state is State.PREPARATION and rules[known.target_group or ""].match_in_preparation:
        return True, found.state.value
    if found.state is not State.HANDED_OVER and override is not None and len(override.reason.strip()) >= MIN_REASON:
        return True, "override"
    return False, "preparation_only" if found.state is State.PREPARATION else found.state.value


def contact_for(profile: Profile, absent: Collection[str] = ()) -> tuple[str | None, str]:
    """Give who to turn to for a person, and in which role: ``contact``, ``backup``, ``contact_absent``, ``unknown``.

    The fixed contact, or the back-up while the contact is among the ``absent``. With both absent it stays the contact,
    said to be absent. A referral (`Profile.referent_id`) changes nothing.
    """
    contact, backup = profile.contact_id, profile.backup_id
    if contact is not None and contact not in absent:
        return contact, "contact"
    if backup is not None and backup not in absent:
        return backup, "backup"
    return contact, "unknown" if contact is None else "contact_absent"


def usable(profile: Profile, as_of: date) -> tuple[Profile, frozenset[str]]:
    """Make unknown what may not be used on ``as_of``; give the rest, and the outside names of what was taken away.

    A field may be used from the day the person was told until the day before withdrawal. A basis for ``all`` covers
    every field; a basis for the field itself decides first, so that withdrawing one field holds. Fields that cannot be
    ``None`` become empty. With no valid basis at all the set holds `BLOCKED`. LINK's own file-keeping is kept.
    """
    by_field: dict[str, list[DataBasis]] = {}
    for basis in profile.basis:
        by_field.setdefault(basis.field, []).append(basis)
    everything = any(_valid(basis, as_of) for basis in by_field.get("all", ()))
    if everything and not any(_withdrawn(basis, as_of) for basis in profile.basis if basis.field != "all"):
        return profile, frozenset()  # `_covered` holds for every field
    dropped, blank = set[str](), dict[str, Any]()
    for name, empty in _EMPTY.items():
        value = getattr(profile, name)
        if value != empty and not _covered(by_field.get(camel(name), ()), everything, as_of):
            dropped.add(camel(name))
            blank[name] = empty
    if not everything and not any(_covered(by_field.get(camel(name), ()), False, as_of) for name in _EMPTY):
        dropped.add(BLOCKED)
    return (replace(profile, **blank) if blank else profile), frozenset(dropped)


def say(code: str, dates: Timeline, lang: str) -> str:
    """Say a state or the reason of `may_match` in one language, for the consultant, naming the dates.

    >>> end = Timeline(None, None, None, date(2024, 3, 1), date(2025, 3, 1), State.ENDED)
    >>> say("ended", end, "en")
    'Guidance ended on 1 March 2025; no suggestions after it unless a person overrides this, with a reason.'
    """
    if code == "not_yet" and dates.preparation_opens is not None:
        code = "not_yet_preparation"
    elif code == "not_yet" and dates.opens is not None:
        code = "not_yet_opens"
    elif code == "preparation" and dates.opens is not None:
        code = "preparation_opens"
    sentence = WORDS[code][LANGUAGES_OF_SERVICE.index(lang)].format(
        preparation=say_date(dates.preparation_opens, lang),
        opens=say_date(dates.opens, lang),
        ends=say_date(dates.ends, lang),
        missing=join([_field_word(name, lang) for name in dates.missing], lang),
    )
    return f"{sentence} {WORDS['provisional'][LANGUAGES_OF_SERVICE.index(lang)]}" if dates.provisional else sentence


def say_intake(dates: Timeline, lang: str) -> str:
    """Say when the first interview is due and whether it is overdue, in one language; empty when it is unknown."""
    if dates.intake_due is None or dates.intake_overdue is None:
        return ""
    code = "intake_overdue" if dates.intake_overdue else "intake_due"
    return WORDS[code][LANGUAGES_OF_SERVICE.index(lang)].format(due=say_date(dates.intake_due, lang))


def say_date(day: date | None, lang: str) -> str:
    """Write a day in words.

    >>> say_date(date(2025, 2, 1), "fr")
    '1er février 2025'
    """
    if day is None:
        return UNKNOWN_DATE[LANGUAGES_OF_SERVICE.index(lang)]
    month = MONTHS[LANGUAGES_OF_SERVICE.index(lang)].split()[day.month - 1]
    return f"{'1er' if lang == 'fr' and day.day == 1 else day.day} {month} {day.year}"


def _preparation_opens(profile: Profile, group: GroupRules) -> date | None:
    """First day of the preparation before the contract's end."""
    if group.preparation_months is None or profile.contract_end is None:
        return None
    return add_months(profile.contract_end, -group.preparation_months)


def _opens(profile: Profile, group: GroupRules) -> date | None:
    """First day of guidance: registration, or, where that is not required, the day after the contract's end."""
    if profile.registered_on is not None or group.registration_required or profile.contract_end is None:
        return profile.registered_on
    return profile.contract_end if profile.contract_end == date.max else profile.contract_end + timedelta(days=1)


def _closed(profile: Profile, planned_end: date | None, as_of: date) -> State | None:
    """State of a guidance that is over, or ``None``."""
    if profile.handed_over_on is not None and profile.handed_over_on <= as_of:
        return State.HANDED_OVER
    if profile.found_work_on is not None and profile.found_work_on <= as_of:
        return State.FOUND_WORK
    return State.ENDED if planned_end is not None and planned_end < as_of else None


def _open(
    profile: Profile, group: GroupRules | None, preparation: date | None, opens: date | None, as_of: date
) -> State:
    """State of a guidance that is not over."""
    if group is None:
        return State.UNKNOWN
    if opens is not None and opens <= as_of:
        return State.GUIDANCE
    if preparation is not None and profile.contract_end is not None:
        if as_of < preparation:
            return State.NOT_YET
        # Past the contract's end an unrecorded registration may have taken place: that is unknown, not "not yet".
        return State.PREPARATION if opens is not None or as_of <= profile.contract_end else State.UNKNOWN
    may_be_in_preparation = group.preparation_months is not None
    return State.UNKNOWN if opens is None or may_be_in_preparation else State.NOT_YET


def _intake_overdue(profile: Profile, due: date | None, state: State, as_of: date) -> bool | None:
    """Whether the first interview is still awaited after its last day."""
    if state in (State.ENDED, State.HANDED_OVER, State.FOUND_WORK):
        return False
    if profile.intake_on is not None and profile.intake_on <= as_of:
        return False
    return None if due is None else due < as_of


def _missing(profile: Profile, group: GroupRules | None) -> tuple[str, ...]:
    """Fields that would settle an unknown state."""
    if group is None:
        return ("targetGroup",)
    past_contract = profile.contract_end is not None and not group.registration_required
    wanted = {"registeredOn": profile.registered_on is None and not past_contract}
    wanted["contractEnd"] = profile.contract_end is None and (
        group.preparation_months is not None or not group.registration_required
    )
    return tuple(name for name, asked in wanted.items() if asked)


def _withdrawn(basis: DataBasis, as_of: date) -> bool:
    return basis.withdrawn_on is not None and basis.withdrawn_on <= as_of


def _valid(basis: DataBasis, as_of: date) -> bool:
    return basis.notified_on <= as_of and not _withdrawn(basis, as_of)


def _covered(own: Collection[DataBasis], everything: bool, as_of: date) -> bool:
    """Whether a field may be used: by its own basis, else by the basis for all unless its own was withdrawn."""
    if any(_valid(basis, as_of) for basis in own):
        return True
    return everything and not any(_withdrawn(basis, as_of) for basis in own)


def _field_word(name: str, lang: str) -> str:
    return FIELD_WORDS[name][LANGUAGES_OF_SERVICE.index(lang)]


def _empty_values() -> dict[str, Any]:
    """Each field of a profile that needs a basis, with the value that says nothing."""
    empty: dict[str, Any] = {}
    for one in fields(Profile):
        if one.name not in OWN_FILE:
            empty[one.name] = one.default_factory() if one.default_factory is not MISSING else one.default
    return empty


_EMPTY: Final = _empty_values()
UNKNOWN_DATE: Final = ("une date inconnue", "een onbekende datum", "an unknown date")
MONTHS: Final = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "January February March April May June July August September October November December",
)
FIELD_WORDS: Final[Words] = {
    "targetGroup": ("le groupe cible", "de doelgroep", "the target group"),
    "registeredOn": ("la date d'inscription", "de datum van inschrijving", "the date of registration"),
    "contractEnd": ("la date de fin de contrat", "de einddatum van het contract", "the end date of the contract"),
}
WORDS: Final[Words] = {
    "no_source": (
        "Aucun organisme de première ligne n'est indiqué : LINK, deuxième ligne, ne reçoit personne directement.",
        "Er is geen eerstelijnsorganisatie vermeld: LINK is een tweede lijn en ontvangt niemand rechtstreeks.",
        "No first-line organisation is named: LINK is a second line and takes nobody directly.",
    ),
    "basis_unrecorded": (
        "Aucune base valable pour utiliser les données n'est enregistrée, ou la personne n'en est pas encore informée.",
        "Er is geen geldige grondslag voor het gebruik van de gegevens, of de persoon is nog niet op de hoogte.",
        "No valid basis for using the data is recorded, or the person has not been told yet.",
    ),
    "basis_withdrawn": (
        "La base pour utiliser les données a été retirée : aucune suggestion, même par exception.",
        "De grondslag voor het gebruik van de gegevens is ingetrokken: geen suggesties, ook niet bij uitzondering.",
        "The basis for using the data was withdrawn: no suggestions, not even as an exception.",
    ),
    "group_unknown": (
        "À vérifier : groupe cible inconnu ou non configuré, les dates de LINK ne peuvent pas être calculées.",
        "Na te kijken: de doelgroep is onbekend of niet ingesteld, de data van LINK kunnen niet worden berekend.",
        "To check: the target group is unknown or not configured, so LINK's dates cannot be worked out.",
    ),
    "dates_unknown": (
        "À vérifier, inconnu : {missing}.",
        "Na te kijken, onbekend: {missing}.",
        "To check, unknown: {missing}.",
    ),
    "unknown": (
        "La situation dans l'accompagnement est inconnue ; à vérifier : {missing}.",
        "De stand van de begeleiding is onbekend; na te kijken: {missing}.",
        "Where guidance stands is unknown; to check: {missing}.",
    ),
    "not_yet": (
        "L'accompagnement n'a pas encore commencé.",
        "De begeleiding is nog niet begonnen.",
        "Guidance has not begun yet.",
    ),
    "not_yet_preparation": (
        "L'accompagnement n'a pas encore commencé ; la préparation s'ouvre le {preparation}.",
        "De begeleiding is nog niet begonnen; de voorbereiding start op {preparation}.",
        "Guidance has not begun yet; preparation opens on {preparation}.",
    ),
    "not_yet_opens": (
        "L'accompagnement n'a pas encore commencé ; il s'ouvre le {opens}.",
        "De begeleiding is nog niet begonnen; ze start op {opens}.",
        "Guidance has not begun yet; it opens on {opens}.",
    ),
    "preparation": (
        "En préparation depuis le {preparation}, avant la fin du contrat.",
        "In voorbereiding sinds {preparation}, vóór het einde van het contract.",
        "In preparation since {preparation}, before the contract ends.",
    ),
    "preparation_opens": (
        "En préparation depuis le {preparation} ; l'accompagnement s'ouvre le {opens}.",
        "In voorbereiding sinds {preparation}; de begeleiding start op {opens}.",
        "In preparation since {preparation}; guidance opens on {opens}.",
    ),
    "preparation_only": (
        "En préparation depuis le {preparation} : pour ce groupe, pas encore de suggestions.",
        "In voorbereiding sinds {preparation}: voor deze groep nog geen suggesties.",
        "In preparation since {preparation}: no suggestions yet for this group.",
    ),
    "guidance": (
        "En accompagnement depuis le {opens}, jusqu'au {ends} inclus.",
        "In begeleiding sinds {opens}, tot en met {ends}.",
        "In guidance since {opens}, up to and including {ends}.",
    ),
    "ended": (
        "L'accompagnement s'est terminé le {ends} ; plus de suggestions, sauf exception motivée par une personne.",
        "De begeleiding eindigde op {ends}; geen suggesties meer, tenzij iemand gemotiveerd een uitzondering maakt.",
        "Guidance ended on {ends}; no suggestions after it unless a person overrides this, with a reason.",
    ),
    "handed_over": (
        "Transmis aux antennes Actiris, qui assurent la suite ; l'accompagnement s'est terminé le {ends}.",
        "Overgedragen aan de Actiris-antennes, die het vervolg opnemen; de begeleiding eindigde op {ends}.",
        "Handed over to the Actiris antennas, which follow on; guidance ended on {ends}.",
    ),
    "found_work": (
        "Un emploi a été trouvé ; l'accompagnement s'est terminé le {ends}.",
        "Er is werk gevonden; de begeleiding eindigde op {ends}.",
        "Work was found; guidance ended on {ends}.",
    ),
    "override": (
        "Hors des dates de LINK : autorisé par exception, avec un motif enregistré.",
        "Buiten de data van LINK: bij uitzondering toegestaan, met een geregistreerde reden.",
        "Outside LINK's dates: allowed by a person's decision, with a recorded reason.",
    ),
    "provisional": (
        "Les règles de ce groupe sont provisoires.",
        "De regels voor deze groep zijn voorlopig.",
        "The rules of this group are provisional.",
    ),
    "intake_due": (
        "Premier entretien : au plus tard le {due}.",
        "Eerste gesprek: ten laatste op {due}.",
        "First interview: by {due} at the latest.",
    ),
    "intake_overdue": (
        "Le premier entretien est en retard : il était attendu au plus tard le {due} et aucun n'est enregistré.",
        "Het eerste gesprek is te laat: het werd ten laatste op {due} verwacht en er is er geen geregistreerd.",
        "The first interview is overdue: it was due by {due} at the latest and none is recorded.",
    ),
    "contact": ("contact fixe", "vaste contactpersoon", "fixed contact"),
    "backup": ("remplaçant pendant une absence", "vervanger bij afwezigheid", "back-up during an absence"),
    "contact_absent": (
        "contact fixe, absent ; aucun remplaçant disponible",
        "vaste contactpersoon, afwezig; geen vervanger beschikbaar",
        "fixed contact, absent; no back-up available",
    ),
}
