"""Compiled search: the best rows on the other side for one record. Exact, whatever the path.

The numbers of a model are multiples of 2^-20 (`models.match_model.exact`), so sums of contributions are exact in any order:
a bound is never below what it bounds, and the same pair has the same score to the last bit on every path. Ties are broken by
rank, the order of ids.

Three searches go over offers. `top_offers` finds the best vacancies only, best prospects first, and stops when no bound
reaches the last place. `survey_offers` looks at everything and counts. `look_at_all` is the plain loop over all pairs that
both are held to, and the path taken where grouping would save nothing. `top_profiles` searches people for one offer.
"""

from typing import Any, Final

from matching.bounds import (
    COVERED,
    DONE,
    MANDATORY,
    RULE_FACETS,
    SOUGHT,
    USED,
    akin_units,
    clear_credit,
    covered_by,
    facets_sum,
    grade,
    judge,
    leave,
    most_covered,
    most_done,
    most_of,
    near,
    reach_units,
    spread_credit,
)
from matching.comparisons import FULL, N_COMPARISONS, NAMES, NOT_ASKED, fill, professions, value
from matching.comparisons.comparison import compiled
from matching.comparisons.professions import RELATED
from matching.rules import N_RULES, check
from matching.stock import N_GRADED

WORK: Final = (SOUGHT, DONE, MANDATORY, USED)
"""Comparisons that speak of the work itself."""
_EARLY: Final = ((SOUGHT, DONE), (NAMES.index("travel"), NAMES.index("languages")), COVERED)
STAGES: Final = tuple(sorted(range(N_COMPARISONS), key=lambda c: [c not in some for some in _EARLY]))
"""Order in which `top_profiles` looks at comparisons: what decides most, and costs least, first."""
FIRST_COVERED: Final = STAGES.index(MANDATORY)


