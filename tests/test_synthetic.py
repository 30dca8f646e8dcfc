"""The demo world: reproducible, valid, with the margins it promises, and believable in its dates, places and words."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

import world as toy
from matching.classifications import build_taxonomy, read_starter
from matching.codes import Certificate, DrivingLicence, Kind, Level, Requirement, Shift
from matching.geography import Place
from matching.guidance import State, timeline, usable
from matching.matcher import Matcher
from matching.personal import holds_national_number, is_personal_field
from matching.records import Mention, Offer, Profile
from matching.reference import build_geography, read_guidance, shipped_places
from matching.taxonomy import Taxonomy
from models.artifact import load
from training.synthetic import SHOWCASE, World, demo_world
from training.trades import Dice, read_trades, table

TODAY = date(2025, 4, 10)
REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "vacancies" / "jobpostings_fr.jsonl"
OFFERS, PROFILES = TypeAdapter(tuple[Offer, ...]), TypeAdapter(tuple[Profile, ...])


@cache
def starter() -> Taxonomy:
    return build_taxonomy({"starter": read_starter()[0]})


@cache
def demo() -> World:
    return make(2025)


def make(seed: int, *sizes: int) -> World:
    return demo_world(np.random.default_rng(seed), starter(), shipped_places(), TODAY, *sizes)


@cache
def many() -> tuple[Offer, ...]:
    return make(3, 0, 8000, 0).offers


def vacancies() -> list[Offer]:
    return [offer for offer in demo().offers if offer.kind is Kind.VACANCY]


def share(values: list[bool]) -> float:
    return sum(values) / len(values)


def test_same_seed_same_world_byte_for_byte() -> None:
    one, two, other = make(7, 40, 60, 40), make(7, 40, 60, 40), make(8, 40, 60, 40)
    assert OFFERS.dump_json(one.offers) == OFFERS.dump_json(two.offers)
    assert PROFILES.dump_json(one.profiles) == PROFILES.dump_json(two.profiles)
    assert one.offers != other.offers
    assert one.profiles[1:] != other.profiles[1:]


def test_more_of_one_sort_leaves_the_others_as_they_were() -> None:
    small, large = make(7, 20, 30, 10), make(7, 20, 90, 40)
    assert large.profiles == small.profiles
    assert large.offers[:30] == small.offers[:30]
    assert large.offers[90:100] == small.offers[30:]


def test_sizes_and_identifiers() -> None:
    assert (len(demo().profiles), len(demo().offers)) == (300, 2150)
    ids = [profile.id for profile in demo().profiles] + [offer.id for offer in demo().offers]
    assert len(set(ids)) == len(ids)
    assert demo().profiles[0].id == SHOWCASE
    assert all(re.fullmatch(r"link-\d{4}", profile.id) for profile in demo().profiles[1:])
    assert make(7, 0, 0, 0) == World((), ())


def test_every_record_survives_strict_validation() -> None:
    assert OFFERS.validate_json(OFFERS.dump_json(demo().offers, by_alias=True), strict=True) == demo().offers
    assert PROFILES.validate_json(PROFILES.dump_json(demo().profiles, by_alias=True), strict=True) == demo().profiles


def mentions(value: Any) -> Iterator[Mention]:
    """Every mention in a record, however deep."""
    if isinstance(value, Mention):
        yield value
    elif isinstance(value, tuple):
        for inner in value:
            yield from mentions(inner)
    elif hasattr(value, "__dataclass_fields__"):
        for field in fields(value):
            yield from mentions(getattr(value, field.name))


def test_concepts_stand_in_the_taxonomy_and_texts_where_there_is_none() -> None:
    known = {*starter().occupations, *starter().competences}
    found = [mention for record in (*demo().profiles, *demo().offers) for mention in mentions(record)]
    assert len(found) > 10_000
    assert all(mention.concept in known if mention.concept else mention.text for mention in found)
    unlinked = [c.concept is None for offer in vacancies() for c in offer.competences or ()]
    assert 0.08 < share(unlinked) < 0.12


def names_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from names_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from names_of(inner)


def test_no_personal_field_and_no_national_number() -> None:
    rows = json.loads(PROFILES.dump_json(demo().profiles, by_alias=True))
    inside_source = {"name"}  # the first-line organisation's, not a person's
    assert [name for name in set(names_of(rows)) - inside_source if is_personal_field(name)] == []
    texts = [text for record in (*rows, *json.loads(OFFERS.dump_json(demo().offers))) for text in leaves(record)]
    assert [text for text in texts if holds_national_number(text)] == []
    assert all(profile.source.kind and profile.source.name for profile in demo().profiles)


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves(inner)


def test_margins_of_vacancies_follow_the_published_figures() -> None:
    dutch = {offer.id: any(asked.code == "nl" for asked in offer.languages or ()) for offer in vacancies()}
    assert 0.45 < share(list(dutch.values())) < 0.55
    assert 0.65 < share([offer.languages is not None for offer in vacancies()]) < 0.77


def test_dutch_is_asked_by_domain_as_published() -> None:
    trades = read_trades(starter(), shipped_places())
    domain = {trade.uri: trade.domain for trade in trades.all}
    in_brussels = [o for o in many() if o.occupation and o.postcodes and o.postcodes[0] < "1300"]
    for name, published in {"technical": 0.878, "care": 0.264, "cleaning": 0.314, "education": 0.218}.items():
        own = trades.by_domain[name]
        weights = [trade.facts.weight for trade in own]
        intended = sum(w * t.facts.dutch for w, t in zip(weights, own, strict=True)) / sum(weights)
        assert abs(intended - published) < 0.01, (name, intended)
        offers = [o for o in in_brussels if o.occupation and domain.get(o.occupation.concept or "") == name]
        asked = share([any(language.code == "nl" for language in offer.languages or ()) for offer in offers])
        # The draw itself: four standard deviations of a share of n, sqrt(p (1 - p) / n).
        assert abs(asked - intended) < 4 * (intended * (1 - intended) / len(offers)) ** 0.5, (name, len(offers), asked)


def test_margins_of_profiles() -> None:
    good = {Level.B2, Level.C1, Level.C2}
    dutch = [next((k.level for k in p.languages or () if k.code == "nl"), None) for p in demo().profiles]
    assert 0.05 <= share([level in good for level in dutch]) <= 0.10
    assert {None, Level.NONE, Level.A1, Level.B1} <= set(dutch)
    postcodes = Counter(profile.postcode for profile in demo().profiles)
    assert {code for code, _ in postcodes.most_common(4)} <= {"1080", "1030", "1070", "1000"}
    empty = [p.competences is None and p.languages is None and p.hours_min is None for p in demo().profiles]
    assert 0.03 < share(empty) < 0.12
    constraints = {(c.limit.value, c.solvable) for profile in demo().profiles for c in profile.constraints}
    assert {("hours", False), ("minutes", False), ("shifts", True), ("days", True)} <= constraints
    assert any(p.exclusions.sectors for p in demo().profiles)
    assert any(p.exclusions.employers for p in demo().profiles)


def test_guidance_dates_agree_with_each_other_and_with_a_state() -> None:
    rules = read_guidance()
    states = Counter(timeline(profile, rules, TODAY).state for profile in demo().profiles)
    assert 0.80 < states[State.GUIDANCE] / 300 < 0.92
    assert {State.NOT_YET, State.PREPARATION, State.ENDED, State.HANDED_OVER, State.FOUND_WORK} <= set(states)
    assert states[State.UNKNOWN] == 0
    for profile in demo().profiles:
        order = [profile.contract_end, profile.registered_on, profile.intake_on, TODAY]
        days = [day for day in order if day is not None]
        if profile.registered_on is not None:
            assert days == sorted(days), profile.id
        else:
            assert profile.contract_end is not None
            assert profile.contract_end > TODAY
        assert all(basis.notified_on <= TODAY for basis in profile.basis)
    blocked = [profile.id for profile in demo().profiles if "all" in usable(profile, TODAY)[1]]
    assert 1 <= len(blocked) <= 15  # 2 % of 300 is 6


def test_dates_of_offers_agree() -> None:
    for offer in demo().offers:
        assert offer.published is not None
        assert offer.published <= TODAY
        for later in (offer.verified, offer.closed_on, offer.valid_through, offer.start):
            assert later is None or later >= offer.published, offer.id
        assert offer.verified is None or offer.verified <= TODAY
        assert offer.filled <= (offer.positions or 1 if offer.kind is Kind.VACANCY else offer.positions or 0)
    assert all(offer.published and offer.published >= TODAY - timedelta(days=60) for offer in vacancies())
    expired = [offer.valid_through is not None and offer.valid_through < TODAY for offer in vacancies()]
    closed = [offer.closed_on is not None for offer in vacancies()]
    full = [offer.filled == offer.positions for offer in vacancies()]
    # 2 % + 1.5 % + 1.5 %
    assert min(map(share, (expired, closed, full))) > 0.005
    assert 0.03 < share([any(gone) for gone in zip(expired, closed, full, strict=True)]) < 0.07


def test_employers_state_things_unevenly() -> None:
    shares = {
        name: share([getattr(offer, name) is None for offer in vacancies()])
        for name in ("competences", "languages", "experience_months", "shifts", "contract", "days", "hours_min", "positions")
    }
    expected = {"experience_months": 0.3, "shifts": 0.4, "contract": 0.2, "competences": 0.08, "positions": 0.1}
    assert all(abs(shares[name] - value) < 0.04 for name, value in expected.items()), shares
    assert all(value > 0 for value in shares.values())
    assert {offer.education == 0 for offer in vacancies()} == {True, False}
    assert any(offer.driving_licences == () for offer in vacancies())
    asked = {c.requirement for offer in vacancies() for c in offer.competences or ()}
    assert asked == set(Requirement)
    assert all(3 <= len(offer.competences) <= 10 for offer in vacancies() if offer.competences)


def test_trades_keep_their_own_facts() -> None:
    by_trade: dict[str, list[Offer]] = {}
    for offer in many():
        if offer.occupation and offer.occupation.concept:
            by_trade.setdefault(offer.occupation.concept.rsplit(":", 1)[-1], []).append(offer)
    trucks, guards, nurses = (by_trade[slug] for slug in ("truck-driver", "security-guard", "general-nurse"))
    assert share([any(a.code is DrivingLicence.C and a.legal for a in o.driving_licences or ()) for o in trucks]) > 0.9
    for own, certificate in ((guards, Certificate.SECURITY_CARD), (nurses, Certificate.HEALTH_VISA)):
        assert share([any(a.code is certificate and a.legal for a in o.certificates or ()) for o in own]) > 0.85
    cleaners = [offer.shifts for offer in by_trade["office-cleaner"] if offer.shifts]
    assert share([Shift.EARLY in shifts or Shift.LATE in shifts for shifts in cleaners]) > 0.6
    clerks = [offer.shifts == (Shift.DAY,) for offer in by_trade["administrative-employee"] if offer.shifts]
    assert share(clerks) == 1
    depots = {"1130", "1070", "1020", "1120", "1800", "1930", "1500"}
    near = [bool(depots & set(offer.postcodes or ())) for offer in by_trade["order-picker"]]
    assert share(near) > 2 * share([bool(depots & set(offer.postcodes or ())) for offer in by_trade["secretary"]])
    assert any(offer.remote_share for offer in by_trade["software-developer"])
    assert not any(offer.remote_share for offer in by_trade["office-cleaner"])


def test_partner_offers_are_of_all_kinds_and_grant_what_they_teach() -> None:
    partners = [offer for offer in demo().offers if offer.kind is not Kind.VACANCY]
    assert {offer.kind for offer in partners} == set(Kind) - {Kind.VACANCY}
    granted = [offer.grants for offer in partners if offer.grants]
    levels = {(known.code, known.level) for grants in granted for known in grants.languages}
    assert {("nl", Level.A1), ("nl", Level.A2), ("nl", Level.B1), ("nl", Level.B2), ("fr", Level.B1)} <= levels
    assert DrivingLicence.B in {code for grants in granted for code in grants.driving_licences}
    certificates = {code for grants in granted for code in grants.certificates}
    assert {Certificate.FORKLIFT, Certificate.VCA, Certificate.BA4_BA5} <= certificates
    work = [offer for offer in partners if offer.kind is Kind.WORK_EXPERIENCE]
    assert all(12 <= (offer.duration_months or 0) <= 24 for offer in work)
    assert all(offer.grants and offer.grants.experience_months == offer.duration_months for offer in work)
    audiences = {offer.audience for offer in partners}
    assert () in audiences
    assert ("art60",) in audiences
    assert set(read_guidance()) >= {group for audience in audiences for group in audience or ()}
    assert all(offer.employer and offer.duration_months for offer in partners)
    # With few offers the kinds come first, in turn.
    few = Counter(offer.kind for offer in make(5, 0, 0, 12).offers)
    assert len(few) == 6


def test_texts_read_as_sentences_in_their_language() -> None:
    assert {offer.text_language for offer in vacancies()} == {"fr", "nl", "en"}
    typical = {"fr": r"\b(à|de|et)\b", "nl": r"\b(in|en|te)\b", "en": r"\b(in|and|for)\b"}
    for offer in vacancies():
        text, lang = offer.text or "", offer.text_language or ""
        assert re.search(typical[lang], text), offer.id
        assert not re.search(r"[{}]|\bNone\b|  |urn:", text + offer.title), offer.id
        sentences = re.findall(r"[.?](?= [A-ZÀ-Ý]|$)", text)
        assert 2 <= len(sentences) <= 5, text
        assert text.endswith("."), text
        assert offer.title[0].isupper()


def test_no_real_employer_is_named() -> None:
    if not REAL.exists():
        pytest.skip("the collected vacancies of ../shared/data are not here")
    postings = [json.loads(line) for line in REAL.read_text(encoding="utf-8").splitlines()]
    organisations = [posting.get("hiringOrganization") for posting in postings]
    real = {one["name"].strip(' "').lower() for one in organisations if isinstance(one, dict) and one.get("name")}
    assert len(real) > 20
    words = "\n".join(f"{offer.employer} {offer.title} {offer.text}" for offer in demo().offers).lower()
    generic = {"mairie", "employeur non communiqué"}
    assert [name for name in sorted(real - generic) if re.search(rf"\b{re.escape(name)}\b", words)] == []


def test_the_showcase_gets_suggestions_near_misses_and_a_dutch_course() -> None:
    matcher = Matcher.build(starter(), build_geography({}), read_guidance(), load(), list(demo().offers))
    answer = matcher.suggest(demo().profiles[0], TODAY)
    assert answer.status == "ok"
    assert len(answer.lists[Kind.VACANCY]) == 10
    assert {rule for match in answer.near_misses for rule in match.failed} <= {"hours", "shifts"}
    assert answer.near_misses
    assert answer.dutch_courses


def test_another_taxonomy_and_other_places_do_too() -> None:
    places = [Place("5000", "Namur", "Namen", None, 50.46, 4.87, "wallonia")]
    small = demo_world(np.random.default_rng(1), toy.taxonomy(), places, TODAY, 20, 50, 20)
    occupations = {offer.occupation.concept for offer in small.offers if offer.occupation and offer.occupation.concept}
    assert occupations <= set(toy.taxonomy().occupations)
    assert len(occupations) > 3
    assert {offer.postcodes for offer in small.offers} == {("5000",)}
    with pytest.raises(ValueError, match="places"):
        demo_world(np.random.default_rng(1), toy.taxonomy(), [], TODAY)


def test_dice_follow_their_tables() -> None:
    dice = Dice(np.random.default_rng(4))
    drawn = Counter(dice.pick(table({"a": 1, "b": 3})) for _ in range(20_000))
    assert abs(drawn["a"] / 20_000 - 0.25) < 0.015
    assert {dice.whole(2, 4) for _ in range(200)} == {2, 3, 4}
    assert sorted(dice.some("abc", 5)) == ["a", "b", "c"]
