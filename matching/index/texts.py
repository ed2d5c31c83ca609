"""Goals in free text: one value per offer, a calibrated mix of title, best phrase, full text and shared letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from competences.encoders.protocol import Encoder
from competences.encoders.text import normalise, phrases
from competences.records.offers import LearningOffer

WEIGHTS = {"title": 1.0, "phrase": 1.0, "text": 1.0, "lexical": 2.0}
"""Weight of each part; chosen on the VDAB trainings of 2017 (see benchmarks)."""
MEANING_ALONE = 0.8
"""What the parts other than shared letters count for, where they say more by themselves."""
NOTHING, FULL = 0.1, 0.85
"""Means of the parts that count as no match and as a full one; between them the value is linear."""
FEATURES = 1 << 18


class TextArrays(NamedTuple):
    """What goals in free text are compared with: (rows, d) unit vectors, and weighted counts of letter n-grams."""

    titles: NDArray[np.float32]
    texts: NDArray[np.float32]
    phrases: NDArray[np.float32]
    """Distinct phrases: catalogues repeat them."""
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
    """Vectors of titles, phrases and whole texts, and a lexical index over hashed letter n-grams."""

    def __init__(self, arrays: TextArrays, encoder: Encoder) -> None:
        self.arrays, self.encoder = arrays, encoder
        self._lexical = _Lexical(arrays)

    @classmethod
    def from_offers(cls, offers: Sequence[LearningOffer], encoder: Encoder) -> OfferTexts:
        """Encode what the offers say."""
        texts = [full_text(offer) for offer in offers]
        parts = [[text[one.start : one.end] for one in phrases(text)] or [text] for text in texts]
        distinct = {phrase: row for row, phrase in enumerate(dict.fromkeys(p for group in parts for p in group))}
        arrays = TextArrays(
            titles=encoder.encode([offer.title for offer in offers]),
            texts=encoder.encode(texts),
            phrases=encoder.encode(list(distinct)),
            phrase=np.array([distinct[phrase] for group in parts for phrase in group], np.int32),
            owner=np.repeat(np.arange(len(parts), dtype=np.int32), [len(group) for group in parts]),
            **_weighted_counts(texts),
        )
        return cls(arrays, encoder)

    def values(self, text: str) -> NDArray[np.float64]:
        """(n offers,) in [0, 1]: how far each offer answers the text."""
        query = self.encoder.encode([text])[0]
        best = np.zeros(len(self.arrays.titles))
        np.maximum.at(best, self.arrays.owner, _cosines(self.arrays.phrases, query)[self.arrays.phrase])
        parts = {
            "title": _cosines(self.arrays.titles, query),
            "phrase": best,
            "text": _cosines(self.arrays.texts, query),
            "lexical": self._lexical.similarities(text),
        }
        # A goal in another language shares no letters with the offers: what they mean must then be enough.
        mix = np.maximum(_mean(parts, WEIGHTS), MEANING_ALONE * _mean(parts, WEIGHTS | {"lexical": 0.0}))
        return np.clip((mix - NOTHING) / (FULL - NOTHING), 0.0, 1.0).round(6)


def _mean(parts: dict[str, NDArray[np.float64]], weights: dict[str, float]) -> NDArray[np.float64]:
    total = np.zeros(len(next(iter(parts.values()))))
    for name, values in parts.items():
        total += weights[name] * values
    return total / sum(weights.values())


def full_text(offer: LearningOffer) -> str:
    """Everything that an offer says about its content, one part a line."""
    outcomes = (outcome.competence for outcome in offer.outcomes)
    return "\n".join(part for part in (offer.title, offer.description, *offer.keywords, *outcomes) if part)


def _cosines(rows: NDArray[np.float32], query: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.maximum(np.einsum("ij,j->i", rows, query).astype(np.float64), 0.0)


class _Lexical:
    """TF-IDF over hashed 3- to 5-letter grams within words: no vocabulary to keep, only document frequencies."""

    def __init__(self, arrays: TextArrays) -> None:
        from scipy.sparse import csc_matrix

        self._idf = arrays.idf
        parts = (arrays.weights, arrays.rows, arrays.indptr)
        self._documents = csc_matrix(parts, shape=(len(arrays.titles), FEATURES), copy=False)

    def similarities(self, text: str) -> NDArray[np.float64]:
        """(n,) cosine between the text and each document."""
        return np.asarray((self._documents @ _weighted(_counts([text]), self._idf).T).todense()).ravel()


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
