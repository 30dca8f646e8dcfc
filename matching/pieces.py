"""The words of one sentence -> the pieces that name a task, a thing to know, or a way to be.

Each word is asked in turn whether a piece begins there; a piece ends where the circumstances begin, at the next of a list, or
after two complements. No step looks further than a dozen words, so a sentence is read in time that grows with its length.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from matching.passage_words import Grammar
from matching.sections import About

LONGEST: Final = 12
"""Words that a piece has at most, after its head."""
FAR: Final = 10
"""Words that are looked back on at most."""
MOST_LABEL_WORDS: Final = 5
MOST_WEAK_WORDS: Final = 5
SHORT_SENTENCE: Final = 15

Kind = Literal["task", "noun", "known", "ability", "object", "attitude", "shared", "label", "weak"]

_WITH: Final = frozenset("dans avec aupres en de d' du des in met van with of using over a au aux".split())
"""Words between experience and what it is had with."""
_FIELD: Final = frozenset(
    "domaine secteur metier milieu poste fonction similaire gelijkaardige functie sector role position field".split()
)
_TIME: Final = frozenset("minimum minstens an ans annee annees mois jaar jaren maand maanden year years month months".split())
_TOKEN: Final = re.compile(r"\.?[^\W_]+(?:[-.&][^\W_]+)*[+#]{0,2}'?|[^\w\s]|_")
_LETTER: Final = re.compile(r"[^\W\d_]")
_ADJECTIVE: Final = re.compile(r"(?:elle|ive|ique|aire|iere|ale|ante|ente|euse|ien|if|el|al|eux)s?$|aux$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words of one sentence and what the lines around it are about.

    Parameters
    ----------
    text
        The whole text.
    spans, words
        Places of the words and signs in it, and the same as `matching.cues.plain` writes them.
    frames
        Fixed expressions: number of the first word -> number after the last.
    about
        Where it stands.
    grammar
        Of its language.
    asks
        It says that something must be known, or is spoken to the person.
    colon
        Number of its first colon; the number of its words without one.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    words: tuple[str, ...]
    frames: dict[int, int]
    about: About
    grammar: Grammar
    asks: bool
    addresses: bool
    colon: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Words ``first:last`` of a sentence.

    Parameters
    ----------
    first, last
        Numbers of words.
    kind
        How it began.
    head
        Number after its head: verb, noun of a task, or what is known.
    shared
        Words of an earlier head that it leaves out.
    """

    first: int
    last: int
    kind: Kind
    head: int
    shared: tuple[str, ...] = ()


def sentence(text: str, said: str, start: int, end: int, about: About, grammar: Grammar) -> Sentence:
    """Read characters ``start:end`` of a text, and of the same in plain writing, as one sentence."""
    found = list(_TOKEN.finditer(said, start, end))
    spans, words = tuple(one.span() for one in found), tuple(one[0] for one in found)
    begins = {first: row for row, (first, _) in enumerate(spans)}
    ends = {last: row + 1 for row, (_, last) in enumerate(spans)}
    fixed = [one.span() for one in grammar.frames.finditer(said, start, end)]
    frames = {begins[first]: ends[last] for first, last in fixed if first in begins and last in ends}
    asks = not grammar.experience.isdisjoint(words) or not grammar.knowledge.isdisjoint(words)
    addresses = not grammar.subjects.isdisjoint(words)
    colon = words.index(":") if ":" in words else len(words)
    return Sentence(text, spans, words, frames, about, grammar, asks, addresses, colon)


def pieces(s: Sentence, names: frozenset[str] = frozenset()) -> Iterator[Piece]:
    """Read a sentence from left to right.

    Parameters
    ----------
    names
        Labels of competences, as keys: they count as pieces where little else says so.
    """
    at, before = 0, None
    while at < len(s.words):
        piece = _begin(s, at, before, names)
        if piece is None:
            at += 1
        else:
            yield piece
            at, before = max(piece.last, at + 1), piece


