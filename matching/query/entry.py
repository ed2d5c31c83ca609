"""Entry conditions: which of the things that offers ask for beforehand a person has."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from competences.records.learners import LearnerProfile
from matching.index.generation import Generation
from matching.index.memory import Memory
from matching.query.demand import current_claims
from matching.query.reach import Reach, level_share

REMEMBERED = 1 << 16
"""Distinct claims whose answer is kept."""
Stated = tuple[str, float | None]
"""What a claim says: competence and level."""
ENTRY_THRESHOLD = 0.8
"""A claim meets an entry condition from this strength on: who claims it may enter, whatever the claim's status."""


class Entry:
    """The entry atoms of one catalogue, and who meets them."""

    def __init__(self, generation: Generation) -> None:
        self._offers: dict[str, int] = {}
        self._asking: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for code, atom in enumerate(generation.catalogue.atoms.values):
            if atom.offer is not None:
                self._offers[atom.offer] = code
            else:
                self._asking[atom.competence or ""].append((code, atom.level))
        self._reach = Reach(list(self._asking), generation.coverage, ENTRY_THRESHOLD)
        self._met: Memory[Stated, tuple[int, ...]] = Memory(REMEMBERED)

    def met(self, learner: LearnerProfile, on: date) -> list[int]:
        """Codes of the atoms that the learner meets: an offer followed before, or a competence claimed."""
        met = {self._offers[offer] for offer in learner.completed if offer in self._offers}
        if self._asking:
            stated = [(claim.competence, claim.level) for claim in current_claims(learner, on)]
            met.update(*self._met.all_of(stated, lambda missing: [self._met_by(*one) for one in missing]))
        return sorted(met)

    def _met_by(self, competence: str, level: float | None) -> tuple[int, ...]:
        """Codes of the atoms that a claim meets."""
        return tuple(
            code
            for position, strength in self._reach.of(competence)
            for code, asked in self._asking[self._reach.names[position]]
            if strength * level_share(level, asked) >= ENTRY_THRESHOLD
        )
