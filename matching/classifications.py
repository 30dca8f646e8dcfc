"""Classification files -> a plain document to store -> the `Taxonomy` that the engine uses.

The document holds what the files say, as JSON: ``scheme``, ``version``, ``occupations`` and ``competences`` and
``groups`` (URI -> entry), ``labels`` and ``descriptions`` (language -> URI -> text), ``relations`` (``essential`` and
``optional``: occupation -> rows of the sorted competences) and ``parts`` (the same for competences within competences).
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy import sparse

from matching.records import DataError, Problem
from matching.taxonomy import (
    RELATIONS,
    ForeignName,
    Targets,
    Taxonomy,
    code_key,
    incidence,
    related_competences,
    similar_occupations,
    smallest_groups,
)

Document = dict[str, Any]
Report = dict[str, Any]
Row = dict[str, str]

STARTER: Final = Path(__file__).parent / "data" / "starter"
MOST_BYTES: Final = 200_000_000
KINDS: Final = ("occupations", "competences", "groups")

FILES: Final[Mapping[str, tuple[str, ...]]] = {
    "occupations": ("conceptUri", "iscoGroup", "preferredLabel"),
    "skills": ("conceptUri", "skillType", "preferredLabel"),
    "skillGroups": ("conceptUri", "preferredLabel"),
    "ISCOGroups": ("conceptUri", "code", "preferredLabel"),
    "languageSkillsCollection": ("conceptUri",),
    "broaderRelationsOccPillar": ("conceptUri", "broaderUri"),
    "broaderRelationsSkillPillar": ("conceptUri", "broaderUri"),
    "occupationSkillRelations": ("occupationUri", "relationType", "skillUri"),
    "skillSkillRelations": ("originalSkillUri", "relationType", "relatedSkillUri"),
}
"""Files of the official ESCO download that are read, and the columns each must have."""

NAME: Final = re.compile(rf"^({'|'.join(FILES)})(?:_([a-z]{{2}}))?\.csv$", re.IGNORECASE)
WORDED: Final = frozenset({"occupations", "skills", "skillGroups", "ISCOGroups"})


def read_table(path: Path) -> list[list[str]]:
    """Read a CSV file with comma, semicolon or tab, UTF-8 (with or without a mark) or Windows-1252, as rows of cells.

    Raises
    ------
    DataError
        ``unreadable_file`` when it is missing or no CSV, ``too_large`` above 200 MB.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise DataError([Problem("too_large", path.name, "file", accepted=f"{MOST_BYTES // 1_000_000} MB")])
        raw = path.read_bytes()
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252")
        heads = text[:4000].split("\n")[:20]
        separator = max(",;\t", key=lambda mark: sum(line.count(mark) for line in heads))
        return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True) if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        problem = Problem("unreadable_file", path.name, "file", type(error).__name__, "CSV (UTF-8)")
        raise DataError([problem]) from error


def rows_of(table: Sequence[Sequence[str]], name: str, columns: Iterable[str]) -> list[Row]:
    """Rows as dictionaries by the table's own header; short rows are filled with empty cells.

    Raises
    ------
    DataError
        ``missing_columns`` naming those of `columns` that the header lacks.
    """
    head = [cell.strip() for cell in table[0]] if table else []
    missing = [column for column in columns if column not in head]
    if missing:
        raise DataError([Problem("missing_columns", name, ", ".join(missing), accepted=", ".join(columns))])
    width = len(head)
    return [dict(zip(head, [*row, *[""] * (width - len(row))], strict=False)) for row in table[1:]]


def read_esco(directory: Path, scheme: str = "esco") -> tuple[Document, Report]:
    """Read a folder in the layout of the official ESCO CSV download (v1.1 or v1.2), whatever languages it holds.

    A concept that the hierarchy file does not know belongs to another version: it is left out and counted, as are
    relations to unknown concepts and rows with the status ``obsolete``.

    Raises
    ------
    DataError
        Every file that cannot be read (``unreadable_file``, ``missing_columns``); ``missing_file`` when there is no
        ``occupations_<language>.csv``.
    """
    tables = _tables(directory)
    report: Report = {"scheme": scheme, "files": sorted({name for name, _, _ in tables.values()})}
    found = _concepts(tables, report)
    broader = _broader(tables)
    report["otherVersion"] = _drop_other_version(found, broader)
    document: Document = {"scheme": scheme, **{kind: {} for kind in KINDS}}
    known = set().union(*(found[kind] for kind in KINDS))
    hierarchy = broader["occupations"] | broader["competences"]
    for kind in KINDS:
        for uri in sorted(found[kind]):
            above = sorted(hierarchy.get(uri, set()) & known)
            document[kind][uri] = {**found[kind][uri], **({"broader": above} if above else {})}
    document["labels"], document["descriptions"] = _texts(tables, known)
    document["relations"], document["parts"] = _relations(tables, document, report)
    document["version"] = f"{scheme}-{digest(document)}"
    _count(document, report)
    return document, report


