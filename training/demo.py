"""The demo world in a database of its own, the same on every machine."""

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import numpy as np

from matching.classifications import build_taxonomy, read_starter
from matching.desk import Desk
from matching.reference import build_geography
from matching.settings import Settings
from matching.store import Store
from training.synthetic import demo_world

DEMO_DAY: Final = date(2025, 4, 1)
"""The day on which the world stands."""
DEMO_SEED: Final = 2025


def demo_settings(settings: Settings) -> Settings:
    """Give settings for the demo: its own SQLite file in the data directory, or in a temporary folder without one."""
    folder = settings.data_dir / "demo"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="linkmatch-demo-"))
    return settings.model_copy(update={"data_dir": folder, "database_url": ""})


def demo_desk(settings: Settings) -> Desk:
    """Give a desk over the demo world, on its day; what is missing is written, a world that is not this one is replaced."""
    taxonomy, places = build_taxonomy({"starter": read_starter()[0]}), build_geography({}).places
    world = demo_world(np.random.default_rng(DEMO_SEED), taxonomy, places, DEMO_DAY)
    now = datetime.now(UTC)
    store = Store.open(settings.url())
    store.create(now)
    there = ({p.id for p in store.profiles()}, {o.id for o in store.offers()})
    if any(there) and there != ({p.id for p in world.profiles}, {o.id for o in world.offers}):
        store.close()
        (settings.data_dir / "linkmatch.sqlite3").unlink()
        store.create(now)
    store.put_profiles(world.profiles, now)
    store.put_offers(world.offers, now)
    return Desk(store, settings, clock=lambda: datetime.combine(DEMO_DAY, datetime.now(UTC).time(), UTC))
