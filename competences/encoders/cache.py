"""Vectors kept by (fingerprint, text): two encoders never read each other's."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from competences.encoders.calibration import Calibration, calibration_of
from competences.encoders.protocol import Encoder

CAPACITY = 100_000
"""Texts a cache keeps, the least recently used go first: about 100 MB at 256 dimensions."""
Key = tuple[str, str]


class VectorCache:
    """Vectors by (fingerprint, text), bounded, usable from several threads."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.capacity = capacity
        self._vectors: OrderedDict[Key, NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._vectors)

    def clear(self) -> None:
        """Forget all texts: those that people wrote are personal data, and so are their vectors."""
        with self._lock:
            self._vectors.clear()

    def get(self, key: Key) -> NDArray[np.float32] | None:
        """The (dim,) float32 vector, or None."""
        with self._lock:
            if key in self._vectors:
                self._vectors.move_to_end(key)
            return self._vectors.get(key)

    def put(self, key: Key, vector: NDArray[np.float32]) -> None:
        """Keeps a copy; the least recently used makes room."""
        with self._lock:
            self._vectors[key] = np.array(vector, np.float32)
            while len(self._vectors) > self.capacity:
                self._vectors.popitem(last=False)


class CachedEncoder:
    """An encoder that encodes each distinct text once."""

    def __init__(self, encoder: Encoder, cache: VectorCache | None = None) -> None:
        self.encoder = encoder
        self.cache = VectorCache() if cache is None else cache

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self.encoder.dim

    @property
    def fingerprint(self) -> str:
        """That of the encoder inside: its vectors are the same."""
        return self.encoder.fingerprint

    @property
    def calibration(self) -> Calibration:
        """That of the encoder inside."""
        return calibration_of(self.encoder)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32 unit rows, as the encoder inside gives them."""
        fingerprint = self.fingerprint
        known = {text: self.cache.get((fingerprint, text)) for text in texts}
        missing = [text for text, vector in known.items() if vector is None]
        for text, vector in zip(missing, self.encoder.encode(missing) if missing else (), strict=True):
            self.cache.put((fingerprint, text), vector)
            known[text] = vector
        rows = [vector for vector in map(known.__getitem__, texts) if vector is not None]
        return np.stack(rows) if rows else np.zeros((0, self.dim), np.float32)
