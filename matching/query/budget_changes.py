"""The smallest change of a time budget that makes room for one run, days first and hours after them.

Hours to the horizon follow from the days: whoever moves a deadline has other hours too, so both are worked out
together, and making all changes once is enough.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

from competences.records.hours import Period, TimeBudget
from matching.query.conditions import Change
from matching.query.eligibility import open_weeks, weeks_to_horizon
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


def more_hours(
    budget: TimeBudget, own: float, on: date, settings: Settings, start: date | None, end: date | None
) -> tuple[Change, ...]:
    """More hours a week, so that `own` hours fit from `start` to `end`; where no week holds as many, more weeks and no
    pauses. None where nothing helps."""
    weeks = min(weeks_to_horizon(budget, on, settings), open_weeks(budget, on, settings, start, end))
    if weeks > 0 and own / weeks <= WEEK_HOURS:
        return (Change("budget.hours_per_week", own / weeks),)
    if budget.pauses:
        unpaused = budget.model_copy(update={"pauses": ()})
        more = more_hours(unpaused, own, on, settings, start, end)
        return (without(budget.pauses), *more) if more else ()
    pace = max(budget.hours_per_week or 1.0, own / MOST_WEEKS)
    begin = max(on, budget.not_before or on, start or on)
    days = math.ceil(own / pace * 7)
    bounded = (begin - on).days + days <= MOST_WEEKS * 7 if budget.weeks is not None else (
        budget.deadline is not None and own / pace <= settings.horizon_weeks
    )  # fmt: skip
    return _more_days(budget, begin, days, pace, on) if bounded and end is None and pace <= WEEK_HOURS else ()


def _more_days(budget: TimeBudget, begin: date, days: int, pace: float, on: date) -> tuple[Change, ...]:
    """So many days from `begin` at `pace` hours a week: the weeks and the deadline both reach that far."""
    changes = [Change("budget.hours_per_week", pace)]
    if budget.weeks is not None:
        changes.append(Change("budget.weeks", ((begin - on).days + days) / 7))
    if budget.deadline is not None:
        changes.append(Change("budget.deadline", begin + timedelta(days=days - 1)))
    return tuple(changes)


def without(pauses: Sequence[Period]) -> Change:
    """The change that lifts these pauses."""
    return Change("budget.pauses", tuple(pause.model_dump() for pause in pauses), "remove")


def within_a_week(field: str, hours: float) -> tuple[Change, ...]:
    """The change to that many hours a week; none where a week does not have as many."""
    return (Change(field, hours),) if hours <= WEEK_HOURS else ()
