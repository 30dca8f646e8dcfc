"""The lists that the service shows in the market: the engine's, in order, explored or shuffled, with their propensities."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from matching import batches, stock, vectors
from matching.matcher import Matcher, People
from matching.pairs import Pairs, compare_pairs
from matching.ragged import take
from matching.reference import read_guidance
from models.match_model import MatchModel
from training.market.pairs import Floats
from training.market.reality import EPOCH, Longs
from training.market.scene import Scene

SHOWN: Final = 10
POOL: Final = 20


@dataclass(frozen=True, slots=True)
class Policy:
    """How lists are made of the engine's best 20 vacancies.

    ``share`` is the chance that one of the ten slots shows, instead of its own vacancy, the one ten ranks further down, if that
    scores at most ``near`` (log-odds) less; 0 is the engine's own list. ``shuffled``: all orders of the 20 are equally likely.
    """

    name: str
    share: float = 0.0
    near: float = 1.0
    shuffled: bool = False


ENGINE: Final = Policy("engine")
EXPLORING: Final = Policy("exploring", share=0.05)
HALF: Final = Policy("half", share=0.5, near=np.inf)
SHUFFLED: Final = Policy("shuffled", shuffled=True)
POLICIES: Final = {policy.name: policy for policy in (ENGINE, EXPLORING, HALF, SHUFFLED)}


class Shown(NamedTuple):
    """Lists as shown, (n_lists, 10): rows of vacancies (-1: none), and the chance that the policy showed them there."""

    offer: Longs
    propensity: Floats
    exploration: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """The engine over a scene: everybody and everything as arrays, once."""

    scene: Scene
    bare: Matcher
    people: People
    offers: vectors.Offers
    ids: npt.NDArray[np.bytes_]


@dataclass(frozen=True, slots=True, eq=False)
class Counter:
    """The engine on one day, over the vacancies ``rows`` (ascending) of the scene; ``at``: where each stands in the stock."""

    service: Service
    matcher: Matcher
    rows: Longs
    at: Longs
    day: int


def open_service(scene: Scene, model: MatchModel) -> Service:
    """Turn a scene into what the engine reads; the market decides who gets a list, so LINK's dates close nothing."""
    bare = Matcher.build(scene.taxonomy, scene.geography, dict(read_guidance()), model, [])
    people = bare.people(scene.profiles, date.fromordinal(scene.end + EPOCH))
    people.arrays.rows["gate"] = 1
    return Service(
        scene=scene,
        bare=bare,
        people=people,
        offers=vectors.offers(scene.offers, scene.taxonomy, scene.geography, tuple(bare.groups)),
        ids=np.array([offer.id.encode() for offer in scene.offers], dtype=np.bytes_),
    )


def with_model(service: Service, model: MatchModel) -> Service:
    """Give the same service with other tables."""
    return replace(service, bare=replace(service.bare, model=model))


def open_counter(service: Service, rows: Longs, day: int, rivals: Longs, filled: Longs) -> Counter:
    """Arrange the vacancies that are open on a day, with the people proposed and the positions filled so far."""
    offers: Any = take(service.offers, rows)
    left = offers.rows["left"]
    offers.rows["left"] = np.where(left < 0, left, np.maximum(left - filled[rows], 0))
    held = stock.arrange(service.ids[rows], offers, np.full(len(rows), -1, dtype=np.int32), service.scene.taxonomy)
    known = rows[rivals[rows] > 0]
    named = zip(service.ids[known].tolist(), rivals[known].tolist(), strict=True)
    held = stock.with_proposals(held, {name.decode(): count for name, count in named})
    at = np.empty(len(rows), dtype=np.int64)
    at[held.groups.rank] = np.arange(len(rows))
    return Counter(service, replace(service.bare, stock=held), rows, at, day)


def best(counter: Counter, people: Longs, top: int = POOL) -> tuple[Longs, Floats]:
    """Give the engine's best vacancies of some people: rows of the scene, -1 where there are fewer, and scores."""
    asked = replace(counter.service.people, today=date.fromordinal(counter.day + EPOCH))
    found = batches.best_vacancies(counter.matcher, asked, people, top)
    rank = counter.matcher.stock.groups.rank
    rows = np.where(found.rows >= 0, counter.rows[rank[np.maximum(found.rows, 0)]], -1)
    return rows, np.where(found.rows >= 0, found.scores, -np.inf)


def compare(counter: Counter, people: Longs, vacancies: Longs) -> Pairs:
    """Compare pairs of rows of the scene as the engine does; the vacancies must be open at this counter."""
    matcher = counter.matcher
    return compare_pairs(
        counter.service.people.arrays,
        people,
        matcher.stock.offers,
        counter.at[np.searchsorted(counter.rows, vacancies)],
        matcher.world(date.fromordinal(counter.day + EPOCH)),
        matcher.scale(matcher.model.tables),
        len(matcher.taxonomy.competences),
    )


def arrange(rng: np.random.Generator, policy: Policy, pool: Longs, scores: Floats) -> Shown:
    """Make lists of ten of pools of 20.

    Parameters
    ----------
    pool, scores
        (n_lists, 20): vacancies in the engine's order (-1: no more) and their scores.

    Returns
    -------
    Every vacancy of a pool has at most one chance per rank, and that chance is the propensity, exactly: ``share`` or its
    complement where a slot has an alternative, else 1; one over the length of the pool when shuffled.
    """
    n = len(pool)
    if policy.shuffled:
        there = pool >= 0
        order = np.argsort(np.where(there, rng.random(pool.shape), 2.0), axis=1)[:, :SHOWN]
        length = np.maximum(there.sum(axis=1, keepdims=True), 1)
        chosen = np.take_along_axis(pool, order, axis=1)
        explored = (order != np.arange(SHOWN)) & (chosen >= 0)
        return Shown(chosen, np.broadcast_to(1.0 / length, (n, SHOWN)).copy(), explored)
    own, other = pool[:, :SHOWN], pool[:, SHOWN:]
    tied = np.zeros((n, SHOWN), dtype=np.bool_)
    both = other >= 0
    tied[both] = scores[:, :SHOWN][both] - scores[:, SHOWN:][both] <= policy.near
    may = tied & (policy.share > 0)
    explored = may & (rng.random((n, SHOWN)) < policy.share)
    propensity = np.where(may, np.where(explored, policy.share, 1 - policy.share), 1.0)
    return Shown(np.where(explored, other, own), propensity, explored)
