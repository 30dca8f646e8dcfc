"""Prices of limits and of languages: every figure equals searching again, and a limit set aside is a limit that was solved."""

import itertools
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import naive_search
import strategies
import world
from matching import listings
from matching.answers import PathwaysAnswer
from matching.codes import LANGUAGES_OF_SERVICE, Contract, DrivingLicence, Kind, Level, Limit, Role, Shift
from matching.guidance import usable
from matching.matcher import Suggestions, Wish
from matching.pathways.desk import drawn, pathways_for
from matching.pathways.pricing import CLEARLY, MAIN, NOTABLE, Pricing, Relaxation, price
from matching.pathways.unlocking import SMALLEST_GAIN
from matching.pathways.whole import candidates_for_change
from matching.pathways.words import worth_relaxing
from matching.records import (
    AskedLanguage,
    AskedLicence,
    Constraint,
    Exclusions,
    Grants,
    KnownLanguage,
    Offer,
    Profile,
)
from test_api import Service, assert_problem, serve
from test_pathways import (
    CONSULTANT,
    OFTEN,
    TOP,
    VACANCIES,
    best,
    engine,
    ids,
    numbers,
    partner,
    people,
    twin,
    worth,
)
from world import TODAY

LEVELS = list(Level)
several = st.lists(strategies.a_vacancy, min_size=1, max_size=7)


def named(records: list[Offer]) -> list[Offer]:
    return [replace(one, id=f"v-{n}") for n, one in enumerate(records)]


def solved(profile: Profile, limits: Collection[Limit]) -> Profile:
    """The profile in which some limits are marked solvable."""
    kept = [one for one in profile.constraints if one.limit not in limits]
    return replace(profile, constraints=(*kept, *(Constraint(limit, solvable=True) for limit in limits)))


def priced(profile: Profile, records: list[Offer], top: int = TOP) -> Pricing:
    matcher, partners = engine(records), [offer for offer in records if offer.kind != Kind.VACANCY]
    answer, _ = candidates_for_change(matcher, profile, TODAY, top)
    return price(matcher, profile, answer, partners, TODAY, top)


def searched(profile: Profile, records: list[Offer], relax: Collection[Limit] = ()) -> naive_search.Suggested:
    return naive_search.suggest(twin(), profile, records, TOP, VACANCIES, None, frozenset(relax), None)


@OFTEN
@given(people, several)
def test_prices_equal_their_twin(profile: Profile, vacancies: list[Offer]) -> None:
    records = named(vacancies)
    found, now = priced(profile, records), searched(profile, records)
    if now.status in {"closed", "too_little_known"}:
        assert found == Pricing()
        return
    listed = now.lists[Kind.VACANCY]
    assert found.worth == pytest.approx(worth(listed), abs=1e-9)
    assert [one.limits for one in found.single] == [(limit,) for limit in now.prices]
    for one in [*found.single, *found.pairs]:
        then = searched(profile, records, one.limits)
        counts = (then.allowed - now.allowed, then.suitable - now.suitable, then.good - now.good)
        assert (one.opens, one.suitable, one.good) == counts
        assert one.entering == len(ids(then.lists[Kind.VACANCY]) - ids(listed))
        assert one.gain == pytest.approx(worth(then.lists[Kind.VACANCY]) - worth(listed), abs=1e-9)
        if len(one.limits) == 1:
            assert (one.opens, one.suitable, one.good) == now.prices[one.limits[0]][1:]
    both = [pair for pair in itertools.combinations(now.prices, 2) if searched(profile, records, pair).allowed > now.allowed]
    assert {one.limits for one in found.pairs} == set(both)


@OFTEN
@given(people, several, st.sets(st.sampled_from(Limit), max_size=3))
def test_a_limit_set_aside_is_a_limit_that_was_solved(profile: Profile, vacancies: list[Offer], limits: set[Limit]) -> None:
    matcher, base = engine(named(vacancies)), replace(profile, basis=world.profile().basis)
    aside = matcher.suggest(base, TODAY, Wish(TOP, VACANCIES, relax=frozenset(limits)))
    changed = matcher.suggest(solved(base, limits), TODAY, Wish(TOP, VACANCIES))

    def told(answer: Suggestions) -> Any:
        shown = [(m.offer_id, m.rank, m.score) for m in answer.lists.get(Kind.VACANCY, ())]
        return answer.status, shown, answer.allowed, answer.suitable, answer.good, answer.jointly

    assert told(aside) == told(changed)


