"""Golden answers of the twelve people of `test_golden` on 71 real vacancies, outside the project: hashes and scores only.

Skips without ``../shared/data``. ``python tests/test_golden_real.py`` records them anew.
"""

import hashlib
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from matching.classifications import build_taxonomy, read_esco
from matching.codes import Kind
from matching.crosswalks import read_crosswalk
from matching.files import read_rows
from matching.ingest import import_offers
from matching.linking import Codes
from matching.matcher import Matcher
from matching.mentions import link_profile
from matching.records import Offer
from matching.reference import build_geography, read_guidance
from matching.tables import Counts
from models.artifact import load
from models.linker_file import load as load_linker
from test_golden import GOLDEN, people

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
TODAY = date(2025, 4, 10)


@cache
def answers() -> dict[str, Any]:
    """Status, hash of the ids in order, and scores, for each of the twelve."""
    document, _ = read_esco(DATA / "esco")
    crosswalks, _ = read_crosswalk([*sorted((DATA / "rome").iterdir()), *sorted((DATA / "competent").iterdir())])
    taxonomy = build_taxonomy({"esco": document, **crosswalks})
    codes, offers, groups = Codes(taxonomy, load_linker()), list[Offer](), dict(read_guidance())

    def put(records: list[Offer]) -> Counts:
        offers.extend(records)
        return Counts(len(records), 0, 0)

    import_offers(read_rows(DATA / "vacancies" / "jobpostings_fr.jsonl"), put, groups=groups, linking=codes)
    matcher = Matcher.build(taxonomy, build_geography({}), groups, load(), offers)
    found = {}
    for name, raw in people().items():
        answer = matcher.suggest(link_profile(raw, codes)[0], TODAY)
        matches = answer.lists.get(Kind.VACANCY, ())
        ids = "\n".join(match.offer_id for match in matches)
        digest = hashlib.sha256(ids.encode()).hexdigest()[:16]
        found[name] = {"status": answer.status, "ids": digest, "scores": [round(match.score, 6) for match in matches]}
    return found


@pytest.mark.slow
def test_the_answers_on_real_vacancies_are_the_recorded_ones() -> None:
    if not DATA.is_dir():
        pytest.skip("needs ../shared/data")
    assert answers() == json.loads((GOLDEN / "real.json").read_text(encoding="utf-8"))


if __name__ == "__main__":
    (GOLDEN / "real.json").write_text(json.dumps(answers(), indent=1) + "\n", encoding="utf-8")
