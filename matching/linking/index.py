"""A taxonomy as arrays that a text is compared with; built once, kept as files, never changed.

Evidence rests on three views of each concept, in every language: its labels as character n-grams (typing errors, endings,
compounds); a document of its labels, its description and the labels of what it is related to, as stemmed words; and what
words mean, learned from all documents in all languages at once (latent semantic analysis) and from the labels that one
concept has in two languages.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.codes import LANGUAGES_OF_SERVICE
from matching.linking.wording import Compounds, forms, key, stems, terms
from matching.taxonomy import Taxonomy

Floats = NDArray[np.float32]
Places = NDArray[np.int32]

GRAMS: Final = (3, 4, 5)
MEANINGS: Final = 200
"""Dimensions of meaning."""
LABEL_WEIGHT: Final = 3
"""A word of a label counts as often as this many of a description."""
TRANSLATES: Final = 0.15
"""Least Dice coefficient, over concepts, of a word and its translation."""
MOST_TARGETS: Final = 3
"""A name of another scheme that stands for more concepts than this names none of them."""

TRUST: Final[dict[str, dict[str, float]]] = {
    "occupation": {"exact": 1.0, "close": 0.99, "narrow": 0.98, "broad": 0.98},
    "competence": {"exact": 1.0, "close": 0.75, "narrow": 0.75, "broad": 0.75},
}
"""What a name of another scheme is worth as a label, by its relation; mapped competences are often loose."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Every form of every label, sorted by language and concept; each array has one entry per label.

    ``start`` int64[n_labels + 1] and ``word`` int32[] give the words of each label as rows of ``words``.
    """

    texts: tuple[str, ...]
    concept: Places
    language: NDArray[np.int8]
    trust: Floats
    preferred: NDArray[np.bool_]
    start: NDArray[np.int64]
    word: Places
    words: tuple[str, ...]
    word_weight: Floats


@dataclass(frozen=True, slots=True)
class Tongue:
    """What one language says of the concepts: matrices of terms x concepts (CSR, float32).

    ``contains`` holds a term's weight where the document of a concept has it; ``described``, ``named`` and ``related`` are unit
    vectors of descriptions, of labels, and of the labels of what an occupation needs (or what needs a competence); ``grouped``
    is terms x groups. ``meaning`` is float32[n_terms, MEANINGS]. ``translations`` hold, per other language, terms x terms there.
    """

    terms: Mapping[str, int]
    weight: Floats
    contains: Any
    described: Any
    named: Any
    related: Any
    grouped: Any
    meaning: Floats
    translations: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """All that a linker of one kind knows.

    ``grams`` -> rows of ``gram_labels`` (CSR, n-grams x labels, unit vectors); ``meaning`` is float32[n_concepts, MEANINGS];
    ``group`` the group of each concept.
    """

    labels: Labels
    grams: Mapping[str, int]
    gram_weight: Floats
    gram_labels: Any
    gram_meaning: Floats
    tongues: tuple[Tongue, ...]
    meaning: Floats
    group: Places
    compounds: Compounds


@dataclass(frozen=True, slots=True)
class _Label:
    lang: int
    concept: int
    text: str
    trust: float
    preferred: bool


def build(taxonomy: Taxonomy, kind: str) -> Index:
    """Build the index of one kind (``occupation`` or ``competence``) from labels, descriptions and relations."""
    own = _labels(taxonomy, kind)
    compounds = Compounds.of(word for label in own if LANGUAGES_OF_SERVICE[label.lang] == "nl" for word in label.text.split())
    grams, gram_weight, gram_counts = _grams([label.text for label in own])
    group, n_groups = _groups(taxonomy, kind)
    documents = [_documents(taxonomy, kind, lang, compounds) for lang in LANGUAGES_OF_SERVICE]
    n_concepts = len(taxonomy.concepts(kind))
    of_concepts = sparse.csr_matrix(
        (np.ones(len(own), np.float32), ([label.concept for label in own], np.arange(len(own)))), shape=(n_concepts, len(own))
    )
    subwords = of_concepts @ gram_counts
    meaning, (*of_terms, of_grams) = _meanings([*(document.whole for document in documents), subwords], _related(taxonomy, kind))
    members = sparse.csr_matrix((np.ones(len(group), np.float32), (group, np.arange(len(group)))), shape=(n_groups, len(group)))
    tongues = []
    for place, document in enumerate(documents):
        others = [other for at, other in enumerate(documents) if at != place]
        weight = document.weight
        contains = document.whole.copy()
        contains.data = weight[contains.indices]
        tongues.append(
            Tongue(
                terms=document.terms,
                weight=weight,
                contains=contains.T.tocsr(),
                described=unit(document.described, weight).T.tocsr(),
                named=unit(document.named, weight).T.tocsr(),
                related=unit(document.related, weight).T.tocsr(),
                grouped=_grouped(members @ document.named),
                meaning=of_terms[place],
                translations=tuple(_translations(document.named, other.named) for other in others),
            )
        )
    gram_labels = unit(gram_counts, gram_weight).T.tocsr()
    return Index(_words(own, compounds), grams, gram_weight, gram_labels, of_grams, tuple(tongues), meaning, group, compounds)


def _labels(taxonomy: Taxonomy, kind: str) -> list[_Label]:
    """Every form of every label once per concept and language."""
    rows = taxonomy.index(kind)
    found: dict[tuple[int, int, str], _Label] = {}
    for at, lang in enumerate(LANGUAGES_OF_SERVICE):
        for uri, labels in taxonomy.labels.get(lang, {}).items():
            if uri in rows:
                for place, label in enumerate(labels):
                    for form in forms(label):
                        found.setdefault((at, rows[uri], form), _Label(at, rows[uri], form, 1.0, place == 0))
    for name in taxonomy.names[kind]:
        at = LANGUAGES_OF_SERVICE.index(name.lang) if name.lang in LANGUAGES_OF_SERVICE else 0
        for uri, relation in name.targets if len(name.targets) <= MOST_TARGETS else ():
            trust = TRUST[kind].get(relation, 0.0)
            for form in forms(name.name) if trust else ():
                found.setdefault((at, rows[uri], form), _Label(at, rows[uri], form, trust, False))
    return sorted(found.values(), key=lambda label: (label.lang, label.concept, label.text))


def _words(labels: Sequence[_Label], compounds: Compounds) -> Labels:
    """Arrays of labels, with their words stemmed and weighed by how few concepts have them."""
    stemmed = [stems(label.text, LANGUAGES_OF_SERVICE[label.lang]) for label in labels]
    place = {word: row for row, word in enumerate(dict.fromkeys(word for words in stemmed for word in words))}
    start = np.cumsum([0, *map(len, stemmed)], dtype=np.int64)
    word = np.fromiter((place[w] for words in stemmed for w in words), dtype=np.int32, count=int(start[-1]))
    concept = np.array([label.concept for label in labels], dtype=np.int32)
    pairs = np.unique(np.repeat(concept.astype(np.int64), np.diff(start)) * max(1, len(place)) + word)
    uses = np.bincount(pairs % max(1, len(place)), minlength=len(place))
    n_concepts = len(np.unique(concept))
    return Labels(
        texts=tuple(label.text for label in labels),
        concept=concept,
        language=np.array([label.lang for label in labels], dtype=np.int8),
        trust=np.array([label.trust for label in labels], dtype=np.float32),
        preferred=np.array([label.preferred for label in labels], dtype=np.bool_),
        start=start,
        word=word,
        words=tuple(place),
        word_weight=np.log((n_concepts + 1) / (uses + 1)).astype(np.float32),
    )


def grams_of(text: str) -> list[str]:
    """Character n-grams of each word with its edges.

    >>> grams_of("kok")[:4]
    [' ko', 'kok', 'ok ', ' kok']
    """
    found = []
    for word in text.split():
        edged = f" {word} "
        for n in GRAMS:
            found += [edged[at : at + n] for at in range(len(edged) - n + 1)]
    return found


def _grams(texts: Sequence[str]) -> tuple[dict[str, int], Floats, Any]:
    # Grams stay within words, so those of a label are the sum of those of its words.
    words = {word: row for row, word in enumerate(dict.fromkeys(word for text in texts for word in text.split()))}
    of_words, grams = counted([grams_of(word) for word in words])
    labels = count([[words[word] for word in text.split()] for text in texts], len(words)) @ of_words
    return grams, rarity(labels), labels


@dataclass(frozen=True, slots=True)
class _Documents:
    """Counts of terms per concept in one language: concepts x terms."""

    terms: dict[str, int]
    weight: Floats
    named: Any
    described: Any
    related: Any
    whole: Any


def _documents(taxonomy: Taxonomy, kind: str, lang: str, compounds: Compounds) -> _Documents:
    uris = taxonomy.concepts(kind)
    labels, texts = taxonomy.labels.get(lang, {}), taxonomy.descriptions.get(lang, {})

    def read(written: Iterable[str]) -> list[str]:
        return [term for text in written for term in terms(text, lang, compounds)]

    named, place = counted([read(form for label in labels.get(uri, ()) for form in forms(label)) for uri in uris])
    described, place = counted([read([key(texts[uri])]) if uri in texts else [] for uri in uris], place)
    other = "competence" if kind == "occupation" else "occupation"
    kin, place = counted([read(forms(labels[uri][0])) if uri in labels else [] for uri in taxonomy.concepts(other)], place)
    n = len(place)
    for matrix in (named, described, kin):
        matrix.resize(matrix.shape[0], n)
    related = (_related(taxonomy, kind) @ kin).tocsr()
    whole = (LABEL_WEIGHT * named + described + related).tocsr()
    return _Documents(place, rarity(whole), named, described, related, whole)


def _related(taxonomy: Taxonomy, kind: str) -> Any:
    """Concepts of this kind x concepts of the other: 1 where an occupation needs a competence."""
    shape = (len(taxonomy.occupations), len(taxonomy.competences))
    once = np.ones(len(taxonomy.essential_competence), np.float32)
    needs = sparse.csr_matrix((once, taxonomy.essential_competence, taxonomy.essential_start), shape=shape)
    return needs if kind == "occupation" else needs.T.tocsr()


def _groups(taxonomy: Taxonomy, kind: str) -> tuple[Places, int]:
    """Group of each concept (the ISCO unit group, or the smallest group of competences), and how many there are."""
    if kind == "occupation":
        named = {code: row for row, code in enumerate(sorted(set(taxonomy.isco)))}
        return np.array([named[code] for code in taxonomy.isco], dtype=np.int32), max(1, len(named))
    n = len(taxonomy.groups)
    return np.where(taxonomy.competence_group >= 0, taxonomy.competence_group, n).astype(np.int32), n + 1


def _grouped(counts: Any) -> Any:
    return unit(counts, rarity(counts)).T.tocsr()


def _meanings(documents: Sequence[Any], related: Any) -> tuple[Floats, list[Floats]]:
    """Find directions of meaning: unit vectors of concepts, and those of the terms of each language."""
    from sklearn.utils.extmath import randomized_svd  # takes a second to import; a built index does not need it

    parts = [unit(matrix, rarity(matrix)) for matrix in (*documents, related)]
    whole = sparse.hstack(parts).tocsr()
    dimensions = max(1, min(MEANINGS, *(side - 1 for side in whole.shape)))
    concepts, strength, features = randomized_svd(whole, dimensions, n_iter=3, random_state=0)
    ends = np.cumsum([matrix.shape[1] for matrix in documents])
    of_terms = np.split(features, ends, axis=1)[: len(documents)]
    meaning = normed((concepts * strength).astype(np.float32))
    return meaning, [np.ascontiguousarray(columns.T, dtype=np.float32) for columns in of_terms]


def _translations(own: Any, other: Any) -> Any:
    """Terms x terms of another language: how far two terms name the same concepts (Dice coefficient)."""
    here, there = ones(own), ones(other)
    together = (here.T @ there).tocoo()
    uses, uses_there = np.asarray(here.sum(axis=0)).ravel(), np.asarray(there.sum(axis=0)).ravel()
    dice = 2 * together.data / (uses[together.row] + uses_there[together.col])
    kept = dice > TRANSLATES
    return sparse.csr_matrix((dice[kept], (together.row[kept], together.col[kept])), shape=together.shape, dtype=np.float32)


def ones(matrix: Any) -> Any:
    """Say where a matrix has anything: 1 there."""
    marked = matrix.copy()
    marked.data[:] = 1
    return marked


def counted(lists: Sequence[Sequence[str]], place: Mapping[str, int] | None = None) -> tuple[Any, dict[str, int]]:
    """Count terms, lists x terms (float32 CSR); terms that `place` lacks get the next rows."""
    known = dict(place or {})
    rows = [[known.setdefault(term, len(known)) for term in terms_] for terms_ in lists]
    return count(rows, len(known)), known


def count(lists: Sequence[Sequence[int]], n_columns: int) -> Any:
    """Count columns, lists x columns (float32 CSR)."""
    start = np.cumsum([0, *map(len, lists)], dtype=np.int64)
    columns = np.fromiter((column for row in lists for column in row), dtype=np.int32, count=int(start[-1]))
    once = np.ones(len(columns), dtype=np.float32)
    matrix = sparse.csr_matrix((once, columns, start), shape=(len(lists), n_columns))
    matrix.sum_duplicates()
    return matrix


def rarity(counts: Any) -> Floats:
    """Weight of each column: ``log((1 + n) / (1 + rows that have it)) + 1``."""
    uses = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.asarray(np.log((1 + counts.shape[0]) / (1 + uses)) + 1, dtype=np.float32)


def unit(counts: Any, weight: Floats) -> Any:
    """Rows of ``(1 + log count) x weight`` at length 1; an empty row stays empty."""
    vectors = counts.tocsr().copy()
    vectors.data = (1 + np.log(np.maximum(vectors.data, 1))).astype(np.float32) * weight[vectors.indices]
    row = np.repeat(np.arange(vectors.shape[0]), np.diff(vectors.indptr))
    length = np.sqrt(np.bincount(row, vectors.data.astype(np.float64) ** 2, vectors.shape[0])).astype(np.float32)
    vectors.data /= length[row]
    return vectors


def normed(vectors: Floats) -> Floats:
    """Rows at length 1; a row of zeros stays so."""
    length: Floats = np.linalg.norm(vectors, axis=1, keepdims=True)
    normal: Floats = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
    return normal
