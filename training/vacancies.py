"""Invented vacancies: facts of a trade, drawn, and stated as unevenly as employers state them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import islice
from typing import Final

from matching.codes import Contract, Kind, Level, Requirement
from matching.geography import Place
from matching.records import AskedCertificate, AskedCompetence, AskedLanguage, AskedLicence, Mention, Offer
from training.adverts import Employer, write_text, write_title
from training.trades import Dice, Said, Trade, Trades, table

STEMS_PER_PATTERN: Final = 14
AGENCIES: Final = 16
AGENCY_SHARE: Final = 0.8
OWN_SITE: Final = 0.6

UNSTATED: Final = {
    "competences": 0.08,
    "contract": 0.2,
    "days": 0.45,
    "education": 0.4,
    "employer": 0.04,
    "experience": 0.3,
    "hours": 0.15,
    "licences": 0.85,
    "occupation": 0.03,
    "positions": 0.1,
    "remote": 0.8,
    "shifts": 0.4,
    "start": 0.5,
    "until": 0.35,
    "verified": 0.45,
}
"""Share of vacancies that do not state a thing; licences and remote work where the trade does not ask for them."""

LANGUAGES_NEVERTHELESS: Final = 0.4
"""Share of vacancies without Dutch that state their languages: with Dutch asked by half, 70 % state them."""

DUTCH_IN_FLANDERS, FRENCH_IN_FLANDERS, FRENCH_IN_BRUSSELS, DUTCH_IN_WALLONIA = 0.75, 0.55, 0.93, 0.5
UNLINKED, MOST_WISHES = 0.1, 3
OLDEST_DAYS: Final = 60
GONE: Final = (0.02, 0.035, 0.05)
"""Upper bounds of the shares that have expired, are closed, are filled."""

N_ASKED: Final = table({3: 2, 4: 4, 5: 5, 6: 4, 7: 3, 8: 2, 9: 1, 10: 1})
POSITIONS: Final = table({1: 14, 2: 4, 3: 2, 4: 1, 5: 1})
VALID_DAYS: Final = table({30: 4, 45: 2, 60: 4, 90: 1})
REMOTE: Final = table({0.2: 3, 0.4: 5, 0.5: 2, 0.6: 2, 1.0: 0.4})
WANTED: Final = table({Requirement.MANDATORY: 6, Requirement.STRONG: 2, Requirement.DESIRED: 2})
ESSENTIAL: Final = table({Requirement.MANDATORY: 5, Requirement.STRONG: 3.5, Requirement.DESIRED: 1.5})
OPTIONAL: Final = table({Requirement.STRONG: 3, Requirement.DESIRED: 7})
MEASURES: Final = ("activa.brussels", "stage First")


def vacancies(dice: Dice, trades: Trades, today: date) -> Iterator[Offer]:
    """Give vacancies without end, numbered from 1, all published within the last 60 days before ``today``."""
    employers: dict[tuple[Said, ...], list[Employer]] = {}
    agencies = _employers(dice, trades, (trades.agency,), "offices", AGENCIES)
    number = 0
    while True:
        number += 1
        trade = dice.pick(trades.market)
        contract = dice.pick(trade.facts.contracts)
        known = tuple(about for _, about in trade.facts.employers)
        if known not in employers:
            n = STEMS_PER_PATTERN * len(known)
            employers[known] = _employers(dice, trades, trade.facts.employers, trade.facts.places, n)
        own = agencies if contract is Contract.INTERIM and dice.chance(AGENCY_SHARE) else employers[known]
        # Squared: the first employers of a list hire most, as the largest do.
        employer = own[int(len(own) * dice.roll() ** 2)]
        settled = own is not agencies and dice.chance(OWN_SITE)
        place = employer.place if settled else dice.pick(trades.places[trade.facts.places])
        yield _vacancy(dice, trades, trade, employer, place, contract, f"vac-{number:06d}", today)


def _employers(dice: Dice, trades: Trades, patterns: tuple[tuple[str, Said], ...], places: str, n: int) -> list[Employer]:
    """Invent employers: every pattern with names of its own."""
    stems = [dice.some(trades.stems, -(-n // len(patterns))) for _ in patterns]
    rounds = zip(*stems, strict=True)
    pairs = [pair for one_each in rounds for pair in zip(patterns, one_each, strict=True)]
    return [
        Employer(pattern.format(stem), about, dice.pick(trades.places[places]), about == trades.agency[1])
        for (pattern, about), stem in islice(pairs, n)
    ]


def _vacancy(
    dice: Dice,
    trades: Trades,
    trade: Trade,
    employer: Employer,
    place: Place,
    contract: Contract,
    name: str,
    today: date,
) -> Offer:
    facts = trade.facts
    lang = _text_language(dice, trade, place)
    hours = None if dice.chance(UNSTATED["hours"]) else dice.pick(facts.hours)
    published = today - timedelta(days=int((OLDEST_DAYS + 1) * dice.roll() ** 1.5))
    offer = Offer(
        id=name,
        source="demo",
        kind=Kind.VACANCY,
        title=trade.names[lang][0],
        text_language=lang,
        occupation=Mention(trade.uri),
        competences=_competences(dice, trades, trade, lang),
        languages=_languages(dice, trade, place, lang),
        driving_licences=_licences(dice, trade),
        certificates=_certificates(dice, trade),
        own_car=True if dice.chance(facts.own_car) else False if dice.chance(0.03) else None,
        experience_months=None if dice.chance(UNSTATED["experience"]) else dice.pick(facts.experience),
        education=None if dice.chance(UNSTATED["education"]) else dice.pick(facts.education),
        postcodes=(place.postcode,),
        remote_share=_remote_share(dice, trade),
        hours_min=hours[0] if hours else None,
        hours_max=hours[1] if hours else None,
        shifts=None if dice.chance(UNSTATED["shifts"]) else dice.pick(facts.shifts),
        days=None if dice.chance(UNSTATED["days"]) else dice.pick(facts.days),
        contract=None if dice.chance(UNSTATED["contract"]) else contract,
        start=None if dice.chance(UNSTATED["start"]) else today + timedelta(days=dice.whole(0, 60)),
        positions=None if dice.chance(UNSTATED["positions"]) else dice.pick(POSITIONS),
        employer=None if dice.chance(UNSTATED["employer"]) else employer.name,
        sector=facts.sector,
        published=published,
        measures=dice.one(MEASURES) if dice.chance(0.05) else None,
    )
    offer = _dated(dice, offer, published, today)
    words, title = write_title(dice, trade, place, offer, lang)
    text = write_text(dice, trade, employer, place, words, offer, lang)
    if dice.chance(UNSTATED["occupation"]):
        return replace(offer, title=title, text=text, occupation=Mention(None, words, sure=False))
    return replace(offer, title=title, text=text)


def _dated(dice: Dice, offer: Offer, published: date, today: date) -> Offer:
    """Add the end and the last check; one in twenty has expired, is closed or has been filled."""
    until = None
    if not dice.chance(UNSTATED["until"]):
        until = max(published + timedelta(days=dice.pick(VALID_DAYS)), today + timedelta(days=dice.whole(1, 14)))
    age = (today - published).days
    verified = None if dice.chance(UNSTATED["verified"]) else today - timedelta(days=int(age * dice.roll() ** 2))
    gone = dice.roll()
    if gone < GONE[0] and age > 0:
        return replace(offer, valid_through=today - timedelta(days=dice.whole(1, age)), verified=None)
    if gone < GONE[1]:
        return replace(offer, valid_through=until, closed_on=today - timedelta(days=dice.whole(0, age)))
    if gone < GONE[2]:
        full = offer.positions or 1
        return replace(offer, valid_through=until, verified=verified, positions=full, filled=full)
    positions = offer.positions or 1
    taken = dice.whole(1, positions - 1) if positions > 1 and dice.chance(0.2) else 0
    return replace(offer, valid_through=until, verified=verified, filled=taken)


def _text_language(dice: Dice, trade: Trade, place: Place) -> str:
    if dice.chance(trade.facts.english_titles):
        return "en"
    dutch = {"flanders": 0.85, "wallonia": 0.0}.get(place.region, 0.33)
    return "nl" if dice.chance(dutch) else "fr"


@cache
def _asked(concept: str, requirement: Requirement) -> AskedCompetence:
    """Give one shared value, because a large world repeats the same few thousand."""
    return AskedCompetence(concept, requirement=requirement)


def _competences(dice: Dice, trades: Trades, trade: Trade, lang: str) -> tuple[AskedCompetence, ...] | None:
    """Ask 3 to 10 competences, essential ones more often; one in ten is a wish that no classification knows."""
    if dice.chance(UNSTATED["competences"]):
        return None
    n = dice.pick(N_ASKED)
    n_optional = round(n * 0.6 * dice.roll())
    chosen = [_asked(uri, dice.pick(ESSENTIAL)) for uri in dice.some(trade.essential, n - n_optional)]
    chosen += [_asked(uri, dice.pick(OPTIONAL)) for uri in dice.some(trade.optional, n_optional)]
    wishes = dice.some((*trades.any_texts[lang], *trade.facts.texts.get(lang, ())), MOST_WISHES)
    for row in range(len(chosen)):
        if wishes and dice.chance(UNLINKED):
            chosen[row] = AskedCompetence(None, wishes.pop(), requirement=chosen[row].requirement)
    return tuple(chosen)


@cache
def _language(code: str, level: Level | None, requirement: Requirement) -> AskedLanguage:
    return AskedLanguage(code, level, requirement)


def _languages(dice: Dice, trade: Trade, place: Place, lang: str) -> tuple[AskedLanguage, ...] | None:
    """Ask languages by domain and place; stated whenever Dutch is asked, else in a part of the vacancies."""
    facts, region = trade.facts, place.region
    dutch, french = facts.dutch, FRENCH_IN_BRUSSELS
    if region == "flanders":
        dutch, french = dutch + (1 - dutch) * DUTCH_IN_FLANDERS, FRENCH_IN_FLANDERS
    elif region == "wallonia":
        dutch, french = dutch * DUTCH_IN_WALLONIA, 1.0
    asks_dutch = dice.chance(dutch)
    if not (asks_dutch or dice.chance(LANGUAGES_NEVERTHELESS)):
        return None
    first = "nl" if region == "flanders" or (lang == "nl" and asks_dutch) else "fr"
    asked = []
    wanted = {"fr": dice.chance(french), "nl": asks_dutch, "en": dice.chance(facts.english) or lang == "en"}
    for code, yes in wanted.items():
        if yes:
            level = dice.pick(facts.first if code == first else facts.second)
            must = code == first and dice.chance(0.8)
            asked.append(_language(code, level, Requirement.MANDATORY if must else dice.pick(WANTED)))
    return tuple(asked)


def _licences(dice: Dice, trade: Trade) -> tuple[AskedLicence, ...] | None:
    asked = tuple(AskedLicence(code, legal) for code, legal, share in trade.facts.licences if dice.chance(share))
    return asked or (None if dice.chance(UNSTATED["licences"]) else ())


def _certificates(dice: Dice, trade: Trade) -> tuple[AskedCertificate, ...] | None:
    wanted = trade.facts.certificates
    asked = tuple(AskedCertificate(code, legal) for code, legal, share in wanted if dice.chance(share))
    return asked or (None if dice.chance(UNSTATED["licences"]) else ())


def _remote_share(dice: Dice, trade: Trade) -> float | None:
    if dice.chance(trade.facts.remote * 0.7):
        return dice.pick(REMOTE)
    return None if dice.chance(UNSTATED["remote"]) else 0.0
