"""`leermatch card`: what the engine is made of, how well it does, and where it is known to fail."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from competences.encoders.loading import load_encoder
from competences.errors import MisuseError
from competences.records.io import read_competences
from competences.sources.opening import open_offers
from competences.taxonomy.taxonomy import Taxonomy
from matching.cli import inputs, show
from matching.demo import demo_world
from matching.report.card import card_of
from matching.report.writing import write_page


def card(
    offers: Annotated[str | None, typer.Option("--offers", help="A path or format:path; the demo world else.")] = None,
    competences: inputs.Competences = None,
    encoder: inputs.EncoderOption = None,
    settings: inputs.SettingsFile = None,
    results: Annotated[Path | None, typer.Option("--results", help="A folder with JSON files of benchmarks.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write it here instead of printing it.")] = None,
    as_json: inputs.Json = False,
) -> None:
    """Write the engine card: encoder, taxonomy, index, settings, measurements, known failure cases.

    Example: leermatch card --results benchmarks --out docs/engine_card.md
    """
    if results is not None and not results.is_dir():
        raise MisuseError(f"--results: {results} is no folder")
    labels = competences or (demo_world() / "competences.jsonl" if offers is None else None)
    taxonomy = Taxonomy.from_competences(read_competences(labels)) if labels else None
    version = None if taxonomy is None else f"{len(taxonomy)} concepts, version {taxonomy.version or 'not stated'}"
    measured = [path for path in results.rglob("*.json") if path.parent.name == "results"] if results else []
    text = card_of(
        list(open_offers(offers or str(demo_world() / "offers.jsonl"))), load_encoder(encoder), version,
        inputs.read_settings(settings), measured,
    )  # fmt: skip
    if out is not None:
        write_page(out, text)
    if as_json:
        show.json({"card": text if out is None else str(out)})
    elif out is None:
        show.lines(text)
