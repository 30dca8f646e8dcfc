"""Routes of two steps: a course and then another, or a course and then work experience. Each is verified by searching again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Final, NamedTuple

import numpy as np

from matching.codes import Kind
from matching.guidance import add_months, usable
from matching.matcher import Matcher
from matching.pathways.entering import Entries, Entry, entries
from matching.pathways.rescoring import Variants, worths
from matching.pathways.unlocking import Unlock, Unlocks, alike, can_follow, granted, lacking, lists_after, opened_by, rows_of
from matching.records import Offer, Profile

MOST_ROUTES: Final = 3
BEST: Final = 20
"""Single steps of each kind that are combined, those that gain most alone; many gain nothing alone."""
MOST_OPENED: Final = 60
"""Pairs of which the first step opens the entry of the second that are tried, those whose single gains are largest."""
CLEARLY: Final = 0.05
SHARE: Final = 0.1
"""A route gains at least so much more than one step alone, and at least this share of it more."""
LATER: Final = (Kind.TRAINING, Kind.WORK_EXPERIENCE, Kind.SOCIAL_EMPLOYMENT)
"""Kinds of second steps; those of work only when they grant months of experience. The first step is a training."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a route; ``entry``: what stands before it, of the second once the first is completed."""

    offer_id: str
    kind: Kind
    entry: Entry


@dataclass(frozen=True, slots=True)
class Route:
    """Two offers of partners, one after the other.

    ``gain``, ``opens``, ``entering``, ``best``, ``assumed``: as for a single offer (`matching.pathways.unlocking.Unlock`), of
    both together. ``alone``: the gain of the better one of those steps that may be entered now. ``months``: both together,
    ``None`` when one is not known. ``opens_entry``: the second may be entered only after the first. ``in_order``: whether the
    second is known to start once the first has ended; ``None`` when the dates do not say.
    """

    steps: tuple[Step, Step]
    gain: float
    alone: float
    opens: int
    entering: int
    best: tuple[str, ...]
    assumed: tuple[str, ...]
    months: float | None
    opens_entry: bool
    in_order: bool | None


_Order = tuple[bool, float, bool, float, str, str]
MANY: Final = 10_000.0
"""Months taken for an unknown duration where routes are put in order."""


class _Pair(NamedTuple):
    """Two steps as they are tried: positions of the offers, and whether the first opens the second."""

    first: int
    second: int
    opens_entry: bool


def routes(
    matcher: Matcher, profile: Profile, offers: Sequence[Offer], unlocks: Unlocks, today: date, top: int = 10
) -> tuple[Route, ...]:
    """Find at most three routes that gain clearly more than one of their steps alone.

    Parameters
    ----------
    offers
        All offers of partners, in the stock.
    unlocks
        What each of them unlocks alone (`matching.pathways.unlocking.unlock`), for the same person and day.

    Returns
    -------
    Routes without social employment first, then the largest gain, a known order, the shorter one, and ids. The first step
    may be entered now, the second once the first is completed; it does not start before the first ends, as far as dates are
    known. Of steps that grant the same in another order only the better route is told.
    """
    base, _ = usable(profile, today)
    mine = [offer for offer in offers if offer.grants is not None and (offer.kind == Kind.TRAINING or _is_later(offer))]
    if not mine or not (unlocks.by_kind or unlocks.without_effect):
        return ()
    now = _entries(matcher, [base], mine, today)
    groups = alike(mine)
    told = {name: one for some in unlocks.by_kind.values() for one in some for name in (one.offer_id, *one.others)}
    pairs = _pairs(matcher, base, mine, groups, now, told, today)
    group_of = {k: n for n, group in enumerate(groups) for k in group}
    return _valued(matcher, base, mine, now, pairs, group_of, today, top)


def _is_later(offer: Offer) -> bool:
    return offer.kind in LATER[1:] and offer.grants is not None and offer.grants.experience_months > 0


def _entries(matcher: Matcher, people: Sequence[Profile], offers: Sequence[Offer], today: date) -> Entries:
    """Say what stands between each variant and each offer: (people x offers,), one person after the other."""
    found, rows = Variants.people_of(matcher, people, today), rows_of(matcher, offers)
    return entries(matcher, found, np.repeat(np.arange(len(people)), len(rows)), np.tile(rows, len(people)))


