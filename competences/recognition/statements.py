"""What a person brings, as statements: words, documents, claims and credentials, and how firmly each stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from competences.embedding import Labels
from competences.errors import MisuseError
from competences.records.claims import CERTAIN, ClaimStatus, CompetenceClaim, Credential, Evidence, Provenance
from competences.records.learners import LearnerProfile

OWN_WORDS = frozenset({"experience", "resume", "summary", "skills", "cv", "screening"})
"""Kinds of evidence in which the person speaks; any other kind is a document."""

Brought = str | Evidence | CompetenceClaim | Credential
Experience = Brought | LearnerProfile | Iterable[Brought]


class Standing(IntEnum):
    """How firmly a statement stands; a higher one needs less to be shown."""

    DECLARED = 1
    DOCUMENTED = 2
    CERTIFIED = 3


@dataclass(frozen=True)
class Statement:
    """One thing that a person brings."""

    text: str
    standing: Standing = Standing.DECLARED
    competence: str | None = None
    """The competence that it names outright; None for words that may name any."""
    level: float | None = None
    confidence: float = 1.0
    expired: bool = False
    source: str | None = None
    """The credential or kind of evidence that it comes from."""


def statements(experience: Experience, on: date, labels: Labels | None = None) -> tuple[Statement, ...]:
    """All statements in what a person brings, in the order given; expired ones are kept and marked.

    Raises `MisuseError` for anything that is no text, evidence, claim, credential or profile.
    """
    if isinstance(experience, LearnerProfile):
        return statements((*experience.claims, *experience.credentials), on, labels)
    items = [experience] if isinstance(experience, Brought) else list(experience)
    return tuple(one for item in items for one in _read(item, on, labels) if one.text.strip())


def _read(item: Brought, on: date, labels: Labels | None) -> Iterator[Statement]:
    if isinstance(item, str):
        yield Statement(item)
    elif isinstance(item, Evidence):
        yield from _evidence(item)
    elif isinstance(item, CompetenceClaim):
        yield _claim(item, on, labels, source=None)
        yield from (one for evidence in item.evidence for one in _evidence(evidence))
    elif isinstance(item, Credential):
        expired = item.expires is not None and item.expires < on
        # The title says what was learned, but not which competences were assessed: a document, no certificate.
        yield Statement(item.title, Standing.DOCUMENTED, expired=expired, source=item.id)
        yield from (_claim(claim, on, labels, source=item.id) for claim in item.claims())
    else:
        raise MisuseError(f"experience is text, evidence, claims, credentials or a profile, not {type(item).__name__}")


def _evidence(evidence: Evidence) -> Iterator[Statement]:
    if evidence.text:
        standing = Standing.DECLARED if evidence.kind in OWN_WORDS else Standing.DOCUMENTED
        yield Statement(evidence.text, standing, source=evidence.kind)


def _claim(claim: CompetenceClaim, on: date, labels: Labels | None, source: str | None) -> Statement:
    known = labels.labels(claim.competence) if labels is not None else ()
    expired = claim.expires is not None and claim.expires < on
    return Statement(
        known[0] if known else claim.competence, _standing(claim), claim.competence, claim.level, claim.confidence,
        expired, source,
    )  # fmt: skip


def _standing(claim: CompetenceClaim) -> Standing:
    if claim.status in CERTAIN:
        return Standing.CERTIFIED
    if claim.status is ClaimStatus.DOCUMENTED or claim.provenance is not Provenance.SELF_DECLARED:
        return Standing.DOCUMENTED
    return Standing.DECLARED
