"""The planning problem of one person as plain data: what each candidate gives, costs, asks for, and when it can be."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from competences.records.offers import LearningOffer
from matching.index.catalogue import Catalogue
from matching.plan.calendar_arrays import DAYS, STARTS, Limits
from matching.plan.calendar_kernels import KIND, MANY
from matching.plan.entries import Asks, Entries, entries
from matching.plan.option import Option
from matching.plan.options import Options
from matching.plan.weeks import SLACK, Weeks
from matching.query.person import Person

GATE_FIRST = 1000.0
"""An open gate outweighs everything else that can be closed."""
TIE = 1e-4
"""What all own hours together cost in the worth of a plan: they decide between plans of (almost) equal gain."""
KEEP = 1e-3
"""What keeping every step of an earlier plan is worth: more than fewer hours, less than any gain that shows."""


class Candidate(NamedTuple):
    """One offer that the person can follow, entry conditions apart."""

    catalogue: Catalogue
    row: int
    group: str | None
    """Offers of one group are variants of the same outcome."""
    price: float
    """€, 0 where unknown."""
    least_hours: float
    """Own hours of the shortest option."""
    leave_hours: float
    """What paid leave can pay for at most."""
    number: int
    """Which of `Problem.options` are its own: this stays the same where candidates get other numbers."""
    asks: Asks
    together: frozenset[int] | None
    """Candidates that must be chosen with it; None where one of them cannot be followed."""
    kept: bool = False
    """Part of the plan that this one replaces."""

    @property
    def offer(self) -> LearningOffer:
        return self.catalogue.offers[self.row]

    @property
    def alone(self) -> bool:
        """Whether it asks for no other."""
        return not self.asks and self.together is not None and not self.together

    def asks_within(self, inside: frozenset[int], renumbered: Asks) -> Asks:
        """Of the same asks in another numbering, those that no candidate outside could lift."""
        found = []
        for (lacking, atoms), (_, others) in zip(self.asks, renumbered, strict=True):
            closed = [other for atom, other in zip(atoms, others, strict=True) if atom <= inside]
            left = lacking - (len(atoms) - len(closed))
            if left > 0:
                found.append((left, tuple(closed)))
        return tuple(found)

    def renumbered(self, number: dict[int, int]) -> Candidate:
        """The same in another numbering; whoever has no new number is gone."""
        asks = tuple(
            (lacking, tuple(frozenset(number[e] for e in earners if e in number) for earners in atoms))
            for lacking, atoms in self.asks
        )
        gone = self.together is None or not self.together <= number.keys()
        together = None if gone else frozenset(number[one] for one in self.together or ())
        return self._replace(asks=asks, together=together)


@dataclass(frozen=True)
class Role:
    """A role that one qualifies for: enough of it is covered, and each of its gates is."""

    id: str
    shares: NDArray[np.float64]
    """(requirements,) what each counts in it; they add up to 1."""
    gates: NDArray[np.bool_]
    enough: float
    """Share to be covered, of the whole and of each gate."""

    def fits(self, covered: NDArray[np.float64], share: float | None = None) -> bool:
        """Whether (requirements,) shares that are covered are enough; `share` of the whole, where it is known."""
        share = float(self.shares @ covered) if share is None else share
        return share >= self.enough - SLACK and bool((covered[self.gates] >= self.enough - SLACK).all())


@dataclass(frozen=True)
class Aim:
    """What makes one plan better than another, and what it must reach in any case."""

    gain: float = 1.0
    """What one unit of prioritised gain is worth."""
    hours: float = TIE
    """What all own hours together cost."""
    price: float = 0.0
    """What all money together costs."""
    roles: float = 0.0
    """What one more role is worth that the person qualifies for."""
    least: float = 0.0
    """Prioritised gain that is needed."""
    qualify: bool = False
    """Every role must fit."""


MOST_GAIN = Aim()


@dataclass(frozen=True)
class Problem:
    """Choose candidates, an option of each, and its weeks: maximise worth within hours, weeks, money and order."""

    person: Person
    candidates: tuple[Candidate, ...]
    options: Options
    values: NDArray[np.float64]
    """(candidates, requirements): val of each candidate for each requirement, at least what is held."""
    held: NDArray[np.float64]
    weights: NDArray[np.float64]
    """Shares of the goal; they add up to 1."""
    gates: NDArray[np.bool_]
    hours: float
    """Own hours to the horizon, infinite where unknown."""
    leave: float
    money: float
    work: float
    """Hours of work time to the horizon, infinite where unknown."""
    work_per_week: float
    weeks: Weeks
    pinned: frozenset[int] = frozenset()
    max_steps: int | None = None
    max_parallel: int | None = None
    left_out: NDArray[np.float64] | None = None
    """Per requirement, the best value among offers with a gain that are no candidate; None where there are none."""
    unavailable: tuple[str, ...] = ()
    """Pinned offers that cannot be followed at all."""
    aim: Aim = MOST_GAIN
    roles: tuple[Role, ...] = ()

    @cached_property
    def priorities(self) -> NDArray[np.float64]:
        """Weights with gates first: what is maximised."""
        return np.where(self.gates, GATE_FIRST, 1.0) * self.weights

    @cached_property
    def all_open(self) -> float:
        """What closing everything would gain, gates first."""
        return float(self.priorities @ (1.0 - np.minimum(self.held, 1.0)))

    @cached_property
    def most(self) -> float:
        """No choice is worth more."""
        return self.aim.gain * self.all_open + self.aim.roles * len(self.roles) + KEEP

    @cached_property
    def least_hours(self) -> list[float]:
        """(candidates,) own hours of the shortest option."""
        return [candidate.least_hours for candidate in self.candidates]

    @cached_property
    def leave_hours(self) -> list[float]:
        """(candidates,) what paid leave can pay for at most."""
        return [candidate.leave_hours for candidate in self.candidates]

    @cached_property
    def prices(self) -> list[float]:
        """(candidates,) €, 0 where unknown."""
        return [candidate.price for candidate in self.candidates]

    @cached_property
    def keeps(self) -> list[bool]:
        """(candidates,) part of the plan that this one replaces."""
        return [candidate.kept for candidate in self.candidates]

    @cached_property
    def per_hour(self) -> float:
        """Cost of one own hour in the worth."""
        total = sum(self.least_hours)
        return self.aim.hours / max(1.0, min(total, self.hours + self.leave))

    @cached_property
    def per_euro(self) -> float:
        """Cost of one euro in the worth."""
        return self.aim.price / max(1.0, self.price(range(len(self.candidates))))

    @cached_property
    def per_kept(self) -> float:
        """Worth of one step that is kept."""
        return KEEP / max(1, sum(self.keeps))

    @cached_property
    def groups(self) -> dict[str, tuple[int, ...]]:
        """Variants of the same outcome, of which at most one is chosen; groups of one are left out."""
        found: dict[str, list[int]] = {}
        for c, candidate in enumerate(self.candidates):
            if candidate.group is not None:
                found.setdefault(candidate.group, []).append(c)
        return {name: tuple(members) for name, members in found.items() if len(members) > 1}

    @cached_property
    def group_numbers(self) -> NDArray[np.int64]:
        """(candidates,) which of the groups each is in, −1 for none."""
        number = {name: i for i, name in enumerate(self.groups)}
        return np.array([number.get(one.group or "", -1) for one in self.candidates], np.int64)

    @cached_property
    def related(self) -> frozenset[int]:
        """Candidates whose place in time depends on another: those that ask, and those that earn."""
        return frozenset(np.flatnonzero(self._entries.related).tolist())

    @cached_property
    def _entries(self) -> Entries:
        return entries([one.asks for one in self.candidates], {c: c for c in range(len(self.candidates))})

    def options_of(self, c: int) -> tuple[Option, ...]:
        """Fewest own hours first; a candidate without any cannot be chosen."""
        return self.options.of(self.candidates[c].number)

    def stands(self, c: int) -> bool:
        """Whether a candidate can only be at one place in the calendar."""
        options = self.options_of(c)
        return len(options) == 1 and len(options[0].starts) == 1

    @cached_property
    def limits(self) -> Limits:
        """What the calendar must keep to."""
        weeks = self.weeks
        ways = self.options.ways[[one.number for one in self.candidates]]
        return Limits(
            weeks.first_day, weeks.last_day, np.array(weeks.room), self.leave, self.work, self.work_per_week,
            math.inf if self.max_parallel is None else float(self.max_parallel),
            np.array(weeks.open_days, np.int64), ways, self._turns(ways), self._entries,
        )  # fmt: skip

    def _turns(self, ways: NDArray[np.int64]) -> NDArray[np.int64]:
        """(candidates,) whose turn comes first: dated runs stand where they are; then what others wait for; then fixed
        loads; free hours fill the rest. Of equals, most options first."""
        fixed, starts = self.options.laid.days[:, DAYS] > 0, self.options.laid.days[:, STARTS]

        def all_are(some: NDArray[np.bool_]) -> NDArray[np.bool_]:
            others = np.concatenate(([0], np.cumsum(~some)))
            found: NDArray[np.bool_] = others[ways[:, 0]] == others[ways[:, 1]]
            return found

        kind = np.where(all_are(fixed), 2, 3)
        kind[self._entries.related] = 1
        kind[all_are(fixed & (starts == 1))] = 0
        few = MANY - 1 - (ways[:, 1] - ways[:, 0])
        turns: NDArray[np.int64] = kind * KIND + few * MANY + np.arange(len(ways))
        return turns

    def gain(self, chosen: Iterable[int], weights: NDArray[np.float64] | None = None) -> float:
        """Share of the goal that a set of candidates closes; overlap counts once."""
        rows = list(chosen)
        if not rows:
            return 0.0
        best = self.values[rows].max(axis=0)
        return float(((best - self.held) * (self.weights if weights is None else weights)).sum())

    def worth(self, chosen: Iterable[int], own_hours: float | None = None) -> float:
        """What is maximised: gain with gates first, then what is kept, then the fewest own hours."""
        rows = list(chosen)
        hours = self.own_hours(rows) if own_hours is None else own_hours
        kept = sum([self.keeps[c] for c in rows])
        cost = self.per_hour * hours + self.per_euro * self.price(rows)
        fitting = len(self.fitting(rows)) if self.aim.roles else 0
        gain = self.aim.gain * self.gain(rows, self.priorities)
        return gain + self.aim.roles * fitting + self.per_kept * kept - cost

    def fitting(self, chosen: Iterable[int]) -> tuple[str, ...]:
        """Ids of the roles that the person qualifies for afterwards."""
        rows = list(chosen)
        covered = np.maximum(self.held, self.values[rows].max(axis=0)) if rows else self.held
        shares = (self._role_shares @ covered).tolist()
        return tuple([role.id for role, share in zip(self.roles, shares, strict=True) if role.fits(covered, share)])

    @cached_property
    def _role_shares(self) -> NDArray[np.float64]:
        """(roles, requirements)."""
        return np.array([role.shares for role in self.roles]).reshape(len(self.roles), len(self.held))

    def own_hours(self, chosen: Iterable[int]) -> float:
        """The fewest own hours that a set can take; paid leave pays for contact hours once."""
        rows, hours, leave = list(chosen), self.least_hours, self.leave_hours
        return max(0.0, sum([hours[c] for c in rows]) - min(self.leave, sum([leave[c] for c in rows])))

    def price(self, chosen: Iterable[int]) -> float:
        """€, unknown prices apart."""
        prices = self.prices
        return sum([prices[c] for c in chosen])

    def affords(self, hours: float, price: float) -> bool:
        """Whether the totals stay within what the person has."""
        return hours <= self.hours + SLACK and price <= self.money + SLACK

    def part(self, chosen: Iterable[int]) -> Problem:
        """The same as `only`, where whatever could be had from others is taken as had: if these do not fit, no choice
        that holds them all does."""
        rows = sorted(chosen)
        inside = frozenset(rows)
        eased = self.only(rows)
        candidates = tuple(
            one._replace(asks=self.candidates[c].asks_within(inside, one.asks), together=frozenset())
            for c, one in zip(rows, eased.candidates, strict=True)
        )
        return replace(eased, candidates=candidates)

    def only(self, chosen: Iterable[int]) -> Problem:
        """The same problem where these are the only candidates, in ascending order, and all of them are pinned."""
        rows = sorted(chosen)
        number = {c: i for i, c in enumerate(rows)}
        return replace(
            self,
            candidates=tuple(self.candidates[c].renumbered(number) for c in rows),
            values=self.values[rows],
            pinned=frozenset(range(len(rows))),
            max_steps=None,
            aim=MOST_GAIN,
            roles=(),
        )
