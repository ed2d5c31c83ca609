"""Time as a person lives it: what F-01, F-02, F-05, F-07 and F-14 promise, as properties of small worlds."""

from __future__ import annotations

from datetime import date, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from competences.records.competence import Outcome, Requirement
from competences.records.hours import Slot, TimeBudget, TimeDemand, Weekday
from competences.records.learners import LearnerProfile, Preferences
from competences.records.offers import DeliveryMode, LearningOffer, Run
from competences.records.roles import Goal
from matching.matcher import Matcher
from matching.settings import Settings
from strategies import TODAY, World, few, preferences, worlds
from toy_encoder import ToyEncoder

GOAL = Goal(requirements=(Requirement(competence="c"),))


def matcher(*offers: LearningOffer, **options: object) -> Matcher:
    return Matcher.from_offers(offers, encoder=ToyEncoder(), settings=Settings(**options))


def offer(identifier: str, time: TimeDemand, **fields: object) -> LearningOffer:
    return LearningOffer(id=identifier, title="O", outcomes=(Outcome(competence="c"),), time=time, **fields)


def roomier(budget: TimeBudget, more: float) -> TimeBudget:
    """At least as many hours, weeks and free slots; the deadline further away."""
    return budget.model_copy(
        update={
            "hours_per_week": None if budget.hours_per_week is None else min(168.0, budget.hours_per_week + more),
            "weeks": None if budget.weeks is None else budget.weeks + more,
            "deadline": None if budget.deadline is None else budget.deadline + timedelta(days=int(more)),
            "exceptions": (),
        }
    )


@given(worlds(max_learners=1), st.sampled_from([0.0, 3.0, 40.0]))
def test_more_time_never_lowers_the_best_gain(world: World, more: float) -> None:
    (one,) = world.learners
    found = matcher(*world.offers, one_variant=False)
    richer = one.model_copy(update={"budget": None if one.budget is None else roomier(one.budget, more)})
    before, after = ({m.offer_id: m for m in found.match(who, 99, on=TODAY)} for who in (one, richer))
    assert before.keys() <= after.keys()
    assert max((m.gain for m in before.values()), default=0) <= max((m.gain for m in after.values()), default=0)


@given(worlds())
def test_nothing_asks_more_hours_a_week_than_there_are(world: World) -> None:
    found = matcher(*world.offers)
    for learner in world.learners:
        if learner.budget is None or learner.budget.hours_per_week is None:
            continue
        for match in found.match(learner, 99, on=TODAY):
            demand = next(of.time for of in world.offers if of.id == match.offer_id)
            assert (demand.hours_per_week or 0) <= learner.budget.hours_per_week
            assert match.own_hours <= learner.budget.hours_per_week * (learner.budget.weeks or 52) + 1e-6


@given(st.lists(st.tuples(st.sampled_from(list(Weekday)), st.integers(8, 20)), max_size=5))
def test_a_tuesday_evening_needs_a_free_tuesday_and_an_asynchronous_offer_only_hours(
    free: list[tuple[Weekday, int]],
) -> None:
    tuesday = Slot(weekday=Weekday.TUESDAY, start=time(19), end=time(21))
    hours = TimeDemand(contact_hours=10)
    evening = offer("evening", hours, runs=(Run(id="r", slots=(tuesday,)),))
    anytime = offer("anytime", hours, mode=DeliveryMode.ONLINE, runs=(Run(id="r", slots=()),))
    slots = tuple(Slot(weekday=day, start=time(hour), end=time(hour + 3)) for day, hour in free)
    learner = LearnerProfile(id="l", goal=GOAL, budget=TimeBudget(slots=slots, hours_per_week=1))
    found = {match.offer_id for match in matcher(evening, anytime).match(learner, on=TODAY)}
    fits = {minute for day, hour in free if day is Weekday.TUESDAY for minute in range(hour * 60, hour * 60 + 180)}
    assert found == {"anytime"} | ({"evening"} if fits >= set(range(19 * 60, 21 * 60)) else set())


@given(st.integers(2, 200), st.floats(0.5, 40), st.booleans())
def test_half_at_work_costs_fewer_own_hours_and_never_ranks_lower(hours: int, per_week: float, host: bool) -> None:
    own = offer("a-own", TimeDemand(contact_hours=hours, self_study_hours=0))
    dual = offer(
        "b-dual",
        TimeDemand(contact_hours=hours / 2, self_study_hours=0, workplace_hours=hours / 2),
        mode=DeliveryMode.WORKPLACE,
    )
    budget = TimeBudget(hours_per_week=per_week, work_hours_per_week=40)
    worker = LearnerProfile(id="l", goal=GOAL, budget=budget, has_host=host)
    result = matcher(own, dual).match(worker, on=TODAY)
    assert result.bill("b-dual").own_hours == result.bill("a-own").own_hours / 2
    ranks = [match.offer_id for match in result]
    if host and "a-own" in ranks:
        assert ranks == ["b-dual", "a-own"]
    if not host:
        assert "b-dual" not in ranks
        assert "host" in {reason.code for reason in result.why_not("b-dual")}


@given(st.integers(0, 400), st.floats(0, 12))
@few
def test_hours_at_work_need_work_time(hours: int, per_week: float) -> None:
    dual = offer("dual", TimeDemand(contact_hours=0, self_study_hours=0, workplace_hours=hours))
    budget = TimeBudget(work_hours_per_week=per_week, weeks=20)
    result = matcher(dual).match(LearnerProfile(id="l", goal=GOAL, budget=budget, has_host=True), on=TODAY)
    assert bool(result.matches) == (hours <= 20 * per_week + 1e-9)


@given(worlds(max_learners=1), preferences)
def test_wishes_about_form_change_neither_what_an_offer_gives_nor_who_may_follow_it(
    world: World, wishes: Preferences
) -> None:
    (one,) = world.learners
    found = matcher(*world.offers, one_variant=False)
    plain = one.model_copy(update={"preferences": Preferences()})
    wishing = one.model_copy(update={"preferences": wishes})
    before, after = ({m.offer_id: m for m in found.match(who, 99, on=TODAY)} for who in (plain, wishing))
    assert before.keys() == after.keys()
    for offer_id, match in after.items():
        assert match.gain == before[offer_id].gain
        assert 0 <= match.form <= 1
        if wishes.weight == 0:
            assert match.score == before[offer_id].score
        else:
            assert match.score <= before[offer_id].score + 1e-12


def test_the_run_that_suits_is_named() -> None:
    day, evening = (Slot(weekday=Weekday.MONDAY, start=time(hour), end=time(hour + 2)) for hour in (9, 19))
    of = offer(
        "o", TimeDemand(contact_hours=9), runs=(Run(id="day", slots=(day,)), Run(id="evening", slots=(evening,)))
    )
    for liked, run in ((False, "day"), (True, "evening")):
        wishes = Preferences(evening=liked, weight=0.5)
        (match,) = matcher(of).match(LearnerProfile(id="l", goal=GOAL, preferences=wishes), on=TODAY)
        assert (match.run_id, match.form) == (run, 1.0)


@given(st.integers(0, 60), st.integers(0, 60))
@few
def test_nothing_starts_before_the_window(start: int, window: int) -> None:
    def days(n: int) -> date:
        return TODAY + timedelta(days=n)

    of = offer("o", TimeDemand(contact_hours=9), runs=(Run(id="r", start=days(start), end=days(start + 7)),))
    budget = TimeBudget(not_before=days(window))
    assert bool(matcher(of).match(LearnerProfile(id="l", goal=GOAL, budget=budget), on=TODAY).matches) == (
        start >= window
    )
