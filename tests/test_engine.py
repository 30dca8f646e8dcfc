"""Properties of the engine, checked against the twins of `naive` over records that Hypothesis makes up."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import naive
import naive_search
import strategies
from matching import rules
from matching.codes import Contract, Day, DrivingLicence, Kind, Level, Limit, Requirement, Shift, SourceKind
from matching.comparisons import COMPARISONS, FULL, NAMES, NOT_ASKED
from matching.geography import Geography, Place
from matching.guidance import BLOCKED, may_match, usable
from matching.matcher import Matcher, Suggestions, Wish
from matching.pairs import Match
from matching.records import (
    AskedCompetence,
    AskedLanguage,
    Constraint,
    DoneProfession,
    HeldCompetence,
    KnownLanguage,
    Offer,
    Override,
    Profile,
    Source,
)
from models.artifact import load
from world import COMPETENCES, OCCUPATIONS, TODAY, competence, geography, groups, market, occupation, taxonomy
from world import profile as person
from world import vacancy as an_offer

TIMES = int(os.environ.get("ENGINE_TIMES", "1"))
"""How many times more examples than usual are tried."""
OFTEN = settings(
    deadline=None,
    max_examples=50 * TIMES,
    derandomize="CI" in os.environ,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
THOROUGH, SELDOM = settings(OFTEN, max_examples=120 * TIMES), settings(OFTEN, max_examples=25 * TIMES)

profiles, offers, vacancies, markets = strategies.a_person, strategies.an_offer, strategies.a_vacancy, strategies.a_market
trains = st.booleans()
weights = st.none() | st.dictionaries(st.sampled_from(NAMES), st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0, 7.0]), max_size=3)
limits = st.sets(st.sampled_from(Limit), max_size=2).map(frozenset)


@cache
def model() -> Any:
    return load()


def built(records: Sequence[Offer], without_trains: bool = True) -> Matcher:
    """A matcher over the toy world in which competences are also narrower and broader."""
    return Matcher.build(taxonomy(kin=True), geography(without_trains), groups(), model(), records)


def twin(without_trains: bool = True, today: date = TODAY) -> naive.World:
    return naive.World(taxonomy(kin=True), geography(without_trains), groups(), model(), today)


def pair(profile: Profile, offer: Offer, without_trains: bool = True, asked: Mapping[str, float] | None = None) -> Match:
    """Score one pair, however little the profile holds."""
    engine = built([offer], without_trains)
    tables, _ = engine.model.weighted(asked or {})
    return engine.match(engine.people([profile], TODAY), 0, 0, engine.world(TODAY), tables, 1)


def by_name(match: Match) -> dict[str, int]:
    return dict(zip(NAMES, match.values, strict=True))


def results(match: Match) -> dict[str, str]:
    """Every rule of a match: passes, fails or unchecked."""
    failed, unchecked = set(match.failed), set(match.to_check)
    return {
        rule.name: naive.FAILS if rule.name in failed else naive.UNCHECKED if rule.name in unchecked else naive.PASSES
        for rule in rules.RULES
    }


def listed(matches: Sequence[Match]) -> list[tuple[str, float]]:
    return [(match.offer_id, match.score) for match in matches]


def everything(answer: Suggestions) -> list[Match]:
    return [match for matches in (*answer.lists.values(), answer.near_misses, answer.dutch_courses) for match in matches]


def told(profile: Profile) -> Profile:
    return usable(profile, TODAY)[0]


# The engine equals its twin.


@THOROUGH
@given(profiles, offers, trains)
def test_comparisons_equal_their_twins(profile: Profile, offer: Offer, without_trains: bool) -> None:
    assert by_name(pair(profile, offer, without_trains)) == naive.values(twin(without_trains), told(profile), offer)


@THOROUGH
@given(profiles, offers, trains)
def test_rules_equal_their_twins(profile: Profile, offer: Offer, without_trains: bool) -> None:
    match = pair(profile, offer, without_trains)
    basis = BLOCKED not in usable(profile, TODAY)[1]
    gate, _ = may_match(profile, groups(), TODAY)
    assert results(match) == naive.rule_results(twin(without_trains), told(profile), offer, basis, gate)


@OFTEN
@given(profiles, offers, weights)
def test_score_and_contributions_equal_their_twins_to_the_last_bit(
    profile: Profile, offer: Offer, asked: Mapping[str, float] | None
) -> None:
    match = pair(profile, offer, asked=asked)
    added = naive_search.contributions(model(), naive.values(twin(), told(profile), offer), asked or {})
    assert list(match.contributions) == added
    assert match.score == naive_search.score(model(), added)


@THOROUGH
@given(profiles, markets, trains, weights, limits, st.integers(1, 5), st.booleans())
def test_suggest_equals_its_twin(
    profile: Profile, records: list[Offer], without_trains: bool, asked: Any, relax: frozenset[Limit], top: int, partners: bool
) -> None:
    kinds = frozenset(Kind) if partners else frozenset({Kind.VACANCY})
    override = Override("extra month agreed", "c-1") if top == 1 else None
    wish = Wish(top, kinds, asked or {}, relax)
    answer = built(records, without_trains).suggest(profile, TODAY, wish, override)
    expected = naive_search.suggest(twin(without_trains), profile, records, top, kinds, asked, relax, override)
    assert answer.status == expected.status
    assert {kind: listed(matches) for kind, matches in answer.lists.items()} == expected.lists
    assert listed(answer.near_misses) == expected.near_misses
    assert listed(answer.dutch_courses) == expected.dutch_courses
    assert {p.limit: (p.removes, p.alone, p.suitable, p.good) for p in answer.prices} == expected.prices
    assert answer.relaxation == expected.relaxation
    for name in ("considered", "allowed", "suitable", "good", "removed", "jointly", "missing"):
        assert getattr(answer, name) == getattr(expected, name), name
    assert answer.profile_coverage == pytest.approx(expected.profile_coverage)
    for matches in (*answer.lists.values(), answer.near_misses, answer.dutch_courses):
        assert [match.rank for match in matches] == list(range(1, len(matches) + 1))


@SELDOM
@given(st.lists(profiles, min_size=1, max_size=6), offers, weights, st.integers(1, 6))
def test_candidates_equal_their_twin(people: list[Profile], offer: Offer, asked: Any, top: int) -> None:
    people = [replace(one, id=f"p-{n}") for n, one in zip((7, 10, 2, 1, 33, 4), people, strict=False)]
    engine = built([])
    answer = engine.candidates(offer, engine.people(people, TODAY), top, asked)
    ranked, allowed, unscored, removed = naive_search.candidates(twin(), offer, people, top, asked)
    assert [(match.profile_id, match.score) for match in answer.matches] == ranked
    assert (answer.considered, answer.allowed, answer.unscored) == (len(people), allowed, unscored)
    assert answer.removed == removed


# One score, on every path.


@SELDOM
@given(profiles, markets, weights)
def test_every_path_gives_a_pair_the_same_score(profile: Profile, records: list[Offer], asked: Any) -> None:
    engine = built(records)
    by_id = {offer.id: offer for offer in records}
    people = engine.people([profile], TODAY)
    for match in everything(engine.suggest(profile, TODAY, Wish(weights=asked or {}))):
        alone, _ = engine.explain(profile, by_id[match.offer_id], TODAY, asked)
        assert alone is not None
        assert replace(alone, rank=match.rank) == match
        found = engine.candidates(by_id[match.offer_id], people, 1, asked).matches
        assert not found or replace(found[0], rank=match.rank) == match


@SELDOM
@given(st.lists(profiles, min_size=2, max_size=5), offers)
def test_a_person_among_others_is_scored_as_alone(people: list[Profile], offer: Offer) -> None:
    people = [replace(one, id=f"p-{n}") for n, one in enumerate(people)]
    engine = built([offer])
    tables, _ = engine.model.weighted({})
    together = engine.people(people, TODAY)
    for i, one in enumerate(people):
        alone = engine.match(engine.people([one], TODAY), 0, 0, engine.world(TODAY), tables, 1)
        assert engine.match(together, i, 0, engine.world(TODAY), tables, 1) == alone


@SELDOM
@given(profiles, markets, st.randoms(use_true_random=False))
def test_shuffling_the_offers_changes_nothing(profile: Profile, records: list[Offer], random: Any) -> None:
    shuffled = list(records)
    random.shuffle(shuffled)
    assert built(records).suggest(profile, TODAY) == built(shuffled).suggest(profile, TODAY)


@SELDOM
@given(offers, st.data())
def test_the_order_of_a_list_in_a_record_changes_nothing(offer: Offer, data: st.DataObject) -> None:
    profile = person(modes=None, languages=(KnownLanguage("fr", Level.A2), KnownLanguage("nl", Level.A1)))
    turned = replace(
        offer,
        competences=offer.competences and tuple(data.draw(st.permutations(offer.competences))),
        languages=offer.languages and tuple(data.draw(st.permutations(offer.languages))),
        postcodes=offer.postcodes and offer.postcodes[::-1],
        shifts=offer.shifts and offer.shifts[::-1],
    )
    assert pair(profile, offer).values == pair(profile, turned).values


@SELDOM
@given(profiles, markets, st.integers(0, 6))
def test_the_top_k_begins_the_top_k_plus_one(profile: Profile, records: list[Offer], top: int) -> None:
    engine = built(records)
    shorter, longer = (engine.suggest(profile, TODAY, Wish(n)).lists.get(Kind.VACANCY, ()) for n in (top, top + 1))
    assert longer[:top] == shorter


@SELDOM
@given(profiles, vacancies, st.integers(1, 4))
def test_ties_go_by_id(profile: Profile, offer: Offer, top: int) -> None:
    copies = [replace(offer, id=id) for id in ("b", "a", "c10", "c2")]
    found = built(copies).suggest(profile, TODAY, Wish(top)).lists.get(Kind.VACANCY, ())
    assert [match.offer_id for match in found] in ([], ["a", "b", "c10", "c2"][:top])


@OFTEN
@given(profiles, offers, weights)
def test_contributions_sum_to_the_score(profile: Profile, offer: Offer, asked: Any) -> None:
    match = pair(profile, offer, asked=asked)
    assert sum(match.contributions, model().intercept) == match.score
    assert 0 <= match.coverage <= 1


# More is never worse.


@OFTEN
@given(profiles, offers, st.data())
def test_adding_a_competence_that_the_offer_asks_never_lowers_its_score(
    profile: Profile, offer: Offer, data: st.DataObject
) -> None:
    asked = sorted(naive.asked_competences(twin(), offer)) or [competence("mop")]
    more = (*(profile.competences or ()), HeldCompetence(data.draw(st.sampled_from(asked))))
    assert pair(replace(profile, competences=more), offer).score >= pair(profile, offer).score


@OFTEN
@given(profiles, offers, st.data())
def test_adding_any_competence_never_lowers_what_is_covered(profile: Profile, offer: Offer, data: st.DataObject) -> None:
    more = (*(profile.competences or ()), HeldCompetence(competence(data.draw(st.sampled_from(COMPETENCES)))))
    before, after = pair(profile, offer), pair(replace(profile, competences=more), offer)
    for name in ("competences_mandatory", "competences_desired"):
        assert after.contributions[NAMES.index(name)] >= before.contributions[NAMES.index(name)]


@OFTEN
@given(profiles, offers, st.sampled_from(["fr", "nl", "en"]), st.sampled_from(list(Level)))
def test_learning_a_language_further_never_lowers_a_score(profile: Profile, offer: Offer, code: str, level: Level) -> None:
    profile = strategies.known_language(replace(profile, basis=person().basis), code)
    more = (*(profile.languages or ()), KnownLanguage(code, level))
    assert pair(replace(profile, languages=more), offer).score >= pair(profile, offer).score


@OFTEN
@given(profiles, offers, st.sampled_from(list(OCCUPATIONS)), st.sampled_from([None, 0, 6, 30]))
def test_adding_experience_never_lowers_a_score(profile: Profile, offer: Offer, slug: str, months: int | None) -> None:
    profile = replace(profile, professions_done=profile.professions_done or (), basis=person().basis)
    more = (*(profile.professions_done or ()), DoneProfession(occupation(slug), months=months))
    before, after = pair(profile, offer), pair(replace(profile, professions_done=more), offer)
    was, now = by_name(before)["profession_done"], by_name(after)["profession_done"]
    # What was known to be little (below 0.35) becomes unknown when the new months are: that may cost a tenth of a point.
    assert after.score >= before.score or (now == naive.UNKNOWN and was < naive.SHORTFALL[2] and months is None)


@OFTEN
@given(profiles, offers)
def test_a_licence_never_lowers_a_score(profile: Profile, offer: Offer) -> None:
    profile = replace(
        profile, driving_licences=profile.driving_licences or (), certificates=profile.certificates or (), basis=person().basis
    )
    more = (*(profile.driving_licences or ()), DrivingLicence.B)
    assert pair(replace(profile, driving_licences=more), offer).score >= pair(profile, offer).score


@OFTEN
@given(profiles, markets, st.sampled_from(list(Limit)), limits)
def test_relaxing_a_limit_never_removes_a_vacancy(
    profile: Profile, records: list[Offer], limit: Limit, already: frozenset[Limit]
) -> None:
    engine = built(records)
    before = engine.suggest(profile, TODAY, Wish(50, relax=already))
    after = engine.suggest(profile, TODAY, Wish(50, relax=already | {limit}))
    for kind, matches in before.lists.items():
        if kind == Kind.VACANCY:
            assert set(listed(matches)) <= set(listed(after.lists[kind]))
    assert after.allowed >= before.allowed
    assert after.suitable >= before.suitable


@OFTEN
@given(profiles, markets)
def test_a_price_is_what_relaxing_opens(profile: Profile, records: list[Offer]) -> None:
    engine = built(records)
    before = engine.suggest(profile, TODAY)
    for price in before.prices:
        after = engine.suggest(profile, TODAY, Wish(relax=frozenset({price.limit})))
        assert after.allowed - before.allowed == price.alone
        assert after.suitable - before.suitable == price.suitable
        assert after.good - before.good == price.good
    if before.prices:
        none_left = engine.suggest(profile, TODAY, Wish(relax=frozenset(Limit)))
        assert none_left.allowed - before.allowed == before.jointly


@OFTEN
@given(profiles, markets)
def test_near_misses_fail_exactly_one_limit_and_are_not_suggested(profile: Profile, records: list[Offer]) -> None:
    answer = built(records).suggest(profile, TODAY)
    limited = {rule.name for rule in rules.RULES if rule.limit is not None}
    for match in answer.near_misses:
        assert len(match.failed) == 1
        assert limited.issuperset(match.failed)
    assert not any(match.failed for matches in answer.lists.values() for match in matches)


# What may not count does not count.


@OFTEN
@given(profiles, vacancies)
def test_group_source_and_contacts_never_change_the_score_of_a_vacancy(profile: Profile, offer: Offer) -> None:
    other = replace(
        profile,
        target_group=None if profile.target_group else "dsp",
        source=Source(SourceKind.BRUXELLES_FORMATION, "Bruxelles Formation Tremplin"),
        referent_id="r-9",
        contact_id="c-9",
        backup_id="b-9",
        preferred_agency="Schaerbeek",
    )
    one, two = pair(profile, offer), pair(other, offer)
    assert (one.score, one.values) == (two.score, two.values)
    assert {*one.failed, *one.to_check} ^ {*two.failed, *two.to_check} <= {"guidance"}


def test_a_vacancy_has_no_public() -> None:
    reserved = an_offer(audience=("dsp",))
    assert pair(person(target_group="art60"), reserved).failed == ()
    assert pair(person(target_group="art60"), replace(reserved, kind=Kind.TRAINING)).failed == ("audience",)


@SELDOM
@given(profiles, offers)
def test_the_level_of_a_competence_and_where_it_was_acquired_do_not_count(profile: Profile, offer: Offer) -> None:
    plain = None if profile.competences is None else tuple(HeldCompetence(c.concept, c.text) for c in profile.competences)
    assert pair(profile, offer).values == pair(replace(profile, competences=plain), offer).values


@SELDOM
@given(profiles, vacancies)
def test_another_postcode_at_equal_travel_time_scores_equal(profile: Profile, offer: Offer) -> None:
    """1070 and 1050 lie on the two sides of 1000, as far from it and from the work there."""
    places = [
        Place("1000", "Bruxelles", "Brussel", "21004", 50.85, 4.35, "brussels"),
        Place("1050", "Ixelles", "Elsene", "21009", 50.85, 4.39, "brussels"),
        Place("1070", "Anderlecht", "Anderlecht", "21001", 50.85, 4.31, "brussels"),
    ]
    here = Geography.build(places, {})
    offer = replace(offer, postcodes=("1000",))
    engine = Matcher.build(taxonomy(kin=True), here, groups(), model(), [offer])
    one, two = (engine.suggest(replace(profile, postcode=home), TODAY) for home in ("1050", "1070"))
    assert one == two


# Unknown is unknown.


@OFTEN
@given(profiles, offers)
def test_saying_nothing_never_counts_as_full_agreement(profile: Profile, offer: Offer) -> None:
    table = model().tables
    for c, (name, step) in enumerate(by_name(pair(profile, offer)).items()):
        if step > NOT_ASKED:
            assert table[c, step] < table[c, FULL], name
    silent = without(person("cook"), *FIELDS_OF_A_PERSON)
    for name, step in by_name(pair(silent, replace(offer, remote_share=None))).items():
        assert step >= NOT_ASKED or name in {"freshness", "exposure"}, name


FIELDS_OF_A_PERSON = (
    "competences professions_sought professions_done languages postcode max_minutes modes driving_licences certificates "
    "own_car hours_min hours_max impossible_shifts impossible_days contracts start_from education"
).split()
FIELDS_OF_AN_OFFER = (
    "competences languages experience_months education postcodes hours_min hours_max shifts days contract start published"
).split()


def without(record: Any, *names: str) -> Any:
    """The same record in which nothing is said of some fields."""
    return replace(record, **dict.fromkeys(names))


@pytest.mark.parametrize("field", [*FIELDS_OF_AN_OFFER, "occupation"])
def test_an_offer_that_states_little_is_not_preferred_to_one_that_states_everything_and_fits(field: str) -> None:
    stated = an_offer(shifts=(Shift.DAY,), days=(Day.MONDAY,), contract=Contract.PERMANENT, start=TODAY)
    who = person(impossible_shifts=(), impossible_days=(), contracts=(Contract.PERMANENT,), start_from=TODAY)
    gone = ["hours_min", "hours_max"] if field.startswith("hours") else ["shifts", "days"] if field == "shifts" else [field]
    silent = without(stated, *gone)
    assert pair(who, silent).score <= pair(who, stated).score
    nothing = without(stated, "occupation", *FIELDS_OF_AN_OFFER)
    assert pair(who, nothing).score < model().bands[1] < pair(who, stated).score


@pytest.mark.parametrize("field", FIELDS_OF_A_PERSON)
def test_a_field_that_is_not_known_is_never_a_full_match(field: str) -> None:
    """All that the offer asks is met; with one field of the person unknown the score falls or stays."""
    offer = an_offer(
        experience_months=6,
        education=2,
        competences=(AskedCompetence(competence("mop"), requirement=Requirement.DESIRED),),
        shifts=(Shift.DAY,), days=(Day.MONDAY,), contract=Contract.PERMANENT, start=TODAY, own_car=True,
    )  # fmt: skip
    who = person(
        impossible_shifts=(), impossible_days=(), contracts=(Contract.PERMANENT,), start_from=TODAY, own_car=True,
        max_minutes=60,
    )  # fmt: skip
    assert pair(without(who, field), offer).score <= pair(who, offer).score


def test_the_same_classes_as_the_engine() -> None:
    assert tuple(naive.COMPARISONS) == NAMES
    assert naive_search.rule_names() == [rule.name for rule in rules.RULES]
    for comparison in COMPARISONS:
        assert [rules_name(field) for field in comparison.reads] == naive.READS[comparison.name]


def rules_name(field: str) -> str:
    head, *tail = field.split("_")
    return head + "".join(map(str.capitalize, tail))


def test_the_toy_market_ranks_each_persons_own_profession_first() -> None:
    for slug in OCCUPATIONS:
        answer = built(market()).suggest(person(slug), TODAY)
        assert answer.lists[Kind.VACANCY][0].offer_id == f"v-{slug}"


def test_hard_limits_price_what_they_remove() -> None:
    """Of two vacancies one works at night: one removed, by that limit alone, and it would suit."""
    records = [an_offer(id="day", shifts=(Shift.DAY,)), an_offer(id="night", shifts=(Shift.NIGHT,), postcodes=("1000",))]
    answer = built(records).suggest(person(impossible_shifts=(Shift.NIGHT,), modes=None), TODAY)
    (price,) = answer.prices
    assert (price.limit, price.removes, price.alone, price.suitable) == (Limit.SHIFTS, 1, 1, 1)
    assert [m.offer_id for m in answer.near_misses] == ["night"]
    assert answer.relaxation == Limit.SHIFTS
    solvable = person(impossible_shifts=(Shift.NIGHT,), modes=None, constraints=(Constraint(Limit.SHIFTS, solvable=True),))
    graded = built(records).suggest(solvable, TODAY)
    assert [m.offer_id for m in graded.lists[Kind.VACANCY]] == ["day", "night"]
    assert not graded.prices


def test_descending_scores() -> None:
    scores = [m.score for m in built(market()).suggest(person(), TODAY).lists[Kind.VACANCY]]
    assert all(one >= two for one, two in pairwise(scores))


def test_a_first_step_in_a_desired_language_never_costs() -> None:
    # From "none" to A1, with a language desired without a level, the comparison went from known to unknown.
    offer = an_offer("cook", languages=(AskedLanguage("fr", None, Requirement.DESIRED),))
    none, a1 = (person(languages=(KnownLanguage("fr", level),)) for level in (Level.NONE, Level.A1))
    assert pair(a1, offer).score > pair(none, offer).score
