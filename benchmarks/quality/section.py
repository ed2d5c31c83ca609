"""One part of the report, and what a task is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import isnan
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.machine import table
from benchmarks.quality.measures import Mean
from benchmarks.quality.systems import System

T = TypeVar("T")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Setting:
    """The data, what is compared (the shipped encoder first), and at most how many queries of each set."""

    data: Path
    systems: tuple[System, ...]
    sample: int | None = None

    def some(self, things: Sequence[T]) -> Sequence[T]:
        """All, or a sample spread evenly over them."""
        step = 1 if self.sample is None else max(1, len(things) // self.sample)
        return things[::step][: self.sample]


@dataclass(frozen=True)
class Section:
    """Tables, what exactly they measure, and what only the JSON holds."""

    title: str
    measured: str
    tables: Sequence[Sequence[Row]]
    more: Mapping[str, Any] = field(default_factory=dict)

    def as_markdown(self) -> str:
        parts = [f"## {self.title}", self.measured, *(table(_columns(rows)) for rows in self.tables)]
        return "\n\n".join(parts)

    def as_dict(self) -> dict[str, Any]:
        tables = [[{name: _plain(value) for name, value in row.items()} for row in rows] for rows in self.tables]
        return {"title": self.title, "measured": self.measured, "tables": tables, **self.more}


def _columns(rows: Sequence[Row]) -> list[Row]:
    """All rows with all columns."""
    names = dict.fromkeys(name for row in rows for name in row)
    return [{name: row.get(name) for name in names} for row in rows]


def _plain(value: Any) -> Any:
    if not isinstance(value, Mean):
        return value
    return {name: None if isnan(part) else part for name, part in asdict(value).items()}
