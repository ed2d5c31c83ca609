"""The slow obvious twin's worth: pair by pair, what a person holds and what an offer adds to it."""

from __future__ import annotations

from datetime import date

import numpy as np

from competences.records.claims import ClaimStatus
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer, OfferKind
from competences.vectors import similarity
from matching.settings import Settings


class Worth:
    """Looks at every pair of competences."""

    def __init__(self, offers: list[LearningOffer], encoder: object, settings: Settings) -> None:
        self.offers, self.encoder, self.settings = offers, encoder, settings
        self._strengths: dict[tuple[str, str], float] = {}

    def strength(self, held: str, asked: str) -> float:
        """How far holding one competence gives another, from their vectors; each pair is looked at once."""
        if (held, asked) not in self._strengths:
            self._strengths[held, asked] = self._strength(held, asked)
        return self._strengths[held, asked]

    def _strength(self, held: str, asked: str) -> float:
        if held == asked:
            return 1.0
        calibration = self.encoder.calibration
        threshold = self.settings.coverage_threshold or calibration.coverage_threshold
        if threshold >= 1:
            return 0.0
        one, other = self.encoder.encode([held]), self.encoder.encode([asked])
        row = np.zeros(1, np.int64)
        value = float(calibration.coverage(similarity(one, row, other, row))[0])
        return value if value >= np.float32(threshold) else 0.0

    def held(self, learner: LearnerProfile, requirement: object, on: date) -> tuple[float, float]:
        """(held, recognisable)."""
        held = able = 0.0
        for claim in learner.claims:
            if claim.expires is not None and claim.expires < on:
                continue
            value = self.strength(claim.competence, requirement.competence) * factor(claim.level, requirement.level)
            held = max(held, self.settings.trust(claim) * value)
            if claim.status not in (ClaimStatus.ASSESSED, ClaimStatus.CERTIFIED):
                able = max(able, claim.confidence * value)
        return held, able

    def gain(self, offer: LearningOffer, learner: LearnerProfile, on: date) -> float:
        requirements = learner.goal.requirements
        total = sum(requirement.weight for requirement in requirements)
        gain = 0.0
        for requirement in requirements:
            held, able = self.held(learner, requirement, on)
            values = [
                self.strength(outcome.competence, requirement.competence) * factor(outcome.level, requirement.level)
                for outcome in offer.outcomes
            ]
            value = max(values, default=0.0) * (able if offer.kind is OfferKind.RECOGNITION else 1.0)
            gain += requirement.weight * max(0.0, value - held)
        return gain / total


def factor(level: float | None, asked: float | None) -> float:
    return 1.0 if level is None or asked is None else min(level, asked) / asked
