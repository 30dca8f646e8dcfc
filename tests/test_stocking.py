"""Indexes of offers and people: found or made, checked when read, brought up to date row by row, and gone when erased."""

import random
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matching import indexes, stock, stocking
from matching.codes import Role
from matching.desk import Asker, Desk, Question
from matching.matcher import People
from matching.settings import Settings
from matching.stock import Stock
from matching.store import Store
from training.demo import DEMO_DAY
from training.synthetic import demo_world

NOW = datetime.combine(DEMO_DAY, datetime.min.time(), UTC)
ASKER = Asker("t", Role.CONSULTANT, "en")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = Store.open(f"sqlite:///{tmp_path / 'stocking.sqlite3'}")
    store.create(NOW)
    made = Desk(store, Settings(data_dir=tmp_path), clock=lambda: NOW)
    matcher = made.loaded().matcher
    world = demo_world(np.random.default_rng(9), matcher.taxonomy, matcher.geography.places, DEMO_DAY, 60, 300, 30)
    store.put_profiles(world.profiles, NOW)
    store.put_offers(world.offers, NOW)
    yield made
    store.close()


def same(one: Any, other: Any) -> bool:
    """Whether two values hold the same arrays, to the last bit and type."""
    if isinstance(one, np.ndarray):
        if one.dtype.names:  # what stands between the fields of a row means nothing
            return one.dtype == other.dtype and all(one[name].tobytes() == other[name].tobytes() for name in one.dtype.names)
        return bool(one.dtype == other.dtype and one.tobytes() == other.tobytes())
    if is_dataclass(one) and not isinstance(one, type):
        return all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    return all(map(same, one, other)) if isinstance(one, tuple) else bool(one == other)


def fresh_stock(desk: Desk) -> Stock:
    """The stock as it is built in memory from all records at once."""
    matcher = desk.loaded().matcher
    made = stock.build(desk.store.offers(), matcher.taxonomy, matcher.geography, tuple(matcher.groups))
    digests = {name.encode(): digest.encode() for name, digest in desk.store.digests("offers")}
    return replace(made, digests=np.array([digests[name] for name in made.ids.tolist()], dtype=np.bytes_))


def folder_of(desk: Desk) -> Path:
    """The folder that the versions of an answer name."""
    return desk.folder / "indexes" / desk.loaded().versions.data.partition("+")[0]


def test_what_is_read_back_is_what_was_built(desk: Desk) -> None:
    assert same(desk.loaded().matcher.stock, fresh_stock(desk))
    assert folder_of(desk).is_dir()  # every answer names it
    again = Desk(desk.store, Settings(data_dir=desk.folder), clock=lambda: NOW)
    assert same(again.loaded().matcher.stock, desk.loaded().matcher.stock)
    alone = desk.loaded().matcher.people(desk.store.profiles(), DEMO_DAY)
    there = desk.people(DEMO_DAY)
    assert same(replace(there, digests=alone.digests), alone)


def test_a_hundred_changes_leave_what_a_new_build_would(desk: Desk) -> None:
    rng, offers, profiles = random.Random(6), desk.store.offers(), desk.store.profiles()  # noqa: S311
    question = Question(as_of=DEMO_DAY)
    for turn in range(100):
        some = rng.sample(offers, 3)
        if turn % 3 == 0:
            desk.store.delete_offer(some[0].id)
        else:
            changed = [replace(o, title=f"{o.title} {turn}", hours_min=float(turn % 38), hours_max=38) for o in some]
            desk.store.put_offers(changed, NOW)
        person = rng.choice(profiles)
        desk.store.put_profiles([replace(person, max_minutes=turn)], NOW)
        if turn % 10 == 9:
            assert same(desk.loaded().matcher.stock, fresh_stock(desk))
            alone = desk.loaded().matcher.people(desk.store.profiles(), DEMO_DAY)
            assert same(replace(desk.people(DEMO_DAY), digests=alone.digests), alone)
            other = Desk(desk.store, Settings(data_dir=desk.folder / f"other-{turn}"), clock=lambda: NOW)
            one, two = (each.suggest(person, question, ASKER) for each in (desk, other))
            assert [(m.offer_id, m.score) for m in one.suggestions] == [(m.offer_id, m.score) for m in two.suggestions]
    assert len(list((desk.folder / "indexes").glob("offers-*"))) <= stocking.KEPT


