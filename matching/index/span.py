"""When a run takes place, and how much of a week it takes: the one rule that match, plan and why-not share.

The days of a run decide its weeks, over the weeks that the offer states. A stated load per week wins over both, unless
the hours of the offer do not fit in it."""

from __future__ import annotations

import math
from datetime import date
from typing import NamedTuple

from competences.records.hours import TimeDemand
from competences.records.offers import Run

MOST_WEEKS = 520.0
"""As many as `TimeDemand.weeks` can hold."""
NEAR = 1e-6


class Span(NamedTuple):
    """First and last day, None where unknown, and what lies between them."""

    start: date | None
    end: date | None
    weeks: float
    """Calendar weeks, NaN where the hours can be spread freely."""
    weekly: float
    """Own hours in its fullest week, travel and pauses apart; NaN where they can be spread freely."""


def span_of(run: Run | None, time: TimeDemand, own: float) -> Span:
    """Days as stated, else those of the sessions, else by the length; `own` hours are those of the offer."""
    start = (run.start or min(run.dates, default=None)) if run else None
    end = (run.end or max(run.dates, default=None)) if run else None
    if start is not None and end is not None:
        end = max(start, end)
        weeks = ((end - start).days + 1) / 7
    else:
        weeks = _stated_weeks(time, own)
        length = days_of(weeks) - 1
        if not math.isnan(weeks):
            start, end = start or (end and shifted(end, -length)), end or (start and shifted(start, length))
    spread = own / max(weeks, 1.0)
    return Span(start, end, weeks, spread if time.hours_per_week is None else max(time.hours_per_week, spread))


def days_of(weeks: float) -> int:
    """Calendar days that so many weeks take, one at least."""
    return 1 if math.isnan(weeks) else max(1, math.ceil(weeks * 7 - NEAR))


def shifted(day: date, days: int) -> date:
    """So many days later; never beyond the calendar, whose ends some catalogues write for "unknown"."""
    return date.fromordinal(min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal()))


def _stated_weeks(time: TimeDemand, own: float) -> float:
    if time.weeks is None and time.hours_per_week and own > 0:
        return min(own / time.hours_per_week, MOST_WEEKS)
    return float("nan") if time.weeks is None else time.weeks
