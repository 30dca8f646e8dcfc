"""Many questions at once: the best vacancies of many profiles, the best people for many offers.

Each list is the single answer, bit for bit, however the work is cut. Blocks go through joblib: threads here, or whatever
backend `joblib.parallel_config` names, such as a Dask cluster.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import joblib
import numpy as np
import numpy.typing as npt

from matching import kernel, rules, vectors
from matching.bounds import Lists, Scale, lists
from matching.bounds import scratch as make_scratch
from matching.codes import Kind, Limit
from matching.comparisons import World
from matching.matcher import Matcher, People
from matching.stock import Stock
from matching.vectors import Ints, Profiles

Rows = npt.NDArray[np.int64]
Progress = Callable[[int], None]

BLOCK: Final = 10_000
"""Profiles whose vacancies are searched in one piece of work."""
OFFERS_BLOCK: Final = 10
"""Offers whose people are searched in one piece of work."""
VACANCIES: Final = np.arange(len(vectors.KINDS)) == vectors.KINDS.index(Kind.VACANCY)


def best_vacancies(
    matcher: Matcher,
    people: People,
    rows: Rows,
    top: int,
    weights: Mapping[str, float] | None = None,
    relax: frozenset[Limit] = frozenset(),
    progress: Progress = lambda _: None,
) -> Lists:
    """Find the best vacancies of some profiles.

    Parameters
    ----------
    rows
        Rows of ``people``, in any order.
    top
        Vacancies of each at most, at least 1.
    weights, relax
        As in `Wish`.
    progress
        Told how many profiles are done.

    Returns
    -------
    (len(rows), top): scores, ranks of ids, and rows of the stock; -1 where there are fewer.
    """
    tables, _ = matcher.model.weighted(weights or {})
    may = scored(matcher, people)
    order = neighbours(people.arrays, rows)
    shared = (matcher.stock, matcher.world(people.today), matcher.scale(tables), matcher.grouped)
    ignored = rules.bits_of(relax)
    work = (
        joblib.delayed(_vacancies_block)(people.arrays, block, may, *shared, len(matcher.taxonomy.competences), ignored, top)
        for block in _cut(rows[order], BLOCK)
    )
    found = _gathered(work, progress)
    return Lists(*(part[np.argsort(order)] for part in found)) if len(rows) else lists((0, top))


def best_people(
    matcher: Matcher,
    people: People,
    rows: Rows,
    top: int,
    weights: Mapping[str, float] | None = None,
    progress: Progress = lambda _: None,
) -> Lists:
    """Find the best people for some offers.

    Parameters
    ----------
    rows
        Rows of the stock of ``matcher``, in any order.

    Returns
    -------
    (len(rows), top): scores, ranks and rows of profiles; -1 where there are fewer. Otherwise as `best_vacancies`.
    """
    tables, _ = matcher.model.weighted(weights or {})
    may = scored(matcher, people)
    shared = (matcher.stock, matcher.world(people.today), matcher.scale(tables), len(matcher.taxonomy.competences), top)
    work = (joblib.delayed(_people_block)(people.arrays, block, may, *shared) for block in _cut(rows, OFFERS_BLOCK))
    return Lists(*_gathered(work, progress)) if len(rows) else lists((0, top))


def neighbours(profiles: Profiles, rows: Rows) -> Rows:
    """Give the order in which rows of profiles are best searched: (len(rows),) positions.

    Who seeks alike looks at the same offers, which then lie at hand; who also speaks or travels alike shares what is computed
    for facets.
    """
    starts, ends = profiles.rows["sought_start"][rows], profiles.rows["sought_end"][rows]
    first = np.full(len(rows), -1, dtype=np.int64)
    first[ends > starts] = profiles.sought[starts[ends > starts]]
    return np.lexsort((profiles.key[rows, 0], profiles.key[rows, 1], first))


def n_keys(profiles: Profiles, rows: Rows) -> Ints:
    """Give how many slots some rows of profiles can fill, (facets,): as `matching.bounds.scratch` asks."""
    most: Ints = np.minimum(profiles.key[rows].max(axis=0, initial=0) + 1, len(rows))
    return most


def scored(matcher: Matcher, people: People) -> npt.NDArray[np.bool_]:
    """Give the profiles that may have a list: enough data, a basis for using it, and LINK's dates not closed."""
    _, enough = matcher.profile_data(people)
    may: npt.NDArray[np.bool_] = enough & (people.arrays.rows["basis"] == 1) & (people.arrays.rows["gate"] != 0)
    return may


def _cut(rows: Rows, size: int) -> Iterator[Rows]:
    return (rows[first : first + size] for first in range(0, len(rows), size))


def _gathered(work: Iterator[Any], progress: Progress) -> list[npt.NDArray[Any]]:
    """Do the pieces of work, and put their lists one below the other.

    A single piece is done here: joblib looks for what others have done every ten milliseconds, longer than most pieces take.
    """
    parts, done, pieces = [], 0, list(work)
    for part in joblib.Parallel(n_jobs=-1 if len(pieces) > 1 else 1, prefer="threads", return_as="generator")(pieces):
        parts.append(part)
        done += len(part.rows)
        progress(done)
    return [np.concatenate([part[at] for part in parts]) for at in range(3)] if parts else []


def _vacancies_block(
    profiles: Profiles, rows: Rows, may: npt.NDArray[np.bool_], stock: Stock, world: World, scale: Scale, grouped: bool,
    n_competences: int, ignored: int, top: int,
) -> Lists:  # fmt: skip
    found = lists((len(rows), 1, top))
    scratch = make_scratch(n_competences, stock.groups, n_keys(profiles, rows))
    counts = np.zeros((rules.N_RULES + 2, 4), dtype=np.int64)
    kernel.best_offers(
        profiles, rows, 0, len(rows), stock.offers, stock.groups, world, scale, scratch, ignored, may, grouped,
        VACANCIES, np.zeros(0), *found, counts,
    )  # fmt: skip
    return Lists(found.scores[:, 0], found.ranks[:, 0], found.rows[:, 0])


def _people_block(
    profiles: Profiles, rows: Rows, may: npt.NDArray[np.bool_], stock: Stock, world: World, scale: Scale, n_competences: int,
    top: int,
) -> Lists:  # fmt: skip
    found, scratch = lists((len(rows), top)), make_scratch(n_competences)
    counts = np.zeros(rules.N_RULES + 1, dtype=np.int64)
    reach = np.empty_like(scratch.credit)
    for at, j in enumerate(rows.tolist()):
        kernel.top_profiles(
            profiles, 0, len(profiles.rows), stock.offers, j, world, scale, scratch, reach, may, False,
            found.scores[at], found.ranks[at], found.rows[at], counts,
        )  # fmt: skip
    return found
