"""Checking and tidying an index on disk."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from matching.index.store.checked import Checked
from matching.index.store.folder import Folder
from matching.index.store.manifest import MANIFEST, read_manifest


class Verified(NamedTuple):
    """What was read and found in order."""

    generation: str
    files: int
    bytes: int
    changes: int
    """In the journal."""


def verify(path: str | Path) -> Verified:
    """Compare every byte that is served with its checksum; needs no encoder. Raises `IncompatibleIndexError` at the
    first file that is damaged."""
    folder = Folder(path)
    pointer = folder.pointer()
    generation = folder.generation(pointer.name)
    manifest = read_manifest(generation / MANIFEST, pointer.digest)
    Checked(generation, manifest).check_all()
    journal = folder.journal(pointer.name)
    changes = sum(1 for _ in journal.read(0, journal.acknowledged()))
    sizes = sum(entry.bytes for entry in manifest.files.values())
    return Verified(pointer.name, len(manifest.files), sizes, changes)


def collect(path: str | Path) -> list[str]:
    """Delete what nobody is served from; returns the names."""
    folder = Folder(path)
    folder.pointer()
    with folder.writing():
        return folder.collect()
