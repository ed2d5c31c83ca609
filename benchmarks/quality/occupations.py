"""National occupation titles to ESCO labels: the MELO sets, as they are and as people type them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.quality.measures import Mean, Percent, Values, first_ranks
from benchmarks.quality.noise import CHANGES
from benchmarks.quality.section import Section, Setting
from benchmarks.quality.systems import System

BLOCK = 256
"""Queries that are scored together: bounds the memory."""
SHOWN = 3
"""Published models with a column of their own, the best by their mean; the JSON holds all."""


@dataclass(frozen=True, eq=False)
class Ranking:
    """Queries, and for each the rows of the corpus that answer it."""

    name: str
    queries: tuple[str, ...]
    corpus: tuple[str, ...]
    relevant: tuple[tuple[int, ...], ...]


def melo(setting: Setting) -> Section:
    """Every set that is present, beside all published scores."""
    sets = melo_sets(setting)
    scores = published(setting.data / "melo/published_results.csv", [one.name for one in sets])
    means = {model: float(np.mean(list(of.values()))) for model, of in scores.items() if len(of) == len(sets)}
    shown = sorted(means, key=means.__getitem__, reverse=True)[:SHOWN]
    rows = [
        {"set": one.name, "n": len(one.queries), "labels": len(one.corpus)}
        | {system.name: Mean.of(reciprocals(one, system)) for system in setting.systems}
        | {f"{model}, published": scores[model][one.name] for model in shown}
        for one in sets
    ]
    mean = {system.name: over_sets(sets, lambda one, s=system: reciprocals(one, s)) for system in setting.systems}
    shown_means = {f"{model}, published": means[model] for model in shown}
    rows.append({"set": "mean over the sets", "n": sum(len(one.queries) for one in sets), **mean, **shown_means})
    return Section(
        "Occupations: MELO",
        "MRR of the first ESCO label that MELO's annotators found right for a national occupation title, over all "
        "labels of the set, preferred and alternative; every system ranks by one similarity per label, ours by cosine. "
        "± is one standard error over the queries; in the mean, sets that ask the same titles count as one sample. "
        "Published scores come without standard errors.",
        [rows],
        {"published": scores, "published_means": means},
    )


def robustness(setting: Setting) -> Section:
    """The same sets with every query changed in one way."""
    sets = melo_sets(setting)
    count = sum(len(one.queries) for one in sets)
    rows = []
    for name, change in {"none": None, **CHANGES}.items():
        changed = sum(change(text) != text for one in sets for text in one.queries) if change else 0
        row: dict[str, object] = {"change": name, "n": count, "of them changed": f"{changed / count:.0%}"}
        for system in setting.systems:
            row[system.name] = over_sets(sets, lambda one, s=system, c=change: reciprocals(one, s, c))
            row[f"{system.name}: loss"] = None if change is None else loss(sets, system, change)
        rows.append(row)
    return Section(
        "Robustness",
        "Mean MRR over the MELO sets with the queries changed and the labels left alone; loss is the share of the "
        "clean figure that is lost, with the standard error of a ratio over paired queries. One typo in every word may "
        "cost at most 15 %.",
        [rows],
    )


def over_sets(sets: tuple[Ranking, ...], values: Callable[[Ranking], Values]) -> Mean:
    """The mean over the sets of a value per query."""
    return Mean.over_sets([(one.queries, values(one)) for one in sets])


def loss(sets: tuple[Ranking, ...], system: System, change: Callable[[str], str]) -> Percent:
    """100 (1 − changed / clean); the standard error is that of a ratio of two paired means."""
    clean = over_sets(sets, lambda one: reciprocals(one, system)).value
    kept = over_sets(sets, lambda one: reciprocals(one, system, change)).value / clean
    rest = over_sets(sets, lambda one: reciprocals(one, system, change) - kept * reciprocals(one, system))
    return Percent(100 * (1 - kept), 100 * rest.error / clean, rest.n)


@cache
def reciprocals(one: Ranking, system: System, change: Callable[[str], str] | None = None) -> Values:
    """(n,) 1 / rank of the first relevant label for each query, changed or not."""
    score = system.similarity(one.corpus)
    queries = [change(text) for text in one.queries] if change else list(one.queries)
    blocks = [slice(at, at + BLOCK) for at in range(0, len(queries), BLOCK)]
    return 1 / np.concatenate([first_ranks(score(queries[part]), one.relevant[part]) for part in blocks])


@cache
def melo_sets(setting: Setting) -> tuple[Ranking, ...]:
    folders = sorted(one for one in (setting.data / "melo").iterdir() if one.is_dir())
    return tuple(read_set(folder, setting) for folder in folders)


def read_set(folder: Path, setting: Setting) -> Ranking:
    """A MELO set: queries, labels, and annotations by concept."""
    queries, corpus, annotations = (
        _lines(folder / f"{name}.tsv") for name in ("queries", "corpus_elements", "annotations")
    )
    rows: dict[str, list[int]] = {}
    for row, line in enumerate(corpus):
        rows.setdefault(line[0], []).append(row)
    wanted: dict[str, set[int]] = {}
    for line in annotations:
        wanted.setdefault(line[0], set()).update(rows[line[2]])
    asked = setting.some(queries)
    return Ranking(
        folder.name,
        tuple(line[1] for line in asked),
        tuple(line[1] for line in corpus),
        tuple(tuple(sorted(wanted[line[0]])) for line in asked),
    )


def _lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file if line.strip()]


def published(path: Path, names: list[str]) -> dict[str, dict[str, float]]:
    """MRR by model and set, for the sets named."""
    scores: dict[str, dict[str, float]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["dataset"] in names:
                scores.setdefault(row["model"], {})[row["dataset"]] = float(row["recip_rank"])
    return scores
