"""Free-text lengths ("3 weken voltijds", "20 lestijden", "PT8H") to the parts of a TimeDemand.

Only what is stated is filled in. What is ambiguous or unreadable stays unknown and is named in a note. A range
counts by its upper end; days are sessions, because how long a day lasts is not stated by the word.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from competences.records.hours import TimeDemand
from competences.sources.iso import MOST_HOURS, MOST_WEEKS, WEEKS_PER_MONTH, iso_hours, iso_weeks
from competences.sources.quantities import Quantity, quantities, unread

FULL_TIME_HOURS = 38.0
"""A full-time week: the Belgian working week (Labour Act of 16 March 1971, as lowered in 2003)."""
LIMITS = {"ects": 240.0, "weeks": MOST_WEEKS, "hours_per_week": 168.0, "sessions": 2000.0}
"""Above these a number counts something else than one person's course."""


class Reading(NamedTuple):
    """What a text says about time, and what could not be read, in words."""

    time: TimeDemand
    notes: tuple[str, ...]


_FULL_TIME = re.compile(r"voltijds|vol-?tijdse|full[- ]?time|temps plein", re.IGNORECASE)
_PART_TIME = re.compile(r"deeltijds|part[- ]{0,2}time|temps partiel|parttime", re.IGNORECASE)
_ISO = re.compile(r"P(?=[\dT])[\dYMWDTHS.,]+", re.IGNORECASE)


def read_duration(text: str) -> Reading:
    """The parts of a TimeDemand that a text about one offer's length states, and notes for the rest."""
    text = " ".join(text.split())
    if not text:
        return Reading(TimeDemand(), ())
    if _ISO.fullmatch(text):
        return _from_iso(text)
    found, notes = quantities(text)
    if not found and not notes:
        return Reading(TimeDemand(), (unread(text),))
    full_time = bool(_FULL_TIME.search(text)) and not _PART_TIME.search(text)
    reading = combine(found, full_time=full_time)
    return Reading(reading.time, _distinct((*notes, *reading.notes)))


def combine(found: Sequence[Quantity], *, full_time: bool = False) -> Reading:
    """Quantities about one offer as one TimeDemand. Two different totals of one unit cancel each other."""
    parts: dict[str, float] = {}
    notes: list[str] = [note for quantity in found for note in quantity.notes]
    totals = [quantity for quantity in found if not quantity.per and not quantity.part]
    rates = [quantity for quantity in found if quantity.per]
    hours = _one(totals, "hours", notes, (q for q in found if q.part and q.unit == "hours" and not q.per))
    days = _one(totals, "days", notes)
    _fill_parts(parts, found, hours, notes)
    for unit, field in (("periods", "teaching_periods"), ("ects", "ects")):
        if (one := _one(totals, unit, notes)) is not None:
            parts[field] = one
    weeks = _calendar_weeks(totals, notes)
    if weeks is not None:
        parts["weeks"] = weeks
    if hours is not None:
        parts["contact_hours"] = hours - parts.pop("within", 0.0)
    _fill_sessions(parts, totals, days, notes)
    _fill_rates(parts, rates, days, notes)
    if full_time and "weeks" in parts and not parts.keys() & {"contact_hours", "teaching_periods", "hours_per_week"}:
        parts["hours_per_week"] = FULL_TIME_HOURS
        notes.append(f"full time was read as {FULL_TIME_HOURS:g} hours a week")
    return Reading(_checked(parts, notes), _distinct(notes))


def _from_iso(text: str) -> Reading:
    """Hours and minutes are work, days and weeks are calendar; months and years are refused, because they are
    so often written where minutes or hours were meant."""
    hours, note = iso_hours(text)
    if hours is not None:
        return (
            Reading(TimeDemand(contact_hours=hours), ()) if hours else Reading(TimeDemand(), (unread(text, "nothing"),))
        )
    date_part, _, time_part = text.upper().partition("T")
    weeks, problem = (None, note) if time_part or re.search("[YM]", date_part) else iso_weeks(text)
    if weeks is None:
        return Reading(TimeDemand(), (problem or unread(text),))
    return Reading(TimeDemand(weeks=weeks), (f"{text!r} was read as {weeks:.1f} calendar weeks",))


def _one(totals: Sequence[Quantity], unit: str, notes: list[str], parts: Iterable[Quantity] = ()) -> float | None:
    """The one total in a unit; a first number that is the sum of the others is the total too."""
    amounts = [quantity.total for quantity in totals if quantity.unit == unit]
    if not amounts:
        return None
    rest = [*amounts[1:], *(part.total for part in parts)]
    if len(set(amounts)) == 1 or math.isclose(amounts[0], sum(rest)):
        return amounts[0]
    said = ", ".join(quantity.text for quantity in totals if quantity.unit == unit)
    notes.append(unread(said, "several lengths, none of them stated as the whole"))
    return None


