"""Worlds for the benchmarks, as arrays: the demo's generator at any size, and data that is hostile to the search.

Up to 30,000 vacancies and 30,000 profiles are real records of `training.synthetic.demo_world`, over the starter
classification or over ESCO. Larger worlds are drawn in array space, since records are slow and big: rows are drawn with
replacement, then some fields come from other rows, each independently of the rest (hours, start, day of check, contract,
shifts with days, remote work, experience; of a profile home, minutes, hours, start, education, languages). So profession,
competences and places keep the pattern of the generator, no two rows need be the same, and every offer has an id of its own;
but a large world holds no occupation or employer that the records do not have, and its fields are less tied to each other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from matching import stock, vectors
from matching.classifications import build_taxonomy, read_esco, read_starter
from matching.comparisons import COMPARISONS, FULL
from matching.matcher import Matcher, People
from matching.ragged import take
from matching.records import Offer, Profile
from matching.reference import build_geography, read_guidance
from matching.taxonomy import Taxonomy
from models.artifact import load
from training.synthetic import demo_world

TODAY: Final = date(2025, 4, 1)
RECORDS: Final = 30_000
"""Most records of a kind that the generator makes; what is larger is drawn from them."""
PARTNERS: Final = 200
"""Vacancies for each partner offer."""
KEPT: Final = 500
"""Records that stay beside the arrays, for questions that take records."""
DIVISIONS: Final = 16
HELD: Final = 300
REDRAWN_OFFER: Final = (
    ("hours_min", "hours_max"), ("start",), ("checked",), ("contract",), ("shifts", "days"), ("remote",), ("experience",),
)  # fmt: skip
REDRAWN_PROFILE: Final = (("home",), ("max_minutes",), ("hours_min", "hours_max"), ("start",), ("education",))

Rng = np.random.Generator
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class World:
    """A market: offers in ``engine``, ``people``, and ``top``, the length of a list that is asked for.

    ``offers``, ``profiles``: some of the records that the arrays were made from.
    """

    name: str
    engine: Matcher
    people: People
    offers: tuple[Offer, ...] = ()
    profiles: tuple[Profile, ...] = ()
    top: int = 20


def generate(esco: Path | None, seed: int, n_profiles: int, n_vacancies: int) -> World:
    """Make a world whose every row is a record of the generator.

    Parameters
    ----------
    esco
        Folder of the published ESCO classification; without it the starter classification is used.
    seed
        Of the generator.
    n_profiles, n_vacancies
        Held to ``RECORDS``; partner offers come beside the vacancies, one for ``PARTNERS`` of them.
    """
    documents = {"starter": read_starter()[0]} if esco is None else {"esco": read_esco(esco)[0]}
    taxonomy, places = build_taxonomy(documents), build_geography({})
    n_profiles, n_vacancies = min(n_profiles, RECORDS), min(n_vacancies, RECORDS)
    made = demo_world(
        np.random.default_rng(seed), taxonomy, places.places, TODAY, n_profiles, n_vacancies, n_vacancies // PARTNERS
    )
    engine = Matcher.build(taxonomy, places, dict(read_guidance()), load(), made.offers)
    people = engine.people(made.profiles, TODAY)
    return World("demo" if esco is None else "esco", engine, people, made.offers[:KEPT], made.profiles[:KEPT])


def resize(world: World, rng: Rng, n_profiles: int | None = None, n_vacancies: int | None = None) -> World:
    """Draw a smaller or larger world from one; ``None`` leaves that side as it is."""
    if n_vacancies is not None:
        world = replace(world, engine=replace(world.engine, stock=_stock(world.engine, rng, n_vacancies)))
    return world if n_profiles is None else replace(world, people=_people(world.people, rng, n_profiles))


def _draw(rng: Rng, n_rows: int, n: int) -> Rows:
    """Choose ``n`` of some rows, none twice as long as there are enough."""
    return np.sort(rng.permutation(n_rows)[:n]) if n <= n_rows else rng.integers(n_rows, size=n)


def _stock(engine: Matcher, rng: Rng, n_vacancies: int) -> stock.Stock:
    base, kinds = engine.stock, engine.stock.offers.rows["kind"]
    sides = [(np.flatnonzero(kinds == 0), n_vacancies), (np.flatnonzero(kinds != 0), n_vacancies // PARTNERS)]
    chosen = np.concatenate([side[_draw(rng, len(side), n)] for side, n in sides])
    offers, ids = take(base.offers, chosen), base.ids[chosen]
    if n_vacancies > len(sides[0][0]):
        of_kind = {kind: np.flatnonzero(kinds == kind) for kind in np.unique(kinds).tolist()}
        for kind, rows in of_kind.items():
            here = np.flatnonzero(offers.rows["kind"] == kind)
            for fields in REDRAWN_OFFER:
                others = rng.choice(rows, size=len(here))
                for name in fields:
                    offers.rows[name][here] = base.offers.rows[name][others]
        ids = np.char.add(b"offer-", np.arange(len(chosen)).astype("S9"))
    return stock.arrange(ids, offers, stock.levels(base)[chosen], engine.taxonomy)


def _people(people: People, rng: Rng, n: int) -> People:
    chosen = _draw(rng, len(people.ids), n)
    arrays = take(people.arrays, chosen)
    if n <= len(people.ids):
        return _known(people, arrays, chosen, people.ids[chosen])
    for fields in REDRAWN_PROFILE:
        others = rng.integers(len(people.ids), size=n)
        for name in fields:
            arrays.rows[name] = people.arrays.rows[name][others]
    level = people.arrays.level[rng.integers(len(people.ids), size=n)]
    ids = np.char.add(b"profile-", np.char.zfill(np.arange(n).astype("S7"), 7))
    return _known(people, arrays._replace(level=level), chosen, ids)


def _known(people: People, arrays: vectors.Profiles, chosen: Rows, ids: npt.NDArray[np.bytes_]) -> People:
    """Put people together from arrays: what is computed from them is computed again."""
    nothing = np.zeros(len(ids), dtype=np.bool_)
    return People(
        ids=ids,
        digests=np.full(len(ids), b""),
        reasons=people.reasons[chosen],
        withheld=people.withheld[chosen],
        arrays=arrays._replace(key=stock.keys(arrays)),
        known=np.stack([nothing if c.known is None else c.known(arrays) for c in COMPARISONS], axis=1),
        today=people.today,
    )


def with_offers(world: World, offers: vectors.Offers, taxonomy: Taxonomy | None = None) -> World:
    """Give a world with other arrays of its offers, in the order in which they stand."""
    base = world.engine.stock
    arranged = stock.arrange(base.ids, offers, stock.levels(base), taxonomy or world.engine.taxonomy)
    return replace(world, engine=replace(world.engine, stock=arranged, taxonomy=taxonomy or world.engine.taxonomy))


def with_people(world: World, arrays: vectors.Profiles) -> World:
    """Give a world with other arrays of its people."""
    everyone = np.arange(len(world.people.ids))
    return replace(world, people=_known(world.people, arrays, everyone, world.people.ids))


def _flat(n_rows: int, each: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give where lists of one length start and end."""
    ends = np.arange(1, n_rows + 1, dtype=np.int64) * each
    return ends - each, ends


