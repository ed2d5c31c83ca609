"""ESCO files in, an encoder folder out: rows, calibration, model card. What `leermatch train` runs."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from competences.encoders.calibration import UNFITTED, Calibration
from competences.encoders.protocol import Encoder
from competences.encoders.shipped import CALIBRATION, ShippedEncoder
from competences.training.calibrate import fit
from competences.training.card import Card, write_card
from competences.training.corpus import read_esco
from competences.training.crosswalks import add_links, read_links, read_titles
from competences.training.export import add_lexicon, write_encoder
from competences.training.figures import linking_figures
from competences.training.labels import lexicon_of
from competences.training.loop import Schedule, train_rows


def train(
    esco: Path,
    out: Path,
    *,
    crosswalks: Sequence[Path] = (),
    exclude: Sequence[Path] = (),
    seed: int = 0,
    epochs: int | None = None,
    schedule: Schedule | None = None,
    teacher: Encoder | None = None,
    progress: bool = True,
) -> Card:
    """Trains an encoder on the ESCO files under `esco` and writes it to `out`, with a model card.

    `crosswalks` tie labels of other taxonomies to ESCO; a fixed share of them is held back for the calibration and
    the figures. `exclude` names files of titles (one a line, or the last field of a line with tabs) that are test
    material: crosswalk rows with such a title are left out. `teacher` is an encoder whose similarities guide the
    first steps. The same files, seed, machine and number of threads give the same encoder. DataError where a file
    cannot be read.
    """
    started = time.monotonic()
    corpus = read_esco(esco)
    links = read_links(crosswalks)
    concepts = len(corpus.names)
    left_out = add_links(corpus, links, read_titles(exclude))
    settings = replace(schedule or Schedule(), seed=seed)
    settings = settings if epochs is None else replace(settings, epochs=epochs)
    write_encoder(train_rows(corpus, settings, progress, teacher), out)
    add_lexicon(lexicon_of(corpus, concepts, ShippedEncoder(out).encode), out)
    encoder = ShippedEncoder(out)
    held_back = [link for link in links if link.held_back]
    calibration, reliability = fit(encoder.encode, corpus, links) if held_back else (UNFITTED, {})
    write_calibration(calibration, out / CALIBRATION)
    card = Card(
        fingerprint=encoder.fingerprint,
        concepts=concepts,
        texts=len(corpus.texts),
        files=tuple(corpus.files),
        crosswalks=tuple(path.name for path in crosswalks),
        excluded=tuple("/".join(path.parts[-2:]) for path in exclude),
        excluded_relations=left_out,
        held_back_labels=len({link.source for link in held_back}),
        teacher="" if teacher is None else teacher.fingerprint,
        settings=asdict(settings),
        minutes=round((time.monotonic() - started) / 60, 1),
        linking=linking_figures(encoder.encode, corpus, held_back),
        calibration=reliability,
    )
    write_card(card, out)
    return card


def write_calibration(calibration: Calibration, path: Path) -> None:
    """Knots and thresholds as JSON."""
    path.write_text(json.dumps(asdict(calibration), indent=1) + "\n", encoding="utf-8")
