"""What is worth asking: open competences of the goal about which the profile is not sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from competences.records.competence import Requirement
from matching.plan.plan import Plan

UNKNOWN = 0.3
"""Probability of a yes about a competence to which no claim comes near: people who want a role often can do some of it.
An assumption, not a measurement; it only orders questions."""
NEVER_SURE = 0.95
SMALL = 1e-9


@dataclass(frozen=True)
class Askable:
    """One competence that could be asked about."""

    competence: str
    level: float | None
    probability: float
    stake: float
    """Own hours of the plan that hang on it, times the probability, and its weight: chooses what is worked out."""


def askable(plan: Plan) -> tuple[Askable, ...]:
    """Every competence of the goal that is open and not fully claimed, the highest stake first, ties by competence."""
    arrays, requirements = plan.person.demand.arrays, plan.person.requirements
    groups: dict[str, list[int]] = {}
    for i, one in enumerate(requirements):
        if arrays.held[i] < 1 - SMALL and arrays.recognisable[i] < 1 - SMALL:
            groups.setdefault(one.competence, []).append(i)
    found = [_open(competence, rows, requirements, plan) for competence, rows in groups.items()]
    return tuple(sorted(found, key=lambda one: (-one.stake, one.competence)))


def _open(competence: str, rows: Sequence[int], requirements: Sequence[Requirement], plan: Plan) -> Askable:
    arrays = plan.person.demand.arrays
    near = max(float(max(arrays.held[i], arrays.recognisable[i])) for i in rows)
    probability = min(NEVER_SURE, UNKNOWN + (1 - UNKNOWN) * near)
    levels = [level for i in rows if (level := requirements[i].level) is not None]
    weight = sum(requirements[i].weight * (1 - float(arrays.held[i])) for i in rows)
    hours = sum(
        step.own_hours * sum(cover.gain for cover in step.covers if cover.requirement.competence == competence)
        / max(SMALL, sum(cover.gain for cover in step.covers))
        for step in plan.steps
    )  # fmt: skip
    return Askable(competence, max(levels, default=None), probability, probability * (hours + weight))
