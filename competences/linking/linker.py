"""Free text to concepts with a calibrated probability; "no match" is a legal answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from competences.encoders.calibration import calibration_of
from competences.encoders.protocol import Encoder
from competences.encoders.text import Phrase, normalise, phrases
from competences.errors import MisuseError
from competences.linking.labels import LabelIndex, Names
from competences.records.competence import Competence
from competences.taxonomy.taxonomy import Taxonomy

EXACT = 0.99
"""Probability where the text is a label: the same words can still mean another thing."""
PER_PHRASE = 5
"""Concepts that one phrase of a long text can name."""
LONGEST_NAME = 6
"""Words of the longest run in a phrase that is looked up among the labels."""
_JOINER = re.compile(r"\s(?:en|of|and|or|et|ou|und|oder)\s", re.IGNORECASE)
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Link:
    """One concept that a text may name."""

    id: str
    label: str
    similarity: float
    """Half the cosine to the closest label, half that to the concept as a whole; 1 where a label is the text."""
    probability: float
    """That the text names this concept, by the encoder's calibration."""
    scheme: str | None
    version: str | None


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept in a long text, with the words that show it: `text` is the long text's [start:end]."""

    link: Link
    start: int
    end: int
    text: str


class Linker:
    """Links texts to the concepts given, and to no others.

    `concepts` are competences or a taxonomy, of which the skills, knowledge and attitudes count. All labels in all
    languages are compared, descriptions too.
    """

    def __init__(self, concepts: Iterable[Competence] | Taxonomy, encoder: Encoder) -> None:
        listed = concepts.competences() if isinstance(concepts, Taxonomy) else concepts
        # In id order, so that ties do not depend on the order of a file.
        self.concepts = sorted(listed, key=lambda one: one.id)
        twice = [a.id for a, b in zip(self.concepts, self.concepts[1:], strict=False) if a.id == b.id]
        if twice:
            raise MisuseError(f"every concept is given once, but {twice[0]!r} twice")
        self.encoder = encoder
        self.calibration = calibration_of(encoder)
        hidden = concepts.all_labels if isinstance(concepts, Taxonomy) else lambda identifier: ()
        names = [_names(one, hidden(one.id)) for one in self.concepts]
        self._index = LabelIndex(names, encoder)
        self._by_label: dict[str, list[int]] = {}
        for row, one in enumerate(names):
            for text in dict.fromkeys(normalise(text) for text in (*one.preferred, *one.others)):
                self._by_label.setdefault(text, []).append(row)

    def __len__(self) -> int:
        return len(self.concepts)

    def link(self, texts: Sequence[str], k: int = 10, min_probability: float | None = None) -> list[list[Link]]:
        """For each text at most k concepts, the most probable first, ties by id; none below `min_probability` (by
        default the threshold of the encoder's calibration), and none for a text without letters or digits."""
        if isinstance(texts, str):
            raise MisuseError("texts is a list of texts, not one text")
        if k < 1:
            raise MisuseError(f"k is the number of concepts to return, at least 1, not {k}")
        least = self._least(min_probability)
        if not len(texts) or not self.concepts:
            return [[] for _ in texts]
        queries = self.encoder.encode(texts)
        found = self._index.nearest(queries, k)
        probabilities = self.calibration.link_probability(found.similarities)
        said = np.asarray(queries.any(axis=1))
        return [
            self._links(normalise(text), found.of(i), probabilities[found.indptr[i] : found.indptr[i + 1]], k, least)
            if said[i] else []
            for i, text in enumerate(texts)
        ]  # fmt: skip

    def extract(self, text: str, min_probability: float | None = None) -> list[Mention]:
        """The concepts that a long text names (a course description, a paragraph of a CV), each with the words that
        show it best, in the order of the text."""
        spans = list(dict.fromkeys(span for phrase in phrases(text) for span in self._spans(text, phrase)))
        found = self.link([span.text for span in spans], PER_PHRASE, min_probability)
        best: dict[str, Mention] = {}
        for span, links in zip(spans, found, strict=True):
            for link in links:
                known = best.get(link.id)
                if known is None or _evidence(link, span) > _evidence(known.link, known):
                    best[link.id] = Mention(link, span.start, span.end, span.text)
        return sorted(best.values(), key=lambda one: (one.start, one.end, -one.link.probability, one.link.id))

    def _spans(self, text: str, phrase: Phrase) -> Iterator[Phrase]:
        """The phrase, its parts between conjunctions, and the runs of words in it that are a label."""
        yield phrase
        edges = [0, *(edge for joiner in _JOINER.finditer(phrase.text) for edge in joiner.span()), len(phrase.text)]
        if len(edges) > 2:
            for low, high in zip(edges[::2], edges[1::2], strict=True):
                yield _span(text, phrase.start + low, phrase.start + high)
        words = [match.span() for match in _WORD.finditer(phrase.text)]
        for first in range(len(words)):
            for last in range(first, min(first + LONGEST_NAME, len(words))):
                low, high = words[first][0], words[last][1]
                if (last > first or high - low > 2) and normalise(phrase.text[low:high]) in self._by_label:
                    yield _span(text, phrase.start + low, phrase.start + high)

    def _links(
        self, text: str, found: tuple[np.ndarray, np.ndarray], probabilities: np.ndarray, k: int, least: float
    ) -> list[Link]:
        exact = self._by_label.get(text, [])[:k]
        links = [self._link(row, 1.0, EXACT) for row in exact]
        for row, similarity, probability in zip(*(part.tolist() for part in (*found, probabilities)), strict=True):
            if row not in exact:
                links.append(self._link(row, similarity, min(probability, EXACT)))
        return [link for link in links[:k] if link.probability >= least]

    def _link(self, row: int, similarity: float, probability: float) -> Link:
        one = self.concepts[row]
        return Link(one.id, one.label, round(similarity, 5), round(probability, 4), one.scheme, one.version)

    def _least(self, min_probability: float | None) -> float:
        least = self.calibration.link_threshold if min_probability is None else min_probability
        if not 0 <= least <= 1:
            raise MisuseError(f"min_probability lies between 0 and 1, not {least}")
        return least


def _names(one: Competence, hidden: Iterable[str]) -> Names:
    preferred = tuple(dict.fromkeys((one.label, *one.labels.values())))
    others = tuple(text for text in dict.fromkeys((*one.alternative_labels, *hidden)) if text not in preferred)
    return Names(preferred, others, one.description or "")


def _span(text: str, start: int, end: int) -> Phrase:
    piece = text[start:end]
    return Phrase(piece.strip(), start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))


def _evidence(link: Link, span: Phrase | Mention) -> tuple[float, int, int]:
    """More probable first, then the shorter span, then the earlier one."""
    return link.probability, span.start - span.end, -span.start
