"""Learn what evidence of text linking is worth, with ``python -m training.linker --melo DIR --esco DIR``.

Writes ``models/linker.json``. Titles with the concept that people fixed for them come from the development sets of MELO
(national occupation titles to ESCO). The labels of a set's own corpus are the taxonomy, beside ESCO's labels in the other
languages, its descriptions and relations; no crosswalk, because the ROME-ESCO mapping holds the answers of the French set.
Every figure is of concepts that the judge never trained on: concepts are dealt into folds, and what is said of a fold was
learned from the others.
"""

import argparse
import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from matching.classifications import build_taxonomy, read_esco
from matching.codes import LANGUAGES_OF_SERVICE
from matching.linking import ConceptLinker, Ranker
from matching.linking.evidence import EVIDENCE, evidence, spell
from matching.linking.linker import BLOCK
from matching.linking.ranker import CALIBRATED, FEATURES, Trees, calibrated
from matching.linking.wording import forms, key, tidy
from matching.taxonomy import Taxonomy
from models import linker_file

FOLDS: Final = 5
SEED: Final = 2026
ROUNDS: Final = 300
TREES: Final[dict[str, Any]] = {
    "objective": "lambdarank",
    "lambdarank_truncation_level": 30,
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 50,
    "lambda_l2": 5.0,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "deterministic": True,
    "force_col_wise": True,
    "num_threads": 1,
    "verbose": -1,
}
SEEDS: Final = (2026, 2027)
"""Two sets of trees, whose mean is taken: one alone moves by two titles in a thousand with its seed."""
SETS: Final = (("nld_q_nl_c_nl", "nl"), ("fra_q_fr_c_fr", "fr"))
PRECISION: Final = 0.91
"""A first link is sure from the chance above which so many are right in every set; a little more than is promised (0.90)."""

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Titles:
    """A development set: titles, and the row of the concept that is right; ``ids`` are those of the set."""

    name: str
    lang: str
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    taxonomy: Taxonomy
    right: NDArray[np.int64]


def read_titles(folder: Path, lang: str, esco: Mapping[str, Any], keep: Sequence[str] = LANGUAGES_OF_SERVICE) -> Titles:
    """Read one set of MELO: its corpus becomes the taxonomy, ISCO groups included.

    Parameters
    ----------
    folder
        The set.
    lang
        Language of its corpus.
    esco
        Document of ESCO (`matching.classifications.read_esco`); its own labels in `lang` are not used.
    keep
        Languages whose labels and descriptions stay.
    """
    label = dict(_rows(folder / "corpus_elements.tsv"))
    concept = dict(_rows(folder / "concept_mapping.tsv"))
    labels: dict[str, list[str]] = defaultdict(list)
    for element, uri in concept.items():
        labels[uri].append(label[element])
    right: dict[str, str] = {}
    for query, _, element, grade in (row[:4] for row in _rows(folder / "annotations.tsv")):
        if int(grade) > 0:
            right.setdefault(query, concept[element])
    queries = [(row[0], row[1]) for row in _rows(folder / "queries.tsv")]
    taxonomy = build_taxonomy({"esco": _corpus_document(labels, lang, esco, keep)})
    return Titles(
        folder.name,
        lang,
        tuple(one for one, _ in queries),
        tuple(text for _, text in queries),
        taxonomy,
        np.array([taxonomy.occupation_index[right[one]] for one, _ in queries]),
    )


def _rows(path: Path) -> list[Any]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [row[:4] for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if row]


def _corpus_document(labels: Mapping[str, list[str]], lang: str, esco: Mapping[str, Any], keep: Sequence[str]) -> dict[str, Any]:
    """ESCO's document with the corpus as its occupations and as its labels in one language."""
    known = esco["occupations"]
    texts: dict[str, dict[str, Any]] = {}
    for part in ("labels", "descriptions"):
        texts[part] = {one: dict(esco[part].get(one, {})) for one in keep}
    texts["labels"][lang] = {
        **{uri: words for uri, words in texts["labels"].get(lang, {}).items() if uri in esco["competences"]},
        **labels,
    }
    return {
        **esco,
        "version": f"{esco['version']}-{lang}-corpus",
        "occupations": {uri: known.get(uri) or {"isco": uri.rsplit("/C", 1)[-1]} for uri in sorted(labels)},
        **texts,
    }


