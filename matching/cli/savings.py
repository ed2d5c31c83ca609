"""`leermatch savings`: what recognising what people can do already saves, for one person or a group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from competences.records.learners import LearnerProfile
from competences.sources.opening import open_learners
from matching.cli import inputs, show
from matching.screening import GroupSavings, group_savings, without_routes
from matching.wording.say import say


def savings(
    offers: inputs.Offers,
    learner: inputs.Learner = None,
    identifier: inputs.LearnerId = None,
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
    """Compare plans with and without recognition routes: for one person (--id), else for all with a listed goal.

    Example: leermatch savings --offers offers.jsonl --roles roles.jsonl --learner learners.jsonl
    """
    spoken = show.known(language)
    people = _people(learner, identifier, role, hours, weeks)
    matcher = inputs.load_matcher(offers, roles, competences, settings, encoder)
    evidence = _evidence(group_savings(matcher, people, without=without_routes(matcher), on=inputs.day(on)))
    if as_json:
        show.json(evidence)
    else:
        show.lines("\n".join(_lines(evidence, spoken)))


def _people(
    learner: str | None, identifier: str | None, role: str | None, hours: float | None, weeks: float | None
) -> list[LearnerProfile]:
    """One person, or everyone in the file whose goal names competences."""
    if learner is None or identifier is not None or role is not None:
        return [inputs.load_learner(learner, identifier, None, role, hours, weeks)]
    everyone = open_learners(learner)
    return [
        inputs.load_learner(learner, one.id, None, None, hours, weeks)
        for one in everyone
        if one.goal is not None and one.goal.text is None
    ]


def _evidence(group: GroupSavings) -> dict[str, Any]:
    return {
        "people": [
            {
                "learner": one.learner_id,
                "hours_without": one.hours_without,
                "hours_with": one.hours_with,
                "hours_saved": one.hours_saved,
                "coverage_gained": one.coverage_gained,
                "comparable": one.comparable,
                "routes": list(one.routes),
            }
            for one in group.people
        ],
        "count": len(group.people),
        "with_route": group.with_route,
        "saving": len(group.saving),
        "hours_saved": group.hours_saved,
        "median_saved": group.median_saved,
        "further": len(group.further),
        "hours_added": group.hours_added,
    }


def _lines(evidence: Mapping[str, Any], language: str) -> Iterator[str]:
    yield say(language, "savings.head", evidence)
    for one in evidence["people"]:
        if one["routes"] or evidence["count"] == 1:
            yield say(language, f"savings.{_kind(one)}", {**one, "hours_added": -one["hours_saved"]})
    if evidence["count"] != 1:
        yield say(language, "savings.group", evidence)


def _kind(one: Mapping[str, Any]) -> str:
    if not one["comparable"]:
        return "less"
    return "further" if one["hours_saved"] < 0 else "person"
