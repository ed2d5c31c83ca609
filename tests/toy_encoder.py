"""An encoder of four dimensions: every pair of texts has a similarity, so that small worlds hold soft coverage."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from competences.encoders.calibration import Calibration


class ToyEncoder:
    """The same text always points in the same direction; different texts point anywhere."""

    dim = 4
    fingerprint = "toy-1"
    calibration = Calibration(
        link=((0.5, 1.0), (0.0, 1.0)), coverages=((0.4, 0.95), (0.0, 1.0)), coverage_threshold=0.4
    )

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [np.random.default_rng(zlib.crc32(text.encode())).normal(size=self.dim) for text in texts]
        vectors = np.array(rows, np.float32).reshape(len(texts), self.dim)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class Counting(ToyEncoder):
    """Keeps what it was asked to encode."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return super().encode(texts)
