"""Where a person wants to go: a role inside a job, a list of requirements, or words."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import model_validator

from competences.records.base import Identifier, LanguageTag, Record, Text
from competences.records.competence import Requirement


class JobRole(Record):
    """A unit that can be learned for: a role within a job, or a whole job (the union of its roles)."""

    id: Identifier
    title: Text
    titles: dict[LanguageTag, Text] = {}
    requirements: tuple[Requirement, ...] = ()
    job: Identifier | None = None
    """The job that this role is a part of."""
    occupation: str | None = None
    """Occupation in a taxonomy, such as an ESCO URI."""
    description: str | None = None


class GoalKind(StrEnum):
    """What a goal is for; none of them needs a job."""

    JOB = "job"
    ROLE = "role"
    QUALIFICATION = "qualification"
    TRANSITION = "transition"
    PRIVATE = "private"
    JOY_OF_LEARNING = "joy_of_learning"


class Goal(Record):
    """Exactly one of a role, a list of requirements, or free text. A goal needs no job."""

    role: JobRole | Identifier | None = None
    """A role, or the id of a role, job or occupation that the matcher knows."""
    requirements: tuple[Requirement, ...] | None = None
    text: Text | None = None
    kind: GoalKind | None = None

    @model_validator(mode="after")
    def _states_one_thing(self) -> Self:
        stated = [name for name in ("role", "requirements", "text") if getattr(self, name) is not None]
        if len(stated) != 1:
            raise ValueError(f"a goal states exactly one of role, requirements, text; got {stated or 'none'}")
        return self
