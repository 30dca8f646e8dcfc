"""A market written through the store, day by day, as the service would have logged it: for the demo and for small tests."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import numpy as np

from matching.codes import Contract, Event, Kind, Role
from matching.log import ShownList, ShownMatch
from matching.records import Outcome
from matching.store import Store
from training.market.careers import FAR
from training.market.events import DAY, EVENING, EVENTS, MORNING, REASONS
from training.market.market import Market
from training.market.reality import BITS, CONTRACTS, EPOCH, Longs

MIDNIGHT: Final = datetime(1970, 1, 1, tzinfo=UTC)
BY_BIT: Final = {BITS[contract]: contract for contract in CONTRACTS}


def write_log(market: Market, store: Store, as_of: date) -> None:
    """Log what was shown and told until the end of a day, and erase who asked for it by then.

    The records must be in the store already, those of the people to be erased as well. Days follow each other: erasures,
    then the lists of the morning, then the reports of the evening. Written twice, it changes nothing.

    Raises
    ------
    Conflict
        The store holds another market under the same ids.
    """
    scene, last = market.scene, as_of.toordinal() - EPOCH
    erased = market.record.erased
    lists = _by_day(market.careers.listed.day)
    reports = _by_day(market.record.told.recorded // DAY)
    leaves = _by_day(erased)
    for day in sorted(d for d in {*lists, *reports, *leaves} if d <= last):
        for person in leaves.get(day, _NONE).tolist():
            store.delete_profile(scene.profiles[person].id)
        shown = [row for row in lists.get(day, _NONE).tolist() if day < erased[market.careers.listed.person[row]]]
        store.record_lists(list(_lists(market, shown)), MIDNIGHT + timedelta(days=day, seconds=MORNING))
        told = [row for row in reports.get(day, _NONE).tolist() if day < erased[market.record.told.person[row]]]
        store.record_outcomes([_outcome(market, row) for row in told], MIDNIGHT + timedelta(days=day, seconds=EVENING))


_NONE: Final = np.zeros(0, dtype=np.int64)


def _by_day(days: Longs) -> dict[int, Longs]:
    """Give the rows of each day, in order."""
    order = np.argsort(days, kind="stable")
    found, first = np.unique(days[order], return_index=True)
    return dict(zip(found.tolist(), np.split(order, first[1:]), strict=True)) if len(days) else {}


def _lists(market: Market, rows: list[int]) -> Iterator[ShownList]:
    """Give the lists of some suggestions, which stand list by list."""
    listed, scene, model = market.careers.listed, market.scene, market.service.bare.model
    by_list: dict[int, list[int]] = {}
    for row in rows:
        by_list.setdefault(int(listed.list[row]), []).append(row)
    for number, own in by_list.items():
        person = int(listed.person[own[0]])
        added = model.tables[np.arange(len(model.tables)), listed.values[own]].tolist()
        yield ShownList(
            id=f"l-{number:08d}",
            direction="suggest",
            subject=scene.profiles[person].id,
            asked_by=_consultant(market, person),
            asked_role=Role.CONSULTANT,
            model_version=market.record.model,
            taxonomy_version=scene.taxonomy.version,
            data_version="simulated",
            policy=market.record.policy,
            question=json.dumps({"asOf": _date(int(listed.day[own[0]])).isoformat()}),
            matches=tuple(
                ShownMatch(
                    id=f"s-{row:09d}",
                    profile_id=scene.profiles[person].id,
                    offer_id=scene.offers[int(listed.offer[row])].id,
                    rank=int(listed.rank[row]),
                    kind=Kind.VACANCY,
                    score=float(listed.score[row]),
                    feature_values=listed.values[row].tobytes(),
                    contributions=tuple(contributions),
                    propensity=float(listed.propensity[row]),
                    exploration=bool(listed.exploration[row]),
                )
                for row, contributions in zip(own, added, strict=True)
            ),
        )


def _outcome(market: Market, row: int) -> Outcome:
    """Give an event as it is reported."""
    told, scene = market.record.told, market.scene
    values: dict[str, Any] = {name: column[row].item() for name, column in told._asdict().items()}
    contract: Contract | None = BY_BIT.get(values["contract"])
    return Outcome(
        id=f"e-{row:09d}",
        event=Event(EVENTS[values["event"]]),
        profile_id=scene.profiles[values["person"]].id,
        happened_on=_date(values["on"]),
        reported_by=_consultant(market, values["person"]),
        offer_id=None if values["offer"] < 0 else scene.offers[values["offer"]].id,
        suggestion_id=None if values["suggestion"] < 0 else f"s-{values['suggestion']:09d}",
        reason=REASONS[values["reason"]] or None,
        contract=contract,
        hours=None if np.isnan(values["hours"]) else values["hours"],
        started_on=None if values["started"] >= FAR else _date(values["started"]),
        corrects=None if values["corrects"] < 0 else f"e-{values['corrects']:09d}",
    )


def _consultant(market: Market, person: int) -> str:
    return f"consultant-{int(market.careers.consultant[person]) + 1}"


def _date(day: int) -> date:
    return date.fromordinal(day + EPOCH)
