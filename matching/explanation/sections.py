"""An explanation as headings, sentences and points: what text and HTML are both written from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """A title, sentences under it, points, and smaller sections."""

    title: str
    lines: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    parts: tuple[Section, ...] = ()


def text_of(section: Section) -> str:
    """The section for a terminal: an empty line before each part that has something to say of its own."""
    return "\n".join(_lines(section, 0))


def _lines(section: Section, depth: int) -> Iterator[str]:
    indent = "   " * max(0, depth - 1)
    yield indent + section.title
    inner = indent + ("   " if depth else "")
    yield from (inner + line for line in section.lines)
    yield from (f"{inner}- {point}" for point in section.points)
    for part in section.parts:
        if depth == 0 or part.parts:
            yield ""
        yield from _lines(part, depth + 1)
