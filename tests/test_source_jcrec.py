"""JCRec's courses and resumes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from competences.errors import DataError
from competences.sources.jcrec import read_courses, read_learners
from source_samples import JCREC_COURSES, JCREC_RESUMES


def folder(tmp_path: Path, *, taxonomy: str | None = None) -> Path:
    (tmp_path / "courses.json").write_text(json.dumps(JCREC_COURSES), encoding="utf-8")
    (tmp_path / "resumes.json").write_text(json.dumps(JCREC_RESUMES), encoding="utf-8")
    if taxonomy is not None:
        (tmp_path / "taxonomy.csv").write_text(taxonomy, encoding="utf-8")
    return tmp_path


def test_courses_state_outcomes_and_entry(tmp_path: Path) -> None:
    first, second = read_courses(folder(tmp_path))
    assert first.id == "jcrec:11"
    assert [(one.competence, one.level) for one in first.outcomes] == [
        ("jcrec:1", 3),
        ("jcrec:2", None),
        ("jcrec:3", None),
    ]
    assert [(one.competence, one.level) for one in first.entry] == [("jcrec:1", 1)]
    assert first.notes == ("not interpreted: 'beginner to expert' (not a level of the scale)",)
    assert second.entry == ()


def test_resumes_state_claims(tmp_path: Path) -> None:
    (learner,), notes = read_learners(folder(tmp_path) / "resumes.json")
    assert learner.id == "jcrec:7"
    assert [(claim.competence, claim.level) for claim in learner.claims] == [("jcrec:1", 3), ("jcrec:2", None)]
    assert notes == ()


def test_the_taxonomy_beside_the_file_names_the_skills(tmp_path: Path) -> None:
    first, _ = read_courses(folder(tmp_path, taxonomy="Source,unique_id\nhttp://esco/1,1\n"))
    assert [one.competence for one in first.outcomes] == ["http://esco/1", "jcrec:2", "jcrec:3"]
    with pytest.raises(DataError) as caught:
        read_courses(folder(tmp_path, taxonomy="Source,unique_id\nhttp://esco/1,one\n"))
    assert (caught.value.line, caught.value.field) == (2, "unique_id")


def test_a_number_that_occurs_twice_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "courses.json"
    path.write_text(
        '{"1": {"required": [], "to_acquire": []}, "1": {"required": [], "to_acquire": []}}', encoding="utf-8"
    )
    with pytest.raises(DataError, match="'1' occurs twice"):
        read_courses(path)


def test_a_skill_that_is_stated_twice_counts_once_at_its_highest_level(tmp_path: Path) -> None:
    path = tmp_path / "courses.json"
    skills = [[5, "expert"], [5, "unknown"], [5, "beginner"]]
    path.write_text(json.dumps({"1": {"required": [], "to_acquire": skills}}), encoding="utf-8")
    (offer,) = read_courses(path)
    assert [(one.competence, one.level) for one in offer.outcomes] == [("jcrec:5", 3)]


def test_a_broken_course_names_the_field(tmp_path: Path) -> None:
    path = tmp_path / "courses.json"
    path.write_text('{"1": {"required": [["x", "beginner"]], "to_acquire": []}}', encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_courses(path)
    assert caught.value.field == "1.required.0.0"


@pytest.mark.data
def test_the_real_data(shared_data: Path) -> None:
    offers = read_courses(shared_data / "jcrec")
    assert len(offers) == 3000
    assert sum(not offer.entry for offer in offers) == 139
    assert sum(bool(offer.notes) for offer in offers) == 78
    assert all(one.competence.startswith("http://data.europa.eu/esco/") for offer in offers for one in offer.outcomes)
    assert [one.level for one in offers[0].entry] == [1, 1, None]  # course 11475
    learners, notes = read_learners(shared_data / "jcrec")
    assert len(learners) == 238
    assert "not interpreted: 'fluent' (not a level of the scale)" in notes
