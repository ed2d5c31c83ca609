"""`leermatch batch`: a whole population, every night."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from matching.cli import inputs, show
from matching.jobs.batch import Order, run


def batch(
    learners: Annotated[
        list[str],
        typer.Option("--learners", help="Files or quoted patterns (.parquet, .arrow, .jsonl); may be repeated."),
    ],
    index: Annotated[Path, typer.Option("--index", help="The folder of an index (see leermatch index build).")],
    out: Annotated[Path, typer.Option("--out", help="The folder for results; an unfinished run in it is resumed.")],
    k: inputs.Count = 10,
    plans: Annotated[bool, typer.Option("--plans", help="A plan for each learner as well.")] = False,
    on: inputs.On = None,
    workers: Annotated[int | None, typer.Option("--workers", help="Processes; one per core by default.")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Answer everything again.")] = False,
    log: Annotated[str | None, typer.Option("--log", help="JSON lines to a file; - is stderr.")] = None,
    encoder: inputs.EncoderOption = None,
    as_json: inputs.Json = False,
) -> None:
    """Match all learners of some files against an index: Parquet out, one file per input file.

    Rows that cannot be read or answered go to rejected/ with a reason. Exit code 0: all learners answered; 2: stopped,
    see the message; 3: finished, some rows rejected; 4: some files could not be read or answered.

    Example: leermatch batch --learners 'in/*.parquet' --index /srv/index --out out --on 2026-11-24 --plans
    """
    summary = run(
        Order(
            learners=tuple(learners), index=str(index), out=str(out), on=inputs.day(on) or date.today(), k=k,
            plans=plans, encoder=encoder, workers=workers, overwrite=overwrite, log=log, progress=True,
        )
    )  # fmt: skip
    if as_json:
        show.json(summary.manifest)
    else:
        show.lines(f"{out}: " + ", ".join(f"{name} {count}" for name, count in summary.manifest["totals"].items()))
    for problem in summary.failed.values():
        show.lines(f"leermatch: {problem}", err=True)
    raise typer.Exit(summary.exit_code)
