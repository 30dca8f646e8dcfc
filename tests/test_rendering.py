"""Answers as people and spreadsheets read them: words in three languages, numbers that add up, no markup."""

import io
import re
import string
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from rich.console import Console

from matching import answers, imports, listings, notices, rendering
from matching.codes import Kind, Limit, Words
from matching.comparisons import Side
from matching.explanation import Reason
from matching.listings import Listing
from matching.rendering import Out, View, shares

REASON = Reason("languages", Side.EMPLOYER, "known", 0.5, -0.333, "A2", "A1", "Languages: asks A2; has A1.")
MATCH = answers.MatchAnswer(
    suggestion_id="s", profile_id="p", offer_id="o", kind=Kind.VACANCY, title="[bold]Cook[/bold] :smile:", employer=None,
    postcodes=("1000", "1070", "1080"), rank=1, score=-1.667, band="fair", band_text="fair match", start=-1.0, person_score=0,
    employer_score=-0.667, both_score=0, coverage=0.4,
    reasons=(REASON, replace(REASON, comparison="education", contribution=-0.334)),
    to_check=(answers.RuleAnswer("days", "days to check"), answers.RuleAnswer("hours", "hours to check")), failed=(),
    note="The offer states little.",
)  # fmt: skip
ANSWER = answers.SuggestionsAnswer(
    id="list", profile_id="p", as_of=date(2025, 4, 1), language="en", status="ok", message="",
    guidance=answers.GuidanceAnswer("open", "In guidance.", None, None, None, "", None, "unknown"),
    suggestions=(MATCH,), near_misses=(), partner_offers=(), dutch_courses=(), considered=3, allowed=2, suitable=1, good=0,
    removed=(answers.RemovedAnswer("hours", 1, "hours out of bounds"),),
    prices=tuple(answers.PriceAnswer(limit, 1, 1, 0, 0, f"{limit} costs") for limit in (Limit.HOURS, Limit.DAYS)),
    jointly=2, relaxation=None, relaxation_text="", profile_coverage=0.9, missing_fields=(answers.FieldAnswer("days", "days"),),
    withheld_fields=("education", "all"), weights={"languages": 9.0}, applied_weights={"languages": 3.0},
    versions=answers.Versions("m", "t", "d"), degraded=False,
)  # fmt: skip


def drawn(view: View, answer: answers.SuggestionsAnswer, width: int = 100) -> str:
    file = io.StringIO()
    Console(file=file, width=width, markup=False, emoji=False).print(view.suggestions(answer))
    return file.getvalue()


TABLES: list[tuple[str, Words]] = [
    ("notices", notices.SAID),
    ("counts", imports.COUNTED),
    ("headings", rendering.HEADINGS),
    ("labels", rendering.LABELS),
    ("contacts", rendering.CONTACTS),
]


@pytest.mark.parametrize(("name", "words"), TABLES, ids=[name for name, _ in TABLES])
def test_words_stand_in_three_languages_with_the_same_places(name: str, words: Words) -> None:
    for code, said in words.items():
        assert len(said) == 3
        assert all(said), f"{name}: {code}"
        first, *others = (sorted(str(part[1]) for part in string.Formatter().parse(text)) for text in said)
        assert all(set(first) == set(other) for other in others), f"{name}: {code}"


def test_shares_add_up_and_stay_within_one_hundredth() -> None:
    parts = [-1.0, -0.333, -0.334]
    assert shares(parts, -1.667) == [-100, -33, -34]
    thirds = [1 / 3] * 3
    assert sorted(shares(thirds, 1.0)) == [33, 33, 34]
    assert shares([0.004, 0.004, -0.008], 0.0) == [1, 0, -1]


def test_what_is_drawn_is_taken_as_it_is_and_adds_up() -> None:
    text = drawn(View("en"), ANSWER)
    assert "[bold]Cook[/bold] :smile:" in text
    assert "1000, 1070 (+1)" in text
    assert re.search(r"−1\.00 start.*\n.*−0\.33 Languages.*\n.*−0\.34 Languages.*\n.*= −1\.67 score", text)
    assert "days to check; hours to check" in text
    for part in ("states little", "languages × 3", "education, the whole file", "not yet named"):
        assert part in text
    assert "these limits remove 2 vacancies" in text
    assert "hours out of bounds" not in text


