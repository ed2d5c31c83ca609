"""`leermatch screen`: the few questions whose answers would change a plan most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from competences.errors import MisuseError, UnknownIdError
from competences.records.io import read_competences
from competences.records.learners import LearnerProfile
from matching.cli import inputs, show
from matching.matcher import Matcher
from matching.screening import Screening, answer
from matching.screening import screen as screened
from matching.wording.say import say


def screen(
    offers: inputs.Offers,
    learner: inputs.Learner = None,
    identifier: inputs.LearnerId = None,
    role: inputs.Role = None,
    roles: inputs.Roles = None,
    competences: inputs.Competences = None,
    hours: inputs.HoursPerWeek = None,
    weeks: inputs.Weeks = None,
    on: inputs.On = None,
    k: Annotated[int, typer.Option("-k", help="How many questions.")] = 5,
    yes: Annotated[list[str] | None, typer.Option("--yes", help="A competence that the person can do; repeat.")] = None,
    no: Annotated[list[str] | None, typer.Option("--no", help="A competence that the person cannot do.")] = None,
    language: inputs.LanguageOption = "nl",
    encoder: inputs.EncoderOption = None,
    settings: inputs.SettingsFile = None,
    as_json: inputs.Json = False,
) -> None:
    """Ask the few questions whose answers change the plan of this person most.

    Example: leermatch screen --offers offers.jsonl --roles roles.jsonl --role role:broodbakker --hours 4 --yes c:vca
    """
    spoken = show.known(language)
    person = inputs.load_learner(learner, identifier, None, role, hours, weeks)
    matcher = inputs.load_matcher(offers, roles, competences, settings, encoder)
    _check(matcher, person, yes or (), no or (), competences)
    told = answer(person, {**dict.fromkeys(no or (), False), **dict.fromkeys(yes or (), True)}, on=inputs.day(on))
    found = screened(matcher, told, None, k, on=inputs.day(on), language=spoken)
    if as_json:
        show.json(_evidence(found))
    else:
        show.lines("\n".join(_lines(_evidence(found), language)))


def _check(
    matcher: Matcher, person: LearnerProfile, yes: Sequence[str], no: Sequence[str], competences: Path | None
) -> None:
    """An answer about a competence that nobody names would change nothing, without a word."""
    if both := sorted(set(yes) & set(no)):
        raise MisuseError(f"--yes and --no both name {both[0]!r}")
    known = {one.competence for one in matcher.person(person).requirements}
    known |= {outcome.competence for offer in matcher.offers for outcome in offer.outcomes}
    known |= {one.id for one in read_competences(competences)} if competences else set()
    known |= {claim.competence for claim in person.claims}
    for option, answered in (("--yes", yes), ("--no", no)):
        for identifier in answered:
            if identifier not in known:
                hint = f"{option} takes a competence that the goal, an offer or --competences names"
                raise UnknownIdError("competence", identifier, hint)


def _evidence(found: Screening) -> dict[str, Any]:
    return {
        "learner": found.learner.id,
        "own_hours": found.plan.own_hours,
        "coverage": found.plan.coverage,
        "askable": found.askable,
        "questions": [{"rank": rank, **vars(one)} for rank, one in enumerate(found, start=1)],
    }


def _lines(evidence: Mapping[str, Any], language: str) -> Iterator[str]:
    yield say(language, "screen.head", evidence)
    yield say(language, "screen.plan", evidence)
    if not evidence["questions"]:
        yield say(language, "screen.nothing")
        return
    for one in evidence["questions"]:
        yield ""
        yield say(language, "screen.question" if one["level"] is None else "screen.question_level", one)
        yield "   " + say(language, "screen.effect", one)
        if one["together"]:
            yield "   " + say(language, "screen.together", one)
    yield ""
    yield say(language, "screen.status")
