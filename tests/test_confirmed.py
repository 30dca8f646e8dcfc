"""Confirmed findings: what each does to a profile, what is refused, and how findings are said."""

from dataclasses import replace
from typing import Any

import pytest

import world
from matching.codes import LANGUAGES_OF_SERVICE, TOPIC_WORDS, Level, Requirement, Topic
from matching.confirmed import Code, ConfirmedFinding, confirm, confirmed, proposals
from matching.extraction import Finding
from matching.linking import Codes
from matching.plain_words import SENTENCES, sentence_of, value_of
from matching.records import DataError, HeldCompetence, KnownLanguage, Profile
from models.linker_file import load as load_linker

EMPTY = Profile(id="p", source=world.profile().source)
MOP, COOK = world.competence("mop"), world.competence("cook-meals")
CODES = Codes(world.taxonomy(), load_linker())


def one(field: str, code: str | None = None, **more: Any) -> ConfirmedFinding:
    return ConfirmedFinding(Topic(field), None if code is None else Code(code), **more)


def after(before: Profile, *findings: ConfirmedFinding) -> dict[str, Any]:
    """Fields that confirming changes."""
    made = confirm(before, findings, CODES)
    return {name: getattr(made, name) for name in made.__slots__ if getattr(made, name) != getattr(before, name)}


CASES: list[tuple[dict[str, Any], ConfirmedFinding, dict[str, Any]]] = [
    ({}, one("competences", MOP), {"competences": (HeldCompetence(MOP),)}),
    ({"competences": (HeldCompetence(COOK, "koken"),)}, one("competences", COOK), {}),
    ({"competences": (HeldCompetence(COOK),)}, one("competences", COOK, asked=False), {"competences": ()}),
    ({}, one("competences", COOK, asked=False), {}),
    ({}, one("languages", "nl", level=Level.B1), {"languages": (KnownLanguage("nl", Level.B1),)}),
    ({"languages": (KnownLanguage("nl", Level.A1),)}, one("languages", "nl"), {}),
    (
        {"languages": (KnownLanguage("nl", Level.A1), KnownLanguage("fr"))},
        one("languages", "nl", level=Level.B2),
        {"languages": (KnownLanguage("nl", Level.B2), KnownLanguage("fr"))},
    ),
    ({}, one("languages", "nl", asked=False), {"languages": (KnownLanguage("nl", Level.NONE),)}),
    ({}, one("drivingLicences", "B"), {"driving_licences": ("B",)}),
    ({"driving_licences": ("AM",)}, one("drivingLicences", "B"), {"driving_licences": ("AM", "B")}),
    ({}, one("drivingLicences", "B", asked=False), {"driving_licences": ()}),
    ({}, one("drivingLicences", "C", asked=False), {}),
    ({"driving_licences": ("AM", "B")}, one("drivingLicences", "B", asked=False), {"driving_licences": ("AM",)}),
    ({}, one("certificates", "vca"), {"certificates": ("vca",)}),
    ({}, one("certificates", "vca", asked=False), {}),
    ({}, one("contract", "interim"), {"contracts": ("interim",)}),
    ({"contracts": ("interim", "permanent")}, one("contract", "interim", asked=False), {"contracts": ("permanent",)}),
    ({}, one("shifts", "night", asked=False), {"impossible_shifts": ("night",)}),
    ({}, one("shifts", "night"), {}),
    ({"impossible_shifts": ("night", "late")}, one("shifts", "night"), {"impossible_shifts": ("late",)}),
    ({"impossible_days": ("sun",)}, one("days", "sat", asked=False), {"impossible_days": ("sun", "sat")}),
    ({}, one("hours", least=20, most=25), {"hours_min": 20, "hours_max": 25}),
    ({"hours_max": 30.0}, one("hours", least=20), {"hours_min": 20}),
    ({"education": 2}, one("education", least=4), {"education": 4}),
    ({}, one("education", least=0), {"education": 0}),
]


@pytest.mark.parametrize(("known", "finding", "changed"), CASES)
def test_a_finding_changes_its_own_field_only(known: dict[str, Any], finding: ConfirmedFinding, changed: dict[str, Any]) -> None:
    before = replace(EMPTY, **known)
    assert after(before, finding) == changed
    assert after(confirm(before, [finding], CODES), finding) == {}  # again changes nothing


