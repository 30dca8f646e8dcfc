"""The tables of the database, how a connection to it behaves, how it is migrated, and what a write answers.

One description for SQLite and PostgreSQL. ``migrations/`` builds the same tables; a test compares the two.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Generic, Literal, TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from pydantic import TypeAdapter
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Dialect,
    Double,
    Engine,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    create_engine,
    event,
    func,
    insert,
    make_url,
    select,
    update,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from matching.codes import Role
from matching.records import Offer, Profile
from matching.together import begin_writing

BUSY_SECONDS: Final = 20
"""How long a SQLite connection waits for another one's short transaction."""
READ: Final = "BEGIN"
WRITE: Final = "BEGIN IMMEDIATE"
ALONE: Final = ""
"""How a SQLite transaction begins; `ALONE`: there is none, for a statement that must run outside."""
MIGRATIONS: Final = Path(__file__).resolve().parent.parent / "migrations"
MIGRATION_LOCK: Final = 0x4C494E4B
"""Number of the PostgreSQL advisory lock held while migrating, so that two servers may start at once."""


class UtcTime(TypeDecorator[datetime]):
    """A moment, kept and given back in UTC; a time without zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn a moment into UTC on the way in."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a time needs a zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say that what comes out is UTC (SQLite keeps no zone)."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def code_text(length: int) -> TypeEngine[str]:
    """Text compared byte by byte on both databases, so that ids come in the same order everywhere."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


METADATA: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _documents(name: str, *columns: Column[Any]) -> Table:
    return Table(
        name,
        METADATA,
        Column("id", code_text(64), primary_key=True),
        *columns,
        Column("digest", String(64), nullable=False),
        Column("document", Text, nullable=False),
        Column("created_at", UtcTime, nullable=False),
        Column("updated_at", UtcTime, nullable=False),
    )


profiles: Final = _documents("profiles")
offers: Final = _documents("offers", Column("kind", String(32), nullable=False))

