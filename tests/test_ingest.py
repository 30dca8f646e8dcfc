"""Rows and bodies to records: every problem named, nothing guessed, nothing personal let in or said back."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.codes import Level
from matching.files import load_json
from matching.flat import OFFER as OFFER_COLUMNS
from matching.flat import PROFILE as PROFILE_COLUMNS
from matching.flat import unflatten
from matching.ingest import Codes, read_any_offer, read_offer, read_outcome, read_profile
from matching.personal import holds_national_number, is_personal_field
from matching.problems import say
from matching.records import DataError, Mention, Offer, Problem, Profile

GROUPS = ("art60", "equivalent")
PROFILE: dict[str, Any] = {"id": "P1", "source": {"kind": "ocmw", "name": "CPAS"}}
OFFER: dict[str, Any] = {"id": "O1", "source": "demo", "kind": "vacancy", "title": "Baker"}
OUTCOME: dict[str, Any] = {
    "id": "E1",
    "event": "hired",
    "profileId": "P1",
    "happenedOn": "2025-04-01",
    "reportedBy": "C1",
}
NUMBER = "85.07.30-033.28"  # 850730033 mod 97 = 69; 97 - 69 = 28


PERSONAL = """
    name firstName LAST_NAME nom prénom naam voornaam address adresse adres straat Rue birthDate dateOfBirth
    geboortedatum dateNaissance age leeftijd sex gender geslacht sexe nationality nationaliteit nationalité origin
    religion health santé     handicap disability debt dette schuld nrn NISS rijksregisternummer email e-mail
    phone gsm photo clientEmail
