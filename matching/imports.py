"""Files into the store, each with a report: what was read, changed, refused, and what could not be linked.

Reports are plain documents (ready for JSON) with their words beside them; importing the same file again changes nothing.
"""

import functools
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from matching import ingest, reference
from matching.classifications import changes, read_esco
from matching.codes import Words, word
from matching.crosswalks import read_crosswalk
from matching.desk import Desk
from matching.files import load_json, read_rows, shown
from matching.flat import KindOfFile
from matching.ingest import ImportReport, LinkCounts
from matching.linking import MOST_BYTES
from matching.listings import Listing
from matching.problems import as_documents
from matching.records import DataError, Outcome, Override, Problem, Profile
from matching.sheets import Cell
from matching.store import Conflict, Counts, Store
from matching.validation import read_record

Document = dict[str, Any]
Progress = Callable[[int], None]

TEXTS_SHOWN: Final = 20
COUNTS: Final = ("read", "new", "changed", "unchanged", "refused", "keptBack")

COUNTED: Final[Words] = {
    "what": ("quoi", "wat", "what"),
    "count": ("nombre", "aantal", "count"),
    "read": ("lignes lues", "gelezen rijen", "rows read"),
    "new": ("nouveau", "nieuw", "new"),
    "changed": ("modifié", "gewijzigd", "changed"),
    "unchanged": ("inchangé", "ongewijzigd", "unchanged"),
    "removed": ("disparu", "verdwenen", "removed"),
    "refused": ("lignes refusées", "geweigerde rijen", "rows refused"),
    "keptBack": (
        "bonnes lignes retenues (--strict)",
        "goede rijen achtergehouden (--strict)",
        "good rows kept back (--strict)",
    ),
    "occupations.byCode": ("métiers par code", "beroepen via een code", "occupations by code"),
    "occupations.byName": ("métiers par nom", "beroepen via een naam", "occupations by name"),
    "occupations.guessed": (
        "métiers devinés du titre",
        "beroepen geraden uit de titel",
        "occupations guessed from the title",
    ),
    "occupations.none": ("sans métier reconnu", "zonder herkend beroep", "without a known occupation"),
    "competences.read": ("compétences lues", "gelezen competenties", "competences read"),
    "competences.sure": ("compétences liées sûrement", "competenties zeker gekoppeld", "competences linked surely"),
    "competences.unsure": (
        "compétences liées sans certitude",
        "competenties onzeker gekoppeld",
        "competences linked unsurely",
    ),
    "competences.unlinked": ("compétences non liées", "competenties niet gekoppeld", "competences not linked"),
    "missing": ("non précisé : {}", "niet vermeld: {}", "left unsaid: {}"),
    "extracted": ("lu dans le texte : {}", "gelezen in de tekst: {}", "read from the text: {}"),
    "text": ("non lié : {}", "niet gekoppeld: {}", "not linked: {}"),
    "code": ("code sans concept unique : {}", "code zonder uniek concept: {}", "code that names no single concept: {}"),
    "moreTexts": ("autres textes non liés", "andere niet-gekoppelde teksten", "other texts not linked"),
    "rows": ("lignes lues", "gelezen rijen", "rows read"),
    "kept": ("gardé", "behouden", "kept"),
    "merged": ("fusionné (même code)", "samengevoegd (zelfde code)", "merged (same code)"),
    "blank": ("lignes sans valeur", "rijen zonder waarde", "rows without a value"),
    "updated": ("changement enregistré", "wijziging bewaard", "change stored"),
    "yes": ("oui", "ja", "yes"),
    "no": ("non", "nee", "no"),
    "scheme": ("classification", "classificatie", "classification"),
    "schemes": ("classification", "classificatie", "classification"),
    "version": ("version", "versie", "version"),
    "labels": ("libellés", "labels", "labels"),
    "missingLabels": ("libellés manquants", "ontbrekende labels", "missing labels"),
    "occupations": ("métiers", "beroepen", "occupations"),
    "competences": ("compétences", "competenties", "competences"),
    "groups": ("groupes", "groepen", "groups"),
    "relations": ("relations", "relaties", "relations"),
    "relationsDropped": ("relations laissées", "weggelaten relaties", "relations left out"),
    "otherVersion": ("d'une autre version", "van een andere versie", "of another version"),
    "essential": ("essentielles", "essentieel", "essential"),
    "optional": ("facultatives", "optioneel", "optional"),
    "codes": ("codes", "codes", "codes"),
    "mapped": ("codes reliés", "gekoppelde codes", "codes mapped"),
    "names": ("noms", "namen", "names"),
}
"""What is counted by the import reports."""


