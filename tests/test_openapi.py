"""The OpenAPI document: true to the service, in both versions, with every route described in docs/api.md."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.generation import GenerationMode

import api
from matching import reports
from matching.codes import Role
from matching.openapi import ROUTES, Route, as_30, build
from matching.protocol import BASE, DETAILS, TYPES
from test_api import NOW, Service, offer_row, outcome_row, profile_row, serve

DOC = Path(__file__).parent.parent / "docs" / "api.md"
DOCUMENT = build(api.ROLES, "test")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("openapi")
    made = serve(folder)
    for kind in (reports.MATCH_TO_HIRE, reports.EVALUATION):
        reports.keep(folder / reports.REPORTS, {"report": kind, "asOf": "2025-04-01"}, NOW)
    yield made
    made.store.close()


def schema_of(method: str, path: str, status: int, kind: str) -> dict[str, Any]:
    response = DOCUMENT["paths"][path][method.lower()]["responses"][str(status)]
    found: dict[str, Any] = response["content"][kind]["schema"]
    return {**found, "components": DOCUMENT["components"]}


def places(node: Any, name: str) -> list[Any]:
    """Give every value that stands under a name anywhere in a document."""
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    own = [node[name]] if isinstance(node, dict) and name in node else []
    return own + [found for one in inner for found in places(one, name)]


def test_both_versions_are_served_and_every_route_is_in_them(service: Service) -> None:
    served = service.ask("GET", "/doc/openapi-3.1.json", None)
    older = service.ask("GET", "/doc/openapi.json", None)
    assert (served.get_json()["openapi"], older.get_json()["openapi"]) == ("3.1.0", "3.0.3")
    for document in (served.get_json(), older.get_json()):
        described = {operation["operationId"] for path in document["paths"].values() for operation in path.values()}
        assert described == {route.name for route in ROUTES} - {"get_metrics"}
    tag = older.headers["ETag"]
    assert service.ask("GET", "/doc/openapi.json", None, headers={"If-None-Match": tag}).status_code == 304
    assert tag != served.headers["ETag"]


def test_every_reference_leads_somewhere() -> None:
    for document in (DOCUMENT, as_30(DOCUMENT)):
        schemas = document["components"]["schemas"]
        wanted = {reference.removeprefix("#/components/schemas/") for reference in places(document, "$ref")}
        assert wanted <= set(schemas)
        assert set(schemas) <= wanted, "a schema that nothing uses"


def test_3_0_says_null_and_single_values_its_own_way() -> None:
    older = as_30(DOCUMENT)
    assert [options for options in places(DOCUMENT, "anyOf") if {"type": "null"} in options]
    assert not [option for options in places(older, "anyOf") for option in options if option == {"type": "null"}]
    assert not places(older, "const")
    postcode = older["components"]["schemas"]["Profile"]["properties"]["postcode"]
    assert postcode == {"type": "string", "minLength": 4, "maxLength": 10, "nullable": True}
    override = older["components"]["schemas"]["SuggestionsBody"]["properties"]["override"]
    assert override == {"allOf": [{"$ref": "#/components/schemas/Override"}], "nullable": True}


def test_every_status_has_its_words_in_three_languages() -> None:
    assert set(DETAILS) == {*(str(status) for status in TYPES), "noAccessToken", "noReport"}
    assert all(len(set(words)) == 3 for words in DETAILS.values())


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/suggestions", {"profileId": "p-1"}),
        ("POST", "/suggestions", {"profileId": "p-1", "asOf": "2027-01-01"}),
        ("POST", "/suggestions?embed=pathways", {"profileId": "p-1"}),
        ("POST", "/candidates", {"offerId": "v-cook"}),
        ("POST", "/explanations", {"profileId": "p-1", "offerId": "v-cook"}),
        ("POST", "/pathways", {"profileId": "p-1"}),
        ("POST", "/pathways", {"profileId": "p-1", "asOf": "2027-01-01"}),
        ("POST", "/concepts/links", {"texts": ["kok"], "kind": "occupation"}),
        ("POST", "/profiles/{id}/findings", {"findings": [{"field": "words"}]}),
        ("POST", "/outcomes", outcome_row()),
        ("PUT", "/profiles/{id}", profile_row()),
        ("PUT", "/profiles/{id}", profile_row(maxMinutes=-1)),
        ("PUT", "/offers/{id}", offer_row()),
        ("PATCH", "/offers/{id}", {"positions": 2}),
        ("GET", "/profiles/{id}", None),
        ("GET", "/profiles", None),
        ("GET", "/offers", None),
        ("GET", "/offers/{id}", None),
        ("GET", "/proposals", None),
        ("GET", "/refData", None),
        ("GET", "/refData/{list}", None),
        ("GET", "/health", None),
        ("GET", "/reports/match-to-hire", None),
        ("GET", "/reports/evaluation", None),
        ("GET", "/models", None),
    ],
)
def test_answers_have_the_shape_that_is_described(service: Service, method: str, path: str, body: Any) -> None:
    more = {} if body is None else {"json": body}
    role = Role.EVALUATOR if path.startswith(("/reports", "/models")) else Role.CONSULTANT
    response = service.ask(method, path.replace("{id}", "h").replace("{list}", "kinds"), role, **more)
    assert response.status_code != 403
    described = schema_of(method, path.partition("?")[0], response.status_code, response.mimetype)
    jsonschema_rs.validator_for(described).validate(response.get_json())


def test_a_logged_list_has_the_shape_that_is_described(service: Service) -> None:
    made = service.ask("POST", "/suggestions", json={"profileId": "p-1"}).get_json()
    logged = service.ask("GET", f"/suggestions/{made['id']}").get_json()
    described = schema_of("GET", "/suggestions/{id}", 200, "application/json")
    jsonschema_rs.validator_for(described).validate(logged)


def test_the_documentation_has_a_heading_for_every_route_and_a_row_of_roles() -> None:
    text = DOC.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ `([A-Z]+) (\S+)`$", text, re.MULTILINE)
    assert sorted(headings) == sorted((route.method, route.path) for route in ROUTES)
    for route in ROUTES:
        if route.keyed:
            (row,) = re.findall(rf"^\| `{route.method} {re.escape(route.path)}` \|(.*)\|$", text, re.MULTILINE)
            yes = [cell.strip() == "yes" for cell in row.split("|")]
            told = {role for role, said in zip(Role, yes, strict=True) if said}
            assert told == api.ROLES[route.name], route.name


def test_the_examples_of_the_documentation_are_true(service: Service) -> None:
    blocks = re.findall(
        r"```http\n(POST|PUT) (\S+)\n.*?\n\n(.*?)```\n\n```json\n(.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL
    )
    assert blocks
    for method, path, sent, shown in blocks:
        headers = {"Accept-Language": "en"}
        answer = service.ask(method, path.removeprefix(BASE), json=json.loads(sent), headers=headers).get_json()
        assert set(json.loads(shown)) <= set(answer), path


WANTED = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

BOUNDED = settings(
    max_examples=20, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def described(service: Service) -> Any:
    return schemathesis.openapi.from_wsgi(f"{BASE}/doc/openapi-3.1.json", service.app)


def made_known(case: Any) -> None:
    """Let a made-up request ask for records that are there, so that it is not refused for that alone."""
    if isinstance(case.body, dict) and {"profileId", "offerId"} & set(case.body):
        known = {"profileId": "p-1", "offerId": "v-cook"}
        kept = {name: value for name, value in case.body.items() if name not in {"profile", "offer"}}
        case.body = kept | {name: value for name, value in known.items() if name in kept}
    if case.method == "GET" and case.path_parameters:
        known = {"id": "p-1" if "profiles" in case.path else "v-cook", "list": "kinds", "version": "none"}
        case.path_parameters = {name: known[name] for name in case.path_parameters}


@pytest.mark.slow
@pytest.mark.parametrize("route", [route for route in ROUTES if route.name != "get_metrics"], ids=lambda route: route.name)
def test_made_up_requests_are_answered_as_described(service: Service, described: Any, route: Route) -> None:
    role = Role.EVALUATOR if route.keyed and Role.CONSULTANT not in api.ROLES[route.name] else Role.CONSULTANT
    headers = {"Authorization": f"Bearer {service.keys[role]}"}
    operation = described[route.path][route.method]

    @given(
        case=st.one_of(operation.as_strategy(), operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)),
        known=st.booleans(),
    )
    @BOUNDED
    def run(case: Any, known: bool) -> None:
        if known:
            made_known(case)
        case.call_and_validate(headers=headers, checks=WANTED)

    run()
