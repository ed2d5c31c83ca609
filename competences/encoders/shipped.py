"""The encoder that comes with the library: the sum of int8 rows of a text's words and n-grams, made a unit vector;
a label that it knows by heart is moved towards its concept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numba import get_num_threads, njit, prange
from numpy.typing import NDArray

from competences.encoders.calibration import Calibration
from competences.encoders.hashing import Codes, Offsets, codes_of, most_features, text_features
from competences.encoders.lexicon import HASHES, MEANS, OWNERS, Lexicon, read_lexicon, recall, to_unit
from competences.encoders.lexicon import SCALES as CONCEPT_SCALES
from competences.encoders.text import normalise
from competences.errors import DataError

ROWS, SCALES, WORDS, CONFIG, CALIBRATION = "rows.npy", "scales.npy", "words.npy", "config.json", "calibration.json"
LEXICON = (HASHES, OWNERS, MEANS, CONCEPT_SCALES)
FORMAT = 3
PARALLEL_FROM = 256
"""Fewer texts are encoded on one thread: starting the others costs more than they give."""


class ShippedEncoder:
    """Texts to unit vectors, without torch. Opening it reads nothing; the first text maps the weights."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self._config["dim"])

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over configuration and weights; the calibration may be fitted again without a new index."""
        digest = hashlib.sha256()
        for name in (CONFIG, WORDS, SCALES, ROWS, *LEXICON):
            digest.update((self.folder / name).read_bytes())
        return digest.hexdigest()

    @cached_property
    def calibration(self) -> Calibration:
        """What this encoder's cosines mean; the model card says how it was fitted."""
        return read_calibration(self.folder / CALIBRATION)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32 unit rows; zero for a text without letter or digit. The same bytes in any batch."""
        codes, offsets = codes_of([normalise(text) for text in texts])
        out = np.zeros((len(texts), self.dim), np.float32)
        fill = _fill_parallel if len(texts) >= PARALLEL_FROM and get_num_threads() > 1 else _fill
        fill(codes, offsets, *self.weights, self.lexicon, out)
        return out

    @cached_property
    def _config(self) -> dict[str, Any]:
        try:
            config = json.loads((self.folder / CONFIG).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise DataError("not a leermatch encoder", file=self.folder / CONFIG) from error
        if config.get("format") != FORMAT:
            raise DataError(f"expected {FORMAT}", file=self.folder / CONFIG, field="format")
        return dict(config)

    @cached_property
    def weights(self) -> tuple[NDArray[np.uint64], NDArray[np.int8], NDArray[np.float32]]:
        """Words of compounds, int8 rows (rows, dim), and the scale of each row."""
        rows = np.load(self.folder / ROWS, mmap_mode="r", allow_pickle=False)
        scales = np.load(self.folder / SCALES, allow_pickle=False).astype(np.float32)
        words = np.load(self.folder / WORDS, allow_pickle=False)
        if rows.shape != (self._config["rows"], self.dim) or scales.shape != rows.shape[:1]:
            raise DataError(f"weights of shape {rows.shape} do not fit config.json", file=self.folder / ROWS)
        return words, np.asarray(rows), scales

    @cached_property
    def lexicon(self) -> Lexicon:
        """The labels that are known by heart."""
        return read_lexicon(self.folder, self._config["label_weight"], self._config["part_weight"])


def read_calibration(path: Path) -> Calibration:
    """A calibration from JSON: knots and thresholds, other keys are notes."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return Calibration(
            link=_knots(stored["link"]),
            coverages=_knots(stored["coverages"]),
            link_threshold=float(stored["link_threshold"]),
            coverage_threshold=float(stored["coverage_threshold"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError("not a calibration", file=path) from error


def _knots(pair: Any) -> tuple[tuple[float, ...], tuple[float, ...]]:
    cosines, values = pair
    return tuple(map(float, cosines)), tuple(map(float, values))


@njit(cache=True, nogil=True)
def _encode_one(
    codes: Codes,
    start: int,
    end: int,
    words: NDArray[np.uint64],
    table: NDArray[np.int8],
    scales: NDArray[np.float32],
    lexicon: Lexicon,
    out: NDArray[np.float32],
) -> None:
    rows = np.empty(most_features(end - start), np.int32)
    weights = np.empty(len(rows), np.float32)
    count = text_features(codes, start, end, words, len(table), rows, weights)
    for k in range(count):
        row = rows[k]
        weight = weights[k] * scales[row]
        for d in range(len(out)):
            out[d] += weight * np.float32(table[row, d])
    to_unit(out)
    recall(lexicon, codes, start, end, out)


@njit(cache=True, nogil=True)
def _fill(
    codes: Codes,
    offsets: Offsets,
    words: NDArray[np.uint64],
    table: NDArray[np.int8],
    scales: NDArray[np.float32],
    lexicon: Lexicon,
    out: NDArray[np.float32],
) -> None:
    for i in range(len(out)):
        _encode_one(codes, offsets[i], offsets[i + 1], words, table, scales, lexicon, out[i])


@njit(cache=True, nogil=True, parallel=True)
def _fill_parallel(
    codes: Codes,
    offsets: Offsets,
    words: NDArray[np.uint64],
    table: NDArray[np.int8],
    scales: NDArray[np.float32],
    lexicon: Lexicon,
    out: NDArray[np.float32],
) -> None:
    for i in prange(len(out)):
        _encode_one(codes, offsets[i], offsets[i + 1], words, table, scales, lexicon, out[i])
