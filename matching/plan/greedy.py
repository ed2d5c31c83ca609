"""A good plan fast: add what closes most for its hours, with what it asks for, as long as everything fits; then
exchange single steps while that helps.

The gain is monotone and submodular; of the two classic greedy orders (by gain, by gain per hour) the better one is
kept, which is what the guarantee for a knapsack rests on (Leskovec et al., KDD 2007)."""

from __future__ import annotations

import math

import numpy as np

from matching.plan.calendar import Schedule, Table, schedule
from matching.plan.calendar_kernels import KIND
from matching.plan.greedy_kernels import ASKS, LEAST, MISSES_LEFT, SIZE, Growing, Left, Offers, grow
from matching.plan.problem import Problem

MISSES = 4
"""How many candidates may fail to fit before an exchange, or the order by gain, is given up."""


Choice = tuple[list[int], Table]
"""Chosen candidates in order of choice, and their calendar."""


def choose(problem: Problem) -> tuple[list[int], Schedule] | None:
    """(chosen candidates in order of choice, their places); None where the pinned ones do not fit."""
    search = _Search(problem)
    base = search.with_needs(sorted(problem.pinned), [])
    start = None if base is None else search.joined(([], Table(problem)), base)
    if start is None:
        return None
    by_hour = search.grown((start[0], start[1].copy()), per_hour=True, misses=4 * MISSES)
    both = by_hour, search.grown(start, per_hour=False, misses=MISSES)
    chosen, table = search.trimmed(search.exchanged(max(both, key=lambda one: problem.worth(one[0]))))
    return chosen, schedule(problem, chosen) or table.placed


