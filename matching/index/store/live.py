"""An index on disk that is served: what it holds now, and what others have changed since."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from competences.encoders.protocol import Encoder
from competences.errors import IncompatibleIndexError
from matching.index.concepts import Meanings
from matching.index.generation import Generation
from matching.index.store.folder import Folder, Pointer
from matching.index.store.generation import read_generation
from matching.index.store.journal import Change
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


class News(NamedTuple):
    """What happened since the last look."""

    generation: Generation | None
    """None where the generation is the same as before."""
    changes: Sequence[Change]


class Live:
    """One open index. Not thread-safe by itself: the matcher that serves it asks under its own lock; `stale` may be
    asked at any time."""

    def __init__(self, folder: Folder, encoder: Encoder, taxonomy: Meanings | None) -> None:
        self.folder, self.encoder, self.taxonomy = folder, encoder, taxonomy
        self.position: Position | None = None
        self._stamp: tuple[int, int] | None = None

    def stale(self) -> bool:
        """Whether the index on disk is ahead of what was read: two system calls."""
        position = self.position
        if position is None or self._stamp != self._stamped():
            return True
        return self.folder.journal(position.pointer.name).acknowledged() != position.journal

    def news(self) -> News:
        """Everything since the last call."""
        # Before the pointer is read: one that is replaced in between is noticed by the next `stale`.
        stamp, pointer = self._stamped(), self.folder.pointer()
        generation, seen = None, 0
        if self.position is not None and self.position.pointer == pointer:
            seen = self.position.journal
        else:
            generation, pointer = self._read(pointer)
        journal = self.folder.journal(pointer.name)
        end = journal.acknowledged()
        changes = [change for _, change in journal.read(seen, end)]
        self.position, self._stamp = Position(pointer, end), stamp
        return News(generation, changes)

    @contextmanager
    def writing(self, wait_s: float = WAIT_S) -> Iterator[None]:
        """Hold the lock of the one writer."""
        with self.folder.writing(wait_s):
            yield

    def append(self, change: Change) -> None:
        """The change is on disk when this returns. The caller holds the lock and has seen all news."""
        if self.position is None:
            self.news()
        assert self.position is not None
        end = self.folder.journal(self.position.pointer.name).append(change)
        self.position = self.position._replace(journal=end)

    def publish(self, generation: Generation) -> None:
        """A new generation without a journal. The caller holds the lock; what it publishes is served already."""
        pointer = self.folder.publish(generation)
        self.position, self._stamp = Position(pointer, 0), self._stamped()
        self.folder.collect(keep=2)

    def _read(self, pointer: Pointer) -> tuple[Generation, Pointer]:
        while True:
            try:
                return self._opened(pointer), pointer
            except (IncompatibleIndexError, FileNotFoundError) as error:
                # A generation that was replaced and deleted while it was being opened.
                newer = self.folder.pointer()
                if newer == pointer:
                    if isinstance(error, IncompatibleIndexError):
                        raise
                    raise IncompatibleIndexError(f"{error.filename}: is missing") from error
                pointer = newer

    def _opened(self, pointer: Pointer) -> Generation:
        path = self.folder.generation(pointer.name)
        manifest = read_manifest(path / MANIFEST, pointer.digest)
        check_encoder(path / MANIFEST, manifest, self.encoder)
        return read_generation(path, manifest, self.encoder, self.taxonomy)

    def _stamped(self) -> tuple[int, int] | None:
        try:
            status = os.stat(self.folder.current)
        except FileNotFoundError:
            return None
        return status.st_ino, status.st_mtime_ns


def open_live(path: str | Path, encoder: Encoder, taxonomy: Meanings | None) -> Live:
    """An index to be read with `news`."""
    return Live(Folder(path), encoder, taxonomy)
