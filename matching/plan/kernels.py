"""Which runs a person can follow within the weeks of a plan, compiled: one pass over the runs of many offers."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from matching.index.columns import NOWHERE, UNKNOWN_DAY, Columns
from matching.query.condition_kernels import (
    FORM,
    PRICE,
    Persons,
    Tables,
    compiled,
    exempted_hours,
    inlined,
    offer_failures,
    run_failures,
)

DATED, LOADED, MOMENT, FREE = 0, 1, 2, 3
"""On known days; so many weeks from the start of any week; one day, without own hours; hours spread as one likes."""
SLACK = 1e-6
"""That of `plan.weeks`."""


@inlined
def opened(open_before: NDArray[np.int64], first_day: int, start: int, end: int) -> int:
    """Days from start to end that lie in the plan and in no pause."""
    low, high = max(start - first_day, 0), min(end + 1 - first_day, len(open_before) - 1)
    return int(open_before[high] - open_before[low]) if high > low else 0


@inlined
def known_days(columns: Columns, run: int) -> tuple[int, int]:
    """First and last day of a run: as stated, else those of its session dates, else unknown."""
    start, end, code = columns.start[run], columns.end[run], columns.sessions[run]
    if code != NOWHERE:
        for at in range(columns.date_start[code], columns.date_start[code + 1]):
            day = columns.dates[at]
            if columns.start[run] == UNKNOWN_DAY and (start == UNKNOWN_DAY or day < start):
                start = day
            if columns.end[run] == UNKNOWN_DAY and day > end:
                end = day
    return start, end


@compiled
def find_ways(
    columns: Columns, tables: Tables, persons: Persons, rows: NDArray[np.int64], first_day: int,
    open_before: NDArray[np.int64], room_before: NDArray[np.float64], where: NDArray[np.int64],
    costs: NDArray[np.float64],
) -> int:  # fmt: skip
    """Write down the runs with a place in the plan, in order of `rows`; returns how many.

    `open_before[d]`, `room_before[w]`: open days before day d, own hours before week w of the plan.
    `where`: (runs, 6) position in rows, run, kind, first and last day of the window, calendar days.
    `costs`: (runs, 4) own hours before leave, contact hours of these, work hours, weeks (NaN where unknown)."""
    found, last_day = 0, first_day + len(open_before) - 2
    for i in range(len(rows)):
        row = rows[i]
        if offer_failures(columns, tables, persons, 0, row) & (FORM | PRICE):
            continue
        study = columns.own[row] - exempted_hours(columns, persons, 0, row)
        for run in range(columns.run_start[row], columns.run_start[row + 1]):
            if run_failures(columns, tables, persons, 0, row, run) != 0:
                continue
            own, length = study, columns.weeks[run]
            if columns.place[run] != NOWHERE:
                own += columns.trips[run] * tables.travel[persons.place_table[0], columns.place[run]]
            start, end = known_days(columns, run)
            release = first_day if start == UNKNOWN_DAY else max(first_day, start)
            latest = last_day if end == UNKNOWN_DAY else min(last_day, end)
            kind, days = FREE, 0
            if length == length:
                days = max(1, math.ceil(length * 7.0 - SLACK))
            if start != UNKNOWN_DAY and (end != UNKNOWN_DAY or days > 0):
                kind = DATED
                latest = max(start, end if end != UNKNOWN_DAY else start + days - 1)
                if start < first_day or latest > last_day:
                    continue
                days = latest - start + 1
            elif days > 0:
                kind = LOADED
            elif own <= SLACK:
                kind = MOMENT
            if kind == LOADED:
                begin = release + (first_day - release) % 7
                while begin + days - 1 <= latest and opened(open_before, first_day, begin, begin + days - 1) < days:
                    begin += 7
                if begin + days - 1 > latest:
                    continue
            elif opened(open_before, first_day, release, latest) == 0:
                continue
            if kind == FREE:
                while opened(open_before, first_day, release, release) == 0:
                    release += 1
                while opened(open_before, first_day, latest, latest) == 0:
                    latest -= 1
                room = room_before[(latest - first_day) // 7 + 1] - room_before[(release - first_day) // 7]
                if room + min(columns.contact[row], study) < own - SLACK:
                    continue
            where[found, 0], where[found, 1], where[found, 2] = i, run, kind
            where[found, 3], where[found, 4], where[found, 5] = release, latest, days
            costs[found, 0], costs[found, 1] = own, min(columns.contact[row], study)
            costs[found, 2], costs[found, 3] = columns.work[row], length
            found += 1
    return found
