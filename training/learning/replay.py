"""Score what was logged again, with any version of the model, from the logged values alone."""

from dataclasses import dataclass

import numpy as np

from models.match_model import MatchModel
from training.history import Floats, History, Rows
from training.measures.ranking import ranks_of


@dataclass(frozen=True, slots=True)
class Replayed:
    """Scores and ranks of some suggestions under one model, (n,) each; ``rank`` starts at 1 in each list and kind."""

    score: Floats
    rank: Rows


def replay(history: History, rows: Rows, model: MatchModel) -> Replayed:
    """Score and rank suggestions again as the service did: by ``(-score, id)`` within their list and kind.

    Ranks are those among ``rows``, which should hold whole lists. A list that was asked with weights of its own, spread or
    explored has another order in the log than its scores have.

    Parameters
    ----------
    rows
        (n,): rows of the suggestions.
    """
    shown = history.suggestions
    score = model.scores(shown.values[rows])
    _, list_of = np.unique(shown.list_id[rows], return_inverse=True)
    _, kind_of = np.unique(shown.kind[rows], return_inverse=True)
    of_row = list_of * (kind_of.max(initial=0) + 1) + kind_of
    # What identifies a match within a list is the offer, or the person where people were listed for an offer.
    place = np.empty(len(rows), dtype=np.int64)
    place[np.lexsort((history.people.id[shown.person[rows]], history.offers.id[shown.offer[rows]]))] = np.arange(len(rows))
    return Replayed(score, ranks_of(of_row, score, place))
