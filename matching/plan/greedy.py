"""A good plan fast: add what closes most for its hours, with what it asks for, as long as everything fits; then
exchange single steps while that helps.

The gain is monotone and submodular; of the two classic greedy orders (by gain, by gain per hour) the better one is
kept, which is what the guarantee for a knapsack rests on (Leskovec et al., KDD 2007)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matching.plan.calendar import Schedule, Table, schedule
from matching.plan.greedy_kernels import LEAST, Left, Offers, next_best
from matching.plan.problem import Problem

MISSES = 4
"""How many candidates may fail to fit before an exchange, or the order by gain, is given up."""


def choose(problem: Problem) -> tuple[list[int], Schedule] | None:
    """(chosen candidates in order of choice, their places); None where the pinned ones do not fit."""
    search = _Search(problem)
    base = search.with_needs(sorted(problem.pinned), [])
    if base is None or search.fitted([], base) is None:
        return None
    by_hour = search.grow(base, per_hour=True, misses=4 * MISSES)
    grown = (by_hour, search.grow(base, per_hour=False, misses=MISSES))
    best = search.exchanged(max(grown, key=problem.worth))
    best = search.trimmed(best)
    table = search.fitted(best, [])
    return best, schedule(problem, best) or (table.placed if table else {})


class _Search:
    """The greedy's view of a problem: arrays over candidates, and the tables of sets that were looked up before."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.offers = Offers(
            np.ascontiguousarray(problem.values * problem.priorities),
            problem.per_kept * np.array(problem.keeps, np.float64),
            np.array(problem.least_hours, np.float64),
            np.array(problem.leave_hours, np.float64),
            np.array(problem.prices, np.float64),
        )
        self.held = problem.held * problem.priorities
        self.simple = [not one.asks and one.together == frozenset() for one in problem.candidates]
        self.member: dict[int, frozenset[int]] = {}
        for members in problem.groups.values():
            self.member |= dict.fromkeys(members, frozenset(members))
        self._tables: dict[frozenset[int], Table | None] = {frozenset(): Table(problem)}

    def fitted(self, chosen: Sequence[int], more: Sequence[int]) -> Table | None:
        """The calendar of `chosen` with `more`; None where no place was found for them all. First `more` is put into
        the calendar of `chosen` as it is; only where that fails do all of them look for places anew."""
        key = frozenset((*chosen, *more))
        if key not in self._tables:
            self._tables[key] = self._table(key, self._tables.get(frozenset(chosen)), more)
        return self._tables[key]

    def _table(self, key: frozenset[int], base: Table | None, more: Sequence[int]) -> Table | None:
        if not self._allowed(key):
            return None
        if base is not None:
            table = base.copy()
            if table.add(more):
                return table
            kind = {c: self.problem.urgency(c)[0] for c in key}
            if max([kind[c] for c in base.placed], default=0) <= min([kind[c] for c in more]):
                return None  # another order would not give `more` an earlier turn
        table = Table(self.problem)
        return table if table.add(key) else None

    def _allowed(self, chosen: frozenset[int]) -> bool:
        problem = self.problem
        if problem.max_steps is not None and len(chosen) > problem.max_steps:
            return False
        if self.member and any(len(members & chosen) > 1 for c in chosen if (members := self.member.get(c))):
            return False
        for c in chosen:
            if not self.simple[c]:
                together = problem.candidates[c].together
                if together is None or not together <= chosen:
                    return False
        return problem.affords(problem.own_hours(chosen), problem.price(chosen))

    def grow(self, chosen: list[int], *, per_hour: bool, without: int | None = None, misses: int = 10**6) -> list[int]:
        """Add the best that fits until nothing does, or so many did not fit. What did not fit once is not tried again:
        room only shrinks."""
        chosen, alive = list(chosen), np.ones(len(self.offers.hours), bool)
        alive[chosen] = False
        if without is not None:
            alive[without] = False
        best, left = self._best(chosen), self._left(chosen)
        while misses >= 0 and (c := next_best(self.offers, best, alive, left, per_hour)) >= 0:
            alive[c] = False
            group = [c] if self.simple[c] else self.with_needs([c], chosen)
            if group is None or self.fitted(chosen, group) is None:
                misses -= 1
                continue
            chosen += group
            alive[group] = False
            best, left = self._best(group, best), self._left(chosen)
        return chosen

    def _best(self, chosen: Sequence[int], best: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """(requirements,) the best of these and `best` (else what is held), times priority."""
        best = self.held if best is None else best
        for c in chosen:
            best = np.maximum(best, self.offers.more[c])
        return best

    def _left(self, chosen: Sequence[int]) -> Left:
        problem, hours, leave = self.problem, self.problem.least_hours, self.problem.leave_hours
        paid = min(problem.leave, sum([leave[c] for c in chosen]))
        spent = sum([hours[c] for c in chosen])
        return Left(problem.hours - spent + paid, problem.leave - paid, problem.money - problem.price(chosen))

    def exchanged(self, chosen: list[int]) -> list[int]:
        """Take out one step at a time and fill the room anew, best first, while the worth rises."""
        problem, worth = self.problem, self.problem.worth(chosen)
        if problem.gain(chosen, problem.priorities) >= problem.all_open - LEAST:
            return chosen
        for c in list(chosen):
            if c not in chosen or c in problem.pinned:
                continue
            rest = [one for one in chosen if one != c]
            if self.reduced(chosen, c) is None:
                continue
            other = self.grow(rest, per_hour=True, without=c, misses=MISSES)
            if problem.worth(other) > worth + LEAST:
                chosen, worth = other, problem.worth(other)
        return chosen

    def trimmed(self, chosen: list[int]) -> list[int]:
        """Without the steps that add nothing, and that nothing else asks for."""
        worth = self.problem.worth(chosen)
        for c in sorted(chosen, key=lambda c: (-self.problem.least_hours[c], c)):
            rest = [one for one in chosen if one != c]
            idle = c not in self.problem.pinned and not self.problem.keeps[c]
            if idle and self.problem.worth(rest) >= worth and self.reduced(chosen, c) is not None:
                chosen, worth = rest, self.problem.worth(rest)
        return chosen

    def reduced(self, chosen: Sequence[int], c: int) -> Table | None:
        """The calendar of `chosen` without one of them; None where others need it."""
        key, base = frozenset(chosen) - {c}, self._tables.get(frozenset(chosen))
        if key not in self._tables and base is not None and c not in self.problem.related and self._allowed(key):
            self._tables[key] = base.without(c)
        return self.fitted(list(key), [])

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
