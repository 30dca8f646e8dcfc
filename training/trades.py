"""What the demo world knows of each occupation: where, when and how such work is done in Brussels, and what it asks.

The facts stand in ``trades.json``: per domain (recognised by ISCO-08 group, the longest code first), refined for single
occupations of the starter classification. They are assumptions, except these published shares:

- half of Brussels vacancies ask for French and Dutch (IBSA and Federal Planning Bureau, clerfayt.info, 2019);
- Dutch is asked in engineering by 87.8 %, in sciences by 78.2 %, in education by 21.8 %, in health care by 26.4 %, in
  cleaning by 31.4 % (Actiris, quoted by La Dernière Heure, about 2017).
"""

import json
from bisect import bisect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import numpy as np

from matching.codes import LANGUAGES_OF_SERVICE, Certificate, Contract, Day, DrivingLicence, Level, Shift
from matching.geography import Place
from matching.taxonomy import Taxonomy

T = TypeVar("T")
Said = tuple[str, str, str]
"""The same words in French, Dutch and English."""

FACTS: Final = Path(__file__).parent / "trades.json"
BLOCK: Final = 50_000


@dataclass(frozen=True, slots=True)
class Table(Generic[T]):
    """Values and the upper bounds of their shares, the last of which is 1."""

    values: tuple[T, ...]
    bounds: tuple[float, ...]


def table(weights: Mapping[T, float]) -> Table[T]:
    """Make a table of weights, in any unit.

    >>> table({"a": 1, "b": 3})
    Table(values=('a', 'b'), bounds=(0.25, 1.0))
    """
    total = sum(weights.values())
    bounds = [value / total for value in accumulate(weights.values())]
    return Table(tuple(weights), (*bounds[:-1], 1.0))


