"""What evidence is worth: weights over all concepts, trees over the few best, and the chance that a link is right.

Learned offline from titles whose concepts people fixed (`training.linker`); it knows how to compare, and no concept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Self

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


MOST_LEAVES: Final = 32
_DE_BRUIJN: Final = 0x077CB531
"""Its five highest bits, after multiplying by a power of two, differ for each of the 32 powers."""
_AT_ONCE: Final = 128


@dataclass(frozen=True, slots=True)
class Masks:
    """The trees for scoring many rows side by side, without branches (QuickScorer, Lucchese et al., SIGIR 2015).

    Leaves are numbered from the left, a bit each. A row starts with all of them; each inner node ``n`` that would send it to the
    right takes away those under its left child, which ``kept[n]`` lacks. The lowest bit left is the leaf that the row ends in.

    Inner nodes of tree ``t`` are ``start[t]`` to ``start[t + 1]``; ``threshold`` is rounded down to what a float32 can exceed;
    ``value`` float64[n_trees, 32] is what a leaf adds, at the place that its bit hashes to.
    """

    start: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: Floats
    kept: NDArray[np.uint32]
    value: NDArray[np.float64]

    @classmethod
    def of(cls, trees: Trees) -> Self:
        """Lay out trees, their leaves numbered.

        Raises
        ------
        ValueError
            A tree has more than 32 leaves.
        """
        start, feature, threshold, kept = [0], list[int](), list[float](), list[int]()
        value = np.zeros((len(trees.root), MOST_LEAVES))
        for tree, root in enumerate(trees.root.tolist()):
            leaves, waiting = 0, [(root, -1)]
            while waiting:
                node, left_of = waiting.pop()
                if node < 0:  # all leaves under the left child of this inner node are numbered
                    kept[left_of] &= ~((1 << leaves) - 1) | ((1 << -node - 1) - 1)
                elif trees.feature[node] < 0:
                    if leaves == MOST_LEAVES:
                        raise ValueError(f"a tree has more than {MOST_LEAVES} leaves")
                    value[tree, (_DE_BRUIJN << leaves & 0xFFFFFFFF) >> 27] = trees.value[node]
                    leaves += 1
                else:
                    inner = len(feature)
                    feature.append(int(trees.feature[node]))
                    threshold.append(float(trees.threshold[node]))
                    kept.append(0xFFFFFFFF)
                    waiting += [(int(trees.right[node]), -1), (-leaves - 1, inner), (int(trees.left[node]), -1)]
            start.append(len(feature))
        exact = np.array(threshold)
        single = exact.astype(np.float32)
        single = np.where(single > exact, np.nextafter(single, np.float32(-np.inf)), single)
        return cls(np.array(start), np.array(feature, dtype=np.int64), single, np.array(kept, dtype=np.uint32), value)


@njit(cache=True, nogil=True)
def _sum_trees(rows: Any, start: Any, feature: Any, threshold: Any, kept: Any, value: Any, worth: Any) -> None:
    leaves = np.empty(_AT_ONCE, dtype=np.uint32)
    for first in range(0, rows.shape[1], _AT_ONCE):
        n = min(_AT_ONCE, rows.shape[1] - first)
        for tree in range(len(start) - 1):
            leaves[:] = 0xFFFFFFFF
            for node in range(start[tree], start[tree + 1]):
                values, edge, mask = rows[feature[node], first : first + n], threshold[node], kept[node]
                for row in range(n):
                    leaves[row] &= mask if values[row] > edge else np.uint32(0xFFFFFFFF)
            of_leaf = value[tree]
            for row in range(n):
                lowest = leaves[row] & (~leaves[row] + np.uint32(1))
                worth[first + row] += of_leaf[np.uint32(lowest * np.uint32(_DE_BRUIJN)) >> np.uint32(27)]


@dataclass(frozen=True)
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

    @cached_property
    def masks(self) -> Masks:
        """The trees as they are scored."""
        return Masks.of(self.trees)

    def judge(self, features: Floats) -> NDArray[np.float64]:
        """Order finalists, the best has most: float64[n_texts, n_finalists] from float32[n_texts, n_finalists, n_features]."""
        rows = np.ascontiguousarray(features.reshape(-1, features.shape[2]).T)
        worth, of = np.zeros(rows.shape[1]), self.masks
        _sum_trees(rows, of.start, of.feature, of.threshold, of.kept, of.value, worth)
        seen = (features[:, :, FEATURES.index(name)] for name in ("equal", "equal_preferred", "equal_concepts"))
        equal, preferred, concepts = seen
        more = np.where(preferred == 1, ALONE[1], ALONE[0])
        return worth.reshape(features.shape[:2]) + np.where((equal == 1) & (concepts == 1), more, 0)

    def chances(self, judged: NDArray[np.float64], features: Floats) -> NDArray[np.float64]:
        """Chance of each finalist to be right: float64[n_texts, n_finalists], 0-1."""
        seen = calibrated(judged, features)
        odds = self.chance[0] + seen @ self.chance[1:]
        return np.asarray(1 / (1 + np.exp(-odds)))


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
