"""`leermatch index` and `leermatch batch` as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import run
from competences.errors import IncompatibleIndexError, MisuseError
from matching.demo import demo_world

WORLD = demo_world()


def test_an_index_from_its_first_day_to_a_batch(tmp_path: Path) -> None:
    index, some = tmp_path / "index", tmp_path / "some.jsonl"
    lines = (WORLD / "offers.jsonl").read_text(encoding="utf-8").splitlines()
    some.write_text("\n".join(lines[:40]), encoding="utf-8")
    at = ("--index", index)
    roles = ("--roles", WORLD / "roles.jsonl", "--competences", WORLD / "competences.jsonl")
    assert "40 offers" in run("index", "build", "--offers", some, *roles, *at)
    some.write_text("\n".join(lines[30:60]), encoding="utf-8")
    assert json.loads(run("index", "add", "--offers", some, *at, "--json")) == {"offers": 60}
    gone = [json.loads(line)["id"] for line in lines[:2]]
    assert "58 in all" in run("index", "remove", *at, *gone)
    assert json.loads(run("index", "verify", *at, "--json"))["changes"] == 2
    (tmp_path / "ids.txt").write_text(json.loads(lines[2])["id"] + "\n", encoding="utf-8")
    assert "57 in all" in run("index", "remove", *at, "--from", tmp_path / "ids.txt", "--fold")
    assert json.loads(run("index", "verify", *at, "--json"))["changes"] == 0
    run("index", "gc", *at)
    assert len(list(index.glob("generations/*"))) == 1

    learner = (WORLD / "learners.jsonl").read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "learners.jsonl").write_text(learner + "\n{}\n", encoding="utf-8")
    asked = ("batch", "--learners", tmp_path / "learners.jsonl", *at, "--out", tmp_path / "out", "--on", "2026-11-24")
    assert "learners 2" in run(*asked, "--workers", "1", code=3)
    assert json.loads(run(*asked, "--json", code=3))["totals"]["rejected"] == 1


def test_what_is_no_index_is_named(tmp_path: Path) -> None:
    for command in ("verify", "gc"):
        with pytest.raises(IncompatibleIndexError, match="CURRENT: is missing"):
            run("index", command, "--index", tmp_path)
    with pytest.raises(MisuseError, match="name the offers to remove"):
        run("index", "remove", "--index", tmp_path)
