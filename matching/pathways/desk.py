"""The desk's answer to what would open more for one person: read, search again, say. Nothing of it is logged."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from matching import answers, guidance
from matching.codes import KIND_WORDS, LANGUAGE_WORDS, Kind, word
from matching.desk import Asker, Desk, NotFound
from matching.explanation import Speaker
from matching.loading import Loaded
from matching.matcher import Matcher, Suggestions
from matching.pathways import route_words, shapes, words
from matching.pathways.changing import What
from matching.pathways.pricing import Gap, Pricing
from matching.pathways.rescoring import rows_of_kind
from matching.pathways.routing import Route
from matching.pathways.unlocking import Unlock, Unlocks
from matching.pathways.whole import Pathways, candidates_for_change, pathways
from matching.records import DataError, Offer, Problem, Profile, camel

EMPTY: Final = Pathways((), {}, Unlocks({}, 0))
MOST_DRAWN: Final = 5
"""Effects of offers of one kind drawn at a terminal, those that are the same once; programs get all of them."""
UNSCORED: Final = frozenset({"closed"})
"""Of somebody outside LINK's dates, or whose data may not be used, nothing is worked out."""


def pathways_for(
    desk: Desk, profile: Profile, asker: Asker, as_of: date | None = None, offer_id: str | None = None, top: int = 10
) -> answers.PathwaysAnswer:
    """Say what would open more: what to ask, what would change vacancies, what limits cost, what offers of partners unlock.

    Parameters
    ----------
    offer_id
        The one vacancy for which changes are sought; without it near misses and what ranks next.

    Raises
    ------
    NotFound
        The offer is not there, or not yet matched against.
    DataError
        The offer is no vacancy.
    """
    loaded, today = desk.loaded(), desk.today(as_of)
    matcher = loaded.matcher
    found, ids = candidates_for_change(matcher, profile, today, top)
    wanted = ids if offer_id is None else (offer_id,)
    vacancies = _read(desk, matcher, wanted, strict=offer_id is not None)
    open_to = found.status not in UNSCORED
    offered = partner_offers(desk, matcher) if open_to else {}
    asked = (list(vacancies.values()), list(offered.values()))
    made = pathways(matcher, profile, found, *asked, today, top) if open_to else EMPTY
    named = {name for some in made.unlocks.by_kind.values() for one in some for name in one.best}
    named |= {name for route in made.routes for name in route.best}
    titles = {**{name: one.title for name, one in vacancies.items()}, **_titles(desk, named)}
    say = desk.speaker(loaded, asker, today)
    gate = guidance.say(found.gate_reason, guidance.timeline(profile, desk.groups, today), asker.lang)
    return _said(say, loaded, profile, made, say.status(found, gate), found, {**vacancies, **offered}, titles, top)


def partner_offers(desk: Desk, matcher: Matcher) -> dict[str, Offer]:
    """Read the offers of partners that are in the stock, by id."""
    return _read(desk, matcher, [matcher.stock.id(row) for row in rows_of_kind(matcher, vacancies=False).tolist()])


def _read(desk: Desk, matcher: Matcher, ids: tuple[str, ...] | list[str], *, strict: bool = False) -> dict[str, Offer]:
    """Read offers of the stock in the order asked; with ``strict`` one that is not there, or no vacancy, is refused."""
    known = {name for name in ids if (matcher.stock.ids == name.encode()).any()} if strict else set(ids)
    there = desk.store.offers_of(known)
    read = {name: there[name].record for name in ids if name in there}
    for name in ids if strict else ():
        if name not in read:
            raise NotFound("offer", name)
        if read[name].kind != Kind.VACANCY:
            raise DataError([Problem("not_in_list", f"offer {name}", "kind", read[name].kind, Kind.VACANCY)])
    return read


def _titles(desk: Desk, ids: set[str]) -> dict[str, str]:
    return {name: one.record.title for name, one in desk.store.offers_of(ids).items()}


