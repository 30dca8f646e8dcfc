"""A toy world whose right answers are obvious: six occupations, twelve competences, five places."""

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from matching.classifications import build_taxonomy
from matching.codes import Acquired, Kind, Level, Mode, Requirement, SourceKind
from matching.geography import Geography, Place
from matching.guidance import GroupRules
from matching.matcher import Matcher
from matching.records import (
    AskedCompetence,
    AskedLanguage,
    DataBasis,
    DoneProfession,
    HeldCompetence,
    KnownLanguage,
    Mention,
    Offer,
    Profile,
    Source,
)
from matching.reference import read_guidance
from matching.taxonomy import Taxonomy
from models.artifact import load

TODAY = date(2025, 4, 10)

OCCUPATIONS = {
    "cleaner": ("9112", "nettoyeur", "poetshulp", "cleaner", ["mop", "windows", "safety"]),
    "housekeeper": ("9111", "aide-ménagère", "huishoudhulp", "domestic cleaner", ["mop", "iron", "windows"]),
    "cook": ("5120", "cuisinier", "kok", "cook", ["cook-meals", "hygiene", "knives"]),
    "kitchen-help": ("9412", "aide de cuisine", "keukenhulp", "kitchen assistant", ["hygiene", "dishes", "knives"]),
    "electrician": ("7411", "électricien", "elektricien", "electrician", ["wiring", "safety", "read-plans"]),
    "developer": ("2512", "développeur", "ontwikkelaar", "software developer", ["python", "testing", "read-plans"]),
}
KIN = {"windows": "mop", "iron": "mop", "knives": "cook-meals", "testing": "python"}
"""Competences that are narrower than another one: in `kin` only, so that the plain world has no partial credit."""
COMPETENCES = ("mop windows safety iron cook-meals hygiene knives dishes wiring read-plans python testing").split()


def occupation(slug: str) -> str:
    """URI of a toy occupation."""
    return f"urn:toy:occupation:{slug}"


def competence(slug: str) -> str:
    """URI of a toy competence."""
    return f"urn:toy:competence:{slug}"


@cache
def taxonomy(kin: bool = False) -> Taxonomy:
    """The toy classification; with ``kin`` some competences stand under others (0.8 upwards, 0.5 downwards)."""
    labels: dict[str, dict[str, list[str]]] = {"fr": {}, "nl": {}, "en": {}}
    for slug, (_, *words, _) in OCCUPATIONS.items():
        for lang, text in zip(("fr", "nl", "en"), words, strict=True):
            labels[lang][occupation(slug)] = [text]
    for slug in COMPETENCES:
        for lang in labels:
            labels[lang][competence(slug)] = [f"{slug} ({lang})"]
    document: dict[str, Any] = {
        "scheme": "starter",
        "version": "toy",
        "occupations": {occupation(slug): {"isco": row[0], "broader": []} for slug, row in OCCUPATIONS.items()},
        "competences": {
            competence(slug): {
                "type": "skill",
                "reuse": "",
                "broader": [competence(KIN[slug])] if kin and slug in KIN else [],
            }
            for slug in COMPETENCES
        },
        "groups": {},
        "labels": labels,
        "descriptions": {},
        "relations": {
            "essential": {
                occupation(slug): sorted(sorted(COMPETENCES).index(c) for c in row[4]) for slug, row in OCCUPATIONS.items()
            },
            "optional": {},
        },
        "parts": {"essential": {}, "optional": {}},
    }
    return build_taxonomy({"starter": document})


@cache
def geography(without_trains: bool = True) -> Geography:
    """Three places in Brussels, one at its edge, one far away.

    The one imported time is an upper bound unless ``without_trains`` is false.
    """
    return Geography.build(
        [
            Place("1000", "Bruxelles", "Brussel", "21004", 50.8466, 4.3517, "brussels"),
            Place("1050", "Ixelles", "Elsene", "21009", 50.8270, 4.3720, "brussels"),
            Place("1070", "Anderlecht", "Anderlecht", "21001", 50.8370, 4.3070, "brussels"),
            Place("1800", "Vilvorde", "Vilvoorde", "23088", 50.9280, 4.4250, "flanders"),
            Place("8400", "Ostende", "Oostende", "35013", 51.2300, 2.9200, "flanders"),
        ],
        {("1000", "1800"): 50.0},
        without_trains,
    )


@cache
def groups() -> dict[str, GroupRules]:
    """The shipped configuration of target groups."""
    return dict(read_guidance())


def profile(slug: str = "cleaner", **changes: Any) -> Profile:
    """A person in guidance on ``TODAY`` who seeks and has done one profession and knows its competences."""
    whole = Profile(
        id="p-1",
        source=Source(SourceKind.OCMW, "OCMW Anderlecht"),
        basis=(DataBasis("all", "guidance", "ordinance", date(2025, 1, 1)),),
        target_group="art60",
        registered_on=date(2025, 2, 1),
        contract_end=date(2025, 1, 31),
        competences=tuple(HeldCompetence(competence(c), acquired=Acquired.WORK) for c in OCCUPATIONS[slug][4]),
        professions_sought=(Mention(occupation(slug)),),
        professions_done=(DoneProfession(occupation(slug), months=24),),
        languages=(KnownLanguage("fr", Level.B2), KnownLanguage("nl", Level.A2)),
        postcode="1000",
        max_minutes=45,
        modes=(Mode.PUBLIC_TRANSPORT,),
        hours_min=20,
        hours_max=38,
        education=2,
    )
    return replace(whole, **changes)


def vacancy(slug: str = "cleaner", **changes: Any) -> Offer:
    """An open vacancy in Brussels that asks the competences of one occupation, and French."""
    whole = Offer(
        id=f"v-{slug}",
        source="toy",
        kind=Kind.VACANCY,
        title=OCCUPATIONS[slug][1],
        occupation=Mention(occupation(slug)),
        competences=tuple(AskedCompetence(competence(c), requirement=Requirement.MANDATORY) for c in OCCUPATIONS[slug][4]),
        languages=(AskedLanguage("fr", Level.B1),),
        experience_months=6,
        education=0,
        postcodes=("1070",),
        hours_min=38,
        hours_max=38,
        positions=1,
        published=date(2025, 4, 1),
        employer="Toy & Co",
    )
    return replace(whole, **changes)


def market() -> list[Offer]:
    """One vacancy per occupation."""
    return [vacancy(slug) for slug in OCCUPATIONS]


def matcher(offers: list[Offer] | None = None) -> Matcher:
    """A matcher over some offers, with the hand-set tables."""
    return Matcher.build(taxonomy(), geography(), groups(), load(), market() if offers is None else offers)
