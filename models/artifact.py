"""Model files: JSON with a checksum; loading one never runs code."""

import hashlib
import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from matching.comparisons import NAMES
from matching.records import DataError, Problem
from models.match_model import Calibration, MatchModel, exact, faults, table

BASELINE: Final = Path(__file__).with_name("baseline.json")
"""Hand-set tables: the service works untrained."""
FORMATS: Final = (1, 2)
"""Versions of the file format: 1 has tables alone; 2 adds how a score becomes a chance, and the self-test."""
REPLAY_TOLERANCE: Final = 1e-9
"""Largest difference between a score and the same score computed again."""


def checksum(content: dict[str, Any]) -> str:
    """Digest of a model's content without its own checksum."""
    rest = {key: value for key, value in content.items() if key != "checksum"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _refuse(path: Path, code: str, field: str, value: str | None, accepted: str) -> DataError:
    return DataError([Problem(code, path.name, field, value, accepted)])


def load(path: Path = BASELINE) -> MatchModel:
    """Read a model file.

    Raises
    ------
    DataError
        When the file cannot be read, its checksum does not fit, its format is unknown, a comparison has no table, a table
        rewards knowing less (`match_model.faults`), or its self-test gives other scores.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        stated = content["checksum"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _refuse(path, "bad_file", "model", type(error).__name__, "a model file") from error
    if stated != checksum(content):
        raise _refuse(path, "bad_file", "checksum", str(stated)[:12], checksum(content)[:12])
    if content.get("format", 1) not in FORMATS:
        raise _refuse(path, "bad_file", "format", str(content["format"])[:12], ", ".join(map(str, FORMATS)))
    if set(content["tables"]) != set(NAMES):
        odd = set(content["tables"]) ^ set(NAMES)
        raise _refuse(path, "bad_file", "tables", ", ".join(sorted(odd)), ", ".join(NAMES))
    try:
        model = _model(path, content, stated)
        test = content.get("self_test")
        passed = test is None or _passes(model, test)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise _refuse(path, "bad_file", "model", str(error)[:80], "a whole model file") from error
    if not passed:
        raise _refuse(path, "bad_file", "self_test", None, "the scores that these tables give")
    return model


def assemble(content: dict[str, Any]) -> MatchModel:
    """Give the model of a content that is not saved yet; what `load` gives of the file."""
    return _model(Path("model"), content, checksum(content))


def _passes(model: MatchModel, test: dict[str, Any]) -> bool:
    """Compute the scores of the self-test again: comparison values, and the scores they had when the model was made."""
    values, expected = np.array(test["values"], dtype=np.uint8), np.array(test["scores"], dtype=np.float64)
    return bool((np.abs(model.scores(values) - expected) <= REPLAY_TOLERANCE).all()) and len(expected) > 0


def _model(path: Path, content: dict[str, Any], stated: str) -> MatchModel:
    rows = [content["tables"][name] for name in NAMES]
    tables = np.stack([table(row["points"], row["not_asked"], row["unstated"], row["unknown"]) for row in rows])
    if found := faults(tables):
        raise _refuse(path, "bad_file", "tables", "; ".join(found), "tables that rise with their value")
    bands = content["bands"]
    return MatchModel(
        version=f"{content['name']}-{stated[:12]}",
        intercept=_number(content["intercept"]),
        tables=tables,
        bands=(float(bands["strong"]), float(bands["fair"])),
        floor=float(content["floor"]),
        partner_floor=float(content["partner_floor"]),
        profile_floor=float(content["profile_floor"]),
        calibration=_calibration(content.get("calibration")),
    )


def _calibration(found: dict[str, Any] | None) -> Calibration | None:
    if found is None:
        return None
    slope, intercept = float(found["slope"]), float(found["intercept"])
    examination = tuple((int(rank), float(taken)) for rank, taken in found.get("examination", ()))
    groups = {str(name): float(added) for name, added in found.get("groups", {}).items()}
    if not np.isfinite([slope, intercept, *(taken for _, taken in examination), *groups.values()]).all():
        raise ValueError("calibration: not finite")
    return Calibration(slope, intercept, examination, groups, found["shown"] is True, tuple(map(str, found["why_not"])))


def _number(value: Any) -> float:
    return float(exact(np.array([value], dtype=np.float64))[0])


def save(content: dict[str, Any], path: Path) -> None:
    """Write a model's content with its checksum, whole or not at all."""
    sealed = {**content, "checksum": checksum(content)}
    fresh = path.with_suffix(".part")
    fresh.write_text(json.dumps(sealed, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    fresh.replace(path)
