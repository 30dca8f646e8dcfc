"""Exploring: what chance shows is what the log says it shows, labelled and bounded; switched off, nothing of it is there."""

import json
import math
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from rich.console import Console

import api
import world
from histories import history
from matching import listings, runs
from matching.answers import SuggestionsAnswer, Versions, as_json
from matching.batch_files import Batch, Given
from matching.codes import Event, Kind, Limit, Role
from matching.desk import POLICY, Asker, Desk, Question
from matching.exploring import EXPLORED, MOST, NEAR, Slot, explore
from matching.linking.index import build
from matching.loading import Loaded
from matching.matcher import Wish
from matching.pairs import Match
from matching.protocol import BASE
from matching.records import Offer, Profile
from matching.rendering import View
from matching.settings import Settings
from matching.store import Store
from models.artifact import load
from strategies import a_market, a_person
from training.history import read_history
from training.measures.off_policy import without_exploring
from world import TODAY

NOW = datetime(2025, 4, 10, 9, tzinfo=UTC)
SHARE = 0.2
TOP = 5
CONSULTANT = Asker("k", Role.CONSULTANT, "en")


def ranked(scores: list[float]) -> list[Match]:
    made = enumerate(sorted(scores, reverse=True), start=1)
    return [Match("p", f"o{n}", n, score, "fair", 1.0, b"", (), (), (), {}, (0, 0, False)) for n, score in made]


def split(scores: list[float], top: int) -> tuple[list[Match], list[Match]]:
    """The list and the reserve of the engine's best 2 x top."""
    best = ranked(scores)[: 2 * top]
    return best[:top], best[top:]


def others(listed: list[Match], reserve: list[Match]) -> dict[int, Match]:
    """The other vacancy of each place, written out: the last place and the next best, one up and one further, while near."""
    found = {}
    for step, other in enumerate(reserve):
        at = len(listed) - 1 - step
        if listed[at].score - other.score <= NEAR:
            found[at] = other
    return found


near_ties = st.lists(st.floats(-3, 0).map(lambda x: round(x, 3)), max_size=22)
lists = st.tuples(near_ties, st.integers(1, 10))


# The policy


def test_the_last_place_has_the_next_best_and_so_on_upwards() -> None:
    listed, reserve = split([2.0, 1.0, 0.9, 0.7, 0.4, 0.3], 3)  # 0.9 | 0.7, 1.0 | 0.4, 2.0 | 0.3
    assert others(listed, reserve).keys() == {2}  # 0.9 - 0.7 = 0.2; 1.0 - 0.4 = 0.6 is more than 0.5
    drawn = explore(listed, reserve, SHARE, low(0.9))  # 0.9 + 0.2 passes 1
    assert [slot.match.offer_id for slot in drawn] == ["o1", "o2", "o4"]
    assert [slot.match.rank for slot in drawn] == [1, 2, 3]
    assert [(slot.propensity, slot.exploration) for slot in drawn] == [(1.0, False), (1.0, False), (SHARE, True)]
    kept = explore(listed, reserve, SHARE, low(0.7))  # 0.7 + 0.2 does not
    assert [(slot.match, slot.propensity) for slot in kept] == list(zip(listed, (1.0, 1.0, 0.8), strict=True))


class low(np.random.Generator):  # noqa: N801 - stands for a generator
    """A generator that always draws the same."""

    def __init__(self, value: float) -> None:
        super().__init__(np.random.PCG64(1))
        self.value = value

    def random(self, *_: Any, **__: Any) -> Any:
        return self.value


@given(lists, st.floats(0, MOST), st.integers(0, 2**32))
@settings(max_examples=300, deadline=None, database=None)
def test_every_list_is_bounded(drawn: tuple[list[float], int], share: float, seed: int) -> None:
    listed, reserve = split(*drawn)
    slots = explore(listed, reserve, share, np.random.default_rng(seed))
    may = others(listed, reserve)
    shown = [slot.match for slot in slots]
    assert [match.rank for match in shown] == list(range(1, len(listed) + 1))
    assert len({match.offer_id for match in shown}) == len(shown)
    n_explored = sum(slot.exploration for slot in slots)
    assert n_explored in {math.floor(share * len(may)), math.ceil(share * len(may))}
    assert n_explored <= math.ceil(share * len(listed))
    for at, slot in enumerate(slots):
        own = listed[at]
        if slot.exploration:
            assert slot == Slot(replace(may[at], rank=own.rank), share, True)
            assert own.score - slot.match.score <= NEAR
        else:
            assert slot == Slot(own, 1 - share if at in may else 1.0)
    for above, below in pairwise(shown):
        assert below.score - above.score <= NEAR


