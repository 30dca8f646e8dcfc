"""Entering an offer of a partner, offers that grant the same, routes of two steps: equal to plain steps from the docs."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import naive
import naive_pathways
import naive_search
import strategies
import world
from matching import listings
from matching.codes import Certificate, DrivingLicence, Kind, Level, Requirement, Shift
from matching.guidance import may_match, usable
from matching.pathways.desk import drawn, pathways_for
from matching.pathways.entering import NEEDS
from matching.pathways.routing import MOST_ROUTES, Route, ends, follows, routes
from matching.pathways.unlocking import alike, unlock
from matching.records import AskedLanguage, AskedLicence, Grants, KnownLanguage, Mention, Offer, Profile
from test_api import Service, serve
from test_pathways import (
    CONSULTANT,
    OFTEN,
    TOP,
    VACANCIES,
    best,
    engine,
    ids,
    may_have_a_list,
    numbers,
    partner,
    people,
    proposable,
    reachable,
    twin,
    worth,
)
from world import TODAY, competence, occupation

SOON, LATER = date(2025, 5, 1), date(2025, 12, 1)


def dutch(level: Level, **changes: Any) -> Offer:
    """A course of Dutch."""
    return partner(**{"id": f"t-nl-{level}", "grants": Grants(languages=(KnownLanguage("nl", level),)), **changes})


def had(profile: Profile, offer: Offer) -> tuple[Profile, Profile, set[str]]:
    return naive_pathways.had(profile, offer, world.taxonomy(kin=True))


def may_begin(profile: Profile, offer: Offer) -> bool:
    """Whether an offer is for a person, and nothing known stands before it."""
    return not naive_pathways.barred(twin(), profile, offer) and not stands(profile, offer)[0]


# May the person enter it


def stands(profile: Profile, offer: Offer) -> tuple[set[str], set[str]]:
    """What stands between a person and an offer, and what is to check, by the twins of rules and comparisons."""
    told = usable(profile, TODAY)[0]
    results = naive.rule_results(twin(), told, offer, True, may_match(profile, world.groups(), TODAY)[0])
    fails = {name for name, result in results.items() if result == naive.FAILS}
    unsure = {name for name, result in results.items() if result == naive.UNCHECKED}
    for asked in offer.languages or ():
        if asked.requirement == Requirement.DESIRED:
            continue
        has = naive.level_of(told, asked.code)
        if has is None or (asked.level is None and 0 < has < list(Level).index(Level.B2)):
            unsure.add("languages")
        elif has < list(Level).index(asked.level or Level.A1):
            fails.add("languages")
    if offer.education:
        (unsure if told.education is None else fails if told.education < offer.education else set()).add("education")
    if offer.experience_months:
        done = naive.profession_done(twin(), told, offer)
        (unsure if done > 252 else fails if done < 151 else set()).add("profession_done")
    return fails, unsure


def course(**changes: Any) -> st.SearchStrategy[Offer]:
    """Offers of partners that may grant and ask anything a route is about."""
    asked = st.builds(
        AskedLanguage, st.just("nl"), st.sampled_from([None, Level.A1, Level.A2, Level.B1]), st.sampled_from(Requirement)
    )
    days = st.none() | st.integers(0, 200).map(lambda n: TODAY + timedelta(days=n))
    parts = {
        "kind": st.sampled_from([Kind.TRAINING, Kind.TRAINING, Kind.TRAINING, Kind.WORK_EXPERIENCE, Kind.SOCIAL_EMPLOYMENT]),
        "grants": strategies.grants,
        "occupation": st.sampled_from([None, Mention(occupation("cook")), Mention(occupation("cleaner"))]),
        "languages": st.sampled_from([None, ()]) | asked.map(lambda one: (one,)),
        "driving_licences": st.sampled_from([(), (), (AskedLicence(DrivingLicence.B, legal=True),)]),
        "experience_months": st.sampled_from([None, 0, 0, 6]),
        "education": st.sampled_from([None, 0, 0, 3]),
        "shifts": st.sampled_from([None, (Shift.DAY,), (Shift.NIGHT,)]),
        "start": days,
        "duration_months": st.sampled_from([None, 0.5, 1.0, 3.0]),
        "positions": st.sampled_from([None, 0, 2]),
        **changes,
    }
    return st.fixed_dictionaries(parts).map(lambda given: partner(**given))


courses = st.lists(course(), min_size=1, max_size=4)
vacancies = st.lists(strategies.a_vacancy, min_size=1, max_size=5)


def market(some: Sequence[Offer], offered: Sequence[Offer]) -> list[Offer]:
    return [
        *(replace(one, id=f"v-{n}") for n, one in enumerate(some)), *(replace(one, id=f"p-{n}") for n, one in enumerate(offered))
    ]


def whole(profile: Profile, records: Sequence[Offer]) -> bool:
    """Whether the person may have a list, and everything of the file may be used."""
    status = naive_search.suggest(twin(), profile, list(records), TOP, VACANCIES, None, frozenset(), None).status
    return may_have_a_list(profile) and not usable(profile, TODAY)[1] and status != "too_little_known"


@OFTEN
@given(people, vacancies, courses)
def test_what_stands_before_an_offer_and_how_far_it_is_equal_their_twins(
    profile: Profile, some: list[Offer], offered: list[Offer]
) -> None:
    records = market(some, offered)
    if not whole(profile, records):
        return
    offers = [one for one in records if one.kind != Kind.VACANCY]
    found = [one for part in unlock(engine(records), profile, offers, TODAY, TOP).by_kind.values() for one in part]
    by_id = {offer.id: offer for offer in offers}
    for one in found:
        fails, unsure = stands(profile, by_id[one.offer_id])
        assert {*one.entry.failed, *one.entry.lacks} == fails
        assert {*one.entry.to_check, *one.entry.unsure} == unsure
        assert set(one.entry.lacks) | set(one.entry.unsure) <= set(NEEDS)
        assert one.entry.may_enter is (False if fails else None if unsure else True)
        minutes = naive.journey(twin(), profile, by_id[one.offer_id])
        assert one.entry.minutes == (None if minutes is None else minutes[0])


def test_a_course_that_asks_a_level_may_not_be_entered_without_it() -> None:
    vacancy = world.vacancy("cleaner", id="v-nl", languages=(AskedLanguage("nl", Level.B1),))

    def entry(level: Level | None, requirement: Requirement = Requirement.MANDATORY) -> Any:
        asked = dutch(Level.B1, languages=(AskedLanguage("nl", Level.A2, requirement),))
        person = world.profile(languages=(KnownLanguage("fr", Level.B2), KnownLanguage("nl", level)))
        (one,) = unlock(engine([vacancy, asked]), person, [asked], TODAY).by_kind[Kind.TRAINING]
        return one.entry

    assert (entry(Level.A1).lacks, entry(Level.A1).may_enter) == (("languages",), False)
    assert (entry(None).unsure, entry(None).may_enter) == (("languages",), None)
    assert entry(Level.A2).lacks == entry(Level.A2).unsure == ()
    assert entry(Level.A1, Requirement.DESIRED).lacks == ()


# Offers that grant the same


@OFTEN
@given(people, vacancies, st.lists(course(), min_size=2, max_size=3), st.data())
def test_offers_that_grant_the_same_stand_in_the_list_once(
    profile: Profile, some: list[Offer], offered: list[Offer], data: st.DataObject
) -> None:
    starts, shifts = st.sampled_from([None, SOON, LATER]), st.sampled_from([None, (Shift.NIGHT,)])
    copies = [replace(one, start=data.draw(starts), shifts=data.draw(shifts)) for one in offered]
    records = market(some, [*offered, *copies])
    offers = [one for one in records if one.kind != Kind.VACANCY]
    by_id = {offer.id: offer for offer in offers}
    found = unlock(engine(records), profile, offers, TODAY, TOP)
    told = [one for part in found.by_kind.values() for one in part]
    names = [name for one in told for name in (one.offer_id, *one.others)]
    assert len(names) == len(set(names))

    def same(one: Offer) -> Any:
        grants = one.grants or Grants()
        concepts = frozenset(m.concept for m in grants.competences)
        profession = one.occupation and one.occupation.concept if grants.experience_months else None
        return one.kind, concepts, frozenset(grants.languages), grants.driving_licences, grants.experience_months, profession

    assert len({same(by_id[one.offer_id]) for one in told}) == len(told)
    for one in told:
        group = [by_id[name] for name in (one.offer_id, *one.others)]
        assert len(set(map(same, group))) == 1
        order = [(bool(stands(profile, offer)[0]), offer.start or date.max) for offer in group]
        assert order == sorted(order)


def test_one_line_for_the_nearest_of_the_same_courses() -> None:
    # In order: by day and soon; by day and soon, but further away; by day and later; without a date; by night, not possible.
    kinds: dict[str, Any] = {
        "t-night": {"shifts": (Shift.NIGHT,), "start": SOON},
        "t-later": {"start": LATER},
        "t-far": {"start": SOON, "postcodes": ("1050",)},
        "t-near": {"start": SOON, "postcodes": ("1000",)},
        "t-when": {"start": None},
    }
    offers = [dutch(Level.B1, id=name, **changes) for name, changes in kinds.items()]
    vacancy = world.vacancy("cleaner", id="v-nl", languages=(AskedLanguage("nl", Level.B1),))
    person = world.profile(impossible_shifts=(Shift.NIGHT,))
    found = unlock(engine([vacancy, *offers]), person, offers, TODAY)
    (one,) = found.by_kind[Kind.TRAINING]
    assert (one.offer_id, *one.others) == ("t-near", "t-far", "t-later", "t-when", "t-night")
    assert found.without_effect == 0
    assert [[offers[k].id for k in group] for group in alike(offers)] == [list(kinds)]
    useless = unlock(engine([world.vacancy("cleaner"), *offers]), person, offers, TODAY)
    assert (useless.by_kind, useless.without_effect) == ({}, 5)


@OFTEN
@given(people, vacancies, course(grants=strategies.grants.map(lambda one: replace(one, experience_months=0))))
def test_a_training_that_a_person_has_already_is_not_proposed(profile: Profile, some: list[Offer], offered: Offer) -> None:
    records = market(some, [offered])
    _, after, _ = had(profile, records[-1])
    found = unlock(engine(records), after, records[-1:], TODAY, TOP)
    assert (found.by_kind, found.without_effect) == ({}, 0)


def test_social_employment_and_care_never_stand_among_other_offers_or_vacancies() -> None:
    vacancy = world.vacancy("cleaner", id="v-nl", languages=(AskedLanguage("nl", Level.C1),))
    kinds = [Kind.CARE_THROUGH_WORK, Kind.SOCIAL_EMPLOYMENT, Kind.WORK_EXPERIENCE, Kind.TRAINING]
    offers = [dutch(Level.C1 if n < 2 else Level.B2, id=f"o-{n}", kind=kind) for n, kind in enumerate(kinds)]
    matcher, person = engine([vacancy, *offers]), PERSON
    found = unlock(matcher, person, offers, TODAY)
    assert list(found.by_kind) == [Kind.TRAINING, Kind.WORK_EXPERIENCE, Kind.SOCIAL_EMPLOYMENT, Kind.CARE_THROUGH_WORK]
    assert all({one.kind for one in some} == {kind} for kind, some in found.by_kind.items())
    assert found.by_kind[Kind.SOCIAL_EMPLOYMENT][0].gain > found.by_kind[Kind.TRAINING][0].gain
    listed = matcher.suggest(person, TODAY).lists
    assert [one.offer_id for one in listed[Kind.VACANCY]] == ["v-nl"]


# Routes of two steps


def ends_on(offer: Offer) -> date | None:
    """The end of an offer, counted in months of the calendar and days."""
    if offer.start is None or offer.duration_months is None:
        return None
    months, days = divmod(round(offer.duration_months * 30), 30)
    begins = max(offer.start, TODAY)
    year, month = divmod(begins.year * 12 + begins.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(begins.day, last)) + timedelta(days=days)


def same_grants(offer: Offer) -> Any:
    grants = offer.grants or Grants()
    return (
        offer.kind, frozenset(m.concept for m in grants.competences), frozenset(grants.languages), grants.driving_licences,
        grants.experience_months, offer.occupation if grants.experience_months else None,
    )  # fmt: skip


def every_route(profile: Profile, records: Sequence[Offer]) -> dict[Any, dict[tuple[str, str], tuple[float, float]]]:
    """Every pair of steps that is clearly better than one of them: what both grant -> ids -> gain, and that of one alone."""
    offers = [one for one in records if one.kind != Kind.VACANCY and one.grants is not None]
    open_now = {one.id for one in offers if may_begin(profile, one)}
    open_kinds = {same_grants(one) for one in offers if one.id in open_now}
    found: dict[Any, dict[tuple[str, str], tuple[float, float]]] = {}
    for one, two in permutations(offers, 2):
        later = two.kind == Kind.TRAINING or (two.grants and two.grants.experience_months)
        if one.kind != Kind.TRAINING or not later or one.id not in open_now or same_grants(one) == same_grants(two):
            continue
        opened = two.id not in open_now
        end = ends_on(one)
        if not may_begin(had(profile, one)[1], two) or (opened and same_grants(two) in open_kinds):
            continue
        if end and two.start and max(two.start, TODAY) < end:
            continue
        before = had(had(profile, one)[0], two)[0]
        steps = [had(before, one)[1], *([] if opened else [had(before, two)[1]])]
        was = worth(best(before, records))
        alone = max(worth(best(step, records)) for step in steps) - was
        gain = worth(best(had(had(before, one)[1], two)[1], records)) - was
        if gain - alone >= max(0.05, alone / 10):
            found.setdefault(frozenset([same_grants(one), same_grants(two)]), {})[one.id, two.id] = (gain, alone)
    return found


def routes_of(profile: Profile, records: Sequence[Offer], top: int = TOP) -> tuple[Route, ...]:
    offers, matcher = [one for one in records if one.kind != Kind.VACANCY], engine(records)
    return routes(matcher, profile, offers, unlock(matcher, profile, offers, TODAY, top), TODAY, top)


@OFTEN
@given(people, vacancies, courses)
def test_routes_equal_trying_every_pair(profile: Profile, some: list[Offer], offered: list[Offer]) -> None:
    compare_routes(profile, market(some, offered))


BY_LAW = (AskedLicence(DrivingLicence.B, legal=True),)
TWO_NEEDS = [
    world.vacancy("cleaner", id=f"v-both-{level}", languages=(AskedLanguage("nl", level),), driving_licences=BY_LAW)
    for level in (Level.B1, Level.B2, Level.C1)
]


USEFUL = [
    *(Grants(languages=(KnownLanguage("nl", level),)) for level in (Level.A2, Level.B1, Level.B2)),
    *(Grants(driving_licences=(DrivingLicence.B,)),) * 3, Grants(experience_months=24),
    Grants((Mention(competence("windows")),), experience_months=6),
]  # fmt: skip
A2 = (AskedLanguage("nl", Level.A2),)


def useful(grants: Sequence[Grants], **changes: Any) -> st.SearchStrategy[Offer]:
    """Offers that grant something useful, most of which may be entered."""

    def mostly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
        return st.sampled_from([usual] * 4 * len(others) + [*others])

    parts = {
        "grants": st.sampled_from(grants),
        "occupation": mostly(Mention(occupation("cleaner")), Mention(occupation("cook"))),
        "languages": mostly((), A2, None),
        "driving_licences": mostly((), BY_LAW),
        "experience_months": mostly(0, 6),
        "education": mostly(0, None, 3),
        "shifts": mostly(None, (Shift.NIGHT,)),
        "start": st.sampled_from([None, *(TODAY + timedelta(days=n) for n in (0, 5, 40, 100, 200))]),
        "positions": mostly(2, None, 0),
    }
    return course(**parts | changes)


training = st.just(Kind.TRAINING)
offers_of_use = st.tuples(
    useful(USEFUL[:1], kind=training),
    useful(USEFUL[1:3], kind=training, languages=st.sampled_from([(), A2, A2])),
    useful(USEFUL[3:4], kind=training),
    st.lists(useful(USEFUL), max_size=2),
).map(lambda drawn: [*drawn[:3], *drawn[3]])
seekers = st.builds(
    lambda level, licences, done, night: world.profile(
        languages=(KnownLanguage("fr", Level.B2), KnownLanguage("nl", level)), driving_licences=licences, professions_done=done,
        impossible_shifts=night,
    ),
    st.sampled_from([None, Level.NONE, Level.A1, Level.A2]), st.sampled_from([None, (), ()]), st.sampled_from([None, (), ()]),
    st.sampled_from([None, (Shift.NIGHT,)]),
)  # fmt: skip


@OFTEN
@given(seekers, offers_of_use)
def test_routes_to_what_asks_two_things_equal_trying_every_pair(profile: Profile, offered: list[Offer]) -> None:
    compare_routes(profile, market(TWO_NEEDS, offered))


def compare_routes(profile: Profile, records: list[Offer]) -> None:
    if not whole(profile, records):
        return
    told, every = routes_of(profile, records), every_route(profile, records)
    by_id = {one.id: one for one in records}
    assert len(told) == min(MOST_ROUTES, len(every))
    orders = []
    for route in told:
        one, two = (by_id[step.offer_id] for step in route.steps)
        figures = every.pop(frozenset([same_grants(one), same_grants(two)]))[one.id, two.id]
        assert [route.gain, route.alone] == pytest.approx(figures, abs=1e-9)
        before = had(had(profile, one)[0], two)[0]
        then = had(had(before, one)[1], two)[1]
        assert route.opens == len(proposable(then, records) - reachable(before, records))
        assert route.entering == len(ids(best(then, records)) - ids(best(before, records)))
        assert set(route.assumed) == had(profile, one)[2] | had(had(profile, one)[0], two)[2]
        assert route.opens_entry is not may_begin(profile, two)
        assert {*route.steps[1].entry.to_check, *route.steps[1].entry.unsure} == stands(had(profile, one)[1], two)[1]
        assert not route.steps[1].entry.failed + route.steps[1].entry.lacks
        months = [step.duration_months for step in (one, two)]
        assert route.months == (None if None in months else sum(filter(None, months)))
        known = ends_on(one) is not None and two.start is not None
        assert route.in_order is (True if known else None)
        orders.append((two.kind == Kind.SOCIAL_EMPLOYMENT, -route.gain))
    assert orders == sorted(orders)
    for pairs in every.values():  # what is not told is not better than what is
        for (_, second), (gain, _) in pairs.items():
            assert (by_id[second].kind == Kind.SOCIAL_EMPLOYMENT, -gain) >= (orders[-1][0], orders[-1][1] - 1e-9)


DRIVER = world.vacancy("cleaner", id="v-van", languages=(AskedLanguage("nl", Level.C1),), driving_licences=BY_LAW)
PERSON = world.profile(driving_licences=(), languages=(KnownLanguage("fr", Level.B2), KnownLanguage("nl", Level.B1)))
LICENCE = partner(id="t-b", grants=Grants(driving_licences=(DrivingLicence.B,)), start=SOON, duration_months=2.0)
SPEAK = dutch(Level.C1, id="t-c1", start=date(2025, 9, 1), duration_months=6.5)


def steps_of(records: Sequence[Offer], profile: Profile = PERSON) -> list[tuple[str, str]]:
    return [(one.steps[0].offer_id, one.steps[1].offer_id) for one in routes_of(profile, records)]


def test_two_steps_are_told_where_one_is_not_enough_and_their_months_add_up() -> None:
    # The vacancy asks a licence by law, and Dutch: the licence alone opens it, with a score that lacks the Dutch.
    (route,) = routes_of(PERSON, [DRIVER, LICENCE, SPEAK])
    assert [step.offer_id for step in route.steps] == ["t-b", "t-c1"]
    assert (route.months, route.in_order, route.opens_entry, route.opens) == (8.5, True, False, 1)
    assert route.gain > route.alone > 0
    assert route.best == ("v-van",)


def test_a_second_step_that_begins_before_the_first_ends_is_no_route() -> None:
    early = replace(SPEAK, start=date(2025, 6, 30))  # the licence: 1 May and two months, until 1 July
    other = replace(LICENCE, start=date(2025, 4, 20))
    assert ends(LICENCE, TODAY) == date(2025, 7, 1)
    assert ends(replace(LICENCE, duration_months=0.5), TODAY) == date(2025, 5, 16)
    assert steps_of([DRIVER, LICENCE, early]) == []
    assert steps_of([DRIVER, LICENCE, replace(early, start=date(2025, 7, 1))]) == [("t-b", "t-c1")]
    assert steps_of([DRIVER, other, early]) == [("t-b", "t-c1")]
    # The Dutch course ends before the licence begins: the other order.
    assert steps_of([DRIVER, replace(LICENCE, start=LATER), replace(SPEAK, start=SOON)]) == [("t-c1", "t-b")]


def test_dates_that_are_not_known_are_not_guessed() -> None:
    (route,) = routes_of(PERSON, [DRIVER, replace(LICENCE, duration_months=None), SPEAK])
    assert (route.months, route.in_order) == (None, None)
    (route,) = routes_of(PERSON, [DRIVER, LICENCE, replace(SPEAK, start=None)])
    assert (route.months, route.in_order) == (8.5, None)
    assert follows(None, SPEAK, TODAY) is None
    # Of two that grant the same, the one whose dates are known to fit.
    (route,) = routes_of(PERSON, [DRIVER, LICENCE, replace(SPEAK, id="t-a", start=None), SPEAK])
    assert (route.steps[1].offer_id, route.in_order) == ("t-c1", True)


def test_what_is_full_or_closed_is_no_step() -> None:
    for gone in ({"positions": 2, "filled": 2}, {"closed_on": TODAY}, {"audience": ("bf_trainee",)}):
        assert steps_of([DRIVER, LICENCE, replace(SPEAK, **gone)]) == []
        assert steps_of([DRIVER, replace(LICENCE, **gone), SPEAK]) == []


def test_a_first_step_opens_the_entry_of_the_second() -> None:
    # Dutch B1 asks Dutch A2, which the A2 course grants; alone that does little. Work experience asks a licence by law.
    vacancy = world.vacancy("cleaner", id="v-nl", languages=(AskedLanguage("nl", Level.B1),))
    asking = replace(dutch(Level.B1, languages=(AskedLanguage("nl", Level.A2),)), start=LATER, duration_months=6.0)
    beginner, speaks = dutch(Level.A2, start=SOON, duration_months=3.0), (KnownLanguage("nl", Level.A1),)
    (route,) = routes_of(replace(PERSON, languages=speaks), [vacancy, beginner, asking])
    assert ([step.offer_id for step in route.steps], route.opens_entry) == (["t-nl-A2", "t-nl-B1"], True)
    assert route.steps[1].entry.lacks == ()
    none = replace(PERSON, languages=(KnownLanguage("nl", Level.NONE),))  # for whom B1 is three levels further
    assert steps_of([vacancy, beginner, asking], none) == [("t-nl-A2", "t-nl-B1")]
    assert steps_of([vacancy, dutch(Level.A1, start=SOON, duration_months=3.0), asking], none) == []
    work = partner(
        id="w-1", kind=Kind.WORK_EXPERIENCE, occupation=Mention(occupation("cook")), grants=Grants(experience_months=24),
        driving_licences=BY_LAW, start=LATER, duration_months=12.0,
    )  # fmt: skip
    cook = world.vacancy("cook", id="v-cook", experience_months=24, competences=())
    person = world.profile("cook", driving_licences=(), professions_done=())
    (route,) = routes_of(person, [cook, replace(LICENCE, occupation=None), work])
    assert ([step.offer_id for step in route.steps], route.opens_entry, route.months) == (["t-b", "w-1"], True, 14.0)


def test_a_level_that_becomes_known_may_close_what_seemed_open() -> None:
    # Dutch not known: whether the B1 course may be entered is to check. After the A1 course it is known to be too early.
    unknown = replace(PERSON, languages=(KnownLanguage("fr", Level.B2),))
    vacancy = world.vacancy("cleaner", id="v-nl", languages=(AskedLanguage("nl", Level.B1),))
    asking = replace(SPEAK, grants=Grants(languages=(KnownLanguage("nl", Level.B1),)), languages=(AskedLanguage("nl", Level.A2),))
    first = dutch(Level.A1, start=SOON, duration_months=1.0)
    told = unlock(engine([vacancy, first, asking]), unknown, [first, asking], TODAY).by_kind[Kind.TRAINING]
    assert [one.entry.may_enter for one in told if one.offer_id == "t-c1"] == [None]
    assert steps_of([vacancy, first, asking], unknown) == []


def test_a_route_that_adds_little_is_not_told() -> None:
    more = partner(id="t-vca", grants=Grants(certificates=(Certificate.VCA,)), start=SOON, duration_months=1.0)
    assert steps_of([DRIVER, more, SPEAK]) == []
    covered = dutch(Level.B2, start=SOON, duration_months=1.0)
    vacancy = world.vacancy("cleaner", id="v-nl", languages=(AskedLanguage("nl", Level.C1),))
    assert steps_of([vacancy, covered, SPEAK]) == []  # C1 alone may be entered, and does as much


def test_routes_by_social_employment_come_last() -> None:
    cook = world.vacancy("cook", id="v-cook", experience_months=24, languages=(AskedLanguage("nl", Level.C1),))
    person = world.profile("cook", professions_done=(), languages=(KnownLanguage("nl", Level.B1),))
    work = partner(
        id="w-1", kind=Kind.WORK_EXPERIENCE, occupation=Mention(occupation("cook")), grants=Grants(experience_months=18),
        start=LATER, duration_months=18.0,
    )  # fmt: skip
    social = replace(work, id="s-1", kind=Kind.SOCIAL_EMPLOYMENT, grants=Grants(experience_months=24))
    speak = replace(SPEAK, start=SOON, occupation=None)
    told = routes_of(person, [cook, work, social, speak])
    assert [[step.offer_id for step in one.steps] for one in told] == [["t-c1", "w-1"], ["t-c1", "s-1"]]
    assert told[1].gain > told[0].gain


# At the doors


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Any:
    made = serve(tmp_path_factory.mktemp("routes"))
    again = replace(SPEAK, id="t-c1-b", start=LATER)
    asks = dutch(Level.B2, id="t-asks", languages=(AskedLanguage("nl", Level.C1),), education=8, experience_months=48)
    spoken = world.vacancy("cleaner", id="v-nl", languages=(AskedLanguage("nl", Level.C1),))
    made.store.put_offers([DRIVER, spoken, LICENCE, SPEAK, again, asks], made.desk.clock())
    able = replace(PERSON, id="p-8", driving_licences=(DrivingLicence.B,), languages=(KnownLanguage("nl", Level.C1),))
    made.store.put_profiles([replace(PERSON, id="p-9"), able], made.desk.clock())
    yield made
    made.store.close()


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_numbers_of_routes_are_those_that_were_computed(service: Service, lang: str) -> None:
    answer = pathways_for(service.desk, service.desk.profile("p-9"), CONSULTANT[lang])
    (route,) = answer.routes
    said = numbers(re.sub("[«\"].*?[»\"]", "", route.sentence))
    assert said == [8.5, 10, route.entering, route.opens, round(route.gain, 2), round(route.alone, 2)]
    assert [step.title for step in route.steps] == [LICENCE.title, SPEAK.title]
    text = drawn(answer)
    assert route.sentence in text
    assert answer.routes_text == ""
    rows = [row for row in listings.pathways(answer).records() if row["part"] == "route"]
    assert [(row["id"], row["sentence"]) for row in rows] == [("t-b, t-c1", route.sentence)]


def test_an_offer_is_told_with_its_dates_its_distance_and_its_entry(service: Service) -> None:
    def unlocks(lang: str) -> tuple[dict[str, Any], str]:
        answer = pathways_for(service.desk, service.desk.profile("p-9"), CONSULTANT[lang])
        return {one.offer_id: one for group in answer.unlocks for one in group.offers}, drawn(answer)

    told, text = unlocks("en")
    speak, asks = told["t-c1"], told["t-asks"]
    assert (speak.start, speak.duration_months, speak.may_enter, speak.others) == (SPEAK.start, 6.5, True, ("t-c1-b",))
    assert speak.minutes == naive.journey(twin(), PERSON, SPEAK)[0]  # type: ignore[index]
    assert "1 other offer grants the same." in text
    assert f"starts: 1 September 2025 · 6.5 months · {speak.minutes} minutes of travel · may be entered now" in text
    assert "start unknown · duration unknown" in text
    assert asks.may_enter is False
    assert [rule.sentence for rule in asks.failed] == [
        "asked: Dutch C1", "experience asked: 48 months in the profession", "diploma asked: EQF level 8",
    ]  # fmt: skip
    assert "gevraagd: Nederlands C1" in unlocks("nl")[1]
    assert "demandé : néerlandais C1" in unlocks("fr")[1]


def test_routes_over_http(service: Service) -> None:
    told = service.ask("POST", "/pathways", json={"profileId": "p-9"}, headers={"Accept-Language": "nl"}).get_json()
    (route,) = told["routes"]
    assert [step["offerId"] for step in route["steps"]] == ["t-b", "t-c1"]
    assert (route["durationMonths"], route["inOrder"], route["opensEntry"]) == (8.5, True, False)
    assert "Nederlands" not in told["routesText"]
    none = service.ask("POST", "/pathways", json={"profileId": "p-8"}, headers={"Accept-Language": "nl"}).get_json()
    assert (none["routes"], none["routesText"][:19]) == ([], "Geen traject in twe")
