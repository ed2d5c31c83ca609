"""The same batch on a cluster: a function from record batches to record batches, and its schema.

    frame.mapInArrow(cluster_function("/srv/index", on=date(2026, 11, 24)), DDL)

Spark pickles the function with the state of the index that it was made for, so that every task sees the same one,
also those that are tried again after a worker died. The folder of the index must be readable on every machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial

import pyarrow as pa

from competences.encoders.loading import load_encoder
from matching.index.store.live import Live, Position
from matching.jobs.answering import Answer, Question, answers
from matching.jobs.schema import CLUSTER, DDL
from matching.jobs.worker import matcher_at

__all__ = ["DDL", "cluster_function"]

Batches = Iterator[pa.RecordBatch]


def cluster_function(
    index: str, *, on: date, k: int = 10, encoder: str | None = None
) -> Callable[[Iterable[pa.RecordBatch]], Batches]:
    """What `mapInArrow` applies to each partition; batches have columns of `LEARNERS`, results those of `CLUSTER`."""
    live = Live(index, load_encoder(encoder))
    live.follow(None)
    assert live.position is not None  # followed just now
    return partial(_answered, index=index, position=live.position, encoder=encoder, question=Question(on=on, k=k))


def _answered(
    batches: Iterable[pa.RecordBatch], index: str, position: Position, encoder: str | None, question: Question
) -> Batches:
    # Workers are reused: each opens the index once.
    matcher = matcher_at(index, position, encoder)
    for answer in answers(matcher, batches, question):
        yield from cluster_rows(answer).to_batches()


def cluster_rows(answer: Answer) -> pa.Table:
    """Matches, then whom nothing could be said about, as rows of `CLUSTER`."""
    matched = answer.matches.append_column("problem", pa.nulls(answer.matches.num_rows, pa.string()))
    problems = [
        {"learner_id": one.learner_id, "problem": f"{one.field}: {one.problem}" if one.field else one.problem}
        for one in answer.rejected
    ]
    return pa.concat_tables([matched.cast(CLUSTER), pa.Table.from_pylist(problems, CLUSTER)]).combine_chunks()
