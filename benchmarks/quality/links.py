"""Held-back competences of Competent to ESCO skills, through `Linker`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality.measures import Mean, reciprocal_rank
from benchmarks.quality.section import Section, Setting
from competences.training.crosswalks import is_held_back

DEPTH = 50
POSITIVE = ("exactMatch", "closeMatch")


@dataclass(frozen=True)
class Crosswalk:
    """Labels of one taxonomy, the concepts of another, and which of these each label names."""

    name: str
    labels: dict[str, str]
    concepts: dict[str, str]
    linked: dict[str, set[str]]


def links(setting: Setting) -> Section:
    """hit@10 and MRR for each direction."""
    rows = []
    for one in crosswalks(setting.data):
        asked = setting.some(list(one.labels))
        texts = [one.labels[identifier] for identifier in asked]
        hits = {
            system.name: [
                [found in one.linked[identifier] for found in ids]
                for identifier, ids in zip(asked, system.find(one.concepts, texts, DEPTH), strict=True)
            ]
            for system in setting.systems
        }
        same = {"direction": one.name, "n": len(asked), "concepts": len(one.concepts)}
        ten = {name: Mean.of([float(any(line[:10])) for line in lines]) for name, lines in hits.items()}
        first = {name: Mean.of([reciprocal_rank(line) for line in lines]) for name, lines in hits.items()}
        rows += [{**same, "measure": "hit@10", **ten}, {**same, "measure": f"MRR of the first {DEPTH}", **first}]
    return Section(
        "Links: Competent to ESCO, held back",
        "Labels of Competent competences that no training has seen (chosen by the hash of their id), each against one "
        "label of each ESCO skill: the Dutch labels of the skills in the crosswalk, all English, all French ones. "
        "Right are exact and close links. Encoders answer through `Linker`. Targets: hit@10 0.70 nl–nl, 0.60 nl–en, "
        "0.58 fr–fr.",
        [rows],
    )


def crosswalks(data: Path) -> Iterator[Crosswalk]:
    """Dutch labels to the Dutch labels of linked skills, Dutch to all English ones, French to all French ones."""
    relations = _rows(data / "competent/competent_esco.csv")
    skills = _rows(data / "esco/parallel_skills_v1.1.1.csv")
    dutch = {row["esco_id"]: row["esco_nl"] for row in relations}
    english, french = (
        {row["conceptUri"].rsplit("/", 1)[-1]: row[language] for row in skills if row[language]}
        for language in ("en", "fr")
    )
    for name, column, concepts in (
        ("nl–nl", "vdab_nl", dutch), ("nl–en", "vdab_nl", english), ("fr–fr", "vdab_fr", french),
    ):  # fmt: skip
        labels: dict[str, str] = {}
        linked: dict[str, set[str]] = {}
        for row in relations:
            if is_held_back(row["vdab_id"]) and row["rel"] in POSITIVE and row["esco_id"] in concepts:
                labels[row["vdab_id"]] = row[column]
                linked.setdefault(row["vdab_id"], set()).add(row["esco_id"])
        yield Crosswalk(name, labels, concepts, linked)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
