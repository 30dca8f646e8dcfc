"""Spreading a batch over open positions: seconds, memory, how evenly offers are shown, and what it costs. One table, JSON.

    python bench/spreading.py [--profiles 20000] [--offers 5000] [--pairs 100] [--quick] [--output FILE]

Worlds: a market whose offers are as unequally popular as Zipf's law says, with many places and with few; the same with
scores that are all negative; a crowd of 2,000 people who all fit the same three vacancies best; and the lists that the engine
itself gives over the demo world. Every world runs in a process
of its own, compiled code loaded first. Every allocation is proved optimal by its prices (`matching.allocation`); a smaller
market is solved by HiGHS (`scipy.optimize.linprog`) as well, and has to give the same sum.
"""

import argparse
import json
import multiprocessing
import os
import platform
import resource
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
import scipy
from rich.console import Console
from rich.table import Table
from scipy.optimize import linprog
from scipy.sparse import coo_array

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import worlds
from matching.allocation import STEPS, Pairs, allocate, places_left
from matching.batches import best_vacancies
from matching.exposure import spread_report
from matching.flow import Whole

SEED: Final = 20250410
MOST: Final = 10
SHOWN: Final = ("gini", "entropy", "coverage", "overload", "mean_score", "mean_rank")
WORLDS: Final[dict[str, float]] = {"market": 20, "market, few places": 5, "market, all negative": 20, "crowd": 20, "engine": 20}
"""World -> suggestions per open position."""


