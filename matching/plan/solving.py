"""From a person to a plan: pose the problem, choose, prove how good the choice is, and write it out."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from matching.plan import greedy
from matching.plan.calendar import Span
from matching.plan.exact import TIE, solve
from matching.plan.plan import Closest, OpenRequirement, Plan, PlanStatus, Step
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
    proven = reached >= relaxed.bound - 2 * TIE
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
        open=_open(problem, rest, chosen),
        hours_available=None if np.isinf(problem.hours) else problem.hours,
        person=person,
    )


def _open(problem: Problem, rest: NDArray[np.float64], chosen: list[int]) -> tuple[OpenRequirement, ...]:
    """What neither claims nor steps give, gates first, then the largest share."""
    found = [
        OpenRequirement(requirement, float(share), _closest(problem, r, 1.0 - float(share), chosen))
        for r, (requirement, share) in enumerate(zip(problem.person.requirements, rest, strict=False))
        if share > 1e-9
    ]
    return tuple(sorted(found, key=lambda one: (not one.requirement.gate, -one.share)))


def _closest(problem: Problem, r: int, covered: float, chosen: list[int]) -> Closest | None:
    adding = [c for c in range(len(problem.candidates)) if problem.values[c, r] > covered + 1e-9 and c not in chosen]
    if not adding:
        return None
    shortest = min((problem.candidates[c] for c in adding), key=lambda one: (one.own_hours, one.offer.id))
    return Closest(shortest.offer.id, shortest.offer.title, shortest.own_hours)


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
                candidate.offer.id,
                candidate.offer.title,
                run.id if run else None,
                date.fromordinal(spans[c].start),
                date.fromordinal(spans[c].end),
                bill.own_hours,
                bill,
                candidate.covers,
            )
        )
    return tuple(steps)
