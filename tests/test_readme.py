"""What the documents show runs, and what they point at exists."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest
import typer

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "datasets" / "README.md"])
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of one language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def lines(text: str, program: str) -> list[list[str]]:
    """The arguments of every shell line that starts with this program."""
    shell = "\n".join(blocks(text, "sh")).splitlines()
    return [shlex.split(line, comments=True)[1:] for line in shell if line.startswith(f"{program} ")]


def anchors(path: Path) -> set[str]:
    """The anchors of the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def test_the_python_blocks_run_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found, names, out = blocks(README, "python"), {"__name__": "readme"}, io.StringIO()
    assert len(found) == 2
    for number, block in enumerate(found, start=1):
        with contextlib.redirect_stdout(out):
            exec(compile(block, f"README.md, Python block {number}", "exec"), names)
    assert "own hours" in out.getvalue()
    assert len(names["result"].matches) == 5  # type: ignore[attr-defined]


def test_the_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = {target for path in DOCUMENTS for target, *_ in lines(path.read_text(encoding="utf-8"), "make")}
    assert {"demo", "test"} <= named
    assert [target for target in named if not re.search(rf"^{target}:", makefile, flags=re.MULTILINE)] == []


def test_the_commands_parse_with_their_options() -> None:
    from matching.cli.main import app

    command = typer.main.get_command(app)
    shown = lines(README, "leermatch")
    assert len(shown) >= 3
    for name, *arguments in shown:
        command.commands[name].make_context(name, list(arguments))  # type: ignore[attr-defined]


def test_the_formats_in_the_documentation_exist() -> None:
    from competences.sources.opening import LEARNERS, OFFERS

    named = set(re.findall(r"`(\w+):(?:PATH)?`", (ROOT / "docs" / "data_sources.md").read_text(encoding="utf-8")))
    assert named
    assert named - {"format"} <= {*OFFERS, *LEARNERS}


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", path.read_text(encoding="utf-8")):
        file, _, anchor = target.partition("#")
        linked = (path.parent / file).resolve() if file else path
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_code_fences_are_closed(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("```") % 2 == 0


def test_the_attributions_are_there() -> None:
    assert "This service uses the ESCO classification of the European Commission" in README
    assert "CC BY 4.0" in README


def test_no_document_names_a_folder_of_one_machine() -> None:
    home = re.compile(r"(?<![\w.])/(?:home|root|tmp|work|Users)/")
    assert [name for name, path in zip(NAMES, DOCUMENTS, strict=True) if home.search(path.read_text("utf-8"))] == []
