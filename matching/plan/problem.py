"""The planning problem of one person as arrays: what each candidate gives, costs and asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from competences.records.offers import LearningOffer
from matching.index.catalogue import UNKNOWN_DAY, Sessions
from matching.query.eligibility import ENTRY_THRESHOLD
from matching.query.kernels import FORM, PRICE, best_run, level_factor, offer_failures, weekly_hours
from matching.query.person import Cover, Person

GATE_FIRST = 1000.0
"""An open gate outweighs everything else that can be closed."""


@dataclass(frozen=True)
class Candidate:
    """One offer that the person can follow, entry conditions apart."""

    row: int
    run: int
    offer: LearningOffer
    own_hours: float
    """Before paid leave, which is shared by all steps."""
    leave_hours: float
    """Contact hours: what paid leave can pay for."""
    price: float
    weekly: float | None
    """Own hours a week while it runs; None where the hours can be spread freely."""
    weeks: float | None
    start: int | None
    """First day as an ordinal, where the run is dated."""
    end: int | None
    sessions: Sessions | None
    asks: tuple[tuple[int, tuple[frozenset[int], ...]], ...]
    """Entry groups that are not met yet: how many atoms are lacking, and who earns each (candidate numbers)."""
    covers: tuple[Cover, ...]


@dataclass(frozen=True)
class Problem:
    """Choose candidates: maximise the gain, open gates first, within hours, weeks, money and order."""

    person: Person
    candidates: tuple[Candidate, ...]
    values: NDArray[np.float64]
    """(candidates, requirements): val of each candidate for each requirement, at least what is held."""
    held: NDArray[np.float64]
    weights: NDArray[np.float64]
    """Shares of the goal; they add up to 1."""
    priorities: NDArray[np.float64]
    """The same with gates first: what is maximised."""
    hours: float
    hours_per_week: float
    """Infinite where unknown."""
    leave: float
    money: float
    first_day: int
    last_day: int | None
    corequisites: tuple[frozenset[int] | None, ...]
    """Candidates that must be chosen with each one; None where one of them cannot be followed."""

    def gain(self, chosen: Iterable[int], weights: NDArray[np.float64] | None = None) -> float:
        """Share of the goal that a set of candidates closes; overlap counts once."""
        rows = list(chosen)
        if not rows:
            return 0.0
        best = self.values[rows].max(axis=0)
        return float(((best - self.held) * (self.weights if weights is None else weights)).sum())

    def own_hours(self, chosen: Iterable[int]) -> float:
        """Own hours of a set; paid leave pays for contact hours once."""
        rows = list(chosen)
        spent = sum(self.candidates[c].own_hours for c in rows)
        return max(0.0, spent - min(self.leave, sum(self.candidates[c].leave_hours for c in rows)))


def pose(person: Person) -> Problem:
    """The problem of one person: every offer with a gain that no fixed condition excludes, the most promising first,
    and the offers that those ask for."""
    catalogue, arrays = person.generation.catalogue, person.demand.arrays
    rows = _followable(person)
    gains = {row: person.gain(row) for row in rows}
    order = sorted((row for row in rows if gains[row] > 0), key=lambda row: (-gains[row], row))
    chosen = order[: catalogue.settings.plan_candidates]
    chosen += [row for row in _asked_for(person, chosen, set(rows)) if row not in set(chosen)]
    number = {row: c for c, row in enumerate(chosen)}
    covers = [person.covers(row) for row in chosen]
    candidates = tuple(_candidate(person, row, cover, number) for row, cover in zip(chosen, covers, strict=True))
    text = person.text_values
    if text is not None:
        held, weights, gates = np.zeros(1), np.ones(1), np.zeros(1, bool)
        values = text[chosen].reshape(-1, 1)
    else:
        held, weights = arrays.held, arrays.weight
        gates = np.array([requirement.gate for requirement in person.requirements], bool)
        values = np.tile(held, (len(chosen), 1))
        position = {id(requirement): i for i, requirement in enumerate(person.requirements)}
        for c, group in enumerate(covers):
            for cover in group:
                i = position[id(cover.requirement)]
                values[c, i] = max(values[c, i], cover.value)
    weights = weights / weights.sum() if len(weights) else weights
    has = person.persons
    return Problem(
        person, candidates, values, held, weights, np.where(gates, GATE_FIRST, 1.0) * weights,
        _or_infinite(has.hours[0]), _or_infinite(has.hours_per_week[0]), float(has.leave[0]),
        _or_infinite(has.max_price[0]), max(has.on, int(has.not_before[0])),
        None if has.deadline[0] == UNKNOWN_DAY else int(has.deadline[0]),
        tuple(_corequisites(candidate.offer, person, number) for candidate in candidates),
    )  # fmt: skip


def _followable(person: Person) -> list[int]:
    """Offer rows that no fixed condition excludes."""
    columns = person.generation.catalogue.columns
    found = []
    for row in range(len(person.generation.catalogue)):
        if offer_failures(columns, person.tables, person.persons, 0, row) & (FORM | PRICE):
            continue
        if best_run(columns, person.tables, person.persons, 0, row)[0] >= 0:
            found.append(row)
    return found


def _asked_for(person: Person, chosen: list[int], followable: set[int]) -> list[int]:
    """Rows of offers that the chosen ones ask for: prerequisites, co-requisites, whoever earns an entry competence."""
    catalogue = person.generation.catalogue
    wanted: dict[int, None] = {}
    queue = list(chosen)
    while queue:
        row = queue.pop()
        asked = [catalogue.row(one) for one in catalogue.offers[row].corequisites]
        for _, atoms in _unmet(person, row):
            asked += [provider for code in atoms for provider in _earners(person, code)]
        for other in asked:
            if other in followable and other not in wanted:
                wanted[other] = None
                queue.append(other)
    return list(wanted)


def _unmet(person: Person, row: int) -> list[tuple[int, list[int]]]:
    """(how many are lacking, atom codes not met) per entry group that is not met yet."""
    columns, met = person.generation.catalogue.columns, set(person.persons.atoms.tolist())
    found = []
    for group in range(int(columns.entry_start[row]), int(columns.entry_start[row + 1])):
        asked = columns.group_atoms[columns.group_start[group] : columns.group_start[group + 1]].tolist()
        lacking = int(columns.group_need[group]) - sum(code in met for code in asked)
        if lacking > 0:
            found.append((lacking, [code for code in asked if code not in met]))
    return found


def _earners(person: Person, code: int) -> list[int]:
    """Rows of the offers that earn an entry atom: the offer itself, or whoever teaches the competence well enough."""
    catalogue, coverage = person.generation.catalogue, person.generation.coverage
    atom = catalogue.atoms.values[code]
    if atom.offer is not None:
        row = catalogue.row(atom.offer)
        return [row] if row >= 0 else []
    _, postings, _ = coverage.of([atom.competence or ""])
    return sorted(
        {
            int(row)
            for row, strength, level in zip(postings.rows, postings.strengths, postings.levels, strict=True)
            if strength * level_factor.py_func(float(level), atom.level) >= ENTRY_THRESHOLD
        }
    )


def _candidate(person: Person, row: int, covers: tuple[Cover, ...], number: dict[int, int]) -> Candidate:
    catalogue = person.generation.catalogue
    columns, run = catalogue.columns, person.run_row(row)
    bill = person.bill(row)
    weekly = float(weekly_hours(columns, person.tables, person.persons, 0, row, run))
    start, end, sessions = int(columns.start[run]), int(columns.end[run]), int(columns.sessions[run])
    return Candidate(
        row, run, catalogue.offers[row],
        own_hours=bill.contact + bill.self_study + bill.assessment + bill.travel - bill.exempted,
        leave_hours=bill.contact,
        price=0.0 if np.isnan(columns.price[row]) else float(columns.price[row]),
        weekly=None if np.isnan(weekly) else weekly,
        weeks=None if np.isnan(columns.weeks[run]) else float(columns.weeks[run]),
        start=None if start == UNKNOWN_DAY else start,
        end=None if end == UNKNOWN_DAY else end,
        sessions=catalogue.sessions.values[sessions] if sessions >= 0 else None,
        asks=tuple(
            (lacking, tuple(frozenset(number[r] for r in _earners(person, code) if r in number and r != row)
                            for code in atoms))
            for lacking, atoms in _unmet(person, row)
        ),
        covers=covers,
    )  # fmt: skip


def _corequisites(offer: LearningOffer, person: Person, number: dict[int, int]) -> frozenset[int] | None:
    rows = [person.generation.catalogue.row(o) for o in offer.corequisites if o not in person.learner.completed]
    return frozenset(number[row] for row in rows) if all(row in number for row in rows) else None


def _or_infinite(value: float) -> float:
    return float("inf") if np.isnan(value) else float(value)
