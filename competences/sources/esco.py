"""The ESCO classification from the CSV files that its portal hands out, joined by concept URI.

One folder holds one version in any number of languages; several folders are joined: the newest version that
holds a text in a language wins, older ones fill in, and concepts that the newest version of their pillar
lacks are kept and marked as not current.

This service uses the ESCO classification of the European Commission.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from competences.errors import DataError, MisuseError
from competences.sources.tables import Row, filled, rows
from competences.taxonomy.concept import Concept, ConceptKind, distinct
from competences.taxonomy.taxonomy import Taxonomy

LANGUAGES = ("nl", "en", "fr", "de")
MAIN_FILES = {
    "skills": ConceptKind.SKILL,
    "occupations": ConceptKind.OCCUPATION,
    "skillGroups": ConceptKind.GROUP,
    "ISCOGroups": ConceptKind.GROUP,
}
"""Files that list a whole pillar: what is not in the newest of them is no longer current."""
HIERARCHIES = {"broaderRelationsSkillPillar", "broaderRelationsOccPillar"}
PARALLEL = {"parallel_skills": ConceptKind.SKILL, "parallel_occupations": ConceptKind.OCCUPATION}
"""Derived tables with one row per concept and a column per language, as some projects share them."""
_VERSION = re.compile(r"v(\d+(?:\.\d+)+)", re.IGNORECASE)
_NAME = re.compile(r"^(?P<stem>\w+?)_(?P<language>[a-z]{2})$")
_SEPARATOR = re.compile(r"\s*(?:\n|\s\|\s)\s*")


class _Source(NamedTuple):
    """One file with what its name and folder say."""

    path: Path
    stem: str
    language: str | None
    version: str | None

    @property
    def rank(self) -> tuple[object, ...]:
        """Sorts the newest version first, whole pillars before selections, derived tables last."""
        parts = tuple(int(part) for part in (self.version or "0").split("."))
        derived = self.stem in PARALLEL
        return derived, tuple(-part for part in parts), self.stem not in MAIN_FILES, self.stem, str(self.path)


def read_taxonomy(folders: str | Path | Iterable[str | Path], languages: Sequence[str] = LANGUAGES) -> Taxonomy:
    """The taxonomy in one or more folders; a folder that only holds version folders stands for all of them.

    Languages are in order of preference. Raises `DataError` naming file, line and field; what could not be
    joined is in `Taxonomy.report()`.
    """
    given = [folders] if isinstance(folders, str | Path) else list(folders)
    sources = sorted((one for folder in given for one in _sources(Path(folder))), key=lambda one: one.rank)
    texts = [one for one in sources if one.stem not in HIERARCHIES and (one.language in (None, *languages))]
    concepts = [concept for one in texts for concept in _concepts(one, languages)]
    if not concepts:
        raise MisuseError(f"no ESCO file such as skills_en.csv or occupations_nl.csv in {', '.join(map(str, given))}")
    newest = _newest(texts)
    return Taxonomy(
        (replace(one, current=_is_current(one, newest)) for one in concepts),
        broader=[pair for one in sources for pair in _broader(one)],
        needs=[triple for one in sources for triple in _needs(one)],
        languages=languages,
    )


def _sources(folder: Path) -> list[_Source]:
    if not folder.is_dir():
        raise DataError("is not a folder with ESCO CSV files", file=folder)
    own = [_source(path) for path in sorted(folder.glob("*.csv"))]
    if any(one.stem not in PARALLEL for one in own):
        return own
    below = [one for child in sorted(folder.iterdir()) if child.is_dir() for one in _sources(child)]
    return own + below


def _source(path: Path) -> _Source:
    version = _VERSION.search(path.stem) or _VERSION.search(path.parent.name)
    stem = _VERSION.sub("", path.stem).strip("_")
    name = None if stem in PARALLEL else _NAME.match(stem)
    return _Source(
        path,
        name["stem"] if name else stem,
        name["language"] if name else None,
        version[1] if version else None,
    )


def _newest(sources: Iterable[_Source]) -> dict[str, str]:
    """Main file → its newest version; sources come newest first."""
    found: dict[str, str] = {}
    for one in sources:
        if one.stem in MAIN_FILES and one.version:
            found.setdefault(_pillar(one.stem), one.version)
    return found


def _pillar(stem: str) -> str:
    return stem if stem in ("occupations", "skillGroups", "ISCOGroups") else "skills"


def _is_current(concept: Concept, newest: Mapping[str, str]) -> bool:
    pillar = {ConceptKind.OCCUPATION: "occupations", ConceptKind.GROUP: ""}.get(concept.kind, "skills")
    wanted = newest.get(pillar)
    return concept.current and (wanted is None or concept.version in (wanted, None))


def _concepts(source: _Source, languages: Sequence[str]) -> Iterator[Concept]:
    if source.stem in PARALLEL:
        yield from _parallel_concepts(source, languages)
    elif source.language and (source.stem in MAIN_FILES or source.stem.endswith("Collection")):
        yield from _listed_concepts(source, source.language)
    elif source.language and source.stem == "skillsHierarchy":
        yield from _hierarchy_concepts(source, source.language)


def _listed_concepts(source: _Source, language: str) -> Iterator[Concept]:
    kind = MAIN_FILES.get(source.stem, ConceptKind.SKILL)
    if source.stem.endswith("OccupationsCollection"):
        kind = ConceptKind.OCCUPATION
    selection = (re.sub(r"(Skills|Occupations)?Collection$", "", source.stem),) if source.stem not in MAIN_FILES else ()
    for line, row in rows(source.path, ("conceptUri", "preferredLabel", "altLabels", "description")):
        label = row["preferredLabel"].strip()
        yield Concept(
            id=filled(source.path, line, row, "conceptUri"),
            kind=_kind(row, kind),
            labels={language: label} if label else {},
            alternatives=_texts(language, row["altLabels"], but=label),
            hidden=_texts(language, row.get("hiddenLabels", ""), but=label),
            descriptions={language: row["description"].strip()} if row["description"].strip() else {},
            scheme="esco",
            version=source.version,
            code=row.get("code") or row.get("iscoGroup") or None,
            reuse_level=row.get("reuseLevel") or None,
            collections=selection,
            current=row.get("status", "") in ("", "released"),
        )


def _hierarchy_concepts(source: _Source, language: str) -> Iterator[Concept]:
    """Groups that only the hierarchy names, such as the four roots of the skill pillar."""
    levels = [(f"Level {i} URI", f"Level {i} preferred term", f"Level {i} code") for i in range(4)]
    seen: set[str] = set()
    for _, row in rows(source.path, [column for level in levels for column in level], ragged=True):
        for uri, term, code in levels:
            if row[uri] and row[uri] not in seen:
                seen.add(row[uri])
                labels = {language: row[term].strip()} if row[term].strip() else {}
                yield Concept(
                    row[uri],
                    ConceptKind.GROUP,
                    labels,
                    scheme="esco",
                    version=source.version,
                    code=row[code] or None,
                )


def _parallel_concepts(source: _Source, languages: Sequence[str]) -> Iterator[Concept]:
    for line, row in rows(source.path, ("conceptUri",)):
        known = [language for language in languages if row.get(language, "").strip()]
        labels = {language: row[language].strip() for language in known}
        alternatives = [_texts(key, row.get(f"{key}_alt", ""), but=labels[key]) for key in known]
        yield Concept(
            id=filled(source.path, line, row, "conceptUri"),
            kind=_kind(row, PARALLEL[source.stem]),
            labels=labels,
            alternatives={key: texts for group in alternatives for key, texts in group.items()},
            descriptions={key: row[f"{key}_desc"].strip() for key in known if row.get(f"{key}_desc", "").strip()},
            scheme="esco",
            version=source.version,
            code=row.get("code") or row.get("iscoGroup") or None,
            reuse_level=row.get("reuseLevel") or None,
        )


def _kind(row: Row, otherwise: ConceptKind) -> ConceptKind:
    return ConceptKind.KNOWLEDGE if row.get("skillType") == "knowledge" else otherwise


def _texts(language: str, cell: str, but: str) -> dict[str, tuple[str, ...]]:
    found = distinct((text.strip() for text in _SEPARATOR.split(cell)), but=but)
    return {language: found} if found else {}


def _broader(source: _Source) -> Iterator[tuple[str, str]]:
    if source.stem in HIERARCHIES:
        for line, row in rows(source.path, ("conceptUri", "broaderUri")):
            yield filled(source.path, line, row, "conceptUri"), filled(source.path, line, row, "broaderUri")


def _needs(source: _Source) -> Iterator[tuple[str, str, bool]]:
    columns = {
        "occupationSkillRelations": ("occupationUri", "skillUri"),
        "skillSkillRelations": ("originalSkillUri", "relatedSkillUri"),
    }.get(source.stem)
    if columns is None:
        return
    for line, row in rows(source.path, (*columns, "relationType")):
        if row["relationType"] not in ("essential", "optional"):
            raise DataError(
                f"expected essential or optional, found {row['relationType']!r}", file=source.path, line=line,
                field="relationType",
            )  # fmt: skip
        ends = [filled(source.path, line, row, column) for column in columns]
        yield ends[0], ends[1], row["relationType"] == "essential"
