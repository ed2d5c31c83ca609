"""A batch of learners as numbers, and their answers to each distinct condition of the catalogue.

A condition that does not depend on numbers is asked once per distinct pair (what the person says, what the offer
says): the kernel then reads one byte. Everything numeric runs inside the kernel.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from competences.records.hours import TimeBudget
from competences.records.learners import LearnerProfile
from matching.index.catalogue import UNKNOWN_DAY, Catalogue
from matching.index.generation import Generation
from matching.query.conditions import form_key, form_reasons
from matching.query.demand import current_claims
from matching.query.kernels import Persons, Tables
from matching.query.sessions import session_key, sessions_ok
from matching.query.travel import distances_km, one_way_hours
from matching.settings import Settings

CACHED_ROWS = 4096
"""Distinct person sides that each table remembers."""
ENTRY_THRESHOLD = 0.8
"""A claim meets an entry condition from this strength on: who claims it may enter, whatever the claim's status."""

NO_BUDGET = TimeBudget()


class _CompetenceAtoms(NamedTuple):
    """Entry atoms that ask for a competence, as columns."""

    codes: NDArray[np.int64]
    names: list[str]
    levels: NDArray[np.float64]
    vectors: NDArray[np.float32]


@dataclass
class Eligibility:
    """Condition tables of one catalogue generation, filled as learners come by."""

    generation: Generation
    _rows: dict[str, OrderedDict[Hashable, Any]] = field(default_factory=dict)

    @property
    def catalogue(self) -> Catalogue:
        return self.generation.catalogue

    def batch(self, learners: Sequence[LearnerProfile], on: date) -> tuple[Persons, Tables]:
        """Numbers and lookup tables of these learners on this day."""
        settings = self.catalogue.settings
        forms, form_ok = self._table("form", [(form_key(one), one) for one in learners], self._form_row)
        places, ways = self._table("place", [(_place_key(one), one) for one in learners], self._place_row)
        sessions, session_ok = self._table("session", [(session_key(one), one) for one in learners], self._session_row)
        atoms = [self._atoms_met(learner, on) for learner in learners]
        budgets = [learner.budget or NO_BUDGET for learner in learners]
        persons = Persons(
            on=on.toordinal(),
            hours=np.array([hours_to_horizon(budget, on, settings) for budget in budgets], np.float64),
            hours_per_week=_floats([budget.hours_per_week for budget in budgets]),
            work_per_week=_floats([budget.work_hours_per_week for budget in budgets]),
            leave=np.array([budget.paid_leave_hours for budget in budgets], np.float64),
            max_price=_floats([learner.max_price for learner in learners]),
            not_before=_days([budget.not_before for budget in budgets]),
            deadline=_days([last_day(budget, on) for budget in budgets]),
            form_table=forms,
            place_table=places,
            session_table=sessions,
            atom_start=np.concatenate(([0], np.cumsum([len(met) for met in atoms]))).astype(np.int64),
            atoms=np.array([atom for met in atoms for atom in met], np.int32),
        )
        return persons, Tables(
            form_ok=form_ok,
            place_ok=np.ascontiguousarray(ways[:, 0]).astype(np.uint8),
            travel=np.ascontiguousarray(ways[:, 1]),
            session_ok=session_ok,
        )

    def _table(
        self, name: str, asked: Sequence[tuple[Hashable, LearnerProfile]],
        answer: Callable[[LearnerProfile], NDArray[Any]],
    ) -> tuple[NDArray[np.int64], NDArray[Any]]:  # fmt: skip
        """(row per learner, table of the distinct rows); rows that were answered before come from the cache."""
        cache = self._rows.setdefault(name, OrderedDict())
        used: dict[Hashable, int] = {}
        rows: list[NDArray[Any]] = []
        for key, learner in asked:
            if key in used:
                continue
            found = cache.get(key)
            if found is None:
                found = cache[key] = answer(learner)
                if len(cache) > CACHED_ROWS:
                    cache.popitem(last=False)
            used[key] = len(rows)
            rows.append(found)
        table = np.stack(rows) if rows else np.zeros((1, 1))
        return np.array([used[key] for key, _ in asked], np.int64), table

    def _form_row(self, learner: LearnerProfile) -> NDArray[np.uint8]:
        return np.array([not form_reasons(form, learner) for form in self.catalogue.forms.values], np.uint8)

    def _place_row(self, learner: LearnerProfile) -> NDArray[np.float64]:
        """(2, places): within reach (1 or 0), hours there and back (0 where the distance is unknown)."""
        settings = self.catalogue.settings
        km = distances_km(learner.home, self.catalogue.places.values, settings)
        hours = one_way_hours(km, learner.transport, settings)
        out = km > _or_infinite(learner.max_travel_km)
        out |= hours * 60 > _or_infinite(learner.max_travel_minutes)
        return np.stack((~out, np.nan_to_num(2 * hours)))

    def _session_row(self, learner: LearnerProfile) -> NDArray[np.uint8]:
        return sessions_ok(self.catalogue.sessions.values, learner)

    def _atoms_met(self, learner: LearnerProfile, on: date) -> list[int]:
        """Codes of the entry atoms that the learner meets: an offer followed before, or a competence claimed."""
        if not self.catalogue.atoms:
            return []
        met = {self._offer_atoms[offer] for offer in learner.completed if offer in self._offer_atoms}
        for claim in current_claims(learner, on):
            values = self._given(claim.competence)
            levels = self._competence_atoms.levels
            factor = np.minimum(1.0, (claim.level or np.inf) / np.where(levels > 0, levels, 1e-9))
            factor[levels == 0] = 1.0
            met.update(self._competence_atoms.codes[values * factor >= ENTRY_THRESHOLD].tolist())
        return sorted(met)

    def _given(self, competence: str) -> NDArray[np.float32]:
        """How far a claimed competence gives each competence that an entry condition asks for."""
        cache, atoms = self._rows.setdefault("entry", OrderedDict()), self._competence_atoms
        found = cache.get(competence)
        if found is None:
            coverage = self.generation.coverage
            vector = coverage.vectors_of([competence])[0]
            found = cache[competence] = coverage.concepts.given(competence, vector, atoms.names, atoms.vectors)
            if len(cache) > CACHED_ROWS:
                cache.popitem(last=False)
        return found

    @cached_property
    def _offer_atoms(self) -> dict[str, int]:
        return {atom.offer: code for code, atom in enumerate(self.catalogue.atoms.values) if atom.offer is not None}

    @cached_property
    def _competence_atoms(self) -> _CompetenceAtoms:
        asked = [(code, atom) for code, atom in enumerate(self.catalogue.atoms.values) if atom.competence is not None]
        names = [atom.competence or "" for _, atom in asked]
        return _CompetenceAtoms(
            np.array([code for code, _ in asked], np.int64), names,
            np.array([atom.level for _, atom in asked], np.float64),
            self.generation.coverage.vectors_of(names),
        )  # fmt: skip


