"""Small catalogues for tests of the index on disk, and what a sequence of changes must leave behind."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa

from competences.records.competence import Competence, Outcome, Requirement
from competences.records.hours import TimeDemand
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer, Run, Unit
from competences.records.places import Place
from competences.records.roles import Goal, JobRole
from competences.taxonomy.taxonomy import Taxonomy
from matching.matcher import Matcher
from toy_encoder import ToyEncoder

ON = date(2026, 11, 24)
SKILLS = [f"skill {i}" for i in range(12)]
TAXONOMY = Taxonomy.from_competences(Competence(id=skill, label=f"to know {skill}") for skill in SKILLS[:6])
ROLES = [JobRole(id="role:a", title="A", requirements=(Requirement(competence="skill 1"),))]
ENCODER = ToyEncoder()

State = dict[str, int]
"""Offer id → the version of it that is listed."""


def offer(number: int, version: int) -> LearningOffer:
    """Every version of an offer teaches something else, costs something else, and says so in its title."""
    draw = random.Random(number * 1000 + version)
    return LearningOffer(
        id=f"offer-{number:03d}",
        title=f"version {version}",
        outcomes=tuple(Outcome(competence=skill) for skill in draw.sample(SKILLS, 3)),
        time=TimeDemand(contact_hours=draw.randint(1, 40), self_study_hours=draw.randint(0, 9)),
        place=Place(postcode="9000") if draw.random() < 0.3 else None,
        runs=(Run(id="r", start=date(2027, 1, draw.randint(1, 28)), end=date(2027, 3, 1)),),
        units=(Unit(id="u", outcomes=(Outcome(competence="skill 2"),), hours=1),) if draw.random() < 0.3 else (),
    )


def learners(n: int = 20) -> list[LearnerProfile]:
    """Goals of requirements, of a role, and in free text."""
    goals = [
        Goal(requirements=tuple(Requirement(competence=skill) for skill in random.Random(i).sample(SKILLS, 4)))
        for i in range(n - 2)
    ]
    goals += [Goal(role="role:a"), Goal(text="version 3")]
    return [LearnerProfile(id=f"learner-{i}", goal=goal) for i, goal in enumerate(goals)]


def built(state: Mapping[str, int]) -> Matcher:
    """A matcher in memory over one state."""
    offers = [offer(int(name.removeprefix("offer-")), version) for name, version in state.items()]
    return Matcher.from_offers(offers, encoder=ENCODER, taxonomy=TAXONOMY, roles=ROLES)


def loaded(path: Path) -> Matcher:
    """The index on disk."""
    return Matcher.load(path, ENCODER)


def answers(matcher: Matcher) -> pa.Table:
    """What everyone gets."""
    return matcher.match_many(learners(), on=ON, threads=1)


def listed(matcher: Matcher) -> State:
    """The state that a matcher serves."""
    return {one.id: int(one.title.removeprefix("version ")) for one in matcher.offers}


START: State = {f"offer-{i:03d}": 0 for i in range(20)}


def step(state: State, number: int) -> tuple[str, list[int], State]:
    """(what change `number` is: upsert, remove, fold or save; of which offers; the state after it)."""
    draw = random.Random(number)
    kind = draw.choices(["upsert", "remove", "fold", "save"], [5, 3, 1, 1])[0]
    after = dict(state)
    if kind == "remove" and len(state) > 5:
        gone = [int(name[-3:]) for name in draw.sample(sorted(state), draw.randint(1, 3))]
        for one in gone:
            del after[f"offer-{one:03d}"]
        return kind, gone, after
    if kind == "fold":
        return kind, [], after
    some = draw.sample(range(40), draw.randint(1, 5))
    after |= {f"offer-{one:03d}": number for one in some}
    return "upsert" if kind == "remove" else kind, some, after


def apply(matcher: Matcher, path: Path, number: int, state: State) -> State:
    """Make change `number`; what is returned is durable."""
    kind, some, after = step(state, number)
    if kind == "upsert":
        matcher.upsert([offer(one, number) for one in some])
    elif kind == "remove":
        matcher.remove([f"offer-{one:03d}" for one in some])
    elif kind == "save":
        # Another matcher, made anew, over what is there.
        built(after).save(path)
    else:
        matcher.save(path)
    return after
