"""A catalogue of a thousand offers: every one of the ten best is found, by vectors and not by the coverage matrix."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from benchmarks.instances import ON, REQUIREMENTS, Instance, words_space
from benchmarks.job import Job, recall
from matching.matcher import Matcher
from matching.settings import Settings

OPEN = {"languages": None, "modes": None, "budget": None}
"""Without any condition; each case puts some back."""


@pytest.fixture(scope="module")
def job() -> Job:
    return Job(Instance("words-1k", 1000, REQUIREMENTS, words_space(2000)))


@pytest.mark.parametrize("materialise", [True, False])
@pytest.mark.parametrize("kept", [("languages",), ("modes",), ("budget",), ("languages", "modes", "budget")])
def test_recall_is_one_under_every_filter(job: Job, kept: tuple[str, ...], materialise: bool) -> None:
    settings = Settings(materialise=materialise)
    matcher = Matcher.from_offers(job.offers, encoder=job.instance.space.encoder, settings=settings)
    for one in job.asked(20):
        changed = {name: value for name, value in OPEN.items() if name not in kept}
        if "languages" in changed:
            one = dataclasses.replace(one, spoken=np.ones_like(one.spoken))
        if "modes" in changed:
            one = dataclasses.replace(one, modes=np.ones_like(one.modes))
        if "budget" in changed:
            one = dataclasses.replace(one, not_before=ON.toordinal(), last=10**8, hours=np.inf, hours_per_week=np.inf)
        learner = one.learner.model_copy(update=changed)
        found = [match.offer_id for match in matcher.match(learner, on=ON)]
        truth = job.oracle(one)
        assert len(found) == min(10, len(truth))
        assert recall(found, truth) == 1.0
