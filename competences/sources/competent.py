"""Competent, the Flemish competence base of VDAB, through its published crosswalks to ESCO.

Ids are Competent's own (KN-10 knowledge, SK-12 skill, SO-3 attitude, OP-129 occupation); ESCO concepts come
as bare entries with the Dutch label that the crosswalk gives them, to be merged with what
`sources.esco.read_taxonomy` reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from competences.errors import DataError
from competences.sources.tables import Row, filled, rows
from competences.taxonomy.concept import Concept, ConceptKind, Relation
from competences.taxonomy.taxonomy import Taxonomy

SKILLS = "http://data.europa.eu/esco/skill/"
OCCUPATIONS = "http://data.europa.eu/esco/occupation/"
VERSION = "3.8"
MATCHES = {
    "exactMatch": Relation.EXACT,
    "closeMatch": Relation.CLOSE,
    "narrowMatch": Relation.NARROWER,
    "broadMatch": Relation.BROADER,
}
"""SKOS mapping of the row's own concept to the ESCO one → what the ESCO concept is to it."""
KINDS = {
    "KN": ConceptKind.KNOWLEDGE,
    "SK": ConceptKind.SKILL,
    "SO": ConceptKind.ATTITUDE,
    "OP": ConceptKind.OCCUPATION,
}


class _Columns(NamedTuple):
    """Which column holds what in one crosswalk file."""

    id: str
    labels: Mapping[str, str]
    esco: str
    esco_labels: Mapping[str, str]
    base: str
    scheme: str
    version: str | None


_COMPETENCES = _Columns(
    "vdab_id", {"nl": "vdab_nl", "fr": "vdab_fr"}, "esco_id", {"nl": "esco_nl"}, SKILLS, "competent", VERSION
)
_OCCUPATIONS = _Columns(
    "op", {"nl": "op_nl", "fr": "op_fr"}, "esco_id", {"nl": "esco_nl"}, OCCUPATIONS, "competent", VERSION
)
_GERMAN = _Columns("ba_id", {"de": "ba_label"}, "uri", {"de": "esco_de"}, "", "ba-kompetenzen", None)


def read_competences(path: str | Path) -> Taxonomy:
    """Competent competences ↔ ESCO skills (columns vdab_id, vdab_nl, vdab_fr, rel, esco_id, esco_nl)."""
    return _read(Path(path), _COMPETENCES)


def read_occupations(path: str | Path) -> Taxonomy:
    """Competent occupations ↔ ESCO occupations (columns op, op_nl, op_fr, rel, esco_id, esco_nl)."""
    return _read(Path(path), _OCCUPATIONS)


def read_german_competences(path: str | Path) -> Taxonomy:
    """German Kompetenzen ↔ ESCO skills (columns uri, esco_de, ba_id, ba_label, rel).

    The relation is read from the Kompetenz to the ESCO skill, as in the other two files.
    """
    return _read(Path(path), _GERMAN)


def _read(path: Path, columns: _Columns) -> Taxonomy:
    """Raises `DataError` at the first row that is wrong."""
    needed = (columns.id, *columns.labels.values(), "rel", columns.esco, *columns.esco_labels.values())
    table = list(rows(path, needed))
    return Taxonomy(
        (concept for line, row in table for concept in _concepts(path, line, row, columns)),
        crosswalks=[
            (row[columns.id].strip(), columns.base + row[columns.esco].strip(), _relation(path, line, row))
            for line, row in table
        ],
        languages=tuple(columns.labels),
    )


def _concepts(path: Path, line: int, row: Row, columns: _Columns) -> Iterator[Concept]:
    own = filled(path, line, row, columns.id)
    kind = KINDS.get(own.partition("-")[0], ConceptKind.SKILL)
    yield Concept(own, kind, _labels(row, columns.labels), scheme=columns.scheme, version=columns.version)
    uri = columns.base + filled(path, line, row, columns.esco)
    esco_kind = ConceptKind.OCCUPATION if uri.startswith(OCCUPATIONS) else ConceptKind.SKILL
    yield Concept(uri, esco_kind, _labels(row, columns.esco_labels), scheme="esco")


def _labels(row: Row, columns: Mapping[str, str]) -> dict[str, str]:
    return {language: row[column].strip() for language, column in columns.items() if row[column].strip()}


def _relation(path: Path, line: int, row: Row) -> Relation:
    try:
        return MATCHES[row["rel"].removeprefix("skos:")]
    except KeyError:
        expected = f"expected one of {', '.join(MATCHES)}, found {row['rel']!r}"
        raise DataError(expected, file=path, line=line, field="rel") from None
