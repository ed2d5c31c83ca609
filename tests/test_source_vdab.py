"""The VDAB catalogue."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from competences.errors import DataError
from competences.records.hours import TimeDemand
from competences.records.offers import DeliveryMode, LearningOffer
from competences.sources.vdab import read_trainings
from source_samples import VDAB


def read(tmp_path: Path, *trainings: object) -> list[LearningOffer]:
    path = tmp_path / "trainings.jsonl"
    path.write_text("\n".join(json.dumps(training) for training in trainings), encoding="utf-8")
    return read_trainings(path)


def changed(**fields: object) -> dict[str, Any]:
    return {**VDAB, **fields}


def test_a_training_becomes_an_offer(tmp_path: Path) -> None:
    (offer,) = read(tmp_path, VDAB)
    assert offer.id == "vdab:123456"
    assert offer.title == "Lasser"
    assert offer.description is not None
    assert offer.description.startswith("Je leert lassen.\nZie hier.")
    assert offer.language == "nl"
    assert offer.provider == "VDAB"
    assert offer.place is not None
    assert (offer.place.postcode, offer.place.municipality, offer.place.latitude) == ("9000", "GENT", 51.05)
    assert offer.keywords == ("lassen", "metaal", "Metaal", "Hoeklasser")
    assert offer.published == (date(2016, 1, 1), date(2017, 10, 20))
    assert offer.time == TimeDemand(contact_hours=80)
    assert offer.outcomes == ()
    assert offer.runs == ()


def test_an_age_is_no_length_and_is_named(tmp_path: Path) -> None:
    (offer,) = read(tmp_path, VDAB)
    assert any("'18 jaar'" in note for note in offer.notes)


@pytest.mark.parametrize("beroepen", [[], None])
def test_stripped_files_are_read(tmp_path: Path, beroepen: object) -> None:
    stripped = changed(beroepen=beroepen)
    (offer,) = read(tmp_path, stripped)
    assert offer.keywords == ("lassen", "metaal", "Metaal")
    del stripped["beroepen"]
    assert read(tmp_path, stripped) == [offer]


@pytest.mark.parametrize(
    ("said", "time"),
    [
        ("Afhankelijk van de gevolgde modules is de maximale duurtijd van deze opleiding 25 dagen.", {"sessions": 25}),
        ("Duur:\n- 1 - 3 dagen\n", {"sessions": 3}),
        ("Studieduur\n60 lestijden", {"teaching_periods": 60}),
        ("De opleiding duurt 5 weken. Nadien volgt een stage van 4 weken.", {"weeks": 5}),
        ("Het duurt max. 480u, (320 uren les en 160u stage)", {"contact_hours": 320, "workplace_hours": 160}),
        ("Blok 1 duurt 5 dagen. Blok 2 duurt 13 dagen.", {}),
        ("Duurtijd: 140 uren\nModule 2\nDuurtijd: 140 uren", {}),
        ("Module 1\nDuurtijd: 280 uren\nModule 2\nDuurtijd: 240 uren", {}),
        ("Je krijgt 90 dagen toegang. Je volgt 3 dagen stage.", {}),
        ("Na een 3 jaar durende opleiding krijg je een diploma.", {}),
    ],
)  # fmt: skip
def test_only_the_length_of_the_training_counts(tmp_path: Path, said: str, time: dict[str, float]) -> None:
    (offer,) = read(tmp_path, changed(programma=said, duur_in_tekst=[]))
    assert offer.time == TimeDemand.model_validate(time)


def test_one_year_of_a_programme_does_not_last_as_long_as_the_programme(tmp_path: Path) -> None:
    (offer,) = read(tmp_path, changed(naam="Bachelor bouw - 1ste jaar", programma="De opleiding duurt 3 jaar."))
    assert offer.time == TimeDemand()
    assert any("whole programme" in note for note in offer.notes)


def test_a_web_module_is_learned_alone(tmp_path: Path) -> None:
    said = "De cursus is 24u op 24 toegankelijk. De gemiddelde leertijd van deze cursus bedraagt 8 uren."
    (offer,) = read(tmp_path, changed(programma=said, duur_in_tekst=["24u", "8 uren"]))
    assert offer.mode is DeliveryMode.ONLINE
    assert offer.time == TimeDemand(self_study_hours=8)


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ({"naam": ""}, "naam"),
        ({"code": None}, "code"),
        ({"coordinaat": {"lat": "noord", "lon": 4}}, "coordinaat.lat"),
        ({"publicatie": {"van": "gisteren"}}, "publicatie.van"),
        ({"beroepen": [{"code": "I1"}]}, "beroepen.0.naam"),
        ({"coordinaat": {"lat": 510.5, "lon": 3.7}}, "latitude"),
    ],
)
def test_a_broken_line_names_file_line_and_field(tmp_path: Path, broken: dict[str, object], field: str) -> None:
    with pytest.raises(DataError) as caught:
        read(tmp_path, VDAB, changed(code="2", **broken) if "code" not in broken else changed(**broken))
    assert caught.value.line == 2
    assert caught.value.field == field
    assert str(caught.value.file).endswith("trainings.jsonl")


def test_broken_json_and_bytes_are_data_errors(tmp_path: Path) -> None:
    path = tmp_path / "trainings.jsonl"
    for content in (b'{"code": ', b"\xff\xfe", b'{"code": NaN}', b"[" * 100_000, b"17"):
        path.write_bytes(content)
        with pytest.raises(DataError):
            read_trainings(path)
    with pytest.raises(DataError):
        read_trainings(tmp_path / "absent.jsonl")


def test_a_code_occurs_once(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="'vdab:123456' occurs twice"):
        read(tmp_path, VDAB, VDAB)


@pytest.mark.data
def test_the_real_catalogue(shared_data: Path) -> None:
    offers = {offer.id: offer for offer in read_trainings(shared_data / "vdab-trainings" / "trainings.jsonl")}
    assert len(offers) == 854
    assert Counter(offer.language for offer in offers.values())["nl"] == 840
    stated = Counter(field for offer in offers.values() for field in offer.time.model_dump(exclude_none=True))
    assert sum(offer.time != TimeDemand() for offer in offers.values()) == 132
    hours = sum(stated[field] for field in ("contact_hours", "self_study_hours", "teaching_periods"))
    assert hours == 48, stated
    # read in the text by eye
    assert offers["vdab:000310"].time == TimeDemand(sessions=25)  # "maximale duurtijd van deze opleiding 25 dagen"
    assert offers["vdab:269510"].time.contact_hours == 800  # "Duurtijd: 800 uren ( ongeveer 6 maand)"
    assert offers["vdab:800771"].time == TimeDemand(self_study_hours=25)  # 24u op 24, 90 dagen toegang
    assert offers["vdab:134140"].time == TimeDemand(teaching_periods=1080, weeks=36)
    assert offers["vdab:205000"].time == TimeDemand(contact_hours=320, workplace_hours=160)  # 480u in all
    assert offers["vdab:139800"].time == TimeDemand()  # two modules of 104 and 136 hours
    assert offers["vdab:648000"].time == TimeDemand(weeks=4, sessions=8)  # 2 half days a week there, 4 days at home
    assert offers["vdab:010011"].time == TimeDemand()  # "3 jaar durende opleiding": the programme
    assert not any(
        "<" in (offer.description or "") and "</a>" in (offer.description or "") for offer in offers.values()
    )


@pytest.mark.data
def test_every_mentioned_length_is_read_or_named(shared_data: Path) -> None:
    path = shared_data / "vdab-trainings" / "trainings.jsonl"
    raw = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    for training, offer in zip(raw, read_trainings(path), strict=True):
        if training["duur_in_tekst"]:
            assert offer.time != TimeDemand() or any(note.startswith("not interpreted") for note in offer.notes)
