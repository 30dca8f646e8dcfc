"""What evidence is worth: weights over all concepts, trees over the few best, and the chance that a link is right.

Learned offline from titles whose concepts people fixed (`training.linker`); it knows how to compare, and no concept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.linking.alignment import ALIGNED
from matching.linking.evidence import EVIDENCE

Floats = NDArray[np.float32]
FINALISTS: Final = 100
COMPARED: Final = (*EVIDENCE, "fused")
FEATURES: Final = (
    *(f"{name}{what}" for name in COMPARED for what in ("", ".gap", ".rank")),
    *ALIGNED,
    *(f"{name}.gap" for name in ALIGNED[:5]),
    "company",
    "company.rank",
)
"""What the trees look at, of each finalist: its evidence, how far that is below the best finalist, its place among them; its
alignment; and its company, how close its meaning is to that of the other likely finalists."""
CALIBRATED: Final = ("share", "characters", "elsewhere", "covered", "covering", "equal", "equal_preferred")
"""What the chance rests on: the log-odds of the concept's share among the finalists, and how alike text and label are at all."""
LEAST_SHARE: Final = 0.002
ALONE: Final = (1.0, 20.0)
"""What is added for a concept that alone has an equal label, and an equal preferred one: nobody expects another one first."""


@dataclass(frozen=True, slots=True)
class Trees:
    """Decision trees as flat arrays.

    ``root`` is the first node of each tree; per node, ``feature`` is what it looks at (-1: a leaf), ``threshold`` the value up to
    which it goes ``left`` and above which ``right``, and ``value`` what a leaf adds. Children stand after their parent.
    """

    root: NDArray[np.int32]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranker:
    """Learned numbers.

    Parameters
    ----------
    version
        Name of the file and its digest.
    weights
        float32[n_evidence], what each kind of evidence adds when the finalists are chosen.
    trees
        What orders the finalists.
    chance
        float64[1 + n_calibrated], intercept and weights of the log-odds that a link is right.
    sure
        Kind -> chance from which a first link is called sure.
    """

    version: str
    weights: Floats
    trees: Trees
    chance: NDArray[np.float64]
    sure: Mapping[str, float]

    def judge(self, features: Floats) -> NDArray[np.float64]:
        """Order finalists, the best has most: float64[n_texts, n_finalists] from float32[n_texts, n_finalists, n_features]."""
        flat = features.reshape(-1, features.shape[2])
        worth = np.zeros(len(flat))
        of = self.trees
        _sum_trees(flat, of.root, of.feature, of.threshold, of.left, of.right, of.value, worth)
        seen = (features[:, :, FEATURES.index(name)] for name in ("equal", "equal_preferred", "equal_concepts"))
        equal, preferred, concepts = seen
        more = np.where(preferred == 1, ALONE[1], ALONE[0])
        return worth.reshape(features.shape[:2]) + np.where((equal == 1) & (concepts == 1), more, 0)

    def chances(self, judged: NDArray[np.float64], features: Floats) -> NDArray[np.float64]:
        """Chance of each finalist to be right: float64[n_texts, n_finalists], 0-1."""
        seen = calibrated(judged, features)
        odds = self.chance[0] + seen @ self.chance[1:]
        return np.asarray(1 / (1 + np.exp(-odds)))


@njit(cache=True, nogil=True)
def _sum_trees(rows: Any, root: Any, feature: Any, threshold: Any, left: Any, right: Any, value: Any, worth: Any) -> None:
    # A few rows at a time: they and one tree stay in the nearest cache.
    for first in range(0, rows.shape[0], 128):
        for start in root:
            for row in range(first, min(first + 128, rows.shape[0])):
                node = start
                while feature[node] >= 0:
                    node = left[node] if rows[row, feature[node]] <= threshold[node] else right[node]
                worth[row] += value[node]


def features_of(found: Floats, fused: Floats, aligned: Floats, meaning: Floats) -> Floats:
    """Lay out what the trees look at: float32[n_texts, n_finalists, n_features].

    Parameters
    ----------
    found, fused, aligned, meaning
        Of the finalists: evidence [.., n_evidence], its weighted sum [..], alignment [.., n_aligned], and the unit vectors of
        what they mean [.., n_meanings].
    """
    compared = np.concatenate([found, fused[:, :, None]], axis=2)
    gaps = compared - compared.max(axis=1, keepdims=True)
    three = np.stack([compared, gaps, _places(compared)], axis=3).reshape(*compared.shape[:2], -1)
    near = aligned[:, :, :5]
    company = _company(fused, meaning)[:, :, None]
    parts = [three, aligned, near - near.max(axis=1, keepdims=True), company, _places(company)]
    return np.concatenate(parts, axis=2, dtype=np.float32)


def _places(values: Floats) -> Floats:
    """Place of each finalist by a value, 0 for the highest."""
    return np.argsort(np.argsort(-values, axis=1, kind="stable"), axis=1, kind="stable").astype(np.float32)


def _company(fused: Floats, meaning: Floats) -> Floats:
    """Compute the closeness to the mean of the other finalists, each counting by its share of the weighted evidence."""
    share = np.exp(fused - fused.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    centre = np.einsum("tf,tfm->tm", share, meaning)
    return np.asarray(np.einsum("tm,tfm->tf", centre, meaning) - share, dtype=np.float32)


def calibrated(judged: NDArray[np.float64], features: Floats) -> NDArray[np.float64]:
    """Lay out what the chance rests on: float64[n_texts, n_finalists, n_calibrated]."""
    share = np.exp(judged - judged.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    share = np.clip(share, LEAST_SHARE, 1 - LEAST_SHARE)
    alike = [features[:, :, FEATURES.index(name)] for name in CALIBRATED[1:]]
    return np.stack([np.log(share / (1 - share)), *alike], axis=2).astype(np.float64)
