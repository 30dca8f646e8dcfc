"""Reports and models over HTTP: the numbers of the command line, kept and served, and nothing about one person."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema_rs
import numpy as np
import pytest
from click.testing import CliRunner

from cli import cli
from matching import reports
from matching.codes import Role
from matching.protocol import BASE, DETAILS
from matching.reports import EVALUATION, MATCH_TO_HIRE, REPORTS
from matching.settings import Settings
from models import registry
from models.artifact import BASELINE, checksum, load
from test_api import NOW, Service, assert_problem, serve
from test_openapi import schema_of
from test_store import a_list, a_match, a_profile, an_offer, an_outcome
from training.demo import DEMO_DAY, demo_desk
from training.history import digest_of, read_history

COMMANDS = {MATCH_TO_HIRE: ("report", "match-to-hire"), EVALUATION: ("evaluate",)}
KINDS = tuple(COMMANDS)


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Serve the toy world, with one person who had a list and was hired, and point the command line at it."""
    made = serve(tmp_path)
    monkeypatch.setenv("LINKMATCH_DATABASE_URL", f"sqlite:///{tmp_path / 'api.sqlite3'}")
    monkeypatch.setenv("LINKMATCH_DATA_DIR", str(tmp_path))
    made.store.put_profile(a_profile(target_group="art60"), NOW)
    made.store.put_offer(an_offer(), NOW)
    made.store.record_suggestions(a_list("l1", a_match()), NOW)
    made.store.record_outcomes([an_outcome("e1")], NOW)
    yield made
    made.store.close()


