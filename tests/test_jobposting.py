"""schema.org JobPosting to our own format: plain things read, unclear ones named, malformed ones refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from matching.files import read_rows
from matching.ingest import import_offers, read_any_offer
from matching.jobposting import is_jobposting, read_posting
from matching.phrases import days, education_level, language_code, months, shifts, weekly_hours
from matching.records import DataError, Offer

REAL = Path(__file__).parents[2] / "shared" / "data" / "vacancies" / "jobpostings_fr.jsonl"
POSTING: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "JobPosting",
    "identifier": {"@type": "PropertyValue", "name": "demo", "value": 12},
    "title": "Aide en cuisine",
    "description": "<p>Pr&eacute;parer</p><p>les l&eacute;gumes</p>",
    "inLanguage": "fr-BE",
    "datePosted": "2025-03-31T23:30:00Z",
    "hiringOrganization": {"@type": "Organization", "name": "Exemple SA"},
    "employmentType": ["PART_TIME", "PERMANENT"],
    "occupationalCategory": {"codeValue": "G1603", "name": "Aide de cuisine", "inCodeSet": "ROME"},
    "skills": [
        {"name": "Éplucher", "termCode": "1", "inDefinedTermSet": "ROME", "additionalType": "required"},
        {"name": "Servir", "additionalType": "preferred"},
        "Nettoyer",
    ],
    "knowsLanguage": [{"name": "Néerlandais", "level": "B1", "additionalType": "preferred"}, "anglais"],
    "drivingLicence": [{"name": "B - Véhicule léger", "additionalType": "required"}, {"name": "DE - remorque"}],
    "experienceRequirements": "18 Mois",
    "workHours": "temps partiel - 17H30 Travail en journée",
    "educationRequirements": [{"niveauLibelle": "CAP, BEP et équivalents", "exigence": "E"}],
    "totalJobOpenings": 2,
    "jobLocation": [{"address": {"postalCode": "1000"}}, {"address": {"postalCode": 1070}}],
    "someFutureField": {"x": 1},
}


def read(**change: Any) -> Offer:
    return read_any_offer({**POSTING, **change}, groups=())[0]


def test_a_posting_becomes_an_offer() -> None:
    posting = read_posting(POSTING)
    assert posting.problems == ()
    assert posting.row == {
        "id": "demo:12",
        "source": "demo",
        "kind": "vacancy",
        "title": "Aide en cuisine",
        "text": "Préparer\n\nles légumes",
        "textLanguage": "fr",
        "occupation": {"concept": "rome:G1603", "text": "Aide de cuisine"},
        "competences": [
            {"concept": "rome:1", "text": "Éplucher", "requirement": "mandatory"},
            {"text": "Servir", "requirement": "desired"},
            {"text": "Nettoyer"},
        ],
        "languages": [{"code": "nl", "level": "B1", "requirement": "desired"}, {"code": "en"}],
        "drivingLicences": [{"code": "B", "legal": False}],  # asked, which is not asked by law
        "experienceMonths": 18,
        "education": 3,
        "postcodes": ["1000", "1070"],
        "hoursMin": 17.5,
        "hoursMax": 17.5,
        "shifts": ["day"],
        "contract": "permanent",
        "positions": 2,
        "employer": "Exemple SA",
        "published": "2025-04-01",  # 23:30 in UTC is the next day in Brussels
    }
    assert posting.missing == ("start", "validThrough", "languages.level", "drivingLicences: unread")


def test_what_a_posting_leaves_unsaid_stays_unknown() -> None:
    offer, missing = read_any_offer({"@type": "JobPosting", "identifier": "1", "title": "t", "inLanguage": "nl"}, groups=())
    assert (offer.languages, offer.competences, offer.hours_min, offer.positions) == (None, None, None, None)
    assert {"languages", "competences", "occupation", "postcodes", "hoursMin", "experienceMonths"} <= set(missing)


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        ("15-1252.00 Software Developers", (None, "Software Developers")),
        ("15-1252.00", None),
        ("K1306", None),  # a bare code is O*NET by definition, and not a name
        ({"codeValue": "K1306"}, None),
        ({"codeValue": "K1306", "name": "Aide à domicile"}, (None, "Aide à domicile")),
        ({"codeValue": "K1306", "inCodeSet": "O*NET-SOC"}, None),
        ({"codeValue": "5322", "inCodeSet": {"name": "ISCO-08"}}, ("isco:5322", None)),
        ({"codeValue": "K1306", "inCodeSet": "https://example.org/ROME/v4"}, ("rome:K1306", None)),
        (["Baker", {"codeValue": "1", "inCodeSet": "esco"}], ("esco:1", None)),
    ],
)
def test_a_code_is_read_only_with_its_scheme(category: object, expected: tuple[str | None, str | None] | None) -> None:
    occupation = read(occupationalCategory=category).occupation
    assert (occupation and (occupation.concept, occupation.text)) == expected


def test_skills_in_one_text_are_split() -> None:
    posting = read_posting({**POSTING, "skills": "écouter, parler; lire"})
    assert [one["text"] for one in posting.row["competences"]] == ["écouter, parler", "lire"]
    assert "competences" not in read_posting({**POSTING, "skills": []}).row


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"skills": [5]}, "skills[0]"),
        ({"skills": [{"termCode": 3}]}, "skills[0].name"),
        ({"skills": {"name": ["a"]}}, "skills.name"),
        ({"knowsLanguage": [{"name": 5}]}, "knowsLanguage[0].name"),
        ({"drivingLicence": 7}, "drivingLicence"),
        ({"experienceRequirements": 5}, "experienceRequirements"),
        ({"experienceRequirements": {"monthsOfExperience": "six"}}, "experienceMonths"),
        ({"workHours": 35}, "workHours"),
        ({"hiringOrganization": {"name": 3}}, "hiringOrganization.name"),
        ({"jobLocation": {"address": {"postalCode": True}}}, "jobLocation.address.postalCode"),
        ({"jobLocation": {"address": 5}}, "jobLocation.address"),
        ({"totalJobOpenings": "many"}, "positions"),
        ({"datePosted": "yesterday"}, "published"),
        ({"validThrough": "2025-02-30"}, "validThrough"),
        ({"validThrough": "2025-01-01"}, "validThrough"),
        ({"title": None}, "title"),
        ({"title": 5}, "title"),
        ({"identifier": None}, "id"),
        ({"employmentType": 4}, "employmentType"),
    ],
)
def test_malformed_parts_are_problems(change: dict[str, Any], field: str) -> None:
    with pytest.raises(DataError) as caught:
        read(**change)
    assert [problem.field for problem in caught.value.problems] == [field]


def test_all_problems_of_a_posting_come_together() -> None:
    with pytest.raises(DataError) as caught:
        read(workHours=1, title=2, inLanguage="", identifier={"value": True})
    assert {problem.field for problem in caught.value.problems} == {"workHours", "title", "id", "identifier.value"}


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("35H Autre", (35.0, 35.0)),
        ("36H15", (36.25, 36.25)),  # 36 + 15 / 60
        ("temps partiel - 3H45 Autre", (3.75, 3.75)),
        ("38 heures par semaine", (38.0, 38.0)),
        ("20 tot 25 uur per week", (20.0, 25.0)),
        ("37,5 hours per week", (37.5, 37.5)),
        ("8h-17h", None),
        ("8H30 - 17H", None),
        ("8:00-17:00", None),
        ("à discuter", None),
    ],
)
def test_hours_are_read_only_when_they_are_weekly(text: str, hours: tuple[float, float] | None) -> None:
    assert weekly_hours(text) == hours


def test_shifts_and_days_are_read_only_when_plain() -> None:
    assert shifts("35H Travail de nuit") == ["night"]
    assert shifts("Travail en 3x8") == ["early", "late", "night"]
    assert shifts("pas de travail de nuit") == []
    assert shifts("35H Autre") == []
    assert days("Travail le samedi") == ["sat"]
    assert days("geen zaterdagwerk") == []


def test_plain_phrases() -> None:
    assert [months(text) for text in ("Débutant accepté - en cuisine", "1 An(s)", "6 Mois", "3 jaar", "experte")] == [
        0,
        12,
        6,
        36,
        None,
    ]
    assert [education_level(text) for text in ("Aucune formation scolaire", "Bac ou équivalent", "Bac+2", "Bac+5 et plus")] == [
        0,
        4,
        5,
        7,
    ]
    assert [language_code(text) for text in ("Anglais", "Nederlands B2", "nl-BE", "FR", "xx", "autre", "en plus")] == [
        "en",
        "nl",
        "nl",
        "fr",
        None,
        None,
        None,
    ]


def test_education_is_the_lowest_level_that_is_enough() -> None:
    demanded = [
        {"niveauLibelle": "Bac+2 ou équivalents", "exigence": "E"},
        {"niveauLibelle": "CAP, BEP", "exigence": "E"},
    ]
    wished = [{"niveauLibelle": "Bac+5", "exigence": "S"}]
    assert read_posting({**POSTING, "educationRequirements": demanded + wished}).row["education"] == 3
    only_wished = read_posting({**POSTING, "educationRequirements": wished})
    assert only_wished.row["education"] == 7
    assert "education.demanded" in only_wished.missing


def test_postings_are_recognised() -> None:
    assert is_jobposting({"@type": "JobPosting"})
    assert is_jobposting({"@type": "schema:JobPosting"})
    assert not is_jobposting({"id": "1"})
    assert not is_jobposting({"@type": "Person"})


def test_a_broken_posting_does_not_stop_an_import() -> None:
    rows = [POSTING, {**POSTING, "identifier": "x", "workHours": 3}, {**POSTING, "identifier": "y"}]
    kept: list[Offer] = []

    class Done:
        new, changed, unchanged = 2, 0, 0

    def put(offers: list[Offer]) -> Done:
        kept.extend(offers)
        return Done()

    report = import_offers(read_rows("\n".join(map(json.dumps, rows)).encode()), put, groups=())
    assert [offer.id for offer in kept] == ["demo:12", "y"]
    assert [(one.record, one.field) for one in report.problems] == [("row 2, offer x", "workHours")]
    assert report.missing["validThrough"] == 2


def test_all_real_postings_are_read() -> None:
    if not REAL.exists():
        pytest.skip("the data for development are not here (../shared/data/vacancies)")
    kept: list[Offer] = []

    class Done:
        new, changed, unchanged = 71, 0, 0

    def put(offers: list[Offer]) -> Done:
        kept.extend(offers)
        return Done()

    report = import_offers(read_rows(REAL), put, groups=(), strict=True)
    assert (report.read, report.refused, report.problems, len(kept)) == (71, 0, (), 71)
    assert report.missing["competences"] == 14
    assert report.missing["languages"] == 71 - 2
    assert sum(len(offer.competences or ()) for offer in kept) == 300  # 92 required and 208 preferred
    assert all(offer.hours_min and offer.postcodes and offer.contract for offer in kept)
    assert not any(licence.legal for offer in kept for licence in offer.driving_licences or ())
