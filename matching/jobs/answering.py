"""The heart of every job: learners in, matches, plans and rejections out, the same on one machine and on many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import pyarrow as pa

from competences.errors import IncompatibleIndexError, LeermatchError, StorageError
from competences.records.base import Record
from matching.jobs.learners import Person, Rejected, read
from matching.jobs.schema import MATCHES, PLANS
from matching.matcher import Matcher
from matching.plan import solving
from matching.plan.plan import Plan

ROWS = 2048
"""Learners that are answered together."""
TEXT_ROWS = 64
"""The same where goals in free text are among them: each has a value for every offer."""


class Question(Record):
    """What is asked for every learner."""

    on: date
    k: int = 10
    plans: bool = False


class Answer(NamedTuple):
    """The rows of some learners."""

    learners: int
    matches: pa.Table
    plans: pa.Table
    rejected: list[Rejected]


def answers(
    matcher: Matcher, batches: Iterable[pa.RecordBatch], question: Question, threads: int = 1
) -> Iterator[Answer]:
    """One answer per batch of at most `ROWS` learners, in order. Depends on nothing but the learners."""
    first = 0
    for batch in batches:
        for at in range(0, batch.num_rows, ROWS):
            part = batch.slice(at, ROWS)
            yield answer(matcher, part, first + at, question, threads)
        first += batch.num_rows


def answer(matcher: Matcher, batch: pa.RecordBatch, first: int, question: Question, threads: int) -> Answer:
    """All rows of one batch."""
    people, rejected = read(batch, first)
    askable: list[Person] = []
    for person in people:
        problem = unanswerable(person, matcher)
        rejected.append(problem) if problem else askable.append(person)

    def match(some: Sequence[Person]) -> pa.Table:
        return matcher.match_many([one.learner for one in some], question.k, on=question.on, threads=threads)

    def plan(some: Sequence[Person]) -> pa.Table:
        # The greedy plan: it has no time limit, so it is the same on every machine.
        rows = (_rows(solving.plan(matcher.person(one.learner, on=question.on), exact=False)) for one in some)
        return pa.Table.from_pylist([row for group in rows for row in group], PLANS)

    matches, wrong = _asked(askable, match, MATCHES)
    out = {one.row for one in wrong}
    plans = PLANS.empty_table()
    if question.plans:
        plans, more = _asked([one for one in askable if one.row not in out], plan, PLANS)
        wrong += more
    return Answer(batch.num_rows, matches, plans, sorted([*rejected, *wrong]))


def unanswerable(person: Person, matcher: Matcher) -> Rejected | None:
    """What can be seen of a profile without matching it."""
    goal = person.learner.consented().goal
    if goal is None:
        return Rejected(person.row, person.learner.id, "goal", "states no goal")
    if isinstance(goal.role, str) and goal.role not in matcher.roles:
        return Rejected(person.row, person.learner.id, "goal.role", f"no role of the index has the id {goal.role!r}")
    return None


def _asked(
    people: Sequence[Person], ask: Callable[[Sequence[Person]], pa.Table], schema: pa.Schema
) -> tuple[pa.Table, list[Rejected]]:
    has_text = any(one.learner.goal and one.learner.goal.text for one in people)
    size = TEXT_ROWS if has_text else ROWS
    found, rejected = [schema.empty_table()], list[Rejected]()
    for at in range(0, len(people), size):
        for part in _halving(people[at : at + size], ask):
            rejected.append(part) if isinstance(part, Rejected) else found.append(part)
    return pa.concat_tables(found).combine_chunks(), rejected


def _halving(people: Sequence[Person], ask: Callable[[Sequence[Person]], pa.Table]) -> Iterator[pa.Table | Rejected]:
    """Answers in order; whoever makes asking fail is found by halving, and rejected alone."""
    try:
        yield ask(people)
        return
    except (MemoryError, IncompatibleIndexError, StorageError):
        # Not about anybody: an index that turns out to be damaged would reject everyone.
        raise
    except Exception as error:
        if len(people) == 1:
            said = str(error) if isinstance(error, LeermatchError) else f"{type(error).__name__}: {error}"
            yield Rejected(people[0].row, people[0].learner.id, "", said)
            return
    half = len(people) // 2
    yield from _halving(people[:half], ask)
    yield from _halving(people[half:], ask)


def _rows(plan: Plan) -> list[dict[str, Any]]:
    """Rows of `PLANS`."""
    common = {
        "learner_id": plan.person.learner.id, "status": plan.status.value, "gain": plan.gain,
        "coverage": plan.coverage, "plan_own_hours": plan.own_hours,
    }  # fmt: skip
    if not plan.steps:
        return [common]
    return [
        common
        | {
            "step": number, "offer_id": step.offer_id, "run_id": step.run_id, "start": step.start, "end": step.end,
            "own_hours": step.own_hours,
        }
        for number, step in enumerate(plan.steps, start=1)
    ]  # fmt: skip
