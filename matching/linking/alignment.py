"""A closer look at the few concepts that fit a text best: word by word against each of their labels."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from matching.linking.index import Floats, Index

ALIKE: Final = 60.0
"""Words less alike than this (per cent, `rapidfuzz.fuzz.ratio`) are different words."""
ALIGNED: Final = (
    "covered",
    "covering",
    "rarest",
    "first",
    "last",
    "equal",
    "equal_preferred",
    "equal_concepts",
    "labels",
    "words",
)
"""``covered`` and ``covering``: of the label that fits best word by word, the share of the text's words found in it and of its
words found in the text, the rarer counting more. ``rarest``: how well the rarest word of the text is found there. ``first`` and
``last``: the best of any label's first and last word. ``equal``: a label is equal; ``equal_preferred``: the preferred one is;
``equal_concepts``: how many finalists have one. ``labels``: how many it has, at most 20. ``words``: those of the text."""


class LabelsOf:
    """Labels of each concept in one language; of one that has none there, those in the others."""

    def __init__(self, index: Index, language: int, n_concepts: int) -> None:
        labels = index.labels
        inside = labels.language == language
        spoken = np.bincount(labels.concept[inside], minlength=n_concepts) > 0
        rows = np.flatnonzero(inside | ~spoken[labels.concept])
        self.rows = rows[np.argsort(labels.concept[rows], kind="stable")]
        self.start = np.searchsorted(labels.concept[self.rows], np.arange(n_concepts + 1))


def align(
    index: Index, of: LabelsOf, equal: NDArray[np.int64], stemmed: Sequence[Sequence[str]], few: NDArray[np.int64]
) -> Floats:
    """Compare one text with the labels of a few concepts: float32[n_few, n_aligned].

    Parameters
    ----------
    of
        Labels to look at.
    equal
        Rows of the labels that equal a form of the text.
    stemmed
        Stems of each form of the text.
    few
        Concepts.
    """
    labels = index.labels
    size = of.start[few + 1] - of.start[few]
    edge = np.concatenate([[0], np.cumsum(size)])
    rows = of.rows[np.repeat(of.start[few] - edge[:-1], size) + np.arange(edge[-1])]
    found = np.zeros((len(few), len(ALIGNED)), dtype=np.float32)
    found[:, 8] = np.minimum(size, 20)
    found[:, 9] = len(stemmed[0])
    if not len(rows):
        return found
    has = size > 0
    at = edge[:-1][has]
    length = labels.start[rows + 1] - labels.start[rows]
    ends = np.cumsum(length)
    begins = ends - length
    words = labels.word[np.repeat(labels.start[rows] - begins, length) + np.arange(ends[-1])]
    distinct, place = np.unique(words, return_inverse=True)
    weight = labels.word_weight[words]
    whole = np.maximum(np.add.reduceat(weight, begins), 1e-6)
    choices = [labels.words[row] for row in distinct]
    worth = dict(zip(choices, labels.word_weight[distinct].tolist(), strict=True))
    heavy = float(labels.word_weight.max(initial=1.0))
    best = np.full(len(rows), -1.0, dtype=np.float32)
    kept = np.zeros((len(rows), 5), dtype=np.float32)
    for stems in stemmed:
        if not stems:
            continue
        alike = process.cdist(stems, choices, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.float32)[:, place] / np.float32(100)
        per_label = np.maximum.reduceat(alike, begins, axis=1)
        own = np.array([worth.get(stem, heavy) for stem in stems], dtype=np.float32)
        covered = own @ per_label / max(float(own.sum()), 1e-6)
        covering = np.add.reduceat(alike.max(axis=0) * weight, begins) / whole
        seen = np.stack([covered, covering, per_label[int(own.argmax())], alike[0, begins], alike[-1, ends - 1]], axis=1)
        better = covered + covering > best
        best = np.where(better, covered + covering, best)
        kept[:, 3:] = np.maximum(kept[:, 3:], seen[:, 3:])
        kept[better, :3] = seen[better, :3]
    kept *= labels.trust[rows, None]
    found[has, 3:5] = np.maximum.reduceat(kept[:, 3:], at, axis=0)
    order = np.lexsort((-(kept[:, 0] + kept[:, 1]), np.repeat(np.arange(len(few)), size)))
    found[has, :3] = kept[order[at], :3]
    same = np.isin(rows, equal)
    found[has, 5] = np.maximum.reduceat(same * labels.trust[rows], at)
    found[has, 6] = np.maximum.reduceat(same & labels.preferred[rows], at)
    found[:, 7] = (found[:, 5] > 0).sum()
    return found
