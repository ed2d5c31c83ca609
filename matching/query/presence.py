"""The smallest change of a person's availability that lets them be present at every session of a run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

from competences.records.hours import Slot, TimeBudget, Weekday
from matching.index.columns import Sessions
from matching.index.holidays import in_school_holidays
from matching.query.conditions import Change
from matching.query.sessions import clashes, free_on, missing_slots, touching


def presence(sessions: Sessions, budget: TimeBudget) -> tuple[Change, ...]:
    """Slots to free, exceptions and pauses to lift, school holidays to use."""
    unpaused = budget.model_copy(update={"pauses": ()})
    missed = [*clashes(sessions, budget), *clashes(sessions, unpaused)]
    days = list(dict.fromkeys(one for one in missed if isinstance(one, date)))
    slots = [*missing_slots(sessions, budget), *_whole_days(days, sessions, budget)]
    away = tuple(day for day in days if day in budget.exceptions)
    pauses = touching(budget.pauses, sessions) if days else ()
    changes = []
    if slots:
        changes.append(Change("budget.slots", tuple(slot.model_dump() for slot in slots), "add"))
    if away:
        changes.append(Change("budget.exceptions", away, "remove"))
    if pauses:
        changes.append(Change("budget.pauses", tuple(pause.model_dump() for pause in pauses), "remove"))
    if not budget.school_holidays_free and any(in_school_holidays(day) for day in days):
        changes.append(Change("budget.school_holidays_free", True))
    return tuple(changes)


def _whole_days(days: Sequence[date], sessions: Sessions, budget: TimeBudget) -> list[Slot]:
    """The weekdays to keep free, where a day is known and its hours are not."""
    if sessions.slots and not sessions.dates:
        return []
    stated = {slot[0] for slot in sessions.slots}
    weekdays = sorted({Weekday(day.weekday()) for day in days} - stated)
    return [Slot(weekday=day, start=time(0), end=time(23, 59)) for day in weekdays if not free_on(day, budget)]
