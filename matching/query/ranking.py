"""From arrays back to ids: the best k admissible offers of each learner."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.index.catalogue import Columns
from matching.index.coverage import Postings
from matching.query.demand import Demand
from matching.query.kernels import Persons, Tables, rank, rank_values

CHUNK = 256
"""Learners per task of a thread."""


@dataclass(frozen=True)
class Ranking:
    """Row p holds the `counts[p]` best of learner p: score, offer row, run row, own hours, gain; (n, k) arrays."""

    counts: NDArray[np.int64]
    scores: NDArray[np.float64]
    offers: NDArray[np.int64]
    runs: NDArray[np.int64]
    own_hours: NDArray[np.float64]
    gains: NDArray[np.float64]

    @classmethod
    def empty(cls, n: int, k: int) -> Ranking:
        return cls(
            np.zeros(n, np.int64), np.zeros((n, k)), np.full((n, k), -1, np.int64), np.full((n, k), -1, np.int64),
            np.zeros((n, k)), np.zeros((n, k)),
        )  # fmt: skip

    @property
    def arrays(self) -> tuple[NDArray[np.int64] | NDArray[np.float64], ...]:
        return self.counts, self.scores, self.offers, self.runs, self.own_hours, self.gains


def rank_all(
    demand: Demand, texts: Sequence[NDArray[np.float64] | None], courses: Postings, routes: Postings,
    columns: Columns, tables: Tables, persons: Persons, blocked: NDArray[np.uint8], k: int, threads: int = 1,
) -> Ranking:  # fmt: skip
    """Rank for every learner of the batch. `texts[p]` holds one value per offer where the goal is free text.

    Each learner's numbers are added up alone and in a fixed order: threads and chunks change nothing."""
    n = len(demand.requirements)
    found = Ranking.empty(n, k)

    def part(first: int) -> None:
        rank(
            first, min(first + CHUNK, n), demand.arrays, courses, routes, demand.more_courses, demand.more_routes,
            columns, tables, persons, blocked, *found.arrays,
        )  # fmt: skip

    starts = range(0, n, CHUNK)
    if threads == 1 or len(starts) == 1:
        for first in starts:
            part(first)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(part, starts))
    for p, values in enumerate(texts):
        if values is not None:
            rank_values(p, values, columns, tables, persons, blocked, *found.arrays)
    return found
