"""Running vacancy text -> the passages that name a competence, linked to concepts, with how strongly each is asked.

Passages follow from how vacancies are built, not from a list of competences: tasks begin with their verb or noun
("préparer ...", "nettoyage de ...") and end where the circumstances begin; lists divide; headings say what follows.
What a passage means is the linker's to say.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from matching.codes import LANGUAGE_WORDS
from matching.cues import plain
from matching.linking import ConceptLinker
from matching.linking.fusion import Link
from matching.linking.wording import key
from matching.passage_words import GRAMMARS
from matching.pieces import MOST_LABEL_WORDS, Piece, Sentence, pieces, sentence
from matching.said import Finding
from matching.sections import stretches
from matching.sentences import clause_at, clauses, detect
from matching.taxonomy import Taxonomy

LINKED: Final = 0.05
"""Chance from which the link of a passage counts: the passage is there, what it means may be unsure."""
WEAK: Final = 0.1
"""The same for a bare word of a list, and for an attitude by its own words."""
MEANT: Final = 0.2
"""The same for what an attitude is called elsewhere: see `MEANINGS`."""
EQUAL: Final = 0.7
"""Chance from which the words themselves are a label: nothing else is asked."""
LONGEST_PASSAGE: Final = 160
"""Characters of a passage at most; what is longer is no phrase."""
LONGEST_NAME: Final = 200

_GENDER: Final = re.compile(
    r"\s?\((?:e|se|ve|ne|le|euse|trice|ive|te|iere|ere)?\)?s?\)|[.·](?:e|se|ve|euse|ne)s?\b|/(?:se|ve|euse|trice|ive)\b"
)
_TITLE: Final = re.compile(r"[^\w\n]{0,3}[hfm]\s?/\s?[fhmvx]\b", re.IGNORECASE)
_LANGUAGES: Final = frozenset(plain(word) for names in LANGUAGE_WORDS.values() for word in names)

MEANINGS: Final[tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]] = tuple(
    (re.compile(stems), tuple(names.split(", ")))
    for stems, names in (
        (r"equipe|\bteam|ploeg|binome|collabora|\bgroep|\bgroupe", "work in teams, work in a team"),
        (r"autonom|independen|zelfstandig|self-starter", "work independently"),
        (r"stress|sous pression|onder druk|under pressure", "cope with stress, work under pressure"),
        (r"initiati|proposition|pro-?acti|volontaire|debrouillard|resourceful", "show initiative"),
        (r"ponctu|punctu|stipt|assidu", "punctuality, be punctual"),
        (r"flexib|adapta|polyvalen|versatile|aanpassing", "adapt to change, be flexible"),
        (r"rigoureu|rigueur|minutie|soigne|nauwkeurig|nauwgezet|accura|meticul|rigorous|conscien|detail", "attend to detail"),
        (r"fiab|serieu|betrouwb|reliab|honnet|eerlijk|honest|trustw|dependab|loya", "be reliable, demonstrate trustworthiness"),
        (r"organis|methodi|structur|ordelijk|georganis", "work in an organised manner"),
        (r"motiv|engagement|implica|impliqu|investi|enthous|enthus|gedreven|dynami|energ", "show commitment"),
        (r"empath|bienveillan|inleving|zorgzaam", "show empathy"),
        (r"ecoute|luister|listen", "listen actively"),
        (r"patien|geduld", "exercise patience"),
        (r"sourir|souriant|accueillant|avenant|aimab|vriendelijk|friendly|sociab|convivial", "be friendly with customers"),
        (r"courtois|\bpoli|beleefd|polite|courte", "show good manners, be polite"),
        (r"discre|confidentia", "respect confidentiality obligations, respect confidentiality"),
        (r"creati|innovati", "think creatively"),
        (r"curieu|curios|nieuwsgierig|curious", "demonstrate curiosity"),
        (r"leergierig|apprendre|willing to learn", "demonstrate willingness to learn"),
        (r"analy", "think analytically"),
        (r"synthese", "synthesise information"),
        (r"elocution|diction", "manage a good diction"),
        (r"redaction", "writing techniques"),
        (r"communica|relationnel|contact humain|relations? humaine", "use communication techniques"),
        (r"service|client|klant|customer", "ensure customer orientation, customer service"),
        (r"defi|challenge", "approach challenges positively"),
        (r"persever|tena[cz]|ambiti|combati|determin|doorzetting", "show determination"),
        (r"responsab|verantwoordelijk", "assume responsibility"),
        (r"physique|fysiek|physical", "maintain physical fitness"),
        (r"probleem|problem|oplossing|solution", "solve problems"),
        (r"respectu", "show respect"),
    )
)
"""What attitudes are called where a classification names them at all, by the stems of words in the three languages."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that name a competence.

    Parameters
    ----------
    start, end
        Characters ``start:end`` of the text.
    name
        What to link: the words, without what only says that something must be known, and with what they leave out
        ("transport [des outils] et des matériaux").
    meanings
        English names of an attitude; empty for anything else.
    weak
        The build of the text says little for it: only a good link makes it a competence.
    """

    start: int
    end: int
    name: str
    meanings: tuple[str, ...] = ()
    weak: bool = False


def competences(text: str, lang: str | None, linker: ConceptLinker, *, unlinked: bool = False) -> list[Finding]:
    """Find the phrases that name a competence, each with its concept and how strongly it is asked.

    Parameters
    ----------
    text
        Vacancy text.
    lang
        ``fr``, ``nl`` or ``en``; any other, or ``None``: detected, and French where that fails.
    linker
        Of competences.
    unlinked
        Also give passages without a link that counts (see `LINKED`, `WEAK`), apart from bare words of a list; their `code`
        and `score` are ``None``.

    Returns
    -------
    list of Finding
        In the order of the text, never overlapping.
    """
    spoken = lang if lang is not None and lang in GRAMMARS else detect(text) or "fr"
    found = passages(text, spoken, linker.taxonomy)
    governing = clauses(text) if found else ()
    findings = []
    for passage, best in zip(found, _links(found, spoken, linker), strict=True):
        if best is None and (passage.weak or not unlinked):
            continue
        clause = clause_at(governing, passage.start)
        findings.append(
            Finding(
                "competences",
                passage.start,
                passage.end,
                code=best.concept if best else None,
                requirement=clause.requirement if clause else None,
                asked=clause.asked if clause else True,
                sure=best is not None and best.sure,
                score=best.score if best else None,
            )
        )
    return findings


def _links(found: Sequence[Passage], lang: str, linker: ConceptLinker) -> list[Link | None]:
    """Best link of each passage by its words or, for an attitude, by what it means; ``None`` below the floor."""
    texts = sorted({passage.name for passage in found})
    own = dict(zip(texts, linker.rank_many(texts, lang, 1), strict=True))
    names = sorted({name for passage in found for name in passage.meanings})
    meant = dict(zip(names, linker.rank_many(names, "en", 1), strict=True))
    best = []
    for passage in found:
        link = next(iter(own[passage.name]), None)
        if link is None or link.score < EQUAL:
            others = [other for name in passage.meanings for other in meant[name] if other.score >= MEANT]
            link = max(others, key=lambda other: other.score, default=link)
        least = WEAK if passage.weak or passage.meanings else LINKED
        best.append(link if link is not None and link.score >= least else None)
    return best


def passages(text: str, lang: str, taxonomy: Taxonomy | None = None) -> list[Passage]:
    """Find the passages that name a competence, whatever they are linked to.

    Parameters
    ----------
    text
        Vacancy text.
    lang
        ``fr``, ``nl`` or ``en``.
    taxonomy
        Whose labels count as names where a text names a competence outside any list.

    >>> text = "Vos missions : préparation des repas, service en salle"
    >>> [text[found.start : found.end] for found in passages(text, "fr")]
    ['préparation des repas', 'service en salle']
    """
    said, grammar = plain(text), GRAMMARS[lang]
    names = _names(taxonomy, lang) if taxonomy else frozenset[str]()
    read = (sentence(text, said, start, end, about, grammar) for start, end, about in stretches(text, said, grammar))
    found: list[Passage] = []
    for passage in (_passage(one, piece) for one in read for piece in pieces(one, names)):
        if passage is not None and (not found or found[-1].end <= passage.start):  # a gender mark may hold a word
            found.append(passage)
    return found


@lru_cache(maxsize=3)
def _names(taxonomy: Taxonomy, lang: str) -> frozenset[str]:
    """Labels of competences in one language, as keys; read once per taxonomy."""
    labels = taxonomy.labels.get(lang, {})
    keys = (key(label) for uri in taxonomy.competences for label in labels.get(uri, ()))
    return frozenset(name for name in keys if name.count(" ") < MOST_LABEL_WORDS)


def _passage(s: Sentence, piece: Piece) -> Passage | None:
    """Characters of a piece, and what to link; ``None`` for a language, a job title, or nothing but little words."""
    g, first, last = s.grammar, piece.first, piece.last
    while piece.kind != "attitude" and last - first > 1 and s.words[last - 1] in g.little:
        last -= 1
    while piece.kind not in ("attitude", "known") and last - first > 1 and s.words[first] in g.little:
        first += 1
    start, end = s.spans[first][0], s.spans[last - 1][1]
    if gender := _GENDER.match(s.text, end):
        end = gender.end()
    bare = piece.head if piece.kind in ("known", "ability") and last > piece.head else first
    while bare < last - 1 and s.words[bare] in g.little:
        bare += 1
    content = [word for word in s.words[bare:last] if word[0].isalnum() and word not in g.little]
    if not content or content[0] in _LANGUAGES or _TITLE.match(s.text, end) or end - start > LONGEST_PASSAGE:
        return None
    name = " ".join(" ".join([*piece.shared, s.text[s.spans[bare][0] : end]]).split())[:LONGEST_NAME]
    return Passage(start, end, name, _meanings(s, piece, last), piece.kind == "weak")


def _meanings(s: Sentence, piece: Piece, last: int) -> tuple[str, ...]:
    """English names of an attitude."""
    if piece.kind not in ("attitude", "ability", "shared", "label") or piece.shared:
        return ()
    said = " ".join(s.words[piece.first : last])
    return next((names for stems, names in MEANINGS if stems.search(said)), ())
