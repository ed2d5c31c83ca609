"""The compiled inner loop, and the only door to numba in `matching`: add up postings, filter, keep the best k.

One pass over touched offers only. Every number is computed per learner in a fixed order, so results do not depend on
threads or on the batch. `numpy` in, `numpy` out; nothing here knows an id.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from matching.index.catalogue import NOWHERE, UNKNOWN_DAY, Columns
from matching.index.coverage import Postings, Strengths

# Why a run is out, as bits; `query.conditions` puts them into words.
FORM, PRICE, PLACE, SESSIONS = 1, 2, 4, 8
FULL, ENROL_BY, STARTED, NOT_BEFORE, DEADLINE = 16, 32, 64, 128, 256
HOURS_TOTAL, HOURS_WEEK, WORK_HOURS, ENTRY = 512, 1024, 2048, 4096

SLACK = 1e-9
"""Hours that equal the budget fit it, whatever the last bit says."""


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


class Persons(NamedTuple):
    """Numbers of a batch of learners, and which row of each lookup table is theirs."""

    on: int
    hours: NDArray[np.float64]
    """Own hours to the horizon, NaN where unknown."""
    hours_per_week: NDArray[np.float64]
    work_per_week: NDArray[np.float64]
    leave: NDArray[np.float64]
    max_price: NDArray[np.float64]
    not_before: NDArray[np.int32]
    deadline: NDArray[np.int32]
    form_table: NDArray[np.int64]
    place_table: NDArray[np.int64]
    session_table: NDArray[np.int64]
    atom_start: NDArray[np.int64]
    atoms: NDArray[np.int32]
    """Entry atoms that the learner meets."""


class Tables(NamedTuple):
    """Answers per distinct set of conditions: row = a distinct person side, column = an offer-side code."""

    form_ok: NDArray[np.uint8]
    place_ok: NDArray[np.uint8]
    travel: NDArray[np.float64]
    """Hours to a place and back."""
    session_ok: NDArray[np.uint8]


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
def own_hours(columns: Columns, tables: Tables, persons: Persons, p: int, offer: int, run: int) -> float:
    """Own hours of one run for person p: study and travel, less the paid leave that covers contact hours."""
    hours = columns.own[offer]
    if columns.place[run] != NOWHERE:
        hours += columns.trips[run] * tables.travel[persons.place_table[p], columns.place[run]]
    return max(0.0, hours - min(persons.leave[p], columns.contact[offer]))


@numba.njit(cache=True, nogil=True)
def run_failures(columns: Columns, tables: Tables, persons: Persons, p: int, offer: int, run: int) -> int:
    """Bits of every condition that keeps person p out of one run; 0 lets them in. Unknown keeps nobody out."""
    out = 0
    place, sessions = columns.place[run], columns.sessions[run]
    if place != NOWHERE and tables.place_ok[persons.place_table[p], place] == 0:
        out |= PLACE
    if sessions != NOWHERE and tables.session_ok[persons.session_table[p], sessions] == 0:
        out |= SESSIONS
    if columns.full[run] == 1:
        out |= FULL
    if columns.enrol_by[run] != UNKNOWN_DAY and columns.enrol_by[run] < persons.on:
        out |= ENROL_BY
    start, end = columns.start[run], columns.end[run]
    if start != UNKNOWN_DAY:
        if start < persons.on:
            out |= STARTED
        if start < persons.not_before[p]:
            out |= NOT_BEFORE
    if persons.deadline[p] != UNKNOWN_DAY:
        if end == UNKNOWN_DAY and columns.weeks[run] == columns.weeks[run]:
            begin = max(persons.on, persons.not_before[p]) if start == UNKNOWN_DAY else start
            end = int(begin + np.ceil(columns.weeks[run] * 7.0))
        if end != UNKNOWN_DAY and end > persons.deadline[p]:
            out |= DEADLINE
    hours = own_hours(columns, tables, persons, p, offer, run)
    if hours > persons.hours[p] + SLACK:
        out |= HOURS_TOTAL
    if weekly_hours(columns, tables, persons, p, offer, run) > persons.hours_per_week[p] + SLACK:
        out |= HOURS_WEEK
    if columns.weeks[run] > 0.0 and columns.work[offer] / columns.weeks[run] > persons.work_per_week[p] + SLACK:
        out |= WORK_HOURS
    return out


@numba.njit(cache=True, nogil=True)
def weekly_hours(columns: Columns, tables: Tables, persons: Persons, p: int, offer: int, run: int) -> float:
    """Own hours in a week of the run, travel included; NaN where the hours can be spread freely."""
    hours = columns.weekly[run]
    if columns.place[run] != NOWHERE and columns.weeks[run] > 0.0:
        travel = columns.trips[run] * tables.travel[persons.place_table[p], columns.place[run]]
        hours += travel / max(columns.weeks[run], 1.0)
    return hours


@numba.njit(cache=True, nogil=True)
def offer_failures(columns: Columns, tables: Tables, persons: Persons, p: int, offer: int) -> int:
    """Bits of the conditions that do not depend on the run, entry apart."""
    out = 0
    if tables.form_ok[persons.form_table[p], columns.form[offer]] == 0:
        out |= FORM
    if columns.price[offer] > persons.max_price[p] + SLACK:
        out |= PRICE
    return out


@numba.njit(cache=True, nogil=True)
def may_enter(columns: Columns, met: NDArray[np.uint8], offer: int) -> bool:
    """Whether each group of entry atoms has as many met ones as it needs."""
    for group in range(columns.entry_start[offer], columns.entry_start[offer + 1]):
        count = 0
        for at in range(columns.group_start[group], columns.group_start[group + 1]):
            count += met[columns.group_atoms[at]]
        if count < columns.group_need[group]:
            return False
    return True


@numba.njit(cache=True, nogil=True)
def best_run(columns: Columns, tables: Tables, persons: Persons, p: int, offer: int) -> tuple[int, float]:
    """(run row, own hours) of the admissible run with the fewest own hours, the earliest of equals; −1 if none."""
    best, fewest = -1, np.inf
    for run in range(columns.run_start[offer], columns.run_start[offer + 1]):
        if run_failures(columns, tables, persons, p, offer, run) == 0:
            hours = own_hours(columns, tables, persons, p, offer, run)
            earlier = best >= 0 and hours == fewest and columns.start[run] < columns.start[best]
            if best < 0 or hours < fewest or earlier:
                best, fewest = run, hours
    return best, fewest


@numba.njit(cache=True, nogil=True, inline="always")
def score(gain: float, hours: float, own: float) -> float:
    """gain · H / (H + own hours): gain per hour, smoothed by what the person has; gain alone where H is unknown."""
    if own == 0.0 or not hours >= 0.0:
        return gain
    return gain * hours / (hours + own)


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
def rank(
    first: int, last: int, demands: Demands,
    courses: Postings, routes: Postings, more_courses: Postings, more_routes: Postings,
    columns: Columns, tables: Tables, persons: Persons, blocked: NDArray[np.uint8],
    counts: NDArray[np.int64], scores: NDArray[np.float64], offers: NDArray[np.int64], runs: NDArray[np.int64],
    owns: NDArray[np.float64], gains: NDArray[np.float64],
) -> None:  # fmt: skip
    """Fill row p of each (learners, k) output for learners first … last − 1.

    Concept rows below the listed ones are read from `courses` and `routes`, the others from `more_…`."""
    n_offers, listed = len(columns.own), len(courses.indptr) - 1
    gain_of = np.zeros(n_offers, np.float64)
    touched = np.empty(n_offers, np.int64)
    met = no_atoms_met(columns)
    for p in range(first, last):
        n, total = 0, 0.0
        for i in range(demands.start[p], demands.start[p + 1]):
            weight, level, held = demands.weight[i], demands.level[i], demands.held[i]
            total += weight
            row, known = demands.row[i], demands.row[i] < listed
            if known:
                n = add_up(courses, row, 1.0, weight, level, held, gain_of, touched, n)
            else:
                n = add_up(more_courses, row - listed, 1.0, weight, level, held, gain_of, touched, n)
            able = demands.recognisable[i]
            if able > held:
                if known:
                    n = add_up(routes, row, able, weight, level, held, gain_of, touched, n)
                else:
                    n = add_up(more_routes, row - listed, able, weight, level, held, gain_of, touched, n)
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
    for at in range(n):
        offer = touched[at]
        gain = gain_of[offer] * scale
        if found == k and gain < scores[k - 1]:
            continue
        if blocked[offer] == 1 or offer_failures(columns, tables, persons, p, offer) != 0:
            continue
        run, own = best_run(columns, tables, persons, p, offer)
        if run < 0:
            continue
        value = score(gain, persons.hours[p], own)
        if found == k and (value < scores[k - 1] or (value == scores[k - 1] and offer > offers[k - 1])):
            continue
        if may_enter(columns, met, offer):
            found = keep(found, value, offer, run, own, gain, scores, offers, runs, owns, gains)
    return found
