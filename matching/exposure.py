"""How evenly offers are shown, and what it costs: the figures of a batch before and after it was spread.

*Exposure* is how often an offer was suggested. *Before* is each profile's plain list, its best pairs by (-score, offer position);
*after* is what an allocation keeps. Offers that are never shown count, with exposure 0. A figure that cannot be computed is NaN.
"""

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matching.allocation import Pairs, most_filled
from matching.codes import Words, word
from matching.flow import Whole

Marks = NDArray[np.bool_]
NAN: Final = float("nan")


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of one batch; each is described by the function of its name, and said by `WORDS`.

    ``coverage_ceiling`` counts the caps that the batch is under: before, the length of a list; after, the places too.
    ``overload`` counts suggestions beyond the places of their offers, ``overfull`` the offers that have such, ``overfull_share``
    their share of all offers. ``empty_lists`` counts profiles that have a pair and no suggestion.
    """

    suggestions: int
    empty_lists: int
    gini: float
    entropy: float
    coverage: float
    coverage_ceiling: float
    overload: int
    overfull: int
    overfull_share: float
    mean_score: float
    mean_rank: float


WORDS: Final[Words] = {
    "suggestions": ("Suggestions", "Suggesties", "Suggestions"),
    "empty_lists": (
        "Personnes sans suggestion alors qu'une offre convient",
        "Personen zonder suggestie hoewel er passend aanbod is",
        "People without a suggestion although an offer suits",
    ),
    "gini": (
        "Inégalité entre les offres (Gini ; 0 : toutes proposées autant)",
        "Ongelijkheid binnen het aanbod (Gini; 0: alles even vaak voorgesteld)",
        "Inequality between offers (Gini; 0: all suggested equally often)",
    ),
    "entropy": (
        "Répartition entre les offres (entropie ; 1 : toutes proposées autant)",
        "Spreiding over het aanbod (entropie; 1: alles even vaak voorgesteld)",
        "Spread over the offers (entropy; 1: all suggested equally often)",
    ),
    "coverage": (
        "Part des offres proposées au moins une fois",
        "Deel van het aanbod dat minstens één keer wordt voorgesteld",
        "Share of the offers suggested at least once",
    ),
    "coverage_ceiling": (
        "Part des offres qui pourrait l'être au plus",
        "Deel van het aanbod waarvoor dat hoogstens kan",
        "Share of the offers for which that is possible at most",
    ),
    "overload": (
        "Suggestions au-delà des places d'une offre",
        "Suggesties boven het aantal plaatsen van een aanbod",
        "Suggestions beyond the places of an offer",
    ),
    "overfull": (
        "Offres proposées au-delà de leurs places",
        "Aanbod dat vaker wordt voorgesteld dan er plaatsen zijn",
        "Offers suggested beyond their places",
    ),
    "overfull_share": (
        "Part des offres proposées au-delà de leurs places",
        "Deel van het aanbod dat vaker wordt voorgesteld dan er plaatsen zijn",
        "Share of the offers suggested beyond their places",
    ),
    "mean_score": ("Score moyen des suggestions", "Gemiddelde score van de suggesties", "Mean score of the suggestions"),
    "mean_rank": (
        "Rang moyen dans la liste de la personne",
        "Gemiddelde plaats in de lijst van de persoon",
        "Mean rank in the person's own list",
    ),
}
"""Each figure in French, Dutch and English, in the order in which a report gives them."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What one profile lost: offers of its plain list that it no longer gets, those it got instead, both best first.

    ``score_lost`` compares them one by one, best with best; for the last ones nothing may stand instead, and they are counted in
    ``unreplaced``, not in the score: a sum of log-odds over fewer suggestions would be no loss of the same kind.
    """

    profile: int
    lost: tuple[int, ...]
    instead: tuple[int, ...]
    score_lost: float

    @property
    def unreplaced(self) -> int:
        """Suggestions that are gone with nothing instead."""
        return len(self.lost) - len(self.instead)


@dataclass(frozen=True, slots=True)
class SpreadReport:
    """Figures before and after, and the losses of every profile that lost a suggestion, by profile."""

    before: Figures
    after: Figures
    losses: tuple[Loss, ...]

    @property
    def suggestions_lost(self) -> int:
        """Suggestions of plain lists that are no longer there."""
        return sum(len(loss.lost) for loss in self.losses)

    @property
    def unreplaced(self) -> int:
        """Those with nothing instead."""
        return sum(loss.unreplaced for loss in self.losses)

    @property
    def score_lost(self) -> float:
        """Log-odds lost by those that were replaced."""
        return sum(loss.score_lost for loss in self.losses)


def rows(report: SpreadReport, lang: str) -> list[tuple[str, float, float]]:
    """Give (name, before, after) of every figure in one language."""
    return [
        (word(WORDS, field.name, lang), getattr(report.before, field.name), getattr(report.after, field.name))
        for field in fields(Figures)
    ]


def spread_report(pairs: Pairs, places: Whole, most: int, kept: Marks) -> SpreadReport:
    """Compare the plain lists with what was kept of the pairs.

    Parameters
    ----------
    pairs, places, most
        As `matching.allocation.allocate` got them.
    kept
        (n_pairs,) what it kept.
    """
    places, ranked = np.asarray(places, np.int64), ranks(pairs)
    plain = ranked <= most
    listed = np.full(pairs.n_profiles, most)
    shown = coverage_ceiling(pairs, listed, np.ones(pairs.n_offers, np.int64))
    within = coverage_ceiling(pairs, listed, np.minimum(places, 1))
    before = _figures(pairs, places, plain, ranked, shown)
    return SpreadReport(before, _figures(pairs, places, kept, ranked, within), _losses(pairs, ranked, plain, kept))


def ranks(pairs: Pairs) -> Whole:
    """Rank of each pair in its profile's own list by (-score, offer position): (n_pairs,), from 1."""
    order = pairs.order()
    starts = np.concatenate([[0], np.cumsum(np.bincount(pairs.profile, minlength=pairs.n_profiles))])
    ranked = np.empty(len(order), np.int64)
    ranked[order] = np.arange(len(order)) - starts[pairs.profile[order]] + 1
    return ranked


