"""The HTTP entrance (Flask): who calls, in which language, with what; one call; one answer, or one shape of refusal."""

import json
import os
import re
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from threading import BoundedSemaphore
from typing import Final

import structlog
from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from werkzeug.exceptions import HTTPException

from matching import openapi, protocol
from matching.batch_calls import BatchCalls
from matching.calls import Calls
from matching.codes import Role
from matching.desk import Asker, Desk, NotFound
from matching.files import load_json
from matching.openapi import ROUTES, Route
from matching.protocol import JSON_TYPE, PATCH_TYPE, PROBLEM_TYPE, Answer, Call, Issue, Refused
from matching.records import DataError, Problem
from matching.report_calls import ReportCalls
from matching.settings import Settings, version
from matching.store import Conflict, Remembered
from matching.workers import COUNTS

CONSULTANT: Final = frozenset({Role.CONSULTANT})
MATCHERS: Final = frozenset({Role.CONSULTANT, Role.RECRUITER})
STEWARDS: Final = frozenset({Role.CONSULTANT, Role.ADMIN})
WRITERS: Final = frozenset({Role.CONSULTANT, Role.RECRUITER, Role.ADMIN})
READERS: Final = WRITERS | {Role.PARTNER}
MEASURERS: Final = frozenset({Role.EVALUATOR, Role.ADMIN})
ALL: Final = frozenset(Role)

ROLES: Final[Mapping[str, frozenset[Role]]] = {
    "suggest": CONSULTANT,
    "get_list": CONSULTANT,
    "find_candidates": MATCHERS,
    "explain": MATCHERS,
    "find_pathways": CONSULTANT,
    "list_profiles": CONSULTANT,
    "get_profile": CONSULTANT,
    "put_profile": CONSULTANT,
    "patch_profile": CONSULTANT,
    "delete_profile": STEWARDS,
    "confirm_findings": CONSULTANT,
    "list_offers": READERS,
    "get_offer": READERS,
    "put_offer": WRITERS,
    "patch_offer": WRITERS,
    "delete_offer": WRITERS,
    "record_outcomes": CONSULTANT,
    "list_proposals": MATCHERS,
    "link_concepts": READERS,
    "complete_concepts": READERS,
    "extract_findings": READERS,
    "start_batch": MATCHERS,
    "get_batch": MATCHERS,
    "get_batch_result": MATCHERS,
    "get_match_to_hire": MEASURERS,
    "get_evaluation": MEASURERS,
    "list_models": MEASURERS,
    "get_model": MEASURERS,
    "list_code_lists": ALL,
    "get_code_list": ALL,
    "get_metrics": MEASURERS,
}
"""Route -> roles that may use it; a route that asks for a key and has no row here is closed to all."""

WAIT_SECONDS: Final = 2.0
RETRY_SECONDS: Final = 5
REMEMBERED: Final = timedelta(days=2)
_BY_NAME: Final = {route.name: route for route in ROUTES}
_VISIBLE: Final = re.compile(r"[!-~]{1,255}")


