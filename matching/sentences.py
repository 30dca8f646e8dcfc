"""Vacancy text -> clauses: the stretches that one cue governs ("required", "a plus", "not needed"), and its language.

Lines, bullets, sentence ends, ``;``, commas and "but" divide. A cue governs its own clause; a heading ("Nice to have:")
governs what follows it until the next heading; "are required" after a list governs the whole list.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

from matching.codes import Requirement
from matching.cues import HEADINGS, STOP, Mark, is_plural, marks, plain, says_who

Says = Literal["must", "wish", "not"] | None

_BULLET: Final = re.compile(r"[^\w('\[]*(?:o\s+(?=\S)|\d{1,2}[.)]\s+|[a-z]\)\s+)?")
_NEVER_LAST: Final = re.compile(
    r"(?:^|[^\w.])(?:min|max|env|ca|ex|p\.ex|bv|b\.v|bijv|incl|excl|resp|cat|niv|tel|art|st|ste|dr|mr|mme|mevr|nr|e\.g|i\.e|o\.a|t\.e\.m"
    r"|approx|dipl|rijbew|p)$"
)
_ABBREVIATION: Final = re.compile(
    r"(?:^|[^\w.])(?:\w|nl|inc|ev|evt|enz|etc|m\.b\.t|a\.u\.b|d\.w\.z|exp|sem|wk|hrs?|dep|serv|jr|lu|ma|me|je|ve|sa|di|wo|do|vr|za|zo)$"
)
_END: Final = re.compile(r"[.!?…]+['\")»]*(?=\s|$)|;|\s[•·▪●►➢✓✔|*](?=\s)")
_BRACKETS: Final = re.compile(r"\([^()]{0,300}\)")
_DIVIDER: Final = re.compile(
    r"(?<!\d),|,(?!\d)|\s-+\s|(?<!\bun)(?<!\been)(?<!\ba)(?<![=:])\s\+\s"
    r"|\b(?:mais|maar|but|toutefois|cependant|echter|however|terwijl|tandis que|alors que|whereas|while|par contre|daarentegen"
    r"|wel een)\b"
)
_COORDINATOR: Final = {
    "fr": re.compile(r"\b(?:et|ou|ainsi que)\b|&|\s/\s"),
    "nl": re.compile(r"\b(?:en|of|alsook)\b|&|\s/\s"),
    "en": re.compile(r"\b(?:and|or|as well as)\b|&|\s/\s"),
    None: re.compile(r"\b(?:et|en|and|ou|alsook)\b|&|\s/\s"),
}
_JOINS: Final = {
    "fr": re.compile(r"\b(?:et|ainsi que)\b|&|\s[/+|]\s"),
    "nl": re.compile(r"\b(?:en|alsook)\b|&|\s[/+|]\s"),
    "en": re.compile(r"\b(?:and|as well as)\b|&|\s[/+|]\s"),
    None: re.compile(r"\b(?:et|and|alsook)\b|&|\s[/+|]\s"),
}
_CONTINUES: Final = re.compile(
    r"\s*(?:et|ou|ni|en|of|noch|and|or|nor|ainsi que|alsook|du|de|des|d'|van|&|meme|zelfs|even|ook al)\b(?! ?[:=])"
)
_CHOICE: Final = re.compile(r"\b(?:ou|ni|of|noch|or|nor)\b")
_WORD: Final = re.compile(r"[^\W_]+'?")
_COLON: Final = re.compile(r":(?=\s|$)|(?<=\s):")
_SHORT_NAME: Final = re.compile(r"\b(?:en|de)[ ]?[:(=]")  # English and German, in a list of languages
_LONGEST_HEADING: Final = 8
_VERB_WORDS: Final = 2
_LIKEWISE: Final = re.compile(
    r"\s*(?:(?:and|et|en|but) )?(?:so (?:is|are|does)|evenals|net als|net zoals|tout comme|de meme que|idem|ook)\b"
    r"|(?:[\w']+[ ]){1,4}(?:aussi|egalement|ook|eveneens|too|as well|likewise|idem)[ .!]*$"
)

_FUNCTION_WORDS: Final = {
    "fr": (
        "le la les des du un une et est vous nous votre notre avec pour dans sur aux au ou ce cette qui que sont pas ne "
        "avez etes sous chez par plus il elle se sa son ses leur l d j n qu c tu ton tes je mois ans jours heures emploi "
        "travail permis exige requis souhaite connaissance langue atout formation contrat horaire semaine experience "
        "francais neerlandais anglais niveau en de temps si"
    ).split(),
    "nl": (
        "de het een en van je jij jouw u uw wij we ons onze bent heeft hebt met voor bij naar op te zijn is niet geen ook "
        "aan om als uit tot of dat die deze worden wordt door er over werk jaar uur uren maanden rijbewijs vereist "
        "gewenst kennis goede taal pluspunt ervaring opleiding contract dagen nederlands frans engels niveau in minstens "
        "mee wel vlot spreekt troef nodig zoeken"
    ).split(),
    "en": (
        "the a an and of to in for with you your we our are is on or as be will at by from this that have has not no job "
        "work years hours days month months week driving licence license required knowledge skills language experience "
        "training level plus asset contract must french dutch english who their they can if it all any us team"
    ).split(),
}
_LANGUAGES_OF: Final = {
    word: tuple(lang for lang, words in _FUNCTION_WORDS.items() if word in words)
    for words in _FUNCTION_WORDS.values()
    for word in words
}


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a text that one cue governs.

    Parameters
    ----------
    start, end
        Characters ``start:end`` of the text; clauses are in order and never overlap.
    requirement
        How strongly what stands in it is asked: mandatory, desired, or ``None`` when the text does not say.
    asked
        False: what stands in it is said not to be asked, or not to be so.
    """

    start: int
    end: int
    requirement: Requirement | None = None
    asked: bool = True


