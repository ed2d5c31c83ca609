"""Belgian postcodes to coordinates."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from competences.records.places import Place


def coordinates(place: Place) -> tuple[float, float] | None:
    """(latitude, longitude) in degrees: as stated, else of the postcode; None where neither is known."""
    if place.latitude is not None and place.longitude is not None:
        return place.latitude, place.longitude
    return postcodes().get(place.postcode) if place.postcode else None


@cache
def postcodes() -> dict[str, tuple[float, float]]:
    """Every Belgian postcode with its (latitude, longitude) in degrees."""
    with (files("matching.index") / "postcodes.csv").open(encoding="utf-8") as lines:
        return {row["postcode"]: (float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(lines)}
