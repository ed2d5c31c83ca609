"""Make a recorded result again: the same bytes, or what has changed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from competences.errors import MisuseError
from competences.records.learners import LearnerProfile
from competences.records.roles import Goal
from matching.audit.audited import Matching, asked_of, wishes_of
from matching.audit.canonical import canonical
from matching.audit.keys import Keys, PersonKey
from matching.audit.override import override
from matching.audit.record import AuditRecord
from matching.audit.results import recorded
from matching.audit.versions import versions_of
from matching.plan.plan import Plan
from matching.query.matches import MatchResult


@dataclass(frozen=True)
class Replay:
    """What came of making a result again."""

    same: bool
    """Whether the result has the same bytes."""
    changed: tuple[str, ...]
    """What is not as it was: "input", or the names of versions; "forgotten" where the person's key is gone."""
    result: dict[str, Any] | None
    """What came out now; None where nothing could be made."""


def replay(
    record: AuditRecord, matcher: Matching, keys: Keys, learner: LearnerProfile | None = None, *,
    goal: Goal | None = None,
) -> Replay:  # fmt: skip
    """Make the result of a record again.

    The input comes from the record where it was kept, else from `learner` (and `goal`, where one was passed). Raises
    `MisuseError` where neither is there."""
    if record.kind == "pruned":
        raise MisuseError(f"record {record.id} tells of files that were deleted: it holds no result")
    key = keys.behind(record.person)
    if key is None:
        return Replay(False, ("forgotten",), None)
    secret = key.open(record.sealed, record.id) if record.sealed else {}
    asked = secret.get("asked")
    if asked is None:
        if learner is None:
            raise MisuseError(f"record {record.id} keeps no input: pass the learner that it was made for")
        asked = asked_of(learner, goal, date.fromisoformat(record.on), record.options)
    changed = [] if key.sign(asked) == record.input else ["input"]
    subject = _again(record, asked, secret, matcher)
    return _compared(record, subject, changed, key)


def _again(record: AuditRecord, asked: dict[str, Any], secret: dict[str, Any], matcher: Matching) -> MatchResult | Plan:
    learner = LearnerProfile.model_validate(asked["learner"])
    goal = Goal.model_validate(asked["goal"]) if asked["goal"] else None
    day, options = date.fromisoformat(asked["on"]), asked["options"]
    if record.kind == "match":
        return matcher.match(learner, goal=goal, on=day, **options)
    plan = matcher.plan(learner, goal=goal, on=day, **options)
    if record.override is None:
        return plan
    told = record.override
    return override(
        plan, by=told["by"], reason=secret["reason"], pin=told["pin"], exclude=told["exclude"],
        claims=secret["claims"], wishes=wishes_of(plan, options),
    ).plan  # fmt: skip


def _compared(record: AuditRecord, subject: MatchResult | Plan, changed: list[str], key: PersonKey) -> Replay:
    now, made = versions_of(subject.person), recorded(subject, key)
    changed += sorted(name for name in {*now, *record.versions} if now.get(name) != record.versions.get(name))
    same = canonical(made) == canonical(record.result)
    return Replay(same, tuple(changed), made)
