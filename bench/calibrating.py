"""How often may a chance be shown? The release rule on later data, in simulated markets, form by form and seed by seed.

    python bench/calibrating.py [--scale 10] [--jobs 2] [--quick] [--output FILE]

For each form of the truth and each of five seeds, all fixed beforehand: a market of two years (``--scale`` times LINK's size) is
logged, and a model fitted, calibrated and judged on its log as `linkmatch train` does, without the comparisons of rankings
(`bench/known_truth.py`). Runs are kept in FILE one by one; a bench that was stopped goes on where it was.
"""

import argparse
import platform
import sys
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Final

import numpy as np
from joblib import Parallel, delayed
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.known_truth import Run, keep, kept_in, left_of, logged
from models.artifact import load
from training.learning.dataset import build_dataset
from training.learning.splits import split
from training.learning.training import with_chance
from training.market.truths import TRUTHS

SEEDS: Final = (401, 402, 403, 404, 405)
"""Never looked at while anything was chosen; those below 400 were."""
TRIED: Final = (1,)


def run(truth: str, seed: int, scale: float) -> Run:
    """Simulate, fit, calibrate, judge."""
    began, hand_set, rng = time.perf_counter(), load(), np.random.default_rng(seed)
    history = logged(truth, seed, scale).history
    data = build_dataset(history, {hand_set.version: hand_set})
    splits = split(data, rng)
    _, _, calibration, verdict = with_chance(data, splits, hand_set, rng)
    hires = {name: int(data.hired[rows].sum()) for name, rows in zip(("fit", "calibrate", "evaluate"), splits.parts, strict=True)}
    found = {"truth": truth, "seed": seed, "hires_by_split": hires, "score_slope": calibration.slope, **asdict(verdict)}
    return {**found, "seconds": round(time.perf_counter() - began, 1)}


def main() -> None:
    """Run, keep, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=10, help="times LINK's size")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="one seed, LINK's size: no figure to quote")
    parser.add_argument("--output", type=Path)
    args = parser.parse_args()
    scale, seeds = (1.0, TRIED) if args.quick else (args.scale, SEEDS)
    asked = [(truth, seed) for seed in seeds for truth in TRUTHS]
    done = kept_in(args.output, scale)
    work = (delayed(run)(*pair, scale) for pair in left_of(asked, done))
    for found in Parallel(n_jobs=args.jobs, return_as="generator_unordered")(work):
        done.append(found)
        print(f"{found['truth']} {found['seed']}: {found['shown']} {found['why_not']}", file=sys.stderr, flush=True)
        keep(args.output, {"scale": scale, "python": platform.python_version(), "runs": done})
    table = Table(title=f"The release rule on later data, {scale:g} x LINK's size, {len(seeds)} seeds")
    for column in ("truth", "released", "refused for", "observed/expected", "slope", "hires judged by"):
        table.add_column(column, justify="left" if column in ("truth", "refused for") else "right")
    for truth in TRUTHS:
        runs = [r for r in done if r["truth"] == truth]
        why = Counter(name for r in runs for name in r["why_not"])
        ratios, slopes, hires = ([r[name] for r in runs] for name in ("ratio", "slope", "hires"))
        table.add_row(
            truth, f"{sum(r['shown'] for r in runs)} of {len(runs)}", ", ".join(f"{name} {n}" for name, n in why.items()),
            f"{min(ratios):.2f}-{max(ratios):.2f}", f"{min(slopes):.2f}-{max(slopes):.2f}", f"{min(hires)}-{max(hires)}",
        )  # fmt: skip
    Console(width=None if sys.stdout.isatty() else 120).print(table)


if __name__ == "__main__":
    main()
