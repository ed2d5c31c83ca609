"""ESCO skills in the sentences of job advertisements."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from benchmarks.quality.measures import Mean, rank_precision
from benchmarks.quality.section import Section, Setting
from benchmarks.quality.systems import System, linker_of

SETS = {"TECH": "tech_validation.csv", "HOUSE": "house_validation.csv"}
NO_LABEL = ("LABEL NOT PRESENT", "UNDERSPECIFIED")
PUBLISHED = {"TECH": 0.63, "HOUSE": 0.56, "TECHWOLF": 0.59}
"""RP@5 of the best published pipeline of large language models, on the test sets."""


def extraction(setting: Setting) -> Section:
    """RP@5 and RP@10 on whole sentences, and on the spans that annotators marked."""
    folder = setting.data / "skill-extraction"
    labels = (folder / "skills_en_label.txt").read_text(encoding="utf-8").strip().split("\n")
    concepts = dict(zip(labels, labels, strict=True))
    rows = []
    for name, file in SETS.items():
        sentences, spans = read_sentences(folder / file)
        for given, wanted, find in (("sentence", sentences, mentioned), ("marked span", spans, named)):
            texts = setting.some(list(wanted))
            found = {system.name: find(system, concepts, texts) for system in setting.systems}
            for k in (5, 10):
                row: dict[str, object] = {"set": name, "given": given, "n": len(texts), "measure": f"RP@{k}"}
                for system, ids in found.items():
                    row[system] = Mean.of(
                        [_precision(line, wanted[text], k) for line, text in zip(ids, texts, strict=True)]
                    )
                row["LLM pipeline, published, test set"] = PUBLISHED[name] if (given, k) == ("sentence", 5) else None
                rows.append(row)
    return Section(
        "Skill extraction",
        "RP@k is the number of right skills among the first k over how many there could be, the smaller of k and the "
        f"skills of the text, as IReRa defines it; a mean over texts. {len(labels):,} ESCO skills compete, each by its "
        "English preferred label alone. Rows marked LABEL NOT PRESENT or UNDERSPECIFIED do not count, nor do sentences "
        "without any other row; equal sentences are one. Sentence: encoders give the mentions of `Linker.extract` with "
        "no threshold and overlaps kept, most probable first; TF-IDF and BM25 compare the whole sentence. Marked span: "
        "the annotators' words (the finer span where there are two), which the published pipeline is not given. "
        "Published are test sentences, these are the smaller validation sets of the same source: near, not the same; "
        "and leermatch was trained on these labels, which the pipeline was not.",
        [rows],
        {"published_rp_5": PUBLISHED},
    )


def read_sentences(path: Path) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Labels by sentence, and by marked span; the same span in two sentences is one text with the labels of both."""
    sentences: dict[str, set[str]] = {}
    spans: dict[str, set[str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["label"] not in NO_LABEL:
                sentences.setdefault(row["sentence"], set()).add(row["label"])
                spans.setdefault(row["sub_span"] or row["span"], set()).add(row["label"])
    return sentences, spans


def mentioned(system: System, concepts: dict[str, str], sentences: Sequence[str]) -> list[list[str]]:
    """The skills of each sentence, the most probable first."""
    if system.encoder is None:
        return named(system, concepts, sentences)
    linker = linker_of(concepts, system.encoder)
    mentions = [[one.link for one in linker.extract(text, 0.0, overlapping=True)] for text in sentences]
    return [
        [link.id for link in sorted(links, key=lambda one: (-one.probability, -one.similarity, one.id))]
        for links in mentions
    ]


def named(system: System, concepts: dict[str, str], texts: Sequence[str]) -> list[list[str]]:
    """The ten skills nearest to each text as a whole."""
    return system.find(concepts, texts, 10)


def _precision(ids: Sequence[str], wanted: set[str], k: int) -> float:
    return rank_precision([one in wanted for one in ids], len(wanted), k)
