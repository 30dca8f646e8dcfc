"""HTTP as the Belgian government's REST guide (Belgif) has it, apart from any web framework.

Problem details (RFC 9457) with one shape for every refusal, merge patches (RFC 7396), trace ids, and what a key says.
"""

import json
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final, Literal
from uuid import UUID, uuid4

from matching.codes import LANGUAGES_OF_SERVICE, Words
from matching.completion import KINDS, MOST_WRITTEN
from matching.desk import Asker
from matching.files import shown
from matching.personal import holds_national_number
from matching.problems import say
from matching.records import Problem
from matching.store import Stored

Place = Literal["body", "path", "query", "header"]

BASE: Final = "/matching/v1"
JSON_TYPE: Final = "application/json"
PATCH_TYPE: Final = "application/merge-patch+json"
PROBLEM_TYPE: Final = "application/problem+json"
MOST_LISTED: Final = 200
NUMBERS: Final[Mapping[str, int]] = {"limit": MOST_LISTED, "top": 100}
"""Whole numbers among the parameters of an address, and the most that each may be."""
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": KINDS,
    "language": LANGUAGES_OF_SERVICE,
    "form": ("json", "csv", "xlsx"),
    "embed": ("pathways",),
}
"""Parameters with a list of values."""

SHEETS: Final = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
"""Media types of tables."""

TYPES: Final[Mapping[int, tuple[str, str]]] = {
    400: ("badRequest", "Bad Request"),
    401: ("invalidAccessToken", "Invalid Access Token"),
    403: ("missingPermission", "Missing Permission"),
    404: ("resourceNotFound", "Resource Not Found"),
    405: ("methodNotAllowed", "Method Not Allowed"),
    406: ("notAcceptable", "Not Acceptable"),
    409: ("conflict", "Conflict"),
    412: ("preconditionFailed", "Precondition Failed"),
    413: ("payloadTooLarge", "Payload Too Large"),
    415: ("unsupportedMediaType", "Unsupported Media Type"),
    422: ("idempotencyKeyReused", "Idempotency Key Reused"),
    429: ("tooManyRequests", "Too Many Requests"),
    500: ("internalServerError", "Internal Server Error"),
    503: ("serviceUnavailable", "Service Unavailable"),
}
"""Status -> name of the problem type and its title."""

NO_KEY: Final = ("noAccessToken", "No Access Token")
NO_REPORT: Final = "noReport"
"""Why there is nothing at the address of a report that nobody has computed yet."""

DETAILS: Final[Words] = {
    "400": (
        "La demande n'est pas valable : voyez chaque problème dans « issues ».",
        "De aanvraag is niet geldig: zie elk probleem in 'issues'.",
        "The request is not valid: see each problem in 'issues'.",
    ),
    "401": (
        "La clé n'est pas connue ou a été retirée.",
        "De sleutel is niet gekend of werd ingetrokken.",
        "The key is not known or was revoked.",
    ),
    "noAccessToken": (
        "Une clé est nécessaire : « Authorization: Bearer … » ou « X-API-Key: … ».",
        "Een sleutel is nodig: 'Authorization: Bearer …' of 'X-API-Key: …'.",
        "A key is needed: 'Authorization: Bearer …' or 'X-API-Key: …'.",
    ),
    "403": (
        "Le rôle de cette clé ne le permet pas.",
        "De rol van deze sleutel laat dit niet toe.",
        "The role of this key does not allow this.",
    ),
    "404": ("Rien ne se trouve à cette adresse.", "Op dit adres is er niets.", "There is nothing at this address."),
    "noReport": (
        "Ce rapport n'a pas encore été calculé ; « linkmatch report match-to-hire » ou « linkmatch evaluate » le fait.",
        "Dit verslag is nog niet berekend; 'linkmatch report match-to-hire' of 'linkmatch evaluate' doet dat.",
        "This report has not been computed yet; 'linkmatch report match-to-hire' or 'linkmatch evaluate' does so.",
    ),
    "405": (
        "Cette adresse n'admet pas cette méthode.",
        "Dit adres laat deze methode niet toe.",
        "This address does not accept this method.",
    ),
    "406": (
        "Le service ne répond qu'en JSON (application/json).",
        "De dienst antwoordt alleen in JSON (application/json).",
        "The service answers in JSON only (application/json).",
    ),
    "409": (
        "Ce qui est enregistré diffère de ce que suppose la demande ; relisez, puis recommencez.",
        "Wat bewaard is, verschilt van wat de aanvraag veronderstelt; lees opnieuw en probeer dan nog eens.",
        "What is stored differs from what the request takes it for; read it again, then retry.",
    ),
    "412": (
        "L'enregistrement a changé depuis la version de « If-Match », ou existe déjà ; relisez-le.",
        "Het record is gewijzigd sinds de versie van 'If-Match', of bestaat al; lees het opnieuw.",
        "The record has changed since the version in 'If-Match', or exists already; read it again.",
    ),
    "413": (
        "La demande dépasse la taille admise ; envoyez-la en plusieurs fois.",
        "De aanvraag overschrijdt de toegelaten grootte; stuur ze in delen.",
        "The request exceeds the size accepted; send it in parts.",
    ),
    "415": (
        "Le corps doit être du JSON (Content-Type: application/json).",
        "De inhoud moet JSON zijn (Content-Type: application/json).",
        "The body must be JSON (Content-Type: application/json).",
    ),
    "422": (
        "Cette « Idempotency-Key » a déjà servi pour une autre demande ; prenez-en une nouvelle.",
        "Deze 'Idempotency-Key' diende al voor een andere aanvraag; neem een nieuwe.",
        "This 'Idempotency-Key' has served another request; take a new one.",
    ),
    "429": (
        "Trop de demandes ; attendez un moment.",
        "Te veel aanvragen; wacht even.",
        "Too many requests; wait a moment.",
    ),
    "500": (
        "Une erreur inattendue s'est produite ; rien n'est montré. Signalez-la avec l'identifiant de trace.",
        "Er deed zich een onverwachte fout voor; er wordt niets getoond. Meld ze met de trace-id.",
        "An unexpected error occurred; nothing is shown. Report it with the trace id.",
    ),
    "503": (
        "Le service est occupé ou ne peut pas répondre pour l'instant ; recommencez dans quelques secondes.",
        "De dienst is bezet of kan nu niet antwoorden; probeer over enkele seconden opnieuw.",
        "The service is busy or cannot answer just now; retry in a few seconds.",
    ),
}
"""Status, or name of a problem type -> what is wrong and what to do, in three languages."""

