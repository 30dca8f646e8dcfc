"""Ask next: the unknown field of a profile whose answer would change the best vacancies most."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from matching.codes import Certificate, Contract, Day, DrivingLicence, Level, Mode, Shift
from matching.guidance import usable
from matching.matcher import Matcher
from matching.pathways.rescoring import Variants, changed_places, rows_of_kind
from matching.records import DoneProfession, HeldCompetence, KnownLanguage, Mention, Profile

ASKED_LANGUAGES: Final = ("fr", "nl", "en")
LEVELS: Final = (Level.NONE, Level.A1, Level.A2, Level.B1, Level.B2, Level.C1)
POSTCODES: Final = ("1000", "1020", "1030", "1070", "1080", "1140", "1180", "1200")
HOURS: Final = ((15.0, 20.0), (20.0, 32.0), (35.0, 40.0), (15.0, 40.0))
MONTHS: Final = 24
MOST_PROFESSIONS: Final = 8
PLAUSIBLE: Final[dict[str, tuple[Any, ...]]] = {
    "max_minutes": (30, 45, 60, 90),
    "postcode": POSTCODES,
    "modes": (
        (Mode.PUBLIC_TRANSPORT, Mode.FOOT), (Mode.BICYCLE, Mode.PUBLIC_TRANSPORT, Mode.FOOT), (Mode.CAR,), (Mode.FOOT,),
    ),
    "impossible_shifts": ((), (Shift.EARLY,), (Shift.LATE,), (Shift.NIGHT,), (Shift.EARLY, Shift.LATE, Shift.NIGHT)),
    "impossible_days": ((), (Day.SUNDAY,), (Day.SATURDAY, Day.SUNDAY)),
    "contracts": (
        (Contract.PERMANENT,), (Contract.PERMANENT, Contract.FIXED_TERM),
        (Contract.PERMANENT, Contract.FIXED_TERM, Contract.INTERIM, Contract.REPLACEMENT),
    ),
    "education": (0, 2, 3, 4, 5, 6),
    "driving_licences": ((), (DrivingLicence.B,), (DrivingLicence.B, DrivingLicence.C)),
    "certificates": (
        (), (Certificate.VCA,), (Certificate.FORKLIFT,), (Certificate.CODE_95,), (Certificate.BA4_BA5,),
        (Certificate.FIRST_AID,), (Certificate.SECURITY_CARD,),
    ),
    "own_car": (False, True),
}  # fmt: skip
"""Values tried for an unknown field, all counted alike (assumption); the others depend on the profile or on the day."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question worth asking.

    ``field``: the field of `Profile`; ``hours`` stands for both bounds, ``languages`` goes with its ``code`` (ISO 639-1).
    ``values``: what was tried. ``changes``: for each value how many vacancies of the list would be others.
    """

    field: str
    code: str
    values: tuple[Any, ...]
    changes: tuple[int, ...]

    @property
    def largest(self) -> int:
        """The most vacancies of the list that one answer would exchange."""
        return max(self.changes)

    @property
    def mean(self) -> float:
        """The mean over the values tried."""
        return sum(self.changes) / len(self.changes)


def ask_next(matcher: Matcher, profile: Profile, today: date, top: int = 10) -> tuple[Ask, ...]:
    """Rank what is unknown by how much its plausible values would change the ``top`` best vacancies.

    The largest mean change comes first, then the largest change, then the order of the fields. What would change nothing is
    left out; so is what there is no basis for using. Fields are tried one at a time.
    """
    base, _ = usable(profile, today)
    fields = list(plausible(matcher, base, today))
    tried = [variant for *_, values in fields for _, variant in values]
    found = Variants.search(matcher, [base, *tried], today, top)
    now, at, asks = found.rows(0), 1, list[Ask]()
    for name, code, values in fields:
        changes = tuple(changed_places(now, found.rows(row)) for row in range(at, at + len(values)))
        at += len(values)
        if any(changes):
            asks.append(Ask(name, code, tuple(value for value, _ in values), changes))
    return tuple(sorted(asks, key=lambda ask: (-ask.mean, -ask.largest)))


def plausible(matcher: Matcher, profile: Profile, today: date) -> Iterator[tuple[str, str, list[tuple[Any, Profile]]]]:
    """Yield each unknown field with its code, and the values tried with the profile that would have them.

    ``profile``: without what may not be used.
    """
    known = {language.code for language in profile.languages or () if language.level is not None}
    for code in ASKED_LANGUAGES:
        if code not in known:
            others = tuple(language for language in profile.languages or () if language.code != code)
            languages = [(level, (*others, KnownLanguage(code, level))) for level in LEVELS]
            yield "languages", code, [(level, replace(profile, languages=value)) for level, value in languages]
    dates = tuple(today + timedelta(days=days) for days in (0, 30, 90))
    sets = {**_of_work(matcher, profile), **PLAUSIBLE, "start_from": dates}
    for name, values in sets.items():
        allowed = [value for value in values if name != "postcode" or value in matcher.geography.index]
        if getattr(profile, name) is None and allowed:
            yield name, "", [(value, _with(profile, name, value)) for value in allowed]
    bounds = [
        (low if profile.hours_min is None else profile.hours_min, high if profile.hours_max is None else profile.hours_max)
        for low, high in HOURS
    ]
    hours = dict.fromkeys((low, high) for low, high in bounds if low <= high)
    if (profile.hours_min is None or profile.hours_max is None) and hours:
        yield "hours", "", [(both, replace(profile, hours_min=both[0], hours_max=both[1])) for both in hours]


def _with(profile: Profile, name: str, value: Any) -> Profile:
    changes: dict[str, Any] = {name: value}
    return replace(profile, **changes)


def _of_work(matcher: Matcher, profile: Profile) -> dict[str, tuple[Any, ...]]:
    """Give what may be tried for professions and competences: near what is known, else what most vacancies are about."""
    done = _linked(matcher, profile.professions_done)
    sought = _linked(matcher, profile.professions_sought)
    commonest = _commonest(matcher)
    seek = done or commonest
    learned = [_competences(matcher, uri) for uri in dict.fromkeys([*sought, *done] or commonest)]
    return {
        "professions_sought": tuple((Mention(uri),) for uri in seek[:MOST_PROFESSIONS]),
        "professions_done": ((), *((DoneProfession(uri, months=MONTHS),) for uri in (sought or commonest)[:MOST_PROFESSIONS])),
        "competences": tuple(dict.fromkeys(learn for learn in learned[:MOST_PROFESSIONS] if learn)),
    }


def _linked(matcher: Matcher, mentions: Sequence[Mention] | None) -> list[str]:
    known = matcher.taxonomy.occupation_index
    return list(dict.fromkeys(m.concept for m in mentions or () if m.concept is not None and m.concept in known))


def _commonest(matcher: Matcher) -> list[str]:
    """Give the occupations of most vacancies, ties by URI."""
    occupations = matcher.stock.offers.rows["occupation"][rows_of_kind(matcher, vacancies=True)]
    rows, counts = np.unique(occupations[occupations >= 0], return_counts=True)
    ranked = sorted((-n, matcher.taxonomy.occupations[row]) for row, n in zip(rows.tolist(), counts.tolist(), strict=True))
    return [uri for _, uri in ranked[:MOST_PROFESSIONS]]


def _competences(matcher: Matcher, occupation: str) -> tuple[HeldCompetence, ...]:
    """Give the essential competences of an occupation."""
    taxonomy = matcher.taxonomy
    row = taxonomy.occupation_index[occupation]
    first, last = taxonomy.essential_start[row], taxonomy.essential_start[row + 1]
    return tuple(HeldCompetence(taxonomy.competences[c]) for c in taxonomy.essential_competence[first:last].tolist())
