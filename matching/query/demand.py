"""What a learner still needs: the goal's requirements, less what the person's claims already give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from competences.errors import MisuseError, UnknownIdError
from competences.records.claims import ClaimStatus, CompetenceClaim
from competences.records.competence import Requirement
from competences.records.learners import LearnerProfile
from competences.records.roles import Goal, JobRole
from matching.index.concepts import Concepts
from matching.index.coverage import Coverage, Postings, Strengths, join
from matching.query.kernels import Demands, hold
from matching.settings import Settings

CERTAIN = (ClaimStatus.ASSESSED, ClaimStatus.CERTIFIED)


@dataclass(frozen=True)
class Demand:
    """A batch: whose requirements are open, and how far. Free-text goals stand apart, with one value per offer."""

    requirements: tuple[tuple[Requirement, ...], ...]
    texts: tuple[str | None, ...]
    arrays: Demands
    more_courses: Postings
    more_routes: Postings
    """Postings of requirement concepts that the index does not list, or of all where nothing is materialised."""

    def of(self, learner: int) -> slice:
        """Where the requirements of one learner stand in the arrays."""
        return slice(int(self.arrays.start[learner]), int(self.arrays.start[learner + 1]))


def requirements_of(learner: LearnerProfile, goal: Goal, roles: Mapping[str, JobRole]) -> tuple[Requirement, ...]:
    """What the goal asks for; a free-text goal asks for nothing that is listed."""
    if goal.text is not None:
        return ()
    if goal.requirements is not None:
        return goal.requirements
    if isinstance(goal.role, JobRole):
        return goal.role.requirements
    assert goal.role is not None  # a goal states one thing: its own validator saw to it
    role = roles.get(goal.role)
    if role is None:
        raise UnknownIdError("role", goal.role, f"learner {learner.id!r} wants it, but no role list holds it")
    return role.requirements


def goal_of(learner: LearnerProfile, goal: Goal | None) -> Goal:
    """The goal as given, else the learner's own."""
    chosen = goal or learner.goal
    if chosen is None:
        raise MisuseError(f"learner {learner.id!r} has no goal; state one in the profile or pass goal=")
    return chosen


def current_claims(learner: LearnerProfile, on: date) -> tuple[CompetenceClaim, ...]:
    """Own claims and those that credentials imply, expired ones left out."""
    implied = (claim for credential in learner.credentials for claim in credential.claims())
    return tuple(c for c in (*learner.claims, *implied) if c.expires is None or c.expires >= on)


@dataclass(frozen=True)
class _Claims:
    """Claims of a batch as columns."""

    start: NDArray[np.int64]
    names: list[str]
    row: NDArray[np.int64]
    level: NDArray[np.float64]
    trust: NDArray[np.float64]
    uncertified: NDArray[np.float64]


def build(
    learners: Sequence[LearnerProfile],
    goals: Sequence[Goal],
    on: date,
    coverage: Coverage,
    roles: Mapping[str, JobRole],
) -> Demand:
    """Requirements, held and recognisable shares of a batch of learners."""
    wanted = tuple(requirements_of(learner, goal, roles) for learner, goal in zip(learners, goals, strict=True))
    flat = [requirement for group in wanted for requirement in group]
    concepts = coverage.concepts
    materialised = coverage.strengths is not None
    rows = _requirement_rows(flat, concepts, materialised)
    new = list(dict.fromkeys(r.competence for r, row in zip(flat, rows, strict=True) if row < 0))
    listed = len(concepts.vocabulary) if materialised else 0
    position = {name: listed + i for i, name in enumerate(new)}
    row = np.array([r if r >= 0 else position[q.competence] for q, r in zip(flat, rows, strict=True)], np.int64)
    arrays = Demands(
        start=np.concatenate(([0], np.cumsum([len(group) for group in wanted]))).astype(np.int64),
        row=row,
        weight=np.array([requirement.weight for requirement in flat], np.float64),
        level=np.array([requirement.level or 0.0 for requirement in flat], np.float64),
        held=np.zeros(len(flat)),
        recognisable=np.zeros(len(flat)),
    )
    claims = _claims(learners, on, concepts)
    new_strengths = concepts.strengths(new, coverage.vectors_of(new)) if new else _no_strengths()
    _hold(arrays, claims, coverage.strengths or _no_strengths(), new_strengths, listed)
    _hold_unlisted(arrays, flat, claims, coverage)
    texts = tuple(goal.text for goal in goals)
    return Demand(wanted, texts, arrays, join(new_strengths, coverage.courses), join(new_strengths, coverage.routes))


def _requirement_rows(flat: Sequence[Requirement], concepts: Concepts, materialised: bool) -> list[int]:
    if not materialised:
        return [-1] * len(flat)
    return concepts.vocabulary.rows([requirement.competence for requirement in flat])


def _claims(learners: Sequence[LearnerProfile], on: date, concepts: Concepts) -> _Claims:
    per_learner = [current_claims(learner, on) for learner in learners]
    flat = [claim for group in per_learner for claim in group]
    settings: Settings = concepts.settings
    names = [claim.competence for claim in flat]
    return _Claims(
        np.concatenate(([0], np.cumsum([len(group) for group in per_learner]))).astype(np.int64),
        names,
        np.array(concepts.vocabulary.rows(names), np.int64),
        np.array([claim.level or 0.0 for claim in flat], np.float64),
        np.array([settings.trust(claim) for claim in flat], np.float64),
        np.array([0.0 if claim.status in CERTAIN else claim.confidence for claim in flat], np.float64),
    )


def _hold(arrays: Demands, claims: _Claims, listed: Strengths, new: Strengths, n_listed: int) -> None:
    common = (
        arrays.level, arrays.start, claims.start, claims.row, claims.level, claims.trust, claims.uncertified,
        arrays.held, arrays.recognisable,
    )  # fmt: skip
    hold(listed, arrays.row, *common)
    hold(new, arrays.row - n_listed, *common)


def _hold_unlisted(arrays: Demands, flat: Sequence[Requirement], claims: _Claims, coverage: Coverage) -> None:
    """The same for claims that the index does not list: few, so one claim at a time."""
    unlisted = np.flatnonzero(claims.row < 0)
    if not len(unlisted):
        return
    learner_of = np.searchsorted(claims.start, unlisted, side="right") - 1
    for j, learner in zip(unlisted.tolist(), learner_of.tolist(), strict=True):
        part = slice(int(arrays.start[learner]), int(arrays.start[learner + 1]))
        asked = [requirement.competence for requirement in flat[part]]
        name = claims.names[j]
        values = coverage.concepts.given(name, coverage.vectors_of([name])[0], asked, coverage.vectors_of(asked))
        levels = arrays.level[part]
        factor = np.ones(len(asked))
        known = (levels > 0) & (claims.level[j] > 0)
        factor[known] = np.minimum(1.0, claims.level[j] / levels[known])
        np.maximum(arrays.held[part], claims.trust[j] * (values * factor), out=arrays.held[part])
        np.maximum(
            arrays.recognisable[part],
            claims.uncertified[j] * (values * factor),
            out=arrays.recognisable[part],
        )


def _no_strengths() -> Strengths:
    return Strengths(np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0, np.float32))
