"""Titles and competence phrases to concepts: how right, what each family of evidence is worth, how sure, how fast.

    python bench/linking.py --melo DIR --esco DIR [--output FILE.json] [--rankings DIR] [--quick]

MELO's development sets (national occupation titles to ESCO) with the labels of the set's own corpus as the taxonomy; no
crosswalk, because the ROME-ESCO mapping holds the answers of the French set. Every figure of rightness is of concepts that the
judge never trained on (five folds of concepts). ``--rankings`` writes one TSV per set (query, rank, concept, score) for
another scorer. Every measurement of speed runs in a process of its own, after everything else; on a shared machine they
drift. Without ``--melo`` and ``--esco`` nothing is measured.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from matching.classifications import build_taxonomy, read_esco
from matching.indexes import load_or_build
from matching.linking import ConceptLinker
from matching.linking.alignment import ALIGNED
from matching.linking.evidence import EVIDENCE
from matching.linking.ranker import FEATURES
from matching.linking.wording import key
from matching.taxonomy import Taxonomy
from models import linker_file
from training import linker as learning
from training.linker import FOLDS, ROUNDS, SEED, SETS, HeldOut, Prepared, Titles, cross_fit, first_links, folds_of, prepare

GATES: Final[dict[str, dict[str, tuple[float, float]]]] = {
    "nld_q_nl_c_nl": {"s@1": (0.49, 0.52), "map": (0.54, 0.57), "concept@10": (0.70, 0.74)},
    "fra_q_fr_c_fr": {"s@1": (0.825, 0.845), "map": (0.855, 0.87), "concept@10": (0.935, 0.95)},
}
"""Set -> figure -> gate, aim."""
FAMILIES: Final[dict[str, tuple[str, ...]]] = {
    "spelling": ("characters", "elsewhere", "subwords"),
    "documents": ("contains", "described", "related", "grouped"),
    "meaning": ("meaning", "translated"),
    "alignment": ALIGNED,
    "company": ("company",),
}
SEMANTIC: Final = (*FAMILIES["documents"], *FAMILIES["meaning"], "subwords", "company")
LIMITS: Final[dict[tuple[str, str], str]] = {
    **{("build both", "seconds"): "< 60", ("load", "seconds"): "< 2"},
    **{("titles", f"{which}_per_second"): ">= 400" for which in ("nl", "fr", "detected")},
    **{("titles", f"one_{what}_ms"): "< 10" for what in ("median", "p95")},
    **{("phrases", f"{lang}_per_second"): ">= 200" for lang in ("fr", "nl", "en")},
}
SLOW: Final = 600
BESIDE: Final = ("ours", "rapidfuzz process.extract", "character TF-IDF")
GROUPED: Final = "MAP*: each ranked concept is written out as all its labels together (concept-grouped), 1,000 labels at most"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run was asked: where the data are, and whether a first impression is enough."""

    melo: Path
    esco: Path
    quick: bool

    @property
    def rounds(self) -> int:
        """Trees to learn."""
        return 30 if self.quick else ROUNDS

    def titles(self, name: str, lang: str, keep: Sequence[str] | None = None) -> Titles:
        """Read a set; a few of its titles when in haste."""
        esco, _ = read_esco(self.esco)
        read = learning.read_titles(self.melo / name, lang, esco, **({"keep": keep} if keep else {}))
        some = slice(400 if self.quick else None)
        return replace(read, ids=read.ids[some], texts=read.texts[some], right=read.right[some])


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], caption: str | None = None) -> None:
    """Print a table; texts stand left, figures right, shares with four digits."""
    table = Table(title=title, caption=caption, title_justify="left", caption_justify="left")
    for at, column in enumerate(columns):
        table.add_column(column, justify="left" if all(isinstance(row[at], str) for row in rows) else "right")
    for row in rows:
        table.add_row(*(f"{one:.4f}" if isinstance(one, float) else "" if one is None else str(one) for one in row))
    Console(width=132).print(table)


def figures(held: HeldOut) -> dict[str, float]:
    """Figures of a set, rounded."""
    return {name: round(value, 4) for name, value in learning.measure(held).items()}


def development(held: Sequence[HeldOut]) -> list[dict[str, Any]]:
    """Figures beside gates and aims."""
    rows: list[dict[str, Any]] = []
    for one in held:
        for figure, value in figures(one).items():
            gate, aim = GATES[one.titles.name].get(figure, (None, None))
            rows.append({"set": one.titles.name, "titles": len(one.titles.ids), "figure": figure, "value": value})
            rows[-1] |= {"gate": gate, "aim": aim}
    reached = [["yes" if row["value"] >= limit else "no" for limit in (row["gate"], row["aim"]) if limit] for row in rows]
    said = [[*row.values(), *(marks or ["", ""])] for row, marks in zip(rows, reached, strict=True)]
    columns = ("set", "titles", "figure", "held out", "gate", "aim", "gate held", "aim reached")
    show("1. Development sets, concepts the judge never trained on", columns, said, GROUPED)
    return rows


