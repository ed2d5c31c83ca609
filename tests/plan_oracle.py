"""The slow obvious twin of the exact plan: every set of offers, every run, every place in the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, product

import numpy as np
from scipy.optimize import linprog

from competences.records.hours import TimeBudget
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer, Run
from matching.plan.plan import Plan
from matching.plan.problem import GATE_FIRST, TIE
from oracle import Oracle
from oracle_days import known_days, length_in_days, paused, runs_of
from plan_validator import (
    admits,
    earns,
    first_day,
    gross_hours,
    last_day,
    meeting_days,
    payable,
    value,
)

NEAR = 1e-6


@dataclass(frozen=True)
class Way:
    """One offer in one place. `loads` are shares of its hours per week; None where they are free within the days."""

    offer: LearningOffer
    own: float
    contact: float
    work: float
    start: date
    end: date
    loads: dict[int, float] | None
    minutes: frozenset[tuple[date, int]]


class Exhaustive:
    """All plans of one learner."""

    def __init__(
        self, oracle: Oracle, learner: LearnerProfile, on: date, *, max_parallel: int | None = None,
        max_steps: int | None = None, pinned: tuple[str, ...] = (), forbidden: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self.oracle, self.learner, self.on = oracle, learner, on
        self.budget = learner.budget or TimeBudget()
        self.max_parallel, self.max_steps, self.pinned, self.forbidden = max_parallel, max_steps, pinned, forbidden
        self.first, self.last = first_day(self.budget, on), last_day(self.budget, on, oracle)
        self.n_weeks = max(0, -(-((self.last - self.first).days + 1) // 7))
        self.open_days = [
            sum(not paused(day, self.budget) for n in range(7) if (day := self.day(7 * week + n)) <= self.last)
            for week in range(self.n_weeks)
        ]
        per_week = self.budget.hours_per_week
        self.room = [np.inf if per_week is None and days else (per_week or 0.0) * (days > 0) for days in self.open_days]
        total = sum(one.weight for one in learner.goal.requirements)
        self.priority = [one.weight / total * (GATE_FIRST if one.gate else 1.0) for one in learner.goal.requirements]

    def day(self, n: int) -> date:
        return self.first + timedelta(days=n)

    def gain(self, offers: tuple[LearningOffer, ...]) -> float:
        """Gates first, overlap once."""
        found = 0.0
        for requirement, priority in zip(self.learner.goal.requirements, self.priority, strict=True):
            held = self.oracle.held(self.learner, requirement, self.on)[0]
            values = [value(offer, requirement, self.oracle, self.learner, self.on) for offer in offers]
            found += priority * (max([held, *values]) - held)
        return found

    def better_than(self, plan: Plan) -> str | None:
        """A set that fits and is worth more, in words; None where there is none."""
        offers = {offer.id: offer for offer in self.oracle.offers}
        reached, spent = self.gain(tuple(offers[step.offer_id] for step in plan.steps)), plan.own_hours
        budget = sum(self.oracle.study(offer)[1] + 50 for offer in offers.values())
        slack = 0.05 * max(1.0, budget)  # what two worths that count as equal can differ in hours
        for chosen in self.sets():
            gain = self.gain(chosen)
            if gain < reached - NEAR or not self.related(chosen):
                continue
            if gain > reached + TIE + 1e-5:
                if self.fewest_hours(chosen) < np.inf:
                    return f"{[o.id for o in chosen]} gains {gain}, not {reached}"
            elif (hours := self.fewest_hours(chosen, spent - slack)) < spent - slack:
                return f"{[o.id for o in chosen]} takes {hours} hours, not {spent}"
        return None

    def sets(self) -> Iterator[tuple[LearningOffer, ...]]:
        for size in range(len(self.oracle.offers) + 1):
            yield from combinations(self.oracle.offers, size)

    def related(self, chosen: tuple[LearningOffer, ...]) -> bool:
        """Rules that no place in the calendar changes."""
        ids = {offer.id for offer in chosen}
        groups = [offer.outcome_group for offer in chosen if offer.outcome_group]
        price = sum(offer.price or 0.0 for offer in chosen)
        return (
            len(groups) == len(set(groups))
            and set(self.pinned) <= ids
            and not ids & set(self.forbidden)
            and (self.max_steps is None or len(ids) <= self.max_steps)
            and all({*offer.corequisites} - {*self.learner.completed} <= ids for offer in chosen)
            and (self.learner.max_price is None or price <= self.learner.max_price + NEAR)
            and all(
                sum(self.had(a) or any(earns(o, a, self.oracle) for o in chosen if o is not offer) for a in atoms) >= n
                for offer in chosen
                for n, atoms in entry(offer)
            )
        )

    def had(self, atom: object) -> bool:
        return self.oracle.meets(atom, self.learner, self.on)

    def fewest_hours(self, chosen: tuple[LearningOffer, ...], below: float = np.inf) -> float:
        """Fewest own hours over all places of these offers, infinite where they do not fit."""
        ways = [list(self.ways(offer, chosen)) for offer in chosen]
        best = np.inf
        for placed in product(*ways):
            hours = sum(way.own for way in placed)
            hours -= min(self.budget.paid_leave_hours, sum(way.contact for way in placed))
            if hours < min(best, below) and self.fits(placed, hours):
                best = hours
        return best

    def ways(self, offer: LearningOffer, chosen: tuple[LearningOffer, ...]) -> Iterator[Way]:
        for run in runs_of(offer):
            if admits(self.oracle, offer, run, self.learner, self.on):
                yield from self.places(offer, run, chosen)

    def places(self, offer: LearningOffer, run: Run | None, chosen: tuple[LearningOffer, ...]) -> Iterator[Way]:
        contact = payable(self.oracle, offer, run, self.learner, self.on)
        own = gross_hours(self.oracle, offer, run, self.learner, self.on)
        work, load = offer.time.workplace_hours or 0.0, self.oracle.load(offer, run)
        start, end = known_days(run, load)

        def way(start: date, end: date, loads: dict[int, float] | None, until: date) -> Way:
            return Way(offer, own, contact, work, start, end, loads, minutes(run, start, until))

        if start is not None and end is not None:
            days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
            open_days = [day for day in days if not paused(day, self.budget)]
            if self.first <= start and end <= self.last and open_days:
                yield way(start, end, self.shares(open_days), end)
        elif load is not None:
            length = length_in_days(load[1])
            for week in range(self.n_weeks):
                begin = self.day(7 * week)
                stop = begin + timedelta(days=length - 1)
                days = [begin + timedelta(days=n) for n in range(length)]
                if stop <= min(self.last, end or self.last) and not any(paused(day, self.budget) for day in days):
                    yield way(begin, stop, self.lengths(week, load[1]), stop)
        elif own <= NEAR:
            for week in range(self.n_weeks):
                days = [self.day(7 * week + n) for n in range(7)]
                days = [d for d in days if (start or d) <= d <= min(end or d, self.last)]
                days = [d for d in days if not paused(d, self.budget)]
                if days:
                    yield way(days[0], days[0], {week: 1.0}, days[0])
        else:
            release = max(self.first, start or self.first)
            first_week = (release - self.first).days // 7
            asked = any(earns(offer, a, self.oracle) for other in chosen if other is not offer
                        for _, atoms in entry(other) for a in atoms)  # fmt: skip
            for a, b in combinations(range(first_week, self.n_weeks + 1), 2):
                if not (asked or entry(offer)) and (a, b) != (first_week, self.n_weeks):
                    continue
                stop = min(self.day(7 * b - 1), self.last, end or self.last)
                if max(release, self.day(7 * a)) > stop:
                    continue
                yield Way(offer, own, contact, work, max(release, self.day(7 * a)), stop, None,
                          minutes(run, release, self.last))  # fmt: skip

    def shares(self, days: list[date]) -> dict[int, float]:
        found: dict[int, float] = {}
        for day in days:
            week = (day - self.first).days // 7
            found[week] = found.get(week, 0.0) + 1 / len(days)
        return found

    def lengths(self, first: int, weeks: float) -> dict[int, float]:
        if weeks <= 1:
            return {first: 1.0}
        whole = -(-round(weeks * 1e6) // 10**6)
        return {first + n: min(1.0, weeks - n) / weeks for n in range(whole)}

    def fits(self, placed: tuple[Way, ...], hours: float) -> bool:
        had = self.oracle.hours_to_horizon(self.learner, self.on)
        if had is not None and hours > had + NEAR:
            return False
        met: set[tuple[date, int]] = set()
        for way in placed:
            if met & way.minutes:
                return False
            met |= way.minutes
        return self.in_order(placed) and self.work(placed) and self.weekly(placed)

    def in_order(self, placed: tuple[Way, ...]) -> bool:
        for way in placed:
            before = [one.offer for one in placed if one.end < way.start and one is not way]
            for needed, atoms in entry(way.offer):
                if sum(self.had(a) or any(earns(o, a, self.oracle) for o in before) for a in atoms) < needed:
                    return False
        return True

    def work(self, placed: tuple[Way, ...]) -> bool:
        most = self.budget.work_hours_per_week
        if most is None or not placed:
            return True
        if sum(way.work for way in placed) > most * self.oracle.weeks_to_horizon(self.learner, self.on) + NEAR:
            return False
        momentary = [way for way in placed if self.momentary(way)]
        return all(
            sum(way.work * way.loads.get(week, 0.0) for way in placed if way.loads and way not in momentary)
            <= most + NEAR
            for week in range(self.n_weeks)
        )

    def momentary(self, way: Way) -> bool:
        """Without own hours and without known days or length: its work can be spread freely."""
        return way.own <= NEAR and all(
            self.oracle.load(way.offer, run) is None and None in known_days(run, None) for run in runs_of(way.offer)
        )

    def weekly(self, placed: tuple[Way, ...]) -> bool:
        """Whether the hours of each week fit: a linear program over free hours and leave."""
        weeks = range(self.n_weeks)
        fixed = [sum(way.own * way.loads.get(w, 0.0) for way in placed if way.loads is not None) for w in weeks]
        contact = [sum(way.contact * way.loads.get(w, 0.0) for way in placed if way.loads is not None) for w in weeks]
        free = [way for way in placed if way.loads is None]
        if self.max_parallel is not None:
            return self.parallel(placed, free, fixed, contact)
        return self.flows(free, fixed, contact, [self.span(way) for way in free])

    def span(self, way: Way) -> list[int]:
        """Weeks with a day on which it can take place."""
        days = [self.day(n) for n in range(7 * self.n_weeks)]
        days = [day for day in days if way.start <= day <= way.end and not paused(day, self.budget)]
        return sorted({(day - self.first).days // 7 for day in days})

    def parallel(self, placed: tuple[Way, ...], free: list[Way], fixed: list[float], contact: list[float]) -> bool:
        """Every choice of the weeks in which each free offer may take hours."""
        busy = [sum(way.own * (way.loads or {}).get(w, 0.0) > NEAR for way in placed) for w in range(self.n_weeks)]
        if any(count > self.max_parallel for count in busy):
            return False
        spans = [self.span(way) for way in free]
        choices = [[c for n in range(1, len(span) + 1) for c in combinations(span, n)] for span in spans]
        for picked in product(*choices):
            count = [busy[w] + sum(w in one for one in picked) for w in range(self.n_weeks)]
            if max(count, default=0) <= self.max_parallel and self.flows(free, fixed, contact, [*map(list, picked)]):
                return True
        return False

    def flows(self, free: list[Way], fixed: list[float], contact: list[float], spans: list[list[int]]) -> bool:
        if self.budget.hours_per_week is None:
            return all(spans)
        leave, n = self.budget.paid_leave_hours, self.n_weeks
        if not free and (leave == 0 or not any(contact)):
            return all(load <= room + NEAR for load, room in zip(fixed, self.room, strict=True))
        # Columns: hours of each free offer per week, leave of each per week, leave on fixed loads per week.
        m = len(free)
        size = 2 * m * n + n
        upper = np.full(size, np.inf)
        rows, highs, equal, owed = [], [], [], []
        for i, way in enumerate(free):
            for w in range(n):
                if w not in spans[i]:
                    upper[i * n + w] = 0.0
                row = np.zeros(size)
                row[m * n + i * n + w], row[i * n + w] = 1, -1
                rows.append(row)
                highs.append(0.0)
            row = np.zeros(size)
            row[i * n : (i + 1) * n] = 1
            equal.append(row)
            owed.append(way.own)
            row = np.zeros(size)
            row[m * n + i * n : m * n + (i + 1) * n] = 1
            rows.append(row)
            highs.append(way.contact)
        for w in range(n):
            upper[2 * m * n + w] = contact[w]
            row = np.zeros(size)
            for i in range(m):
                row[i * n + w], row[m * n + i * n + w] = 1, -1
            row[2 * m * n + w] = -1
            rows.append(row)
            highs.append(self.room[w] - fixed[w] + NEAR)
        row = np.zeros(size)
        row[m * n :] = 1
        rows.append(row)
        highs.append(leave)
        bounds = [(0, None if np.isinf(one) else one) for one in upper]
        found = linprog(np.zeros(size), rows, highs, equal or None, owed or None, bounds)
        return found.status == 0


def entry(offer: LearningOffer) -> list[tuple[int, list[object]]]:
    groups: list[tuple[int, list[object]]] = [(1, [requirement]) for requirement in offer.entry]
    return groups + [(one.at_least, list(one.any_of)) for one in offer.prerequisites]


def minutes(run: Run | None, start: date, end: date) -> frozenset[tuple[date, int]]:
    if run is None or not run.slots:
        return frozenset()
    days = meeting_days(run, start, end)
    return frozenset(
        (day, minute)
        for day in days
        for slot in run.slots
        if slot.weekday == day.weekday()
        for minute in range(slot.start.hour * 60 + slot.start.minute, slot.end.hour * 60 + slot.end.minute)
    )
