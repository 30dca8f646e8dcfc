"""How many profiles, suggestions and events were ever recorded, are there, and were erased, by kind and month.

What was recorded is counted in the transaction that records it, what was erased in the one that erases. So what is there is
what was recorded less what was erased; a row that went in any other way leaves a difference, and cannot hide: `unexplained`.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, String, Table, cast, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from matching.tables import lists, outcomes, profiles, recorded, suggestions, tombstones

PROFILE: Final = "profile"
SHOWN: Final = "shown"
"""Kinds beside the events: a profile (month of its creation), a suggestion (month in which its list was asked for)."""

Tally = Mapping[tuple[str, str], int]
"""Numbers by kind and month (``2025-03``, UTC)."""


def month_of(moment: datetime) -> str:
    """Give the month in which a moment is counted.

    >>> month_of(datetime(2025, 3, 31, 23, 59, tzinfo=UTC))
    '2025-03'
    """
    return f"{moment.astimezone(UTC):%Y-%m}"


def count(connection: Connection, some: Tally) -> None:
    """Count what is being recorded, in the transaction that records it."""
    _add(connection, recorded, some)


def set_tombstones(connection: Connection, gone: Tally) -> None:
    """Add to the anonymous counts of what was erased."""
    _add(connection, tombstones, gone)


def _add(connection: Connection, table: Table, some: Tally) -> None:
    """Add numbers to those of a table; the rows in one order, so that two writers never wait for each other in a circle."""
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert
    for (kind, month), number in sorted(some.items()):
        added = insert(table).values(kind=kind, month=month, count=number)
        more = added.on_conflict_do_update(index_elements=["kind", "month"], set_={"count": table.c.count + number})
        connection.execute(more)


def read_tombstones(connection: Connection) -> dict[tuple[str, str], int]:
    """Read the counts of what was erased, by kind and month."""
    return _read(connection, tombstones)


def _read(connection: Connection, table: Table) -> dict[tuple[str, str], int]:
    rows = connection.execute(select(table.c.kind, table.c.month, table.c.count))
    return {(kind, month): number for kind, month, number in rows}


def held(connection: Connection) -> dict[tuple[str, str], int]:
    """Count what is there, by kind and month."""
    created, asked = (func.substr(utc_text(connection, moment), 1, 7) for moment in (profiles.c.created_at, lists.c.asked_at))
    happened = func.substr(cast(outcomes.c.happened_on, String), 1, 7)
    queries = (
        select(literal(PROFILE), created, func.count()).group_by(created),
        select(literal(SHOWN), asked, func.count()).join_from(suggestions, lists).group_by(asked),
        select(outcomes.c.event, happened, func.count()).group_by(outcomes.c.event, happened),
    )
    return {(kind, when): number for query in queries for kind, when, number in connection.execute(query)}


def utc_text(connection: Connection, moment: ColumnElement[Any]) -> ColumnElement[str]:
    """Write a moment as text in UTC (``2025-03-14 09:26:53...``), as SQLite keeps it."""
    there = func.timezone("UTC", moment) if connection.dialect.name == "postgresql" else moment
    return cast(there, String)


def unexplained(recorded: Tally, held: Tally, erased: Tally) -> dict[tuple[str, str], int]:
    """Give what was recorded less what is there less what was erased, where that is not nothing.

    >>> unexplained({("hired", "2025-03"): 5}, {("hired", "2025-03"): 3}, {("hired", "2025-03"): 1})
    {('hired', '2025-03'): 1}
    """
    left = Counter(recorded)
    left.subtract(held)
    left.subtract(erased)
    return {key: left[key] for key in sorted(left) if left[key]}


def check(connection: Connection) -> dict[tuple[str, str], int]:
    """Compare the counts with what is there, in the transaction that is open; empty when all agrees."""
    return unexplained(_read(connection, recorded), held(connection), read_tombstones(connection))
