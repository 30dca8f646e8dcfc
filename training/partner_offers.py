"""Invented offers of partners: training, work experience, social employment, care, orientation, support."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from matching.codes import Certificate, Contract, DrivingLicence, Kind, Level, Requirement, Shift
from matching.records import AskedLanguage, Grants, KnownLanguage, Mention, Offer
from training.trades import Dice, Table, Trade, Trades, table

PARTNERS: Final = Path(__file__).parent / "partners.json"
IN_DUTCH: Final = 0.35
LANGUAGES: Final = ("fr", "nl")
BASIC: Final = {code: AskedLanguage(code, Level.A2, Requirement.DESIRED) for code in LANGUAGES}
SHORT_COURSE: Final = 20
COURSE_SHIFTS: Final[Table[tuple[Shift, ...] | None]] = table({(Shift.DAY,): 6, (Shift.LATE,): 2, None: 3})
TAUGHT_BY_LAW: Final = frozenset({Certificate.FORKLIFT, Certificate.CODE_95, Certificate.SECURITY_CARD})
"""Certificates that a vocational training leads to; the health visa or a teaching diploma take years of school."""


@dataclass(frozen=True, slots=True)
class Template:
    """One sort of partner offer: its words (French, Dutch) and its choices; lists are chosen from, all alike.

    ``trades`` are those it may be about, ``learn`` how much of the trade it grants (``all``, ``some`` or nothing).
    """

    kind: Kind
    title: tuple[str, str]
    text: tuple[str, str]
    trades: tuple[Trade, ...]
    learn: str | None
    grants: Grants
    grants_months: bool
    months: tuple[float, ...]
    hours: tuple[float, ...]
    audience: tuple[tuple[str, ...], ...]
    partners: tuple[str, ...]
    asks: tuple[AskedLanguage, ...]
    experience: int
    contract: Contract | None


def read_templates(trades: Trades) -> tuple[tuple[Template, float], ...]:
    """Read the sorts of partner offers with their weights; one about trades that the taxonomy lacks takes any trade."""
    return tuple((_template(raw, trades), raw["weight"]) for raw in json.loads(PARTNERS.read_text(encoding="utf-8")))


def _template(raw: Mapping[str, Any], trades: Trades) -> Template:
    slugs = raw.get("trades") or ([raw["trade"]] if "trade" in raw else [])
    known = tuple(trades.by_slug[slug] for slug in slugs if slug in trades.by_slug)
    learned = (trades.competences.get(slug) for slug in raw.get("competences", ()))
    return Template(
        kind=Kind(raw["kind"]),
        title=(raw["title"][0], raw["title"][1]),
        text=(raw["text"][0], raw["text"][1]),
        trades=known or (trades.all[:20] if "trades" in raw else ()),
        learn=raw.get("learn"),
        grants=Grants(
            competences=tuple(Mention(uri) for uri in learned if uri is not None),
            languages=tuple(KnownLanguage(code, Level(level)) for code, level in raw.get("languages", ())),
            driving_licences=tuple(DrivingLicence(code) for code in raw.get("licences", ())),
            certificates=tuple(Certificate(code) for code in raw.get("certificates", ())),
        ),
        grants_months=raw.get("grants months", False),
        months=tuple(map(float, raw["months"])),
        hours=tuple(map(float, raw["hours"])),
        audience=tuple(tuple(groups or ()) for groups in raw["audience"]),
        partners=tuple(raw["partners"]),
        asks=tuple(AskedLanguage(code, Level(level), Requirement.STRONG) for code, level in raw.get("asks", ())),
        experience=raw.get("experience", 0),
        contract=Contract(raw["contract"]) if "contract" in raw else None,
    )


def partner_offers(dice: Dice, trades: Trades, today: date) -> Iterator[Offer]:
    """Give partner offers without end, numbered from 1; the first ones show every sort once, kinds in turn."""
    templates = read_templates(trades)
    weights = table(dict(enumerate(weight for _, weight in templates)))
    first = _kinds_in_turn([template for template, _ in templates])
    number = 0
    while True:
        template = first[number] if number < len(first) else templates[dice.pick(weights)][0]
        number += 1
        yield _offer(dice, trades, template, f"par-{number:04d}", today)


def _kinds_in_turn(templates: list[Template]) -> list[Template]:
    place: dict[Kind, int] = {}
    ranked = []
    for template in templates:
        place[template.kind] = place.get(template.kind, -1) + 1
        ranked.append((place[template.kind], template))
    return [template for _, template in sorted(ranked, key=lambda pair: pair[0])]


def _offer(dice: Dice, trades: Trades, template: Template, name: str, today: date) -> Offer:
    trade = dice.one(template.trades) if template.trades else None
    lang = int(dice.chance(IN_DUTCH))
    code = LANGUAGES[lang]
    label = trade.names[code][0] if trade is not None else ""
    months = dice.one(template.months)
    hours = _hours(dice, template)
    place = dice.pick(trades.places["schools"])
    published = today - timedelta(days=dice.whole(2, 90))
    work = trade is not None and template.kind in (Kind.WORK_EXPERIENCE, Kind.SOCIAL_EMPLOYMENT)
    told = template.kind in (Kind.ORIENTATION, Kind.SUPPORT) and dice.chance(0.5)
    start = None if told else today + timedelta(days=dice.whole(3, 100))
    return Offer(
        id=name,
        source="demo-partners",
        kind=template.kind,
        title=template.title[lang].format(label=label),
        text=template.text[lang],
        text_language=code,
        occupation=Mention(trade.uri) if trade is not None else None,
        competences=(),
        languages=template.asks or (None if dice.chance(0.5) else (AskedLanguage(code, Level.A2, Requirement.DESIRED),)),
        driving_licences=(),
        certificates=(),
        experience_months=template.experience,
        education=0 if dice.chance(0.7) else None,
        postcodes=(place.postcode,),
        remote_share=0.0,
        hours_min=hours,
        hours_max=hours,
        shifts=dice.pick(trade.facts.shifts) if work and trade is not None else dice.pick(COURSE_SHIFTS),
        days=dice.pick(trade.facts.days) if work and trade is not None else None,
        contract=template.contract,
        start=start,
        positions=dice.whole(1, 3) if work else dice.whole(6, 15),
        filled=0 if work or dice.chance(0.5) else dice.whole(1, 4),
        employer=dice.one(template.partners),
        sector=trade.facts.sector if work and trade is not None else None,
        published=published,
        valid_through=start,
        verified=today - timedelta(days=dice.whole(0, (today - published).days)),
        audience=dice.one(template.audience),
        duration_months=months,
        grants=_grants(dice, template, trade, months),
    )


def _asked_languages(dice: Dice, template: Template, code: str) -> tuple[AskedLanguage, ...] | None:
    """Ask the level below the one taught, else now and then the language of the group."""
    if template.asks or template.grants.languages:
        return template.asks
    return None if dice.chance(0.5) else (BASIC[code],)


def _hours(dice: Dice, template: Template) -> float | None:
    """Give the hours a week; those of a course of a few hours are unstated, because they are no working hours."""
    hours = dice.one(template.hours)
    course = template.kind in (Kind.TRAINING, Kind.ORIENTATION, Kind.SUPPORT)
    return None if course and hours < SHORT_COURSE else hours


def _grants(dice: Dice, template: Template, trade: Trade | None, months: float) -> Grants:
    """Add to what the sort always grants what its trade teaches: competences, and licences that the law requires."""
    grants = template.grants
    if trade is None or template.learn is None:
        return grants
    if template.learn == "some":
        learned = dice.some((*trade.essential, *trade.optional), dice.whole(3, 5))
    else:
        learned = [*trade.essential, *dice.some(trade.optional, 2)]
    grants = replace(grants, competences=tuple(Mention(uri) for uri in learned))
    if template.grants_months:
        return replace(grants, experience_months=int(months))
    if template.learn == "some":
        return grants
    certificates = [code for code, legal, _ in trade.facts.certificates if legal or code is Certificate.BA4_BA5]
    own = Certificate.CARE_REGISTRATION if trade.slug == "nursing-assistant" else Certificate.BA4_BA5
    return replace(
        grants,
        driving_licences=tuple(code for code, legal, _ in trade.facts.licences if legal),
        certificates=tuple(code for code in certificates if code in TAUGHT_BY_LAW or code is own),
    )
