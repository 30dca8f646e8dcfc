"""What several ask for at the same moment: threads are served in one go and share what it costs; processes take turns soon."""

import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Wish(Generic[T]):
    what: T
    error: BaseException | None = None
    done: bool = False


class Together(Generic[T]):
    """Calls ``do`` with everything that is waiting; who asks comes back once his own part is done.

    The first to come does what is there; those who come meanwhile wait, and the next of them does it for all. When ``do``
    fails for several, it is tried for each alone, so that nobody fails for another one's sake.
    """

    def __init__(self, do: Callable[[Sequence[T]], None]) -> None:
        self._do = do
        self._turn = threading.Lock()
        self._guard = threading.Lock()
        self._waiting: list[_Wish[T]] = []

    def ask(self, what: T) -> None:
        """Have something done; raises what doing it raised."""
        mine = _Wish(what)
        with self._guard:
            self._waiting.append(mine)
        with self._turn:
            if not mine.done:
                with self._guard:
                    wishes, self._waiting = self._waiting, []
                self._grant(wishes)
        if mine.error is not None:
            raise mine.error

    def _grant(self, wishes: Sequence[_Wish[T]]) -> None:
        try:
            self._do([wish.what for wish in wishes])
        except Exception as error:
            if len(wishes) > 1:
                for wish in wishes:
                    self._grant([wish])
            else:
                wishes[0].error = error
        except BaseException as error:  # the process is being stopped: nobody may believe that his part was done
            for wish in wishes:
                wish.error = error
            raise
        finally:
            for wish in wishes:
                wish.done = True


def begin_writing(connection: Any, seconds: int) -> None:
    """Begin a write transaction of SQLite, asking every millisecond for so many seconds while another process writes.

    SQLite's own waiting sleeps longer each time, up to a tenth of a second, while others that came later get their turn.
    """
    end = monotonic() + seconds
    connection.execute("PRAGMA busy_timeout=1").close()
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE").close()
            except sqlite3.OperationalError:
                if monotonic() > end:
                    raise
            else:
                return
    finally:
        connection.execute(f"PRAGMA busy_timeout={1000 * seconds}").close()
