"""Beroepskwalificaties: as a role, as a credential, and as concepts that refer to Competent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from competences.embedding import embed
from competences.encoders.protocol import Encoder
from competences.errors import DataError
from competences.records.claims import ClaimStatus, CredentialKind
from competences.sources import competent, vks

FILE: dict[str, Any] = {
    "bk": "BK-0001-2",
    "titel": "Bakker",
    "versie": 2,
    "status": "ERKEND",
    "vks": 3,
    "definitie": "Bakt brood.",
    "bron": "made up",
    "competenties": [
        {
            "id": "c1",
            "nr": 1,
            "tekst": "Bakt brood",
            "vaardigheden": [{"type": "Motorische vaardigheden", "tekst": "Bedient de oven"}],
            "kennis": [{"type": "Kennis", "tekst": "Kennis van gist"}],
            "referenties": ["SK-10-c", "KN-11", "co 03231", "SK-10"],
        },
        {"id": "c2", "nr": 2, "tekst": "Kneedt deeg", "referenties": ["SK-12-c", "17315-c"]},
        {"id": "c3", "nr": 3, "tekst": "Werkt hygiënisch"},
    ],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bk").mkdir()
    (tmp_path / "bk/BK-0001-2.json").write_text(json.dumps(FILE), encoding="utf-8")
    (tmp_path / "index.json").write_text("{}", encoding="utf-8")
    return tmp_path


def test_a_standard_is_a_role_and_a_credential(folder: Path) -> None:
    (standard,) = vks.read_standards(folder)
    assert (standard.role.id, standard.role.title, standard.role.description) == ("BK-0001-2", "Bakker", "Bakt brood.")
    assert [one.competence for one in standard.role.requirements] == ["c1", "c2", "c3"]
    assert standard.credential.kind is CredentialKind.PROFESSIONAL_QUALIFICATION
    assert standard.credential.vks_level == 3
    assert {claim.status for claim in standard.credential.claims()} == {ClaimStatus.CERTIFIED}
    assert standard.competences[0].description == "Bedient de oven\nKennis van gist"
    assert standard.competences[2].description is None
    assert standard.status == "ERKEND"


def test_only_ids_of_today_become_references(folder: Path) -> None:
    (standard,) = vks.read_standards(folder / "bk/BK-0001-2.json")
    assert standard.references == (("c1", "SK-10"), ("c1", "KN-11"), ("c2", "SK-12"))
    assert standard.unresolved == (("c1", "co 03231"), ("c2", "17315-c"))


def test_the_taxonomy_relates_parts_and_single_references(folder: Path) -> None:
    taxonomy = vks.taxonomy_of(vks.read_standards(folder))
    assert taxonomy.relations("c1") == {"SK-10": "narrower", "KN-11": "narrower"}
    assert taxonomy.relations("c2") == {"SK-12": "close"}
    assert (taxonomy.concept("c1").scheme, taxonomy.version) == ("vks", "vks 2")
    assert len(taxonomy.report().dangling) == 3


def test_a_standard_is_embedded_through_its_role(folder: Path, letters: Encoder) -> None:
    standards = vks.read_standards(folder)
    found = embed([one.role for one in standards], letters, taxonomy=vks.taxonomy_of(standards))
    assert found.texts == ("Bakker", "Bakt brood", "Kneedt deeg", "Werkt hygiënisch")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"vks": 9}, r"BK-0001-2\.json: vks: Input should be less than or equal to 8, not 9"),
        ({"titel": ""}, r"BK-0001-2\.json: titel: "),
        ({"competenties": [{"id": "c1"}]}, r"BK-0001-2\.json: competenties\.0\.tekst: Field required"),
    ],
)
def test_a_wrong_file_is_named_with_its_field(folder: Path, change: dict[str, Any], message: str) -> None:
    (folder / "bk/BK-0001-2.json").write_text(json.dumps({**FILE, **change}), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        vks.read_standards(folder)


def test_a_folder_without_standards_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no BK-\*\.json"):
        vks.read_standards(tmp_path)
    (tmp_path / "BK-1.json").write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match=r"BK-1\.json: Invalid JSON"):
        vks.read_standards(tmp_path)


def test_the_real_standards(shared_data: Path) -> None:
    standards = vks.read_standards(shared_data / "vks-standards")
    assert len(standards) == 16
    assert sum(len(one.competences) for one in standards) == 146
    assert {one.credential.vks_level for one in standards} <= {1, 2, 3, 4, 5}
    own = vks.taxonomy_of(standards)
    joined = own.merge(competent.read_competences(shared_data / "competent/competent_esco.csv"))
    assert len(joined.report().dangling) < len(own.report().dangling)
