"""A mixed-integer linear program that is written down row by row and solved by HiGHS (through scipy)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Terms = list[tuple[int, float]]
"""Σ coefficient · column."""


@dataclass(frozen=True)
class Solution:
    """The best point that was found, and a proven lower bound on the cost of every point."""

    values: NDArray[np.float64] | None
    bound: float
    """Infinite where it is proven that there is no point at all."""
    complete: bool
    """False where the time was up before the point was proven to be best."""


@dataclass
class Program:
    """Minimise Σ cost · column, subject to rows; columns are at least 0."""

    costs: list[float] = field(default_factory=list)
    uppers: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    highs: list[float] = field(default_factory=list)
    lows: list[float] = field(default_factory=list)
    entries: tuple[list[int], list[int], list[float]] = field(default_factory=lambda: ([], [], []))

    def column(self, upper: float = 1.0, *, cost: float = 0.0, whole: bool = False) -> int:
        """A new column in [0, upper]."""
        self.costs.append(cost)
        self.uppers.append(upper)
        self.whole.append(whole)
        return len(self.costs) - 1

    def row(self, terms: Iterable[tuple[int, float]], high: float = math.inf, low: float = -math.inf) -> None:
        """low ≤ Σ terms ≤ high; a column may occur several times."""
        rows, columns, values = self.entries
        for column, value in terms:
            rows.append(len(self.highs))
            columns.append(column)
            values.append(value)
        self.highs.append(high)
        self.lows.append(low)

    def equal(self, terms: Iterable[tuple[int, float]], value: float = 0.0) -> None:
        self.row(terms, value, value)

    def solve(self, seconds: float, gap: float = 1e-9) -> Solution:
        """Within the time limit; `gap` is the relative distance to the bound at which to stop."""
        from scipy.optimize import Bounds, LinearConstraint, milp  # a quarter of a second, and only plans need it
        from scipy.sparse import coo_array

        if not self.costs:
            return Solution(np.zeros(0), 0.0, True)
        rows, columns, values = self.entries
        matrix = coo_array((values, (rows, columns)), shape=(len(self.highs), len(self.costs))).tocsr()
        found = milp(
            np.array(self.costs),
            integrality=np.array(self.whole, np.uint8),
            bounds=Bounds(0, np.array(self.uppers)),
            constraints=LinearConstraint(matrix, np.array(self.lows), np.array(self.highs)),
            options={"time_limit": max(seconds, 0.01), "mip_rel_gap": gap},
        )
        if found.status == 2:
            return Solution(None, math.inf, True)
        bound = found.mip_dual_bound
        if bound is None or math.isinf(bound):  # nothing was left to branch on
            bound = found.fun if found.status == 0 else -math.inf
        return Solution(found.x, float(bound), found.status == 0)
