"""Recognition against the Flemish beroepskwalificaties, with texts that nobody here wrote.

1. Which standard: the Dutch ESCO description of an occupation is the experience; is its standard among the first 3 of
   all that the index lists? Where only an index entry is at hand, a standard is known by its title alone. The shipped
   encoder was trained on ESCO, these descriptions included, so the same is measured without the words of the title, and
   with texts that no training has seen: programmes of VDAB trainings, for the standards named like the occupation that
   VDAB itself says a training leads to.
2. Which competence: the label of a Competent skill or knowledge (and the ESCO label linked to it) is the experience,
   alone or after the description of an unrelated occupation; is the competence that refers to it the most probable one
   of its standard?

Pairs come from equal normalised titles and from Competent's own occupation crosswalk, never from an encoder.

    LEERMATCH_DATA=… python -m benchmarks.recognition
"""

from __future__ import annotations

import csv
import json
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

from competences.encoders.loading import load_encoder
from competences.encoders.protocol import Encoder
from competences.encoders.text import normalise
from competences.recognition.judging import Brought, judge
from competences.recognition.ranking import StandardIndex
from competences.recognition.standard import AssessmentStandard, assessment_standard
from competences.recognition.statements import Statement
from competences.sources import competent, vks
from competences.taxonomy.concept import Relation

RESULTS = Path(__file__).parent / "results"
FIRST = (1, 3, 10)
SAME = (Relation.EXACT, Relation.CLOSE)


@dataclass(frozen=True)
class Pair:
    """A standard and the ESCO occupation whose description is the experience text."""

    standard: str
    occupation: str
    label: str
    rule: str
    described: bool
    """False where the standard is known by its title alone."""


@dataclass(frozen=True)
class Occupation:
    uri: str
    label: str
    alternatives: tuple[str, ...]
    description: str


def standards(folder: Path) -> list[AssessmentStandard]:
    """All standards of the index, whole where their file is at hand; without an index, the files."""
    whole = {one.role.id: assessment_standard(one) for one in vks.read_standards(folder)}
    index = folder / "index.json"
    if not index.is_file():
        return list(whole.values())
    listed = json.loads(index.read_text(encoding="utf-8"))["bks"]
    return [whole.get(one["bk"]) or AssessmentStandard(one["bk"], one["titel"]) for one in listed]


def occupations(data: Path) -> list[Occupation]:
    """Dutch ESCO occupations that have a description."""
    with (data / "esco/v1.2.0-nl/occupations_nl.csv").open(encoding="utf-8", newline="") as file:
        return [
            Occupation(
                row["conceptUri"],
                row["preferredLabel"],
                tuple(row["altLabels"].split("\n")),
                row["description"].strip(),
            )
            for row in csv.DictReader(file)
            if row["description"].strip()
        ]


def pairs(listed: Sequence[AssessmentStandard], known: Sequence[Occupation], data: Path) -> list[Pair]:
    """At most one per standard, by the first rule that gives exactly one occupation: preferred label, alternative
    label, Competent occupation of that name with an exact link, then with a close one."""
    found = []
    tables = list(_tables(known, data))
    labels = {one.uri: one.label for one in known}
    for standard in listed:
        for rule, table in tables:
            uris = table.get(normalise(standard.title), set())
            if len(uris) == 1:
                (uri,) = uris
                found.append(Pair(standard.id, uri, labels[uri], rule, bool(standard.criteria)))
                break
    return found


def _tables(known: Sequence[Occupation], data: Path) -> Iterator[tuple[str, dict[str, set[str]]]]:
    preferred: dict[str, set[str]] = {}
    alternative: dict[str, set[str]] = {}
    for one in known:
        preferred.setdefault(normalise(one.label), set()).add(one.uri)
        for label in filter(None, map(normalise, one.alternatives)):
            alternative.setdefault(label, set()).add(one.uri)
    yield "preferred label", preferred
    yield "alternative label", alternative
    crosswalk = competent.read_occupations(data / "competent/competent_occupations_esco.csv")
    described = {one.uri for one in known}
    for relation in SAME:
        table: dict[str, set[str]] = {}
        for concept in crosswalk.concepts():
            if concept.scheme == "competent" and "nl" in concept.labels:
                linked = {uri for uri, one in crosswalk.crosswalk(concept.id).items() if one is relation}
                table.setdefault(normalise(concept.labels["nl"]), set()).update(linked & described)
        yield f"Competent {relation.value}", table


