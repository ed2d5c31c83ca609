"""The trail: one JSON Lines file a day, only ever added to, on disk before a call returns, each line chained to the
one before it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from competences.errors import DataError, MisuseError, UnknownIdError
from matching.audit.record import AuditRecord
from matching.index.store.files import storing, sync_folder
from matching.index.store.lock import writing


def _now() -> datetime:
    return datetime.now(UTC)


class Trail:
    """Records in a folder."""

    def __init__(self, folder: str | Path, *, clock: Callable[[], datetime] = _now) -> None:
        self.folder, self.clock = Path(folder), clock
        with storing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)

    def append(self, record: AuditRecord) -> AuditRecord:
        """The record as it was written: chained, and on disk."""
        with writing(self.folder / "lock"):
            return self._append(record)

    def __iter__(self) -> Iterator[AuditRecord]:
        """All records, oldest first."""
        for path in self.files():
            yield from (record for _, record in _lines(path))

    def find(self, identifier: str) -> AuditRecord:
        """The record with this id. Raises `UnknownIdError`."""
        for record in self:
            if record.id == identifier:
                return record
        raise UnknownIdError("record", identifier, f"{self.folder} does not hold it")

    def verify(self, head: str | None = None) -> str:
        """Check the whole chain and return its last hash. DataError names the first line that does not fit.

        `head`: a hash that was returned before and kept elsewhere; the chain must still hold it. That shows a trail
        whose end was cut off, which no chain can show by itself."""
        previous, seen = None, set()
        for path in self.files():
            for number, record in _lines(path):
                if record.hash != record.own_hash():
                    raise DataError("this line was changed after it was written", file=path, line=number)
                if previous is not None and record.previous != previous:
                    raise DataError("a line before this one was removed or added", file=path, line=number)
                if previous is None and record.previous and record.previous not in self._pruned():
                    raise DataError("the lines before this one are missing", file=path, line=number)
                previous = record.hash
                seen.add(record.hash)
        if head is not None and head not in seen | self._pruned():
            raise DataError("records at the end are missing", file=self.folder)
        return previous or ""

    def prune(self, keep_days: int) -> list[str]:
        """Delete whole files older than so many days, and record that; returns the names of the files."""
        if keep_days < 1:
            raise MisuseError(f"records are kept for at least 1 day, not {keep_days}")
        limit = self.clock().date() - timedelta(days=keep_days)
        with writing(self.folder / "lock"):
            old = [path for path in self.files() if date.fromisoformat(path.stem) < limit]
            if not old:
                return []
            last = [record.hash for path in old for _, record in _lines(path)][-1:]
            pruned = {"files": [path.name for path in old], "last": "".join(last)}
            self._append(AuditRecord(id=f"pruned-{limit}", at=self._at(), kind="pruned", options=pruned))
            with storing(self.folder):
                for path in old:
                    path.unlink()
                sync_folder(self.folder)
        return [path.name for path in old]

    def files(self) -> list[Path]:
        """One per day, oldest first."""
        return sorted(self.folder.glob("????-??-??.jsonl"))

    def _append(self, record: AuditRecord) -> AuditRecord:
        today = self.clock().date().isoformat()
        # A clock that was set back must not put a line before older ones.
        latest = self.files()[-1:]
        path = max(self.folder / f"{today}.jsonl", *latest) if latest else self.folder / f"{today}.jsonl"
        chained = record.hashed(self._last())
        with storing(path):
            new = not path.exists()
            with open(path, "ab") as out:
                out.write(chained.model_dump_json().encode() + b"\n")
                out.flush()
                os.fsync(out.fileno())
            if new:
                sync_folder(self.folder)
        return chained

    def _last(self) -> str:
        """Hash of the last line; a line that a crash left half written was never acknowledged, and is cut off."""
        for path in reversed(self.files()):
            data = path.read_bytes()
            whole = data[: data.rfind(b"\n") + 1]
            if len(whole) < len(data):
                with storing(path):
                    os.truncate(path, len(whole))
            if whole:
                return AuditRecord.model_validate_json(whole.splitlines()[-1]).hash
        return ""

    def _pruned(self) -> set[str]:
        return {record.options["last"] for record in self if record.kind == "pruned"}

    def _at(self) -> str:
        return self.clock().isoformat(timespec="milliseconds")


def _lines(path: Path) -> Iterator[tuple[int, AuditRecord]]:
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            yield number, AuditRecord.model_validate_json(line)
        except ValidationError as error:
            raise DataError("not an audit record", file=path, line=number) from error
