"""Small simulated markets that several tests look at."""

from datetime import date
from functools import cache

import numpy as np

from training.market.assumptions import Assumptions
from training.market.lists import POLICIES
from training.market.market import Market, simulate
from training.market.scene import Size
from training.market.truths import TRUTHS

SMALL = Size(people=450, vacancies=5_000, days=400)
MINI = Size(people=300, vacancies=3_500, days=280)
START = date(2023, 1, 2)
SHAKY = Assumptions(chance=0.05, mistaken=0.03, misdated=0.05, erased=0.05)
"""More corrections and erasures than assumed otherwise, so that a small market has some of each."""


@cache
def _simulated(truth: str, seed: int, policy: str, size: Size) -> Market:
    return simulate(np.random.default_rng(seed), TRUTHS[truth], size, POLICIES[policy], start=START, assumed=SHAKY)


def market(truth: str = "hazards", seed: int = 5, policy: str = "exploring", size: Size = SMALL) -> Market:
    """Simulate a market, once for each set of arguments."""
    return _simulated(truth, seed, policy, size)
