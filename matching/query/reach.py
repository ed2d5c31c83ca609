"""Which of a fixed list of competences a claim gives, and how far: asked once per distinct competence."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.index.coverage import Coverage

REMEMBERED = 4096
"""Distinct claimed competences whose answer is kept."""


class Reach:
    """Sparse strengths from any competence to the listed ones, from `least` up."""

    def __init__(self, names: Sequence[str], coverage: Coverage, least: float) -> None:
        self.names, self.coverage, self.least = list(names), coverage, least
        self._found: OrderedDict[str, list[tuple[int, float]]] = OrderedDict()

    def of(self, competence: str) -> list[tuple[int, float]]:
        """(position, strength) of every listed competence that this one gives to at least `least`."""
        found = self._found.get(competence)
        if found is None:
            found = self._found[competence] = self._ask(competence)
            if len(self._found) > REMEMBERED:
                self._found.popitem(last=False)
        return found

    def _ask(self, competence: str) -> list[tuple[int, float]]:
        vector = self.coverage.vectors_of([competence])[0]
        values = self.coverage.concepts.given(competence, vector, self.names, self._vectors)
        hits = np.flatnonzero(values >= self.least)
        return list(zip(hits.tolist(), values[hits].tolist(), strict=True))

    @cached_property
    def _vectors(self) -> NDArray[np.float32]:
        return self.coverage.vectors_of(self.names)


def level_share(level: float | None, asked: float) -> float:
    """min(level, asked) / asked; 1 where the level is unknown or none is asked (0)."""
    return 1.0 if level is None or asked <= 0 else min(level, asked) / asked
