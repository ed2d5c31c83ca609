"""What a result stored, as plain data: the only thing that explanations, pages and records are written from.

Every number of an explanation stands here under its own name. Nothing is decided here; labels are looked up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from competences.records.learners import LearnerProfile
from competences.records.offers import OfferKind
from matching.explanation.bundles import BILL, numbered
from matching.explanation.excluded import LeftOut, left_out
from matching.explanation.held import Held, held_share, held_through
from matching.explanation.plain import plain
from matching.explanation.weeks import weeks_of
from matching.plan.plan import OpenRequirement, Plan, Step
from matching.query.conditions import Change, Reason
from matching.query.matches import Match, MatchResult
from matching.query.own_hours import HoursBill
from matching.query.person import Cover, Person
from matching.version import __version__

Evidence = dict[str, Any]

FEW_DAYS = 4
"""More days than this are counted, not listed."""
MOST_EXCLUDED = 5
"""How many excluded offers an explanation names."""


def of_result(result: MatchResult, language: str, excluded: int = MOST_EXCLUDED) -> Evidence:
    """Ranked offers with what each covers, the bill of each, and who is left out."""
    person = result.person
    proposed = {match.offer_id for match in result.matches}
    return {
        "kind": "matches",
        **_head(person, language),
        "empty": result.empty,
        "count": len(result.matches),
        "matches": [_match(result, match, rank, language) for rank, match in enumerate(result.matches, start=1)],
        "excluded": [_left_out(person, one, language) for one in left_out(person, proposed, excluded)],
    }


def of_plan(plan: Plan, language: str, excluded: int = MOST_EXCLUDED) -> Evidence:
    """Steps with their days and bills, what they close, what stays open, and who is left out."""
    person = plan.person
    proposed = {step.offer_id for step in plan.steps}
    steps = numbered([_step(person, step, language) for step in plan.steps])
    return {
        "kind": "plan",
        **_head(person, language),
        "status": plan.status.value,
        "gain": plan.gain,
        "coverage": plan.coverage,
        "bound": plan.bound,
        "own_hours": plan.own_hours,
        "workplace_hours": plan.workplace_hours,
        "hours_available": plan.hours_available,
        "hours_per_week": person.learner.budget.hours_per_week if person.learner.budget else None,
        "finish": plain(plan.finish),
        "price": plan.price,
        "impossible": list(plan.impossible),
        "count": len(steps),
        "ledger": {name: sum(getattr(step.bill, name) for step in plan.steps) for name in BILL[:-1]},
        "steps": steps,
        "weeks": weeks_of(plan),
        "open": [_open(person, one, language) for one in plan.open],
        "excluded": [_left_out(person, one, language) for one in left_out(person, proposed, excluded)],
    }


def of_reason(reason: Reason, named: Callable[[str], str] = str) -> Evidence:
    """Code, facts, and the edit of the profile that lifts it; `named` turns ids into what people call them."""
    facts = {name: plain(value) for name, value in reason.facts.items()}
    if "names" in facts:
        facts["names"] = [named(name) for name in facts["names"]]
    facts |= _many_days(facts.get("sessions", []))
    return {
        "code": reason.code,
        "kind": reason.kind.value,
        "facts": facts,
        "changes": [_change(change) for change in reason.changes],
    }


def _many_days(sessions: list[Any]) -> Evidence:
    """Nobody reads sixty days one by one: their number, the first and the last, and the hours of the week."""
    days = sorted(one for one in sessions if isinstance(one, str))
    if len(days) <= FEW_DAYS:
        return {}
    slots = [one for one in sessions if not isinstance(one, str)]
    return {"slots": slots, "days": len(days), "first_day": days[0], "last_day": days[-1]}


def used_fields(learner: LearnerProfile) -> list[str]:
    """The profile fields that are filled in: what a result can have been made from."""
    stated = learner.model_dump(exclude_defaults=True, exclude={"id"})
    return sorted(stated)


def versions(person: Person) -> Evidence:
    """What made the result: program, encoder, taxonomy, and how many offers were looked at."""
    concepts = person.generation.coverage.concepts
    return {
        "leermatch": __version__,
        "encoder": concepts.encoder.fingerprint,
        "taxonomy": plain(getattr(concepts.taxonomy, "version", None)),
        "offers": len(person.generation.catalogue),
    }


def _head(person: Person, language: str) -> Evidence:
    goal = person.goal
    role = goal.role if isinstance(goal.role, str) else getattr(goal.role, "id", None)
    arrays = person.demand.arrays
    return {
        "learner_id": person.learner.id,
        "on": person.on.isoformat(),
        "goal": {"role": role, "title": _goal_title(person, language), "text": goal.text},
        "held": held_share(person),
        "requirements": [
            {
                **_requirement(person, requirement, language),
                "held": float(arrays.held[i]),
                "open": max(0.0, 1.0 - float(arrays.held[i])),
                "claim": _claim(person, through, language),
            }
            for i, (requirement, through) in enumerate(zip(person.requirements, held_through(person), strict=True))
        ],
        "profile_fields_used": used_fields(person.learner),
        "versions": versions(person),
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


def _claim(person: Person, held: Held | None, language: str) -> Evidence | None:
    if held is None or held.value <= 0:
        return None
    return {
        "competence": held.claim.competence,
        "label": person.label(held.claim.competence, language),
        "status": held.claim.status.value,
        "provenance": held.claim.provenance.value,
        "strength": held.strength,
        "trust": held.trust,
        "value": held.value,
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
        **_source(result.person, match.offer_id),
        "bill": _bill(result.bill(match.offer_id)),
        "covers": [_cover(result.person, cover, language) for cover in result.covers(match.offer_id)],
    }


def _step(person: Person, step: Step, language: str) -> Evidence:
    return {
        "offer_id": step.offer_id,
        "title": step.title,
        "run_id": step.run_id,
        "start": step.start.isoformat(),
        "end": step.end.isoformat(),
        "own_hours": step.own_hours,
        "price": step.price,
        "bundle": step.bundle,
        **_source(person, step.offer_id),
        "bill": _bill(step.bill),
        "covers": [_cover(person, cover, language) for cover in step.covers],
        "weeks": [{"start": week.start.isoformat(), "hours": week.hours} for week in step.weeks],
    }


def _source(person: Person, offer_id: str) -> Evidence:
    catalogue = person.generation.catalogue
    offer = catalogue.offers[catalogue.row(offer_id)]
    return {
        "offer_kind": offer.kind.value,
        "recognition": offer.kind is OfferKind.RECOGNITION,
        "provider": offer.provider,
        "url": offer.url,
        "source": offer.source,
    }


def _bill(bill: HoursBill) -> Evidence:
    notes = [{"code": note.code, "facts": plain(dict(note.facts))} for note in bill.notes]
    return {**{name: getattr(bill, name) for name in BILL}, "basis": bill.basis.value, "notes": notes}


def _cover(person: Person, cover: Cover, language: str) -> Evidence:
    return {
        "requirement": cover.requirement.competence,
        "requirement_level": cover.requirement.level,
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


def _left_out(person: Person, one: LeftOut, language: str) -> Evidence:
    offer = person.generation.catalogue.offers[one.row]
    return {
        "offer_id": offer.id,
        "title": offer.title,
        "provider": offer.provider,
        "gain": one.gain,
        "reasons": [of_reason(reason, lambda name: _named(person, name, language)) for reason in one.reasons],
    }


def _named(person: Person, name: str, language: str) -> str:
    """An offer by its title, a competence by its label, with the level that stands behind it."""
    catalogue = person.generation.catalogue
    if (row := catalogue.row(name)) >= 0:
        return catalogue.offers[row].title
    competence, at, level = name.partition(" at level ")
    label = person.label(competence, language)
    return f"{label} ({level})" if at else label


def _change(change: Change) -> Evidence:
    return {"field": change.field, "how": change.how, "value": plain(change.value)}
