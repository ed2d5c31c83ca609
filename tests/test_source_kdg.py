"""Courses of Karel de Grote Hogeschool."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from competences.errors import DataError
from competences.records.hours import Slot, TimeDemand, Weekday
from competences.records.offers import DeliveryMode, LearningOffer, OfferKind
from competences.sources.kdg import read_courses
from source_samples import KDG


def read(tmp_path: Path, *courses: object) -> list[LearningOffer]:
    path = tmp_path / "courses.json"
    path.write_text(json.dumps(courses), encoding="utf-8")
    return read_courses(path)


def changed(edition: dict[str, object] | None = None, **fields: object) -> dict[str, Any]:
    editions = [{**KDG["location_and_date"][0], **(edition or {})}]
    return {**KDG, "location_and_date": editions, **fields}


def test_a_course_becomes_an_offer(tmp_path: Path) -> None:
    (offer,) = read(tmp_path, KDG)
    assert offer.id == "kdg:wondzorg"
    assert offer.description == "Je leert wonden verzorgen.\n\n- Dag 1\n\n- Dag 2"
    assert offer.language == "nl"
    assert offer.price == 120
    assert [outcome.competence for outcome in offer.outcomes] == ["Wondzorg", "Hygiëne (handen, materiaal)"]
    assert offer.support == ("Vlaams opleidingsverlof", "KMO-portefeuille")
    assert offer.mode is DeliveryMode.ONSITE
    assert offer.place is not None
    assert offer.place.postcode == "2018"
    assert offer.time == TimeDemand(contact_hours=15, sessions=2)
    (run,) = offer.runs
    assert (run.start, run.end, run.slots) == (date(2025, 11, 4), date(2025, 12, 3), None)
    assert "asks: Diploma verpleegkunde vereist" in offer.notes


@pytest.mark.parametrize(
    ("length", "unit", "time"),
    [
        (3, "hours", {"contact_hours": 3}),
        ("12.5", "uur", {"contact_hours": 12.5}),
        (1, "years", {}),
        (6, "maanden", {}),
        (4, "weeks", {"weeks": 4}),
        (2, "weeks", {}),
        (1, "days", {}),
        (40, "days", {}),
        ("In overleg te bepalen", "days", {}),
        ("", "days", {}),
        (0, "hours", {}),
    ],
)
def test_units(tmp_path: Path, length: object, unit: str, time: dict[str, float]) -> None:
    (offer,) = read(tmp_path, changed(duration_length=length, duration_type=unit))
    assert offer.time == TimeDemand.model_validate(time)
    assert time or any(note.startswith("not interpreted") for note in offer.notes)


def test_days_without_one_timetable_are_sessions_only(tmp_path: Path) -> None:
    (offer,) = read(tmp_path, changed({"hours": "Tussen 8.30 - 18 u."}))
    assert offer.time == TimeDemand(sessions=2)
    assert any("no one timetable" in note for note in offer.notes)


def test_weekly_lessons_are_slots(tmp_path: Path) -> None:
    edition = {
        "hours": "Telkens op dinsdagavond van 19 tot 21 u.",
        "date_start": "2026-02-03",
        "date_end": "2026-03-17",
    }
    (offer,) = read(tmp_path, changed(edition, duration_length=6, duration_type="weeks"))
    slot = Slot(weekday=Weekday.TUESDAY, start=time(19), end=time(21))
    assert offer.runs[0].slots == (slot,)
    assert offer.time == TimeDemand(weeks=6, contact_hours=12, sessions=6)


def test_credits_of_the_whole_count(tmp_path: Path) -> None:
    (whole,) = read(tmp_path, changed(description="Een traject van 20 studiepunten."))
    assert whole.time.ects == 20
    (parts,) = read(tmp_path, changed(description="Twee modules (elk ca. 15 studiepunten)."))
    assert parts.time.ects is None


def test_in_company_needs_a_host(tmp_path: Path) -> None:
    edition = {"location_name": "Op locatie in jouw organisatie", "location_address": "", "location_zip": ""}
    (offer,) = read(tmp_path, changed(edition))
    assert offer.mode is DeliveryMode.WORKPLACE
    assert offer.access.host_required
    assert offer.place is None


def test_kinds(tmp_path: Path) -> None:
    (micro,) = read(tmp_path, changed(webaddress="https://example.org/micro-credentials/wondzorg"))
    (event,) = read(tmp_path, changed(title="Studiedag wondzorg"))
    assert (micro.kind, event.kind) == (OfferKind.MICROCREDENTIAL, OfferKind.EVENT)


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ({"title": ""}, "[1].title"),
        ({"internal_id": None}, "[1].internal_id"),
        ({"location_and_date": "morgen"}, "[1].location_and_date"),
        ({"language": "Nederlands!"}, "[1].language"),
    ],
)
def test_a_broken_course_names_file_and_field(tmp_path: Path, broken: dict[str, object], field: str) -> None:
    with pytest.raises(DataError) as caught:
        read(tmp_path, KDG, {**KDG, "internal_id": "2", **broken})
    assert caught.value.field == field
    assert str(caught.value.file).endswith("courses.json")


def test_broken_documents_are_data_errors(tmp_path: Path) -> None:
    path = tmp_path / "courses.json"
    for content in ('{"a": 1}', "[1]", "[", ""):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(DataError):
            read_courses(path)
    with pytest.raises(DataError, match="'kdg:wondzorg' occurs twice"):
        read(tmp_path, KDG, KDG)


@pytest.mark.data
def test_the_real_courses(shared_data: Path) -> None:
    offers = {offer.id: offer for offer in read_courses(shared_data / "kdg-courses" / "courses.json")}
    assert len(offers) == 154
    assert Counter(offer.kind for offer in offers.values())[OfferKind.MICROCREDENTIAL] == 22
    assert sum(offer.price is not None for offer in offers.values()) == 115
    assert sum(bool(offer.runs) for offer in offers.values()) == 118
    assert sum(offer.time.contact_hours is not None for offer in offers.values()) == 83
    assert sum(offer.time.ects is not None for offer in offers.values()) == 14
    assert all(offer.outcomes for offer in offers.values())
    # read in the file by eye
    assert offers["kdg:assistent-accountant"].time == TimeDemand(ects=20, weeks=15)
    assert offers["kdg:bijscholing-zorgkundigen"].time == TimeDemand(contact_hours=32, sessions=4)
    assert offers["kdg:pedagogische-coaching-binnen-je-kinderopvang"].time == TimeDemand(contact_hours=48)
    assert offers["kdg:sherborne-bewegingspedagogiek-introductie"].time == TimeDemand()  # 1 day, dates 57 days apart
    assert len(offers["kdg:digital-business"].runs[0].dates) == 14


@pytest.mark.data
def test_a_course_without_time_says_why(shared_data: Path) -> None:
    for offer in read_courses(shared_data / "kdg-courses" / "courses.json"):
        assert offer.time != TimeDemand() or any(note.startswith("not interpreted") for note in offer.notes), offer.id
