"""Compiled code that is kept between runs is never older than the sources that went into it."""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from numba.core.registry import CPUDispatcher

import matching
from matching.index import text_kernels
from matching.query import persons

SOURCE = """
from matching.query.persons import compiled

@compiled
def twice(x):
    return 2 * x
"""


def test_every_kernel_is_kept_under_the_digest_of_all_sources() -> None:
    found: set[str] = set()
    for one in pkgutil.walk_packages(matching.__path__, "matching."):
        if ".jobs." in one.name:
            continue
        for name, value in vars(importlib.import_module(one.name)).items():
            source = value.py_func.__module__ if isinstance(value, CPUDispatcher) else ""
            if source.startswith("matching.") and source != text_kernels.__name__:  # it calls nothing of another file
                assert value._cache._cache_file._source_stamp == persons.sources(), name
                found.add(name)
    assert {"rank", "fitting", "days_of", "open_to", "grow"} <= found


def test_what_was_compiled_from_other_sources_is_compiled_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kept.py"
    path.write_text(SOURCE)

    def twice(digest: str) -> Any:
        monkeypatch.setattr(persons, "sources", lambda: digest)
        spec = spec_from_file_location("kept", path)
        assert spec
        assert spec.loader
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        assert module.twice(3) == 6
        return module.twice.stats

    assert twice("a").cache_misses
    assert twice("a").cache_hits
    assert twice("b").cache_misses
    assert twice("b").cache_hits


def test_it_is_imported_where_numba_is_told_not_to_compile() -> None:
    told = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    subprocess.run([sys.executable, "-c", "import matching.matcher"], env=told, check=True, timeout=120)
