"""The classification as values: concepts, labels, and how concepts relate, as arrays.

Every credit and similarity is a `numpy.uint8` in steps of 1/252: 0 is no relation, 252 is the same concept; 253 to
255 stay free for the engine. The formulas stand in `related_competences` and `similar_occupations`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.codes import LANGUAGES_OF_SERVICE

STEPS: Final = 252
"""Value that stands for 1."""

HELD_NARROWER: Final = 0.8
HELD_BROADER: Final = 0.5
HELD_PART: Final = 0.4
SAME_GROUP: Final = 0.25
SMALL_GROUP: Final = 40
COMMON_USE: Final = 0.6
COMMON_USE_FLOOR: Final = 0.25
COMMON_USE_OCCUPATIONS: Final = 3
MOST_RELATED: Final = 60

SAME_ISCO: Final = ((2, 0.12), (3, 0.35), (4, 0.6))
AKIN: Final = STEPS * 35 // 100
"""Least similarity (steps) at which two occupations are near: the same ISCO minor group (3 digits)."""
DIRECT_KIN: Final = 0.8
SHARED_WORK: Final = 0.9
AGREEMENT: Final = 0.1

RELATIONS: Final = ("exact", "close", "narrow", "broad", "group")
"""What the target is to the code, best first: ``narrow`` says the target means less than the code, ``group`` that only
the ISCO group is the same."""

Targets = tuple[tuple[str, str], ...]
"""(URI, relation) pairs, best first."""


@dataclass(frozen=True, slots=True)
class ForeignName:
    """A name in another scheme (``rome``, ``competent``); ``targets`` is empty where the scheme maps it to nothing."""

    scheme: str
    code: str
    lang: str
    name: str
    targets: Targets


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """Occupations and competences with their labels and relations; rows follow `occupations` and `competences`.

    Parameters
    ----------
    version
        Names the classification and every crosswalk in it, with their digests.
    occupations, competences
        URIs, sorted.
    occupation_index, competence_index
        URI -> row.
    labels
        Language -> URI -> (preferred, alternatives...); also for groups. A missing label is a missing key.
    descriptions
        Language -> URI -> what the concept is, in words; a missing one is a missing key.
    isco
        Per occupation its ISCO-08 unit group (4 digits), or ``""`` when unknown.
    competence_type
        Per competence ``skill``, ``knowledge``, ``language`` or ``""``.
    groups, competence_group
        URIs of competence groups, and per competence the row of its smallest group (int32, -1: none).
    essential_start, essential_competence, optional_start, optional_competence
        Per occupation the competences it needs (CSR: int64[n_occupations + 1], int32[]).
    related_start, related_competence, related_credit
        Per *held* competence the *asked* competences it partly covers, highest credit first (CSR:
        int64[n_competences + 1], int32[], uint8[] of 1-252). The competence itself is not listed.
    occupation_similarity
        uint8[n_occupations, n_occupations], symmetric, 252 on the diagonal.
    codes
        Kind -> ``scheme:CODE`` -> targets.
    names
        Kind -> names of other schemes.
    """

    version: str
    occupations: tuple[str, ...]
    competences: tuple[str, ...]
    occupation_index: Mapping[str, int]
    competence_index: Mapping[str, int]
    labels: Mapping[str, Mapping[str, tuple[str, ...]]]
    descriptions: Mapping[str, Mapping[str, str]]
    isco: tuple[str, ...]
    competence_type: tuple[str, ...]
    groups: tuple[str, ...]
    competence_group: NDArray[np.int32]
    essential_start: NDArray[np.int64]
    essential_competence: NDArray[np.int32]
    optional_start: NDArray[np.int64]
    optional_competence: NDArray[np.int32]
    related_start: NDArray[np.int64]
    related_competence: NDArray[np.int32]
    related_credit: NDArray[np.uint8]
    occupation_similarity: NDArray[np.uint8]
    codes: Mapping[str, Mapping[str, Targets]]
    names: Mapping[str, tuple[ForeignName, ...]]

    def concepts(self, kind: str) -> tuple[str, ...]:
        """URIs of one kind (``occupation`` or ``competence``), in row order."""
        return self.occupations if kind == "occupation" else self.competences

    def index(self, kind: str) -> Mapping[str, int]:
        """URI -> row of one kind."""
        return self.occupation_index if kind == "occupation" else self.competence_index

    def label(self, uri: str, lang: str) -> str:
        """Preferred label in `lang`, else in French, Dutch or English, else in any language, else the URI's tail."""
        for language in (lang, *LANGUAGES_OF_SERVICE, *sorted(self.labels)):
            known = self.labels.get(language, {}).get(uri)
            if known:
                return known[0]
        return uri.rstrip("/").replace("#", "/").rsplit("/", 1)[-1].rsplit(":", 1)[-1]

    @cached_property
    def isco_rows(self) -> Mapping[str, tuple[int, ...]]:
        """ISCO-08 code of 1 to 4 digits -> rows of its occupations."""
        rows: dict[str, list[int]] = {}
        for row, code in enumerate(self.isco):
            for digits in range(1, len(code) + 1):
                rows.setdefault(code[:digits], []).append(row)
        return {code: tuple(found) for code, found in rows.items()}

    @cached_property
    def akin(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Per occupation those at least as alike as `AKIN`, itself included, most alike first.

        CSR: int64[n_occupations + 1], int32[].
        """
        row, other = np.nonzero(self.occupation_similarity >= AKIN)
        order = np.lexsort((other, -self.occupation_similarity[row, other].astype(np.int64), row))
        start = np.searchsorted(row[order], np.arange(len(self.occupations) + 1))
        return start.astype(np.int64), other[order].astype(np.int32)

    def resolve(self, kind: str, value: str) -> Targets:
        """Find the concepts of a URI or a code with its scheme, best first; empty when unknown.

        Accepted are a URI of this taxonomy, ``isco:5153`` (or an ISCO URI ending in ``C5153``, or ``urn:isco:08:5153``)
        for occupations, ``esco:5153.1`` where the classification has codes, and codes of imported crosswalks
        (``rome:K1302``, ``rome:11385``, ``competent:KN-10``).
        """
        value = value.strip()
        if value in self.index(kind):
            return ((value, "exact"),)
        scheme, _, code = value.partition(":")
        found = self.codes.get(kind, {}).get(code_key(scheme, code), ())
        isco = isco_digits(value) if kind == "occupation" and not found else None
        if isco is not None:
            found = tuple((self.occupations[row], "group") for row in self.isco_rows.get(isco, ()))
        return found


def code_key(scheme: str, code: str) -> str:
    """Write a code with its scheme in the one form used as a key.

    >>> code_key("ROME", " k1302")
    'rome:K1302'
    """
    return f"{scheme.strip().lower()}:{code.strip().upper()}"


def isco_digits(value: str) -> str | None:
    """Digits of an ISCO-08 group written as a code or a URI; ``None`` when it is neither.

    >>> isco_digits("isco:5153"), isco_digits("http://data.europa.eu/esco/isco/C515"), isco_digits("rome:K1302")
    ('5153', '515', None)
    """
    lowered = value.lower()
    if "isco" not in lowered.rpartition(":")[0] and "/isco/" not in lowered:
        return None
    tail = lowered.rpartition("/" if "/isco/" in lowered else ":")[2].removeprefix("c")
    return tail if tail.isdigit() and len(tail) <= 4 else None


def quantise(values: NDArray[np.floating[Any]]) -> NDArray[np.uint8]:
    """Round values in [0, 1] to steps of 1/252.

    >>> quantise(np.array([0.0, 0.5, 1.0])).tolist()
    [0, 126, 252]
    """
    steps: NDArray[np.uint8] = np.rint(values * np.float32(STEPS)).astype(np.uint8)
    return steps


def incidence(lists: Sequence[Sequence[int]], n_columns: int) -> sparse.csr_array:
    """Matrix of ones, int64[len(lists), n_columns], from the column numbers of each row (repeats count once)."""
    rows = [sorted(set(row)) for row in lists]
    start = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    columns = np.fromiter((c for row in rows for c in row), dtype=np.int32, count=int(start[-1]))
    return sparse.csr_array((np.ones(len(columns), dtype=np.int64), columns, start), shape=(len(rows), n_columns))


def ancestors(broader: Sequence[Sequence[int]]) -> list[set[int]]:
    """Per row all rows above it; a circle in the data is walked once and never contains the row itself."""
    above: list[set[int]] = []
    for row, parents in enumerate(broader):
        seen: set[int] = set()
        stack = list(parents)
        while stack:
            parent = stack.pop()
            if parent not in seen and parent != row:
                seen.add(parent)
                stack.extend(broader[parent])
        above.append(seen)
    return above


def smallest_groups(direct: Sequence[Sequence[int]], broader: Sequence[Sequence[int]], n_groups: int) -> NDArray[np.int32]:
    """Per competence its smallest group (fewest competences, then lowest row), int32, -1 for none.

    A competence that stands under no group itself takes the groups of the nearest competences above it.
    """
    groups = [sorted(set(own)) for own in direct]
    for row in range(len(groups)):
        level, seen = {row}, {row}
        while level and not groups[row]:
            level = {parent for child in level for parent in broader[child]} - seen
            seen |= level
            groups[row] = sorted({g for parent in level for g in direct[parent]})
    size = np.bincount([g for own in groups for g in own], minlength=n_groups)
    return np.array([min(own, key=lambda g: (size[g], g)) if own else -1 for own in groups], dtype=np.int32)


def related_competences(
    broader: Sequence[Sequence[int]],
    group: NDArray[np.int32],
    essential: sparse.csr_array,
    parts: Sequence[Sequence[int]],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.uint8]]:
    """Compute the credit that a held competence gives towards an asked one, the highest of several reasons.

    - 0.8 when the held one is narrower than the asked one (at any distance), 0.5 when it is broader;
    - 0.4 when the held one is listed as essential for the asked one;
    - 0.25 when both have the same smallest group and that group has at most 40 competences;
    - 0.6 x j when the sets of occupations for which they are essential overlap by j (Jaccard) >= 0.25, with at least
      three occupations in common.

    Each competence keeps its 60 highest credits; ties go to the lowest row.

    Parameters
    ----------
    broader
        Per competence the rows directly above it.
    group
        int32[n_competences], smallest group or -1.
    essential
        [n_occupations, n_competences], 1 where the competence is essential for the occupation.
    parts
        Per competence the rows that are essential *for it*.

    Returns
    -------
    start, competence, credit
        CSR by held competence: int64[n + 1], int32[], uint8[]; see `Taxonomy`.
    """
    n = len(broader)
    pieces = [
        *_up_and_down(broader),
        _pairs([(part, whole, HELD_PART) for whole, row in enumerate(parts) for part in row]),
        _same_group(group),
        _common_use(essential),
    ]
    held = np.concatenate([p[0] for p in pieces]).astype(np.int64)
    asked = np.concatenate([p[1] for p in pieces]).astype(np.int64)
    credit = quantise(np.concatenate([p[2] for p in pieces]))
    keep = (held != asked) & (credit > 0)
    held, asked, credit = held[keep], asked[keep], credit[keep]
    best = np.lexsort((-credit.astype(np.int64), asked, held))
    held, asked, credit = held[best], asked[best], credit[best]
    first = np.ones(len(held), dtype=np.bool_)
    first[1:] = (held[1:] != held[:-1]) | (asked[1:] != asked[:-1])
    held, asked, credit = held[first], asked[first], credit[first]
    order = np.lexsort((asked, -credit.astype(np.int64), held))
    held, asked, credit = held[order], asked[order], credit[order]
    start = np.searchsorted(held, np.arange(n + 1))
    kept = np.arange(len(held)) - start[held] < MOST_RELATED
    new_start = np.searchsorted(held[kept], np.arange(n + 1)).astype(np.int64)
    return new_start, asked[kept].astype(np.int32), credit[kept]


Triples = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]


def _pairs(triples: Sequence[tuple[int, int, float]]) -> Triples:
    held, asked, credit = zip(*triples, strict=True) if triples else ((), (), ())
    return np.array(held, dtype=np.int64), np.array(asked, dtype=np.int64), np.array(credit, dtype=np.float64)


def _up_and_down(broader: Sequence[Sequence[int]]) -> tuple[Triples, Triples]:
    lines = [(row, parent) for row, above in enumerate(ancestors(broader)) for parent in above]
    up = _pairs([(row, parent, HELD_NARROWER) for row, parent in lines])
    return up, (up[1], up[0], np.full(len(lines), HELD_BROADER))


def _same_group(group: NDArray[np.int32]) -> Triples:
    known = np.flatnonzero(group >= 0)
    by_group = known[np.argsort(group[known], kind="stable")]
    members = np.split(by_group, np.flatnonzero(np.diff(group[by_group])) + 1)
    small = [m for m in members if 1 < len(m) <= SMALL_GROUP]
    held = np.concatenate([np.repeat(m, len(m)) for m in small] or [np.zeros(0, dtype=np.int64)])
    asked = np.concatenate([np.tile(m, len(m)) for m in small] or [np.zeros(0, dtype=np.int64)])
    return held, asked, np.full(len(held), SAME_GROUP)


def _common_use(essential: sparse.csr_array) -> Triples:
    uses = np.asarray(essential.sum(axis=0)).ravel()
    common = (essential.T @ essential).tocoo()
    enough = (common.data >= COMMON_USE_OCCUPATIONS) & (common.row != common.col)
    held, asked, shared = common.row[enough], common.col[enough], common.data[enough]
    overlap = shared / (uses[held] + uses[asked] - shared)
    close = overlap >= COMMON_USE_FLOOR
    return held[close].astype(np.int64), asked[close].astype(np.int64), COMMON_USE * overlap[close]


def similar_occupations(
    isco: Sequence[str], broader: Sequence[Sequence[int]], essential: sparse.csr_array
) -> NDArray[np.uint8]:
    """Compute how alike two occupations are, from the tree and from the work.

    Tree: 0.8 directly broader or narrower; else 0.6, 0.35 or 0.12 for the same first 4, 3 or 2 digits of ISCO-08.
    Work: 0.9 x cosine of the essential competences, each weighted by ``log((n + 1) / uses)`` with `n` the occupations
    that have any. Similarity is ``max(tree, work) + 0.1 x min(tree, work)``, at most 251/252 for two different
    occupations. An occupation without essential competences is compared by the tree alone.

    Returns
    -------
    uint8[n_occupations, n_occupations]
        Symmetric, 252 on the diagonal.
    """
    n = len(isco)
    tree = np.zeros((n, n), dtype=np.float32)
    for digits, value in SAME_ISCO:
        heads = np.array([code[:digits] if len(code) >= digits else f"?{row}" for row, code in enumerate(isco)])
        _, numbers = np.unique(heads, return_inverse=True)
        tree[numbers[:, None] == numbers[None, :]] = value
    children = np.array([row for row, parents in enumerate(broader) for _ in parents], dtype=np.int64)
    parents_of = np.array([parent for parents in broader for parent in parents], dtype=np.int64)
    tree[children, parents_of] = tree[parents_of, children] = DIRECT_KIN
    work = _shared_work(essential)
    combined = np.minimum(np.maximum(tree, work) + np.float32(AGREEMENT) * np.minimum(tree, work), np.float32(1))
    result = np.minimum(quantise(combined), np.uint8(STEPS - 1))
    np.fill_diagonal(result, STEPS)
    return result


def _shared_work(essential: sparse.csr_array) -> NDArray[np.float32]:
    uses = np.asarray(essential.sum(axis=0)).ravel()
    working = int((np.diff(essential.indptr) > 0).sum())
    weight = np.where(uses > 0, np.log((working + 1) / np.maximum(uses, 1)), 0.0)
    weighted = sparse.csr_array(essential.multiply(weight[None, :]).tocsr(), dtype=np.float64)
    norm = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    scale: Any = sparse.diags_array(np.divide(1.0, norm, out=np.zeros_like(norm), where=norm > 0))
    unit = (scale @ weighted).tocsr()
    # Sums in another order may differ in the last bit: take one triangle, so that the result is symmetric.
    lower: NDArray[np.float32] = sparse.tril(SHARED_WORK * (unit @ unit.T)).astype(np.float32).toarray()
    return np.maximum(lower, lower.T)
