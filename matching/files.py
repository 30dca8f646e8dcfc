"""Bytes to rows: JSON Lines, CSV and XLSX within limits, and JSON that is what it says it is.

A row is either data or problems, so that one bad line never hides the others. Writing stands in `matching.sheets`.
"""

import json
import math
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from matching.records import DataError, Problem
from matching.sheets import Sheet, looks_like_xlsx, read_csv, read_xlsx, write_rows, write_template

__all__ = [
    "JSON_BYTES",
    "Limits",
    "Row",
    "load_json",
    "odd_values",
    "read_rows",
    "shown",
    "write_rows",
    "write_template",
    "write_whole",
]

FORMATS: Final = "JSON Lines, CSV, XLSX"
JSON_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 24
MAX_DIGITS: Final = 18
MAX_PROBLEMS: Final = 200
_WORDS: Final = {True: "true", False: "false", None: "null"}
_ODD_TEXT = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f\\ud800-\\udfff]")


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that others read, whole or not at all, and durably; several writers at once never write into one.

    A service that runs as somebody else may read it: nothing in it may be personal.
    """
    handle, part = tempfile.mkstemp(prefix=".part-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(part).chmod(0o644)
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may be at most: bytes as sent, bytes unpacked (XLSX), bytes of one line, rows, columns."""

    file_bytes: int = 200_000_000
    unpacked_bytes: int = 400_000_000
    line_bytes: int = JSON_BYTES
    rows: int = 200_000
    columns: int = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: its number (as a text editor or a sheet shows it), and its data or its problems.

    ``flat``: the data are cells by column name, not nested JSON.
    """

    number: int
    data: Mapping[str, Any] | None = None
    problems: tuple[Problem, ...] = ()
    flat: bool = False


def shown(value: object) -> str | None:
    """Say a found value in at most 40 characters; ``None`` for what may be personal (an address of mail) or too big.

    >>> shown(True), shown("a@b.be"), shown([1])
    ('true', None, None)
    """
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, int | float):
        return f"{value:.15g}" if isinstance(value, float) else str(value) if abs(value) < 10**MAX_DIGITS else None
    if not isinstance(value, str) or "@" in value:
        return None
    text = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in value[:41])
    return text if len(text) <= 40 else text[:39] + "\N{HORIZONTAL ELLIPSIS}"


def load_json(data: bytes, record: str = "body", *, max_bytes: int = JSON_BYTES) -> Any:
    """Read one JSON text strictly.

    Parameters
    ----------
    data
        UTF-8, with or without a byte order mark.
    record
        How problems call what is read.
    max_bytes
        Largest size read.

    Raises
    ------
    DataError
        Malformed or too large text, invalid UTF-8; and, all of them at once: names that come twice, NaN and Infinity,
        numbers of more than 18 digits, halves of surrogate pairs, control characters, too deep nesting.

    >>> load_json(b'{"id": "P1"}')
    {'id': 'P1'}
    """
    if len(data) > max_bytes:
        raise DataError([Problem("too_large", record, "", f"{len(data)} B", f"{max_bytes} B")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError([Problem("not_utf8", record, f"byte {error.start}", None, "UTF-8")]) from None
    twice: dict[int, tuple[dict[str, Any], list[str]]] = {}

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(found)
        if len(made) < len(found):
            seen: set[str] = set()
            again = [name for name, _ in found if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
            twice[id(made)] = (made, list(dict.fromkeys(again)))  # holding `made` keeps its id from being used again
        return made

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_int=_whole)
    except json.JSONDecodeError as error:
        where = f"{error.lineno}:{error.colno}"
        raise DataError([Problem("bad_json", record, where, None, "JSON (RFC 8259)")]) from None
    except RecursionError:
        raise DataError([Problem("too_deep", record, "", None, str(MAX_DEPTH))]) from None
    repeats = {key: names for key, (_, names) in twice.items()}
    problems = list(odd_values(value, record, repeats))
    told = sum(problem.code == "duplicate_key" for problem in problems)
    if told < sum(map(len, repeats.values())):  # those inside a value that a later duplicate replaced
        rest = {name for names in repeats.values() for name in names} - {p.field.rsplit(".", 1)[-1] for p in problems}
        problems += [Problem("duplicate_key", record, _name(name), None, "once") for name in sorted(rest)]
    if problems:
        raise DataError(capped(problems, record))
    return value


def capped(problems: list[Problem], record: str) -> list[Problem]:
    """Keep the first problems of a record that has more than anybody can read, and say how many are left out."""
    if len(problems) <= MAX_PROBLEMS:
        return problems
    left = Problem("more_problems", record, "", str(len(problems) - MAX_PROBLEMS), str(MAX_PROBLEMS))
    return [*problems[:MAX_PROBLEMS], left]


def odd_values(value: object, record: str, repeats: Mapping[int, list[str]] | None = None) -> Iterator[Problem]:
    """Yield what no record may hold wherever it stands: NaN, Infinity, unreadable or control characters, deep nesting.

    ``repeats`` names the keys that came twice, by ``id`` of the object they came in.
    """
    if repeats or not _is_ordinary(value):
        yield from _odd(value, record, repeats or {}, "", 0)


def _is_ordinary(value: object, depth: int = 0) -> bool:
    """Whether a value holds nothing odd; the quick question, without places."""
    if depth > MAX_DEPTH:
        return False
    if isinstance(value, str):
        return _ODD_TEXT.search(value) is None
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return abs(value) < 10**MAX_DIGITS
    if isinstance(value, Mapping):
        return all(_ODD_TEXT.search(str(n)) is None and _is_ordinary(inner, depth + 1) for n, inner in value.items())
    return not isinstance(value, list | tuple) or all(_is_ordinary(inner, depth + 1) for inner in value)


def _odd(value: object, record: str, repeats: Mapping[int, list[str]], path: str, depth: int) -> Iterator[Problem]:
    """Yield what is odd in a value, with its place."""
    if depth > MAX_DEPTH:
        yield Problem("too_deep", record, path[:80], None, str(MAX_DEPTH))
    elif isinstance(value, str):
        code = _odd_text(value)
        if code:
            yield Problem(code, record, path, None, "UTF-8" if code == "not_utf8" else "text")
    elif isinstance(value, float) and not math.isfinite(value):
        yield Problem("not_finite", record, path, str(value), "number")
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**MAX_DIGITS:
        yield Problem("out_of_range", record, path, None, f"< 10^{MAX_DIGITS}")
    elif isinstance(value, Mapping):
        for name in repeats.get(id(value), ()):
            yield Problem("duplicate_key", record, _join(path, name), None, "once")
        for name, inner in value.items():
            code = _odd_text(str(name))
            if code:
                yield Problem(code, record, _join(path, str(name)), None, "UTF-8" if code == "not_utf8" else "text")
            yield from _odd(inner, record, repeats, _join(path, str(name)), depth + 1)
    elif isinstance(value, list | tuple):
        for at, inner in enumerate(value):
            yield from _odd(inner, record, repeats, f"{path}[{at}]", depth + 1)


def _odd_text(text: str) -> str | None:
    """Code of what is wrong with the characters of a text; ``None`` when nothing is."""
    found = _ODD_TEXT.findall(text)
    return None if not found else "not_utf8" if max(found) >= "\ud800" else "control_character"


def _whole(digits: str) -> int:
    """Read a whole number; one with too many digits becomes the first number beyond the limit, and is refused."""
    return int(digits) if len(digits) <= MAX_DIGITS + 1 else 10 ** (MAX_DIGITS + 1)


def _name(name: str) -> str:
    """Name of a field as far as it can be shown."""
    return shown(name.replace("@", "(at)")) or ""


def _join(path: str, name: str) -> str:
    """Path of a field inside an object."""
    return f"{path}.{_name(name)}" if path else _name(name)


def read_rows(source: str | Path | bytes, *, name: str = "", limits: Limits | None = None) -> Iterator[Row]:
    r"""Read a file row by row.

    Parameters
    ----------
    source
        A path, ``"-"`` for standard input, or the bytes themselves.
    name
        File name, when ``source`` is bytes; its ending tells the format, as the content does without one.
    limits
        Largest file; `Limits` by default.

    Yields
    ------
    Row
        One for each line that is not blank; a row of problems where a line, or the whole file, cannot be read.

    Raises
    ------
    OSError
        The file cannot be opened.

    >>> [row.data for row in read_rows(b"id;source\nO1;demo\n")]
    [{'id': 'O1', 'source': 'demo'}]
    """
    limits = limits or Limits()
    data, name = _bytes_of(source, name, limits)
    if len(data) > limits.file_bytes:
        yield Row(0, problems=(Problem("too_large", "file", "", f"> {limits.file_bytes} B", f"{limits.file_bytes} B"),))
        return
    ending = Path(name).suffix.lower()
    try:
        if ending == ".xlsx" or (ending not in {".csv", ".tsv", ".jsonl", ".ndjson"} and looks_like_xlsx(data)):
            yield from _from_sheet(read_xlsx(data, limits.unpacked_bytes, limits.rows, limits.columns), limits)
        elif ending in {".csv", ".tsv", ".txt"} or not _looks_like_json(data, ending):
            yield from _from_sheet(read_csv(data, limits.rows, limits.columns), limits)
        else:
            yield from _from_lines(data, limits)
    except DataError as error:
        yield Row(0, problems=error.problems)


def _bytes_of(source: str | Path | bytes, name: str, limits: Limits) -> tuple[bytes, str]:
    """Bytes of a source, at most one more than the limit, and its name."""
    if isinstance(source, bytes):
        return source, name
    if str(source) == "-":
        return sys.stdin.buffer.read(limits.file_bytes + 1), name
    with Path(source).open("rb") as file:
        return file.read(limits.file_bytes + 1), name or Path(source).name


def _looks_like_json(data: bytes, ending: str) -> bool:
    """Whether a file is JSON Lines by its name, or begins like one."""
    start = data[:2_000].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return ending in {".jsonl", ".ndjson", ".json"} or start in {b"{", b"["}


def _from_lines(data: bytes, limits: Limits) -> Iterator[Row]:
    """Rows of JSON Lines."""
    count = 0
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        count += 1
        if count > limits.rows:
            yield Row(number, problems=(Problem("too_large", "file", "", f"> {limits.rows} rows", f"{limits.rows} rows"),))
            return
        record = f"row {number}"
        try:
            value = load_json(line.strip(), record, max_bytes=limits.line_bytes)
        except DataError as error:
            yield Row(number, problems=error.problems)
            continue
        if isinstance(value, dict):
            yield Row(number, value)
        else:
            yield Row(number, problems=(Problem("not_an_object", record, "", shown(value), "object"),))
    if not count:
        yield Row(0, problems=(Problem("bad_file", "file", "", None, FORMATS),))


def _from_sheet(sheet: Sheet, limits: Limits) -> Iterator[Row]:
    """Rows of a table with a header."""
    width = len(sheet.columns)
    for count, (number, cells) in enumerate(sheet.rows, start=1):
        if cells is None:
            yield Row(number, problems=(Problem("bad_file", f"row {number}", "", None, FORMATS),))
        elif count > limits.rows:
            yield Row(number, problems=(Problem("too_large", "file", "", f"> {limits.rows} rows", f"{limits.rows} rows"),))
            return
        elif len(cells) != width:
            problem = Problem("ragged_row", f"row {number}", "", str(len(cells)), str(width))
            yield Row(number, problems=(problem,))
        else:
            yield Row(number, dict(zip(sheet.columns, cells, strict=True)), flat=True)
