"""Time is several quantities: what an offer asks, and what a person has."""

from __future__ import annotations

from datetime import date, time
from enum import IntEnum
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from competences.records.base import Hours, Record

PERIOD_HOURS = 50 / 60
"""A teaching period (lestijd, lesuur) of adult education lasts 50 minutes."""
ECTS_HOURS = (25.0, 30.0)
"""One ECTS credit is 25 to 30 hours of total study time (Flemish Codex Hoger Onderwijs; ECTS Users' Guide)."""

LAST_YEAR = 9000
"""Whoever begins later runs out of the calendar."""


class TimeDemand(Record):
    """What an offer asks. Hours, teaching periods and ECTS are separate; what is not stated stays unknown."""

    contact_hours: Hours | None = None
    self_study_hours: Hours | None = None
    assessment_hours: Hours | None = None
    workplace_hours: Hours | None = None
    """Hours on the job: they draw on work time, not on own time."""
    teaching_periods: Hours | None = None
    """Periods of 50 minutes; read as contact hours only where contact hours are not stated."""
    ects: Annotated[float, Field(ge=0, le=240)] | None = None
    """Total study time as an interval of 25 to 30 hours a credit."""
    hours_per_week: Hours | None = None
    """The load in a week in which the offer runs: it wins over hours spread over weeks, unless these
    do not fit in it."""
    weeks: Annotated[float, Field(gt=0, le=520)] | None = None
    """Calendar weeks from first to last day; the days of a run win over them. Where neither is stated the hours can be
    spread freely."""
    sessions: Annotated[int, Field(ge=0)] | None = None
    """How often the learner travels there."""


class Weekday(IntEnum):
    """Monday is 0, as in `datetime.date.weekday`."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


def _weekday(value: object) -> object:
    if isinstance(value, str) and value.strip().upper() in Weekday.__members__:
        return Weekday[value.strip().upper()]
    return value


class Slot(Record):
    """A part of the week, in local time: Tuesday 18:00 to 21:30."""

    weekday: Annotated[Weekday, BeforeValidator(_weekday)]
    start: time
    end: time

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"a slot ends after it starts, not at {self.end} after {self.start}")
        return self


class Period(Record):
    """A span of days, both included; an open side is unlimited."""

    start: date | None = None
    end: date | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_pair(cls, value: Any) -> Any:
        return {"start": value[0], "end": value[1]} if isinstance(value, list | tuple) and len(value) == 2 else value

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.start and self.end and self.end < self.start:
            raise ValueError(f"a period ends on or after its start, not on {self.end} before {self.start}")
        return self


class TimeBudget(Record):
    """What a person has. Every field is optional: unknown never means none."""

    hours_per_week: Annotated[float, Field(ge=0, le=168)] | None = None
    """Own hours for learning in an ordinary week, travel included."""
    weeks: Annotated[float, Field(ge=0, le=520)] | None = None
    """How many weeks from the day of matching."""
    work_hours_per_week: Annotated[float, Field(ge=0, le=168)] | None = None
    """Hours of work time that the employer gives to learning on the job."""
    paid_leave_hours: Hours = 0.0
    """Paid training leave that the person still has, in hours: it lowers own hours."""
    not_before: Annotated[date, Field(lt=date(LAST_YEAR, 1, 1))] | None = None
    deadline: date | None = None
    slots: tuple[Slot, ...] | None = None
    """When the person can be present; None is unknown, an empty list is never."""
    exceptions: tuple[date, ...] = ()
    """Single days on which the person cannot be present."""
    school_holidays_free: bool = True
    """False where the person cannot attend during Flemish school holidays."""
    pauses: tuple[Period, ...] = ()
    """Spans in which nothing may take place."""