@dataclass(frozen=True, slots=True)
class _Piece:
    """A clause in the making: what its own cue says, and how it hangs together with its neighbours."""

    start: int
    end: int
    says: Says = None
    bare: bool = False  # cue and stop words only: it speaks about its neighbour
    leads: bool = False  # its cue stands before what it governs
    denied: bool = False  # the cue itself is denied ("not required"), rather than the thing ("no night work")
    heading: bool = False
    apart: bool = False  # divided from the piece before by its own cue, without a comma


def detect(text: str) -> str | None:
    """Detect the language of a text by its commonest words; ``None`` when they do not decide.

    >>> detect("Je hebt een rijbewijs B"), detect("Vous avez le permis B"), detect("You drive a car"), detect("B1")
    ('nl', 'fr', 'en', None)
    """
    said: Counter[str] = Counter()
    for word in _WORD.findall(plain(text[:5000]).replace("'", " ")):
        for lang in _LANGUAGES_OF.get(word, ()):
            said[lang] += 6 // len(_LANGUAGES_OF[word])
    ranked = said.most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def clauses(text: str) -> tuple[Clause, ...]:
    """Divide a text into clauses, each with what its cue says; every word of the text stands in one clause.

    >>> text = "Nederlands vereist, Engels is een plus; geen rijbewijs"
    >>> [(text[c.start:c.end], c.requirement and c.requirement.value, c.asked) for c in clauses(text)]
    [('Nederlands vereist', 'mandatory', True), ('Engels is een plus', 'desired', True), ('geen rijbewijs', None, False)]
    """
    said = plain(text)
    whole = detect(text)
    found: list[_Piece] = []
    carried: Says = None
    listed = empty_before = False
    for start, end, bullet in _lines(said):
        if start == end:
            empty_before = True
            continue
        if empty_before and listed and not bullet:
            carried = None
        heading = _heading(said, start, end)
        if heading is not None and said[end:].strip():
            found.append(heading)
            carried, listed, empty_before = heading.says, False, False
            continue
        lang = detect(text[start:end]) or whole
        found += _line(said, text, start, end, lang, carried)
        listed, empty_before = True, False
    return tuple(_clause(piece) for piece in found)


def clause_at(spans: Sequence[Clause], place: int) -> Clause | None:
    """Give the clause in which a place of the text stands; ``None`` between clauses."""
    index = bisect_right(spans, place, key=lambda clause: clause.start) - 1
    return spans[index] if index >= 0 and place < spans[index].end else None


