"""Suggestions over HTTP: 30,000 vacancies on SQLite, every list logged. Prints one table with the gates and writes JSON.

    python bench/suggestions.py [--offers 30000] [--profiles 300] [--requests 300] [--clients 4] [--workers 2] [--quick]
                                [--output FILE]

``linkmatch serve`` runs in processes of its own, with one worker and with several; so do the clients, over loopback. Times are
whole requests as the client sees them. On a shared machine they drift, so the load is given, and beside each row the computing
time of the server per request, and how long one durable transaction of the log takes alone.
"""

import argparse
import http.client
import json
import multiprocessing
import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from matching.codes import Kind, Role
from matching.desk import Desk
from matching.log import ShownList, ShownMatch
from matching.settings import Settings
from matching.store import Store
from training.synthetic import demo_world

ROOT = Path(__file__).parent.parent
TODAY = date(2025, 4, 10)
SEED = 20250410
GATES: dict[str, dict[str, float]] = {
    "engine": {"p50_ms": 0.5, "p99_ms": 2},
    "http": {"per_second": 100, "p99_ms": 100},
    "start": {"p50_ms": 5000},
}
"""What is to be reached: at most so many milliseconds, at least so many requests per second."""


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


def row(name: str, times: list[float], gate: str = "", **more: float) -> dict[str, Any]:
    """Summarise some times in milliseconds, and say whether the gate is met."""
    p50, p95, p99 = (round(float(np.percentile(times, q)), 2) for q in (50, 95, 99))
    made: dict[str, Any] = {"what": name, "n": len(times), "p50_ms": p50, "p95_ms": p95, "p99_ms": p99, **more}
    if gate:
        limits = GATES[gate]
        made["gate"] = limits
        made["met"] = all(made[k] >= v if k == "per_second" else made[k] <= v for k, v in limits.items())
    return made


