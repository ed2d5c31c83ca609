"""From a trained encoder to its lexicon: the mean direction of every concept, and the labels that name it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from competences.encoders.lexicon import Lexicon, label_hashes
from competences.training.corpus import ALTERNATIVE, DESCRIPTION, LABEL, LINKED, NEAR, Corpus
from competences.training.export import quantised

SHARES = {LABEL: 1.0, ALTERNATIVE: 0.3, DESCRIPTION: 1.0, LINKED: 1.0, NEAR: 0.3}
"""Weight of a text in the mean of its concept, by kind (benchmarks/encoder_experiments.md)."""
WEIGHT = 0.5
"""Share of the concept in the vector of a label."""
PART_WEIGHT = 0.3
"""The same where labels are only parts of a text; times the share of its letters that they take."""
NAMES = (LABEL, ALTERNATIVE)


def lexicon_of(corpus: Corpus, concepts: int, encode: Callable[[Sequence[str]], NDArray[np.float32]]) -> Lexicon:
    """The lexicon of the first `concepts` concepts: those of the taxonomy itself, not of what was tied to it."""
    owners, kinds = np.array(corpus.concepts), np.array(corpus.kinds)
    kept = owners < concepts
    vectors = encode(corpus.texts)
    means = np.zeros((concepts, vectors.shape[1]), np.float32)
    shares = np.array([SHARES[kind] for kind in range(len(SHARES))], np.float32)[kinds]
    np.add.at(means, owners[kept], vectors[kept] * shares[kept, None])
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    rows, scales = quantised(np.divide(means, lengths, out=means, where=lengths > 0))
    names = np.flatnonzero(kept & np.isin(kinds, NAMES))
    hashes = label_hashes([corpus.texts[i] for i in names])
    order = np.lexsort((owners[names], hashes))
    named = owners[names][order]
    fitting = named.astype(np.uint16) if concepts <= 1 << 16 else named.astype(np.uint32)
    return Lexicon(hashes[order], fitting, rows, scales.astype(np.float32), WEIGHT, PART_WEIGHT)
