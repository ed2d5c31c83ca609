"""From a person to a planning problem: which offers can be chosen, and what each asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from competences.records.offers import LearningOffer
from matching.index.coverage import Postings
from matching.plan.options import Way, option_of, ways_of, weeks_of
from matching.plan.problem import Candidate, Option, Problem
from matching.plan.weeks import Weeks
from matching.plan.wishes import NO_WISHES, Wishes
from matching.query.eligibility import ENTRY_THRESHOLD
from matching.query.person import Person

NONE: frozenset[int] = frozenset()


def pose(person: Person, wishes: Wishes = NO_WISHES) -> Problem:
    """The offers to choose from, best for their hours first, with the pinned ones and those that these ask for."""
    catalogue, has = person.generation.catalogue, person.persons
    all_values, held, weights, gates = goal_values(person)
    gains = np.maximum(0.0, all_values - held) @ weights
    smoothed = gains / (1.0 + catalogue.columns.own / has.hours[0]) if has.hours[0] > 0 else gains
    gaining = np.flatnonzero(gains > 1e-9)
    order = gaining[np.argsort(-smoothed[gaining], kind="stable")]
    followable = _Followable(person, weeks_of(person), {catalogue.row(offer) for offer in wishes.forbidden})
    rows = followable.among([catalogue.row(offer) for offer in sorted(wishes.pinned)])
    rows, rest = followable.first(order, rows, catalogue.settings.plan_candidates)
    rows += followable.asked_for(rows)
    number = {row: c for c, row in enumerate(rows)}
    rest = rest[~np.isin(rest, rows)]
    prices = np.nan_to_num(catalogue.columns.price[rows]).tolist()
    return Problem(
        person,
        tuple(followable.candidate(row, price, number, wishes) for row, price in zip(rows, prices, strict=True)),
        np.maximum(all_values[rows], held), held, weights, gates,
        hours=or_infinite(has.hours[0]), leave=float(has.leave[0]), money=or_infinite(has.max_price[0]),
        work=or_infinite(has.work_hours[0]), work_per_week=or_infinite(has.work_per_week[0]), weeks=followable.weeks,
        pinned=frozenset(number[catalogue.row(o)] for o in wishes.pinned if catalogue.row(o) in number),
        max_steps=wishes.max_steps,
        max_parallel=wishes.max_parallel or catalogue.settings.plan_parallel,
        left_out=np.maximum(all_values[rest], held).max(axis=0) if len(rest) else None,
        unavailable=tuple(o for o in sorted(wishes.pinned) if catalogue.row(o) not in number),
    )  # fmt: skip


def goal_values(
    person: Person,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """(offers, requirements) val of every offer; held, weight (adding up to 1) and gate of each requirement."""
    if person.text_values is not None:
        return person.text_values.reshape(-1, 1), np.zeros(1), np.ones(1), np.zeros(1, bool)
    arrays, requirements = person.demand.arrays, person.requirements
    values = np.zeros((len(person.generation.catalogue), len(requirements)))
    if requirements:
        _, courses, routes = person.generation.coverage.of([one.competence for one in requirements])
        _raise(values, courses, arrays.level, np.ones(len(requirements)))
        _raise(values, routes, arrays.level, arrays.recognisable)
    total = arrays.weight.sum()
    gates = np.array([one.gate for one in requirements], bool)
    return values, arrays.held, arrays.weight / (total if total > 0 else 1.0), gates


def _raise(
    values: NDArray[np.float64], postings: Postings, asked: NDArray[np.float64], able: NDArray[np.float64]
) -> None:
    """Raise (offers, requirements) values in place to able · strength · level factor, where `asked` are the levels."""
    requirement = np.repeat(np.arange(len(asked)), np.diff(postings.indptr))
    given = able[requirement] * _values(postings, asked[requirement])
    np.maximum.at(values, (postings.rows, requirement), given)


def _values(postings: Postings, asked: NDArray[np.float64]) -> NDArray[np.float64]:
    """(postings,) strength · level factor, where a posting is asked for at each of these levels."""
    levels = postings.levels.astype(np.float64)
    short = (levels > 0) & (asked > 0) & (levels < asked)
    return postings.strengths.astype(np.float64) * np.divide(levels, asked, out=np.ones(len(levels)), where=short)


class _Followable:
    """Ways to follow offers, and their entry conditions, each looked up once."""

    def __init__(self, person: Person, weeks: Weeks, forbidden: Iterable[int]) -> None:
        self.person, self.weeks, self.forbidden = person, weeks, set(forbidden)
        self._ways: dict[int, tuple[Way, ...]] = {}
        self._lacking: dict[int, list[tuple[int, list[int]]]] = {}
        self._met = set(person.persons.atoms.tolist())

    def among(self, rows: Sequence[int]) -> list[int]:
        """Those rows that can be followed, in order."""
        unknown = [row for row in rows if row not in self._ways]
        if unknown:
            asked = [row for row in unknown if row >= 0 and row not in self.forbidden]
            self._ways |= dict.fromkeys(unknown, ()) | ways_of(self.person, asked, self.weeks)
        return [row for row in rows if self._ways[row]]

    def first(self, order: NDArray[np.int64], rows: list[int], most: int) -> tuple[list[int], NDArray[np.int64]]:
        """(`rows`, filled up with the first of `order` that can be followed; what of `order` was not looked at)."""
        found, at = dict.fromkeys(rows), 0
        while len(found) < most and at < len(order):
            chunk = order[at : at + most]
            for row in self.among(chunk.tolist()):
                if len(found) < most:
                    found[row] = None
                    last = row
            at += len(chunk)
        if len(found) >= most and at > 0:
            at = int(np.flatnonzero(order == last)[0]) + 1
        return list(found), order[at:]

    def candidate(self, row: int, price: float, number: dict[int, int], wishes: Wishes) -> Candidate:
        """The offer of a row, in the numbering of the problem."""
        offer, ways = self.person.generation.catalogue.offers[row], self._ways[row]
        return Candidate(
            row, offer, price, ways[0].own_hours, max([way.contact for way in ways]), partial(self._options, ways),
            self.asks(row, number), _together(self.person, offer, number), offer.id in wishes.kept,
        )  # fmt: skip

    def _options(self, ways: tuple[Way, ...]) -> tuple[Option, ...]:
        return tuple(option_of(self.person, way, self.weeks) for way in ways)

    def asked_for(self, chosen: list[int]) -> list[int]:
        """Rows that the chosen ones ask for and that are not chosen: prerequisites, co-requisites, earners."""
        catalogue = self.person.generation.catalogue
        queue, wanted = list(chosen), dict.fromkeys(chosen)
        while queue:
            row = queue.pop()
            asked = [catalogue.row(one) for one in catalogue.offers[row].corequisites]
            for _, codes in self._unmet(row):
                asked += [earner for rows in self.earners(codes) for earner in rows]
            for other in self.among(asked) if asked else ():
                if other not in wanted:
                    wanted[other] = None
                    queue.append(other)
        return list(wanted)[len(chosen) :]

    def asks(self, row: int, number: dict[int, int]) -> tuple[tuple[int, tuple[frozenset[int], ...]], ...]:
        """Entry groups not met yet, with the candidates that earn each atom."""

        if not self._unmet(row):
            return ()

        def inside(rows: list[int]) -> frozenset[int]:
            return frozenset(number[e] for e in rows if e in number and e != row)

        return tuple((lacking, tuple(map(inside, self.earners(codes)))) for lacking, codes in self._unmet(row))

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
    enough = _values(postings, np.repeat(asked, np.diff(postings.indptr))) >= ENTRY_THRESHOLD
    parts = zip(postings.indptr[:-1].tolist(), postings.indptr[1:].tolist(), strict=True)
    return [sorted(set(postings.rows[a:b][enough[a:b]].tolist())) for a, b in parts]


def _together(person: Person, offer: LearningOffer, number: dict[int, int]) -> frozenset[int] | None:
    if not offer.corequisites:
        return NONE
    asked = [person.generation.catalogue.row(o) for o in offer.corequisites if o not in person.learner.completed]
    return frozenset(number[one] for one in asked) if all(one in number for one in asked) else None


def or_infinite(value: float) -> float:
    return float("inf") if np.isnan(value) else float(value)
