"""The additive model and its file."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matching.comparisons import COMPARISONS, FULL, NAMES, NOT_ASKED, UNKNOWN, UNSTATED
from matching.records import DataError
from models.artifact import BASELINE, checksum, load, save
from models.match_model import faults, spread, table


def content() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(BASELINE.read_text(encoding="utf-8"))
    return found


def refused(path: Path) -> str:
    with pytest.raises(DataError) as error:
        load(path)
    (problem,) = error.value.problems
    assert problem.code == "bad_file"
    return problem.field


def test_the_baseline_loads() -> None:
    model = load()
    assert model.version == f"baseline-{content()['checksum'][:12]}"
    assert model.tables.shape == (len(NAMES), 256)
    strong, fair = model.bands
    assert strong > fair > model.floor > model.partner_floor
    assert 0 < model.profile_floor < 1
    assert faults(model.tables) == []


def test_saving_and_loading_is_the_identity(tmp_path: Path) -> None:
    before, path = load(), tmp_path / "model.json"
    save(content(), path)
    assert path.read_text(encoding="utf-8") == BASELINE.read_text(encoding="utf-8")
    after = load(path)
    assert (after.tables == before.tables).all()
    for name in ("version", "intercept", "bands", "floor", "partner_floor", "profile_floor"):
        assert getattr(after, name) == getattr(before, name)
    assert list(tmp_path.iterdir()) == [path]


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    changed, path = content(), tmp_path / "model.json"
    changed["tables"]["travel"]["points"][0][1] = -1.9
    path.write_text(json.dumps(changed), encoding="utf-8")
    assert refused(path) == "checksum"
    save(changed, path)  # sealed anew, it is another model
    assert load(path).version == f"baseline-{checksum(changed)[:12]}" != load().version


@pytest.mark.parametrize("text", ["", "{", "[]", '"model"', "{}", "null"])
def test_what_is_no_model_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "model.json"
    path.write_text(text, encoding="utf-8")
    assert refused(path) == "model"
    assert refused(tmp_path / "absent.json") == "model"


@pytest.mark.parametrize("change", ["missing", "odd"])
def test_every_comparison_needs_its_table(tmp_path: Path, change: str) -> None:
    changed = content()
    row = changed["tables"].pop("travel") if change == "missing" else changed["tables"]["travel"]
    if change == "odd":
        changed["tables"]["age"] = row
    save(changed, tmp_path / "model.json")
    assert refused(tmp_path / "model.json") == "tables"


def test_a_table_with_a_fault_is_refused(tmp_path: Path) -> None:
    changed = content()
    changed["tables"]["hours"]["unknown"] = 5.0
    save(changed, tmp_path / "model.json")
    assert refused(tmp_path / "model.json") == "tables"


def tables_with(name: str, at: int, value: float) -> Any:
    tables = load().tables.copy()
    tables[NAMES.index(name), at] = value
    return tables


@pytest.mark.parametrize(
    ("name", "at", "value", "fault"),
    [
        ("travel", 100, 9.0, "travel: falls where more is better"),
        ("travel", FULL, 0.0, "travel: falls where more is better"),
        ("travel", NOT_ASKED, np.nan, "travel: not finite"),
        ("hours", UNSTATED, 0.0, "hours: unknown contributes as much as a good match"),  # 0.3 - 1.3 / 4 = -0.025
        ("hours", UNKNOWN, 0.0, "hours: unknown contributes as much as a good match"),
        ("competences_used", UNKNOWN, 0.1, "competences_used: an empty list contributes more than one without a match"),
    ],
)
def test_each_fault_is_found(name: str, at: int, value: float, fault: str) -> None:
    assert fault in faults(tables_with(name, at, value))


def test_what_is_allowed_is_no_fault() -> None:
    assert faults(tables_with("hours", UNKNOWN, -0.03)) == []
    assert faults(tables_with("hours", NOT_ASKED, 0.3)) == []


def test_a_table_is_drawn_through_its_points() -> None:
    drawn = table([[0, -1.0], [0.5, 0.0], [1, 2.0]], 0.1, -0.2, -0.3)
    assert drawn[0] == -1.0
    assert drawn[63] == pytest.approx(-0.5)  # a quarter: half-way to the second point
    assert drawn[126] == 0.0
    assert drawn[189] == pytest.approx(1.0)
    assert drawn[FULL:].tolist() == pytest.approx([2.0, 0.1, -0.2, -0.3], abs=2**-21)
    assert (drawn * 2**20 % 1 == 0).all()  # sums are exact


def test_spread_is_the_range_over_what_is_known() -> None:
    tables = np.stack([table([[0, -1.0], [1, 2.0]], 0.0, -9.0, -9.0), table([[0, 0.0], [1, 1.0]], 1.5, 0.0, 0.0)])
    assert spread(tables).tolist() == [3.0, 1.5]


def test_weights_are_held_to_their_range_and_reported() -> None:
    model = load()
    tables, applied = model.weighted({"travel": 9, "hours": -2, "shifts": 0.5})
    assert (applied["travel"], applied["hours"], applied["shifts"], applied["start"]) == (3.0, 0.0, 0.5, 1.0)
    assert list(applied) == list(NAMES)
    assert (tables[NAMES.index("travel")] == 3 * model.tables[NAMES.index("travel")]).all()
    assert (tables[NAMES.index("hours")] == 0).all()
    assert (model.weighted({})[0] == model.tables).all()


def test_weights_that_mean_nothing_are_refused_together() -> None:
    with pytest.raises(DataError) as error:
        load().weighted({"age": 1.0, "sex": 2.0, "travel": float("nan"), "hours": float("inf")})
    assert [(p.code, p.field) for p in error.value.problems] == [
        ("not_in_list", "weights.age"),
        ("not_in_list", "weights.sex"),
        ("out_of_range", "weights.travel"),
        ("out_of_range", "weights.hours"),
    ]


def test_bands() -> None:
    model = load()
    strong, fair = model.bands
    scores = (strong, strong - 0.01, fair, fair - 0.01, -99)
    assert [model.band(score) for score in scores] == ["strong", "fair", "fair", "weak", "weak"]


def test_the_baseline_says_unknown_languages_as_two_levels_short() -> None:
    """The cut at 0.35 in `languages`: what is still unknown never costs more than a language known to be missing."""
    row = load().tables[NAMES.index("languages")]
    assert row[FULL * 35 // 100] <= row[UNKNOWN] + 1e-9 <= row[FULL * 65 // 100]
    done = load().tables[NAMES.index("profession_done")]
    assert done[FULL * 35 // 100] >= done[UNKNOWN]


def test_tables_stand_in_the_order_of_the_comparisons() -> None:
    assert [c.name for c in COMPARISONS] == list(NAMES)
    model = load()
    for name, row in zip(NAMES, model.tables, strict=True):
        assert row[UNKNOWN] == pytest.approx(content()["tables"][name]["unknown"], abs=2**-21)