def test_several_findings_are_added_one_after_the_other() -> None:
    week = [one("days", day, asked=False) for day in ("sat", "sun")]
    assert after(EMPTY, *week, one("languages", "fr"), one("languages", "fr", level=Level.C1)) == {
        "impossible_days": ("sat", "sun"), "languages": (KnownLanguage("fr", Level.C1),),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("finding", "code", "field"),
    [
        (one("experienceMonths", least=12), "not_in_list", "field"),
        (one("languages"), "missing", "code"),
        (one("languages", "xx"), "not_in_list", "code"),
        (one("shifts", "nl"), "not_in_list", "code"),
        (one("competences", "urn:nothing"), "unknown_code", "code"),
        (one("competences", ""), "unknown_code", "code"),
        (one("shifts", "night", level=Level.B1), "inconsistent", "level"),
        (one("languages", "nl", level=Level.B1, asked=False), "inconsistent", "level"),
        (one("contract", "interim", least=3), "inconsistent", "least"),
        (one("hours"), "missing", "least"),
        (one("hours", "nl", least=3), "inconsistent", "code"),
        (one("hours", least=20, asked=False), "inconsistent", "asked"),
        (one("hours", least=61), "out_of_range", "least"),
        (one("hours", least=30, most=20), "inconsistent", "least"),
        (one("education", most=4), "missing", "least"),
        (one("education", least=2.5), "wrong_type", "least"),
        (one("education", least=9), "out_of_range", "least"),
        (one("education", least=4, most=5), "inconsistent", "most"),
    ],
)
def test_what_is_not_whole_is_refused(finding: ConfirmedFinding, code: str, field: str) -> None:
    with pytest.raises(DataError) as refused:
        confirm(EMPTY, [one("days", "sat"), finding], CODES)
    assert (code, f"findings[1].{field}") in [(problem.code, problem.field) for problem in refused.value.problems]


def test_a_competence_may_be_named_by_its_code_in_another_scheme() -> None:
    class Known:
        def code(self, kind: str, value: str) -> str | None:
            return MOP if (kind, value) == ("competence", "rome:1") else None

    made = confirm(EMPTY, [one("competences", "rome:1")], Known())  # type: ignore[arg-type]
    assert made.competences == (HeldCompetence(MOP),)


def test_what_is_kept_of_a_finding_has_no_words_and_can_be_confirmed() -> None:
    found = [
        Finding("languages", 3, 9, code="nl", level=Level.B1, asked=False),
        Finding("education", 3, 9, least=4, most=5, requirement=Requirement.MANDATORY),
        Finding("hours", 0, 2, least=20, most=20),
        Finding("competences", 0, 2, code=MOP, sure=False, score=0.5),
        Finding("shifts", 0, 2, code="night", asked=False),
        Finding("experienceMonths", 0, 2, least=12),
        Finding("hours", 0, 2, least=38, asked=False),
    ]
    assert proposals(found) == tuple(found[:5])
    kept = [confirmed(finding) for finding in proposals(found)]
    assert confirm(EMPTY, kept, CODES).languages == (KnownLanguage("nl", Level.NONE),)
    assert {"start", "end", "words", "score"}.isdisjoint(ConfirmedFinding.__slots__)


# In plain words

FINDINGS = [
    Finding("competences", 0, 1, code=MOP),
    Finding("competences", 0, 1, code=MOP, sure=False),
    Finding("languages", 0, 1, code="nl", level=Level.B1, requirement=Requirement.DESIRED),
    Finding("languages", 0, 1, code="yo"),
    Finding("drivingLicences", 0, 1, code="B"),
    Finding("certificates", 0, 1, code="vca"),
    Finding("hours", 0, 1, least=19.5, most=38),
    Finding("hours", 0, 1, most=20),
    Finding("shifts", 0, 1, code="night"),
    Finding("days", 0, 1, code="sat"),
    Finding("contract", 0, 1, code="interim"),
    Finding("experienceMonths", 0, 1, least=0),
    Finding("experienceMonths", 0, 1, least=12, most=24),
    Finding("experienceMonths", 0, 1, least=1),
    Finding("education", 0, 1, least=0),
    Finding("education", 0, 1, least=6),
]


@pytest.mark.parametrize("of_person", [False, True])
@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize("finding", FINDINGS)
def test_every_finding_is_said_in_three_languages(finding: Finding, asked: bool, of_person: bool) -> None:
    finding = replace(finding, asked=asked)
    said = [sentence_of(finding, lambda uri: "mop", lang, of_person) for lang in LANGUAGES_OF_SERVICE]
    assert len(set(said)) == 3
    for lang, sentence in zip(LANGUAGES_OF_SERVICE, said, strict=True):
        assert sentence.endswith(".")
        assert value_of(finding, lambda uri: "mop", lang) in sentence
        assert not {"None", "{", "urn"} & set(sentence.replace(".", " ").split())


def test_some_sentences() -> None:
    said = {
        ("fr", False): "Langue : le texte demande néerlandais B1 (souhaité).",
        ("nl", False): "Taal: de tekst vraagt Nederlands B1 (gewenst).",
        ("en", True): "Language: the person has: Dutch B1 (desired).",
    }
    for (lang, of_person), sentence in said.items():
        assert sentence_of(FINDINGS[2], str, lang, of_person) == sentence
    assert value_of(FINDINGS[6], str, "nl") == "19,5 - 38 uren per week"
    assert value_of(FINDINGS[13], str, "en") == "1 month"
    assert "(to be checked)" in sentence_of(FINDINGS[1], str, "en")


def test_words_are_there_for_every_topic_and_every_way_to_say_it() -> None:
    assert set(TOPIC_WORDS) == set(Topic)
    assert all(len(words) == 3 and all("{1}{2}" in text for text in words) for words in SENTENCES.values())
