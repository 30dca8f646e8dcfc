"""The HTTP routes of evaluators: reports that were kept, and models with their cards; nothing is computed here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from matching import bodies, listings, reports
from matching.codes import Words, word
from matching.desk import Desk
from matching.guidance import say_date
from matching.protocol import BASE, NO_REPORT, Answer, Call, Refused, digest, written
from matching.records import RECORD_CONFIG
from matching.reports import EVALUATION, MATCH_TO_HIRE, REPORTS, Edition
from models import refusal, registry

MOST_OLDER: Final = 50
"""Editions that are named beside the one that is read."""
AGE_WORDS: Final[Words] = {
    "today": ("données au {0} (aujourd'hui)", "gegevens op {0} (vandaag)", "data as of {0} (today)"),
    "yesterday": ("données au {0} (hier)", "gegevens op {0} (gisteren)", "data as of {0} (yesterday)"),
    "before": ("données au {0} (il y a {1} jours)", "gegevens op {0} ({1} dagen geleden)", "data as of {0} ({1} days ago)"),
    "ahead": ("données au {0} (date à venir)", "gegevens op {0} (toekomstige datum)", "data as of {0} (a day to come)"),
}


@dataclass(frozen=True, slots=True)
class EditionAnswer:
    """A report that was computed: when, as of which day, and its address."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    edition: str
    computed_at: datetime
    as_of: date
    href: str


@dataclass(frozen=True, slots=True)
class ReportAnswer:
    """A report as it was computed, how old its data are (``age`` in words), and the editions ``older`` than it, the newest first.

    ``report`` is what the command line writes as JSON; it names its definitions (``definitionsDigest``) and its data
    (``dataDigest``).
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    edition: str
    computed_at: datetime
    as_of: date
    age_days: int
    age: str
    report: Mapping[str, Any]
    older: tuple[EditionAnswer, ...]


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """A model: whether it is in use, and what it was learned from; the hand-set tables have no card."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    model: str
    in_use: bool
    as_of: date | None
    hires: int | None
    ndcg10: float | None
    shows_probability: bool | None
    card: str | None


@dataclass(frozen=True, slots=True)
class ModelsAnswer:
    """Every model, the hand-set tables first."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    items: tuple[ModelAnswer, ...]
    total: int


class ReportCalls:
    """Every route of evaluators by its name."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.reports = desk.folder / REPORTS
        self.models = desk.folder / registry.MODELS

    def get_match_to_hire(self, call: Call) -> Answer:
        """Give the report on match-to-hire: the newest, or the edition asked for."""
        return self._report(MATCH_TO_HIRE, call)

    def get_evaluation(self, call: Call) -> Answer:
        """Give the evaluation of suggestions: the newest, or the edition asked for."""
        return self._report(EVALUATION, call)

    def _report(self, kind: str, call: Call) -> Answer:
        found = reports.editions(self.reports, kind)
        if not found:
            raise Refused(404, kind=NO_REPORT)
        at = next((at for at, one in enumerate(found) if one.name == call.query.get("edition", found[0].name)), None)
        if at is None:
            raise Refused(404)
        edition = found[at]
        days = (self.desk.today() - edition.as_of).days
        name = {0: "today", 1: "yesterday"}.get(days, "before" if days > 0 else "ahead")
        lang = call.asker.lang
        return _versioned(
            ReportAnswer(
                edition.name,
                edition.computed_at,
                edition.as_of,
                days,
                word(AGE_WORDS, name, lang).format(say_date(edition.as_of, lang), days),
                reports.read(self.reports, kind, edition),
                tuple(_named(kind, one) for one in found[at + 1 : at + 1 + MOST_OLDER]),
            )
        )

    def list_models(self, call: Call) -> Answer:
        """List the models."""
        items: list[ModelAnswer] = []
        rows: list[dict[str, Any]] = listings.models(self.models).records()
        for row in rows:
            learned = row["asOf"] is not None
            items.append(
                ModelAnswer(
                    model=row["model"],
                    in_use=row["inUse"],
                    as_of=date.fromisoformat(row["asOf"]) if learned else None,
                    hires=row["hires"],
                    ndcg10=row["ndcg10"],
                    shows_probability=row["showsProbability"],
                    card=f"{BASE}/models/{row['model']}" if learned else None,
                )
            )
        return _versioned(ModelsAnswer(tuple(items), len(items)))

    def get_model(self, call: Call) -> Answer:
        """Give the card of a model."""
        try:
            card = registry.card(self.models, call.path["version"])
        except refusal.Refused:
            raise Refused(404) from None
        return Answer(card, digest=digest(written(card)))


def _named(kind: str, edition: Edition) -> EditionAnswer:
    href = f"{BASE}/reports/{kind}?{urlencode({'edition': edition.name})}"
    return EditionAnswer(edition.name, edition.computed_at, edition.as_of, href)


def _versioned(page: Any) -> Answer:
    value = bodies.as_page(page)
    return Answer(value, digest=digest(written(value)))
