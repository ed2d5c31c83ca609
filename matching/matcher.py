"""The one composition: a learner with a goal has open requirements; offers teach competences that cover them; some
are eligible; each costs own hours; the plan is the set and order of offers that closes most of the gap."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from numbers import Integral, Real
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from tqdm import tqdm

from competences.encoders.loading import load_encoder
from competences.encoders.protocol import Encoder
from competences.errors import MisuseError, UnknownIdError, expect, expect_each
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer
from competences.records.roles import Goal, JobRole
from matching.index.catalogue import Catalogue
from matching.index.changes import changed
from matching.index.concepts import Meanings, NoTaxonomy
from matching.index.generation import Generation
from matching.index.store.live import Live, publish
from matching.plan.planning import Planning
from matching.query.demand import Demand, build, day_of, goal_of
from matching.query.eligibility import Eligibility
from matching.query.matches import MatchResult, match_of
from matching.query.person import Person
from matching.query.persons import Persons, Tables
from matching.query.ranking import NOBODY_BLOCKED, Workspaces, rank_all
from matching.query.selection import Best
from matching.query.table import TABLE, learners_of, record_batch, why_nothing
from matching.query.variety import Ranked, varied
from matching.settings import Settings

__all__ = ["TABLE", "Matcher"]

CHUNK = 512
"""Learners whose records are read together: while one chunk is ranked on a thread, the next one is read."""


@dataclass(frozen=True)
class _Now:
    """One generation with what is worked out from it: whoever holds it sees one consistent state."""

    generation: Generation
    eligibility: Eligibility
    spaces: Workspaces

    @classmethod
    def of(cls, generation: Generation) -> _Now:
        return cls(generation, Eligibility(generation), Workspaces(generation))

    @cached_property
    def offer_ids(self) -> pa.Array:
        return pa.array(self.generation.catalogue.vocabulary.ids, pa.string())


class Matcher(Planning):
    """Matches learners with the offers of one catalogue."""

    def __init__(self, generation: Generation, live: Live | None = None) -> None:
        """`live`: the index on disk that this generation was read from; what others change there is followed."""
        self._state, self._live = _Now.of(generation), live
        self._writing = Lock()

    @property
    def _now(self) -> _Now:
        """The state that a call is answered from."""
        if self._live is not None and self._live.stale():
            with self._writing:
                self._follow(self._live)
        return self._state

    @property
    def _generation(self) -> Generation:
        return self._now.generation

    @classmethod
    def from_offers(
        cls, offers: Iterable[LearningOffer], *, encoder: Encoder | None = None, taxonomy: Meanings | None = None,
        roles: Iterable[JobRole] = (), settings: Settings | None = None,
    ) -> Matcher:  # fmt: skip
        """Embed, index and join the offers. `roles` are what `Goal(role="id")` can name."""
        by_id = {role.id: role for role in expect_each(roles, JobRole, "roles")}
        offers = expect_each(offers, LearningOffer, "offers")
        return cls(
            Generation.build(offers, encoder or load_encoder(), taxonomy or NoTaxonomy(), by_id, settings or Settings())
        )

    @classmethod
    def load(
        cls, path: str | Path, encoder: Encoder | None = None, *, taxonomy: Meanings | None = None
    ) -> Matcher:
        """Serve a saved index. `upsert` and `remove` are on disk when they return, and what other processes change
        is seen by the next call. Raises `IncompatibleIndexError`, naming the file, for another encoder or taxonomy,
        a newer format, or damage."""
        live = Live(path, encoder or load_encoder(), taxonomy)
        return cls(live.follow(None), live)

    def save(self, path: str | Path) -> None:
        """Write the index to a folder. All of it is on disk when this returns; until then, and where it fails, the
        folder holds what it held before."""
        with self._writing:
            if self._live is None or not self._live.is_at(path):
                publish(path, self._state.generation)
                return
            with self._live.writing():
                self._follow(self._live)
                self._live.publish(self._state.generation)

    @property
    def settings(self) -> Settings:
        return self._generation.catalogue.settings

    @property
    def offers(self) -> Sequence[LearningOffer]:
        """The offers in id order."""
        return self._generation.catalogue.offers

    @property
    def neighbour_recall(self) -> float:
        """Share of a concept's nearest concepts that the index found: 1 up to 200,000 concepts, measured beyond."""
        return self._generation.coverage.concepts.index.recall

    @property
    def roles(self) -> Mapping[str, JobRole]:
        return self._generation.roles

    def match(
        self, learner: LearnerProfile, k: int = 10, *, goal: Goal | None = None, on: date | None = None,
        exclude_ids: Iterable[str] = (), allow_ids: Iterable[str] | None = None, diversity: float = 0.0,
    ) -> MatchResult:  # fmt: skip
        """The k best offers that this person can follow from `on` (today) on; fewer only where fewer exist.

        `diversity`, from 0 to 1, trades score for a spread over modes of delivery, providers and lengths."""
        now, learner, day = self._now, expect(learner, LearnerProfile, "learner").consented(), day_of(on)
        wanted = goal_of(learner, goal)
        prepared = _prepare(now, [learner], [wanted], day)
        demand, catalogue = prepared[0], now.generation.catalogue
        blocked = _blocked(catalogue, exclude_ids, allow_ids)

        def ranked(n: int, without: NDArray[np.uint8]) -> list[Ranked]:
            best = rank_all(*prepared, n, now.spaces, without)
            columns = (best.offers, best.runs, best.scores, best.gains, best.own_hours)
            found = int(best.counts[0])
            return [Ranked(*row) for row in zip(*(values[0, :found].tolist() for values in columns), strict=True)]

        k, weight = _checked(k), _share(diversity)
        rows = varied(ranked, k, weight, catalogue, blocked) if weight else ranked(k, blocked)
        matches = tuple([match_of(catalogue, learner, *row) for row in rows])
        note = None if matches else why_nothing(demand, 0, len(catalogue))
        return MatchResult(learner, wanted, day, matches, note, now.eligibility, demand)

    def match_many(
        self, learners: Sequence[LearnerProfile], k: int = 10, *, on: date | None = None, threads: int | None = None,
        progress: bool = False,
    ) -> pa.Table:  # fmt: skip
        """`match` for each learner, as a table `TABLE`; learners without a result keep a row that says why.

        `progress` shows a bar where the output is a terminal."""
        found = []
        expect(learners, Sequence, "learners")
        with tqdm(total=len(learners), unit="learners", disable=None if progress else True) as bar:
            for batch, done in _ranked(self._now, learners, _checked(k), day_of(on), threads):
                found.append(batch)
                bar.update(done)
        return pa.Table.from_batches(found, TABLE).combine_chunks()

    def match_batches(
        self, batches: Iterable[Any], k: int = 10, *, on: date | None = None, threads: int | None = None
    ) -> Iterator[pa.RecordBatch]:
        """`match_many` for a stream: record batches (columns named after the fields of a learner profile), lists of
        profiles, or any Arrow stream in; record batches of `TABLE` out, one batch in memory at a time."""
        day = day_of(on)
        for learners in learners_of(batches):
            for batch, _ in _ranked(self._now, learners, _checked(k), day, threads):
                yield batch

    def upsert(self, offers: Iterable[LearningOffer]) -> None:
        """Add offers, or replace those with the same id; the next match sees them. Matches under way, and results
        that were handed out before, keep the state that they began with."""
        self._change(expect_each(offers, LearningOffer, "offers"), ())

    def remove(self, ids: Iterable[str]) -> None:
        """Take offers out; an id that is not listed is an error, and nothing changes."""
        self._change((), expect_each(ids, str, "ids"))

    def _change(self, offers: Sequence[LearningOffer], removed: Sequence[str]) -> None:
        with self._writing, nullcontext() if self._live is None else self._live.writing():
            if self._live is not None:
                self._follow(self._live)
            state = _Now.of(changed(self._state.generation, offers, removed))
            if self._live is not None:
                self._live.append(offers, removed)
            self._state = state

    def _follow(self, live: Live) -> None:
        """Take over what others have changed on disk. The caller holds `_writing`."""
        generation = live.follow(self._state.generation)
        if generation is not self._state.generation:
            self._state = _Now.of(generation)

    def warm_up(self) -> Matcher:
        """Compile, or load from the cache, everything that a match runs: the first match is then as fast as any."""
        nobody = LearnerProfile(id="nobody", goal=Goal(requirements=()))
        self.match(nobody)
        self.match_many([nobody], threads=1)
        # A goal in text runs more, and would have every offer encoded: in an empty catalogue it runs the same.
        empty = Matcher.from_offers([], encoder=self._generation.encoder)
        empty.match(nobody.model_copy(update={"goal": Goal(text="nothing")}))
        return self

    def forget_people(self) -> None:
        """Drop every row, number and vector that was kept of anybody who came by."""
        with self._writing:
            kept = self._state.generation
            self._state = _Now.of(replace(kept, coverage=kept.coverage.forgetful()))
        clear = getattr(getattr(kept.encoder, "cache", None), "clear", None)
        if clear is not None:
            clear()

    def person(self, learner: LearnerProfile, *, goal: Goal | None = None, on: date | None = None) -> Person:
        """This person before this catalogue: what a plan, or a question about one offer, starts from."""
        now, learner, day = self._now, expect(learner, LearnerProfile, "learner").consented(), day_of(on)
        wanted = goal_of(learner, goal)
        demand = build([learner], [wanted], day, now.generation.coverage, now.generation.roles)
        return Person.of(now.eligibility, learner, wanted, day, demand)


