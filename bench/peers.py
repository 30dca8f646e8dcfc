"""What one would pick instead: nearest neighbours over vectors, then rules and exact scores on more than was asked.

A score of the model is nearly a product of two vectors: credit for each competence against what the offer asks of it, the
similarity to each occupation, levels of languages, the value of the journey to each place, and freshness, each weighted by
the range of its table. Education, licences, hours, shifts, contract and start are left to the exact score of what was found.
faiss gets them as they are, and again, like the other dense methods, reduced to 256 numbers (truncated singular value
decomposition), which is not timed: that is quicker and finds less.
"""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from numba import njit
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.neighbors import NearestNeighbors

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.worlds import World
from matching import kernel
from matching.bounds import clear_credit, spread_credit
from matching.comparisons import FULL, NAMES, fill
from matching.comparisons.professions import RELATED
from matching.rules import check
from matching.vectors import LANGUAGES, LEVELS
from models.match_model import spread

OVER: Final = 10
"""Rows fetched for each one that is asked."""
MORE: Final = 50
"""The same, for a method that shall find most of the right answers."""
DENSE: Final = 256
CHUNK: Final = 256

Rows = npt.NDArray[np.int64]
Find = Callable[[], Rows]


def _pairs(rows: Any, name: str, flat: Any, values: Any, width: int) -> Any:
    """Give a ragged field as a matrix, (rows, width)."""
    length = rows[f"{name}_end"] - rows[f"{name}_start"]
    at = np.repeat(rows[f"{name}_start"] - np.concatenate([[0], np.cumsum(length)[:-1]]), length) + np.arange(length.sum())
    where = (np.repeat(np.arange(len(rows)), length), flat[at])
    return sparse.csr_matrix((values[at].astype(np.float32), where), shape=(len(rows), width))


def profile_vectors(world: World, order: Rows) -> Any:
    """Give the vectors of some profiles, (order, dimensions)."""
    taxonomy, geography, p = world.engine.taxonomy, world.engine.geography, world.people.arrays
    rows, weight = p.rows[order], dict(zip(NAMES, spread(world.engine.model.tables), strict=True))
    n_competences, n_occupations = len(taxonomy.competences), len(taxonomy.occupations)
    held = _pairs(rows, "held", p.held, np.ones(len(p.held)), n_competences)
    given = (taxonomy.related_credit / FULL, taxonomy.related_competence, taxonomy.related_start)
    related = sparse.csr_matrix(given, shape=(n_competences, n_competences))
    credit = (held + held @ related).tocsr()
    credit.data = np.minimum(credit.data, 1.0)
    similar = np.zeros((len(rows), n_occupations), dtype=np.float32)
    for at, row in enumerate(rows):
        for name, own in (("sought", p.sought), ("done", p.done[:, 0])):
            some = own[row[f"{name}_start"] : row[f"{name}_end"]]
            if len(some):
                best = taxonomy.occupation_similarity[some].max(axis=0)
                similar[at] += weight[f"profession_{name}"] * np.where(best >= RELATED, best / FULL, 0.0)
    level = np.maximum(p.level[order], 0) / len(LEVELS)
    most = np.where(rows["max_minutes"] > 0, rows["max_minutes"], 60)[:, None]
    minutes = geography.minutes[0][np.maximum(rows["home"], 0)].astype(np.float32)
    near = np.where((rows["home"] >= 0)[:, None] & (minutes < 255), np.maximum(0.0, 1 - minutes / (2 * most)), 0.0)
    return sparse.csr_matrix(sparse.hstack([credit, similar, level, near, np.ones((len(rows), 1))], dtype=np.float32))


def offer_vectors(world: World, some: Rows) -> Any:
    """Give the vectors of some offers, (some, dimensions)."""
    engine, o = world.engine, world.engine.stock.offers
    rows, weight = o.rows[some], dict(zip(NAMES, spread(engine.model.tables), strict=True))
    n_competences, n_occupations = len(engine.taxonomy.competences), len(engine.taxonomy.occupations)
    desired = o.asked[:, 1] == 0
    parts = []
    asks = {"mandatory": np.where(desired, 0, o.asked[:, 1] + 1), "desired": desired, "used": np.ones(len(desired))}
    for name, values in asks.items():
        asked = _pairs(rows, "asked", o.asked[:, 0], values, n_competences)
        total = np.maximum(np.asarray(asked.sum(axis=1)), 1.0)
        parts.append(sparse.diags_array(weight[f"competences_{name}"] / total.ravel()) @ asked)
    linked = rows["occupation"] >= 0
    where = (np.flatnonzero(linked), rows["occupation"][linked])
    occupation = sparse.csr_matrix((np.ones(linked.sum()), where), shape=(len(rows), n_occupations))
    language = weight["languages"] * _pairs(rows, "language", o.language[:, 0], o.language[:, 2], len(LANGUAGES))
    place = weight["travel"] * _pairs(rows, "place", o.place, np.ones(len(o.place)), len(engine.geography.places))
    age = np.clip(world.people.today.toordinal() - rows["checked"], 0, 365)
    fresh = weight["freshness"] * engine.world(world.people.today).freshness[age] / FULL
    return sparse.csr_matrix(sparse.hstack([sum(parts), occupation, language, place, fresh[:, None]], dtype=np.float32))


