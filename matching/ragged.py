"""Rows with lists of any length: one structured row per record, which says where its part of each flat array stands.

The flat arrays and the arrays with one entry per row stand beside ``rows`` in a named tuple; a field ``name`` is flat where
the rows hold ``name_start`` and ``name_end``.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

T = TypeVar("T", bound=Any)


class Ragged:
    """Grows one ragged field: a flat list, and where each row starts."""

    def __init__(self) -> None:
        self.flat: list[Any] = []
        self.start: list[int] = [0]

    def add(self, row: Iterable[Any]) -> None:
        """Add the values of the next row."""
        self.flat.extend(row)
        self.start.append(len(self.flat))

    def write(self, rows: Any, name: str) -> None:
        """Write where each row starts and ends into ``name_start`` and ``name_end``."""
        rows[f"{name}_start"] = self.start[:-1]
        rows[f"{name}_end"] = self.start[1:]

    def values(self, width: int = 1, dtype: npt.DTypeLike = np.int32) -> Any:
        """Give the flat array, ``width`` numbers for each value."""
        flat = np.asarray(self.flat, dtype=dtype)
        return flat.reshape(-1, width) if width > 1 else flat


def names_of(arrays: Any) -> tuple[str, ...]:
    """Name the fields of the rows."""
    names: tuple[str, ...] = arrays.rows.dtype.names
    return names


def take(arrays: T, rows: npt.NDArray[np.intp]) -> T:
    """Give some rows, in the order given, with what belongs to them."""
    chosen = arrays.rows[rows].copy()
    taken = {"rows": chosen}
    for name in arrays._fields[1:]:
        if f"{name}_start" not in names_of(arrays):
            taken[name] = getattr(arrays, name)[rows]
            continue
        first, length = chosen[f"{name}_start"].copy(), chosen[f"{name}_end"] - chosen[f"{name}_start"]
        start = np.concatenate([[0], np.cumsum(length)])
        taken[name] = getattr(arrays, name)[np.repeat(first - start[:-1], length) + np.arange(start[-1])]
        chosen[f"{name}_start"], chosen[f"{name}_end"] = start[:-1], start[1:]
    made: T = type(arrays)(**taken)
    return made


def join(parts: Sequence[T]) -> T:
    """Give the rows of all parts, one after the other."""
    rows = np.concatenate([part.rows for part in parts])
    joined = {"rows": rows}
    ends = np.cumsum([0, *(len(part.rows) for part in parts)])
    for name in parts[0]._fields[1:]:
        flats = [getattr(part, name) for part in parts]
        joined[name] = np.concatenate(flats)
        if f"{name}_start" in names_of(parts[0]):
            for first, end, before in zip(ends[:-1], ends[1:], np.cumsum([0, *map(len, flats)]), strict=False):
                rows[f"{name}_start"][first:end] += before
                rows[f"{name}_end"][first:end] += before
    made: T = type(parts[0])(**joined)
    return made
