"""Which of a fixed list of competences a claim gives, and how far: read from the kept strengths, or asked once."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.index.coverage import Coverage

REMEMBERED = 4096
"""Distinct claimed competences whose answer is kept."""

Given = list[tuple[int, float]]
"""(position in the list, strength), ascending."""


class Reach:
    """Sparse strengths from any competence to the listed ones, from `least` up."""

    def __init__(self, names: Sequence[str], coverage: Coverage, least: float) -> None:
        self.names, self.coverage, self.least = list(names), coverage, least
        self._found: OrderedDict[str, Given] = OrderedDict()

    def of(self, competence: str) -> Given:
        """What this competence gives to at least `least`."""
        found = self._found.get(competence)
        if found is None:
            row = self.coverage.concepts.vocabulary.row(competence)
            kept = row >= 0 and self.coverage.strengths is not None
            found = sorted(self._kept.get(row, []) + self._ask(competence, self._not_kept if kept else self._all))
            self._found[competence] = found
            if len(self._found) > REMEMBERED:
                self._found.popitem(last=False)
        return found

    def _ask(self, competence: str, positions: NDArray[np.int64]) -> Given:
        """By similarity, for the names at these positions."""
        if not len(positions):
            return []
        vector = self.coverage.vectors_of([competence])[0]
        names = [self.names[position] for position in positions]
        values = self.coverage.concepts.given(competence, vector, names, self._vectors[positions])
        hits = np.flatnonzero(values >= self.least)
        return list(zip(positions[hits].tolist(), values[hits].tolist(), strict=True))

    @cached_property
    def _rows(self) -> NDArray[np.int64]:
        return np.array(self.coverage.concepts.vocabulary.rows(self.names), np.int64)

    @cached_property
    def _all(self) -> NDArray[np.int64]:
        return np.arange(len(self.names))

    @cached_property
    def _not_kept(self) -> NDArray[np.int64]:
        """Positions of names that the index does not list."""
        return np.flatnonzero(self._rows < 0)

    @cached_property
    def _kept(self) -> dict[int, Given]:
        """Row of a listed competence → the listed names that it gives, where strengths are kept."""
        kept, found = self.coverage.strengths, defaultdict[int, Given](list)
        for position, row in enumerate(self._rows.tolist() if kept is not None else ()):
            if row >= 0 and kept is not None:
                part = slice(int(kept.indptr[row]), int(kept.indptr[row + 1]))
                rows, values = kept.rows[part], kept.values[part]
                strong = values >= self.least
                for giver, value in zip(rows[strong].tolist(), values[strong].tolist(), strict=True):
                    found[giver].append((position, value))
        return dict(found)

    @cached_property
    def _vectors(self) -> NDArray[np.float32]:
        return self.coverage.vectors_of(self.names)


def level_share(level: float | None, asked: float) -> float:
    """min(level, asked) / asked; 1 where the level is unknown or none is asked (0)."""
    return 1.0 if level is None or asked <= 0 else min(level, asked) / asked
