"""Rows and bodies to records, with every problem found; and the import of a file of them, with a report.

A row is what JSON can hold, in outside names. Its types are checked from `matching.records` (`matching.validation`);
what types cannot say is checked here. Flat rows (`matching.flat`) and schema.org postings (`matching.jobposting`) are
turned into rows first.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Generic, Protocol, TypeVar

from matching.checks import Codes, check_offer, check_outcome, check_profile
from matching.files import Row, capped, odd_values, shown
from matching.flat import KindOfFile, unflatten
from matching.jobposting import is_jobposting, read_posting
from matching.mentions import LinkCounts, Linking, link_offer, link_profile
from matching.personal import holds_national_number
from matching.records import DataError, Offer, Outcome, Problem, Profile
from matching.unsaid import Reader, fill_unsaid, read_topics
from matching.validation import check_values, read_record, tidy

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
    "read_any_offer",
    "read_offer",
    "read_outcome",
    "read_profile",
]

R = TypeVar("R", Profile, Offer, Outcome)
Progress = Callable[[int], None]

UNTRUSTED: Final = frozenset({"not_utf8", "too_deep"})
"""Problems after which a row cannot be written as JSON again, so that no type can judge the rest of it."""

_NEEDED: Final = {
    "profile": (
        "targetGroup registeredOn competences professionsSought professionsDone languages postcode maxMinutes modes "
        "drivingLicences hoursMin impossibleShifts contracts startFrom education"
    ),
    "offer": (
        "occupation competences languages drivingLicences experienceMonths education postcodes hoursMin shifts "
        "contract start positions employer published validThrough"
    ),
}
"""Fields whose absence an import report counts."""


def read_profile(row: Mapping[str, Any], *, groups: Collection[str], codes: Codes | None = None, record: str = "") -> Profile:
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
    return _read(Profile, "profile", row, record, lambda found, name: check_profile(found, name, groups, codes))


def read_offer(row: Mapping[str, Any], *, groups: Collection[str], codes: Codes | None = None, record: str = "") -> Offer:
    """Read one offer; the parameters and errors are those of `read_profile`."""
    return _read(Offer, "offer", row, record, lambda found, name: check_offer(found, name, groups, codes))


def read_outcome(row: Mapping[str, Any], *, record: str = "") -> Outcome:
    """Read one outcome; the parameters and errors are those of `read_profile`."""
    return _read(Outcome, "outcome", row, record, check_outcome)


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
    odd: list[Problem] = list(odd_values(row, record))
    if any(problem.code in UNTRUSTED for problem in odd):
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
    """A record read from a row of a file: how its mentions were linked, what the row leaves unsaid, what its text filled."""

    record: R
    links: LinkCounts = field(default_factory=LinkCounts)
    missing: tuple[str, ...] = ()
    extracted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file: rows read, records written or refused, every problem, how mentions were linked.

    ``refused`` counts rows; ``missing`` counts records by what they leave unsaid, ``extracted`` by what was read from
    their text instead, in outside names. With ``strict`` and any problem nothing was written: ``kept_back`` counts the good
    records.
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
    extracted: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Give the report in outside names."""
        counts = {"read": self.read, "new": self.new, "changed": self.changed, "unchanged": self.unchanged}
        problems = [
            {"code": one.code, "record": one.record, "field": one.field, "value": one.value, "accepted": one.accepted}
            for one in self.problems
        ]
        said = {"links": self.links.as_json(), "missing": dict(self.missing), "extracted": dict(self.extracted)}
        return {**counts, "refused": self.refused, "keptBack": self.kept_back, **said, "problems": problems}


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
    missing, extracted, links = Counter[str](), Counter[str](), Counter[str]()
    texts, codes = Counter[str](), Counter[str]()
    for reading in readings:
        missing.update(reading.missing)
        extracted.update(reading.extracted)
        texts.update(reading.links.unlinked_texts)
        codes.update(reading.links.unknown_codes)
        links.update(reading.links.numbers())
    return {
        "links": LinkCounts(**links, unlinked_texts=texts, unknown_codes=codes),
        "missing": most_first(missing),
        "extracted": most_first(extracted),
    }


def most_first(counts: Mapping[str, int]) -> dict[str, int]:
    """Order counts, the most frequent first, equal ones by name."""
    return dict(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))


def _nested(row: Row, kind: KindOfFile) -> tuple[Mapping[str, Any], str]:
    """Give the data of a row as JSON would hold it, and how problems call the row."""
    data = row.data or {}
    return (unflatten(data, kind) if row.flat else data), f"row {row.number}"


def _unsaid(word: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    """Needed fields that a row leaves unsaid."""
    return tuple(name for name in _NEEDED[word].split() if row.get(name) is None)


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
    reader: Reader | None = None,
    codes: Codes | None = None,
    strict: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import a file of offers, in our own format or as JobPosting.

    Without ``linking`` mentions stay as they are; without ``reader`` nothing is read from the texts.
    """

    def read(row: Row) -> Reading[Offer]:
        data, record = _nested(row, "offers")
        offer, missing = read_any_offer(data, groups=groups, codes=codes, record=record)
        links = LinkCounts()
        if linking is not None:
            offer, links = link_offer(offer, linking)
        if reader is not None:
            offer = fill_unsaid(offer, reader)
        return Reading(offer, links, missing, read_topics(offer))

    return import_rows(rows, read, put, strict, progress)


def read_any_offer(
    row: Mapping[str, Any], *, groups: Collection[str], codes: Codes | None = None, record: str = ""
) -> tuple[Offer, tuple[str, ...]]:
    """Read an offer in our own format or as a JobPosting, and name what it leaves unsaid; errors as `read_offer`."""
    if not is_jobposting(row):
        return read_offer(row, groups=groups, codes=codes, record=record), _unsaid("offer", row)
    odd = [problem for problem in odd_values(row, record or "offer") if problem.code in UNTRUSTED]
    if odd:
        raise DataError(capped(odd, record or "offer"))
    posting = read_posting(row, record)
    offer = _read(
        Offer,
        "offer",
        posting.row,
        record,
        lambda found, name: check_offer(found, name, groups, codes),
        posting.problems,
    )
    return offer, posting.missing


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
