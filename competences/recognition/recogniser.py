"""EVC: from experience, certificates and badges to the standards that a person could have recognised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from competences.embedding import Labels
from competences.encoders.protocol import Encoder
from competences.errors import MisuseError
from competences.recognition.finding import Finding, Support
from competences.recognition.judging import Brought, judge
from competences.recognition.ranking import StandardIndex
from competences.recognition.standard import AssessmentStandard, Judged, assessment_standard, parts_of
from competences.recognition.statements import Experience, Statement, statements
from competences.records.claims import ClaimStatus, CompetenceClaim, Evidence, Provenance

RECOGNISABLE = 0.5
"""Share of a standard that must be shown before an assessment of it is proposed."""


@dataclass(frozen=True)
class Partial:
    """A smaller standard that lies within a candidate: a partial qualification, or one role of a job."""

    id: str
    title: str
    shown: float
    """Expected share of it that the person can show, in [0, 1]."""
    complete: bool
    """True where every criterion has support: it could be assessed by itself."""


@dataclass(frozen=True)
class Candidate:
    """One standard for one person. A proposal: it recognises nothing."""

    standard_id: str
    title: str
    score: float
    """Higher is a better fit; to compare within one answer only."""
    findings: tuple[Finding, ...]
    partials: tuple[Partial, ...]

    @property
    def shown(self) -> float:
        """Expected share of the standard, by weight, that the person can show: the probabilities of the competences
        that have support. 0 where only its title is known."""
        return _shown(self.findings)

    @property
    def missing(self) -> tuple[Finding, ...]:
        """The criteria that still lack evidence or assessment."""
        return tuple(one for one in self.findings if one.missing)

    def claims(self) -> tuple[CompetenceClaim, ...]:
        """What words and papers suggest beyond what is certified: identified and self-declared, never more."""
        return tuple(
            CompetenceClaim(
                competence=one.requirement.competence,
                status=ClaimStatus.IDENTIFIED,
                provenance=Provenance.SELF_DECLARED,
                confidence=one.probability,
                evidence=(Evidence(kind="experience", text=one.span.text),) if one.span else (),
            )
            for one in self.findings
            if one.support in (Support.DOCUMENTED, Support.DECLARED)
        )


class Recogniser:
    """Judges any number of people against the same standards."""

    def __init__(self, standards: Iterable[Judged], encoder: Encoder, *, labels: Labels | None = None) -> None:
        self.encoder, self.labels = encoder, labels
        self.standards = tuple(sorted((assessment_standard(one, labels) for one in standards), key=lambda one: one.id))
        twice = [a.id for a, b in zip(self.standards, self.standards[1:], strict=False) if a.id == b.id]
        if twice:
            raise MisuseError(f"every standard is given once, but {twice[0]!r} twice")
        self._index = StandardIndex(self.standards, encoder)

    def candidates(self, experience: Experience, k: int = 10, *, on: date | None = None) -> tuple[Candidate, ...]:
        """The k standards that fit best, ties by id. None where nothing was said."""
        if k < 1:
            raise MisuseError(f"k is the number of standards to return, at least 1, not {k}")
        said = statements(experience, on or date.today(), self.labels)
        if not any(letter.isalnum() for one in said for letter in one.text):
            return ()
        scores = self._index.scores(_whole(said))
        brought = Brought.of(said, self.encoder)
        best = np.argsort(-scores, kind="stable")[:k].tolist()
        return tuple(self._candidate(self.standards[row], float(scores[row]), brought) for row in best)

    def _candidate(self, standard: AssessmentStandard, score: float, brought: Brought) -> Candidate:
        found = judge(standard.criteria, brought, self.encoder)
        by_key = {one.key: finding for one, finding in zip(standard.criteria, found, strict=True)}
        partials = tuple(
            _partial(part, [by_key[one.key] for one in part.criteria]) for part in parts_of(standard, self.standards)
        )
        return Candidate(standard.id, standard.title, score, found, partials)


def candidates(
    experience: Experience, standards: Iterable[Judged], encoder: Encoder, *, k: int = 10,
    labels: Labels | None = None, on: date | None = None,
) -> tuple[Candidate, ...]:  # fmt: skip
    """The k standards that fit what a person brings, each judged criterion by criterion.

    `experience` is a text, several, a profile, or any mix of texts, evidence, claims and credentials; `labels` (a
    taxonomy) puts words to ids. Keep a `Recogniser` where several people meet the same standards.
    """
    return Recogniser(standards, encoder, labels=labels).candidates(experience, k, on=on)


def evc_candidates(found: Iterable[Candidate], least: float = RECOGNISABLE) -> tuple[Candidate, ...]:
    """The EVC list: standards of which at least `least` is shown and that are not fully certified yet, the largest
    share first; whole ones by `shown`, and those with a part that could be assessed by itself."""
    worth = (
        one for one in found if one.missing and (one.shown >= least or any(part.complete for part in one.partials))
    )
    return tuple(sorted(worth, key=lambda one: (-one.shown, one.standard_id)))


def _whole(said: Sequence[Statement]) -> str:
    """Everything that was brought as one text, each statement once."""
    return "\n".join(dict.fromkeys(one.text for one in said))


def _shown(findings: Sequence[Finding]) -> float:
    total = sum(one.requirement.weight for one in findings)
    backed = (one for one in findings if one.support is not Support.NONE)
    return sum(one.requirement.weight * one.probability for one in backed) / total if total else 0.0


def _partial(part: AssessmentStandard, findings: Sequence[Finding]) -> Partial:
    return Partial(part.id, part.title, _shown(findings), all(one.support is not Support.NONE for one in findings))