def import_taxonomy(store: Store, folder: Path, now: datetime) -> Document:
    """Import an ESCO download; tell what it holds and what changed.

    Raises
    ------
    DataError
        As `matching.classifications.read_esco`.
    """
    document, report = read_esco(folder)
    changed = changes(store.reference("esco"), document)
    return {**changed, "updated": store.put_reference("esco", document, now), **report}


def import_crosswalk(store: Store, files: Sequence[Path], now: datetime) -> Document:
    """Import the mapping and name files of other schemes, read together; tell what each holds and what changed.

    Raises
    ------
    DataError
        As `matching.crosswalks.read_crosswalk`.
    """
    documents, reports = read_crosswalk(files)
    found: Document = {}
    for scheme, document in sorted(documents.items()):
        changed = changes(store.reference(scheme), document)
        found[scheme] = {**changed, "updated": store.put_reference(scheme, document, now), **reports[scheme]}
    return {"files": [path.name for path in files], "schemes": found}


def import_places(store: Store, name: str, file: Path, now: datetime, lang: str) -> tuple[Document, tuple[Problem, ...]]:
    """Import ``postcodes`` or ``travel-times``; tell what was kept, and every row that was left out.

    Raises
    ------
    DataError
        As the readers of `matching.reference`.
    """
    read = reference.read_postcodes if name == "postcodes" else reference.read_travel_times
    document, report = read(file)
    counts = {"rows": report.rows, "kept": report.kept, "merged": report.merged, "blank": report.blank}
    updated = store.put_reference(name, document, now)
    return {"files": [file.name], **counts, "updated": updated, "problems": as_documents(report.problems, lang)}, report.problems


def import_records(
    desk: Desk,
    kind: KindOfFile,
    files: Sequence[str],
    *,
    strict: bool = False,
    extract: bool = True,
    progress: Progress | None = None,
) -> ImportReport:
    """Import files of offers, profiles or outcomes, each whole or (without ``strict``) row by row.

    Parameters
    ----------
    desk
        Whose store is written, with whose taxonomy mentions are linked.
    kind
        What the files hold.
    files
        Paths, or ``-`` for standard input.
    strict
        Write nothing of a file in which there is any problem.
    extract
        Fill what offers leave unsaid with what their texts say.
    progress
        Called with the number of rows read so far of the file being read.

    Raises
    ------
    OSError
        A file cannot be opened.
    """
    reports = {}
    for file in files:
        rows = read_rows(file)
        if kind == "outcomes":
            reports[file] = _import_outcomes(desk, rows, strict, progress)
            continue
        loaded = desk.loaded()
        write: Any = desk.store.put_offers if kind == "offers" else desk.store.put_profiles
        read: Any = ingest.import_profiles
        if kind == "offers":
            read = functools.partial(ingest.import_offers, reader=loaded.read_text if extract else None)
        reports[file] = read(
            rows,
            lambda records, write=write: write(records, desk.clock()),
            groups=desk.groups,
            linking=loaded.codes,
            strict=strict,
            progress=progress,
        )
    return _added(reports)


def read_text(text: str) -> tuple[dict[str, str], list[Problem]]:
    """Give one text as `read_texts` gives many; raises `DataError` when it is empty."""
    if not text.strip():
        raise DataError([Problem("missing", "request", "text", None, "text")])
    return {"": text}, []


def read_texts(file: str) -> tuple[dict[str, str], list[Problem]]:
    """Read ``id<TAB>text`` lines: text by id, and every line that is not so; ``-`` is standard input.

    Raises
    ------
    OSError
        The file cannot be opened.
    DataError
        The file is not UTF-8.
    """
    data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    try:
        lines = data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise DataError([Problem("not_utf8", "file", f"byte {error.start}", None, "UTF-8")]) from None
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != 2:
            problems += [Problem("ragged_row", f"row {number}", "", str(len(cells)), "2")] if line.strip() else []
        elif cells[0] in texts:
            problems.append(Problem("duplicate_id", f"row {number}", "id", shown(cells[0]), "once"))
        elif not cells[1]:
            problems.append(Problem("missing", f"row {number}", "text", None, "text"))
        elif len(cells[1].encode()) > MOST_BYTES:
            problems.append(Problem("too_long", f"row {number}", "text", None, str(MOST_BYTES)))
        else:
            texts[cells[0]] = cells[1]
    return texts, problems


def read_given_profile(desk: Desk, data: bytes) -> Profile:
    """Read a profile that is not stored from JSON; raises `DataError` with every problem."""
    row = load_json(data, "profile")
    return ingest.link_profile(ingest.read_profile(row, groups=desk.groups), desk.loaded().codes)[0]


def read_override(reason: str | None, by: str) -> Override | None:
    """Read the decision to go beyond LINK's dates; raises `DataError` when the reason is too short or too long."""
    if reason is None:
        return None
    made, problems = read_record(Override, {"reason": reason.strip(), "by": by}, "request")
    if problems:
        raise DataError(problems)
    return made


