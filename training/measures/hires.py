"""Do matches become hires: people followed from registration until a job or another end, for each definition."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from typing import Final

import numpy as np

from matching.codes import Event, Words
from matching.records import DataError, Problem
from training.history import Days, Flags, History, Rows
from training.measures.definitions import Definition, Settings
from training.measures.incidence import Curve, cumulative_incidence
from training.measures.intervals import NAN, Estimate, wilson
from training.measures.jobs import Jobs, jobs_of

DAY: Final = np.timedelta64(1, "D")
NEVER: Final = np.datetime64("9999-12-31", "D")


class State(IntEnum):
    """How a person's search ended; ``OPEN`` is censored: still searching when the data end."""

    OPEN = 0
    JOB = 1
    HANDED_OVER = 2
    WITHDRAWN = 3
    GUIDANCE_END = 4
    OTHER_JOB = 5


STATE_WORDS: Final[Words] = {
    "open": ("en recherche", "op zoek", "still searching"),
    "job": ("emploi", "job", "job"),
    "handed_over": ("transmis aux antennes", "overgedragen aan de antennes", "handed over to the agencies"),
    "withdrawn": ("a arrêté", "is gestopt", "gave up"),
    "guidance_end": ("fin de l'accompagnement", "einde van de begeleiding", "end of guidance"),
    "other_job": ("autre emploi, non proposé", "andere job, niet voorgesteld", "another job, not suggested"),
}
N_CAUSES: Final = len(State) - 1


class Verdict(StrEnum):
    """What a number says about a target."""

    MET = "met"
    NOT_MET = "not_met"
    UNDETERMINED = "undetermined"


VERDICT_WORDS: Final[Words] = {
    "met": ("objectif atteint", "doelstelling gehaald", "target met"),
    "not_met": ("objectif non atteint", "doelstelling niet gehaald", "target not met"),
    "undetermined": (
        "les données ne permettent pas de trancher",
        "de gegevens laten geen uitspraak toe",
        "not determined by the data",
    ),
}


@dataclass(frozen=True, slots=True)
class Cohort:
    """People registered in a period, under one definition; one row each.

    ``person`` is a row of the history; ``entered`` the day of registration; ``exited`` the day on which the search ended as
    ``state`` (of `State`) says, or on which the data end. ``success`` is 1 where the definition is fulfilled, 0 where not and -1
    where that is unknown; it means something only once ``mature``. ``last_day`` is the last day of which everything
    counts as known, ``ripe_until`` the last day of registration of those followed for as long as the definition asks.
    """

    definition: str
    person: Rows
    entered: Days
    exited: Days
    state: Rows
    success: Rows
    last_day: date
    ripe_until: date

    @property
    def mature(self) -> Flags:
        """Who has been followed for as long as the definition asks."""
        return np.asarray(self.entered <= np.datetime64(self.ripe_until, "D"))

    @property
    def followed(self) -> Rows:
        """Days from registration until the search, or the data, ended."""
        return (self.exited - self.entered).astype(np.int64)

    def curve(self) -> Curve:
        """Estimate the cumulative incidence of every way to end."""
        return cumulative_incidence(self.followed, self.state, N_CAUSES)


@dataclass(frozen=True, slots=True)
class MaturedShare:
    """Share that fulfils a definition among people followed long enough.

    ``low`` counts the ``unknown`` as not fulfilling it, ``high`` as fulfilling it; each has its interval (Wilson).
    """

    n: int
    successes: int
    unknown: int
    low: Estimate
    high: Estimate


def last_known_day(history: History, definition: Definition, settings: Settings) -> date:
    """Give the last day on which it is known whether a job that starts then counts.

    That is the date of the data less the reporting lag, less the days that a job must last or be kept.
    """
    return history.as_of - timedelta(days=settings.reporting_lag_days + max(definition.minimum_days, definition.kept_days or 0))


