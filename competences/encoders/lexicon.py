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
    places, letters = np.empty(MOST_WORDS, np.int64), np.empty(MOST_WORDS, np.float32)
    count = find(lexicon.hashes, codes, start, end, places, letters)
    share = share_of(letters[:count], lexicon.weight, lexicon.part_weight)
    if share == 0:
        return
    mean, direction = np.zeros(len(vector), np.float32), np.empty(len(vector), np.float32)
    for part in range(count):
        at, wanted = places[part], lexicon.hashes[places[part]]
        direction[:] = 0
        while at < len(lexicon.hashes) and lexicon.hashes[at] == wanted:
            owner = lexicon.owners[at]
            for d in range(len(vector)):
                direction[d] += lexicon.scales[owner] * np.float32(lexicon.means[owner, d])
            at += 1
        to_unit(direction)
        for d in range(len(vector)):
            mean[d] += letters[part] * direction[d]
    to_unit(mean)
    for d in range(len(vector)):
        vector[d] = (np.float32(1) - share) * vector[d] + share * mean[d]
    to_unit(vector)


@njit(cache=True, nogil=True)
def find(
    hashes: NDArray[np.uint64], codes: Codes, start: int, end: int,
    places: NDArray[np.int64], letters: NDArray[np.float32],
) -> int:  # fmt: skip
    """Writes where the labels in a text stand among the hashes and which share of its letters each takes: the whole
    text where it is a label, else the longest parts, no word twice. Returns how many there are."""
    place = place_of(hashes, codes, start, end)
    if place >= 0:
        places[0], letters[0] = place, np.float32(1)
        return 1
    bounds = np.empty((MOST_WORDS, 2), np.int64)
    words, at, found = 0, start, 0
    while at < end:
        first = at
        while at < end and codes[at] != SPACE:
            at += 1
        if words == MOST_WORDS:
            return 0
        bounds[words, 0], bounds[words, 1] = first, at
        words += 1
        at += 1
    free = np.ones(words, np.bool_)
    for length in range(words - 1, 0, -1):
        for word in range(words - length + 1):
            low, high = bounds[word, 0], bounds[word + length - 1, 1]
            if high - low < SHORTEST_PART or not free[word : word + length].all():
                continue
            place = place_of(hashes, codes, low, high)
            if place >= 0:
                free[word : word + length] = False
                places[found], letters[found] = place, np.float32((high - low) / (end - start))
                found += 1
    return found


@njit(cache=True, nogil=True)
def place_of(hashes: NDArray[np.uint64], codes: Codes, start: int, end: int) -> int:
    """Where the first label with the hash of codes[start:end] stands; −1 where none has it."""
    wanted = label_hash(codes, start, end)
    at = np.searchsorted(hashes, wanted)
    return int(at) if start < end and at < len(hashes) and hashes[at] == wanted else -1


@njit(cache=True, nogil=True)
def share_of(letters: NDArray[np.float32], weight: float, part_weight: float) -> np.float32:
    """Share of the concepts in the vector of a text whose labels take these shares of its letters."""
    if len(letters) == 1 and letters[0] == 1:
        return np.float32(weight)
    return np.float32(part_weight * letters.sum())


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
