"""Open Badges 3.0."""

from __future__ import annotations

import copy
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from competences.errors import DataError
from competences.records.claims import ClaimStatus, Credential, CredentialKind, Provenance
from competences.sources.documents import Noted
from competences.sources.open_badges import read_credentials
from source_samples import ESCO, OPEN_BADGE


def read(tmp_path: Path, document: object) -> Noted[Credential]:
    path = tmp_path / "badge.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return read_credentials(path)


def changed(**fields: object) -> Any:
    document: Any = copy.deepcopy(OPEN_BADGE)
    document["credentialSubject"]["achievement"].update(fields)
    return document


def test_a_badge_becomes_a_credential_with_claims(tmp_path: Path) -> None:
    (badge,), notes = read(tmp_path, OPEN_BADGE)
    assert badge.kind is CredentialKind.MICROCREDENTIAL
    assert (badge.title, badge.issuer) == ("Microcredential Brood bakken", "MBO Voorbeeld")
    assert (badge.vks_level, badge.ects) == (4, 3)
    assert (badge.awarded, badge.expires) == (date(2024, 8, 30), date(2029, 8, 30))
    claims = badge.claims()
    assert [claim.competence for claim in claims] == ["Deeg kneden", ESCO + "bake"]
    assert {claim.status for claim in claims} == {ClaimStatus.CERTIFIED}
    assert {claim.provenance for claim in claims} == {Provenance.AUTHENTIC}
    assert [one.text for one in claims[0].evidence[:2]] == [
        "Bakt een brood.; study load: 84 hours",
        "Film van het brood",
    ]
    assert notes == ()


def test_without_skills_the_achievement_is_the_claim(tmp_path: Path) -> None:
    (badge,), _ = read(tmp_path, changed(alignment=[]))
    assert [claim.competence for claim in badge.claims()] == ["Brood bakken"]
    assert badge.vks_level is None


def test_nested_credentials_are_found(tmp_path: Path) -> None:
    second = {**OPEN_BADGE, "id": "urn:badge:2"}
    wrapped = {
        "type": "VerifiablePresentation",
        "verifiableCredential": [OPEN_BADGE, second, "eyJhbGciOi.signed.token"],
    }
    badges, notes = read(tmp_path, wrapped)
    assert [badge.id for badge in badges] == ["urn:badge:1", "urn:badge:2"]
    assert any("signed token" in note for note in notes)


def test_two_achievements_are_two_credentials(tmp_path: Path) -> None:
    document: Any = copy.deepcopy(OPEN_BADGE)
    subject = document["credentialSubject"]
    subject["achievement"] = [subject["achievement"], {"name": "Diploma bakker"}]
    badges, _ = read(tmp_path, document)
    assert [badge.id for badge in badges] == ["urn:badge:1", "urn:badge:1#2"]
    assert badges[1].kind is CredentialKind.DEGREE


def test_a_level_outside_eqf_is_named(tmp_path: Path) -> None:
    (badge,), notes = read(tmp_path, changed(alignment=[{"targetType": "ext:EQF", "targetCode": "12"}]))
    assert badge.vks_level is None
    assert any("'12'" in note for note in notes)


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ({"type": "Something"}, "type"),
        ({"id": None}, "id"),
        ({"credentialSubject": {}}, "urn:badge:1.credentialSubject.achievement"),
        ({"validFrom": "yesterday"}, "urn:badge:1.validFrom"),
    ],
)
def test_a_broken_badge_names_file_and_field(tmp_path: Path, broken: dict[str, object], field: str) -> None:
    with pytest.raises(DataError) as caught:
        read(tmp_path, {**OPEN_BADGE, **broken})
    assert caught.value.field == field
    with pytest.raises(DataError, match="occurs twice"):
        read(tmp_path, [OPEN_BADGE, OPEN_BADGE])


@pytest.mark.data
def test_the_real_badges(shared_data: Path) -> None:
    files = sorted((shared_data / "open-badges-3").glob("*.json"))
    found = {path.stem: read_credentials(path) for path in files}
    badges = {name: one for name, (records, _) in found.items() for one in records}
    assert len(files) == len(badges) == 15
    assert not any(notes for _, notes in found.values())
    assert all(badge.claims() for badge in badges.values())
    kinds = Counter(badge.kind for badge in badges.values())
    assert kinds == {CredentialKind.MICROCREDENTIAL: 4, CredentialKind.DEGREE: 4, CredentialKind.BADGE: 7}
    assert badges["theed_regular_full_ho"].ects == 6
    assert badges["uvh_fvhz_regular_full"].ects == 60
    assert badges["mbob_ht_pf_microcredential_full"].vks_level == 4
    evidence = badges["mbob_ht_pf_microcredential_full"].claims()[0].evidence[0]
    assert "study load: 240 hours" in (evidence.text or "")
