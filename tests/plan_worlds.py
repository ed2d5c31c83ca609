"""Small worlds in which planning is hard: short calendars, runs that clash, prerequisites, variants, leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta

from hypothesis import strategies as st

from competences.records.competence import Outcome, Requirement
from competences.records.hours import Period, Slot, TimeBudget, TimeDemand, Weekday
from competences.records.learners import LearnerProfile
from competences.records.offers import DeliveryMode, LearningOffer, OfferKind, Prerequisite, Run
from competences.records.roles import Goal
from strategies import TODAY, claims

NAMES = [f"c{i}" for i in range(5)]
names = st.sampled_from(NAMES)
levels = st.none() | st.sampled_from([1.0, 2.0])
near_days = st.integers(0, 14).map(lambda n: TODAY + timedelta(days=n))


def sometimes(draw: st.DrawFn, one_in: int) -> bool:
    return draw(st.integers(1, one_in)) == 1


@st.composite
def evenings(draw: st.DrawFn) -> Slot:
    start = draw(st.sampled_from([18, 19, 20]))
    return Slot(weekday=Weekday(draw(st.integers(0, 2))), start=time(start), end=time(start + draw(st.integers(1, 2))))


@st.composite
def demands(draw: st.DrawFn) -> TimeDemand:
    contact = draw(st.sampled_from([0.0, 2.0, 4.0, 6.0]))
    return TimeDemand(
        contact_hours=contact,
        self_study_hours=draw(st.sampled_from([0.0, 1.0, 3.0, 6.0])),
        workplace_hours=draw(st.sampled_from([4.0, 12.0])) if sometimes(draw, 6) else None,
        weeks=draw(st.sampled_from([0.5, 1.0, 1.5, 2.0])) if sometimes(draw, 3) else None,
    )


@st.composite
def near_runs(draw: st.DrawFn, identifier: str) -> Run:
    start = draw(st.none() | near_days)
    end = start + timedelta(days=draw(st.integers(0, 9))) if start and draw(st.integers(0, 2)) else None
    dates = tuple(draw(st.lists(near_days, min_size=1, max_size=2))) if sometimes(draw, 6) else ()
    if start and dates:
        dates = tuple(day for day in dates if start <= day <= (end or day))
    return Run(
        id=identifier, start=start, end=end, dates=dates,
        slots=tuple(draw(st.lists(evenings(), min_size=1, max_size=2))) if draw(st.booleans()) else None,
    )  # fmt: skip


@st.composite
def near_prerequisites(draw: st.DrawFn, others: list[str]) -> Prerequisite:
    atoms = st.sampled_from(others) | st.builds(Requirement, competence=names, level=levels)
    any_of = draw(st.lists(atoms, min_size=1, max_size=3))
    return Prerequisite(any_of=tuple(any_of), at_least=draw(st.integers(1, len(any_of))))


@st.composite
def near_offers(draw: st.DrawFn, number: int, n: int) -> LearningOffer:
    others = [f"o{i}" for i in range(n) if i != number] or ["elsewhere"]
    return LearningOffer(
        id=f"o{number}",
        title=f"Offer {number}",
        outcomes=tuple(draw(st.lists(st.builds(Outcome, competence=names, level=levels), min_size=1, max_size=2))),
        time=draw(demands()),
        kind=OfferKind.RECOGNITION if sometimes(draw, 8) else OfferKind.COURSE,
        mode=DeliveryMode.ONLINE,
        runs=tuple(draw(near_runs(f"r{number}-{i}")) for i in range(draw(st.integers(0, 2)))),
        open_entry=sometimes(draw, 6),
        price=draw(st.none() | st.sampled_from([50.0, 80.0])),
        entry=(Requirement(competence=draw(names), level=draw(levels)),) if sometimes(draw, 6) else (),
        prerequisites=tuple(draw(st.lists(near_prerequisites(others), max_size=1))) if sometimes(draw, 3) else (),
        corequisites=(draw(st.sampled_from(others)),) if sometimes(draw, 10) else (),
        outcome_group=draw(st.sampled_from(["g1", "g2"])) if sometimes(draw, 4) else None,
    )


@st.composite
def near_budgets(draw: st.DrawFn) -> TimeBudget:
    return TimeBudget(
        hours_per_week=0.0 if sometimes(draw, 15) else draw(st.sampled_from([None, 3.0, 5.0, 8.0, 8.0, 14.0])),
        weeks=draw(st.sampled_from([1.0, 2.0, 3.0, 3.0, 3.5])),
        work_hours_per_week=draw(st.sampled_from([4.0, 10.0])) if sometimes(draw, 4) else None,
        paid_leave_hours=draw(st.sampled_from([0.0, 0.0, 3.0, 8.0])),
        not_before=draw(near_days) if sometimes(draw, 8) else None,
        deadline=TODAY + timedelta(days=draw(st.integers(3, 25))) if sometimes(draw, 6) else None,
        pauses=(Period(start=(day := draw(near_days)), end=day + timedelta(days=draw(st.integers(0, 9)))),)
        if sometimes(draw, 5) else (),
    )  # fmt: skip


@dataclass(frozen=True)
class PlanWorld:
    """One person before a small catalogue."""

    offers: list[LearningOffer]
    learner: LearnerProfile


@st.composite
def plan_worlds(draw: st.DrawFn, max_offers: int = 6) -> PlanWorld:
    n = draw(st.integers(0, max_offers).map(lambda i: max_offers - i or 1))
    wanted = st.builds(
        Requirement, competence=names, level=levels, weight=st.sampled_from([0.5, 1.0, 2.0]),
        gate=st.integers(0, 4).map(lambda i: i == 0),
    )  # fmt: skip
    learner = LearnerProfile(
        id="l",
        goal=Goal(requirements=tuple(draw(st.lists(wanted, min_size=2, max_size=5)))),
        budget=draw(near_budgets()),
        claims=tuple(draw(st.lists(claims, max_size=1))),
        max_price=draw(st.sampled_from([100.0, 160.0])) if sometimes(draw, 3) else None,
        completed=("o0",) if sometimes(draw, 8) else (),
    )
    return PlanWorld([draw(near_offers(number, n)) for number in range(n)], learner)
