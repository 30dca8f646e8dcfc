"""From the store to what the engine searches: offers and people as arrays, kept as files and brought up to date.

A folder of files is named after the digests of all records in it, the day where that matters, and everything else it depends
on, so that it is never out of date: it is found, or made. Making one takes over the rows of records that did not change.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from matching import guidance, indexes, ragged, stock, vectors
from matching.matcher import Matcher, People
from matching.stock import Stock
from matching.store import Store, Stored

CHUNK: Final = 20_000
"""Records read and turned into arrays at a time."""
KEPT: Final = 2
"""Folders of a kind that stay: the one in use, and the one before."""
TRIES: Final = 5
COLUMNS: Final = ("ids", "digests", "reasons", "withheld", "known")
"""Fields of `People` with one entry for each profile."""
SOURCES: Final = (guidance, ragged, stock, vectors)
"""Modules whose code decides what stands in the files."""

Progress = Callable[[int], None]


class MovedError(RuntimeError):
    """Records changed while they were read, again and again."""


def stock_of(
    store: Store, folder: Path, matcher: Matcher | None, make: Matcher, progress: Progress = lambda _: None
) -> tuple[Stock, str]:
    """Give the offers of the store, and the version of the index that holds them.

    Parameters
    ----------
    folder
        Where indexes are kept.
    matcher
        One over the same taxonomy and places whose rows may be taken over.
    make
        A matcher with taxonomy, places and groups; its own offers do not matter.
    progress
        Told how many records were read so far.
    """
    for _ in range(TRIES):
        listed = store.digests("offers")
        name = _name("offers", listed, _depends(make))
        try:
            return indexes.read(folder / name, Stock), name
        except indexes.UNUSABLE:
            base = matcher.stock if matcher else indexes.newest(folder, f"offers-{_depends(make)}-", Stock)
        made = _arranged(store, listed, base, make, progress)
        if made is not None:
            return indexes.keep(made, folder / name, KEPT), name
    raise MovedError("offers")


def _arranged(
    store: Store, listed: Sequence[tuple[str, str]], base: Stock | None, make: Matcher, progress: Progress
) -> Stock | None:
    """Arrange the offers listed; ``None`` when one of them has changed meanwhile."""
    (kept, missing), digests = _compare(listed, base), dict(listed)
    parts, leads_to, ids = [], [], []
    if base is not None:
        parts.append(ragged.take(base.offers, kept))
        leads_to.append(stock.levels(base)[kept])
        ids.append(base.ids[kept])
    for some in _chunks(missing, progress):
        found = _whole(store.offers_of(some), some, digests)
        if found is None:
            return None
        records = [one.record for one in found]
        parts.append(vectors.offers(records, make.taxonomy, make.geography, tuple(make.groups)))
        leads_to.append(np.array([stock.dutch_level(record) for record in records], dtype=np.int32))
        ids.append(_encoded(some))
    offers = ragged.join(parts)
    names = np.concatenate(ids)
    return stock.arrange(
        names,
        offers._replace(proposed=np.zeros(len(names), dtype=np.int32)),
        np.concatenate(leads_to),
        make.taxonomy,
        _encoded([digests[bytes(one).decode()] for one in names]),
    )


def people_of(
    store: Store, folder: Path, before: People | None, matcher: Matcher, today: date, progress: Progress = lambda _: None
) -> People:
    """Give everybody in the store as the engine reads them on one day; the rows of ``before`` may be taken over."""
    for _ in range(TRIES):
        listed = store.digests("profiles")
        depends = f"{_depends(matcher)}-{today:%Y%m%d}"
        name = _name("people", listed, depends)
        try:
            return indexes.read(folder / name, People)
        except indexes.UNUSABLE:
            usable = before if before is not None and before.today == today else None
            base = usable or indexes.newest(folder, f"people-{depends}-", People)
        made = _gathered(store, listed, base, matcher, today, progress)
        if made is not None:
            return indexes.keep(made, folder / name, KEPT)
    raise MovedError("profiles")


def _gathered(
    store: Store, listed: Sequence[tuple[str, str]], base: People | None, matcher: Matcher, today: date, progress: Progress
) -> People | None:
    (kept, missing), digests = _compare(listed, base), dict(listed)
    parts = [] if base is None else [_chosen(base, kept)]
    for some in _chunks(missing, progress):
        found = _whole(store.profiles_of(some), some, digests)
        if found is None:
            return None
        parts.append(matcher.people([one.record for one in found], today))
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS}
    # The numbers of keys mean something among the same people only.
    arrays = ragged.join([part.arrays._replace(key=part.arrays.key[:, :0]) for part in parts])
    joined = _chosen(People(**columns, arrays=arrays, today=today), np.argsort(columns["ids"], kind="stable"))
    keyed = joined.arrays._replace(key=stock.keys(joined.arrays))
    return replace(joined, digests=_encoded([digest for _, digest in listed]), arrays=keyed)


def _chosen(people: People, rows: npt.NDArray[np.intp]) -> People:
    columns = {name: getattr(people, name)[rows] for name in COLUMNS}
    return People(**columns, arrays=ragged.take(people.arrays, rows), today=people.today)


def _compare(listed: Sequence[tuple[str, str]], base: Any) -> tuple[npt.NDArray[np.intp], list[str]]:
    """Give the rows of ``base`` that still stand, and the ids of the records to be read."""
    if base is None:
        return np.zeros(0, dtype=np.intp), [name for name, _ in listed]
    pairs = zip(base.ids.tolist(), base.digests.tolist(), strict=True)
    there = {(name.decode(), digest.decode()): row for row, (name, digest) in enumerate(pairs)}
    kept = [there.get(pair, -1) for pair in listed]
    missing = [name for (name, _), row in zip(listed, kept, strict=True) if row < 0]
    return np.array([row for row in kept if row >= 0], dtype=np.intp), missing


def _chunks(missing: Sequence[str], progress: Progress) -> Iterable[list[str]]:
    """Cut ids into chunks: one at least, be it empty, so that there is something to join."""
    for first in range(0, max(len(missing), 1), CHUNK):
        yield list(missing[first : first + CHUNK])
        progress(min(first + CHUNK, len(missing)))


def _whole(found: Mapping[str, Stored[Any]], wanted: Sequence[str], digests: Mapping[str, str]) -> list[Stored[Any]] | None:
    """Give the records wanted in order; ``None`` when one is gone or changed."""
    whole = all(name in found and found[name].digest == digests[name] for name in wanted)
    return [found[name] for name in wanted] if whole else None


def _encoded(texts: Sequence[str]) -> npt.NDArray[np.bytes_]:
    return np.array([text.encode() for text in texts], dtype=np.bytes_)


def _depends(matcher: Matcher) -> str:
    """Name what files depend on besides the records."""
    said = [matcher.taxonomy.version, matcher.geography.version, repr(sorted(matcher.groups.items()))]
    code = [Path(str(module.__file__)).read_bytes() for module in SOURCES]
    return hashlib.sha256(b"\0".join([*(text.encode() for text in said), *code])).hexdigest()[:12]


def _name(kind: str, listed: Sequence[tuple[str, str]], depends: str) -> str:
    digest = hashlib.sha256("\n".join(f"{name} {digest}" for name, digest in listed).encode())
    return f"{kind}-{depends}-{digest.hexdigest()[:16]}"