class Dice:
    """Chance handed out one throw at a time, drawn from a generator in blocks because single draws are slow."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.roll: Callable[[], float] = _uniform(rng).__next__

    def chance(self, share: float) -> bool:
        """Say yes in this share of the throws."""
        return self.roll() < share

    def pick(self, choices: Table[T]) -> T:
        """Give a value of a table by its weight."""
        return choices.values[bisect(choices.bounds, self.roll())]

    def one(self, choices: Sequence[T]) -> T:
        """Give one of several, all alike."""
        return choices[int(self.roll() * len(choices))]

    def whole(self, low: int, high: int) -> int:
        """Give a whole number from low to high, both included."""
        return low + int(self.roll() * (high - low + 1))

    def some(self, choices: Sequence[T], n: int) -> list[T]:
        """Give n different ones in chance order, or all when there are fewer."""
        left = list(choices)
        return [left.pop(int(self.roll() * len(left))) for _ in range(min(n, len(left)))]


def _uniform(rng: np.random.Generator) -> Iterator[float]:
    while True:
        yield from rng.random(BLOCK).tolist()


@dataclass(frozen=True, slots=True)
class Facts:
    """How work is done in a trade; a share is a probability, ``places`` names a table of postcodes.

    ``dutch`` and ``english`` are the shares of vacancies that ask for the language; ``licences`` and ``certificates``
    are (code, required by law, share that asks it); ``employers`` are patterns of names with what such an employer is.
    """

    weight: float
    dutch: float
    english: float
    english_titles: float
    first: Table[Level | None]
    second: Table[Level | None]
    places: str
    sector: str
    remote: float
    own_car: float
    contracts: Table[Contract]
    hours: Table[tuple[float, float]]
    shifts: Table[tuple[Shift, ...]]
    days: Table[tuple[Day, ...]]
    education: Table[int]
    experience: Table[int]
    licences: tuple[tuple[DrivingLicence, bool, float], ...]
    certificates: tuple[tuple[Certificate, bool, float], ...]
    employers: tuple[tuple[str, Said], ...]
    texts: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Trade:
    """One occupation of the taxonomy with its facts.

    ``names`` holds the labels of each language, preferred first; ``tasks`` the labels of what is done in it.
    """

    uri: str
    slug: str
    domain: str
    isco: str
    names: Mapping[str, tuple[str, ...]]
    essential: tuple[str, ...]
    optional: tuple[str, ...]
    tasks: Mapping[str, tuple[str, ...]]
    facts: Facts


@dataclass(frozen=True, slots=True)
class Trades:
    """All trades of the demo world.

    ``market`` weighs them as vacancies do; ``kin`` names the domains next to a domain; ``agency`` is the pattern of a
    temporary work agency; ``stems`` are invented names; ``any_texts`` are wishes that no classification knows.
    """

    all: tuple[Trade, ...]
    by_slug: Mapping[str, Trade]
    by_domain: Mapping[str, tuple[Trade, ...]]
    market: Table[Trade]
    kin: Mapping[str, tuple[str, ...]]
    places: Mapping[str, Table[Place]]
    competences: Mapping[str, str]
    agency: tuple[str, Said]
    stems: tuple[str, ...]
    any_texts: Mapping[str, tuple[str, ...]]


def read_trades(taxonomy: Taxonomy, places: Sequence[Place]) -> Trades:
    """Join the facts with the occupations of a taxonomy and with the known places.

    An occupation whose ISCO-08 group belongs to no domain is left out. A table of places of which none is known becomes
    all places alike.

    Raises
    ------
    ValueError
        No occupation of the taxonomy belongs to a domain, or there is no place.
    """
    document = json.loads(FACTS.read_text(encoding="utf-8"))
    by_isco = {code: name for name, domain in document["domains"].items() for code in domain["isco"]}
    by_slug = {slug: name for name, domain in document["domains"].items() for slug in domain.get("slugs", ())}
    found: list[Trade] = []
    for row, uri in enumerate(taxonomy.occupations):
        slug, isco = _tail(uri), taxonomy.isco[row]
        heads = (isco[:digits] for digits in range(4, 0, -1))
        domain = by_slug.get(slug) or next((by_isco[head] for head in heads if head in by_isco), None)
        if domain is not None:
            facts = _facts(document, domain, slug)
            found.append(_trade(taxonomy, row, slug, domain, facts))
    if not found or not places:
        raise ValueError("the demo world needs occupations with ISCO-08 groups, and places")
    by_domain = {name: tuple(t for t in found if t.domain == name) for name in document["domains"]}
    shares = {name: document["domains"][name]["share"] / max(_weight(own), 1e-9) for name, own in by_domain.items()}
    return Trades(
        all=tuple(found),
        by_slug={trade.slug: trade for trade in found},
        by_domain={name: own for name, own in by_domain.items() if own},
        market=_market(found, shares),
        kin={name: tuple(domain["kin"]) for name, domain in document["domains"].items()},
        places={name: _places(weights, places) for name, weights in document["places"].items()},
        competences={_tail(uri): uri for uri in taxonomy.competences},
        agency=_pattern(document["agency"]),
        stems=tuple(document["employers"]),
        any_texts={lang: tuple(texts) for lang, texts in document["anyTexts"].items()},
    )


def _tail(uri: str) -> str:
    return uri.rstrip("/").replace("/", ":").rsplit(":", 1)[-1]


def _weight(trades: Sequence[Trade]) -> float:
    return sum(trade.facts.weight for trade in trades)


def _market(trades: Sequence[Trade], shares: Mapping[str, float]) -> Table[Trade]:
    weights = [trade.facts.weight * shares[trade.domain] for trade in trades]
    numbers = table(dict(enumerate(weights)))
    return Table(tuple(trades[number] for number in numbers.values), numbers.bounds)


def _trade(taxonomy: Taxonomy, row: int, slug: str, domain: str, facts: Facts) -> Trade:
    def needed(start: Any, competence: Any) -> tuple[str, ...]:
        return tuple(taxonomy.competences[c] for c in competence[start[row] : start[row + 1]])

    uri = taxonomy.occupations[row]
    words = {lang: taxonomy.labels.get(lang, {}) for lang in LANGUAGES_OF_SERVICE}
    names = {lang: known.get(uri) or (taxonomy.label(uri, lang),) for lang, known in words.items()}
    essential = needed(taxonomy.essential_start, taxonomy.essential_competence)
    optional = needed(taxonomy.optional_start, taxonomy.optional_competence)
    done = [uri for uri in essential if taxonomy.competence_type[taxonomy.competence_index[uri]] != "knowledge"]
    tasks = {lang: tuple(taxonomy.label(uri, lang) for uri in done) for lang in LANGUAGES_OF_SERVICE}
    return Trade(uri, slug, domain, taxonomy.isco[row], names, essential, optional, tasks, facts)


def _facts(document: Mapping[str, Any], domain: str, slug: str) -> Facts:
    raw = {**document["default"], **document["domains"][domain], **document["trades"].get(slug, {})}
    speech = document["speech"][raw["speech"]]
    return Facts(
        weight=raw["weight"],
        dutch=raw["dutch"],
        english=raw["english"],
        english_titles=raw["english titles"],
        first=_read(speech["first"], lambda text: Level(text) if text else None),
        second=_read(speech["second"], lambda text: Level(text) if text else None),
        places=raw["places"],
        sector=raw["sector"],
        remote=raw["remote"],
        own_car=raw["ownCar"],
        contracts=_read(raw["contracts"], Contract),
        hours=_read(raw["hours"], _hours),
        shifts=_read(raw["shifts"], lambda text: tuple(Shift(code) for code in text.split(","))),
        days=_read(raw["days"], lambda name: tuple(Day(code) for code in document["days"][name])),
        education=_read(raw["education"], int),
        experience=_read(raw["experience"], int),
        licences=tuple((DrivingLicence(code), legal, share) for code, legal, share in raw["licences"]),
        certificates=tuple((Certificate(code), legal, share) for code, legal, share in raw["certificates"]),
        employers=_employers(document, domain, slug, raw["employers"]),
        texts={lang: tuple(texts) for lang, texts in raw["texts"].items()},
    )


def _employers(
    document: Mapping[str, Any], domain: str, slug: str, patterns: Sequence[Sequence[str]]
) -> tuple[tuple[str, Said], ...]:
    """Give the patterns of the domain that fit the trade: a hotel for a room attendant, no brasserie."""
    fitting = document["employersOf"].get(domain, {})
    numbers = fitting.get(slug, fitting.get("", range(len(patterns))))
    return tuple(_pattern(patterns[number]) for number in numbers)


def _read(weights: Mapping[str, float], value: Callable[[str], T]) -> Table[T]:
    return table({value(text): weight for text, weight in weights.items()})


def _hours(text: str) -> tuple[float, float]:
    low, _, high = text.partition("-")
    return float(low), float(high or low)


def _pattern(entry: Sequence[str]) -> tuple[str, Said]:
    pattern, fr, nl, en = entry
    return pattern, (fr, nl, en)


def _places(weights: Mapping[str, float], places: Sequence[Place]) -> Table[Place]:
    known = {place.postcode: place for place in places}
    chosen = {code: weight for code, weight in weights.items() if code in known} or dict.fromkeys(known, 1.0)
    codes = table(chosen)
    return Table(tuple(known[code] for code in codes.values), codes.bounds)
