"""What a person can be asked, and what the answer would do to the plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from competences.errors import UnknownIdError
from competences.records.learners import LearnerProfile
from competences.records.roles import Goal
from matching.plan.plan import Plan


class Planner(Protocol):
    """Whatever makes plans: a matcher."""

    def plan(self, learner: LearnerProfile, *, goal: Goal | None = None, on: date | None = None) -> Plan:
        """The plan of one person."""
        ...


@dataclass(frozen=True)
class Question:
    """Can you do this, at this level? A "yes" becomes a self-declared claim, and no more than that."""

    competence: str
    label: str
    level: float | None
    probability: float
    """That the answer is yes, before asking."""
    hours_if_yes: float
    """Own hours of the plan after a yes."""
    hours_if_no: float
    expected_change: float
    """Own hours by which the plan is expected to become longer or shorter."""
    expected_saved: float
    """Own hours that are expected to fall away; negative where the answer lets the plan reach further."""
    expected_coverage: float
    """Share of the goal by which coverage is expected to rise."""
    together: float | None = None
    """Own hours that this answer changes where all the others are yes: an assessment often pays for several at once.
    None where it was not needed to order the questions."""


@dataclass(frozen=True)
class Screening:
    """Questions for one person, the one that changes most first."""

    learner: LearnerProfile
    questions: tuple[Question, ...]
    plan: Plan = field(repr=False)
    """The plan before any answer."""
    askable: int
    """How many competences could have been asked about."""

    def __iter__(self) -> Iterator[Question]:
        return iter(self.questions)

    def __len__(self) -> int:
        return len(self.questions)

    def question(self, competence: str) -> Question:
        """The question about a competence. Raises `UnknownIdError`."""
        for one in self.questions:
            if one.competence == competence:
                return one
        raise UnknownIdError("question", competence, "it is not among the questions that were chosen")
