"""The setting of JCRec (Frej et al., 2024): which k courses make a learner qualify for the most jobs?

    python benchmarks/plans/jcrec.py --data $LEERMATCH_DATA --seeds 3

Per seed 100 courses, 100 jobs and 50 learners are drawn from its data. Its jobs are not public, so ESCO occupations
stand in for them: like a vacancy, each asks for the five of its essential skills that courses and resumes name most
often, at an intermediate level. One
qualifies for a job from 80 % of its skills on; a course can be followed by whoever holds 80 % of what it requires,
which is counted in skills here. Greedy: k times the course after which one qualifies for the most jobs (its rule).
Exhaustive: every ordered choice of k courses. Both are written anew below, on sets and plain loops over arrays."""

from __future__ import annotations

import argparse
import csv
import math
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent))

from instances import ON, Names
from report import write

from competences.records.claims import ClaimStatus, CompetenceClaim
from competences.records.competence import Requirement
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer, Prerequisite
from competences.records.roles import JobRole
from competences.sources.jcrec import read_courses, read_learners
from matching.matcher import Matcher
from matching.settings import Settings

ENOUGH = 0.8
LEVEL = 2.0
SKILLS = 5


@dataclass(frozen=True)
class World:
    """What both oracles read: (things, skills) levels, 0 where a skill is not held or asked."""

    gives: NDArray[np.float64]
    asks: NDArray[np.float64]
    jobs: NDArray[np.float64]

    def follows(self, held: NDArray[np.float64]) -> NDArray[np.bool_]:
        """(courses,) whether enough of what each asks is held."""
        asked = self.asks > 0
        met = (np.minimum(held, self.asks) >= ENOUGH * self.asks - 1e-9) & asked
        return met.sum(axis=1) >= np.ceil(ENOUGH * asked.sum(axis=1) - 1e-9)

    def count(self, held: NDArray[np.float64]) -> int:
        """Jobs that one qualifies for."""
        asked = self.jobs > 0
        share = (np.minimum(held, self.jobs) / np.where(asked, self.jobs, 1.0)).sum(axis=1) / asked.sum(axis=1)
        return int((share >= ENOUGH - 1e-6).sum())

    def greedy(self, held: NDArray[np.float64], k: int) -> int:
        for _ in range(k):
            after = [self.count(np.maximum(held, self.gives[c])) for c in np.flatnonzero(self.follows(held))]
            if not after:
                break
            held = np.maximum(held, self.gives[np.flatnonzero(self.follows(held))[int(np.argmax(after))]])
        return self.count(held)

    def exhaustive(self, held: NDArray[np.float64], k: int) -> int:
        """Sets of at most k courses that can be followed in some order."""
        best = self.count(held)
        for size in range(1, k + 1):
            for chosen in combinations(range(len(self.gives)), size):
                after = self.followed(held, chosen)
                if after is not None:
                    best = max(best, self.count(after))
        return best

    def followed(self, held: NDArray[np.float64], chosen: tuple[int, ...]) -> NDArray[np.float64] | None:
        """What is held after all of these, in an order that allows it; None where there is none."""
        left = set(chosen)
        while left:
            ready = [c for c in left if self.follows(held)[c]]
            if not ready:
                return None
            held = np.maximum(held, self.gives[ready].max(axis=0))
            left -= set(ready)
        return held


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--learners", type=int, default=50)
    parser.add_argument("--exhaustive", type=int, default=2, help="learners per seed with exhaustive search at k = 3")
    asked = parser.parse_args()
    courses = [_eased(course) for course in read_courses(asked.data / "jcrec")]
    people = list(read_learners(asked.data / "jcrec")[0])
    jobs = _jobs(asked.data / "esco" / "v1.1.1-en", courses, people)
    rows = [_row(k, asked, courses, people, jobs) for k in (1, 2, 3)]
    write("jcrec", "Jobs that a learner qualifies for after k courses", __doc__ or "", rows)


