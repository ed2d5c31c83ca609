"""What is compared. A similarity takes the texts of a corpus once and then scores queries against all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.quality.measures import top
from competences.encoders.loading import load_encoder
from competences.encoders.protocol import Encoder
from competences.encoders.text import normalise
from competences.linking.linker import Linker
from competences.records.competence import Competence

Score = Callable[[Sequence[str]], NDArray[np.floating]]
"""n queries to their (n, corpus) similarities."""
Similarity = Callable[[tuple[str, ...]], Score]


@dataclass(frozen=True, eq=False)
class System:
    """One column of the report."""

    name: str
    similarity: Similarity
    encoder: Encoder | None = None
    """Where there is one, texts are linked by `Linker` and trainings matched by `Matcher`, as users do."""

    def find(self, concepts: dict[str, str], texts: Sequence[str], k: int) -> list[list[str]]:
        """Ids of the first k concepts (id to label) for each text."""
        if self.encoder is None:
            ids = list(concepts)
            return [[ids[row] for row in rows] for rows in top(self.similarity(tuple(concepts.values()))(texts), k)]
        found = linker_of(concepts, self.encoder).link(texts, k, min_probability=0.0)
        return [[link.id for link in links] for links in found]


def linker_of(concepts: dict[str, str], encoder: Encoder) -> Linker:
    """A linker of concepts that are known by one label each; the same one for the same concepts."""
    return _linker(tuple(concepts.items()), encoder)


@cache
def _linker(concepts: tuple[tuple[str, str], ...], encoder: Encoder) -> Linker:
    return Linker([Competence(id=identifier, label=label) for identifier, label in concepts], encoder)


def systems(models: Sequence[str]) -> tuple[System, ...]:
    """The shipped encoder first, then the lexical ones, then the models that were asked for."""
    lexical = (System("letter TF-IDF", cache(letters)), System("BM25", cache(bm25)))
    # Of a folder only its name: a report holds no path of a machine.
    others = [of_encoder(Path(name).name if Path(name).exists() else name, load_encoder(name)) for name in models]
    return (of_encoder("leermatch", load_encoder()), *lexical, *others)


def of_encoder(name: str, encoder: Encoder) -> System:
    """Cosines of an encoder's vectors."""

    def cosines(corpus: tuple[str, ...]) -> Score:
        vectors = encoder.encode(corpus).T
        return lambda queries: encoder.encode(queries) @ vectors

    return System(name, cache(cosines), encoder)


def letters(corpus: tuple[str, ...]) -> Score:
    """Cosines of TF-IDF over 3- to 5-letter grams of the normalised text."""
    vectoriser = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, preprocessor=normalise, dtype=np.float32
    )
    documents = vectoriser.fit_transform(corpus).T.tocsr()
    return lambda queries: (vectoriser.transform(queries) @ documents).toarray()


def bm25(corpus: tuple[str, ...]) -> Score:
    """BM25 (Lucene's, k1 1.5, b 0.75) over the words of the normalised text, by bm25s."""
    from bm25s import BM25

    index = BM25()
    index.index([normalise(text).split() for text in corpus], show_progress=False)

    def score(queries: Sequence[str]) -> NDArray[np.floating]:
        out = np.zeros((len(queries), len(corpus)), np.float32)
        for row, query in zip(out, queries, strict=True):
            words = normalise(query).split()
            if words:
                row[:] = index.get_scores(words)
        return out

    return score
