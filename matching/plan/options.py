"""When an offer can be followed: each run that nothing keeps the person out of, as days and shares of hours."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.plan.kernels import DATED, FREE, LOADED, find_ways
from matching.plan.problem import Option
from matching.plan.weeks import Weeks, shares_of_weeks
from matching.query.person import Person


class Way(NamedTuple):
    """A run with a place in the weeks, in numbers; an `Option` is made of it where somebody looks."""

    own_hours: float
    run: int
    kind: int
    first: int
    last: int
    days: int
    contact: float
    work: float
    length: float
    """Calendar weeks, NaN where unknown."""


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

    def of(self, i: int) -> list[Way]:
        """Of one offer, fewest own hours first."""
        part = slice(*self.start[i : i + 2].tolist())
        rows = zip(self.where[part].tolist(), self.costs[part].tolist(), strict=True)
        return sorted([Way(own, *where, *rest) for where, (own, *rest) in rows])


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


def option_of(person: Person, way: Way, weeks: Weeks) -> Option:
    """The days on which it can start, and its share of hours in each of its weeks."""
    catalogue, loose = person.generation.catalogue, way.kind not in (DATED, LOADED)
    code = int(catalogue.columns.sessions[way.run])
    starts, shares, days = _places(way, weeks)
    return Option(
        way.run, way.own_hours, way.contact, work=0.0 if loose else way.work, loose_work=way.work if loose else 0.0,
        starts=starts, days=days, shares=shares, release=way.first, latest=way.last,
        sessions=catalogue.sessions.values[code] if code >= 0 else None,
    )  # fmt: skip


def _places(way: Way, weeks: Weeks) -> tuple[tuple[int, ...], tuple[float, ...] | None, int]:
    """(starts, shares, days).

    A run on known days spreads its hours evenly over those outside pauses; one of known length can start at the
    beginning of any week, without a break; something without own hours takes one day, the first open one of any week;
    the hours of all else are free."""
    if way.kind == DATED:
        return (way.first,), weeks.shares(way.first, way.last), way.days
    if way.kind == LOADED:
        starts: Iterable[int] = range(weeks.starts(weeks.of(way.first + 6)), way.last - way.days + 2, 7)
        if weeks.pauses:
            starts = [start for start in starts if not weeks.paused(start, start + way.days - 1)]
        return tuple(starts), shares_of_weeks(way.length), way.days
    if way.kind == FREE:
        return (), None, 0
    firsts = (
        weeks.unpaused(max(weeks.starts(week), way.first), min(weeks.ends(week), way.last))[:1]
        for week in range(weeks.of(way.first), weeks.of(way.last) + 1)
    )
    return tuple(day for days in firsts for day in days), (1.0,), 1
