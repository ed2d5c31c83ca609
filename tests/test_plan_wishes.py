"""What a plan can be asked beside the goal: pins, a state to go on from, alternatives, limits, roles, a calendar."""

from __future__ import annotations

from datetime import date, timedelta

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from competences.errors import MisuseError, UnknownIdError
from competences.records.competence import Outcome, Requirement
from competences.records.hours import TimeBudget, TimeDemand
from competences.records.learners import LearnerProfile
from competences.records.offers import Access, DeliveryMode, LearningOffer, Prerequisite, Run
from competences.records.roles import Goal, JobRole
from matching.matcher import Matcher
from matching.plan.alternatives import Strength
from matching.plan.calendar_file import to_ics
from matching.plan.plan import Plan, PlanStatus
from matching.plan.wishes import Wishes
from matching.settings import Settings
from oracle import Oracle
from plan_oracle import Exhaustive
from plan_validator import problems
from plan_worlds import PlanWorld, plan_worlds
from strategies import TODAY, few
from toy_encoder import ToyEncoder

TOY = ToyEncoder()
SAME = Settings(coverage_threshold=1.0)


def offer(
    identifier: str, *teaches: str, hours: float = 10.0, level: float | None = None, **more: object
) -> LearningOffer:
    return LearningOffer(
        id=identifier, title=identifier.title(), mode=more.pop("mode", DeliveryMode.ONLINE),
        outcomes=tuple(Outcome(competence=one, level=level) for one in teaches),
        time=TimeDemand(contact_hours=0, self_study_hours=hours), **more,
    )  # fmt: skip


def learner(*wanted: str, **more: object) -> LearnerProfile:
    budget = more.pop("budget", TimeBudget(hours_per_week=5, weeks=20))
    goal = Goal(requirements=tuple(Requirement(competence=one) for one in wanted))
    return LearnerProfile(id="l", goal=goal, budget=budget, **more)


def matcher(*offers: LearningOffer, **more: object) -> Matcher:
    return Matcher.from_offers(offers, encoder=TOY, settings=SAME, **more)


def ids(plan: Plan) -> list[str]:
    return [step.offer_id for step in plan.steps]


@given(plan_worlds(max_offers=5), st.data())
@few
def test_pins_and_bans_are_kept_exactly(world: PlanWorld, data: st.DataObject) -> None:
    names = [one.id for one in world.offers]
    pinned = tuple(data.draw(st.lists(st.sampled_from(names), max_size=1)))
    banned = tuple(name for name in data.draw(st.lists(st.sampled_from(names), max_size=2)) if name not in pinned)
    steps = data.draw(st.none() | st.integers(1, 2))
    oracle = Oracle(world.offers, TOY, Settings())
    plan = Matcher.from_offers(world.offers, encoder=TOY).plan(
        world.learner, on=TODAY, pinned=pinned, forbidden=banned, max_steps=steps
    )
    assert problems(plan, oracle, world.learner, TODAY, pinned=pinned, forbidden=banned, max_steps=steps) == []
    twin = Exhaustive(oracle, world.learner, TODAY, pinned=pinned, forbidden=banned, max_steps=steps)
    if plan.status is PlanStatus.IMPOSSIBLE:
        assert not any(twin.related(some) and twin.fewest_hours(some) < 1e9 for some in twin.sets())
    else:
        assert twin.better_than(plan) is None


@given(plan_worlds(max_offers=5))
@few
def test_no_alternative_is_beaten_by_another(world: PlanWorld) -> None:
    oracle, found = Oracle(world.offers, TOY, Settings()), Matcher.from_offers(world.offers, encoder=TOY)
    plans = found.alternatives(world.learner, on=TODAY)
    assert Strength.MOST_COVERAGE in plans or len(plans) >= 1
    seen = []
    for plan in plans.values():
        assert problems(plan, oracle, world.learner, TODAY) == []
        seen.append((-plan.gain, plan.own_hours, plan.price, (plan.finish or TODAY).toordinal()))
    for one in seen:
        for other in seen:
            assert one is other or any(a > b + 1e-6 for a, b in zip(other, one, strict=True))


@given(plan_worlds(max_offers=5))
@few
def test_the_greedy_plan_keeps_every_rule_and_is_never_better(world: PlanWorld) -> None:
    oracle, found = Oracle(world.offers, TOY, Settings()), Matcher.from_offers(world.offers, encoder=TOY)
    quick, best = found.plan(world.learner, on=TODAY, exact=False), found.plan(world.learner, on=TODAY)
    assert problems(quick, oracle, world.learner, TODAY) == []
    if not any(requirement.gate for requirement in world.learner.goal.requirements):
        assert quick.gain <= best.gain + 2e-4


