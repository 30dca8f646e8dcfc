"""Competences in running text, over the starter classification: which words, which concept, how strongly asked."""

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.classifications import build_taxonomy, read_starter
from matching.codes import Requirement
from matching.linking import ConceptLinker
from matching.passages import LINKED, competences, passages
from models.linker_file import load as load_linker

STARTER = "urn:linkmatch:starter:competence:"

BAKERY = """\
Notre boulangerie, spécialisée dans le pain au levain, recherche un vendeur (h/f).
Vos missions :
- l'accueil des clients, la mise en rayon des produits et l'encaissement
- Préparer et emballer les commandes
- Nettoyage des vitrines et du comptoir après la fermeture
Profil :
- Vous êtes ponctuel(le) et autonome, l'esprit d'équipe est un plus
- Connaissance des normes HACCP exigée
- Bonne connaissance du néerlandais
Nous offrons :
- une formation de préparation des pâtes
- gestion autonome de votre horaire
"""
STOREHOUSE = """\
Taken:
- Je laadt en lost vrachtwagens
- Bestellingen verzamelen en klaarzetten
- Controleren van inkomende goederen
Profiel:
- Je bent stipt en stressbestendig
- Kennis van voorraadbeheer is een pluspunt
- Je kan zelfstandig werken
Wij bieden:
- Een voltijds contract en begeleiding van nieuwe collega's
"""
KITCHEN = """\
Your responsibilities:
* Wash dishes and clean the kitchen
* Assist the chef with food preparation
Your profile:
* You are punctual and a real team player
* Knowledge of HACCP required, ability to work under pressure is an asset
We offer:
* Training in food preparation
"""


@pytest.fixture(scope="module")
def linker() -> ConceptLinker:
    return ConceptLinker(build_taxonomy({"starter": read_starter()[0]}), "competence", load_linker())


def words(text: str, lang: str) -> list[str]:
    return [text[found.start : found.end] for found in passages(text, lang)]


def test_french_lists_enumerations_and_attitudes() -> None:
    assert words(BAKERY, "fr") == [
        "accueil des clients",
        "mise en rayon des produits",
        "encaissement",
        "Préparer et emballer les commandes",
        "Nettoyage des vitrines",
        "comptoir",
        "ponctuel(le)",
        "autonome",
        "esprit d'équipe",
        "Connaissance des normes HACCP",
    ]


def test_dutch_verbs_stand_last_or_after_the_person() -> None:
    assert words(STOREHOUSE, "nl") == [
        "laadt en lost vrachtwagens",
        "Bestellingen verzamelen en klaarzetten",
        "Controleren van inkomende goederen",
        "stipt",
        "stressbestendig",
        "Kennis van voorraadbeheer",
        "zelfstandig werken",
    ]


def test_english_lists() -> None:
    assert words(KITCHEN, "en") == [
        "Wash dishes",
        "clean the kitchen",
        "Assist the chef with food preparation",
        "punctual",
        "team player",
        "HACCP",
        "work under pressure",
    ]


@pytest.mark.parametrize(
    ("text", "lang", "found"),
    [
        ("Chargé(e) d'accueillir les visiteurs et de trier le linge.", "fr", ["accueillir les visiteurs", "trier le linge"]),
        ("Tu accueilles les clients, tu veilles à la propreté.", "fr", ["accueilles les clients", "veilles à la propreté"]),
        ("Vous participez à la surveillance des locaux.", "fr", ["surveillance des locaux"]),
        ("Expérience de 2 ans en conduite d'engins.", "fr", ["conduite d'engins"]),
        ("Une expérience de 2 ans sur un poste similaire.", "fr", []),
        ("Capacité d'analyse, sens des responsabilités.", "fr", ["Capacité d'analyse", "sens des responsabilités"]),
        ("Une équipe dynamique vous attend.", "fr", []),
        ("Vous êtes dynamique.", "fr", ["dynamique"]),
        ("Garde d'enfants (h/f)", "fr", []),
        ("Je staat in voor het strijken van kledij, het dekken van tafels.", "nl", ["strijken van kledij", "dekken van tafels"]),
        ("Ervaring is niet vereist.", "nl", []),
        ("You will answer phone calls, prepare invoices.", "en", ["answer phone calls", "prepare invoices"]),
        ("Drie jaar ervaring met kassasystemen.", "nl", ["kassasystemen"]),
        ("Experience with SAP or a similar system.", "en", ["SAP"]),
        ("", "fr", []),
        ("1234 ... !!! 漢字", "en", []),
    ],
)  # fmt: skip
def test_sentences(text: str, lang: str, found: list[str]) -> None:
    assert words(text, lang) == found


