"""`leermatch train`: an encoder of one's own taxonomy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matching.cli import show


def train(
    esco: Annotated[
        Path, typer.Option("--esco", help="A folder with ESCO's CSV files, of any versions and languages.")
    ],
    out: Annotated[Path, typer.Option("--out", help="The folder to write the encoder to.")],
    crosswalk: Annotated[
        list[Path] | None,
        typer.Option("--crosswalk", help="CSV that ties another taxonomy's labels to ESCO; repeatable."),
    ] = None,
    exclude: Annotated[
        list[Path] | None, typer.Option("--exclude", help="Titles that are test material, one a line; repeatable.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="The same files and seed give the same encoder.")] = 0,
    epochs: Annotated[int | None, typer.Option("--epochs", min=1, help="Passes over the texts.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> None:
    """Train an encoder on the labels and descriptions of a taxonomy; `--encoder FOLDER` then uses it.

    Example: leermatch train --esco esco/ --crosswalk competent_esco.csv --exclude melo/queries.tsv --out my-encoder
    """
    # Curve fitting loads slowly, and no other command needs it.
    from competences.training.recipe import train as train_encoder

    card = train_encoder(
        esco, out, crosswalks=crosswalk or (), exclude=exclude or (), seed=seed, epochs=epochs, progress=not quiet
    )
    show.lines(f"{card.concepts} concepts, {card.texts} texts, {card.minutes} minutes; the card is {out / 'README.md'}")
