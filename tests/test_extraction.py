"""What running text says: every field that rules read, in three languages; hostile texts; the held-out sentences."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.codes import CODE_LISTS, Level, Requirement
from matching.cues import plain
from matching.extraction import FIELDS, Finding, extract
from matching.sentences import clauses

HELD_OUT = Path(__file__).parent / "golden" / "sentences.jsonl"


def read(text: str, field: str) -> list[tuple[Any, ...]]:
    """What a text says of one field: (code or least, most or level, asked), with D where it is only desired."""
    made = []
    for finding in extract(text, None, None):
        if finding.field == field:
            wish = ("D",) if finding.requirement is Requirement.DESIRED else ()
            denied = () if finding.asked else ("not",)
            value: tuple[Any, ...] = (finding.code,) if finding.code else (finding.least, finding.most)
            if finding.level:
                value += (finding.level.value,)
            made.append(value + denied + wish)
    return made


def codes(text: str, field: str) -> str:
    """Codes of one field in the order of the text; a minus stands before what is not asked."""
    found = [f for f in extract(text, None, None) if f.field == field]
    return " ".join(("" if f.asked else "-") + str(f.code) for f in found)


# Languages


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # CEFR as written; of two the lower
        ("Néerlandais (B1/B2)", [("nl", "B1")]),
        ("niveau B2 en anglais", [("en", "B2")]),
        ("Nederlands op niveau A2 of B1", [("nl", "A2")]),
        ("Very good English (at least B2)", [("en", "B2")]),
        # in words
        ("Français : langue maternelle", [("fr", "C2")]),
        ("moedertaal Nederlands", [("nl", "C2")]),
        ("native Dutch speaker", [("nl", "C2")]),
        ("Vous parlez couramment le français", [("fr", "C1")]),
        ("zeer goede kennis van het Frans", [("fr", "C1")]),
        ("You speak Dutch fluently", [("nl", "C1")]),
        ("bonne maîtrise du néerlandais", [("nl", "B2")]),
        ("good working knowledge of Dutch", [("nl", "B2")]),
        ("tenir une conversation en néerlandais", [("nl", "B1")]),
        ("voldoende Frans", [("fr", "B1")]),
        ("de bonnes notions d'anglais", [("en", "A2")]),
        ("goede basiskennis Engels", [("en", "A2")]),
        ("some Turkish", [("tr", "A2")]),
        # without a level
        ("connaissance du neerlandais", [("nl",)]),
        ("KENNIS VAN HET FRANS", [("fr",)]),
        ("Dutch required", [("nl",)]),
        # both
        ("bilingue FR/NL", [("fr", "C1"), ("nl", "C1")]),
        ("tweetalig Frans-Nederlands", [("fr", "C1"), ("nl", "C1")]),
        # a level reaches its list, not what has its own
        ("bonne connaissance de l'anglais et de l'allemand", [("en", "B2"), ("de", "B2")]),
        ("vlot Nederlands, Frans en basis Engels", [("nl", "C1"), ("fr", "C1"), ("en", "A2")]),
        ("Langues : FR (C1) • NL (B1) • EN (notions)", [("fr", "C1"), ("nl", "B1"), ("en", "A2")]),
        ("Dutch (native), French (good)", [("nl", "C2"), ("fr", "B2")]),
        # asked, desired, not asked
        ("Nederlands vereist, Engels gewenst, Frans niet nodig", [("nl",), ("en", "D"), ("fr", "not")]),
        ("Kennis van Frans, Engels of Duits is een plus", [("fr", "D"), ("en", "D"), ("de", "D")]),
        ("No knowledge of French required", [("fr", "not")]),
        ("L'anglais n'est pas exigé mais constitue un atout", [("en", "D")]),
    ],
)
def test_languages_and_levels(text: str, expected: list[tuple[str, ...]]) -> None:
    assert read(text, "languages") == expected


@pytest.mark.parametrize(
    "text",
    [
        "Engelse drop en Franse kaas",
        "We bake French bread for Dutch customers",
        "Le marché néerlandais et le département anglais",
        "Cours de néerlandais gratuits",
        "We zijn een Nederlands bedrijf",
        "Polish the floors",
        "Vous habitez en Flandre",
        "Experience with the French market is a plus",
    ],
)
def test_names_of_languages_that_ask_for_none(text: str) -> None:
    assert read(text, "languages") == []


# Licences, certificates, contract


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("permis de conduire", "B"),
        ("rijbewijs", "B"),
        ("driver's license", "B"),
        ("PERMIS B", "B"),
        ("permis C ou CE", "C CE"),
        ("rijbewijs c of ce", "C CE"),
        ("permis C+E", "CE"),
        ("driving licence (category D1)", "D1"),
        ("B-rijbewijs", "B"),
        ("permis B, idéalement C", "B C"),
        ("Driving licence B and a car", "B"),
        ("a driving licence is a plus", "B"),
        ("Geen rijbewijs nodig", "-B"),
        ("permis poids lourd", "C"),
        ("rijbew. BE", "BE"),
        ("permis d'environnement, permis de travail, permis à points", ""),
        ("B2B, plan C, C++, vitamine D, 24h/24", ""),
        ("aanvragen voor rijbewijzen", ""),
    ],
)
def test_driving_licences(text: str, expected: str) -> None:
    assert codes(text, "drivingLicences") == expected


CERTIFICATES = {
    "code_95": ("code 95", "vakbekwaamheid code 95", "driver CPC"),
    "adr": ("certificat ADR", "ADR-attest", "ADR certificate"),
    "forklift": ("brevet de cariste", "heftruckattest", "forklift certificate", "permis cariste", "attest heftruckchauffeur"),
    "vca": ("attestation VCA", "VCA-attest", "VCA certificate"),
    "ba4_ba5": ("habilitation BA4/BA5", "attest BA4", "BA5 certificate"),
    "security_card": ("carte d'identification de gardiennage", "identificatiekaart bewaking", "security guard card"),
    "health_visa": ("visa du SPF Santé publique", "visum van de FOD Volksgezondheid", "health care visa"),
    "care_registration": ("enregistré comme aide-soignant", "registratie als zorgkundige", "registered care assistant"),
    "teaching_diploma": ("titre pédagogique", "pedagogisch bekwaamheidsbewijs", "teaching qualification"),
    "first_aid": ("brevet de secourisme", "EHBO-attest", "first aid certificate"),
    "taxi_permit": ("certificat de capacité taxi", "bekwaamheidsattest taxi", "taxi permit"),
    "good_conduct": ("extrait de casier judiciaire", "uittreksel uit het strafregister", "criminal record extract"),
}


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in CERTIFICATES.items() for text in texts])
def test_certificates(code: str, text: str) -> None:
    assert codes(text, "certificates") == code
    assert codes(text.upper(), "certificates") == code
    assert codes(f"{text} (un plus)", "certificates") == code


def test_every_certificate_has_its_words() -> None:
    assert set(CERTIFICATES) == set(CODE_LISTS["certificates"])
    for code, words in CODE_LISTS["certificates"].items():
        assert {codes(word, "certificates") for word in words} == {code}


def test_things_that_only_look_like_certificates() -> None:
    assert codes("first aid cabinets, EHBO-koffer, trousse de secours; chauffeur de taxi; cariste", "certificates") == ""
    assert read("Sans casier judiciaire", "certificates") == [("good_conduct",)]  # asks for a clean one


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CDI ou CDD", "permanent fixed_term"),
        ("contrat à durée indéterminée", "permanent"),
        ("contract van bepaalde duur", "fixed_term"),
        ("onbepaalde duur", "permanent"),
        ("interim met optie vast contract", "interim permanent"),
        ("fixed-term contract of 9 months", "fixed_term"),
        ("contrat de remplacement", "replacement"),
        ("Flexi-jobbers welkom", "flexi"),
        ("job étudiant", "student"),
        ("als zelfstandige of op freelance basis", "self_employed self_employed"),
        ("Vous travaillez de façon indépendante", ""),
        ("zelfstandig werken", ""),
        ("agence d'intérim, interimkantoren, pièces de remplacement", ""),
        ("self-employed clients", ""),
    ],
)
def test_contracts(text: str, expected: str) -> None:
    assert codes(text, "contract") == expected


# Hours, shifts, days


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("38u/week", [(38, 38)]),
        ("36h30/sem", [(36 + 30 / 60, 36.5)]),
        ("36 h 30 par semaine", [(36.5, 36.5)]),
        ("30,4 uur per week", [(30.4, 30.4)]),
        ("38-urenweek", [(38, 38)]),
        ("40 hours weekly", [(40, 40)]),
        ("20u p/w", [(20, 20)]),
        ("35 h/wk", [(35, 35)]),
        ("entre 20 et 25 h/semaine", [(20, 25)]),
        ("24 tot 30 uren per week", [(24, 30)]),
        ("15-20 hrs/week", [(15, 20)]),
        ("max. 15h par semaine", [(None, 15)]),
        ("minstens 24 uur per week", [(24, None)]),
        ("temps plein 38h", [(38, 38)]),
        ("voltijds (38u)", [(38, 38)]),
        ("uren per week: 32", [(32, 32)]),
        ("thirty-eight hours per week", [(38, 38)]),
        ("7h36 par jour, soit 38 heures/semaine", [(38, 38)]),
        ("temps plein, de 8h à 17h", []),
        ("8h-17h; 7u30; 9.00 to 10.30; 24h/24; 7j/7", []),
        ("7,6 uur per dag, 5 dagen per week", []),
        ("mi-temps, voltijds, full-time", []),
        ("22 périodes/semaine, 104h par mois", []),
        ("ouvert 60h par semaine", []),
    ],
)
def test_hours_of_a_week(text: str, expected: list[tuple[float | None, float | None]]) -> None:
    assert read(text, "hours") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("travail en 2x8", "early late"),
        ("deux pauses", "early late"),
        ("2-ploegenstelsel", "early late"),
        ("two shifts", "early late"),
        ("3x8", "early late night"),
        ("drieploegensysteem", "early late night"),
        ("horaire coupé", "split"),
        ("onderbroken dienst", "split"),
        ("split shifts", "split"),
        ("overdag, geen nachtwerk", "day -night"),
        ("tôt le matin, en soirée et la nuit", "early late night"),
        ("vroege, late en nachtploeg", "early late night"),
        ("early, late and night shifts", "early late night"),
        ("'s Nachts wordt er niet gewerkt", "-night"),
        ("mise à jour, jour férié, boîte de nuit, nachtwinkel, night shop", ""),
    ],
)
def test_shifts(text: str, expected: str) -> None:
    assert codes(text, "shifts") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("du lundi au vendredi", "mon tue wed thu fri"),
        ("van di. t.e.m. za.", "tue wed thu fri sat"),
        ("Wednesday through Sunday", "wed thu fri sat sun"),
        ("Fri-Mon", "fri sat sun mon"),  # over the end of the week
        ("samedis et dimanches", "sat sun"),
        ("nacht- en weekendwerk", "sat sun"),
        ("zon- en feestdagen", "sun"),
        ("vrijdagavond", "fri"),
        ("ma, wo, vr", "mon wed fri"),
        ("pas de travail le mercredi", "-wed"),
        ("le lundi 3 mars", ""),
        ("Monday, 3 March", ""),
        ("Nous sommes ouverts du mardi au dimanche", ""),
        ("le restaurant est ouvert le samedi; réunion le lundi", ""),
    ],
)
def test_days(text: str, expected: str) -> None:
    assert codes(text, "days") == expected


# Experience, education


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 à 2 ans d'expérience", [(1 * 12, 2 * 12)]),
        ("minstens 2 jaar relevante ervaring", [(24, None)]),
        ("at least 18 months' experience", [(18, None)]),
        ("5+ years of experience", [(60, None)]),
        ("expérience de six mois", [(6, None)]),
        ("3 ans dans une fonction similaire souhaités", [(36, None, "D")]),
        ("débutants acceptés", [(0, None)]),
        ("geen ervaring vereist", [(0, None)]),
        ("no experience needed", [(0, None)]),
        ("ervaring niet nodig", [(0, None)]),
        ("met of zonder ervaring", [(0, None)]),
        ("une première expérience est un atout", []),
        ("Notre maison compte 12 ans d'expérience", []),
        ("Wij hebben 10 jaar ervaring", []),
        ("contrat de 2 ans, minimum 18 ans", []),
    ],
)
def test_experience(text: str, expected: list[tuple[float | None, float | None]]) -> None:
    assert read(text, "experienceMonths") == expected


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("aucun diplôme n'est demandé", 0),
        ("geen diploma vereist", 0),
        ("no degree required", 0),
        ("CEB", 1),
        ("lager secundair onderwijs", 2),
        ("certificat d'apprentissage", 3),
        ("CESS", 4),
        ("diploma secundair onderwijs", 4),
        ("high school diploma", 4),
        ("diplôme A2", 4),
        ("HBO5", 5),
        ("graduat", 5),
        ("Bac+2", 5),
        ("bachelier", 6),
        ("professionele bachelor", 6),
        ("master en droit", 7),
        ("ingénieur civil", 7),
        ("universitair diploma", 7),
        ("doctoraat", 8),
        ("bachelor of master", 6),  # of alternatives the lower
        ("graduaat (HBO5) of professionele bachelor", 5),
        ("CESS ou équivalent par l'expérience", 4),
    ],
)
def test_education_in_eqf_levels(text: str, level: int) -> None:
    assert read(text, "education") == [(level, None)]


def test_education_is_not_every_master() -> None:
    assert read("scrum master, master data, masterclass, bac à sable, garder le cap", "education") == []
    assert read("PhD not required", "education") == [(8, None, "not")]
    assert read("Vous donnez cours dans l'enseignement secondaire", "education") == []


# Spans and hostile texts


def test_spans_are_those_of_the_text_as_given() -> None:
    decomposed = "Tre\u0300s bonne connaissance du franc\u0327ais, permis B"  # accents written after their letters
    found = {f.field: decomposed[f.start : f.end] for f in extract(decomposed, "fr", None)}
    assert found == {"languages": "franc\u0327ais", "drivingLicences": "permis B"}
    for text in ("İ İ İ rijbewijs B", "ﬁn · permis B", "مرحبا permis B 👍🏽", "\u200fpermis\u00a0B"):
        (licence,) = extract(text, None, None)
        assert text[licence.start : licence.end].endswith("B")
        assert len(text[licence.start : licence.end]) in (len("permis B"), len("rijbewijs B"))


HOSTILE = [
    "",
    " ",
    "\0" * 5000,
    "a" * 20_000,
    "1h" * 10_000,
    "1h " * 6_000,
    "," * 20_000,
    "(" * 20_000,
    "\n" * 20_000,
    "\u0301" * 20_000,
    "e\u0301" * 10_000,
    "😀🇧🇪👩‍👩‍👧" * 2_000,
    "مرحبا بالعالم " * 1_400,
    "pas de permis ou " * 1_100,
    "bonne connaissance de " * 900,
    "français et néerlandais " * 800,
    "FR/NL " * 3_300,
    "permis B, C et " * 1_300,
    "20 à 25 " * 2_500,
    "lundi au " * 2_200,
    "master of " * 2_000,
    "attest van " * 1_800,
    "nacht- en " * 2_000,
    "zorgkundige " * 1_600,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_gets_an_answer(text: str) -> None:
    assert well_formed(text, extract(text, None, None))


@given(st.text(max_size=300), st.sampled_from([None, "fr", "nl", "en", "xx"]))
def test_any_short_text_gets_an_answer(text: str, lang: str | None) -> None:
    assert well_formed(text, extract(text, lang, None))


WORDS = (
    "permis B C CE rijbewijs licence geen niet pas no un plus , . ; : ( ) / et en of ou and - 38h 20 à tot semaine week français "
    "Nederlands English FR NL B1 goede bonne niveau lundi au vendredi zaterdag nuit 2x8 expérience 2 ans jaar diplôme master CDI "
    "interim attest VCA requis gewenst \n"
).split(" ")


@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_words_of_vacancies_in_any_order_get_an_answer(words: list[str]) -> None:
    text = " ".join(words)
    found = extract(text, None, None)
    assert well_formed(text, found)
    spans = clauses(text)
    assert all(one.end <= two.start for one, two in pairwise(spans))
    assert len(plain(text)) == len(text)


def well_formed(text: str, found: Sequence[Finding]) -> bool:
    starts = [finding.start for finding in found]
    return starts == sorted(starts) and all(
        0 <= f.start < f.end <= len(text)
        and f.field in FIELDS
        and (f.code is None or f.code in CODE_LISTS.get({"contract": "contracts"}.get(f.field, f.field), {f.code}))
        and (f.least is None or f.most is None or f.least <= f.most)
        for f in found
    )


# The held-out sentences, labelled independently of the code


def matches(text: str, gold: Mapping[str, Any], finding: Finding) -> bool:
    """Whether a finding says what a label says, in words that overlap; required and unsaid count as the same."""
    asked = gold.get("asked", True)
    same = (
        finding.field == gold["field"]
        and finding.code == gold.get("code")
        and finding.level == (Level(gold["level"]) if gold.get("level") else None)
        and finding.asked == asked
        and (not asked or (finding.requirement is Requirement.DESIRED) == (gold.get("requirement") == "desired"))
        and (finding.least, finding.most) == (gold.get("least"), gold.get("most"))
    )
    at = text.find(gold["words"])
    while same and at >= 0:
        if finding.start < at + len(gold["words"]) and at < finding.end:
            return True
        at = text.find(gold["words"], at + 1)
    return False


def f1(gold: Iterable[Mapping[str, Any]], found: Iterable[tuple[str, Finding]], texts: Mapping[str, str]) -> float:
    """F1 of findings against labels, one to one; `gold` carries its ``id``, `found` the id of the text it stands in.

    True positives p, found n, labelled m: 2p / (n + m). Without any of either it is 1.
    """
    labels = list(gold)
    rest = list(found)
    total = len(labels) + len(rest)
    hits = 0
    for label in labels:
        text = texts[label["id"]]
        hit = next((one for one in rest if one[0] == label["id"] and matches(text, label, one[1])), None)
        if hit:
            rest.remove(hit)
            hits += 1
    return 2 * hits / total if total else 1.0


def score(rows: Sequence[Mapping[str, Any]], fields: set[str]) -> float:
    """F1 of `extract` on labelled rows, for some fields together."""
    texts = {row["id"]: row["text"] for row in rows}
    gold = [{**label, "id": row["id"]} for row in rows for label in row["findings"] if label["field"] in fields]
    found = [(key, finding) for key, text in texts.items() for finding in extract(text, None, None) if finding.field in fields]
    return f1(gold, found, texts)


def test_the_score_is_what_it_says() -> None:
    rows = [
        {
            "id": "1",
            "text": "Permis B et anglais B1, français souhaité",
            "findings": [
                {"field": "drivingLicences", "words": "Permis B", "code": "B", "requirement": "mandatory"},  # as unsaid
                {"field": "languages", "words": "anglais", "code": "en", "level": "B2"},  # another level
                {"field": "languages", "words": "français", "code": "fr", "requirement": "desired"},
            ],
        }
    ]
    assert score(rows, {"drivingLicences"}) == 1
    assert score(rows, {"languages"}) == 2 * 1 / (2 + 2)
    assert score(rows, {"hours"}) == 1


@pytest.mark.parametrize("fields", ["languages", "drivingLicences", "hours", "shifts days"])
def test_held_out_sentences(fields: str) -> None:
    if not HELD_OUT.exists():
        pytest.skip("the labelled sentences are not here (tests/golden/sentences.jsonl)")
    rows = [json.loads(line) for line in HELD_OUT.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert score(rows, set(fields.split())) >= 0.9
