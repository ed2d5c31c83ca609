"""`leermatch import`: outside formats to JSON Lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from competences.errors import MisuseError
from competences.records.base import Record
from competences.records.io import write
from competences.sources.opening import LEARNERS, OFFERS, open_learners, open_offers
from matching.cli import show


def import_records(
    source: Annotated[str, typer.Argument(help="format:path, such as kdg:courses.json.")],
    out: Annotated[Path, typer.Option("--out", help="The JSON Lines file to write.")],
    learners: Annotated[bool, typer.Option("--learners", help="Read learner profiles instead of offers.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read offers (or learner profiles) of another format and write them as JSON Lines.

    Example: leermatch import vdab:trainings.jsonl --out offers.jsonl
    """
    known = LEARNERS if learners else OFFERS
    if source.partition(":")[0] not in known:
        raise MisuseError(f"state a format: {', '.join(f'{name}:path' for name in sorted(known))}")
    records: Sequence[Record] = open_learners(source) if learners else open_offers(source)
    noted = {str(getattr(one, "id", "")): list(getattr(one, "notes", ())) for one in records}
    told = {identifier: notes for identifier, notes in noted.items() if notes}
    count = write(out, records)
    if as_json:
        show.json({"written": count, "out": str(out), "notes": told})
        return
    for identifier, notes in told.items():
        show.lines(f"{identifier}: {'; '.join(notes)}", err=True)
    show.lines(f"{count} records in {out}; {len(told)} of them with something that could not be interpreted")
