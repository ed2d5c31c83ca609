"""From a person to a plan: pose the problem, choose, prove how good the choice is, and write it out."""

from __future__ import annotations

from datetime import date

import numpy as np

from matching.plan import greedy
from matching.plan.calendar import Span
from matching.plan.exact import solve
from matching.plan.plan import OpenRequirement, Plan, PlanStatus, Step
from matching.plan.problem import Problem, pose
from matching.query.person import Person


def plan(person: Person) -> Plan:
    """The best plan that was found, and a proven bound on what any plan can gain."""
    problem = pose(person)
    chosen, spans = greedy.choose(problem)
    if not problem.candidates:
        return _written(problem, [], {}, 0.0, _nothing(person))
    relaxed = solve(problem, person.generation.catalogue.settings.plan_seconds)
    fitting = greedy.fits(problem, relaxed.chosen)
    if fitting is not None and greedy.value(problem, relaxed.chosen) > greedy.value(problem, chosen):
        chosen, spans = relaxed.chosen, fitting
    reached = problem.gain(chosen, problem.priorities)
    proven = reached >= relaxed.bound - 1e-6
    status = PlanStatus.OPTIMAL if proven else PlanStatus.FEASIBLE
    if not chosen:
        status = _nothing(person)
    return _written(problem, chosen, spans, relaxed.bound, status)


def _nothing(person: Person) -> PlanStatus:
    if person.text_values is None and (person.demand.arrays.held >= 1).all():
        return PlanStatus.NOTHING_OPEN
    return PlanStatus.NOTHING_FITS


def _written(problem: Problem, chosen: list[int], spans: dict[int, Span], bound: float, status: PlanStatus) -> Plan:
    person = problem.person
    ordered = sorted(chosen, key=lambda c: (spans[c].start, spans[c].end, problem.candidates[c].offer.id))
    best = problem.values[chosen].max(axis=0) if chosen else problem.held
    rest = np.maximum(0.0, 1.0 - np.maximum(best, problem.held))
    gain = problem.gain(chosen)
    shortfall = max(0.0, bound - problem.gain(chosen, problem.priorities))
    return Plan(
        steps=_steps(problem, ordered, spans),
        gain=gain,
        coverage=float(problem.weights @ (1.0 - rest)) if len(rest) else 1.0,
        bound=min(1.0, gain + shortfall),
        status=status,
        open=tuple(
            OpenRequirement(requirement, float(share))
            for requirement, share in sorted(
                zip(person.requirements, rest, strict=False), key=lambda one: (not one[0].gate, -one[1])
            )
            if share > 1e-9
        ),
        hours_available=None if np.isinf(problem.hours) else problem.hours,
        person=person,
    )


def _steps(problem: Problem, ordered: list[int], spans: dict[int, Span]) -> tuple[Step, ...]:
    """Steps in order of time; paid leave goes to the first ones until it is used up."""
    left, steps = problem.leave, []
    for c in ordered:
        candidate, person = problem.candidates[c], problem.person
        bill = person.bill(candidate.row)
        leave = min(left, bill.contact)
        left -= leave
        bill = bill.with_leave(leave)
        run = person.generation.catalogue.runs[candidate.run]
        steps.append(
            Step(
                candidate.offer.id, candidate.offer.title, run.id if run else None,
                date.fromordinal(spans[c].start), date.fromordinal(spans[c].end), bill.own_hours, bill,
                candidate.covers,
            )  # fmt: skip
        )
    return tuple(steps)
