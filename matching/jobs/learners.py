"""Rows of a record batch as learner profiles; a row that is wrong is set apart and never stops the others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pyarrow as pa
from pydantic import ValidationError

from competences.errors import MisuseError, expect
from competences.records.io import first_problem
from competences.records.learners import LearnerProfile


class Rejected(NamedTuple):
    """A learner without an answer, and why."""

    row: int
    learner_id: str | None
    field: str
    problem: str


class Person(NamedTuple):
    """A learner, and the row that states it."""

    row: int
    learner: LearnerProfile


BUDGET = ("hours_per_week", "weeks", "not_before", "deadline")


def read(batch: pa.RecordBatch, first: int) -> tuple[list[Person], list[Rejected]]:
    """(learners, rows that are none) of a batch whose rows are counted from `first` on."""
    names = batch.schema.names
    columns = [_values(column) for column in batch.columns]
    people: list[Person] = []
    rejected: list[Rejected] = []
    for row in range(batch.num_rows):
        stated = {name: column[row] for name, column in zip(names, columns, strict=True) if column[row] is not None}
        try:
            people.append(Person(first + row, profile(stated)))
        except ValidationError as error:
            rejected.append(Rejected(first + row, _identifier(stated), *first_problem(error)))
        except (MisuseError, RecursionError) as error:
            rejected.append(Rejected(first + row, _identifier(stated), "", str(error)))
    return people, rejected


class Unreadable(NamedTuple):
    """A cell that no Python value stands for: a day after the year 9999, bytes that are no text."""

    problem: str


def _values(column: pa.Array) -> list[Any]:
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError, pa.ArrowException):
        return [_value(cell) for cell in column]


def _value(cell: pa.Scalar) -> Any:
    try:
        return cell.as_py()
    except (ValueError, OverflowError, pa.ArrowException) as error:
        return Unreadable(str(error))


def profile(stated: Mapping[str, Any]) -> LearnerProfile:
    """The profile that a row states. Raises `ValidationError` or `MisuseError`."""
    for name, value in stated.items():
        if isinstance(value, Unreadable):
            raise MisuseError(f"{name}: cannot be read: {value.problem}")
    said = stated.get("profile", b"{}")
    if not isinstance(said, str | bytes):
        raise MisuseError(f"profile: expected a profile as JSON text, not {said!r:.60} ({type(said).__name__})")
    if list(stated) == ["profile"]:
        return LearnerProfile.model_validate_json(said)
    # Through JSON, so that dates and enumerations are read alike in both forms.
    base = _object(said)
    return LearnerProfile.model_validate_json(json.dumps(base | _nested(stated, base), default=str))


def _object(said: str | bytes) -> dict[str, Any]:
    try:
        return expect(json.loads(said), dict, "profile")
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise MisuseError(f"profile: not valid JSON: {error}") from error


def _nested(stated: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """Flat columns as fields of a profile; a column named after a field of a profile is taken as it is."""
    flat = {name: _without_nulls(value) for name, value in stated.items() if name != "profile"}
    fields: dict[str, Any] = {}
    budget = {name: flat.pop(name) for name in BUDGET if name in flat}
    if budget:
        fields["budget"] = expect(base.get("budget") or {}, dict, "profile: budget") | budget
    if "postcode" in flat:
        fields["home"] = expect(base.get("home") or {}, dict, "profile: home") | {"postcode": flat.pop("postcode")}
    if "competences" in flat:
        fields["claims"] = [*expect(base.get("claims") or [], list, "profile: claims"), *_each(flat, "competences")]
    goals = {name.removeprefix("goal_"): flat.pop(name) for name in list(flat) if name.startswith("goal_")}
    if "competences" in goals:
        goals["requirements"] = _each(goals, "competences")
    if goals:
        fields["goal"] = goals
    return flat | fields


def _each(flat: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """A list of competences as requirements or claims; a single text is no list."""
    return [{"competence": one} for one in expect(flat.pop(name), list, name)]


def _without_nulls(value: Any) -> Any:
    """An Arrow struct has every field; a record only those that someone stated."""
    if isinstance(value, dict):
        return {key: _without_nulls(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        pairs = bool(value) and all(isinstance(one, tuple) and len(one) == 2 for one in value)
        return dict(value) if pairs else [_without_nulls(one) for one in value]
    return value


def _identifier(stated: Mapping[str, Any]) -> str | None:
    """Who a wrong row is about, as far as it says."""
    if isinstance(stated.get("id"), str):
        return str(stated["id"])
    try:
        found = json.loads(stated.get("profile", "null"))
    except (ValueError, TypeError, RecursionError):
        return None
    said = found.get("id") if isinstance(found, dict) else None
    # JSON can name half a character, which no table holds.
    return said.encode(errors="replace").decode() if isinstance(said, str) else None


def table(rejected: Iterable[Rejected], schema: pa.Schema) -> pa.Table:
    """Rows of `REJECTED`."""
    return pa.Table.from_pylist([one._asdict() for one in rejected], schema)
