"""Does training find what is true? Expected true hires in the top ten, in simulated markets whose truth is known.

    python bench/known_truth.py [--scale 10] [--jobs 2] [--quick] [--output FILE]

For each form of the truth and each of five seeds, all fixed beforehand: a market of two years (``--scale`` times LINK's size) is
logged, a model is trained on its log as `linkmatch train` does, and rankings are compared in another market of the same truth,
over everything that is open and allowed for 400 people. The ceiling is additive tables fitted to the true chances themselves: to
those of the suggestions logged, and to those of everything open in a third market; the better of the two counts. Runs are kept in
FILE one by one; a bench that was stopped goes on where it was. Whether a chance may be shown: `bench/calibrating.py`.
"""

import argparse
import json
import platform
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
from joblib import Parallel, delayed
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from matching.files import write_whole
from models.artifact import load
from training.learning import evaluation
from training.learning.dataset import build_dataset
from training.learning.fitting import tables_of_chances
from training.learning.splits import split
from training.learning.training import train
from training.market.market import START, Market, simulate
from training.market.pairs import Floats
from training.market.scene import Size
from training.market.truths import TRUTHS
from training.market.yardsticks import Judged, judge, table_scores, true_hires
from training.measures.intervals import clustered_mean

SEEDS: Final = (201, 202, 203, 204, 205)
"""Never looked at while anything was chosen; those below 200 were."""
TRIED: Final = (1,)
ELSEWHERE, THIRD = 1_000, 2_000
"""Added to a seed for the market that rankings are compared in, and for the one that the ceiling is fitted to."""
LINK: Final = Size()
YEAR: Final = 365
PEOPLE: Final = 400
OBSERVED: Final = 100
"""People for whom the truth without what nobody can observe is worked out: it takes twelve realities."""
LOOSE: Final = 0.8
"""Prior of the ceiling: tables may go where the truth takes them."""
HAND, LEARNED, CEILING, YARDSTICK = "hand-set tables", "trained tables", "additive tables fitted to the truth", "boosted trees"
OBSERVABLE, ORACLE = "truth without what nobody can observe", "oracle"
BASELINES: Final = ("random", "newest", "most suggested", "same profession and distance", "texts")
ORDER: Final = (*BASELINES, HAND, LEARNED, CEILING, YARDSTICK, OBSERVABLE, ORACLE)

Run = dict[str, Any]


def laid_out(truth: str, seed: int, n_people: int) -> tuple[Market, Judged, date]:
    """Give a market of a year at LINK's size and everything that is open in it on its last day but one."""
    market = simulate(np.random.default_rng(seed), TRUTHS[truth], Size(LINK.people, LINK.vacancies, YEAR))
    day = START + timedelta(days=YEAR - 2)
    return market, judge(market, np.random.default_rng(seed), day, n_people=n_people), day


def logged(truth: str, seed: int, scale: float) -> Market:
    """Give a market of two years, so many times LINK's size."""
    size = Size(round(LINK.people * scale), round(LINK.vacancies * scale), LINK.days)
    return simulate(np.random.default_rng(seed), TRUTHS[truth], size)


def left_of(asked: list[tuple[str, int]], done: list[Run]) -> list[tuple[str, int]]:
    """Give the runs that are not done yet."""
    return [pair for pair in asked if pair not in {(r["truth"], r["seed"]) for r in done}]


def kept_in(path: Path | None, scale: float) -> list[Run]:
    """Read the runs of this size that a bench kept before it was stopped."""
    kept = json.loads(path.read_text(encoding="utf-8")) if path and path.exists() else {}
    runs: list[Run] = kept.get("runs", []) if kept.get("scale") == scale else []
    return runs


