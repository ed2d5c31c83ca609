"""Which runs a person can follow, and what each offer gives of a goal, compiled: one pass over many offers."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from matching.index.columns import UNKNOWN_DAY, Columns
from matching.index.coverage import Teaching
from matching.plan.calendar_arrays import (
    CONTACT,
    DAYS,
    LATEST,
    LOOSE_WORK,
    MEETS,
    OWN,
    RELEASE,
    RUN,
    SHARES,
    STARTS,
    WORK,
)  # fmt: skip
from matching.plan.weeks import SLACK
from matching.query.condition_kernels import (
    FORM,
    PRICE,
    exempted_hours,
    offer_failures,
    run_failures,
    travel_hours,
)
from matching.query.kernels import Asking, level_factor, lists_of
from matching.query.persons import Persons, Tables, compiled, inlined
from matching.query.time_kernels import days_of, earliest, open_days

DATED, LOADED, MOMENT, FREE = 0, 1, 2, 3
"""On known days; so many weeks from the start of any week; one day, without own hours; hours spread as one likes."""
OTHER, OUT = 0, -1
"""Places of offers that are no candidate: one that might still have been one; one that cannot be followed."""


@compiled
def find_ways(
    columns: Columns, tables: Tables, persons: Persons, rows: NDArray[np.int64], most: int,
    start: NDArray[np.int64], where: NDArray[np.int64], costs: NDArray[np.float64],
) -> int:  # fmt: skip
    """Write down the runs that have a place in the calendar of the first person of a batch, in order of `rows`, until
    `most` rows have one; returns how many rows were looked at.

    `start`: (rows + 1,) the runs of row i are those from `start[i]` on.
    `where`: (runs, 5) run, kind, first and last day of the window, calendar days.
    `costs`: (runs, 4) own hours before leave, contact hours of these, work hours, weeks (NaN where unknown)."""
    n, found, having = 0, 0, 0
    begin, deadline = max(persons.on, persons.not_before[0]), persons.deadline[0]
    over = deadline != UNKNOWN_DAY and begin > deadline
    while n < len(rows) and having < most:
        row, before = rows[n], found
        start[n] = found
        n += 1
        if over or offer_failures(columns, tables, persons, 0, row) & (FORM | PRICE):
            continue
        study = columns.own[row] - exempted_hours(columns, persons, 0, row)
        for run in range(columns.run_start[row], columns.run_start[row + 1]):
            if run_failures(columns, tables, persons, 0, row, run) != 0:
                continue
            own, length = study + travel_hours(columns, tables, persons, 0, run), columns.weeks[run]
            kind, release, latest, days = window(columns, persons, run, own, begin, deadline)
            where[found, 0], where[found, 1], where[found, 2] = run, kind, release
            where[found, 3], where[found, 4] = latest, days
            costs[found, 0], costs[found, 1] = own, min(columns.contact[row], study)
            costs[found, 2], costs[found, 3] = columns.work[row], length
            found += 1
        having += found > before
    start[n] = found
    return n


@inlined
def window(
    columns: Columns, persons: Persons, run: int, own: float, begin: int, deadline: int
) -> tuple[int, int, int, int]:
    """(kind, first and last day of the window, calendar days) of a run that nothing keeps the person out of."""
    length, start, end = columns.weeks[run], columns.start[run], columns.end[run]
    release, days, latest = max(begin, start), 0 if length != length else days_of(length), deadline
    if deadline == UNKNOWN_DAY:
        # As late as the horizon; what takes longer begins as soon as it can.
        latest = max(release + persons.horizon - 1, earliest(columns, persons, 0, run)[1])
    if end != UNKNOWN_DAY:
        latest = min(latest, end)
    if start != UNKNOWN_DAY and end != UNKNOWN_DAY:
        return DATED, release, end, end - start + 1
    if days > 0:
        return LOADED, release, latest, days
    if own <= SLACK:
        return MOMENT, release, latest, 0
    while open_days(persons, 0, release, release) == 0:
        release += 1
    while open_days(persons, 0, latest, latest) == 0:
        latest -= 1
    return FREE, release, latest, 0


@compiled
def lay_out(
    columns: Columns, where: NDArray[np.int64], costs: NDArray[np.float64], first_day: int,
    open_before: NDArray[np.int64], days: NDArray[np.int64], hours: NDArray[np.float64], starts: NDArray[np.int64],
    shares: NDArray[np.float64],
) -> None:  # fmt: skip
    """Write down `Laid` of ways that `find_ways` found; `open_before` is that of `Weeks`.

    A run on known days spreads its hours evenly over those outside pauses; one of known length can start at the
    beginning of any week, without a break; something without own hours takes one day, the first open one of any week;
    the hours of all else are free."""
    for way in range(len(where)):
        run, kind, release, latest = where[way, 0], where[way, 1], where[way, 2], where[way, 3]
        length, own, work = where[way, 4], costs[way, 0], costs[way, 2]
        loose = kind in (MOMENT, FREE)
        hours[way, OWN], hours[way, CONTACT] = own, costs[way, 1]
        hours[way, WORK], hours[way, LOOSE_WORK] = (0.0, work) if loose else (work, 0.0)
        first, last, n_starts, n_shares = release - first_day, latest - first_day, 0, 0
        if kind == DATED:
            starts[way, 0], n_starts = release, 1
            begin, total = first, open_before[last + 1] - open_before[first]
            while begin <= last:
                after = min(begin - begin % 7 + 7, last + 1)
                shares[way, n_shares] = (open_before[after] - open_before[begin]) / total
                begin, n_shares = after, n_shares + 1
        elif kind == LOADED:
            for begin in range((first + 6) // 7 * 7, last - length + 2, 7):
                if open_before[begin + length] - open_before[begin] == length:
                    starts[way, n_starts], n_starts = first_day + begin, n_starts + 1
            if n_starts > 0:
                n_shares = share_weeks(costs[way, 3], shares, way)
        elif kind == MOMENT:
            length, n_shares, shares[way, 0] = 1, 1, 1.0
            for week in range(first // 7, last // 7 + 1):
                begin, after = max(7 * week, first), min(7 * week + 7, last + 1)
                while begin < after and open_before[begin + 1] == open_before[begin]:
                    begin += 1
                if begin < after:
                    starts[way, n_starts], n_starts = first_day + begin, n_starts + 1
        else:
            length, n_starts, starts[way, 0] = 0, 1, release
        code = columns.sessions[run]
        meets = code >= 0 and columns.slot_start[code + 1] > columns.slot_start[code]
        days[way, RUN], days[way, DAYS], days[way, RELEASE], days[way, LATEST] = run, length, release, latest
        days[way, STARTS], days[way, SHARES], days[way, MEETS] = n_starts, n_shares, meets


@inlined
def share_weeks(weeks: float, shares: NDArray[np.float64], way: int) -> int:
    """Write down the share of the hours in each week of a run of so many weeks, the last of which may be a part of a
    week; returns how many there are."""
    whole = max(1, math.ceil(weeks - SLACK))
    for k in range(whole - 1):
        shares[way, k] = 1 / weeks
    shares[way, whole - 1] = 1.0 if whole == 1 else 1 - (whole - 1) / weeks
    return whole


@compiled
def raise_values(
    asking: Asking, place: NDArray[np.int32], values: NDArray[np.float64], others: NDArray[np.float64]
) -> None:
    """Raise `values[i, r]` to the val for requirement r of the offer whose `place` is i + 1, and `others[r]` to that of
    every offer whose place is `OTHER` (in place), for the first learner of a batch."""
    demands, courses, routes = asking.demands, asking.courses, asking.routes
    for r in range(demands.start[1]):
        near, first, end = lists_of(demands.row[r], asking.listed, asking.new)
        able, asked = demands.recognisable[r], demands.level[r]
        for at in range(first, end):
            concept, strength = near.rows[at], np.float64(near.values[at])
            raise_one(r, concept, strength, 1.0, asked, courses, place, values, others)
            if able > 0.0:
                raise_one(r, concept, strength, able, asked, routes, place, values, others)


@inlined
def raise_one(
    r: int, concept: int, strength: float, able: float, asked: float, taught: Teaching,
    place: NDArray[np.int32], values: NDArray[np.float64], others: NDArray[np.float64],
) -> None:  # fmt: skip
    """The same for one requirement and one concept that gives it."""
    for at in range(taught.indptr[concept], taught.indptr[concept + 1]):
        i, level = place[taught.offers[at]], np.float64(taught.levels[at])
        if i == OUT:
            continue
        value = able * (strength * level_factor(level, asked))
        if i == OTHER:
            others[r] = max(others[r], value)
        else:
            values[i - 1, r] = max(values[i - 1, r], value)