def write_rankings(held: HeldOut, name: str, folder: Path | None) -> None:
    """Write what a set's titles were ranked as, when that is wanted."""
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    order = np.lexsort((held.chosen, -held.judged), axis=1)
    with (folder / f"{name}.tsv").open("w", encoding="utf-8") as file:
        for query, rows, worth, places in zip(held.titles.ids, held.chosen, held.judged, order, strict=True):
            for rank, at in enumerate(places.tolist(), 1):
                file.write(f"{query}\t{rank}\t{held.titles.taxonomy.occupations[rows[at]]}\t{worth[at]:.5f}\n")


def carried_over(sets: Sequence[Prepared], only: Sequence[Prepared], rounds: int) -> list[HeldOut]:
    """Judge other evidence of the same titles by judges of `sets` that never trained on the title's concept."""
    uris = concepts(sets)
    folds = [folds_of(one.titles, uris) for one in sets]
    kept: list[list[Any]] = [[None] * len(one.titles.ids) for one in only]
    for fold in range(FOLDS):
        weights = learning.fit_weights([(one, own != fold) for one, own in zip(sets, folds, strict=True)])
        ranker, lessons = replace(learning.blank(), weights=weights), []
        for one, own in zip(sets, folds, strict=True):
            chosen, features = learning.finalists(one, ranker)
            right = chosen == one.titles.right[:, None]
            taught = (own != fold) & right.any(axis=1)
            lessons.append((features[taught], right[taught]))
        ranker = replace(ranker, trees=learning.fit_trees(lessons, rounds=rounds))
        for one, own, rows in zip(only, folds, kept, strict=True):
            chosen, features = learning.finalists(one, ranker)
            judged = ranker.judge(features)
            for row in np.flatnonzero(own == fold).tolist():
                rows[row] = chosen[row], judged[row], features[row]
    return [HeldOut(one.titles, *map(np.stack, zip(*rows, strict=True))) for one, rows in zip(only, kept, strict=True)]


def concepts(sets: Sequence[Prepared] | Sequence[HeldOut]) -> list[str]:
    """Concepts that are right for a title of any set, as folds are dealt over them."""
    return sorted({one.titles.taxonomy.occupations[row] for one in sets for row in one.titles.right})


def english(asked: Asked, sets: Sequence[Prepared], held: Sequence[HeldOut], rankings: Path | None) -> list[dict[str, Any]]:
    """Measure the same ranking written out in English labels and, apart, with only English labels to find anything by."""
    # Figures are about the labels of the English corpus, whatever else the taxonomy holds.
    targets = [asked.titles(one.titles.name[:-2] + "en", "en", ("en",)) for one in sets]
    only = [prepare(replace(target, lang=one.titles.lang)) for one, target in zip(sets, targets, strict=True)]
    ways = (
        ("all-languages", "all languages imported, same ranking, written out in English", held),
        ("only-english", "only English imported, judges of the main sets' folds", carried_over(sets, only, asked.rounds)),
        ("only-english-anew", "only English imported, learned anew on that, same folds", cross_fit(only, rounds=asked.rounds)),
    )
    rows: list[dict[str, Any]] = []
    for name, what, all_of in ways:
        for one, target in zip(all_of, targets, strict=True):
            if one.titles.taxonomy.occupations != target.taxonomy.occupations or one.titles.ids != target.ids:
                raise ValueError("the English set has other concepts or titles")
            written = replace(one, titles=target)
            rows.append({"set": target.name, "what": what, **figures(written)})
            write_rankings(written, f"{target.name}.{name}", rankings)
    show("2. English labels", list(rows[0])[:-1], [list(row.values())[:-1] for row in rows], GROUPED)
    return rows


