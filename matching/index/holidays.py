"""Days on which schools or nearly everyone in Flanders are free.

School holidays are a dated file, because governments can change them: `school_holidays.csv`, 2025 to 2029, as the
Besluit van de Vlaamse Regering of 17 April 1991 on the organisation of the school year lays them down.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from dateutil.easter import easter


@cache
def school_holidays() -> tuple[tuple[date, date], ...]:
    """(first, last day) of each Flemish school holiday, both included."""
    with (files("matching.index") / "school_holidays.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return tuple((date.fromisoformat(row["first"]), date.fromisoformat(row["last"])) for row in rows)


@cache
def public_holidays(year: int) -> frozenset[date]:
    """The ten legal holidays of Belgium (Royal Decree of 18 April 1974)."""
    sunday = easter(year)
    after_easter = (sunday + timedelta(days=days) for days in (1, 39, 50))
    fixed = ((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25))
    return frozenset((*after_easter, *(date(year, month, day) for month, day in fixed)))


def is_public_holiday(day: date) -> bool:
    return day in public_holidays(day.year)


def in_school_holidays(day: date) -> bool:
    """Days beyond the dated file are in none."""
    return any(first <= day <= last for first, last in school_holidays())
