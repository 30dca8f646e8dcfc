"""Reports kept on disk: every one that was computed, whole or not at all, so that the same numbers can be read again later.

An edition is one file, named after when it was computed, the day its data stand for, and what is in it. Nothing in a report is
about one person.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from matching.files import write_whole
from matching.settings import version

REPORTS: Final = "reports"
"""Folder of the reports in the data folder."""
MATCH_TO_HIRE: Final = "match-to-hire"
EVALUATION: Final = "evaluation"
_MOMENT: Final = "%Y%m%dT%H%M%S%fZ"
_DAY: Final = "%Y%m%d"
_NAME: Final = re.compile(r"(\d{8}T\d{12}Z)-(\d{8})-([0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class Edition:
    """One report that was computed: its name, when (UTC), and the day as of which it tells."""

    name: str
    computed_at: datetime
    as_of: date


def keep(folder: Path, document: Mapping[str, Any], now: datetime) -> str:
    """Write a report, whole or not at all, and give the name of its edition.

    Parameters
    ----------
    folder
        That of all reports.
    document
        The report; its ``report`` names the kind, ``asOf`` the day of the data.
    """
    shelf = folder / str(document["report"])
    shelf.mkdir(parents=True, exist_ok=True)
    content = {"computedAt": now.astimezone(UTC).isoformat(), "serviceVersion": version(), "report": document}
    data = (json.dumps(content, ensure_ascii=False, allow_nan=False) + "\n").encode()
    day = date.fromisoformat(document["asOf"])
    name = f"{now.astimezone(UTC).strftime(_MOMENT)}-{day.strftime(_DAY)}-{_digest(data)}"
    write_whole(shelf / f"{name}.json", data)
    return name


def editions(folder: Path, kind: str) -> list[Edition]:
    """List the editions of a kind of report, the newest first."""
    found = []
    for path in (folder / kind).glob("*.json"):
        if named := _NAME.fullmatch(path.stem):
            computed = datetime.strptime(named[1], _MOMENT).replace(tzinfo=UTC)
            found.append(Edition(path.stem, computed, datetime.strptime(named[2], _DAY).date()))
    return sorted(found, key=lambda edition: edition.name, reverse=True)


def read(folder: Path, kind: str, edition: Edition) -> dict[str, Any]:
    """Read the report of an edition.

    Raises
    ------
    OSError, ValueError
        It is not there any more, or is not what was written.
    """
    data = (folder / kind / f"{edition.name}.json").read_bytes()
    if not edition.name.endswith(_digest(data)):
        raise ValueError("a report that was kept is damaged")
    found: dict[str, Any] = json.loads(data)["report"]
    return found


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()[:16]
