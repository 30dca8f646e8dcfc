"""Words at the command line: what a text says, proposals confirmed, concepts as one types, many texts linked, imports filled."""

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from matching import extraction
from matching.codes import LANGUAGES_OF_SERVICE
from matching.extraction import Finding
from matching.linking import MOST_BYTES
from matching.store import Store
from test_api_texts import NOTE, SECRETS, TEXT, says
from test_cli import answer, fill, good, lines, offer, over_http, run

FLOORS = "urn:linkmatch:starter:competence:clean-floors"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("home"))


@pytest.fixture
def home(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(extraction, "extract", says, raising=False)
    return Path(shutil.copytree(filled, tmp_path / "home"))


def profile(home: Path) -> Any:
    store = Store.open(f"sqlite:///{home / 'linkmatch.sqlite3'}")
    found = store.profile("p-1")
    store.close()
    return found


# What a text says


@pytest.mark.parametrize(
    ("lang", "shown"),
    [
        ("fr", ("permis de conduire", "permis B", "exigé")),
        ("nl", ("rijbewijs", "rijbewijs B", "vereist")),
        ("en", ("driving licence", "driving licence B", "required")),
    ],
)
def test_what_a_text_says_is_shown_with_its_words(home: Path, lang: str, shown: tuple[str, ...]) -> None:
    said = good(home, "extract", TEXT, "--lang", lang).stdout
    assert all(part in said for part in ("words", "field", "value", "requirement", "sure", "permis B", *shown))
    assert "pas demandé" not in said


def test_json_is_what_the_api_answers_and_csv_is_the_table(home: Path) -> None:
    body = {"text": NOTE, "subject": "profile"}
    for lang in LANGUAGES_OF_SERVICE:
        ours = answer(home, "extract", "--input", "-", "--subject", "profile", "--lang", lang, text=NOTE)
        assert ours == over_http(home, "concepts/extractions", body, lang)
    table = good(home, "extract", NOTE, "--subject", "profile", "--format", "csv", "--lang", "nl").stdout_bytes
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig")), delimiter=";"))
    assert [(row["number"], row["words"], row["value"], row["requirement"]) for row in rows] == [
        ("1", "Nederlands B1", "Nederlands B1", ""), ("2", "géén nachtwerk", "nacht", "nee"),
    ]  # fmt: skip


def test_a_text_comes_from_a_file_or_standard_input(home: Path) -> None:
    file = home / "note.txt"
    file.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    assert answer(home, "extract", "--input", str(file)) == answer(home, "extract", TEXT)
    assert answer(home, "extract", "--input", "-", text="") == {"items": []}


def test_the_language_given_is_that_of_the_text(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str | None] = []

    def hears(text: str, lang: str | None, linker: Any) -> tuple[Finding, ...]:
        heard.append(lang)
        return ()

    monkeypatch.setattr(extraction, "extract", hears, raising=False)
    good(home, "extract", TEXT, "--lang", "nl")
    good(home, "extract", TEXT, LINKMATCH_LANG="nl")
    assert heard == ["nl", None]


@pytest.mark.parametrize("data", [b"\xff\xfe", b"x" * 20_001, "é".encode() * 20_001, b"x" * 200_000])
def test_texts_that_cannot_be_read_end_with_1_and_are_not_repeated(home: Path, data: bytes) -> None:
    for words in (("extract", "--input", "-"), ("extract", "--profile", "p-1", "--input", "-", "--confirm", "1")):
        result = run(home, *words, text=data)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "xxx" not in result.stderr
        assert result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("extract",),
        ("extract", "a", "--input", "-"),
        ("extract", "a", "--confirm", "1"),
        ("extract", "a", "--profile", "p-1", "--subject", "offer"),
        ("extract", "a", "--subject", "person"),
        ("extract", NOTE, "--profile", "p-1", "--confirm", "x"),
        ("extract", NOTE, "--profile", "p-1", "--confirm", "0"),
        ("extract", NOTE, "--profile", "p-1", "--confirm", "1,3"),
        ("concepts",),
        ("concepts", "a", "--kind", "sector"),
        ("concepts", "a", "--top", "0"),
        ("import", "profiles", "x.csv", "--no-extract"),
    ],
    ids=lambda words: " ".join(words)[:30],
)
def test_wrong_usage_ends_with_2(home: Path, words: tuple[str, ...]) -> None:
    before = profile(home)
    assert run(home, *words).exit_code == 2
    assert profile(home) == before


