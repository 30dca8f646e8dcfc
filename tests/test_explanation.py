"""What people read: the reasons of a match, the state of an answer, prices, in French, Dutch and English."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.codes import Certificate, Contract, Day, DrivingLicence, Kind, Level, Limit, Mode, Requirement, Shift
from matching.comparisons import COMPARISONS, NAMES
from matching.explanation import BANDS, FIELDS, PRICES, RELAXATION, SENTENCES, STATES_LITTLE, STATUSES, Explanation, Said, Speaker
from matching.matcher import Matcher, Suggestions, Wish
from matching.records import (
    AskedCertificate,
    AskedCompetence,
    AskedLanguage,
    AskedLicence,
    Constraint,
    DoneProfession,
    Exclusions,
    Grants,
    HeldCompetence,
    KnownLanguage,
    Mention,
    Offer,
    Profile,
)
from models.artifact import load
from models.match_model import spread
from strategies import a_person, an_offer
from world import TODAY, competence, geography, groups, market, occupation, taxonomy
from world import profile as person
from world import vacancy as offer

LANGS = ("fr", "nl", "en")
ONLY = {
    "fr": {"l'offre", "la personne", "demande", "connu", "précise", "trouvé"},
    "nl": {"het aanbod", "de persoon", "vraagt", "bekend", "vermeldt", "gevonden", "geen", "niet"},
    "en": {"the offer", "the person", "asks", "known", "found", "does not", "nothing"},
}


def built(*offers: Offer) -> Matcher:
    return Matcher.build(taxonomy(kin=True), geography(), groups(), load(), offers)


def speaker(engine: Matcher, lang: str) -> Speaker:
    return Speaker(engine.taxonomy, engine.geography, engine.model, lang, TODAY)


def said(profile: Profile, vacancy: Offer, lang: str = "en") -> Explanation:
    engine = built(vacancy)
    tables, _ = engine.model.weighted({})
    match = engine.match(engine.people([profile], TODAY), 0, 0, engine.world(TODAY), tables, 1)
    return speaker(engine, lang).explain(match, profile, vacancy)


def sentence(name: str, profile: Profile, vacancy: Offer, lang: str = "en") -> str:
    (found,) = [reason.sentence for reason in said(profile, vacancy, lang).reasons if reason.comparison == name]
    return found


def wants(slug: str, how: Requirement = Requirement.MANDATORY) -> AskedCompetence:
    return AskedCompetence(competence(slug), requirement=how)


FULL_OFFER = offer(
    competences=(
        wants("mop"), wants("iron", Requirement.STRONG), wants("wiring", Requirement.DESIRED),
        AskedCompetence(text="Kärcher", requirement=Requirement.STRONG),
    ),
    languages=(AskedLanguage("nl", Level.B1), AskedLanguage("en", None, Requirement.DESIRED)),
    driving_licences=(AskedLicence(DrivingLicence.B),), certificates=(AskedCertificate(Certificate.VCA),), own_car=True,
    education=4, experience_months=12, shifts=(Shift.DAY, Shift.LATE), days=(Day.MONDAY, Day.SATURDAY),
    contract=Contract.INTERIM, start=TODAY,
)  # fmt: skip
FULL_PERSON = person(
    driving_licences=(DrivingLicence.B,), certificates=(), own_car=False, impossible_shifts=(Shift.NIGHT,),
    impossible_days=(Day.SUNDAY,), contracts=(Contract.PERMANENT, Contract.INTERIM), start_from=date(2025, 5, 1),
)  # fmt: skip
NOTHING_ASKED = offer(
    competences=(), languages=(), driving_licences=(), certificates=(), own_car=False, education=0, experience_months=0,
    occupation=Mention(occupation("cook")),
)  # fmt: skip
SILENT = Offer(id="v-silent", source="toy", kind=Kind.VACANCY, title="?")
STRANGER = Profile(id="p-1", source=person().source, basis=person().basis)


@pytest.mark.parametrize(
    ("name", "fr", "nl", "en"),
    [
        ("profession_sought", "Métier recherché : l'offre : nettoyeur ; la personne : nettoyeur.",
         "Gezocht beroep: het aanbod: poetshulp; de persoon: poetshulp.",
         "Profession sought: the offer: cleaner; the person: cleaner."),
        ("profession_done", "Expérience : l'offre demande nettoyeur, 12 mois ; la personne : nettoyeur (24 mois).",
         "Ervaring: het aanbod vraagt poetshulp, 12 maanden; de persoon: poetshulp (24 maanden).",
         "Experience: the offer asks cleaner, 12 months; the person: cleaner (24 months)."),
        ("competences_mandatory",
         "Compétences exigées : l'offre demande mop (fr), iron (fr), « Kärcher » ; la personne : trouvé : mop (fr) ; "
         "en partie : iron (fr) ; pas comparé (non relié) : « Kärcher ».",
         "Vereiste competenties: het aanbod vraagt mop (nl), iron (nl), « Kärcher »; de persoon: gevonden: mop (nl); "
         "gedeeltelijk: iron (nl); niet vergeleken (niet gekoppeld): « Kärcher ».",
         "Competences required: the offer asks mop (en), iron (en), « Kärcher »; the person: found: mop (en); "
         "partly: iron (en); not compared (not linked): « Kärcher »."),
        ("competences_desired",
         "Compétences souhaitées : l'offre demande wiring (fr) ; la personne : pas trouvé : wiring (fr).",
         "Gewenste competenties: het aanbod vraagt wiring (nl); de persoon: niet gevonden: wiring (nl).",
         "Competences desired: the offer asks wiring (en); the person: not found: wiring (en)."),
        ("languages",
         "Langues : l'offre demande néerlandais B1, anglais niveau non précisé (souhaité) ; la personne : néerlandais A2, "
         "anglais niveau inconnu.",
         "Talen: het aanbod vraagt Nederlands B1, Engels niveau niet vermeld (gewenst); de persoon: Nederlands A2, "
         "Engels niveau onbekend.",
         "Languages: the offer asks Dutch B1, English level not stated (desired); the person: Dutch A2, English level "
         "unknown."),
        ("education", "Niveau d'études : l'offre demande niveau CEC 4 ; la personne : niveau CEC 2.",
         "Opleidingsniveau: het aanbod vraagt EKK-niveau 4; de persoon: EKK-niveau 2.",
         "Education: the offer asks EQF level 4; the person: EQF level 2."),
        ("licences",
         "Permis et brevets souhaités : l'offre demande permis B, certificat VCA, voiture personnelle ; la personne : "
         "permis AM, permis B.",
         "Gewenste rijbewijzen en attesten: het aanbod vraagt rijbewijs B, VCA-attest, eigen wagen; de persoon: rijbewijs AM, "
         "rijbewijs B.",
         "Licences and certificates wanted: the offer asks driving licence B, VCA safety certificate, own car; the person: "
         "driving licence AM, driving licence B."),
        ("travel",
         "Trajet : l'offre : 1070 Anderlecht, 27 min, transports publics (estimation) ; la personne : 1000 Bruxelles, "
         "transports "
         "publics, 45 minutes au plus.",
         "Verplaatsing: het aanbod: 1070 Anderlecht, 27 min, openbaar vervoer (schatting); de persoon: 1000 Brussel, openbaar "
         "vervoer, ten hoogste 45 minuten.",
         "Travel: the offer: 1070 Anderlecht, 27 min, public transport (estimate); the person: 1000 Bruxelles, public "
         "transport, "
         "at most 45 minutes."),
        ("hours", "Heures : l'offre : 38 h/semaine ; la personne : 20-38 h/semaine.",
         "Uren: het aanbod: 38 u/week; de persoon: 20-38 u/week.", "Hours: the offer: 38 h/week; the person: 20-38 h/week."),
        ("shifts",
         "Horaires et jours : l'offre : en journée et le soir, lundi et samedi ; la personne : pas possible : la nuit "
         "ou dimanche.",
         "Uurrooster en dagen: het aanbod: overdag en late ploeg, maandag en zaterdag; de persoon: niet mogelijk: nacht "
         "of zondag.",
         "Shifts and days: the offer: daytime and evening, Monday and Saturday; the person: not possible: night or Sunday."),
        ("contract", "Contrat : l'offre : intérim ; la personne : durée indéterminée ou intérim.",
         "Contract: het aanbod: uitzendarbeid; de persoon: onbepaalde duur of uitzendarbeid.",
         "Contract: the offer: temporary agency work; the person: permanent or temporary agency work."),
        ("start", "Début : l'offre : 10/04/2025 ; la personne : 01/05/2025.",
         "Start: het aanbod: 10/04/2025; de persoon: 01/05/2025.", "Start: the offer: 10/04/2025; the person: 01/05/2025."),
        ("freshness", "Fraîcheur de l'offre : publiée ou vérifiée il y a 9 jours.",
         "Hoe recent het aanbod is: 9 dagen geleden gepubliceerd of gecontroleerd.",
         "Freshness of the offer: published or verified 9 days ago."),
    ],
)  # fmt: skip
def test_what_is_known_is_said_with_both_facts(name: str, fr: str, nl: str, en: str) -> None:
    assert [sentence(name, FULL_PERSON, FULL_OFFER, lang) for lang in LANGS] == [fr, nl, en]


@pytest.mark.parametrize(
    ("name", "profile", "vacancy", "expected"),
    [
        # not asked
        ("education", person(), NOTHING_ASKED, "Education: the offer asks nothing; the person: EQF level 2."),
        ("education", person(education=0), NOTHING_ASKED, "Education: the offer asks nothing; the person: no diploma."),
        ("profession_done", person(), NOTHING_ASKED, "Experience: the offer asks nothing; the person: cleaner (24 months)."),
        ("profession_done", person("cook"), NOTHING_ASKED,
         "Experience: the offer asks cook, no experience required; the person: cook (24 months)."),
        ("competences_desired", person(), NOTHING_ASKED,
         "Competences desired: the offer asks nothing; the person: mop (en), windows (en), safety (en)."),
        ("licences", person(), NOTHING_ASKED, "Licences and certificates wanted: the offer asks nothing; the person: "
         "not known."),
        # unstated
        ("hours", person(), SILENT, "Hours: the offer does not say; the person: 20-38 h/week."),
        ("languages", person(), SILENT, "Languages: the offer does not say; the person: French B2, Dutch A2."),
        ("contract", person(), SILENT, "Contract: the offer does not say; the person: not known."),
        ("freshness", person(), SILENT, "Freshness of the offer: the offer does not say."),
        # said, but in words that could not be linked
        ("profession_sought", person(), replace(SILENT, occupation=Mention(text="poetser")),
         "Profession sought: the offer: « poetser », which could not be compared; the person: cleaner."),
        ("competences_mandatory", person(), replace(SILENT, competences=(AskedCompetence(text="Kärcher"),)),
         "Competences required: the offer: « Kärcher », which could not be compared; the person: mop (en), windows (en), "
         "safety (en)."),
        ("travel", person(), replace(SILENT, postcodes=("9999",)),
         "Travel: the offer: 9999, which could not be compared; the person: 1000 Bruxelles, public transport, at most 45 "
         "minutes."),
        # unknown
        ("languages", STRANGER, offer(), "Languages: the offer: French B1; not known of the person."),
        ("languages", person(languages=(KnownLanguage("nl", Level.B1),)), offer(),
         "Languages: the offer: French B1; the person: French level unknown; too little is known to compare."),
        ("profession_done", person(professions_done=(DoneProfession(occupation("cleaner")),)), offer(experience_months=1),
         "Experience: the offer: cleaner, 1 month; the person: cleaner (duration unknown); too little is known to compare."),
        ("profession_done", STRANGER, offer(experience_months=None),
         "Experience: the offer: cleaner, experience not stated; not known of the person."),
        ("travel", person(), offer(shifts=(Shift.NIGHT,)),
         "Travel: the offer: 1070 Anderlecht, no public transport at night; the person: 1000 Bruxelles, public "
         "transport, at most "
         "45 minutes; too little is known to compare."),
        # said to be none
        ("profession_done", person(professions_done=()), offer(),
         "Experience: the offer asks cleaner, 6 months; the person: no experience."),
        ("licences", person(driving_licences=()), offer(driving_licences=(AskedLicence(DrivingLicence.B),)),
         "Licences and certificates wanted: the offer asks driving licence B; the person: none."),
        ("shifts", person(impossible_shifts=(), impossible_days=()), offer(shifts=(Shift.DAY,)),
         "Shifts and days: the offer: daytime; the person: everything is possible."),
    ],
)  # fmt: skip
def test_not_asked_unstated_and_unknown_are_said_apart(name: str, profile: Profile, vacancy: Offer, expected: str) -> None:
    assert sentence(name, profile, vacancy) == expected


@pytest.mark.parametrize(
    ("name", "profile", "vacancy", "expected"),
    [
        ("hours", person(hours_min=None), offer(hours_min=0, hours_max=38),
         "Hours: the offer: 0-38 h/week; the person: at most 38 h/week."),
        ("hours", person(hours_max=None), offer(hours_min=20, hours_max=None),
         "Hours: the offer: 20 h/week; the person: at least 20 h/week."),
        ("travel", person(max_minutes=None), offer(postcodes=("1800",), remote_share=0.5),
         "Travel: the offer: 1800 Vilvorde, 25 min, public transport (at most, without trains, allowing for 50 % work from "
         "home); the person: 1000 Bruxelles, public transport, no known maximum, 60 minutes taken as the scale."),
        ("travel", person(), offer(postcodes=("1000", "1800")),
         "Travel: the offer: 1000 Bruxelles, 1800 Vilvorde, 14 min, public transport (estimate); the person: 1000 Bruxelles, "
         "public transport, at most 45 minutes."),
        ("travel", person(modes=(Mode.CAR,)), offer(remote_share=1),
         "Travel: the offer: work from home; the person: 1000 Bruxelles, car, at most 45 minutes."),
        ("freshness", person(), offer(published=TODAY - timedelta(days=1)),
         "Freshness of the offer: published or verified 1 day ago."),
        ("languages", person(languages=(KnownLanguage("fr", Level.C1), KnownLanguage("fr", Level.A1))), offer(),
         "Languages: the offer asks French B1; the person: French C1."),
        ("competences_used", person(competences=(HeldCompetence(competence("mop")), HeldCompetence(text="solderen"))),
         offer(competences=(wants("mop"),)),
         "Competences used: the offer: mop (en); the person: 1 of 2 known competences."),
        ("profession_done", person(professions_done=tuple(DoneProfession(occupation(o), months=1) for o in
                                   ("cook", "cleaner", "kitchen-help", "developer", "electrician"))), offer(),
         "Experience: the offer asks cleaner, 6 months; the person: cook (1 month), cleaner (1 month), kitchen assistant "
         "(1 month), software developer (1 month), 1 more."),
    ],
)  # fmt: skip
def test_facts_are_said_as_the_engine_reads_them(name: str, profile: Profile, vacancy: Offer, expected: str) -> None:
    assert sentence(name, profile, vacancy) == expected


PAIRS = [
    (who, what)
    for who in (FULL_PERSON, person("cook"), STRANGER, person(modes=None, max_minutes=None, hours_max=None))
    for what in (FULL_OFFER, NOTHING_ASKED, SILENT, offer(published=TODAY, remote_share=0.4, shifts=(Shift.NIGHT,)))
]


@pytest.mark.parametrize(("profile", "vacancy"), PAIRS)
def test_the_reasons_add_up_to_the_score(profile: Profile, vacancy: Offer) -> None:
    engine = built(vacancy)
    tables, _ = engine.model.weighted({})
    match = engine.match(engine.people([profile], TODAY), 0, 0, engine.world(TODAY), tables, 1)
    told = speaker(engine, "fr").explain(match, profile, vacancy)
    assert told.start == engine.model.intercept == -5.0
    assert told.start + sum(r.contribution for r in told.reasons) == pytest.approx(match.score)
    assert told.start + told.person_score + told.employer_score + told.both_score == pytest.approx(match.score)
    assert sorted(r.comparison for r in told.reasons) == sorted(NAMES)
    sizes = [abs(r.contribution) for r in told.reasons]
    assert sizes == sorted(sizes, reverse=True)
    for reason in told.reasons:
        assert (reason.value is None) == (reason.state != "known")
        assert reason.value is None or 0 <= reason.value <= 1


@pytest.mark.parametrize(("profile", "vacancy"), PAIRS)
def test_three_languages_say_the_same_facts(profile: Profile, vacancy: Offer) -> None:
    told = {lang: said(profile, vacancy, lang) for lang in LANGS}
    for fr, nl, en in zip(*(told[lang].reasons for lang in LANGS), strict=True):
        assert [(r.comparison, r.state, r.value, r.contribution) for r in (nl, en)] == [
            (fr.comparison, fr.state, fr.value, fr.contribution)
        ] * 2
        numbers = [re.findall(r"\d+|\b[A-C][12]\b", r.sentence) for r in (fr, nl, en)]
        assert numbers[0] == numbers[1] == numbers[2]
        assert len({fr.sentence, nl.sentence, en.sentence}) == 3
        for lang, reason in zip(LANGS, (fr, nl, en), strict=True):
            assert reason.sentence.endswith(".")
            assert not re.search(r"\{|\}|None|\bnan\b|urn:", reason.sentence)
            foreign = {word for other in LANGS if other != lang for word in ONLY[other]}
            assert not any(re.search(rf"(?<!\w){word}(?!\w)", reason.sentence.casefold()) for word in foreign)


def test_every_text_exists_in_three_languages() -> None:
    tables: list[Any] = [PRICES, RELAXATION, STATES_LITTLE, *(comparison.title for comparison in COMPARISONS)]
    tables += [texts for table in (SENTENCES, BANDS, STATUSES, FIELDS) for texts in table.values()]
    for texts in tables:
        assert len(texts) == 3
        fields = [sorted(re.findall(r"\{(\w+)\}", text)) for text in texts]
        assert fields[0] == fields[1] == fields[2]
    for comparison in COMPARISONS:
        for lang in LANGS:
            outside = [name for name in comparison.reads if not FIELDS.get(_camel(name))]
            assert not outside, (comparison.name, lang)


def _camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(map(str.capitalize, tail))


def test_an_empty_profile_gets_no_score_but_the_fields_needed() -> None:
    engine = built(*market())
    answer = engine.suggest(STRANGER, TODAY)
    assert (answer.status, answer.lists, answer.profile_coverage) == ("too_little_known", {}, 0.0)
    assert answer.cause == "too_little_known"
    assert answer.missing[:3] == ("professionsSought", "competences", "languages")  # heaviest first
    match, missing = engine.explain(STRANGER, offer(), TODAY)
    assert match is None
    assert missing == answer.missing
    assert speaker(engine, "fr").status(answer, "").startswith(
        "Le dossier contient trop peu d'informations pour proposer des offres. À compléter : "
    )
    for lang in LANGS:
        said_fields = speaker(engine, lang).fields(answer.missing)
        assert not any(re.search("[a-z][A-Z]", text) for text in said_fields)
        assert speaker(engine, lang).no_score(missing) == speaker(engine, lang).status(answer, "")


def test_without_profession_or_competence_nothing_is_scored() -> None:
    """However much else is known: more than half of the weight, but nothing says what work it is about."""
    who = replace(FULL_PERSON, competences=None, professions_sought=None, professions_done=None)
    answer = built(*market()).suggest(who, TODAY)
    assert answer.status == "too_little_known"
    assert answer.profile_coverage > load().profile_floor


def only_nights() -> tuple[Matcher, Suggestions]:
    offers = [
        offer(id="a", shifts=(Shift.NIGHT,)),
        offer(id="b", shifts=(Shift.NIGHT,), days=(Day.SUNDAY,)),
        offer(id="c", shifts=(Shift.DAY,), employer="Nope"),
        offer("developer", id="d", shifts=(Shift.NIGHT,)),
    ]
    engine = built(*offers)
    who = person(
        impossible_shifts=(Shift.NIGHT,), impossible_days=(Day.SUNDAY,), exclusions=Exclusions(employers=("nope",)), modes=None
    )
    return engine, engine.suggest(who, TODAY)


def test_when_rules_leave_nothing_the_answer_gives_reasons_prices_and_near_misses() -> None:
    engine, answer = only_nights()
    assert answer.status == "nothing_suitable"
    assert (answer.considered, answer.allowed, answer.jointly) == (4, 0, 3)
    assert answer.removed == {"employer": 1, "shifts": 3, "days": 1}
    assert [m.offer_id for m in answer.near_misses] == ["a"]  # b fails two limits, c an exclusion, d does not fit
    assert [(p.limit, p.removes, p.alone, p.suitable) for p in answer.prices] == [
        (Limit.SHIFTS, 3, 2, 1),
        (Limit.DAYS, 1, 0, 0),
    ]
    assert (answer.relaxation, answer.cause) == (Limit.SHIFTS, "shifts")
    english, french = speaker(engine, "en"), speaker(engine, "fr")
    assert english.status(answer, "") == (
        "No vacancy is suitable today: of 4, 0 respect the person's limits and none fits well enough."
    )
    assert english.price(answer.prices[0]) == "Shifts: removes 3 vacancies, 2 of them alone; 1 of those would be suitable."
    assert english.relaxation(answer.relaxation) == 'Relaxing "shifts" would open most suitable vacancies.'
    assert english.relaxation(None) == ""
    assert french.removed(answer.removed) == [
        ("employer", 1, "employeur exclu par la personne"),
        ("shifts", 3, "horaire impossible pour la personne"),
        ("days", 1, "jour impossible pour la personne"),
    ]
    near = answer.near_misses[0]
    told = french.explain(near, person(), offer(id="a", shifts=(Shift.NIGHT,)))
    assert told.failed == ("horaire impossible pour la personne",)


def test_relaxing_the_best_limit_gives_what_was_promised() -> None:
    engine, answer = only_nights()
    who = person(
        impossible_shifts=(Shift.NIGHT,), impossible_days=(Day.SUNDAY,), exclusions=Exclusions(employers=("nope",)), modes=None
    )
    opened = engine.suggest(who, TODAY, Wish(relax=frozenset({Limit.SHIFTS})))
    assert [m.offer_id for m in opened.lists[Kind.VACANCY]] == ["a"]
    assert opened.suitable == answer.prices[0].suitable


def test_an_offer_that_states_little_is_said_to() -> None:
    assert said(person(), offer()).note == ""
    title_only = replace(SILENT, occupation=Mention(occupation("cleaner")))
    weight = dict(zip(NAMES, spread(load().tables), strict=True))
    share = round(100 * (weight["profession_sought"] + weight["profession_done"]) / (sum(weight.values()) - weight["exposure"]))
    assert said(person(), title_only).note == f"The offer states little: it speaks about {share} % of what weighs."
    assert said(person(), title_only, "nl").note == f"Het aanbod vermeldt weinig: het zegt iets over {share} % van wat meetelt."
    assert said(person(), title_only, "fr").note == (
        f"L'offre précise peu de choses : elle se prononce sur {share} % de ce qui pèse."
    )


def test_an_offer_that_states_nothing_is_no_suggestion() -> None:
    """Nothing speaks against it, and nothing for it: evidence alone would be the start, -5.0."""
    for silent in (SILENT, replace(SILENT, languages=(), education=0, remote_share=1.0, published=TODAY)):
        answer = built(silent, offer()).suggest(person(), TODAY)
        assert [m.offer_id for m in answer.lists[Kind.VACANCY]] == ["v-cleaner"]


def test_a_person_of_whom_little_is_known_is_no_fault_of_the_offer() -> None:
    assert said(replace(STRANGER, professions_sought=person().professions_sought), FULL_OFFER).note == ""


def test_what_cannot_be_checked_is_said() -> None:
    who = person(impossible_shifts=(Shift.NIGHT,), constraints=(Constraint(Limit.CONTRACT),), contracts=(Contract.PERMANENT,))
    assert said(who, offer(), "nl").to_check == ("uurrooster niet vermeld", "soort contract niet vermeld")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"basis": ()}, "basis_unrecorded"),
        ({"registered_on": date(2023, 1, 1)}, "ended"),
        ({"handed_over_on": date(2025, 4, 1)}, "handed_over"),
    ],
)
def test_closed_cases_give_the_reason_and_no_list(changes: Any, reason: str) -> None:
    engine = built(*market())
    answer = engine.suggest(person(**changes), TODAY)
    assert (answer.status, answer.gate_reason, answer.lists, answer.near_misses) == ("closed", reason, {}, ())
    assert not answer.prices
    assert not answer.dutch_courses
    assert speaker(engine, "en").status(answer, "Guidance ended.") == "Guidance ended."


def course(id: str, *levels: Level, **changes: Any) -> Offer:
    granted = Grants(languages=tuple(KnownLanguage("nl", level) for level in levels))
    return offer(id=id, kind=Kind.TRAINING, occupation=None, competences=None, grants=granted, **changes)


@pytest.mark.parametrize(
    ("dutch", "expected"),
    [
        (None, ["a1", "a2", "b1"]),
        (Level.NONE, ["a1", "a2"]),
        (Level.A1, ["a2", "b1"]),
        (Level.A2, ["b1", "b2"]),
        (Level.B1, []),
        (Level.C1, []),
    ],
)
def test_dutch_courses_lead_one_or_two_levels_further(dutch: Level | None, expected: list[str]) -> None:
    engine = built(*(course(level.lower(), level) for level in list(Level)[1:]))
    known = (KnownLanguage("fr", Level.B2), *((KnownLanguage("nl", dutch),) if dutch else ()))
    found = engine.suggest(person(languages=known), TODAY).dutch_courses
    assert sorted(m.offer_id for m in found) == expected


def test_a_course_of_several_levels_comes_once_and_a_closed_one_never() -> None:
    engine = built(course("both", Level.A1, Level.A2), course("shut", Level.A2, closed_on=TODAY))
    found = engine.suggest(person(languages=(KnownLanguage("nl", Level.NONE),)), TODAY).dutch_courses
    assert [(m.offer_id, m.rank) for m in found] == [("both", 1)]


def test_a_limit_set_aside_is_set_aside_for_courses_too() -> None:
    engine, who = built(course("evening", Level.B1, shifts=(Shift.LATE,))), person(impossible_shifts=(Shift.LATE,))
    assert engine.suggest(who, TODAY).dutch_courses == ()
    opened = engine.suggest(who, TODAY, Wish(relax=frozenset({Limit.SHIFTS})))
    assert [m.offer_id for m in opened.dutch_courses] == ["evening"]


def test_candidates_for_a_partner_offer_meet_its_own_floor() -> None:
    """What would not do for a vacancy is shown for a course, in both directions."""
    # English two levels short: -1.6, so the evidence is about -5.5, between -7 and -5.
    who = person(languages=(KnownLanguage("en", Level.NONE), KnownLanguage("nl", Level.B1)))
    lesson = course("c", Level.B1, languages=(AskedLanguage("en", Level.A2),))
    same_job = replace(lesson, id="v", kind=Kind.VACANCY, grants=None)
    engine = built(lesson, same_job)
    answer = engine.suggest(who, TODAY)
    assert answer.lists[Kind.VACANCY] == ()
    (found,) = answer.lists[Kind.TRAINING]
    (candidate,) = engine.candidates(lesson, engine.people([who], TODAY)).matches
    assert candidate.score == found.score
    assert engine.candidates(same_job, engine.people([who], TODAY)).matches == ()


def test_all_weights_zero_leave_a_number_for_coverage() -> None:
    engine = built(offer())
    match, _ = engine.explain(person(), offer(), TODAY, dict.fromkeys(NAMES, 0.0))
    plain, _ = engine.explain(person(), offer(), TODAY)
    assert match is not None
    assert plain is not None
    assert match.score == load().intercept
    assert match.coverage == plain.coverage


@pytest.mark.parametrize("lang", LANGS)
@settings(deadline=None, max_examples=30)
@given(people=st.lists(a_person, min_size=2, max_size=3), offers=st.lists(an_offer, min_size=2, max_size=3))
def test_what_is_kept_is_what_would_be_said(lang: str, people: list[Profile], offers: list[Offer]) -> None:
    people = [replace(one, id=f"p{n}") for n, one in enumerate(people)]
    offers = [replace(one, id=f"o{n}") for n, one in enumerate(offers)]
    engine = Matcher.build(taxonomy(kin=True), geography(), groups(), load(), offers)
    tables, _ = engine.model.weighted({})
    arrays, world, say = engine.people(people, TODAY), engine.world(TODAY), speaker(engine, lang)
    records = {one.id: one for one in offers}
    of_offer: dict[str, Said] = {one.id: {} for one in offers}
    for i, profile in enumerate(people):
        of_person: Said = {}
        for j in range(len(offers)):
            match = engine.match(arrays, i, j, world, tables, 1)
            offer = records[match.offer_id]
            assert say.explain(match, profile, offer, of_person, of_offer[offer.id]) == say.explain(match, profile, offer)