@dataclass(frozen=True, slots=True)
class Prepared:
    """What does not depend on anything learned: forms, languages, and all evidence of all titles."""

    titles: Titles
    linker: ConceptLinker
    written: tuple[tuple[str, ...], ...]
    languages: NDArray[np.int64]
    found: NDArray[np.float32]


def prepare(titles: Titles, use: Sequence[str] = EVIDENCE) -> Prepared:
    """Compute all evidence of all titles; kinds that are not to be used are 0."""
    linker = ConceptLinker(titles.taxonomy, "occupation", blank())
    written = tuple(forms(tidy(text)) or (key(text) or "?",) for text in titles.texts)
    found = np.zeros((len(EVIDENCE), len(written), len(titles.taxonomy.occupations)), dtype=np.float32)
    languages = np.zeros(len(written), dtype=np.int64)
    for at in range(0, len(written), BLOCK):
        spelled = spell(linker.index, written[at : at + BLOCK])
        spoken = np.array(linker.languages(spelled, titles.lang))
        languages[at : at + BLOCK] = spoken
        for language in np.unique(spoken).tolist():
            mine = np.flatnonzero(spoken == language)
            found[:, at + mine] = evidence(linker.index, spelled.only(mine.tolist()), language)
    found[[name not in use for name in EVIDENCE]] = 0
    return Prepared(titles, linker, written, languages, found)


def blank() -> Ranker:
    """Give a ranker that has learned nothing."""
    nothing = np.zeros(0, dtype=np.int32)
    return Ranker(
        version="blank",
        weights=np.ones(len(EVIDENCE), dtype=np.float32),
        trees=Trees(nothing, nothing, np.zeros(0), nothing, nothing, np.zeros(0)),
        chance=np.array([0.0, 1.0, *[0.0] * (len(CALIBRATED) - 1)]),
        sure={"occupation": 0.9, "competence": 0.9},
    )


def fit_weights(sets: Sequence[tuple[Prepared, Bools]], most: int = 1300) -> NDArray[np.float32]:
    """Weights of evidence that make the right concept likeliest among all (softmax); from at most `most` titles of each set."""
    generator = np.random.default_rng(SEED)
    data = []
    for prepared, train in sets:
        rows = np.flatnonzero(train)
        rows = np.sort(generator.permutation(rows)[:most])
        data.append((prepared.found[:, rows], prepared.titles.right[rows]))

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = 0.5 * float(weights @ weights), weights.copy()
        for found, right in data:
            score = np.tensordot(weights.astype(np.float32), found, axes=1)
            share = np.exp(score - score.max(axis=1, keepdims=True))
            share /= share.sum(axis=1, keepdims=True)
            rows = np.arange(len(right))
            total -= float(np.log(share[rows, right] + 1e-12).sum())
            share[rows, right] -= 1
            slope += found.reshape(len(found), -1) @ share.ravel()
        return total, slope

    found = minimize(loss, np.full(len(EVIDENCE), 2.0), jac=True, method="L-BFGS-B", options={"maxiter": 50})
    return np.asarray(found.x, dtype=np.float32)


