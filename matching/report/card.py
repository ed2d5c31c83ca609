"""The engine card: what the engine is made of, how well it does what, and where it is known to fail."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from competences.encoders.protocol import Encoder
from competences.errors import DataError
from competences.records.offers import LearningOffer, OfferKind
from matching.settings import Settings
from matching.version import __version__

MOST_FIGURES = 14
"""Figures of one results file that the card repeats; the file holds them all."""


def card_of(
    offers: Sequence[LearningOffer], encoder: Encoder, taxonomy_version: str | None, settings: Settings,
    results: Sequence[Path] = (),
) -> str:  # fmt: skip
    """Markdown; the same input gives the same bytes. `results`: JSON files with measurements."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("matching", "report")
    # Markdown, not HTML: nothing is escaped here, and nothing here comes from a person.
    made = Environment(loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return made.get_template("card.md.j2").render(
        version=__version__,
        encoder=encoder,
        training=_training(encoder),
        taxonomy=taxonomy_version or "none: every id is its own label",
        index=_index(offers),
        settings=settings.model_dump(mode="json"),
        results=[(path.name, list(_figures(path))) for path in sorted(results)],
        failures=tomllib.loads((files("matching.report") / "known_failures.toml").read_text("utf-8"))["failure"],
    )


def _training(encoder: Encoder) -> dict[str, Any] | None:
    """What the card beside the weights says; None for an encoder that brings none."""
    path = getattr(encoder, "folder", Path()) / "card.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def _index(offers: Sequence[LearningOffer]) -> dict[str, Any]:
    taught = {outcome.competence for offer in offers for outcome in offer.outcomes}
    return {
        "offers": len(offers),
        "competences taught": len(taught),
        **{f"of kind {kind.value}": sum(offer.kind is kind for offer in offers) for kind in OfferKind},
        "without any stated hours": sum(not offer.time.model_dump(exclude_none=True) for offer in offers),
        "without stated outcomes": sum(not offer.outcomes for offer in offers),
        "with outcomes found in their text": sum(any(one.derived for one in offer.outcomes) for offer in offers),
        "without a stated run": sum(not offer.runs for offer in offers),
    }


def _figures(path: Path) -> Iterator[tuple[str, Any]]:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError("not a file with results", file=path) from error
    found = list(_leaves(stored))
    yield from found[:MOST_FIGURES]
    if len(found) > MOST_FIGURES:
        yield f"… and {len(found) - MOST_FIGURES} more in the file", ""


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inside in value.items():
            yield from _leaves(inside, f"{path} / {name}" if path else str(name))
    elif isinstance(value, list):
        yield path, f"{len(value)} entries"
    else:
        yield path, value
