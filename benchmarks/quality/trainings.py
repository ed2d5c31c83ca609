"""VDAB trainings for an occupation title, through `Matcher`."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.quality.measures import Mean, ndcg, recall, reciprocal_rank, top
from benchmarks.quality.section import Section, Setting
from benchmarks.quality.systems import System
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer
from competences.records.roles import Goal
from competences.sources import vdab
from matching.matcher import Matcher

DEPTH = 100


def trainings(setting: Setting) -> Section:
    """nDCG@10, MRR and recall@10 over the occupations that VDAB attached to its trainings."""
    folder = setting.data / "vdab-trainings"
    relevant: dict[str, set[str]] = {}
    with (folder / "occupation_qrels.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            relevant.setdefault(row["beroep"], set()).add(f"vdab:{row['training_code']}")
    offers, titles = without_occupations(folder / "trainings.jsonl"), setting.some(list(relevant))
    rows: dict[str, dict[str, object]] = {
        name: {"measure": name, "n": len(titles)} for name in ("nDCG@10", f"MRR of the first {DEPTH}", "recall@10")
    }
    for system in setting.systems:
        wanted = [relevant[title] for title in titles]
        hits = [
            ([found in right for found in ids], len(right))
            for ids, right in zip(ranked(system, offers, titles), wanted, strict=True)
        ]
        values = (
            [ndcg(line, count, 10) for line, count in hits],
            [reciprocal_rank(line) for line, _ in hits],
            [recall(line, count, 10) for line, count in hits],
        )
        for row, of in zip(rows.values(), values, strict=True):
            row[system.name] = Mean.of(of)
    return Section(
        "Trainings for an occupation",
        f"The title of an occupation is the goal, as free text; the {len(offers)} trainings of the VDAB catalogue are "
        "ranked for a learner without any other field. Right are the trainings that VDAB itself attached to the "
        "occupation; the attachments are removed before the trainings are read. Encoders answer through `Matcher`; "
        "TF-IDF and BM25 read title, description and keywords as one text. Target: nDCG@10 0.68.",
        [list(rows.values())],
    )


def ranked(system: System, offers: Sequence[LearningOffer], titles: Sequence[str]) -> list[list[str]]:
    """Ids of the first offers for each title."""
    if system.encoder is None:
        texts = tuple("\n".join((one.title, one.description or "", *one.keywords)) for one in offers)
        return [[offers[row].id for row in rows] for rows in top(system.similarity(texts)(titles), DEPTH)]
    matcher = Matcher.from_offers(offers, encoder=system.encoder)
    learners = [LearnerProfile(id="x", goal=Goal(text=title)) for title in titles]
    return [[match.offer_id for match in matcher.match(one, k=DEPTH).matches] for one in learners]


def without_occupations(path: Path) -> list[LearningOffer]:
    """The trainings as their own text describes them."""
    with tempfile.TemporaryDirectory() as folder:
        stripped = Path(folder) / path.name
        with path.open(encoding="utf-8") as file, stripped.open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(json.loads(line) | {"beroepen": []}) + "\n" for line in file)
        return list(vdab.read_trainings(stripped))
