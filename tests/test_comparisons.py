"""Every comparison, with its arithmetic visible: 252 steps are a full match."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from matching.codes import Certificate, Contract, Day, DrivingLicence, Kind, Level, Mode, Requirement, Shift
from matching.comparisons import COMPARISONS, FULL, NAMES, NOT_ASKED, UNKNOWN, UNSTATED
from matching.matcher import Matcher
from matching.records import (
    AskedCertificate,
    AskedCompetence,
    AskedLanguage,
    AskedLicence,
    DoneProfession,
    HeldCompetence,
    KnownLanguage,
    Mention,
    Offer,
    Profile,
)
from matching.stock import with_proposals
from models.artifact import load
from world import TODAY, competence, geography, groups, occupation, taxonomy
from world import profile as person
from world import vacancy as offer

CLEANER, HOUSEKEEPER, COOK = occupation("cleaner"), occupation("housekeeper"), occupation("cook")
SISTER = 133
"""Similarity of cleaner and domestic cleaner: the same 3 digits of ISCO-08 (911), two of three competences shared."""
MUST, STRONG, WISH = Requirement.MANDATORY, Requirement.STRONG, Requirement.DESIRED


def step(name: str, profile: Profile, vacancy: Offer, without_trains: bool = True) -> int:
    """Value of one comparison, where windows and iron are narrower than mop."""
    engine = Matcher.build(taxonomy(kin=True), geography(without_trains), groups(), load(), [vacancy])
    tables, _ = engine.model.weighted({})
    match = engine.match(engine.people([profile], TODAY), 0, 0, engine.world(TODAY), tables, 1)
    return match.values[NAMES.index(name)]


def can(*slugs: str) -> tuple[HeldCompetence, ...]:
    return tuple(HeldCompetence(competence(slug)) for slug in slugs)


def asks(*pairs: tuple[str, Requirement]) -> tuple[AskedCompetence, ...]:
    return tuple(AskedCompetence(competence(slug), requirement=how) for slug, how in pairs)


TEXT = AskedCompetence(text="poetsen", requirement=MUST)
WISHED_TEXT = AskedCompetence(text="poetsen", requirement=WISH)


@pytest.mark.parametrize(
    ("sought", "occupied", "expected"),
    [
        ((Mention(CLEANER),), Mention(CLEANER), FULL),
        ((Mention(CLEANER),), Mention(HOUSEKEEPER), SISTER),
        ((Mention(COOK), Mention(HOUSEKEEPER)), Mention(CLEANER), SISTER),  # the best of the two
        ((Mention(CLEANER),), Mention(COOK), 0),
        ((Mention(text="poetser"), Mention(CLEANER)), Mention(CLEANER), FULL),
        ((Mention(text="poetser"),), Mention(CLEANER), UNKNOWN),
        ((), Mention(CLEANER), UNKNOWN),
        (None, Mention(CLEANER), UNKNOWN),
        ((Mention(CLEANER),), Mention(text="poetser"), UNSTATED),
        ((Mention(CLEANER),), None, UNSTATED),
        (None, None, UNSTATED),
    ],
)
def test_profession_sought(sought: Any, occupied: Any, expected: int) -> None:
    assert step("profession_sought", person(professions_sought=sought), offer(occupation=occupied)) == expected


def worked(slug: str, months: int | None) -> DoneProfession:
    return DoneProfession(occupation(slug), months=months)


@pytest.mark.parametrize(
    ("done", "asked", "expected"),
    [
        ((worked("cleaner", 12),), 12, FULL),
        ((worked("cleaner", 11),), 12, 252 * 11 // 12),
        ((worked("cleaner", 6),), 12, 252 * 6 // 12),
        ((worked("housekeeper", 24),), 12, SISTER),
        ((worked("housekeeper", 6),), 12, SISTER * 6 // 12),
        ((worked("cleaner", 6), worked("housekeeper", 24)), 12, SISTER),  # 133 > 126
        ((worked("cleaner", None),), 12, UNKNOWN),
        ((worked("cleaner", None), worked("housekeeper", 24)), 12, SISTER),  # what is known stands: 133 >= 88
        ((worked("cleaner", None), worked("housekeeper", 6)), 12, UNKNOWN),  # 66 < 88, and 252 is possible
        ((worked("cook", 24),), 12, 0),
        ((), 12, 0),
        (None, 12, UNKNOWN),
        ((DoneProfession(text="poetser", months=12),), 12, UNKNOWN),
        ((DoneProfession(text="poetser", months=12), worked("cook", 24)), 12, UNKNOWN),
        # Unstated months count as none asked.
        ((worked("cleaner", 1),), None, FULL),
        ((worked("cook", 24),), None, 0),
        (None, None, UNKNOWN),
        # No experience asked: similar experience counts, other experience does not harm.
        ((worked("cleaner", 1),), 0, FULL),
        ((worked("housekeeper", 1),), 0, NOT_ASKED),  # 133 < 151, the same ISCO unit group
        ((worked("cook", 24),), 0, NOT_ASKED),
        ((), 0, NOT_ASKED),
        (None, 0, NOT_ASKED),
    ],
)
def test_profession_done(done: Any, asked: int | None, expected: int) -> None:
    assert step("profession_done", person(professions_done=done), offer(experience_months=asked)) == expected


def test_profession_done_without_an_occupation() -> None:
    assert step("profession_done", person(), offer(occupation=None, experience_months=6)) == UNSTATED
    assert step("profession_done", person(), offer(occupation=Mention(text="poetser"))) == UNSTATED
    assert step("profession_done", person(), offer(occupation=None, experience_months=0)) == NOT_ASKED


@pytest.mark.parametrize(
    ("held", "asked", "expected"),
    [
        (can("mop"), asks(("mop", MUST)), FULL),
        (can("mop"), asks(("mop", MUST), ("safety", MUST)), -(-252 * 3 // 6)),
        (can("mop"), asks(("mop", MUST), ("safety", STRONG)), -(-252 * 3 // 5)),  # 151.2, rounded up
        (can("safety"), asks(("mop", MUST), ("safety", STRONG)), -(-252 * 2 // 5)),  # 100.8
        (can("windows"), asks(("mop", MUST)), 202),  # narrower: 0.8 x 252 = 201.6
        (can("mop"), asks(("windows", MUST)), 126),  # broader: 0.5 x 252
        (can("windows"), asks(("mop", MUST), ("windows", MUST)), (3 * 202 + 3 * 252) // 6),
        (can("mop", "windows"), asks(("iron", STRONG)), 126),  # the best of two credits
        (can("python"), asks(("mop", MUST)), 0),
        (can("mop"), asks(("mop", WISH), ("mop", MUST)), FULL),  # twice: the stronger counts
        (can("mop"), (*asks(("mop", MUST)), TEXT), FULL),  # what is not linked is left out of the share
        (can("mop"), (TEXT,), UNSTATED),
        (can("mop"), None, UNSTATED),
        (can("mop"), (), NOT_ASKED),
        (can("mop"), asks(("mop", WISH)), NOT_ASKED),
        (can("mop"), (*asks(("mop", WISH)), WISHED_TEXT), NOT_ASKED),
        (None, asks(("mop", MUST)), UNKNOWN),
        ((), asks(("mop", MUST)), UNKNOWN),
        ((HeldCompetence(text="poetsen"),), asks(("mop", MUST)), UNKNOWN),
        (None, (), NOT_ASKED),
    ],
)
def test_competences_mandatory(held: Any, asked: Any, expected: int) -> None:
    assert step("competences_mandatory", person(competences=held), offer(competences=asked)) == expected


@pytest.mark.parametrize(
    ("held", "asked", "expected"),
    [
        (can("mop"), asks(("mop", WISH), ("safety", WISH)), 252 // 2),
        (can("mop"), asks(("mop", WISH), ("safety", MUST)), FULL),
        (can("mop"), asks(("mop", MUST)), NOT_ASKED),
        (can("mop"), asks(("mop", MUST), ("mop", WISH)), NOT_ASKED),  # asked as mandatory
        (can("mop"), (*asks(("mop", MUST)), TEXT), NOT_ASKED),
        (can("mop"), (*asks(("mop", MUST)), WISHED_TEXT), UNSTATED),
        (can("mop"), None, UNSTATED),
        (None, asks(("mop", WISH)), UNKNOWN),
    ],
)
def test_competences_desired(held: Any, asked: Any, expected: int) -> None:
    assert step("competences_desired", person(competences=held), offer(competences=asked)) == expected


@pytest.mark.parametrize(
    ("held", "asked", "expected"),
    [
        (can("mop", "safety", "python"), asks(("mop", MUST), ("safety", WISH)), FULL),  # 2 of the shorter list, 2
        (can("mop", "python"), asks(("mop", MUST), ("safety", WISH), ("wiring", WISH)), 252 * 1 // 2),
        (can("mop", "safety", "python"), asks(("mop", MUST), ("wiring", WISH), ("dishes", MUST)), 252 * 1 // 3),
        (can("windows"), asks(("mop", MUST)), 0),  # related is not the same
        (can("mop"), asks(("mop", MUST), ("mop", WISH)), FULL),
        (can("mop"), (*asks(("mop", MUST)), TEXT), FULL),
        (can("mop"), (TEXT,), UNSTATED),
        (can("mop"), None, UNSTATED),
        (can("mop"), (), NOT_ASKED),
        (None, asks(("mop", MUST)), UNKNOWN),
    ],
)
def test_competences_used(held: Any, asked: Any, expected: int) -> None:
    assert step("competences_used", person(competences=held), offer(competences=asked)) == expected


def knows(**levels: str | None) -> tuple[KnownLanguage, ...]:
    return tuple(KnownLanguage(code, Level(level) if level else None) for code, level in levels.items())


def lang(code: str, level: str | None, how: Requirement = MUST) -> AskedLanguage:
    return AskedLanguage(code, Level(level) if level else None, how)


@pytest.mark.parametrize(
    ("known", "asked", "expected"),
    [
        (knows(nl="B1"), (lang("nl", "B1"),), FULL),
        (knows(nl="C2"), (lang("nl", "B1"),), FULL),
        (knows(nl="A2"), (lang("nl", "B1"),), 163),  # 1 level short: 252 x 65 // 100
        (knows(nl="A1"), (lang("nl", "B1"),), 88),  # 2 short: 252 x 35 // 100
        (knows(nl="none"), (lang("nl", "B1"),), 37),  # 3 short: 252 x 15 // 100
        (knows(nl="none"), (lang("nl", "B2"),), 0),
        (knows(nl="A2"), (lang("nl", "B1", STRONG),), 163),  # strong counts as required
        (knows(nl="A2"), (lang("nl", "B1", WISH),), 252 - (252 - 163) // 3),
        (knows(fr="A2", nl="A2"), (lang("fr", "B1"), lang("nl", "B1")), 163 * 163 // 252),
        (knows(fr="B1", nl="A2"), (lang("fr", "B1"), lang("nl", "B1", WISH)), 252 * 223 // 252),
        # A required language of which nothing is known
        (knows(fr="B1"), (lang("nl", "B1"),), UNKNOWN),
        (knows(fr="B1", nl=None), (lang("fr", "B1"), lang("nl", "B1")), UNKNOWN),
        (knows(fr="A2"), (lang("fr", "B1"), lang("nl", "B1")), UNKNOWN),  # 163 > 88
        (knows(fr="A1"), (lang("fr", "B1"), lang("nl", "B1")), 88),  # French already fails
        (knows(fr="none"), (lang("fr", "B2"), lang("nl", "B1")), 0),
        # A desired language of which nothing is known counts as half met: 252 - (252 - 126) // 3
        (knows(fr="B1"), (lang("fr", "B1"), lang("nl", "B1", WISH)), 210),
        (knows(fr="B1"), (lang("nl", "B1", WISH),), UNKNOWN),
        # Asked without a level
        (knows(nl="B2"), (lang("nl", None),), FULL),
        (knows(nl="none"), (lang("nl", None),), 0),
        (knows(nl="B1"), (lang("nl", None),), UNKNOWN),
        (knows(nl="A1", fr="B1"), (lang("nl", None, WISH), lang("fr", "B1")), 210),
        # Known twice: the better level
        ((KnownLanguage("nl", Level.B1), KnownLanguage("nl", Level.A1)), (lang("nl", "B1"),), FULL),
        (knows(nl="B1"), (), NOT_ASKED),
        (knows(nl="B1"), None, UNSTATED),
        (None, (lang("nl", "B1"),), UNKNOWN),
        (None, (), NOT_ASKED),
    ],
)
def test_languages(known: Any, asked: Any, expected: int) -> None:
    assert step("languages", person(languages=known), offer(languages=asked)) == expected


@pytest.mark.parametrize("text_language", ["fr", "nl", None])
def test_the_language_of_a_text_is_no_language_asked(text_language: str | None) -> None:
    assert step("languages", person(), offer(languages=None, text="Wij zoeken", text_language=text_language)) == UNSTATED


@pytest.mark.parametrize(
    ("has", "asked", "expected"),
    [
        (4, 4, FULL),
        (6, 4, FULL),
        (3, 4, 252 - 1 * 84),
        (2, 4, 252 - 2 * 84),
        (1, 4, 0),
        (0, 6, 0),
        (0, 1, 252 - 1 * 84),
        (4, 0, NOT_ASKED),
        (None, 0, NOT_ASKED),
        (4, None, UNSTATED),
        (None, 4, UNKNOWN),
    ],
)
def test_education(has: int | None, asked: int | None, expected: int) -> None:
    assert step("education", person(education=has), offer(education=asked)) == expected


B, VCA = DrivingLicence.B, Certificate.VCA
WANTS_BOTH = {"driving_licences": (AskedLicence(B),), "certificates": (AskedCertificate(VCA),)}


@pytest.mark.parametrize(
    ("has", "wants", "expected"),
    [
        ({"driving_licences": (B,), "certificates": (VCA,)}, WANTS_BOTH, FULL),
        ({"driving_licences": (B,), "certificates": ()}, WANTS_BOTH, 252 * 1 // 2),
        ({"driving_licences": (B,), "certificates": ()}, {**WANTS_BOTH, "own_car": True}, UNKNOWN),
        ({"driving_licences": (B,), "certificates": (), "own_car": True}, {**WANTS_BOTH, "own_car": True}, 252 * 2 // 3),
        ({"driving_licences": (B,)}, WANTS_BOTH, UNKNOWN),
        ({"certificates": (VCA,)}, WANTS_BOTH, UNKNOWN),
        ({"driving_licences": (DrivingLicence.C,)}, {"driving_licences": (AskedLicence(B),)}, FULL),  # C covers B
        ({"driving_licences": ()}, {"driving_licences": (AskedLicence(B),)}, 0),
        ({"own_car": False}, {"own_car": True}, 0),
        ({"own_car": True}, {"own_car": True}, FULL),
        # What the law asks is a rule, not this comparison
        ({"driving_licences": ()}, {"driving_licences": (AskedLicence(B, legal=True),), "own_car": False}, NOT_ASKED),
        ({"driving_licences": (B,)}, {"driving_licences": (), "certificates": (), "own_car": False}, NOT_ASKED),
        ({"driving_licences": (B,)}, {"driving_licences": (), "certificates": ()}, UNSTATED),  # a car may be asked
        ({"driving_licences": (B,)}, {"own_car": False}, UNSTATED),
        ({"driving_licences": (B,)}, {}, UNSTATED),
    ],
)
def test_licences(has: Any, wants: Any, expected: int) -> None:
    assert step("licences", person(**has), offer(**wants)) == expected


FAST, NIGHT = (Shift.DAY,), (Shift.DAY, Shift.NIGHT)
PUBLIC = {"modes": (Mode.PUBLIC_TRANSPORT,)}


@pytest.mark.parametrize(
    ("has", "there", "expected"),
    [
        # 1000 -> 1800: 50 imported minutes by public transport.
        ({**PUBLIC, "max_minutes": 60}, {"postcodes": ("1800",)}, 252 - 252 * 50 // 120),
        ({**PUBLIC, "max_minutes": 50}, {"postcodes": ("1800",)}, 126),  # at the maximum
        ({**PUBLIC, "max_minutes": 25}, {"postcodes": ("1800",)}, 0),  # twice the maximum
        ({**PUBLIC, "max_minutes": None}, {"postcodes": ("1800",)}, 252 - 252 * 50 // 120),  # against an hour
        ({**PUBLIC, "max_minutes": 0}, {"postcodes": ("1800",)}, 0),
        ({**PUBLIC, "max_minutes": 60}, {"postcodes": ("1800",), "shifts": (Shift.EARLY,)}, 252 - 252 * 75 // 120),
        ({**PUBLIC, "max_minutes": 60}, {"postcodes": ("1800",), "shifts": (Shift.LATE,)}, 252 - 252 * 62 // 120),
        ({**PUBLIC, "max_minutes": 60}, {"postcodes": ("1800",), "remote_share": 0.6}, 252 - 252 * 20 // 120),
        # The nearest of several places: 1000 -> 1000 takes 10.8 + 3.45 x 0.8 = 13.6, 14 minutes.
        ({**PUBLIC, "max_minutes": 60}, {"postcodes": ("1800", "1000", "9999")}, 252 - 252 * 14 // 120),
        # Who named no mode goes by public transport or on foot: 0.8 km x 1.3 at 4.5 km/h = 13.9, 14 minutes.
        ({"modes": None, "max_minutes": 60}, {"postcodes": ("1000",), "shifts": NIGHT}, 252 - 252 * 14 // 120),
        ({**PUBLIC, "max_minutes": 60}, {"postcodes": ("1000",), "shifts": NIGHT}, UNKNOWN),  # no public transport
        # Beyond 60 km the model says nothing of public transport.
        (PUBLIC, {"postcodes": ("8400",)}, UNKNOWN),
        ({"postcode": None}, {"postcodes": ("1000",)}, UNKNOWN),
        ({"postcode": "9999"}, {"postcodes": ("1000",)}, UNKNOWN),
        ({"postcode": None}, {"postcodes": None, "remote_share": 1}, FULL),  # all at home
        ({"postcode": None}, {"postcodes": ("8400",), "remote_share": 1}, FULL),
        ({}, {"postcodes": None}, UNSTATED),
        ({}, {"postcodes": ("9999",)}, UNSTATED),
        ({}, {"postcodes": ()}, UNSTATED),
    ],
)
def test_travel(has: Any, there: Any, expected: int) -> None:
    assert step("travel", person(**has), offer(**there)) == expected


@pytest.mark.parametrize(
    ("wants", "has", "expected"),
    [
        ((20, 38), (38, 38), FULL),
        ((20, 38), (10, 20), FULL),  # they touch
        ((20, 30), (38, 38), 252 - 8 * 21),
        ((20, 30), (38.5, 38.5), 252 - 178),  # 8.5 x 21 = 178.5
        ((20, 25), (38, 38), 0),  # 13 hours apart
        ((30, 38), (18, 18), 0),  # 12 hours apart
        ((None, 30), (38, 38), 252 - 8 * 21),
        ((20, None), (38, 38), FULL),
        ((20, 30), (None, 38), 252 - 8 * 21),  # one bound stands for both
        ((20, 30), (0, 38), FULL),
        ((20, 38), (None, None), UNSTATED),
        ((None, None), (38, 38), UNKNOWN),
    ],
)
def test_hours(wants: Any, has: Any, expected: int) -> None:
    profile = person(hours_min=wants[0], hours_max=wants[1])
    assert step("hours", profile, offer(hours_min=has[0], hours_max=has[1])) == expected


def test_hours_of_a_course_are_never_too_few() -> None:
    """Six hours against at least twenty: 14 too few for work. Forty against at most 38: 2 too many for both."""
    for hours, work, course in ((6, 0, FULL), (40, 252 - 2 * 21, 252 - 2 * 21)):
        there = offer(hours_min=hours, hours_max=hours)
        assert step("hours", person(), there) == work
        assert step("hours", person(), replace(there, kind=Kind.TRAINING)) == course


SAT, SUN, MON = Day.SATURDAY, Day.SUNDAY, Day.MONDAY


@pytest.mark.parametrize(
    ("impossible", "asked", "expected"),
    [
        (((), ()), (FAST, (MON,)), FULL),
        (((Shift.NIGHT,), ()), (NIGHT, (MON,)), 252 * 2 // 3),
        (((Shift.NIGHT,), (SAT, SUN)), (NIGHT, (MON, SAT)), 252 * 2 // 4),
        (((Shift.NIGHT,), None), ((Shift.NIGHT,), None), 0),
        ((None, (SUN,)), (None, (SAT, SUN)), 252 * 1 // 2),
        (((), ()), (None, None), UNSTATED),
        ((None, None), (FAST, None), UNKNOWN),
    ],
)
def test_shifts(impossible: Any, asked: Any, expected: int) -> None:
    profile = person(impossible_shifts=impossible[0], impossible_days=impossible[1])
    assert step("shifts", profile, offer(shifts=asked[0], days=asked[1])) == expected


@pytest.mark.parametrize(
    ("wanted", "kind", "expected"),
    [
        ((Contract.PERMANENT, Contract.INTERIM), Contract.INTERIM, FULL),
        ((Contract.PERMANENT,), Contract.INTERIM, 0),
        ((Contract.PERMANENT,), None, UNSTATED),
        ((), Contract.INTERIM, UNKNOWN),
        (None, Contract.INTERIM, UNKNOWN),
    ],
)
def test_contract(wanted: Any, kind: Any, expected: int) -> None:
    assert step("contract", person(contracts=wanted), offer(contract=kind)) == expected


@pytest.mark.parametrize(
    ("can_from", "starts", "expected"),
    [
        (0, 0, FULL),
        (10, 20, FULL),
        (30, 0, 252 - 252 * 30 // 60),
        (31, 0, 252 - 130),  # 252 x 31 / 60 = 130.2
        (60, 0, 0),
        (90, 0, 0),
        (10, -100, 252 - 252 * 10 // 60),  # a past start means now
        (-100, -5, FULL),
        (None, 0, UNKNOWN),
        (0, None, UNSTATED),
    ],
)
def test_start(can_from: int | None, starts: int | None, expected: int) -> None:
    days = [None if n is None else TODAY + timedelta(days=n) for n in (can_from, starts)]
    assert step("start", person(start_from=days[0]), offer(start=days[1])) == expected


@pytest.mark.parametrize(
    ("published", "verified", "expected"),
    [
        (0, None, FULL),
        (30, None, 252 // 2),
        (60, None, 252 // 4),
        (60, 30, 252 // 2),  # the later of the two
        (15, None, 178),  # 252 x 0.5 ** 0.5 = 178.2
        (4000, None, 0),
        (-3, None, FULL),
        (None, None, UNSTATED),
    ],
)
def test_freshness(published: int | None, verified: int | None, expected: int) -> None:
    days = [None if n is None else TODAY - timedelta(days=n) for n in (published, verified)]
    assert step("freshness", person(), offer(published=days[0], verified=days[1])) == expected


@pytest.mark.parametrize(
    ("proposed", "positions", "filled", "expected"),
    [
        (0, None, 0, FULL),
        (0, 1, 0, FULL),
        (1, 1, 0, 126),  # 252 x 1 / (1 + 1)
        (3, 2, 1, 63),  # 252 x 1 / (1 + 3)
        (2, None, 0, UNSTATED),
        (2, 1, 1, 0),
    ],
)
def test_exposure(proposed: int, positions: int | None, filled: int, expected: int) -> None:
    asked = offer(positions=positions, filled=filled)
    engine = Matcher.build(taxonomy(), geography(), groups(), load(), [asked])
    engine = replace(engine, stock=with_proposals(engine.stock, {asked.id: proposed, "another": 4}))
    tables, _ = engine.model.weighted({})
    match = engine.match(engine.people([person()], TODAY), 0, 0, engine.world(TODAY), tables, 1)
    assert match.values[NAMES.index("exposure")] == expected
    assert match.proposed == proposed


def test_the_order_and_the_sides() -> None:
    assert len(set(NAMES)) == len(COMPARISONS) == 15
    sides = {side: [c.name for c in COMPARISONS if c.side == side] for side in ("person", "employer", "both")}
    assert sides == {
        "person": ["profession_sought", "competences_used", "travel", "hours", "shifts", "contract", "start"],
        "employer": [
            "profession_done", "competences_mandatory", "competences_desired", "languages", "education", "licences",
        ],
        "both": ["freshness", "exposure"],
    }  # fmt: skip


def test_days_of_which_nothing_is_known_are_not_possible() -> None:
    assert step("shifts", person(impossible_shifts=(), impossible_days=None), offer(days=(SAT,), shifts=None)) == UNKNOWN


def test_a_text_among_the_professions_sought_leaves_the_rest_unknown() -> None:
    seeks = (Mention(CLEANER), Mention(text="iets met honden"))
    assert step("profession_sought", person(professions_sought=seeks), offer("cook")) == UNKNOWN


def test_kinds_are_otherwise_compared_alike() -> None:
    training = offer(kind=Kind.TRAINING)
    for name in NAMES:
        assert step(name, person(), training) == step(name, person(), offer())
