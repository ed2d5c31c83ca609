"""What a person says, shows or has proven to be able to do."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from competences.records.base import Identifier, Record, Share, Text
from competences.records.levels import Level, VKSLevel


class ClaimStatus(StrEnum):
    """The four phases of recognition of prior learning (Cedefop; Flemish decree of 26 April 2019)."""

    IDENTIFIED = "identified"
    DOCUMENTED = "documented"
    ASSESSED = "assessed"
    CERTIFIED = "certified"


class Provenance(StrEnum):
    """Who stands behind a claim: the person, someone who checked, or an authentic source."""

    SELF_DECLARED = "self_declared"
    VERIFIED = "verified"
    AUTHENTIC = "authentic"


class Evidence(Record):
    """What backs a claim: a sentence of a CV, a certificate, a reference."""

    kind: Text
    text: str | None = None
    source: str | None = None
    date: dt.date | None = None


CERTAIN = (ClaimStatus.CERTIFIED, ClaimStatus.ASSESSED)
"""An assessment stands behind these."""


class CompetenceClaim(Record):
    """One competence of one person. Matching never raises its status: only an assessment does."""

    competence: Identifier
    level: Level | None = None
    status: ClaimStatus = ClaimStatus.IDENTIFIED
    provenance: Provenance = Provenance.SELF_DECLARED
    confidence: Share = 1.0
    evidence: tuple[Evidence, ...] = ()
    date: dt.date | None = None
    expires: dt.date | None = None


class CredentialKind(StrEnum):
    """What a credential attests, from a degree to a badge."""

    DEGREE = "degree"
    PROFESSIONAL_QUALIFICATION = "professional_qualification"
    PARTIAL_QUALIFICATION = "partial_qualification"
    PROOF_OF_COMPETENCE = "proof_of_competence"
    MICROCREDENTIAL = "microcredential"
    BADGE = "badge"


class Credential(Record):
    """A diploma, qualification, microcredential or badge, and the claims that it implies."""

    id: Identifier
    kind: CredentialKind
    title: Text
    issuer: str | None = None
    vks_level: VKSLevel | None = None
    ects: float | None = None
    awarded: dt.date | None = None
    expires: dt.date | None = None
    confidence: Share = 1.0
    """How surely its holder can do what it states; multiplies each implied claim's confidence."""
    competences: tuple[Identifier | CompetenceClaim, ...] = ()

    def claims(self) -> tuple[CompetenceClaim, ...]:
        """The claims that this credential implies: certified, because an assessment stands behind it."""
        return tuple(self._claim(item) for item in self.competences)

    def _claim(self, item: str | CompetenceClaim) -> CompetenceClaim:
        claim = CompetenceClaim(competence=item) if isinstance(item, str) else item
        return claim.model_copy(
            update={
                "status": ClaimStatus.CERTIFIED,
                "provenance": Provenance.AUTHENTIC,
                "confidence": claim.confidence * self.confidence,
                "expires": claim.expires or self.expires,
                "evidence": (*claim.evidence, Evidence(kind=self.kind.value, text=self.title, source=self.issuer)),
            }
        )
