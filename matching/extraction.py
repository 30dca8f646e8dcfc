"""What running text says, with the words that say it: see `Finding`."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from matching.background import education, experience
from matching.cues import plain
from matching.languages import languages
from matching.linking import ConceptLinker
from matching.named import certificates, contracts, licences
from matching.passages import competences
from matching.said import Finding
from matching.schedule import days, hours, shifts
from matching.sentences import Clause, clause_at, clauses, detect

__all__ = ["FIELDS", "Finding", "extract"]

FIELDS: Final = (
    "competences",
    "languages",
    "drivingLicences",
    "certificates",
    "hours",
    "shifts",
    "days",
    "contract",
    "experienceMonths",
    "education",
)
"""Everything that a finding may be about."""

_CLEAN_RECORD: Final = "good_conduct"
_SHORT_CLAUSE: Final = 60  # characters of a denial that is shown whole


def extract(text: str, lang: str | None = None, linker: ConceptLinker | None = None) -> tuple[Finding, ...]:
    """Read what a vacancy's text says: languages, licences, certificates, times, contract, experience, education, competences.

    Parameters
    ----------
    text
        Any text of any length, in French, Dutch, English, or a mixture.
    lang
        Its language; ``None``: detected.
    linker
        Links competences; without it none are looked for.

    Returns
    -------
    tuple of Finding
        In the order of the text. What is said twice is found twice.

    >>> [(f.field, f.code, f.asked) for f in extract("Rijbewijs B vereist, geen nachtwerk", "nl", None)]
    [('drivingLicences', 'B', True), ('shifts', 'night', False)]
    """
    composed, places = _composed(text)
    said = plain(composed)
    spans = clauses(composed)
    tongue = lang or detect(composed)
    found = [
        *licences(composed, said),
        *certificates(said),
        *hours(said),
        *shifts(said),
        *days(said, tongue),
        *contracts(said),
    ]
    made = [*languages(composed, said, tongue, spans), *(_as_said(finding, spans) for finding in found)]
    made += _counted(experience(said), spans)
    made += _counted(education(composed, said), spans)
    if linker is not None:
        made += competences(composed, tongue, linker)
    made.sort(key=lambda finding: (finding.start, finding.end, FIELDS.index(finding.field)))
    return tuple(made if places is None else [_placed(finding, places) for finding in made])


def _composed(text: str) -> tuple[str, Sequence[int] | None]:
    """Join letters with the accents written after them; the places of the result in the text, when they differ."""
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text, None
    kept: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        joined = unicodedata.normalize("NFC", kept[-1] + sign) if kept and unicodedata.combining(sign) else ""
        if len(joined) == 1:
            kept[-1] = joined
        else:
            kept.append(sign)
            places.append(place)
    return "".join(kept), [*places, len(text)]


def _placed(finding: Finding, places: Sequence[int]) -> Finding:
    return replace(finding, start=places[finding.start], end=places[finding.end])


def _as_said(finding: Finding, spans: Sequence[Clause]) -> Finding:
    """Give a finding the requirement and the negation of its clause."""
    clause = clause_at(spans, finding.start)
    if clause is None or (finding.code == _CLEAN_RECORD and not clause.asked):  # "without a criminal record" asks for a clean one
        return finding
    return replace(finding, requirement=clause.requirement, asked=finding.asked and clause.asked)


def _counted(found: Iterable[Finding], spans: Sequence[Clause]) -> list[Finding]:
    """Months or levels as their clauses say them: a bare word that is denied ("no experience needed") asks for 0."""
    made: list[Finding] = []
    for finding in found:
        clause = clause_at(spans, finding.start)
        if (finding.least or 0) > 0 or finding.most is not None:
            made.append(_as_said(finding, spans))
        elif finding.least == 0:
            made.append(finding)
        elif clause is not None and not clause.asked and not any(clause.start <= one.start < clause.end for one in made):
            whole = clause.end - clause.start <= _SHORT_CLAUSE
            start, end = (clause.start, clause.end) if whole else (finding.start, finding.end)
            made.append(replace(finding, start=start, end=end, least=0.0))
    return made
