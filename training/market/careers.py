"""Careers: session by session lists are shown, vacancies proposed, jobs found, positions filled, guidance left."""

import heapq
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import expit

from matching.codes import Contract
from training.market.assumptions import YEAR, Assumptions
from training.market.facts import nearness, pair_facts
from training.market.lists import Policy, Service, arrange, best, compare, open_counter
from training.market.pairs import Floats, Truth
from training.market.reality import BITS, Longs, Reality
from training.market.scene import Scene
from training.profiles import CONSULTANTS

Flags = npt.NDArray[np.bool_]

FAR: Final = 2**40
"""A day that never comes."""
HANDED_OVER, WITHDREW, ENDED = 0, 1, 2
"""How guidance ends without a job."""
EVERY: Final = 7
"""Days between two sessions of the service."""
PLAUSIBLE, OF_PLAUSIBLE = 10, 200
IDEAS: Final = 30


class Listed(NamedTuple):
    """Suggestions as shown, one row each.

    ``chance``: true chance of a job if proposed that day; ``examined``: chance that the consultant proposes it, unless that pair
    was proposed before (then never again); ``seen``: whether the consultant read as far.
    """

    list: Longs
    person: Longs
    offer: Longs
    rank: Longs
    score: Floats
    values: npt.NDArray[np.uint8]
    propensity: Floats
    exploration: Flags
    day: Longs
    chance: Floats
    examined: Floats
    seen: Flags


class Proposed(NamedTuple):
    """Proposals, one row each; ``suggestion`` -1 for a consultant's own idea; days of the steps, `FAR` if not reached.

    ``hired`` says whether it would end in a job if person and position are still free on ``decided``.
    """

    person: Longs
    offer: Longs
    suggestion: Longs
    day: Longs
    chance: Floats
    applied: Longs
    interviewed: Longs
    decided: Longs
    hired: Flags


class Hired(NamedTuple):
    """Jobs found, in order of ``decided``; ``offer`` and ``proposal`` -1 for those found without the service."""

    person: Longs
    offer: Longs
    proposal: Longs
    decided: Longs
    started: Longs
    left: Longs
    contract: Longs
    hours: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Careers:
    """All that happened, whoever was told of it.

    ``exit_day``, ``exit_kind`` (people,): end of guidance if no job came before. ``in_work`` (people,): first day on which
    somebody would be looked at again; 0 who never had a job. ``outside`` (vacancies, positions): days on which others take one.
    """

    listed: Listed
    proposed: Proposed
    hired: Hired
    exit_day: Longs
    exit_kind: Longs
    in_work: Longs
    outside: Longs
    consultant: Longs


def level(rng: np.random.Generator, scene: Scene, reality: Reality, truth: Truth, chance: float) -> float:
    """Find the constant with which plausible proposals end in a job with the mean chance assumed.

    Plausible: for each of up to 400 people the ten of 200 vacancies that are closest in profession, then in competences, then in
    minutes. It depends on no engine and no list.
    """
    people = rng.choice(len(scene.profiles), min(400, len(scene.profiles)), replace=False)
    pairs = np.repeat(people, OF_PLAUSIBLE), rng.integers(0, len(scene.offers), len(people) * OF_PLAUSIBLE)
    nothing, one = np.zeros(len(scene.offers), dtype=np.int64), np.ones(len(scene.offers), dtype=np.int64)
    facts = pair_facts(reality, *pairs, scene.start, scene.registered, nothing, one)
    order = (facts.sought + facts.held - facts.minutes / 60).reshape(len(people), -1)
    rows = np.argsort(-order, axis=1)[:, :PLAUSIBLE] + np.arange(len(people))[:, None] * OF_PLAUSIBLE
    plausible = facts.take(rows.ravel())
    plain = truth(replace(plausible, age=np.full(len(plausible), 15.0)))
    return float(brentq(lambda constant: expit(plain + constant).mean() - chance, -60, 60))


