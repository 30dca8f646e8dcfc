"""Questions about words, from start to end: concepts as one types, what a running text says, and what of it is confirmed.

Both entrances call these. A running text is read and forgotten: it is neither stored nor logged, and no problem repeats it.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from matching.answers import ChangeAnswer, ChangesAnswer, ConceptAnswer, ConceptsAnswer, FindingAnswer, FindingsAnswer
from matching.bodies import document
from matching.codes import Topic
from matching.completion import MOST_WRITTEN, complete
from matching.confirmed import ConfirmedFinding, changes, confirm, proposals
from matching.desk import Desk
from matching.extraction import Finding
from matching.ingest import link_profile, read_profile
from matching.linking.fusion import Link
from matching.plain_words import label_of, sentence_of, value_of
from matching.records import DataError, Problem, Profile
from matching.store import Stored, digest_of

MOST_CHARACTERS: Final = 20_000
"""Characters of a running text."""
AT_ONCE: Final = 50
"""Texts linked between two words about progress."""


def concepts_for(desk: Desk, text: str, lang: str, kind: str | None = None, top: int = 10) -> ConceptsAnswer:
    """Give the concepts that the beginning of a label may mean, best first; the parameters are those of `complete`.

    Raises
    ------
    DataError
        ``too_short`` for nothing, ``too_long`` for more than `MOST_WRITTEN` characters.
    """
    if not text.strip() or len(text) > MOST_WRITTEN:
        code, bound = ("too_long", MOST_WRITTEN) if text.strip() else ("too_short", 1)
        raise DataError([Problem(code, "request", "q", None, str(bound))])
    loaded = desk.loaded()
    found = complete(loaded.completion, text, lang, kind, top)
    name = loaded.matcher.taxonomy.label
    items = (ConceptAnswer(o.concept, o.kind, name(o.concept, lang), o.matched, o.language, o.score) for o in found)
    return ConceptsAnswer(tuple(items))


def read_findings(desk: Desk, text: str, language: str | None, of_person: bool, record: str) -> tuple[Finding, ...]:
    """Read what a running text says; of a note on a person, what a profile has a place for.

    Parameters
    ----------
    desk
        Whose taxonomy names the competences.
    text
        The text, at most `MOST_CHARACTERS` characters.
    language
        Its language (ISO 639-1), detected when it is not given.
    of_person
        Whether it is a note on a person, not a vacancy.
    record
        How a problem calls the text.

    Raises
    ------
    DataError
        ``too_long``.
    """
    if len(text) > MOST_CHARACTERS:
        raise DataError([Problem("too_long", record, "text", None, str(MOST_CHARACTERS))])
    found = desk.loaded().read_text(text, language)
    return proposals(found) if of_person else found


def told(desk: Desk, text: str, findings: Sequence[Finding], of_person: bool, lang: str) -> FindingsAnswer:
    """Say findings in one language, each with its words."""
    taxonomy = desk.loaded().matcher.taxonomy

    def name(uri: str) -> str:
        return taxonomy.label(uri, lang)

    items = (
        FindingAnswer(
            words=text[f.start : f.end],
            start=f.start,
            end=f.end,
            field=Topic(f.field),
            code=f.code,
            label=label_of(f, name, lang),
            value=value_of(f, name, lang),
            level=f.level,
            requirement=f.requirement,
            asked=f.asked,
            least=f.least,
            most=f.most,
            sure=f.sure,
            score=f.score,
            sentence=sentence_of(f, name, lang, of_person),
        )
        for f in findings
    )
    return FindingsAnswer(tuple(items))


def keep_confirmed(desk: Desk, before: Stored[Profile], findings: Sequence[ConfirmedFinding]) -> tuple[ChangesAnswer, str]:
    """Write confirmed findings into a profile: what changed, and the digest of the profile as it stands then.

    Raises
    ------
    DataError
        A finding that is not whole, or a profile that may not be so.
    Conflict
        The profile was changed meanwhile.
    """
    codes = desk.loaded().codes
    made = confirm(before.record, findings, codes)
    profile, _ = link_profile(read_profile(document(made), groups=desk.groups), codes)
    desk.store.put_profile(profile, desk.clock(), before.digest)
    told = tuple(ChangeAnswer(*change) for change in changes(document(before.record), document(profile)))
    return ChangesAnswer(profile.id, told), digest_of(profile)


def link_texts(
    desk: Desk, kind: str, texts: Mapping[str, str], lang: str | None, top: int, progress: Callable[[int], None]
) -> dict[str, list[Link]]:
    """Rank the concepts of many texts, by the id of the text; ``progress`` hears how many are done."""
    linker, ids = desk.loaded().codes.linkers[kind], list(texts)
    found: dict[str, list[Link]] = {}
    for at in range(0, len(ids), AT_ONCE):
        some = ids[at : at + AT_ONCE]
        found |= zip(some, linker.rank_many([texts[one] for one in some], lang, top), strict=True)
        progress(at + len(some))
    return found


def read_note(file: str) -> str:
    """Read a running text from a file; ``-`` is standard input.

    Raises
    ------
    OSError
        The file cannot be opened.
    DataError
        The file is not UTF-8, or longer than a text may be.
    """
    most = 4 * MOST_CHARACTERS + 3  # bytes of that many characters, and of a byte order mark
    if file == "-":
        data = sys.stdin.buffer.read(most + 1)
    else:
        with Path(file).open("rb") as opened:
            data = opened.read(most + 1)
    if len(data) > most:
        raise DataError([Problem("too_long", "file", "text", None, str(MOST_CHARACTERS))])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError([Problem("not_utf8", "file", f"byte {error.start}", None, "UTF-8")]) from None