def ways(listed: Sequence[AssessmentStandard], texts: Sequence[str], encoder: Encoder) -> dict[str, NDArray[Any]]:
    """(texts, standards) per way to rank."""
    index = StandardIndex(listed, encoder)
    parts = [index.parts(text) for text in texts]
    title = np.array([one["title"] for one in parts])
    phrase = np.array([one["phrases"] for one in parts])
    return {
        "title and phrases (shipped)": np.array([index.scores(text) for text in texts]),
        "encoder: title against the whole text": title,
        "encoder: telling phrases above chance": phrase,
        "encoder: telling phrases, no correction": phrase + index.by_chance,
        "letters: TF-IDF of 3- to 5-grams": lexical(listed, texts),
    }


def lexical(listed: Sequence[AssessmentStandard], texts: Sequence[str]) -> NDArray[Any]:
    """(texts, standards) cosine of hashed letter n-grams, which no training has seen."""
    hashing = HashingVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), n_features=1 << 18, norm=None, alternate_sign=False,
        preprocessor=normalise,
    )  # fmt: skip
    weighting = TfidfTransformer(sublinear_tf=True)
    documents = weighting.fit_transform(hashing.transform(["\n".join(one.texts) for one in listed]))
    return np.asarray((weighting.transform(hashing.transform(texts)) @ documents.T).todense())


def ranks(scores: NDArray[Any], right: Sequence[int]) -> NDArray[np.int64]:
    """(texts,) how many standards come before the right one; a tie counts against it."""
    own = scores[np.arange(len(right)), list(right)]
    return np.asarray((scores >= own[:, None]).sum(axis=1) - 1, np.int64)


def figures(found: NDArray[np.int64]) -> dict[str, float]:
    """Share among the first 1, 3 and 10, and mean reciprocal rank."""
    shares = {f"first {k}": round(float((found < k).mean()), 3) for k in FIRST}
    return {"texts": len(found), **shares, "MRR": round(float((1 / (1 + found)).mean()), 3)}


def without_title(text: str, title: str) -> str:
    """The text without the words that share their first five letters with a word of the title."""
    stems = [word[:5] for word in normalise(title).split() if len(word) > 3]
    return " ".join(word for word in text.split() if not any(stem in normalise(word) for stem in stems))


def which_standard(data: Path, encoder: Encoder) -> dict[str, Any]:
    """Part 1."""
    listed, known = standards(data / "vks-standards"), occupations(data)
    used = pairs(listed, known, data)
    row = {one.id: i for i, one in enumerate(listed)}
    text = {one.uri: one.description for one in known}
    right = [row[one.standard] for one in used]
    said = [text[one.occupation] for one in used]
    table = {name: ranks(scores, right) for name, scores in ways(listed, said, encoder).items()}
    masked = [without_title(one, listed[i].title) for one, i in zip(said, right, strict=True)]
    shipped = next(iter(table.values()))
    groups = {"all pairs": np.ones(len(used), bool)}
    groups |= {rule: np.array([one.rule == rule for one in used]) for rule in dict.fromkeys(one.rule for one in used)}
    groups["standards known in whole"] = np.array([one.described for one in used])
    return {
        "standards": len(listed),
        "known in whole": sum(bool(one.criteria) for one in listed),
        "ways": {name: figures(found) for name, found in table.items()},
        "words of the title removed from the text": {
            name: figures(ranks(scores, right)) for name, scores in ways(listed, masked, encoder).items()
        },
        "by pairing": {name: figures(shipped[mask]) for name, mask in groups.items() if mask.any()},
        "pairs": [
            {**asdict(one), "rank": int(at) + 1} for one, at in zip(used, shipped, strict=True)
        ],
    }  # fmt: skip


