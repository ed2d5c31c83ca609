"""Writes what was trained as a folder that `load_encoder` opens: int8 rows, a scale per row, words, configuration."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from competences.encoders.lexicon import Lexicon, write_lexicon
from competences.encoders.shipped import CONFIG, FORMAT, ROWS, SCALES, WORDS
from competences.training.loop import Trained


def write_encoder(trained: Trained, out: Path) -> None:
    """Everything but the calibration and the card."""
    out.mkdir(parents=True, exist_ok=True)
    rows, scales = quantised(trained.table)
    np.save(out / ROWS, rows)
    np.save(out / SCALES, scales)
    np.save(out / WORDS, trained.words)
    _write_config(out, rows.shape, 0.0, 0.0)
    write_lexicon(nothing_known(rows.shape[1]), out)


def add_lexicon(lexicon: Lexicon, out: Path) -> None:
    """The labels that the encoder in `out` knows by heart from now on."""
    write_lexicon(lexicon, out)
    _write_config(out, np.load(out / ROWS, mmap_mode="r").shape, lexicon.weight, lexicon.part_weight)


def nothing_known(dim: int) -> Lexicon:
    """A lexicon without labels."""
    none = np.empty(0, np.uint64), np.empty(0, np.uint16), np.empty((0, dim), np.int8), np.empty(0, np.float32)
    return Lexicon(*none, 0.0, 0.0)


def _write_config(out: Path, shape: tuple[int, ...], label_weight: float, part_weight: float) -> None:
    weights = {"label_weight": label_weight, "part_weight": part_weight}
    config = {"format": FORMAT, "rows": shape[0], "dim": shape[1], **weights}
    (out / CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def quantised(table: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """(rows, dim) int8 and a scale per row, (rows,) float16: row ≈ int8 row × scale."""
    scales = (np.abs(table).max(axis=1) / 127).astype(np.float16)
    safe = np.where(scales > 0, scales, 1).astype(np.float32)
    return np.clip(np.round(table / safe[:, None]), -127, 127).astype(np.int8), scales
