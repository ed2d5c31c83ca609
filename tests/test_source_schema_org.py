"""schema.org Course."""

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
from competences.sources.schema_org import read_courses
from source_samples import ESCO, SCHEMA_ORG


def read(tmp_path: Path, document: object) -> list[LearningOffer]:
    path = tmp_path / "course.jsonld"
    path.write_text(json.dumps(document), encoding="utf-8")
    return read_courses(path)


def changed(**fields: object) -> Any:
    document: Any = copy.deepcopy(SCHEMA_ORG)
    document["@graph"][0].update(fields)
    return document


def test_a_course_with_its_instance_becomes_an_offer(tmp_path: Path) -> None:
    (offer,) = read(tmp_path, SCHEMA_ORG)
    assert (offer.id, offer.title) == ("schema_org:https://example.org/bakken", "Brood bakken")
    assert [outcome.competence for outcome in offer.outcomes] == ["deeg kneden", ESCO + "bake"]
    assert [entry.competence for entry in offer.entry] == ["wegen"]
    assert offer.time == TimeDemand(self_study_hours=22, ects=3, sessions=11, weeks=11)
    assert (offer.language, offer.mode, offer.price) == ("nl", DeliveryMode.ONSITE, 90)
    assert offer.keywords == ("brood", "oven")
    assert (offer.runs[0].start, offer.runs[0].end) == (date(2026, 9, 1), date(2026, 11, 10))
    assert offer.place is not None
    assert (offer.place.postcode, offer.place.latitude) == ("9000", 51.05)
    assert "asks: Geen meelallergie" in offer.notes


@pytest.mark.parametrize(
    ("offers", "price"),
    [
        ({"price": 0, "priceCurrency": "USD"}, 0.0),
        ({"price": 90, "priceCurrency": "USD"}, None),
        ([{"price": 90, "priceCurrency": "EUR"}, {"price": 80, "priceCurrency": "EUR"}], None),
        ({"price": "op aanvraag"}, None),
    ],
)
def test_only_one_price_in_euro_is_a_price(tmp_path: Path, offers: object, price: float | None) -> None:
    (offer,) = read(tmp_path, changed(offers=offers))
    assert offer.price == price
    assert (price is not None) or any(note.startswith("not interpreted") for note in offer.notes)


def test_a_free_course_costs_nothing(tmp_path: Path) -> None:
    (offer,) = read(tmp_path, changed(offers=None, isAccessibleForFree=True))
    assert offer.price == 0


def test_a_workload_of_months_is_refused(tmp_path: Path) -> None:
    (offer,) = read(tmp_path, changed(hasCourseInstance=None, timeRequired="P3M"))
    assert offer.time == TimeDemand(ects=3)
    assert any("'P3M'" in note for note in offer.notes)


def test_prefixed_types_and_references(tmp_path: Path) -> None:
    document = [
        {"@type": "schema:Course", "@id": "c", "name": "Bakken", "hasCourseInstance": {"@id": "i"}},
        {"@type": "CourseInstance", "@id": "i", "courseMode": "online"},
    ]
    (offer,) = read(tmp_path, document)
    assert offer.mode is DeliveryMode.ONLINE


def test_a_broken_course_names_file_and_field(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read(tmp_path, changed(name=None))
    assert caught.value.field == "https://example.org/bakken.name"
    with pytest.raises(DataError, match="expected a node of type Course"):
        read(tmp_path, {"@type": "Event"})
