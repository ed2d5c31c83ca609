"""What a learner still needs: the goal's requirements, less what the person's claims already give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from competences.errors import MisuseError, UnknownIdError, expect
from competences.records.claims import CERTAIN, CompetenceClaim
from competences.records.competence import Requirement
from competences.records.hours import LAST_YEAR
from competences.records.learners import LearnerProfile
from competences.records.roles import Goal, JobRole
from matching.index.concepts import Concepts, Strengths
from matching.index.coverage import Coverage
from matching.index.picking import starts_of
from matching.query.kernels import Demands, hold
from matching.settings import Settings


@dataclass(frozen=True)
class Demand:
    """A batch: whose requirements are open, and how far. Free-text goals stand apart, with one value per offer."""

    requirements: tuple[tuple[Requirement, ...], ...]
    texts: tuple[str | None, ...]
    arrays: Demands
    new: Strengths
    """Of requirement concepts that the index does not list, or of all where nothing is materialised."""

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


def day_of(on: date | None) -> date:
    """The day to match on, today where none is named. MisuseError where weeks from it on run out of the calendar, and
    for a moment of a day, which compares with no day."""
    day = date.today() if on is None else expect(on, date, "on")
    if isinstance(day, datetime):
        raise MisuseError(f"on: expected a day, not the moment {day}; take its .date()")
    if day.year > LAST_YEAR:
        raise MisuseError(f"a day to match on lies before the year {LAST_YEAR}, not on {day}")
    return day


def goal_of(learner: LearnerProfile, goal: Goal | None) -> Goal:
    """The goal as given, else the learner's own."""
    chosen = learner.goal if goal is None else expect(goal, Goal, "goal")
    if chosen is None:
        raise MisuseError(f"learner {learner.id!r} has no goal; state one in the profile or pass goal=")
    return chosen


def current_claims(learner: LearnerProfile, on: date) -> tuple[CompetenceClaim, ...]:
    """Own claims and those that credentials imply, expired ones left out."""
    claims = learner.claims
    if learner.credentials:
        claims += tuple(claim for credential in learner.credentials for claim in credential.claims())
    return tuple([claim for claim in claims if claim.expires is None or claim.expires >= on])


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
    wanted = tuple([requirements_of(learner, goal, roles) for learner, goal in zip(learners, goals, strict=True)])
    arrays, new = _demands(wanted, coverage)
    claims = _claims(learners, on, coverage.concepts)
    strengths = coverage.strengths_of_new(new)
    listed = coverage.listed
    _hold(arrays, claims, listed, strengths, len(listed.indptr) - 1)
    if len(claims.row) and claims.row.min() < 0:
        _hold_unlisted(arrays, wanted, claims, coverage)
    return Demand(wanted, tuple([goal.text for goal in goals]), arrays, strengths)


def _demands(wanted: Sequence[tuple[Requirement, ...]], coverage: Coverage) -> tuple[Demands, list[str]]:
    """(requirements as columns, the concepts that are not listed); a role that many learners share is read once."""
    distinct = {id(group): group for group in wanted}
    flat = [requirement for group in distinct.values() for requirement in group]
    listed = len(coverage.concepts.vocabulary) if coverage.strengths is not None else 0
    names = [requirement.competence for requirement in flat]
    rows = np.array(coverage.concepts.vocabulary.rows(names) if listed else [-1] * len(flat), np.int64)
    new: dict[str, int] = {}
    for at in np.flatnonzero(rows < 0).tolist():
        rows[at] = listed + new.setdefault(names[at], len(new))
    columns = (
        rows,
        np.array([requirement.weight for requirement in flat], np.float64),
        _levels([requirement.level for requirement in flat]),
    )
    start = starts_of([len(group) for group in wanted])
    if len(distinct) < len(wanted):
        first = dict(zip(distinct, starts_of([len(group) for group in distinct.values()]).tolist(), strict=False))
        offset = np.array([first[id(group)] for group in wanted], np.int64) - start[:-1]
        taken = np.arange(start[-1]) + np.repeat(offset, np.diff(start))
        columns = (columns[0][taken], columns[1][taken], columns[2][taken])
    return Demands(start, *columns, np.zeros(start[-1]), np.zeros(start[-1])), list(new)


def _claims(learners: Sequence[LearnerProfile], on: date, concepts: Concepts) -> _Claims:
    per_learner = [current_claims(learner, on) for learner in learners]
    flat = [claim for group in per_learner for claim in group]
    settings: Settings = concepts.settings
    names = [claim.competence for claim in flat]
    return _Claims(
        starts_of([len(group) for group in per_learner]),
        names,
        np.array(concepts.vocabulary.rows(names), np.int64),
        _levels([claim.level for claim in flat]),
        np.array([settings.trust(claim) for claim in flat], np.float64),
        np.array([0.0 if claim.status in CERTAIN else claim.confidence for claim in flat], np.float64),
    )


def _levels(stated: Sequence[float | None]) -> NDArray[np.float64]:
    """0 where unknown; rounded as the index rounds those of offers, so that equal levels are equal."""
    return np.array([level or 0.0 for level in stated], np.float32).astype(np.float64)


def _hold(arrays: Demands, claims: _Claims, listed: Strengths, new: Strengths, n_listed: int) -> None:
    common = (
        arrays.level, arrays.start, claims.start, claims.row, claims.level, claims.trust, claims.uncertified,
        arrays.held, arrays.recognisable,
    )  # fmt: skip
    hold(listed, arrays.row, *common)
    if len(new.indptr) > 1:
        hold(new, arrays.row - n_listed, *common)


def _hold_unlisted(
    arrays: Demands, wanted: Sequence[tuple[Requirement, ...]], claims: _Claims, coverage: Coverage
) -> None:
    """The same for claims that the index does not list, each pair of claim and requirement worked out once."""
    unlisted = np.flatnonzero(claims.row < 0)
    owners = np.searchsorted(claims.start, unlisted, side="right") - 1
    lengths = np.diff(arrays.start)[owners]
    claim = np.repeat(unlisted, lengths)
    asked = np.arange(len(claim)) + np.repeat(arrays.start[:-1][owners] - (np.cumsum(lengths) - lengths), lengths)
    names = [requirement.competence for learner in owners.tolist() for requirement in wanted[learner]]
    values = coverage.given_by_new(list(zip([claims.names[j] for j in claim.tolist()], names, strict=True)))
    level, wanted_level = claims.level[claim], arrays.level[asked]
    factor = np.ones(len(claim))
    known = (level > 0) & (wanted_level > 0)
    factor[known] = np.minimum(1.0, level[known] / wanted_level[known])
    np.maximum.at(arrays.held, asked, claims.trust[claim] * (values * factor))
    np.maximum.at(arrays.recognisable, asked, claims.uncertified[claim] * (values * factor))
