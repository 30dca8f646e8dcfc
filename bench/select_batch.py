"""Select's batch, from file to file: vacancies of an XLSX file against many people, lists with reasons into another XLSX file.

    python bench/select_batch.py [--people 90000] [--vacancies 500] [--quick] [--output FILE]

``linkmatch batch offers`` runs as a command of its own: first with nothing prepared (it arranges the people first, and keeps
that), then twice more on other days, as on any day after. The vacancies are not in the database; they stand in the file in full.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
from python_calamine import load_workbook
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from matching.desk import Desk
from matching.records import Offer
from matching.settings import Settings
from matching.sheets import write_book
from matching.store import Store
from training.synthetic import demo_world

ROOT: Final = Path(__file__).parent.parent
TODAY: Final = date(2025, 4, 10)
SEED: Final = 20250410
GATE: Final = 30.0
"""Seconds at most, files included."""
TOP: Final = 20


def row_of(offer: Offer) -> dict[str, Any]:
    """Write a vacancy as a row of a table."""
    listed = {
        "competences": [f"{a.concept}:{a.requirement}" for a in offer.competences or () if a.concept],
        "languages": [f"{a.code}:{a.level or ''}:{a.requirement}" for a in offer.languages or ()],
        "shifts": offer.shifts or (),
        "days": offer.days or (),
        "postcodes": offer.postcodes or (),
    }
    plain = {
        "id": f"select-{offer.id}",
        "source": offer.source,
        "kind": offer.kind.value,
        "title": offer.title,
        "occupation": offer.occupation.concept if offer.occupation else None,
        "employer": offer.employer,
        "contract": offer.contract,
        "hoursMin": offer.hours_min,
        "hoursMax": offer.hours_max,
        "experienceMonths": offer.experience_months,
        "positions": offer.positions,
        "published": offer.published,
    }
    return plain | {name: "|".join(values) or None for name, values in listed.items()}


def prepared(folder: Path, n_people: int, n_vacancies: int) -> Path:
    """Put the people into a database, and the vacancies into a file."""
    settings, now = Settings(data_dir=folder, database_url=""), datetime.now(UTC)
    store = Store.open(settings.url())
    store.create(now)
    matcher = Desk(store, settings).loaded().matcher
    world = demo_world(
        np.random.default_rng(SEED), matcher.taxonomy, matcher.geography.places, TODAY, n_people, n_vacancies, 0
    )
    store.put_profiles(world.profiles, now)
    rows = [row_of(offer) for offer in world.offers]
    source = folder / "vacancies.xlsx"
    write_book(source, {"vacancies": (tuple(rows[0]), [tuple(row.values()) for row in rows])})
    return source


def timed(folder: Path, source: Path, day: date) -> tuple[float, float, int]:
    """Run the command; wall and CPU seconds, and the lists that came out with someone in them."""
    target = folder / f"people-{day}.xlsx"
    command = [sys.executable, "-m", "cli", "batch", "offers", "--input", str(source), "--as-of", str(day), "--top", str(TOP)]
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [*command, "--lang", "fr", "--output", str(target)], cwd=ROOT, check=True, stderr=subprocess.DEVNULL,
        env={**os.environ, "LINKMATCH_DATA_DIR": str(folder)},
    )  # fmt: skip
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    header, *rows = load_workbook(str(target)).get_sheet_by_index(0).to_python()
    offer, rank = header.index("offerId"), header.index("rank")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, len({row[offer] for row in rows if row[rank]})


def main() -> None:
    """Prepare, run three times, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=90_000)
    parser.add_argument("--vacancies", type=int, default=500)
    parser.add_argument("--quick", action="store_true", help="3,000 people, 50 vacancies")
    parser.add_argument("--output", type=Path)
    args = parser.parse_args()
    n_people, n_vacancies = (3_000, 50) if args.quick else (args.people, args.vacancies)
    load, runs = os.getloadavg()[0], list[dict[str, Any]]()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = prepared(folder, n_people, n_vacancies)
        for n, what in enumerate(("nothing prepared", "another day", "another day")):
            wall, cpu, filled = timed(folder, source, TODAY + timedelta(days=n))
            runs.append({"what": what, "seconds": round(wall, 1), "cpu_seconds": round(cpu, 1), "lists_filled": filled})
    told = f"{n_vacancies} vacancies, {n_people:,} people, {TOP} each; {os.cpu_count()} cores, load {load:.1f} before"
    table = Table(title="linkmatch batch offers, XLSX to XLSX", caption=told)
    for column in ("run", "seconds", "CPU seconds", "lists with people", f"gate {GATE:g} s"):
        table.add_column(column)
    for n, run in enumerate(runs):
        met = "" if n == 0 or args.quick else "met" if run["seconds"] <= GATE else "NOT MET"
        table.add_row(run["what"], str(run["seconds"]), str(run["cpu_seconds"]), str(run["lists_filled"]), met)
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    if args.output:
        sizes = {"people": n_people, "vacancies": n_vacancies, "top": TOP}
        machine = {"cores": os.cpu_count(), "load": round(load, 2), "python": platform.python_version()}
        args.output.write_text(json.dumps(sizes | machine | {"runs": runs}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
