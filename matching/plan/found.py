"""A choice with its places, and what is proven of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matching.plan.calendar import Schedule
from matching.plan.problem import Problem


@dataclass(frozen=True)
class Answer:
    """A choice without its calendar."""

    chosen: list[int] | None
    bound: float
    """No choice is worth more."""
    complete: bool
    """False where the time was up."""


@dataclass(frozen=True)
class Found:
    """A choice with its places, and the most that any choice is worth."""

    chosen: list[int]
    placed: Schedule
    bound: float
    complete: bool
    """False where the time was up."""

    def worth(self, problem: Problem) -> float:
        return worth_of(problem, self.chosen, self.placed)


def worth_of(problem: Problem, chosen: Sequence[int], placed: Schedule) -> float:
    """Worth of a choice with the options that it was placed with."""
    spent = sum(one.option.own_hours for one in placed.values())
    paid = min(problem.leave, sum(one.option.contact for one in placed.values()))
    return problem.worth(chosen, max(0.0, spent - paid))
