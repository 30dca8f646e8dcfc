"""Holds `docs/matching.md` to the engine: every comparison and rule, with its side, its weight and what has a price."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from matching import rules
from matching.comparisons import COMPARISONS
from matching.exposure import Figures
from matching.records import camel
from models.artifact import load
from models.match_model import spread

TEXT = (Path(__file__).parent.parent / "docs" / "matching.md").read_text(encoding="utf-8")


def chapter(title: str) -> dict[str, str]:
    """Headings of the third level below one of the second, with their texts, in order."""
    (body,) = re.findall(rf"^## {title}\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    parts = re.split(r"^### (.+)\n", body, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_comparison_has_its_heading_in_order() -> None:
    assert list(chapter("Comparisons")) == [comparison.name for comparison in COMPARISONS]


def test_every_rule_has_its_heading_in_order() -> None:
    assert list(chapter("Rules")) == [rule.name for rule in rules.RULES]


@pytest.mark.parametrize("at", range(len(COMPARISONS)), ids=[comparison.name for comparison in COMPARISONS])
def test_side_weight_and_fields_are_those_of_the_engine(at: int) -> None:
    comparison, text = COMPARISONS[at], chapter("Comparisons")[COMPARISONS[at].name]
    assert f"Side: {comparison.side}. Weight: {spread(load().tables)[at]:.1f}." in text
    if comparison.name != "competences_desired":
        assert all(f"`{camel(field)}`" in text for field in comparison.reads)


def test_bands_and_floors_are_those_of_the_model() -> None:
    model = load()
    said = dict(re.findall(r"^\| (strong|fair) \| a score from (-?[\d.]+) \|$", TEXT, re.MULTILINE))
    assert [float(said[name]) for name in ("strong", "fair")] == list(model.bands)
    assert f"at least {model.floor} for a vacancy and {model.partner_floor} for an offer of a partner" in TEXT
    assert f"`start` is {model.intercept}" in TEXT
    assert f"less than {model.profile_floor} of the weight" in TEXT


def test_every_limit_with_a_price_is_named() -> None:
    (body,) = re.findall(r"^## Prices, near misses, relaxation\n\n(.*?)\n\n", TEXT, re.MULTILINE | re.DOTALL)
    assert re.findall(r"`(\w+)`", body.split(" rest on ")[0]) == [rule.name for rule in rules.named(rules.NEGOTIABLE)]


def test_every_figure_of_spreading_is_described() -> None:
    (body,) = re.findall(r"^## Spreading\n(.*?)(?=^## )", TEXT, re.MULTILINE | re.DOTALL)
    (table,) = re.findall(r"^\| figure .*?\n\n", body, re.MULTILINE | re.DOTALL)
    assert re.findall(r"`(\w+)`", table) == [field.name for field in fields(Figures)]
