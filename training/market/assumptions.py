"""What the market assumes, with a number for each; the published figures it follows, with their sources (``figures.json``)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FIGURES: Final = Path(__file__).parent / "figures.json"

YEAR: Final = 365.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure: ``value`` as published for ``period``, and the address where it stands."""

    value: float
    period: str
    source: str
    says: str


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Everything about careers that is published nowhere.

    Attributes
    ----------
    chance
        Mean chance that a proposal of a plausible vacancy ends in a job, while a position stays free; sets the truth's constant.
    own_search
        Jobs per year of searching that a person finds without the service; times exp(0.4 drive).
    handed_over, withdrawn
        Per year: hand-over to the antennas, giving up guidance; the latter times exp(-0.5 drive).
    between_lists
        Least and most days from one list to the next of a person.
    looks_on, proposes
        Chance that a consultant reads on after each rank; chance that one of those read is proposed, on average.
    own_ideas
        Chance per list that a consultant proposes a vacancy of their own.
    outside_days
        Mean days after which somebody from outside takes a position.
    stages
        How the chance p is spread: p^a to apply, p^b to be interviewed then, p^c to be hired then; a + b + c = 1.
    stays
        Mean days of a job: permanent, temporary agency, other.
    pause
        Days after a job until lists are made again.
    told
        Mean days until an event is reported: of an application, of a job, of the end of a job.
    still_in_work
        Shares of those in work after 1, 3 and 6 months of whom this is reported.
    mistaken, misdated, erased
        Shares of refusals first recorded as a job, of jobs first recorded with a wrong start, of people erased on request.
    """

    chance: float = 0.03
    own_search: float = 0.25
    handed_over: float = 0.12
    withdrawn: float = 0.10
    between_lists: tuple[int, int] = (7, 28)
    looks_on: float = 0.85
    proposes: float = 0.35
    own_ideas: float = 0.2
    outside_days: float = 45.0
    stages: tuple[float, float, float] = (0.25, 0.35, 0.40)
    stays: tuple[float, float, float] = (900.0, 70.0, 240.0)
    pause: int = 14
    told: tuple[float, float, float] = (5.0, 12.0, 25.0)
    still_in_work: tuple[float, float, float] = (0.85, 0.75, 0.65)
    mistaken: float = 0.01
    misdated: float = 0.02
    erased: float = 0.01


def read_figures() -> Mapping[str, Figure]:
    """Read the published figures that the market follows, by name."""
    return {name: Figure(**entry) for name, entry in json.loads(FIGURES.read_text(encoding="utf-8")).items()}
