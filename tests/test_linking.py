"""Text -> concepts, on the starter classification."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.classifications import build_taxonomy, read_starter
from matching.linking import Codes, ConceptLinker
from matching.records import DataError
from matching.taxonomy import Taxonomy
from matching.wording import forms, key, tidy

START = "urn:linkmatch:starter:"
ROME = {
    "scheme": "rome",
    "version": "rome-test",
    "occupations": {
        "77": {"names": {"fr": ["Chaudronnier / Chaudronnière"]}, "targets": [[f"{START}occupation:waiter", "broad"]]},
        "G1": {
            "names": {"fr": ["Restauration"]},
            "targets": [[f"{START}occupation:waiter", "narrow"], [f"{START}occupation:cook", "narrow"]],
        },
    },
    "competences": {
        "500": {"names": {"fr": ["Nettoyer les sols"]}, "targets": []},
        "501": {"names": {"fr": ["Zythologie"]}, "targets": []},
        "502": {"names": {"fr": ["Zythologie avancée"]}, "targets": [[f"{START}competence:clean-floors", "close"]]},
    },
}


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return build_taxonomy({"starter": read_starter()[0], "rome": ROME})


@pytest.fixture(scope="module")
def occupations(taxonomy: Taxonomy) -> ConceptLinker:
    return ConceptLinker(taxonomy, "occupation")


@pytest.mark.parametrize(
    ("text", "lang", "slug"),
    [
        ("Kok", "nl", "cook"),
        ("KOK (M/V/X)", None, "cook"),
        ("Serveur / Serveuse (H/F)", "fr", "waiter"),
        ("serveuse", "fr", "waiter"),
        ("Poetsvrouw (v/m/x) 19u te Elsene", "nl", "household-helper-service-vouchers"),
        ("technicienne de surface h/f à Bruxelles", "fr", "office-cleaner"),
        ("office cleaner", "nl", "office-cleaner"),
    ],
)
def test_equal_labels_are_found_and_sure(occupations: ConceptLinker, text: str, lang: str | None, slug: str) -> None:
    first, *others = occupations.rank(text, lang)
    assert first.concept == f"{START}occupation:{slug}"
    assert first.sure
    assert first.score >= 0.96
    assert not any(link.sure for link in others)


@pytest.mark.parametrize(
    ("text", "slug"),
    [("heftruckchaufer", "forklift-driver"), ("agents de nettoyage de bureaux", "office-cleaner")],
)
def test_alike_labels_are_found(occupations: ConceptLinker, text: str, slug: str) -> None:
    assert occupations.rank(text)[0].concept == f"{START}occupation:{slug}"
    assert occupations.rank(text)[0].score < 0.96


def test_labels_are_said_in_the_language_asked(occupations: ConceptLinker) -> None:
    assert occupations.rank("kok", "nl")[0].label.startswith("kok")


def test_ranking_is_ordered_bounded_and_cut(occupations: ConceptLinker) -> None:
    links = occupations.rank("medewerker schoonmaak keuken", "nl", top=7)
    scores = [link.score for link in links]
    assert len(links) == 7
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_many_is_each_one(occupations: ConceptLinker) -> None:
    texts = ["kok", "", "Serveur / Serveuse", "chauffeur camion", "???", "العربية", "magasinier cariste"] * 20
    assert occupations.rank_many(texts, "fr") == [occupations.rank(text, "fr") for text in texts]


def test_nothing_resembles_another_script(occupations: ConceptLinker) -> None:
    assert occupations.rank("清洁工") == []
    assert occupations.rank("") == []


def test_a_long_text_is_refused_and_one_byte_less_is_not(occupations: ConceptLinker) -> None:
    assert isinstance(occupations.rank("é" * 5000), list)
    with pytest.raises(DataError, match="too_long") as caught:
        occupations.rank("é" * 5000 + "a")
    assert caught.value.problems[0].value is None


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=200), lang=st.sampled_from([None, "fr", "nl", "en", "de", ""]))
def test_any_text_gets_an_answer(occupations: ConceptLinker, text: str, lang: str | None) -> None:
    assert all(0 <= link.score <= 1 for link in occupations.rank(text, lang))


def test_codes_of_one_concept_and_of_several(taxonomy: Taxonomy) -> None:
    codes = Codes(taxonomy)
    waiter = f"{START}occupation:waiter"
    assert codes.code("occupation", waiter) == waiter
    assert codes.code("occupation", "rome:77") == waiter
    assert codes.code("occupation", "rome:G1") is None
    assert codes.code("occupation", "rome:none") is None
    assert codes.code("competence", waiter) is None


def test_a_code_that_maps_to_nothing_is_linked_by_its_name_when_sure(taxonomy: Taxonomy) -> None:
    codes = Codes(taxonomy)
    assert codes.code("competence", "ROME:500") == f"{START}competence:clean-floors"
    assert codes.code("competence", "rome:501") is None


def test_a_name_of_another_scheme_counts_as_a_label(taxonomy: Taxonomy) -> None:
    codes = Codes(taxonomy)
    assert codes.text("occupation", "Chaudronnière", "fr") == (f"{START}occupation:waiter", True)
    # A competence mapped as merely close is found, never sure.
    assert codes.text("competence", "zythologie avancée", "fr") == (f"{START}competence:clean-floors", False)
    assert codes.text("competence", "qqqq", "fr") is None
    assert codes.text("competence", "qqqq", "fr") is None


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Kok (m/v/x)", "Kok"),
        ("AGENT DE SÉCURITÉ H/F - CDI - 38h/semaine", "AGENT DE SÉCURITÉ"),
        ("Employé restauration à St Sauveur de Montagut (H/F)", "Employé restauration"),
        ("Magazijnier te Sint-Pieters-Leeuw", "Magazijnier"),
        ("Développeur C++ / ISO 9001", "Développeur C++ / ISO 9001"),
        ("(h/f)", "(h/f)"),
        ("conseiller à l'emploi", "conseiller à l'emploi"),
    ],
)
def test_tidy_removes_what_is_not_the_profession(title: str, plain: str) -> None:
    assert tidy(title) == plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Agent / Agente de propreté", ("agent de proprete", "agente de proprete")),
        ("boulanger/boulangère", ("boulanger", "boulangere")),
        ("Femme/Homme de ménage", ("femme de menage", "homme de menage")),
        ("chauffeur/magasinier", ("chauffeur magasinier",)),
        ("Infirmier·ère", ("infirmier",)),
        ("Éducateur(trice)", ("educateur",)),
        ("Animateur (centre aéré)", ("animateur centre aere", "animateur")),
        ("///", ()),
    ],
)
def test_forms_of_doubled_labels(text: str, expected: tuple[str, ...]) -> None:
    assert forms(text) == expected


def test_key_is_stable_under_itself() -> None:
    assert key(key("  Chef d'ÉQUIPE – C++ ")) == "chef d equipe c++"
