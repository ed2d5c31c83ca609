"""The only file that knows FAISS: unit rows, inner product (cosine, higher is better), padding and dtype settled once.

FAISS proposes, one fixed code path decides: FAISS's last bits differ between single and batched search, so every
similarity that leaves this file is computed again, row by row, and rounded to `DECIMALS`. The same pair of vectors
gives the same number in any batch and on any number of threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from competences.errors import MisuseError

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]

DECIMALS = 5
MARGIN = 1e-4
"""How far FAISS's similarity may lie from ours: candidates are asked for with this margin and then judged."""
EXACT_UP_TO = 200_000
"""Rows up to which comparing with all of them takes seconds."""
CELLS, WANTED_RECALL = 1024, 0.99
SAMPLE, NEAREST = 256, 10
SINGLE_THREAD_BELOW = 32
"""Fewer queries than this are answered on one thread: starting the others costs more than they give."""


@dataclass(frozen=True)
class Neighbours:
    """For query i: rows[indptr[i]:indptr[i+1]], most similar first, ties by row."""

    indptr: Rows
    rows: Rows
    similarities: Vectors

    def of(self, query: int) -> tuple[Rows, Vectors]:
        """(rows, similarities) of one query."""
        part = slice(self.indptr[query], self.indptr[query + 1])
        return self.rows[part], self.similarities[part]


class VectorIndex:
    """Unit rows that can be asked for their neighbours, exactly."""

    recall: float = 1.0
    """Share of the true nearest neighbours that are found."""

    def __init__(self, vectors: Vectors) -> None:
        self.vectors = unit_rows(vectors)

    @cached_property
    def _index(self) -> Any:
        """FAISS copies the rows: made when the first question comes."""
        index = faiss.IndexFlatIP(self.vectors.shape[1])
        index.add(self.vectors)
        return index

    def __len__(self) -> int:
        return int(self.vectors.shape[0])

    def nearest(self, queries: Vectors, k: int) -> Neighbours:
        """The k most similar rows of each (n, d) float32 unit query; fewer where there are fewer rows."""
        queries = unit_rows(queries)
        # A few more than k, because two rows that FAISS holds apart can be equal after rounding.
        depth = min(k + 8, len(self))
        if depth == 0 or len(queries) == 0:
            return _empty(len(queries))
        with _threads_for(len(queries)):
            _, rows = self._index.search(queries, depth)
        found = self._judged(queries, np.repeat(np.arange(len(queries)), depth), rows.reshape(-1), len(queries))
        return _first(found, k)

    def within(self, queries: Vectors, min_similarity: float) -> Neighbours:
        """All rows with similarity ≥ `min_similarity`, for each (n, d) float32 unit query."""
        queries = unit_rows(queries)
        if len(self) == 0 or len(queries) == 0:
            return _empty(len(queries))
        with _threads_for(len(queries)):
            limits, _, rows = self._index.range_search(queries, float(min_similarity) - MARGIN)
        owner = np.repeat(np.arange(len(queries)), np.diff(limits.astype(np.int64)))
        return self._judged(queries, owner, rows, len(queries), min_similarity)

    def _judged(
        self, queries: Vectors, owner: Rows, rows: Rows, n: int, min_similarity: float = -np.inf
    ) -> Neighbours:
        padded = rows >= 0
        owner, rows = owner[padded], rows[padded].astype(np.int64)
        similarities = similarity(queries, owner, self.vectors, rows)
        enough = similarities >= min_similarity
        owner, rows, similarities = owner[enough], rows[enough], similarities[enough]
        order = np.lexsort((rows, -similarities, owner))
        indptr = np.searchsorted(owner[order], np.arange(n + 1))
        return Neighbours(indptr.astype(np.int64), rows[order], similarities[order])


class ApproximateIndex(VectorIndex):
    """The same for very many rows: only the cells nearest to a query are searched (inverted file; Jégou et al. 2011).

    As many cells are searched as it takes to find `WANTED_RECALL` of the true neighbours of a sample of the rows."""

    @cached_property
    def _index(self) -> Any:
        cells = min(CELLS, max(1, len(self) // 40))
        index: Any = faiss.index_factory(self.vectors.shape[1], f"IVF{cells},Flat", faiss.METRIC_INNER_PRODUCT)
        with _threads_for(1):  # cells must not depend on the number of threads
            index.train(self.vectors[:: max(1, len(self) // (40 * cells))])
        index.add(self.vectors)
        index.nprobe = max(1, cells // 64)
        while index.nprobe < cells and self._recall_of(index) < WANTED_RECALL:
            index.nprobe = min(cells, 2 * index.nprobe)
        return index

    @cached_property
    def recall(self) -> float:  # type: ignore[override]
        """Share of the `NEAREST` true neighbours of a sample of the rows that are found, as measured."""
        return self._recall_of(self._index)

    def _recall_of(self, index: Any) -> float:
        sample = self.vectors[:: max(1, len(self) // SAMPLE)]
        depth = min(NEAREST, len(self))
        exact, _ = faiss.knn(sample, self.vectors, depth, metric=faiss.METRIC_INNER_PRODUCT)
        found, _ = index.search(sample, depth)
        # Rows of equal similarity stand in for each other.
        return float((found >= exact[:, -1:] - MARGIN).sum() / exact.size)


def index_of(vectors: Vectors, exact_up_to: int = EXACT_UP_TO) -> VectorIndex:
    """Exact up to this many rows, approximate with measured recall beyond."""
    return VectorIndex(vectors) if len(vectors) <= exact_up_to else ApproximateIndex(vectors)


def similarity(left: Vectors, left_rows: Rows, right: Vectors, right_rows: Rows) -> Vectors:
    """Cosine of pairs of unit rows, (m,) float32, rounded: the one code path behind every similarity."""
    found = np.empty(len(left_rows), dtype=np.float32)
    for start in range(0, len(left_rows), 1 << 14):
        part = slice(start, start + (1 << 14))
        np.einsum("ij,ij->i", left[left_rows[part]], right[right_rows[part]], out=found[part])
    return np.round(found, DECIMALS)


def unit_rows(vectors: Vectors) -> Vectors:
    """(n, d) contiguous float32 with rows of length 1; a zero row stays zero (similar to nothing)."""
    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    if vectors.ndim != 2:
        raise MisuseError(f"vectors are a matrix (n, d), not of shape {vectors.shape}")
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    if not np.isfinite(lengths).all():
        raise MisuseError("vectors hold a NaN or an infinity")
    off = (np.abs(lengths - 1) > 1e-3) & (lengths > 0)
    if off.any():
        vectors = (vectors / np.where(lengths > 0, lengths, 1)[:, None]).astype(np.float32)
    return vectors


def _first(found: Neighbours, k: int) -> Neighbours:
    counts = np.minimum(np.diff(found.indptr), k)
    keep = np.arange(len(found.rows)) - np.repeat(found.indptr[:-1], np.diff(found.indptr)) < k
    indptr = np.concatenate(([0], np.cumsum(counts)))
    return Neighbours(indptr, found.rows[keep], found.similarities[keep])


def _empty(n: int) -> Neighbours:
    return Neighbours(np.zeros(n + 1, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))


@contextmanager
def _threads_for(queries: int) -> Iterator[None]:
    """One thread for a few queries; the setting belongs to the calling thread and is put back."""
    before = faiss.omp_get_max_threads()
    if queries < SINGLE_THREAD_BELOW:
        faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
