"""The report on match-to-hire and the evaluation of suggestions: from a history to one document of plain numbers.

Every number is here before it is drawn or written; pages, tables and programs show the same ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import date
from itertools import pairwise
from typing import Any, Final

import numpy as np

from matching.codes import Event
from matching.listings import Listing
from matching.records import DataError, Problem
from training.history import History, digest_of
from training.measures.calibration import Calibration, Release
from training.measures.comparison import Contrast, arms, arms_by_week, compare, compare_weeks
from training.measures.definitions import Definition, Definitions, Settings
from training.measures.funnel import funnel
from training.measures.groups import rate_by_group, sizes_shown
from training.measures.hires import MatchToHire, State, cohort, match_to_hire, matured
from training.measures.incidence import naive_share, one_minus_kaplan_meier
from training.measures.intervals import Estimate
from training.measures.jobs import Jobs, jobs_of
from training.measures.off_policy import without_exploring
from training.measures.ranking import judged_as_logged, mean_measures
from training.measures.reconcile import reconcile
from training.measures.spread import spread

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
    counted = funnel(history)
    accounts = reconcile(history, counted)
    jobs = jobs_of(history)
    found = [_definition(history, one, settings, since, until, jobs) for one in definitions.definitions.values()]
    return {
        "report": "match-to-hire",
        "asOf": history.as_of.isoformat(),
        "since": since and since.isoformat(),
        "until": until and until.isoformat(),
        "definitionsVersion": definitions.version,
        "definitionsDigest": definitions.digest,
        "dataDigest": digest_of(history),
        "target": settings.target,
        "confidence": settings.confidence,
        "headline": next(({"definition": name, "verdict": one["verdict"]} for one in found if one["name"] == name), None),
        "definitions": found,
        "years": _years(history, definitions, settings, jobs),
        "groups": _groups(history, definitions, settings, since, until, jobs),
        "funnel": [{key: _plain(value) for key, value in asdict(month).items()} for month in counted.months],
        "reconciliation": {
            "complete": history.unexplained is not None,
            "kinds": {kind: asdict(account) for kind, account in accounts.items()},
            "erased": [{"kind": kind, "month": month, "count": n} for (kind, month), n in sorted(history.tombstones.items())],
        },
    }


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
        told["share"] = {
            "people": share.n, "successes": share.successes, "unknown": share.unknown,
            "value": _plain(share.low.value), "low": _plain(share.low.low), "high": _plain(share.high.high),
            "valueIfUnknownCounted": _plain(share.high.value),
        }  # fmt: skip
    if answer.curve is not None:
        told |= _incidence(answer, settings)
    return told


def _incidence(answer: MatchToHire, settings: Settings) -> Document:
    """Give the incidence of every end at each horizon, what naive readings say beside it, and the curve for the picture."""
    found, curve = answer.cohort, answer.curve
    assert curve is not None  # noqa: S101 - for the type checker
    alone = one_minus_kaplan_meier(found.followed, found.state, State.JOB)
    rows = [
        {"day": day, "state": state, **_estimate(estimate)}
        for day, states in answer.by.items()
        for state, estimate in states.items()
    ]
    naive = [
        {
            "day": day,
            "share": _plain(naive_share(found.followed, found.state, day, State.JOB)),
            "oneMinusKaplanMeier": _plain(alone.at(day, 1).value),
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
            "job": [_estimate(one) for one in jobs],
            "others": {
                state.name.lower(): [_plain(curve.at(day, state).value) for day in days] for state in State if state > State.JOB
            },
            "atRisk": [{"day": day, "people": int(n)} for day, n in zip(ticks, curve.risk_set(ticks), strict=True)],
        },
    }


def _years(history: History, definitions: Definitions, settings: Settings, jobs: Jobs) -> list[Document]:
    """Count people by year of registration: how many came, from which group, and how their search ended so far."""
    first = next(iter(definitions.definitions.values()))
    found = cohort(history, first, settings, jobs=jobs)
    registered = history.people.registered
    year_of = registered.astype("datetime64[Y]")
    told = []
    for year in np.unique(year_of[~np.isnat(registered)]):
        came, own = year_of == year, found.entered.astype("datetime64[Y]") == year
        ends = {
            state.name.lower(): int(np.count_nonzero(own & (found.state == state))) for state in State if state != State.OTHER_JOB
        }
        groups, counts = np.unique(history.people.target_group[came], return_counts=True)
        told.append(
            {
                "year": str(year),
                "registered": int(np.count_nonzero(came)),
                "tooRecent": int(np.count_nonzero(came)) - int(np.count_nonzero(own)),
                **ends,
                "groups": {
                    group: n if shown else None
                    for group, n, shown in zip(groups.tolist(), counts.tolist(), sizes_shown(counts, settings), strict=True)
                },
            }
        )
    return told


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
                {"definition": definition.name, "group": row.group, "people": row.n, "count": row.count, **_estimate(row.rate)}
                for row in rows
            ]
    return told


def evaluation_document(
    history: History,
    definitions: Definitions,
    rng: np.random.Generator,
    compared: Sequence[str] = (),
    since: date | None = None,
    by_week: bool = False,
    calibrated: tuple[Calibration, Release] | None = None,
) -> Document:
    """Measure the suggestions themselves: how high they put what led to a hire, how evenly they are spread, and two policies.

    Parameters
    ----------
    compared
        Two policies of the log, of which chance gave each person one (or each week, with ``by_week``); none: nothing is
        compared.
    calibrated
        What `training.measures.calibration` says of a model that states chances; none: the model states none.

    Raises
    ------
    DataError
        As `reconcile` and `training.measures.comparison.arms` say.
    """
    settings, counted = definitions.settings, funnel(history)
    accounts = reconcile(history, counted)
    judged = judged_as_logged(history)
    ranking = mean_measures(judged, rng, settings.confidence)
    shown = history.suggestions
    vacancies = history.offers.kind == "vacancy"
    spread_now = spread(history, vacancies, shown.of("suggest", "candidates") & (shown.kind == "vacancy"))
    contrast = None
    if compared:
        names = (compared[0], compared[1])
        if by_week:
            contrast = compare_weeks(arms_by_week(history, "policy", names, settings, since), rng, settings.confidence)
        else:
            contrast = compare(arms(history, "policy", names, settings, since), settings.confidence)
    return {
        "report": "evaluation",
        "asOf": history.as_of.isoformat(),
        "definitionsVersion": definitions.version,
        "definitionsDigest": definitions.digest,
        "dataDigest": digest_of(history),
        "confidence": settings.confidence,
        "lists": len(judged.person),
        "people": len(np.unique(judged.person)),
        "ranking": [{"measure": name, **_estimate(one)} for name, one in ranking.items()],
        "spread": {field.name: _plain(getattr(spread_now, field.name)) for field in fields(spread_now)},
        "calibration": calibrated and _calibration(*calibrated),
        "comparison": contrast
        and {
            "arms": list(contrast.names),
            "by": "week" if by_week else "person",
            "interviews": _contrast(contrast.interviews),
            "hires": _contrast(contrast.hires),
            "hiresTested": contrast.hires_tested,
        },
        "withoutExploring": _without_exploring(history, settings, rng),
        "models": [
            {"model": str(model), "policy": str(policy), "suggestions": int(n)}
            for (model, policy), n in _counted(list(zip(shown.model.tolist(), shown.policy.tolist(), strict=True)))
        ],
        "funnel": [{key: _plain(value) for key, value in asdict(month).items()} for month in counted.months],
        "reconciliation": {
            "complete": history.unexplained is not None,
            "kinds": {kind: asdict(account) for kind, account in accounts.items()},
            "erased": [{"kind": kind, "month": month, "count": n} for (kind, month), n in sorted(history.tombstones.items())],
        },
    }


def _calibration(found: Calibration, verdict: Release) -> Document:
    return {
        "matches": found.n, "hires": found.events, "released": verdict.passed, "reasons": list(verdict.reasons),
        "observedOverExpected": _estimate(found.ratio), "intercept": _estimate(found.intercept), "slope": _estimate(found.slope),
        "brier": _plain(found.brier), "skill": _plain(found.skill), "logLoss": _plain(found.log_loss),
        "bins": [{"matches": part.n, "expected": _plain(part.expected), **_estimate(part.observed)} for part in found.bins],
    }  # fmt: skip


def _without_exploring(history: History, settings: Settings, rng: np.random.Generator) -> Document:
    """Estimate what exploring cost, or say why the log cannot tell."""
    try:
        found = without_exploring(history, Event.INTERVIEWED, settings.interview_days, settings.reporting_lag_days, rng)
    except DataError as error:
        return {"refused": [asdict(problem) for problem in error.problems]}
    return {
        "refused": [], "suggestions": found.n, "effective": round(found.effective), "ips": _estimate(found.ips),
        "snips": _estimate(found.snips),
    }  # fmt: skip


def _counted(pairs: Sequence[tuple[str, str]]) -> list[tuple[tuple[str, str], int]]:
    counts: dict[tuple[str, str], int] = {}
    for pair in pairs:
        counts[pair] = counts.get(pair, 0) + 1
    return sorted(counts.items())


def _contrast(found: Contrast) -> Document:
    return {
        "people": list(found.n), "successes": list(found.successes), **_estimate(found.difference),
        "detectable": _plain(found.detectable), "differs": found.differs,
    }  # fmt: skip


def _estimate(found: Estimate) -> Document:
    return {"value": _plain(found.value), "low": _plain(found.low), "high": _plain(found.high)}


def _plain(value: Any) -> Any:
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


def evaluation_listing(document: Document) -> Listing:
    """Give every measure of the evaluation as one row."""
    rows: list[tuple[Any, ...]] = [
        ("ranking", row["measure"], document["people"], row["value"], row["low"], row["high"]) for row in document["ranking"]
    ]
    rows += [("spread", name, None, value, None, None) for name, value in document["spread"].items()]
    compared: Mapping[str, Any] = document["comparison"] or {}
    rows += [
        ("comparison", name, sum(compared[name]["people"]), *(compared[name][part] for part in ("value", "low", "high")))
        for name in ("interviews", "hires")
        if compared
    ]
    return Listing(("part", "measure", "people", "value", "low", "high"), tuple(rows))
