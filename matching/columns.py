"""The log read as columns, all as of one moment of the database: for measuring and training, which never need one record whole.

Nothing is validated again, and no record is built; the documents are opened by the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import JSON, ColumnElement, Connection, Engine, Select, String, cast, func, select

from matching import ledger
from matching.tables import lists, offers, outcomes, profiles, suggestions

PART: Final = 50_000
"""Rows fetched at a time."""

Table = Mapping[str, Sequence[Any]]
"""Column name -> values, all of one length; ``None`` is unknown."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What the database holds, as known on a day; dates and moments are text (``2025-03-14``, ``2025-03-14 09:26:53`` in UTC).

    ``lists`` come by id, ``suggestions`` by list, kind and rank, ``outcomes`` in the order recorded. ``erased`` are the
    tombstones, and ``unexplained`` what `matching.ledger.unexplained` finds, both whatever the day.
    """

    profiles: Table
    offers: Table
    lists: Table
    suggestions: Table
    outcomes: Table
    erased: ledger.Tally
    unexplained: ledger.Tally


class Reader:
    """Reads the log of a database. Methods raise `sqlalchemy.exc.SQLAlchemyError` when it fails."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def unexplained(self) -> ledger.Tally:
        """Give what is missing from the log, or too much in it, that no erasure explains."""
        with self._one_moment() as connection:
            return ledger.check(connection)

    def columns(self, as_of: date) -> Columns:
        """Read everything that was recorded until the end of a day (UTC)."""
        with self._one_moment() as connection:
            return Columns(
                profiles=_fetch(connection, _of_profiles(connection)),
                offers=_fetch(connection, _of_offers(connection)),
                lists=_fetch(connection, _of_lists(connection, as_of)),
                suggestions=_fetch(connection, _of_suggestions(connection, as_of)),
                outcomes=_fetch(connection, _of_outcomes(connection, as_of)),
                erased=ledger.read_tombstones(connection),
                unexplained=ledger.check(connection),
            )

    def _one_moment(self) -> Connection:
        connection = self._engine.connect()
        if connection.dialect.name == "postgresql":  # on SQLite a transaction sees one moment anyway
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        return connection


def _fetch(connection: Connection, query: Select[Any]) -> Table:
    """Fetch a query as columns, in parts, so that the rows themselves never stand in memory all at once."""
    result = connection.execution_options(yield_per=PART).execute(query)
    columns: dict[str, list[Any]] = {name: [] for name in result.keys()}  # noqa: SIM118 - not a dict
    for part in result.partitions():
        for column, values in zip(columns.values(), zip(*part, strict=True), strict=True):
            column.extend(values)
    return columns


def _of_document(connection: Connection, document: ColumnElement[str], name: str) -> ColumnElement[Any]:
    """Give one field of a document; numbers and texts as text, ``NULL`` when absent."""
    if connection.dialect.name == "postgresql":
        return func.json_extract_path_text(cast(document, JSON), name).label(name)
    return cast(func.json_extract(document, f"$.{name}"), String).label(name)


def _of_profiles(connection: Connection) -> Select[Any]:
    names = ("targetGroup", "registeredOn", "contractEnd", "guidanceEnd", "foundWorkOn", "handedOverOn")
    fields = [_of_document(connection, profiles.c.document, name) for name in names]
    return select(profiles.c.id, *fields).order_by(profiles.c.id)


def _of_offers(connection: Connection) -> Select[Any]:
    fields = [_of_document(connection, offers.c.document, name) for name in ("employer", "published", "positions", "filled")]
    return select(offers.c.id, offers.c.kind, *fields).order_by(offers.c.id)


def _moment(connection: Connection, moment: ColumnElement[Any], name: str) -> ColumnElement[str]:
    return func.substr(ledger.utc_text(connection, moment), 1, 19).label(name)


def _until(connection: Connection, moment: ColumnElement[Any], as_of: date) -> ColumnElement[bool]:
    return ledger.utc_text(connection, moment) < (as_of + timedelta(days=1)).isoformat()


def _of_lists(connection: Connection, as_of: date) -> Select[Any]:
    asked = _moment(connection, lists.c.asked_at, "asked")
    names = ("id", "direction", "subject", "asked_by", "model_version", "policy", "cause")
    columns = (*(lists.c[name] for name in names), asked)
    return select(*columns).where(_until(connection, lists.c.asked_at, as_of)).order_by(lists.c.id)


def _of_suggestions(connection: Connection, as_of: date) -> Select[Any]:
    columns = [column for column in suggestions.c if column.name != "contributions"]
    query = select(*columns).join_from(suggestions, lists).where(_until(connection, lists.c.asked_at, as_of))
    return query.order_by(suggestions.c.list_id, suggestions.c.kind, suggestions.c.rank, suggestions.c.id)


def _of_outcomes(connection: Connection, as_of: date) -> Select[Any]:
    columns = [outcomes.c[name] for name in "id event profile_id offer_id suggestion_id corrects reported_by".split()]
    happened = cast(outcomes.c.happened_on, String).label("happened")
    fields = [_of_document(connection, outcomes.c.document, name) for name in ("reason", "contract", "hours", "startedOn")]
    query = select(*columns, happened, _moment(connection, outcomes.c.recorded_at, "recorded"), *fields)
    return query.where(_until(connection, outcomes.c.recorded_at, as_of)).order_by(outcomes.c.number)
