"""One person before one catalogue: everything about a single pair that a result can be asked for afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from competences.records.competence import Outcome, Requirement
from competences.records.hours import ECTS_HOURS, TimeDemand
from competences.records.learners import LearnerProfile
from competences.records.offers import OfferKind, Run
from competences.records.roles import Goal
from matching.index.columns import NOWHERE
from matching.index.generation import Generation
from matching.index.study import HoursBasis, Study
from matching.query.bounds import all_gains
from matching.query.condition_kernels import (
    ENROL_BY,
    FULL,
    STARTED,
    best_run,
    exempted_hours,
    open_to,
    own_hours,
    run_failures,
    shortest_variant,
    travel_hours,
)
from matching.query.demand import Demand, build
from matching.query.eligibility import Eligibility
from matching.query.kernels import Asking, gained, level_factor
from matching.query.own_hours import HoursBill, Note
from matching.query.persons import Persons, Tables


@dataclass(frozen=True)
class Cover:
    """How one offer answers one requirement."""

    requirement: Requirement
    through: Outcome
    """The outcome of the offer that gives most."""
    strength: float
    """How far that outcome gives what is required, in [0, 1]."""
    value: float
    """Strength × level factor (× what the person can already do, for a recognition route)."""
    held: float
    """What the person's claims give already."""
    gain: float
    """weight · max(0, value − held) / sum of weights."""
    recognition: bool = False
    """True where the offer assesses what the person can do already, and teaches nothing."""


