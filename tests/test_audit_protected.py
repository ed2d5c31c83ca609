"""Who someone is changes no score."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer
from matching.matcher import Matcher
from strategies import TODAY, World, few, worlds
from toy_encoder import ToyEncoder

STATUSES = [None, "employee", "job_seeker", "self_employed", "volunteer", "student", "retired"]


@pytest.mark.parametrize("field", ["age", "birth_date", "gender", "sex", "origin", "nationality", "health", "religion"])
def test_age_gender_and_origin_are_refused(field: str) -> None:
    with pytest.raises(ValidationError, match=f"(?s){field}.*Extra inputs are not permitted"):
        LearnerProfile.model_validate({"id": "l", field: "x"})


def without_rules_on_status(offer: LearningOffer) -> LearningOffer:
    return offer.model_copy(update={"access": offer.access.model_copy(update={"statuses": None})})


@given(worlds(max_offers=6, max_learners=1), st.sampled_from(STATUSES))
@few
def test_another_status_changes_no_score(world: World, status: str | None) -> None:
    """Offers may be for some statuses only; whoever is let in gets the same score whatever theirs is."""
    learner = world.learners[0]
    other = learner.model_copy(update={"status": status})
    free = Matcher.from_offers(map(without_rules_on_status, world.offers), encoder=ToyEncoder())
    assert free.match(learner, on=TODAY).matches == free.match(other, on=TODAY).matches
    bound = Matcher.from_offers(world.offers, encoder=ToyEncoder())
    scores = [
        {match.offer_id: (match.score, match.gain, match.own_hours) for match in bound.match(one, on=TODAY)}
        for one in (learner, other)
    ]
    assert all(scores[0][offer] == scores[1][offer] for offer in scores[0].keys() & scores[1].keys())
    gains = [bound.person(one, on=TODAY).gains.tolist() for one in (learner, other)]
    assert gains[0] == gains[1]
