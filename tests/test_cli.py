"""The command line from end to end: every command, form and language, exit codes, and what is said of bad input."""

import csv
import http.client
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from python_calamine import load_workbook

from api import create_app
from cli import cli
from matching.codes import LANGUAGES_OF_SERVICE, Role
from matching.desk import Desk
from matching.settings import Settings
from matching.store import Store

ROOT = Path(__file__).parent.parent
DAY = "2025-04-01"
URN = "urn:linkmatch:starter:occupation:"
BASIS = [{"field": "all", "purpose": "guidance", "legalBasis": "GDPR 6(1)(e)", "notifiedOn": "2025-01-02"}]
CLEANER = {
    "id": "p-1",
    "source": {"kind": "ocmw", "name": "OCMW"},
    "basis": BASIS,
    "targetGroup": "art60",
    "registeredOn": "2025-02-01",
    "competences": [{"text": "nettoyer les sols"}, {"text": "xyzzy qwrtp"}],
    "professionsSought": [{"concept": f"{URN}office-cleaner"}],
    "professionsDone": [{"concept": f"{URN}office-cleaner", "months": 24}],
    "languages": [{"code": "fr", "level": "B2"}],
    "postcode": "1000",
    "hoursMin": 20,
    "hoursMax": 38,
    "education": 2,
    "constraints": [{"limit": "hours"}],
}
DONE = {**CLEANER, "id": "p-done", "guidanceEnd": "2025-03-01"}


TAXONOMY = {
    "occupations": {
        "office-cleaner": ("9112", "nettoyeur de bureaux/nettoyeuse de bureaux", "kantoorschoonmaker", "office cleaner"),
        "cook": ("5120", "cuisinier/cuisinière", "kok", "cook"),
    },
    "skills": {
        "clean-floors": ("skill/competence", "nettoyer les sols", "vloeren reinigen", "clean floors"),
        "cook-meals": ("skill/competence", "préparer des repas", "maaltijden bereiden", "cook meals"),
    },
}


def write_taxonomy(folder: Path) -> str:
    """Write a classification of two occupations and two competences, in the layout of ESCO."""
    folder.mkdir()
    for kind, column, what in (("occupations", "iscoGroup", "occupation"), ("skills", "skillType", "competence")):
        for at, lang in enumerate(LANGUAGES_OF_SERVICE, start=1):
            rows = [f"conceptType,conceptUri,{column},preferredLabel,altLabels,status"]
            for slug, words in TAXONOMY[kind].items():
                rows.append(f"X,urn:linkmatch:starter:{what}:{slug},{words[0]},{words[at]},,released")
            (folder / f"{kind}_{lang}.csv").write_text("\n".join(rows), encoding="utf-8")
    essential = [("office-cleaner", "clean-floors"), ("cook", "cook-meals")]
    (folder / "occupationSkillRelations.csv").write_text(
        "occupationUri,relationType,skillType,skillUri\n"
        + "".join(f"{URN}{job},essential,x,urn:linkmatch:starter:competence:{skill}\n" for job, skill in essential),
        encoding="utf-8",
    )
    return str(folder)


def offer(offer_id: str, **changes: Any) -> dict[str, Any]:
    whole = {
        "id": offer_id,
        "source": "toy",
        "kind": "vacancy",
        "title": "Agent d'entretien [H/F/X]",
        "occupation": {"concept": f"{URN}office-cleaner"},
        "competences": [{"text": "nettoyer les sols", "requirement": "mandatory"}],
        "languages": [{"code": "fr", "level": "B1"}],
        "postcodes": ["1070"],
        "hoursMin": 30,
        "hoursMax": 30,
        "employer": "Toy",
        "published": "2025-03-25",
    }
    return whole | changes


OFFERS = [
    offer("o-1"),
    offer("o-2", title="=1+1 nettoyeur", employer="@Toy"),
    offer("o-long", hoursMin=50, hoursMax=50),
    offer("o-guess", occupation=None, competences=None, title="Nettoyeur de bureaux", hoursMin=None, hoursMax=None),
    offer("o-train", kind="training", title="Cours de néerlandais", grants={"languages": [{"code": "nl", "level": "A2"}]}),
]


