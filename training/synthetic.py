"""The demo world: invented profiles and offers that read like Brussels, for the demo, the tests and the benchmarks.

Nothing in it is a real person, employer or vacancy. What is published about the Brussels labour market stands in
`training.trades` and `training.people`; everything else is an assumption. It shares no code with the comparisons.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Final

import numpy as np

from matching.codes import Acquired, Contract, Day, Level, Limit, Mode, Shift, SkillLevel, SourceKind
from matching.geography import Place
from matching.records import (
    Constraint,
    DataBasis,
    DoneProfession,
    HeldCompetence,
    KnownLanguage,
    Mention,
    Offer,
    Profile,
    Source,
)
from matching.taxonomy import Taxonomy
from training.partner_offers import partner_offers
from training.profiles import profiles
from training.trades import Dice, Trades, read_trades
from training.vacancies import vacancies

SHOWCASE: Final = "link-demo"
SHOWN_TRADES: Final = ("hospital-cleaner", "household-helper-service-vouchers", "office-cleaner")
CLEANERS: Final = "9112"
SHOWN_SKILLS: Final = ("work-in-team", "apply-hygiene-rules", "use-smartphone-apps", "sort-waste")
SEED_BOUND: Final = 2**63


@dataclass(frozen=True, slots=True)
class World:
    """Profiles, the showcase first, and offers: vacancies, then what partners offer."""

    profiles: tuple[Profile, ...]
    offers: tuple[Offer, ...]


def demo_world(
    rng: np.random.Generator,
    taxonomy: Taxonomy,
    places: Sequence[Place],
    today: date,
    n_profiles: int = 300,
    n_vacancies: int = 2000,
    n_partner_offers: int = 150,
) -> World:
    """Invent a world as it stands on ``today``: the same generator state gives the same world.

    Each of the three sorts has chance of its own, so that asking for more of one leaves the others as they were. The
    profile `SHOWCASE` is the first of ``n_profiles``. An occupation is recognised by its slug in the starter
    classification, else by its ISCO-08 group.

    Raises
    ------
    ValueError
        No occupation of the taxonomy has a known ISCO-08 group, or there is no place.
    """
    trades = read_trades(taxonomy, places)
    for_profiles, for_vacancies, for_partners = (
        Dice(np.random.default_rng(int(seed))) for seed in rng.integers(SEED_BOUND, size=3)
    )
    others = islice(profiles(for_profiles, trades, today), max(n_profiles - 1, 0))
    return World(
        profiles=(*([showcase(trades, today)] if n_profiles else []), *others),
        offers=(
            *islice(vacancies(for_vacancies, trades, today), n_vacancies),
            *islice(partner_offers(for_partners, trades, today), n_partner_offers),
        ),
    )


def showcase(trades: Trades, today: date) -> Profile:
    """Make the profile to read first: a cleaner from Molenbeek after an article 60 contract at a hospital.

    Early and night shifts are impossible, Sundays are solvable, hours are a hard limit; French is B1, Dutch A1: so that
    suggestions, near misses and a Dutch course all show. With another taxonomy other cleaners stand in.
    """
    known = [trades.by_slug[slug] for slug in SHOWN_TRADES if slug in trades.by_slug]
    known = known or [trade for trade in trades.all if trade.isco == CLEANERS][:3] or list(trades.all[:3])
    hospital, *homes = known
    general = [trades.competences[slug] for slug in SHOWN_SKILLS if slug in trades.competences]
    registered = today - timedelta(days=75)
    learned = [
        *(HeldCompetence(uri, level=SkillLevel.INDEPENDENT, acquired=Acquired.WORK) for uri in hospital.essential),
        *(HeldCompetence(uri, acquired=Acquired.INFORMAL) for trade in homes[:1] for uri in trade.essential),
        *(HeldCompetence(uri, acquired=Acquired.WORK) for uri in general),
        HeldCompetence(None, "couture et petites retouches", acquired=Acquired.INFORMAL),
    ]
    once = {held.concept: held for held in reversed(learned)}
    return Profile(
        id=SHOWCASE,
        source=Source(SourceKind.OCMW, "CPAS de Molenbeek-Saint-Jean"),
        basis=(
            DataBasis(
                "all",
                "accompagnement vers l'emploi par LINK",
                "mission d'intérêt public, RGPD art. 6.1.e",
                registered - timedelta(days=10),
            ),
        ),
        target_group="art60",
        registered_on=registered,
        contract_end=registered - timedelta(days=5),
        intake_on=registered + timedelta(days=20),
        competences=tuple(reversed(once.values())),
        professions_sought=tuple(Mention(trade.uri) for trade in known),
        professions_done=(DoneProfession(hospital.uri, months=18),),
        languages=(KnownLanguage("fr", Level.B1), KnownLanguage("nl", Level.A1), KnownLanguage("es", Level.C1)),
        postcode="1080",
        max_minutes=45,
        modes=(Mode.PUBLIC_TRANSPORT, Mode.FOOT),
        driving_licences=(),
        certificates=(),
        own_car=False,
        hours_min=19.0,
        hours_max=30.0,
        impossible_shifts=(Shift.EARLY, Shift.NIGHT),
        impossible_days=(Day.SUNDAY,),
        contracts=(Contract.PERMANENT, Contract.FIXED_TERM, Contract.REPLACEMENT),
        education=2,
        constraints=(Constraint(Limit.HOURS), Constraint(Limit.DAYS, solvable=True)),
        referent_id="referent-12",
        contact_id="consultant-3",
        backup_id="consultant-5",
    )
