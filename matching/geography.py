"""Places and the minutes between them, one table per way to travel.

Minutes are door to door, one way, on a weekday morning. They come from an imported matrix where there is one, else from
a model fitted on Brussels public transport; the two are never confused (`Geography.imported`).
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from matching.codes import Mode
from matching.records import DataError, Problem

MODES: Final = tuple(Mode)
UNKNOWN_MINUTES: Final = 255
LONGEST_MINUTES: Final = 254
BRUSSELS: Final = "brussels"
REGIONS: Final = (BRUSSELS, "flanders", "wallonia")

EARTH_RADIUS_KM: Final = 6371.0088
SAME_POSTCODE_KM: Final = 0.8
"""Straight distance taken between two addresses of one postcode."""

MODEL_MINUTES: Final = 250
"""The model says nothing beyond this."""

TRANSIT_KM: Final = 60.0
TRANSIT_IN_BRUSSELS: Final = (10.8, 3.45)
TRANSIT_ELSEWHERE: Final = (24.1, 3.03)
"""Public transport: minutes at 0 km and per straight km, fitted on a weekday morning without trains.

Standard deviation: 5 minutes inside Brussels, 12 between Brussels and its edge. Between two places of the edge the same
line is on average 12 minutes too quick (s.d. 15): fitted pairs have an end in Brussels.
"""

DETOUR: Final = 1.3
"""Road kilometres for one straight kilometre."""

BICYCLE: Final = (3.0, 15.0)
CAR_IN_BRUSSELS: Final = (8.0, 22.0)
CAR_ELSEWHERE: Final = (8.0, 45.0)
FOOT: Final = (0.0, 4.5)
"""Other modes: minutes before leaving and after arriving (parking included), and km per hour on the road."""


@dataclass(frozen=True, slots=True)
class Place:
    """A postcode with its names, municipality (NIS code, ``None`` when unknown) and centroid in degrees (WGS 84).

    ``region`` is ``brussels``, ``flanders`` or ``wallonia``.
    """

    postcode: str
    name_fr: str
    name_nl: str
    nis: str | None
    latitude: float
    longitude: float
    region: str


@dataclass(frozen=True, slots=True, eq=False)
class Geography:
    """Places and the minutes between them; immutable, replaced as a whole.

    Attributes
    ----------
    places : tuple of Place
        Sorted by postcode; their positions are the axes of the arrays.
    index : dict of str to int
        Postcode -> position in ``places``.
    minutes : uint8 array, (n_modes, n_places, n_places)
        ``minutes[mode, from, to]``, modes in the order of `matching.codes.Mode`; 255 is unknown, 254 is "254 or more".
    imported : bool array, (n_places, n_places)
        Whether the public-transport minutes come from an imported matrix and not from the model.
    at_most : bool
        Whether that matrix leaves out trains: its minutes are then an upper bound.
    version : str
        Digest of the content.
    """

    places: tuple[Place, ...]
    index: dict[str, int]
    minutes: NDArray[np.uint8]
    imported: NDArray[np.bool_]
    at_most: bool
    version: str

    @classmethod
    def build(
        cls, places: Iterable[Place], pairs: Mapping[tuple[str, str], float], without_trains: bool = True
    ) -> Self:
        """Compute every table from the places and the imported public-transport minutes.

        Parameters
        ----------
        places : iterable of Place
            In any order, each postcode once.
        pairs : mapping of (from postcode, to postcode) to minutes
            Replaces the model in its direction, and in the other one when that is absent. Pairs that name a postcode
            outside ``places`` wait for it and change nothing.
        without_trains : bool
            Whether the imported minutes leave out trains.

        Raises
        ------
        DataError
            A postcode twice, or a region that is not one of the three.
        """
        ordered = tuple(sorted(places, key=lambda place: place.postcode))
        _check(ordered)
        index = {place.postcode: row for row, place in enumerate(ordered)}
        minutes = _modelled(ordered)
        imported = _import_pairs(minutes[MODES.index(Mode.PUBLIC_TRANSPORT)], index, pairs)
        at_most = without_trains and bool(imported.any())
        minutes.setflags(write=False)
        imported.setflags(write=False)
        digest = hashlib.sha256(repr((ordered, at_most)).encode())
        digest.update(minutes.tobytes())
        digest.update(imported.tobytes())
        return cls(ordered, index, minutes, imported, at_most, digest.hexdigest()[:16])

    def name(self, postcode: str, lang: str) -> str:
        """Give a postcode with the name of its place; alone when it is unknown."""
        at = self.index.get(postcode)
        found = None if at is None else self.places[at]
        return postcode if found is None else f"{postcode} {found.name_nl if lang == 'nl' else found.name_fr}"

    def minutes_between(self, start: str, end: str, modes: Collection[Mode]) -> tuple[int | None, Mode | None, bool]:
        """Say the fewest minutes from one postcode to another, by which mode, and whether they were imported.

        Modes that take equally long are decided in the order of `matching.codes.Mode`. ``(None, None, False)`` when a
        postcode is not in the gazetteer or no mode has known minutes. Imported minutes are an upper bound when
        ``at_most``; modelled ones are an estimate.
        """
        a, b = self.index.get(start), self.index.get(end)
        if a is None or b is None:
            return None, None, False
        known = [
            (value, row)
            for row, mode in enumerate(MODES)
            if mode in modes and (value := int(self.minutes[row, a, b])) != UNKNOWN_MINUTES
        ]
        if not known:
            return None, None, False
        value, row = min(known)
        return value, MODES[row], MODES[row] is Mode.PUBLIC_TRANSPORT and bool(self.imported[a, b])


def straight_km(places: tuple[Place, ...]) -> NDArray[np.float64]:
    """Straight kilometres between all centroids (haversine formula), (n_places, n_places); 0.8 on the diagonal."""
    latitude = np.radians(np.array([place.latitude for place in places], dtype=np.float64))
    longitude = np.radians(np.array([place.longitude for place in places], dtype=np.float64))
    north = np.sin((latitude[:, None] - latitude[None, :]) / 2) ** 2
    east = np.sin((longitude[:, None] - longitude[None, :]) / 2) ** 2
    half_chord = np.sqrt(north + np.cos(latitude)[:, None] * np.cos(latitude)[None, :] * east)
    km: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.clip(half_chord, 0.0, 1.0))
    np.fill_diagonal(km, SAME_POSTCODE_KM)
    return km


def _check(places: tuple[Place, ...]) -> None:
    """Refuse postcodes that come twice and regions that do not exist."""
    problems = [
        Problem("duplicate", f"place {place.postcode}", "postcode", place.postcode, "each postcode once")
        for before, place in pairwise(places)
        if before.postcode == place.postcode
    ]
    problems += [
        Problem("unknown_code", f"place {place.postcode}", "region", place.region, ", ".join(REGIONS))
        for place in places
        if place.region not in REGIONS
    ]
    if problems:
        raise DataError(problems)


def _modelled(places: tuple[Place, ...]) -> NDArray[np.uint8]:
    """Minutes of the model for every mode and pair, (n_modes, n_places, n_places)."""
    km = straight_km(places)
    in_brussels = np.array([place.region == BRUSSELS for place in places], dtype=np.bool_)
    inside = in_brussels[:, None] & in_brussels[None, :]
    at_start, per_km = (
        np.where(inside, here, there) for here, there in zip(TRANSIT_IN_BRUSSELS, TRANSIT_ELSEWHERE, strict=True)
    )
    transit = at_start + per_km * km
    transit[km > TRANSIT_KM] = np.nan
    by_mode = {
        Mode.PUBLIC_TRANSPORT: transit,
        Mode.BICYCLE: _road_minutes(km, *BICYCLE),
        Mode.CAR: np.where(inside, _road_minutes(km, *CAR_IN_BRUSSELS), _road_minutes(km, *CAR_ELSEWHERE)),
        Mode.FOOT: _road_minutes(km, *FOOT),
    }
    return np.stack([_rounded(by_mode[mode]) for mode in MODES])


def _road_minutes(km: NDArray[np.float64], fixed: float, km_per_hour: float) -> NDArray[np.float64]:
    """Minutes over the road for a straight distance."""
    return fixed + 60 * DETOUR * km / km_per_hour


def _rounded(minutes: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Whole minutes, with what the model cannot say made unknown."""
    known = minutes <= MODEL_MINUTES  # False for NaN
    return np.where(known, np.rint(np.where(known, minutes, 0.0)), UNKNOWN_MINUTES).astype(np.uint8)


def _import_pairs(
    transit: NDArray[np.uint8], index: Mapping[str, int], pairs: Mapping[tuple[str, str], float]
) -> NDArray[np.bool_]:
    """Write imported minutes over the model in place; give where they stand, (n_places, n_places)."""
    imported = np.zeros(transit.shape, dtype=np.bool_)
    known = [(index[a], index[b], value) for (a, b), value in pairs.items() if a in index and b in index]
    if known:
        rows, columns = (np.array([entry[axis] for entry in known], dtype=np.intp) for axis in (0, 1))
        values = np.array([value for _, _, value in known], dtype=np.float64)
        whole = np.clip(np.rint(values), 0, LONGEST_MINUTES).astype(np.uint8)
        # The other direction first: where it was imported too, its own value is written over this one.
        transit[columns, rows] = whole
        transit[rows, columns] = whole
        imported[columns, rows] = imported[rows, columns] = True
    return imported
