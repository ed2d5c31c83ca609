"""Every set of a few candidates, compiled: one at a time is added or taken back, and only what it touches changes. The
last one is added only where it could make the set the best so far."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.plan.entries import Entries
from matching.plan.weeks import SLACK
from matching.query.persons import compiled, inlined


class Lists(NamedTuple):
    """Part i is `items[start[i]:start[i + 1]]`, each item with a value."""

    start: NDArray[np.int64]
    items: NDArray[np.int64]
    values: NDArray[np.float64]


class Sets(NamedTuple):
    """A planning problem without its calendar, in arrays."""

    gives: Lists
    """Candidate → requirements, and the value of it where that is above what is held."""
    worth: NDArray[np.float64]
    """(requirements,) of covering one in full."""
    held: NDArray[np.float64]
    shares: Lists
    """Requirement → roles, and its share of each."""
    needs: NDArray[np.float64]
    """(roles,) share that is still to be covered."""
    alone: NDArray[np.float64]
    """(candidates, roles) share that each covers by itself: more it never adds."""
    gain: NDArray[np.float64]
    """(candidates,) worth that each covers by itself."""
    gates: Lists
    """Role → requirements, and how much of each must be covered."""
    role_worth: float
    extra: NDArray[np.float64]
    """(candidates,) worth of keeping one, less what its price costs."""
    hours: NDArray[np.float64]
    leave: NDArray[np.float64]
    price: NDArray[np.float64]
    group: NDArray[np.int64]
    """(candidates,) variants of the same outcome share a number; −1 for none."""
    pinned: NDArray[np.bool_]
    all_pinned: int
    together: Lists
    """Candidate → those that must come with it."""
    entries: Entries
    out: Lists
    """Sets that were ruled out → candidates."""
    most: int
    all_hours: float
    all_leave: float
    all_money: float
    per_hour: float


class Work(NamedTuple):
    """What changes while sets come and go."""

    covered: NDArray[np.float64]
    reached: NDArray[np.float64]
    """(roles,) share that is covered beyond what is held."""
    chosen: NDArray[np.bool_]
    earlier: NDArray[np.bool_]
    """(candidates,) those that can be followed first."""
    at: NDArray[np.int64]
    """(most,) the candidates of the set."""
    before: NDArray[np.float64]
    """(most, longest list of requirements) what each was covered before the candidate came."""


@inlined
def put(sets: Sets, work: Work, r: int, value: float) -> float:
    """Cover a requirement so far; returns how much worth that adds."""
    more = value - work.covered[r]
    work.covered[r] = value
    for k in range(sets.shares.start[r], sets.shares.start[r + 1]):
        work.reached[sets.shares.items[k]] += more * sets.shares.values[k]
    return float(more * sets.worth[r])


@inlined
def roles_of(sets: Sets, work: Work) -> int:
    """How many roles the set is enough for."""
    count = 0
    for role in range(len(sets.needs)):
        fits = work.reached[role] >= sets.needs[role]
        for k in range(sets.gates.start[role], sets.gates.start[role + 1]):
            fits = fits and work.covered[sets.gates.items[k]] >= sets.gates.values[k]
        count += fits
    return count


@inlined
def most_roles(sets: Sets, work: Work, c: int) -> int:
    """At most so many roles fit once c has come too."""
    count = 0
    for role in range(len(sets.needs)):
        count += work.reached[role] + sets.alone[c, role] >= sets.needs[role]
    return count


@inlined
def may_follow(sets: Sets, work: Work, c: int) -> bool:
    """Whether enough of what a candidate asks for comes earlier."""
    asked = sets.entries
    for group in range(asked.groups[c], asked.groups[c + 1]):
        lacking = asked.lacking[group]
        for atom in range(asked.atoms[group], asked.atoms[group + 1]):
            for e in range(asked.start[atom], asked.start[atom + 1]):
                if work.earlier[asked.earners[e]]:
                    lacking -= 1
                    break
        if lacking > 0:
            return False
    return True


@inlined
def in_order(sets: Sets, work: Work, depth: int) -> bool:
    """Whether the set can be followed in some order."""
    for i in range(depth):
        work.earlier[work.at[i]] = False
    count, before = 0, -1
    while before < count < depth:
        before = count
        for i in range(depth):
            if not work.earlier[work.at[i]] and may_follow(sets, work, work.at[i]):
                work.earlier[work.at[i]] = True
                count += 1
    for i in range(depth):
        work.earlier[work.at[i]] = False
    return count == depth


@inlined
def complete(sets: Sets, work: Work, depth: int) -> bool:
    """Whether everything that must come along is in the set, it can be followed in some order, and no part of it is
    ruled out."""
    pinned = 0
    for i in range(depth):
        c = work.at[i]
        pinned += sets.pinned[c]
        for k in range(sets.together.start[c], sets.together.start[c + 1]):
            if not work.chosen[sets.together.items[k]]:
                return False
    if pinned < sets.all_pinned or not in_order(sets, work, depth):
        return False
    for i in range(len(sets.out.start) - 1):
        whole = True
        for k in range(sets.out.start[i], sets.out.start[i + 1]):
            whole = whole and work.chosen[sets.out.items[k]]
        if whole:
            return False
    return True


@compiled
def best_set(sets: Sets, work: Work, found: NDArray[np.int64]) -> tuple[int, float]:
    """(size, worth) of the set of at most `most` candidates that is worth the most, written to `found`; the first of
    equals; size −1 where no set keeps every rule but those of the calendar. `work` starts with nothing chosen."""
    size, highest = -1, -np.inf
    depth, c, gain, extra, hours, leave, price = 0, 0, 0.0, 0.0, 0.0, 0.0, 0.0
    if complete(sets, work, 0):
        size, highest = 0, sets.role_worth * roles_of(sets, work)
    while True:
        if depth < sets.most and c < len(sets.hours):
            clashes = False
            for i in range(depth):
                clashes = clashes or (sets.group[c] >= 0 and sets.group[c] == sets.group[work.at[i]])
            own = hours + sets.hours[c] - min(sets.all_leave, leave + sets.leave[c])
            if clashes or own > sets.all_hours + SLACK or price + sets.price[c] > sets.all_money + SLACK:
                c += 1
                continue
            if depth + 1 == sets.most:
                cost = sets.per_hour * max(0.0, own)
                most = gain + sets.gain[c] + extra + sets.extra[c] - cost
                if most + sets.role_worth * most_roles(sets, work, c) <= highest:
                    c += 1
                    continue
            first = sets.gives.start[c]
            for k in range(first, sets.gives.start[c + 1]):
                r = sets.gives.items[k]
                work.before[depth, k - first] = work.covered[r]
                if sets.gives.values[k] > work.covered[r]:
                    gain += put(sets, work, r, sets.gives.values[k])
            work.at[depth], work.chosen[c] = c, True
            depth += 1
            extra, hours, leave, price = (
                extra + sets.extra[c], hours + sets.hours[c], leave + sets.leave[c], price + sets.price[c]
            )  # fmt: skip
            worth = gain + extra - sets.per_hour * max(0.0, own)
            if worth + sets.role_worth * len(sets.needs) > highest and complete(sets, work, depth):
                worth += sets.role_worth * roles_of(sets, work)
                if worth > highest:
                    size, highest = depth, worth
                    for i in range(depth):
                        found[i] = work.at[i]
            c += 1
        elif depth > 0:
            depth -= 1
            c = work.at[depth]
            work.chosen[c] = False
            first = sets.gives.start[c]
            for k in range(first, sets.gives.start[c + 1]):
                r = sets.gives.items[k]
                if work.before[depth, k - first] < work.covered[r]:
                    gain += put(sets, work, r, work.before[depth, k - first])
            extra, hours, leave, price = (
                extra - sets.extra[c], hours - sets.hours[c], leave - sets.leave[c], price - sets.price[c]
            )  # fmt: skip
            c += 1
        else:
            return size, highest
