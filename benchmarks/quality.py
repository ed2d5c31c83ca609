"""How well the shipped encoder ranks, beside letter TF-IDF and the scores that MELO's authors published.

    LEERMATCH_DATA=… python -m benchmarks.quality

Ours has seen the ESCO labels, the published ones are zero-shot. Links are judged on the ids of Competent that training
holds back. Writes `benchmarks/results/quality.md` and `.json`.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from competences.encoders.loading import load_encoder
from competences.encoders.text import normalise
from competences.training.crosswalks import is_held_back

RESULTS = Path(__file__).parent / "results"
Similarity = Callable[[Sequence[str], Sequence[str]], np.ndarray]
PUBLISHED = ("openai", "e5", "me5")


def encoded(queries: Sequence[str], corpus: Sequence[str]) -> np.ndarray:
    """(n queries, n corpus) cosines of the shipped encoder."""
    encoder = load_encoder()
    return encoder.encode(queries) @ encoder.encode(corpus).T


def letters(queries: Sequence[str], corpus: Sequence[str]) -> np.ndarray:
    """The same of TF-IDF over 3- to 5-letter grams."""
    vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, preprocessor=normalise)
    documents = vectoriser.fit_transform(corpus)
    return np.asarray((vectoriser.transform(queries) @ documents.T).todense())


def first_ranks(similarities: np.ndarray, relevant: Sequence[Sequence[int]]) -> np.ndarray:
    """(n,) rank of the first relevant item of each query, ties in the order of the corpus."""
    order = np.argsort(-similarities, axis=1, kind="stable")
    return np.array(
        [np.flatnonzero(np.isin(row, list(wanted)))[0] + 1 for row, wanted in zip(order, relevant, strict=True)]
    )


def melo(folder: Path) -> tuple[list[str], list[str], list[list[int]]]:
    """(queries, corpus, rows of the corpus that answer each query)."""
    read = [
        [line.split("\t") for line in (folder / name).read_text(encoding="utf-8").splitlines() if line.strip()]
        for name in ("queries.tsv", "corpus_elements.tsv", "annotations.tsv")
    ]
    queries, corpus, annotations = read
    rows: dict[str, list[int]] = {}
    for i, one in enumerate(corpus):
        rows.setdefault(one[0], []).append(i)
    wanted: dict[str, set[int]] = {}
    for one in annotations:
        wanted.setdefault(one[0], set()).update(rows[one[2]])
    return [q[1] for q in queries], [c[1] for c in corpus], [sorted(wanted[q[0]]) for q in queries]


def links(data: Path, column: str, corpus: dict[str, str]) -> tuple[list[str], list[str], list[list[int]]]:
    """Held-back labels of Competent, ESCO labels, and the exact and close links between them."""
    at = {identifier: i for i, identifier in enumerate(corpus)}
    labels: dict[str, str] = {}
    wanted: dict[str, set[int]] = {}
    for row in csv.DictReader((data / "competent/competent_esco.csv").open(encoding="utf-8")):
        if is_held_back(row["vdab_id"]) and row["rel"] in ("exactMatch", "closeMatch") and row["esco_id"] in at:
            labels[row["vdab_id"]] = row[column]
            wanted.setdefault(row["vdab_id"], set()).add(at[row["esco_id"]])
    return list(labels.values()), list(corpus.values()), [sorted(wanted[one]) for one in labels]


def main() -> None:
    data = Path(os.environ["LEERMATCH_DATA"])
    published = list(csv.DictReader((data / "melo/published_results.csv").open(encoding="utf-8")))
    rows: list[dict[str, object]] = []
    for folder in sorted(one for one in (data / "melo").iterdir() if one.is_dir()):
        queries, corpus, relevant = melo(folder)
        row: dict[str, object] = {"task": folder.name, "n": len(queries), "measure": "MRR"}
        for name, similarity in (("leermatch", encoded), ("letter TF-IDF", letters)):
            reciprocal = 1 / first_ranks(similarity(queries, corpus), relevant)
            row[name] = round(float(reciprocal.mean()), 4)
            row[f"{name} s.e."] = round(float(reciprocal.std() / np.sqrt(len(queries))), 4)
        scores = {p["model"]: float(p["recip_rank"]) for p in published if p["dataset"] == folder.name}
        rows.append(row | {name: scores.get(name) for name in PUBLISHED})
    skills = list(csv.DictReader((data / "esco/parallel_skills_v1.1.1.csv").open(encoding="utf-8")))
    esco = list(csv.DictReader((data / "competent/competent_esco.csv").open(encoding="utf-8")))
    corpora = {
        "nl-nl": ("vdab_nl", {row["esco_id"]: row["esco_nl"] for row in esco}),
        "nl-en": ("vdab_nl", {row["conceptUri"].rsplit("/", 1)[-1]: row["en"] for row in skills}),
        "fr-fr": ("vdab_fr", {row["conceptUri"].rsplit("/", 1)[-1]: row["fr"] for row in skills if row["fr"]}),
    }
    for name, (column, labels) in corpora.items():
        queries, corpus, relevant = links(data, column, labels)
        row = {"task": f"Competent to ESCO {name}, held back", "n": len(queries), "measure": "hit@10"}
        for way, similarity in (("leermatch", encoded), ("letter TF-IDF", letters)):
            row[way] = round(float((first_ranks(similarity(queries, corpus), relevant) <= 10).mean()), 4)
        rows.append(row)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "quality.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "quality.md").write_text(as_markdown(rows), encoding="utf-8")
    print(as_markdown(rows))


def as_markdown(rows: Sequence[dict[str, object]]) -> str:
    """One table; an empty cell where there is nothing to compare."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += [
        "| " + " | ".join("" if row.get(name) is None else str(row[name]) for name in columns) + " |" for row in rows
    ]
    note = "Ours has seen the ESCO labels; the published encoders are zero-shot."
    return "\n".join(["# Quality of the encoder", "", *lines, "", note, ""])


if __name__ == "__main__":
    main()
