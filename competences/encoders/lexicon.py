"""What the encoder knows by heart: labels of the taxonomy that it was trained on, and where their concepts lie.

A text that is such a label, word for word, is moved towards the mean of everything that its concept is called and
described by, in any language. "Deurwaarder" then lies near "huissier de justice" though no letters are shared. A text
that has such labels in it ("gerechtsdeurwaarder in opleiding") is moved too, less far.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from competences.encoders.hashing import SHORTEST_PART, SPACE, Codes, Offsets, codes_of, label_hash
from competences.errors import DataError

HASHES, OWNERS, MEANS, SCALES = "label_hashes.npy", "label_owners.npy", "concepts.npy", "concept_scales.npy"
MOST_WORDS = 12
"""In a longer text labels are not looked for: it is read phrase by phrase where that matters."""


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
    part_weight: float
    """The same where labels are only parts of a text; times the share of its letters that they take."""


def label_hashes(labels: Sequence[str]) -> NDArray[np.uint64]:
    """(n,) hashes of normalised labels; of 64 bits, so that another text practically never has the same."""
    return hashes_of(*codes_of(labels))


def write_lexicon(lexicon: Lexicon, folder: Path) -> None:
    """Four arrays; the weights stand in the configuration."""
    np.save(folder / HASHES, lexicon.hashes)
    np.save(folder / OWNERS, lexicon.owners)
    np.save(folder / MEANS, lexicon.means)
    np.save(folder / SCALES, lexicon.scales.astype(np.float16))


def read_lexicon(folder: Path, weight: float, part_weight: float) -> Lexicon:
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
    return Lexicon(hashes, owners, means, scales, float(weight), float(part_weight))


@njit(cache=True)
def hashes_of(codes: Codes, offsets: Offsets) -> NDArray[np.uint64]:
    """The hash of each text."""
    found = np.empty(len(offsets) - 1, np.uint64)
    for i in range(len(found)):
        found[i] = label_hash(codes, offsets[i], offsets[i + 1])
    return found


@njit(cache=True, nogil=True)
def recall(lexicon: Lexicon, codes: Codes, start: int, end: int, vector: NDArray[np.float32]) -> None:
    """Move the unit vector of a text (in place) towards the concepts that it, or else its parts, are labels of."""
    if end == start or lexicon.weight == 0:
        return
    mean = np.zeros(len(vector), np.float32)
    if add_concepts(lexicon, label_hash(codes, start, end), np.float32(1), mean):
        share = np.float32(lexicon.weight)
    else:
        share = np.float32(lexicon.part_weight) * add_parts(lexicon, codes, start, end, mean)
    if share == 0:
        return
    to_unit(mean)
    for d in range(len(vector)):
        vector[d] = (np.float32(1) - share) * vector[d] + share * mean[d]
    to_unit(vector)


@njit(cache=True, nogil=True)
def add_parts(lexicon: Lexicon, codes: Codes, start: int, end: int, mean: NDArray[np.float32]) -> np.float32:
    """Adds the concepts of labels within a text, the longest first, no word twice; returns their share of letters."""
    bounds = np.empty((MOST_WORDS, 2), np.int64)
    count, at = 0, start
    while at < end:
        first = at
        while at < end and codes[at] != SPACE:
            at += 1
        if count == MOST_WORDS:
            return np.float32(0)
        bounds[count, 0], bounds[count, 1] = first, at
        count += 1
        at += 1
    free, share = np.ones(count, np.bool_), np.float32(0)
    for length in range(count - 1, 0, -1):
        for word in range(count - length + 1):
            low, high = bounds[word, 0], bounds[word + length - 1, 1]
            if high - low < SHORTEST_PART or not free[word : word + length].all():
                continue
            letters = np.float32((high - low) / (end - start))
            if add_concepts(lexicon, label_hash(codes, low, high), letters, mean):
                free[word : word + length] = False
                share += letters
    return share


@njit(cache=True, nogil=True)
def add_concepts(lexicon: Lexicon, wanted: np.uint64, weight: np.float32, total: NDArray[np.float32]) -> bool:
    """Adds to `total`, at this weight, the direction of the concepts that have this label; whether there are any."""
    at = np.searchsorted(lexicon.hashes, wanted)
    if at == len(lexicon.hashes) or lexicon.hashes[at] != wanted:
        return False
    mean = np.zeros(len(total), np.float32)
    while at < len(lexicon.hashes) and lexicon.hashes[at] == wanted:
        owner = lexicon.owners[at]
        for d in range(len(total)):
            mean[d] += lexicon.scales[owner] * np.float32(lexicon.means[owner, d])
        at += 1
    to_unit(mean)
    for d in range(len(total)):
        total[d] += weight * mean[d]
    return True


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