def _import_outcomes(desk: Desk, rows: Iterator[Any], strict: bool, progress: Progress | None) -> ImportReport:
    """Import one file of outcomes; events that contradict what is stored are refused, and with ``strict`` all with them."""
    refused: list[Problem] = []
    kept_back = 0

    def put(events: list[Outcome]) -> Counts:
        nonlocal kept_back
        left = events
        while left:
            try:
                return desk.store.record_outcomes(left, desk.clock())
            except Conflict as conflict:
                found = [Problem("conflict", f"outcome {one}", "id", one, "another id") for one in conflict.ids]
                bad = set(conflict.ids)
            except DataError as error:
                found = [replace(problem, record=f"outcome {problem.record}") for problem in error.problems]
                bad = {problem.record for problem in error.problems}
            refused.extend(found)
            left = [event for event in left if event.id not in bad]
            if strict:
                kept_back = len(left)
                return Counts()
        return Counts()

    report = ingest.import_outcomes(rows, put, strict=strict, progress=progress)
    if not refused:
        return report
    lost = len({problem.record for problem in refused})
    return replace(
        report, refused=report.refused + lost, kept_back=kept_back, problems=(*report.problems, *refused)
    )


def _added(reports: Mapping[str, ImportReport]) -> ImportReport:
    """Add the reports of several files; of more than one file, each problem names its own."""
    total = ImportReport()
    numbers, texts, codes, missing, extracted = (Counter[str]() for _ in range(5))
    for file, report in reports.items():
        named = [replace(p, record=f"file {Path(file).name}, {p.record}") if len(reports) > 1 else p for p in report.problems]
        missing.update(report.missing)
        extracted.update(report.extracted)
        numbers.update(report.links.numbers())
        texts.update(report.links.unlinked_texts)
        codes.update(report.links.unknown_codes)
        total = replace(
            total,
            read=total.read + report.read,
            new=total.new + report.new,
            changed=total.changed + report.changed,
            unchanged=total.unchanged + report.unchanged,
            refused=total.refused + report.refused,
            kept_back=total.kept_back + report.kept_back,
            problems=(*total.problems, *named),
        )
    links = LinkCounts(**numbers, unlinked_texts=texts, unknown_codes=codes)
    return replace(total, links=links, missing=ingest.most_first(missing), extracted=ingest.most_first(extracted))


def records_document(report: ImportReport, files: Iterable[str], lang: str) -> Document:
    """Give the report of imported records for programs."""
    document = report.as_json()
    found = document["links"]["competences"]
    document["links"]["competences"] = {"read": sum(found.values()), **found}
    return {"files": [Path(file).name for file in files], **document, "problems": as_documents(report.problems, lang)}


def records_listing(document: Mapping[str, Any], lang: str) -> Listing:
    """List the counts of imported records, and what could not be linked: the most frequent texts."""
    rows: list[tuple[Cell, ...]] = [(word(COUNTED, name, lang), document[name]) for name in COUNTS if document[name]]
    for group in ("occupations", "competences"):
        counts = document["links"][group]
        rows += [(word(COUNTED, f"{group}.{name}", lang), counts[name]) for name in counts if any(counts.values())]
    texts = document["links"]["unlinkedTexts"]
    rows += [(word(COUNTED, "text", lang).format(row["text"]), row["count"]) for row in texts[:TEXTS_SHOWN]]
    if left := document["links"]["competences"]["unlinked"] - sum(row["count"] for row in texts[:TEXTS_SHOWN]):
        rows.append((word(COUNTED, "moreTexts", lang), left))
    for row in document["links"]["unknownCodes"][:TEXTS_SHOWN]:
        rows.append((word(COUNTED, "code", lang).format(row["code"]), row["count"]))
    for group in ("missing", "extracted"):
        rows += [(word(COUNTED, group, lang).format(name), count) for name, count in document[group].items()]
    return Listing((word(COUNTED, "what", lang), word(COUNTED, "count", lang)), tuple(rows))


def counts_listing(document: Mapping[str, Any], lang: str) -> Listing:
    """List every count of a report, however deep it stands; a name without words is shown as it is."""
    return Listing((word(COUNTED, "what", lang), word(COUNTED, "count", lang)), tuple(_counts(document, lang)))


def _counts(document: Mapping[str, Any], lang: str, path: str = "") -> Iterator[tuple[Cell, ...]]:
    for name, value in document.items():
        said = f"{path}{word(COUNTED, name, lang)}"
        if isinstance(value, Mapping):
            yield from _counts(value, lang, f"{said} · ")
        elif isinstance(value, bool):
            yield said, word(COUNTED, "yes" if value else "no", lang)
        elif isinstance(value, int | str):
            yield said, value
