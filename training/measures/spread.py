"""How evenly what was shown is spread over the offers, as logged; the figures are those of `matching.exposure`."""

from dataclasses import dataclass

import numpy as np

from matching.exposure import coverage, entropy, gini
from training.history import Flags, History
from training.measures.intervals import NAN


@dataclass(frozen=True, slots=True)
class Spread:
    """Figures of exposure over some offers; a figure that cannot be computed is NaN.

    ``coverage_ceiling`` is the coverage if no suggestion had gone to an offer twice; ``overload`` counts suggestions beyond
    ``per_position`` for each open position, ``overfull`` the offers that have such; both leave out the ``unstated`` offers,
    whose positions nobody stated.
    """

    offers: int
    suggestions: int
    gini: float
    entropy: float
    coverage: float
    coverage_ceiling: float
    overload: int
    overfull: int
    unstated: int


def spread(history: History, offers: Flags, rows: Flags, per_position: float = 10.0) -> Spread:
    """Measure how evenly some suggestions are spread.

    Parameters
    ----------
    offers
        (n_offers,) the offers that could have been shown; others do not count.
    rows
        (n_suggestions,) the suggestions that count. One pair that is shown again counts once.
    per_position
        People for one open position, beyond which an offer is overloaded.
    """
    shown, chosen = history.suggestions, np.flatnonzero(offers)
    pairs = np.unique(np.stack([shown.offer[rows], shown.person[rows]], axis=1), axis=0)
    exposure = np.bincount(pairs[:, 0], minlength=len(offers))[chosen]
    places = history.offers.open_positions[chosen]
    beyond = np.where(places >= 0, np.maximum(exposure - np.ceil(places * per_position), 0), 0).astype(np.int64)
    n, total = len(chosen), int(exposure.sum())
    return Spread(
        offers=n,
        suggestions=total,
        gini=gini(exposure),
        entropy=entropy(exposure),
        coverage=coverage(exposure),
        coverage_ceiling=min(total, n) / n if n else NAN,
        overload=int(beyond.sum()),
        overfull=int(np.count_nonzero(beyond)),
        unstated=int(np.count_nonzero(places < 0)),
    )
