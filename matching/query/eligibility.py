"""A batch of learners as numbers, and their answers to each distinct condition of the catalogue.

A condition that does not depend on numbers is asked once per distinct pair (what the person says, what the offer
says): the kernel then reads one byte. Everything numeric runs inside the kernel.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from competences.records.hours import Period, TimeBudget
from competences.records.learners import LearnerProfile
from competences.records.offers import DeliveryMode
from matching.index.catalogue import Catalogue
from matching.index.columns import UNKNOWN_DAY
from matching.index.generation import Generation
from matching.index.picking import starts_of
from matching.query.conditions import form_key, form_reasons
from matching.query.entry import ENTRY_THRESHOLD, Entry
from matching.query.exemptions import Exemptions
from matching.query.persons import Persons, Tables
from matching.query.sessions import blocked_days, day_key, free_slots, slot_key
from matching.query.time_kernels import NEVER
from matching.query.travel import distances_km, points_of
from matching.settings import Settings

__all__ = ["ENTRY_THRESHOLD", "Eligibility", "last_day", "weeks_to_horizon"]

CACHED_BYTES = 1 << 25
"""How much each table remembers of the distinct person sides that came by."""

NO_BUDGET = TimeBudget()
MODES = tuple(DeliveryMode)


@dataclass
class Eligibility:
    """Condition tables of one catalogue generation, filled as learners come by."""

    generation: Generation
    _rows: dict[str, OrderedDict[Hashable, Any]] = field(default_factory=dict)

    @property
    def catalogue(self) -> Catalogue:
        return self.generation.catalogue

    def batch(self, learners: Sequence[LearnerProfile], on: date) -> tuple[Persons, Tables]:
        """Numbers and lookup tables of these learners on this day."""
        forms, form_ok = self._table("form", learners, form_key, self._form_row)
        homes, km = self._table("home", learners, attrgetter("home"), self._home_row)
        slots, slot_ok = self._table("slot", learners, slot_key, self._slot_row)
        days, blocked = self._table("day", learners, day_key, self._day_row)
        atoms = [self._entry.met(learner, on) for learner in learners]
        exempted = [self._exemptions.of(learner, on) for learner in learners]
        budgets = [learner.budget or NO_BUDGET for learner in learners]
        wishes = [learner.preferences for learner in learners]
        pauses, settings = Pauses.of(budgets), self.catalogue.settings
        weeks = _floats([weeks_to_horizon(budget, on, settings) for budget in budgets])
        hours_per_week = _floats([budget.hours_per_week for budget in budgets])
        work_per_week = _floats([budget.work_hours_per_week for budget in budgets])
        persons = Persons(
            on=on.toordinal(),
            horizon=horizon_days(settings),
            hours=hours_per_week * weeks,
            hours_per_week=hours_per_week,
            work_per_week=work_per_week,
            work_hours=work_per_week * weeks,
            leave=_floats([budget.paid_leave_hours for budget in budgets]),
            max_price=_floats([learner.max_price for learner in learners]),
            not_before=_days([budget.not_before for budget in budgets]),
            deadline=_days([last_day(budget, on) for budget in budgets]),
            pause_start=pauses.start,
            pause_first=pauses.first,
            pause_last=pauses.last,
            speed=_floats([settings.speed_kmh[learner.transport or settings.transport] for learner in learners]),
            max_km=_floats([learner.max_travel_km for learner in learners]),
            max_minutes=_floats([learner.max_travel_minutes for learner in learners]),
            form_table=forms,
            home_table=homes,
            slot_table=slots,
            day_table=days,
            atom_start=starts_of(map(len, atoms)),
            atoms=np.array([atom for met in atoms for atom in met], np.int32),
            exempt_start=starts_of(map(len, exempted)),
            exempt_rows=np.array([row for one in exempted for row in one], np.int64),
            exempt_hours=np.array([hours for one in exempted for hours in one.values()], np.float64),
            form_weight=_floats([one.weight for one in wishes]),
            likes_modes=np.array([sum(1 << MODES.index(mode) for mode in set(one.modes)) for one in wishes], np.int64),
            likes_evening=np.array([-1 if one.evening is None else one.evening for one in wishes], np.int8),
        )
        return persons, Tables(
            form_ok=form_ok,
            km=km,
            slot_ok=slot_ok,
            days=blocked,
            any_day=np.asarray(blocked.any(axis=1), np.uint8),
        )

    def _table(
        self, name: str, learners: Sequence[LearnerProfile], key_of: Callable[[LearnerProfile], Hashable],
        answer: Callable[[LearnerProfile], NDArray[Any]],
    ) -> tuple[NDArray[np.int64], NDArray[Any]]:  # fmt: skip
        """(row per learner, table of the distinct rows); rows that were answered before come from the cache."""
        cache = self._rows.setdefault(name, OrderedDict())
        used: dict[Hashable, int] = {}
        places = [used.setdefault(key_of(learner), len(used)) for learner in learners]
        first = dict(zip(reversed(places), reversed(learners), strict=True))
        rows: list[NDArray[Any]] = []
        for key, place in used.items():
            found = cache.get(key)
            if found is None:
                found = cache[key] = answer(first[place])
                if len(cache) * max(found.nbytes, 1) > CACHED_BYTES:
                    cache.popitem(last=False)
            rows.append(found)
        table = np.stack(rows) if rows else answer(LearnerProfile(id="nobody"))[None]
        return np.array(places, np.int64), table

    def _form_row(self, learner: LearnerProfile) -> NDArray[np.uint8]:
        return np.array([not form_reasons(form, learner) for form in self.catalogue.forms.values], np.uint8)

    def _home_row(self, learner: LearnerProfile) -> NDArray[np.float64]:
        return distances_km(learner.home, self._points, self.catalogue.settings)

    def _slot_row(self, learner: LearnerProfile) -> NDArray[np.uint8]:
        return free_slots(self.catalogue.slots.values, learner)

    def _day_row(self, learner: LearnerProfile) -> NDArray[np.uint8]:
        columns = self.catalogue.columns
        return blocked_days(int(columns.calendar_start[0]), len(columns.public_holiday), learner)

    @cached_property
    def _points(self) -> NDArray[np.float64]:
        return points_of(self.catalogue.places.values)

    @cached_property
    def _entry(self) -> Entry:
        return Entry(self.generation)

    @cached_property
    def _exemptions(self) -> Exemptions:
        return Exemptions(self.generation)


def weeks_to_horizon(budget: TimeBudget, on: date, settings: Settings) -> float:
    """Weeks in which a person can learn: as stated, else to the horizon; never beyond the deadline, nor in a pause."""
    weeks = settings.horizon_weeks if budget.weeks is None else budget.weeks
    if budget.deadline is None and budget.not_before is None and not budget.pauses:
        return weeks
    return min(weeks, open_weeks(budget, on, settings))


def open_weeks(
    budget: TimeBudget, on: date, settings: Settings, start: date | None = None, end: date | None = None
) -> float:
    """Weeks outside pauses from a start to an end, both at most as far as the person's own."""
    begin = max(on, budget.not_before or on, start or on)
    last = last_day(budget, on) or begin + timedelta(days=horizon_days(settings) - 1)
    low, high = begin.toordinal(), min(last, end or last).toordinal()
    days = high - low + 1
    for first, end_of_pause in merged_pauses(budget.pauses) if budget.pauses else ():
        days -= max(0, min(high, end_of_pause) - max(low, first) + 1)
    return max(0, days) / 7