def market(rng: np.random.Generator, n: int, m: int, each: int, negative: bool) -> tuple[Pairs, Whole]:
    """Pairs and open positions: which offers suit a profile is drawn without replacement, by popularity.

    Popular offers score somewhat higher too; on top of that a person's own level and chance. One offer in fifty advertises
    ten positions more than the rest.
    """
    popular = rng.permutation(np.log(1 / np.arange(1, m + 1)))
    # The largest of log weights plus Gumbel noise are a weighted draw without replacement (Yellott 1977).
    drawn = [
        np.argpartition(-(popular + rng.gumbel(size=(len(block), m))), each)[:, :each].ravel()
        for block in np.array_split(np.arange(n), max(n // 500, 1))
    ]
    profile, offer = np.repeat(np.arange(n), each), np.concatenate(drawn)
    score = -2.5 + 0.25 * (popular[offer] - popular.mean()) + rng.normal(0, 1, n * each) + rng.normal(0, 0.7, n)[profile]
    score = np.rint((-np.abs(score) - 0.01 if negative else score) * STEPS) / STEPS
    return Pairs(profile, offer, score, n, m), rng.geometric(0.6, m) + 10 * (rng.random(m) < 0.02)


def crowd(rng: np.random.Generator, n: int, m: int, each: int) -> tuple[Pairs, Whole]:
    """Everybody fits the first three vacancies best; each also fits some of the others."""
    others = np.argpartition(rng.random((n, m - 3)), each - 3)[:, : each - 3] + 3
    offer = np.concatenate([np.tile([0, 1, 2], (n, 1)), others], axis=1).ravel()
    score = np.where(offer < 3, 0.0, -3.0) + rng.normal(-1, 0.5, n * each)
    return Pairs(np.repeat(np.arange(n), each), offer, np.rint(score * STEPS) / STEPS, n, m), np.ones(m, np.int64)


def engine(seed: int, n: int, m: int, each: int) -> tuple[Pairs, Whole]:
    """Take the best vacancies of everybody, as a batch finds them; an offer that names no number of positions has one."""
    world = worlds.generate(None, seed, n, m)
    stock = world.engine.stock
    found = best_vacancies(world.engine, world.people, np.arange(len(world.people.ids)), each)
    profile, place = np.nonzero(found.rows >= 0)
    left = stock.offers.rows["left"].astype(np.int64)
    pairs = Pairs(profile, found.rows[profile, place], found.scores[profile, place], len(world.people.ids), len(stock.ids))
    return pairs, np.where(left < 0, 1, left)


def build(name: str, sizes: tuple[int, int, int]) -> tuple[Pairs, Whole]:
    """Give the pairs of a world and the places of its offers."""
    rng = np.random.default_rng(SEED)
    if name == "crowd":
        pairs, positions = crowd(rng, 2_000, 1_000, 20)
    elif name == "engine":
        pairs, positions = engine(SEED, *sizes)
    else:
        pairs, positions = market(rng, *sizes, negative="negative" in name)
    return pairs, places_left(positions, np.zeros(pairs.n_offers), WORLDS[name])


def measure(name: str, sizes: tuple[int, int, int]) -> dict[str, Any]:
    """Spread one world, in a process that does nothing else."""
    allocate(*build("crowd", sizes), MOST)  # loads, or makes, the compiled code
    pairs, places = build(name, sizes)
    before = peak_mb()
    start, used = time.perf_counter(), time.process_time()
    found = allocate(pairs, places, MOST)
    seconds, busy = time.perf_counter() - start, time.process_time() - used
    peak = peak_mb()
    start = time.perf_counter()
    report = spread_report(pairs, places, MOST, found.kept)
    return {
        "world": name,
        "profiles": pairs.n_profiles,
        "offers": pairs.n_offers,
        "pairs": len(pairs.score),
        "most_per_profile": MOST,
        "per_position": WORLDS[name],
        "places": int(places.sum()),
        "filled": found.filled,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(busy, 2),
        "report_seconds": round(time.perf_counter() - start, 2),
        "peak_memory_mb": peak,
        "of_that_the_world_mb": before,
        "highest_score": float(pairs.score.max()),
        "before": asdict(report.before),
        "after": asdict(report.after),
        "profiles_that_lost": len(report.losses),
        "suggestions_lost": report.suggestions_lost,
        "unreplaced": report.unreplaced,
        "score_lost": report.score_lost,
        "mean_score_price": report.before.mean_score - report.after.mean_score,
    }


def peak_mb() -> int:
    """Largest memory of this process so far."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def against_highs(sizes: tuple[int, int, int]) -> dict[str, Any]:
    """Solve one market both ways; the sums must be equal."""
    pairs, places = build("market", sizes)
    allocate(*build("crowd", sizes), MOST)
    start = time.perf_counter()
    found = allocate(pairs, places, MOST)
    own = time.perf_counter() - start
    n, m, e = pairs.n_profiles, pairs.n_offers, len(pairs.score)
    # x: a pair is kept; y, z: a profile's first and further suggestions. Rows of profiles: x = y + z; totals of y and of z.
    x, y, profiles = np.arange(e), e + np.arange(n), np.arange(n)
    rows = np.concatenate([pairs.profile, profiles, profiles, np.full(n, n), np.full(n, n + 1)])
    columns = np.concatenate([x, y, y + n, y, y + n])
    equal = coo_array((np.concatenate([np.ones(e), -np.ones(2 * n), np.ones(2 * n)]), (rows, columns)), shape=(n + 2, e + 2 * n))
    atmost = coo_array((np.ones(e), (pairs.offer, x)), shape=(m, e + 2 * n))
    covered = n - found.empty
    top = np.concatenate([np.ones(e + n), np.full(n, MOST - 1)])
    start = time.perf_counter()
    answer = linprog(
        np.concatenate([-pairs.score, np.zeros(2 * n)]), atmost.tocsr(), places, equal.tocsr(),
        np.concatenate([np.zeros(n), [covered, found.filled - covered]]), np.stack([np.zeros(e + 2 * n), top], 1), "highs-ds",
    )  # fmt: skip
    highs = time.perf_counter() - start
    assert round(-answer.fun * STEPS) == round(float(pairs.score[found.kept].sum()) * STEPS)
    times = {"seconds": round(own, 2), "highs_seconds": round(highs, 2), "highs_times_slower": round(highs / own, 1)}
    return {"sizes": sizes, **times}


def said(figure: float) -> str:
    """Write one figure for the table."""
    return f"{figure:,}" if isinstance(figure, int) else f"{figure:.3f}"


def main() -> None:
    """Measure every world, print the table, write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profiles", type=int, default=20_000)
    parser.add_argument("--offers", type=int, default=5_000)
    parser.add_argument("--pairs", type=int, default=100, help="per profile")
    parser.add_argument("--quick", action="store_true", help="1,000 profiles, 250 offers, 40 pairs each")
    parser.add_argument("--output", type=Path)
    args = parser.parse_args()
    sizes = (1_000, 250, 40) if args.quick else (args.profiles, args.offers, args.pairs)
    small = (sizes[0] // 5, sizes[1] // 5, min(sizes[2], sizes[1] // 10))
    results = []
    for name in WORLDS:
        with multiprocessing.get_context("spawn").Pool(1) as alone:
            results.append(alone.apply(measure, (name, sizes)))
    table = Table(title=f"Spread: at most {MOST} suggestions each; before -> after")
    for column in ("world", "pairs", "filled", "seconds", "MB", *SHOWN):
        table.add_column(column.replace("_", " "), justify="left" if column == "world" else "right")
    for r in results:
        changes = [f"{said(r['before'][k])} -> {said(r['after'][k])}" for k in SHOWN]
        table.add_row(r["world"], f"{r['pairs']:,}", f"{r['filled']:,}", str(r["seconds"]), str(r["peak_memory_mb"]), *changes)
    peer = against_highs(small)
    console = Console(width=None if sys.stdout.isatty() else 200)
    console.print(table)
    console.print(f"{small[0]:,} x {small[1]:,} x {small[2]}: {peer['seconds']} s; HiGHS {peer['highs_seconds']} s, the same sum")
    if args.output:
        made = {"seed": SEED, "python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__}
        told = {**made, "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1), "highs": peer, "worlds": results}
        args.output.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