def _said(
    say: Speaker, loaded: Loaded, profile: Profile, made: Pathways, message: str, found: Suggestions,
    offers: Mapping[str, Offer], titles: Mapping[str, str], top: int,
) -> answers.PathwaysAnswer:  # fmt: skip
    asks = tuple(
        answers.AskAnswer(
            camel(ask.field), ask.code or None, words.question(say, ask), ask.mean, ask.largest,
            words.asked(say, ask, top),
        )
        for ask in made.asks
    )  # fmt: skip
    lifts = tuple(
        answers.LiftAnswer(
            lift.offer_id,
            titles[lift.offer_id],
            tuple(answers.StepAnswer(c.what, c.code, c.before, c.after, words.changed(say, c)) for c in lift.changes),
            lift.score_before, lift.score, lift.band_before, lift.band, lift.rank_before, lift.rank, lift.opened,
            words.lifted(say, lift, titles[lift.offer_id], top),
        )
        for some in made.lifts.values()
        for lift in some
    )  # fmt: skip
    unlocks = tuple(
        answers.UnlockList(
            kind, word(KIND_WORDS, kind, say.lang), tuple(_unlock(say, one, offers[one.offer_id], titles, top) for one in some)
        )
        for kind, some in made.unlocks.by_kind.items()
    )
    status = found.status
    closed, left = status in UNSCORED, made.unlocks.without_effect
    unknown = closed or status == "too_little_known"  # then nothing was tried, and the message says why
    return answers.PathwaysAnswer(
        profile_id=profile.id,
        as_of=say.today,
        language=say.lang,
        top=top,
        status=status,
        message=message,
        asks=asks,
        asks_text="" if asks or closed else words.nothing(say, "asks"),
        lifts=lifts,
        lifts_text="" if lifts or unknown else words.nothing(say, "lifts"),
        prices=_prices(say, found, made.pricing, offers, top),
        prices_text="" if found.prices or unknown else words.nothing(say, "prices"),
        unlocks=unlocks,
        unlocks_text="" if unlocks or unknown else words.nothing(say, "unlocks", left),
        without_effect=left,
        routes=tuple(_route(say, one, offers, titles, top) for one in made.routes),
        routes_text="" if made.routes or unknown else say.pick(route_words.NO_ROUTE),
        versions=loaded.versions,
        degraded=loaded.degraded,
    )


def _prices(
    say: Speaker, found: Suggestions, made: Pricing, offers: Mapping[str, Offer], top: int
) -> shapes.PricesAnswer:
    limits = tuple(
        shapes.LimitPrice(
            price.limit, price.removes, price.alone, price.suitable, price.good, one.entering, one.gain,
            words.priced(say, price, one, top),
        )
        for price, one in zip(found.prices, made.single, strict=True)
    )  # fmt: skip
    pairs = tuple(
        shapes.PairPrice(
            one.limits, one.opens, one.suitable, one.good, one.entering, one.gain, words.priced_together(say, one, top)
        )
        for one in made.pairs
    )
    best_text, best_pair_text = words.worth_relaxing(say, made.best, made.best_pair) if limits else ("", "")
    return shapes.PricesAnswer(
        worth=made.worth,
        jointly=found.jointly,
        limits=limits,
        pairs=pairs,
        best=made.best.limits if made.best else (),
        best_text=best_text,
        best_pair=made.best_pair.limits if made.best_pair else (),
        best_pair_text=best_pair_text,
        languages=tuple(_language(say, gap, offers, top) for gap in made.gaps),
    )


def _language(say: Speaker, gap: Gap, offers: Mapping[str, Offer], top: int) -> shapes.LanguagePrice:
    courses = tuple(shapes.Course(name, offers[name].title, offers[name].start) for name in gap.courses)
    text, sentence = word(LANGUAGE_WORDS, gap.language, say.lang), words.language_price(say, gap, top)
    return shapes.LanguagePrice(
        gap.language, text, gap.before, gap.after, gap.assumed, gap.entering, gap.gain, courses, sentence
    )


def _unlock(say: Speaker, one: Unlock, offer: Offer, titles: Mapping[str, str], top: int) -> answers.UnlockAnswer:
    failed, to_check = route_words.entry(say, one.entry, offer)
    return answers.UnlockAnswer(
        offer_id=one.offer_id,
        title=offer.title,
        kind=one.kind,
        employer=offer.employer,
        start=offer.start,
        duration_months=offer.duration_months,
        gain=one.gain,
        opens=one.opens,
        entering=one.entering,
        best=tuple(shapes.NamedOffer(name, titles.get(name, name)) for name in one.best),
        assumed=tuple(map(camel, one.assumed)),
        minutes=one.entry.minutes,
        may_enter=one.entry.may_enter,
        failed=tuple(answers.RuleAnswer(*pair) for pair in failed),
        to_check=tuple(answers.RuleAnswer(*pair) for pair in to_check),
        others=one.others,
        sentence=words.unlocked(say, one, top),
    )