"""


def problems_of(kind: str, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    read: Any = {"profile": read_profile, "offer": read_offer, "outcome": read_outcome}[kind]
    with pytest.raises(DataError) as caught:
        read(row) if kind == "outcome" else read(row, groups=GROUPS)
    for problem in caught.value.problems:
        assert problem.record.startswith(kind)
        assert all(say(problem, lang) for lang in ("fr", "nl", "en"))
    return sorted((problem.code, problem.field) for problem in caught.value.problems)


def nested(levels: int) -> Any:
    """A list in a list in a list."""
    return [nested(levels - 1)] if levels else 1


HOSTILE: list[tuple[str, dict[str, Any], list[tuple[str, str]]]] = [
    ("profile", {"id": True}, [("wrong_type", "id")]),
    ("profile", {"id": 12}, [("wrong_type", "id")]),
    ("profile", {"id": ""}, [("missing", "id")]),
    ("profile", {"id": "x" * 65}, [("too_long", "id")]),
    ("profile", {"id": "a\x00b"}, [("control_character", "id")]),
    ("profile", {"id": "a\ud800"}, [("not_utf8", "id")]),
    ("profile", {"id": NUMBER}, [("national_number", "id")]),
    ("profile", {"referentId": "85073003328"}, [("national_number", "referentId")]),
    ("profile", {"source": None}, [("missing_source", "source")]),
    ("profile", {"source": "OCMW"}, [("wrong_type", "source")]),
    (
        "profile",
        {"source": {"kind": "vdab", "name": " "}},
        [("missing", "source.name"), ("not_in_list", "source.kind")],
    ),
    ("profile", {"postcodes": "1000"}, [("unknown_field", "postcodes")]),
    (
        "profile",
        {"voornaam": "x", "Date_of_Birth": "y"},
        [("forbidden_field", "Date_of_Birth"), ("forbidden_field", "voornaam")],
    ),
    ("profile", {"source": {"kind": "ocmw", "name": "a", "email": "a@b.be"}}, [("forbidden_field", "source.email")]),
    ("profile", {"targetGroup": "nobody"}, [("unknown_group", "targetGroup")]),
    ("profile", {"registeredOn": "2025-02-30"}, [("bad_date", "registeredOn")]),
    ("profile", {"registeredOn": "86400"}, [("bad_date", "registeredOn")]),
    ("profile", {"registeredOn": 20250101}, [("bad_date", "registeredOn")]),
    ("profile", {"registeredOn": "0025-01-01"}, [("out_of_range", "registeredOn")]),
    ("profile", {"registeredOn": "2025-01-01T00:00:00"}, [("bad_date", "registeredOn")]),
    ("profile", {"registeredOn": "2025-03-01", "guidanceEnd": "2025-02-01"}, [("inconsistent", "guidanceEnd")]),
    ("profile", {"languages": [{"code": "xx"}]}, [("not_in_list", "languages[0].code")]),
    ("profile", {"languages": [{"code": "nl"}, {"code": "nl", "level": "A1"}]}, [("duplicate", "languages[1].code")]),
    (
        "profile",
        {"languages": [{"level": "Z9"}, 5, {"code": "fr", "level": 3}]},
        [
            ("missing", "languages[0].code"),
            ("not_in_list", "languages[0].level"),
            ("not_in_list", "languages[2].level"),
            ("wrong_type", "languages[1]"),
        ],
    ),
    ("profile", {"languages": {"nl": "B1"}}, [("wrong_type", "languages")]),
    ("profile", {"hoursMin": 38, "hoursMax": 20}, [("inconsistent", "hoursMin")]),
    ("profile", {"hoursMin": "38"}, [("wrong_type", "hoursMin")]),
    ("profile", {"hoursMax": 61, "maxMinutes": -1}, [("out_of_range", "hoursMax"), ("out_of_range", "maxMinutes")]),
    ("profile", {"maxMinutes": 1.5, "ownCar": "yes"}, [("wrong_type", "maxMinutes"), ("wrong_type", "ownCar")]),
    ("profile", {"hoursMin": float("nan")}, [("not_finite", "hoursMin")]),
    ("profile", {"maxMinutes": 10**30}, [("out_of_range", "maxMinutes")]),
    ("profile", {"competences": [{}, {"text": " "}]}, [("missing", "competences[0]"), ("missing", "competences[1]")]),
    ("profile", {"competences": [{"text": "x" * 501}]}, [("too_long", "competences[0].text")]),
    ("profile", {"competences": [{"text": "x"}] * 201}, [("too_long", "competences")]),
    ("profile", {"professionsDone": [{"text": "x", "months": -1}]}, [("out_of_range", "professionsDone[0].months")]),
    ("profile", {"postcode": 1000}, [("wrong_type", "postcode")]),
    ("profile", {"postcode": "1"}, [("too_short", "postcode")]),
    ("profile", {"modes": ["boat", True]}, [("not_in_list", "modes[0]"), ("not_in_list", "modes[1]")]),
    (
        "profile",
        {
            "basis": [
                {
                    "field": "shoe",
                    "purpose": "p",
                    "legalBasis": "l",
                    "notifiedOn": "2025-02-01",
                    "withdrawnOn": "2025-01-01",
                }
            ]
        },
        [("inconsistent", "basis[0].withdrawnOn"), ("not_in_list", "basis[0].field")],
    ),
    ("profile", {"constraints": [{"limit": "hours"}, {"limit": "hours"}]}, [("duplicate", "constraints[1].limit")]),
    ("profile", {"source": nested(30)}, [("too_deep", "source" + "[0]" * 24)]),
    ("offer", {"kind": "job", "title": None}, [("not_in_list", "kind"), ("wrong_type", "title")]),
    ("offer", {"gender": "m", "leeftijd": 30}, [("forbidden_field", "gender"), ("forbidden_field", "leeftijd")]),
    ("offer", {"published": "2025-03-02", "validThrough": "2025-03-01"}, [("inconsistent", "validThrough")]),
    (
        "offer",
        {"grants": {}, "audience": ["art60", "z"]},
        [("inconsistent", "audience"), ("inconsistent", "grants"), ("unknown_group", "audience[1]")],
    ),
    ("offer", {"positions": 1, "filled": 2}, [("inconsistent", "filled")]),
    (
        "offer",
        {"textLanguage": "xx", "remoteShare": 1.01},
        [("not_in_list", "textLanguage"), ("out_of_range", "remoteShare")],
    ),
    (
        "offer",
        {"drivingLicences": [{"code": "Z", "legal": 1}]},
        [("not_in_list", "drivingLicences[0].code"), ("wrong_type", "drivingLicences[0].legal")],
    ),
    ("offer", {"occupation": {"code": "K1306"}}, [("missing", "occupation"), ("unknown_field", "occupation.code")]),
    ("offer", {"text": "x" * 20_001}, [("too_long", "text")]),
    (
        "outcome",
        {"event": "refused", "startedOn": "2025-05-01"},
        [("inconsistent", "startedOn"), ("missing", "offerId")],
    ),
    (
        "outcome",
        {"profileId": NUMBER, "corrects": "E1"},
        [("inconsistent", "corrects"), ("national_number", "profileId")],
    ),
    ("outcome", {"event": "fired", "happenedOn": "31/12/2025"}, [("bad_date", "happenedOn"), ("not_in_list", "event")]),
]


@pytest.mark.parametrize(("kind", "change", "expected"), HOSTILE, ids=lambda part: str(part)[:40])
def test_hostile_rows_name_every_problem(kind: str, change: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    start = {"profile": PROFILE, "offer": OFFER, "outcome": OUTCOME}[kind]
    assert problems_of(kind, {**start, **change}) == expected


def test_problems_of_every_sort_come_together() -> None:
    row = {
        "id": NUMBER,
        "naam": "x",
        "colour": 1,
        "hoursMin": 5,
        "hoursMax": 4,
        "targetGroup": "z",
        "startFrom": "2025-13-01",
    }
    assert problems_of("profile", row) == [
        ("bad_date", "startFrom"),
        ("forbidden_field", "colour"),
        ("forbidden_field", "naam"),
        ("inconsistent", "hoursMin"),
        ("missing_source", "source"),
        ("national_number", "id"),
        ("unknown_group", "targetGroup"),
    ]


def test_what_is_no_object_is_refused() -> None:
    for row in ([], "x", 3, None, [PROFILE]):
        assert problems_of("profile", row) == [("not_an_object", "")]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", PERSONAL.split())
def test_personal_fields_are_refused_by_name_and_never_said_back(name: str) -> None:
    assert is_personal_field(name)
    with pytest.raises(DataError) as caught:
        read_profile({**PROFILE, name: "Secretissimo"}, groups=GROUPS)
    (problem,) = caught.value.problems
    assert (problem.code, problem.field, problem.value) == ("forbidden_field", name, None)
    assert "Secretissimo" not in str(caught.value) + say(problem, "en")


def test_our_own_fields_are_not_personal() -> None:
    assert not [name for name in (*PROFILE_COLUMNS, *OFFER_COLUMNS) if is_personal_field(name) and name != "title"]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("85073003328", True),
        ("85.07.30-033.28", True),
        ("85 07 30 033 28", True),
        ("85/07/30-033-28", True),
        ("85-073-003328", True),
        ("P-85073003328", True),
        ("85073003329", False),  # check number
        ("17.07.30-033.84", True),  # born 2017: 2170730033 mod 97 = 13; 97 - 13 = 84
        ("85.47.30-033.17", True),  # BIS: month 7 + 40; 854730033 mod 97 = 80; 97 - 80 = 17
        ("85.27.30-033.71", True),  # BIS: month 7 + 20; 852730033 mod 97 = 26; 97 - 26 = 71
        ("85133003362", False),  # month 13
        ("185073003328", False),  # twelve digits
        ("P-0001", False),
        ("", False),
    ],
)
def test_national_numbers(text: str, is_one: bool) -> None:
    assert holds_national_number(text) is is_one


def test_a_national_number_is_not_said_back() -> None:
    with pytest.raises(DataError) as caught:
        read_profile({**PROFILE, "id": NUMBER, "maxMinutes": -1}, groups=GROUPS)
    said = " ".join(say(problem, lang) for problem in caught.value.problems for lang in ("fr", "nl", "en"))
    assert "033" not in said + str(caught.value) + repr(caught.value.problems)


def test_a_good_profile_is_read_and_blank_text_is_no_text() -> None:
    row = {
        **PROFILE,
        "id": " P1 ",
        "targetGroup": "art60",
        "competences": [],
        "professionsSought": [{"concept": "rome:K1306", "text": "  "}],
        "languages": [{"code": "nl", "level": "B1"}],
        "preferredAgency": "   ",
        "contractEnd": "1999-01-01",
        "registeredOn": "2025-01-01",
    }
    profile = read_profile(row, groups=GROUPS)
    assert (profile.id, profile.competences, profile.professions_done) == ("P1", (), None)
    assert profile.professions_sought == (Mention("rome:K1306"),)
    assert profile.languages is not None
    assert profile.languages[0].level is Level.B1
    assert profile.preferred_agency is None


class Links:
    """Knows one code."""

    def occupation(self, *words: object) -> None:
        return None

    def code(self, kind: str, value: str) -> str | None:
        return "uri:o1" if (kind, value) == ("occupation", "rome:A1") else None

    def text(self, kind: str, text: str, lang: str | None) -> tuple[str, bool] | None:
        return None


def test_unknown_codes_are_refused_where_codes_are_given() -> None:
    codes = Codes(postcodes={"1000"}, linking=Links())
    row = {
        **PROFILE,
        "postcode": "9999",
        "professionsSought": [{"concept": "rome:A1"}, {"concept": "rome:Z9"}, {"concept": "baker"}],
    }
    with pytest.raises(DataError) as caught:
        read_profile(row, groups=GROUPS, codes=codes)
    assert [(one.code, one.field) for one in caught.value.problems] == [
        ("unknown_code", "professionsSought[1].concept"),
        ("unknown_code", "professionsSought[2].concept"),
        ("unknown_postcode", "postcode"),
    ]
    read_profile(row, groups=GROUPS)


def test_a_body_goes_through_the_strict_reader_to_a_record() -> None:
    body = json.dumps({**PROFILE, "postcode": "1000"}).encode()
    assert isinstance(read_profile(load_json(body), groups=GROUPS), Profile)
    assert isinstance(read_offer(load_json(json.dumps(OFFER).encode()), groups=GROUPS), Offer)


POSTING_KEYS = (
    "identifier title description inLanguage datePosted validThrough hiringOrganization employmentType jobLocation "
    "occupationalCategory skills knowsLanguage drivingLicence experienceRequirements workHours jobLocationType "
    "educationRequirements totalJobOpenings jobStartDate relevantOccupation"
).split()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just(NUMBER),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "code", "text", "value", "level", "address", "@type"]), inner)
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_value_in_any_field_gives_a_record_or_problems(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["profile", "offer", "posting", "profiles", "offers"]))
    columns = (
        list(PROFILE_COLUMNS) if kind.startswith("profile") else POSTING_KEYS if kind == "posting" else list(OFFER_COLUMNS)
    )
    change = data.draw(st.dictionaries(st.sampled_from(columns), JSON, max_size=3))
    start = {"@type": "JobPosting"} if kind == "posting" else PROFILE if kind.startswith("profile") else OFFER
    row: dict[str, Any] = {**start, **change}
    row = unflatten(row, kind) if kind in {"profiles", "offers"} else row  # type: ignore[arg-type]
    problems: tuple[Problem, ...] | None = None
    try:
        (read_profile if kind.startswith("profile") else read_any_offer)(row, groups=GROUPS)
    except DataError as error:
        problems = error.problems
    assert problems != ()
    assert all(say(problem, lang) for problem in problems or () for lang in ("fr", "nl", "en"))
