"""Rows and bodies to records, with every problem found; and the import of a file of them, with a report.

A row is what JSON can hold, in outside names. Its types are checked from `matching.records` (`matching.validation`); what types
cannot say is checked here. Flat rows (`matching.flat`) and schema.org postings (`matching.jobposting`) are turned into rows first.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, Generic, Protocol, TypeVar

from matching.codes import Event, Kind
from matching.files import Row, capped, odd_values, shown
from matching.flat import KindOfFile, is_code, unflatten
from matching.jobposting import is_jobposting, read_posting
from matching.mentions import COMPETENCE, OCCUPATION, LinkCounts, Linking, link_offer, link_profile
from matching.personal import holds_national_number
from matching.records import DataError, Offer, Outcome, Problem, Profile
from matching.validation import check_values, field_names, read_record, tidy, walk

__all__ = [
    "Codes",
    "ImportReport",
    "LinkCounts",
    "Linking",
    "Reading",
    "import_offers",
    "import_outcomes",
    "import_profiles",
    "import_rows",
    "link_offer",
    "link_profile",
    "read_offer",
    "read_outcome",
    "read_profile",
]

R = TypeVar("R", Profile, Offer, Outcome)
Progress = Callable[[int], None]

ANY_FIELD: Final = "all"
_STARTED: Final = frozenset({Event.HIRED, Event.IN_WORK_1M, Event.IN_WORK_3M, Event.IN_WORK_6M, Event.LEFT})
_ABOUT_AN_OFFER: Final = frozenset(
    {Event.SEEN, Event.PROPOSED, Event.DECLINED, Event.APPLIED, Event.INTERVIEWED, Event.REFUSED}
)
_PROFILE_ORDER: Final = (
    ("registeredOn", "intakeOn"),
    ("registeredOn", "guidanceEnd"),
    ("registeredOn", "handedOverOn"),
    ("intakeOn", "guidanceEnd"),
)
_OFFER_ORDER: Final = (("published", "validThrough"), ("published", "closedOn"))
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "profile": tuple(
        "targetGroup registeredOn competences professionsSought professionsDone languages postcode maxMinutes modes "
        "drivingLicences hoursMin impossibleShifts contracts startFrom education".split()
    ),
    "offer": tuple(
        "occupation competences languages drivingLicences experienceMonths education postcodes hoursMin shifts contract "
        "start positions employer published validThrough".split()
    ),
    "outcome": (),
}
"""Fields whose absence an import report counts."""


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes to hold a record to, where an unknown one is to be refused instead of kept and counted.

    ``postcodes``: all that are known. ``linking``: knows the codes of concepts. ``None``: not checked.
    """

    postcodes: Collection[str] | None = None
    linking: Linking | None = None


def read_profile(
    row: Mapping[str, Any], *, groups: Collection[str], codes: Codes | None = None, record: str = ""
) -> Profile:
    """Read one profile.

    Parameters
    ----------
    row
        The profile in outside names.
    groups
        Names of the target groups that exist.
    codes
        Known codes; without them an unknown postcode or concept is kept.
    record
        How problems call the row, before its id (``row 3``).

    Raises
    ------
    DataError
        Every problem of the row.
    """
    return _read(Profile, "profile", row, record, lambda found, name: _check_profile(found, name, groups, codes))


def read_offer(
    row: Mapping[str, Any], *, groups: Collection[str], codes: Codes | None = None, record: str = ""
) -> Offer:
    """Read one offer; the parameters and errors are those of `read_profile`."""
    return _read(Offer, "offer", row, record, lambda found, name: _check_offer(found, name, groups, codes))


def read_outcome(row: Mapping[str, Any], *, record: str = "") -> Outcome:
    """Read one outcome; the parameters and errors are those of `read_profile`."""
    return _read(Outcome, "outcome", row, record, _check_outcome)


