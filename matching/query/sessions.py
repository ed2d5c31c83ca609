"""Sessions of runs against the availability of a person: what the kernel reads, and what it means in days."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from datetime import date, time, timedelta

import numpy as np
from numpy.typing import NDArray

from competences.records.hours import Period, Slot, TimeBudget, Weekday
from competences.records.learners import LearnerProfile
from matching.index.columns import Sessions
from matching.index.holidays import in_school_holidays, school_holidays
from matching.index.session_columns import Slot as SlotCode
from matching.index.session_columns import weekly_days, within
from matching.query.time_kernels import BLOCKED, PAUSED

NO_BUDGET = TimeBudget()
WEEKDAYS = tuple(Weekday)


def slot_key(learner: LearnerProfile) -> Hashable:
    """What the weekly availability reads of a learner."""
    return None if learner.budget is None else learner.budget.slots


def day_key(learner: LearnerProfile) -> Hashable:
    """What single days read of a learner."""
    budget = learner.budget or NO_BUDGET
    return budget.exceptions, budget.pauses, budget.school_holidays_free


def free_slots(slots: Sequence[SlotCode], learner: LearnerProfile) -> NDArray[np.uint8]:
    """(slots + 7,) 1 where the person is free for the whole slot; then, per weekday, at any time of it."""
    budget = learner.budget or NO_BUDGET
    return np.array(
        [*(_within(slot, budget) for slot in slots), *(free_on(weekday, budget) for weekday in WEEKDAYS)], np.uint8
    )


def blocked_days(first: int, n: int, learner: LearnerProfile) -> NDArray[np.uint8]:
    """(n,) bits of the n days from ordinal `first`: `BLOCKED` for presence, `PAUSED` for anything at all."""
    budget, bits = learner.budget or NO_BUDGET, np.zeros(n, np.uint8)
    for day in budget.exceptions:
        _mark(bits, first, day, day, BLOCKED)
    for pause in budget.pauses:
        _mark(bits, first, pause.start or date.min, pause.end or date.max, BLOCKED | PAUSED)
    if not budget.school_holidays_free:
        for begin, end in school_holidays():
            _mark(bits, first, begin, end, BLOCKED)
    return bits


def _mark(bits: NDArray[np.uint8], first: int, begin: date, end: date, bit: int) -> None:
    bits[max(0, begin.toordinal() - first) : max(0, end.toordinal() - first + 1)] |= bit


def clashes(sessions: Sessions, budget: TimeBudget) -> list[Slot | date]:
    """Every weekly session or day at which the person cannot be present; unknown availability clashes with nothing."""
    missing: list[Slot | date] = list(missing_slots(sessions, budget))
    if sessions.dates or sessions.slots:
        return missing + [day for day in session_days(sessions) if not free_day(day, sessions, budget)]
    days = list(_span(sessions))
    paused = [day for day in days if any(within(day, pause) for pause in budget.pauses)]
    if paused or sessions.presence_unknown or not days or any(free_day(day, sessions, budget) for day in days):
        return missing + paused[:1]
    return missing + days[:1]


def session_days(sessions: Sessions) -> list[date]:
    """The days on which one has to be present: as stated, else every week of the run; none where none is known."""
    return list(sessions.dates) or sorted(weekly_days(sessions))


def free_day(day: date, sessions: Sessions, budget: TimeBudget) -> bool:
    """Whether the person can be present on a day. The hours of weekly sessions are another question."""
    away = day in budget.exceptions or any(within(day, pause) for pause in budget.pauses)
    holiday = not budget.school_holidays_free and in_school_holidays(day)
    weekly = sessions.slots and not sessions.dates
    return not away and not holiday and bool(weekly or free_on(Weekday(day.weekday()), budget))


def free_on(weekday: Weekday, budget: TimeBudget) -> bool:
    """Whether the person is free at any time of a weekday."""
    return budget.slots is None or any(slot.weekday == weekday for slot in budget.slots)


def missing_slots(sessions: Sessions, budget: TimeBudget) -> tuple[Slot, ...]:
    """The weekly sessions that the person's slots do not hold."""
    return tuple(
        Slot(weekday=Weekday(day), start=_clock(start), end=_clock(end))
        for day, start, end in sessions.slots
        if not _within((day, start, end), budget)
    )


def touching(pauses: Sequence[Period], sessions: Sessions) -> tuple[Period, ...]:
    """The pauses in which a session takes place, or, where no day is known, any day of the run."""
    days = session_days(sessions) or list(_span(sessions))
    return tuple(pause for pause in pauses if any(within(day, pause) for day in days))


def _span(sessions: Sessions) -> Iterator[date]:
    if sessions.span is not None:
        first, last = sessions.span
        yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


def _within(slot: SlotCode, budget: TimeBudget) -> bool:
    """Whether the union of the person's slots of that day holds the whole session."""
    if budget.slots is None:
        return True
    weekday, start, end = slot
    free = sorted(
        (one.start.hour * 60 + one.start.minute, one.end.hour * 60 + one.end.minute)
        for one in budget.slots
        if one.weekday == weekday
    )
    reached = start
    for begins, ends in free:
        if begins <= reached < ends:
            reached = ends
    return reached >= end


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60)
