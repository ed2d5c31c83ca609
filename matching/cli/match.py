"""`leermatch match`: the best offers for one person."""

from __future__ import annotations

from typing import Annotated

import typer

from matching.cli import inputs, recording, show
from matching.explanation.evidence import of_reason
from matching.explanation.explanation import explain


def match(
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
    k: inputs.Count = 10,
    diversity: Annotated[
        float, typer.Option("--diversity", min=0, max=1, help="0 to 1: spread over modes, providers, lengths.")
    ] = 0.0,
    why_not: Annotated[str | None, typer.Option("--why-not", help="Say why this offer (id) is not proposed.")] = None,
    explained: Annotated[bool, typer.Option("--explain", help="Say for each offer what it covers and costs.")] = False,
    language: inputs.LanguageOption = "nl",
    audience: recording.AudienceOption = "learner",
    audit: recording.AuditOption = None,
    encoder: inputs.EncoderOption = None,
    settings: inputs.SettingsFile = None,
    as_json: inputs.Json = False,
) -> None:
    """Rank the offers that this person can follow.

    Example: leermatch match --offers vdab:trainings.jsonl --goal "onderhoudselektricien" --hours 6 -k 5
    """
    person = inputs.load_learner(learner, identifier, goal, role, hours, weeks)
    matcher = inputs.load_matcher(offers, roles, competences, settings, encoder)
    spoken, reader = show.known(language), recording.reader(audience)
    result = recording.matched(matcher, person, k, inputs.day(on), audit, diversity)
    if why_not is not None:
        reasons = result.why_not(why_not)
        if as_json:
            show.json({"offer_id": why_not, "eligible": not reasons, "reasons": [of_reason(one) for one in reasons]})
        else:
            show.reasons(why_not, reasons, language)
    elif as_json:
        show.json(explain(result, language=spoken, audience=reader).to_dict())
    elif explained:
        show.lines(str(explain(result, language=spoken, audience=reader)))
    else:
        show.matches(result, language)
