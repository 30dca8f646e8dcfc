"""Offers -> occupations, on ESCO with the ROME crosswalk: agreement with our own judgement, and how honest `sure` is.

Titles are invented; codes are those of ROME (sheet, and appellation whose name stands beside it, ``-``: none). The last
column holds what we judged right before anything was run: the first six digits of ESCO's identifiers.
"""

import csv
from pathlib import Path

import pytest

from matching.classifications import build_taxonomy, read_esco
from matching.crosswalks import read_crosswalk
from matching.linking import Codes
from models.linker_file import load as load_linker

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
NAMES = DATA / "rome" / "unix_referentiel_appellation_v347_utf8.csv"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not NAMES.exists(), reason="needs ESCO and ROME in ../shared/data"),
]

WEIGHED = """\
Jardinier espaces verts h/f – Uccle | fr | A1203 | 16068 | e7970c a10eb1
Boulanger de nuit (m/f/x) | fr | D1102 | 11573 | 1aadb3
Vendeur/Vendeuse boulangerie week-end | fr | D1106 | 20560 | 2e9c94
Caissière / caissier temps partiel | fr | D1505 | 11640 | 2b8712
Réassortisseur rayons soir | fr | D1507 | 14778 | d35f9e
Electricien bâtiment chantiers Bruxelles | fr | F1602 | 14635 | 33960b 491041
Plombier chauffagiste dépannage | fr | F1603 | 17838 | ed3cf4 7259dc
Peintre en bâtiment expérimenté | fr | F1606 | 17619 | 156205
Carreleur H/F/X | fr | F1608 | 11690 | 024478
Maçon rénovation façades | fr | F1703 | 16254 | 05f321
Couvreur zingueur | fr | F1610 | 13830 | b4c6d1
Femme de chambre hôtel 4* | fr | G1501 | 20500 | 731eca
Chef de partie chaud | fr | G1602 | 12196 | 90f75f 1009be
Aide en cuisine collective | fr | G1605 | 10827 | e1cf68
Plongeur restaurant (H/F) | fr | G1605 | 17846 | f756fd
Réceptionniste d'hôtel - nuit | fr | G1703 | 18321 | 82025c 6e6e44
Commis de salle | fr | G1803 | 12761 | d5db9d
Soudeur TIG inox | fr | H2913 | 19475 | 7aedaa
Technicien maintenance industrielle 2 pauses | fr | I1304 | 10501 | 269c47
Mécanicien auto garage multimarques | fr | I1604 | 16446 | 4ad402
Brancardier hôpital | fr | J1301 | 11587 | a30734
Aide-soignant(e) maison de repos | fr | J1501 | 10893 | 87d079 d38c21
Éducateur spécialisé service résidentiel | fr | K1207 | 14597 | fa4a3b 8d703e 4d7d26 813090 b75071 ce53a1
Aide ménagère titres-services | fr | K1304 | 10857 | cbad55
Aide familiale à domicile | fr | K1304 | 10846 | 1391bd f4525e 4c89c6
Laveur de vitres nacelle | fr | K2202 | 16169 | 92cba6 a632fb
Technicien(ne) de surface bureaux | fr | K2204 | 10687 | 303a1e
Balayeur de rue – propreté communale | fr | K2303 | 11488 | 503ea2
Concierge immeuble à appartements | fr | K2501 | 12846 | 1822bf
Agent de gardiennage magasin | fr | K2503 | 10599 | 318089
Aide-comptable mi-temps | fr | M1203 | 10871 | bfe142
Standardiste bilingue | fr | M1601 | 19519 | 0bf68d f7b045
Assistante de direction trilingue | fr | M1604 | 11229 | 2a04a1 8cce40
Cariste réceptionniste | fr | N1101 | 11688 | eeac62
Magasinier / préparateur | fr | N1103 | 16276 | bea705 cd94de
Chauffeur poids lourd permis CE | fr | N4101 | 11989 | 45037d
Chauffeur-livreur colis | fr | N4105 | 11999 | 0c4080
Chauffeur de bus STIB | fr | N4103 | 12896 | 00cee1
Accueillant extrascolaire | fr | G1203 | 10983 | 234be6 3f74aa 88c550
Puéricultrice en crèche | fr | J1304 | 11448 | 3f74aa 3413f2
Heftruckchauffeur dagploeg | nl | N1101 | 11679 | eeac62
Poetshulp dienstencheques Jette | nl | K1304 | 14774 | cbad55
Zorgkundige woonzorgcentrum (m/v/x) | nl | J1501 | 10891 | 87d079 d38c21
Kinderbegeleider kinderdagverblijf | nl | J1304 | 11448 | 3f74aa 3413f2
Keukenhulp grootkeuken | nl | G1605 | 10826 | e1cf68
Afwasser in hotelrestaurant | nl | G1605 | 17849 | f756fd
Vrachtwagenchauffeur CE met ADR | nl | N4101 | 13132 | 45037d c5d779
Loodgieter sanitair | nl | F1603 | 17839 | ed3cf4
Dakwerker | nl | F1610 | 13822 | b4c6d1
Onthaalmedewerker gemeente | nl | M1601 | 10372 | f7b045
Bewakingsagent shopping | nl | K2503 | 10557 | 318089
Kelner brasserie | nl | G1803 | 19427 | d5db9d
Orderpicker avondshift | nl | N1103 | 14755 | cd94de
Warehouse operator | en | N1103 | 10479 | bea705
Room attendant – city centre hotel | en | G1501 | 14793 | 731eca
IT support agent (first line) | en | I1401 | 11194 | aaeec9
Security officer night shift | en | K2503 | 10606 | 318089
Onderhoudstechnicus machines | nl | I1304 | 10501 | 269c47
Plombier sanitaire | fr | I1203 | 10679 | ed3cf4
Secrétaire médicale cabinet de radiologie | fr | M1607 | 19364 | 045f05
Ouvrier carwash / nettoyage véhicules | fr | K2204 | 10537 | 7cb71c
Nettoyeur de trains dépôt | fr | K2204 | 10749 | cb932c
Bagagiste aéroport | fr | N1105 | 16361 | 3d974e
Vendeur en téléphonie mobile | fr | D1507 | 14769 | f4b4fb
Pizzaiolo | fr | G1602 | 13861 | a02a11
Coursier à vélo repas | fr | N4105 | 16204 | 3a9596
Chauffeur de taxi | fr | N4105 | 11999 | 6f7c1e
Conducteur de tram | fr | N4103 | 12896 | 03e025
Poseur de parquet | fr | F1608 | 11690 | 4f1bb8
Plafonneur enduiseur | fr | F1606 | 17638 | f4a228
Trieur de déchets en centre de recyclage | fr | K2303 | 10400 | 4ed9ce ff8d40
Dispatcher transport | fr | M1602 | 14757 | 49e286 e4f33b
Gestionnaire de paie | fr | M1501 | 11329 | ade351
Webdesigner UX | fr | M1805 | 10964 | 96e200 c40a29 faed41
Opérateur de saisie | fr | M1602 | 10349 | 6353b3
Surveillant de prison | fr | K2503 | 10617 | 3327a0
Accompagnateur bus scolaire | fr | K1303 | 10854 | 78eaca
Verpleegkundige spoed | nl | J1501 | 10891 | 8d3e8a 18e14e
Schoonmaker ziekenhuis operatiekwartier | nl | J1301 | 10574 | 303a1e d38c21
Bar staff rooftop cocktail bar | en | G1803 | 19430 | 2f5e38 e20816
Collaborateur polyvalent | fr | G1603 | 14813 | 96a0d8 e1cf68 b4bff8
OUVRIER (H/F) | fr | F1704 | 16351 | fb7e2f
Chef d'équipe | fr | K2204 | 12489 | fae512
Job étudiant été 2025 | fr | D1505 | 15487 | 2b8712
Technicien (F/H/X) | fr | I1308 | 19837 | 7259dc 79f435
Rejoignez notre équipe ! | fr | N4105 | 13336 | 0c4080
Employé (h/f) CDD 3 mois | fr | M1602 | 14748 | 6c999f 044d78
Medewerker (m/v/x) | nl | N1103 | 16276 | bea705
Conseiller | fr | C1504 | 13464 | 8ec8df
Agent technique | fr | I1203 | 10489 | f4a252 1822bf
Poetsvrouw aan huis | nl | - | - | cbad55
Magazijnier met heftruckattest | nl | - | - | bea705 eeac62
Kassamedewerker supermarkt | nl | - | - | 2b8712
Vendeur en magasin de chaussures | fr | - | - | 72149e
Gestionnaire de stock | fr | - | - | d7a9f9 bea705
Helpdeskmedewerker ICT | nl | - | - | aaeec9
Hulpkok schoolrestaurant | nl | - | - | 90f75f e1cf68
Cleaner – offices | en | - | - | 303a1e
Dispatcheur en logistique | fr | - | - | e4f33b 49e286
Professeur de néerlandais | fr | - | - | 9711dc fb0c7d
Infirmière à domicile | fr | - | - | 8d3e8a
Buschauffeur De Lijn | nl | - | - | 00cee1
Agent d'entretien espaces verts | fr | A1203 | - | e7970c a10eb1 a48b9a
Serveur brasserie | fr | G1803 | - | d5db9d
Conducteur de chariot frontal | fr | N1101 | - | eeac62
Coiffeuse polyvalente | fr | D1202 | - | 099c6b 82dea3
Assistant social CPAS | fr | K1201 | - | 4b05be 4fa660
Développeur Java | fr | M1805 | - | f2b15a bd272a
Esthéticienne institut | fr | D1208 | - | a1e1a7
Moniteur de sport | fr | G1204 | - | 116957 3e9c12
"""
"""Titles on which the weights of `matching.linking.fusion` were set."""

