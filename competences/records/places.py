"""Where something takes place, and how a person gets there."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from competences.records.base import Record


class Place(Record):
    """A point on the map: coordinates, or a Belgian postcode from which they are looked up."""

    postcode: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")] | None = None
    municipality: str | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    address: str | None = None


class Transport(StrEnum):
    """How a person travels."""

    WALK = "walk"
    BICYCLE = "bicycle"
    PUBLIC_TRANSPORT = "public_transport"
    CAR = "car"
