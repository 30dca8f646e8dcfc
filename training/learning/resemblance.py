"""A baseline that reads texts alone: how alike the words of a file and of a vacancy are."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from matching.codes import LANGUAGES_OF_SERVICE
from matching.records import Offer, Profile
from matching.taxonomy import Taxonomy
from training.history import Floats, Rows

BLOCK: Final = 50_000
LETTERS: Final = (3, 5)
FEATURES: Final = 100_000


def words_of(record: Profile | Offer, taxonomy: Taxonomy) -> str:
    """Write a record as words: title and text of an offer; of a profile, professions and competences in every language."""
    if isinstance(record, Offer):
        return f"{record.title} {record.text or ''}"
    named = (*(record.professions_sought or ()), *(record.professions_done or ()), *(record.competences or ()))
    said = [
        taxonomy.label(mention.concept, lang) if mention.concept is not None else mention.text or ""
        for mention in named
        for lang in LANGUAGES_OF_SERVICE[: None if mention.concept is not None else 1]
    ]
    return " ".join(said)


def resemblance(person_texts: Sequence[str], offer_texts: Sequence[str], person: Rows, offer: Rows) -> Floats:
    """Cosine of TF-IDF over letters (3 to 5 in a row within words), (n,), for pairs of rows; NaN where a text is empty."""
    said = [text for text in (*person_texts, *offer_texts) if text.strip()]
    if not said:
        return np.full(len(person), np.nan)
    reader = TfidfVectorizer(analyzer="char_wb", ngram_range=LETTERS, max_features=FEATURES, sublinear_tf=True, dtype=np.float32)
    reader.fit(said)
    people, offers = reader.transform(person_texts), reader.transform(offer_texts)
    found = np.empty(len(person))
    for at in range(0, len(person), BLOCK):
        block = slice(at, at + BLOCK)
        found[block] = people[person[block]].multiply(offers[offer[block]]).sum(axis=1).ravel()
    empty = np.array([not text.strip() for text in person_texts])[person] | np.array([not t.strip() for t in offer_texts])[offer]
    return np.where(empty, np.nan, found)
