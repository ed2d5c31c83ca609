"""When the sessions of a placed run take place, and whether two of them clash: day by day, minute by minute."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from matching.index.columns import Sessions
from matching.index.session_columns import weekly_days

Meeting = tuple[int, int, int]
"""(day as an ordinal, start minute, end minute)."""


def meetings(sessions: Sessions | None, start: int, end: int) -> list[Meeting]:
    """Every meeting of a run from `start` to `end`: on its dates where it states them, else every week.

    A run that states no hours of the day is nowhere at a known time, and so clashes with nothing."""
    if sessions is None or not sessions.slots:
        return []
    if sessions.dates:
        days: Iterable[date] = sessions.dates
    else:
        days = weekly_days(sessions._replace(start=date.fromordinal(start), end=date.fromordinal(end)))
    return [
        (day.toordinal(), begin, until)
        for day in days
        for weekday, begin, until in sessions.slots
        if day.weekday() == weekday
    ]


def overlap(one: Iterable[Meeting], other: Iterable[Meeting]) -> bool:
    """Whether any meeting of one takes place during a meeting of the other."""
    by_day: dict[int, list[tuple[int, int]]] = {}
    for day, begin, until in one:
        by_day.setdefault(day, []).append((begin, until))
    return any(b < until and begin < u for day, begin, until in other for b, u in by_day.get(day, ()))
