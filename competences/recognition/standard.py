"""What recognition is judged against: an EVC standard or a role, as criteria in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from competences.embedding import Labels
from competences.encoders.text import normalise
from competences.errors import MisuseError
from competences.records.competence import Competence, Requirement
from competences.records.roles import JobRole


@dataclass(frozen=True)
class Criterion:
    """One competence that a standard asks for."""

    requirement: Requirement
    label: str
    parts: tuple[str, ...] = ()
    """Skills and knowledge that belong to it, in words."""

    @property
    def key(self) -> str:
        """Equal for the same competence in two standards: its words, because ids differ between versions."""
        return normalise(self.label)


@dataclass(frozen=True)
class AssessmentStandard:
    """A title, a description where there is one, and criteria; a standard known by title only has none."""

    id: str
    title: str
    description: str = ""
    criteria: tuple[Criterion, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that it says, the title first."""
        said = (text for one in self.criteria for text in (one.label, *one.parts))
        return tuple(text for text in (self.title, self.description, *said) if text)


@runtime_checkable
class HasCriteria(Protocol):
    """A role with the competences that it asks for, such as `competences.sources.vks.Standard`."""

    @property
    def role(self) -> JobRole: ...

    @property
    def competences(self) -> Sequence[Competence]: ...


Judged = AssessmentStandard | JobRole | HasCriteria


def assessment_standard(given: Judged, labels: Labels | None = None) -> AssessmentStandard:
    """A role, or a role with its competences, as a standard; `labels` put words to ids.

    Raises `MisuseError` for anything else.
    """
    if isinstance(given, AssessmentStandard):
        return given
    if isinstance(given, JobRole):
        return _of_role(given, {}, labels)
    if isinstance(given, HasCriteria):
        return _of_role(given.role, {one.id: one for one in given.competences}, labels)
    raise MisuseError(f"a standard is a role or a role with competences, not {type(given).__name__}")


def _of_role(role: JobRole, known: Mapping[str, Competence], labels: Labels | None) -> AssessmentStandard:
    criteria = tuple(_criterion(one, known.get(one.competence), labels) for one in role.requirements)
    return AssessmentStandard(role.id, role.title, role.description or "", criteria)


def _criterion(requirement: Requirement, stated: Competence | None, labels: Labels | None) -> Criterion:
    if stated is not None:
        parts = (*stated.alternative_labels, *(stated.description or "").split("\n"))
        return Criterion(requirement, stated.label, tuple(part.strip() for part in parts if part.strip()))
    known = labels.labels(requirement.competence) if labels is not None else ()
    return Criterion(requirement, known[0] if known else requirement.competence)


def parts_of(whole: AssessmentStandard, others: Iterable[AssessmentStandard]) -> tuple[AssessmentStandard, ...]:
    """The standards that ask for some of what this one asks, and for nothing else: its partial qualifications, or
    the roles of a job. By id."""
    asked = {one.key for one in whole.criteria}
    found = (one for one in others if one.criteria and {criterion.key for criterion in one.criteria} < asked)
    return tuple(sorted(found, key=lambda one: one.id))
