"""A catalogue after a change: what stayed is taken over as it is, only what is new is read, encoded and joined.

The result equals a new build: same rows, same strengths, same matches. Codes and concepts that nobody uses any more
stay behind; they match nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from competences.errors import UnknownIdError
from competences.records.offers import LearningOffer
from matching.index.catalogue import Catalogue
from matching.index.concepts import Concepts, Strengths
from matching.index.coverage import Coverage, Teaching, teaching
from matching.index.generation import Generation, intern_atoms, teachings
from matching.index.picking import GONE, Picked, merged_order, picked_columns, places_of
from matching.index.vocabulary import Vocabulary


def changed(before: Generation, offers: Sequence[LearningOffer], removed: Sequence[str]) -> Generation:
    """`before` with these offers added or replaced, and those taken out; an unlisted id is an error."""
    for identifier in removed:
        if before.catalogue.row(identifier) < 0:
            raise UnknownIdError("offer", identifier, "it is not in this catalogue")
    latest = {offer.id: offer for offer in offers}
    added = Catalogue.from_offers(latest.values(), before.catalogue.settings, before.catalogue)
    stays = np.ones(len(before.catalogue), bool)
    replaced = [row for row in before.catalogue.vocabulary.rows([*removed, *latest]) if row >= 0]
    stays[replaced] = False
    n = len(before.catalogue)
    order = _order(before.catalogue, added, np.flatnonzero(stays))
    place = places_of(order, n + len(added))
    catalogue = _merged(before.catalogue, added, order, place)
    courses, routes, vocabulary = _taught(before, added)
    concepts, strengths = _extended(before.coverage, vocabulary)
    return Generation(
        catalogue,
        Coverage(
            concepts,
            _moved(before.courses, courses, place[:n], place[n:], len(vocabulary)),
            _moved(before.routes, routes, place[:n], place[n:], len(vocabulary)),
            strengths,
        ),
        before.roles,
        before.texts.changed(catalogue.offers, order),
    )


def _order(before: Catalogue, added: Catalogue, kept: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of `before`, then of `added`, in the order of the offers' ids."""
    ids = before.vocabulary.ids
    merged = merged_order([ids[row] for row in kept.tolist()], added.vocabulary.ids)
    return np.concatenate((kept, len(before) + np.arange(len(added))))[merged]


def _merged(before: Catalogue, added: Catalogue, order: NDArray[np.int64], place: NDArray[np.int64]) -> Catalogue:
    """The catalogue in this order; `place` is its inverse."""
    columns, runs = picked_columns(before.columns, added.columns, order)
    modular = np.array([*before.modular, *(len(before) + row for row in added.modular)], np.int64)
    ids = [*before.vocabulary.ids, *added.vocabulary.ids]
    return Catalogue(
        before.settings, Vocabulary(ids[row] for row in order.tolist()),
        Picked.of(before.offers, added.offers, order), Picked.of(before.studies, added.studies, order),
        Picked.of(before.runs, added.runs, runs), columns, added.forms, added.places, added.sessions, added.slots,
        added.atoms, added.groups, sorted(row for row in place[modular].tolist() if row != GONE),
    )  # fmt: skip


Triples = tuple[list[int], list[int], list[float]]


def _taught(before: Generation, added: Catalogue) -> tuple[Triples, Triples, Vocabulary]:
    """(what the added courses teach, what the added routes assess, the concepts with the new ones at the end)."""
    vocabulary = before.coverage.concepts.vocabulary.copy()
    courses, routes = teachings(added.offers, vocabulary)
    intern_atoms(added, vocabulary)
    return courses, routes, vocabulary


def _moved(
    before: Teaching, added: Triples, rows_before: NDArray[np.int64], rows_added: NDArray[np.int64], n: int
) -> Teaching:
    """Teaching of n concepts with every offer at its new row."""
    concepts = np.repeat(np.arange(len(before.indptr) - 1), np.diff(before.indptr))
    rows = rows_before[before.offers]
    stays = rows != GONE
    return teaching(
        n,
        np.concatenate((concepts[stays], np.array(added[0], np.int64))),
        np.concatenate((rows[stays], rows_added[np.array(added[1], np.int64)])),
        np.concatenate((before.levels[stays], np.array(added[2], np.float32))),
    )


def _extended(before: Coverage, vocabulary: Vocabulary) -> tuple[Concepts, Strengths | None]:
    """Concepts and strengths with the new concepts at the end; the old ones are neither encoded nor joined again."""
    old, n = before.concepts, len(before.concepts.vocabulary)
    new = vocabulary.ids[n:]
    if not new:
        return old, before.strengths
    vectors = old.embed(new)
    common = (old.encoder, old.taxonomy, old.settings)
    concepts = Concepts(vocabulary, *common, np.concatenate((old.index.vectors, vectors)))
    if before.strengths is None:
        return concepts, None
    among_new = Concepts(Vocabulary(new), *common, vectors)
    right = among_new.strengths(old.vocabulary.ids, old.index.vectors)
    below = concepts.strengths(new, vectors)
    asked = np.concatenate((_asked(before.strengths), _asked(right), n + _asked(below)))
    rows = np.concatenate((before.strengths.rows, right.rows + np.int32(n), below.rows))
    values = np.concatenate((before.strengths.values, right.values, below.values))
    order = np.lexsort((rows, asked))
    indptr = np.searchsorted(asked[order], np.arange(len(vocabulary) + 1)).astype(np.int64)
    return concepts, Strengths(indptr, rows[order], values[order])


def _asked(strengths: Strengths) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(strengths.indptr) - 1), np.diff(strengths.indptr))
