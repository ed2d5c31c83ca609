"""A choice with its places, written out as the plan that a person gets."""

from __future__ import annotations

from datetime import date
from functools import partial

import numpy as np
from numpy.typing import NDArray

from matching.plan.calendar import Placed, Schedule, with_all_leave
from matching.plan.plan import Closest, OpenRequirement, Plan, PlanStatus, Step, WeekHours
from matching.plan.problem import Problem

SHOWN = 1e-9


def write(problem: Problem, placed: Schedule, bound: float, status: PlanStatus) -> Plan:
    """`bound`: the most worth that any choice has."""
    chosen = sorted(placed)
    best = problem.values[chosen].max(axis=0) if chosen else problem.held
    rest = np.maximum(0.0, 1.0 - np.maximum(best, problem.held))
    gain = problem.gain(chosen)
    shortfall = max(0.0, bound - problem.gain(chosen, problem.priorities))
    reachable = float(np.maximum(0.0, 1.0 - problem.held) @ problem.weights)
    return Plan(
        steps=_steps(problem, with_all_leave(problem, placed)),
        gain=gain,
        coverage=float(problem.weights @ (1.0 - rest)) if len(rest) else 1.0,
        bound=gain if status is PlanStatus.OPTIMAL else min(reachable, gain + shortfall),
        status=status,
        hours_available=None if np.isinf(problem.hours) else problem.hours,
        person=problem.person,
        qualifies=problem.fitting(chosen),
        impossible=problem.unavailable,
        find_open=partial(_open, problem, rest, set(chosen)),
    )


def _steps(problem: Problem, placed: Schedule) -> tuple[Step, ...]:
    steps = [_step(problem, c, one) for c, one in placed.items()]
    return tuple(sorted(steps, key=lambda step: (step.start, step.end, step.offer_id)))


def _step(problem: Problem, c: int, one: Placed) -> Step:
    candidate, catalogue = problem.candidates[c], problem.person.generation.catalogue
    offer, run, paid = candidate.offer, catalogue.runs[one.option.run], dict(one.leave)
    leave = sum(paid.values())
    return Step(
        offer.id, offer.title, run.id if run else None, date.fromordinal(one.start), date.fromordinal(one.end),
        max(0.0, one.option.own_hours - leave), leave,
        tuple([
            WeekHours(date.fromordinal(problem.weeks.starts(week)), max(0.0, hours - paid.get(week, 0.0)))
            for week, hours in one.hours
        ]),
        offer.price, offer.bundle, candidate.kept,
        row=candidate.row, run=one.option.run, person=problem.person,
    )  # fmt: skip


def _open(problem: Problem, rest: NDArray[np.float64], chosen: set[int]) -> tuple[OpenRequirement, ...]:
    """Each requirement of which `rest` leaves a share."""
    found = [
        OpenRequirement(requirement, float(share), _closest(problem, r, 1.0 - float(share), chosen))
        for r, (requirement, share) in enumerate(zip(problem.person.requirements, rest, strict=False))
        if share > SHOWN
    ]
    return tuple(sorted(found, key=lambda one: (not one.requirement.gate, -one.share)))


def _closest(problem: Problem, r: int, covered: float, chosen: set[int]) -> Closest | None:
    adding = [c for c in np.flatnonzero(problem.values[:, r] > covered + SHOWN).tolist() if c not in chosen]
    if not adding:
        return None
    shortest = min((problem.candidates[c] for c in adding), key=lambda one: (one.least_hours, one.row))
    return Closest(shortest.offer.id, shortest.offer.title, shortest.least_hours)
