"""What exploring does to the lists of the demo: how many places may change, how many do, what it takes, and how long.

    python bench/exploring.py [--turns N] [--output FILE]

Asks the desk for the list of everybody in the demo, N times, switched off and on. Also counts how many places would have another
vacancy if each were paired with the one ten ranks further down, as in the simulated market.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from matching.codes import Kind, Role
from matching.desk import Asker, Desk, Question
from matching.exploring import NEAR, POLICY
from matching.matcher import Wish
from matching.settings import Settings
from training.demo import demo_desk
from training.history import read_history

SHARE = 0.05
TOP = 10
ASKER = Asker("bench", Role.CONSULTANT, "en")


def pairings(desk: Desk) -> dict[str, Any]:
    """Count places with another vacancy, by rank, and what it scores less."""
    matcher, today = desk.loaded().matcher, desk.today()
    wish = Wish(2 * TOP, frozenset([Kind.VACANCY]))
    found: dict[str, list[tuple[int, float]]] = {"from the tail": [], "ten ranks down": []}
    places = 0
    for profile in desk.store.profiles():
        scores = [match.score for match in matcher.suggest(profile, today, wish).lists.get(Kind.VACANCY, ())]
        places += min(len(scores), TOP)
        for at, own in enumerate(scores[:TOP]):
            for name, other in (("from the tail", 2 * TOP - 1 - at), ("ten ranks down", at + TOP)):
                if other < len(scores) and own - scores[other] <= NEAR:
                    found[name].append((at, own - scores[other]))
    return {
        name: {
            "share_of_places": len(pairs) / places,
            "mean_less": float(np.mean([less for _, less in pairs])),
            "by_rank": np.bincount([at for at, _ in pairs], minlength=TOP).tolist(),
        }
        for name, pairs in found.items()
    } | {"places": places}


def ask_all(desk: Desk, turns: int) -> float:
    """Ask for every list some times; give the milliseconds per list."""
    profiles = desk.store.profiles()
    began = time.perf_counter()
    for profile in profiles * turns:
        desk.suggest(profile, Question(top=TOP), ASKER)
    return 1000 * (time.perf_counter() - began) / (turns * len(profiles))


def main() -> None:
    """Ask, count, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--turns", type=int, default=10)
    parser.add_argument("--output")
    asked = parser.parse_args()
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        off = demo_desk(Settings(data_dir=Path(folder), database_url="", exploration=0))
        on = Desk(off.store, Settings(data_dir=Path(folder), exploration=SHARE), off.clock, chance=lambda: rng)
        result: dict[str, Any] = {"share": SHARE, "near": NEAR, "pairings": pairings(off)}
        ask_all(off, 1), ask_all(on, 1)  # warm
        result["ms_per_list"] = {"off": ask_all(off, asked.turns), "on": ask_all(on, asked.turns)}
        shown = read_history(on.store, on.today()).suggestions
        rows = (shown.policy == POLICY.format(SHARE)) & (shown.kind == Kind.VACANCY.value)
        left, drawn = shown.propensity[rows] < 1, shown.exploration[rows]
        _, of_list = np.unique(shown.list_id[rows], return_inverse=True)
        result["shown"] = {
            "places": int(rows.sum()),
            "with_another": int(left.sum()),
            "drawn": int(drawn.sum()),
            "drawn_of_those_with_another": float(drawn.sum() / left.sum()),
            "drawn_of_all": float(drawn.mean()),
            "most_in_a_list": int(np.bincount(of_list, weights=drawn).max()),
        }
        off.store.close()
    print(json.dumps(result, indent=2))
    if asked.output:
        Path(asked.output).write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
