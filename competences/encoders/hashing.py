"""Normalised text to weighted rows: whole words, the parts of compounds, character 3- to 5-grams.

Every word stands between boundary marks, so that "<ba" is the start of a word. A long word that begins or ends with
a known word also gets that word's row: "bakkerijmedewerker" shares rows with "bakkerij" and "medewerker". The
n-grams of a word share the weight sqrt(their number), so that a long word does not drown the short ones beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numba import njit
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
Offsets = NDArray[np.int64]

SPACE = 32
SHORTEST_GRAM, LONGEST_GRAM = 3, 5
LONGEST_WORD = 64
"""Letters of a word beyond this are not read: no word is longer, and a blob costs no more than a word."""
SHORTEST_PART, SHORTEST_COMPOUND = 4, 8
_PRIME = np.uint64(0x100000001B3)
_WORD_SEED = np.uint64(0xCBF29CE484222325)
_GRAM_SEED = np.uint64(0x84222325CBF29CE4)
_LEFT, _RIGHT = np.uint64(60), np.uint64(62)
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_HALF = np.uint64(33)
_SPACE, _S = ord(" "), ord("s")


def codes_of(texts: Sequence[str]) -> tuple[Codes, Offsets]:
    """The code points of all texts in a row, (total,) uint32, and where each text starts, (n + 1,) int64."""
    joined = "".join(texts).encode("utf-32-le", "surrogatepass")
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) for text in texts], out=offsets[1:])
    return np.frombuffer(joined, np.uint32), offsets


def known_words(words: Iterable[str]) -> NDArray[np.uint64]:
    """An open-addressing hash set (a power of two, uint64, 0 is empty) for `word_parts` to look words up in."""
    # Named as unsigned: numpy makes floats of a list whose numbers lie on both sides of 2 ** 63.
    hashes = np.unique(np.array([word_hash(*_whole(word)) for word in words] or [np.uint64(1)], np.uint64))
    table = np.zeros(1 << int(np.ceil(np.log2(2 * len(hashes) + 2))), np.uint64)
    _insert(table, hashes)
    return table


def _whole(word: str) -> tuple[Codes, int, int]:
    return codes_of([word])[0], 0, len(word)


@njit(cache=True, inline="always")
def _mixed(value: np.uint64) -> np.uint64:
    value = (value ^ (value >> _HALF)) * _MIX
    return value ^ (value >> _HALF)


@njit(cache=True)
def word_hash(codes: Codes, start: int, end: int) -> np.uint64:
    """FNV-1a over code points, mixed."""
    value = _WORD_SEED
    for at in range(start, end):
        value = (value ^ np.uint64(codes[at])) * _PRIME
    return _mixed(value)


@njit(cache=True)
def label_hash(codes: Codes, start: int, end: int) -> np.uint64:
    """The hash of a whole text, without the last letter of words like "nurses": a plural names the same."""
    value, letters = _WORD_SEED, 0
    for at in range(start, end):
        last = at + 1 == end or codes[at + 1] == _SPACE
        letters = 0 if codes[at] == _SPACE else letters + 1
        if not (last and letters > 3 and codes[at] == _S and codes[at - 1] != _S):
            value = (value ^ np.uint64(codes[at])) * _PRIME
    return _mixed(value)


@njit(cache=True)
def _insert(table: NDArray[np.uint64], hashes: NDArray[np.uint64]) -> None:
    mask = np.uint64(len(table) - 1)
    for value in hashes:
        at = value & mask
        while table[at] != 0:
            at = (at + np.uint64(1)) & mask
        table[at] = value


@njit(cache=True)
def _known(table: NDArray[np.uint64], value: np.uint64) -> bool:
    mask = np.uint64(len(table) - 1)
    at = value & mask
    while table[at] != 0:
        if table[at] == value:
            return True
        at = (at + np.uint64(1)) & mask
    return False


@njit(cache=True)
def most_features(length: int) -> int:
    """An upper bound on the features of a text of `length` code points."""
    return 3 * (length + 2) + 4 * (length // 2 + 1)


@njit(cache=True)
def text_features(
    codes: Codes,
    start: int,
    end: int,
    table: NDArray[np.uint64],
    size: int,
    rows: NDArray[np.int32],
    weights: NDArray[np.float32],
) -> int:
    """Writes the rows (below `size`) and weights of codes[start:end]; returns how many there are."""
    found = 0
    at = start
    while at < end:
        while at < end and codes[at] == SPACE:
            at += 1
        first = at
        while at < end and codes[at] != SPACE:
            at += 1
        if at > first:
            found = _word_features(codes, first, min(at, first + LONGEST_WORD), table, size, rows, weights, found)
    return found


@njit(cache=True)
def _word_features(
    codes: Codes,
    start: int,
    end: int,
    table: NDArray[np.uint64],
    size: int,
    rows: NDArray[np.int32],
    weights: NDArray[np.float32],
    found: int,
) -> int:
    modulus = np.uint64(size)
    rows[found] = np.int32(word_hash(codes, start, end) % modulus)
    weights[found] = 1.0
    found += 1
    if end - start >= SHORTEST_COMPOUND:
        found = _parts(codes, start, end, table, modulus, rows, weights, found)
    first = found
    padded = end - start + 2
    for left in range(padded - SHORTEST_GRAM + 1):
        value = _GRAM_SEED
        for place in range(left, min(left + LONGEST_GRAM, padded)):
            letter = _letter(codes, start, end, place)
            value = (value ^ letter) * _PRIME
            if place - left + 1 >= SHORTEST_GRAM:
                rows[found] = np.int32(_mixed(value) % modulus)
                found += 1
    count = found - first
    for each in range(first, found):
        weights[each] = 1.0 / np.sqrt(count)
    return found


@njit(cache=True, inline="always")
def _letter(codes: Codes, start: int, end: int, place: int) -> np.uint64:
    """Letter `place` of the word between its boundary marks."""
    if place == 0:
        return _LEFT
    if place == end - start + 1:
        return _RIGHT
    return np.uint64(codes[start + place - 1])


@njit(cache=True)
def _parts(
    codes: Codes,
    start: int,
    end: int,
    table: NDArray[np.uint64],
    modulus: np.uint64,
    rows: NDArray[np.int32],
    weights: NDArray[np.float32],
    found: int,
) -> int:
    """The longest known word at the head and at the tail of a compound; three letters at least stay over."""
    for length in range(end - start - 3, SHORTEST_PART - 1, -1):
        value = word_hash(codes, start, start + length)
        if _known(table, value):
            rows[found] = np.int32(value % modulus)
            weights[found] = 1.0
            found += 1
            break
    for length in range(end - start - 3, SHORTEST_PART - 1, -1):
        value = word_hash(codes, end - length, end)
        if _known(table, value):
            rows[found] = np.int32(value % modulus)
            weights[found] = 1.0
            found += 1
            break
    return found


@njit(cache=True)
def features(
    codes: Codes, offsets: Offsets, table: NDArray[np.uint64], size: int
) -> tuple[NDArray[np.int32], NDArray[np.float32], Offsets]:
    """(rows, weights, indptr) of every text: text i has rows[indptr[i]:indptr[i+1]]."""
    n = len(offsets) - 1
    most = 0
    for i in range(n):
        most += most_features(offsets[i + 1] - offsets[i])
    rows, weights = np.empty(most, np.int32), np.empty(most, np.float32)
    indptr = np.zeros(n + 1, np.int64)
    for i in range(n):
        at = indptr[i]
        indptr[i + 1] = at + text_features(codes, offsets[i], offsets[i + 1], table, size, rows[at:], weights[at:])
    return rows[: indptr[n]], weights[: indptr[n]], indptr
