"""The arrays that the kernel reads, and the values behind their small codes."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from enum import IntEnum
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from competences.records.hours import Period
from competences.records.offers import Access, DeliveryMode, OfferKind
from matching.index.span import shifted

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
    asynchronous: bool = False
    """No fixed hours at all, as against hours that are not stated."""
    breaks: tuple[Period, ...] = ()

    @property
    def presence_unknown(self) -> bool:
        """Whether no day of the span is known to ask for presence."""
        return self.asynchronous or self.start is None or self.end is None

    @property
    def span(self) -> tuple[date, date] | None:
        """First and last day that are known: of what runs weekly and has one side open, one week."""
        week = 6 if self.slots else 0
        if self.start is not None:
            return self.start, self.end or shifted(self.start, week)
        return None if self.end is None else (shifted(self.end, -week), self.end)


class Evening(IntEnum):
    """Whether a run takes place in the evening."""

    UNKNOWN = -1
    NO = 0
    YES = 1
    ANY = 2
    """No fixed hours: as one likes."""


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

    def copy(self) -> Codes[K]:
        """One that can grow while others read this one."""
        other: Codes[K] = Codes()
        other.values = list(self.values)
        other._codes = {value: code for code, value in enumerate(self.values)}
        return other

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
    mode: NDArray[np.int8]
    """Position in `DeliveryMode`, −1 where unknown."""
    group: NDArray[np.int32]
    """Outcome group: offers of one group are variants of each other; −1 for none."""
    variant_start: NDArray[np.int64]
    variants: NDArray[np.int64]
    """Rows of the offers of each outcome group, in order."""
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
    """Own hours in the fullest week of the run, travel and pauses apart; NaN where hours can be spread freely."""
    weeks: NDArray[np.float64]
    """Calendar weeks, NaN where the hours can be spread freely. Where a day and the weeks are known, so are `start` and
    `end`."""
    evening: NDArray[np.int8]
    """A value of `Evening`."""
    slot_start: NDArray[np.int64]
    """From here on by session code: its weekly slots, its days, its first and last day, its breaks."""
    slots: NDArray[np.int32]
    date_start: NDArray[np.int64]
    dates: NDArray[np.int32]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    presence_unknown: NDArray[np.uint8]
    """1 where no day of the span is known to ask for presence: asynchronous, or without a first or last day."""
    break_start: NDArray[np.int64]
    break_first: NDArray[np.int32]
    break_last: NDArray[np.int32]
    slot_weekday: NDArray[np.int32]
    """By slot code."""
    calendar_start: NDArray[np.int64]
    """(1,) first day of `public_holiday`, and of every table of days."""
    public_holiday: NDArray[np.uint8]


def variants_of(group: NDArray[np.int32], n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(starts, rows): the offers of each of n outcome groups, in order of row; group −1 is none."""
    rows = np.argsort(group, kind="stable")[np.count_nonzero(group < 0) :].astype(np.int64)
    return np.searchsorted(group[rows], np.arange(n + 1)).astype(np.int64), rows


OFFER = np.dtype(
    [
        ("own", np.float64), ("contact", np.float64), ("work", np.float64), ("price", np.float64),
        ("run_start", np.int64), ("entry_start", np.int64), ("form", np.int32), ("group", np.int32), ("mode", np.int8),
    ],
    align=True,
)  # fmt: skip
RUN = np.dtype(
    [
        ("trips", np.float64), ("weekly", np.float64), ("weeks", np.float64), ("start", np.int32), ("end", np.int32),
        ("enrol_by", np.int32), ("place", np.int32), ("sessions", np.int32), ("full", np.uint8), ("evening", np.int8),
    ],
    align=True,
)  # fmt: skip
SESSION = np.dtype(
    [
        ("slot_start", np.int64), ("date_start", np.int64), ("break_start", np.int64), ("first", np.int32),
        ("last", np.int32), ("presence_unknown", np.uint8),
    ],
    align=True,
)  # fmt: skip


def packed(columns: Columns) -> Columns:
    """The same columns, those of one offer, one run, and one code of sessions side by side: whoever reads one of them
    has the others in the processor's cache. Two rows more than there are: numba takes an array of one row or none for
    another type, and would compile the whole match for it anew."""
    views: dict[str, NDArray[Any]] = {}
    for kind in (OFFER, RUN, SESSION):
        names = kind.names or ()
        rows = np.zeros(max(len(getattr(columns, name)) for name in names) + 2, kind)
        for name in names:
            values = getattr(columns, name)
            rows[name][: len(values)] = values
            views[name] = rows[name]
    return columns._replace(**views)
