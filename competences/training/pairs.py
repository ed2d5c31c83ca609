"""Draws the positive pairs: two texts of one concept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from competences.training.corpus import ALTERNATIVE, DESCRIPTION, LABEL, LINKED, NEAR, Corpus

KIND_WEIGHTS = {LABEL: 2.0, ALTERNATIVE: 1.0, DESCRIPTION: 0.5, LINKED: 4.0, NEAR: 1.5}
"""Alternative labels abound, in English above all; preferred labels and those of crosswalks must not drown."""
Ids = NDArray[np.int64]


@dataclass(frozen=True)
class PairSource:
    """Texts sorted by concept; `cumulative` is the running sum of their weights, one longer than the texts."""

    texts: Ids
    starts: Ids
    ends: Ids
    cumulative: NDArray[np.float64]

    def draw(self, n: int, rng: np.random.Generator) -> tuple[Ids, Ids]:
        """(anchors, partners): n pairs of different texts of one concept, as indices into the corpus."""
        anchors = self._at(rng.random(n) * self.cumulative[-1])
        partners = anchors.copy()
        for _ in range(8):
            same = np.flatnonzero(partners == anchors)
            low, high = self.cumulative[self.starts[anchors[same]]], self.cumulative[self.ends[anchors[same]]]
            partners[same] = self._at(low + rng.random(len(same)) * (high - low))
        return self.texts[anchors], self.texts[partners]

    def _at(self, points: NDArray[np.float64]) -> Ids:
        found = np.searchsorted(self.cumulative, points, side="right") - 1
        return np.clip(found, 0, len(self.texts) - 1).astype(np.int64)


def pair_source(corpus: Corpus, balance: float = 0.0) -> PairSource:
    """Only concepts with two texts or more. n texts of a language weigh n ** (1 - balance) together."""
    concepts = np.asarray(corpus.concepts, np.int64)
    _, languages = np.unique(corpus.languages, return_inverse=True)
    counts = np.bincount(concepts)
    texts = np.flatnonzero(counts[concepts] > 1)
    texts = texts[np.argsort(concepts[texts], kind="stable")]
    _, group, sizes = np.unique(concepts[texts] * 16 + languages[texts], return_inverse=True, return_counts=True)
    kinds = np.array([KIND_WEIGHTS[kind] for kind in sorted(KIND_WEIGHTS)])[np.asarray(corpus.kinds)[texts]]
    cumulative = np.concatenate(([0.0], np.cumsum(kinds * sizes[group] ** -balance)))
    _, first, inverse, number = np.unique(concepts[texts], return_index=True, return_inverse=True, return_counts=True)
    return PairSource(texts, first[inverse], (first + number)[inverse], cumulative)
