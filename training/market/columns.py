"""From what was told to a `History`: as known on a day, without the people erased by then."""

from collections import Counter
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from matching.codes import Kind
from training.history import Events, History, Offers, People, Suggestions
from training.market.careers import FAR, Careers
from training.market.events import DAY, EVENTS, REASONS, Told, moment_shown
from training.market.reality import BITS, CONTRACTS, EPOCH, Longs
from training.market.scene import Scene

ASKED_BY: Final = "consultant-{}"


class Record(NamedTuple):
    """Everything that was ever logged; ``erased`` (people,): the day on which a person was erased, `FAR` if never."""

    scene: Scene
    careers: Careers
    told: Told
    erased: Longs
    model: str
    policy: str


def known_on(record: Record, as_of: date) -> History:
    """Give the log as it stood at the end of a day.

    Who was erased by then is gone, with lists, suggestions and events; one anonymous count for each kind and month remains.
    Offers are those published by then; ``open_positions`` counts the positions that the vacancy had when it appeared (-1: it does
    not say).
    """
    scene, day = record.scene, as_of.toordinal() - EPOCH
    moment = (day + 1) * DAY
    erased = record.erased <= day
    people, of_person = _kept((scene.registered <= day) & ~erased)
    offers, of_offer = _kept(scene.published <= day)
    shown, told = record.careers.listed, record.told
    logged = (shown.day <= day) & (shown.day < record.erased[shown.person])
    known = (told.recorded < moment) & (told.recorded < record.erased[told.person] * DAY)
    listed, of_suggestion = _kept(logged & ~erased[shown.person])
    stands = np.ones(len(told.event), dtype=np.bool_)
    stands[told.corrects[known & (told.corrects >= 0)]] = False
    events = np.flatnonzero(known & ~erased[told.person])
    return History(
        as_of=as_of,
        people=People(
            id=np.array([scene.profiles[row].id for row in people.tolist()], dtype=np.str_),
            registered=_days(scene.registered[people]),
            guidance_end=_days(scene.planned_end[people]),
            target_group=np.array([scene.profiles[row].target_group or "" for row in people.tolist()], dtype=np.str_),
        ),
        offers=_offers(scene, offers),
        suggestions=_suggestions(record, listed, of_person, of_offer),
        events=_events(record, events, of_person, of_offer, of_suggestion, stands),
        tombstones=_tombstones(record, logged & erased[shown.person], known & erased[told.person]),
    )


def _kept(mask: npt.NDArray[np.bool_]) -> tuple[Longs, Longs]:
    """Give the rows that are kept, and for each row its new number, -1 for the others and for -1."""
    rows = np.flatnonzero(mask)
    numbers = np.full(len(mask) + 1, -1, dtype=np.int64)
    numbers[rows] = np.arange(len(rows))
    return rows, numbers


def _days(days: Longs) -> npt.NDArray[np.datetime64]:
    found = days.astype("datetime64[D]")
    found[days >= FAR] = np.datetime64("NaT")
    return found


def _offers(scene: Scene, rows: Longs) -> Offers:
    of_row = [scene.offers[row] for row in rows.tolist()]
    seen: dict[str, int] = {}
    return Offers(
        id=np.array([offer.id for offer in of_row], dtype=np.str_),
        kind=np.full(len(rows), Kind.VACANCY.value),
        employer=np.array([-1 if o.employer is None else seen.setdefault(o.employer, len(seen)) for o in of_row], dtype=np.int64),
        published=_days(scene.published[rows]),
        open_positions=np.array([-1 if o.positions is None else o.positions - o.filled for o in of_row], dtype=np.int64),
    )


def _suggestions(record: Record, rows: Longs, of_person: Longs, of_offer: Longs) -> Suggestions:
    listed = record.careers.listed
    asked_by = np.array([ASKED_BY.format(number + 1) for number in range(int(record.careers.consultant.max(initial=0)) + 1)])
    return Suggestions(
        id=np.char.mod("s-%09d", rows),
        list_id=np.char.mod("l-%08d", listed.list[rows]),
        person=of_person[listed.person[rows]],
        offer=of_offer[listed.offer[rows]],
        kind=np.full(len(rows), Kind.VACANCY.value),
        rank=listed.rank[rows],
        score=listed.score[rows],
        values=listed.values[rows],
        propensity=listed.propensity[rows],
        exploration=listed.exploration[rows],
        shown=moment_shown(listed.day[rows]).astype("datetime64[s]"),
        model=np.full(len(rows), record.model),
        policy=np.full(len(rows), record.policy),
        asked_by=asked_by[record.careers.consultant[listed.person[rows]]],
    )


def _events(
    record: Record, rows: Longs, of_person: Longs, of_offer: Longs, of_suggestion: Longs, stands: npt.NDArray[np.bool_]
) -> Events:
    told = Told._make(column[rows] for column in record.told)
    by_contract: Any = np.array([""] * (max(BITS[c] for c in CONTRACTS) + 1), dtype="U13")
    by_contract[[BITS[c] for c in CONTRACTS]] = [c.value for c in CONTRACTS]
    reporters = np.array([ASKED_BY.format(number + 1) for number in range(int(record.careers.consultant.max(initial=0)) + 1)])
    return Events(
        id=np.char.mod("e-%09d", rows),
        event=np.array([event.value for event in EVENTS])[told.event],
        person=of_person[told.person],
        offer=of_offer[told.offer],
        suggestion=of_suggestion[told.suggestion],
        on=_days(told.on),
        recorded=told.recorded.astype("datetime64[s]"),
        reported_by=reporters[record.careers.consultant[told.person]],
        reason=np.array(REASONS)[told.reason],
        contract=by_contract[told.contract],
        hours=told.hours,
        started=_days(told.started),
        stands=stands[rows],
    )


def _tombstones(record: Record, shown: npt.NDArray[np.bool_], told: npt.NDArray[np.bool_]) -> dict[tuple[str, str], int]:
    """Count what erasing removed: suggestions by the month in which they were shown, events by that in which they happened."""
    months = np.datetime_as_string(record.careers.listed.day[shown].astype("datetime64[D]").astype("datetime64[M]"))
    found = Counter(("shown", str(month)) for month in months.tolist())
    happened = np.datetime_as_string(record.told.on[told].astype("datetime64[D]").astype("datetime64[M]")).tolist()
    kinds = [EVENTS[code].value for code in record.told.event[told].tolist()]
    found.update(zip(kinds, map(str, happened), strict=True))
    return dict(sorted(found.items()))
