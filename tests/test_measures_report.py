"""Reports: the same numbers in every form and language, and a page that holds everything itself."""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner

from cli import cli
from histories import START, Row, drawn, history
from matching.codes import LANGUAGES_OF_SERVICE, Event
from matching.records import DataError
from matching.store import Store
from test_store import NOW, a_list, a_match, a_profile, an_offer, an_outcome
from training.evaluation_page import evaluation_page
from training.evaluation_report import evaluation_document, evaluation_listing
from training.history import History
from training.learning.release import release
from training.measures.calibration import calibration
from training.measures.definitions import read_definitions
from training.pages import FUNNEL_PARTS, Page, match_to_hire_page
from training.pictures import Axes, Bar, Steps, intervals_picture, steps_picture
from training.report import match_to_hire_document, match_to_hire_listing
from training.report_words import PAGE_WORDS

REGISTERED = read_definitions()
BEFORE = date(2020, 1, 1)
"""Before everything: whoever registered is counted."""


@pytest.fixture(scope="module")
def told() -> History:
    """Three hundred people, of whom some are hired, kept, handed over or still searching."""
    rng = np.random.default_rng(11)
    people: list[Row] = []
    events: list[Row] = []
    shown: list[Row] = []
    for person in range(300):
        registered = int(rng.integers(0, 700))
        people.append({"registered": registered, "guidance_end": registered + 365, "group": "art60" if person % 5 else "<b>&"})
        shown += [{"person": person, "offer": o, "rank": o + 1, "list": f"l{person}", "on": registered + 5} for o in range(6)]
        events.append({"person": person, "offer": 2, "event": Event.PROPOSED.value, "on": registered + 8})
        day = registered + int(rng.integers(10, 400))
        if rng.random() < 0.6:
            events.append({"person": person, "offer": int(rng.integers(0, 9)), "on": day})
            if rng.random() < 0.7:
                events.append({"person": person, "event": "in_work_6m", "on": day + 185})
        elif rng.random() < 0.5:
            events.append({"person": person, "event": "handed_over", "on": day})
    return history(people, events, shown, 1000, unexplained={})


