"""The next step of the greedy, compiled: one pass over all candidates."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.query.persons import compiled

LEAST = 1e-9
"""A gain below this is none."""
SLACK = 1e-6
"""That of `plan.weeks`."""


class Offers(NamedTuple):
    """What the greedy reads of its candidates."""

    more: NDArray[np.float64]
    """(candidates, requirements) val of each, times the priority of the requirement."""
    kept: NDArray[np.float64]
    """(candidates,) worth of keeping each."""
    hours: NDArray[np.float64]
    leave: NDArray[np.float64]
    price: NDArray[np.float64]


class Left(NamedTuple):
    """What a person has left once some candidates are chosen."""

    hours: float
    """Own hours."""
    leave: float
    """Leave that contact hours do not use up yet."""
    money: float


@compiled
def next_best(offers: Offers, best: NDArray[np.float64], alive: NDArray[np.bool_], left: Left, per_hour: bool) -> int:
    """The candidate that is alive, affordable, and adds the most worth to (requirements,) `best` priorities, per hour
    where asked; the first of equals, −1 where none adds anything.

    A candidate that asks for others is ranked by itself: what it asks for comes with it."""
    found, highest = -1, 0.0
    for c in range(len(alive)):
        if not alive[c] or offers.price[c] > left.money + SLACK:
            continue
        if offers.hours[c] - min(left.leave, offers.leave[c]) > left.hours + SLACK:
            continue
        gain = 0.0
        for r in range(len(best)):
            if offers.more[c, r] > best[r]:
                gain += offers.more[c, r] - best[r]
        rank = gain + offers.kept[c]
        if rank <= LEAST:
            continue
        if per_hour:
            rank /= 1.0 + offers.hours[c]
        if rank > highest:
            found, highest = c, rank
    return found
