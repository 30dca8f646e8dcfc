"""The stock: offers arranged so that a search need not look at each of them.

Offers stand by kind, occupation, months of experience asked, and id. All of one kind and occupation are a *unit*, all of
one unit that ask the same experience a *run*: what depends on the profession is computed once for each. Whatever else
comparisons and rules read of an offer is cut into *facets*, groups of fields of which only a few combinations occur: what
depends on a facet is computed once for each *value* that occurs, with an offer that has it. Nothing is computed in two ways.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from matching import vectors
from matching.codes import Kind
from matching.comparisons import COMPARISONS, NAMES
from matching.geography import Geography
from matching.ragged import names_of, take
from matching.records import Offer
from matching.rules import RULES
from matching.taxonomy import Taxonomy
from matching.vectors import KINDS, LEVELS, Ints, Longs, Offers, Profiles

FACETS: Final[tuple[tuple[str, ...], ...]] = (
    ("place", "shifts", "remote"),
    ("language", "languages_stated"),
    ("education", "wanted", "own_car", "licences_stated", "legal"),
    ("hours_min", "hours_max", "contract", "kind"),
    ("shifts", "days"),
    ("start",),
    ("checked",),
    ("left", "proposed"),
    ("closed_on", "valid_through"),
    ("audience", "kind"),
    ("employer",),
    ("sector", "sector_end"),
    ("occupation",),
)
"""Fields of each facet; those that comparisons read come first."""
SEARCHED: Final = ("profession_sought", "profession_done", "competences_mandatory", "competences_desired", "competences_used")
"""Comparisons that have too many different values for a facet: the search computes them itself."""



def _facet(asks: Sequence[str]) -> int:
    """Give the first facet that holds everything that is asked; what asks nothing stands with the last."""
    return next(f for f, fields in enumerate(FACETS) if set(asks) <= set(fields)) if asks else len(FACETS) - 1


FACET_OF_COMPARISON: Final = tuple(-1 if c.name in SEARCHED else _facet(c.asks) for c in COMPARISONS)
"""Position of each comparison's facet; -1 for those of `SEARCHED`."""
FACET_OF_RULE: Final = tuple(_facet(rule.asks) for rule in RULES)
N_FACETS: Final = len(FACETS)
N_GRADED: Final = 1 + max(FACET_OF_COMPARISON)
"""Facets that comparisons read."""
EXPOSURE: Final = FACET_OF_COMPARISON[NAMES.index("exposure")]


class Groups(NamedTuple):
    """How the rows of `Offers` are grouped.

    ``rank`` (offers,): place in the order of ids, which decides ties. ``unit`` (units + 1,): first run of each unit;
    ``run`` (runs + 1,): first row of each run. ``kind``, ``occupation`` (units,): occupation -1 when it is not linked.
    ``asking_start``, ``asking``: per competence the units of which any offer asks it. ``vacancies`` (occupations + 1,): the
    unit of the vacancies of each occupation, the last for those that are not linked; -1 none. ``facet`` (facets + 1,):
    where the values of each facet stand in ``samples``, which holds an offer for each value; ``code`` (offers, graded
    facets), ``rule_code`` (offers, other facets): the value that each offer has; unsigned, so that compiled code need not look
    for negative positions.
    """

    rank: Ints
    unit: Longs
    run: Longs
    kind: npt.NDArray[np.int8]
    occupation: Ints
    asking_start: Longs
    asking: Ints
    vacancies: Ints
    facet: Longs
    samples: Offers
    code: npt.NDArray[np.uint32]
    rule_code: npt.NDArray[np.uint32]


@dataclass(frozen=True, eq=False, slots=True)
class Stock:
    """Offers as the engine searches them; immutable.

    ``ids`` (offers,), UTF-8. ``digests`` (offers,): of each stored record, empty when not stored. ``courses`` (n, 2): rows of
    the trainings that grant Dutch, and the position of the level they lead to.
    """

    ids: npt.NDArray[np.bytes_]
    digests: npt.NDArray[np.bytes_]
    offers: Offers
    groups: Groups
    courses: Ints

    def id(self, row: int) -> str:
        """Give the id of an offer."""
        return bytes(self.ids[row]).decode()