def _begin(s: Sentence, at: int, before: Piece | None, names: frozenset[str]) -> Piece | None:
    """Piece that begins with a word; ``None`` where none does."""
    g, word, after = s.grammar, s.words[at], s.words[at + 1] if at + 1 < len(s.words) else ""
    if at in s.frames:
        return Piece(at, s.frames[at], "attitude", s.frames[at])
    if word in g.attitudes and _is_own(s, at):
        return Piece(at, _complement(s, at), "attitude", at + 1)
    if word in g.experience:
        return _object(s, at + 1)
    if known := _known(s, at):
        return known
    opens = _opens(s, at)
    joined = before if before is not None and _continues(s, before.last, at) else None
    if task := _task(s, at, opens, joined):
        return task
    acts = _is_action(g, word) or (opens and s.about == "tasks" and after in g.links and word.endswith(g.endings))
    if acts and _may_act(s, at, opens, before, joined):
        return Piece(at, _end(s, at + 1), "noun", at + 1)
    if label := _label(s, at, names):
        return Piece(at, label, "label", label)
    if joined is not None and _is_shared(s, at, joined):
        shared = joined.shared or (s.words[joined.first : joined.head] if joined.kind in ("task", "noun") else ())
        return Piece(at, _end(s, at + 1), "shared", at + 1, shared)
    return _weak(s, at) if opens and s.about != "free" else None


def _is_own(s: Sentence, at: int) -> bool:
    """Whether an attitude is the person's: not that of a team or firm, nor a verb without its accent ("il organise")."""
    g = s.grammar
    if s.words[at] in g.finite and s.text[s.spans[at][1] - 1] not in "éÉ":
        return False
    return not any(word in g.not_near for word in s.words[max(0, at - 3) : at + 2])


def _complement(s: Sentence, at: int) -> int:
    """End of an attitude: with what it is about ("respectueux des personnes")."""
    about = s.words[at].endswith(("eux", "euse")) and s.words[at + 1 : at + 2] and s.words[at + 1] in s.grammar.links
    return _end(s, at + 1) if about else at + 1


def _known(s: Sentence, at: int) -> Piece | None:
    """Piece that must be known, with the word that says so, or an ability that is no task ("capacité d'analyse")."""
    g, word, after = s.grammar, s.words[at], s.words[at + 1] if at + 1 < len(s.words) else ""
    if word in g.knowledge and (after in g.links or after in g.near or after in g.little or after.endswith("ment")):
        return Piece(at, _end(s, _skip(s, at + 1)), "known", at + 1)
    verb = after in g.links and not g.heads.isdisjoint(s.words[at + 2 : _skip(s, at + 2) + 1])
    if word in g.capacity and not verb and (after in g.links or _ADJECTIVE.search(after)):
        return Piece(at, _end(s, at + 1), "ability", at + 1)
    return None


def _object(s: Sentence, at: int) -> Piece | None:
    """Piece that experience is had with."""
    g, far = s.grammar, min(len(s.words), at + FAR)
    while at < far and s.words[at] not in g.stops and (s.words[at] not in _WITH or _is_time(s, at + 1)):
        at += 1
    if at >= far or s.words[at] not in _WITH:
        return None
    first = _skip(s, at + 1)
    if first + 1 < len(s.words) and s.words[first] in _FIELD and s.words[first + 1] in g.links:
        first = _skip(s, first + 1)
    if first >= len(s.words) or not _LETTER.match(s.words[first]) or s.words[first] in g.stops or s.words[first] in _FIELD:
        return None
    return Piece(first, _end(s, first + 1), "object", first + 1)


def _is_time(s: Sentence, at: int) -> bool:
    """Whether a length of time stands here: "2 ans", "trois mois"."""
    return any(word[0].isdigit() or word in _TIME for word in s.words[at : at + 2])


def _skip(s: Sentence, at: int) -> int:
    """First word from here that says something."""
    far = min(len(s.words), at + FAR)
    while at < far and s.words[at] in s.grammar.little:
        at += 1
    return at


def _opens(s: Sentence, at: int) -> bool:
    """Whether a word is the first of its part of a list, articles apart."""
    g, least = s.grammar, max(0, at - FAR)
    while at > least and s.words[at - 1] in g.little and s.words[at - 1] not in g.stops and s.words[at - 1] not in g.coords:
        at -= 1
    return at == 0 or s.words[at - 1] in g.coords or (not s.words[at - 1][-1].isalnum() and not s.words[at - 1].endswith("'"))


def _continues(s: Sentence, last: int, at: int) -> bool:
    """Whether only "and", commas, articles and bare verbs stand between a piece and a word."""
    g, between = s.grammar, s.words[last:at] if at - last <= FAR else ()
    if not between or not (between[0] in g.coords or between[0] in (",", "(")):
        return False
    return all(w in g.coords or w in (",", "(") or (w in g.little and w not in g.stops) or w in g.finite for w in between)


