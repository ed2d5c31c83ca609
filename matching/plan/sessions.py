"""When the sessions of a placed run take place, and whether two of them clash: day by day, minute by minute."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from matching.index.columns import Sessions
from matching.index.session_columns import weekly_days

Meetings = dict[int, tuple[tuple[int, int], ...]]
"""Day as an ordinal → (start minute, end minute) of each meeting."""


@lru_cache(maxsize=10_000)
def meetings(sessions: Sessions | None, start: int, end: int) -> Meetings:
    """Every meeting of a run from `start` to `end`: on its dates where it states them, else every week. The same for
    everybody, so it is kept.

    A run that states no hours of the day is nowhere at a known time, and so clashes with nothing."""
    if sessions is None or not sessions.slots:
        return {}
    if sessions.dates:
        days: Iterable[date] = sessions.dates
    else:
        days = weekly_days(sessions._replace(start=date.fromordinal(start), end=date.fromordinal(end)))
    hours: dict[int, tuple[tuple[int, int], ...]] = {}
    for weekday, begin, until in sessions.slots:
        hours[weekday] = (*hours.get(weekday, ()), (begin, until))
    return {day.toordinal(): hours[day.weekday()] for day in days if day.weekday() in hours}


def overlap(one: Meetings, other: Meetings) -> bool:
    """Whether any meeting of one takes place during a meeting of the other."""
    return any(
        begin < until and first < last
        for day in one.keys() & other.keys()
        for begin, last in one[day]
        for first, until in other[day]
    )
