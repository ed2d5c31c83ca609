"""Whether a link that is given with a probability of 0.3 is right three times in ten."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.links import Crosswalk, crosswalks
from benchmarks.quality.measures import Mean, share
from benchmarks.quality.section import Section, Setting
from benchmarks.quality.systems import linker_of
from competences.encoders.protocol import Encoder
from competences.training.calibrate import _tests as is_test

LINKS = 10
"""Links per label: what `Linker.link` gives by default."""
BINS = 10
_CARD = {"links": "pairs", "said": "predicted", "right": "observed"}


def calibration(setting: Setting) -> Section:
    """Of the shipped encoder, through `Linker`; beside it what its card says."""
    encoder = setting.systems[0].encoder
    assert encoder is not None
    directions = {one.name: given(one, encoder, setting) for one in crosswalks(setting.data)}
    said, right = (np.concatenate(part) for part in zip(*directions.values(), strict=True))
    card = _card(encoder)
    scores = [
        {"links": name, "labels": len(said), "pairs": said.size, **brier(said, right)}
        for name, (said, right) in directions.items()
    ]
    scores.append(
        {
            "links": "the card of the encoder",
            "pairs": card.get("pairs"),
            "Brier": card.get("brier"),
            "Brier of the base rate": card.get("brier_of_base_rate"),
        }
    )
    return Section(
        "Calibration",
        f"The first {LINKS} concepts that `Linker` gives without a threshold for held-back labels of Competent, of the "
        "half that did not fit the curve either; right are exact and close links, so a link that the crosswalk merely "
        "lacks counts as wrong. Said is the mean probability of the links of a row, right the share that is (± one "
        "standard error over links). Brier is the mean square of their difference, link by link (± over labels), to "
        "set beside that of always saying the base rate. The card holds the same for all held-back crosswalk labels, "
        "each with its 20 nearest labels of its language, as measured when the curve was fitted.",
        [reliability(said.ravel(), right.ravel(), card.get("reliability", ())), scores],
        {"card": card},
    )


def given(one: Crosswalk, encoder: Encoder, setting: Setting) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(labels, `LINKS`) probabilities, and 1 where the link is right."""
    asked = setting.some([identifier for identifier in one.labels if is_test(identifier)])
    found = linker_of(one.concepts, encoder).link([one.labels[it] for it in asked], LINKS, min_probability=0.0)
    said = [[link.probability for link in links] for links in found]
    right = [[link.id in one.linked[it] for link in links] for it, links in zip(asked, found, strict=True)]
    return np.array(said), np.array(right, float)


def brier(said: NDArray[np.float64], right: NDArray[np.float64]) -> dict[str, object]:
    """The Brier score, and that of a probability that is the same for all."""
    base = float(right.mean())
    return {"Brier": Mean.of(((said - right) ** 2).mean(axis=1)), "Brier of the base rate": base * (1 - base)}


def reliability(
    said: NDArray[np.float64], right: NDArray[np.float64], card: Sequence[dict[str, Any]]
) -> list[dict[str, object]]:
    """A row for each tenth of probability in which there is a link."""
    at = np.minimum((said * BINS).astype(int), BINS - 1)
    stated = {round(one["from"] * BINS): one for one in card}
    rows: list[dict[str, object]] = []
    for each in sorted({*at.tolist(), *stated}):
        here = at == each
        row: dict[str, object] = {"probability": f"{each / BINS:.1f}–{(each + 1) / BINS:.1f}", "links": int(here.sum())}
        if here.any():
            row |= {"said": float(said[here].mean()), "right": share(int(right[here].sum()), int(here.sum()))}
        one = stated.get(each, {})
        rows.append(row | {f"card: {name}": one.get(key) for name, key in _CARD.items()})
    return rows


def _card(encoder: Encoder) -> dict[str, Any]:
    path = Path(getattr(encoder, "folder", "")) / "card.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))["calibration"]) if path.is_file() else {}
