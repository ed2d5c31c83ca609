"""A catalogue of hundreds of offers with levels, far more than are ever looked at, against the slow obvious twin."""

from __future__ import annotations

from random import Random

import pytest

from competences.records.claims import ClaimStatus, CompetenceClaim
from competences.records.competence import Outcome, Requirement
from competences.records.hours import TimeBudget, TimeDemand
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer, OfferKind
from competences.records.roles import Goal
from matching.matcher import Matcher
from matching.query.workspace import NUMBER
from matching.settings import Settings
from oracle import Oracle
from strategies import TODAY
from toy_encoder import ToyEncoder

TOY = ToyEncoder()
NAMES = [f"skill {i}" for i in range(60)]


def catalogue(draw: Random, n: int) -> list[LearningOffer]:
    """Most outcomes state a level, most offers are short, one in eight is a recognition route."""
    return [
        LearningOffer(
            id=f"o{i:03d}", title=f"offer {i}",
            outcomes=tuple(
                Outcome(competence=draw.choice(NAMES), level=draw.choice([None, 1, 2, 3, 4]))
                for _ in range(draw.randint(1, 6))
            ),
            time=TimeDemand(contact_hours=draw.randint(1, 60)),
            kind=OfferKind.RECOGNITION if draw.random() < 0.125 else OfferKind.COURSE,
            outcome_group=f"g{draw.randint(0, 20)}" if draw.random() < 0.2 else None,
        )
        for i in range(n)
    ]  # fmt: skip


def learner(draw: Random, asked: int) -> LearnerProfile:
    """One who asks for levels that many offers do not reach, and claims some of it."""
    return LearnerProfile(
        id="l",
        goal=Goal(
            requirements=tuple(
                Requirement(competence=draw.choice(NAMES), level=draw.choice([None, 2, 4]), weight=draw.randint(1, 5))
                for _ in range(asked)
            )
        ),
        budget=TimeBudget(hours_per_week=draw.randint(1, 6), weeks=20),
        claims=tuple(
            CompetenceClaim(competence=draw.choice(NAMES), status=status, level=draw.choice([1, 3]))
            for status in draw.choices(list(ClaimStatus), k=4)
        ),
    )  # fmt: skip


@pytest.mark.parametrize(("seed", "asked"), [(1, 1), (2, 3), (3, 6), (4, 15), (5, 40), (6, NUMBER + 5)])
@pytest.mark.parametrize("threshold", [0.4, 0.8])
def test_the_best_are_those_of_looking_at_every_offer(seed: int, asked: int, threshold: float) -> None:
    draw, settings = Random(seed), Settings(coverage_threshold=threshold)
    offers = catalogue(draw, 250)
    matcher, oracle = Matcher.from_offers(offers, encoder=TOY, settings=settings), Oracle(offers, TOY, settings)
    person = learner(draw, asked)
    expected = oracle.match(person, TODAY, len(offers))
    gains = {one.offer_id: one.gain for one in expected}
    for k in (1, 3, 10, len(offers)):
        found = matcher.match(person, k, on=TODAY).matches
        assert [one.score for one in found] == pytest.approx([one.score for one in expected[:k]], abs=1e-9)
        assert [one.gain for one in found] == pytest.approx([gains[one.offer_id] for one in found], abs=1e-9)
