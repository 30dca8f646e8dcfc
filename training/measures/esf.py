"""What a yearly report to the European Social Fund counts: who came, in which situation, and who was in work after leaving.

After the common indicators of Regulation (EU) 2021/1057, annex I: participants by situation, in work on leaving (within four
weeks), and in work six months after it. What nobody recorded is counted as unknown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.codes import Event
from training.history import Days, Flags, History, Rows
from training.measures.definitions import Definition, Settings
from training.measures.groups import cells_shown
from training.measures.hires import DAY, Cohort, State, cohort
from training.measures.jobs import NO_DAY, Jobs

ON_LEAVING: Final = 28 * DAY
LATER: Final = 183 * DAY
STATUSES: Final = ("in_work", "without_work", "unknown")
ANSWERS: Final = ("yes", "no", "unknown", "too_recent")
YES, NO, UNKNOWN, TOO_RECENT = range(len(ANSWERS))
TELLING: Final = 2
"""The first cells of both tell something of each person who is counted there."""
ANY_JOB: Final = Definition("by", 0, 0, None, None, (), None, True, {}, {}, "any_job")
"""For the fund every job counts, however short."""


@dataclass(frozen=True, slots=True)
class Year:
    """People who came, or left, in a year, and how many of them for each answer; ``None`` where a number is not shown."""

    year: str
    people: int | None
    cells: Mapping[str, int | None]


def entries(history: History, settings: Settings) -> tuple[Year, ...]:
    """Count who came, by year of registration and by situation on that day (`STATUSES`).

    In work: a contract on record ended after that day. Without work: it ended on that day or before. A file that names no
    contract does not say.
    """
    registered, ends = history.people.registered, history.people.contract_end
    status = np.full(len(registered), STATUSES.index("unknown"))
    if ends is not None:
        status[ends > registered] = STATUSES.index("in_work")  # NaT compares false
        status[ends <= registered] = STATUSES.index("without_work")
    return tuple(_years(registered, status, STATUSES, settings))


def exits(history: History, settings: Settings, jobs: Jobs) -> tuple[tuple[Year, ...], tuple[Year, ...]]:
    """Count who left, by year of leaving: who was in work on leaving, and who six months later (`ANSWERS`).

    People leave on the first day of a job, when they are handed over, and when guidance ends.

    - In work on leaving: a job went on at some time in the four weeks from that day. Not in work: it was recorded how guidance
      ended, and no such job is.
    - In work six months later: a job that had started goes on, as its later end or a confirmation after six months tells. Not in
      work: there were jobs, and all were reported to have ended.
    - Else nobody recorded it: unknown.
    """
    found = cohort(history, ANY_JOB, settings, jobs=jobs)
    gone = found.state != State.OPEN
    person, left = found.person[gone], found.exited[gone]
    left_on = np.full(len(history.people.id), NO_DAY)
    left_on[person] = left
    on = left_on[jobs.person]
    own = (jobs.started >= history.people.registered[jobs.person]) & ~np.isnat(on)
    open_ended = np.isnat(jobs.ended)

    def of_people(which: Flags) -> Flags:
        some = np.zeros(len(left_on), dtype=np.bool_)
        some[jobs.person[own & which]] = True
        return np.asarray(some[person])

    at_once = of_people((jobs.started <= on + ON_LEAVING) & (open_ended | (jobs.ended >= on)))
    begun = jobs.started <= on + LATER
    goes_on = of_people(begun & np.where(open_ended, jobs.confirmed & (jobs.started >= on), jobs.ended > on + LATER))
    all_ended = of_people(begun) & ~of_people(begun & open_ended)
    last = np.datetime64(found.last_day, "D")
    told = [
        np.where(left + wait > last, TOO_RECENT, np.where(yes, YES, np.where(no, NO, UNKNOWN)))
        for wait, yes, no in ((ON_LEAVING, at_once, _recorded(history, found)[gone]), (LATER, goes_on, all_ended))
    ]
    on_leaving, later = (tuple(_years(left, answers, ANSWERS, settings)) for answers in told)
    return on_leaving, later


def _recorded(history: History, found: Cohort) -> Flags:
    """Say of whom somebody recorded how the search ended; that the planned end passed tells nothing."""
    events = history.events
    rows = np.flatnonzero(events.stands & (events.event == Event.GUIDANCE_ENDED.value))
    ended = np.full(len(history.people.id), NO_DAY)
    order = rows[np.argsort(-events.on[rows].astype(np.int64), kind="stable")]
    since = events.on[order] >= history.people.registered[events.person[order]]
    ended[events.person[order[since]]] = events.on[order[since]]  # written last: the first end
    return np.asarray((found.state != State.GUIDANCE_END) | (ended[found.person] == found.exited))


def _years(day: Days, answers: Rows, names: tuple[str, ...], settings: Settings) -> Iterator[Year]:
    """Count answers by year; people of an unknown day are left out."""
    year_of = day.astype("datetime64[Y]")
    for year in np.unique(year_of[~np.isnat(day)]):
        n = np.bincount(answers[year_of == year], minlength=len(names))
        shown = cells_shown(n, settings, TELLING)
        cells = {name: int(count) if show else None for name, count, show in zip(names, n, shown, strict=True)}
        yield Year(str(year), int(n.sum()) if n.sum() >= settings.minimum_cell else None, cells)
