"""Whatever a command is given: one line that says what is wrong and where, exit code 2, and never a traceback."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from commands import said
from matching.demo import demo_world
from matching.wording.plain import plain, plain_json

WORLD = demo_world()
OFFERS = (WORLD / "offers.jsonl").read_bytes()
GOAL = ["--goal", "brood bakken"]
TITLE = "\x1b]0;owned\x07Brood \x1b[31mbakken\x9b\u202e [/b]\nleermatch: all is well"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What people mistake for the right file; also the working directory."""
    packed = gzip.compress(OFFERS)
    files = {
        "empty.jsonl": b"", "u16.jsonl": OFFERS.decode().encode("utf-16"), "cut.jsonl.gz": packed[: len(packed) // 2],
        "named.jsonl.gz": OFFERS, "latin.jsonl": b'{"id": "a", "title": "A"}\n{"id": "b", "title": "caf\xe9"}',
        "list.json": b"[1, 2]", "package.json": b'{"name": "x", "version": "1"}', "object.json": b"{}",
        "settings.json": b'{"horizon_weeks": -1}', "none.json": b"none",
        "deep.jsonl": b"[" * 100_000, "big.jsonl": b'{"id": "a", "title": "A", "price": ' + b"9" * 5000 + b"}",
        "bom.jsonl": b"\xef\xbb\xbf" + OFFERS, "crlf.jsonl": OFFERS.replace(b"\n", b"\r\n"), "good.jsonl.gz": packed,
        "odd.jsonl": json.dumps({"id": "o\x1b[2J", "title": TITLE}).encode(),
    }  # fmt: skip
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "folder").mkdir()
    for name in ("offers", "roles", "competences", "learners"):
        (tmp_path / f"{name}.jsonl").write_bytes((WORLD / f"{name}.jsonl").read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


MATCH = ["match", *GOAL, "--offers"]
BREAD = ["--roles", "roles.jsonl", "--role", "role:broodbakker"]
SCREEN = ["screen", "--offers", "offers.jsonl", "--competences", "competences.jsonl", *BREAD]
REFUSED = [
    ([*MATCH, "u16.jsonl"], r"u16.jsonl:1: expected UTF-8 text"),
    ([*MATCH, "latin.jsonl"], r"latin.jsonl:2: expected UTF-8 text"),
    ([*MATCH, "cut.jsonl.gz"], r"cut.jsonl.gz:\d+: cannot be read: Compressed file ended"),
    ([*MATCH, "named.jsonl.gz"], r"named.jsonl.gz:1: cannot be read: Not a gzipped file"),
    ([*MATCH, "deep.jsonl"], r"deep.jsonl:1: Invalid JSON: recursion limit"),
    ([*MATCH, "big.jsonl"], r"big.jsonl:1: Invalid JSON: number out of range"),
    ([*MATCH, "list.json"], r"list.json:1: Input should be an object"),
    ([*MATCH, "folder"], r"folder: cannot be opened: Is a directory"),
    ([*MATCH, ""], r"no such file"),
    (
        [*MATCH, "offers.jsonl", "--settings", "settings.json"],
        r"settings.json: horizon_weeks: .* greater than 0, not -1",
    ),
    ([*MATCH, "offers.jsonl", "--settings", "none.json"], r"none.json: Invalid JSON"),
    ([*MATCH, "offers.jsonl", "--id", "l:x"], r"--id chooses a learner of a file: name it with --learner"),
    ([*MATCH, "offers.jsonl", "-k", "ten"], r"Invalid value for '-k'.*see leermatch match --help"),
    ([*MATCH, "offers.jsonl", "--hours", "-1"], r"--hours: Input should be greater than or equal to 0"),
    ([*MATCH, "offers.jsonl", "--learner", "json_resume:package.json"], r"package.json: expected a JSON Resume"),
    ([*MATCH, "offers.jsonl", "--learner", "json_resume:object.json"], r"object.json: expected a JSON Resume"),
    (["match"], r"Missing option '--offers'"),
    (["marry"], r"No such command 'marry'"),
    (["plan", "--offers", "offers.jsonl", *BREAD, "--ics", "folder"], r"folder: cannot be written: Is a directory"),
    (["plan", "--offers", "offers.jsonl", *BREAD, "--ics", "no/x.ics"], r"x.ics: cannot be written: No such file"),
    ([*SCREEN, "--yes", "c:nope"], r"unknown competence 'c:nope': --yes takes a competence that"),
    ([*SCREEN, "--no", "c:nope"], r"unknown competence 'c:nope': --no takes"),
    ([*SCREEN, "--no", "c:vca", "--yes", "c:vca"], r"--yes and --no both name 'c:vca'"),
    (["forget", "p:x"], r"name the folders to look in: --batch, --audit"),
    (["forget", "p:x", "--batch", "folder"], r"folder: run.json is missing"),
    (["recognise", "--standards", "empty.jsonl", "--text", "brood"], r"--standards: empty.jsonl holds none"),
    (["card", "--results", "nowhere"], r"--results: nowhere is no folder"),
    (["index", "verify", "--index", "offers.jsonl"], r"offers.jsonl/CURRENT: is missing; offers.jsonl is not an index"),
    (["index", "gc", "--index", "offers.jsonl"], r"offers.jsonl/CURRENT: is missing"),
    (["batch", "--learners", "learners.jsonl", "--index", "x", "--out", "out", "-k", "0"], r"-k: .*at least 1, not 0"),
    (
        ["batch", "--learners", "learners.jsonl", "--index", "x", "--out", "out", "--on", "9999-12-31"],
        r"before the year 9000",
    ),
]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("arguments", "expected"), REFUSED)
def test_bad_input_gives_one_line(arguments: list[str], expected: str) -> None:
    code, out, err = said(*arguments)
    assert (code, out) == (2, "")
    assert re.fullmatch(rf"leermatch: .*{expected}.*\n", err), err


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", ["bom.jsonl", "crlf.jsonl", "good.jsonl.gz"])
def test_files_as_they_come_out_of_other_programs_are_read(name: str) -> None:
    code, out, err = said(*MATCH, name, "-k", "1")
    assert (code, err) == (0, "")
    assert "o:brood-basis" in out


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("more", [[], ["--explain"], ["--why-not", "o\x1b[2J"], ["--json"]])
def test_nothing_that_a_title_says_acts_on_the_terminal(more: list[str]) -> None:
    code, out, err = said(*MATCH, "odd.jsonl", *more)
    assert (code, err) == (0, "")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", out)
    assert "\nleermatch: all is well" not in out
    if more == ["--json"]:
        assert json.loads(out)["matches"][0]["title"] == TITLE


