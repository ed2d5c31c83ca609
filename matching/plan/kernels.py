"""Which runs a person can follow within the weeks of a plan, compiled: one pass over the runs of many offers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.index.columns import UNKNOWN_DAY, Columns
from matching.query.condition_kernels import (
    FORM,
    PRICE,
    exempted_hours,
    offer_failures,
    run_failures,
    travel_hours,
)
from matching.query.persons import Persons, Tables, compiled, inlined
from matching.query.time_kernels import days_of, earliest

DATED, LOADED, MOMENT, FREE = 0, 1, 2, 3
"""On known days; so many weeks from the start of any week; one day, without own hours; hours spread as one likes."""
SLACK = 1e-6
"""That of `plan.weeks`."""


@inlined
def opened(open_before: NDArray[np.int64], first_day: int, start: int, end: int) -> int:
    """Days from start to end that lie in the plan and in no pause."""
    low, high = max(start - first_day, 0), min(end + 1 - first_day, len(open_before) - 1)
    return int(open_before[high] - open_before[low]) if high > low else 0


@compiled
def find_ways(
    columns: Columns, tables: Tables, persons: Persons, rows: NDArray[np.int64], first_day: int,
    last_day: int, open_before: NDArray[np.int64], where: NDArray[np.int64], costs: NDArray[np.float64],
) -> int:  # fmt: skip
    """Write down the runs with a place in the plan, in order of `rows`; returns how many.

    `open_before[d]`: open days before day d of the plan.
    `where`: (runs, 6) position in rows, run, kind, first and last day of the window, calendar days.
    `costs`: (runs, 4) own hours before leave, contact hours of these, work hours, weeks (NaN where unknown)."""
    found, stated_end = 0, persons.deadline[0] != UNKNOWN_DAY
    if first_day > last_day:
        return 0
    for i in range(len(rows)):
        row = rows[i]
        if offer_failures(columns, tables, persons, 0, row) & (FORM | PRICE):
            continue
        study = columns.own[row] - exempted_hours(columns, persons, 0, row)
        for run in range(columns.run_start[row], columns.run_start[row + 1]):
            if run_failures(columns, tables, persons, 0, row, run) != 0:
                continue
            own, length = study + travel_hours(columns, tables, persons, 0, run), columns.weeks[run]
            start, end = columns.start[run], columns.end[run]
            release, days = max(first_day, start), 0 if length != length else days_of(length)
            latest = last_day
            if not stated_end:
                # As late as the horizon; what takes longer begins as soon as it can.
                latest = max(release + persons.horizon - 1, earliest(columns, persons, 0, run)[1])
            if end != UNKNOWN_DAY:
                latest = min(latest, end)
            kind = MOMENT if own <= SLACK else FREE
            if start != UNKNOWN_DAY and end != UNKNOWN_DAY:
                kind, latest, days = DATED, end, end - start + 1
            elif days > 0:
                kind = LOADED
            if kind == FREE:
                while opened(open_before, first_day, release, release) == 0:
                    release += 1
                while opened(open_before, first_day, latest, latest) == 0:
                    latest -= 1
            where[found, 0], where[found, 1], where[found, 2] = i, run, kind
            where[found, 3], where[found, 4], where[found, 5] = release, latest, days
            costs[found, 0], costs[found, 1] = own, min(columns.contact[row], study)
            costs[found, 2], costs[found, 3] = columns.work[row], length
            found += 1
    return found