class _Search:
    """The greedy's view of a problem: arrays over candidates."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.offers = Offers(
            np.ascontiguousarray(problem.values * problem.priorities),
            problem.per_kept * np.array(problem.keeps, np.float64),
            np.array(problem.least_hours, np.float64),
            np.array(problem.leave_hours, np.float64),
            np.array(problem.prices, np.float64),
            problem.group_numbers,
            np.array([one.alone for one in problem.candidates], np.bool_),
        )
        self.has = Left(problem.hours, problem.leave, problem.money)
        self.held = problem.held * problem.priorities
        self.spare, self.waiting = Table(problem), np.empty(len(problem.candidates), np.int64)

    def joined(self, choice: Choice, more: list[int]) -> Choice | None:
        """A choice with more; None where no place was found for them all. First `more` is put into the calendar as it
        is; only where that fails do all of them look for places anew."""
        chosen, table = choice
        together = [*chosen, *more]
        if not self._allowed(together):
            return None
        table = table.copy()
        if table.add(more):
            return together, table
        kinds = self.problem.limits.turns // KIND
        if max(kinds[chosen], default=0) <= min(kinds[more]):
            return None  # another order would not give `more` an earlier turn
        anew = Table(self.problem)
        return (together, anew) if anew.add(together) else None

    def _allowed(self, chosen: list[int]) -> bool:
        problem = self.problem
        if problem.max_steps is not None and len(chosen) > problem.max_steps:
            return False
        groups = [group for group in self.offers.group[chosen].tolist() if group >= 0]
        if len(groups) > len(set(groups)):
            return False
        for c in chosen:
            together = problem.candidates[c].together
            if together is None or not together <= {*chosen}:
                return False
        return problem.affords(problem.own_hours(chosen), problem.price(chosen))

    def grown(self, choice: Choice, *, per_hour: bool, without: int | None = None, misses: int) -> Choice:
        """A choice with the best that fits added until nothing does, or so many did not fit; its calendar is filled."""
        growing, table = self._growing(choice[0], misses), choice[1]
        if without is not None:
            growing.alive[without] = False
        while True:
            c, found = self._grow(growing, table, per_hour)
            chosen: list[int] = growing.chosen[: growing.counts[SIZE]].tolist()
            if c < 0:
                return chosen, table
            if found == ASKS:
                group = self.with_needs([c], chosen)
                joined = None if group is None else self.joined((chosen, table), group)
                if group is None or joined is None:
                    growing.alive[c] = False
                    growing.counts[MISSES_LEFT] -= 1
                else:
                    table = joined[1]
                    self._choose(growing, group)
            else:
                self.problem.options.meet(found)

    def _growing(self, chosen: list[int], misses: int) -> Growing:
        n = len(self.problem.candidates)
        growing = Growing(
            np.empty(n, np.int64), np.array([0, misses]), np.ones(n, bool), self.held.copy(),
            math.inf if self.problem.max_steps is None else float(self.problem.max_steps), self.has,
        )  # fmt: skip
        self._choose(growing, chosen)
        return growing

    def _choose(self, growing: Growing, more: list[int]) -> None:
        size = growing.counts[SIZE]
        growing.chosen[size : size + len(more)] = more
        growing.counts[SIZE] += len(more)
        growing.alive[more] = False
        if more:
            np.maximum(growing.best, self.offers.more[more].max(axis=0), out=growing.best)

    def _grow(self, growing: Growing, table: Table, per_hour: bool) -> tuple[int, int]:
        laid, limits = self.problem.options.laid, self.problem.limits
        return grow(self.offers, laid, limits, table.filled, self.spare.filled, self.waiting, growing, per_hour)

    def exchanged(self, choice: Choice) -> Choice:
        """Take out one step at a time and fill the room anew, best first, while the worth rises."""
        problem, worth = self.problem, self.problem.worth(choice[0])
        if problem.gain(choice[0], problem.priorities) >= problem.all_open - LEAST:
            return choice
        for c in choice[0]:
            if c not in choice[0] or c in problem.pinned:
                continue
            rest = self.without(choice, c)
            if rest is None:
                continue
            other = self.grown(rest, per_hour=True, without=c, misses=MISSES)
            if problem.worth(other[0]) > worth + LEAST:
                choice, worth = other, problem.worth(other[0])
        return choice

    def trimmed(self, choice: Choice) -> Choice:
        """Without the steps that add nothing, and that nothing else asks for."""
        problem, worth = self.problem, self.problem.worth(choice[0])
        for c in self._idle(choice[0]):
            if problem.worth([one for one in choice[0] if one != c]) >= worth:
                rest = self.without(choice, c)
                if rest is not None:
                    choice, worth = rest, problem.worth(rest[0])
        return choice

    def _idle(self, chosen: list[int]) -> list[int]:
        """The chosen that may be worth more left out, most hours first: nobody wants them kept, and what they alone
        cover is worth less than their hours and price. That only grows as others are left out."""
        if not chosen:
            return []
        problem, covered = self.problem, self.offers.more[chosen]
        ranked = np.sort(np.vstack((self.held, covered)), axis=0)
        lost = problem.aim.gain * ((covered == ranked[-1]) * (ranked[-1] - ranked[-2])).sum(axis=1)
        saved = problem.per_hour * self.offers.hours[chosen] + problem.per_euro * self.offers.price[chosen]
        free = [c for c, less in zip(chosen, (lost <= saved + LEAST).tolist(), strict=True) if less]
        idle = [c for c in free if c not in problem.pinned and not problem.keeps[c]]
        return sorted(idle, key=lambda c: (-problem.least_hours[c], c))

    def without(self, choice: Choice, c: int) -> Choice | None:
        """A choice without one of its candidates; None where others need it."""
        rest, table = [one for one in choice[0] if one != c], choice[1]
        if any(c in (self.problem.candidates[one].together or ()) for one in rest):
            return None
        if c not in self.problem.related:
            return rest, table.without(c)
        anew = Table(self.problem)
        return (rest, anew) if anew.add(rest) else None

    def with_needs(self, wanted: list[int], chosen: list[int]) -> list[int] | None:
        """Candidates with everything that they ask for, fewest hours first; None where something cannot be had."""
        group: list[int] = []
        queue = list(wanted)
        while queue:
            one = queue.pop()
            if one in group or one in chosen:
                continue
            group.append(one)
            together = self.problem.candidates[one].together
            if together is None:
                return None
            queue += sorted(together)
            have = {*group, *chosen, *queue}
            for lacking, atoms in self.problem.candidates[one].asks:
                missing = lacking - sum(bool(earners & have) for earners in atoms)
                options = sorted(
                    min((self.problem.least_hours[e], e) for e in earners)
                    for earners in atoms
                    if earners and not earners & have
                )
                if len(options) < missing:
                    return None
                queue += [e for _, e in options[: max(0, missing)]]
        return group