def test_plain_text_stays_as_it_is() -> None:
    text = "Café – ’t Zand, 100 € (naïef) 中文 \U0001f950"
    assert plain(text) == text
    assert json.loads(plain_json(json.dumps(TITLE, ensure_ascii=False))) == TITLE


def started(*arguments: str, stdout: int) -> subprocess.Popen[str]:
    # A shell that starts tests in the background has them ignore Ctrl-C, and their children too.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    code = heard + "from matching.cli.main import main; print('ready', flush=True); main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=stdout, stderr=subprocess.PIPE, text=True
    )  # fmt: skip


@contextmanager
def ready(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A command whose imports are done."""
    with started(*arguments, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process


def test_a_reader_that_leaves_is_no_error() -> None:
    with ready("card", "--json") as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_ctrl_c_gives_one_line() -> None:
    files = {name: str(WORLD / f"{name}.jsonl") for name in ("offers", "roles", "learners")}
    command = ["savings", "--offers", files["offers"], "--roles", files["roles"], "--learner", files["learners"]]
    assert said(*command)[0] == 0  # compiles: Python drops what interrupts one of the compiler's destructors
    with ready(*command) as process:
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        heard = process.communicate()[1]
    assert process.returncode == 130, heard
    assert heard == "leermatch: stopped\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_output_that_cannot_be_written_gives_one_line() -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    code = "from matching.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "audit", "--json", str(WORLD)], stdout=full, stderr=subprocess.PIPE, text=True
    )
    os.close(full)
    assert (done.returncode, done.stderr) == (2, "leermatch: what was to be printed: No space left on device\n")
