"""Mentions linked to concepts, and files imported with a report."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from matching.files import read_rows
from matching.ingest import (
    LinkCounts,
    import_offers,
    import_outcomes,
    import_profiles,
    link_offer,
    link_profile,
    read_offer,
    read_profile,
)
from matching.records import Mention, Outcome

GROUPS = ("art60", "equivalent")
PROFILE: dict[str, Any] = {"id": "P1", "source": {"kind": "ocmw", "name": "CPAS"}}
OFFER: dict[str, Any] = {"id": "O1", "source": "demo", "kind": "vacancy", "title": "Baker"}


class Links:
    """Knows two codes and two texts; an occupation by its code, else its name, else (not surely) the title."""

    def code(self, kind: str, value: str) -> str | None:
        known = {("occupation", "rome:A1"): "uri:o1", ("competence", "rome:1"): "uri:c1"}
        return value if value.startswith("uri:") else known.get((kind, value))

    def text(self, kind: str, text: str, lang: str | None) -> tuple[str, bool] | None:
        known = {("occupation", "Baker"): ("uri:baker", True), ("competence", "bake"): ("uri:bake", False)}
        return known.get((kind, text))

    def occupation(
        self, code: str | None, name: str | None, title: str, lang: str | None, asked: Collection[str]
    ) -> tuple[str, bool | None] | None:
        self.asked = tuple(asked)
        uri = self.code("occupation", code) if code else None
        named = self.text("occupation", name, lang) if name else None
        titled = self.text("occupation", title, lang)
        return (uri, None) if uri else named or (titled and (titled[0], name is None))


def test_mentions_of_an_offer_are_linked_and_counted() -> None:
    row = {
        **OFFER,
        "competences": [
            {"concept": "rome:1"},
            {"text": "bake"},
            {"text": "sing"},
            {"concept": "rome:9", "text": "bake"},
            {"concept": "rome:8"},
        ],
    }
    knows = Links()
    offer, links = link_offer(read_offer(row, groups=GROUPS), knows)
    assert knows.asked == ("uri:c1", "uri:bake", "uri:bake")  # what is asked helps to say the occupation
    assert offer.occupation == Mention("uri:baker", "Baker", True)  # from the title
    assert offer.competences is not None
    assert [(one.concept, one.text, one.sure) for one in offer.competences] == [
        ("uri:c1", None, None),
        ("uri:bake", "bake", False),
        (None, "sing", None),
        ("uri:bake", "bake", False),
        (None, "rome:8", None),
    ]
    assert (links.occupations_guessed, links.competences_sure, links.competences_unsure) == (1, 1, 2)
    assert dict(links.unlinked_texts) == {"sing": 1, "rome:8": 1}
    assert dict(links.unknown_codes) == {"rome:9": 1, "rome:8": 1}
    again, _ = link_offer(offer, Links())
    assert again.competences == offer.competences


def test_an_occupation_is_taken_by_code_then_by_name_then_from_the_title() -> None:
    def linked(**occupation: str) -> tuple[Mention | None, LinkCounts]:
        offer, links = link_offer(read_offer({**OFFER, "occupation": occupation}, groups=GROUPS), Links())
        return offer.occupation, links

    assert linked(concept="rome:A1", text="x")[0] == Mention("uri:o1", "x")
    assert linked(concept="rome:Z", text="Baker")[0] == Mention("uri:baker", "Baker", True)
    assert linked(text="Wizard")[0] == Mention("uri:baker", "Wizard", False)  # its own text, the title's concept
    assert linked(concept="rome:Z", text="Baker")[1].occupations_by_name == 1
    assert linked(concept="rome:Z", text="Baker")[1].unknown_codes == {"rome:Z": 1}
    assert linked(concept="rome:A1", text="x")[1].occupations_by_code == 1


def test_an_occupation_that_nothing_says_keeps_its_words() -> None:
    def linked(**row: object) -> Mention | None:
        return link_offer(read_offer({**OFFER, "title": "Wizard", **row}, groups=GROUPS), Links())[0].occupation

    assert linked(occupation={"text": "Sorcerer"}) == Mention(text="Sorcerer")
    assert linked(occupation={"concept": "rome:Z"}) == Mention(text="rome:Z")
    assert linked() is None


def test_mentions_of_a_profile_are_linked_and_unknown_stays_unknown() -> None:
    row = {**PROFILE, "professionsSought": [{"text": "Baker"}], "exclusions": {"professions": [{"concept": "rome:A1"}]}}
    profile, links = link_profile(read_profile(row, groups=GROUPS), Links())
    assert profile.professions_sought == (Mention("uri:baker", "Baker", True),)
    assert profile.exclusions.professions == (Mention("uri:o1"),)
    assert profile.competences is None
    assert (links.occupations_by_name, links.occupations_by_code) == (1, 1)


@dataclass
class Done:
    new: int = 0
    changed: int = 0
    unchanged: int = 0


class Shelf:
    """Keeps what is put; counts calls."""

    def __init__(self) -> None:
        self.kept: list[Any] = []
        self.calls = 0

    def put(self, records: list[Any]) -> Done:
        self.calls += 1
        self.kept += records
        return Done(new=len(records))


def lines(*rows: Mapping[str, Any]) -> bytes:
    return b"\n".join(json.dumps(row).encode() for row in rows)


def test_an_import_keeps_the_good_rows_and_reports_every_problem() -> None:
    data = lines(OFFER, {**OFFER, "id": "O2", "title": 3}, OFFER, {**OFFER, "id": "O3"}) + b"\n{oops\n"
    shelf, seen = Shelf(), list[int]()
    report = import_offers(read_rows(data), shelf.put, groups=GROUPS, linking=Links(), progress=seen.append)
    assert [offer.id for offer in shelf.kept] == ["O1", "O3"]
    assert (report.read, report.new, report.refused, shelf.calls) == (5, 2, 3, 1)
    assert [(one.code, one.record) for one in report.problems] == [
        ("wrong_type", "row 2, offer O2"),
        ("duplicate_id", "row 3"),
        ("bad_json", "row 5"),
    ]
    assert report.links.occupations_guessed == 2
    assert report.missing["competences"] == 2
    assert seen == [1, 2, 3, 4, 5]
    said = report.as_json()
    assert (said["links"]["occupations"]["guessed"], said["refused"], len(said["problems"])) == (2, 3, 3)
    json.dumps(said)


def test_a_strict_import_writes_all_or_nothing() -> None:
    shelf = Shelf()
    bad = import_profiles(read_rows(lines(PROFILE, {"id": "P2"})), shelf.put, groups=GROUPS, strict=True)
    assert (bad.new, bad.kept_back, bad.refused, shelf.calls) == (0, 1, 1, 0)
    good = import_profiles(read_rows(lines(PROFILE)), shelf.put, groups=GROUPS, strict=True)
    assert (good.new, good.kept_back, shelf.calls) == (1, 0, 1)
    assert "competences" in good.missing


def test_a_flat_file_of_outcomes_is_imported() -> None:
    data = b"id;event;profileId;happenedOn;reportedBy;hours\nE1;hired;P1;01/04/2025;C1;19,5\n"
    shelf = Shelf()
    report = import_outcomes(read_rows(data), shelf.put)
    assert report.problems == ()
    assert shelf.kept == [Outcome("E1", "hired", "P1", date(2025, 4, 1), "C1", hours=19.5)]  # type: ignore[arg-type]


def test_a_file_that_cannot_be_read_is_one_problem() -> None:
    report = import_offers(read_rows(b""), Shelf().put, groups=GROUPS)
    assert (report.read, report.refused, [one.code for one in report.problems]) == (0, 0, ["bad_file"])
