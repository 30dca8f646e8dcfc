"""Every path of the search finds the same, bit for bit: by groups, one by one, for many at once, from either side."""

import os
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching import kernel, rules, stock
from matching.bounds import lists
from matching.classifications import build_taxonomy, read_starter
from matching.comparisons import COMPARISONS, NAMES
from matching.matcher import Matcher, People
from matching.records import Offer, Profile
from matching.reference import build_geography, read_guidance
from models.artifact import load
from strategies import a_market, a_person
from training.demo import DEMO_DAY
from training.synthetic import demo_world
from world import TODAY, geography, groups, taxonomy

KINDS = 7
weights = st.none() | st.dictionaries(st.sampled_from(NAMES), st.sampled_from([0.0, 0.5, 2.0, 7.0]), max_size=3)


@cache
def demo() -> tuple[Matcher, People]:
    classification, places = build_taxonomy({"starter": read_starter()[0]}), build_geography({})
    world = demo_world(np.random.default_rng(7), classification, places.places, DEMO_DAY, 60, 1500, 60)
    proposed = {offer.id: n % 4 for n, offer in enumerate(world.offers)}
    engine = Matcher.build(classification, places, dict(read_guidance()), load(), world.offers)
    engine = replace(engine, stock=stock.with_proposals(engine.stock, proposed))
    return engine, engine.people(world.profiles, DEMO_DAY)


def survey(engine: Matcher, people: People, i: int, tables: Any, search: Any, relax: int = 0, top: int = 10) -> list[Any]:
    """Everything that a search over all offers writes."""
    best, near, counts = lists((KINDS, top)), lists((5,)), np.zeros((rules.N_RULES + 2, 4), dtype=np.int64)
    search(
        people.arrays, i, engine.stock.offers, engine.stock.groups, engine.world(people.today), engine.scale(tables),
        engine.scratch(), rules.NEGOTIABLE, relax, np.ones(KINDS, dtype=np.bool_), *best, *near, counts,
    )  # fmt: skip
    return [*best, *near, counts]


def best_vacancies(engine: Matcher, people: People, order: Any, tables: Any, grouped: bool, top: int, relax: int = 0) -> Any:
    found = lists((len(order), 1, top))
    kernel.best_offers(
        people.arrays, order, 0, len(order), engine.stock.offers, engine.stock.groups, engine.world(people.today),
        engine.scale(tables), engine.scratch(), relax, np.ones(len(people.ids), dtype=np.bool_), grouped,
        np.arange(KINDS) == 0, np.zeros(0), *found, np.zeros((rules.N_RULES + 2, 4), dtype=np.int64),
    )  # fmt: skip
    return found