def hours_to_horizon(budget: TimeBudget, on: date, settings: Settings) -> float:
    """Own hours that a person has to the horizon; NaN where the hours a week are unknown."""
    if budget.hours_per_week is None:
        return float("nan")
    return budget.hours_per_week * weeks_to_horizon(budget, on, settings)


def weeks_to_horizon(budget: TimeBudget, on: date, settings: Settings) -> float:
    """Weeks in which a person can learn: as stated, else to the horizon, and never beyond the deadline."""
    weeks = settings.horizon_weeks if budget.weeks is None else budget.weeks
    if budget.deadline is not None:
        begin = max(on, budget.not_before or on)
        weeks = min(weeks, max(0.0, ((budget.deadline - begin).days + 1) / 7))
    return weeks


def last_day(budget: TimeBudget, on: date) -> date | None:
    """The day by which everything must be done: the deadline or the last of the weeks, whichever comes first."""
    after_weeks = None if budget.weeks is None else on + timedelta(days=round(budget.weeks * 7))
    return min((day for day in (after_weeks, budget.deadline) if day is not None), default=None)


def _place_key(learner: LearnerProfile) -> Hashable:
    return learner.home, learner.transport, learner.max_travel_km, learner.max_travel_minutes


def _or_infinite(value: float | None) -> float:
    return np.inf if value is None else value


def _floats(values: Sequence[float | None]) -> NDArray[np.float64]:
    """NaN for unknown: it compares false, and so keeps nobody out."""
    return np.array([np.nan if value is None else value for value in values], np.float64)


def _days(values: Sequence[date | None]) -> NDArray[np.int32]:
    return np.array([UNKNOWN_DAY if day is None else day.toordinal() for day in values], np.int32)
