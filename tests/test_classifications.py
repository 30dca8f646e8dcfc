"""Classification and crosswalk files -> documents -> the taxonomy."""

import json
from pathlib import Path

import pytest

from matching.classifications import build_taxonomy, changes, read_esco, read_starter
from matching.crosswalks import read_crosswalk
from matching.records import DataError
from matching.taxonomy import STEPS, Taxonomy

SHARED = Path(__file__).parents[2] / "shared" / "data"

FILES = {
    "occupations_fr.csv": (
        "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,status,code\n"
        'Occupation,u:/o1,7512,boulanger/boulangère,"boulangère\nartisan boulanger",released,7512.1\n'
        "Occupation,u:/o2,110,officier,,released,0110.1\n"
        "Occupation,u:/old,7512,ancien,,obsolete,\n"
    ),
    "occupations_nl.csv": (
        "\ufeffconceptType;conceptUri;iscoGroup;preferredLabel;altLabels;status;code\n"
        "Occupation;u:/o1;7512;bakker;broodbakker | bakkersgast;released;7512.1\n"
        "Occupation;u:/o3;7512;banketbakker;;released;7512.2\n"
    ),
    "skills_fr.csv": (
        "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,status\n"
        "KnowledgeSkillCompetence,u:/c1,skill/competence,sector-specific,cuire du pain,,released\n"
        "KnowledgeSkillCompetence,u:/c2,skill/competence,cross-sector,cuire,,released\n"
        "KnowledgeSkillCompetence,u:/c3,knowledge,cross-sector,farines,,released\n"
    ),
    "skillGroups_fr.csv": "conceptType,conceptUri,preferredLabel,altLabels\nSkillGroup,u:/g1,cuisson,\n",
    "ISCOGroups_fr.csv": "conceptType,conceptUri,code,preferredLabel\nISCOGroup,u:/C7512,7512,Boulangers\n",
    "broaderRelationsOccPillar_fr.csv": (
        "conceptType,conceptUri,broaderType,broaderUri\n"
        "Occupation,u:/o1,ISCOGroup,u:/C7512\nOccupation,u:/o2,ISCOGroup,u:/unknown\n"
    ),
    "broaderRelationsSkillPillar.csv": (
        "conceptType,conceptUri,broaderType,broaderUri\n"
        "KnowledgeSkillCompetence,u:/c1,KnowledgeSkillCompetence,u:/c2\n"
        "KnowledgeSkillCompetence,u:/c2,SkillGroup,u:/g1\nKnowledgeSkillCompetence,u:/c3,SkillGroup,u:/g1\n"
    ),
    "occupationSkillRelations.csv": (
        "occupationUri,occupationLabel,relationType,skillType,skillUri\n"
        "u:/o1,,essential,skill/competence,u:/c1\nu:/o1,,optional,knowledge,u:/c3\n"
        "u:/o1,,essential,knowledge,u:/unknown\nu:/o9,,essential,knowledge,u:/c1\n"
    ),
    "skillSkillRelations.csv": (
        "originalSkillUri,originalSkillType,relationType,relatedSkillType,relatedSkillUri\n"
        "u:/c1,skill/competence,essential,knowledge,u:/c3\n"
    ),
    "notes.csv": "not,ours\n1,2\n",
}
APPELLATIONS = (
    '"code_ogr","libelle_appellation_long","libelle_appellation_court","code_rome"\n'
    '"1","Boulanger / Boulangère","Boulanger","D1102"\n"2","Officier d\'\'active","Officier","K1706"\n'
    '"3","Tourier / Tourière","Tourier","D1102"\n'
)
MAPPING = (
    "Mapping project name,x\nClassification 1 Name,ESCO\nClassification 2 Name,ROME \n"
    "Classification 2 Concept type,occupation\nClassification 2 Version,V3.0\nClassification 2 Language,fr\n\n"
    "classification 1 ID,classification 1 prefered label,classification 2 ID,classification 2 prefered label,"
    "mapping relation\n"
    "u:/o1,x,1,Boulanger / Boulangère,skos:exactMatch\nu:/o1,x,3,Tourier / Tourière,skos:broadMatch\n"
    "u:/o2,x,3,Tourier / Tourière,skos:closeMatch\nu:/gone,x,2,Officier d'active,skos:exactMatch\nu:/o1,x,4,x,related\n"
)
COMPETENT = (
    "Classification 2 Name,VDAB competences,,,\nClassification 2 Concept type,competence,,,\n"
    "Classification 2 Version,Competent 3.8,,,\n"
    "Classification 1 URL,Classification 2 ID,Classification 2 PrefLabel FR,Classification 2 PrefLabel NL,"
    "Mapping Relation\n"
    "u:/c1,KN-1,Cuisson du pain,Brood bakken,skos:closeMatch\nu:/c2,KN-1,Cuisson du pain,Brood bakken,skos:broadMatch\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def taxonomy(folder: Path) -> Taxonomy:
    return build_taxonomy({"esco": read_esco(folder)[0]})


def test_document_and_report_say_what_was_found_and_what_was_left_out(folder: Path) -> None:
    document, report = read_esco(folder)
    assert document["labels"]["fr"]["u:/o1"] == ["boulanger/boulangère", "boulangère", "artisan boulanger"]
    assert document["labels"]["nl"]["u:/o1"] == ["bakker", "broodbakker", "bakkersgast"]
    assert document["occupations"]["u:/o2"]["isco"] == "0110"
    assert document["occupations"]["u:/o1"]["broader"] == ["u:/C7512"]
    assert document["competences"]["u:/c1"] == {"type": "skill", "reuse": "sector-specific", "broader": ["u:/c2"]}
    # Only the Dutch file, of another version, has o3; four relations, two of them to unknown concepts, and one part.
    assert report["otherVersion"] == {"occupations": 1, "competences": 0}
    assert (report["relations"], report["relationsDropped"], report["obsolete"]) == (3, 2, 1)
    assert report["missingLabels"]["nl"] == {"occupations": 1, "competences": 3, "groups": 2}
    assert json.loads(json.dumps(document)) == document


def test_taxonomy_from_the_document(taxonomy: Taxonomy) -> None:
    assert taxonomy.occupations == ("u:/o1", "u:/o2")
    assert taxonomy.competence_type == ("skill", "skill", "knowledge")
    assert taxonomy.essential_competence[: taxonomy.essential_start[1]].tolist() == [0]
    assert taxonomy.optional_competence.tolist() == [2]
    assert taxonomy.groups == ("u:/g1",)
    assert taxonomy.competence_group.tolist() == [0, 0, 0]
    held = slice(taxonomy.related_start[2], taxonomy.related_start[3])
    # c3 is a part of c1 (0.4) and in the group of c2 (0.25).
    assert taxonomy.related_competence[held].tolist() == [0, 1]
    assert taxonomy.related_credit[held].tolist() == [round(0.4 * STEPS), round(0.25 * STEPS)]
    assert taxonomy.label("u:/o2", "nl") == "officier"
    assert taxonomy.label("urn:x:y", "nl") == "y"


def test_codes_of_the_classification(taxonomy: Taxonomy) -> None:
    assert taxonomy.resolve("occupation", "u:/o1") == (("u:/o1", "exact"),)
    assert taxonomy.resolve("occupation", "ESCO:7512.1") == (("u:/o1", "exact"),)
    assert taxonomy.resolve("occupation", "isco:75") == (("u:/o1", "group"),)
    assert taxonomy.resolve("occupation", "u:/c1") == ()
    assert taxonomy.resolve("competence", "isco:7512") == ()


def test_the_document_survives_reordering_of_its_keys(folder: Path) -> None:
    document = read_esco(folder)[0]
    turned = {name: dict(reversed(v.items())) if isinstance(v, dict) else v for name, v in reversed(document.items())}
    assert build_taxonomy({"esco": turned}).version == build_taxonomy({"esco": document}).version
    assert build_taxonomy({"esco": turned}).essential_competence.tolist() == [0]


def test_changes_count_concepts(folder: Path) -> None:
    old = read_esco(folder)[0]
    same = {"new": 0, "changed": 0, "unchanged": 7, "removed": 0}
    assert changes(old, read_esco(folder)[0]) == same
    assert changes(None, old) == {"new": 7, "changed": 0, "unchanged": 0, "removed": 0}
    skills = FILES["skills_fr.csv"].replace(",farines,", ",les farines,")
    (folder / "skills_fr.csv").write_text(skills.replace("u:/c2", "u:/c4"), encoding="utf-8")
    broader = FILES["broaderRelationsSkillPillar.csv"].replace("u:/c2", "u:/c4")
    (folder / "broaderRelationsSkillPillar.csv").write_text(broader, encoding="utf-8")
    # c2 became c4; c3 has another label; c1 stands under c4 now; o1's relations are the same concepts on other rows.
    assert changes(old, read_esco(folder)[0]) == {"new": 1, "changed": 2, "unchanged": 4, "removed": 1}


def test_every_broken_file_is_reported(folder: Path) -> None:
    (folder / "skills_fr.csv").write_text('conceptUri,skillType,preferredLabel\n"u:/c1,x\n', encoding="utf-8")
    (folder / "occupations_nl.csv").write_text("conceptUri,preferredLabel\nu:/o1,bakker\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_esco(folder)
    assert {(p.record, p.code, p.field) for p in caught.value.problems} == {
        ("skills_fr.csv", "unreadable_file", "file"),
        ("occupations_nl.csv", "missing_columns", "iscoGroup"),
    }


def test_a_folder_without_occupations_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_esco(tmp_path)
    assert [p.code for p in caught.value.problems] == ["missing_file"]


def test_occupations_alone_are_enough(tmp_path: Path) -> None:
    (tmp_path / "occupations_nl.csv").write_text(FILES["occupations_nl.csv"], encoding="utf-8")
    built = build_taxonomy({"esco": read_esco(tmp_path)[0]})
    assert built.occupation_similarity.tolist() == [[STEPS, round(0.6 * STEPS)], [round(0.6 * STEPS), STEPS]]
    assert built.competences == ()
    assert built.related_start.tolist() == [0]


def test_a_taxonomy_needs_a_classification() -> None:
    with pytest.raises(DataError, match="missing_classification"):
        build_taxonomy({})


def crosswalk_files(folder: Path) -> list[Path]:
    """Write crosswalk files under names that say nothing, names before mappings."""
    files = []
    for number, text in enumerate((APPELLATIONS, COMPETENT, MAPPING)):
        files.append(folder / f"x{number}.csv")
        files[-1].write_text(text, encoding="utf-8")
    return files


def test_crosswalks_are_known_by_their_columns(folder: Path) -> None:
    documents, report = read_crosswalk(crosswalk_files(folder))
    rome = documents["rome"]["occupations"]
    assert rome["1"] == {
        "names": {"fr": ["Boulanger / Boulangère", "Boulanger"]},
        "targets": [["u:/o1", "exact"]],
        "within": "D1102",
    }
    assert rome["3"]["targets"] == [["u:/o2", "close"], ["u:/o1", "broad"]]
    assert rome["2"]["names"] == {"fr": ["Officier d'active", "Officier"]}
    # D1102 by its names: o1 exact 4 + broad 1 = 5, o2 close 3.
    assert rome["D1102"]["targets"] == [["u:/o1", "narrow"], ["u:/o2", "narrow"]]
    assert documents["competent"]["competences"]["KN-1"]["names"] == {"fr": ["Cuisson du pain"], "nl": ["Brood bakken"]}
    assert report["rome"]["relationsDropped"] == 1
    assert report["competent"]["competences"]["relations"] == {"close": 1, "broad": 1}


def test_codes_and_names_of_crosswalks_in_the_taxonomy(folder: Path) -> None:
    documents, _ = read_crosswalk(crosswalk_files(folder))
    taxonomy = build_taxonomy({"esco": read_esco(folder)[0], **documents})
    assert taxonomy.resolve("occupation", "ROME:d1102") == (("u:/o1", "narrow"), ("u:/o2", "narrow"))
    assert taxonomy.resolve("occupation", "rome:1") == (("u:/o1", "exact"),)
    # The classification does not know the target of code 2.
    assert taxonomy.resolve("occupation", "rome:2") == ()
    assert taxonomy.resolve("competence", "competent:kn-1")[0] == ("u:/c1", "close")
    assert {name.lang for name in taxonomy.names["competence"]} == {"fr", "nl"}
    assert [part.split("-")[0] for part in taxonomy.version.split("+")] == ["esco", "competent", "rome"]


def test_unknown_crosswalk_files_are_all_reported(folder: Path) -> None:
    (folder / "fake.xlsx").write_bytes(b"no workbook")
    with pytest.raises(DataError) as caught:
        read_crosswalk([folder / "notes.csv", folder / "fake.xlsx", folder / "absent.csv"])
    assert [(p.record, p.code) for p in caught.value.problems] == [
        ("notes.csv", "unknown_format"),
        ("fake.xlsx", "unreadable_file"),
        ("absent.csv", "unreadable_file"),
    ]
    with pytest.raises(DataError, match="missing_file"):
        read_crosswalk(crosswalk_files(folder)[:1])


def test_starter_classification_is_whole() -> None:
    document, report = read_starter()
    assert report["occupations"] >= 150
    assert report["competences"] >= 600
    assert report["relationsDropped"] == 0
    assert set(report["missingLabels"]) == {"fr", "nl", "en"}
    assert all(not any(missing.values()) for missing in report["missingLabels"].values())
    taxonomy = build_taxonomy({"starter": document})
    needed = taxonomy.essential_start[1:] - taxonomy.essential_start[:-1]
    assert needed.min() >= 5
    assert all(len(code) == 4 and f"urn:isco:08:{code}" in document["groups"] for code in taxonomy.isco)


def test_starter_labels_stand_for_one_concept_each() -> None:
    document = read_starter()[0]
    for lang, labels in document["labels"].items():
        for kind in ("occupations", "competences"):
            said = [label.casefold() for uri in document[kind] for label in labels[uri]]
            assert len(said) == len(set(said)), (lang, kind)


@pytest.mark.slow
def test_whole_esco() -> None:
    if not (SHARED / "esco").is_dir():
        pytest.skip("needs ../shared/data/esco, which is not part of the project")
    document, report = read_esco(SHARED / "esco")
    assert (report["occupations"], report["competences"]) == (3007, 13896)
    assert report["otherVersion"]["occupations"] == 35
    assert report["missingLabels"]["nl"]["competences"] == 13896 - 5418
    taxonomy = build_taxonomy({"esco": document})
    assert taxonomy.occupation_similarity.shape == (3007, 3007)
    assert taxonomy.related_start[-1] == len(taxonomy.related_credit)
