"""Records to arrays: the form in which the engine reads profiles and offers.

``Profiles`` and ``Offers`` hold one structured row per record, in ascending order of id, and a flat array for each ragged
field (few arrays: the compiler's time grows with their number). Unknown is ``-1`` in integers, NaN in hours, and 0 in
masks, whose "none" is told apart by a ``*_known`` field where it matters.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from matching.codes import (
    ISO_639_1,
    Certificate,
    Contract,
    Day,
    DrivingLicence,
    Kind,
    Level,
    Limit,
    Mode,
    Requirement,
    Shift,
)
from matching.geography import Geography
from matching.ragged import Ragged
from matching.records import AskedCertificate, AskedLicence, Mention, Offer, Profile
from matching.taxonomy import Taxonomy

KINDS: Final = tuple(Kind)
PAID: Final = sum(1 << KINDS.index(kind) for kind in (Kind.VACANCY, Kind.WORK_EXPERIENCE, Kind.SOCIAL_EMPLOYMENT))
"""Bits of the kinds that are paid work: only there do a wish for enough hours and for a kind of contract count."""
LANGUAGES: Final = tuple(sorted(ISO_639_1))
LEVELS: Final = tuple(Level)
MODES: Final = tuple(Mode)
SHIFTS: Final = tuple(Shift)
DAYS: Final = tuple(Day)
CONTRACTS: Final = tuple(Contract)
LIMITS: Final = tuple(Limit)
LICENCES: Final[tuple[str, ...]] = (*DrivingLicence, *Certificate)
REQUIREMENTS: Final = (Requirement.DESIRED, Requirement.STRONG, Requirement.MANDATORY)

_LANGUAGE: Final = {code: row for row, code in enumerate(LANGUAGES)}
_LEVEL: Final = {level: row for row, level in enumerate(LEVELS)}
_REQUIREMENT: Final = {requirement: row for row, requirement in enumerate(REQUIREMENTS)}
_BIT: Final[dict[str, dict[Any, int]]] = {
    "shift": {code: 1 << bit for bit, code in enumerate(SHIFTS)},
    "day": {code: 1 << bit for bit, code in enumerate(DAYS)},
    "contract": {code: 1 << bit for bit, code in enumerate(CONTRACTS)},
    "mode": {code: 1 << bit for bit, code in enumerate(MODES)},
    "limit": {code: 1 << bit for bit, code in enumerate(LIMITS)},
    "licence": {code: 1 << bit for bit, code in enumerate(LICENCES)},
}
_IMPLIED: Final = {
    DrivingLicence.BE: ("B",),
    DrivingLicence.C1: ("B",),
    DrivingLicence.C: ("B", "C1"),
    DrivingLicence.CE: ("B", "BE", "C1", "C"),
    DrivingLicence.D1: ("B",),
    DrivingLicence.D: ("B", "D1"),
    DrivingLicence.A: ("AM",),
    DrivingLicence.B: ("AM",),
}
"""Categories that a driving licence covers besides its own (Directive 2006/126/EC, article 6)."""

_DRIVING: Final = sum(_BIT["licence"][code] for code in DrivingLicence)
_CERTIFICATES: Final = sum(_BIT["licence"][code] for code in Certificate)
_OTHER_GROUP: Final = 1 << 62
"""Bit of a group that is not configured: nobody has it."""
_SECTIONS: Final = {
    "A": (1, 3), "B": (5, 9), "C": (10, 33), "D": (35, 35), "E": (36, 39), "F": (41, 43), "G": (45, 47), "H": (49, 53),
    "I": (55, 56), "J": (58, 63), "K": (64, 66), "L": (68, 68), "M": (69, 75), "N": (77, 82), "O": (84, 84),
    "P": (85, 85), "Q": (86, 88), "R": (90, 93), "S": (94, 96), "T": (97, 98), "U": (99, 99),
}  # fmt: skip
"""Divisions of each NACE rev. 2 section."""

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


PROFILE: Final = np.dtype(
    [
        *[(f"{name}_{end}", "i8") for name in ("held", "sought", "done") for end in ("start", "end")],
        *[(f"excluded_{name}_{end}", "i8") for name in ("employer", "occupation", "sector") for end in ("start", "end")],
        ("licences", "i8"),
        ("licences_known", "i8"),
        ("hours_min", "f8"),
        ("hours_max", "f8"),
        ("group", "i8"),
        ("home", "i4"),
        ("max_minutes", "i4"),
        ("start", "i4"),
        *[(name, "i4") for name in ("modes", "impossible_shifts", "impossible_days", "contracts", "hard", "solvable")],
        *[(name, "i1") for name in ("done_known", "sought_open", "excluded_open", "shifts_known", "days_known")],
        *[(name, "i1") for name in ("own_car", "education", "basis", "gate")],
    ],
    align=True,
)
"""One profile. ``*_start``, ``*_end``: its part of a flat array. ``licences_known``: bits about which something is known.
``sought_open``, ``excluded_open``: some text there could not be linked. ``basis``: 1 the data may be used.
``gate``, LINK's dates: 1 open, 0 closed, -1 cannot be checked. ``group``: one bit."""