def run(*args: str) -> Any:
    done = CliRunner().invoke(cli, [*args, "--format", "json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def get(service: Service, path: str, role: Role = Role.EVALUATOR, **more: Any) -> Any:
    return service.ask("GET", path, role, **more)


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_that_nobody_made_is_not_there_and_the_words_say_what_to_do(service: Service, kind: str) -> None:
    for at, lang in enumerate(("fr", "nl", "en")):
        told = assert_problem(get(service, f"/reports/{kind}", headers={"Accept-Language": lang}), 404)
        assert told["type"].endswith(":resourceNotFound")
        assert told["detail"] == DETAILS["noReport"][at]
        assert "linkmatch evaluate" in told["detail"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_route_serves_what_the_command_line_wrote(service: Service, kind: str) -> None:
    first = run(*COMMANDS[kind], "--as-of", "2025-04-01")
    second = run(*COMMANDS[kind], "--as-of", "2025-04-10")
    answer = get(service, f"/reports/{kind}", headers={"Accept-Language": "en"})
    told = answer.get_json()
    assert told["report"] == second
    assert (told["asOf"], told["ageDays"], told["age"]) == ("2025-04-10", 0, "data as of 10 April 2025 (today)")
    assert told["report"]["definitionsDigest"] == second["definitionsDigest"]
    assert told["report"]["dataDigest"] == digest_of(read_history(service.store, NOW.date()))
    (older,) = told["older"]
    assert older["asOf"] == "2025-04-01"
    earlier = get(service, older["href"].removeprefix(BASE), headers={"Accept-Language": "nl"}).get_json()
    assert earlier["report"] == first
    assert (earlier["age"], earlier["older"]) == ("gegevens op 1 april 2025 (9 dagen geleden)", [])
    jsonschema_rs.validator_for(schema_of("GET", f"/reports/{kind}", 200, "application/json")).validate(told)
    same = get(service, f"/reports/{kind}", headers={"Accept-Language": "en", "If-None-Match": answer.headers["ETag"]})
    assert same.status_code == 304
    assert_problem(get(service, f"/reports/{kind}?edition=none"), 404)
    assert_problem(get(service, f"/reports/{kind}?which=none"), 400)
    for role in set(Role) - {Role.EVALUATOR, Role.ADMIN}:
        assert_problem(get(service, f"/reports/{kind}", role), 403)


def test_a_report_that_was_refused_is_not_kept(service: Service) -> None:
    with service.store._writer.begin() as connection:
        connection.exec_driver_sql("DELETE FROM outcomes WHERE id = 'e1'")
    for kind, command in COMMANDS.items():
        assert CliRunner().invoke(cli, command).exit_code == 1
        assert_problem(get(service, f"/reports/{kind}"), 404)


def test_a_damaged_report_is_not_served(service: Service, tmp_path: Path) -> None:
    run("evaluate")
    (path,) = (tmp_path / REPORTS / EVALUATION).iterdir()
    path.write_text(path.read_text(encoding="utf-8").replace('"lists": ', '"lists": 1'), encoding="utf-8")
    assert_problem(get(service, "/reports/evaluation"), 500)


def test_editions_are_whole_in_order_and_named_after_what_they_hold(tmp_path: Path) -> None:
    document = {"report": EVALUATION, "asOf": "2025-04-01", "n": 3}
    names = [reports.keep(tmp_path, document, NOW + timedelta(seconds=late)) for late in (5, 0)]
    (tmp_path / EVALUATION / ".part-x").write_text("half")
    (tmp_path / EVALUATION / "notes.json").write_text("{}")
    found = reports.editions(tmp_path, EVALUATION)
    assert [one.name for one in found] == names
    assert [one.computed_at for one in found] == [NOW + timedelta(seconds=5), NOW]
    assert reports.read(tmp_path, EVALUATION, found[1]) == document
    with pytest.raises(ValueError, match="JSON compliant"):
        reports.keep(tmp_path, {**document, "n": float("nan")}, NOW)
    assert len(reports.editions(tmp_path, EVALUATION)) == 2
    assert reports.editions(tmp_path, MATCH_TO_HIRE) == []


def test_models_and_their_cards(service: Service, tmp_path: Path) -> None:
    content = {**json.loads(BASELINE.read_text(encoding="utf-8")), "name": "learned"}
    content = {key: value for key, value in content.items() if key != "checksum"}
    figures = {"learned": {"ndcg_10": {"value": 0.5, "low": 0.4, "high": 0.6}}}
    card = {
        "data": {"as_of": "2025-03-01", "counts": {"hires": 70}},
        "metrics": figures,
        "calibration": {"shown": False},
    }
    version = registry.keep(tmp_path / registry.MODELS, content, card, {"en": "# Card"})
    told = get(service, "/models").get_json()
    assert told["items"] == [
        {
            "model": load().version, "inUse": True, "asOf": None, "hires": None, "ndcg10": None,
            "showsProbability": None, "card": None,
        },
        {
            "model": version, "inUse": False, "asOf": "2025-03-01", "hires": 70, "ndcg10": 0.5, "showsProbability": False,
            "card": f"{BASE}/models/{version}",
        },
    ]  # fmt: skip
    jsonschema_rs.validator_for(schema_of("GET", "/models", 200, "application/json")).validate(told)
    listed = CliRunner().invoke(cli, ["models", "list", "--format", "json"], catch_exceptions=False)
    assert [row["model"] for row in json.loads(listed.stdout)["items"]] == [row["model"] for row in told["items"]]
    shown = get(service, told["items"][1]["card"].removeprefix(BASE)).get_json()
    assert shown == {**card, "model": version, "checksum": checksum(content)}
    for name in ("none", load().version, "..", "%2e%2e%2fapi.sqlite3"):
        assert_problem(get(service, f"/models/{name}"), 404)
    assert_problem(get(service, "/models", Role.CONSULTANT), 403)


def test_the_digest_of_the_data_changes_with_any_column_of_it(service: Service) -> None:
    history = read_history(service.store, NOW.date())
    found = {digest_of(history)}
    assert digest_of(read_history(service.store, NOW.date())) in found
    events = history.events
    service.store.record_outcomes([an_outcome("e9", profile_id="p-1")], NOW)
    for other in (read_history(service.store, NOW.date()), read_history(service.store, NOW.date() - timedelta(days=1))):
        found.add(digest_of(other))
    assert len(found) == 3
    assert len(events.id) + 1 == len(read_history(service.store, NOW.date()).events.id)
    assert np.array_equal(history.events.id, events.id)


def test_no_report_of_the_demo_world_names_anybody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    desk = demo_desk(Settings(data_dir=tmp_path))
    monkeypatch.setenv("LINKMATCH_DATA_DIR", str(tmp_path))
    for command in COMMANDS.values():
        run(*command, "--as-of", DEMO_DAY.isoformat())
    history = read_history(desk.store, DEMO_DAY)
    profiles = desk.store.profiles()
    desk.store.close()
    files = list((tmp_path / REPORTS).rglob("*.json"))
    assert len(files) == 2
    contacts = {getattr(profile, name) for profile in profiles for name in ("referent_id", "contact_id", "backup_id")}
    columns = (history.people.id, history.offers.id, history.suggestions.id, history.suggestions.list_id, history.events.id)
    ids = {name for column in columns for name in column.tolist()} | set(history.events.reported_by.tolist()) | contacts
    assert len(history.people.id) > 100
    assert len(ids - {None, ""}) > 1000
    assert all(re.fullmatch(r"[\w:.-]+", name) for name in ids - {None, ""})
    for file in files:
        words = set(re.findall(r"[\w:.-]+", file.read_text(encoding="utf-8")))
        assert "people" in words
        assert not words & ids
