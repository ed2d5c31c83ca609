"""Beroepskwalificaties: the Flemish standards that an EVC assessment is judged against.

They refer to Competent by id. Ids that Competent 3.8 knows (SK-…, KN-…, SO-…) become relations; older
ones ("co 03231", "17315-c") are kept apart, so that nobody takes them for today's.

Source: Vlaamse overheid, Vlaamse kwalificatiestructuur.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from competences.errors import DataError
from competences.records.base import Text
from competences.records.claims import Credential, CredentialKind
from competences.records.competence import Competence, CompetenceKind, Requirement
from competences.records.io import first_problem, open_text
from competences.records.levels import VKSLevel
from competences.records.roles import JobRole
from competences.taxonomy.concept import Concept, ConceptKind, Relation
from competences.taxonomy.taxonomy import Taxonomy

LANGUAGE = "nl"
_COMPETENT = re.compile(r"^((?:SK|KN|SO)-\d+)(?:-c)?$")


@dataclass(frozen=True)
class Standard:
    """One beroepskwalificatie: as a role it says what is required, as a credential what is awarded."""

    role: JobRole
    credential: Credential
    competences: tuple[Competence, ...]
    """One per requirement; the description lists its skills and knowledge, one a line."""
    references: tuple[tuple[str, str], ...]
    """(competence id, Competent id)."""
    unresolved: tuple[tuple[str, str], ...]
    """(competence id, reference) that is no id of Competent 3.8."""
    status: str | None


class _Part(BaseModel):
    tekst: Text


class _Competence(BaseModel):
    id: Text
    tekst: Text
    type: str | None = None
    kennis: list[_Part] = []
    vaardigheden: list[_Part] = []
    referenties: list[str] = []


class _File(BaseModel):
    bk: Text
    titel: Text
    versie: int | None = None
    status: str | None = None
    vks: VKSLevel | None = None
    definitie: str | None = None
    competenties: list[_Competence]


def read_standards(path: str | Path) -> list[Standard]:
    """One standard from a JSON file, or all BK-*.json in a folder and the folders in it, by file name.

    Raises `DataError` naming file, field and what was expected.
    """
    path = Path(path)
    files = sorted(path.rglob("BK-*.json")) if path.is_dir() else [path]
    if not files:
        raise DataError("holds no BK-*.json", file=path)
    return [_standard(_parsed(file)) for file in files]


def taxonomy_of(standards: Iterable[Standard]) -> Taxonomy:
    """The competences of some standards as concepts of scheme "vks", related to Competent: a single
    reference is close, one of several a narrower part."""
    standards = list(standards)
    parts: dict[str, list[str]] = {}
    for one in standards:
        for competence, reference in one.references:
            parts.setdefault(competence, []).append(reference)
    return Taxonomy(
        (_concept(competence) for one in standards for competence in one.competences),
        crosswalks=[
            (competence, reference, Relation.CLOSE if len(references) == 1 else Relation.NARROWER)
            for competence, references in parts.items()
            for reference in references
        ],
        languages=(LANGUAGE,),
    )


def _parsed(path: Path) -> _File:
    with open_text(path) as file:
        try:
            return _File.model_validate_json(file.read())
        except ValidationError as error:
            field, expected = first_problem(error)
            raise DataError(expected, file=path, field=field or None) from error
        except UnicodeDecodeError as error:
            raise DataError(f"cannot be read as UTF-8 text: {error}", file=path) from error


def _standard(file: _File) -> Standard:
    references = [(one.id, reference) for one in file.competenties for reference in one.referenties]
    matched = [(competence, _COMPETENT.match(reference.strip())) for competence, reference in references]
    identifiers = tuple(one.id for one in file.competenties)
    return Standard(
        role=JobRole(
            id=file.bk,
            title=file.titel,
            titles={LANGUAGE: file.titel},
            requirements=tuple(Requirement(competence=identifier) for identifier in identifiers),
            description=file.definitie,
        ),
        credential=Credential(
            id=file.bk,
            kind=CredentialKind.PROFESSIONAL_QUALIFICATION,
            title=file.titel,
            issuer="Vlaamse overheid",
            vks_level=file.vks,
            competences=identifiers,
        ),
        competences=tuple(_competence(one, file) for one in file.competenties),
        references=tuple(dict.fromkeys((competence, found[1]) for competence, found in matched if found)),
        unresolved=tuple(pair for pair, (_, found) in zip(references, matched, strict=True) if not found),
        status=file.status,
    )


def _competence(one: _Competence, file: _File) -> Competence:
    lines = [part.tekst for part in (*one.vaardigheden, *one.kennis)]
    return Competence(
        id=one.id,
        label=one.tekst,
        labels={LANGUAGE: one.tekst},
        description="\n".join(lines) or None,
        kind=CompetenceKind.SKILL,
        scheme="vks",
        version=None if file.versie is None else str(file.versie),
    )


def _concept(one: Competence) -> Concept:
    return Concept(
        id=one.id,
        kind=ConceptKind.SKILL,
        labels=one.labels,
        descriptions={LANGUAGE: one.description} if one.description else {},
        scheme=one.scheme,
        version=one.version,
    )
