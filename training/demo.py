"""The demo world in a database of its own, the same on every machine: records, and a spring of lists and outcomes."""

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from matching.classifications import build_taxonomy, read_starter
from matching.desk import Desk
from matching.geography import Geography
from matching.records import BRUSSELS_TIME, Offer, Profile
from matching.reference import build_geography
from matching.settings import Settings
from matching.store import Store
from matching.taxonomy import Taxonomy
from training.market.assumptions import Assumptions
from training.market.careers import ENDED, HANDED_OVER
from training.market.lists import EXPLORING
from training.market.market import Market, live
from training.market.reality import EPOCH
from training.market.scene import arrange_scene
from training.market.stored import write_log
from training.market.truths import hazards
from training.synthetic import World, demo_world

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


LIVED: Final = timedelta(days=84)
"""How long before its day people of the demo world have had lists."""
CALM: Final = Assumptions(
    own_search=0.1, handed_over=0.04, withdrawn=0.03, outside_days=1e6, mistaken=0.0, misdated=0.1, erased=0.0
)
"""In the demo world the log agrees with the records of its day: nobody from outside takes positions, no job is reported wrongly
but for its start, nobody is erased."""


def demo_desk(settings: Settings) -> Desk:
    """Give a desk over the demo world, on its day; what is missing is written, a world that is not this one is replaced."""
    taxonomy, geography = build_taxonomy({"starter": read_starter()[0]}), build_geography({})
    market = demo_market(taxonomy, geography)
    world = as_lived(demo_world(np.random.default_rng(DEMO_SEED), taxonomy, geography.places, DEMO_DAY), market)
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
    write_log(market, store, DEMO_DAY - timedelta(days=1))
    return Desk(store, settings, clock=lambda: on_demo_day(datetime.now(UTC)))


def on_demo_day(now: datetime) -> datetime:
    """Give that time of day on the day of the demo, as clocks in Brussels say it: the demo never reaches its tomorrow."""
    return datetime.combine(DEMO_DAY, now.astimezone(BRUSSELS_TIME).time(), BRUSSELS_TIME).astimezone(UTC)


def demo_market(taxonomy: Taxonomy, geography: Geography) -> Market:
    """Let the people of the demo world live in it until the day before its day; the ends that it invents are left out."""
    world = demo_world(np.random.default_rng(DEMO_SEED), taxonomy, geography.places, DEMO_DAY)
    searching = [replace(p, found_work_on=None, handed_over_on=None) for p in world.profiles]
    scene = arrange_scene(taxonomy, geography, searching, world.offers, DEMO_DAY - LIVED, DEMO_DAY - timedelta(days=1))
    return live(np.random.default_rng(DEMO_SEED), scene, hazards, EXPLORING, assumed=CALM)


def as_lived(world: World, market: Market) -> World:
    """Write into the records what became of people and vacancies: jobs, hand-overs, ends of guidance, positions filled."""
    careers, scene, last = market.careers, market.scene, DEMO_DAY.toordinal() - EPOCH - 1
    changes: dict[str, dict[str, date]] = {}
    for row, (day, kind) in enumerate(zip(careers.exit_day.tolist(), careers.exit_kind.tolist(), strict=True)):
        if day <= last and kind != ENDED:
            field = "handed_over_on" if kind == HANDED_OVER else "guidance_end"
            changes[scene.profiles[row].id] = {field: date.fromordinal(day + EPOCH)}
    filled: dict[str, int] = {}
    for person, offer, decided in zip(*(c.tolist() for c in careers.hired[:2]), careers.hired.decided.tolist(), strict=True):
        if careers.in_work[person] > last:
            changes[scene.profiles[person].id] = {"found_work_on": date.fromordinal(decided + EPOCH)}
        if offer >= 0:
            filled[scene.offers[offer].id] = filled.get(scene.offers[offer].id, 0) + 1
    ends = {p.id for p in scene.profiles}
    return World(
        profiles=tuple(_changed(p, changes.get(p.id, {})) if p.id in ends else p for p in world.profiles),
        offers=tuple(_filled(o, filled.get(o.id, 0)) for o in world.offers),
    )


def _changed(profile: Profile, change: Mapping[str, date]) -> Profile:
    return replace(profile, found_work_on=change.get("found_work_on"), handed_over_on=change.get("handed_over_on"),
                   guidance_end=change.get("guidance_end", profile.guidance_end))  # fmt: skip


def _filled(offer: Offer, n: int) -> Offer:
    return replace(offer, positions=max(offer.positions or 1, offer.filled + n), filled=offer.filled + n) if n else offer
