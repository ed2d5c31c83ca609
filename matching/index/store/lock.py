"""One writer at a time, and readers that keep what they read from being deleted: locks that die with their process."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from competences.errors import StorageError
from matching.index.store.files import storing

WAIT_S = 10.0
"""How long a writer waits for another one."""


@contextmanager
def writing(path: Path, wait_s: float = WAIT_S) -> Iterator[None]:
    """Hold the writer's lock. StorageError where another process keeps it for longer than `wait_s`."""
    with storing(path):
        lock = open(path, "ab")  # noqa: SIM115
    with lock:
        if not _taken(lock, wait_s):
            raise StorageError(f"{path}: another process is writing to this folder; nothing was changed; try later")
        yield


def _taken(lock: IO[bytes], wait_s: float) -> bool:
    until = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(0.01)


class Pin:
    """A file that is kept from being deleted for as long as this object lives."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDONLY)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def __del__(self) -> None:
        if hasattr(self, "_descriptor"):
            os.close(self._descriptor)


def is_pinned(path: Path) -> bool:
    """Whether any process holds a pin on a file."""
    with open(path, "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