OFFER: Final = np.dtype(
    [
        *[(f"asked_{end}", "i8") for end in ("start", "end")],
        *[(name, "i4") for name in ("required_unlinked", "desired_unlinked", "occupation", "experience")],
        *[(name, "i1") for name in ("competences_stated", "kind")],
        *[(f"{name}_{end}", "i8") for name in ("language", "place") for end in ("start", "end")],
        ("legal", "i8"),
        ("wanted", "i8"),
        ("hours_min", "f8"),
        ("hours_max", "f8"),
        ("employer", "i8"),
        ("audience", "i8"),
        *[(name, "i4") for name in ("start", "left", "closed_on", "valid_through", "checked")],
        *[(name, "i4") for name in ("sector", "sector_end", "remote", "shifts", "days", "contract")],
        *[(name, "i1") for name in ("languages_stated", "licences_stated", "own_car", "education")],
    ],
    align=True,
)
"""One offer; what is read most often stands first. ``remote``: percentage of the work done at home. ``checked``: day of
publication or of the last check. ``legal``, ``wanted``: bits of ``LICENCES``. ``audience``: bits of the groups it is for, 0
when it names none."""


class Profiles(NamedTuple):
    """Profiles as arrays; rows in ascending order of id."""

    rows: Any
    """(profiles,) of ``PROFILE``."""
    held: Ints
    sought: Ints
    done: Ints
    """(n, 2): occupation, months (-1 unknown)."""
    excluded_employer: Longs
    excluded_occupation: Ints
    excluded_sector: Ints
    """(n, 2): first and last five-digit NACE number."""
    level: npt.NDArray[np.int8]
    """(profiles, languages): position in ``LEVELS``, -1 unknown."""
    key: Ints
    """(profiles, facets): the same number where everything that comparisons of a facet read is the same (`matching.stock`)."""


class Offers(NamedTuple):
    """Offers as arrays; rows in ascending order of id."""

    rows: Any
    """(offers,) of ``OFFER``."""
    asked: Ints
    """(n, 2): competence, position of its requirement in ``REQUIREMENTS``."""
    language: Ints
    """(n, 3): language, position in ``LEVELS`` (-1: no level named), 1 if required."""
    place: Ints
    proposed: Ints
    """(offers,): different people to whom it was proposed already."""


def ordinal(day: date | None) -> int:
    """Give the day number of a date; -1 for unknown."""
    return -1 if day is None else day.toordinal()


def mask(table: str, codes: Iterable[Any] | None) -> int:
    """Give the bit mask of codes of one list; 0 for unknown or none."""
    return sum(_BIT[table][code] for code in set(codes or ()))


def employer_code(name: str | None) -> int:
    """Give a stable number for an employer's name, blind to case, accents and spaces; -1 for unknown."""
    if not name or not name.strip():
        return -1
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    folded = "".join(filter(str.isalnum, plain or name.casefold()))
    return int.from_bytes(hashlib.blake2b(folded.encode(), digest_size=8).digest()) >> 1


def sector_span(code: str) -> tuple[int, int]:
    """Give the first and last five-digit NACE number of a code (``F``, ``43``, ``43.21``); (-1, -1) if it is none.

    >>> sector_span("43.2")
    (43200, 43299)
    """
    if code.upper() in _SECTIONS:
        first, last = _SECTIONS[code.upper()]
        return first * 1000, last * 1000 + 999
    digits = "".join(filter(str.isdigit, code))[:5]
    if len(digits) < 2:
        return -1, -1
    return int(digits.ljust(5, "0")), int(digits.ljust(5, "9"))


