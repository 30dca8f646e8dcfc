"""Do the numbers of a report hold what they promise? Simulated cohorts whose truth is known, fixed seeds. One table, JSON.

    python bench/measuring.py [--quick] [--output FILE]

Coverage: in how many of 2,000 cohorts the 95 % interval holds the truth; beside it, by how much the naive share and
1 - Kaplan-Meier are wrong. Other policies: root mean square error of each estimate at 200,000 suggestions, and what is said
at LINK's size. A/A: how often two arms that are the same are found to differ. The generators here know nothing of the service;
people are searching, each day with a chance of a job, a hand-over or giving up that differs from person to person.
"""

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from matching.records import DataError
from training.measures.comparison import contrast, contrast_by_cluster
from training.measures.incidence import (
    Curve,
    cumulative_incidence,
    incidence_difference,
    naive_share,
    one_minus_kaplan_meier,
)
from training.measures.intervals import Estimate, clustered_mean, newcombe, wilson
from training.measures.off_policy import policy_value

SEED: Final = 20250606
KINDS: Final = np.array([[0.0035, 0.0004, 0.0006], [0.0015, 0.0008, 0.0006], [0.0006, 0.0015, 0.0012]])
"""Chance of a job, of a hand-over, of giving up on a day, for three kinds of people."""
SHARES: Final = np.array([0.4, 0.35, 0.25])
BETTER: Final = np.array([1.3, 1.0, 1.0])
"""How much more likely each is in the second group of a difference."""
LAST: Final = 365
"""Guidance ends after this day."""
DAYS: Final = 183
PEOPLE: Final = 1050

Shares = np.ndarray[Any, np.dtype[np.float64]]


def truth(day: int, chances: Shares = KINDS) -> float:
    """Share of people who have a job by the end of a day: worked out, not simulated."""
    each = chances.sum(axis=1)
    return float(SHARES @ (chances[:, 0] / each * (1 - (1 - each) ** day)))


def followed(rng: np.random.Generator, n: int, seen: int, chances: Shares = KINDS) -> tuple[Any, Any, Any]:
    """Draw people who registered in the year before the data end: days followed, cause (0: open), days until the data end."""
    kind = rng.choice(len(SHARES), n, p=SHARES)
    each = chances[kind].sum(axis=1)
    days = rng.geometric(each)
    drawn = rng.random(n) * each
    cause = 1 + (drawn > chances[kind, 0]) + (drawn > chances[kind, :2].sum(axis=1))
    cause, days = np.where(days > LAST, 4, cause), np.minimum(days, LAST + 1)
    known = rng.integers(0, seen, n)  # days from registration until the data end
    return np.minimum(days, known), np.where(days <= known, cause, 0), known


class Tally:
    """How often an interval held the truth, how often there was none, and the mean error of a number."""

    def __init__(self) -> None:
        self.held: list[bool] = []
        self.error: list[float] = []
        self.without = 0

    def add(self, found: Estimate, true: float) -> None:
        """Count one estimate."""
        self.error.append(found.value - true)
        if found.known:
            self.held.append(found.low <= true <= found.high)
        else:
            self.without += 1

    def told(self) -> dict[str, Any]:
        """Give the figures, shares in percent."""
        coverage = 100 * float(np.mean(self.held)) if self.held else None
        error = np.array(self.error) * 100
        return {
            "runs": len(self.error),
            "without_interval": self.without,
            "coverage": None if coverage is None else round(coverage, 2),
            "bias_points": round(float(np.nanmean(error)), 3),
            "rmse_points": round(float(np.sqrt(np.nanmean(error**2))), 3),
        }


def point(value: float) -> Estimate:
    """Give a number without interval."""
    return Estimate(value, np.nan, np.nan)


