"""A matcher that records what it proposes: the same calls, and a trail that can be replayed."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from competences.errors import MisuseError
from competences.records.claims import ClaimStatus
from competences.records.learners import LearnerProfile
from competences.records.roles import Goal
from matching.audit.keys import Keys
from matching.audit.override import Overridden, override
from matching.audit.record import AuditRecord, Kind
from matching.audit.results import recorded
from matching.audit.trail import Trail
from matching.audit.versions import versions_of
from matching.plan.plan import Plan
from matching.plan.wishes import Wishes
from matching.query.matches import MatchResult

MATCH_OPTIONS = ("k", "exclude_ids", "allow_ids", "diversity")
PLAN_OPTIONS = ("pinned", "forbidden", "done", "failed", "max_steps", "max_parallel", "exact")
S = TypeVar("S", MatchResult, Plan, Overridden)


class Matching(Protocol):
    """What a matcher must do to be recorded and replayed."""

    @property
    def match(self) -> Callable[..., MatchResult]: ...

    @property
    def plan(self) -> Callable[..., Plan]: ...


@dataclass(frozen=True)
class Recorded(Generic[S]):
    """A result, and the line of the trail that tells of it."""

    subject: S
    record: AuditRecord
    asked: dict[str, Any]
    """Profile, goal, day and options, as they are signed."""


class Audited:
    """`match`, `plan` and `override`, each with a record in a folder.

    `keep_inputs`: keep the profile too, encrypted with the person's own key, so that a replay needs nothing else."""

    def __init__(self, matcher: Matching, folder: str | Path, *, keep_inputs: bool = False, trail: Trail | None = None):
        self.matcher, self.keep_inputs = matcher, keep_inputs
        self.trail = trail or Trail(folder)
        self.keys = Keys(Path(folder) / "keys.sqlite")

    def match(
        self, learner: LearnerProfile, *, goal: Goal | None = None, on: date | None = None, **options: Any
    ) -> Recorded[MatchResult]:
        """`Matcher.match`, recorded. `options`: k, exclude_ids, allow_ids, diversity."""
        stated = _stated(options, MATCH_OPTIONS)
        result = self.matcher.match(learner, goal=goal, on=on, **stated)
        asked = asked_of(learner, goal, result.on, stated)
        return Recorded(result, self._record("match", result, learner.id, asked), asked)

    def plan(
        self, learner: LearnerProfile, *, goal: Goal | None = None, on: date | None = None, **options: Any
    ) -> Recorded[Plan]:
        """`Matcher.plan`, recorded. `options`: pinned, forbidden, done, failed, max_steps, max_parallel, exact."""
        stated = _stated(options, PLAN_OPTIONS)
        plan = self.matcher.plan(learner, goal=goal, on=on, **stated)
        asked = asked_of(learner, goal, plan.person.on, stated)
        return Recorded(plan, self._record("plan", plan, learner.id, asked), asked)

    def override(
        self, original: Recorded[Plan], *, by: str, reason: str, pin: Iterable[str] = (), exclude: Iterable[str] = (),
        claims: Mapping[str, ClaimStatus | str] | None = None,
    ) -> Recorded[Overridden]:  # fmt: skip
        """Overrule a recorded plan; the record names the one that it overrules, and both stay."""
        plan, options = original.subject, original.asked["options"]
        done = override(
            plan, by=by, reason=reason, pin=pin, exclude=exclude, claims=claims, wishes=wishes_of(plan, options)
        )
        told = {
            "of": original.record.id, "by": by, "pin": list(done.pinned), "exclude": list(done.excluded),
            "set_aside": list(done.set_aside), "forced": [one.offer_id for one in done.forced],
        }  # fmt: skip
        secret = {"reason": reason, "claims": {name: status.value for name, status in (done.claims or {}).items()}}
        learner_id, asked = plan.person.learner.id, original.asked
        return Recorded(done, self._record("override", done.plan, learner_id, asked, told, secret), asked)

    def forget(self, person_id: str) -> bool:
        """Delete the person's key, and what the matcher remembers of anybody; False where no key was there.

        Records stay, and the chain with them: without the key they can be tied to nobody."""
        drop = getattr(self.matcher, "forget_people", None)
        if drop is not None:
            drop()
        return self.keys.forget(person_id)

    def _record(
        self, kind: Kind, subject: MatchResult | Plan, person_id: str, asked: dict[str, Any],
        told: dict[str, Any] | None = None, secret: dict[str, Any] | None = None,
    ) -> AuditRecord:  # fmt: skip
        key, identifier = self.keys.of(person_id), secrets.token_hex(12)
        hidden = {**(secret or {}), **({"asked": asked} if self.keep_inputs else {})}
        return self.trail.append(
            AuditRecord(
                id=identifier, at=self.trail.clock().isoformat(timespec="milliseconds"), kind=kind,
                person=key.pseudonym(person_id), input=key.sign(asked),
                sealed=key.seal(hidden, identifier) if hidden else None, on=asked["on"], options=asked["options"],
                versions=versions_of(subject.person), result=recorded(subject, key), override=told,
            )
        )  # fmt: skip


def asked_of(learner: LearnerProfile, goal: Goal | None, on: date, options: dict[str, Any]) -> dict[str, Any]:
    """Everything that a result depends on beside the catalogue, as plain data."""
    return {
        "learner": learner.model_dump(mode="json", exclude_unset=True),
        "goal": goal.model_dump(mode="json", exclude_unset=True) if goal else None,
        "on": on.isoformat(),
        "options": options,
    }


def wishes_of(plan: Plan, options: Mapping[str, Any]) -> Wishes:
    """The wishes behind the options of a recorded plan."""
    out = [offer for name in ("forbidden", "done", "failed") for offer in options.get(name, ())]
    return Wishes.of(
        plan.person.generation, pinned=options.get("pinned", ()), out=out,
        max_steps=options.get("max_steps"), max_parallel=options.get("max_parallel"),
    )  # fmt: skip


def _stated(options: Mapping[str, Any], known: tuple[str, ...]) -> dict[str, Any]:
    """Options as plain data. Those that cannot be written down cannot be replayed, and are refused."""
    unknown = sorted(set(options) - set(known))
    if unknown:
        raise MisuseError(f"what is recorded can be asked with {', '.join(known)}, not with {unknown[0]!r}")
    stated = sorted((name, value) for name, value in options.items() if value is not None)
    return {name: value if isinstance(value, int | float) else list(value) for name, value in stated}
