"""Lines of a vacancy -> stretches about the work or about the person; what speaks of the employer is left out."""

import re
from collections.abc import Iterator
from typing import Final, Literal

from matching.passage_words import Grammar, begins_list, pattern

About = Literal["tasks", "profile", "free", "off"]
"""A list of tasks, a list of what the person brings, running text, or nothing about the work."""

MOST_HEADING_WORDS: Final = 5
MOST_WORDS_BEFORE_COLON: Final = 10

_TASKS_FR: Final = (
    r"(?:(?:vos|tes|les|ses|votre|ta|la|le|principales|description|descriptif|detail|exemples?|quelles sont) ){0,3}"
    r"(?:d[eu]s? |de la |de vos )?(?:missions?|taches|activites|responsabilites|poste|fonctions?|role|quotidien|journee type)"
)
SECTIONS: Final[tuple[tuple[About, re.Pattern[str]], ...]] = (
    (
        "off",
        pattern(
            r"""avantages? | (?:nous|on) (?:vous |t')?(?:offrons|proposons|offre|propose|garantissons) | (?:l'|notre )?offre |
                conditions? | remuneration | salaire | contrat | horaires? | contact | postuler | candidature | qui sommes |
                (?:notre |l')entreprise | a propos | pourquoi | formation | diplome | permis | type d[e'] ?\w+ | lieu | date |
                langues? | duree | avantages | wij bieden | we bieden | wat (?:bieden|krijg|mag) | aanbod | ons aanbod | voordelen
                | solliciteren | interesse | over ons | wie zijn | loon | uurrooster | contactpersoon | talen | bedrijf |
                opleiding | we offer | what we offer | our offer | benefits | about us | who we are | how to apply | salary |
                perks | languages? | education | the company | location"""
        ),
    ),
    (
        "tasks",
        pattern(
            _TASKS_FR,
            r"""au programme | (?:en quoi|ce que vous|charge|chargee?s?) | (?:jouw |je |uw |de
                )?(?:taken|takenpakket|functie|functieomschrijving|opdracht(?:en)?|verantwoordelijkheden|jobomschrijving|jobinhoud|rol)
                | wat (?:ga|doe|zal) je | taakomschrijving | functiebeschrijving | (?:your |the |main |key |job
                )*(?:responsibilities|duties|tasks|role|job description|missions?|accountabilities) | what you(?:'ll| will)? do"""
        ),
    ),
    (
        "profile",
        pattern(
            r"""(?:votre |ton |le )?profil(?: recherche)? | savoirs?(?:[ -](?:faire|etre))? | competences? | connaissances |
                qualites? | qualifications | exigences | pre-?requis | atouts? | vous (?:etes|avez|disposez) | (?:jouw |je |uw
                )?profiel | vaardigheden | competenties | vereisten | wij vragen | (?:wij|we) verwachten | wie ben je | kennis |
                troeven | (?:your |candidate )?profile | requirements | skills | qualifications | what you(?:'ll)?
                (?:bring|have|need) | who you are | experience | we expect | you (?:have|are) | nice to have"""
        ),
    ),
)
"""What a heading announces, most telling first: what is not about the work, tasks, what the person brings."""
EMPLOYER: Final = pattern(
    r"""(?:nous|on) (?:vous )?(?:offrons|proposons|accompagnons|garantissons) | vous (?:propose|offre|accompagne)(?: de)? |
        beneficie[rz]\w* | postule[rz]? | candidatures? | cv | lettre de motivation | salaire | remuneration | mutuelle |
        tickets?[- ]restaurant | primes? | www | contacte[rz] | indemnisation | evolution professionnelle | n'hesitez pas |
        rejoignez | avantages | vous (?:former|accompagner) | wij bieden | we bieden | solliciteer | solliciteren |
        maaltijdcheques | loon | verloning | motivatiebrief | we offer | apply now | send your | salary | benefits"""
)
"""A sentence with these speaks of the employer or of applying, not of the work."""
ABOUT_US: Final = pattern(
    r"""specialisee?s? dans | leader | fondee? | implantee? | depuis \d+ | gespecialiseerd | marktleider | specialised in |
        leading"""
)
SEEKS: Final = pattern(
    r"""recherche | recrute | recherchons | recrutons | cherche | cherchons | zoeken | zoekt | seeks? | seeking | looking for"""
)
"""What a company asks stands behind these."""

