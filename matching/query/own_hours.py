"""The hours bill: what an offer costs a person in own time, line by line."""

from __future__ import annotations

from dataclasses import dataclass, replace

from matching.index.study import HoursBasis


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
    notes: tuple[str, ...] = ()

    @property
    def own_hours(self) -> float:
        """max(0, contact + self-study + assessment + travel − paid leave − exempted), in hours."""
        spent = self.contact + self.self_study + self.assessment + self.travel
        return max(0.0, spent - self.paid_leave - self.exempted)

    def with_leave(self, hours: float) -> HoursBill:
        """The same bill with another amount of paid leave."""
        return replace(self, paid_leave=hours)
