"""From the log to rows that can be learned from: what was shown, as it was known then, and what became of it in time."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.stats import fisher_exact, rankdata

from matching.codes import Event, Kind
from matching.comparisons import FULL, N_COMPARISONS, NAMES
from models.artifact import REPLAY_TOLERANCE
from models.match_model import MatchModel
from models.refusal import Refused
from training.history import Days, Flags, Floats, History, Rows, Texts
from training.measures.ranking import GAINS

WINDOW: Final = 60
"""Days after a suggestion in which a hire counts as its own."""
LAG: Final = 30
"""Days within which the service hears of what happened."""
NOT_LEARNED: Final = ("near-misses",)
"""Policies whose matches break a rule: what decides about these is not in the comparisons."""
CHANCE: Final = 1e-4
"""Below this chance, what does not replay goes along with what happened later."""
SEPARATES: Final = 0.9
"""A single comparison that tells hires from the rest this well (area under the curve) was not known beforehand."""
LEAST_HIRES: Final = 20
"""Hires without which nothing is learned or told."""
DIRECTIONS: Final = ("suggest", "candidates")
"""Lists that propose; what was only explained was not suggested."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """One row per pair of person and offer, as it was first shown; every array is (n,) but ``values``.

    Attributes
    ----------
    values
        uint8[n, n_comparisons], the quantised comparison values as logged.
    hired
        A hire within ``window`` days, known within ``lag`` days after that.
    gain
        Of the best outcome in that time (`GAINS`), 0 for none.
    suggestion, person, offer
        Rows of the history.
    employer
        Number of the employer, -1 unknown.
    group
        The person's target group, empty when unknown.
    baselines
        What simpler rules would have ranked by, higher is better, as known when the pair was shown; NaN unknown.
    counts
        How many suggestions there were, and why some are not here.
    """

    values: npt.NDArray[np.uint8]
    hired: Flags
    gain: npt.NDArray[np.int64]
    suggestion: Rows
    person: Rows
    offer: Rows
    employer: Rows
    group: Texts
    rank: Rows
    shown: Days
    baselines: Mapping[str, Floats]
    counts: Mapping[str, int]
    window: int
    lag: int
    as_of: date

    def __len__(self) -> int:
        """Give the number of rows."""
        return len(self.hired)

    def take(self, rows: Rows | Flags) -> "Dataset":
        """Give some of the rows."""
        arrays: dict[str, Any] = {
            field.name: found[rows] for field in fields(self) if isinstance(found := getattr(self, field.name), np.ndarray)
        }
        return replace(self, **arrays, baselines={name: scores[rows] for name, scores in self.baselines.items()})


def build_dataset(
    history: History,
    models: Mapping[str, MatchModel],
    window: int = WINDOW,
    lag: int = LAG,
    until: date | None = None,
    others: Mapping[str, Floats] | None = None,
) -> Dataset:
    """Read rows from the log: suggested vacancies whose label is matured.

    A pair that was shown again and again is one row, its first: it can lead to one hire only. Its label is whether the person was
    hired there within ``window`` days, as known ``lag`` days later; so every row had the same time. Whoever found other work,
    was handed over or left within that time was not hired there: that is observed, not censored.

    Parameters
    ----------
    models
        Every model that the log names, by version: the logged score must be what the logged values give. Rows that do not
        replay (a request with weights of its own, a model that is gone) are left out and counted.
    until
        Last day of showing; by default the last one that has matured.
    others
        Further baselines, a score for each suggestion of the history, NaN unknown.

    Raises
    ------
    Refused
        ``unmatured``: ``until`` has not matured on the date of the data. ``future_field``: a column is no comparison, was changed
        along with what happened later, or tells hires apart as nothing known beforehand can. ``unreplayable``: more than
        half of the rows do not replay. ``too_few``: nothing was ever suggested.
    """
    shown = history.suggestions
    if not len(shown.id):
        raise Refused("too_few", "fit", 0, LEAST_HIRES)
    if shown.values.dtype != np.uint8 or shown.values.ndim != 2 or shown.values.shape[1] != N_COMPARISONS:
        raise Refused("future_field", f"{shown.values.dtype}{list(shown.values.shape)}, uint8[n, {N_COMPARISONS}]")
    last = history.as_of - timedelta(days=window + lag)
    if until is not None and until > last:
        raise Refused("unmatured", until + timedelta(days=window + lag), history.as_of)
    day = shown.shown.astype("datetime64[D]")
    rows, counts = _first_shown(history, day, min(until or last, last))
    fits = _replays(history, rows, models)
    gain = _gains(history, rows, day[rows], window, lag)
    _check_unchanged(shown.list_id[rows], fits, gain == GAINS[Event.HIRED])
    counts["unreplayable"] = int((~fits).sum())
    if 2 * counts["unreplayable"] > len(rows):
        raise Refused("unreplayable", counts["unreplayable"], len(rows))
    found = _rows(history, rows[fits], gain[fits], day, others or {}, counts, (window, lag))
    _check_separation(found)
    return found


def _rows(
    history: History, rows: Rows, gain: Rows, day: Days, others: Mapping[str, Floats], counts: dict[str, int],
    times: tuple[int, int],
) -> Dataset:  # fmt: skip
    shown = history.suggestions
    return Dataset(
        values=shown.values[rows],
        hired=gain == GAINS[Event.HIRED],
        gain=gain,
        suggestion=rows,
        person=shown.person[rows],
        offer=shown.offer[rows],
        employer=history.offers.employer[shown.offer[rows]],
        group=history.people.target_group[shown.person[rows]],
        rank=shown.rank[rows],
        shown=day[rows],
        baselines={**_baselines(history, rows), **{name: scores[rows] for name, scores in others.items()}},
        counts={**counts, "rows": len(rows), "hires": int((gain == GAINS[Event.HIRED]).sum())},
        window=times[0],
        lag=times[1],
        as_of=history.as_of,
    )


def _first_shown(history: History, day: Days, last: date) -> tuple[Rows, dict[str, int]]:
    """Choose the first showing of each pair among suggested vacancies, if it was no later than a day."""
    shown = history.suggestions
    vacancy = (shown.kind == Kind.VACANCY.value) & ~np.isin(shown.policy, NOT_LEARNED) & shown.of(*DIRECTIONS)
    rows = np.flatnonzero(vacancy)
    pair = shown.person[rows] * len(history.offers.id) + shown.offer[rows]
    order = np.lexsort((shown.shown[rows], pair))
    firsts = np.ones(len(order), dtype=np.bool_)
    firsts[1:] = np.diff(pair[order]) != 0
    first = np.sort(rows[order[firsts]])
    matured = day[first] <= np.datetime64(last, "D")
    counts = {
        "suggestions": len(shown.id),
        "not_vacancies": int((~vacancy).sum()),
        "shown_again": len(rows) - len(first),
        "unmatured": int((~matured).sum()),
    }
    return first[matured], counts


def _replays(history: History, rows: Rows, models: Mapping[str, MatchModel]) -> Flags:
    """Say which rows have the score that their values give under the model that showed them."""
    shown, fits = history.suggestions, np.zeros(len(rows), dtype=np.bool_)
    names = shown.model[rows]
    for name in np.unique(names).tolist():
        if name in models:
            here = np.flatnonzero(names == name)
            scores = models[name].scores(shown.values[rows[here]])
            fits[here] = np.abs(scores - shown.score[rows[here]]) <= REPLAY_TOLERANCE
    return fits


def _gains(history: History, rows: Rows, day: Days, window: int, lag: int) -> Rows:
    """Give each row the gain of the best event of its pair in the window, as known after the lag."""
    events, n_offers = history.events, len(history.offers.id)
    named = history.suggestions.offer[np.maximum(events.suggestion, 0)]
    offer = np.where(events.offer >= 0, events.offer, np.where(events.suggestion >= 0, named, -1))
    pair = history.suggestions.person[rows] * n_offers + history.suggestions.offer[rows]
    order = np.argsort(pair)
    gain = np.zeros(len(rows), dtype=np.int64)
    if not len(rows):
        return gain
    for event, worth in sorted(GAINS.items(), key=lambda item: item[1]):
        found = np.flatnonzero((events.event == event) & events.stands & (offer >= 0) & ~np.isnat(events.on))
        key = events.person[found] * n_offers + offer[found]
        at = order[np.minimum(np.searchsorted(pair[order], key), len(rows) - 1)]
        after = (events.on[found] - day[at]).astype(np.int64)
        heard = (events.recorded[found].astype("datetime64[D]") - day[at]).astype(np.int64)
        counts = (pair[at] == key) & (after >= 0) & (after <= window) & (heard <= window + lag)
        gain[at[counts]] = np.maximum(gain[at[counts]], worth)
    return gain


def _check_unchanged(lists: Texts, fits: Flags, hired: Flags) -> None:
    """Refuse a log in which what was shown was changed afterwards along with what happened.

    A request with weights of its own changes the scores of a whole list, hires or not. Where some matches of a list replay and
    others do not, hires may not be among the latter more often than chance allows (Fisher's exact test).
    """
    if fits.all():
        return
    _, of_list = np.unique(lists, return_inverse=True)
    share = np.bincount(of_list, weights=fits) / np.bincount(of_list)
    mixed = (share[of_list] > 0) & (share[of_list] < 1)
    table = [[int((mixed & (hired == h) & (fits == f)).sum()) for f in (False, True)] for h in (True, False)]
    if fisher_exact(table, alternative="greater").pvalue < CHANCE:
        raise Refused("future_field", f"{table[0][0]} / {sum(table[0])}, {table[1][0]} / {sum(table[1])}")


def _check_separation(data: Dataset) -> None:
    """Refuse a comparison that alone tells hires from the rest better than anything known beforehand could.

    What a value is worth is learned from one half of the people and tested on the other, so that chance does not count.
    """
    half = data.person % 2 == 0
    if min(data.hired[half].sum(), data.hired[~half].sum()) < LEAST_HIRES or data.hired.all():
        return
    for name, column in zip(NAMES, data.values.T, strict=True):
        scores = np.empty(len(data))
        for test in (half, ~half):
            n = np.bincount(column[~test], minlength=256)
            hires = np.bincount(column[~test], weights=data.hired[~test], minlength=256)
            scores[test] = ((hires + data.hired.mean()) / (n + 1))[column[test]]
        if _area(scores, data.hired) > SEPARATES:
            raise Refused("future_field", name)


def _area(scores: Floats, positive: Flags) -> float:
    """Area under the ROC curve: the chance that a positive scores higher, ties half (Mann and Whitney 1947)."""
    n, ranks = int(positive.sum()), rankdata(scores)
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * (len(scores) - n)))


def _baselines(history: History, rows: Rows) -> dict[str, Floats]:
    """Score rows by rules that need no model: newest first, most suggested so far, same profession and then distance."""
    shown, offers = history.suggestions, history.offers
    published = offers.published.astype("datetime64[D]")
    newest = np.where(np.isnat(published), np.nan, published.astype(np.int64).astype(np.float64))
    order = np.lexsort((shown.shown, shown.offer))
    starts = np.searchsorted(shown.offer[order], shown.offer)
    # How often the offer was shown before this moment: its place among the showings of the offer, by time.
    moments = shown.shown.astype(np.int64)
    keys = shown.offer * (int(moments.max() - moments.min()) + 1) + moments - moments.min()
    before = np.searchsorted(keys[order], keys) - starts
    values = shown.values[rows].astype(np.int64)
    profession, travel = (values[:, NAMES.index(name)] for name in ("profession_sought", "travel"))
    near = np.where(travel <= FULL, travel, -1)
    return {
        "newest": newest[shown.offer[rows]],
        "most_suggested": before[rows].astype(np.float64),
        "profession_and_distance": ((profession == FULL) * 1000 + near).astype(np.float64),
    }
