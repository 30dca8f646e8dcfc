"""Cells of a table to rows of our own format."""

from datetime import date

import pytest

from matching.codes import Requirement
from matching.flat import unflatten
from matching.ingest import read_offer, read_profile
from matching.records import DataError

GROUPS = ("art60", "equivalent")


def test_a_flat_profile_is_read() -> None:
    cells = {
        "ID": "P1",
        "sourceKind": "ocmw",
        "sourceName": "CPAS",
        "basisLegal": "law",
        "basisPurpose": "guidance",
        "basisNotifiedOn": "3/1/2025",
        "competences": "rome:1|soudage: TIG:expert",
        "professionsDone": "isco:5322|isco:5322:24|baker:6",
        "languages": "NL:b1|fr",
        "drivingLicences": "-",
        "certificates": "",
        "hoursMin": "19,5",
        "ownCar": "Nee",
        "maxMinutes": 45.0,
        "postcode": 1000.0,
        "constraints": "hours|shifts:solvable",
        "excludedEmployers": "X|Y",
    }
    profile = read_profile(unflatten(cells, "profiles"), groups=GROUPS)
    assert profile.basis[0].notified_on == date(2025, 1, 3)
    assert profile.competences is not None
    assert [(one.concept, one.text, one.level) for one in profile.competences] == [
        ("rome:1", None, None),
        (None, "soudage: TIG", "expert"),
    ]
    assert profile.professions_done is not None
    assert [(one.concept, one.text, one.months) for one in profile.professions_done] == [
        ("isco:5322", None, None),
        ("isco:5322", None, 24),
        (None, "baker", 6),
    ]
    assert (profile.driving_licences, profile.certificates) == ((), None)
    assert (profile.hours_min, profile.own_car, profile.max_minutes, profile.postcode) == (19.5, False, 45, "1000")
    assert [(one.limit, one.solvable) for one in profile.constraints] == [("hours", False), ("shifts", True)]
    assert profile.exclusions.employers == ("X", "Y")


def test_a_flat_offer_is_read() -> None:
    cells = {
        "id": 7.0,
        "source": "s",
        "kind": "training",
        "title": "t",
        "competences": "a:mandatory|b",
        "languages": "nl:B1:desired|fr::mandatory|en",
        "drivingLicences": "B:legal|c",
        "experienceMonths": "-",
        "grantsLanguages": "nl:B1",
        "grantsExperienceMonths": "6",
        "postcodes": "1000|1070",
        "start": date(2025, 4, 1),
    }
    offer = read_offer(unflatten(cells, "offers"), groups=GROUPS)
    assert offer.id == "7"
    assert offer.competences is not None
    assert [one.requirement for one in offer.competences] == [Requirement.MANDATORY, Requirement.STRONG]
    assert offer.languages is not None
    assert [(one.code, one.level, one.requirement) for one in offer.languages] == [
        ("nl", "B1", "desired"),
        ("fr", None, "mandatory"),
        ("en", None, "mandatory"),
    ]
    assert offer.driving_licences is not None
    assert [(one.code, one.legal) for one in offer.driving_licences] == [("B", True), ("C", False)]
    assert offer.grants is not None
    assert (offer.experience_months, offer.grants.experience_months, offer.start) == (0, 6, date(2025, 4, 1))


@pytest.mark.parametrize(
    ("column", "found", "code", "path"),
    [
        ("hoursMin", "twenty", "wrong_type", "hoursMin"),
        ("hoursMin", "1.000", "wrong_type", "hoursMin"),
        ("maxMinutes", "45,5", "wrong_type", "maxMinutes"),
        ("maxMinutes", 45.5, "wrong_type", "maxMinutes"),
        ("ownCar", "perhaps", "wrong_type", "ownCar"),
        ("registeredOn", "30/02/2025", "bad_date", "registeredOn"),
        ("registeredOn", 45000.0, "bad_date", "registeredOn"),
        ("languages", "nl:Z9", "not_in_list", "languages[0].level"),
        ("languages", "nl:B1:mandatory:x", "wrong_type", "languages[0]"),
        ("constraints", "hours:perhaps", "wrong_type", "constraints[0]"),
        ("modes", "-|car", "not_in_list", "modes[0]"),
        ("Naam", "", "forbidden_field", "Naam"),
        ("remark", "x", "unknown_field", "remark"),
    ],
)
def test_a_flat_cell_that_cannot_be_read_is_a_problem(column: str, found: object, code: str, path: str) -> None:
    row = unflatten({"id": "P1", "sourceKind": "ocmw", "sourceName": "a", column: found}, "profiles")
    with pytest.raises(DataError) as caught:
        read_profile(row, groups=GROUPS)
    assert [(problem.code, problem.field) for problem in caught.value.problems] == [(code, path)]