def _indices(index: Mapping[str, int], mentions: Iterable[Mention] | None) -> list[int]:
    return sorted({index[m.concept] for m in mentions or () if m.concept is not None and m.concept in index})


def _or(value: float | None, unknown: float) -> float:
    return unknown if value is None else value


def held_licences(profile: Profile) -> set[str]:
    """Give the licences and certificates a person has, with those that they cover."""
    have: set[str] = {*(profile.driving_licences or ()), *(profile.certificates or ())}
    for licence in profile.driving_licences or ():
        have.update(_IMPLIED.get(licence, ()))
    return have


def known_level(profile: Profile, code: str) -> int | None:
    """Give the highest level known of a language as its position in `LEVELS`; ``None`` when none is known."""
    return max((LEVELS.index(one.level) for one in profile.languages or () if one.code == code and one.level), default=None)


def _levels(records: Sequence[Profile]) -> npt.NDArray[np.int8]:
    level = np.full((len(records), len(LANGUAGES)), -1, dtype=np.int8)
    for row, record in enumerate(records):
        for known in record.languages or ():
            if known.level is not None and known.code in _LANGUAGE:
                level[row, _LANGUAGE[known.code]] = max(_LEVEL[known.level], level[row, _LANGUAGE[known.code]])
    return level


def profiles(
    records: Sequence[Profile],
    gates: Sequence[tuple[bool, bool | None]],
    taxonomy: Taxonomy,
    geography: Geography,
    groups: Sequence[str],
) -> Profiles:
    """Turn profiles into arrays.

    Parameters
    ----------
    records
        In ascending order of id, with the fields that may not be used already unknown (`guidance.usable`).
    gates
        For each record: whether there is a basis for using the data, and whether LINK's dates allow suggestions
        (``None``: cannot be checked).
    groups
        The configured target groups; their order gives the bits.
    """
    rows = np.zeros(len(records), dtype=PROFILE)
    ragged = {
        name: Ragged()
        for name in ("held", "sought", "done", "excluded_employer", "excluded_occupation", "excluded_sector")
    }
    occupations = taxonomy.occupation_index
    group_bit = {group: 1 << bit for bit, group in enumerate(groups)}
    for row, r, (basis, gate) in zip(rows, records, gates, strict=True):
        practised = r.professions_done or ()
        ragged["held"].add(_indices(taxonomy.competence_index, r.competences))
        ragged["sought"].add(_indices(occupations, r.professions_sought))
        ragged["done"].add(
            sorted((occupations[d.concept or ""], int(_or(d.months, -1))) for d in practised if d.concept in occupations)
        )
        ragged["excluded_employer"].add(code for code in map(employer_code, r.exclusions.employers) if code >= 0)
        ragged["excluded_occupation"].add(_indices(occupations, r.exclusions.professions))
        ragged["excluded_sector"].add(span for span in map(sector_span, r.exclusions.sectors) if span[0] >= 0)
        row["done_known"] = r.professions_done is not None and all(d.concept in occupations for d in practised)
        row["home"] = geography.index.get(r.postcode or "", -1)
        row["max_minutes"] = _or(r.max_minutes, -1)
        row["modes"] = mask("mode", r.modes)
        row["licences"] = mask("licence", held_licences(r))
        row["licences_known"] = (_DRIVING if r.driving_licences is not None else 0) | (
            _CERTIFICATES if r.certificates is not None else 0
        )
        row["own_car"] = _or(r.own_car, -1)
        row["hours_min"], row["hours_max"] = _or(r.hours_min, np.nan), _or(r.hours_max, np.nan)
        row["impossible_shifts"] = mask("shift", r.impossible_shifts)
        row["impossible_days"] = mask("day", r.impossible_days)
        row["shifts_known"], row["days_known"] = r.impossible_shifts is not None, r.impossible_days is not None
        row["sought_open"] = any(m.concept not in occupations for m in r.professions_sought or ())
        row["excluded_open"] = any(m.concept not in occupations for m in r.exclusions.professions)
        row["contracts"] = mask("contract", r.contracts)
        row["start"] = ordinal(r.start_from)
        row["education"] = _or(r.education, -1)
        row["hard"] = mask("limit", (c.limit for c in r.constraints if not c.solvable))
        row["solvable"] = mask("limit", (c.limit for c in r.constraints if c.solvable))
        row["basis"] = basis
        row["gate"] = _or(gate, -1)
        row["group"] = group_bit.get(r.target_group or "", 0)
    for name, field in ragged.items():
        field.write(rows, name)
    return Profiles(
        rows=rows,
        held=ragged["held"].values(),
        sought=ragged["sought"].values(),
        done=ragged["done"].values(2),
        excluded_employer=ragged["excluded_employer"].values(dtype=np.int64),
        excluded_occupation=ragged["excluded_occupation"].values(),
        excluded_sector=ragged["excluded_sector"].values(2),
        level=_levels(records),
        key=np.zeros((len(records), 0), dtype=np.int32),
    )


