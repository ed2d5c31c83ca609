"""European Learning Model: opportunities and credentials."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from competences.errors import DataError
from competences.records.claims import CredentialKind
from competences.records.hours import TimeDemand
from competences.records.offers import DeliveryMode
from competences.sources.elm import read_credentials, read_offers
from source_samples import ELM_CREDENTIAL, ELM_OPPORTUNITY, ESCO


def written(tmp_path: Path, document: object) -> Path:
    path = tmp_path / "elm.jsonld"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_an_opportunity_becomes_an_offer(tmp_path: Path) -> None:
    (offer,) = read_offers(written(tmp_path, ELM_OPPORTUNITY))
    assert offer.id == "elm:urn:lop:1"
    assert offer.title == "Brood bakken"
    assert offer.provider == "Bakkerschool"
    assert [outcome.competence for outcome in offer.outcomes] == ["Knead dough", ESCO + "bake"]
    assert offer.time == TimeDemand(contact_hours=20, self_study_hours=40, ects=2, weeks=6)
    assert (offer.language, offer.mode, offer.vks_level, offer.price) == ("nl", DeliveryMode.BLENDED, 4, 90)
    assert (offer.runs[0].start, offer.runs[0].end) == (date(2026, 9, 1), date(2026, 10, 12))
    assert offer.notes == ("asks: Geen meelallergie",)


def test_a_node_may_be_an_object_or_a_list(tmp_path: Path) -> None:
    listed: Any = copy.deepcopy(ELM_OPPORTUNITY)
    for node in listed["@graph"]:
        for key in set(node) - {"id", "type", "title", "description", "legalName"}:
            node[key] = node[key] if isinstance(node[key], list) else [node[key]]
    assert read_offers(written(tmp_path, listed)) == read_offers(written(tmp_path, ELM_OPPORTUNITY))


def test_months_of_work_are_refused(tmp_path: Path) -> None:
    document: Any = copy.deepcopy(ELM_OPPORTUNITY)
    document["@graph"][2].update(volumeOfLearning="P60M", contactHour=None)
    (offer,) = read_offers(written(tmp_path, document))
    assert offer.time == TimeDemand(ects=2, weeks=6)
    assert any("'P60M'" in note for note in offer.notes)


def test_an_achievement_certifies_and_an_activity_does_not(tmp_path: Path) -> None:
    (achieved, attended), notes = read_credentials(written(tmp_path, ELM_CREDENTIAL))
    assert achieved.id == "urn:credential:1"
    assert achieved.kind is CredentialKind.MICROCREDENTIAL
    assert (achieved.vks_level, achieved.awarded, achieved.issuer) == (4, date(2026, 6, 30), "Bakkerschool")
    (claim,) = achieved.claims()
    assert claim.competence == ESCO + "bake"
    assert [one.text for one in claim.evidence[:2]] == ["Practical test", "Bake"]
    assert attended.claims() == ()
    assert any("'P60M'" in note for note in notes)
    assert [note for note in notes if "attended" in note] == [
        "'Bread webinar' was attended, not assessed: it implies no competence"
    ]


XML = """<?xml version="1.0"?>
<Courses xmlns="http://data.europa.eu/snb/model/ap/loq-constraints/">
  <learningOpportunity id="urn:lop:1"><title language="nl">Bakken</title><duration>P6W</duration>
    <learningAchievementSpecification idref="urn:las:1"/></learningOpportunity>
  <learningAchievementSpecification id="urn:las:1"><title language="en">Baker</title>
    <volumeOfLearning>PT60H</volumeOfLearning><learningOutcome idref="urn:lo:1"/></learningAchievementSpecification>
  <learningOutcome id="urn:lo:1"><title language="en">Bake</title></learningOutcome>
</Courses>"""


def test_xml_is_read_like_json(tmp_path: Path) -> None:
    path = tmp_path / "loq.xml"
    path.write_text(XML, encoding="utf-8")
    (offer,) = read_offers(path)
    assert (offer.id, offer.title) == ("elm:urn:lop:1", "Bakken")
    assert offer.time == TimeDemand(self_study_hours=60, weeks=6)
    assert [outcome.competence for outcome in offer.outcomes] == ["Bake"]


@pytest.mark.parametrize(
    "text",
    ["<Courses>", "", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "<a/>", "<a>" * 5_000 + "</a>" * 5_000],
    ids=["open", "empty", "entities", "nothing", "deep"],
)
def test_broken_xml_is_a_data_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "loq.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError):
        read_offers(path)


def test_entities_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "loq.xml"
    path.write_text(XML.replace("<Courses", '<!DOCTYPE x [<!ENTITY b "c">]><Courses', 1), encoding="utf-8")
    with pytest.raises(DataError, match="entities"):
        read_offers(path)


def test_a_level_outside_eqf_is_named(tmp_path: Path) -> None:
    document: Any = copy.deepcopy(ELM_OPPORTUNITY)
    document["@graph"][2]["eqfLevel"] = {"id": "http://data.europa.eu/snb/eqf/9"}
    (offer,) = read_offers(written(tmp_path, document))
    assert offer.vks_level is None
    assert any("expected an EQF level" in note for note in offer.notes)


def test_a_missing_title_names_the_node(tmp_path: Path) -> None:
    document: Any = copy.deepcopy(ELM_OPPORTUNITY)
    del document["@graph"][0]["title"]
    with pytest.raises(DataError) as caught:
        read_offers(written(tmp_path, document))
    assert caught.value.field == "urn:lop:1.title"


@pytest.mark.data
def test_the_official_samples(shared_data: Path) -> None:
    folder = shared_data / "samples" / "elm"
    (credential,), notes = read_credentials(folder / "Sample-MC-Annex1-unsigned.jsonld")
    assert (credential.title, credential.ects, credential.vks_level) == ("Digital micro-credential creation", 2, 6)
    assert len(credential.claims()) == 4
    assert all(claim.competence.startswith(ESCO) for claim in credential.claims())
    activity, qualification = read_offers(folder / "Sample-MC-Annex1-unsigned.jsonld")
    assert activity.time == TimeDemand()
    assert any("'P60M'" in note for note in activity.notes)
    assert qualification.time == TimeDemand(self_study_hours=60, ects=2)
    assert qualification.language == "en"
    (attended,), notes = read_credentials(folder / "Sample-CertOfPart-unsigned.jsonld")
    assert attended.claims() == ()
    assert any("'P2M'" in note for note in notes)
    first, second = read_offers(folder / "loq_withLearningAchievementSpecification.xml")
    assert len(first.outcomes) == 4
    assert first.runs == ()  # it ends before it starts
    assert (second.runs[0].start, second.runs[0].end) == (date(2022, 12, 7), date(2023, 3, 27))
