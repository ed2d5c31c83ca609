"""Answers become claims: self-declared, identified, and nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from competences.records.claims import ClaimStatus, CompetenceClaim, Evidence, Provenance
from competences.records.learners import LearnerProfile
from matching.screening.question import Question

ANSWERED = Evidence(kind="screening")


def answer(
    learner: LearnerProfile, answers: Mapping[Question | str, bool], *, on: date | None = None
) -> LearnerProfile:
    """The profile with the answers in it: a new record, the old one stays.

    A yes adds a self-declared claim at the level that was asked (a competence id asks for no level). A no withdraws
    what the person declared of that competence at that level; documents and certificates stay as they are.
    """
    claims = learner.claims
    for question, yes in answers.items():
        competence, level = _asked(question)
        claims = tuple(one for one in claims if not _declared(one, competence, level))
        if yes:
            claims = (*claims, CompetenceClaim(competence=competence, level=level, evidence=(ANSWERED,), date=on))
    return learner.model_copy(update={"claims": claims})


def _asked(question: Question | str) -> tuple[str, float | None]:
    return (question, None) if isinstance(question, str) else (question.competence, question.level)


def _declared(claim: CompetenceClaim, competence: str, level: float | None) -> bool:
    """Whether the answer speaks of what this claim says; a claim of a lower level is another matter."""
    if claim.competence != competence or claim.status is not ClaimStatus.IDENTIFIED:
        return False
    below = claim.level is not None and level is not None and claim.level < level
    return claim.provenance is Provenance.SELF_DECLARED and not below
