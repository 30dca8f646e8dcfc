"""What offers of partners open for a caseload: equal to one person after the other, and to every way to share out the places."""

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import world
from cli import cli
from matching.codes import Kind, Level
from matching.pathways import caseload as rooms
from matching.pathways.caseload import assign, benefits, caseload, places
from matching.pathways.planning import COLUMNS, caseload_for, drawn, listing
from matching.pathways.unlocking import unlock
from matching.records import AskedLanguage, Grants, KnownLanguage, Offer, Profile
from matching.store import Store
from test_api import NOW, Service, serve
from test_pathways import CONSULTANT, DEMO_DAY, OFTEN, TOP, demo, engine, numbers, partner, people
from test_pathways_routes import courses, dutch, market, vacancies
from world import TODAY


def one_by_one(persons: Sequence[Profile], records: Sequence[Offer]) -> list[dict[str, Any]]:
    """What each offer unlocks for each person who may enter it, asked one person at a time."""
    matcher, offers = engine(records), [one for one in records if one.kind != Kind.VACANCY]
    found = list[dict[str, Any]]()
    for person in persons:
        if matcher.suggest(person, TODAY).status in {"closed", "too_little_known"}:
            continue
        found.append({})
        for offer in offers:  # alone, so that none stands for others
            for some in unlock(matcher, person, [offer], TODAY, TOP).by_kind.values():
                found[-1] |= {one.offer_id: one for one in some if one.entry.may_enter is not False}
    return found


@OFTEN
@given(st.lists(people, min_size=1, max_size=3), vacancies, courses)
def test_a_caseload_equals_one_person_after_the_other(persons: list[Profile], some: list[Offer], offered: list[Offer]) -> None:
    records = market(some, offered)
    offers = [one for one in records if one.kind != Kind.VACANCY]
    persons = [replace(one, id=f"p-{n}") for n, one in enumerate(persons)]
    expected, found = one_by_one(persons, records), caseload(engine(records), persons, offers, TODAY, TOP)
    assert found.scored == len(expected)
    assert found.scored + found.closed + found.unscored == len(persons)
    told = {one.offer_id: one for one in found.offers}
    for offer in offers:
        helped = [one[offer.id] for one in expected if offer.id in one]
        if not helped:
            assert offer.id not in told
            continue
        one = told[offer.id]
        assert (one.helped, one.to_check) == (len(helped), sum(each.entry.may_enter is None for each in helped))
        assert one.gain == pytest.approx(sum(each.gain for each in helped), abs=1e-9)
        assert one.opens_for == sum(each.opens > 0 for each in helped)
        assert one.places == places(offer)
        assert one.placed <= (1 if one.places is None else one.places)
    assert found.without_effect == len(offers) - len(told)
    gains = [[one[offer.id].gain if offer.id in one else 0.0 for offer in offers] for one in expected]
    left = [1 if places(offer) is None else places(offer) or 0 for offer in offers]
    assert found.gain == pytest.approx(largest(gains, left), abs=1e-5)
    assert (found.placed, found.gain) == (sum(one.placed for one in told.values()), sum(one.placed_gain for one in told.values()))


def largest(gains: Sequence[Sequence[float]], left: Sequence[int]) -> float:
    """The largest total gain, every way to give each person one offer or none tried."""
    n = len(left)
    ways = product(range(n + 1), repeat=len(gains))
    allowed = (way for way in ways if all(way.count(k) <= left[k] for k in range(n)))
    return max(sum(row[k] for row, k in zip(gains, way, strict=True) if k < n) for way in allowed)


small = st.integers(0, 5).map(lambda n: n / 4)


