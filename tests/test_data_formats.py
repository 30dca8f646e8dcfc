"""docs/data-formats.md held to the code: its examples are read, its tables name every field, column, code and limit."""

import csv
import dataclasses
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest

from matching import codes, phrases, records
from matching.classifications import FILES, build_taxonomy, read_esco, read_starter
from matching.crosswalks import READERS, read_crosswalk
from matching.desk import Desk
from matching.files import MAX_DEPTH, MAX_DIGITS, MAX_PROBLEMS, Limits, read_rows, write_template
from matching.flat import NO, OFFER, OUTCOME, PROFILE, SCHEMES, YES, KindOfFile, unflatten
from matching.guidance import GroupRules
from matching.imports import import_records, read_texts, records_document
from matching.ingest import import_offers, import_outcomes, import_profiles, read_any_offer
from matching.jobposting import read_posting
from matching.linking import MOST_BYTES
from matching.listings import MATCH_COLUMNS
from matching.problems import SENTENCES
from matching.records import Offer, Outcome, Profile, camel
from matching.reference import (
    POSTCODE_COLUMNS,
    SHIPPED,
    TRAVEL_COLUMNS,
    group_rules,
    read_guidance,
    read_postcodes,
    read_travel_times,
    shipped_places,
)
from matching.settings import Settings
from matching.sheets import DANGEROUS, write_rows
from matching.store import Counts, Store
from matching.texts import MOST_CHARACTERS
from matching.unsaid import FIELDS, MOST_COMPETENCES
from models.artifact import BASELINE

DOCUMENT = (Path(__file__).parents[1] / "docs" / "data-formats.md").read_text(encoding="utf-8")
BLOCKS = {
    (form, name): text for form, name, text in re.findall(r"^```(\w+) (\S+)\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
}
GROUPS = tuple(read_guidance())
RECORDS: dict[KindOfFile, type[Any]] = {"profiles": Profile, "offers": Offer, "outcomes": Outcome}
COLUMNS: dict[KindOfFile, Any] = {"profiles": PROFILE, "offers": OFFER, "outcomes": OUTCOME}
PARTS = [
    *(records.Source, records.DataBasis, records.Mention, records.HeldCompetence, records.DoneProfession),
    *(records.KnownLanguage, records.Exclusions, records.Constraint, records.AskedCompetence, records.AskedLanguage),
    *(records.AskedLicence, records.AskedCertificate, records.Grants, records.Extracted),
]


def section(heading: str) -> str:
    """The text under a heading, with what stands under smaller ones."""
    found = re.search(rf"^(#+) {re.escape(heading)}\n(.*?)(?=^\1 |^#{{1,2}} |\Z)", DOCUMENT, re.MULTILINE | re.DOTALL)
    assert found, f"no heading {heading}"
    return found[2]


def table_rows(text: str) -> Iterator[list[str]]:
    for line in text.splitlines():
        if line.startswith("|") and not line.startswith("|---"):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def named(text: str) -> set[str]:
    """Everything in code letters outside the examples."""
    return set(re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)))


def outside(record: type[Any]) -> list[str]:
    return [camel(field.name) for field in dataclasses.fields(record)]


def put(written: list[Any]) -> Counts:
    return Counts(new=len(written))


