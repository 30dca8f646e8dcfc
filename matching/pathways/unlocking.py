"""What each offer of a partner would unlock for one person, once completed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from matching import rules
from matching.bounds import SOUGHT
from matching.codes import Kind, Level
from matching.comparisons.professions import RELATED
from matching.guidance import usable
from matching.matcher import Matcher
from matching.pairs import Pairs
from matching.pathways.rescoring import Variants, names, rows_of_kind
from matching.records import DoneProfession, Grants, HeldCompetence, KnownLanguage, Offer, Profile
from matching.vectors import LEVELS, held_licences

UNKNOWN_LEVEL: Final = LEVELS.index(Level.B1)
"""The highest level that a course may lead somebody to whose level is not known; otherwise two levels further than now."""
NAMED: Final = 5
"""Vacancies named for each offer of a partner."""
SMALLEST_GAIN: Final = 0.05
"""Least gain that is told: about what one weak match adds to a list (assumption)."""


@dataclass(frozen=True, slots=True)
class Unlock:
    """What an offer of a partner would open, once completed.

    ``gain``: how much more the list of best vacancies is worth (`matching.pathways.rescoring.Variants.worth`). ``opens``:
    vacancies good enough to be suggested that no rule removes any longer. ``entering``: vacancies new in the list. ``best``: the
    best vacancies of the list then, of those that score higher than now, five at most. ``assumed``: fields of the person that
    are not known and were taken as none. ``failed``, ``to_check``: rules between the person and the offer itself.
    """

    offer_id: str
    kind: Kind
    gain: float
    opens: int
    entering: int
    best: tuple[str, ...]
    assumed: tuple[str, ...]
    failed: tuple[str, ...]
    to_check: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unlocks:
    """What offers of partners unlock, by kind, best first; ``without_effect``: how many would change nothing."""

    by_kind: Mapping[Kind, tuple[Unlock, ...]]
    without_effect: int


def unlock(matcher: Matcher, profile: Profile, offers: Sequence[Offer], today: date, top: int = 10) -> Unlocks:
    """Value each offer of a partner by what it grants, ranked within its kind.

    First those that the person may enter now, then by gain, by vacancies opened, by id. Left out: what the person has already,
    what the person may not enter for a reason that cannot be moved (full, closed, another public, excluded), what is of a
    profession unlike those sought, courses that lead more than two levels further, and what changes nothing; the last are
    counted. Of a person who holds too little data for a list nothing is valued: that more becomes known is no effect of an offer.

    What is granted beside a fact that is not known (Dutch of an unknown level, a licence of somebody whose licences are not
    known) is valued as for somebody who has none of it: ``assumed`` says so.
    """
    base, _ = usable(profile, today)
    entries = _entries(matcher, base, offers, today)
    variants: dict[Profile, int] = {base: 0}
    asked = list[tuple[Offer, int, int, tuple[str, ...]]]()
    for offer in offers:
        if offer.grants is None or offer.id not in entries:
            continue
        before, assumed = lacking(base, offer, matcher)
        after = granted(before, offer, matcher)
        if after != before:
            at, then = (variants.setdefault(one, len(variants)) for one in (before, after))
            asked.append((offer, at, then, assumed))
    found = Variants.search(matcher, list(variants), today, top)
    if not found.scored(0):
        return Unlocks({}, 0)
    opened = _opened(found, [(before, after) for _, before, after, _ in asked], list(variants))
    made = [
        _valued(found, offer, before, after, opened[before, after], assumed, entries[offer.id])
        for offer, before, after, assumed in asked
    ]
    useful = [one for one in made if one.gain >= SMALLEST_GAIN or one.opens]
    ranked = sorted(useful, key=lambda one: (bool(one.failed), -one.gain, -one.opens, one.offer_id))
    by_kind = {kind: tuple(one for one in ranked if one.kind == kind) for kind in Kind}
    return Unlocks({kind: some for kind, some in by_kind.items() if some}, len(made) - len(useful))


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
        levels = [LEVELS.index(known.level) for known in profile.languages or () if known.code == one.code and known.level]
        if one.level is not None and LEVELS.index(one.level) > max(levels, default=0):
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


def _entries(
    matcher: Matcher, profile: Profile, offers: Sequence[Offer], today: date
) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Give the rules between the person and each offer, failed and to check; without those that are not for this person."""
    rows = {matcher.stock.id(row): row for row in rows_of_kind(matcher, vacancies=False).tolist()}
    alone = Variants.search(matcher, [profile], today, 1)
    pairs = alone.pairs([0] * len(offers), [rows[offer.id] for offer in offers])
    like = pairs.values[:, SOUGHT] >= RELATED
    return {
        offer.id: (names(failed), names(unchecked))
        for offer, (failed, unchecked), sought in zip(offers, pairs.rules.tolist(), like.tolist(), strict=True)
        if sought and not failed & ~rules.NEGOTIABLE and _can_follow(profile, offer)
    }


def _can_follow(profile: Profile, offer: Offer) -> bool:
    """Whether an offer leads at most two levels of a language further, as the Dutch courses beside a list do."""
    for one in offer.grants.languages if offer.grants else ():
        levels = [LEVELS.index(known.level) for known in profile.languages or () if known.code == one.code and known.level]
        most = max(levels) + 2 if levels else UNKNOWN_LEVEL
        if one.level is not None and LEVELS.index(one.level) > most:
            return False
    return True


def _opened(found: Variants, pairs: Sequence[tuple[int, int]], variants: Sequence[Profile]) -> dict[tuple[int, int], int]:
    """Count, for each pair of variants, what rules remove from the first, and the second may have suggested.

    Of what is granted only licences and certificates are read by a rule, the one on those that the law requires.
    """
    rows = found.matcher.stock.offers.rows
    legal = np.flatnonzero((rows["legal"] != 0) & (rows["kind"] == 0))
    looked = dict[int, Pairs]()

    def look(at: int) -> Pairs:
        if at not in looked:
            looked[at] = found.pairs(np.full(len(legal), at), legal)
        return looked[at]

    def opened(one: int, two: int) -> int:
        before, after = look(one), look(two)
        return int(((before.rules[:, 0] != 0) & (after.rules[:, 0] == 0) & after.fits).sum())

    same = {pair: held_licences(variants[pair[0]]) == held_licences(variants[pair[1]]) for pair in pairs}
    return {(one, two): 0 if same[one, two] else opened(one, two) for one, two in same}


def _valued(
    found: Variants, offer: Offer, before: int, after: int, opens: int, assumed: tuple[str, ...],
    entry: tuple[tuple[str, ...], tuple[str, ...]],
) -> Unlock:  # fmt: skip
    listed, now = found.rows(after), set(found.rows(before))
    then = found.lists.scores[after][: len(listed)].tolist()
    scored = found.pairs([before] * len(listed), listed)
    rose = [
        row
        for row, score, was, failed in zip(listed, then, scored.score.tolist(), scored.rules[:, 0].tolist(), strict=True)
        if score > was or failed
    ]
    return Unlock(
        offer_id=offer.id,
        kind=offer.kind,
        gain=found.worth(after) - found.worth(before),
        opens=opens,
        entering=len(set(listed) - now),
        best=tuple(found.matcher.stock.id(row) for row in rose[:NAMED]),
        assumed=assumed,
        failed=entry[0],
        to_check=entry[1],
    )