@OFTEN
@given(people, several)
def test_two_limits_open_and_gain_at_least_what_each_does(profile: Profile, vacancies: list[Offer]) -> None:
    found = priced(profile, named(vacancies))
    alone = {one.limits[0]: one for one in found.single}
    for pair in found.pairs:
        one, other = (alone[limit] for limit in pair.limits)
        assert pair.opens >= one.opens + other.opens
        assert pair.gain >= max(one.gain, other.gain) - 1e-12
    assert all(one.gain >= 0 for one in found.single)
    assert [pair.gain for pair in found.pairs] == sorted((pair.gain for pair in found.pairs), reverse=True)
    best_gain = max((one.gain for one in found.single), default=0.0)
    assert (found.best is not None) == (best_gain >= SMALLEST_GAIN)
    assert found.best is None or found.best.gain == best_gain
    told = found.best.gain if found.best else 0.0
    clear = bool(found.pairs) and found.pairs[0].gain >= max(told * CLEARLY, told + NOTABLE)
    assert (found.best_pair is not None) == clear


NIGHT = world.vacancy("cleaner", id="v-night", shifts=(Shift.NIGHT,))
FIXED = world.vacancy("cleaner", id="v-fixed", contract=Contract.FIXED_TERM)
BOTH = world.vacancy("cleaner", id="v-both", shifts=(Shift.NIGHT,), contract=Contract.FIXED_TERM)
LIMITED = world.profile(
    impossible_shifts=(Shift.NIGHT,), contracts=(Contract.PERMANENT,), constraints=(Constraint(Limit.CONTRACT),),
    languages=(KnownLanguage("fr", Level.C2), KnownLanguage("nl", Level.C2)),
)  # fmt: skip


def test_alone_and_together() -> None:
    # v-night is removed by shifts alone, v-fixed by the contract alone, v-both by the two: 1 + 1 + 1 = 3 come back together.
    found = priced(LIMITED, [NIGHT, FIXED, BOTH])
    assert found.worth == 0
    assert [(one.limits, one.opens, one.entering) for one in found.single] == [
        ((Limit.SHIFTS,), 1, 1), ((Limit.CONTRACT,), 1, 1),
    ]  # fmt: skip
    (pair,) = found.pairs
    assert (pair.limits, pair.opens, pair.entering) == ((Limit.SHIFTS, Limit.CONTRACT), 3, 3)
    assert found.best in found.single
    assert found.best_pair == pair


def test_two_limits_are_told_only_when_they_do_clearly_more() -> None:
    # Two vacancies are alike, but one is in the shift that is impossible, and one of the contract not wanted as well.
    found = priced(LIMITED, [NIGHT, BOTH], top=1)
    (pair,) = found.pairs
    # The list has one place. Without the limit on shifts it holds v-night; without both as well, which scores at least as high.
    assert found.best is not None
    assert found.best.limits == (Limit.SHIFTS,)
    assert pair.gain == found.best.gain
    assert found.best_pair is None
    # What only the two together open is told, however little one alone does.
    alone = priced(LIMITED, [BOTH])
    assert [one.gain for one in alone.single] == [0, 0]
    assert alone.best is None
    assert alone.best_pair is not None
    assert alone.best_pair.opens == 1


def test_the_law_exclusions_and_closed_offers_have_no_price() -> None:
    person = replace(LIMITED, driving_licences=(), exclusions=Exclusions(employers=("Bad Boss",)))
    kept = [
        replace(NIGHT, id="v-law", driving_licences=(AskedLicence(DrivingLicence.B, legal=True),)),
        replace(NIGHT, id="v-boss", employer="Bad Boss"),
        replace(NIGHT, id="v-closed", closed_on=TODAY),
        replace(NIGHT, id="v-full", positions=1, filled=1),
    ]
    found = priced(person, kept)
    assert [(one.limits, one.opens, one.gain) for one in found.single] == [((Limit.SHIFTS,), 0, 0)]
    assert (found.best, found.best_pair) == (None, None)
    open_one = priced(person, [*kept, NIGHT])
    assert [(one.limits, one.opens) for one in open_one.single] == [((Limit.SHIFTS,), 1)]


