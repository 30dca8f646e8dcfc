"""Suggestions over HTTP: 30,000 vacancies on SQLite, every list logged. Prints one table and writes JSON.

    python bench/suggestions.py [--offers 30000] [--profiles 300] [--requests 300] [--clients 4] [--quick] [--output FILE]

A waitress server runs in this process; the clients run in processes of their own, over loopback. Times are whole requests
as the client sees them; on a shared machine they drift, so the share spent in the engine is given beside them.
"""

import argparse
import http.client
import json
import multiprocessing
import os
import platform
import resource
import sys
import tempfile
import threading
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from waitress import create_server

sys.path.insert(0, str(Path(__file__).parent.parent))

from api import create_app
from matching.codes import Role
from matching.desk import Desk
from matching.settings import Settings
from matching.store import Store
from training.synthetic import demo_world

TODAY = date(2025, 4, 10)
SEED = 20250410


def ask(port: int, key: str, ids: list[str]) -> list[tuple[int, float]]:
    """Ask for one list after another over one connection; (status, milliseconds) of each."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Accept-Language": "nl"}
    timed = []
    for profile_id in ids:
        body = json.dumps({"profileId": profile_id, "asOf": TODAY.isoformat(), "top": 10})
        start = time.perf_counter()
        connection.request("POST", "/matching/v1/suggestions", body, headers)
        response = connection.getresponse()
        response.read()
        timed.append((response.status, 1000 * (time.perf_counter() - start)))
    connection.close()
    return timed


def engine_times(desk: Desk, ids: list[str]) -> list[float]:
    """Milliseconds of the engine alone (records to ranked matches) for some profiles."""
    loaded, times = desk.loaded(), []
    for profile_id in ids:
        profile = desk.profile(profile_id)
        start = time.perf_counter()
        loaded.matcher.suggest(profile, TODAY)
        times.append(1000 * (time.perf_counter() - start))
    return times


def row(name: str, times: list[float], **more: float) -> dict[str, float | str]:
    """Summarise some times in milliseconds."""
    p50, p95, p99 = (float(np.percentile(times, q)) for q in (50, 95, 99))
    return {"what": name, "n": len(times), "p50_ms": round(p50, 2), "p95_ms": round(p95, 2), "p99_ms": round(p99, 2), **more}


def main() -> None:
    """Build the world, serve it, measure it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offers", type=int, default=30_000)
    parser.add_argument("--profiles", type=int, default=300)
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--quick", action="store_true", help="2,000 vacancies and 60 requests")
    parser.add_argument("--output", type=Path)
    args = parser.parse_args()
    if args.quick:
        args.offers, args.requests = 2_000, 60
    with tempfile.TemporaryDirectory() as folder:
        result = measure(args, Path(folder))
    table = Table(title=f"{args.offers:,} vacancies, SQLite, every list logged")
    for column in ("what", "n", "p50 ms", "p95 ms", "p99 ms", "per second"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for r in result["rows"]:
        times = [f"{r[k]:.1f}" for k in ("p50_ms", "p95_ms", "p99_ms")]
        table.add_row(r["what"], str(r["n"]), *times, str(r.get("per_second", "")))
    Console().print(table)
    if args.output:
        args.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def measure(args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Run every measurement in one data folder."""
    settings = Settings(data_dir=folder, database_url=f"sqlite:///{folder / 'bench.sqlite3'}")
    store = Store.open(settings.url())
    now = datetime.now(UTC)
    store.create(now)
    desk = Desk(store, settings)
    matcher = desk.loaded().matcher
    world = demo_world(
        np.random.default_rng(SEED), matcher.taxonomy, matcher.geography.places, TODAY,
        n_profiles=args.profiles, n_vacancies=args.offers, n_partner_offers=150,
    )  # fmt: skip
    store.put_offers(world.offers, now)
    store.put_profiles(world.profiles, now)
    start = time.perf_counter()
    desk.loaded()
    ready = time.perf_counter() - start
    ids = [profile.id for profile in world.profiles]
    key = store.create_key(Role.CONSULTANT, "bench", now)
    server = create_server(create_app(desk, settings), host="127.0.0.1", port=0, threads=8)
    threading.Thread(target=server.run, daemon=True).start()
    port = server.effective_port
    queue = [ids[k % len(ids)] for k in range(args.requests)]
    with multiprocessing.get_context("spawn").Pool(args.clients) as clients:
        clients.apply(ask, (port, key, queue[:5]))
        alone = clients.apply(ask, (port, key, queue))
        start = time.perf_counter()
        together = clients.starmap(ask, [(port, key, queue[k :: args.clients]) for k in range(args.clients)])
        seconds = time.perf_counter() - start
    server.close()
    crowd = [pair for timed in together for pair in timed]
    rows = [
        row("engine alone", engine_times(desk, queue[:200])),
        row("HTTP, one client", [ms for _, ms in alone]),
        row(f"HTTP, {args.clients} clients", [ms for _, ms in crowd], per_second=round(len(crowd) / seconds, 1)),
    ]
    bad = sum(status != 200 for status, _ in [*alone, *crowd])
    return {
        "offers": args.offers,
        "profiles": args.profiles,
        "seed": SEED,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "index_seconds": round(ready, 2),
        "answers_other_than_200": bad,
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "rows": rows,
    }


if __name__ == "__main__":
    main()