@dataclass(slots=True, eq=False)
class _Run:
    """What changes while careers run."""

    rng: np.random.Generator
    scene: Scene
    reality: Reality
    assumed: Assumptions
    next_list: Longs
    free_from: Longs
    exit_day: Longs
    exit_kind: Longs
    positions: Longs
    outside: Longs
    inside: Longs
    rivals: Longs
    pairs: set[int] = field(default_factory=set)
    waiting: list[tuple[int, int, int, int]] = field(default_factory=list)
    jobs: list[tuple[int, int, int, int, int, int, int, float]] = field(default_factory=list)

    def free(self, day: int) -> Longs:
        """Give the positions still free on a day, (vacancies,)."""
        return np.asarray(np.maximum(self.positions - self.inside - (self.outside <= day).sum(axis=1), 0))

    def search(self, person: int, day: int) -> None:
        """Let a person search alone from a day on."""
        mean = YEAR / (self.assumed.own_search * float(np.exp(0.4 * self.reality.drive[person])))
        heapq.heappush(self.waiting, (day + 1 + int(self.rng.exponential(mean)), person, -1, -1))

    def settle(self, until: int) -> None:
        """Decide, in order of days, what is due before a day: who is free takes a position that is free."""
        while self.waiting and self.waiting[0][0] < until:
            day, person, offer, proposal = heapq.heappop(self.waiting)
            if not self.free_from[person] <= day < self.exit_day[person]:
                continue
            if offer >= 0:
                if self.inside[offer] + (self.outside[offer] <= day).sum() >= self.positions[offer]:
                    continue
                self.inside[offer] += 1
            self.take_job(day, person, offer, proposal)

    def take_job(self, day: int, person: int, offer: int, proposal: int) -> None:
        """Begin a job, and settle when it ends and what then becomes of guidance."""
        like = offer if offer >= 0 else int(self.rng.integers(len(self.positions)))
        contract = int(self.reality.vacancy["contract"][like])
        hours = float(self.reality.vacancy["hours_max"][like])
        kind = 0 if contract == BITS[Contract.PERMANENT] else 1 if contract == BITS[Contract.INTERIM] else 2
        started = day + 1 + int(self.rng.integers(0, 21))
        left = started + 1 + int(self.rng.exponential(self.assumed.stays[kind]))
        self.jobs.append((person, offer, proposal, day, started, left, contract, hours))
        back = left + self.assumed.pause
        self.free_from[person] = back
        self.next_list[person] = max(int(self.next_list[person]), back)
        planned = int(self.scene.planned_end[person])
        if back > self.exit_day[person] and self.exit_kind[person] != ENDED:
            self.exit_day[person], self.exit_kind[person] = planned, ENDED
        if back < planned:
            self.search(person, back)


def run_careers(
    rng: np.random.Generator,
    service: Service,
    reality: Reality,
    truth: Truth,
    constant: float,
    policy: Policy,
    assumed: Assumptions,
) -> Careers:
    """Run a scene from its first to its last day, with a session every seven days."""
    scene = service.scene
    run = _begin(rng, scene, reality, assumed)
    consultant = _consultants(rng, scene)
    eager = np.clip(assumed.proposes * np.exp(0.25 * rng.standard_normal(CONSULTANTS)), 0, 0.9)
    listed: list[Listed] = []
    proposed: list[Proposed] = []
    n_lists = n_listed = n_proposed = 0
    for day in range(scene.start, scene.end + 1, EVERY):
        run.settle(day)
        free = run.free(day)
        rows = np.flatnonzero((scene.published <= day) & (day <= scene.last_day) & (free > 0))
        due = np.flatnonzero((run.next_list <= day) & (run.free_from <= day) & (day < run.exit_day))
        if not len(due) or not len(rows):
            continue
        run.next_list[due] = day + rng.integers(assumed.between_lists[0], assumed.between_lists[1] + 1, len(due))
        shown = _show(run, service, policy, truth, constant, due, rows, free, day, eager[consultant[due]], n_lists)
        made = _propose(run, truth, constant, due, rows, free, day, shown, eager[consultant[shown.person]], n_listed)
        for person, offer, proposal in zip(*_would_be_hired(made, n_proposed), strict=True):
            heapq.heappush(run.waiting, (int(made.decided[proposal - n_proposed]), person, offer, proposal))
        run.rivals += np.bincount(made.offer, minlength=len(run.rivals))
        n_lists, n_listed, n_proposed = n_lists + len(due), n_listed + len(shown.person), n_proposed + len(made.person)
        listed.append(shown)
        proposed.append(made)
    run.settle(scene.end + 1)
    return Careers(
        listed=Listed(*map(np.concatenate, zip(*listed, strict=True))),
        proposed=Proposed(*map(np.concatenate, zip(*proposed, strict=True))),
        hired=_hired(run.jobs),
        exit_day=run.exit_day,
        exit_kind=run.exit_kind,
        in_work=run.free_from,
        outside=run.outside,
        consultant=consultant,
    )


def _consultants(rng: np.random.Generator, scene: Scene) -> Longs:
    """Give each person their contact, a consultant by number from 0; whose contact is unknown sees any of them."""
    by_name = {f"consultant-{number + 1}": number for number in range(CONSULTANTS)}
    known = np.array([by_name.get(profile.contact_id or "", -1) for profile in scene.profiles], dtype=np.int64)
    return np.where(known < 0, rng.integers(0, CONSULTANTS, len(known)), known)


