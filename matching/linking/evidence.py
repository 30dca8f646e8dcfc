"""How well each concept fits a text, by each kind of evidence; no judgement yet on what that is worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import sparse

from matching.codes import LANGUAGES_OF_SERVICE
from matching.linking.index import Floats, Index, Tongue, count, grams_of, normed, ones, unit
from matching.linking.wording import terms

EVIDENCE: Final = ("characters", "elsewhere", "contains", "described", "related", "grouped", "meaning", "subwords", "translated")
"""``characters``: the best label in the language of the text, by character n-grams (cosine); ``elsewhere``: in another language.
``contains``: share of the text's words, the rarer counting more, that the labels, the description or related concepts hold.
``described``, ``related``, ``grouped``: cosine with the description; with the labels of what the concept needs or is needed for;
with the labels of its whole group. ``meaning``, ``subwords``: cosine in the space of latent semantics, of words and of character
n-grams. ``translated``: the translated words against the labels in the other languages."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """Texts by their spelling.

    ``written`` holds the forms of each text. Per form of any text, ``best`` is its similarity with the best label of each
    concept in each language, float32[n_languages, n_forms, n_concepts] (0 without any), and ``meaning`` what its n-grams mean,
    float32[n_forms, MEANINGS].
    """

    written: Sequence[Sequence[str]]
    best: Floats
    meaning: Floats

    @property
    def starts(self) -> NDArray[np.int64]:
        """First form of each text, and the end."""
        return np.cumsum([0, *map(len, self.written)], dtype=np.int64)

    def only(self, places: Sequence[int]) -> "Spelled":
        """Keep some of the texts."""
        if len(places) == len(self.written):
            return self
        starts = self.starts
        rows = np.concatenate([np.arange(starts[place], starts[place + 1]) for place in places])
        return Spelled([self.written[place] for place in places], self.best[:, rows], self.meaning[rows])


def spell(index: Index, written: Sequence[Sequence[str]]) -> Spelled:
    """Compare the spelling of texts with every label; each text has one form at least."""
    forms = [form for own in written for form in own]
    known = [[row for gram in grams_of(form) if (row := index.grams.get(gram)) is not None] for form in forms]
    vectors = unit(count(known, len(index.grams)), index.gram_weight)
    best = np.zeros((len(index.tongues), len(forms), len(index.group)), dtype=np.float32)
    labels, grams = index.labels, index.gram_labels
    text = (vectors.indptr, vectors.indices, vectors.data)
    _best_labels(*text, grams.indptr, grams.indices, grams.data, labels.trust, labels.language, labels.concept, best)
    return Spelled(written, best, normed(np.asarray(vectors @ index.gram_meaning, dtype=np.float32)))


@njit(cache=True, nogil=True)
def _best_labels(
    text_start: Any, text_gram: Any, text_weight: Any, start: Any, label: Any, weight: Any, trust: Any, language: Any,
    concept: Any, best: Any,
) -> None:  # fmt: skip
    # Labels of one concept in one language stand together: from ``edge[run]`` to ``edge[run + 1]``.
    edge = np.empty(len(trust) + 1, dtype=np.int64)
    n_runs = 0
    for row in range(len(trust)):
        if row == 0 or concept[row] != concept[row - 1] or language[row] != language[row - 1]:
            edge[n_runs] = row
            n_runs += 1
    edge[n_runs] = len(trust)
    alike = np.zeros(len(trust), dtype=np.float32)
    for form in range(len(text_start) - 1):
        alike[:] = 0
        for at in range(text_start[form], text_start[form + 1]):
            own, first, last = text_weight[at], start[text_gram[at]], start[text_gram[at] + 1]
            labels, weights = label[first:last], weight[first:last]
            for place in range(len(labels)):
                alike[np.uint32(labels[place])] += own * weights[place]  # unsigned: no look whether it counts from the end
        for run in range(n_runs):
            top = np.float32(0)
            for row in range(edge[run], edge[run + 1]):
                worth = alike[np.uint32(row)] * trust[np.uint32(row)]
                top = worth if worth > top else top
            best[language[edge[run]], form, concept[edge[run]]] = top


def gathered(scores: NDArray[Any], starts: NDArray[np.int64]) -> NDArray[Any]:
    """Best over the forms of each text: rows that begin at `starts` become one."""
    return scores if len(starts) == len(scores) else np.maximum.reduceat(scores, starts, axis=0)


def evidence(index: Index, spelled: Spelled, language: int) -> Floats:
    """Weigh every concept for texts of one language: float32[n_evidence, n_texts, n_concepts], each 0-1 (meaning -1 to 1).

    Parameters
    ----------
    spelled
        The texts.
    language
        Position in `LANGUAGES_OF_SERVICE`.
    """
    starts = spelled.starts[:-1]
    forms = [form for own in spelled.written for form in own]
    others = [best for place, best in enumerate(spelled.best) if place != language]
    tongue = index.tongues[language]
    read = [terms(form, LANGUAGES_OF_SERVICE[language], index.compounds) for form in forms]
    counts = count([[tongue.terms[term] for term in own if term in tongue.terms] for own in read], len(tongue.terms))
    vectors = unit(counts, tongue.weight)
    heavy = float(tongue.weight.max(initial=1.0))
    # A word that no document has stays unheard: it weighs as much as the rarest.
    total = [sum(float(tongue.weight[tongue.terms[t]]) if t in tongue.terms else heavy for t in set(own)) or 1.0 for own in read]
    heard = sparse.diags(1 / np.array(total, dtype=np.float32)) @ ones(counts)
    values = (
        spelled.best[language],
        np.maximum(*others),
        (heard @ tongue.contains).toarray(),
        (vectors @ tongue.described).toarray(),
        (vectors @ tongue.related).toarray(),
        (vectors @ tongue.grouped).toarray()[:, index.group],
        normed(np.asarray(vectors @ tongue.meaning, dtype=np.float32)) @ index.meaning.T,
        spelled.meaning @ index.meaning.T,
        _translated(index, vectors, tongue, language),
    )
    return np.stack([gathered(value, starts) for value in values])


def _translated(index: Index, vectors: Any, tongue: Tongue, language: int) -> Floats:
    """Mean over the other languages that have labels of the cosine of the translated words with each concept's labels."""
    others = [other for place, other in enumerate(index.tongues) if place != language]
    total = np.zeros((vectors.shape[0], len(index.group)), dtype=np.float32)
    spoken = 0
    for other, translation in zip(others, tongue.translations, strict=True):
        if other.named.nnz:
            spoken += 1
            moved = (vectors @ translation).tocsr()
            total += (_scaled(moved) @ other.named).toarray()
    total /= max(1, spoken)
    return total


def _scaled(vectors: Any) -> Any:
    length = np.sqrt(np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel())
    return sparse.diags(np.divide(1, length, out=np.zeros_like(length), where=length > 0).astype(np.float32)) @ vectors
