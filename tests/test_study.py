"""Hours of an offer: stated before ECTS, ECTS before load × weeks, all before assumptions; nothing silently 0."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pytest
from hypothesis import given

from competences.records.hours import TimeDemand
from competences.records.offers import OfferKind, Run
from matching.index.span import span_of
from matching.index.study import HoursBasis, study_hours
from matching.settings import Settings
from strategies import time_demands

DEFAULTS = Settings()
DAY = date(2027, 1, 4)


@pytest.mark.parametrize(
    ("time", "own", "workplace", "basis"),
    [
        (TimeDemand(contact_hours=20, self_study_hours=10), 30, 0, HoursBasis.STATED),
        (TimeDemand(contact_hours=20), 20, 0, HoursBasis.PARTLY),
        (TimeDemand(teaching_periods=12), 10, 0, HoursBasis.PARTLY),
        (TimeDemand(contact_hours=20, teaching_periods=120), 20, 0, HoursBasis.PARTLY),
        (TimeDemand(ects=3), 90, 0, HoursBasis.ECTS),
        (TimeDemand(ects=3, contact_hours=20), 90, 0, HoursBasis.ECTS),
        (TimeDemand(ects=3, workplace_hours=40), 50, 40, HoursBasis.ECTS),
        (TimeDemand(hours_per_week=4, weeks=10), 40, 0, HoursBasis.STATED),
        (TimeDemand(self_study_hours=8, assessment_hours=2), 10, 0, HoursBasis.STATED),
        (TimeDemand(workplace_hours=40), 0, 40, HoursBasis.STATED),
        (TimeDemand(), DEFAULTS.assumed_hours[OfferKind.COURSE], 0, HoursBasis.ASSUMED),
        (TimeDemand(sessions=20), 20 * DEFAULTS.assumed_session_hours, 0, HoursBasis.ASSUMED),
        (TimeDemand(weeks=10), DEFAULTS.assumed_hours[OfferKind.COURSE], 0, HoursBasis.ASSUMED),
    ],
)
def test_where_hours_come_from(time: TimeDemand, own: float, workplace: float, basis: HoursBasis) -> None:
    study = study_hours(time, OfferKind.COURSE, DEFAULTS)
    assert (study.own, study.workplace, study.basis) == (pytest.approx(own), workplace, basis)


def test_hours_outside_what_ects_stand_for_are_a_conflict() -> None:
    def conflict(hours: float) -> bool:
        return study_hours(
            TimeDemand(contact_hours=hours, self_study_hours=0, ects=3), OfferKind.COURSE, DEFAULTS
        ).in_conflict

    assert [conflict(hours) for hours in (74, 75, 90, 91)] == [True, False, False, True]


@given(time_demands())
def test_hours_are_never_negative_and_an_assumption_is_never_hidden(time: TimeDemand) -> None:
    study = study_hours(time, OfferKind.MODULE, DEFAULTS)
    assert min(study.contact, study.self_study, study.assessment, study.workplace) >= 0
    stated = time.model_dump(exclude_none=True, exclude={"weeks", "sessions", "hours_per_week"})
    assert (study.basis is HoursBasis.ASSUMED) == (not stated and not (time.hours_per_week is not None and time.weeks))


@pytest.mark.parametrize(
    ("time", "run", "own", "weeks", "weekly"),
    [
        (TimeDemand(weeks=10), None, 40, 10, 4),
        (TimeDemand(weeks=10), Run(id="r", start=DAY), 40, 10, 4),
        (TimeDemand(weeks=10), Run(id="r", start=DAY, end=DAY + timedelta(days=34)), 40, 5, 8),  # the days decide
        (TimeDemand(weeks=10), Run(id="r", dates=(DAY, DAY + timedelta(days=13))), 40, 2, 20),
        (TimeDemand(), Run(id="r", start=DAY, end=DAY), 6, 1 / 7, 6),  # one day is one week's work, not 42 hours a week
        (TimeDemand(hours_per_week=6, weeks=10), None, 40, 10, 6),  # a stated load wins over both
        (TimeDemand(hours_per_week=6), Run(id="r", start=DAY, end=DAY + timedelta(days=69)), 40, 10, 6),
        (TimeDemand(hours_per_week=3, weeks=10), None, 40, 10, 4),  # unless the hours do not fit in it
        (TimeDemand(hours_per_week=5), None, 40, 8, 5),
    ],
)
def test_days_decide_the_weeks_and_a_stated_load_wins(
    time: TimeDemand, run: Run | None, own: float, weeks: float, weekly: float
) -> None:
    span = span_of(run, time, own)
    assert (span.weeks, span.weekly) == (pytest.approx(weeks), pytest.approx(weekly))


@pytest.mark.parametrize("time", [TimeDemand(), TimeDemand(hours_per_week=0)])
def test_without_weeks_hours_are_free(time: TimeDemand) -> None:
    assert math.isnan(span_of(None, time, 40).weeks)
    assert math.isnan(span_of(Run(id="r", start=DAY), time, 40).weeks)


def test_one_day_and_a_length_give_the_other_day() -> None:
    two_weeks, later = TimeDemand(weeks=2), DAY + timedelta(days=13)
    for run in (Run(id="r", start=DAY), Run(id="r", end=later)):
        assert span_of(run, two_weeks, 8)[:2] == (DAY, later)
