"""Twenty-six short texts that are hard to link, each with the reason; on the starter classification, and on ESCO where it is.

``expect`` says what must hold: an accepted concept is ``first``, or among the ``first_three``, or the first link is ``unsure``.
The answers were fixed by somebody who had not run the linker. ``misses`` names the classifications on which it is known to fail:
a case that starts to pass fails here, so that the golden file tells the truth.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from matching.classifications import build_taxonomy, read_esco, read_starter
from matching.linking import Codes
from models.linker_file import load as load_linker

CASES = [json.loads(line) for line in (Path(__file__).parent / "golden" / "hard_cases.jsonl").read_text("utf-8").splitlines()]
ESCO = Path(__file__).resolve().parents[2] / "shared" / "data" / "esco"


@pytest.fixture(scope="module")
def starter() -> Codes:
    return Codes(build_taxonomy({"starter": read_starter()[0]}), load_linker())


@pytest.fixture(scope="module")
def esco() -> Codes:
    return Codes(build_taxonomy({"esco": read_esco(ESCO)[0]}), load_linker())


def holds(case: dict[str, Any], codes: Codes, accepted: list[str]) -> bool:
    links = codes.linkers[case["kind"]].rank(case["text"], case["lang"], 3)
    if case["expect"] == "unsure":
        return not links or not links[0].sure
    few = links[: 1 if case["expect"] == "first" else 3]
    return any(link.concept in accepted for link in few)


@pytest.mark.parametrize("case", [case for case in CASES if case["starter"]], ids=lambda case: case["id"])
def test_hard_case_on_the_starter(case: dict[str, Any], starter: Codes) -> None:
    assert holds(case, starter, case["starter"]) == ("starter" not in case.get("misses", []))


@pytest.mark.slow
@pytest.mark.skipif(not ESCO.exists(), reason="needs ESCO in ../shared/data")
@pytest.mark.parametrize("case", [case for case in CASES if case["esco"]], ids=lambda case: case["id"])
def test_hard_case_on_esco(case: dict[str, Any], esco: Codes) -> None:
    assert holds(case, esco, case["esco"]) == ("esco" not in case.get("misses", []))


def test_each_case_says_why_it_is_hard() -> None:
    assert len(CASES) >= 20
    assert all(case["why"].strip() and case["expect"] in {"first", "first_three", "unsure"} for case in CASES)
