"""The report on match-to-hire: from a history to one document of plain numbers.

Every number is here before it is drawn or written; pages, tables and programs show the same ones.
"""

from dataclasses import asdict, replace
from datetime import date
from itertools import pairwise
from typing import Any, Final

import numpy as np

from matching.listings import Listing
from matching.records import DataError, Problem
from training.history import History, digest_of
from training.measures.definitions import Definition, Definitions, Settings
from training.measures.funnel import funnel
from training.measures.groups import rate_by_group
from training.measures.hires import MatchToHire, State, cohort, match_to_hire, matured
from training.measures.incidence import naive_share, one_minus_kaplan_meier
from training.measures.intervals import Estimate
from training.measures.jobs import Jobs, jobs_of
from training.measures.reconcile import reconcile
from training.yearly import social_fund, years

Document = dict[str, Any]
TICKS: Final = 3
"""Parts into which a picture's axis is cut between two horizons; at their ends the numbers at risk stand."""


def match_to_hire_document(
    history: History,
    definitions: Definitions,
    since: date | None = None,
    until: date | None = None,
    name: str | None = None,
    target: float | None = None,
) -> Document:
    """Measure match-to-hire for people who registered in a period, under every definition.

    Parameters
    ----------
    since
        First day of registration; by default the day on which the log begins. What became of people before is on no record, and
        would count as if nothing had.
    name
        The definition that the evaluator chose: only then there is a headline.
    target
        Another target than that of the definitions.

    Raises
    ------
    DataError
        ``not_in_list``: the definition is not registered; ``out_of_range``: no such target; ``unexplained``: counts do not
        reconcile (`training.measures.reconcile`).
    """
    if name is not None:
        definitions.named(name)
    if target is not None and not 0 < target < 1:
        raise DataError([Problem("out_of_range", "report", "target", f"{target:g}", "0 - 1")])
    settings = definitions.settings if target is None else replace(definitions.settings, target=target)
    since = since or log_began(history)
    counted = funnel(history)
    accounts = reconcile(history, counted)
    jobs = jobs_of(history)
    found = [_definition(history, one, settings, since, until, jobs) for one in definitions.definitions.values()]
    return {
        "report": "match-to-hire",
        "asOf": history.as_of.isoformat(),
        "since": since.isoformat(),
        "until": until and until.isoformat(),
        "definitionsVersion": definitions.version,
        "definitionsDigest": definitions.digest,
        "dataDigest": digest_of(history),
        "target": settings.target,
        "confidence": settings.confidence,
        "headline": next(({"definition": name, "verdict": one["verdict"]} for one in found if one["name"] == name), None),
        "definitions": found,
        "years": years(history, definitions, settings, jobs),
        "socialFund": social_fund(history, settings, jobs),
        "groups": _groups(history, definitions, settings, since, until, jobs),
        "funnel": [{key: plain(value) for key, value in asdict(month).items()} for month in counted.months],
        "reconciliation": {
            "complete": history.unexplained is not None,
            "kinds": {kind: asdict(account) for kind, account in accounts.items()},
            "erased": [{"kind": kind, "month": month, "count": n} for (kind, month), n in sorted(history.tombstones.items())],
        },
    }


def log_began(history: History) -> date:
    """Give the day of the first suggestion or event; that of the data when there is none."""
    days = np.concatenate([history.suggestions.shown.astype("datetime64[D]"), history.events.on])
    known = days[~np.isnat(days)]
    first: date = known.min().item() if len(known) else history.as_of
    return first


