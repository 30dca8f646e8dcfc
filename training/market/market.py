"""A whole simulated market: what was logged of it, and what is true in it."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
from scipy.special import expit

from models.artifact import load
from models.match_model import MatchModel
from training.history import History
from training.market.assumptions import Assumptions
from training.market.careers import FAR, Careers, level, run_careers
from training.market.columns import Record, known_on
from training.market.events import tell
from training.market.facts import pair_facts
from training.market.lists import EXPLORING, Policy, Service, open_service
from training.market.pairs import Floats, Truth
from training.market.reality import EPOCH, Longs, Reality, Said, imagine, read_records
from training.market.scene import Scene, Size, invent_scene

START: Final = date(2023, 1, 2)
ALTERNATIVES: Final = 12
"""Realities drawn anew to average over what nobody can observe."""


@dataclass(frozen=True, eq=False)
class Market:
    """A simulated market.

    ``record`` holds everything that was logged, ``service`` the engine that made the lists, ``reality`` and ``constant`` what is
    true, ``said`` the records as the market reads them.
    """

    record: Record
    service: Service
    said: Said
    reality: Reality
    truth: Truth
    constant: float
    seed: int

    @cached_property
    def history(self) -> History:
        """The log as known on the last day."""
        return known_on(self.record, date.fromordinal(self.scene.end + EPOCH))

    @property
    def scene(self) -> Scene:
        """Who and what there is."""
        return self.record.scene

    @property
    def careers(self) -> Careers:
        """All that happened, whoever was told of it."""
        return self.record.careers

    def known_on(self, as_of: date) -> History:
        """Give the log as it stood at the end of a day."""
        return known_on(self.record, as_of)

    def probability(self, people: Longs, vacancies: Longs, day: date) -> Floats:
        """Give the true chance that a proposal on a day ends in a job, if person and position stay free; (n_pairs,), 0-1.

        ``people`` and ``vacancies`` are rows of the scene; congestion is that of the day.
        """
        return self._chance(self.reality, people, vacancies, day)

    def observable(self, people: Longs, vacancies: Longs, day: date) -> Floats:
        """Give the same chance as far as it can be known from records: averaged over realities that agree with them."""
        rng = np.random.default_rng(self.seed)
        drawn = (self._chance(imagine(self.said, rng), people, vacancies, day) for _ in range(ALTERNATIVES))
        return np.asarray(sum(drawn) / ALTERNATIVES)

    def _chance(self, reality: Reality, people: Longs, vacancies: Longs, day: date) -> Floats:
        at = day.toordinal() - EPOCH
        rivals, free = self.standing(at)
        facts = pair_facts(reality, people, vacancies, at, self.scene.registered, rivals, free)
        return np.asarray(expit(self.truth(facts) + self.constant))

    def standing(self, day: int) -> tuple[Longs, Longs]:
        """Give per vacancy the people proposed before a day (days since 1970), and the positions still free on it."""
        careers, n = self.careers, len(self.scene.offers)
        made, hired = careers.proposed, careers.hired
        rivals = np.bincount(made.offer[made.day < day], minlength=n)
        inside = np.bincount(hired.offer[(hired.decided < day) & (hired.offer >= 0)], minlength=n)
        positions = np.maximum(self.reality.vacancy["positions"], 1).astype(np.int64)
        return rivals, np.maximum(positions - inside - (careers.outside <= day).sum(axis=1), 0)


def simulate(
    rng: np.random.Generator,
    truth: Truth,
    size: Size | None = None,
    policy: Policy = EXPLORING,
    model: MatchModel | None = None,
    start: date = START,
    assumed: Assumptions | None = None,
) -> Market:
    """Simulate a market: the same generator state and arguments give the same market.

    Parameters
    ----------
    truth
        One of `training.market.truths.TRUTHS`, or another function of `PairFacts`.
    size
        People and vacancies a year, and days; LINK's over two years by default.
    policy, model
        Which lists are shown: order of the engine with the tables of ``model`` (hand-set by default), explored or not.
    """
    return live(rng, invent_scene(rng, size or Size(), start), truth, policy, model, assumed)


def live(
    rng: np.random.Generator,
    scene: Scene,
    truth: Truth,
    policy: Policy,
    model: MatchModel | None = None,
    assumed: Assumptions | None = None,
) -> Market:
    """Let the people of a scene live in it; otherwise as `simulate`."""
    assumed, model = assumed or Assumptions(), model or load()
    said = read_records(scene.profiles, scene.offers, scene.taxonomy, scene.geography)
    reality = imagine(said, rng)
    constant = level(rng, scene, reality, truth, assumed.chance)
    service = open_service(scene, model)
    careers = run_careers(rng, service, reality, truth, constant, policy, assumed)
    told = tell(rng, scene, reality, careers, assumed)
    asks = rng.random(len(scene.profiles)) < assumed.erased
    erased = np.where(asks, scene.first_list + rng.integers(30, 365, len(asks)), FAR)
    record = Record(scene, careers, told, erased, model.version, policy.name)
    return Market(record, service, said, reality, truth, constant, int(rng.integers(2**62)))
