"""`leermatch forget`: every trace of one person in what batches and records left on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from competences.errors import MisuseError
from matching.audit.keys import Keys
from matching.cli import inputs, show
from matching.jobs import forget as jobs

Folders = list[Path] | None


def forget(
    person: Annotated[str, typer.Argument(help="The id of the person.")],
    batch: Annotated[Folders, typer.Option("--batch", help="A folder that a batch wrote; may be repeated.")] = None,
    audit: Annotated[Folders, typer.Option("--audit", help="A folder with records; may be repeated.")] = None,
    as_json: inputs.Json = False,
) -> None:
    """Take a person out of the tables of batches, and delete the key that ties records to them.

    An index holds nobody. The profile itself, and the input of a batch, are yours to delete.

    Example: leermatch forget l:ann --batch /data/runs/2026-11-24 --audit records
    """
    if not batch and not audit:
        raise MisuseError("name the folders to look in: --batch, --audit")
    for path, mark in (*((one, "run.json") for one in batch or ()), *((one, "keys.sqlite") for one in audit or ())):
        if not (path / mark).is_file():
            raise MisuseError(f"{path}: {mark} is missing: nothing of that kind was written here")
    rows = sum(jobs.forget(path, person) for path in batch or ())
    keys = sum(Keys(path / "keys.sqlite").forget(person) for path in audit or ())
    if as_json:
        show.json({"rows": rows, "keys": keys})
    else:
        show.lines(f"{person}: {rows} rows of batches, {keys} keys of records deleted")
