"""`leermatch replay` and `leermatch audit` as a person meets them."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
import typer

from competences.errors import DataError, MisuseError
from competences.records.io import read_learners, read_offers, write
from matching.audit.audited import Audited
from matching.cli.audit import audit
from matching.cli.match import match
from matching.cli.plan import plan
from matching.cli.replay import replay
from matching.cli.report import report
from matching.matcher import Matcher
from strategies import TODAY


@pytest.fixture
def world(tmp_path: Path) -> tuple[Path, Path, str]:
    """Offers, a learner, and the id of a record about them."""
    offers, learner = tmp_path / "offers.jsonl", tmp_path / "learner.jsonl"
    offers.write_text('{"id": "o", "title": "Brood", "outcomes": [{"competence": "brood"}]}\n', encoding="utf-8")
    learner.write_text('{"id": "l", "goal": {"requirements": [{"competence": "brood"}]}}\n', encoding="utf-8")
    audited = Audited(Matcher.from_offers(read_offers(offers)), tmp_path / "records")
    return offers, learner, audited.plan(read_learners(learner)[0], on=TODAY).record.id


def test_replay_says_the_same_or_what_changed(
    world: tuple[Path, Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    offers, learner, record = world
    replay(record, str(offers), tmp_path / "records", learner=str(learner))
    assert capsys.readouterr().out == "the same result\n"
    write(offers, [read_offers(offers)[0].model_copy(update={"title": "Other"})])
    with pytest.raises(typer.Exit):
        replay(record, str(offers), tmp_path / "records", learner=str(learner), as_json=True)
    said = json.loads(capsys.readouterr().out)
    assert (said["same"], said["changed"]) == (False, ["catalogue"])
    with pytest.raises(MisuseError, match="holds no records"):
        replay(record, str(offers), tmp_path / "nowhere", learner=str(learner))


def test_match_plan_and_report_keep_a_record_that_can_be_replayed(
    world: tuple[Path, Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    offers, learner, _ = world
    folder, day = tmp_path / "told", datetime(2026, 11, 24)
    match(str(offers), learner=str(learner), on=day, audit=folder, explained=True, audience="organisation")
    plan(str(offers), learner=str(learner), on=day, audit=folder, audience="counsellor", language="en")
    report(str(offers), tmp_path / "page.html", learner=str(learner), on=day, audit=folder)
    said = capsys.readouterr()
    assert "where the hours come from" in said.out
    told = said.err.replace("record ", "").split()
    assert len(told) == 3
    for record in told:
        replay(record, str(offers), folder, learner=str(learner))
        assert capsys.readouterr().out == "the same result\n"
    with pytest.raises(MisuseError, match="not for 'press'"):
        plan(str(offers), learner=str(learner), audience="press")


def test_audit_checks_prunes_and_forgets(
    world: tuple[Path, Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    offers, learner, record = world
    folder = tmp_path / "records"
    audit(folder, as_json=True)
    head = json.loads(capsys.readouterr().out)["head"]
    audit(folder, head=head, prune=30, forget="l")
    said = capsys.readouterr().out
    assert "forgotten: True" in said
    assert f"unbroken, head {head}" in said
    with pytest.raises(typer.Exit):
        replay(record, str(offers), folder, learner=str(learner))
    assert "forgotten" in capsys.readouterr().out
    path = next(folder.glob("*.jsonl"))
    path.write_bytes(path.read_bytes().replace(b'"plan"', b'"match"'))
    with pytest.raises(DataError, match="changed after it was written"):
        audit(folder)
    with pytest.raises(MisuseError, match="no folder"):
        audit(tmp_path / "nowhere")