def test_without_a_list_the_rules_that_remove_are_told() -> None:
    text = drawn(View("nl"), replace(ANSWER, status="nothing_suitable", message="Niets past.", suggestions=()))
    assert "Niets past." in text
    assert "1 × hours out of bounds" in text


def test_few_reasons_leave_the_gaps_and_the_rest_to_be_said() -> None:
    plus = tuple(replace(REASON, comparison=str(at), contribution=0.1, sentence=f"Plus {at}.") for at in range(5))
    many = replace(MATCH, score=-1.667 + 0.5, reasons=(*plus, *MATCH.reasons))
    few = drawn(View("fr"), replace(ANSWER, suggestions=(many,)))
    assert "−0,67 2 autres éléments" in few
    assert "Lacunes · Languages" in few
    every = drawn(View("fr", all_reasons=True), replace(ANSWER, suggestions=(many,)))
    assert "autres éléments" not in every
    assert "Lacunes" not in every


def test_place_names_come_from_outside() -> None:
    assert "1000 = here" in drawn(View("en", place=lambda postcode: f"{postcode} = here"), ANSWER)


def test_a_partner_offer_with_a_low_score_is_not_called_no_match() -> None:
    low = replace(MATCH, band="none", band_text="no match")
    course = replace(low, kind=Kind.TRAINING)
    assert "no match" in drawn(View("en"), replace(ANSWER, suggestions=(low,)))
    group = answers.PartnerList(Kind.TRAINING, "training", (course,))
    text = drawn(View("en"), replace(ANSWER, suggestions=(), partner_offers=(group,), dutch_courses=(course,)))
    assert "no match" not in text
    assert text.count("[bold]Cook") == 2


def test_a_listing_holds_one_row_per_match() -> None:
    table = listings.suggestions(ANSWER)
    assert len(table.rows) == 1
    row = table.records()[0]
    assert (row["list"], row["score"], row["employer"], row["postcodes"]) == ("suggestions", -1.667, None, "1000, 1070, 1080")
    assert row["toCheck"] == "days to check | hours to check"


def test_the_lists_of_a_batch_are_told_one_after_the_other() -> None:
    def lines(of: str, *rows: tuple[Any, ...]) -> list[str]:
        file = io.StringIO()
        table = Listing(tuple(listings.MATCH_COLUMNS), rows)
        Console(file=file, width=130, markup=False, emoji=False).print(View("fr").batch(table))
        assert all(row[0] == of for row in rows)
        return [line.rstrip() for line in file.getvalue().splitlines()]

    match = replace(MATCH, postcodes=("1000", "1070", "1080", "1090"), employer="[b]")
    nobody = tuple({"list": "profiles", "profileId": "q", "note": "Rien."}.get(name) for name in listings.MATCH_COLUMNS)
    assert lines("profiles", listings.match_row("profiles", match), nobody) == [
        "p",
        "  1.  −1,67  correspondance correcte  [bold]Cook[/bold] :smile: · [b] · 1000, 1070 (+2) · o · À vérifier (2)",
        "q",
        "  Rien.",
    ]
    assert lines("offers", listings.match_row("offers", match), listings.match_row("offers", replace(match, rank=2))) == [
        "[bold]Cook[/bold] :smile: · o",
        "  1.  −1,67  correspondance correcte  p · À vérifier (2)",
        "  2.  −1,67  correspondance correcte  p · À vérifier (2)",
    ]
    assert lines("offers") == []


def test_progress_is_silent_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    out = Out("table", "en")
    with out.progress("{} rows") as progress:
        progress(50)
    out.show({}, Listing(("a", "b"), (("[x]", 1), ("y", 2))))
    shown = capsys.readouterr()
    assert shown.err == ""
    assert "[x]  1" in shown.out
