"""From a person to a planning problem: which offers can be chosen, and what each asks for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matching.index.coverage import Postings
from matching.plan.entries import Asks
from matching.plan.kernels import OTHER, OUT, raise_values
from matching.plan.options import Ways, options_of, ways_of, weeks_of
from matching.plan.problem import Candidate, Problem
from matching.plan.wishes import NO_WISHES, Wishes
from matching.query.eligibility import ENTRY_THRESHOLD
from matching.query.kernels import Asking
from matching.query.person import Person

NONE: frozenset[int] = frozenset()


def pose(person: Person, wishes: Wishes = NO_WISHES) -> Problem:
    """The offers to choose from, best for their hours first, with the pinned ones and those that these ask for."""
    catalogue, has = person.generation.catalogue, person.persons
    pinned = [catalogue.row(offer) for offer in sorted(wishes.pinned)]
    followable = _Followable(person, {catalogue.row(offer) for offer in wishes.forbidden})
    rows = followable.among(pinned)
    order = _order(person, {*pinned, *followable.forbidden})
    first, looked = followable.first(order, max(0, catalogue.settings.plan_candidates - len(rows)))
    rows += first
    rows += followable.asked_for(rows)
    number, ways = {row: c for c, row in enumerate(rows)}, ways_of(person, rows)
    weeks = weeks_of(person, ways)
    held, weights, gates = goal_of(person)
    values, left_out = values_of(person, held, rows, order, looked)
    return Problem(
        person, followable.candidates(number, ways, wishes), options_of(person, ways, weeks),
        values, held, weights, gates,
        hours=or_infinite(has.hours[0]), leave=float(has.leave[0]), money=or_infinite(has.max_price[0]),
        work=or_infinite(has.work_hours[0]), work_per_week=or_infinite(has.work_per_week[0]), weeks=weeks,
        pinned=frozenset(number[row] for row in pinned if row in number),
        max_steps=wishes.max_steps,
        max_parallel=wishes.max_parallel or catalogue.settings.plan_parallel,
        left_out=left_out,
        unavailable=tuple(o for o in sorted(wishes.pinned) if catalogue.row(o) not in number),
    )  # fmt: skip


def _order(person: Person, without: set[int]) -> NDArray[np.int64]:
    """Rows of the offers that add something, best for their hours first."""
    gains, hours = person.gains, person.persons.hours[0]
    rows = np.flatnonzero(gains > 1e-9)
    if without:
        rows = rows[~np.isin(rows, list(without))]
    smoothed = gains[rows]
    if hours > 0:
        smoothed = smoothed / (1.0 + person.generation.catalogue.columns.own[rows] / hours)
    return rows[np.argsort(-smoothed, kind="stable")]


def goal_of(person: Person) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """(requirements,) held, weight (adding up to 1) and gate of each; a goal in free text is one requirement."""
    if person.text_values is not None:
        return np.zeros(1), np.ones(1), np.zeros(1, bool)
    arrays, total = person.demand.arrays, person.demand.arrays.weight.sum()
    gates = np.array([one.gate for one in person.requirements], bool)
    return arrays.held, arrays.weight / (total if total > 0 else 1.0), gates


def values_of(
    person: Person, held: NDArray[np.float64], rows: list[int], order: NDArray[np.int64], looked: int
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """((rows, requirements) val of each for each requirement; per requirement, the best val among the offers of `order`
    after the first `looked` that are none of these rows, None where there are none). At least what is held."""
    place = np.full(len(person.generation.catalogue), OTHER, np.int32)
    place[order[:looked]] = OUT
    place[rows] = np.arange(1, len(rows) + 1)
    rest = order[looked:][place[order[looked:]] == OTHER]
    values, others = np.tile(held, (len(rows), 1)), held.copy()
    if person.text_values is not None:
        values[:, 0] = person.text_values[rows]
        others[:] = person.text_values[rest].max(initial=0.0)
    elif len(held):
        asking = Asking.of(person.demand.arrays, person.demand.new, person.generation)
        raise_values(asking, place, values, others)
    return values, others if len(rest) else None


class _Followable:
    """Which offers can be followed, and their entry conditions, each looked up once."""

    def __init__(self, person: Person, forbidden: set[int]) -> None:
        self.person, self.forbidden = person, forbidden
        self._known: dict[int, bool] = dict.fromkeys((-1, *forbidden), False)
        self._lacking: dict[int, list[tuple[int, list[int]]]] = {}
        self._met = set(person.persons.atoms.tolist())

    def among(self, rows: Sequence[int]) -> list[int]:
        """Those rows that can be followed, in order."""
        unknown = [row for row in rows if row not in self._known]
        if unknown:
            self._known.update(zip(unknown, ways_of(self.person, unknown).known.tolist(), strict=True))
        return [row for row in rows if self._known[row]]

    def first(self, order: NDArray[np.int64], most: int) -> tuple[list[int], int]:
        """(the first `most` rows of `order` that can be followed, how many were looked at)."""
        known = ways_of(self.person, order, most).known
        found: list[int] = order[: len(known)][known].tolist()
        self._known |= dict.fromkeys(found, True)
        return found, len(known)

    def candidates(self, number: dict[int, int], ways: Ways, wishes: Wishes) -> tuple[Candidate, ...]:
        """The offers of the rows that are numbered, with what they cost in these ways."""
        if not number:
            return ()
        catalogue = self.person.generation.catalogue
        rows, kept = list(number), {catalogue.row(offer) for offer in wishes.kept}
        prices = np.nan_to_num(catalogue.columns.price[rows]).tolist()
        least = np.minimum.reduceat(ways.costs[:, 0], ways.start[:-1]).tolist()
        contact = np.maximum.reduceat(ways.costs[:, 1], ways.start[:-1]).tolist()
        asking = set(self._asking(rows))
        found = zip(rows, self._groups(rows), prices, least, contact, strict=True)
        return tuple([
            Candidate(
                catalogue, row, group, price, hours, leave, c,
                self.asks(row, number) if row in asking else (),
                self._together(row, number) if row in asking else NONE,
                row in kept,
            )
            for c, (row, group, price, hours, leave) in enumerate(found)
        ])  # fmt: skip

    def _groups(self, rows: list[int]) -> list[str | None]:
        """The outcome group of each offer."""
        catalogue = self.person.generation.catalogue
        if not catalogue.settings.one_variant:
            return [catalogue.offers[row].outcome_group for row in rows]
        codes = catalogue.columns.group[rows].tolist()
        return [None if code < 0 else catalogue.groups.values[code] for code in codes]

    def asked_for(self, chosen: list[int]) -> list[int]:
        """Rows that the chosen ones ask for and that are not chosen: prerequisites, co-requisites, earners."""
        queue, wanted = self._asking(chosen), dict.fromkeys(chosen)
        while queue:
            row = queue.pop()
            asked = self._corequisites(row)
            for _, codes in self._unmet(row):
                asked += [earner for rows in self.earners(codes) for earner in rows]
            others = [other for other in self.among(asked) if other not in wanted]
            wanted |= dict.fromkeys(others)
            queue += self._asking(list(dict.fromkeys(others)))
        return list(wanted)[len(chosen) :]

    def _asking(self, rows: list[int]) -> list[int]:
        """Those of the rows that ask for anything at all."""
        starts = self.person.generation.catalogue.columns.entry_start
        asked = np.asarray(rows, np.int64)
        found: list[int] = asked[starts[asked + 1] > starts[asked]].tolist()
        return found

    def _corequisites(self, row: int) -> list[int]:
        catalogue = self.person.generation.catalogue
        return [catalogue.row(one) for one in catalogue.offers[row].corequisites]

    def asks(self, row: int, number: dict[int, int]) -> Asks:
        """Entry groups not met yet, with the candidates that earn each atom."""

        def inside(rows: list[int]) -> frozenset[int]:
            return frozenset(number[e] for e in rows if e in number and e != row)

        return tuple((lacking, tuple(map(inside, self.earners(codes)))) for lacking, codes in self._unmet(row))

    def _together(self, row: int, number: dict[int, int]) -> frozenset[int] | None:
        """The candidates that must come with it; None where one of these is no candidate."""
        catalogue, done = self.person.generation.catalogue, self.person.learner.completed
        asked = [catalogue.row(one) for one in catalogue.offers[row].corequisites if one not in done]
        return frozenset(number[one] for one in asked) if all(one in number for one in asked) else None

    def _unmet(self, row: int) -> list[tuple[int, list[int]]]:
        """(how many are lacking, atom codes not met) per entry group that is not met yet."""
        if row not in self._lacking:
            self._lacking[row] = self._find_unmet(row)
        return self._lacking[row]

    def _find_unmet(self, row: int) -> list[tuple[int, list[int]]]:
        catalogue = self.person.generation.catalogue
        columns, offer, first = catalogue.columns, catalogue.offers[row], int(catalogue.columns.entry_start[row])
        found = []
        # The groups after these are co-requisites, which come together with it and not before it: `_together`.
        for group in range(first, first + len(offer.entry) + len(offer.prerequisites)):
            asked = columns.group_atoms[columns.group_start[group] : columns.group_start[group + 1]].tolist()
            lacking = int(columns.group_need[group]) - sum(code in self._met for code in asked)
            if lacking > 0:
                found.append((lacking, [code for code in asked if code not in self._met]))
        return found

    def earners(self, codes: Sequence[int]) -> list[list[int]]:
        """Per entry atom, the rows of the offers that earn it: the offer itself, or whoever teaches the competence."""
        return self.person.generation.earners.all_of(codes, self._find_earners)

    def _find_earners(self, codes: list[int]) -> list[list[int]]:
        catalogue, coverage = self.person.generation.catalogue, self.person.generation.coverage
        atoms = [catalogue.atoms.values[code] for code in codes]
        asked = [atom for atom in atoms if atom.offer is None]
        _, postings, _ = coverage.of([atom.competence or "" for atom in asked])
        taught = iter(_earning(postings, np.array([atom.level for atom in asked])))
        return [
            next(taught) if atom.offer is None else [row for row in (catalogue.row(atom.offer),) if row >= 0]
            for atom in atoms
        ]


def _earning(postings: Postings, asked: NDArray[np.float64]) -> list[list[int]]:
    """Per concept, the offers that give it far enough to enter at the level that is asked for."""
    levels, wanted = postings.levels.astype(np.float64), np.repeat(asked, np.diff(postings.indptr))
    short = (levels > 0) & (wanted > 0) & (levels < wanted)
    enough = postings.strengths * np.divide(levels, wanted, out=np.ones(len(levels)), where=short) >= ENTRY_THRESHOLD
    parts = zip(postings.indptr[:-1].tolist(), postings.indptr[1:].tolist(), strict=True)
    return [sorted(set(postings.rows[a:b][enough[a:b]].tolist())) for a, b in parts]


def or_infinite(value: float) -> float:
    return float("inf") if np.isnan(value) else float(value)
