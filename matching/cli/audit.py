"""`leermatch audit`: look after the records of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from competences.errors import MisuseError
from matching.audit.keys import Keys
from matching.audit.trail import Trail
from matching.cli import inputs, show


def audit(
    folder: Annotated[Path, typer.Argument(help="The folder with the records.")],
    head: Annotated[str | None, typer.Option("--head", help="A hash that was printed before: still there?")] = None,
    prune: Annotated[int | None, typer.Option("--prune", help="Delete files older than so many days.")] = None,
    forget: Annotated[str | None, typer.Option("--forget", help="Delete the key of this person (id).")] = None,
    as_json: inputs.Json = False,
) -> None:
    """Check that no record was changed, added or removed; prune old ones; forget a person.

    Example: leermatch audit records --prune 400
    """
    if not folder.is_dir():
        raise MisuseError(f"{folder} is no folder with records")
    trail, done = Trail(folder), dict[str, object]()
    if forget is not None:
        done["forgotten"] = (folder / "keys.sqlite").is_file() and Keys(folder / "keys.sqlite").forget(forget)
    if prune is not None:
        done["pruned"] = trail.prune(prune)
    last = trail.verify(head)
    counts: dict[str, int] = {}
    for record in trail:
        counts[record.kind] = counts.get(record.kind, 0) + 1
    if as_json:
        show.json({"head": last, "records": counts, **done})
        return
    for name, value in (*done.items(), *sorted(counts.items())):
        show.lines(f"{name}: {', '.join(value) if isinstance(value, list) else value}")
    show.lines(f"unbroken, head {last}" if last else "no records")
