"""What supports one criterion: the span that shows it, how surely, and what is still missing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from competences.recognition.statements import Standing
from competences.records.competence import Requirement


class Support(StrEnum):
    """How far a criterion is backed, by the firmest statement that names it."""

    CERTIFIED = "certified"
    DOCUMENTED = "documented"
    DECLARED = "declared"
    NONE = "none"


class Missing(StrEnum):
    """What an assessor will still ask for."""

    EXPERIENCE = "experience"
    """Nothing that was brought speaks of it."""
    DOCUMENT = "document"
    """A work sample, reference or certificate: so far there are only own words."""
    LEVEL = "level"
    """Evidence at the level that is asked; what there is lies below it."""
    RENEWAL = "renewal"
    """What showed it has expired."""
    ASSESSMENT = "assessment"
    """The assessment itself: only a recognised assessment centre can do that."""


@dataclass(frozen=True)
class Span:
    """The words that show it: `statement` is the position in what was brought, [start:end] in its text."""

    text: str
    statement: int
    start: int
    end: int
    standing: Standing


@dataclass(frozen=True)
class Finding:
    """One criterion of a standard for one person."""

    requirement: Requirement
    label: str
    support: Support
    probability: float
    """That the person's words or papers name this competence, at the level asked."""
    span: Span | None
    missing: tuple[Missing, ...]
