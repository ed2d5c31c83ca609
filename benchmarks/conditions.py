"""The same instances with every condition on: places and travel, weekly evenings, breaks, entry, price, quota, work
time and variants, each stated by a share of the offers and of the learners, as in a real catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta
from random import Random

from benchmarks.instances import ON, Instance
from competences.records.competence import Requirement
from competences.records.hours import Period, Slot, Weekday
from competences.records.learners import LearnerProfile
from competences.records.offers import DeliveryMode, LearningOffer
from competences.records.places import Place, Transport
from matching.index.postcodes import postcodes

PLACES, SEED = 300, 23
ALL_WEEK = tuple(Slot(weekday=day, start=time(8), end=time(22)) for day in Weekday)
EVENINGS = tuple(Slot(weekday=day, start=time(18), end=time(22)) for day in tuple(Weekday)[:5])


def offers_of(instance: Instance) -> list[LearningOffer]:
    """The catalogue; what an offer states depends on its id alone."""
    places = _places(Random(SEED))
    return [_offer(one, Random(f"{SEED} {one.id}"), places) for one in instance.catalogue]


def learners_of(instance: Instance, n: int) -> list[LearnerProfile]:
    """The first n learners."""
    homes = [Place(postcode=code) for code in sorted(postcodes())]
    return [_learner(one, Random(f"{SEED} {one.id}"), homes) for one in instance.learners(n)]


def _places(draw: Random) -> list[Place]:
    return [Place(postcode=code) for code in draw.sample(sorted(postcodes()), PLACES)]


def _offer(offer: LearningOffer, draw: Random, places: Sequence[Place]) -> LearningOffer:
    first = offer.outcomes[0]
    runs = tuple(
        run.model_copy(
            update={
                "slots": (_session(draw),) if draw.random() < 0.7 else (),
                "breaks": (Period(start=run.start, end=run.start + timedelta(days=6)),)
                if draw.random() < 0.2 and run.start
                else (),
                "enrol_by": run.start - timedelta(days=7) if draw.random() < 0.3 and run.start else None,
                "seats_left": draw.randrange(20) if draw.random() < 0.3 else None,
            }
        )
        for run in offer.runs
    )
    on_the_job = draw.random() < 0.1
    return offer.model_copy(
        update={
            "runs": runs,
            "place": None if offer.mode is DeliveryMode.ONLINE else draw.choice(places),
            "time": offer.time.model_copy(update={"workplace_hours": 80.0}) if on_the_job else offer.time,
            "entry": (Requirement(competence=first.competence, level=1),) if draw.random() < 0.05 else (),
            "outcome_group": f"{first.competence} {draw.randrange(4)}" if draw.random() < 0.2 else None,
        }
    )


def _session(draw: Random) -> Slot:
    hour = draw.choice((9, 13, 18, 19))
    return Slot(weekday=Weekday(draw.randrange(6)), start=time(hour), end=time(hour + 3))


def _learner(learner: LearnerProfile, draw: Random, homes: Sequence[Place]) -> LearnerProfile:
    budget = learner.budget
    assert budget
    away = ON + timedelta(days=draw.randrange(200))
    return learner.model_copy(
        update={
            "home": draw.choice(homes),
            "transport": draw.choice(tuple(Transport)),
            "max_travel_km": draw.choice((None, 15, 30, 50)),
            "max_price": draw.choice((None, 100, 400)),
            "budget": budget.model_copy(
                update={
                    "slots": draw.choice((None, EVENINGS, ALL_WEEK)),
                    "pauses": (Period(start=away, end=away + timedelta(days=13)),) if draw.random() < 0.3 else (),
                    "school_holidays_free": draw.random() < 0.8,
                    "work_hours_per_week": draw.choice((None, 0.0, 8.0)),
                    "paid_leave_hours": draw.choice((0.0, 0.0, 80.0)),
                }
            ),
        }
    )
