"""Training on histories whose truth is known: seconds, memory, and how much of the way to the truth it goes. One table, JSON.

    python bench/training.py [--suggestions 1000000] [--seeds 5] [--quick] [--output FILE]

The histories are those of the tests (`tests/known_truths.py`): random comparison values, lists by the hand-set tables of which a
fifth are shown in random order, hires by a monotone truth with other weights and shapes, and an interaction that no additive
table has. Expected true hires are those of the ten best of 100 fresh vacancies for each of 2,000 fresh people, if all ten are
looked at. The ceiling is additive tables fitted to the true log-odds themselves. The large training runs in a process of its
own; the memory is that of the whole process, which made the history too.
"""

import argparse
import json
import multiprocessing
import platform
import resource
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from known_truths import Truth, draw_values, make_history, truth
from matching.comparisons import N_COMPARISONS
from models.artifact import assemble, load
from training.learning.dataset import build_dataset
from training.learning.fitting import fit
from training.learning.replay import replay
from training.learning.training import train

Floats = npt.NDArray[np.float64]

SEED: Final = 20250410
SIZES: Final[Mapping[str, int]] = {"LINK, two years": 2_100, "ten thousand people": 10_000}
"""World -> people, 20 suggestions each."""
TOP: Final = 20
INTERACTION: Final = -0.8
"""Log-odds that short competences and short languages together take away."""


