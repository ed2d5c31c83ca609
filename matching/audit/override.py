"""A person overrules the plan: what they decide wins, and what was proposed stays beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from competences.errors import MisuseError, UnknownIdError
from competences.records.claims import ClaimStatus, Evidence
from competences.records.learners import LearnerProfile
from matching.plan import solving
from matching.plan.limits import LIFTS
from matching.plan.plan import Plan, PlanStatus
from matching.plan.wishes import NO_WISHES, Wishes
from matching.query.conditions import Reason, ReasonKind, applied
from matching.query.person import Person
from matching.query.why_not import reasons

PERSONAL_LIMITS = tuple(name for name in LIFTS if name != "access")


@dataclass(frozen=True)
class Forced:
    """A pinned offer that no change on the side of the person admits, such as one that is full: it stands, and the rest
    is planned around it."""

    offer_id: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Overridden:
    """The new plan, the one that was proposed, and who decided what, and why."""

    original: Plan
    plan: Plan
    by: str
    reason: str
    pinned: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    claims: Mapping[str, ClaimStatus] | None = None
    set_aside: tuple[str, ...] = ()
    """Conditions of the person that a pinned offer does not meet and that were set aside for it."""
    forced: tuple[Forced, ...] = ()


def override(
    plan: Plan, *, by: str, reason: str, pin: Iterable[str] = (), exclude: Iterable[str] = (),
    claims: Mapping[str, ClaimStatus | str] | None = None, wishes: Wishes = NO_WISHES,
) -> Overridden:  # fmt: skip
    """Plan anew with offers pinned or excluded, and with another status for claims (by competence).

    `wishes`: what the original plan was asked with. A pinned offer is in the new plan or in `forced`, an excluded one
    in neither. Raises `MisuseError` without a name and a reason, `UnknownIdError` for an unknown offer or claim."""
    if not by.strip() or not reason.strip():
        raise MisuseError("an override states who decides (by) and why (reason)")
    pinned, excluded, changed = tuple(sorted(set(pin))), tuple(sorted(set(exclude))), _statuses(claims or {})
    if not pinned and not excluded and not changed:
        raise MisuseError("an override pins or excludes an offer, or changes the status of a claim")
    person = plan.person.changed(_with_statuses(plan.person.learner, changed, by)) if changed else plan.person
    asked = Wishes.of(
        person.generation, pinned=(wishes.pinned - set(excluded)) | set(pinned),
        out=(wishes.forbidden - set(pinned)) | set(excluded), previous=plan,
        max_steps=wishes.max_steps, max_parallel=wishes.max_parallel,
    )  # fmt: skip
    made, aside, forced = _planned(person, asked)
    return Overridden(plan, made, by, reason, pinned, excluded, changed or None, aside, forced)


def _planned(person: Person, wishes: Wishes) -> tuple[Plan, tuple[str, ...], tuple[Forced, ...]]:
    """As few conditions set aside as it takes: none, those that keep the pinned offers out, all of the person's."""
    made = solving.plan(person, wishes)
    if made.status is not PlanStatus.IMPOSSIBLE:
        return made, (), ()
    in_the_way = [one for offer in sorted(wishes.pinned) for one in _reasons(person, offer)]
    aside = tuple(dict.fromkeys(one.code for one in in_the_way))
    admitted = person.changed(applied(person.learner, in_the_way))
    made = solving.plan(admitted, wishes)
    if made.status is not PlanStatus.IMPOSSIBLE:
        return made, aside, ()
    learner = admitted.learner
    for name in PERSONAL_LIMITS:
        learner = LIFTS[name](learner)
    unlimited, aside = admitted.changed(learner), (*aside, *PERSONAL_LIMITS)
    made = solving.plan(unlimited, wishes)
    if made.status is not PlanStatus.IMPOSSIBLE:
        return made, aside, ()
    stuck = set(made.impossible) or set(wishes.pinned)
    rest = replace(wishes, pinned=wishes.pinned - stuck, max_steps=None)
    made = solving.plan(unlimited, rest)
    if made.status is PlanStatus.IMPOSSIBLE:
        stuck, made = set(wishes.pinned), solving.plan(person, replace(wishes, pinned=frozenset()))
    return made, aside, tuple(Forced(offer, _reasons(person, offer)) for offer in sorted(stuck))


def _reasons(person: Person, offer_id: str) -> tuple[Reason, ...]:
    """What keeps an offer out; that it adds nothing is for the counsellor to judge."""
    found = reasons(person, person.generation.catalogue.row(offer_id))
    return tuple(one for one in found if one.kind is not ReasonKind.NO_GAIN)


def _statuses(claims: Mapping[str, ClaimStatus | str]) -> dict[str, ClaimStatus]:
    try:
        return {competence: ClaimStatus(status) for competence, status in sorted(claims.items())}
    except ValueError as error:
        known = ", ".join(status.value for status in ClaimStatus)
        raise MisuseError(f"the status of a claim is one of {known}: {error}") from error


def _with_statuses(learner: LearnerProfile, statuses: Mapping[str, ClaimStatus], by: str) -> LearnerProfile:
    unknown = sorted(set(statuses) - {claim.competence for claim in learner.claims})
    if unknown:
        raise UnknownIdError("claim", unknown[0], f"learner {learner.id!r} does not claim it")
    told = Evidence(kind="override", source=by)
    claims = tuple(
        claim.model_copy(update={"status": statuses[claim.competence], "evidence": (*claim.evidence, told)})
        if claim.competence in statuses
        else claim
        for claim in learner.claims
    )
    return learner.model_copy(update={"claims": claims})
