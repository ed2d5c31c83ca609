"""Entry conditions: which of the things that offers ask for beforehand a person has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from competences.records.learners import LearnerProfile
from matching.index.generation import Generation
from matching.index.memory import Memory
from matching.query.demand import current_claims
from matching.query.reach import Reach, level_share

REMEMBERED = 1 << 16
"""Distinct claims whose answer is kept."""
ENTRY_THRESHOLD = 0.8
"""A claim meets an entry condition from this strength on: who claims it may enter, whatever the claim's status."""

Claimed = tuple[str, float | None]
"""(competence, level)."""


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
        self._met_by: Memory[Claimed, tuple[int, ...]] = Memory(REMEMBERED)

    def met(self, learner: LearnerProfile, on: date) -> list[int]:
        """Codes of the atoms that the learner meets: an offer followed before, or a competence claimed."""
        met = {self._offers[offer] for offer in learner.completed if offer in self._offers}
        claimed = [(claim.competence, claim.level) for claim in current_claims(learner, on)] if self._asking else []
        for codes in self._met_by.all_of(claimed, self._answers):
            met.update(codes)
        return sorted(met)

    def _answers(self, claimed: Sequence[Claimed]) -> list[tuple[int, ...]]:
        return [self._answer(competence, level) for competence, level in claimed]

    def _answer(self, competence: str, level: float | None) -> tuple[int, ...]:
        """Codes of the atoms that a claim meets."""
        return tuple(
            code
            for position, strength in self._reach.of(competence)
            for code, asked in self._asking[self._reach.names[position]]
            if strength * level_share(level, asked) >= ENTRY_THRESHOLD
        )
