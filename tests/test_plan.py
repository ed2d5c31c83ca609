"""Every plan keeps every rule, and no plan is better than one that is called optimal."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competences.records.competence import Outcome, Requirement
from competences.records.hours import Slot, TimeBudget, TimeDemand, Weekday
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer, Run
from competences.records.roles import Goal
from matching.matcher import Matcher
from matching.plan.plan import PlanStatus
from matching.settings import Settings
from oracle import Oracle
from plan_oracle import Exhaustive
from plan_validator import problems
from plan_worlds import PlanWorld, plan_worlds
from strategies import TODAY, World, few, worlds
from toy_encoder import ToyEncoder

TOY = ToyEncoder()
thresholds = st.sampled_from([None, 1.0])


@given(worlds(), thresholds)
@few
def test_every_plan_keeps_every_rule(world: World, threshold: float | None) -> None:
    chosen = Settings(coverage_threshold=threshold)
    oracle, matcher = Oracle(world.offers, TOY, chosen), Matcher.from_offers(world.offers, encoder=TOY, settings=chosen)
    for learner in world.learners:
        plan = matcher.plan(learner, on=TODAY)
        assert problems(plan, oracle, learner, TODAY) == []


@given(plan_worlds(), thresholds, st.sampled_from([None, None, 1, 2]))
@few
def test_no_plan_is_better_than_an_optimal_one(world: PlanWorld, threshold: float | None, parallel: int | None) -> None:
    chosen = Settings(coverage_threshold=threshold, plan_parallel=parallel)
    oracle, matcher = Oracle(world.offers, TOY, chosen), Matcher.from_offers(world.offers, encoder=TOY, settings=chosen)
    plan = matcher.plan(world.learner, on=TODAY)
    assert problems(plan, oracle, world.learner, TODAY, max_parallel=parallel) == []
    assert plan.status is not PlanStatus.FEASIBLE
    assert Exhaustive(oracle, world.learner, TODAY, max_parallel=parallel).better_than(plan) is None


@given(plan_worlds(), st.sampled_from([1.0, 3.0, 7.0]))
@few
def test_more_hours_never_lower_the_coverage(world: PlanWorld, more: float) -> None:
    matcher, learner = Matcher.from_offers(world.offers, encoder=TOY), world.learner
    if learner.budget.hours_per_week is None:
        return
    richer = learner.budget.model_copy(update={"hours_per_week": learner.budget.hours_per_week + more})
    before = matcher.plan(learner, on=TODAY)
    after = matcher.plan(learner.model_copy(update={"budget": richer}), on=TODAY)
    if not any(requirement.gate for requirement in learner.goal.requirements):  # else a gate may take the hours
        assert after.coverage >= before.coverage - 2e-4


BREAD = LearningOffer(
    id="bread",
    title="Bread",
    outcomes=(Outcome(competence="bake"),),
    time=TimeDemand(contact_hours=10, self_study_hours=0),
)
BAKER = Goal(requirements=(Requirement(competence="bake"),))


@pytest.mark.parametrize(
    ("offers", "learner", "status"),
    [
        ([], LearnerProfile(id="l", goal=BAKER), PlanStatus.NOTHING_LISTED),
        ([BREAD], LearnerProfile(id="l", goal=Goal(requirements=())), PlanStatus.NOTHING_OPEN),
        ([BREAD], LearnerProfile(id="l", goal=BAKER, budget=TimeBudget(hours_per_week=0)), PlanStatus.NOTHING_FITS),
        ([BREAD], LearnerProfile(id="l", goal=BAKER, budget=TimeBudget(hours_per_week=5)), PlanStatus.OPTIMAL),
        ([BREAD], LearnerProfile(id="l", goal=BAKER), PlanStatus.OPTIMAL),
    ],
)
def test_a_plan_without_steps_says_why(
    offers: list[LearningOffer], learner: LearnerProfile, status: PlanStatus
) -> None:
    plan = Matcher.from_offers(offers, encoder=TOY).plan(learner, on=TODAY)
    assert plan.status is status
    assert bool(plan.steps) is (status is PlanStatus.OPTIMAL)


@pytest.mark.parametrize("exact", [True, False])
def test_what_meets_weekly_without_known_weeks_may_meet_in_any(exact: bool) -> None:
    """Also before the day on which its entry condition is earned: nobody knows when it begins."""
    evening = (Slot(weekday=Weekday(TODAY.weekday()), start=time(18), end=time(20)),)
    first = BREAD.model_copy(update={"runs": (Run(id="r", start=TODAY, end=TODAY, slots=evening),)})
    then = LearningOffer(
        id="cake", title="Cake", outcomes=(Outcome(competence="decorate"),),
        entry=(Requirement(competence="bake"),), runs=(Run(id="r", slots=evening),), time=BREAD.time,
    )  # fmt: skip
    goal = Goal(requirements=(Requirement(competence="decorate"), Requirement(competence="bake")))
    learner = LearnerProfile(id="l", goal=goal, budget=TimeBudget(weeks=10))
    plan = Matcher.from_offers([first, then], encoder=TOY, settings=Settings(coverage_threshold=1.0)).plan(
        learner, on=TODAY, exact=exact
    )
    assert [step.offer_id for step in plan.steps] == ["bread"]
