"""What offers of partners would open for a caseload, from start to end: for planners, counts and sums without anybody's id."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from matching.batch_files import Batch, read_given
from matching.codes import KIND_WORDS, LANGUAGES_OF_SERVICE, word
from matching.desk import Asker, Desk
from matching.listings import Listing
from matching.notices import notice
from matching.pathways import route_words, words
from matching.pathways.caseload import Caseload, Help, caseload
from matching.pathways.desk import partner_offers
from matching.records import DataError, Offer, Profile
from matching.rendering import Out

COLUMNS: Final = (
    "rank kind offerId title employer start durationMonths places helped toCheck opensFor gain placed placedGain"
).split()
"""Fields of one offer in the answer, and columns of the table."""
MOST_DRAWN: Final = 10
"""Offers of one kind drawn at a terminal; files get all of them."""


def caseload_for(
    desk: Desk, profiles: Sequence[Profile], asker: Asker, as_of: date | None = None, top: int = 10,
    progress: Callable[[int], None] = lambda _: None,
) -> dict[str, Any]:  # fmt: skip
    """Say what each offer of a partner would open for many people, as programs read it. Nothing of it is logged."""
    loaded, today = desk.loaded(), desk.today(as_of)
    matcher = loaded.matcher
    offers = partner_offers(desk, matcher)
    found = caseload(matcher, profiles, list(offers.values()), today, top, progress)
    ranks, rows = dict[str, int](), list[dict[str, Any]]()
    for one in found.offers:
        ranks[one.kind] = ranks.get(one.kind, 0) + 1
        rows.append(_row(one, offers[one.offer_id], ranks[one.kind]))
    versions = loaded.versions
    return {
        "asOf": today.isoformat(),
        "language": asker.lang,
        "top": top,
        "people": len(profiles),
        "scored": found.scored,
        "closed": found.closed,
        "tooLittleKnown": found.unscored,
        "placed": found.placed,
        "gain": found.gain,
        "placesUnknown": found.places_unknown,
        "withoutEffect": found.without_effect,
        "message": _said(found, len(profiles), asker.lang),
        "offers": rows,
        "versions": {"model": versions.model, "taxonomy": versions.taxonomy, "data": versions.data},
        "degraded": loaded.degraded,
    }


def _row(one: Help, offer: Offer, rank: int) -> dict[str, Any]:
    start = None if offer.start is None else offer.start.isoformat()
    told = (
        rank, one.kind.value, one.offer_id, offer.title, offer.employer, start, offer.duration_months, one.places, one.helped,
        one.to_check, one.opens_for, one.gain, one.placed, one.placed_gain,
    )  # fmt: skip
    return dict(zip(COLUMNS, told, strict=True))


def _said(found: Caseload, people: int, lang: str) -> str:
    """Say the whole in a few sentences."""
    pick = LANGUAGES_OF_SERVICE.index(lang)
    told = [
        route_words.CASELOAD[pick].format(
            scored=found.scored, people=people, assigned=found.placed, gain=words.number(found.gain, lang)
        )
    ]
    told += [route_words.PLACES_UNKNOWN[pick].format(found.places_unknown)] if found.places_unknown else []
    told += [] if found.offers else [route_words.NO_HELP[pick].format(n=found.without_effect)]
    return " ".join(told)


def drawn(document: Mapping[str, Any]) -> str:
    """Write an answer as text for a terminal, each kind apart."""
    lang, parts = document["language"], list[tuple[str, list[str]]]()
    heading = word(route_words.HEADINGS, "caseload", lang)
    for kind in dict.fromkeys(row["kind"] for row in document["offers"]):
        rows = [row for row in document["offers"] if row["kind"] == kind]
        left = len(rows) - MOST_DRAWN
        more = [word(words.ENTRY, "more", lang).format(left)] if left > 0 else []
        parts.append((f"{heading} · {word(KIND_WORDS, kind, lang)}", [*(_line(row, lang) for row in rows[:MOST_DRAWN]), *more]))
    note = word(words.ENTRY, "gain", lang).format(document["top"]) if parts else ""
    return "\n\n".join(filter(None, [document["message"], words.texts(parts), note]))


def _line(row: Mapping[str, Any], lang: str) -> str:
    known = "unknown" if row["places"] is None else "known"
    return route_words.HELPS[LANGUAGES_OF_SERVICE.index(lang)].format(
        title=row["title"],
        id=row["offerId"],
        helped=row["helped"],
        to_check=row["toCheck"],
        gain=words.number(row["gain"], lang),
        places=word(route_words.PLACES, known, lang).format(row["places"]),
        placed=row["placed"],
        placed_gain=words.number(row["placedGain"], lang),
    )


def listing(document: Mapping[str, Any]) -> Listing:
    """List the offers of an answer, one row each."""
    return Listing(tuple(COLUMNS), tuple(tuple(row[name] for name in COLUMNS) for row in document["offers"]))


def show_caseload(out: Out, desk: Desk, source: str | None, asker: Asker, as_of: date | None, top: int) -> None:
    """Answer ``linkmatch pathways --all``: everybody in the store, or the people of a file.

    Raises
    ------
    DataError
        For rows that cannot be read, once the others have been answered.
    """
    given = read_given(desk, Batch("profiles", as_of=as_of), source)
    people = [record for record in given.records if isinstance(record, Profile)]
    with out.steps(lambda step: notice(out.lang, step, "{}", "{}")) as progress:
        document = caseload_for(desk, people, asker, as_of, top, lambda done: progress("rank", done, len(people)))
    out.show(document, listing(document), drawn(document))
    if given.problems:
        raise DataError(given.problems)
