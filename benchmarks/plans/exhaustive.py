"""Exact plans against exhaustive search, on as many small worlds as asked for.

    python benchmarks/plans/exhaustive.py --worlds 3000

Worlds are drawn by the strategies of the tests. A plan that breaks a rule, or a better one that was missed,
ends the run."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from matching.matcher import Matcher
from matching.settings import Settings
from oracle import Oracle
from plan_oracle import Exhaustive
from plan_validator import problems
from plan_worlds import PlanWorld, plan_worlds
from strategies import TODAY
from toy_encoder import ToyEncoder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=3000)
    parser.add_argument("--offers", type=int, default=6)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    counts: Counter[str] = Counter()
    toy = ToyEncoder()

    @seed(asked.seed)
    @settings(
        max_examples=asked.worlds, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(plan_worlds(asked.offers), st.sampled_from([None, 1.0]), st.sampled_from([None, None, 1, 2]))
    def search(world: PlanWorld, threshold: float | None, parallel: int | None) -> None:
        chosen = Settings(coverage_threshold=threshold, plan_parallel=parallel)
        oracle = Oracle(world.offers, toy, chosen)
        plan = Matcher.from_offers(world.offers, encoder=toy, settings=chosen).plan(world.learner, on=TODAY)
        counts[plan.status.value] += 1
        counts[f"steps: {len(plan.steps)}"] += 1
        broken = problems(plan, oracle, world.learner, TODAY, max_parallel=parallel)
        assert broken == [], broken
        missed = Exhaustive(oracle, world.learner, TODAY, max_parallel=parallel).better_than(plan)
        assert missed is None, missed

    begin = time.perf_counter()
    search()
    print(dict(sorted(counts.items())), f"{time.perf_counter() - begin:.0f} s")


if __name__ == "__main__":
    main()
