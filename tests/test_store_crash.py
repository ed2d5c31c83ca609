"""Real processes killed at random moments, and readers while a writer writes. Longer: `make test-crash`."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from matching.index.store.upkeep import collect, verify
from store_worlds import ON, START, State, answers, built, learners, listed, loaded, offer, step

KILLS = int(os.environ.get("LEERMATCH_KILLS", "3"))
SECONDS = float(os.environ.get("LEERMATCH_SECONDS", "3"))
HERE = Path(__file__).parent


def killed(index: Path, first: int, state: State, seen: int, after_s: float) -> int:
    """Start a process that makes changes from `first` on; kill it some time after it acknowledged `seen` of them.
    Returns how many it acknowledged in all."""
    command = [sys.executable, str(HERE / "store_victim.py"), str(index), str(first), json.dumps(state)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as victim:
        assert victim.stdout is not None
        assert victim.stdout.readline() == "ready\n"
        for _ in range(seen):
            assert victim.stdout.readline(), "the victim died by itself"
        time.sleep(after_s)
        victim.kill()
        return seen + len(victim.stdout.read().splitlines())


def test_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """After each kill the index holds all acknowledged changes, and of the one under way all or nothing."""
    built(START).save(tmp_path)
    state, number, draw = dict(START), 1, random.Random(1)
    changes = 0
    for kill in range(KILLS):
        acknowledged = killed(tmp_path, number, state, draw.randint(0, 6), draw.uniform(0.0, 0.3))
        for _ in range(acknowledged):
            state, number = step(state, number)[2], number + 1
        changes += acknowledged
        found = loaded(tmp_path)
        under_way = step(state, number)[2]
        assert listed(found) in (state, under_way), f"kill {kill}: neither before nor after change {number}"
        if listed(found) == under_way != state:
            state, number = under_way, number + 1
        assert answers(found).equals(answers(built(state))), f"kill {kill}: a mixed state is served"
        verify(tmp_path)
    collect(tmp_path)
    assert listed(loaded(tmp_path)) == state
    assert changes, "the kills came before anything was done"
    print(f"{KILLS} kills, {changes} acknowledged changes, none lost")


def test_readers_see_whole_states_while_a_writer_writes(tmp_path: Path) -> None:
    """Every change replaces all offers at once: a result of two versions would be a mixed state."""
    built(START).save(tmp_path)
    shared, other = loaded(tmp_path), loaded(tmp_path)
    wanted, over = learners()[:8], Event()

    def read(reader: int) -> tuple[int, int]:
        matcher, calls, newest = (shared, other)[reader % 2], 0, 0
        while not over.is_set():
            result = matcher.match(wanted[reader], on=ON, k=50)
            titles = {match.title for match in result}
            assert len(titles) == 1, titles
            version = int(titles.pop().removeprefix("version "))
            assert version >= newest, "an older state came back"
            newest, calls = version, calls + 1
            assert {one.title for one in result.generation.catalogue.offers} == {f"version {version}"}
        return calls, newest

    with ThreadPoolExecutor(8) as pool:
        reading = [pool.submit(read, reader) for reader in range(8)]
        until, version = time.monotonic() + SECONDS, 0
        try:
            while time.monotonic() < until:
                version += 1
                shared.upsert([offer(number, version) for number in range(20)])
                if version % 7 == 0:
                    shared.save(tmp_path)
        finally:
            over.set()
        calls = [one.result() for one in reading]
    assert all(count > 0 for count, _ in calls)
    assert {one.title for one in loaded(tmp_path).offers} == {f"version {version}"}
    print(f"{sum(count for count, _ in calls)} reads, {version} states, none mixed")
