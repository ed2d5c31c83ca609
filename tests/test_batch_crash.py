"""Batches killed at random moments and resumed: the end is the same, byte for byte. Longer: `make test-crash`."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from batch_worlds import prepare

LEARNERS = int(os.environ.get("LEERMATCH_LEARNERS", "600"))
KILLS = int(os.environ.get("LEERMATCH_BATCH_KILLS", "1"))
PARTITIONS = 12 if LEARNERS < 50_000 else 40
PLANS = LEARNERS < 50_000
"""Plans take many times as long as matches: a short run makes them too."""
FINISHED = 3
"""Exit code: all answered, some rows rejected."""


class Whole(NamedTuple):
    """What an uninterrupted batch wrote, and what it took."""

    files: dict[str, bytes]
    seconds: float
    mib: list[float]
    """Private memory of all its processes together, ten times a second."""

    @property
    def peaks(self) -> list[float]:
        """The highest in each tenth of the run."""
        bounds = [len(self.mib) * i // 10 for i in range(11)]
        return [max(self.mib[low:high], default=0.0) for low, high in pairwise(bounds)]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    prepare(folder, LEARNERS, PARTITIONS)
    return folder


@pytest.fixture(scope="module")
def whole(world: Path) -> Whole:
    """The same without any kill."""
    began = time.monotonic()
    mib = finished(world, world / "whole")
    return Whole(bytes_of(world / "whole"), time.monotonic() - began, mib)


def started(world: Path, out: Path) -> subprocess.Popen[str]:
    command = [
        sys.executable, "-c", "from matching.cli.main import main; main()", "batch", "--learners",
        str(world / "in" / "*.parquet"), "--index", str(world / "index"), "--out", str(out), "--on", "2026-11-24",
        "--workers", "2", "--log", str(out.with_suffix(".log")), *(["--plans"] if PLANS else []),
    ]  # fmt: skip
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def finished(world: Path, out: Path) -> list[float]:
    """Run to the end; MiB of all processes together on the way."""
    mib = []
    with started(world, out) as batch:
        while batch.poll() is None:
            mib.append(sum(private_mib(pid) for pid in (batch.pid, *children(batch.pid))))
            time.sleep(0.1)
        assert batch.stderr is not None
        assert (batch.returncode, batch.stderr.read()) == (FINISHED, "")
    return mib


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def is_worker(pid: int) -> bool:
    """Not the keeper of Python's resources, nor a child that is still its parent's copy."""
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def private_mib(pid: int) -> float:
    """Private memory: mapped files are shared by all workers, and can be dropped at any time."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024


def bytes_of(out: Path) -> dict[str, bytes]:
    files = (path for path in sorted(out.rglob("*")) if path.is_file() and path.name != "LOCK")
    return {str(path.relative_to(out)): path.read_bytes() for path in files}


def test_a_batch_that_was_killed_ends_as_if_it_had_not_been(world: Path, whole: Whole, tmp_path: Path) -> None:
    draw, out, done = random.Random(5), tmp_path / "killed", []
    for _ in range(KILLS):
        with started(world, out) as batch:
            wait_for_work(batch, out)
            time.sleep(draw.uniform(0.02, 0.15) * whole.seconds)
            batch.send_signal(signal.SIGKILL)
        done.append(len(list(out.glob("partitions/*.json"))))
    finished(world, out)
    assert bytes_of(out) == whole.files
    print(f"{LEARNERS} learners in {whole.seconds:.0f} s; {KILLS} kills, all the same bytes")
    print(f"of {PARTITIONS} partitions, finished at each kill: {', '.join(map(str, done))}")


def wait_for_work(batch: subprocess.Popen[str], out: Path) -> None:
    """Until a table is being written: a kill while Python starts would show nothing."""
    left = set(out.glob("**/.tmp-*"))
    while not set(out.glob("**/.tmp-*")) - left and batch.poll() is None:
        time.sleep(0.02)


@pytest.mark.skipif(LEARNERS < 50_000, reason="memory is flat or not only over a long run: make test-crash")
def test_memory_does_not_grow_with_the_number_of_learners(whole: Whole) -> None:
    """Once both workers have warmed up, a later part of the run needs no more than an earlier one."""
    print(f"MiB of all processes, the peak in each tenth of the run: {', '.join(f'{one:.0f}' for one in whole.peaks)}")
    assert max(whole.peaks[6:]) < 1.1 * max(whole.peaks[2:6])


def test_a_worker_that_dies_takes_nothing_with_it(world: Path, whole: Whole, tmp_path: Path) -> None:
    with started(world, tmp_path / "hurt") as batch:
        while not (found := [pid for pid in children(batch.pid) if is_worker(pid) and private_mib(pid) > 60]):
            assert batch.poll() is None, "the batch ended before a worker could be killed"
            time.sleep(0.05)
        os.kill(found[-1], signal.SIGKILL)
        said = batch.communicate()[1]
    assert batch.returncode == FINISHED, said
    assert bytes_of(tmp_path / "hurt") == whole.files
    assert "worker_died" in (tmp_path / "hurt.log").read_text(encoding="utf-8")
