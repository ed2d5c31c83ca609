"""What goals in free text are compared with: vectors of the phrases that offers say, and counts of their letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from competences.encoders.protocol import Encoder
from competences.encoders.text import normalise, phrases
from competences.records.offers import LearningOffer
from matching.index.picking import joined_starts, places_of, ragged, starts_of
from matching.index.text_kernels import joined_postings, quantised

FEATURES = 1 << 18
MOST_COUNTED = 255


class TextArrays(NamedTuple):
    """Raw counts and no weights: a change of the catalogue changes every weight, and no count."""

    phrases: NDArray[np.int8]
    """(rows, d) distinct phrases: catalogues repeat them."""
    phrase_step: NDArray[np.float32]
    """What 1 stands for in a row of `phrases`."""
    start: NDArray[np.int64]
    """Offer i says the phrases `phrase[start[i]:start[i+1]]`."""
    phrase: NDArray[np.int32]
    """Row of `phrases`."""
    indptr: NDArray[np.int64]
    """Per letter n-gram: the offers `rows[indptr[i]:indptr[i+1]]` that hold it, and how often."""
    rows: NDArray[np.int32]
    counts: NDArray[np.uint8]
    """At most `MOST_COUNTED`."""

    @property
    def frequency(self) -> NDArray[np.int64]:
        """Per n-gram, how many offers hold it."""
        return np.diff(self.indptr)

    @classmethod
    def of(cls, offers: Sequence[LearningOffer], encoder: Encoder) -> TextArrays:
        """Encode and count what the offers say."""
        texts = [full_text(offer) for offer in offers]
        said = [[text[one.start : one.end] for one in phrases(text)] or [text] for text in texts]
        distinct = {phrase: row for row, phrase in enumerate(dict.fromkeys(p for group in said for p in group))}
        letters = letter_counts(texts).tocsc()
        return cls(
            *quantised(encoder.encode(list(distinct))),
            start=starts_of(map(len, said)),
            phrase=np.array([distinct[phrase] for group in said for phrase in group], np.int32),
            indptr=letters.indptr.astype(np.int64),
            rows=letters.indices.astype(np.int32),
            counts=np.minimum(letters.data, MOST_COUNTED).astype(np.uint8),
        )

    def changed(self, added: TextArrays, order: NDArray[np.int64]) -> TextArrays:
        """Those of a changed catalogue: offer i was row `order[i]` here or, from the number of offers here on, a row
        of `added`. Equal to what `of` makes of them, but for the order of phrases, one of which may stand twice."""
        start, taken = ragged(joined_starts(self.start, added.start), order)
        phrase = np.concatenate((self.phrase, added.phrase + np.int32(len(self.phrases))))[taken]
        used, phrase = np.unique(phrase, return_inverse=True)
        n = len(self.start) - 1
        place = places_of(order, n + len(added.start) - 1)
        return TextArrays(
            np.concatenate((self.phrases, added.phrases))[used],
            np.concatenate((self.phrase_step, added.phrase_step))[used],
            start,
            phrase.astype(np.int32),
            *joined_postings(
                (self.indptr, self.rows, self.counts, place[:n]), (added.indptr, added.rows, added.counts, place[n:])
            ),
        )


def full_text(offer: LearningOffer) -> str:
    """Everything that an offer says about its content, one part a line."""
    outcomes = (outcome.competence for outcome in offer.outcomes)
    return "\n".join(part for part in (offer.title, offer.description, *offer.keywords, *outcomes) if part)


def letter_counts(texts: Sequence[str]) -> Any:
    """(texts, `FEATURES`) sparse counts of hashed n-grams of three to five letters within words."""
    analyse, hasher = _letters()
    # The hasher refuses an empty list; an empty catalogue is none of its business.
    return hasher.transform(analyse(text) for text in texts or [""])[: len(texts)]


@cache
def _letters() -> tuple[Callable[[str], list[str]], Any]:
    """(text → n-grams, their hasher): what scikit-learn's `HashingVectorizer` makes anew for every call."""
    from sklearn.feature_extraction import FeatureHasher
    from sklearn.feature_extraction.text import CountVectorizer

    analyse = CountVectorizer(analyzer="char_wb", ngram_range=(3, 5), preprocessor=normalise).build_analyzer()
    return analyse, FeatureHasher(FEATURES, input_type="string", alternate_sign=False)
