"""What commands are asked with: options that several of them share, and how they become records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from competences.encoders.loading import load_encoder
from competences.errors import DataError, MisuseError, UnknownIdError
from competences.records.hours import TimeBudget
from competences.records.io import first_problem, read_competences, read_roles
from competences.records.learners import LearnerProfile
from competences.records.roles import Goal
from competences.sources.opening import open_learners, open_offers
from competences.taxonomy.taxonomy import Taxonomy
from matching.matcher import Matcher
from matching.settings import Settings

Offers = Annotated[
    str, typer.Option("--offers", help="A path (JSON Lines), or format:path, such as vdab:trainings.jsonl.")
]
Learner = Annotated[
    str | None,
    typer.Option("--learner", help="A path (JSON Lines), or format:path, such as json_resume:cv.json."),
]
LearnerId = Annotated[
    str | None, typer.Option("--id", help="Which learner of the file; needed where it holds several.")
]
GoalText = Annotated[str | None, typer.Option("--goal", help='A goal in free text, in any language: "brood bakken".')]
Role = Annotated[str | None, typer.Option("--role", help="A goal by the id of a role (see --roles).")]
Roles = Annotated[Path | None, typer.Option("--roles", help="Roles that --role and profiles can name (JSON Lines).")]
Competences = Annotated[
    Path | None,
    typer.Option("--competences", help="Labels of the competence ids that offers and roles use (JSON Lines)."),
]
HoursPerWeek = Annotated[float | None, typer.Option("--hours", help="Own hours a week.")]
Weeks = Annotated[float | None, typer.Option("--weeks", help="For how many weeks.")]
On = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day to match on; today by default.")
]
Count = Annotated[int, typer.Option("-k", help="How many proposals.")]
LanguageOption = Annotated[str, typer.Option("--language", help="nl, en or fr.")]
EncoderOption = Annotated[
    str | None,
    typer.Option("--encoder", help="Another encoder: a folder, or the name of a sentence-transformers model."),
]
SettingsFile = Annotated[Path | None, typer.Option("--settings", help="Settings as JSON.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@dataclass(frozen=True)
class Question:
    """One person, one goal, one catalogue, one day."""

    matcher: Matcher
    learner: LearnerProfile
    on: date | None


def load_matcher(
    offers: str,
    roles: Path | None,
    competences: Path | None,
    settings: Path | None,
    encoder: str | None = None,
) -> Matcher:
    """A matcher over the offers that a path or format:path names."""
    return Matcher.from_offers(
        open_offers(offers),
        encoder=load_encoder(encoder),
        taxonomy=Taxonomy.from_competences(read_competences(competences)) if competences else None,
        roles=read_roles(roles) if roles else (),
        settings=read_settings(settings),
    )


def read_settings(path: Path | None) -> Settings:
    """Settings from JSON; the defaults where no file is named."""
    if path is None:
        return Settings()
    try:
        return Settings.model_validate_json(path.read_bytes())
    except ValidationError as error:
        field, expected = first_problem(error)
        raise DataError(expected, file=path, field=field or None) from error
    except OSError as error:
        raise MisuseError(f"{path}: cannot be opened: {error.strerror}") from error


def load_learner(
    path: str | None, identifier: str | None, goal: str | None, role: str | None,
    hours: float | None, weeks: float | None,
) -> LearnerProfile:  # fmt: skip
    """The learner of a file, or a nameless one; options on the command line come before what the profile says."""
    learner = LearnerProfile(id="you") if path is None else _chosen(path, identifier)
    if path is None and identifier is not None:
        raise MisuseError("--id chooses a learner of a file: name it with --learner")
    if goal is not None and role is not None:
        raise MisuseError("state --goal or --role, not both")
    updates: dict[str, object] = {}
    try:
        if goal is not None or role is not None:
            updates["goal"] = Goal(text=goal) if goal is not None else Goal(role=role)
        if hours is not None or weeks is not None:
            stated = (learner.budget or TimeBudget()).model_dump(exclude_unset=True)
            stated |= {
                name: value for name, value in (("hours_per_week", hours), ("weeks", weeks)) if value is not None
            }
            updates["budget"] = TimeBudget.model_validate(stated)
    except ValidationError as error:
        field, expected = first_problem(error)
        raise MisuseError(f"{_OPTIONS.get(field, field)}: {expected}") from error
    return learner.model_copy(update=updates)


_OPTIONS = {"hours_per_week": "--hours", "weeks": "--weeks", "text": "--goal", "role": "--role"}


def _chosen(path: str, identifier: str | None) -> LearnerProfile:
    learners = {learner.id: learner for learner in open_learners(path)}
    if identifier is not None:
        if identifier not in learners:
            raise UnknownIdError("learner", identifier, f"{path} holds {_some(list(learners))}")
        return learners[identifier]
    if len(learners) != 1:
        raise MisuseError(f"{path} holds {len(learners)} learners; choose one with --id ({_some(list(learners))})")
    return next(iter(learners.values()))


def _some(ids: list[str]) -> str:
    return ", ".join(ids[:5]) + (", …" if len(ids) > 5 else "") if ids else "none"


def day(on: datetime | None) -> date | None:
    return None if on is None else on.date()