def gini(exposure: Whole) -> float:
    """Gini coefficient of exposure: 0 when every offer is shown equally often, (n - 1) / n when one gets all.

    sum of (2 i - n - 1) x_i / (n sum of x_i) with x ascending and i from 1 (Damgaard and Weiner 2000, "Describing inequality in
    plant size or fecundity", Ecology 81, without its correction for samples: these are all offers). Never shown counts as 0;
    NaN when nothing is shown.

    >>> gini(np.array([0, 0, 0, 8]))
    0.75
    """
    n, total = len(exposure), int(exposure.sum())
    if total == 0:
        return NAN
    return int(((2 * np.arange(1, n + 1) - n - 1) * np.sort(exposure)).sum()) / (n * total)


def entropy(exposure: Whole) -> float:
    """Entropy of exposure over the largest possible: 1 when every offer is shown equally often, 0 when one gets all.

    - sum of p ln p / ln n, p the share of an offer in all suggestions (Pielou 1966, "The measurement of diversity in different
    types of biological collections", Journal of Theoretical Biology 13). NaN when nothing is shown, or there is one offer.

    >>> entropy(np.array([4, 4, 0, 0]))
    0.5
    """
    if len(exposure) < 2 or exposure.sum() == 0:
        return NAN
    p = exposure[exposure > 0] / exposure.sum()
    return min(abs(float((p * np.log(p)).sum()) / float(np.log(len(exposure)))), 1.0)  # a sum of logs may end a hair above 1


def coverage(exposure: Whole) -> float:
    """Share of the offers shown at least once; NaN without offers.

    >>> coverage(np.array([3, 0, 1, 0]))
    0.5
    """
    return float(np.count_nonzero(exposure)) / len(exposure) if len(exposure) else NAN


def coverage_ceiling(pairs: Pairs, listed: Whole, places: Whole) -> float:
    """Largest coverage of any allocation under the caps: a maximal flow in which every offer takes one suggestion at most.

    Parameters
    ----------
    pairs
        What may be suggested to whom.
    listed, places
        (n_profiles,) and (n_offers,) the most that each takes.
    """
    return most_filled(pairs, listed, np.minimum(places, 1)) / pairs.n_offers if pairs.n_offers else NAN


def _figures(pairs: Pairs, places: Whole, marks: Marks, ranked: Whole, ceiling: float) -> Figures:
    exposure = np.bincount(pairs.offer[marks], minlength=pairs.n_offers)
    beyond = np.maximum(exposure - places, 0)
    shown = int(np.count_nonzero(marks))
    suited, given = (np.bincount(of, minlength=pairs.n_profiles) > 0 for of in (pairs.profile, pairs.profile[marks]))
    return Figures(
        suggestions=shown,
        empty_lists=int(np.count_nonzero(suited & ~given)),
        gini=gini(exposure),
        entropy=entropy(exposure),
        coverage=coverage(exposure),
        coverage_ceiling=ceiling,
        overload=int(beyond.sum()),
        overfull=int(np.count_nonzero(beyond)),
        overfull_share=coverage(beyond),
        mean_score=float(pairs.score[marks].sum()) / shown if shown else NAN,
        mean_rank=int(ranked[marks].sum()) / shown if shown else NAN,
    )


def _losses(pairs: Pairs, ranked: Whole, plain: Marks, kept: Marks) -> tuple[Loss, ...]:
    gone, new = (at[np.lexsort((ranked[at], pairs.profile[at]))] for at in map(np.flatnonzero, (plain & ~kept, kept & ~plain)))
    losers, first = np.unique(pairs.profile[gone], return_index=True)
    ends = np.append(first[1:], len(gone))
    before, after = (np.searchsorted(pairs.profile[new], losers, side) for side in ("left", "right"))
    found = []
    for i, profile in enumerate(losers.tolist()):
        lost, instead = gone[first[i] : ends[i]], new[before[i] : after[i]]
        paid = float(pairs.score[lost[: len(instead)]].sum() - pairs.score[instead].sum())
        found.append(Loss(profile, tuple(pairs.offer[lost].tolist()), tuple(pairs.offer[instead].tolist()), paid))
    return tuple(found)
