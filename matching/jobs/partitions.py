"""Input files of a batch: Parquet, Arrow IPC or JSON Lines, read a piece at a time."""

from __future__ import annotations

import codecs
import glob
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from competences.errors import DataError, MisuseError
from matching.index.store.files import sha256
from matching.jobs.answering import ROWS

SUFFIXES = (".parquet", ".arrow", ".jsonl")


def partitions(patterns: Sequence[str]) -> dict[str, Path]:
    """Name → file of every input that the patterns match, by name. Each gets one output of the same name."""
    paths = sorted({Path(found) for pattern in patterns for found in glob.glob(pattern, recursive=True)})
    if not paths:
        raise MisuseError(f"--learners: no file matches {' '.join(patterns)}")
    folders = [str(path) for path in paths if path.is_dir()]
    if folders:
        raise MisuseError(f"--learners: {folders[0]} is a folder; name the files in it: '{folders[0]}/*.parquet'")
    odd = [str(path) for path in paths if path.suffix not in SUFFIXES]
    if odd:
        raise MisuseError(f"--learners: {odd[0]}: learners are read from {', '.join(SUFFIXES)}")
    twice = [name for name, count in Counter(path.stem for path in paths).items() if count > 1]
    if twice:
        named = " and ".join(str(path) for path in paths if path.stem == twice[0])
        raise MisuseError(f"--learners: {named} have the same name; each output is named after its input")
    return {path.stem: path for path in paths}


def digest(path: Path) -> str:
    """SHA-256 of an input. Raises `DataError` where it cannot be read."""
    try:
        return sha256(path)
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", file=path) from error


def batches(path: Path) -> Iterator[pa.RecordBatch]:
    """The learners of one file, `ROWS` at a time. Raises `DataError` where the file cannot be read."""
    try:
        for batch in _batches(path):
            twice = [name for name, count in Counter(batch.schema.names).items() if count > 1]
            if twice:
                raise DataError(f"two columns are named {twice[0]}", file=path)
            yield batch
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"cannot be read: {' '.join(str(error).split())}", file=path) from error


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    if path.suffix == ".parquet":
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(ROWS)
    elif path.suffix == ".arrow":
        yield from _sized(pa.ipc.open_file(path))
    else:
        yield from _lines(path)


def rows(paths: Iterable[Path]) -> int:
    """How many learners there are, without reading any; a file that cannot be read has none."""
    return sum(map(_rows, paths))


def _rows(path: Path) -> int:
    try:
        if path.suffix == ".parquet":
            return int(pq.read_metadata(path).num_rows)
        if path.suffix == ".arrow":
            with pa.memory_map(str(path)) as mapped:
                file = pa.ipc.open_file(mapped)
                return sum(file.get_batch(i).num_rows for i in range(file.num_record_batches))
        with open(path, "rb") as lines:
            return sum(block.count(b"\n") for block in iter(lambda: lines.read(1 << 20), b""))
    except (pa.ArrowException, OSError):
        return 0


def _sized(file: pa.ipc.RecordBatchFileReader) -> Iterator[pa.RecordBatch]:
    for i in range(file.num_record_batches):
        batch = file.get_batch(i)
        yield from (batch.slice(at, ROWS) for at in range(0, batch.num_rows, ROWS))


def _lines(path: Path) -> Iterator[pa.RecordBatch]:
    """Each line is a learner profile; what is not even text is rejected like any other row."""
    with open(path, "rb") as lines:
        if lines.read(3) != codecs.BOM_UTF8:
            lines.seek(0)
        stated = (line.strip() for line in lines)
        profiles = (line for line in stated if line)
        while some := list(islice(profiles, ROWS)):
            yield pa.record_batch([pa.array(some, pa.binary())], names=["profile"])
