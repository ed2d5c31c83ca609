"""The steps of the greedy, compiled: for each, one pass over all candidates."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.plan.calendar_arrays import Filled, Laid, Limits
from matching.plan.calendar_kernels import DONE, NO_PLACE, add_or_rearrange
from matching.plan.weeks import SLACK
from matching.query.persons import compiled, inlined

LEAST = 1e-9
"""A gain below this is none."""


class Offers(NamedTuple):
    """What the greedy reads of its candidates."""

    more: NDArray[np.float64]
    """(candidates, requirements) val of each, times the priority of the requirement."""
    kept: NDArray[np.float64]
    """(candidates,) worth of keeping each."""
    hours: NDArray[np.float64]
    leave: NDArray[np.float64]
    price: NDArray[np.float64]
    group: NDArray[np.int64]
    """(candidates,) variants of the same outcome share a number; −1 for none."""
    alone: NDArray[np.bool_]
    """(candidates,) whether it asks for no other."""


class Left(NamedTuple):
    """What a person has left once some candidates are chosen."""

    hours: float
    """Own hours."""
    leave: float
    """Leave that contact hours do not use up yet."""
    money: float


@inlined
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


class Growing(NamedTuple):
    """A choice that grows."""

    chosen: NDArray[np.int64]
    """(candidates,) the first `counts[SIZE]` of these."""
    counts: NDArray[np.int64]
    """(2,) `SIZE`, and how many misses are left."""
    alive: NDArray[np.bool_]
    """(candidates,) whether it may still be added."""
    best: NDArray[np.float64]
    """(requirements,) what is covered, times priority."""
    most: float
    """Steps at most."""
    all: Left
    """What the person has."""


SIZE, MISSES_LEFT = range(2)
ASKS = -3
"""Answer: the candidate asks for others."""


@inlined
def left_of(offers: Offers, growing: Growing) -> Left:
    """What the choice leaves."""
    spent, leave, price = 0.0, 0.0, 0.0
    for i in range(growing.counts[SIZE]):
        c = growing.chosen[i]
        spent, leave, price = spent + offers.hours[c], leave + offers.leave[c], price + offers.price[c]
    paid = min(growing.all.leave, leave)
    return Left(growing.all.hours - spent + paid, growing.all.leave - paid, growing.all.money - price)


@inlined
def choose_also(offers: Offers, growing: Growing, c: int) -> None:
    growing.chosen[growing.counts[SIZE]] = c
    growing.counts[SIZE] += 1
    growing.alive[c] = False
    for r in range(len(growing.best)):
        growing.best[r] = max(growing.best[r], offers.more[c, r])


@inlined
def twice(offers: Offers, growing: Growing, c: int) -> bool:
    """Whether a variant of the same outcome is chosen."""
    for i in range(growing.counts[SIZE]):
        if offers.group[c] >= 0 and offers.group[growing.chosen[i]] == offers.group[c]:
            return True
    return False


@compiled
def grow(
    offers: Offers, laid: Laid, limits: Limits, filled: Filled, spare: Filled, waiting: NDArray[np.int64],
    growing: Growing, per_hour: bool,
) -> tuple[int, int]:  # fmt: skip
    """Add the best that fits, as long as that asks for no other, until nothing does, or too much did not fit. Returns
    (the candidate that is next, −1 where there is none; why it was not looked at: `ASKS`, or a start whose meetings are
    not known). What did not fit once is not tried again: room only shrinks."""
    while growing.counts[MISSES_LEFT] >= 0:
        c = next_best(offers, growing.best, growing.alive, left_of(offers, growing), per_hour)
        if c < 0:
            break
        if not offers.alone[c]:
            return c, ASKS
        found = NO_PLACE
        if growing.counts[SIZE] < growing.most and not twice(offers, growing, c):
            found = add_or_rearrange(laid, limits, filled, spare, waiting, c)
        if found == DONE:
            choose_also(offers, growing, c)
        elif found == NO_PLACE:
            growing.alive[c] = False
            growing.counts[MISSES_LEFT] -= 1
        else:
            return c, found
    return -1, DONE
