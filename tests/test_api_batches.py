"""Batches over HTTP: put into a queue, done beside the requests, read by who asked for them, and by nobody else."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from python_calamine import load_workbook

from matching.codes import Role
from matching.desk import Asker, Question
from matching.listings import MATCH_COLUMNS
from matching.protocol import BASE
from matching.queue import GIVEN_UP
from matching.tasks import Tasks
from test_api import NOW, Service, assert_problem, serve

ASKED = {"direction": "profiles", "ids": ["p-1"], "top": 3}


@pytest.fixture
def service(tmp_path: Any) -> Iterator[Service]:
    made = serve(tmp_path)
    yield made
    made.store.close()


def started(service: Service, body: dict[str, Any], role: Role = Role.CONSULTANT) -> str:
    response = service.ask("POST", "/batches", role, json=body)
    assert response.status_code == 202, response.get_data(as_text=True)
    told = response.get_json()
    assert response.headers["Location"] == f"{BASE}/batches/{told['id']}"
    assert (told["state"], told["result"]) == ("waiting", None)
    return str(told["id"])


def test_from_the_question_to_the_result(service: Service) -> None:
    batch = started(service, ASKED)
    waiting = service.ask("GET", f"/batches/{batch}")
    assert (waiting.status_code, waiting.get_json()["state"]) == (200, "waiting")
    assert_problem(service.ask("GET", f"/batches/{batch}/result"), 404)
    assert Tasks(service.desk).work_once()
    assert not Tasks(service.desk).work_once()
    done = service.ask("GET", f"/batches/{batch}")
    assert (done.status_code, done.get_json()["state"]) == (303, "done")
    assert done.headers["Location"] == f"{BASE}/batches/{batch}/result"
    found = service.ask("GET", f"/batches/{batch}/result").get_json()
    alone = service.desk.suggest(service.desk.profile("p-1"), Question(top=3), Asker("t", Role.CONSULTANT))
    (item,) = found["items"]
    assert [(m["offerId"], m["score"]) for m in item["matches"]] == [(m.offer_id, m.score) for m in alone.suggestions]
    assert found["settings"]["data"] == alone.versions.data
    table = service.ask("GET", f"/batches/{batch}/result?form=csv").get_data()
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == MATCH_COLUMNS
    assert [row[4] for row in rows[1:]] == [m["offerId"] for m in item["matches"]]
    book = load_workbook(io.BytesIO(service.ask("GET", f"/batches/{batch}/result?form=xlsx").get_data()))
    assert book.sheet_names == ["résultats", "erreurs", "réglages"]
    assert len(book.get_sheet_by_name("résultats").to_python()) == len(rows)


def test_a_recruiter_gets_lists_of_people_without_what_is_private(service: Service) -> None:
    assert_problem(service.ask("POST", "/batches", Role.RECRUITER, json=ASKED), 403)
    assert_problem(service.ask("POST", "/batches", Role.RECRUITER, json={"direction": "offers", "asOf": "2025-04-10"}), 400)
    batch = started(service, {"direction": "offers", "top": 3}, Role.RECRUITER)
    assert Tasks(service.desk).work_once()
    told = service.ask("GET", f"/batches/{batch}/result", Role.RECRUITER).get_data(as_text=True)
    profile = service.desk.profile("p-1")
    assert json.loads(told)["items"]
    for secret in (profile.target_group, profile.source.name, profile.contact_id):
        assert secret is None or f'"{secret}"' not in told


def test_only_who_asked_sees_a_batch(service: Service) -> None:
    batch = started(service, ASKED)
    for path in (f"/batches/{batch}", f"/batches/{batch}/result"):
        assert_problem(service.ask("GET", path, Role.RECRUITER), 404)
    assert_problem(service.ask("GET", "/batches/nothing"), 404)


def test_a_retry_starts_nothing_anew(service: Service) -> None:
    once, twice = (service.ask("POST", "/batches", json=ASKED, headers={"Idempotency-Key": "b"}) for _ in range(2))
    assert once.get_json() == twice.get_json()
    assert once.headers["Location"] == twice.headers["Location"]
    assert Tasks(service.desk).work_once()
    assert not Tasks(service.desk).work_once()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"direction": "people"},
        {"direction": "offers", "relax": ["hours"]},
        {"direction": "profiles", "top": 0},
        {"direction": "profiles", "top": 201},
        {"direction": "profiles", "ids": []},
        {"direction": "profiles", "weights": {"beauty": 1}},
        {"direction": "profiles", "perPosition": 0},
        {"direction": "profiles", "file": "x"},
    ],
)
def test_a_wrong_question_is_refused_at_once(service: Service, body: dict[str, Any]) -> None:
    assert assert_problem(service.ask("POST", "/batches", json=body), 400)["issues"]
    assert not Tasks(service.desk).work_once()


def test_records_that_are_not_there_are_told_and_the_others_answered(service: Service) -> None:
    batch = started(service, {"direction": "offers", "ids": ["v-cook", "v-nowhere", "t-1"]})
    assert Tasks(service.desk).work_once()
    found = service.ask("GET", f"/batches/{batch}/result").get_json()
    assert [item["id"] for item in found["items"]] == ["v-cook"]
    assert {problem["code"] for problem in found["problems"]} == {"not_found", "no_candidates"}


def test_a_batch_whose_process_was_stopped_is_taken_up_again(service: Service) -> None:
    batch = started(service, ASKED)
    taken = service.store.queue.take(NOW)
    assert taken is not None
    assert taken.id == batch
    assert service.store.queue.take(NOW) is None
    assert service.store.queue.take(NOW + GIVEN_UP + timedelta(seconds=1)) == taken.__class__(
        **{**{name: getattr(taken, name) for name in taken.__slots__}, "seen_at": NOW + GIVEN_UP + timedelta(seconds=1)}
    )


def test_erasing_a_person_drops_every_batch(service: Service) -> None:
    batch = started(service, ASKED)
    assert Tasks(service.desk).work_once()
    assert service.ask("DELETE", "/profiles/p-1").status_code == 204
    assert_problem(service.ask("GET", f"/batches/{batch}/result"), 404)


def test_what_nobody_foresaw_makes_it_fail_and_not_the_queue(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = started(service, ASKED)
    monkeypatch.setattr("matching.tasks.given_of", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        Tasks(service.desk).work_once()
    assert service.ask("GET", f"/batches/{batch}").get_json()["state"] == "failed"
