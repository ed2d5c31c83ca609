"""Roles inside a job: which one fits already, and how many own hours each of the others takes; and the plan with which
one qualifies for the most roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from competences.records.competence import Requirement
from competences.records.roles import JobRole
from matching.plan.exact import improve
from matching.plan.found import Found
from matching.plan.plan import Plan, PlanStatus
from matching.plan.posing import pose
from matching.plan.problem import Aim, Problem, Role
from matching.plan.wishes import NO_WISHES, Wishes
from matching.plan.writing import write
from matching.query.person import Person

ONE_ROLE = 1.0
"""Worth of a role; all gain together is worth a hundredth of it."""


@dataclass(frozen=True)
class RoleFit:
    """How far one person is from one role, or from all roles of a job."""

    role_ids: tuple[str, ...]
    title: str
    fits_now: bool
    own_hours: float | None
    """Fewest own hours after which it fits; None where no plan within the limits gets there."""
    plan: Plan | None

    @property
    def within_reach(self) -> bool:
        return self.own_hours is not None


def union(roles: Sequence[JobRole]) -> tuple[Requirement, ...]:
    """What all of these roles ask together, each competence and level once, with the weights added up."""
    weights: dict[tuple[str, float | None], float] = {}
    for role in roles:
        for one in role.requirements:
            weights[one.competence, one.level] = weights.get((one.competence, one.level), 0.0) + one.weight
    return tuple(Requirement(competence=c, level=level, weight=w) for (c, level), w in weights.items())


def fits(
    person: Person, job: JobRole | None, roles: Sequence[JobRole], wishes: Wishes = NO_WISHES
) -> tuple[RoleFit, ...]:
    """One fit for each role, nearest first, and last one for all of them together, which is what the job asks.

    `person` has the union of the roles as goal."""
    problem = pose(person, wishes)
    posed = _roles(problem, roles)
    each = [_fit(problem, (one,), role.title) for one, role in zip(posed, roles, strict=True)]
    each.sort(key=lambda fit: (float("inf") if fit.own_hours is None else fit.own_hours, fit.role_ids))
    if job is None and len(roles) < 2:
        return tuple(each)
    return (*each, _fit(problem, posed, job.title if job else ""))


def most_roles(person: Person, roles: Sequence[JobRole], wishes: Wishes = NO_WISHES) -> Plan:
    """The plan with which the person qualifies for the most roles; then the one that gains most, then the fewest hours.

    `person` has the union of the roles as goal."""
    posed = pose(person, wishes)
    aim = Aim(gain=0.01 * ONE_ROLE / max(posed.all_open, 1e-9), hours=1e-4, roles=ONE_ROLE)
    problem = replace(posed, roles=_roles(posed, roles), aim=aim)
    found = improve(problem, _start(problem), person.generation.catalogue.settings.plan_seconds)
    if found is None:
        return write(problem, {}, 0.0, PlanStatus.IMPOSSIBLE)
    proven = found.worth(problem) >= found.bound - 1e-4
    status = PlanStatus.OPTIMAL if proven else PlanStatus.FEASIBLE
    return write(problem, found.placed, problem.all_open, status if found.chosen else PlanStatus.NOTHING_FITS)


def _start(problem: Problem) -> Found | None:
    return None if problem.pinned else Found([], {}, problem.most, complete=False)


def _roles(problem: Problem, roles: Sequence[JobRole]) -> tuple[Role, ...]:
    """The roles on the requirements of the problem."""
    position = {(one.competence, one.level): r for r, one in enumerate(problem.person.requirements)}
    return tuple(_role(problem, role, position) for role in roles)


def _role(problem: Problem, role: JobRole, position: Mapping[tuple[str, float | None], int]) -> Role:
    shares, gates = np.zeros(len(position)), np.zeros(len(position), bool)
    for one in role.requirements:
        shares[position[one.competence, one.level]] += one.weight
        gates[position[one.competence, one.level]] |= one.gate
    total = float(shares.sum())
    enough = problem.person.generation.catalogue.settings.role_share
    return Role(role.id, shares / total if total else shares, gates, enough if total else 0.0)


def _fit(problem: Problem, roles: tuple[Role, ...], title: str) -> RoleFit:
    ids = tuple(role.id for role in roles)
    if not problem.pinned and all(role.fits(problem.held) for role in roles):
        return RoleFit(ids, title, True, 0.0, None)
    aim = Aim(gain=1e-3 / max(problem.all_open, 1e-9), hours=1.0, qualify=True)
    asked = replace(problem, roles=roles, aim=aim)
    found = improve(asked, None, problem.person.generation.catalogue.settings.plan_seconds)
    if found is None:
        return RoleFit(ids, title, False, None, None)
    status = PlanStatus.OPTIMAL if found.worth(asked) >= found.bound - 1e-4 else PlanStatus.FEASIBLE
    plan = write(asked, found.placed, problem.all_open, status)
    return RoleFit(ids, title, False, plan.own_hours, plan)
