"""Microcredentials towards a qualification: what a stack gives, with nothing counted twice.

A member spreads its credits evenly over its outcomes. Each outcome that the qualification asks for brings the largest
share that any one member gives it, so overlap counts once, the order of the members does not matter, and a stack never
has more credits than its members together. Credits for a lower level than is asked count only where the member names
this qualification as one that it stacks into.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from competences.encoders.text import normalise
from competences.records.claims import Credential
from competences.records.competence import Outcome, Requirement
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer
from competences.records.roles import JobRole

Member = Credential | LearningOffer
Qualification = JobRole | Credential | LearningOffer


class LeftOut(StrEnum):
    """Why a member adds nothing to the stack."""

    EXPIRED = "expired"
    STACKS_ELSEWHERE = "stacks_elsewhere"
    """It names what it stacks into, and not this qualification."""
    NOT_ASKED = "not_asked"
    """None of its outcomes is asked for."""
    BELOW_LEVEL = "below_level"
    """Its outcomes are asked for at a higher level: a step on the way, and no credits."""
    COUNTED_ALREADY = "counted_already"
    """Other members give the same outcomes for as many credits."""


@dataclass(frozen=True)
class StackMember:
    """One microcredential in a stack."""

    id: str
    title: str
    ects: float | None
    """As its issuer states them; None is unknown."""
    counted: float
    """ECTS that count towards the qualification through this member."""
    competences: tuple[str, ...]
    """What the qualification asks for and gets through this member."""
    left_out: LeftOut | None
    below_level: bool
    """True where its VKS level is known to lie below the qualification's: the institution decides."""


@dataclass(frozen=True)
class StackProgress:
    """How far a stack has come."""

    qualification_id: str
    members: tuple[StackMember, ...]
    asked: tuple[str, ...]
    covered: tuple[str, ...]
    """What some member gives at the level that is asked."""
    share: float
    """How far the outcomes are reached on average, levels included, in [0, 1]."""
    ects_asked: float | None

    @property
    def ects(self) -> float:
        """Credits that count; never more than those of the members together."""
        return sum(one.counted for one in self.members)

    @property
    def open(self) -> tuple[str, ...]:
        """What no member gives yet at that level."""
        return tuple(one for one in self.asked if one not in self.covered)


def stack(qualification: Qualification, members: Iterable[Member], on: date | None = None) -> StackProgress:
    """The progress of some microcredentials, held or planned, towards a qualification on a day (today).

    Outcomes are the same where their id or normalised text is, and count only at the level that is asked.
    """
    day = on or date.today()
    asked = {normalise(one.competence): one for one in _asked(qualification, day)}
    listed = sorted({one.id: one for one in members}.values(), key=lambda one: one.id)
    barred = {one.id: _barred(one, qualification, day) for one in listed}
    usable = [one for one in listed if barred[one.id] is None]
    gives = {one.id: _given(_outcomes(one, day), asked) for one in usable}
    reached = {key: max((given.get(key, 0.0) for given in gives.values()), default=0.0) for key in asked}
    credit = {one.id: (ects_of(one) or 0.0) / max(1, len(dict(_outcomes(one, day)))) for one in usable}
    owner: dict[str, str] = {}
    for key in asked:
        counting = [one.id for one in usable if gives[one.id].get(key, 0.0) >= _least(one, qualification)]
        if counting:
            owner[key] = min(counting, key=lambda identifier: (-credit[identifier], identifier))
    return StackProgress(
        qualification.id,
        tuple(_member(one, barred[one.id], gives, credit, owner, asked, qualification) for one in listed),
        tuple(one.competence for one in asked.values()),
        tuple(asked[key].competence for key, share in reached.items() if share >= 1),
        sum(reached.values()) / len(asked) if asked else 0.0,
        ects_of(qualification),
    )


def members_of(learner: LearnerProfile, offers: Mapping[str, LearningOffer] | None = None) -> tuple[Member, ...]:
    """What a person can stack: credentials, and the offers that were completed."""
    followed = (offers[one] for one in learner.completed if offers and one in offers)
    return (*learner.credentials, *followed)


def ects_of(record: Qualification) -> float | None:
    """ECTS as stated; None where unknown, and for roles, which have none."""
    if isinstance(record, LearningOffer):
        return record.time.ects
    return record.ects if isinstance(record, Credential) else None


def _member(
    one: Member, barred: LeftOut | None, gives: Mapping[str, Mapping[str, float]], credit: Mapping[str, float],
    owner: Mapping[str, str], asked: Mapping[str, Requirement], qualification: Qualification,
) -> StackMember:  # fmt: skip
    own = [key for key, identifier in owner.items() if identifier == one.id]
    reason = barred
    if reason is None and not own:
        reason = _adds_nothing(gives[one.id], _least(one, qualification))
    return StackMember(
        one.id, one.title, ects_of(one), len(own) * credit.get(one.id, 0.0),
        tuple(asked[key].competence for key in own), reason, _below(one, qualification),
    )  # fmt: skip


def _asked(qualification: Qualification, on: date) -> Iterable[Requirement]:
    if isinstance(qualification, JobRole):
        return qualification.requirements
    return (Requirement(competence=one.competence, level=one.level) for _, one in _outcomes(qualification, on))


def _outcomes(record: Member, on: date) -> list[tuple[str, Outcome]]:
    """(key, outcome) of what a credential states, expired ones left out, or an offer teaches."""
    if isinstance(record, LearningOffer):
        found = list(record.outcomes)
    else:
        current = (claim for claim in record.claims() if claim.expires is None or claim.expires >= on)
        found = [Outcome(competence=claim.competence, level=claim.level) for claim in current]
    return [(normalise(one.competence), one) for one in found]


def _given(outcomes: Iterable[tuple[str, Outcome]], asked: Mapping[str, Requirement]) -> dict[str, float]:
    """Key → share of the level that is asked, in (0, 1], for what is asked at all."""
    found: dict[str, float] = {}
    for key, outcome in outcomes:
        if key in asked:
            level = asked[key].level
            share = 1.0 if level is None or outcome.level is None else min(1.0, outcome.level / level)
            found[key] = max(found.get(key, 0.0), share)
    return found


def _least(one: Member, qualification: Qualification) -> float:
    """The share of a level from which its credits count: any where the member is made for this qualification."""
    made_for_it = isinstance(one, LearningOffer) and qualification.id in one.stackable_into
    return 1e-9 if made_for_it else 1.0


def _adds_nothing(given: Mapping[str, float], least: float) -> LeftOut:
    if not given:
        return LeftOut.NOT_ASKED
    return LeftOut.COUNTED_ALREADY if max(given.values()) >= least else LeftOut.BELOW_LEVEL


def _barred(one: Member, qualification: Qualification, on: date) -> LeftOut | None:
    if isinstance(one, Credential):
        return LeftOut.EXPIRED if one.expires is not None and one.expires < on else None
    if one.stackable_into and qualification.id not in one.stackable_into:
        return LeftOut.STACKS_ELSEWHERE
    return None


def _below(one: Member, qualification: Qualification) -> bool:
    if isinstance(qualification, JobRole) or qualification.vks_level is None or one.vks_level is None:
        return False
    return one.vks_level < qualification.vks_level