def _begin(rng: np.random.Generator, scene: Scene, reality: Reality, assumed: Assumptions) -> _Run:
    """Draw what is settled beforehand: ends of guidance, positions taken from outside, the first search of each person."""
    n, m = len(scene.profiles), len(scene.offers)
    rates = (assumed.handed_over, assumed.withdrawn * np.exp(-0.5 * reality.drive))
    drawn = [scene.registered + 1 + (rng.exponential(YEAR, n) / rate).astype(np.int64) for rate in rates]
    ends = np.stack([*drawn, scene.planned_end])
    positions = np.maximum(reality.vacancy["positions"], 1).astype(np.int64)
    taken = scene.published[:, None] + 1 + rng.exponential(assumed.outside_days, (m, int(positions.max()))).astype(np.int64)
    taken[np.arange(taken.shape[1]) >= positions[:, None]] = FAR
    none = np.zeros(n, dtype=np.int64)
    run = _Run(
        rng, scene, reality, assumed, scene.first_list.copy(), none, ends.min(axis=0), ends.argmin(axis=0), positions, taken,
        np.zeros(m, dtype=np.int64), np.zeros(m, dtype=np.int64),
    )  # fmt: skip
    for person in range(n):
        run.search(person, max(int(scene.registered[person]), scene.start))
    return run


def _show(
    run: _Run, service: Service, policy: Policy, truth: Truth, constant: float, due: Longs, rows: Longs, free: Longs, day: int,
    eager: Floats, n_lists: int,
) -> Listed:  # fmt: skip
    """Make the lists of a session, and say how far each is read."""
    counter = open_counter(service, rows, day, run.rivals, run.positions - free)
    lists = arrange(run.rng, policy, *best(counter, due))
    row, rank = np.nonzero(lists.offer >= 0)
    person, offer = due[row], lists.offer[row, rank]
    pairs = compare(counter, person, offer)
    facts = pair_facts(run.reality, person, offer, day, run.scene.registered, run.rivals, free)
    read_to = run.rng.geometric(1 - run.assumed.looks_on, len(due))
    return Listed(
        list=n_lists + row,
        person=person,
        offer=offer,
        rank=rank + 1,
        score=pairs.score,
        values=pairs.values.astype(np.uint8),
        propensity=lists.propensity[row, rank],
        exploration=lists.exploration[row, rank],
        day=np.full(len(row), day),
        chance=expit(truth(facts) + constant),
        examined=run.assumed.looks_on**rank * eager[row],
        seen=rank < read_to[row],
    )


def _propose(
    run: _Run, truth: Truth, constant: float, due: Longs, rows: Longs, free: Longs, day: int, shown: Listed, eager: Floats,
    n_listed: int,
) -> Proposed:  # fmt: skip
    """Propose some of what was read, and ideas of the consultants' own; never a pair twice."""
    rng, n_offers = run.rng, len(run.rivals)
    chosen = np.flatnonzero(shown.seen & (rng.random(len(shown.person)) < eager))
    thinkers = due[rng.random(len(due)) < run.assumed.own_ideas]
    ideas = rows[rng.integers(0, len(rows), (len(thinkers), IDEAS))]
    close = nearness(run.reality, np.repeat(thinkers, IDEAS), ideas.ravel()).reshape(ideas.shape)
    idea = ideas[np.arange(len(thinkers)), close.argmax(axis=1)]
    person = np.concatenate([shown.person[chosen], thinkers])
    offer = np.concatenate([shown.offer[chosen], idea])
    suggestion = np.concatenate([n_listed + chosen, np.full(len(thinkers), -1)])
    keys = (person * n_offers + offer).tolist()
    fresh = np.array([key not in run.pairs and not run.pairs.add(key) for key in keys], dtype=np.bool_)  # type: ignore[func-returns-value]
    person, offer, suggestion = person[fresh], offer[fresh], suggestion[fresh]
    facts = pair_facts(run.reality, person, offer, day, run.scene.registered, run.rivals, free)
    chance = expit(truth(facts) + constant)
    return Proposed(person, offer, suggestion, np.full(len(person), day), chance, *_steps(rng, run.assumed, chance, day))


def _steps(rng: np.random.Generator, assumed: Assumptions, chance: Floats, day: int) -> tuple[Longs, Longs, Longs, Flags]:
    """Draw how far each proposal comes, and when: applied, interviewed, decided (`FAR` if not reached), and whether hired.

    The chances of the three steps multiply to ``chance``.
    """
    n = len(chance)
    applies, meets, hires = (rng.random(n) < chance**power for power in assumed.stages)
    applied = np.where(applies, day + rng.integers(1, 6, n), FAR)
    interviewed = np.where(applies & meets, applied + rng.integers(3, 15, n), FAR)
    decided = np.where(applies, np.where(meets, interviewed, applied) + rng.integers(3, 22, n), FAR)
    return applied, interviewed, decided, applies & meets & hires


def _would_be_hired(made: Proposed, n_proposed: int) -> tuple[list[int], list[int], list[int]]:
    rows = np.flatnonzero(made.hired)
    return made.person[rows].tolist(), made.offer[rows].tolist(), (n_proposed + rows).tolist()


def _hired(jobs: list[tuple[int, int, int, int, int, int, int, float]]) -> Hired:
    whole = np.array([job[:-1] for job in jobs], dtype=np.int64).reshape(-1, len(Hired._fields) - 1)
    person, offer, proposal, decided, started, left, contract = whole.T
    return Hired(person, offer, proposal, decided, started, left, contract, np.array([job[-1] for job in jobs], dtype=np.float64))
