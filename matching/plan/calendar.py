"""When each chosen offer takes place: week by week, never more own hours in a week than the person has."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.index.catalogue import Sessions
from matching.plan.problem import Candidate, Problem

SLACK = 1e-6


@dataclass(frozen=True)
class Span:
    """First and last day of a step, as ordinals."""

    start: int
    end: int


def schedule(problem: Problem, chosen: Sequence[int]) -> dict[int, Span] | None:
    """Days of each chosen candidate, prerequisites first; None where they do not fit together.

    Dated runs stand where they are; offers that state a load take the earliest weeks with room; free hours fill
    what is left."""
    if clashing(problem, chosen) is not None:
        return None
    room = _room(problem)
    spans: dict[int, Span] = {}
    waiting = sorted(
        chosen, key=lambda c: (problem.candidates[c].start is None, problem.candidates[c].weekly is None, c)
    )
    while waiting:
        ready = next((c for c in waiting if _may_start(problem, c, spans, chosen)), None)
        if ready is None:
            return None
        span = _place(problem, problem.candidates[ready], room, _earliest(problem, ready, spans))
        if span is None:
            return None
        spans[ready] = span
        waiting.remove(ready)
    return spans


def clashing(problem: Problem, chosen: Sequence[int]) -> tuple[int, int] | None:
    """Two chosen runs whose sessions overlap, if there are any."""
    timed = [c for c in chosen if problem.candidates[c].sessions is not None]
    for i, one in enumerate(timed):
        for other in timed[i + 1 :]:
            if _overlap(problem.candidates[one].sessions, problem.candidates[other].sessions):
                return one, other
    return None


def _overlap(one: Sessions | None, other: Sessions | None) -> bool:
    if one is None or other is None:
        return False
    if (one.start and other.end and other.end < one.start) or (other.start and one.end and one.end < other.start):
        return False
    if one.dates and other.dates and not set(one.dates) & set(other.dates):
        return False
    return any(a[0] == b[0] and a[1] < b[2] and b[1] < a[2] for a in one.slots for b in other.slots)


def _room(problem: Problem) -> NDArray[np.float64]:
    """Own hours per week from the first day to the horizon; the last week may be a part of one."""
    horizon = problem.person.generation.catalogue.settings.horizon_weeks
    weeks = horizon if problem.last_day is None else max(0.0, (problem.last_day + 1 - problem.first_day) / 7)
    if math.isinf(problem.hours_per_week):
        return np.full(max(1, math.ceil(weeks)), np.inf)
    room = np.full(math.ceil(weeks), problem.hours_per_week)
    if len(room):
        room[-1] = problem.hours_per_week * (weeks - (len(room) - 1))
    return room


def _may_start(problem: Problem, c: int, spans: dict[int, Span], chosen: Sequence[int]) -> bool:
    """Whether enough of what it asks for has its place already."""
    return all(
        sum(bool(earners & spans.keys()) for earners in atoms) >= lacking
        for lacking, atoms in problem.candidates[c].asks
    )


def _earliest(problem: Problem, c: int, spans: dict[int, Span]) -> int:
    """The day after everything that it needs first has ended."""
    day = problem.first_day
    for lacking, atoms in problem.candidates[c].asks:
        ends = sorted(min(spans[e].end for e in earners & spans.keys()) for earners in atoms if earners & spans.keys())
        day = max(day, ends[lacking - 1] + 1)
    return day


def _place(problem: Problem, candidate: Candidate, room: NDArray[np.float64], earliest: int) -> Span | None:
    """Take the hours out of `room`; None where they do not fit."""
    if candidate.start is not None:
        return _dated(problem, candidate, room, earliest)
    if candidate.weekly is not None and candidate.weeks is not None:
        return _loaded(problem, candidate, room, earliest)
    return _free(problem, candidate, room, earliest)


def _dated(problem: Problem, candidate: Candidate, room: NDArray[np.float64], earliest: int) -> Span | None:
    start = candidate.start or 0
    end = candidate.end or start + math.ceil((candidate.weeks or 1) * 7) - 1
    if start < earliest:
        return None
    first, last = (start - problem.first_day) // 7, (end - problem.first_day) // 7
    days = np.minimum(np.arange(first + 1, last + 2) * 7 + problem.first_day, end + 1) - np.maximum(
        np.arange(first, last + 1) * 7 + problem.first_day, start
    )
    load = candidate.own_hours * days / days.sum()
    if last >= len(room):
        # Beyond the horizon nothing is known of the person's weeks: only hours inside it are counted there.
        if not np.isinf(room).all():
            return None
        return Span(start, end)
    if (load > room[first : last + 1] + SLACK).any():
        return None
    room[first : last + 1] -= load
    return Span(start, end)


def _loaded(problem: Problem, candidate: Candidate, room: NDArray[np.float64], earliest: int) -> Span | None:
    weeks = max(1, math.ceil((candidate.weeks or 1) - SLACK))
    load = candidate.own_hours / weeks
    for first in range(math.ceil((earliest - problem.first_day) / 7), len(room) - weeks + 1):
        if (load <= room[first : first + weeks] + SLACK).all():
            room[first : first + weeks] -= load
            start = problem.first_day + first * 7
            return Span(start, start + weeks * 7 - 1)
    return None


def _free(problem: Problem, candidate: Candidate, room: NDArray[np.float64], earliest: int) -> Span | None:
    left, used = candidate.own_hours, []
    for week in range(math.ceil((earliest - problem.first_day) / 7), len(room)):
        if left <= SLACK and used:
            break
        taken = min(left, room[week])
        if taken > 0 or left <= SLACK:
            used.append(week)
            room[week] -= taken
            left -= taken
    if left > SLACK or not used:
        return None
    return Span(problem.first_day + used[0] * 7, problem.first_day + used[-1] * 7 + 6)