def families(asked: Asked, sets: Sequence[Prepared], held: Sequence[HeldOut]) -> list[dict[str, Any]]:
    """Refit in the same folds without each family."""
    rows: list[dict[str, Any]] = [{"without": "nothing", "set": one.titles.name, **figures(one)} for one in held]
    for what, names in {**FAMILIES, "all semantics": SEMANTIC}.items():
        without = [at for at, feature in enumerate(FEATURES) if feature.partition(".")[0] in names]
        fewer = []
        for one in sets:
            found = one.found.copy()
            found[[name in names for name in EVIDENCE]] = 0
            fewer.append(replace(one, found=found))
        refitted = cross_fit(fewer, without, asked.rounds)
        rows += [{"without": what, "set": one.titles.name, **figures(one)} for one in refitted]
    said = []
    for at, row in enumerate(rows):
        whole = rows[at % len(held)]
        changes = [one for k in ("s@1", "map", "concept@10") for one in (row[k], f"{100 * (row[k] - whole[k]):+.1f}")]
        said.append([row["set"][:3], row["without"], *changes])
    columns = ("set", "without", "s@1", "points", "map*", "points", "conc.@10", "points")
    caption = "; ".join(f"{what}: {', '.join(names)}" for what, names in {**FAMILIES, "all semantics": SEMANTIC}.items())
    show("3. Families of evidence, learned anew without each in the same folds", columns, said, caption)
    return rows


def held_out_chances(held: Sequence[HeldOut]) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], list[float]]:
    """Chance of every first link, whether right, whether sure: chance and threshold learned from the other folds' titles."""
    folds = np.concatenate([folds_of(one.titles, concepts(held)) for one in held])
    judged, features, hits = (np.concatenate([getattr(one, part) for one in held]) for part in ("judged", "features", "hits"))
    chance, thresholds = np.zeros(len(folds)), []
    right, sure = np.zeros(len(folds), dtype=np.bool_), np.zeros(len(folds), dtype=np.bool_)
    for fold in range(FOLDS):
        mine = folds == fold
        ranker = replace(learning.blank(), chance=learning.fit_chance(judged[~mine], features[~mine], hits[~mine]))
        said, right = first_links(held, ranker)
        sets = np.repeat(np.arange(len(held)), [len(one.titles.ids) for one in held])
        learned = [(said[rows], right[rows]) for rows in ((sets == place) & ~mine for place in range(len(held)))]
        thresholds.append(max(learning.least_sure(*one) for one in learned))
        chance[mine] = said[mine]
        sure[mine] = said[mine] >= thresholds[-1]
    return chance, right, sure, thresholds


def unsure(held: Sequence[HeldOut]) -> dict[str, Any]:
    """How often a chance comes true, and how right and how many the sure links are."""
    chance, right, sure, thresholds = held_out_chances(held)
    bins = np.minimum((chance * 10).astype(int), 9)
    table: list[dict[str, Any]] = []
    for at in np.unique(bins).tolist():
        n = bins == at
        table.append({"from": at / 10, "to": (at + 1) / 10, "links": int(n.sum())})
        table[-1] |= {"chance": float(chance[n].mean()), "right": float(right[n].mean())}
    error = sum(row["links"] * abs(row["chance"] - row["right"]) for row in table) / len(chance)
    caption = f"chance learned from the other folds; expected calibration error {error:.4f}"
    show("4. Chances of first links", list(table[0]), [list(row.values()) for row in table], caption)
    edges = np.cumsum([0, *(len(one.titles.ids) for one in held)])
    places = {one.titles.name: slice(edges[at], edges[at + 1]) for at, one in enumerate(held)} | {"together": slice(None)}
    confident: list[dict[str, Any]] = [
        {
            "set": name,
            "titles": len(chance[place]),
            "sure": float(sure[place].mean()),
            "right of the sure": float(right[place][sure[place]].mean()),
            "right of the unsure": float(right[place][~sure[place]].mean()),
            "mean chance": float(chance[place].mean()),
            "right": float(right[place].mean()),
        }
        for name, place in places.items()
    ]
    caption = f"sure from {min(thresholds):.3f} to {max(thresholds):.3f}, learned from the other folds; asked: .90 right"
    show("Sure first links", list(confident[0]), [list(row.values()) for row in confident], caption)
    return {"reliability": table, "calibration_error": error, "confident": confident, "thresholds": thresholds}


# Speed: each function runs in a process of its own and gives figures.


def esco_taxonomy(asked: Asked) -> Taxonomy:
    """Read ESCO in three languages."""
    return build_taxonomy({"esco": read_esco(asked.esco)[0]})


