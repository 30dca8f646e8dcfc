"""Clauses and cues: what is asked, desired or denied, and how far each word reaches; the language of a text."""

import pytest

from matching.sentences import clauses, detect


def said(text: str) -> list[tuple[str, str]]:
    """Clauses of a text with a letter for what governs each: M, D, N (not asked), or nothing."""
    return [
        (text[c.start : c.end], "N" if not c.asked else c.requirement.value[0].upper() if c.requirement else "")
        for c in clauses(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Permis B exigé, anglais souhaité", [("Permis B exigé", "M"), ("anglais souhaité", "D")]),
        ("Rijbewijs B vereist; Frans is een troef", [("Rijbewijs B vereist", "M"), ("Frans is een troef", "D")]),
        ("French required and Dutch preferred", [("French required", "M"), ("and Dutch preferred", "D")]),
        ("Permis B (obligatoire) et anglais (un atout)", [("Permis B (obligatoire)", "M"), ("et anglais (un atout)", "D")]),
        # a cue after a list in the plural governs the whole list
        ("Le VCA, l'ADR et l'anglais sont des atouts", [("Le VCA", "D"), ("l'ADR et l'anglais sont des atouts", "D")]),
        # one that stands before governs what follows
        ("Idéalement permis B, français", [("Idéalement permis B", "D"), ("français", "D")]),
        ("Je hebt een rijbewijs en bij voorkeur VCA", [("Je hebt een rijbewijs", ""), ("en bij voorkeur VCA", "D")]),
        # what has no word of its own speaks about its neighbour
        ("Rijbewijs B. Dit is een must.", [("Rijbewijs B. Dit is een must.", "M")]),
        ("Le néerlandais n'est pas requis, mais c'est un plus", [("Le néerlandais n'est pas requis, mais c'est un plus", "D")]),
        ("Sans permis B, s'abstenir", [("Sans permis B, s'abstenir", "M")]),
        ("Le français est exigé, l'anglais aussi", [("Le français est exigé", "M"), ("l'anglais aussi", "M")]),
    ],
)
def test_a_cue_governs_its_clause(text: str, expected: list[tuple[str, str]]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "heading", ["Atouts :", "Un plus :", "Pluspunten", "Nice to have:", "Profil souhaité", "Connaissances souhaitées :"]
)
def test_a_heading_governs_what_follows_until_the_next(heading: str) -> None:
    text = f"{heading}\n- permis B\n- anglais\nNotre offre :\n- CDI"
    assert [strength for _, strength in said(text)] == ["D", "D", "D", "", ""]


def test_a_heading_in_a_line_governs_its_sentence() -> None:
    assert [strength for _, strength in said("Atouts : VCA, anglais. Contrat CDI.")] == ["D", "D", "D", ""]
    assert said("Permis B : un atout") == [("Permis B : un atout", "D")]


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("pas de travail de nuit", "N"),
        ("Frans is geen vereiste", "N"),
        ("No diploma or licence required", "N"),
        ("You don't need a car but French is a must", "NM"),
        ("Horaire de jour sans week-end", "N"),  # of two clauses, the second
        ("geen nacht-, weekend- of avondwerk", "NN"),
        ("No Dutch needed for this daytime job", "N"),
        ("(hors primes) CDI", "N"),
    ],
)
def test_negation_has_its_scope(text: str, letters: str) -> None:
    assert "".join(strength for _, strength in said(text)) == letters


@pytest.mark.parametrize(
    "text",
    [
        "Le travail de nuit ne vous fait pas peur",
        "Nachtwerk schrikt je niet af",
        "Weekendwerk is geen probleem",
        "N'hésitez pas à postuler",
        "Vous parlez non seulement français",
        "Maximum 20h, pas plus de 25h",
        "if needed, French lessons",
    ],
)
def test_some_negations_deny_nothing(text: str) -> None:
    assert all(strength == "" for _, strength in said(text))


def test_the_language_of_a_text_is_detected() -> None:
    assert detect("Vous avez une bonne connaissance du français") == "fr"
    assert detect("Je hebt een goede kennis van het Frans") == "nl"
    assert detect("You have a good knowledge of French") == "en"
    assert detect("VCA, B1") is None
    assert detect("") is None
