"""Compiled: cosines with rows of int8, and letter statistics, for goals in free text.

Vectors of offers are kept in int8 with one scale a row: a quarter of the memory, and of what every text goal must read.
Products are whole numbers, so that no order of adding up changes a bit.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

QUERY_STEPS = 1 << 12
"""Steps of a query's coordinates: products of 4,000 of them with int8 still fit 32 bits."""
FLAGS: dict[str, Any] = {"cache": True, "nogil": True}


class Quantised(NamedTuple):
    """(n, d) int8 rows, and the length of one step of each."""

    rows: NDArray[np.int8]
    step: NDArray[np.float32]


def quantised(vectors: NDArray[np.float32]) -> Quantised:
    """Rows with their largest coordinate at ±127; a zero row stays zero."""
    largest = np.abs(vectors).max(axis=1, initial=0.0)
    step = (largest / 127).astype(np.float32)
    rows = np.round(vectors / np.where(step > 0, step, 1)[:, None]).astype(np.int8)
    return Quantised(rows, step)


def cosines(stored: Quantised, query: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n,) cosine with a (d,) unit query, 0 where negative."""
    out = np.empty(len(stored.rows), np.float32)
    _cosines(stored.rows, stored.step, np.round(query * QUERY_STEPS).astype(np.int16), out)
    return out


@numba.njit(**FLAGS)  # type: ignore[untyped-decorator]
def _cosines(
    rows: NDArray[np.int8], step: NDArray[np.float32], query: NDArray[np.int16], out: NDArray[np.float32]
) -> None:
    for i in range(len(rows)):
        total = np.int32(0)
        for j in range(len(query)):
            total = np.int32(total + np.int32(np.int32(rows[i, j]) * np.int32(query[j])))
        out[i] = max(np.float32(0), np.float32(total) * step[i] / np.float32(QUERY_STEPS))


@numba.njit(**FLAGS)  # type: ignore[untyped-decorator]
def best_phrases(
    similarities: NDArray[np.float32], phrase: NDArray[np.int32], owner: NDArray[np.int32], n: int, k: int
) -> NDArray[np.float32]:
    """(n,) mean of the k largest similarities among the phrases of each offer, of all where it has fewer.

    The phrases of an offer stand together."""
    found, best, start = np.zeros(n, np.float32), np.empty(k, np.float32), 0
    while start < len(owner):
        one, end, total = owner[start], start, np.float32(0)
        while end < len(owner) and owner[end] == one:
            total += similarities[phrase[end]]
            end += 1
        if end - start > k:
            total = _largest(similarities, phrase, start, end, best)
        found[one] = total / np.float32(min(end - start, k))
        start = end
    return found


@numba.njit(**FLAGS)  # type: ignore[untyped-decorator]
def _largest(
    similarities: NDArray[np.float32], phrase: NDArray[np.int32], start: int, end: int, best: NDArray[np.float32]
) -> np.float32:
    """Sum of the largest similarities of phrases start … end − 1, as many as `best` has room for."""
    best[:] = 0
    for at in range(start, end):
        value, place = similarities[phrase[at]], len(best) - 1
        if value <= best[place]:
            continue
        while place > 0 and best[place - 1] < value:
            best[place] = best[place - 1]
            place -= 1
        best[place] = value
    total = np.float32(0)
    for value in best:
        total += value
    return total


@numba.njit(**FLAGS)  # type: ignore[untyped-decorator]
def shared_letters(
    indptr: NDArray[np.int64], rows: NDArray[np.int32], weights: NDArray[np.float64], grams: NDArray[np.int32],
    gram_weights: NDArray[np.float64], n: int,
) -> NDArray[np.float64]:  # fmt: skip
    """(n,) sum over the n-grams of a text of its weight × the weight in each offer."""
    total = np.zeros(n, np.float64)
    for i in range(len(grams)):
        for at in range(indptr[grams[i]], indptr[grams[i] + 1]):
            total[rows[at]] += gram_weights[i] * weights[at]
    return total


@numba.njit(**FLAGS)  # type: ignore[untyped-decorator]
def mixed(
    phrase: NDArray[np.float32], lexical: NDArray[np.float64], nothing: float, full: float
) -> NDArray[np.float64]:
    """(n,) in [0, 1]: the mean of both parts, rounded; `nothing` becomes 0 and `full` 1."""
    out = np.empty(len(phrase), np.float64)
    for i in range(len(out)):
        mean = (phrase[i] + lexical[i]) / 2
        value = min(1.0, max(0.0, (mean - nothing) / (full - nothing)))
        out[i] = np.floor(value * 1e6 + 0.5) / 1e6
    return out
