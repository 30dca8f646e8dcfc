"""The learned judge of text linking as a file: JSON with a checksum; loading it never runs code."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from matching.linking.evidence import EVIDENCE
from matching.linking.ranker import CALIBRATED, FEATURES, Ranker, Trees
from matching.records import DataError, Problem
from models.artifact import checksum

SHIPPED: Final = Path(__file__).with_name("linker.json")
PARTS: Final[dict[str, type[np.generic]]] = {
    "root": np.int32,
    "feature": np.int32,
    "threshold": np.float64,
    "left": np.int32,
    "right": np.int32,
    "value": np.float64,
}


def content(name: str, ranker: Ranker, evidence: Sequence[str], features: Sequence[str]) -> dict[str, Any]:
    """Write a ranker as plain data, naming what each number is about."""
    said: dict[str, Any] = {
        "name": name,
        "evidence": list(evidence),
        "weights": [round(float(weight), 5) for weight in ranker.weights],
        "features": list(features),
        "trees": {part: getattr(ranker.trees, part).tolist() for part in PARTS},
        "calibrated": list(CALIBRATED),
        "chance": [round(float(weight), 6) for weight in ranker.chance],
        "sure": dict(sorted(ranker.sure.items())),
    }
    return said


def save(said: dict[str, Any], path: Path) -> None:
    """Write the file with its checksum."""
    sealed = {**said, "checksum": checksum(said)}
    path.write_text(json.dumps(sealed, separators=(",", ":")) + "\n", encoding="utf-8")


def load(path: Path = SHIPPED) -> Ranker:
    """Read a learned judge.

    Raises
    ------
    DataError
        ``bad_file`` when it cannot be read, its checksum does not fit, it was learned for other evidence, or a tree points
        outside itself or has more leaves than can be scored.
    """
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if said["checksum"] != checksum(said):
            raise ValueError("checksum")
        for part, known in (("evidence", EVIDENCE), ("features", FEATURES), ("calibrated", CALIBRATED)):
            if tuple(said[part]) != known:
                raise ValueError(part)
        trees = Trees(**{part: np.array(said["trees"][part], dtype=kind) for part, kind in PARTS.items()})
        _check(trees)
        ranker = Ranker(
            version=f"{said['name']}-{said['checksum'][:12]}",
            weights=np.array(said["weights"], dtype=np.float32),
            trees=trees,
            chance=np.array(said["chance"], dtype=np.float64),
            sure={kind: float(said["sure"][kind]) for kind in ("occupation", "competence")},
        )
        ranker.masks  # noqa: B018 - a tree with too many leaves is refused here, not at the first question
        return ranker
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError([Problem("bad_file", path.name, "linker", str(error)[:80], "a whole linker file")]) from error


def _check(trees: Trees) -> None:
    """Refuse trees that would not end: every child stands after its parent, and inside the file."""
    n = len(trees.feature)
    inner = trees.feature >= 0
    sizes = {len(part) for part in (trees.threshold, trees.left, trees.right, trees.value)}
    children = np.concatenate([trees.left[inner], trees.right[inner]])
    after = (children > np.tile(np.flatnonzero(inner), 2)) & (children < n)
    rooted = (trees.root >= 0) & (trees.root < n)
    if sizes != {n} or not rooted.all() or not after.all() or (trees.feature >= len(FEATURES)).any():
        raise ValueError("trees")
