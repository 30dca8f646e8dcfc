"""Several processes doing the same work, made by forking one that is warm: they share what it built and mapped."""

import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

COUNTS: Final = "PROMETHEUS_MULTIPROC_DIR"
STOPS: Final = frozenset({signal.SIGTERM, signal.SIGINT})
REST_SECONDS: Final = 1.0
"""One that ends sooner than this is not replaced at once, lest a fault that stays keeps the machine busy."""


@contextmanager
def counting_together(n: int) -> Iterator[None]:
    """Give several processes a folder in which the library of the metrics adds up what each counts.

    The library looks for it when it is imported first.
    """
    if n == 1:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="linkmatch-metrics-") as folder:
        os.environ[COUNTS] = folder
        yield


def keep(n: int, work: Callable[[], None]) -> None:
    """Keep ``n`` processes at work until SIGTERM or Ctrl+C, which ends them all; one that ends is replaced.

    Call it before any thread is started and with no connection open: a fork copies neither in a state that can be used.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    alive: dict[int, float] = {}
    read, write = os.pipe()
    try:
        while True:
            while len(alive) < n:
                alive[_fork(work, read, write)] = time.monotonic()
            ended, _ = os.wait()
            if time.monotonic() - alive.pop(ended, 0.0) < REST_SECONDS:
                time.sleep(REST_SECONDS)
    finally:
        for step in (_stop, _await):
            for process in alive:
                with suppress(ProcessLookupError, ChildProcessError):  # it ended by itself
                    step(process)


def _stop(process: int) -> None:
    os.kill(process, signal.SIGTERM)


def _await(process: int) -> None:
    os.waitpid(process, 0)


def _fork(work: Callable[[], None], read: int, write: int) -> int:
    """Start one process; nobody writes into the pipe, whose end tells it that the first process is gone."""
    # A signal between the fork and `try` would make the child run the end of `keep`, as if it were the parent.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    process = os.fork()
    if process:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
        return process
    code = 1
    try:
        os.close(write)
        threading.Thread(target=_follow, args=(read,), daemon=True).start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
        work()
        code = 0
    except (SystemExit, KeyboardInterrupt):
        code = 0
    finally:
        os._exit(code)


def _follow(read: int) -> None:
    """End this process when the first one ends, however it ends."""
    os.read(read, 1)
    os.kill(os.getpid(), signal.SIGTERM)
