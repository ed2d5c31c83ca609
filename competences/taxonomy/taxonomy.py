"""Concepts with their labels per language, how they relate, and what could not be joined."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from typing import TypeVar

from competences.errors import UnknownIdError
from competences.records.competence import Competence, CompetenceKind, Requirement
from competences.records.roles import JobRole
from competences.taxonomy.concept import (
    LEARNABLE,
    NO_LANGUAGE,
    STRENGTH,
    Concept,
    ConceptKind,
    Relation,
    concept_of,
    distinct,
    text_in,
)
from competences.taxonomy.report import Dangling, Report

T = TypeVar("T")

OPTIONAL_WEIGHT = 0.25
"""Weight of a skill that an occupation lists as optional, beside 1 for an essential one: what many
holders of the job have, and no one asks of all."""


class Taxonomy:
    """Concepts by id, in the order given. `a` and `b` below are ids."""

    def __init__(
        self,
        concepts: Iterable[Concept],
        *,
        broader: Iterable[tuple[str, str]] = (),
        needs: Iterable[tuple[str, str, bool]] = (),
        crosswalks: Iterable[tuple[str, str, Relation]] = (),
        successors: Mapping[str, str] | None = None,
        languages: Sequence[str] = (),
    ) -> None:
        """`broader`: (a, b) where b is broader. `needs`: (a, b, essential) where an occupation or skill a
        asks for b. `crosswalks`: (a, b, what b is to a). `successors`: outdated id → the one in its place.
        `languages`: in order of preference; a concept without a label in one of them is reported."""
        self._concepts: dict[str, Concept] = {}
        for one in concepts:
            known = self._concepts.get(one.id)
            self._concepts[one.id] = known.filled_from(one) if known else one
        self._broader = _grouped(broader)
        self._narrower = _grouped((parent, child) for child, parent in _pairs(self._broader))
        self._needs: dict[str, dict[str, bool]] = {}
        for source, target, essential in needs:
            known_needs = self._needs.setdefault(source, {})
            known_needs[target] = essential or known_needs.get(target, False)
        self._crosswalks: dict[str, dict[str, Relation]] = {}
        for source, target, relation in crosswalks:
            self._cross(source, target, Relation(relation))
            self._cross(target, source, Relation(relation).inverse)
        self._successors = dict(successors or {})
        self.languages = tuple(languages)

    @classmethod
    def from_competences(cls, competences: Iterable[Competence]) -> Taxonomy:
        """A taxonomy without relations, of records from anywhere."""
        return cls(concept_of(one) for one in competences)

    def __len__(self) -> int:
        return len(self._concepts)

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._concepts

    def concepts(self, *kinds: ConceptKind) -> Iterator[Concept]:
        """All concepts, or those of some kinds."""
        return (one for one in self._concepts.values() if not kinds or one.kind in kinds)

    def concept(self, identifier: str) -> Concept:
        """Raises `UnknownIdError`."""
        try:
            return self._concepts[identifier]
        except KeyError:
            raise UnknownIdError("concept", identifier, f"not in {self.version}") from None

    def label(self, identifier: str, language: str | None = None) -> str:
        """The preferred label in a language, else in the first of `languages` that has one, else any,
        else the id."""
        one = self.concept(identifier)
        for wanted in (language or "", *self.languages):
            if wanted in one.labels:
                return one.labels[wanted]
        return next(iter(one.labels.values()), identifier)

    def labels(self, identifier: str) -> tuple[str, ...]:
        """All preferred labels; none where the id is unknown."""
        one = self._concepts.get(identifier)
        return distinct(one.labels.values()) if one else ()

    def all_labels(self, identifier: str, language: str | None = None) -> tuple[str, ...]:
        """Preferred, alternative and hidden labels, in one language or all; none where the id is unknown."""
        one = self._concepts.get(identifier)
        if one is None:
            return ()
        keys = [language] if language else list({**one.labels, **one.alternatives, **one.hidden})
        preferred = [text for key in keys for text in text_in(one.labels, key)]
        others = [text for group in (one.alternatives, one.hidden) for key in keys for text in group.get(key, ())]
        return distinct([*preferred, *others])

    def description(self, identifier: str) -> str | None:
        """The description in the first of `languages` that has one, else any."""
        texts = self.concept(identifier).descriptions
        return next((texts[key] for key in (*self.languages, *texts) if key in texts), None)

    def competence(self, identifier: str) -> Competence:
        """The concept as a record. Raises `UnknownIdError`."""
        one = self.concept(identifier)
        labels = {key: text for key, text in one.labels.items() if key != NO_LANGUAGE}
        return Competence(
            id=one.id,
            label=self.label(identifier),
            labels=labels,
            alternative_labels=distinct(text for group in one.alternatives.values() for text in group),
            description=self.description(identifier),
            kind=CompetenceKind(one.kind.value) if one.kind in LEARNABLE else None,
            reuse_level=one.reuse_level,
            scheme=one.scheme,
            version=one.version,
        )

    def competences(self) -> Iterator[Competence]:
        """Every skill, knowledge and attitude as a record."""
        return (self.competence(one.id) for one in self.concepts(*LEARNABLE))

    def broader(self, identifier: str) -> tuple[str, ...]:
        """Direct parents."""
        return self._broader.get(identifier, ())

    def narrower(self, identifier: str) -> tuple[str, ...]:
        """Direct children."""
        return self._narrower.get(identifier, ())

    def essential(self, identifier: str) -> tuple[str, ...]:
        """What an occupation or a skill cannot do without."""
        return tuple(b for b, essential in self._needs.get(identifier, {}).items() if essential)

    def optional(self, identifier: str) -> tuple[str, ...]:
        """What an occupation or a skill may ask for."""
        return tuple(b for b, essential in self._needs.get(identifier, {}).items() if not essential)

    def relations(self, identifier: str) -> dict[str, Relation]:
        """b → what b is to this one: "narrower" where b is narrower. A crosswalk wins over the hierarchy."""
        return {
            **dict.fromkeys(self.broader(identifier), Relation.BROADER),
            **dict.fromkeys(self.narrower(identifier), Relation.NARROWER),
            **self._crosswalks.get(identifier, {}),
        }

    def crosswalk(self, identifier: str) -> dict[str, Relation]:
        """b → what b is to this one, of other schemes only as far as a crosswalk states it."""
        return dict(self._crosswalks.get(identifier, {}))

    def fields_of_study(self, identifier: str) -> tuple[str, ...]:
        """ISCED-F codes of the groups right above a concept."""
        parents = (self._concepts.get(parent) for parent in self.broader(identifier))
        return tuple(one.code for one in parents if one and one.code and "/isced-f/" in one.id)

    def role(self, identifier: str) -> JobRole:
        """An occupation as a role: essential skills weigh 1, optional ones `OPTIONAL_WEIGHT`; skills that the
        taxonomy does not hold are in `report().dangling`. Raises `UnknownIdError`."""
        one = self.concept(identifier)
        return JobRole(
            id=one.id,
            title=self.label(identifier),
            titles={key: text for key, text in one.labels.items() if key != NO_LANGUAGE},
            requirements=tuple(
                Requirement(competence=b, weight=1.0 if essential else OPTIONAL_WEIGHT)
                for b, essential in self._needs.get(identifier, {}).items()
                if b in self._concepts
            ),
            occupation=one.id,
            description=self.description(identifier),
        )

    def roles(self) -> Iterator[JobRole]:
        """Every occupation as a role."""
        return (self.role(one.id) for one in self.concepts(ConceptKind.OCCUPATION))

    def successor(self, identifier: str) -> str | None:
        """The id to use today: itself where current, else what took its place, else None. Raises
        `UnknownIdError` for an id that was never seen."""
        seen: set[str] = set()
        while identifier in self._successors and identifier not in seen:
            seen.add(identifier)
            identifier = self._successors[identifier]
        return identifier if self.concept(identifier).current and identifier not in seen else None

    def merge(self, other: Taxonomy) -> Taxonomy:
        """Both together; what this one states wins, the other fills in."""
        return Taxonomy(
            (*self._concepts.values(), *other._concepts.values()),
            broader=(*_pairs(self._broader), *_pairs(other._broader)),
            needs=(*_triples(self._needs), *_triples(other._needs)),
            crosswalks=(*_triples(self._crosswalks), *_triples(other._crosswalks)),
            successors={**other._successors, **self._successors},
            languages=distinct([*self.languages, *other.languages]),
        )

    @cached_property
    def version(self) -> str:
        """Schemes with their versions, such as "esco 1.1.1, esco 1.2.0"."""
        found = {f"{one.scheme or 'unnamed'} {one.version or ''}".strip() for one in self._concepts.values()}
        return ", ".join(sorted(found)) or "empty"

    @cached_property
    def fingerprint(self) -> str:
        """16 hexadecimal digits over all concepts and relations: a saved index pins it."""
        digest = hashlib.sha256()
        for identifier in sorted(self._concepts):
            digest.update(json.dumps(asdict(self._concepts[identifier]), sort_keys=True).encode())
        for pairs in (_pairs(self._broader), self._successors.items()):
            digest.update(json.dumps(sorted(pairs)).encode())
        for triples in (_triples(self._needs), _triples(self._crosswalks)):
            digest.update(json.dumps(sorted((a, b, str(value)) for a, b, value in triples)).encode())
        return digest.hexdigest()[:16]

    def report(self) -> Report:
        """What was not joined: labels per language, older concepts, relations that lead nowhere."""
        return Report(
            missing={language: self._missing(language) for language in self.languages},
            outdated=tuple(one.id for one in self._concepts.values() if not one.current),
            dangling=tuple(self._dangling()),
        )

    def _dangling(self) -> Iterator[Dangling]:
        known = self._concepts.keys()
        yield from (Dangling(a, "broader", b) for a, b in _pairs(self._broader) if not {a, b} <= known)
        for a, b, essential in _triples(self._needs):
            if not {a, b} <= known:
                yield Dangling(a, "essential" if essential else "optional", b)
        for a, b, relation in _triples(self._crosswalks):
            # Crosswalks stand in both directions: the one that leaves a known concept is shown.
            if b not in known and (a in known or a < b):
                yield Dangling(a, relation.value, b)

    def _missing(self, language: str) -> tuple[str, ...]:
        """Ids without a label in a language that their scheme speaks."""
        speaking = {one.scheme for one in self._concepts.values() if language in one.labels}
        return tuple(one.id for one in self._concepts.values() if one.scheme in speaking and language not in one.labels)

    def _cross(self, source: str, target: str, relation: Relation) -> None:
        known = self._crosswalks.setdefault(source, {})
        known[target] = min(known.get(target, relation), relation, key=STRENGTH.__getitem__)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for key, value in pairs:
        found.setdefault(key, {})[value] = None
    return {key: tuple(values) for key, values in found.items()}


def _pairs(grouped: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    return ((key, value) for key, values in grouped.items() for value in values)


def _triples(nested: Mapping[str, Mapping[str, T]]) -> Iterator[tuple[str, str, T]]:
    return ((a, b, value) for a, inner in nested.items() for b, value in inner.items())
