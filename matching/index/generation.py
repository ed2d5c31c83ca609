"""One consistent state of a catalogue: everything that a match reads, pinned together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from competences.encoders.protocol import Encoder
from competences.records.offers import LearningOffer, OfferKind
from competences.records.roles import JobRole
from matching.index.catalogue import Catalogue
from matching.index.concepts import Concepts, Meanings
from matching.index.coverage import Coverage, Outcomes, Teaching, by_offer, teaching
from matching.index.memory import Memory
from matching.index.texts import OfferTexts
from matching.index.vocabulary import Vocabulary
from matching.settings import Settings


@dataclass(frozen=True)
class Generation:
    """Immutable: a change of the catalogue makes another one, and results keep the one that made them."""

    catalogue: Catalogue
    coverage: Coverage
    roles: Mapping[str, JobRole]
    texts: OfferTexts

    @classmethod
    def build(
        cls, offers: Iterable[LearningOffer], encoder: Encoder, taxonomy: Meanings, roles: Mapping[str, JobRole],
        settings: Settings,
    ) -> Generation:  # fmt: skip
        """Columns, concepts and coverage of these offers."""
        catalogue = Catalogue.from_offers(offers, settings)
        vocabulary = Vocabulary()
        courses, routes = teachings(catalogue.offers, vocabulary)
        for role in roles.values():
            for requirement in role.requirements:
                vocabulary.intern(requirement.competence)
        intern_atoms(catalogue, vocabulary)
        concepts = Concepts(vocabulary, encoder, taxonomy, settings)
        n = len(vocabulary)
        coverage = Coverage.build(concepts, teaching(n, *courses), teaching(n, *routes))
        return cls(catalogue, coverage, roles, OfferTexts.from_offers(catalogue.offers, encoder))

    @cached_property
    def earners(self) -> Memory[int, list[int]]:
        """Entry atom → rows of the offers that earn it, as far as a plan has asked."""
        return Memory(1 << 16)

    @cached_property
    def outcomes(self) -> Outcomes:
        """What each offer teaches, made at the first match."""
        return by_offer(self.courses, self.routes, len(self.catalogue))

    @property
    def encoder(self) -> Encoder:
        return self.coverage.concepts.encoder

    @property
    def courses(self) -> Teaching:
        return self.coverage.courses

    @property
    def routes(self) -> Teaching:
        return self.coverage.routes


Triples = tuple[list[int], list[int], list[float]]


def teachings(offers: Sequence[LearningOffer], vocabulary: Vocabulary) -> tuple[Triples, Triples]:
    """(concept, offer, level) of courses and of recognition routes; concepts are interned on the way."""
    courses: Triples = ([], [], [])
    routes: Triples = ([], [], [])
    for row, offer in enumerate(offers):
        concepts, rows, levels = routes if offer.kind is OfferKind.RECOGNITION else courses
        for outcome in offer.outcomes:
            concepts.append(vocabulary.intern(outcome.competence))
            rows.append(row)
            levels.append(outcome.level or 0.0)
    return courses, routes


def intern_atoms(catalogue: Catalogue, vocabulary: Vocabulary) -> None:
    """Add the competences that entry conditions ask for, and those of units that one can be exempted from."""
    for atom in catalogue.atoms.values:
        if atom.competence is not None:
            vocabulary.intern(atom.competence)
    for offer in catalogue.offers:
        for unit in offer.units:
            for outcome in unit.outcomes:
                vocabulary.intern(outcome.competence)
