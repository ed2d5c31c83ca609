"""ISO 8601 durations: hours of work and calendar weeks are two different things."""

from __future__ import annotations

import isodate

from competences.sources.quantities import unread

WEEKS_PER_MONTH = 52 / 12
MOST_HOURS = 10_000.0
MOST_WEEKS = 520.0


def iso_hours(text: str) -> tuple[float | None, str | None]:
    """(hours of work, note) of an ISO 8601 duration. Days, weeks, months and years say how long something lasts,
    not how much work it is: P60M is 60 months, however often 60 hours were meant."""
    try:
        value = isodate.parse_duration(text.strip(), as_timedelta_if_possible=True)
    except (ValueError, TypeError, OverflowError):
        return None, unread(text, "not an ISO 8601 duration")
    date_part = text.strip().upper().partition("T")[0]
    if isinstance(value, isodate.Duration) or any(mark in date_part for mark in "YMWD"):
        return None, unread(text, "days, weeks, months or years are no hours of work")
    hours = value.total_seconds() / 3600
    return (hours, None) if 0 <= hours <= MOST_HOURS else (None, unread(text, "out of range"))


def iso_weeks(text: str) -> tuple[float | None, str | None]:
    """(calendar weeks, note) of an ISO 8601 duration: how long something lasts."""
    try:
        value = isodate.parse_duration(text.strip(), as_timedelta_if_possible=True)
        if isinstance(value, isodate.Duration):
            months = float(value.years) * 12 + float(value.months)
            weeks = months * WEEKS_PER_MONTH + value.tdelta.total_seconds() / 604_800
        else:
            weeks = value.total_seconds() / 604_800
    except (ValueError, TypeError, OverflowError):
        return None, unread(text, "not an ISO 8601 duration")
    return (weeks, None) if 0 < weeks <= MOST_WEEKS else (None, unread(text, "out of range"))