def _pairs(
    matcher: Matcher, base: Profile, offers: Sequence[Offer], groups: Sequence[list[int]], now: Entries,
    singles: Mapping[str, Unlock], today: date,
) -> list[_Pair]:  # fmt: skip
    """Choose what is tried: the best single steps of each kind, combined; and each step with what it opens."""
    open_now = _may_begin(base, offers, now.open.tolist())
    there = [[k for k in group if open_now[k]] for group in groups]

    alone = [next((singles[offers[k].id] for k in group if offers[k].id in singles), None) for group in groups]
    worth = [0.0 if one is None else one.gain for one in alone]

    def best(kind: Kind) -> list[int]:
        """Give the groups of a kind that gain most, of those that may be entered now."""
        known = [n for n, some in enumerate(there) if some and offers[some[0]].kind == kind]
        return sorted(known, key=lambda n: (-worth[n], offers[groups[n][0]].id))[:BEST]

    openers = [n for n, some in enumerate(there) if some and _may_open(offers[some[0]])]
    after = [granted(lacking(base, offers[there[n][0]], matcher)[0], offers[there[n][0]], matcher) for n in openers]
    found = _entries(matcher, after, offers, today).open.reshape(-1, len(offers)).tolist() if after else []
    open_after = {n: _may_begin(one, offers, then) for n, one, then in zip(openers, after, found, strict=True)}
    times = _Times(offers, today)
    combined = [
        times.in_time(there[one], [k for k in there[two] if open_after.get(one, open_now)[k]], opens_entry=False)
        for one, two in product(best(Kind.TRAINING), [n for kind in LATER for n in best(kind)])
        if one != two
    ]
    opened = sorted(
        (-worth[one] - worth[two], one, two)
        for one, then in open_after.items()
        for two, group in enumerate(groups)
        if not there[two] and any(then[k] for k in group)
    )[:MOST_OPENED]
    combined += [
        times.in_time(there[one], [k for k in groups[two] if open_after[one][k]], opens_entry=True) for _, one, two in opened
    ]
    return [pair for pair in combined if pair is not None]


def _may_begin(profile: Profile, offers: Sequence[Offer], enter: Sequence[bool]) -> list[bool]:
    """Say of each offer whether a person may enter it and can follow it."""
    return [ok and can_follow(profile, offer) for ok, offer in zip(enter, offers, strict=True)]


def _may_open(offer: Offer) -> bool:
    """Whether a training grants what another offer may ask of who begins."""
    grants = offer.grants
    if grants is None or offer.kind != Kind.TRAINING:
        return False
    return bool(grants.languages or grants.driving_licences or grants.certificates or grants.experience_months)


class _Times:
    """When offers end, each worked out once: who is tried in which order of time."""

    def __init__(self, offers: Sequence[Offer], today: date) -> None:
        self.offers, self.today = offers, today
        self.ends = [ends(offer, today) for offer in offers]
        far = date.max
        self.finish = [(end or far, offer.start or far, offer.id) for offer, end in zip(offers, self.ends, strict=True)]

    def in_time(self, firsts: Sequence[int], seconds: Sequence[int], opens_entry: bool) -> _Pair | None:
        """Choose, of offers that grant the same, the first that ends soonest and the second that ends soonest after it.

        Where no dates are known that fit, one of which the dates are not known; ``None`` when all dates are known and none fits.
        """
        if not seconds:
            return None
        first = min(firsts, key=self.finish.__getitem__)
        later = sorted(seconds, key=self.finish.__getitem__)
        fits = {k: follows(self.ends[first], self.offers[k], self.today) for k in later}
        chosen = next((k for wanted in (True, None) for k in later if fits[k] is wanted), None)
        if chosen is not None:
            return _Pair(first, chosen, opens_entry)
        open_ended = [k for k in firsts if self.ends[k] is None]
        return _Pair(min(open_ended, key=self.finish.__getitem__), later[0], opens_entry) if open_ended else None