def _some(rng: Rng, n_rows: int, each: int, n_values: int) -> npt.NDArray[np.int32]:
    """Draw for each row ``each`` different values in ascending order; (rows x each,)."""
    drawn = [np.sort(rng.permutation(n_values)[:each]) for _ in range(n_rows)]
    return np.concatenate(drawn).astype(np.int32)


def alike(world: World, rng: Rng) -> World:
    """All occupations are fully alike: no profession tells one vacancy from another, and everything is near."""
    taxonomy = world.engine.taxonomy
    similarity = np.full_like(taxonomy.occupation_similarity, FULL)
    return replace(world, engine=replace(world.engine, taxonomy=replace(taxonomy, occupation_similarity=similarity)))


def one_trade(world: World, rng: Rng) -> World:
    """Every offer is of the one occupation that most people seek: a single group."""
    offers, sought = world.engine.stock.offers, world.people.arrays.sought
    rows = offers.rows.copy()
    rows["occupation"] = np.bincount(sought).argmax()
    return with_offers(world, offers._replace(rows=rows))


def random_competences(world: World, rng: Rng) -> World:
    """Competences are asked at random: every group of offers asks almost every competence."""
    offers, n_values = world.engine.stock.offers, len(world.engine.taxonomy.competences)
    asks = offers.rows["asked_end"] - offers.rows["asked_start"]
    offer, drawn = np.repeat(np.arange(len(asks)), asks), rng.integers(n_values, size=len(offers.asked))
    while True:  # an offer asks each once
        pairs = offer * n_values + drawn
        order = np.argsort(pairs, kind="stable")
        twice = order[1:][pairs[order[1:]] == pairs[order[:-1]]]
        if not len(twice):
            break
        drawn[twice] = rng.integers(n_values, size=len(twice))
    asked = np.stack([drawn[order], offers.asked[:, 1]], axis=1).astype(np.int32)
    return with_offers(world, offers._replace(asked=asked))


