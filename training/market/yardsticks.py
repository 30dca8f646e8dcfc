"""What rankings are worth when the truth is known: expected true hires among the first ten, for any score and every baseline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer

from models.artifact import load
from training.learning.resemblance import words_of
from training.market.lists import compare, open_counter
from training.market.market import Market
from training.market.pairs import Floats
from training.market.reality import EPOCH, Longs
from training.measures.ranking import ranks_of

TOP: Final = 10
FAR_KM: Final = 10.0
"""Distance taken where a postcode is unknown, by the baseline that goes by distance."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Pairs of evaluation people with their candidates, one row each, people one after the other.

    Attributes
    ----------
    person, vacancy
        (n_pairs,): rows of the scene.
    values
        uint8 (n_pairs, n_comparisons): quantised comparison values as the engine computes them on that day.
    chance
        (n_pairs,): true chance of a job if proposed.
    baselines
        Name -> (n_pairs,) scores, higher is better: ``random``, ``newest``, ``most suggested``, ``same profession and
        distance``, ``texts``, ``hand-set tables``.
    """

    person: Longs
    vacancy: Longs
    values: npt.NDArray[np.uint8]
    chance: Floats
    baselines: Mapping[str, Floats]


def judge(
    market: Market, rng: np.random.Generator, day: date, people: Longs | None = None, n_people: int = 200,
    n_candidates: int | None = None,
) -> Judged:  # fmt: skip
    """Lay evaluation people and their candidate vacancies side by side, with what is true.

    Parameters
    ----------
    day
        Day of the lists, within the market's run.
    people
        Rows of the scene; by default ``n_people`` drawn from those in guidance on the day.
    n_candidates
        So many of the open vacancies that the rules allow are drawn for each person; by default all are taken. They come in
        chance order, so that ties of a score fall at random; who has fewer than ten is left out.
    """
    at = day.toordinal() - EPOCH
    scene = market.scene
    if people is None:
        around = np.flatnonzero((scene.first_list <= at) & (at < scene.planned_end))
        people = rng.choice(around, min(n_people, len(around)), replace=False)
    rivals, free = market.standing(at)
    rows = np.flatnonzero((scene.published <= at) & (at <= scene.last_day) & (free > 0))
    positions = np.maximum(market.reality.vacancy["positions"], 1).astype(np.int64)
    counter = open_counter(market.service, rows, at, rivals, positions - free)
    person, vacancy, values = [], [], []
    for one in people.tolist():
        pairs = compare(counter, np.full(len(rows), one), rows)
        allowed = rng.permutation(np.flatnonzero(pairs.rules[:, 0] == 0))[:n_candidates]
        if len(allowed) >= TOP:
            person.append(np.full(len(allowed), one))
            vacancy.append(rows[allowed])
            values.append(pairs.values[allowed].astype(np.uint8))
    who, what, steps = np.concatenate(person), np.concatenate(vacancy), np.concatenate(values)
    return Judged(
        person=who,
        vacancy=what,
        values=steps,
        chance=market.probability(who, what, day),
        baselines={
            "random": rng.random(len(who)),
            "newest": scene.published[what].astype(np.float64),
            "most suggested": _suggested(market, at)[what].astype(np.float64),
            "same profession and distance": _near(market, who, what),
            "texts": _alike(market, who, what),
            "hand-set tables": table_scores(load().tables, steps),
        },
    )


def table_scores(tables: Floats, values: npt.NDArray[np.uint8]) -> Floats:
    """Add the contributions of tables (n_comparisons, 256) for values (n_pairs, n_comparisons), without intercept; (n_pairs,)."""
    return np.asarray(tables[np.arange(len(tables)), values].sum(axis=1))


def true_hires(person: Longs, scores: Floats, chance: Floats, top: int = TOP) -> Floats:
    """Give, for each person, the expected true hires among the first ``top`` by score: the sum of their chances; (n_people,).

    Rows of a person must follow each other; ties keep their order.

    >>> true_hires(np.array([7, 7, 7, 9]), np.array([0.1, 0.3, 0.2, 0.0]), np.array([0.5, 0.25, 0.125, 0.0625]), top=2)
    array([0.375 , 0.0625])
    """
    number = np.cumsum(np.append(True, person[1:] != person[:-1])) - 1
    first = ranks_of(number, scores, np.arange(len(person))) <= top
    return np.asarray(np.bincount(number, weights=chance * first), dtype=np.float64)


def _suggested(market: Market, day: int) -> Longs:
    """Count how often each vacancy was suggested before a day."""
    listed = market.careers.listed
    return np.bincount(listed.offer[listed.day < day], minlength=len(market.scene.offers))


def _near(market: Market, person: Longs, vacancy: Longs) -> Floats:
    """Put vacancies of a profession sought first, the nearest first among them, by what records say."""
    said = market.said
    same = (said.sought[person] == said.occupation[vacancy][:, None]).any(axis=1)
    home, place = said.home[person], said.place[vacancy]
    km = np.where((home >= 0) & (place >= 0), said.km[home, place], FAR_KM)
    return np.asarray(1000.0 * same - km)


def _alike(market: Market, person: Longs, vacancy: Longs) -> Floats:
    """Give the cosine of TF-IDF of character 3- to 5-grams of the texts of person and vacancy."""
    scene = market.scene
    people, who = np.unique(person, return_inverse=True)
    jobs, what = np.unique(vacancy, return_inverse=True)
    adverts = [words_of(scene.offers[row], scene.taxonomy) for row in jobs.tolist()]
    files = [words_of(scene.profiles[row], scene.taxonomy) for row in people.tolist()]
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True, dtype=np.float32)
    of_jobs = vectors.fit_transform(adverts)
    alike = (vectors.transform(files) @ of_jobs.T).toarray()
    return np.asarray(alike[who, what], dtype=np.float64)
