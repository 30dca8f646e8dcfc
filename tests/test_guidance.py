"""LINK's dates as a table of cases, and what closes, opens or bounds matching."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from matching.codes import LANGUAGES_OF_SERVICE, Limit, SourceKind
from matching.guidance import (
    WORDS,
    GroupRules,
    State,
    add_months,
    contact_for,
    may_match,
    say,
    say_date,
    say_intake,
    timeline,
    usable,
)
from matching.records import (
    Constraint,
    DataBasis,
    Exclusions,
    HeldCompetence,
    KnownLanguage,
    Override,
    Profile,
    Source,
)
from matching.reference import read_guidance

RULES = read_guidance()
OCMW = Source(SourceKind.OCMW, "CPAS de Bruxelles")


def day(text: str) -> date:
    return date.fromisoformat(text)


def basis(field: str = "all", told: str = "2000-01-01", withdrawn: str | None = None) -> DataBasis:
    return DataBasis(field, "guidance", "ordinance", day(told), day(withdrawn) if withdrawn else None)


def person(group: str | None = "art60", *, bases: tuple[DataBasis, ...] = (basis(),), **dates: Any) -> Profile:
    given: dict[str, Any] = {name: value if name.endswith("_id") else day(value) for name, value in dates.items()}
    return Profile("p1", OCMW, bases, target_group=group, **given)


def with_rules(group: str, **changes: Any) -> dict[str, GroupRules]:
    return {**RULES, group: replace(RULES[group], **changes)}


# --- months -----------------------------------------------------------------------------------------------------------

MONTH_CASES = [
    ("2025-01-31", 1, "2025-02-28"),
    ("2024-01-31", 1, "2024-02-29"),
    ("2028-01-31", 1, "2028-02-29"),
    ("2100-01-31", 1, "2100-02-28"),  # 2100 is not a leap year
    ("2025-03-31", 1, "2025-04-30"),
    ("2025-12-31", 2, "2026-02-28"),
    ("2024-02-29", 12, "2025-02-28"),
    ("2027-02-28", 12, "2028-02-28"),
    ("2025-04-30", -2, "2025-02-28"),
    ("2024-04-30", -2, "2024-02-29"),
    ("2025-08-31", -2, "2025-06-30"),
    ("2025-01-15", -2, "2024-11-15"),
    ("2025-06-10", 0, "2025-06-10"),
    ("9999-12-31", 12, "9999-12-31"),
    ("0001-01-31", -2, "0001-01-01"),
]


@pytest.mark.parametrize(("start", "months", "end"), MONTH_CASES)
def test_add_months(start: str, months: int, end: str) -> None:
    assert add_months(day(start), months) == day(end)


# --- where a person stands: group, dates, day, state, may match, reason -----------------------------------------------

CONTRACT: dict[str, Any] = {"contract_end": "2025-06-30"}
REGISTERED: dict[str, Any] = {"contract_end": "2025-06-30", "registered_on": "2025-07-01"}
STATE_CASES = [
    # art.60: preparation opens two months before the contract's end, that day included
    ("art60", CONTRACT, "2025-04-29", "not_yet", False, "not_yet"),
    ("art60", CONTRACT, "2025-04-30", "preparation", True, "preparation"),
    ("art60", CONTRACT, "2025-05-01", "preparation", True, "preparation"),
    ("art60", CONTRACT, "2025-06-30", "preparation", True, "preparation"),
    # after the contract a registration may exist that nobody recorded: to check, not refused
    ("art60", CONTRACT, "2025-07-01", "unknown", None, "dates_unknown"),
    ("art60", {"contract_end": "2024-04-30"}, "2024-02-28", "not_yet", False, "not_yet"),
    ("art60", {"contract_end": "2024-04-30"}, "2024-02-29", "preparation", True, "preparation"),
    ("art60", {"contract_end": "2025-04-30"}, "2025-02-28", "preparation", True, "preparation"),
    # a planned registration keeps the preparation open until it
    ("art60", {**CONTRACT, "registered_on": "2025-07-15"}, "2025-07-14", "preparation", True, "preparation"),
    ("art60", {**CONTRACT, "registered_on": "2025-07-15"}, "2025-07-15", "guidance", True, "guidance"),
    # guidance: twelve months after registration, last day included
    ("art60", REGISTERED, "2025-07-01", "guidance", True, "guidance"),
    ("art60", REGISTERED, "2026-07-01", "guidance", True, "guidance"),
    ("art60", REGISTERED, "2026-07-02", "ended", False, "ended"),
    ("art60", {"registered_on": "2024-02-29"}, "2025-02-28", "guidance", True, "guidance"),
    ("art60", {"registered_on": "2024-02-29"}, "2025-03-01", "ended", False, "ended"),
    # a recorded end is used instead of the computed one
    ("art60", {**REGISTERED, "guidance_end": "2025-12-31"}, "2026-01-01", "ended", False, "ended"),
    ("art60", {**REGISTERED, "guidance_end": "2026-12-31"}, "2026-12-31", "guidance", True, "guidance"),
    # missing dates
    ("art60", {}, "2025-07-01", "unknown", None, "dates_unknown"),
    ("art60", {"registered_on": "2025-09-01"}, "2025-07-01", "unknown", None, "dates_unknown"),
    (None, REGISTERED, "2025-08-01", "unknown", None, "group_unknown"),
    ("other", REGISTERED, "2025-08-01", "unknown", None, "group_unknown"),
    # Bruxelles Formation trainees: no preparation, registration opens guidance
    ("bf_trainee", {"registered_on": "2025-03-31"}, "2025-03-30", "not_yet", False, "not_yet"),
    ("bf_trainee", {"registered_on": "2025-03-31"}, "2025-03-31", "guidance", True, "guidance"),
    ("bf_trainee", {"registered_on": "2025-03-31"}, "2026-04-01", "ended", False, "ended"),
    ("bf_trainee", CONTRACT, "2025-05-15", "unknown", None, "dates_unknown"),
    # DSP workers: the provisional rules as shipped
    ("dsp", REGISTERED, "2025-05-15", "not_yet", False, "not_yet"),
    ("dsp", REGISTERED, "2025-07-01", "guidance", True, "guidance"),
    # events close, from their day on, whatever the group
    ("art60", {**REGISTERED, "found_work_on": "2025-10-01"}, "2025-09-30", "guidance", True, "guidance"),
    ("art60", {**REGISTERED, "found_work_on": "2025-10-01"}, "2025-10-01", "found_work", False, "found_work"),
    ("art60", {**CONTRACT, "found_work_on": "2025-05-20"}, "2025-05-20", "found_work", False, "found_work"),
    ("art60", {**REGISTERED, "handed_over_on": "2025-10-01"}, "2025-09-30", "guidance", True, "guidance"),
    ("art60", {**REGISTERED, "handed_over_on": "2025-10-01"}, "2025-10-01", "handed_over", False, "handed_over"),
    (None, {"handed_over_on": "2025-10-01"}, "2025-10-01", "handed_over", False, "handed_over"),
    (None, {"guidance_end": "2025-10-01"}, "2025-10-02", "ended", False, "ended"),
    (
        "art60",
        {**REGISTERED, "found_work_on": "2025-09-01", "handed_over_on": "2025-10-01"},
        *("2025-10-02", "handed_over", False, "handed_over"),
    ),
]


@pytest.mark.parametrize(("group", "dates", "as_of", "state", "allowed", "reason"), STATE_CASES)
def test_state_and_permission(
    group: str | None, dates: dict[str, Any], as_of: str, state: str, allowed: bool | None, reason: str
) -> None:
    profile = person(group, **dates)
    assert timeline(profile, RULES, day(as_of)).state == state
    assert may_match(profile, RULES, day(as_of)) == (allowed, reason)


def test_dates_of_a_timeline() -> None:
    found = timeline(person(**REGISTERED), RULES, day("2025-07-20"))
    assert (found.preparation_opens, found.opens, found.intake_due, found.ends) == (
        day("2025-04-30"),
        day("2025-07-01"),
        day("2025-08-01"),
        day("2026-07-01"),
    )
    assert found.missing == ()


@pytest.mark.parametrize(
    ("event", "as_of", "ends"),
    [
        ({"found_work_on": "2025-10-01"}, "2025-09-30", "2026-07-01"),
        ({"found_work_on": "2025-10-01"}, "2025-10-01", "2025-10-01"),
        ({"handed_over_on": "2025-11-01"}, "2025-12-01", "2025-11-01"),
        ({"found_work_on": "2026-09-01"}, "2026-10-01", "2026-07-01"),  # guidance was over before the job
    ],
)
def test_an_event_ends_guidance(event: dict[str, Any], as_of: str, ends: str) -> None:
    assert timeline(person(**REGISTERED, **event), RULES, day(as_of)).ends == day(ends)


def test_missing_fields_are_named() -> None:
    as_of = day("2025-07-01")
    assert timeline(person(), RULES, as_of).missing == ("registeredOn", "contractEnd")
    assert timeline(person(**CONTRACT), RULES, as_of).missing == ("registeredOn",)
    assert timeline(person(registered_on="2025-09-01"), RULES, as_of).missing == ("contractEnd",)
    assert timeline(person("bf_trainee"), RULES, as_of).missing == ("registeredOn",)
    assert timeline(person(None), RULES, as_of).missing == ("targetGroup",)
    free = with_rules("dsp", registration_required=False)
    assert timeline(person("dsp"), free, as_of).missing == ("registeredOn", "contractEnd")


# --- the first interview ----------------------------------------------------------------------------------------------

INTAKE_CASES = [
    ({"registered_on": "2025-01-31"}, "2025-02-28", "2025-02-28", False),
    ({"registered_on": "2025-01-31"}, "2025-03-01", "2025-02-28", True),
    ({"registered_on": "2024-01-31"}, "2024-02-29", "2024-02-29", False),
    ({"registered_on": "2024-01-31"}, "2024-03-01", "2024-02-29", True),
    ({"registered_on": "2025-01-31", "intake_on": "2025-02-20"}, "2025-06-01", "2025-02-28", False),
    ({"registered_on": "2025-01-31", "intake_on": "2025-03-10"}, "2025-03-09", "2025-02-28", True),  # only planned
    ({"registered_on": "2025-01-31", "intake_on": "2025-03-10"}, "2025-03-10", "2025-02-28", False),  # late, but held
    ({"registered_on": "2025-01-31", "found_work_on": "2025-02-10"}, "2025-06-01", "2025-02-28", False),
    ({}, "2025-06-01", None, None),
]


@pytest.mark.parametrize(("dates", "as_of", "due", "overdue"), INTAKE_CASES)
def test_intake(dates: dict[str, Any], as_of: str, due: str | None, overdue: bool | None) -> None:
    found = timeline(person(**dates), RULES, day(as_of))
    assert found.intake_due == (day(due) if due else None)
    assert found.intake_overdue is overdue


# --- configuration ----------------------------------------------------------------------------------------------------


def test_changed_configuration_changes_the_answer() -> None:
    profile = person(**CONTRACT)
    as_of = day("2025-04-15")
    assert may_match(profile, RULES, as_of) == (False, "not_yet")
    assert may_match(profile, with_rules("art60", preparation_months=3), as_of) == (True, "preparation")
    assert may_match(profile, with_rules("art60", preparation_months=3, match_in_preparation=False), as_of) == (
        False,
        "preparation_only",
    )
    registered = person(registered_on="2025-01-31")
    short = with_rules("art60", guidance_months=6, intake_due_months=0)
    assert timeline(registered, short, as_of).ends == day("2025-07-31")
    assert timeline(registered, short, as_of).intake_due == day("2025-01-31")


def test_group_without_registration_counts_from_the_contract() -> None:
    free = with_rules("dsp", registration_required=False)
    found = timeline(person("dsp", **CONTRACT), free, day("2025-07-01"))
    assert (found.state, found.opens, found.ends) == ("guidance", day("2025-07-01"), day("2026-07-01"))
    assert timeline(person("dsp", **CONTRACT), free, day("2025-06-30")).state is State.NOT_YET
    assert timeline(person("dsp", contract_end="9999-12-31"), free, day("2025-06-30")).state is State.NOT_YET


def test_provisional_rules_are_said_to_be_so() -> None:
    as_of = day("2025-08-01")
    dsp, art60 = (timeline(person(group, **REGISTERED), RULES, as_of) for group in ("dsp", "art60"))
    assert say("guidance", dsp, "nl").endswith("De regels voor deze groep zijn voorlopig.")
    assert "provisional" not in say("guidance", art60, "en")


# --- override ---------------------------------------------------------------------------------------------------------

OVERRIDE = Override("a second interview is planned next week", "consultant-1")


@pytest.mark.parametrize(
    ("dates", "override", "answer"),
    [
        ({}, None, (False, "ended")),
        ({}, OVERRIDE, (True, "override")),
        ({}, Override("   ", "consultant-1"), (False, "ended")),
        ({"found_work_on": "2026-01-05"}, OVERRIDE, (True, "override")),
        ({"handed_over_on": "2026-01-05"}, OVERRIDE, (False, "handed_over")),
        ({"bases": ()}, OVERRIDE, (False, "basis_unrecorded")),
        ({"bases": (basis(withdrawn="2026-07-03"),)}, OVERRIDE, (False, "basis_withdrawn")),
        ({"bases": (basis(withdrawn="2026-07-04"),)}, OVERRIDE, (True, "override")),
        ({"bases": (basis(told="2026-07-04"),)}, OVERRIDE, (False, "basis_unrecorded")),
    ],
)
def test_override_after_the_end(dates: dict[str, Any], override: Override | None, answer: tuple[bool, str]) -> None:
    assert may_match(person(**REGISTERED, **dates), RULES, day("2026-07-03"), override) == answer


def test_override_inside_guidance_is_not_needed_and_before_it_allows() -> None:
    assert may_match(person(**REGISTERED), RULES, day("2025-08-01"), OVERRIDE) == (True, "guidance")
    assert may_match(person(**CONTRACT), RULES, day("2025-01-01"), OVERRIDE) == (True, "override")


def test_nobody_without_a_first_line_source() -> None:
    profile = replace(person(**REGISTERED), source=Source(SourceKind.OCMW, "  "))
    assert may_match(profile, RULES, day("2025-08-01"), OVERRIDE) == (False, "no_source")


# --- contacts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contact", "backup", "absent", "answer"),
    [
        ("ann", "bob", (), ("ann", "contact")),
        ("ann", "bob", ("ann",), ("bob", "backup")),
        ("ann", "bob", ("bob",), ("ann", "contact")),
        ("ann", "bob", ("ann", "bob"), ("ann", "contact_absent")),
        ("ann", None, ("ann",), ("ann", "contact_absent")),
        (None, "bob", (), ("bob", "backup")),
        (None, None, (), (None, "unknown")),
    ],
)
def test_contact(
    contact: str | None, backup: str | None, absent: tuple[str, ...], answer: tuple[str | None, str]
) -> None:
    profile = replace(person(), contact_id=contact, backup_id=backup)
    assert contact_for(profile, absent) == answer
    assert contact_for(replace(profile, referent_id="partner-9"), absent) == answer  # a referral changes nothing


# --- basis for using data ---------------------------------------------------------------------------------------------

FULL = replace(
    person(contact_id="ann", intake_on="2025-07-10", **REGISTERED),
    competences=(HeldCompetence(text="lassen"),),
    languages=(KnownLanguage("fr"),),
    exclusions=Exclusions(employers=("Acme",)),
    constraints=(Constraint(Limit.MINUTES),),
)
AS_OF = day("2025-09-01")


def test_a_basis_for_all_leaves_everything() -> None:
    assert usable(FULL, AS_OF) == (FULL, frozenset())


def test_fields_without_a_basis_become_unknown() -> None:
    known, dropped = usable(replace(FULL, basis=(basis("competences"), basis("registeredOn"))), AS_OF)
    assert (known.competences, known.registered_on) == (FULL.competences, FULL.registered_on)
    assert (known.languages, known.contract_end, known.exclusions, known.constraints) == (None, None, Exclusions(), ())
    assert (known.contact_id, known.intake_on) == ("ann", FULL.intake_on)  # LINK's own file-keeping
    assert dropped == {"languages", "contractEnd", "exclusions", "constraints", "targetGroup"}


def test_withdrawing_one_field_holds_against_the_basis_for_all() -> None:
    withdrawn = replace(FULL, basis=(basis(), basis("languages", withdrawn="2025-09-01")))
    assert usable(withdrawn, day("2025-08-31"))[1] == frozenset()
    known, dropped = usable(withdrawn, AS_OF)
    assert known.languages is None
    assert dropped == {"languages"}
    again = replace(withdrawn, basis=(*withdrawn.basis, basis("languages", told="2025-09-01")))
    assert usable(again, AS_OF)[1] == frozenset()


@pytest.mark.parametrize(
    "bases", [(), (basis(told="2025-09-02"),), (basis(withdrawn="2025-09-01"),), (basis("shoeSize"),)]
)
def test_without_any_valid_basis_everything_is_blocked(bases: tuple[DataBasis, ...]) -> None:
    known, dropped = usable(replace(FULL, basis=bases), AS_OF)
    assert "all" in dropped
    assert (known.competences, known.target_group, known.registered_on) == (None, None, None)
    assert usable(known, AS_OF)[0] == known


def test_dates_without_a_basis_cannot_be_checked() -> None:
    profile = replace(FULL, basis=(basis("targetGroup"), basis("competences")))
    assert may_match(profile, RULES, AS_OF) == (None, "dates_unknown")


# --- words ------------------------------------------------------------------------------------------------------------


def test_sentences_name_the_dates() -> None:
    end = timeline(person(**REGISTERED), RULES, day("2026-08-01"))
    assert say("ended", end, "fr") == (
        "L'accompagnement s'est terminé le 1er juillet 2026 ; "
        "plus de suggestions, sauf exception motivée par une personne."
    )
    before = timeline(person(**CONTRACT), RULES, day("2025-01-01"))
    assert (
        say("not_yet", before, "nl") == "De begeleiding is nog niet begonnen; de voorbereiding start op 30 april 2025."
    )
    trainee = timeline(person("bf_trainee", registered_on="2025-03-31"), RULES, day("2025-01-01"))
    assert say("not_yet", trainee, "en") == "Guidance has not begun yet; it opens on 31 March 2025."
    now = timeline(person(**REGISTERED), RULES, day("2025-06-01"))
    assert say("preparation", now, "en") == "In preparation since 30 April 2025; guidance opens on 1 July 2025."
    unknown = timeline(person(), RULES, day("2025-06-01"))
    assert say("dates_unknown", unknown, "en") == (
        "To check, unknown: the date of registration and the end date of the contract."
    )


def test_intake_sentences() -> None:
    profile = person(registered_on="2025-01-31")
    assert (
        say_intake(timeline(profile, RULES, day("2025-02-01")), "en")
        == "First interview: by 28 February 2025 at the latest."
    )
    assert "28 februari 2025" in say_intake(timeline(profile, RULES, day("2025-03-01")), "nl")
    assert say_intake(timeline(person(), RULES, day("2025-03-01")), "fr") == ""


def test_every_state_and_reason_is_said_in_three_languages() -> None:
    codes = {*map(str, State), *(case[5] for case in STATE_CASES)}
    codes |= {"no_source", "basis_unrecorded", "basis_withdrawn", "preparation_only", "override"}
    dates = timeline(person(**REGISTERED), RULES, day("2025-08-01"))
    for code in codes:
        sentences = {say(code, dates, lang) for lang in LANGUAGES_OF_SERVICE}
        assert len(sentences) == 3
        assert not any("{" in sentence for sentence in sentences)
    assert {"contact", "backup", "contact_absent"} <= WORDS.keys()
    assert [say_date(None, lang) for lang in LANGUAGES_OF_SERVICE] == [
        "une date inconnue",
        "een onbekende datum",
        "an unknown date",
    ]