HELD_OUT = """\
Agent d'entretien école communale | fr | K2204 | 10686 | 303a1e
Ouvrier paysagiste permis BE | fr | A1203 | 17515 | e7970c a10eb1
Pâtissier tourier | fr | D1104 | - | ff42d4
Vendeuse rayon fromage à la coupe | fr | D1106 | 20645 | e11e5b 547b30 0b1537
Hulp in de keuken / afwas schoolrefter | nl | G1605 | 10826 | e1cf68 f756fd
Receptionist hotel (nacht) | nl | G1703 | 16991 | 82025c 6e6e44
Lasser MIG/MAG | nl | H2913 | 19468 | 7aedaa
Technicien chauffage gaz | fr | I1308 | 19837 | 7259dc 97b3ca 79f435
Automecanicien | nl | I1604 | 16446 | 4ad402
Aide-soignante de nuit maison de repos | fr | J1501 | 10891 | 87d079 d38c21
Begeleider jeugd residentieel | nl | K1207 | 14597 | 4d7d26 6667bf b75071 fa4a3b 2ae76c
Ouvrier polyvalent bâtiment | fr | I1203 | 17477 | f4a252
Agent de sécurité SSIAP | fr | K2503 | 10602 | 318089
Comptable fournisseurs | fr | M1203 | 12792 | eda0d9 c3aae5 bfe142
Administratief medewerker facturatie | nl | M1602 | 14757 | bafbc6 044d78 6c999f
Medewerker onthaal en telefonie | nl | M1601 | 15483 | f7b045 0bf68d
Logistiek medewerker ontvangst goederen | nl | N1103 | 14809 | bea705 808bec
Camionneur citerne | fr | N4101 | 12858 | 45037d c5d779
Chauffeur taxi PMR | fr | N4102 | 11982 | 6f7c1e 976f75 e75305
Cuisinier de cantine scolaire | fr | G1602 | 13863 | 90f75f 11e6d3
Équipier de vente fast-food | fr | G1603 | 14875 | 96a0d8
Coiffeur barbier | fr | D1202 | 12693 | 4e0c14 099c6b
Agent immobilier | fr | C1504 | 10744 | 8ec8df
Commercial sédentaire | fr | D1401 | 12748 | 5c1eba 14031d
Téléconseiller néerlandophone | fr | D1408 | 20299 | b7b75e 0ededd
Assistante sociale | fr | M1602 | 14748 | 4b05be 4fa660
Boucher | fr | D1507 | 14778 | 37c788
Kapster | nl | D1208 | 14890 | 099c6b
Ouvrier en menuiserie intérieure | fr | F1704 | 16351 | 2a22ff e14166 0b5e41
Réparateur vélos | fr | I1607 | 16548 | 336cf3
Stadswacht | nl | K2503 | 10617 | 4cbe5a
Recruteur intérim | fr | M1502 | 11863 | 068370
Stage étudiant | fr | I1401 | 11194 | aaeec9
Collaborateur magasin | fr | D1507 | 14769 | d35f9e 0b1537
Steward urbain | fr | K2303 | 10576 | 4cbe5a 503ea2
Vrachtwagenchauffeur C distributie | nl | - | - | 45037d
Verkoopster kledij | nl | - | - | 13da27
Aide-ménagère (titres-services) | fr | - | - | cbad55 1391bd
Schilder binnenwerken | nl | - | - | 156205
Chef de rang | fr | G1803 | 12274 | d5db9d 53ed87
"""
"""Titles written afterwards, and never used to set anything."""


