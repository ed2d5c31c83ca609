"""Concepts that lie close together, to be told apart in one batch: chance rarely brings siblings together."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from competences.training.corpus import LABEL, Corpus

Matrix = NDArray[np.float32]
Ids = NDArray[np.int64]


class Siblings:
    """Where the concepts of a taxonomy lie at present; `look` again as training goes on."""

    def __init__(self, corpus: Corpus, able: NDArray[np.bool_]) -> None:
        """`able` (concepts,): whether two texts can be drawn. Concepts of a crosswalk are no siblings of those that
        they are linked to, and are left out."""
        self._able = able & np.array([not name.startswith("crosswalk:") for name in corpus.names])
        self._labels = np.flatnonzero(np.array(corpus.kinds) == LABEL)
        self._owners = np.array(corpus.concepts, np.int64)[self._labels]
        self._rows = np.empty(0, np.int64)
        self._directions: Matrix = np.empty((0, 0), np.float32)

    def __bool__(self) -> bool:
        return len(self._rows) > 0

    def look(self, vectors_of: Callable[[Ids], Matrix]) -> None:
        """Take the mean of the preferred labels of each concept, given the summed vectors (n, d) of these texts."""
        vectors = unit(vectors_of(self._labels))
        directions = np.zeros((len(self._able), vectors.shape[1]), np.float32)
        np.add.at(directions, self._owners, vectors)
        self._directions = unit(directions)
        self._rows = np.flatnonzero(self._able & self._directions.any(axis=1))

    def draw(self, families: int, size: int, rng: np.random.Generator) -> Ids:
        """Concepts of some families, each once: a concept drawn by chance with its nearest ones, `size` together."""
        size = min(size, len(self._rows) - 1)
        heads = rng.choice(self._rows, min(families, len(self._rows)), replace=False)
        similarities = self._directions[heads] @ self._directions[self._rows].T
        return np.asarray(np.unique(self._rows[np.argpartition(-similarities, size, axis=1)[:, :size]]), np.int64)


def unit(vectors: Matrix) -> Matrix:
    """Rows of length 1."""
    return np.asarray(vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9), np.float32)
