"""A page on disk: all of it, or what was there before."""

from __future__ import annotations

from pathlib import Path

from matching.index.store.files import replace, storing


def write_page(path: Path, page: str) -> None:
    """UTF-8; raises `StorageError` where the file cannot be written."""
    with storing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, page.encode())
