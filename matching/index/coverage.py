"""The coverage matrix, requirement concept × offer, kept in its two sparse factors: how far concepts give each other,
and which offers teach which concept. A match reads through both, exactly over all offers, and the product, which can
be many times larger than its factors, is made only for the few concepts that someone asks to see it for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from matching.index.concepts import Concepts, Strengths
from matching.index.memory import Memory
from matching.index.picking import starts_of


class Postings(NamedTuple):
    """For concept i: offers `rows[indptr[i]:indptr[i+1]]`, ascending, an offer again where another outcome of it
    may count for more at another level. A NamedTuple, because numba takes one as it is."""

    indptr: NDArray[np.int64]
    rows: NDArray[np.int32]
    strengths: NDArray[np.float32]
    levels: NDArray[np.float32]
    """0 where the level is not known."""

    @classmethod
    def none(cls) -> Postings:
        """Of no concept at all."""
        return cls(np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.float32))


class Teaching(NamedTuple):
    """For concept a: the offers that have it among their outcomes, and at which level (0 unknown)."""

    indptr: NDArray[np.int64]
    offers: NDArray[np.int32]
    levels: NDArray[np.float32]


def teaching(n_concepts: int, concepts: ArrayLike, offers: ArrayLike, levels: ArrayLike) -> Teaching:
    """Group (concept, offer, level) triples by concept."""
    order = np.lexsort((np.asarray(offers, np.int64), np.asarray(concepts, np.int64)))
    grouped = np.asarray(concepts, np.int64)[order]
    indptr = np.searchsorted(grouped, np.arange(n_concepts + 1)).astype(np.int64)
    return Teaching(indptr, np.asarray(offers, np.int32)[order], np.asarray(levels, np.float32)[order])


class Outcomes(NamedTuple):
    """For offer i: the concepts that it teaches, `concepts[start[i]:start[i+1]]`, and at which level (0 unknown)."""

    start: NDArray[np.int32]
    concepts: NDArray[np.int32]
    levels: NDArray[np.float32]
    assessed: NDArray[np.uint8]
    """(offers,) 1 for a recognition route."""


def by_offer(courses: Teaching, routes: Teaching, n_offers: int) -> Outcomes:
    """What each of so many offers teaches: an outcome that is stated twice stays twice, and level 0 stays."""
    n_concepts, assessed = len(courses.indptr) - 1, np.zeros(n_offers, np.uint8)
    assessed[routes.offers] = 1
    indptr = np.concatenate((courses.indptr, courses.indptr[-1] + routes.indptr[1:]))
    offers, levels = (np.concatenate(both) for both in zip(courses[1:], routes[1:], strict=True))
    turned = csr_array((levels, offers, indptr), shape=(2 * n_concepts, n_offers)).tocsc()
    concepts = turned.indices % max(n_concepts, 1)
    return Outcomes(turned.indptr.astype(np.int32), concepts.astype(np.int32), turned.data, assessed)


def join(strengths: Strengths, taught: Teaching) -> Postings:
    """Spread each strength over the offers that teach the concept; drop what another outcome of the same offer
    always beats. Runs in blocks, so that memory follows the result and not the raw join."""
    n = len(strengths.indptr) - 1
    counts = np.diff(taught.indptr)
    size = np.concatenate(([0], np.cumsum(counts[strengths.rows])))[strengths.indptr]
    parts: list[Postings] = []
    start = 0
    while start < n:
        end = int(np.searchsorted(size, size[start] + 4_000_000, side="right")) - 1
        end = min(max(end, start + 1), n)
        parts.append(_join_block(strengths, taught, start, end))
        start = end
    return _stack(parts)


def _join_block(strengths: Strengths, taught: Teaching, start: int, end: int) -> Postings:
    part = slice(strengths.indptr[start], strengths.indptr[end])
    rows, values = strengths.rows[part], strengths.values[part]
    counts = np.diff(taught.indptr)[rows]
    asked = np.repeat(np.repeat(np.arange(start, end), np.diff(strengths.indptr[start : end + 1])), counts)
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    taken = np.repeat(taught.indptr[rows], counts) + offsets
    offers, levels, values = taught.offers[taken], taught.levels[taken], np.repeat(values, counts)
    # An unknown level counts in full, so it stands above every known one.
    rank = np.where(levels == 0, np.inf, levels)
    order = np.lexsort((-rank, -values, offers, asked))
    asked, offers, levels, values, rank = (
        asked[order],
        offers[order],
        levels[order],
        values[order],
        rank[order],
    )
    first = np.ones(len(offers), dtype=bool)
    first[1:] = (asked[1:] != asked[:-1]) | (offers[1:] != offers[:-1])
    # The strongest outcome comes first; a weaker one matters only where its level is higher than the first one's.
    best_rank = rank[np.flatnonzero(first)][np.cumsum(first) - 1] if len(first) else rank
    kept = first | (rank > best_rank)
    indptr = np.searchsorted(asked[kept], np.arange(start, end + 1)).astype(np.int64)
    return Postings(indptr, offers[kept], values[kept], levels[kept])


def _stack(parts: Sequence[Postings]) -> Postings:
    if not parts:
        return Postings.none()
    shifts = starts_of(len(part.rows) for part in parts)
    indptr = [
        parts[0].indptr[:1],
        *(part.indptr[1:] + shift for part, shift in zip(parts, shifts, strict=False)),
    ]
    return Postings(
        np.concatenate(indptr),
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.strengths for part in parts]),
        np.concatenate([part.levels for part in parts]),
    )


@dataclass(frozen=True)
class Coverage:
    """Strengths between all listed concepts, and what offers teach."""

    concepts: Concepts
    courses: Teaching
    routes: Teaching
    """Recognition routes apart: they pay only for whoever can already do it."""
    strengths: Strengths | None
    """None where the settings want FAISS to be asked for every match."""
    new_strengths: Memory[str, tuple[NDArray[np.int32], NDArray[np.float32]]] = field(
        default_factory=lambda: Memory(1 << 16), repr=False, compare=False
    )
    new_vectors: Memory[str, NDArray[np.float32]] = field(
        default_factory=lambda: Memory(1 << 15), repr=False, compare=False
    )
    given: Memory[tuple[str, str], float] = field(default_factory=lambda: Memory(1 << 18), repr=False, compare=False)
    """By (claimed, asked), where the claimed concept is not listed."""

    @classmethod
    def build(cls, concepts: Concepts, courses: Teaching, routes: Teaching) -> Coverage:
        """Materialised where the settings say so."""
        kept = concepts.settings.materialise
        return cls(concepts, courses, routes, concepts.all_strengths() if kept else None)

    @property
    def listed(self) -> Strengths:
        """Strengths as kernels read them; of no concept where FAISS is asked."""
        return self.strengths or Strengths.none()

    def forgetful(self) -> Coverage:
        """The same, with nothing kept of what people asked or claimed."""
        return Coverage(self.concepts, self.courses, self.routes, self.strengths)

    def of(self, identifiers: Sequence[str]) -> tuple[Strengths, Postings, Postings]:
        """(strengths, course postings, route postings) of any concepts, listed or new, by FAISS."""
        strengths = self.concepts.strengths(identifiers, self.vectors_of(identifiers))
        return strengths, join(strengths, self.courses), join(strengths, self.routes)

    def strengths_of_new(self, identifiers: Sequence[str]) -> Strengths:
        """How far holding each listed concept gives each of these; worked out once for each."""

        def ask(missing: list[str]) -> list[tuple[NDArray[np.int32], NDArray[np.float32]]]:
            found = self.concepts.strengths(missing, self.vectors_of(missing))
            parts = [slice(*found.indptr[i : i + 2].tolist()) for i in range(len(missing))]
            return [(found.rows[part], found.values[part]) for part in parts]

        if not identifiers:
            return Strengths.none()
        found = self.new_strengths.all_of(identifiers, ask)
        indptr = starts_of(len(rows) for rows, _ in found)
        return Strengths(
            indptr, np.concatenate([rows for rows, _ in found]), np.concatenate([values for _, values in found])
        )

    def given_by_new(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """(n,) for each (held, asked) how far holding the first, which is not listed, gives the second; worked out
        once for each pair."""

        def ask(missing: list[tuple[str, str]]) -> list[float]:
            place = {name: i for i, name in enumerate(dict.fromkeys(name for pair in missing for name in pair))}
            return list(map(float, self.concepts.given_pairs(missing, place, self.vectors_of(list(place)))))

        return np.array(self.given.all_of(pairs, ask), np.float32)

    def vectors_of(self, identifiers: Sequence[str]) -> NDArray[np.float32]:
        """Stored vectors of listed concepts; new ones are encoded."""
        rows = self.concepts.vocabulary.rows(identifiers)
        if all(row >= 0 for row in rows):
            return self.concepts.index.vectors[rows]
        if len(self.concepts.vocabulary) == 0:
            return self.concepts.embed(identifiers)
        new = [identifier for identifier, row in zip(identifiers, rows, strict=True) if row < 0]
        vectors = self.concepts.index.vectors[rows]
        vectors[np.array(rows) < 0] = self.new_vectors.all_of(new, lambda missing: list(self.concepts.embed(missing)))
        return vectors
