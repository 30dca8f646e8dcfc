"""From what was shown to who kept the job, by month of proposal, with what the log holds beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.codes import Event, Words
from training.history import Days, Flags, History, Rows
from training.measures.intervals import NAN
from training.measures.jobs import FIRST_DAY, NO_DAY, SPAN, jobs_of, key

STEPS: Final = (Event.PROPOSED, Event.APPLIED, Event.INTERVIEWED, Event.HIRED, Event.IN_WORK_6M)
"""What a pair goes through, each counted once for it."""
CLOSING: Final = (Event.HIRED, Event.DECLINED, Event.REFUSED)
ENDING: Final = (Event.HANDED_OVER, Event.GUIDANCE_ENDED)

FUNNEL_WORDS: Final[Words] = {
    "month": ("mois", "maand", "month"),
    "shown": ("couples montrés", "paren getoond", "pairs shown"),
    "proposed": ("proposés", "voorgesteld", "proposed"),
    "suggested": ("… montrés avant", "… eerder getoond", "… shown before"),
    "applied": ("… puis candidature", "… dan sollicitatie", "… then application"),
    "interviewed": ("… puis entretien", "… dan gesprek", "… then interview"),
    "hired": ("… puis engagement", "… dan aanwerving", "… then hire"),
    "kept": ("… et en emploi à 6 mois", "… en aan het werk op 6 maanden", "… and in work at 6 months"),
    "still_open": ("… encore ouverts", "… nog open", "… still open"),
    "days_to_application": ("jours jusqu'à la candidature*", "dagen tot de sollicitatie*", "days to the application*"),
    "days_to_interview": ("jours jusqu'à l'entretien*", "dagen tot het gesprek*", "days to the interview*"),
    "days_to_hire": ("jours jusqu'à l'engagement*", "dagen tot de aanwerving*", "days to the hire*"),
    "hires": ("engagements", "aanwervingen", "hires"),
    "hires_unsuggested": ("… non montrés", "… niet getoond", "… not shown"),
}
"""Each column in French, Dutch and English, in the order of `FunnelMonth`; * is a median."""


@dataclass(frozen=True, slots=True)
class FunnelMonth:
    """One month; columns are described by `FUNNEL_WORDS`.

    Pairs count in the month of their first proposal whatever became of them later; ``shown`` and ``hires`` in their own month.
    A median lag is NaN where there is none; an event dated before the proposal has lag 0.
    """

    month: str
    shown: int
    proposed: int
    suggested: int
    applied: int
    interviewed: int
    hired: int
    kept: int
    still_open: int
    days_to_application: float
    days_to_interview: float
    days_to_hire: float
    hires: int
    hires_unsuggested: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """All months in which anything was first shown, proposed or hired, in order."""

    months: tuple[FunnelMonth, ...]

    def total(self, column: str) -> int:
        """Sum one column of counts."""
        return sum(getattr(month, column) for month in self.months)


def funnel(history: History) -> Funnel:
    """Count what became of proposals, by month of the first proposal of each pair of person and offer."""
    first = {event: first_of_pairs(history, event) for event in STEPS}
    pairs, proposed_on = first[Event.PROPOSED]
    shown_pairs, shown_on = first_shown(history)
    reached = {event: lookup(pairs, *first[event]) for event in STEPS[1:]}
    seen_on = lookup(pairs, shown_pairs, shown_on)
    open_still = _open(history, pairs)
    jobs = jobs_of(history)
    hired_on = np.where(np.isnat(jobs.hired), NO_DAY, jobs.hired)
    of_proposal, of_showing, of_hire = (day.astype("datetime64[M]") for day in (proposed_on, shown_on, hired_on))
    found = []
    for month in np.unique(np.concatenate([of_proposal, of_showing, of_hire])):
        rows, hires = of_proposal == month, of_hire == month
        days = {event: reached[event][rows] - proposed_on[rows] for event in STEPS[1:4]}
        there = {event: int(np.count_nonzero(~np.isnat(reached[event][rows]))) for event in STEPS[1:]}
        found.append(
            FunnelMonth(
                month=str(month),
                shown=int(np.count_nonzero(of_showing == month)),
                proposed=int(np.count_nonzero(rows)),
                suggested=int(np.count_nonzero(seen_on[rows] <= proposed_on[rows])),
                applied=there[Event.APPLIED],
                interviewed=there[Event.INTERVIEWED],
                hired=there[Event.HIRED],
                kept=there[Event.IN_WORK_6M],
                still_open=int(np.count_nonzero(open_still[rows])),
                days_to_application=_median(days[Event.APPLIED]),
                days_to_interview=_median(days[Event.INTERVIEWED]),
                days_to_hire=_median(days[Event.HIRED]),
                hires=int(np.count_nonzero(hires)),
                hires_unsuggested=int(np.count_nonzero(np.isnat(jobs.suggested[hires]))),
            )
        )
    return Funnel(tuple(found))


def _median(days: np.ndarray[tuple[int], np.dtype[np.timedelta64]]) -> float:
    known = days[~np.isnat(days)].astype(np.int64)
    return float(np.median(np.maximum(known, 0))) if len(known) else NAN


def _pair(person: Rows, offer: Rows) -> Rows:
    return key(person, offer, np.full(len(person), FIRST_DAY))


def _first(pairs: Rows, on: Days) -> tuple[Rows, Days]:
    """Give the distinct pairs, ascending, and the first day of each."""
    order = np.lexsort((on, pairs))
    distinct, at = np.unique(pairs[order], return_index=True)
    return distinct, on[order][at]


def first_of_pairs(history: History, event: Event) -> tuple[Rows, Days]:
    """Give the pairs (as numbers, ascending) that have an event of a kind that stands, and the first day of it."""
    events = history.events
    rows = np.flatnonzero(events.stands & (events.event == event.value) & (events.offer >= 0))
    return _first(_pair(events.person[rows], events.offer[rows]), events.on[rows])


def first_shown(history: History) -> tuple[Rows, Days]:
    """Give the pairs that were suggested, and the first day of it; what was only explained was not suggested."""
    shown = history.suggestions
    rows = np.flatnonzero(shown.of("suggest", "candidates"))
    return _first(_pair(shown.person[rows], shown.offer[rows]), shown.shown[rows].astype("datetime64[D]"))


def lookup(asked: Rows, pairs: Rows, on: Days) -> Days:
    """Give the day of each pair asked, ``NaT`` for one that is not there."""
    place = np.searchsorted(pairs, asked)
    there = np.append(pairs, -1)[place] == asked
    return np.where(there, np.append(on, NO_DAY)[place], NO_DAY)


def _open(history: History, pairs: Rows) -> Flags:
    """Say of which pairs the result is open: not hired, declined or refused, and the person's search not over."""
    closed = np.zeros(len(pairs), dtype=np.bool_)
    for event in CLOSING:
        closed |= np.isin(pairs, first_of_pairs(history, event)[0])
    events, day = history.events, np.datetime64(history.as_of, "D")
    over = np.zeros(len(history.people.id), dtype=np.bool_)
    over[events.person[events.stands & np.isin(events.event, [event.value for event in ENDING])]] = True
    over |= history.people.guidance_end < day  # NaT compares false
    return np.asarray(~closed & ~over[pairs // SPAN**2 - 1])


@dataclass(frozen=True, slots=True)
class Account:
    """Where the rows of the log of one kind went: every one of them is in exactly one of these.

    ``corrected``: a later event corrects it. ``without_offer``: it names none. ``repeated``: the pair has such an event already.
    ``unproposed``: the pair was never proposed. ``explained``: it was not suggested, only explained. ``counted``: it stands in
    the funnel.
    """

    logged: int
    corrected: int
    without_offer: int
    repeated: int
    unproposed: int
    explained: int
    counted: int


def accounts(history: History) -> Mapping[str, Account]:
    """Say for each kind where the rows of the log went, counted row by row and not by pairs."""
    events = history.events
    proposed = set(first_of_pairs(history, Event.PROPOSED)[0].tolist())
    found = {"shown": _of_shown(history)}
    pairs = _pair(events.person, events.offer)
    for event in STEPS:
        rows = np.flatnonzero(events.event == event.value)
        seen: set[int] = set()
        tally = dict.fromkeys(("corrected", "without_offer", "repeated", "unproposed", "counted"), 0)
        for row in rows.tolist():
            pair = int(pairs[row])
            where = (
                "corrected" if not events.stands[row] else "without_offer" if events.offer[row] < 0
                else "repeated" if pair in seen else "unproposed" if pair not in proposed else "counted"
            )  # fmt: skip
            tally[where] += 1
            if where in ("counted", "unproposed"):
                seen.add(pair)
        found[event.value] = Account(logged=len(rows), explained=0, **tally)
    return found


def _of_shown(history: History) -> Account:
    shown = history.suggestions
    suggested = shown.of("suggest", "candidates")
    pairs = len(np.unique(_pair(shown.person[suggested], shown.offer[suggested])))
    rows = int(np.count_nonzero(suggested))
    return Account(len(suggested), 0, 0, rows - pairs, 0, len(suggested) - rows, pairs)