def test_headings_say_what_follows_and_what_is_offered_is_not_asked() -> None:
    text = "Avantages :\n- gestion de votre horaire\n- une prime\nVotre mission : nettoyage des bureaux"
    assert words(text, "fr") == ["nettoyage des bureaux"]
    assert words("Nous vous proposons une préparation des repas sur place.", "fr") == []


def test_what_a_text_leaves_out_is_completed_for_the_link() -> None:
    text = "- Transport des outils et des matériaux\n- Connaissance du tri des déchets"
    assert [found.name for found in passages(text, "fr")] == ["Transport des outils", "transport matériaux", "tri des déchets"]


def test_concepts_and_requirement_levels(linker: ConceptLinker) -> None:
    found = {BAKERY[one.start : one.end]: one for one in competences(BAKERY, "fr", linker)}
    assert found["autonome"].code == f"{STARTER}work-independently"
    assert found["esprit d'équipe"].code == f"{STARTER}work-in-team"
    assert found["esprit d'équipe"].requirement is Requirement.DESIRED
    assert found["Connaissance des normes HACCP"].requirement is Requirement.MANDATORY
    assert found["autonome"].requirement is None
    assert all(one.field == "competences" and one.asked for one in found.values())


def test_only_linked_passages_are_answered_unless_asked(linker: ConceptLinker) -> None:
    text = "Vos missions :\n- travailler en équipe\n- connaissance du Xyzzyx"
    linked = competences(text, "fr", linker)
    both = competences(text, "fr", linker, unlinked=True)
    assert [(text[one.start : one.end], one.sure) for one in linked] == [("travailler en équipe", True)]
    assert all(one.code and one.score is not None and one.score >= LINKED for one in linked)
    assert [one.code is None for one in both] == [False, True]
    assert both[1].score is None
    assert not both[1].sure


def test_the_language_is_detected(linker: ConceptLinker) -> None:
    assert competences(STOREHOUSE, None, linker) == competences(STOREHOUSE, "nl", linker)
    assert competences(BAKERY, "de", linker) == competences(BAKERY, "fr", linker)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from([*(BAKERY + STOREHOUSE + KITCHEN).split(" "), "(e)", "...", ":", "\n", "\u200f", "漢"])),
    st.sampled_from(["fr", "nl", "en"]),
)
def test_passages_are_in_order_and_never_overlap(parts: list[str], lang: str) -> None:
    text = " ".join(parts)
    found = passages(text, lang)
    assert all(0 <= one.start < one.end <= len(text) and one.name for one in found)
    assert all(one.end <= two.start for one, two in pairwise(found))


@given(st.text(max_size=200), st.sampled_from(["fr", "nl", "en"]))
def test_any_text_is_read(text: str, lang: str) -> None:
    assert all(text[one.start : one.end].strip() for one in passages(text, lang))


@pytest.mark.parametrize("part", ["le ", "notions de ", "- ", "...", ":", "a.", "x", "et des ", "vous gérez ", "(e)"])
def test_long_texts_are_read_in_time(part: str) -> None:
    text = (part * 20_000)[:20_000]
    start = time.perf_counter()
    passages(text, "fr")
    assert time.perf_counter() - start < 2


def test_a_long_mixture_is_read_in_time() -> None:
    rng = random.Random(7)  # noqa: S311
    lines = (BAKERY + STOREHOUSE + KITCHEN).split("\n")
    text = "\n".join(rng.choice(lines) for _ in range(600))[:20_000]
    start = time.perf_counter()
    assert passages(text, "fr")
    assert time.perf_counter() - start < 2
