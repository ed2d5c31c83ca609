"""The earliest place of each step beside those that have theirs, compiled.

A place is the first option, and of it the first start, that has room in each of its weeks, keeps the other limits, and
meets at no time at which another step meets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.plan.calendar_arrays import (
    ACTIVE,
    ALL_WORK,
    CANDIDATE,
    CONTACT,
    DAYS,
    FIRST,
    LAST,
    LATEST,
    LEAVE,
    LOAD,
    LOOSE_WORK,
    MEETS,
    OPTION,
    OWN,
    PAID,
    RELEASE,
    ROOM,
    SHARES,
    START,
    STARTS,
    WORK,
    WORKED,
    Filled,
    Laid,
    Limits,
)  # fmt: skip
from matching.plan.weeks import SLACK
from matching.query.persons import compiled, inlined

DONE, NO_PLACE = -1, -2
"""Answers; any other is the number of a start whose meetings are not laid yet."""
MANY = 1 << 20
"""More than there are candidates, or options of one."""
KIND = MANY * MANY


@inlined
def week_of(limits: Limits, day: int) -> int:
    return (day - limits.first_day) // 7


@inlined
def step_of(filled: Filled, c: int) -> int:
    """Which step a candidate is; −1 where it is none."""
    for i in range(filled.size[0]):
        if filled.steps[i, CANDIDATE] == c:
            return i
    return -1


@inlined
def earned(limits: Limits, filled: Filled, atom: int) -> int:
    """The last day of the first step to end that earns an atom; −1 where none does."""
    asked, found = limits.entries, -1
    for e in range(asked.start[atom], asked.start[atom + 1]):
        i = step_of(filled, asked.earners[e])
        if i >= 0 and (found < 0 or filled.steps[i, LAST] < found):
            found = int(filled.steps[i, LAST])
    return found


@inlined
def earliest(limits: Limits, filled: Filled, c: int) -> int:
    """The day after everything that a candidate needs first has ended; −1 where that has no place yet."""
    asked, day = limits.entries, limits.first_day
    for group in range(asked.groups[c], asked.groups[c + 1]):
        until = -1
        for atom in range(asked.atoms[group], asked.atoms[group + 1]):
            end, count = earned(limits, filled, atom), 0
            if end < 0 or 0 <= until <= end:
                continue
            for other in range(asked.atoms[group], asked.atoms[group + 1]):
                count += 0 <= earned(limits, filled, other) <= end
            if count >= asked.lacking[group]:
                until = end
        if until < 0:
            return -1
        day = max(day, until + 1)
    return day


@inlined
def clash(laid: Laid, filled: Filled, way: int, at: int) -> bool:
    """Whether an option that takes this start meets while another step does."""
    for i in range(filled.size[0]):
        other, begun = filled.steps[i, OPTION], filled.steps[i, START]
        for a in range(laid.met[way, at, 0], laid.met[way, at, 1]):
            for b in range(laid.met[other, begun, 0], laid.met[other, begun, 1]):
                if laid.meetings[a, 0] < laid.meetings[b, 1] and laid.meetings[b, 0] < laid.meetings[a, 1]:
                    return True
    return False


@inlined
def fits(laid: Laid, limits: Limits, filled: Filled, way: int, first: int) -> tuple[bool, int]:
    """(whether an option fits from this week on, the last week that is too full whatever leave pays for, else −1).
    Its hours and leave are written down as those of the next step."""
    n, own, contact, work = filled.size[0], laid.hours[way, OWN], laid.hours[way, CONTACT], laid.hours[way, WORK]
    fitting, full, asked = True, -1, 0.0
    filled.hours[n] = 0.0
    for k in range(laid.days[way, SHARES]):
        week, share = first + k, laid.shares[way, k]
        load = own * share
        over = load - filled.weeks[ROOM, week]
        filled.hours[n, LOAD, week] = load
        if over > SLACK:
            filled.hours[n, PAID, week] = over
            full, asked = week, asked + over
            fitting = fitting and over <= contact * share + SLACK
        if load > SLACK and filled.weeks[ACTIVE, week] >= limits.parallel:
            fitting = False
        if work > 0 and filled.weeks[WORKED, week] + work * share > limits.work_per_week + SLACK:
            fitting = False
    if filled.totals[LEAVE] > 0 and contact > 0:
        return fitting and asked <= filled.totals[LEAVE] + SLACK, -1
    return fitting and full < 0, full


@inlined
def place_fixed(laid: Laid, limits: Limits, filled: Filled, c: int, way: int, day: int) -> int:
    """Give a step the first start from this day on that fits; no start is tried that would fill a full week again."""
    full = -1
    for at in range(laid.days[way, STARTS]):
        start = laid.starts[way, at]
        first = week_of(limits, start)
        if start < day or first <= full:
            continue
        fitting, full = fits(laid, limits, filled, way, first)
        if not fitting:
            continue
        if laid.days[way, MEETS] and laid.met[way, at, 0] < 0:
            return int(way * laid.starts.shape[1] + at)
        if not clash(laid, filled, way, at):
            take(laid, limits, filled, (c, way, at, start, start + laid.days[way, DAYS] - 1))
            return DONE
    return NO_PLACE


@inlined
def place_free(laid: Laid, limits: Limits, filled: Filled, c: int, way: int, day: int) -> int:
    """Spread the hours of a step over the first weeks from this day on that have room; what is left after these is
    paid by leave, in the first of them."""
    n, left, latest = filled.size[0], laid.hours[way, OWN], laid.days[way, LATEST]
    begin = max(day, laid.days[way, RELEASE])
    if begin > latest:
        return NO_PLACE
    if laid.days[way, MEETS] and laid.met[way, 0, 0] < 0:
        return int(way * laid.starts.shape[1])
    if clash(laid, filled, way, 0):
        return NO_PLACE
    week = week_of(limits, begin)
    if limits.first_day + 7 * week < day:
        week += 1  # a week in which something that comes first still ends
    filled.hours[n] = 0.0
    first, last, open_week = -1, -1, -1
    while week <= week_of(limits, latest) and left > SLACK:
        if filled.weeks[ACTIVE, week] < limits.parallel:
            if open_week < 0 and limits.open_days[week] > 0:
                open_week = week
            if filled.weeks[ROOM, week] > SLACK:
                taken = min(left, filled.weeks[ROOM, week])
                filled.hours[n, LOAD, week] = taken
                left -= taken
                first, last = week if first < 0 else first, week
        week += 1
    if left > SLACK:
        where = first if first >= 0 else open_week
        if where < 0 or left > min(filled.totals[LEAVE], laid.hours[way, CONTACT]) + SLACK:
            return NO_PLACE
        filled.hours[n, LOAD, where] += left
        filled.hours[n, PAID, where] = left
        first, last = where, max(last, where)
    ends = min(limits.first_day + 7 * last + 6, limits.last_day)
    take(laid, limits, filled, (c, way, 0, max(begin, limits.first_day + 7 * first), min(ends, latest)))
    return DONE


@inlined
def take(
    laid: Laid, limits: Limits, filled: Filled, step: tuple[int, int, int, int, int]
) -> None:
    """Keep the hours that are written down as those of the next step."""
    n, way = filled.size[0], step[OPTION]
    for i in range(5):
        filled.steps[n, i] = step[i]
    for week in range(filled.weeks.shape[1]):
        load, paid = filled.hours[n, LOAD, week], filled.hours[n, PAID, week]
        if paid > 0:
            filled.totals[LEAVE] = max(0.0, filled.totals[LEAVE] - paid)
        filled.weeks[ROOM, week] = max(0.0, filled.weeks[ROOM, week] + paid - load)
        filled.weeks[ACTIVE, week] += load > SLACK
    first = week_of(limits, step[FIRST])
    for k in range(laid.days[way, SHARES]):
        filled.weeks[WORKED, first + k] += laid.hours[way, WORK] * laid.shares[way, k]
    filled.totals[ALL_WORK] += laid.hours[way, WORK] + laid.hours[way, LOOSE_WORK]
    filled.size[0] += 1


@inlined
def place(laid: Laid, limits: Limits, filled: Filled, c: int, day: int) -> int:
    """Give a candidate the first option and place that fits."""
    for way in range(limits.ways[c, 0], limits.ways[c, 1]):
        work = filled.totals[ALL_WORK] + laid.hours[way, WORK] + laid.hours[way, LOOSE_WORK]
        if work > limits.work + SLACK:
            continue
        if laid.days[way, DAYS] > 0:
            found = place_fixed(laid, limits, filled, c, way, day)
        else:
            found = place_free(laid, limits, filled, c, way, day)
        if found != NO_PLACE:
            return found
    return NO_PLACE


@inlined
def empty(limits: Limits, filled: Filled) -> None:
    """Make it a calendar without steps."""
    for week in range(len(limits.room)):
        filled.weeks[ROOM, week] = limits.room[week]
        filled.weeks[WORKED, week] = filled.weeks[ACTIVE, week] = 0.0
    filled.totals[LEAVE], filled.totals[ALL_WORK], filled.size[0] = limits.leave, 0.0, 0


@inlined
def fill_as(filled: Filled, other: Filled) -> None:
    """Make `filled` the same as another one."""
    n = filled.size[0] = other.size[0]
    filled.totals[LEAVE], filled.totals[ALL_WORK] = other.totals[LEAVE], other.totals[ALL_WORK]
    for week in range(filled.weeks.shape[1]):
        for part in range(3):
            filled.weeks[part, week] = other.weeks[part, week]
        for i in range(n):
            filled.hours[i, LOAD, week] = other.hours[i, LOAD, week]
            filled.hours[i, PAID, week] = other.hours[i, PAID, week]
    for i in range(n):
        for part in range(5):
            filled.steps[i, part] = other.steps[i, part]


@inlined
def place_all(laid: Laid, limits: Limits, filled: Filled, waiting: NDArray[np.int64], count: int) -> int:
    """Give each of the first `count` of these that has none a place, what is first in turn and has what it asks for
    before the others; `DONE`, or why not."""
    for i in range(1, count):
        k = i
        while k > 0 and limits.turns[waiting[k - 1]] > limits.turns[waiting[k]]:
            waiting[k - 1], waiting[k] = waiting[k], waiting[k - 1]
            k -= 1
    while True:
        left, ready, day = 0, -1, -1
        for k in range(count):
            c = waiting[k]
            if step_of(filled, c) < 0:
                left += 1
                day = earliest(limits, filled, c)
                if day >= 0:
                    ready = c
                    break
        if left == 0:
            return DONE
        if ready < 0:
            return NO_PLACE
        found = place(laid, limits, filled, ready, day)
        if found != DONE:
            return found


@compiled
def add(laid: Laid, limits: Limits, filled: Filled, waiting: NDArray[np.int64]) -> int:
    """Give each of these that has none a place; `DONE`, or why not. Their order is not kept."""
    return place_all(laid, limits, filled, waiting, len(waiting))


@inlined
def add_or_rearrange(
    laid: Laid, limits: Limits, filled: Filled, spare: Filled, waiting: NDArray[np.int64], c: int
) -> int:
    """The same for one candidate that asks for nothing: where it has no place beside the steps that there are, all of
    them look for one anew, unless its turn came last anyhow. What is `filled` stays as it is where none is found."""
    found, last = place(laid, limits, filled, c, limits.first_day), True
    if found != NO_PLACE:
        return found
    for i in range(filled.size[0]):
        waiting[i] = filled.steps[i, CANDIDATE]
        last = last and limits.turns[waiting[i]] // KIND <= limits.turns[c] // KIND
    if last:
        return NO_PLACE
    waiting[filled.size[0]] = c
    empty(limits, spare)
    found = place_all(laid, limits, spare, waiting, filled.size[0] + 1)
    if found == DONE:
        fill_as(filled, spare)
    return found


@compiled
def remove(laid: Laid, limits: Limits, filled: Filled, c: int) -> None:
    """Take back the place of a step that no other asks for."""
    gone = step_of(filled, c)
    way, first = filled.steps[gone, OPTION], week_of(limits, filled.steps[gone, FIRST])
    for week in range(filled.weeks.shape[1]):
        load, paid = filled.hours[gone, LOAD, week], filled.hours[gone, PAID, week]
        filled.totals[LEAVE] += paid
        filled.weeks[ROOM, week] += load - paid
        filled.weeks[ACTIVE, week] -= load > SLACK
    for k in range(laid.days[way, SHARES]):
        filled.weeks[WORKED, first + k] -= laid.hours[way, WORK] * laid.shares[way, k]
    filled.totals[ALL_WORK] -= laid.hours[way, WORK] + laid.hours[way, LOOSE_WORK]
    filled.size[0] -= 1
    for i in range(gone, filled.size[0]):
        for part in range(5):
            filled.steps[i, part] = filled.steps[i + 1, part]
        for week in range(filled.weeks.shape[1]):
            filled.hours[i, LOAD, week] = filled.hours[i + 1, LOAD, week]
            filled.hours[i, PAID, week] = filled.hours[i + 1, PAID, week]
