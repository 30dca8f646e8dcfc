"""Titles and competence phrases to concepts: how fast, how large; how right is in `bench/linking.py`.

    python bench/linking_speed.py --melo DIR --esco DIR [--output FILE.json] [--quick]

Every measurement runs in a process of its own, one after the other. On a shared machine they drift: compare within a run.
Without ``--melo`` and ``--esco`` nothing is measured.
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
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.linking import Asked, show
from matching.classifications import build_taxonomy, read_esco
from matching.indexes import load_or_build
from matching.linking import ConceptLinker
from matching.linking.wording import key
from matching.taxonomy import Taxonomy
from models import linker_file
from training.linker import SEED, SETS, Titles

LIMITS: Final[dict[tuple[str, str], str]] = {
    **{("build both", "seconds"): "< 60", ("load", "seconds"): "< 2"},
    **{("titles", f"{which}_per_second"): ">= 400" for which in ("nl", "fr", "detected")},
    **{("titles", f"one_{what}_ms"): "< 10" for what in ("median", "p95")},
    **{("phrases", f"{lang}_per_second"): ">= 200" for lang in ("fr", "nl", "en")},
}
SLOW: Final = 600
BESIDE: Final = ("ours", "rapidfuzz process.extract", "character TF-IDF")


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


def speed(asked: Asked) -> dict[str, Any]:
    """Run every measurement in a fresh process, one after the other."""
    load, found = os.getloadavg()[0], dict[str, dict[str, Any]]()
    with tempfile.TemporaryDirectory() as folder:
        for name in MEASUREMENTS:
            command = [sys.executable, __file__, "--melo", str(asked.melo), "--esco", str(asked.esco), "--measurement", name]
            command += ["--folder", folder, *(["--quick"] if asked.quick else [])]
            said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            found[name] = json.loads(said.splitlines()[-1])
    found["build both"] = {"seconds": round(sum(found[f"build {kind}"]["seconds"] for kind in ("occupation", "competence")), 2)}
    found["linker.json"] = {"kilobytes": round(linker_file.SHIPPED.stat().st_size / 1e3)}
    apart = ((name, what, value) for name, of in found.items() for what, value in of.items() if name not in BESIDE)
    rows = [[name, what, f"{value:g}", LIMITS.get((name, what), "")] for name, what, value in apart]
    caption = f"{os.cpu_count()} cores, load {load:.1f} before; warm; ESCO in three languages; peak_mb with reading its tables"
    show("Speed and size", ("measurement", "what", "found", "asked"), rows, caption)
    columns = ("s@1", "per_second", "peak_mb")
    beside = [[name, *(f"{found[name].get(column, float('nan')):g}" for column in columns)] for name in BESIDE]
    show(
        f"Side by side on {SETS[0][0]}",
        ("way", *columns),
        beside,
        f"s@1 of ours, held out: bench/linking.py; rapidfuzz: {SLOW} titles",
    )
    return {"cores": os.cpu_count(), "python": platform.python_version(), "load_before": round(load, 2), "found": found}


def main() -> None:
    """Read what is asked, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--melo", type=Path, help="folder of the MELO development sets")
    parser.add_argument("--esco", type=Path, help="folder of the ESCO CSV download")
    parser.add_argument("--output", type=Path)
    parser.add_argument("--quick", action="store_true", help="400 titles of each set: no figure to quote")
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
    result = speed(asked)
    if args.output:
        args.output.parent.mkdir(parents=True, exist_ok=True)
        args.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
