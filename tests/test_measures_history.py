"""The log as columns and its counts: on SQLite and on PostgreSQL, with erasures, and with rows that vanish."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone

import numpy as np
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from matching.codes import Contract, Event, Kind
from matching.ledger import check
from matching.store import Store
from matching.tables import MIGRATIONS
from test_store import NOW, a_list, a_match, a_profile, an_offer, an_outcome, store, url
from training.history import read_history

__all__ = ["store", "url"]  # fixtures

DAY = NOW.date()


def filled(store: Store) -> Store:
    """Two people, of whom one is known only from the log, two offers, of which one is gone."""
    store.put_profile(a_profile("p1", target_group="art60", registered_on=date(2025, 1, 31), found_work_on=DAY), NOW)
    store.put_offers([an_offer("o1", employer="B", positions=5, filled=2), an_offer("o2", employer="A", published=DAY)], NOW)
    matches = (a_match("s1"), a_match("s2", 2, offer_id="o9", kind=Kind.TRAINING, feature_values=b"\x01", propensity=0.25))
    store.record_suggestions(a_list("l1", *matches), NOW)
    store.record_suggestions(a_list("l2", a_match("s3", profile_id="p0"), direction="explain", subject="p0"), NOW + timedelta(2))
    hired = an_outcome("e2", Event.HIRED, suggestion_id="s1", hours=19.5, contract=Contract.INTERIM, started_on=date(2025, 4, 1))
    store.record_outcomes([an_outcome("e1", reason="transport"), hired], NOW)
    fixed = an_outcome("e3", Event.DECLINED, profile_id="p1", offer_id=None, corrects="e1")
    store.record_outcomes([fixed], NOW + timedelta(3))
    return store


def test_why_there_was_no_vacancy_comes_back_with_the_person_and_goes_with_them(store: Store) -> None:
    filled(store)
    asked = (("p1", "hours"), ("p2", ""), ("p1", None), ("p1", ""), ("p3", "basis"), ("p0", ""))
    for day, (who, cause) in enumerate(asked):
        store.record_suggestions(a_list(f"q{9 - day}", subject=who, cause=cause), NOW + timedelta(day))
    store.put_profile(a_profile("p2"), NOW)
    questions = read_history(store, DAY + timedelta(10)).questions
    assert questions is not None  # in the order asked; p3 is not on file, nor is p0, who stands in a list
    assert (questions.person.tolist(), questions.cause.tolist()) == ([0, 1, 0], ["hours", "", ""])
    assert store.delete_profile("p1")
    left = read_history(store, DAY + timedelta(10)).questions
    assert left is not None
    assert left.cause.tolist() == [""]
    assert read_history(store, DAY - timedelta(1)).questions is None


def test_the_log_comes_back_as_columns(store: Store) -> None:
    history = read_history(filled(store), DAY + timedelta(10))
    people, offers, shown, events = history.people, history.offers, history.suggestions, history.events
    assert people.id.tolist() == ["p1", "p0"]  # p0: only named by the log
    assert people.registered.astype(str).tolist() == ["2025-01-31", "NaT"]
    assert people.guidance_end.astype(str).tolist() == ["2026-01-31", "NaT"]  # twelve months
    assert people.target_group.tolist() == ["art60", ""]
    assert people.found_work is not None
    assert people.found_work.astype(str).tolist() == [str(DAY), "NaT"]
    assert offers.id.tolist() == ["o1", "o2", "o9"]
    assert offers.kind.tolist() == ["vacancy", "vacancy", "training"]  # o9 is gone: as it was shown
    assert offers.employer.tolist() == [1, 0, -1]
    assert offers.open_positions.tolist() == [3, -1, -1]
    assert shown.id.tolist() == ["s2", "s1", "s3"]  # by list, kind and rank
    assert (shown.person.tolist(), shown.offer.tolist()) == ([0, 0, 1], [2, 0, 0])
    assert shown.values.tolist() == [[1, 255, 255], [0, 255, 7], [0, 255, 7]]  # the shorter one ends with unknown
    assert shown.propensity.tolist() == [0.25, 1, 1]
    assert shown.shown.astype(str).tolist() == ["2025-03-14T09:26:53", "2025-03-14T09:26:53", "2025-03-16T09:26:53"]
    assert shown.of("suggest").tolist() == [True, True, False]
    assert history.questions is None  # of no list is it known why
    assert events.id.tolist() == ["e1", "e2", "e3"]
    assert events.stands.tolist() == [False, True, True]
    assert (events.offer.tolist(), events.suggestion.tolist()) == ([0, 0, -1], [-1, 1, -1])
    assert (events.reason.tolist(), events.contract.tolist()) == (["transport", "", ""], ["", "interim", ""])
    assert events.started.astype(str).tolist() == ["NaT", "2025-04-01", "NaT"]
    np.testing.assert_array_equal(events.hours, [np.nan, 19.5, np.nan])
    assert (history.tombstones, history.unexplained) == ({}, {})


def test_what_was_recorded_later_is_not_known_yet(store: Store) -> None:
    history = read_history(filled(store), DAY + timedelta(1))
    assert history.suggestions.id.tolist() == ["s2", "s1"]
    assert history.events.id.tolist() == ["e1", "e2"]
    assert history.events.stands.tolist() == [True, True]  # nobody has corrected it yet
    assert len(read_history(store, DAY - timedelta(1)).suggestions.id) == 0


def test_an_empty_database_is_an_empty_history(store: Store) -> None:
    history = read_history(store, DAY)
    assert [len(part.id) for part in (history.people, history.offers, history.suggestions, history.events)] == [0, 0, 0, 0]


def grow(store: Store, rng: np.random.Generator, seed: int) -> None:
    """Record some people, lists and events, and erase some of them, in any order."""
    names = [f"p{seed}-{n}" for n in range(6)]
    for n, name in enumerate(names):
        now = NOW + timedelta(days=int(rng.integers(0, 60)))
        if rng.random() < 0.8:
            store.put_profile(a_profile(name), now)
            store.put_profile(a_profile(name, postcode="1000"), now)  # a change is no new person
        if rng.random() < 0.8:
            matches = [a_match(f"{name}-{k}", k, profile_id=name, offer_id=f"o{k}") for k in range(1, int(rng.integers(2, 5)))]
            shown = a_list(f"l-{name}", *matches, subject=name)
            store.record_lists([shown], now)
            store.record_lists([shown], now)  # again: nothing new
            direction = "candidates" if rng.random() < 0.5 else "explain"
            beside = a_match(f"{name}-x", profile_id=names[n - 1])
            store.record_suggestions(a_list(f"x-{name}", beside, subject="o1", direction=direction), now)
            events = [
                an_outcome(f"{name}-{k}", Event(rng.choice(list(Event))), profile_id=name, happened_on=now.date())
                for k in range(int(rng.integers(0, 4)))
            ]
            store.record_outcomes(events, now)
            store.record_outcomes(events, now)
        if rng.random() < 0.3:
            store.delete_profile(names[int(rng.integers(0, n + 1))])


def test_a_hundred_random_histories_reconcile_and_one_lost_row_does_not() -> None:
    store = Store.open("sqlite://")
    store.create(NOW)
    rng = np.random.default_rng(20250314)
    for seed in range(100):
        grow(store, rng, seed)
        assert store.reader.unexplained() == {}, seed
        table = ("outcomes", "suggestions", "profiles")[seed % 3]
        with store._engine.connect() as connection:  # a row goes without an erasure; then the transaction is rolled back
            row = connection.execute(text(f"SELECT id FROM {table} ORDER BY id DESC LIMIT 1")).scalar()  # noqa: S608
            connection.execute(text("UPDATE outcomes SET suggestion_id = NULL WHERE suggestion_id = :id"), {"id": row})
            connection.execute(text(f"DELETE FROM {table} WHERE id = :id"), {"id": row})  # noqa: S608
            found = check(connection)
        assert list(found.values()) == [1], (seed, table)
        kinds = {"outcomes": [*Event], "suggestions": ["shown"], "profiles": ["profile"]}
        assert next(iter(found))[0] in kinds[table]
    assert sum(store.tombstones().values()) > 100
    store.close()


def test_an_event_that_vanishes_is_found_by_kind_and_month(store: Store) -> None:
    filled(store)
    assert store.reader.unexplained() == {}
    with store._writer.begin() as connection:
        connection.execute(text("DELETE FROM outcomes WHERE id = 'e2'"))
    assert store.reader.unexplained() == {("hired", "2025-03"): 1}
    assert read_history(store, DAY).unexplained == {("hired", "2025-03"): 1}  # whatever the day of the report
    assert store.delete_profile("p1")  # what an erasure takes is explained, what went before is not
    assert store.reader.unexplained() == {("hired", "2025-03"): 1}


def test_an_event_slipped_in_is_found_too(store: Store) -> None:
    filled(store)
    with store._writer.begin() as connection:
        connection.execute(text("UPDATE outcomes SET event = 'hired' WHERE id = 'e1'"))
    assert store.reader.unexplained() == {("hired", "2025-03"): -1, ("proposed", "2025-03"): 1}


def test_a_month_is_that_of_utc(store: Store) -> None:
    late = datetime(2025, 4, 1, 0, 30, tzinfo=timezone(timedelta(hours=2)))  # still March in UTC
    store.put_profile(a_profile(), late)
    store.record_suggestions(a_list("l1", a_match()), late)
    assert store.reader.unexplained() == {}
    store.delete_profile("p1")
    assert store.tombstones() == {("profile", "2025-03"): 1, ("shown", "2025-03"): 1}
    assert store.reader.unexplained() == {}


def test_what_was_there_before_the_counts_is_counted_by_the_migration(store: Store) -> None:
    filled(store)
    store.delete_profile("p0")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with store._writer.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
    store.create(NOW)
    assert store.tombstones() == {("shown", "2025-03"): 1}
    assert store.reader.unexplained() == {}


def test_months_are_the_same_whatever_way_the_server_writes_days(url: str) -> None:
    if not url.startswith("postgresql"):
        pytest.skip("only PostgreSQL has a setting for it")
    store = Store.open(url.replace("-csearch_path", "-cDateStyle=German%20-csearch_path"))
    store.create(NOW)
    filled(store)
    assert store.reader.unexplained() == {}
    assert {event.astype(str)[:7] for event in read_history(store, DAY).events.on} == {"2025-03"}
    store.close()


def test_writers_at_the_same_moment_are_all_counted(store: Store) -> None:
    def write(n: int) -> None:
        for k in range(5):
            store.record_suggestions(a_list(f"l{n}-{k}", a_match(f"s{n}-{k}", profile_id=f"p{n}")), NOW)
            store.record_outcomes([an_outcome(f"e{n}-{k}", profile_id=f"p{n}")], NOW)

    with ThreadPoolExecutor(6) as several:
        list(several.map(write, range(6)))
    assert store.reader.unexplained() == {}
    assert len(read_history(store, DAY).suggestions.id) == 30
