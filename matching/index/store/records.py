"""Records as JSON Lines with an offset and a checksum per line: any of them can be read alone, and is checked alone."""

from __future__ import annotations

import mmap
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import IO, Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from competences.records.base import Record
from matching.index.store.checked import Checked
from matching.index.store.files import damaged, write

T = TypeVar("T")
R = TypeVar("R", bound=Record)

PARSED = 1 << 14
"""How many records are kept parsed."""


class LazySequence(Sequence[T], Generic[T]):
    """Items that are made when they are asked for."""

    def __init__(self, n: int, make: Callable[[int], T]) -> None:
        self._n, self._make = n, make

    def __len__(self) -> int:
        return self._n

    @overload
    def __getitem__(self, row: int) -> T: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[T]: ...
    def __getitem__(self, row: int | slice) -> T | Sequence[T]:
        if isinstance(row, slice):
            return [self._make(i) for i in range(*row.indices(self._n))]
        i = int(row) + self._n if row < 0 else int(row)
        if not 0 <= i < self._n:
            raise IndexError(f"row {row} of {self._n}")
        return self._make(i)

    def __iter__(self) -> Iterator[T]:
        return (self._make(i) for i in range(self._n))


def write_records(folder: Path, name: str, records: Sequence[Record]) -> dict[str, NDArray[np.generic]]:
    """Write `name`.jsonl; returns the arrays that go with it: where each line starts, and its CRC-32."""
    starts, checksums = np.zeros(len(records) + 1, np.int64), np.zeros(len(records), np.uint32)

    def fill(out: IO[bytes]) -> None:
        for row, record in enumerate(records):
            line = record.model_dump_json(exclude_unset=True).encode() + b"\n"
            starts[row + 1] = starts[row] + len(line)
            checksums[row] = zlib.crc32(line)
            out.write(line)

    write(folder / f"{name}.jsonl", fill)
    return {f"{name}.start": starts, f"{name}.crc32": checksums}


def read_records(files: Checked, name: str, record: type[R]) -> LazySequence[R]:
    """The records that `write_records` wrote; a damaged line is an error that names the file and the line."""
    starts, checksums = files.array(f"{name}.start"), files.array(f"{name}.crc32")
    path = files.unchecked(f"{name}.jsonl")
    with open(path, "rb") as source:
        lines = mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) if starts[-1] else b""

    def make(row: int) -> R:
        line = lines[int(starts[row]) : int(starts[row + 1])]
        if zlib.crc32(line) != checksums[row]:
            raise damaged(path, f"line {row + 1} does not fit its checksum")
        return record.model_validate_json(line)

    return LazySequence(len(checksums), lru_cache(PARSED)(make))
