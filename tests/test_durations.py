"""Lengths in words, as catalogues write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competences.records.hours import TimeDemand
from competences.sources.durations import read_duration
from competences.sources.iso import iso_hours, iso_weeks

STATED = {
    "80 uren": {"contact_hours": 80},
    "60 u": {"contact_hours": 60},
    "12,5 uur": {"contact_hours": 12.5},
    "12 heures": {"contact_hours": 12},
    "20 lestijden": {"teaching_periods": 20},
    "1280 Lt": {"teaching_periods": 1280},
    "6 studiepunten": {"ects": 6},
    "30 ECTS": {"ects": 30},
    "2 jours": {"sessions": 2},
    "0,5 dag": {"sessions": 1},
    "4 halve dagen": {"sessions": 4},
    "drie weken": {"weeks": 3},
    "12 weken, 2 dagen per week": {"weeks": 12, "sessions": 24},
    "31 lesweken van 40u per week": {"weeks": 31, "hours_per_week": 40},
    "3 hours per week for 6 weeks": {"weeks": 6, "hours_per_week": 3},
    "5 dagen van 8 u": {"contact_hours": 40, "sessions": 5},
    "3 x 2 uur": {"contact_hours": 6, "sessions": 3},
    "PT90M": {"contact_hours": 1.5},
    "120u (70u theorie en 50u stage)": {"contact_hours": 70, "workplace_hours": 50},
    "30 uur les en 10 uur zelfstudie": {"contact_hours": 30, "self_study_hours": 10},
}


@pytest.mark.parametrize("text", STATED)
def test_what_is_stated_is_filled_in(text: str) -> None:
    assert read_duration(text).time == TimeDemand.model_validate(STATED[text])


@pytest.mark.parametrize(
    ("text", "field", "upper"),
    [
        ("4-6 weken", "weeks", 6),
        ("1 à 2 dagen", "sessions", 2),
        ("2–3 hours per week", "hours_per_week", 3),
        ("1,5 jaar tot 2 jaar", "weeks", 104),
    ],
)
def test_a_range_counts_by_its_upper_end_and_says_so(text: str, field: str, upper: float) -> None:
    reading = read_duration(text)
    assert getattr(reading.time, field) == upper
    assert any("upper end" in note for note in reading.notes)


def test_months_are_calendar_weeks_and_say_so() -> None:
    reading = read_duration("4 tot 6 maanden")
    assert reading.time == TimeDemand(weeks=26)
    assert "6 months was read as 26 calendar weeks" in reading.notes


def test_full_time_is_a_working_week_and_says_so() -> None:
    reading = read_duration("3 weken voltijds")
    assert reading.time == TimeDemand(weeks=3, hours_per_week=38)
    assert reading.notes == ("full time was read as 38 hours a week",)
    assert read_duration("3 weken voltijds of deeltijds").time == TimeDemand(weeks=3)


@pytest.mark.parametrize(
    "text",
    [
        "in overleg",
        "1 semester",
        "24u op 24",
        "van 9 tot 17 u",
        "18.00u",
        "280 uren, 240 uren",
        "P60M",
        "P1Y",
        "0 uur",
        "90 years",
        "300 ECTS",
        "4 maanden of 1 jaar",
    ],
)
def test_what_is_unclear_stays_unknown_and_is_named(text: str) -> None:
    reading = read_duration(text)
    assert reading.time == TimeDemand()
    assert any(note.startswith("not interpreted: ") for note in reading.notes)


def test_a_part_is_not_the_whole() -> None:
    reading = read_duration("800 uur, aangevuld met een stage van max. 4 weken")
    assert reading.time == TimeDemand(contact_hours=800)
    assert "not interpreted: '4 weken' (counts a part of the whole)" in reading.notes


def test_days_at_home_are_no_sessions() -> None:
    reading = read_duration("4 weken, waarvan 4 dagen per week thuis")
    assert reading.time == TimeDemand(weeks=4)
    assert "not interpreted: '4 dagen per week' (counts a part of the whole)" in reading.notes


def test_nothing_said_is_nothing_noted() -> None:
    assert read_duration("  ") == (TimeDemand(), ())


def test_iso_workload_refuses_calendar_lengths() -> None:
    assert iso_hours("PT22H30M") == (22.5, None)
    for calendar in ("P60M", "P1Y", "P2D", "P3W", "soon", "PT-1H"):
        hours, note = iso_hours(calendar)
        assert hours is None
        assert note is not None


def test_iso_calendar_lengths_are_weeks() -> None:
    assert iso_weeks("P6W") == (6.0, None)
    assert iso_weeks("P6M") == (26.0, None)
    assert iso_weeks("P900Y")[0] is None


@given(st.text(alphabet="0123456789,.- /xPTMHDWY() uurwekdagntosmaj'", max_size=60))
def test_any_text_gives_a_demand_or_a_note(text: str) -> None:
    reading = read_duration(text)
    assert reading.time != TimeDemand() or reading.notes or not text.split()
