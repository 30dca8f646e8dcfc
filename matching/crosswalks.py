"""Mapping and name files of another scheme (ROME, Competent) -> one plain document per scheme to store.

A document holds ``scheme``, ``version``, and for ``occupations`` and ``competences`` code -> entry: ``names`` (language
-> names), ``targets`` ([URI, relation], best first; see `matching.taxonomy.RELATIONS`), and where known ``within`` (the
wider code), ``isco``, ``near`` and ``competences`` (codes). Files are known by their columns, not by their names.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from matching.classifications import MOST_BYTES, Document, Report, Row, digest, read_table, rows_of
from matching.records import DataError, Problem
from matching.taxonomy import RELATIONS

Table = list[list[str]]
Documents = dict[str, Document]

WEIGHT: Final = {"exact": 4, "close": 3, "narrow": 2, "broad": 1}
"""What one mapped name says for its wider code."""

RELATION_COLUMN: Final = "mapping relation"
MAPPING: Final = "classification 1 ID, classification 2 ID, mapping relation"
ACCEPTED: Final = f"CSV ({MAPPING}), CSV (code_ogr, code_rome), XLSX (Code ROME, Code ISCO08)"


def read_crosswalk(files: Iterable[Path]) -> tuple[Documents, Report]:
    """Read mapping files and name files together; the answer is scheme -> document, and what was found per scheme.

    Raises
    ------
    DataError
        Every file that cannot be read or recognised (``unreadable_file``, ``missing_columns``, ``unknown_format``);
        ``missing_file`` when no file maps anything to the classification.
    """
    documents: Documents = {}
    problems: list[Problem] = []
    tables: list[tuple[int, str, Table]] = []
    for path in files:
        try:
            found = [(_order(table), path.name, table) for table in _tables(path)]
            known = [entry for entry in found if entry[0] >= 0]
            if not known:
                problems.append(Problem("unknown_format", path.name, "file", accepted=ACCEPTED))
            tables += known
        except DataError as error:
            problems += error.problems
    if not problems and not any(order == 0 for order, _, _ in tables):
        problems.append(Problem("missing_file", "crosswalk", "mapping", accepted=f"CSV ({MAPPING})"))
    if not problems:
        for order, name, table in sorted(tables):
            try:
                READERS[order][1](table, name, documents)
            except DataError as error:
                problems += error.problems
    if problems:
        raise DataError(problems)
    return documents, {scheme: _finish(document) for scheme, document in sorted(documents.items())}


def _tables(path: Path) -> list[Table]:
    """Tables of one file: the sheets of a workbook, or the one table of a CSV file."""
    if path.suffix.lower() != ".xlsx":
        return [read_table(path)]
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
                raise DataError([Problem("too_large", path.name, "file", accepted=f"{MOST_BYTES // 1_000_000} MB")])
        book = CalamineWorkbook.from_path(str(path))
        return [[[_cell(c) for c in row] for row in book.get_sheet_by_name(s).to_python()] for s in book.sheet_names]
    except (OSError, zipfile.BadZipFile, CalamineError) as error:
        raise DataError([Problem("unreadable_file", path.name, "file", type(error).__name__, "XLSX")]) from error


def _cell(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _order(table: Table) -> int:
    """Position of the reader for this table, or -1."""
    heads = [{cell.strip().lower() for cell in row} for row in table[:40]]
    for order, (columns, _) in enumerate(READERS):
        if any(set(columns) <= head for head in (heads if order == 0 else heads[:1])):
            return order
    return -1


def _document(documents: Documents, scheme: str) -> Document:
    return documents.setdefault(scheme, {"scheme": scheme, "version": "", "occupations": {}, "competences": {}})


def _entry(entries: dict[str, Any], code: str) -> dict[str, Any]:
    entry: dict[str, Any] = entries.setdefault(code.strip().upper(), {"names": {}, "targets": []})
    return entry


def _name(entry: dict[str, Any], lang: str, *names: str) -> None:
    # The ROME files double their apostrophes, as SQL does.
    clean = [" ".join(name.replace("''", "'").split()) for name in names]
    known = entry["names"].setdefault(lang, [])
    known += [name for name in dict.fromkeys(clean) if name and name not in known]


def _read_mapping(table: Table, name: str, documents: Documents) -> None:
    """Read a mapping as the ESCO portal publishes it: lines that say what it is, then classification 1 to 2."""
    at = next(i for i, row in enumerate(table) if RELATION_COLUMN in {cell.strip().lower() for cell in row})
    said = {row[0].strip().lower(): row[1].strip() for row in table[:at] if len(row) > 1}
    title = f"{said.get('classification 2 name', '')} {said.get('classification 2 version', '')}".lower()
    words = re.findall(r"[a-z]+", title)
    scheme = next((known for known in ("rome", "competent") if known in words), words[0] if words else "")
    if not scheme:
        raise DataError([Problem("unknown_format", name, "Classification 2 Name", accepted="ROME, Competent")])
    kind = "occupations" if "occupation" in said.get("classification 2 concept type", "").lower() else "competences"
    document = _document(documents, scheme)
    document["version"] = said.get("classification 2 version", "")
    head = [cell.strip().lower() for cell in table[at]]
    default = said.get("classification 2 language", "")[:2].lower()
    labels = {h: h.rsplit(" ", 1)[-1] for h in head if re.match(r"classification 2 pref\w* ?label( [a-z]{2})?$", h)}
    for row in rows_of([head, *table[at + 1 :]], name, ["classification 2 id", RELATION_COLUMN]):
        uri = next((cell for h, cell in row.items() if h.startswith("classification 1") and ":/" in cell), "").strip()
        relation = row[RELATION_COLUMN].rpartition(":")[2].removesuffix("Match").strip().lower()
        if not (uri and relation in WEIGHT and row["classification 2 id"]):
            document["dropped"] = document.get("dropped", 0) + 1
            continue
        entry = _entry(document[kind], row["classification 2 id"])
        entry["targets"].append([uri, relation])
        for column, lang in labels.items():
            _name(entry, lang if len(lang) == 2 else default, row[column])


def _read_appellations(table: Table, name: str, documents: Documents) -> None:
    entries = _document(documents, "rome")["occupations"]
    for row in _rows(table, name):
        entry = _entry(entries, row["code_ogr"])
        entry["within"] = row["code_rome"]
        _name(entry, "fr", row.get("libelle_appellation_long", ""), row["libelle_appellation_court"])
        _entry(entries, row["code_rome"])


def _read_rome_codes(table: Table, name: str, documents: Documents) -> None:
    for row in _rows(table, name):
        _name(_entry(_document(documents, "rome")["occupations"], row["code_rome"]), "fr", row["libelle_rome"])


def _read_competences(table: Table, name: str, documents: Documents) -> None:
    for row in _rows(table, name):
        _name(_entry(_document(documents, "rome")["competences"], row["code_ogr"]), "fr", row["libelle_competence"])


def _read_mobility(table: Table, name: str, documents: Documents) -> None:
    for row in _rows(table, name):
        near = _entry(_document(documents, "rome")["occupations"], row["code_rome"]).setdefault("near", [])
        if row["code_rome_cible"] not in near:
            near.append(row["code_rome_cible"])


def _read_links(table: Table, name: str, documents: Documents) -> None:
    document = _document(documents, "rome")
    for row in _rows(table, name):
        if row["code_ogr"] in document["competences"]:
            entry = _entry(document["occupations"], row["code_rome"])
            entry.setdefault("competences", []).append(row["code_ogr"])


def _read_isco(table: Table, name: str, documents: Documents) -> None:
    for row in _rows(table, name):
        if row["code isco08"].isdigit():
            groups = _entry(_document(documents, "rome")["occupations"], row["code rome"]).setdefault("isco", [])
            groups += [group for group in [row["code isco08"].zfill(4)] if group not in groups]


def _rows(table: Table, name: str) -> list[Row]:
    return rows_of([[cell.strip().lower() for cell in table[0]], *table[1:]], name, ())


READERS: Final[Sequence[tuple[tuple[str, ...], Callable[[Table, str, Documents], None]]]] = (
    ((RELATION_COLUMN,), _read_mapping),
    (("code_ogr", "libelle_appellation_court", "code_rome"), _read_appellations),
    (("code_rome", "libelle_rome"), _read_rome_codes),
    (("code_ogr", "libelle_competence"), _read_competences),
    (("code_rome", "code_rome_cible"), _read_mobility),
    (("code_rome", "code_ogr"), _read_links),
    (("code rome", "code isco08"), _read_isco),
)
"""Columns that tell a table, and its reader; tables are read in this order, whatever the order of the files."""


def _finish(document: Document) -> Report:
    """Order targets, give wider codes the targets of their names, and count."""
    occupations = document["occupations"]
    votes: dict[str, Counter[str]] = {}
    for kind in ("occupations", "competences"):
        for entry in document[kind].values():
            entry["targets"] = sorted({tuple(t) for t in entry["targets"]}, key=lambda t: (RELATIONS.index(t[1]), t[0]))
            entry["targets"] = [list(target) for target in entry["targets"]]
            for uri, relation in entry["targets"] if "within" in entry else ():
                votes.setdefault(entry["within"], Counter())[uri] += WEIGHT[relation]
    for code, counted in votes.items():
        best = sorted(counted, key=lambda uri, of=counted: (-of[uri], uri))  # type: ignore[misc]
        occupations[code]["targets"] = [[uri, "close" if len(best) == 1 else "narrow"] for uri in best]
    report: Report = {"relationsDropped": document.pop("dropped", 0)}
    for kind in ("occupations", "competences"):
        entries: Mapping[str, Any] = document[kind]
        mapped = [entry for entry in entries.values() if entry["targets"]]
        report[kind] = {
            "codes": len(entries),
            "mapped": len(mapped),
            "names": sum(len(names) for entry in entries.values() for names in entry["names"].values()),
            "relations": dict(Counter(relation for entry in mapped for _, relation in entry["targets"])),
        }
    stated = "-".join(document["version"].lower().removeprefix(document["scheme"]).split())
    document["version"] = "-".join(part for part in (document["scheme"], stated, digest(document)) if part)
    report["version"] = document["version"]
    return report