def horizon_days(settings: Settings) -> int:
    """The horizon in whole days."""
    return math.ceil(settings.horizon_weeks * 7)


class Pauses(NamedTuple):
    """The pause columns of `Persons`."""

    start: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]

    @classmethod
    def of(cls, budgets: Sequence[TimeBudget]) -> Pauses:
        """One row per budget."""
        pauses = [merged_pauses(budget.pauses) if budget.pauses else () for budget in budgets]
        days = np.array([day for one in pauses for day in one], np.int64).reshape(-1, 2)
        return cls(starts_of(map(len, pauses)), *np.ascontiguousarray(days.T))


def merged_pauses(pauses: Sequence[Period]) -> list[tuple[int, int]]:
    """(first, last) day of the pauses as ordinals, apart from each other and in order; an open side is without end."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(
        (one.start.toordinal() if one.start else 0, one.end.toordinal() if one.end else NEVER) for one in pauses
    ):
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return found


def last_day(budget: TimeBudget, on: date) -> date | None:
    """The day by which everything must be done: the deadline or the last of the weeks, whichever comes first."""
    if budget.weeks is None:
        return budget.deadline
    after_weeks = on + timedelta(days=round(budget.weeks * 7))
    return after_weeks if budget.deadline is None else min(after_weeks, budget.deadline)


def _floats(values: Sequence[float | None]) -> NDArray[np.float64]:
    """NaN for unknown: it compares false, and so keeps nobody out."""
    return np.array([np.nan if value is None else value for value in values], np.float64)


def _days(values: Sequence[date | None]) -> NDArray[np.int32]:
    return np.array([UNKNOWN_DAY if day is None else day.toordinal() for day in values], np.int32)