def _fill_parts(parts: dict[str, float], found: Sequence[Quantity], hours: float | None, notes: list[str]) -> None:
    """Hours on the job and of self-study, where the text names them; hours on the job may lie within the whole."""
    generic = [q.total for q in found if q.unit == "hours" and not q.per and not q.part]
    named = [q.total for q in found if q.unit == "hours" and not q.per and q.part]
    in_periods = hours is None and any(q.unit == "periods" for q in found)
    for quantity in found:
        if not quantity.part or quantity.per:
            continue
        if quantity.unit == "hours" and quantity.part in ("workplace", "self_study"):
            field = f"{quantity.part}_hours"
            if quantity.within and in_periods:
                notes.append(unread(quantity.text, "a part of the periods, in another unit"))
                continue
            within = hours is not None and (quantity.within or math.isclose(hours, sum(generic[1:]) + sum(named)))
            if field in parts and not math.isclose(parts[field], quantity.total):
                notes.append(unread(quantity.text, "a second number for the same part"))
                continue
            if field not in parts and within:
                parts["within"] = parts.get("within", 0.0) + quantity.total
            parts[field] = quantity.total
        elif not (quantity.unit == "hours" and hours is not None):
            notes.append(unread(quantity.text, "counts a part of the whole"))


def _calendar_weeks(totals: Sequence[Quantity], notes: list[str]) -> float | None:
    """Weeks as stated; months and years only where no weeks are, and nothing where they contradict one another."""
    stated = [
        (unit, amount, amount * weeks)
        for unit, weeks in (("weeks", 1.0), ("months", WEEKS_PER_MONTH), ("years", 52.0))
        if (amount := _one(totals, unit, notes)) is not None
    ]
    if not stated:
        return None
    unit, amount, weeks = stated[0]
    if any(not math.isclose(weeks, other, rel_tol=0.25) for _, _, other in stated):
        said = ", ".join(f"{amount:g} {unit}" for unit, amount, _ in stated)
        notes.append(unread(said, "lengths that contradict one another"))
        return None
    if unit != "weeks":
        notes.append(f"{amount:g} {unit} was read as {weeks:.0f} calendar weeks")
    return weeks


def _fill_sessions(parts: dict[str, float], totals: Sequence[Quantity], days: float | None, notes: list[str]) -> None:
    counted = [amount for amount in (days, _one(totals, "half_days", notes), _one(totals, "sessions", notes)) if amount]
    repeated = [quantity for quantity in totals if quantity.times > 1 and quantity.unit in ("hours", "periods")]
    if len(counted) == 1:
        parts["sessions"] = float(math.ceil(counted[0]))
    elif counted:
        notes.append(unread(", ".join(f"{amount:g}" for amount in counted), "days and sessions beside one another"))
    elif len(repeated) == 1:
        parts["sessions"] = float(repeated[0].times)


def _fill_rates(parts: dict[str, float], rates: Sequence[Quantity], days: float | None, notes: list[str]) -> None:
    """Rates with what they multiply: 12 weeks × 2 days a week = 24 sessions; 10 days × 8 hours = 80 hours."""
    for per, unit in sorted({(rate.per, rate.unit) for rate in rates}):
        same = [rate for rate in rates if (rate.per, rate.unit) == (per, unit)]
        said = ", ".join(rate.text for rate in same)
        if len({rate.total for rate in same}) > 1:
            notes.append(unread(f"{said} per {per}", "several rates"))
            continue
        rate = same[0]
        if rate.part:
            notes.append(unread(f"{rate.text} per {per}", "counts a part of the whole"))
            continue
        if (per, unit) == ("week", "hours"):
            parts["hours_per_week"] = rate.total
        elif per == "week" and unit in ("days", "half_days", "sessions") and "weeks" in parts:
            parts.setdefault("sessions", float(math.ceil(parts["weeks"] * rate.total)))
        elif per == "day" and unit == "hours" and days is not None:
            parts.setdefault("contact_hours", days * rate.total)
        elif per == "day" and unit == "periods" and days is not None:
            parts.setdefault("teaching_periods", days * rate.total)
        else:
            notes.append(unread(f"{rate.text} per {per}", "a rate without what it multiplies"))


def _checked(parts: dict[str, float], notes: list[str]) -> TimeDemand:
    """Numbers that cannot be about one person's course are left out and named."""
    parts.pop("within", None)
    kept: dict[str, float] = {}
    for field, value in parts.items():
        if 0 < value <= LIMITS.get(field, MOST_HOURS):
            kept[field] = value
        else:
            notes.append(unread(f"{value:g} {field.replace('_', ' ')}", "out of range"))
    return TimeDemand.model_validate(kept)


def _distinct(notes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(notes))
