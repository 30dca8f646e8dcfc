"""schema.org JobPosting to a row of our own format, and a list of what the posting leaves unsaid.

Beyond schema.org (version 28) these are read, where a posting has them: ``additionalType`` ``required`` or
``preferred`` on a skill, a language or a licence; ``knowsLanguage``; ``drivingLicence``; ``PERMANENT``,
``FIXED_TERM`` and ``INTERIM`` as ``employmentType``.

Choices. A bare text or a code without ``inCodeSet`` is O*NET by definition and is never read as ROME, ISCO or ESCO;
its name serves as text. A driving licence a posting asks for is never taken as asked by law, unless its
``additionalType`` says ``legal``. The language of the text is not a language requirement. ``qualifications``, salary
and contacts are not read. Education that is only wished for is read, and named in the list. A day or shift is read
only where the words are plain and nothing is negated.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from matching.codes import DrivingLicence, Level
from matching.files import shown
from matching.phrases import days, education_level, language_code, months, shifts, weekly_hours
from matching.records import BRUSSELS_TIME, Problem

_REQUIREMENTS: Final = {"required": "mandatory", "preferred": "desired"}
_CONTRACTS: Final = {
    "PERMANENT": "permanent",
    "FIXED_TERM": "fixed_term",
    "INTERIM": "interim",
    "CONTRACTOR": "self_employed",
}
_NO_CONTRACT: Final = {"FULL_TIME", "PART_TIME", "FULLTIME", "PARTTIME"}
_SCHEMES: Final = re.compile(r"(?<![a-z])(rome|isco|esco|competent)(?![a-z])")
_ONET: Final = re.compile(r"^\s*\d{2}-\d{4}(?:\.\d{2})?\s*[:-]?\s*")
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_TAG: Final = re.compile(r"<(?:br|/p|/li|/div|/h\d)\b[^>]{0,200}>|<[a-zA-Z/!][^>]{0,2000}>")
_EXPECTED: Final = (
    "occupation competences languages drivingLicences experienceMonths education postcodes hoursMin shifts contract "
    "start positions employer published validThrough"
)


@dataclass(frozen=True, slots=True)
class Posting:
    """A posting in our own format: the row, what it leaves unsaid or says unclearly, and what is malformed in it.

    ``missing`` holds outside names: ``competences`` (nothing said), ``languages.level`` (a language without level),
    ``hoursMin: unread`` (said, but not clearly enough to read).
    """

    row: dict[str, Any]
    missing: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Notes:
    """What reading one posting has to say beside the row."""

    record: str
    missing: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, path: str, value: object, accepted: str) -> None:
        self.problems.append(Problem("wrong_type", self.record, path, shown(value) if _is_plain(value) else None, accepted))


def is_jobposting(row: Mapping[str, Any]) -> bool:
    """Whether a row says that it is a schema.org JobPosting.

    >>> is_jobposting({"@type": ["https://schema.org/JobPosting"]})
    True
    """
    said = row.get("@type")
    kinds = said if isinstance(said, list) else [said]
    return any(isinstance(kind, str) and re.split(r"[/#:]", kind)[-1] == "JobPosting" for kind in kinds)


def read_posting(posting: Mapping[str, Any], record: str = "offer") -> Posting:
    """Turn a posting into a row of our own format; what is unknown in it stays unknown.

    >>> read_posting({"@type": "JobPosting", "identifier": "7", "experienceRequirements": "2 An(s)"}).row
    {'id': '7', 'source': 'schema.org', 'kind': 'vacancy', 'experienceMonths': 24}
    """
    notes = _Notes(record)
    given, source = _identity(posting, notes)
    hours, at, on = _work_hours(posting.get("workHours"), notes)
    employer = _name(posting.get("hiringOrganization"), "hiringOrganization", notes)
    row = {
        "id": given,
        "source": source or employer or "schema.org",
        "kind": "vacancy",
        "title": _plain(posting.get("title")),
        "text": _plain(posting.get("description")),
        "textLanguage": _language_code(posting.get("inLanguage")),
        "occupation": _occupation(posting, notes),
        "competences": _skills(posting.get("skills"), notes),
        "languages": _languages(posting.get("knowsLanguage"), notes),
        "drivingLicences": _licences(posting.get("drivingLicence"), notes),
        "experienceMonths": _experience(posting.get("experienceRequirements"), notes),
        "education": _education(posting.get("educationRequirements"), notes),
        "postcodes": _postcodes(posting.get("jobLocation"), notes),
        "remoteShare": 1.0 if posting.get("jobLocationType") == "TELECOMMUTE" else None,
        "hoursMin": hours[0] if hours else None,
        "hoursMax": hours[1] if hours else None,
        "shifts": at,
        "days": on,
        "contract": _contract(posting.get("employmentType"), notes),
        "start": _day(posting.get("jobStartDate")),
        "positions": posting.get("totalJobOpenings"),
        "employer": employer,
        "published": _day(posting.get("datePosted")),
        "validThrough": _day(posting.get("validThrough")),
    }
    row = {name: value for name, value in row.items() if value is not None}
    unread = {note.split(":")[0] for note in notes.missing}
    missing = [name for name in _EXPECTED.split() if name not in row and name not in unread]
    return Posting(row, tuple(missing + list(dict.fromkeys(notes.missing))), tuple(notes.problems))


def _is_plain(value: object) -> bool:
    return not isinstance(value, Mapping | list)


def _plain(value: Any) -> Any:
    """Text without HTML; what is no text stays as it is, to be refused."""
    if not isinstance(value, str):
        return value
    text = _TAG.sub("\n", value) if "<" in value else value
    text = html.unescape(text) if "&" in text else text
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _entries(value: Any, path: str, notes: _Notes) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield (path, object) for one value or a list of them; a text is an object that has a name."""
    many = isinstance(value, list)
    for at, entry in enumerate(value if many else [] if value is None else [value]):
        here = f"{path}[{at}]" if many else path
        if isinstance(entry, str) and entry.strip():
            yield here, {"name": entry}
        elif isinstance(entry, Mapping):
            yield here, entry
        elif not isinstance(entry, str):
            notes.wrong(here, entry, "object")


