"""The weeks of the exact model: where each chosen option lies, and that it fits there.

A *place* is a column that is 1 where a placed option starts on one of its days. Free hours are spread by flow columns
per week; options without relations that share the same window share one flow, because only their sum matters."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from matching.plan.option import Option
from matching.plan.problem import Problem
from matching.plan.program import Program, Terms


@dataclass(frozen=True)
class Place:
    """One way in which a candidate can stand in the calendar."""

    candidate: int
    option: Option
    start: int
    column: int


@dataclass
class Flow:
    """Free hours per week, of one candidate or of several that share a window."""

    members: list[tuple[int, Option, int]]
    """(candidate, option, column that selects it)."""
    weeks: range
    hours: dict[int, int] = field(default_factory=dict)
    """Week → column of hours."""
    leave: dict[int, int] = field(default_factory=dict)


@dataclass
class Timing:
    """Columns of the model that say when."""

    problem: Problem
    program: Program
    places: list[Place] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    paid: dict[int, int] = field(default_factory=dict)
    """Week → column of leave that pays for contact hours of placed options."""
    ended: dict[tuple[int, int], int] = field(default_factory=dict)
    """(candidate, week) → column that may be 1 once its free hours are done by the end of that week."""

    def options(self, c: int, select: int) -> Terms:
        """Columns for each way to follow a candidate; returns (column, own hours of that option)."""
        ways: list[tuple[Option, int | None]] = []
        for option in self.problem.options_of(c):
            ways += [(option, start) for start in option.starts] if option.shares is not None else [(option, None)]
        columns = [select] if len(ways) == 1 else [self.program.column(whole=True) for _ in ways]
        if len(ways) > 1:
            self.program.equal([(select, 1.0), *((column, -1.0) for column in columns)])
        for (option, start), column in zip(ways, columns, strict=True):
            if start is not None:
                self.places.append(Place(c, option, start, column))
            else:
                self.flows.append(Flow([(c, option, column)], self._window(option)))
        return [(column, option.own_hours) for (option, _), column in zip(ways, columns, strict=True)]

    def _window(self, option: Option) -> range:
        weeks = self.problem.weeks
        return range(weeks.of(option.release), weeks.of(option.latest) + 1)

    def spread(self, *, apart: bool) -> None:
        """Columns of free hours. `apart`: one flow for each candidate, so that each has its own weeks."""
        flows, self.flows = self.flows, []
        shared: dict[range, Flow] = {}
        for flow in flows:
            c, _, _ = flow.members[0]
            if apart or self.problem.max_parallel is not None or c in self.problem.related:
                self.flows.append(flow)
            elif flow.weeks in shared:
                shared[flow.weeks].members += flow.members
            else:
                shared[flow.weeks] = flow
                self.flows.append(flow)
        for flow in self.flows:
            self._flow(flow)

    def _flow(self, flow: Flow) -> None:
        """Hours in the weeks of the window add up to those of the members that are selected."""
        program, weeks = self.program, self.problem.weeks
        most = sum(option.own_hours for _, option, _ in flow.members)
        for week in flow.weeks:
            if weeks.open_days[week]:
                flow.hours[week] = program.column(most)
        owed = [(column, -option.own_hours) for _, option, column in flow.members]
        program.equal([*((column, 1.0) for column in flow.hours.values()), *owed])
        if self.problem.leave > 0 and weeks.limited:
            for week, hours in flow.hours.items():
                flow.leave[week] = program.column(self.problem.leave)
                program.row([(flow.leave[week], 1.0), (hours, -1.0)], high=0.0)
            contact = [(column, -option.contact) for _, option, column in flow.members]
            program.row([*((column, 1.0) for column in flow.leave.values()), *contact], high=0.0)

    def limits(self) -> None:
        """Own hours, work hours and courses in each week; leave in all; sessions one at a time."""
        self._hours_per_week()
        self._parallel()
        self._work()
        self._sessions()

    def _hours_per_week(self) -> None:
        program, problem = self.program, self.problem
        if not problem.weeks.limited:
            return
        loads: dict[int, Terms] = defaultdict(list)
        contact: dict[int, Terms] = defaultdict(list)
        for place in self.places:
            for week, share in self._shares(place):
                loads[week].append((place.column, place.option.own_hours * share))
                contact[week].append((place.column, place.option.contact * share))
        for flow in self.flows:
            for week, column in flow.hours.items():
                loads[week].append((column, 1.0))
            for week, column in flow.leave.items():
                loads[week].append((column, -1.0))
        if problem.leave > 0:
            for week, terms in contact.items():
                self.paid[week] = program.column(problem.leave)
                program.row([(self.paid[week], 1.0), *((column, -hours) for column, hours in terms)], high=0.0)
                loads[week].append((self.paid[week], -1.0))
            spent = [column for flow in self.flows for column in flow.leave.values()]
            program.row([(column, 1.0) for column in (*spent, *self.paid.values())], high=problem.leave)
        for week, terms in sorted(loads.items()):
            program.row(terms, high=problem.weeks.room[week])

    def _shares(self, place: Place) -> list[tuple[int, float]]:
        first = self.problem.weeks.of(place.start)
        return [(first + i, share) for i, share in enumerate(place.option.shares or ())]

    def _parallel(self) -> None:
        """At most so many steps take hours in a week."""
        if self.problem.max_parallel is None:
            return
        busy: dict[int, Terms] = defaultdict(list)
        for place in self.places:
            for week, share in self._shares(place):
                if place.option.own_hours * share > 1e-6:
                    busy[week].append((place.column, 1.0))
        for flow in self.flows:
            (_, option, _) = flow.members[0]
            for week, hours in flow.hours.items():
                active = self.program.column(whole=True)
                self.program.row([(hours, 1.0), (active, -option.own_hours)], high=0.0)
                busy[week].append((active, 1.0))
        for terms in busy.values():
            self.program.row(terms, high=self.problem.max_parallel)

    def _work(self) -> None:
        if self.problem.work_per_week == float("inf"):
            return
        per_week: dict[int, Terms] = defaultdict(list)
        total: Terms = []
        for place in self.places:
            total.append((place.column, place.option.work + place.option.loose_work))
            for week, share in self._shares(place):
                per_week[week].append((place.column, place.option.work * share))
        for flow in self.flows:
            total += [(column, option.work + option.loose_work) for _, option, column in flow.members]
        for terms in per_week.values():
            self.program.row(terms, high=self.problem.work_per_week)
        self.program.row(total, high=self.problem.work)

    def _sessions(self) -> None:
        """Of all that meets at one minute of one day, at most one is chosen. It is enough to look where a meeting
        begins: intervals that overlap in pairs share such a minute."""
        by_day: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        standing = [(place.option, place.start, place.column) for place in self.places]
        standing += [(option, option.release, column) for flow in self.flows for _, option, column in flow.members]
        for option, start, column in standing:
            for day, hours in option.meetings(start, self.problem.weeks.last_day).items():
                by_day[day] += [(begin, until, column) for begin, until in hours]
        rows = {
            frozenset(column for begin, until, column in met if begin <= minute < until)
            for met in by_day.values()
            for minute in {begin for begin, _, _ in met}
        }
        for columns in sorted(rows, key=sorted):
            if len(columns) > 1:
                self.program.row([(column, 1.0) for column in sorted(columns)], high=1.0)

    def by(self, c: int, day: int) -> Terms:
        """An expression that is 1 only where candidate c is chosen and has ended before this day."""
        terms = [
            (place.column, 1.0)
            for place in self.places_of(c)
            if place.option.end(place.start) < day
        ]  # fmt: skip
        week = (day - self.problem.weeks.first_day) // 7 - 1
        flows = [flow for flow in self.flows if flow.members[0][0] == c]
        if week >= 0 and flows:
            terms.append((self._ended(c, flows, min(week, len(self.problem.weeks) - 1)), 1.0))
        return terms

    def places_of(self, c: int) -> list[Place]:
        """Places of one candidate; asked for when all of them are known."""
        return self._by_candidate.get(c, [])

    @cached_property
    def _by_candidate(self) -> dict[int, list[Place]]:
        found: dict[int, list[Place]] = defaultdict(list)
        for place in self.places:
            found[place.candidate].append(place)
        return found

    def _ended(self, c: int, flows: list[Flow], week: int) -> int:
        """1 only where a free option is selected and no hour of it comes after this week."""
        if (c, week) not in self.ended:
            column = self.ended[c, week] = self.program.column(whole=True)
            most = max(option.own_hours for flow in flows for _, option, _ in flow.members)
            later = [(h, 1.0) for flow in flows for w, h in flow.hours.items() if w > week]
            self.program.row([*later, (column, most)], high=most)
            self.program.row([(column, 1.0), *((s, -1.0) for flow in flows for _, _, s in flow.members)], high=0.0)
        return self.ended[c, week]
