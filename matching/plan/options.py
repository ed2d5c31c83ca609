"""When an offer can be followed: each run that nothing keeps the person out of, as days and shares of hours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from matching.index.columns import UNKNOWN_DAY
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


def weeks_of(person: Person) -> Weeks:
    """From the first day that the person can start to the last day that was asked for, else to the last on which
    anything can end that begins within the horizon or on a known day."""
    has = person.persons
    first, asked = max(has.on, int(has.not_before[0])), int(has.deadline[0])
    last = _last_end(person, first) if asked == UNKNOWN_DAY else asked
    pauses = tuple((a, min(b, last)) for a, b in zip(has.pause_first.tolist(), has.pause_last.tolist(), strict=True))
    per_week = float(has.hours_per_week[0])
    return Weeks(first, last, pauses, math.inf if math.isnan(per_week) else per_week)


def _last_end(person: Person, first: int) -> int:
    columns, horizon = person.generation.catalogue.columns, person.persons.horizon
    days = np.ceil(np.nan_to_num(columns.weeks, nan=1 / 7) * 7)
    open_ended = np.maximum(columns.start, first) + horizon + days
    ends = np.where(columns.end == UNKNOWN_DAY, open_ended, columns.end)
    return int(max(first + horizon - 1, ends.max(initial=0)))


def ways_of(person: Person, rows: Sequence[int], weeks: Weeks) -> dict[int, tuple[Way, ...]]:
    """Row → its runs with a place inside the weeks, fewest own hours first; rows without any are left out."""
    if not len(weeks) or not len(rows):
        return {}
    columns, asked = person.generation.catalogue.columns, np.asarray(rows, np.int64)
    size = int((columns.run_start[asked + 1] - columns.run_start[asked]).sum())
    where, costs = np.empty((size, 6), np.int64), np.empty((size, 4))
    count = find_ways(
        columns, person.tables, person.persons, asked, weeks.first_day, weeks.last_day, weeks.open_before, where, costs,
    )  # fmt: skip
    found: dict[int, list[Way]] = {}
    for (i, run, *place), (own, *rest) in zip(where[:count].tolist(), costs[:count].tolist(), strict=True):
        found.setdefault(i, []).append(Way(own, run, *place, *rest))
    return {int(asked[i]): tuple(sorted(ways)) if len(ways) > 1 else tuple(ways) for i, ways in found.items()}


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
        starts = tuple(
            start for start in range(weeks.first_day, way.last - way.days + 2, 7)
            if start >= way.first and not weeks.paused(start, start + way.days - 1)
        )  # fmt: skip
        return starts, shares_of_weeks(way.length), way.days
    if way.kind == FREE:
        return (), None, 0
    firsts = (
        weeks.unpaused(max(weeks.starts(week), way.first), min(weeks.ends(week), way.last))[:1]
        for week in range(weeks.of(way.first), weeks.of(way.last) + 1)
    )
    return tuple(day for days in firsts for day in days), (1.0,), 1
