"""Every reason names the smallest change, and the changes together admit the offer."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import assume, given

from competences.errors import UnknownIdError
from competences.records.competence import Outcome, Requirement
from competences.records.hours import Slot, TimeBudget, TimeDemand, Weekday
from competences.records.learners import LearnerProfile
from competences.records.levels import CEFR
from competences.records.offers import Access, DeliveryMode, LearningOffer, Run
from competences.records.places import Place
from competences.records.roles import Goal
from matching.matcher import Matcher
from matching.query.conditions import ReasonKind, applied
from matching.query.matches import MatchResult
from strategies import TODAY, World, worlds
from toy_encoder import ToyEncoder

GOAL = Goal(requirements=(Requirement(competence="c"),))
UNCHANGEABLE = {"full", "enrol_by", "started"}


def result_for(offer: LearningOffer, learner: LearnerProfile) -> MatchResult:
    return Matcher.from_offers([offer], encoder=ToyEncoder()).match(learner, on=TODAY)


def offer(**fields: object) -> LearningOffer:
    return LearningOffer(
        id="o", title="O", outcomes=(Outcome(competence="c"),), **{"time": TimeDemand(contact_hours=10)} | fields
    )


def learner(**fields: object) -> LearnerProfile:
    return LearnerProfile(id="l", goal=GOAL, **fields)


@given(worlds())
def test_making_all_changes_once_admits_the_offer(world: World) -> None:
    matcher = Matcher.from_offers(world.offers, encoder=ToyEncoder())
    for person in world.learners:
        for offer_id, reasons in matcher.match(person, on=TODAY).excluded.items():
            if all(reason.changes for reason in reasons):
                after = matcher.match(applied(person, reasons), max(1, len(world.offers)), on=TODAY)
                assert after.why_not(offer_id) == ()
                assert offer_id in {match.offer_id for match in after.matches}


def test_a_deadline_that_has_passed_and_no_hours_are_lifted_together() -> None:
    budget = TimeBudget(hours_per_week=0, deadline=TODAY - timedelta(days=30))
    run = Run(id="r", start=TODAY + timedelta(days=7), end=TODAY + timedelta(days=35))
    for of in (offer(runs=(run,)), offer()):
        who = learner(budget=budget)
        reasons = result_for(of, who).why_not("o")
        assert all(reason.changes for reason in reasons)
        assert [match.offer_id for match in result_for(of, applied(who, reasons)).matches] == ["o"]


@pytest.mark.parametrize(
    ("of", "who", "code", "text"),
    [
        (
            offer(language="nl", access=Access(language=CEFR.B1)),
            learner(languages={"nl": CEFR.A2}),
            "language",
            "B1 in Dutch instead of A2",
        ),
        (offer(price=140), learner(max_price=100), "price", "€40.00 more"),
        (
            offer(mode=DeliveryMode.ONLINE),
            learner(modes=(DeliveryMode.ONSITE,)),
            "mode",
            "online learning would have to be possible",
        ),
        (
            offer(access=Access(host_required=True)),
            learner(has_host=False),
            "host",
            "an employer that hosts the learning",
        ),
        (
            offer(access=Access(digital_skill=2)),
            learner(digital_skill=1),
            "digital_skill",
            "digital skill 2 instead of 1",
        ),
        (
            offer(access=Access(vks_level=5)),
            learner(vks_level=4),
            "vks_level",
            "a qualification of VKS level 5 instead of 4",
        ),
        (
            offer(access=Access(wheelchair=False)),
            learner(needs=("wheelchair",)),
            "needs",
            "this offer does not provide: wheelchair access",
        ),
        (
            offer(access=Access(regions=("brussels",))),
            learner(region="flanders"),
            "region",
            "only for residents of Brussels",
        ),
        (offer(access=Access(statuses=("job_seeker",))), learner(status="employee"), "status", "only for job seekers"),
        (
            offer(place=Place(postcode="9000")),
            learner(home=Place(postcode="1000"), max_travel_km=50),
            "place_km",
            "15 km further",
        ),
        (
            offer(runs=(Run(id="r", slots=(Slot(weekday=Weekday.TUESDAY, start=time(18), end=time(21)),)),)),
            learner(budget=TimeBudget(slots=())),
            "sessions",
            "free on Tuesday 18:00–21:00",
        ),
        (offer(runs=(Run(id="r", full=True),)), learner(), "full", "another run: this one is full"),
        (
            offer(time=TimeDemand(contact_hours=30)),
            learner(budget=TimeBudget(hours_per_week=1, weeks=20)),
            "hours_total",
            "10 more own hours: it takes 30, and 20 are there",
        ),
        (
            offer(time=TimeDemand(contact_hours=30, self_study_hours=0, weeks=10)),
            learner(budget=TimeBudget(hours_per_week=2)),
            "hours_per_week",
            "1 more own hours a week: it takes 3 a week",
        ),
        (offer(entry=(Requirement(competence="far away", level=2),)), learner(), "entry", "first: far away at level 2"),
    ],
)
def test_each_condition_says_what_would_lift_it(of: LearningOffer, who: LearnerProfile, code: str, text: str) -> None:
    result = result_for(of, who)
    assert result.matches == ()
    (reason,) = result.why_not("o")
    assert (reason.code, reason.text) == (code, text)
    if code not in UNCHANGEABLE:
        assert [match.offer_id for match in result_for(of, applied(who, [reason])).matches] == ["o"]


def test_several_failing_conditions_are_all_listed() -> None:
    result = result_for(offer(price=140, mode=DeliveryMode.ONLINE), learner(max_price=100, modes=()))
    assert {reason.code for reason in result.why_not("o")} == {"price", "mode"}


def test_unknown_fields_exclude_nobody() -> None:
    bare, demanding = learner(), offer(
        language="nl", price=900, mode=DeliveryMode.WORKPLACE, place=Place(postcode="9000"),
        access=Access(language=CEFR.C2, digital_skill=4, vks_level=7, host_required=True, wheelchair=False,
                      regions=("brussels",), statuses=("student",)),
    )  # fmt: skip
    assert [match.offer_id for match in result_for(demanding, bare).matches] == ["o"]


def test_an_offer_that_adds_nothing_says_so() -> None:
    other = LearningOffer(id="o", title="O", outcomes=(Outcome(competence="something else"),))
    matcher = Matcher.from_offers([other], encoder=ToyEncoder())
    assume_soft = matcher.match(learner(), on=TODAY)
    if not assume_soft.matches:
        assert [reason.kind for reason in assume_soft.why_not("o")] == [ReasonKind.NO_GAIN]


def test_an_offer_that_is_not_in_the_catalogue_is_an_error() -> None:
    with pytest.raises(UnknownIdError, match="unknown offer 'nowhere'"):
        result_for(offer(), learner()).why_not("nowhere")


@given(worlds(max_learners=1))
def test_shifting_every_day_shifts_nothing_else(world: World) -> None:
    """Conditions look at distances between days, never at the calendar itself."""
    matcher, (person,) = Matcher.from_offers(world.offers, encoder=ToyEncoder()), world.learners
    assume(world.offers)
    later = Matcher.from_offers([_shifted(one) for one in world.offers], encoder=ToyEncoder())
    before = matcher.match(person, on=TODAY).matches
    after = later.match(_shifted(person), on=TODAY + timedelta(weeks=52)).matches
    assert [(m.offer_id, m.score) for m in before] == [(m.offer_id, m.score) for m in after]


def _shifted(record: object) -> object:
    def move(value: object) -> object:
        if isinstance(value, dict):
            return {name: move(one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(move(one) for one in value)
        return value + timedelta(weeks=52) if type(value) is date else value

    return type(record).model_validate(move(record.model_dump()))
