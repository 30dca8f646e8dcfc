"""The types of `matching.records` applied to a row, every objection turned into a `Problem` in outside names."""

import dataclasses
import difflib
import json
import re
import typing
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from matching.codes import ISO_639_1
from matching.files import shown
from matching.personal import holds_national_number, is_personal_field
from matching.records import Problem, camel

R = TypeVar("R")

DATE_FORM: Final = "YYYY-MM-DD"
YEARS: Final = (1900, 2199)
_TYPES: Final = {
    "string_type": "string",
    "int_type": "integer",
    "int_from_float": "integer",
    "float_type": "number",
    "bool_type": "boolean",
    "tuple_type": "array",
    "list_type": "array",
    "dataclass_type": "object",
    "model_type": "object",
    "dict_type": "object",
}
_BOUNDS: Final = {
    "greater_than_equal": (">=", "ge"),
    "greater_than": (">", "gt"),
    "less_than_equal": ("<=", "le"),
    "less_than": ("<", "lt"),
}
_LENGTHS: Final = {
    "string_too_short": ("too_short", "min_length"),
    "too_short": ("too_short", "min_length"),
    "string_too_long": ("too_long", "max_length"),
    "too_long": ("too_long", "max_length"),
}
_IDS: Final = frozenset({"id", "corrects", "reportedBy", "by"})
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TEXTS: Final = (
    "id text concept title employer source name measures preferredAgency educationField reason sector field purpose "
    "legalBasis referentId contactId backupId profileId offerId suggestionId reportedBy corrects by"
)
TEXTS: Final = frozenset(_TEXTS.split())
"""Fields of words: spaces around them mean nothing, and a blank one is absent."""


def tidy(value: Any, key: str = "") -> Any:
    """Copy a row with its fields of words trimmed, in one Unicode form (NFC), and absent when blank.

    >>> tidy({"id": " P1 ", "competences": [{"text": "  "}]})
    {'id': 'P1', 'competences': [{}]}
    """
    if isinstance(value, Mapping):
        made = {str(name): tidy(inner, str(name)) for name, inner in value.items()}
        return {name: inner for name, inner in made.items() if not (inner == "" and name in TEXTS)}
    if isinstance(value, list | tuple):
        return [tidy(inner, key) for inner in value]
    if isinstance(value, str) and (key in TEXTS or key == "employers"):
        return unicodedata.normalize("NFC", value).strip()
    return value