def test_nothing_has_a_price_outside_the_dates_or_of_an_empty_file() -> None:
    late = replace(LIMITED, handed_over_on=date(2025, 3, 1))
    assert priced(late, [NIGHT]) == Pricing()
    known = world.profile()
    assert priced(Profile("x", known.source, known.basis, "art60", date(2025, 2, 1)), [NIGHT]) == Pricing()


# Languages


def speaking(profile: Profile, code: str, level: int) -> Profile:
    others = [one for one in profile.languages or () if one.code != code]
    return replace(profile, languages=(*others, KnownLanguage(code, LEVELS[level])))


@OFTEN
@given(people, several)
def test_languages_among_the_main_prices_equal_their_twin(profile: Profile, vacancies: list[Offer]) -> None:
    records, base = named(vacancies), usable(profile, TODAY)[0]
    found = priced(profile, records)
    if found.worth is None or usable(profile, TODAY)[1]:
        return
    expected: dict[str, float] = {}
    for code in ("nl", "fr"):
        known = [LEVELS.index(one.level) for one in base.languages or () if one.code == code and one.level]
        now = max(known, default=0)
        before = worth(best(base if known else speaking(base, code, 0), records))
        more = range(now + 1, min(now + 3, len(LEVELS)))
        gains = [worth(best(speaking(base, code, level), records)) - before for level in more]
        if gains:
            expected[code] = max(gains)
    gains_of_limits = [one.gain for one in found.single if one.gain >= SMALLEST_GAIN]
    least = max(NOTABLE, MAIN * max([*gains_of_limits, *expected.values()], default=0.0))
    told = {gap.language: gap for gap in found.gaps}
    assert [gap.gain for gap in found.gaps] == sorted((gap.gain for gap in found.gaps), reverse=True)
    for code, gain in expected.items():
        if abs(gain - least) > 1e-9 or code in told:
            assert (code in told) == (gain >= least - 1e-9)
        if code in told:
            gap = told[code]
            assert gap.gain == pytest.approx(gain, abs=1e-9)
            before_person = speaking(base, code, LEVELS.index(gap.before)) if gap.assumed else base
            now_listed = best(before_person, records)
            then_listed = best(speaking(base, code, LEVELS.index(gap.after)), records)
            assert worth(then_listed) - worth(now_listed) == pytest.approx(gap.gain, abs=1e-9)
            assert gap.entering == len(ids(then_listed) - ids(now_listed))


DUTCH = world.vacancy("cleaner", id="v-nl", languages=(AskedLanguage("nl", Level.B2),))
SPEAKS = world.profile(languages=(KnownLanguage("fr", Level.C2), KnownLanguage("nl", Level.A2)))


def course(name: str, level: Level = Level.B1, code: str = "nl", **changes: Any) -> Offer:
    return partner(id=name, grants=Grants(languages=(KnownLanguage(code, level),)), **changes)


def test_courses_stand_beside_a_language_that_costs_much() -> None:
    offers = [
        course("t-b1"), course("t-b2", Level.B2), course("t-night", shifts=(Shift.NIGHT,)),
        course("t-full", positions=1, filled=1), course("t-others", audience=("bf_trainee",)),
        course("t-a2", Level.A2), course("t-c1", Level.C1),
        course("t-fr", Level.C2, "fr"), course("s-b1", kind=Kind.SOCIAL_EMPLOYMENT),
    ]  # fmt: skip
    person = replace(SPEAKS, impossible_shifts=(Shift.NIGHT,))
    (gap,) = priced(person, [DUTCH, *offers]).gaps
    # B2 is asked, two levels from A2: the second level gains more than the first.
    assert (gap.language, gap.before, gap.after, gap.assumed) == ("nl", Level.A2, Level.B2, False)
    assert gap.courses == ("t-b1", "t-b2")


def test_no_more_than_three_courses() -> None:
    (gap,) = priced(SPEAKS, [DUTCH, *(course(f"t-{n}") for n in range(5))]).gaps
    assert gap.courses == ("t-0", "t-1", "t-2")


