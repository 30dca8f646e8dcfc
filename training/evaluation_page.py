"""The evaluation of suggestions as a page."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from matching.codes import Words, word
from matching.exposure import WORDS as EXPOSURE_WORDS
from models.refusal import REASONS
from training.measures.definitions import Definitions
from training.measures.ranking import RANKING_WORDS
from training.measures.service import CAUSE_WORDS, SERVICE_WORDS
from training.pages import DASH, Page, once
from training.report_words import PAGE_WORDS


def evaluation_page(
    document: Mapping[str, Any], definitions: Definitions, lang: str, groups: Mapping[str, str] | None = None
) -> str:
    """Write the evaluation of suggestions as a page in ``fr``, ``nl`` or ``en``; ``groups`` are the words of target groups."""
    page = Page(lang, groups)

    def plain(value: float | None) -> str:
        return page.number(value, 3)

    ranking = [
        [escape(word(RANKING_WORDS, row["measure"], lang)), say(row["value"]), page.interval(row, say)]
        for row in document["ranking"]
        if row["value"] is not None  # recall, which the log alone does not tell
        for say in [page.percent if row["measure"].startswith(("hit", "recall")) else plain]
    ]
    names: Words = {**EXPOSURE_WORDS, "offers": PAGE_WORDS["offers"], "unstated": PAGE_WORDS["unstated"]}
    shares = {"coverage", "coverage_ceiling"}
    spread = [
        [
            escape(word(names, name, lang)),
            page.percent(value) if name in shares else page.number(value, 2 * isinstance(value, float)),
        ]
        for name, value in document["spread"].items()
    ]
    how = page.say("ranking_how", lists=page.number(document["lists"]), people=page.number(document["people"]))
    return page.whole(
        page.say("evaluation_title"),
        [
            page.facts(document, definitions),
            page.section("ranking", page.table([page.say(n) for n in ("measure", "value", "interval")], ranking), how=how),
            page.section("spread", page.table([page.say(n) for n in ("measure", "value")], spread)),
            _without_vacancy(page, document["withoutVacancy"]),
            _groups(page, document["groups"]),
            _calibration(page, document["calibration"], document["calibrationMissing"]),
            _comparison(page, document["comparison"], definitions.settings.interview_days),
            _used(page, document["models"]),
            _exploring(page, document["withoutExploring"], definitions.settings.interview_days),
            page.counts(document),
            page.glossary(definitions, ("confidence", "interviewDays"), definitions.settings.target),
        ],
    )


def _without_vacancy(page: Page, found: Mapping[str, Any] | None) -> str:
    if found is None:
        return page.section("without_vacancy", f"<p>{page.say('without_vacancy_none')}</p>")
    said = page.say(
        "without_vacancy_found", page.number(found["people"]), page.percent(found["value"]), page.interval(found),
        page.number(found["notOpen"]),
    )  # fmt: skip
    rows = [[escape(word(CAUSE_WORDS, row["cause"], page.lang)), page.number(row["people"])] for row in found["causes"]]
    table = page.table([page.say("cause"), page.say("people")], rows) if rows else ""
    return page.section("without_vacancy", f"<p>{said}</p>", table, how=page.say("without_vacancy_how"))


def _groups(page: Page, found: Sequence[Mapping[str, Any]]) -> str:
    def number(value: float | None, name: str) -> str:
        return page.number(value, 1) if name == "offers_shown" else page.percent(value)

    rows = [
        [
            escape(word(SERVICE_WORDS, row["measure"], page.lang)), page.group(row["group"]), page.number(row["people"]),
            number(row["value"], row["measure"]), page.interval(row, lambda value, name=row["measure"]: number(value, name)),
        ]
        for row in found
    ]  # fmt: skip
    heads = [page.say(name) for name in ("measure", "group", "people", "value", "interval")]
    return page.section("service_groups", page.table(heads, once(rows), words=(1,)), how=page.say("service_groups_how"))


def _calibration(page: Page, found: Mapping[str, Any] | None, missing: str | None) -> str:
    if found is None:
        said = page.say("calibration_none" if missing == "no_chances" else "calibration_early")
        return page.section("calibration", f"<p>{said}</p>")
    why = [word(REASONS, reason, page.lang) for reason in found["reasons"]]
    said = page.say("released") if found["released"] else page.say("not_released", "; ".join(why))
    rows = [
        [page.number(row["matches"]), page.percent(row["expected"]), page.percent(row["value"]), page.interval(row)]
        for row in found["bins"]
    ]
    heads = [page.say(name) for name in ("matches", "stated", "came_true", "interval")]
    ratio = [page.number(None if part is None else 100 * part) for part in found["observedOverExpected"].values()]
    seen = f"<p>{page.say('observed', *ratio)}</p>" if DASH not in ratio else ""
    return page.section("calibration", f"<p>{said}</p>", seen, page.table(heads, rows), how=page.say("calibration_how"))


def _used(page: Page, found: Sequence[Mapping[str, Any]]) -> str:
    rows = [[escape(row["model"]), escape(row["policy"]), page.number(row["suggestions"])] for row in found]
    heads = [page.say(name) for name in ("model", "policy", "matches")]
    return page.section("used", page.table(heads, once(rows), words=(0, 1)), how=page.say("used_how"))


def _exploring(page: Page, found: Mapping[str, Any], days: int) -> str:
    if found["refused"]:
        return page.section("exploring", f"<p>{page.say('exploring_none')}</p>")
    one = found["snips"]
    said = page.say(
        "exploring_found", days, page.percent(one["value"]), page.percent(one["low"]), page.percent(one["high"]),
        page.number(found["suggestions"]), page.number(found["effective"]),
    )  # fmt: skip
    return page.section("exploring", f"<p>{said}</p>")


def _comparison(page: Page, found: Mapping[str, Any] | None, days: int) -> str:
    if found is None:
        return page.section("comparison", f"<p>{page.say('comparison_none')}</p>")
    rows = []
    for name in ("interviews", "hires"):
        one = found[name]
        judged = name == "interviews" or found["hiresTested"]
        shares = [f"{page.number(s)} / {page.number(n)}" for s, n in zip(one["successes"], one["people"], strict=True)]
        said = page.say(("differs" if one["differs"] else "same") if judged else "not_judged")
        rows.append(
            [page.say(name, days), *shares, page.percent(one["value"]), page.interval(one), page.percent(one["detectable"]), said]
        )
    heads = [
        page.say("measure"),
        *map(escape, found["arms"]),
        *(page.say(n) for n in ("difference", "interval", "detectable", "verdict")),
    ]
    how = page.say("comparison_how" if found["by"] == "person" else "comparison_weeks", *found["arms"])
    return page.section("comparison", page.table(heads, rows), how=how)