def test_proposals_are_listed_by_number_and_only_the_confirmed_are_written(home: Path) -> None:
    before = profile(home)
    shown = good(home, "extract", NOTE, "--profile", "p-1", "--lang", "en").stdout
    assert "number" in shown
    assert profile(home) == before
    changed = answer(home, "extract", NOTE, "--profile", "p-1", "--confirm", "2")
    assert changed == {"profileId": "p-1", "changes": [{"field": "impossibleShifts", "before": None, "after": ["night"]}]}
    assert (profile(home).impossible_shifts, profile(home).languages) == (("night",), before.languages)
    drawn = good(home, "extract", "--profile", "p-1", "--input", "-", "--confirm", "2,1", text=NOTE).stdout
    assert "languages" in drawn
    assert '"level": "B1"' in drawn
    assert {one.code: one.level for one in profile(home).languages} == {"fr": "B2", "nl": "B1"}
    kept = (home / "linkmatch.sqlite3").read_bytes()
    assert not [secret for secret in SECRETS if secret.encode() in kept]


def test_a_person_who_is_not_there_is_said(home: Path) -> None:
    for more in ((), ("--confirm", "1")):
        result = run(home, "extract", NOTE, "--profile", "nobody", *more)
        assert (result.exit_code, "nobody" in result.stderr) == (1, True)


def test_without_a_database_it_is_said(tmp_path: Path) -> None:
    for words in (("extract", "a"), ("concepts", "a")):
        result = run(tmp_path, *words)
        assert (result.exit_code, "linkmatch init" in result.stderr) == (1, True)


# Concepts as one types


def test_concepts_are_suggested(home: Path) -> None:
    found = answer(home, "concepts", "nett sol", "--lang", "nl")["items"]
    told = [(item["uri"], item["label"], item["matched"]) for item in found]
    assert told == [(FLOORS, "vloeren reinigen", "nettoyer les sols")]
    assert "vloeren reinigen" in good(home, "concepts", "netoyer les sol", "--lang", "nl").stdout
    assert answer(home, "concepts", "k", "--kind", "competence", "--top", "1")["items"] == []
    for odd in ("", "  ", "x" * 201):
        result = run(home, "concepts", odd)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "q" in result.stderr


# Many texts


def test_a_text_that_is_too_long_is_named_and_the_others_answered(home: Path) -> None:
    text = f"a\tkok\nb\t{'é' * (MOST_BYTES // 2 + 1)}\nc\tcook\u2028x\r\nd\t{'x' * MOST_BYTES}\n"
    file = home / "texts.tsv"
    file.write_text(text, encoding="utf-8", newline="")
    result = run(home, "link", "occupation", "--input", str(file), "--top", "1", "--lang", "en")
    assert result.exit_code == 1
    assert [line.split("\t")[0] for line in result.stdout.splitlines()][:2] == ["a", "c"]
    assert "Row 2" in result.stderr
    assert "éé" not in result.stderr
    assert "10000" in result.stderr.replace(",", "")


def test_each_line_written_has_four_cells(home: Path) -> None:
    text = "".join(f"{number}\tnettoyer les sols\n" for number in range(120))
    rows = [line.split("\t") for line in good(home, "link", "competence", "--input", "-", text=text).stdout.splitlines()]
    assert {len(row) for row in rows} == {4}
    assert [row[0] for row in rows if row[1] == "1"] == [str(number) for number in range(120)]


# Imports


def texts_of(home: Path, rows: list[dict[str, Any]], *more: str) -> Any:
    return answer(home, "import", "offers", lines(home / "new.jsonl", rows), *more)


def test_an_import_fills_what_is_unsaid_and_counts_it(home: Path) -> None:
    rows = [offer("t-1", text=TEXT), offer("t-2", text=TEXT, drivingLicences=[]), offer("t-3")]
    report = texts_of(home, rows)
    assert (report["new"], report["extracted"]) == (3, {"drivingLicences": 1})
    assert texts_of(home, rows)["unchanged"] == 3
    table = good(home, "import", "offers", str(home / "new.jsonl"), "--lang", "fr").stdout
    assert "lu dans le texte : drivingLicences" in table
    explained = answer(home, "explain", "p-1", "t-1", "--as-of", "2025-04-01", "--lang", "nl")
    (read,) = [reason for reason in explained["match"]["reasons"] if reason["readInText"]]
    assert read["sentence"].endswith(' (gelezen in de tekst: "permis B").')


def test_a_later_import_with_the_field_drops_what_was_read(home: Path) -> None:
    texts_of(home, [offer("t-1", text=TEXT)])
    given = texts_of(home, [offer("t-1", text=TEXT, drivingLicences=[{"code": "C"}])])
    assert (given["changed"], given["extracted"]) == (1, {})
    store = Store.open(f"sqlite:///{home / 'linkmatch.sqlite3'}")
    kept = store.offer("t-1")
    store.close()
    assert kept is not None
    assert ([one.code for one in kept.driving_licences or ()], kept.extracted) == (["C"], ())


def test_reading_texts_can_be_switched_off(home: Path) -> None:
    report = texts_of(home, [offer("t-1", text=TEXT)], "--no-extract")
    assert (report["new"], report["extracted"]) == (1, {})
    assert json.dumps(report["missing"]).count("drivingLicences") == 1
