"""What the log knows, as columns: the one form in which simulated markets, training and measuring exchange histories.

Days are ``datetime64[D]``, moments ``datetime64[s]`` in UTC; unknown is ``NaT``, NaN, an empty text or -1 where a row is named.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final

import numpy as np
import numpy.typing as npt

from matching.codes import SourceKind
from matching.columns import Columns
from matching.comparisons import UNKNOWN
from matching.guidance import GroupRules, timeline
from matching.records import Profile, Source
from matching.reference import read_guidance
from matching.store import Store

Days = npt.NDArray[np.datetime64]
Moments = npt.NDArray[np.datetime64]
Rows = npt.NDArray[np.int64]
Texts = npt.NDArray[np.str_]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

NOBODY: Final = Source(SourceKind.ACTIRIS_AGENCY, "-")
"""Stands for the first-line source where only dates are asked."""


@dataclass(frozen=True, slots=True)
class People:
    """One row per profile; ``guidance_end`` is the planned last day.

    ``found_work`` and ``handed_over`` are the days that the file itself states, beside the events, and ``contract_end`` the last
    day of the contract that the person comes from; ``None``: nowhere stated.
    """

    id: Texts
    registered: Days
    guidance_end: Days
    target_group: Texts
    found_work: Days | None = None
    handed_over: Days | None = None
    contract_end: Days | None = None


@dataclass(frozen=True, slots=True)
class Offers:
    """One row per offer; ``employer`` numbers employers (-1 unknown), ``kind`` is of `matching.codes.Kind`."""

    id: Texts
    kind: Texts
    employer: Rows
    published: Days
    open_positions: Rows


@dataclass(frozen=True, slots=True)
class Suggestions:
    """One row per match that was shown.

    ``person`` and ``offer`` are rows of `People` and `Offers`; ``values`` uint8[n_suggestions, n_comparisons] are the quantised
    comparison values as logged; ``propensity`` is the chance that the policy showed it at this rank. ``direction`` is that of
    the list: ``suggest`` (offers for a person), ``candidates`` (people for an offer), ``explain`` (one pair, suggested or not);
    ``None``: all are ``suggest``.
    """

    id: Texts
    list_id: Texts
    person: Rows
    offer: Rows
    kind: Texts
    rank: Rows
    score: Floats
    values: npt.NDArray[np.uint8]
    propensity: Floats
    exploration: Flags
    shown: Moments
    model: Texts
    policy: Texts
    asked_by: Texts
    direction: Texts | None = None

    def of(self, *directions: str) -> Flags:
        """Say which rows stand in a list of one of these directions."""
        if self.direction is None:
            return np.full(len(self.id), "suggest" in directions)
        return np.isin(self.direction, directions)


@dataclass(frozen=True, slots=True)
class Events:
    """One row per outcome, in the order recorded.

    ``event`` is of `matching.codes.Event`; ``offer`` and ``suggestion`` are rows, -1 where the event names none; ``on`` is the
    day it happened, ``recorded`` when the service was told; ``started`` is the first day of a job; ``stands`` is false where a
    later event corrects this one.
    """

    id: Texts
    event: Texts
    person: Rows
    offer: Rows
    suggestion: Rows
    on: Days
    recorded: Moments
    reported_by: Texts
    reason: Texts
    contract: Texts
    hours: Floats
    started: Days
    stands: Flags


@dataclass(frozen=True, slots=True)
class Questions:
    """One row per question about the vacancies of a person on file, in the order asked.

    ``cause``: as `matching.log.ShownList` says. Others (given with the question, and not stored) would be known from the log only
    if they were shown something.
    """

    person: Rows
    cause: Texts


@dataclass(frozen=True, slots=True)
class History:
    """All of it as known on ``as_of``.

    ``tombstones`` counts what erasing removed, by kind (``profile``, ``shown`` or event) and month. ``unexplained`` counts what
    is missing from the log (or, negative, too much in it) that no erasure explains; ``questions`` are those of which the log says
    whether a vacancy was shown. ``None`` where nobody counts, as in a simulated market.
    """

    as_of: date
    people: People
    offers: Offers
    suggestions: Suggestions
    events: Events
    tombstones: Mapping[tuple[str, str], int]
    unexplained: Mapping[tuple[str, str], int] | None = None
    questions: Questions | None = None


def read_history(store: Store, as_of: date, groups: Mapping[str, GroupRules] | None = None) -> History:
    """Read the log as known at the end of a day (UTC).

    Parameters
    ----------
    groups
        Rules of the target groups, from which the planned end of guidance follows (default: those shipped).

    Returns
    -------
    People and offers by id. Those that the log names and nobody describes any more follow, with all else unknown; the kind
    of such an offer is that of its suggestions.

    Raises
    ------
    sqlalchemy.exc.SQLAlchemyError
        When the database fails.
    """
    read = store.reader.columns(as_of)
    people, person_row = _people(read, as_of, dict(read_guidance()) if groups is None else groups)
    offers, offer_row = _offers(read)
    suggestions, suggestion_row = _suggestions(read, person_row, offer_row)
    events = _events(read, person_row, offer_row, suggestion_row)
    questions = _questions(read, person_row)
    return History(as_of, people, offers, suggestions, events, read.erased, read.unexplained, questions)


def digest_of(history: History) -> str:
    """Digest all that a history holds (SHA-256, hexadecimal): the same data give the same digest on any machine."""
    made = sha256(history.as_of.isoformat().encode())
    for part in (history.people, history.offers, history.suggestions, history.events, history.questions):
        for name in () if part is None else part.__slots__:
            column = getattr(part, name)
            if column is not None:
                plain = np.ascontiguousarray(column.astype(column.dtype.newbyteorder("<"), copy=False))
                made.update(f"{type(part).__name__}.{name} {plain.dtype.str} {plain.shape}".encode())
                made.update(plain.tobytes())
    made.update(repr([sorted(history.tombstones.items()), sorted((history.unexplained or {}).items())]).encode())
    return made.hexdigest()


def _texts(values: Iterable[str | None]) -> Texts:
    return np.array([value or "" for value in values], dtype=np.str_)


def _days(values: Iterable[str | None]) -> Days:
    return np.array([value or "NaT" for value in values], dtype="datetime64[D]")


def _rows(values: Iterable[str | None], of: Mapping[str, int]) -> Rows:
    return np.array([of.get(value or "", -1) for value in values], dtype=np.int64)


def _every(described: Sequence[str], *named: Iterable[str | None]) -> list[str]:
    """Give the ids described, then those that are only named."""
    there = set(described)
    return [*described, *sorted({name for names in named for name in names if name} - there)]


def _people(read: Columns, as_of: date, groups: Mapping[str, GroupRules]) -> tuple[People, dict[str, int]]:
    table = read.profiles
    ids = _every(table["id"], read.suggestions["profile_id"], read.outcomes["profile_id"])
    bare = [None] * (len(ids) - len(table["id"]))
    dates = [[_day(value) for value in table[name]] for name in ("registeredOn", "contractEnd", "guidanceEnd")]
    ends = [
        timeline(
            Profile(name, NOBODY, target_group=group, registered_on=registered, contract_end=contract_end, guidance_end=end),
            groups,
            as_of,
        ).ends
        for name, group, registered, contract_end, end in zip(table["id"], table["targetGroup"], *dates, strict=True)
    ]
    names = ("registeredOn", "foundWorkOn", "handedOverOn", "contractEnd")
    registered, found, handed, contract_end = ([*table[name], *bare] for name in names)
    people = People(
        id=_texts(ids),
        registered=_days(registered),
        guidance_end=_days([*(None if end is None else end.isoformat() for end in ends), *bare]),
        target_group=_texts([*table["targetGroup"], *bare]),
        found_work=_days(found),
        handed_over=_days(handed),
        contract_end=_days(contract_end),
    )
    return people, {name: row for row, name in enumerate(ids)}


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _offers(read: Columns) -> tuple[Offers, dict[str, int]]:
    table = read.offers
    ids = _every(table["id"], read.suggestions["offer_id"], read.outcomes["offer_id"])
    bare = [None] * (len(ids) - len(table["id"]))
    shown_as = dict(zip(read.suggestions["offer_id"], read.suggestions["kind"], strict=True))
    kinds = [*table["kind"], *(shown_as.get(name) for name in ids[len(table["id"]) :])]
    employers = {name: row for row, name in enumerate(sorted({name for name in table["employer"] if name}))}
    left = [
        -1 if positions is None else max(int(positions) - int(filled or 0), 0)
        for positions, filled in zip(table["positions"], table["filled"], strict=True)
    ]
    offers = Offers(
        id=_texts(ids),
        kind=_texts(kinds),
        employer=_rows([*table["employer"], *bare], employers),
        published=_days([*table["published"], *bare]),
        open_positions=np.array([*left, *(-1 for _ in bare)], dtype=np.int64),
    )
    return offers, {name: row for row, name in enumerate(ids)}


def _suggestions(
    read: Columns, person_row: Mapping[str, int], offer_row: Mapping[str, int]
) -> tuple[Suggestions, dict[str, int]]:
    table, lists = read.suggestions, read.lists
    of_list = _rows(table["list_id"], {name: row for row, name in enumerate(lists["id"])})
    suggestions = Suggestions(
        id=_texts(table["id"]),
        list_id=_texts(lists["id"])[of_list],
        person=_rows(table["profile_id"], person_row),
        offer=_rows(table["offer_id"], offer_row),
        kind=_texts(table["kind"]),
        rank=np.array(table["rank"], dtype=np.int64),
        score=np.array(table["score"], dtype=np.float64),
        values=_values(table["feature_values"]),
        propensity=np.array(table["propensity"], dtype=np.float64),
        exploration=np.array(table["exploration"], dtype=np.bool_),
        shown=np.array(lists["asked"], dtype="datetime64[s]")[of_list],
        model=_texts(lists["model_version"])[of_list],
        policy=_texts(lists["policy"])[of_list],
        asked_by=_texts(lists["asked_by"])[of_list],
        direction=_texts(lists["direction"])[of_list],
    )
    return suggestions, {name: row for row, name in enumerate(table["id"])}


def _questions(read: Columns, person_row: Mapping[str, int]) -> Questions | None:
    """Give the questions of which the log says what came of them; ``None`` where it says so of none."""
    lists = read.lists
    person, asked = _rows(lists["subject"], person_row), np.array(lists["asked"], dtype="datetime64[s]")
    told = np.array([cause is not None for cause in lists["cause"]], dtype=np.bool_)
    told &= (person >= 0) & (person < len(read.profiles["id"]))
    order = np.flatnonzero(told)[np.argsort(asked[told], kind="stable")]
    return Questions(person[order], _texts(lists["cause"])[order]) if len(order) else None


def _values(logged: Sequence[bytes]) -> npt.NDArray[np.uint8]:
    """Put the bytes of every suggestion side by side; an older one that has fewer ends with unknown."""
    width = max(map(len, logged), default=0)
    every = b"".join(bytes(one).ljust(width, bytes([UNKNOWN])) for one in logged)
    return np.frombuffer(every, dtype=np.uint8).reshape(len(logged), width)


def _events(
    read: Columns, person_row: Mapping[str, int], offer_row: Mapping[str, int], suggestion_row: Mapping[str, int]
) -> Events:
    table = read.outcomes
    corrected = set(table["corrects"]) - {None}
    return Events(
        id=_texts(table["id"]),
        event=_texts(table["event"]),
        person=_rows(table["profile_id"], person_row),
        offer=_rows(table["offer_id"], offer_row),
        suggestion=_rows(table["suggestion_id"], suggestion_row),
        on=_days(table["happened"]),
        recorded=np.array(table["recorded"], dtype="datetime64[s]"),
        reported_by=_texts(table["reported_by"]),
        reason=_texts(table["reason"]),
        contract=_texts(table["contract"]),
        hours=np.array([np.nan if hours is None else float(hours) for hours in table["hours"]], dtype=np.float64),
        started=_days(table["startedOn"]),
        stands=np.array([name not in corrected for name in table["id"]], dtype=np.bool_),
    )
