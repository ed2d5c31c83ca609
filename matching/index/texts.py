"""Goals in free text: one value per offer, a calibrated mix of title, best phrase, full text and shared letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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


class OfferTexts:
    """Vectors of titles, phrases and whole texts, and a lexical index over hashed letter n-grams."""

    def __init__(self, offers: Sequence[LearningOffer], encoder: Encoder) -> None:
        self.encoder = encoder
        texts = [full_text(offer) for offer in offers]
        self._titles = encoder.encode([offer.title for offer in offers])
        self._texts = encoder.encode(texts)
        parts = [[text[one.start : one.end] for one in phrases(text)] or [text] for text in texts]
        self._owners = np.repeat(np.arange(len(parts)), [len(group) for group in parts])
        self._phrases = encoder.encode([phrase for group in parts for phrase in group])
        self._lexical = _Lexical(texts)

    def values(self, text: str) -> NDArray[np.float64]:
        """(n offers,) in [0, 1]: how far each offer answers the text."""
        query = self.encoder.encode([text])[0]
        best = np.zeros(len(self._titles))
        np.maximum.at(best, self._owners, _cosines(self._phrases, query))
        parts = {
            "title": _cosines(self._titles, query),
            "phrase": best,
            "text": _cosines(self._texts, query),
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

    def __init__(self, texts: Sequence[str]) -> None:
        counts = self._counts(texts)
        frequency = np.bincount(counts.indices, minlength=FEATURES)
        self._idf = np.log((1 + len(texts)) / (1 + frequency)) + 1
        self._documents = self._weighted(counts).tocsc()

    def similarities(self, text: str) -> NDArray[np.float64]:
        """(n,) cosine between the text and each document."""
        return np.asarray((self._documents @ self._weighted(self._counts([text])).T).todense()).ravel()

    @staticmethod
    def _counts(texts: Sequence[str]) -> Any:
        from sklearn.feature_extraction.text import HashingVectorizer

        vectoriser = HashingVectorizer(
            analyzer="char_wb", ngram_range=(3, 5), n_features=FEATURES, norm=None, alternate_sign=False,
            preprocessor=normalise, dtype=np.float64,
        )  # fmt: skip
        # The vectoriser refuses an empty list; an empty catalogue is none of its business.
        return vectoriser.transform(texts or [""])[: len(texts)]

    def _weighted(self, counts: Any) -> Any:
        """Sublinear counts × idf, rows of length 1."""
        weighted = counts.copy()
        weighted.data = (1 + np.log(weighted.data)) * self._idf[weighted.indices]
        lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        weighted.data /= np.repeat(np.where(lengths > 0, lengths, 1), np.diff(weighted.indptr))
        return weighted
