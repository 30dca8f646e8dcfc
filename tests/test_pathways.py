"""What would open more: every figure equals searching again by brute force, and every sentence is true."""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import naive
import naive_search
import strategies
import world
from cli import cli
from matching import listings
from matching.classifications import build_taxonomy, read_starter
from matching.codes import DrivingLicence, Kind, Level, Role, Shift
from matching.desk import Asker, NotFound
from matching.geography import Geography
from matching.guidance import may_match, usable
from matching.matcher import Matcher, Suggestions, Wish
from matching.pathways import words
from matching.pathways.asking import ask_next, plausible
from matching.pathways.changing import OUT_OF_REACH, Change, Lift, What, changes_for, is_lift, what_would_change, with_changes
from matching.pathways.desk import drawn, pathways_for
from matching.pathways.rescoring import changed_places
from matching.pathways.unlocking import NAMED, SMALLEST_GAIN, Unlock, granted, unlock
from matching.pathways.whole import candidates_for_change
from matching.records import (
    AskedCertificate,
    AskedLanguage,
    AskedLicence,
    DataError,
    Grants,
    KnownLanguage,
    Mention,
    Offer,
    Profile,
)
from matching.reference import build_geography, read_guidance
from matching.store import Store
from matching.taxonomy import Taxonomy
from models.artifact import load
from naive_pathways import again, answered, barred, had, lifted
from test_api import NOW, Service, assert_problem, serve
from training.synthetic import demo_world
from world import TODAY, competence, occupation

