"""One rule for hours, days and weeks: what `match` admits alone can be planned alone, and the other way round."""

from __future__ import annotations

from datetime import date, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from competences.records.hours import Period, Slot, TimeBudget, TimeDemand, Weekday
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer, Run
from matching.matcher import Matcher
from matching.query.conditions import ReasonKind
from plan_worlds import PlanWorld, plan_worlds, sometimes
from strategies import TODAY, World, few, many, worlds
from test_features_time import GOAL, offer
from toy_encoder import ToyEncoder

TOY = ToyEncoder()
SEEN = 0.01
"""A plan leaves out what gains less than its own hours cost."""

near_pauses = st.builds(
    lambda first, days: Period(start=TODAY + timedelta(days=first), end=TODAY + timedelta(days=first + days)),
    st.integers(-5, 60), st.integers(0, 30),
)  # fmt: skip


def both_ways(of: LearningOffer, learner: LearnerProfile) -> None:
    """The same answer of `match` and of `plan` for one offer that asks for no other."""
    alone = of.model_copy(update={"entry": (), "prerequisites": (), "corequisites": ()})
    found = Matcher.from_offers([alone], encoder=TOY)
    result = found.match(learner, on=TODAY)
    reasons = result.why_not(of.id)
    if any(reason.kind is ReasonKind.NO_GAIN for reason in reasons):
        return
    plan = found.plan(learner, on=TODAY, pinned=[of.id])
    assert [step.offer_id for step in plan.steps] == [match.offer_id for match in result]
    if result.matches and result.matches[0].gain > SEEN:
        assert [step.offer_id for step in found.plan(learner, on=TODAY).steps] == [of.id]
        assert sum(week.hours for step in plan.steps for week in step.weeks) <= result.matches[0].own_hours + 1e-6


@given(worlds(max_offers=4, max_learners=1), st.lists(near_pauses, max_size=4).map(tuple))
def test_what_can_be_matched_can_be_planned(world: World, pauses: tuple[Period, ...]) -> None:
    (learner,) = world.learners
    pausing = (learner.budget or TimeBudget()).model_copy(update={"pauses": pauses})
    for who in (learner, learner.model_copy(update={"budget": pausing})):
        for of in world.offers:
            both_ways(of, who)


@given(plan_worlds(max_offers=4), st.lists(near_pauses, max_size=3).map(tuple))
@few
def test_what_can_be_matched_can_be_planned_in_a_short_calendar(world: PlanWorld, pauses: tuple[Period, ...]) -> None:
    budget = (world.learner.budget or TimeBudget()).model_copy(update={"pauses": pauses})
    for of in world.offers:
        both_ways(of, world.learner.model_copy(update={"budget": budget}))


@st.composite
def tight(draw: st.DrawFn) -> tuple[LearningOffer, TimeBudget]:
    """Runs of a few days beside pauses and the last day, of about as many hours as a week has."""

    def some(one_in: int, *values: object) -> object:
        return draw(st.sampled_from(values)) if sometimes(draw, one_in) else None

    def day(most: int) -> date:
        return TODAY + timedelta(days=draw(st.integers(0, most)))

    first = day(15) if not sometimes(draw, 4) else None
    last = (first or TODAY) + timedelta(days=draw(st.integers(0, 9))) if not sometimes(draw, 4) else None
    slot = Slot(weekday=Weekday.MONDAY, start=time(9), end=time(10))
    of = offer(
        "o",
        TimeDemand(
            contact_hours=draw(st.sampled_from([0, 1, 2, 3, 4])), self_study_hours=0, workplace_hours=some(6, 2, 4),
            weeks=some(3, 0.5, 1, 1.5, 2), hours_per_week=some(6, 2, 4),
        ),
        runs=(Run(id="r", start=first, end=last, slots=draw(st.sampled_from([None, (), (slot,)]))),),
    )  # fmt: skip
    pauses = []
    for _ in range(draw(st.integers(0, 2))):
        begin = day(15)
        pauses.append(Period(start=begin, end=begin + timedelta(days=draw(st.integers(0, 6)))))
    return of, TimeBudget(
        hours_per_week=draw(st.sampled_from([1, 2, 4])), weeks=draw(st.sampled_from([None, 1, 2, 2])),
        work_hours_per_week=some(6, 2, 4), deadline=some(6, TODAY + timedelta(days=12)),
        not_before=some(6, TODAY + timedelta(days=5)), paid_leave_hours=some(6, 1, 2) or 0, pauses=tuple(pauses),
    )  # fmt: skip


@given(tight())
@many
def test_what_just_fits_in_a_match_just_fits_in_a_plan(case: tuple[LearningOffer, TimeBudget]) -> None:
    of, budget = case
    both_ways(of, LearnerProfile(id="l", goal=GOAL, budget=budget))