references: Final = Table(
    "reference_documents",
    METADATA,
    Column("name", code_text(120), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
)

revisions: Final = Table(
    "revisions",
    METADATA,
    Column("thing", String(32), primary_key=True),
    Column("value", BigInteger, nullable=False),
    Column("started_at", UtcTime, nullable=False),
)

lists: Final = Table(
    "lists",
    METADATA,
    Column("id", code_text(64), primary_key=True),
    Column("direction", String(16), nullable=False),
    Column("subject", code_text(64), nullable=False, index=True),
    Column("asked_by", code_text(64), nullable=False),
    Column("asked_role", String(16), nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("model_version", Text, nullable=False),
    Column("taxonomy_version", Text, nullable=False),
    Column("data_version", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("cause", String(32)),
    Column("override_reason", Text),
    Column("override_by", code_text(64)),
)

suggestions: Final = Table(
    "suggestions",
    METADATA,
    Column("id", code_text(64), primary_key=True),
    Column("list_id", ForeignKey(lists.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("profile_id", code_text(64), nullable=False, index=True),
    Column("offer_id", code_text(64), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("score", Double, nullable=False),
    Column("feature_values", LargeBinary, nullable=False),
    Column("contributions", Text, nullable=False),
    Column("propensity", Double, nullable=False),
    Column("exploration", Boolean, nullable=False),
)

outcomes: Final = Table(
    "outcomes",
    METADATA,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("id", code_text(64), nullable=False, unique=True),
    Column("event", String(32), nullable=False),
    Column("profile_id", code_text(64), nullable=False),
    Column("offer_id", code_text(64)),
    Column("suggestion_id", ForeignKey(suggestions.c.id), index=True),
    Column("corrects", code_text(64), index=True),
    Column("happened_on", Date, nullable=False),
    Column("reported_by", code_text(64), nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("document", Text, nullable=False),
    Index(None, "profile_id", "offer_id"),
    Index(None, "offer_id"),
    Index(None, "event", "number"),
)


def _tally(name: str) -> Table:
    return Table(
        name,
        METADATA,
        Column("kind", String(32), primary_key=True),
        Column("month", String(7), primary_key=True),
        Column("count", Integer, nullable=False),
    )


recorded: Final = _tally("recorded")
tombstones: Final = _tally("tombstones")

keys: Final = Table(
    "keys",
    METADATA,
    Column("id", code_text(64), primary_key=True),
    Column("secret_digest", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("label", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
)

remembered: Final = Table(
    "remembered_answers",
    METADATA,
    Column("key_id", code_text(64), primary_key=True),
    Column("idempotency_key", code_text(255), primary_key=True),
    Column("request_digest", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False, index=True),
)


batches: Final = Table(
    "batches",
    METADATA,
    Column("id", code_text(64), primary_key=True),
    Column("asked_by", code_text(64), nullable=False),
    Column("asked_role", String(16), nullable=False),
    Column("language", String(2), nullable=False),
    Column("question", Text, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("step", String(16)),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("result", LargeBinary),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """What a write did: rows ``new``, ``changed`` and ``unchanged`` (the last are not written)."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Key:
    """Who may call the service; the secret itself is not kept."""

    id: str
    role: Role
    label: str
    created_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Remembered:
    """The answer given to a write, kept so that a retry gets the same one."""

    request_digest: str
    status: int
    body: str


R = TypeVar("R", Profile, Offer)
Thing = Literal["profiles", "offers", "reference", "outcomes"]


@dataclass(frozen=True, slots=True)
class Shelf(Generic[R]):
    """Where one kind of record is kept, and how it is written."""

    thing: Thing
    table: Table
    adapter: TypeAdapter[R]

    def document(self, record: R) -> str:
        """Write a record out."""
        # The order of the fields is that of the class, so equal records give equal bytes.
        return self.adapter.dump_json(record, by_alias=True, exclude_defaults=True).decode()

    def row(self, record: R, now: datetime) -> dict[str, Any]:
        """Give the row of a record as it is inserted."""
        document = self.document(record)
        row = {"id": record.id, "digest": sha256_of(document), "document": document}
        if isinstance(record, Offer):
            row["kind"] = record.kind.value
        return {**row, "created_at": now, "updated_at": now}


PROFILES: Final = Shelf("profiles", profiles, TypeAdapter(Profile))
OFFERS: Final = Shelf("offers", offers, TypeAdapter(Offer))


def sha256_of(text: str) -> str:
    """Give the SHA-256 of a text, hexadecimal."""
    return sha256(text.encode()).hexdigest()


def digest_of(record: Profile | Offer) -> str:
    """Give the digest under which a record would be stored."""
    document = PROFILES.document(record) if isinstance(record, Profile) else OFFERS.document(record)
    return sha256_of(document)


class Conflict(Exception):  # noqa: N818 - the word of the doors
    """What is stored is not what the caller took it for; nothing was written.

    ``ids`` are kept out of the message, since a message may reach a log.
    """

    def __init__(self, thing: str, ids: Sequence[str]) -> None:
        self.thing = thing
        self.ids = tuple(ids)
        super().__init__(f"{thing}: {len(self.ids)} stored otherwise")


def open_engine(url: str) -> Engine:
    """Prepare an engine for a URL; nothing is opened yet.

    On SQLite the execution option ``begin`` says how a connection begins (default `READ`); with `WRITE` the lock is
    taken before anything is read, so that two writers wait for each other instead of failing.
    """
    address = make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() != "sqlite":
        served = create_engine(address, hide_parameters=True, pool_pre_ping=True)
        event.listen(served, "connect", _iso_dates)
        return served
    engine = create_engine(address, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver's own BEGIN would come too late
        for pragma in ("foreign_keys=ON", "journal_mode=DELETE", "synchronous=EXTRA", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        statement = connection.get_execution_options().get("begin", READ)
        if statement == WRITE:
            begin_writing(connection.connection.dbapi_connection, BUSY_SECONDS)
        elif statement != ALONE:
            connection.exec_driver_sql(statement)

    return engine


def _iso_dates(connection: Any, _record: object) -> None:
    """Have days written YYYY-MM-DD as text, whatever the server prefers: months are read from that."""
    connection.execute("SET DateStyle TO ISO").close()
    connection.commit()


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


@cache
def _head() -> str | None:
    return ScriptDirectory.from_config(_alembic()).get_current_head()


def migrate(connection: Connection, now: datetime) -> None:
    """Build the tables or bring them up to date, in the transaction that is open, and start the revision counters."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
    config = _alembic()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    there = set(connection.scalars(select(revisions.c.thing)))
    for thing in sorted({"profiles", "offers", "reference", "outcomes"} - there):
        connection.execute(insert(revisions).values(thing=thing, value=0, started_at=now))


def migrated(connection: Connection) -> bool:
    """Say whether the tables are those of this version."""
    return MigrationContext.configure(connection).get_current_revision() == _head()


def ask_compacting(connection: Connection) -> None:
    """Note in a SQLite file, in the transaction that erases, that `compact` has work to do."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA user_version = 1")


def compact(engine: Engine) -> None:
    """Rewrite a SQLite file in which something was erased, so that no byte of it stays.

    ``secure_delete`` zeroes what is deleted, but not the copies that SQLite leaves in a page when it moves rows to
    another one. The note survives a crash: the next erasure or start finishes the work.
    """
    if engine.dialect.name != "sqlite":
        return
    with engine.execution_options(begin=ALONE).connect() as connection:
        if connection.exec_driver_sql("PRAGMA user_version").scalar():
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA user_version = 0")


def lock(connection: Connection, thing: str) -> None:
    """Make writers of one thing wait for each other until the transaction ends (on SQLite they already do)."""
    connection.execute(select(revisions.c.value).where(revisions.c.thing == thing).with_for_update())


def advance(connection: Connection, thing: str) -> None:
    """Count one change of a thing, in the transaction that changes it."""
    connection.execute(update(revisions).where(revisions.c.thing == thing).values(value=revisions.c.value + 1))


def portions(ids: Iterable[str], size: int = 500) -> Iterator[list[str]]:
    """Cut many ids into lists that fit in one statement.

    >>> list(portions(["a", "b", "c"], 2))
    [['a', 'b'], ['c']]
    """
    every = list(ids)
    return (every[start : start + size] for start in range(0, len(every), size))


def write_rows(connection: Connection, table: Table, rows: Mapping[str, dict[str, Any]], known: Container[str]) -> None:
    """Write rows by id: those whose id is known replace what is there, the others are inserted."""
    fresh = [row for key, row in rows.items() if key not in known]
    if fresh:
        connection.execute(insert(table), fresh)
    columns = [name for name in table.c.keys() if name not in ("id", "created_at")]  # noqa: SIM118 - not a dict
    changed = [{f"to_{name}": rows[key][name] for name in ("id", *columns)} for key in rows if key in known]
    if changed:
        statement = update(table).where(table.c.id == bindparam("to_id"))
        connection.execute(statement.values({name: bindparam(f"to_{name}") for name in columns}), changed)


def digests(connection: Connection, table: Table, ids: Iterable[str]) -> dict[str, str]:
    """Read the digests of the documents that are there, by id."""
    found: dict[str, str] = {}
    for some in portions(ids):
        rows = connection.execute(select(table.c.id, table.c.digest).where(table.c.id.in_(some)))
        found.update((row.id, row.digest) for row in rows)
    return found