_LINE: Final = re.compile(r"[^\r\n]+")
_BULLET: Final = re.compile(r"\s*(?:[^\w\s'\"(«\[]{1,3}\s*|o\s+|\d{1,2}[.)]\s+)")
_SENTENCE_END: Final = re.compile(r"(?<![.!?…])[.!?…]+(?=\s|$)|(?<=[a-z]{3})\.(?=[A-ZÀ-Ý][a-zé])|;")


def stretches(text: str, said: str, grammar: Grammar) -> Iterator[tuple[int, int, About]]:
    """Cut a text into sentences and say what each is about.

    Parameters
    ----------
    text, said
        The text, and the same as `matching.cues.plain` writes it.
    grammar
        Of its language.

    Yields
    ------
    (start, end, about) in order, never overlapping; what is ``off`` is left out.
    """
    for first, end, about in _lines(said, grammar):
        at = first
        for stop in [*_SENTENCE_END.finditer(text, first, end), None]:
            last = _before_employer(said, at, stop.start() if stop else end)
            start = _after_employer(said, at, last)
            if start < last:
                yield start, last, about
            at = stop.end() if stop else end


def _before_employer(said: str, start: int, end: int) -> int:
    """Where a sentence turns to the employer or to applying."""
    found = EMPLOYER.search(said, start, end)
    return max(start, *(said.rfind(sign, start, found.start()) for sign in ",:(")) if found else end


def _after_employer(said: str, start: int, end: int) -> int:
    """Where a sentence that presents the employer begins to speak of the work; its end when it never does."""
    if ABOUT_US.search(said, start, end):
        seeks = [found.end() for found in SEEKS.finditer(said, start, end)]
        return seeks[-1] if seeks else end
    return start


def _lines(said: str, grammar: Grammar) -> Iterator[tuple[int, int, About]]:
    """Stretches of lines with what the heading above or before them says they are about."""
    about: About = "free"
    listed = False
    for line in _LINE.finditer(said):
        bullet = _BULLET.match(said, line.start(), line.end())
        start, end = bullet.end() if bullet else line.start(), line.end()
        colon = said.find(":", start, end)
        front = said[start : colon if colon >= 0 else end].strip()
        rest = colon >= 0 and bool(said[colon + 1 : end].strip())
        n_words = front.count(" ") + 1
        heading = _heading(front, colon >= 0) if _is_title(front, n_words, colon >= 0, bool(bullet)) else None
        if heading is None or colon < 0 or n_words >= MOST_HEADING_WORDS:
            if not bullet and (listed or (about == "off" and _turns(front, grammar))):
                about, listed = "free", False
            listed = listed or bool(bullet)
            if about == "off" and not (colon >= 0 and not rest):
                continue
            about = "free" if about == "off" else about
            if heading is None:
                here: About = "tasks" if bullet and about == "free" else about
                yield start, end, here if bullet or begins_list(grammar, front) else "free"
                continue
            yield start, colon if colon >= 0 else end, "free"
        if not rest:
            about, listed = heading, False
        elif heading != "off":
            yield colon + 1, end, heading


def _is_title(front: str, n_words: int, colon: bool, bullet: bool) -> bool:
    """Whether words may be a heading: few, before a colon or alone on their line."""
    if colon:
        return n_words <= MOST_WORDS_BEFORE_COLON
    return n_words <= MOST_HEADING_WORDS and not bullet and not front.endswith((".", ",", ";", "!"))


def _heading(front: str, colon: bool) -> About | None:
    """Say what a heading announces; ``None`` when it is none. Without a colon, "Permis B exigé" is no heading."""
    for name, said in SECTIONS:
        if said.match(front) if colon or name != "off" else said.fullmatch(front):
            return name
    if not colon:
        return None
    return next((name for name, said in (*SECTIONS[1:], SECTIONS[0]) if said.search(front)), None)


def _turns(front: str, grammar: Grammar) -> bool:
    """Whether a line outside a list turns to the person again."""
    first = front.split(" ", 1)[0]
    return first in grammar.subjects or first in ("votre", "vos", "nous", "jouw", "your")
