"""What each offer of a partner would unlock for one person, once completed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np

from matching import rules
from matching.codes import Kind, Level
from matching.guidance import usable
from matching.matcher import Matcher, People
from matching.pathways.entering import Entry, entries
from matching.pathways.rescoring import Rows, Variants, compare, rows_of_kind
from matching.records import DoneProfession, Grants, HeldCompetence, KnownLanguage, Mention, Offer, Profile
from matching.vectors import LEVELS, held_licences, known_level

UNKNOWN_LEVEL: Final = LEVELS.index(Level.B1)
"""The highest level that a course may lead somebody to whose level is not known; otherwise two levels further than now."""
NAMED: Final = 5
"""Vacancies named for each offer of a partner."""
SMALLEST_GAIN: Final = 0.05
"""Least gain that is told: about what one weak match adds to a list (assumption)."""
_LICENCE: Final = sum(1 << bit for bit, rule in enumerate(rules.RULES) if rule.name == "licence")


@dataclass(frozen=True, slots=True)
class Unlock:
    """What an offer of a partner would open, once completed.

    ``gain``: how much more the list of best vacancies is worth (`matching.pathways.rescoring.Variants.worth`). ``opens``:
    vacancies good enough to be suggested that no rule removes any longer. ``entering``: vacancies new in the list. ``best``: the
    best vacancies of the list then, of those that score higher than now, five at most. ``assumed``: fields of the person that
    are not known and were taken as none. ``entry``: what stands between the person and the offer itself. ``others``: ids of the
    offers of this kind that grant the same, the best to enter first.
    """

    offer_id: str
    kind: Kind
    gain: float
    opens: int
    entering: int
    best: tuple[str, ...]
    assumed: tuple[str, ...]
    entry: Entry
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unlocks:
    """What offers of partners unlock, by kind, best first; ``without_effect``: how many would change nothing."""

    by_kind: Mapping[Kind, tuple[Unlock, ...]]
    without_effect: int


def unlock(matcher: Matcher, profile: Profile, offers: Sequence[Offer], today: date, top: int = 10) -> Unlocks:
    """Value each offer of a partner by what it grants, ranked within its kind.

    First those that the person may enter now, then by gain, by vacancies opened, by id. Of offers of one kind that grant the
    very same one stands in the list, that which is best to enter (`nearest`). Left out: what the person has already, what the
    person may not enter for a reason that cannot be moved (full, closed, another public, excluded), what is of a profession
    unlike those sought, courses that lead more than two levels further, and what changes nothing; the last are counted. Of a
    person who holds too little data for a list nothing is valued: that more becomes known is no effect of an offer.

    What is granted beside a fact that is not known (Dutch of an unknown level, a licence of somebody whose licences are not
    known) is valued as for somebody who has none of it: ``assumed`` says so.
    """
    base, _ = usable(profile, today)
    entry = entries_of(matcher, base, offers, today)
    variants: dict[Profile, int] = {base: 0}
    asked = list[tuple[list[Offer], int, int, tuple[str, ...]]]()
    mine = [offer for offer in offers if offer.id in entry]
    for group in alike(mine):
        some = [mine[k] for k in group]
        before, assumed = lacking(base, some[0], matcher)
        after = granted(before, some[0], matcher)
        if after != before:
            at, then = (variants.setdefault(one, len(variants)) for one in (before, after))
            asked.append((nearest(some, entry, today), at, then, assumed))
    found = Variants.search(matcher, list(variants), today, top)
    if not found.scored(0):
        return Unlocks({}, 0)
    pairs = [(before, after) for _, before, after, _ in asked]
    opened, listed = opened_by(matcher, found.people, pairs), lists_after(found, pairs)
    made = [
        Unlock(
            some[0].id, some[0].kind, found.worth(pair[1]) - found.worth(pair[0]), opened[pair], *listed[pair], assumed,
            entry[some[0].id], tuple(offer.id for offer in some[1:]),
        )
        for (some, *_, assumed), pair in zip(asked, pairs, strict=True)
    ]  # fmt: skip
    useful = [one for one in made if one.gain >= SMALLEST_GAIN or one.opens]
    ranked = sorted(useful, key=lambda one: (one.entry.may_enter is False, -one.gain, -one.opens, one.offer_id))
    by_kind = {kind: tuple(one for one in ranked if one.kind == kind) for kind in Kind}
    without = sum(1 + len(one.others) for one in made) - sum(1 + len(one.others) for one in useful)
    return Unlocks({kind: some for kind, some in by_kind.items() if some}, without)


def alike(offers: Sequence[Offer]) -> list[list[int]]:
    """Put together the positions of offers that grant something, those of one kind that grant the very same; as given.

    What months of experience are worth depends on the profession, so that is the same too.
    """
    groups = defaultdict[object, list[int]](list)
    for k, offer in enumerate(offers):
        if offer.grants is not None:
            profession = offer.occupation and offer.occupation.concept if offer.grants.experience_months else None
            groups[offer.kind, _sorted(offer.grants), profession].append(k)
    return list(groups.values())


@lru_cache(maxsize=4096)
def _sorted(grants: Grants) -> Grants:
    """Give grants in one order, whatever the order in which they are named; the same few hundred are asked for each person."""
    return replace(
        grants,
        competences=tuple(sorted({Mention(one.concept) for one in grants.competences}, key=str)),
        languages=tuple(sorted(set(grants.languages), key=str)),
        driving_licences=tuple(sorted(set(grants.driving_licences))),
        certificates=tuple(sorted(set(grants.certificates))),
    )


def nearest(offers: Iterable[Offer], entry: Mapping[str, Entry], today: date) -> list[Offer]:
    """Order offers that grant the same: may be entered, starts soonest, is nearest, id; what is not known comes last."""

    def order(offer: Offer) -> tuple[bool, date, int, str]:
        one = entry[offer.id]
        start = date.max if offer.start is None else max(offer.start, today)
        return one.may_enter is False, start, 1_000 if one.minutes is None else one.minutes, offer.id

    return sorted(offers, key=order)


def lacking(profile: Profile, offer: Offer, matcher: Matcher) -> tuple[Profile, tuple[str, ...]]:
    """Take what an offer grants, and is not known of the person, as none; give the profile and the fields so taken."""
    grants, assumed = offer.grants or Grants(), list[str]()
    known = {one.code for one in profile.languages or () if one.level is not None}
    unknown = dict.fromkeys(one.code for one in grants.languages if one.level is not None and one.code not in known)
    if unknown:
        none = (KnownLanguage(code, Level.NONE) for code in unknown)
        others = (one for one in profile.languages or () if one.code not in unknown)
        profile = replace(profile, languages=(*others, *none))
        assumed.append("languages")
    if profile.competences is None and any(m.concept in matcher.taxonomy.competence_index for m in grants.competences):
        profile = replace(profile, competences=())
        assumed.append("competences")
    if grants.driving_licences and profile.driving_licences is None:
        profile = replace(profile, driving_licences=())
        assumed.append("driving_licences")
    if grants.certificates and profile.certificates is None:
        profile = replace(profile, certificates=())
        assumed.append("certificates")
    if grants.experience_months and _profession(offer, matcher) is not None and profile.professions_done is None:
        profile = replace(profile, professions_done=())
        assumed.append("professions_done")
    return profile, tuple(assumed)


def granted(profile: Profile, offer: Offer, matcher: Matcher) -> Profile:
    """Give the profile with what an offer grants; the same one when the person has all of it already.

    Months of experience are added to those in the offer's own profession; unknown months there stay as they are beside them.
    """
    grants = offer.grants or Grants()
    held = {one.concept for one in profile.competences or ()}
    learned = dict.fromkeys(m.concept for m in grants.competences if m.concept in matcher.taxonomy.competence_index)
    new = tuple(HeldCompetence(uri) for uri in learned if uri not in held)
    if new:
        profile = replace(profile, competences=(*(profile.competences or ()), *new))
    for one in grants.languages:
        if one.level is not None and LEVELS.index(one.level) > (known_level(profile, one.code) or 0):
            others = tuple(known for known in profile.languages or () if known.code != one.code)
            profile = replace(profile, languages=(*others, one))
    have = held_licences(profile)
    licences = tuple(code for code in dict.fromkeys(grants.driving_licences) if code not in have)
    certificates = tuple(code for code in dict.fromkeys(grants.certificates) if code not in have)
    if licences:
        profile = replace(profile, driving_licences=(*(profile.driving_licences or ()), *licences))
    if certificates:
        profile = replace(profile, certificates=(*(profile.certificates or ()), *certificates))
    uri = _profession(offer, matcher)
    return _practised(profile, uri, grants.experience_months) if uri is not None and grants.experience_months else profile


def _practised(profile: Profile, uri: str, months: int) -> Profile:
    done = profile.professions_done or ()
    before = [one.months for one in done if one.concept == uri and one.months is not None]
    others = tuple(one for one in done if one.concept != uri or one.months is None)
    return replace(profile, professions_done=(*others, DoneProfession(uri, months=min(sum(before) + months, 720))))


def _profession(offer: Offer, matcher: Matcher) -> str | None:
    uri = offer.occupation.concept if offer.occupation else None
    return uri if uri is not None and uri in matcher.taxonomy.occupation_index else None


def can_follow(profile: Profile, offer: Offer) -> bool:
    """Whether an offer leads at most two levels of a language further, as the Dutch courses beside a list do."""
    for one in offer.grants.languages if offer.grants else ():
        now = known_level(profile, one.code)
        most = UNKNOWN_LEVEL if now is None else now + 2
        if one.level is not None and LEVELS.index(one.level) > most:
            return False
    return True


def entries_of(matcher: Matcher, profile: Profile, offers: Sequence[Offer], today: date) -> dict[str, Entry]:
    """Give what stands between a person and each offer, by id; without those that are not for this person."""
    rows = rows_of(matcher, offers)
    found = entries(matcher, matcher.people([profile], today), np.zeros(len(rows), dtype=np.int64), rows)
    return {
        offer.id: found.at(k)
        for k, offer in enumerate(offers)
        if not found.barred[k] and can_follow(profile, offer)
    }


def rows_of(matcher: Matcher, offers: Sequence[Offer]) -> Rows:
    """Give the rows of offers of partners in the stock.

    Raises
    ------
    KeyError
        For one that is not in it.
    """
    rows = {matcher.stock.id(row): row for row in rows_of_kind(matcher, vacancies=False).tolist()}
    return np.array([rows[offer.id] for offer in offers], dtype=np.int64)


def opened_by(matcher: Matcher, people: People, pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Count, for each pair of variants of one person, what rules remove from the first, and the second may have suggested.

    Of what is granted only licences and certificates are read by a rule, `licence`: all other rules say the same of each variant.
    """
    wanted, held = set(pairs), people.arrays.rows
    rows = matcher.stock.offers.rows
    legal = np.flatnonzero((rows["legal"] != 0) & (rows["kind"] == 0))
    differ = [(one, two) for one, two in wanted if held["licences"][one] != held["licences"][two]]
    if not differ:
        return dict.fromkeys(wanted, 0)
    first = np.full(len(legal), differ[0][0], dtype=np.int64)
    legal = legal[(compare(matcher, people, first, legal).rules[:, 0] & ~_LICENCE) == 0]
    asked, freed = rows["legal"][legal], list[Rows]()
    for one, two in differ:
        stopped, still = ((asked & ~held["licences"][at] & held["licences_known"][at]) != 0 for at in (one, two))
        freed.append(legal[stopped & ~still])
    after = np.repeat([two for _, two in differ], [len(some) for some in freed])
    fits = np.split(compare(matcher, people, after, np.concatenate(freed)).fits, np.cumsum([len(some) for some in freed])[:-1])
    return dict.fromkeys(wanted, 0) | {pair: int(some.sum()) for pair, some in zip(differ, fits, strict=True)}


def lists_after(found: Variants, pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], tuple[int, tuple[str, ...]]]:
    """Give, for each pair of variants, how many vacancies are new in the list of the second, and its best that score higher."""
    wanted = list(dict.fromkeys(pairs))
    if not wanted:
        return {}
    lists = [found.rows(after) for _, after in wanted]
    first = np.repeat([before for before, _ in wanted], [len(some) for some in lists])
    scored = found.pairs(first, [row for some in lists for row in some])
    was, removed, at = scored.score.tolist(), scored.rules[:, 0].tolist(), 0
    told = dict[tuple[int, int], tuple[int, tuple[str, ...]]]()
    for pair, listed in zip(wanted, lists, strict=True):
        then = found.lists.scores[pair[1]][: len(listed)].tolist()
        rose = [row for k, row in enumerate(listed) if then[k] > was[at + k] or removed[at + k]]
        best = tuple(found.matcher.stock.id(row) for row in rose[:NAMED])
        told[pair] = len(set(listed) - set(found.rows(pair[0]))), best
        at += len(listed)
    return told
