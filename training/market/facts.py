"""Facts of pairs read off a reality, on one day: minutes, digits of ISCO-08, shares of lists, levels short."""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from matching.codes import Contract, Mode, Shift
from training.market.pairs import Floats, PairFacts
from training.market.reality import BITS, Longs, Reality

Counts = npt.NDArray[np.int64]

TRANSIT, CAR, BICYCLE, FOOT = (14.0, 3.4), (9.0, 2.3), (3.0, 5.2), (0.0, 17.0)
"""Minutes before leaving and per straight kilometre (assumptions)."""
NIGHT_TRANSIT, AT_EDGES = 2.2, 1.3
"""Public transport at night, and early or late, takes so many times as long (assumption)."""
LONGEST: Final = 240.0


def pair_facts(
    reality: Reality, people: Longs, vacancies: Longs, day: int, registered: Longs, rivals: Counts, free: Counts
) -> PairFacts:
    """Read the facts of pairs off a reality.

    Parameters
    ----------
    people, vacancies
        (n_pairs,): rows.
    day
        Days since 1970.
    registered
        (people,): day of registration.
    rivals, free
        (vacancies,): people to whom each was proposed before; positions still free.
    """
    person = {name: column[people] for name, column in reality.person.items()}
    vacancy = {name: column[vacancies] for name, column in reality.vacancy.items()}
    return PairFacts(
        person=people.astype(np.float64),
        **{name: person[name] for name in ("art60", "trainee", "education", "french", "dutch", "english", "car", "limit")},
        experience=np.minimum(person["experience"], 200.0),
        competences=np.minimum(person["competences"], 40.0),
        weeks=np.clip((day - registered[people]) / 7, 0.0, 52.0),
        vacancy=vacancies.astype(np.float64),
        employer=reality.said.employer[vacancies].astype(np.float64),
        isco=reality.said.major[reality.occupation[vacancies]],
        permanent=_flag(vacancy["contract"], BITS[Contract.PERMANENT]),
        agency_work=_flag(vacancy["contract"], BITS[Contract.INTERIM]),
        hours=(vacancy["hours_min"] + vacancy["hours_max"]) / 2,
        remote=vacancy["remote"],
        asks_experience=vacancy["asks_experience"],
        asks_education=vacancy["asks_education"],
        asks_french=vacancy["french"],
        asks_dutch=vacancy["dutch"],
        asks_english=vacancy["english"],
        age=np.clip(day - vacancy["published"], 0.0, 90.0),
        positions=np.maximum(free[vacancies], 1).astype(np.float64),
        rivals=np.minimum(rivals[vacancies], 50).astype(np.float64),
        **_of_work(reality, people, vacancies),
        minutes=_minutes(reality, people, vacancies),
        **{f"{name}_short": np.maximum(vacancy[name] - person[name], 0.0) for name in ("french", "dutch", "english")},
        education_short=np.maximum(vacancy["asks_education"] - person["education"], 0.0),
        papers_lacking=np.minimum(np.bitwise_count(_bits(vacancy["papers"]) & ~_bits(person["papers"])), 4).astype(np.float64),
        car_lacking=vacancy["asks_car"] * (1 - person["car"]),
        shift_clash=_meet(vacancy["shifts"], person["shifts"]),
        day_clash=_meet(vacancy["days"], person["days"]),
        hours_apart=np.maximum(
            np.maximum(vacancy["hours_min"] - person["hours_max"], person["hours_min"] - vacancy["hours_max"]), 0.0
        ),
        contract_unwanted=1.0 - _meet(vacancy["contract"], person["contracts"]),
        too_early=np.clip(person["ready"] - np.maximum(vacancy["starts"], day), 0.0, 90.0),
        drive=reality.drive[people],
        openness=reality.openness[vacancies],
        spark=sparks(reality.seed, people, vacancies),
    )


def nearness(reality: Reality, people: Longs, vacancies: Longs) -> Floats:
    """Say how close each vacancy is to a profession sought, 0-5 as in `PairFacts`; (n_pairs,)."""
    kin = reality.said.kin[reality.sought[people], reality.occupation[vacancies][:, None]]
    return np.asarray(kin.max(axis=1), dtype=np.float64)


def sparks(seed: int, people: Longs, vacancies: Longs) -> Floats:
    """Give each pair a standard normal number of its own, always the same: the counter-based generator SplitMix64.

    Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
    """
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + people.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        for part in (vacancies.astype(np.uint64) * np.uint64(0xD1B54A32D192ED03), np.uint64(0x9E3779B97F4A7C15)):
            z = z + part
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            z = z ^ (z >> np.uint64(31))
    return np.asarray(ndtri(((z >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53))


def _of_work(reality: Reality, people: Longs, vacancies: Longs) -> dict[str, Floats]:
    """Compare professions and competences."""
    said, occupation = reality.said, reality.occupation[vacancies][:, None]
    kin_done = said.kin[reality.done[people], occupation]
    asked = said.asked[vacancies]
    named = asked < said.has.shape[1] - 1
    has = reality.has[people[:, None], asked] & named
    n_asked = named.sum(axis=1)
    return {
        "sought": nearness(reality, people, vacancies),
        "done": kin_done.max(axis=1).astype(np.float64),
        "experience_here": np.minimum((reality.months[people] * (kin_done >= 2)).sum(axis=1), 200.0),
        "asks_competences": n_asked.astype(np.float64),
        "held": np.where(n_asked > 0, has.sum(axis=1) / np.maximum(n_asked, 1), 1.0),
        "lacking": np.minimum((said.required[vacancies] & named & ~has).sum(axis=1), 10).astype(np.float64),
    }


def _minutes(reality: Reality, people: Longs, vacancies: Longs) -> Floats:
    """Give door-to-door minutes by the quickest way that the person has, at the hours of the job."""
    home, place = reality.home[people], reality.place[vacancies]
    km = reality.said.km[home, place] * reality.detour[home, place]
    shifts, modes = _bits(reality.vacancy["shifts"][vacancies]), _bits(reality.person["modes"][people])
    edges = (shifts & (BITS[Shift.EARLY] | BITS[Shift.LATE])) > 0
    slower = np.where((shifts & BITS[Shift.NIGHT]) > 0, NIGHT_TRANSIT, np.where(edges, AT_EDGES, 1.0))
    ways = {Mode.PUBLIC_TRANSPORT: slower * (TRANSIT[0] + TRANSIT[1] * km)}
    ways |= {mode: start + per_km * km for mode, (start, per_km) in
             {Mode.CAR: CAR, Mode.BICYCLE: BICYCLE, Mode.FOOT: FOOT}.items()}  # fmt: skip
    there = [np.where((modes & BITS[mode]) > 0, minutes, np.inf) for mode, minutes in ways.items()]
    quickest = np.min(there, axis=0)
    return np.clip(np.where(np.isfinite(quickest), quickest, ways[Mode.PUBLIC_TRANSPORT]), 5.0, LONGEST)


def _bits(mask: Floats) -> Longs:
    return mask.astype(np.int64)


def _flag(mask: Floats, bit: int) -> Floats:
    return ((_bits(mask) & bit) > 0).astype(np.float64)


def _meet(one: Floats, other: Floats) -> Floats:
    return ((_bits(one) & _bits(other)) > 0).astype(np.float64)
