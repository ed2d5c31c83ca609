"""When each chosen offer takes place, found fast: one step after another, each as early as it fits.

It may miss an order that would fit; `matching.plan.exact` then looks for one exhaustively."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matching.plan.problem import Option, Problem
from matching.plan.sessions import Meetings, meetings, overlap
from matching.plan.weeks import SLACK, Weeks

Hours = tuple[tuple[int, float], ...]
"""(week, hours), in order."""
NOTHING: Meetings = {}


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


def schedule(problem: Problem, chosen: Iterable[int]) -> Schedule | None:
    """A place for each chosen candidate, what it asks for first; None where none was found."""
    table = Table(problem)
    return table.placed if table.add(chosen) else None


def hours_of(option: Option, start: int, weeks: Weeks) -> Hours:
    """(week, own hours) of a placed option that starts on this day."""
    return tuple(enumerate(option.loads, weeks.of(start)))


def meetings_of(option: Option, start: int, weeks: Weeks) -> Meetings:
    """Sessions of an option; one whose hours are free may meet from its first possible day to the end of the plan."""
    if option.sessions is None or not option.sessions.slots:
        return NOTHING
    start, last = (option.release, weeks.last_day) if option.shares is None else (start, option.end(start))
    if start not in option.met:
        option.met[start] = meetings(option.sessions, start, last)
    return option.met[start]


class Table:
    """What is left of each week while steps take their places."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.weeks = problem, problem.weeks
        self.room = list(problem.weeks.room)
        self.leave = problem.leave
        self.work: dict[int, float] = {}
        self.all_work = 0.0
        self.active: dict[int, int] = {}
        self.met: list[Meetings] = []
        self.placed: Schedule = {}

    def copy(self) -> Table:
        """One that can be filled further while this one stays as it is."""
        other = Table.__new__(Table)
        other.problem, other.weeks, other.leave, other.all_work = self.problem, self.weeks, self.leave, self.all_work
        other.room, other.work, other.active = self.room.copy(), self.work.copy(), self.active.copy()
        other.met, other.placed = self.met.copy(), self.placed.copy()
        return other

    def without(self, c: int) -> Table:
        """One where this step, which no other asks for, has given its place back."""
        other = self.copy()
        gone = other.placed.pop(c)
        paid, option = dict(gone.leave), gone.option
        other.leave += sum(paid.values())
        other.all_work -= option.work + option.loose_work
        other.met = [met for one in other.placed.values() if (met := meetings_of(one.option, one.start, self.weeks))]
        for week, load in gone.hours:
            other.room[week] += load - paid.get(week, 0.0)
            if week in other.active:
                other.active[week] -= load > SLACK
        if option.work > 0:
            for (week, _), share in zip(gone.hours, option.shares or (), strict=True):
                other.work[week] -= option.work * share
        return other

    def add(self, chosen: Iterable[int]) -> bool:
        """Give each of these a place, what it asks for first; False, and a table of no use, where none was found."""
        waiting = sorted(chosen, key=self.problem.urgency)
        while waiting:
            ready = next((c for c in waiting if self._ready(c)), None)
            if ready is None or not self._place(ready):
                return False
            waiting.remove(ready)
        return True

    def _ready(self, c: int) -> bool:
        """Whether enough of what it asks for has its place already."""
        asks = self.problem.candidates[c].asks
        return not asks or all(
            sum(not earners.isdisjoint(self.placed) for earners in atoms) >= lacking for lacking, atoms in asks
        )

    def _earliest(self, c: int) -> int:
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

    def _place(self, c: int) -> bool:
        """Give a candidate the first option and place that fits."""
        earliest = self._earliest(c)
        for option in self.problem.candidates[c].options:
            if self.all_work + option.work + option.loose_work > self.problem.work + SLACK:
                continue
            found = self._loose(option, earliest) if option.shares is None else self._fixed(option, earliest)
            if found is not None:
                self._take(c, found)
                return True
        return False

    def _fixed(self, option: Option, earliest: int) -> Placed | None:
        """The first start whose weeks have room; without leave, no start is tried that would fill a full week again."""
        full = -1
        for start in option.starts:
            first = self.weeks.of(start)
            if start < earliest or first <= full:
                continue
            over = self._over(option, first)
            if over and (self.leave <= 0 or option.contact <= 0):
                full = over[-1][0]
                continue
            leave = self._leave(option, first, over)
            if leave is not None and not self._meets(option, start):
                return Placed(option, start, option.end(start), hours_of(option, start, self.weeks), leave)
        return None

    def _over(self, option: Option, first: int) -> Hours:
        """(week, hours) beyond the room of each week."""
        loads, room = option.loads, self.room
        if option.peak <= min(room[first : first + len(loads)]) + SLACK:
            return ()
        return tuple([(week, over) for week, load in enumerate(loads, first) if (over := load - room[week]) > SLACK])

    def _leave(self, option: Option, first: int, over: Hours) -> Hours | None:
        """The leave that makes a start fit, empty where none is needed; None where it does not fit."""
        most, per_week, shares = self.problem.max_parallel, self.problem.work_per_week, option.shares or ()
        for week, hours in over:
            if hours > option.contact * shares[week - first] + SLACK:
                return None
        if sum(hours for _, hours in over) > self.leave + SLACK:
            return None
        if most is not None:
            for week, load in enumerate(option.loads, first):
                if load > SLACK and self.active.get(week, 0) >= most:
                    return None
        if option.work > 0:
            for week, share in enumerate(shares, first):
                if self.work.get(week, 0.0) + option.work * share > per_week + SLACK:
                    return None
        return over

    def _meets(self, option: Option, start: int) -> bool:
        """Whether one of its sessions takes place during another one."""
        if not self.met or option.sessions is None:
            return False
        asked = meetings_of(option, start, self.weeks)
        return any(overlap(asked, met) for met in self.met)

    def _loose(self, option: Option, earliest: int) -> Placed | None:
        begin = max(earliest, option.release)
        if begin > option.latest:
            return None
        first = self.weeks.of(begin)
        if self.weeks.starts(first) < earliest:
            first += 1  # a week in which something that comes first still ends
        if self._meets(option, begin):
            return None
        most, room, left, hours = self.problem.max_parallel, self.room, option.own_hours, []
        allowed = range(first, self.weeks.of(option.latest) + 1)
        weeks = allowed if most is None else [week for week in allowed if self.active.get(week, 0) < most]
        for week in weeks:
            if room[week] > SLACK:
                taken = min(left, room[week])
                hours.append((week, taken))
                left -= taken
                if left <= SLACK:
                    break
        leave: Hours = ()
        if left > SLACK:
            where = hours[0][0] if hours else next((w for w in weeks if self.weeks.open_days[w]), None)
            if where is None or left > min(self.leave, option.contact) + SLACK:
                return None
            leave = ((where, left),)
            hours = sorted({**dict(hours), where: dict(hours).get(where, 0.0) + left}.items())
        start = max(begin, self.weeks.starts(hours[0][0]))
        return Placed(option, start, min(self.weeks.ends(hours[-1][0]), option.latest), tuple(hours), leave)

    def _take(self, c: int, found: Placed) -> None:
        room, option = self.room, found.option
        for week, paid in found.leave:
            room[week] += paid
            self.leave = max(0.0, self.leave - paid)
        for week, load in found.hours:
            room[week] = max(0.0, room[week] - load)
        if self.problem.max_parallel is not None:
            for week, load in found.hours:
                self.active[week] = self.active.get(week, 0) + (load > SLACK)
        if option.work > 0:
            for (week, _), share in zip(found.hours, option.shares or (), strict=True):
                self.work[week] = self.work.get(week, 0.0) + option.work * share
        self.all_work += option.work + option.loose_work
        if met := meetings_of(option, found.start, self.weeks):
            self.met.append(met)
        self.placed[c] = found


def with_all_leave(problem: Problem, placed: Schedule) -> Schedule:
    """The same places, with the leave that is left given to contact hours, first steps first."""
    if problem.leave <= 0:
        return placed
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
