"""Records to vectors: what a record says in parts, one row each, and their weighted mean.

| record | parts | weight |
|---|---|---|
| text | its phrases | 1 |
| Competence | preferred labels together; each alternative; phrases of the description | 1; ¼; ¼ shared |
| JobRole (an EVC standard is read as one) | title; each requirement | 1; the requirement's |
| LearningOffer | title; each outcome; phrases of the description | 1; 1; 1 shared |
| LearnerProfile | each claim, those that credentials imply included; never the goal | its confidence |
| Credential | title; each claim | 1; its confidence |
| Goal | its text, role or requirements | as above |
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import singledispatch
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from competences.encoders.protocol import Encoder
from competences.encoders.text import phrases
from competences.errors import MisuseError
from competences.records.claims import CompetenceClaim, Credential
from competences.records.competence import Competence, Outcome, Requirement
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer
from competences.records.roles import Goal, JobRole

MINOR = 0.25
"""Weight of an alternative label, and of a description as a whole, beside a preferred label."""

Embeddable = Competence | JobRole | LearningOffer | LearnerProfile | Credential | Goal | str


class Labels(Protocol):
    """What embedding needs of a taxonomy."""

    def labels(self, identifier: str) -> Sequence[str]:
        """All preferred labels, or an empty sequence where the id is unknown."""
        ...


class Part(NamedTuple):
    """One phrase or claim: texts that mean the same (one row, their mean direction), and its weight."""

    texts: tuple[str, ...]
    weight: float = 1.0
    by_id: bool = False
    """True where the text may be the id of a concept."""


@dataclass(frozen=True)
class Embedded:
    """Rows per part, grouped by record in the order given."""

    vectors: NDArray[np.float32]
    """(n parts, dim) unit rows; zero where a part holds no letter or digit."""
    owners: NDArray[np.int64]
    """(n parts,) ascending: the row of the record in `means`."""
    texts: tuple[str, ...]
    """What each row stands for; of several labels the first."""
    weights: NDArray[np.float32]
    """(n parts,)."""
    means: NDArray[np.float32]
    """(n records, dim) unit rows, the direction of the weighted sum; zero for a record that says nothing."""

    def of(self, record: int) -> slice:
        """The rows of one record."""
        low, high = np.searchsorted(self.owners, [record, record + 1])
        return slice(int(low), int(high))


def embed(records: Embeddable | Iterable[Embeddable], encoder: Encoder, *, taxonomy: Labels | None = None) -> Embedded:
    """Embed any mix of records; ids of competences and roles become the labels that `taxonomy` has for them.

    Raises `MisuseError` for anything that is no record.
    """
    listed = [records] if isinstance(records, Embeddable) else list(records)
    parts = [[_resolved(part, taxonomy) for part in parts_of(one)] for one in listed]
    flat = [part for group in parts for part in group]
    owners = np.repeat(np.arange(len(listed), dtype=np.int64), [len(group) for group in parts])
    weights = np.array([part.weight for part in flat], dtype=np.float32)
    encoded = _encoded(flat, encoder)
    vectors = _means(encoded, np.ones(len(encoded), np.float32), _text_owners(flat), len(flat))
    means = _means(vectors, weights, owners, len(listed))
    return Embedded(vectors, owners, tuple(part.texts[0] for part in flat), weights, means)


def _text_owners(parts: Sequence[Part]) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(parts), dtype=np.int64), [len(part.texts) for part in parts])


def _encoded(parts: Sequence[Part], encoder: Encoder) -> NDArray[np.float32]:
    """(n texts, dim): each distinct text is encoded once."""
    distinct: dict[str, int] = {}
    rows = [distinct.setdefault(text, len(distinct)) for part in parts for text in part.texts]
    if not rows:
        return np.zeros((0, encoder.dim), dtype=np.float32)
    return encoder.encode(list(distinct))[rows]


def _means(
    vectors: NDArray[np.float32], weights: NDArray[np.float32], owners: NDArray[np.int64], n: int
) -> NDArray[np.float32]:
    """(n, dim) unit rows: direction of the weighted sum of each owner's vectors."""
    sums = np.zeros((n, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, owners, vectors * weights[:, None])
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    means: NDArray[np.float32] = np.divide(sums, lengths, out=np.zeros_like(sums), where=lengths > 1e-6)
    return means


def _resolved(part: Part, taxonomy: Labels | None) -> Part:
    found = tuple(taxonomy.labels(part.texts[0])) if taxonomy is not None and part.by_id else ()
    return part._replace(texts=found) if found else part


@singledispatch
def parts_of(record: object) -> list[Part]:
    """What a record says, in parts."""
    kinds = "Competence, JobRole, LearningOffer, LearnerProfile, Credential, Goal or a text"
    raise MisuseError(f"cannot embed a {type(record).__name__}: expected {kinds}")


@parts_of.register
def _of_text(record: str) -> list[Part]:
    return [Part((phrase.text,)) for phrase in phrases(record)]


@parts_of.register
def _of_competence(record: Competence) -> list[Part]:
    preferred = tuple(dict.fromkeys((record.label, *record.labels.values())))
    others = [Part((label,), MINOR) for label in dict.fromkeys(record.alternative_labels) if label not in preferred]
    return [Part(preferred), *others, *_shared(record.description, MINOR)]


@parts_of.register
def _of_role(record: JobRole) -> list[Part]:
    titles = tuple(dict.fromkeys((record.title, *record.titles.values())))
    return [Part(titles), *_required(record.requirements)]


@parts_of.register
def _of_offer(record: LearningOffer) -> list[Part]:
    return [Part((record.title,)), *map(_taught, record.outcomes), *_shared(record.description, 1.0)]


@parts_of.register
def _of_learner(record: LearnerProfile) -> list[Part]:
    implied = (claim for credential in record.credentials for claim in credential.claims())
    return [_claimed(claim) for claim in (*record.claims, *implied)]


@parts_of.register
def _of_credential(record: Credential) -> list[Part]:
    return [Part((record.title,)), *map(_claimed, record.claims())]


@parts_of.register
def _of_goal(record: Goal) -> list[Part]:
    if record.text is not None:
        return parts_of(record.text)
    if isinstance(record.role, JobRole):
        return parts_of(record.role)
    if record.role is not None:
        return [Part((record.role,), by_id=True)]
    return _required(record.requirements or ())


def _required(requirements: Iterable[Requirement]) -> list[Part]:
    return [Part((one.competence,), one.weight, by_id=True) for one in requirements]


def _taught(outcome: Outcome) -> Part:
    return Part((outcome.competence,), by_id=True)


def _claimed(claim: CompetenceClaim) -> Part:
    return Part((claim.competence,), claim.confidence, by_id=True)


def _shared(text: str | None, weight: float) -> list[Part]:
    """The phrases of a text, which share a weight."""
    found = phrases(text or "")
    return [Part((phrase.text,), weight / len(found)) for phrase in found]
