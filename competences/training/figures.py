"""How well held-back labels find their concepts, per pair of languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from competences.training.corpus import LABEL, Corpus
from competences.training.crosswalks import POSITIVE, Link

Encode = Callable[[Sequence[str]], NDArray[np.float32]]


def linking_figures(encode: Encode, corpus: Corpus, links: Sequence[Link]) -> dict[str, dict[str, float]]:
    """hit@10 and MRR of labels with an exact or close link, against all preferred labels of one language."""
    found: dict[str, dict[str, float]] = {}
    names = {row: name for name, row in corpus.names.items()}
    for asked in ("nl", "en", "fr", "de", ""):
        for answered in ("nl", "en", "fr", "de"):
            at = [i for i, k in enumerate(corpus.kinds) if k == LABEL and corpus.languages[i] == answered]
            concepts = [names[corpus.concepts[i]] for i in at]
            present = set(concepts)
            wanted: dict[str, set[str]] = {}
            for link in links:
                if link.language == asked and link.relation in POSITIVE and link.concept in present:
                    wanted.setdefault(link.text, set()).add(link.concept)
            if wanted:
                labels = encode([corpus.texts[i] for i in at])
                found[f"{asked or 'other'}-{answered}"] = _ranks(encode, wanted, labels, np.array(concepts))
    return found


def _ranks(
    encode: Encode, wanted: dict[str, set[str]], labels: NDArray[np.float32], concepts: NDArray[np.str_]
) -> dict[str, float]:
    texts = sorted(wanted)
    ranks = []
    for start in range(0, len(texts), 256):
        part = texts[start : start + 256]
        for text, cosines in zip(part, encode(part) @ labels.T, strict=True):
            best = cosines[np.isin(concepts, list(wanted[text]))].max()
            ranks.append(int((cosines > best).sum()) + 1)
    rank = np.array(ranks)
    return {
        "labels": len(texts),
        "corpus": len(labels),
        "hit_10": round(float((rank <= 10).mean()), 4),
        "mrr": round(float((1 / rank).mean()), 4),
    }
