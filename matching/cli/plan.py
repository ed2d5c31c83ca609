"""`leermatch plan`: the path to a goal within the hours of one person."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matching.cli import inputs, recording, show
from matching.explanation.explanation import explain
from matching.plan.calendar_file import write_ics

Pinned = Annotated[list[str] | None, typer.Option("--pin", help="An offer that must be in the plan; may be repeated.")]
Forbidden = Annotated[list[str] | None, typer.Option("--without", help="An offer that stays out; may be repeated.")]
Done = Annotated[list[str] | None, typer.Option("--done", help="An offer followed already; may be repeated.")]
CalendarFile = Annotated[Path | None, typer.Option("--ics", help="Write the plan as a calendar file too.")]


def plan(
    offers: inputs.Offers,
    learner: inputs.Learner = None,
    identifier: inputs.LearnerId = None,
    goal: inputs.GoalText = None,
    role: inputs.Role = None,
    roles: inputs.Roles = None,
    competences: inputs.Competences = None,
    hours: inputs.HoursPerWeek = None,
    weeks: inputs.Weeks = None,
    on: inputs.On = None,
    language: inputs.LanguageOption = "nl",
    audience: recording.AudienceOption = "learner",
    audit: recording.AuditOption = None,
    encoder: inputs.EncoderOption = None,
    settings: inputs.SettingsFile = None,
    pinned: Pinned = None,
    without: Forbidden = None,
    done: Done = None,
    ics: CalendarFile = None,
    as_json: inputs.Json = False,
) -> None:
    """Choose and order the offers that close most of the goal within the hours that this person has.

    Example: leermatch plan --offers offers.jsonl --roles roles.jsonl --role role:broodbakker --hours 4 --weeks 40
    """
    person = inputs.load_learner(learner, identifier, goal, role, hours, weeks)
    matcher = inputs.load_matcher(offers, roles, competences, settings, encoder)
    chosen, reader = show.known(language), recording.reader(audience)
    found = recording.planned(
        matcher, person, inputs.day(on), audit, pinned=pinned or (), forbidden=without or (), done=done or ()
    )
    explanation = explain(found, language=chosen, audience=reader)
    if ics is not None:
        write_ics(found, ics, chosen)
    if as_json:
        show.json(explanation.to_dict())
    else:
        show.lines(str(explanation))
