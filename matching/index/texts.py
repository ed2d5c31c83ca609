"""Goals in free text: one value per offer, a calibrated mix of best phrases and shared letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from competences.encoders.protocol import Encoder
from competences.encoders.text import normalise, phrases
from competences.records.offers import LearningOffer
from matching.index.text_kernels import Quantised, best_phrases, cosines, mixed, quantised, shared_letters

PHRASES = 8
"""So many of an offer's best phrases count, its title among them: a single one may be a chance hit. Chosen, like the
even mix with shared letters, on the VDAB trainings of 2017."""
NOTHING, FULL = 0.05, 0.6
"""Means of both parts that count as no match and as a full one; between them the value is linear. A goal in another
language shares no letters with the offers and can reach the half of it."""
FEATURES = 1 << 18


class TextArrays(NamedTuple):
    """What goals in free text are compared with: (rows, d) vectors in int8 with one step a row, and weighted counts of
    letter n-grams."""

    phrases: NDArray[np.int8]
    """Distinct phrases: catalogues repeat them."""
    phrase_step: NDArray[np.float32]
    phrase: NDArray[np.int32]
    """Row of `phrases`, offer after offer."""
    owner: NDArray[np.int32]
    """The offer that says it."""
    idf: NDArray[np.float64]
    indptr: NDArray[np.int64]
    """Per n-gram: the offers `rows[indptr[i]:indptr[i+1]]` that hold it, and its weight in each."""
    rows: NDArray[np.int32]
    weights: NDArray[np.float64]


class OfferTexts:
    """Vectors of phrases, and a lexical index over hashed letter n-grams."""

    def __init__(self, arrays: TextArrays, encoder: Encoder) -> None:
        self.arrays, self.encoder = arrays, encoder

    @classmethod
    def from_offers(cls, offers: Sequence[LearningOffer], encoder: Encoder) -> OfferTexts:
        """Encode what the offers say."""
        texts = [full_text(offer) for offer in offers]
        parts = [[text[one.start : one.end] for one in phrases(text)] or [text] for text in texts]
        distinct = {phrase: row for row, phrase in enumerate(dict.fromkeys(p for group in parts for p in group))}
        pieces = quantised(encoder.encode(list(distinct)))
        arrays = TextArrays(
            *pieces,
            phrase=np.array([distinct[phrase] for group in parts for phrase in group], np.int32),
            owner=np.repeat(np.arange(len(parts), dtype=np.int32), [len(group) for group in parts]),
            **_weighted_counts(texts),
        )  # fmt: skip
        return cls(arrays, encoder)

    def __len__(self) -> int:
        """How many offers; each says at least one phrase."""
        return int(self.arrays.owner[-1]) + 1 if len(self.arrays.owner) else 0

    def values(self, text: str) -> NDArray[np.float64]:
        """(n offers,) in [0, 1]: how far each offer answers the text."""
        query, parts, n = self.encoder.encode([text])[0], self.arrays, len(self)
        letters = _weighted(_counts([text]), parts.idf)
        said = cosines(Quantised(parts.phrases, parts.phrase_step), query)
        found: NDArray[np.float64] = mixed(
            best_phrases(said, parts.phrase, parts.owner, n, PHRASES),
            shared_letters(parts.indptr, parts.rows, parts.weights, letters.indices, letters.data, n),
            NOTHING, FULL,
        )  # fmt: skip
        return found


def full_text(offer: LearningOffer) -> str:
    """Everything that an offer says about its content, one part a line."""
    outcomes = (outcome.competence for outcome in offer.outcomes)
    return "\n".join(part for part in (offer.title, offer.description, *offer.keywords, *outcomes) if part)


def _weighted_counts(texts: Sequence[str]) -> dict[str, NDArray[Any]]:
    """The lexical part of `TextArrays`."""
    counts = _counts(texts)
    frequency = np.bincount(counts.indices, minlength=FEATURES)
    idf = np.log((1 + len(texts)) / (1 + frequency)) + 1
    documents = _weighted(counts, idf).tocsc()
    indptr, rows = documents.indptr.astype(np.int64), documents.indices.astype(np.int32)
    return {"idf": idf, "indptr": indptr, "rows": rows, "weights": documents.data}


def _counts(texts: Sequence[str]) -> Any:
    from sklearn.feature_extraction.text import HashingVectorizer

    vectoriser = HashingVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), n_features=FEATURES, norm=None, alternate_sign=False,
        preprocessor=normalise, dtype=np.float64,
    )  # fmt: skip
    # The vectoriser refuses an empty list; an empty catalogue is none of its business.
    return vectoriser.transform(texts or [""])[: len(texts)]


def _weighted(counts: Any, idf: NDArray[np.float64]) -> Any:
    """Sublinear counts × idf, rows of length 1."""
    weighted = counts.copy()
    weighted.data = (1 + np.log(weighted.data)) * idf[weighted.indices]
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    weighted.data /= np.repeat(np.where(lengths > 0, lengths, 1), np.diff(weighted.indptr))
    return weighted