def _read(
    kind: type[R],
    word: str,
    row: Any,
    record: str,
    check: Callable[[Mapping[str, Any], str], Iterable[Problem]],
    before: Sequence[Problem] = (),
) -> R:
    """Read one record, or raise all problems; of several about one field the first, most exact, one is kept."""
    record = ", ".join(part for part in (record, _called(word, row)) if part)
    before = [replace(problem, record=record) for problem in before]
    if not isinstance(row, Mapping):
        raise DataError([*before, Problem("not_an_object", record, "", shown(row), "object")])
    odd = list(odd_values(row, record))
    if any(problem.code != "control_character" for problem in odd):  # no type can be trusted to read the rest
        raise DataError(capped([*before, *odd], record))
    row = tidy(row)
    special = [*before, *odd, *check_values(kind, row, record), *check(row, record)]
    made, general = read_record(kind, row, record)
    told = {problem.field for problem in special}
    problems = special + [problem for problem in general if problem.field not in told]
    if problems or made is None:
        raise DataError(capped(problems, record))
    return made


def _called(word: str, row: Any) -> str:
    """Name of a record in problems: its kind and id, without an id that must not be shown."""
    given = row.get("id") if isinstance(row, Mapping) else None
    safe = isinstance(given, str) and given.strip() and not holds_national_number(given)
    name = shown(given.strip()) if safe and isinstance(given, str) else None
    return f"{word} {name}" if name else word