def finalists(prepared: Prepared, ranker: Ranker) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Finalists and their features, as the linker sees them."""
    linker = ConceptLinker(prepared.titles.taxonomy, "occupation", ranker, lambda *_: prepared.linker.index)
    parts = []
    for language in np.unique(prepared.languages).tolist():
        rows = np.flatnonzero(prepared.languages == language)
        parts.append((rows, *linker.finalists([prepared.written[row] for row in rows], prepared.found[:, rows], language)))
    order = np.argsort(np.concatenate([rows for rows, _, _ in parts]))
    return np.concatenate([of for _, of, _ in parts])[order], np.concatenate([of for _, _, of in parts])[order]


def fit_trees(
    sets: Sequence[tuple[NDArray[np.float32], Bools]],
    without: Sequence[int] = (),
    rounds: int = ROUNDS,
    seeds: Sequence[int] = SEEDS,
) -> Trees:
    """Learn trees that put the right finalist first (LambdaRank)."""
    import lightgbm  # needed for training only

    features = np.concatenate([of.reshape(-1, of.shape[2]) for of, _ in sets])
    features[:, list(without)] = 0
    right = np.concatenate([one.ravel() for _, one in sets]).astype(np.int8)
    sizes = [of.shape[1] for of, _ in sets for _ in range(of.shape[0])]
    trees: list[Mapping[str, Any]] = []
    for seed in seeds:
        learned = lightgbm.train({**TREES, "seed": seed}, lightgbm.Dataset(features, right, group=sizes), rounds)
        trees += learned.dump_model()["tree_info"]
    return _flat(trees, len(seeds))


def _flat(trees: Sequence[Mapping[str, Any]], n_sets: int) -> Trees:
    rows: list[list[float]] = []

    def add(node: Mapping[str, Any]) -> int:
        at = len(rows)
        rows.append([-1, 0.0, 0, 0, node.get("leaf_value", 0.0)])
        if "split_feature" in node:
            rows[at][:2] = [node["split_feature"], node["threshold"]]
            rows[at][2] = add(node["left_child"])
            rows[at][3] = add(node["right_child"])
        return at

    root = [add(tree["tree_structure"]) for tree in trees]
    feature, threshold, left, right, value = np.array(rows, dtype=np.float64).T
    whole = [np.asarray(part, dtype=np.int32) for part in (root, feature, left, right)]
    return Trees(whole[0], whole[1], threshold.copy(), whole[2], whole[3], np.round(value / n_sets, 5))


def fit_chance(judged: NDArray[np.float64], features: NDArray[np.float32], right: Bools) -> NDArray[np.float64]:
    """Intercept and weights of the log-odds that one of the five best is right."""
    from sklearn.linear_model import LogisticRegression

    best = np.argsort(-judged, axis=1, kind="stable")[:, :5]
    rows = np.arange(len(judged))[:, None]
    seen = calibrated(judged, features)[rows, best].reshape(-1, len(CALIBRATED))
    fitted = LogisticRegression(C=10.0, max_iter=1000).fit(seen, right[rows, best].ravel())
    return np.concatenate([fitted.intercept_, fitted.coef_[0]])


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What the judge said of titles whose concepts it never trained on."""

    titles: Titles
    chosen: NDArray[np.int64]
    judged: NDArray[np.float64]
    features: NDArray[np.float32]

    @property
    def hits(self) -> Bools:
        """Whether each finalist is right, bool[n_titles, n_finalists]."""
        return np.asarray(self.chosen == self.titles.right[:, None])

    def ranking(self) -> NDArray[np.int64]:
        """Concepts of each title, best first."""
        order = np.lexsort((self.chosen, -self.judged), axis=1)
        return np.take_along_axis(self.chosen, order, axis=1)


def folds_of(titles: Titles, uris: Sequence[str]) -> NDArray[np.int64]:
    """Fold of each title: that of its concept, whatever the set."""
    dealt = np.random.default_rng(SEED).permutation(len(uris)) % FOLDS
    place = dict(zip(uris, dealt.tolist(), strict=True))
    return np.array([place[titles.taxonomy.occupations[row]] for row in titles.right])


