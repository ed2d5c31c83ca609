"""Concepts by what they are called and by what they mean, searched together and exactly.

The score of a concept is half the cosine to its closest label, in any language, and half the cosine to its direction:
the mean of its preferred labels with half a description added. One label without a description is plain cosine. On
held-back Competent → ESCO links, against the closest label alone, this finds 2 (Dutch) and 4 (French) in a hundred more
right concepts among the first ten.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from competences.encoders.protocol import Encoder
from competences.vectors import DECIMALS, Neighbours, VectorIndex, similarity

DESCRIPTION_WEIGHT = 0.5
"""Weight of the description in a concept's direction, beside 1 for its preferred labels together."""
DEPTH, LABELS = 16, 4
"""How far beyond k the two lists are read at first, and labels per concept in the second; both change only speed."""
BLOCK = 512
"""Queries that are scored together: bounds the memory, changes no result."""

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


class Names(NamedTuple):
    """The texts of one concept: preferred labels (at least one), other labels, a description or ""."""

    preferred: tuple[str, ...]
    others: tuple[str, ...] = ()
    description: str = ""


class LabelIndex:
    """All labels and directions of some concepts. Rows are positions in the sequence of names."""

    def __init__(self, names: Sequence[Names], encoder: Encoder) -> None:
        texts = [text for one in names for text in (*one.preferred, *one.others)]
        counts = [len(one.preferred) + len(one.others) for one in names]
        self._start = np.concatenate(([0], np.cumsum(counts, dtype=np.int64))).astype(np.int64)
        self._owner = np.repeat(np.arange(len(names), dtype=np.int64), counts)
        self._labels = VectorIndex(_encoded(texts, encoder))
        self._plain = all(count == 1 for count in counts) and not any(one.description for one in names)
        self._directions = self._labels if self._plain else VectorIndex(self._directed(names, encoder))

    def __len__(self) -> int:
        return len(self._start) - 1

    def nearest(self, queries: Floats, k: int) -> Neighbours:
        """The k best concepts for each (n, d) unit query, over all concepts; ties by row."""
        if self._plain:
            return self._labels.nearest(queries, k)
        k = min(k, len(self))
        rows = np.zeros((len(queries), k), np.int64)
        scores = np.zeros((len(queries), k), np.float32)
        pending, depth = np.arange(len(queries)), k + DEPTH
        while len(pending) and k:
            missed = [
                part[~self._settle(queries, part, k, depth, rows, scores)]
                for part in np.split(pending, range(BLOCK, len(pending), BLOCK))
            ]
            pending, depth = np.concatenate(missed), depth * 4
        indptr = np.arange(len(queries) + 1, dtype=np.int64) * k
        return Neighbours(indptr, rows.reshape(-1), scores.reshape(-1))

    def _settle(self, queries: Floats, part: Rows, k: int, depth: int, rows: Rows, scores: Floats) -> NDArray[np.bool_]:
        """Fill in the k best of each query in `part`; (len(part),) True where nothing outside can be better.

        Both lists hold the best by one half of the score, so what neither holds scores at most the mean of their last
        entries (the threshold algorithm of Fagin, Lotem and Naor, 2003).
        """
        asked = queries[part]
        near = [self._directions.nearest(asked, depth), self._labels.nearest(asked, LABELS * depth)]
        whole = [near[0].rows.size == len(part) * len(self), near[1].rows.size == len(part) * len(self._labels)]
        bound = sum(found.similarities[found.indptr[1:] - 1] for found in near) / 2
        query = np.concatenate([np.repeat(np.arange(len(part)), np.diff(found.indptr)) for found in near])
        concept = np.concatenate([near[0].rows, self._owner[near[1].rows]])
        pairs = np.unique(query * len(self) + concept)
        query, concept = pairs // len(self), pairs % len(self)
        values = self._scores(asked, query, concept)
        order = np.lexsort((concept, -values, query))
        first = np.searchsorted(query, np.arange(len(part)))
        kept = order[first[:, None] + np.arange(k)]
        rows[part], scores[part] = concept[kept], values[kept]
        return np.asarray(any(whole) | (values[kept[:, -1]] > bound))

    def _scores(self, queries: Floats, query: Rows, concept: Rows) -> Floats:
        """(m,) score of each pair, rounded."""
        counts = np.diff(self._start)[concept]
        first = np.cumsum(counts) - counts
        label = np.arange(counts.sum()) - np.repeat(first - self._start[concept], counts)
        closest = np.maximum.reduceat(similarity(queries, np.repeat(query, counts), self._labels.vectors, label), first)
        whole = similarity(queries, query, self._directions.vectors, concept)
        return np.asarray(np.round((closest + whole) / 2, DECIMALS), dtype=np.float32)

    def _directed(self, names: Sequence[Names], encoder: Encoder) -> Floats:
        """(n concepts, d) unit rows."""
        means = np.zeros((len(names), encoder.dim), np.float32)
        leading = np.concatenate(
            [np.arange(start, start + len(one.preferred)) for start, one in zip(self._start, names, strict=False)]
        )
        np.add.at(means, self._owner[leading], self._labels.vectors[leading])
        described = [row for row, one in enumerate(names) if one.description]
        means = _unit(means)
        means[described] += DESCRIPTION_WEIGHT * _encoded([names[row].description for row in described], encoder)
        return _unit(means)


def _encoded(texts: Sequence[str], encoder: Encoder) -> Floats:
    return encoder.encode(texts) if texts else np.zeros((0, encoder.dim), np.float32)


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    found: Floats = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 1e-6)
    return found
