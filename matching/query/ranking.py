"""From a batch of learners to the best k admissible offers of each, on one thread or several."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.index.columns import Columns, packed
from matching.index.concepts import Strengths
from matching.index.generation import Generation
from matching.query.demand import Demand
from matching.query.persons import Persons, Tables
from matching.query.selection import Best, rank, rank_values
from matching.query.tally import Workspace

NOBODY_BLOCKED = np.zeros(0, np.uint8)


@dataclass(frozen=True)
class Workspaces:
    """Working memory of the threads that rank over one generation; `list.pop` and `append` are atomic."""

    generation: Generation
    _free: list[Workspace] = field(default_factory=list)

    @cached_property
    def columns(self) -> Columns:
        """Those of the catalogue, as the kernel reads them."""
        return packed(self.generation.catalogue.columns)

    @contextmanager
    def one(self) -> Iterator[Workspace]:
        """Memory that no other thread holds meanwhile."""
        try:
            space = self._free.pop()
        except IndexError:
            catalogue = self.generation.catalogue
            space = Workspace.of(catalogue.columns, len(catalogue.atoms))
        try:
            yield space.rested()
        finally:
            self._free.append(space)


def rank_all(
    demand: Demand, persons: Persons, tables: Tables, k: int, spaces: Workspaces,
    blocked: NDArray[np.uint8] = NOBODY_BLOCKED,
) -> Best:  # fmt: skip
    """The k best offers of every learner of the batch; `blocked` holds one byte per offer, or nothing.

    Releases the GIL. Each learner's numbers are added up alone: threads and batches change nothing."""
    now = spaces.generation
    n, coverage, columns = len(demand.requirements), now.coverage, spaces.columns
    best = Best.empty(n, min(k, max(len(now.catalogue), 1)))
    listed = coverage.strengths or Strengths.none()
    with spaces.one() as space:
        rank(
            0, n, demand.arrays, listed, demand.new, coverage.courses, coverage.routes, columns, tables, persons,
            blocked, space, best,
        )  # fmt: skip
        for p, text in enumerate(demand.texts):
            if text is not None:
                rank_values(p, now.texts.values(text), columns, tables, persons, blocked, space, best)
    return best
