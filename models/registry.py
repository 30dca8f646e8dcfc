"""Models kept on disk: one folder for each version, and a pointer to the one in use, swapped whole.

A version holds ``model.json`` (`models.artifact`), ``card.json`` and the card as pages people read (``card.en.md``). The pointer,
``current.json``, also remembers what was in use before, so that going back needs nothing but the pointer.
"""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from matching.files import write_whole
from matching.records import DataError, Problem
from models.artifact import BASELINE, checksum, load, save
from models.match_model import MatchModel
from models.refusal import Refused

MODELS: Final = "models"
"""Folder of the models in the data folder."""
MODEL: Final = "model.json"
CARD: Final = "card.json"
POINTER: Final = "current.json"
LOCK: Final = ".lock"
BASELINES: Final = ("random", "newest", "most_suggested", "profession_and_distance", "hand_set")
"""What every model must have been compared with; also text resemblance, where texts were there."""
SKILL: Final = "mrr"
"""The measure, of hires alone, by which a model must be ahead of chance."""
DECIDING: Final = "ndcg_10"
"""The measure by which a model may not rank worse than the one in use."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """The version in use, ``None`` for the hand-set tables, and those before it, the latest last."""

    current: str | None = None
    before: tuple[str | None, ...] = ()


def pointer(folder: Path) -> Pointer:
    """Read which version is in use; without a pointer these are the hand-set tables.

    Raises
    ------
    DataError
        The pointer is damaged.
    """
    try:
        found = json.loads((folder / POINTER).read_text(encoding="utf-8"))
        return Pointer(found["current"], tuple(found["before"]))
    except FileNotFoundError:
        return Pointer()
    except (ValueError, KeyError, TypeError) as error:
        raise DataError([Problem("bad_file", POINTER, "current", type(error).__name__, "a version")]) from error


def _point(folder: Path, to: Pointer) -> None:
    """Swap the pointer whole."""
    write_whole(folder / POINTER, json.dumps({"current": to.current, "before": to.before}).encode())


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until nobody else changes what is in use: what is read inside is still so when it is written."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def versions(folder: Path) -> list[str]:
    """List the versions kept, in the order in which they were made."""
    found = [path.parent for path in folder.glob(f"*/{MODEL}") if not path.parent.name.startswith(".")]
    return [path.name for path in sorted(found, key=lambda path: ((path / MODEL).stat().st_mtime_ns, path.name))]


def model_file(folder: Path, version: str | None) -> Path:
    """Give the file of a version, ``None`` for the hand-set tables.

    Raises
    ------
    Refused
        ``no_version``: there is none of that name.
    """
    if version is None:
        return BASELINE
    if version not in versions(folder):
        raise Refused("no_version", version)
    return folder / version / MODEL


def current(folder: Path) -> MatchModel:
    """Load the model in use: the promoted one, or the hand-set tables."""
    return load(model_file(folder, pointer(folder).current))


def known(folder: Path) -> dict[str, MatchModel]:
    """Load every model there is by the version that the log knows it by, the hand-set tables among them."""
    models = [load(model_file(folder, version)) for version in (None, *versions(folder))]
    return {model.version: model for model in models}


def keep(folder: Path, content: Mapping[str, Any], card: Mapping[str, Any], pages: Mapping[str, str]) -> str:
    """Write a new version, whole or not at all, and give its name; the same model twice is one version.

    Parameters
    ----------
    card
        Goes in as it is, with the model's version and checksum.
    pages
        The card as Markdown, by language.
    """
    digest = checksum(dict(content))
    version = f"{content['name']}-{digest[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=".part-", dir=folder))
    part.chmod(0o755)  # a service that runs as somebody else reads it; nothing in it is personal
    save(dict(content), part / MODEL)
    written = {**card, "model": version, "checksum": digest}
    (part / CARD).write_text(json.dumps(written, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
    for lang, page in pages.items():
        (part / f"card.{lang}.md").write_text(page, encoding="utf-8")
    try:
        os.replace(part, folder / version)
    except OSError:  # it is there already
        shutil.rmtree(part)
        if not (folder / version / MODEL).exists():
            raise
    return version


def card(folder: Path, version: str) -> dict[str, Any]:
    """Read the card of a version.

    Raises
    ------
    Refused
        ``no_version``, or ``no_card``: it has none, or one of another model.
    """
    path = model_file(folder, version)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        found: dict[str, Any] = json.loads((folder / version / CARD).read_text(encoding="utf-8"))
        fits = found["checksum"] == checksum(content) and found["model"] == version
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refused("no_card", version) from error
    if not fits:
        raise Refused("no_card", version)
    return found


def page(folder: Path, version: str, lang: str) -> str:
    """Read the card of a version as a page in one language."""
    path = model_file(folder, version).with_name(f"card.{lang}.md")
    if not path.exists():
        raise Refused("no_card", version)
    return path.read_text(encoding="utf-8")


def promote(folder: Path, version: str) -> None:
    """Put a version in use; one that is in use already stays.

    Raises
    ------
    Refused
        ``no_version``, ``no_card``, ``no_self_test``, ``not_compared`` (with the model in use and every baseline), ``no_skill``
        (the interval of its lead over random ranking on later data holds zero, or it found no signal where it learned) or
        ``worse``.
    DataError
        The file is damaged, or fails its self-test.
    """
    with _alone(folder):
        at = pointer(folder)
        if version != at.current:
            _check(folder, version)
            _point(folder, Pointer(version, (*at.before, at.current)))


def _check(folder: Path, version: str) -> None:
    """Refuse a version that may not be put in use: its file, its card, and what it was compared with."""
    path = model_file(folder, version)
    load(path)
    found = card(folder, version)
    if json.loads(path.read_text(encoding="utf-8")).get("self_test") is None:
        raise Refused("no_self_test", version)
    in_use = current(folder).version
    compared = found.get("differences", {})
    absent = [name for name in ("current", *BASELINES) if DECIDING not in compared.get(name, {})]
    if found.get("compared_with") != in_use:
        absent = [in_use, *(name for name in absent if name != "current")]
    if absent:
        raise Refused("not_compared", version, ", ".join(absent))
    over_chance = {"signal": found.get("signal", {}), SKILL: compared["random"].get(SKILL, {})}
    for name, figure in over_chance.items():
        if not _at_least(figure.get("low"), float(np.nextafter(0, 1))):
            raise Refused("no_skill", version, name)
    for name, other in (("current", in_use), ("hand_set", load().version)):
        if not _at_least(compared[name][DECIDING]["high"], 0.0):
            raise Refused("worse", version, other)


def _at_least(figure: float | None, least: float) -> bool:
    """Compare a figure of a card; one that is not known is not enough."""
    return figure is not None and figure >= least


def rollback(folder: Path) -> str | None:
    """Put back in use what was in use before, and give its name; ``None`` stands for the hand-set tables.

    A model that is gone or damaged meanwhile is passed over: going back may not end at it.

    Raises
    ------
    Refused
        ``no_previous``.
    """
    with _alone(folder):
        before = list(pointer(folder).before)
        while before:
            last = before.pop()
            try:
                load(model_file(folder, last))
            except (DataError, Refused):
                if not before:
                    raise
            else:
                _point(folder, Pointer(last, tuple(before)))
                return last
        raise Refused("no_previous")
