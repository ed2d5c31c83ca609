"""Days and weeks, compiled: whether a person can be present, when a run can be followed, and how long it then takes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.index.columns import UNKNOWN_DAY, Columns
from matching.index.span import days_of as plain_days_of
from matching.query.persons import Persons, Tables, inlined

BLOCKED, PAUSED = 1, 2
"""Bits of a day: the person cannot be present; nothing may take place at all."""
NEVER = 10**8
"""A day after all others."""

days_of = inlined(plain_days_of)


@inlined
def day_bits(columns: Columns, days: NDArray[np.uint8], day: int) -> int:
    """What keeps a person from a day; days outside the calendar are free."""
    at = day - columns.calendar_start[0]
    return int(days[at]) if 0 <= at < len(days) else 0


@inlined
def attends(columns: Columns, tables: Tables, persons: Persons, p: int, sessions: int) -> bool:
    """Whether person p can be present at every session: on the days stated, else on each weekly day, else, where the
    days are not known, on one day of the span at least."""
    free = tables.slot_ok[persons.slot_table[p]]
    slot, end_slot = columns.slot_start[sessions], columns.slot_start[sessions + 1]
    for at in range(slot, end_slot):
        if free[columns.slots[at]] == 0:
            return False
    row = persons.day_table[p]
    days, any_day = tables.days[row], tables.any_day[row] == 1
    weekdays = free[len(columns.slot_weekday) :]
    date, end_date = columns.date_start[sessions], columns.date_start[sessions + 1]
    if date < end_date:
        for at in range(date, end_date):
            day = columns.dates[at]
            if weekdays[(day + 6) % 7] == 0 or (any_day and day_bits(columns, days, day) & BLOCKED):
                return False
        return True
    first, last = columns.first[sessions], columns.last[sessions]
    if first == UNKNOWN_DAY:
        return True
    if slot < end_slot:
        return not any_day or attends_weekly(columns, days, sessions, first, last)
    if any_day:
        for day in range(first, last + 1):
            if day_bits(columns, days, day) & PAUSED:
                return False
    if columns.presence_unknown[sessions] == 1:
        return True
    for day in range(first, last + 1):
        if weekdays[(day + 6) % 7] == 1 and day_bits(columns, days, day) & BLOCKED == 0:
            return True
    return False


@inlined
def attends_weekly(columns: Columns, days: NDArray[np.uint8], sessions: int, first: int, last: int) -> bool:
    """Whether no weekly session falls on a blocked day; on public holidays and in breaks there are none."""
    start = columns.calendar_start[0]
    for at in range(columns.slot_start[sessions], columns.slot_start[sessions + 1]):
        weekday = columns.slot_weekday[columns.slots[at]]
        for day in range(first + (weekday - (first + 6)) % 7, last + 1, 7):
            if day_bits(columns, days, day) & BLOCKED == 0 or columns.public_holiday[day - start] == 1:
                continue
            in_break = False
            for gap in range(columns.break_start[sessions], columns.break_start[sessions + 1]):
                in_break |= columns.break_first[gap] <= day <= columns.break_last[gap]
            if not in_break:
                return False
    return True


@inlined
def open_days(persons: Persons, p: int, first: int, last: int) -> int:
    """Days from first to last, both included, that lie in no pause of person p."""
    days = max(0, last - first + 1)
    for at in range(persons.pause_start[p], persons.pause_start[p + 1]):
        days -= max(0, min(last, persons.pause_last[at]) - max(first, persons.pause_first[at]) + 1)
    return days


@inlined
def unpaused(persons: Persons, p: int, begin: int, days: int, step: int) -> int:
    """The first of the days begin, begin + step, … after which so many days lie in no pause."""
    for at in range(persons.pause_start[p], persons.pause_start[p + 1]):
        late = persons.pause_last[at] + 1 - begin
        if late > 0 and persons.pause_first[at] <= begin + days - 1:
            begin += -(-late // step) * step
    return begin


@inlined
def earliest(columns: Columns, persons: Persons, p: int, run: int) -> tuple[int, int]:
    """(first, last) day on which person p can follow a run at the earliest, the first `NEVER` where pauses leave none;
    the last is then that without pauses. Weeks without a day begin with a week of the person's own calendar."""
    start, end = columns.start[run], columns.end[run]
    if start != UNKNOWN_DAY and end != UNKNOWN_DAY:
        return (start if open_days(persons, p, start, end) > 0 else NEVER), end
    begin, days = max(persons.on, persons.not_before[p], start), days_of(columns.weeks[run])
    first = unpaused(persons, p, begin, days, 7 if columns.weeks[run] == columns.weeks[run] else 1)
    if end != UNKNOWN_DAY:
        return (NEVER if begin <= end < first else first), end
    if first > max(begin + persons.horizon - 1, persons.deadline[p]):
        return NEVER, begin + days - 1
    return first, first + days - 1


@inlined
def room(columns: Columns, persons: Persons, p: int, run: int) -> float:
    """Own hours that person p has from the first to the last day of a run whose hours can be spread freely; NaN where
    the hours a week are unknown, infinite for any other run."""
    if columns.weeks[run] == columns.weeks[run]:
        return np.inf
    begin = max(persons.on, persons.not_before[p], columns.start[run])
    last = begin + persons.horizon - 1 if persons.deadline[p] == UNKNOWN_DAY else persons.deadline[p]
    if columns.end[run] != UNKNOWN_DAY:
        last = min(last, columns.end[run])
    return float(persons.hours_per_week[p] * open_days(persons, p, begin, last) / 7.0)


@inlined
def weeks_of_run(columns: Columns, persons: Persons, p: int, run: int) -> float:
    """Weeks of a run, for a dated one without the pauses of person p; NaN where the hours can be spread freely."""
    start, end = columns.start[run], columns.end[run]
    if start == UNKNOWN_DAY or end == UNKNOWN_DAY or persons.pause_start[p] == persons.pause_start[p + 1]:
        return float(columns.weeks[run])
    return open_days(persons, p, start, end) / 7.0
