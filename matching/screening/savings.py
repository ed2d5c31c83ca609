"""What recognition saves: the plan with what a person can have recognised, beside the plan without it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from competences.records.claims import ClaimStatus
from competences.records.learners import LearnerProfile
from competences.records.roles import Goal
from matching.plan.plan import Plan
from matching.screening.question import Planner

FORMAL = (ClaimStatus.ASSESSED, ClaimStatus.CERTIFIED)
SAME = 1e-6
"""Coverage that differs by less is the same."""


@dataclass(frozen=True)
class Savings:
    """Two plans of one person for the same goal."""

    learner_id: str
    recognised: Plan = field(repr=False)
    """With recognition."""
    unrecognised: Plan = field(repr=False)
    """Without it."""

    @property
    def hours_with(self) -> float:
        return self.recognised.own_hours

    @property
    def hours_without(self) -> float:
        return self.unrecognised.own_hours

    @property
    def hours_saved(self) -> float:
        """Own hours that recognition makes superfluous; negative where it lets the plan reach further."""
        return self.hours_without - self.hours_with

    @property
    def coverage_gained(self) -> float:
        """Share of the goal that is covered more with recognition."""
        return self.recognised.coverage - self.unrecognised.coverage

    @property
    def comparable(self) -> bool:
        """True where the plan with recognition closes at least as much: only then are fewer hours a saving."""
        return self.coverage_gained >= -SAME

    @property
    def routes(self) -> tuple[str, ...]:
        """The recognition routes that the plan takes, in order."""
        steps = self.recognised.steps
        return tuple(step.offer_id for step in steps if any(cover.recognition for cover in step.covers))


@dataclass(frozen=True)
class GroupSavings:
    """The same for a group."""

    people: tuple[Savings, ...]

    @property
    def comparable(self) -> tuple[Savings, ...]:
        return tuple(one for one in self.people if one.comparable)

    @property
    def hours_saved(self) -> float:
        """Own hours saved by all whose plan closes at least as much with recognition."""
        return sum(one.hours_saved for one in self.comparable)

    @property
    def median_saved(self) -> float:
        """Half of those people save at least this; 0 for an empty group."""
        return median([one.hours_saved for one in self.comparable] or [0.0])

    @property
    def helped(self) -> int:
        """People who need fewer hours, or reach further, with recognition."""
        return sum(one.comparable and (one.hours_saved > SAME or one.coverage_gained > SAME) for one in self.people)

    @property
    def with_route(self) -> int:
        """People whose plan takes a recognition route."""
        return sum(bool(one.routes) for one in self.people)


def savings(
    matcher: Planner, learner: LearnerProfile, goal: Goal | None = None, *, without: Planner | None = None,
    on: date | None = None,
) -> Savings:  # fmt: skip
    """Plan twice. `without` is a matcher over the same catalogue without recognition routes: the claims then count as
    they are, and the difference is what the routes save. By default nothing counts that is not certified or assessed:
    the difference is then what recognising the rest saves, routes and trust together.
    """
    day = on or date.today()
    recognised = matcher.plan(learner, goal=goal, on=day)
    if without is not None:
        return Savings(learner.id, recognised, without.plan(learner, goal=goal, on=day))
    return Savings(learner.id, recognised, matcher.plan(only_formal(learner), goal=goal, on=day))


def group_savings(
    matcher: Planner, learners: Iterable[LearnerProfile], *, without: Planner | None = None, on: date | None = None
) -> GroupSavings:
    """`savings` for each learner's own goal."""
    return GroupSavings(tuple(savings(matcher, one, without=without, on=on) for one in learners))


def only_formal(learner: LearnerProfile) -> LearnerProfile:
    """The profile with certified and assessed claims and credentials only."""
    return learner.model_copy(update={"claims": tuple(one for one in learner.claims if one.status in FORMAL)})
