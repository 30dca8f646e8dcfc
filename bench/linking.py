"""Titles to concepts: how right, what each family of evidence is worth, how sure; how fast is in `bench/linking_speed.py`.

    python bench/linking.py --melo DIR --esco DIR [--output FILE.json] [--rankings DIR] [--quick]

MELO's development sets (national occupation titles to ESCO) with the labels of the set's own corpus as the taxonomy; no
crosswalk, because the ROME-ESCO mapping holds the answers of the French set. Every figure of rightness is of concepts that the
judge never trained on (five folds of concepts). ``--rankings`` writes one TSV per set (query, rank, concept, score) for
another scorer. Families are learned with fewer trees than shipped, "nothing" too. Without ``--melo`` and ``--esco`` nothing is
measured.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from matching.classifications import read_esco
from matching.linking.alignment import ALIGNED
from matching.linking.evidence import EVIDENCE
from matching.linking.ranker import FEATURES
from training import linker as learning
from training.linker import (
    FOLDS,
    ROUNDS,
    SEEDS,
    SETS,
    HeldOut,
    Prepared,
    Titles,
    concepts_of,
    cross_fit,
    first_links,
    folds_of,
    prepare,
)

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
FEWER: Final = 120
"""Trees, of one seed, where many judges are learned only to be compared with each other."""
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

    @property
    def fewer(self) -> dict[str, Any]:
        """What to learn from where judges are only compared with each other."""
        return {"rounds": min(self.rounds, FEWER), "seeds": SEEDS[:1], "most": 400}

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


def only_english(asked: Asked, sets: Sequence[Prepared]) -> list[Prepared]:
    """Prepare the same titles with only English labels to find anything by."""
    targets = [asked.titles(one.titles.name[:-2] + "en", "en", ("en",)) for one in sets]
    return [prepare(replace(target, lang=one.titles.lang)) for one, target in zip(sets, targets, strict=True)]


def english(
    asked: Asked, held: Sequence[HeldOut], only: Sequence[Prepared], carried: Sequence[HeldOut], rankings: Path | None
) -> list[dict[str, Any]]:
    """Measure the same ranking written out in English labels and, apart, with only English labels to find anything by."""
    # Figures are about the labels of the English corpus, whatever else the taxonomy holds.
    targets = [replace(one.titles, lang="en") for one in only]
    ways = (
        ("all-languages", "all languages imported, same ranking, written out in English", held),
        ("only-english", "only English imported, judges of the main sets' folds", carried),
        (
            "only-english-anew",
            "only English imported, learned anew on that (fewer trees), same folds",
            cross_fit(only, **asked.fewer),
        ),
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


def families(asked: Asked, sets: Sequence[Prepared]) -> list[dict[str, Any]]:
    """Refit in the same folds without each family."""
    rows: list[dict[str, Any]] = []
    for what, names in {"nothing": (), **FAMILIES, "all semantics": SEMANTIC}.items():
        without = [at for at, feature in enumerate(FEATURES) if feature.partition(".")[0] in names]
        fewer = []
        for one in sets:
            found = one.found.copy()
            found[[name in names for name in EVIDENCE]] = 0
            fewer.append(replace(one, found=found))
        refitted = cross_fit(fewer, without, **asked.fewer)
        rows += [{"without": what, "set": one.titles.name, **figures(one)} for one in refitted]
    said = []
    for at, row in enumerate(rows):
        whole = rows[at % len(sets)]
        changes = [one for k in ("s@1", "map", "concept@10") for one in (row[k], f"{100 * (row[k] - whole[k]):+.1f}")]
        said.append([row["set"][:3], row["without"], *changes])
    columns = ("set", "without", "s@1", "points", "map*", "points", "conc.@10", "points")
    caption = "; ".join(f"{what}: {', '.join(names)}" for what, names in {**FAMILIES, "all semantics": SEMANTIC}.items())
    show("3. Families of evidence, learned anew without each in the same folds", columns, said, caption)
    return rows


def held_out_chances(held: Sequence[HeldOut]) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], list[float]]:
    """Chance of every first link, whether right, whether sure: chance and threshold learned from the other folds' titles."""
    folds = np.concatenate([folds_of(one.titles, concepts_of(held)) for one in held])
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


def run(asked: Asked, rankings: Path | None) -> dict[str, Any]:
    """Measure everything, print it as it comes."""
    sets = [prepare(asked.titles(name, lang)) for name, lang in SETS]
    only = only_english(asked, sets)
    every = cross_fit(sets, rounds=asked.rounds, also=only)
    held, carried = every[: len(sets)], every[len(sets) :]
    result: dict[str, Any] = {"quick": asked.quick, "folds": FOLDS, "trees": asked.rounds * len(SEEDS)}
    result["development"] = development(held)
    for one in held:
        write_rankings(one, one.titles.name, rankings)
    result["unsure"] = unsure(held)
    result["english"] = english(asked, held, only, carried, rankings)
    result["families"] = {"trees": asked.fewer["rounds"], "found": families(asked, sets)}
    return result


def main() -> None:
    """Read what is asked, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--melo", type=Path, help="folder of the MELO development sets")
    parser.add_argument("--esco", type=Path, help="folder of the ESCO CSV download")
    parser.add_argument("--output", type=Path)
    parser.add_argument("--rankings", type=Path, help="folder to write rankings to, one TSV per set")
    parser.add_argument("--quick", action="store_true", help="400 titles of each set and few trees: no figure to quote")
    args = parser.parse_args()
    if not (args.melo and args.esco):
        print("Nothing to measure: give --melo DIR (MELO's development sets) and --esco DIR (ESCO's CSV download).")
        return
    asked = Asked(args.melo, args.esco, args.quick)
    result = run(asked, args.rankings)
    if args.output:
        args.output.parent.mkdir(parents=True, exist_ok=True)
        args.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