def cohorts(runs: int) -> dict[str, Any]:
    """Measure match-to-hire in many cohorts."""
    tallies: dict[str, Tally] = {}

    def add(name: str, found: Estimate, true: float) -> None:
        tallies.setdefault(name, Tally()).add(found, true)

    better = KINDS * BETTER
    half, year, gain = truth(DAYS), truth(LAST), truth(DAYS, better) - truth(DAYS)
    for run in range(runs):
        rng = np.random.default_rng([SEED, 1, run])
        curves: list[Curve] = []
        for n, chances in ((PEOPLE, KINDS), (200, KINDS), (200, better)):
            days, cause, known = followed(rng, n, 500, chances)
            curves.append(cumulative_incidence(days, cause, 4))
            if n == PEOPLE:
                add("naive share at 183 days, 1,050 people", point(naive_share(days, cause, DAYS, 1)), half)
                add("naive share at 365 days, 1,050 people", point(naive_share(days, cause, LAST, 1)), year)
                add(
                    "1 - Kaplan-Meier at 183 days, 1,050 people",
                    point(one_minus_kaplan_meier(days, cause, 1).at(DAYS, 1).value),
                    half,
                )
            ripe = known >= DAYS
            got = int(np.count_nonzero(ripe & (cause == 1) & (days <= DAYS)))
            share = (got, int(ripe.sum()))
            if chances is KINDS:
                add(f"incidence at 183 days, {n:,} people", curves[-1].at(DAYS, 1), half)
                add(f"incidence at 365 days, {n:,} people", curves[-1].at(LAST, 1), year)
                add(f"matured share (Wilson), {n:,} people", wilson(*share), half)
                before = share
        add("difference of incidences, 200 and 200 people", incidence_difference(curves[2], curves[1], DAYS, 1), gain)
        add("difference of matured shares (Newcombe), 200 and 200", newcombe((share[0], before[0]), (share[1], before[1])), gain)
    told = {name: tally.told() for name, tally in tallies.items()}
    return {"truth_183": round(half, 5), "truth_365": round(year, 5), "truth_difference": round(gain, 5), "measures": told}


def clusters(runs: int) -> dict[str, Any]:
    """Draw means of lists by person, and by consultant, whose lists resemble each other."""
    found = {}
    for name, n, most, spread in (("200 people", 200, 6, 0.6), ("40 employers", 40, 40, 0.5), ("12 consultants", 12, 60, 0.3)):
        tally = Tally()
        for run in range(runs):
            rng = np.random.default_rng([SEED, 2, n, run])
            lists = np.repeat(np.arange(n), rng.integers(1, most, n))
            # Chances of a hit are Beta with mean 0.3, so that those of one cluster are correlated by spread^2.
            of = 1 / spread**2 - 1
            hit = rng.random(len(lists)) < rng.beta(0.3 * of, 0.7 * of, n)[lists]
            tally.add(clustered_mean(hit.astype(float), lists, rng)[0], 0.3)
        found[f"clustered bootstrap, {name}"] = tally.told()
    return found


def same(runs: int) -> dict[str, Any]:
    """Compare arms that are the same, given to people, and to weeks that differ from each other."""
    alarms: dict[str, list[bool]] = {"by person, 1,050 people": [], "by person, hires, 1,050 people": [], "by week, 52 weeks": []}
    for run in range(runs):
        rng = np.random.default_rng([SEED, 3, run])
        arm = rng.permutation(np.arange(PEOPLE) % 2)
        alarms["by person, 1,050 people"].append(contrast(rng.random(PEOPLE) < 0.3, arm).differs)
        alarms["by person, hires, 1,050 people"].append(contrast(rng.random(PEOPLE) < 0.08, arm).differs)
        week = rng.integers(0, 52, PEOPLE)
        level, of_week = rng.beta(6, 14, 52), rng.permutation(np.arange(52) % 2)
        success = rng.random(PEOPLE) < level[week]
        alarms["by week, 52 weeks"].append(contrast_by_cluster(success, of_week[week], week, rng).differs)
    return {name: {"runs": runs, "false_alarms": round(100 * float(np.mean(found)), 2)} for name, found in alarms.items()}


CHANCES: Final = np.array([0.06, 0.05, 0.04, 0.03])
LOGGING: Final = np.array([0.7, 0.1, 0.1, 0.1])
TARGETS: Final = {
    "uniform": np.array([0.25, 0.25, 0.25, 0.25]),
    "second first": np.array([0.1, 0.7, 0.1, 0.1]),
    "always the third": np.array([0.0, 0.0, 1.0, 0.0]),
}


