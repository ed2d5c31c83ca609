"""The slow obvious twin's calendar: which days a run takes, and whether the person is there on them."""

from __future__ import annotations

import math
from datetime import date, timedelta

from dateutil.rrule import WEEKLY, rrule

from competences.records.hours import Slot, TimeBudget
from competences.records.offers import LearningOffer, Run
from matching.index.holidays import public_holidays, school_holidays


def runs_of(offer: LearningOffer) -> list[Run | None]:
    return [None] if offer.open_entry or not offer.runs else list(offer.runs)


def stated_days(run: Run | None) -> tuple[date | None, date | None]:
    """First and last day of a run as stated, else by its session dates."""
    if run is None:
        return None, None
    return run.start or min(run.dates, default=None), run.end or max(run.dates, default=None)


def known_days(run: Run | None, load: tuple[float, float] | None) -> tuple[date | None, date | None]:
    """As stated, else by session dates, else by its length."""
    start, end = stated_days(run)
    if start and end:
        return start, max(start, end)
    if load is not None:
        length = timedelta(days=length_in_days(load[1]) - 1)
        return start or (end and end - length), end or (start and start + length)
    return start, end


def length_in_days(weeks: float) -> int:
    return max(1, math.ceil(weeks * 7 - 1e-6))


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def paused(day: date, budget: TimeBudget) -> bool:
    return any((pause.start or date.min) <= day <= (pause.end or date.max) for pause in budget.pauses)


def attends(run: Run, budget: TimeBudget) -> bool:
    """Minute by minute, day by day."""
    if budget.slots is not None and not all(
        minutes(slot) <= free_minutes(budget, slot.weekday) for slot in run.slots or ()
    ):
        return False
    if run.dates:
        return all(present(day, budget) for day in run.dates)
    if run.start is None and run.end is None:
        return True
    week = timedelta(days=6 if run.slots else 0)
    start = run.start or run.end - week
    end = run.end or start + week
    if run.slots:
        return not any(away(day, budget) for day in weekly_sessions(run, start, end))
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    if any(pause.start <= day <= pause.end for pause in budget.pauses for day in days):
        return False
    no_day_is_known = run.slots is not None or run.start is None or run.end is None
    return no_day_is_known or any(present(day, budget) for day in days)


def weekly_sessions(run: Run, start: date, end: date) -> list[date]:
    """Every week on the weekdays of the slots; never on a public holiday or in a break."""
    days = rrule(WEEKLY, dtstart=start, until=end, byweekday=[int(slot.weekday) for slot in run.slots])
    kept = [day.date() for day in days if day.date() not in public_holidays(day.year)]
    return [day for day in kept if not any(gap.start <= day <= gap.end for gap in run.breaks)]


def present(day: date, budget: TimeBudget) -> bool:
    return not away(day, budget) and (budget.slots is None or bool(free_minutes(budget, day.weekday())))


def away(day: date, budget: TimeBudget) -> bool:
    holiday = not budget.school_holidays_free and any(first <= day <= last for first, last in school_holidays())
    return holiday or day in budget.exceptions or any(pause.start <= day <= pause.end for pause in budget.pauses)


def minutes(slot: Slot) -> set[int]:
    return set(range(slot.start.hour * 60 + slot.start.minute, slot.end.hour * 60 + slot.end.minute))


def free_minutes(budget: TimeBudget, weekday: int) -> set[int]:
    return {minute for slot in budget.slots or () if slot.weekday == weekday for minute in minutes(slot)}