Prepared = tuple[Demand, Persons, Tables]


def _prepare(now: _Now, learners: Sequence[LearnerProfile], goals: Sequence[Goal], on: date) -> Prepared:
    """A batch as arrays."""
    demand = build(learners, goals, on, now.generation.coverage, now.generation.roles)
    return demand, *now.eligibility.batch(learners, on)


def _ranked(
    now: _Now, learners: Sequence[LearnerProfile], k: int, on: date, threads: int | None
) -> Iterator[tuple[pa.RecordBatch, int]]:
    """(results, how many learners) of each chunk, in order. Records are read here, one chunk ahead of the threads."""
    count = _threads(threads)
    parts = [learners[at : at + CHUNK] for at in range(0, len(learners), CHUNK)]
    chunks = ([one.consented() for one in expect_each(part, LearnerProfile, "learners")] for part in parts)
    if count == 1 or len(parts) == 1:
        for chunk in chunks:
            prepared = _prepare(now, chunk, [goal_of(one, None) for one in chunk], on)
            yield record_batch(chunk, prepared[0], rank_all(*prepared, k, now.spaces), now.offer_ids), len(chunk)
        return
    with ThreadPoolExecutor(count) as pool:
        waiting: deque[tuple[Sequence[LearnerProfile], Demand, Future[Best]]] = deque()
        for chunk in chunks:
            prepared = _prepare(now, chunk, [goal_of(one, None) for one in chunk], on)
            waiting.append((chunk, prepared[0], pool.submit(rank_all, *prepared, k, now.spaces)))
            if len(waiting) > count:
                yield _taken(waiting, now)
        while waiting:
            yield _taken(waiting, now)


