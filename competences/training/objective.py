"""InfoNCE with in-batch negatives (van den Oord et al. 2018), in both directions.

Texts of the same concept, and equal texts of two concepts, are no negatives of each other.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Ids = NDArray[np.int64]


def info_nce(
    left: Matrix, right: Matrix, concepts: Ids, left_texts: Ids, right_texts: Ids, temperature: float
) -> tuple[float, Matrix, Matrix]:
    """Mean loss and its gradients for the summed vectors (n, d): row i of both sides is a positive pair."""
    u, left_lengths = _unit(left)
    v, right_lengths = _unit(right)
    logits = u @ v.T
    loss = _to_gradient(logits, concepts, left_texts, right_texts, np.float32(1 / temperature))
    scale = np.float32(1 / (2 * len(u) * temperature))
    to_left, to_right = np.asarray(logits @ v * scale), np.asarray(logits.T @ u * scale)
    return loss, _through_unit(to_left, u, left_lengths), _through_unit(to_right, v, right_lengths)


def _unit(vectors: Matrix) -> tuple[Matrix, Matrix]:
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None] + np.float32(1e-12)
    return vectors / lengths, lengths


def _through_unit(gradient: NDArray[Any], unit: Matrix, lengths: Matrix) -> Matrix:
    """Back through v / |v|."""
    along = np.einsum("ij,ij->i", gradient, unit)[:, None]
    return np.asarray((gradient - along * unit) / lengths, np.float32)


@njit(parallel=True, cache=True, fastmath=True)
def _to_gradient(logits: Matrix, concepts: Ids, left_texts: Ids, right_texts: Ids, inverse: np.float32) -> float:
    """Turns cosines (n, n), in place, into the gradient of the logits of both softmaxes; returns the mean loss."""
    n = len(logits)
    row_sums = np.zeros(n, np.float32)
    diagonal = np.empty(n, np.float32)
    for i in prange(n):
        diagonal[i] = logits[i, i] * inverse
        total = np.float32(0)
        for j in range(n):
            same = concepts[i] == concepts[j] or left_texts[i] == right_texts[j]
            same = same or left_texts[i] == left_texts[j] or right_texts[i] == right_texts[j]
            value = np.exp((logits[i, j] - np.float32(1)) * inverse)
            logits[i, j] = np.float32(0) if same and i != j else value
            total += logits[i, j]
        row_sums[i] = total
    column_sums = np.zeros(n, np.float32)
    blocks = 32
    for block in prange(blocks):
        for i in range(n):
            for j in range(block * n // blocks, (block + 1) * n // blocks):
                column_sums[j] += logits[i, j]
    loss = 0.0
    for i in range(n):
        loss += np.log(row_sums[i]) + np.log(column_sums[i]) + 2 * (inverse - diagonal[i])
    for i in prange(n):
        for j in range(n):
            logits[i, j] = logits[i, j] / row_sums[i] + logits[i, j] / column_sums[j]
        logits[i, i] -= np.float32(2)
    return loss / (2 * n)
