"""The plan that a person gets: steps in order, with dates, hours and what they close."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from competences.records.competence import Requirement
from matching.query.own_hours import HoursBill
from matching.query.person import Cover, Person


class PlanStatus(StrEnum):
    """How good a plan is known to be."""

    OPTIMAL = "optimal"
    """No other choice of offers closes more of the goal within the same limits."""
    FEASIBLE = "feasible"
    """Fits every limit; how much more could be closed at best is the bound."""
    NOTHING_OPEN = "nothing_open"
    """Everything that the goal asks for is held already."""
    NOTHING_FITS = "nothing_fits"
    """No offer that can be followed adds anything."""
    NOTHING_LISTED = "nothing_listed"
    """The catalogue is empty."""
    IMPOSSIBLE = "impossible"
    """The pinned offers cannot all be followed within the limits."""


class WeekHours(NamedTuple):
    """Own hours of one step in one week of the plan; weeks are counted from the plan's first day."""

    start: date
    hours: float


@dataclass(frozen=True)
class Step:
    """One offer of a plan; what it costs and covers in detail is worked out where somebody looks."""

    offer_id: str
    title: str
    run_id: str | None
    start: date
    end: date
    own_hours: float
    paid_leave: float
    """Hours of its contact hours that paid leave pays for in this plan."""
    weeks: tuple[WeekHours, ...] = ()
    """Own hours week by week; they add up to `own_hours`."""
    price: float | None = None
    """€, None where unknown."""
    bundle: str | None = None
    """Steps of one bundle are parts of the same whole."""
    kept: bool = False
    """Part of the plan that this one replaces."""
    row: int = field(kw_only=True, repr=False)
    run: int = field(kw_only=True, repr=False)
    """Of the offer and of its run in the catalogue."""
    person: Person = field(kw_only=True, repr=False, compare=False)

    @cached_property
    def bill(self) -> HoursBill:
        """That of the run which was chosen, with the leave that it gets in this plan."""
        travel = self.person.travel_hours(self.run)
        return replace(self.person.bill(self.row), travel=travel).with_leave(self.paid_leave)

    @cached_property
    def covers(self) -> tuple[Cover, ...]:
        return self.person.covers(self.row)


@dataclass(frozen=True)
class Closest:
    """The offer with the fewest own hours that would add to what is still open."""

    offer_id: str
    title: str
    own_hours: float


@dataclass(frozen=True)
class OpenRequirement:
    """What remains after the plan: the share of one requirement that neither claims nor steps give."""

    requirement: Requirement
    share: float
    closest: Closest | None = None


@dataclass(frozen=True)
class Plan:
    """A proposal: the steps that close most of the goal within the person's hours."""

    steps: tuple[Step, ...]
    gain: float
    """Share of the goal that the steps close, in [0, 1]."""
    coverage: float
    """Share of the goal that is covered afterwards, claims included, in [0, 1]."""
    bound: float
    """No plan within the same limits has more gain than this (gates first: or closes more of the gates)."""
    status: PlanStatus
    hours_available: float | None
    """Own hours to the horizon; None where unknown."""
    person: Person = field(repr=False)
    qualifies: tuple[str, ...] = ()
    """Roles that the person qualifies for afterwards, where the plan was asked for roles."""
    impossible: tuple[str, ...] = ()
    """Pinned offers that cannot be followed at all."""
    find_open: Callable[[], tuple[OpenRequirement, ...]] = field(kw_only=True, repr=False, compare=False)

    @cached_property
    def open(self) -> tuple[OpenRequirement, ...]:
        """What neither claims nor steps give, gates first, then the largest share."""
        return self.find_open()

    @property
    def own_hours(self) -> float:
        """Own hours of all steps; paid leave is used once."""
        return sum(step.own_hours for step in self.steps)

    @property
    def workplace_hours(self) -> float:
        """Hours out of work time."""
        return sum(step.bill.workplace for step in self.steps)

    @property
    def price(self) -> float:
        """€ of all steps that state a price."""
        return sum(step.price or 0.0 for step in self.steps)

    @property
    def finish(self) -> date | None:
        """Last day of the last step; None where there is no step."""
        return max((step.end for step in self.steps), default=None)
