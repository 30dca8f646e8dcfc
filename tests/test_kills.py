"""Kill -9 in the middle of a batch and of an index build, at random points: nothing half done, and the same result after.

`make proof` runs it: each kind twenty times in processes of their own.
"""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matching.desk import Desk
from matching.settings import Settings
from matching.store import Store
from training.demo import DEMO_DAY
from training.synthetic import demo_world

TIMES = 20
NOW = datetime.combine(DEMO_DAY, datetime.min.time(), UTC)
ROOT = Path(__file__).parent.parent


def filled(folder: Path) -> Desk:
    store = Store.open(f"sqlite:///{folder / 'linkmatch.sqlite3'}")
    store.create(NOW)
    desk = Desk(store, Settings(data_dir=folder), clock=lambda: NOW)
    matcher = desk.loaded().matcher
    world = demo_world(np.random.default_rng(8), matcher.taxonomy, matcher.geography.places, DEMO_DAY, 400, 3000, 50)
    store.put_profiles(world.profiles, NOW)
    store.put_offers(world.offers, NOW)
    return desk


def command(folder: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "cli", *words, "--as-of", str(DEMO_DAY)]


def run(folder: Path, *words: str, kill_after: float | None = None) -> int:
    """Run a command; kill it, and all it started, after some seconds when it still runs. Gives its exit code."""
    env = {**os.environ, "LINKMATCH_DATA_DIR": str(folder), "LINKMATCH_LANG": "en"}
    process = subprocess.Popen(
        command(folder, *words), cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        return process.wait(kill_after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.wait()


def left_over(folder: Path) -> list[str]:
    """Name everything that a finished command may not leave."""
    return [str(path) for path in folder.rglob("*") if path.name.startswith((".making-",)) or path.suffix == ".part"]


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_a_batch_killed_at_any_point_ends_with_the_same_result(tmp_path: Path) -> None:
    desk = filled(tmp_path)
    words = ("batch", "profiles", "--top", "10", "--output", str(tmp_path / "out.json"))
    start = time.perf_counter()
    assert run(tmp_path, *words) == 0
    seconds = time.perf_counter() - start
    expected = read(tmp_path / "out.json")
    rng, killed = np.random.default_rng(4), 0
    for _ in range(TIMES):
        (tmp_path / "out.json").unlink()
        killed += run(tmp_path, *words, kill_after=rng.uniform(0.2, 1.0) * seconds) == -signal.SIGKILL
        assert desk.suggest(desk.store.profiles(limit=1)[0], *question()).status  # the service still answers
        assert run(tmp_path, *words) == 0
        assert read(tmp_path / "out.json") == expected
        assert left_over(tmp_path) == []
        assert list((tmp_path / "batches").iterdir()) == []
    assert killed >= TIMES // 2


@pytest.mark.slow
def test_an_index_build_killed_at_any_point_leaves_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    desk = filled(tmp_path)
    profile = desk.store.profiles(limit=1)[0].id
    words = ("suggest", profile, "--output", str(tmp_path / "out.json"))
    start = time.perf_counter()
    assert run(tmp_path, *words) == 0
    seconds = time.perf_counter() - start
    rng, killed = np.random.default_rng(5), 0
    offers = desk.store.offers()
    for turn in range(TIMES):
        changed = [offer for at, offer in enumerate(offers) if at % TIMES != turn]
        for gone in offers[turn::TIMES]:
            desk.store.delete_offer(gone.id)
        killed += run(tmp_path, *words, kill_after=rng.uniform(0.3, 1.0) * seconds) == -signal.SIGKILL
        assert run(tmp_path, *words) == 0
        found = read(tmp_path / "out.json")
        answer = desk.suggest(desk.profile(profile), *question())
        assert [m["offerId"] for m in found["suggestions"]] == [m.offer_id for m in answer.suggestions]
        assert found["considered"] == sum(offer.kind == "vacancy" for offer in changed)
        assert left_over(tmp_path) == []
        desk.store.put_offers(offers, NOW)
    assert killed >= TIMES // 2


def question() -> tuple[Any, Any]:
    from matching.codes import Role
    from matching.desk import Asker, Question

    return Question(as_of=DEMO_DAY), Asker("t", Role.CONSULTANT, "en")
