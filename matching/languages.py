"""Languages and their CEFR levels in running text.

A name of a language is many other things ("French pastries", "le marché néerlandais", "cours d'anglais"): it counts only
where a level, a verb of speaking, a word such as "knowledge", a list of languages, or a cue such as "required" stands by.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from matching.codes import Level, Requirement
from matching.language_words import (
    ABBREVIATIONS,
    AFTER_DUTCH,
    AFTER_ENGLISH,
    ALONE,
    AND,
    AND_OR,
    BACK,
    BACK_CEFR,
    BEFORE_FRENCH,
    BEING,
    CAPITAL,
    CHOICE,
    DUTCH,
    ENGLISH,
    FEMININE,
    FORE,
    FRENCH,
    KNOWLEDGE,
    LANGUAGE_HEAD,
    LEFT,
    LESSONS,
    LEVEL,
    LIST,
    MANY,
    NAME,
    NAMES,
    NOT_PEOPLE,
    ONLY_AFTER,
    RIGHT,
    SAME_GRADE,
    SPEAKERS,
    STRONG_BREAK,
    WEAK,
    WORDS,
)
from matching.said import Finding
from matching.sentences import Clause, clause_at

_CONTEXT: Final = 60  # characters in which a word can show that a name is a language
_HEAD_CONTEXT: Final = 340  # the same for a heading above a list
_ALL: Final = 9  # names of a list that one level may reach
_PEOPLE: Final = frozenset({"candidate", "candidates", "person", "colleague"})
_RANK: Final = tuple(Level)
_REACH: Final = {"bi": 1, "twee": 1, "tri": 2, "drie": 2}  # more names that "bilingue" speaks of


@dataclass(slots=True)
class _Name:
    """A name of a language in the text, and what is known of it so far."""

    start: int
    end: int
    code: str
    kind: str
    level: Level | None = None
    fore: int = 0  # how many more names its level, which stands before it, may reach
    after: bool = False  # its level stands after it
    graded: bool = False  # its level is written as CEFR, which counts before words
    requirement: Requirement | None = None
    asked: bool = True
    counts: bool = False


@dataclass(slots=True)
class _Grade:
    """Words that say a level; several in one breath ("bonne maîtrise") are one."""

    start: int
    end: int
    level: Level
    words: str
    cefr: bool = False


def languages(text: str, said: str, lang: str | None, spans: Sequence[Clause]) -> Iterator[Finding]:
    """Languages that a text asks for, each with its level or none.

    `text` as given, `said` the same in plain, `spans` its clauses.

    >>> from matching.cues import plain
    >>> from matching.sentences import clauses
    >>> text = "Goede kennis van het Frans; Engels (B1) is een plus. Franse keuken."
    >>> [(f.code, f.level and f.level.value) for f in languages(text, plain(text), "nl", clauses(text))]
    [('fr', 'B2'), ('en', 'B1')]
    """
    names = [one for one in _names(text, said, lang) if not _is_adjective(text, said, one, lang)]
    if not names:
        return
    grades = _grades(said, names)
    _attach(said, names, grades, lang)
    _require(said, names, spans)
    _inherit(said, names)
    for one in names:
        one.counts = _counts(said, one)
    for first, second in [*pairwise(names), *pairwise(names[::-1])]:
        if first.counts and second.kind != "speaker" and _listed(said, *sorted((first, second), key=_place)):
            second.counts = True
    named = {one.code for one in names if one.counts and one.kind != "speaker"}
    for one in names:
        if one.counts and not (one.kind == "speaker" and one.code in named):
            yield Finding("languages", one.start, one.end, one.code, one.level, one.requirement, one.asked)


def _place(one: _Name) -> int:
    return one.start


def _listed(said: str, one: _Name, two: _Name) -> bool:
    """Whether two names stand beside each other in a list."""
    return LIST.fullmatch(said, one.end, two.start) is not None


def _names(text: str, said: str, lang: str | None) -> list[_Name]:
    found = []
    for one in NAME.finditer(said):
        kind = one.lastgroup or "name"
        word = one[kind]
        start, end = one.span(kind)
        if kind == "short":
            if not _is_short_name(text, said, start, end):
                continue
            code = ABBREVIATIONS[word]
        else:
            code = {"feminine": FEMININE, "inflected": DUTCH, "speaker": SPEAKERS}.get(kind, NAMES)[word]
        if word in CAPITAL and not text[start].isupper() and not (word == "turks" and lang == "nl"):
            continue
        found.append(_Name(start, end, code, kind))
    return found


def _is_short_name(text: str, said: str, start: int, end: int) -> bool:
    """Whether two letters may name a language: capitals, and for words such as "en" a sign beside them."""
    word = said[start:end]
    beside = said[max(0, start - 2) : start] + "_" + said[end : end + 3]
    listed = re.search(r"\b(?:et|en|and|ou|of|or) $", text[max(0, start - 5) : start])
    pair = listed or re.search(r"[/&+(,|:-] ?_|_ ?[/&+),|:(=-]|_ [abc][12]", beside)
    if word in ("n", "f"):
        both = re.search(r"[nf]/_|_/[nf]", beside) and text[start].isupper()
        return bool(both and re.search(r"tweetalig|bilingu|taal|langue|kennis", said[max(0, start - _CONTEXT) : start]))
    if word in ("fr", "nl") and re.match(r"[ ]?[:(=]", said[end : end + 2]):
        return True
    if not text[start:end].isupper():
        around = said[max(0, start - 3) : start] + "_" + said[end : end + 3]
        return word in ("fr", "nl") and bool(re.search(r"(?:fr|nl)[/-]_|_[/-](?:fr|nl)", around))
    return word in ("fr", "nl", "eng", "nld") or bool(pair)


def _is_adjective(text: str, said: str, one: _Name, lang: str | None) -> bool:
    """Whether a name says where something comes from ("French pastries", "marché néerlandais", "een Frans restaurant")."""
    word = said[one.start : one.end]
    before, after = said[max(0, one.start - _CONTEXT) : one.start], said[one.end : one.end + 30]
    if one.kind == "speaker":
        said_of_a_person = BEING.search(before) or re.match(r"[ ](?:is|est|vereist|requis|exige)", after)
        return NOT_PEOPLE.match(after) is not None or not said_of_a_person
    if one.kind != "name":
        return False
    of_a_thing = re.search(r"\b(?:een|ons|elk) $", before) and re.match(r" [a-z]{5,}(?<!vereist)", after)
    if word in DUTCH and lang != "en" and (of_a_thing or AFTER_DUTCH.match(after)):
        return True
    if word in ENGLISH and word not in DUTCH:
        if speaking := re.match(r"[- ]speaking ([a-z]+)", after):
            return speaking[1] not in AFTER_ENGLISH and speaking[1] not in _PEOPLE
        following = re.match(r"[ ]([a-z]\w*)", after)
        if following and following[1] not in AFTER_ENGLISH and (lang == "en" or word not in FRENCH):
            return not re.match(r"[abc][12]$", following[1])
    return word in FRENCH and word not in DUTCH and word not in ENGLISH and not BEFORE_FRENCH.search(before)


def _grades(said: str, names: Sequence[_Name]) -> list[_Grade]:
    """Levels near names; neighbours without a name between them become one: CEFR first, else the lowest."""
    made: list[_Grade] = []
    for one in LEVEL.finditer(said):
        if not any(name.start - _CONTEXT < one.end() and one.start() < name.end + _CONTEXT for name in names):
            continue
        if one["cefr"]:
            level = min((Level(code.upper()) for code in re.findall(r"[abc][12]", one[0])), key=_RANK.index)
        else:
            level = next(level for rank, (level, _) in enumerate(WORDS) if one[f"w{rank}"])
        new = _Grade(one.start(), one.end(), level, one[0], bool(one["cefr"]))
        last = made[-1] if made else None
        between = any(last.end <= name.start < new.start for name in names) if last else True
        if last and not between and SAME_GRADE.fullmatch(said, last.end, new.start):
            made[-1] = _both(last, new)
        else:
            made.append(new)
    return made


def _both(one: _Grade, two: _Grade) -> _Grade:
    """Two levels said in one breath."""
    if one.cefr != two.cefr:
        level = one.level if one.cefr else two.level
    elif bool(WEAK.match(one.words)) != bool(WEAK.match(two.words)):
        level = two.level if WEAK.match(one.words) else one.level
    else:
        level = min(one.level, two.level, key=_RANK.index)
    words = two.words if WEAK.match(one.words) else one.words
    return _Grade(one.start, two.end, level, words, one.cefr or two.cefr)


def _attach(said: str, names: Sequence[_Name], grades: Sequence[_Grade], lang: str | None) -> None:
    """Give each level to the name that it speaks of: the next, or the one before."""
    fore = FORE.get(lang, FORE[None])
    for grade in grades:
        at = bisect_left(names, grade.start, key=_place)
        before = names[at - 1] if at and _belongs_back(said, names[at - 1], grade) else None
        after = names[at] if at < len(names) and names[at].start - grade.end <= 2 * _CONTEXT else None
        if after and not fore.fullmatch(said, grade.end, after.start):
            after = None
        if before and after and not grade.cefr:
            sign = said[before.end : grade.start].strip()[:1]
            back = ONLY_AFTER.match(grade.words) or (sign and sign in ":(=")
            before, after = (before, None) if back else (None, after)
        chosen = before if before and not (after and before.level) else after
        if chosen is None or (chosen.level and not (grade.cefr and not chosen.graded)):
            continue
        chosen.graded, chosen.level = grade.cefr, grade.level
        if chosen is before:
            chosen.after = True
        else:
            many = MANY.match(grade.words)
            chosen.fore = _REACH.get(many[1] or many[2], _ALL) if many else _ALL


def _belongs_back(said: str, name: _Name, grade: _Grade) -> bool:
    """Whether a level speaks of the name before it."""
    gap = said[name.end : grade.start]
    if len(gap) > _CONTEXT or STRONG_BREAK.search(gap):
        return False
    if grade.cefr:
        return bool(BACK_CEFR.fullmatch(gap))
    if BACK.fullmatch(gap):
        return True
    return re.fullmatch(r", (?:\w+ ){0,2}", gap) is not None and ALONE.match(said, grade.end) is not None


def _require(said: str, names: Sequence[_Name], spans: Sequence[Clause]) -> None:
    """Let each name have what its clause says; "kennis van Frans, Engels of Duits is een plus" says it of all three."""
    for one in names:
        if clause := clause_at(spans, one.start):
            one.requirement, one.asked = clause.requirement, clause.asked
    joined = choice = False
    for two, one in pairwise(names[::-1]):
        gap = said[one.end : two.start]
        if not LIST.fullmatch(gap):
            joined = choice = False
            continue
        if (joined or choice) and _says(two) != (False, True) == _says(one):
            known = KNOWLEDGE.search(said[max(0, one.start - _CONTEXT) : one.start])
            if known or (one.level is None and choice):
                one.requirement, one.asked = two.requirement, two.asked
        joined, choice = joined or bool(AND_OR.search(gap)), choice or bool(CHOICE.search(gap))


def _inherit(said: str, names: Sequence[_Name]) -> None:
    """Let a level reach the other names of its list: "bonne connaissance de l'anglais et de l'allemand"."""
    for one, two in pairwise(names):
        if one.fore and two.level is None and _says(one) == _says(two) and _listed(said, one, two):
            two.level, two.fore = one.level, one.fore - 1
    chained = False
    for two, one in pairwise(names[::-1]):
        whole = two.after and two.level and one.level is None and _says(one) == _says(two) and _listed(said, one, two)
        chained = bool(whole and (chained or AND.search(said, one.end, two.start)))
        if chained:
            one.level, one.after = two.level, True


def _says(one: _Name) -> tuple[bool, bool]:
    """Whether a language is only desired, and whether it is asked at all: what parts one list from another."""
    return one.requirement is Requirement.DESIRED, one.asked


def _counts(said: str, one: _Name) -> bool:
    """Whether something beside a name shows that the language is meant."""
    before = said[max(0, one.start - _CONTEXT) : one.start].rpartition("\n")[2]
    if one.kind != "short" and one.level is None and LESSONS.search(before):
        return False
    cued = one.requirement is not None or not one.asked
    head = LANGUAGE_HEAD.search(said[max(0, one.start - _HEAD_CONTEXT) : one.start])
    spoken = one.kind in ("feminine", "inflected", "speaker") or LEFT.search(before) or RIGHT.match(said, one.end)
    return one.level is not None or cued or bool(head) or bool(spoken)
