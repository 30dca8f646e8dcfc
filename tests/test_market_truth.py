"""What is true in the simulated market: facts against slow twins, forms of the truth, and what rankings are worth."""

import ast
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from scipy.special import logit

from matching.codes import DrivingLicence, Level, Mode, Requirement, Shift
from matching.comparisons import N_COMPARISONS
from matching.records import Offer, Profile
from models.artifact import load
from simulated import SMALL, START, market
from training.market.careers import level
from training.market.facts import pair_facts, sparks
from training.market.pairs import PairFacts
from training.market.reality import EPOCH, imagine
from training.market.truths import TRUTHS
from training.market.yardsticks import judge, table_scores, true_hires

DAY = START + timedelta(days=300)
LEVELS = list(Level)
RANGES = {
    "education": (0, 8), "experience": (0, 200), "french": (0, 6), "dutch": (0, 6), "english": (0, 6), "competences": (0, 40),
    "limit": (20, 120), "weeks": (0, 52), "isco": (1, 9), "hours": (4, 40), "remote": (0, 1), "asks_experience": (0, 60),
    "asks_education": (0, 8), "asks_french": (0, 6), "asks_dutch": (0, 6), "asks_english": (0, 6), "asks_competences": (0, 12),
    "age": (0, 90), "positions": (1, 10), "rivals": (0, 50), "sought": (0, 5), "done": (0, 5), "experience_here": (0, 200),
    "held": (0, 1), "lacking": (0, 10), "minutes": (5, 240), "french_short": (0, 6), "dutch_short": (0, 6),
    "english_short": (0, 6), "education_short": (0, 8), "papers_lacking": (0, 4), "hours_apart": (0, 38), "too_early": (0, 90),
    "employer": (-1, np.inf), "person": (0, np.inf), "vacancy": (0, np.inf),
    "drive": (-9, 9), "openness": (-9, 9), "spark": (-9, 9),
}  # fmt: skip
"""As the interface documents them; flags are 0 or 1."""


def facts(n: int = 4000, seed: int = 0) -> PairFacts:
    m = market()
    rng = np.random.default_rng(seed)
    people, jobs = rng.integers(0, len(m.scene.profiles), n), rng.integers(0, len(m.scene.offers), n)
    rivals, free = m.standing(DAY.toordinal() - EPOCH)
    return pair_facts(m.reality, people, jobs, DAY.toordinal() - EPOCH, m.scene.registered, rivals, free)


def test_facts_are_known_and_within_what_the_interface_says() -> None:
    found = facts()
    for column in fields(found):
        values = getattr(found, column.name)
        assert values.dtype == np.float64
        assert len(values) == len(found) == 4000
        low, high = RANGES.get(column.name, (0, 1))
        assert np.isfinite(values).all()
        assert (values >= low).all(), column.name
        assert (values <= high).all(), column.name
        if column.name not in RANGES:
            assert set(values.tolist()) <= {0.0, 1.0}


def isco_digits(one: str, other: str) -> int:
    return next((n for n in range(4, 0, -1) if one[:n] == other[:n]), 0)


def slow_facts(profile: Profile, offer: Offer) -> dict[str, float]:
    """Facts of a pair whose records say everything, worked out one by one."""
    m = market()
    isco = dict(zip(m.scene.taxonomy.occupations, m.scene.taxonomy.isco, strict=True))
    here = (offer.occupation and offer.occupation.concept) or ""
    seeks = [p.concept for p in profile.professions_sought or ()][:4]
    has = {c.concept for c in profile.competences or ()}
    asked = [c for c in offer.competences or () if c.concept]
    spoken = {k.code: LEVELS.index(k.level) for k in profile.languages or () if k.level}
    wanted = {
        a.code: max(1, LEVELS.index(a.level) - (a.requirement == Requirement.DESIRED)) for a in offer.languages or () if a.level
    }
    papers: set[Any] = {*(profile.driving_licences or ()), *(profile.certificates or ())}
    if papers & {"BE", "C1", "C", "CE", "D1", "D"}:
        papers.add(DrivingLicence.B)
    needed: set[Any] = {a.code for a in offer.driving_licences or ()} | {a.code for a in offer.certificates or ()}
    return {
        "sought": max(5 if s == here else isco_digits(isco[s], isco[here]) for s in seeks if s),
        "experience_here": min(200, sum(
            d.months or 0 for d in (profile.professions_done or ())[:3]
            if d.concept == here or isco_digits(isco[d.concept or ""], isco[here]) >= 2
        )),
        "held": sum(c.concept in has for c in asked) / len(asked) if asked else 1.0,
        "lacking": sum(c.concept not in has and c.requirement == Requirement.MANDATORY for c in asked),
        "dutch_short": max(0, wanted.get("nl", 0) - spoken.get("nl", 0)),
        "french_short": max(0, wanted.get("fr", 0) - spoken.get("fr", 0)),
        "education_short": max(0, (offer.education or 0) - (profile.education or 0)),
        "papers_lacking": len(needed - papers),
        "shift_clash": bool(set(offer.shifts or ()) & set(profile.impossible_shifts or ())),
        "day_clash": bool(set(offer.days or ()) & set(profile.impossible_days or ())),
        "hours_apart": max(
            0.0, (offer.hours_min or 0) - (profile.hours_max or 0), (profile.hours_min or 0) - (offer.hours_max or 0)
        ),
        "contract_unwanted": offer.contract not in (profile.contracts or ()),
        "age": (DAY - (offer.published or DAY)).days if (offer.published or DAY) <= DAY else 0,
    }  # fmt: skip


