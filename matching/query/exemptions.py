"""Exemptions: units of modular offers that a person holds already, proven, and need not follow again."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from competences.records.claims import CERTAIN
from competences.records.learners import LearnerProfile
from matching.index.generation import Generation
from matching.query.demand import current_claims
from matching.query.reach import Reach, level_share

Part = tuple[str, float]
"""(competence, level) of one outcome of a unit; level 0 where none is stated."""


class Exemptions:
    """The units of one catalogue, by what they teach."""

    def __init__(self, generation: Generation) -> None:
        settings = generation.catalogue.settings
        self._trust, self._threshold = settings.trust, settings.exemption_threshold
        self._parts: list[frozenset[Part]] = []
        self._rows: list[int] = []
        self._hours: list[float] = []
        self._teaching: dict[str, dict[Part, list[int]]] = defaultdict(lambda: defaultdict(list))
        for row in generation.catalogue.modular:
            for unit in generation.catalogue.offers[row].units:
                self._add(row, unit.hours, frozenset((one.competence, one.level or 0.0) for one in unit.outcomes))
        self._reach = Reach(list(self._teaching), generation.coverage, self._threshold)

    def _add(self, row: int, hours: float, parts: frozenset[Part]) -> None:
        for part in parts:
            self._teaching[part[0]][part].append(len(self._parts))
        self._parts.append(parts)
        self._rows.append(row)
        self._hours.append(hours)

    def of(self, learner: LearnerProfile, on: date) -> dict[int, float]:
        """Offer row → hours of the units whose every outcome the learner holds, certified or assessed."""
        if not self._parts:
            return {}
        held: dict[int, set[Part]] = defaultdict(set)
        for claim in current_claims(learner, on):
            if claim.status in CERTAIN:
                for position, strength in self._reach.of(claim.competence):
                    for part, units in self._teaching[self._reach.names[position]].items():
                        share = self._trust(claim) * strength * level_share(claim.level, part[1])
                        if share >= self._threshold:
                            for unit in units:
                                held[unit].add(part)
        exempted: dict[int, float] = defaultdict(float)
        for unit in sorted(held):
            if held[unit] == self._parts[unit]:
                exempted[self._rows[unit]] += self._hours[unit]
        return dict(sorted(exempted.items()))