@OFTEN
@given(st.integers(1, 3).flatmap(lambda m: st.tuples(
    st.lists(st.lists(small, min_size=m, max_size=m), min_size=1, max_size=5), st.lists(st.integers(0, 3), min_size=m, max_size=m)
)))  # fmt: skip
def test_places_are_shared_out_for_the_largest_total_gain(drawn_world: tuple[list[list[float]], list[int]]) -> None:
    gains, left = drawn_world
    chosen = assign(np.array(gains), np.array(left)).tolist()
    assert all(chosen.count(k) <= n for k, n in enumerate(left))
    assert all(k < 0 or gains[person][k] > 0 for person, k in enumerate(chosen))
    assert sum(gains[person][k] for person, k in enumerate(chosen) if k >= 0) == largest(gains, left)


def test_a_place_goes_to_whom_it_helps_most_together() -> None:
    # A alone is best for both, by 0.5 and 0.75; B gives the first 0.25. With one place in A: 0.75 + 0.25 = 1.00, not 0.50 + 0.
    gains = np.array([[0.5, 0.25], [0.75, 0.0]])
    assert assign(gains, np.array([1, 1])).tolist() == [1, 0]
    assert assign(gains, np.array([2, 1])).tolist() == [0, 0]
    assert assign(gains, np.array([0, 0])).tolist() == [-1, -1]
    assert assign(np.zeros((0, 2)), np.array([1, 1])).tolist() == []


DUTCH = world.vacancy("cleaner", id="v-nl", languages=(AskedLanguage("nl", Level.C1),))
SPEAKS = (KnownLanguage("fr", Level.B2), KnownLanguage("nl", Level.B1))


def test_places_that_are_not_known_count_as_one_and_are_not_told_as_known() -> None:
    persons = [world.profile(id=f"p-{n}", languages=SPEAKS) for n in range(3)]
    open_ended = dutch(Level.C1, id="t-open", positions=None)
    found = caseload(engine([DUTCH, open_ended]), persons, [open_ended], TODAY)
    (one,) = found.offers
    assert (one.helped, one.places, one.placed, found.places_unknown) == (3, None, 1, 1)
    two = replace(open_ended, positions=3, filled=1)
    found = caseload(engine([DUTCH, two]), persons, [two], TODAY)
    (one,) = found.offers
    assert (one.places, one.placed, found.places_unknown) == (2, 2, 0)
    assert found.gain == pytest.approx(2 / 3 * one.gain)


def test_who_may_not_enter_or_have_a_list_is_not_helped() -> None:
    vacancy = world.vacancy("cleaner", id="v-nl", languages=(AskedLanguage("nl", Level.B1),))
    asking = dutch(Level.B1, languages=(AskedLanguage("nl", Level.A2),), positions=5)
    persons = [
        world.profile(id="p-may", languages=(KnownLanguage("nl", Level.A2),)),
        world.profile(id="p-lacks", languages=(KnownLanguage("nl", Level.A1),)),
        world.profile(id="p-unknown", languages=(KnownLanguage("fr", Level.B2),)),
        world.profile(id="p-gone", registered_on=TODAY.replace(year=2020)),
        Profile("p-empty", world.profile().source, world.profile().basis, "art60", TODAY.replace(month=2)),
    ]
    found = caseload(engine([vacancy, asking]), persons, [asking], TODAY)
    (one,) = found.offers
    assert (found.scored, found.closed, found.unscored) == (3, 1, 1)
    assert (one.helped, one.to_check, one.placed) == (2, 1, 2)


