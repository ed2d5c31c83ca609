"""Labels of other taxonomies as training texts: crosswalks to ESCO, with a share held back for honest figures.

A crosswalk is a CSV file: an ESCO concept (`esco_id`, `uri` or `conceptUri`), the other taxonomy's labels (columns
that end in `_nl`, `_en`, `_fr`, `_de` or `_label`), its id (the column before them) and the relation (`rel`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from competences.encoders.text import normalise
from competences.errors import DataError
from competences.training.corpus import LINKED, NEAR, Corpus, concept_id, rows_of

HELD_BACK = 0.2
"""Share of the other taxonomy's ids that is never trained on, chosen by the hash of the id."""
_CONCEPT = ("esco_id", "uri", "conceptUri")
_SUFFIX = {"_nl": "nl", "_en": "en", "_fr": "fr", "_de": "de", "_label": ""}
POSITIVE = ("exact", "close")


@dataclass(frozen=True)
class Link:
    """One relation: a label of another taxonomy and the ESCO concept that it is tied to."""

    source: str
    text: str
    language: str
    concept: str
    relation: str
    """exact, close, broad or narrow."""
    held_back: bool


def read_links(paths: Sequence[Path], share: float = HELD_BACK) -> list[Link]:
    """All relations of the crosswalks, in file order, one per label."""
    return [link for path in paths for link in _links(path, share)]


def is_held_back(source: str, share: float = HELD_BACK) -> bool:
    """Whether this id falls in the held-back share: the same on every machine and for every file."""
    return int.from_bytes(hashlib.sha256(source.encode()).digest()[:4], "big") < share * 2**32


def read_titles(paths: Sequence[Path]) -> frozenset[str]:
    """Normalised titles from text files, one a line; of a line with tabs the last field."""
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    return frozenset(normalise(line.rsplit("\t", 1)[-1]) for line in lines) - {""}


def add_links(corpus: Corpus, links: Sequence[Link], excluded: frozenset[str]) -> int:
    """Adds the labels that are neither held back nor excluded; returns how many excluded relations were left out.

    Labels join the concepts that they are linked to; every label also gathers with its own translations.
    """
    secret = {normalise(link.text) for link in links if link.held_back}
    barred_sources = {link.source for link in links if normalise(link.text) in excluded}
    left_out = 0
    for link in links:
        barred = link.source in barred_sources or normalise(link.text) in secret
        left_out += link.source in barred_sources
        if link.held_back or barred:
            continue
        if link.concept in corpus.names:
            kind = LINKED if link.relation in POSITIVE else NEAR
            corpus.add(link.concept, link.text, kind, link.language)
        corpus.add(f"crosswalk:{link.source}", link.text, LINKED, link.language)
    return left_out


def _links(path: Path, share: float) -> Iterator[Link]:
    for number, row in enumerate(rows_of(path), start=2):
        columns = list(row)
        concept = next((name for name in _CONCEPT if name in row), None)
        labels = [c for c in columns if c.endswith(tuple(_SUFFIX)) and not c.startswith("esco")]
        if concept is None or "rel" not in row or not labels or columns.index(labels[0]) == 0:
            raise DataError("not a crosswalk to ESCO", file=path, line=number, field="header")
        source = row[columns[columns.index(labels[0]) - 1]]
        relation = row["rel"].rsplit(":", 1)[-1].removesuffix("Match")
        for label in labels:
            language = _SUFFIX[label[label.rindex("_") :]]
            if row[label]:
                yield Link(
                    source, row[label], language, concept_id(row[concept]), relation, is_held_back(source, share)
                )
