"""Rows of a batch that no profile can be read from: each is set apart with what was expected, and stops nobody."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from competences.errors import DataError
from matching.jobs.learners import read, table
from matching.jobs.partitions import batches
from matching.jobs.schema import REJECTED

NO_TEXT = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe")])
FAR = pa.array([10_000_000], pa.int32()).cast(pa.date32())
STATED = {"id": ["p:1"], "goal_text": ["x"]}

WRONG: list[tuple[dict[str, object], str | None, str]] = [
    ({"profile": [1]}, None, "profile: expected a profile as JSON text, not 1 (int)"),
    ({"id": ["p:1"], "profile": [1]}, "p:1", "profile: expected a profile as JSON text, not 1 (int)"),
    ({"id": ["p:1"], "profile": ["[]"]}, "p:1", "profile: expected an object, not [] (list)"),
    ({"id": ["p:1"], "profile": ["{,"]}, "p:1", "profile: not valid JSON"),
    ({"id": ["p:1"], "profile": ["[" * 100_000]}, "p:1", "recursion"),
    ({"profile": ["[" * 100_000]}, None, "recursion"),
    ({"profile": ['{"id": "p:1", "budget": 3}'], "weeks": [3.0]}, "p:1", "profile: budget: expected an object, not 3"),
    ({"profile": ['{"id": "p:1", "home": 3}'], "postcode": ["9000"]}, "p:1", "profile: home: expected an object"),
    ({"profile": ['{"id": "p:1", "claims": 3}'], "competences": [["x"]]}, "p:1", "profile: claims: expected a list"),
    ({"profile": ['{"id": "p:\\ud800"}']}, "p:?", "Invalid JSON"),
    (STATED | {"competences": ["bakken"]}, "p:1", "competences: expected a list, not 'bakken' (str)"),
    ({"id": ["p:1"], "goal_competences": ["bakken"]}, "p:1", "competences: expected a list, not 'bakken' (str)"),
    (STATED | {"deadline": FAR}, "p:1", "deadline: cannot be read: date value out of range"),
    (STATED | {"region": NO_TEXT}, "p:1", "region: cannot be read: 'utf-8' codec can't decode"),
    (STATED | {"goal_role": ["r"]}, "p:1", "a goal states exactly one of role, requirements, text"),
]


@pytest.mark.parametrize(("columns", "who", "said"), WRONG)
def test_a_row_that_is_no_profile_is_rejected(columns: dict[str, object], who: str | None, said: str) -> None:
    people, rejected = read(pa.record_batch(columns), first=7)
    assert not people
    assert table(rejected, REJECTED).num_rows == 1
    assert (rejected[0].row, rejected[0].learner_id) == (7, who)
    assert said in rejected[0].problem


def test_a_cell_that_is_no_value_stops_no_other_row() -> None:
    days = pa.array([10_000_000, 20_000, None], pa.int32()).cast(pa.date32())
    rows = pa.record_batch({"id": ["p:1", "p:2", "p:3"], "deadline": days})
    people, rejected = read(rows, first=0)
    assert [(one.row, one.learner.id) for one in people] == [(1, "p:2"), (2, "p:3")]
    assert [one.learner_id for one in rejected] == ["p:1"]


def test_rows_without_columns_are_rejected_too() -> None:
    rows = pa.RecordBatch.from_struct_array(pa.array([{}, {}], pa.struct([])))
    people, rejected = read(rows, first=0)
    assert not people
    assert [(one.field, one.problem) for one in rejected] == [("id", "Field required")] * 2


def test_two_columns_of_one_name_are_not_guessed_between(tmp_path: Path) -> None:
    twice = pa.table([["p:1"], ["p:2"], ["x"]], names=["id", "id", "goal_text"])
    pq.write_table(twice, tmp_path / "twice.parquet")
    with pytest.raises(DataError, match=r"twice\.parquet: two columns are named id"):
        list(batches(tmp_path / "twice.parquet"))
