"""Several sources -> the one occupation of an offer: the name beside its code, its title, its code, what it asks.

Every occupation that a source names is a candidate, and its score is a sum::

    name + TITLE x title + LISTED x code + ASKED x share of the competences asked

- *name*: what the mapping of exactly this name is worth (`MAPPED`), or the chance that the name means this occupation (less
  where the name is mapped to something else).
- *title*: the chance that the title means it. A title that says something says more than a name picked from a list, which is
  why `TITLE` is above 1; one that says nothing ("employee") has no chances to speak of.
- *code*: 1, 1/2, 1/3 ... for the first, second, third target of the code, which stand in the order of their votes.
- Then candidates support those alike (from `ALIKE` on): ``+ SUPPORT x similarity x score``, `MOST_SUPPORT` at most.

The weights were set by hand on the titles of ``tests/test_linking_real.py``; nothing is learned.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.taxonomy import STEPS, Targets, Taxonomy

MAPPED: Final = {"exact": 1.0, "broad": 0.9, "close": 0.7, "narrow": 0.6}
"""What a mapped name is worth; a merely close one is often loose, a narrow one is one of several."""
ELSEWHERE: Final = 0.7
TITLE: Final = 2.0
LISTED: Final = 0.15
ASKED: Final = 0.6
SUPPORT: Final = 0.3
MOST_SUPPORT: Final = 0.4
ALIKE: Final = 0.3

SPEAKS: Final = 0.5
"""From which part of the sum a source speaks for a candidate."""
LEAD: Final = 0.1
"""Share of its score by which a sure candidate stands above the second."""


@dataclass(frozen=True, slots=True)
class Link:
    """A concept that a text may mean; `score` is the chance that it does, 0-1; `sure` only on the first."""

    concept: str
    label: str
    score: float
    sure: bool


@dataclass(frozen=True, slots=True)
class Sources:
    """What is known of an offer's occupation; every part may be empty.

    ``named`` and ``titled`` are ranked links of the name and of the title; ``mapped`` are the targets of exactly this name in
    another scheme, ``listed`` those of the code; ``asked`` are rows of competences.
    """

    named: Sequence[Link] = ()
    mapped: Targets = ()
    titled: Sequence[Link] = ()
    listed: Targets = ()
    asked: Collection[int] = ()


def fuse(sources: Sources, taxonomy: Taxonomy) -> tuple[str, bool] | None:
    """Choose the occupation, and say whether it is sure; ``None`` where no source names any.

    Sure is what stands clearly above the second and either is said by the name and by the title, or is the exact
    target of the name or the sure link of the only text, and no source says something unlike it.
    """
    name, title = _name(sources), _title(sources)
    listed = _listed(sources)
    uris = sorted(name.keys() | title.keys() | listed.keys())
    if not uris:
        return None
    rows = [taxonomy.occupation_index[uri] for uri in uris]
    own = np.array([name.get(uri, 0.0) + title.get(uri, 0.0) + LISTED * listed.get(uri, 0.0) for uri in uris])
    own += ASKED * np.array([_asked(sources.asked, row, taxonomy) for row in rows])
    alike = taxonomy.occupation_similarity[np.ix_(rows, rows)] / STEPS
    np.fill_diagonal(alike, 0.0)
    score = own + np.minimum(MOST_SUPPORT, SUPPORT * np.where(alike >= ALIKE, alike, 0.0) @ own)
    first, *others = np.argsort(-score, kind="stable").tolist()
    clear = not others or score[first] - score[others[0]] >= LEAD * score[first]
    return uris[first], bool(clear and _said(uris[first], name, title, listed, sources, taxonomy))


Worth = dict[str, float]


def _name(sources: Sources) -> Worth:
    """Worth of the name per occupation, 0-1."""
    worth: Worth = {link.concept: link.score * (ELSEWHERE if sources.mapped else 1.0) for link in sources.named}
    for uri, relation in sources.mapped:
        worth[uri] = max(worth.get(uri, 0.0), MAPPED.get(relation, 0.0))
    return worth


def _title(sources: Sources) -> Worth:
    """Worth of the title per occupation, 0 to `TITLE`."""
    return {link.concept: TITLE * link.score for link in sources.titled}


def _listed(sources: Sources) -> Worth:
    """Worth of the code per occupation, 0-1, by its place in the list; a group of ISCO has no order."""
    places = reversed(list(enumerate(sources.listed)))
    return {uri: 1 / (1 + place) if relation != "group" else SPEAKS for place, (uri, relation) in places}


def _asked(asked: Collection[int], row: int, taxonomy: Taxonomy) -> float:
    """Share of the competences asked that the occupation needs; one it may need counts half."""
    if not asked:
        return 0.0
    needs = taxonomy.essential_competence[taxonomy.essential_start[row] : taxonomy.essential_start[row + 1]]
    may = taxonomy.optional_competence[taxonomy.optional_start[row] : taxonomy.optional_start[row + 1]]
    return float(np.isin(list(asked), needs).mean() + np.isin(list(asked), may).mean() / 2)


def _said(first: str, name: Worth, title: Worth, listed: Worth, sources: Sources, taxonomy: Taxonomy) -> bool:
    """Whether enough sources say the first candidate, and none says something louder that is unlike it."""
    row = taxonomy.occupation_index[first]
    for worth, most in ((name, 1.0), (title, TITLE)):
        loudest = max(worth, key=lambda uri: (worth[uri], uri), default=first)
        alike = taxonomy.occupation_similarity[row, taxonomy.occupation_index[loudest]] / STEPS
        if worth.get(loudest, 0.0) >= SPEAKS * most and worth.get(first, 0.0) < worth[loudest] and alike < ALIKE:
            return False
    if (first, "exact") in sources.mapped:
        return True
    named = max(name.get(first, 0.0), listed.get(first, 0.0)) >= SPEAKS
    if named and title.get(first, 0.0) >= SPEAKS * TITLE:
        return True
    only = sources.titled if not sources.named else ()
    return bool(only) and only[0].sure and only[0].concept == first
