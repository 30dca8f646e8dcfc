"""Small histories for tests: written out by hand, or drawn."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from matching.codes import Event
from training.history import Days, Events, History, Offers, People, Questions, Suggestions

START = date(2024, 1, 1)
Row = Mapping[str, Any]


def day(number: float | None) -> str:
    """Day number -> date; ``None`` is unknown."""
    return "NaT" if number is None else (START + timedelta(days=int(number))).isoformat()


def days(numbers: Sequence[float | None]) -> Days:
    return np.array([day(number) for number in numbers], dtype="datetime64[D]")


def column(rows: Sequence[Row], name: str, otherwise: Any) -> list[Any]:
    return [row.get(name, otherwise) for row in rows]


def history(
    people: Sequence[Row],
    events: Sequence[Row] = (),
    shown: Sequence[Row] = (),
    as_of: int = 1000,
    kinds: Sequence[str] = ("vacancy",) * 9,
    unexplained: Mapping[tuple[str, str], int] | None = None,
    causes: Sequence[tuple[int, str]] = (),
) -> History:
    """Write a history: days are numbers from `START`; what a row does not name is unknown.

    ``causes``: person and cause of each question about vacancies, in the order asked.
    """
    n = len(shown)
    return History(
        as_of=START + timedelta(days=as_of),
        people=People(
            id=np.array([f"p{row}" for row in range(len(people))], dtype=np.str_),
            registered=days(column(people, "registered", 0)),
            guidance_end=days(column(people, "guidance_end", None)),
            target_group=np.array(column(people, "group", ""), dtype=np.str_),
            found_work=days(column(people, "found_work", None)),
            handed_over=days(column(people, "handed_over", None)),
            contract_end=days(column(people, "contract_end", None)),
        ),
        offers=Offers(
            id=np.array([f"o{row}" for row in range(len(kinds))], dtype=np.str_),
            kind=np.array(kinds, dtype=np.str_),
            employer=np.arange(len(kinds)),
            published=days([0] * len(kinds)),
            open_positions=np.ones(len(kinds), dtype=np.int64),
        ),
        suggestions=Suggestions(
            id=np.array([f"s{row}" for row in range(n)], dtype=np.str_),
            list_id=np.array([str(row.get("list", f"l{at}")) for at, row in enumerate(shown)], dtype=np.str_),
            person=np.array(column(shown, "person", 0), dtype=np.int64),
            offer=np.array(column(shown, "offer", 0), dtype=np.int64),
            kind=np.array(column(shown, "kind", "vacancy"), dtype=np.str_),
            rank=np.array(column(shown, "rank", 1), dtype=np.int64),
            score=np.array(column(shown, "score", 0.0), dtype=np.float64),
            values=np.zeros((n, 3), dtype=np.uint8),
            propensity=np.array(column(shown, "propensity", 1.0), dtype=np.float64),
            exploration=np.array(column(shown, "exploration", False), dtype=np.bool_),
            shown=days(column(shown, "on", 0)).astype("datetime64[s]"),
            model=np.array(column(shown, "model", "m"), dtype=np.str_),
            policy=np.array(column(shown, "policy", "exact-top-k"), dtype=np.str_),
            asked_by=np.array(column(shown, "by", "k"), dtype=np.str_),
            direction=np.array(column(shown, "direction", "suggest"), dtype=np.str_),
        ),
        events=Events(
            id=np.array([f"e{row}" for row in range(len(events))], dtype=np.str_),
            event=np.array(column(events, "event", Event.HIRED.value), dtype=np.str_),
            person=np.array(column(events, "person", 0), dtype=np.int64),
            offer=np.array(column(events, "offer", -1), dtype=np.int64),
            suggestion=np.array(column(events, "suggestion", -1), dtype=np.int64),
            on=days(column(events, "on", 0)),
            recorded=days(column(events, "on", 0)).astype("datetime64[s]"),
            reported_by=np.array(column(events, "by", "c"), dtype=np.str_),
            reason=np.array(column(events, "reason", ""), dtype=np.str_),
            contract=np.array(column(events, "contract", ""), dtype=np.str_),
            hours=np.array(column(events, "hours", np.nan), dtype=np.float64),
            started=days(column(events, "started", None)),
            stands=np.array(column(events, "stands", True), dtype=np.bool_),
        ),
        tombstones={},
        unexplained=unexplained,
        questions=Questions(
            person=np.array([person for person, _ in causes], dtype=np.int64),
            cause=np.array([cause for _, cause in causes], dtype=np.str_),
        )
        if causes
        else None,
    )


def drawn(rng: np.random.Generator, n_people: int = 30, n_events: int = 120, n_shown: int = 60) -> History:
    """Draw a history in which anything may happen, in any order and at the same time."""
    contract_ends = [None if end < 0 else int(end) for end in np.random.default_rng(n_people).integers(-100, 400, n_people)]
    people = [
        {
            "registered": None if rng.random() < 0.1 else int(rng.integers(0, 300)),
            "guidance_end": None if rng.random() < 0.3 else int(rng.integers(100, 700)),
            "found_work": int(rng.integers(0, 500)) if rng.random() < 0.1 else None,
            "handed_over": int(rng.integers(0, 500)) if rng.random() < 0.1 else None,
            "group": str(rng.choice(["art60", "bf_trainee", ""])),
            "contract_end": contract_end,
        }
        for contract_end in contract_ends
    ]
    likely = [Event.HIRED, Event.LEFT, Event.IN_WORK_6M, Event.HANDED_OVER, Event.GUIDANCE_ENDED, Event.PROPOSED, Event.APPLIED]
    events = [
        {
            "event": str(rng.choice([event.value for event in likely], p=[0.3, 0.2, 0.1, 0.05, 0.05, 0.15, 0.15])),
            "person": int(rng.integers(0, n_people)),
            "offer": int(rng.integers(-1, 3)),
            "on": (on := int(rng.integers(0, 600))),
            "started": None if rng.random() < 0.5 else on + int(rng.integers(-5, 40)),
            "reason": str(rng.choice(["", "withdrawn", "other"])),
            "contract": str(rng.choice(["", "interim", "student", "permanent"])),
            "hours": float(rng.choice([np.nan, 12, 38])),
            "stands": bool(rng.random() < 0.9),
        }
        for _ in range(n_events)
    ]
    shown = [
        {
            "person": int(rng.integers(0, n_people)),
            "offer": int(rng.integers(0, 3)),
            "on": int(rng.integers(0, 600)),
            "direction": str(rng.choice(["suggest", "candidates", "explain"])),
            "list": f"l{rng.integers(0, 40)}",
            "rank": int(rng.integers(1, 20)),
        }
        for _ in range(n_shown)
    ]
    return history(people, events, shown, int(rng.integers(300, 900)), ("vacancy", "social_employment", "vacancy"))
