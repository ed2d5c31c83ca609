"""How far a place is from home."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from competences.records.places import Place
from matching.index.postcodes import coordinates
from matching.settings import Settings

EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""


def points_of(places: Sequence[Place]) -> NDArray[np.float64]:
    """(n, 2) latitude and longitude in degrees, NaN where unknown."""
    return np.array([coordinates(place) or (np.nan, np.nan) for place in places], np.float64).reshape(-1, 2)


def distances_km(home: Place | None, points: NDArray[np.float64], settings: Settings) -> NDArray[np.float64]:
    """(n,) km by road to each of (n, 2) points: great circle × detour; NaN where either end is unknown."""
    start = coordinates(home) if home else None
    if start is None:
        return np.full(len(points), np.nan)
    return haversine_km(np.asarray(start, np.float64), points) * settings.detour


def haversine_km(start: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) km as the crow flies from (latitude, longitude) in degrees to each of (n, 2) points."""
    lat, lon = np.radians(points[:, 0]), np.radians(points[:, 1])
    lat0, lon0 = np.radians(start)
    half = np.sin((lat - lat0) / 2) ** 2 + np.cos(lat) * np.cos(lat0) * np.sin((lon - lon0) / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(half)))