def _name(value: Any, path: str, notes: _Notes) -> str | None:
    """First name among one object or several."""
    for here, entry in _entries(value, path, notes):
        name = entry.get("name")
        if isinstance(name, str) and name.strip():
            return _spaced(name)
        if name is not None and not isinstance(name, str):
            notes.wrong(f"{here}.name", name, "string")
    return None


def _spaced(text: str) -> str:
    """Text with single spaces."""
    return " ".join(html.unescape(text).split())


def _identity(posting: Mapping[str, Any], notes: _Notes) -> tuple[Any, str | None]:
    """Id (``name:value`` or ``value``) and source of a posting."""
    said = posting.get("identifier")
    for here, entry in _entries(
        str(said) if isinstance(said, int) and not isinstance(said, bool) else said, "identifier", notes
    ):
        if "value" not in entry:
            return entry.get("name"), None
        value, name = entry["value"], entry.get("name")
        if isinstance(value, bool) or not isinstance(value, str | int):
            notes.wrong(f"{here}.value", value, "string")
            return None, None
        text = str(value).strip()
        return (f"{name.strip()}:{text}", name.strip()) if isinstance(name, str) and name.strip() and text else (text, None)
    return None, None


def _requirement(entry: Mapping[str, Any]) -> str | None:
    """Give the requirement an entry states; ``None`` when it states none."""
    said = entry.get("additionalType")
    for kind in said if isinstance(said, list) else [said]:
        if isinstance(kind, str) and kind.rsplit("/", 1)[-1].lower() in _REQUIREMENTS:
            return _REQUIREMENTS[kind.rsplit("/", 1)[-1].lower()]
    return None


