"""Sessions of runs against the availability of a person, by interval arithmetic."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date, time

import numpy as np
from numpy.typing import NDArray

from competences.records.hours import Period, Slot, TimeBudget, Weekday
from competences.records.learners import LearnerProfile
from matching.index.catalogue import Sessions

NO_BUDGET = TimeBudget()


def session_key(learner: LearnerProfile) -> Hashable:
    """What availability reads of a learner."""
    budget = learner.budget or NO_BUDGET
    return budget.slots, budget.exceptions, budget.pauses, budget.school_holidays_free


def sessions_ok(sessions: Sequence[Sessions], learner: LearnerProfile) -> NDArray[np.uint8]:
    """(n,) 1 where the person can be present at every session."""
    return np.array([not clashes(one, learner.budget or NO_BUDGET) for one in sessions], np.uint8)


def clashes(sessions: Sessions, budget: TimeBudget) -> list[Slot | date]:
    """Every weekly session or day at which the person cannot be present; unknown availability clashes with nothing."""
    days = [day for day in sessions.dates if day in budget.exceptions]
    for pause in budget.pauses:
        if sessions.dates:
            days += [day for day in sessions.dates if _touches(pause, day, day)]
        elif _touches(pause, sessions.start, sessions.end):
            days += [day for day in (max_day(pause.start, sessions.start),) if day is not None]
    return [*missing_slots(sessions, budget), *days]


def _touches(pause: Period, first: date | None, last: date | None) -> bool:
    """Whether a span of days meets a pause; a span of which nothing is known meets none."""
    if first is None and last is None:
        return False
    begins, ends = first or last, last or first
    after = pause.start is not None and ends is not None and ends < pause.start
    before = pause.end is not None and begins is not None and begins > pause.end
    return not (after or before)


def max_day(one: date | None, other: date | None) -> date | None:
    """The later of two days, the known one where the other is unknown."""
    return max((day for day in (one, other) if day is not None), default=None)


def _within(slot: tuple[int, int, int], budget: TimeBudget) -> bool:
    """Whether the union of the person's slots of that day holds the whole session."""
    weekday, start, end = slot
    free = sorted(
        (one.start.hour * 60 + one.start.minute, one.end.hour * 60 + one.end.minute)
        for one in budget.slots or ()
        if one.weekday == weekday
    )
    reached = start
    for begins, ends in free:
        if begins <= reached < ends:
            reached = ends
    return reached >= end


def missing_slots(sessions: Sessions, budget: TimeBudget) -> tuple[Slot, ...]:
    """The weekly sessions that the person's slots do not hold."""
    if budget.slots is None:
        return ()
    return tuple(
        Slot(weekday=Weekday(day), start=_clock(start), end=_clock(end))
        for day, start, end in sessions.slots
        if not _within((day, start, end), budget)
    )


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60)