def memory() -> int:
    """Most memory that this process held so far, in megabytes."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def build_kind(asked: Asked, folder: Path, kind: str) -> dict[str, Any]:
    """Build the index of one kind, and write it to files."""
    taxonomy = esco_taxonomy(asked)
    before, start = memory(), time.perf_counter()
    load_or_build(folder, taxonomy, kind)
    seconds = time.perf_counter() - start
    n_bytes = sum(path.stat().st_size for place in folder.glob(f"{kind}-*") for path in place.iterdir())
    return {"seconds": round(seconds, 2), "file_mb": round(n_bytes / 1e6, 1), "taxonomy_alone_mb": before}


def load_both(asked: Asked, folder: Path) -> dict[str, Any]:
    """Read both indexes from their files."""
    taxonomy = esco_taxonomy(asked)
    before, seconds = memory(), {}
    for kind in ("occupation", "competence"):
        start = time.perf_counter()
        load_or_build(folder, taxonomy, kind, lambda _: sys.exit("not loaded from files"))
        seconds[kind] = round(time.perf_counter() - start, 2)
    return {"seconds": round(sum(seconds.values()), 2), **seconds, "taxonomy_alone_mb": before}


def linker_for(asked: Asked, folder: Path, kind: str) -> ConceptLinker:
    """Make the linker as it is shipped, warm."""
    linker = ConceptLinker(esco_taxonomy(asked), kind, linker_file.load(), partial(load_or_build, folder))
    linker.rank("warm", "nl")
    return linker


def per_second(texts: Sequence[str], work: Callable[[Sequence[str]], object]) -> float:
    """Texts per second."""
    start = time.perf_counter()
    work(texts)
    return round(len(texts) / (time.perf_counter() - start), 1)


def some(texts: Sequence[str], n: int) -> list[str]:
    """Take texts at random, always the same."""
    return [texts[row] for row in np.random.default_rng(SEED).permutation(len(texts))[:n].tolist()]


def titles_speed(asked: Asked, folder: Path) -> dict[str, Any]:
    """Titles of the development sets against ESCO's occupations."""
    texts = {lang: some(asked.titles(name, lang, ("en",)).texts, 1000) for name, lang in SETS}
    linker = linker_for(asked, folder, "occupation")
    given = {f"{lang}_per_second": per_second(own, partial(linker.rank_many, lang=lang)) for lang, own in texts.items()}
    mixed = some([text for own in texts.values() for text in own], 1000)
    times = []
    for text in mixed[:400]:
        start = time.perf_counter()
        linker.rank(text)
        times.append(1000 * (time.perf_counter() - start))
    one = dict(zip(("one_median_ms", "one_p95_ms"), np.percentile(times, (50, 95)).round(2).tolist(), strict=True))
    return {**given, "detected_per_second": per_second(mixed, linker.rank_many), **one}


def phrases_speed(asked: Asked, folder: Path) -> dict[str, Any]:
    """Phrases against ESCO's competences: the last label of some, with one character missing."""
    linker = linker_for(asked, folder, "competence")
    generator, found = np.random.default_rng(SEED), dict[str, Any]()
    for lang in ("fr", "nl", "en"):
        labels = linker.taxonomy.labels[lang]
        known = some([label for uri in linker.taxonomy.competences for label in labels.get(uri, ())[-1:]], 500)
        texts = [text[:at] + text[at + 1 :] for text in known for at in [int(generator.integers(len(text)))]]
        found[f"{lang}_per_second"] = per_second(texts, partial(linker.rank_many, lang=lang))
    return found


def beside_ours(asked: Asked, folder: Path) -> dict[str, Any]:
    """Our linker on the Dutch set; how right it is is said by the folds, because the shipped judge learned from these titles."""
    titles = asked.titles(*SETS[0])
    linker = ConceptLinker(titles.taxonomy, "occupation", linker_file.load())
    linker.rank("warm", "nl")
    return {"per_second": per_second(titles.texts, partial(linker.rank_many, lang="nl"))}


def corpus_labels(titles: Titles) -> tuple[list[str], NDArray[np.int64]]:
    """Keys of all labels of the corpus, and the row of the concept of each."""
    own = titles.taxonomy.labels[titles.lang]
    pairs = [(key(label), row) for row, uri in enumerate(titles.taxonomy.occupations) for label in own.get(uri, ())]
    return [label for label, _ in pairs], np.array([row for _, row in pairs])


def beside_rapidfuzz(asked: Asked, folder: Path) -> dict[str, Any]:
    """`rapidfuzz.process.extract` over every label of the corpus, its scorer as it comes (WRatio); slow, so of some titles."""
    from rapidfuzz import process

    titles = asked.titles(*SETS[0])
    (labels, concept), first = corpus_labels(titles), list[int]()
    rows = np.random.default_rng(SEED).permutation(len(titles.texts))[:SLOW]
    texts = [titles.texts[row] for row in rows]
    speed = per_second(texts, lambda own: first.extend(process.extract(key(text), labels, limit=10)[0][2] for text in own))
    return {"s@1": float((concept[first] == titles.right[rows]).mean()), "per_second": speed}


