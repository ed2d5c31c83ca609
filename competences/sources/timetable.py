"""Dates, days of the week and hours in words ("donderdag 14-21 u., wekelijks") to runs, slots and hours."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from competences.records.hours import Slot, TimeDemand, Weekday
from competences.sources.durations import Reading, read_duration
from competences.sources.fields import period
from competences.sources.quantities import unread

_WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_HOUR = r"\d{1,2}(?:[.:uh]\d{2})?"
_RANGE = re.compile(
    rf"(?<![\d.,:])({_HOUR})\s*(?:u(?:ur)?\.?)?\s*(?:tot|-|–)\s*({_HOUR})(?![\d.,:]*\d)\s*(?:u(?:ur)?\b\.?)?", re.I
)
_VARIES = re.compile(
    r"\b(?:tussen|ca\.?|variabel|afwisselend|ten laatste|volti?jds|1-2u)\b|\bper week\b", re.IGNORECASE
)
_WEEKLY = re.compile(r"\bwekelijks\b|\btelkens\b|\belke\b|\biedere\b", re.IGNORECASE)
_NOT_WEEKLY = re.compile(r"tweewekelijks|bijna|per maand|modules|af en toe|meestal", re.IGNORECASE)


class Times(NamedTuple):
    """When one edition takes place, as far as it is stated."""

    start: dt.date | None
    end: dt.date | None
    daily: tuple[dt.time, dt.time] | None
    """From and to, where every day has the same hours."""
    slots: tuple[Slot, ...]
    hours: float | None = None
    """The hours of the whole edition, where a bare number is stated instead of a timetable."""

    @property
    def days(self) -> int | None:
        """Calendar days from the first to the last, both counted."""
        return (self.end - self.start).days + 1 if self.start and self.end else None


def times_of(start: str, end: str, hours: str, notes: list[str]) -> Times:
    """Dates, daily hours and weekly slots of an edition; what cannot be read is added to the notes."""
    first, last = period(day(start, notes), day(end, notes), notes)
    daily, total = daily_hours(hours), _number(hours)
    if hours.strip() and daily is None and total is None:
        notes.append(unread(hours, "no one timetable for every day"))
    return Times(first, last, daily, weekly_slots(hours, daily), total)


def day(text: str, notes: list[str]) -> dt.date | None:
    """A day written as 2025-12-3 or 2025-12-03; empty is unknown."""
    match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text.strip())
    try:
        if match:
            return dt.date(*map(int, match.groups()))
    except ValueError:
        pass
    if text.strip():
        notes.append(unread(text, "expected a day as yyyy-mm-dd"))
    return None


def daily_hours(text: str) -> tuple[dt.time, dt.time] | None:
    """From and to, where exactly one pair of clock times is stated for every day."""
    ranges = _RANGE.findall(text)
    if len(ranges) != 1 or _VARIES.search(text):
        return None
    start, end = (_clock(part) for part in ranges[0])
    return (start, end) if start and end and start < end else None


def weekly_slots(text: str, daily: tuple[dt.time, dt.time] | None) -> tuple[Slot, ...]:
    """The slots of every week, where the text says that it is every week."""
    if daily is None or not _WEEKLY.search(text) or _NOT_WEEKLY.search(text):
        return ()
    named = [Weekday(at) for at, name in enumerate(_WEEKDAYS) if re.search(rf"\b{name}", text, re.IGNORECASE)]
    return tuple(Slot(weekday=weekday, start=daily[0], end=daily[1]) for weekday in named)


def demand(length: str, unit: str, times: Sequence[Times], notes: list[str]) -> TimeDemand:
    """What a length in a named unit ("4", "days") asks, read beside the dates and the timetable."""
    said = f"{length} {unit}".strip()
    reading = _read(length, unit)
    notes.extend(reading.notes)
    when = times[0] if len(times) == 1 else None
    if when is None:
        return reading.time
    if reading.time.weeks is not None:
        return _weeks_of_lessons(_within_dates(reading.time, when, said, notes), when, notes)
    if reading.time.sessions is not None:
        return _days_of_lessons(reading.time, _number(length) or 0.0, when, said, notes)
    return reading.time


def span(when: Times, days: Sequence[dt.date]) -> tuple[dt.date | None, dt.date | None]:
    """First and last day of an edition, its session days included."""
    starts, ends = [d for d in (when.start, *days) if d], [d for d in (when.end, *days) if d]
    return min(starts, default=None) if when.start else None, max(ends, default=None) if when.end else None


def _read(length: str, unit: str) -> Reading:
    if _number(length) is None:
        text = f"{length} {unit}".strip() if length.strip() else f"no length, in {unit}"
        return Reading(TimeDemand(), (unread(text),) if length.strip() or unit.strip() else ())
    if re.match(r"(?:years?|jaar|months?|maand)", unit.strip(), re.IGNORECASE):
        note = unread(f"{length} {unit}", "says how long it runs, not how many hours it asks")
        return Reading(TimeDemand(), (note,))
    return read_duration(f"{length} {unit}")


def _within_dates(time: TimeDemand, when: Times, said: str, notes: list[str]) -> TimeDemand:
    """Weeks only where the dates bear them out: between as long and twice as long, holidays included."""
    if when.days is None or time.weeks is None:
        return time
    calendar = when.days / 7
    if time.weeks - 1 <= calendar <= 2 * time.weeks:
        return time
    notes.append(unread(said, f"the dates are {calendar:.0f} weeks apart"))
    return time.model_copy(update={"weeks": None})


def _weeks_of_lessons(time: TimeDemand, when: Times, notes: list[str]) -> TimeDemand:
    """Weeks with the same slots each week are contact hours too."""
    if time.weeks is None or when.daily is None or not when.slots:
        return time
    hours = time.weeks * len(when.slots) * _hours_between(*when.daily)
    notes.append(f"{time.weeks:g} weeks of {len(when.slots)} lessons were read as {hours:g} contact hours")
    sessions = math.ceil(time.weeks * len(when.slots))
    return time.model_copy(update={"contact_hours": hours, "sessions": sessions})


def _days_of_lessons(time: TimeDemand, days: float, when: Times, said: str, notes: list[str]) -> TimeDemand:
    """Days with one timetable are contact hours; days that the dates contradict are nothing."""
    if when.days is not None and (days > when.days or (days <= 1 and when.days > 1)):
        notes.append(unread(said, f"the dates are {when.days} days apart"))
        return TimeDemand()
    if when.daily is None:
        return time.model_copy(update={"contact_hours": when.hours}) if when.hours else time
    hours = math.ceil(days) * _hours_between(*when.daily)
    notes.append(f"{said} from {when.daily[0]:%H:%M} to {when.daily[1]:%H:%M} was read as {hours:g} contact hours")
    return time.model_copy(update={"contact_hours": hours})


def _number(text: str) -> float | None:
    text = text.strip().replace(",", ".")
    return float(text) if re.fullmatch(r"\d{1,5}(?:\.\d+)?", text) and float(text) > 0 else None


def _hours_between(start: dt.time, end: dt.time) -> float:
    return (end.hour * 60 + end.minute - start.hour * 60 - start.minute) / 60


def _clock(text: str) -> dt.time | None:
    hour, _, minute = re.sub(r"[.:uh]", ":", text.lower()).partition(":")
    try:
        return dt.time(int(hour), int(minute or 0))
    except ValueError:
        return None