def _definition(
    history: History, definition: Definition, settings: Settings, since: date | None, until: date | None, jobs: Jobs
) -> Document:
    found = cohort(history, definition, settings, since, until, jobs)
    answer = match_to_hire(found, definition, settings)
    share = answer.share
    told: Document = {
        "name": definition.name,
        "measured": definition.measured,
        "days": definition.days,
        "people": len(found.person),
        "followedLongEnough": int(np.count_nonzero(found.mature)),
        "lastDay": found.last_day.isoformat(),
        "registeredUntil": found.ripe_until.isoformat(),
        "verdict": answer.verdict.value,
        "share": None,
        "incidence": [],
        "curve": None,
    }
    if share is not None:
        enough = share.n >= settings.minimum_for_rate
        numbers = {
            "successes": share.successes, "unknown": share.unknown, "value": share.low.value, "low": share.low.low,
            "high": share.high.high, "valueIfUnknownCounted": share.high.value,
        }  # fmt: skip
        # Of fewer people no count either: the rate would follow from it and, of a single one, what became of that person.
        told["share"] = {"people": share.n, **{name: plain(one) if enough else None for name, one in numbers.items()}}
    if answer.curve is not None and len(found.person) >= settings.minimum_for_rate:
        told |= _incidence(answer, settings)
    return told


def _incidence(answer: MatchToHire, settings: Settings) -> Document:
    """Give the incidence of every end at each horizon, what naive readings say beside it, and the curve for the picture."""
    found, curve = answer.cohort, answer.curve
    assert curve is not None  # noqa: S101 - for the type checker
    alone = one_minus_kaplan_meier(found.followed, found.state, State.JOB)
    rows = [
        {"day": day, "state": state, **estimate(found_by)}
        for day, states in answer.by.items()
        for state, found_by in states.items()
    ]
    naive = [
        {
            "day": day,
            "share": plain(naive_share(found.followed, found.state, day, State.JOB)),
            "oneMinusKaplanMeier": plain(alone.at(day, 1).value),
        }
        for day in answer.by
    ]
    last = max(answer.by)
    days = [0, *(day for day in curve.days.tolist() if 0 < day <= last)]
    jobs = [curve.at(day, State.JOB, settings.confidence) for day in days]
    horizons = [0, *answer.by]
    ticks = sorted({round(a + (b - a) * part / TICKS) for a, b in pairwise(horizons) for part in range(TICKS + 1)})
    return {
        "incidence": rows,
        "naive": naive,
        "curve": {
            "days": days,
            "job": [estimate(one) for one in jobs],
            "others": {
                state.name.lower(): [plain(curve.at(day, state).value) for day in days] for state in State if state > State.JOB
            },
            "atRisk": [{"day": day, "people": int(n)} for day, n in zip(ticks, curve.risk_set(ticks), strict=True)],
        },
    }


def _groups(
    history: History, definitions: Definitions, settings: Settings, since: date | None, until: date | None, jobs: Jobs
) -> list[Document]:
    """Give the matured share by target group, for every definition of which nothing is unknown."""
    told = []
    for definition in definitions.definitions.values():
        ripe = matured(cohort(history, definition, settings, since, until, jobs))
        if len(ripe.person) and (ripe.success >= 0).all():
            rows = rate_by_group(ripe.success == 1, history.people.target_group[ripe.person], settings)
            told += [
                {"definition": definition.name, "group": row.group, "people": row.n, "count": row.count, **estimate(row.rate)}
                for row in rows
            ]
    return told


def estimate(found: Estimate) -> Document:
    """Give an estimate with its interval as plain numbers."""
    return {"value": plain(found.value), "low": plain(found.low), "high": plain(found.high)}


def plain(value: Any) -> Any:
    """Write what is unknown as nothing."""
    return None if isinstance(value, float) and not np.isfinite(value) else value


COLUMNS: Final = "definition measure day state people successes unknown value low high verdict".split()


def match_to_hire_listing(document: Document) -> Listing:
    """Give every estimate of the report as one row."""
    rows: list[tuple[Any, ...]] = []
    for one in document["definitions"]:
        if share := one["share"]:
            numbers = [share[name] for name in ("people", "successes", "unknown", "value", "low", "high")]
            rows.append((one["name"], "matured_share", one["days"], "job", *numbers, one["verdict"]))
        for row in one["incidence"]:
            numbers = [row["value"], row["low"], row["high"]]
            rows.append((one["name"], "incidence", row["day"], row["state"], one["people"], None, None, *numbers, one["verdict"]))
    return Listing(tuple(COLUMNS), tuple(rows))
