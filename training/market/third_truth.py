"""A truth of three gates in a row: the person keeps wanting it, the paper passes the screening, the meeting convinces.

A proposal becomes a job only if all three gates open, so that chances are *multiplied*: the weakest gate decides, and a
strong point at one gate hardly repairs a weak one at another. The log-odds of the product are the answer.

*Wish.* A liked profession attracts, with diminishing returns; work once done and no longer sought repels. The journey counts
relative to the longest one wanted, with a cliff near that limit; hours the person cannot work make it longer, and a short
week makes it less worth while. Clashes of hours, days and contract overlap: the first one hurts most. Over-qualification tires
only those who speak French or Dutch well enough to hope for better. Drive lifts the wish and shrinks every obstacle.

*Paper.* The worst language gap counts, not the sum; it is a threshold (one level is often forgiven, two are not) that is
stricter where one talks to the public and milder with an open employer. Experience counts by its logarithm, replaces diplomas
and shelters from rivals and from the stigma of a long spell. A permanent job is screened more strictly, agency work less. The
age of a vacancy is a U: in the middle others are being interviewed; later the bar is lowered. Gaps add up less and less. Two
usable languages, and the Article 60 scheme with an open employer, are merits.

*Meeting.* Spark, drive, openness and having practised the trade; spark weighs more when the file says little and when the job is
with the public.

Without effect: the numbers of person, vacancy and employer, being a trainee, the number of competences in the file and the number
asked, a car as such, English as such, and the level of a language asked (only what falls short of it counts).
"""

import numpy as np

from training.market.pairs import Floats, PairFacts

# Wish: what makes a person go on applying.
WISH_LEVEL = 0.7  # most people who accept a proposal want it a little
APPEAL, APPEAL_SCALE = 2.2, 1.6  # the sought profession; near is almost as good as the very same
WEARY = 0.8  # left that work behind, often for reasons of health
CLIFF, CLIFF_AT, CLIFF_WIDTH = 1.8, 1.05, 0.12  # journeys beyond the stated limit end in no-shows
TRAVEL = 0.45  # each doubling of the journey wears a little
HOME_RELIEF, ODD_HOURS, SHORT_WEEK = 0.7, 0.4, 0.5  # days at home spare travel; odd hours and few paid hours make it dear
CLASHES = 2.6  # everything clashes: child care and second earners leave no way round
SHIFT, DAY, CONTRACT, HOURS_APART, HOURS_HALF = 0.55, 0.45, 0.3, 0.5, 8.0  # share of that obstacle that each takes alone
OVERQUALIFIED, OVERQUALIFIED_FROM = 0.35, 2.0  # per level above the job, after two that are common in Brussels
SECURE, AGENCY = 0.35, 0.3  # a lasting contract is worth an effort, a day contract less so
DISCOURAGED, DISCOURAGED_AT = 0.5, 34.0  # search effort sinks after some eight months
DRIVE_WISH, DRIVE_SHRINKS = 0.55, 0.3  # wanting it: level, and obstacles overcome

# Paper: what an employer sees before the meeting.
PAPER_LEVEL = 1.3
LANGUAGE_PUBLIC, LANGUAGE_HANDS, LANGUAGE_AT, LANGUAGE_WIDTH = 2.4, 1.5, 1.5, 0.35  # safety still needs words on a site
DUTCH_WEIGHT, ENGLISH_WEIGHT = 0.85, 0.6  # Dutch is often asked as a wish in Brussels, English more so
MUTE, MUTE_BELOW = 1.0, 1.8  # below A2 in both languages nobody dares, even if nothing is asked
BILINGUAL = 0.5  # both languages usable: scarce, and paid for at counters
EXPERIENCE, EXPERIENCE_SCALE, ELSEWHERE = 0.55, 6.0, 0.2  # the first months count most; other work counts for a fifth
UNSEASONED, UNSCHOOLED, UNSKILLED, REQUIRED = 0.9, 1.0, 0.9, 1.6  # gaps in months, diploma, competences, required ones
PAPERS, CAR = 2.2, 1.1  # a licence is law; a missing car can sometimes be arranged
TOO_EARLY, TOO_EARLY_AT = 1.0, 21.0  # three weeks are waited for
TOLERANCE = 3.5  # beyond it a file is already on the refused pile and more gaps add little
STRICT_PERMANENT, LAX_AGENCY = 1.2, 0.75  # commitment makes choosy, urgency does not
CROWD = 0.5  # doubling the queue for each position
STIGMA, STIGMA_AT = 0.8, 26.0  # half a year of registration reads as a signal
SUBSIDY = 0.35  # a known scheme with a reference; only employers who take part in it value it
VALLEY, VALLEY_AT, VALLEY_WIDTH = 0.6, 35.0, 16.0  # in the second month interviews with others are under way
OPEN_PAPER, OPEN_BENDS = 0.5, 0.35  # openness: level, and bending of rules

