"""What is true behind the records: every silence filled, hidden factors drawn, facts of pairs read off.

The market reads records in its own way (digits of ISCO-08, shares of lists, kilometres) and shares nothing with the comparisons
of the engine.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from matching.codes import Certificate, Contract, Day, DrivingLicence, Level, Mode, Requirement, Shift
from matching.geography import Geography, straight_km
from matching.records import AskedLanguage, KnownLanguage, Mention, Offer, Profile
from matching.taxonomy import Taxonomy
from training.market.pairs import Floats

Longs = npt.NDArray[np.int64]
Columns = dict[str, Floats]

LEVELS: Final = {level: float(number) for number, level in enumerate(Level)}
CONTRACTS: Final = tuple(Contract)
INCLUDE_B: Final = frozenset(set(DrivingLicence) - {DrivingLicence.AM, DrivingLicence.A, DrivingLicence.B, DrivingLicence.G})
BITS: Final[Mapping[Any, int]] = {
    code: 1 << bit for codes in (Shift, Day, Mode, Contract, (*DrivingLicence, *Certificate)) for bit, code in enumerate(codes)
}
MOST: Final = {"sought": 4, "done": 3, "asked": 12}
"""Professions and competences of a record that count; further ones are left out."""
EPOCH: Final = date(1970, 1, 1).toordinal()
TOGETHER: Final = (("hours_min", "hours_max"), ("french", "dutch", "english"))
"""Columns of which a silent record takes all values from one other record."""


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """Records as arrays, NaN where they are silent: what `imagine` starts from.

    ``person`` and ``vacancy`` are columns. ``sought``, ``done`` (people, few) and ``occupation`` (vacancies,) are rows of
    occupations, the number of occupations where there is none; ``months`` belong to ``done``. ``has`` (people, competences + 1)
    and ``asked`` (vacancies, few) name competences, ``required`` those that are mandatory. ``home``, ``place``: rows of
    places; ``employer``: numbers of employers. ``silent`` (people, 3): nothing said of professions sought, done, or competences.
    """

    kin: npt.NDArray[np.uint8]
    major: Floats
    km: Floats
    person: Columns
    vacancy: Columns
    sought: Longs
    done: Longs
    months: Floats
    has: npt.NDArray[np.bool_]
    silent: npt.NDArray[np.bool_]
    occupation: Longs
    employer: Longs
    asked: Longs
    required: npt.NDArray[np.bool_]
    home: Longs
    place: Longs

    @property
    def none(self) -> int:
        """Number that stands for no occupation."""
        return len(self.major) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Reality:
    """One world behind the records; as `Said`, with every silence filled.

    ``detour`` (places, places) stretches journeys; ``drive``, ``openness`` and ``seed`` (for the sparks of pairs) are hidden.
    """

    said: Said
    person: Columns
    vacancy: Columns
    sought: Longs
    done: Longs
    months: Floats
    has: npt.NDArray[np.bool_]
    occupation: Longs
    home: Longs
    place: Longs
    detour: Floats
    drive: Floats
    openness: Floats
    seed: int


def number_of(day: date | None) -> float:
    """Give the days since 1970 of a date; NaN for unknown."""
    return np.nan if day is None else float(day.toordinal() - EPOCH)


def read_records(profiles: Sequence[Profile], offers: Sequence[Offer], taxonomy: Taxonomy, geography: Geography) -> Said:
    """Turn records into arrays, in the order given; vacancies that state no competences ask half of the essential ones."""
    n_occupations, n_competences = len(taxonomy.occupations), len(taxonomy.competences)
    occupation = _occupations(offers, taxonomy)
    asked, required = _asked(offers, occupation, taxonomy)
    has = np.zeros((len(profiles), n_competences + 1), dtype=np.bool_)
    for row, profile in enumerate(profiles):
        has[row, _rows(profile.competences, taxonomy.competence_index)] = True
    sought = [_rows(profile.professions_sought, taxonomy.occupation_index) for profile in profiles]
    practised = [[d for d in p.professions_done or () if d.concept in taxonomy.occupation_index] for p in profiles]
    done = [_rows(known, taxonomy.occupation_index) for known in practised]
    months = [[np.nan if d.months is None else float(d.months) for d in known] for known in practised]
    silent = [[not s, p.professions_done is None, not p.competences] for s, p in zip(sought, profiles, strict=True)]
    return Said(
        kin=_kin(taxonomy),
        major=np.array([float(code[:1] or 9) for code in (*taxonomy.isco, "9")]),
        km=straight_km(geography.places),
        person={name: np.array([read(p) for p in profiles], dtype=np.float64) for name, read in PERSON.items()},
        vacancy={name: np.array([read(o) for o in offers], dtype=np.float64) for name, read in VACANCY.items()},
        sought=_padded(sought, MOST["sought"], n_occupations).astype(np.int64),
        done=_padded(done, MOST["done"], n_occupations).astype(np.int64),
        months=_padded(months, MOST["done"], 0.0),
        has=has,
        silent=np.array(silent, dtype=np.bool_).reshape(-1, 3),
        occupation=occupation,
        employer=number_employers(offers),
        asked=asked,
        required=required,
        home=np.array([geography.index.get(p.postcode or "", -1) for p in profiles], dtype=np.int64),
        place=np.array([geography.index.get((o.postcodes or ("",))[0], -1) for o in offers], dtype=np.int64),
    )


def imagine(said: Said, rng: np.random.Generator) -> Reality:
    """Draw one reality behind the records: silences are filled from records that speak, hidden factors are drawn."""
    donor = _donors(said, rng)
    sought, done, has, months = said.sought.copy(), said.done.copy(), said.has.copy(), said.months.copy()
    for column, silent in ((sought, 0), (done, 1), (months, 1), (has, 2)):
        mute = said.silent[:, silent]
        column[mute] = column[donor[mute]]
    unclear = np.isnan(months)
    months[unclear] = rng.choice(said.months[(said.done != said.none) & ~np.isnan(said.months)], unclear.sum())
    stretch = np.exp(0.15 * rng.standard_normal(said.km.shape))
    worked = {"experience": months.sum(axis=1), "competences": has.sum(axis=1).astype(np.float64)}
    return Reality(
        said=said,
        person={**_filled(said.person, rng), **worked},
        vacancy=_filled(said.vacancy, rng),
        sought=sought,
        done=done,
        months=months,
        has=has,
        occupation=_from_others(said.occupation, rng),
        home=_from_others(said.home, rng),
        place=_from_others(said.place, rng),
        detour=(stretch + stretch.T) / 2,
        drive=rng.standard_normal(len(said.home)),
        openness=rng.standard_normal(len(said.place)),
        seed=int(rng.integers(2**62)),
    )


def number_employers(offers: Sequence[Offer]) -> Longs:
    """Give each employer a number, in the order in which the names first occur; -1 unnamed."""
    seen: dict[str, int] = {}
    return np.array([-1 if o.employer is None else seen.setdefault(o.employer, len(seen)) for o in offers], dtype=np.int64)


def _mask(codes: Iterable[Any] | None) -> float:
    """Give the bits of some codes; NaN for unknown."""
    return np.nan if codes is None else float(sum({BITS[code] for code in codes}))


def _level(known: Sequence[KnownLanguage] | None, code: str) -> float:
    """Give the best level named; who lists languages without this one is taken not to speak it."""
    if known is None:
        return np.nan
    named = [np.nan if k.level is None else LEVELS[k.level] for k in known if k.code == code]
    return max(named, default=0.0)


def _level_asked(asked: Sequence[AskedLanguage] | None, code: str) -> float:
    """Give the level asked, B1 where it is left open; where it is only wished for one level less, but at least A1."""
    if asked is None:
        return np.nan
    named = [(LEVELS[a.level] if a.level else 3.0, a.requirement == Requirement.DESIRED) for a in asked if a.code == code]
    return max((max(level - wished, 1.0) for level, wished in named), default=0.0)


def _licences(profile: Profile) -> float:
    if profile.driving_licences is None or profile.certificates is None:
        return np.nan
    b = {DrivingLicence.B} if INCLUDE_B & set(profile.driving_licences) else set()
    held: set[Any] = {*profile.driving_licences, *profile.certificates, *b}
    return _mask(held)


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)


PERSON: Final[Mapping[str, Callable[[Profile], float]]] = {
    "art60": lambda p: float(p.target_group == "art60"),
    "trainee": lambda p: float(p.target_group == "bf_trainee"),
    "education": lambda p: _number(p.education),
    "french": lambda p: _level(p.languages, "fr"),
    "dutch": lambda p: _level(p.languages, "nl"),
    "english": lambda p: _level(p.languages, "en"),
    "car": lambda p: _number(p.own_car),
    "limit": lambda p: _number(p.max_minutes),
    "modes": lambda p: _mask(p.modes),
    "papers": _licences,
    "hours_min": lambda p: _number(p.hours_min),
    "hours_max": lambda p: _number(p.hours_max),
    "shifts": lambda p: _mask(p.impossible_shifts),
    "days": lambda p: _mask(p.impossible_days),
    "contracts": lambda p: _mask(p.contracts),
    "ready": lambda p: 0.0 if p.start_from is None else number_of(p.start_from),
}
VACANCY: Final[Mapping[str, Callable[[Offer], float]]] = {
    "asks_education": lambda o: _number(o.education),
    "asks_experience": lambda o: _number(o.experience_months),
    "french": lambda o: _level_asked(o.languages, "fr") if o.languages is not None else 3.0,
    "dutch": lambda o: _level_asked(o.languages or (), "nl"),
    "english": lambda o: _level_asked(o.languages or (), "en"),
    "asks_car": lambda o: float(bool(o.own_car)),
    "remote": lambda o: o.remote_share or 0.0,
    "hours_min": lambda o: _number(o.hours_min if o.hours_min is not None else o.hours_max),
    "hours_max": lambda o: _number(o.hours_max if o.hours_max is not None else o.hours_min),
    "shifts": lambda o: _mask(o.shifts),
    "days": lambda o: _mask(o.days),
    "contract": lambda o: _mask([o.contract] if o.contract else None),
    "papers": lambda o: _mask([*(a.code for a in o.driving_licences or ()), *(a.code for a in o.certificates or ())]),
    "positions": lambda o: _number(None if o.positions is None else max(o.positions - o.filled, 0)),
    "published": lambda o: number_of(o.published),
    "starts": lambda o: 0.0 if o.start is None else number_of(o.start),
}
"""How each column is read from a record."""


def _rows(mentions: Iterable[Mention] | None, index: Mapping[str, int]) -> list[int]:
    return [index[m.concept] for m in mentions or () if m.concept is not None and m.concept in index]


def _padded(rows: Sequence[Sequence[float]], most: int, filler: float) -> Floats:
    made = np.full((len(rows), most), filler, dtype=np.float64)
    for at, row in enumerate(rows):
        made[at, : len(row)] = row[:most]
    return made


def _kin(taxonomy: Taxonomy) -> npt.NDArray[np.uint8]:
    """Leading digits of ISCO-08 that two occupations share, 5 for the same one; nothing with *none*, the last."""
    codes = np.array([[ord(digit) for digit in code.ljust(4)[:4]] for code in taxonomy.isco])
    same = np.cumprod((codes[:, None, :] == codes[None, :, :]) & (codes[:, None, :] != ord(" ")), axis=2).sum(axis=2)
    np.fill_diagonal(same, 5)
    return np.pad(same, (0, 1)).astype(np.uint8)


def _occupations(offers: Sequence[Offer], taxonomy: Taxonomy) -> Longs:
    """Give the occupation of each vacancy: by its concept, else by a label that its text equals; -1 unknown."""
    index = taxonomy.occupation_index
    by_label = {text.casefold(): index[uri] for known in taxonomy.labels.values() for uri, texts in known.items()
                if uri in index for text in texts}  # fmt: skip
    mentions = [offer.occupation or Mention() for offer in offers]
    found = [index.get(m.concept or "", by_label.get((m.text or "").casefold(), -1)) for m in mentions]
    return np.array(found, dtype=np.int64)


def _asked(offers: Sequence[Offer], occupation: Longs, taxonomy: Taxonomy) -> tuple[Longs, npt.NDArray[np.bool_]]:
    """Give the competences that vacancies ask; where none are stated, half of what the occupation needs, not required."""
    rows, must = [], []
    for offer, at in zip(offers, occupation.tolist(), strict=True):
        if offer.competences is None and at >= 0:
            first, last = taxonomy.essential_start[at], taxonomy.essential_start[at + 1]
            usual = taxonomy.essential_competence[first:last].tolist()
            rows.append(usual[: -(-len(usual) // 2)])
            must.append([False] * len(rows[-1]))
            continue
        known = [c for c in offer.competences or () if c.concept in taxonomy.competence_index]
        rows.append(_rows(known, taxonomy.competence_index))
        must.append([c.requirement == Requirement.MANDATORY for c in known])
    asked = _padded(rows, MOST["asked"], len(taxonomy.competences)).astype(np.int64)
    return asked, _padded(must, MOST["asked"], False).astype(np.bool_)


def _donors(said: Said, rng: np.random.Generator) -> Longs:
    """Give for each person one who says everything about work, of the same first profession if there is one."""
    spoken = np.flatnonzero(~said.silent.any(axis=1))
    donor = rng.choice(spoken, len(said.silent))
    trade = np.where(said.sought[:, 0] != said.none, said.sought[:, 0], said.done[:, 0])
    spoken = spoken[np.argsort(trade[spoken], kind="stable")]
    first, last = (np.searchsorted(trade[spoken], trade, side) for side in ("left", "right"))
    near = (last > first) & (trade != said.none)
    donor[near] = spoken[(first + (rng.random(len(trade)) * (last - first)).astype(np.int64))[near]]
    return donor


def _from_others(column: Longs, rng: np.random.Generator) -> Longs:
    filled, silent = column.copy(), column < 0
    filled[silent] = rng.choice(column[~silent], silent.sum())
    return filled


def _filled(columns: Columns, rng: np.random.Generator) -> Columns:
    """Fill what is not said from records that say it; columns of one group from the same record."""
    filled = {name: column.copy() for name, column in columns.items()}
    grouped = {name for group in TOGETHER for name in group}
    for group in (*TOGETHER, *((name,) for name in columns if name not in grouped)):
        silent = np.logical_or.reduce([np.isnan(columns[name]) for name in group if name in columns])
        donor = rng.choice(np.flatnonzero(~silent), silent.sum())
        for name in group:
            mute = np.isnan(columns[name])
            filled[name][mute] = columns[name][donor[mute[silent]]]
    return filled