@given(lists, st.sampled_from([0.05, 0.1, 0.13, MOST]), st.integers(0, 2**32))
@settings(max_examples=25, deadline=None, database=None)
def test_propensities_are_the_frequencies_of_many_lists(drawn: tuple[list[float], int], share: float, seed: int) -> None:
    listed, reserve = split(*drawn)
    n, rng = 2_000, np.random.default_rng(seed)
    seen: dict[tuple[int, str], int] = {}
    said: dict[tuple[int, str], set[float]] = {}
    for _ in range(n):
        for at, slot in enumerate(explore(listed, reserve, share, rng)):
            place = (at, slot.match.offer_id)
            seen[place] = seen.get(place, 0) + 1
            said.setdefault(place, set()).add(slot.propensity)
    for place, times in seen.items():
        (chance,) = said[place]
        assert abs(times / n - chance) < 6 * math.sqrt(chance * (1 - chance) / n) + 1e-12
    for at in range(len(listed)):
        assert sum(min(said[place]) for place in said if place[0] == at) == pytest.approx(1)


def test_off_policy_estimates_understand_the_propensities() -> None:
    # Ten places, all tied. What stands there by its own right leads to an interview in 30 of 100 cases, what is explored in 10.
    listed, reserve = split([0.0] * 20, 10)
    rng = np.random.default_rng(3)
    shown: list[dict[str, Any]] = []
    events = []
    for person in range(3_000):
        for slot in explore(listed, reserve, SHARE, rng):
            offer = int(slot.match.offer_id[1:])
            row = {"person": person, "offer": offer, "on": 5, "rank": slot.match.rank}
            shown.append({**row, "propensity": slot.propensity, "exploration": slot.exploration})
            if rng.random() < (0.1 if slot.exploration else 0.3):
                events.append({"person": person, "offer": offer, "event": "interviewed", "on": 20})
    logged = history([{}] * 3_000, events, shown, kinds=("vacancy",) * 21)
    assert logged.suggestions.exploration.mean() == SHARE  # 2 of 10 places in each list, for certain
    found = without_exploring(logged, Event.INTERVIEWED, 60, 30, np.random.default_rng(1))
    assert found.mean_weight.value == pytest.approx(1)
    for estimate in (found.ips, found.snips):
        assert estimate.low is not None
        assert estimate.high is not None
        assert estimate.low < 0.3 < estimate.high
    assert len(events) / len(shown) == pytest.approx(0.26, abs=0.01)  # the plain mean: 0.8 x 0.3 + 0.2 x 0.1


# The engine's reserve


