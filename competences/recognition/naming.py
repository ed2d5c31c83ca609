"""How probably some words name a competence of a standard."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from competences.encoders.protocol import Encoder
from competences.encoders.text import normalise
from competences.recognition.standard import Criterion
from competences.vectors import DECIMALS, unit_rows

LABEL, DIRECTION, PART = 0.375, 0.375, 0.25
"""Shares of the cosines to the label, to label and parts together, and to the closest part."""
SLOPE, OFFSET = 5.6, -3.2
"""Logistic from the mixed cosine to a probability. Fitted with the shipped encoder on Competent and ESCO labels against
the competences of beroepskwalificaties that refer to them, alone and inside an unrelated text (`benchmarks.recognition`
measures it). The references are not complete, so the probabilities are cautious."""
EXACT = 0.99
"""Probability where the words are the label: the same words can still mean another thing."""
SUPPORTED = 0.3
"""A competence has support from this probability on."""


def named(
    criteria: Sequence[Criterion], words: Sequence[str], vectors: NDArray[np.float32], encoder: Encoder
) -> NDArray[np.float64]:
    """(criteria, words) probability that the words name the competence; `vectors` are the (words, dim) unit rows."""
    texts = [text for one in criteria for text in (one.label, *one.parts)]
    rows = encoder.encode(texts) if texts else np.zeros((0, encoder.dim), np.float32)
    ends = np.cumsum([1 + len(one.parts) for one in criteria])[:-1]
    groups = np.split(rows, ends) if criteria else []
    cosines = np.array([_mixed(group, vectors) for group in groups]).reshape(len(criteria), len(words))
    found = 1 / (1 + np.exp(-(SLOPE * cosines.round(DECIMALS) + OFFSET)))
    said = [normalise(one) for one in words]
    for i, one in enumerate(criteria):
        found[i, [j for j, text in enumerate(said) if text and text == one.key]] = EXACT
    return found


def _mixed(group: NDArray[np.float32], vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """(words,) of a label (row 0) and its parts; a label without parts is plain cosine."""
    label = vectors @ group[0]
    if len(group) == 1:
        return np.asarray(label, np.float64)
    parts = unit_rows(group[1:].mean(axis=0, keepdims=True))
    direction = unit_rows(group[:1] + parts)[0]
    closest = (vectors @ group[1:].T).max(axis=1)
    return np.asarray(LABEL * label + DIRECTION * (vectors @ direction) + PART * closest, np.float64)
