"""Compiled: filter and rank what a learner gains from, from the highest bounds down, until none can reach the best k.

Every number is computed per learner in a fixed order, so that results depend neither on threads nor on the batch.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.index.columns import Columns
from matching.query.bounds import bounds_of
from matching.query.condition_kernels import best_run, liking, may_enter, offer_failures, score
from matching.query.glance import fetch_ahead, fitting, in_band, may_score
from matching.query.kernels import Asking
from matching.query.near import gain_of, list_near, unlist
from matching.query.persons import Persons, Tables, compiled
from matching.query.workspace import BOUND_ONE, Workspace

BANDS = 3
"""The last band begins at the highest bound over 2 ** BANDS."""
LOWEST = 4
"""Bounds below which a band has no quarter to take off: all of them are one band."""


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
    offer: int, own: float, asking: Asking, columns: Columns, tables: Tables, persons: Persons, p: int,
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
        if before and gain_of(other, asking, space) > 0.0:
            return False
    return True


@compiled
def select(
    p: int, n: int, asking: Asking, columns: Columns, tables: Tables, persons: Persons, blocked: NDArray[np.uint8],
    space: Workspace, best: Best,
) -> None:  # fmt: skip
    """Keep the best admissible of the n touched offers.

    Bounds are looked at in falling bands. Of an offer, first the most that it can score is compared, then its
    conditions, then its gain: most offers are never looked at."""
    mark(space.met, persons, p, 1)
    k, hours, least = best.scores.shape[1], persons.hours[p], 0.0
    touched, bounds, highest = space.touched, space.bounds, np.uint32(0)
    bounding = np.nan if persons.exempt_start[p] < persons.exempt_start[p + 1] else hours
    for at in range(n):
        highest = max(highest, bounds[at])
    high = int(np.int64(highest)) + 1
    lowest = max(high >> BANDS, LOWEST)
    while high > 1 and high / BOUND_ONE > least:
        low = high - (high >> 2) if high > lowest else 1
        found = fitting(in_band(n, low, high, space), least, bounding, tables, persons, p, space)
        fetch_ahead(found, asking.outcomes, columns, space)
        for i in range(found):
            at = space.band[i]
            offer = int(touched[at])
            # `least` has risen since the band was made.
            if not may_score(least, bounds[at] / BOUND_ONE, space.glance, offer, bounding, persons.leave[p]):
                continue
            if (len(blocked) > 0 and blocked[offer] == 1) or offer_failures(columns, tables, persons, p, offer) != 0:
                continue
            run, own = best_run(columns, tables, persons, p, offer)
            if run < 0:
                continue
            gain = gain_of(offer, asking, space)
            value = score(gain, hours, own) * liking(columns, persons, p, offer, run)
            full = best.counts[p] == k
            worse = full and (value < least or (value == least and offer > best.offers[p, k - 1]))
            if gain <= 0.0 or worse:
                continue
            if not may_enter(columns, space.met, offer):
                continue
            alone = columns.group[offer] < 0
            if alone or is_shortest(offer, own, asking, columns, tables, persons, p, blocked, space):
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
    asking: Asking, columns: Columns, tables: Tables, persons: Persons, blocked: NDArray[np.uint8], space: Workspace,
    best: Best,
) -> None:  # fmt: skip
    """Fill the rows of all learners. `blocked` has one byte per offer, or none at all."""
    for p in range(len(best.counts)):
        end = list_near(p, asking, space)
        select(p, bounds_of(end, asking, space), asking, columns, tables, persons, blocked, space, best)
        unlist(end, space)


@compiled
def rank_values(
    p: int, asking: Asking, columns: Columns, tables: Tables, persons: Persons, blocked: NDArray[np.uint8],
    space: Workspace, best: Best,
) -> None:  # fmt: skip
    """Fill row p where the gain of each offer is known beforehand, as for a goal in free text."""
    n, bounds, touched = 0, space.bounds, space.touched
    for offer in range(len(asking.values)):
        bounds[n], touched[n] = np.int64(asking.values[offer] * BOUND_ONE) + 1, offer
        n += asking.values[offer] > 0.0
    select(p, n, asking, columns, tables, persons, blocked, space, best)
