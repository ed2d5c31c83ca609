"""Whether and how well one person can follow one offer, compiled: conditions, own hours, the best run.

Called from the inner loop of `selection`, on touched offers only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.index.columns import NOWHERE, UNKNOWN_DAY, Columns, Evening
from matching.query.persons import Persons, Tables, allocating, compiled, inlined
from matching.query.time_kernels import NEVER, attends, earliest, room, weeks_of_run

# Why a run is out, as bits; `query.conditions` puts them into words.
FORM, PRICE, PLACE, SESSIONS = 1, 2, 4, 8
FULL, ENROL_BY, STARTED, NOT_BEFORE, DEADLINE = 16, 32, 64, 128, 256
PAUSES, HOURS_TOTAL, HOURS_WEEK, WORK_HOURS = 512, 1024, 2048, 4096

ANY_TIME, TIME_UNKNOWN = int(Evening.ANY), int(Evening.UNKNOWN)
LIKED_BY_CHANCE = 0.5
"""How far an offer that does not say suits a wish about form."""

SLACK = 1e-9
"""Hours that equal the budget fit it, whatever the last bit says."""


@inlined
def exempted_hours(columns: Columns, persons: Persons, p: int, offer: int) -> float:
    """Hours of the units that person p holds already, at most all own hours of the offer."""
    low, high = persons.exempt_start[p], persons.exempt_start[p + 1]
    if low == high:
        return 0.0
    at = low + np.searchsorted(persons.exempt_rows[low:high], offer)
    if at == high or persons.exempt_rows[at] != offer:
        return 0.0
    return float(min(persons.exempt_hours[at], columns.own[offer]))


@inlined
def one_way_hours(tables: Tables, persons: Persons, p: int, place: int) -> float:
    """Hours from the home of person p to a place, NaN where unknown."""
    return float(tables.km[persons.home_table[p], place] / persons.speed[p])


@inlined
def too_far(tables: Tables, persons: Persons, p: int, place: int) -> bool:
    """Whether a place is known to lie further than person p travels."""
    if tables.km[persons.home_table[p], place] > persons.max_km[p]:
        return True
    return bool(one_way_hours(tables, persons, p, place) * 60.0 > persons.max_minutes[p])


@inlined
def travel_hours(columns: Columns, tables: Tables, persons: Persons, p: int, run: int) -> float:
    """Hours to the place of a run and back, as often as it asks for; 0 where no distance is known."""
    if columns.place[run] == NOWHERE:
        return 0.0
    hours = one_way_hours(tables, persons, p, columns.place[run])
    return columns.trips[run] * 2.0 * hours if hours == hours else 0.0


@inlined
def own_hours(columns: Columns, tables: Tables, persons: Persons, p: int, offer: int, run: int) -> float:
    """Own hours of one run for person p: study that is not exempted and travel, less the paid leave that covers
    contact hours."""
    study = float(columns.own[offer]) - exempted_hours(columns, persons, p, offer)
    hours = study
    hours += travel_hours(columns, tables, persons, p, run)
    return float(max(0.0, hours - min(persons.leave[p], columns.contact[offer], study)))


@inlined
def run_failures(columns: Columns, tables: Tables, persons: Persons, p: int, offer: int, run: int) -> int:
    """Bits of every condition that keeps person p out of one run; 0 lets them in. Unknown keeps nobody out."""
    out = 0
    place, sessions = columns.place[run], columns.sessions[run]
    if place != NOWHERE and too_far(tables, persons, p, place):
        out |= PLACE
    if sessions != NOWHERE and not attends(columns, tables, persons, p, sessions):
        out |= SESSIONS
    if columns.full[run] == 1:
        out |= FULL
    if columns.enrol_by[run] != UNKNOWN_DAY and columns.enrol_by[run] < persons.on:
        out |= ENROL_BY
    start, end = columns.start[run], columns.end[run]
    begins = end if start == UNKNOWN_DAY else start
    if begins != UNKNOWN_DAY and begins < persons.on:
        out |= STARTED
    if begins != UNKNOWN_DAY and begins < persons.not_before[p]:
        out |= NOT_BEFORE
    deadline = persons.deadline[p]
    if deadline != UNKNOWN_DAY or persons.pause_start[p] < persons.pause_start[p + 1]:
        first, last = earliest(columns, persons, p, run)
        if first == NEVER:
            out |= PAUSES
        if deadline != UNKNOWN_DAY and last > deadline:
            out |= DEADLINE
    hours = own_hours(columns, tables, persons, p, offer, run)
    if hours > persons.hours[p] + SLACK or hours > room(columns, persons, p, run) + SLACK:
        out |= HOURS_TOTAL
    if weekly_hours(columns, tables, persons, p, offer, run) > persons.hours_per_week[p] + SLACK:
        out |= HOURS_WEEK
    work, weeks = columns.work[offer], weeks_of_run(columns, persons, p, run)
    if weeks >= 0.0 and work / max(weeks, 1.0) > persons.work_per_week[p] + SLACK:
        out |= WORK_HOURS
    if work > persons.work_hours[p] + SLACK:
        out |= WORK_HOURS
    return out


@inlined
def weekly_hours(columns: Columns, tables: Tables, persons: Persons, p: int, offer: int, run: int) -> float:
    """Own hours in the fullest week of the run, travel included; NaN where the hours can be spread freely."""
    hours, weeks = float(columns.weekly[run]), max(1.0, weeks_of_run(columns, persons, p, run))
    if weeks < columns.weeks[run]:
        hours = max(hours, columns.own[offer] / weeks)
    if columns.weeks[run] > 0.0:
        hours += travel_hours(columns, tables, persons, p, run) / weeks
    return hours


@inlined
def offer_failures(columns: Columns, tables: Tables, persons: Persons, p: int, offer: int) -> int:
    """Bits of the conditions that do not depend on the run, entry apart."""
    out = 0
    if tables.form_ok[persons.form_table[p], columns.form[offer]] == 0:
        out |= FORM
    if columns.price[offer] > persons.max_price[p] + SLACK:
        out |= PRICE
    return out


@inlined
def may_enter(columns: Columns, met: NDArray[np.uint8], offer: int) -> bool:
    """Whether each group of entry atoms has as many met ones as it needs."""
    return groups_met(columns, met, columns.entry_start[offer], columns.entry_start[offer + 1])


@inlined
def groups_met(columns: Columns, met: NDArray[np.uint8], first: int, end: int) -> bool:
    """The same for the groups from `first` up to `end`."""
    for group in range(first, end):
        count = 0
        for at in range(columns.group_start[group], columns.group_start[group + 1]):
            count += met[columns.group_atoms[at]]
        if count < columns.group_need[group]:
            return False
    return True


@inlined
def score(gain: float, hours: float, own: float) -> float:
    """gain · H / (H + own hours): gain per hour, smoothed by what the person has; gain alone where H is unknown."""
    if own == 0.0 or not hours >= 0.0:
        return gain
    return gain * hours / (hours + own)


@inlined
def form(columns: Columns, persons: Persons, p: int, offer: int, run: int) -> float:
    """How far mode and hour suit the wishes of person p, in [0, 1]; 1 for whoever has none."""
    suits, wishes = 0.0, 0
    if persons.likes_modes[p] != 0:
        wishes += 1
        if columns.mode[offer] < 0:
            suits += LIKED_BY_CHANCE
        elif persons.likes_modes[p] & (1 << columns.mode[offer]):
            suits += 1.0
    if persons.likes_evening[p] >= 0:
        wishes += 1
        if columns.evening[run] == TIME_UNKNOWN:
            suits += LIKED_BY_CHANCE
        elif columns.evening[run] == ANY_TIME or columns.evening[run] == persons.likes_evening[p]:
            suits += 1.0
    return suits / wishes if wishes > 0 else 1.0


@inlined
def liking(columns: Columns, persons: Persons, p: int, offer: int, run: int) -> float:
    """1 − weight · (1 − form): what form leaves of a score; 1 where the person gives form no weight."""
    if persons.form_weight[p] == 0.0:
        return 1.0
    return float(1.0 - persons.form_weight[p] * (1.0 - form(columns, persons, p, offer, run)))


@inlined
def best_run(columns: Columns, tables: Tables, persons: Persons, p: int, offer: int) -> tuple[int, float]:
    """(run row, own hours) of the admissible run that scores highest: the fewest own hours unless the person gives
    form a weight, the earliest of equals; −1 if none."""
    best, fewest, highest = -1, np.inf, -1.0
    for run in range(columns.run_start[offer], columns.run_start[offer + 1]):
        if run_failures(columns, tables, persons, p, offer, run) == 0:
            hours = own_hours(columns, tables, persons, p, offer, run)
            fit = 0.0
            if persons.form_weight[p] > 0.0:
                fit = score(1.0, persons.hours[p], hours) * liking(columns, persons, p, offer, run)
            better = fit > highest or (fit == highest and hours < fewest)
            earlier = fit == highest and hours == fewest and best >= 0 and columns.start[run] < columns.start[best]
            if best < 0 or better or earlier:
                best, fewest, highest = run, hours, fit
    return best, fewest


@compiled
def shortest_variant(
    group: int, gains: NDArray[np.float64], columns: Columns, tables: Tables, persons: Persons, p: int,
    met: NDArray[np.uint8],
) -> int:  # fmt: skip
    """The offer of an outcome group that adds something and that person p can follow in the fewest own hours, the one
    with the least study of equals, then the first; −1 if none."""
    shortest, fewest = -1, np.inf
    for at in range(columns.variant_start[group], columns.variant_start[group + 1]):
        offer = columns.variants[at]
        if gains[offer] <= 0.0 or offer_failures(columns, tables, persons, p, offer) != 0:
            continue
        run, own = best_run(columns, tables, persons, p, offer)
        if run < 0 or own > fewest or not may_enter(columns, met, offer):
            continue
        if own < fewest or columns.own[offer] < columns.own[shortest]:
            shortest, fewest = offer, own
    return shortest


@allocating
def open_to(
    columns: Columns, tables: Tables, persons: Persons, met: NDArray[np.uint8], rows: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """(rows,) whether the first person of a batch can follow each of these offers."""
    found = np.zeros(len(rows), np.bool_)
    for i in range(len(rows)):
        if offer_failures(columns, tables, persons, 0, rows[i]) == 0 and may_enter(columns, met, rows[i]):
            found[i] = best_run(columns, tables, persons, 0, rows[i])[0] >= 0
    return found


@allocating
def fewest_failures(
    columns: Columns, tables: Tables, persons: Persons, met: NDArray[np.uint8], rows: NDArray[np.int64],
    form_failures: NDArray[np.int64], together: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """(rows,) the least number of failing conditions over the runs of each offer, and the run that has it, for the
    first person of a batch. `form_failures` counts those of each form; from `together` on, the entry groups of a
    row are co-requisites, a condition of their own."""
    least, runs = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    for i in range(len(rows)):
        offer = rows[i]
        whole = form_failures[columns.form[offer]]
        if not groups_met(columns, met, columns.entry_start[offer], together[i]):
            whole += 1
        if not groups_met(columns, met, together[i], columns.entry_start[offer + 1]):
            whole += 1
        if offer_failures(columns, tables, persons, 0, offer) & PRICE:
            whole += 1
        least[i] = 1000
        for run in range(columns.run_start[offer], columns.run_start[offer + 1]):
            bits, count = run_failures(columns, tables, persons, 0, offer, run), whole
            while bits:
                count += bits & 1
                bits >>= 1
            if count < least[i]:
                least[i], runs[i] = count, run
    return least, runs
