"""One concept, and what another can be to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from competences.records.competence import Competence

NO_LANGUAGE = "und"
"""Key of labels whose language nobody stated (the code that BCP 47 has for it)."""


class ConceptKind(StrEnum):
    SKILL = "skill"
    KNOWLEDGE = "knowledge"
    ATTITUDE = "attitude"
    OCCUPATION = "occupation"
    GROUP = "group"


LEARNABLE = (ConceptKind.SKILL, ConceptKind.KNOWLEDGE, ConceptKind.ATTITUDE)


class Relation(StrEnum):
    """What another concept is to this one."""

    EXACT = "exact"
    CLOSE = "close"
    NARROWER = "narrower"
    BROADER = "broader"

    @property
    def inverse(self) -> Relation:
        return {Relation.NARROWER: Relation.BROADER, Relation.BROADER: Relation.NARROWER}.get(self, self)


STRENGTH = {Relation.EXACT: 0, Relation.CLOSE: 1, Relation.NARROWER: 2, Relation.BROADER: 2}
"""Rank, strongest first. Of two that contradict each other the first stated counts."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One entry of a taxonomy. Texts are keyed by language ("nl"), `NO_LANGUAGE` where it is not stated."""

    id: str
    kind: ConceptKind
    labels: Mapping[str, str] = field(default_factory=dict)
    alternatives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hidden: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Labels to find it by and never to show: misspellings, outdated words."""
    descriptions: Mapping[str, str] = field(default_factory=dict)
    scheme: str | None = None
    version: str | None = None
    """Newest version of the scheme in which it was seen."""
    code: str | None = None
    """ISCO-08 or ISCED-F code, or the scheme's own."""
    reuse_level: str | None = None
    collections: tuple[str, ...] = ()
    """Named selections that it belongs to: digital, green, language, transversal."""
    current: bool = True
    """False where a newer version of the scheme no longer holds it."""

    def filled_from(self, other: Concept) -> Concept:
        """This concept, with what only the other one knows; nothing stated here is overwritten."""
        keys = sorted({*self.alternatives, *other.alternatives, *other.labels})
        alternatives = {key: self._alternatives_with(other, key) for key in keys}
        hidden = {
            key: distinct([*self.hidden.get(key, ()), *other.hidden.get(key, ())])
            for key in sorted({*self.hidden, *other.hidden})
        }
        return replace(
            self,
            labels={**other.labels, **self.labels},
            alternatives={key: found for key, found in alternatives.items() if found},
            hidden=hidden,
            descriptions={**other.descriptions, **self.descriptions},
            scheme=self.scheme or other.scheme,
            version=self.version or other.version,
            code=self.code or other.code,
            reuse_level=self.reuse_level or other.reuse_level,
            collections=tuple(sorted({*self.collections, *other.collections})),
        )

    def _alternatives_with(self, other: Concept, key: str) -> tuple[str, ...]:
        found = [
            *self.alternatives.get(key, ()),
            *text_in(other.labels, key),
            *other.alternatives.get(key, ()),
        ]
        return distinct(found, but=self.labels.get(key, other.labels.get(key)))


def distinct(texts: Iterable[str], but: str | None = None) -> tuple[str, ...]:
    """Texts in order, each once, without empty ones and without one that is named."""
    return tuple(text for text in dict.fromkeys(texts) if text and text != but)


def text_in(texts: Mapping[str, str], key: str) -> tuple[str, ...]:
    return (texts[key],) if key in texts else ()


def concept_of(one: Competence) -> Concept:
    labels = dict(one.labels) if one.label in one.labels.values() else {NO_LANGUAGE: one.label, **one.labels}
    return Concept(
        id=one.id,
        kind=ConceptKind(one.kind.value) if one.kind else ConceptKind.SKILL,
        labels=labels,
        alternatives={NO_LANGUAGE: one.alternative_labels} if one.alternative_labels else {},
        descriptions={NO_LANGUAGE: one.description} if one.description else {},
        scheme=one.scheme,
        version=one.version,
        reuse_level=one.reuse_level,
    )
