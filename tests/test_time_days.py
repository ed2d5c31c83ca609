"""School holidays, public holidays, breaks, pauses and exceptions: which days a run asks for, and who can be there."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from dateutil.easter import easter

from competences.records.competence import Outcome, Requirement
from competences.records.hours import Period, Slot, TimeBudget, TimeDemand, Weekday
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer, Run
from competences.records.places import Place
from competences.records.roles import Goal
from matching.index.holidays import in_school_holidays, public_holidays, school_holidays
from matching.matcher import Matcher
from matching.query.conditions import applied
from matching.query.matches import MatchResult
from strategies import TODAY
from toy_encoder import ToyEncoder

EVENING = Slot(weekday=Weekday.TUESDAY, start=time(18), end=time(21))
WEEK = timedelta(days=7)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def holidays_of(year: int) -> list[tuple[date, date]]:
    """The rules of the Flemish decree, written out."""
    sunday, all_saints, christmas = easter(year), date(year, 11, 1), date(year, 12, 25)
    spring = date(year, 4, 1) + timedelta(days=-date(year, 4, 1).weekday() % 7)
    if sunday.month == 3:
        spring = sunday + timedelta(days=1)
    if sunday > date(year, 4, 15):
        spring = monday(sunday) - WEEK
    autumn = date(year, 11, 2) if all_saints.weekday() == 6 else monday(all_saints)
    winter = monday(christmas) + (WEEK if christmas.weekday() >= 5 else timedelta())
    return [
        (monday(sunday) - 6 * WEEK, monday(sunday) - 5 * WEEK - timedelta(days=1)),
        (
            spring,
            max(spring + timedelta(days=13), sunday + timedelta(days=1) if sunday > date(year, 4, 15) else date.min),
        ),
        (sunday + timedelta(days=39), sunday + timedelta(days=40)),
        (date(year, 7, 1), date(year, 8, 31)),
        (autumn, autumn + timedelta(days=6)),
        (winter, winter + timedelta(days=13)),
    ]


def test_the_dated_file_follows_the_decree() -> None:
    ruled = [span for year in range(2024, 2030) for span in holidays_of(year)]
    assert list(school_holidays()) == [span for span in ruled if span[1] >= date(2025, 1, 1)]


def test_ten_public_holidays() -> None:
    assert sorted(public_holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 7, 21),
        date(2026, 8, 15),
        date(2026, 11, 1),
        date(2026, 11, 11),
        date(2026, 12, 25),
    ]


def result(run: Run, budget: TimeBudget, **fields: object) -> MatchResult:
    stated = {"time": TimeDemand(contact_hours=12)} | fields
    offer = LearningOffer(id="o", title="O", outcomes=(Outcome(competence="c"),), runs=(run,), **stated)
    goal = Goal(requirements=(Requirement(competence="c"),))
    learner = LearnerProfile(id="l", goal=goal, budget=budget, home=Place(postcode="9000"))
    return Matcher.from_offers([offer], encoder=ToyEncoder()).match(learner, on=TODAY)


def attends(run: Run, budget: TimeBudget) -> bool:
    """Whether the run is proposed; where it is not, the changes that are named must be enough."""
    found = result(run, budget)
    if not found.matches:
        (reason,) = found.why_not("o")
        assert reason.code == "sessions"
        changed = applied(found.learner, [reason])
        assert changed.budget is not None
        assert result(run, changed.budget).matches
    return bool(found.matches)


NO_HOLIDAYS = TimeBudget(school_holidays_free=False)
TERM = {"start": date(2027, 1, 5), "end": date(2027, 2, 2)}
OVER_CARNIVAL = {"start": date(2027, 1, 5), "end": date(2027, 2, 16)}
"""Five, and seven Tuesdays; 9 February 2027 lies in the carnival holiday."""


@pytest.mark.parametrize(
    ("run", "budget", "can"),
    [
        (Run(id="r", slots=(EVENING,), **TERM), NO_HOLIDAYS, True),
        (Run(id="r", slots=(EVENING,), **OVER_CARNIVAL), NO_HOLIDAYS, False),
        (Run(id="r", slots=(EVENING,), **OVER_CARNIVAL), TimeBudget(), True),
        (
            Run(
                id="r",
                slots=(EVENING,),
                **OVER_CARNIVAL,
                breaks=(Period(start=date(2027, 2, 8), end=date(2027, 2, 14)),),
            ),
            NO_HOLIDAYS,
            True,
        ),
        (Run(id="r", dates=(date(2027, 2, 2), date(2027, 2, 16))), NO_HOLIDAYS, True),
        (Run(id="r", dates=(date(2027, 2, 2), date(2027, 2, 9))), NO_HOLIDAYS, False),
        (Run(id="r", start=date(2027, 2, 10), end=date(2027, 2, 12)), NO_HOLIDAYS, False),
        (Run(id="r", start=date(2027, 2, 10), end=date(2027, 2, 15)), NO_HOLIDAYS, True),  # may be on the 15th
        (Run(id="r", slots=(), start=date(2027, 2, 10), end=date(2027, 2, 12)), NO_HOLIDAYS, True),  # asynchronous
        (Run(id="r", slots=(EVENING,), **TERM), TimeBudget(exceptions=(date(2027, 1, 12),)), False),
        (Run(id="r", slots=(EVENING,), **TERM), TimeBudget(exceptions=(date(2027, 1, 13),)), True),  # a Wednesday
        (
            Run(id="r", slots=(EVENING,), **TERM),
            TimeBudget(pauses=(Period(start=date(2027, 1, 13), end=date(2027, 1, 18)),)),
            True,
        ),
        (Run(id="r", slots=(EVENING,), **TERM), TimeBudget(pauses=(Period(start=date(2027, 1, 13)),)), False),
        (Run(id="r", **TERM), TimeBudget(pauses=(Period(start=date(2027, 1, 13), end=date(2027, 1, 18)),)), False),
        (Run(id="r", dates=(date(2027, 1, 16),)), TimeBudget(slots=(EVENING,)), False),  # a Saturday, hours unknown
        (Run(id="r", dates=(date(2027, 1, 19),)), TimeBudget(slots=(EVENING,)), True),
        (Run(id="r", start=date(2027, 1, 16), end=date(2027, 1, 16)), TimeBudget(slots=(EVENING,)), False),
        (Run(id="r", start=date(2027, 1, 16)), TimeBudget(slots=(EVENING,)), True),  # the other days are not known
    ],
)
def test_being_there(run: Run, budget: TimeBudget, can: bool) -> None:
    assert attends(run, budget) is can


def test_a_public_holiday_is_no_session() -> None:
    fridays = Slot(weekday=Weekday.FRIDAY, start=time(9), end=time(12))
    run = Run(id="r", slots=(fridays,), start=date(2026, 12, 4), end=date(2027, 1, 8), place=Place(postcode="1000"))
    free = result(run, TimeBudget(exceptions=(date(2026, 12, 25), date(2027, 1, 1))))
    assert free.matches
    there_and_back = result(run.model_copy(update={"end": run.start}), TimeBudget()).bill("o").travel
    assert free.bill("o").travel == pytest.approx(4 * there_and_back)  # six Fridays, two of them free


def test_days_beyond_the_file_are_no_holidays() -> None:
    assert not in_school_holidays(date(2031, 7, 15))
    assert in_school_holidays(date(2029, 7, 15))
