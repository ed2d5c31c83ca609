"""What a match hands back: ranked offers, and answers to the next question about any offer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from competences.errors import UnknownIdError, expect
from competences.records.learners import LearnerProfile
from competences.records.roles import Goal
from matching.index.catalogue import Catalogue
from matching.index.columns import Evening
from matching.index.generation import Generation
from matching.index.study import HoursBasis
from matching.query.conditions import Reason
from matching.query.conflict import smallest_conflict
from matching.query.demand import Demand
from matching.query.eligibility import Eligibility
from matching.query.excluded import Excluded
from matching.query.form import form_of
from matching.query.own_hours import HoursBill
from matching.query.person import Cover, Person
from matching.query.unknown import unknown_conditions
from matching.query.why_not import reasons
from matching.wording.say import say


@dataclass(frozen=True)
class Match:
    """One offer that this person can follow, and what it is worth to them."""

    offer_id: str
    title: str
    score: float
    """gain · H / (H + own hours): gain per hour, smoothed by the hours that the person has; times
    1 − weight · (1 − form) where the person gives form a weight."""
    gain: float
    """Share of the goal that this offer closes, in [0, 1]."""
    own_hours: float
    run_id: str | None = None
    hours_basis: HoursBasis = HoursBasis.STATED
    """Where the hours come from; "assumed" where the offer states none."""
    form: float = 1.0
    """How far mode and hour suit the person's wishes, in [0, 1]; content, which is `gain`, stands apart."""
    unknown: tuple[str, ...] = ()
    """Conditions that the offer or the person leaves open: worth asking, never a reason to exclude."""

    @property
    def gain_per_hour(self) -> float | None:
        """None where the offer costs no own hours."""
        return self.gain / self.own_hours if self.own_hours else None


def match_of(
    catalogue: Catalogue, learner: LearnerProfile, row: int, run_row: int, score: float, gain: float, own_hours: float
) -> Match:
    """The match of one row of a ranking."""
    offer, run = catalogue.offers[row], catalogue.runs[run_row]
    return Match(
        offer_id=offer.id,
        title=offer.title,
        score=score,
        gain=gain,
        own_hours=own_hours,
        run_id=run.id if run else None,
        hours_basis=catalogue.studies[row].basis,
        form=form_of(offer.mode, Evening(catalogue.columns.evening[run_row]), learner.preferences),
        unknown=unknown_conditions(offer, run, learner),
    )


@dataclass(frozen=True)
class MatchResult:
    """Proposals for one person: best first, ties by offer id; any offer can be asked about."""

    learner: LearnerProfile
    goal: Goal
    on: date
    matches: tuple[Match, ...]
    empty: str | None
    """Code of why there is nothing to propose, where there is nothing."""
    eligibility: Eligibility = field(repr=False)
    demand: Demand = field(repr=False)

    @property
    def note(self) -> str | None:
        """Why there is nothing to propose, in English; None where there is something."""
        return say("en", f"empty.{self.empty}") if self.empty else None

    @property
    def generation(self) -> Generation:
        """The state of the catalogue that made this result."""
        return self.eligibility.generation

    def __iter__(self) -> Iterator[Match]:
        return iter(self.matches)

    def __len__(self) -> int:
        return len(self.matches)

    @cached_property
    def person(self) -> Person:
        """This person before this catalogue, for any question about a single offer."""
        return Person.of(self.eligibility, self.learner, self.goal, self.on, self.demand)

    def why_not(self, offer_id: str) -> tuple[Reason, ...]:
        """Everything that keeps this offer out, each with its smallest change; empty for an offer that is eligible."""
        return reasons(self.person, self._row(expect(offer_id, str, "offer_id")))

    @cached_property
    def excluded(self) -> Mapping[str, tuple[Reason, ...]]:
        """Offer id → reasons, for every offer that is out; the reasons are worked out when they are asked for."""
        return Excluded(self.person)

    def conflict(self) -> tuple[str, ...]:
        """Where nothing is left: codes of the smallest set of conditions that keeps everything out. Without them one
        offer at least could be followed that adds something. Empty where there are matches, or nothing to gain."""
        return () if self.matches else smallest_conflict(self.person)

    def covers(self, offer_id: str) -> tuple[Cover, ...]:
        """Which requirements the offer answers, through which of its outcomes, and how far."""
        return self.person.covers(self._row(offer_id))

    def bill(self, offer_id: str) -> HoursBill:
        """The hours bill of the offer for this person, line by line."""
        return self.person.bill(self._row(offer_id))

    def _row(self, offer_id: str) -> int:
        row = self.generation.catalogue.row(offer_id)
        if row < 0:
            raise UnknownIdError("offer", offer_id, "it is not in this catalogue")
        return row
