"""How cost grows with offers and with requirements; memory and build time; the kernel against the speed of memory.

python -m benchmarks.scale [largest instance]
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numba
import numpy as np

from benchmarks import conditions
from benchmarks.instances import ON, REQUIREMENTS, SIZES, Instance, instance
from benchmarks.job import Job, recall
from benchmarks.machine import bandwidth, latencies, resident_mib, write
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer
from competences.records.roles import Goal
from matching.matcher import Matcher
from matching.query.bounds import bounds_of
from matching.query.demand import build
from matching.query.kernels import Asking
from matching.query.near import list_near, most_near, unlist
from matching.query.ranking import rank_all

LEARNERS, BATCH, COUNTED = 1000, 8192, 2048
REQUIREMENT_COUNTS = (1, 5, 15, 30, 60)
POSTING_BYTES = 4
"""An offer row; levels are read of the few offers that may be among the best."""


def offers_row(
    one: Instance, name: str, offers: list[LearningOffer], many: list[LearnerProfile]
) -> tuple[dict[str, Any], Matcher]:
    """Build and match at one size."""
    before, begin = resident_mib(), time.perf_counter()
    matcher = Matcher.from_offers(offers, encoder=one.space.encoder)
    built = time.perf_counter() - begin
    matcher.warm_up()
    memory = resident_mib() - before
    timed = latencies(lambda learner: matcher.match(learner, on=ON), many[:LEARNERS], warm=200)
    asked = latencies(lambda text: matcher.match(many[0], on=ON, goal=Goal(text=text)), one.texts(300), warm=20)
    row = {
        "instance": name, "offers": len(offers), **timed,
        "text_p50_ms": asked["p50_ms"], "text_p99_ms": asked["p99_ms"],
        "learners_per_s": throughput(matcher, many),
        "learners_per_cpu_s": throughput(matcher, many, processor=True), **kernel(matcher, many),
        "build_s": built, "index_KiB_an_offer": memory * 1024 / len(offers),
    }  # fmt: skip
    return row, matcher


def found_of_best(matcher: Matcher, one: Instance, n: int = 20) -> float:
    """Share of the ten best that are found, by an oracle that computes from the vectors, pair by pair, over all offers;
    the mean over n learners, whose claims and levels are left out."""
    job = Job(one)
    shares = [recall([m.offer_id for m in matcher.match(a.learner, on=ON)], job.oracle(a)) for a in job.asked(n)]
    return float(np.mean(shares))


def requirements_row(matcher: Matcher, many: list[LearnerProfile], n: int) -> dict[str, Any]:
    """Match with n requirements a learner."""
    timed = latencies(lambda learner: matcher.match(learner, on=ON), many[:LEARNERS], warm=200)
    return {"requirements": n, **timed, "learners_per_cpu_s": throughput(matcher, many, processor=True)}


def throughput(matcher: Matcher, many: list[LearnerProfile], processor: bool = False) -> float:
    """Learners a second of wall time on all cores, or of processor time on one; best of three."""
    clock, threads = (time.process_time, 1) if processor else (time.perf_counter, None)
    matcher.match_many(many, on=ON, threads=threads)
    took = []
    for _ in range(3):
        begin = clock()
        matcher.match_many(many, on=ON, threads=threads)
        took.append(clock() - begin)
    return len(many) / min(took)


def kernel(matcher: Matcher, many: list[LearnerProfile]) -> dict[str, float]:
    """ns a posting of adding up and of everything compiled, and the ratio to reading the postings from memory."""
    now, some = matcher._now, many[:COUNTED]
    goals = [learner.goal for learner in some if learner.goal]
    demand = build(some, goals, ON, now.generation.coverage, now.generation.roles)
    ready = now.eligibility.batch(some, ON)
    postings = sum(_postings(now.generation.coverage, int(row)) for row in demand.arrays.row)
    asking = Asking.of(demand.arrays, demand.new, now.generation)
    with now.spaces.one(most_near(asking)) as space:
        adding = least(lambda: add_up(asking, space))
    ranking = least(lambda: rank_all(demand, *ready, 10, now.spaces))
    floor = postings * POSTING_BYTES / bandwidth()
    return {
        "postings": postings / COUNTED, "add_ns_a_posting": adding / postings * 1e9,
        "kernel_ns_a_posting": ranking / postings * 1e9, "floor_us": floor / COUNTED * 1e6,
        "kernel_over_floor": ranking / floor,
    }  # fmt: skip


@numba.njit
def add_up(asking: Any, space: Any) -> None:
    """Tally every learner, and choose for none."""
    for p in range(len(asking.demands.start) - 1):
        end = list_near(p, asking, space)
        bounds_of(end, asking, space)
        unlist(end, space)


def _postings(coverage: Any, row: int) -> int:
    """How many postings of courses the requirement concept has, before what is held is taken off; none of those that no
    offer or role lists."""
    if row >= len(coverage.strengths.indptr) - 1:
        return 0
    near = coverage.strengths.rows[coverage.strengths.indptr[row] : coverage.strengths.indptr[row + 1]]
    return int(np.diff(coverage.courses.indptr)[near].sum())


def least(call: Any) -> float:
    """Processor seconds of this thread, the least of thirty: what else runs on the machine only ever adds."""
    took = []
    for _ in range(30):
        begin = time.thread_time()
        call()
        took.append(time.thread_time() - begin)
    return min(took)


def exponent(xs: list[float], ys: list[float]) -> float:
    """Slope of log y over log x: 1 is linear."""
    return float(np.polyfit(np.log(xs), np.log(ys), 1)[0])


def main() -> None:
    largest = sys.argv[1] if len(sys.argv) > 1 else "1m"
    rows: list[dict[str, Any]] = []
    dressed: list[dict[str, Any]] = []
    by_requirement: list[dict[str, Any]] = []
    for size in list(SIZES)[: list(SIZES).index(largest) + 1]:
        one = instance(size)
        row, matcher = offers_row(one, one.name, one.catalogue, one.learners(BATCH))
        rows.append(row | {"recall@10": found_of_best(matcher, one)})
        print(rows[-1], file=sys.stderr, flush=True)
        if size == "100k":
            by_requirement = [requirements_row(matcher, one.learners(BATCH // 4, n), n) for n in REQUIREMENT_COUNTS]
        del matcher
        if size == "100k":
            name = f"{one.name}, all conditions"
            row, _ = offers_row(one, name, conditions.offers_of(one), conditions.learners_of(one, BATCH))
            dressed.append(row)
            print(row, file=sys.stderr, flush=True)
    offers = [row["offers"] for row in rows]
    write(
        "scale", "Scale", rows + dressed,
        [
            f"{REQUIREMENTS} weighted requirements a learner, k = 10, four claims, language, mode, date and hours "
            "conditions; the whole public call, result objects included",
            "cost of a learner in a batch grows with offers to the power "
            f"{exponent(offers, [1 / row['learners_per_cpu_s'] for row in rows]):.2f}, of a single match "
            f"{exponent(offers, [row['p50_cpu_ms'] for row in rows]):.2f}",
            "recall@10 for 20 learners, by an oracle that computes from the vectors, pair by pair, over all offers",
            "floor: four bytes of each posting, an offer row, over the measured bandwidth of one core",
            "all conditions: places and travel, weekly sessions, breaks, pauses, entry, price, seats, work time, paid "
            "leave and variants as well, each stated by a share of offers and learners",
        ],
    )  # fmt: skip
    if by_requirement:
        asked = [row["requirements"] for row in by_requirement]
        cost = exponent(asked, [1 / row["learners_per_cpu_s"] for row in by_requirement])
        write(
            "requirements",
            "Requirements, 100,000 offers",
            by_requirement,
            [f"cost grows with requirements to the power {cost:.2f}"],
        )


if __name__ == "__main__":
    main()
