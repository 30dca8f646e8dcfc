"""Prices: what each limit that a person may move costs, alone and two by two, and whether a language costs as much.

A limit is set aside as in `Wish`, which is what marking it solvable does: its rule no longer removes a vacancy, scores stay as
they are. Every figure is the difference between two searches. The law, the basis for using the data, LINK's dates, closed
offers and what the person excluded have no price.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final

from matching.codes import Kind, Level, Limit
from matching.guidance import usable
from matching.matcher import PARTNER_TOP, Matcher, Suggestions, Wish
from matching.pathways.changing import Change, What, with_changes
from matching.pathways.rescoring import Variants, row_of, worth
from matching.pathways.unlocking import SMALLEST_GAIN
from matching.records import Offer, Profile
from matching.vectors import LEVELS, known_level

NOTABLE: Final = 0.05
"""Gain, in list places of full worth, from which it is worth asking for a second limit or a course (assumption)."""
CLEARLY: Final = 1.5
"""Two limits together are told when they gain this many times what the best single one does, and `NOTABLE` more (assumption)."""
MAIN: Final = 0.5
"""A language is among the main prices when it gains this share of the largest gain, and `NOTABLE` (assumption)."""
TAUGHT: Final = ("nl", "fr")
"""Languages of which courses are shown."""
STEPS: Final = 2
"""Levels further to which a course may lead."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What comes back when some limits are set aside together.

    ``opens``: vacancies that nothing removes any longer; ``suitable`` and ``good`` among these. ``entering``: vacancies new in
    the list of the best. ``gain``: how much more that list is worth (`matching.pathways.rescoring.worth`).
    """

    limits: tuple[Limit, ...]
    opens: int
    suitable: int
    good: int
    entering: int
    gain: float


@dataclass(frozen=True, slots=True)
class Gap:
    """A language of which one or two levels more are worth as much as the limits that cost most.

    ``assumed``: the level is not known, and was taken as none. ``courses``: ids of those that lead there and that the person may
    enter, best first.
    """

    language: str
    before: Level
    after: Level
    assumed: bool
    entering: int
    gain: float
    courses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pricing:
    """The prices of one person's limits; ``worth`` of the list as it is, ``None`` when the person has no list.

    ``single`` in the order of `Suggestions.prices`; ``pairs``, the largest gain first. ``best`` and ``best_pair`` are ``None``
    when nothing is worth telling.
    """

    worth: float | None = None
    single: tuple[Relaxation, ...] = ()
    pairs: tuple[Relaxation, ...] = ()
    best: Relaxation | None = None
    best_pair: Relaxation | None = None
    gaps: tuple[Gap, ...] = ()


def price(
    matcher: Matcher, profile: Profile, answer: Suggestions, partner_offers: Sequence[Offer], today: date, top: int = 10
) -> Pricing:
    """Price the limits that remove vacancies, and the gaps in Dutch and French.

    Parameters
    ----------
    answer
        The list of the profile, of ``top`` vacancies: its `Suggestions.prices` are what each limit removes alone.
    partner_offers
        Where courses are looked for; all of them in the stock.
    """
    if answer.status not in {"ok", "nothing_suitable"}:
        return Pricing()
    limits = [price.limit for price in answer.prices]
    single = tuple(relaxed(matcher, profile, answer, (limit,), today, top) for limit in limits)
    pairs = [relaxed(matcher, profile, answer, both, today, top) for both in combinations(limits, 2)]
    pairs = sorted((one for one in pairs if one.opens), key=_best_first)
    best = min((one for one in single if one.gain >= SMALLEST_GAIN), key=_best_first, default=None)
    return Pricing(
        worth=_worth(answer),
        single=single,
        pairs=tuple(pairs),
        best=best,
        best_pair=next((one for one in pairs[:1] if _clearly(one, best)), None),
        gaps=gaps(matcher, profile, partner_offers, best.gain if best else 0.0, today, top),
    )


def relaxed(
    matcher: Matcher, profile: Profile, answer: Suggestions, limits: tuple[Limit, ...], today: date, top: int
) -> Relaxation:
    """Search again with some limits set aside, and say what comes back."""
    then = matcher.suggest(profile, today, Wish(top, frozenset({Kind.VACANCY}), relax=frozenset(limits)))
    return Relaxation(
        limits,
        opens=then.allowed - answer.allowed,
        suitable=then.suitable - answer.suitable,
        good=then.good - answer.good,
        entering=len(_ids(then) - _ids(answer)),
        gain=_worth(then) - _worth(answer),
    )


def gaps(
    matcher: Matcher, profile: Profile, partner_offers: Sequence[Offer], largest: float, today: date, top: int
) -> tuple[Gap, ...]:
    """Find the languages that are among the main prices, the largest gain first; ``largest``: the gain of the best limit.

    Of one and two levels more the one that gains most counts, the smaller when they gain the same.
    """
    base, _ = usable(profile, today)
    before, steps = dict[str, Profile](), list[Change]()
    for code in TAUGHT:
        known = known_level(base, code)
        now = known or 0
        before[code] = base if known is not None else with_changes(base, [Change(What.LANGUAGE, code, None, Level.NONE)])
        steps += [Change(What.LANGUAGE, code, LEVELS[now], level) for level in LEVELS[now + 1 : now + 1 + STEPS]]
    found = Variants.search(matcher, [*before.values(), *(with_changes(base, [step]) for step in steps)], today, top)
    made = list[tuple[float, int, Change, int]]()
    for at, code in enumerate(TAUGHT):
        gained = [
            (found.worth(then) - found.worth(at), -then, step, at)
            for then, step in enumerate(steps, len(TAUGHT))
            if step.code == code
        ]
        made += [max(gained, key=lambda one: one[:2])] if gained else []
    least = max([NOTABLE, *(MAIN * gain for gain in (largest, *(gain for gain, *_ in made)))])
    return tuple(
        Gap(
            language=step.code,
            before=Level(str(step.before)),
            after=Level(str(step.after)),
            assumed=before[step.code] is not base,
            entering=len(set(found.rows(-then)) - set(found.rows(at))),
            gain=gain,
            courses=_courses(found, at, partner_offers, step),
        )
        for gain, then, step, at in sorted(made, key=lambda one: -one[0])
        if gain >= least
    )


def _courses(found: Variants, at: int, offers: Sequence[Offer], step: Change) -> tuple[str, ...]:
    """Give the best courses that lead a variant one or two levels further in a language, of those that no rule closes."""
    now = LEVELS.index(Level(str(step.before)))
    wanted = range(now + 1, now + 1 + STEPS)
    leading = [
        offer.id for offer in offers if offer.kind == Kind.TRAINING and offer.grants is not None
        and max((LEVELS.index(one.level) for one in offer.grants.languages if one.code == step.code and one.level), default=0)
        in wanted
    ]  # fmt: skip
    scored = found.pairs([at] * len(leading), [row_of(found.matcher, name) for name in leading])
    ranked = sorted(zip((-scored.score).tolist(), leading, scored.rules[:, 0].tolist(), strict=True))
    return tuple(name for _, name, failed in ranked if not failed)[:PARTNER_TOP]


def _best_first(one: Relaxation) -> tuple[float, int, int, int]:
    """Order by gain, then by good, suitable and opened vacancies; ties stay in the order of the limits."""
    return -one.gain, -one.good, -one.suitable, -one.opens


def _clearly(pair: Relaxation, best: Relaxation | None) -> bool:
    """Whether two limits together gain clearly more than the best single one."""
    single = best.gain if best else 0.0
    return pair.gain >= max(CLEARLY * single, single + NOTABLE)


def _ids(answer: Suggestions) -> set[str]:
    return {match.offer_id for match in answer.lists.get(Kind.VACANCY, ())}


def _worth(answer: Suggestions) -> float:
    return worth([match.score for match in answer.lists.get(Kind.VACANCY, ())])
