"""The setting of JCRec (Frej et al., 2024): which k courses make a learner qualify for the most jobs?

    python benchmarks/plans/jcrec.py --data $LEERMATCH_DATA --seeds 3

Per seed 100 courses, 100 jobs and 50 learners are drawn from its data, and skills are put together by the third level
of its taxonomy, as the settings that its authors published say. Their jobs are not public, so ESCO occupations stand in
for them: like a vacancy, each asks for the five of its essential skills that courses and resumes name most often, at an
intermediate level. Unknown levels are those of the paper: 1 in resumes, 2 in courses. One qualifies for a job from 80 %
of its skills on; a course can be followed by whoever holds 80 % of what it requires, which is counted in skills here.

All that the planner is compared with is written anew below. *Greedy*, by the rule of the paper: k times the course
after which one qualifies for the most jobs, of equals the one after which the skills of the learner are asked for most
often. *Exhaustive*: every set of at most k courses that can be followed
in some order, each looked at once, scored by a few numpy operations. *Sequences*: the search of the paper as it is
described there, every sequence of courses on dictionaries; on a few learners only, because it is slow.

Times are processor time, of one learner after the other on one thread; the planner's is that of the whole call, from
profile to written plan."""

from __future__ import annotations

import argparse
import csv
import math
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent))

from instances import ON, Names
from report import write

