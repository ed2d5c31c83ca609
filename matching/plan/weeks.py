"""The calendar of a plan: weeks from its first day on, and the own hours that each has room for.

Week 0 begins on the first day of the plan, whatever weekday that is. A week that a pause or the last day cuts short has
room for the hours of an ordinary one; all weeks together have no more than the person has to the horizon, which counts
open days only."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

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

    def unpaused(self, start: int, end: int) -> list[int]:
        """Days of a span on which something may take place."""
        return [day for day in range(start, end + 1) if not self.paused(day, day)]

    def paused(self, start: int, end: int) -> bool:
        """Whether a span of days meets a pause."""
        return any(start <= last and first <= end for first, last in self.pauses)

    def shares(self, start: int, end: int) -> tuple[float, ...]:
        """Of the open days of a span within the plan, the share that lies in each week, from that of `start` on."""
        first, last, before = start - self.first_day, end + 1 - self.first_day, self._open_before
        bounds = (first, *range(first - first % 7 + 7, last, 7), last)
        total = before[last] - before[first]
        return tuple([(before[b] - before[a]) / total for a, b in pairwise(bounds)])

    @cached_property
    def _open_before(self) -> list[int]:
        found: list[int] = self.open_before.tolist()
        return found


def shares_of_weeks(weeks: float) -> tuple[float, ...]:
    """Share of the hours in each week of a run of so many weeks; the last one may be a part of a week."""
    whole = max(1, math.ceil(weeks - SLACK))
    if whole == 1:
        return (1.0,)
    return (*[1 / weeks] * (whole - 1), 1 - (whole - 1) / weeks)
