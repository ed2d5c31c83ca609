"""The model card: what an encoder was made from, how, and what it can and cannot do."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

CARD, TABLE = "README.md", "card.json"


@dataclass(frozen=True)
class Card:
    """Everything the card says, also as JSON beside it."""

    fingerprint: str
    concepts: int
    texts: int
    files: tuple[str, ...]
    crosswalks: tuple[str, ...]
    excluded: tuple[str, ...]
    excluded_relations: int
    held_back_labels: int
    teacher: str
    """Fingerprint of the encoder that guided the first steps; empty for none."""
    settings: dict[str, Any]
    minutes: float
    linking: dict[str, dict[str, float]]
    calibration: dict[str, Any]


def write_card(card: Card, out: Path) -> None:
    """README.md for people, card.json for programs."""
    (out / TABLE).write_text(json.dumps(asdict(card), indent=1) + "\n", encoding="utf-8")
    (out / CARD).write_text(as_markdown(card), encoding="utf-8")


def as_markdown(card: Card) -> str:
    """The card as Markdown."""
    return "\n".join(
        [
            "# Competence encoder",
            "",
            "Texts of up to a sentence in Dutch, English, French or German become unit vectors; texts that name the",
            "same competence or occupation lie close together, across the four languages. A vector is the sum of the",
            "rows of a text's words, parts of compounds and character 3- to 5-grams; rows are int8. A text that is a",
            "label of the taxonomy, word for word, is moved half way towards the mean of its concept; labels within a",
            "text of at most 12 words move it less far, by the share of its letters that they take.",
            "",
            f"Fingerprint: `{card.fingerprint}`",
            "",
            "## Data",
            "",
            "This service uses the ESCO classification of the European Commission. ESCO may be reused under the",
            "European Commission's reuse policy (Decision 2011/833/EU), which asks for this attribution.",
            "",
            f"{card.concepts:,} concepts, {card.texts:,} texts (labels, alternative labels, descriptions). Files:",
            "",
            *(f"- `{name}`" for name in card.files),
            "",
            "Crosswalks (labels of other taxonomies tied to ESCO concepts): "
            + (", ".join(f"`{name}`" for name in card.crosswalks) or "none")
            + ".",
            "",
            "## Not trained on",
            "",
            f"- {card.held_back_labels:,} labels of the crosswalks, a share chosen by the hash of their id: they",
            "  fit and test the calibration and give the figures below.",
            f"- {card.excluded_relations:,} crosswalk relations whose title occurs in "
            + (", ".join(f"`{name}`" for name in card.excluded) or "no file")
            + ".",
            "",
            "## Training",
            "",
            f"InfoNCE with in-batch negatives over pairs of texts of one concept; {card.minutes} minutes."
            + (f" Guided at first by the encoder `{card.teacher[:16]}…`." if card.teacher else ""),
            "",
            "| setting | value |",
            "|---|---|",
            *(f"| {name} | {value} |" for name, value in card.settings.items()),
            "",
            "## Figures on held-back labels",
            "",
            "| from–to | labels | concepts | hit@10 | MRR |",
            "|---|---|---|---|---|",
            *(
                f"| {name} | {row['labels']} | {row['corpus']} | {row['hit_10']:.3f} | {row['mrr']:.3f} |"
                for name, row in card.linking.items()
            ),
            "",
            *_reliability(card.calibration),
            "## Limits",
            "",
            "It knows the language of jobs and competences and little else. It reads words, not their order: what a",
            "negation or a condition changes is lost. Long texts want cutting into phrases first. Broad and narrow",
            "look alike to it. Spellings and words that no taxonomy uses are reached only through their letters.",
            "",
        ]
    )


def _reliability(figures: dict[str, Any]) -> list[str]:
    if not figures:
        return ["Not calibrated: no crosswalk was given, so its probabilities are the cautious defaults.", ""]
    if not figures["pairs"]:
        return ["Calibrated on too few held-back labels to test the calibration.", ""]
    return [
        f"Calibration, on {figures['pairs']:,} candidate pairs that did not fit it: Brier score "
        f"{figures['brier']:.4f} (always saying the base rate: {figures['brier_of_base_rate']:.4f}).",
        "",
        "| probability from | pairs | predicted | observed |",
        "|---|---|---|---|",
        *(
            f"| {row['from']} | {row['pairs']} | {row['predicted']:.3f} | {row['observed']:.3f} |"
            for row in figures["reliability"]
        ),
        "",
    ]
