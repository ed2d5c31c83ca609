"""A competence, and the two ways in which others point at one: an offer teaches it, a role requires it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from competences.records.base import Identifier, LanguageTag, Record, Text
from competences.records.levels import Level


class CompetenceKind(StrEnum):
    """Knowledge, skill or attitude: the three parts of a competence."""

    SKILL = "skill"
    KNOWLEDGE = "knowledge"
    ATTITUDE = "attitude"


class Competence(Record):
    """Knowledge, skill or attitude, with its labels in any language."""

    id: Identifier
    label: Text
    labels: dict[LanguageTag, Text] = {}
    """Preferred label per language; `label` is the one shown where a language is missing."""
    alternative_labels: tuple[Text, ...] = ()
    description: str | None = None
    kind: CompetenceKind | None = None
    reuse_level: str | None = None
    scheme: str | None = None
    """The list that it comes from: "esco", "competent", …; ids of different schemes never mix silently."""
    version: str | None = None


class Outcome(Record):
    """What an offer teaches or a route certifies."""

    competence: Identifier
    """A competence id or free text."""
    level: Level | None = None
    derived: bool = False
    """True where a reader or the phrase linker found it in text: shown as such."""


class Requirement(Record):
    """What a role, a goal or an entry condition asks for."""

    competence: Identifier
    """A competence id or free text."""
    level: Level | None = None
    weight: Annotated[float, Field(gt=0)] = 1.0
    gate: bool = False
    """True where nothing else makes up for it (a licence, a legal condition): open gates come first."""
