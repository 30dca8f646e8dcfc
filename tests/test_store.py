"""The store: the same promises on SQLite and on PostgreSQL."""

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from matching.codes import Event, Kind, Role, SourceKind
from matching.records import DataError, HeldCompetence, Mention, Offer, Outcome, Override, Profile, Source
from matching.store import Conflict, Counts, Remembered, ShownList, ShownMatch, Store, digest_of
from matching.tables import METADATA, open_engine

NOW = datetime(2025, 3, 14, 9, 26, 53, tzinfo=UTC)
TODAY = NOW.date()
POSTGRES = os.environ.get("LINKMATCH_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test")


def postgres_url() -> Iterator[str]:
    """Give a URL that sees only a new, empty schema, and drop the schema afterwards."""
    pytest.importorskip("psycopg", reason="psycopg is not installed: the store is tested on SQLite only")
    engine = create_engine(POSTGRES, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    schema = f"linkmatch_{uuid4().hex}"
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
    except OperationalError:
        pytest.skip("no PostgreSQL server answers (LINKMATCH_TEST_POSTGRES): the store is tested on SQLite only")
    url = make_url(POSTGRES).update_query_dict({"options": f"-csearch_path={schema}"})
    yield url.render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.sqlite3'}"
    else:
        yield from postgres_url()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Give a store with its tables built."""
    store = Store.open(url)
    store.create(NOW)
    yield store
    store.close()


def a_profile(profile_id: str = "p1", **fields: object) -> Profile:
    profile = Profile(id=profile_id, source=Source(SourceKind.OCMW, "OCMW Anderlecht"))
    return replace(profile, **fields)  # type: ignore[arg-type]


def an_offer(offer_id: str = "o1", **fields: object) -> Offer:
    offer = Offer(id=offer_id, source="actiris", kind=Kind.VACANCY, title="Kok")
    return replace(offer, **fields)  # type: ignore[arg-type]


def an_outcome(outcome_id: str, event: Event = Event.PROPOSED, **fields: object) -> Outcome:
    outcome = Outcome(id=outcome_id, event=event, profile_id="p1", happened_on=TODAY, reported_by="c1", offer_id="o1")
    return replace(outcome, **fields)  # type: ignore[arg-type]


def a_match(match_id: str = "s1", rank: int = 1, **fields: object) -> ShownMatch:
    match = ShownMatch(match_id, "p1", "o1", rank, Kind.VACANCY, 0.1 + 0.2, b"\x00\xff\x07", (0.1, -1 / 3))
    return replace(match, **fields)  # type: ignore[arg-type]


def a_list(list_id: str = "l1", *matches: ShownMatch, **fields: object) -> ShownList:
    shown = ShownList(list_id, "suggest", "p1", "k1", Role.CONSULTANT, "m1", "t1", "d1", "plain", matches)
    return replace(shown, **fields)  # type: ignore[arg-type]


def test_migrations_build_what_the_tables_say(store: Store) -> None:
    with store._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_create_may_be_repeated_and_check_says_whether_it_was_done(url: str) -> None:
    store = Store.open(url)
    assert not store.check()
    store.create(NOW)
    store.put_profile(a_profile(), NOW)
    store.create(NOW)
    assert store.check()
    assert (store.count_profiles(), store.revision("profiles")) == (1, 1)
    store.close()


def test_check_says_no_when_there_is_no_database(tmp_path: Path) -> None:
    assert not Store.open(f"sqlite:///{tmp_path / 'no-such-folder' / 'store.sqlite3'}").check()


def test_sqlite_is_opened_as_the_design_asks(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    with engine.connect() as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        found = [connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() for pragma in pragmas]
    engine.dispose()
    assert found == ["delete", 3, 1, 1]  # 3: EXTRA


def test_records_come_back_as_they_were_put(store: Store) -> None:
    full = a_profile(
        competences=(HeldCompetence(text="soudure à l'arc 🔥", sure=False),),
        professions_sought=(),
        hours_min=19.5,
        registered_on=date(2025, 1, 2),
    )
    store.put_profiles([full], NOW)
    store.put_offers([an_offer(occupation=Mention(concept="http://x/1"), remote_share=0.2)], NOW)
    assert store.profile("p1") == full
    assert store.offer("o1") == an_offer(occupation=Mention(concept="http://x/1"), remote_share=0.2)
    assert (store.profile("p2"), store.offer("o2"), store.stored_offer("o2")) == (None, None, None)


def test_only_what_differs_is_written_and_counted(store: Store) -> None:
    assert store.put_offers([an_offer("a"), an_offer("b")], NOW) == Counts(new=2)
    assert store.revision("offers") == 1
    assert store.put_offers([an_offer("a"), an_offer("b")], NOW) == Counts(unchanged=2)
    assert store.revision("offers") == 1  # nothing to rebuild
    again = [an_offer("a"), an_offer("b", title="Chef"), an_offer("c"), an_offer("c", title="Hulpkok")]
    assert store.put_offers(again, NOW) == Counts(new=1, changed=2, unchanged=1)  # c: new, then changed
    assert [offer.title for offer in store.offers()] == ["Kok", "Chef", "Hulpkok"]
    assert (store.revision("offers"), store.revision("profiles"), store.revision("reference")) == (2, 0, 0)


def test_creation_time_stays_and_times_are_utc(store: Store) -> None:
    brussels = timezone(timedelta(hours=1))
    store.put_offer(an_offer(), NOW.astimezone(brussels))
    store.put_offer(an_offer(title="Chef"), NOW + timedelta(days=1))
    with store._engine.connect() as connection:
        created, updated = connection.execute(METADATA.tables["offers"].select()).one()[-2:]
    assert (created, updated) == (NOW, NOW + timedelta(days=1))
    assert created.tzinfo is UTC
    with pytest.raises(Exception, match="a time needs a zone"):
        store.put_offer(an_offer("o2"), NOW.replace(tzinfo=None))


def test_lists_are_in_byte_order_and_paged_by_id(store: Store) -> None:
    ids = ["B", "a", "Z-1", "é", "Z1", "10", "9"]
    store.put_profiles([a_profile(key) for key in ids], NOW)
    assert [profile.id for profile in store.profiles()] == sorted(ids)
    first = [profile.id for profile in store.profiles(limit=3)]
    assert first + [profile.id for profile in store.profiles(after=first[-1])] == sorted(ids)
    assert store.count_profiles() == 7


def test_a_put_that_expects_another_version_is_refused(store: Store) -> None:
    store.put_profile(a_profile(), NOW)
    stored = store.stored_profile("p1")
    assert stored is not None
    assert stored.digest == digest_of(a_profile())
    assert store.put_profile(a_profile(postcode="1000"), NOW, expect=stored.digest) == Counts(changed=1)
    with pytest.raises(Conflict) as refused:
        store.put_profile(a_profile(postcode="1070"), NOW, expect=stored.digest)
    assert refused.value.ids == ("p1",)
    assert "p1" not in str(refused.value)  # the message may reach a log
    with pytest.raises(Conflict):
        store.put_offer(an_offer(), NOW, expect=stored.digest)
    assert (store.profile("p1"), store.offer("o1")) == (a_profile(postcode="1000"), None)


def test_a_batch_that_fails_leaves_nothing(store: Store) -> None:
    def broken() -> Iterator[Offer]:
        yield an_offer("a")
        raise OSError("the file ends here")

    with pytest.raises(OSError, match="ends here"):
        store.put_offers(broken(), NOW)
    with pytest.raises(Conflict):  # the second match fails in the database, after the list and the first went in
        store.record_suggestions(a_list("l1", a_match("s1"), a_match("s1", 2)), NOW)
    with pytest.raises(DataError):
        store.record_outcomes([an_outcome("e1"), an_outcome("e2", suggestion_id="nowhere")], NOW)
    assert (store.offers(), store.shown("l1"), store.outcomes(), store.revision("offers")) == ([], None, [], 0)


def test_errors_of_the_database_do_not_show_personal_data(store: Store) -> None:
    with pytest.raises(Exception, match="a time needs a zone") as failed:
        store.record_outcomes([an_outcome("e1", profile_id="secret-person")], NOW.replace(tzinfo=None))
    assert "INSERT INTO outcomes" in str(failed.value)  # the statement is shown, what was written is not
    assert "secret-person" not in str(failed.value)


def test_writers_wait_for_each_other(store: Store, url: str) -> None:
    failures: list[BaseException] = []

    def write(name: str) -> None:
        own = Store.open(url)
        try:
            for number in range(15):
                own.put_offers([an_offer("same", title=f"{name}{number}"), an_offer(f"{name}{number}")], NOW)
                own.record_suggestions(a_list(f"{name}{number}", a_match(f"{name}{number}")), NOW)
        except BaseException as failure:
            failures.append(failure)
        own.close()

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert store.count_offers() == 4 * 15 + 1
    assert store.revision("offers") == 4 * 15
    assert len(store.shown_matches("p1")) == 4 * 15


def test_two_servers_may_create_at_once(url: str) -> None:
    failures: list[BaseException] = []

    def create() -> None:
        own = Store.open(url)
        try:
            own.create(NOW)
        except BaseException as failure:
            failures.append(failure)
        own.close()

    threads = [threading.Thread(target=create) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_deleting_an_offer_keeps_the_log(store: Store) -> None:
    store.put_offer(an_offer(), NOW)
    store.record_suggestions(a_list("l1", a_match()), NOW)
    assert store.delete_offer("o1")
    assert not store.delete_offer("o1")
    assert store.revision("offers") == 2  # put, deleted
    assert len(store.shown_matches("p1")) == 1


def test_reference_documents(store: Store) -> None:
    document = {"b": [1, 2.5, None], "a": "Sint-Gillis — Saint-Gilles"}
    assert store.put_reference("places", document, NOW)
    assert not store.put_reference("places", dict(reversed(document.items())), NOW)
    assert store.revision("reference") == 1
    assert store.put_reference("places", {**document, "c": {}}, NOW)
    assert store.reference("places") == {**document, "c": {}}
    assert store.reference("crosswalk") is None
    assert list(store.references()) == ["places"]
    assert store.revision("reference") == 2
    with pytest.raises(ValueError, match="JSON"):
        store.put_reference("bad", {"x": float("nan")}, NOW)


def test_a_list_comes_back_as_it_was_shown(store: Store) -> None:
    exploring = a_match("s2", 2, offer_id="o2", propensity=0.05, exploration=True)
    partner = a_match("s3", 1, offer_id="o3", kind=Kind.TRAINING)
    shown = a_list("l1", partner, a_match(), exploring, override=Override("intake was late", "c9"), cause="hours")
    store.record_suggestions(shown, NOW)
    assert store.shown("l1") == replace(shown, asked_at=NOW)  # scores and contributions to the last bit
    assert store.shown_matches("p1") == [partner, a_match(), exploring]
    assert store.shown("l2") is None
    with pytest.raises(ValueError, match="JSON"):
        store.record_suggestions(a_list("l3", a_match("s9", contributions=(float("nan"),))), NOW)


def test_a_retried_list_is_logged_once(store: Store) -> None:
    store.record_suggestions(a_list("l1", a_match()), NOW)
    store.record_suggestions(a_list("l1", a_match()), NOW + timedelta(seconds=5))
    assert store.shown("l1") == a_list("l1", a_match(), asked_at=NOW)
    for other in (a_list("l1", a_match(score=9.0)), a_list("l1", a_match(), policy="other"), a_list("l2", a_match())):
        with pytest.raises(Conflict):
            store.record_suggestions(other, NOW)


def test_what_is_still_to_come_and_what_corrects_itself_is_refused(store: Store) -> None:
    tomorrow = TODAY + timedelta(days=1)
    circle = [an_outcome("c1", corrects="c3"), an_outcome("c2", corrects="c1"), an_outcome("c3", corrects="c2")]
    events = [
        an_outcome("e1", happened_on=tomorrow),
        an_outcome("e2", Event.HIRED, started_on=tomorrow),  # a job may start later
        an_outcome("e3", corrects="e3"),
        an_outcome("e4", corrects="e2"),
        an_outcome("e5", corrects="c1"),  # leads into a circle, is not in it
        *circle,
    ]
    with pytest.raises(DataError) as refused:
        store.record_outcomes(events, NOW)
    assert {(p.record, p.field, p.code, p.accepted) for p in refused.value.problems} == {
        ("e1", "happenedOn", "out_of_range", f"<= {TODAY}"),
        *((name, "corrects", "unknown_code", "an earlier outcome of this profile") for name in ("e3", "c1", "c2", "c3")),
    }
    assert store.outcomes() == []
    late = datetime(TODAY.year, TODAY.month, TODAY.day, 23, 30, tzinfo=UTC)  # in Brussels it is tomorrow
    assert store.record_outcomes([events[1], events[3], events[0]], late) == Counts(new=3, unchanged=0)


def test_outcomes_are_appended_once(store: Store) -> None:
    store.record_suggestions(a_list("l1", a_match()), NOW)
    proposed = an_outcome("e1", suggestion_id="s1")
    hired = an_outcome("e2", Event.HIRED, started_on=TODAY, hours=38.0)
    assert store.record_outcomes([proposed, proposed], NOW) == Counts(new=1, unchanged=1)
    assert store.record_outcomes([hired, proposed], NOW) == Counts(new=1, unchanged=1)
    with pytest.raises(Conflict) as refused:
        store.record_outcomes([replace(hired, hours=19.0), an_outcome("e3")], NOW)
    assert refused.value.ids == ("e2",)
    with pytest.raises(Conflict):
        store.record_outcomes([an_outcome("e4"), an_outcome("e4", Event.SEEN)], NOW)
    assert store.outcomes() == [proposed, hired]
    assert store.outcomes("p2") == []


def test_outcomes_that_point_nowhere_are_all_named(store: Store) -> None:
    store.record_suggestions(a_list("l1", a_match()), NOW)
    store.record_outcomes([an_outcome("e0", profile_id="p2")], NOW)
    events = [
        an_outcome("e1", suggestion_id="s1", offer_id=None),  # right: the suggestion says which offer
        an_outcome("e2", suggestion_id="unknown"),
        an_outcome("e3", suggestion_id="s1", profile_id="p2"),  # somebody else's suggestion
        an_outcome("e4", suggestion_id="s1", offer_id="o2"),
        an_outcome("e5", corrects="e0"),  # somebody else's event
        an_outcome("e6", corrects="e6"),
    ]
    with pytest.raises(DataError) as refused:
        store.record_outcomes(events, NOW)
    assert [(problem.record, problem.field, problem.code) for problem in refused.value.problems] == [
        ("e2", "suggestionId", "unknown_code"),
        ("e3", "suggestionId", "unknown_code"),
        ("e4", "suggestionId", "unknown_code"),
        ("e5", "corrects", "unknown_code"),
        ("e6", "corrects", "unknown_code"),
    ]
    assert store.record_outcomes(events[:1], NOW) == Counts(new=1)


def test_proposals_name_the_first_and_the_latest(store: Store) -> None:
    later, told = TODAY + timedelta(days=9), NOW + timedelta(days=9)
    store.record_suggestions(a_list("l1", a_match("s1", offer_id="o2")), NOW)
    store.record_outcomes(
        [
            an_outcome("e1"),
            an_outcome("e2", Event.INTERVIEWED, happened_on=later),
            an_outcome("e3", Event.APPLIED),  # reported late: it happened before the interview
            an_outcome("e4", reported_by="c2", happened_on=TODAY),  # proposed again by somebody else
            an_outcome("e5", profile_id="p2"),
            an_outcome("e6", suggestion_id="s1", offer_id=None),
            an_outcome("e7", offer_id="o9"),
            an_outcome("e8", Event.SEEN, offer_id="o9", corrects="e7"),  # it was never proposed after all
            an_outcome("e9", Event.HANDED_OVER, offer_id=None),
        ],
        told,
    )
    found = [(p.profile_id, p.offer_id, p.by, p.latest) for p in store.proposals()]
    assert found == [
        ("p1", "o2", "c1", Event.PROPOSED),
        ("p2", "o1", "c1", Event.PROPOSED),
        ("p1", "o1", "c1", Event.INTERVIEWED),
    ]
    assert {p.profile_id for p in store.proposals(offer_id="o1")} == {"p1", "p2"}
    assert [p.offer_id for p in store.proposals(profile_id="p1")] == ["o2", "o1"]
    page = store.proposals(limit=2)
    assert [p.offer_id for p in store.proposals(after=page[-1].number)] == ["o1"]
    assert (page[0].on, page[0].at) == (TODAY, told)
    assert store.proposal_counts() == {"o1": 2, "o2": 1}  # p1 counts once for o1


def test_erasing_a_person_leaves_anonymous_counts(store: Store) -> None:
    store.put_profiles([a_profile(), a_profile("p2")], NOW)
    store.record_suggestions(a_list("l1", a_match("s1"), a_match("s2", 2, offer_id="o2")), NOW)
    both = a_list("l2", a_match("s3"), a_match("s4", 2, profile_id="p2"), direction="candidates", subject="o1")
    store.record_suggestions(both, NOW + timedelta(days=30))
    store.record_suggestions(a_list("l3", a_match("s5"), direction="explain", subject="o1"), NOW)
    store.record_suggestions(a_list("l4"), NOW)  # nothing found, but it was asked for this person
    store.record_outcomes([an_outcome("e1", suggestion_id="s1"), an_outcome("e2", Event.HIRED)], NOW)
    store.record_outcomes([an_outcome("e3", profile_id="p2", suggestion_id="s4")], NOW)
    store.remember("k1", "i1", Remembered("d", 200, '{"items":[{"profile":"p1"}]}'), NOW)
    store.remember("k1", "i2", Remembered("d", 200, '{"items":[{"profile":"p2"}]}'), NOW)

    assert store.delete_profile("p1")
    assert not store.delete_profile("p1")
    assert (store.profile("p1"), store.shown_matches("p1"), store.outcomes("p1")) == (None, [], [])
    assert (store.shown("l1"), store.shown("l3"), store.shown("l4")) == (None, None, None)
    left = store.shown("l2")
    assert left is not None
    assert [match.profile_id for match in left.matches] == ["p2"]
    assert (store.remembered("k1", "i1"), store.remembered("k1", "i2") is None) == (None, False)
    assert store.tombstones() == {
        ("profile", "2025-03"): 1,
        ("shown", "2025-03"): 3,  # s1, s2, s5
        ("shown", "2025-04"): 1,  # s3
        ("proposed", "2025-03"): 1,
        ("hired", "2025-03"): 1,
    }
    assert store.delete_profile("p2")  # counts add up
    assert store.tombstones()["profile", "2025-03"] == 2
    assert store.revision("profiles") == 3  # put, erased, erased


def test_a_person_known_only_from_the_log_can_be_erased(store: Store) -> None:
    store.record_suggestions(a_list("l1", a_match()), NOW)
    assert store.delete_profile("p1")
    assert store.tombstones() == {("shown", "2025-03"): 1}
    assert store.revision("profiles") == 0


def pragma(store: Store, name: str) -> object:
    with store._engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite3"


@pytest.fixture
def crowd(file: Path) -> Iterator[Store]:
    """Give a SQLite store with 300 people, put in no order and put again larger, so that its pages were split."""
    store = Store.open(f"sqlite:///{file}")
    store.create(NOW)
    people = [f"person-{number * 7919 % 300:03d}-x" for number in range(300)]
    for size in (10, 400):
        store.put_profiles([a_profile(name, preferred_agency="z" * size) for name in people], NOW)
    for name in people:
        matches = [a_match(f"{name[::-1]}{rank}", rank, profile_id=name) for rank in range(1, 4)]
        store.record_suggestions(a_list(name[::-1], *matches, subject=name), NOW)
    store.record_outcomes([an_outcome(name[::-1], profile_id=name) for name in people], NOW)
    yield store
    store.close()


def test_erasing_reaches_the_bytes(crowd: Store, file: Path) -> None:
    erased = [f"person-{number:03d}-x" for number in range(0, 300, 60)]
    for name in erased:
        assert name.encode() in file.read_bytes()
        assert crowd.delete_profile(name)
        assert pragma(crowd, "freelist_count") == 0  # the file was rewritten
    content = file.read_bytes()
    assert [name for name in erased if name.encode() in content] == []
    assert b"person-001-x" in content
    assert not file.with_name("store.sqlite3-journal").exists()


def test_an_erasure_cut_short_is_finished_at_the_next_start(crowd: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(_engine: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("matching.store.compact", killed)
        with pytest.raises(KeyboardInterrupt):
            crowd.delete_profile("person-007-x")
    assert (crowd.profile("person-007-x"), pragma(crowd, "user_version")) == (None, 1)
    crowd.create(NOW)
    assert pragma(crowd, "user_version") == 0


def test_keys(store: Store) -> None:
    secret = store.create_key(Role.EVALUATOR, "yearly report", NOW)
    prefix, key_id, rest = secret.split("_", 2)
    assert (prefix, len(rest)) == ("lm", 43)  # 32 bytes in base 64
    key = store.key(secret)
    assert key is not None
    assert (key.id, key.role, key.label, key.created_at) == (key_id, Role.EVALUATOR, "yearly report", NOW)
    for wrong in ("", "lm", "lm__", f"lm_{key_id}_", secret[:-1], secret + "x", secret.upper(), f"xx_{key_id}_{rest}"):
        assert store.key(wrong) is None
    assert store.revoke_key(key_id, NOW)
    assert not store.revoke_key(key_id, NOW)
    assert store.key(secret) is None
    every = store.keys()
    assert [(key.id, key.revoked_at) for key in every] == [(key_id, NOW)]


def test_a_secret_is_not_stored(file: Path) -> None:
    store = Store.open(f"sqlite:///{file}")
    store.create(NOW)
    secret = store.create_key(Role.ADMIN, "first", NOW)
    store.close()
    assert secret.split("_", 2)[2].encode() not in file.read_bytes()


def test_answers_are_remembered_once(store: Store) -> None:
    answer = Remembered("digest", 201, '{"id":"p1"}')
    store.remember("k1", "i1", answer, NOW)
    assert store.remembered("k1", "i1") == answer
    assert store.remembered("k2", "i1") is None  # each key has its own
    with pytest.raises(Conflict):
        store.remember("k1", "i1", answer, NOW)
    assert store.forget_answers(NOW) == 0
    assert store.forget_answers(NOW + timedelta(hours=1)) == 1
    assert store.remembered("k1", "i1") is None


def test_thirty_thousand_offers_take_seconds(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    store.create(NOW)
    offers = [an_offer(f"o{number}", text="x" * 1000) for number in range(30_000)]
    start = time.perf_counter()
    assert store.put_offers(offers, NOW) == Counts(new=30_000)
    assert store.put_offers(offers, NOW) == Counts(unchanged=30_000)
    assert time.perf_counter() - start < 20  # about 2 s on two slow cores
    store.close()
