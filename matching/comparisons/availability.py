"""Comparisons of travel, hours, shifts, contract and start with what the person can and wants to do."""

from typing import Any

import numpy as np

from matching.codes import CONTRACT_WORDS, DAY_WORDS, MODE_WORDS, SHIFT_WORDS, Mode, Shift, Words, join, word
from matching.comparisons.comparison import FULL, UNKNOWN, UNSTATED, Comparison, Facts, Side, compiled
from matching.vectors import PAID

REFERENCE_MINUTES = 60
"""Scale of the grading for a person who named no maximum; said in the reason."""
_PUBLIC_TRANSPORT, _FOOT = 0, 3
_PUBLIC, _BY_DEFAULT = 1 << _PUBLIC_TRANSPORT, 1 << _PUBLIC_TRANSPORT | 1 << _FOOT
_EARLY, _LATE, _NIGHT = 1 << 1, 1 << 2, 1 << 3


@compiled
def journey(p: Any, i: int, o: Any, j: int, w: Any) -> tuple[int, int, int]:
    """Give the shortest door-to-door minutes, the mode, and whether they are imported; (-1, -1, 0) if unknown.

    By public transport an early start takes half as long again, a late end a quarter; at night there is none. The share
    of the work done at home shortens the journey in proportion. Who named no mode goes by public transport or on foot.
    """
    home = p.rows[i].home
    if o.rows[j].remote == 100:
        return 0, -1, 0
    best, best_mode, best_known = 1 << 20, -1, 0
    if home >= 0:
        modes = p.rows[i].modes if p.rows[i].modes else _BY_DEFAULT
        for k in range(o.rows[j].place_start, o.rows[j].place_end):
            for mode in range(4):
                minutes = int(w.minutes[mode, home, o.place[k]])
                if not modes >> mode & 1 or minutes == 255:
                    continue
                if mode == _PUBLIC_TRANSPORT:
                    if o.rows[j].shifts & _NIGHT:
                        continue
                    if o.rows[j].shifts & _EARLY:
                        minutes = minutes * 3 // 2
                    elif o.rows[j].shifts & _LATE:
                        minutes = minutes * 5 // 4
                if minutes < best:
                    best, best_mode = minutes, mode
                    best_known = int(mode == _PUBLIC_TRANSPORT and w.imported[home, o.place[k]])
    if best_mode < 0:
        return -1, -1, 0
    if o.rows[j].remote > 0:
        best = best * (100 - o.rows[j].remote) // 100
    return best, best_mode, best_known