def _route(
    say: Speaker, route: Route, offers: Mapping[str, Offer], titles: Mapping[str, str], top: int
) -> shapes.RouteAnswer:
    both = [offers[step.offer_id] for step in route.steps]
    return shapes.RouteAnswer(
        steps=tuple(
            shapes.RouteStep(
                offer.id, offer.title, offer.kind, offer.employer, offer.start, offer.duration_months, step.entry.minutes,
                tuple(sentence for _, sentence in route_words.entry(say, step.entry, offer)[1]),
            )
            for step, offer in zip(route.steps, both, strict=True)
        ),
        duration_months=route.months,
        opens_entry=route.opens_entry,
        in_order=route.in_order,
        gain=route.gain,
        alone=route.alone,
        opens=route.opens,
        entering=route.entering,
        best=tuple(shapes.NamedOffer(name, titles.get(name, name)) for name in route.best),
        assumed=tuple(map(camel, route.assumed)),
        sentence=route_words.routed(say, route, both, top),
    )  # fmt: skip


def drawn(answer: answers.PathwaysAnswer) -> str:
    """Write an answer as text for a terminal."""

    def heading(name: str) -> str:
        return word(words.HEADINGS, name, answer.language)

    if answer.status in UNSCORED:
        return answer.message
    lifts = [lift.sentence for lift in answer.lifts] or [answer.lifts_text]
    learns = any(step.what == What.COMPETENCE for lift in answer.lifts for step in lift.changes)
    lifts += [word(words.ENTRY, "noted", answer.language)] if learns else []
    parts = [(heading("asks"), [f"{ask.question} {ask.sentence}" for ask in answer.asks] or [answer.asks_text])]
    parts += [(heading("lifts"), lifts)] if any(lifts) else []
    prices = _price_lines(answer)
    parts += [(heading("prices"), prices)] if prices else []
    for group in answer.unlocks:
        same = dict[str, list[str]]()  # the same course is often given by several partners, or twice a year
        for one in group.offers:
            same.setdefault(_effect(one, answer.language), []).append(f"{one.title} ({one.offer_id})")
        left = sum(map(len, list(same.values())[MOST_DRAWN:]))
        more = [word(words.ENTRY, "more", answer.language).format(left)] if left else []
        lines = [f"{' · '.join(titles)} — {effect}" for effect, titles in list(same.items())[:MOST_DRAWN]]
        parts.append((f"{heading('unlocks')} · {group.text}", [*lines, *more]))
    parts += [] if not answer.unlocks_text else [(heading("unlocks"), [answer.unlocks_text])]
    told = [_route_line(one, answer.language) for one in answer.routes] or [answer.routes_text]
    parts += [(word(route_words.HEADINGS, "routes", answer.language), told)] if any(told) else []
    gains = answer.unlocks or answer.prices.limits or answer.prices.languages
    note = word(words.ENTRY, "gain", answer.language).format(answer.top) if gains else ""
    return "\n\n".join(filter(None, [f"{answer.profile_id} · {answer.message}".strip(" ·"), words.texts(parts), note]))


def _price_lines(answer: answers.PathwaysAnswer) -> list[str]:
    """Write what limits cost, then what is worth moving, then the languages with their courses."""
    prices = answer.prices
    told = [answer.prices_text, *(one.sentence for one in prices.limits), prices.best_text, prices.best_pair_text]
    for language in prices.languages:
        courses = " · ".join(f"{course.title} ({course.offer_id})" for course in language.courses)
        shown = word(words.COURSES, "some", answer.language).format(courses) if courses else ""
        told.append("\n      ".join(filter(None, [language.sentence, shown])))
    return [line for line in told if line]


def _effect(one: answers.UnlockAnswer, lang: str) -> str:
    """Write what an offer of a partner opens, the vacancies, when and where it is, and what stands before it."""
    facts = route_words.facts(lang, one.start, one.duration_months, one.minutes, one.may_enter)
    told = [
        word(words.ENTRY, name, lang).format("; ".join(rule.sentence for rule in some))
        for name, some in {"failed": one.failed, "to_check": one.to_check}.items()
        if some
    ]
    lines = [one.sentence, _best(one.best, lang), facts, *told, route_words.others(lang, len(one.others))]
    return "\n      ".join(filter(None, lines))


def _route_line(route: shapes.RouteAnswer, lang: str) -> str:
    """Write one route: what it opens, the vacancies, and when and where each step is."""
    lines = [route.sentence, _best(route.best, lang)]
    for number, step in enumerate(route.steps, 1):
        facts = route_words.facts(lang, step.start, step.duration_months, step.minutes)
        lines.append(f"{number}. {step.title} ({step.offer_id}): {facts}")
        if step.to_check:
            lines.append(word(words.ENTRY, "to_check", lang).format("; ".join(step.to_check)))
    return "\n      ".join(filter(None, lines))


def _best(best: tuple[shapes.NamedOffer, ...], lang: str) -> str:
    titles = " · ".join(f"{vacancy.title} ({vacancy.offer_id})" for vacancy in best)
    return word(words.ENTRY, "best", lang).format(titles) if titles else ""