def _clause(piece: _Piece) -> Clause:
    strength = {"must": Requirement.MANDATORY, "wish": Requirement.DESIRED}.get(piece.says or "")
    return Clause(piece.start, piece.end, strength, piece.says != "not")


def _lines(said: str) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, end, whether it has a bullet) of each line without its bullet and spaces."""
    begin = 0
    for line in said.split("\n"):
        lead = _BULLET.match(line)
        skipped = lead.end() if lead else 0
        start, end = _trimmed(said, begin + skipped, begin + len(line))
        yield start, end, bool(line[:skipped].strip())
        begin += len(line) + 1


def _trimmed(said: str, start: int, end: int) -> tuple[int, int]:
    """Give the ends without spaces, dashes and signs that divide; an opening bracket or quote stays with its word."""
    while start < end and said[start] in " \t,;:-/|+*•·▪●►➢✓✔.!?…":
        start += 1
    while end > start and said[end - 1] in " \t,;-/|*•·▪●►➢✓✔":
        end -= 1
    return start, end


def _heading(said: str, start: int, end: int) -> _Piece | None:
    """Read a line as a heading: a short one that ends in a colon, or words of headings alone."""
    line = said[start:end]
    words = _WORD.findall(line)
    if not words or len(words) > _LONGEST_HEADING:
        return None
    cues = marks(line)
    if line.endswith(":") or (_is_title(line, cues) and any(word in HEADINGS for word in words) and line[-1] not in ".,"):
        return _Piece(start, end, _strongest(cues), heading=True)
    return _Piece(start, end, _strongest(cues), heading=True) if cues and _is_title(line, cues) and len(words) <= 4 else None


def _is_title(line: str, cues: list[Mark]) -> bool:
    """Whether cues, stop words and words of headings are all that a stretch holds."""
    return all(word in STOP or word in HEADINGS for word in _WORD.findall(_without(line, cues)))


def _without(stretch: str, cues: list[Mark]) -> str:
    for cue in reversed(cues):
        stretch = stretch[: cue.start] + " " + stretch[cue.end :]
    return stretch


def _strongest(cues: list[Mark]) -> Says:
    """Say what several cues of one clause mean together: "must preferably" wishes, "no ... needed" does not ask."""
    said = {cue.says for cue in cues}
    if any(cue.only for cue in cues):
        return "must"
    return "wish" if "wish" in said and "not" not in said else "not" if "not" in said else "must" if "must" in said else None


def _line(said: str, text: str, start: int, end: int, lang: str | None, carried: Says) -> list[_Piece]:
    """Pieces of one line, sentence by sentence; a bare sentence ("A must!") speaks about the one before."""
    found: list[_Piece] = []
    for first, last in _sentences(said, text, start, end):
        found = _settled(found + _sentence(said, first, last, lang, carried))
    return found


def _sentences(said: str, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for stop in _END.finditer(said, start, end):
        if stop[0] == "." and stop.end() < end:
            after = text[stop.end() : stop.end() + 3].strip()[:1]
            before = said[max(start, stop.start() - 12) : stop.start()]
            if _NEVER_LAST.search(before) or (not after.isupper() and _ABBREVIATION.search(before)):
                continue
        first, last = _trimmed(said, begin, stop.end())
        if first < last:
            yield first, last
        begin = stop.end()
    first, last = _trimmed(said, begin, end)
    if first < last:
        yield first, last


def _sentence(said: str, start: int, end: int, lang: str | None, carried: Says) -> list[_Piece]:
    """Pieces of one sentence; a title before a colon governs the rest of it."""
    colon = _COLON.search(said, start, end)
    head: list[_Piece] = []
    if colon and colon.end() < end:
        front = said[start : colon.start()]
        cues = marks(front)
        if _is_title(front, cues):
            head, start = [_Piece(start, colon.end(), _strongest(cues), heading=True)], _trimmed(said, colon.end(), end)[0]
            carried = _strongest(cues) or (carried if not _WORD.search(_without(front, cues)) else None)
        elif cues:
            if _strongest(cues) != "not" and len(_WORD.findall(front)) <= 5:
                carried = _strongest(cues)
            rest = _trimmed(said, colon.end(), end)[0]
            return _sentence(said, start, colon.start(), lang, None) + _spread(said, _pieces(said, rest, end, lang), carried)
    return head + _spread(said, _pieces(said, start, end, lang), carried)


def _pieces(said: str, start: int, end: int, lang: str | None) -> list[_Piece]:
    """Divide at commas and the like outside brackets, then where two cues meet."""
    closed = [bracket.span() for bracket in _BRACKETS.finditer(said, start, end)]
    found: list[_Piece] = []
    begin = start
    for divider in [*_DIVIDER.finditer(said, start, end), None]:
        if divider and any(first < divider.start() < last for first, last in closed):
            continue
        first, last = _trimmed(said, begin, divider.start() if divider else end)
        if first < last:
            found += _cued(said, first, last, lang)
        begin = divider.end() if divider else end
    return found


def _cued(said: str, start: int, end: int, lang: str | None) -> list[_Piece]:
    """Divide a stretch between the cues that say different things."""
    stretch = said[start:end]
    groups: list[list[Mark]] = []
    cuts: list[int] = []
    for cue in marks(stretch):
        if not groups:
            groups, cuts = [[cue]], [_own_start(stretch, cue, lang)]
            continue
        cut = _cut(stretch, groups[-1][-1], cue, lang)
        if cut is None:
            groups[-1].append(cue)
        else:
            groups.append([cue])
            cuts.append(cut)
    if groups and (after := _complete(stretch, groups[-1], lang)):
        groups.append([])
        cuts.append(after)
    if not cuts or cuts[0] > 0:
        groups, cuts = [[], *groups], [0, *cuts]
    bounds = [*cuts[1:], len(stretch)]
    return [
        replace(_piece(said, start + first, start + last, group, first), apart=first > 0)
        for first, last, group in zip(cuts, bounds, groups, strict=True)
    ]


def _complete(stretch: str, cues: list[Mark], lang: str | None) -> int | None:
    """Where a cue has ended and something else begins: "no Dutch needed | for this daytime job", "(a plus) | and"."""
    last = cues[-1]
    if stretch.rfind("(", 0, last.start) > stretch.rfind(")", 0, last.start):
        closed = stretch.find(")", last.end) + 1
        return closed if closed and _has_words(stretch[closed:]) else None
    if _strongest(cues) != "not" or not _has_words(stretch[last.end :]):
        return None
    if len(cues) > 1 and cues[0].leads and last.says == "must" and _has_words(stretch[cues[0].end : last.start]):
        return last.end
    if last.denied and _has_words(stretch[: cues[0].start]):
        join = _JOINS[lang].search(stretch, last.end)
        return join.start() if join and says_who(stretch[join.end() :]) else None
    return None


def _piece(said: str, start: int, end: int, cues: list[Mark], shift: int) -> _Piece:
    here = [replace(cue, start=cue.start - shift, end=cue.end - shift) for cue in cues]
    left = _WORD.findall(_without(said[start:end], here))
    start, end = _trimmed(said, start, end)
    return _Piece(
        start,
        end,
        _strongest(here),
        bare=bool(here) and all(word in STOP for word in left) and not _SHORT_NAME.search(said, start, end),
        leads=bool(here) and here[0].leads and not (len(here) > 1 and _strongest(here) == "not"),
        denied=any(cue.denied for cue in here) or (_strongest(here) == "not" and any(cue.says == "must" for cue in here)),
    )


def _own_start(stretch: str, cue: Mark, lang: str | None) -> int:
    """Where the part governed by the first cue of a stretch begins."""
    before = stretch[: cue.start]
    if not _has_words(before):
        return 0
    joins = list(_JOINS[lang].finditer(before))
    if cue.says == "not" and not cue.denied:
        return cue.start if _has_words(stretch[cue.end :]) else 0
    if stretch[cue.end :].find(")") >= 0 and before.rfind("(") > before.rfind(")"):
        opened = before.rfind("(")
        if _has_words(before[opened:]):
            return opened
        joins = [join for join in joins if join.end() < opened]
        return joins[-1].start() if joins else 0
    if cue.leads:
        between = len(_WORD.findall(before[joins[-1].end() :])) if joins else 0
        near = between == 0 or (between <= _VERB_WORDS and _has_words(stretch[cue.end :]))
        return joins[-1].start() if joins and near else 0
    plural = is_plural(stretch[: cue.end])
    needed = 2 if plural else 1
    if cue.says == "wish" and len(joins) >= needed and says_who(before[: joins[-needed].start()]):
        after = before[joins[-needed].end() :]
        return 0 if says_who(after) is None and not _has_words(after) else joins[-needed].start()
    return 0


def _has_words(stretch: str) -> bool:
    return any(word not in STOP for word in _WORD.findall(stretch))


def _cut(stretch: str, one: Mark, two: Mark, lang: str | None) -> int | None:
    """Where the part of a second cue begins; ``None`` when both speak about the same."""
    between = stretch[one.end : two.start]
    if one.says == two.says and not (two.says == "not" and ")" in between):
        return None
    if ")" in between:
        return one.end + between.rfind(")") + 1
    joins = list((_JOINS if one.says == "not" else _COORDINATOR)[lang].finditer(between))
    if two.leads and _has_words(stretch[: one.start]):
        return one.end + joins[-1].start() if joins and not _has_words(between[joins[-1].end() :]) else two.start
    if two.says == "not" and not two.denied:
        return two.start
    return one.end + joins[0].start() if joins else None


def _spread(said: str, pieces: list[_Piece], carried: Says) -> list[_Piece]:
    """Let cues govern their neighbours: bare pieces, lists before a plural, what follows "ideally" and a heading."""
    pieces = _settled(pieces)
    for place in range(len(pieces) - 1, 0, -1):
        one, two = pieces[place - 1], pieces[place]
        if one.says is None and two.says and not two.leads and _reaches_back(said, one, two):
            pieces[place - 1] = replace(one, says=two.says)
    for place, (one, two) in enumerate(pairwise(tuple(pieces))):
        one = pieces[place]  # as the rounds before left it
        if two.says is not None or one.says is None:
            continue
        if _LIKEWISE.match(said[two.start : two.end]):
            pieces[place + 1] = replace(two, says=one.says)
        elif one.leads and not says_who(said[two.start : two.end]) and (one.says != "not" or _goes_on(said, pieces[place + 1 :])):
            pieces[place + 1] = replace(two, says=one.says, leads=True)
    return [replace(piece, says=carried) if piece.says is None else piece for piece in pieces]


def _goes_on(said: str, pieces: list[_Piece]) -> bool:
    """Whether "no ..." goes on over a list: one of its parts has "or" or "nor"."""
    return any(_CHOICE.search(said, piece.start, piece.end) for piece in pieces if piece.says is None)


def _reaches_back(said: str, one: _Piece, two: _Piece) -> bool:
    """Whether a cue at the end of a list governs the part of the list before it."""
    stretch = said[two.start : two.end]
    if says_who(said[one.start : one.end]) or not _has_words(said[one.start : one.end]):
        return False
    if two.apart or (two.says == "not" and not two.denied):
        return False
    return is_plural(stretch) or _CONTINUES.match(stretch) is not None


def _settled(pieces: list[_Piece]) -> list[_Piece]:
    """Join bare pieces to what they speak about: the piece before, or after when the cue leads or begins."""
    found: list[_Piece] = []
    waiting: _Piece | None = None
    for piece in pieces:
        if piece.bare and found and not found[-1].heading and not (piece.leads and piece is not pieces[-1]):
            one = found[-1]
            overrides = one.says is None or one.denied or piece.says == "must"
            found[-1] = replace(one, end=piece.end, says=piece.says if overrides else one.says, denied=piece.denied)
        elif piece.bare and piece is not pieces[-1]:
            waiting = piece
        elif waiting is not None:
            found.append(replace(piece, start=waiting.start, says=piece.says or waiting.says, leads=True))
            waiting = None
        else:
            found.append(piece)
    return found
