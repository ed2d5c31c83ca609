"""One JSON object a line: what a job does, for machines. Never an id of a person."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from matching.index.store.files import storing


class Log:
    """Lines to a file, to stderr (`-`), or to nowhere."""

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._out: IO[str] | None = None
        if path == "-":
            self._out = sys.stderr
        elif path is not None:
            with storing(path):
                self._out = open(Path(path), "a", encoding="utf-8", buffering=1)  # noqa: SIM115

    def __call__(self, event: str, **facts: Any) -> None:
        if self._out is not None:
            at = datetime.now(UTC).isoformat(timespec="milliseconds")
            with storing(str(self._path)):
                print(json.dumps({"at": at, "event": event, **facts}, ensure_ascii=False), file=self._out)

    def close(self) -> None:
        """What was opened here is closed."""
        if self._out is not None and self._out is not sys.stderr:
            # A line that a full disk refused is tried again here; that it could not be written was said before.
            with suppress(OSError):
                self._out.close()