def _asked(offer: Offer, taxonomy: Taxonomy) -> dict[int, int]:
    """Give each asked competence its strongest requirement (an offer may list one twice)."""
    strongest: dict[int, int] = {}
    for asked in offer.competences or ():
        row = taxonomy.competence_index.get(asked.concept or "")
        if row is not None:
            strongest[row] = max(strongest.get(row, 0), _REQUIREMENT[asked.requirement])
    return strongest


def offers(records: Sequence[Offer], taxonomy: Taxonomy, geography: Geography, groups: Sequence[str]) -> Offers:
    """Turn offers, in ascending order of id, into arrays.

    A licence or certificate is *legal* when the work may not be done without it, else *wanted*.
    """
    rows = np.zeros(len(records), dtype=OFFER)
    asked, language, place = Ragged(), Ragged(), Ragged()
    group_bit = {group: 1 << bit for bit, group in enumerate(groups)}
    for row, r in zip(rows, records, strict=True):
        asked.add(sorted(_asked(r, taxonomy).items()))
        language.add(
            sorted(
                (_LANGUAGE[a.code], -1 if a.level is None else _LEVEL[a.level], a.requirement != Requirement.DESIRED)
                for a in r.languages or ()
                if a.code in _LANGUAGE
            )
        )
        place.add(sorted({geography.index[p] for p in r.postcodes or () if p in geography.index}))
        unlinked = [a.requirement for a in r.competences or () if a.concept not in taxonomy.competence_index]
        licences: list[AskedLicence | AskedCertificate] = [*(r.driving_licences or ()), *(r.certificates or ())]
        row["kind"] = KINDS.index(r.kind)
        row["occupation"] = taxonomy.occupation_index.get((r.occupation.concept if r.occupation else None) or "", -1)
        row["competences_stated"] = r.competences is not None
        row["required_unlinked"] = sum(requirement != Requirement.DESIRED for requirement in unlinked)
        row["desired_unlinked"] = sum(requirement == Requirement.DESIRED for requirement in unlinked)
        row["languages_stated"] = r.languages is not None
        row["legal"] = mask("licence", (a.code for a in licences if a.legal))
        row["wanted"] = mask("licence", (a.code for a in licences if not a.legal))
        row["licences_stated"] = r.driving_licences is not None or r.certificates is not None
        row["own_car"] = _or(r.own_car, -1)
        row["experience"] = _or(r.experience_months, -1)
        row["education"] = _or(r.education, -1)
        row["remote"] = -1 if r.remote_share is None else round(100 * r.remote_share)
        row["hours_min"] = _or(r.hours_max if r.hours_min is None else r.hours_min, np.nan)
        row["hours_max"] = _or(r.hours_min if r.hours_max is None else r.hours_max, np.nan)
        row["shifts"] = mask("shift", r.shifts)
        row["days"] = mask("day", r.days)
        row["contract"] = mask("contract", [r.contract] if r.contract else [])
        row["start"] = ordinal(r.start)
        row["left"] = -1 if r.positions is None else max(0, r.positions - r.filled)
        row["closed_on"], row["valid_through"] = ordinal(r.closed_on), ordinal(r.valid_through)
        row["checked"] = max(ordinal(r.published), ordinal(r.verified))
        row["employer"] = employer_code(r.employer)
        row["sector"], row["sector_end"] = sector_span(r.sector or "")
        row["audience"] = sum({group_bit.get(group, _OTHER_GROUP) for group in r.audience or ()})
    for name, field in {"asked": asked, "language": language, "place": place}.items():
        field.write(rows, name)
    return Offers(
        rows=rows,
        asked=asked.values(2),
        language=language.values(3),
        place=place.values(),
        proposed=np.zeros(len(rows), dtype=np.int32),
    )