def build(offers: Sequence[Offer], taxonomy: Taxonomy, geography: Geography, groups: Sequence[str]) -> Stock:
    """Arrange offers, given in any order."""
    ids = np.array([offer.id.encode() for offer in offers], dtype=np.bytes_)
    leads_to = np.array([dutch_level(offer) for offer in offers], dtype=np.int32)
    return arrange(ids, vectors.offers(offers, taxonomy, geography, groups), leads_to, taxonomy)


def arrange(
    ids: npt.NDArray[np.bytes_], offers: Offers, leads_to: Ints, taxonomy: Taxonomy, digests: npt.NDArray[np.bytes_] | None = None
) -> Stock:
    """Arrange offers, given in any order.

    Parameters
    ----------
    ids, offers
        The external ids, and the same offers as arrays.
    leads_to
        (offers,): the position of the Dutch level that a training leads to; -1 for others (`dutch_level`).
    taxonomy
        Whose occupations and competences the offers name.
    digests
        Of the stored records.
    """
    rank = np.empty(len(ids), dtype=np.int32)
    rank[np.argsort(ids, kind="stable")] = np.arange(len(ids), dtype=np.int32)
    order = np.lexsort((rank, offers.rows["experience"], offers.rows["occupation"], offers.rows["kind"]))
    arranged = take(offers, order)
    courses = np.flatnonzero(leads_to[order] >= 0)
    return Stock(
        ids=ids[order],
        digests=np.full(len(ids), b"") if digests is None else digests[order],
        offers=arranged,
        groups=_groups(arranged, rank[order], len(taxonomy.occupations), len(taxonomy.competences)),
        courses=np.stack([courses, leads_to[order][courses]], axis=1).astype(np.int32),
    )


def levels(stock: Stock) -> Ints:
    """Give ``levels`` of `arrange` for a stock."""
    found = np.full(len(stock.ids), -1, dtype=np.int32)
    found[stock.courses[:, 0]] = stock.courses[:, 1]
    return found


def dutch_level(offer: Offer) -> int:
    """Give the position of the level of Dutch that a training leads to; -1 when it leads to none."""
    granted = offer.grants.languages if offer.kind == Kind.TRAINING and offer.grants is not None else ()
    return max((LEVELS.index(g.level) for g in granted if g.code == "nl" and g.level is not None), default=-1)


def with_proposals(stock: Stock, proposed: Mapping[str, int]) -> Stock:
    """Give the same stock with the people proposed already for each offer, by id."""
    counts = np.zeros(len(stock.ids), dtype=np.int32)
    if proposed:
        by_rank = np.argsort(stock.groups.rank)
        wanted = np.array([name.encode() for name in proposed])
        at = np.searchsorted(stock.ids, wanted, sorter=by_rank)
        there = at < len(by_rank)
        rows = by_rank[at[there]]
        same = stock.ids[rows] == wanted[there]
        counts[rows[same]] = np.array(list(proposed.values()), dtype=np.int32)[there][same]
    offers = stock.offers._replace(proposed=counts)
    code = np.concatenate([stock.groups.code, stock.groups.rule_code], axis=1)
    kept = [code[:, f] - start for f, start in enumerate(stock.groups.facet[:-1])]
    kept[EXPOSURE] = _distinct([offers.rows["left"], counts])
    return Stock(stock.ids, stock.digests, offers, stock.groups._replace(**_values(offers, kept)), stock.courses)


def keys(profiles: Profiles) -> Ints:
    """Give ``key`` of `Profiles`: one number per profile and graded facet."""
    if len(profiles.rows) <= 1:  # the profile of a request, or nobody: nothing to compare with
        return np.zeros((len(profiles.rows), N_GRADED), dtype=np.int32)
    found = []
    for f in range(N_GRADED):
        told = {field for c, at in zip(COMPARISONS, FACET_OF_COMPARISON, strict=True) if at == f for field in c.tells}
        columns = [profiles.level if name == "level" else profiles.rows[name] for name in sorted(told)]
        flat = [np.ascontiguousarray(column).view(np.uint8).reshape(len(profiles.rows), -1) for column in columns]
        rows = np.concatenate([*flat, np.zeros((len(profiles.rows), 1), dtype=np.uint8)], axis=1)
        whole = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.shape[1]))).ravel()
        found.append(np.unique(whole, return_inverse=True)[1])
    return np.stack(found, axis=1).astype(np.int32)


