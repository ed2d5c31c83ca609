"""What a result stored, as plain data: the only thing that explanations, pages and records are written from.

Every number of an explanation stands here under its own name. Nothing is decided here; labels are looked up.
"""

from __future__ import annotations

from typing import Any

from competences.records.base import Record
from competences.records.learners import LearnerProfile
from matching.plan.plan import OpenRequirement, Plan, Step
from matching.query.conditions import Change, Reason
from matching.query.matches import Match, MatchResult
from matching.query.own_hours import HoursBill
from matching.query.person import Cover, Person

Evidence = dict[str, Any]

BILL = ("contact", "self_study", "assessment", "travel", "paid_leave", "exempted", "workplace", "own_hours")


def of_result(result: MatchResult, language: str) -> Evidence:
    """Ranked offers with what each covers, and the bill of each."""
    person = result.person
    return {
        "kind": "matches",
        **_head(person, language),
        "empty": result.empty,
        "matches": [_match(result, match, rank, language) for rank, match in enumerate(result.matches, start=1)],
    }


def of_plan(plan: Plan, language: str) -> Evidence:
    """Steps with their days and bills, what they close, what stays open."""
    return {
        "kind": "plan",
        **_head(plan.person, language),
        "status": plan.status.value,
        "gain": plan.gain,
        "coverage": plan.coverage,
        "bound": plan.bound,
        "own_hours": plan.own_hours,
        "workplace_hours": plan.workplace_hours,
        "hours_available": plan.hours_available,
        "steps": [_step(plan.person, step, number, language) for number, step in enumerate(plan.steps, start=1)],
        "open": [_open(plan.person, one, language) for one in plan.open],
    }


def of_reason(reason: Reason) -> Evidence:
    """Code, facts, and the edit of the profile that lifts it."""
    facts = {name: plain(value) for name, value in reason.facts.items()}
    return {
        "code": reason.code,
        "kind": reason.kind.value,
        "facts": facts,
        "changes": [_change(change) for change in reason.changes],
    }


def used_fields(learner: LearnerProfile) -> list[str]:
    """The profile fields that are filled in: what a result can have been made from."""
    stated = learner.model_dump(exclude_defaults=True, exclude={"id"})
    return sorted(stated)


def plain(value: Any) -> Any:
    """A value as JSON knows it."""
    if isinstance(value, Record):
        return value.model_dump(mode="json", exclude_defaults=True)
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return getattr(value, "name", None) if hasattr(value, "__members__") else value


def _head(person: Person, language: str) -> Evidence:
    goal = person.goal
    role = goal.role if isinstance(goal.role, str) else getattr(goal.role, "id", None)
    arrays = person.demand.arrays
    return {
        "learner_id": person.learner.id,
        "on": person.on.isoformat(),
        "goal": {"role": role, "title": _goal_title(person, language), "text": goal.text},
        "requirements": [
            {
                **_requirement(person, requirement, language),
                "held": float(arrays.held[i]),
                "open": max(0.0, 1.0 - float(arrays.held[i])),
            }
            for i, requirement in enumerate(person.requirements)
        ],
        "profile_fields_used": used_fields(person.learner),
    }


def _goal_title(person: Person, language: str) -> str:
    goal = person.goal
    if goal.text is not None:
        return goal.text
    role = person.generation.roles.get(goal.role) if isinstance(goal.role, str) else goal.role
    if role is not None:
        return role.titles.get(language, role.title)
    return ", ".join(person.label(requirement.competence, language) for requirement in person.requirements)


def _requirement(person: Person, requirement: Any, language: str) -> Evidence:
    return {
        "competence": requirement.competence,
        "label": person.label(requirement.competence, language),
        "level": requirement.level,
        "weight": requirement.weight,
        "gate": requirement.gate,
    }


def _match(result: MatchResult, match: Match, rank: int, language: str) -> Evidence:
    return {
        "rank": rank,
        "offer_id": match.offer_id,
        "title": match.title,
        "run_id": match.run_id,
        "score": match.score,
        "gain": match.gain,
        "own_hours": match.own_hours,
        "gain_per_hour": match.gain_per_hour,
        "hours_basis": match.hours_basis.value,
        "bill": _bill(result.bill(match.offer_id)),
        "covers": [_cover(result.person, cover, language) for cover in result.covers(match.offer_id)],
    }


def _step(person: Person, step: Step, number: int, language: str) -> Evidence:
    return {
        "number": number,
        "offer_id": step.offer_id,
        "title": step.title,
        "run_id": step.run_id,
        "start": step.start.isoformat(),
        "end": step.end.isoformat(),
        "own_hours": step.own_hours,
        "bill": _bill(step.bill),
        "covers": [_cover(person, cover, language) for cover in step.covers],
    }


def _bill(bill: HoursBill) -> Evidence:
    notes = [{"code": note.code, "facts": dict(note.facts)} for note in bill.notes]
    return {**{name: getattr(bill, name) for name in BILL}, "basis": bill.basis.value, "notes": notes}


def _cover(person: Person, cover: Cover, language: str) -> Evidence:
    return {
        "requirement": cover.requirement.competence,
        "requirement_label": person.label(cover.requirement.competence, language),
        "through": cover.through.competence,
        "through_label": person.label(cover.through.competence, language),
        "derived": cover.through.derived,
        "recognition": cover.recognition,
        "strength": cover.strength,
        "value": cover.value,
        "held": cover.held,
        "gain": cover.gain,
    }


def _open(person: Person, one: OpenRequirement, language: str) -> Evidence:
    closest = one.closest
    return {
        **_requirement(person, one.requirement, language),
        "share": one.share,
        "closest": None
        if closest is None
        else {"offer_id": closest.offer_id, "title": closest.title, "own_hours": closest.own_hours},
    }


def _change(change: Change) -> Evidence:
    return {"field": change.field, "how": change.how, "value": plain(change.value)}
