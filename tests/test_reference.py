"""Reference files as they come: headers, separators, encodings, and every problem reported."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from matching.codes import Mode
from matching.geography import Geography
from matching.records import DataError
from matching.reference import (
    build_geography,
    group_rules,
    read_guidance,
    read_postcodes,
    read_travel_times,
    region_of,
    shipped_places,
)

GEO = Path(__file__).resolve().parents[2] / "shared" / "data" / "geo"
BRUSSELS = [
    *("1000", "1020", "1030", "1040", "1050", "1060", "1070", "1080", "1081", "1082", "1083"),
    *("1090", "1120", "1130", "1140", "1150", "1160", "1170", "1180", "1190", "1200", "1210"),
]


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "given.csv"
    path.write_bytes(text.encode(encoding))
    return path


def shared(name: str) -> Path:
    path = GEO / name
    if not path.exists():
        pytest.skip(f"reference data is not here: {name}")
    return path


def test_shipped_gazetteer_covers_brussels_and_its_edge() -> None:
    places = {place.postcode: place for place in shipped_places()}
    assert sorted(code for code, place in places.items() if place.region == "brussels") == BRUSSELS
    assert len(places) == 101
    assert all(place.nis and len(place.nis) == 5 and place.name_fr and place.name_nl for place in places.values())
    assert (places["1210"].name_nl, places["1640"].name_fr, places["9300"].name_fr) == (
        "Sint-Joost-ten-Node",
        "Rhode-Saint-Genèse",
        "Alost",
    )
    # The first digits of a NIS code are the arrondissement: 21 is Brussels, 25 Nivelles.
    assert {place.nis[:2] for place in places.values() if place.region == "brussels" and place.nis} == {"21"}
    assert all(place.region == region_of(place.postcode) for place in places.values())


def test_shipped_gazetteer_agrees_with_reference_points_and_codes() -> None:
    points = {row["postcode"]: row for row in read_postcodes(shared("postcode_points_derived.csv"))[0]["places"]}
    codes = shared("belgian_municipalities_2020.csv").read_text(encoding="utf-8")
    for place in shipped_places():
        assert place.latitude == pytest.approx(points[place.postcode]["latitude"], abs=0.002)
        assert place.longitude == pytest.approx(points[place.postcode]["longitude"], abs=0.002)
        assert f"\n{place.nis}," in codes


def test_postcodes_with_a_header_in_any_order(tmp_path: Path) -> None:
    document, report = read_postcodes(write(tmp_path, "lon,Zip Code,lat,n\n4.35,1000,50.85,1\n5.57,4000,50.63,3\n"))
    assert document["places"][1] == {
        **{"postcode": "4000", "locality": None, "name_fr": None, "name_nl": None, "nis": None},
        **{"latitude": 50.63, "longitude": 5.57, "region": "wallonia"},
    }
    assert (report.rows, report.kept, report.merged, report.problems) == (2, 2, 0, ())


def test_postcodes_without_a_header(tmp_path: Path) -> None:
    document, _ = read_postcodes(write(tmp_path, '4000,Liège,5.5706,50.6339\n1310,"La Hulpe",4.4797,50.7315\n'))
    assert [(row["postcode"], row["locality"], row["latitude"], row["region"]) for row in document["places"]] == [
        ("1310", "La Hulpe", 50.7315, "wallonia"),
        ("4000", "Liège", 50.6339, "wallonia"),
    ]


def test_postcodes_as_belgian_offices_save_them(tmp_path: Path) -> None:
    text = "Code postal;Localité;Latitude;Longitude\r\n4000;Liège;50,6339;5,5706\r\n\r\n"
    for encoding in ("utf-8-sig", "cp1252"):
        row = read_postcodes(write(tmp_path, text, encoding))[0]["places"][0]
        assert (row["locality"], row["latitude"], row["longitude"]) == ("Liège", 50.6339, 5.5706)


def test_localities_of_one_postcode_become_their_median(tmp_path: Path) -> None:
    text = "zip,locality,lat,lon\n1785,Brussegem,50.93,4.26\n1785,Hamme,51.09,4.12\n1785,Merchtem,50.96,4.23\n"
    document, report = read_postcodes(write(tmp_path, text))
    # Hamme is a namesake far away: the middle values are Merchtem's.
    assert (document["places"][0]["latitude"], document["places"][0]["longitude"]) == (50.96, 4.23)
    assert (report.rows, report.kept, report.merged) == (3, 1, 2)


def test_every_problem_of_the_postcodes_is_reported_and_good_rows_are_kept(tmp_path: Path) -> None:
    text = (
        "postcode,latitude,longitude,region\n10,abc,4.3,mars\n1000,50.85,4.35,brussels\n1020,48.8,2.35,\n1030,,4.4,\n"
    )
    document, report = read_postcodes(write(tmp_path, text))
    assert [(one.record, one.field, one.code) for one in report.problems] == [
        ("given.csv line 2", "postcode", "invalid_postcode"),
        ("given.csv line 2", "latitude", "not_a_number"),
        ("given.csv line 2", "region", "unknown_code"),
        ("given.csv line 4", "latitude", "out_of_range"),
        ("given.csv line 4", "longitude", "out_of_range"),
        ("given.csv line 5", "latitude", "not_a_number"),
    ]
    assert [row["postcode"] for row in document["places"]] == ["1000"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["empty_file"]),
        ("zip,lat,lon\n", ["empty_file"]),
        ("zip,name\n1000,Brussel\n", ["missing_column", "missing_column"]),
        ("one,two\nthree,four\n", ["missing_column", "missing_column", "missing_column"]),
        ("zip,lat,lon\n1,50.8,4.3\n", ["invalid_postcode"]),
        ("zip,lat,lon\n1000,nan,inf\n", ["not_a_number", "not_a_number"]),
    ],
)
def test_unusable_postcode_files(tmp_path: Path, text: str, codes: list[str]) -> None:
    with pytest.raises(DataError) as error:
        read_postcodes(write(tmp_path, text))
    assert [one.code for one in error.value.problems] == codes


def test_absent_file(tmp_path: Path) -> None:
    for read in (read_postcodes, read_travel_times, read_guidance):
        with pytest.raises(DataError, match="unreadable_file"):
            read(tmp_path / "absent")


def test_travel_times_and_whether_trains_are_in_them(tmp_path: Path) -> None:
    text = "from_zip,to_zip,km,{}\n1000,1020,4.1,23\n1020,1000,4.1,\n1000,1030,2.8,21.4\n1000,1030,2.8,21\n"
    document, report = read_travel_times(write(tmp_path, text.format("pt_minutes_weekday_am_no_train")))
    assert document == {"without_trains": True, "pairs": [["1000", "1020", 23], ["1000", "1030", 21]]}
    assert (report.rows, report.kept, report.merged, report.blank, report.problems) == (4, 2, 1, 1, ())
    document, _ = read_travel_times(write(tmp_path, text.format("minutes")))
    assert document["without_trains"] is False
    document, _ = read_travel_times(write(tmp_path, "van;naar;minuten zonder trein\n1000;1020;23,5\n"))
    assert document == {"without_trains": True, "pairs": [["1000", "1020", 24]]}


def test_every_problem_of_the_travel_times_is_reported(tmp_path: Path) -> None:
    text = "from,to,minutes\n1000,1020,23\n1000,1020,40\nBXL,10,soon\n1000,1030,-5\n1000,1040,9999\n"
    document, report = read_travel_times(write(tmp_path, text))
    assert [(one.record[-1], one.field, one.code) for one in report.problems] == [
        ("3", "minutes", "duplicate"),
        ("4", "start", "invalid_postcode"),
        ("4", "end", "invalid_postcode"),
        ("4", "minutes", "not_a_number"),
        ("5", "minutes", "out_of_range"),
        ("6", "minutes", "out_of_range"),
    ]
    assert (document["pairs"], report.merged) == ([["1000", "1020", 23]], 0)


@pytest.mark.parametrize(
    ("header", "code"),
    [("from,to,km", "missing_column"), ("from,to,minutes,minutes_car", "ambiguous_column"), ("a1,to,minutes", "start")],
)
def test_unusable_travel_time_headers(tmp_path: Path, header: str, code: str) -> None:
    with pytest.raises(DataError, match=code):
        read_travel_times(write(tmp_path, f"{header}\n1000,1020,23,1\n"))


def test_geography_stands_on_the_shipped_gazetteer(tmp_path: Path) -> None:
    assert len(build_geography({}).places) == 101
    postcodes, _ = read_postcodes(write(tmp_path, "zip,locality,lat,lon\n1000,Bxl,50.85,4.36\n4000,Liège,50.63,5.57\n"))
    travel, _ = read_travel_times(write(tmp_path, "from,to,minutes\n1000,4000,75\n1000,8400,110\n"))
    geography = build_geography(json.loads(json.dumps({"postcodes": postcodes, "travel-times": travel})))
    brussels, liege = (geography.places[geography.index[code]] for code in ("1000", "4000"))
    assert (brussels.name_fr, brussels.nis, brussels.longitude) == ("Bruxelles", "21004", 4.36)
    assert (liege.name_fr, liege.name_nl, liege.nis) == ("Liège", "Liège", None)
    assert len(geography.places) == 102
    assert geography.minutes_between("4000", "1000", [Mode.PUBLIC_TRANSPORT]) == (75, Mode.PUBLIC_TRANSPORT, True)
    assert not geography.at_most


def test_whole_country_builds_within_a_second() -> None:
    documents = {
        "postcodes": read_postcodes(shared("postcode_points_derived.csv"))[0],
        "travel-times": read_travel_times(shared("pt_minutes_brussels_25km_derived.csv"))[0],
    }
    start = time.perf_counter()
    geography = build_geography(documents)
    assert time.perf_counter() - start < 1
    assert geography.minutes.shape == (4, 1145, 1145)
    assert geography.at_most
    assert geography.minutes_between("1000", "1030", [Mode.PUBLIC_TRANSPORT]) == (21, Mode.PUBLIC_TRANSPORT, True)


def test_both_lists_of_points_agree() -> None:
    derived, _ = read_postcodes(shared("postcode_points_derived.csv"))
    listed, report = read_postcodes(shared("zipcode-belgium.csv"))
    assert (len(derived["places"]), report.rows) == (1145, 2757)
    first, second = (build_geography({"postcodes": one}) for one in (derived, listed))
    shared_codes = sorted(first.index.keys() & second.index.keys())
    assert len(shared_codes) > 1100

    def latitudes(one: Geography) -> list[float]:
        return [one.places[one.index[code]].latitude for code in shared_codes]

    near = [abs(a - b) < 0.05 for a, b in zip(latitudes(first), latitudes(second), strict=True)]
    assert sum(near) / len(near) > 0.98


def test_shipped_guidance_rules() -> None:
    rules = read_guidance()
    assert list(rules) == ["art60", "bf_trainee", "dsp"]
    assert (rules["art60"].preparation_months, rules["bf_trainee"].preparation_months) == (2, None)
    assert {code: one.provisional for code, one in rules.items()} == {"art60": False, "bf_trainee": False, "dsp": True}


def test_every_problem_of_the_guidance_rules_is_reported(tmp_path: Path) -> None:
    settings: dict[str, Any] = {
        **{"labelFr": "un", "labelNl": "een", "preparationMonths": None, "matchInPreparation": 1},
        **{"intakeDueMonths": -1, "guidanceMonths": "12", "registrationRequired": True, "provisional": False},
        "colour": "red",
    }
    with pytest.raises(DataError) as error:
        group_rules({"groups": {"mine": settings}})
    assert {(one.field, one.code) for one in error.value.problems} == {
        ("labelEn", "required"),
        ("matchInPreparation", "invalid"),
        ("intakeDueMonths", "invalid"),
        ("guidanceMonths", "invalid"),
        ("colour", "unknown_field"),
    }
    with pytest.raises(DataError, match="required"):
        group_rules({"groups": {}})
    with pytest.raises(DataError, match="unreadable_file"):
        read_guidance(write(tmp_path, "{not json"))
