"""Graded comparisons: what makes a match better or worse.

To add one: write its function and its words in a file of this folder, append it to ``COMPARISONS`` and to ``fill``.
"""

from typing import Any, Final

from matching.comparisons import availability, competences, freshness, professions, qualifications
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
    freshness.FRESHNESS,
)
NAMES: Final = tuple(comparison.name for comparison in COMPARISONS)


@compiled
def fill(p: Any, i: int, o: Any, j: int, w: Any, credit: Any, values: Any) -> None:
    """Compute every comparison of profile ``i`` with offer ``j``, in the order of ``COMPARISONS``."""
    values[0] = professions.sought(p, i, o, j, w, credit)
    values[1] = professions.done(p, i, o, j, w, credit)
    values[2] = competences.mandatory(p, i, o, j, w, credit)
    values[3] = competences.desired(p, i, o, j, w, credit)
    values[4] = competences.used(p, i, o, j, w, credit)
    values[5] = qualifications.languages(p, i, o, j, w, credit)
    values[6] = qualifications.education(p, i, o, j, w, credit)
    values[7] = qualifications.licences(p, i, o, j, w, credit)
    values[8] = availability.travel(p, i, o, j, w, credit)
    values[9] = availability.hours(p, i, o, j, w, credit)
    values[10] = availability.shifts(p, i, o, j, w, credit)
    values[11] = availability.contract(p, i, o, j, w, credit)
    values[12] = availability.start(p, i, o, j, w, credit)
    values[13] = freshness.freshness(p, i, o, j, w, credit)


__all__ = ["COMPARISONS", "FULL", "NAMES", "NOT_ASKED", "UNKNOWN", "UNSTATED", "Comparison", "Facts", "Side", "World", "fill"]
