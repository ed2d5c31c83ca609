"""Sessions as arrays: weekly slots, single days, spans and breaks by session code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from competences.records.hours import Period
from matching.index.columns import UNKNOWN_DAY, Codes, Evening, Sessions
from matching.index.holidays import is_public_holiday
from matching.index.picking import starts_of

Slot = tuple[int, int, int]
"""(weekday, start minute, end minute)."""

CALENDAR = (date(1990, 1, 1).toordinal(), date(2099, 12, 31).toordinal())
"""Days outside are blocked for nobody."""
EVENING = 17 * 60
"""Sessions that start at five o'clock or later are evening sessions (minute of the day)."""


def weekly_days(sessions: Sessions) -> Iterator[date]:
    """The days of weekly sessions, public holidays and breaks left out; none where no span is known."""
    if sessions.span is None:
        return
    first, last = (day.toordinal() for day in sessions.span)
    for weekday in sorted({slot[0] for slot in sessions.slots}):
        for ordinal in range(first + (weekday - (first + 6)) % 7, last + 1, 7):
            day = date.fromordinal(ordinal)
            if not is_public_holiday(day) and not any(within(day, one) for one in sessions.breaks):
                yield day


def within(day: date, period: Period) -> bool:
    """Whether a day lies in a period; an open side is unlimited."""
    return (period.start is None or period.start <= day) and (period.end is None or day <= period.end)


def evening_of(sessions: Sessions | None) -> Evening:
    """Evening where every weekly session starts at five or later."""
    if sessions is None:
        return Evening.UNKNOWN
    if sessions.asynchronous:
        return Evening.ANY
    if not sessions.slots:
        return Evening.UNKNOWN
    return Evening.YES if all(slot[1] >= EVENING for slot in sessions.slots) else Evening.NO


def session_columns(sessions: Sequence[Sessions], slots: Codes[Slot]) -> dict[str, NDArray[Any]]:
    """The session columns of `Columns`; slots get their codes on the way."""
    spans = [one.span for one in sessions]
    columns: dict[str, NDArray[Any]] = {
        "slot_start": starts_of(len(one.slots) for one in sessions),
        "slots": np.array([slots.code(slot) for one in sessions for slot in one.slots], np.int32),
        "date_start": starts_of(len(one.dates) for one in sessions),
        "dates": _ordinals(day for one in sessions for day in one.dates),
        "first": _ordinals(span[0] if span else None for span in spans),
        "last": _ordinals(span[1] if span else None for span in spans),
        "presence_unknown": np.array([one.presence_unknown for one in sessions], np.uint8),
        "break_start": starts_of(len(one.breaks) for one in sessions),
        "break_first": _ordinals(gap.start or date.min for one in sessions for gap in one.breaks),
        "break_last": _ordinals(gap.end or date.max for one in sessions for gap in one.breaks),
        "slot_weekday": np.array([slot[0] for slot in slots.values], np.int32),
    }
    return columns | _calendar(columns)


def _calendar(columns: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The days from the first to the last of all sessions, and which of them are public holidays."""
    days = np.concatenate([columns["dates"], columns["first"], columns["last"]])
    days = days[(days >= CALENDAR[0]) & (days <= CALENDAR[1])]
    first, last = (int(days.min()), int(days.max())) if len(days) else (CALENDAR[0], CALENDAR[0] - 1)
    public = [is_public_holiday(date.fromordinal(day)) for day in range(first, last + 1)]
    return {"calendar_start": np.array([first], np.int64), "public_holiday": np.array(public, np.uint8)}


def _ordinals(days: Iterable[date | None]) -> NDArray[np.int32]:
    return np.array([UNKNOWN_DAY if day is None else day.toordinal() for day in days], np.int32)