def lines(path: Path, rows: list[Any]) -> str:
    kept = [{name: value for name, value in row.items() if value is not None} for row in rows]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in kept), encoding="utf-8")
    return str(path)


def run(home: Path, *words: str, text: str | bytes | None = None, **env: str) -> Result:
    """Run one command; whatever it does, no traceback."""
    settings = {"LINKMATCH_DATA_DIR": str(home), "LINKMATCH_LANG": "en", "COLUMNS": "140", **env}
    result = CliRunner().invoke(cli, list(words), input=text, env=settings)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def good(home: Path, *words: str, **given: Any) -> Result:
    result = run(home, *words, **given)
    assert result.exit_code == 0, result.output
    return result


def answer(home: Path, *words: str, **given: Any) -> Any:
    return json.loads(good(home, *words, "--format", "json", **given).stdout)


def fill(home: Path) -> Path:
    """Make a data directory with two profiles and five offers."""
    good(home, "init")
    good(home, "import", "taxonomy", write_taxonomy(home / "esco"))
    good(home, "import", "offers", lines(home / "offers.jsonl", OFFERS))
    good(home, "import", "profiles", lines(home / "profiles.jsonl", [CLEANER, DONE]))
    return home


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory for tests that only read."""
    return fill(tmp_path_factory.mktemp("home"))


@pytest.fixture
def home(filled: Path, tmp_path: Path) -> Path:
    """A copy of it, for tests that write."""
    return Path(shutil.copytree(filled, tmp_path / "home"))


# The database and the settings

NEED_DATABASE = [
    ("keys", "list"),
    ("keys", "create", "--role", "consultant"),
    ("keys", "revoke", "x"),
    ("suggest", "p-1"),
    ("candidates", "o-1"),
    ("explain", "p-1", "o-1"),
    ("link", "occupation", "cook"),
    ("import", "offers", "-"),
    ("serve",),
]


@pytest.mark.parametrize("words", NEED_DATABASE, ids=" ".join)
def test_a_missing_database_is_said(tmp_path: Path, words: tuple[str, ...]) -> None:
    result = run(tmp_path, *words, text="")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "linkmatch init" in result.stderr


@pytest.mark.parametrize(("lang", "said"), [("fr", "n'est pas prête"), ("nl", "is niet klaar"), ("en", "is not ready")])
def test_the_language_comes_from_the_option_or_the_environment(tmp_path: Path, lang: str, said: str) -> None:
    assert said in run(tmp_path, "suggest", "p-1", "--lang", lang).stderr
    assert said in run(tmp_path, "suggest", "p-1", LINKMATCH_LANG=lang).stderr


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("LINKMATCH_LANG", "de", 2),
        ("LINKMATCH_CONCURRENT_MATCHES", "many", 2),
        ("LINKMATCH_EXPLORATION", "0.21", 2),
        ("LINKMATCH_DATABASE_URL", "nonsense", 1),
        ("LINKMATCH_DATABASE_URL", "sqlite:////no/such/folder/x.sqlite3", 1),
        ("LINKMATCH_DATABASE_URL", "oracle://somewhere/x", 1),
        ("LINKMATCH_DATA_DIR", "/dev/null/x", 1),
    ],
)
def test_wrong_settings_are_said(tmp_path: Path, name: str, value: str, code: int) -> None:
    for words in (("init",), ("suggest", "p-1")):
        result = run(tmp_path, *words, **{name: value})
        assert result.exit_code == code, result.output
        assert result.stderr


def test_init_may_be_repeated(home: Path) -> None:
    assert answer(home, "init") == {"ready": True, "database": str(home)}
    assert answer(home, "suggest", "p-1", "--as-of", DAY)["status"] == "ok"


@pytest.mark.parametrize(
    "words",
    [
        ("suggest",),
        ("suggest", "p-1", "--top", "0"),
        ("suggest", "p-1", "--as-of", "31/02/2025"),
        ("suggest", "p-1", "--weight", "languages"),
        ("suggest", "p-1", "--kind", "job"),
        ("suggest", "p-1", "--format", "pdf"),
        ("keys", "create", "--role", "boss"),
        ("import", "offers"),
        ("import", "offers", "no-such-file.jsonl"),
        ("link", "occupation"),
        ("link", "person", "x"),
        ("nonsense",),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2(filled: Path, words: tuple[str, ...]) -> None:
    assert run(filled, *words).exit_code == 2


def test_keys_are_made_listed_and_revoked(home: Path) -> None:
    made = answer(home, "keys", "create", "--role", "recruiter", "--label", "Select")
    store = Store.open(f"sqlite:///{home / 'linkmatch.sqlite3'}")
    found = store.key(made["secret"])
    assert found is not None
    assert (found.id, found.role, found.label) == (made["id"], Role.RECRUITER, "Select")
    listed = good(home, "keys", "list")
    assert made["id"] in listed.stdout
    assert made["secret"] not in listed.stdout
    good(home, "keys", "revoke", made["id"])
    assert store.key(made["secret"]) is None
    assert run(home, "keys", "revoke", made["id"]).exit_code == 1
    store.close()


# Imports

def test_importing_again_changes_nothing(home: Path) -> None:
    report = answer(home, "import", "offers", str(home / "offers.jsonl"))
    assert {name: report[name] for name in ("read", "new", "changed", "unchanged", "refused")} == {
        "read": 5, "new": 0, "changed": 0, "unchanged": 5, "refused": 0,
    }  # fmt: skip
    assert report["links"]["occupations"] == {"byCode": 4, "byName": 0, "guessed": 1, "none": 0}
    assert report["links"]["competences"] == {"read": 4, "sure": 4, "unsure": 0, "unlinked": 0}
    assert report["missing"]["education"] == 5


def test_what_cannot_be_linked_is_reported(home: Path) -> None:
    report = good(home, "import", "profiles", str(home / "profiles.jsonl"), "--lang", "nl").stdout
    assert "niet gekoppeld: xyzzy qwrtp" in report


@pytest.mark.parametrize(
    ("lang", "said"),
    [("fr", "organisme de première ligne"), ("nl", "eerstelijnsorganisatie"), ("en", "first-line organisation")],
)
def test_bad_rows_are_told_and_good_rows_kept(home: Path, lang: str, said: str) -> None:
    rows = [{**CLEANER, "id": "p-2"}, {"id": "p-3"}, {**CLEANER, "id": "p-4", "hoursMin": 99}]
    result = run(home, "import", "profiles", lines(home / "new.jsonl", rows), "--lang", lang)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "hoursMin" in result.stderr
    assert answer(home, "suggest", "p-2", "--as-of", DAY)["profileId"] == "p-2"
    assert run(home, "suggest", "p-3").exit_code == 1


def test_strict_keeps_nothing_of_a_file_with_a_problem(home: Path) -> None:
    bad = lines(home / "bad.jsonl", [offer("n-1"), offer("n-2", kind="job")])
    fine = lines(home / "fine.jsonl", [offer("n-3")])
    result = run(home, "import", "offers", bad, fine, "--strict", "--format", "json")
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (report["read"], report["new"], report["refused"], report["keptBack"]) == (3, 1, 1, 1)
    assert report["problems"][0]["record"].startswith("file bad.jsonl, row 2")
    assert "bad.jsonl, row 2" in result.stderr
    assert run(home, "candidates", "n-1").exit_code == 1
    assert run(home, "candidates", "n-3", "--as-of", DAY).exit_code == 0


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", ["offers", "profiles", "outcomes"])
def test_a_template_reads_back(home: Path, kind: str, ending: str) -> None:
    file = str(home / f"template.{ending}")
    good(home, "import", kind, "--template", file)
    assert answer(home, "import", kind, file)["new"] == 1
    assert answer(home, "import", kind, file)["unchanged"] == 1


def test_a_template_and_rows_go_through_standard_streams(home: Path) -> None:
    template = good(home, "import", "offers", "--template", "-").stdout_bytes
    assert answer(home, "import", "offers", "-", text=template)["new"] == 1


@pytest.mark.parametrize("data", [b"\x00\x01", b"", b"{", b"[1]\n", b"PK\x03\x04broken", b'"a"b;c\n"', b'{"id": NaN}'])
def test_hostile_files_end_with_1(home: Path, data: bytes) -> None:
    file = home / "hostile"
    file.write_bytes(data)
    result = run(home, "import", "offers", str(file))
    assert result.exit_code == 1
    assert result.stderr


def test_outcomes_that_contradict_what_is_stored_are_refused(home: Path) -> None:
    event = {"event": "proposed", "profileId": "p-1", "offerId": "o-1", "happenedOn": DAY, "reportedBy": "c-1"}
    assert answer(home, "import", "outcomes", lines(home / "e.jsonl", [{"id": "e-1", **event}]))["new"] == 1
    otherwise = {"id": "e-1", **event, "happenedOn": "2025-03-01"}
    again = [otherwise, {"id": "e-2", **event}, {"id": "e-3", **event, "corrects": "zz"}]
    file = lines(home / "e2.jsonl", again)
    for strict, new in ((["--strict"], 0), ([], 1), ([], 0)):
        result = run(home, "import", "outcomes", file, "--format", "json", *strict)
        report = json.loads(result.stdout)
        assert result.exit_code == 1
        assert (report["read"], report["new"]) == (3, new)
        assert {problem["record"] for problem in report["problems"]} >= {"outcome e-1"}


def test_reference_files_are_imported_and_change_nothing_again(home: Path) -> None:
    postcodes = home / "places.csv"
    postcodes.write_text("postcode;naam;lat;lon\n9000;Gent;51,05;3,72\nxx;Nergens;51;3\n", encoding="utf-8")
    first = run(home, "import", "postcodes", str(postcodes), "--format", "json")
    assert (first.exit_code, json.loads(first.stdout)["kept"], json.loads(first.stdout)["updated"]) == (1, 1, True)
    assert "xx" in first.stderr
    assert json.loads(run(home, "import", "postcodes", str(postcodes), "--format", "json").stdout)["updated"] is False
    times = home / "times.csv"
    times.write_text("from_postcode,to_postcode,minutes\n1000,1070,12\n", encoding="utf-8")
    assert answer(home, "import", "travel-times", str(times))["updated"] is True
    assert "12 min" in good(home, "explain", "p-1", "o-1", "--as-of", DAY).stdout


def test_a_classification_and_a_crosswalk_are_imported(home: Path) -> None:
    again = answer(home, "import", "taxonomy", str(home / "esco"))
    assert (again["updated"], again["new"], again["changed"], again["unchanged"], again["removed"]) == (False, 0, 0, 4, 0)
    (home / "esco" / "occupations_nl.csv").unlink()
    assert answer(home, "import", "taxonomy", str(home / "esco"))["changed"] == 2
    assert "nouveau" in good(home, "import", "taxonomy", str(home / "esco"), "--lang", "fr").stdout
    mapping = home / "rome.csv"
    mapping.write_text(
        "Classification 2 Name,ROME\nClassification 2 Version,3\nClassification 2 Concept Type,occupation\n"
        "Classification 2 Language,fr\n\n"
        "Classification 1 URI,Classification 1 PrefLabel,Mapping relation,Classification 2 ID,Classification 2 PrefLabel\n"
        f"{URN.replace(':s', ':/s')}cook,x,skos:exactMatch,G1602,Cuisine\n",
        encoding="utf-8",
    )
    assert answer(home, "import", "crosswalk", str(mapping))["schemes"]["rome"]["updated"] is True
    assert "ROME" not in run(home, "import", "crosswalk", str(mapping)).stderr
    assert run(home, "import", "crosswalk", str(home / "offers.jsonl")).exit_code == 1
    (home / "empty").mkdir()
    assert run(home, "import", "taxonomy", str(home / "empty")).exit_code == 1


# Questions

def displayed(text: str) -> list[tuple[list[float], float]]:
    """Numbers added and their sum, for each match in a drawn answer."""
    found, parts = [], list[float]()
    for line in text.splitlines():
        if number := re.match(r"\s+([+−]?\d+[.,]\d\d) \S", line):
            parts.append(float(number[1].replace("−", "-").replace(",", ".")))
        elif total := re.match(r"\s+= ([+−]?\d+[.,]\d\d) ", line):
            found.append((parts, float(total[1].replace("−", "-").replace(",", "."))))
            parts = []
    return found


@pytest.mark.parametrize("lang", LANGUAGES_OF_SERVICE)
@pytest.mark.parametrize("more", [[], ["--all-reasons"]])
def test_the_numbers_shown_add_up(filled: Path, lang: str, more: list[str]) -> None:
    for words in (("suggest", "p-1"), ("candidates", "o-1"), ("explain", "p-1", "o-long")):
        shown = good(filled, *words, "--as-of", DAY, "--lang", lang, *(more if words[0] != "explain" else [])).stdout
        sums = displayed(shown)
        assert sums
        for parts, total in sums:
            assert sum(parts) == pytest.approx(total, abs=1e-9)


def test_the_list_says_what_a_consultant_needs(filled: Path) -> None:
    shown = good(filled, "suggest", "p-1", "--as-of", DAY, "--lang", "fr").stdout
    for part in (
        "1er avril 2025",
        "Agent d'entretien [H/F/X]",
        "1070 Anderlecht",
        "départ, le même pour tous",
        "Presque : une seule limite les écarte",
        "heures par semaine hors limites",
        "Ce que coûtent les limites",
        "Cours de néerlandais",
        "Offres de partenaires · formation",
        "À vérifier",
    ):
        assert part in shown


@pytest.mark.parametrize("width", ["100", "140"])
def test_lists_fit_the_terminal(filled: Path, width: str) -> None:
    shown = good(filled, "suggest", "p-1", "--as-of", DAY, COLUMNS=width).stdout
    assert max(map(len, shown.splitlines())) <= int(width)


def test_weights_kinds_and_limits_are_passed_on(filled: Path) -> None:
    plain = answer(filled, "suggest", "p-1", "--as-of", DAY)
    assert [m["offerId"] for m in plain["nearMisses"]] == ["o-long"]
    relaxed = answer(filled, "suggest", "p-1", "--as-of", DAY, "--relax", "hours", "--top", "1", "--kind", "vacancy")
    assert (len(relaxed["suggestions"]), relaxed["partnerOffers"]) == (1, [])
    weighted = answer(filled, "suggest", "p-1", "--as-of", DAY, "--weight", "languages=0")
    assert weighted["weights"] == {"languages": 0}
    assert weighted["appliedWeights"]["languages"] == 0
    wrong = run(filled, "suggest", "p-1", "--weight", "luck=2")
    assert (wrong.exit_code, "luck" in wrong.stderr) == (1, True)


def test_link_s_dates_close_the_list_unless_a_person_overrides(filled: Path) -> None:
    assert answer(filled, "suggest", "p-done", "--as-of", DAY)["status"] == "closed"
    opened = answer(filled, "suggest", "p-done", "--as-of", DAY, "--override-reason", "agreed with the client")
    assert opened["status"] == "ok"
    store = Store.open(f"sqlite:///{filled / 'linkmatch.sqlite3'}")
    shown = store.shown(opened["id"])
    store.close()
    assert shown is not None
    assert shown.override is not None
    assert shown.override.reason == "agreed with the client"
    assert run(filled, "suggest", "p-done", "--as-of", DAY, "--override-reason", " x ").exit_code == 1


def without_ids(found: Any) -> Any:
    """An answer without the ids that are new each time."""
    if isinstance(found, dict):
        return {name: without_ids(value) for name, value in found.items() if name not in {"id", "suggestionId"}}
    return [without_ids(value) for value in found] if isinstance(found, list) else found


def over_http(home: Path, route: str, body: dict[str, Any], lang: str) -> Any:
    settings = Settings(data_dir=home)
    store = Store.open(settings.url())
    desk = Desk(store, settings)
    secret = store.create_key(Role.CONSULTANT, "test", desk.clock())
    client = create_app(desk, settings).test_client()
    headers = {"Authorization": f"Bearer {secret}", "Accept-Language": lang}
    found = client.post(f"/matching/v1/{route}", json=body, headers=headers)
    store.close()
    assert found.status_code == 200, found.text
    return found.get_json()


@pytest.mark.parametrize("lang", LANGUAGES_OF_SERVICE)
def test_json_is_what_the_api_answers(filled: Path, lang: str) -> None:
    asked = {"asOf": DAY}
    for words, route, body in (
        (("suggest", "p-1"), "suggestions", {"profileId": "p-1"}),
        (("candidates", "o-1"), "candidates", {"offerId": "o-1", "top": 20}),
        (("explain", "p-1", "o-long"), "explanations", {"profileId": "p-1", "offerId": "o-long"}),
    ):
        ours = answer(filled, *words, "--as-of", DAY, "--lang", lang)
        assert without_ids(ours) == without_ids(over_http(filled, route, {**body, **asked}, lang))


def test_a_profile_may_come_on_standard_input(filled: Path) -> None:
    stored = answer(filled, "suggest", "p-1", "--as-of", DAY)
    given = answer(filled, "suggest", "-", "--as-of", DAY, text=json.dumps(CLEANER))
    assert without_ids(given) == without_ids(stored)
    bad = run(filled, "suggest", "-", text='{"id": "p-9", "email": "a@b.be"}')
    assert bad.exit_code == 1
    assert "email" in bad.stderr
    assert "a@b.be" not in bad.stderr


@pytest.mark.parametrize(("lang", "said"), [("fr", "n'existe pas"), ("nl", "bestaat hier niet"), ("en", "does not exist")])
def test_what_is_not_there_is_said(filled: Path, lang: str, said: str) -> None:
    for words in (("suggest", "nobody"), ("candidates", "nothing"), ("explain", "p-1", "nothing")):
        result = run(filled, *words, "--lang", lang)
        assert (result.exit_code, said in result.stderr) == (1, True)


def test_csv_and_xlsx_hold_every_match_and_no_formula(filled: Path, tmp_path: Path) -> None:
    text = good(filled, "suggest", "p-1", "--as-of", DAY, "--format", "csv").stdout_bytes.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert {row["list"] for row in rows} >= {"suggestions", "nearMisses", "partnerOffers"}
    by_id = {row["offerId"]: row for row in rows}
    assert (by_id["o-2"]["title"], by_id["o-2"]["employer"]) == ("'=1+1 nettoyeur", "'@Toy")
    file = tmp_path / "list.xlsx"
    good(filled, "suggest", "p-1", "--as-of", DAY, "--output", str(file))
    sheet = load_workbook(str(file)).get_sheet_by_index(0).to_python()
    assert len(sheet) == len(rows) + 1
    assert "=1+1 nettoyeur" in {row[sheet[0].index("title")] for row in sheet}


def test_every_form_can_go_to_a_file(filled: Path, tmp_path: Path) -> None:
    for form in ("table", "json", "csv", "xlsx"):
        file = tmp_path / f"answer.{form}"
        assert good(filled, "candidates", "o-1", "--as-of", DAY, "--format", form, "--output", str(file)).stdout == ""
        assert file.stat().st_size > 100
    nowhere = run(filled, "candidates", "o-1", "--output", str(tmp_path / "no" / "folder.json"))
    assert (nowhere.exit_code, "folder.json" in nowhere.stderr) == (1, True)


# Texts to concepts

def test_a_text_is_linked(filled: Path) -> None:
    found = answer(filled, "link", "occupation", "nettoyeur de bureaux", "--top", "3", "--lang", "fr")
    assert len(found["items"]) <= 3
    assert found["items"][0]["concept"] == f"{URN}office-cleaner"
    assert "office-cleaner" in good(filled, "link", "occupation", "nettoyeur de bureaux").stdout


def test_many_texts_are_linked_as_tab_separated_lines(filled: Path) -> None:
    text = "a\tnettoyeur de bureaux\nno tab here\nb\tkok\na\ttwice\nc\t \n"
    result = run(filled, "link", "occupation", "--input", "-", "--top", "2", text=text)
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert [row[:2] for row in rows] == [["a", "1"], ["a", "2"], ["b", "1"], ["b", "2"]]
    assert rows[0][2] == f"{URN}office-cleaner"
    assert 0 < float(rows[0][3]) <= 1
    assert result.exit_code == 1
    assert "Row 2" in result.stderr
    assert "Row 4" in result.stderr
    assert "Row 5, text: this is required" in result.stderr
    empty = run(filled, "link", "occupation", " ")
    assert (empty.exit_code, empty.stdout) == (1, "")
    assert run(filled, "link", "competence", "--input", "-", text=b"a\t\xff\n").exit_code == 1


# The demo, the server, the installed program

def process(home: Path, *words: str) -> "subprocess.Popen[str]":
    env = {**os.environ, "LINKMATCH_DATA_DIR": str(home), "LINKMATCH_LANG": "fr"}
    command = [sys.executable, "-m", "cli", *words]
    return subprocess.Popen(command, cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_the_demo_prints_the_answer_of_the_api_and_nothing_else(tmp_path: Path) -> None:
    demo = process(tmp_path, "demo", "--no-serve", "--format", "json")
    stdout, stderr = demo.communicate(timeout=180)
    assert demo.returncode == 0, stderr
    assert stderr == ""
    ours = json.loads(stdout)
    assert ours["status"] == "ok"
    for part in ("suggestions", "nearMisses", "prices", "partnerOffers", "dutchCourses"):
        assert ours[part], part
    body = {"profileId": "link-demo", "asOf": ours["asOf"]}
    assert without_ids(over_http(tmp_path / "demo", "suggestions", body, "fr")) == without_ids(ours)
    store = Store.open(f"sqlite:///{tmp_path / 'demo' / 'linkmatch.sqlite3'}")
    store.delete_offer(ours["suggestions"][0]["offerId"])
    store.close()
    repaired = answer(tmp_path, "demo", "--no-serve", "--lang", "fr")
    assert without_ids(repaired["suggestions"]) == without_ids(ours["suggestions"])


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_server_answers_once_it_says_so_and_stops_when_told(filled: Path, workers: str) -> None:
    server = process(filled, "serve", "--port", "0", "--workers", workers)
    assert server.stderr is not None
    try:
        address = ""
        while not address:
            line = server.stderr.readline()
            assert line, "the server ended"
            address = next(iter(re.findall(r"http://\S+", line)), "")
        route = http.client.HTTPConnection(address.split("/")[2], timeout=30)
        route.request("GET", "/matching/v1/health")
        assert json.load(route.getresponse())["status"] == "UP"
        route.close()
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)
        assert server.returncode == 0
    finally:
        server.kill()
        server.communicate()


def test_a_taken_port_is_said(filled: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = process(filled, "serve", "--port", str(taken.getsockname()[1]))
        _, stderr = server.communicate(timeout=120)
    assert server.returncode == 1
    assert "Traceback" not in stderr


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[str]:
    found = []
    for name, command in group.commands.items():
        inner = commands(command, (*path, name)) if isinstance(command, click.Group) else [" ".join((*path, name))]
        found += inner
    return found


def test_every_command_has_its_heading() -> None:
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    headings = re.findall(r"^#+ `linkmatch ([a-z -]+?)`$", page, re.MULTILINE)
    assert sorted(headings) == sorted(commands(cli))


def test_every_option_is_in_the_documentation() -> None:
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")

    def options(command: click.Command) -> set[str]:
        inner = set().union(*(options(c) for c in command.commands.values())) if isinstance(command, click.Group) else set()
        return inner | {name for p in command.params for name in p.opts if name.startswith("--")}

    assert {name for name in options(cli) if f"`{name}" not in page} == set()