def run(truth: str, seed: int, scale: float, n_people: int) -> Run:
    """Simulate, train, compare."""
    began, hand_set = time.perf_counter(), load()
    market = logged(truth, seed, scale)
    history, listed = market.history, market.careers.listed
    models = {hand_set.version: hand_set}
    trained = train(history, models, hand_set, np.random.default_rng(seed))
    data = build_dataset(history, models)
    trees = evaluation.challenger(data, split(data, np.random.default_rng(seed)).fit, np.random.default_rng(seed))
    third = laid_out(truth, seed + THIRD, n_people)[1]
    ceilings = [
        tables_of_chances(listed.values, listed.person, listed.chance, hand_set, LOOSE),
        tables_of_chances(third.values, third.person, third.chance, hand_set, LOOSE),
    ]
    elsewhere, judged, day = laid_out(truth, seed + ELSEWHERE, n_people)

    def worth(scores: Floats) -> Floats:
        return true_hires(judged.person, scores, judged.chance)

    hires = {name: worth(scores) for name, scores in judged.baselines.items()}
    hires[LEARNED] = worth(table_scores(trained.model.tables, judged.values))
    reached = [worth(table_scores(tables, judged.values)) for tables in ceilings]
    hires[CEILING] = max(reached, key=lambda found: float(found.mean()))
    hires[YARDSTICK] = worth(trees(judged.values))
    hires[ORACLE] = worth(judged.chance)
    some = np.isin(judged.person, np.unique(judged.person)[:OBSERVED])
    known = elsewhere.observable(judged.person[some], judged.vacancy[some], day)
    hires[OBSERVABLE] = true_hires(judged.person[some], known, judged.chance[some])
    return {
        "truth": truth,
        "seed": seed,
        "suggestions": len(history.suggestions.id),
        "hires": {name: trained.card["splits"][name]["hires"] for name in ("fit", "calibrate", "evaluate")},
        "true_hires": {name: np.round(found, 5).tolist() for name, found in hires.items()},
        "seconds": round(time.perf_counter() - began, 1),
    }


def interval(differences: Floats) -> tuple[float, float]:
    """Give the 95 % bootstrap interval of a mean over people."""
    (found,) = clustered_mean(differences, np.arange(len(differences)), np.random.default_rng(0))
    return found.low, found.high


def told(runs: list[Run]) -> Run:
    """Put the runs of one truth together: means over all people, the share of the way, and intervals against each baseline."""
    people = {name: np.concatenate([np.array(r["true_hires"][name]) for r in runs]) for name in ORDER}
    means = {name: float(found.mean()) for name, found in people.items()}
    gains = [np.mean(r["true_hires"][LEARNED]) - np.mean(r["true_hires"][HAND]) for r in runs]
    return {
        "means": means,
        "closed": (means[LEARNED] - means[HAND]) / (means[CEILING] - means[HAND]),
        "gain_by_seed": [float(gain) for gain in gains],
        "over": {name: interval(people[LEARNED] - people[name]) for name in (*BASELINES, HAND)},
        "runs": len(runs),
    }


def results(asked: list[tuple[str, int]], done: list[Run], scale: float, jobs: int, n_people: int) -> Iterator[Run]:
    """Do what is left of the runs, several at a time."""
    work = (delayed(run)(*pair, scale, n_people) for pair in left_of(asked, done))
    yield from Parallel(n_jobs=jobs, return_as="generator_unordered")(work)


def main() -> None:
    """Run, keep, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=10, help="times LINK's size")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="one seed, LINK's size, 60 people: no figure to quote")
    parser.add_argument("--output", type=Path)
    args = parser.parse_args()
    scale, n_people, seeds = (1.0, 60, TRIED) if args.quick else (args.scale, PEOPLE, SEEDS)
    asked = [(truth, seed) for seed in seeds for truth in TRUTHS]
    done = kept_in(args.output, scale)
    for found in results(asked, list(done), scale, args.jobs, n_people):
        done.append(found)
        print(f"{found['truth']} {found['seed']}: {found['seconds']} s", file=sys.stderr, flush=True)
        keep(args.output, {"scale": scale, "python": platform.python_version(), "runs": done})
    summary = {truth: told([r for r in done if r["truth"] == truth]) for truth in TRUTHS}
    keep(args.output, {"scale": scale, "python": platform.python_version(), "summary": summary, "runs": done})
    table = Table(title=f"Expected true hires in the top ten, {scale:g} x LINK's size, {len(seeds)} seeds x {n_people} people")
    for column in ("ranking", *TRUTHS):
        table.add_column(column, justify="left" if column == "ranking" else "right")
    for name in ORDER:
        table.add_row(name, *(f"{summary[truth]['means'][name]:.3f}" for truth in TRUTHS))
    table.add_section()
    table.add_row("closed of the way to the ceiling", *(f"{summary[truth]['closed']:.0%}" for truth in TRUTHS))
    table.add_row("least gain of a seed", *(f"{min(summary[truth]['gain_by_seed']):+.3f}" for truth in TRUTHS))
    least = {truth: min(summary[truth]["over"][name][0] for name in BASELINES) for truth in TRUTHS}
    table.add_row("least lead over a baseline, lower end", *(f"{least[truth]:+.3f}" for truth in TRUTHS))
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    print(f"closed on average: {np.mean([found['closed'] for found in summary.values()]):.0%}")


def keep(path: Path | None, content: Run) -> None:
    """Write the file anew, whole or not at all."""
    if path:
        write_whole(path, (json.dumps(content) + "\n").encode())


if __name__ == "__main__":
    main()