def test_a_level_that_is_not_known_counts_as_none_and_says_so() -> None:
    unknown = world.profile(languages=(KnownLanguage("fr", Level.C2),))
    (gap,) = priced(unknown, [DUTCH]).gaps
    assert (gap.before, gap.assumed, gap.courses) == (Level.NONE, True, ())
    known = priced(speaking(unknown, "nl", 0), [DUTCH]).gaps[0]
    assert known == replace(gap, assumed=False)


def test_a_language_is_not_told_where_a_limit_costs_far_more() -> None:
    assert priced(SPEAKS, [DUTCH]).gaps
    # Vacancies at night ask no Dutch. Five of them: two levels of Dutch gain more than half of what that limit costs, and are
    # told. Nine: less than half, and they are not.
    person = replace(SPEAKS, impossible_shifts=(Shift.NIGHT,))
    for nights, told in ((5, True), (9, False)):
        records = [DUTCH, *(replace(NIGHT, id=f"v-{n}", languages=()) for n in range(nights))]
        found = priced(person, records, top=10)
        assert found.best is not None
        assert found.best.entering == nights
        dutch = worth(best(speaking(person, "nl", 4), records, 10)) - worth(best(person, records, 10))
        assert (dutch >= MAIN * found.best.gain) == told
        assert bool(found.gaps) == told


def test_a_language_that_nobody_asks_or_that_is_mastered_has_no_price() -> None:
    assert not priced(SPEAKS, [world.vacancy("cleaner", id="v-1", languages=())]).gaps
    assert not priced(speaking(SPEAKS, "nl", 6), [DUTCH]).gaps


# At the doors


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    made = serve(tmp_path_factory.mktemp("pricing"))
    now = made.desk.clock()
    person = replace(LIMITED, id="p-9", languages=(KnownLanguage("fr", Level.C2),))
    dutch = [replace(DUTCH, id=f"v-nl-{n}", languages=(AskedLanguage("nl", Level.A2),)) for n in range(3)]
    made.store.put_offers([NIGHT, FIXED, BOTH, *dutch, course("t-a2", Level.A2, title="Nederlands A2")], now)
    made.store.put_profiles([person], now)
    yield made
    made.store.close()


def asked(service: Service, lang: str, **more: Any) -> PathwaysAnswer:
    return pathways_for(service.desk, service.desk.profile("p-9"), CONSULTANT[lang], **more)


@pytest.mark.parametrize("lang", LANGUAGES_OF_SERVICE)
def test_numbers_of_prices_are_those_that_were_computed(service: Service, lang: str) -> None:
    prices = asked(service, lang).prices
    assert prices.limits
    assert prices.pairs
    for one in prices.limits:
        figures = [one.removes, one.alone, one.suitable, one.good, 10, one.entering]
        assert numbers(one.sentence) == [*figures, pytest.approx(one.gain, abs=0.00501)]
    for both in prices.pairs:
        figures = [both.opens, both.suitable, both.good, 10, both.entering]
        assert numbers(both.sentence) == [*figures, pytest.approx(both.gain, abs=0.00501)]
    gain = {one.limit: one.gain for one in prices.limits}[prices.best[0]]
    assert numbers(prices.best_text) == [pytest.approx(gain, abs=0.00501)]
    (pair,) = [one for one in prices.pairs if one.limits == prices.best_pair]
    assert numbers(prices.best_pair_text) == [pytest.approx(pair.gain, abs=0.00501), pytest.approx(gain, abs=0.00501)]


def test_prices_are_those_of_the_list_and_of_the_whole_matcher(service: Service) -> None:
    matcher, person, prices = service.desk.loaded().matcher, service.desk.profile("p-9"), asked(service, "en").prices
    plain = matcher.suggest(person, TODAY)
    assert prices.jointly == plain.jointly
    assert [(p.limit, p.removes, p.alone, p.suitable, p.good) for p in prices.limits] == [
        (p.limit, p.removes, p.alone, p.suitable, p.good) for p in plain.prices
    ]
    for one in prices.pairs:
        assert one.opens == matcher.suggest(solved(person, one.limits), TODAY).allowed - plain.allowed


