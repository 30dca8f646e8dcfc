"""Times what would open more for one profile, and verifies what is told by the whole matcher with the changed profile.

    python bench/pathways.py [--vacancies N] [--profiles N] [--verified N]

Timed over 30,000 vacancies and 500 offers of partners; verified on 200 people of the demo world. `Matcher.suggest` counts and
ranks on another path than the searches that are verified. Results go to bench/results/pathways.json. Ends with 1 when a
statement is not true.
"""

import argparse
import json
import math
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.worlds import TODAY
from matching.classifications import build_taxonomy, read_starter
from matching.codes import Kind, Level
from matching.guidance import usable
from matching.matcher import Matcher, Suggestions, Wish
from matching.pathways.asking import ask_next, plausible
from matching.pathways.changing import Change, What, what_would_change, with_changes
from matching.pathways.pricing import price
from matching.pathways.routing import routes
from matching.pathways.unlocking import granted, lacking, unlock
from matching.pathways.whole import candidates_for_change
from matching.records import Offer, Profile
from matching.reference import build_geography, read_guidance
from models.artifact import load
from training.synthetic import demo_world

SEED = 20250410
PARTNERS = 500
RESULTS = Path(__file__).parent / "results" / "pathways.json"


TOP = 10
VACANCIES = frozenset({Kind.VACANCY})
TIMED = ("asks", "lifts", "unlocks", "prices", "routes")
PARTS = ("asks", "lifts", "unlocks", "prices", "languages")
"""What is told; languages are priced with the limits."""
MOST_VERIFIED = 10
"""Offers of partners verified for each person."""


def worth(answer: Suggestions) -> float:
    """Say how much a list holds, from its matches."""
    return sum(1 / (1 + math.exp(-match.score)) for match in answer.lists.get(Kind.VACANCY, ()))


def ids(answer: Suggestions) -> set[str]:
    """Name the vacancies of a list."""
    return {match.offer_id for match in answer.lists.get(Kind.VACANCY, ())}


def opened(matcher: Matcher, before: Profile, after: Profile, offers: Mapping[str, Offer]) -> int:
    """Count what may be suggested after and was removed before, over the whole list of all that may be suggested."""
    everything = Wish(len(offers), VACANCIES)
    new = ids(matcher.suggest(after, TODAY, everything)) - ids(matcher.suggest(before, TODAY, everything))
    were = [matcher.explain(before, offers[name], TODAY)[0] for name in new]
    return sum(match is not None and bool(match.failed) for match in were)