@njit(cache=True, nogil=True)
def rescore(p: Any, order: Any, o: Any, w: Any, t: Any, s: Any, found: Any, scores: Any) -> None:
    """Write the exact score of each row found, -inf where a rule removes it or it is not suitable."""
    for at in range(len(order)):
        i = order[at]
        spread_credit(p, i, w, s.credit)
        for k in range(found.shape[1]):
            j = found[at, k]
            scores[at, k] = -np.inf
            if j < 0 or check(p, i, o, j, w)[0]:
                continue
            fill(p, i, o, j, w, s.credit, s.values)
            score, evidence = kernel.total(s.values, t.tables, t.intercept)
            if kernel.suitable(0, s.values, evidence, t.floors):
                scores[at, k] = score
        clear_credit(p, i, w, s.credit)


def best(world: World, order: Rows, found: Rows) -> Rows:
    """Give the best rows among those found, (order, top); -1 for none."""
    engine, scores = world.engine, np.empty(found.shape)
    rescore(
        world.people.arrays, order, engine.stock.offers, engine.world(world.people.today),
        engine.scale(engine.model.weighted({})[0]), engine.scratch(), found, scores,
    )  # fmt: skip
    ranked = np.lexsort((engine.stock.groups.rank[found], -scores), axis=1)[:, : world.top]
    rows = np.take_along_axis(found, ranked, axis=1)
    return np.where(np.take_along_axis(scores, ranked, axis=1) > -np.inf, rows, -1)


def _sparse_dot(profiles: Any, offers: Any, n: int) -> Find | None:
    try:
        library: Any = importlib.import_module("sparse_dot_topn")
    except ImportError:
        return None
    turned = sparse.csr_matrix(offers.T)

    def find() -> Rows:
        found = library.sp_matmul_topn(profiles, turned, top_n=n, n_threads=1)
        rows = np.full((profiles.shape[0], n), -1, dtype=np.int64)
        length = np.diff(found.indptr)
        rows[np.arange(n) < length[:, None]] = found.indices
        return rows

    return find


def _faiss(profiles: Any, offers: Any, n: int) -> Find | None:
    try:
        library: Any = importlib.import_module("faiss")
    except ImportError:
        return None
    library.omp_set_num_threads(1)
    index = library.IndexFlatIP(offers.shape[1])
    index.add(offers)
    return lambda: np.asarray(index.search(profiles, n)[1], dtype=np.int64)


def _neighbours(profiles: Any, offers: Any, n: int) -> Find:
    """Search by distance; one more number makes the nearest those of the largest product."""
    squares = (offers**2).sum(axis=1)
    longer = np.concatenate([offers, np.sqrt(squares.max() - squares)[:, None]], axis=1)
    index = NearestNeighbors(n_neighbors=n, algorithm="brute", metric="euclidean").fit(longer)
    asked = np.concatenate([profiles, np.zeros((len(profiles), 1), dtype=profiles.dtype)], axis=1)
    return lambda: np.asarray(index.kneighbors(asked, return_distance=False), dtype=np.int64)


def _chunked(profiles: Any, offers: Any, n: int) -> Find:
    turned = sparse.csr_matrix(offers.T)

    def find() -> Rows:
        parts = []
        for first in range(0, profiles.shape[0], CHUNK):
            scores = (profiles[first : first + CHUNK] @ turned).toarray()
            parts.append(np.argpartition(-scores, n, axis=1)[:, :n].astype(np.int64))
        return np.concatenate(parts)

    return find


def _numpy(profiles: Any, offers: Any, n: int) -> Find:
    def find() -> Rows:
        parts = [
            np.argpartition(-(profiles[first : first + CHUNK] @ offers.T), n, axis=1)[:, :n]
            for first in range(0, len(profiles), CHUNK)
        ]
        return np.concatenate(parts).astype(np.int64)

    return find


def peers(world: World, order: Rows, seed: int) -> dict[str, Find | None]:
    """Give each method as a call that finds the best vacancies of some profiles, (order, top); ``None``: not installed."""
    vacancies = np.flatnonzero(world.engine.stock.offers.rows["kind"] == 0)
    profiles, offers = profile_vectors(world, order), offer_vectors(world, vacancies)
    n, more = (min(over * world.top, len(vacancies) - 1) for over in (OVER, MORE))
    reduced = TruncatedSVD(min(DENSE, offers.shape[0] - 1), random_state=seed).fit(offers)
    dense = [np.ascontiguousarray(reduced.transform(side), dtype=np.float32) for side in (profiles, offers)]
    full = [np.ascontiguousarray(side.toarray(), dtype=np.float32) for side in (profiles, offers)]
    found: dict[str, Find | None] = {
        f"faiss flat, {OVER} for each": _faiss(full[0], full[1], n),
        f"faiss flat, reduced, {OVER} for each": _faiss(dense[0], dense[1], n),
        f"faiss flat, reduced, {MORE} for each": _faiss(dense[0], dense[1], more),
        f"sparse_dot_topn, {OVER} for each": _sparse_dot(profiles, offers, n),
        f"sparse_dot_topn, {MORE} for each": _sparse_dot(profiles, offers, more),
        "scikit-learn brute, reduced": _neighbours(dense[0], dense[1], n),
        "scipy sparse, chunked": _chunked(profiles, offers, n),
        "numpy, chunked, reduced": _numpy(dense[0], dense[1], n),
    }

    def whole(find: Find) -> Find:
        def ask() -> Rows:
            rows = find()
            return best(world, order, np.where(rows >= 0, vacancies[rows], -1))

        return ask

    return {name: None if find is None else whole(find) for name, find in found.items()}