def says_everything(record: Any, *names: str) -> bool:
    return all(getattr(record, name) is not None for name in names)


def test_facts_of_full_records_equal_a_slow_twin() -> None:
    m = market()
    people = [
        row for row, p in enumerate(m.scene.profiles)
        if says_everything(p, "professions_sought", "professions_done", "competences", "languages", "education", "hours_min",
                           "driving_licences", "certificates", "impossible_shifts", "impossible_days", "contracts")
        and all(k.level for k in p.languages or () if k.code in ("fr", "nl", "en"))
        and all(s.concept for s in p.professions_sought or ())
        and all(d.months is not None for d in p.professions_done or ())
    ]  # fmt: skip
    jobs = [
        row for row, o in enumerate(m.scene.offers)
        if says_everything(o, "occupation", "competences", "languages", "education", "hours_min", "shifts", "days", "contract")
        and all(a.level for a in o.languages or ()) and o.occupation and o.occupation.concept
        and (o.published or DAY) > DAY - timedelta(days=90)
    ]  # fmt: skip
    assert len(people) > 100
    assert len(jobs) > 50
    rng = np.random.default_rng(1)
    first, second = rng.choice(people, 600), rng.choice(jobs, 600)
    seeks = [{mention.concept for mention in p.professions_sought or ()} for p in m.scene.profiles]
    of = [o.occupation.concept if o.occupation else None for o in m.scene.offers]
    alike = [(i, j) for i in people for j in jobs if of[j] in seeks[i]][:400]  # chance pairs hardly ever have much in common
    assert len(alike) > 100
    first, second = (np.concatenate([drawn, [pair[at] for pair in alike]]) for at, drawn in ((0, first), (1, second)))
    rivals, free = m.standing(DAY.toordinal() - EPOCH)
    found = pair_facts(m.reality, first, second, DAY.toordinal() - EPOCH, m.scene.registered, rivals, free)
    for k, (i, j) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        for name, value in slow_facts(m.scene.profiles[i], m.scene.offers[j]).items():
            assert getattr(found, name)[k] == pytest.approx(float(value)), (name, m.scene.profiles[i].id, m.scene.offers[j].id)


def test_journeys_are_longer_at_night_by_public_transport_and_shorter_with_a_car() -> None:
    m = market()
    one = np.flatnonzero(np.array([p.modes == (Mode.PUBLIC_TRANSPORT,) and p.postcode is not None for p in m.scene.profiles]))[:1]
    night = np.array([Shift.NIGHT in (o.shifts or ()) for o in m.scene.offers])
    day = np.array([o.shifts == (Shift.DAY,) for o in m.scene.offers])
    free = np.ones(len(m.scene.offers), dtype=np.int64)

    def minutes(jobs: Any) -> Any:
        return pair_facts(m.reality, np.repeat(one, len(jobs)), jobs, 0, m.scene.registered, free, free).minutes

    rows = {where: np.flatnonzero(night if where else day) for where in (True, False)}
    place = m.reality.place
    both = np.intersect1d(place[rows[True]], place[rows[False]])
    assert len(both)
    for at in both[:5].tolist():
        at_night, by_day = (minutes(rows[w][place[rows[w]] == at][:1])[0] for w in (True, False))
        assert at_night > 2 * by_day or at_night == 240


def arbitrary(n: int) -> st.SearchStrategy[PairFacts]:
    """Pairs with any facts that the interface allows."""
    columns = {}
    for column in fields(PairFacts):
        low, high = RANGES.get(column.name, (0, 1))
        whole = column.name not in {"hours", "remote", "held", "minutes", "weeks", "drive", "openness", "spark"}
        top = min(high, 1e6)
        values = st.integers(int(low), int(top)).map(float) if whole else st.floats(float(low), float(top))
        columns[column.name] = npst.arrays(np.float64, n, elements=values)
    return st.builds(PairFacts, **columns)


