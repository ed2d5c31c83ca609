"""The slow obvious twin of a match: pydantic records and plain loops, no matrix, no table, no kernel."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from competences.records.claims import ClaimStatus
from competences.records.hours import TimeBudget
from competences.records.learners import LearnerProfile
from competences.records.levels import CEFR
from competences.records.offers import DeliveryMode, LearningOffer, OfferKind, Run
from competences.vectors import similarity
from matching.index.postcodes import coordinates
from matching.settings import Settings


@dataclass(frozen=True)
class Found:
    """What the twin says of one offer."""

    offer_id: str
    score: float
    gain: float
    own_hours: float


class Oracle:
    """Ranks by looking at every offer, every run and every pair of competences."""

    def __init__(self, offers: list[LearningOffer], encoder: object, settings: Settings) -> None:
        self.offers, self.encoder, self.settings = offers, encoder, settings

    def match(self, learner: LearnerProfile, on: date, k: int) -> list[Found]:
        found = []
        for offer in self.offers:
            gain = self.gain(offer, learner, on)
            hours = [self.own_hours(offer, run, learner) for run in runs_of(offer) if self.admits(offer, run, learner, on)]
            if gain <= 0 or not hours or not self.enters(offer, learner, on):
                continue
            own = min(hours)
            found.append(Found(offer.id, self.score(gain, own, learner, on), gain, own))
        return sorted(found, key=lambda one: (-one.score, one.offer_id))[:k]

    # what it is worth

    def strength(self, held: str, asked: str) -> float:
        """How far holding one competence gives another, from their vectors."""
        if held == asked:
            return 1.0
        calibration = self.encoder.calibration
        threshold = self.settings.coverage_threshold or calibration.coverage_threshold
        if threshold >= 1:
            return 0.0
        one, other = self.encoder.encode([held]), self.encoder.encode([asked])
        row = np.zeros(1, np.int64)
        value = float(calibration.coverage(similarity(one, row, other, row))[0])
        return value if value >= np.float32(threshold) else 0.0

    def held(self, learner: LearnerProfile, requirement: object, on: date) -> tuple[float, float]:
        """(held, recognisable)."""
        held = able = 0.0
        for claim in learner.claims:
            if claim.expires is not None and claim.expires < on:
                continue
            value = self.strength(claim.competence, requirement.competence) * factor(claim.level, requirement.level)
            held = max(held, self.settings.trust(claim) * value)
            if claim.status not in (ClaimStatus.ASSESSED, ClaimStatus.CERTIFIED):
                able = max(able, claim.confidence * value)
        return held, able

    def gain(self, offer: LearningOffer, learner: LearnerProfile, on: date) -> float:
        requirements = learner.goal.requirements
        total = sum(requirement.weight for requirement in requirements)
        gain = 0.0
        for requirement in requirements:
            held, able = self.held(learner, requirement, on)
            values = [
                self.strength(outcome.competence, requirement.competence) * factor(outcome.level, requirement.level)
                for outcome in offer.outcomes
            ]
            value = max(values, default=0.0) * (able if offer.kind is OfferKind.RECOGNITION else 1.0)
            gain += requirement.weight * max(0.0, value - held)
        return gain / total

    def score(self, gain: float, own: float, learner: LearnerProfile, on: date) -> float:
        had = self.hours_to_horizon(learner, on)
        return gain if had is None or own == 0 else gain * had / (had + own)

    # what it costs

    def hours_to_horizon(self, learner: LearnerProfile, on: date) -> float | None:
        budget = learner.budget or TimeBudget()
        if budget.hours_per_week is None:
            return None
        weeks = self.settings.horizon_weeks if budget.weeks is None else budget.weeks
        if budget.deadline is not None:
            begin = max(on, budget.not_before or on)
            weeks = min(weeks, max(0, (budget.deadline - begin).days + 1) / 7)
        return budget.hours_per_week * weeks

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
        weeks = time.weeks
        if weeks is None and run is not None and run.start and run.end:
            weeks = max(((run.end - run.start).days + 1) / 7, 1.0)
        if time.hours_per_week is not None:
            if weeks is None:
                weeks = own / time.hours_per_week if time.hours_per_week else 0.0
            return time.hours_per_week, weeks
        return None if not weeks else (own / weeks, weeks)

    def trips(self, offer: LearningOffer, run: Run | None) -> float:
        if self.place(offer, run) is None:
            return 0.0
        if offer.time.sessions is not None:
            return offer.time.sessions
        if run is not None and run.dates:
            return len(run.dates)
        load = self.load(offer, run)
        if run is not None and run.slots and load:
            return len({slot.weekday for slot in run.slots}) * math.ceil(load[1])
        contact, _ = self.study(offer)
        work = 0.0 if offer.mode is DeliveryMode.BLENDED else offer.time.workplace_hours or 0.0
        return math.ceil((contact + (offer.time.assessment_hours or 0.0) + work) / self.settings.session_hours)

    def travel(self, offer: LearningOffer, run: Run | None, learner: LearnerProfile) -> float:
        return self.trips(offer, run) * 2 * self.one_way(offer, run, learner)

    def own_hours(self, offer: LearningOffer, run: Run | None, learner: LearnerProfile) -> float:
        contact, own = self.study(offer)
        leave = learner.budget.paid_leave_hours if learner.budget else 0.0
        return max(0.0, own + self.travel(offer, run, learner) - min(leave, contact))

    # whether it can be followed

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

    def admits(self, offer: LearningOffer, run: Run | None, learner: LearnerProfile, on: date) -> bool:
        budget = learner.budget or TimeBudget()
        return (
            self.form(offer, learner)
            and (offer.price is None or learner.max_price is None or offer.price <= learner.max_price)
            and self.reachable(offer, run, learner)
            and (run is None or attends(run, budget))
            and self.in_time(offer, run, budget, on)
            and self.affordable_hours(offer, run, learner, budget, on)
        )

    def form(self, offer: LearningOffer, learner: LearnerProfile) -> bool:
        access = offer.access
        if offer.language is not None and learner.languages is not None:
            spoken = learner.languages.get(offer.language)
            if spoken is None or spoken < (access.language or CEFR.A1):
                return False
        if offer.mode is not None and learner.modes is not None and offer.mode not in learner.modes:
            return False
        if (access.host_required or offer.mode is DeliveryMode.WORKPLACE) and learner.has_host is False:
            return False
        for needed, has in ((access.digital_skill, learner.digital_skill), (access.vks_level, learner.vks_level)):
            if needed is not None and has is not None and has < needed:
                return False
        if any(getattr(access, need) is False for need in learner.needs):
            return False
        for allowed, one in ((access.regions, learner.region), (access.statuses, learner.status)):
            if allowed is not None and one is not None and one not in allowed:
                return False
        return True

    def reachable(self, offer: LearningOffer, run: Run | None, learner: LearnerProfile) -> bool:
        km = self.kilometres(offer, run, learner)
        if km is None:
            return True
        minutes = self.one_way(offer, run, learner) * 60
        too_far = learner.max_travel_km is not None and km > learner.max_travel_km
        too_long = learner.max_travel_minutes is not None and minutes > learner.max_travel_minutes
        return not (too_far or too_long)

    def in_time(self, offer: LearningOffer, run: Run | None, budget: TimeBudget, on: date) -> bool:
        start, end = (run.start, run.end) if run else (None, None)
        if run is not None and (run.full or (run.enrol_by is not None and run.enrol_by < on)):
            return False
        if start is not None and (start < on or (budget.not_before is not None and start < budget.not_before)):
            return False
        load = self.load(offer, run)
        if end is None and load is not None:
            end = (start or max(on, budget.not_before or on)) + timedelta(days=math.ceil(load[1] * 7))
        last = [budget.deadline] if budget.deadline else []
        last += [on + timedelta(days=round(budget.weeks * 7))] if budget.weeks is not None else []
        return end is None or not last or end <= min(last)

    def affordable_hours(
        self, offer: LearningOffer, run: Run | None, learner: LearnerProfile, budget: TimeBudget, on: date
    ) -> bool:
        had = self.hours_to_horizon(learner, on)
        if had is not None and self.own_hours(offer, run, learner) > had + 1e-9:
            return False
        load = self.load(offer, run)
        if load is None:
            return True
        weekly, weeks = load
        if weeks > 0:
            weekly += self.travel(offer, run, learner) / max(weeks, 1.0)
        if budget.hours_per_week is not None and weekly > budget.hours_per_week + 1e-9:
            return False
        work = (offer.time.workplace_hours or 0.0) / weeks if weeks > 0 else 0.0
        return budget.work_hours_per_week is None or work <= budget.work_hours_per_week + 1e-9


def runs_of(offer: LearningOffer) -> list[Run | None]:
    return [None] if offer.open_entry or not offer.runs else list(offer.runs)


def factor(level: float | None, asked: float | None) -> float:
    return 1.0 if level is None or asked is None else min(level, asked) / asked


def attends(run: Run, budget: TimeBudget) -> bool:
    """Minute by minute, day by day."""
    for slot in run.slots or ():
        free = {
            minute
            for one in budget.slots or ()
            if one.weekday == slot.weekday
            for minute in range(one.start.hour * 60 + one.start.minute, one.end.hour * 60 + one.end.minute)
        }
        wanted = set(range(slot.start.hour * 60 + slot.start.minute, slot.end.hour * 60 + slot.end.minute))
        if budget.slots is not None and not wanted <= free:
            return False
    span = list(run.dates)
    if not span and run.start is not None:
        span = [run.start + timedelta(days=n) for n in range(((run.end or run.start) - run.start).days + 1)]
    if set(run.dates) & set(budget.exceptions):
        return False
    return not any(pause.start <= day <= pause.end for pause in budget.pauses for day in span)
