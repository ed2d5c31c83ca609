"""The best plan, by mixed-integer programming, with a proof of how good it is.

*Exact* means: of all sets of candidates, options and places in the calendar that keep the rules below, none has more
worth (gain with gates first, then what is kept, then fewest own hours) than the bound that is reported. The rules:

- totals: own hours to the horizon, less paid leave on contact hours; money; work time; steps at most;
- weeks: own hours never exceed the room of a week; a dated run spreads its hours evenly over its unpaused days, a run
  of known length takes equal hours in consecutive weeks, all other hours are free, whole hours or parts of one;
- order: an entry group that the person does not meet needs enough of its atoms earned by chosen steps that ended before
  the day on which the step starts (for free hours: the first day of the week of its first hour);
- co-requisites come together; of an outcome group one; sessions never overlap; nothing takes place in a pause, before
  the first day or after the last.

First the same without weeks, which is fast and bounds everything: where its choice fits the weeks too, it is the best.
Where it does not, the part that does not fit is ruled out and the choice made anew, a few times; then comes the model
with weeks, the value of the plan so far being a cutoff."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

import numpy as np

from matching.plan.calendar import Placed, Schedule, hours_of, schedule
from matching.plan.few_steps import FewSteps
from matching.plan.found import Answer, Found, worth_of
from matching.plan.order import asked_first
from matching.plan.problem import Problem
from matching.plan.program import Program, Terms
from matching.plan.timing import Timing
from matching.plan.weeks import SLACK

SCALE = 1000.0
"""Costs are scaled up, so that ties are decided within the tolerances of the solver."""
CLOSE = 1e-6
"""Worth that differs by less is equal."""
ROUNDS = 12
"""How often the choice without weeks is made anew, each time without a part that was found not to fit."""


def improve(problem: Problem, start: Found | None, seconds: float) -> Found | None:
    """The best choice, `start` (which fits) being what is to be beaten; the best so far where the time is up.
    None where it is proven that nothing fits, or where nothing was found."""
    until = time.monotonic() + seconds
    bound, best, complete = problem.most, start, False
    model = FewSteps.of(problem) or _Choice(problem, with_weeks=False)
    for _ in range(ROUNDS):
        answer = model.solve(until - time.monotonic())
        bound, complete = min(bound, answer.bound), answer.complete
        if answer.chosen is None or _reaches(problem, best, bound):
            break
        best, conflict = _tried(problem, best, answer.chosen, until)
        if not conflict or _reaches(problem, best, bound) or time.monotonic() > until:
            break
        model.rule_out(conflict)
    if complete and bound > -math.inf and not _reaches(problem, best, bound) and time.monotonic() < until:
        cutoff = None if best is None else best.worth(problem)
        dated = _Choice(problem, with_weeks=True, cutoff=cutoff).solve(until - time.monotonic())
        if dated.chosen is not None:
            best, _ = _tried(problem, best, dated.chosen, until + 1.0)
        bound, complete = min(bound, dated.bound), dated.complete
    if best is None:
        return None
    return Found(best.chosen, best.placed, max(bound, best.worth(problem)), complete)


def _reaches(problem: Problem, best: Found | None, bound: float) -> bool:
    return best is not None and best.worth(problem) >= bound - CLOSE


def place(problem: Problem, chosen: Sequence[int], seconds: float) -> Schedule | None:
    """Places of a choice, fewest own hours and then earliest; None where it does not fit (or the time was up)."""
    if not chosen:
        return {}
    rows, part = sorted(chosen), problem.only(chosen)
    model = _Choice(part, with_weeks=True, apart=True)
    found = model.program_solved_early(seconds)
    return None if found is None else {rows[c]: one for c, one in found.items()}


def _tried(
    problem: Problem, best: Found | None, chosen: list[int], until: float
) -> tuple[Found | None, list[int]]:
    """(the choice where it fits and is worth more, else the best so far; a part of it that does not fit)."""
    placed = schedule(problem, chosen)
    if placed is None or worth_of(problem, chosen, placed) < problem.worth(chosen) - CLOSE:
        placed = place(problem, chosen, until - time.monotonic()) or placed
    if placed is None:
        return best, _conflict(problem, chosen, until)
    if best is not None and worth_of(problem, chosen, placed) <= best.worth(problem):
        return best, []
    return Found(chosen, placed, math.inf, complete=False), []


def _conflict(problem: Problem, chosen: list[int], until: float) -> list[int]:
    """A smallest part of a choice that does not fit by itself, whatever else is chosen; empty where there is none."""
    needed = list(chosen)
    if _fits(problem, needed, until):
        return []
    for c in chosen:
        rest = [one for one in needed if one != c]
        if rest and time.monotonic() < until and not _fits(problem, rest, until):
            needed = rest
    return needed


def _fits(problem: Problem, chosen: list[int], until: float) -> bool:
    """Whether a part can have places; true where that is not known."""
    eased = problem.part(chosen)
    everyone = range(len(chosen))
    if schedule(eased, everyone) is not None:
        return True
    model = _Choice(eased, with_weeks=True, apart=True)
    found = model.program.solve(max(0.0, until - time.monotonic()))
    return found.values is not None or not found.complete


class _Choice:
    """The model: `select[c]` chooses candidate c; `y[c, r]` says that c is the one that covers requirement r."""

    def __init__(
        self, problem: Problem, *, with_weeks: bool, apart: bool = False, cutoff: float | None = None
    ) -> None:
        self.problem, self.program = problem, Program()
        kept = [problem.per_kept * candidate.kept for candidate in problem.candidates]
        euros = [problem.per_euro * candidate.price for candidate in problem.candidates]
        self.select = [
            self.program.column(cost=SCALE * (cost - worth), whole=True)
            for cost, worth in zip(euros, kept, strict=True)
        ]
        self._coverage()
        self.timing = Timing(problem, self.program)
        self._totals(with_weeks)
        self.timing.spread(apart=apart)
        self.timing.limits()
        self._relations()
        asked_first(problem, self.program, self.select, self.timing if with_weeks else None)
        if cutoff is not None:
            # Scaled down, so that its size stays within the feasibility tolerance of the solver.
            size = max((abs(cost) for cost in self.program.costs), default=0.0) or 1.0
            terms = ((column, cost / size) for column, cost in enumerate(self.program.costs) if cost)
            self.program.row(terms, high=-SCALE * (cutoff - CLOSE / 2) / size)

    def _coverage(self) -> None:
        """Each requirement is covered once, by a chosen candidate: its gain counts in the objective."""
        problem, program = self.problem, self.program
        more = problem.values - problem.held
        self.covered: list[Terms] = []
        """Per requirement, an expression of what is covered beyond what is held."""
        for r, priority in enumerate(problem.priorities.tolist()):
            givers = np.flatnonzero(more[:, r] * max(priority, self._role_share(r)) > 1e-9).tolist()
            worth = -SCALE * problem.aim.gain * priority
            columns = [program.column(cost=worth * float(more[c, r])) for c in givers]
            for c, column in zip(givers, columns, strict=True):
                program.row([(column, 1.0), (self.select[c], -1.0)], high=0.0)
            program.row([(column, 1.0) for column in columns], high=1.0)
            self.covered.append([(column, float(more[c, r])) for c, column in zip(givers, columns, strict=True)])
        if problem.aim.least > 0:
            gain = [
                (column, priority * value)
                for terms, priority in zip(self.covered, problem.priorities.tolist(), strict=True)
                for column, value in terms
            ]
            program.row(gain, low=problem.aim.least)
        self._roles()

    def _role_share(self, r: int) -> float:
        return max((float(role.shares[r]) for role in self.problem.roles), default=0.0)

    def _roles(self) -> None:
        """A column per role that may be 1 only where enough of it is covered."""
        problem, program = self.problem, self.program
        if not (problem.aim.roles or problem.aim.qualify):
            return
        for role in problem.roles:
            fits = program.column(cost=-SCALE * problem.aim.roles, whole=True)
            needed = role.enough - float(role.shares @ problem.held) - SLACK
            terms = [
                (column, -float(role.shares[r]) * value)
                for r in np.flatnonzero(role.shares).tolist()
                for column, value in self.covered[r]
            ]
            program.row([(fits, max(0.0, needed)), *terms], high=0.0)
            for r in np.flatnonzero(role.gates).tolist():
                lacking = role.enough - float(problem.held[r]) - SLACK
                program.row([(fits, max(0.0, lacking)), *((k, -v) for k, v in self.covered[r])], high=0.0)
            if problem.aim.qualify:
                program.row([(fits, 1.0)], low=1.0)

    def _totals(self, with_weeks: bool) -> None:
        """Hours, money and steps; without weeks, only what stands in one place has a place."""
        problem, program = self.problem, self.program
        hours: Terms = []
        for c, candidate in enumerate(problem.candidates):
            if with_weeks or problem.stands(c):
                hours += self.timing.options(c, self.select[c])
            else:
                hours.append((self.select[c], candidate.least_hours))
        paid: Terms = []
        if problem.leave > 0:
            column = program.column(problem.leave)
            contact = [(self.select[c], -one.leave_hours) for c, one in enumerate(problem.candidates)]
            program.row([(column, 1.0), *contact], high=0.0)
            paid = [(column, -1.0)]
        spent = program.column(max(0.0, min(problem.hours, 1e9)), cost=SCALE * problem.per_hour)
        program.row([*hours, *paid, (spent, -1.0)], high=0.0)
        if math.isfinite(problem.money):
            program.row([(self.select[c], one.price) for c, one in enumerate(problem.candidates)], high=problem.money)
        if problem.max_steps is not None:
            program.row([(column, 1.0) for column in self.select], high=problem.max_steps)

    def _relations(self) -> None:
        problem, program, select = self.problem, self.program, self.select
        for c, candidate in enumerate(problem.candidates):
            if candidate.together is None:
                program.row([(select[c], 1.0)], high=0.0)
            for other in sorted(candidate.together or ()):
                program.row([(select[c], 1.0), (select[other], -1.0)], high=0.0)
        for members in problem.groups.values():
            program.row([(select[c], 1.0) for c in members], high=1.0)
        for c in sorted(problem.pinned):
            program.row([(select[c], 1.0)], low=1.0)

    def rule_out(self, together: list[int]) -> None:
        """Not all of these."""
        self.program.row([(self.select[c], 1.0) for c in together], high=len(together) - 1.0)

    def solve(self, seconds: float) -> Answer:
        found = self.program.solve(seconds, gap=CLOSE / 4 / max(1.0, self.problem.most))
        chosen = None
        if found.values is not None:
            chosen = [c for c, column in enumerate(self.select) if found.values[column] > 0.5]
        return Answer(chosen, -found.bound / SCALE, found.complete)

    def program_solved_early(self, seconds: float) -> Schedule | None:
        """Places of all candidates: the fewest own hours, then each step as early as it fits."""
        timing, weeks, program = self.timing, self.problem.weeks, self.program
        program.costs = [0.0 if column in self.select else cost for column, cost in enumerate(program.costs)]
        for one in timing.places:
            program.costs[one.column] += one.option.own_hours + 1e-3 * (one.option.end(one.start) - weeks.first_day)
        for flow in timing.flows:
            for _, option, column in flow.members:
                program.costs[column] += option.own_hours
            for week, column in flow.hours.items():
                program.costs[column] += 1e-5 * week
        found = program.solve(seconds, gap=1e-6)
        return None if found.values is None else _read(timing, found.values.tolist())


def _read(timing: Timing, values: list[float]) -> Schedule:
    """Places from the columns of a solution."""
    weeks = timing.problem.weeks
    placed: Schedule = {}
    for one in timing.places:
        if values[one.column] > 0.5:
            hours = hours_of(one.option, one.start, weeks)
            placed[one.candidate] = Placed(one.option, one.start, one.option.end(one.start), hours)
    for flow in timing.flows:
        c, option, column = flow.members[0]
        hours = tuple((week, values[h]) for week, h in flow.hours.items() if values[h] > 1e-5)
        if values[column] > 0.5 and hours:
            paid = tuple((week, values[p]) for week, p in flow.leave.items() if values[p] > 1e-7)
            start = max(option.release, weeks.starts(hours[0][0]))
            placed[c] = Placed(option, start, min(weeks.ends(hours[-1][0]), option.latest), hours, paid)
    return _pay(timing, values, placed)


def _pay(timing: Timing, values: list[float], placed: Schedule) -> Schedule:
    """Give the leave of each week to the placed steps whose contact hours it pays for."""
    left = {week: values[column] for week, column in timing.paid.items()}
    result = dict(placed)
    for c, one in placed.items():
        if one.option.shares is None:
            continue
        paid = []
        for (week, _), share in zip(one.hours, one.option.shares, strict=True):
            hours = min(left.get(week, 0.0), one.option.contact * share)
            if hours > 1e-7:
                paid.append((week, hours))
                left[week] -= hours
        result[c] = Placed(one.option, one.start, one.end, one.hours, tuple(paid))
    return result
