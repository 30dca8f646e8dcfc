"""Several processes at the same work: started, replaced, ended together; several threads whose lists are logged together."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from matching.together import Together, begin_writing

ROOT = Path(__file__).parent.parent
PROGRAM = """
import os, signal, sys, time
from pathlib import Path
from matching.workers import keep

signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests in the background has it ignored

def work():
    Path(sys.argv[1], str(os.getpid())).touch()
    time.sleep(300)

keep(3, work)
"""


def names(folder: Path, least: int) -> set[int]:
    """Wait until so many processes have begun; give their numbers."""
    until = time.monotonic() + 60
    while len(list(folder.iterdir())) < least:
        assert time.monotonic() < until
        time.sleep(0.02)
    return {int(path.name) for path in folder.iterdir()}


def runs(process: int) -> bool:
    """Say whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def gone(processes: set[int]) -> bool:
    """Wait until all of some processes have ended."""
    until = time.monotonic() + 60
    while any(map(runs, processes)) and time.monotonic() < until:
        time.sleep(0.02)
    return not any(map(runs, processes))


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_process_that_ends_is_replaced_and_all_end_with_the_first(tmp_path: Path, stop: signal.Signals) -> None:
    first = subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path)], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        begun = names(tmp_path, 3)
        time.sleep(1.1)  # one that ends sooner is replaced after a rest
        os.kill(min(begun), signal.SIGKILL)
        begun = names(tmp_path, 4)
        first.send_signal(stop)
        code = first.wait(60)
        assert gone(begun)
        assert code == 0 if stop == signal.SIGTERM else code != 0
    finally:
        first.kill()


def test_what_waits_is_done_in_one_go() -> None:
    did: list[list[int]] = []
    begun, go_on = threading.Event(), threading.Event()

    def do(some: Sequence[int]) -> None:
        did.append(list(some))
        begun.set()
        assert go_on.wait(30)

    together = Together(do)
    asking = [threading.Thread(target=together.ask, args=(n,)) for n in range(5)]
    asking[0].start()
    assert begun.wait(30)
    for thread in asking[1:]:
        thread.start()
    while len(together._waiting) < 4:
        time.sleep(0.01)
    assert all(thread.is_alive() for thread in asking)  # nobody comes back before his own is done
    go_on.set()
    for thread in asking:
        thread.join(30)
    assert [sorted(some) for some in did] == [[0], [1, 2, 3, 4]]


def test_one_that_fails_fails_alone() -> None:
    kept: list[int] = []
    held = threading.Event()

    def do(some: Sequence[int]) -> None:
        held.wait(30)
        if 2 in some:
            raise ValueError("two")
        kept.extend(some)

    together, failed = Together(do), list[int]()

    def ask(n: int) -> None:
        try:
            together.ask(n)
        except ValueError:
            failed.append(n)

    asking = [threading.Thread(target=ask, args=(n,)) for n in range(4)]
    for thread in asking:
        thread.start()
    held.set()
    for thread in asking:
        thread.join(30)
    assert (sorted(kept), failed) == ([0, 1, 3], [2])


def test_a_writer_waits_for_another_and_gives_up_in_time(tmp_path: Path) -> None:
    first, second = (sqlite3.connect(tmp_path / "x.sqlite3", isolation_level=None, check_same_thread=False) for _ in range(2))
    first.execute("CREATE TABLE t (n)")
    begin_writing(first, 5)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        begin_writing(second, 0)
    freed = threading.Timer(0.1, lambda: first.execute("COMMIT"))
    freed.start()
    begin_writing(second, 5)
    second.execute("INSERT INTO t VALUES (1)")
    second.execute("COMMIT")
    freed.join()
    assert first.execute("SELECT n FROM t").fetchall() == [(1,)]
    assert second.execute("PRAGMA busy_timeout").fetchone() == (5000,)
    first.close()
    second.close()