@compiled
def total(values: Any, tables: Any, intercept: float) -> tuple[float, float]:
    """Sum the contributions of one pair: all of them, and those of known facts alone.

    The first is the score. The second, the evidence, decides whether a match is suitable: what an offer does not say may
    rank it lower but does not make it unsuitable.
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
        if near(values[c]):
            return True
    return False


@compiled
def _keep(scores: Any, ranks: Any, rows: Any, score: float, rank: int, row: int) -> None:
    """Insert a row into a list sorted by ``(-score, rank)`` whose last place falls off."""
    last = len(scores) - 1
    if last < 0 or score < scores[last] or (score == scores[last] and rank > ranks[last]):
        return
    at = last
    while at > 0 and (scores[at - 1] < score or (scores[at - 1] == score and ranks[at - 1] > rank)):
        scores[at] = scores[at - 1]
        ranks[at] = ranks[at - 1]
        rows[at] = rows[at - 1]
        at -= 1
    scores[at] = score
    ranks[at] = rank
    rows[at] = row


@compiled
def _search_unit(
    p: Any, i: int, o: Any, g: Any, u: int, w: Any, t: Any, s: Any, most: float, most_sure: float, ignored: int,
    scores: Any, ranks: Any, rows: Any,
) -> None:  # fmt: skip
    """Keep the best vacancies of one unit; ``most``, ``most_sure``: what facets can add and prove."""
    last, floor, credit = len(scores) - 1, t.floors[0], s.credit
    sought = professions.sought(p, i, o, g.run[g.unit[u]], w, credit)
    added = t.tables[SOUGHT, sought]
    score_u = t.intercept + added
    sure_u = t.intercept + (added if sought <= NOT_ASKED else 0.0)
    done, done_sure = most_of(t, DONE, most_done(p, i, w, g.occupation[u]))
    covered, covered_sure = most_covered(t, max(s.reached[u], RELATED - 1))
    if score_u + done + most + covered < scores[last] or sure_u + done_sure + most_sure + covered_sure < floor:
        return
    for run in range(g.unit[u], g.unit[u + 1]):
        done_step = professions.done(p, i, o, g.run[run], w, credit)
        added = t.tables[DONE, done_step]
        score_r = score_u + added
        sure_r = sure_u + (added if done_step <= NOT_ASKED else 0.0)
        if score_r + most + covered < scores[last] or sure_r + most_sure + covered_sure < floor:
            continue
        for j in range(g.run[run], g.run[run + 1]):
            facets, facets_sure = facets_sum(s, g.code, j)
            score = score_r + facets
            sure = sure_r + facets_sure
            if score + covered < scores[last] or sure + covered_sure < floor:
                continue
            added, proved, able = covered_by(p, i, o, j, w, t, credit)
            score += added
            if score < scores[last] or sure + proved < floor or not (able or near(sought) or near(done_step)):
                continue
            if score == scores[last] and g.rank[j] > ranks[last]:
                continue
            failed, _ = check(p, i, o, j, w)
            if failed & ~ignored == 0:
                _keep(scores, ranks, rows, score, g.rank[j], j)


@compiled
def top_offers(
    p: Any, i: int, o: Any, g: Any, w: Any, t: Any, s: Any, ignored: int, scores: Any, ranks: Any, rows: Any
) -> None:
    """Find the best vacancies for profile ``i``: ``scores``, ``ranks``, ``rows`` (top,), filled with -inf, the largest, -1.

    ``ignored``: bits of rules that the request set aside. The professions sought come first, then what is near those
    sought and done; then, while an unrelated vacancy could still count, what asks something that the person can do.
    """
    spread_credit(p, i, w, s.credit)
    n_reached = reach_units(p, i, g, w, s)
    most, most_sure = grade(p, i, g, w, t, s)
    n_akin = akin_units(p, i, g, w, s)
    sought, sought_sure = most_of(t, SOUGHT, RELATED - 1)
    done, done_sure = most_of(t, DONE, RELATED - 1)
    covered, covered_sure = most_covered(t, FULL)
    unrelated = t.intercept + sought + done + most + covered
    hopeless = t.intercept + sought_sure + done_sure + most_sure + covered_sure < t.floors[0]
    for at in range(n_akin if hopeless else n_akin + n_reached):
        if at < n_akin:
            u = s.akin[at]
        elif unrelated < scores[len(scores) - 1]:
            break
        else:
            u = s.units[at - n_akin]
            if g.kind[u] != 0 or s.seen[u]:
                continue
        _search_unit(p, i, o, g, u, w, t, s, most, most_sure, ignored, scores, ranks, rows)
    for at in range(n_akin):
        s.seen[s.akin[at]] = False
    leave(p, i, w, s, n_reached)


@compiled
def _count(failed: int, negotiable: int, counts: Any) -> int:
    """Count what removes a vacancy; give the only rule that does when the person may move it, else -1."""
    left = failed
    bit = 0
    only = 0
    while left:
        if left & 1:
            counts[bit, 0] += 1
            only = bit
        left >>= 1
        bit += 1
    if failed & ~negotiable:
        return -1
    counts[N_RULES + 1, 0] += 1
    if failed & (failed - 1):
        return -1
    counts[only, 1] += 1
    return only


@compiled
def survey_offers(
    p: Any, i: int, o: Any, g: Any, w: Any, t: Any, s: Any, negotiable: int, ignored: int, wanted: Any,
    scores: Any, ranks: Any, rows: Any, near_scores: Any, near_ranks: Any, near_rows: Any, counts: Any,
) -> None:  # fmt: skip
    """Find the best offers of each kind for profile ``i``, the near misses, and what each rule removes.

    Parameters
    ----------
    negotiable, ignored
        Bits of the rules with a price, and of those that the request set aside.
    wanted
        (kinds,) whether offers of a kind are searched.
    scores, ranks, rows
        (kinds, top), filled with -inf, the largest number and -1: the best offers of each kind.
    near_scores, near_ranks, near_rows
        (near,), the same: vacancies that exactly one negotiable rule removes.
    counts
        (N_RULES + 2, 4) int64, of vacancies (kind 0): per rule, those it removes; those it alone removes; the good ones
        among these; the suitable ones. Row N_RULES: considered, allowed, suitable, good. Row N_RULES + 1: those that
        negotiable rules alone remove together.
    """
    spread_credit(p, i, w, s.credit)
    n_reached = reach_units(p, i, g, w, s)
    grade(p, i, g, w, t, s)
    active = judge(p, i, g, w, s)
    for u in range(len(g.kind)):
        kind = g.kind[u]
        if not wanted[kind]:
            continue
        sought = professions.sought(p, i, o, g.run[g.unit[u]], w, s.credit)
        added = t.tables[SOUGHT, sought]
        score_u = t.intercept + added
        sure_u = t.intercept + (added if sought <= NOT_ASKED else 0.0)
        _, covered_sure = most_covered(t, max(s.reached[u], RELATED - 1))
        for run in range(g.unit[u], g.unit[u + 1]):
            done = professions.done(p, i, o, g.run[run], w, s.credit)
            added = t.tables[DONE, done]
            score_r = score_u + added
            sure_r = sure_u + (added if done <= NOT_ASKED else 0.0)
            alike_r = near(sought) or near(done) if kind == 0 else sought >= RELATED
            hopeless = not alike_r and (kind != 0 or s.reached[u] == 0)
            for j in range(g.run[run], g.run[run + 1]):
                failed = 0
                for f in RULE_FACETS:
                    if active >> f & 1:
                        failed |= s.fails[g.code[j, f] if f < N_GRADED else g.rule_code[j, f - N_GRADED]]
                failed &= ~ignored
                only = -1
                if kind == 0:
                    counts[N_RULES, 0] += 1
                    if failed:
                        only = _count(failed, negotiable, counts)
                    else:
                        counts[N_RULES, 1] += 1
                if hopeless or (failed and only < 0):
                    continue
                facets, facets_sure = facets_sum(s, g.code, j)
                score = score_r + facets
                sure = sure_r + facets_sure
                if sure + covered_sure < t.floors[kind]:
                    continue
                added, proved, able = covered_by(p, i, o, j, w, t, s.credit)
                score += added
                if sure + proved < t.floors[kind] or not (alike_r or (able and kind == 0)):
                    continue
                if failed:
                    counts[only, 2] += score >= t.good
                    counts[only, 3] += 1
                    _keep(near_scores, near_ranks, near_rows, score, g.rank[j], j)
                    continue
                if kind == 0:
                    counts[N_RULES, 2] += 1
                    counts[N_RULES, 3] += score >= t.good
                _keep(scores[kind], ranks[kind], rows[kind], score, g.rank[j], j)
    leave(p, i, w, s, n_reached)


@compiled
def look_at_all(
    p: Any, i: int, o: Any, g: Any, w: Any, t: Any, s: Any, negotiable: int, ignored: int, wanted: Any,
    scores: Any, ranks: Any, rows: Any, near_scores: Any, near_ranks: Any, near_rows: Any, counts: Any,
) -> None:  # fmt: skip
    """Do what `survey_offers` does by the plain loop: every rule and every comparison of every offer."""
    spread_credit(p, i, w, s.credit)
    for j in range(len(o.rows)):
        kind = o.rows[j].kind
        if not wanted[kind]:
            continue
        failed, _ = check(p, i, o, j, w)
        failed &= ~ignored
        only = -1
        if kind == 0:
            counts[N_RULES, 0] += 1
            if failed:
                only = _count(failed, negotiable, counts)
            else:
                counts[N_RULES, 1] += 1
        if failed and only < 0:
            continue
        fill(p, i, o, j, w, s.credit, s.values)
        score, evidence = total(s.values, t.tables, t.intercept)
        if not suitable(kind, s.values, evidence, t.floors):
            continue
        if failed:
            counts[only, 2] += score >= t.good
            counts[only, 3] += 1
            _keep(near_scores, near_ranks, near_rows, score, g.rank[j], j)
            continue
        if kind == 0:
            counts[N_RULES, 2] += 1
            counts[N_RULES, 3] += score >= t.good
        _keep(scores[kind], ranks[kind], rows[kind], score, g.rank[j], j)
    clear_credit(p, i, w, s.credit)


@compiled
def _reach(o: Any, j: int, w: Any, reach: Any, credit: Any) -> None:
    """Write for each competence the highest credit it gives towards one that offer ``j`` asks into ``reach``."""
    for k in range(o.rows[j].asked_start, o.rows[j].asked_end):
        credit[o.asked[k, 0]] = 1
    for held in range(len(reach)):
        most = FULL * credit[held]
        for r in range(w.related_start[held], w.related_start[held + 1]):
            if credit[w.related[r]]:
                most = max(most, w.related_credit[r])
        reach[held] = most
    for k in range(o.rows[j].asked_start, o.rows[j].asked_end):
        credit[o.asked[k, 0]] = 0


@compiled
def top_profiles(
    p: Any, first: int, end: int, o: Any, j: int, w: Any, t: Any, s: Any, reach: Any, enough: Any, counting: bool,
    scores: Any, ranks: Any, rows: Any, counts: Any,
) -> None:  # fmt: skip
    """Find the best profiles of a range for offer ``j``: ``scores``, ``ranks``, ``rows`` (top,), as in `top_offers`.

    ``enough`` (profiles,) tells which profiles hold enough data for a score; ``reach`` (competences,) is worked in. When
    ``counting``, ``counts`` (N_RULES + 1,) int64 takes, per rule, the profiles it removes and, last, those allowed.
    """
    last, kind = len(scores) - 1, o.rows[j].kind
    floor = t.floors[kind]
    _reach(o, j, w, reach, s.credit)
    ahead = 0.0
    ahead_sure = 0.0
    for c in range(N_COMPARISONS):
        best, best_sure = most_of(t, c, FULL)
        ahead += best
        ahead_sure += best_sure
    for i in range(first, end):
        if counting:
            failed, _ = check(p, i, o, j, w)
            for bit in range(N_RULES):
                counts[bit] += failed >> bit & 1
            if failed or not enough[i]:
                continue
            counts[N_RULES] += 1
        elif not enough[i]:
            continue
        score, sure, more, more_sure = t.intercept, t.intercept, ahead, ahead_sure
        alike, spread, hopeless = False, False, False
        for stage in range(N_COMPARISONS):
            c = STAGES[stage]
            if stage == FIRST_COVERED:
                credit_most = 0
                for k in range(p.rows[i].held_start, p.rows[i].held_end):
                    credit_most = max(credit_most, reach[p.held[k]])
                hopeless = kind == 0 and not alike and credit_most < RELATED
                if hopeless:
                    break
                spread_credit(p, i, w, s.credit)
                spread = True
            step = value(c, p, i, o, j, w, s.credit)
            best, best_sure = most_of(t, c, FULL)
            added = t.tables[c, step]
            score += added
            more -= best
            more_sure -= best_sure
            if step <= NOT_ASKED:
                sure += added
            if kind != 0:
                alike |= c == SOUGHT and step >= RELATED
            elif c in WORK:
                alike |= near(step)
            if score + more < scores[last] or sure + more_sure < floor:
                hopeless = True
                break
        if spread:
            clear_credit(p, i, w, s.credit)
        if hopeless or not alike:
            continue
        if not counting:
            failed, _ = check(p, i, o, j, w)
            if failed:
                continue
        _keep(scores, ranks, rows, score, i, i)


@compiled
def best_offers(
    p: Any, order: Any, first: int, end: int, o: Any, g: Any, w: Any, t: Any, s: Any, ignored: int, enough: Any, grouped: bool,
    wanted: Any, nothing: Any, scores: Any, ranks: Any, rows: Any, counts: Any,
) -> None:  # fmt: skip
    """Find the best vacancies of a range of ``order`` (rows of profiles): ``scores``, ``ranks``, ``rows`` (n, 1, top).

    ``grouped``: by `top_offers`, else by the plain loop, which needs ``wanted`` (vacancies only), ``nothing`` (0,) for near
    misses, and ``counts``. ``enough`` (profiles,) tells which profiles hold enough data for a score.
    """
    for at in range(first, end):
        i = order[at]
        if not enough[i]:
            continue
        if grouped:
            top_offers(p, i, o, g, w, t, s, ignored, scores[at, 0], ranks[at, 0], rows[at, 0])
        else:
            look_at_all(
                p, i, o, g, w, t, s, 0, ignored, wanted, scores[at], ranks[at], rows[at],
                nothing, rows[at, 0, :0], rows[at, 0, :0], counts,
            )  # fmt: skip