_SCHEMA: Final = frozenset(
    "missing missing_source wrong_type not_in_list out_of_range too_long too_short bad_date bad_format not_an_object".split()
)
_ISSUES: Final[Mapping[str, tuple[str, str]]] = {
    "schemaViolation": ("schemaViolation", "Input value is invalid with respect to the schema"),
    "unknownInput": ("unknownInput", "Unknown input"),
    "referencedResourceNotFound": ("referencedResourceNotFound", "Referenced resource not found"),
    "invalidInput": ("invalidInput", "Invalid input"),
}


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read.

    ``path`` and ``query`` hold what stands in the address; ``body`` what the JSON held. ``if_match`` holds the digests of
    ``If-Match`` (``None`` without that header); ``create_only`` stands for ``If-None-Match: *``.
    """

    asker: Asker
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    if_match: Container[str] | None = None
    create_only: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What to send: JSON-able values (``None``: no body), a status, the digest for an ETag, and where to look next.

    ``kind``: the media type of bytes that are sent instead of JSON.
    """

    value: Any
    status: int = 200
    digest: str | None = None
    location: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """One problem of a request, and in which part of the request it stands."""

    place: Place
    problem: Problem


class Refused(Exception):  # noqa: N818 - a word of the doors
    """A request that is not answered: its status, and what is wrong with it.

    ``kind`` is the name of a problem type other than the usual one of the status. No message: it might hold personal data.
    """

    def __init__(self, status: int, issues: Sequence[Issue] = (), kind: str = "", retry_after: int | None = None) -> None:
        self.status = status
        self.issues = tuple(issues)
        self.kind = kind
        self.retry_after = retry_after
        super().__init__(str(status))


def problem_details(refused: Refused, lang: str, trace_id: str) -> dict[str, Any]:
    """Write a refusal as problem details, in the caller's language."""
    name, title = NO_KEY if refused.kind == NO_KEY[0] else TYPES[refused.status]
    detail = DETAILS.get(refused.kind) or DETAILS[str(refused.status)]
    found: dict[str, Any] = {
        "type": f"urn:problem-type:belgif:{name}",
        "title": title,
        "status": refused.status,
        "detail": detail[LANGUAGES_OF_SERVICE.index(lang)],
        "instance": f"urn:uuid:{trace_id}",
    }
    if refused.issues:
        found["issues"] = [_written(issue, lang) for issue in refused.issues]
    return found


def _written(issue: Issue, lang: str) -> dict[str, Any]:
    problem = issue.problem
    kind, title = _ISSUES[_kind_of(problem.code)]
    found = {"type": f"urn:problem-type:belgif:input-validation:{kind}", "title": title, "code": problem.code}
    found |= {"in": issue.place, "name": problem.field}
    if problem.value is not None:
        found["value"] = problem.value
    return {**found, "detail": say(problem, lang)}


