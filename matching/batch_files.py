"""Batches as files: whom one is about, read from a table; and one that was answered, as tables and as a document."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

from matching import ingest
from matching.codes import Kind, Limit, Words, word
from matching.desk import Desk
from matching.files import Row, read_rows
from matching.listings import MATCH_COLUMNS, Listing
from matching.problems import as_documents
from matching.records import Offer, Problem, Profile
from matching.sheets import Cell
from matching.store import Counts

Direction = Literal["profiles", "offers"]

PROBLEM_COLUMNS: Final = ("record", "field", "value", "accepted", "sentence")
SPREAD_COLUMNS: Final = ("figure", "before", "after")
SHEETS: Final[Words] = {
    "results": ("résultats", "resultaten", "results"),
    "errors": ("erreurs", "fouten", "errors"),
    "settings": ("réglages", "instellingen", "settings"),
    "spreading": ("répartition", "spreiding", "spreading"),
}
"""Names of the tables of a batch."""



@dataclass(frozen=True, slots=True)
class Batch:
    """What a batch is asked with.

    ``direction``: ``profiles`` gives each profile its vacancies, ``offers`` each offer its people. ``spread``: at most
    ``per_profile`` suggestions for a profile, and ``per_position`` people for each open position, proposals already made
    included.
    """

    direction: Direction
    top: int = 20
    as_of: date | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    relax: frozenset[Limit] = frozenset()
    spread: bool = False
    per_profile: int = 10
    per_position: float = 10.0


@dataclass(frozen=True, slots=True)
class Given:
    """Whom a batch is about: records in the order given, and what was wrong with others."""

    records: tuple[Profile | Offer, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """A batch answered.

    ``items``: one document per list, with its subject, a message when it is empty, and its matches. ``rows``: the same as
    cells in the order of `listings.MATCH_COLUMNS`. ``settings``: everything it depends on. ``spreading``: figures before
    and after (name, before, after), none without spreading.
    """

    items: tuple[dict[str, Any], ...]
    rows: tuple[tuple[Any, ...], ...]
    problems: tuple[Problem, ...]
    settings: dict[str, Any]
    spreading: tuple[tuple[str, float, float], ...] = ()


def read_given(desk: Desk, batch: Batch, file: str | None, extract: bool = True) -> Given:
    """Read whom a batch is about: from a file (CSV, XLSX, JSON Lines), else everybody, or every open vacancy, in the store.

    A row that holds only an id names a record of the store. Rows that cannot be read are problems; the others go on.
    """
    if file is None:
        if batch.direction == "profiles":
            return Given(tuple(desk.store.profiles()))
        today = desk.today(batch.as_of)
        return Given(tuple(offer for offer in desk.store.offers() if offer.kind == Kind.VACANCY and _open(offer, today)))
    order: list[str] = []
    named: list[tuple[int, str]] = []

    def others(rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            name = _only_id(row)
            if name is not None:
                named.append((row.number, name))
                order.append(name)
                continue
            if row.data is not None and not row.problems:
                order.append(str(row.data.get("id")))
            yield row

    loaded, collected = desk.loaded(), list[Any]()

    def put(records: list[Any]) -> Counts:
        collected.extend(records)
        return Counts()

    rows, linking = others(read_rows(file)), loaded.codes
    if batch.direction == "profiles":
        report = ingest.import_profiles(rows, put, groups=desk.groups, linking=linking)
    else:
        reader = loaded.read_text if extract else None
        report = ingest.import_offers(rows, put, groups=desk.groups, linking=linking, reader=reader)
    stored: Any = (desk.store.profiles_of if batch.direction == "profiles" else desk.store.offers_of)({n for _, n in named})
    unknown = [Problem("not_found", f"row {number}", "id", name[:64]) for number, name in named if name not in stored]
    by_id = {name: one.record for name, one in stored.items()} | {record.id: record for record in collected}
    found, problems = tuple(by_id[name] for name in dict.fromkeys(order) if name in by_id), (*report.problems, *unknown)
    nothing = () if found or problems else (Problem("empty_file", "file", "", None, "at least one row"),)
    return Given(found, (*problems, *nothing))


def as_document(result: Result, lang: str) -> dict[str, Any]:
    """Give a batch as programs read it."""
    return {
        "settings": result.settings,
        "items": list(result.items),
        "problems": as_documents(result.problems, lang),
        "spreading": [dict(zip(SPREAD_COLUMNS, row, strict=True)) for row in result.spreading],
    }


def as_sheets(result: Result, lang: str) -> dict[str, Listing]:
    """Give a batch as tables by name: results, errors, settings and, when it was spread, the figures of that."""
    return sheets_of(as_document(result, lang), result.rows, lang)


def sheets_of(document: Mapping[str, Any], rows: Iterable[Sequence[Cell]], lang: str) -> dict[str, Listing]:
    """Give the tables of a batch from its document and the rows of its results."""
    problems = [tuple(problem[name] for name in PROBLEM_COLUMNS) for problem in document["problems"]]
    settings = [(name, _flat(value)) for name, value in document["settings"].items()]
    tables = {
        "results": Listing(tuple(MATCH_COLUMNS), tuple(tuple(row) for row in rows)),
        "errors": Listing(PROBLEM_COLUMNS, tuple(problems)),
        "settings": Listing(("setting", "value"), tuple(settings)),
        "spreading": Listing(SPREAD_COLUMNS, tuple(tuple(figure.values()) for figure in document["spreading"])),
    }
    return {word(SHEETS, name, lang): table for name, table in tables.items() if name != "spreading" or table.rows}


def _flat(value: Any) -> Cell:
    """Give a setting as one cell."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={number:g}" for name, number in value.items()) or None
    return ", ".join(map(str, value)) or None if isinstance(value, list) else value


def _only_id(row: Row) -> str | None:
    """Give the id of a row that holds nothing else."""
    filled = {name: value for name, value in (row.data or {}).items() if value not in (None, "")}
    name = filled.get("id")
    if row.problems or set(filled) != {"id"}:
        return None
    return str(int(name)) if isinstance(name, float) and name.is_integer() else str(name)


def _open(offer: Offer, today: date) -> bool:
    """Say whether a vacancy is open on a day, as the rules have it."""
    gone = (offer.closed_on is not None and offer.closed_on <= today) or (
        offer.valid_through is not None and offer.valid_through < today
    )
    return not gone and (offer.positions is None or offer.positions > offer.filled)
