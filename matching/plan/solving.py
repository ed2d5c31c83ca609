"""From a person to a plan: pose the problem, choose, prove how good the choice is, and write it out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from matching.plan import greedy
from matching.plan.alternatives import Strength, choices
from matching.plan.exact import CLOSE, improve
from matching.plan.found import Found
from matching.plan.plan import Plan, PlanStatus
from matching.plan.posing import pose
from matching.plan.problem import Problem
from matching.plan.wishes import NO_WISHES, Wishes
from matching.plan.writing import write
from matching.query.person import Person


def plan(person: Person, wishes: Wishes = NO_WISHES, *, exact: bool = True) -> Plan:
    """The best plan that was found, and a bound on what any plan can gain.

    `exact`: with a proof; else the greedy's choice, in milliseconds."""
    problem = pose(person, wishes)
    return written(problem, best(problem, exact=exact))


def alternatives(person: Person, wishes: Wishes = NO_WISHES) -> Mapping[Strength, Plan]:
    """The best plan, and those that keep most of its gain with fewer own hours, less money, or an earlier finish."""
    problem = pose(person, wishes)
    found = best(problem)
    if found is None or not found.chosen:
        return {Strength.MOST_COVERAGE: written(problem, found)}
    return {
        strength: written(problem, found if one is found else replace(one, bound=found.bound))
        for strength, one in choices(problem, found).items()
    }


def best(problem: Problem, *, exact: bool = True) -> Found | None:
    """The best choice; None where the pinned offers do not fit."""
    if problem.unavailable:
        return None
    grown = greedy.choose(problem)
    start = None if grown is None else Found(*grown, bound=problem.most, complete=False)
    if not exact or not problem.candidates:
        return start
    return improve(problem, start, problem.person.generation.catalogue.settings.plan_seconds)


def written(problem: Problem, found: Found | None) -> Plan:
    """The choice as a plan, with what is known of it."""
    if found is None:
        return write(problem, {}, 0.0, PlanStatus.IMPOSSIBLE)
    bound = _bound(problem, found)
    proven = found.worth(problem) >= bound - 2 * CLOSE
    status = PlanStatus.OPTIMAL if proven else PlanStatus.FEASIBLE
    if not found.chosen and proven:
        status = _nothing(problem)
    return write(problem, found.placed, bound, status)


def _bound(problem: Problem, found: Found) -> float:
    """The most that any choice is worth, offers that are no candidate included."""
    if problem.left_out is None:
        return found.bound if problem.candidates else 0.0
    more = float((problem.left_out - problem.held) @ problem.priorities)
    reach = problem.values.max(axis=0, initial=0.0).clip(problem.left_out)
    return min(found.bound + more, float((reach - problem.held) @ problem.priorities))


def _nothing(problem: Problem) -> PlanStatus:
    person = problem.person
    if not len(person.generation.catalogue):
        return PlanStatus.NOTHING_LISTED
    if person.text_values is None and math.isclose(problem.all_open, 0.0, abs_tol=1e-9):
        return PlanStatus.NOTHING_OPEN
    return PlanStatus.NOTHING_FITS
