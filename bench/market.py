"""The simulated market: how large it gets in what time, and what rankings are worth in it.

    python bench/market.py rankings     # three seeds, LINK's size: expected true hires in the top 10, all truths
    python bench/market.py rankings gates   # of one truth; the figures of the others are kept
    python bench/market.py million      # 1,000,000 suggestions
    python bench/market.py people       # 100,000 people

Seeds are fixed. Results go to ``bench/results/market-*.json``.
"""

import json
import platform
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from training.market.assumptions import Assumptions
from training.market.market import Market, simulate
from training.market.scene import Size
from training.market.truths import TRUTHS
from training.market.yardsticks import judge, true_hires

RESULTS: Final = Path(__file__).parent / "results"
SEEDS: Final = (11, 12, 13)
DAY: Final = date(2024, 11, 4)
MILLION: Final = Size(people=7_500, vacancies=60_000)
MANY: Final = Size(people=50_000, vacancies=100_000)
SELDOM: Final = Assumptions(between_lists=(90, 180))
"""Few lists for each of 100,000 people, so that the log stays below two million suggestions."""


def timed(truth: str, size: Size, assumed: Assumptions | None = None) -> tuple[Market, dict[str, Any]]:
    """Simulate and measure."""
    began = time.perf_counter()
    market = simulate(np.random.default_rng(SEEDS[0]), TRUTHS[truth], size, assumed=assumed)
    simulated = time.perf_counter()
    history = market.history
    return market, {
        "truth": truth,
        "size": asdict(size),
        "people": len(history.people.id),
        "vacancies": len(history.offers.id),
        "suggestions": len(history.suggestions.id),
        "events": len(history.events.id),
        "seconds to simulate": round(simulated - began, 1),
        "seconds for the columns": round(time.perf_counter() - simulated, 1),
        "largest memory, GB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2),
    }


def rankings(names: Sequence[str]) -> dict[str, Any]:
    """Give expected true hires in the top 10 of 300 people: mean and standard error over people, for each truth and seed."""
    there = RESULTS / "market-rankings.json"
    found: dict[str, Any] = json.loads(there.read_text(encoding="utf-8")) if there.exists() else {}
    for name in names:
        for seed in SEEDS:
            market = simulate(np.random.default_rng(seed), TRUTHS[name])
            judged = judge(market, np.random.default_rng(seed), DAY, n_people=300)
            ranked = {**judged.baselines, "truth without what nobody can observe": judged.observable, "oracle": judged.chance}
            worth = {what: true_hires(judged.person, scores, judged.chance) for what, scores in ranked.items()}
            rows = {what: [round(h.mean(), 4), round(h.std(ddof=1) / len(h) ** 0.5, 4)] for what, h in worth.items()}
            found[f"{name}, seed {seed}"] = rows
            print(name, seed, rows, flush=True)
    return found


def main() -> None:
    """Run what is asked for."""
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    if asked == "rankings":
        found: dict[str, Any] = rankings(sys.argv[2:] or list(TRUTHS))
    elif asked == "million":
        found = timed("hazards", MILLION)[1]
    elif asked == "people":
        found = timed("bottleneck", MANY, SELDOM)[1]
    else:
        sys.exit(__doc__)
    content = {**found, "machine": platform.processor() or platform.machine(), "python": platform.python_version()}
    (RESULTS / f"market-{asked}.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(content, indent=1))


if __name__ == "__main__":
    main()