def peak_mb() -> int:
    """Largest memory of this process so far."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def additive(known: Truth, values: npt.NDArray[np.uint8]) -> Floats:
    """Fit additive tables to the true log-odds by backfitting: the best that this form can do; (n_comparisons, 256)."""
    flat = values.reshape(-1, N_COMPARISONS)
    chance = known.chance(flat)
    rest = np.log(chance / (1 - chance))
    rest -= rest.mean()
    tables = np.zeros((N_COMPARISONS, 256))
    for _ in range(10):
        for c in range(N_COMPARISONS):
            change = np.bincount(flat[:, c], rest, 256) / np.maximum(np.bincount(flat[:, c], minlength=256), 1)
            tables[c] += change
            rest -= change[flat[:, c]]
    return tables


def hires(chance: Floats, scores: Floats) -> float:
    """Sum the true chances of the ten best of each person; the mean."""
    return float(np.take_along_axis(chance, np.argsort(-scores, axis=1)[:, :10], axis=1).sum(axis=1).mean())


def distance(name: str, seed: int) -> dict[str, Any]:
    """Train once, and place it between the hand-set tables and the ceiling."""
    rng = np.random.default_rng([SEED, seed])
    known, hand_set = truth(rng, interaction=INTERACTION), load()
    history = make_history(rng, known, SIZES[name], pool=3 * TOP, top=TOP)
    made = train(history, {hand_set.version: hand_set}, hand_set, rng)
    values = draw_values(rng, 2_000, 100)
    flat, shape = values.reshape(-1, N_COMPARISONS), values.shape[:2]
    chance, best = known.chance(values), additive(known, values)
    scores = {
        "random": rng.random(shape),
        "hand_set": hand_set.scores(flat).reshape(shape),
        "learned": made.model.scores(flat).reshape(shape),
        "ceiling": sum((row[values[..., c]] for c, row in enumerate(best)), np.zeros(shape)),
        "oracle": chance,
    }
    found = {ranking: hires(chance, score) for ranking, score in scores.items()}
    return {
        "world": name,
        "seed": seed,
        "hires_in_fit": made.card["splits"]["fit"]["hires"],
        **found,
        "closed": (found["learned"] - found["hand_set"]) / (found["ceiling"] - found["hand_set"]),
        "shows_probability": made.card["calibration"]["shown"],
        "why_not": made.card["calibration"]["why_not"],
        "ratio": made.card["calibration"]["ratio"],
        "slope": made.card["calibration"]["slope"],
    }


def large(n: int) -> dict[str, Any]:
    """Train on many suggestions: all of it, and the fit alone on all rows, none kept for judging."""
    rng = np.random.default_rng(SEED)
    hand_set = load()
    models = {hand_set.version: hand_set}
    history = make_history(rng, truth(rng), n // TOP, pool=3 * TOP, top=TOP)
    before = peak_mb()
    start, used = time.perf_counter(), time.process_time()
    made = train(history, models, hand_set, rng)
    seconds, busy = time.perf_counter() - start, time.process_time() - used
    whole = peak_mb()
    start = time.perf_counter()
    data = build_dataset(history, models)
    fit(data, np.arange(len(data)), hand_set, rng)
    return {
        "suggestions": len(history.suggestions.id),
        "rows": made.card["data"]["counts"]["rows"],
        "rows_in_fit": made.card["splits"]["fit"]["rows"],
        "by_employer": made.card["splits"]["by_employer"],
        "seconds": round(seconds, 1),
        "cpu_seconds": round(busy, 1),
        "peak_memory_mb": whole,
        "of_that_making_the_history_mb": before,
        "rows_when_all_are_fitted": len(data),
        "seconds_when_all_are_fitted": round(time.perf_counter() - start, 1),
        "peak_memory_when_all_are_fitted_mb": peak_mb(),
    }


def replays(n: int = 1_000) -> dict[str, Any]:
    """Replay logged suggestions under three versions of the model; what is compared is the log."""
    rng = np.random.default_rng(SEED)
    known, hand_set = truth(rng), load()
    history = make_history(rng, known, 2_100, pool=3 * TOP, top=TOP, explore=0.0)
    versions = [hand_set]
    for _ in range(2):
        made = train(history, {hand_set.version: hand_set}, hand_set, rng)
        versions.append(assemble(json.loads(json.dumps(made.content))))
    worst, same, told = 0.0, True, []
    for model in versions:
        pool = draw_values(rng, n // TOP, 3 * TOP)
        scores = model.scores(pool.reshape(-1, N_COMPARISONS)).reshape(pool.shape[:2])
        best = np.argsort(-scores, axis=1, kind="stable")[:, :TOP]
        shown, at = history.suggestions, np.arange(n // TOP)[:, None]
        shown.values[:n], shown.score[:n] = pool[at, best].reshape(n, -1), scores[at, best].ravel()
        found = replay(history, np.arange(n), model)
        worst = max(worst, float(np.abs(found.score - shown.score[:n]).max()))
        same &= bool((found.rank == shown.rank[:n]).all())
        told.append(model.version)
    return {"versions": told, "suggestions_each": n, "largest_difference": worst, "same_order": same}


def main() -> None:
    """Run all of it, show a table, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--suggestions", type=int, default=1_000_000)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="a tenth of the suggestions, two seeds, the small world")
    parser.add_argument("--output", type=Path, help="where to write the results as JSON")
    asked = parser.parse_args()
    n, seeds = (asked.suggestions // 10, 2) if asked.quick else (asked.suggestions, asked.seeds)
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        big = pool.apply(large, (n,))
    worlds = list(SIZES)[: 1 if asked.quick else None]
    rows = [distance(name, seed) for name in worlds for seed in range(seeds)]
    result = {
        "machine": {"python": platform.python_version(), "system": platform.system()},
        "large": big,
        "distance": rows,
        "mean_closed": {name: float(np.mean([r["closed"] for r in rows if r["world"] == name])) for name in worlds},
        "replay": replays(),
    }
    columns = ("world", "seed", "hires_in_fit", "random", "hand_set", "learned", "ceiling", "oracle", "closed", "ratio", "slope")
    table = Table(*columns, "probability")
    for row in rows:
        told = "shown" if row["shows_probability"] else ", ".join(row["why_not"])
        table.add_row(*(f"{row[c]:.3f}" if isinstance(row[c], float) else str(row[c]) for c in columns), told)
    screen = Console(width=140)
    screen.print(table)
    screen.print(big, result["mean_closed"], result["replay"])
    assert all(row["learned"] >= row["hand_set"] for row in rows)
    if asked.output:
        asked.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
