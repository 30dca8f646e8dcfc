"""The store: records, reference documents, the log, keys and remembered answers, on SQLite or PostgreSQL.

Every write is one short transaction: all of it is kept, or nothing. Records are kept as one canonical JSON document
each and read whole; nobody queries inside them.
"""

import hmac
import json
import secrets
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, Generic, Literal

from sqlalchemy import Engine, Row, Table, delete, func, insert, literal, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from matching import ledger, log
from matching.codes import Role
from matching.columns import Reader
from matching.log import Proposal, ShownList, ShownMatch
from matching.queue import Queue, forget
from matching.records import Offer, Outcome, Profile
from matching.tables import (
    OFFERS,
    PROFILES,
    WRITE,
    Conflict,
    Counts,
    Key,
    R,
    Remembered,
    Shelf,
    Thing,
    advance,
    ask_compacting,
    compact,
    digest_of,
    digests,
    keys,
    lock,
    migrate,
    migrated,
    offers,
    open_engine,
    portions,
    profiles,
    references,
    remembered,
    revisions,
    sha256_of,
    suggestions,
    write_rows,
)
from matching.together import Together

__all__ = [
    "Conflict",
    "Counts",
    "Key",
    "Proposal",
    "Remembered",
    "ShownList",
    "ShownMatch",
    "Store",
    "Stored",
    "digest_of",
]


_REVISIONS: Final = select(revisions.c.thing, revisions.c.value)


@dataclass(frozen=True, slots=True)
class Stored(Generic[R]):
    """A record with the digest (SHA-256, hexadecimal) of its document, for an ETag."""

    record: R
    digest: str


