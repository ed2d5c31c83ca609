"""Where and with what a benchmark ran, and its results as JSON and Markdown."""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numba
import numpy as np

RESULTS = Path(__file__).parent / "results"


def machine() -> dict[str, Any]:
    """Processor, cores, memory, versions, commit and load: no names of hosts or folders."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
        "commit": _commit(),
        "load_average": round(os.getloadavg()[0], 1),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else ():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=RESULTS.parent)
    return done.stdout.strip() or "unknown"


def write(name: str, title: str, rows: Sequence[Mapping[str, Any]], notes: Sequence[str] = ()) -> None:
    """One table with notes under it as `results/<name>.json` and `.md`."""
    text = "\n".join([table(rows), "", *(f"- {note}" for note in notes)])
    publish(name, title, text, {"rows": list(rows), "notes": list(notes)})


def publish(name: str, title: str, text: str, stored: Mapping[str, Any]) -> None:
    """`results/<name>.md` with the text and `.json` with what is stored, the machine in both; prints the first."""
    RESULTS.mkdir(exist_ok=True)
    where = machine()
    whole = json.dumps({"machine": where, **stored}, indent=1, ensure_ascii=False)
    (RESULTS / f"{name}.json").write_text(whole + "\n", encoding="utf-8")
    page = "\n".join([f"# {title}", "", text, "", ", ".join(f"{key} {value}" for key, value in where.items()), ""])
    (RESULTS / f"{name}.md").write_text(page, encoding="utf-8")
    print(page)


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """A Markdown table with the columns of the first row."""
    heads = list(rows[0])
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(_shown(row.get(head)) for head in heads) + " |" for row in rows])


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else "" if value is None else str(value)


def latencies(call: Callable[[Any], object], asked: Sequence[Any], warm: int = 5) -> dict[str, float]:
    """p50 and p99 of wall time and of processor time, in ms, over single calls."""
    for one in asked[:warm]:
        call(one)
    wall, cpu = [], []
    for one in asked:
        begin, used = time.perf_counter(), time.process_time()
        call(one)
        wall.append(time.perf_counter() - begin)
        cpu.append(time.process_time() - used)
    p50, p99 = (np.percentile(wall, [50, 99]) * 1e3).tolist()
    cpu50, cpu99 = (np.percentile(cpu, [50, 99]) * 1e3).tolist()
    return {"p50_ms": p50, "p99_ms": p99, "p50_cpu_ms": cpu50, "p99_cpu_ms": cpu99}


def resident_mib() -> float:
    """Memory of this process that is in use now, MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def bandwidth() -> float:
    """Bytes a second that one core reads from a table too large for the cache; best of five."""
    numbers = np.ones(32 << 20, np.int64)
    numbers.sum()
    took = []
    for _ in range(5):
        begin = time.perf_counter()
        numbers.sum()
        took.append(time.perf_counter() - begin)
    return numbers.nbytes / min(took)
