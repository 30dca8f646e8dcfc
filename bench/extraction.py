"""Competences found in running vacancy text, against marks made by people: a plain dictionary beside ours. Prints one table.

    python bench/extraction.py --gold FILE.jsonl --texts FILE.todo.jsonl --esco DIR [--sentences DIR] [--output FILE]

Gold: one vacancy a line, ``{"row", "spans": [{"start", "end", "concept", "also", "level"}]}``; texts: ``{"row", "text"}``.
Sentences: a folder of CSV files with ``sentence, span, sub_span, label`` (English). Without ``--esco`` the starter
classification is used, whose concepts are not those of the gold. Without ``--gold`` or ``--sentences`` nothing is measured.

Spans match one to one, the largest overlap first, when intersection over union is at least .5 (exact: 1). The dictionary
marks every label of a competence, in the language of the text, that stands in it word for word, longest first.
"""

import argparse
import csv
import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from matching.classifications import build_taxonomy, read_esco, read_starter
from matching.cues import plain
from matching.linking import ConceptLinker
from matching.linking.wording import key
from matching.passages import competences
from matching.said import Finding
from matching.taxonomy import Taxonomy
from models.linker_file import load as load_linker

OVERLAP: Final = 0.5
NO_LABEL: Final = frozenset({"LABEL NOT PRESENT", "UNDERSPECIFIED"})


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of the gold; ``concepts`` is what it may be linked to, best first, ``neutral``: neither right nor wrong to find."""

    start: int
    end: int
    concepts: tuple[str, ...] = ()
    best: str | None = None
    level: str | None = None
    neutral: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its marks."""

    name: str
    text: str
    lang: str
    marks: tuple[Mark, ...]


Reader = Callable[[Document], Sequence[Finding]]


def read_gold(gold: Path, texts: Path) -> list[Document]:
    """Read the marked vacancies."""
    said = {row["row"]: row["text"] for row in map(json.loads, texts.read_text(encoding="utf-8").splitlines())}
    documents = []
    for row in map(json.loads, gold.read_text(encoding="utf-8").splitlines()):
        marks = tuple(
            Mark(one["start"], one["end"], tuple(c for c in (one["concept"], *one["also"]) if c), one["concept"], one["level"])
            for one in row["spans"]
        )
        documents.append(Document(str(row["row"]), said[row["row"]], row.get("lang", "fr"), marks))
    return documents


def read_sentences(folder: Path, taxonomy: Taxonomy) -> list[Document]:
    """English sentences; spans without a label of the classification are neutral."""
    concepts: dict[str, str] = {}
    for uri in taxonomy.competences:
        for label in taxonomy.labels.get("en", {}).get(uri, ()):
            concepts.setdefault(key(label), uri)
    found: dict[str, dict[tuple[int, int], list[str]]] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            for row in csv.DictReader(file):
                spans = found.setdefault(row["sentence"], {})
                words = row["span"].rstrip(" .?!")
                start = row["sentence"].find(words)
                if start >= 0:
                    spans.setdefault((start, start + len(words)), []).append(row["label"])
    documents = []
    for number, (sentence, spans) in enumerate(found.items()):
        marks = []
        for (start, end), labels in spans.items():
            known = tuple(c for label in labels if (c := concepts.get(key(label))))
            marks.append(Mark(start, end, known, known[0] if known else None, neutral=all(label in NO_LABEL for label in labels)))
        documents.append(Document(str(number), sentence, "en", tuple(marks)))
    return documents


def dictionary(taxonomy: Taxonomy) -> Reader:
    """Every label as words in the text, the longest first, never overlapping."""
    known: dict[str, dict[tuple[str, ...], str]] = {}
    for lang, labels in taxonomy.labels.items():
        own = known.setdefault(lang, {})
        for uri in taxonomy.competences:
            for label in labels.get(uri, ()):
                own.setdefault(tuple(key(label).split()), uri)

    def read(document: Document) -> list[Finding]:
        labels = known.get(document.lang, {})
        longest = max(map(len, labels), default=0)
        said, spans, at = plain(document.text), [], 0
        while at < len(said):
            if said[at].isalnum():
                end = at
                while end < len(said) and (said[end].isalnum() or said[end] in "+#"):
                    end += 1
                spans.append((at, end))
                at = end
            else:
                at += 1
        words = [said[start:end].replace("œ", "oe") for start, end in spans]
        found, row = [], 0
        while row < len(words):
            for last in range(min(len(words), row + longest), row, -1):
                if uri := labels.get(tuple(words[row:last])):
                    found.append(Finding("competences", spans[row][0], spans[last - 1][1], uri))
                    row = last - 1
                    break
            row += 1
        return found

    return read


