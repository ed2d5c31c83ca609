"""When an offer can be followed: each run that nothing keeps the person out of, as days and shares of hours."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from matching.index.columns import NOWHERE, UNKNOWN_DAY, Sessions
from matching.plan.problem import Option
from matching.plan.weeks import SLACK, Weeks, shares_of_weeks
from matching.query.condition_kernels import FORM, PRICE, offer_failures
from matching.query.eligibility import NO_BUDGET, last_day
from matching.query.person import Person

FAR = 10**6
"""Days after which nothing is planned."""


def weeks_of(person: Person) -> Weeks:
    """From the first day that the person can start to the last day that was asked for, else to the horizon."""
    has, budget = person.persons, person.learner.budget or NO_BUDGET
    first = max(has.on, int(has.not_before[0]))
    asked = last_day(budget, person.on)
    horizon = first + math.ceil(person.generation.catalogue.settings.horizon_weeks * 7) - 1
    last = horizon if asked is None else asked.toordinal()
    pauses = tuple(
        (pause.start.toordinal() if pause.start else 0, pause.end.toordinal() if pause.end else first + FAR)
        for pause in budget.pauses
    )
    per_week = float(has.hours_per_week[0])
    return Weeks(first, last, pauses, math.inf if math.isnan(per_week) else per_week)


def options_of(person: Person, row: int, weeks: Weeks) -> tuple[Option, ...]:
    """Options with a place inside the weeks, fewest own hours first; none where something fixed is in the way."""
    columns = person.generation.catalogue.columns
    if not len(weeks) or offer_failures(columns, person.tables, person.persons, 0, row) & (FORM | PRICE):
        return ()
    runs = range(int(columns.run_start[row]), int(columns.run_start[row + 1]))
    found = [_option(person, row, run, weeks) for run in runs if person.failures(row, run) == 0]
    return tuple(sorted((one for one in found if one is not None), key=lambda one: (one.own_hours, one.run)))


def travel_hours(person: Person, run: int) -> float:
    """There and back, as often as the run asks for."""
    columns = person.generation.catalogue.columns
    if columns.place[run] == NOWHERE:
        return 0.0
    return float(columns.trips[run] * person.tables.travel[person.persons.place_table[0], columns.place[run]])


def _option(person: Person, row: int, run: int, weeks: Weeks) -> Option | None:
    catalogue = person.generation.catalogue
    columns = catalogue.columns
    code = int(columns.sessions[run])
    sessions = catalogue.sessions.values[code] if code >= 0 else None
    start, end = _days(int(columns.start[run]), int(columns.end[run]), sessions)
    length = float(columns.weeks[run])
    bill, travel = person.bill(row), travel_hours(person, run)
    study = bill.contact + bill.self_study + bill.assessment - bill.exempted
    own = study + travel
    option = Option(
        run, own, contact=min(bill.contact, study), work=float(columns.work[row]), loose_work=0.0, sessions=sessions,
        release=max(weeks.first_day, start or 0), latest=min(weeks.last_day, end if end is not None else FAR * 10),
    )  # fmt: skip
    if start is not None and (end is not None or not math.isnan(length)):
        last = end if end is not None else start + math.ceil(length * 7 - SLACK) - 1
        return _dated(option, start, max(last, start), weeks)
    if not math.isnan(length):
        return _loaded(option, length, weeks)
    option = replace(option, work=0.0, loose_work=option.work)
    if own <= SLACK:
        return _moment(option, weeks)
    return option if _room(option, weeks) else None


def _days(start: int, end: int, sessions: Sessions | None) -> tuple[int | None, int | None]:
    """First and last day of a run, where they are known: as stated, else the first and last day of its sessions."""
    days = [day.toordinal() for day in sessions.dates] if sessions is not None else []
    first = start if start != UNKNOWN_DAY else min(days, default=None)
    last = end if end != UNKNOWN_DAY else max(days, default=None)
    return first, last


def _dated(option: Option, start: int, end: int, weeks: Weeks) -> Option | None:
    """A run on known days: its hours are spread evenly over those outside pauses."""
    if start < weeks.first_day or end > weeks.last_day:
        return None
    days = weeks.unpaused(start, end)
    if not days:
        return None
    first = weeks.of(start)
    shares = np.zeros(weeks.of(end) - first + 1)
    for week, share in weeks.shares_of_days(days):
        shares[week - first] = share
    return replace(option, starts=(start,), days=end - start + 1, shares=tuple(shares.tolist()))


def _loaded(option: Option, length: float, weeks: Weeks) -> Option | None:
    """A run of known length that can start at the beginning of any week, without a break."""
    shares = shares_of_weeks(length)
    days = max(1, math.ceil(length * 7 - SLACK))
    starts = tuple(
        start for week in range(len(weeks))
        if (start := weeks.starts(week)) >= option.release and start + days - 1 <= option.latest
        and not weeks.paused(start, start + days - 1)
    )  # fmt: skip
    return replace(option, starts=starts, days=days, shares=shares) if starts else None


def _moment(option: Option, weeks: Weeks) -> Option | None:
    """Something without own hours takes one day: the first open one of any week."""
    starts = []
    for week in range(len(weeks)):
        first, last = max(weeks.starts(week), option.release), min(weeks.ends(week), option.latest)
        starts += weeks.unpaused(first, last)[:1]
    return replace(option, starts=tuple(starts), days=1, shares=(1.0,)) if starts else None


def _room(option: Option, weeks: Weeks) -> bool:
    """Whether the weeks from release to latest have room for all of its hours less what leave can pay for."""
    if option.latest < option.release:
        return False
    room = sum(weeks.room[weeks.of(option.release) : weeks.of(option.latest) + 1])
    return room + option.contact >= option.own_hours - SLACK and (room > 0 or option.contact > 0)