def beside_characters(asked: Asked, folder: Path) -> dict[str, Any]:
    """Cosine of character TF-IDF (3-5, within words) by a sparse product over every label of the corpus."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    titles = asked.titles(*SETS[0])
    labels, concept = corpus_labels(titles)
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5))
    known, first = vectorizer.fit_transform(labels).T.tocsr(), list[int]()

    def work(texts: Sequence[str]) -> None:
        for at in range(0, len(texts), 64):
            alike = vectorizer.transform([key(text) for text in texts[at : at + 64]]) @ known
            first.extend(alike.toarray().argmax(axis=1).tolist())

    speed = per_second(titles.texts, work)
    return {"s@1": float((concept[first] == titles.right).mean()), "per_second": speed}


MEASUREMENTS: Final[dict[str, Callable[[Asked, Path], dict[str, Any]]]] = {
    "build occupation": lambda asked, folder: build_kind(asked, folder, "occupation"),
    "build competence": lambda asked, folder: build_kind(asked, folder, "competence"),
    "load": load_both,
    "titles": titles_speed,
    "phrases": phrases_speed,
    "ours": beside_ours,
    "rapidfuzz process.extract": beside_rapidfuzz,
    "character TF-IDF": beside_characters,
}


def speed(asked: Asked, s_at_1: float) -> dict[str, Any]:
    """Run every measurement in a fresh process, one after the other."""
    load, found = os.getloadavg()[0], dict[str, dict[str, Any]]()
    with tempfile.TemporaryDirectory() as folder:
        for name in MEASUREMENTS:
            command = [sys.executable, __file__, "--melo", str(asked.melo), "--esco", str(asked.esco), "--measurement", name]
            command += ["--folder", folder, *(["--quick"] if asked.quick else [])]
            said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            found[name] = json.loads(said.splitlines()[-1])
    found["ours"]["s@1"] = s_at_1
    found["build both"] = {"seconds": round(sum(found[f"build {kind}"]["seconds"] for kind in ("occupation", "competence")), 2)}
    found["linker.json"] = {"kilobytes": round(linker_file.SHIPPED.stat().st_size / 1e3)}
    apart = ((name, what, value) for name, of in found.items() for what, value in of.items() if name not in BESIDE)
    rows = [[name, what, f"{value:g}", LIMITS.get((name, what), "")] for name, what, value in apart]
    caption = f"{os.cpu_count()} cores, load {load:.1f} before; warm; ESCO in three languages; peak_mb with reading its tables"
    show("5. Speed and size", ("measurement", "what", "found", "asked"), rows, caption)
    columns = ("s@1", "per_second", "peak_mb")
    beside = [[name, *(f"{found[name][column]:g}" for column in columns)] for name in BESIDE]
    show(f"Side by side on {SETS[0][0]}", ("way", *columns), beside, f"ours: held out, all languages; rapidfuzz: {SLOW} titles")
    return {"cores": os.cpu_count(), "python": platform.python_version(), "load_before": round(load, 2), "found": found}


def run(asked: Asked, rankings: Path | None) -> dict[str, Any]:
    """Measure everything, print it as it comes."""
    sets = [prepare(asked.titles(name, lang)) for name, lang in SETS]
    held = cross_fit(sets, rounds=asked.rounds)
    result: dict[str, Any] = {"quick": asked.quick, "folds": FOLDS, "development": development(held)}
    for one in held:
        write_rankings(one, one.titles.name, rankings)
    result["unsure"] = unsure(held)
    result["english"] = english(asked, sets, held, rankings)
    result["families"] = families(asked, sets, held)
    result["speed"] = speed(asked, figures(held[0])["s@1"])
    return result


def main() -> None:
    """Read what is asked, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--melo", type=Path, help="folder of the MELO development sets")
    parser.add_argument("--esco", type=Path, help="folder of the ESCO CSV download")
    parser.add_argument("--output", type=Path)
    parser.add_argument("--rankings", type=Path, help="folder to write rankings to, one TSV per set")
    parser.add_argument("--quick", action="store_true", help="400 titles of each set and few trees: no figure to quote")
    parser.add_argument("--measurement", choices=MEASUREMENTS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if not (args.melo and args.esco):
        print("Nothing to measure: give --melo DIR (MELO's development sets) and --esco DIR (ESCO's CSV download).")
        return
    asked = Asked(args.melo, args.esco, args.quick)
    if args.measurement:
        print(json.dumps(MEASUREMENTS[args.measurement](asked, args.folder) | {"peak_mb": memory()}))
        return
    result = run(asked, args.rankings)
    if args.output:
        args.output.parent.mkdir(parents=True, exist_ok=True)
        args.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
