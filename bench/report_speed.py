"""How long the report on match-to-hire takes over a large log. Seconds and memory; JSON.

    python bench/report_speed.py [--people 100000] [--output FILE]

Fills a SQLite file with people, ten suggestions each and what became of them, then reads it and reports in a process of its own.
"""

import argparse
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from matching.codes import Event, Kind, Role, SourceKind
from matching.log import ShownList, ShownMatch
from matching.records import Offer, Outcome, Profile, Source
from matching.store import Store

SEED: Final = 20250701
FIRST: Final = date(2023, 1, 1)
DAYS: Final = 800
AS_OF: Final = FIRST + timedelta(days=DAYS + 100)
OFFERS: Final = 5000
EACH: Final = 10
PART: Final = 2000


def moment(day: date) -> datetime:
    """Give a moment of a day."""
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def lists(rng: np.random.Generator, numbers: range) -> Iterator[tuple[ShownList, list[Outcome]]]:
    """Draw what was shown to some people, and what became of it."""
    for n in numbers:
        day = FIRST + timedelta(days=int(n % DAYS) + 10)
        offers = rng.integers(0, OFFERS, EACH)
        matches = tuple(
            ShownMatch(f"s{n}-{k}", f"p{n}", f"o{o}", k + 1, Kind.VACANCY, -float(k), bytes(14), (0.0,) * 14)
            for k, o in enumerate(offers)
        )
        shown = ShownList(f"l{n}", "suggest", f"p{n}", "k", Role.CONSULTANT, "m", "t", "d", "exact-top-k", matches)
        chosen, steps = (
            int(rng.integers(0, EACH)),
            [Event.PROPOSED, Event.APPLIED, Event.INTERVIEWED, Event.HIRED, Event.IN_WORK_6M],
        )
        reached = int(rng.choice(6, p=[0.2, 0.25, 0.2, 0.05, 0.15, 0.15]))
        events = [
            Outcome(f"e{n}-{k}", event, f"p{n}", day + timedelta(days=20 * k), "c", f"o{offers[chosen]}", f"s{n}-{chosen}")
            for k, event in enumerate(steps[:reached])
        ]
        yield shown, events


def fill(url: str, people: int) -> None:
    """Fill a database through the store."""
    rng, store = np.random.default_rng(SEED), Store.open(url)
    store.create(moment(FIRST))
    store.put_offers(
        (Offer(f"o{n}", "x", Kind.VACANCY, "x", employer=f"e{n % 700}", positions=2) for n in range(OFFERS)), moment(FIRST)
    )
    for first in range(0, people, PART):
        some = range(first, min(first + PART, people))
        source = Source(SourceKind.OCMW, "x")
        store.put_profiles(
            (Profile(f"p{n}", source, target_group="art60", registered_on=FIRST + timedelta(days=n % DAYS)) for n in some),
            moment(FIRST),
        )
        drawn = list(lists(rng, some))
        store.record_lists([shown for shown, _ in drawn], moment(FIRST + timedelta(days=1)))
        store.record_outcomes([event for _, events in drawn for event in events], moment(AS_OF))
    store.close()


def report(url: str) -> dict[str, Any]:
    """Read the log and make the report as a page, as the command does."""
    from training.history import read_history
    from training.measures.definitions import read_definitions
    from training.pages import match_to_hire_page
    from training.report import match_to_hire_document

    start = time.perf_counter()
    history = read_history(Store.open(url), AS_OF)
    read = time.perf_counter() - start
    definitions = read_definitions()
    page = match_to_hire_page(match_to_hire_document(history, definitions), definitions, "fr")
    return {
        "people": len(history.people.id),
        "suggestions": len(history.suggestions.id),
        "events": len(history.events.id),
        "read_seconds": round(read, 1),
        "report_seconds": round(time.perf_counter() - start - read, 1),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "page_kb": round(len(page.encode()) / 1024),
    }


def main() -> None:
    """Fill a database, report on it, and print what that took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--output", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/log.sqlite3"
        start = time.perf_counter()
        with multiprocessing.get_context("spawn").Pool(1) as alone:
            alone.apply(fill, (url, args.people))
        filled = round(time.perf_counter() - start, 1)
        with multiprocessing.get_context("spawn").Pool(1) as alone:
            told = alone.apply(report, (url,))
    told = {**told, "fill_seconds": filled, "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
    print(json.dumps(told, indent=1))
    if args.output:
        args.output.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
