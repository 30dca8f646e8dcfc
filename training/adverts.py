"""The words of an invented vacancy: a title as employers write it, and sentences made of its facts."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from matching.codes import (
    CERTIFICATE_WORDS,
    CONTRACT_WORDS,
    DRIVING_LICENCE_WORDS,
    LANGUAGE_WORDS,
    LANGUAGES_OF_SERVICE,
    REQUIREMENT_WORDS,
    SHIFT_WORDS,
    Contract,
    Shift,
    join,
    word,
)
from matching.geography import Place
from matching.guidance import say_date
from matching.records import AskedLanguage, Offer
from training.trades import Dice, Said, Trade

PHRASES: Final[dict[str, Any]] = json.loads((Path(__file__).parent / "phrases.json").read_text(encoding="utf-8"))
FULL_TIME: Final = 36
BARE_TITLES: Final = 0.55
SILENT: Final = 0.25
"""Share of the facts of a vacancy that its text does not repeat."""


@dataclass(frozen=True, slots=True)
class Employer:
    """An invented employer: its name, what it is (French, Dutch, English), where it is, whether it hires for others."""

    name: str
    about: Said
    place: Place
    agency: bool = False


def place_name(place: Place, lang: str) -> str:
    """Name of a place in a text of one language; an English text takes the name used on the spot."""
    return place.name_nl if lang == "nl" or (lang == "en" and place.region == "flanders") else place.name_fr


def write_title(dice: Dice, trade: Trade, place: Place, offer: Offer, lang: str) -> tuple[str, str]:
    """Give the name of the work as the employer calls it, and the title made of it with the usual additions."""
    names = trade.names[lang]
    # A label in both genders ("serveur/serveuse") is proper in a classification and rarer in an advert.
    official = 0.2 if "/" in names[0] else 0.4
    name = names[0] if len(names) == 1 or dice.chance(official) else dice.one(names[1:])
    words = PHRASES[lang]["titles"]
    title = name[0].upper() + name[1:] + dice.one(words["plain"])
    if dice.chance(BARE_TITLES):
        return name, title
    true = {
        "part": offer.hours_max is not None and offer.hours_max < FULL_TIME,
        "full": offer.hours_min is not None and offer.hours_min >= FULL_TIME,
        "interim": offer.contract is Contract.INTERIM,
        "permanent": offer.contract is Contract.PERMANENT,
        "night": offer.shifts == (Shift.NIGHT,),
        "place": offer.postcodes is not None,
    }
    addition: str = words[dice.one([key for key, holds in true.items() if holds] or ["place"])]
    return name, title + addition.format(place=place_name(place, lang))


def write_text(dice: Dice, trade: Trade, employer: Employer, place: Place, name: str, offer: Offer, lang: str) -> str:
    """Compose two to five sentences in one language; what they say, the offer's fields say too, but for the tasks."""
    phrases = PHRASES[lang]
    intro = "unnamed" if offer.employer is None else "agency" if employer.agency else "intro"
    sentences = [
        dice.one(phrases[intro]).format(
            employer=employer.name,
            about=employer.about[LANGUAGES_OF_SERVICE.index(lang)],
            place=place_name(place, lang),
            name=name,
        )
    ]
    if trade.tasks[lang]:
        parts = dice.some(trade.tasks[lang], dice.whole(2, 4))
        sentences.append(dice.one(phrases["tasks"]).format(parts=", ".join(parts)))
    others = [sentence for sentence in _facts(dice, offer, lang, phrases) if not dice.chance(SILENT)]
    return " ".join([*sentences, *others[: dice.whole(1, 3)]])


def _facts(dice: Dice, offer: Offer, lang: str, phrases: Any) -> list[str]:
    """Say each stated fact in a sentence, those that matter most to readers first."""
    found = [_terms(offer, lang, phrases)]
    if offer.languages:
        parts = [_language(asked, lang) for asked in offer.languages]
        found.append(dice.one(phrases["languages"]).format(parts=", ".join(parts)))
    needs = [word(DRIVING_LICENCE_WORDS, asked.code, lang) for asked in offer.driving_licences or ()]
    needs += [word(CERTIFICATE_WORDS, held.code, lang) for held in offer.certificates or ()]
    if needs:
        found.append(dice.one(phrases["needs"]).format(parts=join(needs, lang)))
    if offer.own_car:
        found.append(phrases["car"])
    if offer.experience_months is not None:
        known = phrases["experience" if offer.experience_months else "beginner"]
        found.append(dice.one(known).format(n=offer.experience_months))
    if offer.remote_share:
        found.append(phrases["remote"].format(n=round(100 * offer.remote_share)))
    if offer.valid_through is not None:
        found.append(dice.one(phrases["until"]).format(date=say_date(offer.valid_through, lang)))
    if offer.education == 0:
        found.append(phrases["diploma"])
    return [sentence for sentence in found if sentence]


def _terms(offer: Offer, lang: str, phrases: Any) -> str:
    """Say contract, hours, shifts and days, as far as they are stated."""
    parts = [word(CONTRACT_WORDS, offer.contract, lang)] if offer.contract is not None else []
    if offer.hours_min is not None and offer.hours_max is not None:
        point = "." if lang == "en" else ","
        low, high = (f"{hours:g}".replace(".", point) for hours in (offer.hours_min, offer.hours_max))
        parts.append(phrases["hours"].format(n=low) if low == high else phrases["range"].format(low=low, high=high))
    if offer.shifts:
        parts.append(join([word(SHIFT_WORDS, shift, lang) for shift in offer.shifts], lang, "or"))
    if offer.days:
        parts.append(phrases["days"][f"{offer.days[0]}-{offer.days[-1]}"])
    sentence: str = phrases["terms" if offer.contract is not None else "times"]
    return sentence.format(parts=", ".join(parts)) if parts else ""


def _language(asked: AskedLanguage, lang: str) -> str:
    name = word(LANGUAGE_WORDS, asked.code, lang)
    level = f" ({asked.level})" if asked.level is not None else ""
    return f"{name}{level} {word(REQUIREMENT_WORDS, asked.requirement, lang)}"
