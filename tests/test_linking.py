"""Text -> concepts, on the starter classification."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.classifications import build_taxonomy, read_starter
from matching.linking import Codes, ConceptLinker
from matching.linking.ranker import FEATURES, Masks, Trees
from matching.linking.wording import forms, key, tidy
from matching.records import DataError
from matching.taxonomy import Taxonomy
from models.linker_file import load as load_linker

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


EVERYDAY = {
    "household-helper-service-vouchers": (
        "poetsvrouw|poetshulp|poetsman|aide-ménagère titres-services|huishoudhulp dienstencheques (m/v/x)|femme de ménage"
    ),
    "office-cleaner": (
        "schoonmaker|schoonmaakster kantoren|technicien(ne) de surface|agent d'entretien|nettoyeuse de bureaux|poetsmedewerker"
    ),
    "street-sweeper": "agent de propreté|agent de propreté publique|straatveger",
    "storekeeper": "magazijnier|magasinier|magazijnier (m/v/x) te Anderlecht",
    "order-picker": "orderpicker|order picker|préparateur de commandes|orderpicker nacht",
    "forklift-driver": "heftruckchauffeur|cariste|clarkiste|heftruckbestuurder",
    "reach-truck-driver": "reachtruckchauffeur",
    "warehouse-worker": "manutentionnaire|magazijnmedewerker|medewerker magazijn",
    "kitchen-assistant": "keukenhulp|aide de cuisine|keukenmedewerker|hulpkok|aide-cuisinier|commis polyvalent de cuisine",
    "dishwasher": "afwasser|plongeur|plongeuse|afwashulp",
    "commis-cook": "commis de cuisine|commis kok",
    "cook": "kok|cuisinier|zelfstandig werkend kok|chef de partie",
    "waiter": "kelner|serveur en salle|zaalmedewerker|garçon de café|opdiener",
    "bartender": "barman|barmedewerker",
    "fast-food-worker": "équipier polyvalent restauration rapide|frituurmedewerker",
    "hotel-room-attendant": "kamermeisje|femme de chambre|valet de chambre",
    "hotel-receptionist": "réceptionniste d'hôtel|nachtreceptionist",
    "shop-assistant": "verkoper|verkoopster|vendeuse|winkelmedewerker|vendeur en magasin",
    "cashier": "kassamedewerker|kassierster|caissier|hôtesse de caisse",
    "shelf-filler": "réassortisseur|rekkenvuller|employé de rayon|aanvuller",
    "bakery-shop-assistant": "vendeuse en boulangerie|verkoopster bakkerij",
    "receptionist": "onthaalmedewerker|agent d'accueil|hôtesse d'accueil|onthaalbediende",
    "telephonist": "standardiste|téléphoniste",
    "administrative-employee": (
        "employé administratif|administratief bediende|administratief medewerker|assistante administrative"
    ),
    "secretary": "secrétaire|secrétaire médicale",
    "data-entry-clerk": "encodeur|encodeuse",
    "accounting-clerk": "aide-comptable",
    "bookkeeper": "comptable|boekhouder",
    "call-centre-agent": "téléconseiller|callcentermedewerker",
    "customer-service-employee": "klantendienstmedewerker|conseiller clientèle",
    "childcare-worker": (
        "kinderbegeleider|puéricultrice|kinderverzorgster|accueillante en crèche|kinderbegeleidster baby's en peuters"
    ),
    "after-school-care-worker": "accueillant extrascolaire|accueillante ATL|begeleider buitenschoolse opvang",
    "home-childminder": "onthaalouder|accueillante d'enfants à domicile",
    "nursing-assistant": "zorgkundige|aide-soignante|aide-soignant en maison de repos",
    "home-care-aide": "thuisverzorger|verzorgende thuiszorg|aide familiale|aide-seniors|auxiliaire de vie",
    "general-nurse": "verpleegkundige|infirmière|infirmier en soins généraux",
    "special-educator": "éducateur|éducatrice spécialisée|opvoeder",
    "social-worker": "assistante sociale|maatschappelijk werker",
    "hospital-porter": "brancardier",
    "articulated-truck-driver": "chauffeur CE|vrachtwagenchauffeur CE",
    "truck-driver": "chauffeur C|chauffeur poids lourd|camionneur",
    "bus-driver": "buschauffeur|chauffeur de bus|buschauffeur bij een vervoersmaatschappij",
    "tram-driver": "trambestuurder|conducteur de tram",
    "taxi-driver": "taxichauffeur|chauffeur de taxi",
    "van-delivery-driver": "chauffeur-livreur|koerier|livreur|chauffeur-livreur permis B",
    "bicycle-courier": "coursier vélo|fietskoerier|coursier à vélo",
    "removal-worker": "verhuizer|déménageur",
    "postal-worker": "facteur|postbode",
    "refuse-collector": "éboueur|vuilnisman",
    "security-guard": "bewakingsagent|agent de sécurité|agent de gardiennage|security agent",
    "community-guard": "gemeenschapswacht|gardien de la paix|stadswacht",
    "electrician": "elektricien|électricien|électricien industriel en bâtiment",
    "plumber": "loodgieter|plombier|plombier-chauffagiste",
    "heating-technician": "chauffagiste|verwarmingstechnicus",
    "hvac-technician": "technicien HVAC|frigoriste|koeltechnicus",
    "painter-decorator": "schilder|peintre en bâtiment|huisschilder",
    "mason": "metser|metselaar|maçon",
    "plasterer": "plafonneur|stukadoor|pleisteraar|plakker",
    "tiler": "carreleur|tegelzetter|vloerder",
    "roofer": "dakwerker|couvreur",
    "joiner": "schrijnwerker|menuisier",
    "construction-labourer": "manoeuvre en construction|bouwvakhelper|aide-maçon",
    "welder": "lasser|soudeur",
    "maintenance-technician": "onderhoudstechnicus|technicien de maintenance",
    "car-mechanic": "automecanicien|mécanicien auto",
    "it-helpdesk-agent": "helpdeskmedewerker|agent helpdesk|helpdeskmedewerker ICT",
    "web-developer": "webontwikkelaar|développeur web",
    "software-developer": "développeur|softwareontwikkelaar|développeur Java",
    "building-caretaker": "concierge|conciërge|conciergerie d'immeuble",
    "handyman": "klusjesman|homme à tout faire|ouvrier polyvalent d'entretien",
    "gardener": "jardinier|tuinman|tuinier",
    "green-space-worker": "ouvrier espaces verts|groenarbeider|aide-jardinier",
    "window-cleaner": "laveur de vitres|ruitenwasser",
    "production-worker": "ouvrier de production|productiearbeider|productiemedewerker",
    "packer": "inpakker|emballeur",
    "hairdresser": "kapper|coiffeuse",
    "baker": "bakker|boulanger",
    "butcher": "slager|boucher",
    "ironing-workshop-worker": "strijkster|repasseuse",
    "teaching-assistant": "klasassistent",
    "school-supervisor": "surveillant scolaire|surveillant éducateur",
    "job-coach": "jobcoach|conseiller emploi",
}
"""Titles as Brussels vacancies write them, by the occupation of the starter that each means."""


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return build_taxonomy({"starter": read_starter()[0], "rome": ROME})


@cache
def codes_of(taxonomy: Taxonomy) -> Codes:
    return Codes(taxonomy, load_linker())


@pytest.fixture(scope="module")
def occupations(taxonomy: Taxonomy) -> ConceptLinker:
    return codes_of(taxonomy).linkers["occupation"]


@pytest.mark.parametrize(
    ("text", "lang", "slug"),
    [
        ("Kok", "nl", "cook"),
        ("KOK (M/V/X)", None, "cook"),
        ("Serveur / Serveuse (H/F)", "fr", "waiter"),
        ("serveuse", "fr", "waiter"),
        ("Poetsvrouw (v/m/x) 19u te Elsene", "nl", "household-helper-service-vouchers"),
        ("office cleaner", "nl", "office-cleaner"),  # plainly not in the language given
    ],
)
def test_equal_labels_are_found_and_sure(occupations: ConceptLinker, text: str, lang: str | None, slug: str) -> None:
    first, *others = occupations.rank(text, lang)
    assert first.concept == f"{START}occupation:{slug}"
    assert first.sure
    assert first.score > 0.7
    assert not any(link.sure for link in others)


def test_an_equal_alternative_label_is_found_and_not_always_sure(occupations: ConceptLinker) -> None:
    # Of the titles that equal an alternative label of one concept, about eight in ten were meant so.
    first = occupations.rank("technicienne de surface h/f à Bruxelles", "fr")[0]
    assert first.concept == f"{START}occupation:office-cleaner"


@pytest.mark.parametrize(
    ("text", "slug"),
    [("heftruckchaufer", "forklift-driver"), ("agents de nettoyage de bureaux", "office-cleaner")],
)
def test_alike_labels_are_found(occupations: ConceptLinker, text: str, slug: str) -> None:
    assert occupations.rank(text)[0].concept == f"{START}occupation:{slug}"


@pytest.mark.parametrize(("slug", "titles"), EVERYDAY.items(), ids=list(EVERYDAY))
def test_everyday_titles_are_found(occupations: ConceptLinker, slug: str, titles: str) -> None:
    for title in titles.split("|"):
        assert occupations.rank(title)[0].concept == f"{START}occupation:{slug}", title


@pytest.mark.parametrize(
    "title",
    ["magazijnier met heftruckattest", "hulp in huishouden en tuin", "assistent-kok en afwas", "medewerker", "technicien"],
)
def test_a_title_of_two_trades_or_of_none_is_not_sure(occupations: ConceptLinker, title: str) -> None:
    assert not occupations.rank(title)[0].sure


def test_no_label_of_the_starter_names_two_occupations(taxonomy: Taxonomy) -> None:
    owners: dict[tuple[str, str], set[str]] = {}
    for lang, labels in taxonomy.labels.items():
        for uri in labels.keys() & taxonomy.occupation_index.keys():
            for form in (form for label in labels[uri] for form in forms(label)):
                owners.setdefault((lang, form), set()).add(uri)
    assert [form for form, uris in owners.items() if len(uris) > 1] == []


def test_the_beginning_of_a_title_counts(occupations: ConceptLinker) -> None:
    first = occupations.rank("Loodgieter voor renovaties in het centrum", "nl")[0]
    assert first.concept == f"{START}occupation:plumber"
    assert first.score < occupations.rank("Loodgieter", "nl")[0].score


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
    codes = codes_of(taxonomy)
    waiter = f"{START}occupation:waiter"
    assert codes.code("occupation", waiter) == waiter
    assert codes.code("occupation", "rome:77") == waiter
    assert codes.code("occupation", "rome:G1") is None
    assert codes.code("occupation", "rome:none") is None
    assert codes.code("competence", waiter) is None


def test_a_code_that_maps_to_nothing_is_linked_by_its_name_when_sure(taxonomy: Taxonomy) -> None:
    codes = codes_of(taxonomy)
    assert codes.code("competence", "ROME:500") == f"{START}competence:clean-floors"
    assert codes.code("competence", "rome:501") is None


def test_a_name_of_another_scheme_counts_as_a_label(taxonomy: Taxonomy) -> None:
    codes = codes_of(taxonomy)
    # Mapped as broader, a little less than a label of its own: found, not sure by this alone.
    assert codes.text("occupation", "Chaudronnière", "fr") == (f"{START}occupation:waiter", False)
    # A competence mapped as merely close is found, never sure.
    assert codes.text("competence", "zythologie avancée", "fr") == (f"{START}competence:clean-floors", False)
    assert codes.text("competence", "qqqq", "fr") is None
    assert codes.text("competence", "qqqq", "fr") is None


WIDE = "rome:G1"
NAME = "Chaudronnier / Chaudronnière"  # mapped to waiter as a broader concept


@pytest.mark.parametrize(
    ("code", "name", "title", "slug", "sure"),
    [
        (f"{START}occupation:cook", None, "Kelner", "cook", None),  # an exact code decides alone
        (WIDE, None, "Kok", "cook", True),  # second of the code, and the title
        (WIDE, None, "Jobstudent", "waiter", False),  # first of the code: cook is second
        (None, NAME, "Kelner (m/v/x)", "waiter", True),  # 0.9 + 2 x its chance
        (None, NAME, "Medewerker", "waiter", False),  # 0.9: a title without a chance to speak of
        (None, NAME, "Loodgieter", "plumber", False),  # 2 x its chance against 0.9, and they are unlike
        (None, None, "Loodgieter", "plumber", True),  # only the title
    ],
)
def test_an_occupation_is_what_all_sources_say(
    taxonomy: Taxonomy, code: str | None, name: str | None, title: str, slug: str, sure: bool | None
) -> None:
    assert codes_of(taxonomy).occupation(code, name, title) == (f"{START}occupation:{slug}", sure)


def test_what_is_asked_decides_where_code_and_title_do_not(taxonomy: Taxonomy) -> None:
    codes, cook = codes_of(taxonomy), taxonomy.occupation_index[f"{START}occupation:cook"]
    start, end = taxonomy.essential_start[cook : cook + 2]
    asked = [taxonomy.competences[row] for row in taxonomy.essential_competence[start:end]]
    assert codes.occupation(WIDE, None, "Jobstudent", None, asked) == (f"{START}occupation:cook", False)
    assert codes.occupation(None, None, "Jobstudent", None, asked) is None
    assert codes.occupation("rome:none", "\u6e05\u6d01\u5de5", "???") is None


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


def walked(trees: Trees, values: np.ndarray) -> float:
    """Walk every tree from its root to the leaf that one row ends in."""
    total = 0.0
    for node in trees.root:
        while trees.feature[node] >= 0:
            lower = values[trees.feature[node]] <= trees.threshold[node]
            node = trees.left[node] if lower else trees.right[node]
        total += trees.value[node]
    return total


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=5, deadline=None)
def test_trees_scored_side_by_side_are_trees_walked(seed: int) -> None:
    rng, ranker = np.random.default_rng(seed), load_linker()
    trees, n_features = ranker.trees, len(FEATURES)
    features = rng.normal(size=(1, 3, n_features)).astype(np.float32)
    on_the_edge = rng.choice(np.flatnonzero(trees.feature >= 0), 400)
    features[0, rng.integers(3, size=400), trees.feature[on_the_edge]] = trees.threshold[on_the_edge]
    for name in ("equal", "equal_preferred"):
        features[:, :, FEATURES.index(name)] = 0.5
    assert ranker.judge(features)[0].tolist() == [walked(trees, row) for row in features[0]]


def chain(n_leaves: int) -> Trees:
    """Make one tree that goes right at 0, 1, 2 ...: the leaf of number n adds n."""
    inner = np.arange(n_leaves - 1)
    feature = np.array([0, -1] * (n_leaves - 1) + [-1], dtype=np.int32)
    threshold, value = np.zeros(2 * n_leaves - 1), np.zeros(2 * n_leaves - 1)
    threshold[2 * inner], value[2 * inner + 1], value[-1] = inner, inner, n_leaves - 1
    left, right = np.zeros((2, 2 * n_leaves - 1), dtype=np.int32)
    left[2 * inner], right[2 * inner] = 2 * inner + 1, 2 * inner + 2
    return Trees(np.zeros(1, dtype=np.int32), feature, threshold, left, right, value)


def test_a_tree_has_32_leaves_at_most() -> None:
    ranker = replace(load_linker(), trees=chain(32))
    features = np.zeros((1, 33, len(FEATURES)), dtype=np.float32)
    features[0, :, 0] = np.arange(-0.5, 32)
    assert ranker.judge(features)[0].tolist() == [*range(32), 31]
    with pytest.raises(ValueError, match="32 leaves"):
        Masks.of(chain(33))
