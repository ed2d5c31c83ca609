"""Results as JSON and Markdown beside each other, with the machine and the commit that made them."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def write(
    name: str, title: str, text: str, rows: list[dict[str, Any]], details: list[dict[str, Any]] | None = None
) -> None:
    """`results/<name>.json` and `.md`; the table is printed too. `details` are for the JSON only.

    `load` says how many processes wanted the cores."""
    RESULTS.mkdir(exist_ok=True)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    scope = {
        "python": platform.python_version(), "cores": os.cpu_count(), "processor": platform.machine(),
        "commit": commit.stdout.strip() or "unknown", "load": round(os.getloadavg()[1], 1),
    }  # fmt: skip
    found = {"scope": scope, "rows": rows} | ({"details": details} if details else {})
    (RESULTS / f"{name}.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    heads = list(rows[0])
    table = [heads, ["---"] * len(heads), *[[str(row[head]) for head in heads] for row in rows]]
    lines = [f"# {title}", "", text.strip(), "", ", ".join(f"{key} {value}" for key, value in scope.items()), ""]
    lines += ["| " + " | ".join(cells) + " |" for cells in table]
    (RESULTS / f"{name}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines[-len(table) :]))
