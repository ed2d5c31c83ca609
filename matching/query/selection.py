"""Compiled: filter and rank what a learner gains from, keeping the best k in one pass over touched offers.

Every number is computed per learner in a fixed order, so that results depend neither on threads nor on the batch.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.index.columns import Columns
from matching.index.concepts import Strengths
from matching.index.coverage import Outcomes, Teaching
from matching.query.condition_kernels import best_run, liking, may_enter, offer_failures, score
from matching.query.kernels import ONE, Demands, bounds_of, gain_of, unlist
from matching.query.persons import Persons, Tables, compiled, inlined
from matching.query.tally import UNIT, Workspace, in_band, may_score

BANDS = 3
"""The last band begins at the highest bound over 2 ** BANDS."""
LOWEST = 4
"""Bounds below which a band has no quarter to take off: all of them are one band."""


class Given(NamedTuple):
    """What tells the gain of an offer."""

    demands: Demands
    outcomes: Outcomes
    values: NDArray[np.float64]
    """(offers,) gains known beforehand; empty where they follow from demands and outcomes."""


@inlined
def exact(offer: int, given: Given, space: Workspace) -> float:
    """The gain of an offer for the learner at hand, 0 where it adds nothing."""
    if len(given.values) > 0:
        return float(np.int64(given.values[offer] * ONE) / ONE)
    return gain_of(offer, given.demands, given.outcomes, space) / ONE


class Best(NamedTuple):
    """Row p holds the `counts[p]` best of learner p, best first, ties by offer row; (learners, k) arrays."""

    counts: NDArray[np.int64]
    scores: NDArray[np.float64]
    offers: NDArray[np.int64]
    runs: NDArray[np.int64]
    own_hours: NDArray[np.float64]
    gains: NDArray[np.float64]

    @classmethod
    def empty(cls, n: int, k: int) -> Best:
        """Room for n learners."""
        return cls(
            np.zeros(n, np.int64), np.zeros((n, k)), np.full((n, k), -1, np.int64), np.full((n, k), -1, np.int64),
            np.zeros((n, k)), np.zeros((n, k)),
        )  # fmt: skip


@compiled
def keep(best: Best, p: int, value: float, offer: int, run: int, own: float, gain: float) -> None:
    """Insert into row p, in order of score, then offer row (= id); the last one falls out where the row is full."""
    k, found = best.scores.shape[1], best.counts[p]
    at = found
    while at > 0 and (
        best.scores[p, at - 1] < value or (best.scores[p, at - 1] == value and best.offers[p, at - 1] > offer)
    ):
        at -= 1
    if at >= k:
        return
    for i in range(min(found, k - 1), at, -1):
        best.scores[p, i], best.offers[p, i] = best.scores[p, i - 1], best.offers[p, i - 1]
        best.runs[p, i], best.own_hours[p, i] = best.runs[p, i - 1], best.own_hours[p, i - 1]
        best.gains[p, i] = best.gains[p, i - 1]
    best.scores[p, at], best.offers[p, at], best.runs[p, at] = value, offer, run
    best.own_hours[p, at], best.gains[p, at] = own, gain
    best.counts[p] = min(found + 1, k)


@compiled
def is_shortest(
    offer: int, own: float, given: Given, columns: Columns, tables: Tables, persons: Persons, p: int,
    blocked: NDArray[np.uint8], space: Workspace,
) -> bool:  # fmt: skip
    """Whether no other variant that adds something and that person p can follow asks fewer own hours; of equals the
    one with the least study counts, then the first."""
    group = columns.group[offer]
    for at in range(columns.variant_start[group], columns.variant_start[group + 1]):
        other = columns.variants[at]
        if other == offer or (len(blocked) > 0 and blocked[other] == 1):
            continue
        if offer_failures(columns, tables, persons, p, other) != 0 or not may_enter(columns, space.met, other):
            continue
        run, hours = best_run(columns, tables, persons, p, other)
        if run < 0 or hours > own:
            continue
        study, own_study = columns.own[other], columns.own[offer]
        before = hours < own or study < own_study or (study == own_study and other < offer)
        if before and exact(other, given, space) > 0.0:
            return False
    return True


@compiled
def select(
    p: int, n: int, given: Given, columns: Columns, tables: Tables, persons: Persons, blocked: NDArray[np.uint8],
    space: Workspace, best: Best,
) -> None:  # fmt: skip
    """Keep the best admissible of the n touched offers.

    Bounds are looked at in falling bands, and what an offer can reach at most is compared before its conditions, its
    conditions before its gain: a score is at most the bound, so that most offers are never looked at."""
    mark(space.met, persons, p, 1)
    k, hours, least = best.scores.shape[1], persons.hours[p], 0.0
    touched, bounds, highest = space.touched, space.bounds, np.uint32(0)
    bounding = np.nan if persons.exempt_start[p] < persons.exempt_start[p + 1] else hours
    for at in range(n):
        highest = max(highest, bounds[at])
    high = int(np.int64(highest)) + 1
    lowest = max(high >> BANDS, LOWEST)
    while high > 1 and high / UNIT > least:
        low = high - (high >> 2) if high > lowest else 1
        for i in range(in_band(n, low, high, least, bounding, tables, persons, p, given.outcomes, columns, space)):
            at = space.band[i]
            offer = int(touched[at])
            if not may_score(least, bounds[at] / UNIT, space.glance, offer, bounding, persons.leave[p]):
                continue  # `least` has risen meanwhile
            if (len(blocked) > 0 and blocked[offer] == 1) or offer_failures(columns, tables, persons, p, offer) != 0:
                continue
            run, own = best_run(columns, tables, persons, p, offer)
            if run < 0:
                continue
            gain = exact(offer, given, space)
            value = score(gain, hours, own) * liking(columns, persons, p, offer, run)
            full = best.counts[p] == k
            worse = full and (value < least or (value == least and offer > best.offers[p, k - 1]))
            if gain <= 0.0 or worse:
                continue
            if not may_enter(columns, space.met, offer):
                continue
            alone = columns.group[offer] < 0
            if alone or is_shortest(offer, own, given, columns, tables, persons, p, blocked, space):
                keep(best, p, value, offer, run, own, gain)
                if best.counts[p] == k:
                    least = best.scores[p, k - 1]
        high = low
    mark(space.met, persons, p, 0)


@compiled
def mark(met: NDArray[np.uint8], persons: Persons, p: int, value: int) -> None:
    """Write `value` at each entry atom that person p meets."""
    for at in range(persons.atom_start[p], persons.atom_start[p + 1]):
        met[persons.atoms[at]] = value


@compiled
def rank(
    listed: Strengths, new: Strengths, courses: Teaching, routes: Teaching, given: Given,
    columns: Columns, tables: Tables, persons: Persons, blocked: NDArray[np.uint8], space: Workspace, best: Best,
) -> None:  # fmt: skip
    """Fill the rows of all learners. `blocked` has one byte per offer, or none at all."""
    for p in range(len(best.counts)):
        n, n_near = bounds_of(p, given.demands, listed, new, courses, routes, space)
        select(p, n, given, columns, tables, persons, blocked, space, best)
        unlist(n_near, space)


@compiled
def rank_values(
    p: int, given: Given, columns: Columns, tables: Tables, persons: Persons,
    blocked: NDArray[np.uint8], space: Workspace, best: Best,
) -> None:  # fmt: skip
    """Fill row p where the gain of each offer is known beforehand, as for a goal in free text."""
    n, bounds, touched = 0, space.bounds, space.touched
    for offer in range(len(given.values)):
        bounds[n], touched[n] = np.int64(given.values[offer] * UNIT) + 1, offer
        n += given.values[offer] > 0.0
    select(p, n, given, columns, tables, persons, blocked, space, best)
