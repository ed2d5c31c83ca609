"""Values as JSON knows them, and back again, so that sentences can be written from stored evidence alone."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any

from pydantic import ValidationError

from competences.records.base import Record
from competences.records.hours import Slot


def plain(value: Any) -> Any:
    """A value as JSON knows it: days as ISO 8601, levels by name, records by the fields that they state."""
    if isinstance(value, Record):
        return value.model_dump(mode="json", exclude_defaults=True)
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(one) for one in value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value if isinstance(value.value, str) else value.name
    return value


def revived(value: Any) -> Any:
    """Days and weekly slots as records again: they are written in the reader's language."""
    if isinstance(value, list):
        return [revived(one) for one in value]
    if isinstance(value, dict):
        return _slot(value) or {name: revived(one) for name, one in value.items()}
    if isinstance(value, str) and len(value) == 10 and value[4:5] == value[7:8] == "-":
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


def _slot(value: dict[str, Any]) -> Slot | None:
    if value.keys() != {"weekday", "start", "end"}:
        return None
    try:
        return Slot.model_validate(value)
    except ValidationError:
        return None
