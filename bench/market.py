"""The simulated market: how large it gets in what time. What rankings are worth in it: `bench/known_truth.py`.

    python bench/market.py million      # 1,000,000 suggestions
    python bench/market.py people       # 100,000 people

Seeds are fixed. Results go to ``bench/results/market-*.json``.
"""

import json
import platform
import resource
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from training.market.assumptions import Assumptions
from training.market.market import Market, simulate
from training.market.scene import Size
from training.market.truths import TRUTHS

RESULTS: Final = Path(__file__).parent / "results"
SEED: Final = 11
MILLION: Final = Size(people=7_500, vacancies=60_000)
MANY: Final = Size(people=50_000, vacancies=100_000)
SELDOM: Final = Assumptions(between_lists=(90, 180))
"""Few lists for each of 100,000 people, so that the log stays below two million suggestions."""


def timed(truth: str, size: Size, assumed: Assumptions | None = None) -> tuple[Market, dict[str, Any]]:
    """Simulate and measure."""
    began = time.perf_counter()
    market = simulate(np.random.default_rng(SEED), TRUTHS[truth], size, assumed=assumed)
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


def main() -> None:
    """Run what is asked for."""
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    if asked == "million":
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
