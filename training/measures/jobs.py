"""Jobs out of the log: one row per hire that stands, with its end, what confirms it, and whether the vacancy was suggested."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.codes import Event, Kind
from training.history import Days, Events, Flags, Floats, History, Rows, Texts
from training.measures.definitions import Definition

FIRST_DAY: Final = np.datetime64("0001-01-01", "D")
SPAN: Final = 4_000_000
"""More than the days of the calendar, and than the offers of a history."""
NO_DAY: Final = np.datetime64("NaT", "D")
KEPT: Final = Event.IN_WORK_6M


@dataclass(frozen=True, slots=True)
class Jobs:
    """One row per job.

    ``person`` and ``offer`` are rows of the history (-1: no offer named); ``started`` is the first day of work (the day of the
    hire where nobody stated it), ``hired`` the day on which the hire was settled, at the latest that first day; ``ended`` the
    day on which the person left, ``NaT`` when nobody reported that; ``confirmed`` whether somebody confirmed the job after six
    months; ``suggested`` the last day, not
    after the hire, on which the vacancy was suggested to the person, or ``NaT``.
    """

    person: Rows
    offer: Rows
    hired: Days
    started: Days
    ended: Days
    confirmed: Flags
    suggested: Days
    contract: Texts
    hours: Floats
    kind: Texts

    def lasted(self) -> Floats:
        """Days from the start to the end; NaN when no end was reported."""
        days = (self.ended - self.started).astype(np.float64)
        return np.where(np.isnat(self.ended), np.nan, days)

    def counted(self, definition: Definition) -> Flags:
        """Say which jobs count, whenever they started; what nobody stated excludes nothing."""
        with np.errstate(invalid="ignore"):
            short = self.lasted() < definition.minimum_days
            few = self.hours < (definition.minimum_hours or 0)
        excluded = np.isin(self.contract, [contract.value for contract in definition.excluded_contracts])
        other = np.isin(self.kind, ["", Kind.VACANCY.value], invert=True)
        with_end = ~short & ~few & ~excluded
        return with_end if definition.subsidised else with_end & ~other

    def attributed(self, days: int) -> Flags:
        """Say of which jobs the vacancy was suggested in the days before the hire."""
        return (self.hired - self.suggested) <= np.timedelta64(days, "D")  # NaT compares false


def jobs_of(history: History) -> Jobs:
    """Collect the jobs of a history.

    An event on the end or the going on of a job belongs to the last job of that person at that offer that had started; where it
    names no offer, or none at which the person was hired, to the person's last job that had started. A person whose file alone
    says that work was found has a job of which nothing else is known.
    """
    events, people = history.events, history.people
    hires = np.flatnonzero(events.stands & (events.event == Event.HIRED.value))
    only_file = np.zeros(0, dtype=np.int64)
    found = np.zeros(0, dtype="datetime64[D]")
    if people.found_work is not None:
        only_file = np.setdiff1d(np.flatnonzero(~np.isnat(people.found_work)), events.person[hires])
        found = people.found_work[only_file]
    bare = len(only_file)
    hired = np.concatenate([events.on[hires], found])
    stated = np.concatenate([events.started[hires], found])
    offer = np.concatenate([events.offer[hires], np.full(bare, -1)])
    person = np.concatenate([events.person[hires], only_file])
    started = np.where(np.isnat(stated), hired, stated)
    hired = np.minimum(hired, started)
    left = np.flatnonzero(events.stands & (events.event == Event.LEFT.value))
    ended = np.full(len(person), NO_DAY)
    at = _job_of(events, left, person, offer, started)
    order = np.argsort(-events.on[left].astype(np.int64), kind="stable")  # written last: the first end reported
    ended[at[order][at[order] >= 0]] = events.on[left][order][at[order] >= 0]
    kept = np.flatnonzero(events.stands & (events.event == KEPT.value))
    confirmed = np.zeros(len(person), dtype=np.bool_)
    at = _job_of(events, kept, person, offer, started)
    confirmed[at[at >= 0]] = True
    return Jobs(
        person=person,
        offer=offer,
        hired=hired,
        started=started,
        ended=ended,
        confirmed=confirmed,
        suggested=_last_suggested(history, person, offer, hired),
        contract=np.concatenate([events.contract[hires], np.full(bare, "", dtype="<U1")]),
        hours=np.concatenate([events.hours[hires], np.full(bare, np.nan)]),
        kind=np.where(offer >= 0, np.append(history.offers.kind, "")[offer], ""),
    )


def key(person: Rows, offer: Rows, day: Days) -> Rows:
    """Give triples a number of person, offer and day, so that sorting goes by person, then offer, then day."""
    return np.asarray(((person + 1) * SPAN + offer + 1) * SPAN + (day - FIRST_DAY).astype(np.int64))


def last_before(keys: Rows, asked: Rows) -> Rows:
    """Give the row of the greatest key at or below each one asked, of the same person and offer; -1 for none."""
    order = np.argsort(keys, kind="stable")
    place = np.searchsorted(keys[order], asked, side="right") - 1
    found = np.append(order, -1)[place]
    alike = np.append(keys, -1)[found] // SPAN == asked // SPAN
    return np.where((place >= 0) & alike, found, -1)


def _job_of(events: Events, rows: Rows, person: Rows, offer: Rows, started: Days) -> Rows:
    """Find the job that each event is about; -1 where the person had none."""
    who, where, on = events.person[rows], events.offer[rows], events.on[rows]
    at_offer = last_before(key(person, offer, started), key(who, where, on))
    any_offer = last_before(key(person, np.zeros_like(offer), started), key(who, np.zeros_like(where), on))
    return np.where((where >= 0) & (at_offer >= 0), at_offer, any_offer)


def _last_suggested(history: History, person: Rows, offer: Rows, hired: Days) -> Days:
    """Give the last day, not after the hire, on which the vacancy was suggested; ``NaT`` when it never was."""
    shown = history.suggestions
    rows = np.flatnonzero(shown.of("suggest", "candidates"))
    day = shown.shown[rows].astype("datetime64[D]")
    found = last_before(key(shown.person[rows], shown.offer[rows], day), key(person, offer, hired))
    return np.where((found >= 0) & (offer >= 0), np.append(day, NO_DAY)[found], NO_DAY)
