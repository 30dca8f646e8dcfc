"""What the service is told of careers: events with the day on which they happened and the moment they were reported."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from matching.codes import Event
from training.market.assumptions import Assumptions
from training.market.careers import ENDED, FAR, HANDED_OVER, WITHDREW, Careers, Proposed
from training.market.pairs import Floats
from training.market.reality import Longs, Reality
from training.market.scene import Scene

EVENTS: Final = tuple(Event)
REASONS: Final = (
    "", "too_far", "hours", "pay", "not_interested", "care_duties", "found_other_work", "experience", "language", "competences",
    "position_filled", "no_answer", "withdrew", "term_over",
)  # fmt: skip
"""Coded reasons; the first stands for none."""
DECLINES: Final = range(1, 6)
OTHER_WORK, POSITION_FILLED, WITHDRAWN, TERM_OVER = 6, 10, 12, 13
REFUSES: Final = (7, 8, 9, 11)
DAY: Final = 86_400
MORNING, EVENING = 7 * 3600, 18 * 3600
"""Seconds of the day (UTC) at which the lists of a session are shown, and at which reports are recorded."""
TELLS: Final = 0.6
"""Share of the people who decline, and of the employers who refuse, of whom this is reported (assumption)."""
AFTER: Final = ((30, Event.IN_WORK_1M), (91, Event.IN_WORK_3M), (183, Event.IN_WORK_6M))


class Told(NamedTuple):
    """Events as reported, in the order of ``recorded``; codes are positions in `EVENTS` and `REASONS`.

    ``suggestion``, ``offer`` and ``corrects`` (row of an earlier event) are -1 where there is none; ``recorded`` are seconds
    since 1970; ``contract`` is a bit, 0 unknown; ``hours`` NaN and ``started`` `FAR` unknown.
    """

    event: Longs
    person: Longs
    offer: Longs
    suggestion: Longs
    on: Longs
    recorded: Longs
    reason: Longs
    contract: Longs
    hours: Floats
    started: Longs
    corrects: Longs


def tell(rng: np.random.Generator, scene: Scene, reality: Reality, careers: Careers, assumed: Assumptions) -> Told:
    """Report careers: with delay, now and then wrongly and corrected later, and not everything."""
    parts = [
        _of_lists(careers),
        *_of_proposals(rng, careers, assumed),
        *_of_jobs(rng, careers, assumed),
        _of_ends(rng, careers, assumed),
    ]
    whole = _joined(parts)
    whole = _take(whole, np.flatnonzero(whole.on <= scene.end))
    whole = _corrected(rng, reality, whole, assumed)
    order = np.lexsort((np.arange(len(whole.on)), whole.recorded))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    ordered = _take(whole, order)
    return ordered._replace(corrects=np.where(ordered.corrects < 0, -1, place[ordered.corrects]))


def moment_shown(day: Longs) -> Longs:
    """Give the moment, in seconds since 1970, at which the lists of a day are shown."""
    return day * DAY + MORNING


def _rows(
    event: Event, person: Longs, offer: Longs, suggestion: Longs, on: Longs, recorded: Longs, reason: Longs | int = 0,
    contract: Longs | int = 0, hours: Floats | float = np.nan, started: Longs | int = FAR,
) -> Told:  # fmt: skip
    n = len(person)

    def column(values: Longs | int) -> Longs:
        return np.broadcast_to(np.asarray(values, dtype=np.int64), (n,))

    return Told(
        column(EVENTS.index(event)), person, offer, suggestion, on, recorded, column(reason), column(contract),
        np.broadcast_to(np.asarray(hours, dtype=np.float64), (n,)), column(started), column(-1),
    )  # fmt: skip


def _take(told: Told, rows: Longs) -> Told:
    return Told._make(column[rows] for column in told)


def _joined(parts: Sequence[Told]) -> Told:
    return Told._make(np.concatenate(columns) for columns in zip(*parts, strict=True))


def _later(rng: np.random.Generator, on: Longs, mean_days: float) -> Longs:
    """Give moments of reports: in the evening, some whole days later."""
    return on * DAY + EVENING + rng.exponential(mean_days, len(on)).astype(np.int64) * DAY


def _of_lists(careers: Careers) -> Told:
    listed, seen = careers.listed, np.flatnonzero(careers.listed.seen)
    day = listed.day[seen]
    return _rows(Event.SEEN, listed.person[seen], listed.offer[seen], seen, day, day * DAY + EVENING)


def stops(careers: Careers) -> tuple[Longs, Longs]:
    """Say for each proposal on which day it can go no further, and the job that stopped it.

    Returns
    -------
    (proposals,): the day of the next job of the person, or of the end of guidance; and the row of that job, -1 if none.
    """
    made, hired = careers.proposed, careers.hired
    keys = hired.person * FAR + hired.decided
    order = np.argsort(keys, kind="stable")
    nobody = len(keys)  # stands behind the last job
    row = np.append(order, nobody)[np.searchsorted(keys[order], made.person * FAR + made.day)]
    same = np.append(hired.person, -1)[row] == made.person
    decided = np.where(same, np.append(hired.decided, FAR)[row], FAR)
    ends = careers.exit_day[made.person]
    return np.minimum(decided, ends), np.where(same & (decided <= ends), row, -1)


def _of_proposals(rng: np.random.Generator, careers: Careers, assumed: Assumptions) -> list[Told]:
    """Report proposals and what follows, as far as the person goes on searching."""
    made = careers.proposed
    stop, job = stops(careers)
    own = np.append(careers.hired.proposal, -1)[job] == np.arange(len(job))
    n, telling = len(made.day), rng.random(len(made.day)) < TELLS
    declined = np.where((made.applied == FAR) & telling, made.day + rng.integers(1, 8, n), FAR)
    applied = np.where(made.applied < stop, made.applied, FAR)
    interviewed = np.where(made.interviewed < stop, made.interviewed, FAR)
    refused = np.where((made.decided < stop) & (telling | made.hired), made.decided, FAR)
    dropped = np.where((job >= 0) & ~own & (applied != FAR) & (made.decided >= stop) & telling, stop, FAR)
    why = np.where(made.hired, POSITION_FILLED, rng.choice(REFUSES, n))
    declines = np.where(declined < stop, declined, FAR)
    steps: list[tuple[Event, Longs, Longs | int]] = [
        (Event.PROPOSED, made.day, 0),
        (Event.DECLINED, declines, rng.choice(DECLINES, n)),
        (Event.DECLINED, dropped, OTHER_WORK),
        (Event.APPLIED, applied, 0),
        (Event.INTERVIEWED, interviewed, 0),
        (Event.REFUSED, refused, why),
    ]
    found = []
    for event, on, reason in steps:
        rows = np.flatnonzero(on != FAR)
        told = _later(rng, on[rows], 0.3 if event is Event.PROPOSED else assumed.told[0])
        why_of = reason if isinstance(reason, int) else reason[rows]
        found.append(_rows(event, *_of_pair(made, rows), on[rows], told, why_of))
    return found


def _of_pair(made: Proposed, rows: Longs) -> tuple[Longs, Longs, Longs]:
    return made.person[rows], made.offer[rows], made.suggestion[rows]


def _of_jobs(rng: np.random.Generator, careers: Careers, assumed: Assumptions) -> list[Told]:
    """Report jobs, whether they last, and their end."""
    hired = careers.hired
    suggestion = np.full(len(hired.person), -1)
    led = hired.proposal >= 0
    suggestion[led] = careers.proposed.suggestion[hired.proposal[led]]

    def rows(event: Event, on: Longs, some: Longs, mean_days: float) -> Told:
        about = hired.person[some], hired.offer[some], suggestion[some], on[some], _later(rng, on[some], mean_days)
        return _rows(event, *about, 0, hired.contract[some], hired.hours[some], hired.started[some])

    found = [rows(Event.HIRED, hired.decided, np.arange(len(hired.person)), assumed.told[1])]
    for (days, event), share in zip(AFTER, assumed.still_in_work, strict=True):
        on = hired.started + days
        found.append(rows(event, on, np.flatnonzero((hired.left > on) & (rng.random(len(on)) < share)), assumed.told[1]))
    found.append(rows(Event.LEFT, hired.left, np.arange(len(hired.person)), assumed.told[2]))
    return found


def _of_ends(rng: np.random.Generator, careers: Careers, assumed: Assumptions) -> Told:
    """Report the end of guidance of those who are not in work on that day."""
    parts = []
    nobody = np.full(len(careers.exit_day), -1)
    for kind, event, reason in (
        (HANDED_OVER, Event.HANDED_OVER, 0),
        (WITHDREW, Event.GUIDANCE_ENDED, WITHDRAWN),
        (ENDED, Event.GUIDANCE_ENDED, TERM_OVER),
    ):
        rows = np.flatnonzero((careers.exit_kind == kind) & (careers.in_work <= careers.exit_day))
        on = careers.exit_day[rows]
        parts.append(_rows(event, rows, nobody[rows], nobody[rows], on, _later(rng, on, assumed.told[0]), reason))
    return _joined(parts)


def _corrected(rng: np.random.Generator, reality: Reality, told: Told, assumed: Assumptions) -> Told:
    """Record some jobs with a wrong start, some refusals as jobs, and put both right some days later."""
    hired, refused = EVENTS.index(Event.HIRED), EVENTS.index(Event.REFUSED)
    chance = rng.random(len(told.event))
    misdated = np.flatnonzero((told.event == hired) & (chance < assumed.misdated))
    mistaken = np.flatnonzero((told.event == refused) & (chance < assumed.mistaken))
    rows = np.concatenate([misdated, mistaken])
    later = told.recorded[rows] + rng.integers(3, 45, len(rows)) * DAY
    right = _take(told, rows)._replace(recorded=later, corrects=rows)
    wrong = Told._make(column.copy() for column in told)
    wrong.started[misdated] += rng.integers(1, 15, len(misdated))
    wrong.event[mistaken] = hired
    wrong.reason[mistaken] = 0
    wrong.started[mistaken] = told.on[mistaken] + 7
    wrong.contract[mistaken] = reality.vacancy["contract"][told.offer[mistaken]].astype(np.int64)
    wrong.hours[mistaken] = reality.vacancy["hours_max"][told.offer[mistaken]]
    return _joined([wrong, right])
