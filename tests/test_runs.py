"""Batches: each list is the single answer, files come back cell by cell, a stopped run goes on, no secret is told."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
from click.testing import CliRunner
from python_calamine import load_workbook
from sqlalchemy import update

from cli import cli
from matching import runs
from matching.answers import as_json
from matching.batch_files import Batch, Given, as_document, as_sheets, read_given
from matching.codes import LANGUAGES_OF_SERVICE, Event, Kind, Role
from matching.desk import Asker, Desk, Question
from matching.listings import MATCH_COLUMNS
from matching.records import Outcome
from matching.settings import Settings
from matching.sheets import write_book
from matching.store import Store
from matching.tables import lists
from training.demo import DEMO_DAY
from training.history import read_history
from training.measures.service import CAUSE_WORDS
from training.synthetic import demo_world

NOW = datetime.combine(DEMO_DAY, datetime.min.time(), UTC)
RECRUITER, CONSULTANT = Asker("k-r", Role.RECRUITER, "en"), Asker("k-c", Role.CONSULTANT, "fr")


def desk_in(folder: Path) -> Desk:
    """A desk over a small demo world: 70 people, 400 vacancies, 30 partner offers."""
    store = Store.open(f"sqlite:///{folder / 'runs.sqlite3'}")
    store.create(NOW)
    desk = Desk(store, Settings(data_dir=folder), clock=lambda: NOW)
    matcher = desk.loaded().matcher
    world = demo_world(np.random.default_rng(5), matcher.taxonomy, matcher.geography.places, DEMO_DAY, 70, 400, 30)
    store.put_profiles(world.profiles, NOW)
    store.put_offers(world.offers, NOW)
    return desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = desk_in(tmp_path_factory.mktemp("runs"))
    yield made
    made.store.close()


def pairs(item: dict[str, Any], other: str) -> list[tuple[str, float]]:
    return [(match[other], match["score"]) for match in item["matches"]]


def test_each_list_of_vacancies_is_the_single_answer(desk: Desk) -> None:
    result = runs.run(desk, Batch("profiles", 7), read_given(desk, Batch("profiles"), None), CONSULTANT)
    assert [item["id"] for item in result.items] == sorted(p.id for p in desk.store.profiles())
    full = 0
    for item in result.items:
        alone = desk.suggest(desk.profile(item["id"]), Question(top=7), CONSULTANT)
        assert pairs(item, "offerId") == [(m.offer_id, m.score) for m in alone.suggestions]
        assert [m["reasons"] for m in item["matches"]] == [as_json(m)["reasons"] for m in alone.suggestions]
        assert bool(item["message"]) == (not item["matches"])
        full += len(item["matches"]) == 7
    assert full > 30


def test_each_list_of_people_is_the_single_answer(desk: Desk) -> None:
    given = read_given(desk, Batch("offers"), None)
    result = runs.run(desk, Batch("offers", 5), Given(given.records[:60]), RECRUITER)
    assert sum(bool(item["matches"]) for item in result.items) > 20
    for item in result.items:
        alone = desk.candidates(desk.offer(item["id"]), Question(top=5), RECRUITER)
        assert pairs(item, "profileId") == [(m.profile_id, m.score) for m in alone.candidates]


def test_what_is_written_is_logged_once_and_can_be_replayed(desk: Desk) -> None:
    given = Given(tuple(desk.store.profiles()[:3]))
    first, again = (runs.run(desk, Batch("profiles", 4), given, CONSULTANT) for _ in range(2))
    assert first == again
    shown = [match for item in first.items for match in item["matches"]]
    assert shown
    for match in shown:
        logged = [one for one in desk.store.shown_matches(match["profileId"]) if one.id == match["suggestionId"]]
        assert [(one.offer_id, one.rank, one.score) for one in logged] == [(match["offerId"], match["rank"], match["score"])]


@pytest.mark.parametrize("direction", ["profiles", "offers"])
def test_a_run_that_was_stopped_goes_on_with_the_same_result(tmp_path: Path, direction: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(runs, "BLOCK", 10)
    for name in ("whole", "stopped"):
        (tmp_path / name).mkdir()
    whole, stopped = desk_in(tmp_path / "whole"), desk_in(tmp_path / "stopped")
    batch, asker = Batch(direction, 3), RECRUITER if direction == "offers" else CONSULTANT
    given = Given(read_given(whole, batch, None).records[:40])
    expected = runs.run(whole, batch, given, asker)

    def stop(step: str, done: int, total: int) -> None:
        if step == "say" and done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        runs.run(stopped, batch, given, asker, stop)
    (left,) = (stopped.folder / "batches").iterdir()
    assert len(list(left.glob("block-*.json"))) == 2
    said: list[tuple[str, int, int]] = []
    assert runs.run(stopped, batch, given, asker, lambda *step: said.append(step)) == expected
    assert said[-1] == ("say", 40, 40)
    assert list((stopped.folder / "batches").iterdir()) == []


def test_spreading_keeps_to_its_caps_and_tells_what_it_cost(desk: Desk) -> None:
    given = read_given(desk, Batch("profiles"), None)
    plain = runs.run(desk, Batch("profiles", 10), given, CONSULTANT)
    batch = Batch("profiles", 10, spread=True, per_profile=4, per_position=1)
    spread = runs.run(desk, batch, given, CONSULTANT)
    places = {o.id: max(1 if o.positions is None else o.positions - o.filled, 0) for o in desk.store.offers()}
    counts: dict[str, int] = {}
    for item in spread.items:
        assert len(item["matches"]) <= 4
        assert [m["rank"] for m in item["matches"]] == list(range(1, len(item["matches"]) + 1))
        for match in item["matches"]:
            counts[match["offerId"]] = counts.get(match["offerId"], 0) + 1
    assert all(n <= places[name] for name, n in counts.items())
    assert plain.spreading == ()
    assert len(spread.spreading) > 8
    gini = next(row for row in spread.spreading if "Gini" in row[0])
    assert gini[2] < gini[1]


def test_proposals_already_made_count_towards_the_places(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    profile = next(p for p in desk.store.profiles() if desk.suggest(p, Question(top=1), CONSULTANT).suggestions)
    best = desk.suggest(profile, Question(top=1), CONSULTANT).suggestions[0].offer_id
    other = next(p.id for p in desk.store.profiles() if p.id != profile.id)
    offer = desk.offer(best)
    desk.store.put_offers([replace(offer, positions=1, filled=0)], NOW)
    event = Outcome("o-1", Event.PROPOSED, other, DEMO_DAY, "c-1", best)
    desk.store.record_outcomes([event], NOW)
    after = desk.suggest(profile, Question(top=20), CONSULTANT)
    exposure = next(r for m in after.suggestions if m.offer_id == best for r in m.reasons if r.comparison == "exposure")
    assert exposure.value == 0.5  # one position, one person proposed
    batch = Batch("profiles", 5, spread=True, per_position=1)
    result = runs.run(desk, batch, Given((profile,)), CONSULTANT)
    assert best not in [m["offerId"] for m in result.items[0]["matches"]]


def test_every_row_has_a_cell_for_each_column_and_an_empty_list_says_why(desk: Desk) -> None:
    result = runs.run(desk, Batch("profiles", 5), read_given(desk, Batch("profiles"), None), CONSULTANT)
    rows = [dict(zip(MATCH_COLUMNS, row, strict=True)) for row in result.rows]
    empty = [row for row in rows if row["rank"] is None]
    assert {row["profileId"]: row["note"] for row in empty} == {i["id"]: i["message"] for i in result.items if not i["matches"]}
    assert empty


@pytest.mark.parametrize("direction", ["profiles", "offers"])
@pytest.mark.parametrize("spread", [False, True])
def test_an_empty_database_gives_an_empty_batch(tmp_path: Path, direction: Any, spread: bool) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'bare.sqlite3'}")
    store.create(NOW)
    desk = Desk(store, Settings(data_dir=tmp_path), clock=lambda: NOW)
    batch = Batch(direction, 5, spread=spread)
    result = runs.run(desk, batch, read_given(desk, batch, None), CONSULTANT)
    assert (result.items, result.rows, result.problems) == ((), (), ())
    store.close()


@pytest.mark.parametrize("spread", [False, True])
def test_the_log_says_of_each_person_why_the_list_is_empty(tmp_path: Path, spread: bool) -> None:
    desk = desk_in(tmp_path)
    batch = Batch("profiles", 5, spread=spread, per_position=0.1)
    result = runs.run(desk, batch, read_given(desk, batch, None), CONSULTANT)
    log = read_history(desk.store, date.max - timedelta(1))
    assert log.questions is not None
    told = dict(zip(log.people.id[log.questions.person].tolist(), log.questions.cause.tolist(), strict=True))
    assert len(told) == len(log.questions.cause) == len(result.items)  # one list each
    for item in result.items:
        alone = desk.loaded().matcher.suggest(desk.profile(item["id"]), DEMO_DAY)
        taken = spread and alone.lists.get(Kind.VACANCY)
        assert told[item["id"]] == ("" if item["matches"] else "spread" if taken else alone.cause)
    assert {"basis", "too_little_known"} <= set(told.values()) <= CAUSE_WORDS.keys() | {""}
    assert ("spread" in told.values()) == spread
    with desk.store._writer.begin() as connection:  # logged before causes were: the same batch is still the same
        connection.execute(update(lists).values(cause=None))
    runs.run(desk, batch, read_given(desk, batch, None), CONSULTANT)
    desk.store.close()


def test_lists_of_people_hold_nothing_of_group_source_or_contacts(desk: Desk) -> None:
    profiles = desk.store.profiles()
    secret = {p.target_group for p in profiles} | {p.source.name for p in profiles} | {p.contact_id for p in profiles}
    secret |= {p.referent_id for p in profiles} | {p.backup_id for p in profiles}
    result = runs.run(desk, Batch("offers", 5), read_given(desk, Batch("offers"), None), RECRUITER)
    for lang in LANGUAGES_OF_SERVICE:
        told = json.dumps(as_document(result, lang), ensure_ascii=False)
        told += "".join(str(row) for table in as_sheets(result, lang).values() for row in table.rows)
        assert not [word for word in secret if word and f'"{word}"' in told]
    facts = [r["personFact"] or "" for item in result.items for match in item["matches"] for r in match["reasons"]]
    assert not [word for word in secret if word and any(word in fact for fact in facts)]


def home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("LINKMATCH_DATA_DIR", str(folder))
    monkeypatch.setenv("LINKMATCH_DATABASE_URL", f"sqlite:///{folder / 'runs.sqlite3'}")
    return desk_in(folder)


def test_from_xlsx_to_xlsx_cell_by_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = home(tmp_path, monkeypatch)
    ids = [offer.id for offer in desk.store.offers() if offer.kind == Kind.VACANCY][:30]
    source, target, form = tmp_path / "in.xlsx", tmp_path / "out.xlsx", tmp_path / "out.json"
    rows = [[name, None, None, None, None] for name in ids]
    rows += [
        ["nowhere", None, None, None, None],
        ["=1+1", "src", "vacancy", '=HYPERLINK("http://x.example","t")', "+32"],
        ["bad", "src", "no-such-kind", "t", None],
    ]
    write_book(source, {"in": (("id", "source", "kind", "title", "employer"), rows)})
    ask = ["batch", "offers", "--input", str(source), "--as-of", str(DEMO_DAY), "--top", "3", "--lang", "nl"]
    done = CliRunner().invoke(cli, [*ask, "--output", str(target)])
    assert done.exit_code == 1, done.output
    assert "nowhere" in done.stderr
    assert "no-such-kind" in done.stderr
    book = load_workbook(str(target))
    assert book.sheet_names == ["resultaten", "fouten", "instellingen"]
    header, *cells = book.get_sheet_by_name("resultaten").to_python()
    assert header == MATCH_COLUMNS
    CliRunner().invoke(cli, [*ask, "--output", str(form)])
    document = json.loads(form.read_text())
    matches = [match for item in document["items"] for match in item["matches"]]
    told = [dict(zip(header, row, strict=True)) for row in cells]
    assert [row["offerId"] for row in told if not row["rank"]] == [i["id"] for i in document["items"] if not i["matches"]]
    filled = [row for row in told if row["rank"]]
    assert [(r["profileId"], r["offerId"], r["rank"], r["title"]) for r in filled] == [
        (m["profileId"], m["offerId"], m["rank"], m["title"]) for m in matches
    ]
    for row, match in zip(filled, matches, strict=True):
        assert row["score"] == pytest.approx(match["score"], abs=1e-12)
        assert row["reasons"] == " | ".join(f"{r['contribution']:+.2f} {r['sentence']}" for r in match["reasons"])
        assert row["suggestionId"] == match["suggestionId"]
    assert len(book.get_sheet_by_name("fouten").to_python()) == 3
    assert ["asOf", str(DEMO_DAY)] in book.get_sheet_by_name("instellingen").to_python()
    with zipfile.ZipFile(target) as parts:
        assert not [n for n in parts.namelist() if n.startswith("xl/worksheets") and b"<f>" in parts.read(n)]
    assert not list(tmp_path.glob("*.part"))
    again = tmp_path / "again.xlsx"
    CliRunner().invoke(cli, [*ask, "--output", str(again)])
    assert again.read_bytes() == target.read_bytes()


def test_forms_and_wrong_use_at_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home(tmp_path, monkeypatch)
    lines = CliRunner().invoke(cli, ["batch", "profiles", "--input", "-", "--as-of", str(DEMO_DAY), "--format", "csv"], input="")
    assert lines.exit_code == 1
    assert isinstance(lines.exception, SystemExit)  # an error that is told, no fault of the program
    for direction in ("profiles", "offers"):
        for header in ("x,y\n", "id;title\n", " \n"):
            (tmp_path / "bare.csv").write_text(header)
            bare = CliRunner().invoke(cli, ["batch", direction, "--input", str(tmp_path / "bare.csv"), "--lang", "en"])
            assert isinstance(bare.exception, SystemExit)
            assert bare.exit_code == 1
            assert "give at least one row" in bare.stderr or "cannot be read" in bare.stderr
    one = CliRunner().invoke(
        cli, ["batch", "profiles", "--input", "-", "--as-of", str(DEMO_DAY), "--format", "json"], input='{"id": "link-demo"}\n'
    )
    assert one.exit_code == 0
    assert [item["id"] for item in json.loads(one.stdout)["items"]] == ["link-demo"]
    assert CliRunner().invoke(cli, ["batch", "offers", "--relax", "hours"]).exit_code == 2
    assert CliRunner().invoke(cli, ["batch", "people"]).exit_code == 2


def test_a_sheet_goes_on_where_one_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matching.sheets.ROWS_OF_SHEET", 3)
    out = io.BytesIO()
    write_book(out, {"a": (("n",), [[n] for n in range(7)]), "b": (("n",), [])})
    book = load_workbook(io.BytesIO(out.getvalue()))
    assert book.sheet_names == ["a", "a 2", "a 3", "b"]
    assert [len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names] == [4, 4, 2, 1]


def test_a_cluster_gives_the_same(desk: Desk) -> None:
    distributed = pytest.importorskip("distributed")
    given = read_given(desk, Batch("profiles"), None)
    here = runs.run(desk, Batch("profiles", 5), given, CONSULTANT)
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        there = runs.run(desk, Batch("profiles", 5), given, CONSULTANT, scheduler=cluster.scheduler_address)
    assert there == here
    with joblib.parallel_config(backend="sequential"):
        assert runs.run(desk, Batch("profiles", 5), given, CONSULTANT) == here
