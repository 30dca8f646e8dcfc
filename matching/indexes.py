"""Indexes of text linking as files: built once from a taxonomy, checked, mapped into memory by every process after.

A folder per index: ``manifest.json`` tells how it is put together, with the digest of each ``.npy`` file beside it. Reading
one runs no code. A folder that is damaged, or made by other code or from another taxonomy, is not used: the index is built anew.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy import sparse

from matching.linking import index as index_module
from matching.linking import wording as wording_module
from matching.linking.index import Index, Labels, Tongue, build
from matching.linking.wording import Compounds
from matching.taxonomy import Taxonomy

MANIFEST: Final = "manifest.json"
SHAPES: Final[Mapping[str, type[Any]]] = {shape.__name__: shape for shape in (Index, Labels, Tongue, Compounds)}
KEPT: Final = 4
"""Folders that stay: two kinds of the taxonomy in use, and of the one before."""


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
        return read(place)
    except (OSError, ValueError, KeyError, TypeError):
        notice(kind)
    made = build(taxonomy, kind)
    try:
        write(made, place)
    except OSError:
        return made  # a full or read-only disk costs time at the next start, not an answer
    _tidy(folder)
    return read(place)


def _version(taxonomy: Taxonomy) -> str:
    """Name what an index depends on: the taxonomy, and the code that builds it."""
    sources = [Path(str(module.__file__)).read_bytes() for module in (index_module, wording_module)]
    return hashlib.sha256(b"\0".join([taxonomy.version.encode(), *sources])).hexdigest()[:16]


def write(index: Index, place: Path) -> None:
    """Write an index; a folder is there whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=place.parent))
    try:
        plan = _put(index, "index", making)
        files = {path.name: _digest(path) for path in sorted(making.glob("*.npy"))}
        (making / MANIFEST).write_text(json.dumps({"plan": plan, "files": files}, ensure_ascii=False), encoding="utf-8")
        if place.exists():
            shutil.rmtree(place)
        making.rename(place)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def read(place: Path) -> Index:
    """Read an index, its arrays mapped into memory.

    Raises
    ------
    ValueError
        A file does not have its digest.
    OSError, KeyError, TypeError
        Something is missing.
    """
    manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    for name, digest in manifest["files"].items():
        if _digest(place / name) != digest:
            raise ValueError(name)
    made = _get(manifest["plan"], place)
    if not isinstance(made, Index):
        raise TypeError(place.name)
    return made


def _put(value: Any, name: str, place: Path) -> dict[str, Any]:
    """Write the arrays of a value; give the plan by which `_get` puts it together."""
    if is_dataclass(value):
        parts = {part.name: getattr(value, part.name) for part in fields(value) if not part.name.startswith("_")}
        return {"of": type(value).__name__, "parts": {part: _put(one, f"{name}.{part}", place) for part, one in parts.items()}}
    if sparse.issparse(value):
        parts = {part: _put(getattr(value, part), f"{name}.{part}", place) for part in ("data", "indices", "indptr")}
        return {"of": "csr", "parts": parts, "shape": list(value.shape)}
    if isinstance(value, np.ndarray):
        np.save(place / f"{name}.npy", value, allow_pickle=False)
        return {"of": "array", "file": f"{name}.npy"}
    if isinstance(value, Mapping):
        return {"of": "counts", "keys": list(value), "values": list(value.values())}
    if all(isinstance(one, str) for one in value):
        return {"of": "texts", "texts": list(value)}
    return {"of": "several", "parts": [_put(one, f"{name}.{at}", place) for at, one in enumerate(value)]}


def _get(plan: Mapping[str, Any], place: Path) -> Any:
    kind = plan["of"]
    if kind == "array":
        return np.load(place / plan["file"], mmap_mode="r", allow_pickle=False)
    if kind == "texts":
        return tuple(plan["texts"])
    if kind == "counts":
        return dict(zip(plan["keys"], plan["values"], strict=True))
    if kind == "several":
        return tuple(_get(part, place) for part in plan["parts"])
    parts = {name: _get(part, place) for name, part in plan["parts"].items()}
    if kind == "csr":
        return sparse.csr_matrix((parts["data"], parts["indices"], parts["indptr"]), shape=tuple(plan["shape"]), copy=False)
    return SHAPES[kind](**parts)


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _tidy(folder: Path) -> None:
    """Remove the oldest folders."""
    made = sorted((path for path in folder.iterdir() if (path / MANIFEST).exists()), key=lambda path: path.stat().st_mtime)
    for path in made[:-KEPT]:
        shutil.rmtree(path, ignore_errors=True)
