"""`leermatch plan`: the path to a goal within the hours of one person."""

from __future__ import annotations

import typer

from matching.cli import inputs, show
from matching.explanation.explanation import explain


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
    encoder: inputs.EncoderOption = None,
    settings: inputs.SettingsFile = None,
    as_json: inputs.Json = False,
) -> None:
    """Choose and order the offers that close most of the goal within the hours that this person has.

    Example: leermatch plan --offers offers.jsonl --roles roles.jsonl --role role:broodbakker --hours 4 --weeks 40
    """
    person = inputs.load_learner(learner, identifier, goal, role, hours, weeks)
    matcher = inputs.load_matcher(offers, roles, competences, settings, encoder)
    explanation = explain(matcher.plan(person, on=inputs.day(on)), language=show.known(language))
    if as_json:
        show.json(explanation.to_dict())
    else:
        typer.echo(str(explanation))
