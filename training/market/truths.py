"""Forms of the truth: how likely a proposal ends in a job, as the simulated market has it and no model knows it.

All numbers are assumptions; nothing is published about them. The forms differ in what a sum of one table per comparison cannot
say: `hazards` has interactions, `bottleneck` lets the weakest link decide, `training.market.third_truth` has gates in a row. They
read what is (`PairFacts`), not what records say.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from training.market.pairs import Floats, PairFacts, Truth
from training.market.third_truth import log_odds as gates

CLERKS, SERVICE, ELEMENTARY = 4, 5, 9


def hazards(facts: PairFacts) -> Floats:
    """Multiply hazards: each fact speeds or slows the way to a job, and some only together with another.

    log h = sum of log factors. Interactions: lacking Dutch costs most where customers are met (clerks, service) and hardly in
    elementary work; experience makes up for a missing diploma; a journey weighs more when the week is short, and less the more
    is done at home; a car asked and lacking bites when the hours clash as well; a long search wears out those who seek what
    they never did.
    """
    contact = np.where((facts.isco >= CLERKS) & (facts.isco <= SERVICE), 1.0, np.where(facts.isco >= ELEMENTARY, 0.25, 0.6))
    practised = np.log1p(facts.experience_here / 6)
    untrained = np.maximum(facts.education_short - 0.8 * practised, 0.0)
    journey = (facts.minutes / 60) ** 2 * (1.6 - facts.hours / 38) * (1 - facts.remote)
    fit = 0.22 * facts.sought + 0.14 * facts.done + 0.08 * facts.sought * (facts.done >= 3)
    crowd = np.log1p(facts.rivals / np.maximum(facts.positions, 1))
    return np.asarray(
        fit
        + 0.45 * practised * np.minimum(1, (6 + facts.experience) / (6 + facts.asks_experience))
        + 1.6 * facts.held**2
        - 0.5 * np.sqrt(facts.lacking) * (facts.done < 4)
        - contact * (0.55 * facts.dutch_short + 0.6 * facts.french_short**1.3)
        - 0.25 * facts.english_short
        + 0.2 * contact * (facts.dutch >= 3)
        - 0.45 * untrained
        - 1.1 * np.minimum(facts.papers_lacking, 2)
        - facts.car_lacking * (0.5 + 0.8 * facts.shift_clash)
        - 0.9 * journey
        - 0.9 * facts.shift_clash
        - 0.5 * facts.day_clash
        - 0.06 * facts.hours_apart
        - 0.4 * facts.contract_unwanted * (1 - 0.5 * facts.agency_work)
        - 0.012 * facts.too_early
        - 0.9 * crowd
        - 0.025 * facts.age
        - 0.012 * facts.weeks * (1 + (facts.done < 3))
        + 0.4 * facts.drive
        + 0.5 * facts.openness
        + 0.5 * facts.spark
    )


def bottleneck(facts: PairFacts) -> Floats:
    """Let the weakest link decide: a job needs skill, words, papers, reach and time, and the worst of the five sets the limit.

    Each link is a number of about 0-1; the log-odds are 6 times their soft minimum (power mean with exponent -4). Two
    thresholds stand on top: the employer looks no further than some six rivals for a position, and a file that falls short of
    half of what is asked is put aside.
    """
    skill = (0.15 + 0.14 * facts.done + 0.3 * facts.held + 0.1 * np.tanh(facts.experience_here / 12)) / 1.1
    skill *= np.where((facts.held < 0.5) & (facts.asks_competences >= 4), 0.75, 1.0)
    words = 1 / (1 + 0.30 * facts.french_short**1.5 + 0.18 * facts.dutch_short**1.5 + 0.10 * facts.english_short)
    papers = 1 / (1 + 0.8 * facts.papers_lacking + 0.6 * facts.car_lacking + 0.22 * facts.education_short)
    far = np.where(facts.remote >= 0.5, 0.5, 1.0) * facts.minutes - facts.limit
    reach = 1 / (1 + np.exp(far / 9)) * 0.75 + 0.25
    time = 1 / (1 + 0.7 * facts.shift_clash + 0.4 * facts.day_clash + 0.05 * facts.hours_apart + 0.01 * facts.too_early)
    wish = (0.2 + 0.16 * facts.sought) * np.where(facts.contract_unwanted > 0, 0.8, 1.0)
    links = np.stack([np.clip(link, 0.05, 1.0) for link in (skill, words, papers, reach, time, wish)])
    weakest = np.mean(links**-4.0, axis=0) ** -0.25
    full = facts.rivals / np.maximum(facts.positions, 1) > 6
    return np.asarray(
        6 * weakest
        - 1.2 * full
        - 0.5 * (facts.age > 30)
        + 0.15 * facts.permanent
        + 0.4 * facts.drive
        + 0.4 * facts.openness * (1 + 0.5 * facts.agency_work)
        + 0.5 * facts.spark
    )


TRUTHS: Final[Mapping[str, Truth]] = {"hazards": hazards, "bottleneck": bottleneck, "gates": gates}
