"""The rule of the house: imports only look back along one listed order, and each heavy library has one door."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import competences
import matching

ROOT = Path(__file__).parents[1]

ORDER = """
competences.errors
competences.records
competences.taxonomy
competences.encoders
competences.vectors
competences.embedding
competences.linking
competences.recognition
competences.training
competences.sources
competences
matching.version
matching.wording
matching.settings
matching.index
matching.query
matching.plan
matching.explanation
matching.screening
matching.audit
matching.demo
matching.matcher
matching.jobs
matching.insight
matching.report
matching.cli
matching
""".split()
"""A module imports from its own line or from lines above it."""

DOORS = {
    "faiss": ["competences.vectors"],
    "sentence_transformers": ["competences.encoders"],
    "torch": ["competences.encoders"],
    "numba": [
        "competences.encoders",
        "competences.training",
        "matching.index.text_kernels",
        "matching.query.condition_kernels",
        "matching.query.persons",
    ],
    "sklearn": ["matching.index.text_arrays", "competences.linking", "competences.training"],
    "matplotlib": ["matching.report"],
    "jinja2": ["matching.explanation", "matching.report"],
    "pyspark": ["matching.jobs"],
    "typer": ["matching.cli"],
    "rich": ["matching.cli"],
    "babel": ["matching.wording"],
}
OPTIMISE = ["matching.plan"]
"""Where scipy.optimize may be imported; other parts of scipy are free."""


def modules() -> Iterator[tuple[str, Path]]:
    for package in ("competences", "matching"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import; write the whole name"
            yield node.module or ""


def line_of(module: str) -> int:
    """Position in ORDER of the longest name that the module lies under."""
    fitting = [i for i, name in enumerate(ORDER) if module == name or module.startswith(name + ".")]
    return max(fitting, key=lambda i: len(ORDER[i]))


@pytest.mark.parametrize(("module", "path"), [pytest.param(m, p, id=m) for m, p in modules()])
def test_imports_only_look_back(module: str, path: Path) -> None:
    for imported in imports(path):
        if imported.split(".")[0] not in ("competences", "matching"):
            continue
        assert line_of(imported) <= line_of(module), (
            f"{module} imports {imported}, which stands after it in the order of the house (see ORDER)"
        )
        if module not in ("competences", "matching"):
            assert imported not in ("competences", "matching"), f"{module} imports the package root {imported}"


@pytest.mark.parametrize(("module", "path"), [pytest.param(m, p, id=m) for m, p in modules()])
def test_each_heavy_library_has_one_door(module: str, path: Path) -> None:
    for imported in imports(path):
        doors = OPTIMISE if imported.startswith("scipy.optimize") else DOORS.get(imported.split(".")[0])
        if doors is not None:
            assert any(module == door or module.startswith(door + ".") for door in doors), (
                f"{module} imports {imported}; only {', '.join(doors)} may"
            )


def test_no_module_is_long() -> None:
    lengths = {module: len(path.read_text(encoding="utf-8").splitlines()) for module, path in modules()}
    assert {module: n for module, n in lengths.items() if n > 400} == {}


def test_nothing_heavy_is_imported_and_it_costs_little_beside_what_it_stands_on() -> None:
    """Processor time, beside that of the four libraries that no match can do without, in one run: seconds alone say
    how fast the machine is. 0.75 s where those take 0.38 s."""
    heavy = ("torch", "sentence_transformers", "sklearn", "matplotlib", "scipy.optimize", "babel", "pyspark")
    code = f"""
import time
begin = time.process_time()
import faiss, numba, pyarrow, pydantic
needed = time.process_time() - begin
import matching, sys
print([m for m in {heavy} if m in sys.modules], (time.process_time() - begin) / needed)
"""
    ratios = []
    for _ in range(4):  # the first one may still write byte code
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        loaded, _, ratio = done.stdout.strip().rpartition(" ")
        assert loaded == "[]"
        ratios.append(float(ratio))
    assert min(ratios) < 2.5


def test_the_command_waits_for_nothing_that_only_one_of_its_parts_needs() -> None:
    heavy = ("torch", "sentence_transformers", "sklearn", "scipy.optimize", "scipy.interpolate", "babel", "pyspark")
    code = f"import sys, matching.cli.main; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_importing_changes_no_global_state() -> None:
    code = """
import logging, threading, warnings
filters, handlers = list(warnings.filters), list(logging.getLogger().handlers)
import matching
assert logging.getLogger().handlers == handlers, "a log handler was added"
ours = [f for f in warnings.filters if f not in filters and "matching" in str(f)]
assert not ours and threading.active_count() == 1
"""
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)


def test_exactly_one_distribution_owns_each_package() -> None:
    """`matching` is also the import name of an unrelated project: both in one environment would mix."""
    owners = packages_distributions()
    for package in (competences, matching):
        # An editable install is listed by no file of its own; any other owner would be listed here.
        assert set(owners.get(package.__name__, ["leermatch"])) == {"leermatch"}
        assert Path(package.__file__ or "").parent.name == package.__name__


def test_the_data_folder_holds_no_python() -> None:
    assert not list((ROOT / "datasets").rglob("*.py"))
    assert "leermatch" not in packages_distributions().get("datasets", [])


def test_one_version() -> None:
    from importlib.metadata import version

    from matching import __version__

    assert version("leermatch") == __version__
    assert re.search(rf"^## \[?{re.escape(__version__)}", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
