"""From a batch of learners to the best k admissible offers of each, on one thread or several."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.index.columns import Columns, packed
from matching.index.generation import Generation
from matching.query.demand import Demand
from matching.query.glance import glances
from matching.query.kernels import Asking
from matching.query.near import most_near
from matching.query.persons import Persons, Tables
from matching.query.selection import Best, rank, rank_values
from matching.query.workspace import Workspace

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

    @cached_property
    def _glance(self) -> NDArray[np.void]:
        return glances(self.generation.catalogue.columns)

    @contextmanager
    def one(self, near: int) -> Iterator[Workspace]:
        """Memory that no other thread holds meanwhile, with room for so many concepts that are near one learner."""
        try:
            space = self._free.pop()
        except IndexError:
            now = self.generation
            space = Workspace.of(self._glance, len(now.courses.indptr) - 1, len(now.catalogue.atoms))
        space = space.roomy(near)
        yield space
        self._free.append(space)  # not after an error: what it left half-done is not read again


def rank_all(
    demand: Demand, persons: Persons, tables: Tables, k: int, spaces: Workspaces,
    blocked: NDArray[np.uint8] = NOBODY_BLOCKED,
) -> Best:  # fmt: skip
    """The k best offers of every learner of the batch; `blocked` holds one byte per offer, or nothing.

    Releases the GIL. Each learner's numbers are added up alone: threads and batches change nothing."""
    now, columns = spaces.generation, spaces.columns
    best = Best.empty(len(demand.requirements), min(k, max(len(now.catalogue), 1)))
    asking = Asking.of(demand.arrays, demand.new, now)
    with spaces.one(most_near(asking)) as space:
        rank(asking, columns, tables, persons, blocked, space, best)
        for p, text in enumerate(demand.texts):
            if text is not None:
                known = asking._replace(values=now.texts.values(text))
                rank_values(p, known, columns, tables, persons, blocked, space, best)
    return best
