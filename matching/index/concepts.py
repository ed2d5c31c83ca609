"""The competences that anyone teaches or needs, as vectors, and how far holding one gives another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from competences.encoders.calibration import Calibration, calibration_of
from competences.encoders.protocol import Encoder
from competences.vectors import Neighbours, index_of, similarity
from matching.index.vocabulary import Vocabulary
from matching.settings import Settings


class Meanings(Protocol):
    """What concepts need of a taxonomy: labels for an id, and related ids."""

    def labels(self, identifier: str) -> Sequence[str]:
        """All preferred labels, or an empty sequence where the id is unknown."""
        ...

    def label(self, identifier: str, language: str) -> str:
        """What people call a known id in a language; in any language where that one is missing."""
        ...

    def relations(self, identifier: str) -> Mapping[str, str]:
        """Related id → relation of that one to this (exact, close, narrower, broader)."""
        ...


class NoTaxonomy:
    """Every id is its own label."""

    def labels(self, identifier: str) -> Sequence[str]:
        return ()

    def label(self, identifier: str, language: str) -> str:
        return identifier

    def relations(self, identifier: str) -> Mapping[str, str]:
        return {}


_INVERSE = {"narrower": "broader", "broader": "narrower"}


class Strengths(NamedTuple):
    """For required concept i: holding `rows[indptr[i]:indptr[i+1]]` (ascending) gives it to this extent, (0, 1]."""

    indptr: NDArray[np.int64]
    rows: NDArray[np.int32]
    values: NDArray[np.float32]

    @classmethod
    def none(cls) -> Strengths:
        """Of no concept at all."""
        return cls(np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0, np.float32))


class Concepts:
    """Concepts in row order with their unit vectors; new ones can be asked about without being added."""

    def __init__(
        self, vocabulary: Vocabulary, encoder: Encoder, taxonomy: Meanings, settings: Settings,
        vectors: NDArray[np.float32] | None = None,
    ) -> None:  # fmt: skip
        """`vectors`: what `embed` gave for the vocabulary before, where it is at hand."""
        self.vocabulary, self.encoder, self.taxonomy, self.settings = vocabulary, encoder, taxonomy, settings
        self.calibration: Calibration = calibration_of(encoder)
        self.index = index_of(self.embed(vocabulary.ids) if vectors is None else vectors)
        stated = settings.coverage_threshold
        self.threshold = self.calibration.coverage_threshold if stated is None else stated
        self.min_similarity = self.calibration.least_similarity(self.threshold)

    def embed(self, identifiers: Sequence[str]) -> NDArray[np.float32]:
        """(n, d) float32 unit rows: the mean direction of all preferred labels of each concept."""
        labels = [tuple(self.taxonomy.labels(identifier)) or (identifier,) for identifier in identifiers]
        owners = np.repeat(np.arange(len(labels)), [len(group) for group in labels])
        vectors = self.encoder.encode([label for group in labels for label in group])
        if len(owners) == len(labels):
            return vectors
        means = np.zeros((len(labels), self.encoder.dim), dtype=np.float32)
        np.add.at(means, owners, vectors)
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        np.divide(means, lengths, out=means, where=lengths > 0)
        return means

    def strengths(self, identifiers: Sequence[str], vectors: NDArray[np.float32]) -> Strengths:
        """How far holding each listed concept gives each of the asked ones; below the threshold nothing is kept."""
        if self.threshold >= 1 or len(self.vocabulary) == 0:
            found = Neighbours(np.zeros(len(identifiers) + 1, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))
        else:
            found = self.index.within(vectors, self.min_similarity)
        asked = np.repeat(np.arange(len(identifiers)), np.diff(found.indptr))
        values = self.calibration.coverage(found.similarities)
        stated = [
            (i, row, value) for i, identifier in enumerate(identifiers) for row, value in self._stated(identifier)
        ]
        if stated:
            columns = list(zip(*stated, strict=True))
            asked = np.concatenate((asked, np.array(columns[0], np.int64)))
            rows = np.concatenate((found.rows, np.array(columns[1], np.int64)))
            values = np.concatenate((values, np.array(columns[2], np.float32)))
        else:
            rows = found.rows
        return self._strongest(len(identifiers), asked, rows, values)

    def all_strengths(self) -> Strengths:
        """How far holding each listed concept gives each listed one."""
        return self.strengths(self.vocabulary.ids, self.index.vectors)

    def given(
        self, held: str, held_vector: NDArray[np.float32], asked: Sequence[str], vectors: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """(n,) how far holding one concept, listed or not, gives each of the asked ones; 0 below the threshold."""
        place = {name: i for i, name in enumerate(asked)} | {held: len(asked)}
        return self.given_pairs([(held, name) for name in asked], place, np.vstack((vectors, held_vector)))

    def given_pairs(
        self, pairs: Sequence[tuple[str, str]], place: Mapping[str, int], vectors: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """(n,) for each (held, asked) how far holding the first gives the second; `place`: whose vector is which."""
        left = np.array([place[held] for held, _ in pairs], np.int64)
        right = np.array([place[asked] for _, asked in pairs], np.int64)
        values = (left == right).astype(np.float32)
        if self.threshold < 1 and len(pairs):
            values = np.maximum(values, self.calibration.coverage(similarity(vectors, left, vectors, right)))
        related = {held: self._gives(held) for held in dict.fromkeys(held for held, _ in pairs)}
        if any(related.values()):
            stated = [related[held].get(asked, 0.0) for held, asked in pairs]
            values = np.maximum(values, np.array(stated, np.float32))
        return np.where(values >= np.float32(self.threshold), values, np.float32(0))

    def _gives(self, held: str) -> dict[str, float]:
        """Related concepts that holding this one gives, and how far."""
        strength, related = self.settings.relation_strength, dict(self.taxonomy.relations(held))
        related.pop(held, None)
        return {other: strength.get(_INVERSE.get(relation, relation), 0.0) for other, relation in related.items()}

    def _stated(self, identifier: str) -> list[tuple[int, float]]:
        same = self.vocabulary.row(identifier)
        pairs = [(same, 1.0)] if same >= 0 else []
        for other, relation in self.taxonomy.relations(identifier).items():
            row = self.vocabulary.row(other)
            if row >= 0 and row != same:
                pairs.append((row, self.settings.relation_strength.get(relation, 0.0)))
        return pairs

    def _strongest(
        self, n: int, asked: NDArray[np.int64], rows: NDArray[np.int64], values: NDArray[np.float32]
    ) -> Strengths:
        kept = values >= np.float32(self.threshold)
        asked, rows, values = asked[kept], rows[kept], values[kept]
        order = np.lexsort((-values, rows, asked))
        asked, rows, values = asked[order], rows[order], values[order]
        first = np.ones(len(rows), dtype=bool)
        first[1:] = (asked[1:] != asked[:-1]) | (rows[1:] != rows[:-1])
        indptr = np.searchsorted(asked[first], np.arange(n + 1)).astype(np.int64)
        return Strengths(indptr, rows[first].astype(np.int32), values[first].astype(np.float32))
