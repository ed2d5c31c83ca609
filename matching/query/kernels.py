"""The compiled inner loop, and the only door to numba in `matching`: add up postings, filter, keep the best k.

One pass over touched offers only. Every number is computed per learner in a fixed order, so results do not depend on
threads or on the batch. `numpy` in, `numpy` out; nothing here knows an id.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from matching.index.columns import Columns
from matching.index.coverage import Postings, Strengths
from matching.query.condition_kernels import (
    FORM,
    PRICE,
    Persons,
    Tables,
    best_run,
    liking,
    may_enter,
    offer_failures,
    score,
    shortest_variants,
    weekly_hours,
)

__all__ = [
    "FORM", "PRICE", "Demands", "Persons", "Tables", "all_gains", "best_run", "hold", "level_factor", "offer_failures",
    "rank", "rank_values", "weekly_hours",
]  # fmt: skip


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


@numba.njit(cache=True, nogil=True)
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


@numba.njit(cache=True, nogil=True, inline="always")
def level_factor(level: float, asked: float) -> float:
    """min(level, asked) / asked; 1 where either is unknown (0)."""
    if level <= 0.0 or asked <= 0.0 or level >= asked:
        return 1.0
    return level / asked


@numba.njit(cache=True, nogil=True)
def add_up(
    postings: Postings, row: int, factor: float, weight: float, level: float, held: float,
    gains: NDArray[np.float64], touched: NDArray[np.int64], n: int,
) -> int:  # fmt: skip
    """Add `weight · max(0, factor · val − held)` to each offer of one requirement, the best outcome of each offer
    once; returns how many offers are touched by now."""
    at, end = postings.indptr[row], postings.indptr[row + 1]
    while at < end:
        offer = postings.rows[at]
        best = 0.0
        while at < end and postings.rows[at] == offer:
            best = max(best, postings.strengths[at] * level_factor(postings.levels[at], level))
            at += 1
        more = factor * best - held
        if more > 0.0:
            if gains[offer] == 0.0:
                touched[n] = offer
                n += 1
            gains[offer] += weight * more
    return n


@numba.njit(cache=True, nogil=True)
def keep(
    found: int, value: float, offer: int, run: int, own: float, gain: float,
    scores: NDArray[np.float64], offers: NDArray[np.int64], runs: NDArray[np.int64],
    owns: NDArray[np.float64], gains: NDArray[np.float64],
) -> int:  # fmt: skip
    """Insert into the list of the best k, in order of score, then offer row (= id); returns its new length."""
    k = len(scores)
    at = found
    while at > 0 and (scores[at - 1] < value or (scores[at - 1] == value and offers[at - 1] > offer)):
        at -= 1
    if at >= k:
        return found
    last = min(found, k - 1)
    for i in range(last, at, -1):
        scores[i], offers[i], runs[i], owns[i], gains[i] = (
            scores[i - 1], offers[i - 1], runs[i - 1], owns[i - 1], gains[i - 1],
        )  # fmt: skip
    scores[at], offers[at], runs[at], owns[at], gains[at] = value, offer, run, own, gain
    return min(found + 1, k)


@numba.njit(cache=True, nogil=True)
def accumulate(
    p: int, demands: Demands, courses: Postings, routes: Postings, more_courses: Postings, more_routes: Postings,
    gains: NDArray[np.float64], touched: NDArray[np.int64],
) -> tuple[int, float]:  # fmt: skip
    """Add what each offer gives of every requirement of learner p to `gains`; (offers touched, sum of weights).

    Concept rows below the listed ones are read from `courses` and `routes`, the others from `more_…`."""
    n, total, listed = 0, 0.0, len(courses.indptr) - 1
    for i in range(demands.start[p], demands.start[p + 1]):
        weight, level, held = demands.weight[i], demands.level[i], demands.held[i]
        total += weight
        row, known = demands.row[i], demands.row[i] < listed
        if known:
            n = add_up(courses, row, 1.0, weight, level, held, gains, touched, n)
        else:
            n = add_up(more_courses, row - listed, 1.0, weight, level, held, gains, touched, n)
        able = demands.recognisable[i]
        if able > held:
            if known:
                n = add_up(routes, row, able, weight, level, held, gains, touched, n)
            else:
                n = add_up(more_routes, row - listed, able, weight, level, held, gains, touched, n)
    return n, total


@numba.njit(cache=True, nogil=True)
def all_gains(
    demands: Demands, courses: Postings, routes: Postings, more_courses: Postings, more_routes: Postings, n_offers: int
) -> NDArray[np.float64]:
    """(offers,) gain of every offer by itself, for the first learner of a batch."""
    gains = np.zeros(n_offers, np.float64)
    touched = np.empty(n_offers, np.int64)
    _, total = accumulate(0, demands, courses, routes, more_courses, more_routes, gains, touched)
    return gains / total if total > 0.0 else gains


@numba.njit(cache=True, nogil=True)
def rank(
    first: int, last: int, demands: Demands,
    courses: Postings, routes: Postings, more_courses: Postings, more_routes: Postings,
    columns: Columns, tables: Tables, persons: Persons, blocked: NDArray[np.uint8],
    counts: NDArray[np.int64], scores: NDArray[np.float64], offers: NDArray[np.int64], runs: NDArray[np.int64],
    owns: NDArray[np.float64], gains: NDArray[np.float64],
) -> None:  # fmt: skip
    """Fill row p of each (learners, k) output for learners first … last − 1."""
    n_offers = len(columns.own)
    gain_of = np.zeros(n_offers, np.float64)
    touched = np.empty(n_offers, np.int64)
    met = no_atoms_met(columns)
    for p in range(first, last):
        n, total = accumulate(p, demands, courses, routes, more_courses, more_routes, gain_of, touched)
        mark(met, persons, p, 1)
        counts[p] = select(
            p, touched, n, gain_of, 1.0 / total if total > 0.0 else 0.0, columns, tables, persons, met, blocked,
            scores[p], offers[p], runs[p], owns[p], gains[p],
        )  # fmt: skip
        mark(met, persons, p, 0)
        for at in range(n):
            gain_of[touched[at]] = 0.0


@numba.njit(cache=True, nogil=True)
def rank_values(
    p: int, values: NDArray[np.float64], columns: Columns, tables: Tables, persons: Persons,
    blocked: NDArray[np.uint8], counts: NDArray[np.int64], scores: NDArray[np.float64], offers: NDArray[np.int64],
    runs: NDArray[np.int64], owns: NDArray[np.float64], gains: NDArray[np.float64],
) -> None:  # fmt: skip
    """Fill row p where the gain of each offer is known beforehand, as for a goal in free text."""
    met = no_atoms_met(columns)
    mark(met, persons, p, 1)
    touched = np.flatnonzero(values > 0.0)
    counts[p] = select(
        p, touched, len(touched), values, 1.0, columns, tables, persons, met, blocked,
        scores[p], offers[p], runs[p], owns[p], gains[p],
    )  # fmt: skip


@numba.njit(cache=True, nogil=True)
def no_atoms_met(columns: Columns) -> NDArray[np.uint8]:
    """A zero per entry atom."""
    n = 0
    for atom in columns.group_atoms:
        n = max(n, atom + 1)
    return np.zeros(n, np.uint8)


@numba.njit(cache=True, nogil=True)
def mark(met: NDArray[np.uint8], persons: Persons, p: int, value: int) -> None:
    """Write `value` at each entry atom that person p meets."""
    for at in range(persons.atom_start[p], persons.atom_start[p + 1]):
        if persons.atoms[at] < len(met):
            met[persons.atoms[at]] = value


@numba.njit(cache=True, nogil=True)
def select(
    p: int, touched: NDArray[np.int64], n: int, gain_of: NDArray[np.float64], scale: float,
    columns: Columns, tables: Tables, persons: Persons, met: NDArray[np.uint8], blocked: NDArray[np.uint8],
    scores: NDArray[np.float64], offers: NDArray[np.int64], runs: NDArray[np.int64],
    owns: NDArray[np.float64], gains: NDArray[np.float64],
) -> int:  # fmt: skip
    """Keep the best admissible of the touched offers; returns how many were found.

    What an offer can reach at most, its gain, is compared first: most offers need no look at their conditions."""
    found, k = 0, len(scores)
    shortest = shortest_variants(touched, n, columns, tables, persons, p, met, blocked)
    for at in range(n):
        offer = touched[at]
        gain = gain_of[offer] * scale
        if found == k and gain < scores[k - 1]:
            continue
        if columns.group[offer] >= 0 and shortest[columns.group[offer]] != offer:
            continue
        if blocked[offer] == 1 or offer_failures(columns, tables, persons, p, offer) != 0:
            continue
        run, own = best_run(columns, tables, persons, p, offer)
        if run < 0:
            continue
        value = score(gain, persons.hours[p], own) * liking(columns, persons, p, offer, run)
        if found == k and (value < scores[k - 1] or (value == scores[k - 1] and offer > offers[k - 1])):
            continue
        if may_enter(columns, met, offer):
            found = keep(found, value, offer, run, own, gain, scores, offers, runs, owns, gains)
    return found
