"""The file of definitions: what it must hold, and that its words agree with its numbers."""

import json
from pathlib import Path
from typing import Any

import pytest

from matching.problems import say
from matching.records import DataError, camel
from training.measures.definitions import DEFINITIONS, read_definitions

SHIPPED = read_definitions()
CONTENT = json.loads(DEFINITIONS.read_text(encoding="utf-8"))


def written(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_the_four_definitions_are_registered() -> None:
    assert list(SHIPPED.definitions) == ["first_job", "in_work", "kept_job", "attributed"]
    assert (SHIPPED.settings.target, SHIPPED.settings.horizon_days) == (0.4, (183, 365))
    assert SHIPPED.named("attributed").suggested_days == 90


def test_an_unregistered_definition_is_refused_by_name() -> None:
    with pytest.raises(DataError) as refused:
        SHIPPED.named("ever_hired")
    (problem,) = refused.value.problems
    assert (problem.code, problem.value) == ("not_in_list", "ever_hired")
    assert "first_job, in_work, kept_job, attributed" in say(problem, "en")


def test_words_say_the_numbers_in_every_language() -> None:
    settings = {camel(name): getattr(SHIPPED.settings, name) for name in SHIPPED.settings.__slots__}
    assert set(SHIPPED.words) == set(settings)
    for name, value in settings.items():
        numbers = value if isinstance(value, tuple) else (round(100 * value) if isinstance(value, float) else value,)
        for lang, words in SHIPPED.words[name].items():
            whole = words.format(target=40)
            assert all(str(number) in whole for number in numbers), (name, lang)
            assert (name == "target") == ("{target}" in words)
    for definition in SHIPPED.definitions.values():
        for lang, words in definition.words.items():
            said = [definition.suggested_days or "", "" if definition.suggested_days else definition.days]
            assert all(str(number) in words for number in said), (definition.name, lang)
        assert len(set(definition.words.values())) == len(set(definition.title.values())) == 3


def test_the_digest_changes_with_any_number_and_any_word(tmp_path: Path) -> None:
    assert read_definitions(written(tmp_path / "a.json", CONTENT)).digest == SHIPPED.digest  # layout means nothing
    changed = json.loads(json.dumps(CONTENT))
    changed["definitions"]["first_job"]["minimumDays"] = 29
    other = read_definitions(written(tmp_path / "b.json", changed)).digest
    changed["words"]["target"]["nl"] += "!"
    assert len({SHIPPED.digest, other, read_definitions(written(tmp_path / "c.json", changed)).digest}) == 3


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("settings", "target"), 1.2, "settings.target"),
        (("settings", "unheard"), 1, "settings.unheard"),
        (("definitions", "in_work", "measured"), "around", "definitions.in_work.measured"),
        (("definitions", "in_work", "excludedContracts"), ["slave"], "definitions.in_work.excludedContracts.0"),
        (("definitions", "in_work", "words"), {"fr": "a", "nl": "b"}, "definitions.in_work.words"),
        (("words", "target"), {"fr": "a", "nl": "b", "en": ""}, "words.target.en"),
        (("words", "targets"), None, "words.target"),
    ],
)
def test_what_is_wrong_with_a_file_is_named(path: tuple[str, ...], value: object, where: str, tmp_path: Path) -> None:
    content: Any = json.loads(json.dumps(CONTENT))
    *outer, last = path
    inner = content
    for name in outer:
        inner = inner[name]
    if value is None:
        inner[last] = inner.pop("target")
    else:
        inner[last] = value
    with pytest.raises(DataError) as refused:
        read_definitions(written(tmp_path / "x.json", content))
    assert [problem.field for problem in refused.value.problems] == [where]


def test_what_is_no_file_of_definitions_is_refused(tmp_path: Path) -> None:
    contents: list[Any] = [[], {"definitions": 3}, {"definitions": {"a": 1}}]
    for content in contents:
        with pytest.raises(DataError):
            read_definitions(written(tmp_path / "x.json", content))
    with pytest.raises(DataError):
        read_definitions(tmp_path / "absent.json")
