"""Compiled: what every offer gives to what a learner still needs, added up over the postings that matter.

The coverage matrix is read in its two factors, concept → concept strengths and concept → offers that teach it, and
never multiplied out: the same numbers are read from a table that fits the cache. What is added up is the most that an
offer can gain, in four bytes an offer; the gain itself is worked out, from the outcomes of the offer, where it counts.
Gains are whole multiples of 1 / `ONE`, so that sums do not depend on their order and offers of equal worth tie exactly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.index.concepts import Strengths
from matching.index.coverage import Outcomes, Teaching
from matching.query.persons import compiled, fetch, inlined
from matching.query.tally import ABOVE, GLANCE, NUMBER, UNIT, Workspace

ONE = 2.0**50
"""A gain of 1: 2 ** -50 is below every difference that a float64 of this size shows."""
AHEAD = 4
"""How many lists before its turn a list is fetched."""


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
def list_near(p: int, demands: Demands, listed: Strengths, new: Strengths, space: Workspace) -> int:
    """Write down in `space.near` each concept that gives something of what learner p still needs, by requirement, the
    strongest first; returns how many there are.

    Requirement rows below the listed concepts are read from `listed`, the others from `new`."""
    near, heads, n_listed = space.near, space.heads, len(listed.indptr) - 1
    low, high = demands.start[p], demands.start[p + 1]
    total, n = 0.0, 0
    for i in range(low, high):
        total += demands.weight[i]
    for i in range(low, high):
        row, strengths, first = demands.row[i], listed, n
        if row >= n_listed:
            row, strengths = row - n_listed, new
        for at in range(strengths.indptr[row], strengths.indptr[row + 1]):
            strength = np.float64(strengths.values[at])
            if strength <= demands.held[i]:
                continue
            k = n
            while k > first and near[k - 1].strength < strength:
                near[k].strength, near[k].concept = near[k - 1].strength, near[k - 1].concept
                k -= 1
            near[k].strength, near[k].concept = strength, strengths.rows[at]
            near[n].requirement, near[n].first = i, first
            near[n].share, near[n].best = demands.weight[i] / total, 0
            n += 1
    for at in range(n):
        near[at].next, heads[near[at].concept] = heads[near[at].concept], at + 1
    return n


@inlined
def unlist(n: int, space: Workspace) -> None:
    """Make room for the next learner."""
    for at in range(n):
        space.heads[space.near[at].concept] = 0


@inlined
def raise_bounds(taught: Teaching, concept: int, most: float, number: int, n: int, space: Workspace) -> int:
    """Raise the tally of each offer that has a concept by `most`, unless the same requirement has raised it already;
    returns how many are touched by now. No branches: a processor could foresee none of them."""
    tally, touched, offers = space.tally, space.touched, taught.offers
    more = np.uint32((np.int64(most * UNIT) + 1) << ABOVE | number)
    # Unsigned: numba then takes no look at whether an index counts from behind.
    for at in range(np.uint64(taught.indptr[concept]), np.uint64(taught.indptr[concept + 1])):
        offer = np.uint32(offers[at])
        before = tally[offer]
        touched[n] = offer
        n += before == 0
        tally[offer] = before if before & np.uint32(NUMBER) == number else (before & np.uint32(~NUMBER)) + more
    return n


@compiled
def bounds_of(
    p: int, demands: Demands, listed: Strengths, new: Strengths, courses: Teaching, routes: Teaching, space: Workspace
) -> tuple[int, int]:
    """Tally what every offer gains at most for learner p, as if its levels were as asked; returns how many offers are
    touched, and how many concepts are near. The strongest concept of a requirement comes first, so that what an offer
    is raised by once is the most that it gives of it."""
    near, n, number = space.near, 0, 0
    n_near = list_near(p, demands, listed, new, space)
    for at in range(n_near):
        one = near[at]
        if at + AHEAD < n_near:
            fetch(courses.offers, courses.indptr[near[at + AHEAD].concept])
        if one.first == at:
            number += 1
            if number > NUMBER:
                number = 1
                for i in range(n):
                    space.tally[space.touched[i]] &= np.uint32(~NUMBER)
        held, able = demands.held[one.requirement], demands.recognisable[one.requirement]
        n = raise_bounds(courses, one.concept, one.share * (one.strength - held), number, n, space)
        if able * one.strength > held:
            n = raise_bounds(routes, one.concept, one.share * (able * one.strength - held), number, n, space)
    for at in range(n):
        offer = np.uint32(space.touched[at])
        space.bounds[at] = space.tally[offer] >> np.uint32(ABOVE)
        space.tally[offer] = 0
    return n, n_near


@inlined
def gain_of(offer: int, demands: Demands, outcomes: Outcomes, space: Workspace) -> int:
    """What an offer gains of what is listed in `space.near`: `share · max(0, val − held)` of each requirement, once
    for its best outcome, in steps of 1 / `ONE`."""
    near, heads, gain = space.near, space.heads, np.int64(0)
    low, high = outcomes.start[offer], outcomes.start[offer + 1]
    for at in range(low, high):
        concept, assessed = outcomes.rows[at], outcomes.rows[at] >= len(heads)
        if assessed:
            concept -= len(heads)
        entry = heads[concept] - 1
        while entry >= 0:
            one = near[entry]
            i, level = one.requirement, outcomes.levels[at]
            strength = one.strength
            if assessed:
                strength *= demands.recognisable[i]
            if 0.0 < level < demands.level[i]:
                strength *= level / demands.level[i]
            more = np.int64(one.share * (strength - demands.held[i]) * ONE)
            if more > near[one.first].best:
                gain += more - near[one.first].best
                near[one.first].best = more
            entry = one.next - 1
    for at in range(low, high):
        entry = heads[outcomes.rows[at] % len(heads)] - 1
        while entry >= 0:
            near[near[entry].first].best = 0
            entry = near[entry].next - 1
    return int(gain)


@compiled
def write_gains(
    demands: Demands, listed: Strengths, new: Strengths, courses: Teaching, routes: Teaching, outcomes: Outcomes,
    space: Workspace, gains: NDArray[np.float64],
) -> None:  # fmt: skip
    """Write the gain of every offer that has one for the first learner of a batch."""
    n, n_near = bounds_of(0, demands, listed, new, courses, routes, space)
    for at in range(n):
        gains[space.touched[at]] = gain_of(space.touched[at], demands, outcomes, space) / ONE
    unlist(n_near, space)


@compiled
def most_near(demands: Demands, listed: Strengths, new: Strengths) -> int:
    """Room that the concepts near one learner of a batch take at most."""
    most, n_listed = 0, len(listed.indptr) - 1
    for p in range(len(demands.start) - 1):
        count = 0
        for i in range(demands.start[p], demands.start[p + 1]):
            row, strengths = demands.row[i], listed
            if row >= n_listed:
                row, strengths = row - n_listed, new
            count += strengths.indptr[row + 1] - strengths.indptr[row]
        most = max(most, count)
    return most


def all_gains(
    demands: Demands, listed: Strengths, new: Strengths, courses: Teaching, routes: Teaching, outcomes: Outcomes
) -> NDArray[np.float64]:
    """(offers,) gain of every offer by itself, for the first learner of a batch."""
    gains = np.zeros(len(outcomes.start) - 1)
    space = Workspace.of(np.empty(len(gains), GLANCE), len(courses.indptr) - 1, 0)
    space = space.roomy(most_near(demands, listed, new))
    write_gains(demands, listed, new, courses, routes, outcomes, space, gains)
    return gains
