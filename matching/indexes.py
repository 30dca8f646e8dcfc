"""Indexes as files: built once, checked when read, mapped into memory and shared by every process after.

A folder per index: ``manifest.json`` tells how it is put together, with the digest of each ``.npy`` file beside it. Reading
one runs no code. A folder that is damaged is never used, but made anew; none is ever changed. What was left by a process
that was stopped is removed by the next one that writes.
"""

import fcntl
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
from scipy import sparse

from matching.linking import index as index_module
from matching.linking import wording as wording_module
from matching.linking.index import Index, Labels, Tongue, build
from matching.linking.wording import Compounds
from matching.matcher import People
from matching.stock import Groups, Stock
from matching.taxonomy import Taxonomy
from matching.vectors import OFFER, PROFILE, Offers, Profiles

T = TypeVar("T")

MANIFEST: Final = "manifest.json"
LOCK: Final = ".lock"
MAKING: Final = ".making-"
LINKED: Final = (Index, Labels, Tongue, Compounds)
SEARCHED: Final = (Stock, Groups, Offers, People, Profiles)
SHAPES: Final[Mapping[str, type[Any]]] = {shape.__name__: shape for shape in (*LINKED, *SEARCHED)}
ROWS: Final = {"Offers": OFFER, "Profiles": PROFILE}
KEPT: Final = 4
"""Folders of linking that stay: two kinds of the taxonomy in use, and of the one before."""
UNUSABLE: Final = (OSError, ValueError, KeyError, TypeError)
"""What reading a folder raises that is not there, not whole, or not of the kind wanted."""


def load_or_build(folder: Path, taxonomy: Taxonomy, kind: str, notice: Callable[[str], None] = lambda _: None) -> Index:
    """Read the index of one kind from its files; build it and write them where they are not there or not whole.

    Parameters
    ----------
    folder
        Where indexes are kept.
    taxonomy, kind
        Whose concepts: ``occupation`` or ``competence``.
    notice
        Told the kind before an index is built, which takes seconds for a large taxonomy.
    """
    place = folder / f"{kind}-{_version(taxonomy)}"
    try:
        return read(place, Index)
    except UNUSABLE:
        notice(kind)
    return keep(build(taxonomy, kind), place, KEPT, "")


def _version(taxonomy: Taxonomy) -> str:
    """Name what an index of linking depends on: the taxonomy, and the code that builds it."""
    sources = [Path(str(module.__file__)).read_bytes() for module in (index_module, wording_module)]
    return hashlib.sha256(b"\0".join([taxonomy.version.encode(), *sources])).hexdigest()[:16]


def keep(value: T, place: Path, most: int, kind: str | None = None) -> T:
    """Write a value and give it as read back; on a full or read-only disk, the value itself.

    At most ``most`` folders whose names begin with ``kind`` (default: the name up to its first hyphen) stay, the newest.
    """
    try:
        with writing(place.parent):
            write(value, place)
            _tidy(place.parent, place.name.partition("-")[0] + "-" if kind is None else kind, most)
        return read(place, type(value))
    except UNUSABLE:
        return value  # it costs time at the next start, not an answer


def newest(folder: Path, prefix: str, shape: type[T]) -> T | None:
    """Read the newest whole folder whose name begins with a prefix; ``None`` when there is none."""
    for place in reversed(_folders(folder, prefix)):
        with suppress(*UNUSABLE):
            return read(place, shape)
    return None


