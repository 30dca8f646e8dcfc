"""Times what offers of partners would open for a caseload, and tells how much choosing which routes are tried loses.

    python bench/caseload.py [--people N] [--vacancies N] [--partners N] [--exhaustive N]

A caseload of the size of a year, over 30,000 vacancies and 500 offers of partners, with all cores. For some people of the demo
world every pair of offers is tried as a route. Results go to bench/results/caseload.json.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.worlds import TODAY
from matching.classifications import build_taxonomy, read_starter
from matching.codes import Kind
from matching.matcher import Matcher
from matching.pathways import caseload as rooms
from matching.pathways import routing
from matching.pathways.unlocking import unlock
from matching.records import Offer, Profile
from matching.reference import build_geography, read_guidance
from models.artifact import load
from training.synthetic import demo_world

SEED = 20250410
RESULTS = Path(__file__).parent / "results" / "caseload.json"


def world(n_people: int, n_vacancies: int, n_partners: int) -> tuple[Matcher, tuple[Profile, ...], list[Offer]]:
    """Make a demo world: everything that is matched against, the people, and the offers of partners."""
    taxonomy, places = build_taxonomy({"starter": read_starter()[0]}), build_geography({})
    made = demo_world(np.random.default_rng(SEED), taxonomy, places.places, TODAY, n_people, n_vacancies, n_partners)
    matcher = Matcher.build(taxonomy, places, dict(read_guidance()), load(), made.offers)
    return matcher, made.profiles, [offer for offer in made.offers if offer.kind != Kind.VACANCY]


def timed(n_people: int, n_vacancies: int, n_partners: int) -> dict[str, Any]:
    """Time the whole caseload, start of the processes included, and the sharing out of places."""
    matcher, people, partners = world(n_people, n_vacancies, n_partners)
    rooms.benefits(matcher, people[:2], partners, TODAY)  # compiles
    start = time.perf_counter()
    found = rooms.caseload(matcher, people, partners, TODAY)
    taken = time.perf_counter() - start
    return {
        "people": len(people),
        "vacancies": n_vacancies,
        "partner_offers": len(partners),
        "cores": os.cpu_count(),
        "load_of_the_machine": round(os.getloadavg()[1], 1),
        "seconds": round(taken, 1),
        "ms_per_person": round(1000 * taken / len(people), 1),
        "scored": found.scored,
        "offers_that_help": len(found.offers),
        "placed": found.placed,
        "gain": round(found.gain, 3),
    }


def exhaustive(n_people: int) -> dict[str, Any]:
    """Compare the routes told of some people with those found when no pair is left out."""
    matcher, people, partners = world(n_people, 30_000, 500)
    told, best, every, same, spent = [], [], [], 0, np.zeros(2)
    for profile in people:
        unlocks = unlock(matcher, profile, partners, TODAY)
        start = time.perf_counter()
        few = routing.routes(matcher, profile, partners, unlocks, TODAY)
        middle = time.perf_counter()
        limits = routing.BEST, routing.MOST_OPENED
        routing.BEST, routing.MOST_OPENED = 10_000, 10_000  # type: ignore[misc]
        all_of_them = routing.routes(matcher, profile, partners, unlocks, TODAY)
        routing.BEST, routing.MOST_OPENED = limits  # type: ignore[misc]
        spent += middle - start, time.perf_counter() - middle
        told.append(len(few))
        every.append(len(all_of_them))
        same += [one.steps for one in few] == [one.steps for one in all_of_them]
        best += [few[0].gain / all_of_them[0].gain if few else 0.0] if all_of_them else []
    return {
        "people": len(people),
        "routes_told": sum(told),
        "routes_of_all_pairs": sum(every),
        "people_with_a_route": sum(map(bool, every)),
        "same_answer": same,
        "gain_of_the_best_kept": round(float(np.mean(best)), 4) if best else None,
        "ms_mean": dict(zip(("chosen", "all_pairs"), (1000 * spent / len(people)).round(1).tolist(), strict=True)),
    }


def main() -> int:
    """Time, compare, write and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1_050)
    parser.add_argument("--vacancies", type=int, default=30_000)
    parser.add_argument("--partners", type=int, default=500)
    parser.add_argument("--exhaustive", type=int, default=100)
    args = parser.parse_args()
    result = {"caseload": timed(args.people, args.vacancies, args.partners), "routes": exhaustive(args.exhaustive)}
    RESULTS.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
