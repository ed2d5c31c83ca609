"""When each chosen offer takes place, found fast: one step after another, each as early as it fits.

It may miss an order that would fit; `matching.plan.exact` then looks for one exhaustively."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.plan.calendar_arrays import LOAD, PAID, Filled
from matching.plan.calendar_kernels import DONE, add, remove
from matching.plan.option import Option
from matching.plan.problem import Problem
from matching.plan.weeks import Weeks

Hours = tuple[tuple[int, float], ...]
"""(week, hours), in order."""


@dataclass(frozen=True)
class Placed:
    """A step in its place: the option, first and last day, and its hours per week."""

    option: Option
    start: int
    end: int
    hours: Hours
    """Own hours before paid leave."""
    leave: Hours = ()
    """Hours of these that paid leave pays for."""


Schedule = dict[int, Placed]
"""Candidate → its place."""


def schedule(problem: Problem, chosen: Iterable[int]) -> Schedule | None:
    """A place for each chosen candidate, what it asks for first; None where none was found."""
    table = Table(problem)
    return table.placed if table.add(chosen) else None


def hours_of(option: Option, start: int, weeks: Weeks) -> Hours:
    """(week, own hours) of a placed option that starts on this day."""
    return tuple(enumerate(option.loads, weeks.of(start)))


class Table:
    """Steps in their places, and what these leave of each week."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        steps, weeks = len(problem.candidates), len(problem.weeks)
        self.filled = Filled(
            np.array([problem.weeks.room, [0.0] * weeks, [0.0] * weeks]), np.array([problem.leave, 0.0]),
            np.zeros(1, np.int64), np.empty((steps, 5), np.int64), np.empty((steps, 2, weeks)),
        )  # fmt: skip

    def copy(self) -> Table:
        """One that can be filled further while this one stays as it is."""
        other, filled, n = Table.__new__(Table), self.filled, self.filled.size[0]
        steps, hours = np.empty_like(filled.steps), np.empty_like(filled.hours)
        steps[:n], hours[:n] = filled.steps[:n], filled.hours[:n]
        other.problem = self.problem
        other.filled = Filled(filled.weeks.copy(), filled.totals.copy(), filled.size.copy(), steps, hours)
        return other

    def without(self, c: int) -> Table:
        """One where this step, which no other asks for, has given its place back."""
        other = self.copy()
        remove(self.problem.options.laid, self.problem.limits, other.filled, c)
        return other

    def add(self, chosen: Iterable[int]) -> bool:
        """Give each of these a place, what it asks for first; False, and a table of no use, where none was found."""
        options, waiting = self.problem.options, np.array(list(chosen), np.int64)
        while (found := add(options.laid, self.problem.limits, self.filled, waiting)) >= 0:
            options.meet(found)
        return found == DONE

    @property
    def placed(self) -> Schedule:
        """Their places."""
        filled, found = self.filled, {}
        for i, (c, way, _, first, last) in enumerate(filled.steps[: filled.size[0]].tolist()):
            option = self.problem.options.option(way)
            fixed = option.shares is not None
            hours = hours_of(option, first, self.problem.weeks) if fixed else _above_zero(filled.hours[i, LOAD])
            found[c] = Placed(option, first, last, hours, _above_zero(filled.hours[i, PAID]))
        return found


def _above_zero(hours: NDArray[np.float64]) -> Hours:
    return tuple([(week, one) for week, one in enumerate(hours.tolist()) if one > 0])


def with_all_leave(problem: Problem, placed: Schedule) -> Schedule:
    """The same places, with the leave that is left given to contact hours, first steps first."""
    if problem.leave <= 0:
        return placed
    left = problem.leave - sum(hours for one in placed.values() for _, hours in one.leave)
    result = dict(placed)
    for c, one in sorted(placed.items(), key=lambda item: (item[1].start, item[0])):
        paid = dict(one.leave)
        contact = one.option.contact - sum(paid.values())
        for i, (week, load) in enumerate(one.hours):
            most = load if one.option.shares is None else one.option.contact * one.option.shares[i]
            more = max(0.0, min(left, contact, most - paid.get(week, 0.0)))
            paid[week] = paid.get(week, 0.0) + more
            left, contact = left - more, contact - more
        kept: Iterable[tuple[int, float]] = ((week, hours) for week, hours in sorted(paid.items()) if hours > 0)
        result[c] = Placed(one.option, one.start, one.end, one.hours, tuple(kept))
    return result