def remove(folder: Path, prefix: str) -> None:
    """Remove every folder whose name begins with a prefix."""
    if folder.exists():
        with writing(folder):
            _tidy(folder, prefix, 0)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the right to write in a folder, alone on this machine; remove what a stopped process left half made there."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go by the system when the process ends, however it ends
        for left in folder.glob(f"{MAKING}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def write(value: Any, place: Path) -> None:
    """Write a value; a folder is there whole or not at all."""
    making = Path(tempfile.mkdtemp(prefix=MAKING, dir=place.parent))
    try:
        plan = _put(value, "index", making)
        files = {path.name: _digest(path) for path in sorted(making.glob("*.npy"))}
        (making / MANIFEST).write_text(json.dumps({"plan": plan, "files": files}, ensure_ascii=False), encoding="utf-8")
        if place.exists():
            shutil.rmtree(place)
        making.rename(place)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def read(place: Path, shape: type[T]) -> T:
    """Read a value, its arrays mapped into memory.

    Raises
    ------
    ValueError
        A file does not have its digest.
    OSError, KeyError, TypeError
        Something is missing, or it is of another shape.
    """
    manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    for name, digest in manifest["files"].items():
        if _digest(place / name) != digest:
            raise ValueError(name)
    made = _get(manifest["plan"], place)
    if not isinstance(made, shape):
        raise TypeError(place.name)
    return made


def _parts(value: Any) -> dict[str, Any] | None:
    """Give the parts of a dataclass or of a named tuple by name."""
    if is_dataclass(value):
        return {part.name: getattr(value, part.name) for part in fields(value) if not part.name.startswith("_")}
    return value._asdict() if hasattr(value, "_asdict") else None


def _put(value: Any, name: str, place: Path) -> dict[str, Any]:
    """Write the arrays of a value; give the plan by which `_get` puts it together."""
    parts = _parts(value)
    if parts is not None:
        return {"of": type(value).__name__, "parts": {part: _put(one, f"{name}.{part}", place) for part, one in parts.items()}}
    if sparse.issparse(value):
        parts = {part: _put(getattr(value, part), f"{name}.{part}", place) for part in ("data", "indices", "indptr")}
        return {"of": "csr", "parts": parts, "shape": list(value.shape)}
    if isinstance(value, np.ndarray):
        np.save(place / f"{name}.npy", value, allow_pickle=False)
        return {"of": "array", "file": f"{name}.npy"}
    if isinstance(value, date):
        return {"of": "day", "day": value.isoformat()}
    if isinstance(value, Mapping):
        return {"of": "counts", "keys": list(value), "values": list(value.values())}
    if all(isinstance(one, str) for one in value):
        return {"of": "texts", "texts": list(value)}
    return {"of": "several", "parts": [_put(one, f"{name}.{at}", place) for at, one in enumerate(value)]}


def _get(plan: Mapping[str, Any], place: Path) -> Any:
    kind = plan["of"]
    if kind == "array":
        # Copied when written to, which nobody does: compiled code then has one kind of array, mapped or not.
        return np.asarray(np.load(place / plan["file"], mmap_mode="c", allow_pickle=False))
    if kind == "texts":
        return tuple(plan["texts"])
    if kind == "day":
        return date.fromisoformat(plan["day"])
    if kind == "counts":
        return dict(zip(plan["keys"], plan["values"], strict=True))
    if kind == "several":
        return tuple(_get(part, place) for part in plan["parts"])
    parts = {name: _get(part, place) for name, part in plan["parts"].items()}
    if kind == "csr":
        return sparse.csr_matrix((parts["data"], parts["indices"], parts["indptr"]), shape=tuple(plan["shape"]), copy=False)
    if kind in ROWS:
        parts["rows"] = parts["rows"].view(ROWS[kind])  # the file does not keep that rows are aligned
    return SHAPES[kind](**parts)


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _folders(folder: Path, prefix: str) -> list[Path]:
    """Give the folders whose names begin with a prefix, the oldest first."""
    found = []
    for path in folder.glob(f"{prefix}*"):
        with suppress(OSError):  # another process may remove it meanwhile
            found.append(((path / MANIFEST).stat().st_mtime_ns, path))
    return [path for _, path in sorted(found)]


def _tidy(folder: Path, prefix: str, most: int) -> None:
    """Remove the oldest folders."""
    made = _folders(folder, prefix)
    for path in made[: len(made) - most]:
        shutil.rmtree(path, ignore_errors=True)
