"""Mentions of professions and competences linked to concepts; what cannot be linked stays as text."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol, TypeVar

from matching.records import Mention, Offer, Profile

M = TypeVar("M", bound=Mention)

OCCUPATION: Final = "occupation"
COMPETENCE: Final = "competence"
TEXTS_SHOWN: Final = 100


class Linking(Protocol):
    """What links codes and texts to concepts; ``kind`` is ``occupation`` or ``competence``."""

    def code(self, kind: str, value: str) -> str | None:
        """URI of the concept that a URI or ``scheme:code`` names; ``None`` when it is not known."""

    def text(self, kind: str, text: str, lang: str | None) -> tuple[str, bool] | None:
        """URI of the concept a text names and whether that is sure; ``None`` when nothing fits."""

    def occupation(
        self, code: str | None, name: str | None, title: str, lang: str | None, asked: Collection[str]
    ) -> tuple[str, bool | None] | None:
        """URI of the occupation that all these say together and whether that is sure (``None``: its code says so)."""


@dataclass(frozen=True, slots=True)
class LinkCounts:
    """How mentions were linked.

    Occupations: by their code alone, by the name or wide code that was given (of an offer: together with its title and
    what it asks), guessed from an offer's title, or not at all. Competences: surely (a code counts as sure), not surely,
    or not at all, with those texts. ``unknown_codes``: codes that name no one concept.
    """

    occupations_by_code: int = 0
    occupations_by_name: int = 0
    occupations_guessed: int = 0
    occupations_none: int = 0
    competences_sure: int = 0
    competences_unsure: int = 0
    competences_unlinked: int = 0
    unlinked_texts: Counter[str] = field(default_factory=Counter)
    unknown_codes: Counter[str] = field(default_factory=Counter)

    def numbers(self) -> dict[str, int]:
        """Give the counts that are numbers, by name."""
        return {name: count for name in self.__slots__ if isinstance(count := getattr(self, name), int)}

    def as_json(self) -> dict[str, Any]:
        """Give the counts in outside names, with the most frequent texts and codes."""
        return {
            "occupations": {
                "byCode": self.occupations_by_code,
                "byName": self.occupations_by_name,
                "guessed": self.occupations_guessed,
                "none": self.occupations_none,
            },
            "competences": {
                "sure": self.competences_sure,
                "unsure": self.competences_unsure,
                "unlinked": self.competences_unlinked,
            },
            "unlinkedTexts": _most_frequent(self.unlinked_texts, "text"),
            "unknownCodes": _most_frequent(self.unknown_codes, "code"),
        }


def _most_frequent(counts: Counter[str], name: str) -> list[dict[str, Any]]:
    """Most frequent entries first, ties in alphabetical order."""
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return [{name: text, "count": count} for text, count in ordered[:TEXTS_SHOWN]]


def link_profile(profile: Profile, linking: Linking) -> tuple[Profile, LinkCounts]:
    """Fill the concepts of a profile's mentions, keeping their texts, and count how."""
    counts: Counter[str] = Counter()
    texts, codes = Counter[str](), Counter[str]()
    done = _Work(linking, None, counts, texts, codes)
    linked = replace(
        profile,
        competences=_all(profile.competences, COMPETENCE, done),
        professions_sought=_all(profile.professions_sought, OCCUPATION, done),
        professions_done=_all(profile.professions_done, OCCUPATION, done),
        exclusions=replace(profile.exclusions, professions=_all(profile.exclusions.professions, OCCUPATION, done) or ()),
    )
    return linked, LinkCounts(**counts, unlinked_texts=texts, unknown_codes=codes)


def link_offer(offer: Offer, linking: Linking) -> tuple[Offer, LinkCounts]:
    """Fill the concepts of an offer's mentions, keeping their texts, and count how.

    An offer's occupation is what its code, its name, its title and the competences asked say together; its text is the
    name, or the title where it has none.
    """
    counts: Counter[str] = Counter()
    texts, codes = Counter[str](), Counter[str]()
    done = _Work(linking, offer.text_language, counts, texts, codes)
    grants = offer.grants
    if grants is not None:
        grants = replace(grants, competences=_all(grants.competences, COMPETENCE, done) or ())
    competences = _all(offer.competences, COMPETENCE, done)
    linked = replace(offer, occupation=_occupation(offer, competences, done), competences=competences, grants=grants)
    return linked, LinkCounts(**counts, unlinked_texts=texts, unknown_codes=codes)


@dataclass(frozen=True, slots=True)
class _Work:
    """What linking one record needs, and the counts it fills."""

    linking: Linking
    lang: str | None
    counts: Counter[str]
    texts: Counter[str]
    codes: Counter[str]


def _all(mentions: Iterable[M] | None, kind: str, work: _Work) -> tuple[M, ...] | None:
    """Link and count every mention of a list; unknown stays unknown."""
    if mentions is None:
        return None
    linked = []
    for mention in mentions:
        made, how = _linked(mention, kind, work)
        linked.append(made)
        if kind == OCCUPATION:
            work.counts[f"occupations_{how}"] += 1
        else:
            _count_competence(made, how, work)
    return tuple(linked)


def _count_competence(made: Mention, how: str, work: _Work) -> None:
    """Count one competence, and keep the text of one that was not linked."""
    if how == "none":
        work.counts["competences_unlinked"] += 1
        work.texts[made.text or ""] += 1
    else:
        work.counts["competences_sure" if made.sure is not False else "competences_unsure"] += 1


def _occupation(offer: Offer, asked: Iterable[Mention] | None, work: _Work) -> Mention | None:
    """Occupation of an offer: its code where that names one, else what its name, code, title and competences say together."""
    mention = offer.occupation or Mention()
    known = [one.concept for one in asked or () if one.concept is not None]
    found = work.linking.occupation(mention.concept, mention.text, offer.title, work.lang, known)
    if found is not None and found[1] is None:
        work.counts["occupations_by_code"] += 1
        return replace(mention, concept=found[0], sure=mention.sure if mention.text is not None else None)
    if mention.concept is not None:
        work.codes[mention.concept] += 1
    said = mention.text or mention.concept
    work.counts["occupations_none" if found is None else "occupations_by_name" if said else "occupations_guessed"] += 1
    if found is None:
        return Mention(text=said[:500]) if said else None
    return Mention(found[0], mention.text or offer.title, found[1])


def _linked(mention: M, kind: str, work: _Work) -> tuple[M, str]:
    """Link one mention: the mention with its concept, and how (``by_code``, ``by_name``, ``none``)."""
    if mention.concept is not None:
        uri = work.linking.code(kind, mention.concept)
        if uri is not None:
            return replace(mention, concept=uri, sure=mention.sure if mention.text is not None else None), "by_code"
        work.codes[mention.concept] += 1
    text = mention.text or mention.concept or ""
    found = work.linking.text(kind, mention.text, work.lang) if mention.text is not None else None
    if found is None:
        return replace(mention, concept=None, text=text[:500], sure=None), "none"
    return replace(mention, concept=found[0], text=text, sure=found[1]), "by_name"
