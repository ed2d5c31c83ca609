"""Compiled: what every offer gives to what a learner still needs, added up over the postings that matter.

The coverage matrix is read in its two factors, concept → concept strengths and concept → offers that teach it, and
never multiplied out: the same numbers are read from a table that fits the cache. Gains are whole multiples of
1 / `ONE`, so that sums do not depend on their order and offers of equal worth tie exactly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.index.concepts import Strengths
from matching.index.coverage import Teaching
from matching.query.persons import compiled, inlined
from matching.query.tally import ONE, Workspace


class Demands(NamedTuple):
    """Open requirements of a batch of learners, by `start`; requirement i asks for concept `row[i]`."""

    start: NDArray[np.int64]
    row: NDArray[np.int64]
    weight: NDArray[np.float64]
    level: NDArray[np.float64]
    """0 where any level will do."""
    held: NDArray[np.float64]
    recognisable: NDArray[np.float64]
    """The learner's best uncertified claim on it, for recognition routes."""


@inlined
def level_factor(level: float, asked: float) -> float:
    """min(level, asked) / asked; 1 where either is unknown (0)."""
    if level <= 0.0 or asked <= 0.0 or level >= asked:
        return 1.0
    return level / asked


@compiled
def hold(
    strengths: Strengths, row: NDArray[np.int64], level: NDArray[np.float64], req_start: NDArray[np.int64],
    claim_start: NDArray[np.int64], claim_row: NDArray[np.int64], claim_level: NDArray[np.float64],
    trust: NDArray[np.float64], uncertified: NDArray[np.float64],
    held: NDArray[np.float64], recognisable: NDArray[np.float64],
) -> None:  # fmt: skip
    """Raise `held` and `recognisable` of each requirement to what the learner's listed claims give (in place)."""
    for learner in range(len(req_start) - 1):
        for i in range(req_start[learner], req_start[learner + 1]):
            if row[i] < 0 or row[i] >= len(strengths.indptr) - 1:
                continue
            low, high = strengths.indptr[row[i]], strengths.indptr[row[i] + 1]
            for j in range(claim_start[learner], claim_start[learner + 1]):
                if claim_row[j] < 0:
                    continue
                at = low + np.searchsorted(strengths.rows[low:high], claim_row[j])
                if at < high and strengths.rows[at] == claim_row[j]:
                    value = strengths.values[at] * level_factor(claim_level[j], level[i])
                    held[i] = max(held[i], trust[j] * value)
                    recognisable[i] = max(recognisable[i], uncertified[j] * value)


@inlined
def add(
    offer: np.uint32,
    more: np.int64,
    tally: NDArray[np.void],
    touched: NDArray[np.int32],
    n: int,
    first: int,
    stamp: int,
) -> int:
    """Add what one requirement gains from an offer, once for its best outcome; returns how many are touched now."""
    last = tally[offer].stamp
    if last == stamp:
        if more > tally[offer].best:
            tally[offer].gain += more - tally[offer].best
            tally[offer].best = more
        return n
    if last < first:
        touched[n] = offer
        n += 1
        tally[offer].gain = more
    else:
        tally[offer].gain += more
    tally[offer].best = more
    tally[offer].stamp = stamp
    return n


@compiled
def add_up(
    strengths: Strengths, row: int, taught: Teaching, factor: float, share: float, level: float, held: float,
    tally: NDArray[np.void], touched: NDArray[np.int32], n: int, first: int, stamp: int,
) -> int:  # fmt: skip
    """Add `share · max(0, factor · val − held)` of one requirement to each offer; returns how many offers are touched
    by now. Stamps from `first` on belong to the learner at hand."""
    for near in range(strengths.indptr[row], strengths.indptr[row + 1]):
        strength = factor * strengths.values[near]
        full = np.int64(share * (strength - held) * ONE)
        if full <= 0:
            continue
        concept = np.uint32(strengths.rows[near])  # unsigned: numba then takes no look at whether it counts from behind
        low, high = np.uint64(taught.indptr[concept]), np.uint64(taught.indptr[concept + np.uint32(1)])
        if level <= 0.0:
            for at in range(low, high):
                n = add(np.uint32(taught.offers[at]), full, tally, touched, n, first, stamp)
            continue
        for at in range(low, high):
            more = full
            if 0.0 < taught.levels[at] < level:
                more = np.int64(share * (strength * (taught.levels[at] / level) - held) * ONE)
            if more > 0:
                n = add(np.uint32(taught.offers[at]), more, tally, touched, n, first, stamp)
    return n


@compiled
def gains_of(
    p: int, demands: Demands, listed: Strengths, new: Strengths, courses: Teaching, routes: Teaching, space: Workspace
) -> int:
    """Tally the gain of every offer for learner p; returns how many offers are touched.

    Requirement rows below the listed concepts are read from `listed`, the others from `new`."""
    low, high, n_listed = demands.start[p], demands.start[p + 1], len(listed.indptr) - 1
    total = 0.0
    for i in range(low, high):
        total += demands.weight[i]
    n, first, mean = 0, space.clock[0] + 1, total / max(high - low, 1)
    # Heavy requirements first: what they touch sets a high bar for all that follows. Sums do not depend on the order.
    for heavy in (True, False):
        for i in range(low, high):
            if (demands.weight[i] * (1.0 - demands.held[i]) >= mean) != heavy:
                continue
            space.clock[0] += 1
            row, near = demands.row[i], listed
            if row >= n_listed:
                row, near = row - n_listed, new
            share, level, held = demands.weight[i] / total, demands.level[i], demands.held[i]
            stamp = space.clock[0]
            n = add_up(near, row, courses, 1.0, share, level, held, space.tally, space.touched, n, first, stamp)
            able = demands.recognisable[i]
            if able > held:
                n = add_up(near, row, routes, able, share, level, held, space.tally, space.touched, n, first, stamp)
    return n


def all_gains(
    demands: Demands, listed: Strengths, new: Strengths, courses: Teaching, routes: Teaching, n_offers: int
) -> NDArray[np.float64]:
    """(offers,) gain of every offer by itself, for the first learner of a batch."""
    space, gains = Workspace.blank(n_offers, 0), np.zeros(n_offers)
    touched = space.touched[: gains_of(0, demands, listed, new, courses, routes, space)]
    gains[touched] = space.tally["gain"][touched] / ONE
    return gains