def cohort(
    history: History,
    definition: Definition,
    settings: Settings,
    since: date | None = None,
    until: date | None = None,
    jobs: Jobs | None = None,
) -> Cohort:
    """Follow the people who registered from ``since`` to ``until``, both included.

    The first end counts: a job at its first day, unless another end came before the day on which the hire was settled;
    hand-over; end of guidance as recorded, or the planned last day passed. What came before the registration belongs to an
    earlier search. People of unknown registration are left out, as are
    those who registered after the last day that is known.

    Parameters
    ----------
    jobs
        `jobs.jobs_of` of the history, to compute it once for several definitions.
    """
    jobs = jobs_of(history) if jobs is None else jobs
    last_day = last_known_day(history, definition, settings)
    last = np.datetime64(last_day, "D")
    registered = history.people.registered
    chosen = ~np.isnat(registered) & (registered <= last)
    chosen &= (registered >= np.datetime64(since or date.min, "D")) & (registered <= np.datetime64(until or date.max, "D"))
    other, why = _other_ends(history, settings)
    usable = jobs.counted(definition) & (jobs.started >= registered[jobs.person]) & (jobs.hired <= other[jobs.person])
    first = _first(jobs, usable, len(registered))
    started = np.where(first >= 0, np.append(jobs.started, NEVER)[first], NEVER)
    ended = np.where(first >= 0, started, other)
    state = np.where(first >= 0, State.JOB, why)
    if definition.suggested_days is not None:
        suggested = np.append(jobs.attributed(definition.suggested_days), False)[first]
        state = np.where((first >= 0) & ~suggested, State.OTHER_JOB, state)
    state = np.where(ended > last, State.OPEN, state)
    success = _successes(jobs, usable, first, state, registered, definition)
    person = np.flatnonzero(chosen)
    return Cohort(
        definition.name,
        person,
        registered[person],
        np.minimum(ended, last)[person],
        state[person].astype(np.int64),
        success[person],
        last_day,
        last_day - timedelta(days=definition.days),
    )


def _other_ends(history: History, settings: Settings) -> tuple[Days, Rows]:
    """Give the first day on which each person's search ended in another way than a job, and which way; `NEVER` for none.

    What is dated before the registration belongs to an earlier search.
    """
    events, people = history.events, history.people
    n = len(people.id)
    withdrew = np.isin(events.reason, settings.withdrawn_reasons)
    over = events.event == Event.GUIDANCE_ENDED.value
    ways = [
        (State.HANDED_OVER, events.event == Event.HANDED_OVER.value),
        (State.WITHDRAWN, over & withdrew),
        (State.GUIDANCE_END, over & ~withdrew),
    ]
    day, why = np.full(n, NEVER), np.zeros(n, dtype=np.int64)
    for state, which in ways:
        rows = np.flatnonzero(events.stands & which & (events.on >= people.registered[events.person]))
        first = np.full(n, NEVER)
        np.minimum.at(first, events.person[rows], events.on[rows])
        if state is State.HANDED_OVER and people.handed_over is not None:
            first = np.fmin(first, np.where(people.handed_over >= people.registered, people.handed_over, NEVER))
        day, why = np.where(first < day, first, day), np.where(first < day, state, why)
    planned = np.where(people.guidance_end >= people.registered, people.guidance_end + DAY, NEVER)  # NaT compares false
    return np.minimum(planned, day), np.where(planned < day, State.GUIDANCE_END, why).astype(np.int64)


def _first(jobs: Jobs, usable: Flags, n: int) -> Rows:
    """Give the row of each person's first usable job; -1 for none."""
    rows = np.flatnonzero(usable)
    rows = rows[np.lexsort((jobs.started[rows], jobs.person[rows]))]
    first = np.full(n, -1, dtype=np.int64)
    first[jobs.person[rows][::-1]] = rows[::-1]  # written last: the first one
    return np.asarray(first)


