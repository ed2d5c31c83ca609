"""The one composition: a learner with a goal has open requirements; offers teach competences that cover them; some
are eligible; each costs own hours; the plan is the set and order of offers that closes most of the gap."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from competences.encoders.loading import load_encoder
from competences.encoders.protocol import Encoder
from competences.errors import MisuseError, UnknownIdError
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer
from competences.records.roles import Goal, JobRole
from matching.index.concepts import Meanings, NoTaxonomy
from matching.index.coverage import Postings
from matching.index.generation import Generation
from matching.plan import solving
from matching.plan.plan import Plan
from matching.query.demand import Demand, build, goal_of
from matching.query.eligibility import Eligibility
from matching.query.matches import Match, MatchResult, match_of
from matching.query.person import Person
from matching.query.ranking import Ranking, rank_all
from matching.settings import Settings

TABLE = pa.schema(
    [
        ("learner_id", pa.string()),
        ("rank", pa.int32()),
        ("offer_id", pa.string()),
        ("score", pa.float64()),
        ("gain", pa.float64()),
        ("own_hours", pa.float64()),
        ("reason", pa.string()),
    ]
)
"""One row per match; a learner without any has one row with a reason (`MatchResult.empty`) and no offer."""


class Matcher:
    """Matches learners with the offers of one catalogue."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation
        self._eligibility = Eligibility(generation)

    @classmethod
    def from_offers(
        cls, offers: Iterable[LearningOffer], *, encoder: Encoder | None = None, taxonomy: Meanings | None = None,
        roles: Iterable[JobRole] = (), settings: Settings | None = None,
    ) -> Matcher:  # fmt: skip
        """Embed, index and join the offers. `roles` are what `Goal(role="id")` can name."""
        by_id = {role.id: role for role in roles}
        return cls(
            Generation.build(offers, encoder or load_encoder(), taxonomy or NoTaxonomy(), by_id, settings or Settings())
        )

    @property
    def settings(self) -> Settings:
        return self._generation.catalogue.settings

    @property
    def offers(self) -> Sequence[LearningOffer]:
        """The offers in id order."""
        return self._generation.catalogue.offers

    @property
    def roles(self) -> Mapping[str, JobRole]:
        return self._generation.roles

    def match(
        self, learner: LearnerProfile, k: int = 10, *, goal: Goal | None = None, on: date | None = None,
        exclude_ids: Iterable[str] = (), allow_ids: Iterable[str] | None = None,
    ) -> MatchResult:  # fmt: skip
        """The k best offers that this person can follow from `on` (today) on; fewer only where fewer exist."""
        learner, day = learner.consented(), on or date.today()
        wanted = goal_of(learner, goal)
        demand, ranking = self._rank([learner], [wanted], day, k, self._blocked(exclude_ids, allow_ids), threads=1)
        matches = tuple(self._match(learner, ranking, 0, i) for i in range(int(ranking.counts[0])))
        note = None if matches else self._why_nothing(demand, 0)
        return MatchResult(learner, wanted, day, matches, note, self._eligibility, demand)

    def match_many(
        self,
        learners: Sequence[LearnerProfile],
        k: int = 10,
        *,
        on: date | None = None,
        threads: int | None = None,
    ) -> pa.Table:
        """`match` for each learner, as a table `TABLE`; learners without a result keep a row that says why."""
        day = on or date.today()
        learners = [learner.consented() for learner in learners]
        goals = [goal_of(learner, None) for learner in learners]
        demand, ranking = self._rank(learners, goals, day, k, self._blocked((), None), threads or os.cpu_count() or 1)
        return self._table(learners, demand, ranking)

    def plan(self, learner: LearnerProfile, *, goal: Goal | None = None, on: date | None = None) -> Plan:
        """The offers, in order, that close most of the goal within the hours that this person has."""
        return solving.plan(self.person(learner, goal=goal, on=on))

    def person(self, learner: LearnerProfile, *, goal: Goal | None = None, on: date | None = None) -> Person:
        """This person before this catalogue: what a plan, or a question about one offer, starts from."""
        learner, day = learner.consented(), on or date.today()
        wanted = goal_of(learner, goal)
        demand = build([learner], [wanted], day, self._generation.coverage, self._generation.roles)
        return Person.of(self._eligibility, learner, wanted, day, demand)

    def _rank(
        self, learners: Sequence[LearnerProfile], goals: Sequence[Goal], on: date, k: int,
        blocked: NDArray[np.uint8], threads: int,
    ) -> tuple[Demand, Ranking]:  # fmt: skip
        if k < 1:
            raise MisuseError(f"k is the number of offers to return, at least 1, not {k}")
        now = self._generation
        demand = build(learners, goals, on, now.coverage, now.roles)
        persons, tables = self._eligibility.batch(learners, on)
        texts = [None if text is None else now.texts.values(text) for text in demand.texts]
        nothing = Postings.none()
        ranking = rank_all(
            demand, texts, now.coverage.course_postings or nothing, now.coverage.route_postings or nothing,
            now.catalogue.columns, tables, persons, blocked, min(k, max(len(now.catalogue), 1)), threads,
        )  # fmt: skip
        return demand, ranking

    def _blocked(self, exclude_ids: Iterable[str], allow_ids: Iterable[str] | None) -> NDArray[np.uint8]:
        """(offers,) 1 for what is left out by request."""
        catalogue = self._generation.catalogue
        blocked = np.full(len(catalogue), allow_ids is not None, np.uint8)
        for identifiers, value in ((allow_ids or (), 0), (exclude_ids, 1)):
            for identifier in identifiers:
                row = catalogue.row(identifier)
                if row < 0:
                    raise UnknownIdError("offer", identifier, "it is not in this catalogue")
                blocked[row] = value
        return blocked

    def _match(self, learner: LearnerProfile, ranking: Ranking, p: int, i: int) -> Match:
        row, run = int(ranking.offers[p, i]), int(ranking.runs[p, i])
        numbers = (float(values[p, i]) for values in (ranking.scores, ranking.gains, ranking.own_hours))
        return match_of(self._generation.catalogue, learner, row, run, *numbers)

    def _why_nothing(self, demand: Demand, p: int) -> str:
        if not len(self._generation.catalogue):
            return "nothing_listed"
        if demand.texts[p] is None:
            held = demand.arrays.held[demand.of(p)]
            if not len(held):
                return "nothing_stated"
            if (held >= 1).all():
                return "nothing_open"
        return "nothing_fits"

    def _table(self, learners: Sequence[LearnerProfile], demand: Demand, ranking: Ranking) -> pa.Table:
        counts = ranking.counts
        shown = np.maximum(counts, 1)
        owner = np.repeat(np.arange(len(learners)), shown)
        place = np.arange(len(owner)) - np.repeat(np.cumsum(shown) - shown, shown)
        missing = counts[owner] == 0
        ids = pa.array([learner.id for learner in learners], pa.string())
        offer_ids = pa.array([*self._generation.catalogue.vocabulary.ids, ""], pa.string())
        why = {int(p): self._why_nothing(demand, int(p)) for p in np.flatnonzero(counts == 0)}
        columns = [
            ids.take(pa.array(owner)),
            pa.array(place + 1, pa.int32(), mask=missing),
            offer_ids.take(pa.array(ranking.offers[owner, place], mask=missing)),
            *(
                pa.array(values[owner, place], pa.float64(), mask=missing)
                for values in (ranking.scores, ranking.gains, ranking.own_hours)
            ),
            pa.array([why.get(int(p)) for p in owner], pa.string()) if why else pa.nulls(len(owner), pa.string()),
        ]
        return pa.Table.from_arrays(columns, schema=TABLE)