def pairs(found: Sequence[Finding], marks: Sequence[Mark], least: float) -> list[tuple[Finding, Mark]]:
    """One-to-one matches, the largest overlap first."""
    ranked = []
    for i, one in enumerate(found):
        for j, mark in enumerate(marks):
            shared = min(one.end, mark.end) - max(one.start, mark.start)
            if shared > 0 and (overlap := shared / (max(one.end, mark.end) - min(one.start, mark.start))) >= least:
                ranked.append((-overlap, i, j))
    taken: tuple[set[int], set[int]] = (set(), set())
    matched = []
    for _, i, j in sorted(ranked):
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
            matched.append((found[i], marks[j]))
    return matched


def measure(documents: Iterable[Document], read: Reader) -> dict[str, float]:
    """Count over all texts, then give shares: precision, recall, F1, and what is right about the matched."""
    n = dict.fromkeys(("found", "marks", "match", "exact", "concepts", "best", "any", "level"), 0)
    each = []
    for document in documents:
        found = read(document)
        matched = pairs(found, document.marks, OVERLAP)
        exact = sum(not mark.neutral for _, mark in pairs(found, document.marks, 1.0))
        right = [(one, mark) for one, mark in matched if not mark.neutral]
        here = len(found) - (len(matched) - len(right)), sum(not mark.neutral for mark in document.marks), len(right)
        each.append(score(*here)[2])
        coded = [(one, mark) for one, mark in right if mark.best and one.code]
        for name, more in zip(
            n,
            (
                *here,
                exact,
                len(coded),
                sum(one.code == mark.best for one, mark in coded),
                sum(one.code in mark.concepts for one, mark in coded),
                sum((one.requirement.value if one.requirement else None) == mark.level for one, mark in right),
            ),
            strict=True,
        ):
            n[name] += more
    precision, recall, f1 = score(n["found"], n["marks"], n["match"])
    return {
        "texts": len(each),
        "marks": n["marks"],
        "found": n["found"],
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "f1_mean_of_texts": sum(each) / max(1, len(each)),
        "exact_f1": score(n["found"], n["marks"], n["exact"])[2],
        "concept_best": n["best"] / max(1, n["concepts"]),
        "concept_any": n["any"] / max(1, n["concepts"]),
        "level": n["level"] / max(1, n["match"]),
    }


def score(found: int, marks: int, matched: int) -> tuple[float, float, float]:
    """Precision, recall and F1; 1 where there was nothing to find and nothing was found."""
    if not found and not marks:
        return 1.0, 1.0, 1.0
    return matched / max(1, found), matched / max(1, marks), 2 * matched / (found + marks)


def main() -> None:
    """Read, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--sentences", type=Path)
    parser.add_argument("--esco", type=Path)
    parser.add_argument("--output", type=Path)
    args = parser.parse_args()
    if not (args.gold and args.texts) and not args.sentences:
        print("Nothing to measure: give --gold FILE.jsonl and --texts FILE.todo.jsonl, or --sentences DIR (and --esco DIR).")
        return
    taxonomy = build_taxonomy({"esco": read_esco(args.esco)[0]} if args.esco else {"starter": read_starter()[0]})
    linker = ConceptLinker(taxonomy, "competence", load_linker())
    sets: dict[str, list[Document]] = {}
    if args.gold and args.texts:
        sets["vacancies"] = read_gold(args.gold, args.texts)
    if args.sentences:
        sets["sentences"] = read_sentences(args.sentences, taxonomy)
    result = report(sets, taxonomy, linker)
    if args.output:
        args.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def report(sets: Mapping[str, Sequence[Document]], taxonomy: Taxonomy, linker: ConceptLinker) -> list[dict[str, Any]]:
    """Measure and print every way of reading on every set."""
    ways: dict[str, Reader] = {
        "dictionary": dictionary(taxonomy),
        "ours": lambda document: competences(document.text, document.lang, linker),
        "ours, unlinked too": lambda document: competences(document.text, document.lang, linker, unlinked=True),
    }
    linker.rank("warm")
    table = Table(title="Competences in running text: matched spans, then what is right about them")
    columns = ("set", "way", "marks", "found", "P", "R", "F1", "F1/text", "exact F1", "concept", "any", "level", "ms/text")
    for column in columns:
        table.add_column(column, justify="left" if column in ("set", "way") else "right")
    rows: list[dict[str, Any]] = []
    for name, documents in sets.items():
        for way, read in ways.items():
            start = time.perf_counter()
            result = measure(documents, read)
            milliseconds = 1000 * (time.perf_counter() - start) / max(1, len(documents))
            shares = (f"{result[k]:.3f}" for k in list(result)[3:])
            table.add_row(name, way, f"{result['marks']:.0f}", f"{result['found']:.0f}", *shares, f"{milliseconds:.0f}")
            rows.append({"set": name, "way": way, **{k: round(v, 4) for k, v in result.items()}, "ms": round(milliseconds, 1)})
    Console(width=140).print(table)
    return rows


if __name__ == "__main__":
    main()