def logged(rng: np.random.Generator, people: int, slots: int = 20) -> tuple[Any, Any, Any, Any]:
    """Draw a log: person, which of four near ties was shown, what became of it, and the person's own level."""
    person = np.repeat(np.arange(people), slots)
    level = rng.uniform(0.5, 1.5, people)[person]
    shown = rng.choice(4, len(person), p=LOGGING)
    return person, shown, rng.random(len(person)) < CHANCES[shown] * level, level


def policies(runs: int) -> dict[str, Any]:
    """Estimate what other policies would have brought."""
    found: dict[str, Any] = {}
    for size, people in (("200,000 suggestions", 10_000), ("LINK: 1,050 people, 21,000 suggestions", PEOPLE)):
        for name, target in TARGETS.items():
            tallies = {way: Tally() for way in ("ips", "snips", "doubly_robust")}
            refused, effective, width = 0, [], []
            for run in range(runs):
                rng = np.random.default_rng([SEED, 4, people, run])
                person, shown, reward, _ = logged(rng, people)
                model = np.array([0.05, 0.05, 0.05, 0.02])  # a poor one
                given = (model[shown], np.full(len(shown), target @ model))
                try:
                    value = policy_value(reward, LOGGING[shown], target[shown], person, rng, model=given)
                except DataError:
                    refused += 1
                    continue
                effective.append(value.effective)
                width.append(100 * (value.snips.high - value.snips.low))
                for way, tally in tallies.items():
                    tally.add(getattr(value, way), float(target @ CHANCES))
            told = {way: tally.told() for way, tally in tallies.items() if tally.error}
            worth = (
                {"effective": round(float(np.mean(effective))), "interval_points": round(float(np.mean(width)), 2)}
                if effective
                else {}
            )
            found[f"{name}; {size}"] = {"refused": refused, **worth, **told}
    return found


def refusals() -> dict[str, str]:
    """Ask what a log cannot tell; each must be refused."""
    rng = np.random.default_rng([SEED, 5])
    person, shown, reward, _ = logged(rng, PEOPLE)
    target = TARGETS["uniform"][shown]
    asked: dict[str, Callable[[], Any]] = {
        "deterministic log": lambda: policy_value(reward, np.ones(len(shown)), target, person, rng),
        "what was never shown": lambda: policy_value(reward, LOGGING[shown], target, person, rng, outside=0.1),
        "support left out": lambda: policy_value(
            reward[shown < 3], (LOGGING / 0.9)[shown][shown < 3], target[shown < 3], person[shown < 3], rng
        ),
    }
    told = {}
    for name, ask in asked.items():
        try:
            ask()
        except DataError as error:
            told[name] = str(error)
    assert list(told) == list(asked), "something was answered that cannot be known"
    return told


def main() -> None:
    """Measure everything, print the table, write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the runs")
    parser.add_argument("--output", type=Path)
    args = parser.parse_args()
    part = 10 if args.quick else 1
    start = time.perf_counter()
    told: dict[str, Any] = {"seed": SEED, "python": platform.python_version(), "numpy": np.__version__}
    told["cohorts"] = cohorts(2000 // part)
    told["clusters"] = clusters(2000 // part)
    told["a_a"] = same(2000 // part)
    told["off_policy"] = policies(100 // part)
    told["refused"] = refusals()
    told["seconds"] = round(time.perf_counter() - start)
    console = Console(width=None if sys.stdout.isatty() else 160)
    table = Table(title="95 % intervals: coverage, and errors in points")
    for column in ("measure", "runs", "coverage %", "bias", "RMSE", "without"):
        table.add_column(column, justify="left" if column == "measure" else "right")
    measured = {**told["cohorts"]["measures"], **told["clusters"]}
    measured |= {
        f"{name}: {way}": row[way] for name, row in told["off_policy"].items() for way in row if isinstance(row[way], dict)
    }
    for name, row in measured.items():
        table.add_row(name, *(str(row[key]) for key in ("runs", "coverage", "bias_points", "rmse_points", "without_interval")))
    console.print(table)
    for name, row in told["a_a"].items():
        console.print(f"A/A {name}: {row['false_alarms']} % false alarms in {row['runs']} runs")
    for name, why in told["refused"].items():
        console.print(f"refused: {name} ({why})")
    console.print(f"{told['seconds']} s")
    if args.output:
        args.output.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
