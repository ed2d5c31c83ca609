"""What recognition saves: the plan with what a person can have recognised, beside the plan without it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Protocol

from competences.records.claims import CERTAIN
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer, OfferKind
from competences.records.roles import Goal
from matching.plan.plan import Plan
from matching.screening.question import Planner

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
        """Own hours that recognition makes superfluous; negative where they are spent to get further."""
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
    def saving(self) -> tuple[Savings, ...]:
        """Who needs fewer own hours for at least as much of the goal."""
        return tuple(one for one in self.people if one.comparable and one.hours_saved > SAME)

    @property
    def further(self) -> tuple[Savings, ...]:
        """Who gets further, without needing fewer hours: an assessment takes hours too."""
        return tuple(one for one in self.people if one.coverage_gained > SAME and one.hours_saved <= SAME)

    @property
    def hours_saved(self) -> float:
        """Own hours saved together by those who need fewer."""
        return sum(one.hours_saved for one in self.saving)

    @property
    def median_saved(self) -> float:
        """Half of those who save hours save at least this; 0 where nobody does."""
        return median([one.hours_saved for one in self.saving] or [0.0])

    @property
    def hours_added(self) -> float:
        """Own hours that those who get further spend on it."""
        return sum(-one.hours_saved for one in self.further)

    @property
    def with_route(self) -> int:
        """People whose plan takes a recognition route."""
        return sum(bool(one.routes) for one in self.people)


def savings(
    matcher: Planner, learner: LearnerProfile, goal: Goal | None = None, *, without: Planner | None = None,
    on: date | None = None,
) -> Savings:  # fmt: skip
    """Plan twice. `without` plans without recognition routes (`without_routes(matcher)`): the claims then count as they
    are, and the difference is what the routes save. By default nothing counts that is not certified or assessed: the
    difference is then what recognising the rest saves, routes and trust together.
    """
    day = on or date.today()
    recognised = matcher.plan(learner, goal=goal, on=day)
    if without is not None:
        return Savings(learner.id, recognised, without.plan(learner, goal=goal, on=day))
    return Savings(learner.id, recognised, matcher.plan(only_formal(learner), goal=goal, on=day))


class Forbidding(Protocol):
    """A planner over a catalogue that can leave offers out: a matcher."""

    @property
    def offers(self) -> Sequence[LearningOffer]: ...

    def plan(
        self,
        learner: LearnerProfile,
        *,
        goal: Goal | None = None,
        on: date | None = None,
        forbidden: Iterable[str] = (),
    ) -> Plan: ...


@dataclass(frozen=True)
class _WithoutRoutes:
    matcher: Forbidding
    routes: tuple[str, ...]

    def plan(self, learner: LearnerProfile, *, goal: Goal | None = None, on: date | None = None) -> Plan:
        return self.matcher.plan(learner, goal=goal, on=on, forbidden=self.routes)


def without_routes(matcher: Forbidding) -> Planner:
    """The same matcher, as if its catalogue held no recognition routes."""
    return _WithoutRoutes(matcher, tuple(one.id for one in matcher.offers if one.kind is OfferKind.RECOGNITION))


def group_savings(
    matcher: Planner, learners: Iterable[LearnerProfile], *, without: Planner | None = None, on: date | None = None
) -> GroupSavings:
    """`savings` for each learner's own goal."""
    return GroupSavings(tuple(savings(matcher, one, without=without, on=on) for one in learners))


def only_formal(learner: LearnerProfile) -> LearnerProfile:
    """The profile with certified and assessed claims and credentials only."""
    return learner.model_copy(update={"claims": tuple(one for one in learner.claims if one.status in CERTAIN)})
