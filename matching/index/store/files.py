"""Writing so that nothing is half there: temporary file, fsync, rename, fsync of the folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from competences.errors import IncompatibleIndexError, StorageError

TEMPORARY = ".tmp-"
"""Prefix of names that are not finished; whoever meets one at rest may delete it."""


def damaged(path: Path, why: str) -> IncompatibleIndexError:
    """The error for a file of an index that is not as it was written."""
    return IncompatibleIndexError(
        f"{path}: is damaged: {why}; restore the index from a copy, or build it anew (leermatch index build)"
    )


@contextmanager
def storing(path: str | Path) -> Iterator[None]:
    """What the operating system refuses becomes a `StorageError` that names the file."""
    try:
        yield
    except OSError as error:
        # numpy counts bytes where the operating system would have said why.
        why = error.strerror or f"not all of it was taken ({error}); is the disk full?"
        raise StorageError(f"{path}: cannot be written: {why}; what was there before is unchanged") from error


def write(path: Path, fill: Callable[[IO[bytes]], object]) -> None:
    """A new file with what `fill` writes into it, on disk when this returns."""
    with storing(path), open(path, "xb") as out:
        fill(out)
        out.flush()
        os.fsync(out.fileno())


def replace(path: Path, data: bytes) -> None:
    """A file that at every moment holds either what it held before or all of `data`."""
    temporary = path.with_name(f"{TEMPORARY}{os.getpid()}-{path.name}")
    try:
        with suppress(FileNotFoundError):
            temporary.unlink()
        write(temporary, lambda out: out.write(data))
        rename(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def rename(source: Path, target: Path) -> None:
    """Atomic, and on disk when this returns."""
    with storing(target):
        os.replace(source, target)
        sync_folder(target.parent)


def sync_file(path: Path) -> None:
    """A file that another library wrote is on disk when this returns."""
    with storing(path), open(path, "rb") as written:
        os.fsync(written.fileno())


def sync_folder(folder: Path) -> None:
    """A new or renamed name is only durable once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with open(path, "rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()
