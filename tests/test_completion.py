"""Suggest as you type: word beginnings anywhere, three languages, typing errors, any text."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import world
from matching.classifications import build_taxonomy, read_starter
from matching.completion import MOST_WRITTEN, Completion, build, complete

SANITARY = "nettoyer les sanitaires"


@cache
def starter() -> Completion:
    return build(build_taxonomy({"starter": read_starter()[0]}))


@cache
def toy() -> Completion:
    return build(world.taxonomy())


def found(text: str, lang: str = "fr", kind: str | None = None, top: int = 10) -> list[str]:
    return [one.matched for one in complete(starter(), text, lang, kind, top)]


@pytest.mark.parametrize("text", ["sanit", "SANIT", "nettoyer san", SANITARY, "les sanitaires nett", "sanitaires nettoyer"])
def test_words_begin_anywhere_in_any_order_without_accents_and_case(text: str) -> None:
    assert SANITARY in found(text)


@pytest.mark.parametrize("text", ["netoyer les sanitaires", "nettoyer les sanitares", "nettoyer les sanitiares", "netoyer san"])
def test_typing_errors_do_no_harm(text: str) -> None:
    assert SANITARY in found(text)


def test_an_error_counts_only_where_the_text_as_written_finds_too_little() -> None:
    assert all("cuisin" in label.lower() for label in found("cuisin"))
    right, wrong = complete(starter(), SANITARY, "fr")[0], complete(starter(), "netoyer les sanitares", "fr")[0]
    assert (right.matched, wrong.matched) == (SANITARY, SANITARY)
    assert wrong.score < right.score == 1


def test_accents_may_be_left_out_or_put_in() -> None:
    assert found("electricien")[0] == found("électricien")[0]


def test_labels_of_every_language_are_found_and_the_language_asked_goes_first() -> None:
    (dutch,) = complete(toy(), "poetsh", "fr")
    assert dutch == (world.occupation("cleaner"), "occupation", "poetshulp", "nl", dutch.score)
    assert [one.language for one in complete(toy(), "mop", "nl")] == ["nl"]  # one row for each concept
    assert complete(toy(), "kok", "en")[0].matched == "kok"  # an equal label of another language before a beginning


def test_a_preferred_label_goes_before_an_alternative_that_fits_as_well() -> None:
    document, _ = read_starter()
    uris = list(document["occupations"])[:2]
    document["labels"]["fr"] |= {uris[0]: ["zzz premier", "qqqq"], uris[1]: ["qqqq", "zzz second"]}
    index = build(build_taxonomy({"starter": document}))
    assert [one.concept for one in complete(index, "qqqq", "fr")[:2]] == [uris[1], uris[0]]
    assert [one.concept for one in complete(index, "zzz", "fr")[:2]] == uris


def test_only_one_kind_and_no_more_than_asked() -> None:
    assert {one.kind for one in complete(starter(), "n", "fr")} == {"occupation", "competence"}
    assert {one.kind for one in complete(starter(), "n", "fr", "competence", 100)} == {"competence"}
    assert len(complete(starter(), "n", "fr", None, 3)) == 3
    assert complete(starter(), "n", "fr", None, 3) == complete(starter(), "n", "fr", None, 50)[:3]


def test_each_concept_comes_once_best_first() -> None:
    answers = complete(starter(), "c", "nl", None, 100)
    assert len({one.concept for one in answers}) == len(answers) == 100
    assert [one.score for one in answers] == sorted((one.score for one in answers), reverse=True)


@pytest.mark.parametrize(
    "text", ["", " ", "---", "xqzzy", "اختبار", "試験", "\x00", "nettoyer " * 1000, "é" * 500, "a b c d e f g h i j k l m"]
)
def test_odd_texts_find_little_and_raise_nothing(text: str) -> None:
    for one in complete(starter(), text, "en"):
        assert 0 <= one.score <= 1


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=MOST_WRITTEN), lang=st.sampled_from(["fr", "nl", "en"]), top=st.integers(1, 100))
def test_any_text_is_answered(text: str, lang: str, top: int) -> None:
    answers = complete(toy(), text, lang, None, top)
    assert len(answers) <= top
    assert all(0 <= one.score <= 1 for one in answers)
