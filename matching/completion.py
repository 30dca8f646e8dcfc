"""Suggest as you type: the first letters of a label, in any language -> the concepts that may be meant.

Every word of a text is looked up as the beginning of a word anywhere in a label, without accents and case. When that finds
too little, its rarest words are compared with the beginnings of all known words, so that a typing error does no harm.

A label is worth more the more of it was written (`EQUAL`, `BEGINS`, `HAS`), less when it is an alternative or of another
language than asked; a concept is worth what its best label is.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from matching.codes import LANGUAGES_OF_SERVICE
from matching.linking.wording import forms, key
from matching.taxonomy import Taxonomy

ConceptKind = Literal["occupation", "competence"]

KINDS: Final[tuple[ConceptKind, ...]] = ("occupation", "competence")
MOST_WRITTEN: Final = 200
"""Characters of a text that may be completed."""
MOST_WORDS: Final = 10
SHORT: Final = 3
"""Letters up to which a word, unless it is the last, may be absent from a label ("de", "les", "van")."""

EQUAL: Final = 1.0
BEGINS: Final = 0.85
HAS: Final = 0.8
"""Worth of a label that is the text, that begins with it, and that has its words anywhere."""
ALTERNATIVE: Final = 0.15
OTHER_LANGUAGE: Final = 0.08
WRITTEN: Final = 0.02
"""How much the share of a label that is not yet written takes away."""

TOO_FEW: Final = 3
"""Concepts below which typing errors are looked for."""
MOST_CORRECTED: Final = 2
ERRORS: Final = ((8, 2), (4, 1))
"""From how many letters on a word may have how many errors: letters missing, too many, wrong or swapped."""
LONGEST: Final = 16
"""Letters of a word in which errors are looked for; what follows is passed over."""
MOST_MEANT: Final = 40
MISTYPED: Final = 0.7
"""Worth of a word with typing errors, before each takes its share of the word."""

AFTER_ALL: Final = "\U0010ffff"


class Completed(NamedTuple):
    """A concept that may be meant: the label that was found, its language, and how well it fits (0-1)."""

    concept: str
    kind: ConceptKind
    matched: str
    language: str
    score: float


class _Label(NamedTuple):
    """One form of a label; labels stand in the order of their forms."""

    form: str
    language: str
    concept: str
    kind: ConceptKind
    label: str
    preferred: bool


@dataclass(frozen=True, slots=True)
class Completion:
    """Labels by the words in them: built once for a taxonomy (`build`), safe to share between threads.

    ``rows[starts[k]:starts[k + 1]]`` are the labels that have ``words[k]``; words and labels are sorted. ``letters`` and
    ``worth`` are those of each label (float32), ``kinds`` and ``languages`` say of which it is. ``beginnings`` lists those
    of the words by their number of letters, at most `LONGEST`.
    """

    labels: tuple[_Label, ...]
    words: tuple[str, ...]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    letters: NDArray[np.float32]
    worth: NDArray[np.float32]
    kinds: Mapping[str, NDArray[np.bool_]]
    languages: Mapping[str, NDArray[np.bool_]]
    beginnings: Mapping[int, tuple[str, ...]]


def build(taxonomy: Taxonomy) -> Completion:
    """List the labels of a taxonomy, in every language that it has, by their words."""
    found = {
        _Label(form, lang, uri, kind, label, place == 0)
        for lang, labels in taxonomy.labels.items()
        for kind in KINDS
        for uri in taxonomy.concepts(kind)
        for place, label in enumerate(labels.get(uri, ()))
        for form in forms(label)
    }
    labels = tuple(sorted(found))
    split = [dict.fromkeys(label.form.split()) for label in labels]
    words = tuple(sorted({word for own in split for word in own}))
    place_of = {word: place for place, word in enumerate(words)}
    places = np.array([place_of[word] for own in split for word in own], dtype=np.int64)
    owners = np.repeat(np.arange(len(labels), dtype=np.int32), [len(own) for own in split])
    starts = np.concatenate([[0], np.cumsum(np.bincount(places, minlength=len(words)))]).astype(np.int64)
    return Completion(
        labels=labels,
        words=words,
        starts=starts,
        rows=owners[np.argsort(places, kind="stable")],
        letters=np.array([max(len(label.form), 1) for label in labels], dtype=np.float32),
        worth=np.array([HAS - (0 if label.preferred else ALTERNATIVE) for label in labels], dtype=np.float32),
        kinds={kind: np.array([label.kind == kind for label in labels], dtype=np.bool_) for kind in KINDS},
        languages={
            lang: np.array([label.language == lang for label in labels], dtype=np.bool_)
            for lang in {*taxonomy.labels, *LANGUAGES_OF_SERVICE}
        },
        beginnings={
            length: tuple(dict.fromkeys(word[:length] for word in words if len(word) >= length))
            for length in range(ERRORS[-1][0] - 1, LONGEST + 1)
        },
    )


def complete(index: Completion, text: str, lang: str, kind: str | None = None, top: int = 10) -> list[Completed]:
    """Find the concepts that a text may become, best first; none when no label has such words.

    Parameters
    ----------
    index
        The labels.
    text
        What was written so far; after `MOST_WRITTEN` characters it is not read.
    lang
        Language whose labels go first, one of fr, nl, en.
    kind
        ``occupation`` or ``competence``; ``None``: both.
    top
        Concepts at most.
    """
    written = key(text[:MOST_WRITTEN])
    words = list(dict.fromkeys(written.split()))[:MOST_WORDS]
    if not words:
        return []
    heard = [_heard(index, word) for word in words]
    answers = _ranked(index, _together(index, heard, words, kind), written, lang, top)
    if len(answers) < min(TOO_FEW, top):
        _correct(index, heard, words)
        answers = _ranked(index, _together(index, heard, words, kind), written, lang, top)
    return answers


def _rows(index: Completion, beginning: str) -> NDArray[np.int32]:
    """Labels with a word that begins so; one may come twice."""
    first, last = bisect_left(index.words, beginning), bisect_left(index.words, beginning + AFTER_ALL)
    return index.rows[index.starts[first] : index.starts[last]]


def _heard(index: Completion, word: str) -> NDArray[np.float32]:
    """How well each label has a word: 1 where one of its words begins so, else 0."""
    heard = np.zeros(len(index.labels), dtype=np.float32)
    heard[_rows(index, word)] = 1
    return heard


def _correct(index: Completion, heard: Sequence[NDArray[np.float32]], words: Sequence[str]) -> None:
    """Let labels have words with typing errors: those words that the fewest labels have as they are written."""
    long = [at for at, word in enumerate(words) if len(word) >= ERRORS[-1][0]]
    for at in sorted(long, key=lambda at: (np.count_nonzero(heard[at]), -len(words[at])))[:MOST_CORRECTED]:
        for meant, worth in _meant(index, words[at]):
            rows = _rows(index, meant)
            heard[at][rows] = np.maximum(heard[at][rows], np.float32(worth))


def _meant(index: Completion, word: str) -> list[tuple[str, float]]:
    """Beginnings of known words that a word with errors may mean, and what each is worth.

    Most people get the first letter right: those with another one are looked at when none with this one is alike.
    """
    word, most = word[: LONGEST - 1], next(errors for letters, errors in ERRORS if len(word) >= letters)
    for first in (word[0], ""):
        found: list[tuple[str, float]] = []
        for length in (len(word) - 1, len(word), len(word) + 1):
            known = index.beginnings[length]
            some = known[bisect_left(known, first) : bisect_left(known, first + AFTER_ALL)]
            alike = process.extract(word, some, scorer=OSA.distance, score_cutoff=most, limit=MOST_MEANT)
            found += [(meant, MISTYPED * (1 - errors / len(word))) for meant, errors, _ in alike]
        if found:
            break
    return found


def _together(
    index: Completion, heard: Sequence[NDArray[np.float32]], words: Sequence[str], kind: str | None
) -> NDArray[np.float32]:
    """How well each label has all the words: the mean, and 0 where one that matters is absent."""
    total: NDArray[np.float32] = np.add.reduce(heard) / np.float32(len(heard))
    for at, word in enumerate(words):
        if len(word) > SHORT or at == len(words) - 1:
            total[heard[at] == 0] = 0
    if kind is not None:
        total[~index.kinds[kind]] = 0
    return total


def _ranked(index: Completion, total: NDArray[np.float32], written: str, lang: str, top: int) -> list[Completed]:
    """Give the best concepts, each with its best label; equal ones in the order of their labels."""
    rows = np.flatnonzero(total)
    share = np.minimum(len(written) / index.letters[rows], 1)
    worth = index.worth[rows] * total[rows] - WRITTEN * (1 - share) - OTHER_LANGUAGE * ~index.languages[lang][rows]
    for end, more in ((written + AFTER_ALL, BEGINS - HAS), (written + "\0", EQUAL - BEGINS)):
        first, last = (bisect_left(index.labels, (end,)) for end in (written, end))
        worth[(rows >= first) & (rows < last)] += more
    answers: dict[str, Completed] = {}
    most = 8 * top
    while len(answers) < top and len(answers) < len(rows):
        few = np.flatnonzero(worth >= np.partition(worth, -most)[-most]) if most < len(rows) else np.arange(len(rows))
        for at in few[np.argsort(-worth[few], kind="stable")].tolist():
            label = index.labels[rows[at]]
            score = round(float(min(max(worth[at], 0), 1)), 4)
            answers.setdefault(label.concept, Completed(label.concept, label.kind, label.label, label.language, score))
            if len(answers) == top:
                break
        if len(few) == len(rows):
            break
        most *= 8
    return list(answers.values())
