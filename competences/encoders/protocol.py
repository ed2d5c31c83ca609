"""The swap point: any object that encodes texts is an encoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray


@runtime_checkable
class Encoder(Protocol):
    """Texts to unit vectors. The same text gives the same bytes in any batch."""

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    @property
    def fingerprint(self) -> str:
        """Identifies the weights: indexes and caches made with another encoder are refused."""
        ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32 unit rows; a text without any letter or digit gives a zero row, similar to nothing."""
        ...