def _kind_of(code: str) -> str:
    if code == "not_found":
        return "referencedResourceNotFound"
    if code in {"unknown_field", "forbidden_field"}:
        return "unknownInput"
    return "schemaViolation" if code in _SCHEMA else "invalidInput"


def read_query(accepted: tuple[str, ...], given: Mapping[str, list[str]]) -> dict[str, Any]:
    """Read the parameters of an address; raises `Refused` with every problem."""
    problems: list[Problem] = []
    found: dict[str, Any] = {}
    for name, values in given.items():
        value = values[0]
        if name not in accepted:
            problems.append(Problem("unknown_field", "request", name[:60], None, ", ".join(accepted)))
        elif len(values) > 1:
            problems.append(Problem("duplicate", "request", name, None, "once"))
        elif name in NUMBERS:
            number = int(value) if value.isascii() and value.isdecimal() and len(value) <= 9 else 0
            found[name] = number
            if not 1 <= number <= NUMBERS[name]:
                problems.append(Problem("out_of_range", "request", name, None, f"1 - {NUMBERS[name]}"))
        elif name in CHOICES:
            found[name] = value
            if value not in CHOICES[name]:
                problems.append(Problem("not_in_list", "request", name, shown(value), ", ".join(CHOICES[name])))
        elif name == "q":
            found[name] = value
            if not value.strip() or len(value) > MOST_WRITTEN:
                code, bound = ("too_long", MOST_WRITTEN) if value.strip() else ("too_short", 1)
                problems.append(Problem(code, "request", name, None, str(bound)))
        elif not is_id(value):
            problems.append(Problem("bad_format", "request", name, None, "id"))
        else:
            found[name] = value
    if problems:
        raise Refused(400, [Issue("query", problem) for problem in problems])
    return found


def is_id(text: str) -> bool:
    """Say whether a text of an address may be an id; the database is asked for no other."""
    return 1 <= len(text) <= 64 and text.isprintable() and not holds_national_number(text)


def path_id(call: Call) -> str:
    """Give the id in the address; there is nothing at an address that no id can have."""
    if not is_id(call.path["id"]):
        raise Refused(404)
    return call.path["id"]


def hold_to_versions(call: Call, before: Stored[Any] | None) -> None:
    """Refuse a write whose ``If-Match`` or ``If-None-Match: *`` does not hold for what is stored."""
    if call.if_match is not None and (before is None or before.digest not in call.if_match):
        raise Refused(412)
    if call.create_only and before is not None:
        raise Refused(412)


def merge_patch(target: Any, patch: Any) -> Any:
    """Apply a merge patch (RFC 7396, section 2): null removes, objects merge, anything else replaces.

    >>> merge_patch({"a": 1, "b": {"c": 2, "d": 3}}, {"a": None, "b": {"c": 4}, "e": [5]})
    {'b': {'c': 4, 'd': 3}, 'e': [5]}
    """
    if not isinstance(patch, Mapping):
        return patch
    made = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            made.pop(name, None)
        else:
            made[name] = merge_patch(made.get(name), value)
    return made


def language_of(accepted: Iterable[tuple[str, float]]) -> str:
    """Choose the language of an answer from ``Accept-Language``, the most wanted first; French when none is spoken here.

    >>> language_of([("de", 1), ("nl-BE", 0.9), ("fr", 0.5)])
    'nl'
    """
    asked = (tag.partition("-")[0].lower() for tag, quality in accepted if quality > 0)
    return next((lang for lang in asked if lang in LANGUAGES_OF_SERVICE), LANGUAGES_OF_SERVICE[0])


def trace_id_of(given: str | None) -> str:
    """Take over the trace id of a caller when it is a UUID, else make one; nothing else of the caller's goes into logs.

    >>> trace_id_of("0B0A4A5C-6C3A-4E6E-9C57-1B9C1B0F5C11")
    '0b0a4a5c-6c3a-4e6e-9c57-1b9c1b0f5c11'
    """
    try:
        return str(UUID(given)) if given and len(given) <= 36 else str(uuid4())
    except ValueError:
        return str(uuid4())


def key_of(authorization: str | None, api_key: str | None) -> str | None:
    """Find the secret in the headers of a request: ``Authorization: Bearer lm_...``, else ``X-API-Key: lm_...``."""
    scheme, _, secret = (authorization or "").strip().partition(" ")
    found = secret.strip() if scheme.lower() == "bearer" else (api_key or "").strip()
    return found or None


def digest(*parts: str | bytes) -> str:
    """Digest several parts, each with its length so that no two lists of parts are alike (SHA-256, hexadecimal)."""
    made = sha256()
    for part in parts:
        data = part.encode("utf-8", "replace") if isinstance(part, str) else part
        made.update(len(data).to_bytes(8, "big") + data)
    return made.hexdigest()


def written(value: Any) -> str:
    """Write a JSON body; refuses NaN."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
