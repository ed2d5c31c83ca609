"""`leermatch plan`: the path to a goal within the hours of one person."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from competences.errors import MisuseError
from matching.cli import choices, inputs, recording, show
from matching.explanation.explanation import explain
from matching.plan.calendar_file import write_ics

Pinned = Annotated[list[str] | None, typer.Option("--pin", help="An offer that must be in the plan; may be repeated.")]
Forbidden = Annotated[list[str] | None, typer.Option("--without", help="An offer that stays out; may be repeated.")]
Done = Annotated[list[str] | None, typer.Option("--done", help="An offer followed already; may be repeated.")]
Failed = Annotated[list[str] | None, typer.Option("--failed", help="An offer that did not work out; may be repeated.")]
MaxSteps = Annotated[int | None, typer.Option("--max-steps", help="At most so many steps.")]
MaxParallel = Annotated[int | None, typer.Option("--max-parallel", help="At most so many steps in the same week.")]
PerRole = Annotated[str | None, typer.Option("--per-role", help="A job: hours to each role inside it.")]
Others = Annotated[bool, typer.Option("--alternatives", help="Fewest hours, cheapest, first finished too.")]
Reach = Annotated[float | None, typer.Option("--reach", help="Can this share (0 to 1) be reached? What is in the way?")]
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
    failed: Failed = None,
    max_steps: MaxSteps = None,
    max_parallel: MaxParallel = None,
    per_role: PerRole = None,
    alternatives: Others = False,
    reach: Reach = None,
    ics: CalendarFile = None,
    as_json: inputs.Json = False,
) -> None:
    """Choose and order the offers that close most of the goal within the hours that this person has.

    With --per-role, --alternatives or --reach: that instead of one plan.

    Example: leermatch plan --offers offers.jsonl --roles roles.jsonl --role role:broodbakker --hours 4 --weeks 40
    """
    person = inputs.load_learner(learner, identifier, goal, role, hours, weeks)
    matcher = inputs.load_matcher(offers, roles, competences, settings, encoder)
    chosen, reader, day = show.known(language), recording.reader(audience), inputs.day(on)
    wishes: dict[str, Any] = {
        "pinned": pinned or (), "forbidden": without or (), "done": done or (), "failed": failed or (),
        "max_steps": max_steps, "max_parallel": max_parallel,
    }  # fmt: skip
    if per_role is not None or alternatives or reach is not None:
        if any(wishes.values()) or audit is not None or ics is not None:
            raise MisuseError("--per-role, --alternatives and --reach look at the person alone: no wishes, no files")
        if per_role is not None:
            fits = matcher.role_fits(person, per_role, on=day)
            _shown(choices.role_facts(matcher, fits, chosen), choices.role_lines, chosen, as_json)
        if alternatives:
            _shown(choices.plan_facts(matcher.alternatives(person, on=day)), choices.plan_lines, chosen, as_json)
        if reach is not None:
            limits = matcher.limits(person, coverage=reach, on=day)
            _shown(choices.limit_facts(limits), choices.limit_lines, chosen, as_json)
        return
    found = recording.planned(matcher, person, day, audit, **wishes)
    explanation = explain(found, language=chosen, audience=reader)
    if ics is not None:
        write_ics(found, ics, chosen)
    if as_json:
        show.json(explanation.to_dict())
    else:
        show.lines(str(explanation))


def _shown(facts: Any, lines: Callable[[Any, str], Iterable[str]], language: str, as_json: bool) -> None:
    if as_json:
        show.json(facts)
        return
    for line in lines(facts, language):
        show.lines(line)
