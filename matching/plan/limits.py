"""Why a wish cannot be met: the smallest set of conditions in conflict, what lifting each would buy, and how far other
amounts of own hours would reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

from competences.records.hours import TimeBudget
from competences.records.learners import LearnerProfile
from matching.plan import solving
from matching.plan.plan import Plan, PlanStatus
from matching.plan.wishes import Wishes
from matching.query.eligibility import NO_BUDGET, weeks_to_horizon
from matching.query.person import Person

NEAR = 1e-6
FRACTIONS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
"""Points of the curve, as parts of the hours that the person has."""
STEPS_OF_HOURS = (20.0, 40.0, 80.0, 120.0, 200.0, 400.0)
"""The same where it is unknown how many hours the person has, in hours."""


def _profile(**lifted: object) -> Callable[[LearnerProfile], LearnerProfile]:
    return lambda learner: learner.model_copy(update=lifted)


def _budget(**lifted: object) -> Callable[[LearnerProfile], LearnerProfile]:
    def lift(learner: LearnerProfile) -> LearnerProfile:
        return learner.model_copy(update={"budget": (learner.budget or NO_BUDGET).model_copy(update=lifted)})

    return lift


LIFTS: Mapping[str, Callable[[LearnerProfile], LearnerProfile]] = {
    "hours": _budget(hours_per_week=None),
    "deadline": _budget(deadline=None, weeks=None),
    "not_before": _budget(not_before=None),
    "work_hours": _budget(work_hours_per_week=None),
    "availability": _budget(slots=None, exceptions=(), pauses=(), school_holidays_free=True),
    "money": _profile(max_price=None),
    "travel": _profile(max_travel_km=None, max_travel_minutes=None),
    "modes": _profile(modes=None),
    "languages": _profile(languages=None),
    "host": _profile(has_host=None),
    "access": _profile(digital_skill=None, vks_level=None, needs=(), region=None, status=None),
}
"""Condition → the profile without it."""
WISHES: Mapping[str, Callable[[Wishes], Wishes]] = {
    "pinned": lambda wishes: replace(wishes, pinned=frozenset()),
    "forbidden": lambda wishes: replace(wishes, forbidden=frozenset()),
    "max_steps": lambda wishes: replace(wishes, max_steps=None),
    "max_parallel": lambda wishes: replace(wishes, max_parallel=None),
}
"""Wish → the wishes without it."""


@dataclass(frozen=True)
class Relaxation:
    """What one condition costs: how far a plan reaches without it."""

    condition: str
    coverage: float
    own_hours: float
    impossible: bool = False


@dataclass(frozen=True)
class CurvePoint:
    """Own hours to the horizon, and the share of the goal that is covered with them."""

    hours: float
    coverage: float


@dataclass(frozen=True)
class Limits:
    """Of one wish: to cover at least `wanted` of the goal, with the pinned offers, within every condition."""

    person: Person
    wishes: Wishes
    wanted: float

    @cached_property
    def plan(self) -> Plan:
        return self._plan(frozenset())

    @property
    def met(self) -> bool:
        """Whether the wish can be met as it is."""
        return self._meets(frozenset())

    @cached_property
    def stated(self) -> tuple[str, ...]:
        """The conditions that this person, or this wish, states."""
        learner = self.person.learner
        profile = [name for name, lift in LIFTS.items() if _plain(lift(learner)) != _plain(learner)]
        return (*profile, *(name for name, lift in WISHES.items() if lift(self.wishes) != self.wishes))

    @cached_property
    def conflict(self) -> tuple[str, ...] | None:
        """The smallest set of conditions that together rule the wish out; empty where no condition does, because no
        listed offer goes as far; None where the wish is met."""
        if self.met:
            return None
        everything = frozenset(self.stated)
        if not self._meets(everything):
            return ()
        for size in (1, 2):
            for some in combinations(self.stated, size):
                if not self._meets(everything - set(some)):
                    return some
        needed = set(self.stated)
        for name in self.stated:
            if not self._meets(everything - (needed - {name})):
                needed.discard(name)
        return tuple(name for name in self.stated if name in needed)

    @cached_property
    def relaxations(self) -> tuple[Relaxation, ...]:
        """What lifting one condition buys, the most first; conditions that cost nothing are left out."""
        found = []
        for name in self.stated:
            plan = self._plan(frozenset({name}))
            if plan.coverage > self.plan.coverage + NEAR or self.plan.status is PlanStatus.IMPOSSIBLE:
                impossible = plan.status is PlanStatus.IMPOSSIBLE
                found.append(Relaxation(name, plan.coverage, plan.own_hours, impossible))
        return tuple(sorted(found, key=lambda one: (one.impossible, -one.coverage, one.own_hours)))

    @cached_property
    def curve(self) -> tuple[CurvePoint, ...]:
        """How far other amounts of own hours reach; never falling."""
        settings, learner = self.person.generation.catalogue.settings, self.person.learner
        budget = learner.budget or NO_BUDGET
        weeks = weeks_to_horizon(budget, self.person.on, settings)
        if weeks <= 0:
            return ()
        known = budget.hours_per_week
        amounts = [known * weeks * part for part in FRACTIONS] if known else list(STEPS_OF_HOURS)
        points, best = [], 0.0
        for hours in amounts:
            other: TimeBudget = budget.model_copy(update={"hours_per_week": min(168.0, hours / weeks)})
            person = self.person.changed(learner.model_copy(update={"budget": other}))
            best = max(best, solving.plan(person, self.wishes).coverage)
            points.append(CurvePoint(hours, best))
        return tuple(points)

    @cached_property
    def _plans(self) -> dict[frozenset[str], Plan]:
        return {}

    def _plan(self, lifted: frozenset[str]) -> Plan:
        """The best plan without these conditions."""
        if lifted not in self._plans:
            learner, wishes = self.person.learner, self.wishes
            for name in sorted(lifted):
                learner = LIFTS[name](learner) if name in LIFTS else learner
                wishes = WISHES[name](wishes) if name in WISHES else wishes
            person = self.person if learner is self.person.learner else self.person.changed(learner)
            self._plans[lifted] = solving.plan(person, wishes)
        return self._plans[lifted]

    def _meets(self, lifted: frozenset[str]) -> bool:
        plan = self._plan(lifted)
        return plan.status is not PlanStatus.IMPOSSIBLE and plan.coverage >= self.wanted - NEAR


def _plain(learner: LearnerProfile) -> object:
    return learner.model_copy(update={"budget": learner.budget or NO_BUDGET})