def which_standard_by_certificate(data: Path, encoder: Encoder) -> dict[str, Any]:
    """Part 1 with the programme of a training as the text, as on a certificate; any standard of its occupations counts.

    The catalogue and its list of occupations are of 2017."""
    folder = data / "vdab-trainings"
    listed = standards(data / "vks-standards")
    row = {normalise(one.title): i for i, one in enumerate(listed)}
    right: dict[str, set[int]] = {}
    with (folder / "occupation_qrels.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if normalise(line["beroep"]) in row:
                right.setdefault(line["training_code"], set()).add(row[normalise(line["beroep"])])
    with (folder / "trainings.jsonl").open(encoding="utf-8") as file:
        trainings = {one["code"]: one.get("programma") or "" for one in map(json.loads, file)}
    used = sorted(code for code in right if trainings.get(code, "").strip())
    found = {}
    for name, scores in ways(listed, [trainings[code] for code in used], encoder).items():
        best = [min(right[code], key=lambda i, own=own: (-own[i], i)) for code, own in zip(used, scores, strict=True)]
        found[name] = figures(ranks(scores, best))
    return found


def which_competence(data: Path, encoder: Encoder) -> dict[str, Any]:
    """Part 2."""
    crosswalk = competent.read_competences(data / "competent/competent_esco.csv")
    around = np.random.default_rng(0).permutation(np.array([one.description for one in occupations(data)]))
    found: dict[str, list[int]] = {}
    sure: list[tuple[float, bool]] = []
    for standard in vks.read_standards(data / "vks-standards"):
        criteria = assessment_standard(standard).criteria
        position = {one.requirement.competence: i for i, one in enumerate(criteria)}
        answers: dict[str, set[int]] = {}
        for competence, reference in standard.references:
            answers.setdefault(reference, set()).add(position[competence])
        for reference, right in answers.items():
            if reference not in crosswalk:
                continue
            linked = [uri for uri, one in crosswalk.crosswalk(reference).items() if one in SAME]
            said = [("Competent label", crosswalk.label(reference, "nl"))]
            said += [("ESCO label", crosswalk.label(uri, "nl")) for uri in linked]
            for name, label in said:
                for where, text in (("alone", label), ("in a text", f"{around[len(sure) % len(around)]} {label}.")):
                    judged = judge(criteria, Brought.of([Statement(text)], encoder), encoder)
                    order = np.argsort([-one.probability for one in judged], kind="stable").tolist()
                    found.setdefault(f"{name} {where}", []).append(min(order.index(i) for i in right))
                    sure += [(one.probability, i in right) for i, one in enumerate(judged)]
    return {
        "texts": {name: figures(np.array(one)) for name, one in found.items() if one},
        "how sure, how often right": calibration(sure),
    }


def calibration(sure: Sequence[tuple[float, bool]]) -> list[dict[str, float]]:
    """Bins of stated probability against how often the competence was the one referred to."""
    edges = [0.0, 0.1, 0.2, 0.4, 0.6, 1.01]
    table = []
    for low, high in pairwise(edges):
        inside = [(stated, right) for stated, right in sure if low <= stated < high]
        if inside:
            stated, right = zip(*inside, strict=True)
            means = {"stated": round(float(np.mean(stated)), 3), "right": round(float(np.mean(right)), 3)}
            table.append({"from": low, "to": min(high, 1.0), "competences": len(inside), **means})
    return table


def main() -> None:
    """Write results/recognition.json and print the tables."""
    data = Path(os.environ.get("LEERMATCH_DATA", ""))
    if not (data / "vks-standards").is_dir():
        sys.exit("set LEERMATCH_DATA to the folder with vks-standards, esco and competent")
    encoder = load_encoder()
    result: dict[str, Any] = {
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "encoder": encoder.fingerprint,
        "which standard": which_standard(data, encoder),
        "which standard, by certificate": which_standard_by_certificate(data, encoder),
        "which competence": which_competence(data, encoder),
    }
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / "recognition.json"
    path.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    first = result["which standard"]
    tables = {name: first[name] for name in ("ways", "words of the title removed from the text", "by pairing")}
    for name, table in {**tables, "by certificate": result["which standard, by certificate"]}.items():
        print(f"\n{name}")
        for row, values in table.items():
            print(f"  {row:40}", *(f"{key} {value:<6}" for key, value in values.items()))
    print("\nwhich competence\n ", json.dumps(result["which competence"], ensure_ascii=False))


if __name__ == "__main__":
    main()