def engine_times(desk: Desk, ids: list[str]) -> list[float]:
    """Milliseconds of the engine alone (a record to ranked matches) for some profiles."""
    matcher, times = desk.loaded().matcher, []
    for profile in [desk.profile(one) for one in ids]:
        start = time.perf_counter()
        matcher.suggest(profile, TODAY)
        times.append(1000 * (time.perf_counter() - start))
    return times[len(times) // 10 :]  # without the first, which compile or load


def log_times(desk: Desk, n: int) -> list[float]:
    """Milliseconds of one transaction of the log for one list of ten."""
    profile, matcher = desk.store.profiles(limit=1)[0], desk.loaded().matcher
    found = matcher.explain(profile, desk.store.offers(limit=1)[0], TODAY)[0]
    values, added = (found.values, found.contributions) if found else (b"", ())
    shown = [ShownMatch("", profile.id, f"offer-{rank}", rank, Kind.VACANCY, 0.0, values, added) for rank in range(1, 11)]
    times = []
    for at in range(n):
        matches = tuple(replace(m, id=f"alone-{at}-{m.rank}") for m in shown)
        one = ShownList(f"alone-{at}", "suggest", profile.id, "bench", Role.CONSULTANT, "", "", "", "", matches)
        start = time.perf_counter()
        desk.store.record_suggestions(one, datetime.now(UTC))
        times.append(1000 * (time.perf_counter() - start))
    return times


def family(process: int) -> list[int]:
    """Give a process and those that it started."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [process, *map(int, children)]


def computed(process: int) -> float:
    """Milliseconds that a process and those that it started have computed."""
    ticks = 0
    for one in family(process):
        fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return 1000 * ticks / os.sysconf("SC_CLK_TCK")


def peak_mb(process: int) -> int:
    """Most memory that any one process of a server has held."""
    lines = [line for one in family(process) for line in Path(f"/proc/{one}/status").read_text().splitlines()]
    return max(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


def is_up(port: int) -> bool:
    """Say whether the service says that it is."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", "/matching/v1/health")
        return bool(json.load(connection.getresponse())["status"] == "UP")
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def served(folder: Path, workers: int) -> Iterator[tuple[int, int, float]]:
    """Run ``linkmatch serve``; gives its process, its port, and the milliseconds until it was ready."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "cli", "serve", "--port", str(port), "--workers", str(workers)]
    start = time.perf_counter()
    server = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "LINKMATCH_DATA_DIR": str(folder)}, stderr=subprocess.DEVNULL
    )
    try:
        while not is_up(port):
            if server.poll() is not None:
                raise SystemExit("the server ended")
            time.sleep(0.02)
        yield server.pid, port, 1000 * (time.perf_counter() - start)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


def asked(args: argparse.Namespace, folder: Path, key: str, ids: list[str], workers: int, clients: Any) -> list[dict[str, Any]]:
    """Measure one server: one client, then several."""
    name = f"{workers} worker{'s' * (workers > 1)}"
    queue = [ids[k % len(ids)] for k in range(args.requests)]
    rows = []
    with served(folder, workers) as (process, port, _):
        clients.starmap(ask, [(port, key, queue[k :: args.clients]) for k in range(args.clients)])  # warm
        for n in (1, args.clients):
            before, start = computed(process), time.perf_counter()
            found = clients.starmap(ask, [(port, key, queue[k::n]) for k in range(n)])
            seconds = time.perf_counter() - start
            timed = [pair for some in found for pair in some]
            rows.append(
                row(
                    f"HTTP, {name}, {n} client{'s' * (n > 1)}",
                    [ms for _, ms in timed],
                    "http" if n > 1 else "",
                    per_second=round(len(timed) / seconds, 1),
                    server_cpu_ms=round((computed(process) - before) / len(timed), 2),
                    other_than_200=sum(status != 200 for status, _ in timed),
                )
            )
        rows[-1]["peak_memory_mb"] = peak_mb(process)
    return rows


def main() -> None:
    """Build the world, serve it, measure it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offers", type=int, default=30_000)
    parser.add_argument("--profiles", type=int, default=300)
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="2,000 vacancies and 60 requests")
    parser.add_argument("--output", type=Path)
    args = parser.parse_args()
    if args.quick:
        args.offers, args.requests = 2_000, 60
    with tempfile.TemporaryDirectory() as folder:
        result = measure(args, Path(folder))
    table = Table(title=f"{args.offers:,} vacancies, SQLite, every list logged; load {result['load']}")
    columns = {"p50 ms": "p50_ms", "p95 ms": "p95_ms", "p99 ms": "p99_ms", "per second": "per_second", "CPU ms": "server_cpu_ms"}
    for column in ("what", "n", *columns, "gate"):
        table.add_column(column, justify="left" if column in {"what", "gate"} else "right")
    for r in result["rows"]:
        gate = " ".join(f"{k}:{v}" for k, v in r.get("gate", {}).items())
        said = f"{gate} {'met' if r['met'] else 'NOT MET'}" if gate else ""
        table.add_row(r["what"], str(r["n"]), *(str(r.get(name, "")) for name in columns.values()), said)
    Console(width=140).print(table)
    if args.output:
        args.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def measure(args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Run every measurement in one data folder."""
    settings = Settings(data_dir=folder, database_url="")
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
    ids = [profile.id for profile in world.profiles]
    key = store.create_key(Role.CONSULTANT, "bench", now)
    before = time.process_time()
    times = engine_times(desk, ids[: args.requests])
    cpu = 1000 * (time.process_time() - before) / args.requests
    rows = [row("engine alone", times, "engine", server_cpu_ms=round(cpu, 2))]
    rows.append(row("the log alone, one list in one transaction", log_times(desk, 50)))
    store.close()
    with served(folder, 1):
        pass  # compiles what is not compiled yet, and writes every index
    starts, work = [], []
    for _ in range(1 if args.quick else 3):
        with served(folder, 1) as (process, _, taken):
            starts.append(taken)
            work.append(computed(process))
    rows.append(row("start to ready, warm cache", starts, "start", server_cpu_ms=round(float(np.median(work)), 1)))
    load = [round(one, 1) for one in os.getloadavg()]
    with multiprocessing.get_context("spawn").Pool(args.clients) as clients:
        for workers in (1, args.workers):
            rows += asked(args, folder, key, ids, workers, clients)
    about = {name: getattr(args, name) for name in ("offers", "profiles", "requests", "clients", "workers")}
    return {**about, "seed": SEED, "python": platform.python_version(), "cores": os.cpu_count(), "load": load, "rows": rows}


if __name__ == "__main__":
    main()
