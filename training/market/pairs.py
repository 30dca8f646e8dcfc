"""What a truth of the simulated market may read of pairs of a person and a vacancy, on the day of a proposal.

A *truth* is a function ``log_odds(facts: PairFacts) -> float64[n_pairs]``. It says how likely it is that the person gets the
job when the vacancy is proposed to them on that day and a position stays free: in log-odds, natural logarithm, up to a constant.
The market adds one constant to all pairs, so that the mean chance of proposals is the level that it assumes; only differences
between pairs matter. A truth is a pure function: each pair is judged from its own row (the order and the other rows change
nothing), every answer is finite, and nothing is drawn at random. All noise stands in the three hidden columns and in the events.

>>> import numpy as np
>>> def log_odds(facts: PairFacts) -> Floats:
...     return np.asarray(-0.5 * facts.dutch_short - 0.02 * facts.minutes + 0.7 * facts.spark)
"""

from dataclasses import dataclass, fields, replace
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PairFacts:
    """Facts of pairs as they *are*: one float64 array of n_pairs for each column, never NaN; flags are 0 or 1.

    Records leave much unsaid; reality does not. Where a record is silent the market has drawn what is true from the records that
    speak. The columns say everything about a pair that a truth may use.

    The person
        ``person``: number of the person (to tell people apart, not to be used as a quantity);
        ``art60``, ``trainee``: the target group (both 0: a worker of the third group, in a professional transition programme);
        ``education``: highest level, European Qualifications Framework, 0 (none) to 8;
        ``experience``: months worked, all professions together, 0-200;
        ``french``, ``dutch``, ``english``: level, 0 (none), 1 (A1) ... 6 (C2);
        ``competences``: number of competences in the file, 0-40;
        ``car``: has a car and may drive it;
        ``limit``: longest journey wanted, minutes one way, 20-120;
        ``weeks``: weeks since registration, 0-52 (before it 0).
    The vacancy
        ``vacancy``: number of the vacancy; ``employer``: number of the employer, -1 if unnamed;
        ``isco``: major group of ISCO-08, 1-9 (2 professionals, 4 clerks, 5 service and sales, 7 craft, 8 machines,
        9 elementary);
        ``permanent``, ``agency_work``: kind of contract (both 0: fixed term, replacement and others);
        ``hours``: hours per week, 4-40; ``remote``: share of work done at home, 0-1;
        ``asks_experience``: months, 0-60; ``asks_education``: EQF level, 0 (none) to 8;
        ``asks_french``, ``asks_dutch``, ``asks_english``: level asked, 0 (not asked) to 6;
        ``asks_competences``: number asked, 0-12;
        ``age``: days since it was published, 0-90; ``positions``: positions still free, 1-5 or more;
        ``rivals``: other people of the service to whom it was proposed before, 0-50.
    Both
        ``sought``: how close the profession of the vacancy is to the closest one that the person seeks: leading digits of ISCO-08
        in common, 0 (another major group) to 4 (same unit group), 5 (the very same occupation);
        ``done``: the same for the closest profession that the person has practised;
        ``experience_here``: months worked in professions that share at least two digits with that of the vacancy, 0-200;
        ``held``: share of the competences asked that the person has, 0-1 (1 when none is asked);
        ``lacking``: number of *required* competences that the person lacks, 0-10;
        ``minutes``: door to door, one way, by the quickest way the person has at the hours of the job, 5-240;
        ``french_short``, ``dutch_short``, ``english_short``: levels below what is asked, 0-6;
        ``education_short``: levels below what is asked, 0-8;
        ``papers_lacking``: driving licences and certificates asked that the person lacks, 0-4;
        ``car_lacking``: a car is asked and there is none;
        ``shift_clash``, ``day_clash``: some of the work falls in hours, on days, that the person cannot work;
        ``hours_apart``: hours per week between what is offered and the range wanted, 0-38 (0: inside the range);
        ``contract_unwanted``: a kind of contract that the person does not look for;
        ``too_early``: days that the job starts before the person can, 0-90.
    Hidden: standard normal, independent, in no record; nobody in the market can observe them
        ``drive``: of the person: how they come across, how much they want it;
        ``openness``: of the vacancy: how easily this employer takes somebody from the service;
        ``spark``: of the pair: what only a meeting shows.
    """

    person: Floats
    art60: Floats
    trainee: Floats
    education: Floats
    experience: Floats
    french: Floats
    dutch: Floats
    english: Floats
    competences: Floats
    car: Floats
    limit: Floats
    weeks: Floats
    vacancy: Floats
    employer: Floats
    isco: Floats
    permanent: Floats
    agency_work: Floats
    hours: Floats
    remote: Floats
    asks_experience: Floats
    asks_education: Floats
    asks_french: Floats
    asks_dutch: Floats
    asks_english: Floats
    asks_competences: Floats
    age: Floats
    positions: Floats
    rivals: Floats
    sought: Floats
    done: Floats
    experience_here: Floats
    held: Floats
    lacking: Floats
    minutes: Floats
    french_short: Floats
    dutch_short: Floats
    english_short: Floats
    education_short: Floats
    papers_lacking: Floats
    car_lacking: Floats
    shift_clash: Floats
    day_clash: Floats
    hours_apart: Floats
    contract_unwanted: Floats
    too_early: Floats
    drive: Floats
    openness: Floats
    spark: Floats

    def __len__(self) -> int:
        """Give the number of pairs."""
        return len(self.person)

    def take(self, rows: npt.NDArray[Any]) -> Self:
        """Give some of the pairs, by their rows or by a mask."""
        return replace(self, **{column.name: getattr(self, column.name)[rows] for column in fields(self)})


class Truth(Protocol):
    """The form of a truth: ``log_odds`` of a module of truths."""

    def __call__(self, facts: PairFacts, /) -> Floats:
        """Give the log-odds, up to a constant, that a proposal ends in a job; (n_pairs,), finite."""
        ...
