"""Times what would open more for one profile, over 30,000 vacancies and 500 offers of partners.

python bench/pathways.py [--vacancies N] [--profiles N]

Results go to bench/results/pathways.json.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.worlds import TODAY
from matching.asking import ask_next
from matching.changing import what_would_change
from matching.classifications import build_taxonomy, read_starter
from matching.codes import Kind
from matching.matcher import Matcher
from matching.pathways import candidates_for_change, unlock
from matching.reference import build_geography, read_guidance
from models.artifact import load
from training.synthetic import demo_world

SEED = 20250410
PARTNERS = 500
RESULTS = Path(__file__).parent / "results" / "pathways.json"


def main() -> None:
    """Time each of the three questions, and all of them, for profiles that have a list."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vacancies", type=int, default=30_000)
    parser.add_argument("--profiles", type=int, default=40)
    args = parser.parse_args()
    taxonomy, places = build_taxonomy({"starter": read_starter()[0]}), build_geography({})
    made = demo_world(
        np.random.default_rng(SEED), taxonomy, places.places, TODAY, args.profiles, args.vacancies, PARTNERS
    )
    matcher = Matcher.build(taxonomy, places, dict(read_guidance()), load(), made.offers)
    offers = {offer.id: offer for offer in made.offers}
    partners = [offer for offer in made.offers if offer.kind != Kind.VACANCY]
    rows, told = [], {"asks": 0, "lifts": 0, "unlocks": 0}
    for profile in [made.profiles[0], *made.profiles]:  # the first one compiles
        start = time.perf_counter()
        answer, names = candidates_for_change(matcher, profile, TODAY)
        if answer.status == "closed":
            continue
        asks = ask_next(matcher, profile, TODAY)
        asked = time.perf_counter()
        lifts = what_would_change(matcher, profile, [offers[name] for name in names], TODAY)
        changed = time.perf_counter()
        unlocks = unlock(matcher, profile, partners, TODAY)
        rows.append((asked - start, changed - asked, time.perf_counter() - changed))
        told["asks"] += len(asks)
        told["lifts"] += sum(map(len, lifts.values()))
        told["unlocks"] += sum(map(len, unlocks.by_kind.values()))
    taken = 1000 * np.asarray(rows[1:])
    whole = np.percentile(taken.sum(axis=1), (50, 90, 100)).round(1).tolist()
    result = {
        "vacancies": args.vacancies, "partner_offers": len(partners), "profiles": len(taken),
        "ms_median": dict(zip(("asks", "lifts", "unlocks"), np.median(taken, axis=0).round(1).tolist(), strict=True)),
        "ms_whole": dict(zip(("p50", "p90", "max"), whole, strict=True)), "told": told,
    }  # fmt: skip
    RESULTS.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
