"""Flat rows (a table with one column per field) to the nested rows of our own format.

Nested lists stand in one cell, separated by ``|``. An empty cell is unknown; ``-`` says that there is none. What
cannot be read stays as it is, so that validation names it.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final, Literal

from matching.codes import Requirement, SkillLevel

KindOfFile = Literal["offers", "profiles", "outcomes"]

YES: Final = frozenset({"ja", "oui", "yes", "true", "vrai", "waar"})
NO: Final = frozenset({"nee", "neen", "non", "no", "false", "faux", "onwaar"})
NONE: Final = "-"
SCHEMES: Final = ("esco", "isco", "rome", "competent")

_CODE = re.compile(rf"(?:(?:https?://|urn:)\S+|(?:{'|'.join(SCHEMES)}):\S+)", re.IGNORECASE)
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_WHOLE = re.compile(r"-?\d{1,9}")
_DECIMAL = re.compile(r"-?\d{1,9}[.,]\d{1,2}")  # three digits may be thousands: left as text, and refused
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00:00")

Read = Callable[[Any], Any]


def is_code(text: str) -> bool:
    """Whether a text is a concept's URI or ``scheme:code``.

    >>> is_code("rome:K1306"), is_code("soudage: TIG")
    (True, False)
    """
    return _CODE.fullmatch(text) is not None


def _text(cell: Any) -> Any:
    """Read a text; whole numbers as people see them in a sheet (a postcode, an id)."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell


def _whole(cell: Any) -> Any:
    """Read a whole number."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    return int(cell) if isinstance(cell, str) and _WHOLE.fullmatch(cell) else cell


def _whole_or_none_asked(cell: Any) -> Any:
    """Read a whole number; ``-`` is 0: said not to be asked."""
    return 0 if cell == NONE else _whole(cell)


def _number(cell: Any) -> Any:
    """Read a number with a decimal comma or point."""
    if isinstance(cell, str) and (_DECIMAL.fullmatch(cell) or _WHOLE.fullmatch(cell)):
        return float(cell.replace(",", "."))
    return cell


def _day(cell: Any) -> Any:
    """Read a day: ISO, day/month/year, or a date of a sheet, as ISO text."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute or cell.second) else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        if found := _DAY_FIRST.fullmatch(cell):
            return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
        if found := _MIDNIGHT.fullmatch(cell):
            return found[1]
    return cell


def _yes(cell: Any) -> Any:
    """Yes or no in three languages."""
    word = cell.casefold() if isinstance(cell, str) else None
    return True if word in YES else False if word in NO else cell


def _many(read: Read) -> Read:
    """Reader of a cell with several values."""

    def split(cell: Any) -> Any:
        if cell == NONE:
            return []
        return [read(part.strip()) for part in str(_text(cell)).split("|") if part.strip()]

    return split


def _lower(part: str) -> str:
    return part.lower()


def _upper(part: str) -> str:
    return part.upper()


def _mention(part: Any) -> Any:
    """Read a concept's code, or a text."""
    part = _text(part)
    if not isinstance(part, str):
        return part
    if not is_code(part):
        return {"text": part}
    scheme, code = part.split(":", 1)
    return {"concept": f"{scheme.lower()}:{code}"}


def _ended(words: frozenset[str], key: str) -> Read:
    """Reader of a mention that may end in ``:word``, written under ``key``."""

    def read(part: str) -> Any:
        head, _, last = part.rpartition(":")
        if head and last.strip().lower() in words:
            return {**_mention(head.strip()), key: last.strip().lower()}
        return _mention(part)

    return read


def _done(part: str) -> Any:
    """Read a profession that may end in ``:months``; ``isco:5322`` is a code, not 5322 months."""
    head, _, last = part.rpartition(":")
    if head and last.strip().isdecimal() and head.strip().lower() not in SCHEMES:
        return {**_mention(head.strip()), "months": int(last[:9])}
    return _mention(part)


def _language(part: str) -> Any:
    """``nl``, ``nl:B1``, ``nl:B1:mandatory`` or ``nl::desired``."""
    code, level, requirement, *more = [piece.strip() for piece in f"{part}::".split(":")]
    if any(more):
        return part
    made: dict[str, Any] = {"code": code.lower()}
    if level:
        made["level"] = "none" if level.lower() in {"none", NONE} else level.upper()
    return {**made, "requirement": requirement.lower()} if requirement else made


