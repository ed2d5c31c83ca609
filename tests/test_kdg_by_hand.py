"""Twelve real courses of Karel de Grote Hogeschool for one learner, each answer worked out by hand.

The learner lives in Berchem (2600), 2 km from Campus Zuid (2018), travels at most 15 km, is free on Tuesdays from 18
to 22 h, and looks on 5 January 2026. What the source says stands beside each case; where it is silent (a price "op
aanvraag", a course "in overleg te bepalen"), the course stays in and the silence is shown.
"""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from competences.encoders.protocol import Encoder
from competences.records.competence import Requirement
from competences.records.hours import Slot, TimeBudget, Weekday
from competences.records.learners import LearnerProfile
from competences.records.places import Place
from competences.records.roles import Goal
from competences.sources.kdg import read_courses
from matching.matcher import Matcher
from matching.query.matches import MatchResult
from matching.settings import Settings

NEW_YEAR = date(2026, 1, 5)
TUESDAYS = Slot(weekday=Weekday.TUESDAY, start=time(18), end=time(22))

CASES = {
    # Online, "Telkens op dinsdagavond van 19 tot 21 u.", 3 February to 17 March 2026: Tuesday evening.
    "schrijven-voor-web-en-social-media": (),
    # The same on "woensdagavond": the wrong evening.
    "afbeeldingen-maken-en-bewerken": ("sessions",),
    # "Telkens op donderdag van 14 - 21 u.": the wrong day.
    "hr-people-business": ("sessions",),
    # Tuesday 24 February 2026, "Van 9 tot 16 u.": the right day, the wrong hours.
    "begrijpen-en-verbinden-communicatieskills-voor-een": ("sessions",),
    # Tuesday 24 February 2026, "Van 8.45 u. tot 12.30 u.".
    "urgentietraining-preeclampsie": ("sessions",),
    # Tuesday 9 June 2026, "Van 13 u. tot 16.15 u.".
    "workshop-rouwpraat-hoe-communiceer-ik-met-ouders-die-hun": ("sessions",),
    # Monday 16 March 2026, "Van 12.30 u. tot 17.00 u.".
    "hoop-palliatieve-zorg": ("sessions",),
    # Wednesday 8 October 2025, "Van 18.30 tot 21.45 u.": over, and the wrong evening.
    "lgbtq-dood-of-levend": ("sessions", "started"),
    # Started on 1 September 2025, on Thursdays from 14 to 21 h.
    "digital-business": ("sessions", "started"),
    # 23 to 27 March 2026 in Niel (2845), 11 km as the crow flies and under 15 by road. "5 opeenvolgende dagen les
    # overdag": no clock times, so it stays in, and its sessions are shown as unknown.
    "quality-life-science-production": (),
    # "Op locatie in jouw organisatie", dates "in overleg te bepalen": no employer hosts this learner.
    "warme-overdracht": ("host",),
    # Wednesday 13 to Saturday 16 November 2024 in the organisation itself: over, without a Tuesday, and no employer.
    "bijscholing-zorgkundigen": ("host", "sessions", "started"),
}


@pytest.fixture(scope="module")
def courses(shared_data: Path, letters: Encoder) -> Matcher:
    offers = read_courses(shared_data / "kdg-courses" / "courses.json")
    return Matcher.from_offers(offers, encoder=letters, settings=Settings(coverage_threshold=1.0))


def asking(courses: Matcher, course: str, **changes: object) -> MatchResult:
    """The match of the learner with the goal to learn what this course teaches first."""
    (offer,) = (one for one in courses.offers if one.id == f"kdg:{course}")
    learner = LearnerProfile(
        id="berchem",
        goal=Goal(requirements=(Requirement(competence=offer.outcomes[0].competence),)),
        budget=TimeBudget(slots=(TUESDAYS,)),
        home=Place(postcode="2600"),
        max_travel_km=15,
        has_host=False,
    )
    return courses.match(learner.model_copy(update=changes), k=154, on=NEW_YEAR)


@pytest.mark.parametrize("course", CASES)
def test_a_learner_with_tuesday_evenings_and_15_km(courses: Matcher, course: str) -> None:
    result = asking(courses, course)
    codes = {reason.code.removesuffix("_km") for reason in result.why_not(f"kdg:{course}")}
    assert codes == set(CASES[course])
    assert (f"kdg:{course}" in {match.offer_id for match in result}) == (not CASES[course])


def test_the_course_on_tuesday_evening_costs_its_twelve_hours(courses: Matcher) -> None:
    """Six lessons of two hours, online: no travel. Self-study is not stated, and the bill says so."""
    result = asking(courses, "schrijven-voor-web-en-social-media")
    (match,) = (one for one in result if one.offer_id == "kdg:schrijven-voor-web-en-social-media")
    assert match.own_hours == 12
    assert match.hours_basis == "partly"
    assert match.unknown == ()


def test_hours_that_are_not_stated_are_shown_as_unknown(courses: Matcher) -> None:
    result = asking(courses, "quality-life-science-production")
    (match,) = (one for one in result if one.offer_id == "kdg:quality-life-science-production")
    assert match.unknown == ("sessions",)


def test_free_tuesdays_open_the_days_of_tuesday_and_no_others(courses: Matcher) -> None:
    whole = TimeBudget(slots=(Slot(weekday=Weekday.TUESDAY, start=time(8), end=time(22)),))
    for course, codes in CASES.items():
        tuesday = course.split("-")[0] in ("begrijpen", "urgentietraining", "workshop")
        left = {reason.code for reason in asking(courses, course, budget=whole).why_not(f"kdg:{course}")}
        assert ("sessions" in left) == ("sessions" in codes and not tuesday)


def test_from_mechelen_the_campus_is_too_far(courses: Matcher) -> None:
    """23 km as the crow flies: about 30 by road, 15 further than the learner travels."""
    anytime = TimeBudget()
    result = asking(courses, "hoop-palliatieve-zorg", home=Place(postcode="2800"), budget=anytime)
    (reason,) = result.why_not("kdg:hoop-palliatieve-zorg")
    assert reason.code == "place_km"
    assert 25 < reason.facts["km"] < 35
