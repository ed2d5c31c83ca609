"""An index on disk that is served: what it holds now, and what others have changed since."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

from competences.encoders.protocol import Encoder
from competences.errors import IncompatibleIndexError
from competences.records.offers import LearningOffer
from matching.index.changes import changed
from matching.index.concepts import Meanings
from matching.index.generation import Generation
from matching.index.store.folder import Folder, Pointer
from matching.index.store.generation import read_generation
from matching.index.store.journal import Change, net
from matching.index.store.lock import WAIT_S
from matching.index.store.manifest import MANIFEST, check_encoder, read_manifest


class Position(NamedTuple):
    """A state of an index: a generation, and how many bytes of its journal count."""

    pointer: Pointer
    journal: int

    @property
    def text(self) -> str:
        """One word, for manifests."""
        return f"{self.pointer.name}+{self.journal}"


class Live:
    """One open index. Not thread-safe by itself: the matcher that serves it asks under its own lock; `stale` may be
    asked at any time."""

    def __init__(self, path: str | Path, encoder: Encoder, taxonomy: Meanings | None = None) -> None:
        self.folder, self.encoder, self.taxonomy = Folder(path), encoder, taxonomy
        self.position: Position | None = None
        self._stamp: tuple[int, int] | None = None

    def is_at(self, path: str | Path) -> bool:
        """Whether this is the index in that folder."""
        return Path(path).resolve() == self.folder.path.resolve()

    def stale(self) -> bool:
        """Whether the index on disk is ahead of what was read: a few system calls."""
        position = self.position
        if position is None or self._stamp != self._stamped():
            return True
        try:
            return self.folder.journal(position.pointer.name).acknowledged() != position.journal
        except IncompatibleIndexError:
            # Damaged, or collected with its generation just now: `follow` knows which.
            return True

    def follow(self, served: Generation | None) -> Generation:
        """What the index holds now. `served`: what the last call returned, None at first."""
        # Stamped before the pointer is read: one that is replaced in between is noticed by the next `stale`.
        stamp, pointer = self._stamped(), self.folder.pointer()
        seen = 0
        if served is not None and self.position is not None and self.position.pointer == pointer:
            seen = self.position.journal
        else:
            served, pointer = self._read(pointer)
        end = self.folder.journal(pointer.name).acknowledged()
        served = replayed(self.folder, served, pointer, seen, end)
        self.position, self._stamp = Position(pointer, end), stamp
        return served

    def writing(self, wait_s: float = WAIT_S) -> AbstractContextManager[None]:
        """Hold the lock of the one writer."""
        return self.folder.writing(wait_s)

    def append(self, offers: Sequence[LearningOffer], removed: Sequence[str]) -> None:
        """The change is on disk when this returns. The caller holds the lock and has followed all that was there."""
        assert self.position is not None  # `follow` came first
        change = Change(upsert=tuple(offers), remove=tuple(removed))
        end = self.folder.journal(self.position.pointer.name).append(change)
        self.position = self.position._replace(journal=end)

    def publish(self, generation: Generation) -> None:
        """Fold: a new generation without a journal. The caller holds the lock and has followed all that was there."""
        pointer = self.folder.publish(generation)
        self.position, self._stamp = Position(pointer, 0), self._stamped()
        self.folder.collect(keep=2)

    def _read(self, pointer: Pointer) -> tuple[Generation, Pointer]:
        while True:
            try:
                return opened(self.folder, pointer, self.encoder, self.taxonomy), pointer
            except IncompatibleIndexError:
                # It may have been replaced and deleted while it was being opened.
                newer = self.folder.pointer()
                if newer == pointer:
                    raise
                pointer = newer

    def _stamped(self) -> tuple[int, int] | None:
        try:
            status = os.stat(self.folder.current)
        except FileNotFoundError:
            return None
        return status.st_ino, status.st_mtime_ns


def publish(path: str | Path, generation: Generation) -> None:
    """Write a generation to a folder and serve it from there."""
    folder = Folder(path)
    with folder.writing():
        folder.publish(generation)
        folder.collect(keep=2)


def opened(folder: Folder, pointer: Pointer, encoder: Encoder, taxonomy: Meanings | None) -> Generation:
    """A generation as it was written."""
    path = folder.generation(pointer.name)
    try:
        manifest = read_manifest(path / MANIFEST, pointer.digest)
        check_encoder(path / MANIFEST, manifest, encoder)
        return read_generation(path, manifest, encoder, taxonomy)
    except FileNotFoundError as error:
        raise IncompatibleIndexError(f"{error.filename}: is missing") from error


def replayed(folder: Folder, generation: Generation, pointer: Pointer, start: int, end: int) -> Generation:
    """A generation with what its journal holds from `start` to `end`."""
    if end == start:
        return generation
    change = net(change for _, change in folder.journal(pointer.name).read(start, end))
    gone = [identifier for identifier in change.remove if generation.catalogue.row(identifier) >= 0]
    return changed(generation, change.upsert, gone)


def at_position(path: str | Path, position: Position, encoder: Encoder, taxonomy: Meanings | None = None) -> Generation:
    """One past or present state of an index, whatever is served now."""
    folder, (pointer, end) = Folder(path), position
    return replayed(folder, opened(folder, pointer, encoder, taxonomy), pointer, 0, end)