from competences.records.claims import ClaimStatus, CompetenceClaim
from competences.records.competence import Outcome, Requirement
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer, Prerequisite
from competences.records.roles import JobRole
from competences.sources.jcrec import read_courses, read_learners
from matching.matcher import Matcher
from matching.plan.plan import PlanStatus
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

    @cached_property
    def asked(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """(jobs, SKILLS) the skills of each job, and their levels: every job asks for as many."""
        skills = np.array([np.flatnonzero(job) for job in self.jobs])
        return skills, np.take_along_axis(self.jobs, skills, axis=1)

    def count(self, held: NDArray[np.float64]) -> int:
        """Jobs that one qualifies for."""
        skills, levels = self.asked
        return int(((np.minimum(held[skills], levels) / levels).mean(axis=1) >= ENOUGH - 1e-6).sum())

    def attractiveness(self, held: NDArray[np.float64]) -> int:
        """How often jobs ask for what is held."""
        return int((self.jobs > 0)[:, held > 0].sum())

    def greedy(self, held: NDArray[np.float64], k: int) -> int:
        for _ in range(k):
            after = [np.maximum(held, self.gives[c]) for c in np.flatnonzero(self.follows(held))]
            if after:
                held = max(after, key=lambda one: (self.count(one), self.attractiveness(one)))
        return self.count(held)

    def exhaustive(self, held: NDArray[np.float64], k: int) -> int:
        """What one holds after some courses does not depend on their order, so each set is looked at once."""
        seen: set[frozenset[int]] = set()

        def best(held: NDArray[np.float64], chosen: frozenset[int]) -> int:
            found = self.count(held)
            for c in np.flatnonzero(self.follows(held)).tolist() if len(chosen) < k else ():
                more = chosen | {c}
                if more not in seen:
                    seen.add(more)
                    found = max(found, best(np.maximum(held, self.gives[c]), more))
            return found

        return best(held, frozenset())

    def sequences(self, held: NDArray[np.float64], k: int) -> int:
        """The same number, by every sequence of courses, on dictionaries of skills."""
        gives, asks, jobs = (
            [{s: float(row[s]) for s in np.flatnonzero(row).tolist()} for row in table]
            for table in (self.gives, self.asks, self.jobs)
        )  # fmt: skip

        def share(has: dict[int, float], job: dict[int, float]) -> float:
            return sum(min(has.get(s, 0.0), level) / level for s, level in job.items()) / len(job)

        def may_follow(has: dict[int, float], asked: dict[int, float]) -> bool:
            met = sum(has.get(s, 0.0) >= ENOUGH * level - 1e-9 for s, level in asked.items())
            return met >= math.ceil(ENOUGH * len(asked) - 1e-9)

        def best(has: dict[int, float], left: int) -> int:
            found = sum(share(has, job) >= ENOUGH - 1e-6 for job in jobs)
            for given, asked in zip(gives, asks, strict=True) if left else ():
                if may_follow(has, asked):
                    more = has | {s: max(level, has.get(s, 0.0)) for s, level in given.items()}
                    found = max(found, best(more, left - 1))
            return found

        return best({s: float(held[s]) for s in np.flatnonzero(held).tolist()}, k)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--learners", type=int, default=50)
    parser.add_argument("--sequences", type=int, default=1, help="learners per seed for the search of the paper")
    asked = parser.parse_args()
    kinds = _kinds(asked.data / "jcrec" / "taxonomy.csv")
    courses = [_course(course, kinds) for course in read_courses(asked.data / "jcrec")]
    people = [_learner(one, kinds) for one in read_learners(asked.data / "jcrec")[0]]
    jobs = _jobs(asked.data / "esco" / "v1.1.1-en", kinds, courses, people)
    rows = [_row(k, asked, courses, people, jobs) for k in (1, 2, 3)]
    write("jcrec", "Jobs that a learner qualifies for after k courses", __doc__ or "", rows)


def _row(
    k: int, asked: argparse.Namespace, courses: list[LearningOffer], people: list[LearnerProfile], jobs: list[JobRole]
) -> dict[str, object]:
    ours: list[int] = []
    theirs: list[int] = []
    best: list[int] = []
    times: dict[str, list[float]] = {"planner": [], "exhaustive": [], "sequences": []}

    def timed(who: str, answer: Callable[[], int]) -> int:
        begin = time.process_time()
        found = answer()
        times[who].append(1000 * (time.process_time() - begin))
        return found

    for seed in range(asked.seeds):
        rng = np.random.default_rng(seed)
        offers = [courses[i] for i in rng.choice(len(courses), 100, replace=False)]
        roles = [jobs[i] for i in rng.choice(len(jobs), 100, replace=False)]
        learners = [people[i] for i in rng.choice(len(people), asked.learners, replace=False)]
        matcher = Matcher.from_offers(offers, encoder=Names(), settings=Settings(coverage_threshold=1.0), roles=roles)
        world, index = _world(sorted(offers, key=lambda one: one.id), roles)
        matcher.plan(learners[0], on=ON, objective="roles", max_steps=1)

        def plan(learner: LearnerProfile, matcher: Matcher = matcher) -> int:
            found = matcher.plan(learner, on=ON, objective="roles", max_steps=k)
            assert found.status is not PlanStatus.FEASIBLE
            return len(found.qualifies)

        for n, learner in enumerate(learners):
            held = _held(learner, index)
            ours.append(timed("planner", partial(plan, learner)))
            theirs.append(world.greedy(held, k))
            best.append(timed("exhaustive", partial(world.exhaustive, held, k)))
            if n < asked.sequences:
                assert timed("sequences", partial(world.sequences, held, k)) == best[-1]
    median = {who: statistics.median(some) for who, some in times.items()}
    ratios = [slow / quick for slow, quick in zip(times["exhaustive"], times["planner"], strict=True)]
    return {
        "k": k, "learners": len(ours),
        "jobs, planner": round(statistics.mean(ours), 3), "jobs, greedy": round(statistics.mean(theirs), 3),
        "jobs, optimum": round(statistics.mean(best), 3),
        "planner above greedy": sum(a > b for a, b in zip(ours, theirs, strict=True)),
        "planner below greedy": sum(a < b for a, b in zip(ours, theirs, strict=True)),
        "differs from the optimum": sum(a != b for a, b in zip(ours, best, strict=True)),
        "planner ms, median": round(median["planner"], 1), "planner ms, worst": round(max(times["planner"]), 1),
        "exhaustive ms, median": round(median["exhaustive"], 1),
        "exhaustive ms, worst": round(max(times["exhaustive"]), 1),
        "sequences ms, median": round(median["sequences"], 1),
        "exhaustive / planner, median": round(statistics.median(ratios), 1),
        "exhaustive / planner, in all": round(sum(times["exhaustive"]) / sum(times["planner"]), 1),
        "sequences / planner": round(median["sequences"] / median["planner"], 1),
    }  # fmt: skip


def _kinds(taxonomy: Path) -> dict[str, str]:
    """Skill → its kind at the third level."""
    with taxonomy.open(encoding="utf-8-sig", newline="") as file:
        return {line["Source"].strip(): line["Type Level 3"] for line in csv.DictReader(file)}


def _grouped(skills: Iterable[tuple[str, float | None]], kinds: dict[str, str], unknown: float) -> dict[str, float]:
    """Kind → mean level of the skills of that kind, rounded."""
    found: dict[str, list[float]] = {}
    for skill, level in skills:
        if skill in kinds:
            found.setdefault(kinds[skill], []).append(level or unknown)
    return {kind: float(round(statistics.mean(levels))) for kind, levels in sorted(found.items())}


def _course(course: LearningOffer, kinds: dict[str, str]) -> LearningOffer:
    """Open to whoever has 80 % of the required skills; what it teaches itself it asks for one level lower."""
    gives = _grouped(((one.competence, one.level) for one in course.outcomes), kinds, 2.0)
    asks = _grouped(((one.competence, one.level) for one in course.entry), kinds, 2.0)
    asks = {kind: level if gives.get(kind, 9.0) > level else gives[kind] - 1 for kind, level in asks.items()}
    entry = tuple(Requirement(competence=kind, level=level) for kind, level in asks.items() if level > 0)
    enough = math.ceil(ENOUGH * len(entry) - 1e-9)
    return course.model_copy(
        update={
            "outcomes": tuple(Outcome(competence=kind, level=level) for kind, level in gives.items()),
            "entry": (),
            "prerequisites": (Prerequisite(any_of=entry, at_least=enough),) if entry else (),
        }
    )


def _learner(learner: LearnerProfile, kinds: dict[str, str]) -> LearnerProfile:
    """Resumes are taken at their word."""
    held = _grouped(((one.competence, one.level) for one in learner.claims), kinds, 1.0)
    claims = [
        CompetenceClaim(competence=kind, level=level, status=ClaimStatus.CERTIFIED) for kind, level in held.items()
    ]
    return learner.model_copy(update={"claims": tuple(claims)})


def _jobs(
    folder: Path, kinds: dict[str, str], courses: list[LearningOffer], people: list[LearnerProfile]
) -> list[JobRole]:
    known = Counter(outcome.competence for course in courses for outcome in course.outcomes)
    known.update(claim.competence for one in people for claim in one.claims)
    needs: dict[str, set[str]] = {}
    with (folder / "occupationSkillRelations.csv").open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            if line["relationType"] == "essential" and line["skillUri"] in kinds:
                needs.setdefault(line["occupationUri"], set()).add(kinds[line["skillUri"]])
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
        _levels([[(o.competence, o.level) for o in offer.outcomes] for offer in offers], index),
        _levels([[(r.competence, r.level) for r in group] for group in asks], index),
        _levels([[(r.competence, r.level) for r in role.requirements] for role in roles], index),
    ), index


def _levels(things: list[list[tuple[str, float | None]]], index: dict[str, int]) -> NDArray[np.float64]:
    table = np.zeros((len(things), len(index)))
    for i, thing in enumerate(things):
        for name, level in thing:
            if name in index:
                table[i, index[name]] = level
    return table


def _held(learner: LearnerProfile, index: dict[str, int]) -> NDArray[np.float64]:
    return _levels([[(claim.competence, claim.level) for claim in learner.claims]], index)[0]


if __name__ == "__main__":
    main()