def _lawful(read: Read) -> Read:
    """Reader of a code that may end in ``:legal``."""

    def split(part: str) -> Any:
        code, colon, legal = part.partition(":")
        if colon and legal.strip().lower() != "legal":
            return part
        return {"code": read(code.strip()), "legal": True} if colon else {"code": read(code.strip())}

    return split


def _constraint(part: str) -> Any:
    """``hours`` (hard) or ``shifts:solvable``."""
    limit, colon, word = part.partition(":")
    if colon and word.strip().lower() != "solvable":
        return part
    return {"limit": limit.strip().lower(), "solvable": bool(colon)}


def _each(columns: str, read: Read) -> dict[str, Read]:
    """Give the same reader to several columns."""
    return dict.fromkeys(columns.split(), read)


_ASKED: Final = _many(_ended(frozenset(Requirement), "requirement"))
_HELD: Final = _many(_ended(frozenset(SkillLevel), "level"))
_DAYS: Final = "registeredOn contractEnd intakeOn guidanceEnd foundWorkOn handedOverOn startFrom"
_OFFER_DAYS: Final = "start closedOn published validThrough verified afterCareOn"

PROFILE: Final[Mapping[str, Read]] = {
    **_each("id targetGroup postcode educationField referentId contactId backupId preferredAgency", _text),
    **{"sourceKind": _text, "sourceName": _text, "basisLegal": _text, "basisPurpose": _text, "basisNotifiedOn": _day},
    **_each(_DAYS, _day),
    **{"competences": _HELD, "professionsSought": _many(_mention), "professionsDone": _many(_done)},
    **{"languages": _many(_language), "maxMinutes": _whole, "education": _whole_or_none_asked, "ownCar": _yes},
    **_each("modes certificates impossibleShifts impossibleDays contracts", _many(_lower)),
    **{"drivingLicences": _many(_upper), "hoursMin": _number, "hoursMax": _number, "constraints": _many(_constraint)},
    **{"excludedEmployers": _many(_text), "excludedProfessions": _many(_mention), "excludedSectors": _many(_text)},
}
"""Columns of a table of profiles, each with its reader."""

OFFER: Final[Mapping[str, Read]] = {
    **_each("id source kind title text textLanguage employer sector measures", _text),
    **{"occupation": _mention, "competences": _ASKED, "languages": _many(_language), "contract": _text},
    **{"drivingLicences": _many(_lawful(_upper)), "certificates": _many(_lawful(_lower)), "ownCar": _yes},
    **{"experienceMonths": _whole_or_none_asked, "education": _whole_or_none_asked, "postcodes": _many(_text)},
    **_each("remoteShare hoursMin hoursMax durationMonths", _number),
    **{"shifts": _many(_lower), "days": _many(_lower), "positions": _whole, "filled": _whole, "audience": _many(_text)},
    **_each(_OFFER_DAYS, _day),
    **{"grantsCompetences": _many(_mention), "grantsLanguages": _many(_language), "grantsLicences": _many(_upper)},
    **{"grantsCertificates": _many(_lower), "grantsExperienceMonths": _whole_or_none_asked},
}
"""Columns of a table of offers, each with its reader."""

OUTCOME: Final[Mapping[str, Read]] = {
    **_each("id event profileId reportedBy offerId suggestionId reason contract corrects", _text),
    **{"happenedOn": _day, "startedOn": _day, "hours": _number},
}
"""Columns of a table of outcomes, each with its reader."""

_NESTED: Final[Mapping[str, tuple[str, str]]] = {
    "sourceKind": ("source", "kind"),
    "sourceName": ("source", "name"),
    "excludedEmployers": ("exclusions", "employers"),
    "excludedProfessions": ("exclusions", "professions"),
    "excludedSectors": ("exclusions", "sectors"),
    "grantsCompetences": ("grants", "competences"),
    "grantsLanguages": ("grants", "languages"),
    "grantsLicences": ("grants", "drivingLicences"),
    "grantsCertificates": ("grants", "certificates"),
    "grantsExperienceMonths": ("grants", "experienceMonths"),
    "basisLegal": ("basis", "legalBasis"),
    "basisPurpose": ("basis", "purpose"),
    "basisNotifiedOn": ("basis", "notifiedOn"),
}