def create_app(desk: Desk, settings: Settings) -> Flask:
    """Build the HTTP service over a desk."""
    app = Flask("linkmatch", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.url_map.merge_slashes = False
    entrance = Entrance(desk, settings)
    for route in ROUTES:
        app.add_url_rule(route.rule, route.name, entrance.answer, methods=[route.method], provide_automatic_options=False)
    app.before_request(entrance.arrive)
    app.after_request(entrance.leave)
    app.register_error_handler(Exception, entrance.refuse)
    return app


class Entrance:
    """What every request passes through; holds the places for questions, the counts, and the log."""

    def __init__(self, desk: Desk, settings: Settings) -> None:
        self.desk = desk
        self.store = desk.store
        self.most_bytes = settings.max_body_bytes
        self.places = BoundedSemaphore(settings.concurrent_matches)
        calls = (Calls(desk), BatchCalls(desk), ReportCalls(desk))
        own = {"get_openapi": self.get_openapi, "get_openapi_31": self.get_openapi}
        self.views: dict[str, Callable[[Call], Answer]] = own | {
            route.name: getattr(some, route.name) for route in ROUTES for some in calls if hasattr(some, route.name)
        }
        self.log = structlog.wrap_logger(
            structlog.PrintLogger(sys.stderr),
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.JSONRenderer(),
            ],
        )
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "linkmatch_requests", "Requests answered", ["method", "route", "status"], registry=self.registry
        )
        self.seconds = Histogram("linkmatch_request_seconds", "Time to answer", ["method", "route"], registry=self.registry)
        self._documents: dict[str, Answer] = {}
        self._swept: datetime | None = None

    # Before

    def arrive(self) -> None:
        """Note when and in which language a request came, and refuse who may not use its route."""
        g.started = time.perf_counter()
        g.trace_id = protocol.trace_id_of(request.headers.get("BelGov-Trace-Id"))
        g.lang = protocol.language_of(request.accept_languages)
        g.asker = None
        route = _route()
        if route is None:
            return
        if route.keyed:
            self._identify(route)
        else:
            g.asker = Asker("", Role.EVALUATOR, g.lang)
        given = ["text/plain"] if route.name == "get_metrics" else [JSON_TYPE, PROBLEM_TYPE]
        given += protocol.SHEETS if route.name == "get_batch_result" else ()
        if "Accept" in request.headers and not any(request.accept_mimetypes.quality(kind) > 0 for kind in given):
            raise Refused(406)

    def _identify(self, route: Route) -> None:
        secret = protocol.key_of(request.headers.get("Authorization"), request.headers.get("X-API-Key"))
        if secret is None:
            raise Refused(401, kind=protocol.NO_KEY[0])
        key = self.store.key(secret) if len(secret) <= 200 else None
        if key is None:
            raise Refused(401)
        g.asker = Asker(key.id, key.role, g.lang)
        if key.role not in ROLES.get(route.name, ()):
            raise Refused(403)

    # The request itself

    def answer(self, **path: str) -> Response:
        """Answer one request: read it, give back a remembered answer or make the one call of its route."""
        route = _BY_NAME[str(request.endpoint)]
        if route.name == "get_metrics":
            return Response(generate_latest(self._counts()), content_type=CONTENT_TYPE_LATEST)
        data = self._data(route)
        repeat = self._idempotency_key(route)
        fingerprint = protocol.digest(g.asker.key_id, repeat, request.method, request.path, request.query_string, data)
        known = self._remembered(repeat, fingerprint) if repeat else None
        if known is not None:
            return known
        call = Call(
            asker=g.asker,
            path=path,
            query=protocol.read_query(route.query, request.args.to_dict(flat=False)),
            body=load_json(data, max_bytes=self.most_bytes) if route.body is not None else None,
            if_match=request.if_match if route.writes and "If-Match" in request.headers else None,
            create_only=route.method == "PUT" and request.if_none_match.star_tag,
        )
        answer = self._in_place(route, call)
        response = _response(answer)
        return self._remember(repeat, fingerprint, response) if repeat and answer.status < 300 else response

    def _data(self, route: Route) -> bytes:
        """Read the bytes of a body, of the right type."""
        if route.body is None:
            return b""
        if request.mimetype not in ({JSON_TYPE, PATCH_TYPE} if route.patch else {JSON_TYPE}):
            raise Refused(415)
        return request.get_data(cache=False)

    def _in_place(self, route: Route, call: Call) -> Answer:
        """Make the call; a question to be matched waits shortly for one of the places, and is else refused."""
        view = self.views[route.name]
        if not route.matches:
            return view(call)
        if not self.places.acquire(timeout=WAIT_SECONDS):
            raise Refused(503, retry_after=RETRY_SECONDS)
        try:
            return view(call)
        finally:
            self.places.release()

    # Retries

    def _idempotency_key(self, route: Route) -> str:
        key = request.headers.get("Idempotency-Key", "")
        if key and route.retried and not _VISIBLE.fullmatch(key):
            problem = Problem("bad_format", "request", "Idempotency-Key", None, "1 - 255 ASCII")
            raise Refused(400, [Issue("header", problem)])
        return key if route.retried else ""

    def _remembered(self, key: str, fingerprint: str) -> Response | None:
        known = self.store.remembered(g.asker.key_id, key)
        if known is None:
            return None
        if known.request_digest != fingerprint:
            raise Refused(422)
        kept = json.loads(known.body)
        body = None if known.status == 204 else protocol.written(kept["body"])
        response = Response(body, known.status, content_type=JSON_TYPE)
        if kept["etag"]:
            response.set_etag(kept["etag"])
        if kept.get("location"):
            response.headers["Location"] = kept["location"]
        return response

    def _remember(self, key: str, fingerprint: str, response: Response) -> Response:
        """Keep an answer for retries, and give the one that is kept; once an hour, drop those that nobody will ask for again."""
        now = self.desk.clock()
        body = response.get_data(as_text=True) or "null"
        etag, location = (protocol.written(one) for one in (response.get_etag()[0], response.headers.get("Location")))
        kept = f'{{"etag":{etag},"location":{location},"body":{body}}}'
        try:
            self.store.remember(g.asker.key_id, key, Remembered(fingerprint, response.status_code, kept), now)
        except Conflict:  # a retry came while the first request was under way: both get the same list
            with suppress(Refused):  # another request under the same key, which has done its own
                response = self._remembered(key, fingerprint) or response
        if self._swept is None or now - self._swept > timedelta(hours=1):
            self._swept = now
            self.store.forget_answers(now - REMEMBERED)
        return response

    # After

    def refuse(self, error: Exception) -> Response:
        """Turn whatever went wrong into problem details; what was not foreseen goes to the log, without its message."""
        refused = self._refusal(error)
        body = protocol.written(protocol.problem_details(refused, g.lang, g.trace_id))
        response = Response(body, refused.status, content_type=PROBLEM_TYPE)
        if refused.status == 401:
            hint = ', error="invalid_token"' if refused.kind != protocol.NO_KEY[0] else ""
            response.headers["WWW-Authenticate"] = f'Bearer realm="matching"{hint}'
        if refused.status in {429, 503}:
            response.headers["Retry-After"] = str(refused.retry_after or RETRY_SECONDS)
        if isinstance(error, HTTPException) and getattr(error, "valid_methods", None):
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods))  # type: ignore[attr-defined]
        return response

    def _refusal(self, error: Exception) -> Refused:
        if isinstance(error, Refused):
            return error
        if isinstance(error, DataError):
            return Refused(400, [Issue("body", problem) for problem in error.problems])
        if isinstance(error, NotFound):
            return Refused(404)
        route = _route()
        if isinstance(error, Conflict) and route is not None and route.writes:
            return Refused(412 if "If-Match" in request.headers else 409)
        if isinstance(error, Conflict) and error.thing == "outcome":
            problems = [Problem("conflict", error.thing, "id", record, "id") for record in error.ids]
            return Refused(409, [Issue("body", problem) for problem in problems])
        if isinstance(error, HTTPException) and error.code is not None and 400 <= error.code < 500:
            return Refused(error.code if error.code in protocol.TYPES else 400)
        where = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
        self.log.error("failure", error=type(error).__qualname__, where=where[-6:], trace_id=g.trace_id)
        return Refused(500 if self.store.check() else 503)

    def leave(self, response: Response) -> Response:
        """Finish an answer: what is not changed is not sent again; headers, counts, one line of log."""
        tag = response.get_etag()[0]
        if tag and request.method in {"GET", "HEAD"} and request.if_none_match.contains_weak(tag):
            response.status_code = 304
            response.set_data(b"")
            del response.headers["Content-Type"]
        response.headers["BelGov-Trace-Id"] = g.trace_id
        response.headers["Content-Language"] = g.lang
        response.headers["Vary"] = "Accept-Language, Authorization, X-API-Key"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "private, no-cache" if tag else "no-store"
        seconds = time.perf_counter() - g.started
        route = _route()
        name = route.path if route else "none"
        method = request.method if route else "other"
        self.requests.labels(method, name, response.status_code).inc()
        self.seconds.labels(method, name).observe(seconds)
        self.log.info(
            "request",
            method=method,
            route=name,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
            trace_id=g.trace_id,
            role=str(g.asker.role) if g.asker and g.asker.key_id else None,
        )
        return response

    def _counts(self) -> CollectorRegistry:
        """Give the counts of this process, or of all that serve beside it."""
        if COUNTS not in os.environ:
            return self.registry
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return together

    # The document

    def get_openapi(self, call: Call) -> Answer:
        """Give the OpenAPI document, 3.0 or 3.1."""
        if not self._documents:
            document = openapi.build(ROLES, version())
            for name, value in (("get_openapi", openapi.as_30(document)), ("get_openapi_31", document)):
                self._documents[name] = Answer(value, digest=protocol.digest(protocol.written(value)))
        return self._documents[str(request.endpoint)]


def _route() -> Route | None:
    """Give the route of the request under way, when its address and method exist."""
    return _BY_NAME.get(request.endpoint or "")


def _response(answer: Answer) -> Response:
    body = None if answer.value is None else answer.value if answer.kind else protocol.written(answer.value)
    response = Response(body, answer.status, content_type=answer.kind or JSON_TYPE)
    if answer.location:
        response.headers["Location"] = answer.location
    if answer.digest:
        response.set_etag(answer.digest)
    return response
