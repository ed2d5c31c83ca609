"""Working memory of a match: per offer what it gains so far, and beside it what rules it out at a glance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.index.columns import Columns
from matching.query.condition_kernels import SLACK
from matching.query.persons import Persons, Tables, fetch, inlined

HOUR = 8
"""Steps of an hour in a tally."""
ONE = 2.0**50
"""A gain of 1: 2 ** -50 is below every difference that a float64 of this size shows."""
MOST = 2**16 - 1
"""The largest number of a tally; of a code, and of contact hours, it says that nothing is known."""
TALLY = np.dtype(
    [
        ("gain", np.int64),
        ("best", np.int64),
        ("stamp", np.uint32),
        ("form", np.uint16),
        ("place", np.uint16),
        ("price", np.uint16),
        ("own", np.uint16),
        ("contact", np.uint16),
        ("weekly", np.uint16),
    ]
)
"""Gain so far, what the requirement at hand adds, the last requirement that touched it; then bounds for all its runs:
form, place where it has but one, and hours and whole €, rounded so that whoever fails them fails the exact numbers:
32 bytes, so that one line of the cache holds all of it."""
ALMOST_MORE = 1.0 + 1e-9
"""Room for rounding where a bound is compared instead of the number itself."""
LAST_STAMP = 2**32 - 2**20


class Workspace(NamedTuple):
    """Memory of one thread. Stamps only grow, so that nothing needs to be cleared between learners."""

    tally: NDArray[np.void]
    touched: NDArray[np.int32]
    gains: NDArray[np.int64]
    """Of the touched offers, in their order."""
    band: NDArray[np.int32]
    """Which of the touched offers are looked at next."""
    clock: NDArray[np.int64]
    met: NDArray[np.uint8]
    """Per entry atom whether the learner at hand meets it; zeros between learners."""

    @classmethod
    def of(cls, columns: Columns, atoms: int) -> Workspace:
        """For a catalogue with this many entry atoms."""
        space, runs = cls.blank(len(columns.own), atoms), columns.run_start[:-1]
        if len(runs):
            place = np.where(columns.place < 0, MOST, columns.place)
            first = np.minimum.reduceat(place, runs)
            space.tally["form"] = np.minimum(columns.form, MOST)
            space.tally["place"] = np.where(np.maximum.reduceat(place, runs) == first, np.minimum(first, MOST), MOST)
            space.tally["price"] = _at_most(columns.price)
            space.tally["own"] = _at_most(columns.own * HOUR)
            space.tally["contact"] = np.minimum(np.ceil(columns.contact * HOUR), MOST)
            space.tally["weekly"] = _at_most(np.minimum.reduceat(np.nan_to_num(columns.weekly), runs) * HOUR)
        return space

    @classmethod
    def blank(cls, offers: int, atoms: int) -> Workspace:
        """Enough to tally gains."""
        return cls(
            np.zeros(offers, TALLY), np.empty(offers, np.int32), np.empty(offers, np.int64),
            np.empty(offers, np.int32), np.zeros(1, np.int64), np.zeros(atoms, np.uint8),
        )  # fmt: skip

    def rested(self) -> Workspace:
        """Ready for a batch: stamps start anew before they run out."""
        if self.clock[0] > LAST_STAMP:
            self.tally["stamp"], self.clock[0] = 0, 0
        return self


def _at_most(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Whole numbers that do not exceed the values; 0 where one is unknown."""
    return np.minimum(np.floor(np.nan_to_num(values)), MOST)


@inlined
def gather(n: int, tables: Tables, persons: Persons, p: int, space: Workspace) -> tuple[int, int]:
    """(how many of the n touched offers person p may be able to follow, the highest gain): these and their gains side
    by side, without those that a glance rules out."""
    tally, touched, gains = space.tally, space.touched, space.gains
    form_ok, km, far = tables.form_ok[persons.form_table[p]], tables.km[persons.home_table[p]], farthest(persons, p)
    price, weekly = _known(persons.max_price[p] + SLACK), _known((persons.hours_per_week[p] + SLACK) * HOUR)
    left, highest = 0, np.int64(0)
    for at in range(n):
        offer = np.uint32(touched[at])
        one = tally[offer]
        # Without branches, which no processor could foresee here: what does not fit is written over by the next one.
        fits = (one.form == MOST) | (form_ok[one.form] != 0)
        fits &= (one.price <= price) & (one.weekly <= weekly)
        if one.place < MOST:
            fits &= not km[one.place] > far
        touched[left], gains[left] = offer, one.gain
        left += fits
        highest = max(highest, one.gain * np.int64(fits))
    return left, int(highest)


@inlined
def in_band(
    n: int, low: int, high: int, least: float, hours: float, leave: float, columns: Columns, space: Workspace
) -> int:
    """How many of the n touched offers gain from `low` up to `high` and may score `least`: their places stand in
    `space.band`, and what is read of them next is on its way from memory."""
    touched, gains, band, found = space.touched, space.gains, space.band, 0
    for at in range(n):
        if gains[at] < low or gains[at] >= high:
            continue
        if not may_score(least, gains[at], space.tally, touched[at], hours, leave):
            continue
        fetch(columns.own, np.int64(touched[at]))
        fetch(columns.run_start, np.int64(touched[at] + 1))
        band[found] = at
        found += 1
    for i in range(found):
        run = columns.run_start[touched[band[i]]]
        fetch(columns.start, run)
        fetch(columns.weeks, run)
    return found


@inlined
def may_score(least: float, gain: int, tally: NDArray[np.void], offer: int, hours: float, leave: float) -> bool:
    """Whether an offer may score `least` with so many own hours in all, NaN where these do not count."""
    return not gain / ONE * hours * ALMOST_MORE < least * (hours + least_study(tally, offer, leave))


@inlined
def _known(most: float) -> float:
    """No limit where it is unknown."""
    return float(np.inf if np.isnan(most) else most)


@inlined
def farthest(persons: Persons, p: int) -> float:
    """km beyond which person p follows nothing."""
    far = persons.max_km[p] if persons.max_km[p] >= 0.0 else np.inf
    in_time = persons.max_minutes[p] * persons.speed[p] / 60.0 * ALMOST_MORE
    return float(in_time if in_time < far else far)


@inlined
def least_study(tally: NDArray[np.void], offer: int, leave: float) -> float:
    """Own hours that an offer takes at least with so many hours of paid leave, exemptions apart."""
    contact = tally[offer].contact
    paid = leave if contact == MOST else min(leave, contact / HOUR)
    return float(max(0.0, tally[offer].own / HOUR - paid))
