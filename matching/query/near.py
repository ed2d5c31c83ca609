"""Compiled: the concepts that give something of what a learner still needs, and so what an offer gains."""

from __future__ import annotations

import numpy as np

from matching.query.kernels import ONE, Asking, gained, level_factor, lists_of
from matching.query.persons import compiled, inlined
from matching.query.workspace import Workspace

GAPS = (701, 301, 132, 57, 23, 10, 4, 1)
"""Of the sort (Ciura, 2001): what else is the same for all of a requirement, so that only two fields move."""


@inlined
def list_near(p: int, asking: Asking, space: Workspace) -> int:
    """Write to `space.near` each concept that gives something of what learner p still needs, by requirement, the
    strongest first, and to `space.heads` where each stands; returns the place after the last."""
    near, heads, demands, n = space.near, space.heads, asking.demands, 1
    low, high, total = demands.start[p], demands.start[p + 1], 0.0
    for i in range(low, high):
        total += demands.weight[i]
    for i in range(low, high):
        strengths, first, end = lists_of(demands.row[i], asking.listed, asking.new)
        top = n
        for at in range(first, end):
            if strengths.values[at] > demands.held[i]:
                near[n].concept, near[n].strength = strengths.rows[at], strengths.values[at]
                near[n].requirement, near[n].top = i, top
                near[n].share, near[n].best = demands.weight[i] / total, 0
                n += 1
        strongest_first(top, n, space)
    for at in range(1, n):
        near[at].next, heads[near[at].concept] = heads[near[at].concept], at
    return n


@inlined
def strongest_first(top: int, end: int, space: Workspace) -> None:
    """Order the near concepts of one requirement, from place `top` up to `end` (Shell, CACM 1959): mostly a handful."""
    near = space.near
    for gap in GAPS:
        for at in range(top + gap, end):
            strength, concept, k = near[at].strength, near[at].concept, at
            while k >= top + gap and near[k - gap].strength < strength:
                near[k].strength, near[k].concept = near[k - gap].strength, near[k - gap].concept
                k -= gap
            near[k].strength, near[k].concept = strength, concept


@inlined
def unlist(end: int, space: Workspace) -> None:
    """Make `space.heads` zeros again."""
    for at in range(1, end):
        space.heads[space.near[at].concept] = 0


@compiled
def most_near(asking: Asking) -> int:
    """How many concepts are near one learner of a batch at most."""
    most, demands = 0, asking.demands
    for p in range(len(demands.start) - 1):
        count = 0
        for i in range(demands.start[p], demands.start[p + 1]):
            _, first, end = lists_of(demands.row[i], asking.listed, asking.new)
            count += end - first
        most = max(most, count)
    return most


@inlined
def gain_of(offer: int, asking: Asking, space: Workspace) -> float:
    """What an offer gains for the learner whose near concepts are listed: of each requirement what its best outcome
    gives; 0 where that is nothing."""
    if len(asking.values) > 0:
        return float(asking.values[offer])
    near, heads, demands, outcomes = space.near, space.heads, asking.demands, asking.outcomes
    first, end, gain = outcomes.start[offer], outcomes.start[offer + 1], np.int64(0)
    for outcome in range(first, end):
        at = heads[outcomes.concepts[outcome]]
        while at > 0:
            one = near[at]
            i = one.requirement
            value = one.strength * level_factor(outcomes.levels[outcome], demands.level[i])
            if outcomes.assessed[offer] == 1:
                value *= demands.recognisable[i]
            more = np.int64(gained(one.share, value, demands.held[i]) * ONE)
            if more > near[one.top].best:
                gain += more - near[one.top].best
                near[one.top].best = more
            at = one.next
    for outcome in range(first, end):
        at = heads[outcomes.concepts[outcome]]
        while at > 0:
            near[near[at].top].best = 0
            at = near[at].next
    return gain / ONE