def _concept(entry: Mapping[str, Any], code_key: str, set_key: str) -> str | None:
    """``scheme:code``, or the URI of an ESCO concept, of an entry whose code set is one of ours."""
    code, scheme = entry.get(code_key), entry.get(set_key)
    if isinstance(scheme, Mapping):
        scheme = " ".join(str(scheme.get(key, "")) for key in ("name", "@id", "url"))
    known = _SCHEMES.search(scheme.lower()) if isinstance(scheme, str) else None
    if known is None or isinstance(code, bool) or not isinstance(code, str | int) or not str(code).strip():
        return None
    text = str(code).strip()
    return text if text.startswith(("http://", "https://")) else f"{known[1]}:{text}"


def _occupation(posting: Mapping[str, Any], notes: _Notes) -> dict[str, str] | None:
    """Occupation from the first category that has a code of ours, or else a name."""
    found: list[dict[str, str]] = []
    for key in ("occupationalCategory", "relevantOccupation"):
        for _, entry in _entries(posting.get(key), key, notes):
            concept = _concept(entry, "codeValue", "inCodeSet")
            name = entry.get("name")
            text = _ONET.sub("", _spaced(name)) if isinstance(name, str) else ""
            mention = {"concept": concept} if concept else {}
            found += [{**mention, **({"text": text[:500]} if _WORD.search(text) else {})}]
    ordered = sorted((mention for mention in found if mention), key=lambda mention: "concept" not in mention)
    return ordered[0] if ordered else None


def _skills(value: Any, notes: _Notes) -> list[dict[str, str]] | None:
    """Competences asked; one text with several is split at line ends and semicolons, or else at commas."""
    if isinstance(value, str):
        value = [part for part in re.split(r"[;\n]+" if re.search(r"[;\n]", value) else ",", _plain(value)) if part.strip()]
    made = []
    for here, entry in _entries(value, "skills", notes):
        name, concept = entry.get("name"), _concept(entry, "termCode", "inDefinedTermSet")
        if name is not None and not isinstance(name, str):
            notes.wrong(f"{here}.name", name, "string")
            continue
        if concept is None and not (name and name.strip()):
            notes.problems.append(Problem("missing", notes.record, f"{here}.name", None, "concept or text"))
            continue
        text, requirement = _spaced(name or ""), _requirement(entry)
        mention = {"concept": concept, "text": text or None, "requirement": requirement}
        made.append({key: said for key, said in mention.items() if said is not None})
    return made or None


def _language_code(value: Any) -> Any:
    """Read a language said by code (``fr-BE``), by name, or as a schema.org Language; ``None`` if unclear."""
    if isinstance(value, list):
        return _language_code(value[0]) if len(value) == 1 else None
    if isinstance(value, Mapping):
        return _language_code(value.get("alternateName")) or _language_code(value.get("name"))
    return language_code(value) if isinstance(value, str) else value


def _languages(value: Any, notes: _Notes) -> list[dict[str, str]] | None:
    """Languages asked, with the level where one is named."""
    made: dict[str, dict[str, str]] = {}
    for here, entry in _entries(value, "knowsLanguage", notes):
        code = _language_code(entry)
        if code is not None and not isinstance(code, str):
            notes.wrong(f"{here}.name", code, "string")
        elif code is None:
            notes.missing.append("languages: unread")
        elif code not in made:
            said = " ".join(str(entry.get(key, "")) for key in ("level", "languageLevel", "proficiencyLevel", "name"))
            level = re.search(r"\b([ABC][12])\b", said.upper())
            asked = {
                "code": code,
                "level": Level(level[1]).value if level else None,
                "requirement": _requirement(entry),
            }
            made[code] = {key: word for key, word in asked.items() if word is not None}
            notes.missing += [] if level else ["languages.level"]
    return list(made.values()) or None