class Store:
    """Everything the service keeps.

    Times are passed in and must have a zone. Methods raise `sqlalchemy.exc.SQLAlchemyError` when the database fails.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(begin=WRITE)
        self._together = Together(self._log)
        self.queue = Queue(engine, self._writer)
        self.reader = Reader(engine)

    @classmethod
    def open(cls, url: str) -> "Store":
        """Prepare a store at a database URL (``sqlite:///file`` or ``postgresql://...``); nothing is connected yet."""
        return cls(open_engine(url))

    def create(self, now: datetime) -> None:
        """Build the tables, or migrate them to what this version needs; safe to repeat."""
        with self._writer.begin() as connection:
            migrate(connection, now)
        compact(self._engine)

    def check(self) -> bool:
        """Say whether the database answers and is migrated."""
        with suppress(SQLAlchemyError), self._engine.connect() as connection:
            connection.execute(select(literal(1)))
            return migrated(connection)
        return False

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    # Profiles and offers

    def put_profiles(self, records: Iterable[Profile], now: datetime) -> Counts:
        """Write profiles by id in one transaction; of an id that comes twice the last one stays."""
        return self._put(PROFILES, records, now)

    def put_offers(self, records: Iterable[Offer], now: datetime) -> Counts:
        """Write offers by id in one transaction; of an id that comes twice the last one stays."""
        return self._put(OFFERS, records, now)

    def put_profile(self, record: Profile, now: datetime, expect: str | None = None) -> Counts:
        """Write one profile; raises `Conflict` when ``expect`` is given and is not the digest stored now."""
        return self._put(PROFILES, [record], now, expect)

    def put_offer(self, record: Offer, now: datetime, expect: str | None = None) -> Counts:
        """Write one offer; raises `Conflict` when ``expect`` is given and is not the digest stored now."""
        return self._put(OFFERS, [record], now, expect)

    def profile(self, profile_id: str) -> Profile | None:
        """Read a profile."""
        found = self._get(PROFILES, profile_id)
        return None if found is None else found.record

    def offer(self, offer_id: str) -> Offer | None:
        """Read an offer."""
        found = self._get(OFFERS, offer_id)
        return None if found is None else found.record

    def stored_profile(self, profile_id: str) -> Stored[Profile] | None:
        """Read a profile with its digest."""
        return self._get(PROFILES, profile_id)

    def stored_offer(self, offer_id: str) -> Stored[Offer] | None:
        """Read an offer with its digest."""
        return self._get(OFFERS, offer_id)

    def profiles(self, after: str | None = None, limit: int | None = None) -> list[Profile]:
        """Read profiles by id, those after an id, at most ``limit``."""
        return self._list(PROFILES, after, limit)

    def offers(self, after: str | None = None, limit: int | None = None) -> list[Offer]:
        """Read offers by id, those after an id, at most ``limit``."""
        return self._list(OFFERS, after, limit)

    def digests(self, thing: Literal["profiles", "offers"]) -> list[tuple[str, str]]:
        """Read id and digest of every record, by id."""
        table = (PROFILES if thing == "profiles" else OFFERS).table
        with self._engine.connect() as connection:
            return [(row.id, row.digest) for row in connection.execute(select(table.c.id, table.c.digest).order_by(table.c.id))]

    def profiles_of(self, ids: Iterable[str]) -> dict[str, Stored[Profile]]:
        """Read some profiles; those that are not there are left out."""
        return self._some(PROFILES, ids)

    def offers_of(self, ids: Iterable[str]) -> dict[str, Stored[Offer]]:
        """Read some offers; those that are not there are left out."""
        return self._some(OFFERS, ids)

    def count_profiles(self) -> int:
        """Count the profiles."""
        return self._count(profiles)

    def count_offers(self) -> int:
        """Count the offers."""
        return self._count(offers)

    def delete_offer(self, offer_id: str) -> bool:
        """Remove an offer; the log keeps what was shown of it. Says whether it was there."""
        with self._writer.begin() as connection:
            lock(connection, "offers")
            found = connection.execute(delete(offers).where(offers.c.id == offer_id)).rowcount > 0
            if found:
                advance(connection, "offers")
        return found

    def delete_profile(self, profile_id: str) -> bool:
        """Erase a person: profile, suggestions, outcomes; only anonymous counts stay. Says whether anything was there.

        On SQLite the file is rewritten, so that the bytes go too (about a second per 100 MB); on PostgreSQL they go
        when the server vacuums and drops its old WAL.
        """
        with self._writer.begin() as connection:
            lock(connection, "profiles")
            gone = log.erase(connection, profile_id)
            if gone:
                advance(connection, "outcomes")
            erased = delete(profiles).where(profiles.c.id == profile_id).returning(profiles.c.created_at)
            for created_at in connection.scalars(erased).all():
                gone[ledger.PROFILE, ledger.month_of(created_at)] += 1
                advance(connection, "profiles")
            ledger.set_tombstones(connection, gone)
            forget(connection)
            if gone:
                ask_compacting(connection)
        compact(self._engine)
        return gone.total() > 0

    def tombstones(self) -> dict[tuple[str, str], int]:
        """Count what was erased, by kind (``profile``, ``shown``, or an event) and month of the thing (``2025-03``)."""
        with self._engine.connect() as connection:
            return ledger.read_tombstones(connection)

    def revision(self, thing: Thing) -> int:
        """Count the writes that changed the profiles, the offers, the reference documents, or the outcomes."""
        return self.revisions()[thing]

    def revisions(self) -> dict[str, int]:
        """Give every revision, as of one moment."""
        with self._engine.connect() as connection:
            return {row.thing: row.value for row in connection.execute(_REVISIONS)}

    def _put(self, shelf: Shelf[R], records: Iterable[R], now: datetime, expect: str | None = None) -> Counts:
        batch = [shelf.row(record, now) for record in records]  # written out before the lock is taken
        with self._writer.begin() as connection:
            lock(connection, shelf.thing)
            known = digests(connection, shelf.table, {row["id"] for row in batch})
            if expect is not None and any(known.get(row["id"]) != expect for row in batch):
                raise Conflict(shelf.thing, [row["id"] for row in batch])
            did: Counter[str] = Counter()
            seen, rows = dict(known), dict[str, dict[str, Any]]()
            for row in batch:
                before = seen.get(row["id"])
                did["new" if before is None else "unchanged" if before == row["digest"] else "changed"] += 1
                if before != row["digest"]:
                    rows[row["id"]], seen[row["id"]] = row, row["digest"]
            write_rows(connection, shelf.table, rows, known)
            if shelf.thing == "profiles" and did["new"]:
                ledger.count(connection, {(ledger.PROFILE, ledger.month_of(now)): did["new"]})
            if rows:
                advance(connection, shelf.thing)
        return Counts(**did)

    def _get(self, shelf: Shelf[R], record_id: str) -> Stored[R] | None:
        table = shelf.table
        with self._engine.connect() as connection:
            query = select(table.c.document, table.c.digest).where(table.c.id == record_id)
            row = connection.execute(query).one_or_none()
        return None if row is None else Stored(shelf.adapter.validate_json(row.document), row.digest)

    def _some(self, shelf: Shelf[R], ids: Iterable[str]) -> dict[str, Stored[R]]:
        table, found = shelf.table, dict[str, Stored[R]]()
        with self._engine.connect() as connection:
            for some in portions(ids):
                query = select(table.c.id, table.c.document, table.c.digest).where(table.c.id.in_(some))
                for row in connection.execute(query):
                    found[row.id] = Stored(shelf.adapter.validate_json(row.document), row.digest)
        return found

    def _list(self, shelf: Shelf[R], after: str | None, limit: int | None) -> list[R]:
        query = select(shelf.table.c.document).order_by(shelf.table.c.id).limit(limit)
        if after is not None:
            query = query.where(shelf.table.c.id > after)
        with self._engine.connect() as connection:
            documents = connection.scalars(query).all()
        return [shelf.adapter.validate_json(document) for document in documents]

    def _count(self, table: Table) -> int:
        with self._engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()

    # Reference documents

    def put_reference(self, name: str, document: Mapping[str, Any], now: datetime) -> bool:
        """Keep a reference document (JSON) under a name; says whether that changed anything."""
        text = json.dumps(document, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode()
        row = {"digest": sha256(text).hexdigest(), "document": zlib.compress(text), "updated_at": now}
        with self._writer.begin() as connection:
            lock(connection, "reference")
            there = connection.scalar(select(references.c.digest).where(references.c.name == name))
            if there == row["digest"]:
                return False
            if there is None:
                connection.execute(insert(references).values(name=name, **row))
            else:
                connection.execute(update(references).where(references.c.name == name).values(**row))
            advance(connection, "reference")
        return True

    def reference(self, name: str) -> dict[str, Any] | None:
        """Read a reference document."""
        with self._engine.connect() as connection:
            packed = connection.scalar(select(references.c.document).where(references.c.name == name))
        if packed is None:
            return None
        document: dict[str, Any] = json.loads(zlib.decompress(packed))
        return document

    def references(self) -> dict[str, str]:
        """List the reference documents: name -> digest."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(references.c.name, references.c.digest).order_by(references.c.name))
            return {row.name: row.digest for row in rows}

    # The log

    def record_suggestions(self, shown: ShownList, now: datetime, beside: Iterable[ShownList] = ()) -> None:
        """Log a list, and those shown beside it, before they are shown, all or none.

        The same list again is left alone, another under its id is a `Conflict`.
        """
        lists = (shown, *beside)
        try:
            self._together.ask([(one, now) for one in lists])
        except IntegrityError:
            for one, there in ((one, self.shown(one.id)) for one in lists):
                if there is None or not _same(there, one):
                    raise Conflict("list", [one.id]) from None

    def _log(self, some: Sequence[Sequence[tuple[ShownList, datetime]]]) -> None:
        """Log what several requests show in one transaction: making it durable takes far longer than writing it."""
        with self._writer.begin() as connection:
            log.record_lists(connection, [one for shown in some for one in shown])

    def record_lists(self, shown: Iterable[ShownList], now: datetime) -> None:
        """Log many lists in one transaction; those that are there already are left alone, another under an id is a `Conflict`."""
        batch = list(shown)
        with self._writer.begin() as connection:
            there = log.lists_there(connection, [one.id for one in batch])
            other = [one.id for one in batch if one.id in there and not _same(there[one.id], one)]
            if other:
                raise Conflict("list", other)
            log.record_lists(connection, [(one, now) for one in batch if one.id not in there])

    def shown(self, list_id: str) -> ShownList | None:
        """Read a logged list, its matches by kind, then rank."""
        with self._engine.connect() as connection:
            return log.read_list(connection, list_id)

    def shown_matches(self, profile_id: str) -> list[ShownMatch]:
        """Read every suggestion logged for a person."""
        with self._engine.connect() as connection:
            return log.read_matches(connection, suggestions.c.profile_id == profile_id)

    def record_outcomes(self, events: Iterable[Outcome], now: datetime) -> Counts:
        """Append events in one transaction; raises `Conflict` or `DataError` as `matching.log.record_outcomes` says."""
        batch = list(events)
        with self._writer.begin() as connection:
            did = log.record_outcomes(connection, batch, now)
            if did.new:
                advance(connection, "outcomes")
        return did

    def outcomes(self, profile_id: str | None = None) -> list[Outcome]:
        """Read the events of a person, or all, in the order they were recorded."""
        with self._engine.connect() as connection:
            return log.read_outcomes(connection, profile_id)

    def proposals(
        self, profile_id: str | None = None, offer_id: str | None = None, after: int | None = None, limit: int = 100
    ) -> list[Proposal]:
        """Read the pairs proposed, the last recorded first; ``after``: `Proposal.number` where the last page ended."""
        with self._engine.connect() as connection:
            return log.read_proposals(connection, profile_id, offer_id, after, limit)

    def proposal_counts(self) -> dict[str, int]:
        """Count the different people proposed for each offer: offer id -> people; offers without any are left out."""
        with self._engine.connect() as connection:
            return log.count_proposals(connection)

    # Keys and remembered answers

    def create_key(self, role: Role, label: str, now: datetime) -> str:
        """Make a key and give its secret, which cannot be read again."""
        key_id = secrets.token_hex(6)
        secret = f"lm_{key_id}_{secrets.token_urlsafe(32)}"
        row = {"id": key_id, "secret_digest": sha256_of(secret), "role": role.value, "label": label, "created_at": now}
        with self._writer.begin() as connection:
            connection.execute(insert(keys).values(**row))
        return secret

    def key(self, secret: str) -> Key | None:
        """Find the key of a secret; ``None`` when there is none or it is revoked."""
        prefix, _, rest = secret.partition("_")
        key_id = rest.partition("_")[0]
        with self._engine.connect() as connection:
            row = connection.execute(select(keys).where(keys.c.id == key_id)).one_or_none()
        right = hmac.compare_digest(sha256_of(secret), row.secret_digest if row else sha256_of(""))
        return _key(row) if row and right and prefix == "lm" and row.revoked_at is None else None

    def keys(self) -> list[Key]:
        """List the keys, revoked ones too, the oldest first."""
        with self._engine.connect() as connection:
            return [_key(row) for row in connection.execute(select(keys).order_by(keys.c.created_at, keys.c.id))]

    def revoke_key(self, key_id: str, now: datetime) -> bool:
        """Revoke a key for good; says whether it was valid until now."""
        with self._writer.begin() as connection:
            where = (keys.c.id == key_id, keys.c.revoked_at.is_(None))
            return connection.execute(update(keys).where(*where).values(revoked_at=now)).rowcount > 0

    def remembered(self, key_id: str, idempotency_key: str) -> Remembered | None:
        """Read the answer given to a write under an idempotency key."""
        table = remembered
        query = select(table.c.request_digest, table.c.status, table.c.body)
        query = query.where(table.c.key_id == key_id, table.c.idempotency_key == idempotency_key)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Remembered(row.request_digest, row.status, row.body)

    def remember(self, key_id: str, idempotency_key: str, answer: Remembered, now: datetime) -> None:
        """Keep an answer for retries; raises `Conflict` when one is kept under this key already."""
        row = {"request_digest": answer.request_digest, "status": answer.status, "body": answer.body}
        try:
            with self._writer.begin() as connection:
                values = {"key_id": key_id, "idempotency_key": idempotency_key, "created_at": now, **row}
                connection.execute(insert(remembered).values(**values))
        except IntegrityError:
            raise Conflict("idempotency key", [idempotency_key]) from None

    def forget_answers(self, before: datetime) -> int:
        """Drop the answers kept before a moment; gives how many."""
        with self._writer.begin() as connection:
            return connection.execute(delete(remembered).where(remembered.c.created_at < before)).rowcount


def _same(there: ShownList, one: ShownList) -> bool:
    """Say whether a logged list is the same, whenever it was asked; one from before its cause was logged may have any."""
    cause = one.cause if there.cause is None else there.cause
    alike = replace(there, matches=(), asked_at=None, cause=cause) == replace(one, matches=(), asked_at=None)
    return alike and set(there.matches) == set(one.matches)


def _key(row: Row[Any]) -> Key:
    return Key(row.id, Role(row.role), row.label, row.created_at, row.revoked_at)