class Reader(HTMLParser):
    """Reads the text of a page, and sees whether what is opened is closed, and whether anything comes from outside."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.said: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)
        self.outside += [value or "" for name, value in attrs if name in ("src", "href", "srcset")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.outside += [value or "" for name, value in attrs if name in ("src", "href", "srcset")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.said.append(data)


def read(page: str) -> str:
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    assert reader.outside == []
    for picture in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        ElementTree.fromstring(picture)  # noqa: S314 - made here
    return " ".join(reader.said).replace("\u00a0", " ")


def numbers(said: str, lang: str) -> list[str]:
    """Give the percentages of a page, as English writes them."""
    found = re.findall(r"\d+[.,]\d(?= ?%)", said)
    assert all(("." if lang == "en" else ",") in number for number in found)
    return [number.replace(",", ".") for number in found]


def test_pages_say_the_same_in_every_language_and_hold_everything(told: History) -> None:
    document = match_to_hire_document(told, REGISTERED, BEFORE, name="first_job")
    evaluation = evaluation_document(told, REGISTERED, np.random.default_rng(1))
    for write, what in ((match_to_hire_page, document), (evaluation_page, evaluation)):
        pages = {lang: read(write(what, REGISTERED, lang)) for lang in LANGUAGES_OF_SERVICE}
        assert len({tuple(numbers(said, lang)) for lang, said in pages.items()}) == 1
        assert len({said.count("–") for said in pages.values()}) == 1
        for said in pages.values():
            assert not re.search(r"\b(nan|None|inf|NaT)\b", said)
            assert REGISTERED.digest[:12] in said
    page = read(match_to_hire_page(document, REGISTERED, "en", {"art60": "end of article 60"}))
    assert "end of article 60: " in page
    assert "<b>&" in page  # as text
    for definition in REGISTERED.definitions.values():
        assert definition.words["en"] in page
    at_risk = document["definitions"][0]["curve"]["atRisk"]
    assert [row["day"] for row in at_risk] == [0, 61, 122, 183, 244, 304, 365]
    assert "still searching and followed:" in page
    assert all(str(row["people"]) in page for row in at_risk)


def test_without_a_chosen_definition_there_is_no_headline(told: History) -> None:
    bare, chosen = (match_to_hire_document(told, REGISTERED, BEFORE, name=name) for name in (None, "kept_job"))
    assert bare["headline"] is None
    assert "no overall" not in match_to_hire_page(bare, REGISTERED, "en")
    assert "without an overall conclusion" in match_to_hire_page(bare, REGISTERED, "en")
    assert chosen["headline"] == {"definition": "kept_job", "verdict": chosen["definitions"][2]["verdict"]}
    assert 'class="headline"' in match_to_hire_page(chosen, REGISTERED, "nl")
    assert [one["name"] for one in bare["definitions"]] == list(REGISTERED.definitions)


def test_a_document_is_plain_json_and_its_table_holds_every_estimate(told: History) -> None:
    for document, listing in (
        (match_to_hire_document(told, REGISTERED, BEFORE), match_to_hire_listing),
        (evaluation_document(told, REGISTERED, np.random.default_rng(1)), evaluation_listing),
    ):
        assert json.loads(json.dumps(document, allow_nan=False)) == document
        rows = listing(document).records()
        assert len(rows) > 10
    first = match_to_hire_document(told, REGISTERED, BEFORE)
    rows = match_to_hire_listing(first).records()
    assert {row["definition"] for row in rows} == set(REGISTERED.definitions)
    assert {row["measure"] for row in rows} == {"matured_share", "incidence"}
    wanted = {"definition": "first_job", "measure": "incidence", "day": 183, "state": "job"}
    (one,) = (row for row in rows if wanted.items() <= row.items())
    assert one["value"] == next(row for row in first["definitions"][0]["incidence"] if row["day"] == 183)["value"]


def test_who_registered_before_the_log_began_counts_only_when_asked_for() -> None:
    """Of ten who registered in 2024 and one on the day of the first event, the default follows the one."""
    people = [{"registered": 0}] * 10 + [{"registered": 200}]
    told = history(people, [{"person": 3, "event": Event.SEEN.value, "offer": 0, "on": 200}])
    document = match_to_hire_document(told, REGISTERED)
    assert document["since"] == (START + timedelta(days=200)).isoformat()
    assert {one["people"] for one in document["definitions"]} == {1}
    assert {one["people"] for one in match_to_hire_document(told, REGISTERED, BEFORE)["definitions"]} == {11}


def test_numbers_of_the_document_are_those_counted_by_hand() -> None:
    # Forty people, all followed long enough: ten hired on day 100, ten handed over on day 50.
    people: list[Row] = [{"registered": 0, "guidance_end": 400}] * 40
    events: list[Row] = [{"person": p, "on": 100} for p in range(10)] + [
        {"person": p, "on": 50, "event": "handed_over"} for p in range(10, 20)
    ]
    document = match_to_hire_document(history(people, events), REGISTERED, BEFORE)
    first = document["definitions"][0]
    assert (first["people"], first["followedLongEnough"], first["share"]["successes"]) == (40, 40, 10)
    assert {row["state"]: row["value"] for row in first["incidence"] if row["day"] == 183} == pytest.approx(
        {"job": 0.25, "handed_over": 0.25, "withdrawn": 0, "guidance_end": 0, "other_job": 0}
    )
    assert first["naive"][0]["share"] == 0.25
    assert first["naive"][0]["oneMinusKaplanMeier"] == pytest.approx(10 / 30)
    (year,) = document["years"]
    assert (year["registered"], year["job"], year["handed_over"], year["guidance_end"]) == (40, 10, 10, 20)
    assert document["reconciliation"]["kinds"]["hired"]["logged"] == 10
    assert year["groups"] == {"": 40}
    # By group: counts of ten and thirty are shown, as 40 people are enough for a rate.
    assert [(row["people"], row["count"]) for row in document["groups"] if row["definition"] == "first_job"] == [(40, 10)]


def test_what_may_not_be_asked_is_refused_by_name(told: History) -> None:
    with pytest.raises(DataError, match="definition: not_in_list"):
        match_to_hire_document(told, REGISTERED, name="ever")
    with pytest.raises(DataError, match="target: out_of_range"):
        match_to_hire_document(told, REGISTERED, target=1.5)
    lost = history([{}], [{"on": 5}], unexplained={("hired", "2024-01"): 1})
    with pytest.raises(DataError, match="hired: unexplained"):
        match_to_hire_document(lost, REGISTERED)
    with pytest.raises(DataError, match="hired: unexplained"):
        evaluation_document(lost, REGISTERED, np.random.default_rng(1))


def test_another_target_and_another_period(told: History) -> None:
    until = START + timedelta(200)
    document = match_to_hire_document(told, REGISTERED, START, until, "first_job", 0.9)
    assert document["target"] == 0.9
    assert "The target: 90% of people" in match_to_hire_page(document, REGISTERED, "en")
    assert document["headline"]["verdict"] == "not_met"
    assert document["definitions"][0]["people"] == int(np.count_nonzero(told.people.registered <= np.datetime64(until, "D")))
    assert "from 1 January 2024 to 19 July 2024" in match_to_hire_page(document, REGISTERED, "en")


def test_even_an_empty_history_has_a_report() -> None:
    for told in (history([]), drawn(np.random.default_rng(3))):
        document = match_to_hire_document(told, REGISTERED, BEFORE)
        evaluation = evaluation_document(told, REGISTERED, np.random.default_rng(1))
        for lang in LANGUAGES_OF_SERVICE:
            assert "nan" not in read(match_to_hire_page(document, REGISTERED, lang))
            assert "nan" not in read(evaluation_page(evaluation, REGISTERED, lang))


def test_two_models_are_compared_when_asked() -> None:
    people: list[Row] = [{}] * 200
    shown: list[Row] = [{"person": p, "on": 5, "model": "new" if p % 2 else "old"} for p in range(200)]
    events: list[Row] = [{"person": p, "on": 20, "event": "interviewed"} for p in range(1, 100, 2)]
    found, rng = history(people, events, shown), np.random.default_rng(1)
    document = evaluation_document(found, REGISTERED, rng, ("old", "new"), by="model")
    assert document["comparison"]["interviews"]["successes"] == [0, 50]
    both = history(people, events, [{"model": "old"}, {"model": "new"}])
    with pytest.raises(DataError, match="comparison"):
        evaluation_document(both, REGISTERED, rng, ("old", "new"), by="model")
    said = read(evaluation_page(document, REGISTERED, "en"))
    assert [(row["model"], row["suggestions"]) for row in document["models"]] == [("new", 100), ("old", 100)]
    assert "What chose the suggestions" in said


def test_below_thirty_people_no_percentage_is_given() -> None:
    for n, value in ((29, None), (30, 0.5)):
        people: list[Row] = [{"guidance_end": 400}] * n
        events: list[Row] = [{"person": p, "on": 100} for p in range(0, n, 2)]
        document = match_to_hire_document(history(people, events), REGISTERED, BEFORE, name="first_job")
        first = document["definitions"][0]
        assert (first["share"]["people"], first["share"]["value"]) == (n, value)
        assert (first["share"]["successes"], first["share"]["unknown"]) == ((None, None) if value is None else (15, 0))
        assert (first["curve"] is None) == (value is None)
        assert document["headline"] == {"definition": "first_job", "verdict": "undetermined"}
        for lang, few in (("fr", "trop peu de personnes"), ("nl", "te weinig personen"), ("en", "too few people")):
            said = read(match_to_hire_page(document, REGISTERED, lang))
            assert (few in said) == (value is None)


def test_who_was_left_without_a_vacancy_is_told_by_cause_and_small_numbers_are_hidden() -> None:
    people: list[Row] = [{"group": "a" if p < 40 else "b"} for p in range(80)]

    def told(causes: dict[int, str], before: Sequence[tuple[int, str]] = ()) -> dict[str, Any]:
        asked = [*before, *((p, causes.get(p, "")) for p in range(80) if causes.get(p) != "-")]
        document = evaluation_document(history(people, causes=asked), REGISTERED, np.random.default_rng(1))
        for lang in LANGUAGES_OF_SERVICE:
            read(evaluation_page(document, REGISTERED, lang))
        return document

    # Of 80 people, 24 ended with nothing: 16 for hours, 8 for the way. What they were told before does not count.
    causes = {p: "hours" if p % 10 < 2 else "minutes" for p in range(80) if p % 10 < 3}
    found = (document := told(causes, [(79, "hours")] * 30))["withoutVacancy"]
    assert (found["people"], found["value"]) == (80, 0.3)
    assert found["low"] < 0.3 < found["high"]
    assert found["causes"] == [{"cause": "hours", "people": None}, {"cause": "minutes", "people": None}]  # 24 less 16 is 8
    assert found["notOpen"] == 0
    groups = {row["group"]: row["value"] for row in document["groups"] if row["measure"] == "left_empty"}
    assert groups == {"a": 0.3, "b": 0.3}
    rows = [row for row in evaluation_listing(document).records() if row["part"] == "without vacancy"]
    assert [(row["measure"], row["people"]) for row in rows] == [
        ("share", 80), ("hours", None), ("minutes", None), ("not open", 0)
    ]  # fmt: skip
    causes = {p: "hours" if p % 10 < 2 else "minutes" for p in range(80) if p % 10 < 4}
    said = read(evaluation_page(document := told(causes), REGISTERED, "en"))
    assert [row["people"] for row in document["withoutVacancy"]["causes"]] == [16, 16]
    assert "Of 80 people of whom this is known, the share left without a vacancy: 40.0%" in said
    assert "hours per week outside the limits" in said

    # Who may have no list does not count, whenever they asked; those who only asked then stand apart.
    shut = dict.fromkeys(range(12), "guidance") | dict.fromkeys(range(12, 20), "basis")
    found = told({p: "hours" if p % 2 else "" for p in range(20, 80)} | shut, [(0, ""), (1, "hours")])["withoutVacancy"]
    assert (found["people"], found["value"], found["notOpen"]) == (62, 0.5, 18)
    assert told(shut | dict.fromkeys(range(9, 20), "-"))["withoutVacancy"]["notOpen"] is None  # nine people

    # Nothing is told that would tell of each, or of few; nor could it be worked out from the groups.
    for few in (
        {0: "hours"},  # one person
        dict.fromkeys(range(80), "hours"),
        {p: "hours" if p % 2 else "minutes" for p in range(80)},  # nobody had a vacancy
        {p: "hours" if p % 9 < 4 else "minutes" for p in range(80) if p % 9},  # nine people had one
        {p: "hours" if p < 12 else "-" for p in range(80) if p < 12 or p >= 25},  # twenty-five people
    ):
        found = (document := told(few))["withoutVacancy"]
        assert found["value"] is None
        assert {row["people"] for row in found["causes"]} == {None}
        assert {row["value"] for row in document["groups"] if row["measure"] == "left_empty"} == {None}
    assert "Not measured: the log says of no question" in read(
        evaluation_page(evaluation_document(history(people), REGISTERED, np.random.default_rng(1)), REGISTERED, "en")
    )


def test_the_evaluation_tells_of_each_target_group_and_hides_what_is_small() -> None:
    # Sixty people of each of two groups are hired: in one, at what stood first in their list for half of them.
    people: list[Row] = [{"group": "a" if p < 60 else "b"} for p in range(120)]
    shown: list[Row] = [{"person": p, "offer": 0, "on": 5, "list": f"l{p}"} for p in range(120)]
    shown += [{"person": p, "offer": 1, "on": 5, "list": f"l{p}", "rank": 2} for p in range(60)]
    events: list[Row] = [{"person": p, "on": 20, "offer": 0 if p < 30 or p >= 60 else 5} for p in range(120)]
    document = evaluation_document(history(people, events, shown), REGISTERED, np.random.default_rng(1))
    told = {(row["measure"], row["group"]): (row["people"], row["value"]) for row in document["groups"]}
    assert told["offers_shown", "a"] == (60, 2)
    assert told["offers_shown", "b"] == (60, 1)
    # All of group b would be a number that tells of each; then group a is hidden with it, for the total would give it away.
    assert told["hit@10", "a"] == told["hit@10", "b"] == (60, None)
    assert told["never_shown", "a"] == (60, None)
    events = [{"person": p, "on": 20, "offer": 0 if p % 60 < 30 else 5} for p in range(120)]
    document = evaluation_document(history(people, events, shown), REGISTERED, np.random.default_rng(1))
    told = {(row["measure"], row["group"]): (row["people"], row["value"]) for row in document["groups"]}
    assert {told[name, group] for name in ("hit@10", "never_shown") for group in "ab"} == {(60, 0.5)}
    said = read(evaluation_page(document, REGISTERED, "en"))
    assert "Sex, age, origin and other protected characteristics: not measured" in said


def test_two_policies_are_compared_when_asked() -> None:
    people: list[Row] = [{}] * 200
    shown: list[Row] = [{"person": p, "on": 5, "policy": "plain" if p % 2 else "spread"} for p in range(200)]
    events: list[Row] = [{"person": p, "on": 20, "event": "interviewed"} for p in range(1, 100, 2)]
    document = evaluation_document(history(people, events, shown), REGISTERED, np.random.default_rng(1), ("spread", "plain"))
    interviews = document["comparison"]["interviews"]
    assert (interviews["people"], interviews["successes"], interviews["value"]) == ([100, 100], [0, 50], 0.5)
    assert interviews["differs"]
    said = read(evaluation_page(document, REGISTERED, "en"))
    assert "Interview within 60 days" in said
    assert "differ" in said


@pytest.mark.parametrize(("names", "code"), [(("spread", "typo"), "not_in_list"), (("plain", "plain"), "not_in_list")])
def test_what_the_log_does_not_name_is_not_compared(names: tuple[str, str], code: str) -> None:
    shown: list[Row] = [{"person": p, "on": 5, "policy": "plain" if p % 2 else "spread"} for p in range(4)]
    for by_week in (False, True):
        with pytest.raises(DataError) as error:
            evaluation_document(history([{}] * 4, [], shown), REGISTERED, np.random.default_rng(1), names, by_week=by_week)
        assert [(one.code, one.value) for one in error.value.problems] == [(code, names[1])]


def test_pictures_draw_what_they_are_told() -> None:
    axes = Axes("A & B", "days", "share", "at risk", (183,), 0.4, "target")
    lines = [Steps("job", [0, 100], [0, 0.5], [np.nan, 0.4], [np.nan, 0.6]), Steps("x", [0], [0])]
    picture = steps_picture(lines, [(0, "9")], 200, axes)
    root = ElementTree.fromstring(picture)  # noqa: S314 - made here
    assert root[0].text == "A & B"
    # 632 units for 200 days from 64; 250 units for 0.7 down to 18: half of the way at 380, 0.5 at 89.4.
    assert "M64.0 268.0H64.0V268.0H380.0V89.4" in picture
    assert picture.count("<path") == 4  # two lines, two strokes of the legend; a band needs two days
    bars = intervals_picture([Bar("a", 0.5, 0.4, 0.6, "50%"), Bar("b", np.nan, np.nan, np.nan, "-")], axes)
    assert (bars.count("<circle"), bars.count("<path")) == (1, 1)


def test_words_and_numbers_of_a_page() -> None:
    assert [Page(lang).number(12345.678, 1) for lang in LANGUAGES_OF_SERVICE] == ["12\u202f345,7", "12.345,7", "12,345.7"]
    assert [Page(lang).percent(0.405) for lang in LANGUAGES_OF_SERVICE] == ["40,5\u00a0%", "40,5\u00a0%", "40.5%"]
    assert Page("en").interval({"low": None, "high": 0.2}) == "–"
    assert all(len(words) == 3 and all(words) for words in PAGE_WORDS.values())
    holes = {name: {tuple(re.findall(r"\{\w*\}", said)) for said in words} for name, words in PAGE_WORDS.items()}
    assert {name for name, found in holes.items() if len({frozenset(part) for part in found}) > 1} == set()
    assert len([name for part in FUNNEL_PARTS for name in part]) == 13


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Give a database with one person who was hired, and point the command line at it."""
    monkeypatch.setenv("LINKMATCH_DATABASE_URL", f"sqlite:///{tmp_path / 'x.sqlite3'}")
    monkeypatch.setenv("LINKMATCH_DATA_DIR", str(tmp_path / "data"))
    store = Store.open(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    store.create(NOW)
    store.put_profile(a_profile(target_group="art60", registered_on=date(2025, 1, 2)), NOW)
    store.put_offer(an_offer(), NOW)
    store.record_suggestions(a_list("l1", a_match()), NOW)
    store.record_outcomes([an_outcome("e1"), an_outcome("e2", Event.HIRED)], NOW)
    yield store
    store.close()


EVERYBODY = ("--as-of", "2026-06-01", "--since", "2020-01-01")


def run(*args: str) -> Any:
    return CliRunner().invoke(cli, args, catch_exceptions=False)


def test_the_command_line_writes_every_form(database: Store, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    shown = run("report", "match-to-hire", *EVERYBODY, "--html", str(page), "--lang", "nl", "--format", "json")
    assert shown.exit_code == 0, shown.output
    document = json.loads(shown.stdout)
    assert {one["name"]: one["share"]["people"] for one in document["definitions"]} == dict.fromkeys(REGISTERED.definitions, 1)
    assert {one["share"]["successes"] for one in document["definitions"]} == {None}  # a single person is not told of
    assert "einde van een contract artikel 60" in read(page.read_text(encoding="utf-8"))
    table = run("report", "match-to-hire", *EVERYBODY, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(table.stdout.lstrip("\ufeff")), delimiter=";"))
    assert {row["definition"] for row in rows} == set(REGISTERED.definitions)
    evaluated = run("evaluate", "--as-of", "2026-06-01", "--html", str(page), "--format", "json", "--lang", "en")
    assert evaluated.exit_code == 0, evaluated.output
    ranking = {row["measure"]: row["value"] for row in json.loads(evaluated.stdout)["ranking"]}
    assert (ranking["hit@1"], ranking["mrr"]) == (1, 1)
    assert "The suggestions" in read(page.read_text(encoding="utf-8"))


def test_the_command_line_says_what_it_refuses(database: Store, tmp_path: Path) -> None:
    unknown = run("report", "match-to-hire", "--definition", "ever", "--lang", "en")
    assert (unknown.exit_code, "first_job, in_work, kept_job, attributed" in unknown.stderr) == (1, True)
    asked = (("report", "match-to-hire", "--as-of"), ("evaluate", "--as-of"), ("evaluate", "--since"), ("train", "--as-of"))
    for wanted in asked:
        for day in ("0001-01-01", "9999-12-31"):
            assert "1900-01-01" in run(*wanted, day, "--lang", "en").stderr
    assert run("evaluate", "--by-week").exit_code == run("evaluate", "--models").exit_code == 2
    with database._writer.begin() as connection:
        connection.exec_driver_sql("DELETE FROM outcomes WHERE id = 'e2'")
    for command in (("report", "match-to-hire"), ("evaluate",)):
        page = tmp_path / "none.html"
        lost = run(*command, "--html", str(page), "--lang", "en")
        assert lost.exit_code == 1
        assert "Log 2025-03, hired" in lost.stderr
        assert not page.exists()


def test_calibration_and_exploring_are_told_when_there_is_anything_to_tell(told: History) -> None:
    rng = np.random.default_rng(1)
    chance = rng.uniform(0.05, 0.5, 2000)
    hired, group = rng.random(2000) < chance, np.where(np.arange(2000) < 300, "art60", "")
    found = calibration(chance, hired, np.arange(2000), rng)
    wrong = release(hired, np.where(group == "art60", chance / 2, chance), group)
    for verdict, said in ((release(hired, chance, group), "well enough"), (wrong, "for one group")):
        document = evaluation_document(told, REGISTERED, rng, calibrated=(found, verdict))
        assert document["calibration"]["released"] is verdict.shown
        page = read(evaluation_page(document, REGISTERED, "en"))
        assert said in page
        assert "too little, or nothing, was left to chance" in page
    people: list[Row] = [{}] * 1000
    shown: list[Row] = [{"person": p, "exploration": p % 5 == 0, "propensity": 0.2 if p % 5 == 0 else 0.8} for p in range(1000)]
    events: list[Row] = [{"person": p, "on": 3, "offer": 0, "event": "interviewed"} for p in range(1, 1000, 5)]
    document = evaluation_document(history(people, events, shown), REGISTERED, rng)
    assert document["withoutExploring"]["snips"]["value"] == pytest.approx(200 / 800)
    assert "25.0% of the suggestions" in read(evaluation_page(document, REGISTERED, "en"))
