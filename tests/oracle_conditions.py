"""The slow obvious twin's conditions: all that keeps a person out of a run."""

from __future__ import annotations

import math
from datetime import date, timedelta

from competences.records.hours import TimeBudget
from competences.records.learners import LearnerProfile
from competences.records.levels import CEFR
from competences.records.offers import DeliveryMode, LearningOffer, Run
from oracle_days import attends, days, known_days, length_in_days, paused
from oracle_hours import Hours
from oracle_worth import factor


class Conditions(Hours):
    """Tries every condition, also after one has failed."""

    def enters(self, offer: LearningOffer, learner: LearnerProfile, on: date) -> bool:
        groups = [(1, [requirement]) for requirement in offer.entry]
        groups += [(one.at_least, list(one.any_of)) for one in offer.prerequisites]
        return all(sum(self.meets(atom, learner, on) for atom in atoms) >= needed for needed, atoms in groups)

    def meets(self, atom: object, learner: LearnerProfile, on: date) -> bool:
        if isinstance(atom, str):
            return atom in learner.completed
        return any(
            self.strength(claim.competence, atom.competence) * factor(claim.level, atom.level) >= 0.8
            for claim in learner.claims
            if claim.expires is None or claim.expires >= on
        )

    def failing(self, offer: LearningOffer, run: Run | None, learner: LearnerProfile, on: date) -> set[str]:
        """Names of all conditions that keep the person out of this run."""
        budget = learner.budget or TimeBudget()
        too_dear = offer.price is not None and learner.max_price is not None and offer.price > learner.max_price
        failing = self.form(offer, learner)
        failing |= {"price"} if too_dear else set()
        failing |= set() if self.reachable(offer, run, learner) else {"place"}
        failing |= {"sessions"} if run is not None and not attends(run, budget) else set()
        failing |= set() if self.enters(offer, learner, on) else {"entry"}
        failing |= set() if set(offer.corequisites) <= set(learner.completed) else {"together"}
        return failing | self.in_time(offer, run, budget, on) | self.hours(offer, run, learner, budget, on)

    def form(self, offer: LearningOffer, learner: LearnerProfile) -> set[str]:
        access, failing = offer.access, set()
        if offer.language is not None and learner.languages is not None:
            spoken = learner.languages.get(offer.language)
            if spoken is None or spoken < (access.language or CEFR.A1):
                failing.add("language")
        if offer.mode is not None and learner.modes is not None and offer.mode not in learner.modes:
            failing.add("mode")
        if (access.host_required or offer.mode is DeliveryMode.WORKPLACE) and learner.has_host is False:
            failing.add("host")
        for name in ("digital_skill", "vks_level"):
            needed, has = getattr(access, name), getattr(learner, name)
            if needed is not None and has is not None and has < needed:
                failing.add(name)
        if any(getattr(access, need) is False for need in learner.needs):
            failing.add("needs")
        for name, allowed in (("region", access.regions), ("status", access.statuses)):
            if allowed is not None and getattr(learner, name) not in (None, *allowed):
                failing.add(name)
        return failing

    def reachable(self, offer: LearningOffer, run: Run | None, learner: LearnerProfile) -> bool:
        km = self.kilometres(offer, run, learner)
        if km is None:
            return True
        minutes = self.one_way(offer, run, learner) * 60
        too_far = learner.max_travel_km is not None and km > learner.max_travel_km
        too_long = learner.max_travel_minutes is not None and minutes > learner.max_travel_minutes
        return not (too_far or too_long)

    def in_time(self, offer: LearningOffer, run: Run | None, budget: TimeBudget, on: date) -> set[str]:
        load = self.load(offer, run)
        start, end = known_days(run, load)
        failing = set()
        if run is not None and (run.full or run.seats_left == 0):
            failing.add("full")
        if run is not None and run.enrol_by is not None and run.enrol_by < on:
            failing.add("enrol_by")
        begins = start or end
        if begins is not None and begins < on:
            failing.add("started")
        if begins is not None and budget.not_before is not None and begins < budget.not_before:
            failing.add("not_before")
        first, last = self.earliest(start, end, load, budget, on)
        if first is None:
            failing.add("pauses")
        stated = budget.deadline is not None or budget.weeks is not None
        if stated and last > self.last_day(budget, on, on):
            failing.add("deadline")
        return failing

    def earliest(
        self, start: date | None, end: date | None, load: tuple[float, float] | None, budget: TimeBudget, on: date
    ) -> tuple[date | None, date]:
        """(first, last) day of the earliest place between pauses; (None, last without pauses) where there is none."""
        begin = max(on, budget.not_before or on, start or on)
        length = timedelta(days=1 if load is None else length_in_days(load[1]))
        if start and end:
            return (start if any(not paused(day, budget) for day in days(start, end)) else None), end
        until = begin + timedelta(days=math.ceil(self.settings.horizon_weeks * 7) - 1)
        if budget.deadline is not None or budget.weeks is not None:
            until = max(until, self.last_day(budget, on, on))
        if end is not None and end < begin:
            return begin, end
        starts = days(begin, end or until)[:: 1 if load is None else 7]
        for first in starts:
            last = first + length - timedelta(days=1)
            if not any(paused(day, budget) for day in days(first, last)):
                return first, end or last
        return None, end or begin + length - timedelta(days=1)

    def hours(
        self, offer: LearningOffer, run: Run | None, learner: LearnerProfile, budget: TimeBudget, on: date
    ) -> set[str]:
        failing = set()
        own, work = self.own_hours(offer, run, learner, on), offer.time.workplace_hours or 0.0
        weeks_left = self.weeks_to_horizon(learner, on)
        if budget.hours_per_week is not None and own > budget.hours_per_week * weeks_left + 1e-9:
            failing.add("hours_total")
        if budget.work_hours_per_week is not None and work > budget.work_hours_per_week * weeks_left + 1e-9:
            failing.add("work_hours")
        load = self.load(offer, run)
        start, end = known_days(run, load)
        if load is None:
            room = (budget.hours_per_week or 0.0) * self.open_days(budget, on, start, end) / 7
            if budget.hours_per_week is not None and own > room + 1e-9:
                failing.add("hours_total")
            load = offer.time.hours_per_week or 0.0, math.inf
        weekly, weeks = load[0], max(load[1], 1.0)
        if start and end and budget.pauses:
            weeks = max(sum(not paused(day, budget) for day in days(start, end)) / 7, 1.0)
            weekly = max(weekly, self.study(offer)[1] / weeks)
        weekly += self.travel(offer, run, learner) / weeks
        if budget.work_hours_per_week is not None and work / weeks > budget.work_hours_per_week + 1e-9:
            failing.add("work_hours")
        if budget.hours_per_week is not None and weekly > budget.hours_per_week + 1e-9:
            failing.add("hours_per_week")
        return failing
