"""What a vacancy's text fills: only what was unsaid, marked with its words, the same again when read again."""

from dataclasses import replace
from typing import Any

import pytest

import world
from matching.codes import Contract, Kind, Level, Requirement, Topic
from matching.explanation import RESTS_ON, Speaker, quoted
from matching.extraction import Finding
from matching.records import AskedCompetence, AskedLanguage, AskedLicence, Extracted, Offer
from matching.unsaid import FIELDS, MOST_COMPETENCES, Reader, fill_unsaid, read_topics, without_marks

MOP, COOK = world.competence("mop"), world.competence("cook-meals")
TEXT = "Bon néerlandais, permis B, 20 à 25 h par semaine, la nuit, mopper."


def at(words: str, text: str = TEXT) -> dict[str, Any]:
    return {"start": text.index(words), "end": text.index(words) + len(words)}


def bare(**changes: Any) -> Offer:
    return replace(Offer(id="v", source="s", kind=Kind.VACANCY, title="t", text=TEXT, text_language="fr"), **changes)


def reader(*findings: Finding) -> Reader:
    return lambda text, lang, competences: findings


WHOLE = reader(
    Finding("languages", **at("néerlandais"), code="nl", level=Level.B2),
    Finding("drivingLicences", **at("permis B"), code="B"),
    Finding("hours", **at("20 à 25 h"), least=20, most=25),
    Finding("shifts", **at("la nuit"), code="night"),
    Finding("competences", **at("mopper"), code=MOP, score=0.9),
)


def test_what_is_unsaid_is_filled_and_marked() -> None:
    offer = fill_unsaid(bare(), WHOLE)
    assert offer.languages == (AskedLanguage("nl", Level.B2, Requirement.MANDATORY),)
    assert offer.driving_licences == (AskedLicence("B", legal=False),)  # type: ignore[arg-type]
    assert (offer.hours_min, offer.hours_max, offer.shifts) == (20, 25, ("night",))
    assert offer.competences == (AskedCompetence(MOP, "mopper", True, Requirement.STRONG),)
    words = {mark.field: TEXT[mark.start : mark.end] for mark in offer.extracted}
    assert words == {
        "languages": "néerlandais",
        "drivingLicences": "permis B",
        "hours": "20 à 25 h",
        "shifts": "la nuit",
        "competences": "mopper",
    }
    assert set(read_topics(offer)) == set(words)
    assert (offer.contract, offer.days, offer.education) == (None, None, None)


def test_the_language_and_text_are_handed_on() -> None:
    seen: list[tuple[str, str | None, bool]] = []

    def read(text: str, lang: str | None, competences: bool) -> tuple[Finding, ...]:
        seen.append((text, lang, competences))
        return ()

    given = (AskedCompetence(MOP),)
    marked = (Extracted(Topic.COMPETENCES, 0, 3),)
    for offer in (bare(), bare(competences=given), bare(competences=given, extracted=marked)):
        fill_unsaid(offer, read)
    assert seen == [(TEXT, "fr", True), (TEXT, "fr", False), (TEXT, "fr", True)]  # those that were given need not be looked for


def test_what_the_source_gave_is_never_touched() -> None:
    given = bare(languages=(), driving_licences=(), hours_max=38.0, shifts=(), competences=())
    assert fill_unsaid(given, WHOLE) == given
    given = bare(languages=(AskedLanguage("fr"),))
    assert fill_unsaid(given, WHOLE).languages == given.languages
    zero = bare(experience_months=0, education=0)
    read = reader(Finding("experienceMonths", 0, 3, least=12), Finding("education", 0, 3, least=6))
    assert fill_unsaid(zero, read) == zero


def test_only_vacancies_are_read() -> None:
    for kind in set(Kind) - {Kind.VACANCY}:
        assert fill_unsaid(bare(kind=kind), WHOLE) == bare(kind=kind)
    assert fill_unsaid(bare(text=None), WHOLE) == bare(text=None)


def test_what_is_said_not_to_be_asked() -> None:
    read = reader(
        Finding("languages", 0, 3, code="nl", asked=False),
        Finding("drivingLicences", 4, 7, code="B", asked=False),
        Finding("certificates", 4, 7, code="vca", asked=False),
        Finding("shifts", 0, 3, code="night", asked=False),
        Finding("days", 0, 3, code="sun", asked=False),
        Finding("competences", 0, 3, code=MOP, asked=False),
        Finding("contract", 0, 3, code="interim", asked=False),
        Finding("education", 0, 3, least=6, asked=False),
    )
    offer = fill_unsaid(bare(), read)
    assert (offer.languages, offer.driving_licences, offer.certificates) == ((), (), ())
    assert (offer.shifts, offer.days, offer.competences, offer.contract, offer.education) == (None,) * 5
    assert set(read_topics(offer)) == {Topic.LANGUAGES, Topic.DRIVING_LICENCES, Topic.CERTIFICATES}
    both = reader(Finding("languages", 0, 3, code="nl", asked=False), Finding("languages", 4, 8, code="fr"))
    assert [one.code for one in fill_unsaid(bare(), both).languages or ()] == ["fr"]