# Meeting: what only shows face to face.
MEETING_LEVEL = 0.5  # who gets this far is half in
SPARK, SPARK_THIN, SPARK_PUBLIC = 0.85, 0.45, 0.25
DRIVE_MEETING, OPEN_MEETING = 0.4, 0.4
KNOWS_TRADE = 0.5  # talking shop convinces, once the profession is truly the same

SOFT_BOUND = 5.0  # no gate is ever quite certain or quite hopeless


def _step(value: Floats, at: float | Floats, width: float) -> Floats:
    """Rise smoothly from 0 to 1 around a threshold."""
    return np.asarray(0.5 + 0.5 * np.tanh((value - at) / (2.0 * width)), dtype=np.float64)


def _seasoned(facts: PairFacts) -> Floats:
    """Tell how far experience speaks for the person, from 0 (none) to nearly 1 (years)."""
    months = facts.experience_here + ELSEWHERE * np.maximum(facts.experience - facts.experience_here, 0.0)
    return np.asarray(np.tanh(EXPERIENCE * np.log1p(months / EXPERIENCE_SCALE)), dtype=np.float64)


def _public(facts: PairFacts) -> Floats:
    """Flag work with words and with the public: all major groups up to service and sales."""
    return np.asarray(facts.isco <= 5.0, dtype=np.float64)


def _obstacles(facts: PairFacts) -> Floats:
    """Weigh what stands between the person and the wish to go on: journey, clashes, a job below one's level, weariness."""
    felt = facts.minutes * (1.0 - HOME_RELIEF * facts.remote) * (1.0 + ODD_HOURS * facts.shift_clash)
    dear = 1.0 + SHORT_WEEK * np.clip(1.0 - facts.hours / 38.0, 0.0, 1.0)
    journey = dear * TRAVEL * np.log1p(felt / 30.0) + CLIFF * _step(felt / np.maximum(facts.limit, 1.0), CLIFF_AT, CLIFF_WIDTH)
    apart = HOURS_APART * facts.hours_apart / (facts.hours_apart + HOURS_HALF)
    free = (1.0 - SHIFT * facts.shift_clash) * (1.0 - DAY * facts.day_clash)
    free = free * (1.0 - CONTRACT * facts.contract_unwanted) * (1.0 - apart)
    usual = np.select([facts.isco <= 3.0, facts.isco <= 4.0, facts.isco <= 8.0], [6.0, 4.0, 3.0], 1.0)
    excess = np.maximum(facts.education - np.maximum(usual, facts.asks_education) - OVERQUALIFIED_FROM, 0.0)
    hopes = _step(np.maximum(facts.french, facts.dutch), 3.5, 0.5)
    weary = WEARY * _step(facts.done, 2.5, 0.3) * (1.0 - _step(facts.sought, 1.5, 0.3))
    return np.asarray(journey + CLASHES * (1.0 - free) + OVERQUALIFIED * excess * hopes + weary, dtype=np.float64)


def _wish(facts: PairFacts) -> Floats:
    """Give the first gate: the person wants the job and keeps applying."""
    appeal = APPEAL * (1.0 - np.exp(-facts.sought / APPEAL_SCALE))
    contract = SECURE * facts.permanent - AGENCY * facts.agency_work
    effort = -DISCOURAGED * _step(facts.weeks, DISCOURAGED_AT, 5.0)
    shrunk = _obstacles(facts) * np.exp(-DRIVE_SHRINKS * np.tanh(facts.drive))
    return np.asarray(WISH_LEVEL + appeal + contract + effort + DRIVE_WISH * facts.drive - shrunk, dtype=np.float64)