@pytest.fixture(scope="module")
def codes() -> Codes:
    crosswalks, _ = read_crosswalk(sorted((DATA / "rome").iterdir()))
    return Codes(build_taxonomy({"esco": read_esco(DATA / "esco")[0], **crosswalks}), load_linker())


def judged(codes: Codes, table: str) -> list[tuple[bool, bool]]:
    """Say of each title whether its link is right, and whether it is sure."""
    with NAMES.open(encoding="utf-8-sig") as lines:
        names = {row["code_ogr"]: row["libelle_appellation_court"].replace("''", "'") for row in csv.DictReader(lines)}
    told: list[tuple[bool, bool]] = []
    for line in table.splitlines():
        title, lang, sheet, name, wanted = line.split(" | ")
        found = codes.occupation(None if sheet == "-" else f"rome:{sheet}", names.get(name), title, lang)
        uri, certain = found or ("", False)
        told.append((uri.rpartition("/")[2][:6] in wanted.split(), certain is not False))
    return told


@pytest.mark.parametrize(("table", "rows"), [(WEIGHED, 110), (HELD_OUT, 40)], ids=["weighed", "held out"])
def test_occupations_agree_with_our_judgement(codes: Codes, table: str, rows: int) -> None:
    told = judged(codes, table)
    of_sure = [good for good, certain in told if certain]
    assert len(told) == rows
    assert sum(good for good, _ in told) / rows >= 0.77
    assert sum(of_sure) / len(of_sure) >= 0.94


SHORT = "14 of 40 are sure since links are learned (.35); the bound is that of the rules before them"


@pytest.mark.parametrize(
    ("table", "share"),
    [(WEIGHED, 0.44), pytest.param(HELD_OUT, 0.42, marks=pytest.mark.xfail(reason=SHORT))],
    ids=["weighed", "held out"],
)
def test_enough_occupations_are_sure(codes: Codes, table: str, share: float) -> None:
    told = judged(codes, table)
    assert sum(certain for _, certain in told) / len(told) >= share
