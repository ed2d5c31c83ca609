"""Offers as columns: ids become rows once, and what conditions look up becomes small codes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from itertools import pairwise

import numpy as np

from competences.errors import MisuseError
from competences.records.competence import Requirement
from competences.records.offers import DeliveryMode, LearningOffer, Prerequisite, Run
from competences.records.places import Place
from matching.index.columns import NOWHERE, UNKNOWN_DAY, Atom, Codes, Columns, Form, Sessions, variants_of
from matching.index.session_columns import Slot, evening_of, session_columns, weekly_days
from matching.index.span import Span, span_of
from matching.index.study import Study, study_hours
from matching.index.vocabulary import Vocabulary
from matching.settings import Settings

__all__ = ["NOWHERE", "UNKNOWN_DAY", "Atom", "Catalogue", "Codes", "Columns", "Form", "Sessions"]

MODES = tuple(DeliveryMode)

OfferRow = tuple[float, float, float, float, int, int, int]
RunRow = tuple[int, int, int, bool, int, int, float, float, float, int]


@dataclass
class Catalogue:
    """Offers in id order, so that a row's rank is its id's rank and ties need no lookup."""

    settings: Settings
    vocabulary: Vocabulary
    offers: Sequence[LearningOffer]
    studies: Sequence[Study]
    runs: Sequence[Run | None]
    """Per run row; None where the offer states no run."""
    columns: Columns
    forms: Codes[Form] = field(default_factory=Codes)
    places: Codes[Place] = field(default_factory=Codes)
    sessions: Codes[Sessions] = field(default_factory=Codes)
    slots: Codes[Slot] = field(default_factory=Codes)
    atoms: Codes[Atom] = field(default_factory=Codes)
    groups: Codes[str] = field(default_factory=Codes)
    """Outcome groups, whose offers are variants of each other."""
    modular: Sequence[int] = ()
    """Rows of the offers that consist of units."""

    def __len__(self) -> int:
        return len(self.offers)

    def row(self, offer_id: str) -> int:
        """Row of an offer, -1 where it is not listed."""
        return self.vocabulary.row(offer_id)

    @classmethod
    def from_offers(
        cls, offers: Iterable[LearningOffer], settings: Settings, before: Catalogue | None = None
    ) -> Catalogue:
        """Columns of all offers; an id that occurs twice is an error. Codes go on from those of `before`."""
        ordered = sorted(offers, key=lambda offer: offer.id)
        for one, next_one in pairwise(ordered):
            if one.id == next_one.id:
                raise MisuseError(f"offer id {one.id!r} occurs twice; ids must be unique")
        return _Builder(settings, before).build(ordered)


class _Builder:
    """Collects columns while walking over the offers once."""

    def __init__(self, settings: Settings, before: Catalogue | None = None) -> None:
        self.settings = settings
        self.forms: Codes[Form] = before.forms.copy() if before else Codes()
        self.places: Codes[Place] = before.places.copy() if before else Codes()
        self.sessions: Codes[Sessions] = before.sessions.copy() if before else Codes()
        self.slots: Codes[Slot] = before.slots.copy() if before else Codes()
        self.groups: Codes[str] = before.groups.copy() if before else Codes()
        self.atoms: Codes[Atom] = before.atoms.copy() if before else Codes()
        self.offer_rows: list[OfferRow] = []
        self.run_rows: list[RunRow] = []
        self.runs: list[Run | None] = []
        self.run_start, self.entry_start, self.group_start = [0], [0], [0]
        self.group_need: list[int] = []
        self.group_atoms: list[int] = []

    def build(self, offers: list[LearningOffer]) -> Catalogue:
        studies = [study_hours(offer.time, offer.kind, self.settings) for offer in offers]
        for offer, study in zip(offers, studies, strict=True):
            self._add(offer, study)
        return Catalogue(
            self.settings, Vocabulary(offer.id for offer in offers), offers, studies, self.runs,
            self._columns(), self.forms, self.places, self.sessions, self.slots, self.atoms, self.groups,
            [row for row, offer in enumerate(offers) if offer.units],
        )  # fmt: skip

    def _add(self, offer: LearningOffer, study: Study) -> None:
        form = self.forms.code(Form(offer.language, offer.mode, offer.access, offer.kind))
        price = np.nan if offer.price is None else offer.price
        mode = -1 if offer.mode is None else MODES.index(offer.mode)
        alone = offer.outcome_group is None or not self.settings.one_variant
        group = -1 if alone else self.groups.code(offer.outcome_group or "")
        self.offer_rows.append((study.own, study.contact, study.workplace, price, form, mode, group))
        for run in startable(offer):
            self.runs.append(run)
            self.run_rows.append(self._run(offer, run, study))
        self.run_start.append(len(self.runs))
        self._entry(offer)

    def _run(self, offer: LearningOffer, run: Run | None, study: Study) -> RunRow:
        place = (run.place if run else None) or offer.place
        code = NOWHERE if place is None or offer.mode is DeliveryMode.ONLINE else self.places.code(place)
        span, sessions = span_of(run, offer.time, study.own), _sessions(run)
        return (
            _day(span.start),
            _day(span.end),
            _day(run.enrol_by if run else None),
            run.full or run.seats_left == 0 if run else False,
            code,
            NOWHERE if sessions is None else self.sessions.code(sessions),
            0.0 if code == NOWHERE else self._trips(offer, run, study, span),
            span.weekly,
            span.weeks,
            evening_of(sessions),
        )

    def _trips(self, offer: LearningOffer, run: Run | None, study: Study, span: Span) -> float:
        """How often one travels there: as stated, as dated, as the weekly slots say, or by the hours of presence."""
        if offer.time.sessions is not None:
            return float(offer.time.sessions)
        if run and run.dates:
            return float(len(run.dates))
        sessions = _sessions(run)
        if sessions is not None and sessions.slots and span.weeks > 0:
            if sessions.start and sessions.end:
                return float(sum(1 for _ in weekly_days(sessions)))
            return float(len({slot[0] for slot in sessions.slots}) * np.ceil(span.weeks))
        presence = study.contact + study.assessment + (0.0 if offer.mode is DeliveryMode.BLENDED else study.workplace)
        return float(np.ceil(presence / self.settings.session_hours))

    def _entry(self, offer: LearningOffer) -> None:
        groups = [Prerequisite(any_of=(requirement,)) for requirement in offer.entry]
        together = [Prerequisite(any_of=(other,)) for other in offer.corequisites]
        for group in (*groups, *offer.prerequisites, *together):
            self.group_need.append(group.at_least)
            self.group_atoms.extend(self.atoms.code(_atom(asked)) for asked in group.any_of)
            self.group_start.append(len(self.group_atoms))
        self.entry_start.append(len(self.group_need))

    def _columns(self) -> Columns:
        own, contact, work, price, form, mode, group = _transposed(self.offer_rows, 7)
        in_groups = np.array(group, np.int32)
        variant_start, variants = variants_of(in_groups, len(self.groups))
        start, end, enrol_by, full, place, sessions, trips, weekly, weeks, evening = _transposed(self.run_rows, 10)
        return Columns(
            run_start=np.array(self.run_start, np.int64),
            own=np.array(own, np.float64),
            contact=np.array(contact, np.float64),
            work=np.array(work, np.float64),
            price=np.array(price, np.float64),
            form=np.array(form, np.int32),
            mode=np.array(mode, np.int8),
            group=in_groups,
            variant_start=variant_start,
            variants=variants,
            entry_start=np.array(self.entry_start, np.int64),
            group_start=np.array(self.group_start, np.int64),
            group_need=np.array(self.group_need, np.int32),
            group_atoms=np.array(self.group_atoms, np.int32),
            start=np.array(start, np.int32),
            end=np.array(end, np.int32),
            enrol_by=np.array(enrol_by, np.int32),
            full=np.array(full, np.uint8),
            place=np.array(place, np.int32),
            sessions=np.array(sessions, np.int32),
            trips=np.array(trips, np.float64),
            weekly=np.array(weekly, np.float64),
            weeks=np.array(weeks, np.float64),
            evening=np.array(evening, np.int8),
            **session_columns(self.sessions.values, self.slots),
        )


def startable(offer: LearningOffer) -> Sequence[Run | None]:
    """The stated runs; an open-entry offer is started without one."""
    return (None,) if offer.open_entry or not offer.runs else offer.runs


def _sessions(run: Run | None) -> Sessions | None:
    """When a run wants people to be present; None where nothing is known of it."""
    if run is None or not (run.slots or run.dates or run.start or run.end or run.slots == ()):
        return None
    slots = tuple((int(s.weekday), _minute(s.start), _minute(s.end)) for s in run.slots or ())
    return Sessions(slots, run.dates, run.start, run.end, run.slots == (), run.breaks)


def _transposed(rows: Sequence[Sequence[object]], width: int) -> Sequence[Sequence[object]]:
    return list(zip(*rows, strict=True)) if rows else [()] * width


def _atom(asked: str | Requirement) -> Atom:
    if isinstance(asked, str):
        return Atom(asked, None, 0.0)
    return Atom(None, asked.competence, asked.level or 0.0)


def _day(day: date | None) -> int:
    return UNKNOWN_DAY if day is None else day.toordinal()


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute
