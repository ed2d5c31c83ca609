"""The embedded demo world: data files that travel inside the package."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from competences.errors import DataError


def demo_world() -> Path:
    """The folder with offers.jsonl, roles.jsonl, competences.jsonl and learners.jsonl.

    In a wheel it lies in the package, in a checkout it is `datasets/` beside it."""
    package = Path(str(files("matching")))
    for folder in (package / "demo_world", package.parent / "datasets"):
        if (folder / "offers.jsonl").is_file():
            return folder
    raise DataError("the demo world is missing; reinstall leermatch", file=package / "demo_world")
