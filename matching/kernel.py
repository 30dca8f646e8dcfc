"""Compiled search: score every allowed pair of one record with all rows on the other side, and keep the best.

The plain loop over all rows; exact. Ties are broken by row, which is the order of ids. Scores are summed in float64 in the
order of ``COMPARISONS``, so the same pair has the same score to the last bit on every path.
"""

from typing import Any, Final

from matching.comparisons import COMPARISONS, FULL, NAMES, NOT_ASKED, fill
from matching.comparisons.comparison import compiled
from matching.comparisons.professions import RELATED
from matching.rules import RULES, check

N_COMPARISONS: Final = len(COMPARISONS)
N_RULES: Final = len(RULES)
SOUGHT: Final = NAMES.index("profession_sought")
WORK: Final = tuple(
    NAMES.index(name) for name in ("profession_sought", "profession_done", "competences_mandatory", "competences_used")
)
"""Comparisons that speak of the work itself."""


@compiled
def spread_credit(p: Any, i: int, w: Any, credit: Any) -> None:
    """Write what profile ``i`` can do into ``credit`` (competences,): full credit for held ones, part for related."""
    for k in range(p.rows[i].held_start, p.rows[i].held_end):
        held = p.held[k]
        for r in range(w.related_start[held], w.related_start[held + 1]):
            credit[w.related[r]] = max(credit[w.related[r]], w.related_credit[r])
    for k in range(p.rows[i].held_start, p.rows[i].held_end):
        credit[p.held[k]] = FULL


@compiled
def clear_credit(p: Any, i: int, w: Any, credit: Any) -> None:
    """Take back what ``spread_credit`` wrote."""
    for k in range(p.rows[i].held_start, p.rows[i].held_end):
        held = p.held[k]
        credit[held] = 0
        for r in range(w.related_start[held], w.related_start[held + 1]):
            credit[w.related[r]] = 0


@compiled
def total(values: Any, tables: Any, intercept: float) -> tuple[float, float]:
    """Sum the contributions of one pair in the order of ``COMPARISONS``: all of them, and those of known facts alone.

    The first is the score. The second decides whether a match is suitable: what an offer does not say may rank it lower
    but does not make it unsuitable.
    """
    score = intercept
    evidence = intercept
    for c in range(N_COMPARISONS):
        added = tables[c, values[c]]
        score += added
        if values[c] <= NOT_ASKED:
            evidence += added
    return score, evidence


@compiled
def suitable(kind: int, values: Any, evidence: float, floors: Any) -> bool:
    """Say whether a match may be suggested.

    Its evidence reaches the floor; a vacancy resembles what the person seeks, has done or can do; a partner offer has no
    profession that is known to be unrelated to those sought.
    """
    if evidence < floors[kind]:
        return False
    if kind != 0:
        return bool(values[SOUGHT] >= RELATED)
    for c in WORK:  # noqa: SIM110 - compiled
        if RELATED <= values[c] <= FULL:
            return True
    return False


@compiled
def _keep(scores: Any, rows: Any, score: float, row: int) -> None:
    """Insert a row into a list sorted by ``(-score, row)`` whose last place falls off; rows come in ascending order."""
    last = len(scores) - 1
    if last < 0 or score <= scores[last]:
        return
    at = last
    while at > 0 and scores[at - 1] < score:
        scores[at] = scores[at - 1]
        rows[at] = rows[at - 1]
        at -= 1
    scores[at] = score
    rows[at] = row


@compiled
def search_offers(
    p: Any, i: int, o: Any, w: Any, credit: Any, values: Any, tables: Any, intercept: float, floors: Any, good: float,
    negotiable: int, ignored: int, wanted: Any, scores: Any, rows: Any, near_scores: Any, near_rows: Any, counts: Any,
) -> None:  # fmt: skip
    """Find the best offers for profile ``i``, per kind.

    Parameters
    ----------
    credit, values
        (competences,) zeros and (comparisons,), to work in.
    floors, good
        (kinds,) least evidence of a suggestion, and the lowest score of a good match (for the counts).
    negotiable, ignored
        Bits of the rules with a price, and of those that the request set aside.
    wanted
        (kinds,) whether offers of a kind are searched.
    scores, rows
        (kinds, top), filled with -inf and -1: the best offers of each kind.
    near_scores, near_rows
        (near,), the same: vacancies that exactly one negotiable rule removes.
    counts
        (N_RULES + 2, 4) int64, of vacancies (kind 0): per rule, those it removes; those it alone removes; the good ones
        among these; row N_RULES: considered, allowed, suggested or better, good; row N_RULES + 1: those that negotiable
        rules alone remove together.
    """
    spread_credit(p, i, w, credit)
    for j in range(len(o.rows)):
        kind = o.rows[j].kind
        if not wanted[kind]:
            continue
        failed, _ = check(p, i, o, j, w)
        failed &= ~ignored
        if kind == 0:
            counts[N_RULES, 0] += 1
            for bit in range(N_RULES):
                counts[bit, 0] += failed >> bit & 1
        if failed & ~negotiable:
            continue
        alone = failed & (failed - 1) == 0
        if kind == 0 and failed:
            counts[N_RULES + 1, 0] += 1
        if failed and not (alone and kind == 0):
            continue
        fill(p, i, o, j, w, credit, values)
        score, evidence = total(values, tables, intercept)
        fits = suitable(kind, values, evidence, floors)
        if failed:
            bit = 0
            while failed >> bit & 1 == 0:
                bit += 1
            counts[bit, 1] += 1
            if fits:
                counts[bit, 2] += score >= good
                counts[bit, 3] += 1
                _keep(near_scores, near_rows, score, j)
            continue
        if kind == 0:
            counts[N_RULES, 1] += 1
            counts[N_RULES, 2] += fits
            counts[N_RULES, 3] += fits and score >= good
        if fits:
            _keep(scores[kind], rows[kind], score, j)
    clear_credit(p, i, w, credit)


@compiled
def search_profiles(
    p: Any, o: Any, j: int, w: Any, credit: Any, values: Any, tables: Any, intercept: float, floors: Any, enough: Any,
    scores: Any, rows: Any, counts: Any,
) -> None:  # fmt: skip
    """Find the best profiles for offer ``j``: ``scores``, ``rows`` (top,).

    ``enough`` (profiles,) tells which profiles hold enough data for a score. ``counts`` (N_RULES + 1,) int64: per rule, the
    profiles it removes; last, those allowed.
    """
    for i in range(len(p.rows)):
        failed, _ = check(p, i, o, j, w)
        for bit in range(N_RULES):
            counts[bit] += failed >> bit & 1
        if failed or not enough[i]:
            continue
        counts[N_RULES] += 1
        spread_credit(p, i, w, credit)
        fill(p, i, o, j, w, credit, values)
        score, evidence = total(values, tables, intercept)
        if suitable(o.rows[j].kind, values, evidence, floors):
            _keep(scores, rows, score, i)
        clear_credit(p, i, w, credit)


@compiled
def compare(p: Any, i: int, o: Any, j: int, w: Any, credit: Any, values: Any) -> tuple[int, int]:
    """Fill the credit (zeros) and the values of one pair, and give the bits of failed and unchecked rules."""
    spread_credit(p, i, w, credit)
    fill(p, i, o, j, w, credit, values)
    failed, unchecked = check(p, i, o, j, w)
    return failed, unchecked