@pytest.mark.parametrize("truth", sorted(TRUTHS))
@given(data=st.data())
@settings(max_examples=25, deadline=None, database=None)
def test_a_truth_judges_each_pair_from_its_own_row(truth: str, data: st.DataObject) -> None:
    found = data.draw(arbitrary(6))
    before = {column.name: getattr(found, column.name).copy() for column in fields(found)}
    odds = TRUTHS[truth](found)
    assert odds.shape == (6,)
    assert odds.dtype == np.float64
    assert np.isfinite(odds).all()
    order = np.array(data.draw(st.permutations(range(6))))
    np.testing.assert_allclose(TRUTHS[truth](found.take(order)), odds[order], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(TRUTHS[truth](found.take(np.array([3]))), odds[[3]], rtol=1e-12, atol=1e-12)
    assert all(np.array_equal(getattr(found, name), values) for name, values in before.items())


@pytest.mark.parametrize("truth", sorted(TRUTHS))
def test_a_truth_is_no_sum_over_facts_and_hidden_factors_matter(truth: str) -> None:
    """An additive function has no interaction: f(a, b) + f(a', b') = f(a, b') + f(a', b)."""
    found, other = facts(1500, 1), facts(1500, 2)
    halves = [column.name for column in fields(found)][1::2]

    def mixed(base: PairFacts, donor: PairFacts) -> PairFacts:
        own = {column.name: getattr(base, column.name) for column in fields(base)}
        return PairFacts(**{**own, **{name: getattr(donor, name) for name in halves}})

    f = TRUTHS[truth]
    gap = f(found) + f(other) - f(mixed(found, other)) - f(mixed(other, found))
    assert np.abs(gap).mean() > 0.1
    plain = PairFacts(**{**{c.name: getattr(found, c.name) for c in fields(found)}, "drive": np.zeros(1500),
                         "openness": np.zeros(1500), "spark": np.zeros(1500)})  # fmt: skip
    assert 0.2 < np.std(f(found) - f(plain)) < 2


def test_the_forms_of_the_truth_disagree() -> None:
    found = facts()
    odds = [truth(found) for truth in TRUTHS.values()]
    assert (np.corrcoef(odds) - np.eye(len(odds)) < 0.95).all()


@pytest.mark.parametrize("truth", sorted(TRUTHS))
def test_the_constant_gives_the_mean_chance_that_is_assumed(truth: str) -> None:
    m = market()
    low, high = (level(np.random.default_rng(4), m.scene, m.reality, TRUTHS[truth], chance) for chance in (0.02, 0.06))
    assert low < high
    # chances scale almost in proportion where they are small: 3 times as many jobs need about log 3 more
    assert high - low == pytest.approx(np.log(3), abs=0.6)
    shifted = level(np.random.default_rng(4), m.scene, m.reality, lambda found: TRUTHS[truth](found) + 5, 0.02)
    assert shifted == pytest.approx(low - 5, abs=1e-6)


def test_every_pair_has_its_own_spark() -> None:
    people, jobs = (axis.ravel() for axis in np.meshgrid(np.arange(300), np.arange(300), indexing="ij"))
    one = sparks(7, people, jobs)
    assert np.array_equal(one, sparks(7, people, jobs))
    assert len(np.unique(one)) == len(one)
    assert abs(one.mean()) < 0.02
    assert abs(one.std() - 1) < 0.02
    square = one.reshape(300, 300)
    assert abs(np.corrcoef(square[:-1].ravel(), square[1:].ravel())[0, 1]) < 0.02
    assert abs(np.corrcoef(square[:, :-1].ravel(), square[:, 1:].ravel())[0, 1]) < 0.02
    assert abs(np.corrcoef(square.ravel(), square.T.ravel())[0, 1]) < 0.02
    assert abs(np.corrcoef(one, sparks(8, people, jobs))[0, 1]) < 0.02


def test_another_reality_agrees_with_what_records_say() -> None:
    m = market()
    other = imagine(m.said, np.random.default_rng(99))
    for name, said in (*m.said.person.items(), *m.said.vacancy.items()):
        side = "person" if name in m.said.person and m.said.person[name] is said else "vacancy"
        known = ~np.isnan(said)
        assert np.array_equal(getattr(other, side)[name][known], said[known])
        assert np.isfinite(getattr(other, side)[name]).all()
    speaks = ~m.said.silent[:, 0]
    assert np.array_equal(other.sought[speaks], m.said.sought[speaks])
    assert not np.array_equal(other.drive, m.reality.drive)


def test_the_logged_chance_is_that_of_the_truth_on_the_day() -> None:
    m = market()
    listed = m.careers.listed
    rows = np.flatnonzero(listed.day == listed.day[len(listed.day) // 3])[:50]
    day = date.fromordinal(int(listed.day[rows[0]]) + EPOCH)
    np.testing.assert_allclose(m.probability(listed.person[rows], listed.offer[rows], day), listed.chance[rows], rtol=1e-12)


def test_what_records_tell_is_the_average_over_realities() -> None:
    m = market()
    listed = m.careers.listed
    day = START + timedelta(days=200)
    rows = np.arange(0, len(listed.day), 7)
    seen, true = (f(listed.person[rows], listed.offer[rows], day) for f in (m.observable, m.probability))
    assert seen.mean() == pytest.approx(true.mean(), rel=0.15)
    assert 0.3 < np.corrcoef(logit(seen), logit(true))[0, 1] < 0.99
    assert np.std(logit(seen)) < np.std(logit(true))  # averaging takes out what is hidden


def test_rankings_are_worth_what_they_know() -> None:
    m = market()
    judged = judge(m, np.random.default_rng(1), START + timedelta(days=300), n_people=120, n_candidates=250)
    worth = {name: true_hires(judged.person, s, judged.chance).mean() for name, s in judged.baselines.items()}
    observable = m.observable(judged.person, judged.vacancy, START + timedelta(days=300))
    oracle, known = (true_hires(judged.person, s, judged.chance) for s in (judged.chance, observable))
    assert worth["random"] < worth["same profession and distance"] < oracle.mean()
    assert worth["random"] < worth["texts"] < oracle.mean()
    assert worth["random"] < worth["hand-set tables"] < known.mean() < oracle.mean()
    for name, scores in judged.baselines.items():
        assert np.isfinite(scores).all(), name
        assert (true_hires(judged.person, scores, judged.chance) <= oracle + 1e-12).all()
    assert judged.values.shape == (len(judged.person), N_COMPARISONS)
    assert (np.bincount(judged.person)[np.unique(judged.person)] <= 250).all()
    at = START + timedelta(days=300)
    scene = m.scene
    assert (scene.published[judged.vacancy] <= at.toordinal() - EPOCH).all()
    assert (scene.last_day[judged.vacancy] >= at.toordinal() - EPOCH).all()


def test_values_of_judged_pairs_give_the_scores_of_the_engine() -> None:
    m = market()
    people = np.flatnonzero((m.scene.first_list < m.scene.start + 290) & (m.scene.planned_end > m.scene.start + 310))[:3]
    judged = judge(m, np.random.default_rng(1), START + timedelta(days=300), people, n_candidates=30)
    model = load()
    naive = [sum(model.tables[c][value] for c, value in enumerate(row)) for row in judged.values.tolist()]
    np.testing.assert_allclose(table_scores(model.tables, judged.values), naive, rtol=0, atol=1e-12)


scored = st.lists(st.tuples(st.integers(-3, 3), st.floats(0, 1)), min_size=1, max_size=8)


@given(st.lists(scored, min_size=1, max_size=5), st.integers(1, 6))
@settings(deadline=None, database=None)
def test_true_hires_equal_a_slow_twin(people: list[list[tuple[int, float]]], top: int) -> None:
    person = np.repeat(np.arange(len(people)), [len(rows) for rows in people])
    scores, chance = (np.array([pair[at] for rows in people for pair in rows], dtype=np.float64) for at in (0, 1))
    slow = [sum(p for _, p in sorted(rows, key=lambda pair: -pair[0])[:top]) for rows in people]  # sorted keeps ties in order
    np.testing.assert_allclose(true_hires(person, scores, chance, top), slow, rtol=0, atol=1e-12)


def test_the_truth_shares_no_code_with_the_engine() -> None:
    folder = Path(__file__).parent.parent / "training" / "market"
    allowed = {"matching.codes", "matching.records", "matching.geography", "matching.taxonomy"}
    own = {"training.market.pairs", "training.market.reality", "training.market.third_truth"}
    for name in ("pairs", "reality", "facts", "truths", "third_truth"):
        tree = ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))
        used = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        used |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        inside = {module for module in used if module.split(".")[0] in ("matching", "models", "training")}
        assert inside <= allowed | own, name


def test_the_share_of_jobs_stands_where_it_is_assumed() -> None:
    """A plausibility check, not a published figure: between a quarter and 60 % in a first job six months after registration."""
    careers, scene = market().careers, market().scene
    first = np.full(len(scene.profiles), np.iinfo(np.int64).max)
    np.minimum.at(first, careers.hired.person, careers.hired.started)
    old = scene.registered <= scene.start + SMALL.days - 183
    share = (first - scene.registered <= 183)[old].mean()
    assert 0.25 < share < 0.6