def read_starter() -> tuple[Document, Report]:
    """Read the project's own small classification, used until ESCO is imported."""
    return read_esco(STARTER, scheme="starter")


def digest(document: Mapping[str, Any]) -> str:
    """Twelve hexadecimal digits that stand for what the document says, whatever the order of its keys."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


Tables = dict[Path, tuple[str, str, list[Row]]]
Found = dict[str, dict[str, dict[str, str]]]


def _tables(directory: Path) -> Tables:
    """Read every known file: path -> (name, language or "", rows); problems of all files are raised together."""
    spelled = {name.lower(): name for name in FILES}
    tables: Tables = {}
    problems: list[Problem] = []
    for path in sorted([*directory.glob("*.csv"), *directory.glob("*/*.csv")]):
        match = NAME.match(path.name)
        if match:
            name, lang = spelled[match[1].lower()], (match[2] or "").lower()
            try:
                tables[path] = (name, lang, rows_of(read_table(path), path.name, FILES[name]))
            except DataError as error:
                problems.extend(error.problems)
    if not problems and not any(name == "occupations" and lang for name, lang, _ in tables.values()):
        accepted = "occupations_fr.csv, occupations_nl.csv, occupations_en.csv"
        problems.append(Problem("missing_file", directory.name, "occupations", accepted=accepted))
    if problems:
        raise DataError(problems)
    return tables


def _each(tables: Tables, *names: str) -> Iterable[tuple[str, str, Row]]:
    """Rows of the named files that have a URI and are not obsolete, with name and language."""
    for name, lang, rows in tables.values():
        if name in names:
            for row in rows:
                if row.get("conceptUri") and row.get("status", "").strip().lower() != "obsolete":
                    yield name, lang, row


def _concepts(tables: Tables, report: Report) -> Found:
    found: Found = {kind: {} for kind in KINDS}
    languages = {row["conceptUri"] for _, _, row in _each(tables, "languageSkillsCollection")}
    for name, _, row in _each(tables, *WORDED):
        uri = row["conceptUri"].strip()
        if name == "occupations":
            isco = row["iscoGroup"].strip().removeprefix("C")
            entry = {"isco": isco.zfill(4) if isco else "", "code": row.get("code", "").strip()}
        elif name == "skills":
            kind = "language" if uri in languages else row["skillType"].rpartition("/")[0] or row["skillType"]
            entry = {"type": kind.strip(), "reuse": row.get("reuseLevel", "").strip()}
        else:
            of = "isco" if name == "ISCOGroups" else "competence"
            entry = {"type": of, "code": row.get("code", "").strip()}
        kind = {"occupations": "occupations", "skills": "competences"}.get(name, "groups")
        known = found[kind].setdefault(uri, {})
        known.update({key: value for key, value in entry.items() if value})
    status = (row.get("status", "") for name, _, rows in tables.values() if name in WORDED for row in rows)
    report["obsolete"] = sum(value.strip().lower() == "obsolete" for value in status)
    return found


def _broader(tables: Tables) -> dict[str, dict[str, set[str]]]:
    """Pillar -> URI -> URIs directly above it."""
    above: dict[str, dict[str, set[str]]] = {"occupations": {}, "competences": {}}
    pillars = {"broaderRelationsOccPillar": "occupations", "broaderRelationsSkillPillar": "competences"}
    for name, _, row in _each(tables, *pillars):
        above[pillars[name]].setdefault(row["conceptUri"].strip(), set()).add(row["broaderUri"].strip())
    return above


def _drop_other_version(found: Found, broader: Mapping[str, Mapping[str, set[str]]]) -> Report:
    dropped = {}
    for kind, above in broader.items():
        strange = [uri for uri in found[kind] if uri not in above]
        # A hierarchy that knows less than half of the concepts is itself the stranger: keep the concepts.
        dropped[kind] = len(strange) if 2 * len(strange) <= len(found[kind]) else 0
        for uri in strange if dropped[kind] else ():
            del found[kind][uri]
    return dropped


def _texts(tables: Tables, known: set[str]) -> tuple[dict[str, dict[str, list[str]]], dict[str, dict[str, str]]]:
    labels: dict[str, dict[str, list[str]]] = {}
    descriptions: dict[str, dict[str, str]] = {}
    for _, lang, row in _each(tables, *WORDED):
        uri = row["conceptUri"].strip()
        cells = "\n".join(row.get(column, "") for column in ("preferredLabel", "altLabels", "hiddenLabels"))
        words = [" ".join(cell.split()) for cell in re.split(r"\n| \| ", cells) if cell.strip()]
        if uri in known and lang and words:
            labels.setdefault(lang, {}).setdefault(uri, []).extend(words)
            if row.get("description"):
                descriptions.setdefault(lang, {})[uri] = row["description"].strip()
    once = {lang: {uri: list(dict.fromkeys(words)) for uri, words in of.items()} for lang, of in labels.items()}
    return once, descriptions


def _relations(tables: Tables, document: Document, report: Report) -> tuple[Document, Document]:
    """Relations of occupations, and of competences, to competences: kind -> URI -> sorted rows of competences."""
    index = {uri: row for row, uri in enumerate(sorted(document["competences"]))}
    result: list[Document] = []
    report["relations"] = report["relationsDropped"] = 0
    for name, owner, target, owners in (
        ("occupationSkillRelations", "occupationUri", "skillUri", document["occupations"]),
        ("skillSkillRelations", "originalSkillUri", "relatedSkillUri", document["competences"]),
    ):
        related: dict[str, dict[str, set[int]]] = {"essential": {}, "optional": {}}
        for row in (row for known, _, rows in tables.values() if known == name for row in rows):
            of, uri, competence = row["relationType"].strip(), row[owner].strip(), index.get(row[target].strip())
            kept = of in related and uri in owners and competence is not None
            report["relations" if kept else "relationsDropped"] += 1
            if kept and competence is not None:
                related[of].setdefault(uri, set()).add(competence)
        result.append({of: {uri: sorted(rows) for uri, rows in sorted(lists.items())} for of, lists in related.items()})
    return result[0], result[1]


def _count(document: Document, report: Report) -> None:
    report["version"] = document["version"]
    report |= {kind: len(document[kind]) for kind in KINDS}
    report["labels"], report["missingLabels"] = {}, {}
    for lang, words in sorted(document["labels"].items()):
        named = {kind: sum(uri in words for uri in document[kind]) for kind in KINDS}
        report["labels"][lang] = named
        report["missingLabels"][lang] = {kind: len(document[kind]) - named[kind] for kind in KINDS}


def changes(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> dict[str, int]:
    """Count concepts (or codes of a crosswalk) that are new, changed, unchanged or removed since the stored one."""
    before, after = _signatures(old or {}), _signatures(new)
    same = sum(before.get(key) == value for key, value in after.items())
    added = len(after.keys() - before.keys())
    return {
        "new": added,
        "changed": len(after) - added - same,
        "unchanged": same,
        "removed": len(before.keys() - after.keys()),
    }


def _signatures(document: Mapping[str, Any]) -> dict[tuple[str, str], list[Any]]:
    """Everything that the document says of each concept."""
    competences = sorted(document.get("competences", {}))
    texts = [(part, lang) for part in ("labels", "descriptions") for lang in sorted(document.get(part, {}))]
    lists = [of for part in ("relations", "parts") for of in document.get(part, {}).values()]
    return {
        (kind, uri): [
            entry,
            {(part, lang): document[part][lang].get(uri) for part, lang in texts if uri in document[part][lang]},
            [[competences[row] for row in of.get(uri, ())] for of in lists],
        ]
        for kind in KINDS
        for uri, entry in document.get(kind, {}).items()
    }


def build_taxonomy(documents: Mapping[str, Mapping[str, Any]]) -> Taxonomy:
    """Build the taxonomy from stored documents: the classification, and the crosswalks of other schemes to it.

    Parameters
    ----------
    documents
        Scheme -> document. The classification is ``esco``, or else ``starter``; the others are crosswalks (see
        `matching.crosswalks`), of which targets outside the classification are left out.

    Raises
    ------
    DataError
        ``missing_classification`` when there is neither.
    """
    chosen = next((scheme for scheme in ("esco", "starter") if scheme in documents), None)
    if chosen is None:
        raise DataError([Problem("missing_classification", "taxonomy", "scheme", accepted="esco, starter")])
    base = documents[chosen]
    crosswalks = {scheme: d for scheme, d in sorted(documents.items()) if scheme not in ("esco", "starter")}
    occupations, competences = tuple(sorted(base["occupations"])), tuple(sorted(base["competences"]))
    occupation_index = {uri: row for row, uri in enumerate(occupations)}
    competence_index = {uri: row for row, uri in enumerate(competences)}
    groups = tuple(sorted(uri for uri, entry in base["groups"].items() if entry["type"] == "competence"))
    isco = tuple(base["occupations"][uri].get("isco", "") for uri in occupations)
    essential = _used(base, "essential", occupations, len(competences))
    optional = _used(base, "optional", occupations, len(competences))
    broader = _above(base["competences"], competences, competence_index)
    in_groups = _above(base["competences"], competences, {uri: row for row, uri in enumerate(groups)})
    group = smallest_groups(in_groups, broader, len(groups))
    parts = [base["parts"]["essential"].get(uri, ()) for uri in competences]
    start, competence, credit = related_competences(broader, group, essential, parts)
    kin = _above(base["occupations"], occupations, occupation_index)
    codes, names = _foreign(base, crosswalks, {"occupations": occupation_index, "competences": competence_index})
    return Taxonomy(
        version="+".join([base["version"], *(document["version"] for document in crosswalks.values())]),
        occupations=occupations,
        competences=competences,
        occupation_index=occupation_index,
        competence_index=competence_index,
        labels={lang: {uri: tuple(words) for uri, words in of.items()} for lang, of in base["labels"].items()},
        descriptions=base.get("descriptions", {}),
        isco=isco,
        competence_type=tuple(base["competences"][uri].get("type", "") for uri in competences),
        groups=groups,
        competence_group=group,
        essential_start=essential.indptr.astype(np.int64),
        essential_competence=essential.indices.astype(np.int32),
        optional_start=optional.indptr.astype(np.int64),
        optional_competence=optional.indices.astype(np.int32),
        related_start=start,
        related_competence=competence,
        related_credit=credit,
        occupation_similarity=similar_occupations(isco, kin, essential),
        codes=codes,
        names=names,
    )


def _used(base: Mapping[str, Any], of: str, occupations: Sequence[str], n_competences: int) -> sparse.csr_array:
    return incidence([base["relations"][of].get(uri, ()) for uri in occupations], n_competences)


def _above(entries: Mapping[str, Any], uris: Sequence[str], index: Mapping[str, int]) -> list[list[int]]:
    return [[index[above] for above in entries[uri].get("broader", ()) if above in index] for uri in uris]


def _foreign(
    base: Mapping[str, Any], crosswalks: Mapping[str, Mapping[str, Any]], indexes: Mapping[str, Mapping[str, int]]
) -> tuple[dict[str, dict[str, Targets]], dict[str, tuple[ForeignName, ...]]]:
    """Codes and names of other schemes: kind -> key -> targets, kind -> names."""
    codes: dict[str, dict[str, Targets]] = {"occupation": {}, "competence": {}}
    names: dict[str, list[ForeignName]] = {"occupation": [], "competence": []}
    for uri, entry in base["occupations"].items():
        if entry.get("code"):
            codes["occupation"][code_key(base["scheme"], entry["code"])] = ((uri, "exact"),)
    for scheme, document in crosswalks.items():
        for kinds, index in indexes.items():
            kind = kinds.removesuffix("s")
            for code, entry in document.get(kinds, {}).items():
                targets: Targets = tuple((uri, relation) for uri, relation in entry["targets"] if uri in index)
                codes[kind][code_key(scheme, code)] = targets or _of_isco(entry.get("isco", ()), base)
                names[kind] += [
                    ForeignName(scheme, code, lang, name, targets) for lang, words in entry["names"].items() for name in words
                ]
    return codes, {kind: tuple(found) for kind, found in names.items()}


def _of_isco(groups: Iterable[str], base: Mapping[str, Any]) -> Targets:
    wanted = set(groups)
    if not wanted:
        return ()
    inside = sorted(uri for uri, entry in base["occupations"].items() if entry.get("isco") in wanted)
    return tuple((uri, RELATIONS[-1]) for uri in inside)
