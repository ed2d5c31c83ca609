"""`leermatch replay`: make a recorded result again, and say whether it is the same."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from competences.errors import MisuseError
from competences.records.roles import Goal
from matching.audit.keys import Keys
from matching.audit.replay import Replay
from matching.audit.replay import replay as again
from matching.audit.trail import Trail
from matching.cli import inputs, show

AuditFolder = Annotated[Path, typer.Option("--audit", help="The folder with the records.")]


def replay(
    record: Annotated[str, typer.Argument(help="The id of a record.")],
    offers: inputs.Offers,
    audit: AuditFolder,
    learner: inputs.Learner = None,
    identifier: inputs.LearnerId = None,
    goal: inputs.GoalText = None,
    roles: inputs.Roles = None,
    competences: inputs.Competences = None,
    encoder: inputs.EncoderOption = None,
    settings: inputs.SettingsFile = None,
    as_json: inputs.Json = False,
) -> None:
    """Make the result of a record again: the same bytes, or what has changed since. Exits with 1 where it differs.

    Example: leermatch replay 5f0c41aa09d2 --audit records --offers offers.jsonl --learner me.json
    """
    if not (audit / "keys.sqlite").is_file():
        raise MisuseError(f"{audit} holds no records: keys.sqlite is missing")
    told = Trail(audit).find(record)
    person = inputs.load_learner(learner, identifier, None, None, None, None) if learner else None
    matcher = inputs.load_matcher(offers, roles, competences, settings, encoder)
    wanted = Goal(text=goal) if goal else None
    found = again(told, matcher, Keys(audit / "keys.sqlite"), person, goal=wanted)
    if as_json:
        show.json({"record": record, "same": found.same, "changed": list(found.changed), "result": found.result})
    else:
        show.lines(_said(found))
    if not found.same:
        raise typer.Exit(1)


def _said(found: Replay) -> str:
    changed = ", ".join(found.changed)
    if found.changed == ("forgotten",):
        return "not made again: the person was forgotten, and the record can be tied to nobody"
    if found.same:
        return "the same result" + (f"; changed since: {changed}" if changed else "")
    return f"another result; changed since: {changed or 'nothing that is known, so the record or the machine differs'}"