def cross_fit(
    sets: Sequence[Prepared],
    without: Sequence[int] = (),
    rounds: int = ROUNDS,
    seeds: Sequence[int] = SEEDS,
    also: Sequence[Prepared] = (),
    most: int = 1300,
) -> list[HeldOut]:
    """Judge every title by what was learned from the other folds; first the titles of `sets`, then those of `also`.

    Parameters
    ----------
    sets
        Development sets.
    without
        Features that the trees may not see (to measure a family).
    rounds, seeds
        Trees to learn, from each seed.
    also
        Sets that are judged by the same judges and that nothing is learned from.
    most
        Titles of each set, at most, that the weights are learned from.
    """
    uris = concepts_of(sets)
    judged = [*sets, *also]
    folds = [folds_of(one.titles, uris) for one in judged]
    parts: list[list[tuple[NDArray[np.int64], Any, Any, Any]]] = [[] for _ in judged]
    for fold in range(FOLDS):
        others = [own != fold for own in folds[: len(sets)]]
        ranker = replace(blank(), weights=fit_weights(list(zip(sets, others, strict=True)), most))
        seen = [finalists(one, ranker) for one in judged]
        ranker = replace(ranker, trees=fit_trees(_lessons(sets, seen[: len(sets)], others), without, rounds, seeds))
        for part, (chosen, features), own in zip(parts, seen, folds, strict=True):
            rows = np.flatnonzero(own == fold)
            shown = features[rows].copy()
            shown[:, :, list(without)] = 0
            part.append((rows, chosen[rows], ranker.judge(shown), features[rows]))
    made = []
    for one, part in zip(judged, parts, strict=True):
        order = np.argsort(np.concatenate([rows for rows, *_ in part]))
        chosen, worth, features = (np.concatenate([piece[at] for piece in part])[order] for at in (1, 2, 3))
        made.append(HeldOut(one.titles, chosen, worth, features))
    return made


def concepts_of(sets: Sequence[Prepared] | Sequence[HeldOut]) -> list[str]:
    """List the concepts that are right for a title of any set, as folds are dealt over them."""
    return sorted({one.titles.taxonomy.occupations[row] for one in sets for row in one.titles.right})


def _lessons(
    sets: Sequence[Prepared], seen: Sequence[tuple[NDArray[np.int64], NDArray[np.float32]]], train: Sequence[Bools]
) -> list[tuple[NDArray[np.float32], Bools]]:
    """Features and answers of the titles to learn from: those whose concept is among their finalists."""
    lessons = []
    for one, (chosen, features), rows in zip(sets, seen, train, strict=True):
        right = chosen == one.titles.right[:, None]
        kept = rows & right.any(axis=1)
        lessons.append((features[kept], right[kept]))
    return lessons


def measure(held: HeldOut) -> dict[str, float]:
    """Figures as MELO defines them, each ranked concept written out as its labels (at most 1,000), and of concepts.

    ``s@1`` share of titles whose first label is right, ``map`` and ``mrr`` over labels, ``concept@10`` share with the right
    concept among the first ten.
    """
    taxonomy, lang = held.titles.taxonomy, held.titles.lang
    size = np.array([len(taxonomy.labels[lang].get(uri, ())) for uri in taxonomy.occupations])
    ranking = held.ranking()
    place = np.where((hit := ranking == held.titles.right[:, None]).any(axis=1), hit.argmax(axis=1), -1)
    first, mean, found = 0.0, 0.0, 0
    for row, at in enumerate(place.tolist()):
        if at >= 0:
            before = int(size[ranking[row, :at]].sum())
            n_labels = int(size[ranking[row, at]])
            inside = min(n_labels, 1000 - before)
            mean += sum(n / (before + n) for n in range(1, inside + 1)) / n_labels
            first += 1 / (before + 1) if inside > 0 else 0
            found += at < 10
    n = len(place)
    return {
        "s@1": float((place == 0).mean()),
        "map": mean / n,
        "mrr": first / n,
        "concept@10": found / n,
        "concept_mrr": float(np.mean(np.where(place >= 0, 1 / (np.maximum(place, 0) + 1), 0.0))),
    }


