"""The folder that a batch writes: tables per partition, and what says which of them are finished.

run.json                     what was asked, of which state of which index
matches/<partition>.parquet
plans/<partition>.parquet    only where plans were asked for
rejected/<partition>.parquet
partitions/<partition>.json  written last: this partition is finished
manifest.json                written at the very end: counts and versions of the whole run
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from competences.errors import DataError, MisuseError
from competences.records.base import Record
from matching.index.store.files import TEMPORARY, rename, replace, storing, sync_file
from matching.index.store.live import Position
from matching.index.store.lock import writing
from matching.jobs.answering import Answer, Question
from matching.jobs.learners import table
from matching.jobs.schema import MATCHES, PLANS, REJECTED, VERSION, versioned
from matching.version import __version__

R = TypeVar("R", bound=Record)

TABLES = {"matches": MATCHES, "plans": PLANS, "rejected": REJECTED}


class Run(Record):
    """What was asked: all partitions of one folder are answers to the same question before the same index."""

    schema_version: int = VERSION
    library: str = __version__
    question: Question
    index: str
    position: Position
    encoder: str
    """Fingerprint."""
    encoder_name: str | None = None


class Done(Record):
    """A finished partition."""

    input: str
    sha256: str
    """Of the input: one that has changed since is answered again."""
    learners: int
    matches: int
    plans: int
    rejected: int


class Output:
    """Names, markers and tables of one folder."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """One job at a time; nothing half written is there before it or stays behind, also of workers cut off."""
        if (self.path / "CURRENT").exists():
            raise MisuseError(f"{self.path}: holds an index; results go into a folder of their own")
        with storing(self.path):
            for name in (*TABLES, "partitions"):
                (self.path / name).mkdir(parents=True, exist_ok=True)
        with writing(self.path / "LOCK", 0.0):
            self._sweep()
            try:
                yield
            finally:
                self._sweep()

    def _sweep(self) -> None:
        for folder in ("", "partitions/", *(f"{name}/" for name in TABLES)):
            for left in self.path.glob(f"{folder}{TEMPORARY}*"):
                left.unlink()

    def run(self) -> Run | None:
        """What was asked before; None where nothing was."""
        return _read(self.path / "run.json", Run)

    def start(self, run: Run) -> None:
        """Pin what is asked."""
        _write(self.path / "run.json", run)

    def clear(self) -> None:
        """Forget all that was answered before: what says that it is finished first, what was asked last, so that
        whoever is cut off half-way is still known by its question."""
        for pattern in ("partitions/*.json", "manifest.json", *(f"{name}/*.parquet" for name in TABLES), "run.json"):
            for path in self.path.glob(pattern):
                path.unlink()

    def done(self, partition: str) -> Done | None:
        """How a finished partition ended; None where it did not, or where one of its tables is gone."""
        done = _read(self.path / "partitions" / f"{partition}.json", Done)
        tables = [name for name in TABLES if name != "plans" or (done and done.plans)]
        return done if all((self.path / name / f"{partition}.parquet").exists() for name in tables) else None

    def finish(self, partition: str, done: Done) -> None:
        """From now on the partition is skipped."""
        _write(self.path / "partitions" / f"{partition}.json", done)

    def write(self, partition: str, answers: Iterable[Answer], plans: bool) -> dict[str, int]:
        """Stream the tables of one partition to disk, then put them in place; returns their rows, and learners."""
        names = [name for name in TABLES if plans or name != "plans"]
        counts = dict.fromkeys(["learners", *TABLES], 0)
        temporary = {name: self.path / name / f"{TEMPORARY}{os.getpid()}-{partition}.parquet" for name in names}
        try:
            with storing(self.path), ExitStack() as opened:
                writers = {name: opened.enter_context(_writer(path, name)) for name, path in temporary.items()}
                for answer in answers:
                    counts["learners"] += answer.learners
                    for name, writer in writers.items():
                        rows = _rows(answer, name)
                        counts[name] += rows.num_rows
                        if rows.num_rows:
                            writer.write_table(rows.cast(writer.schema))
            for name, path in temporary.items():
                sync_file(path)
                rename(path, self.path / name / f"{partition}.parquet")
        except BaseException:
            # Half a table would only take room, and room may be what was lacking.
            for path in temporary.values():
                path.unlink(missing_ok=True)
            raise
        return counts

    def recount(self, partition: str, name: str, gone: int) -> None:
        """After rows of one table went: the counts of its partition and of the whole run."""
        done, run = self.done(partition), self.run()
        if done is None or run is None:
            return
        self.finish(partition, done.model_copy(update={name: getattr(done, name) - gone}))
        if (self.path / "manifest.json").exists():
            failed = json.loads((self.path / "manifest.json").read_bytes())["failed"]
            self.manifest(run, failed)

    def manifest(self, run: Run, failed: Sequence[str]) -> dict[str, Any]:
        """Counts and versions of all that the folder holds, the same for the same input."""
        names = {path.stem for path in self.path.glob("partitions/*.json")}.difference(failed)
        done = {name: one for name in names if (one := self.done(name))}
        totals = {name: sum(getattr(one, name) for one in done.values()) for name in ("learners", *TABLES)}
        stated = {
            **run.model_dump(mode="json"), "totals": totals, "failed": list(failed),
            "partitions": {name: done[name].model_dump(mode="json") for name in sorted(done)},
        }  # fmt: skip
        replace(self.path / "manifest.json", _json(stated))
        return stated


def _rows(answer: Answer, name: str) -> pa.Table:
    if name == "rejected":
        return table(answer.rejected, REJECTED)
    return answer.matches if name == "matches" else answer.plans


def _writer(path: Path, name: str) -> pq.ParquetWriter:
    path.unlink(missing_ok=True)
    return pq.ParquetWriter(path, versioned(TABLES[name], name), compression="zstd")


def _read(path: Path, record: type[R]) -> R | None:
    try:
        return record.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise DataError("was not written by this version of leermatch; use --overwrite", file=path) from error


def _write(path: Path, record: Record) -> None:
    replace(path, _json(record.model_dump(mode="json")))


def _json(stated: Any) -> bytes:
    return (json.dumps(stated, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def check_same(before: Run, now: Run, out: Path) -> None:
    """Results of different questions never lie side by side."""
    for (name, had), has in zip(_asked(before).items(), _asked(now).values(), strict=True):
        if had != has:
            raise MisuseError(
                f"{out} holds results of another run ({name} was {had}, not {has}); name another --out, "
                "ask the same to resume, or use --overwrite"
            )


def _asked(run: Run) -> dict[str, object]:
    """What all results of a folder share, by the option that says it."""
    return {
        "--on": run.question.on, "-k": run.question.k, "--plans": run.question.plans, "--encoder": run.encoder[:16],
        "the version of the schema": run.schema_version, "the version of leermatch": run.library,
    }  # fmt: skip
