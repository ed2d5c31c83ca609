"""The order of the exact model: what a step asks for is chosen, and has ended before the step begins."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from matching.plan.problem import Problem
from matching.plan.program import Program, Terms
from matching.plan.timing import Flow, Timing

Earned = Callable[[int], Terms]
"""Candidate → an expression that is 1 only where it counts."""


def asked_first(problem: Problem, program: Program, select: list[int], timing: Timing | None) -> None:
    """Rows for every entry group of every candidate; without `timing` only that what it asks for is chosen."""
    for c, candidate in enumerate(problem.candidates):
        for lacking, atoms in candidate.asks:
            _have(program, [(select[c], 1.0)], lacking, atoms, lambda e: [(select[e], 1.0)])
        if timing is not None and candidate.asks:
            _placed(problem, program, c, timing)
            for flow in timing.flows:
                if flow.members[0][0] == c:
                    _free(problem, program, c, timing, flow)


def _placed(problem: Problem, program: Program, c: int, timing: Timing) -> None:
    """By the day of each start, whatever starts on it or earlier has what it asks for."""
    begun: Terms = []
    places = sorted(timing.places_of(c), key=lambda place: place.start)
    for i, place in enumerate(places):
        begun.append((place.column, 1.0))
        if i + 1 < len(places) and places[i + 1].start == place.start:
            continue
        for lacking, atoms in problem.candidates[c].asks:
            _have(program, begun, lacking, atoms, partial(timing.by, day=place.start))


def _free(problem: Problem, program: Program, c: int, timing: Timing, flow: Flow) -> None:
    """A column per week that is 1 from the first hour on; it asks as a start does."""
    before: int | None = None
    _, option, _ = flow.members[0]
    for week, hours in flow.hours.items():
        begun = program.column(whole=True)
        program.row([(hours, 1.0), (begun, -option.own_hours)], high=0.0)
        if before is not None:
            program.row([(before, 1.0), (begun, -1.0)], high=0.0)
        before = begun
        day = max(problem.weeks.starts(week), option.release)
        for lacking, atoms in problem.candidates[c].asks:
            _have(program, [(begun, 1.0)], lacking, atoms, partial(timing.by, day=day))


def _have(program: Program, begun: Terms, lacking: int, atoms: tuple[frozenset[int], ...], earned: Earned) -> None:
    """lacking · begun ≤ number of atoms earned; an atom counts once, however many earn it."""
    have: Terms = []
    for earners in atoms:
        terms = [term for e in sorted(earners) for term in earned(e)]
        if lacking > 1 and len(earners) > 1:
            once = program.column()
            program.row([(once, 1.0), *((column, -value) for column, value in terms)], high=0.0)
            terms = [(once, 1.0)]
        have += terms
    program.row([*((column, lacking * value) for column, value in begun), *((k, -v) for k, v in have)], high=0.0)
