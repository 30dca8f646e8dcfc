"""The words of every problem, in three languages."""

import ast
import re
import string
from pathlib import Path

from matching.problems import ACCEPTED_WORDS, SENTENCES, say
from matching.records import Problem

ROOT = Path(__file__).parents[1]


def written_codes(tree: ast.Module) -> set[str]:
    """Codes given to `Problem`, outright, by a choice, or through a name ``code``."""
    found: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem":
            found += [*node.args[:1], *(word.value for word in node.keywords if word.arg == "code")]
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "code":
            found.append(node.value)
    branches = [[part.body, part.orelse] if isinstance(part, ast.IfExp) else [part] for part in found]
    constants = [part.value for parts in branches for part in parts if isinstance(part, ast.Constant)]
    return {value for value in constants if isinstance(value, str)}


def written_phrases(tree: ast.Module) -> set[str]:
    """Phrases given to `Problem` as what is accepted, outright or through a name ``accepted``."""
    found: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem":
            found += [*node.args[4:5], *(word.value for word in node.keywords if word.arg == "accepted")]
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "accepted":
            found.append(node.value)
    constants = [part.value for one in found for part in ast.walk(one) if isinstance(part, ast.Constant)]
    return {value for value in constants if isinstance(value, str) and re.search("[a-z]{2,} [a-z]{2,}", value)}


def test_what_is_accepted_is_said_in_three_languages() -> None:
    files = [path for folder in ("matching", "models", "training") for path in (ROOT / folder).rglob("*.py")]
    phrases = {phrase for path in files for phrase in written_phrases(ast.parse(path.read_text("utf-8")))}
    assert len(phrases) > 10
    assert phrases - ACCEPTED_WORDS.keys() == set()


def test_every_code_used_has_a_sentence() -> None:
    folders = ("matching", "models", "training")
    files = [*(path for folder in folders for path in (ROOT / folder).rglob("*.py")), *ROOT.glob("*.py")]
    sources = {path.name: path.read_text("utf-8") for path in files}
    used = {name: written_codes(ast.parse(text)) for name, text in sources.items() if "Problem(" in text}
    assert len(set().union(*used.values())) > 20
    assert {name: codes - set(SENTENCES) for name, codes in used.items() if codes - set(SENTENCES)} == {}


def test_sentences_hold_the_same_placeholders_and_are_one_sentence() -> None:
    for code, sentences in SENTENCES.items():
        names = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in sentences]
        assert names[0] == names[1] == names[2], code
        assert {"record", "field", "accepted"} <= names[0] <= {"record", "field", "value", "accepted"}, code
        assert all(text.endswith(".") and not re.search(r"\.\s", text) for text in sentences), code
        assert len(set(sentences)) == 3, code


def test_sentences_say_what_is_wrong_in_three_languages() -> None:
    problem = Problem("out_of_range", "row 3, profile P1", "maxMinutes", "300", "<= 240")
    assert say(problem, "fr") == (
        "Ligne 3, profil P1, maxMinutes : « 300 » est hors limites ; donnez un nombre ou une date <= 240."
    )
    assert say(problem, "nl") == (
        'Rij 3, profiel P1, maxMinutes: "300" ligt buiten de grenzen; geef een getal of datum <= 240.'
    )
    missing = Problem("missing_source", "profile P1", "source", None, "ocmw, bruxelles_formation, actiris_agency")
    assert "second line" in say(missing, "en")
    assert "CPAS" in say(missing, "fr")
    assert "OCMW" in say(missing, "nl")
    assert say(Problem("missing", "body", ""), "en") == "Body, the whole: this is required and absent; add an accepted value."
    assert all(len(words) == 3 for words in ACCEPTED_WORDS.values())


def test_a_value_with_braces_is_said_as_it_is() -> None:
    assert "{field}" in say(Problem("not_in_list", "body", "a", "{field}", "b"), "en")
