"""When an offer can be followed: each run that nothing keeps the person out of, as days and shares of hours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.index.columns import Sessions
from matching.plan.calendar_arrays import DAYS, LATEST, RELEASE, STARTS, Laid
from matching.plan.kernels import find_ways, lay_out
from matching.plan.option import Option, meetings_of
from matching.plan.weeks import Weeks
from matching.query.person import Person

DAY = 24 * 60
"""Minutes."""


class Ways(NamedTuple):
    """Ways to follow some offers."""

    start: NDArray[np.int64]
    """(offers + 1,) those of offer i are the rows from `start[i]` on of all others."""
    where: NDArray[np.int64]
    costs: NDArray[np.float64]
    """Of `find_ways`."""

    @property
    def known(self) -> NDArray[np.bool_]:
        """(offers,) whether there is any."""
        return self.start[1:] > self.start[:-1]


def ways_of(person: Person, rows: Sequence[int] | NDArray[np.int64], most: int | None = None) -> Ways:
    """Each run of these offers that has a place in the person's calendar; `most`: of the first offers, until so many
    have one."""
    columns, asked = person.generation.catalogue.columns, np.asarray(rows, np.int64)
    size = int((columns.run_start[asked + 1] - columns.run_start[asked]).sum())
    start, where, costs = np.empty(len(asked) + 1, np.int64), np.empty((size, 5), np.int64), np.empty((size, 4))
    enough = len(asked) if most is None else most
    looked = find_ways(columns, person.tables, person.persons, asked, enough, start, where, costs)
    found = int(start[looked])
    return Ways(start[: looked + 1], where[:found], costs[:found])


def weeks_of(person: Person, ways: Ways) -> Weeks:
    """From the first day that the person can start to the last on which any of these ways can end."""
    has = person.persons
    first = max(has.on, int(has.not_before[0]))
    last = int(ways.where[:, 3].max(initial=first - 1))
    pauses = tuple((a, min(b, last)) for a, b in zip(has.pause_first.tolist(), has.pause_last.tolist(), strict=True))
    per_week = float(has.hours_per_week[0])
    return Weeks(first, last, pauses, math.inf if math.isnan(per_week) else per_week)


def options_of(person: Person, ways: Ways, weeks: Weeks) -> Options:
    """The days on which each way can start, and its share of hours in each of its weeks; fewest own hours first."""
    owners = np.repeat(np.arange(len(ways.known)), np.diff(ways.start))
    order = np.lexsort((ways.where[:, 0], ways.costs[:, 0], owners))
    n, most = len(order), len(weeks)
    days, hours = np.empty((n, 7), np.int64), np.empty((n, 4))
    starts, shares = np.empty((n, most), np.int64), np.empty((n, most))
    lay_out(
        person.generation.catalogue.columns, ways.where[order], ways.costs[order], weeks.first_day, weeks.open_before,
        days, hours, starts, shares,
    )  # fmt: skip
    of_each = np.column_stack((ways.start[:-1], ways.start[1:]))
    return Options(person, weeks, of_each, _unmet(hours, days, starts, shares))


def _unmet(
    hours: NDArray[np.float64], days: NDArray[np.int64], starts: NDArray[np.int64], shares: NDArray[np.float64]
) -> Laid:
    """Laid out, but nobody looked when they meet."""
    return Laid(hours, days, starts, shares, np.full((*starts.shape, 2), -1), np.empty((0, 2), np.int64))


class Options:
    """All options of a problem in arrays, and each as an `Option` where somebody looks."""

    def __init__(self, person: Person, weeks: Weeks, ways: NDArray[np.int64], laid: Laid) -> None:
        self.person, self.weeks, self.ways, self.laid = person, weeks, ways, laid
        self._made: dict[int, Option] = {}

    def of(self, i: int) -> tuple[Option, ...]:
        """Those of one candidate, fewest own hours first."""
        return tuple([self.option(way) for way in range(*self.ways[i].tolist())])

    def option(self, way: int) -> Option:
        """One of them."""
        if way not in self._made:
            self._made[way] = self._option(way)
        return self._made[way]

    def _option(self, way: int) -> Option:
        laid = self.laid
        run, days, release, latest, starts, shares, _ = laid.days[way].tolist()
        own, contact, work, loose = laid.hours[way].tolist()
        return Option(
            run, own, contact, work, loose, release=release, latest=latest, days=days,
            starts=tuple(laid.starts[way, :starts].tolist()) if days else (),
            shares=tuple(laid.shares[way, :shares].tolist()) if days else None,
            sessions=self._sessions(run),
        )  # fmt: skip

    def _sessions(self, run: int) -> Sessions | None:
        catalogue = self.person.generation.catalogue
        code = int(catalogue.columns.sessions[run])
        return catalogue.sessions.values[code] if code >= 0 else None

    def meet(self, start: int) -> None:
        """Write down when an option meets that takes one of its starts: option · weeks + number of the start."""
        laid = self.laid
        way, at = divmod(start, laid.starts.shape[1])
        run, days, release = laid.days[way, :LATEST].tolist()
        met = meetings_of(self._sessions(run), int(laid.starts[way, at]), days, release, self.weeks.last_day)
        minutes = [(DAY * day + begin, DAY * day + until) for day, hours in met.items() for begin, until in hours]
        laid.met[way, at] = len(laid.meetings), len(laid.meetings) + len(minutes)
        self.laid = laid._replace(meetings=np.concatenate((laid.meetings, np.array(minutes, np.int64).reshape(-1, 2))))

    def until(self, last: int) -> Options:
        """Those that can be over by this day, where they can."""
        laid, days = self.laid, self.laid.days.copy()
        free = days[:, DAYS] == 0
        listed = np.arange(laid.starts.shape[1]) < days[:, STARTS, None]
        early = listed & (laid.starts + days[:, DAYS, None] - 1 <= last)
        days[:, STARTS] = np.where(free, days[:, RELEASE] <= last, early.sum(axis=1))
        days[free, LATEST] = np.minimum(days[free, LATEST], last)
        kept = days[:, STARTS] > 0
        ways = np.concatenate(([0], np.cumsum(kept)))[self.ways]
        weeks = replace(self.weeks, last_day=min(self.weeks.last_day, last))
        parts = laid.hours[kept], days[kept], laid.starts[kept], laid.shares[kept]
        return Options(self.person, weeks, ways, _unmet(*parts))