def read_record(kind: type[R], row: Mapping[str, Any], record: str) -> tuple[R | None, list[Problem]]:
    """Read a row as a record of ``kind``: the record, or ``None`` and every objection of its types.

    The row holds what JSON can hold; whatever else is found is a problem too.
    """
    try:
        return _adapter(typing.cast(Any, kind)).validate_json(json.dumps(row, default=_not_json), strict=True), []
    except ValidationError as error:
        found = error.errors(include_url=False)
        return None, [_problem(kind, objection, record) for objection in found]


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Make the validator of one type of record, made once."""
    return TypeAdapter(kind)


def _not_json(value: object) -> Any:
    """Stand-in for what JSON cannot hold; a date as text, anything else as an object no field accepts."""
    return value.isoformat() if isinstance(value, date) else {"": type(value).__name__}


def _problem(kind: type[Any], objection: Any, record: str) -> Problem:
    """Turn one objection of pydantic into a problem."""
    found, where, context = objection["type"], objection["loc"], objection.get("ctx", {})
    path, value = field_path(where), shown(objection.get("input"))
    if isinstance(objection.get("input"), Mapping | list | tuple):
        value = None
    if found == "missing":
        return Problem("missing", record, path, None, "")
    if found in {"unexpected_keyword_argument", "extra_forbidden"}:
        names = field_names(_type_at(kind, where[:-1]))
        if is_personal_field(str(where[-1])):
            return Problem("forbidden_field", record, path, None, ", ".join(names))
        close = difflib.get_close_matches(str(where[-1])[:60], names, 3, 0.75)
        return Problem("unknown_field", record, path, None, ", ".join(close or names))
    if found in _TYPES:
        return Problem("wrong_type", record, path, value, _TYPES[found])
    if found == "enum":
        return Problem("not_in_list", record, path, value, ", ".join(_members(_type_at(kind, where))))
    if found in _BOUNDS:
        sign, key = _BOUNDS[found]
        return Problem("out_of_range", record, path, value, f"{sign} {context[key]:g}")
    if found in _LENGTHS:
        code, key = _LENGTHS[found]
        return Problem(code, record, path, value if code == "too_short" else None, str(context[key]))
    if found.startswith("date"):
        return Problem("bad_date", record, path, value, DATE_FORM)
    return Problem("not_finite" if found == "finite_number" else "bad_format", record, path, value, "")


def field_path(where: Sequence[int | str]) -> str:
    """Outside path of a field.

    >>> field_path(("languages", 2, "level"))
    'languages[2].level'
    """
    path = ""
    for step in where:
        name = f"[{step}]" if isinstance(step, int) else shown(step.replace("@", "(at)")) or ""
        path += name if isinstance(step, int) or not path else f".{name}"
    return path


def field_names(kind: Any) -> list[str]:
    """Outside names of the fields of a record type; none for what is no record."""
    return [camel(field.name) for field in dataclasses.fields(kind)] if _is_record(kind) else []


def _is_record(kind: Any) -> bool:
    """Whether a type is one of the record types, not a value."""
    return dataclasses.is_dataclass(kind)


@cache
def _field_types(kind: Any) -> dict[str, Any]:
    """Bare type of each field by outside name: ``None``, tuples and annotations taken away."""
    hints = typing.get_type_hints(kind)
    return {camel(field.name): _bare(hints[field.name]) for field in dataclasses.fields(kind)}


def _bare(hint: Any) -> Any:
    """Give the type that matters of ``tuple[X, ...] | None``: ``X``."""
    while arguments := [part for part in typing.get_args(hint) if part not in (type(None), Ellipsis)]:
        hint = arguments[0]
    return hint


def _type_at(kind: Any, where: Sequence[int | str]) -> Any:
    """Bare type of what stands at a place in a record."""
    found: Any = kind
    for step in where:
        if isinstance(step, str):
            found = _field_types(found).get(step) if _is_record(found) else None
    return found


def _members(kind: Any) -> list[str]:
    """Values of a code list."""
    return [member.value for member in kind] if isinstance(kind, type) and issubclass(kind, StrEnum) else []


def walk(kind: Any, row: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str, Any, Any]]:
    """Yield (path, name, bare type, value) for every declared field in a row and in the rows inside it."""
    for name, bare in _field_types(kind).items():
        if name not in row:
            continue
        here, value = f"{path}.{name}" if path else name, row[name]
        yield here, name, bare, value
        if _is_record(bare):
            for at, inner in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if isinstance(inner, Mapping):
                    yield from walk(bare, inner, here if at is None else f"{here}[{at}]")


def check_values(kind: Any, row: Mapping[str, Any], record: str) -> Iterator[Problem]:
    """Yield what types cannot say of single values: dates, language codes, national numbers, empty mentions, twins."""
    for path, name, bare, value in walk(kind, row):
        if isinstance(value, str):
            yield from _check_text(path, name, bare, value, record)
        if _is_record(bare):
            yield from _check_entries(bare, value, path, record)


def _check_text(path: str, name: str, bare: Any, value: str, record: str) -> Iterator[Problem]:
    """Yield what is wrong with a date, an id or a language code."""
    if bare is date and not _ISO.fullmatch(value):
        yield Problem("bad_date", record, path, shown(value), DATE_FORM)
    elif bare is date and not YEARS[0] <= int(value[:4]) <= YEARS[1]:
        yield Problem("out_of_range", record, path, value, f"{YEARS[0]}-01-01 - {YEARS[1]}-12-31")
    elif (name in _IDS or name.endswith("Id")) and holds_national_number(value):
        yield Problem("national_number", record, path, None, "pseudonym")
    elif (name == "textLanguage" or (name == "code" and bare is str)) and value not in ISO_639_1:
        yield Problem("not_in_list", record, path, shown(value), "ISO 639-1 (fr, nl, en, ar, ...)")


def _check_entries(bare: Any, value: Any, path: str, record: str) -> Iterator[Problem]:
    """Yield mentions that name nothing, and the same language, licence, certificate or limit said twice."""
    names = set(_field_types(bare))
    many = isinstance(value, list)
    seen: set[str] = set()
    for at, entry in enumerate(value if many else [value]):
        here = f"{path}[{at}]" if many else path
        if not isinstance(entry, Mapping):
            continue
        if {"concept", "text"} <= names and entry.get("concept") is None and entry.get("text") is None:
            yield Problem("missing", record, here, None, "concept or text")
        key = next((key for key in ("code", "limit") if key in names), "")
        said = entry.get(key)
        if isinstance(said, str) and said in seen:
            yield Problem("duplicate", record, f"{here}.{key}", shown(said), "once")
        elif isinstance(said, str):
            seen.add(said)