def reliability(held: Sequence[HeldOut], ranker: Ranker) -> list[tuple[float, float, int, float, float]]:
    """Ten bins of the chance of first links: from, to, how many, mean chance, share right."""
    chance, right = first_links(held, ranker)
    edges = np.linspace(0, 1, 11)
    rows = []
    for low, high in pairwise(edges):
        inside = (chance >= low) & ((chance < high) | (high == 1))
        if inside.any():
            rows.append((float(low), float(high), int(inside.sum()), float(chance[inside].mean()), float(right[inside].mean())))
    return rows


def first_links(held: Sequence[HeldOut], ranker: Ranker) -> tuple[NDArray[np.float64], Bools]:
    """Chance of the first link of every title, and whether it is right."""
    chances, rights = [], []
    for one in held:
        first = np.lexsort((one.chosen, -one.judged), axis=1)[:, :1]
        chances.append(np.take_along_axis(ranker.chances(one.judged, one.features), first, axis=1)[:, 0])
        rights.append(np.take_along_axis(one.hits, first, axis=1)[:, 0])
    return np.concatenate(chances), np.concatenate(rights)


def sure_from(held: Sequence[HeldOut], ranker: Ranker) -> float:
    """Least chance above which `PRECISION` of the first links are right, in every set."""
    return max(least_sure(*first_links([one], ranker)) for one in held)


def least_sure(chance: NDArray[np.float64], right: Bools) -> float:
    """Least chance above which `PRECISION` of some first links are right; 1 where there is none."""
    order = np.argsort(-chance, kind="stable")
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(precision >= PRECISION)
    return round(float(chance[order[enough[-1]]]), 4) if len(enough) else 1.0


def learn(sets: Sequence[Prepared], held: Sequence[HeldOut], competence: float) -> dict[str, Any]:
    """Content of the file: weights and trees from all titles, the chance from what was held out."""
    everything = [np.ones(len(one.titles.right), dtype=np.bool_) for one in sets]
    weights = fit_weights(list(zip(sets, everything, strict=True)))
    ranker = replace(blank(), weights=weights)
    seen = [finalists(one, ranker) for one in sets]
    trees = fit_trees(_lessons(sets, seen, everything))
    chance = fit_chance(
        np.concatenate([one.judged for one in held]),
        np.concatenate([one.features for one in held]),
        np.concatenate([one.hits for one in held]),
    )
    calibrated_ranker = replace(ranker, chance=chance)
    sure = sure_from(held, calibrated_ranker)
    learned = replace(calibrated_ranker, trees=trees, sure={"occupation": sure, "competence": competence})
    return linker_file.content("linker", learned, EVIDENCE, FEATURES)


def main() -> None:
    """Learn, say how well on held-out concepts, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--melo", type=Path, required=True, help="folder of the MELO development sets")
    parser.add_argument("--esco", type=Path, required=True, help="folder of the ESCO CSV download")
    parser.add_argument("--output", type=Path, default=linker_file.SHIPPED)
    parser.add_argument("--competence", type=float, default=0.4, help="chance that makes a competence sure, judged apart")
    asked = parser.parse_args()
    esco, _ = read_esco(asked.esco)
    sets = [prepare(read_titles(asked.melo / name, lang, esco)) for name, lang in SETS]
    held = cross_fit(sets)
    for one in held:
        print(one.titles.name, {name: round(value, 4) for name, value in measure(one).items()})
    content = learn(sets, held, asked.competence)
    linker_file.save(content, asked.output)
    ranker = linker_file.load(asked.output)
    chance, right = first_links(held, ranker)
    sure = chance >= ranker.sure["occupation"]
    print(f"sure: {sure.mean():.3f} of first links, {right[sure].mean():.3f} right")
    for low, high, n, mean, share in reliability(held, ranker):
        print(f"{low:.1f}-{high:.1f} {n:5} chance {mean:.3f} right {share:.3f}")


if __name__ == "__main__":
    main()
