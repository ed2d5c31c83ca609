"""edX and Coursera catalogues."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from competences.errors import DataError
from competences.records.hours import TimeDemand
from competences.records.offers import DeliveryMode
from competences.sources.courses_en import read_coursera, read_edx

EDX = {
    "title": "Baking",
    "course_url": "https://example.org/course/baking",
    "language": "English",
    "course_effort": "2–4 hours per week",
    "course_length": "7 Weeks",
    "price": "FREE-Add a Verified Certificate for $49 USD",
    "course_description": "pending",
    "subject": "Food",
    "course_type": "Self-paced on your time",
    "summary": "Bake bread",
}
COURSERA = {
    "ID": "3", "Title": "Baking", "Organization": "School", "Skills": " Kneading, Baking", "Difficulty": "Beginner",
    "Type": "Course", "Duration": "Less Than 2 Hours", "course_description": "Learn to weld.",
}  # fmt: skip


def written(tmp_path: Path, *rows: dict[str, str]) -> Path:
    path = tmp_path / "courses.csv"
    with open(path, "w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_edx_states_effort_and_length(tmp_path: Path) -> None:
    (offer,) = read_edx(written(tmp_path, EDX))
    assert (offer.id, offer.language, offer.mode) == ("edx:baking", "en", DeliveryMode.ONLINE)
    assert offer.time == TimeDemand(hours_per_week=4, weeks=7)
    assert (offer.price, offer.open_entry, offer.description) == (0, True, "Bake bread")
    assert "a certificate costs extra: Add a Verified Certificate for $49 USD" in offer.notes
    assert "'2–4 hours': the upper end counts" in offer.notes


def test_a_price_in_dollars_is_unknown(tmp_path: Path) -> None:
    (offer,) = read_edx(written(tmp_path, {**EDX, "price": "$49 USD"}))
    assert offer.price is None
    assert "not interpreted: '$49 USD' (no price in euro)" in offer.notes


def test_coursera_states_skills_and_calendar_time(tmp_path: Path) -> None:
    short, long = read_coursera(written(tmp_path, COURSERA, {**COURSERA, "ID": "4", "Duration": "3 - 6 Months"}))
    assert [outcome.competence for outcome in short.outcomes] == ["Kneading", "Baking"]
    assert short.time == TimeDemand(self_study_hours=2)
    assert long.time == TimeDemand(weeks=26)
    assert short.description is None
    assert "description left out: not surely of this course" in short.notes


def test_broken_rows_name_line_and_field(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_edx(written(tmp_path, EDX, {**EDX, "title": " "}))
    assert (caught.value.line, caught.value.field) == (3, "title")
    with pytest.raises(DataError) as caught:
        read_edx(written(tmp_path, COURSERA))
    assert (caught.value.line, caught.value.field) == (1, "title")
    with pytest.raises(DataError, match="'edx:baking' occurs twice"):
        read_edx(written(tmp_path, EDX, EDX))


@pytest.mark.data
def test_the_real_catalogues(shared_data: Path) -> None:
    edx = read_edx(shared_data / "courses-en" / "edx_courses.csv")
    assert len(edx) == 974
    assert all(offer.time.hours_per_week and offer.time.weeks for offer in edx)
    assert edx[0].time == TimeDemand(hours_per_week=3, weeks=2)  # "2–3 hours per week", "2 Weeks"
    coursera = read_coursera(shared_data / "courses-en" / "coursera_course_dataset_v3.csv")
    assert len(coursera) == 623
    assert sum(offer.time.self_study_hours == 2 for offer in coursera) == 20
    assert all(offer.outcomes for offer in coursera)
