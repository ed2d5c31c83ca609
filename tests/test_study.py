"""Hours of an offer: stated before ECTS, ECTS before load × weeks, all before assumptions; nothing silently 0."""

from __future__ import annotations

import pytest
from hypothesis import given

from competences.records.hours import TimeDemand
from competences.records.offers import OfferKind
from matching.index.study import HoursBasis, study_hours, weekly_load
from matching.settings import Settings
from strategies import time_demands

DEFAULTS = Settings()


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


def test_load_is_hours_over_weeks_and_free_where_no_weeks_are_stated() -> None:
    assert weekly_load(TimeDemand(weeks=10), 40, None) == (4, 10)
    assert weekly_load(TimeDemand(hours_per_week=5), 40, None) == (5, 8)
    assert weekly_load(TimeDemand(), 40, 20) == (2, 20)
    assert weekly_load(TimeDemand(), 40, None) is None
