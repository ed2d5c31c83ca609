"""The calendar of quick plans, slowly: what is left is counted anew from all places before each step."""

from __future__ import annotations

from matching.plan.calendar import Hours, Placed, Schedule
from matching.plan.option import Option
from matching.plan.problem import Problem
from matching.plan.sessions import overlap

SLACK = 1e-6


def obvious_schedule(problem: Problem, chosen: list[int]) -> Schedule | None:
    """Dated runs first, then what is related, then fixed loads, then free hours; of those, the first that may begin."""

    def turn(c: int) -> tuple[int, int, int]:
        options = problem.options_of(c)
        fixed = all(option.shares is not None for option in options)
        dated = fixed and all(len(option.starts) == 1 for option in options)
        return 0 if dated else 1 if c in problem.related else 2 if fixed else 3, -len(options), c

    placed: Schedule = {}
    waiting = sorted(chosen, key=turn)
    while waiting:
        days = {c: first_day(problem, c, placed) for c in waiting}
        c = next((c for c in waiting if days[c] is not None), None)
        if c is None:
            return None
        found = first_place(problem, c, days[c] or 0, placed)
        if found is None:
            return None
        placed[c] = found
        waiting.remove(c)
    return placed


def first_day(problem: Problem, c: int, placed: Schedule) -> int | None:
    """The first day before which enough of what it asks for has ended."""
    asks = problem.candidates[c].asks
    for day in sorted({problem.weeks.first_day, *(one.end + 1 for one in placed.values())}):
        over = {other for other, one in placed.items() if one.end < day}
        if all(sum(bool(earners & over) for earners in atoms) >= lacking for lacking, atoms in asks):
            return day
    return None


def first_place(problem: Problem, c: int, day: int, placed: Schedule) -> Placed | None:
    """The first option that has a place, and its first one."""
    work = sum(one.option.work + one.option.loose_work for one in placed.values())
    for option in problem.options_of(c):
        if work + option.work + option.loose_work > problem.work + SLACK:
            continue
        if option.shares is None:
            found = spread(problem, option, day, placed)
            if found is not None:
                return found
        for start in option.starts:
            found = begun(problem, option, start, placed)
            if start >= day and found is not None:
                return found
    return None


def begun(problem: Problem, option: Option, start: int, placed: Schedule) -> Placed | None:
    """A place on this start, where all of its hours fit."""
    hours, leave = list(enumerate(option.loads, problem.weeks.of(start))), []
    for (week, load), share in zip(hours, option.shares or (), strict=True):
        over = load - room(problem, week, placed)
        if over > option.contact * share + SLACK or (load > SLACK and full(problem, week, placed)):
            return None
        worked = sum(share_in(problem, one, week) * one.option.work for one in placed.values())
        if option.work and worked + option.work * share > problem.work_per_week + SLACK:
            return None
        leave += [(week, over)] if over > SLACK else []
    if leave and sum(over for _, over in leave) > leave_left(problem, placed) + SLACK:
        return None
    one = Placed(option, start, option.end(start), tuple(hours), tuple(leave))
    return None if meets(problem, one, placed) else one


def spread(problem: Problem, option: Option, day: int, placed: Schedule) -> Placed | None:
    """Free hours in the first weeks with room; what is left after the last is paid in the first."""
    weeks, begin = problem.weeks, max(day, option.release)
    if begin > option.latest or meets(problem, Placed(option, begin, option.latest, ()), placed):
        return None
    inside = [week for week in range(weeks.of(begin), weeks.of(option.latest) + 1)
              if weeks.starts(week) >= day and not full(problem, week, placed)]  # fmt: skip
    hours: dict[int, float] = {}
    left = option.own_hours
    for week in inside:
        if left > SLACK and room(problem, week, placed) > SLACK:
            hours[week] = min(left, room(problem, week, placed))
            left -= hours[week]
    leave: Hours = ()
    if left > SLACK:
        where = min(hours, default=next((week for week in inside if weeks.open_days[week]), None))
        if where is None or left > min(leave_left(problem, placed), option.contact) + SLACK:
            return None
        hours[where], leave = hours.get(where, 0.0) + left, ((where, left),)
    first, last = min(hours), max(hours)
    end = min(weeks.ends(last), option.latest)
    return Placed(option, max(begin, weeks.starts(first)), end, tuple(sorted(hours.items())), leave)


def room(problem: Problem, week: int, placed: Schedule) -> float:
    """Own hours that a week has left."""
    taken = sum(hours for one in placed.values() for w, hours in one.hours if w == week)
    paid = sum(hours for one in placed.values() for w, hours in one.leave if w == week)
    return max(0.0, problem.weeks.room[week] - taken + paid)


def full(problem: Problem, week: int, placed: Schedule) -> bool:
    """Whether as many steps as may be take hours in a week."""
    busy = sum(any(w == week and hours > SLACK for w, hours in one.hours) for one in placed.values())
    return problem.max_parallel is not None and busy >= problem.max_parallel


def share_in(problem: Problem, one: Placed, week: int) -> float:
    """Share of the hours of a fixed load that lies in a week."""
    i, shares = week - problem.weeks.of(one.start), one.option.shares or ()
    return shares[i] if 0 <= i < len(shares) else 0.0


def leave_left(problem: Problem, placed: Schedule) -> float:
    return problem.leave - sum(hours for one in placed.values() for _, hours in one.leave)


def meets(problem: Problem, asked: Placed, placed: Schedule) -> bool:
    """Whether it meets at a time at which another step does."""
    last = problem.weeks.last_day
    met = asked.option.meetings(asked.start, last)
    return any(overlap(met, one.option.meetings(one.start, last)) for one in placed.values())
