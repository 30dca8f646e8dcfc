"""The evaluation of suggestions: from a history to one document of plain numbers, as `training.report` does for match-to-hire."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Any

import numpy as np

from matching.codes import Event
from matching.listings import Listing
from matching.records import DataError, Problem
from training.history import History, Questions, digest_of
from training.learning.release import Release
from training.measures.calibration import Calibration
from training.measures.comparison import By, Contrast, arms, arms_by_week, compare, compare_weeks
from training.measures.definitions import Definitions, Settings
from training.measures.funnel import funnel
from training.measures.intervals import Estimate
from training.measures.jobs import jobs_of
from training.measures.off_policy import without_exploring
from training.measures.ranking import Judged, judged_as_logged, mean_measures
from training.measures.reconcile import reconcile
from training.measures.service import service_by_group, without_vacancy
from training.measures.spread import spread
from training.report import Document, estimate, plain


def evaluation_document(
    history: History,
    definitions: Definitions,
    rng: np.random.Generator,
    compared: Sequence[str] = (),
    since: date | None = None,
    by_week: bool = False,
    calibrated: tuple[Calibration, Release] | str = "no_chances",
    by: By = "policy",
) -> Document:
    """Measure the suggestions themselves: how high they put what led to a hire, how evenly they are spread, and two policies.

    Parameters
    ----------
    compared
        Two policies of the log (or two models, as ``by`` says), of which chance gave each person one (or each week, with
        ``by_week``); none: nothing is compared.
    calibrated
        What `training.learning.in_use.chances_of` says of the model in use: how its chances came true, or why that is not known.

    Raises
    ------
    DataError
        As `reconcile` and `training.measures.comparison.arms` say; ``not_in_list``: the log names no such policy or model,
        or one is compared with itself.
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
        _refuse_unknown(names, history, by)
        if by_week:
            contrast = compare_weeks(arms_by_week(history, by, names, settings, since), rng, settings.confidence)
        else:
            contrast = compare(arms(history, by, names, settings, since), settings.confidence)
    return {
        "report": "evaluation",
        "asOf": history.as_of.isoformat(),
        "definitionsVersion": definitions.version,
        "definitionsDigest": definitions.digest,
        "dataDigest": digest_of(history),
        "confidence": settings.confidence,
        "lists": len(judged.person),
        "people": len(np.unique(judged.person)),
        "ranking": [{"measure": name, **estimate(_share(one))} for name, one in ranking.items()],
        "spread": {field.name: plain(getattr(spread_now, field.name)) for field in fields(spread_now)},
        "withoutVacancy": None if history.questions is None else _without_vacancy(history.questions, settings),
        "groups": _groups(history, judged, settings, rng),
        "calibration": None if isinstance(calibrated, str) else _calibration(*calibrated),
        "calibrationMissing": calibrated if isinstance(calibrated, str) else None,
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
        "funnel": [{key: plain(value) for key, value in asdict(month).items()} for month in counted.months],
        "reconciliation": {
            "complete": history.unexplained is not None,
            "kinds": {kind: asdict(account) for kind, account in accounts.items()},
            "erased": [{"kind": kind, "month": month, "count": n} for (kind, month), n in sorted(history.tombstones.items())],
        },
    }


def _refuse_unknown(names: tuple[str, str], history: History, by: By) -> None:
    """Refuse to compare what the log does not name, or one thing with itself: nothing would be found, whatever is true."""
    there = np.unique(getattr(history.suggestions, by)[history.suggestions.of("suggest")]).tolist()
    choices = (there, [name for name in there if name != names[0]])
    problems = [
        Problem("not_in_list", "comparison", by, name[:60], ", ".join(some) or "-")
        for name, some in zip(names, choices, strict=True)
        if name not in some
    ]
    if problems:
        raise DataError(problems)


def _share(found: Estimate) -> Estimate:
    """Hold the interval of a mean of numbers between 0 and 1 to where the mean can be; unknown stays unknown."""
    return Estimate(
        found.value, max(found.low, 0.0) if found.known else found.low, min(found.high, 1.0) if found.known else found.high
    )


def _groups(history: History, judged: Judged, settings: Settings, rng: np.random.Generator) -> list[Document]:
    """Tell by target group what the service does for people."""
    found = service_by_group(history, jobs_of(history), judged, history.people.target_group, settings, rng)
    return [
        {
            "measure": name,
            "group": row.group,
            "people": row.n,
            **estimate(row.rate),
        }
        for name, rows in found.items()
        for row in rows
    ]


def _without_vacancy(questions: Questions, settings: Settings) -> Document:
    found = without_vacancy(questions, settings)
    causes = [{"cause": cause, "people": n} for cause, n in found.causes.items()]
    return {"people": found.people, **estimate(found.share), "causes": causes, "notOpen": found.not_open}


def _calibration(found: Calibration, verdict: Release) -> Document:
    return {
        "matches": found.n, "hires": found.events, "released": verdict.shown, "reasons": list(verdict.why_not),
        "observedOverExpected": estimate(found.ratio), "intercept": estimate(found.intercept), "slope": estimate(found.slope),
        "brier": plain(found.brier), "skill": plain(found.skill), "logLoss": plain(found.log_loss),
        "bins": [{"matches": part.n, "expected": plain(part.expected), **estimate(part.observed)} for part in found.bins],
    }  # fmt: skip


def _without_exploring(history: History, settings: Settings, rng: np.random.Generator) -> Document:
    """Estimate what exploring cost, or say why the log cannot tell."""
    try:
        found = without_exploring(history, Event.INTERVIEWED, settings.interview_days, settings.reporting_lag_days, rng)
    except DataError as error:
        return {"refused": [asdict(problem) for problem in error.problems]}
    return {
        "refused": [], "suggestions": found.n, "effective": round(found.effective), "ips": estimate(found.ips),
        "snips": estimate(found.snips),
    }  # fmt: skip


def _counted(pairs: Sequence[tuple[str, str]]) -> list[tuple[tuple[str, str], int]]:
    counts: dict[tuple[str, str], int] = {}
    for pair in pairs:
        counts[pair] = counts.get(pair, 0) + 1
    return sorted(counts.items())


def _contrast(found: Contrast) -> Document:
    return {
        "people": list(found.n), "successes": list(found.successes), **estimate(found.difference),
        "detectable": plain(found.detectable), "differs": found.differs,
    }  # fmt: skip


def evaluation_listing(document: Document) -> Listing:
    """Give every measure of the evaluation as one row."""
    rows: list[tuple[Any, ...]] = [
        ("ranking", row["measure"], document["people"], row["value"], row["low"], row["high"]) for row in document["ranking"]
    ]
    rows += [("spread", name, None, value, None, None) for name, value in document["spread"].items()]
    rows += [
        (f"group: {row['group']}", row["measure"], row["people"], row["value"], row["low"], row["high"])
        for row in document["groups"]
    ]
    if (empty := document["withoutVacancy"]) is not None:
        rows.append(("without vacancy", "share", empty["people"], empty["value"], empty["low"], empty["high"]))
        rows += [("without vacancy", row["cause"], row["people"], None, None, None) for row in empty["causes"]]
        rows.append(("without vacancy", "not open", empty["notOpen"], None, None, None))
    compared: Mapping[str, Any] = document["comparison"] or {}
    rows += [
        ("comparison", name, sum(compared[name]["people"]), *(compared[name][part] for part in ("value", "low", "high")))
        for name in ("interviews", "hires")
        if compared
    ]
    return Listing(("part", "measure", "people", "value", "low", "high"), tuple(rows))
