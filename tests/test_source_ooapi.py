"""Open Onderwijs API."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from competences.errors import DataError
from competences.records.hours import TimeDemand
from competences.records.offers import DeliveryMode, LearningOffer
from competences.sources.ooapi import read_courses
from source_samples import OOAPI


def read(tmp_path: Path, document: object) -> list[LearningOffer]:
    path = tmp_path / "ooapi.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return read_courses(path)


def changed(**fields: object) -> Any:
    document: Any = copy.deepcopy(OOAPI)
    document["items"][0].update(fields)
    return document


def test_a_course_with_its_offering_becomes_an_offer(tmp_path: Path) -> None:
    (offer,) = read(tmp_path, OOAPI)
    assert (offer.id, offer.title, offer.description) == ("ooapi:c-1", "Bakken", "Van deeg tot brood.")
    assert [outcome.competence for outcome in offer.outcomes] == ["deeg kneden", "bakken"]
    assert offer.time == TimeDemand(ects=3, weeks=10)
    assert (offer.language, offer.mode, offer.provider, offer.price) == ("nl", DeliveryMode.BLENDED, "Bakkerschool", 90)
    (run,) = offer.runs
    assert (run.start, run.end, run.enrol_by, run.full) == (
        date(2026, 9, 1),
        date(2026, 11, 10),
        date(2026, 8, 15),
        True,
    )
    assert offer.place is not None
    assert offer.place.postcode == "9000"
    assert offer.notes == ("asks: Geen meelallergie",)


def test_a_single_course_is_read_too(tmp_path: Path) -> None:
    (offer,) = read(tmp_path, OOAPI["items"][0])
    assert offer.runs == ()
    assert offer.price is None


def test_a_postcode_abroad_is_no_belgian_one(tmp_path: Path) -> None:
    document: Any = copy.deepcopy(OOAPI)
    document["items"][1]["addresses"] = [{"postalCode": "1337", "city": "Esch", "countryCode": "LU"}]
    (offer,) = read(tmp_path, document)
    assert offer.place is not None
    assert (offer.place.postcode, offer.place.municipality) == (None, "Esch")


@pytest.mark.parametrize(
    ("load", "time"),
    [
        ({"studyLoadUnit": "sbu", "value": 84}, {"self_study_hours": 84, "weeks": 10}),
        ({"studyLoadUnit": "hour", "value": 12}, {"contact_hours": 12, "weeks": 10}),
        ({"studyLoadUnit": "moons", "value": 1}, {"weeks": 10}),
        ({"studyLoadUnit": "ects", "value": 999}, {"weeks": 10}),
    ],
)
def test_study_load(tmp_path: Path, load: dict[str, object], time: dict[str, float]) -> None:
    (offer,) = read(tmp_path, changed(studyLoad=load))
    assert offer.time == TimeDemand.model_validate(time)
    assert len(time) > 1 or any(note.startswith("not interpreted") for note in offer.notes)


@pytest.mark.parametrize(
    ("broken", "field"), [({"courseId": 3}, "courseId"), ({"name": []}, "c-1.name"), ({"name": None}, "c-1.name")]
)
def test_a_broken_course_names_file_and_field(tmp_path: Path, broken: dict[str, object], field: str) -> None:
    with pytest.raises(DataError) as caught:
        read(tmp_path, changed(**broken))
    assert caught.value.field == field


def test_nothing_and_twice_are_errors(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="courseId"):
        read(tmp_path, {"items": []})
    with pytest.raises(DataError, match="'ooapi:c-1' occurs twice"):
        read(tmp_path, [OOAPI, OOAPI])
