"""A good plan fast: add what closes most for its hours, with what it asks for, as long as everything fits; then
exchange single steps while that helps.

The gain is monotone and submodular; of the two classic greedy orders (by gain, by gain per hour) the better one is
kept, which is what the guarantee for a knapsack rests on (Leskovec et al., KDD 2007)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from matching.plan.calendar import Schedule, schedule
from matching.plan.problem import Problem

MISSES = 6
"""How many candidates may fail to fit before an exchange, or the order by gain, is given up."""
LEAST = 1e-9
"""A gain below this is none."""


def choose(problem: Problem) -> tuple[list[int], Schedule] | None:
    """(chosen candidates in order of choice, their places); None where the pinned ones do not fit."""
    search = _Search(problem)
    base = search.with_needs(sorted(problem.pinned), [])
    if base is None or search.fits(base) is None:
        return None
    by_hour = search.grow(base, per_hour=True, misses=4 * MISSES)
    grown = (by_hour, search.grow(base, per_hour=False, misses=MISSES))
    best = search.exchanged(max(grown, key=problem.worth))
    best = search.trimmed(best)
    return best, search.fits(best) or {}


class _Search:
    """The greedy's view of a problem: arrays over candidates, and places that were looked up before."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.hours = np.array([candidate.least_hours for candidate in problem.candidates])
        self.leave = np.array([candidate.leave_hours for candidate in problem.candidates])
        self.price = np.array([candidate.price for candidate in problem.candidates])
        self.simple = [not one.asks and one.together == frozenset() for one in problem.candidates]
        self.kept = problem.per_kept * np.array([candidate.kept for candidate in problem.candidates], float)
        self.member: dict[int, frozenset[int]] = {}
        for members in problem.groups.values():
            self.member |= dict.fromkeys(members, frozenset(members))
        self._fits: dict[frozenset[int], Schedule | None] = {}

    def fits(self, chosen: Iterable[int]) -> Schedule | None:
        """Places of a set that keeps every rule; None where none were found."""
        key = frozenset(chosen)
        if key not in self._fits:
            self._fits[key] = schedule(self.problem, sorted(key)) if self._allowed(key) else None
        return self._fits[key]

    def _allowed(self, chosen: frozenset[int]) -> bool:
        problem = self.problem
        if problem.max_steps is not None and len(chosen) > problem.max_steps:
            return False
        if any(len(members & chosen) > 1 for c in chosen if (members := self.member.get(c))):
            return False
        together = (problem.candidates[c].together for c in chosen)
        if any(other is None or not other <= chosen for other in together):
            return False
        return problem.affords(problem.own_hours(chosen), problem.price(chosen))

    def grow(
        self, chosen: list[int], *, per_hour: bool, without: int | None = None, misses: int = 10**6
    ) -> list[int]:
        """Add the best that fits until nothing does, or so many did not fit. What did not fit once is not tried again:
        room only shrinks."""
        chosen, problem = list(chosen), self.problem
        alive = np.ones(len(self.hours), bool)
        if without is not None:
            alive[without] = False
        while True:
            alive[chosen] = False
            rank = self.ranks(chosen, per_hour)
            spent, paid = float(self.hours[chosen].sum()), float(self.leave[chosen].sum())
            after = spent + self.hours - np.minimum(problem.leave, paid + self.leave)
            open_ones = alive & (rank > 0) & (after <= problem.hours + 1e-6)
            open_ones &= self.price <= problem.money - float(self.price[chosen].sum()) + 1e-6
            for c in np.flatnonzero(open_ones)[np.argsort(-rank[open_ones], kind="stable")].tolist():
                group = [c] if self.simple[c] else self.with_needs([c], chosen)
                if group is not None and self.fits([*chosen, *group]) is not None:
                    chosen += group
                    break
                alive[c] = False
                misses -= 1
                if misses < 0:
                    return chosen
            else:
                return chosen

    def ranks(self, chosen: list[int], per_hour: bool) -> NDArray[np.float64]:
        """(candidates,) what each adds to the worth, per hour where asked; 0 where it adds nothing.

        A step that asks for others is ranked by itself: what it asks for comes with it."""
        problem = self.problem
        best = problem.values[chosen].max(axis=0) if chosen else problem.held
        more = np.maximum(problem.values - best, 0.0) @ problem.priorities + self.kept
        more[more <= LEAST] = 0.0
        return more / (1.0 + self.hours) if per_hour else more

    def exchanged(self, chosen: list[int]) -> list[int]:
        """Take out one step at a time and fill the room anew, best first, while the worth rises."""
        problem, worth = self.problem, self.problem.worth(chosen)
        if problem.gain(chosen, problem.priorities) >= problem.all_open - LEAST:
            return chosen
        for c in list(chosen):
            if c not in chosen or c in problem.pinned:
                continue
            rest = [one for one in chosen if one != c]
            if self.fits(rest) is None:
                continue
            other = self.grow(rest, per_hour=True, without=c, misses=MISSES)
            if problem.worth(other) > worth + LEAST:
                chosen, worth = other, problem.worth(other)
        return chosen

    def trimmed(self, chosen: list[int]) -> list[int]:
        """Without the steps that add nothing, and that nothing else asks for."""
        for c in sorted(chosen, key=lambda c: (-self.hours[c], c)):
            rest = [one for one in chosen if one != c]
            idle = c not in self.problem.pinned and not self.problem.candidates[c].kept
            if idle and self.problem.worth(rest) >= self.problem.worth(chosen) and self.fits(rest) is not None:
                chosen = rest
        return chosen

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
                    min((self.hours[e], e) for e in earners) for earners in atoms if earners and not earners & have
                )
                if len(options) < missing:
                    return None
                queue += [e for _, e in options[: max(0, missing)]]
        return group
