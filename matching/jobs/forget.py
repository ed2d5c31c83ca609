"""Every trace of one person in what batches wrote. An index holds offers alone: nobody is in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from competences.errors import DataError
from matching.index.store.files import TEMPORARY, rename, storing, sync_file
from matching.jobs.output import TABLES, Output


def forget(out: str | Path, person_id: str) -> int:
    """Take a person out of all tables of a batch folder; returns how many rows went.

    Files are written anew without the rows, row group by row group; counts in manifests follow. What a partition was
    made from is not ours to change: answer it again with `overwrite` only once the person has left the input too."""
    output, gone = Output(out), 0
    with output.lock():
        for name in TABLES:
            for path in sorted(output.path.glob(f"{name}/*.parquet")):
                try:
                    rows = _rewritten(path, person_id)
                except pa.ArrowException as error:
                    raise DataError(f"is damaged ({error}); delete it, then forget again", file=path) from error
                if rows:
                    gone += rows
                    output.recount(path.stem, name, rows)
    return gone


def _rewritten(path: Path, person_id: str) -> int:
    with pq.ParquetFile(path) as file:
        gone = sum(_about(group, person_id)[1] for group in _groups(file))
        if not gone:
            return 0
        temporary = path.with_name(TEMPORARY + path.name)
        temporary.unlink(missing_ok=True)
        with storing(path), pq.ParquetWriter(temporary, file.schema_arrow, compression="zstd") as writer:
            for group in _groups(file):
                kept, _ = _about(group, person_id)
                if kept.num_rows:
                    writer.write_table(kept)
    sync_file(temporary)
    rename(temporary, path)
    return gone


def _groups(file: pq.ParquetFile) -> Iterator[pa.Table]:
    return (file.read_row_group(i) for i in range(file.num_row_groups))


def _about(rows: pa.Table, person_id: str) -> tuple[pa.Table, int]:
    """(rows of others, how many are about this person). A rejected row may name them in its problem alone."""
    about = pc.fill_null(pc.equal(rows["learner_id"], person_id), False)
    if "problem" in rows.column_names:
        named = pc.fill_null(pc.match_substring(rows["problem"], person_id), False)
        about = pc.or_(about, pc.and_(pc.is_null(rows["learner_id"]), named))
    kept = rows.filter(pc.invert(about))
    return kept, rows.num_rows - kept.num_rows
