"""Comparisons of education, languages and licences against what the employer asks."""

from typing import Any

import numpy as np

from matching.codes import (
    CERTIFICATE_WORDS,
    DRIVING_LICENCE_WORDS,
    LANGUAGE_WORDS,
    LEVEL_WORDS,
    REQUIREMENT_WORDS,
    Level,
    Requirement,
    word,
)
from matching.comparisons.comparison import FULL, NOT_ASKED, UNKNOWN, UNSTATED, Comparison, Facts, Side, compiled
from matching.records import AskedCertificate, AskedLanguage, AskedLicence
from matching.vectors import LEVELS, held_licences

_B2 = 4  # position of B2 among the levels
_FAILS = FULL * 35 // 100  # two levels short: no language still unknown could make it worse than unknown


@compiled
def education(p: Any, i: int, o: Any, j: int, w: Any, credit: Any) -> int:
    """Level of education against the level asked: each missing level costs a third."""
    if o.rows[j].education == 0:
        return NOT_ASKED
    if o.rows[j].education < 0:
        return UNSTATED
    if p.rows[i].education < 0:
        return UNKNOWN
    short: int = max(0, o.rows[j].education - p.rows[i].education)
    return max(0, FULL - short * FULL // 3)


@compiled
def _shortfall(levels: int) -> int:
    """Value of one language that is some CEFR levels short: 1, 0.65, 0.35, 0.15, 0."""
    if levels <= 0:
        return FULL
    if levels == 1:
        return FULL * 65 // 100
    if levels == 2:
        return FULL * 35 // 100
    return FULL * 15 // 100 if levels == 3 else 0


@compiled
def languages(p: Any, i: int, o: Any, j: int, w: Any, credit: Any) -> int:
    """Product over the languages asked of the value of each shortfall; a desired language counts a third.

    A required language about which nothing is known leaves the whole unknown, unless the others already come to 0.35 or
    less; a desired one counts as half met (assumption). A language asked without a level is met from B2 on, failed
    without knowledge, and between unknown if required, half met if desired.
    """
    first, last = o.rows[j].language_start, o.rows[j].language_end
    if first == last:
        return NOT_ASKED if o.rows[j].languages_stated else UNSTATED
    value = FULL
    known = 0
    missing = False
    for k in range(first, last):
        has = p.level[i, o.language[k, 0]]
        asked = o.language[k, 1]
        if has < 0 or (asked < 0 and 0 < has < _B2):
            if o.language[k, 2]:
                missing = True
                continue
            one = FULL // 2
            known += has >= 0
        else:
            one = (FULL if has > 0 else 0) if asked < 0 else _shortfall(asked - has)
            known += 1
        if not o.language[k, 2]:
            one = FULL - (FULL - one) // 3
        value = value * one // FULL
    if known == 0 or (missing and value > _FAILS):
        return UNKNOWN
    return value


@compiled
def licences(p: Any, i: int, o: Any, j: int, w: Any, credit: Any) -> int:
    """Share of the licences, certificates and own car wanted (not legally needed) that the person has."""
    wanted = o.rows[j].wanted
    if wanted == 0 and o.rows[j].own_car != 1:
        return NOT_ASKED if o.rows[j].licences_stated and o.rows[j].own_car == 0 else UNSTATED
    asked = 0
    have = 0
    bit = 1
    while wanted:
        if wanted & 1:
            if p.rows[i].licences & bit == 0 and p.rows[i].licences_known & bit == 0:
                return UNKNOWN
            asked += 1
            have += p.rows[i].licences & bit != 0
        wanted >>= 1
        bit <<= 1
    if o.rows[j].own_car == 1:
        if p.rows[i].own_car < 0:
            return UNKNOWN
        asked += 1
        have += p.rows[i].own_car
    return FULL * have // asked


def _eqf(facts: Facts, level: int | None) -> str | None:
    if level is None:
        return None
    none = facts.pick("pas de diplôme", "geen diploma", "no diploma")
    return facts.pick(f"niveau CEC {level}", f"EKK-niveau {level}", f"EQF level {level}") if level else none


def _language(facts: Facts, code: str, level: str | None) -> str:
    unknown = facts.pick("niveau inconnu", "niveau onbekend", "level unknown")
    return f"{word(LANGUAGE_WORDS, code, facts.lang)} {word(LEVEL_WORDS, level, facts.lang) if level else unknown}"


def _asked(facts: Facts, asked: AskedLanguage) -> str:
    unstated = facts.pick("niveau non précisé", "niveau niet vermeld", "level not stated")
    level = word(LEVEL_WORDS, asked.level, facts.lang) if asked.level else unstated
    said = f"{word(LANGUAGE_WORDS, asked.code, facts.lang)} {level}"
    desired = asked.requirement == Requirement.DESIRED
    return f"{said} ({word(REQUIREMENT_WORDS, 'desired', facts.lang)})" if desired else said


def _languages_asked(facts: Facts) -> str | None:
    if facts.offer.languages is None:
        return None
    return ", ".join(_asked(facts, asked) for asked in facts.offer.languages)


def _languages_known(facts: Facts) -> str | None:
    """Say the person's level in the languages that the offer asks, else in all."""
    known: dict[str, Level | None] = {}
    for k in facts.profile.languages or ():
        known[k.code] = max(k.level, known.get(k.code), key=lambda level: -1 if level is None else LEVELS.index(level))
    if not known:
        return None
    asked = [a.code for a in facts.offer.languages or ()] or list(known)
    return ", ".join(_language(facts, code, known.get(code)) for code in asked)


def _licence(facts: Facts, code: str) -> str:
    return word(DRIVING_LICENCE_WORDS if code in DRIVING_LICENCE_WORDS else CERTIFICATE_WORDS, code, facts.lang)


def _car(facts: Facts) -> str:
    return facts.pick("voiture personnelle", "eigen wagen", "own car")


def _licences_wanted(facts: Facts) -> str | None:
    offer = facts.offer
    if offer.driving_licences is None and offer.certificates is None and offer.own_car is None:
        return None
    asked: list[AskedLicence | AskedCertificate] = [*(offer.driving_licences or ()), *(offer.certificates or ())]
    wanted = [_licence(facts, a.code) for a in asked if not a.legal]
    if not wanted and not offer.own_car:
        return "" if offer.own_car is False else None
    return ", ".join([*wanted, *([_car(facts)] if offer.own_car else [])])


def _licences_held(facts: Facts) -> str | None:
    profile = facts.profile
    if profile.driving_licences is None and profile.certificates is None and profile.own_car is None:
        return None
    held = [_licence(facts, code) for code in sorted(held_licences(profile))]
    if profile.own_car:
        held.append(_car(facts))
    return ", ".join(held) or facts.pick("aucun", "geen", "none")


EDUCATION = Comparison(
    name="education",
    side=Side.EMPLOYER,
    asks=("education",),
    tells=("education",),
    reads=("education",),
    known=lambda p: p.rows["education"] >= 0,
    compiled=education,
    title=("Niveau d'études", "Opleidingsniveau", "Education"),
    offer_fact=lambda facts: "" if facts.offer.education == 0 else _eqf(facts, facts.offer.education),
    person_fact=lambda facts: _eqf(facts, facts.profile.education),
)
LANGUAGES = Comparison(
    name="languages",
    side=Side.EMPLOYER,
    asks=("language", "languages_stated"),
    tells=("level",),
    reads=("languages",),
    known=lambda p: np.any(p.level >= 0, axis=1),
    compiled=languages,
    title=("Langues", "Talen", "Languages"),
    offer_fact=_languages_asked,
    person_fact=_languages_known,
    person_varies=True,
)
LICENCES = Comparison(
    name="licences",
    side=Side.EMPLOYER,
    asks=("wanted", "own_car", "licences_stated"),
    tells=("licences", "licences_known", "own_car"),
    reads=("driving_licences", "certificates", "own_car"),
    known=lambda p: (p.rows["licences_known"] != 0) | (p.rows["own_car"] >= 0),
    compiled=licences,
    title=("Permis et brevets souhaités", "Gewenste rijbewijzen en attesten", "Licences and certificates wanted"),
    offer_fact=_licences_wanted,
    person_fact=_licences_held,
)
