"""The routes of the HTTP interface as data, and the OpenAPI document written from them and from the shapes of the bodies."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

import annotated_types as at
from pydantic import TypeAdapter

from matching import bodies
from matching.answers import (
    CandidatesAnswer,
    ChangesAnswer,
    ConceptsAnswer,
    ExplanationAnswer,
    FindingsAnswer,
    PathwaysAnswer,
    SuggestionsAnswer,
)
from matching.batch_calls import BatchAnswer, BatchBody, BatchTask
from matching.codes import LANGUAGES_OF_SERVICE
from matching.completion import MOST_WRITTEN
from matching.protocol import BASE, CHOICES, JSON_TYPE, MOST_LISTED, NUMBERS, PATCH_TYPE, PROBLEM_TYPE, SHEETS, TYPES
from matching.records import RECORD_CONFIG, Id, Offer, Profile
from matching.report_calls import ModelsAnswer, ReportAnswer


@dataclass(frozen=True, slots=True)
class Route:
    """One route: its name is that of the method of `matching.calls.Calls` that answers it, and the ``operationId``.

    ``answer`` is a shape, or ``None`` where there is none to describe; ``status`` lists what success may be. ``keyed``: asks
    for a key; ``versioned``: the answer has an ETag; ``matches``: takes a place among the questions answered at the same time;
    ``retried``: takes an ``Idempotency-Key``; ``patch``: the body is a merge patch.
    """

    name: str
    method: str
    path: str
    summary: str
    body: Any = None
    answer: Any = None
    status: tuple[int, ...] = (200,)
    query: tuple[str, ...] = ()
    keyed: bool = True
    versioned: bool = False
    matches: bool = False
    retried: bool = False
    patch: bool = False

    @property
    def rule(self) -> str:
        """The whole path as Flask writes it; an id may hold a slash."""
        inside = self.path.replace("{id}", "<path:id>").replace("{list}", "<list>").replace("{version}", "<version>")
        return inside if self.name == "get_metrics" else BASE + inside

    @property
    def writes(self) -> bool:
        """Whether the route changes a record under an ETag."""
        return self.method in {"PUT", "PATCH", "DELETE"} or (self.method == "POST" and self.versioned)


def _record_routes(word: str, shape: Any, page: Any) -> tuple[Route, ...]:
    """Give the routes of one kind of record."""
    one, many = f"/{word}s/{{id}}", f"/{word}s"
    kept: dict[str, Any] = {"answer": shape, "versioned": True}
    written: dict[str, Any] = {**kept, "body": shape, "retried": True}
    return (
        Route(f"list_{word}s", "GET", many, f"List {word}s by id", answer=page, query=("after", "limit")),
        Route(f"get_{word}", "GET", one, f"Read one {word}", **kept),
        Route(f"put_{word}", "PUT", one, f"Write one {word}, new or whole", status=(200, 201), **written),
        Route(f"patch_{word}", "PATCH", one, f"Change some fields of one {word} (RFC 7396)", patch=True, **written),
        Route(f"delete_{word}", "DELETE", one, f"Remove one {word}", status=(204,), retried=True),
    )


_ASKED: Final[dict[str, Any]] = {"matches": True, "retried": True}
ROUTES: Final[tuple[Route, ...]] = (
    Route(
        "suggest", "POST", "/suggestions", "Offers for one profile",
        bodies.SuggestionsBody, SuggestionsAnswer, query=("embed",), **_ASKED,
    ),
    Route("get_list", "GET", "/suggestions/{id}", "A list as it was logged", answer=bodies.LoggedList),
    Route("find_candidates", "POST", "/candidates", "People for one offer", bodies.CandidatesBody, CandidatesAnswer, **_ASKED),
    Route("explain", "POST", "/explanations", "One pair explained", bodies.ExplanationBody, ExplanationAnswer, **_ASKED),
    Route(
        "find_pathways", "POST", "/pathways", "What would open more for one profile",
        bodies.PathwaysBody, PathwaysAnswer, **_ASKED,
    ),
    *_record_routes("profile", Profile, bodies.ProfilesPage),
    Route(
        "confirm_findings", "POST", "/profiles/{id}/findings", "Add findings that a consultant confirmed to one profile",
        bodies.FindingsBody, ChangesAnswer, versioned=True, retried=True,
    ),
    *_record_routes("offer", Offer, bodies.OffersPage),
    Route(
        "record_outcomes", "POST", "/outcomes", "Write what became of suggestions; one outcome or a list, all or none",
        bodies.OutcomesBody, bodies.OutcomesAnswer, (200, 201), retried=True,
    ),
    Route(
        "list_proposals", "GET", "/proposals", "Who was proposed where, across consultants",
        answer=bodies.ProposalsPage, query=("profileId", "offerId", "after", "limit"),
    ),
    Route(
        "link_concepts", "POST", "/concepts/links", "Concepts that texts may mean",
        bodies.LinksBody, bodies.LinksAnswer, matches=True,
    ),
    Route(
        "complete_concepts", "GET", "/concepts", "Concepts that a beginning may mean, as one types",
        answer=ConceptsAnswer, query=("q", "kind", "language", "top"),
    ),
    Route(
        "extract_findings", "POST", "/concepts/extractions", "What a running text says; the text is not kept",
        bodies.ExtractionsBody, FindingsAnswer, matches=True,
    ),
    Route("start_batch", "POST", "/batches", "Many lists at once", BatchBody, BatchTask, (202,), retried=True),
    Route("get_batch", "GET", "/batches/{id}", "How far a batch is", answer=BatchTask, status=(200, 303)),
    Route(
        "get_batch_result", "GET", "/batches/{id}/result", "What a batch gave, as JSON, CSV or XLSX",
        answer=BatchAnswer, query=("form",),
    ),
    Route(
        "get_match_to_hire", "GET", "/reports/match-to-hire", "How many people find work, as last computed",
        answer=ReportAnswer, query=("edition",), versioned=True,
    ),
    Route(
        "get_evaluation", "GET", "/reports/evaluation", "How good the suggestions are, as last computed",
        answer=ReportAnswer, query=("edition",), versioned=True,
    ),
    Route("list_models", "GET", "/models", "The models, and the one in use", answer=ModelsAnswer, versioned=True),
    Route("get_model", "GET", "/models/{version}", "The card of one model", versioned=True),
    Route("list_code_lists", "GET", "/refData", "The code lists", answer=bodies.CodeListNames, versioned=True),
    Route("get_code_list", "GET", "/refData/{list}", "One code list in words", answer=bodies.CodeList, versioned=True),
    Route("get_health", "GET", "/health", "How the service is", answer=bodies.Health, keyed=False),
    Route("get_openapi", "GET", "/doc/openapi.json", "This document (OpenAPI 3.0)", keyed=False, versioned=True),
    Route("get_openapi_31", "GET", "/doc/openapi-3.1.json", "This document (OpenAPI 3.1)", keyed=False, versioned=True),
    Route("get_metrics", "GET", "/metrics", "Counts and durations of requests, for Prometheus"),
)  # fmt: skip
"""Every route; who may use it stands in ``api.ROLES``."""


@dataclass(frozen=True, slots=True)
class InputIssue:
    """One problem of a request: where it stands, its field, the value found (when it may be shown) and what to do."""

    __pydantic_config__ = RECORD_CONFIG
    type: str
    title: str
    code: str
    in_: str
    name: str
    detail: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class ProblemDetails:
    """Why a request was not answered (RFC 9457); ``issues`` names every problem of its input."""

    __pydantic_config__ = RECORD_CONFIG
    type: str
    title: str
    status: int
    detail: str
    instance: str
    issues: tuple[InputIssue, ...] | None = None


_ID: Final = TypeAdapter(Id).json_schema()
_LIMIT: Final = TypeAdapter(Annotated[int, at.Ge(1), at.Le(MOST_LISTED)]).json_schema()
_PARAMETERS: Final[Mapping[str, tuple[str, dict[str, Any], str]]] = {
    "id": ("path", _ID, "The id."),
    "list": ("path", {"type": "string"}, "The name of the list."),
    "version": ("path", {"type": "string"}, "The name of the model."),
    "edition": ("query", _ID, "An edition other than the newest."),
    "after": ("query", _ID, "Where the page before ended."),
    "limit": ("query", _LIMIT, "Length of the page."),
    "form": ("query", {"type": "string", "enum": [*CHOICES["form"]]}, "Form of the result; default json."),
    "embed": ("query", {"type": "string", "enum": [*CHOICES["embed"]]}, "What to add to the answer: what would open more."),
    "q": ("query", {"type": "string", "minLength": 1, "maxLength": MOST_WRITTEN, "pattern": r"\S"}, "What was written so far."),
    "kind": ("query", {"type": "string", "enum": [*CHOICES["kind"]]}, "Only these concepts."),
    "language": ("query", {"type": "string", "enum": [*CHOICES["language"]]}, "Whose labels go first; else that of the answer."),
    "top": ("query", {"type": "integer", "minimum": 1, "maximum": NUMBERS["top"]}, "Concepts at most; default 10."),
    "profileId": ("query", _ID, "Only of this profile."),
    "offerId": ("query", _ID, "Only of this offer; a recruiter must give one."),
    "Accept-Language": ("header", {"type": "string"}, f"One of {', '.join(LANGUAGES_OF_SERVICE)}; default fr."),
    "BelGov-Trace-Id": ("header", {"type": "string"}, "A UUID, given back and written to the log."),
    "If-None-Match": ("header", {"type": "string"}, "ETag known already; `*` on a PUT: only when there is none yet."),
    "If-Match": ("header", {"type": "string"}, "ETag that the change was made from."),
    "Idempotency-Key": (
        "header",
        {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        "Makes a retry safe: the same key and request give the same answer for two days.",
    ),
}


def build(roles: Mapping[str, Collection[str]], version: str) -> dict[str, Any]:
    """Write the OpenAPI 3.1 document.

    Parameters
    ----------
    roles
        Route -> roles that may use it.
    version
        Version of the service.
    """
    shown = [route for route in ROUTES if route.rule.startswith(BASE)]
    shapes, found = TypeAdapter.json_schemas(
        [(f"{route.name}.{part}", "validation", TypeAdapter(shape)) for route in shown for part, shape in _shapes(route)]
        + [("problem", "validation", TypeAdapter(ProblemDetails))],
        by_alias=True,
        ref_template="#/components/schemas/{model}",
    )
    schemas = {name: _tidy(schema) for name, schema in found["$defs"].items()}
    of = {key: _tidy(schema) for (key, _), schema in shapes.items()}
    paths: dict[str, dict[str, Any]] = {}
    for route in shown:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, of, sorted(roles.get(route.name, ())))
    header = {"type": "apiKey", "in": "header", "name": "X-API-Key"}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "LINK Match",
            "version": version,
            "description": "Offers for a person in intensive guidance, people for an offer, with reasons.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": BASE}],
        "security": [{"bearer": []}, {"apiKey": []}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}, "apiKey": header},
        },
    }


def _shapes(route: Route) -> list[tuple[str, Any]]:
    parts = (("body", None if route.patch else route.body), ("answer", route.answer))
    return [(part, shape) for part, shape in parts if shape is not None]


def _operation(route: Route, of: Mapping[str, Any], roles: list[str]) -> dict[str, Any]:
    """Write one operation."""
    said = f"Roles: {', '.join(roles)}." if route.keyed else "No key needed."
    made: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "description": said,
        "tags": [route.path.split("/")[1]],
        "parameters": [_parameter(name) for name in _parameters(route)],
    }
    if not route.keyed:
        made["security"] = []
    if route.patch:
        patch = {"type": "object", "description": "Fields to change; null removes one."}
        made["requestBody"] = {"required": True, "content": {PATCH_TYPE: {"schema": patch}, JSON_TYPE: {"schema": patch}}}
    elif route.body is not None:
        made["requestBody"] = {"required": True, "content": {JSON_TYPE: {"schema": of[f"{route.name}.body"]}}}
    made["responses"] = _responses(route, of)
    return made


def _parameters(route: Route) -> list[str]:
    names = [*re.findall(r"{(\w+)}", route.path), *route.query, "Accept-Language", "BelGov-Trace-Id"]
    if route.versioned and route.method in {"GET", "PUT"}:
        names.append("If-None-Match")
    return names + ["If-Match"] * route.writes + ["Idempotency-Key"] * route.retried


def _parameter(name: str) -> dict[str, Any]:
    where, schema, description = _PARAMETERS[name]
    required = where == "path" or name == "q"
    return {"name": name, "in": where, "required": required, "description": description, "schema": schema}


def _responses(route: Route, of: Mapping[str, Any]) -> dict[str, Any]:
    """Write every answer that a route can give."""
    trace = {"description": "Trace id.", "schema": {"type": "string", "format": "uuid"}}
    headers = {"BelGov-Trace-Id": trace}
    schema = of.get(f"{route.name}.answer", {"type": "object"})
    found: dict[str, Any] = {}
    for status in route.status:
        found[str(status)] = {"description": "Done.", "headers": dict(headers)}
        if status in {202, 303}:
            found[str(status)]["headers"]["Location"] = {"description": "Where.", "schema": {"type": "string"}}
        if status not in {204, 303}:
            found[str(status)]["content"] = {JSON_TYPE: {"schema": schema}}
        for kind in SHEETS if route.name == "get_batch_result" else ():
            found[str(status)]["content"][kind] = {"schema": {"type": "string", "format": "binary"}}
        if route.versioned:
            found[str(status)]["headers"]["ETag"] = {"description": "Version.", "schema": {"type": "string"}}
    if route.versioned and route.method == "GET":
        found["304"] = {"description": "Not changed.", "headers": headers}
    problem = {"$ref": "#/components/schemas/ProblemDetails"}
    for status in _refusals(route):
        content: dict[str, Any] = {PROBLEM_TYPE: {"schema": problem}}
        if route.name == "get_health" and status == 503:
            content[JSON_TYPE] = {"schema": schema}
        found[str(status)] = {"description": TYPES[status][1], "headers": headers, "content": content}
    return dict(sorted(found.items()))


def _refusals(route: Route) -> list[int]:
    """List the statuses with which a route may refuse."""
    found = [400, 406, 500, 503]
    found += [401, 403] * route.keyed
    found += [404] * ("{" in route.path or "edition" in route.query)
    found += [413, 415] * (route.body is not None)
    found += [412] * route.writes
    found += [409] * ((route.writes and route.method != "DELETE") or route.name == "record_outcomes")
    found += [422] * route.retried
    return sorted(found)


def _tidy(schema: Any) -> Any:
    """Leave out the titles that only repeat the names of fields, and write code as Markdown does."""
    if isinstance(schema, list):
        return [_tidy(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _tidy(inner) for name, inner in schema.items() if name not in {"title", "properties"}}
    if "properties" in schema:
        made["properties"] = {name: _tidy(inner) for name, inner in schema["properties"].items()}
    if isinstance(made.get("description"), str):
        made["description"] = re.sub(r"\s+", " ", made["description"].replace("``", "`"))
    return made


def as_30(document: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the 3.1 document into 3.0: ``nullable`` for null, ``enum`` for ``const``, nothing beside a ``$ref``."""
    made: dict[str, Any] = _walked(dict(document), _schema_30)
    licence = {name: value for name, value in made["info"]["license"].items() if name != "identifier"}
    return {**made, "openapi": "3.0.3", "info": {**made["info"], "license": licence}}


def _walked(node: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    """Change every object of a document, the innermost first."""
    if isinstance(node, list):
        return [_walked(inner, change) for inner in node]
    if isinstance(node, dict):
        return change({name: _walked(inner, change) for name, inner in node.items()})
    return node


def _schema_30(schema: dict[str, Any]) -> dict[str, Any]:
    """Turn one schema; other objects of the document have none of these names."""
    made = dict(schema)
    options = made.get("anyOf")
    if isinstance(options, list) and {"type": "null"} in options:
        rest = [option for option in options if option != {"type": "null"}]
        del made["anyOf"]
        made = {**made, **(rest[0] if len(rest) == 1 else {"anyOf": rest}), "nullable": True}
        if made.get("default", ...) is None:
            del made["default"]
    if "const" in made:
        made["enum"] = [made.pop("const")]
    if "$ref" in made and len(made) > 1:
        made["allOf"] = [{"$ref": made.pop("$ref")}]
    return made
