"""Goals in free text: one value per offer, a calibrated mix of best phrases and shared letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from competences.encoders.protocol import Encoder
from competences.records.offers import LearningOffer
from matching.index.text_arrays import MOST_COUNTED, TextArrays, letter_counts
from matching.index.text_kernels import Quantised, best_phrases, cosines, lengths, mixed, shared_letters

PHRASES = 8
"""So many of an offer's best phrases count, its title among them: a single one may be a chance hit. Chosen, like the
even mix with shared letters, on the VDAB trainings of 2017."""
NOTHING, FULL = 0.05, 0.6
"""Means of both parts that count as no match and as a full one; between them the value is linear. A goal in another
language shares no letters with the offers and can reach the half of it."""
DAMPED = np.append(0.0, 1 + np.log(np.arange(1, MOST_COUNTED + 1)))
"""Weight of an n-gram by its count: the tenth time says less than the first."""

NEW = -1


class Base(NamedTuple):
    """An earlier catalogue whose texts are known, and the row in it of each offer of this one, or `NEW`."""

    texts: OfferTexts
    rows: NDArray[np.int64]

    def arrays(self, offers: Sequence[LearningOffer]) -> TextArrays:
        """Of the offers of this catalogue: only what is new is encoded."""
        new = np.flatnonzero(self.rows == NEW)
        order = self.rows.copy()
        order[new] = self.texts.n + np.arange(len(new))
        added = TextArrays.of([offers[row] for row in new.tolist()], self.texts.encoder)
        return self.texts.arrays.changed(added, order)


class OfferTexts:
    """Vectors of phrases, and a lexical index over letter n-grams. Nothing is encoded, or read from files, before the
    first question."""

    def __init__(
        self, n: int, encoder: Encoder, source: Callable[[], TextArrays], *, stored: bool = False,
        base: Base | None = None,
    ) -> None:  # fmt: skip
        """Of n offers. `stored`: the source reads arrays, so that a changed catalogue may begin with them."""
        self.n, self.encoder, self._stored, self._base = n, encoder, stored, base
        self._source: TextArrays | Callable[[], TextArrays] = source
        self._making = Lock()

    @classmethod
    def from_offers(cls, offers: Sequence[LearningOffer], encoder: Encoder) -> OfferTexts:
        """Of what these offers say."""
        return cls(len(offers), encoder, lambda: TextArrays.of(offers, encoder))

    def changed(self, offers: Sequence[LearningOffer], order: NDArray[np.int64]) -> OfferTexts:
        """Of a changed catalogue: offer i was row `order[i]` of this one; what lies beyond its rows is new."""
        known = self._stored or isinstance(self._source, TextArrays)
        base = Base(self, np.arange(self.n)) if known else self._base
        if base is None:
            return self.from_offers(offers, self.encoder)
        moved = Base(base.texts, np.append(base.rows, NEW)[np.minimum(order, self.n)])
        return OfferTexts(len(offers), self.encoder, lambda: moved.arrays(offers), base=moved)

    @property
    def arrays(self) -> TextArrays:
        with self._making:
            if not isinstance(self._source, TextArrays):
                self._source, self._base = self._source(), None
            return self._source

    @cached_property
    def _idf(self) -> NDArray[np.float64]:
        """Weight of each n-gram: what many offers hold says little."""
        return np.log((1 + self.n) / (1 + self.arrays.frequency)) + 1

    @cached_property
    def _lengths(self) -> NDArray[np.float32]:
        """(n offers,) of the vectors of weighted counts."""
        said = self.arrays
        found: NDArray[np.float32] = lengths(said.indptr, said.rows, said.counts, self._idf, DAMPED, self.n)
        return found

    @cached_property
    def _order(self) -> NDArray[np.int32]:
        """Rows by rising number of phrases."""
        return np.argsort(np.diff(self.arrays.start), kind="stable").astype(np.int32)

    def values(self, text: str) -> NDArray[np.float64]:
        """(n offers,) in [0, 1]: how far each offer answers the text."""
        said, asked = self.arrays, letter_counts([text])
        idf = self._idf[asked.indices]
        weights = DAMPED[np.minimum(asked.data, MOST_COUNTED).astype(np.int64)] * idf
        length = float(np.linalg.norm(weights)) or 1.0
        similar = cosines(Quantised(said.phrases, said.phrase_step), self.encoder.encode([text])[0])
        found: NDArray[np.float64] = mixed(
            best_phrases(similar, said.start, said.phrase, self._order, PHRASES),
            shared_letters(said.indptr, said.rows, said.counts, asked.indices, weights * idf / length, DAMPED, self.n),
            self._lengths, NOTHING, FULL,
        )  # fmt: skip
        return found