def test_a_thing_named_more_than_once_is_asked_once() -> None:
    read = reader(
        Finding("languages", 0, 3, code="nl", requirement=Requirement.DESIRED),
        Finding("languages", 5, 8, code="nl", level=Level.C1),
        Finding("languages", 9, 12, code="nl", level=Level.B1, requirement=Requirement.MANDATORY),
        Finding("hours", 0, 3, least=19, most=19),
        Finding("hours", 5, 8, least=38, most=38),
        Finding("contract", 0, 3, code="fixed_term"),
        Finding("contract", 5, 8, code="permanent"),
        Finding("experienceMonths", 0, 3, least=24),
        Finding("experienceMonths", 5, 8, least=12, most=36),
        Finding("education", 0, 3, least=7, requirement=Requirement.DESIRED),
    )
    offer = fill_unsaid(bare(), read)
    assert offer.languages == (AskedLanguage("nl", Level.B1, Requirement.MANDATORY),)
    assert (offer.hours_min, offer.hours_max) == (19, 38)
    assert offer.contract is None  # which of the two is not said
    assert (offer.experience_months, offer.education) == (12, None)
    assert fill_unsaid(bare(), reader(Finding("contract", 0, 3, code="interim"))).contract == Contract.INTERIM


def test_competences_are_sure_each_once_and_not_too_many() -> None:
    many = [Finding("competences", n, n + 1, code=f"urn:{n % 40}") for n in range(60)]
    offer = fill_unsaid(bare(), reader(Finding("competences", 0, 3, code=COOK, sure=False), *many))
    assert [one.concept for one in offer.competences or ()] == [f"urn:{n}" for n in range(MOST_COMPETENCES)]
    assert len(offer.extracted) == MOST_COMPETENCES
    flood = [Finding("languages", n, n + 1, code="nl") for n in range(500)]
    assert len(fill_unsaid(bare(), reader(*flood)).extracted) <= 200


def test_reading_again_changes_nothing() -> None:
    once = fill_unsaid(bare(), WHOLE)
    assert fill_unsaid(once, WHOLE) == once
    assert fill_unsaid(replace(without_marks(once), text=TEXT), WHOLE) == once


def test_a_value_beside_a_mark_that_the_text_does_not_say_is_the_sources_own() -> None:
    once = fill_unsaid(bare(), WHOLE)
    edited = fill_unsaid(replace(once, languages=(AskedLanguage("nl", Level.A2),)), WHOLE)
    assert edited.languages == (AskedLanguage("nl", Level.A2),)
    assert Topic.LANGUAGES not in read_topics(edited)
    assert read_topics(edited) == tuple(t for t in read_topics(once) if t != Topic.LANGUAGES)
    silent = fill_unsaid(once, reader())  # the text no longer says anything: what was sent stays, as given
    assert (silent.languages, silent.extracted) == (once.languages, ())


@pytest.mark.parametrize("odd", [0.0, 61.0, -1.0, 168.0])
def test_numbers_that_no_record_may_hold_are_not_filled(odd: float) -> None:
    offer = fill_unsaid(bare(), reader(Finding("hours", 0, 1, least=odd, most=odd), Finding("education", 0, 1, least=odd + 20)))
    assert (offer.hours_min, offer.education) == (None, None)


# What reasons say of it


def test_every_topic_is_filled_and_speaks_in_a_comparison() -> None:
    assert set(FIELDS) == set(Topic) == {topic for topics in RESTS_ON.values() for topic in topics}


@pytest.mark.parametrize(
    ("lang", "ending"),
    [
        ("fr", " (lu dans le texte : « français obligatoire »)."),
        ("nl", ' (gelezen in de tekst: "français obligatoire").'),
        ("en", ' (read in the text: "français obligatoire").'),
    ],
)
def test_a_reason_that_rests_on_the_text_ends_with_its_words(lang: str, ending: str) -> None:
    text = "Le français\nobligatoire, et mopper."
    offer = world.vacancy("cleaner", languages=None, text=text)
    read = reader(Finding("languages", **at("français\nobligatoire", text), code="fr", level=Level.B1))
    filled = fill_unsaid(offer, read)
    matcher = world.matcher([filled])
    match, _ = matcher.explain(world.profile(), filled, world.TODAY)
    assert match is not None
    speaker = Speaker(matcher.taxonomy, matcher.geography, matcher.model, lang, world.TODAY)
    reasons = {reason.comparison: reason for reason in speaker.explain(match, world.profile(), filled).reasons}
    assert reasons["languages"].sentence.endswith(ending)
    assert [name for name, reason in reasons.items() if reason.read_in_text] == ["languages"]


def test_words_are_shortened_and_those_of_the_comparison_only() -> None:
    text = "mopper les sols. cuisiner " + "très " * 50 + "bien"
    competences = (
        AskedCompetence(MOP, "mopper les sols", True, Requirement.MANDATORY),
        AskedCompetence(COOK, text[17:], True, Requirement.DESIRED),
    )
    marks = (Extracted(Topic.COMPETENCES, 0, 15), Extracted(Topic.COMPETENCES, 17, len(text)))
    offer = bare(text=text, competences=competences, extracted=marks)
    assert quoted("competences_mandatory", offer) == "mopper les sols"
    assert quoted("competences_desired", offer).startswith("cuisiner très")
    assert quoted("competences_used", offer).startswith("mopper les sols … cuisiner")
    assert max(len(quoted(name, offer)) for name in RESTS_ON) <= 80
    assert quoted("languages", offer) == quoted("travel", offer) == ""
    assert quoted("hours", bare(extracted=(Extracted(Topic.HOURS, 900, 20_000),))) == ""