def write(folder: Path, name: str) -> Path:
    """Write the example ``name`` as a file of that name; without an ending the form is the ending."""
    form = next(form for form, known in BLOCKS if known == name)
    path = folder / (name if "." in name else f"{name}.{form}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(BLOCKS[form, name], encoding="utf-8")
    return path


# The examples


def test_every_example_is_named_and_read_by_a_test_here() -> None:
    assert len(re.findall(r"^```", DOCUMENT, re.MULTILINE)) == 2 * len(BLOCKS)
    assert {name for _, name in BLOCKS} == {
        *RECORDS,
        *("jobposting", "jobposting-row", "offers-with-problems", "report"),
        *("esco/occupations_fr.csv", "esco/skills_fr.csv", "esco/occupationSkillRelations.csv"),
        *("crosswalk/mapping.csv", "crosswalk/appellations.csv"),
        *("postcodes", "travel-times", "guidance", "texts"),
    }


@pytest.mark.parametrize("form", ["jsonl", "csv"])
@pytest.mark.parametrize("kind", list(RECORDS))
def test_examples_of_records_are_imported_without_a_problem(kind: KindOfFile, form: str) -> None:
    text = BLOCKS[form, kind]
    rows = read_rows(text.encode(), name=f"example.{form}")
    report = {
        "profiles": lambda: import_profiles(rows, put, groups=GROUPS),
        "offers": lambda: import_offers(rows, put, groups=GROUPS),
        "outcomes": lambda: import_outcomes(rows, put),
    }[kind]()
    assert report.problems == ()
    assert report.new == len(text.splitlines()) - (form == "csv") > 0


def test_the_jobposting_is_read_as_the_document_says() -> None:
    posting = json.loads(BLOCKS["json", "jobposting"])
    said = json.loads(BLOCKS["json", "jobposting-row"])
    found = read_posting(posting)
    assert (found.row, list(found.missing), found.problems) == (said["row"], said["missing"], ())
    offer, missing = read_any_offer(posting, groups=GROUPS)
    assert (offer.id, missing) == ("demo:12", found.missing)


def test_phrases_of_postings_are_read_as_the_document_says() -> None:
    assert [phrases.months(text) for text in ("18 mois", "2 An(s)", "Débutant")] == [18, 24, 0]
    assert [phrases.education_level(text) for text in ("CAP", "Bac+2", "Bachelor", "Master")] == [3, 5, 6, 7]
    assert [phrases.weekly_hours(text) for text in ("35H", "20-25 uur per week", "8h-17h")] == [(35, 35), (20, 25), None]
    assert phrases.shifts("pas de travail de nuit") == phrases.shifts("daytime work or night work") == []


def test_the_classification_and_its_crosswalk_become_one_taxonomy(tmp_path: Path) -> None:
    paths = {name: write(tmp_path, name) for _, name in BLOCKS if name.startswith(("esco/", "crosswalk/"))}
    esco, report = read_esco(tmp_path / "esco")
    assert report["relationsDropped"] == 0
    documents, reports = read_crosswalk(path for name, path in paths.items() if name.startswith("crosswalk/"))
    assert reports["rome"]["relationsDropped"] == 0
    taxonomy = build_taxonomy({"esco": esco, **documents})
    baker = "https://example.org/occupation/baker"
    for code in ("rome:1", "rome:D1102", "isco:7512", "esco:7512.1", baker):
        assert [uri for uri, _ in taxonomy.resolve("occupation", code)] == [baker], code
    assert taxonomy.labels["fr"][baker] == ("boulanger/boulangère", "artisan boulanger", "boulangère")
    keys = named(section("Import report"))
    assert {*report, *reports["rome"], *reports["rome"]["occupations"]} <= keys


def test_postcodes_and_travel_times_are_read_whole(tmp_path: Path) -> None:
    places, report = read_postcodes(write(tmp_path, "postcodes"))
    assert (len(places["places"]), report.problems) == (1, ())
    times, report = read_travel_times(write(tmp_path, "travel-times"))
    assert times == {"without_trains": True, "pairs": [["1000", "1070", 26], ["1070", "1000", 28]]}
    assert (report.blank, report.problems) == (1, ())


def test_rules_of_target_groups_are_read() -> None:
    assert list(group_rules(json.loads(BLOCKS["json", "guidance"]))) == ["art60"]
    assert set(outside(GroupRules)) <= named(section("Target groups"))


def test_texts_to_link_are_read(tmp_path: Path) -> None:
    texts, problems = read_texts(str(write(tmp_path, "texts")))
    assert (texts, problems) == ({"a": "travailler en équipe", "b": "nettoyer les sols"}, [])
    assert f"{MOST_BYTES:,} bytes" in section("Texts to link")


def test_what_is_read_from_a_text_is_named() -> None:
    said = section("Read from the text")
    assert {topic.value for topic in codes.Topic} <= named(said)
    assert {camel(name) for names in FIELDS.values() for name in names} <= named(said) | named(section("Offers"))
    assert f"at most {MOST_COMPETENCES};" in said
    assert f"at most {MOST_CHARACTERS:,} characters" in section("Running texts")


def test_the_import_report_is_the_one_the_service_gives(tmp_path: Path) -> None:
    now = datetime(2025, 4, 1, tzinfo=UTC)
    path = write(tmp_path, "offers-with-problems").rename(tmp_path / "offers.csv")
    store = Store.open(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    try:
        store.create(now)
        desk = Desk(store, Settings(guidance=None), clock=lambda: now)
        report = records_document(import_records(desk, "offers", [str(path)]), [str(path)], "en")
    finally:
        store.close()
    assert json.loads(BLOCKS["json", "report"]) == report
    keys = named(section("Import report"))
    assert {*report, *report["problems"][0]} - {"links"} <= keys
    assert {f"links.{key}" for key in report["links"]} <= keys
    assert {*report["links"]["occupations"], *report["links"]["competences"]} <= keys


# Fields and columns


@pytest.mark.parametrize("kind", list(RECORDS))
def test_every_field_and_column_has_its_row(kind: KindOfFile) -> None:
    cells = [row[:2] for row in table_rows(section(kind.capitalize()))][1:]
    fields = {field.strip("`") for field, _ in cells}
    columns = {(field if column == "same" else column).strip("`") for field, column in cells if "columns" not in column}
    assert {field for field in fields if "." not in field} == set(outside(RECORDS[kind]))
    assert columns == set(COLUMNS[kind])


@pytest.mark.parametrize("kind", list(RECORDS))
def test_the_minus_sign_means_what_the_table_says(kind: KindOfFile) -> None:
    for field, column, _, said, _ in list(table_rows(section(kind.capitalize())))[1:]:
        if "columns" in column:
            continue
        name = (field if column == "same" else column).strip("`")
        row: Any = unflatten({name: "-"}, kind)
        while isinstance(row, dict) and row and name != "occupation":
            row = next(iter(row.values()))
        assert said == {"[]": "none", "0": "0"}.get(str(row), ""), name


def test_every_field_of_every_part_is_named() -> None:
    known = named(section("Parts of records"))
    for part in PARTS:
        assert set(outside(part)) <= known, part.__name__
    assert {f"{scheme}:" for scheme in SCHEMES} <= known


def test_required_fields_are_those_without_a_default() -> None:
    for kind, record in RECORDS.items():
        missing = (dataclasses.MISSING, dataclasses.MISSING)
        needed = {camel(f.name) for f in dataclasses.fields(record) if (f.default, f.default_factory) == missing}
        sentence = re.search(r"Required: (.*?)\.(?=\s|$)", section(kind.capitalize()), re.DOTALL)
        assert sentence
        assert set(re.findall(r"`(\w+)`", sentence[1])) == needed, kind


def test_the_parts_are_read_from_cells_as_the_table_says() -> None:
    cells = {"competences": "cuisiner:mandatory|soudage: TIG", "languages": "nl:B1:desired|fr::desired"}
    offer = unflatten({**cells, "drivingLicences": "C:legal"}, "offers")
    assert offer == {
        "competences": [{"text": "cuisiner", "requirement": "mandatory"}, {"text": "soudage: TIG"}],
        "languages": [{"code": "nl", "level": "B1", "requirement": "desired"}, {"code": "fr", "requirement": "desired"}],
        "drivingLicences": [{"code": "C", "legal": True}],
    }
    profile = unflatten(
        {
            "competences": "cuisiner:expert",
            "professionsDone": "baker:24|rome:D1102:24",
            "languages": "nl|nl:none|nl:-",
            "constraints": "minutes|shifts:solvable",
        },
        "profiles",
    )
    assert profile == {
        "competences": [{"text": "cuisiner", "level": "expert"}],
        "professionsDone": [{"text": "baker", "months": 24}, {"concept": "rome:D1102", "months": 24}],
        "languages": [{"code": "nl"}, {"code": "nl", "level": "none"}, {"code": "nl", "level": "none"}],
        "constraints": [{"limit": "minutes", "solvable": False}, {"limit": "shifts", "solvable": True}],
    }


@pytest.mark.parametrize("kind", list(RECORDS))
def test_templates_read_back_with_every_column(kind: KindOfFile, tmp_path: Path) -> None:
    for ending in ("csv", "xlsx"):
        write_template(kind, tmp_path / f"template.{ending}")
        (row,) = read_rows(tmp_path / f"template.{ending}")
        assert row.problems == ()
        assert row.data is not None
        assert list(row.data) == list(COLUMNS[kind])


# Codes, limits, headers


def test_every_code_stands_in_the_lists() -> None:
    known = named(section("Code lists"))
    lists = [kind for kind in vars(codes).values() if isinstance(kind, type) and issubclass(kind, StrEnum)]
    for kind in lists:
        if kind not in (StrEnum, codes.Role):
            assert {member.value for member in kind} <= known, kind.__name__


def test_words_for_yes_and_no_are_those_read() -> None:
    row = next(row for row in table_rows(section("Rules for every record")) if row[0] == "yes or no")
    yes, no = row[2].split(";")
    assert (set(re.findall(r"`(\w+)`", yes)), set(re.findall(r"`(\w+)`", no))) == (set(YES), set(NO))


def test_limits_are_those_of_the_code() -> None:
    said = {row[0]: row[1] for row in table_rows(section("Files of records"))}
    limits = Limits()
    assert said["file"] == f"{limits.file_bytes:,} bytes"
    assert said["XLSX, unpacked"] == f"{limits.unpacked_bytes:,} bytes"
    assert said["one line of JSON Lines"] == f"{limits.line_bytes:,} bytes"
    assert said["body of an HTTP request"].startswith(f"{Settings.model_fields['max_body_bytes'].default:,} bytes")
    assert (said["rows"], said["columns"]) == (f"{limits.rows:,}", f"{limits.columns:,}")
    assert said["problems kept of one record"].startswith(f"{MAX_PROBLEMS},")
    text = " ".join(section("JSON Lines").split())
    assert f"below 10^{MAX_DIGITS}" in text
    assert f"at most {MAX_DEPTH} levels" in text


def test_bounds_of_values_are_those_of_the_types() -> None:
    """Each number of the column *accepted* is a bound in the type of its field."""
    for kind, record in RECORDS.items():
        types = {camel(field.name): str(field.type) for field in dataclasses.fields(record)}
        for field, _, accepted, _, _ in list(table_rows(section(kind.capitalize())))[1:]:
            of = types.get(field.strip("`"))
            for number in re.findall(r"\d[\d,]*", re.sub(r"NACE rev\. 2", "", accepted)) if of else ():
                bounds = {bound.replace("_", "") for bound in re.findall(r"\d[\d_]*", of or "")}
                assert number.replace(",", "") in bounds, f"{kind}: {field}: {number} is not in {of}"


def test_formulas_are_escaped_as_said() -> None:
    told = named(section("Tables: CSV and XLSX"))
    for first in DANGEROUS:
        assert first in told or first.isspace(), first
        out = BytesIO()
        write_rows(out, ["a"], [[f"{first}1"]], "csv")
        written = StringIO(out.getvalue().decode("utf-8-sig"), newline="")
        assert list(csv.reader(written)) == [["a"], [f"'{first}1"]]


def test_problem_codes_are_those_that_have_words() -> None:
    heading = "| codes | about |"
    table = section("Import report").split(heading)[1].split("\n\n")[0]
    assert named(table) <= set(SENTENCES)


def test_files_and_headers_of_reference_data() -> None:
    esco = section("ESCO folder")
    rows = {row[0].strip("`").removesuffix(".csv").removesuffix("_<lang>"): row[1] for row in table_rows(esco)}
    for name, columns in FILES.items():
        assert set(re.findall(r"`(\w+)`", rows[name])) == set(columns), name
    crosswalks = [set(re.findall(r"`([^`]+)`", row[1])) for row in table_rows(section("Crosswalks"))][1:]
    assert crosswalks == [set(columns) for columns, _ in READERS]
    for heading, accepted in (("Postcodes", POSTCODE_COLUMNS), ("Travel times", TRAVEL_COLUMNS)):
        said = {row[0]: row[1] for row in table_rows(section(heading))}
        for name, headers in accepted.items():
            assert re.findall(r"`(\w+)`", said[name]) == headers.split(), name


def test_shipped_data_are_as_many_as_said() -> None:
    document, _ = read_starter()
    counts = [f"{len(document[kind])} {kind}" for kind in ("occupations", "competences", "groups")]
    text = section("Shipped data")
    assert f"{', '.join(counts)} in fr, nl, en" in text
    assert f"{len(shipped_places())} postcodes" in text
    assert (SHIPPED / "gazetteer.csv").read_text(encoding="utf-8").splitlines()[0] == ",".join(
        name for name in BLOCKS["csv", "postcodes"].splitlines()[0].split(",")
    )


def test_columns_of_answers_and_keys_of_the_model_are_named() -> None:
    assert set(MATCH_COLUMNS) <= named(section("Answers as tables"))
    assert set(json.loads(BASELINE.read_text(encoding="utf-8"))) <= named(section("Database and model"))


def test_links_inside_the_document_lead_somewhere() -> None:
    headings = re.findall(r"^#+ (.*)$", DOCUMENT, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", DOCUMENT)) <= anchors
