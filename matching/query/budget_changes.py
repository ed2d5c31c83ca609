"""The smallest change of a time budget that makes room for one run, days first and hours after them.

Hours to the horizon follow from the days: whoever moves a deadline has other hours too, so both are worked out
together, and making all changes once is enough.
"""

from __future__ import annotations

import math
from datetime import date, timedelta

from competences.records.hours import TimeBudget
from matching.query.conditions import Change
from matching.query.eligibility import weeks_to_horizon
from matching.settings import Settings

WEEK_HOURS = 168.0
MOST_WEEKS = 520.0
"""What `TimeBudget.hours_per_week` and `TimeBudget.weeks` can hold."""


def later_end(budget: TimeBudget, end: date, on: date) -> tuple[Change, ...]:
    """A deadline, and weeks from `on`, that reach to `end`; only what falls short of it changes. None where a budget
    cannot hold as many weeks: such a run is out of anyone's reach."""
    if budget.weeks is not None and (end - on).days / 7 > MOST_WEEKS:
        return ()
    changes = []
    if budget.deadline is not None and budget.deadline < end:
        changes.append(Change("budget.deadline", end))
    if budget.weeks is not None and on + timedelta(days=round(budget.weeks * 7)) < end:
        changes.append(Change("budget.weeks", (end - on).days / 7))
    return tuple(changes)


def more_hours(budget: TimeBudget, own: float, on: date, settings: Settings) -> tuple[Change, ...]:
    """More hours a week, so that `own` hours fit; more weeks where no week holds as many. None where nothing helps."""
    weeks = weeks_to_horizon(budget, on, settings)
    if weeks > 0 and own / weeks <= WEEK_HOURS:
        return (Change("budget.hours_per_week", own / weeks),)
    pace = max(budget.hours_per_week or 1.0, own / MOST_WEEKS)
    bounded = budget.weeks is not None or own / pace <= settings.horizon_weeks
    return _more_weeks(budget, own / pace, pace, on) if bounded and pace <= WEEK_HOURS else ()


def _more_weeks(budget: TimeBudget, weeks: float, pace: float, on: date) -> tuple[Change, ...]:
    """`weeks` weeks of `pace` hours: the weeks and the deadline both reach that far."""
    changes = [Change("budget.hours_per_week", pace)]
    if budget.weeks is not None:
        changes.append(Change("budget.weeks", weeks))
    if budget.deadline is not None:
        begin = max(on, budget.not_before or on)
        changes.append(Change("budget.deadline", begin + timedelta(days=math.ceil(weeks * 7) - 1)))
    return tuple(changes)


def within_a_week(field: str, hours: float) -> tuple[Change, ...]:
    """The change to that many hours a week; none where a week does not have as many."""
    return (Change(field, hours),) if hours <= WEEK_HOURS else ()