@given(st.one_of(st.just(world.profile()), a_person), a_market, st.integers(1, 3), st.integers(0, 4))
@settings(max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_the_reserve_is_what_a_longer_list_would_show(profile: Profile, stock: list[Offer], top: int, reserve: int) -> None:
    courses = [world.vacancy("cleaner", id=f"t-{n}", kind=Kind.TRAINING) for n in range(4)]
    engine = world.matcher([*stock, *world.market(), *courses])
    plain, longer = engine.suggest(profile, TODAY, Wish(top)), engine.suggest(profile, TODAY, Wish(top + reserve))
    found = engine.suggest(profile, TODAY, Wish(top, reserve=reserve))
    assert replace(found, reserve=()) == plain  # prices, partner offers, counts: nothing else changes
    assert (*found.lists.get(Kind.VACANCY, ()), *found.reserve) == longer.lists.get(Kind.VACANCY, ())
    assert all(match.band != "none" for match in found.reserve)  # suitable, all of them


# The setting


@pytest.mark.parametrize("wrong", ["-0.01", "0.21", "1", "nan", "inf", "true", ""])
def test_a_share_that_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("LINKMATCH_EXPLORATION", wrong)
    with pytest.raises(ValidationError, match="exploration"):
        Settings()


def test_nothing_is_explored_unless_somebody_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LINKMATCH_EXPLORATION", raising=False)
    assert Settings().exploration == 0
    monkeypatch.setenv("LINKMATCH_EXPLORATION", "0.05")
    assert Settings().exploration == 0.05


# The service

Make = Callable[..., Desk]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Give desks over one store of twelve vacancies of the same kind that were checked on different days, and a training."""
    store = Store.open(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    store.create(NOW)
    vacancies = [
        world.vacancy("cleaner", id=f"v-{n:02}", published=TODAY - timedelta(days=3 * n), verified=None) for n in range(12)
    ]
    store.put_offers([*vacancies, world.vacancy("cleaner", id="t-1", kind=Kind.TRAINING)], NOW)
    store.put_profiles([world.profile()], NOW)

    def desk(share: float, chance: Callable[[], np.random.Generator], **more: Any) -> Desk:
        made = Desk(store, Settings(data_dir=tmp_path, exploration=share), lambda: NOW, chance=chance, **more)
        made._loaded = Loaded((-1, store.revision("reference"), 0), world.matcher([]), Versions("", "", ""), build)
        return made

    yield desk
    store.close()


def never() -> np.random.Generator:
    raise AssertionError("nothing is left to chance")


def ask(desk: Desk, asker: Asker = CONSULTANT, **question: Any) -> SuggestionsAnswer:
    return desk.suggest(world.profile(), Question(**{"top": TOP, **question}), asker)


def test_a_list_is_labelled_and_logged_with_the_chance_of_what_it_shows(make: Make) -> None:
    rng = np.random.default_rng(5)
    desk = make(SHARE, lambda: rng)
    n, seen = 200, np.zeros(TOP)
    own = [match.offer_id for match in ask(make(0, never)).suggestions]
    words: Any = dict(zip(("fr", "nl", "en"), EXPLORED, strict=True))
    for turn in range(n):
        lang = ("fr", "nl", "en")[turn % 3]
        answer = ask(desk, Asker("k", Role.CONSULTANT, lang))
        logged = desk.store.shown(answer.id)
        assert logged is not None
        assert logged.policy == "exploring-0.2"
        kept = {match.id: match for match in logged.matches}
        for at, match in enumerate(answer.suggestions):
            assert match.exploration == (match.offer_id != own[at])
            assert match.exploration_text == (words[lang] if match.exploration else "")
            row = kept[match.suggestion_id or ""]
            assert (row.rank, row.score, row.exploration) == (at + 1, match.score, match.exploration)
            assert row.propensity == (SHARE if match.exploration else 1 - SHARE)  # all twelve are near ties
            seen[at] += match.exploration
        assert sum(match.exploration for match in answer.suggestions) == 1  # one of five
        assert all(m.propensity == 1 and not m.exploration for m in logged.matches if m.kind != Kind.VACANCY)
    assert (abs(seen / n - SHARE) < 5 * math.sqrt(SHARE * (1 - SHARE) / n)).all()
    columns = read_history(desk.store, TODAY).suggestions  # what training and measuring read
    vacancy = (columns.kind == "vacancy") & (columns.policy == "exploring-0.2")
    assert set(columns.propensity[vacancy]) == {SHARE, 1 - SHARE}
    assert columns.exploration[vacancy].mean() == SHARE
    replayed = load().scores(columns.values[vacancy])
    assert np.abs(replayed - columns.score[vacancy]).max() <= 1e-9  # the score is the vacancy's own, not that of the place


def test_switched_off_nothing_of_it_is_there(make: Make) -> None:
    def ids(prefix: str) -> Callable[[], str]:
        numbers = count()
        return lambda: f"{prefix}-{next(numbers)}"

    off = ask(make(0, never, new_id=ids("id")))
    logged = make(0, never).store.shown(off.id)
    assert logged is not None
    assert logged.policy == POLICY
    assert {(match.propensity, match.exploration) for match in logged.matches} == {(1.0, False)}
    on = ask(make(0.1, lambda: low(0.0), new_id=ids("on")))
    written = json.dumps(as_json(on)).replace('"on-', '"id-')
    assert written == json.dumps(as_json(off))  # the same bytes where the draw changed nothing
    assert "explor" not in json.dumps(as_json(off)).replace('"exploration": false, "explorationText": ""', "")


@pytest.mark.parametrize(
    "question", [{"weights": {"languages": 2.0}}, {"weights": {"languages": 1.0}}, {"relax": frozenset({Limit.SHIFTS})}]
)
def test_a_list_that_tries_something_out_leaves_nothing_to_chance(make: Make, question: dict[str, Any]) -> None:
    desk = make(SHARE, never)
    logged = desk.store.shown(ask(desk, **question).id)
    assert logged is not None
    assert logged.policy == POLICY


def test_only_lists_of_consultants_are_explored(make: Make) -> None:
    desk = make(SHARE, never)
    asker = Asker("k", Role.RECRUITER, "en")
    assert not any(match.exploration for match in ask(desk, asker).suggestions)
    offer, profile = desk.offer("v-00"), desk.profile("p-1")
    (item,) = runs.run(desk, Batch("profiles", TOP), Given((profile,)), CONSULTANT).items
    assert [match["offerId"] for match in item["matches"]] == [match.offer_id for match in ask(make(0, never)).suggestions]
    assert not any(match["exploration"] for match in item["matches"])
    assert desk.candidates(offer, Question(), CONSULTANT).candidates
    assert desk.explain(profile, offer, Question(), CONSULTANT).match is not None


def test_too_few_vacancies_leave_nothing_to_chance(make: Make) -> None:
    desk = make(SHARE, lambda: low(0.999))
    answer = ask(desk, top=12)
    assert len(answer.suggestions) == 12
    assert not any(match.exploration for match in answer.suggestions)


# Through HTTP, and as people read it


def client_of(desk: Desk) -> Callable[..., Any]:
    app = api.create_app(desk, Settings(data_dir=desk.folder))
    secret = desk.store.create_key(Role.CONSULTANT, "test", NOW)

    def send(method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {secret}", **more.pop("headers", {})}
        return app.test_client().open(BASE + path, method=method, headers=headers, **more)

    return send


def test_over_http_the_label_the_log_and_retries_agree(make: Make) -> None:
    rng = np.random.default_rng(9)
    send = client_of(make(SHARE, lambda: rng))
    asked = {"json": {"profileId": "p-1", "top": TOP}}
    kept, again, fresh = (send("POST", "/suggestions", headers={"Idempotency-Key": key}, **asked) for key in ("a", "a", "b"))
    assert kept.get_data() == again.get_data()
    lists = {kept.get_json()["id"]: kept.get_json(), fresh.get_json()["id"]: fresh.get_json()}
    assert len(lists) == 2
    for name, shown in lists.items():
        logged = send("GET", f"/suggestions/{name}").get_json()
        assert logged["policy"] == "exploring-0.2"
        by_id = {match["suggestionId"]: match for match in logged["matches"]}
        assert [m["exploration"] for m in shown["suggestions"]].count(True) == 1
        for match in shown["suggestions"]:
            row = by_id[match["suggestionId"]]
            assert {key: row[key] for key in ("offerId", "rank", "score", "exploration")} == {
                key: match[key] for key in ("offerId", "rank", "score", "exploration")
            }
            assert row["propensity"] == pytest.approx(0.2 if match["exploration"] else 0.8)
            assert match["score"] == pytest.approx(match["start"] + sum(r["contribution"] for r in match["reasons"]))
        (explored,) = [m for m in shown["suggestions"] if m["exploration"]]
        outcome = {"id": f"e-{name}", "event": "proposed", "profileId": "p-1", "suggestionId": explored["suggestionId"]}
        body = {**outcome, "happenedOn": "2025-04-10", "reportedBy": "consultant-1"}
        assert send("POST", "/outcomes", json=body).status_code == 201


def test_a_retry_sent_meanwhile_gets_the_list_that_is_kept(make: Make) -> None:
    rng, meet = np.random.default_rng(4), threading.Barrier(2)

    def chance() -> np.random.Generator:
        meet.wait(10)  # both are under way before either is kept
        return rng

    send = client_of(make(SHARE, chance))
    told: list[bytes] = []

    def work() -> None:
        body = {"profileId": "p-1", "top": TOP}
        told.append(send("POST", "/suggestions", json=body, headers={"Idempotency-Key": "k"}).get_data())

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert told[0] == told[1]
    assert json.loads(told[0])["status"] == "ok"


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_tables_and_files_say_what_was_drawn(make: Make, lang: str) -> None:
    rng = np.random.default_rng(2)
    answer = ask(make(SHARE, lambda: rng), Asker("k", Role.CONSULTANT, lang))
    said = EXPLORED[("fr", "nl", "en").index(lang)]
    screen = StringIO()
    Console(file=screen, width=400, markup=False).print(View(lang).suggestions(answer))
    assert screen.getvalue().count(said) == 1
    column = [row["exploration"] for row in listings.suggestions(answer).records()]
    assert column.count(said) == 1
    assert set(column) == {said, None}


def test_a_closed_file_has_nothing_to_explore(make: Make) -> None:
    answer = ask(make(SHARE, lambda: low(0.999)), as_of=date(2027, 1, 1))
    assert (answer.status, answer.suggestions) == ("closed", ())
