"""A short text -> ranked concepts, with a score and a word on whether it is sure.

Evidence comes from the taxonomy's own labels in every language, and from names of imported crosswalks: an equal label;
a label with which the text begins; character n-grams (for compounds, typing errors and endings); stemmed words; and the
order of words on the best few.
Nothing is trained here and nothing is read: vectors are fitted from the labels when first used.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from scipy import sparse

from matching.codes import LANGUAGES_OF_SERVICE
from matching.fusion import Link, Sources, fuse
from matching.records import DataError, Problem
from matching.taxonomy import RELATIONS, ForeignName, Targets, Taxonomy, code_key
from matching.wording import forms, key, stems, tidy

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import CountVectorizer

MOST_BYTES: Final = 10_000
BLOCK: Final = 64
REORDERED: Final = 50
MOST_TARGETS: Final = 3

CHARACTERS: Final = 0.55
WORDS: Final = 0.45
ORDER: Final = 0.25
OTHER_LANGUAGE: Final = 0.97
FLOOR: Final = 0.1
EQUAL: Final = 0.96
MERELY_ALIKE: Final = 0.9
BEGINS: Final = 0.79
"""What a label is worth with which a text begins: just too little to be sure."""
TELLING: Final[dict[str, float]] = {"occupation": 0.4, "competence": 0.0}
"""How much a text must tell (see `ConceptLinker.telling`) to be sure: "employee" alone is nobody's own word."""
TELLING_START: Final = 0.6
"""How much the beginning of a text must tell to count."""
CLEARLY: Final = 0.005
SURE: Final[dict[str, tuple[float, float]]] = {"occupation": (0.8, 0.08), "competence": (0.86, 0.1)}
"""Score, and lead over the second, from which a link without an equal label is sure."""

