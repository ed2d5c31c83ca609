"""What an offer asks, in hours, before anyone's travel or leave."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from competences.records.hours import ECTS_HOURS, PERIOD_HOURS, TimeDemand
from competences.records.offers import OfferKind
from matching.settings import Settings


class HoursBasis(StrEnum):
    """Where the hours of an offer come from."""

    STATED = "stated"
    PARTLY = "partly"
    """Contact hours are stated, self-study is not: the bill may be too low."""
    ECTS = "ects"
    """The upper end of 25 to 30 hours a credit."""
    ASSUMED = "assumed"
    """No hours are stated; `Settings.assumed_session_hours` for each stated day, else `assumed_hours` by kind."""


@dataclass(frozen=True, slots=True)
class Study:
    """Hours of one offer, and where they come from."""

    contact: float
    self_study: float
    assessment: float
    workplace: float
    basis: HoursBasis
    ects: float | None = None
    """As stated, whether or not the hours follow from it."""

    @property
    def own(self) -> float:
        """Hours out of own time: workplace hours are billed to work time."""
        return self.contact + self.self_study + self.assessment

    @property
    def in_conflict(self) -> bool:
        """Whether the stated hours lie outside what the stated ECTS stand for."""
        total = self.own + self.workplace
        return self.ects is not None and not self.ects * ECTS_HOURS[0] <= total <= self.ects * ECTS_HOURS[1]


def study_hours(time: TimeDemand, kind: OfferKind, settings: Settings) -> Study:
    """What an offer asks, in hours. Stated hours come before ECTS, ECTS before load × weeks, all before assumptions."""
    contact = time.contact_hours
    if contact is None and time.teaching_periods is not None:
        contact = time.teaching_periods * PERIOD_HOURS
    assessment, workplace = time.assessment_hours or 0.0, time.workplace_hours or 0.0
    if contact is not None and time.self_study_hours is not None:
        return Study(contact, time.self_study_hours, assessment, workplace, HoursBasis.STATED, time.ects)
    known = (contact or 0.0) + (time.self_study_hours or 0.0)
    if time.ects is not None:
        total = max(time.ects * ECTS_HOURS[1] - assessment - workplace, known)
        contact = contact or 0.0
        return Study(contact, total - contact, assessment, workplace, HoursBasis.ECTS, time.ects)
    if time.hours_per_week is not None and time.weeks is not None:
        total = max(time.hours_per_week * time.weeks - assessment - workplace, known)
        contact = contact or 0.0
        return Study(contact, total - contact, assessment, workplace, HoursBasis.STATED)
    if contact is not None:
        return Study(contact, 0.0, assessment, workplace, HoursBasis.PARTLY)
    if time.self_study_hours is not None:
        return Study(0.0, time.self_study_hours, assessment, workplace, HoursBasis.STATED)
    if time.assessment_hours is not None or time.workplace_hours is not None:
        return Study(0.0, 0.0, assessment, workplace, HoursBasis.STATED)
    assumed = settings.assumed_hours.get(kind, 60.0)
    if time.sessions:
        # "20 days" says more than the kind does: a year of days is no short course.
        assumed = time.sessions * settings.assumed_session_hours
    return Study(assumed, 0.0, 0.0, 0.0, HoursBasis.ASSUMED)
