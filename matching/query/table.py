"""Results of many learners as an Arrow table, and learners out of Arrow batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from pydantic import ValidationError

from competences.errors import DataError, MisuseError, expect
from competences.records.io import first_problem
from competences.records.learners import LearnerProfile
from matching.query.demand import Demand
from matching.query.selection import Best

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


def why_nothing(demand: Demand, p: int, listed: int) -> str:
    """Code of why learner p of a batch has no match, with `listed` offers in the catalogue."""
    if not listed:
        return "nothing_listed"
    if demand.texts[p] is None:
        held = demand.arrays.held[demand.of(p)]
        if not len(held):
            return "nothing_stated"
        if (held >= 1).all():
            return "nothing_open"
    return "nothing_fits"


def record_batch(learners: Sequence[LearnerProfile], demand: Demand, best: Best, offer_ids: pa.Array) -> pa.RecordBatch:
    """Rows of `TABLE`; `offer_ids` in row order."""
    shown = np.maximum(best.counts, 1)
    owner = np.repeat(np.arange(len(learners)), shown)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(shown) - shown, shown)
    missing = best.counts[owner] == 0
    reasons: pa.Array = pa.nulls(len(owner), pa.string())
    if missing.any():
        why = np.full(len(owner), None, object)
        for row in np.flatnonzero(missing).tolist():
            why[row] = why_nothing(demand, int(owner[row]), len(offer_ids))
        reasons = pa.array(why, pa.string())
    columns = [
        pa.array([learner.id for learner in learners], pa.string()).take(pa.array(owner)),
        pa.array(place + 1, pa.int32(), mask=missing),
        offer_ids.take(pa.array(best.offers[owner, place], mask=missing)),
        *(
            pa.array(values[owner, place], pa.float64(), mask=missing)
            for values in (best.scores, best.gains, best.own_hours)
        ),
        reasons,
    ]
    return pa.RecordBatch.from_arrays(columns, schema=TABLE)


def learners_of(batches: Iterable[Any]) -> Iterator[list[LearnerProfile]]:
    """Lists of learners from lists of them, Arrow record batches or tables, or any Arrow stream.

    A column is named after a field of `LearnerProfile`; null is unknown. Raises `DataError` for a row that is none."""
    stream = getattr(batches, "__arrow_c_stream__", None)
    for batch in pa.RecordBatchReader.from_stream(batches) if stream else expect(batches, Iterable, "batches"):
        if isinstance(batch, pa.RecordBatch | pa.Table):
            yield [_learner(row, number) for number, row in enumerate(batch.to_pylist())]
        elif isinstance(batch, Sequence) and all(isinstance(one, LearnerProfile) for one in batch):
            yield list(batch)
        else:
            raise MisuseError(f"expected a record batch or a list of learner profiles, not {type(batch).__name__}")


def _learner(row: dict[str, Any], number: int) -> LearnerProfile:
    try:
        return LearnerProfile.model_validate(_stated(row))
    except ValidationError as error:
        field, expected = first_problem(error)
        raise DataError(f"{expected}, in row {number} of a batch", field=field or None) from error


def _stated(value: Any) -> Any:
    """Without nulls: an Arrow struct has every field, a record only those that someone stated."""
    if isinstance(value, dict):
        return {key: _stated(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [tuple(map(_stated, one)) if isinstance(one, tuple) else _stated(one) for one in value]
    return value
