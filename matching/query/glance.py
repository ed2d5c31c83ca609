"""What rules an offer out at a glance: a few bytes each, looked at before anything else of it is read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.index.columns import NOWHERE, Columns
from matching.index.coverage import Outcomes
from matching.query.condition_kernels import SLACK
from matching.query.persons import Persons, Tables, fetch, inlined
from matching.query.workspace import BOUND_ONE, Workspace

HOUR = 8
"""Steps of an hour in a glance."""
MOST = 2**16 - 1
"""The largest number of a glance; of a code, and of contact hours, it says that nothing is known."""
GLANCE = np.dtype([(name, np.uint16) for name in ("form", "place", "price", "own", "contact", "weekly")])
"""Bounds for all runs of an offer: form, place where it has but one, and hours and whole €, rounded so that whoever
fails them fails the exact numbers."""
ALMOST_MORE = 1.0 + 1e-9
"""Room for rounding where a bound is compared instead of the number itself."""


def glances(columns: Columns) -> NDArray[np.void]:
    """(offers,) `GLANCE` of each."""
    glance, runs = np.zeros(len(columns.own), GLANCE), columns.run_start[:-1]
    if len(runs):
        place = np.where(columns.place < 0, MOST, columns.place)
        first = np.minimum.reduceat(place, runs)
        glance["form"] = np.minimum(columns.form, MOST)
        glance["place"] = np.where(np.maximum.reduceat(place, runs) == first, np.minimum(first, MOST), MOST)
        glance["price"] = _at_most(columns.price)
        glance["own"] = _at_most(columns.own * HOUR)
        glance["contact"] = np.minimum(np.ceil(columns.contact * HOUR), MOST)
        glance["weekly"] = _at_most(np.minimum.reduceat(np.nan_to_num(columns.weekly), runs) * HOUR)
    return glance


def _at_most(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Whole numbers that do not exceed the values; 0 where one is unknown."""
    return np.minimum(np.floor(np.nan_to_num(values)), MOST)


@inlined
def in_band(n: int, low: int, high: int, space: Workspace) -> int:
    """Write to `space.band` which of the n touched offers have a bound from `low` on and below `high`; returns how many
    there are."""
    bounds, band = space.bounds, space.band
    found, base, width = np.uint32(0), np.uint32(low), np.uint32(high - low)
    # Without branches, which no processor could foresee here: what does not fit is written over by the next one.
    for at in range(np.uint32(n)):
        band[found] = at
        found += np.uint32(np.uint32(bounds[at] - base) < width)  # what lies below wraps round to a large number
    return int(found)


@inlined
def fitting(n: int, least: float, hours: float, tables: Tables, persons: Persons, p: int, space: Workspace) -> int:
    """Leave in `space.band` those of its first n that a glance does not rule out for person p, and that may score
    `least`; returns how many are left."""
    touched, bounds, band, glance, found = space.touched, space.bounds, space.band, space.glance, 0
    form_ok, km, far = tables.form_ok[persons.form_table[p]], tables.km[persons.home_table[p]], farthest(persons, p)
    price, weekly = _known(persons.max_price[p] + SLACK), _known((persons.hours_per_week[p] + SLACK) * HOUR)
    for i in range(n):
        at = band[i]
        one = glance[touched[at]]
        fits = (one.form == MOST) | (form_ok[one.form] != 0)
        fits &= (one.price <= price) & (one.weekly <= weekly)
        fits &= may_score(least, bounds[at] / BOUND_ONE, glance, touched[at], hours, persons.leave[p])
        if one.place < MOST:
            fits &= not km[one.place] > far
        band[found] = at
        found += fits
    return found


@inlined
def fetch_ahead(n: int, outcomes: Outcomes, columns: Columns, space: Workspace) -> None:
    """Have what is read next of the first n of `space.band` brought from memory."""
    touched, band = space.touched, space.band
    for i in range(n):
        offer = np.int64(touched[band[i]])
        fetch(columns.own, offer)
        fetch(columns.run_start, offer + 1)
        fetch(outcomes.start, offer + 1)
    for i in range(n):
        offer = np.int64(touched[band[i]])
        run, outcome = columns.run_start[offer], np.int64(outcomes.start[offer])
        fetch(columns.start, run)
        fetch(columns.weeks, run)
        fetch(outcomes.concepts, outcome)
        fetch(outcomes.levels, outcome)
    for i in range(n):
        sessions = columns.sessions[columns.run_start[touched[band[i]]]]
        if sessions != NOWHERE:
            fetch(columns.slot_start, np.int64(sessions))


@inlined
def may_score(least: float, most: float, glance: NDArray[np.void], offer: int, hours: float, leave: float) -> bool:
    """Whether an offer that gains `most` at most may score `least`, for a person with so many hours; NaN where hours
    bound nothing."""
    return not most * hours * ALMOST_MORE < least * (hours + least_study(glance, offer, leave))


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
def least_study(glance: NDArray[np.void], offer: int, leave: float) -> float:
    """Own hours that an offer takes at least with so many hours of paid leave, exemptions apart."""
    contact = glance[offer].contact
    paid = leave if contact == MOST else min(leave, contact / HOUR)
    return float(max(0.0, glance[offer].own / HOUR - paid))
