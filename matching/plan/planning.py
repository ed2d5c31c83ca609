"""Everything that can be asked about plans, for whoever can put a person before a catalogue."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal

from competences.errors import UnknownIdError
from competences.records.learners import LearnerProfile
from competences.records.roles import Goal, JobRole
from matching.plan import solving
from matching.plan.alternatives import Strength
from matching.plan.limits import Limits
from matching.plan.plan import Plan
from matching.plan.roles import RoleFit, fits, most_roles, union
from matching.plan.state import after
from matching.plan.wishes import NO_WISHES, Wishes
from matching.query.person import Person


class Planning(ABC):
    """Plans, alternatives, limits and roles of one person; `Matcher` is one."""

    @abstractmethod
    def person(self, learner: LearnerProfile, *, goal: Goal | None = None, on: date | None = None) -> Person:
        """This person before the catalogue; goal and day default to the learner's own and today."""

    @property
    @abstractmethod
    def roles(self) -> Mapping[str, JobRole]:
        """Roles and jobs by id."""

    def plan(
        self, learner: LearnerProfile, *, goal: Goal | None = None, on: date | None = None,
        pinned: Iterable[str] = (), forbidden: Iterable[str] = (), done: Iterable[str] = (),
        failed: Iterable[str] = (), previous: Plan | None = None, max_steps: int | None = None,
        max_parallel: int | None = None, objective: Literal["gain", "roles"] = "gain",
        roles: Iterable[str | JobRole] | None = None, exact: bool = True,
    ) -> Plan:  # fmt: skip
        """The offers, in order, that close most of the goal within the hours that this person has.

        `done` offers count as held; `forbidden` and `failed` ones stay out; steps of `previous` are kept where that
        costs no gain. `objective="roles"`: qualify for the most of `roles` (by default all that are known).
        `exact=False`: the greedy plan, in milliseconds. An unknown id raises `UnknownIdError`."""
        wanted = self._named(self.roles.values() if roles is None else roles) if objective == "roles" else []
        person = self.person(learner, goal=Goal(requirements=union(wanted)) if objective == "roles" else goal, on=on)
        followed = tuple(done)
        wishes = Wishes.of(
            person.generation, pinned=pinned, out=(*forbidden, *followed, *failed), previous=previous,
            max_steps=max_steps, max_parallel=max_parallel,
        )  # fmt: skip
        if followed:
            person = person.changed(after(person.learner, followed, person.generation, person.on))
        return most_roles(person, wanted, wishes) if objective == "roles" else solving.plan(person, wishes, exact=exact)

    def alternatives(
        self, learner: LearnerProfile, *, goal: Goal | None = None, on: date | None = None, wishes: Wishes = NO_WISHES
    ) -> Mapping[Strength, Plan]:
        """The best plan beside those with the fewest own hours, the lowest price, the earliest finish; none of them is
        beaten by another in every way."""
        return solving.alternatives(self.person(learner, goal=goal, on=on), wishes)

    def limits(
        self, learner: LearnerProfile, *, coverage: float = 1.0, goal: Goal | None = None, on: date | None = None,
        wishes: Wishes = NO_WISHES,
    ) -> Limits:  # fmt: skip
        """Whether this share of the goal can be covered; if not, which conditions are in conflict, what lifting each
        would buy, and how far more hours would reach."""
        return Limits(self.person(learner, goal=goal, on=on), wishes, coverage)

    def role_fits(self, learner: LearnerProfile, job: str, *, on: date | None = None) -> tuple[RoleFit, ...]:
        """For each role inside a job, nearest first, whether it fits already, else the fewest own hours to it; the
        whole job last. `job` is the id of a job, or of a single role."""
        roles = [role for role in self.roles.values() if role.job == job] or self._named([job])
        person = self.person(learner, goal=Goal(requirements=union(roles)), on=on)
        return fits(person, self.roles.get(job), roles)

    def _named(self, roles: Iterable[str | JobRole]) -> Sequence[JobRole]:
        found = []
        for role in roles:
            if isinstance(role, str) and role not in self.roles:
                raise UnknownIdError("role", role, "no role list holds it")
            found.append(self.roles[role] if isinstance(role, str) else role)
        return found
