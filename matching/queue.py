"""Batches asked for over HTTP: a queue in the database, from which whoever has time takes the next."""

import zlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, delete, insert, or_, select, update

from matching.codes import Role
from matching.tables import batches

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
GIVEN_UP: Final = timedelta(seconds=60)
"""After this long without a sign of life a running batch is taken up again: its process was stopped."""
KEPT: Final = timedelta(days=2)
"""How long a finished batch can be read."""


_SHORT: Final = [column for column in batches.c if column.name != "result"]


@dataclass(frozen=True, slots=True)
class Task:
    """One batch in the queue: who asked what, how far it is, and its result (JSON) once it is done.

    ``question`` is the body of the request as JSON; ``seen_at`` the last sign of life (UTC).
    """

    id: str
    asked_by: str
    asked_role: Role
    language: str
    question: str
    state: str
    created_at: datetime
    seen_at: datetime
    step: str | None = None
    done: int = 0
    total: int = 0
    result: str | None = None


class Queue:
    """The batches of a database. Methods raise `sqlalchemy.exc.SQLAlchemyError` when it fails."""

    def __init__(self, engine: Engine, writer: Engine) -> None:
        self._engine = engine
        self._writer = writer

    def put(self, task: Task) -> None:
        """Add a batch, and drop those that nobody will read any more."""
        old = batches.c.seen_at < task.created_at - KEPT
        row = {name: getattr(task, name) for name in task.__slots__}
        with self._writer.begin() as connection:
            connection.execute(delete(batches).where(old, batches.c.state.in_([DONE, FAILED])))
            connection.execute(insert(batches).values(**{**row, "asked_role": task.asked_role.value, "result": None}))

    def read(self, task_id: str, with_result: bool = False) -> Task | None:
        """Read a batch; its result only when asked for."""
        columns = batches.c if with_result else _SHORT
        with self._engine.connect() as connection:
            row = connection.execute(select(*columns).where(batches.c.id == task_id)).one_or_none()
        return None if row is None else _task(row)

    def take(self, now: datetime) -> Task | None:
        """Take the batch that waits longest, or one whose process was stopped, and mark it as running."""
        free = or_(batches.c.state == WAITING, (batches.c.state == RUNNING) & (batches.c.seen_at < now - GIVEN_UP))
        query = select(*_SHORT).where(free).order_by(batches.c.created_at, batches.c.id).limit(1)
        with self._engine.connect() as connection:
            if connection.execute(query).one_or_none() is None:
                return None  # nothing to write: the usual case, without a lock
        with self._writer.begin() as connection:
            row = connection.execute(query.with_for_update(skip_locked=True)).one_or_none()
            if row is None:
                return None
            connection.execute(update(batches).where(batches.c.id == row.id).values(state=RUNNING, seen_at=now))
        return replace(_task(row), state=RUNNING, seen_at=now)

    def tell(self, task_id: str, step: str, done: int, total: int, now: datetime) -> bool:
        """Note how far a batch is; says whether it is still wanted."""
        return self._update(task_id, step=step, done=done, total=total, seen_at=now)

    def finish(self, task_id: str, result: str | None, now: datetime) -> None:
        """Keep the result of a batch; ``None``: it failed."""
        packed = None if result is None else zlib.compress(result.encode())
        self._update(task_id, state=FAILED if result is None else DONE, seen_at=now, result=packed)

    def _update(self, task_id: str, **values: Any) -> bool:
        running = batches.c.id == task_id, batches.c.state == RUNNING
        with self._writer.begin() as connection:
            return connection.execute(update(batches).where(*running).values(**values)).rowcount > 0


def forget(connection: Connection) -> None:
    """Drop every batch: somebody is erased, who may be named in any."""
    connection.execute(delete(batches))


def _task(row: Row[Any]) -> Task:
    found = row._asdict()
    packed = found.pop("result", None)
    result = None if packed is None else zlib.decompress(packed).decode()
    return Task(**{**found, "asked_role": Role(row.asked_role), "result": result})
