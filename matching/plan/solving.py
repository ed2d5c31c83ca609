"""From a person to a plan: pose the problem, choose, prove how good the choice is, and write it out."""

from __future__ import annotations

import math

from matching.plan import greedy
from matching.plan.exact import CLOSE, Found, improve
from matching.plan.plan import Plan, PlanStatus
from matching.plan.posing import NO_WISHES, Wishes, pose
from matching.plan.problem import Problem
from matching.plan.writing import write
from matching.query.person import Person


def plan(person: Person, wishes: Wishes = NO_WISHES, *, exact: bool = True) -> Plan:
    """The best plan that was found, and a proven bound on what any plan can gain."""
    problem = pose(person, wishes)
    return solved(problem, exact=exact)


def solved(problem: Problem, *, exact: bool = True) -> Plan:
    """`exact`: with a proof; else the greedy's choice, and what is left to gain as its bound."""
    found = best(problem, exact=exact)
    if found is None:
        return write(problem, {}, 0.0, PlanStatus.IMPOSSIBLE)
    bound = _bound(problem, found)
    proven = found.worth(problem) >= bound - 2 * CLOSE
    status = PlanStatus.OPTIMAL if proven else PlanStatus.FEASIBLE
    if not found.chosen and proven:
        status = _nothing(problem)
    return write(problem, found.placed, bound, status)


def best(problem: Problem, *, exact: bool = True) -> Found | None:
    """The best choice; None where the pinned offers do not fit."""
    if problem.unavailable:
        return None
    grown = greedy.choose(problem)
    start = None if grown is None else Found(*grown, bound=problem.most, complete=False)
    if not exact or not problem.candidates:
        return start
    return improve(problem, start, problem.person.generation.catalogue.settings.plan_seconds)


def _bound(problem: Problem, found: Found) -> float:
    """The most that any choice is worth, offers that are no candidate included."""
    if problem.left_out is None:
        return found.bound if problem.candidates else 0.0
    more = float((problem.left_out - problem.held) @ problem.priorities)
    reach = problem.left_out if not problem.candidates else (problem.values.max(axis=0).clip(problem.left_out))
    return min(found.bound + more, float((reach - problem.held) @ problem.priorities))


def _nothing(problem: Problem) -> PlanStatus:
    person = problem.person
    if not len(person.generation.catalogue):
        return PlanStatus.NOTHING_LISTED
    if person.text_values is None and math.isclose(problem.most, 0.0, abs_tol=1e-9):
        return PlanStatus.NOTHING_OPEN
    return PlanStatus.NOTHING_FITS
