"""Bad input at the HTTP entrance: one clear refusal that names the fields, never a 500, and nothing left behind."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from matching.log import ShownList
from test_api import MOST_BYTES, NATIONAL_NUMBER, Service, assert_problem, offer_row, outcome_row, profile_row, serve

PROFILE, OFFER, FINDINGS = "PUT /profiles/h", "PUT /offers/h", "POST /profiles/p-1/findings"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    made = serve(tmp_path_factory.mktemp("input"))
    yield made
    made.store.close()


TOO_DEEP = b'{"id":' + b"[" * 90 + b"]" * 90 + b"}"


def sent(row: dict[str, Any]) -> bytes:
    return json.dumps(row).encode()


def with_field(row: dict[str, Any], raw: str) -> bytes:
    """Give a row with one more field, written as it stands (as no JSON writer would)."""
    return (json.dumps(row)[:-1] + f", {raw}}}").encode()


HOSTILE: list[tuple[str, str, bytes, int, str | None]] = [
    ("malformed", PROFILE, b'{"id": "h",', 400, None),
    ("empty", PROFILE, b"", 400, None),
    ("an array", PROFILE, b"[]", 400, ""),
    ("a number", OFFER, b"7", 400, ""),
    ("null", "POST /suggestions", b"null", 400, ""),
    ("NaN", PROFILE, with_field(profile_row(), '"hoursMin": NaN'), 400, "hoursMin"),
    ("Infinity", PROFILE, with_field(profile_row(), '"hoursMax": Infinity'), 400, "hoursMax"),
    ("huge exponent", PROFILE, with_field(profile_row(), '"hoursMax": 1e999'), 400, "hoursMax"),
    ("huge integer", PROFILE, with_field(profile_row(), '"maxMinutes": ' + "9" * 400), 400, "maxMinutes"),
    ("duplicate key", PROFILE, with_field(profile_row(), '"postcode": "1070"'), 400, "postcode"),
    ("invalid UTF-8", OFFER, b'{"id": "\xff"}', 400, None),
    ("UTF-16", OFFER, sent(offer_row()).decode().encode("utf-16"), 400, None),
    ("lone surrogate", OFFER, with_field(offer_row(), '"employer": "\\ud800"'), 400, "employer"),
    ("NUL", OFFER, with_field(offer_row(), '"employer": "a\\u0000b"'), 400, "employer"),
    ("deep nesting", PROFILE, TOO_DEEP, 400, None),
    ("very deep nesting", PROFILE, b"[" * 40_000, 400, None),
    ("huge body", OFFER, sent(offer_row(text="x" * MOST_BYTES)), 413, None),
    ("boolean as id", OFFER, sent(offer_row(id=True)), 400, "id"),
    ("number as id", OFFER, sent(offer_row(id=7)), 400, "id"),
    ("boolean as number", OFFER, sent(offer_row(positions=True)), 400, "positions"),
    ("text as number", OFFER, sent(offer_row(positions="3")), 400, "positions"),
    ("fraction as integer", OFFER, sent(offer_row(positions=1.5)), 400, "positions"),
    ("number as text", OFFER, sent(offer_row(title=3)), 400, "title"),
    ("object as list", PROFILE, sent(profile_row(languages={})), 400, "languages"),
    ("text as list", PROFILE, sent(profile_row(modes="car")), 400, "modes"),
    ("unknown field", PROFILE, sent(profile_row(postcod="1000")), 400, "postcod"),
    ("prototype", PROFILE, sent(profile_row(__proto__={})), 400, "__proto__"),
    ("name", PROFILE, sent(profile_row(lastName="Peeters")), 400, "lastName"),
    ("birth date", PROFILE, sent(profile_row(geboortedatum="1980-01-01")), 400, "geboortedatum"),
    ("health", PROFILE, sent(profile_row(handicap=True)), 400, "handicap"),
    ("national number", PROFILE, sent(profile_row(id=NATIONAL_NUMBER)), 400, "id"),
    ("national number of a contact", PROFILE, sent(profile_row(contactId="85073003328")), 400, "contactId"),
    ("unknown level", PROFILE, sent(profile_row(languages=[{"code": "nl", "level": "Z9"}])), 400, "languages[0].level"),
    ("unknown language", PROFILE, sent(profile_row(languages=[{"code": "xx"}])), 400, "languages[0].code"),
    ("unknown group", PROFILE, sent(profile_row(targetGroup="vip")), 400, "targetGroup"),
    ("unknown postcode", PROFILE, sent(profile_row(postcode="9999")), 400, "postcode"),
    ("unknown concept", PROFILE, sent(profile_row(competences=[{"concept": "urn:toy:x"}])), 400, "competences[0].concept"),
    ("mention of nothing", PROFILE, sent(profile_row(competences=[{}])), 400, "competences[0]"),
    ("unknown kind", OFFER, sent(offer_row(kind="job")), 400, "kind"),
    ("impossible date", OFFER, sent(offer_row(start="2025-02-30")), 400, "start"),
    ("date of another form", OFFER, sent(offer_row(start="30/04/2025")), 400, "start"),
    ("time stamp as date", OFFER, sent(offer_row(start=1745000000)), 400, "start"),
    ("year 1", OFFER, sent(offer_row(start="0001-01-01")), 400, "start"),
    ("too long", OFFER, sent(offer_row(title="x" * 501)), 400, "title"),
    ("out of range", PROFILE, sent(profile_row(maxMinutes=-1)), 400, "maxMinutes"),
    ("contradiction", PROFILE, sent(profile_row(hoursMin=38, hoursMax=20)), 400, "hoursMin"),
    ("no source", PROFILE, b'{"id": "h"}', 400, "source"),
    ("patch to nothing", "PATCH /offers/v-cook", b'{"title": null}', 400, "title"),
    ("patch with a list", "PATCH /offers/v-cook", b"[1]", 400, ""),
    ("patch of the id", "PATCH /offers/v-cook", b'{"id": "other"}', 400, "id"),
    ("top 0", "POST /suggestions", b'{"profileId": "p-1", "top": 0}', 400, "top"),
    ("top 101", "POST /suggestions", b'{"profileId": "p-1", "top": 101}', 400, "top"),
    ("unknown weight", "POST /suggestions", b'{"profileId": "p-1", "weights": {"age": 1}}', 400, "weights.age"),
    ("weight as text", "POST /suggestions", b'{"profileId": "p-1", "weights": {"languages": "1"}}', 400, "weights.languages"),
    ("unknown limit", "POST /suggestions", b'{"profileId": "p-1", "relax": ["all"]}', 400, "relax[0]"),
    ("override without reason", "POST /suggestions", b'{"profileId": "p-1", "override": {"by": "c"}}', 400, "override.reason"),
    ("no profile", "POST /suggestions", b"{}", 400, "profileId"),
    ("two profiles", "POST /suggestions", sent({"profileId": "p-1", "profile": profile_row()}), 400, "profileId"),
    ("bad profile inside", "POST /suggestions", sent({"profile": profile_row(maxMinutes=-1)}), 400, "profile.maxMinutes"),
    ("no texts", "POST /concepts/links", b'{"texts": [], "kind": "occupation"}', 400, "texts"),
    ("unknown vocabulary", "POST /concepts/links", b'{"texts": ["a"], "kind": "sector"}', 400, "kind"),
    ("no text", "POST /concepts/extractions", b'{"subject": "offer"}', 400, "text"),
    ("a text of NUL", "POST /concepts/extractions", b'{"text": "\\u0000", "subject": "offer"}', 400, "text"),
    ("half a character", "POST /concepts/extractions", b'{"text": "\\ud800", "subject": "offer"}', 400, "text"),
    ("too long a text", "POST /concepts/extractions", sent({"text": "x" * 20_001, "subject": "offer"}), 400, "text"),
    ("unknown subject", "POST /concepts/extractions", b'{"text": "a", "subject": "person"}', 400, "subject"),
    ("no findings", FINDINGS, b'{"findings": []}', 400, "findings"),
    ("finding with words", FINDINGS, b'{"findings": [{"field": "days", "code": "sun", "words": ""}]}', 400, "findings[0].words"),
    ("NaN hours", FINDINGS, b'{"findings": [{"field": "hours", "least": NaN}]}', 400, "findings[0].least"),
    ("endless hours", FINDINGS, b'{"findings": [{"field": "hours", "least": 1e999}]}', 400, "findings[0].least"),
    ("a mark of nothing", OFFER, sent(offer_row(extracted=[{"field": "age", "start": 0, "end": 1}])), 400, "extracted[0].field"),
    ("no outcomes", "POST /outcomes", b"[]", 400, ""),
    ("outcome without person", "POST /outcomes", sent(outcome_row(profileId=None)), 400, "profileId"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "target", "data", "status", "name"), HOSTILE, ids=[case[0] for case in HOSTILE])
def test_bad_input_gets_one_clear_refusal_and_leaves_nothing(
    service: Service, monkeypatch: pytest.MonkeyPatch, what: str, target: str, data: bytes, status: int, name: str | None
) -> None:
    def must_not_log(shown: ShownList, now: datetime) -> None:
        raise AssertionError("a list was logged")

    monkeypatch.setattr(service.store, "record_suggestions", must_not_log)
    before = [service.store.revision("profiles"), service.store.revision("offers"), len(service.store.outcomes())]
    method, path = target.split()
    told = assert_problem(service.ask(method, path, data=data, content_type="application/json"), status)
    if name is not None:
        assert name in {issue["name"] for issue in told["issues"]}
    if status == 400:
        assert all(issue["detail"] and issue["in"] == "body" for issue in told["issues"])
    assert NATIONAL_NUMBER not in json.dumps(told)
    assert "Peeters" not in json.dumps(told)
    assert before == [service.store.revision("profiles"), service.store.revision("offers"), len(service.store.outcomes())]


def test_all_problems_are_told_at_once(service: Service) -> None:
    row = profile_row(maxMinutes=-1, postcod="x", languages=[{"code": "nl", "level": "Z9"}], startFrom="2025-13-01")
    told = assert_problem(service.ask("PUT", "/profiles/h", json=row), 400)
    assert {issue["name"] for issue in told["issues"]} == {"maxMinutes", "postcod", "languages[0].level", "startFrom"}
    told = assert_problem(service.ask("POST", "/suggestions", json={"profile": row, "top": 0, "page": 1}), 400)
    assert {"top", "page", "profile.maxMinutes", "profile.startFrom"} <= {issue["name"] for issue in told["issues"]}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/merge-patch+json", ""])
def test_a_body_must_be_json_by_its_type(service: Service, kind: str) -> None:
    assert_problem(service.ask("PUT", "/offers/h", data=json.dumps(offer_row()), content_type=kind), 415)
    assert service.store.offer("h") is None