@dataclass(frozen=True)
class Person:
    """A batch of one, with the tables and arrays that the kernel read."""

    eligibility: Eligibility
    learner: LearnerProfile
    goal: Goal
    on: date
    demand: Demand
    persons: Persons
    tables: Tables

    @classmethod
    def of(cls, eligibility: Eligibility, learner: LearnerProfile, goal: Goal, on: date, demand: Demand) -> Person:
        """`demand` is the batch of one of this learner."""
        persons, tables = eligibility.batch([learner], on)
        return cls(eligibility, learner, goal, on, demand, persons, tables)

    def changed(self, learner: LearnerProfile) -> Person:
        """Another state of the same person, with the same goal before the same catalogue."""
        demand = build([learner], [self.goal], self.on, self.generation.coverage, self.generation.roles)
        return Person.of(self.eligibility, learner, self.goal, self.on, demand)

    @property
    def generation(self) -> Generation:
        return self.eligibility.generation

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        return self.demand.requirements[0]

    @cached_property
    def text_values(self) -> NDArray[np.float64] | None:
        """One value per offer where the goal is free text."""
        return None if self.goal.text is None else self.generation.texts.values(self.goal.text)

    def run_row(self, row: int) -> int:
        """The admissible run with the fewest own hours; else the one that the fewest changes would open."""
        columns = self.generation.catalogue.columns
        best, _ = best_run(columns, self.tables, self.persons, 0, row)
        if best >= 0:
            return int(best)
        runs = range(int(columns.run_start[row]), int(columns.run_start[row + 1]))
        return min(runs, key=lambda run: (*_distance(self.failures(row, run)), run))

    def failures(self, row: int, run: int) -> int:
        return int(run_failures(self.generation.catalogue.columns, self.tables, self.persons, 0, row, run))

    def run(self, row: int) -> Run | None:
        return self.generation.catalogue.runs[self.run_row(row)]

    def travel_hours(self, run: int) -> float:
        """There and back, as often as the run asks for."""
        return float(travel_hours(self.generation.catalogue.columns, self.tables, self.persons, 0, run))

    def bill(self, row: int) -> HoursBill:
        """The hours bill of an offer, for the run that suits this person best."""
        catalogue, run = self.generation.catalogue, self.run_row(row)
        study, columns = catalogue.studies[row], catalogue.columns
        notes = _notes(study, catalogue.offers[row].time)
        travel, place = self.travel_hours(run), columns.place[run]
        if place != NOWHERE and np.isnan(self.tables.km[self.persons.home_table[0], place]):
            notes.append(Note("travel_unknown"))
        exempted = float(exempted_hours(columns, self.persons, 0, row))
        leave = min(float(self.persons.leave[0]), study.contact, study.own - exempted)
        return HoursBill(
            study.contact, study.self_study, study.assessment, travel, leave, exempted, study.workplace, study.basis,
            tuple(notes),
        )  # fmt: skip

    def own_hours(self, row: int) -> float:
        columns = self.generation.catalogue.columns
        return float(own_hours(columns, self.tables, self.persons, 0, row, self.run_row(row)))

    @cached_property
    def strengths(self) -> list[dict[str, float]]:
        """Per requirement: competence → how far it gives what is required."""
        names = [requirement.competence for requirement in self.requirements]
        if not names:
            return []
        found, _, _ = self.generation.coverage.of(names)
        ids = self.generation.coverage.concepts.vocabulary.ids
        parts = [slice(found.indptr[i], found.indptr[i + 1]) for i in range(len(names))]
        return [
            {ids[row]: float(value) for row, value in zip(found.rows[part], found.values[part], strict=True)}
            for part in parts
        ]

    @cached_property
    def _given(self) -> dict[str, list[tuple[int, float]]]:
        """Competence → the requirements that it answers, and how far."""
        found: dict[str, list[tuple[int, float]]] = {}
        for i, strengths in enumerate(self.strengths):
            for competence, strength in strengths.items():
                if strength > 0:
                    found.setdefault(competence, []).append((i, strength))
        return found

    def covers(self, row: int) -> tuple[Cover, ...]:
        """Every requirement that the offer answers at all, strongest outcome each."""
        offer, arrays = self.generation.catalogue.offers[row], self.demand.arrays
        assessed, total = offer.kind is OfferKind.RECOGNITION, float(arrays.weight.sum())
        best: dict[int, tuple[float, float, Outcome]] = {}
        for outcome in offer.outcomes:
            for i, strength in self._given.get(outcome.competence, ()):
                able = float(arrays.recognisable[i]) if assessed else 1.0
                factor = level_factor(outcome.level or 0.0, self.requirements[i].level or 0.0)
                found = (able * (strength * factor), strength, outcome)
                best[i] = max(best.get(i, found), found, key=lambda one: one[:2])
        covers = []
        for i, (value, strength, outcome) in sorted(best.items(), key=lambda item: item[0]):
            requirement, held = self.requirements[i], float(arrays.held[i])
            gain = max(0.0, gained(requirement.weight / total, value, held))
            covers.append(Cover(requirement, outcome, strength, value, held, gain, assessed))
        return tuple(covers)

    def label(self, identifier: str, language: str) -> str:
        """What people call a competence; free text is its own label."""
        taxonomy = self.generation.coverage.concepts.taxonomy
        return taxonomy.label(identifier, language) if taxonomy.labels(identifier) else identifier

    def gain(self, row: int) -> float:
        """Share of the goal that the offer closes by itself."""
        return float(self.gains[row])

    @cached_property
    def gains(self) -> NDArray[np.float64]:
        """(offers,) what `gain` says of each."""
        if self.text_values is not None:
            return self.text_values
        return all_gains(Asking.of(self.demand.arrays, self.demand.new, self.generation))

    @cached_property
    def met(self) -> NDArray[np.uint8]:
        """(atoms,) 1 for each entry atom that the person meets."""
        met = np.zeros(len(self.generation.catalogue.atoms), np.uint8)
        met[self.persons.atoms] = 1
        return met

    def followable(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """(rows,) whether nothing keeps the person out of each offer, whatever it adds."""
        return np.asarray(open_to(self.generation.catalogue.columns, self.tables, self.persons, self.met, rows))

    def variant(self, row: int) -> int:
        """The row that stands for the outcome group of an offer: the shortest that the person can follow; the offer
        itself where it has no group."""
        columns = self.generation.catalogue.columns
        group = int(columns.group[row])
        if group < 0:
            return row
        return int(shortest_variant(group, self.gains, columns, self.tables, self.persons, 0, self.met))


def _distance(failures: int) -> tuple[int, int]:
    """(conditions that no change of the person lifts, all conditions) that fail."""
    return (failures & (FULL | ENROL_BY | STARTED)).bit_count(), failures.bit_count()


def _notes(study: Study, time: TimeDemand) -> list[Note]:
    """What to know about where the hours come from."""
    notes = []
    if study.basis is HoursBasis.ASSUMED:
        notes.append(Note("hours_assumed", {"hours": study.own}))
    elif study.basis is HoursBasis.PARTLY:
        notes.append(Note("hours_partly"))
    elif study.basis is HoursBasis.ECTS:
        notes.append(Note("hours_ects", {"ects": time.ects}))
    if study.in_conflict and study.ects is not None:
        least, most = (study.ects * hours for hours in ECTS_HOURS)
        facts = {"total": study.own + study.workplace, "ects": study.ects, "least": least, "most": most}
        notes.append(Note("hours_conflict", facts))
    return notes
