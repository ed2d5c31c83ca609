"""The arrays of a quick calendar: options laid out in weeks, what a person has, and the steps in their places."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.plan.entries import Entries


class Laid(NamedTuple):
    """Options laid out in the weeks of a plan."""

    hours: NDArray[np.float64]
    """(options, 4) `OWN`, `CONTACT`, `WORK`, `LOOSE_WORK`: as in `Option`."""
    days: NDArray[np.int64]
    """(options, 7) `RUN`, `DAYS`, `RELEASE`, `LATEST`: as in `Option`; how many `STARTS` and `SHARES` it has; whether
    it `MEETS` at known times."""
    starts: NDArray[np.int64]
    """(options, weeks) first days; where hours are free, one that only says when it meets."""
    shares: NDArray[np.float64]
    """(options, weeks) of the hours, in each of its weeks."""
    met: NDArray[np.int64]
    """(options, weeks, 2) for each start, first meeting and the one after the last; −1 where nobody looked."""
    meetings: NDArray[np.int64]
    """(meetings, 2) the minutes from which and until which one lasts."""


OWN, CONTACT, WORK, LOOSE_WORK = range(4)
RUN, DAYS, RELEASE, LATEST, STARTS, SHARES, MEETS = range(7)


class Limits(NamedTuple):
    """What a person has."""

    first_day: int
    last_day: int
    room: NDArray[np.float64]
    """(weeks,) own hours."""
    leave: float
    work: float
    work_per_week: float
    parallel: float
    """Steps in one week."""
    open_days: NDArray[np.int64]
    """(weeks,)."""
    ways: NDArray[np.int64]
    """(candidates, 2) first option of each, and the one after its last."""
    turns: NDArray[np.int64]
    """(candidates,) lowest first; from one `KIND` to the next, those of equal urgency."""
    entries: Entries


class Filled(NamedTuple):
    """Steps in their places, in order, and what they leave of each week."""

    weeks: NDArray[np.float64]
    """(3, weeks) `ROOM`, `WORKED`, `ACTIVE`: own hours that are left, hours of work time and steps that are there."""
    totals: NDArray[np.float64]
    """(2,) leave that is left, hours of work time that are taken."""
    size: NDArray[np.int64]
    """(1,) number of steps."""
    steps: NDArray[np.int64]
    """(candidates, 5) candidate, option, number of its start, first and last day."""
    hours: NDArray[np.float64]
    """(candidates, 2, weeks) own hours before leave of each step, and those of them that leave pays for."""


ROOM, WORKED, ACTIVE = range(3)
CANDIDATE, OPTION, START, FIRST, LAST = range(5)
LEAVE, ALL_WORK = range(2)
LOAD, PAID = range(2)