@pytest.mark.parametrize("harm", ["cut", "flip", "gone", "manifest"])
def test_a_damaged_index_is_never_used_but_made_anew(desk: Desk, harm: str) -> None:
    expected = desk.loaded().matcher.stock
    ids = expected.ids.copy()
    folder = folder_of(desk)
    victim = max(folder.glob("*.npy"), key=lambda path: path.stat().st_size)
    data = victim.read_bytes()
    if harm == "gone":
        victim.unlink()
    elif harm == "manifest":
        (folder / "manifest.json").write_text("{")
    else:
        victim.unlink()  # the old one stays mapped where it is in use
        victim.write_bytes(data[: len(data) // 2] if harm == "cut" else data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
    with pytest.raises(indexes.UNUSABLE):
        indexes.read(folder, Stock)
    other = Desk(desk.store, Settings(data_dir=desk.folder), clock=lambda: NOW)
    assert other.loaded().matcher.stock.ids.tolist() == ids.tolist()
    assert same(indexes.read(folder, Stock), fresh_stock(other))


def test_the_last_good_index_serves_on_when_the_next_cannot_be_made(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    profile = desk.store.profiles(limit=1)[0]
    before = desk.suggest(profile, Question(as_of=DEMO_DAY), ASKER)
    assert not before.degraded
    with monkeypatch.context() as broken:
        broken.setattr(stock, "arrange", lambda *_: 1 / 0)
        desk.store.delete_offer(next(o.id for o in desk.store.offers() if o.id not in {m.offer_id for m in before.suggestions}))
        during = desk.suggest(profile, Question(as_of=DEMO_DAY), ASKER)
    assert during.degraded
    assert during.versions == before.versions
    assert [m.offer_id for m in during.suggestions] == [m.offer_id for m in before.suggestions]
    after = desk.suggest(profile, Question(as_of=DEMO_DAY), ASKER)
    assert not after.degraded
    assert after.versions != before.versions


def test_a_full_or_closed_disk_costs_time_and_no_answer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(indexes, "write", full)
    assert desk.suggest(desk.store.profiles(limit=1)[0], Question(as_of=DEMO_DAY), ASKER).considered == 300


def test_what_a_stopped_process_left_is_removed(desk: Desk) -> None:
    folder = desk.folder / "indexes"
    (folder / ".making-abc").mkdir(parents=True)
    (folder / ".making-abc" / "half.npy").write_bytes(b"x")
    desk.loaded()
    assert not list(folder.glob(".making-*"))


def test_erasing_a_person_takes_the_files_of_people_along(desk: Desk) -> None:
    someone = desk.store.profiles(limit=1)[0].id
    desk.people(DEMO_DAY)
    held = b"".join(path.read_bytes() for path in (desk.folder / "indexes").rglob("*.npy"))
    assert someone.encode() in held
    assert desk.erase(someone)
    desk.people(DEMO_DAY)
    held = b"".join(path.read_bytes() for path in (desk.folder / "indexes").rglob("*.npy"))
    assert someone.encode() not in held


def test_people_of_another_day_are_other_people(desk: Desk) -> None:
    later = DEMO_DAY + timedelta(days=400)
    today, then = desk.people(DEMO_DAY), desk.people(later)
    assert (today.today, then.today) == (DEMO_DAY, later)
    assert (today.arrays.rows["gate"] == 1).sum() > (then.arrays.rows["gate"] == 1).sum()
    assert isinstance(indexes.newest(desk.folder / "indexes", "people-", People), People)
