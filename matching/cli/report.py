"""`leermatch report`: one person's plan as a page that opens from disk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matching.cli import inputs, recording, show
from matching.report.page import page_of
from matching.report.writing import write_page


def report(
    offers: inputs.Offers,
    out: Annotated[Path, typer.Option("--out", help="The page to write.")],
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
    audit: recording.AuditOption = None,
    encoder: inputs.EncoderOption = None,
    settings: inputs.SettingsFile = None,
    as_json: inputs.Json = False,
) -> None:
    """Write the plan of one person as a single page: coverage, calendar, alternatives, and why not the others.

    Example: leermatch report --offers offers.jsonl --learner me.json --roles roles.jsonl --out plan.html
    """
    person = inputs.load_learner(learner, identifier, goal, role, hours, weeks)
    matcher = inputs.load_matcher(offers, roles, competences, settings, encoder)
    spoken = show.known(language)
    plan = recording.planned(matcher, person, inputs.day(on), audit)
    others = matcher.alternatives(person, on=inputs.day(on)) if plan.steps else {}
    write_page(out, page_of(plan, others, language=spoken))
    if as_json:
        show.json({"page": str(out), "status": plan.status.value, "coverage": plan.coverage})
    else:
        show.lines(str(out))
