"""Fits what an encoder's cosines mean, on labelled pairs that it was not trained on.

Each label of another taxonomy is compared with its nearest concepts, as a linker does, so that the negatives are the
ones that are hard to tell apart. Half of the labels fit the curves, the other half test them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator
from sklearn.isotonic import IsotonicRegression

from competences.encoders.calibration import Calibration, Knots
from competences.training.corpus import LABEL, Corpus
from competences.training.crosswalks import POSITIVE, Link, is_held_back

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
Vector = NDArray[np.float64]

NEAREST = 20
TARGETS = {"exact": 1.0, "close": 0.9, "broad": 0.5, "narrow": 0.5}
"""Coverage strength that a relation stands for. Half for broad and narrow: the part that both have in common."""
UNRELATED_QUANTILE = 0.995
"""Coverage is 0 up to the cosine that this share of unrelated pairs stays below."""
COVERAGE_THRESHOLD = 0.5
"""Half covered counts: below it, two competences have less in common than a broader one and its part."""
KNOTS = 24
FADE = 0.15
"""Width in cosine over which coverage rises from nothing to what the labelled pairs say."""
BIN, LEAST, EQUAL = 0.03, 20, 0.999
"""Width in cosine and least number of pairs of the groups that a curve goes through; from EQUAL on, texts are one."""


@dataclass(frozen=True)
class Pairs:
    """Labelled pairs: cosine, value, weight, and whether the pair tests the curve or fits it."""

    cosines: Vector
    values: Vector
    weights: Vector
    test: NDArray[np.bool_]

    def curve(self) -> Knots:
        """The monotone curve through the pairs that fit it."""
        fitting = ~self.test
        return monotone(self.cosines[fitting], self.values[fitting], self.weights[fitting])


def fit(encode: Encode, corpus: Corpus, links: Sequence[Link]) -> tuple[Calibration, dict[str, Any]]:
    """The calibration and its figures (Brier score, reliability table) on the half that did not fit it."""
    held_back = [link for link in links if link.held_back and link.language]
    same, strength = _nearest(encode, corpus, held_back), _related(encode, corpus, held_back)
    floor = unrelated_cosine(encode, corpus)
    link, coverages = same.curve(), _from_zero(strength.curve(), floor)
    calibration = Calibration(link, coverages, best_threshold(same, link), COVERAGE_THRESHOLD)
    predicted = np.interp(same.cosines[same.test], *link)
    return calibration, _figures(predicted, same.values[same.test]) | {"unrelated_cosine": round(floor, 4)}


def _nearest(encode: Encode, corpus: Corpus, links: Sequence[Link]) -> Pairs:
    """Each label with its `NEAREST` concepts of its language: 1 where an exact or close link says so, else 0."""
    rows = []
    relations = {(link.text, link.concept): link.relation for link in links}
    for source, text, names, cosines in _asked(encode, corpus, links):
        for at in np.argpartition(-cosines, min(NEAREST, len(cosines) - 1))[:NEAREST]:
            linked = relations.get((text, names[at])) in POSITIVE
            rows.append((float(cosines[at]), float(linked), 1.0, _tests(source)))
    return _pairs(rows)


def _related(encode: Encode, corpus: Corpus, links: Sequence[Link]) -> Pairs:
    """Linked pairs with the strength of their relation, a label with its own translation, unlinked near concepts.

    A crosswalk names few of the concepts that fit, so the unlinked weigh no more together than the linked do.
    """
    relations = {(link.text, link.concept): link.relation for link in links}
    linked, unlinked = [], []
    for source, text, names, cosines in _asked(encode, corpus, links):
        near = set(np.argpartition(-cosines, min(NEAREST, len(cosines) - 1))[:NEAREST].tolist())
        for at, name in enumerate(names):
            relation = relations.get((text, name))
            if relation is not None:
                linked.append((float(cosines[at]), TARGETS[relation], 1.0, _tests(source)))
            elif at in near:
                unlinked.append((float(cosines[at]), 0.0, 1.0, _tests(source)))
    for source, texts in _translations(links).items():
        vectors = encode(texts)
        linked.extend((float(vectors[0] @ other), 1.0, 1.0, _tests(source)) for other in vectors[1:])
    share = len(linked) / max(1, len(unlinked))
    return _pairs([*linked, *((c, v, share, t) for c, v, _, t in unlinked)])


def _asked(
    encode: Encode, corpus: Corpus, links: Sequence[Link]
) -> Iterator[tuple[str, str, list[str], NDArray[np.float32]]]:
    """Per label: its source, the label, the concepts of its language, its cosine to each."""
    names = {row: name for name, row in corpus.names.items()}
    for language in sorted({link.language for link in links}):
        at = [i for i, kind in enumerate(corpus.kinds) if kind == LABEL and corpus.languages[i] == language]
        asked = sorted({(link.text, link.source) for link in links if link.language == language})
        if not at or not asked:
            continue
        concepts = [names[corpus.concepts[i]] for i in at]
        vectors = encode([corpus.texts[i] for i in at])
        for start in range(0, len(asked), 512):
            part = asked[start : start + 512]
            for (text, source), cosines in zip(part, encode([text for text, _ in part]) @ vectors.T, strict=True):
                yield source, text, concepts, cosines


def _translations(links: Sequence[Link]) -> dict[str, list[str]]:
    found: dict[str, dict[str, str]] = {}
    for link in links:
        found.setdefault(link.source, {})[link.language] = link.text
    return {source: list(texts.values()) for source, texts in found.items() if len(texts) > 1}


def _tests(source: str) -> bool:
    """Whether this label is in the half that tests."""
    return is_held_back(source + "#", 0.5)


def _pairs(rows: Sequence[tuple[float, float, float, bool]]) -> Pairs:
    table = np.array(rows, np.float64).reshape(-1, 4)
    return Pairs(table[:, 0], table[:, 1], table[:, 2], table[:, 3] > 0)


def best_threshold(pairs: Pairs, link: Knots) -> float:
    """The probability from which a link is worth giving: the best F1 on the pairs that fitted the curve."""
    fitting = ~pairs.test
    predicted, same = np.interp(pairs.cosines[fitting], *link), pairs.values[fitting] > 0

    def f1(threshold: float) -> float:
        given = predicted >= threshold
        return float(2 * (given & same).sum() / max(1, given.sum() + same.sum()))

    return max((float(t) for t in np.round(np.linspace(0.05, 0.95, 19), 2)), key=f1)


def unrelated_cosine(encode: Encode, corpus: Corpus, n: int = 200_000) -> float:
    """The cosine that nearly all pairs of labels of two concepts drawn at random stay below."""
    labels = [text for text, kind in zip(corpus.texts, corpus.kinds, strict=True) if kind == LABEL]
    vectors = encode(labels)
    left, right = np.random.default_rng(0).integers(0, len(labels), (2, n))
    cosines = np.concatenate(
        [np.einsum("ij,ij->i", vectors[left[a : a + 4096]], vectors[right[a : a + 4096]]) for a in range(0, n, 4096)]
    )
    return float(np.quantile(cosines[left != right], UNRELATED_QUANTILE))


def monotone(cosines: Vector, targets: Vector, weights: Vector) -> Knots:
    """Isotonic regression, then a monotone cubic through the means of groups of near cosines: rising, no steps."""
    order = np.argsort(cosines, kind="stable")
    x, y, w = cosines[order], targets[order], weights[order]
    level = IsotonicRegression(y_min=0.0, y_max=1.0).fit(x, y, sample_weight=w).predict(x)
    groups = _groups(x)
    centres = np.array([np.average(x[g], weights=w[g]) for g in groups])
    values = np.maximum.accumulate([np.average(level[g], weights=w[g]) for g in groups])
    grid = np.linspace(centres[0], centres[-1], KNOTS)
    curve = PchipInterpolator(centres, values)(grid) if len(groups) > 1 else np.full(KNOTS, values[0])
    return _rounded(grid + 1e-5 * np.arange(KNOTS)), _rounded(np.clip(np.maximum.accumulate(curve), 0, 1))


def _groups(ascending: Vector) -> list[slice]:
    """Runs of at least `LEAST` values, each `BIN` wide or wider; equal texts are a run of their own."""
    equal = int(np.searchsorted(ascending, EQUAL))
    if len(ascending) - equal < LEAST or equal < LEAST:
        equal = len(ascending)
    starts = [0]
    for at, value in enumerate(ascending[:equal]):
        if value - ascending[starts[-1]] >= BIN and at - starts[-1] >= LEAST and equal - at >= LEAST:
            starts.append(at)
    if equal < len(ascending):
        starts.append(equal)
    return [slice(low, high) for low, high in zip(starts, [*starts[1:], len(ascending)], strict=True)]


def _from_zero(knots: Knots, floor: float) -> Knots:
    """0 up to `floor`, the curve faded in over `FADE`, 1 at cosine 1: equal texts cover each other wholly."""
    cosines = np.linspace(floor, 1.0, KNOTS)
    faded = np.interp(cosines, *knots) * np.clip((cosines - floor) / FADE, 0, 1)
    faded[-1] = 1.0
    return _rounded(cosines), _rounded(np.maximum.accumulate(faded))


def _rounded(values: Vector) -> tuple[float, ...]:
    return tuple(float(value) for value in np.round(values, 5))


def _figures(probabilities: Vector, same: Vector) -> dict[str, Any]:
    edges = np.linspace(0, 1, 11)
    bins = np.clip(np.digitize(probabilities, edges) - 1, 0, 9)
    table = [
        {
            "from": round(float(edges[b]), 1),
            "pairs": int((bins == b).sum()),
            "predicted": round(float(probabilities[bins == b].mean()), 4),
            "observed": round(float(same[bins == b].mean()), 4),
        }
        for b in range(10)
        if (bins == b).any()
    ]
    if not len(same):
        return {"pairs": 0}
    base = float(same.mean())
    return {
        "pairs": len(same),
        "brier": round(float(np.mean((probabilities - same) ** 2)), 5),
        "brier_of_base_rate": round(base * (1 - base), 5),
        "reliability": table,
    }
