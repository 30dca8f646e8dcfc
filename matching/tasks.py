"""Batches asked for over HTTP, done one after the other beside the requests."""

import json
import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from matching import queue, runs
from matching.batch_files import Batch, Given, as_document, read_given
from matching.codes import Limit, Role
from matching.desk import Asker, Desk
from matching.records import DataError, Problem
from matching.stocking import MovedError
from matching.store import Conflict

PAUSE_SECONDS: Final = 0.5
TOLD_SECONDS: Final = 1.0
"""Signs of life are written at most this often."""


class Tasks:
    """Takes batches from the queue of the store, one at a time, on a thread of its own."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._stop = threading.Event()

    def start(self) -> None:
        """Work until the process ends."""
        threading.Thread(target=self._work, name="batches", daemon=True).start()

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                busy = self.work_once()
            except Exception:  # the database may be away for a while
                busy = False
            if not busy:
                self._stop.wait(PAUSE_SECONDS)

    def work_once(self) -> bool:
        """Take and answer the next batch; say whether there was one.

        What goes wrong with its data becomes its answer; what nobody foresaw makes it fail.
        """
        task = self.desk.store.queue.take(self.desk.clock())
        if task is None:
            return False
        result: str | None = None
        try:
            result = json.dumps(self._answer(task), ensure_ascii=False, allow_nan=False)
        except (DataError, Conflict, MovedError, _Unwanted):
            pass
        finally:
            self.desk.store.queue.finish(task.id, result, self.desk.clock())
        return True

    def _answer(self, task: queue.Task) -> dict[str, Any]:
        body = json.loads(task.question)
        batch = batch_of(body)
        given = given_of(self.desk, batch, body["ids"])
        told: list[datetime] = []

        def progress(step: str, done: int, total: int) -> None:
            now = self.desk.clock()
            if not told or (now - told[-1]).total_seconds() >= TOLD_SECONDS:
                told[:] = [now]
                if not self.desk.store.queue.tell(task.id, step, done, total, now):
                    raise _Unwanted

        result = runs.run(self.desk, batch, given, Asker(task.asked_by, task.asked_role, task.language), progress)
        return {**as_document(result, task.language), "rows": result.rows}


class _Unwanted(Exception):  # noqa: N818 - not an error
    """The batch was dropped meanwhile."""


def batch_of(body: Mapping[str, Any]) -> Batch:
    """Give the batch that a question in the queue asks for."""
    return Batch(
        direction=body["direction"],
        top=body["top"],
        as_of=datetime.fromisoformat(body["asOf"]).date(),
        weights=body["weights"],
        relax=frozenset(Limit(limit) for limit in body["relax"]),
        spread=body["spread"],
        per_profile=body["perProfile"],
        per_position=body["perPosition"],
    )


def given_of(desk: Desk, batch: Batch, ids: list[str] | None) -> Given:
    """Read whom a batch is about from the store; ``None``: everybody, or every open vacancy."""
    if ids is None:
        return read_given(desk, batch, None)
    found: Any = desk.store.profiles_of(ids) if batch.direction == "profiles" else desk.store.offers_of(ids)
    missing = tuple(Problem("not_found", batch.direction.removesuffix("s"), "id", name[:64]) for name in ids if name not in found)
    return Given(tuple(found[name].record for name in dict.fromkeys(ids) if name in found), missing)


def may_ask(direction: str, role: Role) -> bool:
    """Say whether a role may ask for a batch: lists of vacancies of people are for consultants."""
    return direction == "offers" or role == Role.CONSULTANT
