"""Working memory of a match: per offer what it gains at most, and beside it what rules it out at a glance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.index.columns import Columns
from matching.index.coverage import Outcomes
from matching.query.condition_kernels import SLACK
from matching.query.persons import Persons, Tables, fetch, inlined

UNIT = 2.0**23
"""Steps of a gain of 1 in a bound."""
NUMBER = 255
"""Bits of a tally that say which requirement raised it last; the bound stands above them."""
ABOVE = 8
"""How many bits these are."""
HOUR = 8
"""Steps of an hour in a glance."""
MOST = 2**16 - 1
"""The largest number of a glance; of a code, and of contact hours, it says that nothing is known."""
GLANCE = np.dtype([(name, np.uint16) for name in ("form", "place", "price", "own", "contact", "weekly")])
"""Bounds for all runs of an offer: form, place where it has but one, and hours and whole €, rounded so that whoever
fails them fails the exact numbers."""
NEAR = np.dtype(
    [
        ("concept", np.int32), ("requirement", np.int32), ("next", np.int32), ("first", np.int32),
        ("strength", np.float64), ("share", np.float64), ("best", np.int64),
    ]
)  # fmt: skip
"""A concept that gives something of a requirement: how far; the share of the goal that the requirement is; one more
than the place of another one of the same concept, 0 for none; the place of the first one of the requirement, and, at
that place, what is its best so far."""
ALMOST_MORE = 1.0 + 1e-9
"""Room for rounding where a bound is compared instead of the number itself."""


class Workspace(NamedTuple):
    """Memory of one thread."""

    glance: NDArray[np.void]
    tally: NDArray[np.uint32]
    """(offers,) what each gains at most, in steps of 1 / `UNIT`, and the number of a requirement; zeros between
    learners. Four bytes each, so that those of 100,000 offers stay in the cache of one core."""
    touched: NDArray[np.int32]
    """This and the next two have room for one more than there are offers."""
    bounds: NDArray[np.uint32]
    """Of the touched offers, in their order."""
    band: NDArray[np.int32]
    """Which of the touched offers are looked at next."""
    near: NDArray[np.void]
    """`NEAR` of the learner at hand."""
    heads: NDArray[np.int32]
    """(concepts,) one more than the place in `near` that is the first of each; zeros between learners."""
    met: NDArray[np.uint8]
    """Per entry atom whether the learner at hand meets it; zeros between learners."""

    @classmethod
    def of(cls, glance: NDArray[np.void], concepts: int, atoms: int) -> Workspace:
        """For offers of which this is seen at a glance."""
        offers = len(glance)
        return cls(
            glance, np.zeros(offers, np.uint32), np.empty(offers + 1, np.int32), np.empty(offers + 1, np.uint32),
            np.empty(offers + 1, np.int32), np.empty(2, NEAR), np.zeros(concepts, np.int32),
            np.zeros(atoms, np.uint8),
        )  # fmt: skip

    def roomy(self, near: int) -> Workspace:
        """The same with room for so many of `near`."""
        return self if near <= len(self.near) else self._replace(near=np.empty(2 * near, NEAR))


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
def in_band(
    n: int, low: int, high: int, least: float, hours: float, tables: Tables, persons: Persons, p: int,
    outcomes: Outcomes, columns: Columns, space: Workspace,
) -> int:  # fmt: skip
    """How many of the n touched offers gain from `low` up to `high` at most, may score `least`, and are not ruled out
    at a glance: their places stand in `space.band`, and what is read of them next is on its way from memory."""
    touched, bounds, band, glance = space.touched, space.bounds, space.band, space.glance
    form_ok, km, far = tables.form_ok[persons.form_table[p]], tables.km[persons.home_table[p]], farthest(persons, p)
    price, weekly = _known(persons.max_price[p] + SLACK), _known((persons.hours_per_week[p] + SLACK) * HOUR)
    within, found, lowest, width = np.uint32(0), 0, np.uint32(low), np.uint32(high - low)
    # Without branches, which no processor could foresee here: what does not fit is written over by the next one.
    for at in range(np.uint32(n)):
        band[within] = at
        within += np.uint32(np.uint32(bounds[at] - lowest) < width)
    for i in range(within):
        at = band[i]
        one = glance[touched[at]]
        fits = (one.form == MOST) | (form_ok[one.form] != 0)
        fits &= (one.price <= price) & (one.weekly <= weekly)
        fits &= may_score(least, bounds[at] / UNIT, glance, touched[at], hours, persons.leave[p])
        if one.place < MOST:
            fits &= not km[one.place] > far
        band[found] = at
        found += fits
    for i in range(found):
        offer = np.int64(touched[band[i]])
        fetch(columns.own, offer)
        fetch(columns.run_start, offer + 1)
        fetch(outcomes.start, offer + 1)
    for i in range(found):
        offer = np.int64(touched[band[i]])
        run, outcome = columns.run_start[offer], np.int64(outcomes.start[offer])
        fetch(columns.start, run)
        fetch(columns.weeks, run)
        fetch(outcomes.rows, outcome)
        fetch(outcomes.levels, outcome)
    for i in range(found):
        sessions = columns.sessions[columns.run_start[touched[band[i]]]]
        if sessions >= 0:
            fetch(columns.slot_start, np.int64(sessions))
    return found


@inlined
def may_score(least: float, gain: float, glance: NDArray[np.void], offer: int, hours: float, leave: float) -> bool:
    """Whether an offer may score `least` with so many own hours in all, NaN where these do not count."""
    return not gain * hours * ALMOST_MORE < least * (hours + least_study(glance, offer, leave))


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