def _successes(jobs: Jobs, usable: Flags, first: Rows, state: Rows, registered: Days, definition: Definition) -> Rows:
    """Say who fulfils the definition on its day: 1, 0, or -1 where that is unknown."""
    day = registered + definition.days * DAY
    if definition.measured == "at":
        rows = np.flatnonzero(usable)
        going_on = (jobs.started[rows] <= day[jobs.person[rows]]) & ~(jobs.ended[rows] <= day[jobs.person[rows]])
        found = np.zeros(len(registered), dtype=np.int64)
        found[jobs.person[rows][going_on]] = 1
        return found
    if definition.kept_days is None:
        started = np.where(first >= 0, np.append(jobs.started, NEVER)[first], NEVER)
        return np.asarray((state == State.JOB) & (started <= day), dtype=np.int64)
    rows = np.flatnonzero(usable & (jobs.started <= day[jobs.person]))
    lasted = jobs.lasted()[rows]
    kept = np.where(np.isnan(lasted), np.where(jobs.confirmed[rows], 1, -1), lasted >= definition.kept_days)
    found = np.zeros(len(registered), dtype=np.int64)
    found[jobs.person[rows][kept == -1]] = -1
    found[jobs.person[rows][kept == 1]] = 1
    return found


def matured_share(found: Cohort, confidence: float = 0.95) -> MaturedShare:
    """Give the share that fulfils the definition, among people who have all been followed long enough.

    Raises
    ------
    DataError
        ``unmatured``: somebody registered too recently; the problem names the definition and the last day of registration
        that would do.
    """
    if not found.mature.all():
        youngest, accepted = str(found.entered.max()), f"<= {found.ripe_until}"
        raise DataError([Problem("unmatured", f"definition {found.definition}", "registeredOn", youngest, accepted)])
    n, successes = len(found.person), int(np.count_nonzero(found.success == 1))
    unknown = int(np.count_nonzero(found.success == -1))
    return MaturedShare(
        n, successes, unknown, wilson(successes, n, confidence), wilson(successes + unknown, n, confidence)
    )  # fmt: skip


def matured(found: Cohort) -> Cohort:
    """Keep the people who have been followed long enough."""
    of = found.mature
    return Cohort(
        found.definition, found.person[of], found.entered[of], found.exited[of], found.state[of], found.success[of],
        found.last_day, found.ripe_until,
    )  # fmt: skip


def verdict(low: float, high: float, target: float, enough: bool = True) -> Verdict:
    """Hold an interval against a target: met when all of it is there, not met when none is, else undetermined.

    Without interval, or when there is not enough to judge from, it is undetermined.
    """
    if not enough or not (np.isfinite(low) and np.isfinite(high)):
        return Verdict.UNDETERMINED
    return Verdict.MET if low >= target else Verdict.NOT_MET if high < target else Verdict.UNDETERMINED


@dataclass(frozen=True, slots=True)
class MatchToHire:
    """The answer for one definition.

    ``by`` are the cumulative incidences at each horizon, for every state but ``OPEN`` (None for a definition measured at a
    day); ``share`` the matured share (None when nobody has been followed long enough); ``verdict`` holds the incidence at the
    definition's day, or else the matured share, against the target.
    """

    definition: Definition
    cohort: Cohort
    curve: Curve | None
    by: dict[int, dict[str, Estimate]]
    share: MaturedShare | None
    verdict: Verdict


def match_to_hire(found: Cohort, definition: Definition, settings: Settings) -> MatchToHire:
    """Measure one definition on a cohort and hold it against the target."""
    ripe = matured(found)
    share = matured_share(ripe, settings.confidence) if len(ripe.person) else None
    if definition.measured == "at" or definition.kept_days is not None:
        ends = (NAN, NAN) if share is None else (share.low.low, share.high.high)
        said = verdict(*ends, settings.target, len(ripe.person) >= settings.minimum_for_rate)
        return MatchToHire(definition, found, None, {}, share, said)
    curve = found.curve()
    horizons = sorted({definition.days, *settings.horizon_days})
    states = [state for state in State if state is not State.OPEN]
    by = {day: {s.name.lower(): curve.at(day, s, settings.confidence) for s in states} for day in horizons}
    at_day = by[definition.days]["job"]
    events = int(np.count_nonzero((found.state == State.JOB) & (found.followed <= definition.days)))
    enough = events >= settings.minimum_events and len(found.person) >= settings.minimum_for_rate
    return MatchToHire(
        definition, found, curve, by, share, verdict(at_day.low, at_day.high, settings.target, enough)
    )  # fmt: skip
