"""Planning again from where a person is: what was done counts as held, what was dropped does not come back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from competences.records.claims import CERTAIN, ClaimStatus, CompetenceClaim, Provenance
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer, OfferKind
from matching.index.generation import Generation
from matching.query.demand import current_claims
from matching.query.kernels import level_factor


def after(learner: LearnerProfile, done: Iterable[str], generation: Generation, on: date) -> LearnerProfile:
    """The learner with these offers followed: their outcomes are claims that were assessed.

    A recognition route gives its outcomes only as far as the person could do them already."""
    offers = [generation.catalogue.offers[generation.catalogue.row(one)] for one in done]
    claims = [claim for offer in offers for claim in _claims(offer, learner, generation, on)]
    completed = dict.fromkeys((*learner.completed, *(offer.id for offer in offers)))
    return learner.model_copy(update={"completed": tuple(completed), "claims": (*learner.claims, *claims)})


def _claims(
    offer: LearningOffer, learner: LearnerProfile, generation: Generation, on: date
) -> Iterable[CompetenceClaim]:
    for outcome in offer.outcomes:
        able = 1.0
        if offer.kind is OfferKind.RECOGNITION:
            able = _able(outcome.competence, outcome.level or 0.0, learner, generation, on)
        if able > 0:
            yield CompetenceClaim(
                competence=outcome.competence,
                level=outcome.level,
                status=ClaimStatus.ASSESSED,
                provenance=Provenance.VERIFIED,
                confidence=able,
            )


def _able(competence: str, level: float, learner: LearnerProfile, generation: Generation, on: date) -> float:
    """How far the person's uncertified claims give an outcome already."""
    strengths, _, _ = generation.coverage.of([competence])
    ids = generation.coverage.concepts.vocabulary.ids
    given = {ids[row]: float(value) for row, value in zip(strengths.rows, strengths.values, strict=True)}
    return max(
        (
            claim.confidence * given.get(claim.competence, 0.0) * level_factor(claim.level or 0.0, level)
            for claim in current_claims(learner, on)
            if claim.status not in CERTAIN
        ),
        default=0.0,
    )