def same(one: Any, other: Any) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@settings(
    deadline=None, max_examples=60, derandomize="CI" in os.environ, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(a_person, a_market, weights, st.sampled_from([0, rules.NEGOTIABLE]), st.integers(1, 4))
def test_grouped_and_plain_searches_find_the_same_in_small_markets(
    profile: Profile, records: list[Offer], asked: Any, relax: int, top: int
) -> None:
    engine = Matcher.build(taxonomy(kin=True), geography(), groups(), load(), records)
    tables, _ = engine.model.weighted(asked or {})
    people = engine.people([profile], TODAY)
    plain = survey(engine, people, 0, tables, kernel.look_at_all, relax, top)
    assert same(survey(engine, people, 0, tables, kernel.survey_offers, relax, top), plain)
    vacancies = best_vacancies(engine, people, np.array([0]), tables, True, top, relax)
    assert same([a[0, 0] for a in vacancies], [a[0] for a in plain[:3]])


@pytest.mark.parametrize("asked", [{}, {"travel": 3.0}, {"profession_sought": 0.0}, dict.fromkeys(("languages", "shifts"), 0.0)])
def test_grouped_and_plain_searches_find_the_same_in_the_demo_world(asked: dict[str, float]) -> None:
    engine, people = demo()
    assert engine.grouped
    tables, _ = engine.model.weighted(asked)
    for i in range(len(people.ids)):
        relax = rules.NEGOTIABLE if i % 3 == 0 else 0
        plain = survey(engine, people, i, tables, kernel.look_at_all, relax)
        assert same(survey(engine, people, i, tables, kernel.survey_offers, relax), plain)


@pytest.mark.parametrize("top", [1, 3, 20, 200])
def test_the_best_of_many_are_the_best_of_each_in_any_order_and_any_blocks(top: int) -> None:
    engine, people = demo()
    tables, _ = engine.model.weighted({})
    everyone = np.arange(len(people.ids))
    plain = best_vacancies(engine, people, everyone, tables, False, top)
    assert same(best_vacancies(engine, people, everyone, tables, True, top), plain)
    shuffled = np.random.default_rng(1).permutation(everyone)
    by_blocks = [best_vacancies(engine, people, block, tables, True, top) for block in np.array_split(shuffled, 7)]
    together = [np.concatenate([block[part] for block in by_blocks]) for part in range(3)]
    assert same(together, [part[shuffled] for part in plain])
    assert (plain.rows[:, 0, 0] >= 0).sum() > 30  # the world is not empty


def test_people_for_an_offer_are_the_same_whether_counted_or_not_and_in_any_blocks() -> None:
    engine, people = demo()
    tables, _ = engine.model.weighted({})
    _, enough = engine.profile_data(people)
    world, n = engine.world(people.today), len(people.ids)
    seen = 0
    for j in range(0, len(engine.stock.ids), 40):
        found = []
        for counting, cuts in ((True, [0, n]), (False, [0, n]), (False, [0, 5, 31, n])):
            best, counts, s = lists((8,)), np.zeros(rules.N_RULES + 1, dtype=np.int64), engine.scratch()
            for first, end in pairwise(cuts):
                kernel.top_profiles(
                    people.arrays, first, end, engine.stock.offers, j, world, engine.scale(tables), s,
                    np.empty_like(s.credit), enough, counting, *best, counts,
                )  # fmt: skip
            found.append(best)
        assert same(found[0], found[1])
        assert same(found[0], found[2])
        seen += (found[0].rows >= 0).sum()
    assert seen > 50


def test_one_pair_has_one_score() -> None:
    """The score of a list, and of the plain loop, is that of the pair alone."""
    engine, people = demo()
    tables, _ = engine.model.weighted({})
    world = engine.world(people.today)
    found = best_vacancies(engine, people, np.arange(len(people.ids)), tables, True, 3)
    for i, (scores, rows) in enumerate(zip(found.scores[:, 0], found.rows[:, 0], strict=True)):
        for score, j in zip(scores, rows, strict=True):
            if j >= 0:
                match = engine.match(people, i, int(j), world, tables, 1)
                assert (match.score, match.failed) == (score, ())
                assert match.score == engine.model.intercept + sum(match.contributions)


def test_a_comparison_reads_only_what_it_says() -> None:
    """Facets rest on it: other fields of the offer and of the profile are changed, and its value stays."""
    engine, people = demo()
    world, credit = engine.world(people.today), engine.scratch().credit
    kept = {f"{name}_{end}" for name in ("held", "sought", "done", "asked", "language", "place") for end in ("start", "end")}
    rng = np.random.default_rng(3)
    offers, persons = engine.stock.offers, people.arrays
    for comparison in COMPARISONS:
        o, p = offers.rows.copy(), persons.rows.copy()
        for rows, read in ((o, comparison.asks), (p, comparison.tells)):
            for name in set(rows.dtype.names) - kept - set(read):
                rows[name] = rng.permutation(rows[name])
        other_offers, other_persons = offers._replace(rows=o), persons._replace(rows=p)
        for i in range(0, len(p), 6):
            for j in range(0, len(o), 150):
                value = comparison.compiled(persons, i, offers, j, world, credit)
                assert comparison.compiled(other_persons, i, other_offers, j, world, credit) == value, comparison.name
