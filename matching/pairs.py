"""Pairs of a profile and an offer compared with everything that explains them, many in one call of compiled code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from matching import rules
from matching.bounds import Scale, clear_credit, spread_credit
from matching.comparisons import N_COMPARISONS, NOT_ASKED, fill
from matching.comparisons.availability import journey
from matching.comparisons.comparison import World, compiled
from matching.kernel import suitable, total
from matching.rules import check
from matching.vectors import Longs, Offers, Profiles
from models.match_model import MatchModel, spread


@dataclass(frozen=True, slots=True)
class Match:
    """A scored (profile, offer).

    ``values`` are the steps of the comparisons, in order; ``contributions`` what each adds; ``coverage`` the share of the
    weight that rested on known data. ``failed`` and ``to_check`` name rules.
    """

    profile_id: str
    offer_id: str
    rank: int
    score: float
    band: str
    coverage: float
    values: bytes
    contributions: tuple[float, ...]
    failed: tuple[str, ...]
    to_check: tuple[str, ...]
    credit: Mapping[str, int] = field(repr=False, compare=False)
    journey: tuple[int, int, bool] = field(repr=False, compare=False)
    proposed: int = field(default=0, repr=False, compare=False)


class Pairs(NamedTuple):
    """Pairs as they were compared; one row for each.

    ``values`` (pairs, comparisons): steps. ``score`` (pairs,): log-odds; ``fits`` (pairs,): whether it may be suggested.
    ``rules`` (pairs, 2): bits of the rules that failed, and of those that could not be checked. ``journey`` (pairs, 3):
    minutes, position of the mode, 1 if imported. ``credit``: steps for the competences that the offers ask, one pair after
    the other, and ``asked`` the rows of these competences; those of a pair stand from ``start`` (pairs + 1,) on. ``proposed``
    (pairs,): people to whom the offer was proposed already.
    """

    values: Longs
    score: npt.NDArray[np.float64]
    fits: npt.NDArray[np.bool_]
    rules: Longs
    journey: Longs
    start: Longs
    credit: npt.NDArray[np.uint8]
    asked: npt.NDArray[np.int32]
    proposed: npt.NDArray[np.int32]


def compare_pairs(
    profiles: Profiles, first: Longs, offers: Offers, second: Longs, world: World, scale: Scale, n_competences: int
) -> Pairs:
    """Compare row ``first[k]`` of the profiles with row ``second[k]`` of the offers, for each ``k``."""
    n, rows = len(first), offers.rows[second]
    start = np.concatenate([[0], np.cumsum(rows["asked_end"] - rows["asked_start"])]).astype(np.int64)
    found = Pairs(
        values=np.empty((n, N_COMPARISONS), dtype=np.int64),
        score=np.empty(n),
        fits=np.empty(n, dtype=np.bool_),
        rules=np.empty((n, 2), dtype=np.int64),
        journey=np.empty((n, 3), dtype=np.int64),
        start=start,
        credit=np.empty(int(start[-1]), dtype=np.uint8),
        asked=np.empty(int(start[-1]), dtype=np.int32),
        proposed=offers.proposed[second],
    )
    _compare(profiles, first, offers, second, world, scale, np.zeros(n_competences, dtype=np.uint8), *found[:-1])
    return found


@compiled
def _compare(
    p: Any, first: Any, o: Any, second: Any, w: Any, t: Any, can: Any,
    values: Any, score: Any, fits: Any, bits: Any, travelled: Any, start: Any, credit: Any, asked: Any,
) -> None:  # fmt: skip
    """Fill `Pairs`; ``can`` (competences,) holds zeros."""
    for k in range(len(first)):
        i = first[k]
        j = second[k]
        spread_credit(p, i, w, can)
        fill(p, i, o, j, w, can, values[k])
        bits[k, 0], bits[k, 1] = check(p, i, o, j, w)
        score[k], evidence = total(values[k], t.tables, t.intercept)
        fits[k] = suitable(o.rows[j].kind, values[k], evidence, t.floors)
        travelled[k, 0], travelled[k, 1], travelled[k, 2] = journey(p, i, o, j, w)
        at = start[k]
        for a in range(o.rows[j].asked_start, o.rows[j].asked_end):
            asked[at] = o.asked[a, 0]
            credit[at] = can[asked[at]]
            at += 1
        clear_credit(p, i, w, can)


def as_matches(
    pairs: Pairs, profile_ids: Sequence[str], offer_ids: Sequence[str], competences: Sequence[str], model: MatchModel,
    tables: npt.NDArray[np.float64],
) -> list[Match]:  # fmt: skip
    """Give pairs as matches of rank 1; ``tables`` are those of ``model`` with the weights of the request."""
    weight = spread(tables)
    if not weight.any():  # every weight of the request is 0
        weight = model.weight
    coverage = (weight * (pairs.values <= NOT_ASKED)).sum(axis=1) / weight.sum()
    scores, shares, steps = pairs.score.tolist(), coverage.tolist(), pairs.values.tolist()
    added = tables[np.arange(len(tables)), pairs.values].tolist()
    broken, travelled, proposed = pairs.rules.tolist(), pairs.journey.tolist(), pairs.proposed.tolist()
    credit = _credits(pairs, competences)
    return [
        Match(
            profile_id=profile_id,
            offer_id=offer_id,
            rank=1,
            score=scores[k],
            band=model.band(scores[k]) if pairs.fits[k] else "none",
            coverage=shares[k],
            values=bytes(steps[k]),
            contributions=tuple(added[k]),
            failed=_names(broken[k][0]),
            to_check=_names(broken[k][1]),
            credit=credit[k],
            journey=(travelled[k][0], travelled[k][1], bool(travelled[k][2])),
            proposed=proposed[k],
        )
        for k, (profile_id, offer_id) in enumerate(zip(profile_ids, offer_ids, strict=True))
    ]


def _credits(pairs: Pairs, competences: Sequence[str]) -> list[dict[str, int]]:
    """Give, for each pair, the step of credit of each competence that the offer asks, by URI."""
    asked, steps = [competences[c] for c in pairs.asked.tolist()], pairs.credit.tolist()
    return [dict(zip(asked[a:b], steps[a:b], strict=True)) for a, b in pairwise(pairs.start.tolist())]


@cache
def _names(bits: int) -> tuple[str, ...]:
    """Name the rules of a bit mask; few of the possible masks occur."""
    return tuple(rule.name for rule in rules.named(bits))
