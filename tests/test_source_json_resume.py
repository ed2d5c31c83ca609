"""JSON Resume."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from competences.errors import DataError
from competences.records.claims import ClaimStatus, Provenance
from competences.records.learners import LearnerProfile
from competences.records.levels import CEFR
from competences.sources.documents import Noted
from competences.sources.json_resume import EXPERIENCE_CONFIDENCE, read_learners
from source_samples import JSON_RESUME


def read(tmp_path: Path, document: object) -> Noted[LearnerProfile]:
    path = tmp_path / "cv.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return read_learners(path)


def test_a_resume_becomes_a_learner(tmp_path: Path) -> None:
    (learner,), notes = read(tmp_path, JSON_RESUME)
    assert learner.id == "json_resume:cv"
    assert learner.languages == {"nl": CEFR.C2, "fr": CEFR.B1}
    assert learner.home is not None
    assert learner.home.postcode == "9000"
    assert notes == ()
    claims = {claim.competence: claim for claim in learner.claims}
    assert list(claims) == ["Brood bakken", "deeg", "oven", "Hulpbakker", "Bakkerij", "Voedselveiligheid", "Bakker"]
    assert {claim.status for claim in learner.claims} == {ClaimStatus.IDENTIFIED}
    assert {claim.provenance for claim in learner.claims} == {Provenance.SELF_DECLARED}
    assert claims["Hulpbakker"].confidence == EXPERIENCE_CONFIDENCE


def test_the_lines_of_the_cv_are_evidence(tmp_path: Path) -> None:
    (learner,), _ = read(tmp_path, JSON_RESUME)
    claims = {claim.competence: claim for claim in learner.claims}
    skill, work = claims["Brood bakken"].evidence
    assert skill.text == "Brood bakken, level: Master"
    assert (work.kind, work.source, work.date) == ("work", "Bakkerij Het Voorbeeld", date(2022, 12, 31))
    assert claims["oven"].evidence[1].kind == "work"
    assert len(claims["deeg"].evidence) == 1


def test_no_name_or_address_is_kept(tmp_path: Path) -> None:
    (learner,), _ = read(tmp_path, {**JSON_RESUME, "basics": {"name": "Niemand", "email": "x@example.org"}})
    assert "Niemand" not in learner.model_dump_json()
    assert "example.org" not in learner.model_dump_json()


def test_a_language_without_level_makes_the_languages_unknown(tmp_path: Path) -> None:
    (learner,), notes = read(
        tmp_path, {"languages": [{"language": "Frans", "fluency": "goed"}, {"language": "nl", "fluency": "C1"}]}
    )
    assert learner.languages is None
    assert any("Frans: goed" in note for note in notes)


@pytest.mark.parametrize(
    ("broken", "field"), [({"skills": "veel"}, "skills"), ({"work": [{"position": 3}]}, "work.0.position")]
)
def test_a_broken_resume_names_file_and_field(tmp_path: Path, broken: dict[str, object], field: str) -> None:
    with pytest.raises(DataError) as caught:
        read(tmp_path, {**JSON_RESUME, **broken})
    assert caught.value.field == field
    assert str(caught.value.file).endswith("cv.json")


@pytest.mark.data
def test_the_official_sample(shared_data: Path) -> None:
    (learner,), notes = read_learners(shared_data / "samples" / "json-resume" / "sample.resume.json")
    claims = {claim.competence: claim for claim in learner.claims}
    assert len(claims) == 17
    assert claims["Javascript"].evidence[1].source == "Smoogle"
    assert learner.languages == {"en": CEFR.C2}
    assert learner.home is None
    assert notes == ("not interpreted: 'CA 94115 San Francisco' (no Belgian postcode)",)
