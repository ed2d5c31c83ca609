"""The proven bound: the best choice of offers when only totals count, by mixed-integer programming (HiGHS).

Weeks are left out, so its value is an upper bound for every plan; where its choice also fits the weeks, it is optimal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.plan.problem import Problem

TIE = 1e-5
"""What all own hours together cost in the objective: only ties are decided by it."""


@dataclass(frozen=True)
class Bounded:
    """The best choice of the relaxed problem, and the most that any plan can gain (priorities included)."""

    chosen: list[int]
    bound: float


def solve(problem: Problem, seconds: float) -> Bounded:
    """Maximise Σ p_r · (cover_r − held_r): y[c, r] says that c is the one that covers r, at most one for each r."""
    from scipy.optimize import Bounds, milp  # a quarter of a second, and only plans need it

    n = len(problem.candidates)
    more = problem.values - problem.held
    pairs = np.argwhere(more > 1e-9)
    own = np.array([candidate.own_hours for candidate in problem.candidates])
    rows = _Rows(n + len(pairs))
    per_hour = TIE / max(1.0, min(float(own.sum()), problem.hours + problem.leave))
    objective = np.concatenate((per_hour * own, -(more * problem.priorities)[pairs[:, 0], pairs[:, 1]]))
    for i, (c, _) in enumerate(pairs.tolist()):
        rows.add([(n + i, 1.0), (c, -1.0)], high=0.0)
    for r in range(problem.values.shape[1]):
        rows.add([(n + i, 1.0) for i in np.flatnonzero(pairs[:, 1] == r)], high=1.0)
    if np.isfinite(problem.hours):
        # Leave is at most the person's: giving all of it away keeps this an upper bound.
        rows.add(list(enumerate(own)), high=problem.hours + problem.leave)
    if np.isfinite(problem.money):
        rows.add([(c, one.price) for c, one in enumerate(problem.candidates)], high=problem.money)
    _relations(problem, rows)
    found = milp(
        objective,
        integrality=np.concatenate((np.ones(n), np.zeros(len(pairs)))),
        bounds=Bounds(0, 1),
        constraints=rows.constraint(),
        options={"time_limit": seconds, "mip_rel_gap": 1e-9},
    )
    chosen = [] if found.x is None else [int(c) for c in np.flatnonzero(found.x[:n] > 0.5)]
    dual = found.mip_dual_bound if found.mip_dual_bound is not None else found.fun
    most = float(problem.priorities @ (1 - np.minimum(problem.held, 1)))
    bound = most if dual is None else min(most, -float(dual) + TIE)
    return Bounded(chosen, max(bound, problem.gain(chosen, problem.priorities)))


def _relations(problem: Problem, rows: _Rows) -> None:
    groups: dict[str, list[int]] = {}
    for c, candidate in enumerate(problem.candidates):
        if candidate.offer.outcome_group is not None:
            groups.setdefault(candidate.offer.outcome_group, []).append(c)
        together = problem.corequisites[c]
        if together is None:
            rows.add([(c, 1.0)], high=0.0)
        for other in together or ():
            rows.add([(c, 1.0), (other, -1.0)], high=0.0)
        for lacking, atoms in candidate.asks:
            # One offer may earn several atoms: counted once for each, as the schedule does.
            rows.add([(c, float(lacking)), *((e, -1.0) for earners in atoms for e in earners)], high=0.0)
    for members in groups.values():
        rows.add([(c, 1.0) for c in members], high=1.0)


class _Rows:
    """Collects `Σ a_j x_j ≤ high`."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.entries: list[tuple[int, int, float]] = []
        self.highs: list[float] = []

    def add(self, terms: list[tuple[int, float]], high: float) -> None:
        if terms:
            self.entries += [(len(self.highs), column, value) for column, value in terms]
            self.highs.append(high)

    def constraint(self) -> Any:
        """The rows as scipy takes them."""
        from scipy.optimize import LinearConstraint
        from scipy.sparse import coo_array

        row, column, value = zip(*self.entries, strict=True) if self.entries else ((), (), ())
        matrix = coo_array((value, (row, column)), shape=(len(self.highs), self.width)).tocsr()
        return LinearConstraint(matrix, ub=np.array(self.highs))