def test_what_was_done_counts_as_held_and_the_rest_of_the_plan_is_kept() -> None:
    after_a = Prerequisite(any_of=("a",))
    found = matcher(offer("a", "x"), offer("b", "y"), offer("b2", "y"), offer("c", "z", prerequisites=(after_a,)))
    person = learner("x", "y", "z")
    first = found.plan(person, on=TODAY, pinned=["b2"])
    later = TODAY + timedelta(days=14)
    second = found.plan(person, on=later, done=["a"], previous=first)
    assert set(ids(second)) == {"b2", "c"}
    assert all(step.kept for step in second.steps)
    assert second.coverage == pytest.approx(1.0)
    assert second.gain == pytest.approx(2 / 3)
    third = found.plan(person, on=later, done=["a"], failed=["b2"], previous=first)
    assert set(ids(third)) == {"b", "c"}


def test_pins_that_do_not_fit_are_impossible() -> None:
    found = matcher(offer("a", "x", hours=90), offer("b", "y", hours=90), offer("far", "y", price=900))
    person = learner("x", "y", max_price=100)
    assert found.plan(person, on=TODAY, pinned=["a", "b"]).status is PlanStatus.IMPOSSIBLE
    alone = found.plan(person, on=TODAY, pinned=["far"])
    assert alone.status is PlanStatus.IMPOSSIBLE
    assert alone.impossible == ("far",)
    with pytest.raises(UnknownIdError, match="nowhere"):
        found.plan(person, pinned=["nowhere"])
    with pytest.raises(MisuseError, match="pinned"):
        found.plan(person, pinned=["a"], forbidden=["a"])


def test_a_task_at_work_is_planned_after_the_module_that_it_builds_on() -> None:
    """Neither part alone reaches level 2: the task at work asks for level 1 first, and for a host."""
    module = offer("module", "x", level=1.0, bundle="both")
    task = LearningOffer(
        id="task", title="Task", outcomes=(Outcome(competence="x", level=2.0),), mode=DeliveryMode.WORKPLACE,
        time=TimeDemand(workplace_hours=20, weeks=4), access=Access(host_required=True), bundle="both",
        entry=(Requirement(competence="x", level=1.0),),
    )  # fmt: skip
    goal = Goal(requirements=(Requirement(competence="x", level=2.0),))
    found = matcher(module, task)
    hosted = found.plan(learner("x", has_host=True), goal=goal, on=TODAY)
    assert ids(hosted) == ["module", "task"]
    assert hosted.coverage == pytest.approx(1.0)
    assert {step.bundle for step in hosted.steps} == {"both"}
    assert ids(found.plan(learner("x", has_host=False), goal=goal, on=TODAY)) == ["module"]


def test_levels_are_climbed_one_after_another() -> None:
    """A1, then A2, then B1: the last one gives everything, and asks for what the others give."""
    climb = [
        offer(name, "dutch", level=float(level), hours=30.0,
              entry=(Requirement(competence="dutch", level=level - 1.0),) if level > 1 else ())
        for level, name in ((3, "b1"), (2, "a2"), (1, "a1"))
    ]  # fmt: skip
    goal = Goal(requirements=(Requirement(competence="dutch", level=3.0),))
    plan = matcher(*climb).plan(learner("dutch"), goal=goal, on=TODAY)
    assert ids(plan) == ["a1", "a2", "b1"]
    assert all(one.end < other.start for one, other in zip(plan.steps, plan.steps[1:], strict=False))
    short = learner("dutch", budget=TimeBudget(hours_per_week=5, weeks=12))
    assert ids(matcher(*climb).plan(short, goal=goal, on=TODAY)) == ["a1", "a2"]


def test_alternatives_are_named_by_what_they_are_best_in() -> None:
    soon = Run(id="soon", start=TODAY + timedelta(days=1), end=TODAY + timedelta(days=7))
    found = matcher(
        offer("all", "a", "b", "c", "d", "e", hours=60), offer("most", "a", "b", "c", "d", hours=20, price=200),
        offer("cheap", "a", "b", "c", "d", hours=30, price=0),
        offer("quick", "a", "b", "c", "d", hours=5, price=300, runs=(soon,)),
    )  # fmt: skip
    person = learner("a", "b", "c", "d", "e", budget=TimeBudget(hours_per_week=5, weeks=13))
    plans = found.alternatives(person, on=TODAY)
    assert plans[Strength.MOST_COVERAGE].coverage == pytest.approx(1.0)
    assert ids(plans[Strength.FEWEST_HOURS]) == ["quick"]
    assert plans[Strength.CHEAPEST].price == 0
    assert len({tuple(ids(plan)) for plan in plans.values()}) == len(plans)


