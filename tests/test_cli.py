"""The command as a person meets it: what it prints, what it says when something is wrong, how it exits."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from commands import Said, said
from matching.demo import demo_world

WORLD = demo_world()
OFFERS = ["--offers", str(WORLD / "offers.jsonl")]
ROLES = ["--roles", str(WORLD / "roles.jsonl"), "--competences", str(WORLD / "competences.jsonl")]
ON = ["--on", "2026-11-24"]


def process(*arguments: str, cwd: Path | None = None) -> Said:
    """As people start it. Slow: what a process adds is tested here once, all else within this one."""
    command = [sys.executable, "-c", "from matching.cli.main import main; main()", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=120)
    return Said(done.returncode, done.stdout, done.stderr)


def refused(*arguments: str) -> str:
    """What the command says on stderr when it exits with 2: one line, no traceback."""
    return one_line(said(*arguments))


def one_line(done: Said) -> str:
    assert done.code == 2, done.err
    assert done.out == ""
    assert len(done.err.strip().splitlines()) == 1, done.err
    return done.err.strip()


def test_the_demo_shows_a_ranked_list_and_a_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = said("demo", *ON)
    assert done.code == 0, done.err
    assert "1 " in done.out
    assert "Plan voor l:werknemer-dinsdag" in done.out
    assert "Nog open" in done.out


def test_the_demo_as_json_holds_both_and_a_process_of_its_own_prints_nothing_else(tmp_path: Path) -> None:
    done = process("demo", "--json", *ON, cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    shown = json.loads(done.out)
    assert shown["matches"]["matches"][0]["rank"] == 1
    assert shown["plan"]["steps"]


def test_a_process_of_its_own_says_in_one_line_what_is_wrong() -> None:
    assert "has no goal" in one_line(process("match", *OFFERS))


def test_a_goal_in_free_text_needs_no_profile() -> None:
    done = said("match", *OFFERS, "--goal", "brood bakken", "-k", "3", "--json", *ON)
    found = json.loads(done.out)["matches"]
    assert len(found) == 3
    assert "brood" in found[0]["title"].lower()


def test_a_role_of_a_file_and_hours_on_the_command_line() -> None:
    done = said("plan", *OFFERS, *ROLES, "--role", "role:broodbakker", "--hours", "3", "--weeks", "40", *ON, "--json")
    plan = json.loads(done.out)
    assert plan["own_hours"] <= 120 + 1e-6
    assert plan["goal"]["role"] == "role:broodbakker"


def test_why_not_lists_each_reason() -> None:
    done = said(
        "match",
        *OFFERS,
        "--goal",
        "brood bakken",
        "--why-not",
        "o:brood-gevorderd",
        "--hours",
        "0",
        "--language",
        "en",
        *ON,
    )
    assert "more own hours" in done.out


def test_every_command_has_a_help_with_an_example() -> None:
    listed = said("--help").out
    for name in ("demo", "match", "plan", "import", "train"):
        assert name in listed
        assert "Example: leermatch" in said(name, "--help").out


def test_the_version() -> None:
    from matching import __version__

    assert said("--version").out.strip() == f"leermatch {__version__}"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{broken", "broken.jsonl:2: Invalid JSON"),
        ('{"id": "x"}', "broken.jsonl:2: title: Field required"),
        ('{"id": "x", "title": "X", "colour": 1}', "broken.jsonl:2: colour: Extra inputs are not permitted"),
        (
            '{"id": "x", "title": "X", "time": {"contact_hours": -1}}',
            "broken.jsonl:2: time.contact_hours: Input should be greater than or equal to 0, not -1",
        ),
        ('{"id": "x", "title": "X", "price": NaN}', "broken.jsonl:2: price: Input should be a finite number"),
        ('{"id": "a", "title": "X"}', "broken.jsonl:2: id: 'a' was used before, on line 1"),
    ],
)  # fmt: skip
def test_a_broken_line_gives_one_clear_line(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text('{"id": "a", "title": "A"}\n' + line + "\n", encoding="utf-8")
    assert said in refused("match", "--offers", str(path), "--goal", "x")


def test_misuse_says_what_would_be_right(tmp_path: Path) -> None:
    assert "nowhere.jsonl" in refused("match", "--offers", str(tmp_path / "nowhere.jsonl"), "--goal", "x")
    assert "has no goal" in refused("match", *OFFERS)
    assert "unknown role 'role:nowhere'" in refused("match", *OFFERS, *ROLES, "--role", "role:nowhere")
    assert "--goal or --role, not both" in refused("match", *OFFERS, "--goal", "x", "--role", "y")
    assert "--hours: Input should be greater than or equal to 0" in refused(
        "plan", *OFFERS, "--goal", "x", "--hours", "-1"
    )
    assert "--hours: Input should be a finite number" in refused("plan", *OFFERS, "--goal", "x", "--hours", "nan")
    assert "nl, en, fr" in refused("plan", *OFFERS, "--goal", "brood", "--language", "de")
    assert "before the year 9000" in refused("plan", *OFFERS, "--goal", "brood", "--on", "9999-12-31")
    assert "at least 1, not 0" in refused("match", *OFFERS, "--goal", "x", "-k", "0")
    assert "choose one with --id" in refused("match", *OFFERS, "--learner", str(WORLD / "learners.jsonl"))


def test_an_empty_catalogue_is_an_empty_result_with_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_text("", encoding="utf-8")
    done = said("match", "--offers", str(path), "--goal", "brood", "--language", "en")
    assert (done.code, done.out.strip()) == (0, "The catalogue is empty.")


def test_no_hours_gives_only_what_costs_none() -> None:
    done = said("match", *OFFERS, *ROLES, "--role", "role:teamleider", "--hours", "0", "--json", *ON)
    assert all(match["own_hours"] == 0 for match in json.loads(done.out)["matches"])


def test_what_a_library_prints_to_the_terminal_does_not_break_json() -> None:
    code = (
        "import os, sys; from matching.cli import main, show; main._keep_stdout(); "
        "os.write(1, b'chatter of a solver'); show.json({'a': 1})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert json.loads(done.stdout) == {"a": 1}
    assert "chatter" in done.stderr


def test_import_writes_json_lines_that_can_be_read_again(tmp_path: Path) -> None:
    source = tmp_path / "course.json"
    source.write_text(
        json.dumps({"@context": "https://schema.org", "@type": "Course", "@id": "c1", "name": "Brood bakken"}),
        encoding="utf-8",
    )
    out = tmp_path / "offers.jsonl"
    done = said("import", f"schema_org:{source}", "--out", str(out), "--json")
    assert json.loads(done.out)["written"] == 1, done.err
    found = json.loads(said("match", "--offers", str(out), "--goal", "brood bakken", "--json").out)
    assert found["matches"][0]["title"] == "Brood bakken"
    assert "state a format" in refused("import", str(source), "--out", str(out))


def test_a_run_that_no_budget_can_reach_is_out_and_nothing_breaks(tmp_path: Path) -> None:
    path = tmp_path / "far.jsonl"
    run_of = {"id": "r", "start": "2027-05-01", "end": "9998-12-31"}
    path.write_text(json.dumps({"id": "o", "title": "Brood bakken", "runs": [run_of]}) + "\n", encoding="utf-8")
    options = ["--offers", str(path), "--goal", "brood bakken", "--hours", "4", "--weeks", "30", *ON]
    assert said("plan", *options).code == 0
    assert "9998" in said("match", *options, "--why-not", "o").out


def test_hours_beyond_any_life_are_refused_and_so_is_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "huge.jsonl"
    path.write_text('{"id": "o", "title": "O", "time": {"contact_hours": 1e300}}\n', encoding="utf-8")
    assert "time.contact_hours: Input should be less than or equal to 100000" in refused(
        "match", "--offers", str(path), "--goal", "x"
    )
    source = tmp_path / "course.json"
    source.write_text(
        '{"@context": "https://schema.org", "@type": "Course", "@id": "c", "name": "C"}', encoding="utf-8"
    )
    assert "cannot be written" in refused("import", f"schema_org:{source}", "--out", str(tmp_path))


PERSON = ["--learner", str(WORLD / "learners.jsonl"), "--id", "l:kok-zonder-diploma"]


def test_a_plan_per_role_says_what_is_nearest() -> None:
    done = said("plan", *OFFERS, *ROLES, *PERSON, *ON, "--per-role", "job:keukenmedewerker", "--language", "en")
    nearest, _, second, _, whole, _ = done.out.splitlines()
    assert nearest.startswith("Kitchen assistant: 17 own hours")
    assert second.startswith("Cook: 23 own hours")
    assert whole.startswith("The whole job")


def test_a_share_that_is_out_of_reach_comes_with_what_is_in_the_way() -> None:
    done = said("plan", *OFFERS, *ROLES, *PERSON, *ON, "--reach", "1", "--alternatives", "--language", "en")
    assert "Covers most: " in done.out
    assert "You cannot reach 100 % of the goal" in done.out
    assert "How far other amounts of own hours reach:" in done.out
    assert "no wishes" in refused("plan", *OFFERS, *ROLES, *PERSON, *ON, "--reach", "1", "--pin", "o:evc-kok")
