"""One way to follow an offer: when it can be, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from matching.index.columns import Sessions
from matching.plan.sessions import Meetings, meetings


@dataclass(frozen=True)
class Option:
    """One way to follow an offer: a run, or the offer without a run.

    Where `shares` is stated the option is *placed*: it starts on one of the days `starts`, takes `days` calendar days,
    and `shares` of its hours in its weeks. Otherwise its hours are *free*: spread as one likes from day `release` to
    day `latest`."""

    run: int
    own_hours: float
    """Before paid leave, which is shared by all steps; travel included."""
    contact: float
    """What paid leave can pay for."""
    work: float
    """Hours out of work time that fall in its weeks."""
    loose_work: float
    """Hours out of work time that can be spread freely."""
    starts: tuple[int, ...] = ()
    days: int = 0
    shares: tuple[float, ...] | None = None
    release: int = 0
    latest: int = 0
    sessions: Sessions | None = None

    def end(self, start: int) -> int:
        """Last day where it starts on this day (placed only)."""
        return start + self.days - 1

    @cached_property
    def loads(self) -> tuple[float, ...]:
        """Own hours in each of its weeks (placed only)."""
        return tuple([self.own_hours * share for share in self.shares or ()])

    def meetings(self, start: int, last_day: int) -> Meetings:
        """Its sessions where it starts on this day; one whose hours are free may meet from its first possible day to
        the last day of the plan."""
        return meetings_of(self.sessions, start, self.days, self.release, last_day)


def meetings_of(sessions: Sessions | None, start: int, days: int, release: int, last_day: int) -> Meetings:
    """The same for an option that takes so many days, 0 where its hours are free."""
    return meetings(sessions, start, start + days - 1) if days else meetings(sessions, release, last_day)
