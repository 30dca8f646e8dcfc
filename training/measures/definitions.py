"""What is measured, in one versioned file: definitions of a hire, settings, and their words in three languages."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Literal

import annotated_types as at
from pydantic import TypeAdapter, ValidationError

from matching.codes import LANGUAGES_OF_SERVICE, Contract
from matching.records import RECORD_CONFIG, DataError, Problem, camel

DEFINITIONS: Final = Path(__file__).parent.parent / "definitions.json"
"""The definitions that come with the service."""

Measured = Literal["by", "at"]
Days = Annotated[int, at.Ge(0), at.Le(3660)]
Share = Annotated[float, at.Gt(0), at.Lt(1)]
Said = Mapping[str, Annotated[str, at.MinLen(1)]]


@dataclass(frozen=True, slots=True)
class Settings:
    """What all definitions share.

    ``target`` is the share aimed at; ``confidence`` of intervals; ``reporting_lag_days`` before the date of the data are not
    counted; below ``minimum_for_rate`` people there is no rate; a cell of fewer than ``minimum_cell`` people is not shown; below
    ``minimum_events`` no conclusion is drawn; ``interview_days`` is the window of a comparison of policies.
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    target: Share
    confidence: Share
    horizon_days: Annotated[tuple[Days, ...], at.MinLen(1)]
    reporting_lag_days: Days
    withdrawn_reasons: tuple[str, ...]
    minimum_for_rate: Annotated[int, at.Ge(1)]
    minimum_cell: Annotated[int, at.Ge(1)]
    minimum_events: Annotated[int, at.Ge(1)]
    interview_days: Days


@dataclass(frozen=True, slots=True)
class Definition:
    """What counts as a hire, and when.

    A job counts that started ``by`` day ``days`` after registration, or goes on ``at`` it, lasted ``minimum_days``, was kept
    ``kept_days`` (confirmed), and whose vacancy was suggested in the ``suggested_days`` before the hire; each ``None`` asks
    nothing. ``excluded_contracts``, hours below ``minimum_hours`` and, unless ``subsidised``, jobs at offers of other kinds than
    a vacancy do not count; what nobody stated excludes nothing.
    """

    __pydantic_config__: ClassVar = RECORD_CONFIG
    measured: Measured
    days: Days
    minimum_days: Days
    kept_days: Days | None
    suggested_days: Days | None
    excluded_contracts: tuple[Contract, ...]
    minimum_hours: Annotated[float, at.Gt(0), at.Le(60)] | None
    subsidised: bool
    title: Said
    words: Said
    name: str = ""


@dataclass(frozen=True, slots=True)
class Definitions:
    """The registered definitions by name; ``digest`` (SHA-256, hexadecimal) is printed with every report."""

    __pydantic_config__: ClassVar = RECORD_CONFIG
    version: str
    settings: Settings
    definitions: Mapping[str, Definition]
    words: Mapping[str, Said]
    digest: str = ""

    def named(self, name: str) -> Definition:
        """Give a definition.

        Raises
        ------
        DataError
            ``not_in_list``: no definition is registered under this name.
        """
        if name not in self.definitions:
            raise DataError([Problem("not_in_list", "definitions", "definition", name[:60], ", ".join(self.definitions))])
        return self.definitions[name]


def read_definitions(path: Path = DEFINITIONS) -> Definitions:
    """Read a file of definitions.

    Raises
    ------
    DataError
        The file cannot be read, a setting is absent, unknown or of the wrong kind, or anything lacks its words.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        named = {name: {**one, "name": name} for name, one in content["definitions"].items()}
        return _checked(
            path, TypeAdapter(Definitions).validate_python({**content, "definitions": named, "digest": _digest(content)})
        )
    except ValidationError as error:
        problems = [
            Problem("invalid", path.name, ".".join(map(str, one["loc"])), str(one["input"])[:60], one["msg"])
            for one in error.errors()
        ]
        raise DataError(problems) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError([Problem("bad_file", path.name, "definitions", type(error).__name__, "a file of definitions")]) from error


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def _checked(path: Path, found: Definitions) -> Definitions:
    """Refuse a file in which a setting or a definition is not said in every language."""
    silent = [f"words.{name}" for name in found.settings.__slots__ if camel(name) not in found.words]
    said = {f"words.{name}": words for name, words in found.words.items()}
    said |= {f"definitions.{name}.title": one.title for name, one in found.definitions.items()}
    said |= {f"definitions.{name}.words": one.words for name, one in found.definitions.items()}
    silent += [where for where, words in said.items() if set(words) != set(LANGUAGES_OF_SERVICE)]
    if silent:
        raise DataError([Problem("missing", path.name, where, None, ", ".join(LANGUAGES_OF_SERVICE)) for where in silent])
    return found
