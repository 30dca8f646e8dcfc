"""The log: which lists were shown, what became of the suggestions, and what erasing a person leaves of it.

Each function works on the connection, and so in the transaction, that `matching.store.Store` hands over.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final, Literal

from pydantic import TypeAdapter
from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
)

from matching import ledger
from matching.codes import Event, Kind, Role
from matching.records import BRUSSELS_TIME, DataError, Outcome, Override, Problem
from matching.tables import (
    Conflict,
    Counts,
    digests,
    lists,
    lock,
    outcomes,
    portions,
    remembered,
    suggestions,
)

Direction = Literal["suggest", "candidates", "explain"]

OUTCOME: Final = TypeAdapter(Outcome)


@dataclass(frozen=True, slots=True)
class ShownMatch:
    """One suggestion as it was shown.

    ``id`` is the suggestion's; ``rank`` starts at 1 within its ``kind``; ``score`` is in log-odds; ``feature_values``
    holds one quantised byte per comparison and ``contributions`` the log-odds each added; ``propensity`` is the
    chance, 0-1, that the policy showed it here.
    """

    id: str
    profile_id: str
    offer_id: str
    rank: int
    kind: Kind
    score: float
    feature_values: bytes
    contributions: tuple[float, ...]
    propensity: float = 1.0
    exploration: bool = False


@dataclass(frozen=True, slots=True)
class ShownList:
    """A list as it was shown: who asked what, with which versions, and every match in it.

    ``question`` is what was asked (JSON: as-of date, weights, limits set aside), enough to replay the list.
    ``subject`` is the id of the profile (``suggest``, ``explain``) or of the offer (``candidates``); ``asked_by`` the
    id of a key; ``asked_at`` is ``None`` until the list is logged, then UTC. ``cause`` says why a person was shown no vacancy
    (`matching.matcher.Suggestions.cause`, or `matching.runs.SPREAD_POLICY`); empty: some were shown; ``None``: nobody asked, or
    the list is older than this field.
    """

    id: str
    direction: Direction
    subject: str
    asked_by: str
    asked_role: Role
    model_version: str
    taxonomy_version: str
    data_version: str
    policy: str
    matches: tuple[ShownMatch, ...] = ()
    override: Override | None = None
    asked_at: datetime | None = None
    question: str = "{}"
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pair that was proposed: by whom and when first, and the latest thing that happened to it.

    ``number`` counts events in the order they were recorded and serves as a cursor; ``on`` is the day it happened,
    ``at`` the moment the service was told (UTC).
    """

    number: int
    profile_id: str
    offer_id: str
    by: str
    on: date
    at: datetime
    latest: Event


def record_lists(connection: Connection, shown: Sequence[tuple[ShownList, datetime]]) -> None:
    """Write lists, each with the moment it was asked, and their matches."""
    if not shown:
        return
    connection.execute(insert(lists), [_row_of_list(one, now) for one, now in shown])
    rows = [_row_of_match(one.id, match) for one, _ in shown for match in one.matches]
    if rows:
        connection.execute(insert(suggestions), rows)
    tally: Counter[tuple[str, str]] = Counter()
    for one, now in shown:
        tally[ledger.SHOWN, ledger.month_of(now)] += len(one.matches)
    ledger.count(connection, +tally)  # last: writers on PostgreSQL wait for each other here, and shortly


def _row_of_list(shown: ShownList, now: datetime) -> dict[str, Any]:
    return {
        "id": shown.id,
        "direction": shown.direction,
        "subject": shown.subject,
        "asked_by": shown.asked_by,
        "asked_role": shown.asked_role.value,
        "asked_at": now,
        "model_version": shown.model_version,
        "taxonomy_version": shown.taxonomy_version,
        "data_version": shown.data_version,
        "policy": shown.policy,
        "question": shown.question,
        "cause": shown.cause,
        "override_reason": shown.override and shown.override.reason,
        "override_by": shown.override and shown.override.by,
    }


def lists_there(connection: Connection, ids: Sequence[str]) -> dict[str, ShownList]:
    """Read those of some lists that are logged, by id."""
    found = {}
    for some in portions(ids):
        for name in connection.scalars(select(lists.c.id).where(lists.c.id.in_(some))).all():
            found[name] = read_list(connection, name)
    return {name: one for name, one in found.items() if one is not None}


def read_list(connection: Connection, list_id: str) -> ShownList | None:
    """Read a list back, its matches by kind, then rank."""
    row = connection.execute(select(lists).where(lists.c.id == list_id)).one_or_none()
    if row is None:
        return None
    return ShownList(
        id=row.id,
        direction=row.direction,
        subject=row.subject,
        asked_by=row.asked_by,
        asked_role=Role(row.asked_role),
        model_version=row.model_version,
        taxonomy_version=row.taxonomy_version,
        data_version=row.data_version,
        policy=row.policy,
        question=row.question,
        cause=row.cause,
        matches=tuple(read_matches(connection, suggestions.c.list_id == list_id)),
        override=None if row.override_by is None else Override(row.override_reason, row.override_by),
        asked_at=row.asked_at,
    )