_COLUMNS: Final[Mapping[KindOfFile, Mapping[str, Read]]] = {"profiles": PROFILE, "offers": OFFER, "outcomes": OUTCOME}
_BY_LOWER: Final = {kind: {name.lower(): name for name in columns} for kind, columns in _COLUMNS.items()}


def unflatten(cells: Mapping[str, Any], kind: KindOfFile) -> dict[str, Any]:
    """Turn cells by column name into a row as JSON would hold it.

    Column names are read in any casing; an unknown column is kept, to be refused by name.

    >>> unflatten({"id": "P1", "languages": "nl:b1|fr", "ownCar": "nee", "education": ""}, "profiles")
    {'id': 'P1', 'languages': [{'code': 'nl', 'level': 'B1'}, {'code': 'fr'}], 'ownCar': False}
    """
    columns, names = _COLUMNS[kind], _BY_LOWER[kind]
    row: dict[str, Any] = {}
    for column, found in cells.items():
        cell = found.strip() if isinstance(found, str) else found
        name = names.get(column.lower())
        if name is None:
            row[column] = cell
        elif cell is not None and cell != "":
            value = columns[name](cell)
            outer, inner = _NESTED.get(name, ("", ""))
            if outer:
                row.setdefault(outer, {})[inner] = value
            else:
                row[name] = value
    if "basis" in row:
        row["basis"] = [{"field": "all", **row["basis"]}]
    return row


_PROFILE_EXAMPLE: Final[dict[str, Any]] = {
    "id": "P-0001",
    "sourceKind": "ocmw",
    "sourceName": "CPAS/OCMW 1000",
    "registeredOn": date(2025, 1, 6),
    "competences": "nettoyer les sols:independent|travailler en équipe",
    "professionsSought": "agent d'entretien",
    "professionsDone": "aide en cuisine:18",
    "languages": "fr:B2|nl:A1",
    "postcode": "1000",
    "maxMinutes": 45,
    "modes": "public_transport|foot",
    "drivingLicences": NONE,
    "ownCar": "non",
    "hoursMin": 19.5,
    "hoursMax": 38,
    "impossibleShifts": "night",
    "contracts": "permanent|fixed_term",
    "education": 3,
    "excludedSectors": "",
    "constraints": "minutes|shifts:solvable",
    "basisLegal": "GDPR 6(1)(e)",
    "basisPurpose": "job guidance",
    "basisNotifiedOn": date(2025, 1, 6),
}
_OFFER_EXAMPLE: Final[dict[str, Any]] = {
    "id": "O-0001",
    "source": "example",
    "kind": "vacancy",
    "title": "Agent d'entretien / Schoonmaker",
    "text": "Nettoyage de bureaux le matin.",
    "textLanguage": "fr",
    "occupation": "agent d'entretien",
    "competences": "nettoyer les sols:mandatory|travailler en équipe:desired",
    "languages": "fr:A2:mandatory|nl:A1:desired",
    "drivingLicences": "B",
    "certificates": NONE,
    "experienceMonths": 0,
    "education": NONE,
    "postcodes": "1000|1070",
    "hoursMin": 19.5,
    "hoursMax": 38,
    "shifts": "early|day",
    "days": "mon|tue|wed|thu|fri",
    "contract": "permanent",
    "start": date(2025, 4, 1),
    "positions": 2,
    "employer": "Exemple SA",
    "published": date(2025, 3, 1),
    "validThrough": date(2025, 4, 30),
}
_OUTCOME_EXAMPLE: Final[dict[str, Any]] = {
    "id": "E-0001",
    "event": "hired",
    "profileId": "P-0001",
    "offerId": "O-0001",
    "happenedOn": date(2025, 4, 1),
    "reportedBy": "C-01",
    "contract": "permanent",
    "hours": 38,
    "startedOn": date(2025, 4, 7),
}


def _whole_template(columns: Mapping[str, Read], example: Mapping[str, Any]) -> dict[str, Any]:
    """Every column with its example, or with an empty cell."""
    return {column: example.get(column) for column in columns}


EXAMPLES: Final[Mapping[KindOfFile, Mapping[str, Any]]] = {
    "profiles": _whole_template(PROFILE, _PROFILE_EXAMPLE),
    "offers": _whole_template(OFFER, _OFFER_EXAMPLE),
    "outcomes": _whole_template(OUTCOME, _OUTCOME_EXAMPLE),
}
"""Columns of the templates with one example row for each."""
