"""Seeded planning instances: one person, a goal of many competences, and offers of every kind."""

from __future__ import annotations

from datetime import date, time, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from competences.encoders.calibration import Calibration
from competences.records.competence import Outcome, Requirement
from competences.records.hours import Slot, TimeBudget, TimeDemand, Weekday
from competences.records.learners import LearnerProfile
from competences.records.offers import DeliveryMode, LearningOffer, Prerequisite, Run
from competences.records.roles import Goal
from matching.matcher import Matcher
from matching.settings import Settings

ON = date(2027, 1, 4)
"""A Monday."""


class Names:
    """An encoder for ids that are never compared by meaning."""

    dim = 8
    fingerprint = "names"
    calibration = Calibration(link=((0.5, 1.0), (0.0, 1.0)), coverages=((0.4, 1.0), (0.0, 1.0)), coverage_threshold=1.0)

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        rows = [np.random.default_rng(len(text)).normal(size=self.dim) for text in texts]
        vectors = np.array(rows, np.float32).reshape(len(texts), self.dim)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def matcher(offers: list[LearningOffer], **settings: object) -> Matcher:
    return Matcher.from_offers(offers, encoder=Names(), settings=Settings(coverage_threshold=1.0, **settings))


@cache
def instance(seed: int, n: int = 200, weeks: int = 26, requirements: int = 15) -> tuple[Matcher, LearnerProfile]:
    """n offers, all of which add something: a third are dated runs with evenings, a third have a load per week, a third
    can be spread; one in six asks for something first, one in ten belongs to a group of variants."""
    rng = np.random.default_rng(seed)
    names = [f"c{i}" for i in range(requirements)]
    offers = [_offer(rng, i, names, weeks) for i in range(n)]
    learner = LearnerProfile(
        id=f"learner-{seed}",
        goal=Goal(requirements=tuple(
            Requirement(competence=name, level=3.0, weight=float(rng.choice([1.0, 2.0, 3.0]))) for name in names
        )),
        budget=TimeBudget(hours_per_week=float(rng.choice([3.0, 5.0, 8.0])), weeks=weeks),
        max_price=float(rng.choice([400.0, 1500.0])),
    )  # fmt: skip
    return matcher(offers, plan_candidates=max(n, 1), plan_seconds=30.0), learner


def _offer(rng: np.random.Generator, i: int, names: list[str], weeks: int) -> LearningOffer:
    outcomes = tuple(
        Outcome(competence=str(name), level=float(rng.integers(1, 4)))
        for name in rng.choice(names, size=int(rng.integers(1, 5)), replace=False)
    )
    kind, hours = i % 3, float(rng.choice([6.0, 12.0, 20.0, 30.0, 45.0]))
    length = int(rng.integers(2, 13))
    start = ON + timedelta(days=int(rng.integers(0, max(1, weeks - length))) * 7 + int(rng.integers(0, 5)))
    evening = Slot(weekday=Weekday(int(rng.integers(0, 5))), start=time(18), end=time(21))
    runs = (Run(id=f"r{i}", start=start, end=start + timedelta(weeks=length), slots=(evening,)),) if kind == 0 else ()
    earlier = [f"o{int(j):04d}" for j in rng.integers(0, max(1, i), size=2)]
    asks = i > 5 and rng.random() < 1 / 6
    return LearningOffer(
        id=f"o{i:04d}",
        title=f"Offer {i}",
        outcomes=outcomes,
        time=TimeDemand(contact_hours=hours / 2, self_study_hours=hours / 2, weeks=length if kind == 1 else None),
        mode=DeliveryMode.ONLINE,
        runs=runs,
        price=float(rng.choice([0.0, 80.0, 250.0])),
        prerequisites=(Prerequisite(any_of=tuple(dict.fromkeys(earlier))),) if asks else (),
        outcome_group=f"g{int(rng.integers(0, 8))}" if rng.random() < 0.1 else None,
    )