def _is_infinitive(s: Sentence, at: int) -> bool:
    """Whether a word is a verb in the infinitive: a known one, or one that looks so and has an object."""
    g, word = s.grammar, s.words[at]
    if word in g.heads:
        return True
    looks = g.infinitive is not None and g.infinitive.fullmatch(word) is not None and word not in g.no_tasks
    return looks and at + 1 < len(s.words) and s.words[at + 1] in g.little and s.words[at + 1] not in g.stops


def _is_head(s: Sentence, at: int) -> bool:
    """Whether a word is a verb of a task, in any form."""
    return at < len(s.words) and (_is_infinitive(s, at) or s.words[at] in s.grammar.finite)


def _is_action(g: Grammar, word: str) -> bool:
    """Whether a word is the noun of a task."""
    single = word.removesuffix("s")
    if word in g.actions or single in g.actions:
        return True
    return len(single) > 5 and single.endswith(g.endings) and single not in g.no_actions and word not in g.no_actions


def _task(s: Sentence, at: int, opens: bool, joined: Piece | None) -> Piece | None:
    """Piece that begins with the verb of a task, or with the noun that a light verb carries."""
    g, word = s.grammar, s.words[at]
    prev = s.words[at - 1] if at else ""
    if (word in g.no_tasks and word not in g.heads) or not _LETTER.match(word):
        return None
    if g.verb_last and ((opens and s.about != "free") or prev in g.leads) and (last := _last_verb(s, at)):
        return Piece(at, last, "task", last)
    if not (_speaks_dutch if g.verb_last else _speaks)(s, at, opens, joined):
        return None
    noun = _skip(s, at + 1)
    if word in g.light and noun < len(s.words) and _is_action(g, s.words[noun]):
        return Piece(noun, _end(s, noun + 1), "noun", noun + 1)
    last = _end(s, at + 1, verb=True)
    return Piece(at, last, "task", at + 1) if last > at + 1 or s.about == "profile" else None


def _speaks(s: Sentence, at: int, opens: bool, joined: Piece | None) -> bool:
    """Whether a word is a verb that says what is done in the job: "pour accueillir", "vous gérez", "you will serve"."""
    g, word = s.grammar, s.words[at]
    prev = s.words[at - 1] if at else ""
    if _is_infinitive(s, at):
        return prev in g.leads or prev in g.subjects or (opens and s.about != "free") or at == 0
    if prev in g.subjects and (word in g.finite or prev in ("will", "ll")):
        return True
    if _second_person(g, word) and (prev in g.subjects if word.endswith("s") else prev in g.subjects or (opens and s.addresses)):
        return True
    listed = (opens and (s.about == "tasks" or at == 0)) or (joined is not None and joined.kind == "task")
    return word in g.finite and listed and s.text[s.spans[at][1] - 1] not in "éÉ"


def _second_person(g: Grammar, word: str) -> bool:
    """Whether a word looks like a French verb after "vous" or "tu"."""
    return "vous" in g.subjects and ((word.endswith("ez") and not word.endswith("iez")) or word.endswith("es"))


def _speaks_dutch(s: Sentence, at: int, opens: bool, joined: Piece | None) -> bool:
    """Whether a word is a Dutch verb in the second person: after "je", or in a list of tasks."""
    g = s.grammar
    if s.words[at + 1 : at + 2] == ("van",):
        return False
    listed = (opens and s.about == "tasks") or (joined is not None and joined.kind == "task")
    return (at > 0 and s.words[at - 1] in g.subjects) or (s.words[at] in g.finite and listed)


def _last_verb(s: Sentence, at: int) -> int | None:
    """Where an infinitive ends what began here; ``None`` when the part of the list has none, or begins with it."""
    g = s.grammar
    for row in range(at, min(len(s.words), at + LONGEST)):
        word = s.words[row]
        if word in g.heads and row > at:
            double = s.words[row + 1 : row + 2] != () and s.words[row + 1] in g.coords and _is_head(s, row + 2)
            return row + 3 if double else row + 1
        if word in g.coords or word in g.subjects or (word in g.stops and row > at) or not word[0].isalnum():
            return None
    return None