@compiled
def travel(p: Any, i: int, o: Any, j: int, w: Any, credit: Any) -> int:
    """Minutes against the maximum: 1 at no travel, 0.5 at the maximum, 0 at twice the maximum."""
    minutes, _, _ = journey(p, i, o, j, w)
    if minutes < 0:
        return UNSTATED if o.rows[j].place_start == o.rows[j].place_end else UNKNOWN
    most = p.rows[i].max_minutes if p.rows[i].max_minutes >= 0 else REFERENCE_MINUTES
    if most == 0:
        return FULL if minutes == 0 else 0
    return max(0, FULL - FULL * minutes // (2 * most))


@compiled
def hours(p: Any, i: int, o: Any, j: int, w: Any, credit: Any) -> int:
    """1 when the hours per week overlap, less by 1/12 for each hour between the two ranges.

    The least hours that a person wants are those of paid work: a course of six hours a week is not too short.
    """
    paid = PAID >> o.rows[j].kind & 1
    low = p.rows[i].hours_min if paid and p.rows[i].hours_min == p.rows[i].hours_min else 0.0
    high = p.rows[i].hours_max if p.rows[i].hours_max == p.rows[i].hours_max else 60.0
    if o.rows[j].hours_min != o.rows[j].hours_min:
        return UNSTATED
    if p.rows[i].hours_min != p.rows[i].hours_min and p.rows[i].hours_max != p.rows[i].hours_max:
        return UNKNOWN
    apart = max(o.rows[j].hours_min - high, low - o.rows[j].hours_max, 0.0)
    return max(0, FULL - int(apart * FULL / 12))


@compiled
def _possible(asked: int, impossible: int) -> tuple[int, int]:
    n_asked, n_possible = 0, 0
    while asked:
        n_asked += asked & 1
        n_possible += asked & ~impossible & 1
        asked >>= 1
        impossible >>= 1
    return n_asked, n_possible


@compiled
def shifts(p: Any, i: int, o: Any, j: int, w: Any, credit: Any) -> int:
    """Share of the shifts and days of the offer that are possible for the person."""
    if o.rows[j].shifts == 0 and o.rows[j].days == 0:
        return UNSTATED
    if (o.rows[j].shifts and not p.rows[i].shifts_known) or (o.rows[j].days and not p.rows[i].days_known):
        return UNKNOWN
    n_shifts, ok_shifts = _possible(o.rows[j].shifts, p.rows[i].impossible_shifts)
    n_days, ok_days = _possible(o.rows[j].days, p.rows[i].impossible_days)
    return FULL * (ok_shifts + ok_days) // (n_shifts + n_days)


@compiled
def contract(p: Any, i: int, o: Any, j: int, w: Any, credit: Any) -> int:
    """1 when the kind of contract is one that the person wants, else 0."""
    if o.rows[j].contract == 0:
        return UNSTATED
    if p.rows[i].contracts == 0:
        return UNKNOWN
    return FULL if p.rows[i].contracts & o.rows[j].contract else 0


@compiled
def start(p: Any, i: int, o: Any, j: int, w: Any, credit: Any) -> int:
    """1 when the offer starts once the person can; less by 1/60 for each day too early. A past start means now."""
    if o.rows[j].start < 0:
        return UNSTATED
    if p.rows[i].start < 0:
        return UNKNOWN
    early: int = max(0, max(p.rows[i].start, w.today) - max(o.rows[j].start, w.today))
    return max(0, FULL - FULL * early // 60)


def _said(facts: Facts, words: Words, codes: Any, last: str = "and") -> str:
    return join([word(words, code, facts.lang) for code in codes], facts.lang, last)


def _place(facts: Facts) -> str | None:
    if _remote(facts) == 100:
        return facts.pick("travail à domicile", "thuiswerk", "work from home")
    if not facts.offer.postcodes:
        return None
    places = [_named(facts, postcode) for postcode in facts.offer.postcodes[:3]]
    if len(facts.offer.postcodes) > 3:
        places.append("…")
    return ", ".join(places) + _minutes(facts)


def _remote(facts: Facts) -> int:
    """Percentage of the work done at home, as the engine reads it."""
    return round(100 * (facts.offer.remote_share or 0))


def _named(facts: Facts, postcode: str) -> str:
    row = facts.geography.index.get(postcode)
    if row is None:
        return postcode
    place = facts.geography.places[row]
    return f"{postcode} {place.name_nl if facts.lang == 'nl' else place.name_fr}"


def _minutes(facts: Facts) -> str:
    """Say how long the journey takes, and how well that is known."""
    minutes, mode, imported = facts.journey
    if mode < 0 and Shift.NIGHT in (facts.offer.shifts or ()):
        return facts.pick(
            ", pas de transports publics la nuit", ", geen openbaar vervoer 's nachts", ", no public transport at night"
        )
    if mode < 0:
        return ""
    by = word(MODE_WORDS, tuple(Mode)[mode], facts.lang)
    geography, home = facts.geography, facts.geography.index.get(facts.profile.postcode or "", -1)
    bounded = geography.at_most and all(
        geography.imported[home, geography.index[place]] for place in facts.offer.postcodes or () if place in geography.index
    )
    if imported:
        how = facts.pick("horaires importés", "ingelezen dienstregeling", "imported timetable")
    elif bounded and mode == _PUBLIC_TRANSPORT:
        how = facts.pick("au plus, sans le train", "hoogstens, zonder trein", "at most, without trains")
    else:
        how = facts.pick("estimation", "schatting", "estimate")
    if share := _remote(facts):
        how += facts.pick(
            f", compte tenu de {share} % de travail à domicile",
            f", rekening houdend met {share} % thuiswerk",
            f", allowing for {share} % work from home",
        )
    return f", {minutes} min, {by} ({how})"


def _travels(facts: Facts) -> str | None:
    if facts.profile.postcode is None:
        return None
    home = _named(facts, facts.profile.postcode)
    modes = _said(facts, MODE_WORDS, facts.profile.modes or ("public_transport", "foot"), "or")
    if facts.profile.max_minutes is None:
        most = facts.pick(
            f"pas de maximum connu, {REFERENCE_MINUTES} minutes prises comme repère",
            f"geen gekend maximum, {REFERENCE_MINUTES} minuten als maatstaf genomen",
            f"no known maximum, {REFERENCE_MINUTES} minutes taken as the scale",
        )
    else:
        n = facts.profile.max_minutes
        most = facts.pick(f"{n} minutes au plus", f"ten hoogste {n} minuten", f"at most {n} minutes")
    return f"{home}, {modes}, {most}"


def _range(facts: Facts, low: float | None, high: float | None) -> str | None:
    if low is None and high is None:
        return None
    said = "-".join(f"{x:g}" for x in dict.fromkeys((low, high)) if x is not None)
    said = facts.pick(said.replace(".", ","), said.replace(".", ","), said)
    if low is None:
        said = facts.pick(f"au plus {said}", f"ten hoogste {said}", f"at most {said}")
    elif high is None:
        said = facts.pick(f"au moins {said}", f"minstens {said}", f"at least {said}")
    return facts.pick(f"{said} h/semaine", f"{said} u/week", f"{said} h/week")


def _week(facts: Facts) -> str | None:
    """Say the hours of the offer; one bound alone stands for both, as in the engine."""
    low, high = facts.offer.hours_min, facts.offer.hours_max
    return _range(facts, high if low is None else low, low if high is None else high)


def _rota(facts: Facts) -> str | None:
    offer = facts.offer
    said = [_said(facts, SHIFT_WORDS, offer.shifts)] if offer.shifts else []
    said += [_said(facts, DAY_WORDS, offer.days)] if offer.days else []
    return ", ".join(said) or None


def _impossible(facts: Facts) -> str | None:
    profile = facts.profile
    if profile.impossible_shifts is None and profile.impossible_days is None:
        return None
    codes = [word(SHIFT_WORDS, c, facts.lang) for c in profile.impossible_shifts or ()]
    codes += [word(DAY_WORDS, c, facts.lang) for c in profile.impossible_days or ()]
    if not codes:
        return facts.pick("tout est possible", "alles is mogelijk", "everything is possible")
    said = join(codes, facts.lang, "or")
    return facts.pick(f"pas possible : {said}", f"niet mogelijk: {said}", f"not possible: {said}")


def _day(facts: Facts, day: Any) -> str | None:
    return None if day is None else f"{day:%d/%m/%Y}"


TRAVEL = Comparison(
    name="travel",
    side=Side.PERSON,
    asks=("place", "shifts", "remote"),
    tells=("home", "modes", "max_minutes"),
    reads=("postcode",),
    known=lambda p: p.rows["home"] >= 0,
    compiled=travel,
    title=("Trajet", "Verplaatsing", "Travel"),
    offer_fact=_place,
    person_fact=_travels,
    offer_varies=True,
)
HOURS = Comparison(
    name="hours",
    side=Side.PERSON,
    asks=("hours_min", "hours_max", "kind"),
    tells=("hours_min", "hours_max"),
    reads=("hours_min", "hours_max"),
    known=lambda p: ~(np.isnan(p.rows["hours_min"]) & np.isnan(p.rows["hours_max"])),
    compiled=hours,
    title=("Heures", "Uren", "Hours"),
    offer_fact=_week,
    person_fact=lambda f: _range(f, f.profile.hours_min, f.profile.hours_max),
)
SHIFTS = Comparison(
    name="shifts",
    side=Side.PERSON,
    asks=("shifts", "days"),
    tells=("impossible_shifts", "impossible_days", "shifts_known", "days_known"),
    reads=("impossible_shifts", "impossible_days"),
    known=lambda p: (p.rows["shifts_known"] == 1) | (p.rows["days_known"] == 1),
    compiled=shifts,
    title=("Horaires et jours", "Uurrooster en dagen", "Shifts and days"),
    offer_fact=_rota,
    person_fact=_impossible,
)
CONTRACT = Comparison(
    name="contract",
    side=Side.PERSON,
    asks=("contract",),
    tells=("contracts",),
    reads=("contracts",),
    known=lambda p: p.rows["contracts"] != 0,
    compiled=contract,
    title=("Contrat", "Contract", "Contract"),
    offer_fact=lambda f: word(CONTRACT_WORDS, f.offer.contract, f.lang) if f.offer.contract else None,
    person_fact=lambda f: _said(f, CONTRACT_WORDS, f.profile.contracts, "or") if f.profile.contracts else None,
)
START = Comparison(
    name="start",
    side=Side.PERSON,
    asks=("start",),
    tells=("start",),
    reads=("start_from",),
    known=lambda p: p.rows["start"] >= 0,
    compiled=start,
    title=("Début", "Start", "Start"),
    offer_fact=lambda f: _day(f, f.offer.start),
    person_fact=lambda f: _day(f, f.profile.start_from),
)