def _licences(value: Any, notes: _Notes) -> list[dict[str, Any]] | None:
    """Driving licences asked (``B - Véhicule léger``); a category that we do not know is named as unread."""
    made: dict[str, dict[str, Any]] = {}
    for _, entry in _entries(value, "drivingLicence", notes):
        name = entry.get("name")
        category = (
            re.match(r"\s*(?:permis|rijbewijs|licen[cs]e)?\s*([A-Z][A-Z0-9]{0,2})\b", name) if isinstance(name, str) else None
        )
        if category and category[1] in set(DrivingLicence):
            by_law = entry.get("additionalType") == "legal"
            made.setdefault(category[1], {"code": category[1], "legal": by_law})
        else:
            notes.missing.append("drivingLicences: unread")
    return list(made.values()) or None


def _experience(value: Any, notes: _Notes) -> Any:
    """Months of experience asked; 0 where beginners are welcome."""
    if isinstance(value, Mapping):
        said = value.get("monthsOfExperience")
        return int(said) if isinstance(said, float) and said.is_integer() else said
    if value is None or not isinstance(value, str):
        if value is not None:
            notes.wrong("experienceRequirements", value, "string")
        return None
    said = months(value)
    notes.missing += ["experienceMonths: unread"] if said is None else []
    return said


def _education(value: Any, notes: _Notes) -> int | None:
    """Lowest EQF level that is enough, from what is demanded (``E``), or else from what is wished (``S``)."""
    demanded: list[int] = []
    wished: list[int] = []
    for _, entry in _entries(value, "educationRequirements", notes):
        said = entry.get("niveauLibelle") or entry.get("credentialCategory") or entry.get("name")
        level = education_level(said) if isinstance(said, str) else None
        if level is None:
            notes.missing.append("education: unread")
        else:
            (wished if entry.get("exigence") == "S" else demanded).append(level)
    if wished and not demanded:
        notes.missing.append("education.demanded")
    return min(demanded or wished, default=None)


def _postcodes(value: Any, notes: _Notes) -> list[str] | None:
    """Postcodes of all places of work."""
    codes = []
    for here, entry in _entries(value, "jobLocation", notes):
        address = entry.get("address", {} if "name" in entry else None)
        if address is not None and not isinstance(address, Mapping | str):
            notes.wrong(f"{here}.address", address, "object")
        code = address.get("postalCode") if isinstance(address, Mapping) else None
        if isinstance(code, bool) or (code is not None and not isinstance(code, str | int)):
            notes.wrong(f"{here}.address.postalCode", code, "string")
        elif code is None or not str(code).strip():
            notes.missing.append("postcodes: unread")
        else:
            codes.append(str(code).strip())
    return list(dict.fromkeys(codes)) or None


def _work_hours(value: Any, notes: _Notes) -> tuple[tuple[float, float] | None, list[str] | None, list[str] | None]:
    """Hours per week, shifts and days, where the words are plain."""
    if value is None or not isinstance(value, str):
        if value is not None:
            notes.wrong("workHours", value, "string")
        return None, None, None
    hours = weekly_hours(value)
    notes.missing += ["hoursMin: unread"] if hours is None else []
    return hours, shifts(value) or None, days(value) or None


def _contract(value: Any, notes: _Notes) -> str | None:
    """Kind of contract; ``TEMPORARY`` says neither fixed term nor agency work, and is unread."""
    for _, entry in _entries(value, "employmentType", notes):
        said = str(entry.get("name", "")).strip().upper().replace("-", "_").replace(" ", "_")
        if said in _CONTRACTS:
            return _CONTRACTS[said]
        if said not in _NO_CONTRACT:
            notes.missing.append("contract: unread")
    return None


def _day(value: Any) -> Any:
    """Day in Brussels of a date or a moment; what is neither stays as it is, to be refused."""
    if not isinstance(value, str) or "T" not in value:
        return value or None if isinstance(value, str) else value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return (moment.astimezone(BRUSSELS_TIME) if moment.tzinfo else moment).date().isoformat()
