"""What the encoder knows by heart: labels of the taxonomy that it was trained on, and where their concepts lie.

A text that is such a label, word for word, is moved towards the mean of everything that its concept is called and
described by, in any language. "Deurwaarder" then lies near "huissier de justice" though no letters are shared.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from competences.encoders.hashing import Codes, Offsets, codes_of, label_hash
from competences.errors import DataError

HASHES, OWNERS, MEANS, SCALES = "label_hashes.npy", "label_owners.npy", "concepts.npy", "concept_scales.npy"


class Lexicon(NamedTuple):
    """Label i, by its hash, belongs to concept `owners[i]`; a label of several concepts stands there several times."""

    hashes: NDArray[np.uint64]
    """Ascending."""
    owners: NDArray[np.uint16] | NDArray[np.uint32]
    means: NDArray[np.int8]
    """(concepts, dim)."""
    scales: NDArray[np.float32]
    weight: float
    """Share of the concept in the vector of a label, in [0, 1)."""


def label_hashes(labels: Sequence[str]) -> NDArray[np.uint64]:
    """(n,) hashes of normalised labels; of 64 bits, so that another text practically never has the same."""
    return hashes_of(*codes_of(labels))


def write_lexicon(lexicon: Lexicon, folder: Path) -> None:
    """Four arrays; the weight stands in the configuration."""
    np.save(folder / HASHES, lexicon.hashes)
    np.save(folder / OWNERS, lexicon.owners)
    np.save(folder / MEANS, lexicon.means)
    np.save(folder / SCALES, lexicon.scales.astype(np.float16))


def read_lexicon(folder: Path, weight: float) -> Lexicon:
    """What `write_lexicon` wrote, memory-mapped where it is large. DataError where the arrays do not fit together."""
    try:
        hashes = np.load(folder / HASHES, allow_pickle=False)
        owners = np.load(folder / OWNERS, allow_pickle=False)
        means = np.asarray(np.load(folder / MEANS, mmap_mode="r", allow_pickle=False))
        scales = np.load(folder / SCALES, allow_pickle=False).astype(np.float32)
    except (OSError, ValueError) as error:
        raise DataError(f"the labels of the encoder cannot be read: {error}", file=folder / HASHES) from error
    if len(hashes) != len(owners) or len(means) != len(scales) or (len(owners) and int(owners.max()) >= len(means)):
        raise DataError("labels and concepts do not fit together", file=folder / OWNERS)
    return Lexicon(hashes, owners, means, scales, float(weight))


@njit(cache=True)
def hashes_of(codes: Codes, offsets: Offsets) -> NDArray[np.uint64]:
    """The hash of each text."""
    found = np.empty(len(offsets) - 1, np.uint64)
    for i in range(len(found)):
        found[i] = label_hash(codes, offsets[i], offsets[i + 1])
    return found


@njit(cache=True, nogil=True)
def recall(lexicon: Lexicon, codes: Codes, start: int, end: int, vector: NDArray[np.float32]) -> None:
    """Move the unit vector of a text (in place) towards its concepts, where the text is a known label."""
    if end == start or lexicon.weight == 0:
        return
    wanted = label_hash(codes, start, end)
    at = np.searchsorted(lexicon.hashes, wanted)
    if at == len(lexicon.hashes) or lexicon.hashes[at] != wanted:
        return
    mean = np.zeros(len(vector), np.float32)
    while at < len(lexicon.hashes) and lexicon.hashes[at] == wanted:
        owner = lexicon.owners[at]
        for d in range(len(vector)):
            mean[d] += lexicon.scales[owner] * np.float32(lexicon.means[owner, d])
        at += 1
    to_unit(mean)
    share = np.float32(lexicon.weight)
    for d in range(len(vector)):
        vector[d] = (np.float32(1) - share) * vector[d] + share * mean[d]
    to_unit(vector)


@njit(cache=True, nogil=True)
def to_unit(vector: NDArray[np.float32]) -> None:
    """Length 1, in place; a zero vector stays zero."""
    square = np.float32(0)
    for d in range(len(vector)):
        square += vector[d] * vector[d]
    if square > 0:
        length = np.sqrt(square)
        for d in range(len(vector)):
            vector[d] /= length