def _may_act(s: Sentence, at: int, opens: bool, before: Piece | None, joined: Piece | None) -> bool:
    """Whether the noun of a task is one here: in a list, or what somebody is sought for or has to do."""
    g = s.grammar
    if joined is not None or (opens and (s.about != "free" or at > s.colon)):
        return True
    if opens and at == 0 and len(s.words) <= SHORT_SENTENCE:
        return len(s.words) <= 4 or any(word in g.links or word in g.near for word in s.words[1:3])
    back, least = at - 1, max(0, at - FAR)
    while back > least and s.words[back] in g.little and s.words[back] not in g.coords and s.words[back] not in g.leads - g.links:
        back -= 1
    if back < 0:
        return False
    if s.words[back] in g.roles or (opens and s.words[back] in g.coords and before is not None and before.kind == "noun"):
        return True
    return s.words[at] in g.actions and s.addresses and (s.words[at - 1] in g.links or s.words[at - 1] in g.little)


def _label(s: Sentence, at: int, names: frozenset[str]) -> int | None:
    """End of the longest label that begins here; one word alone must be a task, or stand where things to know are asked."""
    g = s.grammar
    if not names or s.words[at] in g.little or (at and s.words[at - 1] in g.stops and s.words[at - 1] not in g.near):
        return None
    for last in range(min(len(s.words), at + MOST_LABEL_WORDS), at, -1):
        if last - at == 1 and not (s.asks or s.about == "profile" or _is_action(g, s.words[at])):
            return None
        if " ".join(word.rstrip("'").replace("-", " ") for word in s.words[at:last]) in names:
            return last
    return None


def _is_shared(s: Sentence, at: int, joined: Piece) -> bool:
    """Whether a word continues the piece before it without its head: "transport des outils et *des matériaux*"."""
    g, word = s.grammar, s.words[at]
    if word in g.little or word in g.stops or not _LETTER.match(word) or joined.kind in ("attitude", "weak", "label"):
        return False
    if joined.kind in ("known", "object", "ability") or (joined.kind == "shared" and not joined.shared):
        return True
    between = s.words[joined.last : at]
    return "(" not in between and any(w in g.links or w in g.little for w in between[1:])


def _weak(s: Sentence, at: int) -> Piece | None:
    """Words of a list that nothing else makes a piece."""
    g, word = s.grammar, s.words[at]
    near = s.words[max(0, at - FAR) : at]
    if not _LETTER.match(word) or any(word in table for table in (g.little, g.stops, g.no_actions)):
        return None
    if "(" in near and ")" not in near:
        return None
    last = _end(s, at + 1)
    said = s.words[at:last]
    if last - at > MOST_WEAK_WORDS or any(row in s.frames for row in range(at, last)):
        return None
    other = any(w in table for w in said for table in (g.attitudes, g.experience, g.capacity))
    return None if other else Piece(at, last, "weak", at + 1)


def _end(s: Sentence, at: int, verb: bool = False) -> int:
    """Where a piece ends whose head ends here."""
    g, words = s.grammar, s.words
    first, content, links = at, 0, 0
    while at < len(words) and at - first < LONGEST:
        word = words[at]
        if word in g.coords:
            if not _joins(s, at, content, links, verb):
                break
            if content == 0:  # what follows is a second head, not yet its object
                at += 2 if words[at + 1] in g.links else 1
        elif word in g.near and content <= (0 if word == "en" else 2 if verb else 1):
            pass
        elif word in g.stops or word in g.near or (not word[0].isalnum() and word not in "/-"):
            break
        elif word in g.links:
            links += 1
            if links > 2 and content > 1:
                break
        elif word not in g.little:
            content += 1
        at += 1
    at = min(at, len(words))
    while at > first and (words[at - 1] in g.little or words[at - 1] in g.coords or not words[at - 1][0].isalnum()):
        at -= 1
    return at


def _joins(s: Sentence, at: int, content: int, links: int, verb: bool) -> bool:
    """Whether "and" stands inside a piece: between two heads of one object, two adjectives, or (nl, en) two objects."""
    g, words = s.grammar, s.words
    after, beyond = (*words[at + 1 : at + 3], "", "")[:2]
    if content == 0 and verb:
        return _is_head(s, at + 2 if after in g.links else at + 1)
    if not after or after in g.little or after in g.heads or not _LETTER.match(after):
        return False
    adjective = _ADJECTIVE.search(after) is not None
    if not links and beyond in g.links and content <= verb + adjective:
        return True
    if content == 0:
        return _is_action(g, after) and _ADJECTIVE.search(beyond) is not None
    if g.bare:
        return verb and not _is_head(s, at + 1) and not _is_action(g, after)
    return links > 0 and adjective and _ADJECTIVE.search(words[at - 1]) is not None