def test_a_language_is_said_with_its_courses(service: Service) -> None:
    for lang, unknown in {"fr": "pas connu", "nl": "niet bekend", "en": "not known"}.items():
        answer = asked(service, lang)
        (one,) = answer.prices.languages
        assert (one.language, one.before, one.assumed) == ("nl", Level.NONE, True)
        assert [(course.offer_id, course.title) for course in one.courses] == [("t-a2", "Nederlands A2")]
        assert one.sentence.startswith(one.text.capitalize())
        assert unknown in one.sentence
        gain = pytest.approx(one.gain, abs=0.00501)
        assert numbers(one.sentence.replace(one.after, "", 1))[:3] == [10, one.entering, gain]
        assert f"{one.sentence}\n" in drawn(answer)
        assert "Nederlands A2 (t-a2)" in drawn(answer)


def test_everything_is_drawn_and_in_the_table(service: Service) -> None:
    answer = asked(service, "nl")
    text, rows = drawn(answer), listings.pathways(answer).records()
    parts = {
        "price": [one.sentence for one in answer.prices.limits],
        "prices": [one.sentence for one in answer.prices.pairs],
        "language": [one.sentence for one in answer.prices.languages],
    }
    assert all([parts["price"], parts["prices"], parts["language"]])
    for part, told in parts.items():
        assert [row["sentence"] for row in rows if row["part"] == part] == told
    shown = [*(one.sentence for one in answer.prices.limits), answer.prices.best_text, answer.prices.best_pair_text]
    assert all(line in text for line in shown)


def test_without_limits_it_says_so(service: Service) -> None:
    free = world.profile(id="p-free", impossible_shifts=(), impossible_days=(), constraints=())
    answer = pathways_for(service.desk, free, CONSULTANT["en"])
    assert (answer.prices.limits, answer.prices.best_text) == ((), "")
    assert answer.prices_text == "No limit of the person removes a vacancy."
    assert answer.prices_text in drawn(answer)


def test_a_single_limit_that_would_not_help_is_said(service: Service) -> None:
    desk = service.desk
    pair = Relaxation((Limit.SHIFTS, Limit.CONTRACT), 1, 1, 1, 1, 0.25)
    said = {lang: worth_relaxing(desk.speaker(desk.loaded(), CONSULTANT[lang], TODAY), None, pair) for lang in CONSULTANT}
    assert said["en"] == (
        "Relaxing a single limit would not improve the list.",
        'Relaxing "shifts and kind of contract" together would do clearly more (gain: 0.25 instead of 0.00).',
    )
    assert {tuple(numbers(both)) for _, both in said.values()} == {(0.25, 0.0)}


def test_embedded_in_a_list_for_consultants_only_and_not_logged(service: Service) -> None:
    body, said = {"profileId": "p-9"}, {"Accept-Language": "en"}
    told = service.ask("POST", "/suggestions?embed=pathways", json=body, headers=said).get_json()
    plain = service.ask("POST", "/suggestions", json=body, headers=said).get_json()
    apart = service.ask("POST", "/pathways", json=body, headers=said).get_json()
    assert told["pathways"] == apart
    assert apart["prices"]["limits"]
    assert plain["pathways"] is None
    assert set(plain) == set(told)
    logged = service.ask("GET", f"/suggestions/{told['id']}").get_data(as_text=True)
    assert not [name for name in ("pathways", "prices", "unlocks", "asks") if name in logged]
    for role in set(Role) - {Role.CONSULTANT}:
        refused = service.ask("POST", "/suggestions?embed=pathways", role, json=body)
        assert "prices" not in str(assert_problem(refused, 403))
    assert_problem(service.ask("POST", "/suggestions?embed=profile", json=body), 400)
    for path in ("/candidates", "/explanations"):
        assert_problem(service.ask("POST", f"{path}?embed=pathways", Role.RECRUITER, json={"offerId": "v-cook"}), 400)


def test_a_long_list_embeds_what_opens_its_first_twenty(service: Service) -> None:
    told = service.ask("POST", "/suggestions?embed=pathways", json={"profileId": "p-9", "top": 50}).get_json()
    assert told["pathways"]["top"] == 20
