"""Files of one generation, each compared with the manifest before its first byte is used."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from competences.errors import IncompatibleIndexError
from matching.index.store.files import damaged, sha256
from matching.index.store.lock import Pin
from matching.index.store.manifest import MANIFEST, Manifest

EAGER_BYTES = 1 << 23
"""This much is hashed when an index is opened, smallest files first; larger files follow when first asked for."""


class Checked:
    """Read access to the files of a generation; damage is found before anything is served from it."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder, self.manifest = folder, manifest
        self._fine: set[str] = set()
        self._lock = Lock()
        self._pin = Pin(folder / MANIFEST)
        self._check_sizes()

    def path(self, name: str) -> Path:
        """A file that is as it was written."""
        with self._lock:
            if name not in self._fine:
                self._check(name)
                self._fine.add(name)
        return self.folder / name

    def array(self, name: str) -> NDArray[Any]:
        """A mapped array. Copy-on-write: kernels see the same type as for arrays in memory, and nothing that
        anyone writes into it reaches the file or another process."""
        path = self.path(f"{name}.npy")
        mode: Literal["c"] | None = "c" if self._bytes(name) else None
        mapped: NDArray[Any] = np.load(path, mmap_mode=mode, allow_pickle=False)
        return mapped.view(np.ndarray)

    def json(self, name: str) -> Any:
        return json.loads(self.path(f"{name}.json").read_bytes())

    def check_small(self) -> None:
        """Hash the smallest files now, up to `EAGER_BYTES` together."""
        left = EAGER_BYTES
        for name, entry in sorted(self.manifest.files.items(), key=lambda item: (item[1].bytes, item[0])):
            left -= entry.bytes
            if left < 0:
                break
            self.path(name)

    def check_all(self, names: Iterable[str] | None = None) -> None:
        """Hash every file."""
        for name in sorted(self.manifest.files) if names is None else names:
            self.path(name)

    def unchecked(self, name: str) -> Path:
        """A file that checks itself, piece by piece."""
        return self.folder / name

    def _bytes(self, name: str) -> int:
        # An empty array cannot be mapped: its file is all header.
        return max(0, self.manifest.files[f"{name}.npy"].bytes - 128)

    def _check_sizes(self) -> None:
        for name, entry in self.manifest.files.items():
            path = self.folder / name
            try:
                size = path.stat().st_size
            except FileNotFoundError:
                raise IncompatibleIndexError(f"{path}: is missing") from None
            if size != entry.bytes:
                raise damaged(path, f"{size} bytes instead of {entry.bytes}")

    def _check(self, name: str) -> None:
        entry = self.manifest.files.get(name)
        if entry is None:
            raise IncompatibleIndexError(f"{self.folder / name}: the manifest does not list it")
        if sha256(self.folder / name) != entry.sha256:
            raise damaged(self.folder / name, "not the SHA-256 of the manifest")
