"""Greedy against exact: distance and time over sizes.

    python benchmarks/plans/greedy_exact.py --seeds 20

The first size is the one that counts: 200 candidates and 26 weeks. Times are processor time, because the machine is
shared; one thread does all the work. Each is the median of five calls, over instances the median of those. *Greedy* is
the choice with its calendar, from a posed problem; *pose* makes the problem from a person before a catalogue; *whole*
is all that a batch does for one person: posing, choosing, writing the plan."""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from instances import ON, instance
from report import write

from matching.plan import greedy, solving
from matching.plan.exact import CLOSE
from matching.plan.posing import pose
from matching.query.person import Person

SIZES = [(200, 26), (25, 26), (50, 26), (100, 26), (200, 12), (200, 52)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--sizes", type=int, default=len(SIZES))
    asked = parser.parse_args()
    rows = [_size(n, weeks, asked.seeds) for n, weeks in SIZES[: asked.sizes]]
    write("greedy_exact", "Greedy against exact", __doc__ or "", rows)


def _size(n: int, weeks: int, seeds: int) -> dict[str, object]:
    shares, slow, proven = [], [], 0
    posed: list[float] = []
    fast: list[float] = []
    whole: list[float] = []
    for seed in range(seeds):
        matcher, learner = instance(seed, n, weeks)
        person = matcher.person(learner, on=ON)
        person.generation.encoder  # noqa: B018 (made before the clock starts)
        solving.plan(person, exact=False)
        times = [_timed(person) for _ in range(5)]
        for kept, some in zip((posed, fast, whole), zip(*times, strict=True), strict=True):
            kept.append(statistics.median(some))
        problem = pose(person)
        quick = greedy.choose(problem)
        begin = time.process_time()
        found = solving.best(problem)
        slow.append(time.process_time() - begin)
        assert quick is not None
        assert found is not None
        proven += found.worth(problem) >= found.bound - 2 * CLOSE
        shares.append(problem.gain(quick[0]) / problem.gain(found.chosen))
    return {
        "candidates": n, "weeks": weeks, "instances": seeds,
        "greedy / exact, mean": round(statistics.mean(shares), 4),
        "greedy / exact, worst": round(min(shares), 4),
        "greedy ms, median": round(1000 * statistics.median(fast), 2),
        "greedy ms, worst": round(1000 * max(fast), 2),
        "pose ms, median": round(1000 * statistics.median(posed), 2),
        "whole ms, median": round(1000 * statistics.median(whole), 2),
        "exact s, median": round(statistics.median(slow), 3),
        "exact s, worst": round(max(slow), 2),
        "proven optimal": f"{proven} of {seeds}",
    }  # fmt: skip


def _timed(person: Person) -> tuple[float, float, float]:
    """Seconds of posing, of choosing, of the whole call."""
    begin = time.process_time()
    problem = pose(person)
    posed = time.process_time()
    greedy.choose(problem)
    chosen = time.process_time()
    solving.plan(person, exact=False)
    return posed - begin, chosen - posed, time.process_time() - chosen


if __name__ == "__main__":
    main()
