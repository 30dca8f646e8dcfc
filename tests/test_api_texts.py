"""Words at the HTTP entrance: suggest as you type, what a text says, findings confirmed, offers filled from their text."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

import world
from matching import extraction
from matching.codes import Level, Requirement, Role
from matching.extraction import Finding
from test_api import NOW, Service, assert_problem, offer_row, profile_row, serve
from test_openapi import schema_of

NOTE = "\n  Geheim: spreekt Nederlands B1, géén nachtwerk 😀."
SECRETS = ("Geheim", "Nederlands", "nachtwerk")
TEXT = "Nous demandons : permis B exigé."


def says(text: str, lang: str | None, linker: Any) -> tuple[Finding, ...]:
    """Stand-in for the extraction: finds two or three things by their words."""
    known = {
        "Nederlands B1": {"field": "languages", "code": "nl", "level": Level.B1},
        "géén nachtwerk": {"field": "shifts", "code": "night", "asked": False},
        "permis B": {"field": "drivingLicences", "code": "B", "requirement": Requirement.MANDATORY},
        "mopper": {"field": "competences", "code": world.competence("mop"), "sure": False, "score": 0.7},
    }
    found = [(text.find(words), words, said) for words, said in known.items() if words in text]
    return tuple(Finding(start=at, end=at + len(words), **said) for at, words, said in sorted(found, key=lambda row: row[0]))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    made = serve(tmp_path_factory.mktemp("texts"))
    yield made
    made.store.close()


@pytest.fixture
def service(served: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    monkeypatch.setattr(extraction, "extract", says, raising=False)
    served.store.put_profile(world.profile(), NOW)
    return served


def described(response: Any, method: str, path: str) -> Any:
    """Hold an answer to the shape that the OpenAPI document gives it."""
    schema = schema_of(method, path, response.status_code, response.mimetype)
    jsonschema_rs.validator_for(schema).validate(response.get_json())
    return response.get_json()


# Suggest as you type


def test_concepts_are_suggested_as_one_types(service: Service) -> None:
    response = service.ask("GET", "/concepts?q=poets&kind=occupation&language=fr&top=3", Role.PARTNER)
    (item,) = described(response, "GET", "/concepts")["items"]
    assert {name: item[name] for name in item if name != "score"} == {
        "uri": world.occupation("cleaner"),
        "kind": "occupation",
        "label": "nettoyeur",
        "matched": "poetshulp",
        "matchedLanguage": "nl",
    }
    by_answer = service.ask("GET", "/concepts?q=poets", headers={"Accept-Language": "nl"}).get_json()["items"]
    assert by_answer[0]["label"] == "poetshulp"
    assert service.ask("GET", "/concepts?q=qqqqqq").get_json() == {"items": []}
    assert service.ask("GET", "/concepts?q=%20%2D%20").get_json() == {"items": []}


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        ("", "q", "missing"),
        ("q=", "q", "too_short"),
        ("q=%20%20", "q", "too_short"),
        ("q=" + "a" * 201, "q", "too_long"),
        ("q=a&q=b", "q", "duplicate"),
        ("q=a&kind=sector", "kind", "not_in_list"),
        ("q=a&language=de", "language", "not_in_list"),
        ("q=a&top=0", "top", "out_of_range"),
        ("q=a&top=101", "top", "out_of_range"),
        ("q=a&top=x", "top", "out_of_range"),
        ("q=a&limit=3", "limit", "unknown_field"),
    ],
)
def test_parameters_of_concepts_are_held_to(service: Service, query: str, name: str, code: str) -> None:
    told = assert_problem(service.ask("GET", f"/concepts?{query}"), 400)
    assert [(i["in"], i["name"], i["code"]) for i in told["issues"]] == [("query", name, code)]


# What a text says


def test_findings_have_their_words_as_they_were_sent(service: Service) -> None:
    body = {"text": NOTE, "subject": "profile", "language": "nl"}
    response = service.ask("POST", "/concepts/extractions", json=body, headers={"Accept-Language": "en"})
    first, second = described(response, "POST", "/concepts/extractions")["items"]
    assert [NOTE[item["start"] : item["end"]] for item in (first, second)] == [first["words"], second["words"]]
    assert (first["field"], first["code"], first["label"], first["level"]) == ("languages", "nl", "Dutch", "B1")
    assert (second["code"], second["asked"]) == ("night", False)
    assert second["sentence"] == "Shift: impossible for the person: night."
    told = service.ask("POST", "/concepts/extractions", Role.PARTNER, json={"text": f"{TEXT} mopper", "subject": "offer"})
    licence, competence = told.get_json()["items"]
    assert licence["sentence"] == "Permis de conduire : le texte demande permis B (exigé)."
    assert (competence["label"], competence["sure"], competence["score"]) == ("mop (fr)", False, 0.7)
    assert "à vérifier" in competence["sentence"]


def test_a_note_on_a_person_is_for_consultants(service: Service) -> None:
    for role in (Role.RECRUITER, Role.PARTNER, Role.ADMIN):
        told = assert_problem(service.ask("POST", "/concepts/extractions", role, json={"text": NOTE, "subject": "profile"}), 403)
        assert not [secret for secret in SECRETS if secret in json.dumps(told)]
        assert service.ask("POST", "/concepts/extractions", role, json={"text": TEXT, "subject": "offer"}).status_code == 200


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"text": None}, "text"),
        ({"text": "   "}, "text"),
        ({"text": 3}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"text": " " * 20_001 + "x"}, "text"),
        ({"subject": "person"}, "subject"),
        ({"subject": None}, "subject"),
        ({"language": "français"}, "language"),
        ({"words": "x"}, "words"),
        ({"nationalNumber": "x"}, "nationalNumber"),
    ],
)
def test_bad_texts_are_refused_without_being_repeated(service: Service, changes: dict[str, Any], name: str) -> None:
    body = {"text": "Geheim " + NOTE, "subject": "profile", **changes}
    told = assert_problem(service.ask("POST", "/concepts/extractions", json=body), 400)
    assert {issue["name"] for issue in told["issues"]} == {name}
    assert "Geheim" not in json.dumps(told)


def test_any_text_of_the_longest_length_is_answered(service: Service) -> None:
    for text in ("x" * 20_000, "é" * 20_000, "试" * 20_000, "\t\n" * 9_990 + "permis B"):
        data = json.dumps({"text": text, "subject": "offer"}, ensure_ascii=False).encode()
        response = service.ask("POST", "/concepts/extractions", data=data, content_type="application/json")
        assert response.status_code == 200


def test_a_text_is_neither_stored_nor_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(extraction, "extract", says, raising=False)
    fresh = serve(tmp_path)
    key = {"Idempotency-Key": "once"}
    assert fresh.ask("POST", "/concepts/extractions", json={"text": NOTE, "subject": "profile"}, headers=key).status_code == 200
    assert_problem(fresh.ask("POST", "/concepts/extractions", json={"text": NOTE, "subject": "x"}), 400)
    assert fresh.ask("GET", "/concepts?q=Geheim%20nachtwerk").status_code == 200
    night = {"field": "shifts", "code": "night", "asked": False}
    body = {"findings": [{"field": "languages", "code": "nl", "level": "B1"}, night]}
    assert fresh.ask("POST", "/profiles/p-1/findings", json=body, headers={"Idempotency-Key": "two"}).status_code == 200

    def fails(text: str, lang: str | None, linker: Any) -> Any:
        raise ValueError(text)

    monkeypatch.setattr(extraction, "extract", fails)
    told = assert_problem(fresh.ask("POST", "/concepts/extractions", json={"text": NOTE, "subject": "profile"}), 500)
    fresh.store.close()
    seen = capsys.readouterr()
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    for secret in SECRETS:
        assert secret not in seen.err + seen.out + json.dumps(told)
        assert secret.encode() not in kept


# Findings confirmed


def test_confirmed_findings_change_the_profile_and_say_what(service: Service) -> None:
    before = service.ask("GET", "/profiles/p-1")
    body = {
        "findings": [
            {"field": "languages", "code": "nl", "level": "B1"},
            {"field": "shifts", "code": "night", "asked": False},
            {"field": "competences", "code": world.competence("python")},
            {"field": "hours", "least": 20, "most": 25},
            {"field": "education", "least": 2},
        ]
    }
    response = service.ask("POST", "/profiles/p-1/findings", json=body, headers={"If-Match": before.headers["ETag"]})
    told = described(response, "POST", "/profiles/{id}/findings")
    now = service.ask("GET", "/profiles/p-1")
    assert response.headers["ETag"] == now.headers["ETag"]
    assert told["profileId"] == "p-1"
    changes = {change["field"]: (change["before"], change["after"]) for change in told["changes"]}
    names = ("competences", "languages", "hoursMax", "impossibleShifts")
    assert changes == {name: (before.get_json().get(name), now.get_json().get(name)) for name in names}
    assert changes["impossibleShifts"] == (None, ["night"])
    assert changes["hoursMax"] == (38, 25)
    assert {"code": "nl", "level": "B1"} in now.get_json()["languages"]
    assert "text" not in now.get_json()["competences"][-1]
    again = service.ask("POST", "/profiles/p-1/findings", json=body)
    assert again.get_json()["changes"] == []


@pytest.mark.parametrize(
    ("finding", "name"),
    [
        ({"field": "languages", "code": "nl", "words": "Nederlands B1"}, "findings[0].words"),
        ({"field": "languages", "code": "nl", "start": 3}, "findings[0].start"),
        ({"field": "health", "code": "nl"}, "findings[0].field"),
        ({"field": "experienceMonths", "least": 12}, "findings[0].field"),
        ({"code": "nl"}, "findings[0].field"),
        ({"field": "languages", "code": "xx"}, "findings[0].code"),
        ({"field": "languages", "code": "nl", "level": "Z9"}, "findings[0].level"),
        ({"field": "competences", "code": "urn:nothing"}, "findings[0].code"),
        ({"field": "hours", "least": 70}, "findings[0].least"),
        ({"field": "hours", "least": "20"}, "findings[0].least"),
        ({"field": "shifts", "code": "night", "asked": "no"}, "findings[0].asked"),
        ("night", "findings[0]"),
    ],
)
def test_bad_findings_are_refused_and_change_nothing(service: Service, finding: Any, name: str) -> None:
    tag = service.ask("GET", "/profiles/p-1").headers["ETag"]
    good = {"field": "shifts", "code": "early", "asked": False}
    told = assert_problem(service.ask("POST", "/profiles/p-1/findings", json={"findings": [finding, good]}), 400)
    assert {issue["name"] for issue in told["issues"]} == {name}
    assert service.ask("GET", "/profiles/p-1").headers["ETag"] == tag


@pytest.mark.parametrize("body", [{}, {"findings": []}, {"findings": None}, {"findings": {}}, [], {"findings": [{}] * 201}])
def test_bodies_without_findings_are_refused(service: Service, body: Any) -> None:
    assert_problem(service.ask("POST", "/profiles/p-1/findings", json=body), 400)


def test_the_same_finding_twice_or_against_the_rest_of_the_profile_is_refused(service: Service) -> None:
    twice = {"findings": [{"field": "languages", "code": "nl"}, {"field": "languages", "code": "nl", "level": "B1"}]}
    assert_problem(service.ask("POST", "/profiles/p-1/findings", json=twice), 400)
    late = {"findings": [{"field": "hours", "least": 39}]}
    told = assert_problem(service.ask("POST", "/profiles/p-1/findings", json=late), 400)
    assert [(issue["name"], issue["code"]) for issue in told["issues"]] == [("hoursMin", "inconsistent")]


def test_versions_retries_and_addresses_are_those_of_a_patch(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    body = {"findings": [{"field": "days", "code": "sun", "asked": False}]}
    assert_problem(service.ask("POST", "/profiles/p-1/findings", json=body, headers={"If-Match": '"old"'}), 412)
    assert_problem(service.ask("POST", "/profiles/nobody/findings", json=body), 404)
    key = {"Idempotency-Key": "f-1"}
    first, again = (service.ask("POST", "/profiles/p-1/findings", json=body, headers=key) for _ in range(2))
    assert first.get_data() == again.get_data()
    assert first.headers["ETag"] == again.headers["ETag"]
    other = {"findings": [{"field": "days", "code": "sat", "asked": False}]}
    assert_problem(service.ask("POST", "/profiles/p-1/findings", json=other, headers=key), 422)
    assert service.ask("PUT", "/profiles/a/findings", json=profile_row(id="a/findings")).get_json()["id"] == "a/findings"
    assert service.ask("POST", "/profiles/a/findings/findings", json=body).get_json()["profileId"] == "a/findings"
    assert service.ask("DELETE", "/profiles/a/findings").status_code == 204

    def somebody_writes() -> Any:
        service.store.put_profile(world.profile(max_minutes=11), NOW)
        return NOW

    monkeypatch.setattr(service.desk, "clock", somebody_writes)
    assert_problem(service.ask("POST", "/profiles/p-1/findings", json=other), 409)
    tag = service.ask("GET", "/profiles/p-1").headers["ETag"]
    monkeypatch.setattr(service.desk, "clock", lambda: service.store.put_profile(world.profile(max_minutes=12), NOW) and NOW)
    assert_problem(service.ask("POST", "/profiles/p-1/findings", json=other, headers={"If-Match": tag}), 412)


def test_erasing_a_person_erases_what_was_said_to_have_changed(service: Service) -> None:
    service.store.put_profile(world.profile(id="gone"), NOW)
    body = {"findings": [{"field": "days", "code": "sun", "asked": False}]}
    assert service.ask("POST", "/profiles/gone/findings", json=body, headers={"Idempotency-Key": "g"}).status_code == 200
    key_id = service.key_id(Role.CONSULTANT)
    assert service.store.remembered(key_id, "g") is not None
    service.ask("DELETE", "/profiles/gone")
    assert service.store.remembered(key_id, "g") is None


# Offers filled from their text


def test_an_offer_is_filled_from_its_text_and_says_where(service: Service) -> None:
    made = service.ask("PUT", "/offers/t", json=offer_row(id="t", text=TEXT, languages=[])).get_json()
    assert made["drivingLicences"] == [{"code": "B", "legal": False}]
    (mark,) = made["extracted"]
    assert (mark["field"], TEXT[mark["start"] : mark["end"]]) == ("drivingLicences", "permis B")
    back = service.ask("PUT", "/offers/t", json=made)
    assert back.get_json() == made
    assert service.ask("PATCH", "/offers/t", json={"positions": 2}).get_json() == {**made, "positions": 2}
    reasons = service.ask("POST", "/explanations", json={"profileId": "p-1", "offerId": "t"}).get_json()["match"]["reasons"]
    (licences,) = [reason for reason in reasons if reason["readInText"]]
    assert (licences["comparison"], licences["sentence"][-34:]) == ("licences", "(lu dans le texte : « permis B »).")


def test_what_the_caller_gives_takes_the_place_of_what_was_read(service: Service) -> None:
    service.ask("PUT", "/offers/t", json=offer_row(id="t", text=TEXT))
    given = service.ask("PATCH", "/offers/t", json={"drivingLicences": []}).get_json()
    assert (given["drivingLicences"], given["extracted"]) == ([], [])
    assert service.ask("PATCH", "/offers/t", json={"text": f"Ici, {TEXT}"}).get_json()["drivingLicences"] == []
    unknown = service.ask("PATCH", "/offers/t", json={"drivingLicences": None}).get_json()
    assert [mark["start"] for mark in unknown["extracted"]] == [f"Ici, {TEXT}".index("permis")]  # the text speaks again
    moved = service.ask("PATCH", "/offers/t", json={"text": TEXT}).get_json()
    assert [mark["start"] for mark in moved["extracted"]] == [TEXT.index("permis")]
    whole = {**moved, "drivingLicences": [{"code": "C"}]}
    kept = service.ask("PUT", "/offers/t", json=whole).get_json()
    assert (kept["drivingLicences"], kept["extracted"]) == ([{"code": "C", "legal": False}], [])
    bare = service.ask("PATCH", "/offers/t", json={"text": None, "drivingLicences": None}).get_json()
    assert "drivingLicences" not in bare
    service.store.delete_offer("t")


@pytest.mark.parametrize(
    "mark", [{"field": "health", "start": 0, "end": 1}, {"field": "hours", "start": -1, "end": 1}, {"field": "hours"}, 3]
)
def test_bad_marks_are_refused(service: Service, mark: Any) -> None:
    assert_problem(service.ask("PUT", "/offers/t", json=offer_row(id="t", text=TEXT, extracted=[mark])), 400)


def test_marks_that_point_nowhere_do_no_harm(service: Service) -> None:
    marks = [{"field": "hours", "start": 9_000, "end": 3}, {"field": "drivingLicences", "start": 20_000, "end": 20_000}]
    made = service.ask("PUT", "/offers/t", json=offer_row(id="t", text="rien", hoursMin=20, extracted=marks)).get_json()
    assert (made["hoursMin"], made["extracted"]) == (20, [])
    service.store.delete_offer("t")


# What is built once


def test_what_was_built_from_the_classification_outlives_a_change_of_the_offers(service: Service) -> None:
    before = service.desk.loaded()
    built = before.codes, before.completion
    service.store.put_offer(world.vacancy("cook", id="later"), NOW)
    after = service.desk.loaded()
    assert after is not before
    assert (after.codes, after.completion) == built
    assert all(now is then for now, then in zip((after.codes, after.completion), built, strict=True))
    service.store.delete_offer("later")


def test_with_the_extraction_itself(served: Service) -> None:
    text = "Rijbewijs B vereist, 25 uur per week, geen nachtwerk."
    items = served.ask("POST", "/concepts/extractions", json={"text": text, "subject": "profile"}).get_json()["items"]
    assert {(item["field"], item["code"], item["asked"]) for item in items} == {
        ("drivingLicences", "B", True), ("hours", None, True), ("shifts", "night", False),
    }  # fmt: skip
    served.store.put_profile(world.profile(id="real"), NOW)
    findings = [{name: item[name] for name in ("field", "code", "least", "most", "asked")} for item in items]
    changes = served.ask("POST", "/profiles/real/findings", json={"findings": findings}).get_json()["changes"]
    assert {change["field"]: change["after"] for change in changes} == {
        "drivingLicences": ["B"], "hoursMin": 25, "hoursMax": 25, "impossibleShifts": ["night"],
    }  # fmt: skip
    served.store.delete_profile("real")
