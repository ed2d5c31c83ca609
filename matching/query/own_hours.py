"""The hours bill: what an offer costs a person in own time, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from matching.index.study import HoursBasis
from matching.wording.say import say


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know about a bill: a code, and the facts that its sentence states."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def in_words(self, language: str = "en") -> str:
        return say(language, f"note.{self.code}", self.facts)


@dataclass(frozen=True, slots=True)
class HoursBill:
    """Own hours of one offer for one person, line by line; `workplace` is billed to work time."""

    contact: float
    self_study: float
    assessment: float
    travel: float
    paid_leave: float
    exempted: float
    workplace: float
    basis: HoursBasis
    notes: tuple[Note, ...] = ()

    @property
    def own_hours(self) -> float:
        """max(0, contact + self-study + assessment + travel − paid leave − exempted), in hours."""
        spent = self.contact + self.self_study + self.assessment + self.travel
        return max(0.0, spent - self.paid_leave - self.exempted)

    def with_leave(self, hours: float) -> HoursBill:
        """The same bill with another amount of paid leave."""
        return replace(self, paid_leave=hours)