def read_matches(connection: Connection, where: ColumnElement[bool]) -> list[ShownMatch]:
    """Read the logged matches that fulfil a condition, by kind, then rank."""
    order = (suggestions.c.kind, suggestions.c.rank, suggestions.c.id)
    return [_match(row) for row in connection.execute(select(suggestions).where(where).order_by(*order))]


def _row_of_match(list_id: str, match: ShownMatch) -> dict[str, Any]:
    return {
        "id": match.id,
        "list_id": list_id,
        "profile_id": match.profile_id,
        "offer_id": match.offer_id,
        "rank": match.rank,
        "kind": match.kind.value,
        "score": match.score,
        "feature_values": match.feature_values,
        "contributions": json.dumps(match.contributions, allow_nan=False),
        "propensity": match.propensity,
        "exploration": match.exploration,
    }


def _match(row: Row[Any]) -> ShownMatch:
    return ShownMatch(
        id=row.id,
        profile_id=row.profile_id,
        offer_id=row.offer_id,
        rank=row.rank,
        kind=Kind(row.kind),
        score=row.score,
        feature_values=bytes(row.feature_values),
        contributions=tuple(json.loads(row.contributions)),
        propensity=row.propensity,
        exploration=row.exploration,
    )


def record_outcomes(connection: Connection, events: Sequence[Outcome], now: datetime) -> Counts:
    """Append events; one that is already there with the same content is left alone.

    Raises
    ------
    Conflict
        An id is already there, or comes twice, with other content.
    DataError
        An event names a suggestion, or corrects an event, that this person does not have; it corrects one that comes to correct
        itself; or its day is still to come.
    """
    written = {event.id: _written(event) for event in events}
    lock(connection, "profiles")  # erasing a person takes the same lock, and must find all events or none
    known = digests(connection, outcomes, written)
    twisted = {event.id for event in events if _written(event) != written[event.id]}
    twisted |= {key for key, digest in known.items() if digest != _digest(written[key])}
    if twisted:
        raise Conflict("outcome", sorted(twisted))
    fresh = {event.id: event for event in events if event.id not in known}
    offers_suggested = _check_outcomes(connection, fresh, now.astimezone(BRUSSELS_TIME).date())
    if fresh:
        rows = [_row_of_outcome(event, written[key], offers_suggested, now) for key, event in fresh.items()]
        connection.execute(insert(outcomes), rows)
        ledger.count(connection, Counter((event.event.value, f"{event.happened_on:%Y-%m}") for event in fresh.values()))
    return Counts(new=len(fresh), unchanged=len(events) - len(fresh))


def _written(event: Outcome) -> str:
    return OUTCOME.dump_json(event, by_alias=True, exclude_defaults=True).decode()


def _digest(document: str) -> str:
    return sha256(document.encode()).hexdigest()


def _row_of_outcome(event: Outcome, document: str, suggested: dict[str, str], now: datetime) -> dict[str, Any]:
    return {
        "id": event.id,
        "event": event.event.value,
        "profile_id": event.profile_id,
        "offer_id": event.offer_id or suggested.get(event.suggestion_id or ""),
        "suggestion_id": event.suggestion_id,
        "corrects": event.corrects,
        "happened_on": event.happened_on,
        "reported_by": event.reported_by,
        "recorded_at": now,
        "digest": _digest(document),
        "document": document,
    }


def _check_outcomes(connection: Connection, fresh: dict[str, Outcome], today: date) -> dict[str, str]:
    """Find what the events point at; gives the offer of each suggestion named."""
    pairs: dict[str, tuple[str, str]] = {}
    for some in portions({event.suggestion_id for event in fresh.values() if event.suggestion_id}):
        columns = (suggestions.c.id, suggestions.c.profile_id, suggestions.c.offer_id)
        rows = connection.execute(select(*columns).where(suggestions.c.id.in_(some)))
        pairs.update((row.id, (row.profile_id, row.offer_id)) for row in rows)
    owners = {event.id: event.profile_id for event in fresh.values()}
    for some in portions({event.corrects for event in fresh.values() if event.corrects} - owners.keys()):
        rows = connection.execute(select(outcomes.c.id, outcomes.c.profile_id).where(outcomes.c.id.in_(some)))
        owners.update((row.id, row.profile_id) for row in rows)
    problems = []
    for event in fresh.values():
        person, offer = pairs.get(event.suggestion_id or "", (None, None))
        if event.suggestion_id and (person != event.profile_id or event.offer_id not in (None, offer)):
            accepted = "a suggestion shown for this profile and offer"
            problems.append(Problem("unknown_code", event.id, "suggestionId", event.suggestion_id, accepted))
        if event.happened_on > today:
            problems.append(Problem("out_of_range", event.id, "happenedOn", f"{event.happened_on}", f"<= {today}"))
        if event.corrects and (owners.get(event.corrects) != event.profile_id or _in_circle(event, fresh)):
            accepted = "an earlier outcome of this profile"
            problems.append(Problem("unknown_code", event.id, "corrects", event.corrects, accepted))
    if problems:
        raise DataError(problems)
    return {key: offer for key, (_, offer) in pairs.items()}


