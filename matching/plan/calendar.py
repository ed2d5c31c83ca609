"""When each chosen offer takes place, found fast: one step after another, each as early as it fits.

It may miss an order that would fit; `matching.plan.exact` then looks for one exhaustively."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matching.plan.problem import Option, Problem
from matching.plan.sessions import Meeting, meetings, overlap
from matching.plan.weeks import SLACK, Weeks

Hours = tuple[tuple[int, float], ...]
"""(week, hours), in order."""


@dataclass(frozen=True)
class Placed:
    """A step in its place: the option, first and last day, and its hours per week."""

    option: Option
    start: int
    end: int
    hours: Hours
    """Own hours before paid leave."""
    leave: Hours = ()
    """Hours of these that paid leave pays for."""


Schedule = dict[int, Placed]
"""Candidate → its place."""


def schedule(problem: Problem, chosen: Sequence[int]) -> Schedule | None:
    """A place for each chosen candidate, what it asks for first; None where none was found."""
    table = _Table(problem)
    waiting = sorted(chosen, key=lambda c: _urgency(problem, c))
    while waiting:
        ready = next((c for c in waiting if table.ready(c)), None)
        if ready is None or not table.place(ready):
            return None
        waiting.remove(ready)
    return table.placed


def hours_of(option: Option, start: int, weeks: Weeks) -> Hours:
    """(week, own hours) of a placed option that starts on this day."""
    first = weeks.of(start)
    return tuple((first + i, option.own_hours * share) for i, share in enumerate(option.shares or ()))


def meetings_of(option: Option, start: int, weeks: Weeks) -> list[Meeting]:
    """Sessions of an option; one whose hours are free may meet until the end of the plan."""
    if option.sessions is None or not option.sessions.slots:
        return []
    if start not in option.met:
        last = weeks.last_day if option.shares is None else option.end(start)
        option.met[start] = meetings(option.sessions, start, last)
    return option.met[start]


def _urgency(problem: Problem, c: int) -> tuple[int, int, int]:
    """Dated runs stand where they are; then what others wait for; then fixed loads; free hours fill what is left."""
    options = problem.candidates[c].options
    placed = all(option.shares is not None for option in options)
    dated = placed and all(len(option.starts) == 1 for option in options)
    return (0 if dated else 1 if c in problem.related else 2 if placed else 3, -len(options), c)


class _Table:
    """What is left of each week while steps take their places."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.weeks = problem, problem.weeks
        self.room = list(problem.weeks.room)
        self.leave = problem.leave
        self.work: dict[int, float] = {}
        self.all_work = 0.0
        self.active: dict[int, int] = {}
        self.met: list[Meeting] = []
        self.placed: Schedule = {}

    def ready(self, c: int) -> bool:
        """Whether enough of what it asks for has its place already."""
        return all(
            sum(not earners.isdisjoint(self.placed) for earners in atoms) >= lacking
            for lacking, atoms in self.problem.candidates[c].asks
        )

    def earliest(self, c: int) -> int:
        """The day after everything that it needs first has ended."""
        day = self.weeks.first_day
        for lacking, atoms in self.problem.candidates[c].asks:
            ends = [
                min(self.placed[e].end for e in earners if e in self.placed)
                for earners in atoms
                if not earners.isdisjoint(self.placed)
            ]
            day = max(day, sorted(ends)[lacking - 1] + 1)
        return day

    def place(self, c: int) -> bool:
        """Give a candidate the first option and place that fits."""
        earliest = self.earliest(c)
        for option in self.problem.candidates[c].options:
            if self.all_work + option.work + option.loose_work > self.problem.work + SLACK:
                continue
            found = self._loose(option, earliest) if option.shares is None else self._fixed(option, earliest)
            if found is not None:
                self._take(c, found)
                return True
        return False

    def _fixed(self, option: Option, earliest: int) -> Placed | None:
        for start in option.starts:
            if start < earliest:
                continue
            hours = hours_of(option, start, self.weeks)
            leave = self._fits(option, hours)
            if leave is not None and not overlap(self.met, meetings_of(option, start, self.weeks)):
                return Placed(option, start, option.end(start), hours, leave)
        return None

    def _fits(self, option: Option, hours: Hours) -> Hours | None:
        """The leave that makes these hours fit, empty where none is needed; None where they do not fit."""
        most = self.problem.max_parallel
        paid = []
        for (week, load), share in zip(hours, option.shares or (), strict=True):
            over = load - self.room[week]
            if over > SLACK:
                paid.append((week, over))
                if over > option.contact * share + SLACK:
                    return None
            if most is not None and load > SLACK and self.active.get(week, 0) >= most:
                return None
            if self.work.get(week, 0.0) + option.work * share > self.problem.work_per_week + SLACK:
                return None
        return tuple(paid) if sum(over for _, over in paid) <= self.leave + SLACK else None

    def _loose(self, option: Option, earliest: int) -> Placed | None:
        begin = max(earliest, option.release)
        if begin > option.latest:
            return None
        first = self.weeks.of(begin)
        if self.weeks.starts(first) < earliest:
            first += 1  # a week in which something that comes first still ends
        if overlap(self.met, meetings_of(option, begin, self.weeks)):
            return None
        left, hours = option.own_hours, []
        allowed = [
            week for week in range(first, self.weeks.of(option.latest) + 1)
            if self.problem.max_parallel is None or self.active.get(week, 0) < self.problem.max_parallel
        ]  # fmt: skip
        for week in allowed:
            taken = min(left, self.room[week])
            if taken > SLACK:
                hours.append((week, taken))
                left -= taken
            if left <= SLACK:
                break
        leave: Hours = ()
        if left > SLACK:
            where = hours[0][0] if hours else next((w for w in allowed if self.weeks.open_days[w]), None)
            if where is None or left > min(self.leave, option.contact) + SLACK:
                return None
            leave = ((where, left),)
            hours = sorted({**dict(hours), where: dict(hours).get(where, 0.0) + left}.items())
        start = max(begin, self.weeks.starts(hours[0][0]))
        return Placed(option, start, min(self.weeks.ends(hours[-1][0]), option.latest), tuple(hours), leave)

    def _take(self, c: int, found: Placed) -> None:
        paid = dict(found.leave)
        for week, load in found.hours:
            self.room[week] = max(0.0, self.room[week] - load + paid.get(week, 0.0))
            self.active[week] = self.active.get(week, 0) + (load > SLACK)
        for week, share in zip((w for w, _ in found.hours), found.option.shares or (), strict=False):
            self.work[week] = self.work.get(week, 0.0) + found.option.work * share
        self.leave = max(0.0, self.leave - sum(paid.values()))
        self.all_work += found.option.work + found.option.loose_work
        self.met += meetings_of(found.option, found.start, self.weeks)
        self.placed[c] = found


def with_all_leave(problem: Problem, placed: Schedule) -> Schedule:
    """The same places, with the leave that is left given to contact hours, first steps first."""
    left = problem.leave - sum(hours for one in placed.values() for _, hours in one.leave)
    result = dict(placed)
    for c, one in sorted(placed.items(), key=lambda item: (item[1].start, item[0])):
        paid = dict(one.leave)
        contact = one.option.contact - sum(paid.values())
        for i, (week, load) in enumerate(one.hours):
            most = load if one.option.shares is None else one.option.contact * one.option.shares[i]
            more = max(0.0, min(left, contact, most - paid.get(week, 0.0)))
            paid[week] = paid.get(week, 0.0) + more
            left, contact = left - more, contact - more
        kept: Iterable[tuple[int, float]] = ((week, hours) for week, hours in sorted(paid.items()) if hours > 0)
        result[c] = Placed(one.option, one.start, one.end, one.hours, tuple(kept))
    return result
