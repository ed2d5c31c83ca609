"""Rows of a record batch as learner profiles; a row that is wrong is set apart and never stops the others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pyarrow as pa
from pydantic import ValidationError

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
    people: list[Person] = []
    rejected: list[Rejected] = []
    for row, values in enumerate(zip(*(column.to_pylist() for column in batch.columns), strict=True), start=first):
        stated = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        try:
            people.append(Person(row, profile(stated)))
        except ValidationError as error:
            rejected.append(Rejected(row, _identifier(stated), *first_problem(error)))
        except (ValueError, TypeError) as error:
            rejected.append(Rejected(row, _identifier(stated), "", str(error)))
    return people, rejected


def profile(stated: Mapping[str, Any]) -> LearnerProfile:
    """The profile that a row states. Raises `ValidationError` or `ValueError`."""
    if list(stated) == ["profile"]:
        return LearnerProfile.model_validate_json(stated["profile"])
    base = json.loads(stated["profile"]) if "profile" in stated else {}
    if not isinstance(base, dict):
        raise ValueError("profile is a JSON object")
    # Through JSON, so that dates and enumerations are read alike in both forms.
    return LearnerProfile.model_validate_json(json.dumps(base | _nested(stated, base), default=str))


def _nested(stated: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """Flat columns as fields of a profile; a column named after a field of a profile is taken as it is."""
    flat = {name: _without_nulls(value) for name, value in stated.items() if name != "profile"}
    fields: dict[str, Any] = {}
    budget = {name: flat.pop(name) for name in BUDGET if name in flat}
    if budget:
        fields["budget"] = (base.get("budget") or {}) | budget
    if "postcode" in flat:
        fields["home"] = (base.get("home") or {}) | {"postcode": flat.pop("postcode")}
    if "competences" in flat:
        claimed = [{"competence": one} for one in flat.pop("competences")]
        fields["claims"] = [*(base.get("claims") or ()), *claimed]
    goals = {name.removeprefix("goal_"): flat.pop(name) for name in list(flat) if name.startswith("goal_")}
    if "competences" in goals:
        goals["requirements"] = [{"competence": one} for one in goals.pop("competences")]
    if goals:
        fields["goal"] = goals
    return flat | fields


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
    except ValueError:
        return None
    return found["id"] if isinstance(found, dict) and isinstance(found.get("id"), str) else None


def table(rejected: Iterable[Rejected], schema: pa.Schema) -> pa.Table:
    """Rows of `REJECTED`."""
    return pa.Table.from_pylist([one._asdict() for one in rejected], schema)