def _row(
    k: int, asked: argparse.Namespace, courses: list[LearningOffer], people: list[LearnerProfile], jobs: list[JobRole]
) -> dict[str, object]:
    ours, theirs, best, seconds, slow, differ = [], [], [], [], [], 0
    for seed in range(asked.seeds):
        rng = np.random.default_rng(seed)
        offers = [courses[i] for i in rng.choice(len(courses), 100, replace=False)]
        roles = [jobs[i] for i in rng.choice(len(jobs), 100, replace=False)]
        learners = [_certain(people[i]) for i in rng.choice(len(people), asked.learners, replace=False)]
        matcher = Matcher.from_offers(offers, encoder=Names(), settings=Settings(coverage_threshold=1.0), roles=roles)
        world, index = _world(sorted(offers, key=lambda one: one.id), roles)
        matcher.plan(learners[0], on=ON, objective="roles", max_steps=1)
        for n, learner in enumerate(learners):
            held = _held(learner, index)
            begin = time.perf_counter()
            plan = matcher.plan(learner, on=ON, objective="roles", max_steps=k)
            seconds.append(time.perf_counter() - begin)
            ours.append(len(plan.qualifies))
            theirs.append(world.greedy(held, k))
            if k < 3 or n < asked.exhaustive:
                begin = time.perf_counter()
                optimum = world.exhaustive(held, k)
                slow.append(time.perf_counter() - begin)
                best.append(optimum)
                differ += optimum != ours[-1]
    pairs = list(zip(ours, theirs, strict=True))
    return {
        "k": k, "learners": len(ours),
        "jobs, planner": round(statistics.mean(ours), 3), "jobs, greedy": round(statistics.mean(theirs), 3),
        "planner above greedy": sum(a > b for a, b in pairs), "planner below greedy": sum(a < b for a, b in pairs),
        "exhaustive on": len(best), "differs from the optimum": differ,
        "planner ms, median": round(1000 * statistics.median(seconds), 1),
        "planner ms, worst": round(1000 * max(seconds), 1),
        "exhaustive ms, median": round(1000 * statistics.median(slow), 1),
        "times faster": round(statistics.median(slow) / statistics.median(seconds), 1),
    }  # fmt: skip


def _eased(course: LearningOffer) -> LearningOffer:
    """80 % of the required skills, instead of each of them; what a course does not teach in hours is left at zero."""
    if not course.entry:
        return course
    enough = math.ceil(ENOUGH * len(course.entry) - 1e-9)
    return course.model_copy(
        update={"entry": (), "prerequisites": (Prerequisite(any_of=course.entry, at_least=enough),)}
    )


def _certain(learner: LearnerProfile) -> LearnerProfile:
    """Resumes are taken at their word."""
    claims = tuple(claim.model_copy(update={"status": ClaimStatus.CERTIFIED}) for claim in learner.claims)
    return learner.model_copy(update={"claims": claims})


def _jobs(folder: Path, courses: list[LearningOffer], people: list[LearnerProfile]) -> list[JobRole]:
    known = Counter(outcome.competence for course in courses for outcome in course.outcomes)
    known.update(claim.competence for one in people for claim in one.claims)
    needs: dict[str, set[str]] = {}
    with (folder / "occupationSkillRelations.csv").open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            if line["relationType"] == "essential" and line["skillUri"] in known:
                needs.setdefault(line["occupationUri"], set()).add(line["skillUri"])
    return [
        JobRole(
            id=uri,
            title=uri,
            requirements=tuple(
                Requirement(competence=skill, level=LEVEL)
                for skill in sorted(skills, key=lambda one: (-known[one], one))[:SKILLS]
            ),
        )
        for uri, skills in sorted(needs.items())
        if len(skills) >= SKILLS
    ]


def _world(offers: list[LearningOffer], roles: list[JobRole]) -> tuple[World, dict[str, int]]:
    asks = [[one for p in offer.prerequisites for one in p.any_of if isinstance(one, Requirement)] for offer in offers]
    names = {one.competence for offer in offers for one in offer.outcomes} | {r.competence for a in asks for r in a}
    names |= {one.competence for role in roles for one in role.requirements}
    index = {name: i for i, name in enumerate(sorted(names))}
    return World(
        _levels([[(o.competence, o.level) for o in offer.outcomes] for offer in offers], index, 9.0),
        _levels([[(r.competence, r.level) for r in group] for group in asks], index, 1e-3),
        _levels([[(r.competence, r.level) for r in role.requirements] for role in roles], index, 1e-3),
    ), index


def _levels(things: list[list[tuple[str, float | None]]], index: dict[str, int], unknown: float) -> NDArray[np.float64]:
    """An unknown level counts in full where it is given, and asks for any level where it is required."""
    table = np.zeros((len(things), len(index)))
    for i, thing in enumerate(things):
        for name, level in thing:
            if name in index:
                table[i, index[name]] = max(table[i, index[name]], level or unknown)
    return table


def _held(learner: LearnerProfile, index: dict[str, int]) -> NDArray[np.float64]:
    claims: list[CompetenceClaim] = list(learner.claims)
    return _levels([[(claim.competence, claim.level) for claim in claims]], index, 9.0)[0]


if __name__ == "__main__":
    main()