def _gaps(facts: PairFacts, seasoned: Floats) -> Floats:
    """Weigh what the file lacks, with diminishing returns: between 0 and the tolerance."""
    at = LANGUAGE_AT + OPEN_BENDS * np.tanh(facts.openness)
    local = np.maximum(_step(facts.french_short, at, LANGUAGE_WIDTH), DUTCH_WEIGHT * _step(facts.dutch_short, at, LANGUAGE_WIDTH))
    worst = np.maximum(local, ENGLISH_WEIGHT * _step(facts.english_short, at, LANGUAGE_WIDTH))
    language = worst * (LANGUAGE_HANDS + (LANGUAGE_PUBLIC - LANGUAGE_HANDS) * _public(facts))
    mute = MUTE * (1.0 - _step(np.maximum(facts.french, facts.dutch), MUTE_BELOW, 0.4))
    months = UNSEASONED * np.clip(1.0 - facts.experience_here / np.maximum(facts.asks_experience, 1.0), 0.0, 1.0)
    months = months * np.minimum(facts.asks_experience / 12.0, 1.0)
    diploma = UNSCHOOLED * facts.education_short / (facts.education_short + 2.0) * (1.0 - 0.7 * seasoned)
    skills = UNSKILLED * (1.0 - _step(facts.held, 0.45, 0.12)) + REQUIRED * facts.lacking / (facts.lacking + 2.0)
    law = PAPERS * (1.0 - np.exp(-facts.papers_lacking)) + CAR * facts.car_lacking
    total = language + mute + months + diploma + skills + law + TOO_EARLY * _step(facts.too_early, TOO_EARLY_AT, 6.0)
    return np.asarray(TOLERANCE * np.tanh(total / TOLERANCE), dtype=np.float64)


def _paper(facts: PairFacts, seasoned: Floats) -> Floats:
    """Give the second gate: the employer invites on what the file shows."""
    strict = 1.0 + (STRICT_PERMANENT - 1.0) * facts.permanent + (LAX_AGENCY - 1.0) * facts.agency_work
    bends = np.tanh(facts.openness)
    crowd = CROWD * np.log1p(facts.rivals / np.maximum(facts.positions, 1.0)) * (1.0 - 0.5 * seasoned)
    stigma = STIGMA * _step(facts.weeks, STIGMA_AT, 4.0) * (1.0 - 0.5 * seasoned) * (1.0 - OPEN_BENDS * bends)
    valley = VALLEY * np.exp(-0.5 * ((facts.age - VALLEY_AT) / VALLEY_WIDTH) ** 2)
    both = BILINGUAL * _step(np.minimum(facts.french, facts.dutch), 2.5, 0.4) * (0.4 + 0.6 * _public(facts))
    merits = 1.2 * seasoned + both + SUBSIDY * facts.art60 * (1.0 + bends)
    burdens = strict * _gaps(facts, seasoned) + crowd + stigma + valley
    return np.asarray(PAPER_LEVEL + merits - burdens + OPEN_PAPER * facts.openness, dtype=np.float64)


def _meeting(facts: PairFacts, seasoned: Floats) -> Floats:
    """Give the third gate: they meet, and it works or it does not."""
    weight = SPARK + SPARK_THIN * (1.0 - seasoned) + SPARK_PUBLIC * _public(facts)
    trade = KNOWS_TRADE * _step(facts.done, 3.5, 0.4)
    people = DRIVE_MEETING * facts.drive + OPEN_MEETING * facts.openness
    return np.asarray(MEETING_LEVEL + weight * facts.spark + trade + people, dtype=np.float64)


def log_odds(facts: PairFacts) -> Floats:
    """Give the log-odds, up to a constant, that a proposal ends in a job: those of the product of the three gates."""
    seasoned = _seasoned(facts)
    log_chance = np.zeros(len(facts), dtype=np.float64)
    for gate in (_wish(facts), _paper(facts, seasoned), _meeting(facts, seasoned)):
        log_chance -= np.logaddexp(0.0, -SOFT_BOUND * np.tanh(gate / SOFT_BOUND))
    return np.asarray(log_chance - np.log(-np.expm1(log_chance)), dtype=np.float64)
