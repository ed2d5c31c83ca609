"""What a teacher knows, in the student's number of dimensions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from competences.encoders.protocol import Encoder

Matrix = NDArray[np.float32]


def targets_of(teacher: Encoder, texts: Sequence[str], dim: int, progress: bool = True) -> Matrix:
    """(n, dim) float32 unit rows: the teacher's vectors on their principal axes, as many as the student has."""
    distinct = list(dict.fromkeys(texts))
    rows = {text: row for row, text in enumerate(distinct)}
    parts = range(0, len(distinct), 1024)
    bar = tqdm(parts, disable=not progress, desc="ask teacher", unit="batch", mininterval=2)
    vectors = np.concatenate([teacher.encode(distinct[at : at + 1024]) for at in bar])
    return projected(vectors, dim)[[rows[text] for text in texts]]


def projected(vectors: Matrix, dim: int) -> Matrix:
    """(n, dim) unit rows on the first `dim` principal axes, centred; zeros fill up where there are fewer axes."""
    centred = vectors - vectors.mean(axis=0)
    _, axes = np.linalg.eigh((centred.T @ centred).astype(np.float64))
    out = np.zeros((len(vectors), dim), np.float32)
    kept = axes[:, ::-1][:, :dim].astype(np.float32)
    out[:, : kept.shape[1]] = centred @ kept
    lengths = np.sqrt(np.einsum("ij,ij->i", out, out))[:, None]
    return np.asarray(out / np.maximum(lengths, 1e-9), np.float32)
