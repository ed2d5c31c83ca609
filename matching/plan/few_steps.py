"""The best choice of a few steps, by looking at every set: where there are not too many, that is faster than a model.

It answers the same question as the model without weeks in `matching.plan.exact`: everything but the calendar."""

from __future__ import annotations

import math
from collections.abc import Iterable
from math import comb

import numpy as np
from numpy.typing import NDArray

from matching.index.picking import starts_of
from matching.plan.entries import entries
from matching.plan.few_steps_kernels import Lists, Sets, Work, best_set
from matching.plan.found import Answer
from matching.plan.problem import Candidate, Problem, Role
from matching.plan.weeks import SLACK

SETS = 300_000
"""More sets than this are left to the model."""
LEAST = 1e-12


class FewSteps:
    """All sets of at most `max_steps` of the candidates that can come together at all."""

    def __init__(self, problem: Problem, rows: list[int]) -> None:
        self.problem, self.rows = problem, rows
        self.out: list[list[int]] = []

    @classmethod
    def of(cls, problem: Problem) -> FewSteps | None:
        """None where the number of steps is not limited, or there are too many sets to look at each."""
        if problem.max_steps is None or problem.aim.qualify or problem.aim.least > 0:
            return None
        rows = reachable(problem)
        sets = sum(comb(len(rows), k) for k in range(min(len(rows), problem.max_steps) + 1))
        return cls(problem, rows) if sets <= SETS else None

    def rule_out(self, together: list[int]) -> None:
        """Not all of these."""
        self.out.append(together)

    def solve(self, seconds: float) -> Answer:
        """The best set; it takes milliseconds, whatever time there is."""
        sets, fitting = self._sets()
        longest = int(np.diff(sets.gives.start).max(initial=0))
        work = Work(
            sets.held.copy(), np.zeros(len(sets.needs)), np.zeros(len(self.rows), bool), np.zeros(len(self.rows), bool),
            np.zeros(max(1, sets.most), np.int64), np.zeros((max(1, sets.most), max(1, longest))),
        )  # fmt: skip
        found = np.zeros(max(1, sets.most), np.int64)
        size, worth = best_set(sets, work, found)
        if size < 0:
            return Answer(None, -math.inf, True)
        chosen = sorted(self.rows[i] for i in found[:size].tolist())
        return Answer(chosen, worth + self.problem.aim.roles * fitting, True)

    def _sets(self) -> tuple[Sets, int]:
        """(the arrays, how many roles fit whatever is chosen)."""
        problem, rows = self.problem, self.rows
        candidates, number = [problem.candidates[c] for c in rows], {c: i for i, c in enumerate(rows)}
        more = problem.values[rows] - problem.held
        roles = problem.roles if problem.aim.roles else ()
        fitting = [role for role in roles if role.fits(problem.held)]
        open_roles = [role for role in roles if not role.fits(problem.held) and self._within_reach(role, more)]
        shares = np.array([role.shares for role in open_roles]).reshape(len(open_roles), len(problem.held)).T
        worth = problem.aim.gain * problem.priorities
        counts = (more > LEAST) & ((worth > 0) | (shares > 0).any(axis=1))
        together = [[number[c] for c in sorted(one.together or ())] for one in candidates]
        price = np.array([one.price for one in candidates], np.float64)
        return Sets(
            gives=_marked(counts, problem.values[rows]),
            worth=worth, held=np.asarray(problem.held, np.float64),
            shares=_marked(shares > 0, shares),
            needs=np.array([self._needed(role) for role in open_roles], np.float64),
            alone=np.ascontiguousarray(more @ shares) + LEAST, gain=more @ worth,
            gates=_lists([np.flatnonzero(role.gates) for role in open_roles],
                         [[role.enough - SLACK] * int(role.gates.sum()) for role in open_roles]),
            role_worth=problem.aim.roles,
            extra=problem.per_kept * np.array([one.kept for one in candidates], np.float64) - problem.per_euro * price,
            hours=np.array([one.least_hours for one in candidates], np.float64),
            leave=np.array([one.leave_hours for one in candidates], np.float64),
            price=price,
            group=problem.group_numbers[rows],
            pinned=np.array([c in problem.pinned for c in rows], np.bool_), all_pinned=len(problem.pinned),
            together=_lists(together, together), entries=entries([one.asks for one in candidates], number),
            out=self._ruled_out(number),
            most=min(problem.max_steps or len(rows), len(rows)),
            all_hours=problem.hours, all_leave=problem.leave, all_money=problem.money, per_hour=problem.per_hour,
        ), len(fitting)  # fmt: skip

    def _within_reach(self, role: Role, more: NDArray[np.float64]) -> bool:
        """Whether the best steps could make the role fit, even if their gains added up."""
        steps = self.problem.max_steps or len(more)
        return float(np.sort(more @ role.shares)[::-1][:steps].sum()) >= self._needed(role)

    def _needed(self, role: Role) -> float:
        """Share of the role that is still to be covered."""
        return role.enough - float(role.shares @ self.problem.held) - SLACK

    def _ruled_out(self, number: dict[int, int]) -> Lists:
        """Of the sets that were ruled out, those whose candidates are all here."""
        sets = [[number[c] for c in some] for some in self.out if number.keys() >= set(some)]
        return _lists(sets, sets)


def reachable(problem: Problem) -> list[int]:
    """Candidates whose entry conditions others can earn that can be reached, in order."""
    known = {c for c, one in enumerate(problem.candidates) if one.together is not None}
    while True:
        inside: set[int] = set()
        while ready := {c for c in known - inside if _enterable(problem.candidates[c], inside)}:
            inside |= ready
        kept = {c for c in inside if (problem.candidates[c].together or set()) <= inside}
        if kept == known:
            return sorted(kept)
        known = kept


def _enterable(one: Candidate, inside: set[int]) -> bool:
    return all(sum(not earners.isdisjoint(inside) for earners in atoms) >= lacking for lacking, atoms in one.asks)


def _marked(mask: NDArray[np.bool_], values: NDArray[np.float64]) -> Lists:
    """Of each row, the columns that are marked, with their values."""
    start = starts_of(mask.sum(axis=1))
    return Lists(start, np.nonzero(mask)[1].astype(np.int64), np.asarray(values[mask], np.float64))


def _lists(items: Iterable[Iterable[int]], values: Iterable[Iterable[float]]) -> Lists:
    parts = [list(part) for part in items]
    flat = [one for part in parts for one in part]
    worth = [value for part in values for value in part]
    return Lists(starts_of(map(len, parts)), np.array(flat, np.int64), np.array(worth, np.float64))