def test_blocks_of_people_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    matcher, profiles, offers = demo()
    partners = [one for one in offers.values() if one.kind != Kind.VACANCY]
    whole = benefits(matcher, profiles[:12], partners, DEMO_DAY)
    monkeypatch.setattr(rooms, "BLOCK", 5)
    told = list[int]()
    cut = benefits(matcher, profiles[:12], partners, DEMO_DAY, progress=told.append)
    for name in ("gain", "helps", "sure", "opens"):
        assert np.array_equal(getattr(whole, name), getattr(cut, name))
    assert (told, whole.closed, whole.unscored) == ([5, 10, 12], cut.closed, cut.unscored)
    assert whole.helps.any()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Any:
    made = serve(tmp_path_factory.mktemp("caseload"))
    work = partner(id="w-1", kind=Kind.SOCIAL_EMPLOYMENT, grants=Grants(languages=(KnownLanguage("nl", Level.C1),)), positions=2)
    made.store.put_offers([DUTCH, dutch(Level.C1, positions=None), dutch(Level.B2), work], made.desk.clock())
    made.store.put_profiles([world.profile(id=f"p-{n}", languages=SPEAKS) for n in (7, 8, 9)], made.desk.clock())
    yield made
    made.store.close()


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_planners_read_counts_and_sums_and_nobodys_id(service: Service, lang: str) -> None:
    desk = service.desk
    told = caseload_for(desk, list(desk.store.profiles()), CONSULTANT[lang])
    rows = told["offers"]
    assert [(row["rank"], row["kind"]) for row in rows] == [(1, "training"), (2, "training"), (1, "social_employment")]
    assert told["placed"] == sum(row["placed"] for row in rows) >= 3
    assert (told["placesUnknown"], rows[[row["places"] for row in rows].index(None)]["placed"]) == (1, 1)
    text = drawn(told)
    assert not [person for person in ("p-1", "p-7", "p-8", "p-9") if person in text + json.dumps(told)]
    first = numbers(told["message"])
    assert sorted(first[:3]) == sorted([told["scored"], told["people"], told["placed"]])
    assert first[3] == round(told["gain"], 2)
    table = listing(told)
    assert (table.columns, table.records()) == (tuple(COLUMNS), rows)
    nobody = caseload_for(desk, [], CONSULTANT[lang])
    assert (nobody["offers"], nobody["scored"], nobody["gain"]) == ([], 0, 0.0)
    assert str(nobody["withoutEffect"]) in drawn(nobody)


def test_the_command_line_answers_for_everybody_or_for_some(tmp_path: Path) -> None:
    _, profiles, offers = demo()
    store = Store.open(f"sqlite:///{tmp_path / 'linkmatch.sqlite3'}")
    store.create(NOW)
    store.put_profiles(profiles[:6], NOW)
    store.put_offers(offers.values(), NOW)
    store.close()
    ids, some = [one.id for one in profiles[:6]], tmp_path / "some.csv"
    some.write_text("\n".join(["id", *ids[:2], "nobody"]), encoding="utf-8")

    def run(*words: str) -> Any:
        settings = {"LINKMATCH_DATA_DIR": str(tmp_path), "COLUMNS": "140"}
        return CliRunner().invoke(cli, ["pathways", *words, "--as-of", "2025-04-01"], env=settings)

    told = run("--all", "--format", "json")
    everybody = json.loads(told.stdout)
    assert (everybody["people"], everybody["offers"] != []) == (6, True)
    assert not [name for name in ids if f'"{name}"' in told.stdout]
    few = run("--all", "--input", str(some), "--format", "json")
    assert (json.loads(few.stdout)["people"], few.exit_code) == (2, 1)  # one row names nobody
    assert run("--all", "--format", "csv").stdout.splitlines()[0].lstrip("\ufeff").split(";") == COLUMNS
    assert run("--all", "--lang", "nl", "--output", str(tmp_path / "plan.xlsx")).exit_code == 0
    assert (tmp_path / "plan.xlsx").stat().st_size > 1000
    assert "Zo goed mogelijk verdeeld" in run("--all", "--lang", "nl").stdout
    for wrong in ([], [ids[0], "--all"], ["--all", "--offer", "v-nl"], [ids[0], "--input", str(some)]):
        assert run(*wrong).exit_code == 2


def test_nothing_of_it_is_logged(service: Service) -> None:
    before = service.store.revisions()
    caseload_for(service.desk, list(service.desk.store.profiles()), CONSULTANT["en"])
    assert service.store.revisions() == before
