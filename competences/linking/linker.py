"""Free text to concepts with a calibrated probability; "no match" is a legal answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

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
PER_RUN = 5
"""Concepts that one run of words in a long text can name."""
LONGEST_RUN, LONGEST_NAME = 4, 6
"""Words of the longest run in a phrase that is linked, and of the longest that is looked up among the labels. Runs
of 2 to 4 words find more than whole phrases do: RP@5 .68 against .59 on the TECH sentences of job advertisements, .55
against .44 on HOUSE; longer runs and single words add nothing."""
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

    def extract(self, text: str, min_probability: float | None = None, *, overlapping: bool = False) -> list[Mention]:
        """The concepts that a long text names (a course description, a paragraph of a CV), each with the words that
        show it best, in the order of the text.

        The same words show one concept, the most probable; `overlapping` keeps the others too.
        """
        spans = list(dict.fromkeys(span for phrase in phrases(text) for span in self._spans(text, phrase)))
        found = self.link([span.text for span in spans], PER_RUN, min_probability)
        best: dict[str, Mention] = {}
        for span, links in zip(spans, found, strict=True):
            for link in links:
                known = best.get(link.id)
                if known is None or _evidence(link, span) > _evidence(known.link, known):
                    best[link.id] = Mention(link, span.start, span.end, span.text)
        mentions = list(best.values()) if overlapping else _apart(best.values())
        return sorted(mentions, key=lambda one: (one.start, one.end, -one.link.probability, one.link.id))

    def _spans(self, text: str, phrase: Phrase) -> Iterator[Phrase]:
        """The runs of words in a phrase that may name a concept: short ones, and those that are a label."""
        words = [match.span() for match in _WORD.finditer(phrase.text)]
        for first, last in combinations_with_replacement(range(len(words)), 2):
            count, low, high = last - first + 1, words[first][0], words[last][1]
            usual = 2 <= count <= LONGEST_RUN or len(words) == 1
            if usual or (count <= LONGEST_NAME and self._is_label(phrase.text[low:high])):
                start, end = phrase.start + low, phrase.start + high
                yield Phrase(text[start:end], start, end)

    def _is_label(self, run: str) -> bool:
        # One or two letters (R, C) are the name of a concept less often than just letters.
        return len(run) > 2 and normalise(run) in self._by_label

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


def _evidence(link: Link, span: Phrase | Mention) -> tuple[float, float, int, int]:
    """More probable first, then more similar, then the shorter span, then the earlier one."""
    return link.probability, link.similarity, span.start - span.end, -span.start


def _apart(mentions: Iterable[Mention]) -> list[Mention]:
    """Without what overlaps a more probable mention, or an equally probable longer one; of equals both stay. On the
    TECH and HOUSE sentences precision goes from .25 and .17 to .36 and .35, recall from .59 and .48 to .44 and .42."""
    kept: list[Mention] = []
    for one in sorted(mentions, key=lambda one: (-one.link.probability, one.start - one.end, one.start, one.link.id)):
        rivals = (other for other in kept if one.start < other.end and other.start < one.end)
        if not any(_stronger(other, one) for other in rivals):
            kept.append(one)
    return kept


def _stronger(left: Mention, right: Mention) -> bool:
    return left.link.probability > right.link.probability or left.end - left.start > right.end - right.start
