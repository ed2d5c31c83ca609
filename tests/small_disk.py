"""Disks that fill up: a file system of a few megabytes where one can be mounted, a limit on the size of files else."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class SmallDisk:
    """A mounted file system of 8 MB."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def full(self, left: int = 0) -> Iterator[None]:
        """Only `left` bytes are free, in steps of a page, until the block ends."""
        filler = self.path / "filler"
        with filler.open("wb", buffering=0) as out:
            try:
                while True:
                    out.write(b"x" * 4096)
            except OSError:
                pass
            out.truncate(max(0, out.tell() - left))
        try:
            yield
        finally:
            filler.unlink()


@contextmanager
def mounted(path: Path) -> Iterator[SmallDisk]:
    """A small disk in a new folder; skips the test where none can be had."""
    path.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", path], capture_output=True).returncode:
        pytest.skip("a small file system cannot be mounted here: that takes root and a kernel that allows it")
    try:
        yield SmallDisk(path)
    finally:
        subprocess.run(["umount", "-l", path], check=True)


@contextmanager
def quota(limit: int) -> Iterator[None]:
    """No file may grow beyond `limit` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