def test_limits_name_the_smallest_conflict_and_what_lifting_each_condition_buys() -> None:
    found = matcher(offer("a", "x", hours=90, price=50), offer("b", "y", hours=90, price=300))
    person = learner("x", "y", max_price=100)
    limits = found.limits(person, on=TODAY, coverage=1.0)
    assert not limits.met
    assert limits.conflict == ("money",)
    assert limits.relaxations == ()  # the hours do not reach further either
    assert found.limits(person.model_copy(update={"budget": None}), on=TODAY).conflict == ("money",)
    assert found.limits(person, on=TODAY, coverage=0.5).conflict is None
    rich = found.limits(learner("x", "y"), on=TODAY)
    assert rich.conflict == ("hours", "deadline")
    assert [(one.condition, one.coverage) for one in rich.relaxations] == [("hours", 1.0), ("deadline", 1.0)]
    points = [(25, 0), (50, 0), (75, 0), (100, 0.5), (150, 0.5), (200, 1), (300, 1)]
    assert [(point.hours, point.coverage) for point in rich.curve] == points
    assert found.limits(learner("x", "untaught"), on=TODAY).conflict == ()


def test_a_pin_can_be_what_is_in_conflict() -> None:
    found = matcher(offer("a", "x", hours=80), offer("idle", hours=80))
    limits = found.limits(learner("x"), on=TODAY, wishes=Wishes(pinned=frozenset({"idle"})))
    assert limits.conflict == ("hours", "deadline", "pinned")


def test_roles_of_a_job_are_listed_nearest_first_and_the_job_costs_at_least_as_much() -> None:
    job = JobRole(id="job", title="Job", requirements=())
    one = JobRole(id="one", title="One", job="job", requirements=(Requirement(competence="x"),))
    both = (Requirement(competence="x"), Requirement(competence="y"))
    two = JobRole(id="two", title="Two", job="job", requirements=both)
    three = JobRole(id="three", title="Three", job="job", requirements=(Requirement(competence="untaught", gate=True),))
    found = matcher(offer("a", "x", hours=40), offer("b", "y", hours=30), roles=[job, one, two, three])
    has = LearnerProfile.model_validate(
        {
            "id": "l",
            "budget": {"hours_per_week": 5, "weeks": 20},
            "claims": [{"competence": "y", "status": "certified"}],
        }
    )
    *roles, whole = found.role_fits(has, "job", on=TODAY)
    assert [(fit.role_ids, fit.own_hours) for fit in roles] == [(("one",), 40), (("two",), 40), (("three",), None)]
    assert whole.role_ids == ("one", "two", "three")
    assert not whole.within_reach
    able = has.model_copy(update={"claims": (*has.claims, has.claims[0].model_copy(update={"competence": "x"}))})
    assert [fit.fits_now for fit in found.role_fits(able, "job", on=TODAY)] == [True, True, False, False]


def test_the_objective_roles_counts_the_roles_that_one_qualifies_for() -> None:
    roles = [
        JobRole(id=f"r{i}", title="R", requirements=tuple(Requirement(competence=c) for c in needs))
        for i, needs in enumerate(("xy", "xz", "w"))
    ]
    offers = [offer("x", "x"), offer("y", "y"), offer("z", "z"), offer("w", "w", hours=90)]
    found = matcher(*offers, roles=roles)
    plan = found.plan(learner(), on=TODAY, objective="roles", max_steps=3)
    assert sorted(ids(plan)) == ["x", "y", "z"]
    assert plan.qualifies == ("r0", "r1")
    assert plan.status is PlanStatus.OPTIMAL


def test_a_plan_is_a_calendar() -> None:
    plan = matcher(offer("a", "x"), offer("b", "y", url="https://example.org/b")).plan(learner("x", "y"), on=TODAY)
    calendar = icalendar.Calendar.from_ical(to_ics(plan))
    events = calendar.walk("VEVENT")
    assert [(str(e["SUMMARY"]), e["DTSTART"].dt, e["DTEND"].dt) for e in events] == [
        (step.title, step.start, step.end + timedelta(days=1)) for step in plan.steps
    ]
    assert to_ics(plan) == to_ics(plan)
    assert all(isinstance(e["DTSTART"].dt, date) for e in events)
