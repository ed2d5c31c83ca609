"""The calendar of a plan: weeks from its first day on, and the own hours that each has room for.

Week 0 begins on the first day of the plan, whatever weekday that is. A week that a pause or the last day cuts short has
room for the hours of an ordinary one; all weeks together have no more than the person has to the horizon, which counts
open days only."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

SLACK = 1e-6
"""Hours, and euros, that differ by less are equal."""


@dataclass(frozen=True)
class Weeks:
    """Days are ordinals (`date.toordinal`), both ends included."""

    first_day: int
    last_day: int
    pauses: tuple[tuple[int, int], ...]
    """Spans in which nothing may take place."""
    hours_per_week: float
    """Own hours in a whole week; infinite where unknown."""

    def __len__(self) -> int:
        return max(0, math.ceil((self.last_day + 1 - self.first_day) / 7))

    def of(self, day: int) -> int:
        """The week that a day lies in."""
        return (day - self.first_day) // 7

    def starts(self, week: int) -> int:
        """First day of a week."""
        return self.first_day + 7 * week

    def ends(self, week: int) -> int:
        """Last day of a week, the last day of the plan at most."""
        return min(self.starts(week) + 6, self.last_day)

    @cached_property
    def open_days(self) -> tuple[int, ...]:
        """Days of each week that lie in no pause."""
        bounds = np.minimum(np.arange(0, 7 * len(self) + 1, 7), len(self.open_before) - 1)
        return tuple(np.diff(self.open_before[bounds]).tolist())

    @cached_property
    def room(self) -> tuple[float, ...]:
        """Own hours that each week has room for."""
        return tuple(self.hours_per_week if days else 0.0 for days in self.open_days)

    @property
    def limited(self) -> bool:
        """Whether the hours a week are known."""
        return math.isfinite(self.hours_per_week)

    @cached_property
    def open_before(self) -> NDArray[np.int64]:
        """(days + 1,) open days before each day of the plan, and in all."""
        days = np.arange(self.first_day, self.last_day + 1)
        paused = np.zeros(len(days), bool)
        for first, last in self.pauses:
            paused |= (days >= first) & (days <= last)
        return np.concatenate(([0], np.cumsum(~paused))).astype(np.int64)
