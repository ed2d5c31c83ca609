"""Fixtures that any test can ask for. A test that asks for `shared_data` is marked `data` by that."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray

from competences.encoders.loading import load_encoder
from competences.encoders.protocol import Encoder
from competences.encoders.text import normalise
from small_disk import SmallDisk, mounted
from strategies import EXAMPLES

settings.register_profile("leermatch", max_examples=EXAMPLES, deadline=None)
settings.load_profile("leermatch")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: turn(item.path))
    for item in items:
        if "shared_data" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.data)


@cache
def turn(path: Path) -> int:
    """Where nothing is cached yet, the first match compiles the kernels, for minutes. One worker begins with that;
    the other meanwhile tests what needs none of `matching`, and then finds the kernels ready."""
    if path.name == "test_match.py":
        return 0
    return 2 if "matching" in path.read_text(encoding="utf-8") else 1


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with real public data."""
    folder = os.environ.get("LEERMATCH_DATA")
    if not folder:
        pytest.skip("LEERMATCH_DATA is not set: this test reads the shared data that it points at")
    return Path(folder)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The shipped encoder."""
    return load_encoder()


class LetterEncoder:
    """Counts hashed letter trigrams: knows nothing of meaning, so that a test can foresee what it finds."""

    dim = 128
    fingerprint = "letter-trigrams"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, 128) float32 unit rows."""
        rows = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(rows, texts, strict=True):
            padded = f" {normalise(text)} "
            for at in range(len(padded) - 2 if padded.strip() else 0):
                row[zlib.crc32(padded[at : at + 3].encode()) % self.dim] += 1
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.divide(rows, lengths, out=rows, where=lengths > 0)


@pytest.fixture(scope="session")
def letters() -> Encoder:
    """An encoder without weights."""
    return LetterEncoder()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A file system of 8 MB."""
    with mounted(tmp_path / "disk") as disk:
        yield disk
