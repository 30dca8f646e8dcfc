"""A short text -> ranked concepts, with the chance that each is right and a word on whether the first is sure.

Evidence of every kind is computed for all concepts (`matching.linking.evidence`), the best hundred are looked at word by word
(`matching.linking.alignment`), and a learned judge orders them (`matching.linking.ranker`).
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext
from functools import cached_property
from threading import Lock
from typing import Final

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from matching.codes import LANGUAGES_OF_SERVICE
from matching.linking.alignment import LabelsOf, align
from matching.linking.evidence import Spelled, evidence, gathered, spell
from matching.linking.fusion import Link, Sources, fuse
from matching.linking.index import Index, build
from matching.linking.ranker import FINALISTS, Ranker, features_of
from matching.linking.wording import forms, key, stems, tidy
from matching.records import DataError, Problem
from matching.taxonomy import RELATIONS, ForeignName, Targets, Taxonomy, code_key

MOST_BYTES: Final = 10_000
LONGEST: Final = 400
"""Characters of a text that are compared; a name has fewer."""
BLOCK: Final = 64
Load = Callable[[Taxonomy, str], Index]
MOST_FORMS: Final = 8
GIVEN: Final = 0.25
"""By how much more a label must be written alike before a text is read in another language than was given."""


class ConceptLinker:
    """Ranks the concepts of one kind for a text; safe to share between threads.

    Parameters
    ----------
    taxonomy
        Whose labels, descriptions and relations, and names of other schemes, are the evidence.
    kind
        ``occupation`` or ``competence``.
    ranker
        What evidence is worth.
    load
        Gives the taxonomy as arrays when it is first needed: builds them, or reads what was built before.
    """

    def __init__(self, taxonomy: Taxonomy, kind: str, ranker: Ranker, load: Load = build) -> None:
        self.taxonomy = taxonomy
        self.kind = kind
        self.ranker = ranker
        self._load = load
        self._index: Index | None = None
        self._lock = Lock()

    @property
    def index(self) -> Index:
        """The taxonomy as arrays."""
        with self._lock:
            if self._index is None:
                self._index = self._load(self.taxonomy, self.kind)
            return self._index

    @cached_property
    def _equal(self) -> dict[str, list[int]]:
        """Rows of the labels with a text."""
        rows: dict[str, list[int]] = {}
        for row, text in enumerate(self.index.labels.texts):
            rows.setdefault(text, []).append(row)
        return rows

    @cached_property
    def _labels_of(self) -> tuple[LabelsOf, ...]:
        return tuple(LabelsOf(self.index, place, len(self.index.group)) for place in range(len(LANGUAGES_OF_SERVICE)))

    def rank(self, text: str, lang: str | None = None, top: int = 10) -> list[Link]:
        """Rank concepts for one text, best first; empty when nothing resembles it.

        Parameters
        ----------
        text
            A title or the name of a competence, in any language or script.
        lang
            ``fr``, ``nl`` or ``en`` when known; a text that is plainly of another one is read in that.
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
        answers: list[list[Link]] = [[] for _ in texts]
        starts = range(0, len(texts), BLOCK)
        threads = Parallel(n_jobs=-1 if len(starts) > 1 else 1, require="sharedmem")
        # Each thread multiplies for itself: threads of threads would wait for each other.
        with threadpool_limits(1) if len(starts) > 1 else nullcontext():
            found = threads(delayed(self._block)(texts[at : at + BLOCK], lang, top) for at in starts)
        for at, block in zip(starts, found, strict=True):
            for place, links in block:
                answers[at + place] = links
        return answers

    def _block(self, texts: Sequence[str], lang: str | None, top: int) -> list[tuple[int, list[Link]]]:
        written = [forms(tidy(text))[:MOST_FORMS] for text in texts]
        places = [place for place, own in enumerate(written) if own]
        if not places or not self.index.labels.texts:
            return []
        spelled = spell(self.index, [[form[:LONGEST] for form in written[place]] for place in places])
        languages = self.languages(spelled, lang)
        alike = gathered(spelled.best.max(axis=(0, 2)), spelled.starts[:-1]) > 0
        found: list[tuple[int, list[Link]]] = []
        for language in sorted(set(languages)):
            mine = [at for at, spoken in enumerate(languages) if spoken == language and alike[at]]
            if not mine:
                continue
            found += zip([places[at] for at in mine], self._ranked(spelled.only(mine), language, top), strict=True)
        return found

    def languages(self, spelled: Spelled, lang: str | None) -> list[int]:
        """Language of each text: as given, unless a label of another one is written much more alike; not given: the best."""
        alike = gathered(spelled.best.max(axis=2).T, spelled.starts[:-1])
        if lang in LANGUAGES_OF_SERVICE:
            alike[:, LANGUAGES_OF_SERVICE.index(lang)] += GIVEN
        return [int(place) for place in alike.argmax(axis=1)]

    def _ranked(self, spelled: Spelled, language: int, top: int) -> list[list[Link]]:
        chosen, features = self.finalists(spelled.written, evidence(self.index, spelled, language), language)
        judged = self.ranker.judge(features)
        chances = self.ranker.chances(judged, features)
        uris, lang, sure = self.taxonomy.concepts(self.kind), LANGUAGES_OF_SERVICE[language], self.ranker.sure[self.kind]
        answers = []
        for few, worth, chance in zip(chosen, judged, chances, strict=True):
            order = np.lexsort((few, -worth))[:top]
            scores = np.round(np.minimum.accumulate(chance[order]), 4).tolist()
            found = [uris[row] for row in few[order]]
            answers.append(
                [
                    Link(uri, self.taxonomy.label(uri, lang), score, at == 0 and score >= sure)
                    for at, (uri, score) in enumerate(zip(found, scores, strict=True))
                ]
            )
        return answers

    def finalists(
        self, written: Sequence[Sequence[str]], found: NDArray[np.float32], language: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Choose the finalists of texts in one language and lay out what the judge looks at; training does the same.

        Parameters
        ----------
        written
            Forms of each text.
        found
            Evidence of all concepts, float32[n_evidence, n_texts, n_concepts].
        language
            Position in `LANGUAGES_OF_SERVICE`.

        Returns
        -------
        finalists, features
            int64[n_texts, n_finalists] in row order of concepts, float32[n_texts, n_finalists, n_features].
        """
        fused = np.tensordot(self.ranker.weights, found, axes=1)
        few = min(FINALISTS, fused.shape[1])
        chosen = np.sort(np.argpartition(-fused, few - 1, axis=1)[:, :few], axis=1)
        lang = LANGUAGES_OF_SERVICE[language]
        aligned = [
            align(
                self.index,
                self._labels_of[language],
                np.array([row for form in own for row in self._equal.get(form, ())], dtype=np.int64),
                [stems(form, lang) for form in own],
                concepts,
            )
            for own, concepts in zip(written, chosen, strict=True)
        ]
        pick = np.arange(len(written))[:, None]
        of_them = np.moveaxis(found[:, pick, chosen], 0, 2)
        return chosen, features_of(of_them, fused[pick, chosen], np.stack(aligned), self.index.meaning[chosen])


class Codes:
    """Turns the codes and texts of records into concepts; remembers the texts it has seen.

    A code that stands for several concepts names none of them: the name given beside it decides.
    """

    MOST_REMEMBERED: Final = 10_000
    LEAST_CHANCE: Final = {"occupation": 0.15, "competence": 0.15}
    """A link that is less likely to be right than this says nothing. Of competences at that chance half are right or related."""
    CANDIDATES: Final = 12

    def __init__(self, taxonomy: Taxonomy, ranker: Ranker, load: Load = build) -> None:
        self.taxonomy = taxonomy
        self.linkers: dict[str, ConceptLinker] = {
            kind: ConceptLinker(taxonomy, kind, ranker, load) for kind in ("occupation", "competence")
        }
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
        """Find the occupation of an offer from all that names it, and whether it is sure (see `matching.linking.fusion`).

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
                listed=listed,
                asked=[index[uri] for uri in asked if uri in index],
            ),
            self.taxonomy,
        )

    def _ranked(self, kind: str, text: str, lang: str | None) -> tuple[Link, ...]:
        """Rank the concepts that a text may well mean; remembered."""
        asked = (kind, text, lang)
        seen = self._seen  # another thread may start anew; this one keeps what it looked into
        if asked not in seen:
            ranked = self.linkers[kind].rank(text, lang, top=self.CANDIDATES)
            seen[asked] = tuple(link for link in ranked if link.score >= self.LEAST_CHANCE[kind])
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
