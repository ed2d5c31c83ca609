"""The code of docs/recognition.md runs, and says what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCUMENT = Path(__file__).parents[1] / "docs/recognition.md"


def test_the_code_blocks_run_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(DOCUMENT.parents[1])
    blocks = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 3
    space: dict[str, object] = {}
    for block in blocks:
        exec(block, space)
    printed = capsys.readouterr().out
    assert "8.0 ('a', 'b', 'c') ('d',)" in printed
    assert "brood bakken declared" in printed
