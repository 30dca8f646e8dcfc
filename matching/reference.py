"""Reference files -> documents -> values: postcodes, travel times, and the rules of the target groups.

Files from others vary in headers, separators and order of columns; what is read becomes a small document (plain lists
and numbers, ready for JSON) that is kept, and from which the values are built again at any time.
"""

import csv
import json
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from matching.geography import REGIONS, Geography, Place
from matching.guidance import GroupRules
from matching.records import DataError, Problem

SHIPPED: Final = Path(__file__).parent / "data"
MAX_BYTES: Final = 64 * 2**20
MAX_MINUTES: Final = 1440
LATITUDES: Final = (49.4, 51.6)
LONGITUDES: Final = (2.5, 6.5)
"""Bounds of Belgium in degrees, which also tell a latitude from a longitude where no header does."""

POSTCODE_COLUMNS: Final = {
    "postcode": "postcode zip zipcode zip_code postal_code code_postal codepostal postnummer",
    "latitude": "latitude lat",
    "longitude": "longitude lon lng long",
    "locality": "locality localite name naam nom plaatsnaam gemeente commune city",
    "name_fr": "name_fr nom_fr commune_fr municipality_fr",
    "name_nl": "name_nl naam_nl gemeente_nl municipality_nl",
    "nis": "nis nis_code niscode nis5 ins code_ins",
    "region": "region",
}
TRAVEL_COLUMNS: Final = {
    "start": "from_postcode from_zip from origin van depart de",
    "end": "to_postcode to_zip to destination naar arrivee a",
}
NO_TRAIN: Final = re.compile(r"(no|without|sans|zonder|excl)_(the_)?(train|trein|rail)")

Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a reference file.

    ``rows`` were read, ``kept`` stand in the document; ``merged`` rows shared a postcode with another one, ``blank``
    rows said nothing; ``problems`` names every row that was left out, and why.
    """

    rows: int
    kept: int
    merged: int = 0
    blank: int = 0
    problems: tuple[Problem, ...] = ()


def read_postcodes(path: Path) -> tuple[dict[str, Any], ImportReport]:
    """Read postcodes with their points into a document.

    Accepted: our own layout; any CSV with a postcode, a latitude and a longitude under a usual header; the same without
    a header. Several localities of one postcode become one place at the median of their points. Names, NIS code and
    region may be absent: the shipped gazetteer has them, or the region follows from the postcode.

    Raises
    ------
    DataError
        The file cannot be read, a column is missing, or no row is usable.
    """
    by_postcode: dict[str, list[dict[str, Any]]] = {}
    problems: list[Problem] = []
    lines = _lines(path)
    rows = 0
    for line, cells in _named(lines, POSTCODE_COLUMNS, ("postcode", "latitude", "longitude"), path.name):
        rows += 1
        place = _read_place(cells, f"{path.name} line {line}", problems)
        if place is not None:
            by_postcode.setdefault(place["postcode"], []).append(place)
    _refuse_empty(by_postcode, problems, path.name)
    places = [_merged(localities) for _, localities in sorted(by_postcode.items())]
    merged = sum(len(localities) - 1 for localities in by_postcode.values())
    return {"places": places}, ImportReport(rows, len(places), merged=merged, problems=tuple(problems))


def read_travel_times(path: Path) -> tuple[dict[str, Any], ImportReport]:
    """Read public-transport minutes between postcodes into a document.

    One column holds the postcode to leave from, one the postcode to reach, and one, with *minutes* in its header, the
    minutes; ``no_train`` (sans, zonder) in that header says that trains are left out. Empty minutes stay unknown.

    Raises
    ------
    DataError
        The file cannot be read, a column is missing or ambiguous, or no row is usable.
    """
    lines = _lines(path)
    minutes_column = _minutes_column(lines[0][1], path.name)
    columns = {**TRAVEL_COLUMNS, "minutes": minutes_column}
    pairs: dict[tuple[str, str], int] = {}
    problems: list[Problem] = []
    rows = blank = refused = 0
    for line, cells in _named(lines, columns, tuple(columns), path.name):
        rows += 1
        if not cells["minutes"]:
            blank += 1
            continue
        found = _read_pair(cells, f"{path.name} line {line}", pairs)
        if isinstance(found, tuple):
            pairs[cells["start"], cells["end"]] = found[0]
        else:
            refused += 1
            problems += found
    _refuse_empty(pairs, problems, path.name)
    document = {
        "without_trains": bool(NO_TRAIN.search(minutes_column)),
        "pairs": [[start, end, minutes] for (start, end), minutes in sorted(pairs.items())],
    }
    return document, ImportReport(rows, len(pairs), rows - blank - refused - len(pairs), blank, tuple(problems))


def shipped_places() -> tuple[Place, ...]:
    """Give the gazetteer that comes with the service: the Brussels Region and its edge."""
    document, report = read_postcodes(SHIPPED / "gazetteer.csv")
    if report.problems:
        raise DataError(report.problems)
    return tuple(_place(row, None) for row in document["places"])


def build_geography(documents: Mapping[str, Mapping[str, Any]]) -> Geography:
    """Build the geography from the shipped gazetteer and the documents ``postcodes`` and ``travel-times``, if any.

    An imported postcode brings its point; names and NIS code that it lacks are kept from the gazetteer.
    """
    places = {place.postcode: place for place in shipped_places()}
    for row in documents.get("postcodes", {}).get("places", ()):
        places[row["postcode"]] = _place(row, places.get(row["postcode"]))
    travel = documents.get("travel-times", {})
    pairs = {(start, end): minutes for start, end, minutes in travel.get("pairs", ())}
    return Geography.build(places.values(), pairs, bool(travel.get("without_trains", True)))


def read_guidance(path: Path | None = None) -> dict[str, GroupRules]:
    """Read the rules of every target group from a JSON file; without one, those that come with the service.

    Raises
    ------
    DataError
        The file cannot be read or is not JSON, or any setting is missing, unknown or of the wrong kind.
    """
    path = path if path is not None else SHIPPED / "guidance.json"
    try:
        document = json.loads(_text(path))
    except ValueError as error:
        raise DataError([Problem("unreadable_file", path.name, "file", None, "JSON")]) from error
    return group_rules(document)


def group_rules(document: Any) -> dict[str, GroupRules]:
    """Read the rules of every target group from a configuration document: ``groups``, by code.

    Raises
    ------
    DataError
        With every problem: settings that are missing, unknown, or of the wrong kind.
    """
    groups = document.get("groups") if isinstance(document, Mapping) else None
    if not isinstance(groups, Mapping) or not groups:
        raise DataError([Problem("required", "guidance", "groups", None, "at least one target group")])
    try:
        # As JSON, because only there strict means: objects are fine, but true is not 1 and "2" is not 2.
        return _GROUP_RULES.validate_json(json.dumps(dict(groups)), strict=True)
    except ValidationError as error:
        raise DataError(_setting_problem(dict(one)) for one in error.errors()) from error


_GROUP_RULES: Final = TypeAdapter(dict[str, GroupRules])


def _setting_problem(error: dict[str, Any]) -> Problem:
    """Say one validation error as a problem."""
    code = {"missing": "required", "extra_forbidden": "unknown_field", "unexpected_keyword_argument": "unknown_field"}
    group, *path = (str(part) for part in error["loc"])
    return Problem(
        code.get(error["type"], "invalid"), f"guidance group {group}", ".".join(path) or "groups", None, error["msg"]
    )


def _text(path: Path) -> str:
    """Read a text file as offices save it: UTF-8 with or without a byte order mark, else Windows-1252."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DataError([Problem("too_large", path.name, "file", None, f"{MAX_BYTES // 2**20} MB")])
        raw = path.read_bytes()
    except OSError as error:
        raise DataError([Problem("unreadable_file", path.name, "file", None, "a readable file")]) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """Read a CSV file with ``;``, ``,`` or tabs: the number of each line that is not empty, and its cells."""
    text = _text(path)
    first = text.lstrip().split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    reader = csv.reader(text.splitlines(), delimiter=separator)
    try:
        lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        raise DataError([Problem("unreadable_file", path.name, "file", None, "CSV")]) from error
    if not lines:
        raise DataError([Problem("empty_file", path.name, "file", None, "at least one row")])
    return lines


def _normal(header: str) -> str:
    """Header in small letters, without accents, words joined by ``_``."""
    plain = unicodedata.normalize("NFKD", header).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")


def _named(
    lines: list[tuple[int, list[str]]], columns: Mapping[str, str], needed: tuple[str, ...], file: str
) -> Iterable[tuple[int, Cells]]:
    """Give every row with its cells under our names; a cell that the file lacks is empty."""
    headers = [_normal(cell) for cell in lines[0][1]]
    where = {
        name: position
        for name, accepted in columns.items()
        for position, header in reversed(list(enumerate(headers)))
        if header in accepted.split()
    }
    if not where:
        where, lines = _columns_by_content(lines[0][1]), [lines[0], *lines]
    missing = [name for name in needed if name not in where]
    if missing:
        raise DataError(Problem("missing_column", file, name, None, columns[name]) for name in missing)
    for line, row in lines[1:]:
        yield line, {name: row[where[name]] if where.get(name, len(row)) < len(row) else "" for name in columns}


def _columns_by_content(row: list[str]) -> dict[str, int]:
    """Tell the columns of a file without a header from its first row."""
    where: dict[str, int] = {}
    for position, cell in enumerate(row):
        number = _as_float(cell)
        if re.fullmatch(r"\d{4}", cell):
            name = "postcode"
        elif number is None:
            name = "locality"
        elif LATITUDES[0] <= number <= LATITUDES[1]:
            name = "latitude"
        elif LONGITUDES[0] <= number <= LONGITUDES[1]:
            name = "longitude"
        else:
            continue
        where.setdefault(name, position)
    return where


def _minutes_column(row: list[str], file: str) -> str:
    """Give the one header that holds minutes."""
    found = [header for header in map(_normal, row) if re.search(r"(^|_)minut(e|es|en)?(_|$)", header)]
    if len(found) == 1:
        return found[0]
    code = "ambiguous_column" if found else "missing_column"
    raise DataError([Problem(code, file, "minutes", None, "one column with minutes in its header")])


def _refuse_empty(kept: Mapping[Any, Any], problems: list[Problem], file: str) -> None:
    """Refuse a file of which nothing can be kept."""
    if not kept:
        raise DataError(problems or [Problem("empty_file", file, "file", None, "at least one row")])


def _read_pair(cells: Cells, record: str, pairs: Mapping[tuple[str, str], int]) -> tuple[int] | list[Problem]:
    """Read the minutes of one row, or say everything that is wrong with it."""
    problems: list[Problem] = []
    for name in ("start", "end"):
        _check_postcode(cells[name], name, record, problems)
    minutes = _number(cells["minutes"], "minutes", record, (0, MAX_MINUTES), problems)
    if problems or minutes is None:
        return problems
    if pairs.get((cells["start"], cells["end"]), round(minutes)) != round(minutes):
        return [Problem("duplicate", record, "minutes", cells["minutes"], "one value for each pair")]
    return (round(minutes),)


def _read_place(cells: Cells, record: str, problems: list[Problem]) -> dict[str, Any] | None:
    """Read one locality; give ``None`` after adding everything that is wrong with it to the problems."""
    before = len(problems)
    _check_postcode(cells["postcode"], "postcode", record, problems)
    latitude = _number(cells["latitude"], "latitude", record, LATITUDES, problems)
    longitude = _number(cells["longitude"], "longitude", record, LONGITUDES, problems)
    region = cells["region"].lower()
    if region and region not in REGIONS:
        problems.append(Problem("unknown_code", record, "region", cells["region"][:40], ", ".join(REGIONS)))
    if len(problems) > before:
        return None
    words = {name: cells[name] or None for name in ("locality", "name_fr", "name_nl", "nis")}
    region = region or region_of(cells["postcode"])
    return {"postcode": cells["postcode"], **words, "latitude": latitude, "longitude": longitude, "region": region}


def _merged(localities: list[dict[str, Any]]) -> dict[str, Any]:
    """Make one place of the localities of a postcode: the first one's words at the median of the points."""
    # The median, not the mean: lists of localities hold namesakes from the other end of the country.
    point = {name: round(median(one[name] for one in localities), 5) for name in ("latitude", "longitude")}
    return {**localities[0], **point}


def _place(row: Mapping[str, Any], known: Place | None) -> Place:
    """Make a place of a row of a document, with what is already known about the postcode behind it."""
    name = row["locality"] or row["name_fr"] or row["name_nl"] or row["postcode"]
    return Place(
        postcode=row["postcode"],
        name_fr=row["name_fr"] or (known.name_fr if known else name),
        name_nl=row["name_nl"] or (known.name_nl if known else name),
        nis=row["nis"] or (known.nis if known else None),
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        region=row["region"],
    )


def region_of(postcode: str) -> str:
    """Give the region of a Belgian postcode, from the ranges by which the post hands them out.

    >>> [region_of(postcode) for postcode in ("1210", "1410", "1500", "3090", "7850", "9300")]
    ['brussels', 'wallonia', 'flanders', 'flanders', 'wallonia', 'flanders']
    """
    if postcode < "1300":
        return "brussels"
    return "wallonia" if postcode < "1500" or "4000" <= postcode < "8000" else "flanders"


def _check_postcode(text: str, field: str, record: str, problems: list[Problem]) -> None:
    """Add a problem unless the text is a Belgian postcode."""
    if not re.fullmatch(r"[1-9]\d{3}", text, re.ASCII):
        problems.append(Problem("invalid_postcode", record, field, text[:40], "four digits, 1000-9999"))


def _as_float(text: str) -> float | None:
    """Read a number, with a decimal point or comma."""
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _number(text: str, field: str, record: str, within: tuple[float, float], problems: list[Problem]) -> float | None:
    """Read a number within bounds; give ``None`` after adding what is wrong with it to the problems."""
    number = _as_float(text)
    if number is not None and within[0] <= number <= within[1]:
        return number
    code = "not_a_number" if number is None else "out_of_range"
    problems.append(Problem(code, record, field, text[:40], f"{within[0]}-{within[1]}"))
    return None
