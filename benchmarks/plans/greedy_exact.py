"""Greedy against exact: distance and time over sizes.

    python benchmarks/plans/greedy_exact.py --seeds 20

The first size is the one that counts: 200 candidates and 26 weeks. Times are processor time, because the machine is
shared; one thread does all the work. `pose` is what both start from."""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from instances import ON, instance
from report import write

from matching.plan import greedy
from matching.plan.exact import CLOSE
from matching.plan.posing import pose
from matching.plan.solving import best

SIZES = [(200, 26), (25, 26), (50, 26), (100, 26), (200, 12), (200, 52)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--sizes", type=int, default=len(SIZES))
    asked = parser.parse_args()
    rows = [_size(n, weeks, asked.seeds) for n, weeks in SIZES[: asked.sizes]]
    write("greedy_exact", "Greedy against exact", __doc__ or "", rows)


def _size(n: int, weeks: int, seeds: int) -> dict[str, object]:
    shares, fast, slow, posed, proven = [], [], [], [], 0
    for seed in range(seeds):
        matcher, learner = instance(seed, n, weeks)
        person = matcher.person(learner, on=ON)
        person.generation.encoder  # noqa: B018 (made before the clock starts)
        greedy.choose(pose(person))
        begin = time.process_time()
        problem = pose(person)
        posed.append(time.process_time() - begin)
        begin = time.process_time()
        quick = greedy.choose(problem)
        fast.append(time.process_time() - begin)
        begin = time.process_time()
        found = best(problem)
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
        "pose ms, median": round(1000 * statistics.median(posed), 1),
        "exact s, median": round(statistics.median(slow), 3),
        "exact s, worst": round(max(slow), 2),
        "proven optimal": f"{proven} of {seeds}",
    }  # fmt: skip


if __name__ == "__main__":
    main()
