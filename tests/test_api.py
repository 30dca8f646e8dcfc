"""The HTTP entrance: each route, who may use it, what it refuses, and that a refusal leaves nothing behind."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

import api
import world
from matching.answers import Versions
from matching.codes import CODE_LISTS, Kind, Role
from matching.desk import Desk
from matching.linking.index import build
from matching.loading import Loaded
from matching.log import ShownList
from matching.protocol import BASE, merge_patch
from matching.settings import Settings
from matching.store import Store

NOW = datetime(2025, 4, 10, 9, tzinfo=UTC)
MOST_BYTES = 100_000
NATIONAL_NUMBER = "85.07.30-033.28"


@dataclass(frozen=True)
class Service:
    app: Any
    desk: Desk
    keys: dict[Role, str]

    @property
    def store(self) -> Store:
        return self.desk.store

    def key_id(self, role: Role) -> str:
        key = self.store.key(self.keys[role])
        assert key is not None
        return key.id

    def ask(self, method: str, path: str, role: Role | None = Role.CONSULTANT, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.keys[role]}"} if role else {}
        headers |= more.pop("headers", {})
        return self.app.test_client().open(BASE + path, method=method, headers=headers, **more)


def serve(folder: Path) -> Service:
    """Give the service over the toy world: one person, six vacancies, one training kept for a group."""
    store = Store.open(f"sqlite:///{folder / 'api.sqlite3'}")
    store.create(NOW)
    settings = Settings(data_dir=folder, max_body_bytes=MOST_BYTES, concurrent_matches=2)
    desk = Desk(store, settings, clock=lambda: NOW)
    # The desk goes on with the toy classification and places, and reads the offers itself.
    desk._loaded = Loaded((-1, store.revision("reference"), 0), world.matcher([]), Versions("", "", ""), build)
    training = world.vacancy("cleaner", id="t-1", kind=Kind.TRAINING, audience=("art60",), title="Mopping")
    store.put_offers([*world.market(), training], NOW)
    store.put_profiles([world.profile()], NOW)
    keys = {role: store.create_key(role, "test", NOW) for role in Role}
    return Service(api.create_app(desk, settings), desk, keys)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    made = serve(tmp_path_factory.mktemp("api"))
    yield made
    made.store.close()


def profile_row(**changes: Any) -> dict[str, Any]:
    row = {"id": "h", "source": {"kind": "ocmw", "name": "OCMW Anderlecht"}, "postcode": "1000"}
    return {**row, **changes}


def offer_row(**changes: Any) -> dict[str, Any]:
    return {"id": "h", "source": "test", "kind": "vacancy", "title": "Poetshulp", **changes}


def outcome_row(**changes: Any) -> dict[str, Any]:
    row = {"id": "e-1", "event": "proposed", "profileId": "p-1", "offerId": "v-cook"}
    return {**row, "happenedOn": "2025-04-10", "reportedBy": "consultant-1", **changes}


def assert_problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.mimetype == "application/problem+json"
    told: dict[str, Any] = response.get_json()
    assert told["status"] == status
    assert told["type"].startswith("urn:problem-type:belgif:")
    assert {"title", "detail", "instance"} <= set(told)
    assert told["instance"] == f"urn:uuid:{response.headers['BelGov-Trace-Id']}"
    return told


# Questions


def test_suggestions_by_id_and_with_the_profile_in_the_body_are_the_same(service: Service) -> None:
    by_id = service.ask("POST", "/suggestions", json={"profileId": "p-1", "top": 3, "kinds": ["vacancy"]})
    row = service.ask("GET", "/profiles/p-1").get_json()
    inside = service.ask("POST", "/suggestions", json={"profile": row, "top": 3, "kinds": ["vacancy"]})
    assert by_id.status_code == inside.status_code == 200
    names = [(m["offerId"], m["score"]) for m in by_id.get_json()["suggestions"]]
    assert names[0][0] == "v-cleaner"
    assert names == [(m["offerId"], m["score"]) for m in inside.get_json()["suggestions"]]


def test_a_shown_list_can_be_read_back_as_it_was_logged(service: Service) -> None:
    shown = service.ask("POST", "/suggestions", json={"profileId": "p-1", "weights": {"languages": 2}}).get_json()
    logged = service.ask("GET", f"/suggestions/{shown['id']}").get_json()
    assert (logged["direction"], logged["subject"], logged["askedRole"]) == ("suggest", "p-1", "consultant")
    assert {m["suggestionId"] for m in shown["suggestions"]} <= {m["suggestionId"] for m in logged["matches"]}
    assert logged["question"]["weights"] == {"languages": 2}


def test_after_guidance_only_a_person_with_a_reason_opens_the_list(service: Service) -> None:
    late = {"profileId": "p-1", "asOf": "2027-01-01"}
    assert service.ask("POST", "/suggestions", json=late).get_json()["status"] == "closed"
    override = {"reason": "contract was prolonged", "by": "consultant-1"}
    opened = service.ask("POST", "/suggestions", json={**late, "override": override}).get_json()
    assert opened["status"] != "closed"
    assert service.ask("GET", f"/suggestions/{opened['id']}").get_json()["override"] == override


def test_candidates_and_explanations(service: Service) -> None:
    found = service.ask("POST", "/candidates", Role.RECRUITER, json={"offerId": "v-cleaner"}).get_json()
    assert [m["profileId"] for m in found["candidates"]] == ["p-1"]
    asked = {"profileId": "p-1", "offerId": "v-cook"}
    match = service.ask("POST", "/explanations", json=asked).get_json()["match"]
    assert match["score"] == pytest.approx(match["start"] + sum(r["contribution"] for r in match["reasons"]))


def test_texts_are_linked_to_concepts(service: Service) -> None:
    asked = {"texts": ["poetshulp", "zzz"], "kind": "occupation", "language": "nl", "top": 2}
    first, second = service.ask("POST", "/concepts/links", Role.PARTNER, json=asked).get_json()["items"]
    link = first["links"][0]
    assert {**link, "score": 1} == {"concept": world.occupation("cleaner"), "label": "poetshulp", "score": 1, "sure": True}
    assert 0.9 < link["score"] <= 1
    assert len(first["links"]) <= 2
    assert second == {"text": "zzz", "links": []}


def test_what_cannot_be_logged_is_not_shown(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(shown: ShownList, now: datetime) -> None:
        raise OperationalError("insert p-1", {}, Exception("disk full p-1"))

    monkeypatch.setattr(service.store, "record_suggestions", fails)
    for path, body in (
        ("/suggestions", {"profileId": "p-1"}),
        ("/candidates", {"offerId": "v-cleaner"}),
        ("/explanations", {"profileId": "p-1", "offerId": "v-cleaner"}),
    ):
        told = assert_problem(service.ask("POST", path, json=body), 500)
        assert "p-1" not in json.dumps(told)
        assert "v-cleaner" not in json.dumps(told)
    monkeypatch.setattr(service.store, "check", lambda: False)
    assert_problem(service.ask("POST", "/suggestions", json={"profileId": "p-1"}), 503)


def test_an_unknown_profile_or_offer_in_a_question_is_named(service: Service) -> None:
    told = assert_problem(service.ask("POST", "/suggestions", json={"profileId": "nobody"}), 400)
    (issue,) = told["issues"]
    assert (issue["name"], issue["value"], issue["in"]) == ("profileId", "nobody", "body")
    assert issue["type"].endswith(":referencedResourceNotFound")
    told = assert_problem(service.ask("POST", "/candidates", json={"offerId": "nothing"}), 400)
    assert told["issues"][0]["name"] == "offerId"


def test_a_busy_service_says_when_to_come_back(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "WAIT_SECONDS", 0.01)
    go_on, entered = threading.Event(), threading.Barrier(3)

    def slow(profile_id: str) -> Any:
        entered.wait(10)
        go_on.wait(10)
        return world.profile()

    monkeypatch.setattr(service.desk, "profile", slow)
    threads = [
        threading.Thread(target=service.ask, args=("POST", "/suggestions"), kwargs={"json": {"profileId": "p-1"}})
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    entered.wait(10)
    refused = service.ask("POST", "/candidates", json={"offerId": "v-cleaner"})
    assert_problem(refused, 503)
    assert int(refused.headers["Retry-After"]) > 0
    assert service.ask("GET", "/offers/v-cook").status_code == 200  # records are read without such a place
    go_on.set()
    for thread in threads:
        thread.join()
    assert service.ask("POST", "/candidates", json={"offerId": "v-cleaner"}).status_code == 200


# Records


@pytest.mark.parametrize(("path", "row"), [("/profiles/h", profile_row()), ("/offers/h", offer_row())])
def test_a_record_is_written_read_changed_and_removed(service: Service, path: str, row: dict[str, Any]) -> None:
    made = service.ask("PUT", path, json=row)
    assert made.status_code == 201
    read = service.ask("GET", path)
    assert read.get_json() == made.get_json()
    assert merge_patch(read.get_json(), row) == read.get_json()  # every field given is there
    assert read.headers["ETag"] == made.headers["ETag"]
    assert service.ask("PUT", path, json=read.get_json()).status_code == 200

    field, value = ("maxMinutes", 30) if "profiles" in path else ("positions", 2)
    changed = service.ask("PATCH", path, json={field: value}, headers={"If-Match": read.headers["ETag"]})
    assert changed.get_json() == {**read.get_json(), field: value}
    patch: dict[str, Any] = {"data": json.dumps({field: None}), "content_type": "application/merge-patch+json"}
    assert service.ask("PATCH", path, **patch).get_json() == read.get_json()

    assert service.ask("DELETE", path).status_code == 204
    assert_problem(service.ask("GET", path), 404)
    assert_problem(service.ask("DELETE", path), 404)
    assert_problem(service.ask("PATCH", path, json={field: value}), 404)


def test_versions_guard_writes_and_spare_reads(service: Service) -> None:
    tag = service.ask("GET", "/offers/v-cook").headers["ETag"]
    unchanged = service.ask("GET", "/offers/v-cook", headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.get_data()) == (304, b"")
    for method, body in (("PUT", {"json": offer_row(id="v-cook")}), ("PATCH", {"json": {}}), ("DELETE", {})):
        assert_problem(service.ask(method, "/offers/v-cook", headers={"If-Match": '"old"'}, **body), 412)
    exists = service.ask("PUT", "/offers/v-cook", json=offer_row(id="v-cook"), headers={"If-None-Match": "*"})
    assert_problem(exists, 412)
    absent = service.ask("PUT", "/offers/absent", json=offer_row(id="absent"), headers={"If-Match": tag})
    assert_problem(absent, 412)
    assert service.ask("GET", "/offers/v-cook").headers["ETag"] == tag


def test_a_change_made_meanwhile_is_not_overwritten(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    step = iter(range(1, 9))

    def somebody_writes() -> datetime:
        service.store.put_offer(world.vacancy("cook", positions=next(step)), NOW)
        return NOW

    service.store.put_offer(world.vacancy("cook", positions=9), NOW)
    monkeypatch.setattr(service.desk, "clock", somebody_writes)  # between reading and writing
    assert_problem(service.ask("PATCH", "/offers/v-cook", json={"filled": 1}), 409)
    tag = service.ask("GET", "/offers/v-cook").headers["ETag"]
    assert_problem(service.ask("PATCH", "/offers/v-cook", json={"filled": 1}, headers={"If-Match": tag}), 412)
    found = service.store.offer("v-cook")
    assert found is not None
    assert found.filled == 0
    service.store.put_offer(world.vacancy("cook"), NOW)


def test_the_id_stands_in_the_address(service: Service) -> None:
    told = assert_problem(service.ask("PUT", "/offers/other", json=offer_row()), 400)
    assert told["issues"][0]["name"] == "id"
    bare = {name: value for name, value in offer_row().items() if name != "id"}
    assert service.ask("PUT", "/offers/a/b", json=bare).get_json()["id"] == "a/b"
    assert service.ask("DELETE", "/offers/a/b").status_code == 204
    for odd in ("x" * 65, "a%00b", NATIONAL_NUMBER):
        told = assert_problem(service.ask("GET", f"/profiles/{odd}"), 404)
        assert odd not in json.dumps(told)


def test_a_patch_that_touches_no_code_leaves_a_code_of_an_import(service: Service) -> None:
    service.store.put_offer(world.vacancy("cook", id="imported", postcodes=("9999",)), NOW)
    assert service.ask("PATCH", "/offers/imported", json={"positions": 3}).get_json()["positions"] == 3
    told = assert_problem(service.ask("PATCH", "/offers/imported", json={"postcodes": ["9998"]}), 400)
    assert [(i["name"], i["code"]) for i in told["issues"]] == [("postcodes[0]", "unknown_postcode")]
    service.store.delete_offer("imported")


def test_collections_go_page_by_page(service: Service) -> None:
    ids, path = [], "/offers?limit=3"
    while path:
        page = service.ask("GET", path.removeprefix(BASE)).get_json()
        assert len(page["items"]) <= 3
        ids += [offer["id"] for offer in page["items"]]
        path = page["next"]
    assert ids == sorted(ids) == sorted(offer.id for offer in service.store.offers())
    assert page["total"] == len(ids)
    people = service.ask("GET", "/profiles").get_json()
    assert [row["id"] for row in people["items"]] == ["p-1"]
    assert (people["total"], people["next"]) == (1, None)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/offers?limit=0", "limit"),
        ("/offers?limit=201", "limit"),
        ("/offers?limit=x", "limit"),
        ("/offers?limit=٣", "limit"),
        ("/offers?limit=1&limit=2", "limit"),
        ("/offers?first=1", "first"),
        ("/offers?after=", "after"),
        ("/offers?after=a%00", "after"),
        ("/proposals?after=-1", "after"),
        (f"/proposals?profileId={NATIONAL_NUMBER}", "profileId"),
        ("/refData?x=1", "x"),
    ],
)
def test_parameters_are_held_to(service: Service, path: str, name: str) -> None:
    told = assert_problem(service.ask("GET", path), 400)
    assert [(issue["in"], issue["name"]) for issue in told["issues"]] == [("query", name)]


def test_erasing_a_person_erases_the_answers_kept_for_retries(service: Service) -> None:
    service.ask("PUT", "/profiles/gone", json=profile_row(id="gone"), headers={"Idempotency-Key": "gone-1"})
    key_id = service.key_id(Role.CONSULTANT)
    assert service.store.remembered(key_id, "gone-1") is not None
    assert service.ask("DELETE", "/profiles/gone", Role.ADMIN).status_code == 204
    assert service.store.remembered(key_id, "gone-1") is None


# Outcomes and proposals


def test_outcomes_are_written_once_and_all_or_none(service: Service) -> None:
    rows = [outcome_row(), outcome_row(id="e-2", event="applied")]
    first = service.ask("POST", "/outcomes", json=rows)
    assert (first.status_code, first.get_json()) == (201, {"new": 2, "unchanged": 0})
    again = service.ask("POST", "/outcomes", json=rows[0])
    assert (again.status_code, again.get_json()) == (200, {"new": 0, "unchanged": 1})
    told = assert_problem(service.ask("POST", "/outcomes", json=outcome_row(event="declined")), 409)
    assert told["issues"][0]["value"] == "e-1"
    told = assert_problem(
        service.ask("POST", "/outcomes", json=[outcome_row(id="e-3"), outcome_row(id="e-4", event="won")]), 400
    )
    assert [issue["name"] for issue in told["issues"]] == ["[1].event"]
    told = assert_problem(service.ask("POST", "/outcomes", json=outcome_row(id="e-5", suggestionId="none")), 400)
    assert [issue["name"] for issue in told["issues"]] == ["suggestionId"]
    assert {event.id for event in service.store.outcomes()} == {"e-1", "e-2"}


def test_proposals_tell_consultants_who_and_recruiters_whether(service: Service) -> None:
    for n in range(3):
        service.ask("POST", "/outcomes", json=outcome_row(id=f"q-{n}", profileId=f"q-{n}", offerId="v-q"))
    first = service.ask("GET", "/proposals?offerId=v-q&limit=2").get_json()
    assert [row["profileId"] for row in first["items"]] == ["q-2", "q-1"]
    assert (first["people"], first["items"][0]["reportedBy"]) == (3, "consultant-1")
    second = service.ask("GET", first["next"].removeprefix(BASE)).get_json()
    assert ([row["profileId"] for row in second["items"]], second["next"]) == (["q-0"], None)

    counted = service.ask("GET", "/proposals?offerId=v-q", Role.RECRUITER).get_json()
    assert counted == {"items": [], "people": 3, "next": None}
    whether = service.ask("GET", "/proposals?offerId=v-q&profileId=q-1", Role.RECRUITER).get_json()
    assert whether["items"] == [{"profileId": "q-1", "offerId": "v-q", "reportedBy": None, "happenedOn": None, "latest": None}]
    assert service.ask("GET", "/proposals?offerId=v-q&profileId=p-1", Role.RECRUITER).get_json()["items"] == []
    assert_problem(service.ask("GET", "/proposals?profileId=q-1", Role.RECRUITER), 400)


# Retries


def test_a_retry_gives_the_same_answer_and_another_body_is_refused(service: Service) -> None:
    headers = {"Idempotency-Key": "k-1"}
    first = service.ask("PUT", "/offers/retried", json=offer_row(id="retried"), headers=headers)
    again = service.ask("PUT", "/offers/retried", json=offer_row(id="retried"), headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.get_data(), first.headers["ETag"]) == (again.get_data(), again.headers["ETag"])
    assert_problem(service.ask("PUT", "/offers/retried", json=offer_row(id="retried", positions=9), headers=headers), 422)
    assert_problem(service.ask("PUT", "/offers/retried2", json=offer_row(id="retried"), headers=headers), 422)
    # A key belongs to who sent it.
    assert service.ask("PUT", "/offers/retried", Role.ADMIN, json=offer_row(id="retried"), headers=headers).status_code == 200
    gone = [service.ask("DELETE", "/offers/retried", headers={"Idempotency-Key": "k-2"}) for _ in range(2)]
    assert [(r.status_code, r.get_data()) for r in gone] == [(204, b""), (204, b"")]


def test_a_retried_question_is_logged_once(service: Service) -> None:
    first, again = (
        service.ask("POST", "/suggestions", json={"profileId": "p-1"}, headers={"Idempotency-Key": "k-3"}) for _ in range(2)
    )
    assert first.get_data() == again.get_data()
    assert first.get_json()["id"] == again.get_json()["id"]


def test_a_refusal_is_not_remembered(service: Service) -> None:
    headers = {"Idempotency-Key": "k-4"}
    assert_problem(service.ask("PUT", "/offers/k", json=offer_row(id="k", kind="job"), headers=headers), 400)
    assert service.ask("PUT", "/offers/k", json=offer_row(id="k"), headers=headers).status_code == 201
    service.store.delete_offer("k")
    for odd in ("x" * 256, "a b"):
        told = assert_problem(service.ask("DELETE", "/offers/k", headers={"Idempotency-Key": odd}), 400)
        assert (told["issues"][0]["in"], told["issues"][0]["name"]) == ("header", "Idempotency-Key")


def test_answers_are_forgotten_after_two_days(tmp_path: Path) -> None:
    fresh = serve(tmp_path)
    fresh.ask("PUT", "/offers/a", json=offer_row(id="a"), headers={"Idempotency-Key": "old"})
    fresh.desk.clock = lambda: NOW + timedelta(days=2, hours=1)
    fresh.ask("PUT", "/offers/b", json=offer_row(id="b"), headers={"Idempotency-Key": "new"})
    key_id = fresh.key_id(Role.CONSULTANT)
    assert fresh.store.remembered(key_id, "old") is None
    assert fresh.store.remembered(key_id, "new") is not None
    fresh.store.close()


# Refusals, languages, headers, log


def test_every_refusal_has_the_one_shape(service: Service) -> None:
    assert_problem(service.ask("GET", "/nothing"), 404)
    assert_problem(service.ask("GET", "/refData/nothing"), 404)
    wrong = service.ask("DELETE", "/refData")
    assert_problem(wrong, 405)
    assert wrong.headers["Allow"] == "GET, HEAD"
    assert_problem(service.ask("OPTIONS", "/offers"), 405)
    assert_problem(service.ask("GET", "/refData", headers={"Accept": "text/html"}), 406)
    assert service.ask("GET", "/refData", headers={"Accept": "text/html, */*;q=0.1"}).status_code == 200
    assert_problem(service.app.test_client().get("/"), 404)
    assert_problem(service.app.test_client().get(f"{BASE}//offers"), 404)


@pytest.mark.parametrize(
    ("asked", "given", "title"),
    [
        ("nl-BE, fr;q=0.5", "nl", "vacature"),
        ("de", "fr", "offre d'emploi"),
        ("en", "en", "vacancy"),
        ("", "fr", "offre d'emploi"),
    ],
)
def test_answers_come_in_the_language_asked(service: Service, asked: str, given: str, title: str) -> None:
    response = service.ask("GET", "/refData/kinds", headers={"Accept-Language": asked})
    assert response.headers["Content-Language"] == given
    assert "Accept-Language" in response.headers["Vary"]
    assert response.get_json()["items"][0] == {"code": "vacancy", "text": title}


def test_refusals_come_in_the_language_asked(service: Service) -> None:
    details = []
    for lang in ("fr", "nl", "en"):
        response = service.ask("PUT", "/offers/h", json=offer_row(kind="job"), headers={"Accept-Language": lang})
        told = assert_problem(response, 400)
        details.append((told["detail"], told["issues"][0]["detail"]))
    assert details[2][1] == f'Offer h, kind: "job" is not in the list; choose from: {", ".join(Kind)}.'
    assert len(set(details)) == 3


def test_every_code_list_is_there(service: Service) -> None:
    names = service.ask("GET", "/refData", Role.EVALUATOR).get_json()
    assert [row["name"] for row in names["items"]] == list(CODE_LISTS)
    for row in names["items"]:
        found = service.ask("GET", row["href"].removeprefix(BASE), Role.PARTNER)
        assert [item["code"] for item in found.get_json()["items"]] == list(CODE_LISTS[row["name"]])
    tag = found.headers["ETag"]
    assert service.ask("GET", row["href"].removeprefix(BASE), headers={"If-None-Match": tag}).status_code == 304


def test_a_trace_id_is_given_back_or_made(service: Service) -> None:
    own = "0b0a4a5c-6c3a-4e6e-9c57-1b9c1b0f5c11"
    assert service.ask("GET", "/health", headers={"BelGov-Trace-Id": own}).headers["BelGov-Trace-Id"] == own
    for odd in (NATIONAL_NUMBER, "x" * 500, "jan@peeters.be"):
        assert odd not in service.ask("GET", "/health", headers={"BelGov-Trace-Id": odd}).headers["BelGov-Trace-Id"]


def test_health_tells_up_degraded_and_down(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    assert service.ask("GET", "/health", None).get_json() == {"status": "UP"}

    def broken() -> Loaded:
        raise ValueError("broken")

    monkeypatch.setattr(service.desk, "loaded", broken)
    degraded = service.ask("GET", "/health", None)
    assert (degraded.status_code, degraded.get_json()) == (200, {"status": "DEGRADED"})
    monkeypatch.setattr(service.store, "check", lambda: False)
    down = service.ask("GET", "/health", None)
    assert (down.status_code, down.get_json()) == (503, {"status": "DOWN"})


def test_log_and_metrics_name_routes_and_never_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fresh = serve(tmp_path)
    fresh.ask("GET", "/profiles/p-1")
    fresh.ask("POST", "/suggestions", json={"profileId": "p-1"})
    fresh.ask("PUT", "/profiles/p-1", json=profile_row(id="p-1", lastName="Peeters"))
    fresh.desk.store.record_suggestions = None  # type: ignore[assignment,method-assign]
    assert_problem(fresh.ask("POST", "/suggestions", json={"profileId": "p-1"}), 500)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["route"], line["status"]) for line in lines if line["event"] == "request"] == [
        ("/profiles/{id}", 200), ("/suggestions", 200), ("/profiles/{id}", 400), ("/suggestions", 500),
    ]  # fmt: skip
    assert all({"method", "ms", "trace_id", "role"} <= set(line) for line in lines if line["event"] == "request")
    (failure,) = [line for line in lines if line["event"] == "failure"]
    assert failure["trace_id"] == lines[-1]["trace_id"]
    metrics = fresh.app.test_client().get("/metrics", headers={"X-API-Key": fresh.keys[Role.EVALUATOR]}).get_data(as_text=True)
    assert 'linkmatch_requests_total{method="GET",route="/profiles/{id}",status="200"} 1.0' in metrics
    for text in (json.dumps(lines), metrics):
        assert not [word for word in ("p-1", "Peeters", "lm_", "art60") if word in text]
    fresh.store.close()
