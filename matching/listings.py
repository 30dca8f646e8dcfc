"""Answers as plain tables (columns and rows), for CSV and XLSX."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from matching.answers import (
    CandidatesAnswer,
    ChangesAnswer,
    ConceptsAnswer,
    ExplanationAnswer,
    FindingAnswer,
    FindingsAnswer,
    MatchAnswer,
    PathwaysAnswer,
    SuggestionsAnswer,
)
from matching.codes import LANGUAGES_OF_SERVICE, REQUIREMENT_WORDS, TOPIC_WORDS, word
from matching.linking.fusion import Link
from matching.plain_words import OFFERED
from matching.sheets import Cell
from models import registry
from models.artifact import load
from models.refusal import Refused

MATCH_COLUMNS: Final = (
    "list rank kind profileId offerId title employer postcodes score band probability coverage start personScore employerScore "
    "bothScore reasons toCheck failed note exploration suggestionId"
).split()


NOT_ASKED: Final = ("pas demandé", "niet gevraagd", "not asked")
NOT_SO: Final = ("non", "nee", "no")


@dataclass(frozen=True, slots=True)
class Listing:
    """A plain table: column names, and cells in the same order."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def records(self) -> list[dict[str, Cell]]:
        """Give each row by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def one(document: Mapping[str, Cell]) -> Listing:
    """List a single row."""
    return Listing(tuple(document), (tuple(document.values()),))


def measures(found: Mapping[str, Mapping[str, Mapping[str, float | None]]]) -> Listing:
    """List how rankings did: a row for each figure, with its 95 % interval."""
    rows = [
        (ranking, name, figure["value"], figure["low"], figure["high"])
        for ranking, figures in found.items()
        for name, figure in figures.items()
    ]
    return Listing(("ranking", "measure", "value", "low", "high"), tuple(rows))


def models(folder: Path) -> Listing:
    """List the models kept in a folder, the hand-set tables first, and which one is in use."""
    in_use = registry.pointer(folder).current
    rows: list[tuple[Cell, ...]] = [(load().version, in_use is None, None, None, None, None)]
    for version in registry.versions(folder):
        try:
            card = registry.card(folder, version)
        except Refused:  # one without a card does not hide the others
            rows.append((version, version == in_use, None, None, None, None))
            continue
        data, figures = card["data"], card["metrics"]["learned"]
        told = (data["as_of"], data["counts"]["hires"], figures["ndcg_10"]["value"], card["calibration"]["shown"])
        rows.append((version, version == in_use, *told))
    return Listing(("model", "inUse", "asOf", "hires", "ndcg10", "showsProbability"), tuple(rows))


def suggestions(answer: SuggestionsAnswer) -> Listing:
    """List every match of an answer: suggestions, near misses, partner offers, Dutch courses."""
    partner = [match for group in answer.partner_offers for match in group.matches]
    parts = {
        "suggestions": answer.suggestions,
        "nearMisses": answer.near_misses,
        "partnerOffers": partner,
        "dutchCourses": answer.dutch_courses,
    }
    return _matches(parts)


def candidates(answer: CandidatesAnswer) -> Listing:
    """List the people of an answer."""
    return _matches({"candidates": answer.candidates})


def explanation(answer: ExplanationAnswer) -> Listing:
    """List the one pair of an answer; no row when the profile holds too little."""
    return _matches({"explanation": [answer.match] if answer.match else []})


def pathways(answer: PathwaysAnswer) -> Listing:
    """List what would open more: questions, changes, prices, what offers of partners unlock, then routes of two of these."""
    asks = [
        ("ask", rank, one.field, one.question, one.mean, one.largest, None, None, one.sentence, None)
        for rank, one in enumerate(answer.asks, 1)
    ]
    lifts = [
        ("lift", rank, one.offer_id, one.title, one.score - one.score_before, None, None, one.rank, one.sentence, None)
        for rank, one in enumerate(answer.lifts, 1)
    ]
    limits = [
        ("price", rank, one.limit.value, None, one.gain, one.entering, one.alone, None, one.sentence, None)
        for rank, one in enumerate(answer.prices.limits, 1)
    ]
    pairs = [
        ("prices", rank, " ".join(one.limits), None, one.gain, one.entering, one.opens, None, one.sentence, None)
        for rank, one in enumerate(answer.prices.pairs, 1)
    ]
    languages = [
        (
            "language", rank, one.language, one.text, one.gain, one.entering, None, None, one.sentence,
            ", ".join(course.offer_id for course in one.courses) or None,
        )
        for rank, one in enumerate(answer.prices.languages, 1)
    ]  # fmt: skip
    unlocks = [
        (
            group.kind.value, rank, one.offer_id, one.title, one.gain, one.entering, one.opens, None, one.sentence,
            ", ".join(vacancy.offer_id for vacancy in one.best) or None,
        )
        for group in answer.unlocks
        for rank, one in enumerate(group.offers, 1)
    ]  # fmt: skip
    routes = [
        (
            "route", rank, ", ".join(step.offer_id for step in one.steps), " + ".join(step.title for step in one.steps),
            one.gain, one.entering, one.opens, None, one.sentence, ", ".join(vacancy.offer_id for vacancy in one.best) or None,
        )
        for rank, one in enumerate(answer.routes, 1)
    ]  # fmt: skip
    columns = ("part", "rank", "id", "title", "effect", "changed", "opens", "place", "sentence", "best")
    return Listing(columns, (*asks, *lifts, *limits, *pairs, *languages, *unlocks, *routes))


def _matches(parts: Mapping[str, Sequence[MatchAnswer]]) -> Listing:
    return Listing(tuple(MATCH_COLUMNS), tuple(match_row(name, match) for name, part in parts.items() for match in part))


def match_row(part: str, match: MatchAnswer) -> tuple[Cell, ...]:
    """Give the cells of one match in the order of ``MATCH_COLUMNS``; ``part`` names the list it stands in."""
    return (
        part,
        match.rank,
        match.kind.value,
        match.profile_id,
        match.offer_id,
        match.title,
        match.employer,
        ", ".join(match.postcodes or ()) or None,
        match.score,
        match.band,
        match.probability,
        match.coverage,
        match.start,
        match.person_score,
        match.employer_score,
        match.both_score,
        " | ".join(f"{reason.contribution:+.2f} {reason.sentence}" for reason in match.reasons),
        " | ".join(rule.sentence for rule in match.to_check) or None,
        " | ".join(rule.sentence for rule in match.failed) or None,
        match.note or None,
        match.exploration_text or None,
        match.suggestion_id,
    )


def links(found: Mapping[str, Sequence[Link]], label: Callable[[str], str]) -> Listing:
    """List the concepts found for each text, by the id of the text; ``label`` names a concept."""
    rows = [
        (key, rank, link.score, link.sure, label(link.concept), link.concept)
        for key, ranked in found.items()
        for rank, link in enumerate(ranked, start=1)
    ]
    return Listing(("id", "rank", "score", "sure", "label", "concept"), tuple(rows))


def concepts(answer: ConceptsAnswer) -> Listing:
    """List the concepts that a beginning may mean."""
    rows = [(one.score, one.kind, one.label, one.matched, one.matched_language, one.uri) for one in answer.items]
    return Listing(("score", "kind", "label", "matched", "matchedLanguage", "uri"), tuple(rows))


def findings(answer: FindingsAnswer, lang: str, of_person: bool) -> Listing:
    """List what a text says; findings of a person are numbered, to be confirmed."""
    at = LANGUAGES_OF_SERVICE.index(lang)
    rows = [
        (
            number,
            " ".join(one.words.split()),
            word(TOPIC_WORDS, one.field, lang),
            one.value,
            word(REQUIREMENT_WORDS, one.requirement, lang) if one.requirement and one.asked else _denied(one, of_person)[at],
            one.sure,
        )
        for number, one in enumerate(answer.items, start=1)
    ]
    return Listing(("number", "words", "field", "value", "requirement", "sure"), tuple(rows))


def _denied(finding: FindingAnswer, of_person: bool) -> tuple[str | None, ...]:
    """Say in three languages that something is not asked, or not so; nothing of what is."""
    if finding.asked:
        return (None,) * 3
    return NOT_SO if of_person or finding.field in OFFERED else NOT_ASKED


def changes(answer: ChangesAnswer) -> Listing:
    """List what changed in a profile, values as JSON."""
    rows = [(one.field, *(_written(value) for value in (one.before, one.after))) for one in answer.changes]
    return Listing(("field", "before", "after"), tuple(rows))


def _written(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)
