"""One door for all formats, and what every format's reader must do with a broken file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broken import broken
from competences.errors import DataError, MisuseError
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer
from competences.sources.opening import LEARNERS, OFFERS, open_learners, open_offers
from source_samples import (
    ELM_CREDENTIAL,
    ELM_OPPORTUNITY,
    JCREC_COURSES,
    JCREC_RESUMES,
    JSON_RESUME,
    KDG,
    OOAPI,
    OPEN_BADGE,
    SCHEMA_ORG,
    VDAB,
)

OFFER_SAMPLES: dict[str, Any] = {
    "vdab": VDAB,
    "kdg": [KDG],
    "elm": ELM_OPPORTUNITY,
    "ooapi": OOAPI,
    "schema_org": SCHEMA_ORG,
    "jcrec": JCREC_COURSES,
}
LEARNER_SAMPLES: dict[str, Any] = {
    "json_resume": JSON_RESUME,
    "jcrec": JCREC_RESUMES,
    "open_badges": OPEN_BADGE,
    "elm": ELM_CREDENTIAL,
}
READERS: dict[str, tuple[Callable[[str], list[Any]], Any]] = {
    **{f"offers {name}": (OFFERS[name], sample) for name, sample in OFFER_SAMPLES.items()},
    **{f"learners {name}": (LEARNERS[name], sample) for name, sample in LEARNER_SAMPLES.items()},
}


def outcome(read: Callable[[str], list[Any]], path: Path) -> tuple[list[Any], DataError | None]:
    """What was read, or the error that refused it; any other error is a failure."""
    try:
        return read(str(path)), None
    except DataError as error:
        return [], error


@pytest.mark.parametrize("name", READERS)
class TestEveryReaderOfJson:
    """The contract: records or a `DataError`, whatever the file holds."""

    def test_reads_its_sample(self, name: str, tmp_path: Path) -> None:
        read, sample = READERS[name]
        path = tmp_path / "sample.json"
        path.write_text(json.dumps(sample), encoding="utf-8")
        records = read(str(path))
        assert records
        assert records == read(str(path))
        kind = LearningOffer if name.startswith("offers") else LearnerProfile
        assert all(kind.model_validate_json(one.model_dump_json()) == one for one in records)

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(data=st.data())
    def test_a_mutated_document_is_read_or_refused(self, name: str, tmp_path: Path, data: st.DataObject) -> None:
        read, sample = READERS[name]
        path = tmp_path / "mutated.json"
        path.write_text(json.dumps(data.draw(broken(sample))), encoding="utf-8")
        records, error = outcome(read, path)
        assert error is None or error.file is not None
        assert all(isinstance(one, LearningOffer | LearnerProfile) for one in records)

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b"\xff\xfe\x00",
            b'{"a": NaN}',
            b"[" * 100_000,
            b"null",
            b'"text"',
            b"[]",
            b'{"a": 1, "a": 2}',
            b"1" * 5_000,
        ],
        ids=["empty", "open", "bytes", "nan", "deep", "null", "text", "list", "twice", "digits"],
    )
    def test_no_such_document(self, name: str, tmp_path: Path, content: bytes) -> None:
        read, _ = READERS[name]
        path = tmp_path / "broken.json"
        path.write_bytes(content)
        records, error = outcome(read, path)
        assert records == []  # an empty list or file of courses is a catalogue without courses
        assert error is None or str(error.file).endswith("broken.json")


def test_a_plain_path_is_our_own_format(tmp_path: Path) -> None:
    path = tmp_path / "offers.jsonl"
    path.write_text('{"id": "o", "title": "Bakken"}\n', encoding="utf-8")
    assert [offer.id for offer in open_offers(path)] == ["o"]
    assert open_offers(str(path)) == open_offers(path)


def test_a_path_with_a_colon_works_where_it_exists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("vdab:offers.jsonl").write_text('{"id": "o", "title": "Bakken"}\n', encoding="utf-8")
    assert [offer.id for offer in open_offers("vdab:offers.jsonl")] == ["o"]
    Path("a:b.jsonl").write_text(json.dumps(VDAB), encoding="utf-8")
    assert [offer.id for offer in open_offers("vdab:a:b.jsonl")] == ["vdab:123456"]


def test_an_unknown_format_lists_the_known_ones() -> None:
    with pytest.raises(MisuseError, match="coursera, edx, elm, jcrec, kdg, ooapi, schema_org, vdab"):
        open_offers("ctdl:courses.json")
    with pytest.raises(MisuseError, match="elm, jcrec, json_resume, open_badges"):
        open_learners("vdab:courses.json")
    with pytest.raises(MisuseError, match="expected a path after 'vdab'"):
        open_offers("vdab:")


@pytest.mark.parametrize(
    "spec", ["absent.jsonl", "vdab:absent.jsonl", "C:\\absent.jsonl", "folder/a:b", "x" * 5_000, "kdg:\0"]
)
def test_a_missing_file_is_a_data_error(spec: str) -> None:
    with pytest.raises(DataError, match="no such file"):
        open_offers(spec)


def test_learners_of_other_formats(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "wallet.json"
    path.write_text(json.dumps(ELM_CREDENTIAL), encoding="utf-8")
    (learner,) = open_learners(f"elm:{path}")
    assert learner.id == "credentials:wallet"
    assert len(learner.credentials) == 2
    assert "attended, not assessed" in caplog.text
