"""Histories whose truth is known: random comparison values, lists by the hand-set tables, hires by a monotone truth."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

from matching.codes import Event, Kind
from matching.comparisons import FULL, N_COMPARISONS, NOT_ASKED, UNKNOWN, UNSTATED
from models.artifact import load
from training.history import Events, Floats, History, Offers, People, Suggestions

START = np.datetime64("2023-01-01")
AS_OF = date(2025, 6, 30)
EMPLOYERS = 400
DAYS = 900


@dataclass(frozen=True, slots=True)
class Truth:
    """Log-odds of a hire when a suggestion is looked at: tables (n_comparisons, 256), and an interaction nobody models."""

    tables: Floats
    intercept: float
    interaction: float = 0.0

    def chance(self, values: npt.NDArray[np.uint8]) -> Floats:
        found = np.full(values.shape[:-1], self.intercept)
        for c, row in enumerate(self.tables):
            found += row[values[..., c]]
        if self.interaction:
            found += self.interaction * (values[..., 2] < 100) * (values[..., 5] < 100)
        return np.asarray(1 / (1 + np.exp(-found)))


def truth(rng: np.random.Generator, rate: float = 0.03, interaction: float = 0.0) -> Truth:
    """Bend the hand-set tables: other weights, other shapes, still rising with the value; ``rate`` is the chance of any pair."""
    hand_set = load().tables
    tables = 0.5 * hand_set * rng.uniform(0, 2, N_COMPARISONS)[:, None]
    share = np.arange(FULL + 1) / FULL
    for c in range(N_COMPARISONS):
        tables[c, : FULL + 1] += rng.uniform(0, 1.2) * share ** rng.uniform(0.3, 3)
    some = draw_values(rng, 5000)
    intercept = brentq(lambda at: Truth(tables, at, interaction).chance(some).mean() - rate, -30, 30)
    return Truth(tables, float(intercept), interaction)


def draw_values(rng: np.random.Generator, *shape: int) -> npt.NDArray[np.uint8]:
    values = (FULL * rng.beta(1.2, 0.8, size=(*shape, N_COMPARISONS)) ** rng.uniform(0.5, 1.5, N_COMPARISONS)).astype(np.uint8)
    state = rng.random(size=values.shape, dtype=np.float32)
    values[state < 0.08] = NOT_ASKED
    values[(state > 0.08) & (state < 0.16)] = UNSTATED
    values[state > 0.96] = UNKNOWN
    return values


def examined(rank: npt.NDArray[np.int64]) -> Floats:
    """Chance that a suggestion is looked at: 1, 0.62, 0.47, ... (a power of the rank)."""
    return np.asarray(rank**-0.7)


def make_history(
    rng: np.random.Generator, known: Truth, n_people: int = 2000, pool: int = 30, top: int = 10, explore: float = 0.2,
    again: bool = False,
) -> History:  # fmt: skip
    """One list for each person: the best of their pool by the hand-set tables, or the best in random order for some.

    ``again``: every list is shown a second time, a week later; it can lead to no second hire.
    """
    model = load()
    values = draw_values(rng, n_people, pool)
    scores = model.scores(values.reshape(-1, N_COMPARISONS)).reshape(n_people, pool)
    best = np.argsort(-scores, axis=1, kind="stable")[:, :top]
    explored = rng.random(n_people) < explore
    best[explored] = rng.permuted(best[explored], axis=1)
    row = np.arange(n_people)[:, None]
    n = n_people * top
    person, rank = np.repeat(np.arange(n_people), top), np.tile(np.arange(1, top + 1), n_people)
    n_offers = max(n_people // 2, top)
    offer = ((np.arange(n_people) * 7)[:, None] + np.arange(top)).ravel() % n_offers
    shown = START + np.sort(rng.integers(DAYS, size=n_people))[person].astype("timedelta64[D]")
    shown_values = values[row, best].reshape(n, -1)
    hired = rng.random(n) < examined(rank) * known.chance(shown_values)
    exploration = np.repeat(explored, top)
    count = np.arange(n).astype("U8")
    suggestions = Suggestions(
        id=np.char.add("s-", count),
        list_id=np.char.add("l-", person.astype("U8")),
        person=person,
        offer=offer,
        kind=np.full(n, Kind.VACANCY.value),
        rank=rank,
        score=scores[row, best].ravel(),
        values=shown_values,
        propensity=np.where(exploration, 1 / top, 1.0),
        exploration=exploration,
        shown=shown.astype("datetime64[s]"),
        model=np.full(n, model.version),
        policy=np.full(n, "exact-top-k"),
        asked_by=np.full(n, "c-1"),
    )
    if again:
        suggestions = _twice(suggestions)
    people = People(
        id=np.char.add("p-", np.arange(n_people).astype("U8")),
        registered=START + np.zeros(n_people, dtype="timedelta64[D]"),
        guidance_end=START + np.full(n_people, 365, dtype="timedelta64[D]"),
        target_group=rng.choice(["art60", "bf_trainee", ""], n_people, p=[0.6, 0.3, 0.1]),
    )
    offers = Offers(
        id=np.char.add("o-", np.arange(n_offers).astype("U8")),
        kind=np.full(n_offers, Kind.VACANCY.value),
        employer=rng.integers(-1, EMPLOYERS, n_offers),
        published=START + rng.integers(-60, DAYS, n_offers).astype("timedelta64[D]"),
        open_positions=np.ones(n_offers, dtype=np.int64),
    )
    return History(AS_OF, people, offers, suggestions, _events(rng, suggestions, hired, n), {})


def _twice(shown: Suggestions) -> Suggestions:
    def both(name: str, second: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        return np.concatenate([getattr(shown, name), second])

    named = {name: getattr(shown, name) for name in Suggestions.__dataclass_fields__}
    arrays = {name: both(name, column) for name, column in named.items() if column is not None}
    arrays["id"] = both("id", np.char.add("again-", shown.id))
    arrays["list_id"] = both("list_id", np.char.add("again-", shown.list_id))
    arrays["shown"] = both("shown", shown.shown + np.timedelta64(7, "D"))
    return Suggestions(**arrays)  # type: ignore[arg-type]


def _events(rng: np.random.Generator, shown: Suggestions, hired: npt.NDArray[np.bool_], n: int) -> Events:
    """Every hire was applied for; some applications lead nowhere."""
    applied = np.flatnonzero(hired | (rng.random(n) < 0.02))
    hires = np.flatnonzero(hired)
    rows = np.concatenate([applied, hires])
    later = rng.integers(10, 80, n)
    on = shown.shown[rows].astype("datetime64[D]") + np.concatenate([later[applied] - 9, later[hires]])
    m = len(rows)
    return Events(
        id=np.char.add("e-", np.arange(m).astype("U8")),
        event=np.array([Event.APPLIED.value] * len(applied) + [Event.HIRED.value] * len(hires)),
        person=shown.person[rows],
        offer=shown.offer[rows],
        suggestion=rows,
        on=on,
        recorded=(on + rng.integers(0, 25, m)).astype("datetime64[s]"),
        reported_by=np.full(m, "c-1"),
        reason=np.full(m, ""),
        contract=np.full(m, ""),
        hours=np.full(m, np.nan),
        started=np.where(np.arange(m) >= len(applied), on, np.datetime64("NaT")),
        stands=np.ones(m, dtype=np.bool_),
    )