OFTEN = settings(
    deadline=None, max_examples=40, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
TOP = 3
VACANCIES = frozenset({Kind.VACANCY})
DEMO_DAY = date(2025, 4, 1)
CONSULTANT = {lang: Asker("c", Role.CONSULTANT, lang) for lang in ("fr", "nl", "en")}
people, markets = strategies.a_person, strategies.a_market


@cache
def model() -> Any:
    return load()


def engine(records: Sequence[Offer]) -> Matcher:
    return Matcher.build(world.taxonomy(kin=True), world.geography(), world.groups(), model(), records)


def twin() -> naive.World:
    return naive.World(world.taxonomy(kin=True), world.geography(), world.groups(), model(), TODAY)


def best(profile: Profile, records: Sequence[Offer], top: int = TOP) -> list[tuple[str, float]]:
    """The best vacancies by the slow twin of the whole engine."""
    found = naive_search.suggest(twin(), profile, list(records), top, VACANCIES, None, frozenset(), None)
    return list(found.lists.get(Kind.VACANCY, []))


def ids(matches: list[tuple[str, float]]) -> set[str]:
    return {name for name, _ in matches}


def worth(matches: list[tuple[str, float]]) -> float:
    return sum(1 / (1 + math.exp(-score)) for _, score in matches)


def may_have_a_list(profile: Profile) -> bool:
    return may_match(profile, world.groups(), TODAY)[0] is not False


# Ask next


@OFTEN
@given(people, markets)
def test_what_an_answer_would_change_equals_its_twin(profile: Profile, records: list[Offer]) -> None:
    matcher, base = engine(records), usable(profile, TODAY)[0]
    now = ids(best(profile, records))
    expected: dict[tuple[str, str], list[int]] = {}
    for field, code, values in plausible(matcher, base, TODAY):
        then = [ids(best(answered(base, field, code, value), records)) for value, _ in values]
        expected[field, code] = [max(len(now - one), len(one - now)) for one in then]
    asks = ask_next(matcher, profile, TODAY, TOP)
    assert {(ask.field, ask.code): list(ask.changes) for ask in asks} == {
        key: changes for key, changes in expected.items() if any(changes)
    }
    means = [(sum(ask.changes) / len(ask.changes), max(ask.changes)) for ask in asks]
    assert means == sorted(means, reverse=True)
    assert [(ask.mean, ask.largest) for ask in asks] == means


def test_the_first_question_is_the_one_that_decides() -> None:
    # Both vacancies are alike but for the language asked. Dutch unknown: the one that asks French is first. Dutch at C1: both are
    # met, and the tie goes to the id that comes first, which is the one that asks Dutch. Below C1 it still falls short.
    languages = {"v-0": AskedLanguage("nl", Level.C1), "v-1": AskedLanguage("fr", Level.A1)}
    offers = [world.vacancy("cleaner", id=name, languages=(language,)) for name, language in languages.items()]
    person = world.profile(languages=(KnownLanguage("fr", Level.B2),))
    (dutch,) = [ask for ask in ask_next(engine(offers), person, TODAY, 1) if ask.field == "languages" and ask.code == "nl"]
    assert dutch.values == (Level.NONE, Level.A1, Level.A2, Level.B1, Level.B2, Level.C1)
    assert dutch.changes == (0, 0, 0, 0, 0, 1)
    assert (dutch.mean, dutch.largest) == (1 / 6, 1)


def test_what_is_known_or_may_not_be_used_is_never_asked() -> None:
    person = world.profile(education=None)
    asked = {name for name, *_ in plausible(engine(world.market()), person, TODAY)}
    assert "education" in asked
    assert not asked & {"max_minutes", "postcode", "competences", "professions_done", "professions_sought", "hours"}
    never = {"target_group", "source", "contacts", "exclusions", "education_field", "constraints"}
    everything = {name for name, *_ in plausible(engine(world.market()), Profile("x", person.source), TODAY)}
    assert not everything & never
    assert everything == set(words.QUESTIONS)


def test_an_empty_file_is_told_what_to_ask() -> None:
    known = world.profile()
    person = Profile("x", known.source, known.basis, "art60", date(2025, 2, 1))
    assert world.matcher().suggest(person, TODAY).status == "too_little_known"
    told = {ask.field: ask.changes for ask in ask_next(world.matcher(), person, TODAY)}
    assert "professions_sought" in told
    course = partner(grants=Grants(competences=(Mention(competence("mop")),)))
    assert not of_all(person, [*world.market(), course])
    assert what_would_change(world.matcher(), person, world.market()[:1], TODAY) == {"v-cleaner": ()}


def test_places_that_change_are_counted_once() -> None:
    # [1 2 3] -> [3 2 4]: 1 went, 4 came: one place. [] -> [1 2]: two came.
    assert changed_places([1, 2, 3], [3, 2, 4]) == 1
    assert changed_places([], [1, 2]) == 2
    assert changed_places([2, 1], [1, 2]) == 0


# What offers of partners unlock


def reachable(profile: Profile, records: Sequence[Offer]) -> set[str]:
    """The vacancies that no rule removes, by the twins of the rules."""
    gate, _ = may_match(profile, world.groups(), TODAY)
    told = usable(profile, TODAY)[0]
    return {
        offer.id
        for offer in records
        if offer.kind == Kind.VACANCY and naive.FAILS not in naive.rule_results(twin(), told, offer, True, gate).values()
    }


def proposable(profile: Profile, records: Sequence[Offer]) -> set[str]:
    """The vacancies that may be suggested: all of a list that is long enough."""
    return ids(best(profile, records, len(records)))


def partner(**changes: Any) -> Offer:
    whole = world.vacancy("cleaner", id="t-1", kind=Kind.TRAINING, competences=(), languages=(), experience_months=None)
    return replace(whole, **{"grants": Grants(languages=(KnownLanguage("nl", Level.B1),)), **changes})


def of_all(profile: Profile, records: Sequence[Offer], top: int = TOP) -> dict[str, Unlock]:
    """What each offer unlocks, also those that grant the same as one of the list."""
    offers = [offer for offer in records if offer.kind != Kind.VACANCY]
    found = unlock(engine(records), profile, offers, TODAY, top)
    return {name: one for some in found.by_kind.values() for one in some for name in (one.offer_id, *one.others)}


@OFTEN
@given(people, st.lists(strategies.a_vacancy, min_size=1, max_size=6), st.lists(strategies.an_offer, min_size=1, max_size=3))
def test_what_offers_unlock_equals_its_twin(profile: Profile, vacancies: list[Offer], others: list[Offer]) -> None:
    records = [replace(one, id=f"v-{n}") for n, one in enumerate(vacancies)]
    records += [replace(one, id=f"p-{n}") for n, one in enumerate(others) if one.kind != Kind.VACANCY]
    if not may_have_a_list(profile) or len(usable(profile, TODAY)[1]):
        return
    told = of_all(profile, records)
    if naive_search.suggest(twin(), profile, records, TOP, VACANCIES, None, frozenset(), None).status == "too_little_known":
        assert not told
        return
    for offer in records:
        if offer.kind == Kind.VACANCY or offer.grants is None:
            assert offer.id not in told
            continue
        before, after, assumed = had(profile, offer, world.taxonomy(kin=True))
        now, then = best(before, records), best(after, records)
        gain, opens = worth(then) - worth(now), proposable(after, records) - reachable(before, records)
        if offer.id not in told:
            assert barred(twin(), profile, offer) or (gain < SMALLEST_GAIN + 1e-9 and not opens)
            continue
        one = told[offer.id]
        assert one.gain == pytest.approx(gain, abs=1e-9)
        assert one.opens == len(opens)
        assert one.entering == len(ids(then) - ids(now))
        assert set(one.assumed) == assumed
        assert set(one.best) <= ids(then)
        assert len(one.best) <= NAMED


@OFTEN
@given(people, st.lists(strategies.a_vacancy, min_size=1, max_size=6), strategies.grants)
def test_granting_never_removes_a_vacancy(profile: Profile, vacancies: list[Offer], grants: Grants) -> None:
    records = [replace(one, id=f"v-{n}") for n, one in enumerate(vacancies)]
    before, after, _ = had(profile, partner(grants=grants), world.taxonomy(kin=True))
    assert reachable(before, records) <= reachable(after, records)
    mine = granted(before, partner(grants=grants), engine(records))
    assert reachable(mine, records) == reachable(after, records)


@OFTEN
@given(people, st.lists(strategies.a_vacancy, min_size=1, max_size=5))
def test_relaxing_a_limit_never_removes_a_vacancy(profile: Profile, vacancies: list[Offer]) -> None:
    records = [replace(one, id=f"v-{n}") for n, one in enumerate(vacancies)]
    for offer in records:
        for change in changes_for(engine(records), profile, offer):
            if change.what in {What.LIMIT, What.MINUTES, What.LICENCE, What.CERTIFICATE}:
                assert reachable(profile, records) <= reachable(with_changes(profile, [change]), records)


def test_a_licence_opens_what_the_law_keeps_closed() -> None:
    driver = world.vacancy("cleaner", id="v-van", driving_licences=(AskedLicence(DrivingLicence.B, legal=True),))
    course = partner(grants=Grants(driving_licences=(DrivingLicence.B,)))
    one = of_all(world.profile(driving_licences=()), [*world.market(), driver, course])["t-1"]
    assert (one.opens, one.assumed) == (1, ())
    assert one.best[0] == "v-van"
    # Licences never asked about: counted as none on both sides, and said so.
    unasked = of_all(world.profile(driving_licences=None), [*world.market(), driver, course])["t-1"]
    assert (unasked.opens, unasked.gain, unasked.assumed) == (1, one.gain, ("driving_licences",))


@pytest.mark.parametrize(
    "offer",
    [
        partner(grants=Grants(languages=(KnownLanguage("nl", Level.A2),))),
        partner(grants=Grants(competences=(Mention(competence("mop")),))),
        partner(grants=Grants(driving_licences=(DrivingLicence.B,))),
        partner(closed_on=TODAY),
        partner(positions=1, filled=1),
        partner(audience=("bf_trainee",)),
        partner(grants=None),
        partner(grants=Grants(competences=(Mention(None, "iets"),))),
    ],
    ids=["level had", "competence had", "covered by C", "closed", "full", "for others", "nothing", "not linked"],
)
def test_what_is_had_already_or_cannot_be_entered_is_not_proposed(offer: Offer) -> None:
    dutch = world.vacancy("cleaner", id="v-nl", languages=(AskedLanguage("nl", Level.B1),))
    person = world.profile(driving_licences=(DrivingLicence.C,))
    assert "t-1" in of_all(person, [dutch, partner()])
    assert not of_all(person, [dutch, offer])


def test_what_is_of_another_profession_or_far_too_high_is_not_proposed() -> None:
    dutch = world.vacancy("cleaner", id="v-nl", languages=(AskedLanguage("nl", Level.C1),))
    b2 = Grants(languages=(KnownLanguage("nl", Level.B2),))
    course = partner(grants=b2)
    # From A2 a course to B2 is two levels further, from A1 three; of somebody whose Dutch is unknown at most B1 is told.
    levels: dict[Level | None, bool] = {Level.A2: True, Level.A1: False, None: False}
    for level, told in levels.items():
        assert bool(of_all(world.profile(languages=(KnownLanguage("nl", level),)), [dutch, course])) is told
    assert not of_all(world.profile(), [dutch, partner(grants=b2, occupation=Mention(occupation("developer")))])
    assert of_all(world.profile(), [dutch, partner(grants=b2, occupation=None)])


def test_each_kind_has_a_list_of_its_own_and_what_may_be_entered_goes_first() -> None:
    dutch = world.vacancy("cleaner", id="v-nl", languages=(AskedLanguage("nl", Level.C1),))
    full, some = (Grants(languages=(KnownLanguage("nl", level),)) for level in (Level.C1, Level.B2))
    offers = [
        partner(id="t-late", grants=full, shifts=(Shift.NIGHT,)),
        partner(id="t-b2", grants=some),
        partner(id="t-c1", grants=full),
        partner(id="s-c1", kind=Kind.SOCIAL_EMPLOYMENT, grants=full),
        partner(id="w-c1", kind=Kind.CARE_THROUGH_WORK, grants=full),
    ]
    person = world.profile(impossible_shifts=(Shift.NIGHT,), languages=(KnownLanguage("nl", Level.B1),))
    found = unlock(engine([dutch, *offers]), person, offers, TODAY)
    assert {kind: [one.offer_id for one in some] for kind, some in found.by_kind.items()} == {
        Kind.TRAINING: ["t-c1", "t-b2"], Kind.SOCIAL_EMPLOYMENT: ["s-c1"], Kind.CARE_THROUGH_WORK: ["w-c1"],
    }  # fmt: skip
    assert found.by_kind[Kind.TRAINING][0].others == ("t-late",)  # the same course, in the night
    assert found.without_effect == 0


# What would change it


@cache
def demo() -> tuple[Matcher, tuple[Profile, ...], dict[str, Offer]]:
    taxonomy, geography = _places()
    made = demo_world(np.random.default_rng(7), taxonomy, geography.places, DEMO_DAY, 60, 400, 60)
    matcher = Matcher.build(taxonomy, geography, dict(read_guidance()), model(), made.offers)
    return matcher, made.profiles, {offer.id: offer for offer in made.offers}


@cache
def _places() -> tuple[Taxonomy, Geography]:
    return build_taxonomy({"starter": read_starter()[0]}), build_geography({})


def placed(answer: Suggestions, offer_id: str) -> int | None:
    return next((m.rank for m in answer.lists[Kind.VACANCY] if m.offer_id == offer_id), None)


def shown_band(matcher: Matcher, profile: Profile, offer: Offer) -> tuple[float, str]:
    match, _ = matcher.explain(profile, offer, DEMO_DAY)
    assert match is not None
    return match.score, "none" if match.failed else match.band


ALLOWED = {"max_minutes", "constraints", "competences", "certificates", "driving_licences", "professions_done", "languages"}


@pytest.mark.parametrize("at", range(0, 24))
def test_every_lift_is_true_and_nothing_else_is_proposed(at: int) -> None:
    matcher, profiles, offers = demo()
    profile = profiles[at]
    answer, names = candidates_for_change(matcher, profile, DEMO_DAY)
    if answer.status in {"closed", "too_little_known"}:
        assert not names
        return
    found = what_would_change(matcher, profile, [offers[name] for name in names], DEMO_DAY)
    assert list(found) == list(names)
    for name, lifts in found.items():
        assert len(lifts) <= 3
        before = shown_band(matcher, profile, offers[name])
        for lift in lifts:
            then = again(profile, lift.changes)
            assert {f.name for f in fields(Profile) if getattr(then, f.name) != getattr(profile, f.name)} <= ALLOWED
            assert not {c.code for c in lift.changes} & OUT_OF_REACH
            assert shown_band(matcher, then, offers[name]) == (lift.score, lift.band)
            assert before == (lift.score_before, lift.band_before)
            listed = matcher.suggest(then, DEMO_DAY, Wish(10, VACANCIES))
            assert placed(listed, name) == lift.rank
            assert lifted(lift.band_before, lift.band, lift.rank_before, lift.rank)


def test_when_no_single_change_is_told_none_would_do() -> None:
    matcher, profiles, offers = demo()
    checked = 0
    for profile in profiles[:12]:
        answer, names = candidates_for_change(matcher, profile, DEMO_DAY)
        found = what_would_change(matcher, profile, [offers[name] for name in names], DEMO_DAY) if answer.status == "ok" else {}
        for name, lifts in found.items():
            if any(len(lift.changes) == 1 for lift in lifts):
                continue
            band = shown_band(matcher, profile, offers[name])[1]
            for change in changes_for(matcher, profile, offers[name]):
                then = again(profile, [change])
                rank = placed(matcher.suggest(then, DEMO_DAY, Wish(10, VACANCIES)), name)
                assert not lifted(band, shown_band(matcher, then, offers[name])[1], None, rank)
                checked += 1
    assert checked


def lifts_of(person: Profile, offer: Offer) -> list[tuple[What, str, Any]]:
    found = what_would_change(engine([*world.market(), offer]), person, [offer], TODAY)[offer.id]
    return [(c.what, c.code, c.after) for lift in found for c in lift.changes]


def test_one_level_of_dutch_is_named() -> None:
    offer = world.vacancy("cleaner", id="v-nl", languages=(AskedLanguage("nl", Level.B2),), competences=())
    changes = list(changes_for(engine([offer]), world.profile(), offer))
    assert Change(What.LANGUAGE, "nl", "A2", "B1") in changes
    unknown = world.profile(languages=(KnownLanguage("fr", Level.B2),))
    assert What.LANGUAGE not in {c.what for c in changes_for(engine([offer]), unknown, offer)}


def test_a_licence_that_the_law_asks_is_named_only_when_it_is_known_to_be_missing() -> None:
    offer = world.vacancy("cleaner", id="v-van", driving_licences=(AskedLicence(DrivingLicence.B, legal=True),))
    assert (What.LICENCE, "B", None) in lifts_of(world.profile(driving_licences=()), offer)
    assert What.LICENCE not in {c.what for c in changes_for(engine([offer]), world.profile(), offer)}
    kept = world.vacancy("cleaner", certificates=tuple(AskedCertificate(code, legal=True) for code in sorted(OUT_OF_REACH)))
    assert What.CERTIFICATE not in {c.what for c in changes_for(engine([kept]), world.profile(certificates=()), kept)}


def test_a_weak_match_is_not_worth_a_change_and_a_strong_one_needs_none() -> None:
    places = [("none", "weak", None, 1), ("weak", "weak", None, 1), ("strong", "strong", None, 1), ("fair", "fair", 4, 1)]
    useful = [("none", "fair", None, None), ("weak", "fair", None, None), ("fair", "fair", None, 3), ("fair", "strong", 2, 1)]
    for before, after, was, rank in [*places, *useful]:
        lift = Lift("v", (), 0.0, 0.0, before, after, was, rank, ())
        assert is_lift(lift) is lifted(before, after, was, rank) is ((before, after, was, rank) in useful)


def test_a_language_is_told_by_its_levels_not_as_a_competence() -> None:
    matcher, _, offers = demo()
    dutch = "urn:linkmatch:starter:competence:speak-dutch-at-work"
    asking = next(o for o in offers.values() if any(a.concept == dutch for a in o.competences or ()))
    person = world.profile(competences=())
    assert dutch not in {change.code for change in changes_for(matcher, person, asking)}


def test_of_a_list_never_asked_about_nothing_is_proposed() -> None:
    offer = world.vacancy("cook", id="v-2")
    assert What.COMPETENCE in {c.what for c in changes_for(engine([offer]), world.profile(), offer)}
    assert What.COMPETENCE not in {c.what for c in changes_for(engine([offer]), world.profile(competences=None), offer)}


def test_shifts_that_are_impossible_are_a_limit_to_solve() -> None:
    offer = world.vacancy("cleaner", id="v-early", shifts=(Shift.EARLY,))
    assert (What.LIMIT, "shifts", None) in lifts_of(world.profile(impossible_shifts=(Shift.EARLY,)), offer)


def test_two_things_are_named_when_one_is_not_enough() -> None:
    offer = world.vacancy(
        "cleaner", id="v-two", shifts=(Shift.EARLY,), driving_licences=(AskedLicence(DrivingLicence.B, legal=True),)
    )
    person = world.profile(impossible_shifts=(Shift.EARLY,), driving_licences=())
    (lift, *_) = what_would_change(engine([offer]), person, [offer], TODAY)["v-two"]
    assert [(c.what, c.code) for c in lift.changes] == [(What.LIMIT, "shifts"), (What.LICENCE, "B")]
    assert set(lift.opened) == {"shifts", "licence"}


def test_an_offer_outside_the_stock_is_an_error() -> None:
    with pytest.raises(KeyError):
        what_would_change(world.matcher(), world.profile(), [world.vacancy("cook", id="elsewhere")], TODAY)


# At the doors


PERSON = world.profile(
    id="p-7", impossible_shifts=(Shift.EARLY,), languages=(KnownLanguage("fr", Level.B2),), driving_licences=None
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Any:
    made = serve(tmp_path_factory.mktemp("pathways"))
    now = made.desk.clock()
    asked = (AskedLanguage("nl", Level.C1),)
    dutch = world.vacancy("cleaner", id="v-nl", title="Poetshulp", languages=asked, shifts=(Shift.EARLY,))
    van = world.vacancy("cleaner", id="v-van", driving_licences=(AskedLicence(DrivingLicence.B, legal=True),))
    made.store.put_offers([dutch, van, partner(), partner(id="t-b", grants=Grants(driving_licences=(DrivingLicence.B,)))], now)
    made.store.put_profiles([PERSON], now)
    yield made
    made.store.close()


def numbers(text: str) -> list[float]:
    return [float(n.replace(",", ".").replace("−", "-")) for n in re.findall(r"−?\d+(?:[.,]\d+)?", text)]


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_numbers_of_sentences_are_those_that_were_computed(service: Service, lang: str) -> None:
    desk = service.desk
    answer = pathways_for(desk, desk.profile("p-7"), CONSULTANT[lang], top=2)
    assert all((answer.asks, answer.lifts, answer.unlocks))
    matcher, person = desk.loaded().matcher, desk.profile("p-7")
    for ask in answer.asks:
        mean, largest, top = numbers(ask.sentence)[:3]
        assert (mean, largest, top) == (round(ask.mean, 1), ask.largest, 2)
    for lift in answer.lifts:
        said = numbers(lift.sentence.rsplit(lift.title, 1)[1])
        steps = [Change(c.what, c.code, c.before, c.after) for c in lift.changes]
        match, _ = matcher.explain(again(person, steps), desk.offer(lift.offer_id), TODAY)
        assert match is not None
        assert said[-1] == pytest.approx(match.score, abs=0.005)
        assert said[0] == (lift.rank or 2)
        assert all(step.text in lift.sentence for step in lift.changes)
    for one in (one for group in answer.unlocks for one in group.offers):
        before, after, _ = had(person, desk.offer(one.offer_id), world.taxonomy())
        now, then = (matcher.suggest(p, TODAY, Wish(2, VACANCIES)).lists[Kind.VACANCY] for p in (before, after))
        top, entering, *opens, gain = numbers(one.sentence)
        new = {m.offer_id for m in then} - {m.offer_id for m in now}
        assert (top, entering) == (2, len(new))
        assert opens == ([one.opens] if one.opens else [])
        both = [worth([(m.offer_id, m.score) for m in some]) for some in (now, then)]
        assert gain == pytest.approx(both[1] - both[0], abs=0.00501)


def test_the_three_languages_say_the_same(service: Service) -> None:
    made = [pathways_for(service.desk, service.desk.profile("p-7"), CONSULTANT[lang]) for lang in ("fr", "nl", "en")]
    said = [
        [*(one.sentence for one in a.lifts), *(one.sentence for group in a.unlocks for one in group.offers)] for a in made
    ]
    digits = [[sorted(map(abs, numbers(sentence))) for sentence in some] for some in said]
    assert digits[0] == digits[1] == digits[2]
    assert len({a.asks[0].question for a in made}) == 3


def test_a_band_that_stays_is_said_once(service: Service) -> None:
    say = service.desk.speaker(service.desk.loaded(), CONSULTANT["en"], TODAY)
    lift = Lift("v-nl", (Change(What.LIMIT, "shifts"),), -1.0, -0.5, "strong", "strong", None, 10, ())
    assert "place 10 of the list; strong match (score" in words.lifted(say, lift, "Poetshulp", 10)
    assert "strong match instead of fair match" in words.lifted(say, replace(lift, band_before="fair"), "Poetshulp", 10)
    opened = words.lifted(say, replace(lift, band_before="none", opened=("shifts",)), "Poetshulp", 10)
    assert "no longer removed, place 10 of the list; strong match (score: −0.50)" in opened


def test_where_nothing_helps_there_is_nothing() -> None:
    offer, course = world.vacancy("cleaner"), partner(grants=Grants(competences=(Mention(competence("python")),)))
    person = world.profile(impossible_shifts=(), impossible_days=(), languages=(KnownLanguage("fr", Level.B2),))
    matcher = engine([offer, course])
    assert ask_next(matcher, person, TODAY) == ()
    assert what_would_change(matcher, person, [offer], TODAY) == {offer.id: ()}
    found = unlock(matcher, person, [course], TODAY)
    assert (found.by_kind, found.without_effect) == ({}, 1)


def test_when_nothing_helps_it_says_so(service: Service) -> None:
    desk = service.desk
    complete = replace(world.profile(id="p-8"), professions_sought=(Mention(occupation("developer")),))
    answer = pathways_for(desk, complete, CONSULTANT["en"], offer_id="v-electrician", top=20)
    parts = [(answer.asks, answer.asks_text), (answer.lifts, answer.lifts_text), (answer.unlocks, answer.unlocks_text)]
    for part, text in parts:
        assert bool(part) != bool(text)
    nothing = replace(answer, asks=(), asks_text="No answer.", lifts=(), lifts_text="No change.")
    nothing = replace(nothing, unlocks=(), unlocks_text="No offer.")
    assert all(text in drawn(nothing) for text in ("No answer.", "No change.", "No offer."))


def test_nothing_is_worked_out_outside_the_dates(service: Service) -> None:
    answer = pathways_for(service.desk, service.desk.profile("p-7"), CONSULTANT["en"], as_of=date(2027, 1, 1))
    assert answer.status == "closed"
    assert (answer.asks, answer.lifts, answer.unlocks, answer.asks_text) == ((), (), (), "")
    assert drawn(answer) == answer.message


def test_over_http(service: Service) -> None:
    told = service.ask("POST", "/pathways", json={"profileId": "p-7", "top": 2}, headers={"Accept-Language": "en"}).get_json()
    assert told["profileId"] == "p-7"
    assert [group["kind"] for group in told["unlocks"]] == ["training"]
    one = service.ask("POST", "/pathways", json={"profileId": "p-7", "offerId": "v-nl", "top": 2}).get_json()
    assert {lift["offerId"] for lift in one["lifts"]} <= {"v-nl"}
    assert_problem(service.ask("POST", "/pathways", json={"profileId": "p-7", "offerId": "nowhere"}), 400)
    assert_problem(service.ask("POST", "/pathways", json={"profileId": "p-7", "offerId": "t-1"}), 400)
    assert_problem(service.ask("POST", "/pathways", Role.RECRUITER, json={"profileId": "p-7"}), 403)


def test_at_the_command_line(tmp_path: Path) -> None:
    _, profiles, offers = demo()
    store = Store.open(f"sqlite:///{tmp_path / 'linkmatch.sqlite3'}")
    store.create(NOW)
    store.put_profiles(profiles[:1], NOW)
    store.put_offers(offers.values(), NOW)
    store.close()

    def said(*words: str) -> str:
        settings = {"LINKMATCH_DATA_DIR": str(tmp_path), "COLUMNS": "140"}
        result = CliRunner().invoke(cli, ["pathways", "link-demo", "--as-of", "2025-04-01", *words], env=settings)
        assert result.exit_code == 0, result.output
        return result.stdout

    told = json.loads(said("--format", "json", "--lang", "en"))
    assert told["status"] == "ok"
    assert told["lifts"]
    assert told["lifts"][0]["sentence"] in said("--lang", "en")
    assert "Wat iets zou veranderen" in said("--lang", "nl")
    rows = said("--format", "csv").splitlines()
    assert len(rows) > len(told["lifts"])
    one = json.loads(said("--format", "json", "--offer", told["lifts"][0]["offerId"]))
    assert {lift["offerId"] for lift in one["lifts"]} == {told["lifts"][0]["offerId"]}


def test_nothing_of_it_is_logged(service: Service) -> None:
    before = service.store.revisions()
    service.ask("POST", "/pathways", json={"profileId": "p-7"})
    assert service.store.revisions() == before
    with pytest.raises(NotFound):
        pathways_for(service.desk, service.desk.profile("p-7"), CONSULTANT["en"], offer_id="nowhere")
    with pytest.raises(DataError):
        pathways_for(service.desk, service.desk.profile("p-7"), CONSULTANT["en"], offer_id="t-1")


def test_the_table_holds_every_row(service: Service) -> None:
    answer = pathways_for(service.desk, service.desk.profile("p-7"), CONSULTANT["en"], top=2)
    rows = listings.pathways(answer).records()
    prices = [*answer.prices.limits, *answer.prices.pairs, *answer.prices.languages]
    unlocks = [one for group in answer.unlocks for one in group.offers]
    assert len(rows) == len(answer.asks) + len(answer.lifts) + len(prices) + len(unlocks)
    assert [row["sentence"] for row in rows if row["part"] == "lift"] == [lift.sentence for lift in answer.lifts]
    text = drawn(answer)
    assert all(lift.sentence in text for lift in answer.lifts)
