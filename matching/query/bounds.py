"""Compiled: the most that every offer can gain, added up over the postings that matter.

The coverage matrix is read in its two factors, concept → concept strengths and concept → offers that teach it, and
never multiplied out: the same numbers are read from a table that fits the cache. The gain itself is worked out, from
the outcomes of the offer, only where it counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.index.coverage import Teaching
from matching.query.glance import GLANCE
from matching.query.kernels import Asking, gained
from matching.query.near import gain_of, list_near, most_near, unlist
from matching.query.persons import compiled, fetch, inlined
from matching.query.workspace import BOUND_ONE, NUMBER, NUMBER_BITS, Workspace

AHEAD = 4
"""A list of offers is fetched so many lists before its turn."""


@inlined
def raise_bounds(taught: Teaching, concept: int, most: float, number: int, n: int, space: Workspace) -> int:
    """Raise the tally of each offer that teaches a concept by `most`, unless the same requirement has raised it
    already; returns how many are touched by now. No branches: a processor could foresee none of them."""
    tally, touched, offers = space.tally, space.touched, taught.offers
    more = np.uint32((np.int64(most * BOUND_ONE) + 1) << NUMBER_BITS | number)
    # Unsigned: numba then takes no look at whether an index counts from behind.
    for at in range(np.uint64(taught.indptr[concept]), np.uint64(taught.indptr[concept + 1])):
        offer = np.uint32(offers[at])
        before = tally[offer]
        touched[n] = offer
        n += before == 0
        tally[offer] = before if before & np.uint32(NUMBER) == number else (before & np.uint32(~NUMBER)) + more
    return n


@compiled
def bounds_of(end: int, asking: Asking, space: Workspace) -> int:
    """Write to `space.bounds`, beside `space.touched`, the most that each offer gains of the near concepts up to place
    `end`, as if its levels were as asked; returns how many offers are touched.

    The strongest concept of a requirement comes first and counts alone, which is the most that an offer can give of
    it: an offer is a course or a route, never both."""
    near, demands, n, number = space.near, asking.demands, 0, 0
    for at in range(1, end):
        one = near[at]
        if at + AHEAD < end:
            fetch(asking.courses.offers, asking.courses.indptr[near[at + AHEAD].concept])
        if one.top == at:
            number += 1
            if number > NUMBER:  # all numbers are used: begin anew, once no tally has one
                number = 1
                for i in range(n):
                    space.tally[space.touched[i]] &= np.uint32(~NUMBER)
        held, able = demands.held[one.requirement], demands.recognisable[one.requirement]
        n = raise_bounds(asking.courses, one.concept, gained(one.share, one.strength, held), number, n, space)
        if able * one.strength > held:
            most = gained(one.share, able * one.strength, held)
            n = raise_bounds(asking.routes, one.concept, most, number, n, space)
    for i in range(n):
        offer = np.uint32(space.touched[i])
        space.bounds[i] = space.tally[offer] >> np.uint32(NUMBER_BITS)
        space.tally[offer] = 0
    return n


@compiled
def write_gains(asking: Asking, space: Workspace, gains: NDArray[np.float64]) -> None:
    """Write the gain of every touched offer for the first learner of a batch. Apart from `all_gains`, which allocates
    what nothing compiled here may."""
    end = list_near(0, asking, space)
    for i in range(bounds_of(end, asking, space)):
        gains[space.touched[i]] = gain_of(space.touched[i], asking, space)
    unlist(end, space)


def all_gains(asking: Asking) -> NDArray[np.float64]:
    """(offers,) gain of every offer by itself, for the first learner of a batch."""
    gains = np.zeros(len(asking.outcomes.assessed))
    space = Workspace.of(np.empty(len(gains), GLANCE), len(asking.courses.indptr) - 1, 0)
    write_gains(asking, space.roomy(most_near(asking)), gains)
    return gains
