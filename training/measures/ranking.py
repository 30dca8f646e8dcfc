"""How high a list puts what led to a hire: one number per list, then per person, then a mean with its interval."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from matching.codes import Event, Words
from training.history import Days, Floats, History, Rows
from training.measures.intervals import DRAWS, Estimate, clustered_mean
from training.measures.jobs import FIRST_DAY, key, last_before

GAINS: Final[Mapping[str, int]] = {Event.APPLIED.value: 1, Event.INTERVIEWED.value: 2, Event.HIRED.value: 3}
"""What an outcome is worth in nDCG; anything else is worth 0."""
HIRE: Final = 3
CUTS: Final = (1, 5, 10, 20)
DEPTHS: Final = (0.01, 0.05)
"""Parts of the stock at which recall is measured."""

RANKING_WORDS: Final[Words] = {
    "hit@1": ("l'emploi trouvé est en tête de liste", "de gevonden job staat bovenaan", "the job found is first in the list"),
    "hit@5": ("… parmi les 5 premiers", "… bij de eerste 5", "… among the first 5"),
    "hit@10": ("… parmi les 10 premiers", "… bij de eerste 10", "… among the first 10"),
    "hit@20": ("… parmi les 20 premiers", "… bij de eerste 20", "… among the first 20"),
    "mrr": (
        "1 divisé par le rang de l'emploi trouvé (1 : toujours en tête)",
        "1 gedeeld door de plaats van de gevonden job (1: altijd bovenaan)",
        "1 over the rank of the job found (1: always first)",
    ),
    "ndcg@10": (
        "qualité de l'ordre des 10 premiers (engagement 3, entretien 2, candidature 1 ; 1 : parfait)",
        "kwaliteit van de volgorde van de eerste 10 (aanwerving 3, gesprek 2, sollicitatie 1; 1: perfect)",
        "quality of the order of the first 10 (hire 3, interview 2, application 1; 1: perfect)",
    ),
    "recall@1%": (
        "part des emplois trouvés dans le premier centième des offres",
        "deel van de gevonden jobs in het eerste honderdste van het aanbod",
        "share of the jobs found in the first hundredth of the offers",
    ),
    "recall@5%": (
        "part des emplois trouvés dans le premier vingtième des offres",
        "deel van de gevonden jobs in het eerste twintigste van het aanbod",
        "share of the jobs found in the first twentieth of the offers",
    ),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """Lists with what became of what stands in them.

    Attributes
    ----------
    lists, rank, gain
        (n,) row of the list, rank from 1 (0: not in the list, though something became of it), and gain (`GAINS`).
        Rows without gain may be left out.
    person
        (n_lists,) whom each list is about: the cluster.
    stock
        (n_lists,) offers that could have stood in it; 0 where nobody knows.
    """

    lists: Rows
    rank: Rows
    gain: Rows
    person: Rows
    stock: Rows


def ranks_of(lists: Rows, score: npt.ArrayLike, ids: npt.NDArray[Any]) -> Rows:
    """Rank rows within their lists by (-score, id), as the service does: (n,), from 1."""
    order = np.lexsort((ids, -np.asarray(score, dtype=np.float64), lists))
    grouped = lists[order]
    first = np.flatnonzero(np.concatenate([[True], grouped[1:] != grouped[:-1]])) if len(grouped) else np.zeros(0, np.int64)
    ranks = np.empty(len(lists), dtype=np.int64)
    ranks[order] = np.arange(len(lists)) - np.repeat(first, np.diff(np.append(first, len(lists)))) + 1
    return ranks


def measures(judged: Judged) -> dict[str, Floats]:
    """Give each measure for each list: name -> (n_lists,).

    ``hit@k``: a hire stands among the first k (for a list of people, *success@k*: one of them was hired). ``mrr``: 1 / rank of
    the first hire, 0 when none is in the list. ``recall@1%``: share of the hires within that part of the stock, rounded up. All
    are NaN for a list without hire, recall also where the stock is unknown. ``ndcg@10``: sum of gain / log2(rank + 1) over the
    first ten, over the largest possible (Järvelin and Kekäläinen 2002, ACM TOIS 20, with linear gains); NaN without any gain.
    """
    n = len(judged.person)
    hire, listed = judged.gain == HIRE, judged.rank > 0
    hires = np.bincount(judged.lists[hire], minlength=n).astype(np.float64)
    best = np.full(n, np.inf)
    np.minimum.at(best, judged.lists[hire & listed], judged.rank[hire & listed].astype(np.float64))
    some = np.where(hires > 0, 1.0, np.nan)
    found = {f"hit@{cut}": np.where(best <= cut, 1.0, 0.0) * some for cut in CUTS}
    found["mrr"] = some / best
    found["ndcg@10"] = _ndcg(judged, n, 10)
    with np.errstate(invalid="ignore", divide="ignore"):
        for depth in DEPTHS:
            within = hire & listed & (judged.rank <= np.ceil(depth * judged.stock)[judged.lists])
            share = np.bincount(judged.lists[within], minlength=n) / hires
            found[f"recall@{depth:.0%}"] = np.where((hires > 0) & (judged.stock > 0), share, np.nan)
    return found


def _ndcg(judged: Judged, n: int, cut: int) -> Floats:
    worth = judged.gain > 0
    lists, gain, rank = judged.lists[worth], judged.gain[worth].astype(np.float64), judged.rank[worth]
    ideal = ranks_of(lists, gain, np.arange(len(lists)))
    top = (rank > 0) & (rank <= cut)
    got = np.bincount(lists[top], gain[top] / np.log2(rank[top] + 1), minlength=n)
    most = np.bincount(lists, np.where(ideal <= cut, gain / np.log2(ideal + 1), 0.0), minlength=n)
    with np.errstate(invalid="ignore"):
        return np.asarray(got / most)


def by_person(judged: Judged, values: Mapping[str, Floats]) -> tuple[Rows, dict[str, Floats]]:
    """Give the people and one number for each: the mean over their lists; NaN where none of them has one."""
    people, place = np.unique(judged.person, return_inverse=True)
    means = {}
    for name, column in values.items():
        there = np.isfinite(column)
        with np.errstate(invalid="ignore"):
            means[name] = np.bincount(place[there], column[there], minlength=len(people)) / np.bincount(
                place[there], minlength=len(people)
            )
    return people, means


def mean_measures(judged: Judged, rng: np.random.Generator, confidence: float = 0.95, draws: int = DRAWS) -> dict[str, Estimate]:
    """Give the mean of every measure over people, with an interval by drawing people."""
    people, means = by_person(judged, measures(judged))
    if not len(people):
        return {name: Estimate(np.nan, np.nan, np.nan) for name in means}
    found = clustered_mean(np.stack(list(means.values()), axis=1), people, rng, confidence, draws)
    return dict(zip(means, found, strict=True))


def gained(history: History) -> tuple[Rows, Rows, Rows]:
    """Give the pairs of which something became: person, offer, and the largest gain of the events that stand."""
    events = history.events
    gain = np.zeros(len(events.id), dtype=np.int64)
    for event, worth in GAINS.items():
        gain[events.event == event] = worth
    rows = np.flatnonzero(events.stands & (gain > 0) & (events.offer >= 0))
    pairs, place = np.unique(np.stack([events.person[rows], events.offer[rows]], axis=1), axis=0, return_inverse=True)
    most = np.zeros(len(pairs), dtype=np.int64)
    np.maximum.at(most, place.ravel(), gain[rows])
    return pairs[:, 0], pairs[:, 1], most


def judged_as_logged(history: History) -> Judged:
    """Hold the lists that were shown against what became of them.

    Each person who was hired at a vacancy is judged on one list per such hire: the last one shown to them (direction ``suggest``,
    vacancies) not after the first proposal of that vacancy, or its hire where it was never proposed. A vacancy that the list does
    not hold has rank 0; a hire before which the person saw no list is left out. What else became of offers of the list counts
    with its gain. The stock is not in the log: unknown.
    """
    shown, (person, offer, gain) = history.suggestions, gained(history)
    hire = np.flatnonzero((gain == HIRE) & np.isin(history.offers.kind[offer], ["vacancy", ""]))
    moment = _first_proposal(history, person[hire], offer[hire])
    rows = np.flatnonzero(shown.of("suggest") & (shown.kind == "vacancy"))
    day = shown.shown[rows].astype("datetime64[D]")
    nowhere = np.zeros(len(rows), dtype=np.int64)
    last = last_before(key(shown.person[rows], nowhere, day), key(person[hire], np.zeros_like(hire), moment))
    hire, last = hire[last >= 0], last[last >= 0]
    of_list = np.unique(shown.list_id[rows], return_inverse=True)[1].astype(np.int64)
    # Everything that became of anything for the person of each judged list: several hires may be judged on one logged list.
    first, after = (np.searchsorted(person, person[hire], side) for side in ("left", "right"))
    each = np.repeat(np.arange(len(hire)), after - first)
    pair = np.arange(len(each)) + np.repeat(
        first - np.concatenate([[0], np.cumsum(after - first)[:-1]]).astype(np.int64), after - first
    )
    rank = _ranks_in(of_list, shown.offer[rows], shown.rank[rows], of_list[last][each], offer[pair])
    return Judged(each, rank, gain[pair], person[hire], np.zeros(len(hire), dtype=np.int64))


def _first_proposal(history: History, person: Rows, offer: Rows) -> Days:
    """Give the day on which each pair was first proposed, or else hired."""
    events = history.events
    day = np.full(len(person), np.datetime64("9999-12-31", "D"))
    wanted = key(person, offer, np.full(len(person), FIRST_DAY))
    for event in (Event.HIRED, Event.PROPOSED):
        rows = np.flatnonzero(events.stands & (events.event == event.value) & (events.offer >= 0))
        rows = rows[np.argsort(events.on[rows], kind="stable")]
        keys, at = np.unique(key(events.person[rows], events.offer[rows], np.full(len(rows), FIRST_DAY)), return_index=True)
        place = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
        there = keys[place] == wanted if len(keys) else np.zeros(len(wanted), dtype=np.bool_)
        day[there] = np.minimum(day[there], events.on[rows[at[place[there]]]])
    return day


def _ranks_in(lists: Rows, offers: Rows, ranks: Rows, asked_list: Rows, asked_offer: Rows) -> Rows:
    """Give the rank of an offer in a list; 0 where it does not stand there."""
    span = int(max(offers.max(initial=0), asked_offer.max(initial=0))) + 1
    keys = lists * span + offers
    order = np.argsort(keys, kind="stable")
    asked = asked_list * span + asked_offer
    place = np.searchsorted(keys[order], asked)
    found = np.append(order, -1)[place]
    return np.where(np.append(keys, -1)[found] == asked, np.append(ranks, 0)[found], 0)
