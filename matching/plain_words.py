"""Findings said in plain words, in French, Dutch or English: what a text says of an offer, or of a person."""

from collections.abc import Callable, Mapping
from typing import Final

from matching.codes import (
    CERTIFICATE_WORDS,
    CONTRACT_WORDS,
    DAY_WORDS,
    DRIVING_LICENCE_WORDS,
    LANGUAGE_WORDS,
    LANGUAGES_OF_SERVICE,
    LEVEL_WORDS,
    REQUIREMENT_WORDS,
    SHIFT_WORDS,
    TOPIC_WORDS,
    Topic,
    Words,
    word,
)
from matching.extraction import Finding

Name = Callable[[str], str]
"""URI of a concept -> its label."""

_CODES: Final[Mapping[str, Words]] = {
    Topic.LANGUAGES: LANGUAGE_WORDS,
    Topic.DRIVING_LICENCES: DRIVING_LICENCE_WORDS,
    Topic.CERTIFICATES: CERTIFICATE_WORDS,
    Topic.SHIFTS: SHIFT_WORDS,
    Topic.DAYS: DAY_WORDS,
    Topic.CONTRACT: CONTRACT_WORDS,
}
OFFERED: Final = frozenset({Topic.HOURS, Topic.SHIFTS, Topic.DAYS, Topic.CONTRACT})
"""What an offer says of the work, not of the person."""
_WISHED: Final = frozenset({Topic.HOURS, Topic.CONTRACT})

SENTENCES: Final[Words] = {
    "asks": ("{0} : le texte demande {1}{2}.", "{0}: de tekst vraagt {1}{2}.", "{0}: the text asks {1}{2}."),
    "asks_not": (
        "{0} : le texte dit que ce n'est pas demandé : {1}{2}.",
        "{0}: de tekst zegt dat dit niet gevraagd wordt: {1}{2}.",
        "{0}: the text says that this is not asked: {1}{2}.",
    ),
    "offers": ("{0} : le texte dit : {1}{2}.", "{0}: de tekst zegt: {1}{2}.", "{0}: the text says: {1}{2}."),
    "offers_not": (
        "{0} : le texte l'exclut : {1}{2}.",
        "{0}: de tekst sluit dit uit: {1}{2}.",
        "{0}: the text rules this out: {1}{2}.",
    ),
    "has": ("{0} : la personne a : {1}{2}.", "{0}: de persoon heeft: {1}{2}.", "{0}: the person has: {1}{2}."),
    "has_not": (
        "{0} : la personne n'a pas : {1}{2}.",
        "{0}: de persoon heeft niet: {1}{2}.",
        "{0}: the person does not have: {1}{2}.",
    ),
    "wishes": ("{0} : la personne souhaite : {1}{2}.", "{0}: de persoon wenst: {1}{2}.", "{0}: the person wishes: {1}{2}."),
    "wishes_not": (
        "{0} : la personne ne souhaite pas : {1}{2}.",
        "{0}: de persoon wenst niet: {1}{2}.",
        "{0}: the person does not wish: {1}{2}.",
    ),
    "can": (
        "{0} : possible pour la personne : {1}{2}.",
        "{0}: mogelijk voor de persoon: {1}{2}.",
        "{0}: possible for the person: {1}{2}.",
    ),
    "can_not": (
        "{0} : impossible pour la personne : {1}{2}.",
        "{0}: onmogelijk voor de persoon: {1}{2}.",
        "{0}: impossible for the person: {1}{2}.",
    ),
}
"""How a finding is said: topic, value, how strongly."""
UNSURE: Final = ("à vérifier", "na te gaan", "to be checked")


def label_of(finding: Finding, name: Name, lang: str) -> str | None:
    """Name the code of a finding in words; ``None`` without a code."""
    if finding.code is None:
        return None
    return name(finding.code) if finding.field == Topic.COMPETENCES else word(_CODES[finding.field], finding.code, lang)


def value_of(finding: Finding, name: Name, lang: str) -> str:
    """Say what a finding is, without its topic.

    >>> value_of(Finding("hours", 0, 0, least=19.5, most=25), str, "fr")
    '19,5 - 25 heures par semaine'
    >>> value_of(Finding("drivingLicences", 0, 0, code="B"), str, "nl")
    'rijbewijs B'
    """
    at = LANGUAGES_OF_SERVICE.index(lang)
    label = label_of(finding, name, lang)
    if label is not None:
        return f"{label} {word(LEVEL_WORDS, finding.level, lang)}" if finding.level else label
    if finding.field == Topic.EDUCATION:
        none = ("pas de diplôme", "geen diploma", "no diploma")
        known = ("niveau CEC {}", "EKK-niveau {}", "EQF level {}")
        return known[at].format(f"{finding.least:g}") if finding.least else none[at]
    if finding.field == Topic.EXPERIENCE and not finding.least and not finding.most:
        return ("pas d'expérience", "geen ervaring", "no experience")[at]
    numbers = [f"{value:g}" for value in dict.fromkeys((finding.least, finding.most)) if value is not None]
    said = " - ".join(numbers).replace(".", "." if lang == "en" else ",")
    if finding.field == Topic.HOURS:
        return f"{said} {word(TOPIC_WORDS, Topic.HOURS, lang)}"
    one = numbers == ["1"]
    return f"{said} {('mois', 'maand' if one else 'maanden', 'month' if one else 'months')[at]}"


def sentence_of(finding: Finding, name: Name, lang: str, of_person: bool = False) -> str:
    """Say a finding in one sentence.

    Parameters
    ----------
    finding
        What was found.
    name
        Names concepts in the language of the sentence.
    lang
        ``fr``, ``nl`` or ``en``.
    of_person
        Whether the text is about a person, not about an offer.

    >>> sentence_of(Finding("shifts", 0, 0, code="night", asked=False), str, "en", of_person=True)
    'Shift: impossible for the person: night.'
    """
    at = LANGUAGES_OF_SERVICE.index(lang)
    how = _person(finding.field) if of_person else "offers" if finding.field in OFFERED else "asks"
    notes = [word(REQUIREMENT_WORDS, finding.requirement, lang)] if finding.requirement and finding.asked else []
    notes += [] if finding.sure else [UNSURE[at]]
    note = f" ({', '.join(notes)})" if notes else ""
    topic = word(TOPIC_WORDS, finding.field, lang)
    template = SENTENCES[how if finding.asked else f"{how}_not"][at]
    return template.format(topic[:1].upper() + topic[1:], value_of(finding, name, lang), note)


def _person(topic: str) -> str:
    """Choose how a finding about a person is said."""
    return "can" if topic in {Topic.SHIFTS, Topic.DAYS} else "wishes" if topic in _WISHED else "has"
