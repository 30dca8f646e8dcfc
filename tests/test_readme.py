"""The README tells the truth: its sample is what the demo answers, and its commands exist."""

import json
import re
from pathlib import Path
from typing import Any

import click
import pytest

import cli
from matching.answers import as_json
from matching.codes import Role
from matching.desk import Asker, Question
from matching.settings import Settings
from training.demo import demo_desk

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    desk = demo_desk(Settings(data_dir=tmp_path_factory.mktemp("demo")))
    answer = as_json(desk.suggest(desk.profile("link-demo"), Question(), Asker("readme", Role.CONSULTANT, "en")))
    desk.store.close()
    found: dict[str, Any] = answer["suggestions"][0]
    return found


def rounded(value: Any) -> Any:
    return round(value, 2) if isinstance(value, float) else value


def test_the_json_is_that_of_the_demo(first: dict[str, Any]) -> None:
    (sample,) = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", README, re.DOTALL))
    for name, value in sample.items():
        if name not in {"suggestionId", "reasons", "toCheck"}:
            assert rounded(first[name]) == value, name
    by_name = {reason["comparison"]: reason for reason in first["reasons"]}
    for reason in sample["reasons"]:
        assert {name: rounded(value) for name, value in by_name[reason["comparison"]].items()} == reason
    assert all(check in first["toCheck"] for check in sample["toCheck"])


def test_the_table_adds_up_and_is_that_of_the_demo(first: dict[str, Any]) -> None:
    (table,) = re.findall(r"```\n( 1\. .*?)```", README, re.DOTALL)
    added = [float(number.replace("−", "-")) for number in re.findall(r"^ +([+−][\d.]+) ", table, re.MULTILINE)]
    assert round(sum(added), 2) == round(first["score"], 2) == float(re.findall(r"= ([\d.]+) score", table)[0])
    assert first["title"] in table
    assert f"known data: {round(100 * first['coverage'])} %" in table


def test_every_command_exists() -> None:
    context = click.Context(cli.cli)
    for line in re.findall(r"^linkmatch ([\w ]+?)(?= [A-Z-]| \S*[/.]|\s+#|$)", README, re.MULTILINE):
        command: Any = cli.cli
        for word in line.split():
            if not isinstance(command, click.Group):
                break  # an argument
            command = command.get_command(context, word)
            assert command is not None, line
