"""Stories of what would open more, which a consultant reads and agrees with: `golden/pathway_stories.md`.

Each story stands there in words, with the profile, what a consultant should find in the answer, and the whole answer in French,
Dutch and English, over the demo world. Stories, profiles and verdicts are written by hand; the answers are recorded:
``make golden``, or ``python tests/test_pathway_stories.py``, writes them anew into the same file. Read the difference as a
consultant would: is it sensible, is it said plainly, is nothing silly proposed?
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from matching.classifications import build_taxonomy, read_starter
from matching.codes import Role
from matching.desk import Asker, Desk
from matching.pathways.desk import drawn, pathways_for
from matching.records import Profile
from matching.reference import build_geography
from matching.settings import Settings
from matching.store import Store
from training.demo import DEMO_DAY, DEMO_SEED
from training.synthetic import demo_world

STORIES = Path(__file__).parent / "golden" / "pathway_stories.md"
LANGUAGES = ("fr", "nl", "en")
ANSWER = re.compile(r"```text (fr|nl|en)\n(.*?)\n```", re.DOTALL)
COMMON = {
    "source": {"kind": "ocmw", "name": "OCMW Anderlecht"},
    "basis": [{"field": "all", "purpose": "guidance", "legalBasis": "ordinance", "notifiedOn": "2025-01-01"}],
    "targetGroup": "art60",
    "registeredOn": "2025-02-01",
    "contractEnd": "2025-01-31",
}
"""What every profile of a story holds unless it says otherwise."""


@dataclass(frozen=True)
class Story:
    title: str
    text: str
    profile: Profile
    answers: dict[str, str]


def read() -> list[Story]:
    """Read the stories, each from one heading to the next."""
    made = list[Story]()
    for n, text in enumerate(re.split(r"^## ", STORIES.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:], 1):
        said = re.search(r"```json\n(.*?)\n```", text, re.DOTALL)
        assert said is not None
        row: dict[str, Any] = {"id": f"story-{n}", **COMMON, **json.loads(said[1])}
        profile = TypeAdapter(Profile).validate_json(json.dumps(row), strict=True)
        made.append(Story(text.splitlines()[0], text, profile, dict(ANSWER.findall(text))))
    return made


@cache
def folder() -> TemporaryDirectory[str]:
    """A folder that is there as long as the tests run."""
    return TemporaryDirectory(prefix="linkmatch-stories-")


@cache
def desk() -> Desk:
    store = Store.open(f"sqlite:///{folder().name}/stories.sqlite3")
    now = datetime.combine(DEMO_DAY, time(9), UTC)
    taxonomy, geography = build_taxonomy({"starter": read_starter()[0]}), build_geography({})
    store.create(now)
    store.put_offers(demo_world(np.random.default_rng(DEMO_SEED), taxonomy, geography.places, DEMO_DAY).offers, now)
    return Desk(store, Settings(data_dir=Path(folder().name)), clock=lambda: now)


def told(story: Story, lang: str) -> str:
    """The answer as a consultant reads it at a terminal."""
    return drawn(pathways_for(desk(), story.profile, Asker("c", Role.CONSULTANT, lang)))


@pytest.mark.parametrize("story", read(), ids=lambda story: story.title)
def test_the_answer_is_the_recorded_one(story: Story) -> None:
    assert set(story.answers) == set(LANGUAGES)
    for lang in LANGUAGES:
        assert told(story, lang) == story.answers[lang]


@pytest.mark.parametrize("story", read(), ids=lambda story: story.title)
def test_the_three_languages_say_the_same(story: Story) -> None:
    said = [re.sub(r"(?<=\d),(?=\d)", ".", story.answers[lang]) for lang in LANGUAGES]
    if "story-5" in said[0] or "story-" not in said[0]:
        return  # dates and values tried stand in words
    lines = [[re.findall(r"\d+(?:\.\d+)?|par-\d+|vac-\d+", line) for line in text.splitlines()] for text in said]
    assert [list(map(sorted, some)) for some in lines[1:]] == [list(map(sorted, lines[0]))] * 2


def test_there_are_ten_stories_at_least_each_with_a_verdict() -> None:
    stories = read()
    assert len(stories) >= 10
    assert all("**A consultant should find:**" in story.text for story in stories)


def record() -> None:
    """Write the answers anew."""
    text = STORIES.read_text(encoding="utf-8")
    for story in read():
        fresh = story.text
        for lang, answer in story.answers.items():
            fresh = fresh.replace(f"```text {lang}\n{answer}\n```", f"```text {lang}\n{told(story, lang)}\n```")
        text = text.replace(story.text, fresh)
    STORIES.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    record()