def statements(matcher: Matcher, profile: Profile, offers: Mapping[str, Offer]) -> Iterator[tuple[str, bool]]:
    """Yield each thing told of a profile, and whether the whole matcher says the same."""

    def asked(one: Profile) -> Suggestions:
        return matcher.suggest(one, TODAY, Wish(TOP, VACANCIES))

    answer, names = candidates_for_change(matcher, profile, TODAY, TOP)
    if answer.status == "closed":
        return
    base, now = usable(profile, TODAY)[0], ids(answer)
    values = {(name, code): values for name, code, values in plausible(matcher, base, TODAY)}
    for ask in ask_next(matcher, profile, TODAY, TOP):
        for (_, one), told in zip(values[ask.field, ask.code], ask.changes, strict=True):
            then = ids(asked(one))
            yield "asks", told == max(len(now - then), len(then - now))
    for name, some in what_would_change(matcher, profile, [offers[name] for name in names], TODAY, TOP).items():
        for lift in some:
            changed = with_changes(base, lift.changes)
            match, _ = matcher.explain(changed, offers[name], TODAY)
            rank = next((m.rank for m in asked(changed).lists.get(Kind.VACANCY, ()) if m.offer_id == name), None)
            shown = "none" if match is None or match.failed else match.band
            yield "lifts", match is not None and (match.score, shown, rank) == (lift.score, lift.band, lift.rank)
    partners = [offer for offer in offers.values() if offer.kind != Kind.VACANCY]
    unlocked = [one for made in unlock(matcher, profile, partners, TODAY, TOP).by_kind.values() for one in made]
    for opener in unlocked[:: max(1, len(unlocked) // MOST_VERIFIED)]:
        before, _ = lacking(base, offers[opener.offer_id], matcher)
        after = granted(before, offers[opener.offer_id], matcher)
        was, got = asked(before), asked(after)
        counts = (opened(matcher, before, after, offers), len(ids(got) - ids(was)))
        yield "unlocks", (opener.opens, opener.entering) == counts and abs(opener.gain - worth(got) + worth(was)) < 1e-9
    found, plain = price(matcher, profile, answer, partners, TODAY, TOP), asked(base)
    for moved in [*found.single, *found.pairs]:  # as if each limit had a solution
        got = asked(with_changes(base, [Change(What.LIMIT, limit) for limit in moved.limits]))
        differences = (got.allowed - plain.allowed, got.suitable - plain.suitable, got.good - plain.good)
        same = differences == (moved.opens, moved.suitable, moved.good) and moved.entering == len(ids(got) - now)
        yield "prices", same and abs(moved.gain - worth(got) + worth(plain)) < 1e-9
    for gap in found.gaps:
        none = Change(What.LANGUAGE, gap.language, None, Level.NONE)
        was = asked(with_changes(base, [none]) if gap.assumed else base)
        got = asked(with_changes(base, [Change(What.LANGUAGE, gap.language, gap.before, gap.after)]))
        same = gap.entering == len(ids(got) - ids(was)) and abs(gap.gain - worth(got) + worth(was)) < 1e-9
        yield "languages", same and all(_may_enter(matcher, profile, offers[name]) for name in gap.courses)


def _may_enter(matcher: Matcher, profile: Profile, offer: Offer) -> bool:
    match, _ = matcher.explain(profile, offer, TODAY)
    return match is not None and not match.failed


def verified(n_profiles: int) -> dict[str, dict[str, int]]:
    """Count what was told of some people of the demo world, and how much of it is true."""
    taxonomy, places = build_taxonomy({"starter": read_starter()[0]}), build_geography({})
    made = demo_world(np.random.default_rng(SEED), taxonomy, places.places, TODAY, n_profiles)
    matcher = Matcher.build(taxonomy, places, dict(read_guidance()), load(), made.offers)
    offers = {offer.id: offer for offer in made.offers}
    found: dict[str, dict[str, int]] = {part: {"told": 0, "true": 0} for part in PARTS}
    for profile in made.profiles:
        for part, true in statements(matcher, profile, offers):
            found[part]["told"] += 1
            found[part]["true"] += true
    return found


def main() -> int:
    """Time each of the five questions, and all of them, for profiles that have a list; then verify."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vacancies", type=int, default=30_000)
    parser.add_argument("--profiles", type=int, default=40)
    parser.add_argument("--verified", type=int, default=200)
    args = parser.parse_args()
    taxonomy, places = build_taxonomy({"starter": read_starter()[0]}), build_geography({})
    made = demo_world(
        np.random.default_rng(SEED), taxonomy, places.places, TODAY, args.profiles, args.vacancies, PARTNERS
    )
    matcher = Matcher.build(taxonomy, places, dict(read_guidance()), load(), made.offers)
    offers = {offer.id: offer for offer in made.offers}
    partners = [offer for offer in made.offers if offer.kind != Kind.VACANCY]
    rows, told = [], dict.fromkeys((*PARTS, "routes"), 0)
    for profile in [made.profiles[0], *made.profiles]:  # the first one compiles
        start = time.perf_counter()
        answer, names = candidates_for_change(matcher, profile, TODAY)
        if answer.status == "closed":
            continue
        asks = ask_next(matcher, profile, TODAY)
        asked = time.perf_counter()
        lifts = what_would_change(matcher, profile, [offers[name] for name in names], TODAY)
        changed = time.perf_counter()
        unlocks = unlock(matcher, profile, partners, TODAY)
        unlocked = time.perf_counter()
        prices = price(matcher, profile, answer, partners, TODAY)
        priced = time.perf_counter()
        led = routes(matcher, profile, partners, unlocks, TODAY)
        rows.append((asked - start, changed - asked, unlocked - changed, priced - unlocked, time.perf_counter() - priced))
        told["routes"] += len(led)
        told["asks"] += len(asks)
        told["lifts"] += sum(map(len, lifts.values()))
        told["unlocks"] += sum(map(len, unlocks.by_kind.values()))
        told["prices"] += len(prices.single) + len(prices.pairs)
        told["languages"] += len(prices.gaps)
    taken = 1000 * np.asarray(rows[1:])
    whole = np.percentile(taken.sum(axis=1), (50, 90, 100)).round(1).tolist()
    result: dict[str, Any] = {
        "vacancies": args.vacancies, "partner_offers": len(partners), "profiles": len(taken),
        "ms_median": dict(zip(TIMED, np.median(taken, axis=0).round(1).tolist(), strict=True)),
        "ms_whole": dict(zip(("p50", "p90", "max"), whole, strict=True)), "told": told,
    }  # fmt: skip
    result["verified"] = verified(args.verified)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2))
    return int(any(part["told"] != part["true"] for part in result["verified"].values()))


if __name__ == "__main__":
    sys.exit(main())
