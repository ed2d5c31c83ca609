"""A plan as an iCalendar file (RFC 5545), to be opened in any calendar: one all-day event for each step."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from matching.index.store.files import replace
from matching.plan.plan import Plan, Step
from matching.wording.say import say

if TYPE_CHECKING:
    from icalendar import Event


def to_ics(plan: Plan, language: str = "nl") -> bytes:
    """The file; the same plan gives the same bytes."""
    from icalendar import Calendar  # read only where a calendar is asked for

    calendar = Calendar()
    calendar.add("prodid", "-//leermatch//plan//EN")
    calendar.add("version", "2.0")
    for step in plan.steps:
        calendar.add_component(_event(plan, step, language))
    return bytes(calendar.to_ical())


def write_ics(plan: Plan, path: str | Path, language: str = "nl") -> None:
    """All of it, or what was there before. Raises `StorageError` where the file cannot be written."""
    replace(Path(path), to_ics(plan, language))


def _event(plan: Plan, step: Step, language: str) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{step.offer_id}/{step.run_id or step.start}/{plan.person.learner.id}@leermatch")
    event.add("dtstamp", datetime.combine(plan.person.on, time(), UTC))
    event.add("summary", step.title)
    event.add("dtstart", step.start)
    event.add("dtend", step.end + timedelta(days=1))  # the day after: the end of an all-day event is exclusive
    event.add("transp", "TRANSPARENT")
    facts = {"own_hours": step.own_hours, "offer_id": step.offer_id}
    event.add("description", say(language, "plan.event", facts))
    offer = plan.person.generation.catalogue.offers[plan.person.generation.catalogue.row(step.offer_id)]
    if offer.url:
        event.add("url", offer.url)
    return event
