"""Offers as columns: ids become rows once, and what conditions look up becomes small codes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from competences.errors import MisuseError
from competences.records.competence import Requirement
from competences.records.offers import Access, DeliveryMode, LearningOffer, OfferKind, Prerequisite, Run
from competences.records.places import Place
from matching.index.study import Study, study_hours, weekly_load
from matching.index.vocabulary import Vocabulary
from matching.settings import Settings

UNKNOWN_DAY = np.iinfo(np.int32).min
NOWHERE = -1
"""Code of a run without a place to travel to, of a run without fixed sessions, of an offer without entry condition."""

K = TypeVar("K", bound=Hashable)


class Form(NamedTuple):
    """The conditions of an offer that do not depend on numbers; equal forms share one code."""

    language: str | None
    mode: DeliveryMode | None
    access: Access
    kind: OfferKind


class Sessions(NamedTuple):
    """When a run wants people to be present."""

    slots: tuple[tuple[int, int, int], ...]
    """(weekday, start minute, end minute)."""
    dates: tuple[date, ...]
    start: date | None
    end: date | None


class Atom(NamedTuple):
    """One thing that an entry condition or prerequisite can ask for."""

    offer: str | None
    competence: str | None
    level: float
    """0 where any level will do."""


class Codes(Generic[K]):
    """Distinct values in order of appearance; a code is a position."""

    def __init__(self) -> None:
        self.values: list[K] = []
        self._codes: dict[K, int] = {}

    def code(self, value: K) -> int:
        found = self._codes.setdefault(value, len(self.values))
        if found == len(self.values):
            self.values.append(value)
        return found

    def __len__(self) -> int:
        return len(self.values)


class Columns(NamedTuple):
    """What the kernel reads. Offer columns first, then run columns; every offer has at least one run row."""

    run_start: NDArray[np.int64]
    own: NDArray[np.float64]
    """Own hours without travel, leave or exemption."""
    contact: NDArray[np.float64]
    """Contact hours: what paid leave can pay for."""
    work: NDArray[np.float64]
    """Hours on the job."""
    price: NDArray[np.float64]
    """€, NaN where unknown."""
    form: NDArray[np.int32]
    entry_start: NDArray[np.int64]
    group_start: NDArray[np.int64]
    group_need: NDArray[np.int32]
    group_atoms: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    enrol_by: NDArray[np.int32]
    full: NDArray[np.uint8]
    place: NDArray[np.int32]
    sessions: NDArray[np.int32]
    trips: NDArray[np.float64]
    weekly: NDArray[np.float64]
    """Own hours in a week in which the run takes place, travel apart; NaN where hours can be spread freely."""
    weeks: NDArray[np.float64]
    """Calendar weeks, NaN where the hours can be spread freely."""


@dataclass
class Catalogue:
    """Offers in id order, so that a row's rank is its id's rank and ties need no lookup."""

    settings: Settings
    vocabulary: Vocabulary
    offers: list[LearningOffer]
    studies: list[Study]
    runs: list[Run | None]
    """Per run row; None where the offer states no run."""
    columns: Columns
    forms: Codes[Form] = field(default_factory=Codes)
    places: Codes[Place] = field(default_factory=Codes)
    sessions: Codes[Sessions] = field(default_factory=Codes)
    atoms: Codes[Atom] = field(default_factory=Codes)

    def __len__(self) -> int:
        return len(self.offers)

    def row(self, offer_id: str) -> int:
        """Row of an offer, -1 where it is not listed."""
        return self.vocabulary.row(offer_id)

    @classmethod
    def from_offers(cls, offers: Iterable[LearningOffer], settings: Settings) -> Catalogue:
        """Columns of all offers; an id that occurs twice is an error."""
        ordered = sorted(offers, key=lambda offer: offer.id)
        for one, next_one in pairwise(ordered):
            if one.id == next_one.id:
                raise MisuseError(f"offer id {one.id!r} occurs twice; ids must be unique")
        return _Builder(settings).build(ordered)


class _Builder:
    """Collects columns while walking over the offers once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.forms: Codes[Form] = Codes()
        self.places: Codes[Place] = Codes()
        self.sessions: Codes[Sessions] = Codes()
        self.atoms: Codes[Atom] = Codes()
        self.offer_rows: list[tuple[float, float, float, float, int]] = []
        self.run_rows: list[tuple[int, int, int, bool, int, int, float, float, float]] = []
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
            self._columns(), self.forms, self.places, self.sessions, self.atoms,
        )  # fmt: skip

    def _add(self, offer: LearningOffer, study: Study) -> None:
        form = self.forms.code(Form(offer.language, offer.mode, offer.access, offer.kind))
        price = np.nan if offer.price is None else offer.price
        self.offer_rows.append((study.own, study.contact, study.workplace, price, form))
        for run in self._startable(offer):
            self.runs.append(run)
            self.run_rows.append(self._run(offer, run, study))
        self.run_start.append(len(self.runs))
        self._entry(offer)

    @staticmethod
    def _startable(offer: LearningOffer) -> Sequence[Run | None]:
        """The stated runs; an open-entry offer can also be started without one."""
        return (None,) if offer.open_entry or not offer.runs else offer.runs

    def _run(
        self, offer: LearningOffer, run: Run | None, study: Study
    ) -> tuple[int, int, int, bool, int, int, float, float, float]:
        place = (run.place if run else None) or offer.place
        code = NOWHERE if place is None or offer.mode is DeliveryMode.ONLINE else self.places.code(place)
        span = (run.end - run.start).days / 7 + 1 / 7 if run and run.start and run.end else None
        load = weekly_load(offer.time, study.own, max(span, 1.0) if span is not None else None)
        return (
            _day(run.start if run else None),
            _day(run.end if run else None),
            _day(run.enrol_by if run else None),
            run.full if run else False,
            code,
            self._sessions(run),
            0.0 if code == NOWHERE else self._trips(offer, run, study, load),
            load[0] if load else np.nan,
            load[1] if load else np.nan,
        )

    def _sessions(self, run: Run | None) -> int:
        if run is None or not (run.slots or run.dates or run.start):
            return NOWHERE
        slots = tuple((int(s.weekday), _minute(s.start), _minute(s.end)) for s in run.slots or ())
        return self.sessions.code(Sessions(slots, run.dates, run.start, run.end))

    def _trips(self, offer: LearningOffer, run: Run | None, study: Study, load: tuple[float, float] | None) -> float:
        """How often one travels there: as stated, as dated, as the weekly slots say, or by the hours of presence."""
        if offer.time.sessions is not None:
            return float(offer.time.sessions)
        if run and run.dates:
            return float(len(run.dates))
        if run and run.slots and load:
            return float(len({slot.weekday for slot in run.slots}) * np.ceil(load[1]))
        presence = study.contact + study.assessment + (0.0 if offer.mode is DeliveryMode.BLENDED else study.workplace)
        return float(np.ceil(presence / self.settings.session_hours))

    def _entry(self, offer: LearningOffer) -> None:
        groups = [Prerequisite(any_of=(requirement,)) for requirement in offer.entry]
        for group in (*groups, *offer.prerequisites):
            self.group_need.append(group.at_least)
            self.group_atoms.extend(self.atoms.code(_atom(asked)) for asked in group.any_of)
            self.group_start.append(len(self.group_atoms))
        self.entry_start.append(len(self.group_need))

    def _columns(self) -> Columns:
        own, contact, work, price, form = _transposed(self.offer_rows, 5)
        start, end, enrol_by, full, place, sessions, trips, weekly, weeks = _transposed(self.run_rows, 9)
        return Columns(
            run_start=np.array(self.run_start, np.int64),
            own=np.array(own, np.float64),
            contact=np.array(contact, np.float64),
            work=np.array(work, np.float64),
            price=np.array(price, np.float64),
            form=np.array(form, np.int32),
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
        )


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
