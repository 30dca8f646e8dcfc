"""Speed of the engine beside the gates of its design, the plain loop, and what one would pick instead. Table and JSON.

    python bench/speed.py [--esco DIR] [--only PART ...] [--quick] [--whole] [--output FILE]

Absolute times drift on shared machines: what is compared was run in turns, and ratios are taken within the run. Batches are
timed as wall seconds and as CPU seconds of all threads. Parts: batch, peers, request, hostile, variants, candidates,
identity, memory. ``--quick`` takes small worlds; ``--whole`` checks every profile of the batch against the plain loop.
"""

import argparse
import json
import math
import multiprocessing
import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property, partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import worlds
from bench.peers import peers
from bench.worlds import HOSTILE, TODAY, World
from matching import batches, indexes, kernel, rules, vectors
from matching.bounds import Lists, lists, scratch
from matching.stock import Stock

SEED: Final = 20250410
THREADS: Final = 2
VERSIONS: Final = ("numpy", "numba", "scipy", "scikit-learn", "faiss-cpu", "sparse-dot-topn")
STRETCHES: Final = 20
SERVED_MB: Final = 1500

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Line:
    """One figure of the table; ``limits``: gate and aim, the most that is allowed, or the least where ``more`` is better."""

    part: str
    what: str
    value: float | None
    unit: str = ""
    limits: tuple[float | None, float | None] = (None, None)
    more: bool = False
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the gate is reached; ``None`` without one."""
        gate = self.limits[0]
        if gate is None or self.value is None:
            return None
        return self.value >= gate if self.more else self.value <= gate


class Search:
    """One world made ready for `kernel.best_offers`."""

    def __init__(self, world: World) -> None:
        self.world, self.engine, self.people = world, world.engine, world.people
        self.tables, _ = self.engine.model.weighted({})
        self.facts, self.scale = self.engine.world(TODAY), self.engine.scale(self.tables)
        _, self.enough = self.engine.profile_data(self.people)
        self.order: Rows = batches.neighbours(self.people.arrays, np.arange(len(self.people.ids)))
        self.scored: Rows = self.order[self.enough[self.order]]

    def best(self, order: Rows, grouped: bool | None = None) -> Lists:
        """Find the best vacancies of some profiles, in one thread; ``None``: the path that the engine chooses."""
        found = lists((len(order), 1, self.world.top))
        n_competences, groups = len(self.engine.taxonomy.competences), self.engine.stock.groups
        n_keys = batches.n_keys(self.people.arrays, order)
        kernel.best_offers(
            self.people.arrays, order, 0, len(order), self.engine.stock.offers, groups, self.facts,
            self.scale, scratch(n_competences, groups, n_keys), 0, self.enough,
            self.engine.grouped if grouped is None else grouped,
            np.arange(len(vectors.KINDS)) == 0, np.zeros(0), *found, np.zeros((rules.N_RULES + 2, 4), dtype=np.int64),
        )  # fmt: skip
        return found

    def batch(self, order: Rows, threads: int = THREADS, slices: int | None = None, grouped: bool | None = None) -> Lists:
        """Find the best vacancies of many profiles by slices."""
        parts = Parallel(n_jobs=threads, backend="threading")(
            delayed(self.best)(some, grouped) for some in np.array_split(order, slices or max(1, len(order) // batches.BLOCK))
        )
        return Lists(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def same(one: Lists, other: Lists) -> bool:
    """Say whether two answers are the same to the last bit."""
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def in_turns(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, tuple[list[float], list[float]]]:
    """Run some calls in turns; wall and CPU seconds of each."""
    timed: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            wall, cpu = time.perf_counter(), time.process_time()
            call()
            timed[name][0].append(time.perf_counter() - wall)
            timed[name][1].append(time.process_time() - cpu)
    return timed


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


class Bench:
    """The sizes of a run, and the worlds that its parts share."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.esco, self.quick, self.whole = args.esco, args.quick, args.whole
        self.profiles, self.vacancies, self.many = (3_000, 3_000, 30_000) if args.quick else (90_000, 30_000, 1_000_000)
        self.sizes = (3_000, 30_000) if args.quick else (3_000, 30_000, 300_000, 1_000_000)
        self.sample, self.rounds = (200, 3) if args.quick else (2_000, 3)

    def limits(self, gate: float, aim: float | None) -> tuple[float | None, float | None]:
        """Give gate and aim of the design, which are for its own sizes and no others."""
        return (None, None) if self.quick else (gate, aim)

    @cached_property
    def records(self) -> World:
        """The world of real records."""
        return worlds.generate(self.esco, SEED, self.profiles, self.vacancies)

    @cached_property
    def market(self) -> World:
        """The world of the batch."""
        return worlds.resize(self.records, np.random.default_rng(SEED), self.profiles)

    @cached_property
    def search(self) -> Search:
        """The batch, made ready and compiled."""
        found = Search(self.market)
        for grouped in (True, False):
            found.best(found.order[:2], grouped)
        return found

    @cached_property
    def some(self) -> Rows:
        """A sample of the profiles that are scored: stretches of the order of the batch, whose neighbours stay together."""
        starts = np.linspace(0, max(len(self.search.scored) - self.sample // STRETCHES, 0), STRETCHES).astype(np.int64)
        rows = np.unique(starts[:, None] + np.arange(self.sample // STRETCHES))
        return self.search.scored[rows[rows < len(self.search.scored)]]

    @cached_property
    def batch(self) -> tuple[float, float, float]:
        """Wall and CPU seconds of the batch, and CPU seconds per scored profile of the plain loop; medians of runs in turns."""
        plain = np.ascontiguousarray(self.some[:: max(1, len(self.some) // 300)])
        timed = in_turns(
            {"grouped": lambda: self.search.batch(self.search.order), "plain": lambda: self.search.best(plain, False)},
            self.rounds,
        )
        (wall, cpu), (_, slow) = timed["grouped"], timed["plain"]
        return float(np.median(wall)), float(np.median(cpu)), float(np.median(slow)) / len(plain)


def batch(b: Bench) -> Iterator[Line]:
    """Everyone against every vacancy, two threads."""
    wall, cpu, plain = b.batch
    what = f"{b.profiles:,} profiles x {b.vacancies:,} vacancies, top {b.market.top}"
    scored = len(b.search.scored)
    yield Line("batch", f"{what}, {THREADS} threads", wall, "s", b.limits(5.0, 1.5))
    yield Line("batch", "its CPU time", cpu, "s", note=f"{1e6 * cpu / scored:.0f} us for each of {scored:,} scored")
    yield Line("batch", "plain loop, CPU time", plain * scored, "s", note="from a sample")
    yield Line("batch", "CPU, plain loop / grouped", plain * scored / cpu, "x", b.limits(4, 10), more=True)


def rivals(b: Bench) -> Iterator[Line]:
    """Run peers in turns with the engine on the same profiles, one thread: CPU time, and how much of the answer they find."""
    exact = b.search.best(b.some).rows[:, 0]
    gates = {"faiss flat, 10 for each": b.limits(8, 20), "sparse_dot_topn, 50 for each": b.limits(12, 30)}
    with threadpool_limits(1):
        found = peers(b.market, b.some, SEED)
        asked: dict[str, Callable[[], Any]] = {name: find for name, find in found.items() if find is not None}
        rows = {name: find() for name, find in asked.items()}
        timed = in_turns({"engine": lambda: b.search.best(b.some), **asked}, b.rounds)
    yield Line("peers", "engine, on the same sample", 1e6 * float(np.median(timed["engine"][1])) / len(b.some), "us")
    for name in found:
        if name not in asked:
            yield Line("peers", name, None, note="not installed")
            continue
        ratio = float(np.median(np.divide(timed[name][1], timed["engine"][1])))
        there = sum(len(np.intersect1d(x[x >= 0], y[y >= 0])) for x, y in zip(rows[name], exact, strict=True))
        taken = 1e6 * np.median(timed[name][1]) / len(b.some)
        note = f"{taken:.0f} us per profile, recall {there / max((exact >= 0).sum(), 1):.3f}"
        yield Line("peers", f"CPU, {name} / engine", ratio, "x", gates.get(name, (None, None)), more=True, note=note)


def request(b: Bench) -> Iterator[Line]:
    """One profile at a time, each in a new scratch, over markets of every size in turns."""
    markets = {n: worlds.resize(b.records, np.random.default_rng(SEED), None, n) for n in b.sizes}
    ready = {n: Search(world) for n, world in markets.items()}
    some = np.random.default_rng(SEED).permutation(ready[b.sizes[0]].scored)[: 200 if b.quick else 1_000]
    nobody = np.zeros(0, dtype=np.int64)
    times: dict[int, list[float]] = {n: [] for n in b.sizes}
    spent: dict[int, list[float]] = {n: [] for n in b.sizes}
    calling = []
    for n in b.sizes:
        ready[n].best(some[:1], True)
    for i in some:
        for n in b.sizes:
            cpu = time.process_time()
            times[n].append(_seconds(partial(ready[n].best, np.array([i]))))
            spent[n].append(time.process_time() - cpu)
        calling.append(_seconds(partial(ready[b.sizes[0]].best, nobody)))
    gates = {30_000: (b.limits(0.5, 0.1), b.limits(2, 0.5)), 1_000_000: (b.limits(5, 0.5), b.limits(20, 3))}
    for n in b.sizes:
        for q, gate in zip((50, 99), gates.get(n, ((None, None), (None, None))), strict=True):
            note = f"CPU time {1000 * np.percentile(spent[n], q):.3f} ms"
            yield Line("request", f"engine, {n:,} offers, p{q}", 1000 * float(np.percentile(times[n], q)), "ms", gate, note=note)
    yield Line("request", "of which the call itself", 1000 * float(np.median(calling)), "ms", note="nobody asked")
    low, high = b.sizes[-3 if len(b.sizes) > 2 else 0], b.sizes[-1]
    growth = math.log(np.median(times[high]) / np.median(times[low])) / math.log(high / low)
    yield Line("request", f"growth exponent, {low:,} to {high:,}", growth, "", b.limits(0.7, 0.45))
    for n in b.sizes:
        engine = markets[n].engine
        profiles = b.records.profiles[: 40 if b.quick else 60]
        engine.suggest(profiles[0], TODAY)
        timed = [_seconds(partial(engine.suggest, profile, TODAY)) for profile in profiles]
        p50, p99 = 1000 * np.percentile(timed, (50, 99))
        note = f"p99 {p99:.2f} ms; counts everything"
        yield Line("request", f"Matcher.suggest, {n:,} offers, p50", float(p50), "ms", note=note)


def hostile(b: Bench) -> Iterator[Line]:
    """Search data on which bounds are worth little, in turns with the plain loop; infinite where they differ."""
    small = worlds.resize(b.records, np.random.default_rng(SEED), 40 if b.quick else 100, b.vacancies)
    for name, make in HOSTILE.items():
        search = Search(make(small, np.random.default_rng(SEED)))
        alike = same(search.best(search.scored), search.best(search.scored, False))
        calls = {"chosen": lambda s=search: s.best(s.scored), "plain": lambda s=search: s.best(s.scored, False)}
        timed = in_turns(calls, b.rounds)
        ratio = float(np.median(np.divide(timed["chosen"][1], timed["plain"][1])))
        taken = [f"{1e6 * np.median(cpu) / max(len(search.scored), 1):.0f}" for _, cpu in timed.values()]
        note = f"{' against '.join(taken)} us per profile, {'the same' if alike else 'NOT THE SAME'}"
        path = "grouped" if search.engine.grouped else "plain loop chosen"
        yield Line("hostile", f"CPU, {name}, {path}", ratio if alike else math.inf, "x plain", (1.2, 1.0), note=note)


def variants(b: Bench) -> Iterator[Line]:
    """Score 200 changes of one profile again."""
    world, profiles = b.records, worlds.variants(b.records)
    people = world.engine.people(profiles, TODAY)
    search = Search(World("variants", world.engine, people, top=10))


    def both() -> Lists:
        made = Search(World("variants", world.engine, world.engine.people(profiles, TODAY), top=10))
        return made.best(made.scored)

    calls: dict[str, Callable[[], object]] = {"search": lambda: search.best(search.scored), "with building": both}
    timed = in_turns(calls, 10)
    for name, (wall, _) in timed.items():
        what = f"{len(profiles)} variants on {b.vacancies:,} offers, {name}"
        yield Line("variants", what, 1000 * float(np.median(wall)), "ms", b.limits(100, 20), note=f"{len(search.scored)} scored")


def candidates(b: Bench) -> Iterator[Line]:
    """People for an offer: one, and a file of 500."""
    people, engine = b.market.people, b.market.engine
    offers = [offer for offer in b.records.offers if offer.kind == vectors.KINDS[0]][: 60 if b.quick else 500]
    engine.candidates(offers[0], people)
    timed = [_seconds(partial(engine.candidates, offer, people)) for offer in offers[:60]]
    p50, p99 = 1000 * np.percentile(timed, (50, 99))
    yield Line("candidates", f"one offer over {b.profiles:,} people, p50", float(p50), "ms", note=f"p99 {p99:.1f} ms")
    wall = time.perf_counter()
    Parallel(n_jobs=THREADS, backend="threading")(delayed(engine.candidates)(offer, people) for offer in offers)
    taken = time.perf_counter() - wall
    note = "the gate is for the whole, from file to file"
    what = f"{len(offers)} offers over {b.profiles:,} people, {THREADS} threads"
    yield Line("candidates", what, taken, "s", b.limits(30, None), note=note)


def identity(b: Bench) -> Iterator[Line]:
    """Hold each path to the others, to the last bit: grouped and plain, one thread and two, blocks of odd sizes."""
    order = b.search.order if b.whole else b.some[:500] if b.quick else b.some
    one = b.search.batch(order, threads=1, slices=1)
    others = {
        "two threads": b.search.batch(order),
        "97 blocks": b.search.batch(order, slices=97),
        "plain loop": b.search.batch(order, grouped=False),
    }
    for name, other in others.items():
        different = int((one.rows != other.rows).any(axis=(1, 2)).sum()) if not same(one, other) else 0
        what = f"rows that differ from {name}, {len(order):,} profiles x {b.market.top}"
        yield Line("identity", what, float(different), "", (0, None), note=f"{int((one.rows >= 0).sum()):,} places filled")


def serve(place: Path, esco: Path | None, ready: Any, done: Any, answers: Any) -> None:
    """Answer from a mapped index in a process of its own; tell what memory it takes, in MB."""
    world = worlds.generate(esco, SEED, 100, 1_000)
    engine = replace(world.engine, stock=indexes.read(place, Stock))
    for profile in world.profiles[:50]:
        engine.suggest(profile, TODAY)
    ready.wait()
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="utf-8").splitlines()[1:]
    answers.put({line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines})
    done.wait()


def memory(b: Bench) -> Iterator[Line]:
    """Two processes that serve one mapped index: each is charged its share of what both read."""
    if not Path("/proc/self/smaps_rollup").exists():
        yield Line("memory", "two processes", None, note="not told by this system")
        return
    world = worlds.resize(b.records, np.random.default_rng(SEED), None, b.many)
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "offers-bench"
        indexes.write(world.engine.stock, place)
        size = sum(path.stat().st_size for path in place.iterdir()) / 2**20
        ready, done, answers = context.Barrier(2), context.Barrier(2), context.Queue()
        both = [context.Process(target=serve, args=(place, b.esco, ready, done, answers)) for _ in range(2)]
        for process in both:
            process.start()
        told = [answers.get(timeout=600) for _ in both]
        for process in both:
            process.join()
    note = ", ".join(f"PSS {t['Pss']:.0f}, RSS {t['Rss']:.0f}, shared {t['Shared_Clean'] + t['Shared_Dirty']:.0f}" for t in told)
    yield Line("memory", f"index of {b.many:,} offers", size, "MB")
    yield Line("memory", "two processes that serve it, together", sum(t["Pss"] for t in told), "MB", (SERVED_MB, None), note=note)


PARTS: Final = {
    "batch": batch, "peers": rivals, "request": request, "hostile": hostile, "variants": variants,
    "candidates": candidates, "identity": identity, "memory": memory,
}  # fmt: skip


def about(args: argparse.Namespace) -> dict[str, Any]:
    """Tell what a run depends on."""
    versions = {"python": platform.python_version()}
    for name in VERSIONS:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "not installed"
    return {"seed": SEED, "quick": args.quick, "cores": os.cpu_count(), "load_before": os.getloadavg(), "versions": versions}


def main() -> int:
    """Run the parts asked for; 1 when an answer is not the same as by brute force."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--esco", type=Path, help="folder of the published ESCO classification")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--whole", action="store_true", help="check every profile of the batch; takes minutes")
    parser.add_argument("--output", type=Path)
    args = parser.parse_args()
    bench, result = Bench(args), about(args)
    lines = []
    for part in args.only:
        for line in PARTS[part](bench):
            lines.append(line)
            print(f"{line.part}: {line.what}: {line.value}", file=sys.stderr, flush=True)
    table = Table(title=f"{bench.records.name} world, {os.cpu_count()} cores")
    for column in ("part", "what", "value", "gate", "aim", "met", "note"):
        table.add_column(column, justify="right" if column in ("value", "gate", "aim") else "left")
    for line in lines:
        value = "-" if line.value is None else f"{line.value:,.0f}" if line.value >= 100 else f"{line.value:.3g}"
        value = f"{value} {line.unit}"
        limits = ["" if limit is None else f"{limit:g}" for limit in line.limits]
        table.add_row(line.part, line.what, value, *limits, {None: "", True: "met", False: "NOT MET"}[line.met], line.note)
    Console(width=None if sys.stdout.isatty() else 170).print(table)
    result |= {
        "world": worlds.describe(bench.records), "profiles": bench.profiles, "load_after": os.getloadavg(),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "lines": [asdict(line) | {"met": line.met} for line in lines],
    }  # fmt: skip
    if args.output:
        args.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    wrong = [line for line in lines if line.met is False and (line.part == "identity" or line.value == math.inf)]
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