def ends(offer: Offer, today: date) -> date | None:
    """Say when an offer that is begun at its next start ends; ``None`` when its start or duration is not known.

    A start in the past means now. A part of a month is counted in thirtieths.
    """
    if offer.start is None or offer.duration_months is None:
        return None
    whole = int(offer.duration_months)
    rest = round((offer.duration_months - whole) * 30)
    return add_months(max(offer.start, today), whole) + timedelta(days=rest)


def follows(end: date | None, second: Offer, today: date) -> bool | None:
    """Say whether an offer starts once another has ended; ``None`` when one of the days is not known."""
    return None if end is None or second.start is None else max(second.start, today) >= end


def _valued(
    matcher: Matcher, base: Profile, offers: Sequence[Offer], now: Entries, pairs: Sequence[_Pair],
    group_of: Mapping[int, int], today: date, top: int,
) -> tuple[Route, ...]:  # fmt: skip
    """Search again for each pair: with none of it, with each step that may be entered alone, with both."""
    variants: dict[Profile, int] = {base: 0}

    def row(profile: Profile) -> int:
        return variants.setdefault(profile, len(variants))

    asked = list[tuple[_Pair, int, tuple[int, ...], int, tuple[str, ...]]]()
    for pair in pairs:
        one, two = offers[pair.first], offers[pair.second]
        before, assumed = lacking(base, one, matcher)
        before, also = lacking(before, two, matcher)
        first = granted(before, one, matcher)
        alone = [first] if pair.opens_entry else [first, granted(before, two, matcher)]
        both = granted(first, two, matcher)
        if both not in alone:
            asked.append((pair, row(before), tuple(map(row, alone)), row(both), tuple(dict.fromkeys([*assumed, *also]))))
    found = Variants.search(matcher, list(variants), today, top)
    if not found.scored(0):
        return ()
    held = worths(found.lists)
    told = dict[frozenset[int], tuple[_Order, int]]()
    for k, (pair, was, single, then, _) in enumerate(asked):
        gain, best = float(held[then] - held[was]), float(max(held[list(single)]) - held[was])
        if gain - best >= max(CLEARLY, SHARE * best):
            one, two = offers[pair.first], offers[pair.second]
            months, steps = months_of(one, two), frozenset(group_of[at] for at in pair[:2])
            unsure = follows(ends(one, today), two, today) is None
            order = (two.kind == Kind.SOCIAL_EMPLOYMENT, -gain, unsure, MANY if months is None else months, one.id, two.id)
            told[steps] = min(told.get(steps, (order, k)), (order, k))
    kept = [asked[k] for _, k in sorted(told.values())[:MOST_ROUTES]]
    changes = [(was, then) for _, was, _, then, _ in kept]
    opens, lists = opened_by(matcher, found.people, changes), lists_after(found, changes)
    entry = _seconds(matcher, base, offers, [pair for pair, *_ in kept], today)
    return tuple(
        Route(
            steps=(Step(one.id, one.kind, now.at(pair.first)), Step(two.id, two.kind, after)),
            gain=float(held[then] - held[was]),
            alone=float(max(held[list(single)]) - held[was]),
            opens=opens[was, then],
            entering=lists[was, then][0],
            best=lists[was, then][1],
            assumed=assumed,
            months=months_of(one, two),
            opens_entry=pair.opens_entry,
            in_order=follows(ends(one, today), two, today),
        )
        for (pair, was, single, then, assumed), after in zip(kept, entry, strict=True)
        for one, two in [(offers[pair.first], offers[pair.second])]
    )


def _seconds(matcher: Matcher, base: Profile, offers: Sequence[Offer], pairs: Sequence[_Pair], today: date) -> list[Entry]:
    """Give what stands before the second step of each pair, once the first is completed."""
    if not pairs:
        return []
    after = [granted(lacking(base, offers[p.first], matcher)[0], offers[p.first], matcher) for p in pairs]
    rows = rows_of(matcher, [offers[p.second] for p in pairs])
    found = entries(matcher, Variants.people_of(matcher, after, today), np.arange(len(pairs)), rows)
    return [found.at(k) for k in range(len(pairs))]


def months_of(one: Offer, two: Offer) -> float | None:
    """Add the durations of two offers, in months; ``None`` when one of them is not known."""
    return None if one.duration_months is None or two.duration_months is None else one.duration_months + two.duration_months
