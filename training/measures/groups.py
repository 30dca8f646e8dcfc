"""Any measure by group, with what must not be shown left out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.history import Flags, Rows, Texts
from training.measures.definitions import Settings
from training.measures.intervals import NAN, Estimate, clustered_mean, wilson

HIDDEN = Estimate(NAN, NAN, NAN)


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group: people, those of them who fulfil something, and the rate; ``None`` and NaN where not shown."""

    group: str
    n: int | None
    count: int | None
    rate: Estimate


def rate_by_group(fulfilled: Flags, group: Texts, settings: Settings) -> tuple[GroupRow, ...]:
    """Give the share that fulfils something, by group, where the total is shown beside.

    No rate and no count is given for fewer than ``minimum_for_rate`` people; no number of people who do, or do not, below
    ``minimum_cell``; and none from which one of these could be worked out by taking the others from the total
    (complementary suppression: Hundepool et al. 2012, *Statistical Disclosure Control*, 4.2.3).

    Parameters
    ----------
    fulfilled, group
        (n,) per person; an empty text is an unknown group and has its own row.
    """
    names, place = np.unique(group, return_inverse=True)
    n = np.bincount(place, minlength=len(names))
    count = np.bincount(place[fulfilled], minlength=len(names))
    show_n = sizes_shown(n, settings)
    safe = show_n & (n >= settings.minimum_for_rate) & (np.minimum(count, n - count) >= settings.minimum_cell)
    show_count = _complement(n, safe, settings.minimum_cell, (count, n - count))
    return tuple(
        GroupRow(
            str(name),
            int(n[row]) if show_n[row] else None,
            int(count[row]) if show_count[row] else None,
            wilson(int(count[row]), int(n[row]), settings.confidence) if show_count[row] else HIDDEN,
        )
        for row, name in enumerate(names)
    )


def sizes_shown(n: Rows, settings: Settings) -> Flags:
    """Say of which groups the number of people may be shown beside their total."""
    return _complement(n, n >= settings.minimum_cell, settings.minimum_cell)


def cells_shown(n: Rows, settings: Settings, telling: int) -> Flags:
    """Say which cells of one row of counts may be shown beside its total.

    Nobody is in an empty cell, so it is shown, unless everybody stands in one of the first ``telling`` cells: that would tell
    it of each. Fewer than ``minimum_cell`` people together are not shown at all.
    """
    full = n > 0
    if n.sum() < settings.minimum_cell or (np.count_nonzero(full) == 1 and full[:telling].any()):
        return np.zeros(len(n), dtype=np.bool_)
    shown = np.ones(len(n), dtype=np.bool_)
    shown[full] = sizes_shown(n[full], settings)
    return shown


def _complement(size: Rows, shown: Flags, least: int, parts: Sequence[Rows] = ()) -> Flags:
    """Hide more groups, the smallest first, until those hidden are none, or several that hold enough people together.

    What is hidden follows from the total for all of them together: where ``parts`` are given (who fulfils something, who does
    not), there must be enough people of each, or it would be known of everybody there.
    """
    shown = shown.copy()
    while not shown.all() and shown.any():
        hidden = ~shown
        if np.count_nonzero(hidden) >= 2 and min(part[hidden].sum() for part in (size, *parts)) >= least:
            break
        shown[np.flatnonzero(shown)[np.argmin(size[shown])]] = False
    return shown


def mean_by_group(
    values: npt.ArrayLike, person: Rows, group: Texts, settings: Settings, rng: np.random.Generator
) -> tuple[GroupRow, ...]:
    """Give the mean of a measure by group, with an interval by drawing people; none for fewer than ``minimum_for_rate`` people.

    Parameters
    ----------
    values, person, group
        (n,) number (NaN is left out), the person it is about, and the person's group.
    """
    numbers, rows = np.asarray(values, dtype=np.float64), []
    known = np.isfinite(numbers)
    names = np.unique(group)
    n = np.array([len(np.unique(person[known & (group == name)])) for name in names], dtype=np.int64)
    show_n = sizes_shown(n, settings)
    show = _complement(n, show_n & (n >= settings.minimum_for_rate), settings.minimum_cell)
    for row, name in enumerate(names):
        of = known & (group == name)
        mean = clustered_mean(numbers[of], person[of], rng, settings.confidence)[0] if show[row] else HIDDEN
        rows.append(GroupRow(str(name), int(n[row]) if show_n[row] else None, None, mean))
    return tuple(rows)
