"""What a person holds of each requirement already, and which claim says so."""

from __future__ import annotations

from dataclasses import dataclass

from competences.records.claims import CompetenceClaim
from competences.records.competence import Requirement
from matching.query.demand import current_claims
from matching.query.kernels import level_factor
from matching.query.person import Person


@dataclass(frozen=True)
class Held:
    """One claim that counts for one requirement."""

    claim: CompetenceClaim
    strength: float
    """How far holding the claimed competence gives what is required, in [0, 1]."""
    trust: float
    """How far the claim counts: status × provenance × confidence."""
    value: float
    """Trust × strength × level factor: what counts as held."""


def held_through(person: Person) -> tuple[Held | None, ...]:
    """Per requirement the claim that gives most of it; None where no current claim gives any."""
    claims = current_claims(person.learner, person.on)
    return tuple(
        max((_held(person, claim, i) for claim in claims), key=lambda one: one.value, default=None)
        for i in range(len(person.requirements))
    )


def held_share(person: Person) -> float:
    """Share of the goal that claims give already, in [0, 1]; 1 where the goal asks for nothing that weighs."""
    arrays = person.demand.arrays
    total = float(arrays.weight.sum())
    if not len(arrays.weight):
        return 0.0
    return float(arrays.weight @ arrays.held.clip(0.0, 1.0)) / total if total > 0 else 1.0


def _held(person: Person, claim: CompetenceClaim, i: int) -> Held:
    asked = person.requirements[i]
    strength = _strength(person, claim.competence, asked, i)
    trust = person.generation.catalogue.settings.trust(claim)
    return Held(claim, strength, trust, trust * strength * _level(claim.level, asked.level))


def _level(has: float | None, asked: float | None) -> float:
    return float(level_factor(has or 0.0, asked or 0.0))


def _strength(person: Person, competence: str, asked: Requirement, i: int) -> float:
    coverage = person.generation.coverage
    if coverage.concepts.vocabulary.row(competence) >= 0:
        return person.strengths[i].get(competence, 0.0)
    vector, wanted = coverage.vectors_of([competence])[0], [asked.competence]
    return float(coverage.concepts.given(competence, vector, wanted, coverage.vectors_of(wanted))[0])
