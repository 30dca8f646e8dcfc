"""What would open more for one person, the questions together.

Nothing is estimated: every figure is the difference between two searches, of the profile as it is and as it would be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from matching.codes import Kind
from matching.matcher import Matcher, Suggestions, Wish
from matching.pathways.asking import Ask, ask_next
from matching.pathways.changing import Lift, what_would_change
from matching.pathways.pricing import Pricing, price
from matching.pathways.routing import Route, routes
from matching.pathways.unlocking import Unlocks, unlock
from matching.records import Offer, Profile

NEXT: Final = 5
"""Vacancies just below the list for which changes are sought."""


@dataclass(frozen=True, slots=True)
class Pathways:
    """The answer for one profile; ``lifts``: what would change it, by vacancy, in the order in which these rank."""

    asks: tuple[Ask, ...]
    lifts: Mapping[str, tuple[Lift, ...]]
    unlocks: Unlocks
    pricing: Pricing = field(default_factory=Pricing)
    routes: tuple[Route, ...] = ()


def candidates_for_change(matcher: Matcher, profile: Profile, today: date, top: int = 10) -> tuple[Suggestions, tuple[str, ...]]:
    """Give the list of a profile, and the vacancies for which changes are sought: near misses, then what ranks next."""
    answer = matcher.suggest(profile, today, Wish(top, frozenset({Kind.VACANCY}), reserve=NEXT))
    return answer, tuple(match.offer_id for match in (*answer.near_misses, *answer.reserve))


def pathways(
    matcher: Matcher, profile: Profile, answer: Suggestions, vacancies: Sequence[Offer], partner_offers: Sequence[Offer],
    today: date, top: int = 10,
) -> Pathways:  # fmt: skip
    """Answer all questions for one profile.

    Parameters
    ----------
    answer
        The list of the profile (`candidates_for_change`).
    vacancies
        Those for which changes are sought (`candidates_for_change`), all of them in the stock.
    partner_offers
        Those to be valued, all of them in the stock.
    """
    unlocks = unlock(matcher, profile, partner_offers, today, top)
    return Pathways(
        asks=ask_next(matcher, profile, today, top),
        lifts=what_would_change(matcher, profile, vacancies, today, top),
        unlocks=unlocks,
        routes=routes(matcher, profile, partner_offers, unlocks, today, top),
        pricing=price(matcher, profile, answer, partner_offers, today, top),
    )
