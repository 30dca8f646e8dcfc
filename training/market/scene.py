"""Who registers and which vacancies appear, day by day: the records of `training.profiles` and `training.vacancies`, re-dated."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import Final

import numpy as np

from matching.classifications import build_taxonomy, read_starter
from matching.codes import Kind
from matching.geography import Geography
from matching.guidance import add_months
from matching.records import Offer, Profile
from matching.reference import build_geography
from matching.taxonomy import Taxonomy
from training.market.reality import EPOCH, Longs, number_of
from training.profiles import profiles
from training.synthetic import SEED_BOUND
from training.trades import Dice, read_trades
from training.vacancies import vacancies

GUIDANCE_MONTHS: Final = 12
UNSTATED_LIFE: Final = 75
"""Days after which a vacancy that names no last day is taken down (assumption)."""
EMPTY_BEFORE: Final = 60
"""Days before the start from which vacancies are published, so that the first lists find some."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a market is: people who register in a year, vacancies published in a year, and days that it runs.

    The defaults are those of LINK over two years: 1,050 people a year, 30,000 vacancies a year.
    """

    people: int = 1050
    vacancies: int = 30_000
    days: int = 730


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Records and when they come and go; days are numbered since 1970.

    ``registered``, ``first_list``, ``planned_end`` (people,): registration, first day with a list, last day of guidance.
    ``published``, ``last_day`` (vacancies,): first and last day on which a vacancy can be shown.
    """

    taxonomy: Taxonomy
    geography: Geography
    profiles: tuple[Profile, ...]
    offers: tuple[Offer, ...]
    start: int
    end: int
    registered: Longs
    first_list: Longs
    planned_end: Longs
    published: Longs
    last_day: Longs


def invent_scene(rng: np.random.Generator, size: Size, start: date) -> Scene:
    """Invent people who register and vacancies that appear, evenly over the days from ``start`` on.

    Every person has a registration, an intake and a basis for the use of the data; nobody's end is in the record. The same
    generator state gives the same scene.
    """
    taxonomy, geography = build_taxonomy({"starter": read_starter()[0]}), build_geography({})
    trades = read_trades(taxonomy, geography.places)
    first, second, third = (np.random.default_rng(int(seed)) for seed in rng.integers(SEED_BOUND, size=3))
    n_people = round(size.people * size.days / 365)
    n_vacancies = round(size.vacancies * (size.days + EMPTY_BEFORE) / 365)
    arrivals = np.sort(third.integers(0, size.days, n_people)).tolist()
    openings = np.sort(third.integers(-EMPTY_BEFORE, size.days, n_vacancies)).tolist()
    registers = (start + timedelta(days=day) for day in arrivals)
    appears = (start + timedelta(days=day) for day in openings)
    people = islice(profiles(Dice(first), trades, start), n_people)
    jobs = islice(vacancies(Dice(second), trades, start), n_vacancies)
    return arrange_scene(
        taxonomy,
        geography,
        [_registered(p, day, start, f"link-{at:06d}") for at, (p, day) in enumerate(zip(people, registers, strict=True))],
        [_published(o, day, f"vac-{at:07d}") for at, (o, day) in enumerate(zip(jobs, appears, strict=True))],
        start,
        start + timedelta(days=size.days),
    )


def arrange_scene(
    taxonomy: Taxonomy, geography: Geography, people: Sequence[Profile], offers: Sequence[Offer], start: date, end: date
) -> Scene:
    """Put people with a registration and vacancies that are open some day into a scene, both by ascending id.

    Who has no registration before ``end``, and what is no vacancy or was closed or filled from the first, is left out.
    """
    known = sorted((p for p in people if p.registered_on is not None and p.registered_on <= end), key=lambda p: p.id)
    jobs = sorted((o for o in offers if o.kind == Kind.VACANCY and _opens(o)), key=lambda o: o.id)
    planned = [p.guidance_end or add_months(p.registered_on or end, GUIDANCE_MONTHS) for p in known]
    last = [o.valid_through or (o.published or start) + timedelta(days=UNSTATED_LIFE) for o in jobs]
    return Scene(
        taxonomy=taxonomy,
        geography=geography,
        profiles=tuple(known),
        offers=tuple(jobs),
        start=start.toordinal() - EPOCH,
        end=end.toordinal() - EPOCH,
        registered=_days([p.registered_on for p in known]),
        first_list=_days([p.intake_on or p.registered_on for p in known]),
        planned_end=_days(planned),
        published=_days([o.published for o in jobs]),
        last_day=_days(last),
    )


def _opens(offer: Offer) -> bool:
    return offer.closed_on is None and offer.published is not None and (offer.positions is None or offer.filled < offer.positions)


def _days(days: Sequence[date | None]) -> Longs:
    return np.array([number_of(day) for day in days], dtype=np.float64).astype(np.int64)


def _registered(profile: Profile, day: date, drawn_on: date, name: str) -> Profile:
    """Let a person register on another day: what hangs on the day moves along, what had happened since is undone."""
    before = profile.registered_on or day
    moved = day - before if profile.registered_on else day - drawn_on
    contract_end = profile.contract_end and day - timedelta(days=5)
    intake = (profile.intake_on - before if profile.intake_on and profile.registered_on else timedelta(days=21)) + day
    told = tuple(replace(b, notified_on=day - timedelta(days=3), withdrawn_on=None) for b in profile.basis)
    return replace(
        profile,
        id=name,
        basis=told,
        registered_on=day,
        contract_end=contract_end,
        intake_on=intake,
        guidance_end=None,
        found_work_on=None,
        handed_over_on=None,
        start_from=profile.start_from and profile.start_from + moved,
    )


def _published(offer: Offer, day: date, name: str) -> Offer:
    """Let a vacancy appear on another day, open and with every position free."""
    moved = day - (offer.published or day)
    return replace(
        offer,
        id=name,
        published=day,
        verified=None,
        valid_through=offer.valid_through and offer.valid_through + moved,
        start=offer.start and offer.start + moved,
        closed_on=None,
        filled=0,
    )
