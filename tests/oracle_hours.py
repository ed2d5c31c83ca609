"""The slow obvious twin's hours: what a person has of them, and what each run of an offer costs."""

from __future__ import annotations

import math
from datetime import date, timedelta

from competences.records.claims import ClaimStatus
from competences.records.hours import TimeBudget
from competences.records.learners import LearnerProfile
from competences.records.offers import DeliveryMode, LearningOffer, Run, Unit
from matching.index.postcodes import coordinates
from oracle_days import paused, stated_days, weekly_sessions
from oracle_worth import Worth, factor


class Hours(Worth):
    """Counts day by day and part by part."""

    def hours_to_horizon(self, learner: LearnerProfile, on: date) -> float | None:
        budget = learner.budget or TimeBudget()
        return None if budget.hours_per_week is None else budget.hours_per_week * self.weeks_to_horizon(learner, on)

    def weeks_to_horizon(self, learner: LearnerProfile, on: date) -> float:
        budget = learner.budget or TimeBudget()
        weeks = self.settings.horizon_weeks if budget.weeks is None else budget.weeks
        return min(weeks, self.open_days(budget, on) / 7)

    def last_day(self, budget: TimeBudget, begin: date, on: date) -> date:
        """The deadline or the last of the weeks; where nothing is stated, the horizon from a first day."""
        last = [budget.deadline] if budget.deadline else []
        last += [on + timedelta(days=round(budget.weeks * 7))] if budget.weeks is not None else []
        return min(last, default=begin + timedelta(days=math.ceil(self.settings.horizon_weeks * 7) - 1))

    def open_days(self, budget: TimeBudget, on: date, start: date | None = None, end: date | None = None) -> int:
        """Days outside pauses, of the person's own or of those of a run."""
        begin = max(on, budget.not_before or on, start or on)
        last = min(self.last_day(budget, begin, on), end or date.max)
        return sum(not paused(begin + timedelta(days=n), budget) for n in range((last - begin).days + 1))

    def study(self, offer: LearningOffer) -> tuple[float, float]:
        """(contact hours, own hours without travel)."""
        time = offer.time
        contact = time.contact_hours
        if contact is None and time.teaching_periods is not None:
            contact = time.teaching_periods * 50 / 60
        known = (contact or 0) + (time.self_study_hours or 0)
        assessment, work = time.assessment_hours or 0.0, time.workplace_hours or 0.0
        if contact is not None and time.self_study_hours is not None:
            return contact, known + assessment
        if time.ects is not None:
            return contact or 0.0, max(time.ects * 30 - assessment - work, known) + assessment
        if time.hours_per_week is not None and time.weeks is not None:
            return contact or 0.0, max(time.hours_per_week * time.weeks - assessment - work, known) + assessment
        if contact is not None or time.self_study_hours is not None:
            return contact or 0.0, known + assessment
        if time.assessment_hours is not None or time.workplace_hours is not None:
            return 0.0, assessment
        assumed = self.settings.assumed_hours[offer.kind]
        if time.sessions is not None and time.sessions > 0:
            assumed = time.sessions * self.settings.assumed_session_hours
        return assumed, assumed

    def place(self, offer: LearningOffer, run: Run | None) -> object:
        if offer.mode is DeliveryMode.ONLINE:
            return None
        return (run.place if run else None) or offer.place

    def kilometres(self, offer: LearningOffer, run: Run | None, learner: LearnerProfile) -> float | None:
        place = self.place(offer, run)
        if place is None or learner.home is None:
            return None
        (lat, lon), (lat0, lon0) = (map(math.radians, coordinates(one)) for one in (place, learner.home))
        half = math.sin((lat - lat0) / 2) ** 2 + math.cos(lat) * math.cos(lat0) * math.sin((lon - lon0) / 2) ** 2
        return 2 * 6371.0088 * math.asin(math.sqrt(half)) * self.settings.detour

    def one_way(self, offer: LearningOffer, run: Run | None, learner: LearnerProfile) -> float:
        km = self.kilometres(offer, run, learner)
        return 0.0 if km is None else km / self.settings.speed_kmh[learner.transport or self.settings.transport]

    def load(self, offer: LearningOffer, run: Run | None) -> tuple[float, float] | None:
        """(own hours a week without travel, weeks); None where they can be spread freely."""
        own, time = self.study(offer)[1], offer.time
        start, end = stated_days(run)
        weeks = time.weeks
        if start and end:
            weeks = ((max(start, end) - start).days + 1) / 7
        elif weeks is None and time.hours_per_week and own:
            weeks = min(own / time.hours_per_week, 520.0)
        return None if weeks is None else (max(own / max(weeks, 1), time.hours_per_week or 0), weeks)

    def trips(self, offer: LearningOffer, run: Run | None) -> float:
        if self.place(offer, run) is None:
            return 0.0
        if offer.time.sessions is not None:
            return offer.time.sessions
        if run is not None and run.dates:
            return len(run.dates)
        load = self.load(offer, run)
        if run is not None and run.slots and load:
            if run.start and run.end:
                return len(weekly_sessions(run, run.start, run.end))
            return len({slot.weekday for slot in run.slots}) * math.ceil(load[1])
        contact, _ = self.study(offer)
        work = 0.0 if offer.mode is DeliveryMode.BLENDED else offer.time.workplace_hours or 0.0
        return math.ceil((contact + (offer.time.assessment_hours or 0.0) + work) / self.settings.session_hours)

    def travel(self, offer: LearningOffer, run: Run | None, learner: LearnerProfile) -> float:
        return self.trips(offer, run) * 2 * self.one_way(offer, run, learner)

    def own_hours(self, offer: LearningOffer, run: Run | None, learner: LearnerProfile, on: date) -> float:
        contact, study = self.study(offer)
        study -= min(study, sum(unit.hours for unit in offer.units if self.exempt(unit, learner, on)))
        leave = learner.budget.paid_leave_hours if learner.budget else 0.0
        return max(0.0, study + self.travel(offer, run, learner) - min(leave, contact, study))

    def exempt(self, unit: Unit, learner: LearnerProfile, on: date) -> bool:
        """Whether proven claims give every outcome of a unit."""
        proven = [claim for claim in learner.claims if claim.status in (ClaimStatus.ASSESSED, ClaimStatus.CERTIFIED)]
        valid = [claim for claim in proven if claim.expires is None or claim.expires >= on]
        return bool(unit.outcomes) and all(
            any(
                claim.confidence
                * self.strength(claim.competence, outcome.competence)
                * factor(claim.level, outcome.level)
                >= self.settings.exemption_threshold
                for claim in valid
            )
            for outcome in unit.outcomes
        )
