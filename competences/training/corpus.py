"""What training reads: the texts of every ESCO concept, in every language that lies in the folder.

Two layouts are read: the official CSV files of the ESCO portal (`skills_nl.csv`, `occupations_fr.csv`,
`ISCOGroups_de.csv`, …) and tables that join the languages by concept (`parallel_skills.csv` with columns `en`,
`en_alt`, `en_desc`, `nl`, …). The same concept in several files or versions gathers the texts of all of them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from competences.encoders.text import normalise
from competences.errors import DataError

LANGUAGES = ("nl", "en", "fr", "de")
LABEL, ALTERNATIVE, DESCRIPTION, LINKED, NEAR = range(5)
"""Kinds of text; LINKED and NEAR are labels of another taxonomy, tied by an exact or close link or by a looser one."""
_OFFICIAL = re.compile(r"_(?:" + "|".join(LANGUAGES) + r")\.csv$")
_PAIR = re.compile(r"\s*/\s*")
csv.field_size_limit(1 << 27)


@dataclass(slots=True)
class Corpus:
    """Parallel lists: text i belongs to concept `concepts[i]`, an index into `names`."""

    texts: list[str] = field(default_factory=list)
    """Normalised."""
    written: list[str] = field(default_factory=list)
    """As the file has it, for a teacher that reads accents and capitals."""
    concepts: list[int] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    """Files that gave texts, relative to the folder read."""
    _seen: set[tuple[int, str]] = field(default_factory=set)

    def add(self, concept: str, text: str, kind: int, language: str) -> None:
        """Adds the text, normalised, unless the concept has it already or it holds no word."""
        ready = normalise(text)
        at = self.names.setdefault(concept, len(self.names))
        if len(ready) < 2 or (at, ready) in self._seen:
            return
        self._seen.add((at, ready))
        self.texts.append(ready)
        self.written.append(text.strip())
        self.concepts.append(at)
        self.kinds.append(kind)
        self.languages.append(language)


def read_esco(folder: Path) -> Corpus:
    """All concepts under `folder`; DataError where no file there can be read."""
    corpus = Corpus()
    for path in sorted(folder.rglob("*.csv")):
        before = len(corpus.names), len(corpus.texts)
        for concept, text, kind, language in _texts(path):
            corpus.add(concept, text, kind, language)
            for form in _gender_forms(text, kind):
                corpus.add(concept, form, ALTERNATIVE, language)
        if (len(corpus.names), len(corpus.texts)) != before:
            corpus.files.append(path.relative_to(folder).as_posix())
    if not corpus.texts:
        expected = "ESCO files such as skills_nl.csv, or parallel_skills.csv"
        raise DataError(f"no file to train on; expected {expected}", file=folder)
    return corpus


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file with a header, missing fields as empty texts."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            yield {key: value or "" for key, value in row.items() if key}


def concept_id(uri: str) -> str:
    """The last part of a concept's address: it stays the same over ESCO's versions."""
    return uri.rstrip("/").rsplit("/", 1)[-1]


def _texts(path: Path) -> Iterator[tuple[str, str, int, str]]:
    official = _OFFICIAL.search(path.name)
    for row in rows_of(path):
        if "conceptUri" not in row:
            return
        concept = concept_id(row["conceptUri"])
        if official and "preferredLabel" in row:
            language = path.stem[-2:]
            alternatives = f"{row.get('altLabels', '')}\n{row.get('hiddenLabels', '')}"
            yield from _kinds(concept, row["preferredLabel"], alternatives, row.get("description", ""), language)
        elif not official:
            for language in LANGUAGES:
                yield from _kinds(
                    concept,
                    row.get(language, ""),
                    row.get(f"{language}_alt", ""),
                    row.get(f"{language}_desc", ""),
                    language,
                )


def _kinds(
    concept: str, label: str, alternatives: str, description: str, language: str
) -> Iterator[tuple[str, str, int, str]]:
    yield concept, label, LABEL, language
    for alternative in alternatives.split("\n"):
        yield concept, alternative, ALTERNATIVE, language
    yield concept, description, DESCRIPTION, language


def _gender_forms(text: str, kind: int) -> list[str]:
    """ "directeur/directrice" is two titles."""
    if kind == DESCRIPTION or text.count("/") != 1:
        return []
    forms = _PAIR.split(text)
    return forms if min(len(form) for form in forms) > 3 else []
