"""What a counsellor decides wins, and what was proposed stays."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competences.errors import MisuseError, UnknownIdError
from competences.records.claims import ClaimStatus
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer
from matching.audit.override import override
from matching.matcher import Matcher
from matching.plan.plan import Plan
from strategies import TODAY, World, few, worlds
from toy_encoder import ToyEncoder


def offer(identifier: str, **stated: Any) -> LearningOffer:
    outcomes = [{"competence": "bread", "level": 2}]
    return LearningOffer.model_validate({"id": identifier, "title": identifier, "outcomes": outcomes, **stated})


LEARNER = LearnerProfile.model_validate(
    {
        "id": "l", "goal": {"requirements": [{"competence": "bread", "level": 2}]}, "max_price": 50,
        "budget": {"hours_per_week": 2, "weeks": 10}, "claims": [{"competence": "bread", "level": 1}],
    }
)  # fmt: skip
OFFERS = [
    offer("cheap", price=10, time={"contact_hours": 4}),
    offer("dear", price=500, time={"contact_hours": 4}),
    offer("long", time={"contact_hours": 400}),
    offer("full", runs=[{"id": "r", "full": True}], time={"contact_hours": 4}),
]


@pytest.fixture(scope="module")
def proposed() -> Plan:
    return Matcher.from_offers(OFFERS, encoder=ToyEncoder()).plan(LEARNER, on=TODAY)


def ids(plan: Any) -> list[str]:
    return [step.offer_id for step in plan.steps]


@given(worlds(max_offers=6, max_learners=1), st.data())
@few
def test_a_pinned_offer_stands_and_an_excluded_one_is_gone(world: World, data: st.DataObject) -> None:
    if len(world.offers) < 2:
        return
    named = [one.id for one in world.offers]
    pinned = data.draw(st.sets(st.sampled_from(named), max_size=2))
    excluded = data.draw(st.sets(st.sampled_from(named), max_size=2)) - pinned
    if not pinned | excluded:
        return
    plan = Matcher.from_offers(world.offers, encoder=ToyEncoder()).plan(world.learners[0], on=TODAY)
    done = override(plan, by="c", reason="r", pin=pinned, exclude=excluded)
    standing = {*ids(done.plan), *(one.offer_id for one in done.forced)}
    assert pinned <= standing
    assert not excluded & standing
    assert done.original is plan


def test_conditions_are_set_aside_for_a_pinned_offer_and_named(proposed: Plan) -> None:
    assert ids(proposed) == ["cheap"]
    dear = override(proposed, by="c", reason="r", pin=["dear"])
    assert "dear" in ids(dear.plan)
    assert dear.set_aside == ("price",)
    long = override(proposed, by="c", reason="r", pin=["long"])
    assert "long" in ids(long.plan)
    assert "hours_total" in long.set_aside
    assert override(proposed, by="c", reason="r", pin=["cheap"]).set_aside == ()


def test_what_only_the_offer_could_change_is_forced_with_its_reasons(proposed: Plan) -> None:
    done = override(proposed, by="c", reason="the school keeps a seat", pin=["full"])
    assert [one.offer_id for one in done.forced] == ["full"]
    assert [one.code for one in done.forced[0].reasons] == ["full"]


def test_another_status_of_a_claim_changes_what_is_open(proposed: Plan) -> None:
    done = override(proposed, by="c", reason="seen at work", claims={"bread": ClaimStatus.ASSESSED})
    (claim,) = done.plan.person.learner.claims
    assert claim.status is ClaimStatus.ASSESSED
    assert claim.evidence[-1].source == "c"
    assert done.plan.person.demand.arrays.held[0] > proposed.person.demand.arrays.held[0]
    assert proposed.person.learner == LEARNER, "the original is as it was"


def test_an_override_states_who_why_and_what(proposed: Plan) -> None:
    with pytest.raises(MisuseError, match="who decides"):
        override(proposed, by=" ", reason="r", pin=["dear"])
    with pytest.raises(MisuseError, match="who decides"):
        override(proposed, by="c", reason="", pin=["dear"])
    with pytest.raises(MisuseError, match="pins or excludes"):
        override(proposed, by="c", reason="r")
    with pytest.raises(MisuseError, match="pinned offers cannot be forbidden"):
        override(proposed, by="c", reason="r", pin=["dear"], exclude=["dear"])
    with pytest.raises(MisuseError, match="one of identified, documented"):
        override(proposed, by="c", reason="r", claims={"bread": "sure"})
    with pytest.raises(UnknownIdError, match="does not claim it"):
        override(proposed, by="c", reason="r", claims={"cake": "assessed"})
    with pytest.raises(UnknownIdError):
        override(proposed, by="c", reason="r", pin=["nowhere"])
