"""The numeric core of training: features of a batch, their sum, and Adam on the rows that a batch touched.

Each row's gradient is summed in one fixed order, so the result does not depend on the number of threads.
"""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from competences.encoders.hashing import SPACE, Codes, Offsets, most_features, text_features

Matrix = NDArray[np.float32]

LONG_TEXT = 120
"""Code points from which a text counts as running text: each draw shows a part of it."""
SHORTEST, S = 4, ord("s")
"""Letters of the shortest word that is mistyped or put in the plural; the letter that is put on it."""

BETA_1, BETA_2 = np.float32(0.9), np.float32(0.98)
"""Adam's memory of the gradient and of its square; without bias correction a first step is 0.7 of `rate`."""
ONE, TINY = np.float32(1), np.float32(1e-8)


@njit(cache=True)
def _random(state: NDArray[np.uint64]) -> float:
    """xorshift64*: uniform in [0, 1)."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


@njit(cache=True)
def _augmented(
    codes: Codes, start: int, end: int, out: Codes, typos: float, drop: float, plurals: float, state: NDArray[np.uint64]
) -> int:
    """Copies a text with some words left out, some mistyped and some in the plural; of a long text a part. Returns
    its length."""
    if end - start > LONG_TEXT:
        length = int(40 + _random(state) * 120)
        if end - start > length:
            start += int(_random(state) * (end - start - length))
            end = start + length
    clean = _random(state) >= 0.5
    n, at = 0, start
    while at < end:
        first = at
        while at < end and codes[at] != SPACE:
            at += 1
        size = at - first
        if size > 0 and not (_random(state) < drop and (n > 0 or at < end)):
            if n > 0:
                out[n] = SPACE
                n += 1
            wrong = -1
            if not clean and size >= SHORTEST and _random(state) < typos:
                wrong = first + int(_random(state) * (size - 1))
            kind = int(_random(state) * 4)
            place = first
            while place < at:
                if place != wrong:
                    out[n] = codes[place]
                    n += 1
                elif kind == 0:  # two letters change places
                    out[n], out[n + 1] = codes[place + 1], codes[place]
                    n += 2
                    place += 1
                elif kind == 1:  # a letter stands twice
                    out[n] = codes[place]
                    out[n + 1] = codes[place]
                    n += 2
                elif kind == 2:  # a wrong letter; the fourth kind leaves the letter out
                    out[n] = np.uint32(97 + int(_random(state) * 26))
                    n += 1
                place += 1
            if size >= SHORTEST and codes[at - 1] != S and _random(state) < plurals:
                out[n] = S
                n += 1
        at += 1
    return n


@njit(parallel=True, cache=True)
def batch_features(
    codes: Codes,
    offsets: Offsets,
    batch: NDArray[np.int64],
    table: NDArray[np.uint64],
    size: int,
    typos: float,
    drop: float,
    hide: float,
    plurals: NDArray[np.float32],
    seeds: NDArray[np.uint64],
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int64]]:
    """Rows, weights and, per text of the batch, where its features start, after augmentation. `plurals` (batch,) is
    the share of words that get an "s"."""
    n = len(batch)
    starts = np.zeros(n + 1, np.int64)
    for i in range(n):
        length = min(offsets[batch[i] + 1] - offsets[batch[i]], 2 * LONG_TEXT)
        starts[i + 1] = starts[i] + most_features(3 * length + 2)
    loose_rows = np.empty(starts[n], np.int32)
    loose_weights = np.empty(starts[n], np.float32)
    counts = np.zeros(n, np.int64)
    for i in prange(n):
        state = np.empty(1, np.uint64)
        state[0] = seeds[i]
        text = batch[i]
        begin, end = offsets[text], offsets[text + 1]
        out = np.empty(3 * min(end - begin, 2 * LONG_TEXT) + 2, np.uint32)
        if typos > 0 or drop > 0 or end - begin > 2 * LONG_TEXT:
            length = _augmented(codes, begin, end, out, typos, drop, plurals[i], state)
        else:
            length = end - begin
            out[:length] = codes[begin:end]
        part = slice(starts[i], starts[i + 1])
        counts[i] = text_features(out, 0, length, table, size, loose_rows[part], loose_weights[part])
        if hide > 0:
            for k in range(starts[i], starts[i] + counts[i]):
                if _random(state) < hide:
                    loose_weights[k] = 0.0
    indptr = np.zeros(n + 1, np.int64)
    for i in range(n):
        indptr[i + 1] = indptr[i] + counts[i]
    rows = np.empty(indptr[n], np.int32)
    weights = np.empty(indptr[n], np.float32)
    for i in prange(n):
        rows[indptr[i] : indptr[i + 1]] = loose_rows[starts[i] : starts[i] + counts[i]]
        weights[indptr[i] : indptr[i + 1]] = loose_weights[starts[i] : starts[i] + counts[i]]
    return rows, weights, indptr


@njit(parallel=True, cache=True, fastmath={"contract", "reassoc"})
def summed(table: Matrix, rows: NDArray[np.int32], weights: NDArray[np.float32], indptr: NDArray[np.int64]) -> Matrix:
    """(n, d) float32: per text the weighted sum of its rows."""
    n, dim = len(indptr) - 1, table.shape[1]
    out = np.zeros((n, dim), np.float32)
    for i in prange(n):
        for k in range(indptr[i], indptr[i + 1]):
            row, weight = rows[k], weights[k]
            for d in range(dim):
                out[i, d] += weight * table[row, d]
    return out


@njit(parallel=True, cache=True, fastmath={"contract", "reassoc"})
def adam_rows(
    table: Matrix,
    mean: Matrix,
    square: Matrix,
    rows: NDArray[np.int32],
    weights: NDArray[np.float32],
    indptr: NDArray[np.int64],
    gradient: Matrix,
    rate: np.float32,
) -> None:
    """Lazy Adam: only rows that the batch touched move. `gradient` is (n, d), of the summed vectors."""
    size, dim = table.shape
    first = np.zeros(size + 1, np.int64)
    for row in rows:
        first[row + 1] += 1
    for row in range(size):
        first[row + 1] += first[row]
    fill = first[:-1].copy()
    owner = np.empty(len(rows), np.int32)
    share = np.empty(len(rows), np.float32)
    for i in range(len(indptr) - 1):
        for k in range(indptr[i], indptr[i + 1]):
            place = fill[rows[k]]
            owner[place], share[place] = i, weights[k]
            fill[rows[k]] += 1
    chunks = 256
    for chunk in prange(chunks):
        total = np.empty(dim, np.float32)
        for row in range(chunk * size // chunks, (chunk + 1) * size // chunks):
            if first[row] == first[row + 1]:
                continue
            total[:] = 0
            for k in range(first[row], first[row + 1]):
                text, weight = owner[k], share[k]
                for d in range(dim):
                    total[d] += weight * gradient[text, d]
            for d in range(dim):
                g = total[d]
                mean[row, d] = BETA_1 * mean[row, d] + (ONE - BETA_1) * g
                square[row, d] = BETA_2 * square[row, d] + (ONE - BETA_2) * g * g
                table[row, d] -= rate * mean[row, d] / (np.sqrt(square[row, d]) + TINY)
