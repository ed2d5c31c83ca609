"""What can be followed or assessed: courses, modules, microcredentials, work, recognition routes."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from competences.records.base import Euro, Hours, Identifier, LanguageTag, Record, Text
from competences.records.competence import Outcome, Requirement
from competences.records.hours import Period, Slot, TimeDemand
from competences.records.levels import CEFR, VKSLevel
from competences.records.places import Place


class OfferKind(StrEnum):
    """What an offer is: something to follow, or an assessment of what one can do already."""

    COURSE = "course"
    MODULE = "module"
    MICROCREDENTIAL = "microcredential"
    EVENT = "event"
    WORKPLACE = "workplace"
    RECOGNITION = "recognition"
    """An assessment of what someone can already do (EVC); it teaches nothing."""


class DeliveryMode(StrEnum):
    """How an offer is followed."""

    ONSITE = "onsite"
    ONLINE = "online"
    BLENDED = "blended"
    WORKPLACE = "workplace"


class Run(Record):
    """One edition of an offer: its days, hours of the week, place and free seats."""

    id: Identifier
    start: date | None = None
    end: Annotated[date | None, AfterValidator(lambda day: None if day == date.max else day)] = None
    """31 December 9999, which many systems write for "no end", is unknown."""
    slots: tuple[Slot, ...] | None = None
    """Weekly sessions; None is unknown, an empty list means no fixed hours (asynchronous)."""
    dates: tuple[date, ...] = ()
    """The days on which sessions take place, where they are not every week."""
    breaks: tuple[Period, ...] = ()
    """Spans without weekly sessions, such as school holidays. On public holidays there are none in any case."""
    place: Place | None = None
    enrol_by: date | None = None
    full: bool = False
    seats_left: Annotated[int, Field(ge=0)] | None = None
    """Free places under a quota; 0 is full, None is unknown."""

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.start and self.end and self.end < self.start:
            raise ValueError(f"a run ends on or after its start, not on {self.end} before {self.start}")
        return self


class Prerequisite(Record):
    """At least `at_least` of the listed offers or competences; several prerequisites must all hold."""

    any_of: Annotated[tuple[Identifier | Requirement, ...], Field(min_length=1)]
    """An offer id (followed before), or a requirement (already held, or earned by an earlier step)."""
    at_least: Annotated[int, Field(ge=1)] = 1

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        if self.at_least > len(self.any_of):
            raise ValueError(f"asks for {self.at_least} of {len(self.any_of)}")
        return self


class Unit(Record):
    """A part of a modular offer that a holder of its outcomes is exempted from."""

    id: Identifier
    outcomes: tuple[Outcome, ...]
    hours: Hours


class Access(Record):
    """What an offer asks of, and provides for, the person. None is unknown."""

    language: CEFR | None = None
    """Level in the language of the offer."""
    digital_skill: Annotated[int, Field(ge=0, le=4)] | None = None
    vks_level: VKSLevel | None = None
    host_required: bool = False
    """Needs an employer that hosts the learning."""
    wheelchair: bool | None = None
    childcare: bool | None = None
    low_literacy: bool | None = None
    regions: tuple[str, ...] | None = None
    """Only for residents of these regions (flanders, brussels, wallonia)."""
    statuses: tuple[str, ...] | None = None
    """Only for these statuses (job_seeker, employee, …); used by rules, never by the score."""


class LearningOffer(Record):
    """One thing to follow or be assessed in. Only `id` and `title` must be stated."""

    id: Identifier
    title: Text
    outcomes: tuple[Outcome, ...] = ()
    time: TimeDemand = TimeDemand()
    description: str | None = None
    kind: OfferKind = OfferKind.COURSE
    provider: str | None = None
    language: LanguageTag | None = None
    mode: DeliveryMode | None = None
    place: Place | None = None
    runs: tuple[Run, ...] = ()
    """Stated editions; an offer without one has an unknown date and is never excluded for it."""
    open_entry: bool = False
    """Can be started on any day, whatever the runs say."""
    price: Euro | None = None
    access: Access = Access()
    entry: tuple[Requirement, ...] = ()
    """What a person must already be able to do."""
    prerequisites: tuple[Prerequisite, ...] = ()
    corequisites: tuple[Identifier, ...] = ()
    """Offers that must be followed in the same plan, or have been followed before. One that the catalogue does not
    hold can be in no plan: only whoever has followed it can follow this."""
    outcome_group: Identifier | None = None
    """Offers of one group are variants of the same outcome: a plan takes at most one."""
    bundle: Identifier | None = None
    """Offers of one bundle are parts of the same whole, such as a module and a task at work: where a plan takes several
    they are shown as one step."""
    units: tuple[Unit, ...] = ()
    vks_level: VKSLevel | None = None
    stackable_into: tuple[Identifier, ...] = ()
    paid: bool = False
    """The learner is paid while following it."""
    support: tuple[str, ...] = ()
    url: str | None = None
    source: str | None = None
    keywords: tuple[str, ...] = ()
    published: tuple[date | None, date | None] | None = None
    """When the catalogue listed it: metadata, never a reason to exclude."""
    notes: tuple[str, ...] = ()
    """What a reader could not interpret, in words."""
