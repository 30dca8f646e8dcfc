"""Graded comparisons: what makes a match better or worse.

To add one: write its function and its words in a file of this folder, append it to ``COMPARISONS`` and to ``value``.
"""

from typing import Any, Final

from matching.comparisons import availability, competences, professions, qualifications, standing
from matching.comparisons.comparison import FULL, NOT_ASKED, UNKNOWN, UNSTATED, Comparison, Facts, Side, World, compiled

COMPARISONS: Final[tuple[Comparison, ...]] = (
    professions.SOUGHT,
    professions.DONE,
    competences.MANDATORY,
    competences.DESIRED,
    competences.USED,
    qualifications.LANGUAGES,
    qualifications.EDUCATION,
    qualifications.LICENCES,
    availability.TRAVEL,
    availability.HOURS,
    availability.SHIFTS,
    availability.CONTRACT,
    availability.START,
    standing.FRESHNESS,
    standing.EXPOSURE,
)
N_COMPARISONS: Final = len(COMPARISONS)
NAMES: Final = tuple(comparison.name for comparison in COMPARISONS)


@compiled
def value(c: int, p: Any, i: int, o: Any, j: int, w: Any, credit: Any) -> int:
    """Compute one comparison of profile ``i`` with offer ``j``, by its position in ``COMPARISONS``."""
    if c == 0:
        return professions.sought(p, i, o, j, w, credit)
    if c == 1:
        return professions.done(p, i, o, j, w, credit)
    if c == 2:
        return competences.mandatory(p, i, o, j, w, credit)
    if c == 3:
        return competences.desired(p, i, o, j, w, credit)
    if c == 4:
        return competences.used(p, i, o, j, w, credit)
    if c == 5:
        return qualifications.languages(p, i, o, j, w, credit)
    if c == 6:
        return qualifications.education(p, i, o, j, w, credit)
    if c == 7:
        return qualifications.licences(p, i, o, j, w, credit)
    if c == 8:
        return availability.travel(p, i, o, j, w, credit)
    if c == 9:
        return availability.hours(p, i, o, j, w, credit)
    if c == 10:
        return availability.shifts(p, i, o, j, w, credit)
    if c == 11:
        return availability.contract(p, i, o, j, w, credit)
    if c == 12:
        return availability.start(p, i, o, j, w, credit)
    if c == 13:
        return standing.freshness(p, i, o, j, w, credit)
    return standing.exposure(p, i, o, j, w, credit)


@compiled
def fill(p: Any, i: int, o: Any, j: int, w: Any, credit: Any, values: Any) -> None:
    """Compute every comparison of profile ``i`` with offer ``j``, in the order of ``COMPARISONS``."""
    for c in range(N_COMPARISONS):
        values[c] = value(c, p, i, o, j, w, credit)


__all__ = [
    "COMPARISONS",
    "FULL",
    "NAMES",
    "NOT_ASKED",
    "N_COMPARISONS",
    "UNKNOWN",
    "UNSTATED",
    "Comparison",
    "Facts",
    "Side",
    "World",
    "fill",
    "value",
]
