"""Words as people write them -> the forms that `matching.linking` compares.

Titles double their gender forms in a dozen ways (``technicien/technicienne``, ``assistant(e)``, ``(h/f/x)``) and carry
what is not the profession: places, hours, contracts, dates. Everything here is about spelling, not about meaning.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from threading import local
from typing import Final, Self

import snowballstemmer

LONGEST_TITLE: Final = 300
"""Characters of a text that may still be a title with a place at its end."""

FUNCTION_WORDS: Final = frozenset(
    "de du des la le les l d et en un une a au aux pour par sur dans ou que qui ne se van het een op voor met te door der of "
    "the and for to in with on an or".split()
)
"""Words that name nothing; without accents."""
LINKS: Final = ("", "s", "en", "e", "er")
"""What stands between the parts of a Dutch compound."""
SHORTEST_COMPOUND: Final = 8
LONGEST_WORD: Final = 60
HEAD_USES: Final = 2
"""A word that is the head of compounds is used at least so often."""

STEMMERS: Final = {"fr": "french", "nl": "dutch_porter", "en": "english"}

_SAME: Final = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u00b4`", "'"),
        **dict.fromkeys("\u2010\u2011\u2013\u2014\u2212", "-"),
        "œ": "oe",
        "Œ": "oe",
        "æ": "ae",
        "ß": "ss",
    }
)
_GENDER_MARK: Final = re.compile(
    r"[(\[]?(?<!\w)(?:[hfmvwxd]\s*[/.|-]\s*){1,3}[hfmvwxd](?!\w)[)\]]?"
    r"|[(\[](?:h|f|m|v|x|homme/femme|man/vrouw|male/female)[)\]]",
    re.IGNORECASE,
)
_NOISE: Final = re.compile(
    r"\b(?:en )?(?:cdi|cdd|interim|intérim|alternance|stage|full[- ]?time|part[- ]?time|voltijds?e?|deeltijds?e?"
    r"|halftijds|temps[- ](?:plein|partiel)|mi-temps|urgent|dringend|onbepaalde duur|bepaalde duur|flexi-?job"
    r"|\d{1,2}\s*[hu](?:\d\d)?(?:/(?:sem|semaine|week|w))?|\d{1,3}\s*%|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}/\d{1,2}"
    r"|20[2-4]\d|ref\.?\s*\S+|réf\.?\s*\S+)(?!\w)",
    re.IGNORECASE,
)
_PLACE: Final = re.compile(
    r"(?:\s+(?:à|sur|te|in|at)|\s+-)\s+(?:(?:la|le|les|de|den|het|saint|st|sint)[\s-])?[A-ZÉÈÀÂ][\w'.]+"
    r"(?:[\s-]+(?:(?:et|en|ses|sur|de|du|d'|la|le|les|alentours|environs)|[A-ZÉÈÀÂ0-9][\w'.]*))*$"
)
_FEMININE_ENDING: Final = re.compile(
    r"(?<=\w)\s?\((?:e|ne|le|te|se|fe|ve|he|ère|iere|ière|trice|euse|rice|ive|tive|ienne|enne|nne|lle|s|es|ster|in)\)",
    re.IGNORECASE,
)
_INCLUSIVE_DOT: Final = re.compile(r"(?<=\w)[·•.](?:e|ne|le|rice|trice|euse|ère|ve|te|se)(?:[·•.]?s)?\b", re.IGNORECASE)
_EMPTY: Final = re.compile(r"\(\s*\)|\[\s*\]")
_BRACKETS: Final = re.compile(r"[(\[][^)\]]*[)\]]")
_NOT_WORD: Final = re.compile(r"[^\w+#]+")
_SIGNS: Final = frozenset("/()[].·•")
_PAIRS: Final = frozenset({("femme", "homme"), ("homme", "femme"), ("man", "vrouw"), ("hote", "hotesse")})


def without_accents(text: str) -> str:
    """Strip accents and other marks from letters.

    >>> without_accents("opérateur coördinator")
    'operateur coordinator'
    """
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def key(text: str) -> str:
    """Write a text in the one form by which equal labels are found: lower case, no accents, words and spaces only.

    >>> key("  Chef d'équipe - C++ ")
    'chef d equipe c++'
    """
    return _key(unicodedata.normalize("NFKC", text).translate(_SAME))


def _key(plain: str) -> str:
    return " ".join(_NOT_WORD.sub(" ", without_accents(plain.casefold())).split())


def tidy(text: str) -> str:
    """Remove gender marks, contracts, hours, dates and a closing place from a title; never everything.

    >>> tidy("AGENT DE NETTOYAGE 25H (H/F) - CDI"), tidy("Kok (m/v/x) in Brussel")
    ('AGENT DE NETTOYAGE', 'Kok')
    """
    plain = unicodedata.normalize("NFKC", text).translate(_SAME)
    kept = " ".join(plain.split())
    for pattern in (_GENDER_MARK, _NOISE, _PLACE) if len(kept) <= LONGEST_TITLE else ():
        shorter = " ".join(_EMPTY.sub(" ", pattern.sub(" ", kept)).split()).strip(" -,;:|/")
        kept = shorter or kept
    return kept


def forms(text: str) -> tuple[str, ...]:
    """List the forms of a text as keys: doubled gender forms apart, without and with what stands in brackets.

    >>> forms("Serveur / Serveuse de restaurant")
    ('serveur de restaurant', 'serveuse de restaurant')
    >>> forms("assistant(e) administratif(ve)")
    ('assistant administratif',)
    """
    plain = unicodedata.normalize("NFKC", text).translate(_SAME)
    if _SIGNS.isdisjoint(plain):  # most labels
        written = _key(plain)
        return (written,) if written else ()
    plain = _INCLUSIVE_DOT.sub("", _FEMININE_ENDING.sub("", plain))
    found: dict[str, None] = {}
    for candidate in dict.fromkeys((plain, _BRACKETS.sub(" ", plain))):
        for part in _halves(candidate):
            written = _key(part)
            if written:
                found[written] = None
    return tuple(found)


def _halves(text: str) -> list[str]:
    """Both halves of a doubled form, each with the words that the two share at the end; else the text itself."""
    if text.count("/") != 1:
        return [text]
    left, right = (side.split() for side in text.split("/"))
    if not left or not right:
        return [text]
    first, second = key(left[0]), key(right[0])
    if first[:3] != second[:3] and (first, second) not in _PAIRS:
        return [text]
    shared = right[len(left) :]
    before = left[: len(left) - len(right)] if len(left) > len(right) else []
    return [" ".join([*left, *shared]), " ".join([*before, *right])]


def stems(text: str, lang: str) -> tuple[str, ...]:
    """Stem the words of a key in one language; another language keeps its words whole.

    >>> stems("nettoyeurs de vitres", "fr")
    ('nettoyeur', 'de', 'vitr')
    """
    return tuple(_stem(word, lang) for word in text.split())


@lru_cache(maxsize=200_000)
def _stem(word: str, lang: str) -> str:
    if lang not in STEMMERS:
        return word
    stemmed: str = _stemmer(lang).stemWord(word)
    return stemmed


_OF_THREAD: Final = local()
"""Stemmers hold what they are working on: each thread has its own."""


def _stemmer(lang: str) -> "snowballstemmer.stemmer":
    own = vars(_OF_THREAD)
    if lang not in own:
        own[lang] = snowballstemmer.stemmer(STEMMERS[lang])
    return own[lang]


@dataclass(frozen=True, slots=True)
class Compounds:
    """Splits Dutch compounds into words that a vocabulary knows.

    Parameters
    ----------
    uses
        How often each word of the vocabulary is used.
    """

    uses: Mapping[str, int]
    _seen: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    MOST_REMEMBERED = 100_000

    @classmethod
    def of(cls, words: Iterable[str]) -> Self:
        """Learn the vocabulary from words."""
        return cls(Counter(words))

    def split(self, word: str) -> tuple[str, ...]:
        """Split a word in two, the commoner and longer the parts the better; empty when it is no compound.

        >>> Compounds.of(["keuken", "medewerker", "medewerker"]).split("keukenmedewerker")
        ('keuken', 'medewerker')
        """
        if len(word) < SHORTEST_COMPOUND or len(word) > LONGEST_WORD:
            return ()
        found = self._seen.get(word)  # another thread may forget it meanwhile
        if found is None:
            if len(self._seen) >= self.MOST_REMEMBERED:
                self._seen.clear()
            found = self._seen[word] = self._best(word)
        return found

    def _best(self, word: str) -> tuple[str, ...]:
        best: tuple[float, tuple[str, ...]] = (0.0, ())
        for at in range(4, len(word) - 3):
            head = word[at:]
            if self.uses.get(head, 0) < HEAD_USES:
                continue
            for link in LINKS:
                part = word[:at].removesuffix(link) if link else word[:at]
                if (link == "" or len(part) < at) and len(part) >= 3 and part in self.uses:
                    worth = math.log(self.uses[part] + 1) + math.log(self.uses[head] + 1) + len(head) / 2
                    best = max(best, (worth, (part, head)))
        return best[1]


def terms(text: str, lang: str, compounds: Compounds | None) -> list[str]:
    """List what a key is made of: stems, and those of the parts of Dutch compounds; function words say nothing.

    Parameters
    ----------
    text
        A key (see `key`).
    lang
        Its language.
    compounds
        Splits Dutch compounds.
    """
    words = text.split()
    found = [_stem(word, lang) for word in words if word not in FUNCTION_WORDS]
    if lang == "nl" and compounds is not None:
        found += [_stem(part, lang) for word in words for part in compounds.split(word)]
    return found