def _groups(offers: Offers, rank: Ints, n_occupations: int, n_competences: int) -> Groups:
    rows = offers.rows
    run = _starts([rows["kind"], rows["occupation"], rows["experience"]])
    first = rows[run[:-1]]
    unit = _starts([first["kind"], first["occupation"]])
    head = first[unit[:-1]]
    vacancies = np.full(n_occupations + 1, -1, dtype=np.int32)
    paid = np.flatnonzero(head["kind"] == KINDS.index(Kind.VACANCY))
    vacancies[head["occupation"][paid]] = paid  # -1, not linked, is the last
    asking_start, asking = _asking(offers, run[unit], n_competences)
    codes = [_distinct([_column(offers, name) for name in fields]) for fields in FACETS]
    return Groups(
        rank=rank,
        unit=unit,
        run=run,
        kind=np.ascontiguousarray(head["kind"]),
        occupation=np.ascontiguousarray(head["occupation"]),
        asking_start=asking_start,
        asking=asking,
        vacancies=vacancies,
        **_values(offers, codes),
    )


def _asking(offers: Offers, unit_rows: Longs, n_competences: int) -> tuple[Longs, Ints]:
    """Give per competence the units of which any offer asks it; ``unit_rows`` (units + 1,): where the units stand."""
    asks = offers.rows["asked_end"] - offers.rows["asked_start"]
    unit = np.repeat(np.repeat(np.arange(len(unit_rows) - 1), np.diff(unit_rows)), asks)
    n_units = max(len(unit_rows) - 1, 1)
    pairs = np.unique(offers.asked[:, 0].astype(np.int64) * n_units + unit)
    start = np.searchsorted(pairs // n_units, np.arange(n_competences + 1))
    return start.astype(np.int64), (pairs % n_units).astype(np.int32)


def _starts(columns: Sequence[npt.NDArray[Any]]) -> Longs:
    """Give where something changes in columns that are sorted together: the first of each group, and the end."""
    n = len(columns[0])
    changed = np.zeros(max(n - 1, 0), dtype=np.bool_)
    for column in columns:
        changed |= column[1:] != column[:-1]
    return np.concatenate([np.zeros(min(n, 1)), np.flatnonzero(changed) + 1, [n]]).astype(np.int64)


def _column(offers: Offers, name: str) -> npt.NDArray[Any]:
    """Give one field of every offer; for a list, a number for each different list."""
    if name == "proposed":
        return offers.proposed
    if f"{name}_start" not in names_of(offers):
        column: npt.NDArray[Any] = offers.rows[name]
        return np.nan_to_num(column, nan=-1.0) if name.startswith("hours") else column
    flat, seen = getattr(offers, name), dict[bytes, int]()
    bounds = zip(offers.rows[f"{name}_start"].tolist(), offers.rows[f"{name}_end"].tolist(), strict=True)
    return np.fromiter((seen.setdefault(flat[a:b].tobytes(), len(seen)) for a, b in bounds), dtype=np.int64)


def _distinct(columns: Sequence[npt.NDArray[Any]]) -> Longs:
    """Give each different combination of some columns a number."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        values, number = np.unique(column, return_inverse=True)
        code = np.unique(code * max(len(values), 1) + number, return_inverse=True)[1]
    return code


def _values(offers: Offers, codes: Sequence[Longs]) -> dict[str, Any]:
    """Lay the values of all facets out one after the other: the last fields of `Groups`."""
    samples = [np.unique(code, return_index=True)[1] for code in codes]
    facet = np.cumsum([0, *map(len, samples)], dtype=np.int64)
    code = np.stack([code + start for code, start in zip(codes, facet[:-1], strict=True)], axis=1).astype(np.uint32)
    return {
        "facet": facet,
        "samples": take(offers, np.concatenate(samples)),
        "code": np.ascontiguousarray(code[:, :N_GRADED]),
        "rule_code": np.ascontiguousarray(code[:, N_GRADED:]),
    }
