"""Everything that leermatch raises on purpose.

LeermatchError
├── MisuseError               the call cannot be answered: a bad argument, a missing goal, an extra not installed
│   └── UnknownIdError        an id that nothing loaded answers to
├── DataError                 a file says something that cannot be read: file, line, field, what was expected
├── StorageError              a file could not be written: disk full, no permission; what was there before still is
└── IncompatibleIndexError    a saved index and this program do not belong together, or the index is damaged
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
_NAMES = {"Integral": "a whole number", "Real": "a number", "Sequence": "a list", "list": "a list", "dict": "an object"}


class LeermatchError(Exception):
    """Base of all errors that leermatch raises on purpose."""


class MisuseError(LeermatchError, ValueError):
    """The call cannot be answered as it was made; the message says what would be."""


class UnknownIdError(MisuseError):
    """An id that nothing loaded answers to."""

    def __init__(self, kind: str, identifier: str, hint: str = "") -> None:
        self.kind, self.identifier = kind, identifier
        super().__init__(f"unknown {kind} {identifier!r}" + (f": {hint}" if hint else ""))


class DataError(LeermatchError):
    """A file, a line and a field that do not say what was expected."""

    def __init__(
        self, message: str, *, file: str | Path | None = None, line: int | None = None, field: str | None = None
    ) -> None:
        self.message, self.file, self.line, self.field = message, file, line, field
        where = ":".join(str(part) for part in (file, line) if part is not None)
        super().__init__(": ".join(part for part in (where, field, message) if part))


class StorageError(LeermatchError):
    """A file could not be written; the message names it and says why. What was there before is as it was."""


class IncompatibleIndexError(LeermatchError):
    """A saved index that this program, encoder or taxonomy cannot serve; the message names the file."""


def expect(value: T, kind: type, name: str) -> T:
    """The argument `name`, which must be a `kind`; `MisuseError` says what was given instead."""
    if not isinstance(value, kind):
        expected = _NAMES.get(kind.__name__, kind.__name__)
        raise MisuseError(f"{name}: expected {expected}, not {value!r:.60} ({type(value).__name__})")
    return value


def expect_each(values: Iterable[T], kind: type, name: str) -> list[T]:
    """The argument `name` as a list, each of which must be a `kind`; a text is no list."""
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise MisuseError(f"{name}: expected a list of {kind.__name__}, not {values!r:.60} ({type(values).__name__})")
    return [expect(value, kind, name) for value in values]
