"""The HTTP routes of batches: their bodies and answers, and what each route does."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final

import annotated_types as at

from matching import bodies, queue
from matching.answers import MatchAnswer
from matching.batch_files import sheets_of
from matching.bodies import Weights
from matching.calls import hold_to_role
from matching.codes import Limit
from matching.desk import Desk
from matching.listings import MATCH_COLUMNS
from matching.protocol import BASE, SHEETS, Answer, Call, Refused, path_id, written
from matching.records import RECORD_CONFIG, DataError, Id, Problem
from matching.sheets import write_book, write_rows
from matching.tasks import may_ask

MOST_IN_BATCH: Final = 200


class BatchDirection(StrEnum):
    """Whom the lists of a batch are for."""

    PROFILES = "profiles"
    OFFERS = "offers"


class BatchState(StrEnum):
    """How a batch stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class BatchBody:
    """A question for many lists at once: vacancies for ``profiles``, or people for ``offers``.

    ``ids``: whom it is about (default: everybody, or every open vacancy). ``spread``: at most ``perProfile`` suggestions for a
    profile and ``perPosition`` people for an open position, those proposed already included.
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    direction: BatchDirection
    ids: Annotated[tuple[Id, ...], at.MinLen(1), at.MaxLen(10_000)] | None = None
    top: Annotated[int, at.Ge(1), at.Le(MOST_IN_BATCH)] = 20
    weights: Weights | None = None
    relax: Annotated[tuple[Limit, ...], at.MaxLen(12)] = ()
    as_of: date | None = None
    spread: bool = False
    per_profile: Annotated[int, at.Ge(1), at.Le(MOST_IN_BATCH)] = 10
    per_position: Annotated[float, at.Ge(0.01), at.Le(1_000)] = 10.0


@dataclass(frozen=True, slots=True)
class BatchTask:
    """How far a batch is: ``done`` of ``total`` lists of a ``step`` (``rank``, then ``say``), and the address of its result."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    id: str
    state: BatchState
    step: str | None
    done: int
    total: int
    created_at: datetime
    result: str | None


@dataclass(frozen=True, slots=True)
class BatchList:
    """One list of a batch: whom it is for, why it is empty (else ""), and its matches."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    id: str
    message: str
    matches: tuple[MatchAnswer, ...]


@dataclass(frozen=True, slots=True)
class BatchProblem:
    """What was wrong with one record of a batch."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    code: str
    record: str
    field: str
    value: str | None
    accepted: str | None
    sentence: str


@dataclass(frozen=True, slots=True)
class BatchFigure:
    """A figure before and after spreading."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    figure: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """A batch answered; ``settings`` names everything that it depends on."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    settings: Mapping[str, Any]
    items: tuple[BatchList, ...]
    problems: tuple[BatchProblem, ...]
    spreading: tuple[BatchFigure, ...]


class BatchCalls:
    """Every route of batches by its name; safe between threads."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.store = desk.store

    def start_batch(self, call: Call) -> Answer:
        """Put a batch into the queue."""
        body = bodies.read_body(BatchBody, call.body)
        hold_to_role(body, call.asker)
        if not may_ask(body.direction, call.asker.role):
            raise Refused(403)
        if body.relax and body.direction == BatchDirection.OFFERS:
            raise DataError([Problem("inconsistent", bodies.BODY, "relax", None, "direction = profiles")])
        self.desk.loaded().matcher.model.weighted(body.weights or {})  # refuses what does not exist
        now = self.desk.clock()
        question = {
            **bodies.as_page(body),
            "asOf": self.desk.today(body.as_of).isoformat(),
            "weights": dict(body.weights or {}),
        }
        task = queue.Task(
            self.desk.new_id(), call.asker.key_id, call.asker.role, call.asker.lang, written(question), queue.WAITING, now, now
        )
        self.store.queue.put(task)
        return Answer(_task(task), 202, location=f"{BASE}/batches/{task.id}")

    def get_batch(self, call: Call) -> Answer:
        """Say how far a batch is; see the result when it is done."""
        told = _task(self._own_task(call))
        return Answer(told, 303 if told["result"] else 200, location=told["result"])

    def get_batch_result(self, call: Call) -> Answer:
        """Give what a batch gave."""
        task = self._own_task(call, with_result=True)
        if task.result is None:
            raise Refused(404)
        found = json.loads(task.result)
        rows = found.pop("rows")
        form = call.query.get("form", "json")
        if form == "json":
            return Answer(found)
        out = io.BytesIO()
        if form == "csv":
            write_rows(out, MATCH_COLUMNS, rows, "csv")
        else:
            sheets = sheets_of(found, rows, task.language)
            write_book(out, {name: (table.columns, table.rows) for name, table in sheets.items()}, self.desk.today())
        return Answer(out.getvalue(), kind=SHEETS[form == "xlsx"])

    def _own_task(self, call: Call, with_result: bool = False) -> queue.Task:
        """Read the batch of an address; there is none but for who asked for it."""
        task = self.store.queue.read(path_id(call), with_result)
        if task is None or task.asked_by != call.asker.key_id:
            raise Refused(404)
        return task


def _task(task: queue.Task) -> dict[str, Any]:
    result = f"{BASE}/batches/{task.id}/result" if task.state == queue.DONE else None
    told = BatchTask(
        task.id, BatchState(task.state), task.step, task.done, task.total, task.created_at, result
    )
    return bodies.as_page(told)