def harsh(world: World, rng: Rng) -> World:
    """Rules remove half of all pairs, whatever the score: sectors at random, of which each person excludes half."""
    offers, arrays, n = world.engine.stock.offers, world.people.arrays, len(world.people.ids)
    rows, persons = offers.rows.copy(), arrays.rows.copy()
    rows["sector"] = (1 + rng.integers(DIVISIONS, size=len(rows))) * 1000
    rows["sector_end"] = rows["sector"] + 999
    first = (1 + _some(rng, n, DIVISIONS // 2, DIVISIONS)) * 1000
    persons["excluded_sector_start"], persons["excluded_sector_end"] = _flat(n, DIVISIONS // 2)
    world = with_people(world, arrays._replace(rows=persons, excluded_sector=np.stack([first, first + 999], axis=1)))
    return with_offers(world, offers._replace(rows=rows))


def long_lists(world: World, rng: Rng) -> World:
    """Ask for lists of 200: the last place, which bounds are held against, is low."""
    return replace(world, top=200)


def nothing_alike(world: World, rng: Rng) -> World:
    """Hardly two offers are the same in anything: each has its own hours, days, start, employer and requirements."""
    offers = world.engine.stock.offers
    rows, n = offers.rows.copy(), len(offers.rows)
    places = len(world.engine.geography.places)
    spans: Mapping[str, tuple[int, int]] = {
        "shifts": (1, 1 << len(vectors.SHIFTS)), "days": (1, 1 << len(vectors.DAYS)), "remote": (1, 99), "left": (1, 1 << 20),
        "start": (TODAY.toordinal(), TODAY.toordinal() + n), "checked": (TODAY.toordinal() - n, TODAY.toordinal()),
        "valid_through": (TODAY.toordinal() + 1, TODAY.toordinal() + n), "education": (1, 8),
    }  # fmt: skip
    for name, (low, high) in spans.items():
        rows[name] = rng.integers(low, high, size=n)
    rows["hours_min"], rows["hours_max"] = rng.uniform(10, 30, size=n), rng.uniform(30, 40, size=n)
    rows["wanted"] = rng.integers(1 << len(vectors.LICENCES), size=n)
    rows["employer"] = np.arange(n)
    rows["sector"] = rows["sector_end"] = rng.integers(1000, 99_999, size=n)
    rows["place_start"], rows["place_end"] = _flat(n, 3)
    rows["language_start"], rows["language_end"] = _flat(n, 3)
    levels = np.stack([rng.integers(-1, len(vectors.LEVELS), size=3 * n), rng.integers(2, size=3 * n)], axis=1)
    language = np.concatenate([_some(rng, n, 3, len(vectors.LANGUAGES))[:, None], levels], axis=1).astype(np.int32)
    return with_offers(world, offers._replace(rows=rows, place=_some(rng, n, 3, places), language=language))


def able(world: World, rng: Rng) -> World:
    """People hold 300 competences each: they reach every group of offers."""
    arrays, n = world.people.arrays, len(world.people.ids)
    rows, n_values = arrays.rows.copy(), len(world.engine.taxonomy.competences)
    each = min(HELD, n_values)
    rows["held_start"], rows["held_end"] = _flat(n, each)
    return with_people(world, arrays._replace(rows=rows, held=_some(rng, n, each, n_values)))


def nothing_sought(world: World, rng: Rng) -> World:
    """People seek nothing and have done nothing that is known: only competences lead to a vacancy."""
    rows = world.people.arrays.rows.copy()
    for name in ("sought", "done"):
        rows[f"{name}_end"] = rows[f"{name}_start"]
    rows["done_known"] = rows["sought_open"] = 0
    return with_people(world, world.people.arrays._replace(rows=rows))


HOSTILE: Final[Mapping[str, Callable[[World, Rng], World]]] = {
    "all occupations alike": alike,
    "one occupation for all": one_trade,
    "competences asked at random": random_competences,
    "half of the pairs removed": harsh,
    "lists of 200": long_lists,
    "nothing alike": nothing_alike,
    "hundreds of competences held": able,
    "nothing sought or done": nothing_sought,
}
"""Data on which bounds and groups are worth little, by name."""


def variants(world: World) -> list[Profile]:
    """Make 200 changes of one profile, as a question of what would open more asks them.

    A level of a language, one more competence, more minutes, other hours: one change each, the most of a kind that fits.
    """
    profile = next(p for p in world.profiles if p.competences and p.languages and p.max_minutes)
    taxonomy, found = world.engine.taxonomy, list[Profile]()
    for language in profile.languages or ():
        others = [known for known in profile.languages or () if known is not language]
        found += [replace(profile, languages=(*others, replace(language, level=level))) for level in vectors.LEVELS]
    found += [replace(profile, max_minutes=minutes) for minutes in range(15, 125, 5)]
    found += [replace(profile, hours_min=float(low), hours_max=38.0) for low in range(10, 38)]
    held = list(profile.competences or ())
    found += [replace(profile, competences=(*held, replace(held[0], concept=uri))) for uri in taxonomy.competences]
    return [replace(one, id=f"variant-{at:03}") for at, one in enumerate(found[:200])]


def describe(world: World) -> dict[str, Any]:
    """Tell the sizes of a world."""
    groups = world.engine.stock.groups
    return {
        "world": world.name, "offers": len(world.engine.stock.ids), "profiles": len(world.people.ids),
        "units": len(groups.kind), "runs": len(groups.run) - 1, "facet_values": np.diff(groups.facet).tolist(),
        "grouped": world.engine.grouped, "occupations": len(world.engine.taxonomy.occupations),
        "competences": len(world.engine.taxonomy.competences),
    }  # fmt: skip
