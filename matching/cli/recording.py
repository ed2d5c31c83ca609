"""Options of commands that can be read by several audiences and recorded: who reads it, and where the record goes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from competences.errors import MisuseError
from competences.records.learners import LearnerProfile
from matching.audit.audited import Audited
from matching.cli import show
from matching.explanation.audiences import AUDIENCES, Audience
from matching.matcher import Matcher
from matching.plan.plan import Plan
from matching.query.matches import MatchResult

AudienceOption = Annotated[str, typer.Option("--audience", help="learner, counsellor or organisation.")]
AuditOption = Annotated[Path | None, typer.Option("--audit", help="Keep a record in this folder (see replay).")]


def reader(audience: str) -> Audience:
    """An audience that explanations are written for; another one is an error that lists them."""
    if audience not in AUDIENCES:
        raise MisuseError(f"explanations are written for {', '.join(AUDIENCES)}, not for {audience!r}")
    return cast(Audience, audience)


def matched(
    matcher: Matcher, learner: LearnerProfile, k: int, on: date | None, folder: Path | None, diversity: float = 0.0
) -> MatchResult:
    """A match, recorded where a folder is named; the id of the record goes to stderr."""
    options: dict[str, Any] = {"k": k, **({"diversity": diversity} if diversity else {})}
    if folder is None:
        return matcher.match(learner, on=on, **options)
    told = Audited(matcher, folder).match(learner, on=on, **options)
    show.lines(f"record {told.record.id}", err=True)
    return told.subject


def planned(
    matcher: Matcher, learner: LearnerProfile, on: date | None, folder: Path | None, *,
    pinned: Iterable[str] = (), forbidden: Iterable[str] = (), done: Iterable[str] = (), failed: Iterable[str] = (),
    max_steps: int | None = None, max_parallel: int | None = None,
) -> Plan:  # fmt: skip
    """A plan, recorded where a folder is named."""
    asked = {
        "pinned": tuple(pinned), "forbidden": tuple(forbidden), "done": tuple(done), "failed": tuple(failed),
        "max_steps": max_steps, "max_parallel": max_parallel,
    }  # fmt: skip
    options: dict[str, Any] = {name: value for name, value in asked.items() if value not in ((), None)}
    if folder is None:
        return matcher.plan(learner, on=on, **options)
    told = Audited(matcher, folder).plan(learner, on=on, **options)
    show.lines(f"record {told.record.id}", err=True)
    return told.subject
