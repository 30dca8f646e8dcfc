"""A closer look at the few concepts that fit a text best: word by word against each of their labels."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numba import njit
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
    """Labels of each concept in one language; of one that has none there, those in the others.

    Those of concept ``c`` are ``rows[start[c]:start[c + 1]]``; the words of the label at place ``p`` are
    ``word[word_start[p]:word_start[p + 1]]``, and ``whole[p]`` is what they weigh together.
    """

    def __init__(self, index: Index, language: int, n_concepts: int) -> None:
        labels = index.labels
        inside = labels.language == language
        spoken = np.bincount(labels.concept[inside], minlength=n_concepts) > 0
        rows = np.flatnonzero(inside | ~spoken[labels.concept])
        self.rows = rows[np.argsort(labels.concept[rows], kind="stable")]
        self.start = np.searchsorted(labels.concept[self.rows], np.arange(n_concepts + 1))
        length = labels.start[self.rows + 1] - labels.start[self.rows]
        self.word_start = np.concatenate([[0], np.cumsum(length)])
        moved = np.repeat(labels.start[self.rows] - self.word_start[:-1], length)
        self.word = labels.word[moved + np.arange(self.word_start[-1])]
        weight = labels.word_weight[self.word]
        self.whole = np.maximum(np.add.reduceat(weight, self.word_start[:-1]), 1e-6) if len(rows) else weight
        self.words = np.array(labels.words, dtype=object)
        self.word_row = {word: row for row, word in enumerate(labels.words)}
        self.heaviest = float(labels.word_weight.max(initial=1.0))


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
    found = np.zeros((len(few), len(ALIGNED)), dtype=np.float32)
    found[:, 8] = np.minimum(size, 20)
    found[:, 9] = len(stemmed[0])
    if not size.any():
        return found
    places, begins = np.empty(size.sum(), dtype=np.int64), np.empty(size.sum() + 1, dtype=np.int64)
    columns = np.empty((of.word_start[of.start[few + 1]] - of.word_start[of.start[few]]).sum(), dtype=np.int64)
    column = np.full(len(of.words), -1)
    # Labels share words: each distinct one is compared once.
    distinct = _lay_out(few, of.start, of.word_start, of.word, places, begins, columns, column)
    rows = of.rows[places]
    weight = labels.word_weight[distinct]
    choices = of.words[distinct].tolist()
    best = np.full(len(rows), -1.0, dtype=np.float32)
    kept = np.zeros((len(rows), 5), dtype=np.float32)
    for stems in stemmed:
        if not stems:
            continue
        alike = process.cdist(stems, choices, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.float32) / np.float32(100)
        per_label = np.empty((len(stems), len(rows)), dtype=np.float32)
        _best_words(alike, columns, begins, per_label)
        known = [of.word_row.get(stem, -1) for stem in stems]
        own = np.array(
            [labels.word_weight[row] if row >= 0 and column[row] >= 0 else of.heaviest for row in known], dtype=np.float32
        )
        covered = own @ per_label / max(float(own.sum()), 1e-6)
        covering = np.add.reduceat((alike.max(axis=0) * weight)[columns], begins[:-1]) / of.whole[places]
        _keep(covered, covering, per_label[int(own.argmax())], alike, columns, begins, best, kept)
    kept *= labels.trust[rows, None]
    _best_labels(kept, size, found)
    if len(equal):
        has = size > 0
        at = (np.cumsum(size) - size)[has]
        same = (rows[:, None] == equal).any(axis=1)
        found[has, 5] = np.maximum.reduceat(same * labels.trust[rows], at)
        found[has, 6] = np.maximum.reduceat(same & labels.preferred[rows], at)
        found[:, 7] = (found[:, 5] > 0).sum()
    return found


@njit(cache=True, nogil=True)
def _lay_out(
    few: Any, start: Any, word_start: Any, word: Any, places: Any, begins: Any, columns: Any, column: Any
) -> Any:  # fmt: skip
    """Lay the words of the labels of a few concepts side by side, and number the distinct ones, whose rows are given back."""
    distinct = np.empty(len(columns), dtype=np.int64)
    label, at, n = 0, 0, 0
    for concept in few:
        for place in range(start[concept], start[concept + 1]):
            places[label], begins[label] = place, at
            label += 1
            for row in word[word_start[place] : word_start[place + 1]]:
                if column[row] < 0:
                    column[row], distinct[n] = n, row
                    n += 1
                columns[at] = column[row]
                at += 1
    begins[label] = at
    return distinct[:n]


@njit(cache=True, nogil=True)
def _best_words(alike: Any, columns: Any, begins: Any, per_label: Any) -> None:
    """For each word of the text, how alike the most alike word of each label is."""
    for stem in range(len(alike)):
        for label in range(len(begins) - 1):
            best = np.float32(0)
            for at in range(begins[label], begins[label + 1]):
                best = max(best, alike[stem, columns[at]])
            per_label[stem, label] = best


@njit(cache=True, nogil=True)
def _keep(
    covered: Any, covering: Any, rarest: Any, alike: Any, columns: Any, begins: Any, best: Any, kept: Any
) -> None:  # fmt: skip
    """Keep, per label, what the form says that fits it best, and the best first and last word of any form."""
    for label in range(len(best)):
        fits = covered[label] + covering[label]
        if fits > best[label]:
            best[label] = fits
            kept[label, 0], kept[label, 1], kept[label, 2] = covered[label], covering[label], rarest[label]
        kept[label, 3] = max(kept[label, 3], alike[0, columns[begins[label]]])
        kept[label, 4] = max(kept[label, 4], alike[-1, columns[begins[label + 1] - 1]])


@njit(cache=True, nogil=True)
def _best_labels(kept: Any, size: Any, found: Any) -> None:
    """Of the labels of each concept, the first one that fits best; of all, the best first and last word."""
    label = 0
    for concept in range(len(size)):
        best = np.float32(-1)
        for _ in range(size[concept]):
            fits = kept[label, 0] + kept[label, 1]
            if fits > best:
                best = fits
                found[concept, :3] = kept[label, :3]
            found[concept, 3] = max(found[concept, 3], kept[label, 3])
            found[concept, 4] = max(found[concept, 4], kept[label, 4])
            label += 1
