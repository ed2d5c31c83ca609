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
FLAGS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy"}
"""Without a check for zero before each division (`error_model`): with one, numba works on one number at a time. Every
offer has a phrase and a length above 0."""


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
    similarities: NDArray[np.float32], start: NDArray[np.int64], phrase: NDArray[np.int32], order: NDArray[np.int32],
    k: int,
) -> NDArray[np.float32]:  # fmt: skip
    """(n,) mean of the k largest similarities among the phrases of each offer, of all where it has fewer.

    In an order of rising number of phrases the processor guesses right how long each takes."""
    found, best = np.empty(len(order), np.float32), np.empty(k, np.float32)
    for row in order:
        offer = np.uint32(row)
        low, high, total = np.uint64(start[offer]), np.uint64(start[offer + np.uint32(1)]), np.float32(0)
        if high - low > np.uint64(k):
            total = _largest(similarities, phrase, low, high, best)
        else:
            for at in range(low, high):
                total += similarities[np.uint32(phrase[at])]
        found[offer] = total / np.float32(min(high - low, np.uint64(k)))
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
    indptr: NDArray[np.int64], rows: NDArray[np.int32], counts: NDArray[np.uint8], grams: NDArray[np.int32],
    weights: NDArray[np.float64], damped: NDArray[np.float64], n: int,
) -> NDArray[np.float32]:  # fmt: skip
    """(n,) sum over the n-grams of a text of its weight × the damped count in each offer."""
    total, worth = np.zeros(n, np.float32), np.empty(len(damped), np.float32)
    for i in range(len(grams)):
        worth[:] = weights[i] * damped
        for at in range(np.uint64(indptr[grams[i]]), np.uint64(indptr[grams[i] + 1])):
            total[np.uint32(rows[at])] += worth[counts[at]]
    return total


@numba.njit(**FLAGS)  # type: ignore[untyped-decorator]
def mixed(
    phrase: NDArray[np.float32], letters: NDArray[np.float32], length: NDArray[np.float32], nothing: float, full: float
) -> NDArray[np.float64]:
    """(n,) in [0, 1]: the mean of both parts, letters over length, rounded; `nothing` becomes 0 and `full` 1."""
    out = np.empty(len(phrase), np.float64)
    for i in range(len(out)):
        mean = (phrase[i] + letters[i] / length[i]) / 2
        out[i] = np.floor(min(1.0, max(0.0, (mean - nothing) / (full - nothing))) * 1e6 + 0.5) / 1e6
    return out


@numba.njit(**FLAGS)  # type: ignore[untyped-decorator]
def lengths(
    indptr: NDArray[np.int64], rows: NDArray[np.int32], counts: NDArray[np.uint8], idf: NDArray[np.float64],
    damped: NDArray[np.float64], n: int,
) -> NDArray[np.float32]:  # fmt: skip
    """(n,) Euclidean length of the weighted counts of each offer, 1 where it has none."""
    total = np.zeros(n, np.float64)
    for gram in range(len(idf)):
        for at in range(indptr[gram], indptr[gram + 1]):
            total[rows[at]] += (idf[gram] * damped[counts[at]]) ** 2
    for offer in range(n):
        total[offer] = np.sqrt(total[offer]) if total[offer] > 0.0 else 1.0
    return total.astype(np.float32)


Postings = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.uint8], NDArray[np.int64]]
"""Starts per n-gram, offer rows, counts; then the new row of each offer, negative for those that are gone."""


@numba.njit(**FLAGS)  # type: ignore[untyped-decorator]
def joined_postings(
    before: Postings, added: Postings
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.uint8]]:
    """(starts, new rows, counts): the postings of both, n-gram by n-gram."""
    indptr = np.zeros_like(before[0])
    rows = np.empty(len(before[1]) + len(added[1]), np.int32)
    counts, n = np.empty(len(rows), np.uint8), 0
    for gram in range(len(indptr) - 1):
        for starts, old_rows, old_counts, place in (before, added):
            for at in range(starts[gram], starts[gram + 1]):
                row = place[old_rows[at]]
                if row >= 0:
                    rows[n], counts[n] = row, old_counts[at]
                    n += 1
        indptr[gram + 1] = n
    return indptr, rows[:n].copy(), counts[:n].copy()