def _in_circle(event: Outcome, fresh: dict[str, Outcome]) -> bool:
    """Say whether an event corrects itself, through others of its import or at once."""
    seen, at = set[str](), event.corrects
    while at is not None and at not in seen and at != event.id:
        seen.add(at)
        at = fresh[at].corrects if at in fresh else None
    return at == event.id


def read_outcomes(connection: Connection, profile_id: str | None) -> list[Outcome]:
    """Read events in the order they were recorded, of one person or of all."""
    query = select(outcomes.c.document).order_by(outcomes.c.number)
    if profile_id is not None:
        query = query.where(outcomes.c.profile_id == profile_id)
    return [OUTCOME.validate_json(document) for document in connection.scalars(query)]


def _stands(event: FromClause) -> ColumnElement[bool]:
    """Say that no later event corrects this one."""
    correction = outcomes.alias()
    return ~exists(select(correction.c.number).where(correction.c.corrects == event.c.id))


def read_proposals(
    connection: Connection, profile_id: str | None, offer_id: str | None, after: int | None, limit: int
) -> list[Proposal]:
    """Read the pairs proposed, the last recorded first; ``after`` is the number of the last one already read."""
    first, earlier, last = outcomes.alias("first"), outcomes.alias("earlier"), outcomes.alias("last")

    def same_pair(event: FromClause) -> ColumnElement[bool]:
        return and_(event.c.profile_id == first.c.profile_id, event.c.offer_id == first.c.offer_id, _stands(event))

    before = and_(earlier.c.event == Event.PROPOSED.value, earlier.c.number < first.c.number, same_pair(earlier))
    latest = select(last.c.event).where(same_pair(last)).order_by(last.c.happened_on.desc(), last.c.number.desc())
    query = (
        select(first, latest.limit(1).scalar_subquery().label("latest"))
        .where(first.c.event == Event.PROPOSED.value, first.c.offer_id.is_not(None), _stands(first))
        .where(~exists(select(earlier.c.number).where(before)))
        .order_by(first.c.number.desc())
        .limit(limit)
    )
    if profile_id is not None:
        query = query.where(first.c.profile_id == profile_id)
    if offer_id is not None:
        query = query.where(first.c.offer_id == offer_id)
    if after is not None:
        query = query.where(first.c.number < after)
    return [
        Proposal(
            row.number,
            row.profile_id,
            row.offer_id,
            row.reported_by,
            row.happened_on,
            row.recorded_at,
            Event(row.latest),
        )
        for row in connection.execute(query)
    ]


def count_proposals(connection: Connection) -> dict[str, int]:
    """Count the different people proposed for each offer."""
    people = func.count(outcomes.c.profile_id.distinct()).label("people")
    where = (outcomes.c.event == Event.PROPOSED.value, outcomes.c.offer_id.is_not(None), _stands(outcomes))
    query = select(outcomes.c.offer_id, people).where(*where).group_by(outcomes.c.offer_id)
    return {row.offer_id: row.people for row in connection.execute(query)}


def erase(connection: Connection, profile_id: str) -> Counter[tuple[str, str]]:
    """Remove all that the log and the remembered answers hold of a person; gives the tombstones to set.

    A tombstone counts one kind (``shown``, or the event) in one month (``2025-03``) and names nobody.
    """
    gone: Counter[tuple[str, str]] = Counter()
    events = delete(outcomes).where(outcomes.c.profile_id == profile_id)
    for row in connection.execute(events.returning(outcomes.c.event, outcomes.c.happened_on)):
        gone[row.event, f"{row.happened_on:%Y-%m}"] += 1
    shown = delete(suggestions).where(suggestions.c.profile_id == profile_id).returning(suggestions.c.list_id)
    touched = Counter(connection.scalars(shown))
    for some in portions(touched):
        for row in connection.execute(select(lists.c.id, lists.c.asked_at).where(lists.c.id.in_(some))):
            gone[ledger.SHOWN, ledger.month_of(row.asked_at)] += touched[row.id]
        connection.execute(delete(lists).where(lists.c.id.in_(some), lists.c.direction == "explain"))
    connection.execute(delete(lists).where(lists.c.subject == profile_id, lists.c.direction != "candidates"))
    # An answer kept for a retry may name the person; without it, a retry is simply worked out again.
    forms = {profile_id, json.dumps(profile_id)[1:-1], json.dumps(profile_id, ensure_ascii=False)[1:-1]}
    connection.execute(delete(remembered).where(or_(*(remembered.c.body.contains(f, autoescape=True) for f in forms))))
    return gone
