"""Companies and other organisations whose joint demand a programme can serve."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from competences.records.base import Identifier, Record, Share, Text
from competences.records.competence import Requirement


class DemandProfile(Record):
    """What one organisation needs: requirements, how many people, and the least that a programme must cover."""

    id: Identifier
    name: Text
    requirements: tuple[Requirement, ...]
    seats: Annotated[int, Field(ge=1)] = 1
    floor: Share = 0.0


class Consortium(Record):
    """Organisations that compose a programme together."""

    id: Identifier
    members: tuple[DemandProfile, ...]