def _taken(
    waiting: deque[tuple[Sequence[LearnerProfile], Demand, Future[Best]]], now: _Now
) -> tuple[pa.RecordBatch, int]:
    chunk, demand, ranking = waiting.popleft()
    return record_batch(chunk, demand, ranking.result(), now.offer_ids), len(chunk)


def _checked(k: int) -> int:
    if expect(k, Integral, "k") < 1:
        raise MisuseError(f"k is the number of offers to return, at least 1, not {k}")
    return k


def _threads(threads: int | None) -> int:
    """As many as asked for; as many as there are cores where nobody asks."""
    if threads is None:
        return os.cpu_count() or 1
    if expect(threads, Integral, "threads") < 1:
        raise MisuseError(f"threads is the number of threads to use, at least 1, not {threads}")
    return threads


def _share(diversity: float) -> float:
    if not 0 <= expect(diversity, Real, "diversity") <= 1:
        raise MisuseError(f"diversity lies between 0 and 1, not at {diversity}")
    return diversity


def _blocked(
    catalogue: Catalogue, exclude_ids: Iterable[str], allow_ids: Iterable[str] | None
) -> NDArray[np.uint8]:
    """(offers,) 1 for what is left out by request; empty where nothing is."""
    excluded = expect_each(exclude_ids, str, "exclude_ids")
    allowed = None if allow_ids is None else expect_each(allow_ids, str, "allow_ids")
    if allowed is None and not excluded:
        return NOBODY_BLOCKED
    blocked = np.full(len(catalogue), allowed is not None, np.uint8)
    for identifiers, value in ((allowed or (), 0), (excluded, 1)):
        for identifier in identifiers:
            row = catalogue.row(identifier)
            if row < 0:
                raise UnknownIdError("offer", identifier, "it is not in this catalogue")
            blocked[row] = value
    return blocked
