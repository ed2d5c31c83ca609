"""The slow obvious twin of a match: pydantic records and plain loops, no matrix, no table, no kernel."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from dateutil.rrule import WEEKLY, rrule

from competences.records.claims import ClaimStatus
from competences.records.hours import Slot, TimeBudget
from competences.records.learners import LearnerProfile
from competences.records.levels import CEFR
from competences.records.offers import DeliveryMode, LearningOffer, OfferKind, Run, Unit
from competences.vectors import similarity
from matching.index.holidays import public_holidays, school_holidays
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
        self._strengths: dict[tuple[str, str], float] = {}

    def match(self, learner: LearnerProfile, on: date, k: int) -> list[Found]:
        found = {offer.id: one for offer in self.offers if (one := self.best(offer, learner, on))}
        proposed = [found[offer.id] for offer in self.offers if offer.id in found and self.shortest(offer, found)]
        return sorted(proposed, key=lambda one: (-one.score, one.offer_id))[:k]

    def best(self, offer: LearningOffer, learner: LearnerProfile, on: date) -> Found | None:
        """The offer with the run that scores highest; None where it adds nothing or cannot be followed."""
        gain = self.gain(offer, learner, on)
        found = [
            Found(offer.id, self.score(gain, self.own_hours(offer, run, learner, on), learner, on)
                  * self.liking(offer, run, learner), gain, self.own_hours(offer, run, learner, on))
            for run in runs_of(offer) if gain > 0 and not self.failing(offer, run, learner, on)
        ]  # fmt: skip
        return max(found, key=lambda one: (one.score, -one.own_hours), default=None)

    def shortest(self, offer: LearningOffer, found: dict[str, Found]) -> bool:
        """Whether no variant of the same outcome asks fewer own hours of this person."""
        if offer.outcome_group is None or not self.settings.one_variant:
            return True
        variants = [one for one in self.offers if one.id in found and one.outcome_group == offer.outcome_group]
        return offer == min(variants, key=lambda one: (found[one.id].own_hours, self.study(one)[1], one.id))

    def conflict(self, learner: LearnerProfile, on: date) -> int | None:
        """The least number of conditions that would have to go for any offer with a gain; None without one."""
        sizes = [
            len(self.failing(offer, run, learner, on))
            for offer in self.offers if self.gain(offer, learner, on) > 0 for run in runs_of(offer)
        ]  # fmt: skip
        return min(sizes, default=None)

    # what it is worth

    def strength(self, held: str, asked: str) -> float:
        """How far holding one competence gives another, from their vectors; each pair is looked at once."""
        if (held, asked) not in self._strengths:
            self._strengths[held, asked] = self._strength(held, asked)
        return self._strengths[held, asked]

    def _strength(self, held: str, asked: str) -> float:
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

    def liking(self, offer: LearningOffer, run: Run | None, learner: LearnerProfile) -> float:
        """1 − weight · (1 − form)."""
        wishes, marks = learner.preferences, []
        if wishes.modes:
            marks.append(0.5 if offer.mode is None else float(offer.mode in wishes.modes))
        if wishes.evening is not None:
            if run is None or run.slots is None:
                marks.append(0.5)
            else:
                evening = all(slot.start.hour >= 17 for slot in run.slots)
                marks.append(1.0 if not run.slots else float(evening == wishes.evening))
        form = sum(marks) / len(marks) if marks else 1.0
        return 1.0 - wishes.weight * (1.0 - form)

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


def runs_of(offer: LearningOffer) -> list[Run | None]:
    return [None] if offer.open_entry or not offer.runs else list(offer.runs)


def stated_days(run: Run | None) -> tuple[date | None, date | None]:
    """First and last day of a run as stated, else by its session dates."""
    if run is None:
        return None, None
    return run.start or min(run.dates, default=None), run.end or max(run.dates, default=None)


def known_days(run: Run | None, load: tuple[float, float] | None) -> tuple[date | None, date | None]:
    """As stated, else by session dates, else by its length."""
    start, end = stated_days(run)
    if start and end:
        return start, max(start, end)
    if load is not None:
        length = timedelta(days=length_in_days(load[1]) - 1)
        return start or (end and end - length), end or (start and start + length)
    return start, end


def length_in_days(weeks: float) -> int:
    return max(1, math.ceil(weeks * 7 - 1e-6))


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def paused(day: date, budget: TimeBudget) -> bool:
    return any((pause.start or date.min) <= day <= (pause.end or date.max) for pause in budget.pauses)


def factor(level: float | None, asked: float | None) -> float:
    return 1.0 if level is None or asked is None else min(level, asked) / asked


def attends(run: Run, budget: TimeBudget) -> bool:
    """Minute by minute, day by day."""
    if budget.slots is not None and not all(
        minutes(slot) <= free_minutes(budget, slot.weekday) for slot in run.slots or ()
    ):
        return False
    if run.dates:
        return all(present(day, budget) for day in run.dates)
    if run.start is None and run.end is None:
        return True
    week = timedelta(days=6 if run.slots else 0)
    start = run.start or run.end - week
    end = run.end or start + week
    if run.slots:
        return not any(away(day, budget) for day in weekly_sessions(run, start, end))
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    if any(pause.start <= day <= pause.end for pause in budget.pauses for day in days):
        return False
    no_day_is_known = run.slots is not None or run.start is None or run.end is None
    return no_day_is_known or any(present(day, budget) for day in days)


def weekly_sessions(run: Run, start: date, end: date) -> list[date]:
    """Every week on the weekdays of the slots; never on a public holiday or in a break."""
    days = rrule(WEEKLY, dtstart=start, until=end, byweekday=[int(slot.weekday) for slot in run.slots])
    kept = [day.date() for day in days if day.date() not in public_holidays(day.year)]
    return [day for day in kept if not any(gap.start <= day <= gap.end for gap in run.breaks)]


def present(day: date, budget: TimeBudget) -> bool:
    return not away(day, budget) and (budget.slots is None or bool(free_minutes(budget, day.weekday())))


def away(day: date, budget: TimeBudget) -> bool:
    holiday = not budget.school_holidays_free and any(first <= day <= last for first, last in school_holidays())
    return holiday or day in budget.exceptions or any(pause.start <= day <= pause.end for pause in budget.pauses)


def minutes(slot: Slot) -> set[int]:
    return set(range(slot.start.hour * 60 + slot.start.minute, slot.end.hour * 60 + slot.end.minute))


def free_minutes(budget: TimeBudget, weekday: int) -> set[int]:
    return {minute for slot in budget.slots or () if slot.weekday == weekday for minute in minutes(slot)}
