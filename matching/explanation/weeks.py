"""The weeks of a plan as they will be lived: own hours, how many of them on the road, and hours out of work time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from matching.plan.plan import Plan, Step

WEEK = timedelta(days=7)


def weeks_of(plan: Plan) -> list[dict[str, Any]]:
    """One row per week from the first to the last with a step. Own hours are the plan's; travel is spread over the own
    hours of its step, and hours at work over its days. Empty weeks in between stay, so that the calendar is whole."""
    if not plan.steps:
        return []
    first = min([week.start for step in plan.steps for week in step.weeks] or [step.start for step in plan.steps])
    while first > min(step.start for step in plan.steps):
        first -= WEEK
    hours = [(_travel_share(step), {week.start: week.hours for week in step.weeks}) for step in plan.steps]
    rows: list[dict[str, Any]] = []
    start, last = first, max(step.end for step in plan.steps)
    while start <= last:
        own = sum(of_week.get(start, 0.0) for _, of_week in hours)
        travel = sum(of_week.get(start, 0.0) * share for share, of_week in hours)
        work = sum(step.bill.workplace * _share_of_days(step, start) for step in plan.steps)
        rows.append(
            {"start": start.isoformat(), "number": len(rows) + 1, "own_hours": own, "travel": travel, "workplace": work}
        )
        start += WEEK
    return rows


def _travel_share(step: Step) -> float:
    return min(1.0, step.bill.travel / step.own_hours) if step.own_hours else 0.0


def _share_of_days(step: Step, start: date) -> float:
    """Share of the days of a step that lie in the week that begins on this day."""
    first, last = max(step.start, start), min(step.end, start + timedelta(days=6))
    return max(0, (last - first).days + 1) / ((step.end - step.start).days + 1)