TRUST: Final[dict[str, dict[str, float]]] = {
    "occupation": {"exact": 1.0, "close": 0.99, "narrow": 0.98, "broad": 0.98},
    "competence": {"exact": 1.0, "close": 0.75, "narrow": 0.75, "broad": 0.75},
}
"""What a name of another scheme is worth as a label, by its relation; mapped competences are often loose."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Label:
    text: str
    lang: str
    concept: int
    trust: float
    preferred: bool


@dataclass(frozen=True, slots=True)
class _Index:
    """Labels sorted by concept (`starts` has one entry more than concepts with labels), vectors, and equal labels.

    Vectors are features x labels.
    """

    labels: tuple[_Label, ...]
    starts: NDArray[np.int64]
    trust: Floats
    foreign_language: dict[str, Floats]
    characters: "CountVectorizer"
    character_weight: Floats
    character_vectors: Any
    stem_row: dict[str, int]
    stem_rarity: Floats
    stem_weight: Floats
    stem_vectors: Any
    equal: dict[str, tuple[int, ...]]


class ConceptLinker:
    """Ranks the concepts of one kind for a text; safe to share between threads.

    Parameters
    ----------
    taxonomy
        Whose labels, and names of other schemes, are the vocabulary.
    kind
        ``occupation`` or ``competence``.
    """

    def __init__(self, taxonomy: Taxonomy, kind: str) -> None:
        self.taxonomy = taxonomy
        self.kind = kind
        self._built: _Index | None = None
        self._lock = Lock()

    @property
    def _index(self) -> _Index:
        with self._lock:
            if self._built is None:
                self._built = _build(_labels(self.taxonomy, self.kind))
            return self._built

    def rank(self, text: str, lang: str | None = None, top: int = 10) -> list[Link]:
        """Rank concepts for one text, best first; empty when nothing resembles it.

        Parameters
        ----------
        text
            A title or the name of a competence, in any language or script.
        lang
            ISO 639-1 code when known; labels of other languages still count.
        top
            Links at most.

        Raises
        ------
        DataError
            ``too_long`` when the text has more than 10,000 bytes.
        """
        return self.rank_many([text], lang, top)[0]

    def rank_many(self, texts: Sequence[str], lang: str | None = None, top: int = 10) -> list[list[Link]]:
        """Rank concepts for many texts; the same as `rank` for each, and faster."""
        if any(len(text.encode("utf-8", "replace")) > MOST_BYTES for text in texts):
            raise DataError([Problem("too_long", "text", "text", accepted=f"{MOST_BYTES}")])
        answers: list[list[Link]] = []
        for at in range(0, len(texts), BLOCK):
            written = [forms(tidy(text)) for text in texts[at : at + BLOCK]]
            for query, scores in zip(written, self._similar(written, lang), strict=True):
                answers.append(self._links(query, scores, lang, top))
        return answers

    def telling(self, text: str, lang: str | None = None) -> float:
        """Say how much a text tells: 1 when its rarest word is of one concept only, 0 when no word is known or all have it.

        With ``n`` concepts, of which ``k`` have the word in a label, a word tells ``1 - log k / log n``.
        """
        return max((_telling(self._index, form, lang) for form in forms(tidy(text))), default=0.0)

    def _similar(self, written: Sequence[tuple[str, ...]], lang: str | None) -> list[Floats]:
        """Similarity of each text to every label, float32[n_labels]: the best over the forms of the text."""
        index = self._index
        flat = [form for query in written for form in query]
        characters = (_characters(index, flat) @ index.character_vectors).tocsr()
        spoken = (lang,) if lang in LANGUAGES_OF_SERVICE else LANGUAGES_OF_SERVICE
        words = [(_stems(index, flat, language) @ index.stem_vectors).tocsr() for language in spoken if language]
        weight = index.trust * index.foreign_language.get(lang or "", np.float32(1))
        answers, row = [], 0
        for query in written:
            best = np.zeros(len(index.labels), dtype=np.float32)
            for _ in query:
                alike = np.max([_dense(matrix, row) for matrix in words], axis=0)
                best = np.maximum(best, np.float32(CHARACTERS) * _dense(characters, row) + np.float32(WORDS) * alike)
                row += 1
            answers.append(best * weight)
        return answers

    def _links(self, query: tuple[str, ...], scores: Floats, lang: str | None, top: int) -> list[Link]:
        index = self._index
        if not len(scores):
            return []
        pooled = np.maximum.reduceat(scores, index.starts[:-1])
        equal = _equal(index, query, lang)
        few = np.argsort(-pooled, kind="stable")[: max(REORDERED, top)]
        ranked: dict[int, float] = {}
        for place in few[pooled[few] >= FLOOR].tolist():
            start, end = index.starts[place : place + 2]
            best = index.labels[start + int(np.argmax(scores[start:end]))]
            order = max(fuzz.token_sort_ratio(form, best.text) for form in query) / 100
            ranked[best.concept] = (1 - ORDER) * float(pooled[place]) + ORDER * order * best.trust
        # An equal label stands above everything that is only alike.
        ranked = {concept: min(score, MERELY_ALIKE) for concept, score in ranked.items()}
        for concept, score in (*_begins(index, query, lang).items(), *equal.items()):
            ranked[concept] = max(score, ranked.get(concept, 0.0))
        final = sorted(ranked.items(), key=lambda item: (-item[1], item[0]))
        floor, lead = SURE[self.kind]
        second = final[1][1] if len(final) > 1 else 0.0
        first = final[0][1] if final else 0.0
        sure = first - second >= CLEARLY if first >= EQUAL else first >= floor and first - second >= lead
        sure = sure and max(_telling(index, form, lang) for form in query) >= TELLING[self.kind]
        uris = self.taxonomy.concepts(self.kind)
        return [
            Link(uris[concept], self.taxonomy.label(uris[concept], lang or "fr"), round(score, 4), sure and place == 0)
            for place, (concept, score) in enumerate(final[:top])
        ]


def _labels(taxonomy: Taxonomy, kind: str) -> list[_Label]:
    """Every form of every label once per concept, sorted by concept."""
    index = taxonomy.index(kind)
    found: dict[tuple[int, str, str], _Label] = {}
    for lang in sorted(taxonomy.labels):
        for uri, row in index.items():
            for place, label in enumerate(taxonomy.labels[lang].get(uri, ())):
                for form in forms(label):
                    found.setdefault((row, form, lang), _Label(form, lang, row, 1.0, place == 0))
    for name in taxonomy.names[kind]:
        for uri, relation in name.targets if len(name.targets) <= MOST_TARGETS else ():
            trust = TRUST[kind].get(relation, 0.0)
            for form in forms(name.name) if trust else ():
                found.setdefault((index[uri], form, name.lang), _Label(form, name.lang, index[uri], trust, False))
    return sorted(found.values(), key=lambda label: label.concept)


def _build(labels: Sequence[_Label]) -> _Index:
    rows = np.array([label.concept for label in labels], dtype=np.int64)
    starts = np.flatnonzero(np.diff(rows, prepend=-1, append=-1))
    vocabulary = sorted({word for label in labels for word in label.text.split()}) or ["?"]
    place = {word: row for row, word in enumerate(vocabulary)}
    from sklearn.feature_extraction.text import CountVectorizer  # takes a second to import; most commands never link

    characters = CountVectorizer(analyzer="char_wb", ngram_range=(3, 4), lowercase=False, dtype=np.float32)
    # Such n-grams stay within words, so those of a label are the sum of those of its words.
    of_words = characters.fit_transform(vocabulary)
    counts = (_count([[place[word] for word in label.text.split()] for label in labels], len(place)) @ of_words).tocsr()
    character_weight, character_vectors = _weigh(counts)
    stemmed = [stems(label.text, label.lang) for label in labels]
    stem_row = {stem: row for row, stem in enumerate(sorted({stem for own in stemmed for stem in own}))}
    stem_counts = _count([[stem_row[stem] for stem in own] for own in stemmed], len(stem_row))
    stem_weight, stem_vectors = _weigh(stem_counts)
    pairs = np.unique(rows[_row_of(stem_counts)] * len(stem_row) + stem_counts.indices)
    concepts_of_stem = np.bincount(pairs % max(len(stem_row), 1), minlength=len(stem_row))
    rarity = 1 - np.log(np.maximum(concepts_of_stem, 1)) / np.log(max(len(starts) - 1, 2))
    equal: dict[str, list[int]] = {}
    for row, label in enumerate(labels):
        equal.setdefault(label.text, []).append(row)
    spoken = np.array([label.lang for label in labels])
    return _Index(
        labels=tuple(labels),
        starts=starts,
        trust=np.array([label.trust for label in labels], dtype=np.float32),
        foreign_language={lang: np.where(spoken == lang, 1, OTHER_LANGUAGE).astype(np.float32) for lang in LANGUAGES_OF_SERVICE},
        characters=characters,
        character_weight=character_weight,
        character_vectors=character_vectors,
        stem_row=stem_row,
        stem_rarity=rarity.astype(np.float32),
        stem_weight=stem_weight,
        stem_vectors=stem_vectors,
        equal={text: tuple(places) for text, places in equal.items()},
    )


def _count(lists: Sequence[Sequence[int]], n_columns: int) -> Any:
    start = np.cumsum([0, *map(len, lists)], dtype=np.int64)
    columns = np.fromiter((column for row in lists for column in row), dtype=np.int64, count=int(start[-1]))
    ones = np.ones(len(columns), dtype=np.float32)
    counted = sparse.csr_matrix((ones, columns, start), shape=(len(lists), n_columns))
    counted.sum_duplicates()
    return counted


def _weigh(counts: Any) -> tuple[Floats, Any]:
    """Weights per feature (smoothed inverse frequency), and unit vectors as features x labels."""
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    weight = (np.log((1 + counts.shape[0]) / (1 + frequency)) + 1).astype(np.float32)
    return weight, _unit(counts, weight).T.tocsr()


def _unit(counts: Any, weight: Floats) -> Any:
    vectors = counts.copy()
    vectors.data = (1 + np.log(vectors.data)) * weight[vectors.indices]
    length = np.sqrt(np.bincount(_row_of(vectors), vectors.data.astype(np.float64) ** 2, vectors.shape[0]))
    vectors.data /= length.astype(np.float32)[_row_of(vectors)]
    return vectors


def _row_of(matrix: Any) -> NDArray[np.int64]:
    return np.repeat(np.arange(matrix.shape[0], dtype=np.int64), np.diff(matrix.indptr))


def _characters(index: _Index, texts: Sequence[str]) -> Any:
    return _unit(index.characters.transform(texts), index.character_weight)


def _stems(index: _Index, texts: Sequence[str], lang: str) -> Any:
    known = [[index.stem_row[stem] for stem in stems(text, lang) if stem in index.stem_row] for text in texts]
    # A word that no label has makes the text less like every label: it counts in the length of the vector.
    vectors = _count(known, len(index.stem_row))
    unit = _unit(vectors, index.stem_weight)
    heard = [(len(own) / max(1, len(text.split()))) ** 0.5 for own, text in zip(known, texts, strict=True)]
    return sparse.diags(np.array(heard, dtype=np.float32)) @ unit


def _dense(matrix: Any, row: int) -> Floats:
    values = np.zeros(matrix.shape[1], dtype=np.float32)
    span = slice(matrix.indptr[row], matrix.indptr[row + 1])
    values[matrix.indices[span]] = matrix.data[span]
    return values


def _equal(index: _Index, query: tuple[str, ...], lang: str | None) -> dict[int, float]:
    """Concepts with an equal label -> score: preferred before alternative, the given language before others."""
    scores: dict[int, float] = {}
    for row in (row for form in query for row in index.equal.get(form, ())):
        label = index.labels[row]
        score = (1.0 if label.preferred else 0.99) * label.trust
        score -= 0.0 if lang in (None, label.lang) else 0.01
        scores[label.concept] = max(scores.get(label.concept, 0.0), score)
    return scores


def _begins(index: _Index, query: tuple[str, ...], lang: str | None) -> dict[int, float]:
    """Concepts with a label that is the longest known beginning of the text: a title says first what, then where and how."""
    scores: dict[int, float] = {}
    for words in (form.split() for form in query):
        starts = (" ".join(words[:length]) for length in range(len(words) - 1, 0, -1))
        known = next((start for start in starts if start in index.equal), None)
        if known is not None and _telling(index, known, lang) >= TELLING_START:
            for concept, score in _equal(index, (known,), lang).items():
                scores[concept] = max(scores.get(concept, 0.0), BEGINS * score)
    return scores


def _telling(index: _Index, form: str, lang: str | None) -> float:
    words = " ".join(word for word in form.split() if len(word) > 2)
    spoken = (lang,) if lang in LANGUAGES_OF_SERVICE else LANGUAGES_OF_SERVICE
    known = {index.stem_row.get(stem, -1) for language in spoken if language for stem in stems(words, language)} - {-1}
    return max((float(index.stem_rarity[row]) for row in known), default=0.0)


class Codes:
    """Turns the codes and texts of records into concepts; remembers the texts it has seen.

    A code that stands for several concepts names none of them: the name given beside it decides.
    """

    MOST_REMEMBERED: Final = 10_000
    LEAST_SCORE: Final = 0.45
    CANDIDATES: Final = 12

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        self.linkers: dict[str, ConceptLinker] = {kind: ConceptLinker(taxonomy, kind) for kind in ("occupation", "competence")}
        self._seen: dict[tuple[str, str, str | None], tuple[Link, ...]] = {}

    def code(self, kind: str, value: str) -> str | None:
        """Find the one concept of a URI or code; ``None`` when it is unknown or stands for several."""
        targets = self.taxonomy.resolve(kind, value)
        exact = [uri for uri, relation in targets if relation == "exact"]
        if len(exact) == 1 or len(targets) == 1:
            return (exact or [targets[0][0]])[0]
        name = None if targets else self._names_by_code[kind].get(code_key(*value.partition(":")[::2]))
        found = self.text(kind, name.name, name.lang) if name else None
        return found[0] if found and found[1] else None

    def text(self, kind: str, text: str, lang: str | None = None) -> tuple[str, bool] | None:
        """Find the best concept for a text, and whether it is sure; ``None`` when nothing resembles it enough."""
        links = self._ranked(kind, text, lang)
        return (links[0].concept, links[0].sure) if links else None

    def occupation(
        self, code: str | None, name: str | None, title: str, lang: str | None = None, asked: Collection[str] = ()
    ) -> tuple[str, bool | None] | None:
        """Find the occupation of an offer from all that names it, and whether it is sure (see `matching.fusion`).

        A code that names one occupation exactly decides alone: sure is then ``None``.

        Parameters
        ----------
        code, name
            What the offer states as its occupation, where it does.
        title
            Title of the offer.
        lang
            Language of the title; a name may be in that of its scheme.
        asked
            URIs of the competences asked.
        """
        listed = self.taxonomy.resolve("occupation", code) if code else ()
        exact = [uri for uri, relation in listed if relation == "exact"]
        if len(exact) == 1:
            return exact[0], None
        index = self.taxonomy.competence_index
        return fuse(
            Sources(
                named=self._ranked("occupation", name, None) if name else (),
                mapped=self._mapped.get(key(name), ()) if name else (),
                titled=self._ranked("occupation", title, lang),
                telling=self.linkers["occupation"].telling(title, lang),
                listed=listed,
                asked=[index[uri] for uri in asked if uri in index],
            ),
            self.taxonomy,
        )

    def _ranked(self, kind: str, text: str, lang: str | None) -> tuple[Link, ...]:
        """Rank the concepts that resemble a text enough."""
        asked = (kind, text, lang)
        seen = self._seen  # another thread may start anew; this one keeps what it looked into
        if asked not in seen:
            ranked = self.linkers[kind].rank(text, lang, top=self.CANDIDATES)
            seen[asked] = tuple(link for link in ranked if link.score >= self.LEAST_SCORE)
            if len(seen) >= self.MOST_REMEMBERED:
                self._seen = {}
        return seen[asked]

    @cached_property
    def _names_by_code(self) -> dict[str, dict[str, ForeignName]]:
        """First name of every code of another scheme, by kind."""
        return {
            kind: {code_key(name.scheme, name.code): name for name in reversed(names)}
            for kind, names in self.taxonomy.names.items()
        }

    @cached_property
    def _mapped(self) -> dict[str, Targets]:
        """Targets of the names of occupations in other schemes, by the whole name; the best relation first."""
        found: dict[str, dict[str, str]] = {}
        for name in self.taxonomy.names["occupation"]:
            for uri, relation in name.targets:
                known = found.setdefault(key(name.name), {})
                known[uri] = min(known.get(uri, relation), relation, key=RELATIONS.index)
        return {name: tuple(sorted(of.items(), key=lambda t: (RELATIONS.index(t[1]), t[0]))) for name, of in found.items()}