def _day(row: Mapping[str, Any], name: str) -> date | None:
    """A date of a row, if it is one."""
    value = row.get(name)
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _number(row: Mapping[str, Any], name: str) -> float | None:
    """A number of a row, if it is one."""
    value = row.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _in_order(row: Mapping[str, Any], record: str, pairs: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Yield dates that come before the one they must follow, and hours whose least is above their most."""
    for first, last in pairs:
        before, after = _day(row, first), _day(row, last)
        if before is not None and after is not None and after < before:
            yield Problem("inconsistent", record, last, after.isoformat(), f"{first} <= {last}")
    least, most = _number(row, "hoursMin"), _number(row, "hoursMax")
    if least is not None and most is not None and least > most:
        yield Problem("inconsistent", record, "hoursMin", f"{least:g}", "hoursMin <= hoursMax")


def _check_group(path: str, value: Any, record: str, groups: Collection[str]) -> Iterator[Problem]:
    """Yield a target group that does not exist."""
    if isinstance(value, str) and value not in groups:
        yield Problem("unknown_group", record, path, shown(value), ", ".join(sorted(groups)))


def _check_codes(kind: type[Any], row: Mapping[str, Any], record: str, codes: Codes | None) -> Iterator[Problem]:
    """Yield postcodes and concept codes that are not known."""
    if codes is None:
        return
    for path, name, _, value in walk(kind, row):
        if name in {"postcode", "postcodes"} and codes.postcodes is not None:
            for at, code in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(code, str) and code not in codes.postcodes:
                    here = f"{path}[{at}]" if isinstance(value, list) else path
                    yield Problem("unknown_postcode", record, here, shown(code), "postcode")
        if name == "concept" and codes.linking is not None and isinstance(value, str):
            sort = COMPETENCE if "ompetences" in path else OCCUPATION
            if not is_code(value) or codes.linking.code(sort, value) is None:
                yield Problem("unknown_code", record, path, shown(value), "known code")


def _check_profile(
    row: Mapping[str, Any], record: str, groups: Collection[str], codes: Codes | None
) -> Iterator[Problem]:
    """Yield what the types of a profile cannot say."""
    if row.get("source") is None:
        yield Problem("missing_source", record, "source", None, "ocmw, bruxelles_formation, actiris_agency")
    yield from _check_group("targetGroup", row.get("targetGroup"), record, groups)
    yield from _in_order(row, record, _PROFILE_ORDER)
    bases = row.get("basis")
    for at, basis in enumerate(bases if isinstance(bases, list) else []):
        if not isinstance(basis, Mapping):
            continue
        said, accepted = basis.get("field"), [ANY_FIELD, *field_names(Profile)]
        if isinstance(said, str) and said not in accepted:
            yield Problem("not_in_list", record, f"basis[{at}].field", shown(said), ", ".join(accepted))
        told, withdrawn = _day(basis, "notifiedOn"), _day(basis, "withdrawnOn")
        if told and withdrawn and withdrawn < told:
            here = f"basis[{at}].withdrawnOn"
            yield Problem("inconsistent", record, here, withdrawn.isoformat(), "notifiedOn <= withdrawnOn")
    yield from _check_codes(Profile, row, record, codes)


def _check_offer(
    row: Mapping[str, Any], record: str, groups: Collection[str], codes: Codes | None
) -> Iterator[Problem]:
    """Yield what the types of an offer cannot say."""
    audience = row.get("audience")
    for at, group in enumerate(audience if isinstance(audience, list) else []):
        yield from _check_group(f"audience[{at}]", group, record, groups)
    yield from _in_order(row, record, _OFFER_ORDER)
    if row.get("kind") == Kind.VACANCY:
        for name in ("grants", "audience"):
            if row.get(name) is not None:
                yield Problem("inconsistent", record, name, None, "kind != vacancy")
    filled, positions = _number(row, "filled"), _number(row, "positions")
    if filled is not None and positions is not None and filled > positions:
        yield Problem("inconsistent", record, "filled", f"{filled:g}", "filled <= positions")
    yield from _check_codes(Offer, row, record, codes)


def _check_outcome(row: Mapping[str, Any], record: str) -> Iterator[Problem]:
    """Yield what the types of an outcome cannot say."""
    event = row.get("event")
    if row.get("startedOn") is not None and event in set(Event) - _STARTED:
        accepted = ", ".join(sorted(_STARTED))
        yield Problem("inconsistent", record, "startedOn", shown(row["startedOn"]), f"event = {accepted}")
    if event in _ABOUT_AN_OFFER and row.get("offerId") is None and row.get("suggestionId") is None:
        yield Problem("missing", record, "offerId", None, "offerId, suggestionId")
    if row.get("corrects") is not None and row.get("corrects") == row.get("id"):
        yield Problem("inconsistent", record, "corrects", shown(row["corrects"]), "corrects != id")


class Written(Protocol):
    """What writing records did: how many were new, changed, or as they already stood."""

    @property
    def new(self) -> int:
        """Records that were not there."""

    @property
    def changed(self) -> int:
        """Records that stood there otherwise."""

    @property
    def unchanged(self) -> int:
        """Records that stood there already."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[R]):
    """A record read from a row of a file, how its mentions were linked, and what the row leaves unsaid."""

    record: R
    links: LinkCounts = field(default_factory=LinkCounts)
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file: rows read, records written or refused, every problem, how mentions were linked.

    ``refused`` counts rows; ``missing`` counts records by what they leave unsaid, in outside names. With ``strict`` and any
    problem nothing was written: ``kept_back`` counts the good records.
    """

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    kept_back: int = 0
    problems: tuple[Problem, ...] = ()
    links: LinkCounts = field(default_factory=LinkCounts)
    missing: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Give the report in outside names."""
        counts = {"read": self.read, "new": self.new, "changed": self.changed, "unchanged": self.unchanged}
        problems = [
            {"code": one.code, "record": one.record, "field": one.field, "value": one.value, "accepted": one.accepted}
            for one in self.problems
        ]
        said = {"links": self.links.as_json(), "missing": dict(self.missing), "problems": problems}
        return {**counts, "refused": self.refused, "keptBack": self.kept_back, **said}


def import_rows(
    rows: Iterable[Row],
    read: Callable[[Row], Reading[R]],
    put: Callable[[list[R]], Written],
    strict: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Read rows one by one and write the good records, once, at the end.

    Parameters
    ----------
    rows
        Rows of one file.
    read
        Reads a row, raising `DataError` with its problems.
    put
        Writes all records in one transaction; not called when there is nothing to write.
    strict
        Write nothing when there is any problem.
    progress
        Called with the number of rows read so far.
    """
    kept: dict[str, Reading[R]] = {}
    problems: list[Problem] = []
    count = refused = 0
    for row in rows:
        count += row.number > 0  # number 0: the file as a whole
        try:
            if row.problems:
                raise DataError(row.problems)
            reading = read(row)
            given = reading.record.id
            if given in kept:
                raise DataError([Problem("duplicate_id", f"row {row.number}", "id", shown(given), "once")])
            kept[given] = reading
        except DataError as error:
            problems += error.problems
            refused += row.number > 0
        if progress is not None:
            progress(count)
    good = list(kept.values())
    report = ImportReport(read=count, refused=refused, problems=tuple(problems), **_totals(good))
    if strict and problems:
        return replace(report, kept_back=len(good))
    if not good:
        return report
    written = put([reading.record for reading in good])
    return replace(report, new=written.new, changed=written.changed, unchanged=written.unchanged)


def _totals(readings: Iterable[Reading[R]]) -> dict[str, Any]:
    """Links and missing things of all records together."""
    missing: Counter[str] = Counter()
    links: Counter[str] = Counter()
    texts, codes = Counter[str](), Counter[str]()
    for reading in readings:
        missing.update(reading.missing)
        texts.update(reading.links.unlinked_texts)
        codes.update(reading.links.unknown_codes)
        links.update(reading.links.numbers())
    return {
        "links": LinkCounts(**links, unlinked_texts=texts, unknown_codes=codes),
        "missing": dict(sorted(missing.items(), key=lambda entry: (-entry[1], entry[0]))),
    }


def _nested(row: Row, kind: KindOfFile) -> tuple[Mapping[str, Any], str]:
    """Data of a row as JSON would hold it, and how problems call the row."""
    data = row.data or {}
    return (unflatten(data, kind) if row.flat else data), f"row {row.number}"


def _unsaid(word: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    """Needed fields that a row leaves unsaid."""
    return tuple(name for name in _NEEDED[word] if row.get(name) is None)


def import_profiles(
    rows: Iterable[Row],
    put: Callable[[list[Profile]], Written],
    *,
    groups: Collection[str],
    linking: Linking | None = None,
    codes: Codes | None = None,
    strict: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import a file of profiles; without ``linking`` mentions stay as they are."""

    def read(row: Row) -> Reading[Profile]:
        data, record = _nested(row, "profiles")
        profile, links = read_profile(data, groups=groups, codes=codes, record=record), LinkCounts()
        if linking is not None:
            profile, links = link_profile(profile, linking)
        return Reading(profile, links, _unsaid("profile", data))

    return import_rows(rows, read, put, strict, progress)


def import_offers(
    rows: Iterable[Row],
    put: Callable[[list[Offer]], Written],
    *,
    groups: Collection[str],
    linking: Linking | None = None,
    codes: Codes | None = None,
    strict: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import a file of offers in our own format or as schema.org JobPosting; without ``linking`` mentions stay as they are."""

    def read(row: Row) -> Reading[Offer]:
        data, record = _nested(row, "offers")
        offer, missing = read_any_offer(data, groups=groups, codes=codes, record=record)
        links = LinkCounts()
        if linking is not None:
            offer, links = link_offer(offer, linking)
        return Reading(offer, links, missing)

    return import_rows(rows, read, put, strict, progress)


def read_any_offer(
    row: Mapping[str, Any], *, groups: Collection[str], codes: Codes | None = None, record: str = ""
) -> tuple[Offer, tuple[str, ...]]:
    """Read an offer in our own format or as a JobPosting, and name what it leaves unsaid; errors as `read_offer`."""
    if not is_jobposting(row):
        return read_offer(row, groups=groups, codes=codes, record=record), _unsaid("offer", row)
    odd = [problem for problem in odd_values(row, record or "offer") if problem.code != "control_character"]
    if odd:
        raise DataError(capped(odd, record or "offer"))
    posting = read_posting(row, record)
    check = lambda found, name: _check_offer(found, name, groups, codes)  # noqa: E731
    return _read(Offer, "offer", posting.row, record, check, posting.problems), posting.missing


def import_outcomes(
    rows: Iterable[Row],
    put: Callable[[list[Outcome]], Written],
    *,
    strict: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import a file of outcomes."""

    def read(row: Row) -> Reading[Outcome]:
        data, record = _nested(row, "outcomes")
        return Reading(read_outcome(data, record=record))

    return import_rows(rows, read, put, strict, progress)
